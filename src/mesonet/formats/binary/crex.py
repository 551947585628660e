"""CREX, the form of BUFR in characters: its descriptors are those of BUFR, its values groups of figures.

Source: WMO-No. 306, Manual on Codes, I.2, FM 95 CREX, editions 1 and 2. Section 1 has the descriptors (`B` elements, `D`
sequences, `R` replications, `C` operators), section 2 the values of each subset in groups as wide as table B says, a sign not
counted, `/` for missing ones; `+` parts subsets and `++` ends them. With `E` in section 1 each group has a check digit before
it. What the subsets say is understood as those of BUFR are. A group that is not as wide as the table says would be read wrongly
from there on, so its subset is a reject.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.binary.bufr import Subsets
from mesonet.formats.binary.bufr_message import MOST_VALUES, Allowance, Block, Value, sequence
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import SHOWN
from mesonet.record import dataclass
from mesonet.regex import regex

NAME = "crex"

_BEGIN, _END = b"CREX++", regex(rb"\+\+\s*7777")
_READ = 1 << 20
_LARGEST = 1 << 20  # bytes of one message; the manual has 15,000
_HEAD = regex(rb"CREX\+\+\s+T(\d{2})(\d{2})(\d{2,6})\s+A(\d{3})(?:\d{3})?\s")
_KINDS = {"B": 0, "R": 1, "C": 2, "D": 3}
_DESCRIPTOR = regex(r"([BRCD])(\d{2})(\d{3})", re.ASCII)
_BESIDE = regex(r"[PUSYH]\d{2,8}", re.ASCII)  # of edition 2: centre, update, subsets, date, time
_COUNT = 4  # figures of how often a replication is
_DEEPEST = 50
_UNTOLD = -1  # the descriptor of what is in a unit that is not BUFR's


@dataclass(frozen=True, slots=True)
class _Element:
    """`width` in characters; of numbers `scale` is as in BUFR. `kind`: c Celsius, n BUFR's unit, s text, x another unit."""

    width: int
    scale: int
    kind: str


@cache
def _elements() -> dict[int, _Element]:
    lines = files("mesonet.formats.binary").joinpath("crex_tables.txt").read_text("ascii").splitlines()
    told = (line.split() for line in lines if not line.startswith("#"))
    return {int(number): _Element(int(width), int(scale), kind) for number, width, scale, kind in told}


