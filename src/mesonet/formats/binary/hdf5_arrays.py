"""The arrays of an HDF5 file: contiguous, compact, or in chunks behind filters."""

import struct
import zlib
from collections.abc import Callable
from functools import partial
from itertools import product
from math import prod

from mesonet.errors import UnreadableFile
from mesonet.formats.binary.arrays import MOST_LETTERS, MOST_VALUES, Scalar
from mesonet.formats.binary.hdf5_blocks import LARGEST_BLOCK, UNDEFINED, Blocks
from mesonet.formats.binary.hdf5_chunks import chunk_shape, chunks
from mesonet.formats.binary.hdf5_objects import Message, Object
from mesonet.formats.binary.hdf5_values import Type, Values
from mesonet.formats.binary.shuffle import unshuffled
from mesonet.record import replace

_UNPACKED = 8  # which part of the bytes that were unpacked counts as work
_DEFLATE, _SHUFFLE, _FLETCHER = 1, 2, 3


class Arrays:
    """The values of datasets."""

    def __init__(self, file: Blocks, values: Values) -> None:
        self._file = file
        self._values = values

    def array(
        self, given: Object, name: str, shape: tuple[int, ...], letters: int, start: int = 0, stop: int | None = None
    ) -> list[Scalar | None]:
        """The values of a dataset of a shape, or some along its first dimension; so many `letters` are one text. Raises
        UnreadableFile."""
        described, space, layout = given.first(Message.DATATYPE), given.first(Message.DATASPACE), given.first(Message.LAYOUT)
        if not described or not space or not layout:
            raise UnreadableFile(f"{name} has no layout", column=name)
        kind = self._values.type(described)[0]
        some = range(*slice(start, stop).indices(shape[0])) if shape else range(1)
        count = max(some.stop - some.start, 0) * prod(shape[1:])  # a damaged shape has no length that `len` can tell
        if count // max(letters, 1) > MOST_VALUES or count > MOST_LETTERS:
            raise UnreadableFile(f"{name} has more than {MOST_VALUES} values", column=name)
        if count * kind.size > LARGEST_BLOCK:  # as texts may say that each has two thousand million bytes
            raise UnreadableFile(f"{name} has more than {LARGEST_BLOCK >> 20} MiB", column=name)
        if kind.form in ("", "r", "V"):
            what = {"r": "references", "V": "lists of different lengths"}.get(kind.form, kind.what)
            raise UnreadableFile(f"{name} holds {what}, which are not read", column=name)
        try:
            data = self._bytes(given, layout, kind, shape, some, name)
            return self._values.decoded(replace(kind, size=kind.size * letters), data, count // letters) if count else []
        except (IndexError, ValueError, OverflowError, MemoryError, RecursionError, struct.error, zlib.error) as exc:
            raise UnreadableFile(f"{name} is damaged: {exc}", column=name) from exc

    def _bytes(self, given: Object, layout: bytes, kind: Type, shape: tuple[int, ...], some: range, name: str) -> bytes:
        each = prod(shape[1:]) * kind.size  # bytes at one place along the first dimension
        begin, size = some.start * each, len(some) * each
        version, form = layout[0], layout[1]
        if version not in (3, 4, 5):
            raise UnreadableFile(f"{name} is laid out as version {version}, which is not read", column=name)
        if given.first(Message.EXTERNAL_FILES) is not None:
            raise UnreadableFile(f"{name} lies in another file, which is not read", column=name)
        if form == 0:
            return layout[4 + begin : 4 + begin + size]
        fill = self._fill(given, kind)
        if form == 1:
            address = self._file.offset(layout, 2)
            return fill * (size // kind.size) if address == UNDEFINED else self._file.large(address + begin, size)
        if form != 2:
            raise UnreadableFile(f"{name} is a view of other files, which is not read", column=name)
        if not size:  # whose other dimensions may be as long as a damaged file likes
            return b""
        filters = self._filters(given.first(Message.FILTERS), name)
        most = self._values.space(given.first(Message.DATASPACE) or b"", most=True)
        dims, places = chunks(self._file, layout, kind.size, shape, most, some, name)
        whole = bytearray(fill * (size // kind.size))
        expected = prod(dims) * kind.size
        if expected > LARGEST_BLOCK:
            raise UnreadableFile(f"{name} is damaged: its chunks are too large", column=name)
        for place, address, stored, mask in places:
            data = self._file.large(address, stored)
            self._file.spend(expected // _UNPACKED)
            for position in range(len(filters) - 1, -1, -1):
                if not mask >> position & 1:
                    data = filters[position](data, expected)
            if len(data) < expected:
                raise UnreadableFile(f"{name} is damaged: a chunk is too short", column=name)
            _lay(whole, (len(some), *shape[1:]), data, dims, (place[0] - some.start, *place[1:]), kind.size)
        return bytes(whole)

    def _fill(self, given: Object, kind: Type) -> bytes:
        data = given.first(Message.FILL_VALUE)
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
                found.append(partial(_shuffled, client[0] if client else 1))
            elif number == _FLETCHER:
                found.append(lambda block, _: block[:-4])
            else:
                from mesonet.formats.binary import hdf5_filters  # not what most files are packed with

                if number not in hdf5_filters.FILTERS:
                    what = hdf5_filters.NAMES.get(number, f"filter {number}")
                    raise UnreadableFile(f"{name} is packed with {what}, which is not read", column=name)
                found.append(partial(hdf5_filters.FILTERS[number], client))
        return found

    def stored(self, given: Object) -> int:
        """How many places along the first dimension are kept together; 1 too where that cannot be told."""
        layout = given.first(Message.LAYOUT) or b""
        try:
            return max(chunk_shape(self._file, layout)[0], 1) if layout[0] in (3, 4, 5) and layout[1] == 2 else 1
        except (IndexError, struct.error):
            return 1


def _inflated(data: bytes, expected: int) -> bytes:
    return zlib.decompressobj().decompress(data, expected + 64)


def _lay(
    whole: bytearray, shape: tuple[int, ...], data: bytes, dims: tuple[int, ...], place: tuple[int, ...], size: int
) -> None:
    """Copies a chunk to where it belongs, without what lies beyond the array, or before it along the first dimension."""
    if any(start >= length for start, length in zip(place, shape, strict=True)):
        return
    spans = [range(max(-start, 0), min(dim, length - start)) for start, dim, length in zip(place, dims, shape, strict=True)]
    *outer, run = spans
    length = len(run) * size
    if not outer:  # most chunks of most files, and there may be as many as values
        at = (place[0] + run.start) * size
        whole[at : at + length] = data[run.start * size :][:length]
        return
    for numbers in product(*outer):
        source = target = 0
        for number, dim, all_of_it, start in zip(numbers, dims, shape, place, strict=False):
            source, target = source * dim + number, target * all_of_it + start + number
        begin = (source * dims[-1] + run.start) * size
        at = (target * shape[-1] + place[-1] + run.start) * size
        whole[at : at + length] = data[begin : begin + length]


def _shuffled(width: int, data: bytes, _: int) -> bytes:
    return unshuffled(width, data)
