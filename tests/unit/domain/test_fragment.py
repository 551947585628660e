"""Fragments: elements of JSON arrays that stay compressed."""

import tracemalloc
import zlib

import pytest

from mesonet.domain.fragment import flushed


@pytest.mark.parametrize(("size", "most"), [(0, 50_000), (200, 50_000), (2_000, 100_000), (50_000, 400_000)])
def test_a_text_is_compressed_in_no_more_memory_than_it_needs(size: int, most: int) -> None:
    text = (b"1.5,2,null,-3.25," * 3_000)[:size]
    tracemalloc.start()
    try:
        packed = flushed(text, 9)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed) == text
    assert peak < most
