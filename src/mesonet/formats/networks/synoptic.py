"""Synoptic Data's (MesoWest's) CSV of one station: comments that tell of it, names with `_set_1`, a row of units, then rows.

Source: Synoptic Data, "Weather API: Station Variables" and "Timeseries, output=csv" (docs.synopticdata.com). `_set_1d` is
derived from other variables: it only fills what was not measured. Times are UTC, or have an offset.
"""

from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, each, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.station_list import FOOT_M
from mesonet.formats.table import Fields, Table, leading
from mesonet.formats.text import decode
from mesonet.formats.times import NAMED
from mesonet.regex import regex

NAME = "synoptic"
BEGINS = regex(rb"(?m)^# STATION: ")
RECORDS = LineRecords(header=regex(rb"Station_ID,Date_Time[^\n]*\n[^\n]*"), again=BEGINS)

_LOOK = 40
ELEMENTS = {
    "air_temp": ("air_temperature", "point", "PT0S"),
    "dew_point_temperature": ("dew_point_temperature", "point", "PT0S"),
    "wet_bulb_temp": ("wet_bulb_temperature", "point", "PT0S"),
    "relative_humidity": ("relative_humidity", "point", "PT0S"),
    "wind_speed": ("wind_speed", "point", "PT0S"),
    "wind_direction": ("wind_from_direction", "point", "PT0S"),
    "wind_gust": ("wind_speed_of_gust", "point", "PT0S"),
    "pressure": ("air_pressure", "point", "PT0S"),
    "sea_level_pressure": ("air_pressure_at_mean_sea_level", "point", "PT0S"),
    "altimeter": ("altimeter_setting", "point", "PT0S"),
    "solar_radiation": ("surface_downwelling_shortwave_flux_in_air", "point", "PT0S"),
    "visibility": ("visibility_in_air", "point", "PT0S"),
    "snow_depth": ("surface_snow_thickness", "point", "PT0S"),
    "precip_accum_one_hour": ("precipitation_amount", "sum", "PT1H"),
    "precip_accum_six_hour": ("precipitation_amount", "sum", "PT6H"),
    "precip_accum_24_hour": ("precipitation_amount", "sum", "PT24H"),
}
SET = regex(r"(\w+?)_set_1(d?)")
_COMMENT = regex(r"#\s*([A-Z ]+?)\s*(?:\[(\w+)\])?:\s*(.*)")
_OFFSET = regex(r"(\d\d)/(\d\d)/(\d{4}) (\d\d:\d\d) ([A-Z]{1,4})")
_ZONES = dict.fromkeys(("UTC", "GMT", "Z"), 0.0) | {name: hours for name, hours in NAMED.items() if hours % 1 == 0}


def _header(lines: list[Fields]) -> int | None:
    for at, line in enumerate(lines):
        if [name.strip() for name in line[:2]] == ["Station_ID", "Date_Time"]:
            return at
    return None


def sniff(head: bytes) -> Guess | None:
    lines = leading(decode(head[:16384]), ",", _LOOK)
    at = _header(lines)
    known = [name for name in lines[at] if _known(name)] if at is not None else []
    if at is None or not known or any(map(str.strip, (lines[at + 1 : at + 2] or [[]])[0][:2])):
        return None  # where a station and a time stand below the names, the row of units was taken away
    return Guess(0.97, f"Synoptic Data (MesoWest): {', '.join(known[:6])}")


def _known(name: str) -> tuple[str, str, str] | None:
    match = SET.fullmatch(name.strip())
    return ELEMENTS.get(match[1]) if match else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 16384)
    lines = leading(decode(peeked.head), ",", _LOOK)
    at = _header(lines)
    if at is None or len(lines) < at + 2:
        raise UnreadableFile("there is no header with Station_ID and Date_Time, and no row of units below it", row=1)
    yield from _station(lines[:at])
    names, units = [name.strip() for name in lines[at]], [unit.strip() for unit in lines[at + 1]]
    elements: dict[int, Element] = {}
    for derived in ("", "d"):  # measured ones before derived ones
        for here, name in enumerate(names):
            match, known = SET.fullmatch(name), _known(name)
            if not match or not known or match[2] != derived or here >= len(units):
                continue
            elements[here] = element(name, known[0], units[here], method=known[1], duration=known[2])
    layout = Layout(names=names, station_at=0, at=(1,), time=each(_time, 1), elements=elements)
    yield from rows(Table(peeked, ","), layout, context, skip=at + 2)


def _station(lines: list[Fields]) -> Iterator[Piece]:
    told: dict[str, str] = {}
    for line in lines:
        if match := _COMMENT.fullmatch(",".join(line).strip()):
            told[match[1]] = match[3]
            if match[1] == "ELEVATION" and (match[2] or "ft") == "ft":
                try:
                    told[match[1]] = f"{float(match[3]) * FOOT_M:.1f}"
                except ValueError:
                    told[match[1]] = ""
    if told.get("STATION"):
        place = Place(
            told["STATION"],
            told.get("LATITUDE", ""),
            told.get("LONGITUDE", ""),
            told.get("ELEVATION", ""),
            told.get("STATION NAME", ""),
        )
        yield from station(place, 1)


def _time(text: str) -> str:
    plain = text.strip()
    match = _OFFSET.fullmatch(plain)
    if not match or (hours := _ZONES.get(match[5])) is None:
        return plain
    return f"{match[3]}-{match[1]}-{match[2]}T{match[4]}{hours:+03.0f}:00"
