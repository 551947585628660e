"""OperatorsTable: keys are shown once, kept as digests, and end."""

import json

import pytest

from mesonet.domain.instant import DAY
from mesonet.domain.operator import Scope
from mesonet.errors import NotFound, Unauthorized
from mesonet.stores.operators import OperatorsStore
from tests.system import System

NOW = 1_767_225_600_000


@pytest.fixture
def store(system: System) -> OperatorsStore:
    return OperatorsStore(system.ref("OperatorsTable"), client=system.dynamodb)


def issue(store: OperatorsStore, name: str = "Parks", *, now: int = NOW, expires_at: int | None = None) -> tuple[str, str]:
    key, operator = store.issue(name, stations=["NYC-*"], scopes=[Scope.OBSERVATIONS], now=now, expires_at=expires_at)
    return key, operator.id


def test_a_key_finds_whose_it_is(store: OperatorsStore) -> None:
    key, identifier = issue(store)
    found = store.find(key, now=NOW)
    assert (found.id, found.name, found.stations, found.scopes) == (
        identifier,
        "Parks",
        ("NYC-*",),
        frozenset({Scope.OBSERVATIONS}),
    )


def test_a_key_is_nowhere_in_the_table(store: OperatorsStore, system: System) -> None:
    key, _ = issue(store)
    assert key.startswith("mk_")
    assert key.removeprefix("mk_") not in json.dumps(system.items("OperatorsTable"))


def test_no_two_keys_are_alike(store: OperatorsStore) -> None:
    assert issue(store)[0] != issue(store)[0]


@pytest.mark.parametrize("key", ["mk_", "mk_guessed", "", "other", "mk_" + "x" * 5000, "mk_é"])
def test_a_key_that_was_never_given_is_nobodys(store: OperatorsStore, key: str) -> None:
    issue(store)
    with pytest.raises(Unauthorized, match="no operator's key"):
        store.find(key, now=NOW)


def test_a_key_expires(store: OperatorsStore) -> None:
    key, _ = issue(store, expires_at=NOW + DAY)
    store.find(key, now=NOW + DAY - 1)
    with pytest.raises(Unauthorized, match="expired"):
        store.find(key, now=NOW + DAY)


def test_a_revoked_key_is_out_and_the_others_stay(store: OperatorsStore) -> None:
    (lost, identifier), (kept, _) = issue(store), issue(store)
    store.revoke(identifier, now=NOW)
    store.revoke(identifier, now=NOW + 1)
    with pytest.raises(Unauthorized, match=f"{identifier} was revoked"):
        store.find(lost, now=NOW)
    store.find(kept, now=NOW)
    assert [record.revoked_at for record in store.records() if record.operator.id == identifier] == [NOW]


def test_nothing_can_be_revoked_that_was_not_given(store: OperatorsStore) -> None:
    with pytest.raises(NotFound):
        store.revoke("op-none", now=NOW)


def test_all_keys_are_listed_the_newest_last(store: OperatorsStore) -> None:
    issue(store, "second", now=NOW + 1)
    issue(store, "first", expires_at=NOW + DAY)
    assert [(record.operator.name, record.expires_at) for record in store.records()] == [
        ("first", NOW + DAY),
        ("second", None),
    ]


def test_a_scope_of_another_release_allows_nothing(store: OperatorsStore, system: System) -> None:
    key, _ = issue(store)
    (item,) = system.items("OperatorsTable")
    system.dynamodb.update_item(
        TableName=system.ref("OperatorsTable"),
        Key={"key_sha256": {"S": item["key_sha256"]}},
        UpdateExpression="SET scopes = :scopes",
        ExpressionAttributeValues={":scopes": {"L": [{"S": "everything:write"}]}},
    )
    assert store.find(key, now=NOW).scopes == frozenset()
