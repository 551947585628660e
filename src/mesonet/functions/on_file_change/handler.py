"""OnFileChangeFunction: FilesTable's stream → FileIndexTable and FileCountersTable, FilesTopic."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from mesonet import aws
from mesonet.channels.dead_letters import DeadLetters
from mesonet.channels.files_topic import FileNews, FilesTopic
from mesonet.errors import Conflict, Unavailable
from mesonet.functions.on_file_change import logic
from mesonet.stores.file_index import FileIndexStore
from mesonet.stores.files import from_image
from mesonet.telemetry import count, logger, metrics

index = FileIndexStore(os.environ["FILE_INDEX_TABLE"], os.environ["FILE_COUNTERS_TABLE"], client=aws.client("dynamodb"))
topic = FilesTopic(os.environ["FILES_TOPIC_ARN"], client=aws.client("sns"))
dead_letters = DeadLetters(os.environ["FILE_CHANGES_DEAD_LETTER_QUEUE_URL"], client=aws.client("sqs"))


@logger.inject_lambda_context(clear_state=False)
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Reports the first record that could not be taken *now*: the shard goes on from there. A record that can never be taken
    is set aside with its reason, and the shard passes it."""
    count("FileChangeTold", len(event["Records"]))
    news: list[tuple[str, FileNews]] = []
    first_failure: str | None = None
    for record in event["Records"]:
        position = record["dynamodb"]["SequenceNumber"]
        try:
            told = take(record)
        except (Unavailable, Conflict) as exc:
            logger.warning("fan-out postponed", reason=exc.detail, sequence_number=position)
            first_failure = position
            break
        except Exception as exc:  # poison: whatever a record does, it does it to itself alone
            logger.exception("file change set aside", sequence_number=position)
            count("FileChangeSetAside")
            dead_letters.put(record, reason=f"{type(exc).__name__}: {exc}")
            continue
        if told:
            news.append((position, told))
    refused = publish(news)
    failures = [position for position in (refused, first_failure) if position]
    return {"batchItemFailures": [{"itemIdentifier": position} for position in failures[:1]]}


def take(record: dict[str, Any]) -> FileNews | None:
    """Brings index and counters to the new image, and says what there is to tell."""
    images = record["dynamodb"]
    old = from_image(images["OldImage"]) if "OldImage" in images else None
    new = from_image(images["NewImage"]) if "NewImage" in images else None
    if old is not None and new is not None and old.order == new.order:
        return None
    entry = new or (logic.removed(old) if old else None)
    if entry is None:
        return None
    index.apply(entry, old)
    change = logic.change_of(old, new)
    if expired(record):  # DynamoDB's own cleaning up deletes no file
        return None
    return FileNews(change=change, entry=entry) if change else None


def publish(news: list[tuple[str, FileNews]]) -> str | None:
    """The position of the first news that the topic refused."""
    try:
        refused = topic.publish([told for _, told in news])
    except Unavailable as exc:
        logger.warning("fan-out postponed", reason=exc.detail)
        return news[0][0]
    count("FileChangePublished", len(news) - len(refused))
    return next((position for position, told in news if told in refused), None)


def expired(record: dict[str, Any]) -> bool:
    """Whether time-to-live removed the item (DynamoDB Developer Guide, "DynamoDB Streams and Time to Live")."""
    identity = record.get("userIdentity") or {}
    return identity.get("type") == "Service" and identity.get("principalId") == "dynamodb.amazonaws.com"
