"""Which columns of a table that has no mapping tell the time, how it is written, and in which zone."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import filterfalse, islice, pairwise
from typing import Any

from mesonet.domain.instant import DAY, iso, step_duration
from mesonet.domain.mapping import TimeColumns
from mesonet.errors import InvalidMapping
from mesonet.formats.pace import run_on, steady, steps_of, usual
from mesonet.formats.tables.proposed_columns import FIRST, SHOWN, TIMES, ZONES, Column, Told, number_in, plainly
from mesonet.formats.tables.proposed_quantities import METHODS, quantity
from mesonet.formats.times import SERIALS, Clock, clock, may_be_of, month_of, zone_of
from mesonet.record import replace
from mesonet.regex import regex

_FIRST_YEAR, _LAST_YEAR = 1600, 2200  # thermometers were invented then; 1403 and 2567 are years of Iran and of Thailand
_WORDS_BELOW = 5  # where a time should be, as rows of sums and means at the end of a table have them: `Average`
_SUMMARIES = 0.1  # of rows, as there are behind each month or day
_LIKELY = 50

TIME_NAMES = regex(
    r"\b(time|date|datetime|timestamp|valid|datum|zeit|zeitpunkt|uhrzeit|heure|fecha|hora|data|tijd|utc|gmt|observed|dateutc"
    r"|time hour|tidspunkt|ts|dt|tm|tmstamp|epoch|unix|дата|время|czas|cas)\b|time|date|日時|年月日|時刻|时间|日期|時間"
    r"|\b(?:(?:yy)?yy ?mm ?dd|dd ?mm ?yy(?:yy)?|jjjj ?mm ?tt|aaaa ?mm ?(?:jj|dd))"
)
# whose rows are of a month each
_MONTHS = (*("%b-%y", "%b-%Y", "%b %Y", "%b %y", "%Y-%b", "%Y %b"), *("%Y-%m", "%Y/%m", "%m/%Y", "%Y %m"))
_FORMS = (
    *("iso", "epoch", "epoch_ms", *SERIALS, "decimal_year", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"),
    *(f"%d.%m.%Y.{time}" for time in (" %H:%M:%S", " %H:%M", "")),  # as in Croatia
    *(f"%d.%m.{year}{time}" for year in ("%Y", "%y") for time in (" %H:%M:%S", " %H:%M", "")),
    *(f"{day}{sep}{year}{time}" for sep, days in (("/", ("%d/%m", "%m/%d")), ("-", ("%d-%m", "%m-%d"))) for day in days
      for year in ("%Y", "%y") for time in (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", " %I:%M:%S%p", " %I:%M%p", "")),
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"),  # 2024-6-15 0:00, which ISO 8601 does not allow
    *(f"{day}/%Y, {time}" for day in ("%d/%m", "%m/%d") for time in ("%H:%M:%S", "%I:%M:%S %p")),
    *(f"%Y{sep}%m{sep}%d {time}" for sep in "-/" for time in ("%I:%M:%S %p", "%I:%M %p")),
    *(f"%Y年%m月%d日{time}" for time in (" %H:%M:%S", " %H:%M", " %H時", " %H时", "%H時", "%H时", "")),
    *(f"%Y.%m.%d{dot}{time}" for dot in ("", ".") for time in (" %H:%M:%S", " %H:%M", "")),
    *(f"%y{sep}%m{sep}%d{time}" for sep in "-/." for time in (" %H:%M:%S", " %H:%M", "")),
    *(f"{date}{time}" for date in ("%y%m%d", "%d%m%y", "%m%d%y", "%d%m%Y", "%m%d%Y") for time in ("%H%M%S", "%H%M", "")),
    *(f"%a {date} {time}" for date in ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y") for time in ("%H:%M:%S", "%H:%M")),
    *(f"%a, %d %b %Y %H:%M:%S{zone}" for zone in ("", " %Z", " %z")),
    *(f"%a, {date} {time}" for date in ("%d %b %Y", "%d.%m.%Y", "%Y-%m-%d") for time in ("%H:%M:%S", "%H:%M")),
    *(f"{day}%d de %b de %Y{time}" for day in ("%A, ", "") for time in (" %H:%M", "")),  # as spreadsheets write in Spanish
    *("%a %b %d %H:%M:%S %Y", "%d/%b/%Y %H:%M:%S", "%d/%b/%Y %H:%M", "%Y-%m-%d_%H:%M:%S"),
    *("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d%H", "%Y%m%d %H:%M", "%Y%m%d %H%M", "%Y%m%d:%H%M"),
    *("%Y%m%d-%H:%M", "%y%m%d/%H%M"),  # Weather Underground's as others keep them; GEMPAK's
    *("%Y %m %d %H %M", "%Y %m %d %H", "%Y %m %d", "%Y%j", "%y%j"),
    *(f"%Y-%m-%d %H:%M:%S{end}" for end in ("<br />", "<br>")),  # Weather Underground's
    *(f"%d %b %Y %I:%M{seconds} %p" for seconds in ("", ":%S")),
    *(f"%m.%d.%y {time}" for time in ("%H:%M:%S", "%I:%M:%S %p")),
    *(f"%m/%d/{year} %H:%M:%S.%f" for year in ("%Y", "%y")),
    *(f"%b %d %Y{time}" for time in (" %H:%M:%S", " %H:%M", "")),
    *(f"%b %d, %Y{time}" for time in (" %I:%M:%S %p", " %I:%M %p", "")),
    *(f"%d{dot} %b %Y{time}" for dot in ("", ".") for time in (" %H:%M:%S", " %H:%M", "")),
    *("%Y-%m-%d", "%Y-%m-%d %H:%M:%S.%f %z", "%m/%d/%y %H:%M:%S %z"),
    *("%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S %z %Z", "%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%dT%H:%M:%S%Z"),
    *("%Y-%m-%d %H:%M %Z", "%d.%m.%Y %H:%M %Z", "%d/%m/%Y %H:%M %Z", "%m/%d/%Y %H:%M %Z"),
    *_MONTHS,
    *(f"%d-%b-{year}{time}" for year in ("%Y", "%y") for time in (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", "")),
)  # fmt: skip
# numbers that count time: from 1980 (a year and the day of it, 24001, is no day of a spreadsheet), 1970 and 1600 on
_SERIAL = {"excel": (29_221.0, 73_051.0), "matlab": (719_529.0, 767_000.0), "decimal_year": (1600.0, 2100.0)}
_SERIAL |= {"julian_date": (2_444_239.0, 2_488_069.0), "modified_julian_date": (44_239.0, 88_069.0)}
_SERIAL_AS = {
    "excel": "days of a spreadsheet, 1 being 1 January 1900",
    "matlab": "days of MATLAB (datenum)",
    "decimal_year": "years with a fraction of the year",
    "julian_date": "Julian dates of astronomers",
    "modified_julian_date": "modified Julian dates of astronomers",
}
# of dates that are not Gregorian: in Ethiopia, in Nepal, of Islam, of Iran, of Buddhists
_CALENDARS = frozenset(("ec", "e.c.", "ethiopian", "bs", "b.s.", "nepali", "ah", "a.h.", "hijri", "jalali", "shamsi", "b.e."))
_OF_DAYS = regex(r"\b(date|datum|fecha|data|day|tag|jour|dia)\b")
_JULIAN_NAMES = regex(r"\bm?jd\b|julian")
_YEAR_NAMES = regex(r"year|\b(jahr|annee|ano|date|datum|time)\b|datenum")
_NUMBERED = regex(f"{_YEAR_NAMES.pattern}|{_JULIAN_NAMES.pattern}")
_ORDER = regex(r"(?i)\b(d|m)\1?[-/.](?:dd?|mm?)[-/.]y{2,4}\b")
_CLOCK = regex(r"\s*\d{1,2}:\d\d")
_WHOLE_CLOCK = regex(r"\s*(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[AaPp]\.? ?(?:[Mm]\.?)?)?\s*")
_OF_HOURS = regex(r"(?:hour|hora|heure|stunde|uhr|ora|uur|hr|hhmm|time|godzina)\b")
_WHOLE_HOUR = regex(r"(?:[01]?\d|2[0-4])(?:[0-5]\d)?(?: ?UTC| ?Z|h|時|时)?")
_CLOCKS = (
    *("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%H:%M:%S.%f", "%H.%M.%S", "%H.%M", "%Hh%M", "%H%M", "%H"),
    *("%H.0", "%H%M%S", "%H%M UTC", "%H UTC", "%H%MZ", "%HZ", "%Hh", "%HH", "%H%MH", "HE%H", "%I %p", "%I%p", "%H時", "%H时"),
    *("%H%M hrs", "%H:%M hrs", "%H%M Hrs", "%H%M HRS"),
)
_WHOLE_HOURS = frozenset(("%H", "%H.0"))
_DOTTED = regex(r"\d{1,2}\.\d\d")
_QUARTERS = frozenset(("00", "25", "50", "75"))  # of an hour with decimals
_PARTS = (
    regex(
        r"^(?:m )?(year|year month day hours? minutes in yyyy|yyyy|yy|yr"
        r"|jahr|annee|ani?o|jaar|anno|rok|ar|vuosi|yil|yıl|год|年)$"
    ),
    regex(r"^(?:m )?(month|mm|mon|mo|m|monat|mois|mes|maand|mese|miesiac|mesic|maned|manad|kuukausi|kk|ay|месяц|月)$"),
    regex(r"^(?:m )?(day|day of month|dd|da|dy|d|tag|jour|dia|dag|giorno|dzien|den|paiva|pv|gun|день|日)$"),
    regex(r"^(?:m )?(hour|hour of day|hh24|hh|hr|stunde|heure|hora|uur|ora|godzina|hodina|tunti|saat|час|時|时)$"),
    regex(
        r"^(?:m )?(minutes?|min|mi format in local(?: standard)? time|mi|mm|mn|minuto|minuut|minuta|minuutti|dakika|минута|分)$"
    ),
)
_SHORT_PARTS = ("%y", "%m", "%d", "%H", "%M")  # of years without their century
_DAYS_OF_PARTS = {"parts": "%Y %m %d", "%y %m %d": "%y %m %d", "%Y %b %d": "%Y %b %d", "%y %b %d": "%y %b %d"}
_HALVES = frozenset(("am", "pm", "a.m.", "p.m."))  # of a day; A and P are flags, approved and provisional
_CLOCKS_OF_HALVES = ("%I:%M %p", "%I:%M:%S %p", "%I %p")
_DAYS_OF_YEAR = regex(r"^(doy|jday|julian|julian day|jul day|day of year|yday|jd|julday)$")
_CLOCK_NAMES = regex(r"^(hour|hr|he|hod|ora|hhmm|hrmn|hour minute|time|hour min)\b")
# of a column that holds nothing but times of a day: as names they might mean other things
_OF_CLOCKS = regex(
    r"^(clock|uhr|klokke|klokkeslett|klokkeslæt|klockslag|kl\.?|tid|aika|klo|kello|kellonaika|tijdstip|horario|orario|hodiny|ido"
    r"|vrijeme|ωρα|시각|시간)\b"
)
# of a column whose numbers begin anew with each day: of others they may be those of the sun
_OF_SOME_HOURS = regex(r"\b(hours?|hrs?|h|hrmn|clock|stunden?|heures?|horas?|ore|uren|godziny|hodiny|timer|timmar|tunnit)\b")
_SECONDS = regex(r"^(?:seconds?|sec|ss|s)$")
_DIGIT = regex(r"^\s*(?:[^\W\d_]{2,10}[.,]{0,2}[ -]){0,2}\d")  # a time begins with one, or with a month, or a day of the week
_DAY_AND_MONTH = regex(r"\s*\d{1,2}[-/. ](?:\d{1,2}|[^\W\d_]{3,10})\.?\s*")
_OBSERVED = regex(r"\bobs|\bmeasure|\bsampl")
_OF_RECORDS = regex(
    r"\b(entry|entered|upload\w*|modified|updated|received|insert\w*|reference|processed|import\w*|created|server|gateway|expir\w*)\b"
    r"|\b(?:of|at) (?:the )?(?:max|min|peak|highest|lowest|gust)|\b(?:max\w*|peak|gust) (?:date ?)?time\b"  # of an extreme
)
_IN_UTC = regex(r"\b(utc|gmt|zulu)\b")
_BEGINNING = regex(r"\b(start|begin|beginning|from|von|debut|inicio)\b")
_HOURS = r"(1[0-4]|0?\d)(?::?([0-5]\d)|[.,](25|5|75))?(?![.,:]?\d)"  # 5, 5:30, 0530, 5.5; no date
_MINUTES = {"25": "15", "5": "30", "75": "45"}
_STATED = regex(rf"(?i)(?<!Etc/)(?:GMT|UTC) ?(\+ ?|[\-\u2212\u2013]){_HOURS}")  # Etc/GMT+5 is five hours behind
_PLACE = regex(
    r"(?:\(|(?i:time ?zone)\W{1,3})([A-Z]\w+(?:/\w+){1,2}(?:[+-]\d{1,2})?)\)?"
)  # `Date (America/New_York)`, `Timezone : Europe/Paris`
_ZONE_ABOVE = regex(
    r"(?i)\b(?:local time|time ?zone|utc offset|gmt offset|zeitzone|fuseau horaire|zona horaria)[^+\-\d\n]{0,20}"
    rf"(?<!Etc/GMT)([+-]){_HOURS}"
)
_ZONE_NAMED = regex(
    rf"(?:\b(?i:times?|time ?zone|tz|zeitzone|fuseau horaire|zona horaria|fuso horario)\b|时区|時區)[^\n\d]{{0,30}}?"
    rf"\b({'|'.join(ZONES).upper()})\b"
)
# where letters mean what they were taken for, and what they mean elsewhere
_ZONES_OF_CLOCKS = ZONES.keys() - {"ist"}  # beside `Soll` that is what was, in German
_ABROAD = {"cst": ("America", "+08:00", "China"), "ist": ("India", "+02:00", "Israel")}
# in a column of zones, or alone in brackets: in a name they may be words
_FAR = {
    **{"мск": "+03:00", "tu": "UTC", "tuc": "UTC"},  # Moscow's; temps universel (coordonné), tiempo universal
    **{"wat": "+01:00", "cat": "+02:00", "eat": "+03:00", "wit": "+09:00", "art": "-03:00", "pet": "-05:00"},
}
# in words, as `plainly` has them
_IN_WORDS = {
    words: zone
    for zone, names in {
        "-05:00": ("hora de colombia", "hora legal de colombia", "hora de peru", "hora peruana"),
        "-04:00": ("hora de venezuela", "hora legal de venezuela"),
        "-03:00": ("horario de brasilia", "hora de brasilia", "brasilia time", "hora de argentina", "hora argentina"),
        "+01:00": ("west africa time",),
        "+02:00": ("central africa time", "south african standard time", "south africa standard time"),
        "+03:00": ("east africa time", "moscow time", "московское время"),
        "+05:00": ("pakistan standard time",),
        "+05:30": ("indian standard time", "india standard time"),
        "+05:45": ("nepal time", "nepal standard time"),
        "+07:00": ("waktu indonesia barat",),
        "+08:00": ("waktu indonesia tengah", "beijing time", "北京时间"),
        "+09:00": ("waktu indonesia timur", "japan standard time", "日本標準時"),
    }.items()
    for words in names
}
_EAST = regex(r"(?i)\blon(?:g|gitude)?\b([^\d\n-]{1,12})(-?\d{1,3}(?:\.\d+)?)([ °º'\"′″\d.]{0,16}W\b)?")
_WEST = regex(r"(?i)\bW(?:est)?\b")
_EAST_NAMES = regex(r"^lon(g|gitude)?$")
_CHINESE = regex(r"[\u4e00-\u9fff]")
_OF_ZONES = regex(
    r"^(time ?zone|tz|zone|utc ?offset|gmt ?offset"
    r"|zeitzone|fuseau horaire|zona horaria|fuso horario|tidssone|tidszon|aikavyohyke)$"
)
_IN_BRACKETS = regex(r"[(\[（]([^\W\d_]{2,4})[)\]）]")
_OFFSET = regex(r"([Zz]|(?<=[\d ])(?<!-\d)(?<!-\d\d)[+-]\d{2}:?\d{2}| UTC| GMT)$")  # no year behind a day and a month


# Time -----------------------------------------------------------------------------------------------------------------


def time_of(columns: Sequence[Column], last: Sequence[str]) -> Told | str:
    """What tells the time, or a question."""
    found: list[tuple[float, Told]] = []
    ambiguous: str | None = None
    for named, column, texts in _likely(columns):
        form, question = _form_of(column, texts, columns)
        if form is None:
            ambiguous = question or ambiguous
            continue
        told = _read((column.name,), [column], form, last)
        if question:
            told = replace(told, questions=(question, *told.questions[form in _SERIAL :]))
        found.append((_rank(column, texts, form, named=named), told))
    parts = _parts(columns, last) or _days_of_year(columns, last)
    if parts:
        found.append((2.5, parts))
    if found:
        best = max(found, key=lambda each: each[0])[1]
        return _with_clock(best, columns, last)
    if ambiguous or (ambiguous := _in_other_figures(columns) or _yearless(columns)):
        return ambiguous
    return "no column holds a time that is understood: which one tells it, and how is it written?"


def _in_other_figures(columns: Sequence[Column]) -> str:
    firsts = [text.strip() for column in columns for text in column.texts[:1]]
    text = next((text for text in firsts if text[:1].isdecimal() and not text[:1].isascii()), "")
    return text and f"no column holds a time in the figures 0 to 9: write {text[:SHOWN]!r} and all others with these"


def _yearless(columns: Sequence[Column]) -> str:
    """What to ask where columns tell a day, or a month and a day, and none tells the year."""
    year, month, day = ([each.name for each in columns if part.match(each.plain)] for part in _PARTS[:3])
    days = [
        each.name
        for each in columns
        if TIME_NAMES.search(each.plain) and all(map(_DAY_AND_MONTH.fullmatch, each.texts[:FIRST]))
    ]
    told = [] if year or not day else [*day[:1], *month[:1]]
    if not (told := days[:1] or told):
        return ""
    lacking = "year" if days or month else "year and month"
    return f"{' and '.join(told)}: add a column of the {lacking}, also where a title or the file's name tells it: no other does"


_SWAPPED = str.maketrans("dm", "md")


def _form_of(column: Column, texts: Sequence[str], columns: Sequence[Column]) -> tuple[str | None, str | None]:
    """The form in which a column's texts are times, and what is asked of it; None in place of a form where there is none, or
    where several fit."""
    few = [text.strip() for text in {*column.texts[:FIRST]} if text.strip()]
    # a clock for each form to learn from took nine tenths of a small table's time
    may_be = [form for form in _FORMS if "%" not in form or form.endswith(" %H%M") or may_be_of(form, few)]
    fitting = {form: hands for form in may_be if (hands := _fits((column.name,), [column], form))}
    if any("%" in form for form in fitting):  # 202406011200 is no number of milliseconds
        fitting = {form: hands for form, hands in fitting.items() if not form.startswith("epoch")}
    if not fitting:
        return None, None
    clocked = any(_is_a_clock(other) for other in columns if other is not column)
    forms = steady({tuple(_instants(fitting[form], [column])): form for form in reversed(fitting)}, clocked=clocked)
    if len(forms) > 1 and (order := _ORDER.search(column.name)):  # the name says how it is written: Date (MM/DD/YY)
        forms = {times: form for times, form in forms.items() if form.startswith(f"%{order[1].lower()}")} or forms
    strange = [year for times in forms if not _FIRST_YEAR <= (year := _year(times)) <= _LAST_YEAR]
    shown = f"{column.name}: {texts[0]!r}"
    if len(strange) == len(forms) or not _CALENDARS.isdisjoint(f"{column.plain} {plainly(column.unit or '')}".split()):
        return None, f"{shown} would be of the year {_year(next(iter(forms)))}: is it of another calendar than the Gregorian?"
    forms = {times: form for times, form in forms.items() if _year(times) not in strange}  # 20070501 is no day of 501
    if len(forms) > 1 and _SERIAL.keys() >= {*forms.values()}:
        modified = "modified" in column.plain
        days = sorted(forms, key=lambda times: (forms[times] == "modified_julian_date") != modified)
        told_as = " or ".join(f"{iso(times[0])[:10]} ({_SERIAL_AS[forms[times]]})" for times in days)
        return forms[days[0]], f"{shown} is {told_as}; the first was taken: is that so?"
    if len(forms) > 1:
        first = "year, day or month" if any(form.startswith("%y") for form in forms.values()) else "day or month"
        return None, f"{shown} is {' or '.join(sorted(forms.values()))}; which comes first, {first}?"
    ((times, form),) = forms.items()
    swapped = form.translate(_SWAPPED)
    if {form[:2], form[3:5]} == {"%d", "%m"} and _change_places(times, column, form):
        return None, (
            f"{shown}: the day comes first in some rows and the month in others, as where a spreadsheet took some for its own; "
            "in which order is it?"
        )
    if swapped != form and swapped in fitting and tuple(_instants(fitting[swapped], [column])) == times:
        return form, f"{shown} is the same with the day or the month first; {form} was taken: is that so?"
    return form, None


def _year(times: Sequence[int]) -> int:
    return int(iso(times[0])[:4])


def _change_places(times: Sequence[int], column: Column, form: str) -> bool:
    """Whether times are in order only where day and month change places in all rows in which they can."""
    if _are_in_order(times):
        return False
    first, other = (_clock((column.name,), each) for each in (form, form.translate(_SWAPPED)))
    keys = list(first.keys([column.texts]))
    first.learn({*keys})
    other.learn({*keys})
    mixed = [time for key in keys if (time := other.instants.get(key, first.instants.get(key))) is not None]
    return bool(other.instants) and _are_in_order(mixed)


def _are_months(times: Sequence[int]) -> bool:
    """Whether they follow one another month by month: `Jan-21` may be a day as well, and a month's rows its days."""
    return _are_in_order(times) and len({*times}) == len(times) and step_duration(times, usual(times)) == "P1M"


