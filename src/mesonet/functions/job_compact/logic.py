"""Decides which live rows become blocks, and makes them.

Order of the steps, so that a crash between any two is mended by the next run: the stretch is taken, so that nobody else makes
its block meanwhile; rows and block are read; the block with both is written, and the copy, once the day is over; of rows that
came by a stream the sequences are kept; the rows are removed as they were read. Rows that are still there, or have been written
since, stand over the block, and come into it the next time.
"""

from collections.abc import Callable, Iterable

from mesonet.domain import instant
from mesonet.domain.block import Span
from mesonet.domain.file import live_order
from mesonet.domain.live import SETTLED, Stretch, draft
from mesonet.record import dataclass
from mesonet.stores.live import LiveStore
from mesonet.stores.live_copies import LiveCopies
from mesonet.stores.observations import ObservationsStore

WORTH = 60  # rows of a stretch that is not over: a block is some twenty write units, and saves as many read units a read
GRACE = instant.SECOND * 3600  # after its end a stretch is over: most of what is late has come


@dataclass(slots=True)
class Tally:
    """What a run has done: stretches made into blocks, and the rows that went into them."""

    stretches: int = 0
    rows: int = 0
    left: int = 0  # for the next run, since the time was over


def compact_all(
    stretches: Iterable[Stretch],
    *,
    live: LiveStore,
    observations: ObservationsStore,
    copies: LiveCopies,
    clock: Callable[[], int],
    time_is_over: Callable[[], bool],
) -> Tally:
    tally = Tally()
    for stretch in stretches:
        if time_is_over():
            tally.left += 1
            continue
        rows = compact(stretch, live=live, observations=observations, copies=copies, now=clock())
        tally.stretches += rows > 0
        tally.rows += rows
    return tally


def compact(stretch: Stretch, *, live: LiveStore, observations: ObservationsStore, copies: LiveCopies, now: int) -> int:
    """Makes a stretch's rows into its block where that is worth while. Returns how many rows that were."""
    if not live.take(stretch, now=now):
        return 0
    rows = live.rows(stretch)
    if not rows:
        live.take_off(stretch, now=now)
        return 0
    over = _is_over(stretch, now)
    if over or len(rows) >= WORTH:
        held = observations.live(stretch)
        blocks = draft(rows, held).blocks(stretch.key, order=live_order(now), version_id=None)
        observations.put(blocks, now_s=now // instant.SECOND)
        parted = [block.key for block in held if block.key not in {each.key for each in blocks}]
        observations.remove(parted)
        if over:
            copies.put(stretch, blocks)
        settled = [row for row in rows if not row.came_by_a_stream or row.written_at <= now - SETTLED]
        live.keep_sequences(stretch, settled, now=now)
        live.remove(stretch, settled)
        done = len(rows)
    else:
        done = 0
    live.leave(stretch)
    return done


def _is_over(stretch: Stretch, now: int) -> bool:
    """A year's stretch has a row a day: its end is not waited for."""
    return stretch.span is Span.YEAR or stretch.span.start_of(now - GRACE) != stretch.start
