"""What every table shares: how DynamoDB's errors become the domain's, and its pages one answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from time import sleep
from typing import Any

from mesonet.dynamodb_client import refusals, silences
from mesonet.errors import Conflict, Unavailable
from mesonet.stores.attributes import Item

_READ_AT_ONCE = 100  # BatchGetItem
_ATTEMPTS = 8
_NOT_NOW = frozenset(
    {
        "InternalServerError",
        "ItemCollectionSizeLimitExceededException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)


class translated:
    """Raises Conflict where a condition failed and Unavailable where a retry may help; other errors stay as they are."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        """Does nothing. A class in place of a generator, since a reader enters for each page and a generator takes longer."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        if isinstance(error, silences()):
            raise Unavailable(f"{self.what}: DynamoDB cannot be reached") from error
        if isinstance(error, refusals()) and (known := _known(self.what, error.response)):
            raise known from error


def _known(what: str, response: dict[str, Any]) -> Conflict | Unavailable | None:
    code = response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return Conflict(f"{what}: something newer is in place")
    if code == "TransactionCanceledException":
        reasons = [reason.get("Code") for reason in response.get("CancellationReasons", [])]
        if "ConditionalCheckFailed" in reasons or not reasons:
            failed = [at for at, reason in enumerate(reasons) if reason == "ConditionalCheckFailed"]
            return Conflict(f"{what}: something newer is in place", at=failed)
        if "ValidationError" in reasons:
            return None  # such as an item that has become too large: it would be refused for ever
        return Unavailable(f"{what}: DynamoDB cancelled the transaction ({', '.join(filter(None, reasons))})")
    return Unavailable(f"{what}: DynamoDB answers {code}") if code in _NOT_NOW else None


def every(
    call: Callable[..., Any], what: str, *, next_limit: Callable[[int], int] | None = None, **arguments: Any
) -> Iterator[dict[str, Any]]:
    """The items of a query or a scan, from as many pages as there are, each asked for when it is needed. `next_limit` makes the
    `Limit` of a page out of that of the page before: a caller who stops early has then read little that was not needed."""
    while True:
        with translated(what):
            page = call(**arguments)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        if next_limit is not None:
            arguments["Limit"] = next_limit(arguments["Limit"])


def each_of(
    table: str, keys: Iterable[Item], what: str, *, get: Callable[[dict[str, Any]], Mapping[str, Any]], **arguments: Any
) -> Iterator[Item]:
    """The items that these keys have, as many in a request as DynamoDB takes; what it leaves unread is asked for again, a
    bounded number of times. Raises Unavailable."""
    for some in batched(keys, _READ_AT_ONCE, strict=False):
        left: Sequence[Item] = some
        for attempt in range(_ATTEMPTS):
            if attempt:
                _wait(attempt - 1)
            with translated(what):
                answer = get({table: {"Keys": left, **arguments}})
            yield from answer["Responses"].get(table, [])
            left = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            if not left:
                break
        else:
            raise Unavailable(f"{what}: DynamoDB leaves keys unread")


def _wait(attempt: int) -> None:
    from random import uniform  # seldom needed, and long to import

    sleep(uniform(0, 0.05 * 2**attempt))  # full jitter


def beginning_with(start: str, *, table: str, partition: str) -> dict[str, Any]:
    """The query for the blocks of a partition that begin so, as they are at this moment."""
    return {
        "TableName": table,
        "KeyConditionExpression": "#partition = :partition AND begins_with(#block, :start)",
        "ExpressionAttributeNames": {"#partition": "partition", "#block": "block"},
        "ExpressionAttributeValues": {":partition": {"S": partition}, ":start": {"S": start}},
        "ConsistentRead": True,
    }
