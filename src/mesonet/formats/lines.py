"""Text of fixed columns as chunks: whole lines, or their fields where blanks part them.

`Lines` is to such text what `Table` is to delimited text.
"""

import re
from collections.abc import Callable, Generator, Iterator, Sequence

from mesonet.domain.observation import Reject
from mesonet.formats.reading import Guess, Stream
from mesonet.formats.table import CUT_OFF, SHOWN, Chunk, Fields, Strays, Told, chunk_of, torn
from mesonet.formats.text import Text

_MOST = 0.6  # of the lines of a file: some may be damaged, or notes


def sampled(text: str, most: int | None = None) -> list[str]:
    """The first lines that are not blank; of several not the last, which may be cut off."""
    lines = text.split("\n")
    return [line for line in (lines[:-1] if len(lines) > 1 else lines) if line.strip()][:most]


def likely(lines: Sequence[str], fits: Callable[[str], object], confidence: float, why: str) -> Guess | None:
    """The guess that lines are of a format, where most of them fit it; the more sure the more do."""
    share = sum(map(bool, map(fits, lines))) / len(lines) if lines else 0.0
    return Guess(round(confidence * share, 2), why) if share >= _MOST else None


class Lines:
    """Without `parted` a chunk has one column, the lines; with it, one for each field between blanks."""

    def __init__(self, stream: Stream, *, parted: bool = False) -> None:
        self.text = Text(stream)
        self._parted = parted
        self.unended: int | None = None
        self._told = Told()

    def chunks(self, width: int, *, skip: int = 0) -> Iterator[Chunk]:
        """Lines below the first `skip`; blank ones are left out, but have a number."""
        number = 1
        for block in self.text:
            whole = block.endswith("\n")
            lines = (block[:-1] if whole else block).split("\n")
            rows: list[int] = []
            kept: list[str] = []
            for row, line in enumerate(lines, number):
                if row > skip and line and not line.isspace():
                    rows.append(row)
                    kept.append(line)
            number += len(lines)
            if not whole:
                self.unended = number - 1
            if not rows:
                continue
            yield self._split(rows, kept, width) if self._parted else Chunk(rows, [kept], [])

    def _split(self, rows: list[int], lines: list[str], width: int) -> Chunk:
        fields: list[Fields] = [line.split() for line in lines]
        ragged: list[tuple[int, Fields]] = []
        if set(map(len, fields)) != {width}:
            ragged = [(row, some) for row, some in zip(rows, fields, strict=True) if len(some) != width]
            rows = [row for row, some in zip(rows, fields, strict=True) if len(some) == width]
            fields = [some for some in fields if len(some) == width]
        return Chunk(rows, list(zip(*fields, strict=True)) if fields else [()] * width, ragged)

    def ragged(self, chunk: Chunk, width: int) -> Iterator[Reject]:
        """Why each line with another number of fields was not taken."""
        for (row, fields), count in self._told.of(chunk.ragged, lambda lost: " ".join(lost[1])):
            shown = " ".join(fields)[:SHOWN]
            reason = f"the row has {len(fields)} fields where the format has {width}"
            if row == self.unended and len(fields) < width:
                reason = CUT_OFF
            yield Reject(reason=reason, row=row, value=shown, count=count)

    def torn(self) -> Iterator[Reject]:
        """The row in which a stream that was cut ends."""
        yield from torn(self.text)


class Parted:
    """Lines in their fields: a line of which `fields` makes None is told as a reject, for the `reason`, one of which it makes
    none is no row."""

    def __init__(self, lines: Lines, fields: Callable[[str], Fields | None], reason: str) -> None:
        self._lines, self._fields, self._reason = lines, fields, reason
        self._told = Strays()
        self.text, self.torn = lines.text, lines.torn

    def chunks(self, width: int, *, skip: int = 0) -> Iterator[Chunk]:
        for chunk in self._lines.chunks(1, skip=skip):
            rows = [(row, line, self._fields(line)) for row, line in zip(chunk.rows, chunk.columns[0], strict=True)]
            others: list[tuple[int, Fields]] = [(row, [line]) for row, line, fields in rows if fields is None]
            yield chunk_of([(row, fields) for row, _, fields in rows if fields], width, others)

    def ragged(self, chunk: Chunk, width: int) -> Iterator[Reject]:
        for row, (line, *_) in chunk.ragged:
            reason = CUT_OFF if row == self._lines.unended else self._reason
            yield from self._told.tell(reason, row, line[:SHOWN])
        yield from self._told.rest()


class Fixed(Parted):
    """Lines of fixed columns in their fields, the groups of `row`; those that `besides` fits are no rows."""

    def __init__(self, stream: Stream, row: re.Pattern[str], *, besides: re.Pattern[str] | None = None) -> None:
        def fields(line: str) -> Fields | None:
            if found := row.fullmatch(line):
                return [field.strip() for field in found.groups()]
            return () if besides and besides.fullmatch(line) else None

        super().__init__(Lines(stream), fields, "no date and fields in the columns of the format")


class Whole:
    """Which lines of fixed columns reach their last one: `least` characters, by a `length` that may leave out blanks."""

    def __init__(self, least: int, reason: Callable[[str], str], *, length: Callable[[str], int] = len) -> None:
        self._least, self._reason, self._length = least, reason, length
        self._told = Told()

    def of(self, chunk: Chunk) -> Generator[Reject, None, Chunk]:
        """Rejects the others; returns the chunk without them."""
        (lines,) = chunk.columns
        keep = [self._length(line) >= self._least for line in lines]
        lost = [at for at, kept in enumerate(keep) if not kept]
        for at, count in self._told.of(lost, lines.__getitem__):
            yield Reject(reason=self._reason(lines[at]), row=chunk.rows[at], value=lines[at][:SHOWN], count=count)
        return chunk.where(keep) if lost else chunk


class Peeked:
    """A stream whose first bytes, `head`, were looked at: they are read again."""

    def __init__(self, stream: Stream, count: int = 4096) -> None:
        self._stream = stream
        head = stream.read(count)
        while len(head) < count and (more := stream.read(count - len(head))):
            head += more
        self.head = self._held = head

    def read(self, count: int = -1, /) -> bytes:
        held = self._held if count < 0 else self._held[:count]
        self._held = self._held[len(held) :]
        return held + self._stream.read(-1 if count < 0 else count - len(held)) if len(held) != count else held

    @property
    def cut(self) -> bool:
        return bool(getattr(self._stream, "cut", False))
