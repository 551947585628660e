"""What it takes to make pages of an answer into one file: CPU time and peak memory, which must not grow with the pages.

    .venv/bin/python -m benchmarks.exports [--pages 30]

Each kind, and a fourfold CSV, in a process of its own. Pages are those of a station with ten parameters; S3 takes all of it.
"""

import argparse
import gzip
import json
import multiprocessing
import random
import resource
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mesonet.domain import instant
from mesonet.domain.export import Export, Kind
from mesonet.domain.release import Outcome
from mesonet.functions.on_export import logic
from mesonet.stores.exports import ExportFile

ROWS, PARAMETERS = 40_000, 10  # 2.7 MB of JSON: what a page has, about
NEW_YEAR, STEP = 1_356_998_400_000, 300_000


class Nowhere:
    """Takes the parts of a file."""

    size = 0

    def is_ready(self, export_id: str) -> bool:
        return False

    @contextmanager
    def written(self, export: Export) -> Iterator[ExportFile]:
        file = ExportFile(lambda part: None)
        yield file
        file.flush()
        self.size = file.size


def page(*, last: bool) -> tuple[int, dict[str, Any]]:
    """Bytes of JSON, and the API's answer."""
    random.seed(1)
    names = [f"parameter_{number}" for number in range(PARAMETERS)]
    parameters = {name: {"unit": {"label": {"en": "Cel"}}} for name in names}
    axes: dict[str, Any] = {"t": {"values": [instant.iso(NEW_YEAR + STEP * at) for at in range(ROWS)]}}
    ranges = {name: {"values": [round(random.gauss(10, 5), 1) for _ in range(ROWS)]} for name in names}
    document = {
        "type": "Coverage",
        "id": "EWR",
        "parameters": parameters,
        "domain": {"axes": axes | {"x": {"values": [-74.2]}, "y": {"values": [40.7]}}},
        "ranges": ranges,
        "links": [] if last else [{"rel": "next", "href": "https://api.example.org/page?cursor=on"}],
    }
    body = json.dumps(document, separators=(",", ":")).encode()
    packed = b64encode(gzip.compress(body, 1)).decode()
    headers = {"Content-Encoding": "gzip"}
    return len(body), {"statusCode": 200, "headers": headers, "body": packed, "isBase64Encoded": True}


def measure(kind: Kind, pages: int) -> str:
    size, middle = page(last=False)
    _, end = page(last=True)
    asked = 0

    def ask(event: Mapping[str, Any]) -> Outcome:
        nonlocal asked
        asked += 1
        return Outcome(answer=end if asked == pages else middle, error=None, version="1")

    export = Export(path="/page", query={"f": "CoverageJSON"}, kind=kind, asked_at=0)
    store, began = Nowhere(), time.process_time()
    outcome = logic.make(export, ask=ask, store=store, remaining_ms=lambda: 900_000)  # type: ignore[arg-type]
    assert (outcome, asked) == (logic.Outcome.MADE, pages)
    spent, peak = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    given, made = size * pages / 1e6, store.size / 1e6
    return f"{kind:<13}{pages:>6} pages {given:>7.0f} MB → {made:>5.0f} MB {spent:>7.1f} s CPU {peak:>6.0f} MiB at most"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=30)
    pages = parser.parse_args().pages
    context = multiprocessing.get_context("spawn")
    for kind, times in ((Kind.CSV, 1), (Kind.COVERAGEJSON, 1), (Kind.PARQUET, 1), (Kind.CSV, 4)):
        with context.Pool(1) as pool:
            print(pool.apply(measure, (kind, pages * times)))


if __name__ == "__main__":
    main()
