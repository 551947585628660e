"""JSON within bounds (RFC 8259): one document, one a line (NDJSON, https://github.com/ndjson/ndjson-spec), several behind one
another, or each behind a record separator (RFC 7464).

Numbers keep the text that stands in the file, so that what was received can be told; they become numbers where a column
is weighed, which is where 1e999999 is refused. `NaN` and `Infinity` are no JSON and are refused with their place.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NoReturn

from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Stream
from mesonet.formats.table import CUT_OFF, SHOWN
from mesonet.formats.text import BLOCK_BYTES, Text, decode, encoding_of
from mesonet.record import dataclass, replace
from mesonet.regex import regex

LARGEST = 64 * 1024 * 1024  # bytes of one document, which is read as a whole; more is for NDJSON, which is not
HEAVIEST = 176 * 1024 * 1024  # bytes that a document may take once read, by a guess from its brackets and commas
MOST_NUMBERS = 500_000  # different numbers beyond those that are remembered
KEPT = 65_536  # different numbers remembered: one object stands for all that read the same
FAULTY = 8  # lines of a block that are no documents: below them each line is looked at by itself, and not to the block's end
TOLD = 5_000  # of them in a file of which each is told why it is none: a tenth of a second
SHORT = 1024 * 1024  # characters of a line that cannot take much memory, whatever stands in it
LONGEST_NUMBER = 400  # characters; a binary64 needs 17 digits, and none at all 310
DEEPEST = 50  # levels of nesting that a glance goes through
LOOKED_AT = 8  # levels of nesting that a glance tells of

_BYTES_OF = (("{", 184), ("[", 72), (",", 8), ('"', 32))  # what CPython takes for each, at least
_NDJSON_LINES = 20  # looked at
_SPELLING = regex(r'"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)|(-?\b(?:NaN|Infinity)\b)', re.DOTALL)
_TOKEN = regex(r'"((?:[^"\\]|\\.)*+)(?:"(\s*:)?|\\?\Z)|([{}\[\]])|([-+0-9.eE]+|true|false|null)', re.DOTALL)
_OPEN_OR_CLOSE = regex(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|([{\[]+)|([}\]]+)', re.DOTALL)
_ENDS = {"{": "}", "[": "]", '"': '"'}
_LIST = regex(r"\ufeff?\s*\[\s*")
_COMMA = regex(r"\s*,\s*")
_NEXT = regex(r"[\s\x1e\ufeff]*")
_BETWEEN = regex(r"\}[\s\x1e]*\{")  # which stands nowhere in one document but in a text
_HALF = regex(r"\\u[dD][89a-fA-F]")
_SECRET = regex(r'((?:passkey|mac(?:address)?|api_?key|application_?key|password)"?\s*[:=]\s*"?)[^",&\s]+', re.IGNORECASE)


class Number(str):
    """A number as it is spelt in the document."""

    __slots__ = ()


type Value = dict[str, Any] | list[Any] | Number | str | bool | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What the first bytes show of a document: each path (`features[].properties.station`) with the first scalar that
    stands there, "" for arrays, objects and what was cut off. `lines` where it is NDJSON."""

    paths: dict[str, str]
    lines: bool

    def __contains__(self, path: str) -> bool:
        return path in self.paths

    def __getitem__(self, path: str) -> str:
        return self.paths.get(path, "")


@lru_cache(maxsize=2)
def glance(head: bytes) -> Glance | None:
    """Looks at the first bytes, cut anywhere; None where they do not begin as an array or an object does. Never fails."""
    if not re.match(rb"[\s\x00\x1e\xef\xbb\xbf\xff\xfe]*[{\[]", head[:64]):
        return None
    text = decode(head).lstrip("\ufeff \t\r\n")
    lines = _is_ndjson(text)
    if lines:
        text = next(line for line in text.split("\n") if _is_whole(line))
    return Glance(_paths(text), lines)


def is_lines(head: bytes) -> bool:
    """Whether it is NDJSON."""
    seen = glance(head)
    return seen is not None and seen.lines


