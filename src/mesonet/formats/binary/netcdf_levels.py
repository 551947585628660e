"""What a NetCDF file has at heights and depths: one sensor's, and variables at several, taken level by level.

Source: CF Conventions 1.11, 4.3 (vertical coordinates) and 5.7 (scalar coordinates).
"""

from collections.abc import Callable, Iterator
from math import prod

from mesonet.domain.parameter import STANDARD_NAMES, usual
from mesonet.formats.binary.arrays import MOST_VALUES, Dataset, Scalar, Variable
from mesonet.formats.binary.netcdf_values import metres_of, numbers_of
from mesonet.formats.json_readings import standard_name
from mesonet.record import dataclass, replace
from mesonet.regex import regex

_MOST_LEVELS, HIGHEST = 40, 500  # of a mast or a pit, in metres; more are those of soundings, profilers and models
_HIGHEST_Z = 100  # of a sensor whose one height is called `z`, as where its station is may be, too
# what is called so is no height of a sensor
_OF_A_STATION = regex(r"(?:\w+_)?(?:alt|altitude|elev|elevation)(?:_\w+)?|station_height")


@dataclass(frozen=True, slots=True)
class Level:
    """One of several levels: the variable that tells them, the dimension, which one, and metres above ground."""

    told: Variable
    along: str
    number: int
    height: float


