"""Writing many items at once: what DynamoDB leaves undone is sent again, a bounded number of times."""

from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from random import uniform
from time import sleep
from typing import Any

from mesonet.errors import Unavailable
from mesonet.stores.attributes import Item

_AT_ONCE = 25  # BatchWriteItem
_ATTEMPTS = 8


def write_all(
    table: str,
    puts: Sequence[Item],
    deletes: Sequence[Item],
    *,
    send: Callable[[dict[str, Any]], Mapping[str, Any]],
) -> None:
    """Writes and deletes items, as many in a request as DynamoDB takes. No key may be among them twice.

    Raises Unavailable where the table does not take all of them now."""
    requests: list[dict[str, Any]] = [{"PutRequest": {"Item": item}} for item in puts]
    requests += [{"DeleteRequest": {"Key": key}} for key in deletes]
    for some in batched(requests, _AT_ONCE, strict=False):
        left: list[dict[str, Any]] = list(some)
        for attempt in range(_ATTEMPTS):
            left = send({table: left}).get("UnprocessedItems", {}).get(table, [])
            if not left:
                break
            sleep(uniform(0, 0.05 * 2**attempt))  # full jitter
        else:
            raise Unavailable(f"{table} takes no more writes now")
