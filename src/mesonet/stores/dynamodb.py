"""What every table shares: how DynamoDB's errors become the domain's, and its pages one answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mesonet.dynamodb_client import refusals, silences
from mesonet.errors import Conflict, Unavailable

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


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raises Conflict where a condition failed and Unavailable where a retry may help; other errors stay as they are."""
    try:
        yield
    except refusals() as exc:
        code = exc.response["Error"]["Code"]
        if code == "ConditionalCheckFailedException":
            raise Conflict(f"{what}: something newer is in place") from exc
        if code == "TransactionCanceledException":
            reasons = [reason.get("Code") for reason in exc.response.get("CancellationReasons", [])]
            if "ConditionalCheckFailed" in reasons or not reasons:
                failed = [at for at, reason in enumerate(reasons) if reason == "ConditionalCheckFailed"]
                raise Conflict(f"{what}: something newer is in place", at=failed) from exc
            if "ValidationError" in reasons:
                raise  # such as an item that has become too large: it would be refused for ever
            raise Unavailable(f"{what}: DynamoDB cancelled the transaction ({', '.join(filter(None, reasons))})") from exc
        if code in _NOT_NOW:
            raise Unavailable(f"{what}: DynamoDB answers {code}") from exc
        raise
    except silences() as exc:
        raise Unavailable(f"{what}: DynamoDB cannot be reached") from exc


def every(
    call: Callable[..., Any], what: str, *, next_limit: Callable[[int], int] | None = None, **arguments: Any
) -> Iterator[dict[str, Any]]:
    """The items of a query or a scan, from as many pages as there are, each asked for when it is needed. `next_limit` makes the
    `Limit` of a page out of that of the page before: whoever stops early has then read little in vain."""
    while True:
        with translated(what):
            page = call(**arguments)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        if next_limit is not None:
            arguments["Limit"] = next_limit(arguments["Limit"])


def beginning_with(start: str, *, table: str, partition: str) -> dict[str, Any]:
    """The query for the blocks of a partition that begin so, as they are at this moment."""
    return {
        "TableName": table,
        "KeyConditionExpression": "#partition = :partition AND begins_with(#block, :start)",
        "ExpressionAttributeNames": {"#partition": "partition", "#block": "block"},
        "ExpressionAttributeValues": {":partition": {"S": partition}, ":start": {"S": start}},
        "ConsistentRead": True,
    }
