"""Delimited text as columns: no object for a row, none for a value but its text.

Where a block holds no quote character it is split once and each column is a stride of the pieces; where it does, the csv
module splits it. Rows are numbered from 1 as a spreadsheet numbers them: the header is row 1, a blank line is a row.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Any

from mesonet.domain.file import Mark
from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Stream
from mesonet.formats.text import Text
from mesonet.record import dataclass, replace
from mesonet.regex import regex

DELIMITERS = (",", ";", "\t", "|", "^", "~")
ANNOTATIONS = ("#group", "#datatype", "#default")  # of InfluxDB, above the names of each of a file's tables
COMMENTS = "#%"  # what lines that are no rows begin with
MOST_COLUMNS = 10_000  # five times what the widest exports of stations have; a bomb has more
MOST_LINES_IN_A_FIELD = 100  # line ends inside quotes; a quote that is never closed would swallow the rest of the file
SAMPLED = 100  # lines that are looked at to find the delimiter
_DECIMAL_COMMA = regex(r"\s*\"?-?\d+,\d+\"?\s*")
_BREAK = regex(r"(?i)\s*<br ?/?>\s*$")  # what Weather Underground left of a page between its rows
SECTION = regex(r"\[(?!\d)[^\[\]{}\",\n]{1,60}\][^\S\n]*")  # `[data]` in a line of its own, which is no row (and no JSON)
_COUNTED = regex(r"\(?\d+ rows?(?:\)| in set\b.*)")  # below a database's table
_NO_ROW = regex(rf"{_BREAK.pattern}|(?=.*--)[-+\s]+")  # nor is a rule, as databases draw around their tables
SHOWN = 100  # characters of a value in a reject
CUT_OFF = "the file ends in the middle of this row"
TOLD = 50_000  # rejects of a file's rows, or of its fields, that are told one by one: a third of a second
SHORT_TOLD = (
    5_000  # of them those of rows of a few characters, which no time fits into: more would take longer than a second a MB
)
_SHORT = 12  # characters of such a row

type Fields = Sequence[str]


class Typed(Sequence[str]):
    """Numbers or instants, which become texts where they are asked for. `values` are in the order of what they mean, None where
    there is none, which is an empty text. Instants are counted `per_second` from 1970 on, which is 0 of others."""

    __slots__ = ("_text", "per_second", "values")

    def __init__(self, values: Sequence[Any], text: Callable[[Any], str], per_second: int = 0) -> None:
        self.values, self._text, self.per_second = values, text, per_second

    def __getitem__(self, at: Any) -> Any:
        found = self.values[at]
        return Typed(found, self._text, self.per_second) if isinstance(at, slice) else self.text(found)

    def __iter__(self) -> Iterator[str]:
        return map(self.text, self.values)

    def __len__(self) -> int:
        return len(self.values)

    def text(self, value: Any) -> str:
        return "" if value is None else self._text(value)

    def ends(self) -> tuple[Any, Any]:
        """The least and the greatest. Raises TypeError where there is none in some place."""
        values = (self.values[0], self.values[-1]) if isinstance(self.values, range) else self.values
        return min(values), max(values)


class Told:
    """Which of a file's rejects are told one by one: the first `TOLD`, or as many as are given, and of short rows `SHORT_TOLD`.
    Beyond them, in a file that is wrong throughout, one reject of each chunk stands for all that follow it there."""

    def __init__(self, most: int | None = None) -> None:
        self._left = TOLD if most is None else most
        self._short = SHORT_TOLD

    @property
    def spent(self) -> bool:
        """Whether all that are told one by one were."""
        return self._left <= 1 or self._short <= 0

    def of[Lost](self, lost: Sequence[Lost], row: Callable[[Lost], str] | None = None) -> Iterator[tuple[Lost, int]]:
        """Those of a chunk that are told, each with how many it is told for; `row` is the text of one that was lost whole."""
        for at, each in enumerate(lost):
            if self.spent:
                self._left -= len(lost) - at
                yield each, len(lost) - at
                return
            self._left -= 1
            self._short -= row is not None and len(row(each)) < _SHORT
            yield each, 1


class ToldFields(Told):
    """The same for fields. Several may stand in a few characters, so no more are told one by one than there are rows, and
    `SHORT_TOLD` besides."""

    def add(self, rows: int) -> None:
        """For the rows of a chunk."""
        self._short += rows

    def of[Lost](self, lost: Sequence[Lost], row: Callable[[Lost], str] | None = None) -> Iterator[tuple[Lost, int]]:
        return super().of(lost, lambda _: "")


class Short:
    """Rejects of reports of a few characters: the first `SHORT_TOLD` are told, those beyond at the end, by their reason."""

    def __init__(self) -> None:
        self._left = SHORT_TOLD
        self._beyond: dict[str, tuple[Reject, list[int]]] = {}

    def counts(self, reason: str, text: str) -> bool:
        """Whether one for this reason is only counted, as others were: it need not be made."""
        if len(text) >= _SHORT or self._left > 0 or reason not in self._beyond:
            return False
        self._beyond[reason][1][0] += 1
        return True

    def tells(self, reject: Reject, text: str) -> bool:
        """Whether a reject is told now."""
        if len(text) >= _SHORT:
            return True
        if self._left > 0:
            self._left -= 1
            return True
        if reject.reason not in self._beyond:
            self._beyond[reject.reason] = reject, [0]
        self._beyond[reject.reason][1][0] += reject.count
        return False

    def rest(self) -> Iterator[Reject]:
        for first, (count,) in self._beyond.values():
            yield replace(first, count=count)


class Strays(Told):
    """Lines that do not have the form of their file: those that are told one by one are told as they come, the others at the
    end of their block."""

    def __init__(self) -> None:
        super().__init__()
        self._lost: list[tuple[str, int, str]] = []

    def tell(self, reason: str, row: int, line: str) -> Sequence[Reject]:
        """What is to be said of a line at once."""
        if self._left > 0 and self._short > 0:
            self._left -= 1
            self._short -= len(line) < _SHORT
            return [Reject(reason=reason, row=row, value=line.strip()[:SHOWN])]
        self._lost.append((reason, row, line))
        return ()

    def rest(self) -> Iterator[Reject]:
        """What is to be said of lines at the end of their block."""
        for (reason, row, line), count in self.of(self._lost):
            yield Reject(reason=reason, row=row, value=line.strip()[:SHOWN], count=count)
        self._lost.clear()


@dataclass(frozen=True, slots=True)
class Chunk:
    """`columns` are as many as the header's, each as long as `rows`, the row numbers. `ragged` rows have other lengths."""

    rows: Sequence[int]
    columns: list[Sequence[str]]
    ragged: list[tuple[int, Fields]]

    def where(self, keep: Sequence[bool]) -> "Chunk":
        """Only some of the rows."""
        from itertools import compress  # rare: only where a row was rejected

        return Chunk(list(compress(self.rows, keep)), [list(compress(column, keep)) for column in self.columns], self.ragged)


