"""Decides what belongs into an answer: which stations, which blocks, which files, and where a page ends."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from typing import Any

from mesonet.domain import geohash, instant
from mesonet.domain.block import NONE, Block, Piece, Span, cut, overlay, span_of
from mesonet.domain.file import changed
from mesonet.domain.fragment import Fragment
from mesonet.domain.geohash import CELL_LENGTH
from mesonet.domain.instant import Interval
from mesonet.domain.latest import LatestValue
from mesonet.domain.parameter import parse
from mesonet.domain.station import BoundingBox, Station, distance_m
from mesonet.record import dataclass
from mesonet.stores.observations import ObservationsStore, Selection
from mesonet.stores.stations import StationsStore

MOST_BYTES = 3_500_000  # of an answer's text: Lambda hands on 6 MB, and links, names and escapes come on top
_BYTES_OF_NOTHING = 10  # `null`, a flag and an empty text, where a piece lacks a column
_LONGEST_TIME, _LONGEST_VALUE = 27, 25  # bytes with the comma: `"9999-12-31T23:59:59.999Z"`, `-2.2250738585072014e-308`
_MOST_CELLS = 40  # a box over more cells than this is read along the directory instead
# Length of the cells that are looked at around a place, and how far, as a share of a cell: half of one touches four
_SURROUNDINGS = ((3, 0.5), (3, 1.0), (2, 0.5), (2, 1.0))
_SMALL_NETWORK = 1_000  # stations that are read in less time than the many cells of an ocean
_CELLS_AT_FIRST, _CELLS_AT_ONCE = 8, 32  # far from everything most are empty: what takes time is the way there and back
MOST_LOOKED_AT = 5_000  # stations or files passed over for one page: a rare filter gets short pages, not a time-out
MOST_NEARBY = 500  # stations of a box by which files are found


@dataclass(frozen=True, slots=True)
class Page[T]:
    """`after` is where the next page begins, None on the last."""

    items: list[T]
    after: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class StationFilter:
    """Station identifiers and names are matched from their start, names whatever their case."""

    bbox: BoundingBox | None = None
    id_prefix: str = ""
    name_prefix: str = ""

    def __contains__(self, station: Station) -> bool:
        if self.bbox is not None and not self.bbox.has(station):
            return False
        return station.id.startswith(self.id_prefix) and station.name.casefold().startswith(self.name_prefix.casefold())


def stations(wanted: StationFilter, limit: int, after: Sequence[str] | None, *, store: StationsStore) -> Page[Station]:
    """A page of stations, in an order that stays as it is while stations come and go."""
    return _page(walk(wanted, after, store=store), limit, lambda station: station in wanted)


def walk(wanted: StationFilter, after: Sequence[str] | None, *, store: StationsStore) -> Iterator[tuple[str, str, Station]]:
    """All stations among which the wanted ones are, each with its place to go on `after`."""
    start, place = after or ("", "")
    cells = _cells(wanted.bbox)
    if wanted.id_prefix:
        return (("", *each) for each in store.by_id(prefix=wanted.id_prefix, after=place))
    if wanted.name_prefix:
        return (("", *each) for each in store.by_name(prefix=wanted.name_prefix, after=place))
    if cells is not None:
        return (
            (cell, *each)
            for cell in cells
            if cell >= start
            for each in store.by_place(cell[:CELL_LENGTH], prefix=cell, after=place if cell == start else "")
        )
    return (("", *each) for each in store.by_id(after=place))


def _cells(bbox: BoundingBox | None) -> list[str] | None:
    """The smallest cells of which a few cover the box; None where even the largest are too many."""
    if bbox is None:
        return None
    covers = (
        geohash.cells(bbox.south, bbox.west, bbox.north, bbox.east, length, _MOST_CELLS)
        for length in range(5, CELL_LENGTH - 1, -1)
    )
    return next((cells for cells in covers if cells), None)


def _page[T](found: Iterable[tuple[str, str, T]], limit: int, fits: Callable[[T], bool]) -> Page[T]:
    items: list[T] = []
    last: list[Any] = []
    for looked_at, (walk, place, item) in enumerate(found):
        if len(items) == limit or looked_at == MOST_LOOKED_AT:
            return Page(items, last)
        last = [walk, place]
        if fits(item):
            items.append(item)
    return Page(items)


def nearest(
    latitude: float,
    longitude: float,
    limit: int,
    wanted: StationFilter,
    *,
    store: StationsStore,
    occupied: Callable[[], Collection[str] | None],
) -> list[tuple[float, Station]]:
    """The stations closest to a place with their distances in metres, closest first.

    Looks at the few cells that its surroundings touch, ever larger ones, and then at all in the order of their distance, until
    the stations found are closer than anything that has not been looked at could be. `occupied` tells in which cells there are
    any; it is asked where the closest are not enough. Where it does not know, a small network is looked through whole.
    """
    closest = _Closest((latitude, longitude), limit, wanted)
    read: set[str] = set()
    known: Collection[str] | None = None
    for step, (length, share) in enumerate(_SURROUNDINGS):
        if step == 1:
            known = occupied()
        height, width = (share * side for side in geohash.cell_size(length))
        cells = geohash.cells(latitude - height, longitude - width, latitude + height, longitude + width, length, 25) or []
        fresh = [cell for cell in cells if cell not in read and (known is None or cell[:CELL_LENGTH] in known)]
        closest.see(each for cell in fresh for each in store.by_place(cell[:CELL_LENGTH], prefix=cell))
        if closest.within(_reach(latitude, longitude, height, width)):
            return closest.ranked
        read.update(cells)
    if known is None:
        directory = list(islice(store.by_id(), _SMALL_NETWORK))
        if len(directory) < _SMALL_NETWORK:
            closest.see(directory)
            return closest.ranked
    left = [
        each
        for each in geohash.nearest_first(latitude, longitude, CELL_LENGTH)
        if each[1] not in read and (known is None or each[1] in known)
    ]
    _see_far(closest, left, store)
    return closest.ranked


class _Closest:
    """Of the stations seen so far, those `ranked` closest to a place, with their distances."""

    def __init__(self, here: tuple[float, float], limit: int, wanted: StationFilter) -> None:
        self._here, self._limit, self._wanted = here, limit, wanted
        self._found: dict[str, tuple[float, Station]] = {}
        self.ranked: list[tuple[float, Station]] = []

    def see(self, stations: Iterable[tuple[str, Station]]) -> None:
        for _, station in stations:
            if station.position and station in self._wanted:
                self._found[station.id] = (distance_m(self._here, station.position), station)
        self.ranked = sorted(self._found.values(), key=lambda each: (each[0], each[1].id))[: self._limit]

    def within(self, reach: float) -> bool:
        """Whether there are as many as are wanted, none of them further away."""
        return len(self.ranked) == self._limit and self.ranked[-1][0] <= reach


def _see_far(closest: _Closest, cells: Sequence[tuple[float, str]], store: StationsStore) -> None:
    """Looks into cells, each with its distance, the nearest first, until no other can have anything closer."""
    from concurrent.futures import ThreadPoolExecutor  # only where nobody is near

    many = _CELLS_AT_FIRST
    with ThreadPoolExecutor(_CELLS_AT_ONCE) as pool:
        while cells:
            some, cells = cells[:many], cells[many:]
            closest.see(each for found in pool.map(lambda cell: list(store.by_place(cell[1])), some) for each in found)
            if cells and closest.within(cells[0][0]):
                return
            many = min(2 * many, _CELLS_AT_ONCE)


def _reach(latitude: float, longitude: float, height: float, width: float) -> float:
    """How far around the place everything has been seen: a cell's height to north and south, its width to east and west, taken
    where the meridians are closest."""
    polewards = min(abs(latitude) + height, 90.0)
    return min(
        distance_m((latitude, longitude), (latitude + (height if latitude < 0 else -height), longitude)),
        distance_m((polewards, longitude), (polewards, longitude + min(width, 180.0))),
    )


@dataclass(frozen=True, slots=True)
class Room:
    """What a page has room for: instants, and bytes of an answer's values as they are kept."""

    instants: int
    bytes: int


