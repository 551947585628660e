"""The monthly summary that programs of home stations write in the form of the NOAA's: WeeWX, Cumulus, WeatherLink, Weather
Display. Days between two rules, below lines that say where the station is and in which units its columns are.

Source: WeeWX, skins/Seasons/NOAA/NOAA-%Y-%m.txt.tmpl, and the like of the other programs: day, mean, highest and lowest
temperature with their times, degree days, rain, mean wind, the highest gust with its time, prevailing direction. A day stands
at its date.
"""

import re
from collections.abc import Iterator

from mesonet.domain.observation import Reject
from mesonet.formats.json_readings import Field, Readings, field_of, height, instant, located, of_file
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.station_list import FOOT_M
from mesonet.formats.table import SHOWN, torn
from mesonet.formats.text import Text, decode, numbered
from mesonet.formats.times import MONTHS
from mesonet.regex import regex

NAME = "noaa-report"
BEGINS = regex(rb"(?mi)^[^\n]*\bMONTHLY CLIMATOLOGICAL SUMMARY +for")

_TITLE = regex(r"(?i)\bMONTHLY CLIMATOLOGICAL SUMMARY +for +([a-z]{3})[a-z]*\.? +(\d{4})\b")
_UNITS = regex(r"(?i)\bTEMPERATURE \(([^()]*)\), *RAIN *\(([^()]*)\), *WIND SPEED *\(([^()]*)\)")
_CALLED = regex(r"(?i)^\s*NAME: *(.*?)(?: {2,}.*)?$")
_PLACE = regex(
    r"(?i)ELEV: *(-?\d+(?:\.\d+)?) *(feet|ft|meters?|metres?|m)\b.{0,80}"
    r"LAT: *(\d+)-([\d.]+) *([NS]) +LONG: *(\d+)-([\d.]+) *([EW])"
)
_RULE = regex(r"\s*-{20,}\s*")
_COLUMNS = 13
_MISSING = ("N/A", "NA", "---", "----", "-")
# which column, its name, standard name, method, and which of the units it is in
_TAKEN = (
    (1, "mean temperature", "air_temperature", "mean", 0),
    (2, "high temperature", "air_temperature", "maximum", 0),
    (4, "low temperature", "air_temperature", "minimum", 0),
    (8, "rain", "precipitation_amount", "sum", 1),
    (9, "average wind speed", "wind_speed", "mean", 2),
    (10, "high wind speed", "wind_speed_of_gust", "maximum", 2),
)


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:4096])
    title = _TITLE.search(text)
    if not title or title[1].lower() not in MONTHS or not _UNITS.search(text):
        return None
    return Guess(0.97, f"a monthly summary of a home station's program: {title[1]} {title[2]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    readings = Readings(values=context.values)
    text, rules = Text(stream), 0
    month, identifier, fields = "", of_file(context.key, "noaa-report"), dict[int, Field]()
    name = ""
    for row, line in numbered(text):
        if title := _TITLE.search(line):
            number = MONTHS.index(title[1].lower()) + 1 if title[1].lower() in MONTHS else 0
            month, rules = f"{title[2]}-{number:02d}", 0
        elif found := _UNITS.search(line):
            fields = _fields((found[1].strip(" °"), found[2].strip(), found[3].strip()))
        elif _RULE.fullmatch(line):
            rules += 1
        elif rules == 0 and (called := _CALLED.match(line)) and (plain := re.sub(r"[^\w.\-]+", "_", called[1]).strip("_")):
            identifier, name = plain[:100], called[1]
            readings.place(located(identifier, None, None, name=name))
        elif rules == 0 and (place := _PLACE.search(line)):
            yield from _where(place, identifier, name, row, readings)
        elif rules == 1 and line.strip():
            yield from _day(line.split(), month, identifier, row, fields, readings)
    yield from torn(text)
    if not name:
        readings.remark(f"no NAME tells the station: it is called {identifier} after the file", "station")
    yield from readings.end(encoding=text.described)


def _fields(units: tuple[str, str, str]) -> dict[int, Field]:
    return {at: field_of(name, quantity, units[which], method, "P1D") for at, name, quantity, method, which in _TAKEN}


def _where(place: re.Match[str], identifier: str, name: str, row: int, readings: Readings) -> Iterator[Reject]:
    """Degrees and minutes, and feet or metres."""
    metres = height(str(round(float(place[1]) * (FOOT_M if place[2].lower().startswith("f") else 1), 1)))
    if metres is None:
        readings.remark(f"an elevation of {place[1][:SHOWN]} {place[2]} cannot be and was not taken")
    try:
        minutes = (float(place[4]), float(place[7]))
        north, east = int(place[3]) + minutes[0] / 60, int(place[6]) + minutes[1] / 60
    except ValueError:
        minutes, north, east = (60, 60), 999, 999
    if north > 90 or east > 180 or max(minutes) >= 60:
        yield Reject(reason="no position in degrees and minutes", row=row, value=place[0][:SHOWN])
        return
    north, east = round(north * (-1 if place[5] in "Ss" else 1), 6), round(east * (-1 if place[8] in "Ww" else 1), 6)
    readings.place(located(identifier, north, east, name=name, elevation_m=metres))


def _day(
    given: list[str], month: str, identifier: str, row: int, fields: dict[int, Field], readings: Readings
) -> Iterator[Piece]:
    if not given[0].isdecimal() or not given[0].isascii():
        return
    if len(given) == 1:
        return  # a day that has not been
    shown = " ".join(given)[:SHOWN]
    try:
        time, _ = instant(f"{month}-{given[0]:0>2}")
    except ValueError as exc:
        yield readings.reject(reason=str(exc), row=row, column="DAY", value=given[0][:SHOWN])
        return
    if len(given) != _COLUMNS:
        yield readings.reject(reason=f"the row has {len(given)} fields where the form has {_COLUMNS}", row=row, value=shown)
        return
    taken = {field: None if given[at] in _MISSING else given[at].replace(",", ".") for at, field in fields.items()}
    yield from readings.observe(identifier, time, row, taken)
