"""Evenly spaced times that nobody has written down are those that somebody would have."""

import gzip
import zlib
from base64 import b64decode

from hypothesis import example, given
from hypothesis import strategies as st

from mesonet.domain import instant
from mesonet.domain.axis import axis
from mesonet.domain.fragment import Fragment
from mesonet.web.stitching import gzipped, text_of

days = st.integers(instant.EARLIEST // instant.DAY, instant.LATEST // instant.DAY)
steps = st.one_of(st.sampled_from([1_000, 60_000, 300_000, 600_000, 3_600_000]), st.integers(1, instant.DAY))


@st.composite
def evenly(draw: st.DrawFn) -> list[int]:
    step = draw(steps)
    count = draw(st.integers(1, min(1_500, (instant.DAY - 1) // step + 1)))
    begin = draw(st.integers(0, instant.DAY - 1 - step * (count - 1)))
    first = draw(days) * instant.DAY + begin // (aligned := draw(st.sampled_from([1, 1_000, 60_000]))) * aligned
    return [first + step * number for number in range(count)]


def written(times: list[int]) -> Fragment:
    return Fragment(",".join(f'"{instant.iso(at)}"' for at in times))


@given(evenly())
def test_the_axis_of_evenly_spaced_times_is_these_times(times: list[int]) -> None:
    made = axis(times[0], times[-1], len(times))
    assert made is not None
    assert made.is_packed
    text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(made.packed)
    assert text.decode() == written(times).text
    assert (made.crc, made.size) == (zlib.crc32(text), len(text))
    assert gzip.decompress(b64decode(gzipped(["[", made, ",", made, "]"]))).decode() == text_of(
        ["[", written(times), ",", made, "]"]
    )


@example(first=1_704_067_200_000, length=instant.DAY, count=2)
@example(first=1_704_067_200_000, length=instant.DAY - 1, count=2)
@given(first=days.map(lambda day: day * instant.DAY), length=st.integers(0, 2 * instant.DAY), count=st.integers(1, 300))
def test_there_is_no_axis_where_the_times_are_no_whole_milliseconds_of_one_day(first: int, length: int, count: int) -> None:
    exact = length % max(count - 1, 1) == 0 and (count > 1 or not length) and length < instant.DAY
    assert (axis(first, first + length, count) is not None) == exact


def test_a_day_of_times_every_five_minutes_takes_less_than_two_bytes_for_each() -> None:
    times = axis(1_704_067_200_000, 1_704_067_200_000 + 287 * 300_000, 288)
    assert times is not None
    assert len(times.packed) < 2 * 288
