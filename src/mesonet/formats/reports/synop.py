"""SYNOP, the reports of land stations in figures: bulletins and lists of them (WMO-No. 306, Manual on Codes, Volume I.1,
FM 12). What a report's groups say is read in `synop_report`."""

import re
from collections import Counter
from collections.abc import Iterator

from mesonet.domain.observation import Reject
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import Bulletins
from mesonet.formats.reports import metar_report
from mesonet.formats.reports.bulletins import METAR, Calendar, Dated, Gathered, Heading, Reports, concluded
from mesonet.formats.reports.synop_report import Sections
from mesonet.formats.table import Short
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "synop"
RECORDS = Bulletins(begins=regex(rb"(?m)^[ \t]*(?:\d{12}\s+)?[ABO][ABO]XX\b"))

_BEGINS = regex(r"(?:AAXX|BBXX|OOXX)\b|\d{5}\s+(?i:NIL)\b")
# A station, its first groups with a wind that can be, and those of temperature and dew point. The figures of sections 1 and 3
# only fall before radiation, behind sunshine, and 55SSS is no wind: so a line that begins like this goes on with neither.
_ANOTHER = regex(
    r"(?P<station>(?!00)\d{5})\s+[0-4][1-7][0-9/](?!5[1-5])(?:\d\d|//)"
    r"\s+[0-9/](?:00(?=00)|0[1-9]|[12]\d|3[0-6]|99|//)(?:99\s+00\d{3}|\d\d|//)"
    r"\s+1(?:[01]\d{3}|////)\s+2(?:[019]\d{3}|////)(?:\s|=|$)"
)
_SO_FAR = regex(r"(?:AAXX\s+\S{5}\s+)?(?P<station>\d{5})\s+(?:(?P=station)\s+)?[0-4/][1-7/][0-9/]{3}\s+[0-9/]{5}(?:\s|$)")
_GOES_ON = regex(r"(?:.*\s)?(?:222[0-9/]{2}|333|444|555|666|80000)\s*")
_FORM = regex(r"\b[ABO][ABO]XX\b")
_ALONE = regex(r"AAXX\s+\S{5}|BBXX|OOXX")
_MOVING = regex(r"\b(?:BBXX|OOXX)\s+[A-Z0-9]{2,9}\s+(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0134/]\s+99\d{3}\s+[1357]\d{4}\s")
_SECTION = regex(r"\bAAXX\s+(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0134/]\s+\d{5}\s+(?:(?i:NIL)\b|[0-4/][1-7/][0-9/]{3}\s)")


def sniff(head: bytes) -> Guess | None:
    """`AAXX` with a day, an hour and a unit of wind, then a station and its groups; or a ship's sign, day and place."""
    text = decode(head[:16384])
    if not _SECTION.search(text) and not _MOVING.search(text):
        return None
    words = re.sub(r"(?m)^#.*|\d{5},\d{4}(?:,\d\d){4},|^\d{12} ", "", text).replace("=", " ").split()
    share = sum(len(word) == 5 and word.strip("0123456789/") == "" for word in words) / max(len(words), 1)
    if share < 0.5:
        return None
    return Guess(0.97 if share > 0.7 else 0.9, "SYNOP: stations with day and hour, and groups of five figures")


class _Reports(Reports):
    """Below `AAXX`, reports end at lines that begin like others as well."""

    _form = ""

    def _another(self, plain: str) -> bool:
        inside = self._form == "AAXX"
        if "XX" in plain:
            for self._form in _FORM.findall(plain):
                pass
        if not (inside and self._parts and (found := _ANOTHER.match(plain))):
            return False
        so_far = _SO_FAR.match(" ".join(self._parts).lstrip())
        return so_far is not None and so_far["station"] != found["station"] and not _GOES_ON.fullmatch(self._parts[-1])


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    reports = _Reports(stream, _BEGINS, _ALONE)
    calendar = Calendar(context)
    gathered = Gathered(context)
    others: Counter[str] = Counter()
    sections = Sections()
    short = Short()
    foreign = 0
    for piece in reports:
        if isinstance(piece, Heading):
            sections.end()
        elif isinstance(piece, Dated):
            calendar.date(piece)
        elif not piece.text[0].isdecimal() and METAR.match(piece.text):
            foreign += 1
            if piece.text.upper().endswith(" NIL"):
                sections.nil += 1
            else:
                yield from metar_report.take(piece, False, calendar, gathered, others)
        else:
            for said in sections.take(piece, calendar, gathered, others):
                if not isinstance(said, Reject) or short.tells(said, piece.text):
                    yield said
    yield from short.rest()
    count = sections.count + foreign
    yield from concluded(gathered, calendar, others, count=count, nil=sections.nil, encoding=reports.text.described)
