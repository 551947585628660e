"""Where the chunks of an HDF5 array stand that are numbered: fixed and extensible arrays of their addresses.

Source: The HDF Group, "HDF5 File Format Specification Version 3.0", VII.C and VII.D.
"""

from abc import ABC, abstractmethod
from typing import Protocol

from mesonet.errors import UnreadableFile

_CHECKSUM = 4


class Blocks(Protocol):
    """The file: bytes at an address, and numbers of its sizes in them."""

    offset_size: int
    length_size: int

    def at(self, address: int, count: int) -> bytes: ...

    def offset(self, data: bytes, at: int = 0) -> int: ...

    def length(self, data: bytes, at: int = 0) -> int: ...


UNDEFINED = (1 << 64) - 1


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


class Fixed(_Numbered):
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


class Extensible(_Numbered):
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
