"""The objects of an HDF5 file: the messages of their headers, the links of groups, and the heaps that hold many of either."""

import struct
from collections.abc import Iterator

from mesonet.errors import UnreadableFile
from mesonet.formats.binary.hdf5_blocks import UNDEFINED, Blocks, bytes_for
from mesonet.record import dataclass

MOST_OBJECTS = 20_000
_MOST_LINKS = 16  # one after the other, as in the library


class Message:
    """The types of messages in an object's header (IV.A.2)."""

    DATASPACE = 0x01
    LINK_INFO = 0x02
    DATATYPE = 0x03
    FILL_VALUE = 0x05
    LINK = 0x06
    EXTERNAL_FILES = 0x07
    LAYOUT = 0x08
    FILTERS = 0x0B
    ATTRIBUTE = 0x0C
    CONTINUATION = 0x10
    SYMBOL_TABLE = 0x11
    ATTRIBUTE_INFO = 0x15


@dataclass(slots=True)
class Object:
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


class Objects:
    """The objects at addresses."""

    def __init__(self, file: Blocks) -> None:
        self._file = file
        self._links: dict[int, dict[str, int | str]] = {}

    def object(self, address: int) -> Object:
        self._file.node()
        start = self._file.at(address, 16)
        found = Object([])
        if start[:4] == b"OHDR":
            self._second(address, start, found)
        elif start[0] == 1:
            size = int.from_bytes(start[8:12], "little")
            self._first(self._file.at(address + 16, size), found, int.from_bytes(start[2:4], "little"))
        else:
            raise UnreadableFile("the file is damaged: there is no object where one should be")
        return found

    def _first(self, block: bytes, found: Object, count: int) -> None:
        at = 0
        while at + 8 <= len(block) and len(found.messages) < min(count, MOST_OBJECTS):
            kind, size, flags = struct.unpack_from("<HHB", block, at)
            data = block[at + 8 : at + 8 + size]
            at += 8 + size
            found.messages.append((kind, self.shared(data, kind) if flags & 2 else data))
            if kind == Message.CONTINUATION:
                self._file.node()
                more = self._file.at(self._file.offset(data), self._file.length(data, self._file.offset_size))
                self._first(more, found, count)

    def _second(self, address: int, start: bytes, found: Object) -> None:
        flags = start[5]
        at = 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        width = 1 << (flags & 3)
        head = self._file.at(address, at + width)
        size = int.from_bytes(head[at : at + width], "little")
        self._chunk(self._file.at(address + at + width, size), flags, found)

    def _chunk(self, block: bytes, flags: int, found: Object) -> None:
        lead = 6 if flags & 4 else 4
        at = 0
        while at + lead <= len(block):
            kind, size, own = struct.unpack_from("<BHB", block, at)
            data = block[at + lead : at + lead + size]
            at += lead + size
            if len(found.messages) > MOST_OBJECTS:
                raise UnreadableFile("the file is damaged: an object has too many messages")
            if kind:
                found.messages.append((kind, self.shared(data, kind) if own & 2 else data))
            if kind == Message.CONTINUATION:
                self._file.node()
                address, length = self._file.offset(data), self._file.length(data, self._file.offset_size)
                self._chunk(self._file.at(address + 4, max(length - 8, 0)), flags, found)

    def shared(self, data: bytes, kind: int) -> bytes:
        """A message that stands in another object's header: a committed datatype."""
        if not data or data[0] not in (1, 2, 3):
            return b""
        address = self._file.offset(data, 8 if data[0] == 1 else 2)
        self._file.node()
        return self.object(address).first(kind) or b""

    def links(self, address: int, group: Object) -> dict[str, int | str]:
        """What the group at an address holds: addresses by names, in the order in which they were made where that is known; of
        a link to a path that path, or "" where it leads to another file."""
        if address not in self._links:
            self._links[address] = dict(self._linked(group))
        return self._links[address]

    def found(self, group: int, path: str, links: int = 0) -> int | None:
        """The address of what a path means that stands in a group; None where there is nothing, or only in another file."""
        at: int | str | None = self._file.root if path.startswith("/") else group
        for name in path.split("/"):
            if name in ("", "."):
                continue
            self._file.node()
            held = self.object(at) if isinstance(at, int) else None
            if held is None or not isinstance(at, int) or held.first(Message.LAYOUT) is not None:
                return None
            to = self.links(at, held).get(name)
            if isinstance(to, str):
                to = self.found(at, to, links + 1) if to and links < _MOST_LINKS else None
            at = to
        return at if isinstance(at, int) else None

    def _linked(self, group: Object) -> list[tuple[str, int | str]]:
        table = group.first(Message.SYMBOL_TABLE)
        if table:
            return list(self._old_links(self._file.offset(table), self._file.offset(table, self._file.offset_size)))
        messages = self.all_of(group, Message.LINK, Message.LINK_INFO, 8)
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
            return order, name, self._file.offset(data, at)
        path = data[at + 2 : at + 2 + int.from_bytes(data[at : at + 2], "little")] if kind == 1 else b""
        return order, name, path.decode("utf-8", "replace")

    def _old_links(self, tree: int, heap: int) -> Iterator[tuple[str, int | str]]:
        head = self._file.at(heap, 8 + 2 * self._file.length_size + self._file.offset_size)
        names = self._file.at(self._file.offset(head, 8 + 2 * self._file.length_size), self._file.length(head, 8))
        for node in self._old_nodes(tree):
            head = self._file.at(node, 8)
            count = int.from_bytes(head[6:8], "little")
            entry = 2 * self._file.offset_size + 24
            block = self._file.at(node + 8, count * entry)
            for number in range(count):
                at = number * entry
                to: int | str = self._file.offset(block, at + self._file.offset_size)
                if block[at + 2 * self._file.offset_size] == 2:  # a path
                    to = _text_at(names, int.from_bytes(block[at + entry - 16 : at + entry - 12], "little"))
                yield _text_at(names, self._file.offset(block, at)), to

    def _old_nodes(self, tree: int) -> Iterator[int]:
        self._file.node()
        head = self._file.at(tree, 8 + 2 * self._file.offset_size)
        level, count = head[5], int.from_bytes(head[6:8], "little")
        step = self._file.length_size + self._file.offset_size
        block = self._file.at(tree + len(head), count * step + self._file.length_size)
        for number in range(count):
            child = self._file.offset(block, number * step + self._file.length_size)
            if level:
                yield from self._old_nodes(child)
            else:
                yield child

    def all_of(self, given: Object, kind: int, where: int, counter: int) -> list[bytes]:
        """Messages of a kind in an object's header, and in the heap that `where` leads to, behind a `counter` of so many bytes
        where it has one."""
        messages = list(given.of(kind))
        info = given.first(where)
        if info:
            at = 2 + (counter if info[1] & 1 else 0)
            heap, tree = self._file.offset(info, at), self._file.offset(info, at + self._file.offset_size)
            if heap != UNDEFINED:
                messages += self._dense(heap, tree)
        return messages

    def _dense(self, heap_address: int, tree: int) -> Iterator[bytes]:
        """The objects of a heap, as a tree (of version 2) of their identifiers lists them."""
        heap = self._heap(heap_address)
        before = 4 if self._file.at(tree, 6)[5] == 5 else 0  # a hash of the name
        for each in self._file.tree(tree, (5, 8)):
            data = self._managed(heap, each[before : before + heap.id_length])
            if data is not None:
                yield data

    def _heap(self, address: int) -> _Heap:
        o, n = self._file.offset_size, self._file.length_size
        head = self._file.at(address, 22 + 12 * n + 3 * o)
        if head[:4] != b"FRHP":
            raise UnreadableFile("the file is damaged: there is no heap where one should be")
        id_length, filters, _, managed = struct.unpack_from("<HHBI", head, 5)
        at = 14 + n + o + n + o + 8 * n
        width = int.from_bytes(head[at : at + 2], "little")
        start, direct = self._file.length(head, at + 2), self._file.length(head, at + 2 + n)
        at += 2 + 2 * n
        bits = int.from_bytes(head[at : at + 2], "little")
        root, rows = self._file.offset(head, at + 4), int.from_bytes(head[at + 4 + o : at + 6 + o], "little")
        if filters or not width or not start or start & (start - 1) or not direct:
            raise UnreadableFile("a filtered or damaged heap of the file is not read")
        return _Heap(
            offset_bytes=(bits + 7) // 8,
            length_bytes=bytes_for(min(direct, managed)),
            id_length=id_length,
            width=width,
            start=start,
            most_direct=direct,
            root=root,
            rows=rows,
            huge=self._file.offset(head, 14 + n),
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
        return self._file.at(self._place(heap, heap.root, heap.rows, offset, 0), length)

    def _huge(self, heap: _Heap, key: bytes) -> bytes | None:
        """An object that lies by itself: where, the key says, or a tree by the key's number."""
        o, n = self._file.offset_size, self._file.length_size
        if len(key) >= o + n:
            return self._file.at(self._file.offset(key), self._file.length(key, o))
        for each in self._file.tree(heap.huge, (1,)):
            if int.from_bytes(each[o + n : o + 2 * n], "little") == int.from_bytes(key[:n], "little"):
                return self._file.at(self._file.offset(each), self._file.length(each, o))
        return None

    def _place(self, heap: _Heap, block: int, rows: int, offset: int, depth: int) -> int:
        """Address of a byte of the heap below a block with so many rows; a block without rows is a direct one."""
        if not rows:
            return block + offset
        if depth > 20:
            raise UnreadableFile("the file is damaged: a heap has no end")
        self._file.node()
        direct_rows = heap.most_direct.bit_length() - heap.start.bit_length() + 2
        begin = 0
        for row in range(rows):
            size = heap.start << max(row - 1, 0)
            if offset < begin + size * heap.width:
                column = (offset - begin) // size
                entry = 5 + self._file.offset_size + heap.offset_bytes + (row * heap.width + column) * self._file.offset_size
                child = self._file.offset(self._file.at(block + entry, self._file.offset_size))
                if child == UNDEFINED:
                    break
                below = offset - begin - column * size
                inner = 0 if row < direct_rows else size.bit_length() - heap.start.bit_length() - heap.width.bit_length() + 2
                return self._place(heap, child, max(inner, 0), below, depth + 1)
            begin += size * heap.width
        raise UnreadableFile("the file is damaged: a heap does not hold what it should")


def _text_at(names: bytes, begin: int) -> str:
    return names[begin : names.find(b"\x00", begin)].decode("utf-8", "replace")
