"""Typical meteorological years of NREL, version 2: a line of the place, then the hours of a year in fixed columns.

Source: Marion and Urban, "User's Manual for TMY2s", NREL (1995), tables 3-1 and 3-2. Times are local standard time, an hour is
numbered by its end; radiation is summed over the hour before (Wh/m2, which is W/m2). A typical year is months out of
different years, each row with its own.
"""

from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Layout, offset, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Fixed, Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "tmy2"

_HEAD = r"\s?(\d{5}) (.{22}) ([A-Z]{2}) ([ \d-]{2}\d) ([NS]) ([ \d]\d) ([ \d]\d) ([EW]) ([ \d]{2}\d) ([ \d]\d) +(-?\d{1,5})\s*"
_PLACE = regex(_HEAD)
BEGINS = regex(rf"(?m)^{_HEAD}$".encode())
RECORDS = LineRecords(header=BEGINS, again=BEGINS)
_MARKS = ".."  # source and uncertainty
# digits of a column, name, standard name, unit, what is missing; with a mean over the hour before
_FIELDS: tuple[tuple[int, str, str, str, tuple[str, ...]], ...] = (
    (4, "global", "surface_downwelling_shortwave_flux_in_air", "W/m2", ("9999",)),
    (4, "direct normal", "surface_direct_along_beam_shortwave_flux_in_air", "W/m2", ("9999",)),
    (4, "diffuse", "surface_diffuse_downwelling_shortwave_flux_in_air", "W/m2", ("9999",)),
    (4, "global illuminance", "", "", ()),
    (4, "direct normal illuminance", "", "", ()),
    (4, "diffuse illuminance", "", "", ()),
    (4, "zenith luminance", "", "", ()),
    (2, "total sky cover", "cloud_area_fraction", "10 %", ("99",)),
    (2, "opaque sky cover", "", "", ()),
    (4, "dry bulb", "air_temperature", "0.1 Cel", ("9999",)),
    (4, "dew point", "dew_point_temperature", "0.1 Cel", ("9999",)),
    (3, "relative humidity", "relative_humidity", "%", ("999",)),
    (4, "pressure", "air_pressure", "hPa", ("9999",)),
    (3, "wind direction", "wind_from_direction", "deg", ("999",)),
    (3, "wind speed", "wind_speed", "0.1 m/s", ("999",)),
    (4, "visibility", "visibility_in_air", "0.1 km", ("9999", "7777")),  # the latter is unlimited
    (5, "ceiling", "", "", ()),
)
_MEANS = 3  # of the first fields
_SNOW = 4 + len(_FIELDS)
_ROW = regex(
    r"\s?(\d\d)([ \d]\d)([ \d]\d)([ \d]\d).{8}"
    + "".join(rf"([ \d-]{{{digits - 1}}}\d){_MARKS}" for digits, *_ in _FIELDS)
    + rf".{{10}}.{{3}}{_MARKS}.{{3}}{_MARKS}([ \d]{{2}}\d){_MARKS}.{{2}}{_MARKS}\s*"
)


def sniff(head: bytes) -> Guess | None:
    first, second, *_ = [*decode(head[:4096]).split("\n"), ""]
    place = _PLACE.fullmatch(first)
    if place is None or not _ROW.fullmatch(second):
        return None
    return Guess(0.97, f"TMY2, a typical meteorological year: {place[2].strip()}, {place[3]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream)
    place = _PLACE.fullmatch(decode(peeked.head).split("\n")[0])
    if place is None:
        raise UnreadableFile("the first line does not tell the station's number, zone and position", row=1)
    number, city, state, hours, north, *position, above = place.groups()
    zone = offset(float(hours))
    latitude, longitude = _degrees(position[:2], north == "S"), _degrees(position[3:], position[2] == "W")
    yield from station(Place(number, latitude, longitude, above.strip(), f"{city.strip()}, {state}"), 1)
    elements: dict[int, Element] = {}
    for at, (_, name, standard_name, unit, missing) in enumerate(_FIELDS):
        if standard_name:
            method, duration = ("mean", "PT1H") if at < _MEANS else ("point", "PT0S")
            elements[4 + at] = element(name, standard_name, unit, *missing, method=method, duration=duration)
    elements[_SNOW] = element("snow depth", "surface_snow_thickness", "cm", "999")
    layout = Layout(
        names=("year", "month", "day", "hour", *(name for _, name, *_ in _FIELDS), "snow depth"),
        station=number,
        at=(0, 1, 2, 3),
        time=_times,
        zone=zone,
        elements=elements,
        remarks=(
            f"times are local standard time, UTC{zone} by the first line",
            "a typical year: months of different years, each row with its own, so this is no series",
        ),
    )
    yield from rows(Fixed(peeked, _ROW), layout, context, skip=1)


def _degrees(told: list[str], negative: bool) -> str:
    number = int(told[0]) + int(told[1]) / 60
    return f"{-number if negative else number:.4f}"


def _times(columns: Columns) -> list[str]:
    centuries = {year: "20" if year < "50" else "19" for year in set(columns[0])}  # the manual's are 1961 to 1990
    return [
        f"{centuries[year]}{year}-{month:0>2}-{day:0>2}T{hour:0>2}:00"
        for year, month, day, hour in zip(*columns[:4], strict=True)
    ]
