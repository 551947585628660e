"""Historical climate data of Environment and Climate Change Canada: hourly, daily and monthly CSV, with or without lines above
the table.

Source: ECCC, "Glossary" and the legend in the files (climate.weather.gc.ca). Hours are in local standard time, all year, which
the file does not put in figures: it follows from the province, which is told or is in the climate identifier's first figures.
Flags: M missing, E and ^ estimated, A accumulated, C and L of which the amount is uncertain, T trace. A month stands at its
first day; the snow on its last day is left.
"""

from collections.abc import Iterator

from mesonet.domain.observation import NOT_EVALUATED, SUSPECT
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Flags, Layout, each, meant, rows
from mesonet.formats.elements import MONTH, Element, Place, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.table import Fields, Table
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "eccc"
BEGINS = regex(rb"(?m)^(?:\xef\xbb\xbf)?\"?Station Name\"?[,;\t]\"?[^\",;\t\n]*\"?\r?$")
GO_ON = True

_DAY = "P1D"
# the name without its unit: standard name, unit, method, duration, level
_ELEMENTS: dict[str, tuple[str, str, str, str]] = {
    "Temp": ("air_temperature", "Cel", "point", "PT0S"),
    "Dew Point Temp": ("dew_point_temperature", "Cel", "point", "PT0S"),
    "Rel Hum": ("relative_humidity", "%", "point", "PT0S"),
    "Precip. Amount": ("precipitation_amount", "mm", "sum", "PT1H"),
    "Wind Dir": ("wind_from_direction", "10 deg", "point", "PT0S"),
    "Wind Spd": ("wind_speed", "km/h", "point", "PT0S"),
    "Visibility": ("visibility_in_air", "km", "point", "PT0S"),
    "Stn Press": ("air_pressure", "kPa", "point", "PT0S"),
    "Max Temp": ("air_temperature", "Cel", "maximum", _DAY),
    "Min Temp": ("air_temperature", "Cel", "minimum", _DAY),
    "Mean Temp": ("air_temperature", "Cel", "mid_range", _DAY),
    "Total Rain": ("rainfall_amount", "mm", "sum", _DAY),
    "Total Snow": ("thickness_of_snowfall_amount", "cm", "sum", _DAY),
    "Total Precip": ("precipitation_amount", "mm", "sum", _DAY),
    "Snow on Grnd": ("surface_snow_thickness", "cm", "point", _DAY),
    "Dir of Max Gust": ("wind_gust_from_direction", "10 deg", "maximum", _DAY),
    "Spd of Max Gust": ("wind_speed_of_gust", "km/h", "maximum", _DAY),
}
# of months, beside the totals and the gust above
_OF_MONTHS = {
    "Mean Max Temp": ("air_temperature", "Cel", "maximum_within_days_mean_over_days", MONTH),
    "Mean Min Temp": ("air_temperature", "Cel", "minimum_within_days_mean_over_days", MONTH),
    "Extr Max Temp": ("air_temperature", "Cel", "maximum", MONTH),
    "Extr Min Temp": ("air_temperature", "Cel", "minimum", MONTH),
}
_FLAGS = {"": NOT_EVALUATED, "E": SUSPECT, "^": SUSPECT, "A": SUSPECT, "C": SUSPECT, "L": SUSPECT, "F": SUSPECT, "S": SUSPECT}
_UNIT = regex(r"\s*\([^()]*\)$")
# the first figures of a climate identifier, and the province's name: hours from UTC of its standard time
_ZONES = {
    "1": "-08:00", "21": "-08:00", "22": "-07:00", "23": "-07:00", "24": "-07:00", "25": "-07:00", "3": "-07:00",
    "4": "-06:00", "5": "-06:00", "6": "-05:00", "7": "-05:00", "81": "-04:00", "82": "-04:00", "83": "-04:00",
    "84": "-03:30", "85": "-04:00",
}  # fmt: skip
_PROVINCES = {
    "BRITISH COLUMBIA": "-08:00", "YUKON": "-08:00", "YUKON TERRITORY": "-08:00", "NORTHWEST TERRITORIES": "-07:00",
    "ALBERTA": "-07:00", "SASKATCHEWAN": "-06:00", "MANITOBA": "-06:00", "ONTARIO": "-05:00", "QUEBEC": "-05:00",
    "NEW BRUNSWICK": "-04:00", "NOVA SCOTIA": "-04:00", "PRINCE EDWARD ISLAND": "-04:00", "NEWFOUNDLAND": "-03:30",
    "NEWFOUNDLAND AND LABRADOR": "-03:30",
}  # fmt: skip
_ABOVE = {"Station Name", "Province", "Latitude", "Longitude", "Elevation", "Climate Identifier", "WMO Identifier"}