class Levels:
    """The levels of a file's variables."""

    def __init__(self, data: Dataset) -> None:
        self._data = data
        self._parts: dict[str, tuple[Variable, Level]] = {}  # by their names what they are of, and where
        self._names: dict[str, list[str]] = {}  # of the parts of each
        self._told: dict[str, Variable | None] = {}  # along dimensions without coordinates
        self._both: dict[tuple[str, ...], Variable] = {}  # what tells heights or depths along two dimensions
        self._known: dict[tuple[str, bool], list[float | None]] = {}  # heights of levels
        self._sensors: dict[tuple[str, bool], float | None] = {}  # and of one sensor
        self._whole: dict[tuple[str, int, int | None], list[Scalar | None]] = {}  # what parts are of, of one stretch

    def height(self, each: Variable, usual: float) -> float:
        """How high a variable's sensor is above ground by a coordinate of one value, and below it in the soil."""
        for name in dict.fromkeys((*each.attribute("coordinates").split(), *each.dimensions)):
            key = (name, usual < 0)
            if key not in self._sensors:
                self._sensors[key] = self._sensor(self._data.variables.get(name), usual)
            if (told := self._sensors[key]) is not None:
                return told
        return usual

    def _sensor(self, other: Variable | None, usual: float) -> float | None:
        """The height that a coordinate tells of a sensor."""
        if other is None or metres_of(other) is None or (_upwards(other) <= 0 and usual >= 0):
            return None
        return _sensor(other, usual)

    def parted(self, each: Variable, axis: str | None, along: str | None) -> Iterator[Level | None]:
        """The levels of a variable at several heights or depths, None of another one along time (and stations)."""
        lengths = zip(each.dimensions, each.shape, strict=True)
        others = [name for name, length in lengths if name not in (axis, along) and length != 1]
        if each.text or axis is None or axis not in each.dimensions or each.name == axis:
            return
        if not others:
            yield None
            return
        levels = self._data.variables.get(others[0]) or self._unchanging(axis, others[0])
        if levels is None or levels.text or len(others) > 1 or levels.dimensions != (others[0],) or not _upwards(levels):
            return
        words = "_".join(each.attribute("long_name").lower().split())
        texts = (each.attribute("standard_name") or words, each.name.lower())
        name = next((known for text in texts if (known := standard_name(text)) in STANDARD_NAMES), None)
        if levels.size > _MOST_LEVELS or name not in STANDARD_NAMES or metres_of(levels) is None:
            return
        key = (levels.name, usual(name).level < 0)
        if key not in self._known:
            self._known[key] = _heights(levels, usual(name).level)
        heights = self._known[key]
        if any(metres is not None and abs(metres) > HIGHEST for metres in heights):
            return
        for number, metres in enumerate(heights):
            if metres is not None:
                yield Level(levels, others[0], number, metres)

    def part(self, level: Level, each: Variable) -> Variable:
        """What a variable is at one of its levels, under a name of its own."""
        told = numbers_of(level.told)[level.number]
        name = f"{each.name}[{level.along}={told:g}]"
        self._parts[name] = each, level
        self._names.setdefault(each.name, []).append(name)
        return replace(self._at(level, each), name=name)

    def _unchanging(self, axis: str, other: str) -> Variable | None:
        """The heights or depths along a dimension without a coordinate, which are told at each time (`DEPH` of Copernicus and
        OceanSITES); None where they change."""
        if other not in self._told:
            if not self._told:
                of_both = (each for each in self._data.variables.values() if len(each.dimensions) == 2 and not each.text)
                for each in of_both:
                    if each.size <= MOST_VALUES and _upwards(each):
                        self._both.setdefault(each.dimensions, each)
            told = self._both.get((axis, other))
            self._told[other] = told and _at_all_times(told)
        return self._told[other]

    def names(self, of: str) -> list[str]:
        """What the parts of a variable are called."""
        return self._names.get(of, [])

    def around(self, variable: Variable) -> tuple[Variable, Callable[[Variable], Variable]]:
        """What a variable is a part of, as it is at its level, and how another one is seen from there."""
        if variable.name not in self._parts:
            return variable, lambda each: each
        whole, level = self._parts[variable.name]

        def seen(each: Variable) -> Variable:
            return self._at(level, each)

        return seen(whole), seen

    def _at(self, level: Level, variable: Variable) -> Variable:
        """What a variable is at one level."""
        if level.along not in variable.dimensions:
            return variable
        at = variable.dimensions.index(level.along)
        inner, length = prod(variable.shape[at + 1 :]), variable.shape[at]

        def read(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
            if not at:
                each = prod(variable.shape[2:])  # values at one place along the dimension that is the first here
                values = variable.read(level.number, level.number + 1)
                return values[start * each : None if stop is None else stop * each]
            values = self._read(variable, start, stop)
            begins = range(level.number * inner, len(values), length * inner)
            return values[level.number :: length] if inner == 1 else [each for b in begins for each in values[b : b + inner]]

        return replace(
            variable,
            dimensions=variable.dimensions[:at] + variable.dimensions[at + 1 :],
            shape=variable.shape[:at] + variable.shape[at + 1 :],
            read=read,
            stored=variable.stored if at else 1,
        )

    def _read(self, variable: Variable, start: int, stop: int | None) -> list[Scalar | None]:
        """A stretch, which is kept for the other levels."""
        if any(each[1:] != (start, stop) for each in self._whole):
            self._whole.clear()
        key = (variable.name, start, stop)
        if key not in self._whole:
            self._whole[key] = variable.read(start, stop)
        return self._whole[key]


def is_level(each: Variable, data: Dataset) -> bool:
    """Whether it is no place of a station, but at which levels something is, or the height of a sensor above ground, of
    which variables say that it is theirs (CF 5.7). What is called `z` is a place only where nothing else can be meant."""
    if each.size != 1 and each.dimensions == (each.name,):
        return bool(_upwards(each))
    if each.name == "z":
        return each.attribute("standard_name") != "height" or _sensor(each, 0) is not None
    return _sensor(each, 0) is not None and any(
        each.name in (*other.dimensions, *other.attribute("coordinates").split())
        for other in data.variables.values()
        if other is not each
    )


def _at_all_times(told: Variable) -> Variable | None:
    """One level for each place along the second dimension, None where it changes along the first."""
    values, numbers, width = told.read(), numbers_of(told), told.shape[1]
    levels: list[Scalar | None] = []
    for at in range(width):
        known = [number for number in numbers[at::width] if number is not None]
        if len(set(known)) > 1:
            return None
        levels.append(values[at + width * numbers[at::width].index(known[0])] if known else None)

    def read(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
        return levels[start:stop]

    return replace(told, dimensions=told.dimensions[1:], shape=told.shape[1:], read=read, stored=1)


def _upwards(levels: Variable) -> int:
    """1 for heights above ground, -1 for depths below it, 0 for what is neither."""
    kind = levels.attribute("standard_name") or levels.name.lower().rstrip("_0123456789cm")
    if kind in ("z", "level", "lev"):
        return {"up": 1, "down": -1}.get(levels.attribute("positive").lower(), 0)
    return (kind == "height") - (kind == "depth")


def _heights(levels: Variable, usual: float) -> list[float | None]:
    """Metres above ground of heights or depths. Of what is usually in the soil, depths that are counted upwards are below the
    ground, too; above it, a depth below 0 is a height."""
    told = numbers_of(levels)
    known = [each for each in told if each is not None]
    is_depth, is_up = _upwards(levels) < 0, levels.attribute("positive").lower() == "up"
    buried = is_depth and usual < 0 and (max(known, default=0) <= 0 or min(known, default=0) >= 0)
    scale = (metres_of(levels) or 1.0) * (-1 if is_depth and not is_up else 1)
    return [None if each is None else round(-abs(each * scale) if buried else each * scale, 6) + 0.0 for each in told]


def _sensor(level: Variable, usual: float) -> float | None:
    """Metres above ground of one sensor, None where it is no height or depth of one."""
    if level.text or level.size != 1 or not _upwards(level) or _OF_A_STATION.fullmatch(level.name.lower()):
        return None
    (height,) = _heights(level, usual) or [None]
    highest = _HIGHEST_Z if level.name.lower() == "z" else HIGHEST
    return height if height is not None and abs(height) <= highest else None
