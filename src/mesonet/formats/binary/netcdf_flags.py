"""What the checks of whoever made a NetCDF file found of its values, as flags of QARTOD.

Source: CF Conventions 1.11, 3.4 and 3.5 (ancillary variables; `flag_values`, `flag_masks`, `flag_meanings`); OceanSITES data
format reference manual 1.4, table 2 (`TEMP_QC`), whose words the Copernicus in situ files and Argo share; the ARM programme's
`qc_…` bits and their assessments; MADIS' quality control descriptors (`temperatureDD`); SAMOS' flags, a letter for each
variable that has a `qcindex`. What has passed is not called so: our own checks follow.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT
from mesonet.formats.binary.arrays import Dataset, Scalar, Variable
from mesonet.formats.binary.netcdf_values import values_of
from mesonet.regex import regex

_MADIS = {"X": FAIL, "B": FAIL, "Q": SUSPECT, "W": SUSPECT}  # failed, subjectively bad, questioned, a warning
# letters of SAMOS: out of range, erroneous by eye, a malfunction; the others but A, I, N, O, R and Z throw doubt on a value
_SAMOS = {**dict.fromkeys("CDEFGHKLPQSTUVXY", SUSPECT), **dict.fromkeys("BJM", FAIL)}
# words of `flag_meanings`, of which the first counts that is there: a bad value that can be mended is not quite bad
_MEANINGS = (
    (("unchecked", "unflagged"), NOT_EVALUATED),
    (
        ("probably_bad", "potentially", "suspect", "question", "doubt", "dubious", "uncertain", "indeterminate", "warning"),
        SUSPECT,
    ),
    (("bad", "fail", "erron", "wrong", "invalid", "incorrect", "reject", "missing", "malfunction", "out_of_range"), FAIL),
)
# what follows is not so: `no_failure`, `bad_data_not_correctable`
_DENIED = regex(r"(?:^|[_-])(?:not|no|non|none|without)[_-]")

_CALLED = (  # what stands before and behind the name of what checks are of
    *((f"{kind}_", "") for kind in ("qc", "flag", "qf", "quality")),
    *(("", f"_{kind}") for kind in ("qc", "flag", "flags", "qf", "qflag", "qcflag", "qc_flag", "quality", "quality_flag")),
    *(("", f"_{kind}") for kind in ("qualityflag", "quality_control", "quality_code")),
)

_MOST_KEPT = 4_000_000  # of what checks say
_WORST = (NOT_EVALUATED, SUSPECT, NOT_EVALUATED, FAIL)  # by numbers whose bits together are those of the worse

type Judge = Callable[[Scalar | None], int]
type See = Callable[[Variable], Variable]


class Checks:
    """The checks of a file's variables."""

    def __init__(self, data: Dataset) -> None:
        self._data = data
        self._kept: dict[str, bytes] = {}
        self._size = 0  # of all of them
        self._stretch: range | None = None
        self._judges: dict[str, Judge | None] = {}
        self._called: dict[str, list[str]] = {}  # the names of variables, whichever their letters' case
        for name in data.variables:
            self._called.setdefault(name.lower(), []).append(name)

    def flags(self, variable: Variable, see: See, some: range | None) -> list[int] | None:
        """The flag of each value of a variable, or of some along its first dimension, where the file has checks of it, as one
        `see`s them from where it is. Raises UnreadableFile."""
        text = self._data.variables.get(f"{variable.name}DD")
        letters = text.letters if text else None
        if letters and (letters.dimensions, letters.shape) == (variable.dimensions, variable.shape):
            return [_MADIS.get(str(each), NOT_EVALUATED) for each in values_of(letters, some)]
        if (letters := self._samos(variable)) is not None:
            at = int(variable.numbers("qcindex")[0]) - 1
            return [_SAMOS.get(str(each)[at : at + 1], NOT_EVALUATED) for each in values_of(letters, some)]
        found: int | None = None
        count = 0
        for checks in self._of(variable, see):
            if checks.name not in self._judges:
                self._judges[checks.name] = _judge(self._data, checks)
            judge = self._judges[checks.name]
            if judge is not None:
                judged = self._judged(checks, judge, some)
                found, count = (found or 0) | int.from_bytes(judged), len(judged)
        return None if found is None else [_WORST[each] for each in found.to_bytes(count)]

    def _samos(self, variable: Variable) -> Variable | None:
        """The texts of which each has a letter for a variable, at the place that is its `qcindex`."""
        place = variable.numbers("qcindex")
        letters = self._data.variables.get("flag") or self._data.variables.get("flags")
        if letters is None or not letters.text or letters.dimensions != variable.dimensions or len(place) != 1:
            return None
        return letters if place[0] >= 1 and float(place[0]).is_integer() else None

    def _judged(self, checks: Variable, judge: Judge, some: range | None) -> bytes:
        """What they say of a stretch, which is kept for other variables."""
        if some != self._stretch or self._size > _MOST_KEPT:
            self._kept.clear()
            self._stretch, self._size = some, 0
        if checks.name in self._kept and checks is self._data.variables[checks.name]:
            return self._kept[checks.name]
        codes = values_of(checks, some)
        known = {code: judge(code) for code in set(codes)}
        judged = bytes(map(known.__getitem__, codes))
        if checks is self._data.variables[checks.name]:  # and not what it is at one of several levels
            self._kept[checks.name] = judged
            self._size += len(judged)
        return judged

    def _of(self, variable: Variable, see: See) -> Iterator[Variable]:
        """The checks of a variable: those that it names, else those that are called after it."""
        own, lower = variable.name, variable.name.lower()
        named = variable.attribute("ancillary_variables").split()
        usual = (name for before, behind in _CALLED for name in self._called.get(f"{before}{lower}{behind}", ()) if own in name)
        for name in dict.fromkeys((*named, *usual)):
            each = self._data.variables.get(name)
            if each is not None and not each.text and (each := see(each)).dimensions == variable.dimensions:
                yield each


