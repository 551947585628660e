"""GRIB: fields on grids, of which the catalogue tells what they are, of when and on how many points.

Source: WMO-No. 306, Manual on Codes, I.2, FM 92 GRIB, editions 1 and 2. No station's observations are in it, so no value is
unpacked; a field stands at the end of the time that it is valid for. Rows are fields.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import EARLIEST, LATEST, from_datetime, to_datetime
from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Columns, Context, Extent, Guess, Piece, Remark, Rows
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
_HEAD = 64 * 1024  # of a section that is looked at; data are passed over
_MINUTES = {0: 1, 1: 60, 2: 1440, 10: 180, 11: 360, 12: 720}  # table 4.4; 4 of edition 1
_MINUTES_OF = {1: _MINUTES | {13: 15, 14: 30, 254: 1 / 60}, 2: _MINUTES | {13: 1 / 60}}
_MONTHS = {3: 1, 4: 12, 5: 120, 6: 360, 7: 1200}
# where the unit of the time ahead stands in a template of section 4 (from its octet 1 on), and where the end of the statistical
# period does. Others have no time ahead: a time of their own, or lists before it.
_UNIT = {
    **dict.fromkeys((*range(16), 32, 33, 34, 51, 60, 61, 86, 87, 105, 106, 107, 112, 1000, 1001, 1002, 1100, 1101), 17),
    **dict.fromkeys((40, 41, 42, 43), 19), **dict.fromkeys((76, 77, 78, 79), 20), **dict.fromkeys((70, 71, 72, 73, 89, 90), 22),
    **dict.fromkeys((53, 54, 55, 56, 59, 62, 63), 23), **dict.fromkeys((99, 100, 101, 102), 25),
    **dict.fromkeys((103, 104, 108, 109, 110, 111), 28), **dict.fromkeys((44, 45, 46, 47, 50, 85), 30),
    **dict.fromkeys((82, 83, 84), 31), **dict.fromkeys((48, 49), 41), **dict.fromkeys((80, 81), 42),
}  # fmt: skip
_PERIOD_END = {
    8: 34, 9: 47, 10: 35, 11: 37, 12: 36, 13: 68, 14: 64, 34: 26, 42: 36, 43: 39, 46: 47, 47: 50, 61: 44, 62: 40, 63: 43,
    72: 39, 73: 42, 78: 37, 79: 40, 82: 48, 83: 51, 84: 51, 85: 50, 87: 38, 90: 43, 105: 34, 106: 34, 107: 34, 110: 45, 111: 48,
    112: 34, 1001: 22,
}  # fmt: skip
_AS_REFERRED = (20, 30, 31, 35)  # templates of radar and satellites: observed at the time of section 1
# edition 1, table 2 of WMO (versions 1 to 3) and table 128 of ECMWF: name, unit
_WMO = {
    1: ("pressure", "Pa"), 2: ("pressure reduced to mean sea level", "Pa"), 7: ("geopotential height", "m"),
    11: ("temperature", "K"), 15: ("maximum temperature", "K"), 16: ("minimum temperature", "K"),
    17: ("dew-point temperature", "K"), 20: ("visibility", "m"), 31: ("wind direction", "deg"), 32: ("wind speed", "m/s"),
    33: ("u-component of wind", "m/s"), 34: ("v-component of wind", "m/s"), 51: ("specific humidity", "kg/kg"),
    52: ("relative humidity", "%"), 61: ("total precipitation", "kg/m2"), 66: ("snow depth", "m"),
    71: ("total cloud cover", "%"),
}  # fmt: skip
_ECMWF = {
    129: ("geopotential", "m2/s2"), 130: ("temperature", "K"), 131: ("u-component of wind", "m/s"),
    132: ("v-component of wind", "m/s"), 133: ("specific humidity", "kg/kg"), 134: ("surface pressure", "Pa"),
    141: ("snow depth as water", "m"), 151: ("pressure reduced to mean sea level", "Pa"), 157: ("relative humidity", "%"),
    164: ("total cloud cover", "1"), 165: ("10 metre u-component of wind", "m/s"), 166: ("10 metre v-component of wind", "m/s"),
    167: ("2 metre temperature", "K"), 168: ("2 metre dew-point temperature", "K"), 228: ("total precipitation", "m"),
}  # fmt: skip
# discipline, category, number: name, unit (tables 4.2)
_PARAMETERS = {
    (0, 0, 0): ("temperature", "K"),
    (0, 0, 4): ("maximum temperature", "K"),
    (0, 0, 5): ("minimum temperature", "K"),
    (0, 0, 6): ("dew-point temperature", "K"),
    (0, 0, 9): ("temperature anomaly", "K"),
    (0, 1, 0): ("specific humidity", "kg/kg"),
    (0, 1, 1): ("relative humidity", "%"),
    (0, 1, 8): ("total precipitation", "kg/m2"),
    (0, 1, 11): ("snow depth", "m"),
    (0, 1, 52): ("total precipitation rate", "kg/m2/s"),
    (0, 2, 0): ("wind direction", "deg"),
    (0, 2, 1): ("wind speed", "m/s"),
    (0, 2, 2): ("u-component of wind", "m/s"),
    (0, 2, 3): ("v-component of wind", "m/s"),
    (0, 2, 22): ("wind speed (gust)", "m/s"),
    (0, 3, 0): ("pressure", "Pa"),
    (0, 3, 1): ("pressure reduced to mean sea level", "Pa"),
    (0, 3, 5): ("geopotential height", "m"),
    (0, 4, 7): ("downward short-wave radiation flux", "W/m2"),
    (0, 4, 192): ("downward short-wave radiation flux", "W/m2"),
    (0, 5, 3): ("downward long-wave radiation flux", "W/m2"),
    (0, 6, 1): ("total cloud cover", "%"),
    (0, 19, 0): ("visibility", "m"),
    (10, 0, 3): ("significant height of combined wind waves and swell", "m"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    unit: str | None
    valid: int | None
    points: int
    centre: int


def sniff(head: bytes) -> Guess | None:
    """`GRIB` and an edition, alone or below a bulletin's heading."""
    at = head.find(_BEGIN, 0, _LOOK)
    if at < 0 or len(head) < at + 8 or head[at + 7] not in (1, 2) or (at and not _HEADING.fullmatch(head[:at])):
        return None
    return Guess(0.98, f"GRIB, edition {head[at + 7]}")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    counts: Counter[tuple[str, str | None]] = Counter()
    valid: list[int] = []
    grids: Counter[int] = Counter()
    centres: Counter[int] = Counter()
    fields = untimed = 0
    for part in _fields(stream):
        if isinstance(part, Reject):
            yield part
            continue
        fields += 1
        counts[part.name, part.unit] += 1
        grids[part.points] += 1
        centres[part.centre] += 1
        if part.valid is None:
            untimed += 1
        else:
            valid = [min([part.valid, *valid]), max([part.valid, *valid])]
    if valid:
        yield Extent(stations={}, first=valid[0], last=valid[-1])
    if untimed:
        yield Reject(reason=f"{untimed} fields have no time that can be told")
    points = " and ".join(f"{count} points" for count, _ in grids.most_common(3))
    if fields:
        told = ", ".join(str(centre) for centre, _ in centres.most_common(3))
        yield Remark(f"{fields} fields on grids of {points}, of centre {told}; only their metadata are taken")
    else:
        yield Reject(reason="there is no whole field")
    yield Rows(count=fields, understood=fields - untimed)
    yield Columns(
        columns=tuple(
            ColumnFacts(name=name, kind="number", unit_received=unit, values=count)
            for (name, unit), count in sorted(counts.items(), key=str)
        )
    )


