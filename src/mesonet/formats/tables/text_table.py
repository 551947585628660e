"""Text whose lines have equally many fields between blanks: a table as any other, which a mapping explains.

The names are those of the line above the first row that has as many words, behind a sign of comment or not. Without names it
is one only where columns tell a date, or a clock that goes on, and none the level of a log: numbers alone are of anything.
Lines keep their numbers. A blank inside a field ends it, so a date and a clock are two columns; not one inside quotes, as R
writes them. R and pandas print rows below names that lack those of the rows' numbers or times, or have one for both a date and
its clock. Where
columns stand below each other, one that is blank in a row is a value that is missing there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from mesonet.formats.lines import Peeked
from mesonet.formats.reading import HEAD_BYTES, Context, Guess, Piece, Remark, Stream
from mesonet.formats.retold import Retold, renumbered, written
from mesonet.formats.table import DELIMITERS, begins_section
from mesonet.formats.tables import mapped_csv
from mesonet.formats.tables.mapped_table import unnamed
from mesonet.formats.tables.proposed_columns import known_unit
from mesonet.formats.text import Text, decode, is_binary
from mesonet.regex import regex

NAME = "text-table"
TAKES_MAPPING = True

_LOOKED_AT = 300  # lines
_LEAST = 4  # rows
_LONGEST_NUMBER = 10  # figures of a row's number
_NARROWEST = 3  # fields
_SHARE = 0.6  # of the lines that are rows
_ALIGNED = 0.75  # share of a column's fields that begin, or end, below each other; a few may be wider than their column
_SIGNS = "#%!*;@"
_VALUE = regex(
    r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|\d{1,4}[-/.:]\d{1,2}(?:[-/.:Tt]\d{1,4}){0,5}[Zz]?|M|MM|NA|NaN|nan|-+|\*+"
)
_WORD = regex(r"[^\W\d_(\[/%°]")
_DATE = regex(
    r"(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])(?:[-/.]\d{1,2}(?:[-/.:Tt]\d{1,2}){0,3}[Zz]?)?|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[Tt_]?[0-2]\d(?:[0-5]\d){0,2}[Zz]?)?|1\d{9}"
)
_DATED = regex(r"(?:19|20)\d\d[-/]\d\d[-/]\d\d(?:[Tt]\S+)?")
_OF_SERIES = regex(r"(?:1[5-9]|20)\d\d(?:[-/]\d\d[-/]\d\d(?:[Tt]\S+)?|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))")
_NUMERIC = regex(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_YEAR = regex(r"(?:19|20)\d\d")
_DAY = regex(r"0*(?:[1-9]|[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])(?:\.\d+)?")  # of the year, or a month
_CLOCK = regex(r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?[Zz]?")
_LEVEL = regex(r"\W?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)\W*")
_RULE = regex(r"[-=_+*\s|]+")
_IN_BRACKETS = regex(r"\([^()]{1,20}\)")
_FIELD = regex(r'"([^"]*)"|\S+')
_NUMBERS = "row"  # what the column of R's numbers is called
_NO_DELIMITERS = str.maketrans(dict.fromkeys((*DELIMITERS, '"'), " "))
_TIMES = ("date", "clock")  # what columns of times are called that have no name


def _split(line: str) -> list[str]:
    """The fields of a line."""
    return line.split() if '"' not in line else [match[0] if match[1] is None else match[1] for match in _FIELD.finditer(line)]


def _found(lines: Sequence[str]) -> tuple[tuple[int, int], tuple[int, list[str]] | None] | None:
    """The first row and how many fields rows have, and the line of names; None where there is no table. Where rows have names
    and dates they may hold words beside few values."""
    if rows := _rows(lines):
        named = _names(lines, *rows)
        return (rows[0], len(named[1])) if named else rows, named
    rows = _rows(lines, wordy=True)
    named = _names(lines, *rows) if rows else None
    return ((rows[0], len(named[1])), named) if rows and named else None


def _rows(lines: Sequence[str], *, wordy: bool = False) -> tuple[int, int] | None:
    """The first row and how many fields rows have; None where there are not enough of one width that hold values."""
    fields = list(map(_split, lines))
    valued = [at for at, row in enumerate(fields) if (len(row) >= _NARROWEST and _is_row(row, wordy=wordy)) or _is_pair(row)]
    if len(valued) < _LEAST:
        return None
    width, often = Counter(len(fields[at]) for at in valued).most_common(1)[0]
    first = next(at for at in valued if len(fields[at]) == width)
    below = sum(map(bool, fields[first:]))
    return (first, width) if often >= _LEAST and often >= _SHARE * below else None


def _is_pair(row: Sequence[str]) -> bool:
    """A date and a number, of which a series may be made up."""
    return len(row) == 2 and _OF_SERIES.fullmatch(row[0]) is not None and _NUMERIC.fullmatch(row[1]) is not None


def _is_row(row: Sequence[str], *, wordy: bool = False) -> bool:
    """Half of it is values; a third, where a date is one of them, as rows of long tables are; of `wordy` ones a date and
    another value."""
    values = sum(_VALUE.fullmatch(text) is not None for text in row)
    if values < 2 or row[0][:1] in _SIGNS:
        return False
    return 2 * values >= len(row) or ((wordy or 3 * values >= len(row)) and any(map(_DATED.match, row)))


def _names(lines: Sequence[str], first: int, width: int) -> tuple[int, list[str]] | None:
    """The line of names, of those above the first row; units may stand between."""
    lines_above = [(at, _split(lines[at].strip().lstrip(_SIGNS))) for at in range(first - 1, max(first - 6, -1), -1)]
    words = [(at, names) for at, names in lines_above if names and all(map(_WORD.match, names))]
    if width < _NARROWEST:  # any two words would do
        words = [(at, names) for at, names in words if mapped_csv.names_a_time(names[:1])]
    for at, names in words:
        if len(names) == width:
            above = lines[at - 1].strip().lstrip(_SIGNS).split() if at else []
            both = len(above) == width and all(map(_WORD.match, above))
            return (at - 1, above) if both else (at, names)
    if united := next(((at, joined) for at, _ in lines_above if (joined := _with_units(lines, at, width))), None):
        return united
    if words and len(words[0][1]) > width and _stand_below(lines[words[0][0]], lines[first:], width):
        return words[0]
    rows = (row for line in lines[first:] if len(row := _split(line)) == width and _is_row(row, wordy=True))
    columns = list(zip(*rows, strict=True))
    return next(((at, whole) for at, names in words if (whole := _completed(names, columns))), None)


def _with_units(lines: Sequence[str], at: int, width: int) -> list[str]:
    """Names of which all but the first stand in the line above, since their units stand here: `FECHA (MM) (MM) (°C)`."""
    first, *units = _split(lines[at]) or [""]
    names = _split(lines[at - 1]) if at else []
    fit = len(units) == len(names) == width - 1 and _WORD.match(first) and all(map(_WORD.match, names))
    if not fit or not all(map(_IN_BRACKETS.fullmatch, units)):
        return []
    return [first, *(f"{name} {unit}" for name, unit in zip(names, units, strict=True))]


def _stand_below(names: str, lines: Sequence[str], width: int) -> bool:
    """Whether rows that have fewer fields than there are names end each below the end of one, as where the columns on the right
    are blank throughout (DSSAT)."""
    ends = {match.end() for match in _FIELD.finditer(names)}
    rows = [found for line in lines if len(found := [match.end() for match in _FIELD.finditer(line)]) == width]
    return bool(rows) and all(ends.issuperset(row) for row in rows)


def _completed(names: Sequence[str], columns: Sequence[Sequence[str]]) -> list[str] | None:
    """Names with those that R and pandas leave out: of the rows' numbers, of their times, of the clock behind a date."""
    if not 0 < len(columns) - len(names) <= len(_TIMES):
        return None
    found = [*([_NUMBERS] if _are_numbers(columns[0]) else []), *names]
    date = next((at for at in range(len(columns)) if _most(_DATED, columns[at])), None)
    clocked = date is not None and date + 1 < len(columns) and _most(_CLOCK, columns[date + 1])
    lacking = len(columns) - len(found)
    if lacking == 1 and clocked and date is not None:
        found.insert(date + 1, _TIMES[1])
    elif lacking and date == 0 and lacking == 1 + clocked and not mapped_csv.names_a_time(names[:1]):
        found = [*_TIMES[:lacking], *found]
    return found if len(found) == len(columns) else None


