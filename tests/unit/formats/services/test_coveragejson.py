import copy
from typing import Any

import pytest
from hypothesis import given, settings

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.formats.services import coveragejson
from tests.unit.formats.json_files import batches, column, gone_wrong, never_fails, sample, stations, surveyed, there


def parameter(name: str, unit: object = "Cel", **more: Any) -> dict[str, Any]:
    return {
        "type": "Parameter",
        "observedProperty": {"id": f"https://vocab.nerc.ac.uk/standard_name/{name}/", "label": {"en": name}},
        "unit": {"symbol": unit} if isinstance(unit, str) else unit,
        **more,
    }


def array(*values: object, **more: Any) -> dict[str, Any]:
    return {
        "type": "NdArray",
        "dataType": "float",
        "axisNames": ["t", "y", "x"],
        "shape": [len(values), 1, 1],
        "values": list(values),
    } | more


def coverage(*times: str, x: object = 5.5, y: object = 52.5, kind: str = "PointSeries", **ranges: Any) -> dict[str, Any]:
    return {
        "type": "Coverage",
        "domain": {
            "type": "Domain",
            "domainType": kind,
            "axes": {"x": {"values": [x]}, "y": {"values": [y]}, "t": {"values": list(times)}},
        },
        "parameters": {"t": parameter("air_temperature")},
        "ranges": ranges,
    }


HOURS = ("2022-12-31T00:00:00Z", "2022-12-31T01:00:00+01:00")
SERIES = coverage(*HOURS, t=array(11.9, None)) | {"rodeo:wigosId": "0-20000-0-06269"}
COLLECTION: dict[str, Any] = {
    "type": "CoverageCollection",
    "domainType": "Point",
    "parameters": {"p": parameter("air_pressure", "Pa")},
    "coverages": [
        {
            "type": "Coverage",
            "domain": {"axes": {"x": {"values": [x]}, "y": {"start": 1, "stop": 1, "num": 1}, "t": {"values": [HOURS[0]]}}},
            "ranges": {"p": array(100000 + x, shape=[], axisNames=[])},
        }
        for x in (1, 359)
    ],
}


GRID = coverage(HOURS[0], kind="Grid", t=array(1, 2))
GRID["domain"]["axes"]["x"] = {"values": [5, 6]}


def points(names: list[str], values: list[object], *, coordinates: object = ("x", "y", "z")) -> dict[str, Any]:
    """Two places at two times."""
    document = coverage(*HOURS, kind="MultiPointSeries", t=array(*values, axisNames=names, shape=[2, 2]))
    document["domain"]["axes"] = {
        "t": {"values": list(HOURS)},
        "composite": {"dataType": "tuple", "coordinates": coordinates, "values": [[5.5, 52.5, 3.0], [6.5, 53.5, 4.0]]},
    }
    return document | {"rodeo:wigosId": "0-1-2-ALL"}


@pytest.mark.parametrize(("names", "values"), [(["t", "composite"], [1, 2, 3, 4]), (["composite", "t"], [1, 3, 2, 4])])
def test_each_of_several_points_is_a_station(names: list[str], values: list[object]) -> None:
    document = points(names, values)
    entry = surveyed(document)
    assert (entry.status, entry.rejected) == (Status.OK, 0)
    found = {batch.station_id: column(batch, "air_temperature").values for batch in batches(document)}
    assert found == {"point_52.5_5.5": [1, 3], "point_53.5_6.5": [2, 4]}
    assert {station.id: station.position for station in stations(document)} == {
        "point_52.5_5.5": (52.5, 5.5),
        "point_53.5_6.5": (53.5, 6.5),
    }


def test_points_at_one_time_are_stations_too() -> None:
    document = points(["composite"], [1, 2])
    document["domain"] |= {"domainType": "MultiPoint"}
    document["domain"]["axes"]["t"] = {"values": [HOURS[0]]}
    assert {batch.station_id: column(batch, "air_temperature").values for batch in batches(document)} == {
        "point_52.5_5.5": [1],
        "point_53.5_6.5": [2],
    }


