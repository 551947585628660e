"""TOB1, the binary table of a Campbell Scientific logger: five lines of text, then records of one length, back to back.

Source: Campbell Scientific, LoggerNet Instruction Manual, appendix B "Campbell Scientific File Formats" (TOB1, and the
two-byte number FP2), and CR10X Operator's Manual, appendix C (the four-byte number, FP4). Each record is written as the line
of TOA5 that Campbell's CardConvert makes of it, and read as such: what `toa5` and a mapping know of columns holds here too, and
rows count as in that TOA5 file (the first record is row 5).
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import chain
from math import isinf, isnan
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.loggers import toa5
from mesonet.formats.reading import Context, Guess, Piece, Remark, Rows, Stream
from mesonet.formats.retold import Retold
from mesonet.formats.table import MOST_COLUMNS, SHORT_TOLD, Told, leading
from mesonet.formats.tables import mapped_csv
from mesonet.regex import regex

NAME = "tob1"
TAKES_MAPPING = True  # a mapping is applied here, since no other format can read the bytes

LINES = 5
LONGEST_HEADER = 4 * 1024 * 1024  # five lines for the most columns that are read
LONGEST_RECORD = 1024 * 1024
_BLOCK = 256 * 1024
_AT_ONCE = 64  # records, of the longest as many as there are in 1 MB: each column is looked at once for all
_REMEMBERED = 200_000  # texts of all columns together
_EPOCH = datetime(1990, 1, 1)  # noqa: DTZ001 - a wall clock: Campbell's time begins here
_A_SECOND = 1_000_000_000  # nanoseconds
_SHORT_TEXTS = ("ASCII(1)", "ASCII(2)")  # of which there are so few that those of all columns are remembered
_ASCII = regex(r"ASCII\((\d{1,6})\)")

# type: the struct code of its bytes; what may have the most significant byte first is taken as bytes
_TYPES = {
    "ULONG": "I",
    "LONG": "i",
    "USHORT": "H",
    "SHORT": "h",
    "UINT2": "2s",
    "INT2": "2s",
    "UINT4": "4s",
    "INT4": "4s",
    "FP2": "2s",
    "FP4": "4s",
    "IEEE4": "f",
    "IEEE4L": "f",
    "IEEE4B": "4s",
    "IEEE8": "8s",
    "IEEE8L": "8s",
    "IEEE8B": "8s",
    "BOOL": "B",
    "BOOL2": "H",
    "BOOL4": "I",
    "BOOL8": "B",
    "SECNANO": "8s",
    "NSEC": "8s",
}


def sniff(head: bytes) -> Guess | None:
    """By the first word of the environment line."""
    if not head.startswith((b'"TOB1"', b"TOB1,")):
        return None
    line = leading(head[:4096].split(b"\n")[0].decode("cp1252", "replace"), ",", 1)
    names = ("station", "model", "serial number", "operating system", "program", "signature", "table")
    given = [f"{name} {field.strip()[:60]}" for name, field in zip(names, line[0][1:8], strict=False) if field.strip()]
    return Guess(0.99, f"TOB1 of a Campbell logger: {', '.join(given)}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """The records as TOA5, by the mapping where it fits."""
    header, rest = _header(stream)
    lines = [_fields(line) for line in header]
    names, types = lines[1], [kind.strip().upper() for kind in lines[4]]
    while names and not names[-1].strip() and len(names) > len(types):
        names.pop()
    fault = _fault(lines, types)
    if fault:
        yield Reject(reason=fault, row=LINES)
        yield Rows(count=0)
        return
    records = _Records(stream, rest, lines, types)
    top = records.top.encode()
    mapping = context.mapping
    reader = mapped_csv if mapping and mapped_csv.fits(top, mapping) else toa5
    for piece in reader.read(records, context):
        yield from records.rejects()
        yield piece
    yield from records.rejects()
    yield Rows(count=records.timeless)
    if records.left:
        yield Reject(
            reason=f"the file ends in the middle of a record: {records.left} of its {records.size} bytes are there",
            row=records.count + LINES,
        )
    for name in records.turned:
        yield Remark(f"{name} (IEEE8) has its most significant byte first, against the manual, and was read so")


def _header(stream: Stream) -> tuple[list[bytes], bytes]:
    data = b""
    while data.count(b"\n") < LINES:
        more = stream.read(_BLOCK)
        if not more:
            raise UnreadableFile("the file ends within the five lines of its header", row=data.count(b"\n") + 1)
        data += more
        if len(data) > LONGEST_HEADER and data.count(b"\n", 0, LONGEST_HEADER) < LINES:
            raise UnreadableFile(f"the header is longer than {LONGEST_HEADER} bytes")
    *lines, rest = data.split(b"\n", LINES)
    return lines, rest


def _fields(line: bytes) -> list[str]:
    rows = leading(line.decode("cp1252", "replace").rstrip("\r"), ",", 1)
    return [field.strip() for field in rows[0]] if rows else []


def _fault(lines: Sequence[Sequence[str]], types: Sequence[str]) -> str | None:
    """Why records cannot be told apart, if they cannot."""
    names = lines[1]
    if len(names) > MOST_COLUMNS:
        return f"{len(names)} columns; more than {MOST_COLUMNS} are not read"
    if len(names) != len(types) or not types:
        return f"the header has {len(names)} names and {len(types)} types of data"
    for kind in types:
        if _code(kind) is None:
            return f"the type of data {kind[:40]!r} is not known, so the length of a record is not either"
    if sum(struct.calcsize("<" + str(_code(kind))) for kind in types) > LONGEST_RECORD:
        return f"a record has more than {LONGEST_RECORD} bytes"
    if names[:2] != ["SECONDS", "NANOSECONDS"] or types[:2] != ["ULONG", "ULONG"]:
        return "the records have no time: SECONDS and NANOSECONDS do not come first"
    return None


def _code(kind: str) -> str | None:
    match = _ASCII.fullmatch(kind)
    if match:
        return f"{int(match[1])}s" if 0 < int(match[1]) <= LONGEST_RECORD else None
    return _TYPES.get(kind)


class _Records(Retold):
    """A stream of the TOA5 text. `count` records were whole, `left` bytes of another were there; `timeless` records are blank
    lines, and rejects."""

    def __init__(self, stream: Stream, first: bytes, lines: Sequence[Sequence[str]], types: Sequence[str]) -> None:
        self._stream = stream
        self._rest = first
        self._struct = struct.Struct("<" + "".join(str(_code(kind)) for kind in types))
        most = _REMEMBERED // len(types)
        self._columns = [_Field(name, kind, most) for name, kind in zip(lines[1][2:], types[2:], strict=True)]
        self.size = self._struct.size
        self.count = self.timeless = 0
        self.left = 0
        self._told, self._rejects = Told(SHORT_TOLD), list[Reject]()
        environment = ["TOA5", *lines[0][1:]]
        beneath = [[*line, *[""] * len(types)][2 : len(types)] for line in (lines[2], lines[3])]
        text = [environment, ["TIMESTAMP", *lines[1][2:]], ["TS", *beneath[0]], ["", *beneath[1]]]
        self.top = "".join(",".join(map(_quoted, line)) + "\n" for line in text)
        super().__init__(chain([self.top.encode()], iter(self._more, b"")))

    @property
    def turned(self) -> list[str]:
        return [field.name for field in self._columns if field.turned]

    def _more(self) -> bytes:
        """The text of the next records; nothing at the end."""
        wanted = max(_BLOCK // 4, min(_AT_ONCE * self.size, 4 * _BLOCK), self.size)
        while len(self._rest) < wanted:
            data = self._stream.read(wanted)
            if not data:
                break
            self._rest += data
        whole = len(self._rest) // self.size * self.size
        if not whole:
            self.left = len(self._rest)
            return b""
        data, self._rest = self._rest[:whole], self._rest[whole:]
        seconds, nanoseconds, *columns = zip(*self._struct.iter_unpack(data), strict=True)
        texts = [list(map(_stamp, seconds, nanoseconds))]
        texts += [field.texts(values) for field, values in zip(self._columns, columns, strict=True)]
        lines = list(map(",".join, zip(*texts, strict=True)))
        if max(nanoseconds) >= _A_SECOND:
            lost = [at for at, each in enumerate(nanoseconds) if each >= _A_SECOND]
            for at in lost:
                lines[at] = ""
            for at, count in self._told.of(lost):
                reason, row = "the nanoseconds of the record are a second or more", self.count + at + LINES
                self._rejects.append(Reject(reason=reason, row=row, column="TIMESTAMP", value=texts[0][at], count=count))
            self.timeless += len(lost)
        self.count += len(seconds)
        return ("\n".join(lines) + "\n").encode()

    def rejects(self) -> Iterator[Reject]:
        """Records so far that have no time."""
        found, self._rejects = self._rejects, []
        yield from found


class _Field:
    """One column: bytes to the text of TOA5."""

    def __init__(self, name: str, kind: str, most: int) -> None:
        """It remembers so many texts at `most`, and those of a block."""
        self.name = name
        self._most = most
        self.turned = False
        self._kind = kind
        self._double: str | None = {"IEEE8L": "<d", "IEEE8B": ">d"}.get(kind)
        self._known: dict[Any, str] = {}

    def texts(self, values: Sequence[Any]) -> list[str]:
        if self._kind == "IEEE8" and self._double is None:
            self._double = self._order(values)
        different = set(values)
        if 2 * len(different) > len(values):  # to remember them costs more than to write them anew
            return list(map(self._writer(), values))
        if len(self._known) > self._most:
            self._known.clear()
        known = self._known
        new = different - known.keys()
        if new:
            text = self._writer()
            known.update((value, text(value)) for value in new)
        return list(map(known.__getitem__, values))

    def _order(self, values: Sequence[bytes]) -> str | None:
        """The manual has the least significant byte first; the CR1000X writes the most significant one first.

        No measurement is as small as 1e-290 or as large as 1e290; eight bytes the wrong way round nearly always are. None where
        the values do not tell, as zeros.
        """
        odd = [sum(_absurd(struct.unpack(order, value)[0]) for value in set(values)) for order in ("<d", ">d")]
        self.turned = odd[1] < odd[0]
        return ">d" if self.turned else "<d" if odd[0] < odd[1] else None

    def _writer(self) -> Callable[[Any], str]:
        kind = self._kind
        if kind in ("IEEE4", "IEEE4L"):
            return partial(_number, digits=7)
        if kind == "IEEE4B":
            return lambda value: _number(struct.unpack(">f", value)[0], digits=7)
        if kind.startswith("IEEE8"):
            order = self._double or "<d"
            return lambda value: _number(struct.unpack(order, value)[0], digits=15)
        if kind in ("UINT2", "UINT4", "INT2", "INT4"):
            return lambda value: str(int.from_bytes(value, "big", signed=kind.startswith("INT")))
        if kind in ("SECNANO", "NSEC"):
            return lambda value: _quoted(_stamp(*struct.unpack("<II" if kind == "SECNANO" else ">II", value)))
        if kind == "FP2":
            return fp2
        if kind == "FP4":
            return fp4
        if kind in ("BOOL", "BOOL2", "BOOL4"):
            return lambda value: "-1" if value else "0"
        if kind == "BOOL8":
            return _bits().__getitem__
        if kind.startswith("ASCII"):
            return _known_written if kind in _SHORT_TEXTS else _written
        return str


def _absurd(number: float) -> bool:
    return not (isnan(number) or isinf(number) or number == 0 or 1e-290 < abs(number) < 1e290)


def _written(value: bytes) -> str:
    return _quoted(value.partition(b"\x00")[0].decode("cp1252", "replace"))


_known_written = cache(_written)


def _quoted(text: str) -> str:
    """A field of a line: quoted only where it must be, which reads faster; line ends become spaces."""
    if not text.isprintable() and (text.splitlines()[1:] or text[-1:] in "\r\n"):
        text = " ".join(text.splitlines())
    return '"' + text.replace('"', '""') + '"' if '"' in text or "," in text else text


def _number(value: float, *, digits: int) -> str:
    text = f"{value:.{digits}g}"
    return text.upper() if text[-1] > "9" else text  # NAN, INF and -INF


@cache
def _bits() -> list[str]:
    """Bytes as they are written where each bit is a value: the lowest first."""
    return [f"{byte:08b}"[::-1] for byte in range(256)]


@cache
def fp2(value: bytes) -> str:
    """Campbell's two-byte number: a sign, two bits of decimal places, thirteen bits of digits, the most significant first."""
    word = int.from_bytes(value, "big")
    if word == 0x9FFE:
        return "NAN"
    if word in (0x1FFF, 0x9FFF):
        return "INF" if word == 0x1FFF else "-INF"
    places, digits = word >> 13 & 3, word & 0x1FFF
    text = f"{digits / 10**places:.{places}f}"
    if places:
        text = text.rstrip("0").rstrip(".")
    return f"-{text}" if word & 0x8000 and digits else text


def fp4(value: bytes) -> str:
    """Campbell's four-byte number: a sign, a power of two that is 64 too great, 24 bits of a fraction."""
    word = int.from_bytes(value, "big")
    number = (word & 0xFFFFFF) * 2.0 ** ((word >> 24 & 0x7F) - 64 - 24)
    return _number(-number if word >> 31 and number else number, digits=7)


@cache
def _day(number: int) -> str:
    return (_EPOCH + timedelta(days=number)).strftime("%Y-%m-%d")


def _stamp(seconds: int, nanoseconds: int) -> str:
    """As TOA5 has it; where the nanoseconds are more than a second it is no time, and reads as none."""
    if nanoseconds >= _A_SECOND:
        return f"{seconds} s {nanoseconds} ns"
    days, rest = divmod(seconds, 86_400)
    fraction = f"{nanoseconds:09d}".rstrip("0") if nanoseconds else ""
    text = f"{_day(days)} {rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    return f"{text}.{fraction}" if fraction else text