def _are_in_order(times: Sequence[int]) -> bool:
    return all(a <= b for a, b in pairwise(times)) or all(a >= b for a, b in pairwise(times))


def _rank(column: Column, texts: Sequence[str], form: str, *, named: bool) -> float:
    """How likely a column is the one that tells when: by its name, by a zone in it, and by how many different times it has."""
    offsets = sum(bool(_OFFSET.search(text)) for text in texts[:50])
    offset = offsets > 25 or (len(texts) < 50 and bool(_OFFSET.search(texts[0])))
    early = bool(_BEGINNING.search(column.plain))  # values stand at the end of their interval
    utc = bool(_IN_UTC.search(f"{column.plain} {plainly(column.unit or '')}")) and not _STATED.search(column.name)
    utc = utc or form.startswith("epoch")  # which needs no zone to be told
    rank = (2 if named else 0) + (2 if offset else 1.5 if utc else 0) - (0.5 if early else 0)
    rank += (1 if _OBSERVED.search(column.plain) else 0) - (3 if _OF_RECORDS.search(column.plain) else 0)
    return rank + len(set(texts)) / len(texts)


def _likely(columns: Sequence[Column]) -> Sequence[tuple[bool, Column, list[str]]]:
    """Columns that may hold times, whether they are named so, and their texts: of many the first, those so named before."""
    found: list[tuple[bool, Column, list[str]]] = []
    for column in columns:
        texts = [text for text in column.texts if text.strip()]
        named = bool(TIME_NAMES.search(column.plain) or (column.numeric and _NUMBERED.search(column.plain)))
        if texts and (named or not column.numeric) and all(map(_DIGIT.search, texts[:FIRST])):
            found.append((named, column, texts))
    return found if len(found) <= _LIKELY else sorted(found, key=lambda each: not each[0])[:_LIKELY]


