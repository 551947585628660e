"""How many messages wait in a queue."""

from typing import Any


class QueueDepth:
    def __init__(self, url: str, *, client: Any) -> None:
        self._url = url
        self._client = client

    def messages(self) -> int:
        """Those that can be received now, and those received and not yet deleted; SQS counts approximately."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)
