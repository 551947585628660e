"""Weather in packets of APRS, as a receiver, aprs.fi or a program of CWOP kept them: `CW0003>APRS,…:@061200z…_270/004g010t077`.

Sources: APRS Working Group, "APRS Protocol Reference 1.0.1", chapters 6, 8, 9, 11 and 12; CWOP, "Weather data in APRS packets".
Of a packet's own time the month is that of a logger's stamp before it (see `stamped`), else the newest before the file came;
without one the stamp is the time. The pressure of CWOP's stations is an altimeter setting; what others send may be any, and is
left, and so is rain since midnight.

`wxnow.txt`, from which programs of consoles (Cumulus, Weather Display, WeeWX) let others send such packets, has a line of the
date above one of the weather, and tells neither station nor zone.
"""

import re
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from mesonet.domain.instant import DAY, SECOND, from_datetime
from mesonet.domain.parameter import INSTANT, POINT
from mesonet.formats.json_readings import Field, Readings, field_of, identified, located
from mesonet.formats.lines import Peeked
from mesonet.formats.loggers.stamped import Stamps, is_year_first, station_of
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import SHOWN
from mesonet.formats.text import Text, decode
from mesonet.formats.times import MONTHS
from mesonet.regex import regex

NAME = "aprs"
RECORDS = LineRecords(applies=is_year_first)

_PACKET = regex(r"(?<![A-Z0-9-])([A-Z0-9]{3,9}(?:-[A-Z0-9]{1,2})?)>([A-Za-z0-9*,-]{3,120}):(.+)")
_TIME = r"(?P<time>\d{6}[zh/])?"
_PLACE = (
    r"(?:(?P<north>[\d ]{4}\.[\d ]{2}[NS])[0-9A-Z/\\&](?P<east>[\d ]{5}\.[\d ]{2}[EW])"
    r"|[A-Za-j/\\](?P<packed>[!-{]{8}))_(?P<behind>.{3}.*)"
)
_WHERE = regex(rf"(?:[!=/@]|;(?P<object>.{{9}})[*_]){_TIME}{_PLACE}")
_NOWHERE = regex(r"_(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<behind>c.*)")
_WIND = regex(r"(?:(\d{3}|[. ]{3})/(\d{3}|[. ]{3})|c(\d{3}|[. ]{3})s(\d{3}|[. ]{3}))")
_FIELD = regex(r"([gtrpPLls])(-\d\d|\d{3}|[. ]{3})|(h)(\d\d|[. ]{2})|(b)(\d{5}|[. ]{5})")
_NOTED = regex(r"(?a)([A-Z][a-z]{2}) (\d\d?) (\d{4}) (\d\d?:\d\d)")
_OF_CWOP = regex(r"[A-G]W\d{4}")
_QUANTITIES = {
    "s": ("wind_speed", "[mi_i]/h", POINT, INSTANT),
    "c": ("wind_from_direction", "deg", POINT, INSTANT),
    "g": ("wind_speed_of_gust", "[mi_i]/h", "maximum", "PT5M"),
    "t": ("air_temperature", "[degF]", POINT, INSTANT),
    "r": ("precipitation_amount", "0.01 in", "sum", "PT1H"),
    "p": ("precipitation_amount", "0.01 in", "sum", "PT24H"),
    "h": ("relative_humidity", "%", POINT, INSTANT),
    "b": ("altimeter_setting", "0.1 hPa", POINT, INSTANT),
    "L": ("surface_downwelling_shortwave_flux_in_air", "W/m2", POINT, INSTANT),
    "S": ("thickness_of_snowfall_amount", "[in_i]", "sum", "PT24H"),
}
_MONTHS_BACK = 3  # of which one has the day
_CALLED = {"s": "wind speed", "c": "wind direction", "S": "s"}
_FIRST, _GROWS = 33, 1.08  # of characters that are figures; of speeds, from one to the next
_AHEAD = 3600 * SECOND  # of a sender's clock
_LOCAL = "the packet's own time is of a local clock"
_PRESSURE = "pressure of a station that is not CWOP's, which may be any"
_NEITHER = "neither the packet nor a stamp before it tells the time"


