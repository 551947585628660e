"""What changes how a function runs publishes a version of it; what does not, publishes none."""

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from local import intrinsics, release, translation
from tests import template
from tests.template import ROOT

type Change = Callable[[Path], None]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("src", "deploy", "docs", "events"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("template.yaml", "README.md", "Makefile"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def edit(path: str, pattern: str, instead: str) -> Change:
    def change(root: Path) -> None:
        file = root / path
        before = file.read_text()
        after = re.sub(pattern, instead, before, count=1)
        assert after != before, f"{pattern} is not in {path}"
        file.write_text(after)

    return change


def add(path: str, text: str) -> Change:
    def change(root: Path) -> None:
        with (root / path).open("a") as file:
            file.write(text)

    return change


def versions(root: Path) -> set[str]:
    return published((root / "template.yaml").read_text(), release.identifier(root))


@cache
def published(text: str, release_id: str) -> set[str]:
    translated = translation.translate(intrinsics.read(text), ReleaseId=release_id)
    return set(template.resources("AWS::Lambda::Version", of=translated))


def compiled(root: Path) -> None:
    folder = root / "src/mesonet/__pycache__"
    folder.mkdir()
    (folder / "errors.cpython-313.pyc").write_bytes(b"compiled")


PUBLISHES = {
    "code": add("src/mesonet/functions/api_weather/logic.py", "\nANSWER = 42\n"),
    "a module that functions share": add("src/mesonet/domain/units.py", "\nANSWER = 42\n"),
    "a dependency": edit("src/requirements.txt", r"(marshmallow==)[\d.]+", r"\g<1>4.99.0"),
    "an environment variable": edit(
        "template.yaml", r"RELEASE_ID: !Ref ReleaseId", "RELEASE_ID: !Ref ReleaseId\n        MORE: more"
    ),
    "a time-out": edit("template.yaml", r"Timeout: 300", "Timeout: 299"),
    "memory": edit("template.yaml", r"MemorySize: 1769", "MemorySize: 2048"),
    "a permission": edit("template.yaml", r"\[s3:ListBucket\]", "[s3:ListBucket, s3:GetBucketLocation]"),
    "a stage's parameter": edit("deploy/prod.json", r'"ThrottleRate": "\d+"', '"ThrottleRate": "999"'),
}
PUBLISHES_NOTHING = {
    "a document": add("docs/decisions.md", "\nMore.\n"),
    "the README": add("README.md", "\nMore.\n"),
    "a comment in the template": edit("template.yaml", r"\nParameters:", "\n# A comment.\n\nParameters:"),
    "the Makefile": add("Makefile", "\n# more\n"),
    "a sample event": add("events/api_weather/health.json", "\n"),
    "compiled code": compiled,
}


@pytest.mark.parametrize("what", PUBLISHES)
def test_a_change_of_what_runs_publishes_a_version_of_every_function(checkout: Path, what: str) -> None:
    before = versions(checkout)
    PUBLISHES[what](checkout)
    after = versions(checkout)
    assert len(after) == len(before) > 0
    assert not after & before


@pytest.mark.parametrize("what", PUBLISHES_NOTHING)
def test_a_change_of_anything_else_publishes_none(checkout: Path, what: str) -> None:
    before = versions(checkout)
    PUBLISHES_NOTHING[what](checkout)
    assert versions(checkout) == before


def test_the_same_checkout_is_the_same_release_wherever_it_is(checkout: Path) -> None:
    assert release.identifier(checkout) == release.identifier(ROOT)
    assert re.fullmatch(template.source()["Parameters"]["ReleaseId"]["AllowedPattern"], release.identifier(ROOT))
