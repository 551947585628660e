"""ApiSubscriptionsFunction: operators say who is to be told of which files."""

import os
from typing import Any

from mesonet import aws, clock
from mesonet.channels.deliveries import Deliveries
from mesonet.channels.subscribers import Subscribers
from mesonet.domain import instant
from mesonet.domain.operator import Operator, Scope, key_of
from mesonet.domain.subscription import Subscription
from mesonet.functions.api_subscriptions import logic, schemas
from mesonet.stores.operators import OperatorsStore
from mesonet.stores.subscriptions import SubscriptionsStore
from mesonet.telemetry import LambdaContext, logger
from mesonet.web.media import dumps
from mesonet.web.request import Request
from mesonet.web.response import Response, permitted
from mesonet.web.router import Router

operators = OperatorsStore(os.environ["OPERATORS_TABLE"], client=aws.client("dynamodb"))
subscriptions = SubscriptionsStore(os.environ["SUBSCRIPTIONS_TABLE"], client=aws.client("dynamodb"))
subscribers = Subscribers(os.environ["FILES_TOPIC_ARN"], client=aws.client("sns"))
deliveries = Deliveries(os.environ["NOTICE_QUEUE_URL"], client=aws.client("sqs"))

app = Router(public_url=os.environ.get("PUBLIC_URL", ""))

NOT_KEPT = "no-store"  # what belongs to one operator


@logger.inject_lambda_context
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.handle(event)


@app.post("/subscriptions")
def create(request: Request) -> Response:
    """The same wish again is answered with the subscription that there is; only the first answer has the secret in it."""
    operator = operator_of(request)
    permitted(request.headers)
    channel, endpoint, wanted = schemas.load(request.json())
    asked = Subscription(operator_id=operator.id, channel=channel, endpoint=endpoint, filter=wanted, created_at=clock.now())
    made, new = logic.subscribe(operator, asked, store=subscriptions, subscribers=subscribers, deliveries=deliveries)
    document = shown(request, made)
    if new and made.secret:
        document["secret"] = made.secret
    headers = {"Location": f"{request.base_url}/subscriptions/{made.id}"}
    return Response(status=201 if new else 200, body=dumps(document), headers=headers, cache=NOT_KEPT)


@app.get("/subscriptions")
def list_all(request: Request) -> Response:
    operator = operator_of(request)
    found = sorted(subscriptions.of_operator(operator.id), key=lambda each: (each.created_at, each.id))
    document = {"count": len(found), "subscriptions": [shown(request, each) for each in found], "links": [request.here("self")]}
    return Response(body=dumps(document), cache=NOT_KEPT)


@app.get("/subscriptions/{subscription_id}")
def show(request: Request, subscription_id: str) -> Response:
    found = logic.own(operator_of(request), subscription_id, store=subscriptions)
    return Response(body=dumps(shown(request, found)), cache=NOT_KEPT)


@app.delete("/subscriptions/{subscription_id}")
def cancel(request: Request, subscription_id: str) -> Response:
    found = logic.own(operator_of(request), subscription_id, store=subscriptions)
    permitted(request.headers, document=dumps(shown(request, found)))
    logic.cancel(found, store=subscriptions, subscribers=subscribers)
    return Response(status=204, cache=NOT_KEPT)


def operator_of(request: Request) -> Operator:
    """Raises Unauthorized, Forbidden."""
    operator = operators.find(key_of(request.headers.get("authorization")), now=clock.now())
    operator.require(Scope.SUBSCRIPTIONS)
    return operator


def shown(request: Request, subscription: Subscription) -> dict[str, Any]:
    failing = subscription.failing_since
    return {
        "id": subscription.id,
        "channel": subscription.channel,
        "endpoint": subscription.endpoint,
        "filter": subscription.filter.document(),
        "state": subscription.state,
        "created_at": instant.iso(subscription.created_at),
        "failing_since": None if failing is None else instant.iso(failing),
        "reason": subscription.reason,
        "links": [request.link("self", f"subscriptions/{subscription.id}")],
    }
