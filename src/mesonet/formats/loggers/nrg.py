"""Statistics of NRG Systems' loggers as text: SymphoniePRO's exports and the files of the later loggers (Spidar, RSI, Hybrid).

A head tells the site and the history of its channels, each with what it measures and how high; below the line `Data` there is
a row for each interval. Source: files of both kinds that nrgpy, NRG's own library, is tested with. Rows stand at the beginning
of their interval, as the files follow each other, in the earliest firmware (`FW Version` alone) at its end. A channel is taken
where its type, name and unit leave no doubt: a pyranometer may look up, down or along a panel.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Layout, first_of, offset, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import HEAD_BYTES, Context, Guess, Piece, Stream
from mesonet.formats.table import Table
from mesonet.formats.text import decode
from mesonet.record import dataclass
from mesonet.regex import regex

NAME = "nrg"
BEGINS = regex(rb"(?m)^(?:\xef\xbb\xbf)?NRG (?:Export Service|Systems Data Logger)")

_FIRST = ("NRG Export Service", "NRG Systems Data Logger")
_COLUMN = regex(r"Ch(\d+)_(?:.*_)?(Avg|Min|Max|Gust_?Dir|Gust|Sum|Total)_(.*)")
_ZONE = regex(r"(?:UTC)?([+-]?\d{1,2})(?::(\d\d))?")
_UNITS = {"C": "Cel", "deg_C": "Cel", "F": "degF", "deg_F": "degF", "%RH": "%", "RH": "%", "mb": "hPa", "mbar": "hPa"}
_UNITS |= dict.fromkeys(("Deg", "deg", "Degrees", "degrees"), "deg") | {"W/sqm": "W/m2", "W/m^2": "W/m2", "w/m^2": "W/m2"}
_WAYS = {"Avg": "mean", "Min": "minimum", "Max": "maximum"}
_DOWN = "surface_downwelling_shortwave_flux_in_air"
_TYPES = {
    "absolute_air_pressure": "air_pressure",
    **{name: name for name in ("air_temperature", "relative_humidity", "wind_speed")},
    "wind_direction": "wind_from_direction",
    "precipitation": "precipitation_amount",
    "Anemometer": "wind_speed",
    "Vane": "wind_from_direction",
}
# of channels that do not tell it otherwise, by their names: thermometers of air (a panel has some too), barometers, hygrometers
_NAMED = (
    (r"T60\b|\b110S\b|air.?temp|ambient", "air_temperature", "Cel"),
    (r"\bBP\d\d|baro|pressure", "air_pressure", "hPa"),
    (r"\bRH", "relative_humidity", "%"),
    (r"\bGHI\b|_GHI_", _DOWN, "W/m2"),
)
_GONE = ("nan", "NaN", "-9999", "9999")


@dataclass(frozen=True, slots=True)
class _Head:
    told: Mapping[str, str]
    channels: Mapping[str, Mapping[str, str]]
    names: Sequence[str]
    skip: int
    first: Sequence[str]  # the times of the first rows


def _head(head: bytes) -> _Head | None:
    """None where it is no file of statistics."""
    told: dict[str, str] = {}
    channels: dict[str, dict[str, str]] = {}
    lines = decode(head).lstrip("\ufeff").split("\n")
    if not lines[0].startswith(_FIRST):
        return None
    block = told
    for at, line in enumerate(lines[1:-1], 1):
        name, _, value = line.strip("\r").partition("\t")
        if name.strip() == "Data":
            names = [each.strip() for each in lines[at + 1].split("\t")]
            first = [row.partition("\t")[0].strip() for row in lines[at + 2 : at + 4]]
            known = names[0] == "Timestamp" and any(map(_COLUMN.fullmatch, names))
            return _Head(told, channels, names, at + 2, first) if known else None
        key = name.rstrip(":").strip()
        if key == "Channel":
            block = channels.setdefault(value.strip(), {})
        block.setdefault(key, value.strip()) if block is told else block.update({key: value.strip()})
    return None


def sniff(head: bytes) -> Guess | None:
    found = _head(head)
    if found is None:
        return None
    return Guess(0.97, f"statistics of an NRG logger: {_site(found.told)[1]}, {len(found.channels)} channels")


def _site(told: Mapping[str, str]) -> tuple[str, str]:
    """Identifier and name."""
    name = told.get("Site Description") or told.get("Site") or ""
    number = told.get("Site Number") or name or told.get("Serial Number") or ""
    return f"nrg_{'_'.join(number.replace('/', ' ').split())}" if number else "", name or number


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, HEAD_BYTES)
    head = _head(peeked.head)
    if head is None:
        raise UnreadableFile("no line Data with the names of statistics below it", row=1)
    told = head.told
    identifier, name = _site(told)
    if not identifier:
        raise UnreadableFile("no line names the site", row=1)
    minutes = _minutes(told, head.first)
    zone = _zone(told.get("Time Zone", ""))
    begins = "FW Version" not in told or "Created FW Version" in told
    above = told.get("Elevation", "") if not re.search(r"(?i)imperial|english|ft", told.get("Site Units", "")) else ""
    yield from station(Place(identifier, told.get("Latitude", ""), told.get("Longitude", ""), above, name), 1)
    remarks = [
        f"rows are of {minutes} min, and {'begin' if begins else 'end'} at their time"
        + (", which is moved to the end" * begins),
    ]
    made: list[tuple[int, Element]] = []
    low: list[str] = []
    for at, column in enumerate(head.names):
        if (found := _element(column, head.channels, f"PT{minutes}M")) is not None:
            if isinstance(found, str):
                low.append(found)
            else:
                made.append((at, found))
    elements, doubled = first_of(made)
    if low:
        remarks.append(f"channels whose height is not told were left: {', '.join(dict.fromkeys(low))[:120]}")
    layout = Layout(
        names=head.names,
        station=identifier,
        at=(0,),
        time=_ends(minutes if begins else 0),
        zone=zone,
        elements=elements,
        quiet=frozenset(at for at, column in enumerate(head.names) if not _COLUMN.fullmatch(column)),
        remarks=(*remarks, *doubled),
    )
    yield from rows(Table(peeked, "\t"), layout, context, skip=head.skip)


def _minutes(told: Mapping[str, str], first: Sequence[str]) -> int:
    """Over how long the statistics are. Raises UnreadableFile."""
    stated = told.get("Statistical Interval (min)", "")
    if re.fullmatch(r"[1-9]\d{0,3}", stated, re.ASCII):
        return int(stated)
    try:
        begin, end = map(datetime.fromisoformat, first)
    except ValueError:
        raise UnreadableFile(
            "neither a line Statistical Interval nor two rows tell over how long statistics are", row=1
        ) from None
    minutes, rest = divmod((end - begin).total_seconds(), 60)
    if rest or not 0 < minutes <= 1440:
        raise UnreadableFile("the first two rows are no whole number of minutes apart", row=1)
    return int(minutes)


def _zone(text: str) -> str:
    """Of local times; those that end with Z are UTC all the same. Raises UnreadableFile."""
    found = _ZONE.fullmatch(text)
    if found is None:
        raise UnreadableFile(f"the time zone is not told as UTC-5:00: {text[:40]!r}", row=1)
    part = int(found[2] or 0) / 60
    return offset(int(found[1]) + (-part if found[1].startswith("-") else part))


def _ends(minutes: int) -> Callable[[Columns], Sequence[str]]:
    def time(columns: Columns) -> Sequence[str]:
        known = {text: _later(text, minutes) for text in set(columns[0])}
        return list(map(known.__getitem__, columns[0]))

    return time


def _later(text: str, minutes: int) -> str:
    try:
        return (datetime.fromisoformat(text.strip()) + timedelta(minutes=minutes)).isoformat()
    except (ValueError, OverflowError):
        return text


def _quantity(channel: Mapping[str, str], called: str, unit: str) -> str:
    """The standard name of what a channel measures, "" where that is not certain."""
    if what := _TYPES.get(channel.get("Measurement Type") or channel.get("Type", "")):
        return what
    if "Measurement Type" in channel or channel.get("Calculation") or channel.get("Math Function"):
        return ""
    dimension = "hPa" if unit in ("hPa", "kPa", "inHg") else unit
    return next((name for words, name, of in _NAMED if dimension == of and re.search(words, called, re.IGNORECASE)), "")


def _element(column: str, channels: Mapping[str, Mapping[str, str]], interval: str) -> Element | str | None:
    """What a column is; the channel's name where it is not told how high that is: masts have no usual height."""
    found = _COLUMN.fullmatch(column)
    channel = channels.get(found[1]) if found else None
    if found is None or channel is None:
        return None
    way, unit = found[2].replace("_", ""), _UNITS.get(found[3], found[3])
    called = channel.get("Description", "")
    what = _quantity(channel, called, unit)
    if way in ("Sum", "Total"):
        rain = what == "precipitation_amount" or channel.get("Type") == "Totalizer"
        if not rain or unit not in ("mm", "in") or channel.get("Calculation"):
            return None
        return element(column, "precipitation_amount", unit, *_GONE, method="sum", duration=interval)
    if not what or what == "precipitation_amount":
        return None
    method = _WAYS.get(way, "maximum")
    if what == "wind_from_direction":
        if method != "mean" and way != "GustDir":
            return None
        what = "wind_gust_from_direction" if way == "GustDir" else what
    elif what == "wind_speed":
        if way == "Max":  # that of a gust is the highest
            return None
        what = "wind_speed_of_gust" if way == "Gust" else what
    elif way not in _WAYS:
        return None
    height = channel.get("Height", "")
    level = float(height) if re.fullmatch(r"\d{1,3}(\.\d{1,4})?", height, re.ASCII) and float(height) else None
    if level is None and (
        what.startswith("wind_") or ("Height" in channel and what in ("air_temperature", "relative_humidity"))
    ):
        return called or f"channel {found[1]}"
    return element(column, what, unit, *_GONE, method=method, duration=interval, level=level)
