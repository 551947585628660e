"""The columns of a table that has no mapping: names, units and values as they are sampled."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import MISSING_TOKENS
from mesonet.domain.units import UnknownUnit, converter, parse_exactly
from mesonet.domain.units import parse as parse_unit
from mesonet.formats.columns import MINUS, WITH_UNIT
from mesonet.formats.compass import bearings, letters_of
from mesonet.formats.tables.sensor_models import spelled
from mesonet.record import dataclass, replace
from mesonet.regex import regex

_MISSING = frozenset(MISSING_TOKENS)
_NO_NUMBERS = _MISSING | {"T", "M"}
_NUMERIC = 0.75  # share of numbers in a column of them; the rest is words for missing, faults, traces, units
SHOWN = 60
LONGEST = 200  # characters of a name in a mapping
FIRST = 5  # texts that tell most forms from a time at once
TIMES = 300  # that are read in each form they may have
_PROCESSES = {"avg": "avg", "max": "max", "min": "min", "tot": "total", "totrun": "since"}
# what falls on an area, in a time that the unit does not tell: `MJ/m^2`, `kJ m-2`
OF_AN_AREA = regex(r"([MkK]?J) ?(?:/ ?|\.)?(c?m) ?(?:\^|\*\*)?-?[2²]")
ZONES = {"utc": "UTC", "gmt": "UTC", "cet": "+01:00", "cest": "+02:00", "jst": "+09:00", "aest": "+10:00", "nzst": "+12:00"}
ZONES |= {"est": "-05:00", "cst": "-06:00", "mst": "-07:00", "pst": "-08:00", "akst": "-09:00", "hst": "-10:00"}
ZONES |= {"mez": "+01:00", "mesz": "+02:00", "kst": "+09:00", "awst": "+08:00", "sast": "+02:00", "msk": "+03:00"}
ZONES |= {"ist": "+05:30", "npt": "+05:45", "pkt": "+05:00", "hkt": "+08:00", "sgt": "+08:00", "ict": "+07:00"}
ZONES |= {"wib": "+07:00", "wita": "+08:00", "brt": "-03:00", "hlv": "-04:00", "hove": "-04:00", "hlc": "-05:00"}
ZONES |= {"edt": "-04:00", "cdt": "-05:00", "mdt": "-06:00", "pdt": "-07:00", "akdt": "-08:00"}
_OF_UTC = regex(r"(?i)(?:UTC|GMT)(?: ?[+\-\u2212\u2013][\d:. ]+)?")
_OF_UNITS = regex(r"(.+?)[ .](?:units?|uom)(?: code)?")
_SENSOR = regex(
    r"\s*\([^()]*(?:S/N|LGR|SEN)\b[^()]*\)|\s*\(S-[^()]*\)|\s+#\d{5,}$|\[\d+\]$"
)  # Onset's HOBO says which logger and sensor, BOM how long a text is
# `Temp, °C`, `Temp - °C`, `WS50m_m/s`, `Temp, °C, Soil 10cm`
_UNIT_BEHIND = regex(r"(.+?)(?:\s*(?:,|\s-)\s+([^\s,]{1,20}|in Hg|mm Hg|мм рт\.? ?ст\.?)(, .*)?|_([A-Za-z]{1,2}/\w{1,3}))")
_NO_PART_OF_A_NAME = regex(r", (?:LGR |SEN )?S/N: [^,]*|\b(?:weather ?station|wetterstation)\b", re.IGNORECASE)
_UNIT_BEFORE = regex(r"(\S*[°/%²³]\S*|mm|cm|kPa|hPa|mbar|mph|km) (\D.*)")  # `°C Air Temperature`, as METER's loggers write
_UNIT_IN_BRACKETS = regex(
    r"[(\[{（](?!\d+[)\]}）])([^()\[\]{}（）=\"]*)[)\]}）]( (?:avg|ave|aver|average|mean|max|min|sum|tot|total|vec|last))?\s*$",
    re.IGNORECASE,
)
_WITHIN = regex(r"[(\[]([^()\[\]\d\s][^()\[\]]{0,15})[)\]] ?")  # `Air Temperature Observed (degF) Start of Hour Values`
_PARTED = regex(  # and behind the side of a mast: `Spd80mNStd`
    r"(?<=[a-z])(?=[A-Z])(?!(?<=[hk])Pa(?![a-z])|(?<=in|mm)Hg(?![a-z]))|(?<=\dm[NSEW])(?=(?:Std|SD|Max|Min|Avg|Mean)\b)"
)
_OF_VECTORS = regex(r" (?:s|d1) wvt$")  # a Campbell logger's mean speed and direction, `WS_ms_S_WVT`
_GLUED = regex(  # `meantemp`, `tempmax`
    r"\b(?:(?:max|min|mean|avg|ave)(?=(?:temp|hum|press|dew|wind|rain|precip|rh)\w*)"
    r"|(?:temp|hum|humidity|rh|press|pressure|dew|dewpoint|wind|windspeed)(?=(?:max|min|mean|avg|ave)\b))"
)
_STAR = regex(r"(?<!\*)\*(?!\*)")  # of degrees; two of them raise to a power
_UNIT_TOLD = regex(r"(.+\w) in ([^\W\d]\S{0,10}(?: \S{1,10})?)")  # `Air Temperature in degrees C`
_NO_LETTERS = regex(r"[^\w@.\u0900-\u0fff]|_")  # in whose scripts vowels are marks
_OF_WINDS = regex(r"dir|richt|wind|vent|vient|vind|ветр|вят|v(?:e|i|je)tr|wiatr|tuul|ανεμ|ruzgar|風向|风向")
_NEGATIVE = (
    -99999.0,
    -9999.9,
    -9999.0,
    -32768.0,
    -7999.0,
    -6999.0,
    -999.99,
    -999.9,
    -999.0,
    -888.8,
    -777.7,
    -99.99,
    -99.9,
    -99.0,
)
_POSITIVE = (
    8888.0,
    999.0,
    999.9,
    999.99,
    6999.0,
    7999.0,
    9999.0,
    9999.9,
    9999.99,
    32767.0,
    99999.0,
    99999.9,
    999990.0,
    999999.0,
)
_SENTINELS = frozenset((*_NEGATIVE, *_POSITIVE))
PERHAPS = frozenset((99.0, 99.9, 99.99))  # stand for missing values where they can hardly be what the column holds
OFTEN = 3  # times that a number comes which may be a value and yet stands for none
_WORDS_FOR_NONE = frozenset(
    (
        *("nulo", "s/d", "s.d.", "n/d", "nd", "n.d.", "n.a.", "nil", "missing", "no data", "nodata", "sin dato", "sem dado"),
        *("fehlt", "#n/a", "#value!", "#div/0!", "#ref!", "#num!", "bad", "error", "fault"),
    )
)
_BEYOND_MEASURE = 1e12
CALMS = frozenset(  # in place of a direction, which such a wind has not
    ("CALM", "CLM", "VARIABLE", "VRB", "VAR", "CALMA", "CALME", "CALMO", "WINDSTILLE", "WINDSTIL", "ШТИЛЬ", "静穏", "静风")
)


@dataclass(frozen=True, slots=True)
class Column:
    """`texts` are sampled; `numbers` those of them that are numbers and stand for no missing value. `compass` are the letters
    in which directions are written, where they are not English. `beside` are numbers of other columns in the same unit."""

    at: int
    name: str
    plain: str
    unit: str | None
    texts: Sequence[str]
    numbers: Sequence[float]
    numeric: bool
    compass: str = ""
    beside: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What tells the time. `interval` in milliseconds, None where it varies; `span` between the first and the last row.

    `by_humidity` is the unit of temperatures in which humidity, temperature and dew point agree. With `whole_rain` no amount of
    precipitation has decimals, as none of inches has."""

    given: dict[str, Any]
    columns: frozenset[int]
    interval: int | None
    span: int
    questions: tuple[str, ...]
    by_humidity: str | None = None
    whole_rain: bool = False
    monthly: bool = False  # the times are first days of months
    daily: bool = False  # none of them has a time of day


