"""One BUFR message: its sections, and the values of each subset in the order of the template.

Source: WMO-No. 306, Manual on Codes, I.2, FM 94 BUFR, editions 2 to 4, with the operators of table C that reports of stations
use: 201 to 208; replication, delayed or not; compressed or not. Of centres' own tables those of Offenbach (DWD) and of ECMWF
are known. Where a bitmap's statistics (223 to 232) begin, or what only another centre's own tables know, each subset is read up
to there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from struct import unpack

from mesonet.errors import UnreadableFile
from mesonet.formats.encoded import Encoded
from mesonet.record import dataclass, field, replace

MOST_VALUES = 200_000  # of one subset; a radiosonde with all its levels has some 60,000
MOST_ALL = 1_000_000  # values of one message that differ between compressed subsets: its length has three bytes
_MOST_AT_FIRST = 5_000  # values of a file, and elements of its templates, whatever its size
_MOST_A_BYTE = 2  # and beyond these of each byte, where compressed subsets count as one: reports have one at most
_WORK_AT_FIRST = 20_000  # of what is made of values, whatever the size: some milliseconds
_WORK_A_BYTE = 6  # and beyond these of each byte: minutes that hardly differ need four, compressed reports three
# of a subset with its time, a station, subsets with other heights than those before them, heights that are new, a quantity of
# subsets, a reject
A_REPLICATION = 3  # values that one takes as long as
A_SUBSET, A_STATION, A_RUN, A_STATE, A_QUANTITY, A_REJECT = 10, 60, 50, 80, 6, 100
_MOST_ELEMENTS = 20_000  # of one template; those of reports have some hundred
_MOST_PROGRAMS = 64
_LONGEST_STRETCH = 32  # elements that are taken at once: a number of more bits takes longer than two
_FEWEST = 4  # subsets that are not compressed, with the same elements, that are read at once
_MOST_AT_ONCE, _MOST_BITS = 250, 1 << 22
_MOST_MIXED, _FEWEST_MIXED = 16, 16  # shapes of these, where not all are alike; subsets of each
_FEW = 48  # whose numbers are cut out one by one: figures of all of them at once take as long as some fifty
_FIGURES = bytes(code & 1 for code in range(256))  # what the figures 0 and 1 are, by their code
_SIZES = ((1, "B"), (2, "H"), (4, "I"), (8, "Q"))  # bytes of a number, and struct's sign for them
_DEEPEST = 50  # sequences within sequences, and replications; the tables have eight
_WIDEST = 256  # bits of a number
_MASKS = tuple((1 << width) - 1 for width in range(_WIDEST + 1))
_FACTORS = (31000, 31001, 31002)
_REPEATS = (31011, 31012)
_COUNTS = frozenset((*_FACTORS, *_REPEATS))
_DAY = (4001, 4002, 4003)
_LEAST = 48  # bits of a subset that says which station it is of, and when
_MOST_UNREAD = 4096  # bits of a subset that are looked for: a hundred elements
_MOST_LOOKED_AT = 50_000  # values that are read on the way
_NEWEST = 999
_FILL = 16  # bits that edition 3 fills a section with, less one; edition 4 has eight
_ENDED = "the data end before the template"
ASSOCIATED = -1  # the descriptor of an associated field

type Value = float | int | str | None
type Values = Encoded[Value] | tuple[Value]  # of subsets; one where all of them have the same


@dataclass(frozen=True, slots=True)
class Element:
    """`scale` and `reference` make a number of bits; text where `text`."""

    descriptor: int
    width: int
    scale: int = 0
    reference: int = 0
    text: bool = False


@dataclass(frozen=True, slots=True)
class Replicated:
    """A part of a template, as many times as `factor` says in the data. `repeated`: it stands there once."""

    factor: Element
    body: "Program"
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference value that an element has from here on, in so many bits of the data, the first of which is its sign."""

    descriptor: int
    width: int


@dataclass(frozen=True, slots=True)
class Changed:
    """An element whose reference value is in the data."""

    element: Element


@dataclass(frozen=True, slots=True)
class Stretch:
    """Elements behind one another, in so many bits. Of each its place and mask, what is missing, reference value and power of
    ten; at last the element where it is a text or has tens."""

    width: int
    elements: tuple[Element, ...]
    descriptors: tuple[int, ...]
    fields: tuple[tuple[int, int, int, int, int, Element | None], ...]


@dataclass(frozen=True, slots=True)
class Stretches:
    """A replicated part of stretches. `width` is the body's, where nothing in it is replicated or a reference. Where the body
    is one stretch, `few` has twice of it, thrice, … at these places, each one stretch again."""

    factor: Element
    body: "Stretched"
    repeated: bool
    width: int | None
    few: "tuple[Stretched, ...]"


