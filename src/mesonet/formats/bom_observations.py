"""Latest observations of the Australian Bureau of Meteorology as JSON (`IDN60901.94768.json`): three days of one station.

Source: Bureau of Meteorology, "Weather data services: JSON feeds" and the column notes of its latest observations.
`aifstime_utc` is UTC. Wind and gust are of the last ten minutes, in km/h. `rain_trace` counts since 9 a.m., so it is no
amount of a known time.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import usual
from mesonet.errors import UnreadableFile
from mesonet.formats.json_document import documents, glance, member, objects, shown, text_of
from mesonet.formats.json_readings import Field, Readings, degrees, instant, located
from mesonet.formats.reading import Context, Guess, Piece

NAME = "bom-observations"

_FIELDS = {
    name: Field(name, usual(standard_name), unit)
    for name, standard_name, unit in (
        ("air_temp", "air_temperature", "Cel"),
        ("apparent_t", "apparent_air_temperature", "Cel"),
        ("dewpt", "dew_point_temperature", "Cel"),
        ("rel_hum", "relative_humidity", "%"),
        ("press_msl", "air_pressure_at_mean_sea_level", "hPa"),
        ("press_qnh", "altimeter_setting", "hPa"),
        ("wind_spd_kmh", "wind_speed", "km/h"),
        ("gust_kmh", "wind_speed_of_gust", "km/h"),
        ("vis_km", "visibility_in_air", "km"),
        ("cloud_oktas", "cloud_area_fraction", "[okta]"),
    )
}
_DIRECTION = Field("wind_dir", usual("wind_from_direction"), "deg")
_POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
_LEFT = ("rain_trace", "delta_t")


def sniff(head: bytes) -> Guess | None:
    seen = glance(head)
    if seen is None or "observations.data[].aifstime_utc" not in seen or "observations.data[].wmo" not in seen:
        return None
    return Guess(0.97, "latest observations of the Bureau of Meteorology")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    readings = Readings(values=context.values)
    for document in documents(stream):
        if isinstance(document, Reject):
            yield document
            continue
        data = member(document[1], "observations", "data")
        if not isinstance(data, list):
            raise UnreadableFile("observations.data is no list of observations", column="observations.data")
        for row, given in enumerate(objects(data), 1):
            yield from _report(given, row, readings)
    yield from readings.end()


def _report(given: dict[str, Any], row: int, readings: Readings) -> Iterator[Piece]:
    number, stamp = text_of(given, "wmo"), text_of(given, "aifstime_utc")
    fault = None
    if not (number.isascii() and number.isdecimal() and len(number) <= 5):
        fault = ("not the WMO number of a station", "wmo", given.get("wmo"))
    elif not (stamp.isascii() and stamp.isdecimal() and len(stamp) == 14):
        fault = ("not a time of fourteen figures", "aifstime_utc", given.get("aifstime_utc"))
    if fault:
        readings.rows += 1
        yield Reject(reason=fault[0], row=row, column=fault[1], value=shown(fault[2]))
        return
    station = f"0-20000-0-{number:0>5}"
    try:
        time, _ = instant(f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:]}Z")
        place = located(station, degrees(given.get("lat"), 90), degrees(given.get("lon"), 180), name=text_of(given, "name"))
        readings.place(place)
    except ValueError as exc:
        readings.rows += 1
        yield Reject(reason=str(exc), row=row, column="aifstime_utc, lat, lon", value=stamp)
        return
    taken: dict[Field, object] = {each: given[name] for name, each in _FIELDS.items() if name in given}
    direction = text_of(given, "wind_dir")
    if direction in _POINTS:  # CALM has none
        taken[_DIRECTION] = cast(object, f"{_POINTS.index(direction) * 22.5:g}")
    for name in _LEFT:
        if given.get(name) not in (None, "-"):
            readings.leave(name)
    yield from readings.observe(station, time, row, {each: None if value == "-" else value for each, value in taken.items()})
