"""Time series of Synoptic Data's (MesoWest's) Weather API as JSON: stations, each with arrays called `air_temp_set_1`.

Source: Synoptic Data, "Weather API: Time series" and "Station variables" (docs.synopticdata.com). The answer tells its units.
Of `_set_1` and the derived `_set_1d` the measured one is taken.
"""

from collections.abc import Generator, Iterator, Mapping
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import Parameter, usual
from mesonet.errors import UnreadableFile
from mesonet.formats.json_document import documents, glance, member, objects, shown, text_of
from mesonet.formats.json_readings import Field, Readings, degrees, identified, instant, located
from mesonet.formats.networks.synoptic import ELEMENTS, SET
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.station_list import FOOT_M

NAME = "synoptic-json"


def sniff(head: bytes) -> Guess | None:
    seen = glance(head)
    if seen is None or "STATION[].STID" not in seen or any("_value_1" in path for path in seen.paths):
        return None
    return Guess(0.97, "time series of Synoptic Data (MesoWest)")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    readings = Readings(values=context.values)
    for document in documents(stream):
        if isinstance(document, Reject):
            yield readings.lost(document)
            continue
        for answer in objects(document[1]):
            stations = objects(answer.get("STATION"))
            if not stations:
                raise UnreadableFile("STATION is no list of stations", column="STATION")
            units = answer.get("UNITS")
            for row, given in enumerate(stations, 1):
                yield from _station(given, row, units if isinstance(units, dict) else {}, readings)
    yield from readings.end()


def _station(given: dict[str, Any], row: int, units: Mapping[str, Any], readings: Readings) -> Iterator[Piece]:
    station = identified(text_of(given, "STID"))
    stamps = member(given, "OBSERVATIONS", "date_time")
    if station is None or not isinstance(stamps, list):
        reason, column = ("not an identifier", "STID") if station is None else ("no list of times", "OBSERVATIONS.date_time")
        yield readings.reject(reason=reason, row=row, column=column, value=shown(given.get("STID")))
        return
    try:
        latitude, longitude = degrees(given.get("LATITUDE"), 90), degrees(given.get("LONGITUDE"), 180)
        height = float(text_of(given, "ELEVATION")) * (FOOT_M if units.get("elevation", "ft") == "ft" else 1)
        readings.place(located(station, latitude, longitude, name=text_of(given, "NAME"), elevation_m=round(height, 1)))
    except ValueError as exc:
        yield Reject(reason=str(exc), row=row, column="LATITUDE, LONGITUDE, ELEVATION", value=station)
    times: list[int | None] = []
    for number, stamp in enumerate(stamps, 1):
        try:
            times.append(instant(stamp if isinstance(stamp, str) else "")[0])
        except ValueError as exc:
            times.append(None)
            yield Reject(reason=str(exc), row=number, column="date_time", value=shown(stamp))
    series = yield from _series(given["OBSERVATIONS"], row, units, len(times), readings)
    yield from readings.series(station, times, series)


def _series(
    arrays: dict[str, Any], row: int, units: Mapping[str, Any], count: int, readings: Readings
) -> Generator[Piece, None, dict[Field, list[object]]]:
    """The arrays that are taken, each of as many values as there are times; of several of one parameter the first."""
    series: dict[Field, list[object]] = {}
    parameters: set[Parameter] = set()
    for name in sorted(arrays.keys() - {"date_time"}):  # `_set_1` comes before `_set_1d`
        match, values = SET.fullmatch(name), arrays[name]
        known = ELEMENTS.get(match[1]) if match else None
        if match is None or known is None:
            readings.leave(name)
            continue
        if not isinstance(values, list) or len(values) != count:
            yield Reject(reason="not as many values as times", row=row, column=name)
            continue
        standard_name, method, duration = known
        parameter = usual(standard_name, method, duration)
        unit = units.get(match[1])
        if parameter not in parameters and isinstance(unit, str):
            parameters.add(parameter)
            series[Field(name, parameter, unit)] = values
    return series
