"""Tables of a known format that a spreadsheet, a program or a hand saved again: given to the format as it knows them.

A spreadsheet writes its country's delimiter and decimal comma, fills short lines up with delimiters, puts quotes around fields,
blanks behind delimiters, `sep=;` or blank lines above, and days as 31.12.2024. R and pandas put the rows' numbers before them,
others `#` before the names; line ends that were doubled on the way are blank lines between all others. Hands move columns, and
part times into two. Only what no format knows as it stands is tried; the format is believed where it takes values out of the
first rows that were not to be had before, or their times of day.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import chain
from typing import BinaryIO, cast

from mesonet.domain.observation import Batch, Reject
from mesonet.domain.parameter import Parameter
from mesonet.errors import UnreadableFile
from mesonet.formats import resaved_turned
from mesonet.formats.reading import HEAD_BYTES, Columns, Context, Format, Piece, Recognition
from mesonet.formats.resaved_columns import Order, Parted, order_of, parted
from mesonet.formats.resaved_days import Days, Running, days_of
from mesonet.formats.table import DELIMITERS, Fields, closed, delimiter_of
from mesonet.formats.text import WIDE, Text, decode, encoding_of
from mesonet.record import dataclass, replace
from mesonet.regex import regex

type Told = tuple[str, int, Parameter]

GENERIC = ("csv", "text-table")
_TRIED = 16 * 1024  # characters of the file's beginning that are tried
_FIRST = 120  # lines of them that tell whether a way is right at all: names stand in the first sixty
_LOOK = 60  # rows in which names are looked for
_LEAST_ROWS = 3  # of which numbers go on
_SEPARATOR = regex(r"(?i)sep=(.)\n")
_COMMA = regex(r"-?\d+,\d+")
_THOUSANDS = regex(r"-?[1-9]\d{0,2},\d{3}|-?0\d+,\d+")  # or what may be something else than a decimal comma
# where there is such a field no comma is a decimal one: a number with a point, or parts with commas between them (ISD)
_OTHERWISE = regex(r"-?\d+\.\d+|[^,\s]+(?:,[^,\s]+){2,}")
_SIGN = regex(r"#+[^\S\n]*")
_UNNAMED = regex(r"(?i)|x|index|row|row\.?names?|unnamed: ?0")  # what programs call the column of the rows' numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a table was saved: `above` lines that are none of its own, its delimiter ('' of text that is not delimited), how many
    rows stand above its names, and how many columns those are of (0 where rows may stay as they are). Its lines may be
    `spread` by a blank one behind each, the first of them begin with a `sign`, its rows with their numbers: `numbered` is then
    how many names stand above those, 1 or 0. Times may be `parted`, columns stand in another `order`."""

    above: int
    delimiter: str
    names: int = 0
    width: int = 0
    decimal_comma: bool = False
    days: Days | None = None
    plain: bool = True
    spread: bool = False
    sign: bool = False
    numbered: int | None = None
    parted: Parted | None = None
    order: Order | None = None

    @property
    def told(self) -> str:
        """What is strange about it, in words."""
        what = [
            "a line above" if self.above == 1 else f"{self.above} lines above" if self.above else "",
            "a blank line behind each" if self.spread else "",
            "# before the first" if self.sign else "",
            f"fields between {_WORDS[self.delimiter]}" if self.delimiter else "",
            "rows behind their numbers" if self.numbered is not None else "",
            "dates and clocks in two columns" if self.parted else "",
            "columns in another order" if self.order else "",
            "decimal commas" if self.decimal_comma else "",
            f"days as {' or '.join(_ORDERS[order] for order in (self.days.order, self.days.another) if order)}"
            if self.days
            else "",
        ]
        return f"saved again, with {', '.join(filter(None, what))}"


