"""DB-All.e's CSV, in which Italian services exchange reports: a value a row, by a code of WMO's table B, level and time range.

Source: ARPAE-SIMC, DB-All.e (arpa-emr.github.io/dballe, "CSV format", "Levels and time ranges" and "Local B table"). Rows
without a date tell of the station, those of `B12101.B33007` of a value's quality, which is left. What is of a time to come is a
forecast and left. The JSON of the same is read as that of a service, by what is here.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import cast

from mesonet.domain.instant import SECOND, duration
from mesonet.domain.observation import Reject
from mesonet.domain.parameter import usual
from mesonet.domain.station import Station
from mesonet.formats.elements import LOOK, header_of
from mesonet.formats.json_readings import Field, Readings, degrees, field_of, height, identified, instant, located, placed
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import SHOWN, Table, first_line
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "dballe"
RECORDS = LineRecords(header=regex(rb"Longitude,Latitude,Report"), quoted=True)

STATION_NAME, STATION_HEIGHT = "B01019", "B07030"
_HEADER = "Longitude,Latitude,Report,Date,Level1,L1,Level2,L2,Time range,P1,P2,Varcode,Value"
_TAKEN: dict[str, tuple[str, str]] = {
    "B10004": ("air_pressure", "Pa"),
    "B10051": ("air_pressure_at_mean_sea_level", "Pa"),
    "B11001": ("wind_from_direction", "deg"),
    "B11002": ("wind_speed", "m/s"),
    "B11041": ("wind_speed_of_gust", "m/s"),
    "B11043": ("wind_gust_from_direction", "deg"),
    "B12101": ("air_temperature", "K"),
    "B12103": ("dew_point_temperature", "K"),
    "B13003": ("relative_humidity", "%"),
    "B13011": ("precipitation_amount", "mm"),
    "B13013": ("surface_snow_thickness", "m"),
    "B20001": ("visibility_in_air", "m"),
}
_RANGES = {"0": "mean", "1": "sum", "2": "maximum", "3": "minimum", "200": "mean"}
_AT_LEVELS = ("B11001", "B11002", "B11041", "B11043", "B12101", "B12103", "B13003")
_ON_GROUND, _ABOVE_SEA, _ABOVE_GROUND = "1", "101", "103"
_FIELDS = ("Longitude", "Latitude", "Report", "Date", "Level1", "L1", "Level2", "Time range", "P1", "P2", "Varcode", "Value")


@lru_cache(maxsize=2048)
def meant(code: str, level: tuple[str, ...], time_range: tuple[str, ...]) -> Field | None:
    """What a code of table B is of at such a level (type, value, type of a second one), over such a time (type, P1, P2)."""
    if code not in _TAKEN or level[2] or time_range[1] not in ("", "0"):
        return None
    name, unit = _TAKEN[code]
    kind, ahead = level[:2]
    metres = usual(name).level
    if code in _AT_LEVELS and kind == _ABOVE_GROUND and ahead.isdecimal() and len(ahead) < 7:
        metres = int(ahead) / 1000
    elif kind not in ("", _ON_GROUND, _ABOVE_SEA if name == "air_pressure_at_mean_sea_level" else _ON_GROUND):
        return None
    method, period = _RANGES.get(time_range[0], ""), "PT0S"
    if time_range[0] == "254":
        method = "point"
    elif time_range[2].isdecimal() and int(time_range[2][:9]) > 0:
        period = duration(int(time_range[2][:9]) * SECOND)
    else:
        return None
    if not method or (method == "sum") != (name == "precipitation_amount"):
        return None
    return field_of(code, name, unit, method, period, metres)


def station(network: str, latitude: str, longitude: str) -> Station:
    """A station without its name: degrees, or hundred thousandths of them. Raises ValueError."""
    north, east = (
        degrees(text if "." in text else f"{int(text) / 100_000:.5f}", limit)
        for text, limit in ((latitude, 90), (longitude, 180))
    )
    identifier = identified(placed(network or "dballe", north, east))
    if not identifier:
        raise ValueError(f"{network[:SHOWN]!r} is no name of a network")
    return located(identifier, north, east, name="")


def sniff(head: bytes) -> Guess | None:
    line = first_line(decode(head[:4096])).strip()
    return Guess(0.97, "values of DB-All.e, each with its level and time range") if line == _HEADER else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    table = Table(Peeked(stream), ",", look=LOOK)
    header, skip = header_of(table, _FIELDS)
    at = [header.index(name) for name in _FIELDS]
    reader = _Reader(context)
    for chunk in table.chunks(len(header), skip=skip):
        reader.readings.rows += len(chunk.ragged)
        yield from table.ragged(chunk, len(header))
        for row, *fields in zip(chunk.rows, *(map(str.strip, chunk.columns[each]) for each in at), strict=True):
            yield from reader.take(row, fields)
    yield from table.torn()
    if not reader.readings.rows:
        yield Reject(reason="there are no rows below the header", row=skip)
    yield from reader.readings.end(encoding=table.text.described)


class _Reader:
    def __init__(self, context: Context) -> None:
        self.readings = Readings(values=context.values)
        self._stations: dict[tuple[str, ...], Station | str] = {}
        self._times: dict[str, int | str] = {}

    def take(self, row: int, fields: Sequence[str]) -> Iterator[Piece]:
        east, north, network, date, *where, code, value = fields
        found = self._station(network, north, east)
        if isinstance(found, str):
            column, value = ("Latitude", north) if identified(network or "dballe") else ("Report", network)
            yield self.readings.reject(reason=found, row=row, column=column, value=value[:SHOWN])
        elif not date:
            self._tell(found, (network, north, east), code, value)
        elif isinstance(time := self._time(date), str):
            yield self.readings.reject(reason=time, row=row, column="Date", value=date[:SHOWN])
        elif known := meant(code, tuple(where[:3]), tuple(where[3:])):
            yield from self.readings.observe(found.id, time, row, {known: value})
        else:
            self.readings.rows += 1
            if "." not in code:
                self.readings.leave(code)

    def _station(self, network: str, north: str, east: str) -> Station | str:
        key = network, north, east
        if key not in self._stations:
            if len(self._stations) > 100_000:
                self._stations.clear()
            try:
                self._stations[key] = station(network, north, east)
                self.readings.place(cast(Station, self._stations[key]))
            except ValueError as exc:
                self._stations[key] = str(exc)
        return self._stations[key]

    def _tell(self, known: Station, key: tuple[str, ...], code: str, value: str) -> None:
        self.readings.rows += 1
        name, metres = (
            (value if code == STATION_NAME else known.name),
            height(value) if code == STATION_HEIGHT else known.elevation_m,
        )
        if known.latitude is not None and known.longitude is not None:
            self._stations[key] = located(known.id, known.latitude, known.longitude, name=name, elevation_m=metres)
            self.readings.place(cast(Station, self._stations[key]))

    def _time(self, date: str) -> int | str:
        if date not in self._times:
            if len(self._times) > 100_000:
                self._times.clear()
            try:
                self._times[date] = instant(date)[0]
            except ValueError as exc:
                self._times[date] = str(exc)
        return self._times[date]
