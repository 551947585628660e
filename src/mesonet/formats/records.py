"""Where a file can be left: behind a whole record, so that it can be gone on with there as if what remains were a file.

A format that says how its records are told apart (`RECORDS`) can be left without knowing of it. Its stream ends behind a record
when there is no more time; a later one begins with what the records need of the file's beginning (the lines of a header, the
headings of a bulletin) and goes on at the mark. Of a file of which that cannot be said (UTF-16, one JSON document) the whole is
read at once, as far as the time goes.
"""

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from mesonet.domain.file import Mark
from mesonet.domain.observation import Batch, Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Context, Piece, Rows, Stream
from mesonet.record import dataclass, replace
from mesonet.regex import regex

READ = 128 * 1024  # bytes that are asked for at once, at least
LONGEST = 16 * 1024 * 1024  # bytes of a record; what has no end until then is not left
_NEAR = 64 * 1024  # bytes before the end of records in which such lines may begin
_ABOVE = 1024 * 1024  # bytes of lines up to a header that may stand once more
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00")


def _lines(data: bytes) -> int:
    """How many lines end in these bytes, by whatever ends them in a text (`text.Text`)."""
    if b"\r" in data:
        data = data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.count(b"\n")


class Records(Protocol):
    """How the records of one file are told apart."""

    def beginning(self, head: bytes) -> tuple[int, int] | None:
        """How many bytes, and how many rows, stand before the first record; None where the file cannot be left."""

    def whole(self, data: bytes) -> int:
        """How many of these bytes, at whose start a record begins, are whole records."""

    def rows(self, data: bytes) -> int | None:
        """How many rows so many records are; None where only the reader knows."""

    def context(self, data: bytes, before: bytes) -> bytes:
        """The lines that later records need to be understood: of those that were needed `before`, and of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecords:
    """A record a line. `header` is what the last line before them has; without it they begin at once. Neighbours that have
    the first `same` bytes in common stay together; lines that are `quoted` may hold line ends."""

    header: re.Pattern[bytes] | None = None
    optional: bool = False  # there may be no header
    same: int = 0
    quoted: bool = False
    applies: Callable[[bytes], bool] | None = None
    # how lines begin that may stand once more, and are what is below needs: to a header, or four of them
    again: re.Pattern[bytes] | None = None

    def beginning(self, head: bytes) -> tuple[int, int] | None:
        if any(mark in head[:64] for mark in _WIDE) or b"\n" not in head or (self.applies and not self.applies(head)):
            return None
        found = self.header.search(head) if self.header else None
        if found is None:
            return (0, 0) if self.header is None or self.optional else None
        end = head.find(b"\n", found.end()) + 1
        return (end, _lines(head[:end])) if end else None

    def whole(self, data: bytes) -> int:
        end = data.rfind(b"\n") + 1
        if self.quoted and data.count(b'"', 0, end) % 2:  # then the last quote is not closed
            end = data.rfind(b"\n", 0, data.rfind(b'"', 0, end)) + 1
        if self.same:
            last = data.rfind(b"\n", 0, max(end - 1, 0)) + 1
            key = data[last : last + self.same]
            while last and data[last : last + self.same] == key:
                end, last = last, data.rfind(b"\n", 0, last - 1) + 1
            end = end if last or data[: self.same] != key else 0
        if self.again and self.header:  # lines up to a header stay together
            begin = max((found.start() for found in self.again.finditer(data, max(end - _NEAR, 0), end)), default=end)
            end = end if self.header.search(data, begin, end) else begin
        return end

    def rows(self, data: bytes) -> int | None:
        return _lines(data)

    def context(self, data: bytes, before: bytes) -> bytes:
        if self.again is None:
            return b""
        text = before + data
        begin = max((found.start() for found in self.again.finditer(text)), default=-1)
        if begin < 0:
            return b""
        found = self.header.search(text, begin) if self.header else None
        return text[begin : text.find(b"\n", found.end()) + 1] if found else text[begin:][:_ABOVE]  # the rest is still to come


_DATE_LINE = regex(rb"^[ \t]*\d{4}/\d\d/\d\d\s+\d\d:\d\d[^\r\n]{0,8}", re.MULTILINE)
_HEADING_LINE = regex(rb"^[ \t]*[A-Z]{4}\d{0,2} +[A-Z]{4} +\d{6}(?: +[A-Z]{3})?[ \t]*\r*$", re.MULTILINE)
_SECTION = regex(rb"\b[ABO][ABO]XX\s+\d{4}[0-9/]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletins:
    """Reports, each ended by `=`, or begun by a line that `begins` matches. What stands above reports and is said of all below
    (a date, a heading, the day and hour of a section) is their context."""

    begins: re.Pattern[bytes]

    def beginning(self, head: bytes) -> tuple[int, int] | None:
        return None if any(mark in head[:64] for mark in _WIDE) else (0, 0)

    def whole(self, data: bytes) -> int:
        ends = [match.end() for match in re.finditer(rb"=[ \t\r]*\n", data)]
        end = ends[-1] if ends else 0
        begins = [match.start() for match in self.begins.finditer(data, end)]
        return max(end, begins[-1]) if begins and not ends else end

    def rows(self, data: bytes) -> int | None:
        return _lines(data)

    def context(self, data: bytes, before: bytes) -> bytes:
        found = {}
        for kind, pattern in enumerate((_DATE_LINE, _HEADING_LINE, _SECTION)):
            for text, shift in ((before, 0), (data, len(before))):
                for match in pattern.finditer(text):
                    found[kind] = (shift + match.start(), match[0].strip())
        if 1 in found and 2 in found and found[1][0] > found[2][0]:
            del found[2]  # a heading ends the section above it
        return b"".join(text + b"\n" for _, text in sorted(found.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Binary messages that say their own length and how they end: `BUFR`, then three bytes, then `7777` behind all else. A
    length that lies is seen by another message within."""

    begin: bytes
    end: bytes
    least: int  # bytes of a message

    def beginning(self, head: bytes) -> tuple[int, int] | None:
        return 0, 0

    def whole(self, data: bytes) -> int:
        end = 0
        while (at := data.find(self.begin, end)) >= 0 and (behind := self._behind(data, at)) is not None:
            end = behind
        return end

    def _behind(self, data: bytes, at: int) -> int | None:
        """Where what begins here ends, if these bytes tell."""
        length = self._length(data, at)
        if len(data) < at + max(length, 8):
            return None
        if length < self.least:
            return at + len(self.begin)
        behind = at + length
        inner = -1 if data.endswith(self.end, at, behind) else data.find(self.begin, at + 8, behind)
        if inner < 0:
            return behind
        end = inner + max(self._length(data, inner), 8)
        return None if len(data) < end else end if data.endswith(self.end, inner, end) else behind

    @staticmethod
    def _length(data: bytes, at: int) -> int:
        return int.from_bytes(data[at + 4 : at + 7])

    def rows(self, data: bytes) -> int | None:
        return None

    def context(self, data: bytes, before: bytes) -> bytes:
        return b""


