"""OnNoticeFunction: NoticeQueue (news of files, and what follows from them) → webhooks.

The news of a file become one message for each webhook that wants them, in the same queue; those are delivered, and come back by
themselves after ever longer times where the endpoint does not take them: nine times in 18 hours.
"""

import json
import os
from contextlib import suppress
from typing import Any

from mesonet import aws, clock
from mesonet.channels.dead_letters import DeadLetters
from mesonet.channels.deliveries import Deliveries
from mesonet.channels.webhooks import WebhookFailed, Webhooks
from mesonet.domain.subscription import Channel
from mesonet.errors import Unavailable
from mesonet.functions.on_notice import logic
from mesonet.remembered import Remembered
from mesonet.stores.subscriptions import SubscriptionsStore
from mesonet.telemetry import LambdaContext, count, logger, metrics

store = SubscriptionsStore(os.environ["SUBSCRIPTIONS_TABLE"], client=aws.client("dynamodb"))
webhooks = Webhooks()
deliveries = Deliveries(os.environ["NOTICE_QUEUE_URL"], client=aws.client("sqs"), times=4, longest_s=21_600)
dead_letters = DeadLetters(os.environ["NOTICE_DEAD_LETTER_QUEUE_URL"], client=aws.client("sqs"))
# A new subscription hears of what comes later than that
subscribed = Remembered(lambda: list(store.of_channel(Channel.WEBHOOK)), for_s=20)


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    refused = []
    for record in event["Records"]:
        try:
            with deliveries.soon_again(record["receiptHandle"], int(record["attributes"]["ApproximateReceiveCount"])):
                take(record)
        except (WebhookFailed, Unavailable) as exc:
            logger.warning("notice postponed", reason=str(exc), message_id=record["messageId"])
            count("NoticePostponed")
            refused.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": refused}


def take(record: dict[str, Any]) -> None:
    try:
        message = json.loads(record["body"])
        match message:
            case {"deliver": str(subscription_id), "notice": {"id": str()} as notice}:
                done(record, logic.deliver(subscription_id, notice, store=store, webhooks=webhooks, now=clock.now()))
            case {"confirm": str(subscription_id)}:
                done(record, logic.confirm(subscription_id, store=store, webhooks=webhooks, now=clock.now()))
            case _:
                for body in logic.spread(message, attributes_of(record), subscribed()):
                    deliveries.send(body)
                    count("NoticeSpread")
    except (KeyError, TypeError, ValueError, AttributeError) as exc:  # poison: it will never be anything else
        set_aside(record, f"{type(exc).__name__}: {exc}")


def done(record: dict[str, Any], outcome: logic.Outcome) -> None:
    count(f"Notice{outcome.title()}")
    if outcome is logic.Outcome.DISABLED:
        set_aside(record, "the subscription is disabled: its endpoint failed for too long")


def set_aside(record: dict[str, Any], reason: str) -> None:
    logger.error("notice set aside", message_id=record["messageId"], reason=reason)
    count("NoticeSetAside")
    dead_letters.set_aside(record, reason=reason)


def attributes_of(record: dict[str, Any]) -> dict[str, Any]:
    """Of the notification, lists as lists."""
    found: dict[str, Any] = {}
    for name, given in record["messageAttributes"].items():
        found[name] = given["stringValue"]
        with suppress(ValueError):
            if given["dataType"] == "String.Array":
                found[name] = json.loads(given["stringValue"])
    return found
