"""What a whole network observes: where, since when, until when, and what. It only ever grows."""

from collections.abc import Iterable, Mapping
from math import ceil, floor

from mesonet.domain import geohash
from mesonet.domain.latest import LatestValue
from mesonet.domain.station import BoundingBox, Station
from mesonet.record import dataclass, field

ALL = "all"
_HOUR = 3_600_000
_AROUND = 0.25  # degrees, some 28 km: as far as a station speaks for its surroundings (WMO-No. 8, 1.1.2: mesoscale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`parameters` are identifiers with their units (UCUM); `first` and `last` instants, `last` at an hour's end so that live
    values do not move it all the time; `cells` are those in which stations are known to be; `survey` is ALL where every station
    has been passed to tell them, otherwise the name of the walk past all stations that is under way, '' where none is. What is
    withdrawn stays counted in: the extent of a network is a promise about where to look, not about what is found there."""

    bbox: BoundingBox | None = None
    first: int | None = None
    last: int | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    cells: frozenset[str] = frozenset()
    survey: str = ""

    @property
    def occupied(self) -> frozenset[str] | None:
        """The cells that have stations in them; None where it is not known that these are all."""
        return self.cells if self.survey == ALL else None

    @property
    def extent(self) -> BoundingBox | None:
        """The stations and what lies around them, on hundredths of a degree."""
        box = self.bbox
        if box is None:
            return None
        return BoundingBox(
            max(floor((box.west - _AROUND) * 100) / 100, -180.0),
            max(floor((box.south - _AROUND) * 100) / 100, -90.0),
            min(ceil((box.east + _AROUND) * 100) / 100, 180.0),
            min(ceil((box.north + _AROUND) * 100) / 100, 90.0),
        )

    def widened(self, other: "Network") -> "Network":
        """Both together. In whatever order networks are widened, and however often, the same comes of it."""
        return Network(
            bbox=_both(self.bbox, other.bbox),
            first=min((each for each in (self.first, other.first) if each is not None), default=None),
            last=max((each for each in (self.last, other.last) if each is not None), default=None),
            parameters={**self.parameters, **{name: unit for name, unit in other.parameters.items() if unit}},
            cells=self.cells | other.cells,
            survey=max(self.survey, other.survey),  # walks are named by the time; ALL is greater than any
        )


def seen(values: Iterable[tuple[str, LatestValue]], stations: Iterable[Station]) -> Network:
    """What some stations and the ends of some of their parameters tell of the network."""
    known = list(values)
    places = [station.position for station in stations if station.position]
    return Network(
        bbox=BoundingBox(
            min(longitude for _, longitude in places),
            min(latitude for latitude, _ in places),
            max(longitude for _, longitude in places),
            max(latitude for latitude, _ in places),
        )
        if places
        else None,
        first=min((value.since for _, value in known), default=None),
        last=max((-(-value.time // _HOUR) * _HOUR for _, value in known), default=None),
        parameters={name: value.unit for name, value in known},
        cells=frozenset(geohash.encode(*place, geohash.CELL_LENGTH) for place in places),
    )


def _both(a: BoundingBox | None, b: BoundingBox | None) -> BoundingBox | None:
    """No box of several boxes crosses the antimeridian: it goes around instead."""
    if a is None or b is None:
        return a or b
    return BoundingBox(min(a.west, b.west), min(a.south, b.south), max(a.east, b.east), max(a.north, b.north))
