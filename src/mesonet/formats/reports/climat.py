"""CLIMAT, the monthly values of stations on land, as bulletins of text (FM 71).

Source: WMO-No. 306, Manual on Codes, volume I.1, FM 71-XII CLIMAT: `CLIMAT MMJJJ`, then of each station `IIiii 111` and the
groups of section 1, in tenths, a figure of 1 before what is below zero, pressures without their thousands; a report ends with
`=`. The normals of section 2 and the days of sections 3 and 4 have no parameter. A month stands at its first day.
"""

import re
from collections.abc import Iterator

from mesonet.domain.observation import Reject
from mesonet.formats.elements import MONTH
from mesonet.formats.json_readings import Field, Readings, field_of, instant
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.reports.bulletins import Raw, Reports
from mesonet.formats.reports.dwd_climat import HIGHEST, LOWEST
from mesonet.formats.table import SHOWN
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "climat"

_MONTH = regex(r"CLIMAT\s+(0[1-9]|1[0-2])[/ ]?((?:19|20)\d\d|[09]?\d\d)(?!\S)\s*", re.ASCII)  # some write 03/24
_BEGINS = regex(r"CLIMAT\s|\d{5}\s+(?:111|NIL)\b", re.ASCII)
_REPORT = regex(r"(\d{5})\s+(?:111\s+(?P<groups>.*)|NIL)", re.ASCII | re.DOTALL)
_SECTION = regex(r"\s(?:222|333|444|555)(?:\s|$)")


_STATION_PRESSURE = field_of("PoPoPoPo", "air_pressure", "0.1 hPa", "mean", MONTH)
_SEA_PRESSURE = field_of("PPPP", "air_pressure_at_mean_sea_level", "0.1 hPa", "mean", MONTH)
_MEAN = field_of("TTT", "air_temperature", "0.1 Cel", "mean", MONTH)
_HIGH = field_of("TxTxTx", "air_temperature", "0.1 Cel", "maximum_within_days_mean_over_days", MONTH)
_LOW = field_of("TnTnTn", "air_temperature", "0.1 Cel", "minimum_within_days_mean_over_days", MONTH)
_VAPOUR = field_of("eee", "water_vapor_partial_pressure_in_air", "0.1 hPa", "mean", MONTH)
_RAIN = field_of("R1R1R1R1", "precipitation_amount", "mm", "sum", MONTH)
_SUN = field_of("S1S1S1", "duration_of_sunshine", "h", "sum", MONTH)
# the groups of section 1, of which a stroke is a figure that is not known
_GROUPS: tuple[tuple[re.Pattern[str], tuple[Field, ...]], ...] = (
    (regex(r"1([\d/]{4})"), (_STATION_PRESSURE,)),
    (regex(r"2([\d/]{4})"), (_SEA_PRESSURE,)),
    (regex(r"3([01/][\d/]{3})[\d/]{3}"), (_MEAN,)),
    (regex(r"4([01/][\d/]{3})([01/][\d/]{3})"), (_HIGH, _LOW)),
    (regex(r"5([\d/]{3})"), (_VAPOUR,)),
    (regex(r"6([\d/]{4})[\d/]{3}"), (_RAIN,)),
    (regex(r"7([\d/]{3})[\d/]{3}"), (_SUN,)),
    (regex(r"[89][\d/]{6}"), ()),  # days of which records are missing
)
_AMONG = regex(r"(?m)^[ \t]*(?:AAXX\s+\d{5}|BBXX\s|METAR\s|SPECI\s)")  # reports of other code forms, which others read
_LITTLE = "9999"  # millimetres: some rain, but less than one


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:8192])
    found = regex(rf"(?m)^[ \t]*{_MONTH.pattern}", re.ASCII).search(text)
    if found is None:
        return None
    return Guess(0.8 if _AMONG.search(text) else 0.97, f"CLIMAT reports of the month {found[1]} of the year …{found[2]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    readings = Readings(values=context.values)
    readings.remark("section 1 is taken: what was observed; normals and counts of days are not")
    source, month = Reports(stream, _BEGINS), None
    for raw in source:
        if not isinstance(raw, Raw):
            continue
        text = raw.text
        if told := _MONTH.match(text):
            month, text = f"{_year(told[2])}-{told[1]}-01", text[told.end() :]
            if not text:
                continue
        readings.rows += 1
        if raw.fault or month is None:
            yield Reject(reason=raw.fault or "no line above says the month (CLIMAT MMJJJ)", row=raw.row, value=text[:SHOWN])
            continue
        report = _REPORT.fullmatch(text)
        if report is None:
            yield Reject(reason="not a report of a station: its number, and 111", row=raw.row, value=text[:SHOWN])
        elif report["groups"] is None:
            readings.remark("stations without a report (NIL) are left out")
        else:
            given: dict[Field, object] = {}
            for group in _SECTION.split(f" {report['groups']} ", maxsplit=1)[0].split():
                reason = _take(group, given)
                if reason:
                    yield Reject(reason=reason, row=raw.row, column=report[1], value=group[:SHOWN])
            readings.rows -= 1  # counted with what it observed
            yield from readings.observe(f"0-20000-0-{report[1]}", instant(month)[0], raw.row, given)
    yield from readings.end(encoding=source.text.described)


def _year(figures: str) -> int:
    """Of the last two or three figures of a year: 997 is 1997, 024 is 2024."""
    if len(figures) == 4:
        return int(figures)
    if len(figures) == 3:
        return int(figures) + (2000 if figures[0] == "0" else 1000)
    return int(figures) + (2000 if figures < "60" else 1900)


def _take(group: str, given: dict[Field, object]) -> str:
    """Adds what a group says; else the reason why it says nothing."""
    found = next(((match, fields) for pattern, fields in _GROUPS if (match := pattern.fullmatch(group))), None)
    if found is None:
        return "no group of section 1"
    match, fields = found
    if any(each in given for each in fields):
        return "a group that stands there already"
    for each, figures in zip(fields, match.groups(), strict=True):
        given[each] = None
        if "/" in figures:
            continue
        if each in (_MEAN, _HIGH, _LOW):
            given[each] = f"{'-' * (figures[0] == '1')}{figures[1:]}"
        elif each in (_STATION_PRESSURE, _SEA_PRESSURE):
            given[each] = f"1{figures}" if figures < "5" else figures
            if each is _SEA_PRESSURE and not LOWEST < int(f"{given[each]}") < HIGHEST:
                del given[each]
                return "no pressure at the level of the sea: the height of a pressure's level, which is not taken"
        elif each is _RAIN and figures == _LITTLE:
            given[each] = "0"
        else:
            given[each] = figures
    return ""
