"""ZRXP, in which Kisters' WISKI and what feeds it exchange time series: a head of keywords, then a time and a value a row.

Source: Kisters, "ZRXP format specification 3.0": a head is of lines that begin with `#`, its keywords parted by `|*|` or `;*;`,
each with its value joined to it (`SANR10015`, `CUNIT°C`, `TZUTC+1`, `RINVAL-777`); any number of series follow each other. Of
a quantity only its name is told (CNAME, CNR), in whatever language: it is taken where the name leaves no doubt and the unit is
its own. Water levels and what else is no weather is left, forecasts too.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from mesonet.domain.instant import DAY, SECOND
from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import Reject
from mesonet.domain.parameter import POINT
from mesonet.errors import InvalidMapping
from mesonet.formats.json_readings import HELD, Field, Readings, identified, located, of_file
from mesonet.formats.networks.named_series import meaning
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import SHOWN, Strays, torn
from mesonet.formats.text import Text, decode
from mesonet.formats.times import Clock, clock
from mesonet.record import dataclass, field
from mesonet.regex import regex

NAME = "zrxp"

_KEYWORD = regex(
    r"(ZRXPVERSION|ZRXPMODE|ZRXPCREATOR|REXCHANGE|SANR|SNAME|SWATER|CNR|CNAME|CUNIT|CMW|CTYPE|RINVAL|RTYPE|RTIMELVL|TZ|TSPATH"
    r"|LAYOUT)(.*)"
)
_PARTED = regex(r"[|;]\*[|;]?")
_HEAD = regex(r"(?m)^#[^\n]*(?:ZRXPVERSION|REXCHANGE)[^\n]*[|;]\*[|;]")
_STAMP = regex(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)?)?)?", re.ASCII)
_FIELDS = regex(r'"[^"]*"|[^\s;,]+')
_ZONE = regex(r"(?:UTC|GMT)([+-]?\d{1,2})(?::?(\d\d))?")
_ZONES = {"UTC": "UTC", "GMT": "UTC", "MEZ": "+01:00", "CET": "+01:00"}
_FORECAST = ("forecast", "member")
_BEGINNING = ("ZRXPVERSION", "REXCHANGE", "SANR")  # a head that has one of them has it once
_USUAL = "(timestamp,value,status)"  # where no LAYOUT says another; the status is a number, and may be left out
_WITH_STATUS = regex(r"\s*[^\s,;]+\s+[^\s,;]+\s+[0-9]{1,3}\s*")  # 12,7 is no value with a status
_WIDEST = 50  # columns of a LAYOUT
_GONE = "-777"  # a missing value, where RINVAL does not say another
# names that are codes: MeteoIO's and those of German networks
_CODES = {
    **dict.fromkeys(("TA", "LT"), "air_temperature"),
    "RH": "relative_humidity",
    "VW": "wind_speed",
    "DW": "wind_from_direction",
    "ISWR": "surface_downwelling_shortwave_flux_in_air",
    "ILWR": "surface_downwelling_longwave_flux_in_air",
    "PSUM": "precipitation_amount",
    "HS": "surface_snow_thickness",
}
_OF_DAYS = regex(r"(?i)(?:tag(?:es)?|day|daily)[._ -]*")  # as what TSPATH ends with begins: Tag.Max


@dataclass(slots=True)
class _Series:
    """A head, and the rows below it that were not given away yet. `given` is decided by the first of them."""

    keywords: dict[str, str] = field(default_factory=dict)
    row: int = 0
    begun: bool = False
    hands: Clock | None = None
    layout: tuple[str, ...] = ()
    given: Field | None = None
    station: str = ""
    texts: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:8192])
    if not _HEAD.search(text):
        return None
    told = [name for key, name in _keywords(text.split("\n")) if key in ("SANR", "SNAME", "CNAME", "CUNIT")]
    return Guess(0.97, f"time series in ZRXP (Kisters): {', '.join(told)[:120] or 'without names'}")


def _keywords(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line.startswith("#") and not line.startswith("##"):
            for part in _PARTED.split(line[1:]):
                if found := _KEYWORD.fullmatch(part.strip(" \r\t#")):
                    yield found[1], found[2].strip()


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    readings = Readings(values=context.values)
    text, row, strays = Text(stream), 0, Strays()
    series = _Series()
    for block in text:
        for line in block.removesuffix("\n").split("\n"):
            row += 1
            if line.startswith("#"):
                told = dict(_keywords([line]))
                if series.begun or any(key in told and key in series.keywords for key in _BEGINNING):
                    yield from _give(series, readings)
                    series = _Series()
                series.keywords |= told
            elif line.strip():
                if not series.begun:
                    yield from _begin(series, row, context, readings)
                if (many := _row(series, line, row, readings)) is not None:
                    yield from strays.tell(_unlike(many, len(series.layout)), row, line)
                if len(series.rows) >= HELD:
                    yield from _give(series, readings)
        yield from strays.rest()
    yield from torn(text)
    if series.begun:
        yield from _give(series, readings)
    yield from readings.end(encoding=text.described)


def _begin(series: _Series, row: int, context: Context, readings: Readings) -> Iterator[Reject]:
    """Station and clock of a series whose rows begin."""
    series.begun, series.row = True, row
    told = series.keywords
    series.station = identified(told.get("SANR", "")) or identified(told.get("REXCHANGE", "")) or ""
    if not told.get("SANR"):
        series.station = series.station or of_file(context.key, "zrxp")
        readings.remark(f"no SANR names the station: it is called {series.station}", "station")
    elif not series.station:
        yield Reject(reason="SANR is no identifier of a station", row=row, column="SANR", value=told["SANR"][:SHOWN])
        return  # rows of nobody
    elif name := told.get("SNAME"):
        readings.place(located(series.station, None, None, name=name))
    zone = _zone(told.get("TZ", "UTC"))
    if "TZ" not in told:
        readings.remark("the times have no zone (TZ) and were taken as UTC", "zone")
    try:
        series.hands = clock(TimeColumns(columns=("timestamp",), zone=zone))
    except InvalidMapping:
        yield Reject(reason="no time zone, such as UTC+1", row=row, column="TZ", value=told["TZ"][:SHOWN])
    names = told.get("LAYOUT", _USUAL).strip("() ").split(",", _WIDEST)
    layout = tuple(name.strip().lower() for name in names)
    if len(layout) > _WIDEST:
        yield Reject(reason=f"the LAYOUT has over {_WIDEST} columns", row=row, column="LAYOUT", value=told["LAYOUT"][:SHOWN])
    elif "timestamp" not in layout or "value" not in layout:
        yield Reject(reason="the LAYOUT has no timestamp and value", row=row, column="LAYOUT", value=", ".join(layout)[:SHOWN])
    else:
        series.layout = layout


def _zone(text: str) -> str:
    """TZ in ISO's form: UTC+1 is +01:00."""
    if text in _ZONES:
        return _ZONES[text]
    if not (found := _ZONE.fullmatch(text)):
        return text
    hours = int(found[1])
    return f"{'-' if found[1].startswith('-') else '+'}{abs(hours):02d}:{found[2] or '00'}"


