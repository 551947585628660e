"""Apache Parquet: the footer, and the values of flat columns page by page.

Source: Apache Parquet Format 2.11 (parquet.thrift, Encodings.md) and the compact protocol of Apache Thrift. Read are pages of
both versions, plain, in a dictionary, run-length, as deltas and as split streams, behind Snappy, gzip, LZ4 or Zstandard, or not
packed. Nested and repeated columns and other codecs are named and not read. A column holds one page in memory.
"""

import struct
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate, chain, islice, repeat
from operator import itemgetter
from typing import Any, BinaryIO

from mesonet.errors import UnreadableFile
from mesonet.formats.table import Typed
from mesonet.record import dataclass, field

MAGIC = b"PAR1"
ENCRYPTED = b"PARE"  # in its place where the footer is
LARGEST_FOOTER = 64 * 1024 * 1024
MOST_PARTS = 5_000_000  # numbers and texts in it, and as many for each list or struct as take its memory: 36 bytes each
_OF_A_LIST = 8
_MOST_DIGITS = 76  # behind the point of a decimal, as writers allow: each value of a page is a text as long
LARGEST_PAGE = 64 * 1024 * 1024  # unpacked; writers make pages of 1 MB
MOST_COLUMNS = 20_000
MOST_IN_A_PAGE = 1_000_000
MOST_RUNS = 4_096  # of numbers, put together at a time
KEPT = 8_192  # texts of a column that are remembered from one page to the next
MOST_VALUES = 2_000_000_000  # rows times columns; more is not read within a function's 15 minutes
# What rows cost: their columns, and three more for what is made of each, at some 0.1 µs. A row may take no byte at all, where
# sensors hang and times are equally far from one another.
OF_A_ROW = 3
MANY = 8_000_000  # a year of minutes of twelve columns, which takes less than a second whatever is in it
MOST_FOR_A_BYTE = 8  # where there are more
_DEEPEST = 40
_BOOLEAN, _INT32, _INT64, _INT96, _FLOAT, _DOUBLE, _BYTES, _FIXED = range(8)
_NAMES = ("BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")
_CODECS = {3: "LZO", 4: "Brotli"}
_READ_CODECS = "Snappy, gzip, LZ4 or Zstandard"
_ENCODINGS = {4: "bit-packed"}
_UNSIGNED = {13: (1 << 32) - 1, 14: (1 << 64) - 1}  # UINT_32 and UINT_64, which are stored as if they had a sign
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_JULIAN_1970 = 2_440_588
_SIZES = {1: "B", 2: "H", 4: "I", 8: "Q"}  # bytes of a number, and struct's sign for them

type Struct = dict[int, Any]


class _Thrift:
    """The compact protocol: structs as dicts by the number of the field."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0
        self._parts = 0

    def varint(self) -> int:
        shift = number = 0
        while True:
            byte = self._data[self.at]
            self.at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7
            if shift > 70:
                raise UnreadableFile("the footer is damaged")

    def zigzag(self) -> int:
        number = self.varint()
        return number >> 1 ^ -(number & 1)

    def struct(self, depth: int = 0) -> Struct:
        if depth > _DEEPEST:
            raise UnreadableFile("the footer is nested too deeply")
        found: Struct = {}
        number = 0
        while True:
            head = self._data[self.at]
            self.at += 1
            if not head:
                return found
            number = number + (head >> 4) if head >> 4 else self.zigzag()
            found[number] = self.value(head & 15, depth + 1)

    def value(self, kind: int, depth: int) -> Any:
        self._parts += _OF_A_LIST if kind >= 9 else 1
        if self._parts > MOST_PARTS:
            raise UnreadableFile("the footer has too many parts to be read: write larger row groups, or fewer columns")
        match kind:
            case 1 | 2:
                return kind == 1
            case 3:
                self.at += 1
                return self._data[self.at - 1]
            case 4 | 5 | 6:
                return self.zigzag()
            case 7:
                self.at += 8
                return struct.unpack_from("<d", self._data, self.at - 8)[0]
            case 8:
                length = self.varint()
                self.at += length
                if self.at > len(self._data):
                    raise UnreadableFile("the footer is damaged")
                return self._data[self.at - length : self.at]
            case 9 | 10:
                head = self._data[self.at]
                self.at += 1
                count = head >> 4 if head >> 4 != 15 else self.varint()
                if count > len(self._data) or depth > _DEEPEST:
                    raise UnreadableFile("the footer is damaged")
                if head & 15 in (1, 2):
                    self._parts += count
                    self.at += count
                    return [byte == 1 for byte in self._data[self.at - count : self.at]]
                return [self.value(head & 15, depth + 1) for _ in range(count)]
            case 11:
                count = self.varint()
                kinds = self._data[self.at] if count else 0
                self.at += 1 if count else 0
                if count > len(self._data):
                    raise UnreadableFile("the footer is damaged")
                for _ in range(count):
                    self.value(kinds >> 4, depth + 1)
                    self.value(kinds & 15, depth + 1)
                return None
            case 12:
                return self.struct(depth + 1)
            case _:
                raise UnreadableFile("the footer is damaged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A column of one row group: where it begins, how it is packed, what its statistics say."""

    codec: int
    values: int
    start: int
    size: int
    minimum: bytes | None
    maximum: bytes | None
    nulls: int | None


