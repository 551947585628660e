"""Met Éireann's data of a station: its name and position, what the columns are, then hours or days.

Source: Met Éireann, "Historical Data" (met.ie), whose files explain their own columns. Times are UTC. The station's number
stands in nothing but the file's name, so it is called after its name. Indicators of how a value came about are no findings.
"""

import re
from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Known, Layout, by_name, each, rows
from mesonet.formats.elements import Place, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Table
from mesonet.formats.text import decode
from mesonet.formats.times import MONTHS
from mesonet.regex import regex

NAME = "meteireann"
BEGINS = regex(rb"(?m)^(?:\xef\xbb\xbf)?Station Name:")
GO_ON = True
RECORDS = LineRecords(header=regex(rb"(?m)^date,"), again=BEGINS)

_LOOK = 60
_POINT = ("point", "PT0S")
_HOURLY: dict[str, Known] = {
    "rain": ("precipitation_amount", "mm", "sum", "PT1H"),
    "temp": ("air_temperature", "Cel", *_POINT),
    "wetb": ("wet_bulb_temperature", "Cel", *_POINT),
    "dewpt": ("dew_point_temperature", "Cel", *_POINT),
    "vappr": ("water_vapor_partial_pressure_in_air", "hPa", *_POINT),
    "rhum": ("relative_humidity", "%", *_POINT),
    "msl": ("air_pressure_at_mean_sea_level", "hPa", *_POINT),
    "wdsp": ("wind_speed", "[kn_i]", *_POINT),
    "wddir": ("wind_from_direction", "deg", *_POINT),
    "sun": ("duration_of_sunshine", "h", "sum", "PT1H"),
    "vis": ("visibility_in_air", "m", *_POINT),
    "clamt": ("cloud_area_fraction", "[okta]", *_POINT),
}
_DAILY: dict[str, Known] = {
    "maxtp": ("air_temperature", "Cel", "maximum", "P1D"),
    "mintp": ("air_temperature", "Cel", "minimum", "P1D"),
    "rain": ("precipitation_amount", "mm", "sum", "P1D"),
    "wdsp": ("wind_speed", "[kn_i]", "mean", "P1D"),
    "hg": ("wind_speed_of_gust", "[kn_i]", "maximum", "P1D"),
    "sun": ("duration_of_sunshine", "h", "sum", "P1D"),
    "glorad": ("surface_downwelling_shortwave_flux_in_air", "J/cm2/d", "mean", "P1D"),
}
_DATE = regex(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})(?: (\d{2}:\d{2}))?", re.ASCII)
_POSITION = regex(r"Latitude:\s*(-?[\d.]+)\s*,\s*Longitude:\s*(-?[\d.]+)")
_HEIGHT = regex(r"Station Height:\s*(-?[\d.]+)\s*M", re.IGNORECASE)


def _head(text: str) -> tuple[list[str], int | None]:
    lines = text.split("\n")[:_LOOK]
    return lines, next((at for at, line in enumerate(lines) if re.match(r"date,(?:ind,)?\w+,", line)), None)


def sniff(head: bytes) -> Guess | None:
    lines, at = _head(decode(head[:8192]))
    if at is None or not lines[0].startswith("Station Name:"):
        return None
    return Guess(0.96, f"Met Éireann: {lines[0][13:60].strip()}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    lines, at = _head(decode(peeked.head))
    name = lines[0].removeprefix("Station Name:").strip(" ,")
    if at is None or not name:
        raise UnreadableFile("the lines above the table do not name the station", row=1)
    above = "\n".join(lines[:at])
    position, height = _POSITION.search(above), _HEIGHT.search(above)
    identifier = f"meteireann_{'_'.join(name.split())}"
    latitude, longitude = position.groups() if position else ("", "")
    yield from station(Place(identifier, latitude, longitude, height[1] if height else "", name), 1)
    names = [each.strip() for each in lines[at].split(",")]
    first = next((line for line in lines[at + 1 :] if line.strip()), "")
    layout = Layout(
        names=names,
        station=identifier,
        at=(0,),
        time=each(_time, 0),
        elements=by_name(names, _HOURLY if ":" in first.split(",")[0] else _DAILY, " "),
        clean=str.strip,
        inferred=("station",),
        remarks=(f"the station's number stands nowhere in the file: it is called {identifier} after its name",),
        quiet=frozenset(here for here, name in enumerate(names) if name.startswith("ind") or name == "igmin"),
    )
    yield from rows(Table(peeked, ","), layout, context, skip=at + 1)


def _time(text: str) -> str:
    match = _DATE.fullmatch(text.strip())
    if not match or match[2].lower() not in MONTHS:
        return text.strip()
    date = f"{match[3]}-{MONTHS.index(match[2].lower()) + 1:02d}-{match[1]:0>2}"
    return f"{date}T{match[4]}" if match[4] else date
