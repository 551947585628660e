"""Station lists of the German weather service's Climate Data Center in fixed columns: `…_Beschreibung_Stationen.txt`.

Source: DWD, Climate Data Center (opendata.dwd.de), which has such a list beside the products of each resolution: identifier,
period, height, position, name and state below a line of names and one of hyphens. Stations are called as in the products, by
five figures."""

from collections.abc import Iterator

from mesonet.domain.station import Authority, Station
from mesonet.errors import UnreadableFile
from mesonet.formats.fixed_stations import stations
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.station_list import coordinate, elevation
from mesonet.formats.text import Text, decode
from mesonet.regex import regex

NAME = "dwd-stations"

_NAMES = "Stations_id von_datum bis_datum Stationshoehe geoBreite geoLaenge Stationsname"
_LINE = regex(
    r" {0,11}(?P<id>\d{1,5}) +\d{8} +\d{8} +(?P<height>-?\d+(?:\.\d+)?) +(?P<latitude>-?\d+\.\d+) +(?P<longitude>-?\d+\.\d+)"
    r" +(?P<name>\S(?: ?\S){0,60})(?: {2,}\S.*)?"
)
_LONGEST = 250  # characters


def sniff(head: bytes) -> Guess | None:
    return Guess(0.97, "a station list of the German weather service (CDC)") if _begins(head) else None


def _begins(head: bytes) -> bool:
    return " ".join(decode(head[:300]).split("\n")[0].split()).startswith(_NAMES)


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 300)
    if not _begins(peeked.head):
        raise UnreadableFile(f"the first line is not {_NAMES} …", row=1)
    yield from stations(Text(peeked), "the DWD", _station, heading=lambda row, line: row == 1 or not line.strip("- "))


def _station(line: str) -> Station | None:
    """Raises ValueError."""
    match = _LINE.fullmatch(line.rstrip()[:_LONGEST])
    if not match:
        return None
    return Station(
        id=match["id"].zfill(5),
        name=match["name"],
        latitude=coordinate(match["latitude"], 90),
        longitude=coordinate(match["longitude"], 180),
        elevation_m=elevation(match["height"]),
        authority=Authority.STATION_LIST,
    )
