"""What a function's environment need not ask for at every call."""

from collections.abc import Callable

from mesonet import clock


class Remembered[T]:
    """What `read` said less than `for_s` seconds ago. An exception is not remembered: the next call asks again."""

    def __init__(self, read: Callable[[], T], *, for_s: float) -> None:
        self.read = read
        self._for_ms = for_s * 1000
        self._known: tuple[int, T] | None = None  # when, and what

    def __call__(self) -> T:
        now = clock.now()
        if self._known is None or not 0 <= now - self._known[0] <= self._for_ms:
            return self.anew()
        return self._known[1]

    def anew(self) -> T:
        now = clock.now()  # before, as what is read may change meanwhile
        self._known = (now, self.read())
        return self._known[1]
