"""EDR queries of a network some of whose stations have nothing to say, or long names to say it under."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from mesonet.functions.api_weather.edr import TRIED
from tests.builders import mapping, table
from tests.component.test_edr import BOX, HOURS, PATH, fill, said
from tests.system import System
from tests.unit.web.requests import event, pages


def test_pages_of_an_area_hold_every_station_whatever_gaps_there_are(system: System) -> None:
    """EWR and the others have values before and after, and some of them nothing at these times."""
    fill(system)
    system.put("network/gap.csv", table(("GAP1", HOURS[0], 1), ("GAP1", HOURS[11], 1), ("GAP2", HOURS[5], 1)))
    system.put("network/more.csv", b"station,name,latitude,longitude\nGAP1,One,40.65,-74.5\nGAP2,Two,40.66,-74.4\n")
    system.deliver()
    for limit in (1, 2, 3):
        path = f"{PATH}/area?coords={quote(BOX)}&limit={limit}&datetime={HOURS[5]}"
        found = [said(answer)["coverages"] for answer in pages(system, path)]
        assert max(map(len, found)) <= limit
        assert sorted(each["id"] for coverages in found for each in coverages) == ["EWR", "GAP2", "JFK"]


def test_a_position_is_answered_by_the_nearest_station_that_has_something_then(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(system)
    system.put("daily/stations.csv", b"station,name,latitude,longitude\nDAYS,Days,40.7,-74\n")
    system.put("daily/y.csv", table(("DAYS", HOURS[0], 1), ("DAYS", HOURS[8], 1)))
    system.deliver()
    asked = f"{PATH}/position?coords={quote('POINT(-74 40.7)')}&datetime="
    assert said(system.invoke("api_weather", event(asked + HOURS[0])))["id"] == "DAYS"
    assert system.invoke("api_weather", event(asked + "2013-01-02T07:00:00Z"))["statusCode"] == 204
    monkeypatch.setattr(system.modules["api_weather"].logic, "MOST_BYTES", 50)
    seen = []
    for answer in pages(system, f"{asked}2013-01-01T01:00:00Z/2013-01-01T18:00:00Z"):
        found = said(answer)
        seen += [(found["id"], time) for time in found["domain"]["axes"]["t"]["values"]]
        nearer = [f"NEARER{number}" for number in range(TRIED)]
        places = "".join(f"{name},{name},40.7,-74\n" for name in nearer)
        system.put("daily/stations.csv", f"station,name,latitude,longitude\n{places}".encode())
        system.bring_in("daily/z.csv", table(*((name, "2013-01-01T13:00:00Z", 2) for name in nearer)))
    assert seen == [("EWR", time) for time in HOURS[1:4]], "all pages are of the station that the first is of"


NEAR = "coords=POINT(-74 40)"


@pytest.mark.parametrize(
    ("query", "stations"),
    [
        ("locations/GAP?", []),
        (f"position?{NEAR}", ["FULL"]),
        (f"position?{NEAR.replace('POINT', 'MULTIPOINT')}", ["FULL"]),
        (f"radius?{NEAR}&within=9&within-units=km&limit=1", ["FULL"]),
        (f"radius?{NEAR}&within=9&within-units=km", ["FULL"]),
        (f"area?coords={BOX}", ["FULL"]),
    ],
)
@pytest.mark.parametrize("form", ["CoverageJSON", "CSV", "GeoJSON"])
def test_a_station_whose_value_is_missing_just_then_has_nothing_to_say(
    system: System, query: str, stations: list[str], form: str
) -> None:
    rows = ["GAP,{0},1,30", "GAP,{1},2,", "GAP,{2},3,31", "FULL,{0},1,50", "FULL,{1},2,51", "FULL,{2},3,52"]
    two = json.loads(mapping())
    two["columns"]["humidity"] = {"standard_name": "relative_humidity", "unit": "%"}
    system.put("network/mapping.json", json.dumps(two).encode())
    system.put("network/stations.csv", b"station,latitude,longitude\nGAP,40,-74\nFULL,40.01,-74\n")
    system.put("network/a.csv", "\n".join(["station,time,temp,humidity", *rows, ""]).format(*HOURS).encode())
    system.deliver()
    asked = f"{PATH}/{quote(query, safe='/?&=')}&datetime={HOURS[1]}&parameter-name=relative_humidity&f={form}"
    answer = system.invoke("api_weather", event(asked))
    assert answer["statusCode"] == (200 if stations else 204)
    found = json.loads(answer["body"]) if stations and form != "CSV" else {}
    lines = answer["body"].splitlines()[1:] if form == "CSV" else ()
    assert stations == [
        *(each["id"] for each in found.get("coverages") or found.get("features") or ([found] if found else [])),
        *(line.partition(",")[0] for line in lines),
    ]


@pytest.mark.parametrize(("query", "kind"), [("locations", "GeoJSON"), ("items", "html")])
def test_a_page_ends_where_long_names_of_its_stations_have_filled_it(
    query: str, kind: str, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotes = '""' * 200
    rows = [f'{"ü" * 98}{number:02},"{quotes}",40.{number:02},-73\n' for number in range(30)]
    system.bring_in("network/stations.csv", f"station,name,latitude,longitude\n{''.join(rows)}".encode())
    monkeypatch.setattr("mesonet.functions.api_weather.logic.MOST_BYTES", 60_000)
    sizes = [len(answer["body"].encode()) for answer in pages(system, f"{PATH}/{query}?f={kind}")]
    assert len(sizes) > 1
    assert max(sizes) < 65_000, "the last of a page's stations may stand beyond"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("items?bbox=-180,90,180,90", ["POLE"]),
        ("area?coords=POLYGON((-180 90,180 90,180 90,-180 90,-180 90))", ["POLE"]),
        ("radius?coords=POINT(77 90)&within=1&within-units=m", ["POLE"]),
        ("items?bbox=180,9,180,11", ["DATE"]),
        ("items?bbox=-180,9,-170,11", ["DATE"]),
        ("area?coords=POLYGON((-180 9,-170 9,-170 11,-180 11,-180 9))", ["DATE"]),
        ("position?coords=POINT(-180 10)", ["DATE"]),
    ],
)
def test_the_ends_of_the_earth_are_found_in_few_cells(
    query: str, found: list[str], system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.put("network/mapping.json", mapping())
    system.put("network/stations.csv", b"station,latitude,longitude\nPOLE,90,0\nDATE,10,180\n")
    system.put("network/a.csv", table(("POLE", HOURS[0], 1), ("DATE", HOURS[0], 1)))
    system.deliver()
    store = system.modules["api_weather"].stations_store
    by_place, looked_into = store.by_place, list[str]()

    def counted(_: object, cell: str, **more: Any) -> Any:
        looked_into.append(cell)
        return by_place(cell, **more)

    monkeypatch.setattr(type(store), "by_place", counted)
    answer = said(system.invoke("api_weather", event(f"{PATH}/{query.replace(' ', '%20')}")))
    named = answer.get("features") or answer.get("coverages") or [answer]
    assert [each["id"] for each in named] == found
    assert len(looked_into) <= 40
