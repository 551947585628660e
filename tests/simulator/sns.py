"""Topics of SNS and their subscriptions by queues."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any

from tests.simulator.clock import Action, Clock
from tests.simulator.sqs import Queue

type Attributes = Mapping[str, Mapping[str, str]]


def waits() -> list[float]:
    """Seconds before each further try of a delivery to a queue.

    SNS Developer Guide, "Amazon SNS message delivery retries", AWS managed endpoints: 3 at once, 2 a second apart, 10 backing
    off from 1 s to 20 s, then 100,000 every 20 s, which is 23 days.
    """
    backing_off = [1 + 19 * step / 9 for step in range(10)]
    return list(chain([0.0] * 3, [1.0] * 2, backing_off, repeat(20.0, 100_000)))


_WAITS = waits()


@dataclass(slots=True)
class _Delivery:
    body: str
    attributes: Attributes
    not_before: float
    tries: int = 0


@dataclass(slots=True)
class Subscription:
    """SNS Developer Guide, "Amazon SNS message delivery status", "… subscription filter policies", "… dead-letter queues":
    a topic delivers at least once, in any order; what a filter does not let through is not delivered; what cannot be delivered
    goes to the subscription's dead-letter queue."""

    clock: Clock
    queue: Queue
    raw: bool = True
    dead_letters: Queue | None = None
    filter_policy: Mapping[str, list[Any]] | None = None
    under_way: list[_Delivery] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def accept(self, body: str, attributes: Attributes) -> None:
        if lets_through(self.filter_policy, attributes):
            self.under_way.append(_Delivery(body, attributes, self.clock.now))

    def ready(self) -> list[Action]:
        return [
            Action(f"topic → {self.queue.name}", lambda each=each: self._deliver(each))  # type: ignore[misc]
            for each in self.under_way
            if each.not_before <= self.clock.now
        ]

    def due(self) -> float | None:
        return min((each.not_before for each in self.under_way), default=None)

    def _deliver(self, delivery: _Delivery) -> None:
        if self.queue.accepts:
            self.under_way.remove(delivery)
            self.queue.send(
                delivery.body if self.raw else json.dumps({"Type": "Notification", "Message": delivery.body}),
                delivery.attributes if self.raw else None,
            )
            return
        if delivery.tries < len(_WAITS):
            delivery.not_before = self.clock.now + _WAITS[delivery.tries]
            delivery.tries += 1
            return
        self.under_way.remove(delivery)
        if self.dead_letters is not None:
            self.dead_letters.send(delivery.body, delivery.attributes)
        else:
            self.lost.append(delivery.body)


def lets_through(policy: Mapping[str, list[Any]] | None, attributes: Attributes) -> bool:
    """Exact values, `prefix`, `anything-but` and `exists`; every attribute of the policy has to match one of its values."""
    return all(any(_matches(wanted, attributes.get(name)) for wanted in values) for name, values in (policy or {}).items())


def _matches(wanted: Any, attribute: Mapping[str, str] | None) -> bool:
    if isinstance(wanted, dict) and "exists" in wanted:
        return (attribute is not None) is wanted["exists"]
    if attribute is None:
        return False
    text = attribute["StringValue"]
    values = json.loads(text) if attribute["DataType"] == "String.Array" else [text]
    match wanted:
        case {"prefix": str(start)}:
            return any(str(value).startswith(start) for value in values)
        case {"anything-but": but}:
            refused = but if isinstance(but, list) else [but]
            return any(value not in refused for value in values)
        case dict():
            raise NotImplementedError(f"the simulator knows no {wanted}")
    return wanted in values
