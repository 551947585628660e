"""XML within bounds, in a stream: the elements of some names, each whole, one after the other.

The parser is expat. Nothing is fetched and nothing is expanded: a document that declares entities is refused. Prefixes of
namespaces are left out of names, since the services that are read here say by other means whose the elements are.

A document can be left behind an element, where the same elements are open as before the first: it is gone on with as if it
were what stands above the first and what stands behind that one.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Stream
from mesonet.regex import regex

DEEPEST = 50  # levels of elements; documents of weather have some twenty
MOST_ELEMENTS = 150_000  # in one record: a year of quarters of an hour in WaterML is 35,000
MOST_TEXT = 8 * 1024 * 1024  # characters in one record: a week of all stations of a country
LONGEST_TAG = 1024 * 1024  # bytes without an end of a tag or a text, which the parser has to hold

_READ = 64 * 1024
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BLANK = regex(rb"(?:\xef\xbb\xbf)?\s+|(\xff\xfe)(?:[ \t\r\n]\0)+|(\xfe\xff)(?:\0[ \t\r\n])+")
# said of bytes that cannot be: the text was wide before it was stored as UTF-8
_NOT_WIDE = regex(
    rb"""(?:\xef\xbb\xbf)?<\?xml[^>]{1,100}encoding\s*=\s*["'](?:utf-?16|utf-?32|ucs-?2|ucs-?4|unicode)""", re.IGNORECASE
)