def _is_a_clock(column: Column) -> bool:
    """Whether it tells the time of day: with a colon, or by its name as hours or a number of four figures."""
    if any(map(_CLOCK.match, column.texts[:1])):
        return True
    hours = {text.strip() for text in column.texts[:TIMES]}
    return bool(_OF_HOURS.match(column.plain)) and len(hours) > 1 and all(map(_WHOLE_HOUR.fullmatch, hours))


def paced(told: Told, columns: Sequence[Column]) -> Told:
    """With the interval of some of the rows, as they are of one quantity."""
    names = tuple(told.given["columns"] if "columns" in told.given else [told.given["column"]])
    picked = [next(each for each in columns if each.at in told.columns and each.name == name) for name in names]
    if not _instants(_clock(names, told.given["format"]), picked):
        return replace(told, interval=None, span=0)
    found = _read(names, picked, told.given["format"], [])
    return replace(told, interval=found.interval, span=found.span)


def _fits(names: tuple[str, ...], columns: Sequence[Column], form: str) -> Clock | None:
    """What reads the times of columns, where they are of this form."""
    if form.startswith("epoch") and not _epoch(columns[0], 1 if form == "epoch" else 1000):
        return None
    if form in _SERIAL and not _is_serial(columns[0], form):
        return None
    if form in ("%Y%j", "%y%j") and not _are_days_of_years(columns[0], 7 if form == "%Y%j" else 5):
        return None
    if form == "iso" and columns[0].numeric and not all(len(text.strip()) in (8, 14) for text in columns[0].texts[:50]):
        return None
    try:
        hands = _clock(names, form)
    except InvalidMapping:
        return None
    first = hands.keys([column.texts[:FIRST] for column in columns])
    learned = {key for key in first if "".join(key).strip()}
    hands.learn(learned)
    if len(hands.faults) > 1 and not form.endswith(" %H%M"):  # of which 1, 2, 3 are told by those that follow, as 100
        return None
    given = hands.keys([column.texts for column in columns])
    if len(hands.faults) == len(learned) == len(set(given)) and all(any(map(str.isdigit, "".join(key))) for key in learned):
        return None  # all rows say the same, which is no time so written
    blank = {key for key in set(given) if not "".join(key).strip()}
    keys = set(islice(filterfalse(blank.__contains__, given), TIMES))
    hands.learn(keys)
    below = {key for key in hands.faults if any(map(_is_word, (" ".join(key) if isinstance(key, tuple) else key).split()))}
    most = max(_WORDS_BELOW, len(keys) * _SUMMARIES)
    faults = len(hands.faults) - (len(below) if len(below) <= most else 0)
    fits = hands.instants and faults <= len(keys) * 0.02
    return hands if fits and (form not in _MONTHS or _are_months(_instants(hands, columns))) else None


