"""Open data of MeteoSwiss: tables between semicolons whose columns are named by its parameter codes (`tre200s0`).

Source: MeteoSwiss, "Open Data: Download" (github.com/MeteoSwiss/opendata-download: granularities, time stamps, missing
values) and the parameter lists of its collections. Times are UTC. A code is a quantity, a granularity (`s` an instant, `z`
ten minutes, `h`, `d`, `m`) and what is made of it (0 the mean or sum, 1 the gust of a second, `x` the greatest, `n` the
least). Ten minutes and hours stand at their end, days and months at their date; a day of precipitation lasts from 06:00 to
06:00 UTC.
"""

import re
from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, each, first_of, rows
from mesonet.formats.elements import Element, element, header_of
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Table, first_line
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "meteoswiss"
RECORDS = LineRecords(header=regex(rb"(?i)station_abbr|station/location|stn;"))

_HEADS = (("station_abbr", "reference_timestamp"), ("station/location", "date"), ("stn", "time"))
# quantity: standard name, unit, height, whether it is summed
_QUANTITIES: dict[str, tuple[str, str, float | None, bool]] = {
    "tre200": ("air_temperature", "Cel", None, False),
    "tre005": ("air_temperature", "Cel", 0.05, False),
    "tde200": ("dew_point_temperature", "Cel", None, False),
    "ure200": ("relative_humidity", "%", None, False),
    "presta": ("air_pressure", "hPa", None, False),
    "pp0qff": ("air_pressure_at_mean_sea_level", "hPa", None, False),
    "pp0qnh": ("altimeter_setting", "hPa", None, False),
    "fkl010": ("wind_speed", "m/s", None, False),
    "fu3010": ("wind_speed", "km/h", None, False),
    "dkl010": ("wind_from_direction", "deg", None, False),
    "rre150": ("precipitation_amount", "mm", None, True),
    "sre000": ("duration_of_sunshine", "min", None, True),
    "gre000": ("surface_downwelling_shortwave_flux_in_air", "W/m2", None, False),
    "ods000": ("surface_diffuse_downwelling_shortwave_flux_in_air", "W/m2", None, False),
    "oli000": ("surface_downwelling_longwave_flux_in_air", "W/m2", None, False),
    "olo000": ("surface_upwelling_longwave_flux_in_air", "W/m2", None, False),
    "osr000": ("surface_upwelling_shortwave_flux_in_air", "W/m2", None, False),
    "htoaut": ("surface_snow_thickness", "cm", None, False),
}
_PERIODS = {"s": "PT0S", "z": "PT10M", "h": "PT1H", "d": "P1D", "m": "P1M"}
_CODE = regex(r"([a-z]{6}|[a-z]{2,3}\d{3,4}|[a-z]{2}\d[a-z]{3})([szhdm])([013xn])")
_BEFORE_2018 = "hours before 2018 are those that ended twenty minutes before their time, as MeteoSwiss made them for SYNOP"
_COMPACT = regex(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)?)?", re.ASCII)
_DOTTED = regex(r"(\d\d)\.(\d\d)\.(\d{4})(?: (\d\d):(\d\d))?", re.ASCII)


def _element(name: str) -> Element | None:
    """The element of a parameter code, None of one that has no parameter here."""
    match = _CODE.fullmatch(name)
    if not match or match[1] not in _QUANTITIES:
        return None
    quantity, period, made = match.groups()
    standard_name, unit, level, summed = _QUANTITIES[quantity]
    method, duration = "sum" if summed else "mean", _PERIODS[period]
    if made in "13":
        if standard_name != "wind_speed":
            return None
        standard_name, method = "wind_speed_of_gust", "maximum"
    elif made in "xn":
        method = "maximum" if made == "x" else "minimum"
    ten_minutes = period == "z" and not summed and standard_name.startswith("wind")  # what WMO calls the wind
    if period == "s" or ten_minutes or quantity == "htoaut":
        method, duration = "point", "PT0S"
    return element(name, standard_name, unit, "-", method=method, duration=duration, level=level)


def _names(text: str) -> list[str]:
    return [name.strip() for name in first_line(text).strip().split(";")]


def sniff(head: bytes) -> Guess | None:
    names = _names(decode(head[:8192]))
    known = [name for name in names if _element(name)]
    if tuple(name.lower() for name in names[:2]) not in _HEADS or not known:
        return None
    return Guess(0.96, f"MeteoSwiss: {', '.join(known[:6])}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), ";", header_tells=True)
    names, skip = header_of(table, ())
    if len(names) < 2:
        raise UnreadableFile("the header does not name a station, a time and parameters", row=skip)
    elements, doubled = first_of((at, found) for at, name in enumerate(names) if (found := _element(name)))
    hourly = any(one.parameter.duration == "PT1H" for one in elements.values())
    remarks = (*doubled, _BEFORE_2018) if hourly else doubled
    layout = Layout(names=names, station_at=0, at=(1,), time=each(_time, 1), elements=elements, remarks=remarks)
    yield from rows(table, layout, context, skip=skip, least=2)


def _time(text: str) -> str:
    plain = text.strip()
    if found := _DOTTED.fullmatch(plain):
        day, month, year, hour, minute = found.groups()
    elif found := _COMPACT.fullmatch(plain):
        year, month, day, hour, minute = found.groups()
    else:
        return plain
    return f"{year}-{month}-{day}" + (f"T{hour}:{minute or '00'}" if hour else "")
