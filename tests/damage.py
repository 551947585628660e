"""What becomes of bytes on bad media and bad lines."""

from hypothesis import strategies as st


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Some bytes are others; some stretches are gone, or have become others, or have come between."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(0, 10))):
        at = draw(st.integers(0, len(data)))
        if draw(st.booleans()):
            data[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
        else:
            data[at : at + draw(st.integers(0, 60))] = draw(st.binary(max_size=20))
    return bytes(data)
