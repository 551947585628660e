"""Bodies that are laid together of texts and of fragments that are compressed already."""

import zlib
from collections.abc import Iterable, Sequence
from struct import pack

from mesonet.domain.fragment import Fragment, crc_of_both, flushed, stored

type Stitched = Sequence[str | Fragment]

_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # RFC 1952, 2.3: deflate, no name, no time, system unknown
_END = b"\x03\x00"  # a last block with nothing in it
_STORED_AT_MOST = 100  # bytes
_LEVEL = 1
_NOTHING = flushed(b"", _LEVEL)  # a fragment like any other, for the text after the last one


def laid(parts: Iterable[str | Fragment]) -> Stitched:
    """The parts with commas between them."""
    return laid_all((part,) for part in parts)


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


def gzipped(body: Stitched) -> bytes:
    """The body as gzip. Fragments go in as they are: neither unpacked nor looked at."""
    out, crc, size = [_HEAD], 0, 0
    texts: list[str] = []
    for part in (*body, Fragment(packed=_NOTHING)):
        if isinstance(part, str):
            texts.append(part)
            continue
        if not part.is_packed:
            texts.append(part.text)
            continue
        if texts == [","]:
            out.append(_COMMA)
            crc, size, texts = zlib.crc32(b",", crc), size + 1, []
        elif texts:
            data = "".join(texts).encode()
            out.append(_between(data))
            crc, size, texts = zlib.crc32(data, crc), size + len(data), []
        out.append(part.packed)
        more = part.size
        crc, size = crc_of_both(crc, part.crc, more), size + more
    return b"".join((*out, _END, pack("<II", crc, size & 0xFFFFFFFF)))


def _between(data: bytes) -> bytes:
    """Text among fragments: of a short one compression, with its flush, makes nothing shorter."""
    return stored(data) if len(data) <= _STORED_AT_MOST else flushed(data, _LEVEL)


_COMMA = stored(b",")  # what stands between most