def sniff(head: bytes) -> Guess | None:
    text = decode(head)
    for row in text.split("\n", 40)[:40]:
        names = [name.strip('" ') for name in row.split(",")]
        if len(names) < 5 or not any(name.startswith("Date/Time") for name in names):
            continue
        known = [name for name in names if _plain(name) in _ELEMENTS]
        if known and "Year" in names and ("Climate ID" in names or "Climate Identifier" in text):
            return Guess(0.96, f"climate data of Environment Canada: {', '.join(known[:4])}, …")
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 16384)
    table = Table(peeked, ",")
    at = next((at for at, row in enumerate(table.first) if any(name.strip().startswith("Date/Time") for name in row)), None)
    if at is None:
        raise UnreadableFile("there is no header with Date/Time", row=1)
    names = [name.strip() for name in table.first[at]]
    above = {row[0].strip(): row[1].strip() for row in table.first[:at] if len(row) == 2 and row[0].strip() in _ABOVE}
    when = next(column for column, name in enumerate(names) if name.startswith("Date/Time"))
    column = {name: column for column, name in enumerate(names)}
    station_at = column.get("Climate ID")
    identifier = above.get("Climate Identifier", "")
    if station_at is None and not identifier:
        raise UnreadableFile("neither the lines above the table nor a column give the climate identifier", row=at + 1)
    first = next((row for row in table.first[at + 1 :] if len(row) == len(names)), None)
    if station_at is None:
        place = (above.get(name, "") for name in ("Latitude", "Longitude", "Elevation", "Station Name"))
        yield from station(Place(identifier, *place), 1)
    elif first:
        identifier = first[station_at].strip()
    daily = any(_ELEMENTS.get(_plain(name), ("",))[-1] == _DAY for name in names)
    hourly = not daily and _are_hours(names, when, first)  # midnight, as a program may have put behind dates, is no hour
    longitude = above.get("Longitude", "") or _cell(first, column.get("Longitude (x)"))
    zone = _zone(identifier, above.get("Province", ""), longitude) if hourly else "UTC"
    monthly = "Month" in column and "Day" not in column
    elements = _elements(names, monthly=monthly)
    layout = Layout(
        names=names,
        station=identifier,
        station_at=station_at,
        at=(when,),
        time=each(lambda text: f"{text.strip()}-01" if monthly else text.strip()[: 10 if daily else None], when),
        zone=zone,
        elements=elements,
        flags={
            here: Flags(at=column[flag], meaning=_FLAGS)
            for here in elements
            if (flag := f"{_plain(names[here])} Flag") in column
        },
        clean=lambda text: "" if text.strip().startswith("<") else text,  # a gust below the least that is reported
        position=_position(column) if station_at is not None else None,
        quiet=frozenset(number for number, name in enumerate(names) if name in ("Year", "Month", "Day", "Time", "Time (LST)")),
        inferred=("zone",) if hourly else (),
        remarks=(f"hours are of local standard time, which was taken as UTC{zone} after the province",) if hourly else (),
    )
    yield from rows(table, layout, context, skip=at + 1, least=5)


def _plain(name: str) -> str:
    """A name without its unit."""
    return _UNIT.sub("", name)


def _elements(names: list[str], *, monthly: bool) -> dict[int, Element]:
    """What the columns are of, by their places."""
    known = _OF_MONTHS | {name: (*told[:3], MONTH) for name, told in _ELEMENTS.items()} if monthly else _ELEMENTS
    return {at: meant(name, known[plain], "M") for at, name in enumerate(names) if (plain := _plain(name)) in known}


def _are_hours(names: list[str], when: int, first: Fields | None) -> bool:
    """Whether another column than that of the date has a clock, or the date has one beside it."""
    beside = any("Time" in name and name != names[when] for name in names)
    return beside or "LST" in names[when] or ":" in _cell(first, when)


def _position(column: dict[str, int]) -> tuple[int, int, int | None, int | None] | None:
    latitude, longitude = column.get("Latitude (y)"), column.get("Longitude (x)")
    return None if latitude is None or longitude is None else (latitude, longitude, None, column.get("Station Name"))


def _cell(row: Fields | None, at: int | None) -> str:
    return row[at].strip() if row and at is not None else ""


def _zone(identifier: str, province: str, longitude: str) -> str:
    """Standard time of the place; two provinces have two of them."""
    zone = _PROVINCES.get(province.upper()) or _ZONES.get(identifier[:2]) or _ZONES.get(identifier[:1])
    if zone is None:
        raise UnreadableFile(f"the local standard time of {identifier or 'the station'} is not known: give a mapping")
    try:
        east = float(longitude)
    except ValueError:
        return zone
    if zone == "-05:00" and identifier.startswith("6") and east < -90:
        return "-06:00"  # the west of Ontario
    if zone == "-05:00" and identifier.startswith("7") and east > -63:
        return "-04:00"  # the Lower North Shore
    return zone