def _is_word(text: str) -> bool:
    """Whether it stands where figures should, as `Mean` in place of a day or of an hour."""
    return text.strip(" .:").isalpha() and len(text.strip(" .:")) > 1 and text.strip().lower() not in _HALVES


def _clock(names: tuple[str, ...], form: str) -> Clock:
    return clock(TimeColumns(columns=names, format=form))


def _epoch(column: Column, unit: int) -> bool:
    """Between 1975 and 2039: 2405131200 is a date that begins with its year."""
    return bool(column.numbers) and all(150e6 * unit < number < 2.2e9 * unit for number in column.numbers)


def _is_serial(column: Column, form: str) -> bool:
    """Whether numbers are days or years as programs count them, evidently: in order, of our time, and with parts of a day or of
    a year where whole numbers might count something else."""
    if not column.numeric or not _named_for(form).search(column.plain):
        return False
    first, last = _SERIAL[form]
    numbers = [number for text in column.texts if (number := number_in(text, ".")) is not None]
    whole = all(number == int(number) for number in numbers)
    in_order = numbers in (sorted(numbers), sorted(numbers, reverse=True))
    return (
        len(set(numbers)) > 1
        and all(first <= number < last for number in numbers)
        and in_order
        and not (whole and (form != "excel" or not _OF_DAYS.search(column.plain)))
    )


