"""Standard meteorological data and continuous winds of the US National Data Buoy Center: names, units, rows between blanks.

Source: NOAA NDBC, "Measurement descriptions and units" (ndbc.noaa.gov/faq/measdes.shtml). Times are UTC. Missing are MM, or 99,
999 and 9999 by the width of the column. Older files have years of two figures, and no row of units. The station stands in
nothing but the file's name (`41001h2019.txt`, `41001.txt`), unless a mapping names it; the latest observations of all stations
(`latest_obs.txt`) begin with `#STN LAT LON`.
"""

from collections.abc import Iterator
from typing import BinaryIO, cast

from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Columns, Layout, rows
from mesonet.formats.elements import Element, element
from mesonet.formats.lines import Lines, Peeked
from mesonet.formats.reading import Context, Guess, Inferred, Piece, Remark
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
_YEARS = ("#YY", "YY", "YYYY", "#YYYY")
_PLACE = ("#STN", "LAT", "LON")  # before the time, where a table is of all stations
_STATION = regex(r"(?<![0-9A-Za-z])((?=[A-Za-z]*[0-9])[0-9A-Za-z]{5})(?:h\d{4})?(?:\.txt|\.gz|\.stdmet|_|$)")


def _header(lines: list[str]) -> list[str] | None:
    names = lines[0].split() if lines else []
    times = names[_times_at(names) :]
    if len(times) < 8 or times[0] not in _YEARS or [name.upper() for name in times[1:4]] != ["MM", "DD", "HH"]:
        return None
    return names


def _times_at(names: list[str]) -> int:
    return len(_PLACE) if tuple(names[: len(_PLACE)]) == _PLACE else 0


def sniff(head: bytes) -> Guess | None:
    lines = decode(head[:8192]).split("\n")
    names = _header(lines)
    known = [name for name in names or () if name in _ELEMENTS]
    if names and "GTIME" in names:
        return Guess(0.96, "continuous winds of NDBC")
    if len(known) < 4:
        return None
    return Guess(0.96, f"standard meteorological data of NDBC: {', '.join(known[:6])}, …")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    lines = decode(peeked.head).split("\n")
    names = _header(lines)
    if names is None:
        raise UnreadableFile("the first row does not name YY MM DD hh and the columns", row=1)
    skip = 2 if len(lines) > 1 and lines[1].lstrip().startswith("#") else 1
    begin = _times_at(names)
    times = (*range(begin, begin + 4), *([begin + 4] if names[begin + 4] == "mm" else []))
    elements: dict[int, Element] = {}
    winds = _WINDS if "GTIME" in names else {}
    for at, name in enumerate(names):
        if wind := winds.get(name):
            elements[at] = element(name, wind[0], wind[1], *wind[2], method=wind[3], duration=wind[4])
        elif (known := _ELEMENTS.get(name)) and known[0] not in [each.parameter.standard_name for each in elements.values()]:
            elements[at] = element(name, known[0], known[1], *known[2])
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

    def time(columns: Columns) -> list[str]:
        minutes = columns[times[4]] if len(times) > 4 else ["00"] * len(columns[0])
        parts = zip(*(columns[at] for at in times[:4]), minutes, strict=True)
        return [f"{_year(y)}-{mo:0>2}-{d:0>2}T{h:0>2}:{mi:0>2}" for y, mo, d, h, mi in parts]

    layout = Layout(
        names=names,
        station=station or "",
        station_at=0 if begin else None,
        called=lambda text: text.strip().lower(),
        position=(1, 2, None, None) if begin else None,
        at=times,
        time=time,
        elements=elements,
    )
    yield from rows(Lines(cast(BinaryIO, peeked), parted=True), layout, context, skip=skip)


def _year(text: str) -> str:
    return f"19{text}" if len(text) == 2 else text  # they had two figures until 1998


def _station(context: Context) -> str | None:
    if context.mapping and context.mapping.station:
        return context.mapping.station
    found = _STATION.search(context.key.rpartition("/")[2])
    return found[1].lower() if found else None
