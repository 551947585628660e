"""Fragments: the elements of a JSON array without its brackets, `1,2.5,null`, as text or compressed.

Compressed, a fragment is raw DEFLATE (RFC 1951) that a full flush ends instead of a final block: fragments can be laid end to
end, and a reader of all of them needs none of their neighbours. A *sealed* one has in front what a trailer of gzip has (RFC
1952, 2.3.1): CRC-32 and size of its text, so that a stream of many can be ended without looking into any.

DynamoDB sends bytes in base64, and Lambda takes an answer of bytes in base64. Where a compressed fragment begins and ends
with a group of it, three bytes that are four letters, it goes from one into the other as it is. Blocks of DEFLATE that hold
nothing make it do so: at its end, and, where it is to be read so, behind the seal (docs/blocks.md).
"""

import zlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from struct import Struct
from typing import Any, Self

_SEAL = Struct("<II")
_STORED = Struct("<BHH")
_KEPT, _SENT = 9, 1  # levels of compression: once, and read many times; for one answer
_LOOK_AHEAD = 262  # how much of a window zlib keeps free
_HASH, _AS_GZIP = 7, 16  # by how much zlib's `memLevel` is less than its `windowBits`; what makes these mean gzip
_FIVE = b"\x00\x00\x00\xff\xff"  # an empty stored block (RFC 1951, 3.2.4)
_SEVEN = b"\x02\x08" + _FIVE  # the same behind two empty blocks of fixed codes (3.2.6), ten bits each
_FILLING = (b"", _FIVE, _SEVEN)  # by what is left over of a length in threes
_SEALED = Struct(f"{_SEAL.size}s{len(_SEVEN)}s")  # a seal and what makes its size a multiple of three
_BEFORE = _SEALED.size // 3 * 4  # letters of that
_NOTHING = "A" * 10  # letters with which the seal of an empty text begins, and no other
_LONG = 65_536  # bytes: a checksum is as soon multiplied as taken on over so many zeros
_JOINT = Struct("<IB")  # a checksum and what is behind it
_POLYNOMIAL = 0xEDB88320  # CRC-32's (RFC 1952, 8); the lowest bit is the highest power
_BYTE = 1 << 23  # the power of eight, so written


class Fragment:
    """Whichever of text, compressed bytes, these in base64, and seal it is not made of, it finds out when it is asked.

    One that was joined of others has their seals, one after the other. `kept` is base64 of one with its seal, as it is read.
    """

    __slots__ = ("_base64", "_crc", "_kept", "_packed", "_seals", "_size", "_text")

    def __init__(
        self, text: str | None = None, *, packed: bytes = b"", base64: str = "", seals: bytes = b"", kept: str = ""
    ) -> None:
        self._text = "" if text is None and not (packed or base64 or kept) else text
        self._packed = packed
        self._base64 = base64
        self._seals = seals
        self._kept = kept
        self._size: int | None = None
        self._crc: int | None = None

    @classmethod
    def sealed(cls, data: bytes | str) -> Self:
        """From bytes, or these in base64, which are not looked at where they can go out as they are."""
        if isinstance(data, str):
            return cls(kept=data)
        return cls(packed=data[_SEAL.size :], seals=data[: _SEAL.size])

    @classmethod
    def laid(cls, kept: Sequence[bytes | str]) -> "Fragment | None":
        """The same as `joined` of those that `sealed` makes of these, without making them; None where not all can go out as
        they are."""
        found = _laid([each for each in kept if isinstance(each, str)])
        return cls(base64=found[0], seals=found[1]) if found and len(found[1]) == len(kept) * _SEAL.size else None

    @classmethod
    def joined(cls, parts: Sequence["Fragment"]) -> "Fragment":
        """The parts with commas between them. Those that are compressed are not looked into, and go on to be so; texts that
        stand among them are compressed."""
        if len(parts) == 1:
            return parts[0]
        if (whole := cls.laid([part._kept for part in parts])) is not None:
            return whole
        if not any(part.is_packed for part in parts):
            return cls(",".join([part.text for part in parts]))
        if not all(part.is_packed for part in parts):
            runs = [(packed, list(run)) for packed, run in groupby(parts, key=lambda part: part.is_packed)]
            parts = [part for packed, run in runs for part in (run if packed else [_compressed(run)])]
        base64 = _COMMA.join([part.base64 for part in parts])
        return cls(base64=base64, seals=b"".join([part.seals for part in parts]))

    def _open(self) -> None:
        """Finds the seal of what was read, and what stands behind it."""
        if laid := _laid([self._kept]):
            self._base64, self._seals = laid
        else:
            data = a2b_base64(self._kept)
            self._seals, self._packed = data[: _SEAL.size], data[_SEAL.size :]

    @property
    def seals(self) -> bytes:
        if self._kept and not self._seals:
            self._open()
        if not self._seals:
            data = self.text.encode()
            self._seals = _SEAL.pack(zlib.crc32(data), len(data))
        return self._seals

    @property
    def kept(self) -> bytes:
        """The bytes that `sealed` takes."""
        return _SEAL.pack(self.crc, self.size) + self.packed

    @property
    def kept_in_threes(self) -> bytes:
        """The same, to be handed on without being looked at: some ten bytes longer."""
        return _SEAL.pack(self.crc, self.size) + _SEVEN + in_threes(self.packed)

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(self.packed).decode()
        return self._text

    @property
    def is_packed(self) -> bool:
        """Whether the compressed bytes are there already."""
        return bool(self._kept or self._base64 or self._packed)

    @property
    def packed(self) -> bytes:
        if self._kept and not self._seals:
            self._open()
        if not self._packed:
            self._packed = a2b_base64(self._base64) if self._base64 else flushed(self.text.encode(), _KEPT)
        return self._packed

    @property
    def base64(self) -> str:
        """The compressed bytes in whole groups of base64."""
        if self._kept and not self._seals:
            self._open()
        if not self._base64:
            self._base64 = b2a_base64(in_threes(self.packed), newline=False).decode()
        return self._base64

    @property
    def crc(self) -> int:
        return self.crc_behind(0)

    def measure(self) -> None:
        """Finds the checksum now: it is then not found anew for each answer that the fragment is laid into."""
        self._crc = self.crc_behind(0)

    def crc_behind(self, crc: int) -> int:
        """CRC-32 of what stands before it, whose own it is told, and of the text."""
        if self._crc is not None:
            return crc_of_both(crc, self._crc, self.size)
        return crc_of_all(crc, list(_SEAL.iter_unpack(self.seals)))

    @property
    def size(self) -> int:
        """Bytes of the text."""
        if self._size is None:
            sizes = [size for _, size in _SEAL.iter_unpack(self.seals)]
            self._size = sum(sizes) + len(sizes) - 1
        return self._size

    def __bool__(self) -> bool:
        """Whether there is anything in it; a column that was not asked for has nothing."""
        if self._text is not None:
            return self._text != ""
        return not self._kept.startswith(_NOTHING) if self._kept else self.size != 0

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Fragment({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Fragment) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)


