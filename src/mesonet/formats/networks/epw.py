"""EnergyPlus weather (EPW): eight lines that tell the place and its clock, then the hours of a year.

Source: U.S. Department of Energy, "Auxiliary Programs" of EnergyPlus, chapter "EnergyPlus Weather File (EPW) Data Dictionary".
Times are local standard time. An hour is numbered by its end, 1 to 24; with more than one record an hour the minutes count from
its beginning. Radiation is summed over the time before (Wh/m2 of an hour is W/m2). Most files are typical years: months out of
different years, each row with its own.
"""

import re
from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Layout, offset, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Fields, Table, leading
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "epw"
BEGINS = regex(rb"(?m)^(?:\xef\xbb\xbf)?LOCATION,")
GO_ON = True
RECORDS = LineRecords(header=regex(rb"(?m)^DATA PERIODS"), again=BEGINS)

_LOOK = 60  # lines: comments may be long, the others are seven
_HEAD = 32_768
_NAMES = (
    *("year", "month", "day", "hour", "minute", "source and uncertainty", "dry bulb", "dew point", "relative humidity"),
    *("pressure", "extraterrestrial", "extraterrestrial direct", "infrared", "global", "direct", "diffuse", "illuminance"),
    *("direct illuminance", "diffuse illuminance", "zenith luminance", "wind direction", "wind speed", "sky cover"),
    *("opaque sky cover", "visibility", "ceiling", "present weather observed", "present weather codes", "precipitable water"),
    *("aerosol", "snow depth", "days since snow", "albedo", "precipitation", "precipitation hours"),
)
# column: standard name, unit, what stands for a missing value
_POINTS = {
    6: ("air_temperature", "Cel", "99.9"),
    7: ("dew_point_temperature", "Cel", "99.9"),
    8: ("relative_humidity", "%", "999"),
    9: ("air_pressure", "Pa", "999999"),
    20: ("wind_from_direction", "deg", "999"),
    21: ("wind_speed", "m/s", "999"),
    22: ("cloud_area_fraction", "10 %", "99"),
    24: ("visibility_in_air", "km", "9999"),
    30: ("surface_snow_thickness", "cm", "999"),
}
_MEANS = {
    12: "surface_downwelling_longwave_flux_in_air",
    13: "surface_downwelling_shortwave_flux_in_air",
    14: "surface_direct_along_beam_shortwave_flux_in_air",
    15: "surface_diffuse_downwelling_shortwave_flux_in_air",
}


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:_HEAD])
    if not text.startswith("LOCATION,") or "\nDATA PERIODS," not in text:
        return None
    return Guess(0.98, f"EnergyPlus weather of {text.split(',', 2)[1][:60]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, _HEAD)
    lines = leading(decode(peeked.head), ",", _LOOK)
    at = next((at for at, line in enumerate(lines) if line and line[0].startswith("DATA PERIODS")), None)
    if at is None:
        raise UnreadableFile("no line of the head begins with DATA PERIODS", row=1)
    place, zone = _place(lines[0])
    yield from station(place, 1)
    often = lines[at][2].strip() if len(lines[at]) > 2 else "1"
    hourly = often in ("", "0", "1")
    duration = "PT1H" if hourly else f"PT{60 // int(often)}M" if often.isdecimal() and 60 % int(often) == 0 else "PT0S"
    elements: dict[int, Element] = {
        column: element(_NAMES[column], name, unit, gone, f"{gone}.0", f"{gone}.00")
        for column, (name, unit, gone) in _POINTS.items()
    }
    if hourly:
        for column, name in _MEANS.items():
            elements[column] = element(
                _NAMES[column], name, "W/m2", "9999", "9999.0", "9999.00", method="mean", duration="PT1H"
            )
    if duration != "PT0S":
        missing = ("999", "999.0", "999.000")
        elements[33] = element(_NAMES[33], "precipitation_amount", "mm", *missing, method="sum", duration=duration)
    years = {line[0].strip() for line in lines[at + 1 :] if line}
    layout = Layout(
        names=_NAMES,
        station=place.id,
        at=(0, 1, 2, 3) if hourly else (0, 1, 2, 3, 4),
        time=_ends if hourly else _within,
        zone=zone,
        elements=elements,
        clean=str.strip,
        quiet=frozenset((4, 5, 10, 11, 16, 17, 18, 19, 26, 27)),
        remarks=(
            f"times are local standard time, UTC{zone} by the first line",
            f"the first rows are of {', '.join(sorted(years)[:3])}; where months are of different years, this is a typical "
            "year and no series",
        ),
    )
    yield from rows(Table(peeked, ","), layout, context, skip=at + 1, least=22)


def _place(fields: Fields) -> tuple[Place, str]:
    """Where it is, and the zone of its clock."""
    told = [field.strip() for field in fields]
    if len(told) < 10:
        raise UnreadableFile("the first line, LOCATION, has not the ten fields that tell the place and the zone", row=1)
    name, number, latitude, longitude, zone, height = told[1], told[5], *told[6:10]
    try:
        ahead = offset(float(zone))
    except ValueError:
        raise UnreadableFile(f"the zone {zone[:20]!r} of the first line is no number of hours", row=1, column="zone") from None
    known = number.isascii() and number.isalnum() and any(map(str.isdigit, number))
    identifier = number if known else f"epw_{re.sub(r'[^0-9.-]', '', f'{latitude}_{longitude}'.replace('_', '-'))}"
    return Place(identifier, latitude, longitude, height, name), ahead


def _ends(columns: Columns) -> list[str]:
    return [
        f"{y.strip()}-{mo.strip():0>2}-{d.strip():0>2}T{h.strip():0>2}:00" for y, mo, d, h in zip(*columns[:4], strict=True)
    ]


def _within(columns: Columns) -> list[str]:
    """Minute 60 of hour 1 is 01:00, minute 15 is 00:15."""
    told = []
    for y, mo, d, h, mi in zip(*(map(str.strip, column) for column in columns[:5]), strict=True):
        clock = f"{h:0>2}:{mi:0>2}"
        if h.isdecimal() and mi.isdecimal() and len(h + mi) < 5:
            minutes = (int(h) - 1) * 60 + int(mi)
            clock = f"{minutes // 60:02d}:{minutes % 60:02d}"
        told.append(f"{y}-{mo:0>2}-{d:0>2}T{clock}")
    return told
