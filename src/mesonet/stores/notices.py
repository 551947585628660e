"""DerivedBucket, `notifications/`: messages that are too large to be sent."""

from typing import Any

from mesonet.stores.s3 import translated


class NoticesStore:
    def __init__(self, bucket: str, *, client: Any) -> None:
        self._bucket = bucket
        self._client = client

    def put(self, name: str, text: str) -> dict[str, str]:
        """Where it is. Raises Unavailable."""
        with translated("a large message"):
            self._client.put_object(Bucket=self._bucket, Key=name, Body=text.encode(), ContentType="application/geo+json")
        return {"bucket": self._bucket, "key": name}