def sniff(head: bytes) -> Guess | None:
    found = _HEAD.search(head[:4096])
    if found is None:
        return None
    return Guess(0.98, f"CREX, edition {int(found[2])}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are subsets, counted from 1 through all messages. A message that cannot be read is a reject of its first subset."""
    allowance = Allowance()
    said = Subsets(context, allowance, frozenset(number for number, each in _elements().items() if each.kind == "c"))
    for data in _messages(stream):
        if isinstance(data, Reject):
            yield data
            continue
        first = said.rows + 1
        allowance.add(len(data))
        try:
            category, descriptors, checked, text = _sections(data)
            if not said.wants(category, 1 + len(re.findall(r"\+\s", text))):
                continue
            groups = _Groups(text, checked)
            while True:
                try:
                    found: list[tuple[int, Value]] = []
                    _values(groups, descriptors, found)
                    more = groups.more()
                except _Unlike as exc:
                    said.rows += 1
                    yield Reject(reason=exc.detail, row=said.rows, value=groups.shown())
                    more = groups.skip()
                else:
                    yield from said.take(Block.one(found), category)
                if not more:
                    break
        except UnreadableFile as exc:
            said.rows = max(said.rows, first)
            yield Reject(reason=exc.detail, row=said.rows, column=f"message of {len(data)} bytes")
    yield from said.end(0)


class _Unlike(UnreadableFile):
    """A group is not what its descriptor says."""


def _messages(stream: Stream) -> Iterator[bytes | Reject]:
    """From `CREX++` to `7777`, each."""
    held, at, ended = b"", 0, False  # what stands before `at` is done with
    while True:
        begin = held.find(_BEGIN, at)
        if begin < 0:
            if ended:
                return
            at = max(at, len(held) - len(_BEGIN))
        else:
            following = held.find(_BEGIN, begin + 1)
            end = _END.search(held, begin, following if following > 0 else len(held))
            if end:
                yield held[begin : end.start() + 2]
                at = end.end()
                continue
            if following > 0 or ended or len(held) - begin > _LARGEST:
                shown = held[begin : begin + SHOWN].decode("latin-1")
                yield Reject(reason="the message does not end with ++ and 7777", value=shown)
                at = following if following > 0 else begin + len(_BEGIN)
                continue
            at = begin
        data = stream.read(_READ)
        held, at, ended = held[at:] + data, 0, not data


def _sections(data: bytes) -> tuple[int, list[int], bool, str]:
    """Category (table A), descriptors, whether groups have check digits, and section 2. Raises UnreadableFile."""
    found = _HEAD.match(data)
    if found is None:
        raise UnreadableFile("the message does not begin as one of edition 1 or 2 does")
    edition = int(found[2])
    if edition not in (1, 2):
        raise UnreadableFile(f"CREX of edition {edition} is not read")
    described, sign, text = data[found.end() :].decode("latin-1").partition("++")
    groups = described.split()
    checked = bool(groups) and groups[-1] == "E"
    descriptors = []
    for group in groups[: len(groups) - checked]:
        if told := _DESCRIPTOR.fullmatch(group):
            descriptors.append(_KINDS[told[1]] * 100_000 + int(told[2]) * 1000 + int(told[3]))
        elif edition == 1 or not _BESIDE.fullmatch(group):
            raise UnreadableFile(f"{group[:20]!r} is no descriptor")
    if not descriptors or not sign:
        raise UnreadableFile("the message has no descriptors or no data")
    return int(found[4]), descriptors, checked, text


class _Groups:
    """The groups of section 2, one after the other."""

    def __init__(self, text: str, checked: bool) -> None:
        self._text = text
        self._at = self._begin = 0
        self._checked = checked
        self._count = 0
        self.steps = 0  # descriptors that were gone through, most of which take a group: replicated operators take none
        self.most = min(100 + 2 * len(text), MOST_VALUES)

    def take(self, width: int, *, words: bool = False) -> str | None:
        """The next group, without its check digit; None where it is missing. Raises _Unlike where it is not so wide."""
        text, at = self._text, self._at
        while at < len(text) and text[at].isspace():
            at += 1
        self._count += 1
        if text[at : at + 1] in ("", "+"):
            raise _Unlike("the subset has fewer groups than descriptors")
        if self._checked:
            if text[at : at + 1] != str(self._count % 10):
                raise _Unlike(f"the check digit of group {self._count} is not {self._count % 10}")
            at += 1
        signed = not words and text[at : at + 1] == "-"
        group = text[at + signed : at + signed + width]
        after = text[at + signed + width : at + signed + width + 1]
        if len(group) < width or not (after.isspace() or after == "+" or not after):
            raise _Unlike(f"group {self._count} is not of the {width} characters that table B says")
        self._at = at + signed + width
        if group == "/" * width:
            return None
        if not words and not (group.isascii() and group.isdecimal()):
            raise _Unlike(f"group {self._count} is no number")
        return ("-" if signed else "") + group

    def more(self) -> bool:
        """Whether another subset follows. Raises _Unlike where this one goes on."""
        left = self._text[self._at :].lstrip()
        if not left.startswith("+"):
            raise _Unlike("the subset has more groups than descriptors")
        return self.skip()

    def skip(self) -> bool:
        """Goes on behind the subset; whether there is another."""
        at = self._text.find("+", self._at)
        if at < 0 or self._text[at : at + 2] == "++":
            return False
        self._at = self._begin = at + 1
        self._count = self.steps = 0
        return True

    def shown(self) -> str:
        return " ".join(self._text[self._begin : self._begin + SHOWN].split())


def _values(groups: _Groups, descriptors: Sequence[int], found: list[tuple[int, Value]], width: int = 0, depth: int = 0) -> int:
    """Reads what descriptors say; returns the width that an operator has left."""
    if depth > _DEEPEST:
        raise UnreadableFile("the descriptors are nested too deeply")
    at = 0
    while at < len(descriptors):
        number = descriptors[at]
        kind, middle, last = number // 100_000, number // 1000 % 100, number % 1000
        at += 1
        groups.steps += 1
        if groups.steps > groups.most:
            raise UnreadableFile("a subset has too many values")
        if kind == 0:
            found.append(_value(groups, number, width))
        elif kind == 1:
            if at < len(descriptors) and not last and descriptors[at] // 1000 == 31:  # as BUFR's sequences write it
                at += 1
            times = last or int(groups.take(_COUNT) or 0)
            body = descriptors[at : at + middle]
            at += middle
            for _ in range(times):
                width = _values(groups, body, found, width, depth + 1)
        elif kind == 2 and middle == 1:
            width = last
        elif kind == 2 and middle == 5 and last:
            found.append((_UNTOLD, groups.take(last, words=True)))
        elif kind == 2:
            raise UnreadableFile(f"the operator C{middle:02d}{last:03d} is not read")
        else:
            parts = sequence(number)
            if parts is None:
                raise UnreadableFile(f"the sequence D{middle:02d}{last:03d} is in no table of WMO")
            width = _values(groups, parts, found, width, depth + 1)
    return width


def _value(groups: _Groups, number: int, width: int) -> tuple[int, Value]:
    """Descriptor and value of an element."""
    element = _elements().get(number)
    if element is None:
        raise UnreadableFile(f"the element B{number // 1000:02d}{number % 1000:03d} is in no table of WMO")
    text = groups.take(width or element.width, words=element.kind == "s")
    if text is None:
        return number, None
    if element.kind == "s":
        return number, text.strip()
    if element.kind == "x":
        return _UNTOLD, text
    figure, scale = int(text), element.scale
    return number, round(figure / 10**scale, scale) if scale > 0 else figure * int(10**-scale)
