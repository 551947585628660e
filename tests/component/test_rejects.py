"""Every row or field that was not taken is in an object of its own, which goes with its file, and is served page by page."""

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from mesonet.domain.file import LoadState, Status
from mesonet.domain.observation import Reject
from mesonet.stores import rejects as store
from mesonet.stores.rejects import RejectsFile, RejectsStore, name_of
from tests.builders import mapping, table
from tests.system import System
from tests.unit.web.requests import event, following, pages

A = "network/a.csv"
T = "2013-01-01T00:00:00Z"


def bad(count: int) -> bytes:
    return table(*[("EWR", f"2013-01-01T{at % 24:02d}:{at // 24 % 60:02d}:00Z", f"x{at}") for at in range(count)])


def objects(system: System) -> list[str]:
    listed = system.s3.list_objects_v2(Bucket=system.ref("DerivedBucket"))
    return [each["Key"] for each in listed.get("Contents", [])]


def lines(system: System, name: str) -> list[dict[str, Any]]:
    body = system.s3.get_object(Bucket=system.ref("DerivedBucket"), Key=name)["Body"].read()
    return [json.loads(line) for line in body.splitlines()]


def get(system: System, path: str, **query: str) -> dict[str, Any]:
    return system.invoke("api_weather", event(f"{path}?{urlencode(query)}"))


def test_all_rejects_are_beside_the_file(mapped: System) -> None:
    mapped.bring_in(A, bad(120))
    entry = mapped.entry(A)
    assert (entry.rejected, len(entry.rejects)) == (120, 50)
    (name,) = objects(mapped)
    assert name == entry.rejects_object == f"rejects/network/a.csv/{entry.version_id}@.ndjson"
    found = lines(mapped, name)
    assert len(found) == 120
    assert found[119] == {"row": 121, "column": "temp", "value": "x119", "reason": "not a number"}


def test_a_reject_that_stands_for_more_is_kept_once_and_counted_for_all() -> None:
    with RejectsFile() as kept:
        kept.add(Reject(reason="not a number", row=2, column='"t"', value="ä\ud800\n"))
        kept.add(Reject(reason="not a number", row=3, count=40))
        kept.go_on_with([])
        kept.add(Reject(reason="not a number", row=60))
        kept.clear()
        assert kept.count == 41
        first, second, more = kept.ended().read().splitlines()
    assert json.loads(first) == {"row": 2, "column": '"t"', "value": "ä?\n", "reason": "not a number"}
    assert (json.loads(second)["row"], json.loads(more)) == (3, {"more": 39})


def test_a_file_without_rejects_has_no_object(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T, 1)))
    assert objects(mapped) == []
    assert mapped.entry(A).rejects_object is None


def test_they_go_when_the_file_is_replaced_and_when_it_is_deleted(mapped: System) -> None:
    mapped.bring_in(A, bad(2))
    mapped.bring_in(A, bad(3))
    (name,) = objects(mapped)
    assert (name, len(lines(mapped, name))) == (mapped.entry(A).rejects_object, 3)
    mapped.delete(A)
    mapped.deliver()
    assert objects(mapped) == []
    assert mapped.entry(A).rejects_object is None


def test_they_go_when_a_mapping_takes_their_reason_away(system: System) -> None:
    system.bring_in("network/mapping.json", mapping(unit="Cel"))
    system.bring_in(A, table(("EWR", T, "12;5")))
    assert len(objects(system)) == 1
    system.bring_in("network/mapping.json", json.dumps(json.loads(mapping()) | {"missing": ["12;5"]}).encode())
    assert objects(system) == []


def test_the_same_event_twice_changes_nothing(mapped: System) -> None:
    record = mapped.put(A, bad(2))
    mapped.deliver()
    before = objects(mapped), mapped.entry(A)
    mapped.tell(record)
    mapped.deliver()
    assert (objects(mapped), mapped.entry(A)) == before


@pytest.mark.parametrize("number", range(1, 12))
def test_whatever_call_is_the_last_the_end_is_the_same(mapped: System, number: int) -> None:
    mapped.bring_in(A, bad(2))
    record = mapped.store(A, bad(3))
    with mapped.crash_before_call(number):
        mapped.invoke("on_upload", {"Records": [record]})
    mapped.tell(record)
    mapped.deliver()
    (name,) = objects(mapped)
    assert (name, len(lines(mapped, name))) == (mapped.entry(A).rejects_object, 3)


def test_what_a_reading_left_that_was_overtaken_goes(mapped: System) -> None:
    late = mapped.store(A, bad(2))
    with mapped.crash_before_call(5):  # its rejects are there, its entry is not
        mapped.invoke("on_upload", {"Records": [late]})
    mapped.bring_in(A, table(("EWR", T, 1)))
    mapped.tell(late)
    mapped.deliver()
    assert objects(mapped) == []


