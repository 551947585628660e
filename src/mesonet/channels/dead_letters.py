"""Dead-letter queues: what could not be processed, whole, with the reason."""

import json
from collections.abc import Mapping
from typing import Any


class DeadLetters:
    def __init__(self, url: str, *, client: Any) -> None:
        self._url = url
        self._client = client

    def set_aside(self, record: Mapping[str, Any], *, reason: str) -> None:
        """The record as it was received; errors stay uncaught, so that nothing is acknowledged that is not safe."""
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=json.dumps({"reason": reason, "record": record}, ensure_ascii=False, default=str),
            MessageAttributes={"reason": {"DataType": "String", "StringValue": reason[:256]}},
        )
