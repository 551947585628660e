"""What programs of home stations write for web pages, one line of the present: Weather Display's `clientraw.txt`, Cumulus'
`realtime.txt`.

Sources: the fields of clientraw.txt as the Saratoga templates (`ajaxWDwx.js`) use them, in knots, °C, hPa and millimetres
whatever the page shows, with longitudes that count to the west; Cumulus Wiki, "Realtime.txt", which names its units.

Neither says its zone: a mapping can (`time.zone`), else times are taken as UTC. Where neither sun nor ultraviolet is above zero
there may be no sensor, so they are not taken. Rain since midnight has no known period; Weather Display's second wind is often
below its mean, so it is no gust.
"""

import re
from collections.abc import Iterator, Sequence

from mesonet.domain.mapping import TimeColumns
from mesonet.domain.observation import Reject
from mesonet.domain.parameter import usual
from mesonet.errors import InvalidMapping
from mesonet.formats.elements import Place, station
from mesonet.formats.json_readings import Field, Readings, of_file
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import SHOWN
from mesonet.formats.text import Text, decode
from mesonet.formats.times import clock
from mesonet.regex import regex

NAME = "clientraw"

# Weather Display: place of the field, its name, standard name, unit
_DISPLAY = (
    (1, "average wind", "wind_speed", "kt"),
    (3, "direction", "wind_from_direction", "deg"),
    (4, "temperature", "air_temperature", "Cel"),
    (5, "humidity", "relative_humidity", "%"),
    (6, "barometer", "air_pressure_at_mean_sea_level", "hPa"),
    (10, "rain rate", "rainfall_rate", "mm/min"),
    (72, "dew point", "dew_point_temperature", "Cel"),
)
_DISPLAY_SUN = (
    (79, "UV", "ultraviolet_index", "1"),
    (127, "solar radiation", "surface_downwelling_shortwave_flux_in_air", "W/m2"),
)
_SHORTEST = 162  # fields, with year and position
# Cumulus: the unit is a text, or the place of the field that says it
_CUMULUS: tuple[tuple[int, str, str, str | int], ...] = (
    (2, "temp", "air_temperature", 14),
    (3, "hum", "relative_humidity", "%"),
    (4, "dew", "dew_point_temperature", 14),
    (5, "wspeed", "wind_speed", 13),
    (7, "bearing", "wind_from_direction", "deg"),
    (8, "rrate", "rainfall_rate", 16),
    (10, "press", "air_pressure_at_mean_sea_level", 15),
    (40, "wgust", "wind_speed_of_gust", 13),
)
_CUMULUS_SUN = ((43, "UV", "ultraviolet_index", "1"), (45, "SolarRad", "surface_downwelling_shortwave_flux_in_air", "W/m2"))
_REALTIME = regex(
    r"(\d\d)[/.\-](\d\d)[/.\-](\d\d) (\d\d:\d\d:\d\d)(?: \S+){10} \d+ (?:km/h|mph|m/s|kts) [CF] (?:hPa|mb|in) (?:mm|in)"
    r"(?: \S+){29,}",  # up to the radiation of the sun
    re.ASCII,
)
_GONE = ("-100", "-100.0", "255.0", "---", "--", "-")


def _is_display(fields: Sequence[str]) -> bool:
    return len(fields) >= _SHORTEST and fields[0] == "12345" and fields[-1].startswith("!!")


def sniff(head: bytes) -> Guess | None:
    line = decode(head).strip()
    if "\n" in line:
        return None
    if _is_display(line.split()):
        return Guess(0.97, f"clientraw.txt of Weather Display: {line.split()[32].partition('-')[0][:60]}")
    return Guess(0.95, "realtime.txt of Cumulus") if _REALTIME.fullmatch(line) else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    text = Text(stream)
    readings = Readings(values=context.values)
    line = "".join(text).strip()
    fields = line.split()
    realtime = _REALTIME.fullmatch(line)
    if not realtime and not _is_display(fields):
        yield Reject(reason="neither the fields of clientraw.txt nor those of realtime.txt", row=1, value=line[:SHOWN])
        yield from readings.end(encoding=text.described)
        return
    identifier = of_file(context.key, "cumulus")
    if realtime is None:
        name = re.sub(r"-\d+:\d\d:\d\d(_[AP]M)?$", "", fields[32]).replace("_", " ").strip()
        identifier = re.sub(r"[^\w.\-]+", "_", name) or of_file(context.key, "clientraw")
        time = f"{fields[141]}-{fields[36]:0>2}-{fields[35]:0>2} {fields[29]:0>2}:{fields[30]:0>2}:{fields[31]:0>2}"
    else:
        day, month, year, of_day = realtime.groups()
        time = f"20{year}-{month}-{day} {of_day}"
        readings.remark(f"no field names the station: it is called {identifier} after the file", "station")
    zone = context.mapping.time.zone if context.mapping else "UTC"
    if not context.mapping:
        readings.remark("the clock has no zone and was taken as UTC; a mapping can say the station's zone", "zone")
    try:
        hands = clock(TimeColumns(columns=("time",), format="%Y-%m-%d %H:%M:%S", zone=zone))
    except InvalidMapping as exc:
        yield Reject(reason=exc.detail, column="time.zone")
        return
    hands.learn({time})
    if time in hands.faults:
        yield Reject(reason=hands.faults[time], row=1, column="time", value=time[:SHOWN])
    else:
        times, _ = hands.resolve([time], identifier)
        if realtime is None:
            east = fields[161].removeprefix("-") if fields[161].startswith("-") else f"-{fields[161]}"
            yield from station(Place(identifier, fields[160], east, name=name), 1)
        yield from readings.observe(identifier, times[0], 1, dict(_given(fields, display=realtime is None)))
    yield from readings.end(encoding=text.described)


def _given(fields: Sequence[str], *, display: bool) -> Iterator[tuple[Field, str | None]]:
    """What was measured."""
    measured, sun = (_DISPLAY, _DISPLAY_SUN) if display else (_CUMULUS, _CUMULUS_SUN)
    shining = any(fields[at].strip("0.,-") for at, *_ in sun)
    for at, name, standard_name, unit in (*measured, *(sun if shining else ())):
        said = fields[unit] if isinstance(unit, int) else unit
        if isinstance(unit, int) and said in ("mm", "in"):
            said = "inHg" if standard_name == "air_pressure_at_mean_sea_level" else f"{said}/h"
        text = fields[at].replace(",", ".")  # as the computer writes it
        yield Field(name, usual(standard_name), said), None if text in _GONE else text