def test_points_above_one_another_are_rejected_since_one_would_take_the_other_s_place() -> None:
    document = points(["composite", "t"], [1, 3, 2, 4])
    composite = document["domain"]["axes"]["composite"]
    composite["values"] = [[5.5, 52.5, 10], [5.5, 52.5, 1500]]
    assert not batches(document)
    assert [(each.column, each.value) for each in surveyed(document).rejects] == [("points[0]", "10"), ("points[1]", "1500")]
    composite["values"] = [[5.5, 52.5, 10], [5.6, 52.5, 1500]]
    assert len(batches(document)) == 2


def test_times_and_ranges_of_points_are_judged_once() -> None:
    document = points(["t", "composite"], [1, 2, 3])
    assert len(surveyed(document).rejects) == 2
    document = points(["composite", "t"], [1, 3, 2, 4])
    document["domain"]["axes"]["t"]["values"][0] = "soon"
    (reject,) = surveyed(document).rejects
    assert (reject.row, reject.value) == (1, "soon")


def test_points_that_are_nowhere_are_counted_beyond_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coveragejson, "MOST_REJECTED", 3)
    document = points(["composite", "t"], [1, 2] * 12)
    document["domain"]["axes"]["composite"]["values"] = [[5.5, 99, 3]] * 5 + [[at, 50, 3] for at in range(7)]
    document["ranges"]["t"]["shape"] = [12, 2]
    document["domain"]["axes"]["composite"]["values"][:5] = [[at, 99, 3] for at in range(5)]
    found = surveyed(document)
    assert (found.status, found.rows, found.rejected) == (Status.PARTIAL, 14, 5)
    assert [(each.column, each.count) for each in found.rejects][2:] == [("points[2].domain.axes", 1), ("points", 2)]


@pytest.mark.parametrize("kind", ["PointSeries", "MultiPointSeries"])
def test_a_coverage_without_a_time_says_so(kind: str) -> None:
    document = coverage(kind="PointSeries", t=array()) if kind == "PointSeries" else points(["composite", "t"], [])
    document["domain"]["axes"]["t"]["values"] = []
    found = surveyed(document)
    assert found.status == Status.REJECTED
    assert "there is no time" in found.reasons


def test_more_quantities_than_are_told_apart_are_named_and_the_others_taken() -> None:
    ranges: dict[str, Any] = {f"r{each}": array(each) for each in range(600)}
    document = coverage(HOURS[0], **ranges)
    document["parameters"] = {name: {**parameter("air_temperature"), "metocean:level": at} for at, name in enumerate(ranges)}
    found = surveyed(document)
    (reject,) = found.rejects
    assert (found.status, reject.column) == (Status.PARTIAL, "r500")
    assert reject.reason == "more than 500 different quantities in one file: those from here on are not taken"
    assert "r500, r501" in found.why
    assert len(batches(document)[0].columns) == 500


def test_a_grid_of_one_place_is_a_station() -> None:
    (batch,) = batches(coverage(*HOURS, kind="Grid", t=array(1, 2)))
    assert (batch.station_id, column(batch, "air_temperature").values) == ("point_52.5_5.5", [1, 2])


def test_a_series_becomes_rows_of_its_station() -> None:
    (batch,) = batches(SERIES)
    assert (batch.station_id, [iso(at) for at in batch.times]) == ("0-20000-0-06269", ["2022-12-31T00:00:00Z"] * 2)
    air = column(batch, "air_temperature")
    assert (air.values, air.received, air.flags) == ([11.9, None], ["11.9", ""], [2, 9])
    (station,) = stations(SERIES)
    assert (station.position, station.wigos_id) == ((52.5, 5.5), "0-20000-0-06269")
    assert surveyed(SERIES).status is Status.OK


def test_a_collection_shares_its_parameters_and_a_place_has_the_name_of_its_coordinates() -> None:
    data = copy.deepcopy(COLLECTION)
    for each in data["coverages"]:
        del each["ranges"]["p"]["shape"]
    entry = surveyed(data)
    assert (entry.status, entry.stations) == (Status.OK, {"point_1_1": 1, "point_1_-1": 1})
    assert [column(batch, "air_pressure").values for batch in batches(data)] == [[1000.01], [1003.59]]


