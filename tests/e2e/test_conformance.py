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
DAY_S = 86_400


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
