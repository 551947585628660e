"""OGC API - EDR: which stations a query means, and what they observed."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import batched, islice
from operator import itemgetter
from typing import Any

from mesonet.domain import geometry, instant
from mesonet.domain.instant import Interval
from mesonet.domain.network import Network
from mesonet.domain.station import BoundingBox, Station, distance_m
from mesonet.errors import InvalidParameter
from mesonet.functions.api_weather import coverages, logic, queries, units
from mesonet.functions.api_weather.coverages import Series
from mesonet.functions.api_weather.edr_documents import Latest, Shelf, known, named, page_links, station_path
from mesonet.functions.api_weather.edr_parameters import FORMATS, MOST_STATIONS
from mesonet.functions.api_weather.logic import StationFilter
from mesonet.functions.api_weather.queries import Wanted
from mesonet.record import dataclass
from mesonet.web import parameters as read
from mesonet.web.media import COVERAGEJSON, CSV, GEOJSON
from mesonet.web.request import Request
from mesonet.web.response import Response

_AS_COVERAGES = {"CoverageJSON": COVERAGEJSON, "covjson": COVERAGEJSON, "json": COVERAGEJSON, "prs": FORMATS["prs"]}
_TYPES = {**_AS_COVERAGES, "GeoJSON": GEOJSON, "CSV": CSV}
AT_ONCE = 8  # stations that are read at a time
TRIED = 5  # nearest stations that observe what is asked for, of which the first with something at the time answers
CANDIDATES = (25, 200, 1600)  # nearest stations among which one is to observe what is asked for: as many as it takes of these
ALL = 1_000_000  # times: the size of the answer ends it first


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A data query, checked."""

    wanted: Wanted
    intervals: Sequence[Interval] | None
    convert: units.Choice | None
    crs: str
    kind: str
    limit: int


type Found = tuple[float, Station, Latest]  # how far a station is, in metres, and what it last observed


def one_location(request: Request, collection_id: str, location_id: str, *, shelf: Shelf) -> Response:
    known(collection_id)
    asked = understood(request, shelf.network.get())
    station = shelf.stations.get(location_id)
    begun = shelf.cursors.read(request, int, int)
    return single(request, asked, (None, station, shelf.latest.get(station.id)), begun, shelf)


def position(request: Request, collection_id: str, *, shelf: Shelf) -> Response:
    """What the nearest station that observes something of what is wanted, and has something of it at the time, has observed;
    of each point, if there are several, the nearest that observes it, which may be that of others, too."""
    known(collection_id)
    network = shelf.network.get()
    asked = understood(request, network)
    places = queries.points(request.query, network.extent)
    if len(places) > 1:
        nearest = dict[str, tuple[str, Found]]()
        for number, place in enumerate(places):
            for found in islice(nearest_observing(place, asked, network, shelf), 1):
                key, known_as = nearest.get(found[1].id, (f"{number:02d}", found))
                nearest[found[1].id] = key, min(found, known_as, key=itemgetter(0))
        return several(request, asked, list(nearest.values()), shelf, most=len(places))
    begun = shelf.cursors.read(request, str, int, int)
    near = nearest_observing(places[0], asked, network, shelf)
    for found in near if begun else islice(near, TRIED):
        answering = found[1].id
        if begun is None or begun[0] == answering:
            answer = single(request, asked, found, begun and begun[1:], shelf, [answering])
            if begun or answer.status == 200:
                return answer
    return Response(status=204)


def nearest_observing(place: geometry.Position, asked: Asked, network: Network, shelf: Shelf) -> Iterator[Found]:
    """One after the other, the nearest first."""
    looked_at = 0
    for most in CANDIDATES:
        ranked = logic.nearest(*place, most, StationFilter(), store=shelf.stations, occupied=lambda: network.occupied)
        for some in batched(ranked[looked_at:], 100 if looked_at else 5, strict=False):
            latest = shelf.latest.many([station.id for _, station in some])
            for distance, station in some:
                if chosen(latest.get(station.id, {}), asked):
                    yield distance, station, latest[station.id]
        if len(ranked) < most:
            break  # there are no more
        looked_at = most


