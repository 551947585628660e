"""Whether work stays within a bound of time, told apart from what else goes on in the process and on the machine."""

import gc
from collections.abc import Callable
from time import thread_time

TRIES = 3


def within[T](seconds: float, work: Callable[[], T]) -> T:
    """What the work gives, if it takes no longer than that."""
    given, taken = measured(work, enough=seconds)
    assert taken <= seconds, f"took {taken:.2f} s of a processor at best, over {seconds:.2f}"
    return given


def measured[T](work: Callable[[], T], *, enough: float) -> tuple[T, float]:
    """What the work gives, and how many seconds of a processor this thread needs for it: the best of three times, or the
    first that is `enough`.

    One time may pay for an import, or for a neighbour that has the processor's cache; collecting the garbage of all tests
    before is never the work's.
    """
    best = float("inf")
    collecting = gc.isenabled()
    gc.disable()
    try:
        for _ in range(TRIES):
            begin = thread_time()
            given = work()
            best = min(best, thread_time() - begin)
            if best <= enough:
                break
    finally:
        if collecting:
            gc.enable()
    return given, best
