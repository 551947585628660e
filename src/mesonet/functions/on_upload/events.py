"""S3's event messages, as domain events (Amazon S3 User Guide, "Event message structure")."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from mesonet.domain.file import ObjectEvent, Occasion
from mesonet.errors import BadInput

_REMOVED = ("ObjectRemoved:", "LifecycleExpiration:")


def object_events(message: Any) -> Iterator[ObjectEvent]:
    """What an event message tells of objects; S3's test event tells nothing. Raises BadInput where it is no event message."""
    if isinstance(message, dict) and message.get("Event") == "s3:TestEvent":
        return
    if not isinstance(message, dict) or not isinstance(message.get("Records"), list):
        raise BadInput("this is no S3 event message: it has no list of `Records`")
    for record in message["Records"]:
        try:
            stored = record["s3"]["object"]
            yield ObjectEvent(
                bucket=record["s3"]["bucket"]["name"],
                key=unquote_plus(stored["key"]),
                version_id=stored.get("versionId") or None,
                sequencer=stored.get("sequencer", ""),
                time=record["eventTime"],
                removed=record["eventName"].removeprefix("s3:").startswith(_REMOVED),
                reread_at=record.get("mesonet", {}).get("rereadAt", ""),
                occasion=Occasion(record.get("mesonet", {}).get("occasion", Occasion.NEWS)),
                look_again=record.get("mesonet", {}).get("lookAgain", False),
                member=record.get("mesonet", {}).get("member", ""),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as exc:
            raise BadInput(f"this is no S3 event record: {exc!r}") from exc
