"""Directions that are written as points of the compass, in the letters of many languages."""

from collections.abc import Iterable
from functools import cache

from mesonet.regex import regex

_POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
# the letters of north, east, south and west
_LIKE_NO_OTHERS = ("NESW", "СВЮЗ", "北東南西", "北东南西", "북동남서")  # English, Russian, Japanese, Chinese, Korean
_LIKE_OTHERS = (
    "NESO",  # French, Spanish, Italian, Portuguese
    "NOSW",  # German
    "NOZW",  # Dutch
    "NÖSV",  # Swedish
    "NØSV",  # Danish, Norwegian
    "NASV",  # Icelandic
    "SVJZ",  # Czech, Slovak, Slovenian
    "SIJZ",  # Croatian, Serbian
    "KDGB",  # Turkish
    "СИЮЗ",  # Bulgarian
    "ΒΑΝΔ",  # Greek
)
_BY_WORD = (
    (regex(r"\b(vents?|vientos?|ventos?|vento|raf\w+|rachas?|raffic\w+|rajadas?)\b"), "NESO"),
    (regex(r"windricht(?!ing)|\b(boe\w*|richtung)\b"), "NOSW"),
    (regex(r"windrichting|\bricht(ing)?\b"), "NOZW"),
    (regex(r"\bvind\w*"), "NÖSV NØSV NASV"),
    (regex(r"\b(smer|vetr\w*|vitr|veter|vjet\w*)\b"), "SVJZ SIJZ"),
)
_LESTE = {"L": 90.0}  # in Portuguese, though it is NE and SE
_CHINESE = {45.0: "东北 東北", 135.0: "东南 東南", 225.0: "西南", 315.0: "西北"}


@cache
def _bearings_in(letters: str) -> dict[str, float]:
    into = str.maketrans("NESW", letters)
    found = {point.translate(into): at * 22.5 for at, point in enumerate(_POINTS)}
    return found | _LESTE if letters == "NESO" else found


# in letters that mean the same wherever they are used
BEARINGS = {point: at for letters in _LIKE_NO_OTHERS for point, at in _bearings_in(letters).items()}
BEARINGS |= {"NORTH": 0.0, "EAST": 90.0, "SOUTH": 180.0, "WEST": 270.0}
BEARINGS |= {point: bearing for bearing, points in _CHINESE.items() for point in points.split()}


def bearings(letters: str = "") -> dict[str, float]:
    """Degrees of points, written in `letters`, which are those of north, east, south and west, or in any that mean the same
    wherever they are used."""
    return BEARINGS | _bearings_in(letters) if letters else BEARINGS


def letters_of(points: Iterable[str], name: str) -> list[str]:
    """In which letters points may be written, "" where all are `BEARINGS`: one where it is clear, several where they would be
    of other directions, none where no language has such points. `name` is that of their column, in small letters: where it is
    a word of one language, so are they."""
    given = set(points)
    if BEARINGS.keys() >= given:
        return [""]
    fitting = [letters for letters in _LIKE_OTHERS if given <= _bearings_in(letters).keys()]
    told = [letters for word, of in _BY_WORD if word.search(name) for letters in fitting if letters in of]
    fitting = told or fitting
    readings = {tuple(map(_bearings_in(letters).get, sorted(given))) for letters in fitting}
    return fitting if len(readings) > 1 else fitting[:1]
