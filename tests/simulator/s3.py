"""What S3 tells of its objects, and to whom."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from tests.simulator.asynchronous import Asynchronous
from tests.simulator.clock import Action
from tests.simulator.sqs import Queue


@dataclass(slots=True)
class Notifications:
    """A bucket's notifications, as its `NotificationConfiguration` has them.

    Amazon S3 User Guide, "Amazon S3 Event Notifications": designed to be delivered at least once, typically in seconds,
    sometimes after a minute or more; "Event ordering and duplicate events": in any order, and perhaps twice.
    """

    random: Random
    queues: list[tuple[str, Queue]] = field(default_factory=list)
    functions: list[tuple[str, Asynchronous]] = field(default_factory=list)
    under_way: list[Mapping[str, Any]] = field(default_factory=list)

    def happened(self, record: Mapping[str, Any]) -> None:
        self.under_way.append(record)

    def twice(self) -> bool:
        """Has an event that is under way be told once more."""
        if self.under_way:
            self.under_way.append(self.random.choice(self.under_way))
        return bool(self.under_way)

    def lose(self) -> bool:
        """An event that never comes. AWS promises that there is none; an operator who deletes the configuration makes many."""
        if self.under_way:
            self.under_way.remove(self.random.choice(self.under_way))
            return True
        return False

    def ready(self) -> list[Action]:
        return [
            Action(f"S3 tells of {each['s3']['object']['key']}", lambda each=each: self._tell(each))  # type: ignore[misc]
            for each in self.under_way
        ]

    def due(self) -> float | None:
        return None

    def _tell(self, record: Mapping[str, Any]) -> None:
        self.under_way.remove(record)
        name = f"s3:{record['eventName']}"
        for pattern, queue in self.queues:
            if fnmatchcase(name, pattern):
                queue.send(json.dumps({"Records": [record]}))
        for pattern, function in self.functions:
            if fnmatchcase(name, pattern):
                function.accept({"Records": [record]})