def bytes_for(convert: object) -> int:
    """In other units values may be three times as long, as 0.3 mm is in inches."""
    return MOST_BYTES if convert is None else MOST_BYTES // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """Pieces in order of time; `after` is the instant of the first that is left for the next page."""

    parameters: list[str]
    pieces: Sequence[Piece]
    after: int | None = None

    @property
    def count(self) -> int:
        return sum(piece.count for piece in self.pieces)

    @property
    def times(self) -> Fragment:
        return Fragment.joined([piece.times for piece in self.pieces])

    def joined(self, name: str, member: str, absent: str) -> Fragment:
        """One member of a column (`values`, `flags`, …) of all pieces; `absent` for each time where there is none."""
        found: list[Fragment] = []
        for piece in self.pieces:
            part = getattr(piece.columns[name], member) if name in piece.columns else NONE
            found.append(part or Fragment(",".join([absent] * piece.count)))
        return Fragment.joined(found)

    @property
    def changed(self) -> int | None:
        """Since when they are what they are; None where there are none, or it is not known of all."""
        orders = {piece.order for piece in self.pieces}
        return max(map(changed, orders)) if orders and all(orders) else None


def last_day(values: Iterable[LatestValue]) -> Interval:
    """The 24 hours up to the newest value."""
    newest = max((value.time for value in values), default=0)
    return Interval(newest - instant.DAY + 1, newest)