class _Bytes:
    """The stream, of which parts are passed over."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = b""
        self._at = 0  # what stands before is done with
        self.ended = False

    def _more(self) -> None:
        data = self._stream.read(_READ)
        self.ended = not data
        self._held, self._at = self._held[self._at :] + data, 0

    def take(self, count: int) -> bytes:
        """At most `count` bytes; fewer at the end."""
        while len(self._held) - self._at < count and not self.ended:
            self._more()
        data = self._held[self._at : self._at + count]
        self._at += len(data)
        return data

    def skip(self, count: int) -> bool:
        """Whether so many were there."""
        while count > 0:
            data = self.take(min(count, _READ))
            if not data:
                return False
            count -= len(data)
        return True

    def find(self) -> bool:
        """Goes to the next message."""
        while True:
            at = self._held.find(_BEGIN, self._at)
            if at >= 0:
                self._at = at
                return True
            self._at = max(self._at, len(self._held) - len(_BEGIN) + 1)
            if self.ended:
                return False
            self._more()


def _fields(stream: BinaryIO) -> Iterator[_Field | Reject]:
    data = _Bytes(stream)
    while data.find():
        head = data.take(16)
        edition = head[7] if len(head) == 16 else 0
        try:
            if edition == 2:
                yield from _second(data, head)
            elif edition == 1:
                yield from _first(data, head)
        except (IndexError, UnreadableFile):
            yield Reject(reason="the file ends within a message" if data.ended else "a message is damaged")


def _first(data: _Bytes, head: bytes) -> Iterator[_Field]:
    """One field; of those beyond 8 MB the length is in pieces of 120 bytes, as ECMWF writes them."""
    product = _section(data, head[8:])
    grid = _section(data, b"") if product[7] & 0x80 else b""
    bitmap = _section(data, b"") if product[7] & 0x40 else b""
    begin = data.take(3)
    packed, length = int.from_bytes(begin), int.from_bytes(head[4:7])
    others = 12 + sum(int.from_bytes(each[:3]) for each in (product, grid, bitmap))
    if length & 0x80_0000 and packed < 120:
        length = (length & 0x7F_FFFF) * 120
        packed = length - others
    if len(begin) < 3 or others + packed != length or not data.skip(packed - 3) or data.take(4) != _END:
        raise UnreadableFile("cut")
    table, centre, number = product[3], product[4], product[8]
    year = (product[24] - 1) * 100 + product[12]
    reference = _instant(year, product[13], product[14], product[15], product[16])
    unit, first, second, indicator = product[17], product[18], product[19], product[20]
    step = second if indicator in (2, 3, 4, 5) else first << 8 | second if indicator == 10 else first
    known = _WMO.get(number) if table <= 3 else _ECMWF.get(number) if (table, centre) == (128, 98) else None
    name, told = known or (f"parameter {number} of table {table} of centre {centre}", None)
    yield _Field(name=name, unit=told, valid=_later(reference, unit, step, 1), points=_points(grid), centre=centre)


def _section(data: _Bytes, begun: bytes) -> bytes:
    """A section of edition 1, as much of it as is looked at."""
    begun += data.take(3 - len(begun)) if len(begun) < 3 else b""
    size = int.from_bytes(begun[:3])
    found = begun + data.take(min(size, _HEAD) - len(begun))
    if len(found) < min(size, _HEAD) or not len(begun) <= size or not data.skip(size - len(found)):
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
    return sum(int.from_bytes(grid[at : at + 2]) for at in range(begin, begin + 2 * rows, 2))


def _second(data: _Bytes, head: bytes) -> Iterator[_Field]:
    """Sections follow each other; from 4 to 7 they may come again, for the next field."""
    length, discipline = int.from_bytes(head[8:16]), head[6]
    if length > _LARGEST:
        raise UnreadableFile("a message is too long")
    left = length - 16
    reference: int | None = None
    centre = points = 0
    while left > 4:
        begin = data.take(5)
        if begin[:4] == _END or len(begin) < 5:
            raise UnreadableFile("cut")
        size, number = int.from_bytes(begin[:4]), begin[4]
        if not 5 <= size <= left:
            raise UnreadableFile("a section is longer than its message")
        body = b"" if number in (2, 6, 7) else begin + data.take(min(size, _HEAD) - 5)
        if not data.skip(size - max(len(body), 5)):
            raise UnreadableFile("cut")
        left -= size
        if number == 1:
            centre = int.from_bytes(body[5:7])
            reference = _instant(int.from_bytes(body[12:14]), body[14], body[15], body[16], body[17])
        elif number == 3:
            points = int.from_bytes(body[6:10])
        elif number == 4:
            yield _described(body, discipline, reference, points, centre)
    if data.take(4) != _END:
        raise UnreadableFile("cut")


def _described(body: bytes, discipline: int, reference: int | None, points: int, centre: int) -> _Field:
    template, category, number = int.from_bytes(body[7:9]), body[9], body[10]
    name, unit = _PARAMETERS.get(
        (discipline, category, number), (f"discipline {discipline}, category {category}, number {number}", None)
    )
    valid: int | None = reference if template in _AS_REFERRED else None
    if (end := _PERIOD_END.get(template)) and len(body) >= end + 6:
        valid = _instant(int.from_bytes(body[end : end + 2]), *body[end + 2 : end + 6])
    if valid is None and (at := _UNIT.get(template)):
        width = 2 if template == 44 else 4  # octets
        ahead, sign = int.from_bytes(body[at + 1 : at + 1 + width]), 1 << 8 * width - 1
        valid = _later(reference, body[at], sign - ahead if ahead & sign else ahead, 2)
    return _Field(name=name, unit=unit, valid=valid, points=points, centre=centre)


def _instant(year: int, month: int, day: int, hour: int, minute: int) -> int | None:
    try:
        return from_datetime(datetime(year, month, day, hour, minute, tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _later(start: int | None, unit: int, count: int, edition: int) -> int | None:
    """An instant so many units later; None where the unit has no length, or the calendar ends before it."""
    if start is None or not count:
        return start
    if unit in _MONTHS:
        moment = to_datetime(start)
        year, month = divmod(moment.year * 12 + moment.month - 1 + count * _MONTHS[unit], 12)
        return _instant(year, month + 1, moment.day, moment.hour, moment.minute)
    minutes = _MINUTES_OF[edition].get(unit)
    later = None if minutes is None else start + round(count * minutes * 60_000)
    return later if later is not None and EARLIEST <= later <= LATEST else None
