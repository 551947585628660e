"""Subscriptions of FilesTopic that SNS serves itself: e-mail, queues, functions."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mesonet.errors import BadInput, Conflict, Unavailable

_REFUSED = frozenset({"InvalidParameter", "InvalidParameterException", "AuthorizationError", "FilterPolicyLimitExceeded"})
_GONE = frozenset({"NotFound", "NotFoundException", "InvalidParameter"})  # the latter: it was never confirmed


class Subscribers:
    def __init__(self, topic_arn: str, *, client: Any) -> None:
        self._topic = topic_arn
        self._client = client

    def subscribe(self, protocol: str, endpoint: str, policy: Mapping[str, Any]) -> str:
        """SNS's name of the subscription; the same for the same wish. Raises BadInput, Conflict, Unavailable."""
        attributes = {"FilterPolicy": json.dumps(policy)} if policy else {}
        if protocol == "sqs":
            attributes["RawMessageDelivery"] = "true"
        try:
            answer = self._client.subscribe(
                TopicArn=self._topic,
                Protocol=protocol,
                Endpoint=endpoint,
                Attributes=attributes,
                ReturnSubscriptionArn=True,
            )
        except ClientError as exc:
            code, message = exc.response["Error"]["Code"], exc.response["Error"].get("Message", "")
            if "already exists" in message:
                raise Conflict(f"{endpoint} is subscribed with another filter: delete that subscription first") from exc
            if code in _REFUSED:
                raise BadInput(f"SNS does not take this endpoint: {message}") from exc
            raise Unavailable("SNS takes no subscriptions now") from exc
        except BotoCoreError as exc:
            raise Unavailable("SNS cannot be reached") from exc
        return str(answer["SubscriptionArn"])

    def unsubscribe(self, arn: str) -> None:
        """Does nothing where it is gone, or was never confirmed: SNS forgets those by itself."""
        try:
            self._client.unsubscribe(SubscriptionArn=arn)
        except ClientError as exc:
            if exc.response["Error"]["Code"] not in _GONE:
                raise Unavailable("SNS takes no cancellations now") from exc
        except BotoCoreError as exc:
            raise Unavailable("SNS cannot be reached") from exc
