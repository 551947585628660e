"""What a Campbell Scientific logger answers as JSON: read as the TOA5 that says the same.

Source: Campbell Scientific, CR1000X product manual, "API commands: DataQuery" (format=json), which LoggerNet calls CSIJSON:
`head` with the environment and the fields, each with name, units and process; `data` with a time, the number of the record and
its values. Rows are records, counted over the file.
"""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from mesonet.domain.observation import Batch, Reject
from mesonet.errors import UnreadableFile
from mesonet.formats import toa5
from mesonet.formats.json_document import documents, glance, member, objects, text_of
from mesonet.formats.reading import Columns, Context, Guess, Piece
from mesonet.record import replace

NAME = "csijson"

_ENVIRONMENT = ("station_name", "model", "serial_no", "os_version", "prog_name", "signature", "table_name")
_LINES = 4  # above the records of TOA5


def sniff(head: bytes) -> Guess | None:
    seen = glance(head) if b'"environment"' in head and b'"vals"' in head else None
    if seen is None or "head.environment.table_name" not in seen or "head.fields[].name" not in seen:
        return None
    station, table = seen["head.environment.station_name"], seen["head.environment.table_name"]
    return Guess(0.98, f"CSIJSON of a Campbell logger: station {station[:60]}, table {table[:60]}")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    header: list[list[str]] = []
    for document in documents(stream):
        if isinstance(document, Reject):
            yield document
            continue
        _, value = document
        lines = list(_head(value))
        if not header:
            header = lines
            table.writerows(lines)
        elif lines[1:] != header[1:]:
            raise UnreadableFile("a second document has other fields: put each table in a file of its own")
        for record in objects(member(value, "data")):
            values = record.get("vals")
            texts = ["" if each is None else str(each) for each in values] if isinstance(values, list) else []
            table.writerow([text_of(record, "time"), text_of(record, "no"), *texts])
    for piece in toa5.read(io.BytesIO(written.getvalue().encode()), context):
        if isinstance(piece, Batch):
            yield replace(piece, rows=[row - _LINES for row in piece.rows])
        elif isinstance(piece, Reject) and piece.row is not None:
            yield replace(piece, row=max(piece.row - _LINES, 1))
        elif isinstance(piece, Columns):
            yield replace(piece, encoding="utf-8")
        else:
            yield piece


def _head(value: object) -> Iterator[list[str]]:
    """The four lines of TOA5."""
    fields = objects(member(value, "head", "fields"))
    environment = [text_of(value, "head", "environment", name) for name in _ENVIRONMENT]
    environment[5] = text_of(value, "head", "signature")
    yield ["TOA5", *environment]
    yield [toa5.TIME, toa5.RECORD, *(text_of(field, "name") for field in fields)]
    yield ["TS", "RN", *(text_of(field, "units") for field in fields)]
    yield ["", "", *(text_of(field, "process") for field in fields)]
