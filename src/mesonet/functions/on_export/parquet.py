"""Writes Parquet files of flat columns (Apache Parquet, "File Format"; metadata in Thrift's compact protocol).

One page for each column of a row group, PLAIN values compressed with gzip: what every reader takes, from the standard library.
Rows are held until there is a group of them.
"""

import gzip
import struct
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

MOST_VALUES = 1_000_000  # of a row group, some 8 MB of numbers
_MAGIC = b"PAR1"
_LEVEL = 4  # of 9

TEXT, NUMBER, TIME = "text", "number", "time"
_PHYSICAL = {TEXT: 6, NUMBER: 5, TIME: 2}  # BYTE_ARRAY, DOUBLE, INT64
_CONVERTED = {TEXT: 0, TIME: 9}  # UTF8, TIMESTAMP_MILLIS, which is UTC
_PLAIN, _RLE = 0, 3
_GZIP = 2
_DATA_PAGE = 0
_REQUIRED, _OPTIONAL = 0, 1


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is TEXT or TIME (milliseconds since 1970), of which none is missing, or NUMBER, of which any may be."""

    name: str
    kind: str

    @property
    def optional(self) -> bool:
        return self.kind == NUMBER


@dataclass(slots=True)
class Writer:
    """Bytes come out in the order in which they belong into the file; `b""` while there is nothing to write yet."""

    columns: Sequence[Column]
    said: Mapping[str, str]
    _held: list[list[Any]] = field(init=False)
    _rows: int = 0
    _position: int = 0
    _groups: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._held = [[] for _ in self.columns]

    def begin(self) -> bytes:
        self._position = len(_MAGIC)
        return _MAGIC

    def add(self, columns: Sequence[Sequence[Any]]) -> None:
        for held, more in zip(self._held, columns, strict=True):
            held.extend(more)

    def group_if_full(self) -> bytes:
        return self._group() if len(self._held[0]) * len(self.columns) >= MOST_VALUES else b""

    def end(self) -> bytes:
        last = self._group() if self._held[0] else b""
        schema = [struct_of((4, _text("mesonet")), (5, _int(len(self.columns))))]
        schema += [
            struct_of(
                (1, _int(_PHYSICAL[column.kind])),
                (3, _int(_OPTIONAL if column.optional else _REQUIRED)),
                (4, _text(column.name)),
                *([(6, _int(_CONVERTED[column.kind]))] if column.kind in _CONVERTED else []),
            )
            for column in self.columns
        ]
        footer = struct_of(
            (1, _int(1)),
            (2, _list(_STRUCT, schema)),
            (3, _long(self._rows)),
            (4, _list(_STRUCT, self._groups)),
            (5, _list(_STRUCT, [struct_of((1, _text(name)), (2, _text(text))) for name, text in self.said.items()])),
            (6, _text("mesonet")),
        )
        return last + footer + struct.pack("<I", len(footer)) + _MAGIC

    def _group(self) -> bytes:
        rows = len(self._held[0])
        written, chunks, total = bytearray(), list[bytes](), 0
        for column, values in zip(self.columns, self._held, strict=True):
            plain = (_levels(values) if column.optional else b"") + _plain(column.kind, values)
            packed = gzip.compress(plain, _LEVEL, mtime=0)
            page = struct_of(
                (1, _int(_DATA_PAGE)),
                (2, _int(len(plain))),
                (3, _int(len(packed))),
                (5, (_STRUCT, struct_of((1, _int(rows)), (2, _int(_PLAIN)), (3, _int(_RLE)), (4, _int(_RLE))))),
            )
            at = self._position + len(written)
            about = struct_of(
                (1, _int(_PHYSICAL[column.kind])),
                (2, _list(_INT, [_zigzag(_PLAIN), _zigzag(_RLE)])),
                (3, _list(_BINARY, [_text(column.name)[1]])),
                (4, _int(_GZIP)),
                (5, _long(rows)),
                (6, _long(len(page) + len(plain))),
                (7, _long(len(page) + len(packed))),
                (9, _long(at)),
            )
            chunks.append(struct_of((2, _long(at)), (3, (_STRUCT, about))))
            written += page + packed
            total += len(page) + len(plain)
            values.clear()
        self._groups.append(struct_of((1, _list(_STRUCT, chunks)), (2, _long(total)), (3, _long(rows))))
        self._position += len(written)
        self._rows += rows
        return bytes(written)


def _plain(kind: str, values: Sequence[Any]) -> bytes:
    if kind == TEXT:
        return b"".join(struct.pack("<I", len(each)) + each for each in map(str.encode, values))
    packed = array("q", values) if kind == TIME else array("d", [value for value in values if value is not None])
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        packed.byteswap()
    return packed.tobytes()


def _levels(values: Sequence[Any]) -> bytes:
    """Which values are there: runs of ones and zeros ("RLE/bit-packing hybrid"), with their length in front."""
    runs = b"".join(
        _varint(sum(1 for _ in run) << 1) + bytes([there]) for there, run in groupby(value is not None for value in values)
    )
    return struct.pack("<I", len(runs)) + runs


# Thrift's compact protocol: a value is (its type, its bytes)

_INT, _LONG, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12

type Value = tuple[int, bytes]


def struct_of(*members: tuple[int, Value]) -> bytes:
    """Members by ascending number."""
    written, before = bytearray(), 0
    for number, (kind, body) in members:
        written += bytes([(number - before) << 4 | kind]) + body
        before = number
    return bytes(written) + b"\0"


def _int(value: int) -> Value:
    return _INT, _zigzag(value)


def _long(value: int) -> Value:
    return _LONG, _zigzag(value)


def _text(text: str) -> Value:
    body = text.encode()
    return _BINARY, _varint(len(body)) + body


def _list(kind: int, items: Sequence[bytes]) -> Value:
    head = bytes([len(items) << 4 | kind]) if len(items) < 15 else bytes([0xF0 | kind]) + _varint(len(items))
    return _LIST, head + b"".join(items)


def _zigzag(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)
