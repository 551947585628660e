"""Five-minute reports of the U.S. automated stations (ASOS), as NCEI archives them: METARs between fixed columns.

Source: NOAA NCEI, "Data documentation for data set 6401 (DSI-6401)": numbers and names of the station, the time of its local
standard clock, the length of the record, `5-MIN`, and a METAR in which pressure altitude, relative humidity, density altitude
and the wind by the magnet stand before the remarks. These four are no groups of METAR, and what they say stands in the others.
"""

from collections.abc import Iterator

from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.reports import metar
from mesonet.formats.retold import Retold
from mesonet.formats.text import Text, decode
from mesonet.regex import regex

NAME = "asos-five-minutes"

_LINE = regex(
    r"\d{5}[A-Z0-9 ]{4} [A-Z0-9 ]{3}(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)\d{2,3}\d\d/\d\d/\d\d \d\d:\d\d:\d\d  ?5-MIN "
    r"([A-Z0-9]{4} \d{6}Z .*)"
)
_OWN = regex(r"( A\d{4}| AM)?(?: (?:-?\d{1,5}|M)){3} (?:\d{3}|VRB|M)/(?:\d\d|M)(?:G\d\d)?(?: \d{3}V\d{3})?(?= RMK|\s*$)")


def sniff(head: bytes) -> Guess | None:
    found = _LINE.match(decode(head[:1024]).lstrip().split("\n")[0].rstrip())
    return Guess(0.99, f"five-minute reports of ASOS (DSI-6401): METARs of {found[6][:4]}") if found else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """The lines as OGIMET writes METARs: with the date before, and nothing but METAR behind."""
    text = Text(stream)
    reports = ("\n".join(map(_report, block.split("\n"))).encode() for block in text)
    yield from metar.read(Retold(reports, text), context)


def _report(line: str) -> str:
    found = _LINE.fullmatch(line.strip())
    if found is None:
        return line
    *date, report = found.groups()
    return f"{report[:4]},{','.join(date)},{_OWN.sub(lambda own: own[1] or '', report, count=1)}="
