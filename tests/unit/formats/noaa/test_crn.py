from mesonet.domain.file import Status
from mesonet.domain.instant import iso, parse
from tests.unit.formats.noaa.files import batches, column, stations, surveyed

DAILY = (
    "26494 20200101  2.424 -147.51   64.97   -18.8   -21.8   -20.3   -19.8     2.5     8.64 C   -17.9   -22.9   -19.5"
    "    81.1    72.9    77.9 -99.000   0.250 -99.000 -99.000 -99.000 -9999.0     1.5 -9999.0 -9999.0 -9999.0\n"
    "26494 20200102  2.424 -147.51   64.97 -9999.0   -23.4   -21.3   -21.2 -9999.0     0.00 C   -19.4   -27.6   -22.5"
    "    78.5    73.1    76.2 -99.000 -99.000 -99.000 -99.000 -99.000 -9999.0 -9999.0 -9999.0 -9999.0 -9999.0\n"
)
HOURLY = (
    "94996 20230101 2300 20230101 1700  2.622  -96.85   40.70     4.9     5.5     6.5     4.9     0.0    100 0    120 3"
    "      0 1 C     1.1 0     2.8 0    -1.7 0    88 0   0.201   0.254   0.191   0.162   0.185"
    "     0.2     0.5     0.6     1.3     2.6\n"
    "94996 20230102 0000 20230101 1800  2.622  -96.85   40.70     4.5     4.0     4.9     3.2     0.3      0 0      0 0"
    "      0 0 C    -3.5 0    -0.3 0    -4.5 0 -9999 0 -99.000   0.255   0.191   0.162   0.185"
    "     0.1     0.5     0.7     1.3     2.7\n"
)
SUBHOURLY = (
    "53131 20190101 1610 20190101 0910      3 -111.17   32.24 -9999.0     0.0    296 0     4.4 C 0    90 0 -99.000 -9999.0"
    "    24 0   0.78 0\n"
    "53131 20190101 1615 20190101 0915      3 -111.17   32.24     3.3     0.2    183 3     4.0 C 0    87 0   0.120     3.5"
    "  1182 0   0.36 1\n"
)

MONTHLY = (
    "03733 202401 3.003  -79.4743   39.0130     2.9    -4.2    -0.7    -0.5   119.3     8.64 R     4.4    -5.3    -0.8\n"
    "03733 202402 3.003  -79.4743   39.0130 -9999.0    -3.6     1.3     1.5    68.3     8.62 R     9.5    -5.0     1.5\n"
)


def test_a_month_stands_at_its_first_day_with_means_of_extremes() -> None:
    (batch,) = batches(MONTHLY)
    assert (batch.station_id, [iso(at)[:10] for at in batch.times]) == ("03733", ["2024-01-01", "2024-02-01"])
    assert column(batch, "air_temperature:2:maximum_within_days_mean_over_days:P1M").values == [2.9, None]
    assert column(batch, "precipitation_amount:0:sum:P1M").values == [119.3, 68.3]
    assert column(batch, "surface_downwelling_shortwave_flux_in_air:2:mean:P1M").values[0] == 100.0
    assert surveyed(MONTHLY).recognition.format == "crn-monthly"
    assert surveyed(MONTHLY.replace("202402", "202413")).rejected == 1


def test_the_least_number_of_a_field_of_wind_says_that_it_is_missing() -> None:
    (batch,) = batches(SUBHOURLY.replace("  0.36", "-99.00"))
    wind = column(batch, "wind_speed:1.5:mean:PT5M")
    assert (wind.values, wind.flags) == ([0.78, None], [2, 9])


def test_a_station_s_number_that_lost_its_nought_is_that_station() -> None:
    assert surveyed(HOURLY.replace("94996", "3733")).stations == {"03733": 2}


def test_a_day_stands_at_the_station_s_date_with_maximum_minimum_and_both_means() -> None:
    (batch,) = batches(DAILY)
    assert batch.station_id == "26494"
    assert [iso(at) for at in batch.times] == ["2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"]
    assert column(batch, "air_temperature:2:maximum:P1D").values == [-18.8, None]
    assert column(batch, "air_temperature:2:maximum:P1D").flags == [2, 9]
    assert column(batch, "air_temperature:2:mid_range:P1D").values == [-20.3, -21.3]
    assert column(batch, "air_temperature:2:mean:P1D").values == [-19.8, -21.2]


