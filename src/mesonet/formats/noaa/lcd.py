"""Local Climatological Data (NCEI): hours, days and months of a station mixed in one wide table.

Source: NOAA NCEI, "Local Climatological Data (LCD) Dataset Documentation" (version 1 in English units, version 2 in metric
ones, told apart by the pressure). DATE is local standard time, whose zone the file does not put in figures: it is found where
the remarks hold METARs, which give the time in UTC. `s` marks a suspect value, `T` a trace, `V` a variable wind.
"""

import re
from collections import Counter
from collections.abc import Iterator

from mesonet.domain.observation import Reject
from mesonet.formats.documented import Layout, each, position, rows
from mesonet.formats.elements import Element, element, header_of
from mesonet.formats.lines import Peeked
from mesonet.formats.noaa.isd_elements import station_of
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import Fields, Table, first_line, leading
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "lcd"

_LOOK = 200  # rows in which METARs are looked for
# name: standard name, unit of version 1, unit of version 2, method and duration
_ELEMENTS: dict[str, tuple[str, str, str, str, str]] = {
    "HourlyDryBulbTemperature": ("air_temperature", "[degF]", "Cel", "point", "PT0S"),
    "HourlyDewPointTemperature": ("dew_point_temperature", "[degF]", "Cel", "point", "PT0S"),
    "HourlyWetBulbTemperature": ("wet_bulb_temperature", "[degF]", "Cel", "point", "PT0S"),
    "HourlyRelativeHumidity": ("relative_humidity", "%", "%", "point", "PT0S"),
    "HourlyAltimeterSetting": ("altimeter_setting", "[in_i'Hg]", "hPa", "point", "PT0S"),
    "HourlySeaLevelPressure": ("air_pressure_at_mean_sea_level", "[in_i'Hg]", "hPa", "point", "PT0S"),
    "HourlyStationPressure": ("air_pressure", "[in_i'Hg]", "hPa", "point", "PT0S"),
    "HourlyVisibility": ("visibility_in_air", "[mi_i]", "km", "point", "PT0S"),
    "HourlyWindDirection": ("wind_from_direction", "deg", "deg", "point", "PT0S"),
    "HourlyWindSpeed": ("wind_speed", "[mi_i]/h", "m/s", "point", "PT0S"),
    "HourlyWindGustSpeed": ("wind_speed_of_gust", "[mi_i]/h", "m/s", "point", "PT0S"),
    "HourlyPrecipitation": ("precipitation_amount", "[in_i]", "mm", "sum", "PT1H"),
}
_CALM = ("000",)  # in place of a direction; north is 360
_METAR = regex(r"\b(\d{2})(\d{2})(\d{2})Z\b")
_CLOCK = regex(r"\d{4}-\d{2}-(\d{2})T(\d{2}):(\d{2})")
_DAY_MIN = 1440
_MARKS = regex(r"[sVR*]+$")


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:16384])
    header = (leading(first_line(text), ",", 1) or [[]])[0]
    names = [name.strip() for name in header]
    known = [name for name in names if name in _ELEMENTS]
    if not {"STATION", "DATE"} <= set(names) or len(known) < 4:
        return None
    return Guess(0.97, f"Local Climatological Data: {len(names)} columns, {', '.join(known[:3])}, …")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), ",", look=_LOOK)
    names, skip = header_of(table, ("STATION", "DATE"))
    column = {name: at for at, name in enumerate(names)}
    zone = _zone([row for row in table.first[skip:] if len(row) == len(names)], column)
    pressure = column.get("HourlyStationPressure")
    first = [row for row in table.first[skip:] if len(row) == len(names)]
    metric = _is_second([row[column["STATION"]] for row in first]) or (
        pressure is not None and _metric([row[pressure] for row in first])
    )
    elements: dict[int, Element] = {}
    for at, name in enumerate(names):
        if (known := _ELEMENTS.get(name)) and zone:
            standard_name, english, second, method, duration = known
            gone = _CALM if standard_name == "wind_from_direction" else ()
            elements[at] = element(name, standard_name, second if metric else english, *gone, method=method, duration=duration)
    if zone is None:
        yield Reject(
            reason="times are local standard time, whose zone the file does not tell, and its remarks hold no METAR "
            "to find it by: give a mapping with time.zone",
            column="DATE",
        )
    layout = Layout(
        names=names,
        station_at=column["STATION"],
        called=station_of,
        at=(column["DATE"],),
        time=each(str.strip, column["DATE"]),
        zone=zone or "UTC",
        elements=elements,
        clean=_number,
        position=position(column, "LATITUDE", "LONGITUDE", "ELEVATION", "NAME"),
        quiet=frozenset(at for at, name in enumerate(names) if name == "REM"),
        inferred=("zone",) if zone else (),
        remarks=(f"times are local standard time, UTC{zone} by the METARs in the remarks",) if zone else (),
    )
    yield from rows(table, layout, context, skip=skip)


def _is_second(stations: list[str]) -> bool:
    """Whether stations are called as GHCN calls them (USW00014732): in version 1 they are eleven figures."""
    return bool(stations) and all(text.strip()[:2].isalpha() for text in stations)


def _metric(pressures: list[str]) -> bool:
    """Inches of mercury are about thirty, hectopascals about a thousand."""
    numbers = [float(text) for text in pressures if re.fullmatch(r"\d+\.?\d*", text)]
    return bool(numbers) and sum(numbers) / len(numbers) > 200


def _zone(rows: list[Fields], column: dict[str, int]) -> str | None:
    """How far DATE is from the times of the METARs beside it, where nearly all agree."""
    if "REM" not in column:
        return None
    found: Counter[int] = Counter()
    for row in rows:
        clock, report = _CLOCK.match(row[column["DATE"]]), _METAR.search(row[column["REM"]])
        if clock and report:
            local = int(clock[1]) * _DAY_MIN + int(clock[2]) * 60 + int(clock[3])
            utc = int(report[1]) * _DAY_MIN + int(report[2]) * 60 + int(report[3])
            ahead = (local - utc + _DAY_MIN // 2) % _DAY_MIN - _DAY_MIN // 2
            found[round(ahead / 30) * 30] += 1
    if not found:
        return None
    (minutes, count), total = found.most_common(1)[0], found.total()
    if count < 0.8 * total:
        return None
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"


def _number(text: str) -> str:
    plain = text.strip()
    if plain == "T":
        return "0"
    if plain in ("*", "VRB", "M"):
        return ""
    return _MARKS.sub("", plain).rstrip()
