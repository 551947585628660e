"""UploadsQueue: objects to be looked at. S3 fills it; Mesonet itself asks through it to read a file again."""

import json
from collections.abc import Iterable
from itertools import batched
from typing import Any
from urllib.parse import quote_plus

from mesonet.domain.file import FileEntry
from mesonet.errors import Unavailable

_AT_ONCE = 10  # SendMessageBatch


class UploadsQueue:
    def __init__(self, url: str, *, client: Any) -> None:
        self._url = url
        self._client = client

    def read_again(self, entries: Iterable[FileEntry], *, at: str) -> int:
        """Asks for each entry's object, at its version, as S3 would tell of it. Returns how many; raises Unavailable.

        `at` is the time of asking (ISO 8601): what is asked later counts as newer.
        """
        asked = 0
        for some in batched(entries, _AT_ONCE, strict=False):
            answer = self._client.send_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "MessageBody": json.dumps({"Records": [_record(entry, at)]})}
                    for number, entry in enumerate(some)
                ],
            )
            if answer.get("Failed"):
                raise Unavailable("the queue of uploads takes no messages now")
            asked += len(some)
        return asked


def _record(entry: FileEntry, at: str) -> dict[str, Any]:
    """The event that first told of the entry (Amazon S3 User Guide, "Event message structure")."""
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventTime": entry.event_time,
        "eventName": "ObjectCreated:Put",
        "s3": {
            "s3SchemaVersion": "1.0",
            "bucket": {"name": entry.bucket},
            "object": {
                "key": quote_plus(entry.key, safe="/"),
                "size": entry.size,
                "sequencer": entry.sequencer,
                **({"versionId": entry.version_id} if entry.version_id else {}),
            },
        },
        "mesonet": {"rereadAt": at},
    }