type Stretched = tuple[Stretch | Stretches | Reference | Changed, ...]
type Step = Element | Replicated | Reference | Changed
type Program = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`category` is table A's; `template` the descriptors of section 3; `bits` the bytes of section 4; `version` is that of
    WMO's tables, `local` that of the centre's own."""

    edition: int
    centre: int
    category: int
    version: int
    local: int = 0
    subsets: int
    compressed: bool
    template: tuple[int, ...]
    bits: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """As many as `count` subsets of one message, element by element."""

    descriptors: tuple[int, ...]
    columns: Sequence[Values]
    count: int = 1

    @classmethod
    def one(cls, subset: Sequence[tuple[int, Value]]) -> "Block":
        descriptors = tuple([descriptor for descriptor, _ in subset])
        return cls(descriptors=descriptors, columns=[(value,) for _, value in subset])

    def each(self) -> Iterator[list[tuple[int, Value]]]:
        """Descriptor and value of the elements, subset by subset."""
        for at in range(self.count):
            values = (column[at] if len(column) > 1 else column[0] for column in self.columns)
            yield list(zip(self.descriptors, values, strict=True))


@dataclass(frozen=True, slots=True)
class Mixed:
    """Subsets behind one another that have other elements than those beside them, by what they have; `order` says of each in
    which block it is, where the next is meant."""

    blocks: Sequence[Block]
    order: Sequence[int]

    @property
    def count(self) -> int:
        return len(self.order)

    def each(self) -> Iterator[list[tuple[int, Value]]]:
        """The same as of a block."""
        given = [block.each() for block in self.blocks]
        return (next(given[at]) for at in self.order)


def message(data: bytes) -> Message:
    """The sections of one message, which `data` holds from `BUFR` on. Raises UnreadableFile."""
    edition = data[7] if len(data) > 7 else 0
    if edition not in (2, 3, 4):
        raise UnreadableFile(f"BUFR of edition {edition} is not read" if edition else "the message has no beginning")
    try:
        at = 8
        length = int.from_bytes(data[at : at + 3])
        if edition == 4:
            centre, second = int.from_bytes(data[at + 4 : at + 6]), data[at + 9]
            category, version, local = data[at + 10], data[at + 13], data[at + 14]
        else:
            centre, second, category = data[at + 5], data[at + 7], data[at + 8]
            version, local = data[at + 10], data[at + 11]
        at += length
        if second & 0x80:
            at += int.from_bytes(data[at : at + 3])
        length = int.from_bytes(data[at : at + 3])
        subsets, flags = int.from_bytes(data[at + 4 : at + 6]), data[at + 6]
        descriptors = data[at + 7 : at + length]
        template = tuple(
            (code >> 14) * 100_000 + (code >> 8 & 63) * 1000 + (code & 255)
            for code in (int.from_bytes(descriptors[i : i + 2]) for i in range(0, len(descriptors) - 1, 2))
        )
        if length % 2 == 0 and template and template[-1] == 0:
            template = template[:-1]  # edition 3 fills sections up to a whole number of pairs
        at += length
        length = int.from_bytes(data[at : at + 3])
        bits = data[at + 4 : at + length]
    except IndexError:
        raise UnreadableFile("the message ends within its sections") from None
    if not template or length < 4:
        raise UnreadableFile("the message has no template or no data")
    return Message(
        edition=edition,
        centre=centre,
        category=category,
        version=version,
        local=local,
        subsets=subsets,
        compressed=bool(flags & 0x40),
        template=template,
        bits=bits,
    )


def types_told(given: Message) -> dict[int, str]:
    """What a message of category 11 says of the types of messages behind it: by their category their names, as NCEP writes its
    tables in front of its files (NCEPLIBS-bufr, DX BUFR tables): entries of 67 bytes behind their number."""
    bits = given.bits
    entries = [bits[1 + 67 * number :][:67].decode("ascii", "replace") for number in range(bits[0] if bits else 0)]
    return {int(each[:3]): " ".join(each[3:].split()) for each in entries if each[:3].isdecimal()}


@dataclass(frozen=True, slots=True)
class _Tables:
    """B and D, each entry with the last version that it holds in, oldest first."""

    elements: dict[int, list[tuple[int, Element]]] = field(default_factory=dict)
    sequences: dict[int, list[tuple[int, tuple[int, ...]]]] = field(default_factory=dict)

    def add(self, number: int, fields: Sequence[str]) -> None:
        if number < 100_000:
            width, scale, reference, kind, *until = fields
            element = Element(number, int(width), int(scale), int(reference), kind == "s")
            self.elements.setdefault(number, []).append((int(until[0]) if until else _NEWEST, element))
        else:
            parts, *until = fields
            sequence = tuple(map(int, parts.split(",")))
            self.sequences.setdefault(number, []).append((int(until[0]) if until else _NEWEST, sequence))

    def element(self, number: int, version: int) -> Element | None:
        return next((element for until, element in self.elements.get(number, ()) if version <= until), None)

    def sequence(self, number: int, version: int) -> tuple[int, ...] | None:
        return next((parts for until, parts in self.sequences.get(number, ()) if version <= until), None)


@cache
def _tables() -> _Tables:
    """WMO's."""
    return _listed("bufr_tables.txt")[0]


def sequence(number: int) -> tuple[int, ...] | None:
    """What WMO's newest table D has for a descriptor."""
    return _tables().sequence(number, _NEWEST)


