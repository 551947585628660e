"""HDF5, as far as NetCDF-4 uses it: the objects of each group, their attributes, and arrays on demand.

Source: The HDF Group, "HDF5 File Format Specification Version 3.0". Read are superblocks 0 to 3, both kinds of object headers
and of groups (with dense links and attributes in fractal heaps), numbers, strings and what refers to them, contiguous, compact
and chunked arrays with every index of chunks, behind the filters of the library and of NetCDF; links by path, and files behind
a user block. What else there is (compound types, other files, rare filters) is refused with its name, for that array alone.
"""

import struct
from collections.abc import Mapping
from functools import partial
from typing import BinaryIO

from mesonet.errors import UnreadableFile
from mesonet.formats.binary.arrays import Attribute, Dataset, Read, Variable, of_letters
from mesonet.formats.binary.hdf5_arrays import Arrays
from mesonet.formats.binary.hdf5_blocks import UNDEFINED, Blocks
from mesonet.formats.binary.hdf5_objects import MOST_OBJECTS, Message, Object, Objects
from mesonet.formats.binary.hdf5_values import Told, Type, Values
from mesonet.record import dataclass, replace

_DEEPEST = 30  # of groups in groups
_DIMENSION_ALONE = "This is a netCDF dimension but not a netCDF variable"
_NO_COORDINATE = "_nc4_non_coord_"  # before the name of a variable that is called like a dimension, and is not along it
_OF_THE_LIBRARY = frozenset(
    ("CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "_Netcdf4Dimid", "_Netcdf4Coordinates", "_NCProperties")
)


def dataset(stream: BinaryIO, size: int) -> Dataset:
    """The variables of the root and of its groups. Raises UnreadableFile."""
    try:
        return _dataset(_File(stream, size))
    except (IndexError, ValueError, struct.error, OverflowError, RecursionError, MemoryError) as exc:
        raise UnreadableFile(f"the file is damaged: {exc}") from exc


class _File:
    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.blocks = Blocks(stream, size)
        self.objects = Objects(self.blocks)
        self.values = Values(self.blocks, self.objects)
        self.arrays = Arrays(self.blocks, self.values)


@dataclass(slots=True)
class _Array:
    """`along` are the addresses of its dimensions, where it tells them, and `most` how long it may become along each. It is
    `alone` where it is a dimension and no variable."""

    itself: Object
    told: Told
    attributes: dict[str, Attribute]
    shape: tuple[int, ...]
    most: tuple[int, ...]
    along: tuple[int | None, ...]
    alone: bool


@dataclass(slots=True)
class _Group:
    """What a group holds, by name; and the names of what is not in the file."""

    itself: Object
    arrays: dict[str, _Array]
    groups: "dict[str, _Group]"
    elsewhere: list[str]


class _Groups:
    """All groups of a file, each once, and what the arrays in them are called by their addresses and by NetCDF's numbers. An
    array without an end is as long as its dimension, and so as the longest along that."""

    def __init__(self, file: _File) -> None:
        self._file = file
        self._seen = {file.blocks.root}
        self._arrays: dict[int, _Array] = {}
        self._count = 0
        self.names: dict[int, str] = {}
        self.numbered: dict[tuple[float, int], str] = {}
        self.lengths: dict[int, int] = {}
        self.root = self._group(file.blocks.root, file.objects.object(file.blocks.root), 0)

    def _group(self, where: int, itself: Object, depth: int) -> _Group:
        found = _Group(itself, {}, {}, [])
        inner: dict[str, tuple[int, Object]] = {}
        for name, to in self._file.objects.links(where, itself).items():
            self._count += 1
            if self._count > MOST_OBJECTS:
                raise UnreadableFile("the file has too many variables")
            address = self._file.objects.found(where, to) if isinstance(to, str) and to else to
            if not isinstance(address, int) or address == UNDEFINED:
                found.elsewhere.append(name)
                continue
            each = self._arrays[address].itself if address in self._arrays else self._file.objects.object(address)
            if each.first(Message.DATATYPE) is not None and each.first(Message.LAYOUT) is not None:
                if isinstance(to, int) or address not in self.names:  # its own name before another's for it
                    self.names[address] = name
                if address not in self._arrays:
                    self._arrays[address] = self._array(address, each)
                found.arrays[name] = self._arrays[address]
            elif each.first(Message.DATATYPE) is None and address not in self._seen and depth < _DEEPEST:
                self._seen.add(address)
                inner[name] = address, each
        for name, (address, each) in inner.items():
            found.groups[name] = self._group(address, each, depth + 1)
        return found

    def _array(self, address: int, itself: Object) -> _Array:
        told, space = self._file.values.attributes(itself), itself.first(Message.DATASPACE) or b"\x02\x00\x00\x00"
        shape, most = self._file.values.space(space), self._file.values.space(space, most=True)
        along = _scales(self._file, told, len(shape))
        if along is None:
            along = (address if "CLASS" in told else None, *(None for _ in shape[1:]))[: len(shape)]
        for scale, length, end in zip(along, shape, most, strict=True):
            if scale is not None and (end == UNDEFINED or scale == address):
                self.lengths[scale] = max(length, self.lengths.get(scale, 0))
        attributes = {name: self._file.values.value(*value) for name, value in told.items() if name not in _OF_THE_LIBRARY}
        alone = str(self._file.values.value(*told["NAME"])).startswith(_DIMENSION_ALONE) if "NAME" in told else False
        return _Array(itself, told, attributes, shape, most, along, alone)

    def shape(self, array: _Array) -> tuple[int, ...]:
        parts = zip(array.along, array.shape, array.most, strict=True)
        return tuple(
            length if scale is None or most != UNDEFINED else self.lengths.get(scale, length) for scale, length, most in parts
        )


def _scales(file: _File, told: Told, rank: int) -> tuple[int | None, ...] | None:
    """The addresses of the dimensions that an array refers to, where it does."""
    listed = told.get("DIMENSION_LIST")
    if not listed or len(listed[1]) != 1 or listed[1][0] != rank:
        return None
    kind, _, data = listed
    found = (file.values.decoded(kind, data[at * kind.size : (at + 1) * kind.size], 1) for at in range(rank))
    return tuple(inner[0] if inner and isinstance(inner[0], int) else None for inner in found)


def _dataset(file: _File) -> Dataset:
    groups = _Groups(file)
    found = _of_group(file, groups, groups.root)
    return replace(found, cut=file.blocks.end != UNDEFINED and file.blocks.end > file.blocks.size)


def _of_group(file: _File, groups: _Groups, group: _Group) -> Dataset:
    arrays = group.arrays
    dimensions: dict[str, int] = {}
    variables: dict[str, Variable] = {}
    for name, scale in arrays.items():
        if "CLASS" in scale.told:
            numbers = _numbers(file, scale.told, "_Netcdf4Dimid")
            groups.numbered |= dict.fromkeys(zip(numbers, groups.shape(scale), strict=False), name)
    for name, found in arrays.items():
        shape = groups.shape(found)
        name = name.removeprefix(_NO_COORDINATE)
        axes = _axes(file, name, found, groups)
        dimensions.update(zip(axes, shape, strict=True))
        if found.alone:
            continue
        kind = file.values.type(found.itself.first(Message.DATATYPE) or b"")[0]
        each = variables[name] = Variable(
            name=name,
            dimensions=axes,
            shape=shape,
            attributes=_with_meanings(found.attributes, kind),
            read=partial(file.arrays.array, found.itself, name, shape, 1),
            text=kind.form in ("s", "v"),
            stored=file.arrays.stored(found.itself),
            form=kind.form,
        )
        if kind.form == "s" and kind.size == 1 and shape:  # characters
            read: Read = partial(file.arrays.array, found.itself, name, shape, shape[-1])
            variables[name] = of_letters(each, read)
    told = file.values.attributes(group.itself)
    attributes = {each: file.values.value(*value) for each, value in told.items() if not each.startswith("_Nc")}
    return Dataset(
        kind="NetCDF-4 (HDF5)",
        dimensions=dimensions,
        attributes=attributes,
        variables=variables,
        groups={name: _of_group(file, groups, inner) for name, inner in group.groups.items()},
        elsewhere=tuple(group.elsewhere),
    )


def _with_meanings(attributes: Mapping[str, Attribute], kind: Type) -> Mapping[str, Attribute]:
    """With what an enumeration calls its numbers, as CF's flags say it, where the attributes do not."""
    if not kind.members or "flag_meanings" in attributes:
        return attributes
    meanings = " ".join("_".join(name.split()) or "x" for name, _ in kind.members)
    return {**attributes, "flag_values": tuple(number for _, number in kind.members), "flag_meanings": meanings}


def _numbers(file: _File, attributes: Told, name: str) -> tuple[float, ...]:
    value = file.values.value(*attributes[name]) if name in attributes else ()
    return tuple(each for each in value if isinstance(each, int | float))


def _axes(file: _File, name: str, array: _Array, groups: _Groups) -> tuple[str, ...]:
    """The names of a variable's dimensions: what it refers to (unless that has another length), or itself where it is one; or,
    where it is the coordinate of one and has more (as characters have), those of its lengths that NetCDF gave the numbers."""
    coordinates = _numbers(file, array.told, "_Netcdf4Coordinates")
    shape = groups.shape(array)
    found = [
        groups.names.get(scale) if scale is not None and groups.lengths.get(scale, length) == length else None
        for scale, length in zip(array.along, shape, strict=True)
    ]
    if len(found) == len(coordinates) > 1:
        found = [
            each or groups.numbered.get((number, length))
            for each, number, length in zip(found, coordinates, shape, strict=True)
        ]
    return tuple(each or f"{name}_{at}" for at, each in enumerate(found))
