"""Values as codes: what they mean stays, however the codes are kept."""

from random import Random

import pytest

from mesonet.formats.encoded import Encoded


def some(count: int, different: int, seed: int, every: int = 3) -> Encoded[int | None]:
    random = Random(seed)
    return Encoded.of([random.choice([None, *[at * every for at in range(different)]]) for _ in range(count)])


@pytest.mark.parametrize("different", [1, 20, 200, 400])
def test_parts_that_are_joined_mean_what_they_meant(different: int) -> None:
    parts = [
        some(500, different, 1),
        Encoded[int | None].same(None, 3),
        some(70, 5, 2, every=7),
        Encoded((900, 7), {900: 3, 7: None}),
    ]
    joined = Encoded.joined(parts)
    assert [*joined] == [value for part in parts for value in part]
    assert set(joined.codes) <= {*range(len(joined.meanings))}


@pytest.mark.parametrize(("ones", "twos"), [(3, 3), (1, 200), (15, 15), (16, 15), (300, 2)])
def test_pairs_mean_what_both_say(ones: int, twos: int) -> None:
    first, second = some(1000, ones, 1), some(1000, twos, 2)
    assert [*Encoded.paired(first, second, lambda one, two: (one, two))] == [*zip(first, second, strict=True)]


@pytest.mark.parametrize("different", [1, 20, 400])
def test_a_mask_has_a_byte_for_each_that_is_there(different: int) -> None:
    values = some(300, different, 1)
    assert [*values.mask.to_bytes(300)] == [value is not None for value in values]
    assert values.only(values.mask) == [*values]
    assert values.only(0) == [None] * 300
    assert values.there == sum(value is not None for value in values)
    assert [*values.part(7, 90)] == [*values][7:90]
