"""GRIB: fields on grids, of which the catalogue tells what they are, of when, at which levels and on how many points.

Source: WMO-No. 306, Manual on Codes, I.2, FM 92 GRIB, editions 1 and 2. No station's observations are in it, so no value is
unpacked; a field stands at the end of the time that it is valid for. Rows are fields.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import EARLIEST, LATEST, from_datetime, to_datetime
from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.binary import grib_tables as tables
from mesonet.formats.reading import Columns, Context, Extent, Guess, Piece, Remark, Rows, Stream
from mesonet.formats.table import Short
from mesonet.record import dataclass
from mesonet.regex import regex

NAME = "grib"

_BEGIN, _END = b"GRIB", b"7777"
_READ = 1 << 20
_LOOK = 200  # bytes in which the first message begins: a bulletin's heading has some thirty
_HEADING = regex(
    rb"(?:(?:\*{4}\d{10}\*{4}\n)?[\x01\r\n 0-9A-Z]*[A-Z]{4}\d{2} [A-Z]{4} \d{6}(?: [A-Z]{3})?[\r\n]*){1,2}"
)  # twice at the gateway of the NWS
_LARGEST = 1 << 30  # of one message
_HEAD = 64 * 1024  # of a section that is looked at, where it may have many rows; data are passed over
_PRODUCT = 4096  # of one that tells what a field is
_PATIENCE = 10_000  # sections of damaged messages in which the next one is looked for; then it is in the last of each alone
_SHOWN = 5  # levels of a kind
_KINDS_SHOWN = 12


type _Level = tuple[str, tuple[float, ...]]  # a text, and what stands in it: nothing, a number, or from one to another


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    unit: str | None
    valid: int | None
    level: _Level | None
    points: int
    centre: int


def sniff(head: bytes) -> Guess | None:
    """`GRIB` and an edition, alone or below a bulletin's heading."""
    at = head.find(_BEGIN, 0, _LOOK)
    if at < 0 or len(head) < at + 8 or head[at + 7] not in (1, 2) or (at and not _HEADING.fullmatch(head[:at])):
        return None
    return Guess(0.98, f"GRIB, edition {head[at + 7]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    counts: Counter[tuple[str, str | None]] = Counter()
    valid: list[int] = []
    grids: Counter[int] = Counter()
    centres: Counter[int] = Counter()
    levels: dict[str, set[tuple[float, ...]]] = {}
    fields = untimed = 0
    for part in _fields(stream):
        if isinstance(part, Reject):
            yield part
            continue
        fields += 1
        counts[part.name, part.unit] += 1
        grids[part.points] += bool(part.points)
        centres[part.centre] += 1
        if part.level:
            text, numbers = part.level
            levels.setdefault(text, set()).add(numbers)
        if part.valid is None:
            untimed += 1
        else:
            valid = [min([part.valid, *valid]), max([part.valid, *valid])]
    if valid:
        yield Extent(stations={}, first=valid[0], last=valid[-1])
    if untimed:
        yield Reject(reason=f"{untimed} fields have no time that can be told")
    points = " and ".join(f"{count} points" for count, of_them in grids.most_common(3) if of_them)
    if fields:
        told = ", ".join(str(centre) for centre, _ in centres.most_common(3))
        grid = f"grids of {points}" if points else "grids that are not described"
        yield Remark(f"{fields} fields on {grid}, of centre {told}; only their metadata are taken")
        if levels:
            yield Remark(f"levels: {_listed(levels)}")
    else:
        yield Reject(reason="there is no whole field")
    yield Rows(count=fields, understood=fields - untimed)
    yield Columns(
        columns=tuple(
            ColumnFacts(name=name, kind="number", unit_received=unit, values=count)
            for (name, unit), count in sorted(counts.items(), key=str)
        )
    )


def _listed(levels: dict[str, set[tuple[float, ...]]]) -> str:
    told = []
    for text, numbers in levels.items():
        each = [" to ".join(f"{number:g}" for number in one) for one in sorted(numbers)]
        few = ", ".join(each) if len(each) <= _SHOWN else f"{len(each)} from {each[0]} to {each[-1]}"
        told.append(text.replace("{}", few))
    more = len(told) - _KINDS_SHOWN
    return "; ".join([*told[:_KINDS_SHOWN], *([f"and {more} other kinds"] if more > 0 else [])])


class _Bytes:
    """The stream, of which parts are passed over, and to a mark of which it is gone back while that is not too far."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._held = b""
        self._at = 0
        self._marked = 0  # what stands before is done with
        self.ended = False
        self.patience = _PATIENCE

    def _more(self) -> None:
        if self._at - self._marked > _READ:
            self._marked = self._at
        data = self._stream.read(_READ)
        self.ended = not data
        self._held, self._at, self._marked = self._held[self._marked :] + data, self._at - self._marked, 0

    def take(self, count: int) -> bytes:
        """At most `count` bytes; fewer at the end."""
        while len(self._held) - self._at < count and not self.ended:
            self._more()
        data = self._held[self._at : self._at + count]
        self._at += len(data)
        return data

    def skip(self, count: int) -> bool:
        """Whether so many were there."""
        while (there := len(self._held) - self._at) < count and not self.ended:
            self._at += there
            count -= there
            self._more()
        self._at += min(count, there)
        return there >= count

    def mark(self) -> None:
        self._marked = self._at

    def back(self) -> None:
        self._at = self._marked

    def find(self) -> bool:
        """Goes to the next message, and marks what is behind its sign."""
        while True:
            at = self._held.find(_BEGIN, self._at)
            self._at = self._marked = at if at >= 0 else max(self._at, len(self._held) - len(_BEGIN) + 1)
            if at >= 0:
                self._marked += len(_BEGIN)
                return True
            if self.ended:
                return False
            self._more()


def _fields(stream: Stream) -> Iterator[_Field | Reject]:
    """The next message is looked for within one that is damaged too: it may be cut, with others behind it."""
    data, damaged = _Bytes(stream), Short()
    while data.find():
        head = data.take(16)
        edition = head[7] if len(head) > 7 else 1 if data.ended else 0
        try:
            if edition in (1, 2) and len(head) < 16:
                raise UnreadableFile("cut")
            if edition == 2:
                yield from _second(data, head)
            elif edition == 1:
                yield from _first(data, head)
            else:
                data.back()
        except (IndexError, UnreadableFile):
            cut = data.ended
            data.back()
            reason = "the file ends within a message" if not data.find() and cut else "a message is damaged"
            if not damaged.counts(reason, "") and damaged.tells(reject := Reject(reason=reason), ""):
                yield reject
    yield from damaged.rest()


def _first(data: _Bytes, head: bytes) -> Iterator[_Field]:
    """One field; of those beyond 16 MB the length is in pieces of 120 bytes, as ECMWF writes them."""
    product = _section(data, head[8:], _PRODUCT)
    grid = _section(data, b"", _HEAD) if product[7] & 0x80 else b""
    bitmap = _section(data, b"", 3) if product[7] & 0x40 else b""
    begin = data.take(3)
    packed, length = int.from_bytes(begin), int.from_bytes(head[4:7])
    others = 12 + sum(int.from_bytes(each[:3]) for each in (product, grid, bitmap))
    if length & 0x80_0000 and packed < 120:  # which then is how much of the last piece is too much, and the four of the end
        length = (length & 0x7F_FFFF) * 120 - packed + 4
        packed = length - others
    if len(begin) < 3 or others + packed != length or not data.skip(packed - 3) or data.take(4) != _END:
        raise UnreadableFile("cut")
    yield _described_1(product, _points(grid))


def _described_1(product: bytes, points: int) -> _Field:
    table, centre, number = product[3], product[4], product[8]
    year = (product[24] - 1) * 100 + product[12]
    reference = _instant(year, *product[13:17])
    unit, first, second, kind = product[17:21]
    count = max(int.from_bytes(product[21:23]) - 1, 0)  # of what was averaged, without one
    match kind:
        case 2 | 3 | 4 | 5 | 7:
            ahead = second
        case 6:
            ahead = -second
        case 10:
            ahead = first << 8 | second
        case 113 | 114 | 115 | 116 | 118 | 119 | 123 | 124 | 125:
            ahead = first + count * second
        case _:
            ahead = first
    known = tables.WMO.get(number) if table <= 3 else tables.ECMWF.get(number) if (table, centre) == (128, 98) else None
    name, told = known or (f"parameter {number} of table {table} of centre {centre}", None)
    if process := tables.AVERAGES_1.get(kind):
        name = f"{name} ({process})"
    valid, level = _later(reference, unit, ahead, 1), _level_1(*product[9:12])
    return _Field(name=name, unit=told, valid=valid, level=level, points=points, centre=centre)


def _level_1(kind: int, first: int, second: int) -> _Level:
    if layer := tables.LAYERS_1.get(kind):
        text, begin, step = layer
        return text, (begin + first * step, begin + second * step)
    text, step = tables.LEVELS_1.get(kind, (f"level of kind {kind}", 1.0))
    return text, ((first << 8 | second) * step,) if "{}" in text else ()


def _section(data: _Bytes, begun: bytes, most: int) -> bytes:
    """A section of edition 1, as much of it as is looked at."""
    begun += data.take(3 - len(begun)) if len(begun) < 3 else b""
    size = int.from_bytes(begun[:3])
    found = begun + data.take(max(min(size, most) - len(begun), 0))
    if not min(size, most) <= len(found) <= size or not data.skip(size - len(found)):
        raise UnreadableFile("cut")
    return found


def _points(grid: bytes) -> int:
    """Points of a grid of edition 1: of what has as many in each row, or of rows of different lengths, or coefficients."""
    if len(grid) < 12:
        return 0
    kind, across, along = grid[5], int.from_bytes(grid[6:8]), int.from_bytes(grid[8:10])
    if kind in (50, 60, 70, 80):
        return (across + 1) * (across + 2)
    rows, missing = (along, across) if across == 0xFFFF else (across, along)
    if missing != 0xFFFF:
        return across * along
    begin = grid[4] - 1 + 4 * grid[3]
    counts = grid[begin : begin + 2 * rows]  # of 65,535 rows a grid may have none
    return 256 * sum(counts[::2]) + sum(counts[1::2])


def _second(data: _Bytes, head: bytes) -> Iterator[_Field]:
    """Sections follow each other; from 4 to 7 they may come again, for the next field."""
    length, discipline = int.from_bytes(head[8:16]), head[6]
    if length > _LARGEST:
        raise UnreadableFile("a message is too long")
    left = length - 16
    reference: int | None = None
    field: _Field | None = None
    centre = points = sections = 0
    while left > 4:
        sections += 1
        data.patience -= 1
        if data.patience < 0:
            data.mark()
        begin = data.take(5)
        if begin[:4] == _END or len(begin) < 5:
            raise UnreadableFile("cut")
        size, number = int.from_bytes(begin[:4]), begin[4]
        if not 5 <= size <= left:
            raise UnreadableFile("a section is longer than its message")
        if field and number in (5, 7):  # of which the section was whole, since what belongs behind it begins there
            yield field
            field = None
        body = begin + data.take(min(size, _PRODUCT) - 5) if number in (1, 3, 4) else b""
        if not data.skip(size - max(len(body), 5)):
            raise UnreadableFile("cut")
        left -= size
        if number == 1:
            centre = int.from_bytes(body[5:7])
            reference = _instant(int.from_bytes(body[12:14]), body[14], body[15], body[16], body[17], body[18])
        elif number == 3:
            points = int.from_bytes(body[6:10])
        elif number == 4:
            field = _described(body, discipline, reference, points, centre)
    if data.take(4) != _END:
        raise UnreadableFile("cut")
    data.patience += sections
    if field:
        yield field


def _described(body: bytes, discipline: int, reference: int | None, points: int, centre: int) -> _Field:
    template, category, number = int.from_bytes(body[7:9]), body[9], body[10]
    known = tables.PARAMETERS.get((discipline, category, number))
    own = max(discipline, category, number) >= tables.OWN
    name: str = f"discipline {discipline}, category {category}, number {number}"
    unit: str | None = None
    if known and (not own or centre in tables.NCEP):
        name, unit = known
    elif own:
        name += f" of centre {centre}"
    valid: int | None = reference if template in tables.AS_REFERRED else None
    level: _Level | None = None
    if at := tables.UNIT.get(template):
        counted, octets = tables.LISTS.get(template, (0, 0))
        listed = octets * int.from_bytes(body[counted : counted + 1])
        at += listed if counted < at else 0
        end = at + tables.PERIOD_END.get(template, len(body)) + (listed if counted > at else 0)
        if len(body) >= end + 6:
            valid = _instant(int.from_bytes(body[end : end + 2]), *body[end + 2 : end + 7])
            name, unit = _processed(name, unit, body[end + 12] if len(body) > end + 12 else 255)
        width = 2 if template == 44 else 4  # octets
        if valid is None:
            ahead = _signed(int.from_bytes(body[at + 1 : at + 1 + width]), width)
            valid = _later(reference, body[at], ahead, 2)
        if template not in tables.WITHOUT_SURFACES:
            level = _level(body[at + 1 + width : at + 13 + width])
        if template in tables.PROBABILITIES:
            name, unit = f"probability of {name}", None
    return _Field(name=name, unit=unit, valid=valid, level=level, points=points, centre=centre)


def _processed(name: str, unit: str | None, process: int) -> tuple[str, str | None]:
    """What it is over a period, and in which unit."""
    if process not in tables.PROCESSES:
        return name, unit
    if process in tables.OF_ANOTHER_UNIT:
        unit = None
    elif tables.PROCESSES[process] == "accumulation" and unit:
        unit = tables.ACCUMULATED.get(unit, unit)
    return f"{name} ({tables.PROCESSES[process]})", unit


def _level(surfaces: bytes) -> _Level | None:
    """Two surfaces, of which the second may be missing: kind, scale and number."""
    if len(surfaces) < 12 or surfaces[0] == 255:
        return None
    (text, numbers), (other, others) = _surface(surfaces[:6]), _surface(surfaces[6:])
    if surfaces[6] in (255, surfaces[0]):
        return text, numbers + others if surfaces[6] != 255 else numbers
    return f"{_listed({text: {numbers}})} to {_listed({other: {others}})}", ()


def _surface(octets: bytes) -> _Level:
    kind, scale, number = octets[0], octets[1], int.from_bytes(octets[2:])
    text, step = tables.LEVELS.get(kind, (f"level of kind {kind}", 1.0))
    if "{}" not in text or number == 0xFFFF_FFFF or scale == 255:
        return text.replace("{}", "unknown"), ()
    return text, (_signed(number, 4) * step / 10.0 ** _signed(scale, 1),)


def _signed(number: int, octets: int) -> int:
    """Of the first bit, which is the sign, and the rest."""
    sign = 1 << 8 * octets - 1
    return sign - number if number & sign else number


def _instant(year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> int | None:
    try:
        return from_datetime(datetime(year, month, day, hour, minute, second if second < 60 else 0, tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _later(start: int | None, unit: int, count: int, edition: int) -> int | None:
    """An instant so many units later; None where the unit has no length, or the calendar ends before it."""
    if start is None or not count:
        return start
    if unit in tables.MONTHS:
        moment = to_datetime(start)
        year, month = divmod(moment.year * 12 + moment.month - 1 + count * tables.MONTHS[unit], 12)
        return _instant(year, month + 1, moment.day, moment.hour, moment.minute, moment.second)
    minutes = tables.MINUTES_OF[edition].get(unit)
    later = None if minutes is None else start + round(count * minutes * 60_000)
    return later if later is not None and EARLIEST <= later <= LATEST else None
