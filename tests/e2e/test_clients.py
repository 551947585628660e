"""Clients of the field, as they are, against the deployed API."""

import json
from typing import Any

import pytest
from covjson_pydantic.coverage import Coverage, CoverageCollection
from edr_pydantic.capabilities import ConformanceModel, LandingPageModel
from edr_pydantic.collections import Collections
from geojson_pydantic import FeatureCollection
from owslib.ogcapi.edr import EnvironmentalDataRetrieval
from owslib.ogcapi.features import Features

from tests.deployed import Deployed

COLLECTION = "insitu-observations"
JFK = "POINT(-73.78 40.64)"
BOX = "POLYGON((-75 40,-73 40,-73 41,-75 41,-75 40))"
MORNING = "2013-07-04T06:00:00Z/2013-07-04T08:00:00Z"


@pytest.fixture(scope="module")
def edr(deployed: Deployed) -> Any:
    return EnvironmentalDataRetrieval(deployed.catalogue.api_url)


@pytest.fixture(scope="module")
def features(deployed: Deployed) -> Any:
    return Features(deployed.catalogue.api_url)


def test_owslib_finds_the_collection_and_what_the_api_is(edr: Any) -> None:
    assert edr.data() == [COLLECTION]
    assert edr.collection(COLLECTION)["id"] == COLLECTION
    assert "http://www.opengis.net/spec/ogcapi-edr-1/1.2/conf/core" in edr.conformance()["conformsTo"]
    assert edr.api()["openapi"].startswith("3.0")
    assert {link["rel"] for link in edr.links} >= {"service-desc", "service-doc", "conformance", "data"}


def test_owslib_queries_data(edr: Any) -> None:
    names = {"parameter_names": ["air_temperature", "wind_speed"], "datetime_": MORNING}
    position = edr.query_data(COLLECTION, "position", coords=JFK, **names)
    assert position["id"] == "JFK"
    assert position["ranges"].keys() == {"air_temperature", "wind_speed"}
    assert len(position["domain"]["axes"]["t"]["values"]) == 3
    area = edr.query_data(COLLECTION, "area", coords=BOX, **names)
    assert {each["id"] for each in area["coverages"]} == {"EWR", "JFK", "LGA"}
    radius = edr.query_data(COLLECTION, "radius", coords=JFK, within="20000", **names)
    assert [each["id"] for each in radius["coverages"]] == ["JFK", "LGA"]
    locations = edr.query_data(COLLECTION, "locations", bbox=[-75, 40, -73, 41])
    assert {each["id"] for each in locations["features"]} == {"EWR", "JFK", "LGA", "USW00094728"}
    assert edr.query_data(COLLECTION, "position", coords=JFK, datetime_="1999-01-01") == {}


def test_owslib_reads_stations_as_features(features: Any) -> None:
    assert features.feature_collections() == [COLLECTION]
    items = features.collection_items(COLLECTION, bbox=[-75, 40, -73, 41], limit=2)
    assert items["numberReturned"] == 2
    assert features.collection_item(COLLECTION, "EWR")["geometry"]["type"] == "Point"
    assert {link["rel"] for link in features.collection(COLLECTION)["links"]} >= {"self", "items"}


def test_the_pydantic_models_of_edr_coveragejson_and_geojson_take_the_answers(deployed: Deployed) -> None:
    path = f"/collections/{COLLECTION}"
    LandingPageModel.model_validate_json(deployed.ask("/").text)
    ConformanceModel.model_validate_json(deployed.ask("/conformance").text)
    Collections.model_validate_json(deployed.ask("/collections").text)
    FeatureCollection.model_validate_json(deployed.ask(f"{path}/locations").text)
    month = deployed.ask(f"{path}/locations/EWR", datetime="2013-06-01/2013-06-30")
    assert Coverage.model_validate_json(month.text).domain.domainType == "PointSeries"
    CoverageCollection.model_validate_json(deployed.ask(f"{path}/area", coords=BOX, datetime=MORNING).text)
    old = deployed.ask(f"{path}/locations/ITE00100554", datetime="1823-01-01/1823-01-31")
    assert Coverage.model_validate_json(old.text).id == "ITE00100554"


def test_what_is_compressed_arrives_whole(deployed: Deployed) -> None:
    """The gateway turns base64 back into bytes."""
    path, asked = f"/collections/{COLLECTION}/locations/EWR", {"datetime": "2013-06-01/2013-06-30"}
    plain = deployed.ask(path, asked, headers={"Accept": "*/*"})
    packed = deployed.fetch(path, asked, headers={"Accept": "*/*", "Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.text == plain.text
    assert json.loads(packed.text)["type"] == "Coverage"
