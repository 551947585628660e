"""What the catalogue knows of a file, in words for a terminal."""

from collections.abc import Iterator
from typing import Any

from local.catalogue import Entry, load_state, usable
from mesonet.domain.file import LoadState, Status

_STATIONS_SHOWN = 6
_REJECTS_SHOWN = 10
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
    if _format(entry):
        mapping = entry.get("mapping")
        facts = [_format(entry), entry.get("compression"), entry.get("encoding"), f"by {mapping}" if mapping else None]
        yield _line("format", ", ".join(str(fact) for fact in facts if fact))
    if entry.get("stations"):
        yield _line("stations", _stations(entry))
    if entry.get("first") is not None:
        yield _line("time", f"{entry['first']} to {entry['last']}")
    taken = [column for column in entry.get("columns") or [] if column.get("parameter")]
    for at, column in enumerate(taken):
        yield _line("" if at else "parameters", _column(column))
    ignored = [column["name"] for column in entry.get("columns") or [] if column not in taken and column["kind"] in _OBSERVED]
    if taken and ignored:
        yield _line("not taken", "columns " + ", ".join(ignored))
    rejects = (entry.get("rejects") or [])[:_REJECTS_SHOWN]
    for at, each in enumerate(rejects):
        yield _line("" if at else "rejected", reject(each))
    if (entry.get("rejected") or 0) > len(rejects) > 0:
        yield _line("", f"and {entry['rejected'] - len(rejects):,} more")
    if entry["status"] == Status.UNMAPPED:
        yield _line("what to do", "say what the columns mean in a mapping file below the same prefix, such as")
        yield _line("", "local/demonstration/nyc_mapping.json; the file is then read again by itself")


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


def _column(column: dict[str, Any]) -> str:
    what = f"{column['parameter']} [{column['unit']}] from {column['name']} [{column['unit_received']}]"
    missing = f", {column['missing']:,} missing" if column.get("missing") else ""
    spread = f", {column['minimum']:g} to {column['maximum']:g}" if column.get("minimum") is not None else ""
    return f"{what}: {count(column.get('values') or 0, 'value')}{spread}{missing}"


def _line(label: str, text: str) -> str:
    return f"  {label:<{_LABEL}}{text}"
