"""What must be in the end: a model that knows no duplicates, no order, no crash and no time.

It is the specification, in a few lines: of each key the last change counts; of each station, parameter and time the value of
the file that came last, where it has one; a table is understood as far as the mapping above it goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mesonet.domain import instant
from mesonet.domain.file import LoadState, Status
from mesonet.domain.search import COMMON_WORDS, file_document
from mesonet.stores.postings import listed
from tests.builders import mapping, table
from tests.system import System

KEYS = ("network/a.csv", "network/b.csv", "network/deep/c d+%ü.csv")
MAPPING_KEY = "network/mapping.json"
STATIONS = ("EWR", "JFK")
TIMES = ("2013-01-01T00:00:00Z", "2013-01-01T01:00:00Z", "2013-01-02T00:00:00Z")
AIR = "air_temperature"
UNITS = {"Cel": 0.0, "K": -273.15}

type Row = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Put:
    """Without rows it is a file of no bytes."""

    key: str
    rows: tuple[Row, ...]

    @property
    def body(self) -> bytes:
        if not self.rows:
            return b""
        return table(*((station, time, "" if value is None else value) for station, time, value in self.rows))


@dataclass(frozen=True, slots=True)
class Delete:
    key: str


@dataclass(frozen=True, slots=True)
class PutMapping:
    """What the operator says of the unit of the network's files."""

    unit: str
    key: str = MAPPING_KEY

    @property
    def body(self) -> bytes:
        return mapping(unit=self.unit)


type Change = Put | Delete | PutMapping


class Model:
    """What must be in the end, from the changes in the order in which they happened.

    Without any change of the mapping the network has one, which takes values as they stand.
    """

    def __init__(self, happened: Sequence[Change]) -> None:
        self.newest = {change.key: (number, change) for number, change in enumerate(happened)}

    @property
    def offset(self) -> float | None:
        """What the mapping adds to a value; None where there is no mapping any more."""
        _, change = self.newest.get(MAPPING_KEY, (0, PutMapping("Cel")))
        return UNITS[change.unit] if isinstance(change, PutMapping) else None

    def files(self) -> dict[str, Status]:
        mapped = Status.OK if self.offset is not None else Status.UNMAPPED
        return {
            key: Status.DELETED if isinstance(change, Delete) else mapped if change.rows else Status.EMPTY
            for key, (_, change) in self.newest.items()
            if not isinstance(change, PutMapping) and key != MAPPING_KEY
        }

    def live(self) -> list[Put]:
        """The files that are there and understood, in the order in which they came."""
        there = [change for _, change in sorted(self.newest.values(), key=lambda each: each[0]) if isinstance(change, Put)]
        return there if self.offset is not None else []

    def said(self) -> dict[str, dict[str, dict[str, float]]]:
        found: dict[str, dict[str, dict[str, float]]] = {}
        for file in self.live():
            for station, time, value in file.rows:
                if value is not None:
                    assert self.offset is not None
                    found.setdefault(station, {}).setdefault(AIR, {})[time] = round(value + self.offset, 9)
        return found

    def latest(self) -> dict[str, tuple[str, float]]:
        return {station: max(parameters[AIR].items()) for station, parameters in self.said().items()}

    def counters(self) -> dict[str, tuple[int, int]]:
        """Files and rows of each station's term."""
        found: dict[str, tuple[int, int]] = {}
        for file in self.live():
            for station in {station for station, _, _ in file.rows}:
                files, count = found.get(station, (0, 0))
                found[station] = (files + 1, count + sum(row[0] == station for row in file.rows))
        return found

    def stations(self) -> set[str]:
        """Those of the files that are there now; others may have stayed of files that are no more."""
        return {station for file in self.live() for station, _, _ in file.rows}


def happen(system: System, change: Change) -> dict[str, Any]:
    return system.remove(change.key) if isinstance(change, Delete) else system.store(change.key, change.body)


def check(system: System, happened: Sequence[Change]) -> None:
    """Catalogue, counters, lists, blocks, latest values and stations are the model's, and nothing waits to be loaded."""
    model = Model(happened)
    mine = [entry for entry in system.entries() if not entry.key.endswith("mapping.json")]
    assert {entry.key: entry.status for entry in mine} == model.files()
    assert [entry.key for entry in mine if entry.loading.state in (LoadState.PENDING, LoadState.FAILED)] == []
    assert rounded(system.said()) == model.said()
    assert {
        station: (instant.iso(parameters[AIR]["time"]), round(parameters[AIR]["value"], 9))
        for station, parameters in system.latest().items()
    } == model.latest()
    assert model.stations() <= {item["station_id"] for item in system.items("StationsTable")}
    counters = system.counters()
    stations = {term.partition("#")[2]: counts[:2] for term, counts in counters.items() if term.startswith("station#")}
    assert stations == model.counters()
    assert counters == recount(system)
    common = {f"w#{word}" for word in COMMON_WORDS}  # of which releases before had lists
    assert {term: keys for term, keys in system.lists().items() if term not in common} == relist(system)


def relist(system: System) -> dict[str, set[str]]:
    """Where files must be found, from the catalogue: nowhere else, and in no other state."""
    found: dict[str, set[str]] = {}
    for entry in system.entries():
        for where in listed(file_document(entry)):
            term = f"w#{where.head.rstrip('#')}" if where.term.startswith("w#") else where.term
            found.setdefault(term, set()).add(entry.key)
    return found


def rounded(said: dict[str, dict[str, dict[str, float]]]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        station: {name: {time: round(value, 9) for time, value in values.items()} for name, values in parameters.items()}
        for station, parameters in said.items()
    }


def recount(system: System) -> dict[str, tuple[int, int, int]]:
    """What the counters must be, from the catalogue."""
    found: dict[str, tuple[int, int, int]] = {}
    for entry in system.entries():
        here = {f"status#{entry.status.value}": entry.rows}
        if entry.status is not Status.DELETED:
            here |= {f"day#{entry.received_at[:10]}": entry.rows, f"hour#{entry.received_at[:13]}": entry.rows}
            here |= {f"format#{entry.format}": entry.rows} if entry.format else {}
            here |= {f"station#{station}": count for station, count in entry.stations.items()}
        for term, count in here.items():
            files, rows_before, size = found.get(term, (0, 0, 0))
            found[term] = (files + 1, rows_before + count, size + entry.size)
    return found