_ORDERS = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}
_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def dialect_of(text: str) -> Dialect:
    """How the first lines of a table are written."""
    below = text.lstrip("\n \t") if not text[: text.find("\n") + 1].strip() else text
    below = text[text.rfind("\n", 0, len(text) - len(below)) + 1 :]
    told = _SEPARATOR.match(below)
    below = below[told.end() :] if told else below
    above = text.count("\n", 0, len(text) - len(below))
    spread, sign = _is_spread(below.split("\n")[:-1]), _SIGN.match(below) is not None
    below = "\n".join(_unsigned(below.split("\n"))) if sign else below
    delimiter, share = (told[1], 1.0) if told and told[1] in DELIMITERS else delimiter_of(below)
    if share < 0.5:
        return Dialect(above=above, delimiter="", spread=spread, sign=sign)
    rows = [row for row in csv.reader(below.split("\n")[:-1], delimiter=delimiter, skipinitialspace=True) if row]
    numbered = _numbered(rows)
    if numbered is not None:
        rows = [rows[0][numbered:], *(row[1:] for row in rows[1:])]
    named = [at for at, row in enumerate(rows[:_LOOK]) if len(row) > 1 and _has_names(row)]
    names = named[-1] if named else 0
    first = names + 1 if named else 0
    clocks = parted(rows[:first], rows[first:])
    if clocks:
        rows = [list(clocks.together(row)) for row in rows]
    width = max((at + 1 for row in named for at, field in enumerate(rows[row]) if field.strip()), default=0)
    filled_up = any(len(row) > width for row in rows[names:]) or any(map(_ends_empty, rows[:names]))
    fields = [field.strip() for row in rows[names:] for field in row]
    return Dialect(
        above=above,
        delimiter=delimiter,
        names=names,
        width=width if filled_up else 0,
        decimal_comma=any(map(_has_comma, fields)) and not any(map(_OTHERWISE.fullmatch, fields)),
        days=days_of(rows[first:]),
        plain='"' not in below and f"{delimiter} " not in below,
        spread=spread,
        sign=sign,
        numbered=numbered,
        parted=clocks,
        order=order_of(rows[:first]),
    )


def _is_spread(lines: Sequence[str]) -> bool:
    """Whether a blank line stands behind each other one."""
    return len(lines) > 2 * _LEAST_ROWS and all(bool(line.strip()) is not bool(at % 2) for at, line in enumerate(lines))


def _unsigned(lines: Iterable[str]) -> Iterator[str]:
    """Without the sign of comment before the first lines."""
    signed = True
    for line in lines:
        found = _SIGN.match(line) if signed else None
        signed = found is not None
        yield line[found.end() :] if found else line


def _numbered(rows: Sequence[Fields]) -> int | None:
    """How many names stand above the numbers of rows, where they have some: 1 that says nothing, or none."""
    if len(rows) < _LEAST_ROWS or not _has_names([name or "-" for name in rows[0]]):
        return None
    names, width = rows[0], len(rows[1])
    named = len(names) - width + 1
    if (
        named not in (0, 1)
        or (named and not _UNNAMED.fullmatch(names[0].strip()))
        or any(len(row) != width for row in rows[1:])
    ):
        return None
    first = rows[1][0].strip()
    counted = first in ("0", "1") and all(row[0].strip() == str(at) for at, row in enumerate(rows[1:], int(first)))
    return named if counted else None


def _has_names(row: Sequence[str]) -> bool:
    """Whether a row is of names or units: no field begins as a number or a time does."""
    return any(row) and not any(field.strip().lstrip("-+.")[:1].isdecimal() for field in row)


def _has_comma(field: str) -> bool:
    return _COMMA.fullmatch(field) is not None and not _THOUSANDS.fullmatch(field)


def _ends_empty(row: Sequence[str]) -> bool:
    return len(row) > 1 and not row[-1].strip()


