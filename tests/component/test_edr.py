"""ApiWeatherFunction: OGC API - EDR and Features over a small network, answers checked by the field's own models."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from covjson_pydantic.coverage import Coverage, CoverageCollection
from edr_pydantic.capabilities import ConformanceModel, LandingPageModel
from edr_pydantic.collections import Collection, Collections
from geojson_pydantic import Feature, FeatureCollection

from mesonet.domain.network import Network
from mesonet.domain.parameter import STANDARD_NAMES
from mesonet.stores.network import NetworkStore
from tests.builders import mapping, table
from tests.component.test_job_reconcile import reconcile
from tests.system import System
from tests.unit.web.requests import event, following, pages

PATH = "/collections/insitu-observations"
STATIONS = """station,name,latitude,longitude,elevation
EWR,Newark,40.6925,-74.16866,5.5
JFK,Kennedy,40.6399,-73.7787,4
LGA,La Guardia,40.7769,-73.874,6
Zürich +5%,"Odd, with ""quotes"" ",41.5,-73.5,0
"""
HOURS = [f"2013-01-0{day}T{hour:02d}:00:00Z" for day in (1, 2, 3) for hour in (0, 6, 12, 18)]
NEWARK = "POINT(-74.2 40.7)"
BOX = "POLYGON((-75 40,-73 40,-73 41,-75 41,-75 40))"


@pytest.fixture(scope="module")
def network() -> Iterator[System]:
    """For tests that only ask: whoever puts something into it does so to all others."""
    with System() as system:
        fill(system)
        yield system


def fill(system: System) -> None:
    system.put("network/mapping.json", mapping())
    system.put("network/stations.csv", STATIONS.encode())
    rows = [(station, time, at) for station in ("EWR", "JFK", "Zürich +5%") for at, time in enumerate(HOURS)]
    system.put("network/a.csv", table(*rows))
    daily = json.loads(mapping())
    daily["columns"]["temp"] |= {"method": "maximum", "duration": "P1D"}
    system.put("daily/mapping.json", json.dumps(daily).encode())
    system.put("daily/x.csv", table(*(("EWR", f"2013-01-0{day}T00:00:00Z", 10 * day) for day in (1, 2, 3))))
    system.deliver()


def ask(
    system: System, path: str, asked: Mapping[str, str] | None = None, *, headers: dict[str, str] | None = None, **more: str
) -> dict[str, Any]:
    query = {**(asked or {}), **more}
    names = {"parameter_name": "parameter-name", "within_units": "within-units"}
    given = "&".join(f"{names.get(name, name)}={quote(value)}" for name, value in query.items())
    return system.invoke("api_weather", event(f"{path}?{given}" if given else path, headers=headers))


def said(answer: dict[str, Any], status: int = 200) -> Any:
    assert answer["statusCode"] == status, answer["body"]
    return json.loads(answer["body"])


def data(system: System, query: str, **asked: str) -> Any:
    """The coverages of a data query, by station."""
    answer = ask(system, f"{PATH}/{query}", asked)
    if answer["statusCode"] == 204:
        return {}
    assert answer["headers"]["Content-Type"] == "application/vnd.cov+json"
    found = said(answer)
    if found["type"] == "Coverage":
        Coverage.model_validate_json(answer["body"])
        return {found["id"]: found}
    CoverageCollection.model_validate_json(answer["body"])
    return {each["id"]: each for each in found["coverages"]}


def times(coverage: Any) -> list[str]:
    found: list[str] = coverage["domain"]["axes"]["t"]["values"]
    return found


# What there is ----------------------------------------------------------------------------------------------------------


def test_the_metadata_are_what_edr_pydantic_takes(network: System) -> None:
    LandingPageModel.model_validate_json(ask(network, "/")["body"])
    ConformanceModel.model_validate_json(ask(network, "/conformance")["body"])
    Collections.model_validate_json(ask(network, "/collections")["body"])
    Collection.model_validate_json(ask(network, PATH)["body"])


@pytest.mark.parametrize(
    ("headers", "typed"),
    [
        ({"User-Agent": "OWSLib (https://geopython.github.io/OWSLib)"}, True),
        ({"Accept": "application/json,application/schema+json"}, True),  # ogc-client, in any browser
        ({"Accept": "application/json"}, False),
    ],
)
def test_who_looks_for_a_type_of_items_is_told_it_and_no_one_else(
    headers: dict[str, str], typed: bool, network: System
) -> None:
    for path in ("/collections", PATH):
        answer = ask(network, path, headers=headers)
        assert ('"itemType":"feature"' in answer["body"]) is typed
        assert answer["headers"]["Vary"] == "Accept, Accept-Encoding, User-Agent"


def test_the_landing_page_leads_to_everything(network: System) -> None:
    links = said(ask(network, "/"))["links"]
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= {link["rel"] for link in links}
    first = next(link for link in links if link["rel"] == "service-desc")
    assert first["type"] == "application/vnd.oai.openapi+json;version=3.1"
    for link in links:
        address = urlsplit(link["href"])
        answer = network.invoke("api_weather", event(f"{address.path.removeprefix('/v1') or '/'}?{address.query}"))
        assert answer["statusCode"] == 200, link
        if "type" in link:
            assert answer["headers"]["Content-Type"].partition("; ")[0] == link["type"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"bbox": "-75,40,-73,41"}, 1),
        ({"bbox": "-75,40,0,-73,41,100"}, 1),
        ({"bbox": "170,-80,-74,80"}, 1),
        ({"bbox": "0,0,1,1"}, 0),
        ({"datetime": "2013-01-02T01:00:00Z"}, 1),
        ({"datetime": "1999,2013-01-03/.."}, 1),
        ({"datetime": "../2012-12-31"}, 0),
        ({"bbox": "-75,40,-73,41", "datetime": "2014"}, 0),
    ],
)
def test_collections_are_chosen_by_place_and_time(asked: dict[str, str], found: int, network: System) -> None:
    """As EDR's own OpenAPI describes `/collections`."""
    answer = ask(network, "/collections", asked)
    assert len(said(answer)["collections"]) == found
    assert urlsplit(said(answer)["links"][0]["href"]).query
    for name, wrong in (("bbox", "1,2,3"), ("datetime", "noon")):
        assert said(ask(network, "/collections", {name: wrong}), 400)["parameter"] == name


