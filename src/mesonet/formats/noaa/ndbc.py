"""Tables of the US National Data Buoy Center: names, units, rows between blanks.

Taken are standard meteorological data, also of drifting buoys, continuous winds, radiation, rain, and the supplement of an
hour's lowest pressure and highest wind; waves and what is in the water are left.

Source: NOAA NDBC, "Measurement descriptions and units" (ndbc.noaa.gov/faq/measdes.shtml). Times are UTC. Missing are MM, or 99,
999 and 9999 by the width of the column. Older files have years of two figures, and no row of units. The station stands in
nothing but the file's name (`41001h2019.txt`, `41001.srad`), unless a mapping names it; the latest observations of all stations
(`latest_obs.txt`) begin with `#STN LAT LON`.
"""

from collections.abc import Callable, Iterator

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import INSTANT, POINT
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Layout, rows
from mesonet.formats.elements import Element, element
from mesonet.formats.lines import Lines, Peeked
from mesonet.formats.reading import Context, Guess, Inferred, Piece, Remark, Stream
from mesonet.formats.table import SHOWN
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "ndbc"

_ELEMENTS = {
    "WDIR": ("wind_from_direction", "deg", ("MM", "999")),
    "WD": ("wind_from_direction", "deg", ("MM", "999")),
    "WSPD": ("wind_speed", "m/s", ("MM", "99")),
    "GST": ("wind_speed_of_gust", "m/s", ("MM", "99")),
    "PRES": ("air_pressure_at_mean_sea_level", "hPa", ("MM", "9999")),
    "BAR": ("air_pressure_at_mean_sea_level", "hPa", ("MM", "9999")),
    "ATMP": ("air_temperature", "Cel", ("MM", "999", "99")),
    "WTMP": ("sea_surface_temperature", "Cel", ("MM", "999", "99")),
    "DEWP": ("dew_point_temperature", "Cel", ("MM", "999", "99")),
    "VIS": ("visibility_in_air", "[nmi_i]", ("MM", "99")),
}
# continuous winds: means of ten minutes, and once an hour its gust
_WINDS = {
    "WDIR": ("wind_from_direction", "deg", ("MM", "999"), "mean", "PT10M"),
    "WSPD": ("wind_speed", "m/s", ("MM", "99"), "mean", "PT10M"),
    "GDR": ("wind_gust_from_direction", "deg", ("MM", "999"), "maximum", "PT1H"),
    "GST": ("wind_speed_of_gust", "m/s", ("MM", "99"), "maximum", "PT1H"),
}
# of the hour before
_SUPPLEMENT = {
    "PRES": ("air_pressure_at_mean_sea_level", "hPa", ("MM", "9999"), "minimum", "PT1H"),
    "WSPD": ("wind_speed", "m/s", ("MM", "99"), "maximum", "PT1H"),
}
_SHORTWAVE = ("surface_downwelling_shortwave_flux_in_air", "W/m2", ("MM", "9999"), "mean", "PT1H")
_RADIATION = dict.fromkeys(("SRAD1", "SWRAD", "SRAD2"), _SHORTWAVE) | {
    "LWRAD": ("surface_downwelling_longwave_flux_in_air", "W/m2", ("MM", "9999"), "mean", "PT1H"),
}
_RAIN = {"ACCUM": ("precipitation_amount", "mm", ("MM", "999"), "sum", "PT1H")}
# a name by which such a table is known, what it is, and its elements
_KINDS = {
    "GTIME": ("continuous winds", _WINDS),
    "PTIME": ("lowest pressures and highest winds of hours", _SUPPLEMENT),
    "LWRAD": ("radiation", _RADIATION),
    "SRAD1": ("radiation", _RADIATION),
    "ACCUM": ("rain of hours", _RAIN),
}
_YEARS = ("#YY", "YY", "YYYY", "#YYYY")
_PLACE = ("#STN", "LAT", "LON")  # before the time, where a table is of all stations
_ENDS = "txt|gz|stdmet|cwind|srad|rain|supl|drift|spec|ocean|dart"
_STATION = regex(rf"(?<![0-9A-Za-z])((?=[A-Za-z]*[0-9])[0-9A-Za-z]{{5}})(?:[a-z]\d{{4}})?(?:\.(?:{_ENDS})\b|_|$)")


def _header(lines: list[str]) -> list[str] | None:
    names = lines[0].split() if lines else []
    times = names[_times_at(names) :]
    if len(times) < 6 or times[0] not in _YEARS or [name.upper() for name in times[1:3]] != ["MM", "DD"]:
        return None
    return names if times[3].upper() in ("HH", "HHMM") else None


