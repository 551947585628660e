"""Asynchronous invocation of a function: what S3 and SNS do where they call one themselves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulator.clock import HOUR, MINUTE, Action, Clock
from tests.simulator.functions import Answer, End, Event, FunctionError, Runtime
from tests.simulator.sqs import Queue


@dataclass(slots=True)
class _Queued:
    event: Event
    accepted_at: float
    not_before: float
    errors: int = 0
    throttles: int = 0
    running: bool = False


@dataclass(slots=True)
class AsynchronousInvocation:
    """Lambda's own queue before a function.

    Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation": an error is tried twice again,
    after one and after two more minutes; throttling and system errors for up to six hours, from 1 s to 5 min apart; an event
    may come more than once without any error. "Capturing records of Lambda asynchronous invocations": what is given up goes to
    the on-failure destination whole.
    """

    function: str
    clock: Clock
    runtime: Runtime
    settings: Mapping[str, Any] = field(default_factory=dict)
    on_failure: Queue | None = None
    queued: list[_Queued] = field(default_factory=list)
    discarded: list[Event] = field(default_factory=list)

    def accept(self, event: Event) -> None:
        self.queued.append(_Queued(event, self.clock.now, self.clock.now))

    def twice(self) -> bool:
        """Has an event that is under way come once more."""
        if self.queued:
            self.accept(self.queued[0].event)
        return bool(self.queued)

    def ready(self) -> list[Action]:
        return [
            Action(f"→ {self.function}", lambda each=each: self._call(each))  # type: ignore[misc]
            for each in self.queued
            if not each.running and each.not_before <= self.clock.now
        ]

    def due(self) -> float | None:
        return min((each.not_before for each in self.queued if not each.running), default=None)

    def _call(self, queued: _Queued) -> None:
        if self.clock.now - queued.accepted_at > float(self.settings.get("MaximumEventAgeInSeconds", 6 * HOUR)):
            self._give_up(queued, "EventAgeExceeded", None)
            return
        queued.running = True
        self.runtime.call(self.function, queued.event, lambda end: self._ended(queued, end))

    def _ended(self, queued: _Queued, end: End) -> None:
        queued.running = False
        if isinstance(end, Answer):
            self.queued.remove(queued)
        elif isinstance(end, FunctionError):
            queued.errors += 1
            if queued.errors > int(self.settings.get("MaximumRetryAttempts", 2)):
                self._give_up(queued, "RetriesExhausted", end)
            else:
                queued.not_before = self.clock.now + queued.errors * MINUTE
        else:
            queued.not_before = self.clock.now + min(2.0**queued.throttles, 5 * MINUTE)
            queued.throttles += 1

    def _give_up(self, queued: _Queued, condition: str, end: FunctionError | None) -> None:
        self.queued.remove(queued)
        self.discarded.append(queued.event)
        if self.on_failure is not None:
            record = {
                "version": "1.0",
                "requestContext": {"condition": condition, "approximateInvokeCount": queued.errors},
                "requestPayload": queued.event,
                "responsePayload": {"errorMessage": end.reason} if end else None,
            }
            self.on_failure.send(json.dumps(record))
