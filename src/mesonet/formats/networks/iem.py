"""Tables of the Iowa Environmental Mesonet's ASOS downloads without the reports themselves: values in fixed units.

Sources: Iowa Environmental Mesonet, "ASOS-AWOS-METAR Data Download" and "ASOS 1 Minute Data Download" (whose wind is of two
minutes, as in METARs, and whose gust is of five seconds within the minute), documentation of the columns. `valid` is UTC,
unless another zone was asked for, which the comments above the table or the name of the column then say. `M` is missing, `T`
a trace. `p01i` is the precipitation since an hour's reset: over which time is not told, so it is not taken. Downloads of the
soil moisture network begin alike, but their clock is US Central and their rain is of the hour, minute or day: they are left.
"""

from collections.abc import Iterator, Sequence

from mesonet.errors import InvalidMapping, UnreadableFile
from mesonet.formats.documented import Known, Layout, by_name, each, position, rows
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Fields, Table, delimiter_of, leading
from mesonet.formats.text import decode
from mesonet.formats.times import zone_of
from mesonet.regex import regex

NAME = "iem"
RECORDS = LineRecords(header=regex(rb"(?m)^station\W{1,3}(?:valid|station_name)"))

_LOOK = 20
_AMONG = 6  # the first columns
_POINT = ("point", "PT0S")
_ELEMENTS: dict[str, Known] = {
    "tmpf": ("air_temperature", "[degF]", *_POINT),
    "tmpc": ("air_temperature", "Cel", *_POINT),
    "dwpf": ("dew_point_temperature", "[degF]", *_POINT),
    "dwpc": ("dew_point_temperature", "Cel", *_POINT),
    "relh": ("relative_humidity", "%", *_POINT),
    "drct": ("wind_from_direction", "deg", *_POINT),
    "sknt": ("wind_speed", "[kn_i]", *_POINT),
    "gust": ("wind_speed_of_gust", "[kn_i]", *_POINT),
    "alti": ("altimeter_setting", "[in_i'Hg]", *_POINT),
    "mslp": ("air_pressure_at_mean_sea_level", "hPa", *_POINT),
    "vsby": ("visibility_in_air", "[mi_i]", *_POINT),
    "gust_sknt": ("wind_speed_of_gust", "[kn_i]", "maximum", "PT1M"),
    "gust_drct": ("wind_gust_from_direction", "deg", *_POINT),
    "precip": ("precipitation_amount", "[in_i]", "sum", "PT1M"),
    **dict.fromkeys(("pres1", "pres2", "pres3"), ("air_pressure", "[in_i'Hg]", *_POINT)),
    "snowdepth": ("surface_snow_thickness", "[in_i]", *_POINT),
}
_GONE = ("M", "null", "None", "")
_OF_SOIL = frozenset(("solar", "precip", "speed", "et"))  # beside `valid` alone: the one minute data say its zone
_VALID = regex(r"valid(?:\(([A-Za-z_/]+)\))?")
_ZONE = regex(r"#DEBUG: Time Zone\s*->\s*(\S+)")
_ALIKE = {"Etc/UTC": "UTC", "GMT": "UTC"}


def _header(rows: list[Fields]) -> int | None:
    for at, row in enumerate(rows):
        names = [name.strip() for name in row]
        if names[:1] == ["station"] and (time := _valid_at(names)):
            return None if names[time] == "valid" and not _OF_SOIL.isdisjoint(names) else at
    return None


def _valid_at(names: Sequence[str]) -> int:
    """Which column is the time: it stands next, or behind the station's name and place. 0 where none is."""
    return next((at for at, name in enumerate(names[:_AMONG]) if _VALID.fullmatch(name)), 0)


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:16384])
    lines = leading(text, delimiter_of(text)[0], _LOOK)
    at = _header(lines)
    known = [name for name in lines[at] if name.strip() in _ELEMENTS] if at is not None else []
    if len(known) < 2:
        return None
    return Guess(0.93, f"ASOS download of the Iowa Environmental Mesonet: {', '.join(known[:6])}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 16384)
    table = Table(peeked, look=_LOOK)
    at = _header(table.first)
    if at is None:
        raise UnreadableFile("no header begins with station and valid", row=1)
    names = [name.strip() for name in table.first[at]]
    time = _valid_at(names)
    told = _VALID.fullmatch(names[time])
    comment = _ZONE.search(decode(peeked.head)[:4096])
    zone = (told and told[1]) or (comment and comment[1]) or "UTC"
    zone = _ALIKE.get(zone, zone)
    try:
        zone_of(zone)
    except InvalidMapping as exc:
        raise UnreadableFile(exc.detail, row=at + 1, column=names[time]) from None
    column = {name: here for here, name in enumerate(names)}
    elements = by_name(names, _ELEMENTS, *_GONE)
    if "drct" in column:  # of METARs, where 0 is that of calm
        elements |= by_name([name if name == "drct" else "" for name in names], _ELEMENTS, *_GONE, "0")
    remarks = [f"times are of {zone}{'' if comment or (told and told[1]) else ', which is the default of this download'}"]
    if left := [name for name in ("p01i", "p01m") if name in column]:
        remarks.append(f"{left[0]} was not taken: precipitation since the last hourly reset, over which time is not said")
    layout = Layout(
        names=names,
        station_at=0,
        at=(time,),
        time=each(str.strip, time),
        zone=zone,
        elements=elements,
        clean=lambda text: "0" if text.strip() == "T" else text,
        position=position(column, "lat", "lon", "elevation" if "elevation" in column else "elev", "station_name"),
        remarks=tuple(remarks),
        inferred=() if comment or (told and told[1]) else ("zone",),
        quiet=frozenset((column["metar"],)) if "metar" in column else frozenset(),
    )
    yield from rows(table, layout, context, skip=at + 1)
