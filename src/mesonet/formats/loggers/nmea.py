"""Sentences of NMEA 0183 that tell of the weather, as a terminal or a logger kept them: `$WIMDA,29.98,I,1.0155,B,12.3,C,…*2D`.

Sources: NMEA 0183 (MDA, MTA, MHU, MMB, MWD, MWV, XDR, RMC, ZDA); Airmar, "WX Series technical manual" (transducers' names);
Vaisala, "User's Guide, WXT530 Series", "NMEA 0183" (their numbers). The time is a logger's stamp (see `stamped`), else that of
the last RMC or ZDA. MWV,R is an angle to the instrument: of one that stays where it is and looks to the north it is the wind,
which a file that tells a heading, a course or a speed is not of. MWV,T is reckoned and still to the bow, and is left.
"""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from operator import xor

from mesonet.domain.parameter import usual
from mesonet.formats.json_readings import Field, Readings, degrees, instant, located
from mesonet.formats.lines import Peeked
from mesonet.formats.loggers.stamped import Stamps, is_year_first, station_of
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import SHOWN
from mesonet.formats.text import Text, decode
from mesonet.regex import regex

NAME = "nmea"
RECORDS = LineRecords(applies=is_year_first)

_SENTENCE = regex(r"\$([A-Z][A-Z0-9])([A-Z]{3}),([^*$\n]*)(?:\*([0-9A-Fa-f]{2}))?")
_WEATHER = ("MDA", "MHU", "MMB", "MTA", "MWD", "MWV", "XDR")
_UNDER_WAY = ("HDG", "HDM", "HDT", "ROT", "VBW", "VHW", "VTG", "VWR", "VWT")
_SPEED = {"N": "[kn_i]", "M": "m/s", "K": "km/h", "S": "[mi_i]/h"}
_PRESSURE = {"B": "bar", "I": "[in_i'Hg]", "P": "Pa", "H": "hPa", "M": "mm[Hg]"}
_WIND, _FROM, _AIR = "wind_speed", "wind_from_direction", "air_temperature"
# kind of sentence: standard name, where its value stands, what must stand behind it, and what that means
_AT: dict[str, tuple[tuple[str, int, Mapping[str, str]], ...]] = {
    "MDA": (
        *(("air_pressure", at, _PRESSURE) for at in (2, 0)),
        (_AIR, 4, {"C": "Cel"}),
        ("relative_humidity", 8, {"": "%"}),
        ("dew_point_temperature", 10, {"C": "Cel"}),
        (_FROM, 12, {"T": "deg"}),
        *((_WIND, at, _SPEED) for at in (18, 16)),
    ),
    "MHU": (("relative_humidity", 0, {"": "%"}), ("dew_point_temperature", 2, {"C": "Cel"})),
    "MMB": tuple(("air_pressure", at, _PRESSURE) for at in (2, 0)),
    "MTA": ((_AIR, 0, {"C": "Cel"}),),
    "MWD": ((_FROM, 0, {"T": "deg"}), *((_WIND, at, _SPEED) for at in (6, 4))),
    "MWV": ((_FROM, 0, {"R": "deg"}), (_WIND, 2, _SPEED)),
}
# type of transducer: standard name, units, and what it is called where that is the weather's
_TRANSDUCERS: dict[str, tuple[str, Mapping[str, str], str]] = {
    "C": (_AIR, {"C": "Cel", "F": "[degF]"}, r"(?:AIR_?)?TEMP(?:_AIR)?|AIR|TA\d?|OAT|ENV_OUTSIDE_T"),
    "H": ("relative_humidity", {"P": "%", "": "%"}, r"RH\d?|HUM(?:IDITY)?|ENV_OUTSIDE_H|\d|"),
    "P": ("air_pressure", _PRESSURE, r"BARO(?:METER)?|PRESS(?:URE)?|STNP|PA\d?|ENV_ATMOS_P|\d"),
}
_NOT_THIS = "of a vessel under way, whose wind is left: the sentences tell it to the bow"
_AFLOAT = 2  # knots, which the position of one that stays does not seem to have
_NO_TIME = "no stamp stands before it, and no RMC or ZDA above it tells the time"