def sniff(head: bytes) -> Guess | None:
    lines = [line for line in decode(head[:8192]).split("\n") if line.strip() and not line.startswith("#")][:60]
    if len(lines) > 1 and _noted(lines[0]) and _WIND.match(lines[1]):
        return Guess(0.93, "wxnow.txt: a date above weather as packets of APRS have it")
    packets = [match for match in map(_PACKET.search, lines) if match]
    told = [match[1] for match in packets if _told(match[3])]
    if not told or 2 * len(packets) < len(lines):
        return None
    return Guess(0.93, f"weather in packets of APRS: {', '.join(list(dict.fromkeys(told))[:5])}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    readings, text = Readings(values=context.values), Text(peeked)
    stamps, above = Stamps(decode(peeked.head), context, readings), ""

    def take(row: int, line: str) -> Generator[Piece, None, str | None]:
        nonlocal above
        packet = _PACKET.search(line)
        if packet is None:
            if noted := _noted(line):
                above = noted
            elif above and _WIND.match(line):
                yield from _now(line, above, row, stamps, context, readings)
            elif line.startswith("#"):
                above = line.lstrip("# ")  # Xastir's time of the packets below
            elif line.strip():
                return "no packet such as CW0003>APRS,TCPXX*:@061200z…"
        elif told := _told(packet[3]):
            before = line[: packet.start()]
            yield from _packet(packet, told, before if before.strip() else above, row, stamps, context, readings)
        return None

    yield from readings.lines(text, take)
    yield from readings.end(encoding=text.described)


def _noted(line: str) -> str:
    """A date of `wxnow.txt` in figures; "" of other lines."""
    found = _NOTED.fullmatch(line.strip())
    if found is None or (month := found[1].lower()) not in MONTHS:
        return ""
    return f"{found[3]}-{MONTHS.index(month) + 1:02}-{found[2]} {found[4]}"


def _now(line: str, noted: str, row: int, stamps: Stamps, context: Context, readings: Readings) -> Iterator[Piece]:
    """The weather below its date."""
    station = station_of(context, "aprs", readings)
    try:
        time = stamps.instant(noted, station)
    except ValueError as exc:
        yield readings.reject(reason=str(exc), row=row, column="time", value=noted)
        return
    yield from readings.observe(station, time, row, _given(line, packed=False, cwop=False, readings=readings))


def _told(payload: str) -> re.Match[str] | None:
    """A payload of the weather, with what is known of its time and place."""
    found = _WHERE.match(payload) or _NOWHERE.match(payload)
    return found if found and (found.groupdict().get("packed") or _WIND.match(found["behind"])) else None


def _packet(
    packet: re.Match[str], told: re.Match[str], before: str, row: int, stamps: Stamps, context: Context, readings: Readings
) -> Iterator[Piece]:
    at = told.groupdict()
    station = identified((at.get("object") or packet[1]).strip())
    fault = "" if station else "not the identifier of a station"
    try:
        time = _instant(at, before, station or "", stamps, context, readings)
    except ValueError as exc:
        fault, time = str(exc), 0
    if fault or station is None:
        yield readings.reject(reason=fault, row=row, column="time" if station else "station", value=packet[0][:SHOWN])
        return
    packed = at.get("packed") or ""
    if packed or at.get("north"):
        north, east = _unpacked(packed) if packed else (_degrees(at["north"], 2), _degrees(at["east"], 3))
        if abs(north) <= 90 and abs(east) <= 180:
            readings.place(located(station, north, east))
    cwop = "TCPXX" in packet[2] or "CWOP" in packet[2] or bool(_OF_CWOP.fullmatch(packet[1]))
    yield from readings.observe(station, time, row, _given(at["behind"], packed=bool(packed), cwop=cwop, readings=readings))


def _instant(at: dict[str, str], before: str, station: str, stamps: Stamps, context: Context, readings: Readings) -> int:
    """When a packet's weather was. Raises ValueError."""
    stamp = stamps.instant(before, station) if before.strip() else None
    own = at.get("time") or "".join(at.get(each) or "" for each in ("day", "hour", "minute"))
    if not own or own.endswith("/"):  # none, or one of a local clock
        if stamp is None:
            raise ValueError(_LOCAL if own else _NEITHER)
        return stamp
    around = context.received if stamp is None else stamp
    if around is None:
        raise ValueError(_NEITHER)
    first, second, third = (int(own[each : each + 2]) for each in (0, 2, 4))
    if own.endswith("h"):
        found = around // DAY * DAY + (first * 3600 + second * 60 + third) * SECOND
        return found - DAY if found > around + _AHEAD else found
    if stamp is None:
        readings.remark("packets tell the day and not its month, which is the newest before the file came", "date")
    return _newest(first, second, third, around)


@lru_cache(maxsize=4096)
def _newest(day: int, hour: int, minute: int, around: int) -> int:
    """The newest such day and time that is not after another. Raises ValueError."""
    month = datetime.fromtimestamp((around + _AHEAD) / SECOND, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(_MONTHS_BACK):
        try:
            found = from_datetime(month.replace(day=day, hour=hour, minute=minute))
        except ValueError:  # the month lacks it
            found = around + DAY
        if found <= around + _AHEAD:
            return found
        month = (month - timedelta(days=1)).replace(day=1)
    raise ValueError("not a day and time that exist")


def _given(behind: str, *, packed: bool, cwop: bool, readings: Readings) -> dict[Field, object]:
    """What stands behind the place, as far as it has the form of weather; then comes the name of a program, or anything."""
    given: dict[Field, object] = {}
    wind, at = _WIND.match(behind), 0
    if packed:  # a course and a speed in two characters, or a blank where there are none
        if "!" <= behind[0] <= "z":
            given[_field("c")] = f"{(ord(behind[0]) - _FIRST) * 4}"
            given[_field("s", "[kn_i]")] = f"{_GROWS ** (ord(behind[1]) - _FIRST) - 1:.1f}"
        at = 3
    elif wind:
        direction, speed = (wind[1], wind[2]) if wind[1] else (wind[3], wind[4])
        given[_field("s")] = _number(speed)
        given[_field("c")] = None if direction == "000" else _number(direction)  # north is 360
        at = wind.end()
    while match := _FIELD.match(behind, at):
        letter, text = (each for each in match.groups() if each is not None)
        at = match.end()
        value = _number(text)
        if letter == "b" and not cwop:
            readings.leave(_PRESSURE)
        elif letter == "P":
            readings.leave("rain since midnight (P)")
        elif letter == "l":
            given[_field("L")] = value and f"1{value}"
        elif letter == "h":
            given[_field("h")] = "100" if value == "00" else value
        else:
            given[_field("S" if letter == "s" else letter)] = value
    return given


def _number(text: str) -> str | None:
    return None if text.strip(". ") == "" else text


@lru_cache(maxsize=64)
def _field(letter: str, own: str = "") -> Field:
    standard_name, unit, method, duration = _QUANTITIES[letter]
    return field_of(_CALLED.get(letter, letter), standard_name, own or unit, method, duration)


def _degrees(text: str, whole: int) -> float:
    """Degrees and minutes; blanks stand for figures that are not told. Raises ValueError."""
    plain = text[:-1].replace(" ", "0")
    return round((int(plain[:whole]) + float(plain[whole:]) / 60) * (-1 if text[-1] in "SW" else 1), 6)


def _unpacked(text: str) -> tuple[float, float]:
    """Degrees north and east, of four figures to the base of 91 each."""
    north, east = (sum((ord(each) - _FIRST) * 91 ** (3 - at) for at, each in enumerate(part)) for part in (text[:4], text[4:]))
    return round(90 - north / 380_926, 6), round(east / 190_463 - 180, 6)