def _judge(data: Dataset, checks: Variable) -> Judge | None:
    """Which of `_WORST` a code of the checks stands for; None where nothing tells what they mean."""
    meaning = _assessed(data, checks) or _meant(checks)
    if meaning is None:
        return None
    gone = {*checks.numbers("_FillValue"), *checks.numbers("missing_value")} - {*checks.numbers("flag_values")}

    @lru_cache(65_536)
    def judged(code: Scalar | None) -> int:
        whole = int(code) if isinstance(code, int | float) and float(code).is_integer() else None
        return _WORST.index(NOT_EVALUATED if whole is None or whole in gone else meaning(whole))

    return judged


def _assessed(data: Dataset, checks: Variable) -> Callable[[int], int] | None:
    """ARM's bits, by the assessments that the attributes give."""
    bad = unsure = 0
    for bit in range(1, 33):
        told = checks.attribute(f"bit_{bit}_assessment") or data.attribute(f"qc_bit_{bit}_assessment")
        bad |= (1 << bit - 1) if told == "Bad" else 0
        unsure |= (1 << bit - 1) if told == "Indeterminate" else 0
    if not bad and not unsure:
        return None
    return lambda code: FAIL if code & bad else SUSPECT if code & unsure else NOT_EVALUATED


def _meant(checks: Variable) -> Callable[[int], int] | None:
    """CF's values, or bits, or values of some bits, by the words that say what they mean."""
    words = checks.attribute("flag_meanings").lower().replace(",", " ").split()
    told = [_codes(checks, f"flag_{each}") for each in ("masks", "values")]
    if not all(float(each).is_integer() for numbers in told for each in numbers):
        return None
    masks, values = (tuple(map(int, numbers)) for numbers in told)
    if not words or len(words) not in (len(masks), len(values)) or (masks and values and len(masks) != len(values)):
        return None
    values = values or masks
    masks = masks or (-1,) * len(values)
    meant = [*zip(masks, values, map(_flag, words), strict=True)]
    return lambda code: max((flag for mask, value, flag in meant if code & mask == value), default=NOT_EVALUATED)


def _codes(checks: Variable, name: str) -> tuple[float, ...]:
    """Numbers of an attribute, which may be a text of them: `0b, 1b, 2b`, as CDL writes bytes, or `1 3 4`."""
    parts = re.findall(r"[^\s,]+", checks.attribute(name))
    whole = [match for each in parts if (match := re.fullmatch(r"(-?\d+)(?:u?[bsl])?", each, re.IGNORECASE))]
    return tuple(int(each[1]) for each in whole) if parts and len(whole) == len(parts) else checks.numbers(name)


def _flag(word: str) -> int:
    word = _DENIED.split(word)[0]
    return next((flag for parts, flag in _MEANINGS if any(part in word for part in parts)), NOT_EVALUATED)
