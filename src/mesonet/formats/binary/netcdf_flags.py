"""What the checks of whoever made a NetCDF file found of its values, as flags of QARTOD.

Source: CF Conventions 1.11, 3.4 and 3.5 (ancillary variables; `flag_values`, `flag_masks`, `flag_meanings`); OceanSITES data
format reference manual 1.4, table 2 (`TEMP_QC`), whose words the Copernicus in situ files and Argo share; the ARM programme's
`qc_…` bits and their assessments; MADIS' quality control descriptors (`temperatureDD`). What has passed is not called so: our
own checks follow.
"""

import re
from collections.abc import Callable, Iterator

from mesonet.domain.observation import FAIL, NOT_EVALUATED, SUSPECT
from mesonet.formats.binary.arrays import Dataset, Scalar, Variable
from mesonet.regex import regex

_MADIS = {"X": FAIL, "B": FAIL, "Q": SUSPECT, "W": SUSPECT}  # failed, subjectively bad, questioned, a warning
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

type Read = Callable[[Variable], list[Scalar | None]]
type See = Callable[[Variable], Variable]


class Checks:
    """The checks of a file's variables."""

    def __init__(self, data: Dataset) -> None:
        self._data = data
        self._called: dict[str, list[str]] = {}  # the names of variables, whichever their letters' case
        for name in data.variables:
            self._called.setdefault(name.lower(), []).append(name)

    def flags(self, variable: Variable, see: See, read: Read) -> list[int] | None:
        """The flag of each value of a variable, where the file has checks of it: as one `see`s them from where it is, and
        `read` gives the values of what lies along the same dimensions. Raises UnreadableFile."""
        letters = self._data.variables.get(f"{variable.name}DD")
        if letters is not None and letters.letters is not None and (letters.along,) == variable.dimensions:
            return [_MADIS.get(str(each), NOT_EVALUATED) for each in read(letters.letters)]
        found: list[int] | None = None
        for checks in self._of(variable, see):
            judge = _assessed(self._data, checks) or _meant(checks)
            if judge is None:
                continue
            known: dict[Scalar | None, int] = {}
            flags = []
            gone = {*checks.numbers("_FillValue"), *checks.numbers("missing_value")} - {*checks.numbers("flag_values")}
            for code in read(checks):
                if code not in known:
                    whole = int(code) if isinstance(code, int | float) and float(code).is_integer() else None
                    known[code] = NOT_EVALUATED if whole is None or whole in gone else judge(whole)
                flags.append(known[code])
            found = flags if found is None else list(map(max, found, flags))  # 2, 3 and 4: the worse
        return found

    def _of(self, variable: Variable, see: See) -> Iterator[Variable]:
        """The checks of a variable: those that it names, else those that are called after it."""
        own, lower = variable.name, variable.name.lower()
        named = variable.attribute("ancillary_variables").split()
        usual = (
            name
            for before, behind in _CALLED
            for name in self._called.get(f"{before}{lower}{behind}", ())
            if own in name
        )
        for name in dict.fromkeys((*named, *usual)):
            each = self._data.variables.get(name)
            if each is not None and not each.text and (each := see(each)).dimensions == variable.dimensions:
                yield each


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
