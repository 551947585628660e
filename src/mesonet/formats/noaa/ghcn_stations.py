"""NOAA's station lists in fixed columns: `ghcnd-stations.txt` and `ghcnd-inventory.txt` (NOAA NCEI, readme.txt of
GHCN-Daily, sections IV and VII), those of GHCN-Monthly: the `.inv` of versions 3 and 4, whose names begin where the other has
the state, and the inventory of precipitation; and `isd-history.txt` of the Integrated Surface Database, below lines of words,
whose numbers were thousandths of degrees and tenths of metres until 2012 or so."""

import re
from collections.abc import Iterator
from functools import partial

from mesonet.domain.station import Authority, Station
from mesonet.formats.fixed_stations import stations
from mesonet.formats.lines import Peeked, likely, sampled
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.station_list import coordinate, elevation
from mesonet.formats.text import Text, decode
from mesonet.regex import regex

NAME = "ghcn-stations"

_PLACE = r"(?P<id>[0-9A-Z_\-]{11}) (?P<latitude>[ \-\d.]{8}) (?P<longitude>[ \-\d.]{9}) (?P<elevation>[ \-\d.]{6})"
_LINES = tuple(
    regex(_PLACE + rest)
    for rest in (
        r"(?: .{2} (?P<name>.{1,30})(?: .{3} ?.{0,3} ?(?P<wmo>[ \d]{0,5}))?)?\s*",
        r" (?P<name>\S.{0,29})(?: .{4}[URS ].{0,60})?(?P<wmo>)",
        r" .{2} (?P<name>.{38}) (?P<wmo>\d{5}) \d{4} \d{4}\s*",
    )
)
_OF_ELEMENTS = regex(
    r"(?P<id>[0-9A-Z_\-]{11}) (?P<latitude>[ \-\d.]{8}) (?P<longitude>[ \-\d.]{9}) [A-Z0-9]{4}(?: (?:1[6-9]|20)\d\d){2}\s*"
)
_OF_ISD = "USAF   WBAN"  # begins the names of the columns
_ISD_LINES = (
    regex(
        r"(?P<id>[0-9A-Z]{6}) (?P<wban>\d{5}) (?P<name>.{30}).{14}(?P<latitude>[+-]\d\d\.\d{3}| {7})"
        r" (?P<longitude>[+-]\d{3}\.\d{3}| {8}) (?P<elevation>[+-]\d{4}\.\d| {7})(?: \d{8} \d{8})?\s*"
    ),
    regex(
        r"(?P<id>[0-9A-Z]{6}) (?P<wban>\d{5}) (?P<name>.{1,30})(?:.{15}(?P<latitude>[+-]\d{5}) (?P<longitude>[+-]\d{6})"
        r"(?: (?P<elevation>[+-]\d{5}))?.{0,18}|.{0,14})\s*"
    ),
)
_LONGEST = 150  # characters; the patterns take long over thousands of blanks
_NONE = "99999"  # the WMO number of a station that has none


def _match(line: str, *, isd: bool = False) -> re.Match[str] | None:
    shapes = _ISD_LINES if isd else (*_LINES, _OF_ELEMENTS)
    line = line.rstrip()[: _LONGEST + 1]
    return next((found for shape in shapes if len(line) <= _LONGEST and (found := shape.fullmatch(line))), None)


def sniff(head: bytes) -> Guess | None:
    """The identifier and the three numbers stand where they must."""
    text = (
        decode(head[:8192]) if b" " in head[11:15] or _OF_ISD.encode() in head[:8192] else ""
    )  # behind a byte order mark, too
    above, isd, below = text.partition(_OF_ISD)
    lines = sampled(below.partition("\n")[2] if isd else above)
    whose = "of the Integrated Surface Database" if isd else "of GHCN"
    why = f"a station list {whose}: identifier, position and name in fixed columns"
    return likely(lines, partial(_match, isd=bool(isd)), 0.99, why)


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 8192)
    isd = _OF_ISD in decode(peeked.head)
    below = not isd

    def heading(row: int, line: str) -> bool:
        nonlocal below
        if below:
            return False
        below = line.startswith(_OF_ISD)
        return True

    def station(line: str) -> Station | None:
        match = _match(line, isd=isd)
        return _station(match.groupdict("")) if match else None

    yield from stations(Text(peeked), "the ISD" if isd else "GHCN", station, heading=heading)


def _station(told: dict[str, str]) -> Station:
    """Raises ValueError."""
    wmo = told.get("wmo", "").strip()
    latitude, longitude, height = (told.get(name, "").strip() for name in ("latitude", "longitude", "elevation"))
    if "wban" in told and "." not in latitude:
        latitude, longitude, height = _parted(latitude, 3), _parted(longitude, 3), _parted(height, 1)
    return Station(
        id=f"{told['id']}-{told['wban']}" if "wban" in told else told["id"],
        name=" ".join(told.get("name", "").split()),
        latitude=coordinate(latitude.removeprefix("+"), 90),
        longitude=coordinate(longitude.removeprefix("+"), 180),
        elevation_m=elevation(height),
        wigos_id=f"0-20000-0-{wmo}" if len(wmo) == 5 and wmo != _NONE else None,
        authority=Authority.STATION_LIST if "name" in told else Authority.DATA_FILE,  # which takes no name away
    )


def _parted(text: str, decimals: int) -> str:
    """Thousandths or tenths, as a number of units."""
    return f"{text[:-decimals]}.{text[-decimals:]}" if text else ""
