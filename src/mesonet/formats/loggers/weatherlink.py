"""A month of WeatherLink for Windows, the program beside Davis' consoles: `2024-01.wlk`.

Source: Davis Instruments, "WeatherLink software: data file structure" (the readme of version 5). Behind a header with the place
and the number of each day's records stand records of 88 bytes: weather, and summaries of days, which follow from it and are
left. A record tells the minute of its day, at which its interval ends. The year and the month stand in the name of the file
alone, and the station nowhere; the clock has no zone, which a mapping can tell (`time.zone`). Rain is in tips of a collector
that each record tells.
"""

import struct
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import Reject
from mesonet.errors import InvalidMapping, UnreadableFile
from mesonet.formats.elements import Element, Elements, Field, element
from mesonet.formats.json_readings import of_file
from mesonet.formats.reading import Columns, Context, Guess, Inferred, Piece, Remark, Rows, Stream
from mesonet.formats.times import Clock, clock, iso_duration
from mesonet.regex import regex

NAME = "weatherlink"

_BEGIN = b"WDAT5."
_DAY = struct.Struct("<hi")
_DAYS = 20  # where the first of 32 stands, of which there is no day 0
_HEADER = _DAYS + 32 * _DAY.size
_RECORD = struct.Struct("<BBxxhhhhxxhhxxHhhhBBxxhxxB")  # up to the UV index; what follows has no parameter
_LENGTH = 88
_AT_ONCE = 1000  # records
_WEATHER = 1  # of kinds of records
_MONTH = regex(r"(?a)(?<!\d)((?:19|20)\d\d)-?(0[1-9]|1[0-2])(?!\d)")
_COLLECTORS = {0x0000: "0.1 in", 0x1000: "0.01 in", 0x2000: "0.2 mm", 0x3000: "1 mm", 0x6000: "0.1 mm"}
_GONE = ("-32768", "32767")
_RAIN, _RATE, _ULTRAVIOLET = 8, 9, 15  # among the numbers of a record; the latter is in tenths
_NO_INDEX = 255
_MIDNIGHT = 1440

type _Numbers = tuple[int, ...]


@cache
def _elements(duration: str, collector: str) -> tuple[tuple[int, Element], ...]:
    """Position among the numbers of a record, and what it is."""
    temperature = "air_temperature"

    def over(method: str, name: str, standard_name: str, unit: str, *missing: str) -> Element:
        return element(name, standard_name, unit, *_GONE, *missing, method=method, duration=duration)

    known = [
        (3, over("mean", "outside temperature", temperature, "0.1 [degF]")),
        (4, over("maximum", "high outside temperature", temperature, "0.1 [degF]")),
        (5, over("minimum", "low outside temperature", temperature, "0.1 [degF]")),
        (6, element("barometer", "air_pressure_at_mean_sea_level", "0.001 [in_i'Hg]", *_GONE, "0")),
        (7, element("outside humidity", "relative_humidity", "0.1 %", *_GONE)),
        (10, over("mean", "wind speed", "wind_speed", "0.1 [mi_i]/h")),
        (11, over("maximum", "high wind speed", "wind_speed_of_gust", "0.1 [mi_i]/h")),
        (12, over("mode", "wind direction", "wind_from_direction", "22.5 deg", "255")),
        (13, over("maximum", "direction of high wind speed", "wind_gust_from_direction", "22.5 deg", "255")),
        (14, over("mean", "solar radiation", "surface_downwelling_shortwave_flux_in_air", "W/m2")),
        (_ULTRAVIOLET, over("mean", "UV index", "ultraviolet_index", "1", "255")),
    ]
    if collector:
        known += [
            (_RAIN, over("sum", f"rain ({collector})", "precipitation_amount", collector)),
            (_RATE, over("maximum", f"high rain rate ({collector}/h)", "rainfall_rate", f"{collector}/h")),
        ]
    return tuple(known)


