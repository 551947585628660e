"""What a function's environment need not ask for, or make, at every call."""

from collections.abc import Callable, Hashable

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


class Unchanged[K: Hashable, S, T]:
    """What was made of a source, for as long as what comes under its key is equal to it: of those made last as many as
    together weigh at most `most`. Key and source are kept as well, and `weight` is of all three."""

    def __init__(self, *, weight: Callable[[K, S, T], int], most: int) -> None:
        self._weight, self._most = weight, most
        self._known: dict[K, tuple[S, T, int]] = {}
        self._weighs = 0

    def __call__(self, key: K, source: S, make: Callable[[S], T]) -> T:
        known = self._known.get(key)
        if known is not None and known[0] == source:
            return known[1]
        made = make(source)
        if known is not None:
            self._forget(key)
        weighs = self._weight(key, source, made)
        self._known[key] = (source, made, weighs)
        self._weighs += weighs
        while self._weighs > self._most:
            self._forget(next(iter(self._known)))
        return made

    def _forget(self, key: K) -> None:
        self._weighs -= self._known.pop(key)[2]