class Resaved:
    """A stream of the table as its format writes it, in UTF-8: fields between `delimiter`, decimal points, no more fields than
    names."""

    def __init__(self, stream: BinaryIO, dialect: Dialect, delimiter: str) -> None:
        self.text = Text(stream)
        self._stream = stream
        self._dialect = dialect
        self._delimiter = delimiter
        self._ordered = False  # from the names on
        self._blanks = 0  # lines that were left out: behind so many of the first rows one each
        self._days = Running(dialect.days) if dialect.days else None
        self._blocks = self._written()
        self.head = b""
        while len(self.head) < HEAD_BYTES and (block := next(self._blocks, b"")):
            self.head += block
        self._held = self.head

    @property
    def cut(self) -> bool:
        return bool(getattr(self._stream, "cut", False))

    @property
    def above(self) -> int:
        return self._dialect.above

    @property
    def described(self) -> str:
        return self.text.described

    def read(self, count: int = -1, /) -> bytes:
        """At least one byte, at most `count`, until there are none; all for a negative count."""
        if count < 0:
            return self._held + b"".join(self._blocks)
        while not self._held and (block := next(self._blocks, None)) is not None:
            self._held = block
        data, self._held = self._held[:count], self._held[count:]
        return data

    def _written(self) -> Iterator[bytes]:
        left, row = self.above, 0
        signed = self._dialect.sign
        blocks: Iterator[str] = chain(self.text, self._torn())
        for block in closed(self._together(blocks, left) if self._dialect.spread else blocks):
            while left and block:
                block, left = block.partition("\n")[2], left - 1
            if signed and block:
                block, signed = "\n".join(_unsigned(block.split("\n"))), False
            if block and self._dialect.delimiter:
                whole = block.endswith("\n")
                written = "".join(self._rows(block.removesuffix("\n").split("\n"), row))
                row += written.count("\n")
                yield (written if whole else written.removesuffix("\n")).encode()
            elif block:
                yield block.encode()

    def _together(self, blocks: Iterable[str], above: int) -> Iterator[str]:
        """The lines without the blank one behind each, as long as there is one."""
        spread, number = True, -above
        for block in blocks:
            kept = []
            for line in block.split("\n"):
                if spread and number > 0 and number % 2:
                    spread = not line.strip()
                    self._blanks += spread
                if not spread or number <= 0 or number % 2 == 0:
                    kept.append(line)
                number += 1
            number -= 1  # behind the last line end stands nothing
            yield "\n".join(kept)

    def _row(self, row: int) -> int:
        """The row of the file that a row is."""
        return row + self.above + min(row - 1, self._blanks)

    def _torn(self) -> Iterator[str]:
        if self.text.torn:
            yield self.text.torn

    def _rows(self, lines: Sequence[str], row: int) -> Iterator[str]:
        out = StringIO()
        writer = csv.writer(out, delimiter=self._delimiter, lineterminator="\n")
        dialect = self._dialect
        try:
            rows = list(csv.reader([f"{line}\n" for line in lines], delimiter=dialect.delimiter, skipinitialspace=True))
        except csv.Error:
            yield from (f"{line}\n" for line in lines)
            return
        for at, fields in enumerate(rows, row):
            writer.writerow(self._fields([field.strip() for field in fields], at))
        yield out.getvalue()

    def _fields(self, fields: Fields, row: int) -> Iterator[str]:
        dialect = self._dialect
        if dialect.numbered is not None:
            fields = fields[1 if row else dialect.numbered :]
        if dialect.parted:
            fields = dialect.parted.together(fields)
        if dialect.width:
            last = max((at + 1 for at, field in enumerate(fields) if field), default=0)
            least = 0 if row < dialect.names else dialect.width
            fields = fields[: max(last, min(len(fields), least))]
        if dialect.order:
            self._ordered = self._ordered or tuple(fields) == dialect.order.names
            fields = dialect.order.of(fields) if self._ordered else fields
        for field in fields:
            if dialect.decimal_comma and _COMMA.fullmatch(field):
                yield field.replace(",", ".")
            else:
                yield (self._days and self._days.written(field)) or field

    def pieces(self, read: Callable[[], Iterator[Piece]]) -> Iterator[Piece]:
        """What the format gives, with the rows and the encoding of the file as it was saved. Raises UnreadableFile."""
        moved = self.above or self._dialect.spread
        try:
            for piece in read():
                match piece:
                    case Reject() if moved and piece.row is not None:
                        yield replace(piece, row=self._row(piece.row))
                    case Batch() if moved:
                        yield replace(piece, rows=[*map(self._row, piece.rows)])
                    case Columns():
                        yield replace(piece, encoding=self.described)
                    case _:
                        yield piece
        except UnreadableFile as exc:
            row = None if exc.row is None else self._row(exc.row)
            raise UnreadableFile(exc.detail, row=row, column=exc.column) from exc


def understood(
    head: bytes,
    stream: BinaryIO,
    known: Recognition,
    context: Context,
    *,
    recognise: Callable[[bytes], Recognition],
    named: Callable[[str], Format],
) -> tuple[Recognition, Resaved] | None:
    """The format that the table was in, and the stream that it can read; None where there is none, or nothing to mend."""
    found = _mended(head, known, context, recognise=recognise, named=named)
    if found is None and known.format in (None, *GENERIC):
        return _turned(head, stream, context, recognise=recognise, named=named)
    return found and (found[0], Resaved(stream, *found[1:]))


class Turned(Resaved):
    """A stream of a table that lay on its side: its rows are the columns of the file. One that cannot be turned is known all
    the same, and has no pieces."""

    def __init__(self, stream: BinaryIO, delimiter: str, wanted: str) -> None:
        data, self._described, self._fault = b"", "", ""
        try:
            data, self._described = resaved_turned.whole(stream, delimiter, wanted)
        except UnreadableFile as exc:
            self._fault = exc.detail
        super().__init__(BytesIO(data), Dialect(above=0, delimiter=""), "")

    @property
    def described(self) -> str:
        return self._described

    def pieces(self, read: Callable[[], Iterator[Piece]]) -> Iterator[Piece]:
        if self._fault:
            raise UnreadableFile(self._fault)
        yield from super().pieces(read)


