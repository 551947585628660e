"""What a data query answers: CoverageJSON, EDR GeoJSON, CSV.

Values are never parsed on their way into JSON: the pieces are JSON already and are laid end to end.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mesonet.domain import instant
from mesonet.domain.fragment import Fragment
from mesonet.domain.station import Station
from mesonet.functions.api_weather import collection
from mesonet.functions.api_weather.logic import Observations
from mesonet.record import dataclass
from mesonet.web.media import Link, csv_line, dumps
from mesonet.web.stitching import Stitched, laid_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What one station observed; `distance_m` from the place that was asked for, `begun` on the page before."""

    station: Station
    found: Observations
    distance_m: float | None = None
    begun: bool = False

    @property
    def parameters(self) -> list[str]:
        """Those that have a value at any of the times."""
        return [
            name
            for name in self.found.parameters
            if any(_has_any(piece.columns[name].values, piece.count) for piece in self.found.pieces if name in piece.columns)
        ]

    @property
    def tells(self) -> bool:
        """Whether there is a value on this page, or may be on another: a station may have had other parameters at the times."""
        return bool(self.found.count) and (self.begun or self.found.after is not None or bool(self.parameters))

    def unit(self, name: str) -> str:
        return next(piece.columns[name].unit for piece in reversed(self.found.pieces) if name in piece.columns)

    @property
    def times(self) -> Fragment:
        return self.found.times

    def values(self, name: str) -> Fragment:
        """Elements of a JSON array."""
        return self.found.joined(name, "values", "null")

    @property
    def first(self) -> int:
        return self.found.pieces[0].first

    @property
    def last(self) -> int:
        return self.found.pieces[-1].last


def _has_any(values: Fragment, count: int) -> bool:
    """Whether not all of so many are missing; the texts are looked at where they are as long as if they were."""
    return values.size != len("null,") * count - 1 or values.text.strip("nul,") != ""


def coverage(series: Series, crs: str, links: Sequence[Link] = ()) -> Stitched:
    """A Coverage (OGC 21-069r2) whose domain is the station's place and times."""
    parameters = {name: collection.covjson_parameter(name, series.unit(name)) for name in series.parameters}
    head = {"type": "Coverage", "id": series.station.id, **_about(series), **({"links": list(links)} if links else {})}
    ranges = laid_all((f"{dumps(name)}:", *_range(series, name)) for name in parameters)
    domain = [f'{dumps(head)[:-1]},"domain":', *_domain(series, crs)]
    return [*domain, f',"parameters":{dumps(parameters)},"ranges":{{', *ranges, "}}"]


def coverages(many: Sequence[Series], crs: str, links: Sequence[Link]) -> Stitched:
    """A CoverageCollection; each coverage is complete by itself, and the parameters stand at the top once more."""
    parameters = {name: collection.covjson_parameter(name, each.unit(name)) for each in many for name in each.parameters}
    head = {
        "type": "CoverageCollection",
        "domainType": "PointSeries",
        "parameters": dict(sorted(parameters.items())),
        "links": list(links),
    }
    return [f'{dumps(head)[:-1]},"coverages":[', *laid_all(coverage(each, crs) for each in many), "]}"]


def _about(series: Series) -> dict[str, Any]:
    """Members beyond the standard, as it allows (5, `Extensions`)."""
    station = series.station
    about: dict[str, Any] = {"mesonet:station": {"id": station.id, "name": station.name or station.id}}
    if station.wigos_id:
        about["metocean:wigosId"] = station.wigos_id
    if station.elevation_m is not None:
        about["mesonet:station"]["elevation_m"] = station.elevation_m
    if series.distance_m is not None:
        about["mesonet:distance_m"] = round(series.distance_m, 1)
    return about


def _domain(series: Series, crs: str) -> Stitched:
    time = {"coordinates": ["t"], "system": {"type": "TemporalRS", "calendar": "Gregorian"}}
    if not series.station.position:  # nobody has said where the station is
        return ['{"type":"Domain","axes":{"t":{"values":[', series.times, f']}}}},"referencing":{dumps([time])}}}']
    latitude, longitude = series.station.position
    latitude_first = "4326" in crs
    place = {"coordinates": ["y", "x"] if latitude_first else ["x", "y"], "system": {"type": "GeographicCRS", "id": crs}}
    axes = f'"x":{{"values":[{longitude}]}},"y":{{"values":[{latitude}]}},"t":{{"values":['
    head = f'{{"type":"Domain","domainType":"PointSeries","axes":{{{axes}'
    return [head, series.times, f']}}}},"referencing":{dumps([place, time])}}}']


def _range(series: Series, name: str) -> Stitched:
    axes, shape = (
        (["t", "y", "x"], f"[{series.found.count},1,1]") if series.station.position else (["t"], f"[{series.found.count}]")
    )
    head = f'"type":"NdArray","dataType":"float","axisNames":{dumps(axes)},"shape":{shape}'
    return [f'{{{head},"values":[', series.values(name), "]}"]


def feature(series: Series, query: str) -> Stitched:
    """An EDR GeoJSON feature: the station, and what it observed in columns. `query` is where the station answers alone."""
    station = series.station
    properties: dict[str, Any] = {
        "name": station.name or station.id,
        "label": station.name or station.id,
        "datetime": f"{instant.iso(series.first)}/{instant.iso(series.last)}",
        "parameter-name": series.parameters,
        "edrqueryendpoint": query,
        "units": {name: series.unit(name) for name in series.parameters},
    }
    if series.distance_m is not None:
        properties["distance_m"] = round(series.distance_m, 1)
    values = laid_all((f"{dumps(name)}:[", series.values(name), "]") for name in series.parameters)
    head = {"type": "Feature", "id": station.id, "geometry": geometry(station)}
    begin = f'{dumps(head)[:-1]},"properties":{dumps(properties)[:-1]},"time":['
    return [begin, series.times, '],"values":{', *values, "}}}"]


def features(many: Sequence[Series], queries: Mapping[str, str], links: Sequence[Link]) -> Stitched:
    parameters = {name: collection.parameter(name, each.unit(name)) for each in many for name in each.parameters}
    head = {
        "type": "FeatureCollection",
        "numberReturned": len(many),
        "links": list(links),
        "parameters": [parameters[name] for name in sorted(parameters)],
    }
    return [f'{dumps(head)[:-1]},"features":[', *laid_all(feature(each, queries[each.station.id]) for each in many), "]}"]


def geometry(station: Station) -> dict[str, Any] | None:
    """Longitude first (RFC 7946); None where nobody has said where the station is."""
    if not station.position:
        return None
    latitude, longitude = station.position
    return {
        "type": "Point",
        "coordinates": [longitude, latitude, *([station.elevation_m] if station.elevation_m is not None else [])],
    }


def table(many: Sequence[Series]) -> Iterable[str]:
    """CSV: a line for each station and time; units stand in the head."""
    units = {name: each.unit(name) for each in many for name in each.parameters}
    names = sorted(units)
    yield csv_line(["station", "longitude", "latitude", "time", *(f"{name} ({units[name]})" for name in names)])
    for each in many:
        latitude, longitude = each.station.position or (None, None)
        for piece in each.found.pieces:
            times = json.loads(f"[{piece.times}]")
            columns = [
                json.loads(f"[{piece.columns[name].values}]") if name in piece.columns else [None] * piece.count
                for name in names
            ]
            for time, *cells in zip(times, *columns, strict=True):
                yield csv_line([each.station.id, longitude, latitude, time, *cells])
