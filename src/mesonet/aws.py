"""The AWS clients, each made once in a process.

Where they find AWS, if not at AWS itself, is said by `AWS_ENDPOINT_URL`, which botocore honours, and the light client too.
"""

import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from mesonet.dynamodb_client import Credentials, DynamoDBClient, LightClient


@cache
def client(service: str, *, only: str = "", rarely: bool = False) -> Any:
    """The client of an AWS service; thread-safe, as botocore's clients are. `only` names the one operation that is needed, for
    which there may be a lighter client; one that is needed `rarely` is made, and botocore imported, at its first use."""
    if rarely:
        return _Later(service)
    if service == "dynamodb" and (light := light_dynamodb(os.environ)):
        return light
    if (service, only) == ("sns", "publish_batch") and (light := light_sns(os.environ)):
        return light
    from botocore.config import Config  # a function that only reads tables starts in a third of the time without it

    # A function is billed while it waits: give up on a connection early, and let the standard mode back off with jitter.
    config = Config(
        connect_timeout=2,
        read_timeout=30 if service == "lambda" else 5,  # a function has until then, every service less
        max_pool_connections=16,
        retries={"mode": "standard", "total_max_attempts": 5},
        signature_version="s3v4"
        if service == "s3"
        else None,  # in some regions forms would be signed as no new bucket takes them
    )
    return _session().create_client(service, config=config)


class _Later:
    def __init__(self, service: str) -> None:
        self._service = service

    def __getattr__(self, operation: str) -> Any:
        return getattr(client(self._service), operation)


def light_dynamodb(given: Mapping[str, str]) -> DynamoDBClient | None:
    return _light(DynamoDBClient, given)


def light_sns(given: Mapping[str, str]) -> Any:
    from mesonet.sns_client import SNSClient  # of no use to those who publish nothing

    return _light(SNSClient, given)


def _light[C: LightClient](kind: type[C], given: Mapping[str, str]) -> C | None:
    """None where more is asked for than a light client knows: other credentials than the environment's (a profile, a
    container's, a web identity's), a special kind of endpoint, or certificates of one's own."""
    key, secret = given.get("AWS_ACCESS_KEY_ID"), given.get("AWS_SECRET_ACCESS_KEY")
    region = given.get("AWS_REGION") or given.get("AWS_DEFAULT_REGION")
    if not key or not secret or not region:
        return None
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    own = given.get(f"AWS_ENDPOINT_URL_{kind.service.upper()}") or given.get("AWS_ENDPOINT_URL")
    endpoint = own or f"https://{kind.service}.{region}.{suffix}"
    scheme = endpoint.partition(":")[0]
    special = ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", f"{scheme}_proxy", f"{scheme.upper()}_PROXY"]
    if scheme == "https":
        special.append("AWS_CA_BUNDLE")
    if any(given.get(name) for name in special):
        return None
    return kind(endpoint, region=region, credentials=Credentials(key, secret, given.get("AWS_SESSION_TOKEN", "")))


def http(service: str, endpoint: str) -> Callable[[str, str, bytes, str], tuple[int, bytes]]:
    """Signed requests to a service that has an address of its own: (method, path, body, content type) → (status, body).

    Raises OSError where no answer comes.
    """
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import ConnectionError as NoConnection
    from botocore.exceptions import HTTPClientError
    from botocore.httpsession import URLLib3Session

    session = _session()
    sender = URLLib3Session(timeout=10, max_pool_connections=4)

    def send(method: str, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        request = AWSRequest(method, endpoint + path, data=body, headers={"Content-Type": kind})
        credentials = session.get_credentials().get_frozen_credentials()
        SigV4Auth(credentials, service, session.get_config_variable("region")).add_auth(request)
        try:
            answer = sender.send(request.prepare())
            return answer.status_code, answer.content
        except (HTTPClientError, NoConnection) as exc:  # a connection that is refused is not a kind of the other
            raise ConnectionError(str(exc)) from exc

    return send


@cache
def _session() -> Any:
    """One for all clients: it remembers what it has read of botocore's descriptions of AWS."""
    import botocore.session

    return botocore.session.get_session()
