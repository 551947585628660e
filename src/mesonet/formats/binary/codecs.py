"""What pages of Parquet and chunks of HDF5 are packed with and the standard library of Python 3.13 cannot unpack: LZ4 blocks
and Zstandard frames.

Source: LZ4 Block Format Description (lz4/lz4, doc/lz4_Block_format.md); RFC 8878, Zstandard Compression. Both give at most the
`size` that is asked for. Pure Python unpacks some MB a second, which a block of 1 MB does not mind.
"""

from collections.abc import Sequence
from functools import cache

from mesonet.errors import UnreadableFile
from mesonet.record import dataclass, field


def lz4_block(data: bytes, size: int) -> bytes:
    """Raises UnreadableFile, or IndexError where the block ends before its time."""
    found = bytearray()
    at, end = 0, len(data)
    while at < end:
        token = data[at]
        literals, at = _length(data, at + 1, token >> 4)
        if at + literals > end:
            raise _damaged()
        found += data[at : at + literals]
        at += literals
        if at < end:
            offset = data[at] | data[at + 1] << 8
            length, at = _length(data, at + 2, token & 15)
            copy(found, offset, length + 4, size)
        if len(found) > size:
            raise _damaged()
    return bytes(found)


def lz4_framed(data: bytes, size: int) -> bytes:
    """Blocks as Hadoop writes them: the length that comes out and that of the block, then the block; or one block alone."""
    found = bytearray()
    at = 0
    while at + 8 <= len(data):
        plain, packed = int.from_bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 8])
        if packed > len(data) - at - 8 or len(found) + plain > size:
            break
        found += lz4_block(data[at + 8 : at + 8 + packed], plain)
        at += 8 + packed
    return bytes(found) if at == len(data) else lz4_block(data, size)


def _length(data: bytes, at: int, length: int) -> tuple[int, int]:
    if length == 15:
        more = 255
        while more == 255:
            more = data[at]
            length += more
            at += 1
    return length, at


