"""The station lists of GHCN, in fixed columns: `ghcnd-stations.txt` (NOAA NCEI, readme.txt of GHCN-Daily, section IV), and
those of GHCN-Monthly: the `.inv` of versions 3 and 4, whose names begin where the other has the state, and the inventory of
precipitation."""

import re
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

_PLACE = r"(?P<id>[0-9A-Z_\-]{11}) (?P<latitude>[ \-\d.]{8}) (?P<longitude>[ \-\d.]{9}) (?P<elevation>[ \-\d.]{6})"
_LINES = tuple(
    regex(_PLACE + rest)
    for rest in (
        r"(?: .{2} (?P<name>.{1,30})(?: .{3} ?.{0,3} ?(?P<wmo>[ \d]{0,5}))?)?\s*",
        r" (?P<name>\S.{0,29})(?: .{4}[URS ].{0,60})?(?P<wmo>)",
        r" .{2} (?P<name>.{38}) (?P<wmo>\d{5}) \d{4} \d{4}\s*",
    )
)
_NONE = "99999"  # the WMO number of a station that has none


def _match(line: str) -> re.Match[str] | None:
    return next((found for shape in _LINES if (found := shape.fullmatch(line))), None)


def sniff(head: bytes) -> Guess | None:
    """The identifier and the three numbers stand where they must."""
    if b" " not in head[11:15]:  # behind a byte order mark, too
        return None
    lines = decode(head[:8192]).split("\n")
    lines = [line for line in (lines[:-1] if len(lines) > 1 else lines) if line.strip()]
    share = sum(_match(line) is not None for line in lines) / len(lines) if lines else 0.0
    if share < 0.6:
        return None
    return Guess(round(0.99 * share, 2), "a station list of GHCN: identifier, position and name in fixed columns")


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
            match = _match(line)
            if not match:
                yield from strays.tell("not a line of a station list of GHCN", row, line)
                continue
            wmo = (match["wmo"] or "").strip()
            try:
                station = Station(
                    id=match["id"],
                    name=" ".join((match["name"] or "").split()),
                    latitude=coordinate(match["latitude"].strip(), 90),
                    longitude=coordinate(match["longitude"].strip(), 180),
                    elevation_m=elevation(match["elevation"].strip()),
                    wigos_id=f"0-20000-0-{wmo}" if len(wmo) == 5 and wmo != _NONE else None,
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
