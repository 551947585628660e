"""InfluxDB's line protocol: a measurement, tags, fields and a time in each line.

Source: InfluxData, "Line protocol" (https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol). A line is read as
one document of NDJSON with the same names, so that a mapping explains it as any other table of JSON, and one is proposed. The
precision of times is that which makes them times of ours: nanoseconds have 19 figures, seconds 10. Lines without a time, which
the server would have stamped, are rejected.
"""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain, islice
from math import isfinite

from mesonet.domain.instant import iso
from mesonet.domain.observation import Reject
from mesonet.formats.reading import Context, Guess, Piece, Rows, Stream
from mesonet.formats.table import SHOWN
from mesonet.formats.tables import json_table
from mesonet.formats.text import Text, decode
from mesonet.regex import regex

type Told = Callable[[str], dict[str, object] | str]  # what a line tells, or why it tells nothing

NAME = "line-protocol"
TAKES_MAPPING = True

_LOOKED_AT = 20  # lines
_TOLD = 5_000  # lines that are rejected one by one; those beyond are counted
_WORD = r"(?:[^\s,=\\]++|\\.)++"
_TEXT = r'"(?:[^"\\]++|\\.)*+"'
_VALUE = rf"(?:{_TEXT}|(?:[^\s,\"\\]++|\\.)++)"
_LINE = regex(rf"((?:[^\s,\\#]++|\\.)++)((?:,{_WORD}={_WORD})*+) ({_WORD}={_VALUE}(?:,{_WORD}={_VALUE})*+)(?: (\d{{10,19}}))?")
_PAIR = regex(rf"({_WORD})=({_VALUE})")
_NUMBER = regex(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)[iu]?")
_ESCAPED = regex(r"\\([,= \\\"])")
_NONE = "no line of line protocol"
_FIGURES = (10, 13, 16, 19)  # of a time in seconds, milliseconds, microseconds and nanoseconds


def sniff(head: bytes) -> Guess | None:
    lines = [line.rstrip("\r") for line in decode(head).split("\n")[:_LOOKED_AT] if line.strip() and not line.startswith("#")]
    whole = sum(1 for line in lines if (match := _LINE.fullmatch(line)) and match[4])
    if not whole or 2 * whole < len(lines):
        return None
    return Guess(0.95, "InfluxDB's line protocol: a measurement, tags, fields and a time in each line")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    yield from read_lines(stream, context, _told, _NONE)


def read_lines(stream: Stream, context: Context, told: Told, none: str) -> Iterator[Piece]:
    """A table whose rows are lines, each of which tells its members; of many that do not, `none` is said."""
    lines = _Lines(stream, told)
    documents = lines.documents()
    first = list(islice(documents, _LOOKED_AT))
    head = "".join(f"{json.dumps(members)}\n" for _, members in first).encode()
    yield from json_table.read_documents(head, chain(first, documents), context)
    yield from lines.faults
    if lines.more:
        yield Reject(reason=none, row=lines.faults[-1].row, count=lines.more)
    yield Rows(count=len(lines.faults) + lines.more)


class _Lines:
    """Lines as documents, each with its row; those that are none are `faults`, or only counted as `more`."""

    def __init__(self, stream: Stream, told: Told) -> None:
        self._text = Text(stream)
        self._told = told
        self.faults: list[Reject] = []
        self.more = 0

    def documents(self) -> Iterator[tuple[int, dict[str, object]]]:
        lines = chain.from_iterable(block.splitlines() for block in self._text)
        for row, line in enumerate(lines, 1):
            plain = line.strip()
            if not plain or line.startswith("#"):
                continue
            told = self._told(plain)
            if not isinstance(told, str):
                yield row, told
            elif len(self.faults) < _TOLD:
                self.faults.append(Reject(reason=told, row=row, value=line[:SHOWN]))
            else:
                self.more += 1


def _told(line: str) -> dict[str, object] | str:
    match = _LINE.fullmatch(line) if " " in line else None
    if match is None or len(match[4] or "") not in _FIGURES:
        return "the line has no time" if match and not match[4] else _NONE
    told: dict[str, object] = {"measurement": _plain(match[1]), "time": _time(match[4])}
    told |= {_plain(name): _plain(text) for name, text in _PAIR.findall(match[2])}
    told |= {_plain(name): _value(text) for name, text in _PAIR.findall(match[3])}
    return told


@lru_cache(1_000)
def _time(figures: str) -> str:
    """That of many lines, one below the other."""
    return iso(int(figures[:13].ljust(13, "0")))


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _value(text: str) -> object:
    if text.startswith('"'):
        return _plain(text[1:-1])
    match = _NUMBER.fullmatch(text)
    return number(match[1]) if match else text


def number(text: str) -> object:
    """To the figures that a binary64 holds; what is beyond it stays as it stands, and is rejected where it is weighed."""
    value = float(text)
    if not isfinite(value):
        return text
    plain = f"{value:.15g}"
    return int(plain) if plain.lstrip("-").isdecimal() else float(plain)
