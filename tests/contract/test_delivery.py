"""docs/delivery.md promises only what a test holds."""

import re

import pytest

from tests.template import ROOT

SENTENCES = [line for line in (ROOT / "docs/delivery.md").read_text().splitlines() if line.startswith("- ")]
TESTS = {
    found[1]
    for path in (ROOT / "tests").rglob("test_*.py")
    for found in re.finditer(r"^def (test_\w+)", path.read_text(), re.M)
}


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda text: text[2:42])
def test_a_sentence_names_tests_that_exist(sentence: str) -> None:
    named = re.findall(r"`(test_\w+)`", sentence)
    assert named
    assert set(named) <= TESTS


def test_the_page_says_something() -> None:
    assert len(SENTENCES) > 15