@pytest.mark.parametrize(
    ("name", "described", "expected"),
    [
        ("t", parameter("air_temperature"), "air_temperature"),
        ("air_temperature:0.1:minimum:PT10M", parameter("air_temperature"), "air_temperature:0.1:minimum:PT10M"),
        (
            "t",
            parameter("air_temperature", measurementType={"method": "mean", "period": "PT1M"}),
            "air_temperature:2:mean:PT1M",
        ),
        (
            "t",
            parameter("x", **{"rodeo:standard_name": "air_temperature", "rodeo:level": 10.0}),
            "air_temperature:10:point:PT0S",
        ),
        ("t", parameter("air_temperature", {"symbol": {"value": "K", "type": "UCUM"}}), "air_temperature"),
        ("t", parameter("air_temperature", {"label": {"en": "degrees Celsius"}}), "air_temperature"),
        ("2t", parameter("2t", "K"), "air_temperature"),
        ("p", parameter("air_pressure_at_sea_level", "hPa"), "air_pressure_at_mean_sea_level"),
    ],
)
def test_a_parameter_says_what_how_high_and_over_which_time(name: str, described: dict[str, Any], expected: str) -> None:
    data = coverage(HOURS[0]) | {"parameters": {name: described}, "ranges": {name: array(280)}}
    (batch,) = batches(data)
    assert [each.id for each in batch.columns] == [expected]


@pytest.mark.parametrize("label", [{"en": "Air temperature"}, "air_temperature", {"de": "Luft", "en": "Air temperature"}])
def test_a_quantity_without_cfs_name_is_that_of_its_label(label: object) -> None:
    told = {"type": "Parameter", "unit": {"symbol": "Cel"}}
    for identifier in ({"id": "http://codes.wmo.int/bufr4/b/12/101"}, {}):
        document = SERIES | {"parameters": {"t": told | {"observedProperty": identifier | {"label": label}}}}
        assert [each.id for each in batches(document)[0].columns] == ["air_temperature"]


def test_a_label_that_leaves_open_what_is_meant_is_none() -> None:
    told = {"type": "Parameter", "unit": {"symbol": "Cel"}, "observedProperty": {"label": {"en": "Temperature"}}}
    assert surveyed(SERIES | {"parameters": {"t": told}}).status == Status.REJECTED


def test_a_coverage_of_eumetnets_profile_names_its_station() -> None:
    document = coverage(*HOURS, t=array(11.9, None)) | {"eumetnet:locationId": "0-20000-0-06260"}
    assert batches(document)[0].station_id == "0-20000-0-06260"


def test_a_shape_may_be_written_with_a_point() -> None:
    written = array(11.9, None) | {"shape": [2.0], "axisNames": ["t"]}
    assert [batch.times for batch in batches(coverage(*HOURS, t=written))] == [batch.times for batch in batches(SERIES)]


def test_times_that_are_dates_are_values_of_a_day() -> None:
    (batch,) = batches(coverage("2013-01-01", "2013-01-02", t=array(1, 2)))
    assert [each.id for each in batch.columns] == ["air_temperature:2:point:P1D"]