# Columns --------------------------------------------------------------------------------------------------------------


def column_of(at: int, name: str, unit: str | None, texts: Sequence[str], decimal: str) -> Column:
    """The unit of the units row, or of the name's own end."""
    numbers = [number for text in texts if (number := number_in(text, decimal)) is not None]
    given = [text for text in map(str.strip, texts) if text not in _NO_NUMBERS and not is_word_for_none(text)]
    about = _SENSOR.sub("", name[:LONGEST])  # what is longer is in no mapping
    if about != name[:LONGEST] and ", " not in about:
        about = about.replace(",", ", ")  # `Rain (S-RGB 20455312:20451145-1),mm,Farm`, as HOBOlink writes
    plain = plainly(about)
    bracketed = _UNIT_IN_BRACKETS.search(about)
    if unit is None and bracketed and bracketed[1].strip():
        unit = _STAR.sub("°", bracketed[1].strip())
        plain = plainly(about[: bracketed.start()] + (bracketed[2] or "")) or plain
    elif unit is None and (behind := _UNIT_BEHIND.fullmatch(about.strip())):
        told = _STAR.sub("°", behind[2] or behind[4])
        if known_unit(told):
            unit, plain = told, plainly(behind[1] + _NO_PART_OF_A_NAME.sub("", behind[3] or ""))
    elif unit is None and (within := _units_within(about)):
        unit = within[-1][1]
        plain = plainly(about[: within[-1].start()] + about[within[-1].end() :])
    elif unit is None and (before := _UNIT_BEFORE.fullmatch(about.strip())) and known_unit(before[1]):
        unit, plain = before[1], plainly(before[2])
    elif unit is None and (last := _UNIT_TOLD.fullmatch(about.strip())) and known_unit(last[2]):
        unit, plain = last[2], plainly(last[1])
    plain = _OF_VECTORS.sub("", plain)
    plain = _GLUED.sub(r"\g<0> ", plain)
    points = [text.upper() for text in given if text.upper() not in CALMS]
    languages = letters_of(points, plain) if points and not numbers and _OF_WINDS.search(plain) else []
    compass = ""
    if len(languages) == 1:
        compass = languages[0]
        unit, numbers, given = "deg", list(map(bearings(compass).__getitem__, points)), points
    elif given and not numbers and all(matches := [WITH_UNIT.fullmatch(text) for text in given]):
        units = {match[2] for match in matches if match}
        behind_values = next(iter(units)) if len(units) == 1 else ""
        if behind_values and known_unit(behind_values, parse_exactly) and unit in (None, behind_values):
            unit = behind_values
            numbers = [number for match in matches if match and (number := number_in(match[1], decimal)) is not None]
    numeric = bool(numbers) and len(numbers) >= _NUMERIC * len(given) > 0
    return Column(at, name, spelled(plain), unit, texts, numbers, numeric, compass)