def copy(found: bytearray, offset: int, length: int, size: int) -> None:
    """Appends what stands `offset` before the end, again where it is shorter."""
    if not 0 < offset <= len(found) or len(found) + length > size:
        raise _damaged()
    start = len(found) - offset
    if offset >= length:
        found += found[start : start + length]
    else:
        found += (found[start:] * (length // offset + 1))[:length]


def _damaged() -> UnreadableFile:
    return UnreadableFile("a block is damaged")


# --- Zstandard ------------------------------------------------------------------------------------------------------------

_MAGIC = b"\x28\xb5\x2f\xfd"
_MOST_BITS = 11  # of a Huffman code
_BLOCKS = 64  # and one for each KiB that comes out: each has tables to be made, which takes time; usual ones give 128 KiB

# RFC 8878, 3.1.1.3.2.1.1: what a code stands for, and how many bits are added to it
_LITERALS = [(code, 0) for code in range(16)] + [
    (16, 1), (18, 1), (20, 1), (22, 1), (24, 2), (28, 2), (32, 3), (40, 3), (48, 4), (64, 6),
    *((1 << bits, bits) for bits in range(7, 17)),
]  # fmt: skip
_MATCHES = [(code + 3, 0) for code in range(32)] + [
    (35, 1), (37, 1), (39, 1), (41, 1), (43, 2), (47, 2), (51, 3), (59, 3), (67, 4), (83, 4), (99, 5),
    *((3 + (1 << bits), bits) for bits in range(7, 17)),
]  # fmt: skip
_OFFSETS = [(1 << code, code) for code in range(32)]


@dataclass(frozen=True, slots=True)
class _Table:
    """Finite state entropy: for each state its symbol, and the next one's base and bits."""

    log: int
    symbols: Sequence[int]
    bases: Sequence[int]
    bits: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Huffman:
    bits: int
    symbols: Sequence[int]
    lengths: Sequence[int]


@dataclass(slots=True)
class _Frame:
    """What blocks of a frame hand on to the next."""

    huffman: _Huffman | None = None
    tables: list[_Table | None] = field(default_factory=lambda: [None, None, None])
    offsets: list[int] = field(default_factory=lambda: [1, 4, 8])


def zstandard(data: bytes, size: int) -> bytes:
    """Raises UnreadableFile, or IndexError where the data end before their time."""
    found = bytearray()
    at = 0
    while at < len(data):
        if data[at + 1 : at + 4] == b"\x2a\x4d\x18" and data[at] >> 4 == 5:  # to be skipped
            at += 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        elif data[at : at + 4] == _MAGIC:
            at = _frame(data, at + 4, found, size)
        else:
            raise _damaged()
    return bytes(found)


def _frame(data: bytes, at: int, found: bytearray, size: int) -> int:
    told = data[at]
    single, checked = told >> 5 & 1, told >> 2 & 1
    if told & 3:
        raise UnreadableFile("a block needs a dictionary that is not in the file")
    at += 1 + (1 - single) + (single, 2, 4, 8)[told >> 6]
    frame = _Frame()
    beginning = len(found)
    for _ in range(_BLOCKS + (size >> 10)):
        head = int.from_bytes(data[at : at + 3], "little")
        at += 3
        last, kind, length = head & 1, head >> 1 & 3, head >> 3
        if at > len(data) or kind == 3 or (kind == 1 and len(found) + length > size):
            raise _damaged()
        if kind == 1:
            found += data[at : at + 1] * length
            at += 1
        else:
            block = data[at : at + length]
            at += length
            if len(block) < length:
                raise _damaged()
            if kind == 0:
                found += block
            else:
                _block(block, frame, found, beginning, size)
        if len(found) > size:
            raise _damaged()
        if last:
            return at + 4 * checked
    raise _damaged()


def _block(block: bytes, frame: _Frame, found: bytearray, beginning: int, size: int) -> None:
    literals, at = _read_literals(block, frame, size)
    count = block[at]
    at += 1
    if count == 255:
        count = int.from_bytes(block[at : at + 2], "little") + 0x7F00
        at += 2
    elif count > 127:
        count = (count - 128 << 8) + block[at]
        at += 1
    if not count:
        found += literals
        return
    modes = block[at]
    at += 1
    tables = []
    for which, (shift, most) in enumerate(((6, 9), (4, 8), (2, 9))):
        table, at = _table(block, at, modes >> shift & 3, frame, which, most)
        tables.append(table)
    of_literals, of_offsets, of_matches = tables
    bits = _Backward(block[at:])
    literal, offset, match = (bits.take(table.log) for table in tables)
    taken = 0
    for number in range(count, 0, -1):
        base, more = _OFFSETS[of_offsets.symbols[offset]]
        value = base + bits.take(more)
        base, more = _MATCHES[of_matches.symbols[match]]
        length = base + bits.take(more)
        base, more = _LITERALS[of_literals.symbols[literal]]
        before = base + bits.take(more)
        if taken + before > len(literals):
            raise _damaged()
        found += literals[taken : taken + before]
        taken += before
        back = _offset(frame.offsets, value, before)
        if back > len(found) - beginning:
            raise _damaged()
        copy(found, back, length, size)
        if number > 1:
            literal = of_literals.bases[literal] + bits.take(of_literals.bits[literal])
            match = of_matches.bases[match] + bits.take(of_matches.bits[match])
            offset = of_offsets.bases[offset] + bits.take(of_offsets.bits[offset])
    if bits.left:
        raise _damaged()
    found += literals[taken:]


def _offset(latest: list[int], value: int, literals: int) -> int:
    """The three latest offsets are said by 1 to 3; a sequence without literals means the next of them."""
    if value > 3:
        latest[:] = [value - 3, *latest[:2]]
        return latest[0]
    which = value - 1 + (literals == 0)
    offset = latest[0] - 1 if which == 3 else latest[which]
    if which:
        latest[:] = [offset, latest[0], latest[1] if which > 1 else latest[2]]
    return offset


def _read_literals(block: bytes, frame: _Frame, size: int) -> tuple[bytes, int]:
    kind, form = block[0] & 3, block[0] >> 2 & 3
    if kind < 2:
        width = (1, 2, 1, 3)[form]
        length = int.from_bytes(block[:width], "little") >> (3 if width == 1 else 4)
        if length > size:
            raise _damaged()
        if kind:
            return block[width : width + 1] * length, width + 1
        return block[width : width + length], width + length
    width = (3, 3, 4, 5)[form]
    sizes = (10, 10, 14, 18)[form]
    head = int.from_bytes(block[:width], "little") >> 4
    length, packed = head & (1 << sizes) - 1, head >> sizes
    if length > size or width + packed > len(block):
        raise _damaged()
    body = block[width : width + packed]
    if kind == 2:
        frame.huffman, used = _tree(body)
        body = body[used:]
    if frame.huffman is None:
        raise _damaged()
    if form == 0:
        return _decoded(body, length, frame.huffman), width + packed
    found = bytearray()
    quarter, at = (length + 3) // 4, 6
    for number in range(4):
        end = at + int.from_bytes(body[2 * number : 2 * number + 2], "little") if number < 3 else len(body)
        found += _decoded(body[at:end], quarter if number < 3 else length - len(found), frame.huffman)
        at = end
    return bytes(found), width + packed


def _tree(data: bytes) -> tuple[_Huffman, int]:
    """The Huffman code that weights describe, and how many bytes they take."""
    head = data[0]
    if head < 128:
        used = 1 + head
        weights = _weights(data[1:used])
    else:
        used = 1 + (head - 126) // 2
        weights = [nibble for byte in data[1:used] for nibble in (byte >> 4, byte & 15)][: head - 127]
    total = sum(1 << weight >> 1 for weight in weights)
    bits = total.bit_length()
    rest = (1 << bits) - total
    if not total or rest & rest - 1 or bits > _MOST_BITS or len(weights) > 255:
        raise _damaged()
    weights.append(rest.bit_length())
    symbols: list[int] = []
    lengths: list[int] = []
    for weight in range(1, bits + 1):
        for symbol, each in enumerate(weights):
            if each == weight:
                symbols += [symbol] * (1 << weight - 1)
                lengths += [bits + 1 - weight] * (1 << weight - 1)
    if len(symbols) != 1 << bits:
        raise _damaged()
    return _Huffman(bits, symbols, lengths), used


def _weights(data: bytes) -> list[int]:
    """Weights packed by two states that take turns."""
    table, used = _described(data, 6)
    bits = _Backward(data[used:])
    states = [bits.take(table.log), bits.take(table.log)]
    found: list[int] = []
    turn = 0
    while len(found) < 256:
        state = states[turn]
        found.append(table.symbols[state])
        states[turn] = table.bases[state] + bits.take(table.bits[state])
        turn ^= 1
        if bits.left < 0:
            return [*found, table.symbols[states[turn]]]
    raise _damaged()


def _decoded(data: bytes, count: int, code: _Huffman) -> bytes:
    """So many literals of one stream, some bytes of it at a time: shifting a long number is slow."""
    left = _Backward(data).left + 64
    padded = bytes(8) + data
    found = bytearray()
    width, symbols, lengths = code.bits, code.symbols, code.lengths
    mask = (1 << width) - 1
    while len(found) < count:
        low = max((left >> 3) - 120, 0)
        window = int.from_bytes(padded[low : (left >> 3) + 1], "little")
        at = left - low * 8
        some = min(count - len(found), at // width)
        if not some:
            raise _damaged()
        for _ in range(some):
            entry = window >> (at - width) & mask
            found.append(symbols[entry])
            at -= lengths[entry]
        left = low * 8 + at
    if left != 64:
        raise _damaged()
    return bytes(found)


def _table(block: bytes, at: int, mode: int, frame: _Frame, which: int, most: int) -> tuple[_Table, int]:
    codes = (len(_LITERALS), len(_OFFSETS), len(_MATCHES))[which]
    table: _Table | None
    if mode == 0:
        table = _predefined(which)
    elif mode == 1:
        table, at = _Table(0, [block[at]], [0], [0]), at + 1
    elif mode == 2:
        table, used = _described(block[at:], most)
        at += used
    else:
        table = frame.tables[which]
    if table is None or max(table.symbols) >= codes:
        raise _damaged()
    frame.tables[which] = table
    return table, at


@cache
def _predefined(which: int) -> _Table:
    """RFC 8878, 3.1.1.3.2.2."""
    literals = [4, 3, *[2] * 11, 1, 1, 1, *[2] * 9, 3, 2, *[1] * 5, *[-1] * 4]
    offsets = [*[1] * 6, 2, 2, 2, *[1] * 15, *[-1] * 5]
    matches = [1, 4, 3, *[2] * 6, *[1] * 37, *[-1] * 7]
    return _spread((literals, offsets, matches)[which], (6, 5, 6)[which])


def _described(data: bytes, most: int) -> tuple[_Table, int]:
    """A table from the probabilities of its symbols, and how many bytes they take."""
    number, at = int.from_bytes(data[:300], "little"), 4  # 256 probabilities of at most 9 bits
    log = (number & 15) + 5
    if log > most:
        raise _damaged()
    left = 1 << log
    probabilities: list[int] = []
    while left > 0 and len(probabilities) < 256:
        width = (left + 1).bit_length()
        value = number >> at & (1 << width) - 1
        lower, threshold = (1 << width - 1) - 1, (1 << width) - 2 - left
        if value & lower < threshold:
            value &= lower
            at += width - 1
        else:
            value -= threshold if value > lower else 0
            at += width
        left -= abs(value - 1)
        probabilities.append(value - 1)
        repeated = 3 if value == 1 else 0
        while repeated == 3 and len(probabilities) < 256:
            repeated = number >> at & 3
            at += 2
            probabilities += [0] * repeated
    used = (at + 7) // 8
    if left or len(probabilities) > 256 or used > len(data):
        raise _damaged()
    return _spread(probabilities, log), used


def _spread(probabilities: Sequence[int], log: int) -> _Table:
    size = 1 << log
    symbols = [0] * size
    following = [max(each, 1) for each in probabilities]
    high = size
    for symbol, each in enumerate(probabilities):
        if each == -1:
            high -= 1
            symbols[high] = symbol
    at, step = 0, (size >> 1) + (size >> 3) + 3
    for symbol, each in enumerate(probabilities):
        for _ in range(each):
            symbols[at] = symbol
            at = at + step & size - 1
            while at >= high:
                at = at + step & size - 1
    bases, bits = [], []
    for symbol in symbols:
        number = following[symbol]
        following[symbol] += 1
        width = log + 1 - number.bit_length()
        bits.append(width)
        bases.append((number << width) - size)
    return _Table(log, symbols, bases, bits)


class _Backward:
    """Bits from the end of the data on, below the highest bit that is set there; before the beginning are zeros."""

    __slots__ = ("_data", "left")

    def __init__(self, data: bytes) -> None:
        if not data or not data[-1]:
            raise _damaged()
        self._data = bytes(8) + data
        self.left = 8 * len(data) + data[-1].bit_length() - 9

    def take(self, count: int) -> int:
        self.left -= count
        at = self.left + 64
        if at < 0:
            raise _damaged()
        return int.from_bytes(self._data[at >> 3 : (at >> 3) + 8], "little") >> (at & 7) & (1 << count) - 1
