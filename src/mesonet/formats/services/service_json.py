"""Answers of weather services as JSON, each in its publisher's own form: one reader, and a description of each service.

A service says by which members its answers are known, and makes reports of a document. What is common is
done here: documents and their rows, times, positions, and rejects for reports without a time or a station.
"""

from collections.abc import Iterator

from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.json_document import documents, glance, is_lines
from mesonet.formats.json_readings import Readings
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import HEAD_BYTES, Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.formats.services.american_services import AMERICAS
from mesonet.formats.services.european_services import EUROPE
from mesonet.formats.services.home_services import HOME
from mesonet.formats.services.pacific_services import PACIFIC
from mesonet.formats.services.point_services import POINT
from mesonet.formats.services.sensor_services import SENSORS
from mesonet.formats.services.service import Report, Service, taken
from mesonet.formats.services.world_services import WORLD

NAME = "service-json"
SERVICES = (*EUROPE, *AMERICAS, *PACIFIC, *WORLD, *POINT, *HOME, *SENSORS)


def _service(head: bytes) -> Service | None:
    seen = glance(head)
    return next((each for each in SERVICES if seen and each.known(seen)), None)


def _apart(head: bytes) -> bool:
    """Whether each line can be read without those above it."""
    service = _service(head) if is_lines(head) else None
    return service is not None and all(head.count(f'"{name}"'.encode()) >= head.count(b"\n") for name in service.carried[:1])


RECORDS = LineRecords(applies=_apart)


def sniff(head: bytes) -> Guess | None:
    found = _service(head)
    return Guess(0.9, found.who) if found else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are reports, counted over the file; in NDJSON, lines."""
    peeked = Peeked(stream, HEAD_BYTES)
    service = _service(peeked.head)
    if service is None:
        raise UnreadableFile("the document is of no service that is known")
    readings = Readings(values=context.values)
    for text in service.remarks:
        readings.remark(text)
    row, by_line = 0, is_lines(peeked.head)
    carried: dict[str, object] = {}
    for document in documents(peeked):
        if isinstance(document, Reject):
            yield readings.lost(document)
            continue
        line, value = document
        if by_line and service.carried and isinstance(value, dict):
            carried |= {name: value[name] for name in service.carried if name in value}
            value = carried | value
        for report in _reports(service, value, context):
            row += 1
            yield from taken(report, line if by_line else row, readings)
    if not row:
        yield Reject(reason="there are no observations in it")
    yield from readings.end()


def _reports(service: Service, value: object, context: Context) -> Iterator[Report]:
    """What an answer reports, or each of a list of whole answers, which reports nothing as one."""
    reports = service.reports(value, context)
    if (first := next(reports, None)) is not None:
        yield first
        yield from reports
    elif isinstance(value, list):
        for answer in value:
            yield from service.reports(answer, context)
