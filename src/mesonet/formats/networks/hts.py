"""Time series of Enhydris and its kin (`.hts`): lines of what a series is, a blank line, then a time, a value and flags a row.

Source: htimeseries (openmeteo.org), "File format", versions 2 to 5. A time ends its step, in the zone of the head; a date is
one in that zone. Variables are called as each database likes: one is taken where its name leaves no doubt. No line names the
station.
"""

import re
from collections.abc import Iterator

from mesonet.domain.instant import DAY
from mesonet.domain.observation import NOT_EVALUATED, SUSPECT
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Flags, Layout, alone, each, offset, rows
from mesonet.formats.elements import Element, Place, station
from mesonet.formats.json_readings import Field, of_file
from mesonet.formats.lines import Peeked
from mesonet.formats.networks.named_series import meaning
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import Table
from mesonet.formats.text import decode
from mesonet.formats.times import NAMED
from mesonet.regex import regex

NAME = "hts"

_HEAD = 16_384
_LINE = regex(r"([A-Za-z_]{4,20}) *=(.*)")
_ROW = regex(r"\d{4}-\d\d(?:-\d\d)?(?:[ tT]\d\d:\d\d(?::\d\d)?)?,[^,\n]{0,40},[^,\n]{0,200}")
_NAMES = {"version", "unit", "count", "title", "comment", "timezone", "time_step", "interval_type", "variable", "precision"}
_NAMES |= {"location", "altitude", "timestamp_rounding", "timestamp_offset", "nominal_offset", "actual_offset"}
_ZONE = regex(r"(?:.*\((?:UTC|GMT)?)?([+-]\d\d):?(\d\d)\)?")
_STEP = regex(r"(\d{0,4}) ?(min|T|h|H|D)")
_MINUTES = {"min": 1, "T": 1, "h": 60, "H": 60, "D": 1440}
_WAYS = {"sum": "sum", "average": "mean", "vector_average": "mean", "maximum": "maximum", "minimum": "minimum"}
_DOUBTFUL = {"RANGE", "SUSPECT", "TEMPORAL"}  # of Enhydris' own checks


def _head(text: str) -> tuple[dict[str, str], int] | None:
    """What the first lines say, and how many there are with the blank one."""
    told: dict[str, str] = {}
    lines = text.removeprefix("\ufeff").split("\n")
    for at, line in enumerate(lines):
        if not line.strip():
            row = lines[at + 1].strip() if at + 1 < len(lines) else ""
            known = len(told.keys() & _NAMES) > 1 and (not row or _ROW.fullmatch(row))
            return (told, at + 1) if known else None
        if not (found := _LINE.fullmatch(line.strip())):
            return None
        told.setdefault(found[1].lower(), found[2].strip())
    return None


def sniff(head: bytes) -> Guess | None:
    found = _head(decode(head[:_HEAD]))
    if found is None:
        return None
    told, _ = found
    what = ", ".join(filter(None, (told.get("title"), told.get("variable"), told.get("unit"))))
    return Guess(0.95, f"a time series of Enhydris (.hts): {what[:120] or 'without a title'}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, _HEAD)
    found = _head(decode(peeked.head))
    if found is None:
        raise UnreadableFile("no blank line ends the lines of what the series is", row=1)
    told, skip = found
    variable, unit = told.get("variable", "") or told.get("title", ""), told.get("unit", "")
    way = _WAYS.get(told.get("interval_type", "").lower(), "")
    known = meaning(variable, unit, {}, ways=(way,), step=_step(told.get("time_step", "")), longest=DAY // 24)
    if not isinstance(known, Field):
        why = known or "the name leaves doubt of what it is, or Mesonet has no parameter for it"
        raise UnreadableFile(f"the series of {variable[:60]!r} in {unit[:20]!r} was not taken: {why}", row=1)
    zone = _zone(told.get("timezone", ""))
    identifier = of_file(context.key, "hts")
    where = told.get("location", "").split()
    if len(where) == 3 and where[2] == "4326":
        altitude = told.get("altitude", "").split()
        yield from station(Place(identifier, where[1], where[0], altitude[0] if altitude else "", told.get("title", "")), 1)
    remarks = [f"no line names the station: it is called {identifier} after the file"]
    if not zone:
        remarks.append(
            f"the head tells no time zone that is known ({told.get('timezone', '')[:40]!r}): times were taken as UTC"
        )
    if known.parameter.method != "point":
        remarks.append(f"values are taken as the {known.parameter.method} over {known.parameter.duration} before their time")
    layout = Layout(
        names=("time", variable or "value", "flags"),
        station=identifier,
        at=(0,),
        time=each(lambda text: text.strip().upper().replace(" ", "T"), 0),
        zone=zone or "UTC",
        elements={1: Element(name=variable, parameter=known.parameter, unit=known.unit)},
        flags={1: Flags(at=2, meaning=lambda code: SUSPECT if _DOUBTFUL & set(code.split()) else NOT_EVALUATED)},
        remarks=tuple(remarks),
        inferred=("station",) if zone else ("station", "zone"),
    )
    yield from rows(alone(Table(peeked, ","), _LINE.fullmatch), layout, context, skip=skip)


def _zone(text: str) -> str:
    """An offset from UTC; "" where none is told."""
    if found := _ZONE.fullmatch(text):
        return f"{found[1]}:{found[2]}"
    hours = 0 if text.upper() in ("UTC", "GMT") else NAMED.get(text.upper())
    return "" if hours is None else offset(hours)


def _step(text: str) -> int | None:
    """Milliseconds; of months none."""
    if pair := re.fullmatch(r"(\d{1,5}), ?0", text, re.ASCII):
        return int(pair[1]) * 60_000 or None
    found = _STEP.fullmatch(text)
    return int(found[1] or 1) * _MINUTES[found[2]] * 60_000 or None if found else None