def _units_within(about: str) -> list[re.Match[str]]:
    """Units in brackets in the midst of a name, where no unit ends it: as in `Temp (min) C`, not in `(degC) at 2 m`."""
    behind = about.rsplit(None, 2)[1:]
    if len(behind) == 2 and behind[1].isalpha() and not behind[0].isdecimal() and known_unit(behind[1]):
        return []
    return [match for match in _WITHIN.finditer(about) if known_unit(match[1])]


def known_unit(text: str, read: Callable[[str], object] = parse_unit) -> bool:
    try:
        read(text)
    except UnknownUnit:
        return False
    return True


def ranged(column: Column, whole: ColumnFacts) -> Column:
    """With the least and greatest number of the whole file, unless these stand for missing values."""
    if not column.numeric or whole.minimum is None or whole.maximum is None:
        return column
    return replace(column, numbers=[*column.numbers, whole.minimum, whole.maximum])


def with_units_beside(columns: Sequence[Column]) -> Iterator[Column]:
    """Columns with the unit that stands in a column of its own: `temperature_unit` says it of `temperature_value`."""
    told = {}
    for column in columns:
        texts = {text.strip() for text in column.texts if text.strip()}
        if len(texts) == 1 and (match := _OF_UNITS.fullmatch(column.plain)):
            told[match[1]] = texts.pop().rpartition(":")[2]
    for column in columns:
        unit = told.get(column.plain.removesuffix("value").rstrip(" .")) or told.get(column.plain)
        yield replace(column, unit=unit) if unit and column.unit is None and column.numeric else column


def processed(column: Column, whole: ColumnFacts, process: str) -> Column:
    """With what a logger's lines of units and processes say of it; a sample (`Smp`) is an instant."""
    word = _PROCESSES.get(process.strip().lower(), "")
    *before, end = column.plain.split() or [""]
    if word == end == "min":
        plain = " ".join(("min", *before))  # `AirTC_2_Min` is over no two minutes
    else:
        plain = column.plain if not word or word in column.plain.split() else f"{column.plain} {word}"
    return replace(column, plain=plain, unit=whole.unit_received or column.unit)


