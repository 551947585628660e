"""The bytes of an HDF5 file: blocks at addresses, numbers of its own sizes in them, and trees (of version 2) of records.

What reading may cost is bounded here, since a damaged file may say that blocks lie upon one another.
"""

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

from mesonet.errors import UnreadableFile

MAGIC = b"\x89HDF\r\n\x1a\n"
UNDEFINED = (1 << 64) - 1
LARGEST_BLOCK = 64 * 1024 * 1024
_FARTHEST = 32 * 1024  # where a superblock is looked for
_MOST_NODES = 200_000  # of trees
# what reading may cost: bytes read, those of the structure several times, since each of its entries is looked at, and part of
# those that were unpacked. A file is read some ten times over where it has many levels; one whose blocks lie upon one another,
# without an end
_WORK = 64 * 1024 * 1024
_WORK_FOR_A_BYTE = 256
_OF_STRUCTURE = 8


class Blocks:
    """Addresses count from the superblock."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self.size = size
        self._nodes = 0
        self._work = _WORK + _WORK_FOR_A_BYTE * size
        self.offset_size = self.length_size = 8
        self.base = 0
        self.root, self.end = self._superblock()

    def at(self, address: int, count: int) -> bytes:
        """Bytes of the structure."""
        self.spend((_OF_STRUCTURE - 1) * count)
        return self.large(address, count)

    def large(self, address: int, size: int) -> bytes:
        if size > LARGEST_BLOCK or not 0 <= address <= self.size:
            raise UnreadableFile("the file is damaged: a block is too large")
        self.spend(size)
        self._stream.seek(self.base + address)
        data = self._stream.read(size)
        if len(data) < size:
            raise UnreadableFile("the file ends before its time")
        return data

    def spend(self, work: int) -> None:
        self._work -= work
        if self._work < 0:
            raise UnreadableFile("the file is damaged or a bomb: it says to read the same bytes over and over")

    def node(self) -> None:
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

    def tree(self, address: int, kinds: tuple[int, ...]) -> Iterator[bytes]:
        """The records of a tree (of version 2) of one of these types."""
        if address == UNDEFINED:
            return
        head = self.at(address, 22 + self.offset_size + self.length_size)
        kind, node, record, depth = head[5], *struct.unpack_from("<IHH", head, 6)
        root, count = self.offset(head, 16), int.from_bytes(head[16 + self.offset_size : 18 + self.offset_size], "little")
        if kind in kinds and root != UNDEFINED and record:
            yield from self.records(root, count, depth, node, record)

    def records(
        self, address: int, count: int, depth: int, node: int, record: int, side: Callable[[bytes], int] = lambda _: 0
    ) -> Iterator[bytes]:
        """Those that lie on neither side of what is wanted."""
        self.node()
        data = self.at(address, node)
        at = 6
        records = [data[at + number * record : at + (number + 1) * record] for number in range(count)]
        sides = [side(each) for each in records]
        yield from (each for each, beside in zip(records, sides, strict=True) if not beside)
        if not depth:
            return
        most, total = (node - 10) // record, (node - 10) // record  # in a leaf, and below a child
        counts, sums = bytes_for(most), 0
        for level in range(1, depth + 1):
            counts = bytes_for(most)
            sums = bytes_for(total) if level > 1 else 0
            pointer = self.offset_size + counts + sums
            most = (node - 10 - pointer) // (record + pointer)
            total = (most + 1) * total + most
        at += count * record
        for number in range(count + 1):
            child = self.offset(data, at)
            below = int.from_bytes(data[at + self.offset_size : at + self.offset_size + counts], "little")
            at += self.offset_size + counts + sums
            if not (number and sides[number - 1] > 0) and not (number < count and sides[number] < 0):
                yield from self.records(child, below, depth - 1, node, record, side)


def begin(head: bytes) -> int | None:
    """Where the superblock of a file of HDF5 stands: at its beginning, or behind a user block (512 bytes, or a power of two
    of them)."""
    places = (0, *(512 << power for power in range(7)))
    return next((at for at in places if head.startswith(MAGIC, at)), None)


def bytes_for(number: int) -> int:
    """Bytes in which a number up to this one is written."""
    return max(number.bit_length() - 1, 0) // 8 + 1
