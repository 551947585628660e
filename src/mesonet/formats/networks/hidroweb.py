"""Rain of Brazil's conventional gauges, from HidroWeb (ANA): a month in each row, and a column for each of its days.

Source: ANA, HidroWeb, "Séries históricas de estações" (`chuvas_C_….csv`) and its manual. Above the header stand lines that
tell the columns. Rain is what was read at 7 in the morning of its date, where it stands. A month may be there as it was read
(level of consistency 1) and as it was checked (2); the latter is right, wherever it stands. What is estimated, doubtful or
accumulated (2, 3 and 4 of a day's status) is suspect.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import DAY, from_datetime
from mesonet.domain.observation import NOT_EVALUATED, PASS, SUSPECT, Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.elements import Elements, Field, element, pieces
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import SHOWN, Chunk, Fields, Table, leading
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "hidroweb"

_STATION, _LEVEL = "EstacaoCodigo", "NivelConsistencia"
_MONTHS = ("Data", "DataHora")
_RAIN = [f"Chuva{day:02}" for day in range(1, 32)]
_NEEDED = {_STATION, _LEVEL, *_RAIN}
_LOOK = 40  # rows, of which some tell the columns
_DATE = regex(r"(?a)(?:01[/.-])?(\d\d)[/.-](\d{4})(?: .*)?|(\d{4})-(\d\d)-01(?:[T ].*)?")
_DIGITS = 8  # of a gauge's code, of which programs leave out those that are 0 before it
_CHECKED = "2"
_WORSE = frozenset("234")
_MOST = 1_000_000  # months that are remembered
_ELEMENT = element("Chuva", "precipitation_amount", "mm", method="sum", duration="P1D")


def _header(rows: Sequence[Fields]) -> int | None:
    """Where the names stand."""
    return next((at for at, row in enumerate(rows) if set(map(str.strip, row)) >= _NEEDED), None)


def sniff(head: bytes) -> Guess | None:
    if _header(leading(decode(head[:32768]), ";", _LOOK)) is None:
        return None
    return Guess(0.98, "rain of HidroWeb (ANA): a month in each row, and Chuva01 to Chuva31")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), ";", look=_LOOK)
    at = _header(table.first)
    if at is None:
        raise UnreadableFile("no row names EstacaoCodigo, NivelConsistencia and Chuva01 to Chuva31")
    names = [name.strip() for name in table.first[at]]
    while not names[-1]:
        names.pop()
    yield from pieces(table, len(names), _Months(context, names), skip=at + 1, header=names)


class _Months:
    def __init__(self, context: Context, names: Sequence[str]) -> None:
        self._elements = Elements(context)
        self._column = {name: at for at, name in enumerate(names)}
        self._checked: set[tuple[str, str]] = set()
        self._days = 0

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        stations, times, rows = list[str](), list[int](), list[int]()
        texts, flags, listed = list[str](), list[int](), Counter[str]()  # as they stand in the file
        codes, levels, dates = (self._of(chunk, name) for name in (_STATION, _LEVEL, self._when()))
        codes = [code.zfill(_DIGITS) if code.isdecimal() else code for code in codes]
        rain = [(self._of(chunk, name), self._of(chunk, f"{name}Status")) for name in _RAIN]
        for at, (row, code, level, date) in enumerate(zip(chunk.rows, codes, levels, dates, strict=True)):
            found = _first(date)
            if found is None or not code or len(code) > 40 or not code.isprintable():
                column, value = (_STATION, code) if found else (self._when(), date)
                reason = "not the identifier of a station" if found else "not the first day of a month"
                yield Reject(reason=reason, row=row, column=column, value=value[:SHOWN])
                continue
            start, days = found
            checked = level == _CHECKED
            if checked and len(self._checked) < _MOST:
                self._checked.add((code, date))
            elif not checked and (code, date) in self._checked:
                yield Reject(reason="the month stands above as it was checked", row=row, column=_LEVEL, value=level[:SHOWN])
                continue
            for day, (values, states) in enumerate(rain):
                text, state = values[at], states[at]
                if not text:
                    continue
                if day >= days:
                    reason = f"a value on day {day + 1}, which the month does not have"
                    yield Reject(reason=reason, row=row, column=_RAIN[day], value=text[:SHOWN])
                    continue
                stations.append(code)
                times.append(start + day * DAY)
                rows.append(row)
                texts.append(text)
                flags.append(SUSPECT if state in _WORSE else PASS if checked else NOT_EVALUATED)
            listed[code] += 1
        self._days += len(times)
        if times:
            field = Field(_ELEMENT, [text.replace(",", ".", 1) for text in texts], flags, texts)
            yield from self._elements.take(stations, times, rows, [field], counted=listed)

    def _when(self) -> str:
        return next((name for name in _MONTHS if name in self._column), _MONTHS[0])

    def _of(self, chunk: Chunk, name: str) -> Sequence[str]:
        at = self._column.get(name)
        return [""] * len(chunk.rows) if at is None else [text.strip() for text in chunk.columns[at]]

    def last(self) -> Iterator[Piece]:
        yield from self._elements.remarks()

    def facts(self) -> Iterator[ColumnFacts]:
        yield ColumnFacts(name=_STATION, kind="station", values=self._days)
        yield ColumnFacts(name=self._when(), kind="time", values=self._days)
        yield from self._elements.facts().values()


def _first(text: str) -> tuple[int, int] | None:
    """A month's first day, and how many it has."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month = int(match[2] or match[3]), int(match[1] or match[4])
    if not (1 <= month <= 12 and year > 0):
        return None
    return from_datetime(datetime(year, month, 1, tzinfo=UTC)), monthrange(year, month)[1]
