"""Decides which webhooks are told of what, and what follows from their answers."""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any

from mesonet.channels.webhooks import WebhookFailed, WebhookGone, Webhooks
from mesonet.domain.instant import SECOND
from mesonet.domain.subscription import GIVEN_UP_AFTER, Channel, State, Subscription
from mesonet.domain.webhook import signature
from mesonet.record import replace
from mesonet.stores.subscriptions import SubscriptionsStore

KIND = "application/geo+json"


class Outcome(StrEnum):
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"  # there is no such subscription any more
    DISABLED = "disabled"  # it failed for too long
    GONE = "gone"  # it said that it wants no more


def spread(message: Mapping[str, Any], attributes: Mapping[str, Any], subscriptions: Iterable[Subscription]) -> Iterator[str]:
    """A message of its own for each webhook that wants this news: one that fails is tried again alone."""
    for each in subscriptions:
        if each.state is State.ACTIVE and each.filter.fits(message, attributes):
            yield json.dumps({"deliver": each.id, "notice": message}, separators=(",", ":"))  # ASCII: SQS takes any of it


def deliver(
    subscription_id: str, notice: Mapping[str, Any], *, store: SubscriptionsStore, webhooks: Webhooks, now: int
) -> Outcome:
    """Raises WebhookFailed where the endpoint is to be tried again."""
    known = store.find(subscription_id)
    if known is None or known.channel is not Channel.WEBHOOK:
        return Outcome.CANCELLED
    if known.state is State.DISABLED:
        return Outcome.GONE if known.is_gone else Outcome.DISABLED
    body = json.dumps(notice, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        webhooks.call(known.endpoint, headers(known, delivery_id(known, str(notice["id"])), body, now), body)
    except WebhookFailed as exc:
        return _failed(known, exc, store=store, now=now)
    if known.failing_since is not None:
        store.note(replace(known, failing_since=None, reason=None))
    return Outcome.DELIVERED


def confirm(subscription_id: str, *, store: SubscriptionsStore, webhooks: Webhooks, now: int) -> Outcome:
    """Asks the endpoint whether it wants this: it answers with the challenge that it is sent. Raises WebhookFailed."""
    known = store.find(subscription_id)
    if known is None or known.channel is not Channel.WEBHOOK:
        return Outcome.CANCELLED
    if known.state is State.ACTIVE:
        return Outcome.CONFIRMED
    challenge = hmac.digest(known.secret.encode(), f"confirm {known.id}".encode(), sha256).hex()
    body = json.dumps({"type": "SubscriptionConfirmation", "subscription": known.id, "challenge": challenge}).encode()
    try:
        answer = webhooks.call(known.endpoint, headers(known, delivery_id(known, "confirmation"), body, now), body)
    except WebhookGone as exc:
        return _gone(known, exc, store=store)
    if challenge.encode() not in answer:
        raise WebhookFailed("the endpoint does not answer with the challenge that it was sent")
    store.note(replace(known, state=State.ACTIVE, failing_since=None, reason=None))
    return Outcome.CONFIRMED


def headers(subscription: Subscription, delivery: str, body: bytes, now: int) -> dict[str, str]:
    """The delivery's identifier is the same at each try; the timestamp is that of this one."""
    moment = now // SECOND
    return {
        "Content-Type": KIND,
        "X-Mesonet-Delivery": delivery,
        "X-Mesonet-Timestamp": str(moment),
        "X-Mesonet-Signature": signature(subscription.secret, moment, body),
    }


def delivery_id(subscription: Subscription, message_id: str) -> str:
    return sha256(f"{subscription.id} {message_id}".encode()).hexdigest()[:32]


def _gone(known: Subscription, reason: WebhookGone, *, store: SubscriptionsStore) -> Outcome:
    store.note(replace(known, state=State.DISABLED, failing_since=None, reason=str(reason)))
    return Outcome.GONE


def _failed(known: Subscription, reason: WebhookFailed, *, store: SubscriptionsStore, now: int) -> Outcome:
    if isinstance(reason, WebhookGone):
        return _gone(known, reason, store=store)
    since = now if known.failing_since is None else known.failing_since
    if now - since > GIVEN_UP_AFTER:
        store.note(replace(known, state=State.DISABLED, failing_since=since, reason=str(reason)))
        return Outcome.DISABLED
    if known.failing_since is None or known.reason != str(reason):
        store.note(replace(known, failing_since=since, reason=str(reason)))
    raise reason
