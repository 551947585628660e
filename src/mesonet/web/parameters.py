"""A request's query parameters: what they mean, or InvalidParameter, which names the parameter and what is allowed."""

from collections.abc import Mapping, Sequence
from math import isfinite

from mesonet.domain.station import BoundingBox
from mesonet.errors import InvalidParameter

type Query = Mapping[str, str]

LONGEST_TEXT = 100  # characters: as long as an identifier may be; folded, 600 bytes, for which a key has room

LARGEST = 2**31 - 1  # whole number that every client can hold: OGC's suite for Features has it in an `int` of Java


def whole_number(query: Query, name: str, *, default: int, least: int, most: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    allowed = f"a whole number from {least} to {most}"
    if not (text.isascii() and text.isdecimal()) or len(text) > 20 or not least <= int(text) <= most:
        raise InvalidParameter(name, f"{text!r} is not {allowed}", value=text, allowed=allowed)
    return int(text)


def page_size(query: Query, *, default: int, most: int) -> int:
    """`limit`: more than there can be on a page is taken for the most (OGC API - Features, 7.15.2)."""
    return min(whole_number(query, "limit", default=default, least=1, most=LARGEST), most)


def text(query: Query, name: str) -> str | None:
    """What is looked up as it is written."""
    given = query.get(name)
    if given is not None and len(given) > LONGEST_TEXT:
        allowed = f"up to {LONGEST_TEXT} characters"
        raise InvalidParameter(name, f"it has {len(given):,} characters", value=given[:LONGEST_TEXT], allowed=allowed)
    return given


def number(text: str) -> float:
    """`float` takes `1_0` and the digits of other scripts, too. Raises ValueError."""
    if "_" in text or not text.isascii():
        raise ValueError(f"{text!r} is no number")
    return float(text)


def degrees(query: Query, name: str, *, most: float) -> float | None:
    text = query.get(name)
    if text is None:
        return None
    allowed = f"degrees from {-most:g} to {most:g}"
    try:
        value = number(text)
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise InvalidParameter(name, f"{text!r} is not {allowed}", value=text, allowed=allowed)
    return value


def bounding_box(query: Query, *, latitude_first: bool = False) -> BoundingBox | None:
    """`bbox`: four numbers, or six with heights (OGC API - Features, 7.15.3)."""
    name = "bbox"
    text = query.get(name)
    if text is None:
        return None
    order, example = (
        ("south,west,north,east", "40,-75,41,-73") if latitude_first else ("west,south,east,north", "-75,40,-73,41")
    )
    allowed = f"{order} in degrees (WGS 84), for instance {example}; west may exceed east across 180°"
    try:
        numbers = [number(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not all(map(isfinite, numbers)):
        numbers = []
    if len(numbers) not in (4, 6):
        raise InvalidParameter(name, f"{text!r} is not four numbers", value=text, allowed=allowed)
    half = len(numbers) // 2
    (west, south, *bottom), (east, north, *top) = numbers[:half], numbers[half:]
    if latitude_first:
        west, south, east, north = south, west, north, east
    if -90 <= north < south <= 90:
        raise InvalidParameter(name, f"{text!r} has its north south of its south", value=text, allowed=allowed)
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise InvalidParameter(name, f"{text!r} is no box on Earth", value=text, allowed=allowed)
    if bottom and not bottom <= top:
        raise InvalidParameter(name, f"{text!r} ends below where it begins", value=text, allowed=allowed)
    return BoundingBox(west, south, east, north, *bottom, *top)


def one_of(query: Query, name: str, choices: Sequence[str]) -> str | None:
    text = query.get(name)
    if text is not None and text not in choices:
        raise InvalidParameter(name, f"{text!r} is none of {name}'s values", value=text, allowed=choices)
    return text


def flag(query: Query, name: str) -> bool:
    return one_of(query, name, ("true", "false")) == "true"
