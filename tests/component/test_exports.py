"""Answers with more than one page, made into one file: what is in it, who is led to it, and what comes of faults."""

import copy
import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pyarrow.parquet
import pytest
from covjson_pydantic.coverage import CoverageCollection

from mesonet import clock
from mesonet.domain.export import Export, Kind
from mesonet.functions.on_export import tables
from mesonet.functions.on_export.logic import head
from mesonet.functions.on_export.parquet import NUMBER, TEXT, TIME, Column, Writer
from mesonet.stores.exports import PART_BYTES
from tests.builders import mapping, table
from tests.component.test_edr import HOURS, PATH, STATIONS, ask, said
from tests.system import System
from tests.unit.web.requests import event

ALL = {"datetime": "2013-01-01/2013-01-03"}
BOX = "POLYGON((-75 40,-73 40,-73 42,-75 42,-75 40))"
EVERYWHERE = {("EWR", time) for time in HOURS} | {("JFK", time) for time in HOURS} | {("Zürich +5%", time) for time in HOURS}


@pytest.fixture(scope="module")
def network() -> Iterator[System]:
    with System() as system:
        system.put("network/mapping.json", mapping())
        system.put("network/stations.csv", STATIONS.encode())
        rows = [(station, time, at) for station in ("EWR", "JFK", "Zürich +5%") for at, time in enumerate(HOURS)]
        system.put("network/a.csv", table(*rows))
        system.put("network/b.csv", table(("=1+1", HOURS[0], 5)))
        system.deliver()
        yield system


@pytest.fixture
def small_pages(network: System, monkeypatch: pytest.MonkeyPatch) -> System:
    monkeypatch.setattr(network.modules["api_weather"].logic, "MOST_BYTES", 250)
    return network


def asked_for(system: System, path: str, **asked: str) -> str:
    """The path to which an answer leads."""
    answer = ask(system, path, asked)
    assert answer["statusCode"] == 303, answer["body"]
    assert answer["headers"]["Cache-Control"] == "no-store"
    return str(urlsplit(answer["headers"]["Location"]).path).removeprefix("/v1")


def fetched(system: System, path: str) -> bytes:
    """The file, from where `/exports/{id}` leads once it is made."""
    working = ask(system, path)
    assert working["statusCode"] == 202
    assert working["headers"]["Retry-After"] == working["headers"]["Refresh"] == "2"
    assert json.loads(working["body"])["status"] == "working"
    system.pump("ExportQueue", "on_export")
    there = ask(system, path)
    assert there["statusCode"] == 303, there["body"]
    address = urlsplit(there["headers"]["Location"])
    assert "response-content-disposition=attachment" in address.query
    body: bytes = system.s3.get_object(Bucket=system.ref("DerivedBucket"), Key=f"{path.strip('/')}/answer")["Body"].read()
    return body


def test_all_pages_of_an_area_are_one_table(small_pages: System) -> None:
    body = fetched(small_pages, asked_for(small_pages, f"{PATH}/area", coords=BOX, f="CSV", whole="true", **ALL))
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    assert len(rows) == len(EVERYWHERE)
    assert {(row["station"], row["time"]) for row in rows} == EVERYWHERE
    assert list(rows[0]) == ["station", "longitude", "latitude", "time", "air_temperature (Cel)"]
    assert [row["air_temperature (Cel)"] for row in rows if row["station"] == "EWR"] == [str(at) for at in range(len(HOURS))]