def plainly(name: str) -> str:
    """Small letters without accents, words parted by single blanks, also those of `windDir` and `wind_dir`."""
    folded = _PARTED.sub(" ", name)
    if name.isascii():
        folded = folded.lower()
    else:
        folded = unicodedata.normalize("NFKD", folded.replace("ß", "ss")).casefold()
        folded = unicodedata.normalize("NFC", "".join(c for c in folded if c >= "\u0900" or not unicodedata.combining(c)))
    return " ".join(_NO_LETTERS.sub(" ", folded).split())


def number_in(text: str, decimal: str) -> float | None:
    token = text.strip()
    if token in _MISSING:
        return None
    if token.startswith(MINUS):
        token = f"-{token[1:]}"
    try:
        number = float(token.replace(",", ".") if decimal == "," else token)
    except ValueError:
        return None
    return number if isfinite(number) else None


def has_decimal_comma(columns: Sequence[Sequence[str]], *, quoted: bool) -> bool:
    """Whether numbers have decimal commas; of `quoted` ones three figures behind it may be units below a thousand."""
    comma = regex(r"-?\d*,\d+")
    point = regex(r"-?\d+\.\d+")
    texts = [text.strip() for column in columns for text in column[:50]]
    if quoted and all(len(text.partition(",")[2]) == 3 for text in texts if comma.fullmatch(text)):
        return False
    return sum(map(bool, map(comma.fullmatch, texts))) > sum(map(bool, map(point.fullmatch, texts)))


def is_data(header: Sequence[str]) -> bool:
    given = [name.strip() for name in header if name.strip()]
    numbers = sum(number_in(name, ".") is not None for name in given)
    return numbers * 2 >= len(given)


def units_row(columns: Sequence[Sequence[str]], decimal: str) -> tuple[dict[int, str], int]:
    """The units in the first row below the header that has anything, and how many rows end with it; 0 where it has none."""
    found: dict[int, str] = {}
    blank = next((row for row, texts in enumerate(zip(*columns, strict=False)) if any(map(str.strip, texts))), 0)
    for at, texts in enumerate(each[blank:] for each in columns):
        first = texts[0].strip() if texts else ""
        below = [text.strip() for text in texts[1:20] if text.strip() not in _NO_NUMBERS and not is_word_for_none(text)]
        unit = first.strip("()[]")
        if _OF_UTC.fullmatch(unit) and below and first not in below:  # the zone of a clock
            found[at] = unit
            continue
        rest = [number_in(text, decimal) is not None for text in below]
        if not first or first in _MISSING or number_in(first, decimal) is not None or not rest or not all(rest):
            continue
        try:
            converter(unit, "")
        except UnknownUnit:
            if not OF_AN_AREA.fullmatch(unit) and unit.lower() not in ZONES:
                continue
        found[at] = unit
    return found, blank + 1 if found else 0


def is_word_for_none(text: str) -> bool:
    """Whether a word, or signs alone (`///`), stand where there is no number, as databases and spreadsheets write."""
    token = text.strip()
    return token.casefold() in _WORDS_FOR_NONE or (token != "" and not any(map(str.isalnum, token)))


def is_sentinel(number: float) -> bool:
    """Whether a number stands for a missing value, by what loggers and archives write."""
    return number in _SENTINELS or abs(number) >= _BEYOND_MEASURE


def sentinels(column: Column, decimal: str, plausible: Callable[[float], bool]) -> Iterator[str]:
    """Texts of a column that stand for missing values, though nobody said so: far from all others, as 999.0 is not of hPa."""
    if not column.numeric:
        return

    def stands_for_none(number: float) -> bool:
        return is_sentinel(number) or (number in PERHAPS and not plausible(number))

    others = [number for number in column.numbers if not stands_for_none(number)]
    low, high = min(others, default=0.0), max(others, default=0.0)
    texts = {text: number_in(text, decimal) for text in {text.strip() for text in column.texts} - _MISSING}
    below = {f"{number:g}": number for number in column.numbers[-2:] if number not in texts.values()}  # those of the whole file
    for text, number in (*texts.items(), *below.items()):
        if number is not None and stands_for_none(number) and not low - (high - low) <= number <= high + (high - low):
            yield text


def in_letters(column: Column) -> bool:
    """Whether its numbers are directions that were written as points of the compass, each of which is 22.5 degrees wide."""
    if not column.numeric:
        return False
    given = {text.strip() for text in column.texts} - _NO_NUMBERS
    return {text.upper() for text in given} <= bearings(column.compass).keys() | CALMS