def observations(
    station_id: str, times: Iterable[Interval], parameters: list[str], room: Room, *, details: bool, store: ObservationsStore
) -> Observations:
    """A page of those `times`, which are in order and apart; one instant there always is."""
    of_spans = [
        Selection(station_id=station_id, span=span, parameters=names, details=details)
        for span in Span
        if (names := [name for name in parameters if span_of(parse(name)) is span])
    ]
    longest = _LONGEST_TIME + len(parameters) * _LONGEST_VALUE
    most_surely = min(room.instants, room.bytes // longest)
    taken: list[Piece] = []
    count = 0
    size: int | None = 0 if details else None  # not looked at while there is room for the longest texts there can be
    for piece in chain.from_iterable(_told(of_spans, interval, room, most_surely, store) for interval in times):
        if size is None and (count + piece.count) * longest > room.bytes:
            size = sum(_cost(each, parameters) for each in taken)
        most = room.instants - count
        if size is not None:
            size += (its := _cost(piece, parameters))
            most = min(most, max(1, piece.count * room.bytes // max(its, 1)))
        if count == room.instants or (taken and size is not None and size > room.bytes):
            return Observations(parameters=parameters, pieces=taken, after=piece.first)
        fits, rest = cut(piece, most)
        taken.append(fits)
        count += fits.count
        if rest is not None:
            return Observations(parameters=parameters, pieces=taken, after=rest)
    return Observations(parameters=parameters, pieces=taken)


def _cost(piece: Piece, parameters: Sequence[str]) -> int:
    return piece.size + piece.count * _BYTES_OF_NOTHING * (len(parameters) - len(piece.columns))


def _told(
    of_spans: Sequence[Selection], interval: Interval, room: Room, most: int, store: ObservationsStore
) -> Iterator[Piece]:
    """What is said of an interval, in order; up to so many times come together without being looked at."""
    match of_spans:
        case [daily, yearly]:
            return _two_spans(list(store.read(yearly, interval)), store.read(daily, interval), interval, room.instants)
        case [wanted]:
            found = store.read(wanted, interval) if wanted.details else store.pieces(wanted, interval, most=most)
            return _one_span(found, interval)
    return iter(())


def _one_span(pieces: Iterator[Piece], interval: Interval) -> Iterator[Piece]:
    """A stretch that one block tells, and that lies in the interval, goes out as it is, as do stretches that are together
    already."""
    for _, group in groupby(pieces, key=lambda piece: piece.key.start if isinstance(piece, Block) else ""):
        together = list(group)
        stretch = [piece for piece in together if isinstance(piece, Block)]
        if not stretch:
            yield from together
            continue
        only = stretch[0]
        if len(stretch) == 1:
            if interval.start <= only.first and only.last <= interval.end:
                yield only
                continue
            if not interval.overlaps(only.first, only.last):
                continue
        piece = overlay(stretch, interval)
        if piece is not None:
            yield piece


def _two_spans(yearly: list[Block], daily: Iterator[Block], interval: Interval, limit: int) -> Iterator[Piece]:
    """Daily values stand between hourly ones: both are laid over each other, some page's worth of days at a time."""
    start, gathered, seen = interval.start, list[Block](), 0
    for _, group in groupby(daily, key=lambda block: block.key.start):
        if seen > limit:
            end = max(block.last for block in gathered)
            piece = overlay([*yearly, *gathered], Interval(start, end))
            if piece is not None:
                yield piece
            start, gathered, seen = end + 1, [], 0
        stretch = list(group)
        gathered += stretch
        seen += max(block.count for block in stretch)
    piece = overlay([*yearly, *gathered], Interval(start, interval.end))
    if piece is not None:
        yield piece


def near_by(box: BoundingBox, *, store: StationsStore) -> frozenset[str]:
    """Stations known to lie in a box, whose files lie in it then; the first `MOST_NEARBY` of a box that has more.

    The box's heights are not looked at: those of files have none.
    """
    ground = BoundingBox(box.west, box.south, box.east, box.north)
    page = stations(StationFilter(bbox=ground), MOST_NEARBY, None, store=store)
    return frozenset(station.id for station in page.items)
