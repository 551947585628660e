"""The clock. Only handlers look at it: what decides is told the time as `now`."""

from time import time_ns


def now() -> int:
    """This instant, in milliseconds since 1970-01-01T00:00:00Z, as `domain/instant` has them."""
    return time_ns() // 1_000_000
