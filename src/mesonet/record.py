"""Dataclasses that cost an import nothing to speak of.

`dataclasses` writes the methods of each class as source text and compiles it, and imports `inspect` for that: most of what
reading a small file took. Here the methods of all classes are the same few functions. To a type checker, and to `fields`,
`asdict` and `replace` of the standard library, these are its dataclasses. Arguments are the same; what no class of Mesonet
needs (inheritance, `init=False`, `__post_init__`) is not there.
"""

from collections import deque
from collections.abc import Callable, Sequence
from itertools import repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:

    class _Factory:
        __slots__ = ("make",)

        def __init__(self, make: Callable[[], Any]) -> None:
            self.make = make

    class _Fields:
        """What the standard library knows a dataclass by, made when it first asks: making it takes a millisecond."""

        def __get__(self, instance: object, owner: Any) -> dict[str, Any]:
            import dataclasses

            alike = dataclasses.make_dataclass(owner.__name__, owner.__record__.annotations.items())
            owner.__dataclass_fields__ = alike.__dataclass_fields__
            return owner.__dataclass_fields__

    class _Record:
        """How the instances of a class are made and compared."""

        __slots__ = (
            "annotations",
            "defaults",
            "every",
            "factories",
            "keep",
            "known",
            "names",
            "needed",
            "positional",
            "values",
        )

        keep: Callable[[Any, dict[str, Any]], None]

        def __init__(self, annotations: dict[str, Any], given: dict[str, Any], kw_only: bool) -> None:
            self.annotations = annotations
            self.names = tuple(annotations)
            self.positional = 0 if kw_only else len(self.names)
            self.defaults = {name: each for name, each in given.items() if type(each) is not _Factory}
            self.factories = [(name, each.make) for name, each in given.items() if type(each) is _Factory]
            self.every = frozenset(annotations)
            self.needed = self.every - given.keys()
            self.known: set[tuple[str, ...]] = set()  # arguments that were found right: a program has few places that make one
            values = attrgetter(*self.names)
            self.values = values if len(self.names) > 1 else lambda each: (values(each),)

        def refused(self, kind: type, given: tuple[Any, ...], named: dict[str, Any]) -> TypeError:
            if len(given) > self.positional:
                return TypeError(f"{kind.__name__}() takes {self.positional} positional arguments but {len(given)} were given")
            if unknown := sorted(named.keys() - self.every):
                return TypeError(f"{kind.__name__}() got an unexpected keyword argument {unknown[0]!r}")
            if twice := sorted(named.keys() & set(self.names[: len(given)])):
                return TypeError(f"{kind.__name__}() got multiple values for argument {twice[0]!r}")
            has = {*self.names[: len(given)], *named}
            missing = ", ".join(repr(name) for name in self.names if name in self.needed and name not in has)
            return TypeError(f"{kind.__name__}() lacks the arguments {missing}")

    def dataclass(
        *, frozen: bool = False, slots: bool = False, kw_only: bool = False, eq: bool = True
    ) -> Callable[[type], type]:
        """The class with the methods of a dataclass. Nothing can be assigned to what is frozen, so it needs no slots: it keeps
        the dictionary in which its arguments came, which makes one in a third of the time, and defaults stay with the class."""

        def made(kind: type) -> type:
            members = dict(kind.__dict__)
            annotations = members.get("__annotations__", {})
            record = _Record(annotations, {name: members.pop(name) for name in annotations if name in members}, kw_only)
            for gone in ("__dict__", "__weakref__"):
                members.pop(gone, None)
            members["__record__"], members["__dataclass_fields__"] = record, _Fields()
            members["__init__"], members["__replace__"], members["__reduce__"] = _init, replace, _reduce
            members["__match_args__"] = record.names[: record.positional]
            members.setdefault("__repr__", _repr)
            if eq:
                members["__eq__"], members["__hash__"] = _eq, _hash if frozen else None
            if frozen:
                members["__setattr__"] = members["__delattr__"] = _frozen
                # A function stays one: as a member of a class it would become a method
                members |= {
                    name: staticmethod(each) if hasattr(each, "__get__") else each for name, each in record.defaults.items()
                }
            elif slots:
                members["__slots__"] = record.names
            new = type(kind)(kind.__name__, kind.__bases__, members)
            record.keep = new.__dict__["__dict__"].__set__ if frozen else _assigning(record)
            return new

        return made

    def field(*, default: Any = None, default_factory: Callable[[], Any] | None = None) -> Any:
        """A field's default, made anew for each instance where a factory makes it."""
        return default if default_factory is None else _Factory(default_factory)

    def replace(instance: Any, /, **changes: Any) -> Any:
        """An instance with other values for some fields."""
        record = instance.__record__
        return type(instance)(**dict(zip(record.names, record.values(instance), strict=True)) | changes)

    def _assigning(record: _Record) -> Callable[[Any, dict[str, Any]], None]:
        def keep(instance: Any, values: dict[str, Any]) -> None:
            for name in record.names:
                setattr(instance, name, values[name] if name in values else record.defaults[name])

        return keep

    def _init(self: Any, /, *given: Any, **named: Any) -> None:
        record = self.__record__
        if not named and given and len(given) == record.positional:  # all that there are, in their order
            record.keep(self, dict(zip(record.names, given, strict=True)))
            return
        if given or record.factories:
            taken = dict(zip(record.names, given, strict=False))
            if len(given) > record.positional or (named and not taken.keys().isdisjoint(named)):
                raise record.refused(type(self), given, named)
            values = taken | named if named else taken
            for name, make in record.factories:
                if name not in values:
                    values[name] = make()
        else:
            values = named
        arguments = tuple(values)
        if arguments not in record.known:
            if not record.needed <= values.keys() <= record.every:
                raise record.refused(type(self), given, named)
            record.known.add(arguments)
        record.keep(self, values)

    def _eq(self: Any, other: Any) -> Any:
        if self is other:
            return True
        if other.__class__ is not self.__class__:
            return NotImplemented
        values = self.__record__.values
        return values(self) == values(other)

    def _hash(self: Any) -> int:
        return hash(self.__record__.values(self))

    def _repr(self: Any) -> str:
        record = self.__record__
        told = ", ".join(f"{name}={value!r}" for name, value in zip(record.names, record.values(self), strict=True))
        return f"{type(self).__qualname__}({told})"

    def _reduce(self: Any) -> tuple[Any, ...]:
        return _again, (type(self), self.__record__.values(self))

    def _again(kind: type, values: tuple[Any, ...]) -> Any:
        return kind(**dict(zip(kind.__record__.names, values, strict=True)))

    def _frozen(self: Any, name: str, *value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: its {name} cannot be changed")


def _record(kind: Any) -> Any:
    """What is known of the fields of such a class."""
    return kind.__record__


def names(kind: type) -> tuple[str, ...]:
    """Of the fields of such a class, in their order."""
    found: tuple[str, ...] = _record(kind).names
    return found


def members(instance: Any) -> dict[str, Any]:
    """The values of the fields by their names; a record among them stays one, unlike in `asdict`."""
    return {name: getattr(instance, name) for name in names(type(instance))}


def of_members[T](kind: type[T], values: dict[str, Any]) -> T:
    """`kind(**values)` in a quarter of the time, for one that is frozen: the dictionary is the instance's from then on."""
    record = _record(kind)
    if record.factories or tuple(values) not in record.known:
        return kind(**values)
    instance = kind.__new__(kind)
    record.keep(instance, values)
    return instance


def each_of_members[K, T](kind: type[T], many: dict[K, dict[str, Any]]) -> dict[K, T]:
    """`of_members` of each."""
    record = _record(kind)
    new, keep, known = kind.__new__, record.keep, () if record.factories else record.known
    found = {}
    for key, values in many.items():
        if tuple(values) in known:
            found[key] = instance = new(kind)
            keep(instance, values)
        else:
            found[key] = kind(**values)
    return found


def all_of_members[T](kind: type[T], many: Sequence[dict[str, Any]]) -> list[T]:
    """`of_members` of each, in half the time; all have the same names."""
    if not many:
        return []
    record, first = _record(kind), kind(**many[0])  # the first is looked at
    if record.factories or tuple(many[0]) not in record.known:
        return [first, *(kind(**values) for values in many[1:])]
    instances = [*map(kind.__new__, repeat(kind, len(many)))]
    deque(map(record.keep, instances, many), maxlen=0)
    return instances


__all__ = ["all_of_members", "dataclass", "each_of_members", "field", "members", "names", "of_members", "replace"]
