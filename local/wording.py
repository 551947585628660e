"""What the catalogue knows of a file, in words for a terminal."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from local.catalogue import Entry, load_state, usable
from mesonet.domain.file import LoadState, Status

_STATIONS_SHOWN = 6
_REJECTS_SHOWN = 10
_FILES_SHOWN = 12
_QUESTIONS_SHOWN = 12
_LABEL = 12
_OBSERVED = ("number", "text")  # kinds of columns


def amount(entry: Entry) -> str:
    """In a few words, how much is in it."""
    parts = [count(entry["rows"], "row")] if entry.get("rows") else [_format(entry) or str(entry["status"])]
    if entry.get("station_count"):
        parts.append(count(entry["station_count"], "station"))
    return ", ".join(parts)


def outcome(entry: Entry) -> str:
    if not usable(entry):
        return f"{entry['status']}: {reason(entry)}"
    if load_state(entry) is LoadState.FAILED:
        return f"not loaded: {reason(entry)}"
    rejected = f", {entry['rejected']:,} rejected" if entry.get("rejected") else ""
    loaded = ", loaded" if load_state(entry) is LoadState.LOADED else ""
    return amount(entry) + rejected + loaded


def reason(entry: Entry) -> str:
    """Why it could not be used."""
    rejects = entry.get("rejects") or []
    why = (entry.get("format") or {}).get("why")
    return str(entry["loading"].get("reason") or (rejects and reject(rejects[0])) or why or entry["status"])


def report(entry: Entry) -> Iterator[str]:
    """All there is to say, line by line."""
    yield _line("status", outcome(entry))
    yield from _kind(entry)
    yield from _contents(entry)
    yield from _columns(entry)
    yield from _rejected(entry)
    if entry["status"] == Status.REJECTED:
        yield _line("note", _why(entry))
    yield from quality(entry)
    yield from coverage(entry)
    if entry["status"] == Status.UNMAPPED:
        yield from proposed(entry)


def _kind(entry: Entry) -> Iterator[str]:
    if _format(entry):
        mapping = entry.get("mapping")
        facts = [_format(entry), entry.get("compression"), entry.get("encoding"), f"by {mapping}" if mapping else None]
        yield _line("format", ", ".join(str(fact) for fact in facts if fact))
    members = entry.get("members") or []
    yield from _lines("files in it", (f"{entry['key']}!/{name}" for name in members[:_FILES_SHOWN]))
    if len(members) > _FILES_SHOWN:
        yield _line("", f"and {len(members) - _FILES_SHOWN:,} more, each a file of its own")


def _contents(entry: Entry) -> Iterator[str]:
    if entry.get("stations"):
        yield _line("stations", _stations(entry) + _claim(entry, "station"))
    if entry.get("first") is not None:
        yield _line("time", f"{entry['first']} to {entry['last']}{_claim(entry, 'zone')}{_claim(entry, 'date')}")
    inferred = [what for what, claim in (entry.get("claims") or {}).items() if claim == "inferred" and what != "encoding"]
    if inferred and entry["status"] in (Status.OK, Status.PARTIAL):  # of others the status or a note says it
        yield _line("note", _why(entry))


def _columns(entry: Entry) -> Iterator[str]:
    columns = entry.get("columns") or []
    taken = [column for column in columns if column.get("parameter")]
    yield from _lines("parameters", map(_column, taken))
    ignored = [column["name"] for column in columns if column not in taken and column["kind"] in _OBSERVED]
    if taken and ignored:
        yield _line("not taken", "columns " + ", ".join(ignored))


def _rejected(entry: Entry) -> Iterator[str]:
    rejects = (entry.get("rejects") or [])[:_REJECTS_SHOWN]
    if not rejects:
        return
    yield from _lines("rejected", map(reject, rejects))
    if (entry.get("rejected") or 0) > len(rejects):
        yield _line("", f"and {entry['rejected'] - len(rejects):,} more")
    href = next((link["href"] for link in entry.get("links") or [] if link["rel"] == "rejects"), "")
    yield _line("", f"all of them: {href}")


def _why(entry: Entry) -> str:
    """What the format's reader says of it."""
    return str((entry.get("format") or {}).get("why"))


def proposed(entry: Entry) -> Iterator[str]:
    """What the columns of a table without a mapping may be, what has to be answered, and what to do next."""
    proposal = entry.get("proposal") or {}
    taken = [
        each for each in proposal.get("columns") or [] if each["column"] in (proposal.get("mapping") or {}).get("columns", {})
    ]
    yield from _lines(
        "proposed",
        (
            f"{each['column']} is {each['parameter']} [{each['unit']}] ({each['confidence']:.0%} sure: {each['reason']})"
            for each in taken
        ),
    )
    yield from _lines("to answer", (proposal.get("questions") or [])[:_QUESTIONS_SHOWN])
    beside = _mapping_beside(str(entry["key"]))
    if proposal.get("mapping"):
        yield _line("what to do", f"look at the mapping that is proposed, and put it beside the file as {beside}:")
        href = next(link["href"] for link in entry["links"] if link["rel"] == "proposed-mapping")
        yield _line("", f"curl -o mapping.json {href}")
        yield _line("", f"make put FILE=mapping.json KEY={beside}")
    else:
        yield _line("what to do", f"say what the columns mean in a mapping file, {beside}, such as")
        yield _line("", "local/demonstration/nyc_mapping.json")
    yield _line("", "the file is then read again by itself")


