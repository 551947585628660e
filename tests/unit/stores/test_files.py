"""A catalogue entry and its item say the same."""

import json
from base64 import b64encode
from dataclasses import fields

import pytest

from mesonet.domain.coverage import Coverage, Gap
from mesonet.domain.file import (
    COLUMNS_LISTED,
    COVERAGES_LISTED,
    OTHER_REASONS,
    STATIONS_LISTED,
    Claim,
    ColumnFacts,
    FileEntry,
    Loading,
    LoadState,
    Mark,
    Occasion,
    Status,
)
from mesonet.domain.mapping import Proposal, ProposedColumn
from mesonet.domain.observation import Reject
from mesonet.record import replace
from mesonet.stores import files
from mesonet.stores.files import from_image, to_image
from tests.builders import file_entry, item_bytes, unlike

WHOLE = file_entry(
    3,
    status=Status.PARTIAL,
    reread_at="2026-01-01T00:00:00.000Z",
    occasion=Occasion.REPLAY,
    mark=Mark(at=100, row=7),
    member="b.csv",
    members=("b.csv", "c.csv"),
    compression="gzip",
    encoding="utf-8",
    claims={"encoding": Claim.READ, "zone": Claim.INFERRED},
    mapping="network/mapping.json",
    mapping_order="2",
    rejected=2,
    rejects_object="rejects/a/b/v@.ndjson",
    reasons={"not a number": 1, "cut": 1},
    proposal=Proposal(
        mapping="{}",
        columns=(ProposedColumn(column="t", confidence=0.9, reason="so", parameter="air_temperature", unit="Cel"),),
        questions=("which zone?",),
    ),
    rejects=(Reject(reason="not a number", row=5, column="temp", value="warm"), Reject(reason="cut")),
    columns=(
        ColumnFacts(
            name="temp", kind="number", parameter="air_temperature", unit="Cel", unit_received="degF", values=5, minimum=-1.5
        ),
        ColumnFacts(name="state", kind="text", claim=Claim.CONFIGURED, distinct=("a", "b"), mean_received=1.5),
    ),
    column_count=1,
    bbox=(-74.25, 40.5, -73.75, 41.0),
    loading=Loading(
        state=LoadState.FAILED,
        order="1",
        reason="gone",
        at="2026-01-01T00:00:00.000Z",
        flags={"air_temperature": {"1": 2, "4": 1}},
        tests={"air_temperature": {"spike": 1}},
        completeness=0.5,
        coverage={
            "A": Coverage(first=1, last=9, times=3, interval=2, due=5, gaps=1, longest=(Gap(after=3, before=7, missing=1),)),
            "B": Coverage(first=1, last=1, times=1),
        },
    ),
)
BARE = FileEntry(bucket="b", key="k", version_id=None, sequencer="", event_time="", status=Status.DELETED)


@pytest.mark.parametrize("entry", [WHOLE, BARE, file_entry()], ids=["whole", "bare", "usual"])
def test_an_entry_is_read_back_as_it_was_written(entry: FileEntry) -> None:
    assert from_image(to_image(entry)) == entry


def test_the_whole_entry_of_this_test_leaves_no_member_out() -> None:
    """Guards the guard: a member that is added must be seen here."""
    ordinary = FileEntry(bucket="b", key="k", version_id="v", sequencer="s", event_time="t", status=Status.OK)
    unset = {each.name for each in fields(FileEntry) if getattr(WHOLE, each.name) == getattr(ordinary, each.name)}
    assert unset == set()


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """As releases wrote entries that packed nothing."""
    monkeypatch.setattr(files, "_LEAST_PACKED", 1_000_000)


@pytest.mark.usefixtures("plain")
def test_an_entry_that_is_not_packed_is_read_too() -> None:
    image = to_image(WHOLE)
    assert {"columns", "rejects", "proposal"} <= image.keys()
    assert from_image(image) == WHOLE


