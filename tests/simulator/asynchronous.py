"""Asynchronous invocation: S3, schedules and topics hand an event to Lambda, which keeps it and tries by itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.simulator.clock import HOUR, MINUTE, Action, Clock
from tests.simulator.functions import Answer, End, Event, FunctionError, Runtime, Throttled
from tests.simulator.sqs import Queue

_WAITS_S = (1 * MINUTE, 2 * MINUTE)  # after the first failure, and after the second
_LONGEST_WAIT_S = 5 * MINUTE


@dataclass(slots=True)
class _Waiting:
    event: Event
    since: float
    not_before: float
    tries: int = 0
    throttled: int = 0
    running: bool = False


class Asynchronous:
    """A function's own queue of events.

    Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation": a function that fails is tried
    twice more (`MaximumRetryAttempts`), after one minute and after two more; one that is throttled, after waits that double
    from a second to five minutes, until the event is six hours old (`MaximumEventAgeInSeconds`). The queue is eventually
    consistent: a function may get an event more than once, also at the same time.
    "Capturing records of Lambda asynchronous invocations": what was given up goes to the destination of failures, whole.
    """

    def __init__(
        self,
        function: str,
        clock: Clock,
        random: Random,
        *,
        runtime: Runtime,
        settings: Mapping[str, Any] | None = None,
        destination: Queue | None = None,
    ) -> None:
        given = settings or {}
        self.function = function
        self.clock = clock
        self.random = random
        self.runtime = runtime
        self.destination = destination
        self.most_tries = 1 + int(given.get("MaximumRetryAttempts", 2))
        self.most_age_s = float(given.get("MaximumEventAgeInSeconds", 6 * HOUR))
        self.waiting: list[_Waiting] = []
        self.lost: list[Event] = []  # given up, and nobody was told

    def accept(self, event: Event) -> None:
        self.waiting.append(_Waiting(event, self.clock.now, self.clock.now))

    def twice(self) -> bool:
        """Has an event that is kept be handed over once more, even now. Whether there was one."""
        if self.waiting:
            self.accept(self.random.choice(self.waiting).event)
        return bool(self.waiting)

    def ready(self) -> list[Action]:
        return [
            Action(f"an event → {self.function}", lambda each=each: self._hand_over(each))  # type: ignore[misc]
            for each in self.waiting
            if not each.running and each.not_before <= self.clock.now
        ]

    def due(self) -> float | None:
        return min((each.not_before for each in self.waiting if not each.running), default=None)

    def _hand_over(self, each: _Waiting) -> None:
        if self.clock.now - each.since > self.most_age_s:
            self._give_up(each, "EventAgeExceeded")
            return
        each.running = True
        self.runtime.call(self.function, each.event, lambda end: self._ended(each, end))

    def _ended(self, each: _Waiting, end: End) -> None:
        each.running = False
        match end:
            case Answer():
                self.waiting.remove(each)
            case Throttled():
                each.not_before = self.clock.now + min(2**each.throttled, _LONGEST_WAIT_S)
                each.throttled += 1
            case FunctionError():
                each.tries += 1
                if each.tries >= self.most_tries:
                    self._give_up(each, "RetriesExhausted", end.reason)
                else:
                    each.not_before = self.clock.now + _WAITS_S[each.tries - 1]

    def _give_up(self, each: _Waiting, condition: str, reason: str = "") -> None:
        self.waiting.remove(each)
        if self.destination is None:
            self.lost.append(each.event)
            return
        self.destination.send(
            json.dumps(
                {
                    "version": "1.0",
                    "requestContext": {"condition": condition, "approximateInvokeCount": each.tries},
                    "requestPayload": each.event,
                    "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
                    "responsePayload": {"errorMessage": reason},
                }
            )
        )
