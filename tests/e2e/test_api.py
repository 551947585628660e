"""The weather API over HTTP."""

import pytest

from tests.deployed import Deployed

JFK = (40.6399, -73.7787)


def test_stations_are_geojson(deployed: Deployed) -> None:
    answer = deployed.ask("/stations", id="EWR")
    assert answer.headers["Content-Type"] == "application/geo+json"
    (feature,) = answer.json["features"]
    assert feature["geometry"]["type"] == "Point"
    longitude, latitude, *_ = feature["geometry"]["coordinates"]
    assert (round(longitude, 1), round(latitude, 1)) == (-74.2, 40.7)


def test_the_nearest_stations_come_first_with_their_distance(deployed: Deployed) -> None:
    features = deployed.ask("/stations", lat=JFK[0], lon=JFK[1], limit=3).json["features"]
    assert [feature["id"] for feature in features] == ["JFK", "LGA", "USW00094728"]
    distances = [feature["properties"]["distance_m"] for feature in features]
    assert distances == sorted(distances)
    assert distances[0] < 100
    assert 17_000 < distances[1] < 18_000


def test_a_box_holds_the_stations_in_it(deployed: Deployed) -> None:
    features = deployed.ask("/stations", bbox="-74,40,-73.5,41").json["features"]
    assert {feature["id"] for feature in features} == {"JFK", "LGA", "USW00094728"}
    assert deployed.ask("/stations", bbox="-74,40,-73.5,41", name="laguar").json["numberReturned"] == 1


def test_pages_of_stations_neither_lose_nor_repeat_one(deployed: Deployed) -> None:
    seen: list[str] = []
    answer = deployed.ask("/stations", limit=2)
    while True:
        said = answer.json
        seen += [feature["id"] for feature in said["features"]]
        following = [link["href"] for link in said["links"] if link["rel"] == "next"]
        if not following:
            break
        answer = deployed.ask(following[0])
    assert len(seen) == len(set(seen)) >= 8
    assert {"EWR", "JFK", "LGA", "ITE00100554"} <= set(seen)


def test_latest_is_the_newest_value_of_each_parameter_with_its_own_time(deployed: Deployed) -> None:
    said = deployed.ask("/stations/EWR/observations/latest").json["parameters"]
    assert said["air_temperature"]["time"] == "2013-12-30T23:00:00Z"
    assert said["wind_speed_of_gust"]["time"] <= said["air_temperature"]["time"]
    assert all(each["value"] is not None for each in said.values())


def test_observations_come_as_csv_when_asked(deployed: Deployed) -> None:
    path, query = "/stations/EWR/observations", {"datetime": "2013-01-01T06:00:00Z", "parameters": "air_temperature,wind_speed"}
    for answer in (deployed.ask(path, query, f="csv"), deployed.ask(path, query, headers={"Accept": "text/csv"})):
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert answer.text.splitlines() == [
            "station,time,air_temperature (Cel),wind_speed (m/s)",
            "EWR,2013-01-01T06:00:00Z,3.9,4.630002",
        ]


@pytest.mark.parametrize(
    ("path", "query", "status", "parameter"),
    [
        ("/stations", {"bbox": "1,2,3"}, 400, "bbox"),
        ("/stations", {"lat": "91", "lon": "0"}, 400, "lat"),
        ("/stations", {"colour": "blue"}, 400, "colour"),
        ("/stations/EWR/observations", {"datetime": "yesterday"}, 400, "datetime"),
        ("/stations/EWR/observations", {"datetime": "2013-02-30"}, 400, "datetime"),
        ("/stations/EWR/observations", {"parameters": "phlogiston"}, 400, "parameters"),
        ("/stations/EWR/observations", {"limit": "0"}, 400, "limit"),
        ("/stations/EWR/observations", {"cursor": "x"}, 400, "cursor"),
        ("/stations/EWR/observations", {"f": "xml"}, 400, "f"),
        ("/files", {"status": "fine"}, 400, "status"),
        ("/stations/NOWHERE", {}, 404, None),
        ("/stations/NOWHERE/observations/latest", {}, 404, None),
        ("/files/aaaaaaaaaaaaaaaaaaaaaaaaaa", {}, 404, None),
        ("/no/such/path", {}, 404, None),
    ],
)
def test_a_mistake_is_a_problem_that_says_what_is_allowed(
    deployed: Deployed, path: str, query: dict[str, str], status: int, parameter: str | None
) -> None:
    answer = deployed.ask(path, query)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = answer.json
    assert said["status"] == status
    assert said["correlation_id"]
    if parameter:
        assert said["parameter"] == parameter
        assert said["allowed"]


def test_an_answer_that_the_client_has_is_not_sent_again(deployed: Deployed) -> None:
    first = deployed.ask("/stations/EWR/observations", datetime="2013-06-01")
    again = deployed.ask("/stations/EWR/observations", datetime="2013-06-01", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.text) == (304, "")


def test_head_and_options_are_answered(deployed: Deployed) -> None:
    head = deployed.ask("/stations", method="HEAD")
    assert (head.status, head.text) == (200, "")
    options = deployed.ask("/stations", method="OPTIONS")
    assert options.status == 204
    assert "GET" in options.headers["Access-Control-Allow-Methods"]


def test_the_service_describes_itself(deployed: Deployed) -> None:
    assert deployed.ask("/health").json["status"] == "ok"
    document = deployed.ask("/openapi.json").json
    assert document["openapi"].startswith("3.1")
    for link in deployed.ask("/").json["links"]:
        assert deployed.ask(link["href"]).status == 200


def test_a_wind_of_1048_miles_an_hour_is_served_as_what_it_is(deployed: Deployed) -> None:
    query = {"datetime": "2013-02-12T07:00:00Z/2013-02-12T09:00:00Z", "parameters": "wind_speed", "details": "true"}
    wind = deployed.ask("/stations/EWR/observations", query).json["parameters"]["wind_speed"]
    assert wind["received"][1].startswith("1048.3")
    assert (wind["quality"], wind["tests"]) == ([1, 4, 1], ["", "gross_range", ""])