def test_categories_are_left_and_told() -> None:
    flags = {
        "type": "Parameter",
        "observedProperty": {"id": "x", "label": {"en": "flag"}, "categories": []},
        "categoryEncoding": {},
    }
    data = coverage(HOURS[0], t=array(1), q=array(1))
    data["parameters"]["q"] = flags
    entry = surveyed(data)
    assert entry.status is Status.OK
    assert "q" in entry.why


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (coverage(*HOURS, kind="Trajectory", t=array(1, 2)), "a Trajectory is no station; Point, PointSeries, MultiPoint"),
        (GRID, "a Grid is no station"),
        (points(["t", "composite"], [1, 2, 3]), "3 values for 2 points at 2 times"),
        (points(["t", "composite"], [1, 2, 3, 4], coordinates=["x", "z"]), "the axes are not those of points"),
        (coverage(*HOURS, t=array(1)), "1 values for 2 times"),
        (coverage(*HOURS, t=array(1, 2, shape=[3])), "the shape does not fit its 2 values"),
        (coverage(HOURS[0], t=array("42.0")), "values that are no numbers"),
        (coverage(HOURS[0], t="https://example.org/range"), "links are not followed"),
        (coverage(HOURS[0], t={"type": "TiledNdArray"}), "a TiledNdArray is not read"),
        (coverage(HOURS[0], t=array("a", dataType="string")), "texts are not taken"),
        (coverage(HOURS[0], u=array(1)), "no parameter describes it"),
        (coverage("2013", t=array(1)), "not a time such as"),
        (coverage(HOURS[0], y=95, t=array(1)), "not between -90 and 90 degrees"),
        (coverage(HOURS[0], t=array(1)) | {"domain": "https://example.org"}, "the domain is elsewhere"),
        (coverage(HOURS[0], t=array(1)) | {"parameters": {"t": parameter("air_temperature", "psu")}}, "'psu' is not a unit"),
        (coverage(HOURS[0], t=array(1)) | {"parameters": {"t": parameter("air_temperature", {})}}, "the parameter has no unit"),
        (coverage(HOURS[0], t=array(1)) | {"parameters": {"t": parameter("Salt")}}, "'Salt' is not a CF standard name"),
        ({"type": "NdArray", "dataType": "float", "axisNames": ["x"], "values": [1]}, "an NdArray alone lacks the domain"),
        ({"type": "TiledNdArray", "dataType": "float", "axisNames": ["t"], "tileSets": []}, "in the files that it links to"),
        ({"type": "Parameter", "observedProperty": {"label": {"en": "T"}}}, "a Parameter alone lacks the values"),
        ({"type": "CoverageCollection", "coverages": []}, "the collection holds no coverages"),
    ],
)  # fmt: skip
def test_what_is_no_station_s_series_is_rejected_with_the_reason(document: dict[str, Any], why: str) -> None:
    entry = surveyed(document)
    assert (entry.recognition.format, entry.status) == ("coveragejson", Status.REJECTED)
    assert why in entry.rejects[0].reason


def test_projected_coordinates_are_no_position() -> None:
    data = coverage(HOURS[0], t=array(1))
    data["domain"]["referencing"] = [{"coordinates": ["x", "y"], "system": {"type": "ProjectedCRS"}}]
    assert "projected" in surveyed(data).rejects[0].reason


REAL: dict[str, tuple[Status, int, int, str | None, str | None]] = {
    "covjson_ecmwf_timeseries.json": (Status.OK, 16, 4, "2025-06-23T00:00:00Z", "2025-06-23T03:00:00Z"),
    "covjson_point_collection.covjson": (Status.OK, 2, 2, "2013-01-01T00:00:00Z", "2013-01-01T00:00:00Z"),
    "covjson_pointseries.covjson": (Status.PARTIAL, 6, 1, "2013-01-01T00:00:00Z", "2013-01-06T00:00:00Z"),
    "covjson_polygonseries.covjson": (Status.REJECTED, 0, 0, None, None),
    "covjson_trajectory.covjson": (Status.REJECTED, 0, 0, None, None),
    "covjson_spec_bad_ndarray.json": (Status.REJECTED, 0, 0, None, None),
    "esoh_coverages.covjson": (Status.OK, 2, 2, "2022-12-31T00:00:00Z", "2022-12-31T00:00:00Z"),
}


@pytest.mark.parametrize("name", there(*REAL))
def test_real_coverages(name: str) -> None:
    entry = surveyed(sample(name), name)
    ends = [iso(at) if at is not None else None for at in (entry.first, entry.last)]
    assert entry.recognition.format == "coveragejson"
    assert (entry.status, entry.rows, entry.station_count, *ends) == REAL[name]
    if name == "covjson_ecmwf_timeseries.json":
        assert sum(each.values for each in entry.columns) == 32
        assert entry.stations["point_38.76977_-9.08595_member2"] == 4


@given(gone_wrong(SERIES, COLLECTION))
@settings(max_examples=120, deadline=None)
def test_nothing_that_went_wrong_in_a_coverage_fails(data: bytes) -> None:
    never_fails(data)


@pytest.mark.parametrize(("values", "hint"), [((98_000, 98_100), "; Pa would fit"), ((980, 98_100), "")])
def test_values_that_cannot_be_in_their_unit_are_named_with_the_unit_that_would_fit(values: tuple[int, int], hint: str) -> None:
    document = coverage(*HOURS, t=array(*values)) | {"parameters": {"t": parameter("air_pressure", "hPa")}}
    entry = surveyed(document)
    assert f"t has values that cannot be (from {values[0]} to {values[1]} hPa{hint})" in entry.why
    (batch,) = batches(document)
    assert column(batch, "air_pressure").values == list(values)
