"""What the documents lead to is there: files, headings, and targets of the Makefile."""

import re
from pathlib import Path

import pytest

from tests.template import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATH = re.compile(
    r"(?<![\w/.$*{}:-])((?:src|tests|local|benchmarks|docs|web|events|security|deploy|requirements|formats|functions)/[\w./-]*\w)"
    r"(?![\w*{<…])"
)
MODULE = re.compile(r"python -m ((?:local|benchmarks|tests)[\w.]*)")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())


def anchors(document: Path) -> set[str]:
    """Of its headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@documents
def test_a_link_leads_to_a_file_or_a_heading_that_is_there(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text())
    lost = []
    for path, _, heading in (link.partition("#") for link in links if not link.startswith("https://")):
        target = document.parent / path if path else document
        if not target.exists() or (heading and heading not in anchors(target)):
            lost.append(f"{path}#{heading}")
    assert not lost


@documents
def test_a_command_of_make_has_a_target(document: Path) -> None:
    named = set(re.findall(r"(?:^|`|&& |[A-Z_]+=\S+ )make ([a-z][a-z-]*)", document.read_text(), re.MULTILINE))
    assert named <= TARGETS


@documents
def test_a_path_that_is_named_is_there(document: Path) -> None:
    """From the top of the checkout, or from the package."""
    named = set(PATH.findall(document.read_text()))
    assert not [path for path in named if not any((folder / path).exists() for folder in (ROOT, ROOT / "src/mesonet"))]


@documents
def test_a_module_that_is_run_is_there(document: Path) -> None:
    named = {ROOT.joinpath(*name.split(".")) for name in MODULE.findall(document.read_text())}
    assert not [path for path in named if not (path.with_suffix(".py").exists() or (path / "__main__.py").exists())]