@cache
def _local_tables() -> dict[int, _Tables]:
    """Those of centres, by their number in common code table C-11."""
    return _listed("bufr_local_tables.txt")


def _listed(name: str) -> dict[int, _Tables]:
    centre, tables = 0, dict[int, _Tables]()
    for line in files("mesonet.formats.binary").joinpath(name).read_text("ascii").splitlines():
        first, *fields = line.split()
        if first == "centre":
            centre = int(fields[0])
        elif first != "#":
            tables.setdefault(centre, _Tables()).add(int(first), fields)
    return tables


class Allowance:
    """What the messages of one file may say together: compressed or repeated, a megabyte of them could say hundreds of millions
    of values, and as many elements of templates. `looks` are the values that may be read to tell subsets apart."""

    def __init__(self) -> None:
        self.values = self._elements = _MOST_AT_FIRST
        self.looks = _MOST_LOOKED_AT
        self._work = _WORK_AT_FIRST
        self._known: set[tuple[object, ...]] = set()
        self._stretches: dict[tuple[object, ...], Stretched] = {}
        self.gaps: dict[tuple[int, ...], int] = {}  # bits between subsets that were found, by template

    def add(self, size: int) -> None:
        """For so many more bytes."""
        more = size * _MOST_A_BYTE
        self.values, self._elements = max(self.values, 0) + more, self._elements + more
        self.looks = max(self.looks, 0) + more
        self._work += size * _WORK_A_BYTE

    def spend(self, count: int) -> None:
        """For values that are read. Raises UnreadableFile where there is nothing left."""
        self.values -= count
        if self.values < 0:
            raise UnreadableFile(f"more than {_MOST_A_BYTE} values for each byte of the file, which no reports have")

    def take(self, work: int) -> None:
        """For what is made of subsets. Raises UnreadableFile where there is nothing left."""
        if work > self._work:
            raise UnreadableFile("more observations for each byte of the file than any reports have")
        self._work -= work

    def program(self, given: Message) -> tuple[Program, str | None]:
        """What to read for a message, and why no further. Raises UnreadableFile."""
        asked = given.template, given.version, given.centre, given.local
        if asked not in self._known and self._elements < 0:
            raise UnreadableFile("the templates of the file are too many, and too long, for its size")
        plan, end, size = program(*asked)
        if asked not in self._known:
            if len(self._known) == _MOST_PROGRAMS:
                self._known.clear()
            self._known.add(asked)
            self._elements -= size
        return plan, end

    def stretched(self, given: Message, plan: Program) -> Stretched:
        """The program of a message, as subsets are read that are not compressed."""
        asked = given.template, given.version, given.centre, given.local
        if asked not in self._stretches:
            if len(self._stretches) == _MOST_PROGRAMS:
                self._stretches.clear()
            self._stretches[asked] = _stretched(plan)
        return self._stretches[asked]


