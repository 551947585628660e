"""GRIB: fields on grids, of which the catalogue tells what they are, of when and on how many points.

Source: WMO-No. 306, Manual on Codes, I.2, FM 92 GRIB, editions 1 and 2. No station's observations are in it, so no value is
unpacked; a field stands at the end of the time that it is valid for. Rows are fields.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import from_datetime
from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Columns, Context, Extent, Guess, Piece, Remark, Rows
from mesonet.record import dataclass
from mesonet.regex import regex

NAME = "grib"

_BEGIN, _END = b"GRIB", b"7777"
_READ = 1 << 20
_LOOK = 200  # bytes in which the first message begins: a bulletin's heading has some thirty
_HEADING = regex(rb"[\x01\r\n 0-9A-Z]*[A-Z]{4}\d{2} [A-Z]{4} \d{6}(?: [A-Z]{3})?[\r\n]*")
_LARGEST = 1 << 30  # of one message
_HEAD = 64 * 1024  # of a section that is looked at; data are passed over
_MINUTES = {0: 1, 1: 60, 2: 1440, 10: 180, 11: 360, 12: 720, 13: 1 / 60}  # table 4.4
# where the end of the statistical period stands in a template of section 4 (from its octet 10 on)
_PERIOD_END = {8: 25, 9: 38, 10: 26, 11: 28, 12: 27, 42: 27, 43: 30}
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
        self.ended = False

    def take(self, count: int) -> bytes:
        """At most `count` bytes; fewer at the end."""
        while len(self._held) < count and not self.ended:
            data = self._stream.read(_READ)
            self.ended = not data
            self._held += data
        data, self._held = self._held[:count], self._held[count:]
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
            at = self._held.find(_BEGIN)
            if at >= 0:
                self._held = self._held[at:]
                return True
            self._held = self._held[-3:]
            if self.ended:
                return False
            data = self._stream.read(_READ)
            self.ended = not data
            self._held += data


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
    length = int.from_bytes(head[4:7])
    rest = data.take(min(length, _HEAD) - 16)
    section = head[8:] + rest
    if len(section) < 28:
        raise UnreadableFile("no section 1")
    product = section[: int.from_bytes(section[:3])]
    table, centre, number = product[3], product[4], product[8]
    year = (product[24] - 1) * 100 + product[12]
    valid = _instant(year, product[13], product[14], product[15], product[16])
    unit, first, second, indicator = product[17], product[18], product[19], product[20]
    step = second if indicator in (2, 3, 4, 5) else first << 8 | second if indicator == 10 else first
    points = 0
    if product[7] & 0x80:
        grid = section[len(product) :]
        points = int.from_bytes(grid[6:8]) * int.from_bytes(grid[8:10])
    if not data.skip(length - 16 - len(rest)):
        raise UnreadableFile("cut")
    yield _Field(
        name=f"parameter {number} of table {table}", unit=None, valid=_later(valid, unit, step), points=points, centre=centre
    )


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
    valid: int | None = None
    if template in _PERIOD_END:
        at = 9 + _PERIOD_END[template]
        valid = _instant(int.from_bytes(body[at : at + 2]), body[at + 2], body[at + 3], body[at + 4], body[at + 5])
    if valid is None and template <= 15:
        valid = _later(reference, body[17], int.from_bytes(body[18:22]))
    return _Field(name=name, unit=unit, valid=valid, points=points, centre=centre)


def _instant(year: int, month: int, day: int, hour: int, minute: int) -> int | None:
    try:
        return from_datetime(datetime(year, month, day, hour, minute, tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def _later(start: int | None, unit: int, count: int) -> int | None:
    if start is None or count >= 1 << 31 or unit not in _MINUTES:
        return start
    return start + round(count * _MINUTES[unit] * 60_000)
