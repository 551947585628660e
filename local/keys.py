"""`key`: gives an operator a key, lists the keys there are, revokes one; of the running local stack or of one in AWS."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local import stack
from local.cloud import answers, client_options
from local.errors import Failure
from mesonet.domain.instant import DAY, SECOND, iso
from mesonet.domain.operator import Scope
from mesonet.errors import MesonetError
from mesonet.stores.operators import OperatorsStore

LOCAL = "local"
_DAYS = 365  # a key that nobody renews is one that nobody uses


def give(name: str, stations: Sequence[str], scopes: Sequence[str], days: int | None, environment: str) -> int:
    """Prints a new key. Raises Failure for a scope that there is not."""
    unknown = [scope for scope in scopes if scope not in set(Scope)]
    if unknown:
        raise Failure(f"there is no scope {unknown[0]!r}; there are {', '.join(Scope)}")
    if not name.strip() or not all(stations):
        raise Failure("a key needs NAME= of who gets it and STATIONS= that it is for, as in STATIONS='NYC-*,JFK'")
    days = _DAYS if days is None else days
    now = _now()
    expires_at = now + days * DAY if days else None
    with _told():
        key, operator = _store(environment).issue(
            name.strip(), stations=stations, scopes=map(Scope, scopes), now=now, expires_at=expires_at
        )
    print(f"{key}\n")
    print(f"  {'id':<10}{operator.id}")
    print(f"  {'for':<10}{operator.name}")
    print(f"  {'stations':<10}{', '.join(operator.stations)}")
    print(f"  {'scopes':<10}{', '.join(sorted(operator.scopes))}")
    print(f"  {'until':<10}{iso(expires_at) if expires_at is not None else 'it is revoked'}")
    print("\nNobody can show it again: keep it now. It goes into the header `Authorization: Bearer <key>`.")
    return 0


def show(environment: str) -> int:
    now = _now()
    with _told():
        records = _store(environment).records()
    for record in records:
        state = "valid"
        if record.expires_at is not None:
            state = f"until {iso(record.expires_at)}" if record.expires_at > now else f"expired {iso(record.expires_at)}"
        if record.revoked_at is not None:
            state = f"revoked {iso(record.revoked_at)}"
        operator = record.operator
        what = f"{', '.join(sorted(operator.scopes))} of {', '.join(operator.stations)}"
        print(f"{operator.id}  {state:<30}  {operator.name}: {what}")
    if not records:
        print("There are no keys.")
    return 0


def revoke(operator_id: str, environment: str) -> int:
    with _told():
        _store(environment).revoke(operator_id, now=_now())
    print(f"{operator_id} is revoked.")
    return 0


def _store(environment: str) -> OperatorsStore:
    if environment == LOCAL:
        said = stack.described()
        if not answers(said["EndpointUrl"]):
            raise Failure(f"the local cloud does not answer at {said['EndpointUrl']}: `make run` starts it anew")
        return OperatorsStore(said["OperatorsTable"], client=_client(said["EndpointUrl"]))
    name = stack.stack_name(environment)
    try:
        found = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except (BotoCoreError, ClientError) as exc:
        raise Failure(f"AWS does not tell of the stack {name}: {exc}") from exc
    said = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    return OperatorsStore(said["OperatorsTable"], client=boto3.client("dynamodb"))


def _client(endpoint: str) -> Any:
    return boto3.client("dynamodb", **client_options(endpoint))


def _now() -> int:
    return int(time.time() * SECOND)


@contextmanager
def _told() -> Iterator[None]:
    """What the table refuses is said in one line."""
    try:
        yield
    except MesonetError as exc:
        raise Failure(exc.detail) from exc
    except (BotoCoreError, ClientError) as exc:
        raise Failure(f"the table of operators cannot be used: {exc}") from exc
