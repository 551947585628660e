"""OnIndexFunction: IndexQueue (news of files) → OpenSearch. Where the tables keep the index, its queue stays empty.

While OpenSearch is down the queue holds the news, for 14 days; each message comes back by itself, after ever longer times.
"""

import json
import os
from contextlib import suppress
from typing import Any

from mesonet import aws
from mesonet.channels.dead_letters import DeadLetters
from mesonet.channels.deliveries import Deliveries
from mesonet.channels.files_topic import FileHint, hint
from mesonet.domain.file import FileEntry
from mesonet.domain.search import Kind, SearchDocument, file_document
from mesonet.errors import Unavailable
from mesonet.stores.files import FilesStore
from mesonet.telemetry import LambdaContext, count, logger, metrics

files = FilesStore(os.environ["FILES_TABLE"], client=aws.client("dynamodb"))
server = None
if SEARCH_ENDPOINT := os.environ["SEARCH_ENDPOINT"]:
    from mesonet.stores.opensearch import OpenSearchStore

    server = OpenSearchStore("mesonet", send=aws.http("es", SEARCH_ENDPOINT))
deliveries = Deliveries(os.environ["INDEX_QUEUE_URL"], client=aws.client("sqs"))
dead_letters = DeadLetters(os.environ["INDEX_DEAD_LETTER_QUEUE_URL"], client=aws.client("sqs"))


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A message is a hint: what is indexed is what the catalogue says now. All of a batch go in one request."""
    hints: list[tuple[dict[str, Any], FileHint]] = []
    for record in event["Records"]:
        try:
            hints.append((record, hint(json.loads(record["body"]))))
        except (ValueError, KeyError, TypeError) as exc:
            set_aside(record, exc)
    failed = index([each for _, each in hints])
    refused = []
    for record, each in hints:
        reason = failed.get(each.file_id)
        if isinstance(reason, Unavailable):
            logger.warning("indexing postponed", reason=reason.detail, file_id=each.file_id)
            received = int(record["attributes"]["ApproximateReceiveCount"])
            with suppress(Unavailable), deliveries.soon_again(record["receiptHandle"], received):
                raise reason
            refused.append({"itemIdentifier": record["messageId"]})
        elif reason is not None:
            set_aside(record, reason)
    return {"batchItemFailures": refused}


def index(hints: list[FileHint]) -> dict[str, Exception]:
    """What could not be indexed, by file."""
    if server is None:
        return {}
    failed: dict[str, Exception] = {}
    here: dict[str, FileEntry] = {}
    gone: dict[str, SearchDocument] = {}
    for each in hints:
        try:
            if entry := files.get(each.file_id):
                here[each.file_id] = entry
            else:
                gone[each.file_id] = removed(each)
        except Unavailable as exc:
            failed[each.file_id] = exc
    failed |= server.write([file_document(entry) for entry in here.values()])
    if gone:
        failed |= server.erase(list(gone.values()))
    count("FileIndexed", len(hints) - len(failed))
    return failed


def removed(told: FileHint) -> SearchDocument:
    """Of an entry that somebody took out of the catalogue."""
    return SearchDocument(kind=Kind.FILE, id=told.file_id, order=told.order, title="", received_at="", shown={})


def set_aside(record: dict[str, Any], reason: Exception) -> None:
    logger.error("news set aside", message_id=record["messageId"], exc_info=reason)
    count("IndexNewsSetAside")
    dead_letters.set_aside(record, reason=f"{type(reason).__name__}: {reason}")
