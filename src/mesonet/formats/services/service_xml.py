"""Answers of weather services as XML, each in its publisher's own form: one reader, and a description of each service.

A service says by which texts its answers are known, which elements are its records, and makes reports of each. What is common
is done here and in `service`.
"""

from collections.abc import Iterator

from mesonet.domain.file import Mark
from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.json_readings import Readings
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import HEAD_BYTES, Context, Guess, Piece, Stream
from mesonet.formats.services.service import taken
from mesonet.formats.services.xml_services import SERVICES, XmlService
from mesonet.formats.text import decode
from mesonet.formats.xml_document import records

NAME = "service-xml"


def _service(head: bytes) -> XmlService | None:
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return None
    text = decode(head)
    return next((each for each in SERVICES if all(sign in text for sign in each.signs)), None)


def sniff(head: bytes) -> Guess | None:
    found = _service(head)
    return Guess(0.95, found.who) if found else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are reports, counted over the file."""
    peeked = Peeked(stream, HEAD_BYTES)
    service = _service(peeked.head)
    if service is None:
        raise UnreadableFile("the XML is of no service that is known")
    readings = Readings(values=context.values)
    row = context.start.row if context.start else 0
    for record in records(peeked, service.records, context.start.at if context.start else 0):
        if isinstance(record, Reject):
            yield record
            continue
        for report in service.reports(record, context):
            row += 1
            yield from taken(report, row, readings)
        if record.after and context.enough():
            yield Mark(at=record.after, row=row)
            break
    if not row:
        yield Reject(reason="there are no observations in it")
    yield from readings.end()