def radius(request: Request, collection_id: str, *, shelf: Shelf) -> Response:
    """Stations within a distance of a point, or of any of several, the nearest first; `limit` leaves the nearest so many that
    have something at the time. As many more are tried as of a position."""
    known(collection_id)
    network = shelf.network.get()
    asked = understood(request, network)
    reach = queries.radius_m(request.query)
    circles = [(here, geometry.around(here, reach)) for here in queries.centres(request.query)]
    circles = [each for each in circles if network.extent is None or geometry.overlap(each[1], network.extent)]
    if network.extent is not None and not circles:
        raise queries.outside(request.query["coords"], network.extent)
    nearest = dict[str, Found]()
    for here, box in circles:
        found = around(box, here, reach, asked, network, shelf, most=logic.MOST_LOOKED_AT // len(circles))
        if found is None:
            raise InvalidParameter(
                "within",
                "there are too many stations around there",
                allowed="a smaller distance, a smaller `limit`, or fewer points",
            )
        for each in found:
            nearest[each[1].id] = min(each, nearest.get(each[1].id, each), key=itemgetter(0))
    ranked = sorted((f"{each[0]:010.1f}#{each[1].id}", each) for each in nearest.values())
    return named(several(request, asked, ranked[: asked.limit + TRIED - 1], shelf, most=asked.limit))


def around(
    box: BoundingBox, here: geometry.Position, reach: float, asked: Asked, network: Network, shelf: Shelf, *, most: int
) -> list[Found] | None:
    """None where more than `most` stations would have to be looked at. A box of many stations is not looked through where the
    nearest of them are enough."""
    candidates = min(4 * max(asked.limit, TRIED), MOST_STATIONS)
    near = within(box, here, reach, shelf, most=candidates)
    if near is not None:
        return observing(near, asked, shelf)
    ranked = logic.nearest(*here, candidates, StationFilter(), store=shelf.stations, occupied=lambda: network.occupied)
    found = observing([each for each in ranked if each[0] <= reach], asked, shelf)
    if len(found) >= asked.limit or not ranked or ranked[-1][0] > reach:
        return found
    near = within(box, here, reach, shelf, most=most)
    return None if near is None else observing(near, asked, shelf)


def observing(near: Iterable[tuple[float, Station]], asked: Asked, shelf: Shelf) -> list[Found]:
    """The first of these stations that observe something of what is wanted, as many as are read for the limit's sake."""
    most = asked.limit + TRIED - 1
    found: list[Found] = []
    for some in batched(near, 25, strict=False):
        latest = shelf.latest.many([station.id for _, station in some])
        found += [
            (distance, station, latest[station.id]) for distance, station in some if chosen(latest.get(station.id, {}), asked)
        ]
        if len(found) >= most:
            break
    return found[:most]


def within(
    box: BoundingBox, here: geometry.Position, reach: float, shelf: Shelf, *, most: int
) -> list[tuple[float, Station]] | None:
    """Stations that are not further away, the nearest first; None where more than `most` lie in the box."""
    filter_ = StationFilter(bbox=box)
    found = []
    for looked_at, (_, _, station) in enumerate(logic.walk(filter_, None, store=shelf.stations)):
        if looked_at == most:
            return None
        if station in filter_ and station.position and (distance := distance_m(here, station.position)) <= reach:
            found.append((distance, station))
    return sorted(found, key=lambda each: (each[0], each[1].id))


def area(request: Request, collection_id: str, *, shelf: Shelf) -> Response:
    """Stations in a polygon, page by page."""
    known(collection_id)
    network = shelf.network.get()
    asked = understood(request, network)
    shape = queries.area(request.query, network.extent)
    cell, key = shelf.cursors.read(request, str, str) or ("", "")
    cell, begun = Begun.parse(cell)
    walk = logic.walk(StationFilter(bbox=shape.bbox), (cell, key), store=shelf.stations)
    many: list[Series] = []
    room, looked_at = logic.bytes_for(asked.convert), 0
    for some in batched(walk, 25, strict=False):
        inside = [station for _, _, station in some if station.position and station.position in shape]
        latest = shelf.latest.many([station.id for station in inside])
        picked = [(None, station, latest[station.id]) for station in inside if chosen(latest.get(station.id, {}), asked)]
        series = {each.station.id: each for each in read_all(picked, asked, room, shelf, begun)}
        wanted = {station.id for _, station, _ in picked}
        for next_cell, next_key, station in some:
            if looked_at == logic.MOST_LOOKED_AT or room <= 0:
                return answered(request, asked, many, [cell, key], shelf)
            each = series.get(station.id)
            if station.id in wanted and (each is None or each.tells):
                if each is None or len(many) == asked.limit or (many and size(each) > room):
                    return answered(request, asked, many, [cell, key], shelf)
                many.append(each)
                room -= size(each)
                if each.found.after is not None:
                    goes_on = Begun(station_id=station.id, since=each.found.after)
                    return answered(request, asked, many, [goes_on.text(cell), key], shelf)
            looked_at += 1
            cell, key = next_cell, next_key
    return answered(request, asked, many, None, shelf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A station of which the page before has told the times before `since`."""

    station_id: str
    since: int

    def text(self, place: str) -> str:
        """`place` with this beside it, where a cursor has room for two texts."""
        return f"{place}@{self.since}@{self.station_id}"

    @classmethod
    def parse(cls, text: str) -> "tuple[str, Begun | None]":
        place, separator, rest = text.partition("@")
        since, _, station_id = rest.partition("@")
        return place, cls(station_id=station_id, since=int(since)) if separator else None


def understood(request: Request, network: Network) -> Asked:
    return Asked(
        wanted=queries.wanted(request.query, network),
        intervals=queries.intervals(request.query),
        convert=units.choice(request.query),
        crs=_spelt_crs(request),
        kind=request.chosen(FORMATS),
        limit=read.page_size(request.query, default=100, most=MOST_STATIONS),
    )


def _spelt_crs(request: Request) -> str:
    """The profile wants the identifier back as it was sent (8.7 B)."""
    found = queries.crs(request.query)
    return request.query.get("crs", found)


def chosen(latest: Latest, asked: Asked) -> list[str]:
    """The station's parameters that are wanted and have values at the times that are asked for."""
    return [name for name in asked.wanted.pick(latest) if queries.observed(latest[name], asked.intervals)]


def read_series(
    picked: tuple[float | None, Station, Latest],
    asked: Asked,
    shelf: Shelf,
    *,
    room: int,
    times: Sequence[Interval],
    begun: bool,
) -> Series:
    distance, station, latest = picked
    parameters = chosen(latest, asked)
    found = logic.observations(station.id, times, parameters, logic.Room(ALL, room), details=False, store=shelf.observations)
    if asked.convert is not None:
        found = asked.convert.observations(found)
    return Series(station=station, found=found, distance_m=distance, begun=begun)


def read_all(
    picked: Iterable[tuple[float | None, Station, Latest]], asked: Asked, room: int, shelf: Shelf, begun: Begun | None = None
) -> Iterator[Series]:
    """Some stations at a time, in their order, until there is more than can be sent."""
    from concurrent.futures import ThreadPoolExecutor  # the queries of one station never need it

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for some in batched(picked, AT_ONCE, strict=False):
            read_one = partial(_read_one, asked=asked, room=room, shelf=shelf, begun=begun)
            for series in pool.map(read_one, some):
                room -= size(series)
                yield series
            if room <= 0:
                return


def _read_one(
    picked: tuple[float | None, Station, Latest], *, asked: Asked, room: int, shelf: Shelf, begun: Begun | None
) -> Series:
    _, station, latest = picked
    goes_on = begun is not None and begun.station_id == station.id
    times = going_on(latest, asked, begun.since) if begun and goes_on else wanted_times(latest, asked)
    return read_series(picked, asked, shelf, room=room, times=times, begun=goes_on)


def wanted_times(latest: Latest, asked: Asked) -> Sequence[Interval]:
    """Without `datetime`, the last 24 hours that the station has."""
    return asked.intervals or [logic.last_day(latest[name] for name in chosen(latest, asked))]


def going_on(latest: Latest, asked: Asked, since: int) -> Sequence[Interval]:
    """The rest of the interval where the page before told the times before `since`. The last 24 hours may have moved on since
    then."""
    times = wanted_times(latest, asked)
    if asked.intervals is None:
        return [Interval(since, max(times[-1].end, since))]
    return instant.cut(times, since)


def size(series: Series) -> int:
    """Bytes in the answer, about: values, and some 600 for each parameter's description."""
    return sum(piece.size for piece in series.found.pieces) + 700 * len(series.found.parameters)


def several(request: Request, asked: Asked, found: Sequence[tuple[str, Found]], shelf: Shelf, *, most: int) -> Response:
    """The first of these stations that have something at the time, in as many pages as there have to be."""
    place, since, most = shelf.cursors.read(request, str, int, int) or ("", 0, most)
    left = [(key, each) for key, each in found if key >= place]
    begun = Begun(station_id=left[0][1][1].id, since=since) if since and left and left[0][0] == place else None
    many, room, told = list[Series](), logic.bytes_for(asked.convert), 0
    for told, series in enumerate(read_all([each for _, each in left], asked, room, shelf, begun), 1):
        key = left[told - 1][0]
        if many and size(series) > room:
            return answered(request, asked, many, [key, 0, most - len(many)], shelf)
        if series.tells:
            many.append(series)
            room -= size(series)
        if series.found.after is not None:
            return answered(request, asked, many, [key, series.found.after, most - len(many) + 1], shelf)
        if len(many) in (most, asked.limit):
            break
    goes_on = told < len(left) and len(many) < most
    after = [left[told][0], 0, most - len(many)] if goes_on else None
    return answered(request, asked, many, after, shelf)


def single(
    request: Request,
    asked: Asked,
    found: tuple[float | None, Station, Latest],
    begun: tuple[int, int] | None,
    shelf: Shelf,
    named: Sequence[str] = (),
) -> Response:
    """One station, in as many pages as there have to be. `begun` is since and until when this page tells; cursors have what is
    `named` before that."""
    distance, station, latest = found
    times = going_on(latest, asked, begun[0]) if begun else wanted_times(latest, asked)
    if begun:
        times = instant.cut(times, instant.EARLIEST, begun[1])
    room = logic.bytes_for(asked.convert)
    series = read_series((distance, station, latest), asked, shelf, room=room, times=times, begun=begun is not None)
    if not series.tells:
        return Response(status=204)
    after = [*named, series.found.after, times[-1].end] if series.found.after is not None else None
    links = page_links(request, _TYPES[asked.kind], after, shelf)
    if asked.kind in _AS_COVERAGES:
        body = coverages.coverage(series, asked.crs, links if after else ())
        return Response(body=body, media_type=_AS_COVERAGES[asked.kind], links=links, modified=series.found.changed)
    return answered(request, asked, [series], after, shelf)


def answered(request: Request, asked: Asked, many: Sequence[Series], after: Sequence[Any] | None, shelf: Shelf) -> Response:
    """204 where there is nothing, so the profile (7.13)."""
    links = page_links(request, _TYPES[asked.kind], after, shelf)
    if not many and after is None:
        return Response(status=204)
    changes = [each.found.changed for each in many]
    modified = max((each for each in changes if each is not None), default=None) if None not in changes else None
    if asked.kind == "CSV":
        return Response(body="".join(coverages.table(many)), media_type=CSV, links=links, modified=modified)
    if asked.kind == "GeoJSON":
        addresses = {each.station.id: request.link("data", station_path(each.station.id))["href"] for each in many}
        return Response(body=coverages.features(many, addresses, links), media_type=GEOJSON, links=links, modified=modified)
    body = coverages.coverages(many, asked.crs, links)
    return Response(body=body, media_type=_AS_COVERAGES[asked.kind], links=links, modified=modified)
