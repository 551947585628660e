"""Time series of Delft-FEWS as its Published Interface writes them: PI-XML, and what its web service answers as JSON.

Source: Deltares, "Delft-FEWS Published Interface", `pi_timeseries.xsd` and "Time series flags". Each series has a header with a
location, a parameter, a unit, a step and a type, and events; times are `timeZone` hours ahead of GMT. What is accumulated or
averaged ends at its time. Parameters are called as each system likes: one is taken where its name leaves no doubt.
"""

import re
from collections.abc import Callable, Iterator

from mesonet.domain.instant import DAY, SECOND
from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT, Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import offset
from mesonet.formats.json_readings import Field, Readings, degrees, height, identified, instant, located
from mesonet.formats.networks.named_series import meaning
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.text import decode
from mesonet.formats.xml_document import Element, records
from mesonet.record import dataclass
from mesonet.regex import regex

NAME = "pi-xml"

_ROOT = regex(r"<(?:\w{1,20}:)?TimeSeries\b[^>]*wldelft\.nl/fews/PI")
_CODES = {"P": "precipitation_amount", "TA": "air_temperature"}  # as the first word of a parameter's name
_TYPES = {"accumulative": "sum", "mean": "mean", "instantaneous": ""}
_STEPS = {"second": SECOND, "minute": 60 * SECOND, "hour": 3600 * SECOND, "day": DAY, "week": 7 * DAY}
_QUALITY = (NOT_EVALUATED, SUSPECT, FAIL)  # of three flags each: reliable, doubtful, unreliable; 9 is missing
_FORECAST = ("forecastDate", "ensembleId", "ensembleMemberIndex", "ensembleMemberId")


@dataclass(frozen=True, slots=True)
class Series:
    """What a header says. `known` is why nothing is taken where that is no field; without a `fault` it has times."""

    station: str
    offset_s: int
    missing: str
    known: Field | str | None
    name: str


def series(told: Callable[[str], str], step: Callable[[str], str], offset_s: int) -> Series:
    """Of a header; `told` are its elements, `step` the attributes of its time step."""
    name, unit = told("parameterId"), told("units")
    known: Field | str | None = "it is a forecast" if any(map(told, _FORECAST)) else _known(name, unit, told("type"), step)
    return Series(identified(told("locationId")) or "", offset_s, told("missVal"), known, name)


def _known(name: str, unit: str, kind: str, step: Callable[[str], str]) -> Field | str | None:
    if kind not in _TYPES:
        return f"its type is {kind[:40]!r}, and none of {', '.join(_TYPES)}"
    first = re.split(r"[._ -]", name, maxsplit=1)[0]
    lasting = _step(step("unit"), step("multiplier") or "1", step("divider") or "1")
    known = meaning(name, unit, _CODES, code=first, ways=(_TYPES[kind],), step=lasting, longest=1 << 60)
    if isinstance(known, Field) and kind == "instantaneous" and known.parameter.method == "sum":
        return "it is no amount, since its type is instantaneous"
    return known


def _step(unit: str, multiplier: str, divider: str) -> int | None:
    if unit not in _STEPS or not all(re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) for text in (multiplier, divider)):
        return None
    return _STEPS[unit] * int(multiplier) // int(divider) or None


def quality(flag: str) -> int:
    return _QUALITY[int(flag) // 3] if flag in tuple("012345678") else FAIL if flag == "9" else NOT_EVALUATED


def zone_s(hours: str) -> int:
    """Seconds ahead of GMT. Raises ValueError."""
    ahead = float(hours or 0)
    offset(ahead)
    return round(ahead * 3600)


def place(told: Callable[[str], str], station: str, readings: Readings) -> None:
    try:
        north, east = degrees(told("lat"), 90), degrees(told("lon"), 180)
    except ValueError:
        readings.place(located(station, None, None, name=told("stationName")))
    else:
        readings.place(located(station, north, east, name=told("stationName"), elevation_m=height(told("z"))))


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:8192]).lstrip("\ufeff \r\n\t")
    if not text.startswith("<") or not _ROOT.search(text):
        return None
    names = dict.fromkeys(re.findall(r"<(?:\w+:)?parameterId>([^<]{1,60})<", decode(head)))
    return Guess(0.97, f"time series of Delft-FEWS (PI-XML): {', '.join(names)[:120]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are events, counted over the file."""
    readings = Readings(values=context.values)
    row, offset_s, now = 0, 0, None
    for element in records(stream, ("timeZone", "header", "event")):
        if isinstance(element, Reject):
            yield element
        elif element.name == "timeZone":
            try:
                offset_s = zone_s(element.text.strip())
            except ValueError:
                raise UnreadableFile(f"timeZone is no number of hours ahead of GMT: {element.text[:40]!r}") from None
        elif element.name == "header":
            now = _begun(element, offset_s, readings)
        elif now is not None:
            row += 1
            yield from event(now, element.get, row, readings)
    if not row:
        yield Reject(reason="there are no events in it; where they stand in a binary file (.bin) beside it, export them as XML")
    yield from readings.end()


def _begun(header: Element, offset_s: int, readings: Readings) -> Series:
    step = header.any("timeStep")
    now = series(header.told, step.get, offset_s)
    if now.station and isinstance(now.known, Field):
        place(header.told, now.station, readings)
    return now


def event(now: Series, told: Callable[[str], str], row: int, readings: Readings) -> Iterator[Piece]:
    """One value of a series."""
    moment = time_of(told)
    try:
        time, _ = instant(moment, offset_s=now.offset_s)
    except ValueError as exc:
        yield readings.reject(reason=str(exc), row=row, column="date, time", value=moment[:60])
        return
    if not now.station:
        yield readings.reject(reason="there is no locationId", row=row, column="locationId")
    elif isinstance(now.known, Field):
        given, flags = {now.known: value_of(now, told("value"))}, {now.known: quality(told("flag"))}
        yield from readings.observe(now.station, time, row, given, flags)
    else:
        if now.known:
            readings.remark(f"{now.name[:60]} was not taken: {now.known}")
        readings.leave(now.name)
        yield from readings.observe(now.station, time, row, {})


def time_of(told: Callable[[str], str]) -> str:
    return f"{told('date')}T{told('time')}" if told("time") else told("date")


def value_of(now: Series, text: str) -> str | None:
    """None where it stands for a missing value."""
    try:
        gone = text in (now.missing, "NaN", "") or float(text) == float(now.missing)
    except ValueError:
        return text
    return None if gone else text
