"""JobCompactFunction: every hour, live rows become blocks.

Called by hand with `{"stretches": [{"station": "EWR", "span": "D", "start": "2026-01-01"}]}` it looks at these alone.
"""

import os
from typing import Any

from mesonet import aws, clock
from mesonet.domain.block import Span
from mesonet.domain.live import Stretch
from mesonet.functions.job_compact import logic
from mesonet.stores.live import LiveStore
from mesonet.stores.live_copies import LiveCopies
from mesonet.stores.observations import ObservationsStore
from mesonet.telemetry import LambdaContext, count, logger, metrics

database = aws.client("dynamodb")
live = LiveStore(os.environ["OBSERVATIONS_TABLE"], client=database)
observations = ObservationsStore(os.environ["OBSERVATIONS_TABLE"], client=database, written=int(os.environ["BLOCK_FORMAT"]))
copies = LiveCopies(os.environ["DERIVED_BUCKET"], client=aws.client("s3"))

ENOUGH_MS = 60_000  # for the largest stretch there is: nothing is begun that could not be ended


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    tally = logic.compact_all(
        _asked(event) or list(live.listed()),
        live=live,
        observations=observations,
        copies=copies,
        clock=clock.now,
        time_is_over=lambda: context.get_remaining_time_in_millis() < ENOUGH_MS,
    )
    count("LiveRowCompacted", tally.rows)
    count("LiveStretchLeft", tally.left)
    logger.info("live rows compacted", stretches=tally.stretches, rows=tally.rows, left=tally.left)
    return {"stretches": tally.stretches, "rows": tally.rows, "left": tally.left}


def _asked(event: dict[str, Any]) -> list[Stretch]:
    if "stretches" not in event:
        return []
    return [Stretch(station_id=each["station"], span=Span(each["span"]), start=each["start"]) for each in event["stretches"]]
