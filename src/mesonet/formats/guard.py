"""Rejects what no format may let through: stations that the API could not address, times that do not exist, and the future."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mesonet.domain import instant
from mesonet.domain.instant import EARLIEST, LATEST, horizon
from mesonet.domain.observation import Batch, Column, Reject
from mesonet.domain.station import LONGEST_IDENTIFIER, Station, addressable
from mesonet.formats.reading import Extent, Piece
from mesonet.record import dataclass, replace

if TYPE_CHECKING:
    from mesonet.formats.table import Told

UNADDRESSABLE = (
    'no station can be called so: an identifier is part of an address, and has no / \\ " # ?, no signs such as emoji, '
    "and nothing that cannot be seen"
)
TOO_LONG = f"an identifier has at most {LONGEST_IDENTIFIER} characters"
BEYOND_THE_CALENDAR = "the time, in UTC, is none of the years 1 to 9999"


def unnameable(identifier: str) -> str:
    """Why no station can be called so."""
    return TOO_LONG if len(identifier) > LONGEST_IDENTIFIER else UNADDRESSABLE


@dataclass(slots=True)
class Guard:
    """`received` is when the file arrived, None where that is not known. `unseen` is set where there is something to reject in
    rows that were counted without a look at each. Without `rejects` nothing is said of rows: loading forgets it."""

    received: int | None
    rejects: bool = True
    unseen: bool = False
    _told: "Told | None" = None

    def pieces(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        latest = LATEST if self.received is None else min(LATEST, horizon(self.received))
        for piece in pieces:
            if isinstance(piece, Batch):
                times = piece.times
                if times and min(times) >= EARLIEST and max(times) <= latest and addressable(piece.station_id):
                    yield piece  # as nearly all are
                else:
                    yield from self._batch(piece)
                continue
            match piece:
                case Station() if not addressable(piece.id):
                    yield Reject(reason=unnameable(piece.id), value=piece.id[:LONGEST_IDENTIFIER])
                case Extent():
                    yield self._extent(piece)
                case _:
                    yield piece

    def _batch(self, batch: Batch) -> Iterator[Piece]:
        if not addressable(batch.station_id):
            reason, shown = unnameable(batch.station_id), batch.station_id[:LONGEST_IDENTIFIER]
            for at, count in self._of(range(len(batch.rows))):
                yield Reject(reason=reason, row=batch.rows[at], value=shown, count=count)
            return
        if batch.times and not EARLIEST <= min(batch.times) <= max(batch.times) <= LATEST:
            for at, count in self._of([at for at, time in enumerate(batch.times) if not EARLIEST <= time <= LATEST]):
                yield Reject(reason=BEYOND_THE_CALENDAR, row=batch.rows[at], count=count)
            batch = _only(batch, [EARLIEST <= at <= LATEST for at in batch.times])
            if not batch.times:
                return
        if self._ahead(max(batch.times, default=None)):
            latest, reason = horizon(self.received or 0), self._future()
            for at, count in self._of([at for at, time in enumerate(batch.times) if time > latest]):
                yield Reject(reason=reason, row=batch.rows[at], value=instant.iso(batch.times[at]), count=count)
        yield batch

    def _of(self, lost: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Those of a batch that are told, each with how many it is told for: compressed, they are thousands in a few bytes."""
        if not self.rejects:
            return
        if self._told is None:
            from mesonet.formats.table import SHORT_TOLD, Told  # rare: only where a row was rejected

            self._told = Told(SHORT_TOLD)
        yield from self._told.of(lost)

    def _extent(self, extent: Extent) -> Extent:
        unnamed = [station for station in extent.stations if station and not addressable(station)]
        off = extent.first is not None and (extent.first < EARLIEST or (extent.last or 0) > LATEST)
        self.unseen = self.unseen or bool(unnamed) or off or self._ahead(extent.last)
        if "" in extent.stations:  # times are known, a station is not
            return replace(extent, stations={station: rows for station, rows in extent.stations.items() if station})
        return extent

    def _ahead(self, at: int | None) -> bool:
        return at is not None and self.received is not None and at > horizon(self.received)

    def _future(self) -> str:
        arrived = instant.iso(self.received or 0)
        return f"the time is after the file arrived ({arrived}): the row is kept, flagged as failed, and never the latest"


def _only(batch: Batch, keep: list[bool]) -> Batch:
    from itertools import compress  # rare: only where a row was rejected

    def kept[T](values: list[T]) -> list[T]:
        return list(compress(values, keep))

    columns = {
        parameter: Column(
            unit=column.unit,
            unit_received=column.unit_received,
            values=kept(column.values),
            received=kept(column.received),
            flags=kept(column.flags),
        )
        for parameter, column in batch.columns.items()
    }
    return replace(batch, times=kept(batch.times), rows=kept(batch.rows), columns=columns)