def chunk_of(whole: Sequence[tuple[int, Fields]], width: int, ragged: list[tuple[int, Fields]]) -> Chunk:
    """Of rows with their numbers and their fields, of which there are so many in each."""
    columns: list[Sequence[str]] = list(zip(*(fields for _, fields in whole), strict=True))
    return Chunk([row for row, _ in whole], columns or [()] * width, ragged)


def torn(text: Text) -> Iterator[Reject]:
    """The row in which a stream that was cut ends."""
    if text.torn:
        yield Reject(reason=CUT_OFF, value=text.torn[:SHOWN])


def filled(chunk: Chunk, width: int, last: int | None, least: int = 2) -> Chunk:
    """With the rows that end before the last column, which have nothing there; not the `last`, in which the file ends, nor
    those of fewer fields than the `least`, as of a quote that is not closed."""
    short = [
        (row, (*fields, *[""] * width)[:width]) for row, fields in chunk.ragged if least <= len(fields) < width and row != last
    ]
    if not short:
        return chunk
    taken = {row for row, _ in short}
    whole = sorted([*zip(chunk.rows, zip(*chunk.columns, strict=True), strict=True), *short], key=itemgetter(0))
    return chunk_of(whole, width, [each for each in chunk.ragged if each[0] not in taken])


def once(chunk: Chunk, header: Sequence[str]) -> tuple[Chunk, int]:
    """Without rows that are the header once more, or annotations, as joined exports have them; and how many these were."""
    at = max(range(len(header)), key=lambda place: len(header[place]), default=0)
    if not header or not chunk.rows or (header[at] not in chunk.columns[at] and chunk.columns[0].count(ANNOTATIONS[0]) == 0):
        return chunk, 0
    keep = [
        row[0] not in ANNOTATIONS
        and any(
            text.strip() != name and (text or not name.startswith("column ")) for name, text in zip(header, row, strict=True)
        )
        for row in zip(*chunk.columns, strict=True)
    ]
    return chunk.where(keep), keep.count(False)


