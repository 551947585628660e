"""Pages of coverages as one collection (CoverageJSON, OGC 21-069r2). A station that goes on from one page to the next has a
coverage for each: none of them has to be held whole."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

type Page = dict[str, Any]


def of_page(page: Page) -> list[dict[str, Any]]:
    """The coverages of a page, whether it is one or a collection of them."""
    found: list[dict[str, Any]] = [page] if page["type"] == "Coverage" else page["coverages"]
    return found


def collection(heads: Iterable[Page], pages: Iterable[Page]) -> Iterator[bytes]:
    """`heads` are the pages without their values."""
    parameters: dict[str, Any] = {}
    for each in heads:
        parameters |= each["parameters"]
    top = {"type": "CoverageCollection", "domainType": "PointSeries", "parameters": dict(sorted(parameters.items()))}
    yield f'{_dumps(top)[:-1]},"coverages":['.encode()
    between = b""
    for page in pages:
        for each in of_page(page):
            each.pop("links", None)
            yield between + _dumps(each).encode()
            between = b","
    yield b"]}"


def _dumps(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
