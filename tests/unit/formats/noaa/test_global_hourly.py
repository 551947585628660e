from typing import Any

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from tests.unit.formats.noaa.files import batches, column, facts, stations, surveyed

HEADER = (
    '"STATION","DATE","SOURCE","LATITUDE","LONGITUDE","ELEVATION","NAME","REPORT_TYPE","CALL_SIGN","QUALITY_CONTROL","WND",'
    '"CIG","VIS","TMP","DEW","SLP","AA1","AA2","KA1","GF1","MA1","OC1","REM"\n'
)


def hour(
    date: str,
    tmp: str = "+0123,1",
    aa: tuple[str, str] = ("", ""),
    ka: str = "",
    ma: str = "",
    place: str = '"50.1","4.5","180.0"',
) -> str:
    return (
        f'"06451099999","{date}","4",{place},"ZAVENTEM, BE","FM-15","EBBR ","V020","240,1,N,0031,2","22000,1,9,N",'
        f'"010000,1,9,9","{tmp}","-0080,1","10132,7","{aa[0]}","{aa[1]}","{ka}","08,99,1,99,9,99,9,99999,9,99,9,99,9",'
        f'"{ma}","","MET104 x, y"\n'
    )


HOURS = (
    HEADER
    + hour("2017-02-10T14:20:00", aa=("01,0005,9,1", "06,0113,9,3"), ma="10145,1,09943,1")
    + hour("2017-02-10T14:50:00", tmp="+9999,9", ka="120,M,+0200,1")
)


def test_groups_are_cut_into_values_with_their_own_quality() -> None:
    (batch,) = batches(HOURS)
    assert batch.station_id == "06451099999"
    assert [iso(at) for at in batch.times] == ["2017-02-10T14:20:00Z", "2017-02-10T14:50:00Z"]
    assert (column(batch, "air_temperature").values, column(batch, "air_temperature").flags) == ([12.3, None], [2, 9])
    assert (column(batch, "wind_speed").values, column(batch, "wind_speed").flags) == ([3.1, 3.1], [3, 3])
    assert column(batch, "air_pressure_at_mean_sea_level").flags == [4, 4]
    assert column(batch, "cloud_area_fraction").values == [100.0, 100.0]
    assert column(batch, "air_pressure").values == [994.3, None]


def test_amounts_and_extremes_are_of_the_period_that_they_tell() -> None:
    (batch,) = batches(HOURS)
    assert column(batch, "precipitation_amount:0:sum:PT1H").values == [0.5, None]
    six = column(batch, "precipitation_amount:0:sum:PT6H")
    assert (six.values, six.flags) == ([11.3, None], [4, 9])
    assert column(batch, "air_temperature:2:maximum:PT12H").values == [None, 20.0]


@pytest.mark.parametrize("damaged", [{"ka": "1²0,M,+0200,1"}, {"aa": ("0¹,0005,9,1", "")}])
def test_a_period_of_other_digits_than_decimal_ones_is_none(damaged: dict[str, Any]) -> None:
    entry = surveyed(HEADER + hour("2017-02-10T14:20:00", **damaged))
    assert [reject.row for reject in entry.rejects] == [2]
    assert "without its period" in entry.rejects[0].reason


def test_the_catalogue_names_what_is_taken_and_what_is_text() -> None:
    entry = surveyed(HOURS)
    assert (entry.status, entry.recognition.format, entry.rows) == (Status.OK, "global-hourly", 2)
    known = facts(entry)
    assert (known["TMP"].minimum_received, known["TMP"].unit_received, known["TMP"].missing) == (123.0, "0.1 Cel", 1)
    assert (known["CIG"].kind, known["REM"].parameter) == ("text", None)


def test_a_station_at_no_place_is_taken_without_one() -> None:
    text = HEADER + hour("2017-02-10T14:20:00", place='"0.0","0.0","7026.0"')
    (station,) = stations(text)
    assert (station.latitude, station.longitude, station.elevation_m, station.name) == (None, None, None, "ZAVENTEM, BE")
    assert [reject.column for reject in surveyed(text).rejects] == ["LATITUDE"]


def test_a_group_with_other_parts_is_rejected_and_the_rest_of_its_row_taken() -> None:
    entry = surveyed(HOURS + hour("2017-02-10T15:20:00", tmp="+0123") + hour("2017-02-10T16:20:00", tmp="+01x3,1"))
    assert [(reject.row, reject.column, reject.value) for reject in entry.rejects] == [(4, "TMP", "+0123"), (5, "TMP", "+01x3")]
    assert entry.stations == {"06451099999": 4}


def test_a_second_amount_of_the_same_period_is_said() -> None:
    entry = surveyed(HEADER + hour("2017-02-10T14:20:00", aa=("06,0005,9,1", "06,0113,9,1")))
    assert [(reject.column, reject.value) for reject in entry.rejects] == [("AA2", "0113")]


def test_a_choice_of_columns_is_recognised_by_the_shape_of_its_groups() -> None:
    assert surveyed('STATION,DATE,TMP\n1,2017-02-10T14:20:00,"+0123,1"\n').recognition.format == "global-hourly"
    assert surveyed("STATION,DATE,TMP\n1,2017-02-10T14:20:00,12.3\n").recognition.format == "csv"


def test_a_header_that_comes_again_is_no_row() -> None:
    entry = surveyed(HOURS + HOURS)
    once = surveyed(HOURS)
    assert (entry.rows, entry.rejected, entry.status) == (2 * once.rows, 2 * once.rejected, once.status)
