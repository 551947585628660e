"""Text out of bytes: the encoding found, line ends made one, in blocks of whole lines."""

import codecs
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Stream
from mesonet.regex import regex

if TYPE_CHECKING:
    from re import Pattern

_WIDE_LINE = 2048  # bytes: of longer ones a block has too few for what is done once a block and column
_WIDE_BLOCKS = 8  # are read of them at once
_GLANCED = 8192  # bytes that tell whether they are so long: to count the lines of a block took a fortieth of reading a table
BLOCK_BYTES = 64 * 1024  # some thousand rows of a usual table: its pieces stay in a processor's cache while they are looked at
LONGEST_LINE = 16 * 1024 * 1024  # a table of 100,000 columns still fits; what is longer is not text

WIDE = ("utf-16", "utf-32")  # what encodings of several bytes a character are called, or begin with
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# encodings of Windows for Japanese (Shift_JIS) and Korean (EUC-KR), and the characters of their words
_WORDS = {"cp932": regex("[\u3040-\u30ff\u4e00-\u9fff]{2,}"), "cp949": regex("[\uac00-\ud7a3]{2,}")}
# words of weather tables, in small letters, that tell an encoding apart from those that read the same bytes as other characters
_TELLING = {
    "cp932": regex("気温|温度|時刻|日時|年月日|風速|風向|湿度|気圧|降水"),
    "cp949": regex("기온|온도|일시|시간|풍속|풍향|습도|기압|강수"),
    "gb18030": regex("气温|温度|时间|日期|风速|湿度|气压|降水"),
    "big5": regex("氣溫|溫度|時間|日期|風速|溼度|濕度|氣壓|降水"),
    "euc_jp": regex("気温|温度|時刻|日時|年月日|風速|湿度|気圧|降水"),
    "cp1251": regex("температур|влажност|давлени|скорост|осадк"),
    "cp1250": regex("wilgotność|ciśnienie|prędkość|rychlost větru|směr větru|srážky|vítr"),
    "iso8859_2": regex("wilgotność|ciśnienie|prędkość|rychlost větru|směr větru|srážky|vítr"),
    "koi8-r": regex("температур|влажност|давлени|скорост|осадк"),
    "cp1253": regex("θερμοκρασ|υγρασ|ταχύτητα|άνεμο|ημερομην"),
    "iso8859_7": regex("θερμοκρασ|υγρασ|ταχύτητα|άνεμο|ημερομην"),
    "cp1254": regex("s[ıi]cakl[ıi]k|rüzgar h[iı]z|bas[ıi]nç|yağ[ıi]ş"),  # a capital I becomes an i
    "cp1255": regex("טמפרטור|לחות|מהירות|תאריך|תחנה"),
}
_CONTROLS = bytes(
    {*range(1, 9), *range(14, 26), *range(27, 32)}
)  # without what parts lines and pages, and the end of a disk's file
_END = "\x1a"  # of a file, as DOS and some loggers still write it
_MANY_GAPS = 8  # stretches of zeros in the first bytes; a loss of power leaves one, an array of numbers hundreds
_BROKEN_OFF = regex("(?<=[^\n\x00])\x00{16,}(?=[^\n\x00])")  # zeros within a line: a field that is filled up has fewer
_ZEROS = regex(rb"\x00+")
_UNDEFINED = frozenset(b"\x81\x8d\x8f\x90\x9d")  # bytes that Windows-1252 gives no meaning


def encoding_of(head: bytes) -> str:
    """By byte order mark, by where zeros are (UTF-16), else UTF-8 where the bytes are, else Japanese or Korean where they read
    so (Shift_JIS, EUC-KR), or what else has words of weather (Chinese, EUC-JP, Cyrillic), else what Western software writes
    when it does not say."""
    if told := _told(head):
        return told
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # a character cut at the end is no fault
    except UnicodeDecodeError:
        return _not_utf8(head)
    return "utf-8"


