import gzip
import json
from base64 import b64encode
from hashlib import sha512
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from mesonet.domain.file import Status
from mesonet.formats.services import wis2_notification
from tests.unit.formats.binary.test_bufr import one
from tests.unit.formats.json_files import batches, gone_wrong, lines, never_fails, sample, stations, surveyed, there

CORE = "http://wis.wmo.int/spec/wnm/1/conf/core"
MESSAGE: dict[str, Any] = {
    "id": "31e9d66a-cd83-4174-9429-b932f1abe1be",
    "conformsTo": [CORE],
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [6.5, 46.25]},
    "properties": {
        "pubtime": "2022-03-20T04:50:18.314854383Z",
        "datetime": "2022-03-20T04:45:00Z",
        "integrity": {"method": "sha512", "value": "A2KNxvks"},
        "data_id": "wis2/xy/data/core/weather/A.bufr4",
        "content": {"encoding": "utf-8", "value": "bytes", "size": 5},
    },
    "links": [{"href": "https://example.org/A.bufr4", "rel": "canonical", "type": "application/bufr", "length": 5}],
}


def changed(**members: Any) -> dict[str, Any]:
    """The message with other members, or other members of its properties; None leaves one out."""
    message = {**MESSAGE, "properties": dict(MESSAGE["properties"])}
    for name, value in members.items():
        where = message if name in MESSAGE or name == "version" else message["properties"]
        if value is None:
            where.pop(name, None)
        else:
            where[name] = value
    return message


def test_a_good_message_is_ok_without_an_observation_and_says_what_it_tells_of() -> None:
    entry = surveyed(MESSAGE)
    assert (entry.recognition.format, entry.status, entry.rows, entry.rejected) == ("wis2-notification", Status.OK, 1, 0)
    assert (entry.stations, entry.first) == ({}, None)
    assert "wis2/xy/data/core/weather/A.bufr4" in entry.why
    assert "https://example.org/A.bufr4" in entry.why
    assert "not in this" in entry.why


def test_a_message_of_a_deletion_says_so_and_not_where_the_data_are() -> None:
    entry = surveyed(changed(operation="delete", links=[{"rel": "canonical", "href": "#"}]))
    assert "that wis2/xy/data/core/weather/A.bufr4 was deleted" in entry.why
    assert "to be had" not in entry.why


def test_a_message_without_the_time_of_its_publication_is_known_and_rejected() -> None:
    entry = surveyed(changed(conformsTo=None, version="v04", pubtime=None))
    assert (entry.recognition.format, entry.status) == ("wis2-notification", Status.REJECTED)
    assert [each.column for each in entry.rejects] == ["properties.pubtime"]


def test_a_message_that_names_its_station_tells_where_it_is() -> None:
    (station,) = stations(changed(wigos_station_identifier="0-20000-0-06700"))
    assert (station.id, station.position) == ("0-20000-0-06700", (46.25, 6.5))


def test_messages_may_stand_one_a_line() -> None:
    entry = surveyed(lines(MESSAGE, MESSAGE, changed(pubtime=None)))
    assert (entry.status, entry.rows) == (Status.PARTIAL, 3)
    assert [(reject.row, reject.column) for reject in entry.rejects] == [(3, "properties.pubtime")]


BUFR = one()


def embedding(data: bytes = BUFR, *, encoding: str = "base64", digest: bytes | None = None) -> dict[str, Any]:
    value = b64encode(gzip.compress(data) if encoding == "gzip" else data).decode()
    integrity = {"method": "sha512", "value": b64encode(digest or sha512(data).digest()).decode()}
    return changed(content={"encoding": encoding, "value": value, "size": len(data)}, integrity=integrity)


EMBEDDING = embedding()


def test_what_is_embedded_unpacks_to_some_times_what_may_be_embedded_and_no_more() -> None:
    for count, rows in ((100, 101), (1000, 1)):
        message = embedding(BUFR * count, encoding="gzip")
        message["properties"]["content"]["size"] = 4096
        found = surveyed(lines(MESSAGE, message))
        assert (found.rows, sum(found.stations.values())) == (2, rows - 1)
        assert found.rejected == (0 if rows > 1 else 1)
    assert found.rejects[0].reason == "what is embedded has more than 32768 bytes unpacked"


def test_messages_with_faults_beyond_the_first_thousands_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wis2_notification, "MOST_REJECTED", 3)
    found = surveyed(lines(MESSAGE, *[changed(pubtime=None)] * 10, MESSAGE))
    assert (found.status, found.rows, found.rejected) == (Status.PARTIAL, 12, 10)
    assert found.rejects[-1].count == 7


