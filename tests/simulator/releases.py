"""What the release before this one would write, where it is another form of the same: its code and this one's run side by side.

A run of the simulator is either this code, or this code writing as the first release did: entries and latest values not packed,
counters of days, statuses and formats, a list for every word, stations mentioned anew by each file.
"""

from typing import Any

from mesonet.domain.file import FileEntry, Status, precedence
from mesonet.domain.station import Station
from mesonet.stores import file_index, files, latest, postings, stations


def _shares(entry: FileEntry) -> dict[str, tuple[int, int]]:
    share = (entry.rows, entry.size)
    terms = {f"status#{entry.status}": share}
    if entry.status is Status.DELETED:
        return terms
    terms |= {f"day#{entry.received_at[:10]}": share, f"hour#{entry.received_at[:13]}": share}
    if entry.format:
        terms[f"format#{entry.format}"] = share
    return terms | {f"station#{station}": (rows, entry.size) for station, rows in entry.stations.items()}


def _source(station: Station, order: str) -> str:
    return f"{int(station.authority)}#{precedence(order)}"


_FIRST: list[tuple[Any, str, Any]] = [
    (files, "_LEAST_PACKED", 10**9),
    (latest, "_MOST_PLAIN", 500),
    (file_index, "_shares", _shares),
    (postings, "COMMON_WORDS", frozenset()),
    (stations, "_source", _source),
]
_THIS = [(module, name, getattr(module, name)) for module, name, _ in _FIRST]


def become(*, older: bool) -> None:
    """Whatever runs from here on writes as that release did."""
    for module, name, value in _FIRST if older else _THIS:
        setattr(module, name, value)
