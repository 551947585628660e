"""The groups of a NetCDF-4 file, each with what it inherits.

Source: CF Conventions 1.11, 2.7: dimensions, coordinates and attributes of a group are seen from the groups in it, the nearest
of a name first.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from mesonet.errors import UnreadableFile
from mesonet.formats.binary.arrays import Attribute, Dataset, Variable
from mesonet.record import dataclass, replace
from mesonet.regex import regex

# names of groups beside one another that are no stations: dates, and how often or where something is measured
_NO_STATION = regex(
    r"(?:19|20)\d\d(?:[-_]?\d\d){0,2}|(?:sub_?)?(?:hour|dai|month|year|minute|second|annual)(?:ly|s)?|\d+_?(?:s|sec|m|min|h|hr|hour|d|day)s?"
    r"|raw|data|qc|quality|surface|soil|met(?:eo(?:rology)?)?|(?:level|height|depth|sensor|instrument|group|set)_?\d*",
    re.IGNORECASE,
)


_MOST_SEEN = 200_000  # variables that all groups together see of those outside: a second's work


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is seen from a group: `data` with what it inherits, of which the variables `own` are its own, and the attributes
    `told`. `origins` say which group a variable stands in. `station` is the name of a group of stations beside one another."""

    path: str
    data: Dataset
    own: frozenset[str]
    told: Mapping[str, Attribute]
    origins: Mapping[str, str]
    station: str = ""


def views(data: Dataset) -> Iterator[View]:
    """The root and every group with variables, in the order of the file. Raises UnreadableFile where they are too many."""
    if _seen_by_all(data, 0) > _MOST_SEEN:
        raise UnreadableFile("too many groups with too many variables above them: split the file by groups")
    root = View(
        path="",
        data=data,
        own=frozenset(data.variables),
        told=data.attributes,
        origins=dict.fromkeys(data.variables, ""),
    )
    yield root
    yield from _below(root, data)


def _seen_by_all(data: Dataset, above: int) -> int:
    """How many variables the groups see, each of those outside as often as there are groups in it."""
    here = above + len(data.variables)
    return sum(here + _seen_by_all(group, here) for group in data.groups.values())


def _below(outer: View, group: Dataset) -> Iterator[View]:
    held = {name: frozenset(_measured(each)) for name, each in group.groups.items()}
    counts = Counter(path for paths in held.values() for path in paths)
    for name, inner in group.groups.items():
        alike = any(counts[path] > 1 for path in held[name])
        named = outer.station or (name if alike and not _NO_STATION.fullmatch(name) else "")
        view = _seen(outer, name, inner, named)
        if inner.variables:
            yield replace(view, data=_relevant(view))
        yield from _below(view, inner)


def _measured(group: Dataset, path: str = "") -> Iterator[str]:
    """Variables of a group and below it that are no coordinates, by their paths from there."""
    yield from (path + name for name, each in group.variables.items() if each.dimensions and name not in each.dimensions)
    for name, inner in group.groups.items():
        yield from _measured(inner, f"{path}{name}/")


def _seen(outer: View, name: str, group: Dataset, station: str) -> View:
    path = f"{outer.path}{name}/"
    lengths = {**outer.data.dimensions, **group.dimensions}  # a dimension of its own hides that of the same name
    seen = {
        each.name: each
        for each in outer.data.variables.values()
        if all(lengths.get(*axis) == axis[1] for axis in zip(each.dimensions, each.shape, strict=True))
    }
    return View(
        path=path,
        data=replace(
            group,
            dimensions=lengths,
            attributes={**outer.data.attributes, **group.attributes},
            variables={**seen, **group.variables},
        ),
        own=frozenset(group.variables),
        told=group.attributes,
        origins={**outer.origins, **dict.fromkeys(group.variables, path)},
        station=station,
    )


def _relevant(view: View) -> Dataset:
    """Without what is inherited and along dimensions that the group's variables have not: another clock, other stations."""
    variables = view.data.variables
    axes = {axis for name in view.own for axis in variables[name].dimensions}
    for each in variables.values():  # who the samples are of is told along other dimensions
        if each.attribute("sample_dimension") in axes:
            axes.update(each.dimensions)
        if axes.issuperset(each.dimensions) and (along := each.attribute("instance_dimension")):
            axes.add(along)

    def is_seen(name: str, each: Variable) -> bool:
        return name in view.own or not each.dimensions or each.dimensions[0] in axes

    return replace(
        view.data,
        dimensions={name: length for name, length in view.data.dimensions.items() if name in axes},
        variables={name: each for name, each in variables.items() if is_seen(name, each)},
    )
