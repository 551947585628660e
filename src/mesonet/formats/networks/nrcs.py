"""Reports of one site of the NRCS (SNOTEL, SCAN, SNOLITE) as CSV: lines that explain the columns, then hours or days.

Source: USDA NRCS, National Water and Climate Center, "Report Generator Help Guide" and the explanations in the files. Days
stand at their date; what is of an instant of a day is midnight's, of which only snow is taken. Hours are in the site's standard
time, which stands nowhere in the file: a mapping tells it. Of hours only what is of instants is taken, since nothing tells
which hour the others are of. What counts up since October is left.
"""

from collections.abc import Iterator

from mesonet.domain.mapping import Mapping
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Layout, each, first_of, rows
from mesonet.formats.elements import Element, Place, element, station
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.station_list import FOOT_M
from mesonet.formats.table import SHOWN, Table
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "nrcs"
BEGINS = regex(rb"(?m)^(?:\xef\xbb\xbf)?#[- ]+WARNING[- ]+\r?$")

_HEAD = 32_768
_FREQUENCY = regex(r"(?m)^# ?Reporting Frequency: (Hourly|Daily)\b")
_SITE = regex(r"(?m)^#\s+([A-Z][A-Z /]{2,30}?) (\d{1,5}): ([^,\n]{1,80}), ([A-Z]{2})\s*$")
_ABOVE = regex(r"(?m)^#.{3,40} Site - (\d{1,5}) ft\s*$")
_NETWORKS = {"SNOTEL": "SNTL", "SCAN": "SCAN", "SNOLITE": "SNTLT"}
_NAME = regex(r"([A-Z][A-Za-z -]+?)(?: (-\d{1,3})in)? \(([A-Za-z_/0-9]{1,12})\)(?: (?:Start|End) of Day Values)?")
UNITS = {
    "in": "in", "cm": "cm", "mm": "mm", "degF": "degF", "degC": "Cel", "pct": "%", "mph": "mph", "m/s": "m/s", "degree": "deg",
    "degrees": "deg", "watt/m2": "W/m2", "watt": "W/m2", "inch_Hg": "inHg", "kPa": "kPa", "hPa": "hPa",
}  # fmt: skip
_DAYS = {
    "Air Temperature Average": ("air_temperature", "mean"),
    "Air Temperature Maximum": ("air_temperature", "maximum"),
    "Air Temperature Minimum": ("air_temperature", "minimum"),
    "Precipitation Increment": ("precipitation_amount", "sum"),
    "Relative Humidity Average": ("relative_humidity", "mean"),
    "Relative Humidity Maximum": ("relative_humidity", "maximum"),
    "Relative Humidity Minimum": ("relative_humidity", "minimum"),
    "Wind Speed Average": ("wind_speed", "mean"),
    "Wind Speed Maximum": ("wind_speed_of_gust", "maximum"),
    "Wind Direction Average": ("wind_from_direction", "mean"),
    "Solar Radiation Average": ("surface_downwelling_shortwave_flux_in_air", "mean"),
}
_SNOW = {"Snow Depth": "surface_snow_thickness", "Snow Water Equivalent": "lwe_thickness_of_surface_snow_amount"}
_HOURS = {
    "Air Temperature Observed": "air_temperature",
    "Relative Humidity": "relative_humidity",
    "Dew Point Temperature": "dew_point_temperature",
    "Barometric Pressure": "air_pressure",
    "Soil Temperature Observed": "soil_temperature",
    "Soil Moisture Percent": "volume_fraction_of_condensed_water_in_soil",
}


def _names(head: bytes) -> tuple[str, list[str], int] | None:
    """The lines above, the names, and how many lines that are; None where it is another's, or of several sites."""
    above, _, below = decode(head[:_HEAD]).lstrip("\ufeff").partition("\nDate,")
    if not above.startswith("#") or "Natural Resources Conservation Service" not in above or not below:
        return None
    if not _FREQUENCY.search(above) or len(_SITE.findall(above)) != 1:
        return None
    names = ["Date", *(name.strip() for name in below.partition("\n")[0].split(","))]
    return above, names, above.count("\n") + 2


def sniff(head: bytes) -> Guess | None:
    found = _names(head)
    if found is None:
        return None
    site = _SITE.search(found[0])
    return Guess(
        0.96, f"a report of the NRCS: {' '.join(site.group(1, 2, 3)) if site else ''}, {', '.join(found[1][1:])[:100]}"
    )


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, _HEAD)
    found = _names(peeked.head)
    if found is None:
        raise UnreadableFile("no report of one site of the NRCS", row=1)
    above, names, skip = found
    network, number, name, state = _SITE.findall(above)[0]
    height = _ABOVE.search(above)
    identifier = f"{number}:{state}:{_NETWORKS[network]}" if network in _NETWORKS else f"nrcs_{number}"
    hourly = _FREQUENCY.findall(above)[0] == "Hourly"
    zone = _zone(context.mapping) if hourly else "UTC"
    elevation = f"{int(height[1]) * FOOT_M:.1f}" if height else ""
    elements, doubled = first_of((at, made) for at, each in enumerate(names) if (made := _element(each, hourly=hourly)))
    if not elements:
        raise UnreadableFile(f"none of {', '.join(names[1:])[:SHOWN]} is a quantity that is taken", row=skip)
    yield from station(Place(identifier, "", "", elevation, name), 1)
    layout = Layout(
        names=names,
        station=identifier,
        at=(0,),
        time=each(lambda text: text.strip().replace(" ", "T"), 0),
        zone=zone,
        elements=elements,
        remarks=doubled,
    )
    yield from rows(Table(peeked, ","), layout, context, skip=skip)


def _zone(mapping: Mapping | None) -> str:
    if mapping is None or not mapping.time.zone:
        raise UnreadableFile(
            "hours are in the site's standard time, which no line tells: give a mapping with time.zone, such as -08:00", row=1
        )
    return mapping.time.zone


def _element(name: str, *, hourly: bool) -> Element | None:
    found = _NAME.fullmatch(name)
    if found is None or found[3] not in UNITS:
        return None
    what, depth, unit = found[1], found[2], UNITS[found[3]]
    if what in _DAYS and not depth and not hourly:
        standard_name, method = _DAYS[what]
        return element(name, standard_name, unit, "-99.9", method=method, duration="P1D")
    known = _SNOW.get(what) or (_HOURS.get(what, "") if hourly else "")
    of_soil = known in ("soil_temperature", "volume_fraction_of_condensed_water_in_soil")
    if not known or of_soil != bool(depth):
        return None
    return element(name, known, unit, "-99.9", level=round(int(depth) * 0.0254, 3) if depth else None)
