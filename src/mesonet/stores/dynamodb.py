"""What every table shares: how DynamoDB's errors become the domain's."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from mesonet.dynamodb_client import ServiceError, Unreachable
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
    except _refusals() as exc:
        code = exc.response["Error"]["Code"]
        if code == "ConditionalCheckFailedException":
            raise Conflict(f"{what}: something newer is in place") from exc
        if code == "TransactionCanceledException":
            reasons = [reason.get("Code") for reason in exc.response.get("CancellationReasons", [])]
            if "ConditionalCheckFailed" in reasons or not reasons:
                failed = [at for at, reason in enumerate(reasons) if reason == "ConditionalCheckFailed"]
                raise Conflict(f"{what}: something newer is in place", at=failed) from exc
            raise Unavailable(f"{what}: DynamoDB cancelled the transaction ({', '.join(filter(None, reasons))})") from exc
        if code in _NOT_NOW:
            raise Unavailable(f"{what}: DynamoDB answers {code}") from exc
        raise
    except _silences() as exc:
        raise Unavailable(f"{what}: DynamoDB cannot be reached") from exc


def _refusals() -> tuple[type[ServiceError], ...]:
    """What a client raises for an answer that is an error; asked for when something is raised.

    A store works with either client. Whoever has not imported botocore need not import it to find out that it was not botocore.
    """
    botocore = sys.modules.get("botocore.exceptions")
    return (ServiceError, botocore.ClientError) if botocore else (ServiceError,)


def _silences() -> tuple[type[Exception], ...]:
    botocore = sys.modules.get("botocore.exceptions")
    return (Unreachable, botocore.ConnectionError, botocore.HTTPClientError) if botocore else (Unreachable,)
