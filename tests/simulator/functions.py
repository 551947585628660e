"""How a function ends, whoever calls it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

type Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The function returned."""

    value: Any


@dataclass(frozen=True, slots=True)
class FunctionError:
    """It raised, ran out of time, or its process died: for whoever called it these are one (Lambda Developer Guide,
    "Understanding retry behavior in Lambda": function errors include those of the runtime, such as time-outs)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """It was not called: there is no concurrency left (429)."""


type End = Answer | FunctionError | Throttled


class Runtime(Protocol):
    def call(self, function: str, event: Event, done: Callable[[End], None]) -> None:
        """Calls a function, and `done` when it has ended, which may be at once or much later."""


class AtOnce:
    """A runtime of plain functions that end as soon as they are called; what they raise is a function error.

    `concurrency` limits nothing unless it is 0: then every call is throttled.
    """

    def __init__(self, functions: Mapping[str, Callable[[Event], Any]]) -> None:
        self.functions = dict(functions)
        self.concurrency = 1

    def call(self, function: str, event: Event, done: Callable[[End], None]) -> None:
        if not self.concurrency:
            return done(Throttled())
        try:
            answer = self.functions[function](event)
        except Exception as exc:
            return done(FunctionError(repr(exc)))
        done(Answer(answer))


class BadAnswer(Exception):
    """An answer that does not say which records failed, in the form that Lambda wants: all of them count as failed."""


def failures_in(answer: Any, known: set[str]) -> list[str]:
    """The identifiers in `batchItemFailures`; an empty answer is complete success. Raises BadAnswer.

    Lambda Developer Guide, "Configuring partial batch response with Kinesis Data Streams and Lambda" and "Handling errors for
    an SQS event source": an empty or null list, or an empty answer, is success; an empty or null `itemIdentifier`, one with a
    bad key name, or (for queues) one that names no message of the batch, fails the whole batch.
    """
    if not answer:
        return []
    if not isinstance(answer, dict):
        raise BadAnswer(f"{answer!r} is no object")
    listed = answer.get("batchItemFailures")
    if not listed:
        return []
    named = [str(each.get("itemIdentifier")) if isinstance(each, dict) else "" for each in listed]
    if not set(named) <= known:
        raise BadAnswer(f"{named!r} are not all of this batch")
    return named
