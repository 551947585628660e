"""Messages of Vaisala's automatic stations (MAWS, AWS310): one in brackets, `(S:NAME;D:yymmdd;T:hhmmss;TAAVG1M:8.1;…)`.

Source: Vaisala, "MAWS User's Guide", the SMSAWS report and the names of its variables: a quantity, how it came about and over
how long. Slashes are missing. The message does not say its units: they are those that the logger has unless it was set
otherwise (°C, %, hPa, m/s, degrees, mm, W/m²). The clock has no zone and is taken as UTC. A mean of a minute is the value of
an instant, one of ten minutes is the wind (WMO-No. 8).
"""

import re
from collections.abc import Generator, Iterator

from mesonet.domain.parameter import INSTANT, POINT, Parameter, usual
from mesonet.formats.json_readings import Field, Readings, identified, instant
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.text import Text, decode
from mesonet.regex import regex

NAME = "maws"

_MESSAGE = regex(r"\(S:([^;()\n]{1,60});D:(\d{6});T:(\d{6});([^()\n]*)\)", re.ASCII)
_VARIABLE = regex(r"([A-Z]{2,3}?)(AVG|MIN|MAX|SUM)?(?:(\d{1,2})(S|M|H|D))?")
_QUANTITIES = {
    "TA": ("air_temperature", "Cel"),
    "RH": ("relative_humidity", "%"),
    "DP": ("dew_point_temperature", "Cel"),
    "PA": ("air_pressure", "hPa"),
    "QFF": ("air_pressure_at_mean_sea_level", "hPa"),
    "QNH": ("altimeter_setting", "hPa"),
    "WS": ("wind_speed", "m/s"),
    "WD": ("wind_from_direction", "deg"),
    "PR": ("precipitation_amount", "mm"),
    "SR": ("surface_downwelling_shortwave_flux_in_air", "W/m2"),
}
_METHODS = {"AVG": "mean", "MIN": "minimum", "MAX": "maximum", "SUM": "sum"}
_UNITS = "units are those of the logger's factory settings; its clock has no zone and was taken as UTC"
_LONGEST = 8192  # characters of a message


def sniff(head: bytes) -> Guess | None:
    found = _MESSAGE.search(decode(head[:_LONGEST]))
    if not found or ";" not in found[4] or ":" not in found[4]:
        return None
    return Guess(0.96, f"messages of a Vaisala station: {found[1]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    readings = Readings(values=context.values)
    readings.remark(_UNITS, "zone")
    text = Text(stream)

    def take(row: int, line: str) -> Generator[Piece, None, str | None]:
        found = list(_MESSAGE.finditer(line[:_LONGEST])) if "(S:" in line else []
        for message in found:
            yield from _message(message, row, readings)
        return None if found or not line.strip() else "not a message such as (S:NAME;D:240131;T:120000;…)"

    yield from readings.lines(text, take)
    yield from readings.end(encoding=text.described)


def _message(message: re.Match[str], row: int, readings: Readings) -> Iterator[Piece]:
    name, date, clock, variables = message.groups()
    station = identified(name)
    try:
        time, _ = instant(f"20{date[:2]}-{date[2:4]}-{date[4:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z")
    except ValueError as exc:
        yield readings.reject(reason=str(exc), row=row, column="D, T", value=f"{date} {clock}")
        return
    if station is None:
        yield readings.reject(reason="not the identifier of a station", row=row, column="S", value=name)
        return
    given: dict[Field, object] = {}
    parameters: set[Parameter] = set()
    for each in variables.split(";"):
        variable, _, value = each.partition(":")
        variable = variable.strip()
        parameter = _parameter(variable)
        if parameter is None or parameter in parameters:
            if variable:
                readings.leave(variable)
            continue
        parameters.add(parameter)
        unit = _QUANTITIES[_quantity(variable)][1]
        given[Field(variable, parameter, unit)] = None if not value.strip(" /") else value.strip()
    yield from readings.observe(station, time, row, given)


def _quantity(variable: str) -> str:
    match = _VARIABLE.fullmatch(variable)
    return match[1] if match else ""


def _parameter(variable: str) -> Parameter | None:
    match = _VARIABLE.fullmatch(variable)
    known = _QUANTITIES.get(match[1]) if match else None
    if not match or known is None:
        return None
    plain = usual(known[0])
    made, number, unit = match[2], match[3], match[4]
    period = None if number is None else f"P{int(number)}D" if unit == "D" else f"PT{int(number)}{unit}"
    summed = known[0] == "precipitation_amount"
    if summed != (made == "SUM") or (made and period is None):
        return None
    if made is None or (made == "AVG" and period == ("PT10M" if known[0].startswith("wind") else "PT1M")):
        return plain
    standard_name = known[0]
    if standard_name == "wind_speed" and made == "MAX":
        standard_name = "wind_speed_of_gust"
        if period == "PT10M":
            return usual(standard_name)
    return usual(standard_name, _METHODS.get(made, POINT), period or INSTANT)
