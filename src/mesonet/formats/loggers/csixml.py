"""What a Campbell Scientific logger or LoggerNet writes as XML: read as the TOA5 that says the same.

Source: Campbell Scientific, LoggerNet manual, appendix "Table-data file formats" (CSIXML): `head` with the environment and the
fields, and a record `r` with its time, its number and a value `v1`, `v2`, … of each field. Rows are records.
"""

from collections.abc import Iterator

from mesonet.domain.observation import Reject
from mesonet.formats.loggers import csijson
from mesonet.formats.loggers.toa5_scheme import RECORD, TIME
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.retold import written
from mesonet.formats.text import decode
from mesonet.formats.xml_document import Element, records
from mesonet.regex import regex

NAME = "csixml"

_WRITTEN, _HELD = 100, 64 * 1024  # records at a time, and of so many characters: one may have millions

_BEGINNING = regex(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<csixml\b")
_ENVIRONMENT = ("station-name", "model", "serial-no", "os-version", "dld-name", "dld-sig", "table-name")


def sniff(head: bytes) -> Guess | None:
    return Guess(0.98, "CSIXML of a Campbell logger") if _BEGINNING.match(decode(head).lstrip("\ufeff")) else None


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    yield from csijson.retold(_Table(stream), context)


class _Table(csijson.Table):
    def _lines(self, stream: Stream) -> Iterator[bytes]:
        rows: list[list[str]] = []
        size = 0
        for row in self._rows(stream):
            rows.append(row)
            size += sum(map(len, row))
            if size > _HELD or len(rows) == _WRITTEN:
                yield written(rows)
                rows, size = [], 0
        yield written(rows)

    def _rows(self, stream: Stream) -> Iterator[list[str]]:
        for element in records(stream, ("head", "r")):
            if isinstance(element, Reject):
                self.faults_met.append(element)
            elif element.name == "head":
                yield from _head(element)
            else:
                yield [element.get("time"), element.get("no"), *(each.text for each in element.inner)]


def _head(head: Element) -> Iterator[list[str]]:
    """The four lines of TOA5."""
    fields = list(head.all("field"))
    yield ["TOA5", *(head.told("environment", name) for name in _ENVIRONMENT)]
    yield [TIME, RECORD, *(field.get("name") for field in fields)]
    yield ["TS", "RN", *(field.get("units") for field in fields)]
    yield ["", "", *(field.get("process") for field in fields)]
