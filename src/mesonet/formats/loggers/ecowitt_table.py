"""The monthly tables that an Ecowitt console or gateway keeps on its card: names of the console's language, units behind them;
and what Ambient Weather's site exports of the same stations.

Source: tables written by consoles (HP2550, WN1980, GW3000) in English and German; Ambient Weather Network's "Export CSV". The
clock of the first has no zone, unless seconds since 1970 stand beside it (`Timestamp`), and no station has a name: times
without an offset are taken as UTC, the station is called after the file, as in Ecowitt's other files. Sums of rain since some
moment have no known period and are not taken.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from mesonet.domain.instant import SECOND, iso
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, each, first_of, rows
from mesonet.formats.elements import element, header_of
from mesonet.formats.json_readings import of_file
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import Table, delimiter_of, first_line, leading
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "ecowitt-table"

_TIMES = ("time", "zeit")
_SECONDS = 10  # figures of seconds since 1970, from 2001 to 2286
# name in small letters, without its unit: standard name
_ELEMENTS = {
    "outdoor temperature": "air_temperature",
    "temperatur aussen": "air_temperature",
    "temperatur außen": "air_temperature",
    "outdoor humidity": "relative_humidity",
    "luftfeuchtigkeit aussen": "relative_humidity",
    "luftfeuchtigkeit außen": "relative_humidity",
    "dew point": "dew_point_temperature",
    "taupunkt": "dew_point_temperature",
    "feels like": "apparent_air_temperature",
    "gefühlte temperatur": "apparent_air_temperature",
    "wind": "wind_speed",
    "gust": "wind_speed_of_gust",
    "böe": "wind_speed_of_gust",
    "wind direction": "wind_from_direction",
    "windrichtung": "wind_from_direction",
    **dict.fromkeys(("abs barometer", "abs pressure"), "air_pressure"),
    "abs. luftdruck": "air_pressure",
    **dict.fromkeys(("rel barometer", "rel pressure"), "air_pressure_at_mean_sea_level"),
    "rel. luftdruck": "air_pressure_at_mean_sea_level",
    "solar rad": "surface_downwelling_shortwave_flux_in_air",
    "sonneneinstrahlung": "surface_downwelling_shortwave_flux_in_air",
    "uv-index": "ultraviolet_index",
    "uvi": "ultraviolet_index",
    "hourly rain": "rainfall_rate",
    "rain rate": "rainfall_rate",
    "regen/stunde": "rainfall_rate",
}
_OF_AMBIENT = _ELEMENTS | {  # too general to know a table by
    "humidity": "relative_humidity",
    "wind speed": "wind_speed",
    "wind gust": "wind_speed_of_gust",
    "absolute pressure": "air_pressure",
    "relative pressure": "air_pressure_at_mean_sea_level",
    "solar radiation": "surface_downwelling_shortwave_flux_in_air",
    "ultra-violet radiation index": "ultraviolet_index",
}
_UNITS = {
    "℃": "Cel", "°c": "Cel", "℉": "[degF]", "°f": "[degF]", "%": "%", "°": "deg", "º": "deg", "m/s": "m/s", "km/h": "km/h",
    "mph": "[mi_i]/h", "knots": "[kn_i]", "hpa": "hPa", "inhg": "[in_i'Hg]", "mmhg": "mm[Hg]", "w/m2": "W/m2", "w/㎡": "W/m2",
    "w/m^2": "W/m2", "w/m²": "W/m2", "mm": "mm/h", "in": "[in_i]/h", "mm/hr": "mm/h", "in/hr": "[in_i]/h", "": "1",
    "deg": "deg", "km/hr": "km/h", "kph": "km/h", "m/sec": "m/s",
}  # fmt: skip
_NAME = regex(r"\s*(.*?)\s*(?:\(([^()]*)\))?\s*")
_DATE = regex(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2}) +(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)


def _known(name: str, elements: Mapping[str, str]) -> tuple[str, str] | str | None:
    """Standard name and unit; an empty text where the unit is not known."""
    found = _NAME.fullmatch(name)
    standard_name = elements.get(found[1].lower()) if found else None
    if not found or standard_name is None:
        return None
    unit = _UNITS.get((found[2] or "").strip().lower())
    return (standard_name, unit) if unit else ""


def sniff(head: bytes) -> Guess | None:
    first = first_line(decode(head[:8192]))
    names = leading(first, delimiter_of(first)[0], 1)[0]
    elements = _OF_AMBIENT if _of_ambient(names) else _ELEMENTS
    known = [name for name in names if _known(name, elements)]
    if len(known) < 4 or (names[0].strip().lower() not in _TIMES and not _of_ambient(names)) or any(map(_names_one, names)):
        return None
    who = "export of Ambient Weather" if _of_ambient(names) else "table of an Ecowitt console"
    return Guess(0.9, f"{who}: {', '.join(name.strip() for name in known[:4])}, …")


def _names_one(name: str) -> bool:
    """A table with such a column is of several stations, and not of these makers."""
    return name.strip().lower() in ("station", "station id", "station name", "device", "site", "id")


def _of_ambient(names: Sequence[str]) -> bool:
    """Its time with an offset comes first, then that of the station's clock."""
    return [name.strip().lower() for name in names[:2]] == ["date", "simple date"]


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), None, header_tells=True)
    names, skip = header_of(table, ())
    if not names:
        raise UnreadableFile("the first line, which names the columns, is blank", row=1)
    meanings = _OF_AMBIENT if _of_ambient(names) else _ELEMENTS
    told = [_known(name, meanings) for name in names]
    elements, doubled = first_of(
        (at, element(names[at], *known, "--", "--.-")) for at, known in enumerate(told) if isinstance(known, tuple)
    )
    unknown = [f"{name} was not taken: its unit is not known" for name, known in zip(names, told, strict=True) if known == ""]
    station = of_file(context.key, "ambient" if _of_ambient(names) else "ecowitt")
    station_only = ("station",), f"the table does not name the station: it is called {station} after the file"
    both = (
        ("station", "zone"),
        f"neither station nor zone is in the table: it is called {station} after the file, times are taken as UTC",
    )
    counted = names[1:2] == ["Timestamp"]
    inferred, remark = station_only if counted or _of_ambient(names) else both
    layout = Layout(
        names=names,
        station=station,
        at=(1,) if counted else (0,),
        time=each(_counted, 1) if counted else each(_time, 0),
        elements=elements,
        inferred=inferred,
        remarks=(remark, *unknown, *doubled),
    )
    yield from rows(table, layout, context, skip=skip)


def _counted(text: str) -> str:
    """ISO 8601 of seconds since 1970; what are none stay, and are rejected as a time."""
    plain = text.strip()
    return iso(int(plain) * SECOND) if plain.isascii() and plain.isdecimal() and len(plain) == _SECONDS else plain


def _time(text: str) -> str:
    found = _DATE.fullmatch(text.strip())
    if not found:
        return text.strip()
    year, month, day, hour, minute, second = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second or '00'}"
