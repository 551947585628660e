"""What the abstract tests of OGC API - Features - Part 1 and OGC API - EDR ask of a server, asked of the deployed one.

Requests are made up as the OGC's executable test suites make them up: from the collection's own description.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest

from tests.deployed import Answer, Deployed

GEOJSON = "application/geo+json"


@pytest.fixture(scope="module")
def collection(deployed: Deployed) -> dict[str, Any]:
    (found,) = deployed.ask("/collections", headers={"Accept": "application/json"}).json["collections"]
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def items(collection: dict[str, Any]) -> str:
    found = [link["href"] for link in collection["links"] if link["rel"] == "items" and link["type"] == GEOJSON]
    return str(found[0])


def links(answer: Answer, rel: str) -> list[dict[str, str]]:
    return [link for link in answer.json["links"] if link["rel"] == rel]


def features(answer: Answer) -> list[dict[str, Any]]:
    """Of a page that is as it has to be (`/conf/core/fc-response`)."""
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == GEOJSON
    document = answer.json
    assert document["type"] == "FeatureCollection"
    assert document["numberReturned"] == len(document["features"])
    (itself,) = links(answer, "self")
    assert itself["type"] == GEOJSON
    assert {link["type"] for link in links(answer, "alternate")} == {"text/html"}
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        if feature["geometry"] is not None:
            longitude, latitude, *_ = feature["geometry"]["coordinates"]
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90
    return list(document["features"])


def test_the_landing_page_leads_to_what_conforms(deployed: Deployed) -> None:
    landing = deployed.ask("/", headers={"Accept": "application/json"})
    assert {"service-desc", "service-doc", "conformance", "data", "self", "alternate"} <= {
        link["rel"] for link in landing.json["links"]
    }
    for rel in ("conformance", "data", "service-doc", "alternate"):
        for link in links(landing, rel):
            answer = deployed.ask(link["href"], headers={"Accept": link["type"]})
            assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, link["type"])
    older = [link for link in links(landing, "service-desc") if link["type"].endswith("version=3.0")]
    assert deployed.ask(older[0]["href"]).json["openapi"].startswith("3.0")


def test_documents_of_collections_have_links_to_themselves_and_other_forms(deployed: Deployed) -> None:
    for path in ("/collections", "/collections/insitu-observations"):
        answer = deployed.ask(path, headers={"Accept": "application/json"})
        (itself,) = links(answer, "self")
        assert itself["type"] == "application/json"
        (other,) = links(answer, "alternate")
        assert deployed.ask(other["href"]).headers["Content-Type"].startswith("text/html")


# Features ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "box", ["-1.5,50,1.5,53", "-80,-5,-70,5", "177,65,-177,70", "-180,85,180,90", "-180,-90,180,-85", ""], ids=str
)
def test_features_lie_in_the_box(deployed: Deployed, collection: dict[str, Any], items: str, box: str) -> None:
    """Across a meridian, the equator, 180° and at the poles; without one, the extent of the collection."""
    extent = ",".join(map(str, collection["extent"]["spatial"]["bbox"][0]))
    found = features(deployed.ask(items, bbox=box or extent, headers={"Accept": GEOJSON}))
    assert box or found
    west, south, east, north = map(float, (box or extent).split(","))
    for feature in found:
        longitude, latitude, *_ = feature["geometry"]["coordinates"]
        assert south <= latitude <= north
        assert west <= longitude <= east if west <= east else not east < longitude < west


def test_features_have_the_time_that_is_asked_for_in_each_form(
    deployed: Deployed, collection: dict[str, Any], items: str
) -> None:
    begin, end = collection["extent"]["temporal"]["interval"][0]
    first, last = map(datetime.fromisoformat, (begin, end))
    quarter = (last - first) / 4
    middle = (first + quarter, first + 2 * quarter)
    between = "/".join(each.strftime("%Y-%m-%dT%H:%M:%SZ") for each in middle)
    for asked in (begin, between, f"{middle[0]:%Y-%m-%d}/P2D", f"{begin}/..", f"../{end}", f"{begin}/{end}"):
        features(deployed.ask(items, datetime=asked, headers={"Accept": GEOJSON}))
    assert features(deployed.ask(items, datetime=begin))
    assert len(features(deployed.ask(items, datetime=f"{begin}/{end}"))) > 1


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_pages_have_at_most_as_many_features_and_go_on(deployed: Deployed, items: str, limit: int) -> None:
    seen: list[str] = []
    address: str | None = f"{items}?limit={limit}"
    while address:
        answer = deployed.ask(address, headers={"Accept": GEOJSON})
        found = features(answer)
        assert len(found) <= limit
        seen += [feature["id"] for feature in found]
        address = next((link["href"] for link in links(answer, "next")), None)
    assert len(seen) == len(set(seen)) > 2


@pytest.mark.parametrize("wrong", [{"limit": "unlimited"}, {"unknownQueryParameter12345": "1"}, {"bbox": "1,2,3"}])
def test_what_is_wrong_or_unknown_is_a_bad_request(deployed: Deployed, items: str, wrong: dict[str, str]) -> None:
    assert deployed.ask(items, wrong, headers={"Accept": GEOJSON}).status == 400


def test_a_feature_is_where_its_collection_says(deployed: Deployed, items: str) -> None:
    for feature in features(deployed.ask(items, limit=3)):
        answer = deployed.ask(f"{items}/{quote(feature['id'], safe='')}", headers={"Accept": GEOJSON})
        assert answer.headers["Content-Type"] == GEOJSON
        assert answer.json["id"] == feature["id"]
        assert {"self", "alternate", "collection"} <= {link["rel"] for link in answer.json["links"]}


# EDR --------------------------------------------------------------------------------------------------------------------


def centre(collection: dict[str, Any]) -> tuple[float, float]:
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    return (west + east) / 2, (south + north) / 2


def made_up(collection: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Requests of each kind of query in each form and reference system, as the suite writes them: `+` for a space, and nothing
    encoded that need not be."""
    longitude, latitude = centre(collection)
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    interval = "/".join(collection["extent"]["temporal"]["interval"][0])
    name = quote(next(iter(collection["parameter_names"])))
    for query, described in collection["data_queries"].items():
        link = described["link"]
        places = {
            "position": f"POINT({longitude}+{latitude})",
            "radius": f"POINT({longitude}+{latitude})&within=500&within-units=km",
            "area": f"POLYGON(({west}+{south},{east}+{south},{east}+{north},{west}+{north},{west}+{south}))",
        }
        if query not in places:
            continue
        for kind in link["variables"]["output_formats"]:
            for crs in collection["crs"]:
                if crs != "EPSG:4326":
                    yield (
                        kind,
                        f"{link['href']}?parameter-name={name}&coords={places[query]}&crs={crs}&f={kind}&datetime={interval}",
                    )


