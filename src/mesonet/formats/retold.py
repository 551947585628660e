"""Files that are told anew in the form of others, whose readers then take them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from mesonet.domain.observation import Batch, Reject
from mesonet.formats.reading import Piece
from mesonet.formats.text import Text
from mesonet.record import replace


class Retold:
    """A stream of pieces that are made as they are asked for. Where the `text` that they are made of was cut, it is cut too."""

    def __init__(self, pieces: Iterable[bytes], text: Text | None = None) -> None:
        self._pieces, self._text = iter(pieces), text
        self._held = b""

    @property
    def cut(self) -> bool:
        return self._text is not None and self._text.torn is not None

    def read(self, count: int = -1, /) -> bytes:
        pieces, size = [self._held], len(self._held)
        while (count < 0 or size < count) and (piece := next(self._pieces, None)) is not None:
            pieces.append(piece)
            size += len(piece)
        data = b"".join(pieces)
        data, self._held = (data, b"") if count < 0 else (data[:count], data[count:])
        return data


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as lines between commas."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def renumbered(pieces: Iterable[Piece], above: int = 1) -> Iterator[Piece]:
    """With the numbers that rows have without so many lines `above` them, which are none of the file's: a header."""
    for piece in pieces:
        if isinstance(piece, Reject) and piece.row is not None:
            yield replace(piece, row=max(1, piece.row - above))
        elif isinstance(piece, Batch):
            yield replace(piece, rows=[row - above for row in piece.rows])
        else:
            yield piece
