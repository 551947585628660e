"""What packs pages of Parquet, against pyarrow's own."""

from contextlib import suppress

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.errors import UnreadableFile
from mesonet.formats.binary.codecs import lz4_block, lz4_framed, zstandard
from mesonet.formats.binary.shuffle import unshuffled
from tests import effort

DATA = st.one_of(
    st.binary(max_size=3000),
    st.lists(st.sampled_from([b"abc", b"defg,", b"12.5,", b"\x00" * 9]), max_size=2000).map(b"".join),
    st.lists(st.floats(-40, 40).map(lambda value: b"%.1f\n" % value), max_size=2000).map(b"".join),
)


@given(data=DATA, level=st.sampled_from([1, 3, 12, 19]))
@settings(max_examples=120, deadline=None)
def test_zstandard_gives_what_went_in(data: bytes, level: int) -> None:
    assert zstandard(pa.Codec("zstd", compression_level=level).compress(data, asbytes=True), len(data)) == data


@given(data=DATA)
@settings(max_examples=60, deadline=None)
def test_lz4_gives_what_went_in(data: bytes) -> None:
    packed = pa.Codec("lz4_raw").compress(data, asbytes=True)
    assert lz4_block(packed, len(data)) == data
    assert lz4_framed(packed, len(data)) == data
    assert lz4_framed(len(data).to_bytes(4) + len(packed).to_bytes(4) + packed, len(data)) == data


def test_blocks_that_go_back_to_those_before_them_are_read() -> None:
    data = b"".join(b"2024-01-%02dT%02d:00:00Z,%d\n" % (n % 28, n % 24, n * n % 977) for n in range(20_000))  # three blocks
    assert zstandard(pa.Codec("zstd").compress(data, asbytes=True), len(data)) == data


@given(data=DATA, at=st.floats(0, 1), byte=st.integers(0, 255), codec=st.sampled_from(["zstd", "lz4_raw"]))
@settings(max_examples=200, deadline=None)
def test_damage_ends_within_bounds(data: bytes, at: float, byte: int, codec: str) -> None:
    packed = bytearray(pa.Codec(codec).compress(data, asbytes=True))
    if packed:
        packed[int(at * (len(packed) - 1))] = byte
    read = zstandard if codec == "zstd" else lz4_block
    with suppress(UnreadableFile, IndexError):
        assert len(read(bytes(packed), len(data))) <= len(data)


def test_more_than_was_promised_is_refused() -> None:
    packed = pa.Codec("zstd").compress(b"\x00" * 1_000_000, asbytes=True)
    with pytest.raises(UnreadableFile):
        zstandard(packed, 1000)


def test_no_end_of_small_blocks_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        zstandard(b"\x28\xb5\x2f\xfd\x20\x00" + b"\x00\x00\x00" * 100_000, 100)


def test_one_number_of_any_width_is_shuffled_already() -> None:
    data = bytes(range(10))
    assert unshuffled(5, data) == bytes([0, 2, 4, 6, 8, 1, 3, 5, 7, 9])
    assert effort.within(0.1, lambda: unshuffled(1 << 22, data)) == data  # as damage says it; it took 0.4 s