def test_data_queries_that_follow_from_the_description_are_answered(deployed: Deployed, collection: dict[str, Any]) -> None:
    recognised = {"CoverageJSON": "Coverage", "GeoJSON": "FeatureCollection"}
    asked = list(made_up(collection))
    assert len(asked) == 27
    for kind, address in asked:
        answer = deployed.ask(address)
        assert answer.status == 200, f"{address}: {answer.text[:300]}"
        if kind in recognised:
            assert json.loads(answer.text)["type"].startswith(recognised[kind])


def test_whatever_the_collection_lists_is_observed_around_the_middle_of_its_extent(
    deployed: Deployed, collection: dict[str, Any]
) -> None:
    """The suite takes one parameter of a map that has no order, so it may be any; of an area it takes a degree on each side."""
    longitude, latitude = centre(collection)
    west, south, east, north = longitude - 1, latitude - 1, longitude + 1, latitude + 1
    interval = "/".join(collection["extent"]["temporal"]["interval"][0])
    ring = f"{west} {south},{west} {north},{east} {north},{east} {south},{west} {south}"
    for name in collection["parameter_names"]:
        asked = {"parameter-name": name, "datetime": interval, "crs": collection["crs"][-1]}
        for kind, members in (("CoverageJSON", "ranges"), ("GeoJSON", "features")):
            answer = deployed.ask(f"{PATH}/position", asked, coords=f"POINT({longitude} {latitude})", f=kind)
            assert (answer.status, bool(answer.text and answer.json[members])) == (200, True), (name, kind)
        assert stations(deployed.ask(f"{PATH}/area", asked, coords=f"POLYGON(({ring}))")), name


@pytest.mark.parametrize(
    "query",
    ["position", "position?coords=", "position?coords=POINT()", "area", "area?coords=", "area?coords=POLYGON()", "radius"],
)
def test_a_place_that_is_missing_or_none_is_a_bad_request(deployed: Deployed, collection: dict[str, Any], query: str) -> None:
    assert deployed.ask(f"/collections/{collection['id']}/{query}").status == 400


def test_parameters_of_the_collection_have_what_they_need(collection: dict[str, Any]) -> None:
    for name, parameter in collection["parameter_names"].items():
        assert parameter["type"] == "Parameter", name
        assert parameter["observedProperty"]["label"], name
        assert parameter["unit"]["symbol"]["value"], name
    assert any("CRS84" in crs for crs in collection["crs"])
    assert {link["rel"] for link in collection["links"]} >= {"self", "alternate", "data", "collection", "license"}


