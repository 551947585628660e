"""Lists of stations in fixed columns: the loop over their lines."""

from collections import Counter
from collections.abc import Callable, Iterator

from mesonet.domain.observation import Reject
from mesonet.domain.station import Station
from mesonet.formats.reading import Columns, Extent, Piece, Rows
from mesonet.formats.station_list import NOWHERE
from mesonet.formats.table import SHOWN, Strays, torn
from mesonet.formats.text import Text
from mesonet.record import replace


def stations(
    text: Text, whose: str, station: Callable[[str], Station | None], *, heading: Callable[[int, str], bool]
) -> Iterator[Piece]:
    """`station` is what a line lists: None of what is no such line; it raises ValueError. Lines, by their number from 1, that
    are part of a `heading` are no rows."""
    strays = Strays()
    row = count = 0
    for block in text:
        listed: Counter[str] = Counter()
        for line in block.removesuffix("\n").split("\n"):
            row += 1
            if heading(row, line) or not line.strip():
                continue
            count += 1
            try:
                found = station(line)
            except ValueError as exc:
                yield Reject(reason=str(exc), row=row, value=line[:SHOWN])
                continue
            if found is None:
                yield from strays.tell(f"not a line of a station list of {whose}", row, line)
                continue
            if found.latitude == 0 == found.longitude:
                yield Reject(reason=NOWHERE, row=row, value=line[:SHOWN])
                found = replace(found, latitude=None, longitude=None)
            listed[found.id] += 1
            yield found
        yield from strays.rest()
        yield Extent(stations=listed)
    yield from torn(text)
    yield Rows(count=count)
    yield Columns(columns=(), encoding=text.described)
