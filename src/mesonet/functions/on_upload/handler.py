"""OnUploadFunction: UploadsQueue (S3's events, or our own asking to read a file again) → FilesTable."""

import json
import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from mesonet import aws, clock
from mesonet.channels.deliveries import Deliveries
from mesonet.channels.uploads_queue import UploadsQueue
from mesonet.domain.file import ObjectEvent
from mesonet.functions.on_upload import logic
from mesonet.functions.on_upload.events import object_events
from mesonet.functions.on_upload.shelf import Shelf
from mesonet.stores.archive import ArchiveStore
from mesonet.stores.files import FilesStore
from mesonet.stores.mappings import MappingsStore
from mesonet.stores.rejects import RejectsStore
from mesonet.telemetry import RELEASE, LambdaContext, count, logger, metrics

archive = ArchiveStore(client=aws.client("s3"))
files = FilesStore(os.environ["FILES_TABLE"], client=aws.client("dynamodb"))
mappings = MappingsStore(os.environ["MAPPINGS_TABLE"], client=aws.client("dynamodb"))
rejects = RejectsStore(os.environ["DERIVED_BUCKET"], client=aws.client("s3"))
uploads = UploadsQueue(os.environ["UPLOADS_QUEUE_URL"], client=aws.client("sqs"))
shelf = Shelf(archive=archive, files=files, mappings=mappings, rejects=rejects, uploads=uploads)
deliveries = Deliveries(os.environ["UPLOADS_QUEUE_URL"], client=aws.client("sqs"))
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Takes messages of the queue, or an event message of S3 itself."""
    count("UploadTold", len(event["Records"]))
    if event["Records"] and "s3" in event["Records"][0]:
        catalogue(object_events(event), context.get_remaining_time_in_millis)
        return {"batchItemFailures": []}
    work = partial(take, remaining_ms=context.get_remaining_time_in_millis)
    return dict(process_partial_response(event, work, processor))


def take(record: SQSRecord, remaining_ms: Callable[[], int]) -> None:
    with deliveries.soon_again(record.receipt_handle, int(record.attributes.approximate_receive_count)):
        catalogue(object_events(json.loads(record.body)), remaining_ms)


def catalogue(events: Iterable[ObjectEvent], remaining_ms: Callable[[], int]) -> None:
    for each in events:
        outcome = logic.catalogue(each, shelf, now=clock.utc(), release=RELEASE, remaining_ms=remaining_ms)
        count(f"Upload{outcome.title()}")
        logger.info("upload taken", outcome=outcome.value, bucket=each.bucket, key=each.key, version_id=each.version_id)
