"""Bodies that are laid together of texts and of fragments that are compressed already."""

import zlib
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from hashlib import sha256
from struct import pack

from mesonet.domain.fragment import Fragment, flushed, in_threes, stored

type Stitched = Sequence[str | Fragment]

_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # RFC 1952, 2.3: deflate, no name, no time, system unknown
_END = b"\x03\x00"  # a last block with nothing in it
_STORED_AT_MOST = 300  # bytes
_LEVEL = 1


def laid_all(many: Iterable[Iterable[str | Fragment]]) -> Stitched:
    """Groups of parts with commas between the groups, and none within."""
    found: list[str | Fragment] = []
    for parts in many:
        found += parts
        found.append(",")
    return found[:-1]


def has_packed(body: Stitched) -> bool:
    return any(isinstance(part, Fragment) and part.is_packed for part in body)


def text_of(body: Stitched) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in body)


def size_of(body: Stitched) -> int:
    """Bytes of the text, within a few where it has letters beyond ASCII."""
    return sum(len(part) if isinstance(part, str) else part.size for part in body)


def mark_of(body: Stitched) -> str:
    """A digest of what the body says: of its texts, and of the seals of what is compressed in it."""
    return sha256(b"\0".join(part.encode() if isinstance(part, str) else part.seals for part in body)).hexdigest()


def gzipped(body: Stitched) -> str:
    """The body as gzip, in base64. Fragments go in as they are: neither unpacked nor looked at."""
    out: list[str] = []
    texts: list[str] = []
    before, crc, size = _HEAD, 0, 0
    for part in body:
        if isinstance(part, str) or not part.is_packed:
            texts.append(str(part))
            continue
        data = "".join(texts).encode()
        out += (in_base64(in_threes(before + _between(data))), part.base64)
        crc = part.crc_behind(zlib.crc32(data, crc))
        size += len(data) + part.size
        texts, before = [], b""
    data = "".join(texts).encode()
    crc, size = zlib.crc32(data, crc), size + len(data)
    out.append(in_base64(before + _between(data) + _END + pack("<II", crc, size & 0xFFFFFFFF)))
    return "".join(out)


def _between(data: bytes) -> bytes:
    """Text among fragments: of a short one compression, with its flush, makes nothing shorter."""
    return stored(data) if len(data) <= _STORED_AT_MOST else flushed(data, _LEVEL)


def in_base64(data: bytes) -> str:
    return b2a_base64(data, newline=False).decode()