@lru_cache(maxsize=4)  # of one file it is asked several times, and a dozen encodings are tried
def _not_utf8(head: bytes) -> str:
    if _mostly_utf8(head):
        return "utf-8"
    if _is_controlled(head):
        return _western(head)
    told = next((name for name, words in _TELLING.items() if words.search((_decoded(head, name) or "").lower())), None)
    asian = told or next((name for name, words in _WORDS.items() if _is_in_words(head, name, words)), None)
    return asian or _western(head)


def _told(head: bytes) -> str | None:
    """The encoding that a mark or the zeros tell."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), None) or _unmarked(head[:4096])


def _decoded(head: bytes, encoding: str) -> str | None:
    """The text; None where the bytes are none of the encoding."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None


def _unmarked(head: bytes) -> str | None:
    """UTF-16 without a mark: of ASCII, every second byte is zero. Numbers and delimiters are ASCII in any language's table."""
    if len(head) < 8:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.5 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.5 * half and odd < 0.02 * half:
        return "utf-16-be"
    return None


def _is_in_words(head: bytes, encoding: str, words: "Pattern[str]") -> bool:
    """Whether the text reads so: its characters come in words; in Western text one that happens to read so stands alone."""
    text = _decoded(head, encoding)
    if text is None:
        return False
    found = sum(map(len, words.findall(text)))
    return found > 0 and 2 * found > len(text) - len(text.encode("ascii", "ignore"))


def _mostly_utf8(head: bytes) -> bool:
    """A few broken bytes among characters of several bytes that are right: UTF-8 that was damaged."""
    text = head.decode("utf-8", "replace")
    good = len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")
    return good > 2 * text.count("\ufffd")


def _western(data: bytes) -> str:
    return "latin-1" if _UNDEFINED.intersection(data) else "cp1252"


@lru_cache(maxsize=4)  # every format looks at the same first bytes
def decode(head: bytes) -> str:
    """The text of the first bytes, line ends made one, never failing; a character cut at the end is left out."""
    return _tidied(codecs.getincrementaldecoder(encoding_of(head))(errors="replace").decode(head))


def is_binary(head: bytes) -> bool:
    """Whether the bytes are no text: many are control characters, or zeros stand in many places."""
    return not (_told(head) or "").startswith(WIDE) and _is_controlled(head)


def _is_controlled(head: bytes) -> bool:
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return 20 * controls > len(head) or (b"\x00" in head and len(_ZEROS.findall(head)) > _MANY_GAPS)


