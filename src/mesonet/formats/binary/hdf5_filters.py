"""What chunks of HDF5 are packed with beside deflate: bzip2, LZF, LZ4, Zstandard, Blosc, szip, n-bit and scale-offset,
undone.

Source: The HDF Group's registry of filters; H5Zscaleoffset.c and H5Znbit.c of HDF5; liblzf; c-blosc 1.21
(README_CHUNK_FORMAT.rst, blosclz.c); CCSDS 121.0-B-3, Lossless Data Compression, as szip uses it (the options of libaec's
szlib.h). A filter takes the numbers that the file keeps with it, the bytes, and how many come out at most. All raise
UnreadableFile, IndexError or ValueError on damage.
"""

from collections.abc import Callable
from struct import pack, unpack, unpack_from
from typing import Literal

from mesonet.errors import UnreadableFile
from mesonet.formats.binary import codecs
from mesonet.formats.binary.shuffle import unshuffled

type _Numbers = tuple[int, ...]
type Filter = Callable[[_Numbers, bytes, int], bytes]

NAMES = {32008: "bitshuffle", 32013: "ZFP", 32017: "SZ", 32019: "FCIDECOMP", 32024: "SZ3", 32026: "Blosc 2"}


def _bzip2(_: _Numbers, data: bytes, size: int) -> bytes:
    import bz2  # hardly any file needs it

    try:
        return bz2.BZ2Decompressor().decompress(data, size)
    except OSError as exc:  # as it calls damage
        raise ValueError(exc) from exc


def _zstandard(_: _Numbers, data: bytes, size: int) -> bytes:
    return codecs.zstandard(data, size)


def _lz4(_: _Numbers, data: bytes, size: int) -> bytes:
    """Its length, that of a block, and blocks each behind their length; what did not become shorter stands as it is."""
    whole, block = int.from_bytes(data[:8]), int.from_bytes(data[8:12])
    found, at = bytearray(), 12
    while len(found) < min(whole, size) and at + 4 <= len(data):
        length, plain = int.from_bytes(data[at : at + 4]), min(block, whole - len(found), size)
        part = data[at + 4 : at + 4 + length]
        found += part if length == plain else codecs.lz4_block(part, plain)
        at += 4 + length
    return bytes(found)


def _lzf(_: _Numbers, data: bytes, size: int) -> bytes:
    found, at = bytearray(), 0
    while at < len(data):
        control = data[at]
        at += 1
        if control < 32:
            found += data[at : at + control + 1]
            at += control + 1
            continue
        length = control >> 5
        if length == 7:
            length += data[at]
            at += 1
        codecs.copy(found, ((control & 31) << 8 | data[at]) + 1, length + 2, size)
        at += 1
    return bytes(found)


# --- Blosc ----------------------------------------------------------------------------------------------------------------

_MOST_SPLITS, _LEAST_SPLIT = 16, 128


