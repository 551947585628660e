"""Notifications conform to WIS2, and have the attributes that subscribers filter on."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mesonet.domain.file import ColumnFacts, FileChange, FileEntry, Loading, Status
from mesonet.domain.notification import Whereabouts, attributes, cells, media_type, message_id, notification
from mesonet.domain.territory import country
from tests.builders import file_entry
from tests.wis2 import SCHEMAS, ets

BODY = b"station,time,temp"

NEWARK = Whereabouts(positions=[(40.69, -74.17)])
WIDE = Whereabouts(positions=[(40.69, -74.17)], bbox=(-75.0, 40.0, -73.0, 42.0))
FILE = file_entry(
    sha256=hashlib.sha256(BODY).hexdigest(),
    stations={"0-840-0-KEWR": 2},
    columns=(ColumnFacts(name="t", kind="number", parameter="air_temperature:2:maximum:P1D"),),
    key="nyc/2013/Zürich & co.csv",
)

CASES: dict[str, tuple[FileEntry, FileChange, Whereabouts]] = {
    "new": (FILE, FileChange.CATALOGUED, NEWARK),
    "replaced": (FILE, FileChange.REPLACED, WIDE),
    "deleted": (file_entry(2, status=Status.DELETED, loading=Loading()), FileChange.DELETED, Whereabouts()),
    "of one moment": (file_entry(first=0, last=0), FileChange.CATALOGUED, Whereabouts()),
    "unknown": (
        file_entry(format=None, first=None, last=None, stations={}, sha256=None, version_id=None),
        FileChange.CATALOGUED,
        Whereabouts(),
    ),
}


def message(case: str) -> dict[str, Any]:
    entry, change, where = CASES[case]
    return notification(entry, change, where, base_url="https://api.example.org/v1", centre_id="xx-test")


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
@pytest.mark.parametrize("case", CASES)
def test_a_notification_is_valid(case: str, schema: Path) -> None:
    validator = jsonschema.Draft202012Validator
    document = json.loads(json.dumps(message(case)))
    validator(json.loads(schema.read_text()), format_checker=validator.FORMAT_CHECKER).validate(document)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_notifications_pass_the_conformance_test(schema: Path, tmp_path: Path) -> None:
    summaries = ets({case: message(case) for case in CASES}, schema, tmp_path)
    assert summaries == {case: {"PASSED": 8, "FAILED": 0, "SKIPPED": 0} for case in CASES}


@pytest.mark.parametrize(("case", "relation"), [("new", "canonical"), ("replaced", "update"), ("deleted", "deletion")])
def test_the_relation_of_the_link_says_what_happened(case: str, relation: str) -> None:
    first, item = message(case)["links"]
    assert first["rel"] == relation
    assert item["rel"] == "item"


def test_the_link_leads_to_the_version_that_is_spoken_of() -> None:
    link = message("new")["links"][0]
    assert link == {
        "rel": "canonical",
        "href": f"https://api.example.org/v1/files/{FILE.id}/content?version=version-1",
        "type": "text/csv",
        "length": 100,
    }


def test_the_checksum_is_that_of_the_bytes() -> None:
    assert message("new")["properties"]["integrity"] == {
        "method": "sha256",
        "value": base64.b64encode(hashlib.sha256(BODY).digest()).decode(),
    }
    assert "integrity" not in message("deleted")["properties"]


def test_times_are_an_instant_a_period_or_unknown() -> None:
    assert message("of one moment")["properties"]["datetime"] == "1970-01-01T00:00:00Z"
    assert message("unknown")["properties"]["datetime"] is None
    properties = message("new")["properties"]
    assert (properties["start_datetime"], properties["end_datetime"]) == ("2013-01-01T00:00:00Z", "2013-01-02T00:00:00Z")


def test_a_place_is_a_point_or_the_box_of_all_that_is_located() -> None:
    assert message("new")["geometry"] == {"type": "Point", "coordinates": [-74.17, 40.69]}
    assert message("replaced")["geometry"]["coordinates"] == [[[-75, 40], [-73, 40], [-73, 42], [-75, 42], [-75, 40]]]
    assert message("unknown")["geometry"] is None


def test_an_identifier_is_of_the_state_and_not_of_the_delivery() -> None:
    assert message_id(file_entry(1)) == message_id(file_entry(1)) != message_id(file_entry(2))


def test_attributes_say_what_subscribers_filter_on() -> None:
    assert attributes(*CASES["new"]) == {
        "kind": "FileCatalogued",
        "status": "ok",
        "format": "ghcn_daily",
        "stations": ["0-840-0-KEWR"],
        "parameters": ["air_temperature:2:maximum:P1D"],
        "standard_names": ["air_temperature"],
        "countries": ["USA"],
        "cells": ["d", "dr", "dr5", "dr5r"],
    }


def test_a_queue_gets_a_raw_message_with_no_more_than_ten_attributes() -> None:
    assert len(attributes(*CASES["new"])) <= 10


def test_a_box_is_in_all_its_cells_and_anywhere_where_there_are_too_many() -> None:
    found = cells(WIDE)
    assert {"d", "dr", "dr5"} <= set(found)
    assert "any4" in found
    assert not [cell for cell in found if len(cell) == 4 and cell != "any4"]
    assert cells(Whereabouts(bbox=(-180.0, -90.0, 180.0, 90.0)))[-3:] == ["any2", "any3", "any4"]
    assert cells(Whereabouts()) == []


@pytest.mark.parametrize(
    ("station", "expected"),
    [("0-840-0-KEWR", "USA"), ("0-756-0-SMA", "CHE"), ("0-20000-0-72502", None), ("EWR", None), ("0-999-0-X", None)],
)
def test_a_wigos_identifier_tells_its_state(station: str, expected: str | None) -> None:
    assert country(station) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"key": "a.bin", "format": "bufr"}, "application/bufr"),
        ({"key": "a.json", "format": "open-meteo"}, "application/json"),
        ({"key": "a.csv.gz", "format": "csv", "compression": "gzip"}, "application/gzip"),
        ({"key": "a.unheard", "format": None}, "application/octet-stream"),
    ],
)
def test_a_link_says_what_is_behind_it(given: dict[str, Any], expected: str) -> None:
    assert media_type(file_entry(**given)) == expected
