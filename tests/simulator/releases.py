"""What the release before this one would write and read, where it is another form of the same: its code and this one's run side
by side.

A run of the simulator is either this code, or this code as the first release was. That one wrote entries and latest values not
packed, counters of days, statuses and formats, a list for every word, stations mentioned anew by each file. Of what it read it
passed over all that was added since: members of entries, and how far a file's list of blocks says that its loading has come.
"""

from typing import Any

from mesonet.domain.file import FileEntry, Status, precedence
from mesonet.domain.station import Station
from mesonet.record import replace
from mesonet.stores import file_index, files, latest, postings, stations
from mesonet.stores.manifests import Manifest, ManifestsStore

_LATER = ("claims", "mapping_order", "occasion", "proposal", "reasons", "rejects_object")  # members of an entry
_LATER_LOADED = ("completeness", "coverage", "tests")
_from_values, _manifest = files.from_values, ManifestsStore.of


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


def _without(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in files._unpacked(values).items() if name not in (*names, "packed")}


def _entry(values: dict[str, Any]) -> FileEntry:
    loading = _without(values.get("loading", {}), _LATER_LOADED)
    return _from_values(_without(values, _LATER) | {"loading": loading})


def _blocks(store: ManifestsStore, file_id: str) -> Manifest:
    return replace(_manifest(store, file_id), stretches=0, reader="", first=False)


_FIRST: list[tuple[Any, str, Any]] = [
    (files, "from_values", _entry),
    (ManifestsStore, "of", _blocks),
    (files, "_LEAST_PACKED", 10**9),
    (latest, "_MOST_PLAIN", 500),
    (file_index, "_shares", _shares),
    (postings, "COMMON_WORDS", frozenset()),
    (stations, "_source", _source),
]
_THIS = [(module, name, getattr(module, name)) for module, name, _ in _FIRST]


def become(*, older: bool) -> None:
    """Whatever runs from here on writes and reads as that release did."""
    for module, name, value in _FIRST if older else _THIS:
        setattr(module, name, value)
