import io

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import Mapping, TimeColumns
from mesonet.formats.reading import Context
from mesonet.formats.survey import survey
from tests.unit.formats.noaa.files import batches, column, facts, surveyed

LITE = (
    "2015 01 01 00    79    61 10032   229   134 -9999     9    50\n"
    "2015 01 01 03   -80 -9999  9976     0     0     8    -1 -9999\n"
    "2015 01 01 06    78    66  9999   220    80     9     0    -1\n"
)
KEY = "isd/2015/011080-99999-2015.gz"


def test_tenths_become_degrees_and_hectopascals_and_9999_is_a_pressure() -> None:
    (batch,) = batches(LITE, KEY)
    assert [iso(at) for at in batch.times] == ["2015-01-01T00:00:00Z", "2015-01-01T03:00:00Z", "2015-01-01T06:00:00Z"]
    assert column(batch, "air_temperature").values == [7.9, -8.0, 7.8]
    assert column(batch, "dew_point_temperature").values == [6.1, None, 6.6]
    assert column(batch, "air_pressure_at_mean_sea_level").values == [1003.2, 997.6, 999.9]
    assert column(batch, "cloud_area_fraction").values == [None, 100.0, None]


def test_a_trace_of_rain_is_nothing_that_fell_and_its_text_is_kept() -> None:
    (batch,) = batches(LITE, KEY)
    rain = column(batch, "precipitation_amount:0:sum:PT1H")
    assert (rain.values, rain.received) == ([0.9, 0.0, 0.0], ["9", "-1", "0"])
    assert "2 traces of precipitation" in surveyed(LITE, KEY).why


def test_a_calm_has_no_direction() -> None:
    (batch,) = batches(LITE, KEY)
    told = column(batch, "wind_from_direction")
    assert (told.values, told.received) == ([229.0, None, 220.0], ["229", "0", "220"])


def test_the_station_is_read_in_the_name_and_that_is_said() -> None:
    entry = surveyed(LITE, KEY)
    assert (entry.status, entry.stations) == (Status.OK, {"011080-99999": 3})
    assert "the station, 011080-99999, was read in the file's name" in entry.why


def test_without_a_station_nothing_is_taken_and_what_to_do_is_said() -> None:
    for key in ("", "noname.txt", "011080-99999-2015/readings.txt", "2011080-99999-2015"):
        entry = surveyed(LITE, key)
        assert (entry.status, entry.recognition.format, entry.rows) == (Status.REJECTED, "isd-lite", 3)
        assert "name the file as NOAA does" in entry.rejects[0].reason
        assert entry.stations == {}
        assert batches(LITE, key) == []
    assert facts(surveyed(LITE))["air temperature"].values == 3


def test_a_mapping_may_name_the_station() -> None:
    mapping = Mapping(prefix="", station="0-20000-0-01108", time=TimeColumns(columns=("time",)), columns=())
    entry = survey(io.BytesIO(LITE.encode()), Context(key=KEY, mapping=mapping))
    assert entry.stations == {"0-20000-0-01108": 3}


def test_skies_in_words_are_said_once_and_hours_that_are_none_row_by_row() -> None:
    text = LITE.replace("     8    -1", "    15    -1") + LITE.split("\n")[0].replace("01 01 00", "02 30 00") + "\n"
    entry = surveyed(text, KEY)
    assert [(reject.row, reject.column) for reject in entry.rejects] == [(4, "year month day hour"), (2, "sky condition")]
    assert "(1 row)" in entry.rejects[1].reason


def test_other_columns_of_numbers_are_not_taken_for_it() -> None:
    assert surveyed("2015 01 01 00 79 61 10032 229 134 -9999 9 50\n" * 5).recognition.format == "text-table"