def _are_days_of_years(column: Column, figures: int) -> bool:
    """Whether all are whole and as long as a year and its day; 45292 is a day of a spreadsheet as well."""
    texts = [text.strip() for text in column.texts if text.strip()]
    first, last = _SERIAL["excel"]
    whole = all(len(text) == figures and text.isdecimal() for text in texts)
    return whole and not all(first <= number < last for number in column.numbers)


def _named_for(form: str) -> re.Pattern[str]:
    """What a column is called that holds such numbers."""
    return _JULIAN_NAMES if "julian" in form else _YEAR_NAMES if form == "decimal_year" else TIME_NAMES


def _instants(hands: Clock, columns: Sequence[Column]) -> list[int]:
    keys = list(hands.keys([column.texts for column in columns]))
    hands.learn(set(keys))
    return [hands.instants[key] for key in keys if key in hands.instants]


def _read(names: tuple[str, ...], columns: Sequence[Column], form: str, last: Sequence[str]) -> Told:
    hands = _clock(names, form)
    times = sorted(set(_instants(hands, columns)))
    (end,) = hands.keys([[last[column.at] if column.at < len(last) else ""] for column in columns])
    hands.learn({end})
    latest = hands.instants.get(end, times[-1])
    steps = Counter(b - a for a, b in pairwise(times))
    interval, often = steps.most_common(1)[0] if steps else (0, 0)
    given: dict[str, Any] = {"column": names[0]} if len(names) == 1 else {"columns": list(names)}
    given["format"] = form
    serial = [f"{names[0]}: its numbers were taken as {_SERIAL_AS[form]}: is that so?"] if form in _SERIAL else []
    zone, question = ("UTC", None) if form.startswith("epoch") or form.endswith(("%z", "%Z")) else _zone(columns)
    given["zone"] = zone
    regular = interval if often * 2 > sum(steps.values()) else None
    questions = (*serial, *([question] if question else []))
    span = max(latest, times[-1]) - min(latest, times[0])  # the newest row may be the first
    monthly = step_duration(times, interval) == "P1M"
    # an instant at midnight may have many rows
    daily = not any(time % DAY for time in times)
    daily = daily and (len(times) > 1 or not any(":" in text for column in columns for text in column.texts))
    return Told(given, frozenset(column.at for column in columns), regular, span, questions, monthly=monthly, daily=daily)


