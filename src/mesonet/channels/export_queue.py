"""ExportQueue: answers that are to be made into one file."""

from typing import Any

from mesonet.domain.export import Export
from mesonet.errors import Unavailable

MOST_WAITING = 200  # two at a time, most of them for some seconds: a quarter of an hour


class ExportQueue:
    def __init__(self, url: str, *, client: Any) -> None:
        self._url = url
        self._client = client

    def ask_for(self, export: Export) -> None:
        """Asking twice makes one file. Raises Unavailable where too many exports wait already."""
        answer = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=["ApproximateNumberOfMessages"])
        if int(answer["Attributes"]["ApproximateNumberOfMessages"]) >= MOST_WAITING:
            raise Unavailable(f"{MOST_WAITING} exports are waiting to be made: ask again later, or for pages")
        self._client.send_message(QueueUrl=self._url, MessageBody=export.to_json())