def _turned(
    head: bytes,
    stream: BinaryIO,
    context: Context,
    *,
    recognise: Callable[[bytes], Recognition],
    named: Callable[[str], Format],
) -> tuple[Recognition, Resaved] | None:
    text = decode(head)
    text = text if len(head) < HEAD_BYTES else text[: text.rfind("\n") + 1]
    delimiter = resaved_turned.delimiter_in(text)
    for wanted in dict.fromkeys((delimiter, ",", ";", "\t", "|")) if delimiter else ():
        sample = resaved_turned.sample(text, str(delimiter), str(wanted))
        found = recognise(sample)
        if found.format not in (None, *GENERIC) and _values(named(str(found.format)), sample, context):
            why = f"{found.guess.why}; {resaved_turned.TOLD}"
            return replace(found, guess=replace(found.guess, why=why)), Turned(stream, str(delimiter), str(wanted))
    return None


def _mended(
    head: bytes,
    known: Recognition,
    context: Context,
    *,
    recognise: Callable[[bytes], Recognition],
    named: Callable[[str], Format],
) -> tuple[Recognition, Dialect, str] | None:
    """The format, how the table was saved, and the delimiter that the format wants. Wide characters are one thing to mend, and
    need not be all."""
    text = decode(head)
    whole: tuple[Recognition, Dialect, str] | None = None
    if encoding_of(head).startswith(WIDE) and not text.lstrip().startswith("<"):  # XML says its encoding itself
        found = recognise(text.encode())
        if found.format not in (None, *GENERIC) and found.guess.confidence >= known.guess.confidence:
            whole, known = (found, Dialect(above=0, delimiter=""), ""), found
    text = text[: text.rfind("\n", 0, _TRIED) + 1]
    if not text or text.lstrip()[:1] in "{[<":
        return whole
    dialect = dialect_of(text)
    moved = dialect.parted or dialect.order
    told = dialect.above, dialect.spread, dialect.sign, dialect.width, dialect.decimal_comma, dialect.days, moved
    strange = any(told) or dialect.numbered is not None or not dialect.plain
    least: set[Told] = set()
    if known.format is not None and known.format not in GENERIC:
        least = _values(named(known.format), text.encode(), context)
        if not strange or (least and not (dialect.decimal_comma or dialect.spread or dialect.parted)):
            return whole
    before = least
    ways = [replace(dialect, days=None), dialect] if dialect.days else [dialect]  # some formats have other days than ISO's
    if dialect.days and dialect.days.midnight:  # which may be an hour all the same
        ways.append(replace(dialect, days=replace(dialect.days, midnight=False)))
    if dialect.sign:  # which may be the format's own
        ways = [*(replace(way, sign=False) for way in ways), *ways]
    first = "".join(line + "\n" for line in text.split("\n", _FIRST)[:_FIRST])
    for delimiter in (",", ";", "\t", "|") if dialect.delimiter else ("",):
        for way in ways if strange or delimiter != dialect.delimiter else ():
            if first != text and not _is_known(recognise(_written(first, way, delimiter)), known):
                continue
            tried = _written(text, way, delimiter)
            found = recognise(tried)
            if not _is_known(found, known):
                continue
            values = _values(named(str(found.format)), tried, context)
            clocks = dialect.parted and least is before and len(values) == len(before) and values != before
            if len(values) > len(least) or clocks:
                found = replace(found, guess=replace(found.guess, why=f"{found.guess.why}; {way.told}"))
                least, whole = values, (found, way, delimiter)
        if whole and whole[2] == delimiter:
            break
    return whole


def _written(text: str, way: Dialect, delimiter: str) -> bytes:
    return Resaved(BytesIO(text.encode()), way, delimiter).read()


def _is_known(found: Recognition, before: Recognition) -> bool:
    """Whether it is a format of somebody, and as sure as what the table was taken for before."""
    return found.format not in (None, *GENERIC) and found.guess.confidence >= before.guess.confidence


def _values(module: Format, data: bytes, context: Context) -> set[Told]:
    """The values that the format takes out of these first rows, by what they are of."""
    found: set[Told] = set()
    try:
        for piece in module.read(cast(BinaryIO, BytesIO(data)), Context(key=context.key, received=context.received)):
            if isinstance(piece, Batch):
                for parameter, column in piece.columns.items():
                    values = zip(piece.times, column.values, strict=True)
                    found.update((piece.station_id, at, parameter) for at, value in values if value is not None)
    except UnreadableFile:
        return found
    return found
