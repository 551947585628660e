"""Evenly spaced times of a day as a fragment, without writing, compressing or keeping them.

But for the date, all days that are measured every five minutes have the same times. They are compressed once, with letters that
no time has in place of the date: where these stand, the compressed bytes refer back to the first time. Whatever date is laid in
front of them, as it is, becomes theirs.
"""

import zlib
from functools import lru_cache

from mesonet.domain import instant
from mesonet.domain.fragment import Fragment, stored

_DATE = "\1\2\3\4\5\6\7\x08\x0b\x0c"  # no two alike, so that nothing but another date is like any part of it
_BEGIN = f'"{_DATE}'
_WINDOW = 9  # bits: times of the last hour are alike, and what is far away takes more bits to name
_MOST_PATTERNS = 100  # five minutes, an hour, …, from midnight or a minute later
_MOST_JOINED = 20
_MOST_AXES = 200  # days; one of ten seconds keeps 220 KB of text once it was asked for


@lru_cache(_MOST_AXES)
def axis(first: int, last: int, count: int) -> Fragment | None:
    """`count` evenly spaced instants; None where they are not of one day (UTC), or not whole milliseconds apart."""
    step, rest = divmod(last - first, max(count - 1, 1))
    day, at = divmod(first, instant.DAY)
    if rest or step * (count - 1) != last - first or last // instant.DAY != day:
        return None
    date = instant.day_of(first)
    pattern, packed = _pattern(at, step, count)
    text = pattern.replace(_DATE, date)
    if not packed:
        return Fragment(text)
    return Fragment(text, packed=stored(f'"{date}'.encode()) + packed)


@lru_cache(_MOST_JOINED)
def joined(days: tuple[tuple[int, int, int], ...]) -> Fragment | None:
    """The times of days, each by its first, its last and their number, with commas between; None where not all have an axis.
    Whoever asks for a month asks for the same times, whatever the station."""
    found = [axis(*day) for day in days]
    if None in found:
        return None
    whole = Fragment.joined([each for each in found if each])
    whole.measure()
    return whole


@lru_cache(_MOST_PATTERNS)
def _pattern(at: int, step: int, count: int) -> tuple[str, bytes]:
    """Text of the times, and what follows its beginning, compressed. Nothing, should a compressor that is free to do so have
    written a letter of the date as such."""
    clocks = (instant.iso(at + number * step)[10:] for number in range(count))
    text = ",".join(f'{_BEGIN}{clock}"' for clock in clocks)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -_WINDOW, zdict=_BEGIN.encode())
    packed = deflate.compress(text.removeprefix(_BEGIN).encode()) + deflate.flush(zlib.Z_FULL_FLUSH)
    other = zlib.decompressobj(-zlib.MAX_WBITS, zdict=b'"2000-02-29').decompress(packed)
    return text, packed if other.decode() == text.replace(_DATE, "2000-02-29").removeprefix('"2000-02-29') else b""
