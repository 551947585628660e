"""DerivedBucket, `notifications/` and `set-aside/`: messages that are too large to be sent."""

from typing import Any


class KeptStore:
    def __init__(self, bucket: str, *, client: Any) -> None:
        self._bucket = bucket
        self._client = client

    def keep(self, name: str, text: str, *, kind: str = "application/json") -> dict[str, str]:
        """Keeps a text, and returns where: its bucket and key. Raises Unavailable."""
        from mesonet.stores.s3 import translated  # hardly ever needed: botocore would cost every start

        with translated("a large message"):
            self._client.put_object(Bucket=self._bucket, Key=name, Body=text.encode(), ContentType=kind)
        return {"bucket": self._bucket, "key": name}
