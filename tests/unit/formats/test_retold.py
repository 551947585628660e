"""Files that are told anew in the form of others."""

from itertools import count, islice

import pytest

from mesonet.domain.observation import Batch, Reject
from mesonet.formats.reading import Piece, Remark
from mesonet.formats.retold import Retold, renumbered, written


@pytest.mark.parametrize("asked", [1, 3, 4, 100])
def test_pieces_are_read_in_parts_of_any_size(asked: int) -> None:
    stream = Retold(iter([b"time,value\n", b"", b"2024-01-01,1\n"]))
    assert b"".join(iter(lambda: stream.read(asked), b"")) == b"time,value\n2024-01-01,1\n"


def test_what_was_read_in_part_is_not_read_again() -> None:
    stream = Retold([b"time,", b"value\n"])
    assert (stream.read(3), stream.read(), stream.read()) == (b"tim", b"e,value\n", b"")


def test_no_more_pieces_are_made_than_are_asked_for() -> None:
    numbers = count()
    stream = Retold(b"%d" % number for number in numbers)
    assert stream.read(3) == b"012"
    assert list(islice(numbers, 1)) == [3]


def test_a_field_with_a_comma_is_quoted() -> None:
    assert written([["a", "b,c"], ['d"']]) == b'a,"b,c"\n"d"""\n'


def test_lines_above_are_none_of_the_files() -> None:
    batch = Batch(station_id="x", times=[0, 1], rows=[5, 6], columns={})
    pieces: list[Piece] = [
        Reject(reason="no time", row=3),
        Reject(reason="nothing", row=1),
        Reject(reason="all"),
        batch,
        Remark("so"),
    ]
    first, second, third, moved, said = renumbered(pieces, above=4)
    assert isinstance(moved, Batch)
    assert [first, second, third] == [Reject(reason="no time", row=1), Reject(reason="nothing", row=1), Reject(reason="all")]
    assert (moved.rows, said) == ([1, 2], Remark("so"))
