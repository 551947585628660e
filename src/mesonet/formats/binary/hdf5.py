"""HDF5, as far as NetCDF-4 uses it: the objects of each group, their attributes, and arrays on demand.

Source: The HDF Group, "HDF5 File Format Specification Version 3.0". Read are superblocks 0 to 3, both kinds of object headers
and of groups (with dense links and attributes in fractal heaps), numbers, strings and what refers to them, contiguous, compact
and chunked arrays with every index of chunks, behind the filters of the library and of NetCDF; links by path, and files behind
a user block. What else there is (compound types, other files, rare filters) is refused with its name, for that array alone.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from math import prod
from typing import BinaryIO

from mesonet.errors import UnreadableFile
from mesonet.formats.binary.arrays import MOST_LETTERS, MOST_VALUES, Attribute, Dataset, Read, Scalar, Variable, of_letters
from mesonet.formats.binary.hdf5_chunks import UNDEFINED, Extensible, Fixed
from mesonet.record import dataclass, replace

MAGIC = b"\x89HDF\r\n\x1a\n"
_MOST_OBJECTS = 20_000
_MOST_NODES = 200_000  # of trees
_DEEPEST = 30  # of groups in groups
_MOST_LINKS = 16  # one after the other, as in the library
_LARGEST_BLOCK = 64 * 1024 * 1024
# what reading may cost: bytes read, those of the structure several times, since each of its entries is looked at, and part of
# those that were unpacked. A file is read some ten times over where it has many levels; one whose blocks lie upon one another,
# without an end
_WORK = 64 * 1024 * 1024
_WORK_FOR_A_BYTE = 256
_OF_STRUCTURE, _UNPACKED = 8, 8
_DEFLATE, _SHUFFLE, _FLETCHER = 1, 2, 3
_DIMENSION_ALONE = "This is a netCDF dimension but not a netCDF variable"
_NO_COORDINATE = "_nc4_non_coord_"  # before the name of a variable that is called like a dimension, and is not along it


@dataclass(frozen=True, slots=True)
class _Type:
    """`form` is the struct module's letter for numbers, `s` for text of `size` bytes, `v` for strings in the heap, `r` for a
    reference to an object, `V` for a list of `inner`, "" for what is not read. Of integers that do not fill their bytes `bits`
    are where they begin and how many they are, and `form` is that of all bits without a sign."""

    size: int
    form: str = ""
    order: str = "<"
    inner: "_Type | None" = None
    what: str = ""
    bits: tuple[int, int] | None = None
    signed: bool = False


@dataclass(slots=True)
class _Object:
    """The messages of an object header, by type."""

    messages: list[tuple[int, bytes]]

    def of(self, kind: int) -> Iterator[bytes]:
        return (data for each, data in self.messages if each == kind)

    def first(self, kind: int) -> bytes | None:
        return next(self.of(kind), None)


@dataclass(frozen=True, slots=True)
class _Heap:
    """A fractal heap: where its blocks are, and how its identifiers are made up."""

    offset_bytes: int
    length_bytes: int
    id_length: int
    width: int
    start: int
    most_direct: int
    root: int
    rows: int
    huge: int


class _File:
    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self.size = size
        self._nodes = 0
        self._work = _WORK + _WORK_FOR_A_BYTE * size
        self._collections: dict[int, dict[int, bytes]] = {}
        self._links: dict[int, dict[str, int | str]] = {}
        self.offset_size = self.length_size = 8
        self.base = 0
        self.root, self.end = self._superblock()

    def at(self, address: int, count: int) -> bytes:
        """Bytes of the structure."""
        self._spend((_OF_STRUCTURE - 1) * count)
        return self._large(address, count)

    def _spend(self, work: int) -> None:
        self._work -= work
        if self._work < 0:
            raise UnreadableFile("the file is damaged or a bomb: it says to read the same bytes over and over")

    def _node(self) -> None:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise UnreadableFile("the file is damaged: its trees have no end")

    def offset(self, data: bytes, at: int = 0) -> int:
        number = int.from_bytes(data[at : at + self.offset_size], "little")
        return UNDEFINED if number == (1 << 8 * self.offset_size) - 1 else number

    def length(self, data: bytes, at: int = 0) -> int:
        return int.from_bytes(data[at : at + self.length_size], "little")

    def _superblock(self) -> tuple[int, int]:
        """Address of the root group's header, and where the file should end. Addresses count from the superblock, wherever
        something was put before it."""
        self._stream.seek(0)
        self.base = begin(self._stream.read(_FARTHEST + len(MAGIC))) or 0
        head = self.at(0, min(self.size - self.base, 128))
        version = head[8] if len(head) > 16 else 255
        if version in (0, 1):
            self.offset_size, self.length_size = head[13], head[14]
            at = 24 + (4 if version else 0)
            entry = at + 4 * self.offset_size
            root, end, base = entry + self.offset_size, at + 2 * self.offset_size, at
        elif version in (2, 3):
            self.offset_size, self.length_size = head[9], head[10]
            root, end, base = 12 + 3 * self.offset_size, 12 + 2 * self.offset_size, 12
        else:
            raise UnreadableFile(f"HDF5 with a superblock of version {version} is not read")
        told = self.offset(head, end)
        return self.offset(head, root), told if told == UNDEFINED else told + self.base - self.offset(head, base)

    # --- object headers --------------------------------------------------------------------------------------------------

    def object(self, address: int) -> _Object:
        self._node()
        start = self.at(address, 16)
        found = _Object([])
        if start[:4] == b"OHDR":
            self._second(address, start, found)
        elif start[0] == 1:
            size = int.from_bytes(start[8:12], "little")
            self._first(self.at(address + 16, size), found, int.from_bytes(start[2:4], "little"))
        else:
            raise UnreadableFile("the file is damaged: there is no object where one should be")
        return found

    def _first(self, block: bytes, found: _Object, count: int) -> None:
        at = 0
        while at + 8 <= len(block) and len(found.messages) < min(count, _MOST_OBJECTS):
            kind, size, flags = struct.unpack_from("<HHB", block, at)
            data = block[at + 8 : at + 8 + size]
            at += 8 + size
            found.messages.append((kind, self._shared(data, kind) if flags & 2 else data))
            if kind == 0x10:
                self._node()
                more = self.at(self.offset(data), self.length(data, self.offset_size))
                self._first(more, found, count)

    def _second(self, address: int, start: bytes, found: _Object) -> None:
        flags = start[5]
        at = 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        width = 1 << (flags & 3)
        head = self.at(address, at + width)
        size = int.from_bytes(head[at : at + width], "little")
        self._chunk(self.at(address + at + width, size), flags, found)

    def _chunk(self, block: bytes, flags: int, found: _Object) -> None:
        lead = 6 if flags & 4 else 4
        at = 0
        while at + lead <= len(block):
            kind, size, own = struct.unpack_from("<BHB", block, at)
            data = block[at + lead : at + lead + size]
            at += lead + size
            if len(found.messages) > _MOST_OBJECTS:
                raise UnreadableFile("the file is damaged: an object has too many messages")
            if kind:
                found.messages.append((kind, self._shared(data, kind) if own & 2 else data))
            if kind == 0x10:
                self._node()
                address, length = self.offset(data), self.length(data, self.offset_size)
                self._chunk(self.at(address + 4, max(length - 8, 0)), flags, found)

    def _shared(self, data: bytes, kind: int) -> bytes:
        """A message that stands in another object's header: a committed datatype."""
        if not data or data[0] not in (1, 2, 3):
            return b""
        address = self.offset(data, 8 if data[0] == 1 else 2)
        self._node()
        return self.object(address).first(kind) or b""

    # --- groups ----------------------------------------------------------------------------------------------------------

    def links(self, address: int, group: _Object) -> dict[str, int | str]:
        """What the group at an address holds: addresses by names, in the order in which they were made where that is known; of
        a link to a path that path, or "" where it leads to another file."""
        if address not in self._links:
            self._links[address] = dict(self._linked(group))
        return self._links[address]

    def found(self, group: int, path: str, links: int = 0) -> int | None:
        """The address of what a path means that stands in a group; None where there is nothing, or only in another file."""
        at: int | str | None = self.root if path.startswith("/") else group
        for name in path.split("/"):
            if name in ("", "."):
                continue
            self._node()
            held = self.object(at) if isinstance(at, int) else None
            if held is None or not isinstance(at, int) or held.first(8) is not None:
                return None
            to = self.links(at, held).get(name)
            if isinstance(to, str):
                to = self.found(at, to, links + 1) if to and links < _MOST_LINKS else None
            at = to
        return at if isinstance(at, int) else None

    def _linked(self, group: _Object) -> list[tuple[str, int | str]]:
        table = group.first(0x11)
        if table:
            return list(self._old_links(self.offset(table), self.offset(table, self.offset_size)))
        messages = list(group.of(6))
        info = group.first(2)
        if info:
            at = 2 + (8 if info[1] & 1 else 0)
            heap, tree = self.offset(info, at), self.offset(info, at + self.offset_size)
            if heap != UNDEFINED:
                messages += self._dense(heap, tree)
        found = sorted(map(self._link, messages), key=lambda link: link[0])
        return [(name, to) for _, name, to in found]

    def _link(self, data: bytes) -> tuple[int, str, int | str]:
        flags = data[1]
        at = 2
        kind = order = 0
        if flags & 8:
            kind, at = data[at], at + 1
        if flags & 4:
            order, at = int.from_bytes(data[at : at + 8], "little"), at + 8
        at += 1 if flags & 0x10 else 0
        width = 1 << (flags & 3)
        length = int.from_bytes(data[at : at + width], "little")
        at += width
        name = data[at : at + length].decode("utf-8", "replace")
        at += length
        if kind == 0:
            return order, name, self.offset(data, at)
        path = data[at + 2 : at + 2 + int.from_bytes(data[at : at + 2], "little")] if kind == 1 else b""
        return order, name, path.decode("utf-8", "replace")

    def _old_links(self, tree: int, heap: int) -> Iterator[tuple[str, int | str]]:
        head = self.at(heap, 8 + 2 * self.length_size + self.offset_size)
        names = self.at(self.offset(head, 8 + 2 * self.length_size), self.length(head, 8))
        for node in self._old_nodes(tree):
            head = self.at(node, 8)
            count = int.from_bytes(head[6:8], "little")
            entry = 2 * self.offset_size + 24
            block = self.at(node + 8, count * entry)
            for number in range(count):
                at = number * entry
                to: int | str = self.offset(block, at + self.offset_size)
                if block[at + 2 * self.offset_size] == 2:  # a path
                    to = _text_at(names, int.from_bytes(block[at + entry - 16 : at + entry - 12], "little"))
                yield _text_at(names, self.offset(block, at)), to

    def _old_nodes(self, tree: int) -> Iterator[int]:
        self._node()
        head = self.at(tree, 8 + 2 * self.offset_size)
        level, count = head[5], int.from_bytes(head[6:8], "little")
        step = self.length_size + self.offset_size
        block = self.at(tree + len(head), count * step + self.length_size)
        for number in range(count):
            child = self.offset(block, number * step + self.length_size)
            if level:
                yield from self._old_nodes(child)
            else:
                yield child

    # --- fractal heaps and the trees over them ---------------------------------------------------------------------------

    def _dense(self, heap_address: int, tree: int) -> Iterator[bytes]:
        """The objects of a heap, as a tree (of version 2) of their identifiers lists them."""
        heap = self._heap(heap_address)
        before = 4 if self.at(tree, 6)[5] == 5 else 0  # a hash of the name
        for each in self._tree(tree, (5, 8)):
            data = self._managed(heap, each[before : before + heap.id_length])
            if data is not None:
                yield data

    def _tree(self, address: int, kinds: tuple[int, ...]) -> Iterator[bytes]:
        """The records of a tree (of version 2) of one of these types."""
        if address == UNDEFINED:
            return
        head = self.at(address, 22 + self.offset_size + self.length_size)
        kind, node, record, depth = head[5], *struct.unpack_from("<IHH", head, 6)
        root, count = self.offset(head, 16), int.from_bytes(head[16 + self.offset_size : 18 + self.offset_size], "little")
        if kind in kinds and root != UNDEFINED and record:
            yield from self._records(root, count, depth, node, record)

    def _records(
        self, address: int, count: int, depth: int, node: int, record: int, side: Callable[[bytes], int] = lambda _: 0
    ) -> Iterator[bytes]:
        """Those that lie on neither side of what is wanted."""
        self._node()
        data = self.at(address, node)
        at = 6
        records = [data[at + number * record : at + (number + 1) * record] for number in range(count)]
        sides = [side(each) for each in records]
        yield from (each for each, beside in zip(records, sides, strict=True) if not beside)
        if not depth:
            return
        most, total = (node - 10) // record, (node - 10) // record  # in a leaf, and below a child
        counts, sums = _bytes_for(most), 0
        for level in range(1, depth + 1):
            counts = _bytes_for(most)
            sums = _bytes_for(total) if level > 1 else 0
            pointer = self.offset_size + counts + sums
            most = (node - 10 - pointer) // (record + pointer)
            total = (most + 1) * total + most
        at += count * record
        for number in range(count + 1):
            child = self.offset(data, at)
            below = int.from_bytes(data[at + self.offset_size : at + self.offset_size + counts], "little")
            at += self.offset_size + counts + sums
            if not (number and sides[number - 1] > 0) and not (number < count and sides[number] < 0):
                yield from self._records(child, below, depth - 1, node, record, side)

    def _heap(self, address: int) -> _Heap:
        o, n = self.offset_size, self.length_size
        head = self.at(address, 22 + 12 * n + 3 * o)
        if head[:4] != b"FRHP":
            raise UnreadableFile("the file is damaged: there is no heap where one should be")
        id_length, filters, _, managed = struct.unpack_from("<HHBI", head, 5)
        at = 14 + n + o + n + o + 8 * n
        width = int.from_bytes(head[at : at + 2], "little")
        start, direct = self.length(head, at + 2), self.length(head, at + 2 + n)
        at += 2 + 2 * n
        bits = int.from_bytes(head[at : at + 2], "little")
        root, rows = self.offset(head, at + 4), int.from_bytes(head[at + 4 + o : at + 6 + o], "little")
        if filters or not width or not start or start & (start - 1) or not direct:
            raise UnreadableFile("a filtered or damaged heap of the file is not read")
        return _Heap(
            offset_bytes=(bits + 7) // 8,
            length_bytes=_bytes_for(min(direct, managed)),
            id_length=id_length,
            width=width,
            start=start,
            most_direct=direct,
            root=root,
            rows=rows,
            huge=self.offset(head, 14 + n),
        )

    def _managed(self, heap: _Heap, identifier: bytes) -> bytes | None:
        """The object of an identifier."""
        kind = identifier[0] >> 4 & 3
        if kind == 2:
            return identifier[1 : 2 + (identifier[0] & 15)]
        if kind == 1:
            return self._huge(heap, identifier[1:])
        if kind != 0:
            return None
        offset = int.from_bytes(identifier[1 : 1 + heap.offset_bytes], "little")
        at = 1 + heap.offset_bytes
        length = int.from_bytes(identifier[at : at + heap.length_bytes], "little")
        return self.at(self._place(heap, heap.root, heap.rows, offset, 0), length)

    def _huge(self, heap: _Heap, key: bytes) -> bytes | None:
        """An object that lies by itself: where, the key says, or a tree by the key's number."""
        o, n = self.offset_size, self.length_size
        if len(key) >= o + n:
            return self.at(self.offset(key), self.length(key, o))
        for each in self._tree(heap.huge, (1,)):
            if int.from_bytes(each[o + n : o + 2 * n], "little") == int.from_bytes(key[:n], "little"):
                return self.at(self.offset(each), self.length(each, o))
        return None

    def _place(self, heap: _Heap, block: int, rows: int, offset: int, depth: int) -> int:
        """Address of a byte of the heap below a block with so many rows; a block without rows is a direct one."""
        if not rows:
            return block + offset
        if depth > 20:
            raise UnreadableFile("the file is damaged: a heap has no end")
        self._node()
        direct_rows = heap.most_direct.bit_length() - heap.start.bit_length() + 2
        begin = 0
        for row in range(rows):
            size = heap.start << max(row - 1, 0)
            if offset < begin + size * heap.width:
                column = (offset - begin) // size
                entry = 5 + self.offset_size + heap.offset_bytes + (row * heap.width + column) * self.offset_size
                child = self.offset(self.at(block + entry, self.offset_size))
                if child == UNDEFINED:
                    break
                below = offset - begin - column * size
                inner = 0 if row < direct_rows else size.bit_length() - heap.start.bit_length() - heap.width.bit_length() + 2
                return self._place(heap, child, max(inner, 0), below, depth + 1)
            begin += size * heap.width
        raise UnreadableFile("the file is damaged: a heap does not hold what it should")

    # --- values ----------------------------------------------------------------------------------------------------------

    def attributes(self, given: _Object) -> dict[str, tuple[_Type, tuple[int, ...], bytes]]:
        found: dict[str, tuple[_Type, tuple[int, ...], bytes]] = {}
        messages = list(given.of(0x0C))
        info = given.first(0x15)
        if info:
            at = 2 + (2 if info[1] & 1 else 0)
            heap, tree = self.offset(info, at), self.offset(info, at + self.offset_size)
            if heap != UNDEFINED:
                messages += self._dense(heap, tree)
        for data in messages:
            try:
                name, kind, shape, value = self._attribute(data)
            except (IndexError, struct.error):
                continue
            found[name] = (kind, shape, value)
        return found

    def _attribute(self, data: bytes) -> tuple[str, _Type, tuple[int, ...], bytes]:
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
            described = self._shared(described, 3)
        return name, self.type(described)[0], self.space(space), data[at:]

    def value(self, kind: _Type, shape: tuple[int, ...], data: bytes) -> Attribute:
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
        at += rank * self.length_size if most and data[2] & 1 else 0
        return tuple(self.length(data, at + number * self.length_size) for number in range(rank))

    def type(self, data: bytes) -> tuple[_Type, int]:
        """The datatype, and how many bytes its description has."""
        if len(data) < 8:
            return _Type(0, what="a type of another file"), len(data)
        kind, bits, size = data[0] & 15, int.from_bytes(data[1:4], "little"), int.from_bytes(data[4:8], "little")
        order = ">" if bits & 1 else "<"
        if kind in (0, 1, 4):
            first, precision = struct.unpack_from("<HH", data, 8)
            if kind != 1:
                form = {1: "B", 2: "H", 4: "I", 8: "Q"}.get(size, "") if 0 < precision <= 8 * size - first else ""
                signed, what = kind == 0 and bool(bits & 8), f"integers of {precision} bits"
                if precision == 8 * size:
                    return _Type(size, form.lower() if signed else form, order, what=what), 12
                return _Type(size, form, order, what=what, bits=(first, precision), signed=signed), 12
            form = {(2, 5): "e", (4, 8): "f", (8, 11): "d"}.get((size, data[13]), "") if not bits & 64 else ""
            return _Type(size, form, order, what=f"floating point numbers of {precision} bits that IEEE does not have"), 20
        if kind == 3:
            return _Type(size, "s"), 8
        if kind == 7:
            return _Type(size, "r" if size == self.offset_size else "", what="references to parts of arrays"), 8
        if kind == 8:
            inner, length = self.type(data[8:])
            return replace(inner, size=size), 8 + length
        if kind == 9:
            inner, length = self.type(data[8:])
            return _Type(size, "v" if bits & 15 == 1 else "V", inner=inner), 8 + length
        if kind == 10:
            return _Type(size, what="arrays of numbers"), 8
        names = {2: "times", 5: "opaque bytes", 6: "compound values"}
        return _Type(size, what=names.get(kind, "values of a type that is not known")), 8

    def decoded(self, kind: _Type, data: bytes, count: int) -> list[Scalar | None]:
        if kind.form == "s":
            size = kind.size
            return [
                data[at : at + size].split(b"\x00")[0].rstrip(b" ").decode("utf-8", "replace")
                for at in range(0, count * size, max(size, 1))
            ]
        if kind.form == "v":
            return [self._string(data, number * kind.size) for number in range(count)]
        if kind.form == "r":
            return [self.offset(data, number * kind.size) for number in range(count)]
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
        return self._in_heap(data, at)[:length].split(b"\x00")[0].decode("utf-8", "replace")

    def _in_heap(self, data: bytes, at: int) -> bytes:
        length = int.from_bytes(data[at : at + 4], "little")
        address = self.offset(data, at + 4)
        index = int.from_bytes(data[at + 4 + self.offset_size : at + 8 + self.offset_size], "little")
        if not length or address in (0, UNDEFINED):
            return b""
        if address not in self._collections:
            if len(self._collections) > 256:
                self._collections.clear()
            self._collections[address] = self._collection(address)
        return self._collections[address].get(index, b"")

    def _collection(self, address: int) -> dict[int, bytes]:
        head = self.at(address, 8 + self.length_size)
        if head[:4] != b"GCOL":
            raise UnreadableFile("the file is damaged: there are no strings where they should be")
        block = self.at(address, self.length(head, 8))
        found: dict[int, bytes] = {}
        at = len(head)
        while at + 8 + self.length_size <= len(block):
            index, size = int.from_bytes(block[at : at + 2], "little"), self.length(block, at + 8)
            at += 8 + self.length_size
            if not index:
                break
            found[index] = block[at : at + size]
            at += size + -size % 8
        return found

    # --- arrays ----------------------------------------------------------------------------------------------------------

    def array(
        self, given: _Object, name: str, shape: tuple[int, ...], letters: int, start: int = 0, stop: int | None = None
    ) -> list[Scalar | None]:
        """The values of a dataset of a shape, or some along its first dimension; so many `letters` are one text. Raises
        UnreadableFile."""
        described, space, layout = given.first(3), given.first(1), given.first(8)
        if not described or not space or not layout:
            raise UnreadableFile(f"{name} has no layout", column=name)
        kind = self.type(described)[0]
        some = range(*slice(start, stop).indices(shape[0])) if shape else range(1)
        count = max(some.stop - some.start, 0) * prod(shape[1:])  # a damaged shape has no length that `len` can tell
        if count // max(letters, 1) > MOST_VALUES or count > MOST_LETTERS:
            raise UnreadableFile(f"{name} has more than {MOST_VALUES} values", column=name)
        if count * kind.size > _LARGEST_BLOCK:  # as texts may say that each has two thousand million bytes
            raise UnreadableFile(f"{name} has more than {_LARGEST_BLOCK >> 20} MiB", column=name)
        if kind.form in ("", "r", "V"):
            what = {"r": "references", "V": "lists of different lengths"}.get(kind.form, kind.what)
            raise UnreadableFile(f"{name} holds {what}, which are not read", column=name)
        try:
            data = self._bytes(given, layout, kind, shape, some, name)
            return self.decoded(replace(kind, size=kind.size * letters), data, count // letters) if count else []
        except (IndexError, ValueError, OverflowError, MemoryError, RecursionError, struct.error, zlib.error) as exc:
            raise UnreadableFile(f"{name} is damaged: {exc}", column=name) from exc

    def _bytes(self, given: _Object, layout: bytes, kind: _Type, shape: tuple[int, ...], some: range, name: str) -> bytes:
        each = prod(shape[1:]) * kind.size  # bytes at one place along the first dimension
        begin, size = some.start * each, len(some) * each
        version, form = layout[0], layout[1]
        if version not in (3, 4, 5):
            raise UnreadableFile(f"{name} is laid out as version {version}, which is not read", column=name)
        if given.first(7) is not None:
            raise UnreadableFile(f"{name} lies in another file, which is not read", column=name)
        if form == 0:
            return layout[4 + begin : 4 + begin + size]
        fill = self._fill(given, kind)
        if form == 1:
            address = self.offset(layout, 2)
            return fill * (size // kind.size) if address == UNDEFINED else self._large(address + begin, size)
        if form != 2:
            raise UnreadableFile(f"{name} is a view of other files, which is not read", column=name)
        if not size:  # whose other dimensions may be as long as a damaged file likes
            return b""
        filters = self._filters(given.first(0x0B), name)
        dims, chunks = self._chunks(layout, kind, shape, self.space(given.first(1) or b"", most=True), some, name)
        whole = bytearray(fill * (size // kind.size))
        expected = prod(dims) * kind.size
        if expected > _LARGEST_BLOCK:
            raise UnreadableFile(f"{name} is damaged: its chunks are too large", column=name)
        for place, address, stored, mask in chunks:
            data = self._large(address, stored)
            self._spend(expected // _UNPACKED)
            for position in range(len(filters) - 1, -1, -1):
                if not mask >> position & 1:
                    data = filters[position](data, expected)
            if len(data) < expected:
                raise UnreadableFile(f"{name} is damaged: a chunk is too short", column=name)
            _lay(whole, (len(some), *shape[1:]), data, dims, (place[0] - some.start, *place[1:]), kind.size)
        return bytes(whole)

    def _large(self, address: int, size: int) -> bytes:
        if size > _LARGEST_BLOCK or not 0 <= address <= self.size:
            raise UnreadableFile("the file is damaged: a block is too large")
        self._spend(size)
        self._stream.seek(self.base + address)
        data = self._stream.read(size)
        if len(data) < size:
            raise UnreadableFile("the file ends before its time")
        return data

    def _fill(self, given: _Object, kind: _Type) -> bytes:
        data = given.first(5)
        if data and data[0] in (1, 2) and (data[0] == 1 or data[3]) and len(data) > 8:
            value = data[8 : 8 + int.from_bytes(data[4:8], "little")]
        elif data and data[0] == 3 and data[1] & 0x20:
            value = data[6 : 6 + int.from_bytes(data[2:6], "little")]
        else:
            value = b""
        return value if len(value) == kind.size else bytes(kind.size)

    def _filters(self, data: bytes | None, name: str) -> list[Callable[[bytes, int], bytes]]:
        if not data:
            return []
        found: list[Callable[[bytes, int], bytes]] = []
        version, count = data[0], data[1]
        at = 8 if version == 1 else 2
        for _ in range(count):
            number = int.from_bytes(data[at : at + 2], "little")
            named = version == 1 or number >= 256
            length = int.from_bytes(data[at + 2 : at + 4], "little") if named else 0
            at += 4 if named else 2
            values = int.from_bytes(data[at + 2 : at + 4], "little")
            at += 4 + (length + -length % 8 if version == 1 else length)
            client = struct.unpack_from(f"<{values}I", data, at)
            at += 4 * values + (4 if version == 1 and values % 2 else 0)
            if number == _DEFLATE:
                found.append(_inflated)
            elif number == _SHUFFLE:
                found.append(partial(_unshuffled, client[0] if client else 1))
            elif number == _FLETCHER:
                found.append(lambda block, _: block[:-4])
            else:
                from mesonet.formats.binary import hdf5_filters  # not what most files are packed with

                if number not in hdf5_filters.FILTERS:
                    what = hdf5_filters.NAMES.get(number, f"filter {number}")
                    raise UnreadableFile(f"{name} is packed with {what}, which is not read", column=name)
                found.append(partial(hdf5_filters.FILTERS[number], client))
        return found

    def stored(self, given: _Object) -> int:
        """How many places along the first dimension are kept together; 1 too where that cannot be told."""
        layout = given.first(8) or b""
        try:
            return max(self._chunk_shape(layout)[0], 1) if layout[0] in (3, 4, 5) and layout[1] == 2 else 1
        except (IndexError, struct.error):
            return 1

    def _chunk_shape(self, layout: bytes) -> tuple[int, ...]:
        if layout[0] == 3:
            return struct.unpack_from(f"<{layout[2] - 1}I", layout, 3 + self.offset_size)
        rank, width = layout[3] - 1, layout[4]
        return tuple(int.from_bytes(layout[5 + width * at : 5 + width * (at + 1)], "little") for at in range(rank))

    def _chunks(
        self, layout: bytes, kind: _Type, shape: tuple[int, ...], most: tuple[int, ...], some: range, name: str
    ) -> tuple[tuple[int, ...], Iterator[tuple[tuple[int, ...], int, int, int]]]:
        """Shape of a chunk, and of each chunk that has some places along the first dimension where it lies in the array, its
        address, its stored size, its filter mask. `most` is the shape that the array may grow to."""
        dims = self._chunk_shape(layout)
        if not dims or len(dims) != len(shape) or not all(dims):
            raise UnreadableFile(f"{name} is damaged: its chunks have another shape", column=name)
        if layout[0] == 3:
            address = self.offset(layout, 3)
            return dims, iter(()) if address == UNDEFINED else self._tree_chunks(address, dims, some)
        flags, at = layout[2], 5 + layout[4] * (len(dims) + 1)
        index = layout[at]
        at += 1
        plain = prod(dims) * kind.size
        if index == 1:
            stored, mask = plain, 0
            if flags & 2:
                stored, mask = (
                    self.length(layout, at),
                    int.from_bytes(layout[at + self.length_size : at + self.length_size + 4], "little"),
                )
                at += self.length_size + 4
            address = self.offset(layout, at)
            return dims, iter([((0,) * len(dims), address, stored, mask)] if address != UNDEFINED else [])
        address = self.offset(layout, at + {2: 0, 3: 1, 4: 5, 5: 6}.get(index, 0))
        if address == UNDEFINED:
            return dims, iter(())
        if index == 5:
            return dims, self._second_tree_chunks(address, dims, some, plain)
        begin = some.start // dims[0] * dims[0]
        places = ((begin + lead, *rest) for lead, *rest in _grid((some.stop - begin, *shape[1:]), dims))
        steps = _steps(most, dims)
        numbered = (
            (place, sum(at // dim * step for at, dim, step in zip(place, dims, steps, strict=True))) for place in places
        )
        if index == 2:
            return dims, ((place, address + number * plain, plain, 0) for place, number in numbered)
        if index in (3, 4):
            array = Fixed(self, address) if index == 3 else Extensible(self, address)
            return dims, ((place, *entry) for place, number in numbered if (entry := array.entry(number, plain)) is not None)
        raise UnreadableFile(f"{name} has an index of chunks that is not known", column=name)

    def _tree_chunks(self, address: int, dims: tuple[int, ...], some: range) -> Iterator[tuple[tuple[int, ...], int, int, int]]:
        self._node()
        head = self.at(address, 8 + 2 * self.offset_size)
        if head[:4] != b"TREE":
            raise UnreadableFile("the file is damaged: there is no tree where one should be")
        level, count = head[5], int.from_bytes(head[6:8], "little")
        key = 8 + 8 * (len(dims) + 1)
        step = key + self.offset_size
        block = self.at(address + len(head), count * step + key)
        places = [struct.unpack_from(f"<{len(dims)}Q", block, number * step + 8) for number in range(count)]
        lasts = [place[0] for place in places] if level == 0 else [*(place[0] for place in places[1:]), some.stop]
        for number, (place, last) in enumerate(zip(places, lasts, strict=True)):
            if place[0] >= some.stop or last + dims[0] <= some.start:
                continue
            child = self.offset(block, number * step + key)
            if level:
                yield from self._tree_chunks(child, dims, some)
            else:
                yield place, child, *struct.unpack_from("<II", block, number * step)

    def _second_tree_chunks(
        self, address: int, dims: tuple[int, ...], some: range, plain: int
    ) -> Iterator[tuple[tuple[int, ...], int, int, int]]:
        head = self.at(address, 22 + self.offset_size + self.length_size)
        node, record, depth = struct.unpack_from("<IHH", head, 6)
        root, count = self.offset(head, 16), int.from_bytes(head[16 + self.offset_size : 18 + self.offset_size], "little")
        scaled = record - 8 * len(dims)  # where the place stands, in chunks
        if head[:4] != b"BTHD" or head[5] not in (10, 11) or (scaled != self.offset_size and scaled < self.offset_size + 5):
            raise UnreadableFile("the file is damaged: there is no index of chunks where one should be")
        if root == UNDEFINED:
            return
        wanted = range(some.start // dims[0], -(-some.stop // dims[0]))

        def side(each: bytes) -> int:
            lead = int.from_bytes(each[scaled : scaled + 8], "little")
            return -1 if lead < wanted.start else int(lead >= wanted.stop)

        for each in self._records(root, count, depth, node, record, side):
            place = tuple(at * dim for at, dim in zip(struct.unpack_from(f"<{len(dims)}Q", each, scaled), dims, strict=True))
            stored, mask = plain, 0
            if head[5] == 11:
                stored = int.from_bytes(each[self.offset_size : scaled - 4], "little")
                mask = int.from_bytes(each[scaled - 4 : scaled], "little")
            yield place, self.offset(each), stored, mask


_FARTHEST = 32 * 1024  # where a superblock is looked for


def begin(head: bytes) -> int | None:
    """Where the superblock of a file of HDF5 stands: at its beginning, or behind a user block (512 bytes, or a power of two
    of them)."""
    places = (0, *(512 << power for power in range(7)))
    return next((at for at in places if head.startswith(MAGIC, at)), None)


def _text_at(names: bytes, begin: int) -> str:
    return names[begin : names.find(b"\x00", begin)].decode("utf-8", "replace")


def _bytes_for(number: int) -> int:
    """Bytes in which a number up to this one is written."""
    return max(number.bit_length() - 1, 0) // 8 + 1


def _inflated(data: bytes, expected: int) -> bytes:
    return zlib.decompressobj().decompress(data, expected + 64)


def _unshuffled(width: int, data: bytes, _: int) -> bytes:
    if width < 2:
        return data
    count = len(data) // width
    whole = bytearray(len(data))
    for byte in range(width):
        whole[byte : count * width : width] = data[byte * count : (byte + 1) * count]
    whole[count * width :] = data[count * width :]
    return bytes(whole)


def _grid(shape: tuple[int, ...], dims: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Where chunks begin, the last dimension fastest."""
    if not shape:
        yield ()
        return
    for start in range(0, shape[0], dims[0]):
        for rest in _grid(shape[1:], dims[1:]):
            yield (start, *rest)


def _steps(most: tuple[int, ...], dims: tuple[int, ...]) -> tuple[int, ...]:
    """By how much the number of a chunk grows with each dimension: the last is the fastest, and one without an end the
    slowest."""
    order = sorted(range(len(most)), key=lambda at: most[at] < UNDEFINED)  # which is the first of those, if it is there
    steps, step = [0] * len(most), 1
    for at in reversed(order):
        steps[at] = step
        step *= -(-most[at] // dims[at])
    return tuple(steps)


def _lay(
    whole: bytearray, shape: tuple[int, ...], data: bytes, dims: tuple[int, ...], place: tuple[int, ...], size: int
) -> None:
    """Copies a chunk to where it belongs, without what lies beyond the array, or before it along the first dimension."""
    if any(start >= length for start, length in zip(place, shape, strict=True)):
        return
    spans = [range(max(-start, 0), min(dim, length - start)) for start, dim, length in zip(place, dims, shape, strict=True)]
    *outer, run = spans
    length = len(run) * size
    for numbers in product(*outer):
        source = target = 0
        for number, dim, all_of_it, start in zip(numbers, dims, shape, place, strict=False):
            source, target = source * dim + number, target * all_of_it + start + number
        begin = (source * dims[-1] + run.start) * size
        at = (target * shape[-1] + place[-1] + run.start) * size
        whole[at : at + length] = data[begin : begin + length]


def dataset(stream: BinaryIO, size: int) -> Dataset:
    """The variables of the root and of its groups. Raises UnreadableFile."""
    try:
        return _dataset(_File(stream, size))
    except (IndexError, ValueError, struct.error, OverflowError, RecursionError, MemoryError) as exc:
        raise UnreadableFile(f"the file is damaged: {exc}") from exc


type _Told = dict[str, tuple[_Type, tuple[int, ...], bytes]]


@dataclass(slots=True)
class _Array:
    """`along` are the addresses of its dimensions, where it tells them, and `most` how long it may become along each. It is
    `alone` where it is a dimension and no variable."""

    itself: _Object
    told: _Told
    attributes: dict[str, Attribute]
    shape: tuple[int, ...]
    most: tuple[int, ...]
    along: tuple[int | None, ...]
    alone: bool


@dataclass(slots=True)
class _Group:
    """What a group holds, by name; and the names of what is not in the file."""

    itself: _Object
    arrays: dict[str, _Array]
    groups: "dict[str, _Group]"
    elsewhere: list[str]


class _Groups:
    """All groups of a file, each once, and what the arrays in them are called by their addresses and by NetCDF's numbers. An
    array without an end is as long as its dimension, and so as the longest along that."""

    def __init__(self, file: _File) -> None:
        self._file = file
        self._seen = {file.root}
        self._arrays: dict[int, _Array] = {}
        self._count = 0
        self.names: dict[int, str] = {}
        self.numbered: dict[tuple[float, ...], str] = {}
        self.lengths: dict[int, int] = {}
        self.root = self._group(file.root, file.object(file.root), 0)

    def _group(self, where: int, itself: _Object, depth: int) -> _Group:
        found = _Group(itself, {}, {}, [])
        inner: dict[str, tuple[int, _Object]] = {}
        for name, to in self._file.links(where, itself).items():
            self._count += 1
            if self._count > _MOST_OBJECTS:
                raise UnreadableFile("the file has too many variables")
            address = self._file.found(where, to) if isinstance(to, str) and to else to
            if not isinstance(address, int) or address == UNDEFINED:
                found.elsewhere.append(name)
                continue
            each = self._arrays[address].itself if address in self._arrays else self._file.object(address)
            if each.first(3) is not None and each.first(8) is not None:
                if isinstance(to, int) or address not in self.names:  # its own name before another's for it
                    self.names[address] = name
                if address not in self._arrays:
                    self._arrays[address] = self._array(address, each)
                found.arrays[name] = self._arrays[address]
            elif each.first(3) is None and address not in self._seen and depth < _DEEPEST:
                self._seen.add(address)
                inner[name] = address, each
        for name, (address, each) in inner.items():
            found.groups[name] = self._group(address, each, depth + 1)
        return found

    def _array(self, address: int, itself: _Object) -> _Array:
        told, space = self._file.attributes(itself), itself.first(1) or b"\x02\x00\x00\x00"
        shape, most = self._file.space(space), self._file.space(space, most=True)
        along = _scales(self._file, told, len(shape))
        if along is None:
            along = (address if "CLASS" in told else None, *(None for _ in shape[1:]))[: len(shape)]
        for scale, length, end in zip(along, shape, most, strict=True):
            if scale is not None and (end == UNDEFINED or scale == address):
                self.lengths[scale] = max(length, self.lengths.get(scale, 0))
        attributes = {name: self._file.value(*value) for name, value in told.items() if name not in _OF_THE_LIBRARY}
        alone = str(self._file.value(*told["NAME"])).startswith(_DIMENSION_ALONE) if "NAME" in told else False
        return _Array(itself, told, attributes, shape, most, along, alone)

    def shape(self, array: _Array) -> tuple[int, ...]:
        parts = zip(array.along, array.shape, array.most, strict=True)
        return tuple(
            length if scale is None or most != UNDEFINED else self.lengths.get(scale, length) for scale, length, most in parts
        )


def _scales(file: _File, told: _Told, rank: int) -> tuple[int | None, ...] | None:
    """The addresses of the dimensions that an array refers to, where it does."""
    listed = told.get("DIMENSION_LIST")
    if not listed or len(listed[1]) != 1 or listed[1][0] != rank:
        return None
    kind, _, data = listed
    found = (file.decoded(kind, data[at * kind.size : (at + 1) * kind.size], 1) for at in range(rank))
    return tuple(inner[0] if inner and isinstance(inner[0], int) else None for inner in found)


def _dataset(file: _File) -> Dataset:
    groups = _Groups(file)
    found = _of_group(file, groups, groups.root)
    return replace(found, cut=file.end != UNDEFINED and file.end > file.size)


def _of_group(file: _File, groups: _Groups, group: _Group) -> Dataset:
    arrays = group.arrays
    dimensions: dict[str, int] = {}
    variables: dict[str, Variable] = {}
    scales = ((name, each) for name, each in arrays.items() if "CLASS" in each.told)
    groups.numbered |= {_numbers(file, each.told, "_Netcdf4Dimid"): name for name, each in scales}
    for name, found in arrays.items():
        shape = groups.shape(found)
        name = name.removeprefix(_NO_COORDINATE)
        axes = _axes(file, name, found, groups)
        dimensions.update(zip(axes, shape, strict=True))
        if found.alone:
            continue
        kind = file.type(found.itself.first(3) or b"")[0]
        each = variables[name] = Variable(
            name=name,
            dimensions=axes,
            shape=shape,
            attributes=found.attributes,
            read=partial(file.array, found.itself, name, shape, 1),
            text=kind.form in ("s", "v"),
            stored=file.stored(found.itself),
            form=kind.form,
        )
        if kind.form == "s" and kind.size == 1 and shape:  # characters
            read: Read = partial(file.array, found.itself, name, shape, shape[-1])
            variables[name] = of_letters(each, read)
    attributes = {
        each: file.value(*value) for each, value in file.attributes(group.itself).items() if not each.startswith("_Nc")
    }
    return Dataset(
        kind="NetCDF-4 (HDF5)",
        dimensions=dimensions,
        attributes=attributes,
        variables=variables,
        groups={name: _of_group(file, groups, inner) for name, inner in group.groups.items()},
        elsewhere=tuple(group.elsewhere),
    )


_OF_THE_LIBRARY = frozenset(
    ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "_Netcdf4Dimid", "_Netcdf4Coordinates", "_NCProperties")
)


def _numbers(file: _File, attributes: _Told, name: str) -> tuple[float, ...]:
    value = file.value(*attributes[name]) if name in attributes else ()
    return tuple(each for each in value if isinstance(each, int | float))


def _axes(file: _File, name: str, array: _Array, groups: _Groups) -> tuple[str, ...]:
    """The names of a variable's dimensions: what it refers to (unless that has another length), or itself where it is one; or,
    where it is the coordinate of one and has more (as characters have), those that NetCDF gave the numbers."""
    coordinates = _numbers(file, array.told, "_Netcdf4Coordinates")
    found = [
        groups.names.get(scale) if scale is not None and groups.lengths.get(scale, length) == length else None
        for scale, length in zip(array.along, groups.shape(array), strict=True)
    ]
    if len(found) == len(coordinates) > 1:
        found = [each or groups.numbered.get((number,)) for each, number in zip(found, coordinates, strict=True)]
    return tuple(each or f"{name}_{at}" for at, each in enumerate(found))
