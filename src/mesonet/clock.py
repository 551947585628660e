"""The clock. Only handlers look at it: what decides is told the time as `now`."""

from datetime import UTC, datetime, timedelta
from time import time_ns

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> int:
    """This instant, in milliseconds since 1970-01-01T00:00:00Z, as `domain/instant` has them."""
    return time_ns() // 1_000_000


def utc() -> datetime:
    """The same instant, as the catalogue has its times."""
    return _EPOCH + timedelta(milliseconds=now())
