"""Whether work stays within a bound of time, told apart from what else goes on in the process and on the machine."""

import gc
from collections.abc import Callable
from time import thread_time

TRIES = 3


def within[T](seconds: float, work: Callable[[], T]) -> T:
    """What the work gives, if this thread needs no more of a processor for it than that at best of three times.

    One time may pay for an import, or for a neighbour that has the processor's cache; collecting the garbage of all tests
    before is never the work's.
    """
    taken: list[float] = []
    collecting = gc.isenabled()
    gc.disable()
    try:
        while len(taken) < TRIES:
            begin = thread_time()
            given = work()
            taken.append(thread_time() - begin)
            if taken[-1] <= seconds:
                return given
    finally:
        if collecting:
            gc.enable()
    raise AssertionError(f"took {min(taken):.2f} s of a processor at best, over {seconds:.2f}")
