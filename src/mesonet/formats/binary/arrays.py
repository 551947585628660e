"""Named arrays with attributes: what NetCDF is, whichever of its two file formats it is stored in."""

from collections.abc import Mapping
from typing import Protocol

from mesonet.record import dataclass, field, replace

type Scalar = float | int | str
type Attribute = str | tuple[Scalar, ...]

AT_ONCE = 300_000  # values of all variables read at once, some 30 MB as texts
MOST_VALUES = 1_500_000  # read at once, some 150 MB as texts: a year of minutes at two stations
MOST_LETTERS = 32 * 1024 * 1024  # of the names of stations in each of an hour's records of MADIS there are 7 million


class Read(Protocol):
    """All values in the order of the file, the last dimension fastest; or those from `start` up to `stop` along the first."""

    def __call__(self, start: int = 0, stop: int | None = None) -> list[Scalar | None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """`dimensions` are names, `shape` their lengths. `read` gives text as whole strings, so that the last dimension of
    characters is gone from both; of one text `letters` are the characters along that dimension, `along`. `stored` is how many
    places along the first dimension the file keeps in one piece. `form` is the letter of the struct module for its numbers."""

    name: str
    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    attributes: Mapping[str, Attribute]
    read: Read
    text: bool = False
    stored: int = 1
    form: str = ""
    along: str = ""
    letters: "Variable | None" = None

    def attribute(self, name: str) -> str:
        """The text of an attribute, "" where there is none."""
        found = self.attributes.get(name, "")
        return found.strip() if isinstance(found, str) else ""

    def numbers(self, name: str) -> tuple[float, ...]:
        """The numbers of an attribute; a text may be one."""
        found = self.attributes.get(name, ())
        if isinstance(found, str):
            try:
                return (float(found),)
            except ValueError:
                return ()
        return tuple(each for each in found if isinstance(each, int | float))

    @property
    def size(self) -> int:
        size = 1
        for length in self.shape:
            size *= length
        return size


def text_from(data: bytes) -> str:
    """A text in UTF-8, cut within a letter or not, or else as older programs write it (`°C` in one byte)."""
    try:
        return data.decode()
    except UnicodeDecodeError as exc:
        cut = exc.reason == "unexpected end of data" and (data[exc.start] < 0xE0 or not data[: exc.start].isascii())
        return data.decode("utf-8", "replace") if cut else data.decode("latin-1")


def of_letters(variable: Variable, read: Read) -> Variable:
    """Texts, of a variable of characters; `read` gives whole ones."""
    *outer, last = variable.dimensions
    letters = None if outer else variable
    return replace(variable, dimensions=tuple(outer), shape=variable.shape[:-1], read=read, along=last, letters=letters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """`kind` says in which of the file formats it is, in words. `cut` where the file is shorter than its header says. What
    is in its `groups` is not among its own variables. `elsewhere` are names that lead to nothing, or to other files."""

    kind: str
    dimensions: Mapping[str, int]
    attributes: Mapping[str, Attribute]
    variables: Mapping[str, Variable]
    groups: "Mapping[str, Dataset]" = field(default_factory=dict)
    cut: bool = False
    elsewhere: tuple[str, ...] = ()

    def attribute(self, name: str) -> str:
        found = self.attributes.get(name, "")
        return found.strip() if isinstance(found, str) else ""
