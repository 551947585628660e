"""Gathers what is said of the network as a whole, and of a station's days; all of it bounded."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from math import atan2, cos, radians, sin
from math import degrees as math_degrees

from mesonet.channels.queue_depth import QueueDepth
from mesonet.domain import instant
from mesonet.domain.block import Block, Span, listed, overlay, span_of
from mesonet.domain.instant import DAY, SECOND, Interval
from mesonet.domain.latest import LatestValue
from mesonet.domain.observation import FAIL, SUSPECT
from mesonet.domain.parameter import parse
from mesonet.domain.reporting import StationState, best, newest, shown_as, state_of
from mesonet.domain.station import BoundingBox, Station
from mesonet.errors import InvalidParameter
from mesonet.record import dataclass
from mesonet.remembered import Remembered
from mesonet.stores.file_index import FileIndexStore
from mesonet.stores.latest import LatestStore
from mesonet.stores.observations import ObservationsStore, Selection
from mesonet.stores.stations import StationsStore

HOUR = 3600 * SECOND
MOST_STATIONS = 1000  # of a history: each is a query of some milliseconds, sixteen at a time
MOST_HOURS = 7 * 24
MOST_DAYS = 400  # a year, and what an analyst adds at its ends
_READERS = 16  # as many as the client has connections
_ATTENTION = 200  # stations listed as late or silent, the last heard first
_MOST_REASONS = 50

type Values = Mapping[str, LatestValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A station of the network with its latest values, empty where none have come."""

    station: Station
    values: Values


class Directory:
    """All stations, in order of their identifiers. They are read anew after `for_s` seconds, and where somebody is heard who
    was not among them: a name or a place that has changed is told that much later."""

    def __init__(self, stations: StationsStore, *, for_s: float) -> None:
        self.read = Remembered(lambda: [station for _, station in stations.by_id()], for_s=for_s)
        self._strangers: set[str] = set()  # heard, and no stations when all were read

    def with_all(self, heard: Iterable[str]) -> list[Station]:
        known = self.read()
        strangers = set(heard).difference(station.id for station in known)
        if not strangers <= self._strangers:
            known = self.read.anew()
            self._strangers = strangers.difference(station.id for station in known)
        return known


