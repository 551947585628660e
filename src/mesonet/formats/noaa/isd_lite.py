"""ISD-Lite: an hour per line, eight elements in fixed columns, and no station.

Source: NOAA NCEI, "Integrated Surface Data - Lite, Format Documentation" (2006). Times are UTC, rounded to the hour.
Precipitation of -1 is a trace, and 0 here. The station stands in nothing but the file's name (`011080-99999-2015`): it is read
there once the bytes have been recognised, unless a mapping names the station.
"""

import re
from collections.abc import Iterator

from mesonet.domain.file import ColumnFacts
from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import Reject
from mesonet.formats.elements import Elements, Field, Left, Timing, element, latest, pieces, timed
from mesonet.formats.lines import Lines, likely, sampled
from mesonet.formats.reading import Context, Guess, Inferred, Piece, Remark, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Chunk
from mesonet.formats.text import decode
from mesonet.formats.times import clock
from mesonet.regex import regex

NAME = "isd-lite"
RECORDS = LineRecords()

_GONE = "-9999"
_TRACE = "-1"
_ELEMENTS = (
    element("air temperature", "air_temperature", "0.1 Cel", _GONE),
    element("dew point", "dew_point_temperature", "0.1 Cel", _GONE),
    element("sea level pressure", "air_pressure_at_mean_sea_level", "0.1 hPa", _GONE),
    element("wind direction", "wind_from_direction", "deg", _GONE, "0"),  # of calm winds
    element("wind speed", "wind_speed", "0.1 m/s", _GONE),
    element("sky condition", "cloud_area_fraction", "[okta]", _GONE),
    element("precipitation, 1 hour", "precipitation_amount", "0.1 mm", _GONE, method="sum", duration="PT1H"),
    element("precipitation, 6 hours", "precipitation_amount", "0.1 mm", _GONE, method="sum", duration="PT6H"),
)
_TIMES = ("year", "month", "day", "hour")
_WIDTH = len(_TIMES) + len(_ELEMENTS)
_SKY = len(_TIMES) + 5
_OKTAS = frozenset(("0", "1", "2", "3", "4", "5", "6", "7", "8", _GONE))

_LINE = regex(r"\d{4} \d\d \d\d \d\d(?: [ \-\d]{5}){8}\s*", re.ASCII)
_STATION = regex(r"(?<![0-9A-Za-z])([0-9A-Z][0-9]{5}-[0-9]{5})-[0-9]{4}(?![0-9])")


def sniff(head: bytes) -> Guess | None:
    """Twelve numbers, each in its columns."""
    why = "ISD-Lite: year, month, day, hour and eight numbers in fixed columns"
    return likely(sampled(decode(head[:8192]), 50), _LINE.fullmatch, 0.97, why)


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    station, source = _station(context)
    if station is None:
        yield Reject(
            reason="the station stands in no line of an ISD-Lite file, so nothing was taken: "
            "name the file as NOAA does (011080-99999-2015), or give a mapping with station.id"
        )
    else:
        if not (context.mapping and context.mapping.station):
            yield Inferred(("station",))
        yield Remark(f"the station, {station}, was read in {source}, since the lines do not name it")
    yield from pieces(Lines(stream, parted=True), _WIDTH, _Reader(context, station))


def _station(context: Context) -> tuple[str | None, str]:
    if context.mapping and context.mapping.station:
        return context.mapping.station, "the mapping"
    found = _STATION.search(context.key.rpartition("/")[2])
    return (found[1], "the file's name") if found else (None, "")


class _Reader:
    def __init__(self, context: Context, station: str | None) -> None:
        self._station = station
        self._elements = Elements(context if station else Context(values=False))
        self._left = Left()
        self._rows = self._traces = 0
        hands = clock(TimeColumns(columns=_TIMES, format="parts"))
        self._timing = Timing(clock=hands, times=(0, 1, 2, 3), name=" ".join(_TIMES), latest=latest(context))

    def take(self, chunk: Chunk) -> Iterator[Piece]:
        chunk, times = yield from timed(chunk, self._timing)
        if not chunk.rows:
            return
        self._rows += len(chunk.rows)
        yield from self._elements.take(self._station or "", times, chunk.rows, list(self._fields(chunk)))

    def _fields(self, chunk: Chunk) -> Iterator[Field]:
        for at, known in enumerate(_ELEMENTS, len(_TIMES)):
            received = texts = chunk.columns[at]
            if at == _SKY and not _OKTAS.issuperset(texts):
                texts = [
                    text if text in _OKTAS else self._not_oktas(text, row) for text, row in zip(texts, chunk.rows, strict=True)
                ]
            elif at > _SKY and _TRACE in texts:
                self._traces += texts.count(_TRACE)
                texts = ["0" if text == _TRACE else text for text in texts]
            yield Field(known, texts, received=received)

    def _not_oktas(self, text: str, row: int) -> str:
        """Codes 9 to 19 are an obscured sky and words of old reports (thin broken, dark overcast, …)."""
        if text == "9":
            return _GONE
        if text in ("10", "11", "12", "13", "14", "15", "16", "17", "18", "19"):
            self._left.add("sky conditions that are words, not oktas, are not taken", "sky condition", row, text)
            return _GONE
        return text

    def last(self) -> Iterator[Piece]:
        if self._traces:
            yield Remark(f"{self._traces} traces of precipitation (-1) were taken as 0")
        yield from self._left.rejects()
        yield from self._elements.remarks()

    def facts(self) -> Iterator[ColumnFacts]:
        yield ColumnFacts(name=" ".join(_TIMES), kind="time", values=self._rows)
        yield from self._elements.facts().values()
