"""What `make put` prints of a file: what was understood, what was not and where all of it is, and what to do next."""

from typing import Any

from local.wording import report


def said(**given: Any) -> str:
    entry = {"key": "garden/a_2024.csv", "status": "ok", "rows": 2, "rejected": 0, "loading": {"state": "loaded"}, "links": []}
    return "\n".join(report(entry | given))


def test_a_table_without_a_mapping_shows_the_one_that_is_proposed_and_how_to_adopt_it() -> None:
    column = {"column": "temp_c", "parameter": "air_temperature", "unit": "Cel", "confidence": 0.9, "reason": "so"}
    text = said(
        status="unmapped",
        proposal={"mapping": {"columns": {"temp_c": {}}}, "columns": [column], "questions": ["which zone?"]},
        links=[{"rel": "proposed-mapping", "href": "http://x/files/1/proposed-mapping"}],
    )
    assert "temp_c is air_temperature [Cel] (90% sure: so)" in text
    assert "to answer   which zone?" in text
    assert "curl -o mapping.json http://x/files/1/proposed-mapping" in text
    assert "make put FILE=mapping.json KEY=garden/a.mapping.json" in text


def test_where_nothing_can_be_proposed_it_says_what_to_write() -> None:
    text = said(status="unmapped", proposal={"mapping": None, "columns": [], "questions": ["which column tells the time?"]})
    assert "say what the columns mean in a mapping file, garden/a.mapping.json" in text


def test_rejects_say_where_all_of_them_are() -> None:
    text = said(
        rejected=70,
        rejects=[{"row": 3, "column": "t", "value": "warm", "reason": "not a number"}],
        links=[{"rel": "rejects", "href": "http://x/files/1/rejects"}],
    )
    assert "row 3, column t: not a number ('warm')" in text
    assert "and 69 more" in text
    assert "all of them: http://x/files/1/rejects" in text


def test_flags_and_gaps_are_shown() -> None:
    gap = {"after": "2024-01-01T05:00:00Z", "before": "2024-01-01T09:00:00Z", "missing": 3}
    heard = {"first": "a", "last": "b", "times": 7, "interval": "PT1H", "interval_claim": "inferred", "completeness": 0.7}
    text = said(
        quality={
            "wind_speed": {"flags": {"1": 5, "4": 1}, "tests": {"gross_range": 1}},
            "air_temperature": {"flags": {"1": 6}, "tests": {}},
        },
        coverage={"EWR": heard | {"gap_count": 1, "longest_gaps": [gap]}},
    )
    assert "flagged     wind_speed: 1 failed (gross range 1)" in text
    assert "air_temperature:" not in text
    assert "every PT1H (inferred), 70.0% complete, 1 gap, the longest after 2024-01-01T05:00:00Z (3 missing)" in text
