"""The AWS clients, each made once in a process.

Where they find AWS, if not at AWS itself, is said by `AWS_ENDPOINT_URL`, which botocore honours.
"""

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config

# A function is billed while it waits: give up on a connection early, and let the standard mode back off with jitter.
_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    max_pool_connections=16,
    retries={"mode": "standard", "total_max_attempts": 5},
)


@cache
def client(service: str) -> Any:
    """The client of an AWS service; thread-safe, as botocore's clients are."""
    return _session().create_client(service, config=_CONFIG)


@cache
def _session() -> Any:
    """One for all clients: it remembers what it has read of botocore's descriptions of AWS."""
    return botocore.session.get_session()