class Table:
    """`first` holds the first rows, to look for a header in; `chunks` gives everything below it.

    A file is read once, so `chunks` can be called once.
    """

    def __init__(
        self,
        stream: Stream,
        delimiter: str | None = None,
        *,
        look: int = 100,
        header_tells: bool = False,
        start: Mark | None = None,
    ) -> None:
        self._start = start
        self.text = Text(stream, start.at if start else 0)
        self._blocks = closed(iter(self.text))
        self._block = next(self._blocks, "")
        sample = header_line(self._block) if header_tells else self._block[:65536]
        self.delimiter = delimiter or delimiter_of(sample)[0]
        self.first = leading(self._block, self.delimiter, look)
        self.unended: int | None = None
        self._row = 0
        self._told = Told()

    def left(self, enough: Callable[[], bool]) -> Mark | None:
        """The mark behind the last chunk, if reading is left there."""
        return Mark(at=self.text.position, row=self._row) if self.text.position and enough() else None

    def chunks(self, width: int, *, skip: int = 0) -> Iterator[Chunk]:
        """Rows below the first `skip`. Those that do not have `width` fields are neither cut nor filled, but ragged; surplus
        delimiters at the end of a row are forgiven. After the last chunk `unended` is the number of the last row where the file
        ends in it without a line end.
        """
        if width > MOST_COLUMNS:
            raise UnreadableFile(f"{width} columns; more than {MOST_COLUMNS} are not read", row=skip or 1)
        block, number = self._block, skip + 1
        self._block = ""
        if self._start:
            block, number = next(self._blocks, ""), self._start.row + 1
        elif skip:
            block = _below(block, self.delimiter, skip)
        while True:
            if block:
                whole = block.endswith("\n")
                chunk, count = split(block[:-1] if whole else block, self.delimiter, width, number)
                number += count
                if not whole:
                    self.unended = number - 1
                self._row = number - 1
                if chunk.rows or chunk.ragged:
                    yield chunk
                del chunk  # before the next is made
            following = next(self._blocks, None)
            if following is None:
                return
            block = following

    def ragged(self, chunk: Chunk, width: int) -> Iterator[Reject]:
        """Why each ragged row was not taken."""
        for (row, fields), count in self._told.of(chunk.ragged, lambda lost: self.delimiter.join(lost[1])):
            shown = self.delimiter.join(fields)[:SHOWN]
            reason = f"the row has {len(fields)} fields where the header has {width}"
            if row == self.unended and len(fields) < width:
                reason = CUT_OFF
            elif len(fields) == 1 and fields[0].count('"') % 2:
                reason = "a quote in the row is not closed"
            yield Reject(reason=reason, row=row, value=shown, count=count)

    def torn(self) -> Iterator[Reject]:
        """The row in which a stream that was cut ends."""
        yield from torn(self.text)