def _zone(columns: Sequence[Column]) -> tuple[str, str | None]:
    texts = [text.strip() for text in columns[-1].texts[:50] if text.strip()]
    if texts and all(_OFFSET.search(text) for text in texts):
        return "UTC", None
    words = {word for column in columns for word in (*column.plain.split(), *plainly(column.unit or "").split())}
    stated = {_offset(match) for column in columns for match in _STATED.finditer(f"{column.name} {column.unit or ''}")}
    stated |= {_FAR[letters] for column in columns for letters in _in_brackets(column.name) & _FAR.keys()}
    stated |= {match[1] for column in columns if (match := _PLACE.search(column.name)) and _is_zone(match[1])}
    if len(stated) == 1:
        return f"{stated.pop()}", None
    named = {} if stated else {word.upper(): ZONES[word] for word in sorted(ZONES.keys() & words)}
    named = named or _in_words(" ".join(filter(None, (part for each in columns for part in (each.name, each.unit)))))
    if len({*named.values()}) == 1:
        letters, zone = next(iter(named.items()))
        return zone, _asked(letters, zone) if zone != "UTC" else None
    where = " and ".join(column.name for column in columns)
    return (
        "UTC",
        f"{where}: no zone is told, UTC was put in; say an offset (-05:00) or a place (America/New_York) where it is another",
    )


def _in_words(text: str) -> dict[str, str]:
    """Zones that a text has by their names, and their offsets."""
    plain = plainly(text)
    return {words: zone for words, zone in _IN_WORDS.items() if words in plain}


def _asked(letters: str, zone: str) -> str:
    if letters.lower() in _ABROAD:
        here, elsewhere, where = _ABROAD[letters.lower()]
        return f"{letters} is {zone} in {here} and {elsewhere} in {where}: {zone} was put in; is that so?"
    return f"the times are {letters}, which was taken as {zone} all the year: is that so?"


def _is_of_zones(question: str) -> bool:
    told = "all the year" in question or "was put in; is that so?" in question
    return told or "no zone is told" in question


def _in_brackets(name: str) -> set[str]:
    return {match[1].lower() for match in _IN_BRACKETS.finditer(name)}


def _offset(stated: re.Match[str]) -> str:
    """`UTC+8` as an offset."""
    return f"{'+' if '+' in stated[1] else '-'}{stated[2]:0>2}:{stated[3] or _MINUTES.get(stated[4], '00')}"


def _is_zone(name: str) -> bool:
    try:
        zone_of(name)
    except InvalidMapping:
        return False
    return True


def zoned(told: Told, above: str, columns: Sequence[Column]) -> Told:
    """With the offset that a column or the lines above the header tell, where the times tell none."""
    form = str(told.given["format"])
    if form.endswith("%Z"):
        clocks = [column for column in columns if column.at in told.columns]
        ends = {text.split()[-1] for text in clocks[-1].texts if text.strip()}
        zone, asked = _lettered(ends.pop(), above, columns) if len(ends) == 1 else ("", None)
        if zone in {elsewhere for _, elsewhere, _ in _ABROAD.values()}:  # where no clock is put forward
            literal = form[:-2] + clocks[-1].texts[0].split()[-1]
            return replace(told, given={**told.given, "zone": zone, "format": literal})
        return replace(told, questions=(*told.questions, asked)) if asked else told
    beside = {text.strip() for column in columns if _OF_ZONES.match(column.plain) for text in column.texts if text.strip()}
    if len(beside) == 1 and told.questions and told.given["zone"] == "UTC":
        letters = beside.pop()
        zone, asked = _lettered(_FAR.get(letters.lower(), letters), above, columns)
        if _is_zone(zone):
            others = filterfalse(_is_of_zones, told.questions)
            return replace(told, given={**told.given, "zone": zone}, questions=(*others, *([asked] if asked else [])))
    stated = {*map(_offset, _ZONE_ABOVE.finditer(above)), *map(_offset, _STATED.finditer(above))}
    stated |= {match[1] for match in _PLACE.finditer(above) if _is_zone(match[1])}
    stated = stated or {_lettered(match[1], above, columns)[0] for match in _ZONE_NAMED.finditer(above)}
    stated = stated or {*_in_words(above).values()}
    if len(stated) != 1 or not told.questions:
        return told
    zone = stated.pop()
    if not _is_zone(zone):
        return told
    asked = f"the lines above the header say {zone}, which was taken all the year: is that so?"
    return replace(told, given={**told.given, "zone": zone}, questions=(*filterfalse(_is_of_zones, told.questions), asked))