def _are_numbers(column: Sequence[str]) -> bool:
    """Whether these are the numbers of the rows, of which some in the middle may be left out."""
    numbers = [int(text) for text in column if text.isdecimal() and text.isascii() and len(text) < _LONGEST_NUMBER]
    begun = len(numbers) == len(column) > 1 and numbers[0] in (0, 1) and numbers[1] == numbers[0] + 1
    return begun and all(a < b for a, b in pairwise(numbers))


# where a column begins and ends; which side of its fields is below each other, and where
type _Span = tuple[int, int, int, int]


def _spans(lines: Sequence[str], first: int, width: int, names: int | None = None) -> list[_Span]:
    """The columns of whole rows, as far as their fields reach; none where they are not below each other. Where no row is whole
    they end below the `names`."""
    rows = [[match.span() for match in _FIELD.finditer(line)] for line in lines[first:]]
    spans: list[_Span] = []
    if names is not None and not any(len(row) == width for row in rows):
        ends = [match.end() for match in _FIELD.finditer(lines[names])]
        return [(start, end, 1, end) for start, end in pairwise([0, *ends])]
    for column in zip(*(row for row in rows if len(row) == width), strict=True):
        sides = list(zip(*column, strict=True))
        often, side, edge = max((often, side, edge) for side in (0, 1) for edge, often in Counter(sides[side]).most_common(1))
        start, end = min(sides[0]), max(sides[1])
        if often < _ALIGNED * len(column) or (spans and spans[-1][1] > start):
            return []
        spans.append((start, end, side, edge))
    return spans