@dataclass(slots=True, kw_only=True)
class Column:
    """`text` makes a value's text; `ordered` values are in the order of what their texts mean, and numbers are those numbers.
    Instants count so many `per_second`, other values none. `optional` is how many of the column and of what it is in may be
    missing, `fault` says why it cannot be read."""

    name: str
    kind: int
    optional: int
    text: Callable[[Any], str]
    numeric: bool
    ordered: bool
    per_second: int = 0
    length: int = 0
    fault: str | None = None
    chunks: list[Chunk] = field(default_factory=list)

    def number(self, data: bytes | None) -> float | None:
        """A value of the statistics, as a number where it is one."""
        form = {_INT32: "<i", _INT64: "<q", _FLOAT: "<f", _DOUBLE: "<d"}.get(self.kind)
        if not self.numeric or form is None or data is None or len(data) != struct.calcsize(form):
            return None
        number = float(self.text(struct.unpack(form, data)[0]) or "nan")
        return number if number == number else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    rows: int
    groups: tuple[int, ...]
    columns: tuple[Column, ...]
    made_by: str


def footer(stream: BinaryIO, size: int) -> Footer:
    """Raises UnreadableFile."""
    stream.seek(max(size - 8, 0))
    tail = stream.read(8)
    if tail[4:] == ENCRYPTED:
        raise UnreadableFile("the file is encrypted (Parquet Modular Encryption): write it without encryption_properties")
    if size < 12 or tail[4:] != MAGIC:
        raise UnreadableFile("the file ends before its time: the footer, which says where everything is, is not there")
    length = int.from_bytes(tail[:4], "little")
    if length > min(size - 12, LARGEST_FOOTER):
        raise UnreadableFile("the footer is damaged: it is longer than the file")
    stream.seek(size - 8 - length)
    try:
        told = _Thrift(stream.read(length)).struct()
        return _footer(told, size)
    except (IndexError, KeyError, TypeError, AttributeError, ValueError, struct.error) as exc:
        raise UnreadableFile("the footer is damaged") from exc


def _footer(told: Struct, size: int) -> Footer:
    columns = _columns(told[2])
    groups: list[int] = []
    for group in told.get(4, []):
        groups.append(group[3])
        for column, chunk in zip(columns, group[1], strict=True):
            _add(column, chunk, group[3])
    if any(count < 0 for count in groups) or sum(groups) * max(len(columns), 1) > MOST_VALUES:
        raise UnreadableFile(f"the file has {sum(groups)} rows of {len(columns)} columns; so many are not read")
    most = max(MANY, MOST_FOR_A_BYTE * size) // (len(columns) + OF_A_ROW)
    if sum(groups) > most:
        raise UnreadableFile(
            f"the file claims {sum(groups)} rows of {len(columns)} columns in {size} bytes; of so few bytes at most {most} "
            "such rows are read: write a file for each year or month"
        )
    made_by = told.get(6, b"")
    return Footer(
        rows=sum(groups),
        groups=tuple(groups),
        columns=tuple(columns),
        made_by=made_by.decode("utf-8", "replace")[:80] if isinstance(made_by, bytes) else "",
    )