def _lettered(letters: str, above: str, columns: Sequence[Column]) -> tuple[str, str | None]:
    """The zone that letters mean; of those that mean two, what names in Chinese or a longitude say, or else a question."""
    zone = ZONES.get(letters.lower(), letters)
    if (abroad := _ABROAD.get(letters.lower())) is None:
        return zone, None
    _, elsewhere, _ = abroad
    east = [-abs(float(match[2])) if match[3] or _WEST.search(match[1]) else float(match[2]) for match in _EAST.finditer(above)]
    east += [number for column in columns if _EAST_NAMES.match(column.plain) for number in column.numbers[:1]]
    if east:
        return (zone if abs(east[0] - 15 * int(zone[:3])) < abs(east[0] - 15 * int(elsewhere[:3])) else elsewhere), None
    if letters.lower() == "cst" and any(_CHINESE.search(column.name) for column in columns):
        return elsewhere, None
    return zone, _asked(letters, zone)


def _parts(columns: Sequence[Column], last: Sequence[str]) -> Told | None:
    """Columns that are called year, month, day and perhaps hour and minute."""
    picked: list[Column] = []
    before = _before_parts(columns)
    for pattern in _PARTS:
        named = [
            column
            for column in columns
            if pattern.match(column.plain.removeprefix(before))
            and (column.numeric or (pattern is _PARTS[1] and _are_names_of_months(column)))
            and column not in picked
        ]
        if [column.name.strip() for column in named] == ["MM", "mm"]:
            named.pop()  # the month, and the minutes
        if picked and len(named) > 1:  # of two clocks, each in parts, the one that goes on
            named = [column for column in named if column.at == picked[-1].at + 1] or named
        elif len({column.name for column in named}) == 1:
            named = named[:1]
        if len(named) > 1:
            named = [column for column in named if column.plain not in ("mm", "mn", "kk", "pv")] or named
        if len(named) != 1 or (not picked and 100 <= min(named[0].numbers) < 1000):
            break
        picked.append(named[0])
    in_words = len(picked) > 1 and not picked[1].numeric
    for count in dict.fromkeys((len(picked), 3)):  # an hour of 100 to 2400 is a clock
        names = tuple(column.name for column in picked[:count])
        year = "%Y" if not picked or min(picked[0].numbers) >= 100 else "%y"
        form = " ".join((year, "%b" if in_words else "%m", *_SHORT_PARTS[2:])[:count])
        form = "parts" if year == "%Y" and count >= 3 and not in_words else form
        if (
            (count >= 3 or (count == 2 and f"{year} {form[3:]}" in _MONTHS))
            and len(names) == count
            and _fits(names, picked[:count], form)
        ):
            return _read(names, picked[:count], form, last)
    return None


def _are_names_of_months(column: Column) -> bool:
    """Whether its texts are, but for a few words below them."""
    texts = Counter(text.strip() for text in column.texts if text.strip())
    return 0.9 * texts.total() < sum(count for text, count in texts.items() if month_of(text))


def _before_parts(columns: Sequence[Column]) -> str:
    """What names begin with that are otherwise year, month and day: `recyear`, `recmonth`, `recday`."""
    names = {column.plain for column in columns}
    if any(map(_PARTS[0].match, names)):
        return ""  # of two clocks, the one that is called no more than a clock
    found = (name.removesuffix("year") for name in names if name.endswith("year"))
    return next((before for before in found if {f"{before}month", f"{before}day"} <= names), "")


def _days_of_year(columns: Sequence[Column], last: Sequence[str]) -> Told | None:
    """A year, the day of it, and perhaps a clock as a number (900, 2400) or an hour: what loggers of arrays write."""
    years = [column for column in columns if _PARTS[0].match(column.plain) and column.numeric]
    days = [column for column in columns if _DAYS_OF_YEAR.match(column.plain) and column.numeric]
    if not days and not any(_PARTS[1].match(column.plain) for column in columns):  # a day beyond all months' is of the year
        days = [each for each in columns if _PARTS[2].match(each.plain) and each.numeric and max(each.numbers) > 31]
    if len(years) != 1 or len(days) != 1:
        return None
    date = [*years, *days]
    named = (_CLOCK_NAMES, _PARTS[3])
    clocks = [each for each in columns if any(name.match(each.plain) for name in named) and each not in date]
    clocks += [each for each in columns if each.plain in ZONES and _has_clocks(each)]  # MST, as of NREL's stations
    minutes = [column for column in columns if _PARTS[4].match(column.plain) and column.numeric]
    for hours in clocks:
        highest = max(hours.numbers, default=0)
        if len(minutes) == 1 and highest <= 24 and hours is not minutes[0]:
            whole = [*date, hours, *minutes]
            if _fits(tuple(each.name for each in whole), whole, "%Y %j %H %M"):
                return _read(tuple(each.name for each in whole), whole, "%Y %j %H %M", last)
        alone = ("%Y %j %H",) if _PARTS[3].match(hours.plain) else ()  # 20 of any other name may be minutes
        forms = ("%Y %j %H%M",) if highest > 24 else (*alone, "%Y %j %H:%M", "%Y %j %H:%M:%S")
        for form in forms:
            if _fits(tuple(each.name for each in (*date, hours)), [*date, hours], form):
                return _read(tuple(each.name for each in (*date, hours)), [*date, hours], form, last)
    names = tuple(each.name for each in date)
    return _read(names, date, "%Y %j", last) if not clocks and _fits(names, date, "%Y %j") else None


def _has_clocks(column: Column) -> bool:
    """Whether numbers are hours and minutes, to the end of a day: MST is also what a soil's temperature is called."""
    whole = all(number.is_integer() and 0 <= number <= 2400 and number % 100 < 60 for number in column.numbers)
    return is_clock(column.texts) or (whole and max(column.numbers, default=0) > 24)