def _laid(kept: Sequence[str]) -> tuple[str, bytes] | None:
    """What some fragments that were read are when they are laid end to end, with commas between, and their seals; None where
    not all can go out as they are."""
    before = a2b_base64("".join([each[:_BEFORE] for each in kept]))
    if not before or len(before) != len(kept) * _SEALED.size:
        return None
    seals = [seal for seal, behind in _SEALED.iter_unpack(before) if behind == _SEVEN]
    return (_COMMA.join([each[_BEFORE:] for each in kept]), b"".join(seals)) if len(seals) == len(kept) else None


def _compressed(parts: Sequence[Fragment]) -> Fragment:
    text = ",".join([part.text for part in parts])
    return Fragment(text, packed=flushed(text.encode(), _SENT))


def flushed(data: bytes, level: int) -> bytes:
    """The data as raw DEFLATE, ended by a full flush instead of a last block: more may be laid behind it (docs/blocks.md)."""
    deflate = compressor(len(data), level)
    packed: bytes = deflate.compress(data) + deflate.flush(zlib.Z_FULL_FLUSH)
    return packed


def compressor(size: int, level: int, *, gzip: bool = False) -> Any:
    """Of so many bytes altogether, with a window that just holds them: memory for the usual 32 KB costs more than compressing
    a small text does."""
    bits = min((size + _LOOK_AHEAD).bit_length(), zlib.MAX_WBITS)
    return zlib.compressobj(level, zlib.DEFLATED, bits + _AS_GZIP if gzip else -bits, bits - _HASH)


def in_threes(data: bytes) -> bytes:
    """Some DEFLATE that ends with a whole byte, its length made a multiple of three by blocks that hold nothing."""
    return data + _FILLING[len(data) % 3]


def stored(data: bytes) -> bytes:
    """A block of DEFLATE that is not compressed (RFC 1951, 3.2.4), of less than 64 KB."""
    return _STORED.pack(0, len(data), len(data) ^ 0xFFFF) + data


def crc_of_both(first: int, second: int, size: int) -> int:
    """CRC-32 of two texts one after the other, of their own and the second one's size.

    The register moves on over zeros as over anything, and what it holds is a linear function of what it held (over GF(2)): the
    first text's CRC taken on over as many zeros, and the second's. The complements that CRC-32 begins and ends with are undone.
    Over many zeros it is multiplied by that power of x, modulo the polynomial.
    """
    if size < _LONG:
        return _moved_on(first, bytes(size)) ^ second
    return _product(_power(size), first) ^ second


def crc_of_all(before: int, texts: Sequence[tuple[int, int]]) -> int:
    """CRC-32 of a text, whose own it is told, and of some more with commas between, of each its own and its size.

    The register moves on over the zeros of all at once (`crc_of_both`). What changes it where a text ends stands there in place
    of zeros: its CRC, a comma, and the complements that a CRC ends and the next begins with; most of these undo each other.
    """
    sizes = [size for _, size in texts]
    if min(sizes) < _JOINT.size - 1 or max(sizes) >= _LONG:
        comma = b""
        for its_crc, its_size in texts:
            before = crc_of_both(zlib.crc32(comma, before), its_crc, its_size)
            comma = b","
        return before
    zeros, at = bytearray(sum(sizes) + len(sizes) - 1), 0
    for its_crc, its_size in texts[:-1]:
        at += its_size
        _JOINT.pack_into(zeros, at, its_crc ^ ord(",") ^ 0xFF, 0xFF)
        at += 1
    return _moved_on(before, zeros) ^ texts[-1][0]


def _moved_on(register: int, data: bytes | bytearray) -> int:
    """Without the complements that CRC-32 begins and ends with."""
    return ~zlib.crc32(data, ~register & 0xFFFFFFFF) & 0xFFFFFFFF


@lru_cache(1_000)
def _power(size: int) -> int:
    """x to the power of the bits of so many bytes, of which there are some."""
    if size == 1:
        return _BYTE
    half = _power(size // 2)
    whole = _product(half, half)
    return _product(whole, _BYTE) if size % 2 else whole


def _product(one: int, other: int) -> int:
    """Of two polynomials over GF(2), modulo CRC-32's."""
    found = 0
    for power in range(31, -1, -1):
        if one >> power & 1:
            found ^= other
        other = other >> 1 ^ (_POLYNOMIAL if other & 1 else 0)
    return found


_COMMA = b2a_base64(stored(b","), newline=False).decode()  # six bytes
