from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from tests.unit.formats.noaa.files import batches, column, facts, stations, surveyed

HEADER = (
    '"STATION","DATE","LATITUDE","LONGITUDE","ELEVATION","NAME","PRCP","PRCP_ATTRIBUTES","TMAX","TMAX_ATTRIBUTES",'
    '"WSF5","WSF5_ATTRIBUTES","WSFG","WSFG_ATTRIBUTES","WT01","WT01_ATTRIBUTES"\n'
)
PLACE = '"40.77898","-73.96925","42.7","NY CITY CENTRAL PARK, NY US"'
STATION = (
    HEADER
    + f'"USW00094728","2024-01-01",{PLACE},"    0","T,,W,2400","   64",",,W","","","   92",",,W","    1",",,W"\n'
    + f'"USW00094728","2024-01-02",{PLACE},"   33",",,W,2400","  999",",X,W","  103",",,W","  110",",,W","",""\n'
)


def test_elements_become_columns_in_their_units_and_noaa_s_quality_flag_fails_a_value() -> None:
    (batch,) = batches(STATION)
    assert (batch.station_id, [iso(at)[:10] for at in batch.times]) == ("USW00094728", ["2024-01-01", "2024-01-02"])
    high = column(batch, "air_temperature:2:maximum:P1D")
    assert (high.values, high.flags, high.received) == ([6.4, 99.9], [2, 4], ["   64", "  999"])
    assert column(batch, "precipitation_amount:0:sum:P1D").values == [0.0, 3.3]


def test_of_two_gusts_of_a_day_the_defined_one_is_taken() -> None:
    (batch,) = batches(STATION)
    assert column(batch, "wind_speed_of_gust:10:maximum:P1D").values == [9.2, 10.3]
    entry = surveyed(STATION)
    assert entry.status is Status.PARTIAL
    assert [reject.reason for reject in entry.rejects] == ["WSF5 of the same station and day was taken instead (1 row)"]


def test_the_station_is_where_the_rows_say() -> None:
    (station,) = stations(STATION)
    assert (station.name, station.latitude, station.elevation_m) == ("NY CITY CENTRAL PARK, NY US", 40.77898, 42.7)


def test_the_catalogue_knows_every_column_also_those_that_are_not_taken() -> None:
    known = facts(surveyed(STATION))
    assert known["TMAX"].unit_received == "0.1 Cel"
    assert known["WT01"].parameter is None
    assert known["PRCP_ATTRIBUTES"].kind == "text"


def test_numbers_with_decimals_are_of_another_unit_and_need_a_mapping() -> None:
    entry = surveyed(STATION.replace('"   64"', '"6.4"'))
    assert (entry.recognition.format, entry.status) == ("csv", Status.UNMAPPED)


def test_months_are_not_days() -> None:
    assert surveyed(STATION.replace("2024-01-01", "2024-01").replace("2024-01-02", "2024-02")).recognition.format == "gsom"


def test_a_day_that_does_not_exist_and_a_value_that_is_no_number_are_rejected() -> None:
    text = STATION + f'"USW00094728","2023-02-29",{PLACE},"0",",,W","","","","","","","",""\n'
    entry = surveyed(text.replace('"   33"', '"   3x"'))
    assert {(reject.row, reject.column) for reject in entry.rejects} == {(4, "DATE"), (3, "PRCP"), (3, "ELEMENT")}
    assert entry.stations == {"USW00094728": 2}


def test_a_header_that_comes_again_is_no_row() -> None:
    entry, once = surveyed(STATION * 2), surveyed(STATION)
    assert (entry.status, entry.rows, entry.stations) == (once.status, 4, {"USW00094728": 4})
    assert len(entry.rejects) == len(once.rejects)
