"""OnStationChangeFunction: StationsTable's stream → the search index."""

import os
from typing import Any

from mesonet import aws
from mesonet.channels.dead_letters import DeadLetters
from mesonet.domain.search import SearchDocument, station_document
from mesonet.errors import Unavailable
from mesonet.stores.kept import KeptStore
from mesonet.stores.search import SearchStore
from mesonet.stores.stations import from_image
from mesonet.telemetry import LambdaContext, count, logger, metrics

tables = SearchStore(os.environ["SEARCH_TABLE"], client=aws.client("dynamodb"))
server = None
if SEARCH_ENDPOINT := os.environ["SEARCH_ENDPOINT"]:
    from mesonet.stores.opensearch import OpenSearchStore

    server = OpenSearchStore("mesonet", send=aws.http("es", SEARCH_ENDPOINT))
kept = KeptStore(os.environ["DERIVED_BUCKET"], client=aws.client("s3", rarely=True))
dead_letters = DeadLetters(
    os.environ["STATION_CHANGES_DEAD_LETTER_QUEUE_URL"], client=aws.client("sqs", rarely=True), keep=kept.keep
)


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Reports the first record that could not be taken *now*; one that can never be taken is set aside with its reason."""
    count("StationChangeTold", len(event["Records"]))
    for record in event["Records"]:
        position = record["dynamodb"]["SequenceNumber"]
        try:
            take(record["dynamodb"])
        except Unavailable as exc:
            logger.warning("station change postponed", reason=exc.detail, sequence_number=position)
            return {"batchItemFailures": [{"itemIdentifier": position}]}
        except Exception as exc:  # poison: whatever a record does, it does it to itself alone
            logger.exception("station change set aside", sequence_number=position)
            count("StationChangeSetAside")
            dead_letters.set_aside(record, reason=f"{type(exc).__name__}: {exc}")
    return {"batchItemFailures": []}


def take(images: dict[str, Any]) -> None:
    old, new = document(images.get("OldImage")), document(images.get("NewImage"))
    if old and new and old.shown == new.shown:
        return  # each file that tells of a station renews its item, and hardly ever says anything new
    if server is None:
        tables.put_station(new, old)
    else:
        failed = server.write([new]) if new else server.erase([old]) if old else {}
        for reason in failed.values():
            raise reason
    count("StationIndexed")


def document(image: dict[str, Any] | None) -> SearchDocument | None:
    if not image:
        return None
    station, order = from_image(image)
    return station_document(station, order=order)
