"""A report in METAR or SPECI, group by group.

Source: WMO-No. 306, Manual on Codes, Volume I.1, FM 15 and FM 16; for North American remarks FMH-1 (Federal Meteorological
Handbook No. 1, FCM-H1, chapter 12).

- The identifier of a station is its location indicator. Times are those of the report; a period ends there.
- QNH (`Q1013`, `A2992`) is pressure reduced to sea level by the standard atmosphere. It is not the
  `air_pressure_at_mean_sea_level` that `SLP134` is, and CF has no name for it: it is `altimeter_setting` here (BUFR 0 10 052).
- `T02500161` (tenths) goes before `25/16`; where they differ by more than a degree the report contradicts itself: suspect.
- What is coded as a bound stands at the bound: 9999 and CAVOK are 10 km, M1/4SM is a quarter of a mile.
- A wind of calm or variable direction has no direction: missing.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from mesonet.domain.instant import DAY, SECOND
from mesonet.domain.observation import NOT_EVALUATED, SUSPECT, Reject
from mesonet.formats.reading import Piece
from mesonet.formats.reports.bulletins import (
    FORECAST,
    LONGEST_REPORT,
    NOTHING,
    TOO_LONG,
    Calendar,
    Gathered,
    Kind,
    Raw,
    Report,
    foreign,
    kind,
)
from mesonet.formats.table import SHOWN
from mesonet.regex import regex

_STATION = regex(r"[A-Z][A-Z0-9]{3}")
_TIME = regex(r"(\d\d)(\d\d)(\d\d)Z?")
_VALIDITY = regex(r"\d{4}/\d{4}|\d{6}")  # from when to when a forecast is, today and as it was before 2008
_MODIFIER = regex(r"AUTO|COR|RTD|AMD|CC[A-Z]|RR[A-Z]")

_MILES = regex(r"[PM]?(?P<over>\d{1,3})(?:/(?P<under>\d{1,2}))?SM")
# what says something that is taken, or that it is missing
_SHAPE = regex(
    r"(?P<wind>(?P<direction>\d{3}|VRB|///|MMM)(?P<speed>P?\d{2,3}|//|MM)(?:G(?P<gust>P?\d{2,3}|//|MM))?(?P<unit>KTS?|MPS|KMH))"
    rf"|(?P<visibility>CAVOK|////)|(?P<miles>{_MILES.pattern})|[PM]?(?P<metres>\d{{4}})(?:NDV|[NS]?[EW]?)"
    r"|(?P<kilometres>\d{1,2})KM|(?P<pressure>(?P<by>QNH|Q|A)(?P<qnh>\d{4}(?:\.\d)?|////)(?:INS)?)"
    r"|(?P<temperatures>(?=.*[0-9MX])(?P<air>M?\d\d|//|MM|XX|M|)/(?P<dew>M?\d\d|//|MM|XX|M|))"
    r"|W(?P<sea>M?\d\d|//)/(?:S[\d/]|H[\d/]{1,3})|(?P<missing>/{1,9}|/{4}(?:SM|NDV)|[MX]{2}SM|M)"
)

# known groups for which there is no parameter: what they are, and their shapes
_OTHERS = (
    (
        "cloud",
        (
            r"(?:FEW|SCT|BKN|OVC|VV|///)(?:\d{3}|///)(?:CB|TCU|///)?|(?:FEW|SCT|BKN|OVC)(?:CB|TCU)?|SKC|CLR|NSC|NCD|CB|TCU"
            r"|/{6}|/{9}|/{3}(?:CB|TCU)"
        ),
    ),
    (
        "weather",
        (
            r"(?:[-+]|VC|RE)?(?:MI|BC|PR|DR|BL|SH|TS|FZ|DZ|RA|SN|SG|IC|PL|PE|GR|GS|UP|BR|FG|FU|VA|DU|SA|HZ|PO|SQ|FC|SS|DS|PY){1,5}"
            r"|VC|NSW|(?:RE)?//|[-+]?VCTS|TORNADO"
        ),
    ),
    ("runway", r"R\d\d\S*|R/SNOCLO|SNOCLO|\d\d(?:[0-9/]{4}|CLRD)[0-9/]{2}|WS|ALL|RWY|RWY?\d\d[LCR]?"),
    ("variable wind", r"\d{3}V\d{3}"),
    ("colour", r"(?:BLACK)?(?:BLU|WHT|GRN|YLO[12]?|AMB|RED)\+?"),
    ("pressure at the aerodrome", r"QF[EF]\S+"),
    ("trend", r"NOSIG|BECMG|TEMPO|INTER|PROB\d\d|FM\d{4}(?:\d\d)?"),
    ("nothing", _MODIFIER.pattern + r"|\$"),
)
_OTHER = regex("|".join(f"({shape})" for _, shape in _OTHERS))

_REMARK = regex(
    r"SLP(?P<slp>\d{3}|///|NO)|T(?P<t>[01]\d{3})(?P<td>[01]\d{3})?|P(?P<hour>\d{4}|////)|6(?P<six>\d{4}|////)|7(?P<day>\d{4}|////)"
    r"|1(?P<high>[01]\d{3}|////)|2(?P<low>[01]\d{3}|////)|4(?P<high24>[01]\d{3}|////)(?P<low24>[01]\d{3}|////)"
    r"|5(?P<a>[0-8])(?P<change>\d{3})|4/(?P<snow>\d{3})|933(?P<water>\d{3})|QFE(?P<mmhg>[4-7]\d\d(?:\.\d)?)(?:/(?P<qfe>\d{4}))?"
)

_LONGEST_OTHER = 40  # a runway's visual range with all its letters has some twenty
_LONGEST_REMARK = 14  # QFE752.3/1003, the pressure at the aerodrome in mm of mercury and in hPa, of Russia and its neighbours

_LOWEST, _HIGHEST = 850.0, 1100.0  # hPa; QNH has been between 870 (typhoon Tip) and 1084 (Agata, Siberia)
_SPEED_UNITS = {"KT": "kt", "KTS": "kt", "MPS": "m/s", "KMH": "km/h"}
_TENTHS_DIFFER = 1.0  # the whole degree is rounded from the tenths; more than that is another temperature


def take(
    raw: Raw, speci: bool, calendar: Calendar, gathered: Gathered, others: Counter[str], given: int | None = None
) -> Iterator[Piece]:
    """One report. An instant that is `given` goes before the day and time that stand in it."""
    if len(raw.text) > LONGEST_REPORT:  # in a column, or an element of XML, where nothing has parted it
        yield Reject(reason=TOO_LONG, row=raw.row, value=raw.text[:SHOWN])
        return
    if other := foreign(raw.text.upper()):
        yield Reject(reason=other, row=raw.row, value=raw.text[:SHOWN])
        return
    words = raw.text.split()
    if words[0].upper() in ("METAR", "SPECI"):
        speci = words.pop(0).upper() == "SPECI"
    while words and words[0].upper() == "COR":  # a correction stands below what it corrects, and the later row wins
        words.pop(0)
    station = words.pop(0).upper() if words else ""
    while words and not words[0][0].isdecimal() and _MODIFIER.fullmatch(words[0].upper()):
        words.pop(0)
    if station == "TAF" or any(map(_VALIDITY.fullmatch, words[1:2])):
        yield Reject(reason=FORECAST, row=raw.row, value=raw.text[:SHOWN])
        return
    if not _STATION.fullmatch(station):
        reason = "not a location indicator, with which a report begins" if station else "a report without a station"
        yield Reject(reason=reason, row=raw.row, column="station", value=raw.text[:SHOWN])
        return
    time = _TIME.fullmatch(words[0].upper()) if words else None
    if not time:
        shown = " ".join([station, *words])
        yield Reject(reason="no day and time follow the station", row=raw.row, column="time", value=shown[:SHOWN])
        return
    try:
        moment = calendar.instant(int(time[1]), int(time[2]), int(time[3])) if given is None else given
    except ValueError as exc:
        yield Reject(reason=str(exc), row=raw.row, column="time", value=words[0])
        return
    if not words[1:]:
        yield Reject(reason=NOTHING, row=raw.row, value=raw.text[:SHOWN])
        return
    report = _Report(moment, speci, others)
    report.take(words[1:])
    yield from report.taken(station, moment, raw, gathered)


class _Report(Report):
    """The groups behind the time of a report."""

    def __init__(self, moment: int, speci: bool, others: Counter[str]) -> None:
        super().__init__(others)
        self._moment = moment
        self._speci = speci
        self._qnh: float | None = None

    def take(self, words: list[str]) -> None:
        at = 0
        trend = False
        while at < len(words):
            word = words[at]
            group = word.upper()
            at += 1
            if group in ("RMK", "RMKS"):
                self._remarks(words[at:])
                break
            name = _other(group)
            if trend or name == "nothing":
                continue
            if name == "trend":
                self.others["trend"] += 1
                trend = True
            elif name:
                self.others[name] += 1
            elif group.isdecimal() and len(group) <= 2 and at < len(words) and (miles := _MILES.fullmatch(words[at].upper())):
                self._miles(f"{word} {words[at]}", int(group), miles)
                at += 1
            else:
                self._group(word, group)
        if "/////" in words:
            self.set(_AIR, None, "/////")
            self.set(_DEW, None, "/////")

    def _group(self, word: str, group: str) -> None:
        found = _shape(group)
        shape = found.lastgroup if found else None
        if found is None:
            self._unknown(word, group)
        elif shape == "wind":
            self._wind(word, found)
        elif shape == "miles":
            self._miles(word, 0, found)
        elif shape == "metres" and not self.says(_AIR):
            if self.says(_visibility("m")):
                self.others["directional visibility"] += 1
            number = float(found["metres"])
            self.set(_visibility("m"), 10_000.0 if number == 9999 else number, word)
        elif shape == "kilometres":
            self.set(_visibility("km"), float(found["kilometres"]), word)
        elif shape == "pressure":
            self._pressure(word, found)
        elif shape == "temperatures" and not self.says(_AIR):
            self.set(_AIR, _degrees(found["air"]), word)
            self.set(_DEW, _degrees(found["dew"]), word)
        elif shape == "sea":
            self.set(_SEA_SURFACE, _degrees(found["sea"]), word)
        elif shape == "visibility":
            self.set(_visibility("m"), 10_000.0 if group == "CAVOK" else None, word)
        elif shape != "missing":
            self._unknown(word, group)

    def _unknown(self, word: str, group: str) -> None:
        if (self._qnh is not None or self.says(_AIR)) and not any(map(str.isdigit, group)):
            self.others["remarks (words)"] += 1  # in plain language, without the RMK that announces it
        else:
            self.fault("report", word, "not a group of a METAR")

    def _wind(self, word: str, wind: re.Match[str]) -> None:
        direction, speed, gust, unit = wind.group("direction", "speed", "gust", "unit")
        unit = _SPEED_UNITS[unit]
        for name, standard_name, text in (("wind speed", "wind_speed", speed), ("gust", "wind_speed_of_gust", gust)):
            if text is None:
                continue
            if text.startswith("P"):
                self.fault(name, word, "more than that, without saying how much")
            else:
                self.set(kind(name, standard_name, unit), None if text in ("//", "MM") else float(text), word)
        degrees = int(direction) if direction.isdecimal() else None
        if degrees is not None and degrees > 360:
            self.fault("wind direction", word, "a compass has 360 degrees")
        elif degrees == 0 and speed.strip("0/M"):
            self.fault("wind direction", word, "000 is the direction of a calm; north is 360")
        else:
            self.set(_DIRECTION, float(degrees) if degrees else None, word)

    def _miles(self, word: str, whole: int, found: re.Match[str]) -> None:
        over, under = int(found["over"]), int(found["under"] or 1)
        if found["under"] and not whole and over >= max(under, 11):  # 11/2SM: fractions are below 1 (FMH-1), so a blank is lost
            whole, over = divmod(over, 10)
        if not under or (found["under"] and over >= under):
            self.fault("visibility", word, "not a fraction")
        else:
            self.set(_visibility("mi"), round(whole + over / under, 6), word)

    def _pressure(self, word: str, found: re.Match[str]) -> None:
        inches = found["by"] == "A" or word.upper().endswith("INS")
        which = kind("QNH", "altimeter_setting", "inHg" if inches else "hPa")
        if found["qnh"] == "////":
            self.set(which, None, word)
            return
        number = round(float(found["qnh"]) / 100, 4) if inches else float(found["qnh"])
        pressure = which.conversion(number)
        if _LOWEST <= pressure <= _HIGHEST:
            self._qnh = self._qnh or pressure
            self.set(which, number, word)
        else:
            self.fault("QNH", word, f"{pressure:g} hPa is beyond any pressure at sea level")

    def _remarks(self, words: list[str]) -> None:
        hour = self._nominal_hour()
        for word in words:
            found = _remark(word) if len(word) <= _LONGEST_REMARK else None
            if not found:
                self.others["remarks (words)"] += 1
                continue
            which = found.lastgroup
            if which == "mmhg" or which == "qfe":
                unit, pressure = ("hPa", found["qfe"]) if found["qfe"] else ("mmHg", found["mmhg"])
                self.set(kind("pressure at the aerodrome", "air_pressure", unit), float(pressure), word)
                continue
            part = found[which] if which else ""
            missing = "/" in part
            if which == "slp":
                self._sea_level(word, part)
            elif which == "t" or which == "td":
                for each, digits in ((_AIR, found["t"]), (_DEW, found["td"])):
                    if digits:
                        self._tenths(word, each, _tenths(digits))
            elif which == "high" or which == "low":
                method = "maximum" if which == "high" else "minimum"
                extreme = kind(f"6 h {method}", "air_temperature", "Cel", method, "PT6H")
                self.set(extreme, None if missing else _tenths(part), word)
            elif which == "low24":
                for method, digits in (("maximum", found["high24"]), ("minimum", found["low24"])):
                    extreme = kind(f"24 h {method}", "air_temperature", "Cel", method, "PT24H")
                    self.set(extreme, None if "/" in digits else _tenths(digits), word)
            elif which == "change":
                sign = -1 if found["a"] in "5678" else 1
                self.set(_TENDENCY, sign * int(found["change"]) / 10, word)
            elif which == "hour" or which == "six" or which == "day":
                self._precipitation(word, which, None if missing else int(part) / 100, hour)
            elif which == "snow":
                self.set(kind("snow depth", "surface_snow_thickness", "in"), float(part), word)
            elif which == "water":
                self.set(kind("water of the snow", "lwe_thickness_of_surface_snow_amount", "in"), int(part) / 10, word)

    def _precipitation(self, word: str, which: str, inches: float | None, hour: int | None) -> None:
        """FMH-1, 12.7.2: hourly in an hourly report, else since the last one; of 3 or 6 hours by the hour of the report."""
        if which == "day":
            duration = "PT24H"
        elif which == "hour":
            if self._speci or hour is None or self._moment % (3600 * SECOND) // (60 * SECOND) in range(1, 45):
                reason = "precipitation since the last hourly report: over which time is not said"
                self.fault("precipitation", word, reason)
                return
            duration = "PT1H"
        elif hour is None or hour % 3:
            self.fault("precipitation", word, "of 3 or of 6 hours, but not at an hour at which either is sent")
            return
        else:
            duration = "PT3H" if hour % 6 else "PT6H"
        name = f"precipitation, {duration[2:-1]} h"
        self.set(kind(name, "precipitation_amount", "in", "sum", duration), inches, word)

    def _nominal_hour(self) -> int | None:
        """The full hour that the report is for: it is made in the quarter before it or just after."""
        hour, rest = divmod(self._moment % DAY, 3600 * SECOND)
        minute = rest // (60 * SECOND)
        if minute >= 45:
            return (hour + 1) % 24
        return hour if minute < 15 else None

    def _sea_level(self, word: str, part: str) -> None:
        """Tens, units and tenths of hPa: of the two pressures that end so, the one nearer to QNH, or to a usual one."""
        if not part.isdecimal():
            self.set(_SEA_LEVEL, None, word)
            return
        tenths = int(part) / 10
        near = self._qnh or 1000.0
        self.set(_SEA_LEVEL, min((900 + tenths, 1000 + tenths), key=lambda number: abs(number - near)), word)

    def _tenths(self, word: str, which: Kind, number: float) -> None:
        whole = self.fields.get(which, (None, "", 0))[0]
        differs = whole is not None and abs(whole - number) > _TENTHS_DIFFER
        self.replace(which, number, word, SUSPECT if differs else NOT_EVALUATED)


@lru_cache(maxsize=4096)
def _shape(group: str) -> re.Match[str] | None:
    return _SHAPE.fullmatch(group)


@lru_cache(maxsize=4096)  # the same few groups come again and again
def _other(group: str) -> str | None:
    """What a group is that has no parameter; None of any other."""
    found = _OTHER.fullmatch(group) if len(group) <= _LONGEST_OTHER else None
    return _OTHERS[found.lastindex - 1][0] if found and found.lastindex else None


@lru_cache(maxsize=4096)
def _remark(word: str) -> re.Match[str] | None:
    return _REMARK.fullmatch(word.upper())


def _degrees(text: str) -> float | None:
    """Of `M07`; None where nothing was observed."""
    if not text or not text[-1].isdecimal():
        return None
    return 0.0 - int(text[1:]) if text[0] == "M" else float(text)


def _tenths(digits: str) -> float:
    """Of `1044`, -4.4: the first figure is the sign."""
    number = int(digits[1:]) / 10
    return 0.0 - number if digits[0] == "1" else number


def _visibility(unit: str) -> Kind:
    return kind("visibility", "visibility_in_air", unit)


_AIR = kind("temperature", "air_temperature", "Cel")
_DEW = kind("dew point", "dew_point_temperature", "Cel")
_DIRECTION = kind("wind direction", "wind_from_direction", "deg")
_SEA_LEVEL = kind("sea level pressure", "air_pressure_at_mean_sea_level", "hPa")
_SEA_SURFACE = kind("sea temperature", "sea_surface_temperature", "Cel")
_TENDENCY = kind("pressure tendency", "tendency_of_air_pressure", "hPa", duration="PT3H")
