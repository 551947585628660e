"""Operators: what a key is for."""

import pytest

from mesonet.domain.operator import Operator, Scope, key_of
from mesonet.errors import Forbidden, Unauthorized


def operator(*stations: str, scopes: frozenset[Scope] = frozenset({Scope.OBSERVATIONS})) -> Operator:
    return Operator(id="op-1", name="Parks", stations=stations, scopes=scopes)


@pytest.mark.parametrize(
    ("pattern", "station", "covered"),
    [
        ("*", "anything at all\n", True),
        ("JFK", "JFK", True),
        ("JFK", "JFK2", False),
        ("JFK", "jfk", False),
        ("NYC-*", "NYC-7", True),
        ("NYC-*", "NYC", False),
        ("*-7", "NYC-7", True),
        ("N*7", "NYC-7", True),
        ("N.C", "NYC", False),
        ("[NYC]", "N", False),
        ("0-20000-0-*", "0-20000-0-72503", True),
        ("", "JFK", False),
    ],
)
def test_a_star_stands_for_any_characters_and_nothing_else_is_special(pattern: str, station: str, covered: bool) -> None:
    assert operator(pattern).covers(station) is covered


def test_any_of_the_patterns_is_enough() -> None:
    assert operator("A", "B*").covers("B1")
    assert not operator().covers("B1")


def test_a_key_allows_what_it_is_for() -> None:
    operator("A").require(Scope.OBSERVATIONS, ["A"])


def test_a_key_does_not_allow_another_scope() -> None:
    with pytest.raises(Forbidden, match="not for files:write; it is for observations:write"):
        operator("A").require(Scope.FILES, ["A"])


def test_a_key_does_not_allow_another_station() -> None:
    with pytest.raises(Forbidden, match="not for station 'B'; it is for A"):
        operator("A").require(Scope.OBSERVATIONS, ["A", "B"])


@pytest.mark.parametrize("header", ["Bearer mk_x", "bearer mk_x", "  BEARER   mk_x  "])
def test_a_key_comes_as_a_bearer_token(header: str) -> None:
    assert key_of(header) == "mk_x"


@pytest.mark.parametrize("header", [None, "", "mk_x", "Bearer", "Bearer ", "Basic bWs6eA=="])
def test_without_a_bearer_token_nobody_is_known(header: str | None) -> None:
    with pytest.raises(Unauthorized) as refused:
        key_of(header)
    assert refused.value.headers["WWW-Authenticate"].startswith("Bearer")
