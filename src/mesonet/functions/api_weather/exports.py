"""Answers with more than one page, in one file: a job makes it, and the client is led there.

GET …/area?coords=…&whole=true  → 200 where one page has it all, else 303 to /exports/{id}
GET …/area?coords=…&f=Parquet   → 303 to /exports/{id}
GET /exports/{id}               → 202 while it is made, then 303 to the file
"""

from collections.abc import Callable, Mapping

from mesonet.domain.export import Export, Kind
from mesonet.errors import InvalidParameter
from mesonet.record import dataclass, replace
from mesonet.web import parameters as read
from mesonet.web.media import PARQUET
from mesonet.web.request import Request
from mesonet.web.response import Response

WHOLE = "whole"
LINK_S = 900  # of a file's address: long enough for a slow line to begin; what has begun goes on

type Answering = Callable[..., Response]
type HandOver = Callable[[Request, Kind], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """A route's representations: `offers` are all, `files` those that an export may have, by the same short names; `read_as` is
    the one that exports are made from, and `limit` the largest page."""

    offers: Mapping[str, str]
    files: Mapping[str, Kind]
    read_as: str
    limit: str = ""

    @property
    def all_offers(self) -> Mapping[str, str]:
        return {**self.offers, Kind.PARQUET.value: PARQUET} if Kind.PARQUET in self.files.values() else self.offers


def exporting(answer: Answering, pages: Pages, *, hand_over: HandOver) -> Answering:
    """The answer of a route, or the way to all of it."""

    def answered(request: Request, **parts: str) -> Response:
        whole = read.flag(request.query, WHOLE)
        kind = request.chosen(pages.all_offers)
        if kind in pages.offers and not whole:
            return answer(request, **parts)
        if request.query.get("cursor"):
            raise InvalidParameter("cursor", "all of an answer begins at its beginning", allowed="a query without `cursor`")
        query = {name: value for name, value in request.query.items() if name not in (WHOLE, "f", "cursor")}
        if pages.limit:
            query["limit"] = pages.limit
        first = answer(replace(request, query={**query, "f": kind if kind in pages.offers else pages.read_as}), **parts)
        if first.status != 200:
            return first
        if kind in pages.offers and all(link["rel"] != "next" for link in first.links):
            if kind not in pages.files:
                return first
            name = Export(path=request.path, query=query, kind=pages.files[kind], asked_at=0).file_name
            return replace(first, headers={**first.headers, "Content-Disposition": f'attachment; filename="{name}"'})
        if kind not in pages.files:
            allowed = list(pages.files)
            raise InvalidParameter("f", f"there is more than a page, and no file of {kind}", value=kind, allowed=allowed)
        return hand_over(replace(request, query={**query, "f": pages.read_as}), pages.files[kind])

    return answered