@pytest.mark.parametrize("query", ["position?coords=POINT({})", "area?coords=POLYGON(({}))"])
def test_queries_near_a_corner_of_the_extent_are_answered_and_outside_refused(
    deployed: Deployed, collection: dict[str, Any], query: str
) -> None:
    """As validators of the MetOcean profile make them up: a few points that lie close together."""
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    for direction, statuses in ((1, {200, 204}), (-1, {400})):
        at = [(west + (east - west) / 500 * n, south + direction * (north - south) / 500 * n) for n in (1, 2, 3, 4, 1)]
        texts = [f"{longitude}+{latitude}" for longitude, latitude in at]
        answer = deployed.ask(f"{PATH}/{query.format(','.join(texts) if 'area' in query else texts[0])}")
        assert answer.status in statuses, answer.text


# What a strict reader of both would try ----------------------------------------------------------------------------------

PATH = "/collections/insitu-observations"
WITHOUT_COORDS = tuple(f"{PATH}/{query}" for query in ("position", "radius", "area"))
NOON = "2013-07-04T12:00:00Z"
BOX = "-75 40,-73 40,-73 41,-75 41,-75 40"


def stations(answer: Answer) -> list[str]:
    """Of which a data query tells."""
    assert answer.status == 200, answer.text
    found = answer.json
    return [found["id"]] if found["type"] == "Coverage" else [each["id"] for each in found["coverages"]]


def links_within(value: Any) -> Iterator[dict[str, Any]]:
    inner: list[Any] = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if isinstance(value, dict) and isinstance(value.get("href"), str):
        yield value
    for each in inner:
        yield from links_within(each)


def test_every_link_of_the_standards_has_a_relation_and_the_type_that_is_there(deployed: Deployed) -> None:
    address = deployed.catalogue.api_url
    left, seen = (
        ["/", f"{PATH}/items?limit=1", f"{PATH}/area?coords=POLYGON(({quote(BOX)}))&limit=1&datetime=2013-07-04"],
        set(),
    )
    relations = set()
    while left:
        for link in links_within(deployed.ask(left.pop(), headers={"Accept": "*/*"}).json):
            there = link["href"].removeprefix(address)
            assert link["rel"], link
            if there.startswith("http") or not (there.startswith(("?", "/conformance", "/collections", "/api")) or not there):
                continue  # elsewhere, or a plain path
            assert link.get("type"), link
            relations.add(link["rel"])
            if (there, link["type"]) in seen or there in WITHOUT_COORDS:
                continue
            seen.add((there, link["type"]))
            answer = deployed.ask(link["href"], headers={"Accept": "*/*"})
            assert answer.status == 200, (link, answer.text)
            assert answer.headers["Content-Type"].replace("; charset=utf-8", "") == link["type"], link
            if "json" in link["type"] and "openapi" not in link["type"]:
                left.append(link["href"])
    assert relations >= {
        "self",
        "alternate",
        "next",
        "data",
        "items",
        "collection",
        "conformance",
        "service-desc",
        "service-doc",
    }


@pytest.mark.parametrize(
    ("query", "coords", "found"),
    [
        ("position", "POINT(-74 40.7)", ["LGA"]),
        ("position", "POINT Z (-74 40.7 10)", ["LGA"]),
        ("position", "POINTZ(-74 40.7 10)", ["LGA"]),
        ("position", "MULTIPOINT((-74.2 40.7),(-73.8 40.6))", ["EWR", "JFK"]),
        ("position", "MULTIPOINT(-74.2 40.7,-73.8 40.6)", ["EWR", "JFK"]),
        ("area", f"POLYGON(({BOX}))", ["EWR", "JFK", "LGA"]),
        ("area", f"POLYGON(({BOX}),(-74.5 40.2,-74 40.2,-74 40.9,-74.5 40.9,-74.5 40.2))", ["JFK", "LGA"]),
        (
            "area",
            "MULTIPOLYGON(((-75 40,-74.1 40,-74.1 41,-75 41,-75 40)),((-73.8 40,-73 40,-73 40.7,-73.8 40.7,-73.8 40)))",
            ["EWR", "JFK"],
        ),
    ],
)
def test_places_may_be_written_in_each_form_of_well_known_text(
    deployed: Deployed, query: str, coords: str, found: list[str]
) -> None:
    answer = deployed.ask(f"{PATH}/{query}", {"parameter-name": "air_temperature"}, coords=coords, datetime=NOON)
    assert sorted(stations(answer)) == found