def _kind(names: list[str]) -> str:
    """Rain and radiation are called as NDBC does in tables of others, too, whose header is no comment."""
    return next((name for name in _KINDS if name in names and (name == "GTIME" or names[0].startswith("#"))), "")


def _times_at(names: list[str]) -> int:
    return len(_PLACE) if tuple(names[: len(_PLACE)]) == _PLACE else 0


def sniff(head: bytes) -> Guess | None:
    lines = decode(head[:8192]).split("\n")
    names = _header(lines) or []
    known = [name for name in names if name in _ELEMENTS]
    if kind := _kind(names):
        return Guess(0.96, f"{_KINDS[kind][0]} of NDBC")
    if len(known) >= 4:
        return Guess(0.96, f"standard meteorological data of NDBC: {', '.join(known[:6])}, …")
    if names and lines[0].startswith("#") and len(lines) > 1 and lines[1].startswith("#yr"):
        return Guess(0.9, f"a table of NDBC: {', '.join(names[5:11])}")
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    lines = decode(peeked.head).split("\n")
    names = _header(lines)
    if names is None:
        raise UnreadableFile("the first row does not name YY MM DD hh and the columns", row=1)
    skip = 2 if len(lines) > 1 and lines[1].lstrip().startswith("#") else 1
    begin = _times_at(names)
    times = (*range(begin, begin + 4), *([begin + 4] if names[begin + 4] == "mm" else []))
    kind = _kind(names)
    elements = _elements(names, kind, [line.split() for line in lines[skip:]])
    if not elements:
        raise UnreadableFile(f"none of {', '.join(names[times[-1] + 1 :])[:SHOWN]} is weather that is taken", row=1)
    station = "" if begin else _station(context)
    if station is None:
        yield Reject(
            reason="the station stands in no line of the file, so nothing was taken: name it as NDBC does (41001h2019.txt), "
            "or give a mapping with station.id"
        )
        elements = {}
    elif station:
        if not (context.mapping and context.mapping.station):
            yield Inferred(("station",))
        yield Remark(f"the station, {station}, was read in the file's name or the mapping, since no line names it")
    if kind == "ACCUM":
        yield Remark("rain is that of the hour which begins at the time told, and stands at its end")
    place = (names.index("LAT"), names.index("LON")) if {"LAT", "LON"} <= set(names) else None
    layout = Layout(
        names=names,
        station=station or "",
        station_at=0 if begin else None,
        called=lambda text: text.strip().lower(),
        position=(*place, None, None) if place else None,
        at=times,
        time=_times(times, sums=kind == "ACCUM"),
        elements=elements,
    )
    yield from rows(Lines(peeked, parted=True), layout, context, skip=skip)


def _times(places: tuple[int, ...], *, sums: bool) -> Callable[[Columns], list[str]]:
    """Year, month, day, hour and perhaps minute as one text; of sums of an hour its end."""

    def time(columns: Columns) -> list[str]:
        minutes = columns[places[4]] if len(places) > 4 else ["00"] * len(columns[0])
        parts = zip(*(columns[at] for at in places[:4]), minutes, strict=True)
        return [f"{_year(y)}-{mo:0>2}-{d:0>2}T{end(h[:2]):0>2}:{h[2:] or mi:0>2}" for y, mo, d, h, mi in parts]

    def end(hour: str) -> str:
        return str(int(hour) + 1) if sums and hour.isascii() and hour.isdecimal() else hour

    return time


def _elements(names: list[str], kind: str, rows: list[list[str]]) -> dict[int, Element]:
    """What is in which column; of several that are the same, the first in which something stands below."""
    known = _KINDS[kind][1] if kind else {name: (*told, POINT, INSTANT) for name, told in _ELEMENTS.items()}
    found: dict[str, int] = {}
    for at, name in enumerate(names):
        if name in known:
            told = known[name]
            had = found.get(told[0])
            if had is None or not any(row[had] not in told[2] for row in rows if len(row) == len(names)):
                found[told[0]] = at
    made = {}
    for at in found.values():
        standard_name, unit, missing, method, period = known[names[at]]
        made[at] = element(names[at], standard_name, unit, *missing, method=method, duration=period)
    return made


def _year(text: str) -> str:
    return f"19{text}" if len(text) == 2 else text  # they had two figures until 1998


def _station(context: Context) -> str | None:
    if context.mapping and context.mapping.station:
        return context.mapping.station
    found = _STATION.search(context.key.rpartition("/")[2])
    return found[1].lower() if found else None
