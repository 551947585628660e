"""The archive of a Davis Vantage console: records of 52 bytes, one after the other or in the pages of a download.

Source: Davis Instruments, "Vantage Pro, Vantage Pro2 and Vantage Vue Serial Communication Reference" 2.6, IX.3 (DMP archive
record, revision B) and X (dashed values). A page of a download is a sequence number, five records, four bytes and a checksum.
The console's clock has no zone, and neither record nor page names the station: times are taken as UTC, the station is called
after the file. A record stands at the end of its interval.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

from mesonet.domain.file import ColumnFacts
from mesonet.domain.instant import from_datetime
from mesonet.domain.observation import Reject
from mesonet.formats.elements import Element, Elements, Field, element
from mesonet.formats.json_readings import of_file
from mesonet.formats.reading import Columns, Context, Guess, Inferred, Piece, Remark, Rows, Stream
from mesonet.formats.times import iso_duration

NAME = "davis"

RECORD = 52
_PAGE = 267
_PER_PAGE = 5
_AT_ONCE = 2520  # records read at once: whole pages of either kind
_RECORD = struct.Struct("<HHhhhHHHhHhBBBBBBBBHB")  # up to the highest UV index; what follows has no parameter
_REVISION = 42  # where a record of revision B has 0
_ULTRAVIOLET = 17  # which is in tenths
_UNUSED = (0, 0xFFFF)
_FIRST_YEAR = 2000


def _elements(duration: str) -> tuple[tuple[int, Element], ...]:
    """Position among the numbers of a record, and what it is."""
    temperature = "air_temperature"

    def over(method: str, name: str, standard_name: str, unit: str, *missing: str) -> Element:
        return element(name, standard_name, unit, *missing, method=method, duration=duration)

    return (
        (2, over("mean", "outside temperature", temperature, "0.1 [degF]", "32767")),
        (3, over("maximum", "high outside temperature", temperature, "0.1 [degF]", "-32768", "32767")),
        (4, over("minimum", "low outside temperature", temperature, "0.1 [degF]", "32767")),
        (7, element("barometer", "air_pressure_at_mean_sea_level", "0.001 [in_i'Hg]", "0")),
        (8, over("mean", "solar radiation", "surface_downwelling_shortwave_flux_in_air", "W/m2", "32767")),
        (12, element("outside humidity", "relative_humidity", "%", "255")),
        (13, over("mean", "average wind speed", "wind_speed", "[mi_i]/h", "255")),
        (14, over("maximum", "high wind speed", "wind_speed_of_gust", "[mi_i]/h", "255")),
        (15, over("maximum", "direction of high wind speed", "wind_gust_from_direction", "22.5 deg", "255")),
        (16, over("mode", "prevailing wind direction", "wind_from_direction", "22.5 deg", "255")),
        (17, over("mean", "average UV index", "ultraviolet_index", "1", "255")),
    )


def _moment(record: bytes) -> datetime | None:
    """The record's time on the console's clock; None where it cannot be one."""
    date, time = struct.unpack_from("<HH", record)
    try:
        hour, minute = divmod(time, 100)
        return datetime(_FIRST_YEAR + (date >> 9), date >> 5 & 15, date & 31, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def _stride(head: bytes) -> int:
    """How the bytes are laid out: by record, by page, or not at all (0)."""
    for stride, first, per in ((RECORD, 0, 1), (_PAGE, 1, _PER_PAGE)):
        records = [
            head[at + number * RECORD : at + (number + 1) * RECORD]
            for at in range(first, len(head) - per * RECORD + 1, stride)
            for number in range(per)
        ][:200]
        used = [record for record in records if len(record) == RECORD and record[0:2] not in (b"\xff\xff", b"\x00\x00")]
        good = [record for record in used if _moment(record) and record[_REVISION] == 0]
        if len(good) >= 2 and len(good) >= 0.9 * len(used):
            return stride
    return 0


def sniff(head: bytes) -> Guess | None:
    """Two records and more with a date of the console, nearly all of them."""
    stride = _stride(head)
    if not stride:
        return None
    return Guess(
        0.9, f"archive of a Davis Vantage console: {'pages of a download' if stride == _PAGE else 'records'} (revision B)"
    )


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are records, counted from 1, without those that were never written."""
    data = _filled(stream, _AT_ONCE * 300)
    stride = _stride(data[:65536]) or RECORD
    station = of_file(context.key, "davis")
    yield Inferred(("station", "zone"))
    yield Remark(f"neither station nor zone is in the records: it is called {station} after the file, times are taken as UTC")
    elements = Elements(context)
    known: tuple[tuple[int, Element], ...] = ()
    count = dated = 0
    while data:
        rows, times, texts = list[int](), list[int](), list[tuple[int, ...]]()
        whole = len(data) - len(data) % stride
        for at in range(0, whole, stride):
            for record in _records(data[at : at + stride]):
                if struct.unpack_from("<H", record)[0] in _UNUSED:
                    continue
                count += 1
                moment = _moment(record)
                if moment is None:
                    yield Reject(
                        reason="the record has no time that exists", row=count, column="date", value=record[:4].hex(" ")
                    )
                    continue
                rows.append(count)
                times.append(from_datetime(moment))
                texts.append(_RECORD.unpack_from(record))
        if rows:
            known = known or _elements(iso_duration(_interval(times)))
            fields = [Field(each, [_text(text[at], at) for text in texts]) for at, each in known]
            dated += len(rows)
            yield from elements.take(station, times, rows, fields)
        if rest := len(data) - whole:
            yield Reject(reason=f"{rest} bytes at the end are no whole record", row=count + 1)
        data = _filled(stream, _AT_ONCE * 300)
    if not count:
        yield Reject(reason="every record is empty")
    yield from elements.remarks()
    yield Rows(count=count)
    yield Columns(columns=(ColumnFacts(name="date and time", kind="time", values=dated), *elements.facts().values()))


def _text(number: int, at: int) -> str:
    return f"{number / 10:g}" if at == _ULTRAVIOLET and number != 255 else str(number)


def _records(piece: bytes) -> Iterator[bytes]:
    if len(piece) == RECORD:
        yield piece
        return
    for number in range(_PER_PAGE):
        yield piece[1 + number * RECORD : 1 + (number + 1) * RECORD]


def _interval(times: list[int]) -> int:
    """The usual step between the first records."""
    steps = sorted(later - earlier for earlier, later in pairwise(times[:100]) if later > earlier)
    return steps[len(steps) // 2] if steps else 5 * 60_000


def _filled(stream: Stream, count: int) -> bytes:
    count -= count % (RECORD * _PAGE)  # a whole number of both
    pieces = []
    while count > 0 and (piece := stream.read(count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
