"""What can go wrong with a call of AWS, or with the process that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError


class Fault(StrEnum):
    CRASH_BEFORE = "the process dies before the call"
    CRASH_AFTER = "the process dies after the call, and never sees its answer"
    THROTTLED = "AWS says: not now, whatever the SDK tried"
    NO_ANSWER = "the call takes effect, but its answer is lost"
    PARTIAL = "only a part of a batch is taken"
    CONFLICT = "a transaction meets another one"
    HANGS = "the process does nothing more until its time is up"


class Crash(BaseException):
    """The process is gone. No `except Exception` may survive it."""


class TimedOut(BaseException):
    """Lambda ended the process, since its time was up."""


# What each service calls it
_NOT_NOW = {
    "dynamodb": "ProvisionedThroughputExceededException",
    "s3": "SlowDown",
    "sns": "Throttled",
    "sqs": "ThrottlingException",
    "lambda": "TooManyRequestsException",
}
PARTIAL_OPERATIONS = frozenset({"BatchGetItem", "BatchWriteItem", "PublishBatch", "SendMessageBatch"})


def throttled(service: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": _NOT_NOW[service], "Message": "Slow down."}}, operation)


def conflicting(operation: str, arguments: Mapping[str, Any]) -> ClientError:
    """DynamoDB Developer Guide, "Transaction conflict handling in DynamoDB"."""
    if operation != "TransactWriteItems":
        return ClientError({"Error": {"Code": "TransactionConflictException", "Message": "In use."}}, operation)
    reasons: list[Any] = [{"Code": "None"} for _ in arguments["TransactItems"]]
    reasons[-1] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    answer: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "Cancelled."},
        "CancellationReasons": reasons,
    }
    return ClientError(answer, operation)


def unanswered() -> ReadTimeoutError:
    return ReadTimeoutError(endpoint_url="https://aws.example")


@dataclass(slots=True)
class Armed:
    """A fault that strikes at a call to come: the `after`-th (from 0) that it can strike at."""

    fault: Fault
    after: int = 0

    def strikes(self, service: str, operation: str) -> bool:
        if self.fault is Fault.PARTIAL and operation not in PARTIAL_OPERATIONS:
            return False
        if self.fault is Fault.CONFLICT and (service != "dynamodb" or ("Put" not in operation and "Write" not in operation)):
            return False
        self.after -= 1
        return self.after < 0