def _tidied(text: str) -> str:
    """Line ends made one, also where a transfer made two of the CR. Zeros, which a loss of power leaves where nothing was
    written any more, are no characters; the line that they broke off ends there. Nor are marks of the byte order within, as
    joined files have them, or signs that part records (RFC 7464)."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    if "\ufeff" in text:
        text = text.replace("\ufeff", "")
    if "\x1e" in text:
        text = text.replace("\x1e", "")
    return _BROKEN_OFF.sub("\n", text).replace("\x00", "") if "\x00" in text else text


class Text:
    """Iterates over blocks of whole lines, each line ended by `\\n`, except perhaps the very last.

    `encoding` is what was found; `broken` counts blocks with bytes that it has no character for (they become U+FFFD).
    `zeros` tells whether there were any; they are passed over.
    A stream whose `cut` is true ended before its time: its last, incomplete line is kept apart in `torn`. `position` is the
    byte that follows the blocks given so far, None where that cannot be said, and behind a last line without an end. With a
    `start` the first block is followed by those from that byte on.
    """

    def __init__(self, stream: Stream, start: int = 0) -> None:
        self._stream = stream
        self._start = start
        self.position: int | None = None
        self.encoding = "utf-8"
        self.broken = 0
        self.zeros = False
        self.torn: str | None = None
        self._beyond_ascii = False

    def __iter__(self) -> Iterator[str]:
        head = self._stream.read(BLOCK_BYTES)
        if not head:
            return
        self.encoding = encoding_of(head)
        blocks = self._wide(head) if self.encoding.startswith(WIDE) else self._narrow(head)
        for text in blocks:
            self.zeros = self.zeros or "\x00" in text
            if text := _tidied(text):
                yield text

    def _narrow(self, data: bytes) -> Iterator[str]:
        """Encodings in which a line end is one byte: cut at it, then decode the block at once."""
        self.position = 0
        if self._start:
            end = _line_end(data)
            yield self._decoded(data[:end].removeprefix(codecs.BOM_UTF8))
            data, self.position = self._from_start(data), self._start
        elif self.encoding == "utf-8-sig":
            data, self.position = data.removeprefix(codecs.BOM_UTF8), len(codecs.BOM_UTF8)
        held = b""
        while data:
            end = _line_end(data)
            glanced = min(len(data), _GLANCED)
            size = BLOCK_BYTES * (_WIDE_BLOCKS if glanced > (data.count(b"\n", 0, glanced) + 1) * _WIDE_LINE else 1)
            if end:
                self.position += len(held) + end
                yield self._decoded(held + data[:end] if held else data[:end])
                held = data[end:]
            else:
                held += data
                if len(held) > LONGEST_LINE:
                    raise UnreadableFile(f"a line is longer than {LONGEST_LINE} bytes")
            data = self._stream.read(size)
        if held:
            self.position = None  # it is the last, and nothing is left behind it
        yield from self._last(self._decoded(held))

    def _from_start(self, data: bytes) -> bytes:
        """What comes from the start on, the bytes before it read and left."""
        gone = len(data)
        while gone < self._start and (data := self._stream.read(BLOCK_BYTES)):
            gone += len(data)
        return data[len(data) - (gone - self._start) :] if gone > self._start else self._stream.read(BLOCK_BYTES)

    def _wide(self, data: bytes) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.encoding)(errors="replace")
        held = ""
        while data:
            text = held + decoder.decode(data)
            end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
            if end:
                yield text[:end]
            held = text[end:]
            if len(held) > LONGEST_LINE:
                raise UnreadableFile(f"a line is longer than {LONGEST_LINE} characters")
            data = self._stream.read(BLOCK_BYTES)
        yield from self._last(held + decoder.decode(b"", True))

    def _last(self, text: str) -> Iterator[str]:
        text = text.rstrip(_END)  # no row of its own
        if getattr(self._stream, "cut", False) and not text.endswith(("\n", "\r")):
            self.torn = text
        else:
            yield text

    def _decoded(self, data: bytes) -> str:
        if self.encoding in ("utf-8", "utf-8-sig"):
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                if self.encoding == "utf-8" and not self._beyond_ascii and not _mostly_utf8(data):
                    self.encoding = _western(data)  # all before was ASCII, which reads the same
                else:
                    self.broken += 1
                    return data.decode("utf-8", "replace")
            else:
                self._beyond_ascii = self._beyond_ascii or not text.isascii()
                return text
        if self.encoding == "cp1252" and _UNDEFINED.intersection(data):
            self.encoding = "latin-1"
        try:
            return data.decode(self.encoding)
        except UnicodeDecodeError:  # Shift_JIS, damaged or cut
            self.broken += 1
            return data.decode(self.encoding, "replace")

    @property
    def described(self) -> str:
        zeros = ", with zeros where a loss of power left them" if self.zeros else ""
        return f"{self.encoding}, with bytes that are not{zeros}" if self.broken else f"{self.encoding}{zeros}"


def numbered(blocks: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines of blocks, each with its number from 1."""
    return enumerate(chain.from_iterable(block.removesuffix("\n").split("\n") for block in blocks), 1)


def _line_end(data: bytes) -> int:
    """Where the last whole line ends. CRs at the very end are left, since their LF may be still to come."""
    return max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data.rstrip(b"\r")))) + 1
