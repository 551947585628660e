"""JSON that nobody describes but that is a table: objects with a time, one below the other in a list, or one a line.

Its records are read as the rows of a table are, so a mapping explains them and one is proposed. Members of members are called
`main.temp`, elements of short lists `coordinates.0`. Members of the object that holds the list are no columns.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import chain, islice
from typing import Any, BinaryIO, cast

from mesonet.domain.observation import Batch, Reject
from mesonet.errors import UnreadableFile
from mesonet.formats import mapped_csv
from mesonet.formats.json_document import documents, glance, is_lines
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import HEAD_BYTES, Context, Guess, Piece
from mesonet.formats.records import LineRecords
from mesonet.record import replace
from mesonet.regex import regex

NAME = "json-table"
TAKES_MAPPING = True
RECORDS = LineRecords(applies=is_lines)

_LOOKED_AT = 200  # records whose members are the columns
_MOST = 300  # columns
_DEEPEST = 4
_SHORT = 3  # elements of a list that are columns
_TIME = regex(r"(?i)(time|date|epoch|created|_at$|^dt$|^ts$|fecha|datum|^t$|hora)")
_STAMP = regex(r"(?:19|20)\d\d-?\d\d-?\d\d.*|1\d{9}(?:\d{3})?(?:\.\d+)?")
_NUMBER = regex(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_BREAK = regex(r"[\r\n]+")


def _prefix(head: bytes) -> str | None:
    """The list with a time and the most numbers, as the path before its members; None where there is none."""
    seen = glance(head)
    if seen is None or "$schema" in seen:  # what describes documents is none of them
        return None
    numbers: dict[str, int] = {}
    timed = set()
    for path, value in seen.paths.items():
        at = path.rfind("[].")
        before, name = (path[: at + 3], path[at + 3 :]) if at >= 0 else ("", path)
        if not name.endswith("[]") and _STAMP.fullmatch(value.strip()) and _TIME.search(name.rpartition(".")[2]):
            timed.add(before)
        elif not name.endswith("[]") and _NUMBER.fullmatch(value.strip()):
            numbers[before] = numbers.get(before, 0) + 1
    fitting = [(count, before) for before, count in numbers.items() if before in timed]
    return max(fitting)[1] if fitting else None


def sniff(head: bytes) -> Guess | None:
    before = _prefix(head)
    if before is None:
        return None
    where = f"in {before[:-3][:60]}" if before else "each of which is a row"
    return Guess(0.3, f"JSON: objects with a time, {where}")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    """Rows are records, counted from 1."""
    peeked = Peeked(stream, HEAD_BYTES)
    before = _prefix(peeked.head)
    if before is None:
        raise UnreadableFile("no list of objects in it has a time")
    faults: list[Reject] = []
    records = _records(peeked, before, faults)
    first = list(islice(records, _LOOKED_AT))
    header = list(dict.fromkeys(name for record in first for name in record))[:_MOST]
    table = _Rows(header, first, records)
    for piece in mapped_csv.read(cast(BinaryIO, table), replace(context, start=None)):
        if isinstance(piece, Reject) and piece.row is not None:  # the header is none of the file's
            piece = replace(piece, row=max(1, piece.row - 1))
        elif isinstance(piece, Batch):
            piece = replace(piece, rows=[row - 1 for row in piece.rows])
        yield piece
    yield from faults


def _records(stream: Peeked, before: str, faults: list[Reject]) -> Iterator[dict[str, str]]:
    steps = [step for step in before.split("[].") if step]
    for document in documents(stream):
        if isinstance(document, Reject):
            faults.append(document)
            continue
        for given in _below(document[1], steps):
            record: dict[str, str] = {}
            _flatten(given, "", record, 0)
            yield record


def _below(value: object, steps: list[str]) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _below(each, steps)
    elif isinstance(value, dict):
        if not steps:
            yield value
            return
        inner: object = value
        for name in steps[0].split("."):
            inner = inner.get(name) if isinstance(inner, dict) else None
        yield from _below(inner, steps[1:])


def _flatten(value: object, name: str, record: dict[str, str], depth: int) -> None:
    if isinstance(value, dict):
        for key, inner in value.items() if depth < _DEEPEST else ():
            _flatten(inner, f"{name}.{key}" if name else key, record, depth + 1)
    elif isinstance(value, list):
        for at, inner in enumerate(value) if len(value) <= _SHORT and depth < _DEEPEST else ():
            if isinstance(inner, str):
                _flatten(inner, f"{name}.{at}", record, depth + 1)
    elif len(record) < _MOST:
        text = value if isinstance(value, str) else "" if value is None else str(value).lower()
        record[" ".join(name.split())] = _BREAK.sub(" ", text)


class _Rows:
    """The records as a table between commas."""

    def __init__(self, header: list[str], first: list[dict[str, str]], others: Iterator[dict[str, str]]) -> None:
        self._header = header
        self._records = chain(first, others)
        self._held = self._line(header)

    def _line(self, cells: list[str]) -> bytes:
        text = StringIO()
        csv.writer(text, lineterminator="\n").writerow(cells)
        return text.getvalue().encode("utf-8", "replace")

    def read(self, count: int = -1, /) -> bytes:
        pieces, size = [self._held], len(self._held)
        while count < 0 or size < count:
            record = next(self._records, None)
            if record is None:
                break
            pieces.append(self._line([record.get(name, "") for name in self._header]))
            size += len(pieces[-1])
        data = b"".join(pieces)
        data, self._held = (data, b"") if count < 0 else (data[:count], data[count:])
        return data
