"""Files: which event of a key is the newest, and which of two files."""

import pytest

from mesonet.domain import instant
from mesonet.domain.file import (
    OTHER_REASONS,
    REASONS_LISTED,
    STATIONS_LISTED,
    ColumnFacts,
    FileEntry,
    ObjectEvent,
    Occasion,
    Status,
    add_rejects,
    arrival,
    behind_live,
    changed,
    content_order,
    continued,
    entry_order,
    file_id,
    live_order,
    precedence,
    summary,
)
from mesonet.domain.observation import Reject
from tests.builders import file_entry, object_event


def test_an_identifier_is_the_same_for_ever() -> None:
    assert file_id("bucket", "key") == "bkotodqfbblqgcmg4of523gbx4"


def test_different_keys_have_different_identifiers() -> None:
    assert len({file_id("a", "b"), file_id("a", "c"), file_id("c", "b")}) == 3


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("0062E99A88DC4072", "0062E99A88DC4073"),
        ("00A0", "00A00F"),
        ("00A00F", "00A1"),  # padded on the right, not on the left
        ("009", "00A"),
        ("", "0"),
        ("0062e99a88dc4072", "0062E99A88DC4073"),  # whatever the case
    ],
)
def test_sequencers_are_compared_as_s3_says(older: str, newer: str) -> None:
    assert content_order(older, "2026-01-01T00:00:00.000Z") <= content_order(newer, "2026-01-01T00:00:01.000Z")
    if older:
        assert content_order(older, "2026-01-01T00:00:09.000Z") < content_order(newer, "2026-01-01T00:00:00.000Z")


def test_a_sequencer_and_the_same_filled_up_with_zeros_are_one() -> None:
    assert content_order("00A0", "t") == content_order("00A", "t")


def test_where_sequencers_say_nothing_the_time_does() -> None:
    assert content_order("0", "2026-01-01T00:00:00.000Z") < content_order("0", "2026-01-01T00:00:00.001Z")


def test_a_file_read_under_a_newer_mapping_is_newer() -> None:
    content = content_order("0A", "2026-01-01T00:00:00.000Z")
    assert entry_order(content, "") < entry_order(content, "2026-01-01T00:00:00.000Z#01")
    assert entry_order(content, "2026-01-01T00:00:00.000Z#01") < entry_order(content, "2026-01-01T00:00:00.000Z#02")
    newer = content_order("0B", "2026-01-01T00:00:01.000Z")
    assert entry_order(content, "2027-01-01T00:00:00.000Z#01") < entry_order(newer, "")


def test_an_event_and_the_entry_that_it_made_have_one_order() -> None:
    event, entry = object_event(7), file_entry(7)
    assert entry.order == event.order


def test_of_two_files_the_one_that_came_later_goes_before() -> None:
    """Whatever their sequencers: these compare events of one key only."""
    early, late = file_entry(1, sequencer="FF"), file_entry(2, sequencer="00")
    assert precedence(early.order) < precedence(late.order)


@pytest.mark.parametrize(("status", "usable"), [(each, each in (Status.OK, Status.PARTIAL)) for each in Status])
def test_a_file_can_be_used_where_something_could_be_taken(status: Status, usable: bool) -> None:
    assert status.usable is usable


def test_a_summary_has_plain_values_only() -> None:
    told = summary(file_entry())
    assert all(value is None or isinstance(value, str | int) for value in told.values())
    assert type(told["status"]) is str


def test_an_entry_needs_no_more_than_what_the_event_told() -> None:
    entry = FileEntry(bucket="b", key="k", version_id=None, sequencer="", event_time="", status=Status.DELETED)
    assert entry.id == file_id("b", "k")
    assert entry.parameters == ()


def test_an_entry_tells_the_event_that_it_is_of() -> None:
    event = ObjectEvent(
        bucket="b",
        key="a.zip/b.csv",
        version_id="v",
        sequencer="0055",
        time="2026-01-01T00:00:01.000Z",
        reread_at="2026-01-02T00:00:00.000Z",
        occasion=Occasion.BACKFILL,
        member="b.csv",
    )
    entry = FileEntry(
        bucket=event.bucket,
        key=event.key,
        version_id=event.version_id,
        sequencer=event.sequencer,
        event_time=event.time,
        status=Status.OK,
        reread_at=event.reread_at,
        occasion=event.occasion,
        member=event.member,
    )
    assert entry.event == event


def test_live_values_stand_between_history_that_is_brought_in_and_files() -> None:
    file = entry_order(content_order("0055", "2026-01-01T00:00:01.000Z"), "")
    live = live_order(instant.parse("2026-06-01T00:00:00Z"))
    assert precedence(behind_live(file)) < precedence(live) < precedence(file)
    assert (arrival(live), changed(live)) == (instant.LATEST, instant.parse("2026-06-01T00:00:00Z"))
    assert changed(behind_live(file)) == arrival(file) == instant.parse("2026-01-01T00:00:01Z")


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("the row has 25 fields where the header has 28", "the row has … fields where the header has …"),
        ("'2024-13-06' is not a time that exists", "… is not a time that exists"),
        ("a time after the file came, 2026-11-25T23:02:38.282Z", "a time after the file came, …"),
        ("only METAR and BUFR4 are read", "only METAR and BUFR4 are read"),
        ("x" * 300, "x" * 200),
    ],
)
def test_rejects_that_differ_in_numbers_and_values_alone_are_of_one_kind(reason: str, kind: str) -> None:
    assert Reject(reason=reason).kind == kind


def test_a_file_counts_the_rejects_of_some_kinds_by_themselves_and_the_others_together() -> None:
    reasons: dict[str, int] = {}
    for kind in "abcdefghijklmnopqrstuvwxyza":
        add_rejects(reasons, kind)
    assert (len(reasons), sum(reasons.values())) == (REASONS_LISTED + 1, 27)
    assert (reasons["a"], reasons[OTHER_REASONS]) == (2, 26 - REASONS_LISTED)


def test_a_reading_that_goes_on_adds_to_the_reasons_found_before() -> None:
    former = file_entry(rejected=3, reasons={"a": 2, "b": 1})
    rest = file_entry(rejected=2, reasons={"b": 1, "c": 1})
    assert continued(former, rest).reasons == {"a": 2, "b": 2, "c": 1}


def test_a_reading_that_goes_on_keeps_values_in_other_units_apart() -> None:
    def told(**named: str) -> tuple[ColumnFacts, ...]:
        return tuple(
            ColumnFacts(name=name.replace("_", " "), kind="number", parameter="t", unit_received=unit, values=1)
            for name, unit in named.items()
        )

    former = file_entry(columns=told(T="Cel", **{"T (degF)": "degF"}))
    for rest in (told(T="degF", **{"T (Cel)": "Cel"}), told(T="Cel", **{"T (degF)": "degF"}), told(T="K")):
        whole = {
            column.name: (column.unit_received, column.values) for column in continued(former, file_entry(columns=rest)).columns
        }
        both = len(rest)
        assert whole == {"T": ("Cel", both), "T (degF)": ("degF", both)} | ({} if both > 1 else {"T (K)": ("K", 1)})


def test_a_reading_that_goes_on_counts_the_stations_that_it_does_not_list() -> None:
    former, rest = (
        file_entry(stations={f"{part}{at}": 1 for at in range(700)}, station_count=700) for part in ("north", "south")
    )
    whole = continued(former, rest)
    assert (len(whole.stations), whole.station_count) == (STATIONS_LISTED, 1400)