def _blosc(_: _Numbers, data: bytes, size: int) -> bytes:
    flags, width, plain, block = unpack_from("<2xBBII", data)
    if plain > size or not block or not width:
        raise UnreadableFile("a chunk is damaged")
    if flags & 2:
        return data[16 : 16 + plain]
    undo = {0: _blosclz, 1: codecs.lz4_block, 3: _deflated, 4: codecs.zstandard}.get(flags >> 5)
    if undo is None:
        raise UnreadableFile("a chunk is packed by Blosc with something that is not known")
    found = bytearray()
    for number in range(-(-plain // block)):
        (at,) = unpack_from("<i", data, 16 + 4 * number)
        length = min(block, plain - len(found))
        split = not flags & 16 and width <= _MOST_SPLITS and block // width >= _LEAST_SPLIT and length == block
        parts = width if split else 1
        part = bytearray()
        for _each in range(parts):
            (packed,) = unpack_from("<i", data, at)
            piece, each = data[at + 4 : at + 4 + packed], length // parts
            part += piece if packed == each else undo(piece, each)
            at += 4 + packed
        if len(part) != length:
            raise UnreadableFile("a chunk is damaged")
        found += _unshuffled_bits(width, bytes(part)) if flags & 4 else unshuffled(width, bytes(part)) if flags & 1 else part
    return bytes(found)


def _blosclz(data: bytes, size: int) -> bytes:
    found, control, at = bytearray(), data[0] & 31, 1
    while True:
        if control < 32:
            found += data[at : at + control + 1]
            at += control + 1
        else:
            length, distance = (control >> 5) - 1, (control & 31) << 8
            more = 255 if length == 6 else 0
            while more == 255:
                more = data[at]
                length += more
                at += 1
            low = data[at]
            at += 1
            if low == 255 and distance == 31 << 8:
                distance, low, at = 8191, data[at] << 8 | data[at + 1], at + 2
            codecs.copy(found, distance + low + 1, length + 3, size)
        if at >= len(data):
            return bytes(found)
        control = data[at]
        at += 1


def _deflated(data: bytes, size: int) -> bytes:
    import zlib

    return zlib.decompressobj().decompress(data, size)


_SPREAD = [bytes(value >> bit & 1 for bit in range(8)) for value in range(256)]


def _unshuffled_bits(width: int, data: bytes) -> bytes:
    """The same of bits, where numbers are eight by eight; else they stand as they are."""
    count = len(data) // width
    if len(data) % (8 * width):
        return data
    rows = count // 8
    whole = bytearray(data)
    for byte in range(width):
        together = 0
        for bit in range(8):
            begin = (byte * 8 + bit) * rows
            ones = b"".join(map(_SPREAD.__getitem__, data[begin : begin + rows]))
            together |= int.from_bytes(ones, "little") << bit
        whole[byte : count * width : width] = together.to_bytes(count, "little")
    return bytes(whole)


# --- numbers of few bits --------------------------------------------------------------------------------------------------


def _numbers(data: bytes, bits: int, count: int) -> list[int]:
    """Numbers of so many bits each, the highest first."""
    if len(data) * 8 < bits * count:
        raise UnreadableFile("a chunk is damaged")
    mask = (1 << bits) - 1
    shifts = range(7 * bits, -1, -bits)
    found: list[int] = []
    for at in range(0, -(-bits * count // 8), bits):  # eight numbers at a time
        eight = int.from_bytes(data[at : at + bits].ljust(bits, b"\x00"))
        found += [eight >> shift & mask for shift in shifts]
    return found[:count]


def _nbit(client: _Numbers, data: bytes, size: int) -> bytes:
    """Of each number the bits that it has; the others of its bytes become 0."""
    if client[1]:  # all of them
        return data
    _, _, count, kind, width, big, bits, first = client[:8]
    if kind != 1:
        raise UnreadableFile("what n-bit packs are no numbers alone, which is not read")
    if count * width > size or width not in (1, 2, 4, 8) or not 1 <= bits <= 8 * width - first:
        raise UnreadableFile("a chunk is damaged")
    order: Literal["big", "little"] = "big" if big else "little"
    return b"".join((each << first).to_bytes(width, order) for each in _numbers(data, bits, count))


def _scale_offset(client: _Numbers, data: bytes, size: int) -> bytes:
    """Differences from the least value in as few bits as they need; of floating point after a multiplication by a power of ten.
    The highest number that the bits allow is the fill value, where there is one."""
    kind, factor, count, floating, width, signed, big, filled = client[:8]
    bits, least = int.from_bytes(data[:4], "little"), data[5:13]
    packed = data[21:]
    if count * width > size or width not in (1, 2, 4, 8) or bits > 8 * width or data[4] != 8 or (floating and kind):
        raise UnreadableFile("a chunk is damaged")
    if bits == 8 * width:
        values = packed[: count * width]
    else:
        fill = b"".join(each.to_bytes(4, "little") for each in client[8:])[:width].ljust(width, b"\x00")
        steps = _numbers(packed, bits, count) if bits else [0] * count
        gone = (1 << bits) - 1 if filled and bits else -1
        if floating:
            values = _floats(steps, gone, fill, least, factor - (factor >> 31 << 32), width)
        else:
            begin, mask = int.from_bytes(least, "little", signed=bool(signed)), (1 << 8 * width) - 1
            absent = int.from_bytes(fill, "little")
            values = b"".join((absent if step == gone else begin + step & mask).to_bytes(width, "little") for step in steps)
    return _reversed(values, width) if big else values


def _floats(steps: list[int], gone: int, fill: bytes, least: bytes, digits: int, width: int) -> bytes:
    form = {4: "f", 8: "d"}[width]
    (begin,), (absent,) = unpack_from(f"<{form}", least), unpack_from(f"<{form}", fill)
    if abs(digits) > 30:
        raise UnreadableFile("a chunk is damaged")
    scale, many = 10.0**digits, f"<{len(steps)}{form}"
    parts = unpack(many, pack(many, *(step / scale for step in steps)))  # the library computes in the type's precision
    return pack(many, *(absent if step == gone else part + begin for step, part in zip(steps, parts, strict=True)))


def _reversed(data: bytes, width: int) -> bytes:
    whole = bytearray(len(data))
    for byte in range(width):
        whole[byte::width] = data[width - 1 - byte :: width]
    return bytes(whole)


# --- szip -----------------------------------------------------------------------------------------------------------------

_NEAREST = 32  # values are differences from those before
_HIGH_FIRST = 16
_SEGMENT = 64  # blocks at whose end a run of zeros may end
_REST = 5  # what says that a run of zeros goes on to there
_PAIRS = [(total - second, second) for total in range(13) for second in range(total + 1)]  # second extension


def _szip(client: _Numbers, data: bytes, size: int) -> bytes:
    options, block, bits, line = client[:4]
    whole = int.from_bytes(data[:4], "little")
    if whole > size or not 1 <= block <= 32 or block % 2 or not 1 <= line <= 1 << 16 or not 1 <= bits <= 64:
        raise UnreadableFile("a chunk is damaged")
    apart = bits // 8 if bits in (32, 64) else 1  # such numbers are packed as bytes, all first ones first
    bits = 8 if apart > 1 else bits
    width = 1 if bits <= 8 else 2 if bits <= 16 else 4
    count, padded = whole // width, -(-line // block)  # a line is padded to whole blocks
    stream = _Bits(data[4:])
    values: list[int] = []
    while len(values) < count:
        blocks = min(padded, -(-(count - len(values)) // block)) if line % block == 0 else padded
        samples = _line(stream, block, bits, blocks, nearest=bool(options & _NEAREST))
        values += samples[:line]
    values = values[:count]
    order: Literal["big", "little"] = "big" if options & _HIGH_FIRST else "little"
    plain = bytes(values) if width == 1 else b"".join(value.to_bytes(width, order) for value in values)
    return unshuffled(apart, plain)


class _Bits:
    """Bits of a stream, the highest first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._held = 0
        self._count = 0

    def take(self, count: int) -> int:
        while self._count < count:
            if self._at >= len(self._data):
                raise UnreadableFile("a chunk ends before its time")
            part = self._data[self._at : self._at + 8]
            self._at += 8
            self._held = self._held << 8 * len(part) | int.from_bytes(part)
            self._count += 8 * len(part)
        self._count -= count
        found = self._held >> self._count
        self._held &= (1 << self._count) - 1
        return found

    def zeros(self) -> int:
        """How many zeros stand before the next one, which is taken too."""
        found = 0
        while not self._held:
            found += self._count
            self._count = 0
            if self.take(1):
                return found
            found += 1
        length = self._held.bit_length()
        found += self._count - length
        self._count = length - 1
        self._held &= (1 << self._count) - 1
        return found


def _line(bits: _Bits, block: int, width: int, blocks: int, *, nearest: bool) -> list[int]:
    """So many blocks, the first of which begins with a value that stands for itself."""
    head = 5 if width > 16 else 4 if width > 8 else 3
    plain = (1 << head) - 1
    samples: list[int] = []
    while len(samples) < blocks * block:
        done = len(samples) // block
        kind = bits.take(head)
        pairs = kind == 0 and bits.take(1)
        begins = nearest and not done and kind != plain
        samples += [bits.take(width)] if begins else []
        missing = block - begins
        if kind == plain:
            samples += [bits.take(width) for _ in range(block)]
        elif kind:
            high = [bits.zeros() << kind - 1 for _ in range(missing)]
            samples += [each | bits.take(kind - 1) for each in high] if kind > 1 else high
        elif pairs:
            samples += [_PAIRS[bits.zeros()][1]] if begins else []
            for _ in range(missing // 2):
                samples += _PAIRS[bits.zeros()]
        else:
            run = bits.zeros() + 1
            run = _SEGMENT - done % _SEGMENT if run == _REST else run - (run > _REST)
            samples += [0] * (min(run, blocks - done) * block - begins)
    return _summed(samples, width) if nearest else samples


def _summed(differences: list[int], width: int) -> list[int]:
    """Values of what says how far each is from the one before: up and down in turn, as far as both are possible."""
    most = (1 << width) - 1
    middle = 1 << width - 1
    value, *rest = differences
    found = [value]
    for step in rest:
        mask = most if value & middle else 0
        if (step + 1) >> 1 <= mask ^ value:
            value += -(step + 1 >> 1) if step & 1 else step >> 1
        else:
            value = mask ^ step
        found.append(value)
    return found


FILTERS: dict[int, Filter] = {
    4: _szip, 5: _nbit, 6: _scale_offset, 307: _bzip2, 32000: _lzf, 32001: _blosc, 32004: _lz4, 32015: _zstandard,
}  # fmt: skip