def _columns(elements: list[Struct]) -> list[Column]:
    """The leaves of the schema, which stands as a list."""
    columns: list[Column] = []
    position = 1

    def walk(path: tuple[str, ...], count: int, optional: int, *, repeated: bool) -> None:
        nonlocal position
        for _ in range(count):
            element = elements[position]
            position += 1
            way = (*path, element[4].decode("utf-8", "replace"))
            missing, many = optional + (element.get(3, 0) == 1), repeated or element.get(3, 0) == 2
            if element.get(5):
                if len(way) > _DEEPEST:
                    raise UnreadableFile("the schema is nested too deeply")
                walk(way, element[5], missing, repeated=many)
            else:
                columns.append(_column(".".join(way), element, missing, repeated=many))

    walk((), elements[0].get(5, 0), 0, repeated=False)
    return columns


def _add(column: Column, chunk: Struct, rows: int) -> None:
    """What a group of so many rows says of a column."""
    if chunk.get(8) or 3 not in chunk:
        column.fault = "encrypted"
        return
    meta = chunk[3]
    statistics = meta.get(12, {})
    codec, values, length, start = (_number(meta[field]) for field in (4, 5, 7, 9))
    column.chunks.append(
        Chunk(
            codec=codec,
            values=values,
            start=min(start, _number(meta[11])) if meta.get(11) else start,
            size=length,
            minimum=_bound(statistics, 6, 2),
            maximum=_bound(statistics, 5, 1),
            nulls=_missing(statistics.get(3), values),
        )
    )
    if codec in _CODECS:
        column.fault = f"packed with {_CODECS[codec]} (write it with {_READ_CODECS})"
    if chunk.get(1):
        column.fault = "in another file"
    if column.fault is None and values != rows:
        column.fault = f"damaged ({values} values in {rows} rows)"


def _number(told: object) -> int:
    """Raises TypeError where damage made it something else."""
    if not isinstance(told, int):
        raise TypeError
    return told


def _missing(told: object, values: int) -> int | None:
    """How many of the values are none, as the statistics say; of damage it may be more than there are, or no number."""
    return told if isinstance(told, int) and 0 <= told <= values else None


def _bound(statistics: dict[int, Any], *fields: int) -> bytes | None:
    """The first field that is there; of damage it may be something else than bytes."""
    found = next((statistics[each] for each in fields if each in statistics), None)
    return found if isinstance(found, bytes) else None


def _column(name: str, element: Struct, optional: int, *, repeated: bool) -> Column:
    kind = _number(element[1])
    text, numeric, ordered = _texts(kind, element)
    fault = (
        f"a decimal with not 0 to {_MOST_DIGITS} digits behind its point" if not 0 <= _scale(element) <= _MOST_DIGITS else None
    )
    return Column(
        name=name,
        kind=kind,
        optional=optional,
        text=text,
        numeric=numeric,
        ordered=ordered and (kind in (_INT32, _INT64) or (kind == _DOUBLE and numeric)),
        per_second=_of_instants(element) if kind == _INT64 else 0,
        length=element.get(2, 0),
        fault="repeated (a list or a map)" if repeated else fault,
    )


def _scale(element: Struct) -> int:
    """Digits behind the point of a decimal, 0 of what is none."""
    decimal = (element.get(10) or {}).get(5)
    scale: int = decimal.get(1, 0) if decimal is not None else element.get(7, 0) if element.get(6) == 5 else 0
    return scale