def sniff(head: bytes) -> Guess | None:
    return Guess(0.99, "a month of WeatherLink (Davis) by its first bytes") if head.startswith(_BEGIN) else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are records of the weather, by their place in the file."""
    header = stream.read(_HEADER)
    if not header.startswith(_BEGIN) or len(header) < _HEADER:
        raise UnreadableFile("the header of a WeatherLink file ends early")
    folder, _, name = context.key.rpartition("/")
    found = _MONTH.search(name)
    if found is None:
        raise UnreadableFile("only the file's name can tell the year and the month: it has to be called as in 2024-01.wlk")
    month, called = f"{found[1]}-{found[2]}", f"{name[: found.start()]}{name[found.end() :]}"
    station = of_file(f"{folder}/{called}", "weatherlink")
    yield Inferred(("station", "zone"))
    yield Remark(f"the station stands nowhere in the file: it is called {station} after the file, and so is {month} told")
    zone = context.mapping.time.zone if context.mapping else "UTC"
    if not context.mapping:
        yield Remark("the clock has no zone and was taken as UTC; a mapping can say the station's zone")
    try:
        hands = clock(TimeColumns(columns=("time",), format="%Y-%m-%d %H:%M", zone=zone))
    except InvalidMapping as exc:
        yield Reject(reason=exc.detail, column="time.zone")
        return
    days = _days(header)
    elements, count, dated, place = Elements(context), 0, 0, 0
    while data := stream.read(_AT_ONCE * _LENGTH):
        records = [
            (place + number, _RECORD.unpack_from(data, number * _LENGTH))
            for number in range(len(data) // _LENGTH)
            if data[number * _LENGTH] == _WEATHER
        ]
        place += len(data) // _LENGTH
        count += len(records)
        texts = [_time(month, next((day for places, day in days if at in places), None), record[2]) for at, record in records]
        hands.learn(set(filter(None, texts)))
        told = zip(texts, records, strict=True)
        for (interval, collector), group in groupby(told, lambda each: (each[1][1][1], each[1][1][_RAIN] & 0xF000)):
            rows, clocks, numbers = yield from _timed(group, interval, hands)
            if rows:
                known = _elements(iso_duration(interval * 60_000), _COLLECTORS.get(collector, ""))
                fields = [Field(each, [_text(record, at) for record in numbers]) for at, each in known]
                dated += len(rows)
                yield from elements.take(station, hands.resolve(clocks, station)[0], rows, fields)
        if rest := len(data) % _LENGTH:
            yield Reject(reason=f"{rest} bytes at the end are no whole record", row=place + 1)
    if not count:
        yield Reject(reason="the file has no records of the weather")
    yield from elements.remarks()
    yield Rows(count=count)
    yield Columns(columns=(ColumnFacts(name="time", kind="time", values=dated), *elements.facts().values()))


def _timed(
    told: Iterable[tuple[str, tuple[int, _Numbers]]], interval: int, hands: Clock
) -> Generator[Reject, None, tuple[list[int], list[str], list[_Numbers]]]:
    """Rejects records that have no time, or last for none; returns the rows, the clocks and the numbers of the others."""
    rows, clocks, numbers = list[int](), list[str](), list[_Numbers]()
    for text, (at, record) in told:
        fault = hands.faults.get(text) if text else "no day of the file's index has the record, or its minute is none"
        fault = fault or ("" if interval else "the record's interval has no minutes")
        if fault:
            yield Reject(reason=fault, row=at + 1, column="time", value=text)
            continue
        rows.append(at + 1)
        clocks.append(text)
        numbers.append(record)
    return rows, clocks, numbers


def _days(header: bytes) -> list[tuple[range, int]]:
    """Where the records of each day stand."""
    days = []
    for day in range(1, 32):
        count, first = _DAY.unpack_from(header, _DAYS + day * _DAY.size)
        days.append((range(first, first + max(count, 0)), day))
    return days


def _time(month: str, day: int | None, minute: int) -> str:
    """The end of an interval, of which the last of a day ends as the next day begins; "" where there is no such time."""
    if day is None or not 0 <= minute <= _MIDNIGHT:
        return ""
    try:
        moment = datetime.fromisoformat(f"{month}-{day:02}") + timedelta(minutes=minute)
    except ValueError:  # a 31st of June
        return ""
    return f"{moment:%Y-%m-%d %H:%M}"


def _text(record: _Numbers, at: int) -> str:
    if at == _ULTRAVIOLET and record[at] != _NO_INDEX:
        return f"{record[at] / 10:g}"
    return str(record[at] & 0x0FFF if at == _RAIN else record[at])