def test_the_table_is_the_one_that_one_large_page_is(network: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for whole and fits is answered at once, and says the same as the file does."""
    query = {"coords": BOX, "f": "CSV", "whole": "true", "units": "us", **ALL}
    at_once = ask(network, f"{PATH}/area", query)
    assert at_once["statusCode"] == 200
    name = "collections_insitu-observations_area_2013-01-01_2013-01-03.csv"
    assert at_once["headers"]["Content-Disposition"] == f'attachment; filename="{name}"'
    monkeypatch.setattr(network.modules["api_weather"].logic, "MOST_BYTES", 250)
    made = fetched(network, asked_for(network, f"{PATH}/area", **query)).decode()
    assert sorted(made.splitlines()) == sorted(at_once["body"].splitlines())


def test_all_pages_are_one_collection_of_coverages(small_pages: System, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    monkeypatch.setattr(small_pages.modules["api_weather"].clock, "now", lambda: now)  # ten minutes may end between questions
    asked = {"coords": "POINT(-74.2 40.7)", "within": "200", "within-units": "km", "whole": "true", **ALL}
    path = asked_for(small_pages, f"{PATH}/radius", f="CoverageJSON", **asked)
    body = fetched(small_pages, path)
    assert asked_for(small_pages, f"{PATH}/radius", f="json", **asked) == path  # in whatever words it is asked for
    CoverageCollection.model_validate_json(body)
    found = json.loads(body)
    assert {(each["id"], time) for each in found["coverages"] for time in each["domain"]["axes"]["t"]["values"]} == EVERYWHERE


def test_parquet_is_what_pyarrow_takes(small_pages: System) -> None:
    body = fetched(small_pages, asked_for(small_pages, f"{PATH}/area", coords=BOX, f="Parquet", **ALL))
    found = pyarrow.parquet.read_table(io.BytesIO(body))
    assert found.column_names == ["station", "longitude", "latitude", "time", "air_temperature"]
    assert str(found.schema.field("time").type) == "timestamp[ms, tz=UTC]"
    assert json.loads(found.schema.metadata[b"mesonet:units"]) == {"air_temperature": "Cel"}
    rows = {(row["station"], row["time"].isoformat().replace("+00:00", "Z")) for row in found.to_pylist()}
    assert rows == EVERYWHERE


def test_the_plain_path_is_made_into_a_table_with_its_details(small_pages: System) -> None:
    path = "/stations/EWR/observations"
    query = {"f": "csv", "details": "true", **ALL}
    pages, cursor = list[str](), ""
    while True:
        answer = ask(small_pages, path, {**query, **({"cursor": cursor} if cursor else {})})
        pages += answer["body"].splitlines()[1 if pages else 0 :]
        if 'rel="next"' not in answer["headers"]["Link"]:
            break
        cursor = answer["headers"]["Link"].partition("cursor=")[2].partition(">")[0]
    assert fetched(small_pages, asked_for(small_pages, path, whole="true", **query)).decode().splitlines() == pages


def test_texts_in_a_table_say_their_unit_where_it_is_not_their_column_s() -> None:
    texts: dict[str, Any] = {"unit": "Cel", "unit_received": "Cel", "values": [10, None, 11], "quality": [1, 9, 1]}
    page: dict[str, Any] = {
        "station": "EWR",
        "time": ["2026-01-01T12:00:00Z", "2026-01-01T13:00:00Z", "2026-01-02T12:00:00.500Z"],
        "parameters": {"air_temperature": texts | {"received": ["50", "", "11"]}},
    }
    same = copy.deepcopy(page)
    changes = [("2026-01-01T12:00:00Z", "[degF]"), ("2026-01-02T12:00:00Z", "Cel")]
    page["parameters"]["air_temperature"]["units_received"] = [{"from": since, "unit": unit} for since, unit in changes]
    for each, expected in ((page, ["50 [degF]", "", "11"]), (same, ["50", "", "11"])):
        table_ = b"".join(tables.csv([head(each)], [each])).decode()
        rows = csv.DictReader(io.StringIO(table_))
        assert [row["air_temperature received (Cel)"] for row in rows] == expected


def test_texts_are_one_column_also_where_their_unit_changed_from_page_to_page() -> None:
    """As they would be on one page."""
    texts = {"unit": "Cel", "values": [10], "quality": [1]}
    given = [
        {
            "station": "EWR",
            "time": [time],
            "parameters": {"air_temperature": texts | {"received": [text], "unit_received": unit}},
        }
        for time, text, unit in (("2026-01-01T12:00:00Z", "50", "[degF]"), ("2026-01-02T12:00:00Z", "11", "Cel"))
    ]
    rows = csv.DictReader(io.StringIO(b"".join(tables.csv(list(map(head, given)), given)).decode()))
    assert [row["air_temperature received (Cel)"] for row in rows] == ["50 [degF]", "11"]
    assert len(rows.fieldnames or ()) == 6


def test_the_file_that_owslib_is_led_to_is_of_the_distance_that_it_meant(network: System) -> None:
    asked = f"{PATH}/radius?coords=POINT(-74.2%2040.7)&within=200000&datetime=2013-01-01/2013-01-03&f=Parquet"
    answer = network.invoke("api_weather", event(asked, headers={"User-Agent": "OWSLib"}))
    path = str(urlsplit(answer["headers"]["Location"]).path).removeprefix("/v1")
    found = pyarrow.parquet.read_table(io.BytesIO(fetched(network, path)))
    assert set(found["station"].to_pylist()) == {"EWR", "JFK", "Zürich +5%"}


def test_a_formula_is_no_formula_in_a_table(small_pages: System) -> None:
    """Whoever names a station does not run anything in the spreadsheet of whoever reads of it."""
    path = f"{PATH}/locations/{quote('=1+1', safe='')}"
    export = Export(path=path, query={"f": "CoverageJSON", **ALL}, kind=Kind.CSV, asked_at=0)
    small_pages.sqs.send_message(QueueUrl=small_pages.ref("ExportQueue"), MessageBody=export.to_json())
    small_pages.pump("ExportQueue", "on_export")
    key = f"exports/{export.id}/answer"
    body = small_pages.s3.get_object(Bucket=small_pages.ref("DerivedBucket"), Key=key)["Body"].read().decode()
    assert body.splitlines()[1].startswith("'=1+1,")


def test_the_same_question_is_asked_once_and_made_once(small_pages: System, monkeypatch: pytest.MonkeyPatch) -> None:
    api = small_pages.modules["api_weather"]
    query = {"coords": BOX, "f": "CSV", "whole": "true", "parameter-name": "air_temperature", **ALL}
    monkeypatch.setattr(api.clock, "now", lambda: 1_800_000_000_000)
    first = asked_for(small_pages, f"{PATH}/area", **query)
    assert asked_for(small_pages, f"{PATH}/area", **query) == first
    (message,) = small_pages.receive("ExportQueue")
    record = small_pages.queue_event("ExportQueue", [message])
    for _ in range(2):  # delivered twice
        small_pages.invoke("on_export", record)
    versions = small_pages.s3.list_object_versions(Bucket=small_pages.ref("DerivedBucket"), Prefix=f"{first.strip('/')}/answer")
    assert len(versions["Versions"]) == 1
    monkeypatch.setattr(api.clock, "now", lambda: 1_800_000_600_000)  # data may have come since
    assert asked_for(small_pages, f"{PATH}/area", **query) != first
    small_pages.take("ExportQueue")


def test_no_more_are_begun_where_too_many_wait(small_pages: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesonet.channels.export_queue.MOST_WAITING", 1)
    asked_for(small_pages, f"{PATH}/area", coords=BOX, f="CSV", whole="true", datetime="2013-01-01/2013-01-02")
    query = {"coords": BOX, "f": "CSV", "whole": "true", "datetime": "2013-01-02/2013-01-03"}
    assert "are waiting" in said(ask(small_pages, f"{PATH}/area", query), 503)["detail"]
    small_pages.take("ExportQueue")
    asked_for(small_pages, f"{PATH}/area", **query)
    small_pages.take("ExportQueue")


def test_what_takes_too_long_is_refused_with_what_to_do(small_pages: System, monkeypatch: pytest.MonkeyPatch) -> None:
    path = asked_for(small_pages, f"{PATH}/area", coords=BOX, f="CSV", whole="true", method="point", **ALL)
    monkeypatch.setattr("tests.builders.Context.get_remaining_time_in_millis", lambda self: 59_000)
    small_pages.pump("ExportQueue", "on_export")
    answer = ask(small_pages, path)
    assert said(answer, 400)["code"] == "answer-too-large"
    assert "ask for fewer times" in said(answer, 400)["detail"]


def test_what_fails_while_it_is_made_leaves_nothing_half_and_is_tried_again(
    small_pages: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = asked_for(small_pages, f"{PATH}/area", coords=BOX, f="CSV", whole="true", level="2", **ALL)
    logic = small_pages.modules["on_export"].logic

    def breaks(*_: Any) -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("disk")

    with monkeypatch.context() as broken:
        broken.setattr(logic.tables, "csv", breaks)
        with pytest.raises(RuntimeError):
            small_pages.pump("ExportQueue", "on_export")
    bucket = small_pages.ref("DerivedBucket")
    assert "Uploads" not in small_pages.s3.list_multipart_uploads(Bucket=bucket)
    assert len(fetched(small_pages, path).splitlines()) == len(EVERYWHERE) + 1


def test_an_export_that_nobody_asked_for_is_not_there(network: System) -> None:
    for export_id in ("0" * 32, "..%2Frejects", "x"):
        assert ask(network, f"/exports/{export_id}")["statusCode"] == 404


def test_an_export_that_nobody_is_at_any_more_says_so(small_pages: System, monkeypatch: pytest.MonkeyPatch) -> None:
    api = small_pages.modules["api_weather"]
    monkeypatch.setattr(api.clock, "now", lambda: 1_700_000_000_000)
    path = asked_for(small_pages, f"{PATH}/area", coords=BOX, f="CSV", whole="true", **ALL)
    small_pages.take("ExportQueue")
    monkeypatch.setattr(api.clock, "now", lambda: 1_700_001_300_000)
    assert said(ask(small_pages, path), 503)["code"] == "unavailable"


def test_what_no_file_is_made_of_is_refused(small_pages: System) -> None:
    path, box = f"{PATH}/area", {"coords": BOX, **ALL}
    assert said(ask(small_pages, path, box, f="GeoJSON", whole="true"), 400)["parameter"] == "f"
    assert said(ask(small_pages, path, box, f="CSV", whole="yes"), 400)["parameter"] == "whole"
    assert said(ask(small_pages, "/stations/EWR/observations", ALL, whole="true"), 400)["allowed"] == ["csv"]
    assert ask(small_pages, path, coords=BOX, f="Parquet", datetime="1990-01-01")["statusCode"] == 204
    (following,) = [
        urlsplit(link["href"]).query for link in said(ask(small_pages, path, box))["links"] if link["rel"] == "next"
    ]
    answer = small_pages.invoke("api_weather", event(f"{path}?{following}&f=Parquet"))
    assert said(answer, 400)["parameter"] == "cursor"


def test_parquet_of_many_groups_and_gaps_is_what_pyarrow_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesonet.functions.on_export.parquet.MOST_VALUES", 40)
    columns = [Column("s", TEXT), Column("t", TIME), *(Column(f"n{at}", NUMBER) for at in range(16))]
    writer = Writer(columns, {})
    written = writer.begin()
    rows = [("é" * at, at - 3, *(None if (at + more) % 3 else at / 7 for more in range(16))) for at in range(50)]
    for start in range(0, 50, 7):
        writer.add([list(column) for column in zip(*rows[start : start + 7], strict=True)])
        written += writer.group_if_full()
    written += writer.end()
    found = pyarrow.parquet.ParquetFile(io.BytesIO(written))
    assert found.num_row_groups > 3
    table = found.read()
    assert table["s"].to_pylist() == [row[0] for row in rows]
    assert table["t"].cast("int64").to_pylist() == [row[1] for row in rows]
    for at in range(16):
        assert table[f"n{at}"].to_pylist() == [row[2 + at] for row in rows]
    nothing = Writer(columns, {})
    assert pyarrow.parquet.read_table(io.BytesIO(nothing.begin() + nothing.end())).num_rows == 0


def test_a_large_file_goes_up_in_parts(network: System) -> None:
    export = Export(path="/stations/EWR/observations", query={}, kind=Kind.CSV, asked_at=1)
    kept = network.modules["on_export"].exports
    pieces = [bytes([at]) * 1_000_000 for at in range(20)]
    with kept.written(export) as file:
        for piece in pieces:
            file.write(piece)
            assert len(file._held) < PART_BYTES
    place = {"Bucket": network.ref("DerivedBucket"), "Key": f"exports/{export.id}/answer"}
    assert network.s3.get_object(**place)["Body"].read() == b"".join(pieces)
    assert network.s3.head_object(**place, PartNumber=1)["PartsCount"] == 3