@pytest.mark.parametrize(
    ("datetime", "times"),
    [
        (NOON, 1),
        ("2013-07-04T12:00:00.000Z", 1),
        ("2013-07-04T14:00:00+02:00", 1),
        ("2013-07-04T12:00:00Z/2013-07-04T13:00:00Z", 2),
        ("2013-07-04", 24),
        ("../2013-01-01T07:00:00Z", 2),
        ("/2013-01-01T07:00:00Z", 2),
        ("2013-12-30T22:00:00Z/..", 2),
        ("2013-12-30T22:00:00Z/", 2),
    ],
)
def test_a_time_may_be_written_in_each_form(deployed: Deployed, datetime: str, times: int) -> None:
    answer = deployed.ask(f"{PATH}/locations/EWR", {"datetime": datetime, "parameter-name": "air_temperature"})
    assert answer.status == 200, answer.text
    assert answer.json["ranges"]["air_temperature"]["shape"] == [times, 1, 1]


@pytest.mark.parametrize("level", ["2", "0/10", "../2", "2,10", "R3/0/2"])
def test_a_level_may_be_written_in_each_form(deployed: Deployed, level: str) -> None:
    answer = deployed.ask(f"{PATH}/locations/EWR", z=level, datetime=NOON)
    assert answer.json["parameters"]["air_temperature"]["metocean:level"] == 2