@pytest.mark.parametrize("encoding", ["base64", "gzip"])
def test_bufr_that_is_embedded_is_read_as_if_it_lay_there(encoding: str) -> None:
    entry, alone = surveyed(embedding(encoding=encoding)), surveyed(BUFR)
    assert (entry.recognition.format, entry.status, entry.stations) == ("wis2-notification", Status.OK, {"0-20000-0-06260": 1})
    assert [(batch.station_id, batch.times, batch.columns) for batch in batches(embedding(encoding=encoding))] == [
        (batch.station_id, batch.times, batch.columns) for batch in batches(BUFR)
    ]
    assert (entry.first, entry.columns) == (alone.first, alone.columns)
    assert "read here" in entry.why


def test_of_several_messages_each_tells_its_own_and_other_content_is_left() -> None:
    entry = surveyed(lines(embedding(one(0)), MESSAGE, embedding(one(1))))
    assert (entry.status, entry.rows, set(entry.stations)) == (Status.OK, 3, {"0-20000-0-06260", "0-20000-0-06280"})


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (embedding(digest=b"another"), "what is embedded has another sha512 than the message says"),
        (changed(content={"encoding": "base64", "value": "no base64!", "size": 5}), "what is embedded is no base64"),
        (
            changed(content={"encoding": "gzip", "value": b64encode(b"no gzip").decode(), "size": 5}),
            "what is embedded is no gzip",
        ),
    ],
)
def test_what_is_embedded_and_is_not_what_the_message_says_is_a_reject(message: dict[str, Any], reason: str) -> None:
    entry = surveyed(message)
    assert [(reject.column, reject.reason) for reject in entry.rejects] == [("properties.content", reason)]
    assert entry.stations == {}


GOOD = {
    "no geometry": MESSAGE | {"geometry": None},
    "a period": changed(datetime=None, start_datetime="2022-03-20T04:00:00Z", end_datetime="2022-03-20T05:00:00+00:00"),
    "an old version": changed(conformsTo=None, version="v04"),
    "a polygon": MESSAGE | {"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}},
    "no content": changed(content=None, integrity=None),
}
BAD = {
    "id": changed(id="not-a-uuid"),
    "conformsTo": changed(conformsTo=["http://example.org"]),
    "geometry.type": changed(geometry={"type": "LineString", "coordinates": [[0, 0], [1, 1]]}),
    "geometry.coordinates": changed(geometry={"type": "Point", "coordinates": ["6.1", "46.2"]}),
    "properties.pubtime": changed(pubtime="yesterday"),
    "properties.data_id": changed(data_id=None),
    "properties.datetime": changed(datetime=None),
    "properties.cache": changed(cache="yes"),
    "properties.integrity.method": changed(integrity={"method": "md5", "value": "x"}),
    "properties.content.size": changed(content={"encoding": "utf-8", "value": "bytes"}),
    "properties.content.encoding": changed(content={"encoding": "hex", "value": "bytes", "size": 5}),
    "properties.content.value": changed(content={"encoding": "utf-8", "value": "x" * 4097, "size": 4096}),
    "links": changed(links=[]),
    "links[0].href": changed(links=[{"rel": "canonical"}]),
    "links[0].length": changed(links=[{"rel": "canonical", "href": "https://example.org", "length": 1.5}]),
}


@pytest.mark.parametrize("case", GOOD)
def test_what_the_schema_allows_is_ok(case: str) -> None:
    assert surveyed(GOOD[case]).rejects == ()


@pytest.mark.parametrize("path", BAD)
def test_what_the_schema_does_not_allow_is_a_reject_with_its_path(path: str) -> None:
    entry = surveyed(BAD[path])
    assert (entry.status, [reject.column for reject in entry.rejects]) == (Status.REJECTED, [path])


REAL = {
    "wis2_msg_invalid.json": Status.REJECTED,
    "wis2_msg_valid.json": Status.OK,
    "wis2_msg_valid_checksum.json": Status.REJECTED,  # of an older schema: it has no time of the data
    "wis2_wnm_eumetsat_recommended.json": Status.OK,
    "wis2_wnm_example1.json": Status.OK,
    "wis2_wnm_example2.json": Status.OK,
    "wis2_wnm_example3.json": Status.OK,
}


@pytest.mark.parametrize("name", there(*REAL))
def test_real_messages(name: str) -> None:
    entry = surveyed(sample(name), name)
    assert (entry.recognition.format, entry.status, entry.rows) == ("wis2-notification", REAL[name], 1)


@pytest.mark.parametrize("schema", there("wis2_wnm_schema_bundled.json"))
def test_the_schema_itself_agrees(schema: str) -> None:
    """It takes a Feature's formats (UUID, times) for granted, as JSON Schema does unless asked."""
    validator = jsonschema.Draft202012Validator(json.loads(sample(schema)))
    documents = {name: json.loads(sample(name)) for name in there(*REAL)} | GOOD | BAD
    for name, document in documents.items():
        if name not in ("id", "properties.pubtime"):
            assert validator.is_valid(document) == (surveyed(document).rejects == ()), name


@given(gone_wrong(MESSAGE, *GOOD.values()))
@settings(max_examples=120, deadline=None)
def test_nothing_that_went_wrong_in_a_message_fails(data: bytes) -> None:
    never_fails(data)
