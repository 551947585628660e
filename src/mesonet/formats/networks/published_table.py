"""Tables whose publishers document them: one reader, and a description of each header (`publications`).

A table is known by names of its header, which may stand below lines that tell of the station. A description says what the names
mean, how its times are written and in which zone, and where the station is told. Units that it does not give stand in the file:
in brackets behind the names, or above them.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Flags, Layout, first_of, rows
from mesonet.formats.elements import Element, element, station
from mesonet.formats.json_readings import identified, of_file
from mesonet.formats.lines import Peeked
from mesonet.formats.networks.publication import BRACKET, Head, Publication, Told
from mesonet.formats.networks.publications import PUBLICATIONS
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import SHOWN, Chunk, Table, leading
from mesonet.formats.text import decode
from mesonet.record import replace
from mesonet.regex import regex

NAME = "published-table"
BEGINS = regex(  # of those whose station stands above
    rb"^(?:\xef\xbb\xbf)?(?:\"?Daily Weather Observations for|Conventions,G,BADC-CSV|ID WMO|timestamp,\d|\"?z6-\d+\("
    rb"|-BEGIN HEADER-|This is the data of station|[^\n]{1,200}\n[^\n]{1,100} at [^\n]{1,60}\n[^\n]{1,40}/Year,)",
    re.MULTILINE,
)

_HEAD = 32_768  # bytes: the lines above a table explain up to some hundred columns
_MISSING = ("NA", "NaN", "nan", "-", "--")
_UNITS = {
    "Ly/day": "0.04184 MJ/m2/d",  # a langley is a thermochemical calorie per square centimetre
    "W/sq.m": "W/m2",
    "mBars": "hPa",
    "MJ/m^2/day": "MJ/m2/d",
    "kW-hr/m^2/day": "3.6 MJ/m2/d",
    "Wh/m^2": "W/m2",  # of an hour
    "MJ/hr": "277.7777778 W/m2",
    "mm/hour": "mm",  # a sum of the hour, and of the day
    "mm/day": "mm",
    "Degrees": "deg",
    "degree true": "deg",
    "decametres": "10 m",
    "percentage": "%",
    "percent": "%",
    "degree Celsius": "Cel",
    "km/hour": "km/h",
    "hr": "h",
    "16방위": "deg",
    "C°": "Cel",
    "מעלות": "deg",
    'מ"מ': "mm",
}


def _found(head: bytes) -> tuple[Publication, int, list[str]] | None:
    text = decode(head[:_HEAD])
    for each in PUBLICATIONS:
        if header := each.header(text):
            return each, *header
    return None


def sniff(head: bytes) -> Guess | None:
    found = _found(head)
    if found is None:
        return None
    each, _, names = found
    known = [name for name in names if each.called(name) in each.known]
    return Guess(0.93, f"{each.who}: {', '.join(known[:6])[:120]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, _HEAD)
    found = _found(peeked.head)
    if found is None:
        raise UnreadableFile("no line names the columns as a publisher that is known does", row=1)
    each, at, names = found
    lines = leading(decode(peeked.head), each.delimiter, at + each.beneath + 22)
    above = "\n".join(each.delimiter.join(line) for line in lines[:at])
    whole = lines if len(peeked.head) < _HEAD else lines[:-1]
    first = [line for line in whole[at + 1 + each.beneath :] if len(line) >= len(each.must)]
    told = each.told(Head(above=above, names=names, beneath=lines[at + 1 : at + 1 + each.beneath], first=first))
    remarks, inferred = [*each.remarks, *told.remarks], list(told.inferred)
    own = each.station and names.index(each.station)
    identifier = identified(told.station) or ""
    if own == "" and not identifier:
        identifier = of_file(context.key, each.prefix.rstrip("_") or "table")
        remarks.append(f"the file does not say whose it is; the station is called {identifier} after it")
        inferred.append("station")
    if told.place is not None:
        yield from station(told.place, 1)
    elements, doubled = first_of((column, made) for column, name in enumerate(names) if (made := _element(each, told, name)))
    remarks += doubled
    flags = {
        column: Flags(at=where, meaning=each.meaning)
        for column in elements
        if (where := each.flag(names, column)) is not None and where < len(names)
    }
    layout = Layout(
        names=names,
        station=identifier,
        station_at=None if own == "" else own,
        called=lambda text: f"{each.prefix}{'_'.join(text.split())}" if text.strip() else "",
        at=tuple(names.index(name) for name in each.time),
        time=_times(each, names),
        zone=told.zone or each.zone,
        elements=elements,
        flags=flags,
        clean=_point if each.comma else None,
        cleans={at: clean for at in elements if (clean := each.clean.get(each.called(names[at])))},
        remarks=tuple(remarks),
        inferred=tuple(dict.fromkeys(inferred)),
    )
    table = _Sifted(peeked, each.delimiter, must=each.must, names=names)
    least = max(len(each.must), min(layout.at) + 2)
    yield from rows(table, layout, context, skip=at + 1 + each.beneath, least=least, notes=True)


def _element(each: Publication, told: Told, name: str) -> Element | None:
    known = each.known.get(each.called(name))
    if known is None:
        return None
    standard_name, unit, method, period = known
    bracket = BRACKET.search(name)
    own = told.units.get(name) or (bracket[1].strip() if bracket else "")
    period = period or told.period
    if not (unit or own) or not period:
        return None
    level = each.levels.get(standard_name)
    made = element(
        name, standard_name, unit or _UNITS.get(own, own), *_MISSING, *each.missing, method=method, duration=period, level=level
    )
    return replace(made, supposed=told.supposed and not unit)


def _times(each: Publication, names: Sequence[str]) -> Callable[[Columns], Sequence[str]]:
    at = [names.index(name) for name in each.time]

    def time(columns: Columns) -> Sequence[str]:
        texts = columns[at[0]] if len(at) == 1 else list(map(" ".join, zip(*(columns[each] for each in at), strict=True)))
        known = {text: each.moment(text) for text in set(texts)}
        return list(map(known.__getitem__, texts))

    return time


def _point(text: str) -> str:
    return text.replace(",", ".", 1)


class _Sifted(Table):
    """The rows, without notes that fill but the first of their fields; they end where a second table with other columns
    begins, which is told as a reject."""

    def __init__(self, stream: Stream, delimiter: str, *, must: Sequence[str], names: Sequence[str]) -> None:
        super().__init__(stream, delimiter)
        self._must = must
        self._names = [name.strip() for name in names]
        self._second: Reject | None = None

    def chunks(self, width: int, *, skip: int = 0) -> Iterator[Chunk]:
        for chunk in super().chunks(width, skip=skip):
            if self._second is not None:
                continue
            if (end := self._other(chunk)) is not None:
                ragged = [(row, fields) for row, fields in chunk.ragged if row < end]
                chunk = replace(chunk.where([row < end for row in chunk.rows]), ragged=ragged)
            notes = [not any(map(str.strip, row[1:])) for row in zip(*chunk.columns, strict=True)] if width > 2 else []
            yield chunk.where([not note for note in notes]) if any(notes) else chunk

    def _other(self, chunk: Chunk) -> int | None:
        """The row in which a second table with other columns begins."""
        ahead = self._names.index(self._must[0])
        whole = [
            (row, [each[at] for each in chunk.columns])
            for at, row in enumerate(chunk.rows)
            if chunk.columns[ahead][at].strip() in self._must
        ]
        for row, fields in sorted([*whole, *((row, list(fields)) for row, fields in chunk.ragged)]):
            told = [field.strip() for field in fields]
            if told != self._names and set(self._must) <= set(told):
                reason = "a second table with other columns begins here: put each site in a file of its own"
                self._second = Reject(reason=reason, row=row, value=self.delimiter.join(fields)[:SHOWN])
                return row
        return None

    def torn(self) -> Iterator[Reject]:
        yield from [self._second] if self._second else []
        yield from super().torn()
