"""SubscriptionsTable: who wants to be told."""

from collections.abc import Iterator
from typing import Any

from mesonet.domain.subscription import Channel, Filter, State, Subscription
from mesonet.errors import Conflict
from mesonet.stores.attributes import Item, from_item, to_item
from mesonet.stores.dynamodb import every, translated


class SubscriptionsStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client

    def add(self, subscription: Subscription) -> None:
        """Raises Conflict where it is there."""
        values = {name: getattr(subscription, name) for name in ("operator_id", "endpoint", "created_at", "secret", "arn")}
        values |= {
            "subscription_id": subscription.id,
            "channel": subscription.channel.value,
            "state": subscription.state.value,
            "filter": subscription.filter.document(),
        }
        with translated("writing a subscription"):
            self._client.put_item(
                TableName=self._table,
                Item=to_item(values),
                ConditionExpression="attribute_not_exists(subscription_id)",
            )

    def find(self, subscription_id: str) -> Subscription | None:
        with translated("reading a subscription"):
            answer = self._client.get_item(
                TableName=self._table, Key={"subscription_id": {"S": subscription_id}}, ConsistentRead=True
            )
        return _subscription(answer["Item"]) if "Item" in answer else None

    def of_operator(self, operator_id: str) -> Iterator[Subscription]:
        return self._walk("OperatorIndex", "operator_id", operator_id)

    def of_channel(self, channel: Channel) -> Iterator[Subscription]:
        return self._walk("ChannelIndex", "channel", channel.value)

    def drop(self, subscription_id: str) -> None:
        with translated("writing a subscription"):
            self._client.delete_item(TableName=self._table, Key={"subscription_id": {"S": subscription_id}})

    def note(self, subscription: Subscription) -> bool:
        """Notes state, failing_since and reason. Whether the subscription is still there."""
        values = {":state": {"S": subscription.state.value}}
        parts, gone = ["#state = :state"], []
        for name in ("failing_since", "reason"):
            value = getattr(subscription, name)
            if value is None:
                gone.append(name)
            else:
                parts.append(f"{name} = :{name}")
                values[f":{name}"] = {"N": str(value)} if isinstance(value, int) else {"S": value}
        try:
            with translated("writing a subscription"):
                self._client.update_item(
                    TableName=self._table,
                    Key={"subscription_id": {"S": subscription.id}},
                    UpdateExpression=f"SET {', '.join(parts)}" + (f" REMOVE {', '.join(gone)}" if gone else ""),
                    ConditionExpression="attribute_exists(subscription_id)",
                    ExpressionAttributeNames={"#state": "state"},
                    ExpressionAttributeValues=values,
                )
        except Conflict:
            return False
        return True

    def _walk(self, index: str, name: str, value: str) -> Iterator[Subscription]:
        items = every(
            self._client.query,
            "reading subscriptions",
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression="#name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": {"S": value}},
        )
        return map(_subscription, items)


def _subscription(item: Item) -> Subscription:
    values = from_item(item)
    wanted = values.get("filter", {})
    given = {name: tuple(value) for name, value in wanted.items()}
    return Subscription(
        operator_id=values["operator_id"],
        channel=Channel(values["channel"]),
        endpoint=values["endpoint"],
        filter=Filter(**given),
        state=State(values["state"]),
        created_at=values["created_at"],
        secret=values.get("secret", ""),
        arn=values.get("arn", ""),
        failing_since=values.get("failing_since"),
        reason=values.get("reason"),
    )
