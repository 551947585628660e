"""A table without a mapping brings its own: proposed in the catalogue, served as a file, and adopted by putting it there."""

import json
from typing import Any

from mesonet.domain.file import Status
from tests.system import System
from tests.unit.web.requests import event

A = "garden/a.csv"
TABLE = b"station,time,temp_c,wind\n" + b"".join(b"A,2013-01-01T%02d:00:00Z,%d,3\n" % (hour, hour) for hour in range(24))


def get(system: System, path: str) -> dict[str, Any]:
    return system.invoke("api_weather", event(path))


def test_it_is_in_the_catalogue_with_its_reasons_and_questions(system: System) -> None:
    system.bring_in(A, TABLE)
    entry = system.entry(A)
    assert entry.proposal is not None
    assert [(each.column, each.parameter) for each in entry.proposal.columns] == [("temp_c", "air_temperature"), ("wind", None)]
    assert "in which unit?" in entry.proposal.questions[-1]
    shown = json.loads(get(system, f"/files/{entry.id}")["body"])
    assert shown["proposal"]["mapping"]["columns"] == {"temp_c": {"standard_name": "air_temperature", "unit": "Cel"}}
    assert "proposed-mapping" in [link["rel"] for link in shown["links"]]


def test_it_is_a_file_that_loads_the_table_once_it_is_put_there(system: System) -> None:
    system.bring_in(A, TABLE)
    answer = get(system, f"/files/{system.entry(A).id}/proposed-mapping")
    system.bring_in("garden/mapping.json", answer["body"].encode())
    assert system.entry("garden/mapping.json").status is Status.OK
    assert (system.entry(A).status, system.entry(A).proposal) == (Status.OK, None)
    shown = json.loads(get(system, f"/files/{system.entry(A).id}")["body"])
    assert shown["claims"] == {"encoding": "inferred", "station": "configured", "zone": "configured"}
    assert len(system.said()["A"]["air_temperature"]) == 24
    assert get(system, f"/files/{system.entry(A).id}/proposed-mapping")["statusCode"] == 404


def test_where_too_little_is_known_the_questions_are_the_answer(system: System) -> None:
    system.bring_in(A, TABLE.replace(b"temp_c", b"t1"))
    answer = get(system, f"/files/{system.entry(A).id}/proposed-mapping")
    assert answer["statusCode"] == 404
    assert "in which unit?" in json.loads(answer["body"])["detail"]


def test_a_file_that_is_no_table_has_none(system: System) -> None:
    system.bring_in("x", b"\x00\x01")
    assert get(system, f"/files/{system.entry('x').id}/proposed-mapping")["statusCode"] == 404
    assert get(system, "/files/aaaaaaaaaaaaaaaaaaaaaaaaaa/proposed-mapping")["statusCode"] == 404
