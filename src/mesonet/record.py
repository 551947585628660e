"""Dataclasses that cost an import nothing to speak of.

`dataclasses` writes the methods of each class as source text and compiles it, and imports `inspect` for that: most of what
reading a small file took. Here the methods of all classes are the same few functions. To a type checker, and to `fields`,
`asdict` and `replace` of the standard library, these are its dataclasses. Arguments are the same; what no class of Mesonet
needs (inheritance, `init=False`, `__post_init__`) is not there.
"""

from collections.abc import Callable
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
        """What the standard library knows a dataclass by, made when it asks."""

        def __get__(self, instance: object, owner: type) -> dict[str, Any]:
            import dataclasses

            return dataclasses.make_dataclass(owner.__name__, owner.__record__.annotations.items()).__dataclass_fields__

    class _Record:
        """How the instances of a class are made and compared."""

        __slots__ = ("annotations", "defaults", "factories", "names", "positional", "setters", "values")

        def __init__(self, annotations: dict[str, Any], given: dict[str, Any], kw_only: bool) -> None:
            self.annotations = annotations
            self.names = tuple(annotations)
            self.positional = 0 if kw_only else len(self.names)
            self.defaults = {name: each for name, each in given.items() if type(each) is not _Factory}
            self.factories = [(name, each.make) for name, each in given.items() if type(each) is _Factory]
            values = attrgetter(*self.names)
            self.values = values if len(self.names) > 1 else lambda each: (values(each),)

        def refused(self, kind: type, given: tuple[Any, ...], named: dict[str, Any]) -> TypeError:
            if len(given) > self.positional:
                return TypeError(f"{kind.__name__}() takes {self.positional} positional arguments but {len(given)} were given")
            if unknown := sorted(named.keys() - set(self.names)):
                return TypeError(f"{kind.__name__}() got an unexpected keyword argument {unknown[0]!r}")
            if twice := sorted(named.keys() & set(self.names[: len(given)])):
                return TypeError(f"{kind.__name__}() got multiple values for argument {twice[0]!r}")
            has = {*self.names[: len(given)], *named, *self.defaults}
            missing = ", ".join(repr(name) for name in self.names if name not in has)
            return TypeError(f"{kind.__name__}() lacks the arguments {missing}")

    def dataclass(
        *, frozen: bool = False, slots: bool = False, kw_only: bool = False, eq: bool = True
    ) -> Callable[[type], type]:
        """The class with the methods of a dataclass."""

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
            if slots:
                members["__slots__"] = record.names
            new = type(kind)(kind.__name__, kind.__bases__, members)
            record.setters = [(name, new.__dict__[name].__set__ if slots else _setter(name)) for name in record.names]
            return new

        return made

    def field(*, default: Any = None, default_factory: Callable[[], Any] | None = None) -> Any:
        """A field's default, made anew for each instance where a factory makes it."""
        return default if default_factory is None else _Factory(default_factory)

    def replace(instance: Any, /, **changes: Any) -> Any:
        """An instance with other values for some fields."""
        record = instance.__record__
        return type(instance)(**dict(zip(record.names, record.values(instance), strict=True)) | changes)

    def _setter(name: str) -> Callable[[object, object], None]:
        return lambda instance, value: object.__setattr__(instance, name, value)

    def _init(self: Any, /, *given: Any, **named: Any) -> None:
        record = self.__record__
        for name, make in record.factories:
            if name not in named and (not given or name not in record.names[: len(given)]):
                named[name] = make()
        values = record.defaults | named if record.defaults else named
        if given:
            taken = dict(zip(record.names, given, strict=False))
            if len(given) > record.positional or not taken.keys().isdisjoint(named):
                raise record.refused(type(self), given, named)
            values = values | taken
        try:
            for name, assign in record.setters:
                assign(self, values[name])
        except KeyError:
            raise record.refused(type(self), given, named) from None
        if len(values) != len(record.names):
            raise record.refused(type(self), given, named)

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


def names(kind: type) -> tuple[str, ...]:
    """Of the fields of such a class, in their order."""
    found: tuple[str, ...] = kind.__record__.names  # type: ignore[attr-defined]
    return found


def members(instance: Any) -> dict[str, Any]:
    """The values of the fields by their names; a record among them stays one, unlike in `asdict`."""
    return {name: getattr(instance, name) for name in names(type(instance))}


__all__ = ["dataclass", "field", "members", "names", "replace"]