def sniff(head: bytes) -> Guess | None:
    lines = [line for line in decode(head[:8192]).split("\n") if line.strip()][:100]
    kinds = [match[2] for match in map(_SENTENCE.search, lines) if match]
    told = dict.fromkeys(kind for kind in kinds if kind in _WEATHER)
    if not told or 2 * len(kinds) < len(lines):
        return None
    return Guess(0.94, f"sentences of NMEA 0183 about the weather: {', '.join(told)}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    readings, text = Readings(values=context.values), Text(peeked)
    yield from readings.lines(text, _Log(decode(peeked.head), context, readings).line)
    yield from readings.end(encoding=text.described)


class _Log:
    def __init__(self, head: str, context: Context, readings: Readings) -> None:
        self._readings = readings
        self._stamps = Stamps(head, context, readings)
        self._station = station_of(context, "nmea", readings)
        kinds = {match[2] for match in _SENTENCE.finditer(head)}
        self._under_way = not kinds.isdisjoint(_UNDER_WAY)
        if self._under_way and "MWV" in kinds:
            readings.remark(_NOT_THIS)
        elif "MWV" in kinds:
            readings.remark("MWV,R is an angle to the instrument, which was taken to look to the north")
        self._now: int | None = None

    def line(self, row: int, line: str) -> Generator[Piece, None, str | None]:
        found = list(_SENTENCE.finditer(line)) if "$" in line else []
        for sentence in found:
            yield from self._take(sentence, line[: found[0].start()], row)
        passed = found or not line.strip() or line.lstrip().startswith(("!", "#"))  # AIS, and notes
        return None if passed else "no sentence such as $WIMWV,270.0,R,3.4,M,A*1B"

    def _take(self, sentence: re.Match[str], before: str, row: int) -> Iterator[Piece]:
        kind, fields = sentence[2], [field.strip() for field in sentence[3].split(",")]
        fault, column = "", ""
        if (told := sentence[4]) and reduce(xor, sentence[0][1:-3].encode()) != int(told, 16):
            fault, column = "the check sum is not that of the sentence", "*"
        elif kind in ("RMC", "ZDA"):
            self._clock(kind, fields)
        elif kind in _WEATHER and (given := self._given(kind, fields)):
            try:
                time = self._stamps.instant(before, self._station) if before.strip() else self._now
            except ValueError as exc:
                time = self._now
                fault = str(exc) if time is None else ""
            if time is not None:
                yield from self._readings.observe(self._station, time, row, given)
                return
            fault, column = fault or _NO_TIME, "time"
        if fault:
            yield self._readings.reject(fault, row, column, sentence[0][:SHOWN])

    def _clock(self, kind: str, at: Sequence[str]) -> None:
        """The date and time that a receiver tells; and where it is, if it does not move."""
        try:
            if kind == "ZDA":
                day, month, year = at[1:4]
            elif at[1] == "A":
                day, month, year = at[8][:2], at[8][2:4], f"{'19' if at[8][4:6] >= '80' else '20'}{at[8][4:6]}"
                speed = float(at[6] or 0)
                if speed >= _AFLOAT and not self._under_way:
                    self._under_way = True
                    self._readings.remark(_NOT_THIS)
                if not self._under_way and speed < 1:
                    self._readings.place(located(self._station, _degrees(at[2], at[3], 90), _degrees(at[4], at[5], 180)))
            else:
                return
            self._now = instant(f"{year}-{month}-{day}T{at[0][:2]}:{at[0][2:4]}:{at[0][4:6]}Z")[0]
        except (ValueError, IndexError):
            return  # a receiver that has no fix writes less

    def _given(self, kind: str, at: Sequence[str]) -> dict[Field, object]:
        if kind == "XDR":
            return self._transducers(at)
        if kind == "MWV" and (self._under_way or at[1:2] != ["R"] or at[4:5] == ["V"]):
            self._readings.leave(f"MWV,{at[1] if len(at) > 1 else ''}"[:5])
            return {}
        given: dict[Field, object] = {}
        names: set[str] = set()
        for standard_name, here, units in _AT[kind]:
            behind = at[here + 1] if here + 1 < len(at) and "" not in units else ""
            if here < len(at) and at[here] and standard_name not in names and (behind in units):
                names.add(standard_name)
                given[_field(kind, standard_name, units[behind])] = at[here]
        return given

    def _transducers(self, at: Sequence[str]) -> dict[Field, object]:
        """Transducers of a Vaisala have numbers: 0 of the temperature is the air's, where others stand beside it."""
        given: dict[Field, object] = {}
        names: set[str] = set()
        readings = list(zip(at[0::4], at[1::4], at[2::4], at[3::4], strict=False))
        numbered = any(kind in ("H", "P") and name.isdecimal() for kind, _, _, name in readings)
        for kind, value, unit, name in readings:
            standard_name, units, called = _TRANSDUCERS.get(kind, ("", {}, ""))
            known = bool(called) and (regex(called).fullmatch(name.upper()) or (kind == "C" and numbered and name == "0"))
            if not known or standard_name in names or unit not in units:
                self._readings.leave(f"XDR,{kind},{name}"[:40])
            elif value:
                names.add(standard_name)
                given[_field("XDR", standard_name, units[unit])] = value
        return given


@lru_cache(maxsize=256)
def _field(kind: str, standard_name: str, unit: str) -> Field:
    return Field(f"{kind} {standard_name}", usual(standard_name), unit)


def _degrees(text: str, half: str, limit: int) -> float:
    """Degrees and minutes: 4807.038 N. Raises ValueError."""
    whole, minutes = divmod(float(text), 100)
    return degrees(f"{(whole + minutes / 60) * (-1 if half in ('S', 'W') else 1):.6f}", limit)