def test_a_day_s_solar_energy_becomes_its_mean_power_and_soil_moisture_a_percentage_at_its_depth() -> None:
    (batch,) = batches(DAILY)
    sun = column(batch, "surface_downwelling_shortwave_flux_in_air:2:mean:P1D")
    assert (sun.values, sun.received, sun.unit_received) == ([100.0, 0.0], ["8.64", "0.00"], "MJ/m2/d")
    moisture = column(batch, "volume_fraction_of_condensed_water_in_soil:-0.1:mean:P1D")
    assert (moisture.values, moisture.flags) == ([25.0, None], [2, 9])
    assert column(batch, "soil_temperature:-0.1:mean:P1D").values == [1.5, None]


def test_where_the_station_is_comes_once() -> None:
    (station,) = stations(DAILY)
    assert (station.id, station.latitude, station.longitude) == ("26494", 64.97, -147.51)


def test_an_hour_stands_at_its_end_in_utc_and_midnight_belongs_to_the_new_day() -> None:
    (batch,) = batches(HOURLY)
    assert [iso(at) for at in batch.times] == ["2023-01-01T23:00:00Z", "2023-01-02T00:00:00Z"]
    assert column(batch, "air_temperature:2:mean:PT5M").values == [4.9, 4.5]
    assert column(batch, "precipitation_amount:0:sum:PT1H").values == [0.0, 0.3]
    assert column(batch, "relative_humidity:2:mean:PT1H").values == [88.0, None]


def test_flags_of_the_network_become_quality() -> None:
    (batch,) = batches(HOURLY)
    sun = "surface_downwelling_shortwave_flux_in_air:2"
    assert column(batch, f"{sun}:mean:PT1H").flags == [2, 2]
    assert column(batch, f"{sun}:maximum:PT1H").flags == [4, 2]
    assert column(batch, f"{sun}:minimum:PT1H").flags == [3, 2]


def test_five_minutes_have_wind_at_one_and_a_half_metres() -> None:
    (batch,) = batches(SUBHOURLY)
    wind = column(batch, "wind_speed:1.5:mean:PT5M")
    assert (wind.values, wind.flags) == ([0.78, 0.36], [2, 3])
    assert column(batch, "air_temperature:2:mean:PT5M").values == [None, 3.3]
    assert surveyed(SUBHOURLY).recognition.format == "crn-subhourly"


def test_radiation_has_a_missing_value_of_its_own() -> None:
    (batch,) = batches(SUBHOURLY.replace("   296 0", " -99999 0"))
    assert column(batch, "surface_downwelling_shortwave_flux_in_air:2:mean:PT5M").values == [None, 183]


def test_lines_that_are_short_or_of_no_day_are_rejected_and_the_others_taken() -> None:
    text = DAILY + DAILY.split("\n")[0].replace("20200101", "20200230") + "\n26494 20200103  2.424\n" + DAILY[:60]
    entry = surveyed(text)
    assert (entry.status, entry.rows, entry.stations) == (Status.PARTIAL, 5, {"26494": 2})
    assert {(reject.row, reject.reason) for reject in entry.rejects} == {
        (3, "'20200230' is not a time that exists"),
        (4, "the row has 3 fields where the format has 28"),
        (5, "the file ends in the middle of this row"),
    }


def test_a_day_after_the_file_came_is_rejected() -> None:
    entry = surveyed(DAILY, received=parse("2019-12-31T12:00:00Z"))
    assert (entry.stations, [reject.value for reject in entry.rejects]) == ({"26494": 1}, ["20200102"])
    assert "after the file came" in entry.rejects[0].reason


def test_names_of_the_fields_may_stand_above() -> None:
    names = " ".join(column.name for column in surveyed(DAILY).columns)
    entry = surveyed(f"{names}\n{DAILY}")
    assert (entry.status, entry.rows, entry.rejected) == (Status.OK, 2, 0)
