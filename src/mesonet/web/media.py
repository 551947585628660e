"""Media types, and how documents are written in them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from mesonet.errors import InvalidParameter, NotAcceptable
from mesonet.json_text import writer

JSON = "application/json"
GEOJSON = "application/geo+json"
COVERAGEJSON = "application/vnd.cov+json"
HTML = "text/html; charset=utf-8"
CSV = "text/csv; charset=utf-8"
PARQUET = "application/vnd.apache.parquet"
PROBLEM = "application/problem+json"

type Link = dict[str, str]


dumps = writer()


def chosen(f: str | None, accept: str | None, offers: Mapping[str, str]) -> str:
    """The short name of the representation: `f=` decides, else `Accept` (RFC 9110, 12.5.1), else the first that is offered.

    `offers` maps short names to media types; `f` takes either. Raises InvalidParameter where `f`, NotAcceptable where `Accept`
    asks for what cannot be had.
    """
    if f is not None:
        asked = f.lower().replace(" ", "+")  # a plus that was not encoded
        for short, offered in offers.items():
            if asked in (short.lower(), _type(offered)):
                return short
        raise InvalidParameter("f", f"{f!r} is not to be had here", value=f, allowed=list(offers))
    if not accept or not accept.strip(" \t,"):  # a list of nothing (RFC 9110, 5.6.1.2)
        return next(iter(offers))
    return _best(accept, tuple(offers.items()))


@lru_cache(100)
def _best(accept: str, offers: Sequence[tuple[str, str]]) -> str:
    weights = {short: quality(accept, _type(offered)) for short, offered in offers}
    best = max(weights, key=lambda short: weights[short])  # the first of equals
    if weights[best] <= 0:
        kinds = list(dict.fromkeys(_type(offered) for _, offered in offers))
        raise NotAcceptable(f"nothing here is {accept!r}; there is {', '.join(kinds)}", allowed=kinds)
    return best


def quality(accept: str, offered: str) -> float:
    """How much a header like `Accept` wants one type, from 0 to 1: the most specific of its ranges counts."""
    best, weight = -1, 0.0
    for part in accept.split(","):
        wanted, *details = (piece.strip().lower() for piece in part.split(";"))
        if wanted == offered:
            rank = 2
        elif wanted == f"{offered.partition('/')[0]}/*":
            rank = 1
        elif wanted in ("*/*", "*"):
            rank = 0
        else:
            continue
        if rank > best:
            best, weight = rank, next((_weight(detail[2:]) for detail in details if detail.startswith("q=")), 1.0)
    return weight


def _weight(text: str) -> float:
    try:
        return min(max(0.0, float(text)), 1.0)  # in this order NaN is 0
    except ValueError:
        return 0.0


def _type(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def csv_line(cells: Sequence[object]) -> str:
    """One line of CSV (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return ",".join(_csv_cell(cell) for cell in cells) + "\r\n"


def _csv_cell(cell: object) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _is_number(cell):
        cell = f"'{cell}"
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',"\r\n') else cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
