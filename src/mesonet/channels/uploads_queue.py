"""UploadsQueue: objects to be looked at. S3 fills it; Mesonet itself asks through it to read a file again."""

import json
from collections.abc import Iterable
from itertools import batched
from typing import Any
from urllib.parse import quote_plus

from mesonet.domain.file import FileEntry, ObjectEvent, Occasion
from mesonet.errors import Unavailable
from mesonet.record import replace

_AT_ONCE = 10  # SendMessageBatch
_INDEX_LAG_S = 60  # indexes follow their table within a second or so, as a rule


class UploadsQueue:
    def __init__(self, url: str, *, client: Any) -> None:
        self._url = url
        self._client = client

    def read_again(self, entries: Iterable[FileEntry], *, at: str, occasion: Occasion = Occasion.NEWS) -> int:
        """Asks for each entry's object, at its version, as S3 would tell of it. Returns how many; raises Unavailable.

        `at` is the time of asking (ISO 8601): what is asked later counts as newer.
        """
        return self._send(_record(replace(entry.event, reread_at=at, occasion=occasion)) for entry in entries)

    def tell(self, events: Iterable[ObjectEvent]) -> int:
        """Events that S3 should have told, or that are to be told once more, and those of files in archives. Returns how many;
        raises Unavailable."""
        return self._send(_record(event) for event in events)

    def look_again(self, event: ObjectEvent) -> None:
        """Asks to look once more for the files of a mapping, in a minute: an index may not show yet what its table has."""
        body = {"Records": [_record(replace(event, look_again=True))]}
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(body), DelaySeconds=_INDEX_LAG_S)

    def _send(self, records: Iterable[dict[str, Any]]) -> int:
        sent = 0
        for some in batched(records, _AT_ONCE, strict=False):
            answer = self._client.send_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "MessageBody": json.dumps({"Records": [record]})} for number, record in enumerate(some)
                ],
            )
            if answer.get("Failed"):
                raise Unavailable("the queue of uploads takes no messages now")
            sent += len(some)
        return sent


def _asked(event: ObjectEvent) -> dict[str, Any]:
    """What Mesonet asks of itself."""
    return {
        **({"rereadAt": event.reread_at} if event.reread_at else {}),
        **({"occasion": event.occasion.value} if event.occasion is not Occasion.NEWS else {}),
        **({"member": event.member} if event.member else {}),
        **({"lookAgain": True} if event.look_again else {}),
    }


def _record(event: ObjectEvent) -> dict[str, Any]:
    """As S3 tells of an object (Amazon S3 User Guide, "Event message structure"), with what Mesonet asks of itself."""
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventTime": event.time,
        "eventName": "ObjectRemoved:Delete" if event.removed else "ObjectCreated:Put",
        "s3": {
            "s3SchemaVersion": "1.0",
            "bucket": {"name": event.bucket},
            "object": {
                "key": quote_plus(event.key, safe="/"),
                "sequencer": event.sequencer,
                **({"versionId": event.version_id} if event.version_id else {}),
            },
        },
        "mesonet": _asked(event),
    }
