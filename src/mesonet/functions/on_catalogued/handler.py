"""OnCataloguedFunction: CataloguedQueue (news of files) → ObservationsTable, LatestTable, StationsTable."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from mesonet import aws, clock
from mesonet.channels.deliveries import Deliveries
from mesonet.channels.files_topic import FileHint, hint
from mesonet.errors import Unavailable
from mesonet.functions.on_catalogued import logic
from mesonet.functions.on_catalogued.shelf import Shelf
from mesonet.stores.archive import ArchiveStore
from mesonet.stores.files import FilesStore
from mesonet.stores.latest import LatestStore
from mesonet.stores.manifests import ManifestsStore
from mesonet.stores.mappings import MappingsStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.observations import ObservationsStore
from mesonet.stores.stations import StationsStore
from mesonet.telemetry import RELEASE, LambdaContext, count, logger, metrics

database = aws.client("dynamodb")
archive = ArchiveStore(client=aws.client("s3"))
files = FilesStore(os.environ["FILES_TABLE"], client=database)
mappings = MappingsStore(os.environ["MAPPINGS_TABLE"], client=database)
manifests = ManifestsStore(os.environ["OBSERVATIONS_TABLE"], client=database)
observations = ObservationsStore(os.environ["OBSERVATIONS_TABLE"], client=database, written=int(os.environ["BLOCK_FORMAT"]))
latest = LatestStore(os.environ["LATEST_TABLE"], client=database)
stations = StationsStore(os.environ["STATIONS_TABLE"], client=database)
network = NetworkStore(os.environ["OBSERVATIONS_TABLE"], client=database)
shelf = Shelf(
    archive=archive,
    files=files,
    mappings=mappings,
    manifests=manifests,
    observations=observations,
    latest=latest,
    stations=stations,
    network=network,
)
deliveries = Deliveries(os.environ["CATALOGUED_QUEUE_URL"], client=aws.client("sqs"))
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    count("FileTold", len(event["Records"]))
    first = event["Records"][0]["messageId"] if event["Records"] else ""
    given_ms = context.get_remaining_time_in_millis()

    def work(record: SQSRecord) -> None:
        take(record, context.get_remaining_time_in_millis, 0 if record.message_id == first else given_ms)

    return dict(process_partial_response(event, work, processor))


def take(record: SQSRecord, remaining_ms: Callable[[], int], given_ms: int) -> None:
    with deliveries.soon_again(record.receipt_handle, int(record.attributes.approximate_receive_count)):
        told = hint(json.loads(record.body))
        if remaining_ms() < given_ms * logic.ENOUGH:
            deliveries.send(record.body)  # behind a file that took long: a message of its own, whose tries are counted anew
            return
        with noted(told, last=int(record.attributes.approximate_receive_count) >= logic.TRIES):
            outcome = load(told, remaining_ms)
        if outcome is logic.Outcome.BEGUN:
            deliveries.send(record.body)


@contextmanager
def noted(told: FileHint, *, last: bool) -> Iterator[None]:
    """What is raised goes on, after the log and the file's entry have said of which file it is."""
    try:
        yield
    except Unavailable:
        raise  # "not now" says nothing of the file
    except Exception as exc:
        reason = f"{type(exc).__name__}: {exc}"[:500]
        logger.exception("file not loaded", key=told.key, file_id=told.file_id, order=told.order)
        with suppress(Unavailable):
            files.set_loading(told.file_id, logic.stuck(told.order, reason, last=last, now=clock.utc()))
        raise


def load(told: FileHint, remaining_ms: Callable[[], int]) -> logic.Outcome:
    call = logic.Call(now=clock.utc(), release=RELEASE, remaining_ms=remaining_ms)
    taken = logic.load(told.file_id, shelf, order=told.order, call=call)
    count(f"Load{taken.outcome.title()}")
    if taken.rows:
        count("ObservationTaken", taken.rows)
    logger.info("file taken up", outcome=taken.outcome.value, key=told.key, file_id=told.file_id)
    return taken.outcome
