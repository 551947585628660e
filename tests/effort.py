"""Whether work stays within a bound of time, told apart from what else goes on in the process and on the machine."""

import gc
from collections.abc import Callable
from time import thread_time

TRIES = 5
KNOWN_SECONDS = 0.03  # what `_known_work` takes where the bounds were written


def within[T](seconds: float, work: Callable[[], T]) -> T:
    """What the work gives, if it takes no longer than that on the machine where the bounds were written."""
    given, taken = measured(work, enough=seconds)
    assert taken <= seconds, f"took {taken:.2f} s of a processor at best, over {seconds:.2f}"
    return given


def measured[T](work: Callable[[], T], *, enough: float) -> tuple[T, float]:
    """What the work gives, and how many seconds of a processor this thread needs for it: the best of some times, or the
    first that is `enough`.

    One time may pay for an import, or for a neighbour that has the processor's cache; collecting the garbage of all tests
    before is never the work's. A slower machine's seconds are told as those of the machine where the bounds were written:
    each time that is not enough is held against work whose seconds there are known.
    """
    best = float("inf")
    collecting = gc.isenabled()
    gc.disable()
    try:
        for _ in range(TRIES):
            taken, given = _timed(work)
            if taken > enough:
                taken /= max(1.0, _timed(_known_work)[0] / KNOWN_SECONDS)
            best = min(best, taken)
            if best <= enough:
                break
    finally:
        if collecting:
            gc.enable()
    return given, best


def _timed[T](work: Callable[[], T]) -> tuple[float, T]:
    begin = thread_time()
    given = work()
    return thread_time() - begin, given


def _known_work() -> int:
    """What readers do most: texts are cut, looked up and kept."""
    kept: dict[str, int] = {}
    for number in range(20_000):
        first, _, second = f"{number * 0.1:.1f};{number}".partition(";")
        kept[first] = kept.get(second, 0) + len(first)
    return len(kept)
