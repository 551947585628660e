"""Decides who is told of files, and how they show that they want it."""

import json
import re
from itertools import islice
from secrets import token_urlsafe

from mesonet.channels.deliveries import Deliveries
from mesonet.channels.subscribers import Subscribers
from mesonet.domain.operator import Operator
from mesonet.domain.subscription import Channel, Filter, State, Subscription
from mesonet.domain.webhook import endpoint_fault
from mesonet.errors import BadBody, Conflict, NotFound, Unavailable
from mesonet.record import replace
from mesonet.stores.subscriptions import SubscriptionsStore

MOST_OF_ONE = 100  # subscriptions of an operator
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")
_ARNS = {
    Channel.SQS: re.compile(r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}"),
    Channel.LAMBDA: re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_:$-]{1,140}"),
}


def subscribe(
    operator: Operator, made: Subscription, *, store: SubscriptionsStore, subscribers: Subscribers, deliveries: Deliveries
) -> tuple[Subscription, bool]:
    """The subscription, and whether it is new. Raises BadBody, Conflict, Unavailable."""
    check(made.channel, made.endpoint, made.filter)
    known = store.find(made.id)
    if known is None:
        if len(list(islice(store.of_operator(operator.id), MOST_OF_ONE))) == MOST_OF_ONE:
            raise Conflict(f"{operator.name!r} has {MOST_OF_ONE} subscriptions: delete one first")
        if made.channel is Channel.WEBHOOK:
            made = replace(made, state=State.PENDING, secret=token_urlsafe(32))
        else:
            arn = subscribers.subscribe(made.channel.value, made.endpoint, made.filter.policy())
            made = replace(made, arn=arn, state=State.PENDING if made.channel is Channel.EMAIL else State.ACTIVE)
        try:
            store.add(made)
        except Conflict:  # the same wish came twice at once
            known = store.find(made.id)
            if known is None:
                raise Unavailable("the subscription was just deleted: ask again") from None
    if (known or made).channel is Channel.WEBHOOK and (known or made).state is not State.ACTIVE:
        _have_confirmed((known or made).id, deliveries)
    return (known, False) if known else (made, True)


def check(channel: Channel, endpoint: str, wanted: Filter) -> None:
    """Raises BadBody for an endpoint that is none of its kind, and for a filter that SNS would not take."""
    if channel is Channel.WEBHOOK:
        fault = endpoint_fault(endpoint)
        if fault:
            raise BadBody(f"endpoint: {endpoint!r} cannot be called: {fault}")
        return
    if channel is Channel.EMAIL and not _EMAIL.fullmatch(endpoint):
        raise BadBody(f"endpoint: {endpoint!r} is no e-mail address")
    if channel in _ARNS and not _ARNS[channel].fullmatch(endpoint):
        raise BadBody(f"endpoint: {endpoint!r} is no ARN of {'a queue' if channel is Channel.SQS else 'a function'}")
    if wanted.is_too_wide:
        raise BadBody(
            "filter: SNS takes five properties whose numbers of values, multiplied, are at most 150: ask for less, "
            "for several subscriptions, or for a webhook"
        )


def own(operator: Operator, subscription_id: str, *, store: SubscriptionsStore) -> Subscription:
    """Raises NotFound also for what is somebody else's: nobody is to find out what there is."""
    found = store.find(subscription_id)
    if found is None or found.operator_id != operator.id:
        raise NotFound(f"you have no subscription {subscription_id!r}")
    return found


def cancel(subscription: Subscription, *, store: SubscriptionsStore, subscribers: Subscribers) -> None:
    """SNS first: what is cut off between the two can be asked for again."""
    if subscription.arn:
        subscribers.unsubscribe(subscription.arn)
    store.drop(subscription.id)


def _have_confirmed(subscription_id: str, deliveries: Deliveries) -> None:
    """Has the webhook asked whether it wants to be told."""
    deliveries.send(json.dumps({"confirm": subscription_id}))