def _row(series: _Series, line: str, row: int, readings: Readings) -> int | None:
    """Takes a row; returns how many fields it has where it is none of the layout."""
    layout = series.layout
    readings.rows += 1
    if not layout or series.hands is None:
        return None
    fields = _FIELDS.findall(line)
    at, value = layout.index("timestamp"), layout.index("value")
    unlike = "LAYOUT" not in series.keywords and len(fields) == len(layout) and not _WITH_STATUS.fullmatch(line)
    if unlike or not max(at, value) < len(fields) <= len(layout):
        return len(fields)
    if any(name in layout for name in _FORECAST):
        readings.leave("forecasts")
        return None
    series.texts.append(_iso(fields[at]))
    series.values.append(fields[value])
    series.rows.append(row)
    return None


@lru_cache(maxsize=64)
def _unlike(fields: int, width: int) -> str:
    return f"the row has {fields} fields where LAYOUT has {width}"


def _iso(text: str) -> str:
    """20240101120000, or less of it, in ISO's form; what is in another is left as it is."""
    if not (found := _STAMP.fullmatch(text)):
        return text
    year, month, day, *clock_ = found.groups()
    return f"{year}-{month}-{day}T{':'.join(part or '00' for part in clock_)}"


def _give(series: _Series, readings: Readings) -> Iterator[Piece]:
    """The rows held so far."""
    texts, values, rows = series.texts, series.values, series.rows
    series.texts, series.values, series.rows = [], [], []
    hands = series.hands
    if hands is None or not rows:
        return
    hands.learn(set(texts))
    for row, text in zip(rows, texts, strict=True):
        if text in hands.faults:
            yield Reject(reason=hands.faults[text], row=row, column="timestamp", value=text[:SHOWN])
    kept = [at for at, text in enumerate(texts) if text not in hands.faults]
    if not kept:
        return
    times, _ = hands.resolve([texts[at] for at in kept], series.station)
    name = series.keywords.get("CNAME") or series.keywords.get("CNR") or "value"
    if series.given is None:
        series.given = _field(series.keywords, name, times, readings)
    readings.rows -= len(kept)  # which counts them itself
    if series.given is None:
        readings.leave(name, len(kept))
        yield from readings.series(series.station, times, {}, rows=[rows[at] for at in kept])
        return
    missing = series.keywords.get("RINVAL") or _GONE
    gone = _number(missing)
    known = {text: None if text == missing or (gone is not None and _number(text) == gone) else text for text in set(values)}
    yield from readings.series(
        series.station, times, {series.given: [known[values[at]] for at in kept]}, rows=[rows[at] for at in kept]
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _field(told: dict[str, str], name: str, times: Sequence[int], readings: Readings) -> Field | None:
    """What a series is of; None where its name does not say it, or its unit is another's."""
    path = told.get("TSPATH", "").rpartition("/")[2]
    step = DAY if _OF_DAYS.match(path) else _step(told.get("CMW", ""), times)
    ways = (told.get("RTYPE", ""), _OF_DAYS.sub(" ", path))
    longest = DAY // 24 if told.get("CMW") else DAY - 1
    known = meaning(name.strip(), told.get("CUNIT", "").strip(), _CODES, ways=ways, step=step, longest=longest, of_a_date=True)
    if isinstance(known, str):
        readings.remark(f"{name} was not taken: {known}")
        return None
    if known is not None and known.parameter.method != POINT:
        lasting = f"the {known.parameter.method} over {known.parameter.duration}"
        readings.remark(f"{name} is taken as {lasting} before its time, by the time between values")
    return known


def _step(a_day: str, times: Sequence[int]) -> int | None:
    """Milliseconds between values: of CMW, values in a day, else what the first rows have most often."""
    if a_day.isascii() and a_day.isdecimal() and 0 < int(a_day[:6]) <= 1440 and 1440 % int(a_day[:6]) == 0:
        return DAY // int(a_day[:6])
    steps = Counter(b - a for a, b in pairwise(times) if b > a)
    return steps.most_common(1)[0][0] if steps and steps.most_common(1)[0][0] >= SECOND else None
