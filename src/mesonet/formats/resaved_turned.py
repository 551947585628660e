"""Tables that lie on their side, as a spreadsheet pastes them transposed: a name in each line, and behind it a column for each
row. They are turned as a whole."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import zip_longest

from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Stream
from mesonet.formats.table import delimiter_of
from mesonet.formats.text import Text
from mesonet.regex import regex

TOLD = "turned: each of its columns is a row"
_MOST = 2 * 1024 * 1024  # characters, which take ten times as much memory: a year of hours of thirty elements
_LEAST, _NAMES = 3, 1000  # lines
_TRIED = 40  # columns that are looked at
_ON_ITS_SIDE = regex(r"(?:[^\n]*\n){0,2}\"?[^\W\d][^,;\t\n]*[,;\t][\" ]*[-+]?\d[^,;\t\n]*[,;\t][\" ]*[-+]?\d")


def delimiter_in(text: str) -> str | None:
    """The delimiter of a table of whole lines that may lie on its side; None of others."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not _LEAST <= len(lines) <= _NAMES or not _ON_ITS_SIDE.match(text):
        return None
    delimiter = delimiter_of(text)[0]
    names = [line.partition(delimiter)[0].strip('" ') for line in lines]
    if len({*names}) < len(names) or any(not name or name[:1].isdecimal() for name in names):
        return None
    return delimiter


def sample(text: str, delimiter: str, wanted: str) -> bytes:
    """The first rows of the table once it is turned, between other delimiters."""
    return _turned(([*row[:_TRIED]] for row in csv.reader(text.split("\n"), delimiter=delimiter) if row), wanted)


def whole(stream: Stream, delimiter: str, wanted: str) -> tuple[bytes, str]:
    """All of it, and what its encoding is called. Raises UnreadableFile."""
    source, blocks, size = Text(stream), list[str](), 0
    for block in source:
        size += len(block)
        if size > _MOST:
            raise UnreadableFile(f"the table lies on its side and has more than {_MOST} characters: turn it, or split it up")
        blocks.append(block)
    lines = ("".join(blocks) + (source.torn or "")).split("\n")
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))]
    except csv.Error as exc:
        raise UnreadableFile(f"the table lies on its side, and cannot be turned: {exc}; is a quote in it not closed?") from exc
    lengths = [*map(len, rows)]
    if max(lengths) * len(rows) > 2 * sum(lengths):
        raise UnreadableFile(
            "the table lies on its side, and its lines are of very different lengths: turn it, or fill them up"
        )
    return _turned(rows, wanted), source.described


def _turned(rows: Iterable[Sequence[str]], delimiter: str) -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(zip_longest(*rows, fillvalue=""))
    return out.getvalue().encode()
