"""OnExportFunction: ExportQueue (questions whose answers have more than one page) → DerivedBucket, `exports/`.

The answer is asked of the API's own function, page by page: so an export says what the pages say, and how observations are kept
is known there alone.
"""

import os
from functools import partial
from typing import Any

from mesonet import aws
from mesonet.channels.dead_letters import DeadLetters
from mesonet.channels.deliveries import Deliveries
from mesonet.channels.lambda_functions import LambdaFunctions
from mesonet.domain.export import Export
from mesonet.functions.on_export import logic
from mesonet.stores.exports import ExportsStore
from mesonet.telemetry import LambdaContext, count, logger, metrics

exports = ExportsStore(os.environ["DERIVED_BUCKET"], client=aws.client("s3"))
functions = LambdaFunctions(client=aws.client("lambda"))
deliveries = Deliveries(os.environ["EXPORT_QUEUE_URL"], client=aws.client("sqs"))
dead_letters = DeadLetters(os.environ["EXPORT_DEAD_LETTER_QUEUE_URL"], client=aws.client("sqs"))
API = os.environ["API_WEATHER_FUNCTION"]


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """What fails unexpectedly is raised: a batch is one message."""
    for record in event["Records"]:
        try:
            asked = Export.from_json(record["body"])
        except (ValueError, KeyError, TypeError, AttributeError) as exc:  # poison: it will never be anything else
            logger.error("export set aside", message_id=record["messageId"], reason=f"{type(exc).__name__}: {exc}")
            count("ExportSetAside")
            dead_letters.set_aside(record, reason=f"{type(exc).__name__}: {exc}")
            continue
        with deliveries.soon_again(record["receiptHandle"], int(record["attributes"]["ApproximateReceiveCount"])):
            outcome = logic.make(asked, ask=ask, store=exports, remaining_ms=context.get_remaining_time_in_millis)
        count(f"Export{outcome.title()}")
        logger.info("export ended", export_id=asked.id, outcome=outcome, path=asked.path, kind=asked.kind)
    return {"batchItemFailures": []}


ask = partial(functions.invoke, API, "live")
