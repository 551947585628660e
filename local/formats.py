"""`formats`: what Mesonet makes of the files of any folder, as the archive would: one line a file, tab-separated.

    .venv/bin/python -m local.formats DIR

Mapping files in the folder speak for the files beside and below them. Needs nothing that runs, and changes nothing.
"""

import signal
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from local.errors import Failure
from mesonet.domain.instant import iso
from mesonet.domain.mapping import Mapping
from mesonet.formats import mapping_file
from mesonet.formats.reading import HEAD_BYTES, Context
from mesonet.formats.survey import Survey, survey

HEADER = ("file", "format", "confidence", "status", "rows", "stations", "first", "last", "rejects", "reason")
CRASHED = "crashed"
UNREADABLE = "unreadable"  # by this process, whatever is in it
_LONGEST = 300  # characters of a reason


def report(folder: Path) -> Iterator[tuple[str, ...]]:
    """The header, then a line of fields for each file in the order of their names. Raises Failure where there is no folder."""
    if not folder.is_dir():
        raise Failure(f"{folder} is no folder" if folder.exists() else f"there is no folder {folder}")
    yield HEADER
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    keys = [path.relative_to(folder).as_posix() for path in files]
    mappings = list(_mappings(dict(zip(keys, files, strict=True))))
    for key, path in zip(keys, files, strict=True):
        try:
            with path.open("rb") as stream:
                received = int(path.stat().st_mtime * 1000)
                found = survey(stream, Context(key=key, mapping=_for(key, mappings), received=received))
        except OSError as exc:
            yield _plain(key, "", "", UNREADABLE, "", "", "", "", "", exc.strerror or str(exc))
        except Exception as exc:  # the very thing that is looked for
            yield _plain(key, "", "", CRASHED, "", "", "", "", "", f"{type(exc).__name__}: {exc}")
        else:
            yield _line(key, found)


def _mappings(files: dict[str, Path]) -> Iterator[tuple[str, Mapping]]:
    """Mapping files by their keys; what is wrong with one, its own line says."""
    for key, path in files.items():
        try:
            with path.open("rb") as stream:
                if not mapping_file.sniff(stream.read(HEAD_BYTES)):
                    continue
                stream.seek(0)
                pieces = mapping_file.read(stream, Context(key=key))
                yield from ((key, piece) for piece in pieces if isinstance(piece, Mapping))
        except Exception:  # the file's own line will say it
            continue


def _for(key: str, mappings: list[tuple[str, Mapping]]) -> Mapping | None:
    """As `MappingsStore.find` does: of the deepest folder, and there of the longest pattern."""
    folder, _, name = key.rpartition("/")
    folder = f"{folder}/" if folder else ""
    fitting = [
        (len(mapping.prefix), len(mapping.files), source, mapping)
        for source, mapping in mappings
        if folder.startswith(mapping.prefix) and fnmatchcase(name, mapping.files)
    ]
    return max(fitting, key=lambda each: each[:3])[3] if fitting else None


def _line(key: str, found: Survey) -> tuple[str, ...]:
    recognised = found.recognition
    reason = found.why
    if found.rejects:
        first = found.rejects[0]
        row = [f"row {first.row}"] if first.row is not None else []
        where = ", ".join([*row, *([first.column] if first.column else [])])
        reason = f"{where}: {first.reason}; {reason}" if where else f"{first.reason}; {reason}"
    return _plain(
        key,
        recognised.format or "",
        f"{recognised.guess.confidence:.2f}",
        found.status.value,
        str(found.rows),
        str(found.station_count),
        iso(found.first) if found.first is not None else "",
        iso(found.last) if found.last is not None else "",
        str(found.rejected),
        reason,
    )


def _plain(*fields: str) -> tuple[str, ...]:
    """Fields without tabs, line ends and what a terminal would obey."""
    return tuple("".join(c if c.isprintable() else " " for c in field)[:_LONGEST] for field in fields)


def main(arguments: list[str]) -> int:
    """0 unless a parser crashed."""
    if len(arguments) != 1:
        raise Failure("say which folder, as in: make formats DIR=some/folder")
    crashed = False
    for line in report(Path(arguments[0])):
        crashed = crashed or line[3] == CRASHED
        print("\t".join(line), flush=True)
    return 1 if crashed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it, and is no fault
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        print(f"make formats: {failure.line}", file=sys.stderr)
        sys.exit(2)
