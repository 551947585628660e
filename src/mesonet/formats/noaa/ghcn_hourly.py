"""GHCN-Hourly (GHCNh), which follows the Integrated Surface Database: a wide table between bars, a report in each row.

Source: NOAA NCEI, "GHCNh Documentation" 1.0 and 1.1: metric units, times in UTC, each variable followed by codes of
measurement, quality and source. Quality codes 3 and 7 are erroneous (fail), 2 and 6 suspect; a letter is a check of NCEI's that
failed. Newer files call the station `STATION` and tell its times in `DATE`, too. Where the wind has no direction, some say 999,
of a variable one VRB.
"""

from collections.abc import Iterator

from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Flags, Layout, each, joined, meant, position, rows
from mesonet.formats.elements import header_of
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Table, first_line
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "ghcn-hourly"
RECORDS = LineRecords(header=regex(rb"(?i)station(?:_id)?\|"))

_ELEMENTS = {
    "temperature": ("air_temperature", "Cel", "point", "PT0S"),
    "dew_point_temperature": ("dew_point_temperature", "Cel", "point", "PT0S"),
    "wet_bulb_temperature": ("wet_bulb_temperature", "Cel", "point", "PT0S"),
    "relative_humidity": ("relative_humidity", "%", "point", "PT0S"),
    "station_level_pressure": ("air_pressure", "hPa", "point", "PT0S"),
    "sea_level_pressure": ("air_pressure_at_mean_sea_level", "hPa", "point", "PT0S"),
    "altimeter": ("altimeter_setting", "hPa", "point", "PT0S"),
    "wind_direction": ("wind_from_direction", "deg", "point", "PT0S"),
    "wind_speed": ("wind_speed", "m/s", "point", "PT0S"),
    "wind_gust": ("wind_speed_of_gust", "m/s", "point", "PT0S"),
    "visibility": ("visibility_in_air", "km", "point", "PT0S"),
    "precipitation": ("precipitation_amount", "mm", "sum", "PT1H"),
    **{f"precipitation_{count}_minute": ("precipitation_amount", "mm", "sum", f"PT{count}M") for count in (5, 15)},
    **{f"precipitation_{count}_hour": ("precipitation_amount", "mm", "sum", f"PT{count}H") for count in range(3, 25, 3)},
    "snow_depth": ("surface_snow_thickness", "mm", "point", "PT0S"),
}
_QUALITY = "_Quality_Code"
_MEANING = dict.fromkeys(("", *"01459AUPI"), NOT_EVALUATED) | {"2": SUSPECT, "6": SUSPECT, "3": FAIL, "7": FAIL}
_STATIONS = ("station_id", "station")
_NO_DIRECTION = ("999", "999.0", "VRB")
_PARTS = ("Year", "Month", "Day", "Hour", "Minute")


def sniff(head: bytes) -> Guess | None:
    names = [name.strip() for name in first_line(decode(head[:32768])).split("|")]
    known = [name for name in names if name in _ELEMENTS and f"{name}{_QUALITY}" in names]
    about = {name.lower() for name in names[:20]}
    if about.isdisjoint(_STATIONS) or not {"latitude", "longitude"} <= about:
        return None
    if len(known) < 2:
        return None
    return Guess(0.97, f"GHCN-Hourly: {', '.join(known[:5])}, … each with its codes")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), "|", header_tells=True)
    names, skip = header_of(table, ())
    column = {name: at for at, name in enumerate(names)}
    lower = {name.lower(): at for at, name in enumerate(names)}
    station = next((lower[name] for name in _STATIONS if name in lower), None)
    if station is None:
        raise UnreadableFile("the header does not name Station_ID", row=skip)
    elements = {
        at: meant(name, known, *(_NO_DIRECTION if known[1] == "deg" else ()))
        for at, name in enumerate(names)
        if (known := _ELEMENTS.get(name))
    }
    qualities = {at: column[code] for at in elements if (code := f"{names[at]}{_QUALITY}") in column}
    whole = lower.get("date")
    at_parts = tuple(column[part] for part in _PARTS if part in column)
    time = each(str.strip, whole) if whole is not None else joined("{}-{:0>2}-{:0>2}T{:0>2}:{:0>2}", *at_parts)
    codes = ("_Code", "_Report_Type", "_Source_Station_ID")
    if whole is None and len(at_parts) < len(_PARTS):
        raise UnreadableFile("the header does not name when a row was observed", row=1)
    layout = Layout(
        names=names,
        station_at=station,
        at=(whole,) if whole is not None else at_parts,
        time=time,
        elements=elements,
        flags={at: Flags(at=code, meaning=_MEANING, otherwise=FAIL) for at, code in qualities.items()},
        clean=_number,
        position=position(lower, "latitude", "longitude", "elevation", "station_name"),
        quiet=frozenset(at for at, name in enumerate(names) if name.endswith(codes) or name in _PARTS),
    )
    yield from rows(table, layout, context, skip=skip, least=max(layout.at) + 1)


def _number(text: str) -> str:
    return "0" if text.strip() == "T" else text.strip()
