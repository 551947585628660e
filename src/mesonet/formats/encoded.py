"""Values few of which differ, as codes and what these mean: dictionary encoding, as Parquet and Arrow have it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_COUNTED = 16  # meanings whose codes it is faster to look for one by one


class Encoded[T](Sequence[T]):
    """One value for each code. `gone` are the codes that mean None."""

    __slots__ = ("codes", "gone", "meanings")

    def __init__(self, codes: Sequence[int], meanings: Mapping[int, T], gone: Sequence[int] | None = None) -> None:
        self.codes, self.meanings = codes, meanings
        self.gone = [code for code, meaning in meanings.items() if meaning is None] if gone is None else gone

    @classmethod
    def of(cls, values: Sequence[T]) -> "Encoded[T]":
        codes = {value: code for code, value in enumerate(dict.fromkeys(values))}
        return cls([codes[value] for value in values], {code: value for value, code in codes.items()})

    @classmethod
    def same(cls, value: T, count: int) -> "Encoded[T]":
        return cls(bytes(count), {0: value})

    def __getitem__(self, at: Any) -> Any:
        found = self.codes[at]
        return self.among(found) if isinstance(at, slice) else self.meanings[found]

    def __iter__(self) -> Iterator[T]:
        return map(self.meanings.__getitem__, self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def among(self, codes: Sequence[int]) -> "Encoded[T]":
        """Those of these codes; of a few not all meanings are kept."""
        if len(codes) < len(self.meanings):
            return Encoded(codes, {code: self.meanings[code] for code in set(codes)})
        return Encoded(codes, self.meanings, self.gone)

    @property
    def there(self) -> int:
        """How many mean something."""
        return len(self.codes) - sum(map(self.codes.count, self.gone))

    def counted(self) -> Iterable[tuple[T, int]]:
        """What they mean, and how often."""
        codes, meanings = self.codes, self.meanings
        if len(meanings) > _COUNTED:
            return [(meanings[code], count) for code, count in Counter(codes).items()]
        return [(meaning, count) for code, meaning in meanings.items() if (count := codes.count(code))]

    def said(self, instead: Sequence[Any]) -> Iterable[Any]:
        """The values with these in place of the meanings, in their order."""
        if len(instead) == 1:
            return [instead[0]] * len(self.codes)
        return map(dict(zip(self.meanings, instead, strict=True)).__getitem__, self.codes)
