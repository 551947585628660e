"""OnReadingFunction: SensorStream → live observations, as if they had been sent over HTTP."""

import os
from base64 import b64decode
from collections.abc import Sequence
from functools import partial
from typing import Any

from mesonet import aws, clock
from mesonet.channels.dead_letters import DeadLetters
from mesonet.domain.instant import SECOND
from mesonet.errors import BadInput, Unavailable
from mesonet.functions.on_reading import logic
from mesonet.functions.on_reading.logic import Reading, Refused
from mesonet.intake.readings import reading
from mesonet.intake.taking import Shelf, take
from mesonet.stores.kept import KeptStore
from mesonet.stores.latest import LatestStore
from mesonet.stores.live import LiveStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.stations import StationsStore
from mesonet.telemetry import LambdaContext, count, logger, metrics
from mesonet.web.request import parse_json

database = aws.client("dynamodb")
live = LiveStore(os.environ["OBSERVATIONS_TABLE"], client=database)
latest = LatestStore(os.environ["LATEST_TABLE"], client=database)
stations = StationsStore(os.environ["STATIONS_TABLE"], client=database)
network = NetworkStore(os.environ["OBSERVATIONS_TABLE"], client=database)
shelf = Shelf(live=live, latest=latest, stations=stations, network=network)
kept = KeptStore(os.environ["DERIVED_BUCKET"], client=aws.client("s3", rarely=True))
dead_letters = DeadLetters(os.environ["READINGS_DEAD_LETTER_QUEUE_URL"], client=aws.client("sqs", rarely=True), keep=kept.keep)


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Reports the first reading that could not be taken *now*: the shard goes on from there. One that can never be taken is set
    aside with its reason, and the shard passes it. The readings of a station are taken together, in their order."""
    now = clock.now()
    told: list[Reading] = []
    refused: list[Refused] = []
    for record in event["Records"]:
        try:
            if each := understood(record, now=now):
                told.append(each)
        except Exception as exc:  # poison: one bad record must not fail the others
            refused.append(Refused(record=record, reason=exc))
    postponed: list[str] = []
    for some in logic.by_station(told):
        if not postponed:  # a table that is away for one station is away for the next
            try:
                refused += bring_in(some, now=now)
            except Unavailable as exc:
                logger.warning("readings postponed", reason=exc.detail, station=some[0].row.station_id)
            else:
                continue
        postponed.append(some[0].sequence)
    checkpoint = logic.first(postponed)
    for each_refused in refused:
        if each_refused.is_passed(checkpoint):  # what comes again is refused again
            set_aside(each_refused)
    return {"batchItemFailures": [{"itemIdentifier": checkpoint}] if checkpoint else []}


def understood(record: dict[str, Any], *, now: int) -> Reading | None:
    """None for what says nothing. What it raises is the reason why the record cannot be taken."""
    given = record["kinesis"]
    sequence = given["sequenceNumber"]
    row = reading(parse_json(b64decode(given["data"])), key=given["partitionKey"], sequence=sequence, now=now)
    arrived = int(given["approximateArrivalTimestamp"] * SECOND)
    return Reading(sequence=sequence, arrived=arrived, row=row, record=record) if row else None


def bring_in(some: Sequence[Reading], *, now: int) -> list[Refused]:
    """Returns the readings that can never be taken. Raises Unavailable."""
    try:
        put = partial(live.put_in_order, late=logic.is_late(some, now=now))
        take(some[0].row.station_id, [each.row for each in some], shelf, now=now, put=put)
    except Unavailable:
        raise
    except Exception as exc:
        if len(some) == 1:
            return [Refused(record=some[0].record, reason=exc)]
        return [refused for each in some for refused in bring_in([each], now=now)]
    count("ObservationTaken", len(some))
    return []


def set_aside(refused: Refused) -> None:
    """What a sender did wrong is no fault of the system."""
    if isinstance(refused.reason, BadInput):
        told = refused.reason.detail
        logger.warning("reading rejected", reason=told, sequence_number=refused.sequence)
    else:
        told = f"{type(refused.reason).__name__}: {refused.reason}"
        logger.error("reading set aside", exc_info=refused.reason, sequence_number=refused.sequence)
    count("ReadingSetAside")
    dead_letters.set_aside(refused.record, reason=told)