def _mapping_beside(key: str) -> str:
    """Where a mapping for files like this one would stand; any name would do, and each kind of table has its own."""
    archive, inside, member = key.partition("!/")  # a mapping for a file in an archive stands beside the archive
    folder, slash, name = archive.rpartition("/")
    name = member.rpartition("/")[2] if inside else name
    kind = re.sub(r"[\W_]*\d+[\W_]*", "-", name.partition(".")[0]).strip("-")
    return f"{folder}{slash}{kind}.mapping.json" if kind else f"{folder}{slash}mapping.json"


def coverage(entry: Entry) -> Iterator[str]:
    """How often the stations report, and what of it is missing."""
    heard = list((entry.get("coverage") or {}).items())
    yield from _lines("coverage", (f"{station}: {_heard(each)}" for station, each in heard[:_STATIONS_SHOWN]))
    if len(heard) > _STATIONS_SHOWN:
        yield _line("", f"and {len(heard) - _STATIONS_SHOWN:,} stations more")


def _heard(coverage: Mapping[str, Any]) -> str:
    how = "at no regular interval"
    if coverage["interval"]:
        how = f"every {coverage['interval']} ({coverage['interval_claim']}), {coverage['completeness']:.1%} complete"
    gaps = f", {count(coverage['gap_count'], 'gap')}" if coverage["gap_count"] else ""
    longest = max(coverage["longest_gaps"], key=lambda gap: gap["missing"], default=None)
    worst = f", the longest after {longest['after']} ({longest['missing']:,} missing)" if longest else ""
    return f"{coverage['first']} to {coverage['last']}, {count(coverage['times'], 'time')}, {how}{gaps}{worst}"


def quality(entry: Entry) -> Iterator[str]:
    """What the quality tests flagged, by parameter."""
    flagged = [(name, each) for name, each in (entry.get("quality") or {}).items() if each["tests"]]
    yield from _lines("flagged", (f"{name}: {_flags(each['flags'], each['tests'])}" for name, each in flagged))


def _flags(flags: Mapping[str, int], tests: Mapping[str, int]) -> str:
    counts = [f"{flags[flag]:,} {word}" for flag, word in (("4", "failed"), ("3", "suspect")) if flags.get(flag)]
    found = ", ".join(f"{test.replace('_', ' ')} {number:,}" for test, number in sorted(tests.items()))
    return f"{' and '.join(counts)} ({found})"


def reject(each: dict[str, Any]) -> str:
    where = [f"row {each['row']:,}" if each.get("row") else "", f"column {each['column']}" if each.get("column") else ""]
    value = each.get("value")
    what = f" ({value!r})" if value and value not in each["reason"] else ""
    place = ", ".join(part for part in where if part)
    return (f"{place}: " if place else "") + str(each["reason"]) + what


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _format(entry: Entry) -> str | None:
    return (entry.get("format") or {}).get("name")


def _stations(entry: Entry) -> str:
    rows: dict[str, int] = entry["stations"]
    shown = [f"{station} ({count(number, 'row')})" for station, number in list(rows.items())[:_STATIONS_SHOWN]]
    more = entry.get("station_count", len(rows)) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")


def _claim(entry: Entry, what: str) -> str:
    """That something was inferred, or configured; what the file says itself needs no word."""
    claim = (entry.get("claims") or {}).get(what)
    return f" ({what} {claim})" if claim in ("inferred", "configured") else ""


def _column(column: dict[str, Any]) -> str:
    what = f"{column['parameter']} [{column['unit']}] from {column['name']} [{column['unit_received']}]"
    missing = f", {column['missing']:,} missing" if column.get("missing") else ""
    spread = ""
    if column.get("minimum") is not None:
        spread = f", {column['minimum']:g} to {column['maximum']:g} {column['unit']}"
        if column.get("minimum_received") not in (None, column["minimum"]):
            spread += f" (received {column['minimum_received']:g} to {column['maximum_received']:g} {column['unit_received']})"
    claim = f", {column['claim']}" if column.get("claim") in ("inferred", "configured") else ""
    return f"{what}{claim}: {count(column.get('values') or 0, 'value')}{spread}{missing}"


def _lines(label: str, texts: Iterable[str]) -> Iterator[str]:
    """A line for each text, the first with the label."""
    for at, text in enumerate(texts):
        yield _line("" if at else label, text)


def _line(label: str, text: str) -> str:
    return f"  {label:<{_LABEL}}{text}"
