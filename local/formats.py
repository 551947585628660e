"""`formats`: what Mesonet makes of the files of any folder, as the archive would: one line a file, tab-separated.
The files in a zip archive have lines of their own below it.

    .venv/bin/python -m local.formats DIR

Mapping files in the folder speak for the files beside and below them. Needs nothing that runs, and changes nothing.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from local.errors import Failure
from mesonet.domain.file import member_key
from mesonet.domain.instant import iso
from mesonet.domain.mapping import Mapping
from mesonet.formats.reading import HEAD_BYTES, Context
from mesonet.formats.survey import Survey, survey
from mesonet.formats.tables import mapping_file

HEADER = ("file", "format", "confidence", "status", "rows", "stations", "first", "last", "rejects", "reason")
CRASHED = "crashed"
UNREADABLE = "unreadable"  # by this process, whatever is in it
_LONGEST = 300  # characters of a reason


def report(folder: Path) -> Iterator[tuple[str, ...]]:
    """The header, then a line of fields for each file in the order of their names, below an archive's one for each file in it.
    Raises Failure where there is no folder."""
    if not folder.is_dir():
        raise Failure(f"{folder} is no folder" if folder.exists() else f"there is no folder {folder}")
    yield HEADER
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    keys = [path.relative_to(folder).as_posix() for path in files]
    mappings = list(_mappings(dict(zip(keys, files, strict=True))))
    for key, path in zip(keys, files, strict=True):
        found = _surveyed(path, key, mappings)
        members = [] if isinstance(found, tuple) else [(member_key(key, name), name) for name in found.members]
        inside = [(inner, _surveyed(path, inner, mappings, name)) for inner, name in members]
        yield _line(key, _together(found, [each for _, each in inside]))
        yield from (_line(inner, each) for inner, each in inside)


def _surveyed(path: Path, key: str, mappings: list[tuple[str, Mapping]], member: str = "") -> Survey | tuple[str, str]:
    """What a file is; or why that cannot be told: whether it crashed, and the reason."""
    try:
        with path.open("rb") as stream, ExitStack() as others:
            received = int(path.stat().st_mtime * 1000)
            context = Context(key=key, mapping=_for(key, mappings), received=received, member=member)
            return survey(stream, context, again=lambda: others.enter_context(path.open("rb")))
    except OSError as exc:
        return UNREADABLE, exc.strerror or str(exc)
    except Exception as exc:  # the very thing that is looked for
        return CRASHED, f"{type(exc).__name__}: {exc}"


def _together(found: Survey | tuple[str, str], inside: list[Survey | tuple[str, str]]) -> Survey | tuple[str, str]:
    """An archive's line tells of all that is in it."""
    known = [each for each in inside if isinstance(each, Survey)]
    if isinstance(found, tuple) or not known:
        return found
    taken = [each for each in known if each.status.usable]
    firsts, lasts = [e.first for e in known if e.first is not None], [e.last for e in known if e.last is not None]
    return replace(
        found,
        rows=sum(each.rows for each in taken or known),
        rejected=found.rejected + sum(each.rejected for each in taken),
        station_count=len({station for each in known for station in each.stations}),
        first=min(firsts, default=None),
        last=max(lasts, default=None),
    )


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


def _line(key: str, found: Survey | tuple[str, str]) -> tuple[str, ...]:
    if isinstance(found, tuple):
        status, reason = found
        return _plain(key, "", "", status, "", "", "", "", "", reason)
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