def _with_clock(told: Told, columns: Sequence[Column], last: Sequence[str]) -> Told:
    """A date alone, together with the column that holds the time of day."""
    form = told.given["format"]
    if len(told.columns) == 3 and form in _DAYS_OF_PARTS:
        days = [next(column for column in columns if column.name == name) for name in told.given["columns"]]
        return _clocked(told, days, _DAYS_OF_PARTS[form], columns, last)
    whole = any(sign in form for sign in ("%H", "%I", "%j", "epoch"))
    if whole or form == "parts" or form in _MONTHS or form in _SERIAL:
        return told
    (at,) = told.columns
    day = next(column for column in columns if column.at == at)
    if form == "iso":
        if any(len(text.strip()) > 10 for text in day.texts[:50]):
            return told
        form = "%Y-%m-%d" if "-" in day.texts[0] else "%Y%m%d"
    return _clocked(told, [day], form, columns, last)


def is_clock(texts: Sequence[str]) -> bool:
    """Whether all of them are times of a day."""
    given = [text for text in texts[:TIMES] if text.strip()]
    return bool(given) and all(map(_WHOLE_CLOCK.fullmatch, given))


def _is_dotted(column: Column) -> bool:
    """Whether 22.30 is half past ten: two figures always, and others than hours with decimals have; 22.00 is ten either way."""
    texts = [text.strip() for text in column.texts if text.strip()]
    minutes = {text[-2:] for text in texts}
    return all(map(_DOTTED.fullmatch, texts)) and (minutes == {"00"} or not minutes <= _QUARTERS)


def _clocked(told: Told, days: Sequence[Column], form: str, columns: Sequence[Column], last: Sequence[str]) -> Told:
    """The columns of a date, together with one that holds the time of day, if there is one."""
    words = {word for day in days for word in day.plain.split()}
    of_clocks = [each for each in columns if each not in days and is_clock(each.texts)]
    only = of_clocks[0] if len(of_clocks) == 1 else None
    halves = list(filter(_tells_halves, columns))[:1]
    for other in sorted(columns, key=lambda each: (_may_name_a_clock(each), -len(words.intersection(each.plain.split())))):
        named = _names_a_clock(other) or (_OF_CLOCKS.match(other.plain) if other is only else None)
        told_by_name = bool(named) or not _ZONES_OF_CLOCKS.isdisjoint(other.plain.split())  # GMT beside GMT, not local
        told_by_name = told_by_name or (other not in days and _may_name_a_clock(other) and _run_on(days, other))
        if other in days or not (told_by_name or other is only):
            continue
        hourly = _PARTS[3].match(other.plain) is not None or other.plain == "hr mn"  # `hr` may be a humidity, too
        if not hourly and (quantity(other.plain)[0] or any(pattern.search(other.plain) for _, pattern in METHODS)):
            continue  # the time of an extreme
        for hours in _CLOCKS_OF_HALVES if halves else ():
            picked = [*days, other, *halves]
            names = tuple(each.name for each in picked)
            if _fits(names, picked, f"{form} {hours}"):
                return _read(names, picked, f"{form} {hours}", last)
        for hours in _CLOCKS:
            names = (*(day.name for day in days), other.name)
            few = other.numeric and max(other.numbers, default=0) <= 24
            whole = few and (hourly or any(number % 5 for number in other.numbers))
            if (few and hours == "%H%M") or (hours in _WHOLE_HOURS and not whole):
                continue  # 13 is an hour, where it would be 00:13 as a number of four digits; 0, 10 and 20 of a time are either
            if hours == "%H.%M" and not _is_dotted(other):
                continue
            if _fits(names, [*days, other], f"{form} {hours}"):
                if (not told_by_name or (hourly and quantity(other.plain)[0])) and not _goes_on_within_days(
                    _instants(_clock(names, f"{form} {hours}"), [*days, other])
                ):
                    break  # when the sun rises, or how long it shone
                return _to_the_minute([*days, other], f"{form} {hours}", columns, last)
    return told


def _names_a_clock(column: Column) -> bool:
    return any((TIME_NAMES.search(column.plain), _CLOCK_NAMES.match(column.plain), _PARTS[3].match(column.plain)))


def _may_name_a_clock(column: Column) -> bool:
    return _OF_SOME_HOURS.search(column.plain) is not None and not _names_a_clock(column)


def _to_the_minute(picked: list[Column], form: str, columns: Sequence[Column], last: Sequence[str]) -> Told:
    """The columns of a date and its hours, with those of minutes and seconds, if there are some."""
    for pattern, part in ((_PARTS[4], "%M"), (_SECONDS, "%S")) if form.endswith(" %H") else ():
        more = [each for each in columns if each not in picked and each.numeric and pattern.match(each.plain)]
        more = [each for each in more if each.at == picked[-1].at + 1 or len(each.plain) > 3]  # `min` may be a minimum
        if len(more) != 1 or not _fits(tuple(each.name for each in (*picked, *more)), [*picked, *more], f"{form} {part}"):
            break
        picked, form = [*picked, *more], f"{form} {part}"
    return _read(tuple(each.name for each in picked), picked, form, last)


def _run_on(days: Sequence[Column], clock: Column) -> bool:
    dates = zip(*(day.texts for day in days), strict=True)
    return run_on(
        [(day, number) for day, text in zip(dates, clock.texts, strict=True) if (number := _figures(text)) is not None]
    )


def _figures(text: str) -> float | None:
    return number_in("".join(filter(str.isdecimal, text)), ".")


def _tells_halves(column: Column) -> bool:
    texts = {text.strip().lower() for text in column.texts} - {""}
    return bool(texts) and texts <= _HALVES


def _goes_on_within_days(instants: Sequence[int]) -> bool:
    """Whether days have several times, mostly one step apart, which together go over half of each day or of all the time."""
    times = sorted({*instants})
    steps, days = steps_of(times), len({time // DAY for time in times})
    step = usual(times)
    regular = 2 * steps.count(step) > len(steps)
    return regular and 2 * len(times) > 3 * days and 2 * len(times) * step >= min(days * DAY, times[-1] - times[0])