@pytest.mark.parametrize(
    ("path", "asked", "parameter"),
    [
        *((f"{PATH}/items", {"limit": text}, "limit") for text in ("0", "-1", "1.5", "", "ten")),
        *((f"{PATH}/items", {"bbox": text}, "bbox") for text in ("", "1,2,3,4,5", "a,b,c,d", "0,41,1,40", "nan,0,1,1")),
        *((f"{PATH}/locations", {"datetime": text}, "datetime") for text in ("", "..", "2013-13-01", "2013/2012", "noon")),
        *((f"{PATH}/locations/EWR", {"crs": text}, "crs") for text in ("", "EPSG:3857", "4326")),
        *((f"{PATH}/locations/EWR", {"z": text}, "z") for text in ("", "10/0", "nan", "high")),
        *((f"{PATH}/locations/EWR", {"f": text}, "f") for text in ("", "xml", "html")),
        *((path, {"f": "xml"}, "f") for path in ("/", "/conformance", "/collections", PATH, "/api", f"{PATH}/items/EWR")),
        *(
            (path, {"colour": "1"}, "colour")
            for path in ("/", "/conformance", "/collections", PATH, "/api", f"{PATH}/items/EWR")
        ),
        (f"{PATH}/locations/EWR", {"parameter-name": "none"}, "parameter-name"),
        (f"{PATH}/locations/EWR", {"parameter-name": ""}, "parameter-name"),
        (f"{PATH}/area", {"coords": "POLYGON((100 40,102 40,102 41,100 41,100 40))"}, "coords"),
        (f"{PATH}/area", {"coords": "POLYGON((-75 40,-73 40,-73 41,-75 41))"}, "coords"),
        (f"{PATH}/radius", {"coords": "POINT(-74 40.7)", "within": "10", "within-units": "parsec"}, "within-units"),
        (f"{PATH}/radius", {"coords": "POINT(-74 40.7)", "within-units": "km"}, "within"),
        (f"{PATH}/radius", {"coords": "POINT(-74 40.7)", "within": "10"}, "within-units"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(deployed: Deployed, path: str, asked: dict[str, str], parameter: str) -> None:
    answer = deployed.ask(path, asked)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json["parameter"] == parameter
    assert answer.json["code"]
    assert answer.json["description"]


@pytest.mark.parametrize(
    "path",
    ["/collections/none", "/collections/none/items", f"{PATH}/items/none", f"{PATH}/locations/none", f"{PATH}/cube", "/none"],
)
def test_what_is_not_there_is_not_found(deployed: Deployed, path: str) -> None:
    answer = deployed.ask(path)
    assert (answer.status, answer.json["status"]) == (404, 404)


def test_more_than_there_can_be_on_a_page_is_no_mistake(deployed: Deployed, items: str) -> None:
    found = features(deployed.ask(items, limit="2147483647"))
    assert len(found) == deployed.ask(items).json["numberMatched"]


@pytest.mark.parametrize("path", ["/", "/conformance", "/collections", PATH, f"{PATH}/items", f"{PATH}/locations/EWR", "/api"])
def test_what_can_be_read_answers_head_and_options_and_nothing_that_writes(deployed: Deployed, path: str) -> None:
    whole, head = deployed.ask(path), deployed.ask(path, method="HEAD")
    assert (head.status, head.text, head.headers["ETag"]) == (200, "", whole.headers["ETag"])
    options = deployed.ask(path, method="OPTIONS")
    assert (options.status, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert deployed.ask(path, method=method).status == 405


# The MetOcean profile of EUMETNET ----------------------------------------------------------------------------------------


def test_a_collection_says_what_the_profile_wants(deployed: Deployed, collection: dict[str, Any]) -> None:
    descriptions = [link for link in links(deployed.ask("/"), "service-desc") if link["type"].endswith("version=3.1")]
    assert deployed.ask(descriptions[0]["href"]).json["openapi"].startswith("3.1")
    assert len(collection["title"]) <= 50
    assert [link["type"] for link in collection["links"] if link["rel"] == "license"] == ["text/html"]
    extent = collection["extent"]
    assert all(each.endswith("Z") for each in extent["temporal"]["interval"][0])
    assert (extent["temporal"]["trs"], extent["spatial"]["crs"]) == ("Gregorian", "OGC:CRS84")
    dimensions = {each["id"]: each for each in extent["custom"]}
    assert dimensions["standard_names"]["reference"] == "https://vocab.nerc.ac.uk/standard_name/"
    assert dimensions["levels"]["reference"] == "Height of measurement above ground level in meters"
    assert {"position", "radius", "area", "locations"} <= collection["data_queries"].keys()
    assert "km" in collection["data_queries"]["radius"]["link"]["variables"]["within_units"]
    for name, parameter in collection["parameter_names"].items():
        assert (parameter["id"], len(parameter["label"]) <= 50) == (name, True)
        assert parameter["metocean:standard_name"] in dimensions["standard_names"]["values"]
        assert parameter["metocean:level"] in dimensions["levels"]["values"]
        assert parameter["measurementType"].keys() == {"method", "duration"}
        assert parameter["unit"]["symbol"]["type"].startswith("https://qudt.org/vocab/unit/")


def test_locations_say_what_the_profile_wants(deployed: Deployed, collection: dict[str, Any]) -> None:
    for feature in features(deployed.ask(f"{PATH}/locations")):
        assert isinstance(feature["id"], str)
        assert isinstance(feature["properties"]["title"], str)
        assert set(feature["properties"]["parameter_names"]) <= collection["parameter_names"].keys()
        assert all({"rel", "href", "type"} <= link.keys() for link in feature["properties"]["links"])


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("position", "POINT({})"),
        ("radius", "POINT({})&within=50&within-units=km"),
        ("area", "POLYGON(({} {},{} {},{} {},{} {},{} {}))"),
        ("locations/EWR", ""),
    ],
)
def test_data_queries_answer_in_coveragejson_and_name_the_reference_system_that_was_asked_for(
    deployed: Deployed, collection: dict[str, Any], query: str, place: str
) -> None:
    details = collection["data_queries"][query.partition("/")[0]]["link"]["variables"]["crs_details"]
    for crs in ("", *(each["crs"] for each in details)):
        turned = crs == "EPSG:4326"
        corners = [(-75, 40), (-73, 40), (-73, 41), (-75, 41), (-75, 40)]
        numbers = [number for corner in corners for number in (reversed(corner) if turned else corner)]
        coords = place.format(*numbers) if query == "area" else place.format("40.7 -74" if turned else "-74 40.7")
        named = f"parameter-name=air_temperature&datetime={NOON}"
        asked = "&".join(part for part in (named, coords and f"coords={coords}", crs and f"crs={crs}") if part)
        answer = deployed.ask(f"{PATH}/{query}?{asked.replace(' ', '+')}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/vnd.cov+json"), answer.text
        for coverage in answer.json.get("coverages", [answer.json]):
            systems = [each["system"] for each in coverage["domain"]["referencing"]]
            assert {"type": "GeographicCRS", "id": crs or "OGC:CRS84"} in systems
            assert all(each["metocean:standard_name"] for each in coverage["parameters"].values())
            assert all(each["metocean:measurementType"] for each in coverage["parameters"].values())


def test_nothing_within_the_extent_is_no_content(deployed: Deployed) -> None:
    for query in (
        "position?coords=POINT(-74+40.7)",
        "locations/EWR?",
        "radius?coords=POINT(-74+40.7)&within=50&within-units=km",
    ):
        assert deployed.ask(f"{PATH}/{query}&datetime=1999-01-01").status == 204
    partly = deployed.ask(f"{PATH}/area?coords=POLYGON((-170+40,-73+40,-73+41,-170+41,-170+40))&datetime={NOON}")
    assert sorted(stations(partly)) == ["EWR", "JFK", "LGA"]
