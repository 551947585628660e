"""Where the chunks of an HDF5 array stand: in trees, one after the other, or in fixed and extensible arrays of their addresses.

Source: The HDF Group, "HDF5 File Format Specification Version 3.0", III.A, VII.C and VII.D.
"""

import struct
from abc import ABC, abstractmethod
from collections.abc import Iterator
from math import prod

from mesonet.errors import UnreadableFile
from mesonet.formats.binary.hdf5_blocks import UNDEFINED, Blocks

_CHECKSUM = 4

type _Chunk = tuple[tuple[int, ...], int, int, int]  # where it lies in the array, address, stored size, filter mask


def chunks(
    file: Blocks, layout: bytes, width: int, shape: tuple[int, ...], most: tuple[int, ...], some: range, name: str
) -> tuple[tuple[int, ...], Iterator[_Chunk]]:
    """Shape of a chunk, and each chunk that has some places along the first dimension. `most` is the shape that the array
    may grow to."""
    dims = chunk_shape(file, layout)
    if not dims or len(dims) != len(shape) or not all(dims):
        raise UnreadableFile(f"{name} is damaged: its chunks have another shape", column=name)
    if layout[0] == 3:
        address = file.offset(layout, 3)
        return dims, iter(()) if address == UNDEFINED else _tree_chunks(file, address, dims, some)
    flags, at = layout[2], 5 + layout[4] * (len(dims) + 1)
    index = layout[at]
    at += 1
    plain = prod(dims) * width
    if index == 1:
        stored, mask = plain, 0
        if flags & 2:
            stored, mask = (
                file.length(layout, at),
                int.from_bytes(layout[at + file.length_size : at + file.length_size + 4], "little"),
            )
            at += file.length_size + 4
        address = file.offset(layout, at)
        return dims, iter([((0,) * len(dims), address, stored, mask)] if address != UNDEFINED else [])
    address = file.offset(layout, at + {2: 0, 3: 1, 4: 5, 5: 6}.get(index, 0))
    if address == UNDEFINED:
        return dims, iter(())
    if index == 5:
        return dims, _second_tree_chunks(file, address, dims, some, plain)
    begin = some.start // dims[0] * dims[0]
    places = ((begin + lead, *rest) for lead, *rest in _grid((some.stop - begin, *shape[1:]), dims))
    steps = _steps(most, dims)
    numbered = ((place, sum(at // dim * step for at, dim, step in zip(place, dims, steps, strict=True))) for place in places)
    if index == 2:
        return dims, ((place, address + number * plain, plain, 0) for place, number in numbered)
    if index in (3, 4):
        array = _Fixed(file, address) if index == 3 else _Extensible(file, address)
        return dims, ((place, *entry) for place, number in numbered if (entry := array.entry(number, plain)) is not None)
    raise UnreadableFile(f"{name} has an index of chunks that is not known", column=name)


def chunk_shape(file: Blocks, layout: bytes) -> tuple[int, ...]:
    if layout[0] == 3:
        return struct.unpack_from(f"<{layout[2] - 1}I", layout, 3 + file.offset_size)
    rank, width = layout[3] - 1, layout[4]
    return tuple(int.from_bytes(layout[5 + width * at : 5 + width * (at + 1)], "little") for at in range(rank))


def _tree_chunks(file: Blocks, address: int, dims: tuple[int, ...], some: range) -> Iterator[_Chunk]:
    file.node()
    head = file.at(address, 8 + 2 * file.offset_size)
    if head[:4] != b"TREE":
        raise UnreadableFile("the file is damaged: there is no tree where one should be")
    level, count = head[5], int.from_bytes(head[6:8], "little")
    key = 8 + 8 * (len(dims) + 1)
    step = key + file.offset_size
    block = file.at(address + len(head), count * step + key)
    places = [struct.unpack_from(f"<{len(dims)}Q", block, number * step + 8) for number in range(count)]
    lasts = [place[0] for place in places] if level == 0 else [*(place[0] for place in places[1:]), some.stop]
    for number, (place, last) in enumerate(zip(places, lasts, strict=True)):
        if place[0] >= some.stop or last + dims[0] <= some.start:
            continue
        child = file.offset(block, number * step + key)
        if level:
            yield from _tree_chunks(file, child, dims, some)
        else:
            yield place, child, *struct.unpack_from("<II", block, number * step)


def _second_tree_chunks(file: Blocks, address: int, dims: tuple[int, ...], some: range, plain: int) -> Iterator[_Chunk]:
    head = file.at(address, 22 + file.offset_size + file.length_size)
    node, record, depth = struct.unpack_from("<IHH", head, 6)
    root, count = file.offset(head, 16), int.from_bytes(head[16 + file.offset_size : 18 + file.offset_size], "little")
    scaled = record - 8 * len(dims)  # where the place stands, in chunks
    if head[:4] != b"BTHD" or head[5] not in (10, 11) or (scaled != file.offset_size and scaled < file.offset_size + 5):
        raise UnreadableFile("the file is damaged: there is no index of chunks where one should be")
    if root == UNDEFINED:
        return
    wanted = range(some.start // dims[0], -(-some.stop // dims[0]))

    def side(each: bytes) -> int:
        lead = int.from_bytes(each[scaled : scaled + 8], "little")
        return -1 if lead < wanted.start else int(lead >= wanted.stop)

    for each in file.records(root, count, depth, node, record, side):
        place = tuple(at * dim for at, dim in zip(struct.unpack_from(f"<{len(dims)}Q", each, scaled), dims, strict=True))
        stored, mask = plain, 0
        if head[5] == 11:
            stored = int.from_bytes(each[file.offset_size : scaled - 4], "little")
            mask = int.from_bytes(each[scaled - 4 : scaled], "little")
        yield place, file.offset(each), stored, mask


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


class _Numbered(ABC):
    """Entries by number. A block that is looked at is kept for the next."""

    def __init__(self, file: Blocks, head: bytes, magic: bytes) -> None:
        if head[:4] != magic or head[5] > 1 or head[6] < file.offset_size + 5 * head[5]:
            raise UnreadableFile("the file is damaged: there is no index of chunks where one should be")
        self._file = file
        self._filtered, self._size = bool(head[5]), head[6]
        self._kept: tuple[int, bytes] = (UNDEFINED, b"")

    def _at(self, address: int, count: int) -> bytes:
        if self._kept[0] != address or len(self._kept[1]) != count:
            self._kept = (address, self._file.at(address, count))
        return self._kept[1]

    @abstractmethod
    def _bytes(self, number: int) -> bytes | None:
        """The entry, where there is one."""

    def entry(self, number: int, plain: int) -> tuple[int, int, int] | None:
        """Address, stored size and filter mask of a chunk; of those that no filter packs the size is `plain`."""
        data = self._bytes(number)
        address = UNDEFINED if data is None else self._file.offset(data)
        if data is None or address == UNDEFINED:
            return None
        if not self._filtered:
            return address, plain, 0
        return address, int.from_bytes(data[self._file.offset_size : -4], "little"), int.from_bytes(data[-4:], "little")


class _Fixed(_Numbered):
    """An array of one block, in pages where it is large."""

    def __init__(self, file: Blocks, address: int) -> None:
        head = file.at(address, 8 + file.length_size + file.offset_size)
        super().__init__(file, head, b"FAHD")
        self._page, self._count = 1 << min(head[7], 32), file.length(head, 8)
        self._block = file.offset(head, 8 + file.length_size)
        self._begin = self._block + 6 + file.offset_size

    def _bytes(self, number: int) -> bytes | None:
        if self._block == UNDEFINED or number >= self._count:
            return None
        if self._count <= self._page:
            return self._file.at(self._begin + number * self._size, self._size)
        pages = -(-self._count // self._page)
        page, place = divmod(number, self._page)
        if not _is_set(self._file.at(self._begin + page // 8, 1), page % 8):
            return None
        begin = self._begin + -(-pages // 8) + _CHECKSUM + page * (self._page * self._size + _CHECKSUM)
        count = min(self._page, self._count - page * self._page)
        return self._at(begin, count * self._size)[place * self._size :][: self._size]


class _Extensible(_Numbered):
    """An array of blocks that double: some entries and addresses of the first blocks stand in the index block, addresses of
    the others in secondary blocks."""

    def __init__(self, file: Blocks, address: int) -> None:
        head = file.at(address, 12 + 6 * file.length_size + file.offset_size)
        super().__init__(file, head, b"EAHD")
        bits, self._direct, self._least, pointers, page = head[7:12]
        self._index = file.offset(head, 12 + 6 * file.length_size)
        self._page = 1 << min(page, 32)
        self._offset_bytes = -(-bits // 8)
        if not all(each and not each & (each - 1) for each in (self._least, pointers)):
            raise UnreadableFile("the file is damaged: an index of chunks has odd sizes")
        self._inside = 2 * (pointers.bit_length() - 1)  # secondary blocks whose blocks the index block lists
        self._listed = 2 * (pointers - 1)

    def _bytes(self, number: int) -> bytes | None:
        if self._index == UNDEFINED:
            return None
        begin = self._index + 6 + self._file.offset_size
        if number < self._direct:
            return self._file.at(begin + number * self._size, self._size)
        number -= self._direct
        level = (number // self._least + 1).bit_length() - 1
        before = ((1 << level) - 1) * self._least
        length = self._least << (level + 1) // 2  # of each of its blocks
        block, place = divmod(number - before, length)
        addresses = begin + self._direct * self._size
        paged = length > self._page
        if level < self._inside:
            address = self._address(addresses, sum(1 << each // 2 for each in range(level)) + block)
            return self._in_block(address, place, length, paged=False)
        second = self._address(addresses, self._listed + level - self._inside)
        if second == UNDEFINED:
            return None
        start = second + 6 + self._file.offset_size + self._offset_bytes
        if paged:
            pages, many = length // self._page, 1 << level // 2
            page = block * pages + place // self._page
            if not _is_set(self._file.at(start + page // 8, 1), page % 8):
                return None
            start += many * -(-pages // 8)
        return self._in_block(self._address(start, block), place, length, paged=paged)

    def _address(self, start: int, number: int) -> int:
        return self._file.offset(self._file.at(start + number * self._file.offset_size, self._file.offset_size))

    def _in_block(self, address: int, place: int, length: int, *, paged: bool) -> bytes | None:
        if address == UNDEFINED:
            return None
        begin = address + 6 + self._file.offset_size + self._offset_bytes
        if paged:
            page, place = divmod(place, self._page)
            begin += _CHECKSUM + page * (self._page * self._size + _CHECKSUM)
            length = self._page
        return self._at(begin, length * self._size)[place * self._size :][: self._size]


def _is_set(byte: bytes, bit: int) -> bool:
    return bool(byte[0] & 0x80 >> bit)
