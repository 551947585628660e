"""Lists of stations as JSON, whoever gives them: what is told of the list as a whole."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mesonet.domain.file import ColumnFacts
from mesonet.domain.observation import Reject
from mesonet.domain.station import Station
from mesonet.formats.json_document import documents
from mesonet.formats.reading import Columns, Extent, Piece, Rows, Stream


def stations(
    stream: Stream,
    listed: Callable[[object], Iterable[Any]],
    taken: Callable[[Any, int], Iterator[Reject | Station]],
    *,
    identifier: str,
    where: str | None = None,
) -> Iterator[Piece]:
    """Rows are what is `listed` in the documents, `where` that is a member; `taken` makes stations of them. Lines that are no
    documents are rows too."""
    row = 0
    found: Counter[str] = Counter()
    for document in documents(stream):
        if isinstance(document, Reject):
            yield document
            row += document.count
            continue
        for given in listed(document[1]):
            row += 1
            for piece in taken(given, row):
                if isinstance(piece, Station):
                    found[piece.id] += 1
                yield piece
    if not row:
        yield Reject(reason="the list holds no stations", column=where)
    if found:
        yield Extent(stations=found)
    yield Rows(count=row)
    yield Columns(columns=(ColumnFacts(name=identifier, kind="station", values=found.total()),))