class _Compiler:
    """Turns descriptors into a program. The operators of table C change what follows them."""

    def __init__(self, version: int, centre: int = 0, local: int = 0) -> None:
        self._version = version
        self._centre, self._local_version = centre, local or 1
        self._width = self._scale = self._increase = self._text = self._local = 0
        self._associated: list[int] = []
        self._quality = False
        self.count = self._defined = 0
        self._changed: set[int] = set()
        self.end: str | None = None  # why the template is not understood to its end

    def compile(self, descriptors: Sequence[int], depth: int = 0) -> Program:
        """The program, up to where the template is understood."""
        if depth > _DEEPEST:
            raise UnreadableFile("the template is nested too deeply")
        program: list[Step] = []
        at = 0
        while at < len(descriptors) and self.end is None:
            number = descriptors[at]
            kind, middle, last = number // 100_000, number // 1000 % 100, number % 1000
            at += 1
            self._add(1)
            if kind == 0:
                single = list(self._single(number))
                program += map(_about, single) if self._quality else single
            elif kind == 1:
                factor = None
                if not last:
                    factor = self._element(descriptors[at]) if at < len(descriptors) else None
                    at += 1
                    if factor is None or factor.descriptor not in _COUNTS:
                        raise UnreadableFile("a replication of the template has no factor")
                body = self.compile(descriptors[at : at + middle], depth + 1)
                at += middle
                if self._ended():
                    break  # how often is told, but not where the first time ends
                if factor is None:
                    self._add(len(body) * (last - 1))
                    program += body * last
                else:
                    program.append(Replicated(factor, body, factor.descriptor in _REPEATS))
            elif kind == 2:
                program += self._operator(middle, last, number)
            else:
                sequence = self._sequence(number)
                if sequence is None:
                    self.end = f"the sequence {_written(number)} of the template is in no table of WMO"
                    break
                program += self.compile(sequence, depth + 1)
        return tuple(program)

    def _add(self, count: int) -> None:
        self.count += count
        if self.count > _MOST_ELEMENTS:
            raise UnreadableFile("the template has too many elements")

    def _ended(self) -> bool:
        return self.end is not None

    def _own_tables(self, number: int) -> _Tables | None:
        """The centre's, for what WMO leaves to centres: classes from 48 and entries from 192."""
        return _local_tables().get(self._centre) if number // 1000 % 100 >= 48 or number % 1000 >= 192 else None

    def _element(self, number: int) -> Element | None:
        own = self._own_tables(number)
        return _tables().element(number, self._version) or (own.element(number, self._local_version) if own else None)

    def _sequence(self, number: int) -> tuple[int, ...] | None:
        own = self._own_tables(number)
        return _tables().sequence(number, self._version) or (own.sequence(number, self._local_version) if own else None)

    def _single(self, number: int) -> Iterator[Step]:
        element = self._element(number)
        if self._defined:
            self._changed.add(number)
            yield Reference(number, self._defined)
            return
        local, self._local = self._local, 0
        if local:
            yield element if element is not None and element.width == local else Element(number, local)
            return
        if element is None:
            self.end = f"the element {_written(number)} of the template is in no table of WMO"
            return
        if self._associated and number // 1000 != 31:
            width = sum(self._associated)
            if width > _WIDEST:
                raise UnreadableFile(f"the fields that go with the element {_written(number)} have {width} bits")
            yield Element(ASSOCIATED, width)
        if element.text:
            yield Element(number, self._text or element.width, text=True) if self._text else element
        elif number // 1000 == 31 or not (self._width or self._scale or self._increase):
            yield Changed(element) if number in self._changed else element
        else:
            width, scale, reference = element.width + self._width, element.scale + self._scale, element.reference
            if self._increase:
                width += (10 * self._increase + 2) // 3
                scale += self._increase
                reference *= 10**self._increase
            if not 0 < width <= _WIDEST or abs(scale) > 300:
                raise UnreadableFile(f"the element {_written(number)} has {width} bits")
            if number in self._changed and self._increase:
                raise UnreadableFile(f"the element {_written(number)} has a changed reference value, which is increased")
            told = Element(number, width, scale, reference)
            yield Changed(told) if number in self._changed else told

    def _operator(self, middle: int, last: int, number: int) -> Iterator[Element]:
        match middle:
            case 1:
                self._width = last - 128 if last else 0
            case 2:
                self._scale = last - 128 if last else 0
            case 3 if not last:
                self._changed.clear()
            case 3:
                self._defined = 0 if last == 255 else last
            case 4:
                self._associated.append(last) if last else self._associated and self._associated.pop()
            case 5 if last:
                yield Element(number, 8 * last, text=True)
            case 6:
                self._local = last
            case 7:
                self._increase = last
            case 8:
                self._text = 8 * last
            case 22 | 35 | 36 | 37 if last in (0, 255):
                self._quality = self._quality or middle == 22  # what follows is about the values, and has no values of its own
            case _:
                self.end = f"the operator {_written(number)} of the template is not read"


def _written(number: int) -> str:
    return f"{number // 100_000} {number // 1000 % 100:02d} {number % 1000:03d}"


def _about(step: Step) -> Step:
    """The same, but said about a value."""
    return replace(step, descriptor=ASSOCIATED) if isinstance(step, Element) else step


@lru_cache(maxsize=_MOST_PROGRAMS)
def program(template: tuple[int, ...], version: int, centre: int = 0, local: int = 0) -> tuple[Program, str | None, int]:
    """What to read for a template, why no further, and of how many elements it is made. Raises UnreadableFile."""
    compiler = _Compiler(version, centre, local)
    return compiler.compile(template), compiler.end, compiler.count


def subsets(given: Message, allowance: Allowance | None = None) -> Iterator[Block | Mixed]:
    """Those of a compressed message at once, others as many at once as stand behind one another with the same elements, or have
    the same as some near them. Raises UnreadableFile where the data end before the template, and at last where the template is
    not understood to its end: what stands before that was given."""
    allowance = allowance or Allowance()
    allowance.add(len(given.bits))
    plan, end = allowance.program(given)
    if not plan:
        raise UnreadableFile(f"{end or 'the template has no elements'}: nothing stands before that")
    bits = _Bits(given.bits, allowance)
    if given.compressed:
        if given.subsets:
            yield _compressed(bits, given.subsets, plan)
    elif end is None:
        yield from _uncompressed(bits, given.subsets, allowance.stretched(given, plan))
    else:
        unread = _unread(given, plan, allowance) if given.subsets > 1 else 0
        count = 1 if unread is None else given.subsets
        yield from _uncompressed(bits, count, allowance.stretched(given, plan), unread or 0)
        if unread is None:
            end += ": read up to there, of the first subset alone"
    if end is not None:
        raise UnreadableFile(end if "alone" in end else f"{end}: each subset is read up to there")


def _stretched(plan: Program, known: dict[int, tuple[Stretched, int | None, tuple[Stretched, ...]]] | None = None) -> Stretched:
    """The same with its elements in stretches. What is replicated is often one body at many places, in others that are so."""
    known = {} if known is None else known
    found: list[Stretch | Stretches | Reference | Changed] = []
    elements: list[Element] = []

    def end() -> None:
        if elements:
            found.append(_stretch(elements))
            elements.clear()

    for step in plan:
        if isinstance(step, Element):
            elements.append(step)
            if len(elements) == _LONGEST_STRETCH:
                end()
            continue
        end()
        if isinstance(step, Replicated):
            if id(step.body) not in known:
                body = _stretched(step.body, known)
                known[id(step.body)] = body, _width(body), _multiples(body)
            body, width, multiples = known[id(step.body)]
            found.append(Stretches(step.factor, body, step.repeated, width, multiples))
        else:
            found.append(step)
    end()
    return tuple(found)


