"""Values few of which differ, as codes and what these mean: dictionary encoding, as Parquet and Arrow have it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

_BYTE = 256  # codes that a byte may be: of these all work is the interpreter's own
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
        return cls(_recoded(values, codes), {code: value for value, code in codes.items()})

    @classmethod
    def joined(cls, parts: Sequence["Encoded[T]"]) -> "Encoded[T]":
        """Those of all parts, one behind the other, with codes from 0 on."""
        codes: dict[T, int] = {}
        told = [{code: codes.setdefault(value, len(codes)) for code, value in part.meanings.items()} for part in parts]
        each = [_recoded(part.codes, known) for part, known in zip(parts, told, strict=True)]
        found = b"".join(each) if len(codes) <= _BYTE else [*chain.from_iterable(each)]  # type: ignore[arg-type]
        return cls(found, {code: value for value, code in codes.items()})

    @classmethod
    def paired[First, Second](
        cls, first: "Encoded[First]", second: "Encoded[Second]", meaning: Callable[[First, Second], T]
    ) -> "Encoded[T]":
        """What equally many of two kinds mean together."""
        size, count = len(second.meanings), len(first)
        ones, twos = ({code: at for at, code in enumerate(each.meanings)} for each in (first, second))
        high, low = _recoded(first.codes, {code: at * size for code, at in ones.items()}), _recoded(second.codes, twos)
        codes: Sequence[int]
        if len(ones) * size <= _BYTE:  # each sum is a byte again
            codes = (int.from_bytes(bytes(high)) + int.from_bytes(bytes(low))).to_bytes(count)
        else:
            codes = list(map(int.__add__, high, low))
        one, two = [*first.meanings.values()], [*second.meanings.values()]
        return cls(codes, {code: meaning(one[code // size], two[code % size]) for code in set(codes)})

    @classmethod
    def same(cls, value: T, count: int) -> "Encoded[T]":
        return cls(bytes(count), {0: value})

    def __getitem__(self, at: Any) -> Any:
        return self.meanings[self.codes[at]]

    def __iter__(self) -> Iterator[T]:
        return map(self.meanings.__getitem__, self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def part(self, begin: int, end: int) -> "Encoded[T]":
        return self if end - begin == len(self.codes) else self.among(self.codes[begin:end])

    def among(self, codes: Sequence[int]) -> "Encoded[T]":
        """Those of these codes; of a few not all meanings are kept."""
        if len(codes) < len(self.meanings):
            return Encoded(codes, {code: self.meanings[code] for code in set(codes)})
        return Encoded(codes, self.meanings, self.gone)

    @property
    def there(self) -> int:
        """How many mean something."""
        return len(self.codes) - sum(map(self.codes.count, self.gone))

    @property
    def mask(self) -> int:
        """A byte for each: 1 where it means something."""
        if not self.gone:
            return int.from_bytes(b"\1" * len(self.codes))
        return int.from_bytes(_recoded(self.codes, {code: meaning is not None for code, meaning in self.meanings.items()}))

    def only(self, mask: int) -> Sequence[T | None]:
        """Those of a mask, and None for the others."""
        return [each if kept else None for each, kept in zip(self, mask.to_bytes(len(self.codes)), strict=True)]

    def counted(self) -> Iterable[tuple[T, int]]:
        """What they mean, and how often."""
        codes, meanings = self.codes, self.meanings
        if len(meanings) > _COUNTED:
            return [(meanings[code], count) for code, count in Counter(codes).items()]
        return [(meaning, count) for code, meaning in meanings.items() if (count := codes.count(code))]


def _recoded(codes: Sequence[Any], instead: Mapping[Any, int]) -> bytes | list[int]:
    """These in place of codes, as bytes where they are."""
    if max(instead.values(), default=0) >= _BYTE:
        return list(map(instead.__getitem__, codes))
    if isinstance(codes, bytes | bytearray) and len(codes) > len(instead):
        table = bytearray(_BYTE)
        for code, other in instead.items():
            table[code] = other
        return bytes(codes.translate(table))
    return bytes(map(instead.__getitem__, codes))
