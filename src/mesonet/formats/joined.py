"""Files of one form that were joined: each is read below its own first lines, which say whose rows they are, and of when.

A format whose first lines say that has `BEGINS`: how a file of it begins. Where that comes again another file begins. Where all
of the first lines are the same once more, as in days of one station, they are blank lines to a format whose rows `GO_ON` below
those.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import BinaryIO, cast

from mesonet.domain.file import ColumnFacts
from mesonet.domain.observation import Batch, Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Columns, Context, Inferred, Piece, Remark, Rows
from mesonet.record import replace

type Read = Callable[[BinaryIO, Context], Iterator[Piece]]

READ = 128 * 1024  # bytes that are asked for at once, of what a reader left
MOST = 10_000  # files in one: each costs as much as a small file
_FEW, _SMALL = 400, 2048  # beyond so many files they have so many bytes on average, since each takes a millisecond to begin
_HELD = 4  # lines that are looked at to tell whether another file begins
_LONGEST = 16 * 1024  # bytes of them
_BLANK = b"\xef\xbb\xbf \t\r\n"
_HEADS = 100  # different first lines that are remembered


class Section:
    """A stream that ends where others begin: `rest` begins with those, `rows` is how many lines stand before them. Its own
    first lines stood `again` so many times in it."""

    def __init__(self, stream: BinaryIO, held: bytes = b"") -> None:
        self._stream = stream
        self._held = held
        self.rest = b""
        self.rows = self.again = 0

    @property
    def cut(self) -> bool:
        return bool(getattr(self._stream, "cut", False)) and not self.rest

    def read(self, count: int = -1, /) -> bytes:
        """At least one byte until there are none; all for a negative count."""
        return self._some(count) if count >= 0 else b"".join(iter(lambda: self._some(READ), b""))

    def _some(self, count: int) -> bytes:
        raise NotImplementedError


class _File(Section):
    """A stream that ends where another file begins. Where it begins with one of the first lines that are known, those are blank
    lines where they come again."""

    def __init__(
        self, stream: BinaryIO, begins: re.Pattern[bytes], held: bytes = b"", heads: Collection[bytes] = frozenset()
    ) -> None:
        super().__init__(stream, held)
        self._begins = begins
        self._begun = self._ended = False
        self._own = next((head for head in heads if held.startswith(head)), b"")
        self._below = self._first = b""
        self.size = 0

    def _some(self, count: int) -> bytes:
        while not self.rest and not (self._ended and not self._held):
            more = self._stream.read(count)
            self._ended = not more
            data = self._held + more
            data, self._held = self._passed_over(data) if self._own else (data, b"")
            if (found := self._other(data)) is not None:
                self.rest, data, self._held = data[found:] + self._held, data[:found], b""
            elif not self._held:
                kept = len(data) if self._ended else self._whole(data)
                data, self._held = data[:kept], data[kept:]
            if data:
                self._begun = self._begun or bool(data.strip(_BLANK))
                self.rows += data.count(b"\n")
                self.size += len(data)
                if self.size <= _LONGEST:
                    self._first += data
                return data
        return b""

    def _passed_over(self, data: bytes) -> tuple[bytes, bytes]:
        """The data with blank lines in place of its own first lines, and the end of it, with which they may begin. Where the
        same line stands below them as below its own, a whole file came again: what of it is a row is not certain."""
        own, parts, at = self._own, list[bytes](), 0
        if not self._begun:
            at, self._below = len(own), _line(data, len(own))
            parts.append(own)
        while other := self._begins.search(data, at):
            begin, below = other.start(), other.start() + len(own)
            whole = self._ended or b"\n" in data[below : below + _LONGEST] or len(data) > below + _LONGEST
            if not whole and own.startswith(data[begin:below]):
                return b"".join((*parts, data[at:begin])), data[begin:]
            if not data.startswith(own, begin) or _line(data, below) == self._below:
                break
            parts += data[at:begin], b"\n" * own.count(b"\n")
            self.again += 1
            at = below
        return b"".join((*parts, data[at:])), b""

    def head(self, rows: int) -> bytes:
        """Its lines above so many rows; nothing of what is no short file."""
        if self.size > _LONGEST or self.again:
            return b""
        lines = self._first.splitlines(keepends=True)
        filled = [at for at, line in enumerate(lines) if line.strip(_BLANK)]
        return b"".join(lines[: filled[-rows]]) if 0 < rows < len(filled) else b""

    def _other(self, data: bytes) -> int | None:
        """Where another file begins."""
        begins = (found.start() for found in self._begins.finditer(data))
        return next((at for at in begins if self._begun or data[:at].strip(_BLANK)), None)

    def _whole(self, data: bytes) -> int:
        """How much of this can be given away: not the last lines, with which another file may begin."""
        end = len(data)
        for _ in range(_HELD):
            end = max(data.rfind(b"\n", 0, end), 0)
        return end if len(data) - end < _LONGEST else len(data)


def _line(data: bytes, at: int) -> bytes:
    end = data.find(b"\n", at)
    return data[at : end if end >= 0 else len(data)]


def reader(read: Read, begins: re.Pattern[bytes], *, go_on: bool = False) -> Read:
    """What reads each file of those that were joined. Rows may `go_on` below blank lines."""

    def whole(stream: BinaryIO, context: Context) -> Iterator[Piece]:
        files, size = 0, 0
        last: _File | None = None
        heads: set[bytes] = set()

        def next_file(held: bytes) -> _File:
            nonlocal files, size, last
            size += last.size if last else 0
            if files > _FEW and size < files * _SMALL:
                raise UnreadableFile(
                    f"more than {files} files of less than {_SMALL} bytes, with other first lines each, were joined to one: "
                    "store them apart"
                )
            files, last = files + 1, _File(stream, begins, held, heads)
            return last

        def of_file(file: _File, context: Context) -> Iterator[Piece]:
            rows = 0
            for piece in read(cast(BinaryIO, file), context):
                rows += piece.count if isinstance(piece, Rows) else 0
                yield piece
            if go_on and len(heads) < _HEADS and (head := file.head(rows)):
                heads.add(head)

        yield from pieces(next_file, of_file, context)

    return whole


def pieces[Each: Section](
    section_of: Callable[[bytes], Each], read: Callable[[Each, Context], Iterator[Piece]], context: Context
) -> Iterator[Piece]:
    """What stands in each section, with the rows of the file and one account of its columns. Raises UnreadableFile."""
    section, ahead, below, again = section_of(b""), 0, list[int](), 0
    columns: tuple[ColumnFacts, ...] | None = None
    facts: dict[str, ColumnFacts] = {}
    told: set[object] = set()
    encoding = None
    while True:
        for piece in _taken(read(section, context), ahead):
            match piece:
                case Reject() if ahead and piece.row is not None:
                    yield replace(piece, row=piece.row + ahead)
                case Batch() if ahead:
                    yield replace(piece, rows=[row + ahead for row in piece.rows])
                case Columns():
                    encoding = encoding or piece.encoding
                    for each in piece.columns:
                        facts[each.name] = facts[each.name].joined(each) if ahead and each.name in facts else each
                    columns = tuple(facts.values()) if ahead else piece.columns
                case Remark() | Inferred() if piece in told:
                    continue
                case _:
                    if isinstance(piece, Remark | Inferred):
                        told.add(piece)
                    yield piece
        while section.read(READ):
            continue
        again += section.again
        if not section.rest:
            break
        ahead += section.rows
        if len(below) == MOST:
            raise UnreadableFile(f"other first lines stand in more than {MOST} places: split the file", row=ahead + 1)
        below.append(ahead + 1)
        section = section_of(section.rest)
    if below:
        times = f" and {len(below) - 1} times below it" if len(below) > 1 else ""
        yield Remark(f"other first lines stand in row {below[0]}{times}: what is below them was read by their own names")
    if again:
        yield Remark(f"the same first lines stand {again} times more: they were passed over")
    if columns is not None:
        yield Columns(columns=columns, encoding=encoding)


def _taken(found: Iterator[Piece], ahead: int) -> Iterator[Piece]:
    """What a file below another says; where it cannot be read that is a reject."""
    try:
        yield from found
    except UnreadableFile as exc:
        if not ahead:
            raise
        yield Reject(reason=exc.detail, row=exc.row or 1, column=exc.column)