def _multiples(body: Stretched) -> tuple[Stretched, ...]:
    one = body[0] if len(body) == 1 else None
    if not isinstance(one, Stretch) or len(one.elements) * (_FEWEST - 1) > _LONGEST_STRETCH:
        return ()
    several = [(_stretch(one.elements * times),) for times in range(2, _FEWEST)]
    return ((), body, *several)


def _stretch(elements: Sequence[Element]) -> Stretch:
    left = width = sum(element.width for element in elements)
    fields = []
    for each in elements:
        left -= each.width
        mask, odd = _MASKS[each.width] if not each.text else (1 << each.width) - 1, each.text or each.scale < 0
        missing = -1 if each.width == 1 or each.descriptor in _COUNTS else mask
        fields.append((left, mask, missing, each.reference, 10 ** max(each.scale, 0), each if odd else None))
    return Stretch(width, tuple(elements), tuple(each.descriptor for each in elements), tuple(fields))


def _width(plan: Stretched) -> int | None:
    fixed = sum(
        step.width if isinstance(step, Stretch) else step.element.width for step in plan if isinstance(step, Stretch | Changed)
    )
    return fixed if all(isinstance(step, Stretch | Changed) for step in plan) else None


def _uncompressed(bits: "_Bits", count: int, plan: Stretched, unread: int | None = None) -> Iterator[Block | Mixed]:
    """`unread` are so many bits behind each, if the template is not understood to its end."""
    left, gap = count, unread or 0
    few: list[tuple[tuple[int, ...], int, int]] = []  # shapes that are met seldom there
    different: set[tuple[int, ...]] = set()
    for told, width, many in _shapes(bits, count, plan, gap) if count >= _FEWEST else ():
        left -= many
        if many < _FEWEST:
            few.append((told, width, many))
            different.add(told)
            if len(few) < _MOST_AT_ONCE and len(different) <= _MOST_MIXED:
                continue
        yield from _mixed(bits, few, plan, unread)
        few.clear()
        different.clear()
        if many < _FEWEST:
            continue
        places = _Places(plan, told) if width >= _LEAST else None
        most = min(_MOST_AT_ONCE, _MOST_BITS // (width + gap)) if places else 0
        while places and many >= _FEWEST <= most and 0 < places.count * (some := min(many, most)) <= bits.allowance.values:
            bits.allowance.spend(places.count * some)
            yield bits.block(places.found, range(bits.at, bits.at + some * (width + gap), width + gap))
            bits.at += some * (width + gap)
            many -= some
        yield from _one_by_one(bits, many, plan, unread)
    yield from _mixed(bits, few, plan, unread)
    yield from _one_by_one(bits, left, plan, unread)


def _mixed(
    bits: "_Bits", given: Sequence[tuple[tuple[int, ...], int, int]], plan: Stretched, unread: int | None
) -> Iterator[Block | Mixed]:
    """Subsets of these shapes, by shape where that is less work."""
    begins: dict[tuple[int, ...], list[int]] = {}
    order: list[int] = []
    codes: dict[tuple[int, ...], int] = {}
    at, gap = bits.at, unread or 0
    for told, width, many in given:
        if told not in codes:
            codes[told], begins[told] = len(codes), []
        order += [codes[told]] * many
        begins[told] += range(at, at + (width + gap) * many, width + gap)
        at += (width + gap) * many
    if len(order) >= _FEWEST_MIXED * len(codes) > 0 and min(width for _, width, _ in given) >= _LEAST:
        found = [_Places(plan, told) for told in begins]
        count = sum(places.count * len(each) for places, each in zip(found, begins.values(), strict=True))
        if 0 < count <= bits.allowance.values:
            bits.allowance.spend(count)
            bits.at = at
            blocks = [bits.block(places.joined(), each) for places, each in zip(found, begins.values(), strict=True)]
            yield Mixed(blocks, order)
            return
    yield from _one_by_one(bits, len(order), plan, unread)


def _one_by_one(bits: "_Bits", count: int, plan: Stretched, unread: int | None) -> Iterator[Block]:
    for _ in range(count):
        at = bits.at
        yield _subset(bits, plan)
        if unread is None and bits.at - at < _LEAST:
            raise UnreadableFile(f"a subset has {bits.at - at} bits: no report of a station is that short")
        bits.at += unread or 0


def _shapes(bits: "_Bits", count: int, plan: Stretched, gap: int) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """What in subsets says which elements they have, of how many bits each is, and how many behind one another are alike; up to
    where the data end."""
    if width := _width(plan):
        if many := min(count, (bits.end - bits.at + gap) // (width + gap)):
            yield (), width, many
    else:
        for (told, width), alike in groupby(_each_shape(bits, count, plan, gap)):
            yield told, width, len([*alike])


def _each_shape(bits: "_Bits", count: int, plan: Stretched, gap: int) -> Iterator[tuple[tuple[int, ...], int]]:
    ahead = _Bits(bits.data, bits.allowance)
    with suppress(UnreadableFile):
        for _ in range(count):
            at = ahead.at
            told: list[int] = []
            _pass(ahead, plan, told)
            if ahead.at > ahead.end:
                break
            yield tuple(told), ahead.at - at
            ahead.at += gap


def _pass(bits: "_Bits", plan: Stretched, told: list[int]) -> None:
    """Passes over a subset; `told` are its counts of replications and its reference values."""
    for step in plan:
        if isinstance(step, Stretch):
            bits.at += step.width
        elif isinstance(step, Changed):
            bits.at += step.element.width
        elif isinstance(step, Reference):
            told.append(bits.take(step.width))
        else:
            times = bits.take(step.factor.width)
            told.append(times)
            times = min(times, 1) if step.repeated else times
            if step.width is not None:
                bits.at += times * step.width
                continue
            for _ in range(times):
                _pass(bits, step.body, told)


class _Places:
    """Where in a subset its stretches begin, whose counts and references are `told`; `count` are the elements in them."""

    def __init__(self, plan: Stretched, told: Iterable[int]) -> None:
        self.found: list[tuple[Stretch, int]] = []
        self.count = 0
        self._told = iter(told)
        self._references: dict[int, int] = {}
        self._at = 0
        self._go(plan)

    def _go(self, plan: Stretched) -> None:
        for step in plan:
            if isinstance(step, Stretch):
                self._add(step)
            elif isinstance(step, Reference):
                self._references[step.descriptor] = _signed(next(self._told), step.width)
                self._add(_stretch([Element(ASSOCIATED, step.width)]))
            elif isinstance(step, Changed):
                self._add(_stretch([_referred(step.element, self._references)]))
            else:
                self._add(_stretch([step.factor]))
                times, begin, count = next(self._told), len(self.found), self.count
                for _ in range((min(times, 1) if step.repeated else times) if step.body else 0):
                    self._go(step.body)
                    _few(self.count)
                if step.repeated:
                    self.count = count + times * (self.count - count)
                    _few(self.count)
                    self.found[begin:] *= times

    def joined(self) -> list[tuple[Stretch, int]]:
        """The same in stretches as long as they may be."""
        elements, found, at = [each for stretch, _ in self.found for each in stretch.elements], list[tuple[Stretch, int]](), 0
        for first in range(0, len(elements), _LONGEST_STRETCH):
            found.append((_stretch(elements[first : first + _LONGEST_STRETCH]), at))
            at += found[-1][0].width
        return found

    def _add(self, stretch: Stretch) -> None:
        self.found.append((stretch, self._at))
        self._at += stretch.width
        self.count += len(stretch.elements)


def _few(values: int) -> None:
    if values > MOST_VALUES:
        raise UnreadableFile("a subset has too many values")


def _subset(bits: "_Bits", plan: Stretched) -> Block:
    descriptors: list[int] = []
    values: list[Value] = []
    _read(bits, plan, descriptors, values)
    return Block(descriptors=tuple(descriptors), columns=[(value,) for value in values])


def _unread(given: Message, plan: Program, allowance: Allowance) -> int | None:
    """How many bits of each subset, all behind what is understood, are not: the one number with which the subsets fill the data
    and each says the day that the first says. None where none does, or several do. What a template had is tried first."""
    head = next((at + 1 for at, step in enumerate(plan) if isinstance(step, Element) and step.descriptor == _DAY[-1]), 0)
    whole, first = allowance.stretched(given, plan), _stretched(plan[:head])
    looks = Allowance()
    looks.values = most = min(allowance.looks, _MOST_LOOKED_AT)
    bits, found = _Bits(given.bits, looks), list[int]()
    day = _day(_subset(bits, first))
    if not _is_a_day(day):
        return None
    bits.at = 0
    _subset(bits, whole)
    begin, known = bits.at, allowance.gaps.get(given.template, -1)
    for gap in (known, *range(min((bits.end - begin) // (given.subsets - 1), _MOST_UNREAD) + 1))[known < 0 :]:
        bits.at = begin + gap
        with suppress(UnreadableFile):
            for _ in range(given.subsets - 1):
                at = bits.at
                if _day(_subset(bits, first)) != day:
                    break
                bits.at = at
                _subset(bits, whole)
                bits.at += gap
            else:
                if 0 <= bits.end - bits.at < _FILL:
                    found.append(gap)
        if gap in (known, *found[1:]) or looks.values < 0:
            break
    allowance.looks -= most - looks.values
    if len(found) != 1:
        return None
    allowance.gaps[given.template] = found[0]
    return found[0]


def _is_a_day(told: tuple[Value, ...]) -> bool:
    year, month, day = (each if isinstance(each, int) else 0 for each in told)
    return 1900 < year < 2100 and 1 <= month <= 12 and 1 <= day <= 31


def _day(head: Block) -> tuple[Value, ...]:
    told = dict(zip(reversed(head.descriptors), reversed(head.columns), strict=True))
    return tuple(told.get(each, (None,))[0] for each in _DAY)


class _Bits:
    __slots__ = ("allowance", "at", "data", "differing", "end", "references")

    def __init__(self, data: bytes, allowance: Allowance) -> None:
        self.data = data
        self.allowance = allowance
        self.at = self.differing = 0
        self.end = len(data) * 8
        self.references: dict[int, int] = {}

    def take(self, width: int) -> int:
        at = self.at
        end = self.at = at + width
        if end > self.end:
            raise UnreadableFile(_ENDED)
        return int.from_bytes(self.data[at >> 3 : (end + 7) >> 3]) >> (-end & 7) & ((1 << width) - 1)

    def column(self, width: int, count: int) -> Sequence[int]:
        """So many numbers of so many bits."""
        at, end = self.at, self.at + width * count
        if end > self.end:
            raise UnreadableFile(_ENDED)
        self.at, self.differing = end, self.differing + count
        if self.differing > MOST_ALL:
            raise UnreadableFile(f"the message has more than {MOST_ALL} values that differ between its subsets")
        if width > 64:
            return self._wide(range(at, end, width), width)
        return _numbers(self._figures(at, width * count), 0, width, width, count)

    def block(self, places: Sequence[tuple[Stretch, int]], begins: Sequence[int]) -> Block:
        """Subsets that begin so, whose stretches begin at these places behind that."""
        count, begin, stride = len(begins), begins[0], begins.step if isinstance(begins, range) else 0
        few = not stride or count < _FEW
        figures = b"" if few else self._figures(begin, min(stride * count, self.end - begin))
        descriptors: list[int] = []
        columns: list[Values] = []
        for stretch, at in places:
            descriptors += stretch.descriptors
            wholes = self._wide([each + at for each in begins], stretch.width) if few else []
            for element, (left, mask, *_) in zip(stretch.elements, stretch.fields, strict=True):
                width = element.width
                raws: Sequence[int]
                if few:
                    raws = [whole >> left & mask for whole in wholes]
                elif width > 64:
                    raws = self._wide([each + at for each in begins], width)
                else:
                    raws = _numbers(figures, at, width, stride, count)
                known = _meanings(set(raws), 0, element, width)
                columns.append(Encoded(raws, known) if len(known) > 1 else (next(iter(known.values())),))
                at += width
        return Block(descriptors=tuple(descriptors), columns=columns, count=count)

    def stretches(self, stretch: Stretch, count: int) -> list[Value]:
        """So many behind one another."""
        if self.at + stretch.width * count > self.end:
            raise UnreadableFile(_ENDED)
        size = len(stretch.elements)
        values: list[Value] = [None] * (count * size)
        begin, self.at = self.at, self.at + stretch.width * count
        for place, column in enumerate(self.block([(stretch, 0)], range(begin, self.at, stretch.width)).columns):
            values[place::size] = column if len(column) > 1 else [column[0]] * count
        return values

    def _figures(self, begin: int, size: int) -> bytes:
        """So many bits, a byte each."""
        end = begin + size
        behind = -end % 8  # in the last byte
        data = int.from_bytes(self.data[begin >> 3 : (end + 7) >> 3]) & ((1 << size + behind) - 1)
        return f"{data:0{size + behind}b}".encode().translate(_FIGURES)[:size]

    def _wide(self, begins: Iterable[int], width: int) -> list[int]:
        mask = (1 << width) - 1
        return [
            int.from_bytes(self.data[begin >> 3 : (begin + width + 7) >> 3]) >> (-(begin + width) & 7) & mask
            for begin in begins
        ]

    def refer(self, step: Reference) -> int:
        """Takes a reference value."""
        self.references[step.descriptor] = _signed(self.take(step.width), step.width)
        return self.references[step.descriptor]

    def changed(self, step: Changed) -> Element:
        return _referred(step.element, self.references)


def _numbers(figures: bytes, begin: int, width: int, stride: int, count: int) -> Sequence[int]:
    """Numbers of up to 64 bits, each so many figures behind the one before it: the first of all are put together, then the
    second of all."""
    size, code = next(each for each in _SIZES if 8 * each[0] >= width)
    numbers = bytearray(size * count)
    for byte in range(-(-width // 8)):
        eight = 0
        for bit in range(begin + max(width - 8 * byte - 8, 0), begin + width - 8 * byte):
            eight = eight << 1 | int.from_bytes(figures[bit::stride])
        numbers[size - 1 - byte :: size] = eight.to_bytes(count)
    return numbers if size == 1 else unpack(f">{count}{code}", numbers)


def _signed(raw: int, width: int) -> int:
    """A reference value; a negative one has its first bit set."""
    sign = 1 << (width - 1)
    return -(raw - sign) if raw & sign else raw


def _referred(element: Element, references: Mapping[int, int]) -> Element:
    return replace(element, reference=references.get(element.descriptor, element.reference))


def _number(raw: int, element: Element) -> Value:
    if raw == _MASKS[element.width] and element.width > 1 and element.descriptor not in _COUNTS:
        return None
    number, scale = raw + element.reference, element.scale
    if scale > 0:
        decimal: float = number / 10**scale  # the nearest that there is
        return decimal
    return number * int(10**-scale) if scale else number


def _string(raw: int, width: int) -> str | None:
    size = width // 8
    data = raw.to_bytes(size)
    return None if data == b"\xff" * size else data.decode("latin-1").strip(" \x00")


def _read(bits: _Bits, plan: Stretched, descriptors: list[int], values: list[Value]) -> None:
    append = values.append
    for step in plan:
        if isinstance(step, Stretch):
            bits.allowance.spend(len(step.fields))
            whole = bits.take(step.width)
            descriptors += step.descriptors
            for shift, mask, missing, reference, power, element in step.fields:
                raw = whole >> shift & mask
                if element:
                    append(_string(raw, element.width) if element.text else _number(raw, element))
                elif raw == missing:
                    append(None)
                else:
                    append((raw + reference) / power if power > 1 else raw + reference)
            continue
        if isinstance(step, Reference):
            descriptors.append(ASSOCIATED)
            values.append(bits.refer(step))
            continue
        if isinstance(step, Changed):
            element = bits.changed(step)
            descriptors.append(element.descriptor)
            values.append(_number(bits.take(element.width), element))
            continue
        times = bits.take(step.factor.width)
        descriptors.append(step.factor.descriptor)
        values.append(times)
        bits.allowance.spend(times * len(step.body) + A_REPLICATION)
        begin, once = len(values), min(times, 1) if step.repeated else times
        body = step.body[0] if len(step.body) == 1 else None
        if isinstance(body, Stretch) and once >= _FEWEST:
            bits.allowance.spend(once * len(body.fields))
            descriptors += body.descriptors * once
            values += bits.stretches(body, once)
        elif once < len(step.few):
            _read(bits, step.few[once], descriptors, values)
        else:
            for _ in range(once if step.body else 0):
                _read(bits, step.body, descriptors, values)
        if step.repeated and times > 1:
            bits.allowance.spend((len(values) - begin - len(step.body)) * times)  # replications within count anew
            descriptors += descriptors[begin:] * (times - 1)
            values += values[begin:] * (times - 1)
        _few(len(values))


def _compressed(bits: _Bits, count: int, plan: Program) -> Block:
    """Values of one element of all subsets stand together, as differences from the least."""
    if count * 100 > MOST_ALL or count > len(bits.data):
        raise UnreadableFile(f"the message claims {count} subsets, too many for {len(bits.data)} bytes of data")
    descriptors: list[int] = []
    columns: list[Values] = []
    bits.allowance.spend(len(plan))
    _read_compressed(bits, plan, count, descriptors, columns)
    return Block(descriptors=tuple(descriptors), columns=columns, count=count)


def _read_compressed(bits: _Bits, plan: Program, count: int, descriptors: list[int], columns: list[Values]) -> None:
    for step in plan:
        if isinstance(step, Reference | Changed):  # decoders do not agree whether a count of bits stands behind it
            raise UnreadableFile("changed reference values (2 03) of a compressed message are not read")
        if isinstance(step, Replicated):
            times = bits.take(step.factor.width)
            if bits.take(6):
                raise UnreadableFile("the subsets of a compressed message have different replications")
            descriptors.append(step.factor.descriptor)
            columns.append((times,))
            bits.allowance.spend(times * len(step.body))
            begin = len(columns)
            for _ in range((1 if step.repeated else times) if step.body else 0):
                _read_compressed(bits, step.body, count, descriptors, columns)
            if step.repeated:
                bits.allowance.spend((len(columns) - begin - len(step.body)) * times)
                descriptors[begin:] *= times
                columns[begin:] *= times
            continue
        told = bits.take(step.width + 6)
        least, increment = told >> 6, told & 63
        descriptors.append(step.descriptor)
        if not increment:
            columns.append((_string(least, step.width) if step.text else _number(least, step),))
            continue
        each = 8 * increment if step.text else increment
        raws = bits.column(each, count)
        known = _meanings(set(raws), least, step, each)
        if not step.text and _MASKS[each] in known:
            known[_MASKS[each]] = None
        columns.append(Encoded(raws, known) if len(known) > 1 else (next(iter(known.values())),))


def _meanings(raws: set[int], least: int, element: Element, width: int) -> dict[int, Value]:
    """What differences from the least mean; `width` are a text's bits."""
    if element.text:
        return {raw: _string(raw, width) for raw in raws}
    known: dict[int, Value]
    if element.scale < 0:
        known = {raw: _number(least + raw, element) for raw in raws}
    elif element.scale:
        begin, power = least + element.reference, 10**element.scale
        known = {raw: (begin + raw) / power for raw in raws}
    else:
        begin = least + element.reference
        known = {raw: begin + raw for raw in raws}
    whole = _MASKS[element.width] - least
    if whole in known and element.width > 1 and element.descriptor not in _COUNTS:
        known[whole] = None
    return known