def _is_whole(line: str) -> bool:
    stripped = line.strip()
    return (stripped.startswith("{") and stripped.endswith("}")) or (stripped.startswith("[{") and stripped.endswith("}]"))


def _is_ndjson(text: str) -> bool:
    """More than one line, most of them an object, or a list of objects."""
    lines = [line for line in text.split("\n", _NDJSON_LINES + 1)[:_NDJSON_LINES] if line.strip()]
    whole = sum(map(_is_whole, lines))
    return whole > 1 and 2 * whole >= len(lines)


def _paths(text: str) -> dict[str, str]:
    paths: dict[str, str] = {}
    stack: list[str] = []
    path, key = "", ""
    for token in _TOKEN.finditer(text):
        string, colon, bracket, scalar = token.groups()
        if colon:
            key = string
        elif bracket in ("{", "["):
            if len(stack) == DEEPEST:
                break
            stack.append(path)
            path = _below(path, key) if stack[1:] else ""
            key = ""
            if len(stack) <= LOOKED_AT and path:
                paths.setdefault(path, "")
            if bracket == "[":
                path += "[]" if len(stack) > 1 else ""  # a list of documents is as one document
        elif bracket:
            path, key = (stack.pop() if stack else ""), ""
            if not stack:
                break
        elif len(stack) <= LOOKED_AT and (key or path.endswith("[]")):
            paths.setdefault(_below(path, key), (string or scalar or "")[:200])
            key = ""
    return paths


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path and key else path or key


def documents(stream: Stream) -> Iterator[tuple[int, Value] | Reject]:
    """Each document with the row (line) on which it begins; in NDJSON a line that is none is a reject, and of
    many one counts for all: so many rows they are to whoever takes the others (`Readings.lost`).

    Raises UnreadableFile where a single document cannot be read.
    """
    head = _filled(stream, BLOCK_BYTES)
    text = decode(head[:65536]).lstrip("\ufeff \t\r\n")
    if _is_ndjson(text):
        yield from _lines(Text(Again(head, stream)))
        return
    data = head + _filled(stream, LARGEST + 1 - len(head)) if len(head) == BLOCK_BYTES else head
    if len(data) > LARGEST:
        raise UnreadableFile(
            f"a JSON document of more than {LARGEST >> 20} MiB is not read; one document a line (NDJSON) would be"
        )
    cut = bool(getattr(stream, "cut", False))
    del head
    text = _decoded(data)
    del data
    if text.count("{") > 1 and (found := _sequence(text)):
        yield from found
        return
    try:
        yield 1, parse(text, cut=cut)
    except UnreadableFile as exc:
        fault = exc.__cause__
        if not isinstance(fault, json.JSONDecodeError):
            raise
        behind = fault.msg == "Extra data"
        whole = parse(fault.doc[: fault.pos]) if behind else _begun(text)
        if not whole:
            raise
        yield 1, whole
        yield Reject(reason=f"{exc.detail}: {'' if behind else 'of the list, '}what stands before that was taken")


def _begun(text: str) -> list[Value]:
    """The whole objects at the beginning of a list that is damaged, or that whoever writes it has not ended (SenSML)."""
    reader, found = _Reader(), list[Value]()
    reader.halved = _HALF.search(text) is not None
    begin = _LIST.match(text)
    while begin and text.startswith("{", begin.end()):
        value, stop = reader.scanned(text, begin.end())
        if stop < 0:
            break
        found.append(value)
        begin = _COMMA.match(text, stop)
    return found


def _sequence(text: str) -> list[tuple[int, Value]]:
    """The objects that a text is, one behind the other, if it is nothing but that; none where it is one alone."""
    begin = _NEXT.match(text)
    if begin is None or not _BETWEEN.search(text):
        return []
    _weigh(text)
    reader = _Reader()
    reader.halved = _HALF.search(text) is not None
    found: list[tuple[int, Value]] = []
    at = begin.end()
    while at < len(text):
        value, stop = reader.scanned(text, at)
        if not isinstance(value, dict):
            return []
        found.append((len(found) + 1, value))
        following = _NEXT.match(text, stop)
        at = following.end() if following else len(text)
    return found if len(found) > 1 else []


