"""The log of a Sutron logger (SatLink, XLink; OTT HydroMet): lines of values, each with label, unit and quality.

Source: Sutron, "SatLink 3 user manual", "Log" and "Sutron Standard CSV": `MM/DD/YYYY,HH:MM:SS,label,value,units,quality`, and
further values of the time behind them; G good, B bad, U undefined. What happened (`Setup Change`) is a line of its label.
Labels are the operator's own: a value is taken where label and unit agree, by the names that loggers use (`logger_columns`).
Precipitation counts up since some moment and is left. The clock has no zone, and nothing names the station.
"""

import re
from collections.abc import Generator, Iterator
from functools import lru_cache

from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT, Reject
from mesonet.formats.json_readings import Field, Readings, field_of, of_file
from mesonet.formats.loggers.logger_columns import meaning_of
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.text import Text, decode
from mesonet.formats.times import clock
from mesonet.regex import regex

NAME = "sutron"

_LINE = regex(r"(\d\d/\d\d/\d{4}),(\d\d:\d\d:\d\d),([^,\n]{1,40}),\s*([^,\n]*),([^\n]*)")
_EVENT = regex(r"\d\d/\d\d/\d{4},\d\d:\d\d:\d\d,([A-Za-z]+(?: [A-Za-z]+)+)(?:,\d*(?:,+[A-Z]?)?)?")  # of no unit
_FLAGS = {"G": NOT_EVALUATED, "B": FAIL}
_LABELS = {"at": "AirT", "temp": "", "bar": "BP"}  # as Sutron's own set-ups call them; `Temp` may be the water's


def sniff(head: bytes) -> Guess | None:
    lines = [line.rstrip() for line in decode(head[:8192]).split("\n")[:20] if line.strip()]
    whole = [line for line in lines[:-1] or lines if not _EVENT.fullmatch(line)]
    found = [match for match in map(_LINE.fullmatch, whole) if match and _is_number(match[4])]
    if not found or len(found) < 0.8 * len(whole):
        return None
    labels = dict.fromkeys(match[3] for match in found)
    return Guess(0.92, f"the log of a Sutron logger: {', '.join(labels)[:120]}")


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?", text.strip()) is not None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    readings = Readings(values=context.values)
    station = of_file(context.key, "sutron")
    zone = context.mapping.time.zone if context.mapping else "UTC"
    hands = clock(TimeColumns(columns=("date", "time"), format="%m/%d/%Y %H:%M:%S", zone=zone))
    readings.remark(f"nothing in it names the station: it is called {station} after the file", "station")
    if not context.mapping:
        readings.remark("the clock has no zone and was taken as UTC; a mapping can say the logger's zone", "zone")
    text, taken = Text(stream), False

    def take(row: int, line: str) -> Generator[Piece, None, str | None]:
        nonlocal taken
        line = line.strip()
        found = _LINE.fullmatch(line)
        if found is None:
            if event := _EVENT.fullmatch(line):
                readings.rows += 1
                readings.leave(event[1])
                return None
            return "not a line of date, time, label, value, unit and quality" if line else None
        date, time, label, value, behind = found.groups()
        key = f"{date} {time}"
        hands.learn({key})
        if key in hands.faults:
            yield readings.reject(reason=hands.faults[key], row=row, value=key)
            return None
        times, _ = hands.resolve([key], station)
        known, flags = {}, {}
        parts = behind.split(",")
        while True:
            unit, quality = parts[0], parts[1] if len(parts) > 1 else ""
            if each := _field(label.strip(), unit.strip()):
                known[each], flags[each] = value.strip(), _FLAGS.get(quality.strip() or "G", SUSPECT)
            elif label.strip():
                readings.leave(label.strip())
            if len(parts) < 4:
                break
            label, value, parts = parts[2], parts[3], parts[4:] or [""]
        if known:
            taken = True
            yield from readings.observe(station, times[0], row, known, flags)
        else:
            readings.rows += 1
        return None

    yield from readings.lines(text, take)
    if not taken:
        yield Reject(reason="no label and its unit are those of a quantity that is known")
    yield from readings.end(encoding=text.described)


@lru_cache(maxsize=256)
def _field(label: str, unit: str) -> Field | None:
    """What a label and its unit mean together."""
    name = _LABELS.get(label.lower(), label)
    found = meaning_of(name, unit, "Smp") if name else None
    if found is None:
        return None
    return field_of(label, found.standard_name, found.unit, level=found.level)
