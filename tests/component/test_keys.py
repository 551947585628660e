"""`make key` and `make keys`: a key is printed once, counts for what was said, and can be revoked by what the list shows."""

import re
import time
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from local import __main__ as program
from local import keys
from local.errors import Failure
from mesonet.domain.instant import DAY
from mesonet.domain.operator import Scope
from mesonet.errors import Unauthorized
from mesonet.stores.operators import OperatorsStore
from tests.system import System


@pytest.fixture
def store(system: System) -> Iterator[OperatorsStore]:
    made = OperatorsStore(system.ref("OperatorsTable"), client=system.dynamodb)
    with patch.object(keys, "_store", lambda environment: made):
        yield made


def run(*arguments: str) -> None:
    assert program.main(["key", *arguments]) == 0


def test_a_key_is_printed_once_and_counts(store: OperatorsStore, capsys: pytest.CaptureFixture[str]) -> None:
    run("--name", "Parks", "--stations", "NYC-*,JFK", "--scopes", "observations:write,files:write", "--days", "7")
    printed = capsys.readouterr().out
    key = printed.splitlines()[0]
    now = int(time.time() * 1000)
    operator = store.find(key, now=now)
    assert (operator.name, operator.stations, operator.scopes) == (
        "Parks",
        ("NYC-*", "JFK"),
        frozenset({Scope.OBSERVATIONS, Scope.FILES}),
    )
    with pytest.raises(Unauthorized, match="expired"):
        store.find(key, now=now + 8 * DAY)
    run("--list")
    listed = capsys.readouterr().out
    assert operator.id in listed
    assert key not in listed


def test_a_key_is_revoked_by_what_the_list_shows(store: OperatorsStore, capsys: pytest.CaptureFixture[str]) -> None:
    run("--name", "Parks", "--stations", "*", "--days", "0")
    printed = capsys.readouterr().out
    assert "until it is revoked" in re.sub(r"\s+", " ", printed)
    (identifier,) = re.findall(r"op-[0-9a-f]+", printed)
    run("--revoke", identifier)
    with pytest.raises(Unauthorized, match="revoked"):
        store.find(printed.splitlines()[0], now=0)
    run("--list")
    assert f"{identifier}  revoked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--name", "Parks", "--stations", "*", "--scopes", "everything"], "there is no scope 'everything'"),
        (["--name", " ", "--stations", "*"], "a key needs NAME="),
        (["--name", "Parks", "--stations", ""], "a key needs NAME="),
        (["--revoke", "op-none"], "there is no key 'op-none'"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], said: str, store: OperatorsStore) -> None:
    with pytest.raises(Failure) as told:
        run(*arguments)
    assert said in told.value.line
    assert not store.records()