def delimiter_of(sample: str) -> tuple[str, float]:
    """The delimiter that splits most lines of a sample into equally many fields, and the share of lines that it does.

    0.0 where none does.
    """
    lines = sample.split("\n", SAMPLED)[: SAMPLED + 1]
    if len(lines) > 1:
        lines.pop()  # empty, or cut
    lines = [line for line in lines if line.strip() and not ("<" in line and _BREAK.match(line))]
    rows = [line for line in lines if line[0] not in COMMENTS]
    lines = rows if len(rows) > 1 else lines
    best = (",", 0.0)
    most = (0.0, 0, False)
    together = "\n".join(lines)
    for delimiter in DELIMITERS:
        if delimiter not in together:
            continue
        widths = [len(fields) for fields in _split_lines(lines, delimiter) if fields]
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        width = max(set(wide), key=lambda w: (wide.count(w), w))
        share = wide.count(width) / len(widths)
        rank = _enough(share), width, widths[0] == width
        if rank > most or (delimiter == ";" and _are_decimals(lines)):
            best, most = (delimiter, share), rank
    return best


def begins_section(text: str) -> bool:
    """Whether a text's first line names a section of it, as those of settings do and BOM's of observations."""
    return SECTION.fullmatch(first_line(text).rstrip()) is not None


def _enough(share: float) -> float:
    """A share of lines as a rank: of two delimiters that split most lines the one that finds more fields is meant."""
    return min(round(share, 1), 0.8)


def _are_decimals(lines: list[str]) -> bool:
    """Whether commas stand only in numbers between semicolons, below what may be names: `2024-01-01;-0,8`."""
    fields = [field for line in lines[1:] for field in line.split(";") if "," in field]
    return len(fields) * 2 >= len(lines) - 1 > 0 and all(map(_DECIMAL_COMMA.fullmatch, fields))


def first_line(text: str) -> str:
    """The first line that is not blank, with its end."""
    return text.lstrip().partition("\n")[0] + "\n"


def header_line(text: str) -> str:
    """The first line that is neither blank nor a comment, with its end."""
    lines = text.lstrip().split("\n", SAMPLED)
    return next((line for line in lines if line.strip() and line[0] != "#"), lines[0]) + "\n"


def leading(block: str, delimiter: str, most: int) -> list[Fields]:
    """The first rows of a block; a blank line is an empty row."""
    lines = block[: 1 << 20].split("\n", most)[:most]
    return list(_split_lines(lines, delimiter))