class Part:
    """A stream that ends behind a whole record where there is no more time, and then has a `mark`. Where the context has the
    mark of an earlier one, it goes on there."""

    def __init__(self, stream: Stream, head: bytes, records: Records, context: Context) -> None:
        self._stream = stream
        self._records = records
        self._enough = context.enough
        beginning = records.beginning(head)
        self._start = context.start if beginning else None
        self._whole = beginning is None  # it cannot be left
        self._top, _ = beginning or (0, 0)
        self._held = self._out = b""
        self._ended = self._left = False
        self._at = self._row = self._given = 0
        self._context = b""
        self._repeated = 0
        if self._start is not None:
            self._go_to(self._start)

    @property
    def cut(self) -> bool:
        return bool(getattr(self._stream, "cut", False)) and not self._left

    @property
    def ahead(self) -> int:
        """How many rows the file's are ahead of those that a reader counts here, below those that are repeated."""
        return self._start.row - self._repeated if self._start else 0

    def mark(self, rows: int) -> Mark | None:
        """Where the file is left; `rows` is how many the reader has counted, for files of which only it knows."""
        if not self._left:
            return None
        before = self._start.row if self._start else 0
        return Mark(at=self._at, row=before + rows if self._records.rows(b"") is None else self._row)

    def read(self, count: int = -1, /) -> bytes:
        """Up to `count` bytes, all for a negative one; nothing at the end."""
        if count < 0:
            return b"".join(iter(lambda: self.read(READ), b""))
        if not self._out:
            self._fill(count)
        data, self._out = self._out[:count], self._out[count:]
        return data

    def _fill(self, count: int) -> None:
        if self._left:
            return
        if self._whole:
            self._out = self._stream.read(count)
            return
        end = 0
        while not end and not self._ended:
            data = self._stream.read(count)
            self._ended = not data
            self._held += data
            first = 0 if self._given else min(self._top, len(self._held))  # the header is given with the first record
            end = self._records.whole(self._held[first:])
            end = end and end + first
            if not end and len(self._held) > LONGEST:
                self._whole, self._out, self._held = True, self._held, b""
                return
        if end and self._given and self._enough():
            self._left = True
            return
        self._take(len(self._held) if self._ended else end)

    def _take(self, end: int) -> None:
        self._out, self._held = self._held[:end], self._held[end:]
        self._at += end
        self._given += end
        self._row += self._records.rows(self._out) or 0

    def _go_to(self, start: Mark) -> None:
        """Reads on to the mark. What the records behind it need of what is passed over is given first."""
        top = b""
        passed = 0
        while passed < start.at and (data := self._stream.read(min(READ, start.at - passed))):
            if passed < self._top:
                top += data[: self._top - passed]
            self._context = self._records.context(data, self._context)
            passed += len(data)
        self._out = self._context or top  # the last first lines are those that count
        self._repeated = _lines(self._out)
        self._top = 0
        self._at, self._row = passed, start.row


def pieces(part: Part, read: Callable[[Stream, Context], Iterator[Piece]], context: Context) -> Iterator[Piece]:
    """What the reader gives of a part, with the rows that the whole file has, and at the end where it was left."""
    ahead, rows = part.ahead, 0
    try:
        for piece in read(part, replace(context, start=None)):
            match piece:
                case Reject() if ahead and piece.row is not None:
                    yield replace(piece, row=max(piece.row + ahead, 1))
                case Batch() if ahead:
                    yield replace(piece, rows=[row + ahead for row in piece.rows])
                case Rows():
                    rows += piece.count
                    yield piece
                case _:
                    yield piece
    except UnreadableFile as exc:
        if ahead and exc.row is not None:
            raise UnreadableFile(exc.detail, row=max(exc.row + ahead, 1), column=exc.column) from exc
        raise
    if mark := part.mark(rows):
        yield mark