def _filled(stream: Stream, count: int) -> bytes:
    pieces = []
    while count > 0 and (piece := stream.read(count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def _decoded(data: bytes) -> str:
    encoding = encoding_of(data[:65536])
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode(encoding, "replace")


class Again:
    """A stream whose first bytes, `head`, were read already and are given once more."""

    def __init__(self, head: bytes, stream: Stream) -> None:
        self.head = head
        self._stream = stream

    @property
    def cut(self) -> bool:
        return bool(getattr(self._stream, "cut", False))

    def read(self, count: int, /) -> bytes:
        data, self.head = self.head[:count], self.head[count:]
        return data + self._stream.read(count - len(data)) if len(data) < count else data


def _lines(text: Text) -> Iterator[tuple[int, Value] | Reject]:
    row, told, reader = 0, 0, _Reader()
    for block in text:
        left, reader.halved = FAULTY, "\\u" in block and _HALF.search(block) is not None
        at = lost = 0
        first = None  # of those of this block that are no more told one by one
        while at < len(block):
            end = block.find("\n", at)
            end = len(block) if end < 0 else end
            row += 1
            # where the line is, from its first character to its last, one document
            value, stop = reader.scanned(block, at) if left and end - at < SHORT else (None, -1)
            if stop == end:
                yield row, value
            elif (line := block[at:end]).strip():
                left = max(left - 1, 0)
                if reader.is_one(line):
                    yield row, reader.value
                elif told < TOLD:
                    found = reader.document(line, row)
                    told += isinstance(found, Reject)
                    yield found
                else:
                    lost += 1
                    first = first or Reject(reason="no JSON", row=row, value=_open(line))
            at = end + 1
        if first:
            yield replace(first, count=lost)
    if text.torn:
        yield Reject(reason=CUT_OFF, row=row + 1, value=_open(text.torn))


class _Reader:
    """Reads the documents of lines. `value` is that of the last line that `is_one`; where the lines are `halved`, some have
    escapes of half a character."""

    def __init__(self) -> None:
        self.value: Value = None
        self.halved = False
        self._numbers = _Numbers()
        spelt = self._numbers.__getitem__
        decoder: Any = json.JSONDecoder(parse_float=spelt, parse_int=spelt, parse_constant=_refused)
        self._scan = decoder.scan_once  # what `raw_decode` calls

    def scanned(self, text: str, at: int) -> tuple[Any, int]:
        """The value that begins there and where it ends, which is -1 where there is none."""
        self._numbers.beyond = 0
        try:
            value, stop = self._scan(text, at)
        except (StopIteration, ValueError, RecursionError, UnreadableFile):
            return None, -1
        return (_without_halves(value) if self.halved and _HALF.search(text, at, stop) else value), stop

    def is_one(self, line: str) -> bool:
        """Whether a line is a document, as far as that is found out without a reason."""
        plain = line.strip()
        if len(plain) >= SHORT or plain[-1] != _ENDS.get(plain[0], plain[-1]) or plain in _ENDS:
            return False
        self.value, stop = self.scanned(plain, 0)
        return stop == len(plain)

    def document(self, line: str, row: int) -> tuple[int, Value] | Reject:
        """The document of a line, or why it is none."""
        try:
            return row, parse(line, numbers=self._numbers)
        except UnreadableFile as exc:
            return Reject(reason=exc.detail, row=row, value=_open(line))


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


def _open(line: str) -> str:
    """The beginning of a line, without what lets others report in a station's name."""
    return _SECRET.sub(r"\1…", line[: 4 * SHOWN])[:SHOWN]


class _Numbers(dict[str, Number]):
    """Makes each number once, as far as there are not too many."""

    def __init__(self) -> None:
        super().__init__()
        self.beyond = 0

    def __missing__(self, text: str) -> Number:
        if len(text) > LONGEST_NUMBER:
            raise UnreadableFile(f"a number of {len(text)} characters")
        number = Number(text)
        if len(self) < KEPT:
            self[text] = number
        else:
            self.beyond += 1
            if self.beyond > MOST_NUMBERS:
                raise UnreadableFile(f"more than {MOST_NUMBERS} different numbers in one JSON document")
        return number


def parse(text: str, *, numbers: _Numbers | None = None, cut: bool = False) -> Value:
    """The value of a JSON text. Raises UnreadableFile, which says where."""
    text = text.removeprefix("\ufeff")
    _weigh(text)
    if numbers is None:
        numbers = _Numbers()
    numbers.beyond = 0

    number = numbers.__getitem__

    def refused(constant: str) -> NoReturn:
        spelt = next((match for match in _SPELLING.finditer(text) if match[2]), None)
        where = f" at {_place(text, spelt.start())}" if spelt else ""
        raise UnreadableFile(f"{spelt[2] if spelt else constant}{where} is no JSON: what is missing is null there")

    try:
        value: Value = json.loads(text, parse_float=number, parse_int=number, parse_constant=refused)
    except json.JSONDecodeError as exc:
        end = len(text.rstrip())
        ended = exc.pos >= end or exc.msg.startswith("Unterminated string") or text[exc.pos : end].isalpha()
        if cut or (ended and text[end - 1 : end] not in ("}", "]")) or (ended and _is_open(text)):
            raise UnreadableFile(f"the JSON ends in its middle, at {_place(text, end)}") from exc
        raise UnreadableFile(f"no JSON at {_place(text, exc.pos)}: {exc.msg}") from exc
    except RecursionError as exc:  # the parser goes some thousands deep; documents of weather ten
        raise UnreadableFile("the JSON is nested too deeply") from exc
    return _without_halves(value) if _HALF.search(text) else value


def _without_halves(value: Value) -> Value:
    """Escapes of half a character (`\\ud800` alone), which no encoding can write, become U+FFFD."""
    root: list[Any] = [value]
    held: list[Any] = [root]
    while held:
        each = held.pop()
        for key, inner in list(each.items() if isinstance(each, dict) else enumerate(each)):
            if isinstance(inner, dict | list):
                held.append(inner)
            elif isinstance(inner, str) and not isinstance(inner, Number):
                each[key] = _whole(inner)
            if isinstance(key, str) and _whole(key) != key:
                each[_whole(key)] = each.pop(key)
    found: Value = root[0]
    return found


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _weigh(text: str) -> None:
    """Raises UnreadableFile where reading would take too much memory."""
    guess = len(text) + sum(text.count(sign) * size for sign, size in _BYTES_OF)
    guess -= 2 * dict(_BYTES_OF)['"'] * text.count('":')  # the name of a member is made once for the document
    if guess > HEAVIEST:
        raise UnreadableFile(
            "the JSON document has too many values to be read as a whole; one document a line (NDJSON) would be"
        )


def _is_open(text: str) -> bool:
    """Whether brackets are left open at the end."""
    depth = 0
    for token in _OPEN_OR_CLOSE.finditer(text):
        depth += len(token[1] or "") - len(token[2] or "")
    return depth > 0


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line}, column {at - text.rfind('\n', 0, at)}"


def shown(value: object) -> str:
    """A value for a reject."""
    if isinstance(value, str):
        return value[:SHOWN]
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return {True: "true", False: "false"}.get(bool(value), "") if isinstance(value, bool) else "null"


def member(value: object, *path: str) -> Any:
    """What stands there, None where something on the way is no object or has no such member."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def text_of(value: object, *path: str) -> str:
    """The text or number that stands there, "" where there is none."""
    for name in path:  # as `member` goes, without the call: it is asked for several times in each line of a large file
        if not isinstance(value, dict):
            return ""
        value = value.get(name)
    return value.strip() if isinstance(value, str) else ""


class RowsOf:
    """The rows that are listed in documents: counted over the file; in NDJSON, lines."""

    def __init__(self) -> None:
        self.count = 0

    def __call__[Each](self, listed: Iterable[Each], line: int) -> Iterator[tuple[int, Each]]:
        for each in listed:
            self.count += 1
            yield line if line > 1 else self.count, each


def objects(value: object) -> list[dict[str, Any]]:
    """An object, or the objects of a list."""
    if isinstance(value, dict):
        return [value]
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
