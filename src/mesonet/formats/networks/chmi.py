"""Days of ČHMÚ (Czechia) as CSV: a station, an element, its function of time, a time and a value in each row.

Source: ČHMÚ, opendata.chmi.cz, "climate/historical_csv/data/daily". What is of a day stands at its date, what is of a clock
then, in UTC (see `publisher_names`).
"""

from collections.abc import Iterator

from mesonet.domain.observation import Reject
from mesonet.formats.elements import header_of
from mesonet.formats.json_readings import Field, Readings, field_of, identified, instant
from mesonet.formats.lines import Peeked
from mesonet.formats.publisher_names import chmi_daily
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import SHOWN, Table, first_line
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "chmi"
RECORDS = LineRecords(header=regex(rb"STATION,ELEMENT,"))

_HEADER = regex(r"STATION,ELEMENT,(?:TIMEFUNC(?:TION)?|VTYPE),DT,(?:VALUE|VAL),FLAG,QUALITY")
_WIDTH = 7


def sniff(head: bytes) -> Guess | None:
    line = first_line(decode(head[:4096])).strip().replace('"', "")
    return Guess(0.97, "days of ČHMÚ: an element and its function of time in each row") if _HEADER.fullmatch(line) else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), ",", header_tells=True)
    _, skip = header_of(table, ("STATION", "ELEMENT", "DT"))
    readings = Readings(values=context.values)
    times: dict[str, int | str] = {}
    for chunk in table.chunks(_WIDTH, skip=skip):
        readings.rows += len(chunk.ragged)
        yield from table.ragged(chunk, _WIDTH)
        for row, *fields in zip(chunk.rows, *(map(str.strip, column) for column in chunk.columns[:5]), strict=True):
            name, element, function, told, value = fields
            station, known = identified(name), _field(element, function)
            day = told[:10] if known and known.parameter.duration == "P1D" else told
            if day not in times:
                times[day] = _instant(day)
            time = times[day]
            if station is None:
                yield readings.reject(reason="there is no station", row=row, column="STATION", value=name[:SHOWN])
            elif isinstance(time, str):
                yield readings.reject(reason=time, row=row, column="DT", value=told[:SHOWN])
            elif known is None:
                readings.rows += 1
                readings.leave(f"{element} {function}".strip())
            else:
                yield from readings.observe(station, time, row, {known: value or None})
    yield from table.torn()
    if not readings.rows:
        yield Reject(reason="there are no rows below the header", row=skip)
    yield from readings.end(encoding=table.text.described)


def _field(element: str, function: str) -> Field | None:
    meant = chmi_daily(element, function)
    return field_of(f"{element} {function}", *meant) if meant else None


def _instant(text: str) -> int | str:
    try:
        return instant(text)[0]
    except ValueError as exc:
        return str(exc)
