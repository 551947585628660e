"""The stored bytes of a file as a stream that is unpacked on the way, within limits."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from mesonet.errors import UnreadableFile
from mesonet.formats.reading import HEAD_BYTES, Stream
from mesonet.record import dataclass

# gzip of station files reaches 30:1, and 100:1 where a sensor hangs; deflate cannot exceed 1032:1
RATIO = 250
RATIO_FROM = 64 * 1024 * 1024  # below this even the worst ratio does no harm
LARGEST = 8 * 1024 * 1024 * 1024  # unpacked; more is not read within a function's 15 minutes

GZIP = b"\x1f\x8b"
# More than glibc takes from its heap at first (128 KiB). Once that much was given back it keeps as much at hand, where it gave
# the memory of each block back to the system and fetched it again: a tenth of what a large table took.
_READ = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What unpacking may cost."""

    ratio: int = RATIO
    ratio_from: int = RATIO_FROM
    largest: int = LARGEST


class Stored:
    """The stored bytes as they pass: counted and summed."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._digest = sha256()
        self.size = 0

    def read(self, count: int) -> bytes:
        data = self._stream.read(count)
        self._digest.update(data)
        self.size += len(data)
        return data

    def drain(self) -> None:
        """Reads to the end, so that size and sum are those of the whole."""
        while self.read(_READ):
            pass

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Unpacked:
    """The bytes behind the packing, with the first ones given back. `cut` where they end before their time, `fault` why."""

    def __init__(self, stored: Stored, limits: Limits) -> None:
        self._stored = stored
        self._limits = limits
        self._given = 0
        self.fault: str | None = None
        self.cut = False
        first = stored.read(_READ)
        while len(first) < HEAD_BYTES and (more := stored.read(HEAD_BYTES - len(first))):
            first += more
        self.gzip = first.startswith(GZIP)
        self._held, self._at = first, 0
        if self.gzip:
            self._members = self._unpack(first)
            self._held = b""
            while len(self._held) < HEAD_BYTES and (piece := next(self._members, None)) is not None:
                self._held += piece
        self.head = self._held[:HEAD_BYTES]

    def read(self, count: int = -1, /) -> bytes:
        """At least one byte, at most `count`, until there are none; all for a negative count."""
        if count < 0:
            pieces = []
            while piece := self.read(_READ):
                pieces.append(piece)
            return b"".join(pieces)
        data = self._held[self._at : self._at + count]
        self._at += len(data)
        if not self.gzip and len(data) < count:
            self._held, self._at = b"", 0
            data += self._plain(count - len(data))
        while self.gzip and len(data) < count and (piece := next(self._members, b"")):
            self._held, self._at = piece, min(count - len(data), len(piece))
            data += piece[: self._at]
        return data

    def _plain(self, count: int) -> bytes:
        data = self._stored.read(count)
        while len(data) < count and (more := self._stored.read(count - len(data))):
            data += more
        self._given += len(data)
        if self._given > self._limits.largest:
            raise UnreadableFile(f"the file has more than {self._limits.largest} bytes")
        return data

    def _unpack(self, packed: bytes) -> Iterator[bytes]:
        """Members one after the other, in pieces; zeros after the last are padding."""
        import zlib  # few files are packed

        member = zlib.decompressobj(wbits=31)
        begun = False
        while True:
            if not packed:
                packed = self._stored.read(_READ)
                if not packed:
                    break
            if member.eof:
                packed = packed.lstrip(b"\x00")
                if not packed:
                    continue
                if len(packed) == 1:
                    packed += self._stored.read(_READ)
                if not packed.startswith(GZIP):
                    self.fault = "what follows the end of the gzip data is not gzip; it was left out"
                    return
                member, begun = zlib.decompressobj(wbits=31), False
            before = member.copy()  # what an error takes with it can be had again, in small steps
            try:
                piece = member.decompress(packed, _READ)
            except zlib.error as exc:
                for piece in _salvaged(before, packed):
                    self._count(len(piece))
                    yield piece
                self.cut = True
                self.fault = f"the gzip data are damaged after {self._given} unpacked bytes ({exc})"
                return
            begun = True
            packed = member.unconsumed_tail or member.unused_data
            if piece:
                self._count(len(piece))
                yield piece
        if begun and not member.eof:
            self.cut = True
            self.fault = f"the gzip data end before their time, after {self._given} unpacked bytes"

    def _count(self, count: int) -> None:
        self._given += count
        limits = self._limits
        if self._given > limits.largest:
            raise UnreadableFile(f"unpacked, the file has more than {limits.largest} bytes")
        if self._given > limits.ratio_from and self._given > limits.ratio * self._stored.size:
            raise UnreadableFile(
                f"the file unpacks to more than {limits.ratio} times its size, which no station's file does; it is not read on"
            )


def _salvaged(member: Any, packed: bytes) -> Iterator[bytes]:
    """What comes out before the damage."""
    import zlib

    step = 64
    while step:
        at = 0
        while at < len(packed):
            before = member.copy()
            try:
                piece = member.decompress(packed[at : at + step])
            except zlib.error:
                member, packed = before, packed[at : at + step]
                break
            if piece:
                yield piece
            at += step
        step = 1 if step > 1 else 0
