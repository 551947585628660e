"""DerivedBucket, `notifications/`: messages that are too large to be sent."""

from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from mesonet.errors import Unavailable


class NoticesStore:
    def __init__(self, bucket: str, *, client: Any) -> None:
        self._bucket = bucket
        self._client = client

    def put(self, name: str, text: str) -> dict[str, str]:
        """Where it is. Raises Unavailable."""
        try:
            self._client.put_object(Bucket=self._bucket, Key=name, Body=text.encode(), ContentType="application/geo+json")
        except (ClientError, ConnectionError, HTTPClientError) as exc:
            raise Unavailable("a large message cannot be kept now") from exc
        return {"bucket": self._bucket, "key": name}
