from mesonet.domain.file import Status
from mesonet.domain.instant import iso, parse
from tests.unit.formats.noaa.files import batches, column, facts, stations, surveyed

HEADER = (
    '"STATION","DATE","LATITUDE","LONGITUDE","ELEVATION","NAME","TEMP","TEMP_ATTRIBUTES","DEWP","DEWP_ATTRIBUTES","SLP",'
    '"SLP_ATTRIBUTES","STP","STP_ATTRIBUTES","VISIB","VISIB_ATTRIBUTES","WDSP","WDSP_ATTRIBUTES","MXSPD","GUST","MAX",'
    '"MAX_ATTRIBUTES","MIN","MIN_ATTRIBUTES","PRCP","PRCP_ATTRIBUTES","SNDP","FRSHTT"\n'
)


def day(date: str, temp: str = "  50.0", stp: tuple[str, str] = ("995.4", "24"), prcp: tuple[str, str] = (" 0.10", "G")) -> str:
    cells = [
        "01001099999", date, "70.9333333", "-8.6666667", "9.0", "JAN MAYEN NOR NAVY, NO", temp, "24", "  32.0", "24", "1016.6",
        "24", *stp, " 10.0", " 4", " 10.0", "24", " 20.0", "999.9", "  59.0", "*", "  41.0", " ", *prcp, "999.9", "010000",
    ]  # fmt: skip
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


DAYS = HEADER + day("2024-01-01") + day("2024-01-02", temp="9999.9", prcp=("99.99", " "))
OLD = (
    "STN--- WBAN   YEARMODA    TEMP       DEWP      SLP        STP       VISIB      WDSP     MXSPD   GUST    MAX     MIN   PRCP"
    "   SNDP   FRSHTT\n"
    "722874 93134  20070101    56.0 24    43.7 24  1019.1 19  1012.6 24    5.0 24    0.7 24    5.1  999.9    66.9*   46.0"
    "   0.00G 999.9  000000\n"
    "722874 93134  20070102    59.0 24    35.9 24  1017.8 24  1011.2 24    9.0 24    0.3 24    4.1   14.0    75.9    46.9*"
    " 99.99  999.9  000000\n"
)


def test_fahrenheit_knots_miles_and_inches_become_canonical_and_the_text_is_kept() -> None:
    (batch,) = batches(DAYS)
    assert (batch.station_id, [iso(at)[:10] for at in batch.times]) == ("01001099999", ["2024-01-01", "2024-01-02"])
    mean = column(batch, "air_temperature:2:mean:P1D")
    assert (mean.values, mean.received, mean.flags) == ([10.0, None], ["  50.0", "9999.9"], [2, 9])
    assert column(batch, "air_temperature:2:maximum:P1D").values == [15.0, 15.0]
    assert column(batch, "wind_speed:10:mean:P1D").values == [5.144444, 5.144444]
    assert column(batch, "visibility_in_air:2:mean:P1D").values == [16093.44, 16093.44]
    assert column(batch, "precipitation_amount:0:sum:P1D").values == [2.54, None]
    assert column(batch, "wind_speed_of_gust:10:maximum:P1D").flags == [9, 9]


def test_rain_of_less_than_a_day_or_not_reported_is_suspect_and_said() -> None:
    text = HEADER + day("2024-01-01", prcp=(" 0.00", "I")) + day("2024-01-02", prcp=(" 0.10", "D"))
    assert column(batches(text)[0], "precipitation_amount:0:sum:P1D").flags == [3, 2]
    assert "1 amounts of precipitation" in surveyed(text).why


def test_a_pressure_that_lost_its_first_digit_is_kept_as_it_stands_failed_and_said() -> None:
    text = HEADER + day("2024-01-01", stp=("015.4", "24")) + day("2024-01-02") + day("2024-01-03", stp=("999.9", " 0"))
    pressure = column(batches(text + day("2024-01-04", stp=("999.9", "24")))[0], "air_pressure:0:mean:P1D")
    assert pressure.values == [15.4, 995.4, None, 999.9]
    assert pressure.flags == [4, 2, 9, 2]
    assert pressure.received == ["015.4", "995.4", "999.9", "999.9"]
    assert "lost the first digit" in surveyed(text).why
    assert "lost" not in surveyed(DAYS).why


def test_days_that_cannot_be_are_rejected() -> None:
    entry = surveyed(DAYS + day("2024-13-06") + day("1824-01-09") + day("2099-01-04"), received=parse("2024-06-01T00:00:00Z"))
    assert [(reject.row, reject.value) for reject in entry.rejects] == [(4, "2024-13-06"), (5, "1824-01-09"), (6, "2099-01-04")]
    assert entry.stations == {"01001099999": 2}


def test_a_temperature_that_cannot_be_is_failed_and_said() -> None:
    text = HEADER + day("2024-01-01", temp=" 999.0")
    assert column(batches(text)[0], "air_temperature:2:mean:P1D").flags == [4]
    assert "TEMP has values that cannot be" in surveyed(text).why


def test_a_header_without_rows_is_rejected() -> None:
    entry = surveyed(HEADER)
    assert (entry.status, entry.recognition.format, entry.rows) == (Status.REJECTED, "gsod", 0)
    assert entry.rejects[0].reason == "there are no rows below the header"


def test_the_station_and_the_other_columns_are_known() -> None:
    (station,) = stations(DAYS)
    assert (station.name, station.latitude, station.elevation_m) == ("JAN MAYEN NOR NAVY, NO", 70.9333333, 9.0)
    assert (facts(surveyed(DAYS))["FRSHTT"].kind, facts(surveyed(DAYS))["FRSHTT"].parameter) == ("text", None)


def test_the_older_fixed_columns_are_read_with_flags_glued_to_their_numbers() -> None:
    entry = surveyed(OLD)
    assert (entry.status, entry.recognition.format, entry.stations) == (Status.OK, "gsod", {"722874-93134": 2})
    (batch,) = batches(OLD)
    assert batch.rows == [2, 3]
    assert column(batch, "air_temperature:2:maximum:P1D").received == ["  66.9", "  75.9"]
    assert column(batch, "precipitation_amount:0:sum:P1D").values == [0.0, None]
    assert column(batch, "wind_speed_of_gust:10:maximum:P1D").received == ["999.9", " 14.0"]


def test_an_older_line_that_was_cut_is_rejected() -> None:
    entry = surveyed(OLD + OLD.split("\n")[1][:100] + "\n")
    assert [(reject.row, reject.reason) for reject in entry.rejects] == [(4, "the line ends before its last value")]


def test_a_header_that_comes_again_is_no_row() -> None:
    later = day("2024-01-03").replace("01001099999", "01002099999")
    entry = surveyed(DAYS + HEADER + later)
    assert (entry.status, entry.rows, entry.rejected, entry.stations) == (
        Status.OK,
        3,
        0,
        {"01001099999": 2, "01002099999": 1},
    )
    entry = surveyed(OLD + OLD.replace("  200701", "  200801"))
    assert (entry.status, entry.rows, entry.rejected) == (Status.OK, 4, 0)