def _texts(kind: int, element: Struct) -> tuple[Callable[[Any], str], bool, bool]:
    """How values become text, whether they are numbers, and whether they are in order as they are: a decimal is another number
    than its value, and of 32 bits the first seven digits count."""
    converted, logical = element.get(6), element.get(10) or {}
    if converted == 6 or 6 in logical:
        return _date, False, True
    if per_second := _of_instants(element):
        zone = "Z" if logical.get(8, {}).get(1, converted is not None) else ""
        return _timestamp(per_second, zone), False, True
    if converted == 5 or 5 in logical:
        return _decimal(_scale(element), signed_bytes=kind in (_BYTES, _FIXED)), True, False
    if 7 in logical or converted in (7, 8):
        return _clock(_per_second(logical.get(7), milliseconds=converted == 7)), False, True
    if 15 in logical and kind == _FIXED:
        return _half, True, False
    if kind in (_BYTES, _FIXED):
        return lambda value: value.decode("utf-8", "replace"), False, False
    if kind == _INT96:
        return _int96, False, False
    if kind == _BOOLEAN:
        return ("false", "true").__getitem__, False, False
    if kind == _FLOAT:
        return lambda value: "" if value != value else f"{value:.7g}", True, False
    if kind == _DOUBLE:
        return lambda value: "" if value != value else repr(value).removesuffix(".0"), True, True
    if converted in _UNSIGNED:
        mask = _UNSIGNED[converted]
        return lambda value: str(value & mask), True, False
    return str, True, True


def _of_instants(element: Struct) -> int:
    """How many a second has, of a column of dates with times of day; 0 of any other."""
    converted, logical = element.get(6), element.get(10) or {}
    if converted == 6 or 6 in logical or not (8 in logical or converted in (9, 10)):
        return 0
    return _per_second(logical.get(8), milliseconds=converted == 9)


def _per_second(logical: Struct | None, *, milliseconds: bool) -> int:
    """What a time is counted in: as its logical type says, else its converted one, which has no nanoseconds."""
    unit = logical.get(2, {}) if logical is not None else {1: {}} if milliseconds else {2: {}}
    return 1_000 if 1 in unit else 1_000_000 if 2 in unit else 1_000_000_000


def _half(value: bytes) -> str:
    number = struct.unpack("<e", value)[0]
    return "" if number != number else f"{number:.7g}"


def _date(value: int) -> str:
    try:
        return (_EPOCH + timedelta(days=value)).date().isoformat()
    except OverflowError:
        return f"day {value}"


def _timestamp(per_second: int, zone: str) -> Callable[[int], str]:
    """Dates and times of day repeat themselves, and are made once."""
    days: dict[int, str] = {}
    clocks: dict[int, str] = {}
    per_day = 86_400 * per_second

    def text(value: int) -> str:
        day, rest = divmod(value, per_day)
        try:
            return days[day] + clocks[rest]
        except KeyError:
            if len(days) + len(clocks) > KEPT:
                days.clear()
                clocks.clear()
        try:
            days[day] = (_EPOCH + timedelta(days=day)).date().isoformat()
        except OverflowError:
            return f"{value} since 1970"
        seconds, fraction = divmod(rest, per_second)
        milliseconds = fraction * 1000 // per_second
        decimals = f".{milliseconds:03d}" if milliseconds else ""
        minutes = seconds // 60
        clocks[rest] = f"T{minutes // 60:02d}:{minutes % 60:02d}:{seconds % 60:02d}{decimals}{zone}"
        return days[day] + clocks[rest]

    return text


def _clock(per_second: int) -> Callable[[int], str]:
    stamp = _timestamp(per_second, "")
    return lambda value: stamp(value % (86_400 * per_second))[11:]  # behind the date and its T


def _int96(value: bytes) -> str:
    nanoseconds, day = struct.unpack("<qi", value)
    return _timestamp(1_000_000_000, "Z")((day - _JULIAN_1970) * 86_400_000_000_000 + nanoseconds)


def _decimal(scale: int, *, signed_bytes: bool) -> Callable[[Any], str]:
    def text(value: Any) -> str:
        number = int.from_bytes(value, "big", signed=True) if signed_bytes else value
        if not 0 < scale <= _MOST_DIGITS:
            return str(number)
        digits = f"{abs(number):0{scale + 1}d}"
        return f"{'-' if number < 0 else ''}{digits[:-scale]}.{digits[-scale:]}"

    return text


