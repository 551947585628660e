"""CataloguedQueue: news of files to be loaded. FilesTopic fills it; a file that is only loaded again is put into it directly,
since that is no news to anybody else."""

import json
from collections.abc import Iterable
from itertools import batched
from typing import Any

from mesonet.domain.file import FileChange, FileEntry
from mesonet.errors import Unavailable

_AT_ONCE = 10  # SendMessageBatch


class CataloguedQueue:
    def __init__(self, url: str, *, client: Any) -> None:
        self._url = url
        self._client = client

    def load_again(self, entries: Iterable[FileEntry]) -> int:
        """Returns how many; raises Unavailable."""
        sent = 0
        for some in batched(entries, _AT_ONCE, strict=False):
            answer = self._client.send_message_batch(
                QueueUrl=self._url,
                Entries=[{"Id": str(number), "MessageBody": json.dumps(_news(entry))} for number, entry in enumerate(some)],
            )
            if answer.get("Failed"):
                raise Unavailable("the queue of catalogued files takes no messages now")
            sent += len(some)
        return sent


def _news(entry: FileEntry) -> dict[str, Any]:
    """As much of a message of the topic as its loader reads."""
    return {
        "id": f"{entry.id}@{entry.order}",
        "type": FileChange.REREAD,
        "order": entry.order,
        "file": {"id": entry.id, "key": entry.key},
    }