class Element:
    """A name without its prefix, attributes, the text before and between what is inside, and that. `after` is the byte behind
    it where the document can be gone on with, 0 where it cannot."""

    __slots__ = ("after", "attributes", "inner", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.after = 0
        self.name = name
        self.attributes = attributes
        self.text = ""
        self.inner: list[Element] = []

    def get(self, attribute: str) -> str:
        """An attribute of this name whatever its prefix, "" where there is none."""
        return self.attributes.get(attribute, "")

    def all(self, *names: str) -> Iterator["Element"]:
        """Elements of these names at any depth, in the order of the document."""
        for each in self.inner:
            if each.name in names:
                yield each
            yield from each.all(*names)

    def first(self, *path: str) -> "Element | None":
        """The first element of each name below the one before."""
        found: Element | None = self
        for name in path:
            found = next(found.all(name), None) if found else None
        return found

    def any(self, *names: str) -> "Element":
        """The first element of the first of these names that there is; an empty one where there is none."""
        return next((found for name in names if (found := self.first(name))), None) or Element(names[0], {})

    def told(self, *path: str) -> str:
        """The text that stands there, without blanks around it, "" where there is none."""
        found = self.first(*path)
        return found.text.strip() if found else ""

    def link(self, *path: str) -> str:
        """Where the element there points to (`xlink:href`), "" where there is none."""
        found = self.first(*path)
        return found.get("href") if found else ""


class _Records:
    """Builds the elements of some names as the parser goes; the rest leaves nothing behind."""

    def __init__(self, names: Collection[str], head: bytes) -> None:
        self._names = names
        self.parser = ParserCreate(_encoding(head))
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.begin, self.end
        self.parser.CharacterDataHandler, self.parser.EntityDeclHandler = self.text, self.entity
        self.passed = 0  # bytes of the document that the parser was not given, and lines
        self.lines = 0
        self.first = -1  # the byte where the first of them begins
        self.above: tuple[str, ...] = ()  # what is open there
        self._around: list[str] = []  # what is open around them
        self._open: list[Element] = []
        self._texts: list[list[str]] = []  # of those that are open
        self._depth = self._elements = self._characters = 0
        self.whole: list[Element] = []
        self.heard = False  # whether the parser had something to tell since this was put right

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.heard = True
        self._mark()
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableFile(f"the XML is nested more than {DEEPEST} elements deep")
        local = name.rpartition(":")[2]
        if not self._open:
            if local not in self._names:
                self._around.append(local)
                return
            if self.first < 0:
                self.first, self.above = self.parser.CurrentByteIndex, tuple(self._around)
        element = Element(local, {key.rpartition(":")[2]: value for key, value in attributes.items()} if attributes else {})
        if self._open:
            self._open[-1].inner.append(element)
        else:
            self._elements = self._characters = 0
        self._open.append(element)
        self._texts.append([])
        self._elements += 1
        if attributes:
            self._count(sum(map(len, attributes.values())))
        if self._elements > MOST_ELEMENTS:
            raise UnreadableFile(f"one {self._open[0].name} of the XML has more than {MOST_ELEMENTS} elements")

    def end(self, name: str) -> None:
        self.heard = True
        self._mark()
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            element.text = "".join(self._texts.pop())
            if not self._open:
                self.whole.append(element)
        else:
            self._around.pop()

    def _mark(self) -> None:
        """At a tag: the last whole element can be gone on behind from here."""
        if self.whole and not self.whole[-1].after and tuple(self._around) == self.above:
            self.whole[-1].after = self.parser.CurrentByteIndex + self.passed

    def text(self, data: str) -> None:
        self.heard = True
        if self._open:
            self._count(len(data))
            self._texts[-1].append(data)

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > MOST_TEXT:
            raise UnreadableFile(f"one {self._open[0].name} of the XML has more than {MOST_TEXT} characters")

    def entity(self, *told: object) -> None:
        raise UnreadableFile("the XML declares entities, which are not expanded")


def _encoding(head: bytes) -> str | None:
    """What the bytes are, where a document that was stored anew may say something else of itself."""
    if _NOT_WIDE.match(head):
        return "UTF-8"
    if head.startswith(_WIDE_MARKS):
        return "UTF-16"
    return "UTF-16LE" if head.startswith(b"<\0?\0") else "UTF-16BE" if head.startswith(b"\0<\0?") else None


def records(stream: Stream, names: Collection[str], start: int = 0) -> Iterator[Element | Reject]:
    """Each outermost element of these names, from the `after` of an earlier one on; a reject where the XML is broken. Raises
    UnreadableFile beyond the bounds."""
    first = stream.read(_READ)
    above = _BLANK.match(first)  # before its declaration XML allows no blank line
    block = (above[1] or above[2] or b"") + first[above.end() :] if above else first
    blank = above[0].count(b"\n") if above else 0
    told, block = _gone_on(stream, names, start, block) if start else (_Records(names, block), block)
    told.lines += blank
    quiet = 0
    while True:
        told.heard = False
        fault = ""
        try:
            told.parser.Parse(block, not block)
        except ExpatError as exc:
            column = "" if told.passed else f", column {exc.offset + 1}"
            fault = f"{ErrorString(exc.code)}, at line {exc.lineno + told.lines}{column}"
        except (LookupError, ValueError) as exc:  # of several bytes a character only UTF-8 and UTF-16
            raise UnreadableFile("the XML is in an encoding that is not read: save it in UTF-8") from exc
        yield from told.whole
        told.whole.clear()
        if fault:
            yield Reject(reason=f"the XML {'ends in its middle' if not block else 'is broken'}: {fault}")
        if fault or not block:
            return
        quiet = 0 if told.heard else quiet + len(block)
        if quiet > LONGEST_TAG:
            raise UnreadableFile(f"the XML has a tag or a comment of more than {LONGEST_TAG} bytes")
        block = stream.read(_READ)


def _gone_on(stream: Stream, names: Collection[str], start: int, block: bytes) -> tuple[_Records, bytes]:
    """What has read all above the first element, and the first bytes from `start` on; `block` are the document's first."""
    before, data = _Records(names, block), block
    with suppress(ExpatError):  # of what stands below the first
        before.parser.Parse(block, not block)
        while before.first < 0:  # it was there when the document was left
            block = stream.read(_READ)
            data += block
            before.parser.Parse(block, not block)
    if before.first < 0:
        raise UnreadableFile("the XML is another than it was when its reading was left")
    told, first = _Records(names, data), before.first
    told.parser.Parse(data[:first])
    told.first, told.above, told.passed = first, before.above, start - first
    behind, rest = data[first:start], data[start:]
    told.lines = behind.count(b"\n")
    gone = len(data)
    while gone < start and (block := stream.read(min(_READ, start - gone))):
        gone += len(block)
        told.lines += block.count(b"\n")
    return told, rest or stream.read(_READ)
