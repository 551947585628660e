"""The station list of GHCN-Daily, `ghcnd-stations.txt`: fixed columns (NOAA NCEI, readme.txt, section IV)."""

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from mesonet.domain.observation import Reject
from mesonet.domain.station import Authority, Station
from mesonet.formats.reading import Columns, Context, Extent, Guess, Piece, Rows
from mesonet.formats.station_list import coordinate, elevation
from mesonet.formats.table import SHOWN, Strays
from mesonet.formats.text import Text, decode
from mesonet.regex import regex

NAME = "ghcn-stations"

_LINE = regex(
    r"(?P<id>[A-Z]{2}[A-Z0-9_\-]{9}) (?P<latitude>[ \-\d.]{8}) (?P<longitude>[ \-\d.]{9}) (?P<elevation>[ \-\d.]{6})"
    r"(?: (?P<state>.{2}) (?P<name>.{1,30})(?: (?P<gsn>.{3}) ?(?P<hcn>.{0,3}) ?(?P<wmo>[ \d]{0,5}))?)?\s*"
)


def sniff(head: bytes) -> Guess | None:
    """The identifier and the three numbers stand where they must."""
    if head[11:12] != b" ":
        return None
    lines = decode(head[:8192]).split("\n")
    lines = [line for line in (lines[:-1] if len(lines) > 1 else lines) if line.strip()]
    share = sum(_LINE.fullmatch(line) is not None for line in lines) / len(lines) if lines else 0.0
    if share < 0.6:
        return None
    return Guess(round(0.99 * share, 2), "the station list of GHCN-Daily: identifier, position and name in fixed columns")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    text = Text(stream)
    strays = Strays()
    row = count = 0
    for block in text:
        listed: Counter[str] = Counter()
        for line in block.removesuffix("\n").split("\n"):
            row += 1
            if not line.strip():
                continue
            count += 1
            match = _LINE.fullmatch(line)
            if not match:
                yield from strays.tell("not a line of ghcnd-stations.txt", row, line)
                continue
            wmo = (match["wmo"] or "").strip()
            try:
                station = Station(
                    id=match["id"],
                    name=" ".join((match["name"] or "").split()),
                    latitude=coordinate(match["latitude"].strip(), 90),
                    longitude=coordinate(match["longitude"].strip(), 180),
                    elevation_m=elevation(match["elevation"].strip()),
                    wigos_id=f"0-20000-0-{wmo}" if len(wmo) == 5 else None,
                    authority=Authority.STATION_LIST,
                )
            except ValueError as exc:
                yield Reject(reason=str(exc), row=row, value=line[:SHOWN])
                continue
            listed[station.id] += 1
            yield station
        yield from strays.rest()
        yield Extent(stations=listed)
    if text.torn:
        yield Reject(reason="the file ends in the middle of this row", value=text.torn[:SHOWN])
    yield Rows(count=count)
    yield Columns(columns=(), encoding=text.described)
