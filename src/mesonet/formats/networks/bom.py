"""The Australian Bureau of Meteorology's daily tables of one element: rain, the day's temperatures, radiation.

Source: Bureau of Meteorology, "Climate Data Online" and the notes that come with its files (IDCJAC0009, 0010, 0011, 0016).
Times are days of the station: rain and the lowest temperature until 9 a.m. of the date, the highest from 9 a.m. on. A total
of several days says of how many, and is not taken. Quality `N` has not been checked, which is no finding.
"""

from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, Mended, joined, rows
from mesonet.formats.elements import Element, Left, Source, element, header_of
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Chunk, Table, first_line
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "bom"
RECORDS = LineRecords(header=regex(rb"Product code"))

_STATION = "Bureau of Meteorology station number"
_ELEMENTS = (
    (regex(r"Rainfall amount \(millimetres\)"), "precipitation_amount", "mm", "sum"),
    (regex(r"Maximum temperature \(Degrees? C(?:elsius)?\)"), "air_temperature", "Cel", "maximum"),
    (regex(r"Minimum temperature \(Degrees? C(?:elsius)?\)"), "air_temperature", "Cel", "minimum"),
    (regex(r"Daily global solar exposure \(MJ/m\*m\)"), "surface_downwelling_shortwave_flux_in_air", "MJ/m2/d", "mean"),
)
_PERIOD = regex(r"(?:Period over which|Days of accumulation).*")


def _element(name: str) -> Element | None:
    for pattern, standard_name, unit, method in _ELEMENTS:
        if pattern.fullmatch(name):
            return element(name, standard_name, unit, method=method, duration="P1D")
    return None


def _names(text: str) -> list[str]:
    return [name.strip().strip('"') for name in first_line(text).strip().split(",")]


def sniff(head: bytes) -> Guess | None:
    names = _names(decode(head[:4096]))
    known = [name for name in names if _element(name)]
    if names[:2] != ["Product code", _STATION] or not known:
        return None
    return Guess(0.98, f"Bureau of Meteorology: {known[0]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), ",")
    names, skip = header_of(table, (_STATION,))
    column = {name: at for at, name in enumerate(names)}
    if not {"Year", "Month", "Day"} <= column.keys():
        raise UnreadableFile("the header does not name Year, Month and Day", row=skip)
    elements = {at: found for at, name in enumerate(names) if (found := _element(name))}
    period = next((at for at, name in enumerate(names) if _PERIOD.fullmatch(name)), None)
    times = column["Year"], column["Month"], column["Day"]
    source: Source = table if period is None else _single(table, period, tuple(elements))
    layout = Layout(
        names=names,
        station_at=column[_STATION],
        called=lambda text: text.strip().zfill(6) if text.strip().isdecimal() else text.strip(),
        at=times,
        time=joined("{}-{:0>2}-{:0>2}", *times),
        elements=elements,
        quiet=frozenset(at for at, name in enumerate(names) if at == period or name in ("Product code", "Quality")),
    )
    yield from rows(source, layout, context, skip=skip)


def _single(table: Table, period: int, values: tuple[int, ...]) -> Source:
    """The rows, without the totals of several days."""
    left = Left()

    def mend(chunk: Chunk, width: int) -> Chunk:
        several = [text.strip() not in ("", "0", "1") for text in chunk.columns[period]]
        if any(several):
            for at in values:
                texts = chunk.columns[at]
                for row, text, no in zip(chunk.rows, texts, several, strict=True):
                    if no and text.strip():
                        left.add("a total of several days is not taken", "period", row, text)
                chunk.columns[at] = ["" if no else text for text, no in zip(texts, several, strict=True)]
        return chunk

    return Mended(table, mend, left)
