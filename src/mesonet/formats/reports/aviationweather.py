"""METARs of aviationweather.gov as JSON (`rawOb`) and as XML (`raw_text`): read as its table of them is.

Source: Aviation Weather Center, "Data API" (aviationweather.gov/data/api) and its "Text Data Server" before it, whose XML is
still given out (`metars.cache.xml`). Of the XML the elements of a METAR are looked for in the text, so nothing in it is
expanded.
"""

from collections.abc import Iterable, Iterator
from html import unescape

from mesonet.domain.instant import SECOND, iso
from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.json_document import documents, glance, objects, shown
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Rows, Stream
from mesonet.formats.reports import metar_table
from mesonet.formats.retold import Retold
from mesonet.formats.text import Text, decode
from mesonet.record import replace
from mesonet.regex import regex

NAME = "aviationweather"

_COLUMNS = ("raw_text", "observation_time", "latitude", "longitude", "elevation_m", "metar_type")
_FIELD = regex(rf"<({'|'.join(_COLUMNS)})>([^<]*)</\1>")
_LONGEST = 64 * 1024  # characters between two METARs
_BREAK = regex(r"[\t\r\n]+")


def sniff(head: bytes) -> Guess | None:
    if (seen := glance(head)) is not None:
        if "rawOb" in seen and ("icaoId" in seen or "obsTime" in seen):
            return Guess(0.97, "METARs of aviationweather.gov as JSON")
        return None
    text = decode(head[:16384])
    if text.lstrip().startswith("<") and "<METAR>" in text and "<raw_text>" in text:
        return Guess(0.97, "METARs of aviationweather.gov as XML")
    return None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream)
    faults: list[Reject] = []
    found = _of_json(peeked, faults) if glance(peeked.head) else _of_xml(peeked)
    for piece in metar_table.read(Retold(_table(found)), context):
        if isinstance(piece, Reject) and piece.row is not None:
            piece = replace(piece, row=max(1, piece.row - 1))  # the header is none of the file's
        yield piece
    yield from faults
    yield Rows(count=sum(each.count for each in faults))


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[bytes]:
    """As `metar_table` reads it, made of the fields of each METAR."""
    yield ("\t".join(_COLUMNS) + "\n").encode()
    for row in rows:
        fields = [_BREAK.sub(" ", field).replace('"', "") for field in row]
        yield ("\t".join(fields) + "\n").encode("utf-8", "replace")


def _of_xml(stream: Stream) -> Iterator[tuple[str, ...]]:
    held = ""
    for block in Text(stream):
        *whole, held = (held + block).split("</METAR>")
        for each in whole:
            told = dict(_FIELD.findall(each[each.rfind("<METAR") :]))
            yield tuple(unescape(told.get(name, "")) for name in _COLUMNS)
        if len(held) > _LONGEST:
            raise UnreadableFile("the XML has no end of a METAR within 64 KB")
    if "<METAR" in held:
        told = dict(_FIELD.findall(held))
        yield tuple(unescape(told.get(name, "")) for name in _COLUMNS)


def _of_json(stream: Stream, faults: list[Reject]) -> Iterator[tuple[str, ...]]:
    for document in documents(stream):
        if isinstance(document, Reject):
            faults.append(document)
            continue
        row, value = document
        for given in objects(value):
            time = str(given.get("obsTime") or "")
            if time.isascii() and time.isdecimal() and len(time) <= 11:
                time = iso(int(time) * SECOND)
            told = [given.get(name) for name in ("rawOb", "lat", "lon", "elev", "metarType")]
            report, *place = ("" if each is None or isinstance(each, dict | list) else str(each) for each in told)
            if not report:
                faults.append(Reject(reason="there is no rawOb", row=row, value=shown(given)))
                continue
            yield report, time, *place
