"""Messages of Vaisala's weather transmitters (WXT510 to WXT536), as a terminal or a logger kept them: `0R1,Dm=236D,Sm=1.0M,…`.

Source: Vaisala, "User's Guide, WXT530 Series", "ASCII protocol": a device's address, R and the kind of message (r with three
characters of a check sum behind it), then names, values and a letter for the unit; `#` is a value that is not to be had. Over
which time wind is averaged is a setting that no message says. Rain and hail count up and are left, and so are the extremes of
a direction. Nothing tells time and station: see `stamped`.
"""

from collections.abc import Generator, Iterator
from functools import lru_cache

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import usual
from mesonet.formats.json_readings import Field, Readings
from mesonet.formats.lines import Peeked
from mesonet.formats.loggers.stamped import Stamps, is_year_first, station_of
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import SHOWN
from mesonet.formats.text import Text, decode
from mesonet.regex import regex

NAME = "vaisala-wxt"
RECORDS = LineRecords(applies=is_year_first)

_MESSAGE = regex(r"(?<![A-Za-z0-9])([A-Za-z0-9])([Rr])[0-9],([A-Z][a-z]=[^\n]*)")
_VALUE = regex(r"([A-Z][a-z])=([^,=]*?)([A-Za-z#]?)")
_TEMPERATURE = {"C": "Cel", "F": "[degF]"}
_SPEED = {"M": "m/s", "K": "km/h", "S": "[mi_i]/h", "N": "[kn_i]"}
_PRESSURE = {"H": "hPa", "P": "Pa", "B": "bar", "M": "mm[Hg]", "I": "[in_i'Hg]"}
_QUANTITIES = {
    "Ta": ("air_temperature", _TEMPERATURE),
    "Ua": ("relative_humidity", {"P": "%"}),
    "Pa": ("air_pressure", _PRESSURE),
    "Sm": ("wind_speed", _SPEED),
    "Dm": ("wind_from_direction", {"D": "deg"}),
    "Sx": ("wind_speed_of_gust", _SPEED),
    "Ri": ("rainfall_rate", {"M": "mm/h", "I": "[in_i]/h"}),
}
_OF_DEVICE = ("Th", "Vh", "Vs", "Vr", "Tp", "Id", "Fx", "La", "Lo", "Al")
_NONE = "#"
_OTHER = "not a message such as 0R1,Dm=236D,Sm=1.0M"


def sniff(head: bytes) -> Guess | None:
    lines = [line for line in decode(head[:8192]).split("\n")[:40] if line.strip()]
    found = [match for match in map(_MESSAGE.search, lines) if match and _VALUE.fullmatch(match[3].split(",")[0])]
    if not found or 2 * len(found) < len(lines):
        return None
    return Guess(0.93, f"messages of a Vaisala weather transmitter (WXT): {found[0][0][:60]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    readings, text = Readings(values=context.values), Text(peeked)
    stamps = Stamps(decode(peeked.head), context, readings)
    base = station_of(context, "wxt", readings)
    readings.remark("over which time the wind is averaged is a setting that the messages do not tell")

    def take(row: int, line: str) -> Generator[Piece, None, str | None]:
        message = _MESSAGE.search(line)
        if message is None:
            return _OTHER if line.strip() and row > 1 else None  # the first line may name columns
        station = base if message[1] == "0" else f"{base}_{message[1]}"
        if given := _given(message[3] if message[2] == "R" else message[3][:-3], readings):
            try:
                time = stamps.instant(line[: message.start()], station)
            except ValueError as exc:
                yield readings.reject(reason=str(exc), row=row, column="time", value=line[:SHOWN])
            else:
                yield from readings.observe(station, time, row, given)
        return None

    yield from readings.lines(text, take)
    if not readings.rows:
        yield Reject(reason="no message tells of the weather")
    yield from readings.end(encoding=text.described)


def _given(values: str, readings: Readings) -> dict[Field, object]:
    """What is known of a message's values; what is no number is told where it is weighed."""
    given: dict[Field, object] = {}
    for each in values.split(","):
        match = _VALUE.fullmatch(each.strip())
        name = each.strip()[:2]
        if name not in _QUANTITIES:
            if name not in _OF_DEVICE:
                readings.leave(name)
            continue
        value, letter = (match[2], match[3]) if match else (each.strip(), _NONE)
        known = _field(name, letter)
        given[known] = None if match and letter == _NONE else value
    return given


@lru_cache(maxsize=256)
def _field(name: str, letter: str) -> Field:
    """A quantity in the unit that the letter means; without a value in the first that it may have."""
    standard_name, units = _QUANTITIES[name]
    return Field(name, usual(standard_name), units.get(letter) or (next(iter(units.values())) if letter == _NONE else letter))
