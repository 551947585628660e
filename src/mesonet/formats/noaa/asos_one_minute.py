"""One-minute observations of the U.S. automated stations (ASOS), as NCEI archives them: two pages of fixed columns.

Sources: NOAA NCEI, "Data documentation for data set 6405 (DSI-6405)" (page 1: visibility sensors, the wind of two minutes, the
peak of five seconds, runway visual range) and "… 6406 (DSI-6406)" (page 2: precipitation, three barometers, temperature and
dew point). The date is that of the local standard clock, behind which stand hour and minute of UTC. `M` is missing; what stands
in brackets the station itself doubted. A station is called by its location indicator, as in its METARs, whose wind is the same.
"""

from collections.abc import Iterator
from functools import partial

from mesonet.domain.observation import SUSPECT
from mesonet.formats.documented import Flags, Layout, each, rows
from mesonet.formats.elements import Element, element
from mesonet.formats.lines import Lines, Parted, Peeked
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.table import Fields
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "asos-one-minute"
RECORDS = LineRecords()

_LINE = regex(r"\d{5}([A-Z][A-Z0-9]{3}) [A-Z0-9 ]{3}((?:19|20)\d{14})[ \[].{20,}")
_TOKEN = regex(r"[^\s\[\]]+|[\[\]]")
_INCHES = "[in_i'Hg]"
_NONE = ("M", "")
# by page where the columns of its values begin, and in which column at last each ends
_PAGES: dict[int, tuple[int, tuple[tuple[int, Element | None], ...]]] = {
    1: (
        60,
        (
            (74, element("wind direction", "wind_from_direction", "deg", *_NONE)),
            (79, element("wind speed", "wind_speed", "[kn_i]", *_NONE)),
            (84, element("peak wind direction", "wind_gust_from_direction", "deg", *_NONE)),
            (90, element("peak wind speed", "wind_speed_of_gust", "[kn_i]", *_NONE, method="maximum", duration="PT1M")),
        ),
    ),
    2: (
        42,
        (
            (50, element("precipitation", "precipitation_amount", "[in_i]", *_NONE, method="sum", duration="PT1M")),
            (67, None),  # how often the sensor of freezing rain swings
            *((end, element(f"pressure {at}", "air_pressure", _INCHES, *_NONE)) for at, end in enumerate((76, 84, 92), 1)),
            (98, element("temperature", "air_temperature", "[degF]", *_NONE)),
            (104, element("dew point", "dew_point_temperature", "[degF]", *_NONE)),
        ),
    ),
}
_LEFT = {
    1: "visibility is not taken: the sensors' coefficients, and how far one sees along a runway",
    2: "the kind of precipitation is not taken",
}
_OTHER = "no observation of page {} of DSI-6405 and 6406 in its columns"


def sniff(head: bytes) -> Guess | None:
    lines = [line for line in decode(head[:8192]).split("\n")[:40] if line.strip()]
    found = [match for line in lines if (match := _LINE.match(line))]
    if not found or len(found) < 0.8 * len(lines):
        return None
    page = _page(found[0][0])
    return Guess(0.98, f"one-minute observations of ASOS (DSI-640{page + 4}, page {page}) at {found[0][1]}")


def _page(line: str) -> int:
    """Pressures, or a kind of precipitation, stand on page 2 alone."""
    return 2 if "." in line[66:93] or line[32:33] == "." or line[31:32] not in " -0123456789" else 1


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream)
    page = next((_page(line) for line in decode(peeked.head).split("\n") if _LINE.match(line)), 1)
    known = [each for _, each in _PAGES[page][1] if each]
    layout = Layout(
        names=("time", "station", *(each.name for each in known), *(f"{each.name} in brackets" for each in known)),
        at=(0,),
        time=each(_time, 0),
        station_at=1,
        elements=dict(enumerate(known, 2)),
        flags={at: Flags(at=at + len(known), meaning={"[": SUSPECT}) for at in range(2, 2 + len(known))},
        quiet=frozenset(range(2 + len(known), 2 + 2 * len(known))),
        remarks=(_LEFT[page], "what stands in brackets, which the station doubted, is flagged 3"),
    )
    yield from rows(Parted(Lines(peeked), partial(_fields, page), _OTHER.format(page)), layout, context)


def _time(stamp: str) -> str:
    """The local date and clock, with what UTC's clock is behind or ahead of it."""
    local, ahead = int(stamp[8:10]) * 60 + int(stamp[10:12]), int(stamp[12:14]) * 60 + int(stamp[14:16])
    minutes = (local - ahead + 720) % 1440 - 720
    sign, apart = "-" if minutes < 0 else "+", abs(minutes)
    zone = f"{sign}{apart // 60:02}:{apart % 60:02}"
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:00{zone}"


def _fields(page: int, line: str) -> Fields | None:
    """The texts that end in the columns of each value, then which of them stand in brackets; None of a line of no such page."""
    found = _LINE.match(line)
    if found is None or _page(line) != page:
        return None
    begin, ends = _PAGES[page]
    texts, doubts = [""] * len(ends), [""] * len(ends)
    at, bracket = 0, ""
    for token in _TOKEN.finditer(line, begin):
        text, end = token[0], token.end()
        if text in "[]":
            bracket = "[" if text == "[" else ""
            continue
        while at < len(ends) and end > ends[at][0]:
            at += 1
        if at == len(ends):
            break
        texts[at], doubts[at] = text, bracket
    known = [at for at, (_, each) in enumerate(ends) if each]
    return found[2], found[1], *(texts[at] for at in known), *(doubts[at] for at in known)
