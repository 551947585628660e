"""Standard queues of SQS, and the mapping that hands their messages to a function."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from tests.simulator.clock import DAY, Action, Clock
from tests.simulator.functions import Answer, BadAnswer, End, Event, Runtime, failures_in

_MOST_BYTES = 2**20
_REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Message:
    """`sent_at` stays what it was when the message moves to a dead-letter queue. `chain` says how often each function was
    called on the way to it, as Lambda notes in the trace header that the SDK passes on."""

    id: str
    body: str
    attributes: dict[str, Any]
    sent_at: float
    visible_at: float
    received: int = 0
    first_received_at: float | None = None
    receipt: str = ""
    chain: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Queue:
    """A standard queue.

    SQS Developer Guide, "Amazon SQS standard queues": a message is delivered at least once, sometimes in another order or more
    than once. "Amazon SQS visibility timeout": what is received is hidden until it is deleted or its time-out has passed; the
    time-out of one message can be changed. "Using dead-letter queues": a message that has been received `maxReceiveCount` times
    and would be received again is moved; there its retention still counts from when it was first sent. API Reference,
    "SendMessage": a message has at most 1 MiB, attributes included, and of characters those that XML has.
    """

    name: str
    clock: Clock
    random: Random
    visibility_s: float = 30
    retention_s: float = 4 * DAY
    dead_letters: "Queue | None" = None
    most_receives: int = 0
    messages: list[Message] = field(default_factory=list)
    expired: list[Message] = field(default_factory=list)  # lost to retention: nobody was told
    accepts: bool = True  # False: whoever sends is refused, as by an outage
    number: int = 0

    @classmethod
    def of(
        cls, name: str, properties: Mapping[str, Any], clock: Clock, random: Random, queues: Mapping[str, "Queue"]
    ) -> "Queue":
        """As the template defines it, its dead-letter queue being among `queues`."""
        redrive = properties.get("RedrivePolicy", {})
        target = redrive.get("deadLetterTargetArn", {}).get("Fn::GetAtt", [None])[0]
        return cls(
            name=name,
            clock=clock,
            random=random,
            visibility_s=properties.get("VisibilityTimeout", 30),
            retention_s=properties.get("MessageRetentionPeriod", 4 * DAY),
            dead_letters=queues[target] if target else None,
            most_receives=redrive.get("maxReceiveCount", 0),
        )

    def send(
        self,
        body: str,
        attributes: Mapping[str, Any] | None = None,
        *,
        delay_s: float = 0,
        chain: Mapping[str, int] | None = None,
    ) -> str:
        texts = [body, *(each["StringValue"] for each in (attributes or {}).values() if "StringValue" in each)]
        if sum(len(text.encode(errors="surrogatepass")) for text in texts) > _MOST_BYTES:
            raise _refused("InvalidParameterValue", f"it has more than {_MOST_BYTES} bytes")
        if any(map(_REFUSED.search, texts)):
            raise _refused("InvalidMessageContents", "it has characters that are not allowed")
        self.number += 1
        now = self.clock.now
        message = Message(
            f"{self.name}-{self.number}", body, dict(attributes or {}), now, now + delay_s, chain=dict(chain or {})
        )
        self.messages.append(message)
        return message.id

    def twice(self) -> bool:
        """Has some message be delivered once more than it was sent. Whether there was one."""
        if not self.messages:
            return False
        self.messages.append(replace(self.random.choice(self.messages), visible_at=self.clock.now, receipt=""))
        return True

    def visible(self) -> list[Message]:
        self._expire()
        return [message for message in self.messages if message.visible_at <= self.clock.now]

    def receive(self, most: int = 10) -> list[Message]:
        """Some of the messages that can be seen, in any order; those that were received too often move on instead."""
        found = self.visible()
        self.random.shuffle(found)
        taken: list[Message] = []
        for message in found[:most]:
            if self.dead_letters is not None and message.received >= self.most_receives:
                self.messages.remove(message)
                self.dead_letters.messages.append(replace(message, visible_at=self.clock.now, receipt=""))
                continue
            message.received += 1
            message.first_received_at = message.first_received_at or self.clock.now
            message.visible_at = self.clock.now + self.visibility_s
            message.receipt = f"{message.id}/{message.received}/{self.random.random()}"
            taken.append(message)
        return taken

    def delete(self, receipt: str) -> None:
        """A receipt of an earlier delivery deletes nothing that has been received again since."""
        self.messages = [message for message in self.messages if message.receipt != receipt]

    def change_visibility(self, receipt: str, seconds: float) -> None:
        for message in self.messages:
            if message.receipt == receipt:
                message.visible_at = self.clock.now + seconds

    def next_visible_at(self) -> float | None:
        return min((message.visible_at for message in self.messages), default=None)

    def _expire(self) -> None:
        for message in [each for each in self.messages if each.sent_at + self.retention_s < self.clock.now]:
            self.messages.remove(message)
            self.expired.append(message)


def _refused(code: str, why: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": why}}, "SendMessage")


class QueueMapping:
    """Lambda's pollers of a queue, with the settings of the template.

    Lambda Developer Guide, "Using Lambda with Amazon SQS" and "Handling errors for an SQS event source": messages come in
    batches of up to `BatchSize`; what succeeds is deleted, what fails (or is in a batch whose function failed or was throttled)
    is seen again after its visibility time-out. "Configuring maximum concurrency": no more than that many at once.
    """

    def __init__(self, function: str, queue: Queue, settings: Mapping[str, Any], *, runtime: Runtime, arn: str = "") -> None:
        self.function = function
        self.queue = queue
        self.runtime = runtime
        self.arn = arn or f"arn:aws:sqs:us-east-1:123456789012:{queue.name}"
        self.batch_size = int(settings.get("BatchSize", 10))
        self.window_s = float(settings.get("MaximumBatchingWindowInSeconds", 0))
        self.partial = "ReportBatchItemFailures" in settings.get("FunctionResponseTypes", [])
        self.most = int(settings.get("ScalingConfig", {}).get("MaximumConcurrency", 1000))
        self.enabled = settings.get("Enabled", True) not in (False, "false")
        self.running = 0

    def ready(self) -> list[Action]:
        return [Action(f"{self.queue.name} → {self.function}", self.poll)] if self._may() else []

    def due(self) -> float | None:
        if not self.enabled or self.running >= self.most:
            return None
        moment = self.queue.next_visible_at()
        return None if moment is None else moment + self.window_s

    def poll(self) -> None:
        messages = self.queue.receive(self.batch_size)
        if not messages:
            return
        self.running += 1
        receipts = {message.id: message.receipt for message in messages}
        self.runtime.call(self.function, self.event(messages), lambda end: self._ended(receipts, end))

    def event(self, messages: list[Message]) -> Event:
        return {
            "Records": [
                {
                    "messageId": message.id,
                    "receiptHandle": message.receipt,
                    "body": message.body,
                    "attributes": {
                        "ApproximateReceiveCount": str(message.received),
                        "SentTimestamp": str(int(message.sent_at * 1000)),
                        "ApproximateFirstReceiveTimestamp": str(int((message.first_received_at or 0) * 1000)),
                        "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                        "AWSTraceHeader": json.dumps(message.chain),
                    },
                    "messageAttributes": message.attributes,
                    "md5OfBody": "",
                    "eventSource": "aws:sqs",
                    "eventSourceARN": self.arn,
                    "awsRegion": "us-east-1",
                }
                for message in messages
            ]
        }

    def _may(self) -> bool:
        if not self.enabled or self.running >= self.most:
            return False
        there = self.queue.visible()
        if not there:
            return False
        waited = self.queue.clock.now - min(message.visible_at for message in there)
        return len(there) >= self.batch_size or waited >= self.window_s

    def _ended(self, receipts: Mapping[str, str], end: End) -> None:
        self.running -= 1
        if not isinstance(end, Answer):
            return
        failed: set[str] = set()
        if self.partial:
            try:
                failed = set(failures_in(end.value, set(receipts)))
            except BadAnswer:
                return
        for message_id, receipt in receipts.items():
            if message_id not in failed:
                self.queue.delete(receipt)