def test_the_api_serves_them_by_pages(mapped: System) -> None:
    mapped.bring_in(A, bad(120))
    path = f"/files/{mapped.entry(A).id}"
    rels = {link["rel"]: link["href"] for link in json.loads(get(mapped, path)["body"])["links"]}
    assert urlsplit(rels["rejects"]).path.endswith(f"{path}/rejects")
    answers = [json.loads(answer["body"]) for answer in pages(mapped, f"{path}/rejects?limit=50")]
    assert [each["row"] for answer in answers for each in answer["rejects"]] == list(range(2, 122))
    assert [(answer["rejected"], answer["count"], answer["not_kept"]) for answer in answers] == [
        (120, 50, 0),
        (120, 50, 0),
        (120, 20, 0),
    ]


def test_the_api_serves_them_as_csv(mapped: System) -> None:
    mapped.bring_in(A, bad(2))
    answer = get(mapped, f"/files/{mapped.entry(A).id}/rejects", f="csv")
    assert answer["body"] == "row,column,value,reason\r\n2,temp,x0,not a number\r\n3,temp,x1,not a number\r\n"


def test_a_file_that_was_read_anew_has_its_pages_begun_again(mapped: System) -> None:
    mapped.bring_in(A, bad(3))
    path = f"/files/{mapped.entry(A).id}/rejects"
    cursor = following(get(mapped, path, limit="1")).partition("cursor=")[2]
    mapped.bring_in(A, bad(5))
    answer = get(mapped, path, limit="1", cursor=cursor)
    assert (answer["statusCode"], json.loads(answer["body"])["detail"]) == (
        404,
        "the file has been read anew since the first page: begin again without `cursor`",
    )


def test_of_a_file_without_rejects_the_list_is_empty_and_of_no_file_there_is_none(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T, 1)))
    assert json.loads(get(mapped, f"/files/{mapped.entry(A).id}/rejects")["body"])["rejects"] == []
    assert get(mapped, "/files/aaaaaaaaaaaaaaaaaaaaaaaaaa/rejects")["statusCode"] == 404


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_BYTES", 1000)
    monkeypatch.setattr(store, "_PAGE", 100)


@pytest.mark.usefixtures("small")
def test_more_than_is_kept_is_counted(system: System) -> None:
    kept = RejectsStore(system.ref("DerivedBucket"), client=system.s3)
    with RejectsFile() as left_out:
        for row in range(500):
            left_out.add(Reject(reason="too wet", row=row, value="é" * 10))
        kept.put("rejects/x", left_out)
    found: list[Reject] = []
    place = 0
    while True:
        page = kept.page("rejects/x", 7, place)
        found += page.rejects
        if page.after is None:
            break
        place = page.after
    assert [each.row for each in found] == list(range(len(found)))
    assert 10 < len(found) < 30
    assert len(found) + page.more == 500


def test_a_key_that_is_too_long_gives_its_place_to_the_files_identifier() -> None:
    assert name_of("a/b.csv", "id", "v1", "") == "rejects/a/b.csv/v1@.ndjson"
    assert name_of("é" * 510, "id", "v1", "2026") == "rejects/id/v1@2026.ndjson"


# A mapping's own faults -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"{broken", b"", b"\x00\x01", b'{"mesonet_mapping": 1}', b"no table at all"])
def test_what_is_no_mapping_any_more_withdraws_nothing(mapped: System, body: bytes) -> None:
    mapped.bring_in(A, table(("EWR", T, 1)))
    mapped.bring_in("network/mapping.json", body)
    entry = mapped.entry("network/mapping.json")
    assert (entry.status, entry.format, entry.loading.state) == (Status.REJECTED, "mapping", LoadState.NONE)
    assert "the mapping that was here before stays in use" in (entry.why or "")
    assert entry.rejected
    mapped.bring_in("network/b.csv", table(("JFK", T, 2)))
    assert mapped.said() == {"EWR": {"air_temperature": {T: 1}}, "JFK": {"air_temperature": {T: 2}}}


def test_the_broken_one_says_where_it_is_broken(mapped: System) -> None:
    mapped.bring_in("network/mapping.json", b"{broken")
    assert "line 1" in mapped.entry("network/mapping.json").rejects[0].reason


def test_a_broken_mapping_can_be_deleted_or_mended(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T, 50)))
    mapped.bring_in("network/mapping.json", b"{broken")
    mapped.bring_in("network/mapping.json", mapping(unit="degF"))
    assert mapped.said() == {"EWR": {"air_temperature": {T: 10}}}
    mapped.bring_in("network/mapping.json", b"{broken")
    mapped.delete("network/mapping.json")
    mapped.deliver()
    assert mapped.said() == {}
    assert mapped.entry(A).status is Status.UNMAPPED


def test_something_else_in_its_place_takes_it_away(mapped: System) -> None:
    mapped.bring_in(A, table(("EWR", T, 1)))
    mapped.bring_in("network/mapping.json", table(("EWR", T, 2)))
    assert mapped.said() == {}


def test_a_broken_mapping_that_is_told_of_before_the_good_one_ends_as_in_order(system: System) -> None:
    good = system.store("network/mapping.json", mapping())
    broken = system.store("network/mapping.json", b"{broken")
    system.bring_in(A, table(("EWR", T, 1)))
    for record in (broken, good):
        system.tell(record)
        system.deliver()
    assert system.entry("network/mapping.json").status is Status.REJECTED
    assert system.said() == {"EWR": {"air_temperature": {T: 1}}}
