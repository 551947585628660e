"""NetCDF's classic file format, its 64-bit offset and its 64-bit data variant: the header, and arrays on demand.

Source: Unidata, "The NetCDF Classic Format Specification" (OGC 10-092r3). All numbers are big-endian; record variables lie
interleaved, a record after the other.
"""

import sys
from array import array
from functools import partial
from math import prod
from typing import BinaryIO

from mesonet.errors import UnreadableFile
from mesonet.formats.binary.arrays import MOST_LETTERS, MOST_VALUES, Attribute, Dataset, Scalar, Variable, of_letters, text_from

_TYPES = {1: "b", 2: "c", 3: "h", 4: "i", 5: "f", 6: "d", 7: "B", 8: "H", 9: "I", 10: "q", 11: "Q"}
_SIZES = {"b": 1, "c": 1, "h": 2, "i": 4, "f": 4, "d": 8, "B": 1, "H": 2, "I": 4, "q": 8, "Q": 8}
_DIMENSIONS, _VARIABLES, _ATTRIBUTES = 10, 11, 12
_LARGEST_HEADER = 8 * 1024 * 1024
_LEAST = 8192  # bytes that are read at once
_MOST = 100_000  # dimensions, variables, attributes


class _Header:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._data = b""  # as much of it as was needed: it is read number by number
        self._at = 0
        stream.seek(0)
        self.version = self.take(4)[3]
        if self.version not in (1, 2, 5):
            raise UnreadableFile("the header is damaged")
        self._wide = self.version == 5  # counts and lengths of 8 bytes
        self.records = self.count()

    def take(self, count: int) -> bytes:
        begin, end = self._at, self._at + count
        if end > len(self._data):
            wanted = max(end, 2 * len(self._data), _LEAST)
            self._data += self._stream.read(wanted - len(self._data)) if end <= _LARGEST_HEADER else b""
            if end > len(self._data):
                raise UnreadableFile("the file ends within its header")
        self._at = end
        return self._data[begin:end]

    def count(self) -> int:
        return int.from_bytes(self.take(8 if self._wide else 4))

    def name(self) -> str:
        length = self.count()
        if length > 4096:
            raise UnreadableFile("a name of the header is too long")
        text = self.take(length).decode("utf-8", "replace")
        self.take(-length % 4)
        return text

    def listed(self, tag: int) -> int:
        """How many follow."""
        found, count = int.from_bytes(self.take(4)), self.count()
        if found not in (0, tag) or (found == 0 and count) or count > _MOST:
            raise UnreadableFile("the header is damaged")
        return count

    def attributes(self) -> dict[str, Attribute]:
        found: dict[str, Attribute] = {}
        for _ in range(self.listed(_ATTRIBUTES)):
            name = self.name()
            kind, count = self.kind(), self.count()
            if count > _LARGEST_HEADER:
                raise UnreadableFile("an attribute of the header is too long")
            length = count * _SIZES[kind]
            data = self.take(length)
            self.take(-length % 4)
            found[name] = text_from(data.rstrip(b"\x00")) if kind == "c" else tuple(_numbers(data, kind))
        return found

    def kind(self) -> str:
        number = int.from_bytes(self.take(4))
        if number not in _TYPES:
            raise UnreadableFile("the header is damaged")
        return _TYPES[number]

    def offset(self) -> int:
        return int.from_bytes(self.take(4 if self.version == 1 else 8))


def _numbers(data: bytes, kind: str) -> list[Scalar]:
    numbers = array(kind)
    numbers.frombytes(data[: len(data) - len(data) % numbers.itemsize])
    if sys.byteorder == "little":
        numbers.byteswap()
    return list(numbers)


