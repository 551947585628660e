"""Files of KNMI (Netherlands): lines that begin with `#` tell of the stations and the columns, then rows between commas.

Source: KNMI, "Daggegevens" and "Uurgegevens" (daggegevens.knmi.nl), whose own lines explain each column. Times are UT; an hour
is numbered by its end, 1 to 24; a day stands at its date. Most units are tenths, but in files that somebody converted, which
have decimals; -1 in sums of rain and sunshine is less than 0.05.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Layout, each, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Table
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "knmi"
RECORDS = LineRecords(header=regex(rb"(?m)^# *STN *, *YYYYMMDD"))

_HEAD = 32_768  # bytes: the lines above the table explain some forty columns and list fifty stations
_HOURLY = {
    "DD": ("wind_from_direction", "deg", "mean", "PT10M", None),
    "FH": ("wind_speed", "0.1 m/s", "mean", "PT1H", None),
    "FF": ("wind_speed", "0.1 m/s", "mean", "PT10M", None),
    "FX": ("wind_speed_of_gust", "0.1 m/s", "maximum", "PT1H", None),
    "T": ("air_temperature", "0.1 Cel", "point", "PT0S", 1.5),
    "T10N": ("air_temperature", "0.1 Cel", "minimum", "PT6H", 0.1),
    "TD": ("dew_point_temperature", "0.1 Cel", "point", "PT0S", 1.5),
    "SQ": ("duration_of_sunshine", "0.1 h", "sum", "PT1H", None),
    "Q": ("surface_downwelling_shortwave_flux_in_air", "J/cm2/h", "mean", "PT1H", None),
    "RH": ("precipitation_amount", "0.1 mm", "sum", "PT1H", None),
    "P": ("air_pressure_at_mean_sea_level", "0.1 hPa", "point", "PT0S", None),
    "N": ("cloud_area_fraction", "[okta]", "point", "PT0S", None),
    "U": ("relative_humidity", "%", "point", "PT0S", 1.5),
}
_DAILY = {
    "FG": ("wind_speed", "0.1 m/s", "mean", "P1D", None),
    "FXX": ("wind_speed_of_gust", "0.1 m/s", "maximum", "P1D", None),
    "TG": ("air_temperature", "0.1 Cel", "mean", "P1D", 1.5),
    "TN": ("air_temperature", "0.1 Cel", "minimum", "P1D", 1.5),
    "TX": ("air_temperature", "0.1 Cel", "maximum", "P1D", 1.5),
    "T10N": ("air_temperature", "0.1 Cel", "minimum", "P1D", 0.1),
    "SQ": ("duration_of_sunshine", "0.1 h", "sum", "P1D", None),
    "Q": ("surface_downwelling_shortwave_flux_in_air", "J/cm2/d", "mean", "P1D", None),
    "RH": ("precipitation_amount", "0.1 mm", "sum", "P1D", None),
    "RD": ("precipitation_amount", "0.1 mm", "sum", "P1D", None),
    "PG": ("air_pressure_at_mean_sea_level", "0.1 hPa", "mean", "P1D", None),
    "PX": ("air_pressure_at_mean_sea_level", "0.1 hPa", "maximum", "P1D", None),
    "PN": ("air_pressure_at_mean_sea_level", "0.1 hPa", "minimum", "P1D", None),
    "NG": ("cloud_area_fraction", "[okta]", "mean", "P1D", None),
    "UG": ("relative_humidity", "%", "mean", "P1D", 1.5),
    "UX": ("relative_humidity", "%", "maximum", "P1D", 1.5),
    "UN": ("relative_humidity", "%", "minimum", "P1D", 1.5),
}
_LESS = regex(r"-(?:1(?:\.0*)?|0?\.10*)")  # also of whoever divided it by ten
_NO_DIRECTION = frozenset(("0", "990"))  # calm, variable
_TENTHS = "0.1 "
_PART = regex(r"-?\d*\.0*[1-9]\d*")  # of a whole number; a program may write tenths as 123.0
_SOME = regex(r"-?[\d.]*[1-9][\d.]*")  # that may have one
_EXPLAINED = regex(r"# *([A-Z0-9]+) *[:=].*?\b0[.,]1 ")
_PLACE = regex(r"#\s*(\d{3}):?\s+(-?\d+\.\d+)\s+(-?\d+\.\d+)\s+(-?\d+\.\d+)\s+(.+)")


def _header(lines: list[str]) -> int | None:
    for at, line in enumerate(lines):
        names = _names(line)
        if len(names) >= 3 and names[0] == "STN" and names[1] == "YYYYMMDD":
            return at
    return None


def _names(line: str) -> list[str]:
    return [name.strip() for name in line.strip().lstrip('"# ').split(",")]


def sniff(head: bytes) -> Guess | None:
    lines = decode(head[:_HEAD]).split("\n")
    at = _header(lines)
    if at is None:
        return None
    names = _names(lines[at])
    known = [name for name in names[2:] if name in _HOURLY or name in _DAILY]
    if not known:
        return None
    return Guess(0.95, f"KNMI, {'hourly' if 'HH' in names else 'daily'}: {', '.join(known[:6])}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, _HEAD)
    lines = decode(peeked.head).split("\n")
    at = _header(lines)
    if at is None:
        raise UnreadableFile("no line names the columns STN,YYYYMMDD,…", row=1)
    for row, line in enumerate(lines[:at], 1):
        if found := _PLACE.fullmatch(line.strip()):
            number, longitude, latitude, height, name = found.groups()
            yield from station(Place(f"0-20000-0-06{number}", latitude, longitude, height, name.strip()), row)
    names = _names(lines[at])
    hourly = "HH" in names
    known = _HOURLY if hourly else _DAILY
    tenths = {column: name for column, name in enumerate(names) if name in known and known[name][1].startswith(_TENTHS)}
    converted = _parts(lines[at + 1 :], tenths)
    explained = {match[1] for line in lines[:at] if (match := _EXPLAINED.match(line.strip()))}
    untold = [name for name in tenths.values() if converted and name in explained]
    elements: dict[int, Element] = {}
    for column, name in enumerate(names):
        if name in known and name not in untold:
            standard_name, unit, method, duration, level = known[name]
            unit = unit.removeprefix(_TENTHS) if converted else unit
            elements[column] = element(name, standard_name, unit, method=method, duration=duration, level=level)
    hour = names.index("HH") if hourly else None

    def time(columns: Columns) -> list[str]:
        if hour is None:
            return list(each(_day, 1)(columns))
        return [f"{_day(day)}T{clock.strip():0>2}:00" for day, clock in zip(columns[1], columns[hour], strict=True)]

    layout = Layout(
        names=names,
        station_at=0,
        called=_called,
        at=(1, hour) if hour is not None else (1,),
        time=time,
        elements=elements,
        clean=str.strip,
        cleans={at: _CLEANS[name] for at, name in enumerate(names) if name in _CLEANS},
        remarks=tuple(_said(converted, tenths, untold)),
    )
    yield from rows(Table(peeked, ","), layout, context, skip=at + 1)


def _amount(text: str) -> str:
    plain = text.strip()
    return "0" if _LESS.fullmatch(plain) else plain


def _direction(text: str) -> str:
    plain = text.strip()
    return "" if plain.removesuffix(".0") in _NO_DIRECTION else plain


_CLEANS = dict.fromkeys(("RH", "SQ", "RD"), _amount) | {"DD": _direction}


def _parts(lines: list[str], columns: Iterable[int]) -> str:
    """The first number with decimals in these columns, "" where most have none, as tenths do not."""
    rows = [line.split(",") for line in lines]
    texts = [row[at].strip() for row in rows for at in columns if at < len(row)]
    parts = list(filter(_PART.fullmatch, texts))
    return parts[0] if 2 * len(parts) > len(list(filter(_SOME.fullmatch, texts))) else ""


def _said(part: str, tenths: Mapping[int, str], untold: Sequence[str]) -> Iterator[str]:
    others = [name for name in tenths.values() if name not in untold]
    if part and others:
        yield f"there are decimals ({part}), so {', '.join(others)} were taken in whole units, and not in KNMI's tenths"
    if untold:
        yield (
            f"{', '.join(untold)}: the lines above say tenths, and there are decimals ({part}), so that nobody can tell "
            "whether they were converted: not taken; a mapping can say their unit"
        )


def _called(text: str) -> str:
    number = text.strip(" #")  # some exports begin every row as a comment
    return f"0-20000-0-06{number}" if number.isdecimal() else number


def _day(text: str) -> str:
    plain = text.strip()
    return f"{plain[:4]}-{plain[4:6]}-{plain[6:]}" if len(plain) == 8 else plain
