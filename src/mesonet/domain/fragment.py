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
_BEFORE = -(-(_SEAL.size + len(_SEVEN)) // 3) * 4  # letters of a seal and what makes its size a multiple of three


class Fragment:
    """Whichever of text, compressed bytes, these in base64, and seal it is not made of, it finds out when it is asked.

    One that was joined of others has their seals, one after the other.
    """

    __slots__ = ("_base64", "_crc", "_packed", "_seals", "_size", "_text")

    def __init__(
        self, text: str | None = None, *, packed: bytes = b"", base64: str = "", seals: bytes = b"", size: int | None = None
    ) -> None:
        self._text = "" if text is None and not packed and not base64 else text
        self._packed = packed
        self._base64 = base64
        self._seals = seals
        self._size = size
        self._crc: int | None = None

    @classmethod
    def sealed(cls, data: bytes | str) -> Self:
        """From bytes, or these in base64, which are not looked at where they can go out as they are."""
        if not data:
            return cls("")
        if isinstance(data, str):
            before = a2b_base64(data[:_BEFORE])
            if before.endswith(_SEVEN):
                seal = before[: _SEAL.size]
                return cls(base64=data[_BEFORE:], seals=seal, size=_SEAL.unpack(seal)[1])
            data = a2b_base64(data)
        seal = data[: _SEAL.size]
        return cls(packed=data[_SEAL.size :], seals=seal, size=_SEAL.unpack(seal)[1])

    @classmethod
    def joined(cls, parts: Sequence["Fragment"]) -> "Fragment":
        """The parts with commas between them. Those that are compressed are not looked into, and go on to be so; texts that
        stand among them are compressed."""
        if not any(part.is_packed for part in parts):
            return cls(",".join([part.text for part in parts]))
        if not all(part.is_packed for part in parts):
            runs = [(packed, list(run)) for packed, run in groupby(parts, key=lambda part: part.is_packed)]
            parts = [part for packed, run in runs for part in (run if packed else [_compressed(run)])]
        base64 = _COMMA.join([part.base64 for part in parts])
        return cls(base64=base64, seals=b"".join([part.seals for part in parts]))

    @property
    def seals(self) -> bytes:
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
        return bool(self._base64 or self._packed)

    @property
    def packed(self) -> bytes:
        if not self._packed:
            self._packed = a2b_base64(self._base64) if self._base64 else flushed(self.text.encode(), _KEPT)
        return self._packed

    @property
    def base64(self) -> str:
        """The compressed bytes in whole groups of base64."""
        if not self._base64:
            self._base64 = b2a_base64(in_threes(self.packed), newline=False).decode()
        return self._base64

    @property
    def crc(self) -> int:
        if self._crc is None:
            self._measure()
        return self._crc or 0

    @property
    def size(self) -> int:
        """Bytes of the text."""
        if self._size is None:
            self._measure()
        return self._size or 0

    def _measure(self) -> None:
        crc, size = 0, -1  # of nothing, in front of which is no comma
        for its_crc, its_size in _SEAL.iter_unpack(self.seals):
            crc = its_crc if size < 0 else crc_of_both(zlib.crc32(b",", crc), its_crc, its_size)
            size += 1 + its_size
        self._crc, self._size = crc, size

    def __bool__(self) -> bool:
        """Whether there is anything in it; a column that was not asked for has nothing."""
        return bool(self._text) if self._text is not None else self._size != 0

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Fragment({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Fragment) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)


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
    """
    return ~zlib.crc32(bytes(size), ~first & 0xFFFFFFFF) & 0xFFFFFFFF ^ second


_COMMA = b2a_base64(stored(b","), newline=False).decode()  # six bytes
