"""Dead-letter queues: what could not be processed, whole, with the reason."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

_MOST_BYTES = 250_000  # SQS takes 1 MiB, and took 256 KB for most of its life; a stream's record may have more than either
_LONGEST_REASON = 256  # as an attribute, which is there to be read in a list of letters

type Keep = Callable[[str, str], Mapping[str, str]]
"""Keeps a letter that is too large: (name, letter) → where it is."""


class DeadLetters:
    def __init__(self, url: str, *, client: Any, keep: Keep | None = None) -> None:
        """`keep` stores letters that are too large for SQS. Only records of streams can be: a queue's own messages fit, and SQS
        moves them itself."""
        self._url = url
        self._client = client
        self._keep = keep

    def set_aside(self, record: Mapping[str, Any], *, reason: str) -> None:
        """Sends the record as it was received. Errors stay uncaught, so that no record is acknowledged before its letter is
        stored.

        All is written in ASCII: SQS refuses a message for some characters (Amazon SQS API Reference, "SendMessage").
        """
        letter = json.dumps({"reason": reason, "record": record}, default=str)
        told = json.dumps(reason)[1:-1][:_LONGEST_REASON]
        if self._keep and len(letter) > _MOST_BYTES:
            kept = self._keep(f"set-aside/{sha256(letter.encode()).hexdigest()}.json", letter)
            letter = json.dumps({"reason": told, "kept": kept})
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=letter,
            MessageAttributes={"reason": {"DataType": "String", "StringValue": told}},
        )