def dataset(stream: BinaryIO, size: int) -> Dataset:
    """What the header says. Raises UnreadableFile."""
    header = _Header(stream)
    dimensions: list[tuple[str, int]] = []
    for _ in range(header.listed(_DIMENSIONS)):
        name = header.name()
        dimensions.append((name, header.count()))
    attributes = header.attributes()
    told: list[tuple[str, list[int], dict[str, Attribute], str, int]] = []
    for _ in range(header.listed(_VARIABLES)):
        name = header.name()
        ids = [header.count() for _ in range(min(header.count(), 1024))]
        own, kind = header.attributes(), header.kind()
        header.count()  # its length, which follows from the shape
        if any(number >= len(dimensions) for number in ids):
            raise UnreadableFile("the header is damaged")
        told.append((name, ids, own, kind, header.offset()))

    def is_record(ids: list[int]) -> bool:
        return bool(ids) and dimensions[ids[0]][1] == 0

    def length(ids: list[int], kind: str) -> int:
        """Bytes of one record, or of all."""
        count = _SIZES[kind]
        for number in ids[1:] if is_record(ids) else ids:
            count *= dimensions[number][1]
        return count

    sizes = [(is_record(ids), offset, length(ids, kind)) for _, ids, _, kind, offset in told]
    record = [count for each, _, count in sizes if each]
    step = record[0] if len(record) == 1 else sum(each + -each % 4 for each in record)
    starts = [offset for each, offset, _ in sizes if each]
    records = header.records
    if starts and step and (records >= 0xFFFFFFFF or min(starts) + records * step > size + step):
        records = max(0, (size - min(starts)) // step)  # being written, or cut: as many as are there
    lengths = [count or records for _, count in dimensions]
    cut = max((offset + count for each, offset, count in sizes if not each), default=0) > size or (
        bool(starts) and records != header.records
    )
    whole = sum(max(min(count, size - offset), 0) for each, offset, count in sizes if not each)
    if whole + max(records - 1, 0) * step > size:
        raise UnreadableFile("the header is damaged: its variables have more bytes than the file, and lie upon one another")
    variables = {
        name: _variable(stream, name, ids, own, kind, offset, dimensions, lengths, step if is_record(ids) else 0, size)
        for name, ids, own, kind, offset in told
    }
    kind_of = {1: "classic", 2: "64-bit offset", 5: "64-bit data"}[header.version]
    return Dataset(
        kind=f"NetCDF, {kind_of} format",
        dimensions={name: length for (name, _), length in zip(dimensions, lengths, strict=True)},
        attributes=attributes,
        variables=variables,
        cut=cut,
    )


def _variable(
    stream: BinaryIO,
    name: str,
    ids: list[int],
    attributes: dict[str, Attribute],
    kind: str,
    offset: int,
    dimensions: list[tuple[str, int]],
    lengths: list[int],
    step: int,
    size: int,
) -> Variable:
    shape = tuple(lengths[number] for number in ids)
    names = tuple(dimensions[number][0] for number in ids)
    width = _SIZES[kind]

    def read(start: int = 0, stop: int | None = None, *, last: int = 1) -> list[Scalar | None]:
        each = prod(shape[1:])  # values at one place along the first dimension
        count = each * len(range(*slice(start, stop).indices(shape[0]))) if shape else 1
        if count // max(last, 1) > MOST_VALUES or count > MOST_LETTERS:
            raise UnreadableFile(f"{name} has more than {MOST_VALUES} values", column=name)
        if not count:
            return []
        if not 0 <= offset <= size:
            raise UnreadableFile(f"the file ends before {name}", column=name)
        if step:
            pieces = []
            for number in range(*slice(start, stop).indices(shape[0])):
                stream.seek(offset + number * step)
                pieces.append(stream.read(each * width))
            data = b"".join(pieces)
        else:
            stream.seek(offset + start * each * width)
            data = stream.read(count * width)
        if len(data) < count * width:
            raise UnreadableFile(f"the file ends within {name}", column=name)
        if kind != "c":
            return list(_numbers(data, kind))
        return [text_from(data[at : at + last].split(b"\x00")[0].rstrip(b" ")) for at in range(0, len(data), last)]

    found = Variable(name=name, dimensions=names, shape=shape, attributes=attributes, read=read, text=kind == "c", form=kind)
    return of_letters(found, partial(read, last=shape[-1])) if kind == "c" and shape else found


def is_classic(head: bytes) -> bool:
    return head[:3] == b"CDF" and head[3:4] in (b"\x01", b"\x02", b"\x05")