def test_what_is_long_is_packed_and_read_from_an_event_as_well() -> None:
    image = to_image(WHOLE)
    assert not {"columns", "rejects", "proposal"} & image.keys()
    told = json.loads(json.dumps(image, default=lambda value: b64encode(value).decode()))
    assert from_image(told) == WHOLE


@pytest.mark.usefixtures("plain")
def test_the_members_of_a_newer_release_are_passed_over() -> None:
    image = to_image(WHOLE)
    image["mood"] = {"S": "sunny"}
    image["columns"]["L"][0]["M"]["mood"] = {"S": "sunny"}
    image["rejects"]["L"][0]["M"]["mood"] = {"S": "sunny"}
    image["loading"]["M"]["mood"] = {"S": "sunny"}
    assert from_image(image) == WHOLE


@pytest.mark.usefixtures("plain")
def test_the_members_that_an_older_release_did_not_write_have_their_defaults() -> None:
    image = to_image(WHOLE)
    for name in ("encoding", "loading", "columns", "revision"):
        del image[name]
    entry = from_image(image)
    assert (entry.encoding, entry.loading, entry.columns, entry.revision) == (None, Loading(), (), 1)


@pytest.mark.usefixtures("plain")
def test_the_reasons_of_an_older_release_are_those_of_the_rejects_that_it_listed() -> None:
    image = to_image(replace(WHOLE, rejected=60))
    del image["reasons"]
    assert from_image(image).reasons == {"not a number": 1, "cut": 1, OTHER_REASONS: 58}


@pytest.mark.parametrize(
    ("entry", "read_with"),
    [
        (file_entry(status=Status.UNMAPPED), "none"),
        (file_entry(mapping="m.json"), "m.json"),
        (file_entry(), None),
    ],
)
def test_an_item_says_which_mapping_it_was_read_with(entry: FileEntry, read_with: str | None) -> None:
    assert to_image(entry).get("read_with") == ({"S": read_with} if read_with else None)


def test_a_thousand_stations_of_the_longest_names_fit_into_an_item() -> None:
    names = unlike(STATIONS_LISTED)
    seen = Coverage(first=1, last=9, times=3, interval=2, due=5, gaps=5, longest=(Gap(after=3, before=7, missing=1),) * 5)
    entry = replace(
        WHOLE,
        stations=dict.fromkeys(names, 1000),
        loading=replace(WHOLE.loading, coverage=dict.fromkeys(names[:COVERAGES_LISTED], seen)),
    )
    image = to_image(entry)
    assert item_bytes(image) < 400 * 1024
    assert from_image(image) == entry


def test_of_a_table_with_more_to_say_than_an_item_holds_the_parameters_stay_and_the_entry_says_so() -> None:
    names = unlike(COLUMNS_LISTED)
    wide = tuple(
        ColumnFacts(name=name * 4, kind="number", parameter=f"p{at}" if at % 2 else None, mean=at / 7, distinct=(name,) * 12)
        for at, name in enumerate(names)
    )
    asked = tuple(ProposedColumn(column=name, confidence=0.5, reason=f"{name}?") for name in names)
    for stations in ({}, dict.fromkeys(unlike(STATIONS_LISTED), 1000)):
        proposal = Proposal(mapping="".join(names), columns=asked)
        entry = replace(WHOLE, stations=stations, columns=wide, column_count=COLUMNS_LISTED, proposal=proposal)
        image = to_image(entry)
        assert item_bytes(image) < 300 * 1024  # what loading finds has room, too
        kept = from_image(image)
        assert (kept.parameters, kept.stations, kept.column_count) == (entry.parameters, stations, COLUMNS_LISTED)
        assert kept.why == f"{entry.why}; more is known of its columns than the catalogue has room for"


def test_a_lone_half_of_a_character_is_kept() -> None:
    entry = replace(WHOLE, rejects=(Reject(reason="cut", value="\ud83d"),))
    assert from_image(to_image(entry)) == entry
