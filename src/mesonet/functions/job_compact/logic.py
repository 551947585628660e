"""Decides which live rows become blocks, and makes them.

Order of the steps, so that a crash between any two is mended by the next run: the stretch is taken, so that nobody else makes
its block meanwhile; rows and block are read; the block with both is written, and the copy, once the day is over; of rows that
came by a stream the sequences are kept; the rows are removed as they were read. Rows that are still there, or have been written
since, stand over the block, and come into it the next time.

Who reads a day meanwhile gets its block first and then its rows, page by page, and each perhaps from a replica that is behind.
So rows stay for a while after their block has come: whoever did not see it finds them all. Who takes longer reads once more.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from time import sleep

from mesonet.domain import instant
from mesonet.domain.block import BlockKey, Span
from mesonet.domain.file import changed, live_order
from mesonet.domain.live import SETTLED, LiveRow, Stretch, draft
from mesonet.record import dataclass
from mesonet.stores.live import LiveStore
from mesonet.stores.live_copies import LiveCopies
from mesonet.stores.observations import ObservationsStore

WORTH = 60  # rows of a stretch that is not over: a block is some twenty write units, and saves as many read units a read
GRACE = instant.SECOND * 3600  # after its end a stretch is over: most of what is late has come
READ_THROUGH = instant.SECOND * 6  # pages follow within milliseconds, but a lost answer is waited for for five seconds


@dataclass(slots=True)
class Tally:
    """What a run has done: stretches made into blocks, and the rows that went into them."""

    stretches: int = 0
    rows: int = 0
    left: int = 0  # for the next run, since the time was over


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Rows that have come into their stretch's block, since an instant."""

    stretch: Stretch
    rows: Sequence[LiveRow]
    parted: Sequence[BlockKey]  # former blocks of the stretch that others have taken the place of
    at: int


def compact_all(
    stretches: Iterable[Stretch],
    *,
    live: LiveStore,
    observations: ObservationsStore,
    copies: LiveCopies,
    clock: Callable[[], int],
    time_is_over: Callable[[], bool],
) -> Tally:
    """Makes what can be made; raises the first fault at the end, so that one stretch holds up no others."""
    tally = Tally()
    standing: deque[Made] = deque()
    faults: list[Exception] = []

    def clear(until: int) -> None:
        while standing and standing[0].at <= until - READ_THROUGH:
            remove(standing.popleft(), live=live, observations=observations)

    for stretch in stretches:
        if time_is_over():
            tally.left += 1
            continue
        try:
            made = compact(stretch, live=live, observations=observations, copies=copies, clock=clock)
        except Exception as fault:
            faults.append(fault)
            continue
        if made:
            standing.append(made)
            tally.stretches += 1
            tally.rows += len(made.rows)
        clear(clock())
    if standing:
        sleep(max(standing[-1].at + READ_THROUGH - clock(), 0) / instant.SECOND)
        clear(standing[-1].at + READ_THROUGH)
    if faults:
        raise faults[0]
    return tally


def compact(
    stretch: Stretch, *, live: LiveStore, observations: ObservationsStore, copies: LiveCopies, clock: Callable[[], int]
) -> Made | None:
    """Makes a stretch's rows into its block where that is worth while. Then the stretch stays taken until they are removed."""
    now = clock()
    if not live.take(stretch, now=now):
        return None
    rows = live.rows(stretch)
    if not rows:
        live.take_off(stretch, now=now)
        return None
    over = _is_over(stretch, now)
    if not over and len(rows) < WORTH:
        live.leave(stretch)
        return None
    held = observations.live(stretch)
    order = live_order(max([now, *(changed(each.order) for each in held)]))  # whose maker's clock may have been ahead
    blocks = draft(rows, held).blocks(stretch.key, order=order, version_id=None)
    observations.put(blocks, now_s=now // instant.SECOND)
    if over:
        copies.put(stretch, blocks)
    keys = {each.key for each in blocks}
    return Made(stretch=stretch, rows=rows, parted=[each.key for each in held if each.key not in keys], at=clock())


def remove(made: Made, *, live: LiveStore, observations: ObservationsStore) -> None:
    """Of rows that came by a stream those that are told again find what was told: they stay for longer."""
    observations.remove(made.parted)
    settled = [row for row in made.rows if not row.came_by_a_stream or row.written_at <= made.at - SETTLED]
    live.keep_sequences(made.stretch, settled, now=made.at)
    live.remove(made.stretch, settled)
    live.leave(made.stretch)


def _is_over(stretch: Stretch, now: int) -> bool:
    """A year's stretch has a row a day: its end is not waited for."""
    return stretch.span is Span.YEAR or stretch.start < stretch.span.start_of(now - GRACE)
