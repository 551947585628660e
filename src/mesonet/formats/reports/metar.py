"""METAR and SPECI, the reports of aerodromes: bulletins, cycle files and bare lists of them (WMO-No. 306, Manual on Codes,
Volume I.1, FM 15 and FM 16). What a report's groups say is read in `metar_report`."""

import re
from collections import Counter
from collections.abc import Iterator

from mesonet.domain.observation import Reject
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import Bulletins
from mesonet.formats.reports import metar_report
from mesonet.formats.reports.bulletins import (
    FORECAST,
    HEADED,
    METAR,
    NAMES,
    Calendar,
    Dated,
    Gathered,
    Heading,
    Reports,
    concluded,
)
from mesonet.formats.reports.synop_report import Sections
from mesonet.formats.table import SHOWN
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "metar"
RECORDS = Bulletins(
    begins=regex(rb"(?mi)^[ \t]*(?:\d{4}/\d\d/\d\d\s+\d\d:\d\d|(?:METAR|SPECI)\b|(?:[A-Z][A-Z0-9]{3})\s+\d{6}Z)")
)

_BEGINS = regex(
    r"(?:METAR|SPECI|TAF)\b|(?:COR\s+)?[A-Z][A-Z0-9]{3}\s+(?:(?:COR\s+)?\d{6}Z?(?=\s|=|$)(?!\s+(?:\d{4}/\d{4}|\d{6}\s))|NIL\b)",
    re.IGNORECASE,
)
_OTHER = regex(r"AAXX \d{5}|TAF [A-Z]|\d{5} (?:NIL|[\d/]{5})")  # reports of other kinds, which may lie in the same file
_HEADER = regex(r"(METAR|SPECI)(?: COR)?(?: \d{6}Z)?")
_FRAME = regex(
    r"(?:METAR|SPECI)\b.*|S[AP][A-Z]{2}\d{0,2}\s+[A-Z]{4}\s+\d{6}.*|\d{4}/\d\d/\d\d \d\d:\d\d|\d{3,10}|=+|NNNN|ZCZC.*"
)


def sniff(head: bytes) -> Guess | None:
    """Lines that begin with a location indicator and a day and time, and hardly another line that does not belong to one."""
    if b"Z" not in head[:8192].upper() and b"NIL" not in head[:8192]:
        return None
    lines = decode(head[:16384]).translate({code: None for code in range(32) if code != 10}).split("\n")
    lines = [line.strip() for line in (lines[:-1] if len(lines) > 1 else lines) if line.strip() and line.lstrip()[0] != "#"][
        :200
    ]
    lines = lines[1:] if lines and NAMES.fullmatch(lines[0]) else lines
    begun = framed = continued = 0
    for line in lines:
        plain = re.sub(r"^(?:[A-Z0-9]{4},\d{4}(?:,\d\d){4},|\d{12}\s+)", "", line)
        if plain.count(",") > 2 or "\t" in plain or ";" in plain:
            continue
        if METAR.match(HEADED.sub("", plain, 1)):
            begun += 1
        elif _FRAME.fullmatch(plain) or _OTHER.match(plain):
            framed += 1
        elif begun and plain == plain.upper():
            continued += 1
    if not begun:
        return None
    share = (begun + framed + min(continued, 3 * begun)) / len(lines)
    if share < 0.6:
        return None
    return Guess(round(0.97 * share, 2), "METAR: reports that begin with a location indicator and a day and time")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    reports = Reports(stream, _BEGINS)
    calendar = Calendar(context)
    gathered = Gathered(context)
    others: Counter[str] = Counter()
    count = nil = 0
    speci = forecasts = False
    sections = Sections()  # a bulletin of SYNOP may lie in the same file
    for piece in reports:
        if isinstance(piece, Heading):
            speci, forecasts = piece.type == "SP", piece.type in ("FT", "FC")
            sections.end()
        elif isinstance(piece, Dated):
            calendar.date(piece)
        elif header := _HEADER.fullmatch(text := piece.text.upper()):
            speci, forecasts = header[1] == "SPECI", False
        elif text[:5] in ("AAXX ", "BBXX ", "OOXX ") or sections.has(piece.text):
            yield from sections.take(piece, calendar, gathered, others)
        else:
            count += 1
            if piece.fault:
                yield Reject(reason=piece.fault, row=piece.row, value=piece.text[:SHOWN])
            elif text.endswith(" NIL"):
                nil += 1
            elif forecasts and text[:5] not in ("METAR", "SPECI"):
                yield Reject(reason=FORECAST, row=piece.row, value=piece.text[:SHOWN])
            else:
                yield from metar_report.take(piece, speci, calendar, gathered, others)
    count, nil = count + sections.count, nil + sections.nil
    yield from concluded(gathered, calendar, others, count=count, nil=nil, encoding=reports.text.described)
