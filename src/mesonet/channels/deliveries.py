"""Messages that come from a queue: one that failed comes back soon, and each time later."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

_FIRST_S = 15  # a throttled table has recovered by then; doubled at each try, eight tries span half an hour
_LONGEST_S = 900


class Deliveries:
    def __init__(self, queue_url: str, *, client: Any, times: int = 2, longest_s: int = _LONGEST_S) -> None:
        """Each wait is `times` as long as the one before."""
        self._url = queue_url
        self._client = client
        self._times = times
        self._longest_s = longest_s

    def send(self, body: str) -> None:
        """Puts a new message into the queue, whose tries are counted from one: for work that another call goes on with."""
        self._client.send_message(QueueUrl=self._url, MessageBody=body)

    @contextmanager
    def soon_again(self, receipt_handle: str, times_received: int) -> Iterator[None]:
        """Where the block raises, makes the message visible again after a wait that grows with each try, and lets the error
        pass. Otherwise it would stay hidden for the queue's visibility time-out, which is longer than a function may run."""
        try:
            yield
        except Exception:
            with suppress(ClientError, BotoCoreError):
                self._client.change_message_visibility(
                    QueueUrl=self._url,
                    ReceiptHandle=receipt_handle,
                    VisibilityTimeout=min(_FIRST_S * self._times ** (times_received - 1), self._longest_s),
                )
            raise
