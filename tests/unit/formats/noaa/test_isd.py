from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from tests.unit.formats.noaa.files import batches, column, stations, surveyed


def report(
    time: str = "201601010000",
    air: str = "+00731",
    sea: str = "101495",
    wind: str = "2701N00521",
    more: str = "",
    remarks: str = "REMSYN010AA112345678",
    place: str = "+58950+005733",
) -> str:
    section = ("ADD" + more if more else "") + remarks
    line = f"01416099999{time}4{place}FM-12+007299999V020{wind}9999999N0160935N5{air}+00291{sea}{section}"
    return f"{len(line) + 4 - 105:04d}{line}\n"


REPORTS = (
    report(more="AA106000091KA1120M+01001KA2120N-00201MA1101475100825OC100831GF105995999999999999999999")
    + report("201601010100", air="+00806", sea="102503", wind="9999C00001", more="AA101002995AA206011391")
    + report("201601010200", air="+99999", sea="999999", remarks="")
)


def test_the_fixture_is_as_long_as_it_says() -> None:
    for line in REPORTS.splitlines():
        assert len(line) == 105 + int(line[:4])


def test_the_mandatory_section_becomes_columns_at_the_minute_of_the_report() -> None:
    (batch,) = batches(REPORTS)
    assert batch.station_id == "014160-99999"
    assert [iso(at) for at in batch.times] == ["2016-01-01T00:00:00Z", "2016-01-01T01:00:00Z", "2016-01-01T02:00:00Z"]
    assert column(batch, "air_temperature").values == [7.3, 8.0, None]
    assert column(batch, "wind_from_direction").values == [270.0, None, 270.0]
    assert column(batch, "wind_speed").values == [5.2, 0.0, 5.2]
    assert column(batch, "visibility_in_air").values == [16093.0, 16093.0, 16093.0]
    assert column(batch, "air_temperature").received == ["+0073", "+0080", "+9999"]


def test_noaa_s_quality_codes_become_flags() -> None:
    (batch,) = batches(REPORTS)
    assert column(batch, "air_temperature").flags == [2, 3, 9]
    assert column(batch, "air_pressure_at_mean_sea_level").flags == [2, 4, 9]


def test_groups_of_the_additional_section_become_parameters_of_their_periods() -> None:
    (batch,) = batches(REPORTS)
    assert column(batch, "precipitation_amount:0:sum:PT6H").values == [0.0, 11.3, None]
    assert column(batch, "precipitation_amount:0:sum:PT1H").values == [None, 2.9, None]
    assert column(batch, "air_temperature:2:maximum:PT12H").values == [10.0, None, None]
    assert column(batch, "air_temperature:2:minimum:PT12H").values == [-2.0, None, None]
    assert column(batch, "air_pressure").values == [1008.2, None, None]
    assert column(batch, "altimeter_setting").values == [1014.7, None, None]
    assert column(batch, "wind_speed_of_gust").values == [8.3, None, None]
    assert column(batch, "cloud_area_fraction").values == [62.5, None, None]


def test_what_stands_in_the_remarks_is_no_group() -> None:
    (batch,) = batches(report(remarks="REMMET020AA1060113951 OC101231"))
    assert {parameter.standard_name for parameter in batch.columns} == {
        "wind_from_direction", "wind_speed", "visibility_in_air", "air_temperature", "dew_point_temperature",
        "air_pressure_at_mean_sea_level",
    }  # fmt: skip


def test_the_station_comes_once_with_its_position_and_not_where_that_is_not_known() -> None:
    (station,) = stations(REPORTS)
    assert (station.latitude, station.longitude, station.elevation_m) == (58.95, 5.733, 72.0)
    (lost,) = stations(report(place="+99999+999999"))
    assert (lost.latitude, lost.longitude) == (None, None)


def test_a_temperature_without_its_period_is_said_once() -> None:
    entry = surveyed(report(more="KA1999M+02001") * 3 + report(more="KA1024M+02001"))
    assert entry.status is Status.PARTIAL
    assert [(reject.row, reject.value, reject.reason.split("(")[1]) for reject in entry.rejects] == [
        (1, "999,M,+0200,1", "3 rows)"),
        (4, "024,M,+0200,1", "1 row)"),
    ]


def test_a_report_that_was_cut_and_one_of_no_hour_are_rejected() -> None:
    entry = surveyed(REPORTS + report("201602300000") + REPORTS.splitlines()[0][:90])
    assert (entry.rows, entry.stations) == (5, {"014160-99999": 3})
    assert {(reject.row, reject.column) for reject in entry.rejects} == {(4, "date and time"), (5, None)}


def test_a_damaged_line_among_three_leaves_the_others() -> None:
    entry = surveyed(report() + report()[:80] + "\n" + report("201601010200"))
    assert (entry.recognition.format, entry.status, entry.rows, entry.rejected) == ("isd", Status.PARTIAL, 3, 1)
