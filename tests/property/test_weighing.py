"""What is counted column by column equals what is found text by text."""

from collections.abc import Sequence
from math import isclose, isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesonet.domain.file import DISTINCT_LISTED
from mesonet.domain.mapping import MISSING_TOKENS, TimeColumns
from mesonet.formats import columns
from mesonet.formats.columns import ABSURD, Numbers
from mesonet.formats.times import clock

plain = st.floats(-1e4, 1e4).map(repr) | st.integers(-10_000, 10_000).map(str)
odd = st.sampled_from(
    (
        *MISSING_TOKENS,
        "-9999.00",
        " NA ",
        "inf",
        "-inf",
        "NaN(1)",
        "1e999",
        "1e12",
        "1_0",
        "12a",
        "٣",
        " 7 ",
        "+.5",
        "0x1p3",
        "T",
    )
)
chunks = st.lists(
    st.lists(plain, min_size=1, max_size=40) | st.lists(plain | odd, min_size=1, max_size=40), min_size=1, max_size=8
)
digits = st.text("0123456789", min_size=2, max_size=2)
wild = st.builds("20{}-{}-{}T{}:{}:{}Z".format, *[digits] * 6)
times = st.datetimes().map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
forms = (
    times
    | wild
    | times.map(lambda text: text[:-1])
    | times.map(lambda text: text[:16])
    | times.map(lambda text: text[:-1] + "+05:00")
)


def number(text: str) -> float | str | None:
    """The rule, said once more and plainly: a number, None where it is missing, the reason where it is neither."""
    token = text.strip()
    if token in MISSING_TOKENS:
        return None
    try:
        found = float(token)
    except ValueError:
        return "not a number"
    if not isfinite(found):
        return "not a finite number"
    if abs(found) >= ABSURD:
        return "beyond any measurement"
    if "_" in token or not token.isascii():
        return "not a number"
    return None if found in (-9999.0, -999.0) else found


@pytest.mark.parametrize("kept", [DISTINCT_LISTED + 1, 20, columns.SUMMED])
@given(chunks)
def test_a_column_weighs_what_its_texts_weigh(kept: int, texts: Sequence[Sequence[str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "SUMMED", kept)
        numbers = Numbers(MISSING_TOKENS)
        for chunk in texts:
            numbers.weigh(chunk)
            assert numbers.faults == {text: each for text in chunk if isinstance(each := number(text), str)}
            values, _ = numbers.column(chunk)
            assert values == [None if isinstance(each := number(text), str) else each for text in chunk]
    told = [number(text) for chunk in texts for text in chunk]
    taken = [each for each in told if isinstance(each, float)]
    facts = numbers.facts("a column")
    assert (facts.values, facts.missing) == (len(taken), told.count(None))
    assert (facts.minimum, facts.maximum) == (min(taken, default=None), max(taken, default=None))
    if taken:
        assert facts.mean is not None
        assert isclose(facts.mean, sum(taken) / len(taken), rel_tol=1e-6, abs_tol=1e-6)
    few = sorted({text for chunk in texts for text in chunk})
    assert facts.distinct == (() if len(few) > DISTINCT_LISTED else tuple(few))


@pytest.mark.parametrize("last", ["1.5", "0", "-0.0", "-2", "12a"])
def test_what_is_missing_is_counted_before_and_after_the_first_nought(last: str) -> None:
    numbers = Numbers(MISSING_TOKENS)
    for texts in (["NA"] * 3, ["7", "NA", "", "NA"] * 20, ["NA", last, last] * 30, ["7", "NA"] * 40):
        numbers.weigh(texts)
    assert (numbers.missing, numbers.values) == (3 + 60 + 30 + 40, 20 + (0 if last == "12a" else 60) + 40)


@given(
    st.lists(forms, min_size=1, max_size=30) | st.lists(times, min_size=1, max_size=30),
    st.sampled_from(("UTC", "-05:00", "+14:00")),
)
def test_the_span_of_a_column_is_that_of_its_instants(texts: list[str], zone: str) -> None:
    told = clock(TimeColumns(columns=("time",), zone=zone)).span(texts)
    each = clock(TimeColumns(columns=("time",), zone=zone))
    each.learn(set(texts))
    if told is not None:
        assert not each.faults
        instants = [each.instants[text] for text in texts]
        assert told == (min(instants), max(instants))


HOURS = [f"2024-02-{day:02}T{hour:02}:00:00Z" for day in range(1, 30) for hour in range(24)]


@pytest.mark.parametrize("texts", [HOURS, HOURS[::-1], [*HOURS[300:], *HOURS[:300]], tuple(HOURS)])
def test_the_span_of_usual_times_is_told_at_once(texts: Sequence[str]) -> None:
    assert clock(TimeColumns(columns=("time",))).span(texts) == (1_706_745_600_000, 1_709_247_600_000)


@pytest.mark.parametrize(
    "text",
    [
        *("2024-02-27T29:00:00Z", "2024-02-27T07:60:00Z", "2024-02-27T07:00:60Z", "2024-02-30T07:00:00Z"),
        *("2024-W09-2T07:00:00Z", "2024-02-27T0:700:00Z", "2024-02-27T+7:00:00Z", "2024-02-27T07:00:00z"),
        *("2024-02-27 07:00:00Z", "2024-02-27T07:00Z", "2024-02-27T07:00:0١Z", "2024-2-027T07:00:00Z"),
        *("2024-02-27T07:0000:Z", "2024-02-27T07:00:0\ud800Z", "time"),
    ],
)
def test_one_text_of_another_form_among_the_times_of_a_day_is_seen(text: str) -> None:
    assert clock(TimeColumns(columns=("time",))).span([*HOURS[:640], text, *HOURS[640:]]) is None
