"""Zip archives: which of their members are files to be read, each as if it had been put by itself.

Source: PKWARE, ".ZIP File Format Specification" 6.3.10 (APPNOTE). A member's key is the archive's and `!/` and its name. What
must not be read on is refused with its reason: names that lead out of the archive, secrets, odd methods, archives in archives,
bombs.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, BinaryIO, cast

from mesonet.domain.file import ColumnFacts, member_key
from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Columns, Context, Guess, Member, Piece, Remark, Rows
from mesonet.formats.spooled import spooled
from mesonet.formats.table import SHOWN
from mesonet.formats.unpacked import LARGEST, RATIO, RATIO_FROM, Limits, Stored, Unpacked

NAME = "zip"

MOST_MEMBERS = 1000  # each is an entry of the catalogue
MOST_NAMES = 100_000  # bytes of all names, which stand in the archive's entry
LARGEST_DIRECTORY = 4 * 1024 * 1024  # bytes: some 40,000 files, nearly all litter, which take 25 MB of memory
LONGEST_KEY = 1024  # bytes, as of every key of S3: it is one of the catalogue's index, too
# what the standard library raises for an archive that is damaged
_DAMAGE = (
    zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError, OverflowError, struct.error,
    zlib.error,
)  # fmt: skip
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_NAMED = {9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES"}
_FLAGS = 6  # where they stand in a file's own header
_UTF8 = 0x800  # the bit of a name in UTF-8, APPNOTE 4.4.4
_LITTER = ("__MACOSX/",)  # what operating systems leave
_LITTER_NAMES = (".DS_Store", "Thumbs.db", "desktop.ini")
_PACKED = (b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd")
_FARTHEST = 66 * 1024  # bytes before the end of an archive where its directory's place and size are told; comments have 64
_HEADS = (b"PK\x03\x04", b"PK\x05\x06")
# what begins so is a document of an office program, an app or an archive of classes
_DOCUMENTS = (b"[Content_Types].xml", b"_rels/", b"mimetype", b"META-INF/", b"docProps/", b"xl/", b"word/", b"AndroidManifest")


def sniff(head: bytes) -> Guess | None:
    """A local header, or the end of an archive without members; no document that happens to be a zip."""
    if not head.startswith(_HEADS):
        return None
    length = int.from_bytes(head[26:28], "little")
    if head.startswith(_HEADS[0]) and head[30 : 30 + length].startswith(_DOCUMENTS):
        return None
    return Guess(0.98, "a zip archive")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    """Rows are members; those that are to be read are understood."""
    if context.member:
        raise UnreadableFile("an archive in an archive is not opened: put it as a file of its own")
    with spooled(stream) as (held, size):
        try:
            archive, renamed = _opened(held, size)
        except _DAMAGE as exc:
            raise UnreadableFile(f"the archive's directory cannot be read ({exc}): is it cut?") from exc
        with archive:
            yield from _members(archive, context.key)
        if renamed:
            files = "the name of one file is" if renamed == 1 else f"the names of {renamed} files are"
            yield Remark(f"{files} not in UTF-8, though the archive says so, and read as code page 437")


def _opened(held: BinaryIO, size: int) -> tuple[zipfile.ZipFile, int]:
    """The archive, and how many of its names are not in the encoding that it says. Raises UnreadableFile, or `_DAMAGE`."""
    begin, end = _directory(held, size)
    try:
        return zipfile.ZipFile(held), 0
    except UnicodeDecodeError:
        renamed = _say_no_utf8(held, begin, end)
    archive = zipfile.ZipFile(held)
    for place, info in enumerate(archive.infolist()):
        if place in renamed and 0 <= info.header_offset < begin:
            held.seek(info.header_offset + _FLAGS)
            held.write(info.flag_bits.to_bytes(2, "little"))
    return archive, len(renamed)


def _say_no_utf8(held: BinaryIO, begin: int, end: int) -> set[int]:
    """Takes the mark of UTF-8 from names in the directory that are none (APPNOTE 4.3.12); returns which these are."""
    held.seek(begin)
    directory, at, count = bytearray(held.read(end - begin)), 0, 0
    renamed = set[int]()
    while directory[at : at + 4] == b"PK\x01\x02" and at + 46 <= len(directory):
        flags, lengths = int.from_bytes(directory[at + 8 : at + 10], "little"), struct.unpack_from("<HHH", directory, at + 28)
        name = bytes(directory[at + 46 : at + 46 + lengths[0]])
        if flags & _UTF8 and not _is_utf8(name):
            directory[at + 8 : at + 10] = (flags & ~_UTF8).to_bytes(2, "little")
            renamed.add(count)
        count += 1
        at += 46 + sum(lengths)
    held.seek(begin)
    held.write(directory)
    held.seek(0)
    return renamed


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _directory(stream: BinaryIO, size: int) -> tuple[int, int]:
    """Where the archive's directory begins and ends (APPNOTE 4.3.14 and 4.3.16). Raises UnreadableFile where it says that it is
    too large to be held."""
    stream.seek(max(size - _FARTHEST, 0))
    tail = stream.read(_FARTHEST)
    at = tail.rfind(b"PK\x05\x06")
    told = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if told == 0xFFFFFFFF and (larger := tail.rfind(b"PK\x06\x06", 0, at)) >= 0:
        told = int.from_bytes(tail[larger + 40 : larger + 48], "little")
        at = larger
    stream.seek(0)
    if told > LARGEST_DIRECTORY:
        raise UnreadableFile(f"the archive has too many files; more than {MOST_MEMBERS} are not read: put them as they are")
    end = max(size - _FARTHEST, 0) + max(at, 0)
    return max(end - told, 0), end


def _members(archive: zipfile.ZipFile, key: str) -> Iterator[Piece]:
    infos = [info for info in archive.infolist() if not info.is_dir() and not _is_litter(info.filename)]
    if len(infos) > MOST_MEMBERS:
        raise UnreadableFile(f"the archive has {len(infos)} files; more than {MOST_MEMBERS} are not read: put them as they are")
    if (names := sum(_bytes(info.filename) for info in infos)) > MOST_NAMES:
        raise UnreadableFile(
            f"the names of the archive's files have {names} bytes; more than {MOST_NAMES} are not read: shorten them"
        )
    packed = sum(info.compress_size for info in infos)
    whole = sum(info.file_size for info in infos)
    if whole > LARGEST or (whole > RATIO_FROM and whole > RATIO * max(packed, 1)):
        raise UnreadableFile(
            f"the archive's files have {whole} bytes unpacked, of {packed}: no station's files do; none of them is read"
        )
    last = {info.filename: info for info in infos}
    count = 0
    for row, info in enumerate(infos, 1):
        fault = (
            _fault(archive, info, key)
            if last[info.filename] is info
            else "the archive has this name again; the last one counts"
        )
        if fault:
            yield Reject(reason=fault, row=row, column="member", value=info.filename[:SHOWN])
            continue
        count += 1
        yield Member(info.filename, info.file_size)
    yield Remark("one file in it, an entry of its own" if count == 1 else f"{count} files in it, each an entry of its own")
    if not infos:
        yield Reject(reason="the archive has no files")
    yield Rows(count=len(infos), understood=count)
    yield Columns(columns=(ColumnFacts(name="member", kind="text", values=count),))


def _is_litter(name: str) -> bool:
    return name.startswith(_LITTER) or name.rpartition("/")[2] in _LITTER_NAMES


def _bytes(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))


def _fault(archive: zipfile.ZipFile, info: zipfile.ZipInfo, key: str) -> str | None:
    """Why a member is not read."""
    name = info.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or (len(parts[0]) == 2 and parts[0].endswith(":")):
        return "the name leads out of the archive"
    if not name.isprintable() or "" in parts:
        return "the name cannot be part of a key"
    if _bytes(member_key(key, name)) > LONGEST_KEY:
        return f"the name is too long: with the archive's key before it, it may have {LONGEST_KEY} bytes; shorten one of them"
    if info.flag_bits & 1:
        return "the file is encrypted"
    if info.compress_type not in _METHODS:
        return f"packed with {_NAMED.get(info.compress_type, f'method {info.compress_type}')}; use deflate"
    if info.file_size > RATIO_FROM and info.file_size > RATIO * max(info.compress_size, 1):
        return f"the file unpacks to more than {RATIO} times its size, which no station's file does"
    try:
        with archive.open(info) as member:
            if member.read(8).startswith(_PACKED):
                return "an archive in an archive is not opened: put it as a file of its own"
    except _DAMAGE as exc:
        return f"the file cannot be read: {exc}"
    return None


@contextmanager
def member(stream: BinaryIO, name: str) -> Iterator[BinaryIO]:
    """The bytes of a member of the archive that a stream is, plain or in gzip. Raises UnreadableFile."""
    unpacked = Unpacked(Stored(stream), Limits())
    with spooled(cast(BinaryIO, unpacked)) as (held, size), ExitStack() as opened:
        try:
            archive = opened.enter_context(_opened(held, size)[0])
            found = opened.enter_context(archive.open(name))
        except KeyError as exc:
            raise UnreadableFile(f"the archive has no file {name[:SHOWN]}") from exc
        except _DAMAGE as exc:
            raise UnreadableFile(f"the file cannot be read from its archive: {exc}") from exc
        yield cast(BinaryIO, _Checked(found))


class _Checked:
    """A member as a stream that ends, and says so, where the archive is damaged."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, count: int = -1, /) -> bytes:
        try:
            return self._stream.read(count)
        except _DAMAGE as exc:
            raise UnreadableFile(f"the file is damaged in its archive: {exc}") from exc
