"""ExportQueue: answers that are to be made into one file."""

from typing import Any

from mesonet.domain.export import Export


class ExportQueue:
    def __init__(self, url: str, *, client: Any) -> None:
        self._url = url
        self._client = client

    def ask_for(self, export: Export) -> None:
        """Asked twice, one file comes of it."""
        self._client.send_message(QueueUrl=self._url, MessageBody=export.to_json())
