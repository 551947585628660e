"""What a Campbell Scientific logger answers as JSON: read as the TOA5 that says the same.

Source: Campbell Scientific, CR1000X product manual, "API commands: DataQuery" (format=json), which LoggerNet calls CSIJSON:
`head` with the environment and the fields, each with name, units and process; `data` with a time, the number of the record and
its values. Rows are records, counted over the file.
"""

from collections.abc import Iterator

from mesonet.domain.observation import Reject
from mesonet.formats.json_document import documents, glance, member, objects, text_of
from mesonet.formats.loggers import toa5
from mesonet.formats.loggers.toa5_scheme import RECORD, TIME
from mesonet.formats.reading import Columns, Context, Guess, Piece, Rows, Stream
from mesonet.formats.retold import Retold, renumbered, written
from mesonet.record import replace

NAME = "csijson"

_ENVIRONMENT = ("station_name", "model", "serial_no", "os_version", "prog_name", "signature", "table_name")
_LINES = 4  # above the records of TOA5
_WRITTEN = 200  # records at a time


def sniff(head: bytes) -> Guess | None:
    seen = glance(head) if b'"environment"' in head and b'"vals"' in head else None
    if seen is None or "head.environment.table_name" not in seen or "head.fields[].name" not in seen:
        return None
    station, table = seen["head.environment.station_name"], seen["head.environment.table_name"]
    return Guess(0.98, f"CSIJSON of a Campbell logger: station {station[:60]}, table {table[:60]}")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    yield from retold(Table(stream), context)


def retold(table: "Table", context: Context) -> Iterator[Piece]:
    """What TOA5 says of the records, with their own numbers."""
    for piece in renumbered(toa5.read(table, context), _LINES):
        yield from table.faults()
        if isinstance(piece, Columns):
            yield replace(piece, encoding="utf-8")
        elif isinstance(piece, Rows):
            yield replace(piece, count=piece.count + table.left)
        else:
            yield piece
    yield from table.faults()


class Table(Retold):
    """The documents as TOA5, made as it is read. Those of another station or table are faults; their records are blank lines,
    so that the others keep their numbers. `left` counts these, and lines that are no documents."""

    def __init__(self, stream: Stream) -> None:
        self.left = 0
        self.faults_met: list[Reject] = []
        super().__init__(self._lines(stream))

    def faults(self) -> Iterator[Reject]:
        """Those since they were last asked for."""
        faults, self.faults_met = self.faults_met, []
        yield from faults

    def _lines(self, stream: Stream) -> Iterator[bytes]:
        header: list[list[str]] = []
        row = 0
        for document in documents(stream):
            if isinstance(document, Reject):
                self.left += document.count
                self.faults_met.append(document)
                continue
            _, value = document
            lines = list(_head(value))
            records = objects(member(value, "data"))
            if not header:
                header = lines
                yield written(header)
            if other := _other(header, lines):
                self.left += len(records)
                self.faults_met.append(
                    Reject(reason=f"a document of another {other}: put it in a file of its own", row=row + 1)
                )
                yield b"\n" * len(records)
            else:
                for at in range(0, len(records), _WRITTEN):
                    yield written(map(_record, records[at : at + _WRITTEN]))
            row += len(records)


def _other(header: list[list[str]], lines: list[list[str]]) -> str:
    """What a document is of that the first is not, "" where they are of one table."""
    if lines[0][1] != header[0][1]:
        return f"station, {lines[0][1][:60]}"
    return f"table, {lines[0][7][:60]}, or with other fields" if (lines[0][7], lines[1:]) != (header[0][7], header[1:]) else ""


def _record(record: dict[str, object]) -> list[str]:
    values = record.get("vals")
    texts = ["" if each is None else str(each) for each in values] if isinstance(values, list) else []
    return [text_of(record, "time"), text_of(record, "no"), *texts]


def _head(value: object) -> Iterator[list[str]]:
    """The four lines of TOA5."""
    fields = objects(member(value, "head", "fields"))
    environment = [text_of(value, "head", "environment", name) for name in _ENVIRONMENT]
    environment[5] = text_of(value, "head", "signature")
    yield ["TOA5", *environment]
    yield [TIME, RECORD, *(text_of(field, "name") for field in fields)]
    yield ["TS", "RN", *(text_of(field, "units") for field in fields)]
    yield ["", "", *(text_of(field, "process") for field in fields)]
