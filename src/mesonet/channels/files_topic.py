"""FilesTopic: what became of each file, for whoever subscribes.

A message is a hint that a file has changed, and says which state it speaks of (`order`); it may come twice,
late or out of order.
Attributes are there to filter on: `kind`, `status`, `format`, `stations` and `parameters` (the first hundred).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mesonet.domain.file import FileChange, FileEntry, summary
from mesonet.errors import Unavailable

_AT_ONCE = 10  # PublishBatch
_NAMES_LISTED = 100  # a message and its attributes may have 256 KB together


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNews:
    change: FileChange
    entry: FileEntry

    @property
    def id(self) -> str:
        """The same for every delivery of the same news."""
        return f"{self.entry.id}@{self.entry.order}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHint:
    """What a message says to those who then ask the catalogue: which file, which state of it, and its key for the log."""

    file_id: str
    order: str
    key: str


def hint(message: Any) -> FileHint:
    """Raises KeyError or TypeError where it is no message of this topic."""
    return FileHint(file_id=message["file"]["id"], order=message["order"], key=message["file"]["key"])


class FilesTopic:
    def __init__(self, arn: str, *, client: Any) -> None:
        self._arn = arn
        self._client = client

    def publish(self, news: Sequence[FileNews]) -> list[FileNews]:
        """Publishes, and returns what the topic did not take. Raises Unavailable where it took nothing at all."""
        refused: list[FileNews] = []
        for start in range(0, len(news), _AT_ONCE):
            some = news[start : start + _AT_ONCE]
            try:
                answer = self._client.publish_batch(
                    TopicArn=self._arn,
                    PublishBatchRequestEntries=[_request(str(at), each) for at, each in enumerate(some)],
                )
            except (ClientError, BotoCoreError) as exc:
                raise Unavailable("the topic of files takes no messages now") from exc
            refused += [some[int(failed["Id"])] for failed in answer.get("Failed", ())]
        return refused


def _request(position: str, news: FileNews) -> dict[str, Any]:
    entry = news.entry
    attributes = {"kind": _text(news.change), "status": _text(entry.status)}
    if entry.format:
        attributes["format"] = _text(entry.format)
    if entry.stations:
        attributes["stations"] = _texts(list(entry.stations))
    if entry.parameters:
        attributes["parameters"] = _texts(entry.parameters)
    body = {"id": news.id, "type": news.change, "order": entry.order, "file": summary(entry)}
    return {"Id": position, "Message": json.dumps(body, ensure_ascii=False), "MessageAttributes": attributes}


def _text(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": str(value)}


def _texts(values: Sequence[str]) -> dict[str, str]:
    return {"DataType": "String.Array", "StringValue": json.dumps(list(values[:_NAMES_LISTED]), ensure_ascii=False)}
