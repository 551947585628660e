"""Fragments: the elements of a JSON array without its brackets, `1,2.5,null`, as text or compressed.

Compressed, a fragment is raw DEFLATE (RFC 1951) that a full flush ends instead of a final block: fragments can be laid end to
end, and a reader of all of them needs none of their neighbours. A *sealed* one has in front what a trailer of gzip has (RFC
1952, 2.3.1): CRC-32 and size of its text, so that a stream of many can be ended without looking into any.
"""

import zlib
from struct import Struct
from typing import Self

_SEAL = Struct("<II")
_STORED = Struct("<BHH")
_KEPT = 9  # compressed once, read many times


class Fragment:
    """Whichever of text, compressed bytes, CRC-32 and size in bytes it is not made of, it finds out when it is asked."""

    __slots__ = ("_crc", "_packed", "_size", "_text")

    def __init__(self, text: str | None = None, *, packed: bytes = b"", crc: int = 0, size: int | None = None) -> None:
        self._text = "" if text is None and not packed else text
        self._packed = packed
        self._crc = crc
        self._size = size

    @classmethod
    def sealed(cls, data: bytes) -> Self:
        if not data:
            return cls("")
        crc, size = _SEAL.unpack_from(data)
        return cls(packed=data[_SEAL.size :], crc=crc, size=size)

    @property
    def seal(self) -> bytes:
        """The bytes that `sealed` takes."""
        return _SEAL.pack(self.crc, self.size) + self.packed

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(self._packed).decode()
        return self._text

    @property
    def is_packed(self) -> bool:
        """Whether the compressed bytes are there already."""
        return bool(self._packed)

    @property
    def packed(self) -> bytes:
        if not self._packed:
            self._packed = flushed(self.text.encode(), _KEPT)
        return self._packed

    @property
    def crc(self) -> int:
        self._measure()
        return self._crc

    @property
    def size(self) -> int:
        """Bytes of the text."""
        if self._size is None:
            self._measure()
        return self._size or 0

    def _measure(self) -> None:
        if self._size is None:
            data = self.text.encode()
            self._crc, self._size = zlib.crc32(data), len(data)

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


def flushed(data: bytes, level: int) -> bytes:
    """The data as raw DEFLATE, ended by a full flush instead of a last block: more may be laid behind it (docs/blocks.md)."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(data) + deflate.flush(zlib.Z_FULL_FLUSH)


def stored(data: bytes) -> bytes:
    """A block of DEFLATE that is not compressed (RFC 1951, 3.2.4), of less than 64 KB."""
    return _STORED.pack(0, len(data), len(data) ^ 0xFFFF) + data


def crc_of_both(first: int, second: int, size: int) -> int:
    """CRC-32 of two texts one after the other, of their own and the second one's size.

    The register moves on over zeros as over anything, and what it holds is a linear function of what it held (over GF(2)): the
    first text's CRC taken on over as many zeros, and the second's. The complements that CRC-32 begins and ends with are undone.
    """
    return ~zlib.crc32(bytes(size), ~first & 0xFFFFFFFF) & 0xFFFFFFFF ^ second