class Values:
    """The texts of one column below the first `skip` rows, through all row groups; "" for null. If `typed`, and its values are
    in order, they are made only where they are asked for."""

    def __init__(self, stream: BinaryIO, column: Column, skip: int = 0, *, typed: bool = False) -> None:
        self._stream = stream
        self._column = column
        self._typed = typed and column.ordered
        self._null = None if self._typed else ""
        self._skip = skip
        self._pages = chain.from_iterable(map(self._chunk, column.chunks))
        self._held: Sequence[Any] = []
        self._at = 0

    def take(self, count: int) -> Sequence[str]:
        """The next values. Raises UnreadableFile where there are not so many."""
        found: Sequence[Any] = []
        while len(found) < count:
            if self._at >= len(self._held):
                page = next(self._pages, None)
                if page is None:
                    raise UnreadableFile("the column has fewer values than the file has rows", column=self._column.name)
                self._held, self._at = page, min(self._skip, len(page))
                self._skip -= self._at
            part = self._held[self._at : self._at + count - len(found)]
            self._at += len(part)
            found = _joined(found, part) if found else part
        return Typed(found, self._column.text, self._column.per_second) if self._typed else found

    def _chunk(self, chunk: Chunk) -> Iterator[Sequence[Any]]:
        dictionary: Sequence[Any] = []
        at, given = chunk.start, 0
        if 0 <= chunk.values <= self._skip:
            self._skip -= chunk.values
            return
        try:
            while given < chunk.values:
                self._stream.seek(at)
                window = self._stream.read(4096)
                thrift = _Thrift(window)
                try:
                    head = thrift.struct()
                except (IndexError, UnreadableFile):  # statistics in the page's header may be long
                    self._stream.seek(at)
                    thrift = _Thrift(self._stream.read(1 << 20))
                    head = thrift.struct()
                size, packed = head[2], head[3]
                if not 0 <= size <= LARGEST_PAGE or not 0 <= packed <= LARGEST_PAGE:
                    raise UnreadableFile("a page is too large", column=self._column.name)
                self._stream.seek(at + thrift.at)
                data = self._stream.read(packed)
                if len(data) < packed:
                    raise UnreadableFile("the file ends within a page", column=self._column.name)
                at += thrift.at + packed
                kind = head[1]
                count = head[8 if kind else 5][1] if kind in (0, 3) else 0
                if count > chunk.values - given:
                    raise UnreadableFile("a page has more values than its column", column=self._column.name)
                if 0 < count <= self._skip:
                    self._skip -= count
                    given += count
                elif kind == 2:
                    plain = _unpacked(data, size, chunk.codec)
                    dictionary = self._texts(self._plain(plain, head[7][1]))
                elif kind in (0, 3):
                    page = self._page(head, data, size, chunk.codec, dictionary)
                    given += len(page)
                    if not page:
                        break
                    yield page
        except (IndexError, KeyError, TypeError, ValueError, struct.error, zlib.error) as exc:
            raise UnreadableFile(f"a page is damaged ({type(exc).__name__})", column=self._column.name) from exc

    def _texts(self, values: Sequence[Any]) -> Sequence[Any]:
        return values if self._typed else list(map(self._column.text, values))

    def _page(self, head: Struct, data: bytes, size: int, codec: int, dictionary: Sequence[Any]) -> Sequence[Any]:
        if head[1] == 0:
            told = head[5]
            count, encoding = told[1], told[2]
            data = _unpacked(data, size, codec)
            levels, at = b"", 0
            if self._column.optional:
                length = int.from_bytes(data[:4], "little")
                levels, at = data[4 : 4 + length], 4 + length
            data = data[at:]
        else:
            told = head[8]
            count, encoding, definition, repetition = told[1], told[4], told.get(5, 0), told.get(6, 0)
            levels = data[repetition : repetition + definition]
            data = data[repetition + definition :]
            if told.get(7, True):
                data = _unpacked(data, size - repetition - definition, codec)
        if not 0 <= count <= MOST_IN_A_PAGE:
            raise UnreadableFile("a page has too many values", column=self._column.name)
        defined = _runs(levels, self._column.optional.bit_length(), count) if self._column.optional and levels else None
        if defined and self._column.optional > 1:  # the last is the column's own
            defined = bytearray(level == self._column.optional for level in defined)
        whole = count - defined.count(0) if defined else count
        texts = self._decoded(data, encoding, whole, dictionary)
        if len(texts) < whole:
            raise UnreadableFile("a page ends before its time", column=self._column.name)
        if not defined or whole == count:
            return texts
        found: list[Any] = []
        at = 0
        for run in defined.split(b"\0"):  # those that are defined, up to the next that is not
            found += texts[at : at + len(run)]
            found.append(self._null)
            at += len(run)
        found.pop()
        return found

    def _decoded(self, data: bytes, encoding: int, count: int, dictionary: Sequence[Any]) -> Sequence[Any]:
        if not count:
            return []
        if encoding in (2, 8):
            indices = _runs(data[1:], data[0], count)
            if indices[0] == indices[-1] and indices.count(indices[0]) == count:  # a sensor that hangs, or a flag
                return [dictionary[indices[0]]] * count
            looked_up: Sequence[Any] = itemgetter(*indices)(dictionary)
            return looked_up
        if encoding == 0:
            return self._texts(self._plain(data, count))
        if encoding == 3 and self._column.kind == _BOOLEAN:
            return self._texts(_runs(data[4:], 1, count))
        if encoding == 5 and self._column.kind in (_INT32, _INT64):
            half = 1 << (31 if self._column.kind == _INT32 else 63)
            numbers: Sequence[int] = _deltas(data, count)[0]
            ends = (numbers[0], numbers[-1]) if isinstance(numbers, range) else numbers
            if numbers and not -half <= min(ends) <= max(ends) < half:  # they are added whatever is beyond the bits
                numbers = [(value + half) % (2 * half) - half for value in numbers]
            return self._texts(numbers)
        if encoding == 6:
            lengths, at = _deltas(data, count)
            values = []
            for length in lengths:
                values.append(data[at : at + length])
                at += length
            return self._texts(values)
        if encoding == 7 and self._column.kind in (_BYTES, _FIXED):
            return self._texts(_shared(data, count))
        if encoding == 9 and self._column.kind not in (_BYTES, _BOOLEAN):
            width = {_INT32: 4, _FLOAT: 4, _INT64: 8, _DOUBLE: 8, _INT96: 12}.get(self._column.kind, self._column.length)
            streams = [data[at * count : (at + 1) * count] for at in range(width)]
            return self._texts(self._plain(bytes(chain.from_iterable(zip(*streams, strict=True))), count))
        what = _ENCODINGS.get(encoding, f"encoding {encoding}")
        raise UnreadableFile(f"values in {what} are not read", column=self._column.name)

    def _plain(self, data: bytes, count: int) -> Sequence[Any]:
        kind = self._column.kind
        if not 0 <= count <= MOST_IN_A_PAGE:
            raise UnreadableFile("a page has too many values", column=self._column.name)
        if kind == _BYTES:
            values, at = [], 0
            for _ in range(count):
                length = int.from_bytes(data[at : at + 4], "little")
                at += 4
                if at + length > len(data):
                    raise UnreadableFile("a page ends before its time", column=self._column.name)
                values.append(data[at : at + length])
                at += length
            return values
        if kind == _BOOLEAN:
            if -(-count // 8) > len(data):
                raise UnreadableFile("a page ends before its time", column=self._column.name)
            return list(chain.from_iterable(map(_of_bits().__getitem__, data[: -(-count // 8)])))[:count]
        if kind in (_FIXED, _INT96):
            width = 12 if kind == _INT96 else self._column.length
            if not width > 0 or width * count > len(data):
                raise UnreadableFile("a page ends before its time", column=self._column.name)
            return [data[at : at + width] for at in range(0, width * count, width)]
        form = {_INT32: "i", _INT64: "q", _FLOAT: "f", _DOUBLE: "d"}[kind]
        return struct.unpack_from(f"<{count}{form}", data)


def _joined(first: Sequence[Any], second: Sequence[Any]) -> Sequence[Any]:
    """Both behind one another; a list goes on itself, as pages may be of a row each."""
    if isinstance(first, list):
        first += second
        return first
    if isinstance(first, range) and isinstance(second, range) and second[0] - first[-1] == first.step == second.step:
        return range(first[0], second[-1] + first.step, first.step)
    return [*first, *second]


def _shared(data: bytes, count: int) -> list[bytes]:
    """Texts each of which begins as the one before it: how many bytes are the same, then the rest of each."""
    same, at = _deltas(data, count)
    lengths, behind = _deltas(data[at:], count)
    at += behind
    values: list[bytes] = []
    before, total = b"", 0
    for kept, length in zip(same, lengths, strict=True):
        if not 0 <= kept <= len(before) or length < 0 or at + length > len(data):
            raise UnreadableFile("a page is damaged")
        before = before[:kept] + data[at : at + length]
        at += length
        total += len(before)
        if total > LARGEST_PAGE:
            raise UnreadableFile("a page is too large")
        values.append(before)
    return values


def _runs(data: bytes, width: int, count: int) -> Any:
    """Numbers of `width` bits in the hybrid of runs and packed groups of eight: a bytearray if they are bytes, else a list."""
    if not width:
        return bytearray(count)
    if width > 32:
        raise UnreadableFile("a page is damaged")
    size = (width + 7) // 8
    found: Any = bytearray() if size == 1 else []
    runs: list[tuple[int | None, int]] = []  # a number and how often it stands there; None for numbers that are packed
    packed = bytearray()  # of all runs, which may have a few numbers each: unpacked as one
    at, left = 0, count
    while left > 0:
        header, shift = data[at] & 0x7F, 7
        while data[at] > 0x7F and shift <= 35:
            at += 1
            header |= (data[at] & 0x7F) << shift
            shift += 7
        at += 1
        if header & 1:
            groups = min(header >> 1, (left + 7) // 8)
            packed += data[at : at + groups * width]
            at += (header >> 1) * width
            length, value = 8 * groups, None
        elif header:
            value = int.from_bytes(data[at : at + size], "little")
            at += size
            length = min(header >> 1, left)
        else:
            raise UnreadableFile("a page is damaged")
        left -= length
        runs.append((value, length))
        if len(runs) == MOST_RUNS or left <= 0:
            unpacked, gone = _unpack(packed, width, sum(length for value, length in runs if value is None) // 8), 0
            for value, length in runs:
                if value is None:
                    found += unpacked[gone : gone + length]
                    gone += length
                else:
                    found += bytes((value,)) * length if size == 1 else repeat(value, length)
            runs, packed = [], bytearray()
    del found[count:]
    return found


def _unpack(data: bytearray, width: int, groups: int) -> bytearray | tuple[int, ...]:
    """Eight numbers of each `width` bytes; what the data lack is 0. What stands at one place of all groups is taken at once."""
    data = data.ljust(groups * width, b"\0")
    size = next(size for size in _SIZES if width <= 8 * size)
    found = bytearray(8 * size * groups)
    for place in range(8):
        for byte in range((width + 7) // 8):
            at, shift = divmod(place * width + 8 * byte, 8)
            bits = min(8, width - 8 * byte)
            part: bytes | bytearray = data[at::width].translate(_moved(shift, bits))
            if shift + bits > 8:
                rest = data[at + 1 :: width].translate(_moved(shift - 8, bits))
                part = (int.from_bytes(part) | int.from_bytes(rest)).to_bytes(groups)
            found[place * size + byte :: 8 * size] = part
    return found if size == 1 else struct.unpack(f"<{8 * groups}{_SIZES[size]}", found)


@cache
def _of_bits() -> list[tuple[int, ...]]:
    """The eight bits of each byte, the lowest first."""
    return [tuple(byte >> place & 1 for place in range(8)) for byte in range(256)]


@cache
def _moved(down: int, bits: int) -> bytes:
    """What each byte becomes when it is shifted, and but some bits are kept."""
    return bytes((byte >> down if down >= 0 else byte << -down) & (1 << bits) - 1 for byte in range(256))


def _deltas(data: bytes, count: int) -> tuple[Sequence[int], int]:
    """DELTA_BINARY_PACKED: the numbers, a range where they are equally far from one another, and where they end."""
    thrift = _Thrift(data)
    block, minis, total, first = thrift.varint(), thrift.varint(), thrift.varint(), thrift.zigzag()
    if not 0 < minis <= 512 or not 0 < block <= 1 << 20 or block % (8 * minis) or total > count:
        raise UnreadableFile("a page is damaged")
    if not total:
        return [], thrift.at
    runs: list[tuple[int, int, int]] = []  # the least step, in how many bits stands what each is more, and how many steps
    packed: defaultdict[int, bytearray] = defaultdict(bytearray)  # by their bits: unpacked as one
    left = total - 1
    while left > 0:
        least = thrift.zigzag()
        widths, each = data[thrift.at : thrift.at + minis], block // minis
        thrift.at += minis
        if not any(widths):
            widths, each = widths[:1], block
        for width in widths:
            size, many = each * width // 8, min(each, left)
            if many <= 0:
                break
            if width:
                part = data[thrift.at : thrift.at + size]
                thrift.at += size
                if width > 64 or len(part) < many * width // 8:
                    raise UnreadableFile("a page is damaged")
                packed[width] += part.ljust(size, b"\0")
            runs.append((least, width, each if width else many))
            left -= many
    if not packed and len({least for least, _, _ in runs}) == 1:
        step = runs[0][0]
        return range(first, first + step * total, step) if step else [first] * total, thrift.at
    numbers = {width: iter(_unpack(part, width, len(part) // width)) for width, part in packed.items()}
    steps = (map(least.__add__, islice(numbers[width], many)) if width else repeat(least, many) for least, width, many in runs)
    return list(islice(accumulate(chain.from_iterable(steps), initial=first), total)), thrift.at


def _unpacked(data: bytes, size: int, codec: int) -> bytes:
    if codec == 0:
        return data
    if codec == 2:
        return zlib.decompressobj(wbits=47).decompress(data, max(size, 1))
    if codec == 1:
        return _snappy(data)
    if codec in (5, 6, 7):
        from mesonet.formats.binary import codecs  # not what most files are packed with

        return {5: codecs.lz4_framed, 6: codecs.zstandard, 7: codecs.lz4_block}[codec](data, size)
    raise UnreadableFile(
        f"pages packed with {_CODECS.get(codec, f'codec {codec}')} are not read; write them with {_READ_CODECS}"
    )


def _snappy(data: bytes) -> bytes:
    """Snappy's raw format (google/snappy, format_description.txt)."""
    thrift = _Thrift(data)
    size = thrift.varint()
    if size > LARGEST_PAGE:
        raise UnreadableFile("a page is too large")
    at, end = thrift.at, len(data)
    found, have = bytearray(), 0
    while at < end:
        tag = data[at]
        kind = tag & 3
        if kind == 0:
            length = (tag >> 2) + 1
            at += 1
            if length > 60:
                extra = length - 60
                length = int.from_bytes(data[at : at + extra], "little") + 1
                at += extra
            found += data[at : at + length]
            at += length
            have = len(found)
        else:
            if kind == 1:
                length, offset = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[at + 1]
                at += 2
            else:
                length, extra = (tag >> 2) + 1, 2 if kind == 2 else 4
                offset = int.from_bytes(data[at + 1 : at + 1 + extra], "little")
                at += 1 + extra
            start = have - offset
            if start < 0 or not offset:
                raise UnreadableFile("a page is damaged")
            if offset >= length:
                found += found[start : start + length]
            else:
                found += (found[start:] * (length // offset + 1))[:length]
            have += length
        if have > size:
            raise UnreadableFile("a page is damaged")
    return bytes(found)


def kind_of(column: Column) -> str:
    return _NAMES[column.kind] if 0 <= column.kind < len(_NAMES) else f"type {column.kind}"
