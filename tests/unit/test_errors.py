"""The error tree is what its drawing says."""

import re

import pytest

from mesonet import errors
from mesonet.errors import InvalidMapping, InvalidParameter, MesonetError, UnreadableFile


def drawn() -> dict[str, str]:
    """Class and parent, from the tree at the top of errors.py."""
    assert errors.__doc__
    parents: dict[str, str] = {}
    above: list[str] = []
    for line in errors.__doc__.splitlines():
        found = re.match(r"(?P<branch>(?:[│ ]   )*(?:[├└]── )?)(?P<name>[A-Z]\w+)(?:\s{2,}|$)", line)
        if found:
            depth = len(found["branch"]) // 4
            above[depth:] = [found["name"]]
            if depth:
                parents[found["name"]] = above[depth - 1]
    return parents


def test_the_tree_at_the_top_of_the_file_is_the_tree_of_the_classes() -> None:
    classes = {name: each for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, MesonetError)}
    assert drawn() == {name: each.__base__.__name__ for name, each in classes.items() if each is not MesonetError}  # type: ignore[union-attr]


def test_every_error_has_a_code_of_its_own() -> None:
    classes = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, MesonetError)]
    assert len({each.code for each in classes}) == len(classes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", each.code) for each in classes)


@pytest.mark.parametrize("kind", [errors.BadInput, InvalidParameter, InvalidMapping, UnreadableFile])
def test_bad_input_is_the_callers_fault(kind: type[MesonetError]) -> None:
    assert kind.status == 400


def test_a_parameters_error_names_it_what_was_sent_and_what_is_allowed() -> None:
    error = InvalidParameter("bbox", "not four numbers", value="1,2", allowed=("a", "b"))
    assert error.members() == {"parameter": "bbox", "value": "1,2", "allowed": ["a", "b"]}
    assert InvalidParameter("bbox", "no", allowed="west,south,east,north").members()["allowed"] == "west,south,east,north"
    assert InvalidParameter("bbox", "no").members() == {"parameter": "bbox"}