def _placed(line: str, spans: Sequence[_Span]) -> list[str] | None:
    """The fields of a line some of whose columns are blank, by where they stand; None where that does not tell it. Where no two
    blanks follow each other a field may be left out, and those behind it stand elsewhere."""
    if "  " not in line:
        return None
    fields = [""] * len(spans)
    at = 0
    for match in _FIELD.finditer(line):
        start, end = match.span()
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        if at == len(spans) or match.span()[spans[at][2]] != spans[at][3]:
            return None
        if fields[at] or (at + 1 < len(spans) and spans[at + 1][0] < end):
            return None
        fields[at] = match[0] if match[1] is None else match[1]
    return fields


def _units(line: str, width: int) -> list[str]:
    """The units that a comment below the names tells of their columns; a number is none."""
    given = _split(line.strip().lstrip(_SIGNS)) if line.lstrip()[:1] in _SIGNS else []
    if len(given) != width or not any(map(known_unit, given)):
        return []
    return ["" if _VALUE.fullmatch(text) else text for text in given]


def _is_timed(lines: Sequence[str], first: int, width: int) -> bool:
    """Whether columns without names tell a date or a clock, and are not those of a log."""
    columns = list(zip(*(row for line in lines[first:] if len(row := _split(line)) == width and _is_row(row)), strict=True))
    if any(any(map(_LEVEL.fullmatch, column)) for column in columns):
        return False
    dated = any(_most(_DATE, column) for column in columns) or any(
        _most(_YEAR, years) and _most(_DAY, days) for years, days in pairwise(columns)
    )
    return dated or any(
        _most(_CLOCK, column) and 2 * sum(a != b for a, b in pairwise(column)) > len(column) for column in columns
    )


def _most(pattern: re.Pattern[str], column: Sequence[str]) -> bool:
    """Whether nearly all of a column is that: a row may be damaged."""
    return 10 * sum(pattern.fullmatch(text) is not None for text in column) >= 9 * len(column)


def sniff(head: bytes) -> Guess | None:
    text = decode(head)
    if (text.lstrip()[:1] in ("", "{", "[", "<") and not begins_section(text)) or is_binary(head):
        return None
    lines = text.split("\n")[:_LOOKED_AT]
    found = _found(lines)
    if found is None:
        return None
    rows, named = found
    if not named and not _is_timed(lines, *rows):
        return None
    names = ", ".join(named[1][:6])[:120] if named else "without names"
    return Guess(0.25, f"a table of {rows[1]} columns between blanks: {names}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, HEAD_BYTES)
    lines = decode(peeked.head).split("\n")[:_LOOKED_AT]
    (first, width), named = _found(lines) or ((0, _NARROWEST), None)
    if named:
        rows = _Rows(peeked, named[0], first, width, named[1], spans=_spans(lines, first, width, named[0]))
    else:
        header = unnamed(width)
        yield Remark(f"no row names the columns: they are called {header[0]}, {header[1]}, … here and in a mapping")
        rows = _Rows(peeked, None, first, width, header, spans=_spans(lines, first, width))
    pieces = mapped_csv.read(rows, context.unhurried)
    yield from pieces if named else renumbered(pieces)


class _Rows(Retold):
    """The lines as rows between commas; the `header` stands in place of the line of `names`, above all where there is none.
    What stands above the table, or between its names and its first row and is not as wide, is left blank."""

    def __init__(
        self,
        stream: Peeked,
        names: int | None,
        first: int,
        width: int,
        header: Sequence[str],
        spans: Sequence[_Span] = (),
    ) -> None:
        text = Text(stream)
        super().__init__(chain([written([header])] if names is None else [], map(self._lines, text)), text)
        self._names = first if names is None else names
        self._header = None if names is None else list(header)
        self._first = first
        self._width = width
        self._spans = spans
        self._number = 0

    def _lines(self, block: str) -> bytes:
        return written(map(self._fields, block.removesuffix("\n").split("\n")))

    def _fields(self, line: str) -> list[str]:
        number, self._number = self._number, self._number + 1
        if number == self._names and self._header:
            return self._header
        fields = _split(line)
        if number < self._names:  # what stands above may tell the station and the zone
            return [line.translate(_NO_DELIMITERS).strip()] if self._header else []
        if self._names < number < self._first and (units := _units(line, self._width)):
            return units
        if not line[:1].isalnum() and (_RULE.fullmatch(line) or (number > self._names and fields and fields[0][:1] in _SIGNS)):
            return []
        below = number >= self._first or (number > self._names and _is_row(fields or [""]))  # units may stand between
        if below and self._spans and 1 < len(fields) < self._width:
            fields = _placed(line, self._spans) or fields
        return [] if number < self._first and len(fields) != self._width else fields
