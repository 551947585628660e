"""HTTP at the edge: request parameters in, representations and problems out."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any

from mesonet.domain.station import BoundingBox
from mesonet.errors import InvalidParameter, MesonetError

JSON = "application/json"
GEOJSON = "application/geo+json"
CSV = "text/csv; charset=utf-8"
PROBLEM = "application/problem+json"
PROBLEM_TYPES = "https://mesonet.invalid/problems/"  # names a kind of problem; nothing is served there (RFC 9457, 3.1.1)

type Query = Mapping[str, str]


def problem(error: MesonetError, *, instance: str, correlation_id: str) -> str:
    """The problem document of an error (RFC 9457)."""
    return json.dumps(
        {
            "type": PROBLEM_TYPES + error.code,
            "title": error.title,
            "status": error.status,
            "detail": error.detail,
            "instance": instance,
            "correlation_id": correlation_id,
        }
        | error.members(),
        ensure_ascii=False,
        default=str,
    )


def only(query: Query, allowed: Collection[str]) -> None:
    """Raises InvalidParameter for a parameter that the path does not know: a misspelt filter must not answer everything."""
    for name in query:
        if name not in allowed:
            raise InvalidParameter(name, f"there is no parameter {name!r} here", value=query[name], allowed=sorted(allowed))


def whole_number(query: Query, name: str, *, default: int, least: int, most: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    allowed = f"a whole number from {least} to {most}"
    if not (text.isascii() and text.isdigit()) or len(text) > 20 or not least <= int(text) <= most:
        raise InvalidParameter(name, f"{text!r} is not {allowed}", value=text, allowed=allowed)
    return int(text)


def degrees(query: Query, name: str, *, most: float) -> float | None:
    text = query.get(name)
    if text is None:
        return None
    allowed = f"degrees from {-most:g} to {most:g}"
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise InvalidParameter(name, f"{text!r} is not {allowed}", value=text, allowed=allowed)
    return value


def bounding_box(query: Query, name: str = "bbox") -> BoundingBox | None:
    """Four numbers, or six with heights, which are not looked at (OGC API - Features, 7.15.3)."""
    text = query.get(name)
    if text is None:
        return None
    allowed = "west,south,east,north in degrees (WGS 84), for instance -75,40,-73,41; west may exceed east across 180°"
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[0:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise InvalidParameter(name, f"{text!r} is not four numbers", value=text, allowed=allowed)
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise InvalidParameter(name, f"{text!r} is no box on Earth", value=text, allowed=allowed)
    return BoundingBox(west, south, east, north)


def one_of(query: Query, name: str, choices: Sequence[str]) -> str | None:
    text = query.get(name)
    if text is not None and text not in choices:
        raise InvalidParameter(name, f"{text!r} is none of {name}'s values", value=text, allowed=choices)
    return text


def flag(query: Query, name: str) -> bool:
    return one_of(query, name, ("true", "false")) == "true"


def cursor(position: Sequence[Any], query: Query) -> str:
    """An opaque place in the answer to one query."""
    return urlsafe_b64encode(json.dumps([_fingerprint(query), *position]).encode()).decode().rstrip("=")


def position[A, B](query: Query, first: type[A], second: type[B]) -> tuple[A, B] | None:
    """Where a cursor says to go on, None without one. A cursor belongs to the query that it was given with."""
    text = query.get("cursor")
    if text is None:
        return None
    try:
        mark, *found = list[Any](json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4))))
        if mark == _fingerprint(query) and len(found) == 2 and type(found[0]) is first and type(found[1]) is second:
            return found[0], found[1]
    except (ValueError, TypeError):
        pass
    raise InvalidParameter(
        "cursor",
        "the cursor is not one of this query's",
        value=text,
        allowed="the cursor of an answer's `next` link, with the other parameters unchanged",
    )


def _fingerprint(query: Query) -> str:
    rest = sorted((name, value) for name, value in query.items() if name not in ("cursor", "limit", "f"))
    return sha256(json.dumps(rest).encode()).hexdigest()[:12]


def media_type(query: Query, accept: str | None, offers: Mapping[str, str], *, default: str) -> str:
    """The short name of the representation: `f=` decides, else `Accept` (RFC 9110, 12.5.1), else the default.

    `offers` maps short names to media types. What cannot be had is an error when `f` asks for it; an `Accept` that nothing
    fits gets the default, as RFC 9110 allows.
    """
    chosen = one_of(query, "f", list(offers))
    if chosen:
        return chosen
    best, weight = default, 0.0
    for part in (accept or "").split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        for short, offered in offers.items():
            if name == offered.partition(";")[0] and quality > weight:
                best, weight = short, quality
    return best


def etag(body: str) -> str:
    return f'"{sha256(body.encode()).hexdigest()[:27]}"'


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
