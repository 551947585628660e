"""What every bucket shares: how S3's errors become the domain's."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from mesonet.errors import Unavailable

_NOT_NOW = frozenset({"SlowDown", "InternalError", "ServiceUnavailable", "503", "500", "RequestTimeout"})


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raises Unavailable where a retry may help; other errors stay as they are."""
    try:
        yield
    except ClientError as exc:
        code = exc.response["Error"]["Code"]
        if code in _NOT_NOW:
            raise Unavailable(f"{what}: S3 answers {code}") from exc
        raise
    except (ConnectionError, HTTPClientError) as exc:
        raise Unavailable(f"{what}: S3 cannot be reached") from exc
