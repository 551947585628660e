"""The values of an HDF5 file: types, shapes, what bytes of a type are, and the attributes of objects."""

import struct
from math import prod

from mesonet.errors import UnreadableFile
from mesonet.formats.binary.arrays import Attribute, Scalar, text_from
from mesonet.formats.binary.hdf5_blocks import UNDEFINED, Blocks
from mesonet.formats.binary.hdf5_objects import Message, Object, Objects
from mesonet.record import dataclass, replace

_MOST_MEMBERS = 1000  # of an enumeration

type Told = dict[str, tuple[Type, tuple[int, ...], bytes]]


@dataclass(frozen=True, slots=True)
class Type:
    """`form` is the struct module's letter for numbers, `s` for text of `size` bytes, `v` for strings in the heap, `r` for a
    reference to an object, `V` for a list of `inner`, "" for what is not read. Of integers that do not fill their bytes `bits`
    are where they begin and how many they are, and `form` is that of all bits without a sign. `members` are what the numbers of
    an enumeration are called."""

    size: int
    form: str = ""
    order: str = "<"
    inner: "Type | None" = None
    what: str = ""
    bits: tuple[int, int] | None = None
    signed: bool = False
    members: tuple[tuple[str, Scalar], ...] = ()


class Values:
    """Types, shapes and values of what a file's objects say."""

    def __init__(self, file: Blocks, objects: Objects) -> None:
        self._file = file
        self._objects = objects
        self._collections: dict[int, dict[int, bytes]] = {}

    def attributes(self, given: Object) -> Told:
        found: Told = {}
        for data in self._objects.all_of(given, Message.ATTRIBUTE, Message.ATTRIBUTE_INFO, 2):
            try:
                name, kind, shape, value = self._attribute(data)
            except (IndexError, struct.error):
                continue
            found[name] = (kind, shape, value)
        return found

    def _attribute(self, data: bytes) -> tuple[str, Type, tuple[int, ...], bytes]:
        version, flags, name_size, type_size, space_size = struct.unpack_from("<BBHHH", data)
        at = 8 + (1 if version == 3 else 0)
        pad = 8 if version == 1 else 1

        def take(size: int) -> bytes:
            nonlocal at
            part = data[at : at + size]
            at += size + -size % pad
            return part

        name = take(name_size).split(b"\x00")[0].decode("utf-8", "replace")
        described, space = take(type_size), take(space_size)
        if version > 1 and flags & 1:
            described = self._objects.shared(described, Message.DATATYPE)
        return name, self.type(described)[0], self.space(space), data[at:]

    def value(self, kind: Type, shape: tuple[int, ...], data: bytes) -> Attribute:
        count = prod(shape)
        if count > 10_000 or not kind.form:
            return ""
        values = [each for each in self.decoded(kind, data[: count * kind.size], count) if each is not None]
        if values and all(isinstance(each, str) for each in values):
            return " ".join(map(str, values))
        return tuple(values)

    def space(self, data: bytes, *, most: bool = False) -> tuple[int, ...]:
        """The shape, or the `most` that it may grow to."""
        rank = data[1]
        at = 8 if data[0] == 1 else 4
        if data[0] == 2 and data[3] == 2:
            return (0,)
        at += rank * self._file.length_size if most and data[2] & 1 else 0
        return tuple(self._file.length(data, at + number * self._file.length_size) for number in range(rank))

    def type(self, data: bytes) -> tuple[Type, int]:
        """The datatype, and how many bytes its description has."""
        if len(data) < 8:
            return Type(0, what="a type of another file"), len(data)
        kind, bits, size = data[0] & 15, int.from_bytes(data[1:4], "little"), int.from_bytes(data[4:8], "little")
        order = ">" if bits & 1 else "<"
        if kind in (0, 1, 4):
            first, precision = struct.unpack_from("<HH", data, 8)
            if kind != 1:
                form = {1: "B", 2: "H", 4: "I", 8: "Q"}.get(size, "") if 0 < precision <= 8 * size - first else ""
                signed, what = kind == 0 and bool(bits & 8), f"integers of {precision} bits"
                if precision == 8 * size:
                    return Type(size, form.lower() if signed else form, order, what=what), 12
                return Type(size, form, order, what=what, bits=(first, precision), signed=signed), 12
            form = {(2, 5): "e", (4, 8): "f", (8, 11): "d"}.get((size, data[13]), "") if not bits & 64 else ""
            return Type(size, form, order, what=f"floating point numbers of {precision} bits that IEEE does not have"), 20
        if kind == 3:
            return Type(size, "s"), 8
        if kind == 7:
            return Type(size, "r" if size == self._file.offset_size else "", what="references to parts of arrays"), 8
        if kind == 8:
            inner, length = self.type(data[8:])
            told = replace(inner, size=size)
            return replace(told, members=self._members(told, data[8 + length :], bits & 0xFFFF, data[0] >> 4)), 8 + length
        if kind == 9:
            inner, length = self.type(data[8:])
            return Type(size, "v" if bits & 15 == 1 else "V", inner=inner), 8 + length
        if kind == 10:
            return Type(size, what="arrays of numbers"), 8
        names = {2: "times", 5: "opaque bytes", 6: "compound values"}
        return Type(size, what=names.get(kind, "values of a type that is not known")), 8

    def _members(self, kind: Type, data: bytes, count: int, version: int) -> tuple[tuple[str, Scalar], ...]:
        """The names of an enumeration, which are filled up to eight bytes before version 3, and the numbers behind them."""
        names, at = [], 0
        for _ in range(min(count, _MOST_MEMBERS)):
            end = data.find(b"\x00", at)
            if end < 0:
                return ()
            names.append(data[at:end].decode("utf-8", "replace"))
            at = end + 1 if version > 2 else at + -(-(end + 1 - at) // 8) * 8
        if not kind.form or len(names) < count or len(data) < at + count * kind.size:
            return ()
        numbers = self.decoded(kind, data[at : at + count * kind.size], count)
        return tuple((name, number) for name, number in zip(names, numbers, strict=True) if number is not None)

    def decoded(self, kind: Type, data: bytes, count: int) -> list[Scalar | None]:
        if kind.form == "s":
            size = kind.size
            return [
                text_from(data[at : at + size].split(b"\x00")[0].rstrip(b" ")) for at in range(0, count * size, max(size, 1))
            ]
        if kind.form == "v":
            return [self._string(data, number * kind.size) for number in range(count)]
        if kind.form == "r":
            return [self._file.offset(data, number * kind.size) for number in range(count)]
        if kind.form == "V":
            listed: list[Scalar | None] = []
            for number in range(count):
                inner, each = kind.inner, self._in_heap(data, number * kind.size)
                if inner is not None and inner.form in ("r", "b", "B", "h", "H", "i", "I", "q", "Q", "f", "d"):
                    listed += self.decoded(inner, each, len(each) // max(inner.size, 1))
            return listed
        numbers = struct.unpack(f"{kind.order}{count}{kind.form}", data[: count * kind.size])
        if kind.bits is None:
            return list(numbers)
        first, length = kind.bits
        mask, sign = (1 << length) - 1, 1 << length - 1 if kind.signed else 0
        return [((number >> first & mask) ^ sign) - sign for number in numbers]

    def _string(self, data: bytes, at: int) -> str:
        length = int.from_bytes(data[at : at + 4], "little")
        return text_from(self._in_heap(data, at)[:length].split(b"\x00")[0])

    def _in_heap(self, data: bytes, at: int) -> bytes:
        length = int.from_bytes(data[at : at + 4], "little")
        address = self._file.offset(data, at + 4)
        index = int.from_bytes(data[at + 4 + self._file.offset_size : at + 8 + self._file.offset_size], "little")
        if not length or address in (0, UNDEFINED):
            return b""
        if address not in self._collections:
            if len(self._collections) > 256:
                self._collections.clear()
            self._collections[address] = self._collection(address)
        return self._collections[address].get(index, b"")

    def _collection(self, address: int) -> dict[int, bytes]:
        head = self._file.at(address, 8 + self._file.length_size)
        if head[:4] != b"GCOL":
            raise UnreadableFile("the file is damaged: there are no strings where they should be")
        block = self._file.at(address, self._file.length(head, 8))
        found: dict[int, bytes] = {}
        at = len(head)
        while at + 8 + self._file.length_size <= len(block):
            index, size = int.from_bytes(block[at : at + 2], "little"), self._file.length(block, at + 8)
            at += 8 + self._file.length_size
            if not index:
                break
            found[index] = block[at : at + size]
            at += size + -size % 8
        return found