def members(*, latest: LatestStore, directory: Directory) -> list[Member]:
    """All stations, in order of their identifiers. Where both tables are read, they are read at the same time."""
    with ThreadPoolExecutor(2) as pool:
        spoken = pool.submit(lambda: dict(latest.everyone()))
        directory.read()
        values = spoken.result()
    return [Member(station=station, values=values.get(station.id, {})) for station in directory.with_all(values)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What can be compared: a parameter by the name that it is asked for, its unit, and how many stations have it."""

    name: str
    unit: str
    stations: int


def choices(network: Iterable[Member]) -> dict[str, Choice]:
    counted: Counter[str] = Counter()
    units: dict[str, str] = {}
    for member in network:
        shown = {shown_as(each): value.unit for each, value in member.values.items()}
        counted.update(shown.keys())
        units |= shown
    return {name: Choice(name=name, unit=units[name], stations=count) for name, count in sorted(counted.items())}


def chosen(name: str, offered: Mapping[str, Choice]) -> Choice | None:
    """None where the network has no values at all. Raises InvalidParameter."""
    if name in offered:
        return offered[name]
    if not offered:
        return None
    raise InvalidParameter("parameter", f"no station has {name!r}", value=name, allowed=list(offered))


def value_of(member: Member, name: str) -> LatestValue | None:
    identifier = best(name, member.values)
    return member.values[identifier] if identifier else None


def last_heard(network: Iterable[Member]) -> int | None:
    return max((heard for member in network if (heard := newest(member.values.values())) is not None), default=None)


def states(network: Iterable[Member], now: int) -> list[StationState]:
    return [state_of(member.values.values(), now) for member in network]


def needing_attention(network: Sequence[Member], now: int) -> list[tuple[Member, StationState]]:
    """Stations that are late, silent or suspect; those that were heard last come first, since they can still be helped."""
    wanted = (StationState.LATE, StationState.SILENT, StationState.SUSPECT)
    found = [each for each in zip(network, states(network, now), strict=True) if each[1] in wanted]
    found.sort(key=lambda each: (-(newest(each[0].values.values()) or 0), each[0].station.id))
    return found[:_ATTENTION]


def messages(queues: Sequence[QueueDepth]) -> list[int]:
    """How many wait in each, asked at the same time."""
    with ThreadPoolExecutor(_READERS) as pool:
        return list(pool.map(QueueDepth.messages, queues))


# ---- the last hours of everyone ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """`values` has one list for each member, one value for each hour that ends at `times`; None where nothing was said.

    `complete` is false where more stations lie in the box than are looked at.
    """

    times: list[int]
    members: list[Member]
    values: list[list[float | None]]
    complete: bool


def history(
    network: Iterable[Member], name: str, interval: Interval, box: BoundingBox | None, *, store: ObservationsStore
) -> History:
    """The last value of each hour. Raises InvalidParameter where the interval has no end or too many hours."""
    hours = -(-(interval.end - interval.start) // HOUR)
    if not 0 < hours <= MOST_HOURS:
        raise InvalidParameter(
            "datetime", f"the interval has {hours:,} hours", allowed=f"an interval of 1 to {MOST_HOURS} hours"
        )
    ends = [interval.end - (hours - 1 - at) * HOUR for at in range(hours)]
    able = [
        (member, identifier)
        for member in network
        if (identifier := best(name, member.values)) and (box is None or box.has(member.station))
    ]
    looked_at = able[:MOST_STATIONS]

    def read(each: tuple[Member, str]) -> list[float | None]:
        member, identifier = each
        found: list[float | None] = [None] * hours
        for moment, value, _ in _values(member.station.id, identifier, interval, store=store):
            at = hours - 1 - (interval.end - moment) // HOUR
            if value is not None and 0 <= at < hours:
                found[at] = value
        return found

    with ThreadPoolExecutor(_READERS) as pool:
        values = list(pool.map(read, looked_at))
    return History(times=ends, members=[member for member, _ in looked_at], values=values, complete=len(looked_at) == len(able))


def _values(
    station_id: str, identifier: str, interval: Interval, *, store: ObservationsStore
) -> Iterator[tuple[int, float | None, int]]:
    """Time, value and flag of each value, in order of time."""
    wanted = Selection(station_id=station_id, span=span_of(parse(identifier)), parameters=[identifier], details=True)
    for _, group in groupby(store.read(wanted, interval), key=lambda block: block.key.start):
        yield from _cells(list(group), identifier, interval)


def _cells(stretch: Sequence[Block], identifier: str, interval: Interval) -> list[tuple[int, float | None, int]]:
    """What one stretch of blocks says of a parameter."""
    piece = overlay([block for block in stretch if identifier in block.columns], interval)
    if piece is None or identifier not in piece.columns:
        return []
    column = piece.columns[identifier]
    times = [instant.parse(text.strip('"')) for text in piece.times.text.split(",")]
    values = [None if text == "null" else float(text) for text in column.values.text.split(",")]
    return list(zip(times, values, map(int, column.flags.text.split(",")), strict=True))


# ---- days of a station -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """For each date, how many values there are, how many of them are suspect or failed, and what the others come to."""

    count: list[int]
    suspect: list[int]
    minimum: list[float | None]
    mean: list[float | None]
    maximum: list[float | None]
    total: list[float | None]


def days(
    station_id: str, identifiers: Sequence[str], interval: Interval, *, store: ObservationsStore
) -> tuple[list[str], dict[str, Days]]:
    """Each parameter, day by day (UTC). A value that failed a test counts, and comes into no extreme, mean or sum.

    Raises InvalidParameter where the interval has too many days.
    """
    dates = _dates(interval)
    at = {date: number for number, date in enumerate(dates)}
    gathered: dict[str, list[list[tuple[float, int]]]] = {name: [[] for _ in dates] for name in identifiers}
    units: dict[str, str] = {}
    for span in Span:
        names = [name for name in identifiers if span_of(parse(name)) is span]
        wanted = Selection(station_id=station_id, span=span, parameters=names, details=True)
        for _, group in groupby(store.read(wanted, interval) if names else (), key=lambda block: block.key.start):
            stretch = list(group)
            units |= {name: column.unit for block in stretch for name, column in block.columns.items()}
            for name in names:
                for moment, value, flag in _fast_cells(stretch, name, interval):
                    if value is not None:
                        gathered[name][at[instant.day_of(moment)]].append((value, flag))
    return dates, {name: _days(cells, circular=units.get(name) == "deg") for name, cells in gathered.items() if any(cells)}


def _fast_cells(stretch: Sequence[Block], name: str, interval: Interval) -> Iterable[tuple[int, float | None, int]]:
    """As `_cells`; a day that one block tells, and that lies whole in the interval, needs no laying over each other."""
    fitting = [block for block in stretch if name in block.columns]
    if len(fitting) != 1 or not (fitting[0].first in interval and fitting[0].last in interval):
        return _cells(fitting, name, interval) if fitting else ()
    (block,) = fitting
    column = block.columns[name]
    # Within a day every time has the date of the first; within a year each its own
    times = (
        [block.first] * block.count
        if block.key.span is Span.DAY
        else [instant.parse(str(text)) for text in listed(block.times)]
    )
    values = [None if value is None else float(str(value)) for value in listed(column.values)]
    return zip(times, values, (int(str(flag)) for flag in listed(column.flags)), strict=True)


def _days(cells: Sequence[Sequence[tuple[float, int]]], *, circular: bool) -> Days:
    good = [[value for value, flag in day if flag != FAIL] for day in cells]

    def each(of: Callable[[list[float]], float]) -> list[float | None]:
        return [round(of(day), 3) if day else None for day in good]

    return Days(
        count=[len(day) for day in cells],
        suspect=[sum(flag in (SUSPECT, FAIL) for _, flag in day) for day in cells],
        minimum=each(min),
        mean=each(_mean_direction if circular else lambda day: sum(day) / len(day)),
        maximum=each(max),
        total=each(sum),
    )


def _mean_direction(degrees: list[float]) -> float:
    """That of the sum of unit vectors: 350° and 10° make 0°, not 180° (WMO-No. 8, volume I, 5.8)."""
    east, north = (sum(of(radians(each)) for each in degrees) for of in (sin, cos))
    return math_degrees(atan2(east, north)) % 360


def _dates(interval: Interval) -> list[str]:
    count = interval.end // DAY - interval.start // DAY + 1
    if not 0 < count <= MOST_DAYS:
        raise InvalidParameter("datetime", f"the interval has {count:,} days", allowed=f"an interval of 1 to {MOST_DAYS} days")
    return [instant.day_of(interval.start + number * DAY) for number in range(count)]


# ---- files -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What came in one hour: `start` is the hour's, as text."""

    start: str
    files: int
    rows: int
    bytes: int


def arrivals(now: int, hours: int, *, counters: FileIndexStore) -> list[Arrivals]:
    """The last hours, the newest last, those without files included."""
    starts = [instant.iso(now // HOUR * HOUR - number * HOUR)[:13] for number in reversed(range(hours))]
    found = {}
    for count in counters.counts("hour", newest_first=True):
        if count.value < starts[0]:
            break
        found[count.value] = count
    return [
        Arrivals(
            start=f"{start}:00:00Z",
            files=found[start].files if start in found else 0,
            rows=found[start].rows if start in found else 0,
            bytes=found[start].bytes if start in found else 0,
        )
        for start in starts
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    reason: str
    rows: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejects:
    """Why rows and fields of the files in the catalogue were not taken, most frequent first; `rows` is of all reasons."""

    rows: int
    reasons: list[Reason]


def rejects(*, counters: FileIndexStore) -> Rejects:
    counted = [Reason(reason=each.value, rows=each.rows, files=each.files) for each in counters.counts("reason")]
    counted.sort(key=lambda reason: -reason.rows)
    return Rejects(rows=sum(each.rows for each in counted), reasons=counted[:_MOST_REASONS])
