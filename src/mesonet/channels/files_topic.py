"""FilesTopic: what became of each file, for whoever subscribes.

A message is a hint that a file has changed, and says which state it speaks of (`order`); it may come twice, late or out of
order. It is a WIS2 notification; attributes are there to filter on: `kind`, `status`, `format`, `stations`, `parameters`,
`standard_names`, `countries` and `cells` (lists name the first hundred, of stations
all that an entry lists where they take 32 KB at most). `webhooks` is there where some want to be told: their
queue gets nothing else.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mesonet.domain.file import FileChange, FileEntry
from mesonet.domain.notification import Whereabouts, attributes, message_id, notification
from mesonet.dynamodb_client import refusals, silences
from mesonet.errors import Unavailable
from mesonet.record import dataclass, field

_AT_ONCE = 10  # PublishBatch
_MOST_BYTES = 250_000  # SNS takes 256 KB of a batch, attributes included
_LARGEST_MESSAGE = 8192  # bytes of a WIS2 notification
_OF_THE_MESSAGE = (
    "InvalidParameter",
    "InvalidParameterValue",
    "ParameterValueInvalid",
    "ValidationError",
    "ValidationException",
)
_UNSENDABLE = re.compile("[\ufffe\uffff]")  # SQS, which gets it from SNS, takes the characters of XML; JSON escapes the others
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode

type Keep = Callable[[str, str], Mapping[str, str]]
"""Keeps a message that is too large: (name, message) → where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNews:
    change: FileChange
    entry: FileEntry
    where: Whereabouts = field(default_factory=Whereabouts)

    @property
    def id(self) -> str:
        """The same for every delivery of the same news."""
        return message_id(self.entry)


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
    def __init__(
        self, arn: str, *, base_url: str, centre_id: str, keep: Keep, webhooks: Callable[[], bool], client: Any
    ) -> None:
        """`base_url` is where links lead to; `keep` takes messages that are too large, of which only a short form is sent."""
        self._webhooks = webhooks
        self._arn = arn
        self._base_url = base_url
        self._centre_id = centre_id
        self._keep = keep
        self._client = client

    def publish(self, news: Sequence[FileNews]) -> list[tuple[FileNews, Exception]]:
        """Publishes, and returns what the topic did not take, and why: Unavailable where it may take it later.

        Raises Unavailable where it took nothing at all.
        """
        refused: list[tuple[FileNews, Exception]] = []
        called = {"webhooks": _attribute("yes")} if self._webhooks() else {}
        for some in _batches([(each, *self._message(each, called)) for each in news]):
            try:
                answer = self._client.publish_batch(
                    TopicArn=self._arn,
                    PublishBatchRequestEntries=[
                        {"Id": str(at), "Message": text, "MessageAttributes": given} for at, (_, text, given) in enumerate(some)
                    ],
                )
            except (*refusals(), *silences()) as exc:
                raise Unavailable("the topic of files takes no messages now") from exc
            refused += [(some[int(failed["Id"])][0], _reason(failed)) for failed in answer.get("Failed", ())]
        return refused

    def _message(self, news: FileNews, further: Mapping[str, dict[str, str]]) -> tuple[str, dict[str, Any]]:
        given = {name: _attribute(value) for name, value in attributes(news.entry, news.change, news.where).items()}
        given |= further
        text = self._text(news)
        if len(text.encode()) > _LARGEST_MESSAGE:
            text = self._text(news, kept=self._keep(f"notifications/{news.id}.json", text))
        return text, given

    def _text(self, news: FileNews, *, kept: Mapping[str, str] | None = None) -> str:
        """The message with all names, or without them and with the place where the whole message is `kept`."""
        message = notification(
            news.entry,
            news.change,
            news.where,
            base_url=self._base_url,
            centre_id=self._centre_id,
            names=kept is None,
        )
        if kept is not None:
            message["whole"] = kept
        return _written(message)


def _reason(failed: Mapping[str, Any]) -> Exception:
    """Amazon SNS API Reference, "BatchResultErrorEntry": `SenderFault` may also be a fault of the topic's key, which passes."""
    told = f"{failed['Code']}: {failed.get('Message', '')}"
    if failed["SenderFault"] and failed["Code"] in _OF_THE_MESSAGE:
        return ValueError(f"the topic refuses the message: {told}")
    return Unavailable(f"the topic of files does not take some messages now: {told}")


def _written(value: Any) -> str:
    text = _encode(value)
    return text if text.isascii() else _UNSENDABLE.sub(lambda found: f"\\u{ord(found[0]):x}", text)


type _Message = tuple[FileNews, str, dict[str, Any]]


def _batches(messages: Sequence[_Message]) -> Iterator[list[_Message]]:
    some: list[_Message] = []
    size = 0
    for each in messages:
        own = len(each[1].encode()) + _size(each[2])
        if some and (len(some) == _AT_ONCE or size + own > _MOST_BYTES):
            yield some
            some, size = [], 0
        some.append(each)
        size += own
    if some:
        yield some


def _size(given: Mapping[str, Mapping[str, str]]) -> int:
    """Bytes of attributes: name, type and value."""
    return sum(len(name) + len(each["DataType"]) + len(each["StringValue"].encode()) for name, each in given.items())


def _attribute(value: str | list[str]) -> dict[str, str]:
    if isinstance(value, str):
        return {"DataType": "String", "StringValue": value}
    return {"DataType": "String.Array", "StringValue": _listed(tuple(value))}


@lru_cache(maxsize=1024)  # files of one network are alike
def _listed(values: tuple[str, ...]) -> str:
    return _written(values)