def test_the_collection_keeps_the_metocean_profile(network: System) -> None:
    collection = said(ask(network, PATH))
    assert len(collection["title"]) <= 50
    (licence,) = [link for link in collection["links"] if link["rel"] == "license"]
    assert licence["type"] == "text/html"
    assert {"self", "alternate", "data"} <= {link["rel"] for link in collection["links"]}
    assert collection["extent"]["spatial"] == {"bbox": [[-74.42, 40.38, -73.25, 41.75]], "crs": "OGC:CRS84"}
    assert collection["extent"]["temporal"]["trs"] == "Gregorian"
    assert collection["extent"]["temporal"]["interval"] == [["2013-01-01T00:00:00Z", "2013-01-03T18:00:00Z"]]
    dimensions = {each["id"]: each for each in collection["extent"]["custom"]}
    assert dimensions["standard_name"]["reference"] == "https://vocab.nerc.ac.uk/standard_name/"
    assert dimensions["level"]["reference"] == "Height of measurement above ground level in meters"
    assert {"standard_names", "levels", "methods", "durations"} <= dimensions.keys()
    assert {"position", "radius", "area", "locations", "items"} == collection["data_queries"].keys()
    assert "m" in collection["data_queries"]["radius"]["link"]["variables"]["within_units"]
    assert collection["crs"][0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"  # OGC API - Features, abstract test 10
    assert {"OGC:CRS84", "EPSG:4326"} < set(collection["crs"][:-1])  # the suite of EDR takes the last
    height = "Height of measurement above ground level in meters"
    assert collection["extent"]["vertical"] == {"interval": [["2", "2"]], "values": ["2"], "vrs": height}
    assert sorted(collection["parameter_names"]) == ["air_temperature", "air_temperature:2:maximum:P1D"]
    for name, parameter in collection["parameter_names"].items():
        assert parameter["id"] == name
        assert len(parameter["label"]) <= 50
        assert parameter["unit"]["symbol"] == {"value": "°C", "type": "https://qudt.org/vocab/unit/DEG_C"}
        assert parameter["observedProperty"]["id"] == "https://vocab.nerc.ac.uk/standard_name/air_temperature"
        assert parameter["metocean:standard_name"] in dimensions["standard_name"]["values"]
        assert parameter["metocean:level"] in dimensions["level"]["values"]
        assert parameter["measurementType"]["method"] in dimensions["method"]["values"]
        assert parameter["measurementType"]["duration"] in dimensions["duration"]["values"]


def test_the_vertical_extent_goes_from_the_deepest_to_the_highest() -> None:
    """By numbers: as texts 10 would stand before 2."""
    from mesonet.functions.api_weather import collection

    names = ("wind_speed:10:point:PT0S", "air_temperature:2:point:PT0S", "soil_temperature:-0.05:point:PT0S")
    vertical = collection._extent(Network(parameters=dict.fromkeys(names, "1")))["vertical"]
    assert (vertical["interval"], vertical["values"]) == ([["-0.05", "10"]], ["-0.05", "2", "10"])


@pytest.mark.parametrize("name", STANDARD_NAMES)
def test_what_is_observed_is_defined_somewhere(name: str) -> None:
    """OGC API - EDR, /req/edr/rc-parameters F; CF has no name for some of it."""
    from mesonet.functions.api_weather import collection

    observed = collection.parameter(name, "1")["observedProperty"]
    assert observed["label"]
    assert urlsplit(observed["id"]).hostname in ("vocab.nerc.ac.uk", "codes.wmo.int")


def test_conformance_names_the_classes_that_validators_look_for(network: System) -> None:
    classes = said(ask(network, "/conformance"))["conformsTo"]
    for name in (
        "ogcapi-common-1/1.0/conf/core",
        "ogcapi-common-2/1.0/conf/collections",
        "ogcapi-edr-1/1.2/conf/core",
        "ogcapi-edr-1/1.2/conf/covjson",
        "ogcapi-features-1/1.0/conf/core",
    ):
        assert f"http://www.opengis.net/spec/{name}" in classes
    assert not [name for name in classes if "ogcapi-edr" in name and name.endswith("html")]  # data are no pages
    assert "https://eumetnet.github.io/spec/metocean-edr-profile/1/conf/insitu-observations" in classes
    assert len(set(classes)) == len(classes)


def test_another_collection_is_not_there(network: System) -> None:
    for path in ("/collections/radar", "/collections/radar/locations", "/collections/radar/items/x", "/collections/a/b/area"):
        answer = ask(network, path)
        assert said(answer, 404)["code"] == "not-found"
        assert answer["headers"]["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["cube", "trajectory", "corridor", "instances", "instances/now/area"])
def test_a_query_that_is_not_offered_is_not_there_whatever_it_asks(network: System, query: str) -> None:
    for asked in ({}, {"bbox": "-75,40,-73,41"}, {"coords": "LINESTRING(-75 40,-73 41)", "datetime": "2013"}):
        assert said(ask(network, f"{PATH}/{query}", asked), 404)["code"] == "not-found"


def test_documents_are_pages_for_browsers(network: System) -> None:
    for path in ("/", "/collections", PATH, f"{PATH}/locations", f"{PATH}/items", f"{PATH}/items/EWR", "/api"):
        answer = ask(network, path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"
        assert "<h1>" in answer["body"]
        assert all(tag in answer["body"] for tag in ("<html>", "<body>", "</body>", "</html>"))  # EDR's suite, A.27
        assert answer["headers"]["Content-Language"] == "en"
        assert answer["headers"]["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "<script" not in ask(network, f"{PATH}/items", f="html")["body"]


# Locations and items -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["locations", "items"])
def test_stations_are_features_with_their_parameters(network: System, query: str) -> None:
    answer = ask(network, f"{PATH}/{query}")
    assert answer["headers"]["Content-Type"] == "application/geo+json"
    FeatureCollection.model_validate_json(answer["body"])
    if query == "locations":
        names = [each["id"] for each in said(answer)["parameters"]]
        assert names == ["air_temperature", "air_temperature:2:maximum:P1D"]
    found = {each["id"]: each["properties"] for each in said(answer)["features"]}
    assert found.keys() == {"EWR", "JFK", "LGA", "Zürich +5%"}
    assert found["EWR"]["parameter-name"] == ["air_temperature", "air_temperature:2:maximum:P1D"]
    assert found["LGA"]["parameter-name"] == []
    for properties in found.values():  # as drafts of the profile have it
        assert properties["parameter_names"] == properties["parameter-name"]
        assert properties["title"] == properties["name"]
    assert all(isinstance(each["name"], str) for each in found.values())


@pytest.mark.parametrize("query", ["locations", "items"])
@pytest.mark.parametrize(
    ("asked", "stations"),
    [
        ({"bbox": "-74,40,-73.7,41"}, {"JFK", "LGA"}),
        ({"bbox": "40,-74,41,-73.7", "crs": "EPSG:4326"}, {"JFK", "LGA"}),
        ({"bbox": "40,-75,5,41,-73,5.5", "crs": "EPSG:4326"}, {"EWR"}),
        ({"bbox": "-74,40,-73.7,41", "crs": "CRS84"}, {"JFK", "LGA"}),
        ({"bbox": "-75,40,4,-73,42,5.4"}, {"JFK"}),
        ({"bbox": "-75,40,5,-73,41,5.5"}, {"EWR"}),
        ({"bbox": "-75,40,100,-73,42,200"}, set()),
        ({"bbox": "0,0,1,1"}, set()),
        ({"datetime": "2013-01-02"}, {"EWR", "JFK", "Zürich +5%"}),
        ({"datetime": "2014-01-01/.."}, set()),
        ({"parameter_name": "air_temperature:2:maximum:P1D"}, {"EWR"}),
        ({"method": "maximum"}, {"EWR"}),
        ({"duration": "PT1H/.."}, {"EWR"}),
        ({"level": "../2"}, {"EWR", "JFK", "Zürich +5%"}),
        ({"level": "10/.."}, set()),
    ],
)
def test_stations_are_chosen_by_place_time_and_parameter(
    network: System, query: str, asked: dict[str, str], stations: set[str]
) -> None:
    found = said(ask(network, f"{PATH}/{query}", asked))
    assert {each["id"] for each in found["features"]} == stations
    assert found["numberReturned"] == len(stations)


@pytest.mark.parametrize("query", ["locations", "items"])
def test_pages_of_stations_neither_lose_nor_repeat_one(network: System, query: str) -> None:
    assert sorted(stations_by_page(network, f"{query}?limit=1")) == [["EWR"], ["JFK"], ["LGA"], ["Zürich +5%"]]


@pytest.mark.parametrize("query", ["locations", "items"])
def test_a_page_of_stations_ends_where_the_answer_has_no_more_room(
    query: str, network: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = stations_by_page(network, query)
    monkeypatch.setattr("mesonet.functions.api_weather.logic.MOST_BYTES", 2_000)
    assert whole == [["EWR", "JFK", "LGA", "Zürich +5%"]]
    assert stations_by_page(network, query) == [["EWR", "JFK"], ["LGA", "Zürich +5%"]]
    page = ask(network, f"{PATH}/{query}", f="html")["body"]
    assert [name in page for name in ("Newark", "Kennedy")] == [True, False]


def stations_by_page(network: System, query: str) -> list[list[str]]:
    return [[each["id"] for each in said(answer)["features"]] for answer in pages(network, f"{PATH}/{query}")]


def test_a_limit_beyond_the_most_is_the_most(network: System) -> None:
    for limit in ("5000", "1000001", str(2**31 - 1)):
        assert said(ask(network, f"{PATH}/items", limit=limit))["numberReturned"] == 4


@pytest.mark.parametrize("query", ["items", "locations"])
def test_how_many_there_are_is_said_where_one_page_has_them(network: System, query: str) -> None:
    assert said(ask(network, f"{PATH}/{query}"))["numberMatched"] == 4
    answer = ask(network, f"{PATH}/{query}", limit="3")
    assert "numberMatched" not in said(answer)
    (last,) = map(said, pages(network, following(answer)))
    assert (last["numberReturned"], "numberMatched" in last) == (1, False)


@pytest.mark.parametrize("offset", [0, 1, 3, 4, 9])
def test_some_may_be_passed_over_and_the_pages_go_on(offset: int, network: System) -> None:
    every = [feature["id"] for feature in said(ask(network, f"{PATH}/items"))["features"]]
    whole = said(ask(network, f"{PATH}/items", offset=str(offset)))
    assert [feature["id"] for feature in whole["features"]] == every[offset:]
    assert (whole["numberMatched"], whole["numberReturned"]) == (4, len(every[offset:]))
    first = ask(network, f"{PATH}/items", offset=str(offset), limit="1")
    found = [said(first), *map(said, pages(network, following(first)))]
    assert [feature["id"] for page in found for feature in page["features"]] == every[offset:]


def test_a_station_is_a_feature(network: System) -> None:
    answer = ask(network, f"{PATH}/items/Z%C3%BCrich%20%2B5%25")
    Feature.model_validate_json(answer["body"])
    assert said(answer)["properties"]["name"] == 'Odd, with "quotes"'
    assert {"self", "collection", "alternate"} == {link["rel"] for link in said(answer)["links"]}
    assert ask(network, f"{PATH}/items/NOWHERE")["statusCode"] == 404


# Data queries ------------------------------------------------------------------------------------------------------------


def test_a_location_answers_with_its_last_day(network: System) -> None:
    (coverage,) = data(network, "locations/JFK").values()
    assert times(coverage) == HOURS[8:]
    assert coverage["domain"]["axes"]["x"]["values"] == [-73.7787]
    assert coverage["ranges"]["air_temperature"]["values"] == [8, 9, 10, 11]
    assert coverage["ranges"]["air_temperature"]["shape"] == [4, 1, 1]
    parameter = coverage["parameters"]["air_temperature"]
    assert parameter["metocean:measurementType"] == {"method": "point", "duration": "PT0S"}
    assert (parameter["metocean:standard_name"], parameter["metocean:level"]) == ("air_temperature", 2)
    assert coverage["domain"]["referencing"][0]["system"] == {"type": "GeographicCRS", "id": "OGC:CRS84"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2013-01-02T06:00:00Z", HOURS[5:6]),
        ("2013-01-02", HOURS[4:8]),
        ("2013-01-02T06:00:00Z/2013-01-02T12:00:00Z", HOURS[5:7]),
        ("../2013-01-01T06:00:00Z", HOURS[:2]),
        ("2013-01-03T12:00:00Z/..", HOURS[10:]),
        ("/2013-01-01T00:00:00Z", HOURS[:1]),
        ("2013-01-03T18:00:00Z/", HOURS[11:]),
        ("../..", HOURS),
        ("2013-01-02T07:00:00+01:00", HOURS[5:6]),
        ("2013-01-03T00:00:00Z,2013-01-01T00:00:00Z", [HOURS[0], HOURS[8]]),
        ("2013-01-01/2013-01-02,2013-01-02T12:00:00Z/2013-01-03T00:00:00Z", HOURS[:9]),
        ("2014-01-01", []),
    ],
)
def test_datetime_has_every_form(network: System, asked: str, expected: list[str]) -> None:
    assert [time for each in data(network, "locations/JFK", datetime=asked).values() for time in times(each)] == expected


def test_a_station_with_odd_letters_in_its_name_answers(network: System) -> None:
    assert list(data(network, "locations/Z%C3%BCrich%20%2B5%25")) == ["Zürich +5%"]


def test_the_position_query_finds_the_nearest_station_that_observes_what_is_asked_for(network: System) -> None:
    assert list(data(network, "position", coords="POINT(-73.9 40.77)")) == ["JFK"]  # LGA is nearer, and observes nothing
    assert list(data(network, "position", coords="POINT(-73.8 40.65)", method="maximum")) == ["EWR"]
    assert data(network, "position", coords="POINT(-73.8 40.65)", datetime="2015-01-01") == {}


@pytest.mark.parametrize(("candidates", "found"), [((1, 2, 8), {"EWR"}), ((1, 2), set())])
def test_the_position_query_looks_further_where_the_nearest_do_not_observe_it(
    network: System, candidates: tuple[int, ...], found: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mesonet.functions.api_weather.edr.CANDIDATES", candidates)
    asked = {"coords": "POINT(-73.5 41.5)", "parameter_name": "air_temperature:2:maximum:P1D"}
    assert set(data(network, "position", **asked)) == found


def test_the_nearest_are_found_whether_it_is_known_where_stations_are_or_not(network: System) -> None:
    store = NetworkStore(network.ref("ObservationsTable"), client=network.dynamodb)
    assert store.get().occupied is None
    assert far_away(network) == ["EWR", "JFK", "LGA"]
    reconcile(network)
    assert store.get().occupied == frozenset({"dr"})
    assert far_away(network) == ["EWR", "JFK", "LGA"]


def far_away(network: System) -> list[str]:
    found = said(ask(network, "/stations", lat="-40", lon="-120", limit="3"))
    return sorted(each["id"] for each in found["features"])


@pytest.mark.parametrize(
    "coords", ["POINT(-74.2+40.7)", "POINT(-7.42E+1 4.07e+01)", "POINT(-742e-1+407e-1)", "POINT(-7.42e1 41.e+0)"]
)
def test_a_plus_is_a_space_but_in_a_number(network: System, coords: str) -> None:
    assert set(data(network, "position", coords=coords)) == {"EWR"}


def test_several_points_have_a_coverage_each(network: System) -> None:
    assert set(data(network, "position", coords="MULTIPOINT((-73.8 40.65),(-74.1 40.7))")) == {"JFK", "EWR"}


@pytest.mark.parametrize("form", ["CoverageJSON", "GeoJSON", "CSV"])
def test_a_station_that_is_nearest_to_several_points_answers_once(network: System, form: str) -> None:
    points = "MULTIPOINT((-74.1 40.7),(-73.8 40.65),(-74.2 40.7))"
    answer = ask(network, f"{PATH}/position", coords=points, f=form, datetime=HOURS[0])
    if form == "CSV":
        assert [line.partition(",")[0] for line in answer["body"].splitlines()[1:]] == ["EWR", "JFK"]
    elif form == "GeoJSON":
        assert [each["id"] for each in said(answer)["features"]] == ["EWR", "JFK"]
    else:
        distances = {each["id"]: each["mesonet:distance_m"] for each in said(answer)["coverages"]}
        assert distances["EWR"] == pytest.approx(2770, abs=5), "from the closer of both points"


def test_a_page_of_several_points_has_as_many_stations_as_the_limit_says(network: System) -> None:
    path = f"{PATH}/position?coords={quote('MULTIPOINT((-73.8 40.65),(-74.1 40.7),(-73.5 41.5))')}&f=CSV&limit=2"
    seen = [{line.partition(",")[0] for line in answer["body"].splitlines()[1:]} for answer in pages(network, path)]
    assert seen == [{"JFK", "EWR"}, {"Zürich +5%"}]


@pytest.mark.parametrize(
    ("asked", "stations"),
    [
        ({"within": "50", "within_units": "km"}, ["EWR", "JFK"]),
        ({"within": "50", "within_units": "km", "limit": "1"}, ["EWR"]),
        ({"within": "5000", "within_units": "m"}, ["EWR"]),
        ({"within": "200", "within_units": "mi"}, ["EWR", "JFK", "Zürich +5%"]),
        ({"within": "1", "within_units": "ft"}, []),
    ],
)
def test_the_radius_query_has_the_nearest_first(network: System, asked: dict[str, str], stations: list[str]) -> None:
    assert list(data(network, "radius", coords=NEWARK, **asked)) == stations


@pytest.mark.parametrize(
    ("places", "within", "limit", "stations"),
    [
        ("(-74.2 40.7),(-73.8 40.65)", "10", "10", ["JFK", "EWR"]),
        ("(-74.2 40.7),(-73.8 40.65)", "10", "1", ["JFK"]),
        ("(-73.8 40.65),(-74.2 40.7)", "50", "10", ["JFK", "EWR"]),
        ("(-73.8 40.65),(0 0)", "10", "10", ["JFK"]),
        ("(-73.8 40.65),(-74.2 40.7),(-73.8 40.65)", "0", "10", []),
    ],
)
def test_a_radius_around_several_points_has_each_station_once(
    network: System, places: str, within: str, limit: str, stations: list[str]
) -> None:
    asked = {"within": within, "within_units": "km", "limit": limit}
    assert list(data(network, "radius", coords=f"MULTIPOINT({places})", **asked)) == stations


def test_pages_of_a_radius_around_several_points_are_its_stations(network: System) -> None:
    coords = quote("MULTIPOINT((-74.2 40.7),(-73.8 40.65),(-73.5 41.5))")
    path = f"{PATH}/radius?coords={coords}&within=60&within-units=km&f=CSV"
    seen = [line.partition(",")[0] for answer in pages(network, path) for line in answer["body"].splitlines()[1:]]
    assert list(dict.fromkeys(seen)) == ["Zürich +5%", "JFK", "EWR"]


def test_a_distance_has_a_unit_but_for_who_cannot_say_one(network: System) -> None:
    path, asked = f"{PATH}/radius", {"coords": NEWARK, "within": "5000"}
    assert said(ask(network, path, asked), 400)["parameter"] == "within-units"
    answer = ask(network, path, asked, headers={"User-Agent": "OWSLib (https://geopython.github.io/OWSLib)"})
    assert [each["id"] for each in said(answer)["coverages"]] == ["EWR"]
    assert answer["headers"]["Vary"].endswith("User-Agent")
    assert "within-units=m" in answer["headers"]["Link"]  # whoever goes there need not be OWSLib


def test_the_area_query_has_the_stations_in_the_polygon(network: System) -> None:
    assert set(data(network, "area", coords=BOX)) == {"EWR", "JFK"}
    assert set(data(network, "area", coords="POLYGON((-74 40.6,-73.7 40.6,-73.7 40.7,-74 40.6))")) == {"JFK"}
    assert data(network, "area", coords=BOX, datetime="2015-01-01") == {}
    multi = "MULTIPOLYGON(((-74 40.6,-73.7 40.6,-73.7 40.7,-74 40.6)),((-74 41,-73 41,-73 42,-74 42,-74 41)))"
    assert set(data(network, "area", coords=multi)) == {"JFK", "Zürich +5%"}


def test_pages_of_an_area_are_its_stations(network: System) -> None:
    path = f"{PATH}/area?coords={quote('POLYGON((-75 40,-73 40,-73 42,-75 42,-75 40))')}&limit=1"
    seen = [each["id"] for answer in pages(network, path) for each in said(answer)["coverages"]]
    assert sorted(seen) == ["EWR", "JFK", "Zürich +5%"]


@pytest.mark.parametrize(
    ("crs", "latitude_first"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", False),
        ("urn:ogc:def:crs:OGC::CRS84", False),
        ("[OGC:CRS84]", False),
        ("https://www.opengis.net/def/crs/OGC/0/CRS84", False),
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("urn:ogc:def:crs:EPSG:9.9.1:4326", True),
        ("[EPSG:4326]", True),
        ("epsg:4326", True),
        ("https://www.opengis.net/def/crs/EPSG/9.9.1/4326", True),
    ],
)
def test_a_reference_system_may_be_written_in_each_form(network: System, crs: str, latitude_first: bool) -> None:
    coords = "POINT(40.7 -74.2)" if latitude_first else NEWARK
    (coverage,) = data(network, "position", coords=coords, crs=crs).values()
    assert coverage["domain"]["referencing"][0]["system"]["id"] == crs


@pytest.mark.parametrize(
    "crs",
    ["", "EPSG:43260", "OGC:4326", "EPSG:CRS84", "OGC:CRS84h", "urn:ogc:def:crs:EPSG::3857", "http://www.opengis.net/CRS84"],
)
def test_no_other_reference_system_is_taken_for_one(network: System, crs: str) -> None:
    assert said(ask(network, f"{PATH}/position", {"coords": NEWARK, "crs": crs}), 400)["parameter"] == "crs"


def test_of_several_points_those_outside_have_no_nearest_station(network: System) -> None:
    assert set(data(network, "position", coords="MULTIPOINT((-74.2 40.7),(0 0))")) == {"EWR"}


@pytest.mark.parametrize(
    ("crs", "coords"),
    [
        ("EPSG:4326", "POINT(40.7 -74.2)"),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "POINT(40.7 -74.2)"),
        ("CRS84", NEWARK),
        ("OGC:CRS84", NEWARK),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", NEWARK),
    ],
)
def test_the_answer_is_in_the_reference_system_that_was_asked_for(network: System, crs: str, coords: str) -> None:
    (coverage,) = data(network, "position", coords=coords, crs=crs).values()
    assert coverage["id"] == "EWR"
    assert coverage["domain"]["referencing"][0]["system"]["id"] == crs


def test_parameters_are_chosen_by_whatever_names_them(network: System) -> None:
    daily = "air_temperature:2:maximum:P1D"
    for name in ("parameter-name", "parameter_name", "parameter_names", "parameters"):
        answer = network.invoke("api_weather", event(f"{PATH}/locations/EWR?{name}={daily}"))
        assert list(said(answer)["ranges"]) == [daily]
    for name in ("air_temperature:2.0:maximum:P1D", "*:maximum:*", " air_temperature:2:maximum:P1D "):
        assert list(data(network, "locations/EWR", parameter_name=name)["EWR"]["ranges"]) == [daily]
    assert list(data(network, "locations/EWR", parameter_name="air_temperature")["EWR"]["ranges"]) == ["air_temperature"]
    assert len(data(network, "locations/EWR", standard_name="air_temperature", datetime="../..")["EWR"]["ranges"]) == 2
    assert list(data(network, "locations/EWR", duration="P1D")["EWR"]["ranges"]) == [daily]
    assert list(data(network, "locations/EWR", level="R3/0/1", method="point")["EWR"]["ranges"]) == ["air_temperature"]
    assert data(network, "locations/EWR", z="10") == {}


@pytest.mark.parametrize(
    ("units", "unit", "value"),
    [
        ("us", "[degF]", 46.4),
        ("US", "[degF]", 46.4),
        ("Metric", "Cel", 8),
        ("metric", "Cel", 8),
        ("air_temperature=K", "K", 281.15),
        ("air_temperature=degF", "[degF]", 46.4),
        ("us,air_temperature=K", "K", 281.15),
    ],
)
def test_values_come_in_the_units_that_are_asked_for(network: System, units: str, unit: str, value: float) -> None:
    (coverage,) = data(network, "locations/JFK", units=units).values()
    assert coverage["parameters"]["air_temperature"]["unit"]["label"]["en"] == unit
    assert coverage["ranges"]["air_temperature"]["values"][0] == value


def test_a_data_query_answers_in_geojson_and_csv_too(network: System) -> None:
    for f in ("GeoJSON", "geojson"):
        answer = ask(network, f"{PATH}/position", coords=NEWARK, f=f)
        assert answer["headers"]["Content-Type"] == "application/geo+json"
        FeatureCollection.model_validate_json(answer["body"])
        assert [each["id"] for each in said(answer)["parameters"]] == ["air_temperature", "air_temperature:2:maximum:P1D"]
        (feature,) = said(answer)["features"]
        assert feature["properties"]["values"]["air_temperature"] == [8, 9, 10, 11]
    answer = ask(network, f"{PATH}/area", coords=BOX, headers={"Accept": "text/csv"}, datetime="2013-01-01T06:00:00Z")
    assert answer["body"].splitlines() == [
        "station,longitude,latitude,time,air_temperature (Cel)",
        "EWR,-74.16866,40.6925,2013-01-01T06:00:00Z,1",
        "JFK,-73.7787,40.6399,2013-01-01T06:00:00Z,1",
    ]
    for accept in ("application/json", "application/prs.coverage+json", "*/*"):
        assert ask(network, f"{PATH}/position", coords=NEWARK, headers={"Accept": accept})["statusCode"] == 200


@pytest.mark.parametrize(
    ("query", "asked", "parameter"),
    [
        ("position", {}, "coords"),
        ("position", {"coords": "POINT(0 0)"}, "coords"),
        ("position", {"coords": "POINT(1)"}, "coords"),
        ("position", {"coords": "POINT(-74 95)"}, "coords"),
        ("position", {"coords": "LINESTRING(0 0,1 1)"}, "coords"),
        ("position", {"coords": "40.7,-74.2"}, "coords"),
        ("position", {"coords": NEWARK, "crs": "EPSG:3857"}, "crs"),
        ("position", {"coords": NEWARK, "parameter_name": "phlogiston"}, "parameter-name"),
        ("position", {"coords": NEWARK, "datetime": "yesterday"}, "datetime"),
        ("position", {"coords": NEWARK, "datetime": "2013-01-01T00:00:00Z,x"}, "datetime"),
        ("position", {"coords": NEWARK, "datetime": ""}, "datetime"),
        ("position", {"coords": NEWARK, "f": "grib"}, "f"),
        ("position", {"coords": NEWARK, "standard_name": "x"}, "standard_name"),
        ("radius", {"coords": NEWARK}, "within"),
        ("radius", {"coords": NEWARK, "within": "1"}, "within-units"),
        *(
            ("radius", {"coords": NEWARK, "within": each, "within_units": "m"}, "within")
            for each in ("-1", "nan", "1_0", "１０", "")
        ),
        ("radius", {"coords": NEWARK, "within": "1", "within_units": "parsec"}, "within-units"),
        ("radius", {"coords": "POINT(0 0)", "within": "1000", "within_units": "m"}, "coords"),
        ("area", {"coords": "POLYGON((0 0,1 0,1 1,0 0))"}, "coords"),
        ("area", {"coords": "POLYGON((-75 40,-73 40,-73 41))"}, "coords"),
        ("area", {"coords": "POLYGON(-75 40,-73 40,-73 41,-75 40)"}, "coords"),
        ("area", {"coords": "POLYGON((-75 40,-73 40,-73 41,-75 40)"}, "coords"),
        ("locations/EWR", {"level": "high"}, "level"),
        ("locations/EWR", {"level": "R99999999/0/1"}, "level"),
        ("locations/EWR", {"z": "10/0"}, "z"),
        ("locations/EWR", {"z": "nan"}, "z"),
        ("locations/EWR", {"z": "1_0"}, "z"),
        ("locations/EWR", {"z": "inf"}, "z"),
        ("locations/EWR", {"z": ""}, "z"),
        ("locations/EWR", {"parameter-name": ","}, "parameter-name"),
        ("locations/EWR", {"duration": "an hour"}, "duration"),
        ("locations/EWR", {"method": "guess"}, "method"),
        ("locations/EWR", {"units": "imperial"}, "units"),
        ("locations/EWR", {"units": "air_temperature=kg"}, "units"),
        ("locations/EWR", {"units": "air_temprature=K"}, "units"),
        ("locations/EWR", {"cursor": "x"}, "cursor"),
        ("locations/EWR", {"limit": "0"}, "limit"),
        ("items", {"bbox": "1,2,3"}, "bbox"),
        ("items", {"bbox": "-75,4_0,-73,41"}, "bbox"),
        ("items", {"crs": "EPSG:3857"}, "crs"),
        ("locations", {"crs": "AAA"}, "crs"),
    ],
)
def test_a_mistake_says_which_parameter_and_what_is_allowed(
    network: System, query: str, asked: dict[str, str], parameter: str
) -> None:
    problem = said(ask(network, f"{PATH}/{query}", asked), 400)
    assert problem["parameter"] == parameter
    assert problem["code"] == "invalid-parameter"
    assert problem["allowed"]


def test_what_a_client_has_is_not_sent_again(network: System) -> None:
    first = ask(network, f"{PATH}/locations/EWR")
    assert first["headers"]["Last-Modified"].startswith("Thu, 01 Jan 2026 00:0")  # the file came then
    again = ask(network, f"{PATH}/locations/EWR", headers={"If-None-Match": first["headers"]["ETag"]})
    assert again["statusCode"] == 304


@pytest.mark.parametrize(
    ("query", "stations"),
    [
        (f"radius?coords={quote(NEWARK)}&within=200&within-units=km", {"EWR", "JFK", "Zürich +5%"}),
        (f"position?coords={quote('MULTIPOINT((-74.2 40.7),(-73.5 41.5),(-73.78 40.64))')}", {"EWR", "JFK", "Zürich +5%"}),
        (f"area?coords={quote('POLYGON((-75 40,-73 40,-73 42,-75 42,-75 40))')}", {"EWR", "JFK", "Zürich +5%"}),
    ],
)
def test_what_is_too_much_for_one_answer_comes_in_pages_within_a_station_too(
    network: System, query: str, stations: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network.modules["api_weather"].logic, "MOST_BYTES", 250)  # a day of a station is some 200
    path = f"{PATH}/{query}&datetime=2013-01-01/2013-01-03&parameter-name=air_temperature"
    seen: list[tuple[str, str]] = []
    answers = list(pages(network, path))
    for answer in answers:
        found = said(answer)["coverages"] if answer["statusCode"] != 204 else []
        seen += [(each["id"], time) for each in found for time in times(each)]
    assert len(answers) > len(stations)
    assert len(seen) == len(set(seen))
    assert {(station, time) for station, time in seen} == {(s, t) for s in stations for t in HOURS}


def test_a_page_in_other_units_has_room_for_longer_numbers(network: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """0.3 mm are 0.01181102 inches: what fits as it is kept has to fit as it is asked for, compressed or not."""
    monkeypatch.setattr(network.modules["api_weather"].logic, "MOST_BYTES", 250)
    for path in (f"{PATH}/locations/EWR", "/stations/EWR/observations"):
        counts = []
        for units in ("metric", "us"):
            found = said(ask(network, path, datetime="2013-01-01/2013-01-03", units=units))
            counts.append(len(found["time"] if "time" in found else times(found)))
        assert 0 < counts[1] < counts[0] < len(HOURS), path