def _split_lines(lines: list[str], delimiter: str) -> Iterator[Fields]:
    if not any('"' in line for line in lines):
        yield from ([] if not line.strip() else line.split(delimiter) for line in lines)
        return
    import csv  # only where there are quotes

    reader = csv.reader([line + "\n" for line in lines], delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield []


def _below(block: str, delimiter: str, rows: int) -> str:
    """What stands below the first rows of a block."""
    lines = rows
    if '"' in block:
        import csv  # only where there are quotes

        reader = csv.reader((line + "\n" for line in block.split("\n")), delimiter=delimiter)
        try:
            for _ in range(rows):
                next(reader)
            lines = reader.line_num
        except (csv.Error, StopIteration):
            lines = rows
    parts = block.split("\n", lines)
    return parts[lines] if len(parts) > lines else ""


def closed(blocks: Iterator[str]) -> Iterator[str]:
    """Blocks that do not end inside quotes, as far as two blocks can tell."""
    held = ""
    for block in blocks:
        if held:
            yield held + block
            held = ""
        elif '"' in block and block.count('"') % 2:
            held = block
        else:
            yield block
    if held:
        yield held


def split(text: str, delimiter: str, width: int, number: int) -> tuple[Chunk, int]:
    """A block (without its last line end) as a chunk, and how many rows it holds; `number` is the first one's."""
    if '"' in text:
        return _split_quoted(text, delimiter, width, number)
    # every row ends in a piece of its own: where the pieces that should be line ends are, all rows have the same width
    parted, step = _parted(text, f"{delimiter}\n{delimiter}"), width + 1
    count = (len(parted) - len(text)) // 2 + 1  # it has grown by two delimiters at each line end
    pieces = parted.split(delimiter) if width > 1 else []
    if len(pieces) == count * step - 1 and pieces[width::step].count("\n") == count - 1:
        return Chunk(range(number, number + count), [pieces[at::step] for at in range(width)], []), count
    lines = text.split("\n")
    return _gather(((row, line.split(delimiter)) for row, line in enumerate(lines, number) if line.strip()), width), count


def _parted(text: str, end: str) -> str:
    """The text with other line ends. In bytes they are found twice as fast."""
    return text.encode().replace(b"\n", end.encode()).decode() if text.isascii() else text.replace("\n", end)


def _gather(rows: Iterator[tuple[int, Fields]], width: int) -> Chunk:
    numbers: list[int] = []
    whole: list[Fields] = []
    ragged: list[tuple[int, Fields]] = []
    for row, fields in rows:
        count = len(fields)
        if count > width and not any(map(str.strip, fields[width:])):
            fields, count = fields[:width], width
        if count == width:
            numbers.append(row)
            whole.append(fields)
        elif (fields[0].strip() or any(map(str.strip, fields))) and not _is_passed_over(fields):
            ragged.append((row, fields))
    columns: list[Sequence[str]] = list(zip(*whole, strict=True)) if whole else [()] * width
    return Chunk(numbers, columns, ragged)


def _is_passed_over(fields: Fields) -> bool:
    """Whether a row is a comment, or what a page left between rows."""
    begin = fields[0].lstrip()[:1]
    if begin not in "#<-+[(0123456789":
        return False
    if len(fields) == 1 and begin in "[(0123456789":
        known = SECTION if begin == "[" else _COUNTED if " row" in fields[0] else None
        return known is not None and known.fullmatch(fields[0].strip()) is not None
    return fields[0].startswith("#") or (begin in "<-+" and _NO_ROW.fullmatch("".join(fields)) is not None)


def _split_quoted(text: str, delimiter: str, width: int, number: int) -> tuple[Chunk, int]:
    import csv  # only where there are quotes

    lines = text.split("\n")
    try:
        records = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        records = []
    if len(records) == len(lines):
        if set(map(len, records)) == {width}:
            return Chunk(range(number, number + len(records)), list(zip(*records, strict=True)), []), len(records)
        return _gather(((row, fields) for row, fields in enumerate(records, number) if fields), width), len(records)
    found = list(_records(lines, delimiter, width))
    return _gather(((row, fields) for row, fields in enumerate(found, number) if fields), width), len(found)


def _records(lines: list[str], delimiter: str, width: int) -> Iterator[Fields]:
    """Rows of lines with line ends inside quotes, or with quotes that are never closed.

    Where a quote was lost, the line is a row of its own, and reading goes on below it.
    """
    if sum(line.count(delimiter) for line in lines) + 1 < width:  # all of them together are no row
        yield from ([line] if line.count('"') % 2 else _record([line], delimiter) for line in lines)
        return
    end = len(lines)
    opening = [at for at, line in enumerate(lines) if line.count('"') % 2]
    closing = dict(pairwise([*opening, end]))  # where the quote is closed that a line opens
    before = [0, *accumulate(line.count(delimiter) for line in lines)]  # delimiters before a line
    at = 0
    while at < end:
        line, last = lines[at], closing.get(at)
        if last is None:
            yield _record([line], delimiter)
            at += 1
            continue
        if last < end and last - at < MOST_LINES_IN_A_FIELD and before[last + 1] - before[at] + 1 >= width:
            following = [_record([lines[each]], delimiter) for each in range(at + 1, last + 1) if each not in closing]
            record = _record([each + "\n" for each in lines[at : last + 1]], delimiter)
            if len(record) == width and not any(len(fields) == width for fields in following):
                yield record
                at = last + 1
                continue
        record = _record([line], delimiter) if before[at + 1] - before[at] + 1 >= width else ()
        yield record if len(record) == width else [line]  # as it stood, so that its reject can show the quote
        at += 1


def _record(lines: list[str], delimiter: str) -> Fields:
    if len(lines) == 1 and '"' not in lines[0]:
        return lines[0].split(delimiter) if lines[0] else []
    import csv  # only where there are quotes

    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return lines[0].split(delimiter)
