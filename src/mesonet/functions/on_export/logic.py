"""Decides what an export is made of: all pages of an answer, or the reason why there will be none."""

import gzip
import json
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from mesonet.domain.export import Export, Kind
from mesonet.domain.release import Outcome as Invoked
from mesonet.errors import Unavailable
from mesonet.functions.on_export import coverages, tables
from mesonet.stores.exports import ExportsStore

RESERVE_MS = 60_000  # for the upload's last part, and for saying that it was too much
MOST_BYTES = 400_000_000  # of pages, compressed: the function's disk has 512 MB. Some 4 GB of values

type Ask = Callable[[Mapping[str, Any]], Invoked]
type Page = dict[str, Any]


class Outcome(StrEnum):
    MADE = "made"
    THERE = "there"
    REFUSED = "refused"


class TooMuch(Exception):
    """More than one call can make, with what to do."""


def make(asked: Export, *, ask: Ask, store: ExportsStore, remaining_ms: Callable[[], int]) -> Outcome:
    """The same question twice writes one file. Raises Unavailable where the API or S3 does not answer now."""
    if store.is_ready(asked.id):
        return Outcome.THERE
    with TemporaryFile() as disk:
        try:
            kept = Kept(disk, remaining_ms)
            for page, body in pages(asked, ask):
                kept.add(page, body)
            with store.written(asked) as file:
                for piece in pieces(asked.kind, kept):
                    file.write(piece)
        except TooMuch as exc:
            store.refuse(asked.id, str(exc))
            return Outcome.REFUSED
    return Outcome.MADE


def pieces(kind: Kind, kept: "Kept") -> Iterator[bytes]:
    match kind:
        case Kind.CSV:
            return tables.csv(kept.heads, kept)
        case Kind.PARQUET:
            return tables.parquet(kept.heads, kept)
        case Kind.COVERAGEJSON:
            return coverages.collection(kept.heads, kept)


class Kept:
    """Pages on disk, as they came, and what each says besides values: which columns there are is known at the end only."""

    def __init__(self, disk: Any, remaining_ms: Callable[[], int]) -> None:
        self._disk = disk
        self._remaining_ms = remaining_ms
        self._starts: list[int] = []
        self.heads: list[Page] = []

    def add(self, page: Page, body: bytes) -> None:
        """`body` is the page as JSON, compressed. Raises TooMuch."""
        self._in_time()
        self._starts.append(self._disk.seek(0, 2))
        if self._starts[-1] > MOST_BYTES:
            raise TooMuch("the answer has more than 4 GB: ask for fewer times, parameters or stations at a time")
        self._disk.write(body)
        self.heads.append(head(page))

    def __iter__(self) -> Iterator[Page]:
        """Raises TooMuch."""
        for start, end in zip(self._starts, [*self._starts[1:], self._disk.seek(0, 2)], strict=True):
            self._in_time()
            self._disk.seek(start)
            yield json.loads(gzip.decompress(self._disk.read(end - start)))

    def _in_time(self) -> None:
        if self._remaining_ms() < RESERVE_MS:
            raise TooMuch("the answer takes more than a quarter of an hour: ask for fewer times, parameters or stations")


def head(page: Page) -> Page:
    """What a page says besides values."""
    return {
        name: {parameter: _without_lists(said) for parameter, said in each.items()} if name == "parameters" else each
        for name, each in page.items()
        if name in ("type", "station", "parameters")
    }


def _without_lists(said: Mapping[str, Any]) -> dict[str, Any]:
    """Of a column that has its values beside its description; which lists there are stays to be seen."""
    return {name: [] if isinstance(each, list) else each for name, each in said.items()}


def pages(asked: Export, ask: Ask) -> Iterator[tuple[Page, bytes]]:
    """The API's own answers, from the first to the last, each also as it came."""
    query: dict[str, str] | None = dict(asked.query)
    while query is not None:
        found = answered(asked, query, ask)
        if found is not None:
            yield found
        query = following(found[0]) if found is not None else None


def following(page: Page) -> dict[str, str] | None:
    """The query of the next page, None on the last."""
    found = [link["href"] for link in page.get("links", ()) if link["rel"] == "next"]
    return dict(parse_qsl(urlsplit(found[0]).query, keep_blank_values=True)) if found else None


def answered(asked: Export, query: Mapping[str, str], ask: Ask) -> tuple[Page, bytes] | None:
    """The answer, and its body compressed; None where there is nothing (204)."""
    event = {
        "httpMethod": "GET",
        "path": asked.path,
        "headers": {"Accept": "*/*", "Accept-Encoding": "gzip"},
        "queryStringParameters": dict(query),
        "requestContext": {"requestId": f"export-{asked.id}"},
        "body": None,
        "isBase64Encoded": False,
    }
    invoked = ask(event)
    if invoked.error is not None:
        raise Unavailable(f"the API failed: {invoked.error}")
    answer = invoked.answer
    body = b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    is_packed = answer["headers"].get("Content-Encoding") == "gzip"
    if answer["statusCode"] == 204:
        return None
    if answer["statusCode"] >= 500:
        raise Unavailable(f"the API answers {answer['statusCode']}")
    page: Page = json.loads(gzip.decompress(body) if is_packed else body)
    if answer["statusCode"] != 200:  # it was answered when it was asked for: what it is about is not there any more
        raise TooMuch(str(page.get("detail", answer["statusCode"])))
    return page, body if is_packed else gzip.compress(body, 1)
