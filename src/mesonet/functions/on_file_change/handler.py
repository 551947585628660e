"""OnFileChangeFunction: FilesTable's stream → SearchTable and FileCountersTable, FilesTopic."""

import os
from functools import partial
from typing import Any

from mesonet import aws
from mesonet.channels.dead_letters import DeadLetters
from mesonet.channels.files_topic import FileNews, FilesTopic
from mesonet.domain.file import FileChange, FileEntry
from mesonet.domain.subscription import Channel
from mesonet.errors import Conflict, Unavailable
from mesonet.functions.on_file_change import logic
from mesonet.record import dataclass
from mesonet.remembered import Remembered
from mesonet.stores.file_index import FileIndexStore
from mesonet.stores.files import from_image
from mesonet.stores.kept import KeptStore
from mesonet.stores.stations import StationsStore
from mesonet.stores.subscriptions import SubscriptionsStore
from mesonet.telemetry import LambdaContext, count, logger, metrics

index = FileIndexStore(os.environ["SEARCH_TABLE"], os.environ["FILE_COUNTERS_TABLE"], client=aws.client("dynamodb"))
stations = StationsStore(os.environ["STATIONS_TABLE"], client=aws.client("dynamodb"))
subscriptions = SubscriptionsStore(os.environ["SUBSCRIPTIONS_TABLE"], client=aws.client("dynamodb"))
kept = KeptStore(os.environ["DERIVED_BUCKET"], client=aws.client("s3", rarely=True))
# A new webhook hears of what comes later than that
some_webhook = Remembered(lambda: any(True for _ in subscriptions.of_channel(Channel.WEBHOOK)), for_s=20)


def there_are_webhooks() -> bool:
    """True also where that cannot be found out."""
    try:
        return some_webhook()
    except Unavailable:
        return True


topic = FilesTopic(
    os.environ["FILES_TOPIC_ARN"],
    base_url=os.environ["PUBLIC_URL"],
    centre_id=os.environ["CENTRE_ID"],
    keep=partial(kept.keep, kind="application/geo+json"),
    webhooks=there_are_webhooks,
    client=aws.client("sns", only="publish_batch"),
)
dead_letters = DeadLetters(
    os.environ["FILE_CHANGES_DEAD_LETTER_QUEUE_URL"], client=aws.client("sqs", rarely=True), keep=kept.keep
)


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Reports the first record that could not be taken *now*: the shard goes on from there. A record that can never be taken
    is set aside with its reason, and the shard passes it.

    The records of a batch are indexed together, each file in its newest state; what happened to it is told in order.
    """
    count("FileChangeTold", len(event["Records"]))
    told = [each for record in event["Records"] if (each := understood(record))]
    failed: dict[str, Exception | None] = {**index.apply([each.entry for each in told])}
    news: list[tuple[Told, FileNews]] = []
    first_failure: str | None = None
    for each in told:
        reason = failed.setdefault(each.entry.id)
        if isinstance(reason, Unavailable | Conflict):
            logger.warning("fan-out postponed", reason=reason.detail, sequence_number=each.position)
            first_failure = each.position
            break
        if reason is not None:
            set_aside(each.record, reason)
        elif each.change:
            news.append((each, FileNews(change=each.change, entry=each.entry)))
    refused = publish(news) if news else None
    failures = [position for position in (refused, first_failure) if position]
    return {"batchItemFailures": [{"itemIdentifier": position} for position in failures[:1]]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A record of the stream: the state that it speaks of, and the news in it, if any."""

    position: str
    record: dict[str, Any]
    entry: FileEntry
    change: FileChange | None


def understood(record: dict[str, Any]) -> Told | None:
    """None where nothing has changed that anyone has to know; what cannot be understood is set aside."""
    position = record["dynamodb"]["SequenceNumber"]
    try:
        images = record["dynamodb"]
        if "OldImage" in images and "NewImage" in images and images["OldImage"]["order"] == images["NewImage"]["order"]:
            return None  # the same state, such as with a note that it is loaded
        old = from_image(images["OldImage"]) if "OldImage" in images else None
        new = from_image(images["NewImage"]) if "NewImage" in images else None
        entry = new or (logic.removed(old) if old else None)
        if entry is None:
            return None
        change = None if expired(record) else logic.change_of(old, new)  # DynamoDB's own cleaning up deletes no file
        return Told(position=position, record=record, entry=entry, change=change)
    except Exception as exc:  # poison: one bad record must not fail the others
        set_aside(record, exc)
        return None


def set_aside(record: dict[str, Any], reason: Exception) -> None:
    logger.error("file change set aside", sequence_number=record["dynamodb"]["SequenceNumber"], exc_info=reason)
    count("FileChangeSetAside")
    dead_letters.set_aside(record, reason=f"{type(reason).__name__}: {reason}")


def publish(news: list[tuple[Told, FileNews]]) -> str | None:
    """The position of the first news that the topic does not take now. What it never takes is set aside."""
    try:
        located = logic.located([told for _, told in news], stations=stations)
        refused = {told.id: reason for told, reason in topic.publish(located)}
    except Unavailable as exc:
        logger.warning("fan-out postponed", reason=exc.detail)
        return news[0][0].position
    count("FileChangePublished", len(news) - len(refused))
    for each, told in news:
        if told.id not in refused:
            continue
        reason = refused[told.id]
        if isinstance(reason, Unavailable):
            logger.warning("fan-out postponed", reason=reason.detail, sequence_number=each.position)
            return each.position
        set_aside(each.record, reason)
    return None


def expired(record: dict[str, Any]) -> bool:
    """Whether time-to-live removed the item (DynamoDB Developer Guide, "DynamoDB Streams and Time to Live")."""
    match record:
        case {"userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}}:
            return True
    return False
