"""Readings of Catalonia's automatic stations (XEMA) as open data: a station, a variable, a time and a value in each row.

Source: Servei Meteorològic de Catalunya, "Dades meteorològiques de la XEMA" (analisi.transparenciacatalunya.cat), whose own
lists tell variables, states and bases of time. Times are UTC and begin the half or whole hour that a value is of; the portal
writes them as `31/01/2024 01:30:00 PM`, its interface in ISO 8601.
"""

from collections.abc import Iterator
from functools import lru_cache

from mesonet.domain.observation import FAIL, NOT_EVALUATED, Reject
from mesonet.domain.parameter import Parameter
from mesonet.errors import UnreadableFile
from mesonet.formats.json_readings import Field, Readings, identified, instant
from mesonet.formats.lines import Peeked
from mesonet.formats.publisher_names import XEMA_MINUTES, XEMA_REFUSED, xema
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import SHOWN, Table, first_line, leading
from mesonet.formats.text import decode
from mesonet.formats.times import reader
from mesonet.regex import regex

NAME = "xema"
RECORDS = LineRecords(header=regex(rb"(?i)codi_estacio\W+codi_variable"))

_MUST = ("codi_estacio", "codi_variable", "data_lectura", "valor_lectura", "codi_estat", "codi_base")
_PORTAL = reader("%d/%m/%Y %I:%M:%S %p")


def _names(head: bytes) -> list[str]:
    return [name.strip().strip('"').lower() for name in first_line(decode(head[:4096])).strip().split(",")]


def sniff(head: bytes) -> Guess | None:
    return Guess(0.97, "readings of Catalonia's XEMA: a variable in each row") if set(_MUST) <= set(_names(head)) else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream)
    names = _names(peeked.head)
    if not set(_MUST) <= set(names):
        raise UnreadableFile(f"the header does not name {', '.join(_MUST)}", row=1)
    skip = next(at for at, row in enumerate(leading(decode(peeked.head), ",", 20), 1) if any(map(str.strip, row)))
    table = Table(peeked, ",", header_tells=True)
    readings = Readings(values=context.values)
    for chunk in table.chunks(len(names), skip=skip):
        readings.rows += len(chunk.ragged)
        yield from table.ragged(chunk, len(names))
        columns = (map(str.strip, chunk.columns[names.index(name)]) for name in _MUST)
        for row, name, code, told, value, state, base in zip(chunk.rows, *columns, strict=True):
            station, known, time = identified(name), _field(code, base), _end(told, base)
            if station is None:
                yield readings.reject(reason="there is no station", row=row, column="CODI_ESTACIO", value=name[:SHOWN])
            elif isinstance(time, str):
                yield readings.reject(reason=time, row=row, column="DATA_LECTURA", value=told[:SHOWN])
            elif known is None:
                readings.rows += 1
                readings.leave(f"variable {code} of {base or 'an unknown base'}")
            else:
                flag = FAIL if state == XEMA_REFUSED else NOT_EVALUATED
                yield from readings.observe(f"meteocat_{station}", time, row, {known: value or None}, {known: flag})
    yield from table.torn()
    if not readings.rows:
        yield Reject(reason="there are no rows below the header", row=skip)
    yield from readings.end(encoding=table.text.described)


@lru_cache(maxsize=512)
def _field(code: str, base: str) -> Field | None:
    meant = xema(code, base)
    if meant is None:
        return None
    name, unit, method, period, level = meant
    return Field(f"variable {code} of {base}", Parameter(standard_name=name, level=level, method=method, duration=period), unit)


@lru_cache(maxsize=4096)
def _end(text: str, base: str) -> int | str:
    """When what begins then ends, or why that is no time."""
    try:
        moment = _PORTAL(text).isoformat() if "/" in text else text
        return instant(moment)[0] + XEMA_MINUTES.get(base, 0) * 60_000
    except ValueError as exc:
        return "not a time such as 31/01/2024 01:30:00 PM" if "/" in text else str(exc)
