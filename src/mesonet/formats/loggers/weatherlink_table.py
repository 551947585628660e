"""What weatherlink.com exports of a Davis station as CSV: some lines of the station, then `Date & Time,Barometer - mb,…`.

Source: Davis Instruments, "Data export" of WeatherLink Pro, and its columns as programs read them (`High Temp - °F`). Rows end
their interval, which is the time between the first ones; names are those of a console's records. Days are written as where the
account is (1/31/24 2:00 PM), clocks are the station's, whose zone stands nowhere. Other transmitters, soil and what is indoors
is left.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO, cast

from mesonet.errors import UnreadableFile
from mesonet.formats.compass import BEARINGS
from mesonet.formats.documented import Columns, Layout, alone, first_of, rows
from mesonet.formats.elements import Element, element
from mesonet.formats.json_readings import instant, of_file
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import HEAD_BYTES, Context, Guess, Piece
from mesonet.formats.resaved_days import Days, Running, days_of
from mesonet.formats.table import Fields, Table, leading
from mesonet.formats.text import decode
from mesonet.formats.times import iso_duration
from mesonet.regex import regex

NAME = "weatherlink-table"

_LOOK = 12  # lines, of which one names the columns
_TIME = "Date & Time"
_NAME = regex(r"([A-Z][A-Za-z ]+?)(?: - (\S{1,6}(?: Hg)?))?")
_SEA, _DOWN = "air_pressure_at_mean_sea_level", "surface_downwelling_shortwave_flux_in_air"
# standard name, method; what is no instant's is of the interval
_ELEMENTS = {
    "Barometer": (_SEA, "point"),
    "High Bar": (_SEA, "maximum"),
    "Low Bar": (_SEA, "minimum"),
    "Absolute Pressure": ("air_pressure", "point"),
    "Temp": ("air_temperature", "mean"),
    "High Temp": ("air_temperature", "maximum"),
    "Low Temp": ("air_temperature", "minimum"),
    "Hum": ("relative_humidity", "point"),
    "High Hum": ("relative_humidity", "maximum"),
    "Low Hum": ("relative_humidity", "minimum"),
    "Dew Point": ("dew_point_temperature", "point"),
    "Wind Speed": ("wind_speed", "mean"),
    "Avg Wind Speed": ("wind_speed", "mean"),
    "High Wind Speed": ("wind_speed_of_gust", "maximum"),
    "Wind Direction": ("wind_from_direction", "mode"),
    "Prevailing Wind Direction": ("wind_from_direction", "mode"),
    "High Wind Direction": ("wind_gust_from_direction", "maximum"),
    "Rain": ("precipitation_amount", "sum"),
    "High Rain Rate": ("rainfall_rate", "maximum"),
    "Solar Rad": (_DOWN, "mean"),
    "High Solar Rad": (_DOWN, "maximum"),
    "UV Index": ("ultraviolet_index", "mean"),
    "High UV Index": ("ultraviolet_index", "maximum"),
}
_UNITS = {"°F": "degF", "F": "degF", "°C": "Cel", "C": "Cel", "mb": "hPa", "hPa": "hPa", "%": "%", "mph": "mph", "km/h": "km/h"}
_UNITS |= {
    "in Hg": "inHg",
    "inHg": "inHg",
    "mm Hg": "mmHg",
    "m/s": "m/s",
    "knots": "kt",
    "in": "in",
    "mm": "mm",
    "in/h": "in/h",
}
_UNITS |= {"mm/h": "mm/h", "W/m^2": "W/m2", "W/m²": "W/m2", "cm": "cm"}


def _header(head: bytes) -> tuple[list[str], int, list[Fields]] | None:
    """The names, the lines with and above them, and the first rows."""
    lines = leading(decode(head), ",", _LOOK + 400)
    for at, line in enumerate(lines[:_LOOK]):
        names = [name.strip() for name in line]
        if names[:1] == [_TIME] and sum(_known(name) is not None for name in names) > 2:
            return names, at + 1, [row for row in lines[at + 1 :] if len(row) > 2]
    return None


def _known(name: str) -> tuple[str, str, str] | None:
    """Standard name, method and unit."""
    found = _NAME.fullmatch(name)
    if found is None or found[1] not in _ELEMENTS:
        return None
    standard_name, method = _ELEMENTS[found[1]]
    unit = "deg" if standard_name.endswith("_direction") else "1" if standard_name == "ultraviolet_index" else ""
    unit = unit or _UNITS.get(found[2] or "", "")
    return (standard_name, method, unit) if unit else None


def sniff(head: bytes) -> Guess | None:
    found = _header(head[:16_384])
    if found is None:
        return None
    return Guess(0.95, f"an export of weatherlink.com (Davis): {', '.join(name for name in found[0] if _known(name))[:120]}")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, HEAD_BYTES)
    found = _header(peeked.head)
    if found is None:
        raise UnreadableFile(f"no line begins with {_TIME} and names columns as weatherlink.com does", row=1)
    names, skip, first = found
    days = days_of([row[:1] for row in first])
    interval = _interval(first, days)
    made: list[tuple[int, Element]] = []
    for at, name in enumerate(names):
        if known := _known(name):
            standard_name, method, unit = known
            duration = "PT0S" if method == "point" else interval
            made.append((at, element(name, standard_name, unit, "--", method=method, duration=duration)))
    elements, doubled = first_of(made)
    identifier = of_file(context.key, "weatherlink")
    zone = context.mapping.time.zone if context.mapping else ""
    remarks = [f"no column names the station: it is called {identifier} after the file"]
    if not zone:
        remarks.append("the clock has no zone and was taken as UTC; a mapping can say the station's zone")
    layout = Layout(
        names=names,
        station=identifier,
        at=(0,),
        time=_Times(days).of,
        zone=zone or "UTC",
        elements=elements,
        cleans={at: _bearing for at, made in elements.items() if made.unit == "deg"},
        remarks=(*remarks, *doubled),
        inferred=("station",) if zone else ("station", "zone"),
    )
    table = alone(Table(cast(BinaryIO, peeked), ","), lambda text: text.strip() == _TIME, names)
    yield from rows(table, layout, context, skip=skip)


class _Times:
    """Times in the order of the rows."""

    def __init__(self, days: Days | None) -> None:
        self._running = Running(days) if days else None

    def of(self, columns: Columns) -> Sequence[str]:
        return [self._iso(text.strip()) for text in columns[0]]

    def _iso(self, text: str) -> str:
        return ((self._running and self._running.written(text)) or text).replace(" ", "T")


def _interval(first: Sequence[Fields], days: Days | None) -> str:
    """The time between the first rows, the shortest there is. Raises UnreadableFile."""
    told = _Times(days).of([[row[0] for row in first[:50]]])
    times = []
    for text in told:
        try:
            times.append(instant(text)[0])
        except ValueError:
            continue
    steps = [abs(b - a) for a, b in pairwise(times) if a != b]
    if not first:
        raise UnreadableFile("there are no rows", row=1)
    if not steps:
        shown = first[0][0].strip()[:40]
        raise UnreadableFile(
            f"the first rows do not tell whether day or month comes first in {shown!r}, or over how long a row is", row=1
        )
    return iso_duration(min(steps))


def _bearing(text: str) -> str:
    """Degrees of a point of the compass; what is none stays."""
    bearing = BEARINGS.get(text.strip().upper())
    return text if bearing is None else f"{bearing:g}"
