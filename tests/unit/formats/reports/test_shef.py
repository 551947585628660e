"""SHEF messages, generated after the code manual."""

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso, parse
from mesonet.domain.observation import Batch
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests import effort

SINGLE = (
    "TTAA00 KALB 011200\n"
    ".A ALBN6 20230601 Z DH1200/TA 50/PP 0.10/HG 5.21 : river, at the bridge\n"
    ".A NYCN6 230115 E DH07/TX 86Q/TN 50/SD 10\n"
    ".AR WSHI3 20230601 C DH06/DUS/DC202306010630/TAIRZZ 21.5/\n.A1 XRIRZZ 80\n"
)
SERIES = ".E LLBT1 20230601 Z DH23/TAIRG/DIN30/50/M/\n.E1 59/+/68B\n"
TABLE = (
    ".B LOX 20230601 P DH04/TX/TN/PPD\n: ID     max min rain\nABCC1 86/ 50/ 0.10  : somewhere\n"
    "DEFC1 DH05/M/ 50/T\nGHIC1 warm/ 50/ 0\n.END\n"
)
EVERYTHING = SINGLE + SERIES + TABLE


def surveyed(text: str | bytes) -> Survey:
    data = text if isinstance(text, bytes) else text.encode()
    return survey(io.BytesIO(data), Context(key="in/shef.txt"), again=lambda: io.BytesIO(data))


def values(text: str) -> dict[tuple[str, str, str], tuple[float | None, int]]:
    """By station, time and parameter: value and flag."""
    found: dict[tuple[str, str, str], tuple[float | None, int]] = {}
    for piece in observations(io.BytesIO(text.encode()), Context(key="in/shef.txt")):
        if isinstance(piece, Batch):
            for each, column in piece.columns.items():
                told = zip(piece.times, column.values, column.flags, strict=True)
                found |= {(piece.station_id, iso(time), each.id): (value, flag) for time, value, flag in told}
    return found


def test_single_stations_have_the_time_zone_and_units_that_hold() -> None:
    assert values(SINGLE) == {
        ("ALBN6", "2023-06-01T12:00:00Z", "air_temperature"): (10, 2),
        ("ALBN6", "2023-06-01T12:00:00Z", "precipitation_amount:0:sum:PT24H"): (2.54, 2),
        ("NYCN6", "2023-01-15T12:00:00Z", "air_temperature:2:maximum:PT24H"): (30, 3),
        ("NYCN6", "2023-01-15T12:00:00Z", "air_temperature:2:minimum:PT24H"): (10, 2),
        ("NYCN6", "2023-01-15T12:00:00Z", "surface_snow_thickness"): (254, 2),
        ("WSHI3", "2023-06-01T11:00:00Z", "air_temperature"): (21.5, 2),
        ("WSHI3", "2023-06-01T11:00:00Z", "relative_humidity"): (80, 2),
    }
    entry = surveyed(SINGLE)
    assert (entry.recognition.format, entry.status, entry.rows) == ("shef", Status.OK, 3)
    assert "HG" in entry.why


def test_a_series_goes_on_by_its_interval_over_midnight_and_lines() -> None:
    assert values(SERIES) == {
        ("LLBT1", "2023-06-01T23:00:00Z", "air_temperature"): (10, 2),
        ("LLBT1", "2023-06-01T23:30:00Z", "air_temperature"): (None, 9),
        ("LLBT1", "2023-06-02T00:00:00Z", "air_temperature"): (15, 2),
        ("LLBT1", "2023-06-02T00:30:00Z", "air_temperature"): (None, 9),
        ("LLBT1", "2023-06-02T01:00:00Z", "air_temperature"): (20, 4),
    }


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        (".A ABCN6 20230601 Z DH12/TAIRG 50/DQR/TD 40/XR 80F/DQ/PA 30\n", [2, 4, 3, 2]),
        (".E ABCN6 20230601 Z DH12/TAIRG/DIH1/50/DQQ/51/52R/DQZ/53\n", [2, 3, 4, 2]),
        (".B LOX 20230601 Z DH12/TAIRG/DQR/TD/XR\nABCN6 50/40/80F\nDEFN6 DQQ/50/40/80\n.END\n", [2, 4, 3, 3, 3, 3]),
    ],
    ids=["A", "E", "B"],
)
def test_a_qualifier_before_values_is_of_those_that_have_none(text: str, flags: list[int]) -> None:
    assert [flag for _, flag in values(text).values()] == flags


def test_a_table_of_stations_has_a_row_each_and_a_row_may_have_its_own_hour() -> None:
    found = values(TABLE)
    expected = {
        ("ABCC1", "2023-06-01T11:00:00Z", "air_temperature:2:maximum:PT24H"): (30, 2),
        ("DEFC1", "2023-06-01T12:00:00Z", "precipitation_amount:0:sum:PT24H"): (0, 2),
        ("DEFC1", "2023-06-01T12:00:00Z", "air_temperature:2:maximum:PT24H"): (None, 9),
    }
    assert {each: found[each] for each in expected} == expected
    (reject,) = surveyed(TABLE).rejects
    assert (reject.row, reject.reason) == (5, "TX has 'warm', which is no value")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (".A XYZ1 20230601 Z DH00/TA 50/DH06/TD 50", {"2023-06-01T00:00:00Z", "2023-06-01T06:00:00Z"}),
        (".A XYZ1 20230601 Z DH06/DRH-2/TA 50", {"2023-06-01T04:00:00Z"}),
        (".A XYZ1 20230601 Z/TA 50", {"2023-06-01T12:00:00Z"}),
        (".A XYZ1 20230601 PS/TA 50", {"2023-06-02T08:00:00Z"}),
        (".A XYZ1 20231231 C DH2400/TA 50", {"2024-01-01T06:00:00Z"}),
        (".A XYZ1 20230601 Z DH06/TAIFZ 50/TD 50", {"2023-06-01T06:00:00Z"}),
        (".A XYZ1 20230601 DH06/TA 50", {"2023-06-01T06:00:00Z"}),
        (".A XYZ1 20230601/TA 50", {"2023-06-01T12:00:00Z"}),
        (".A XYZ1 20240101 Z DH06/DM1231/TA 50", {"2023-12-31T06:00:00Z"}),
        (".A XYZ1 20240101 Z DH06/DM12312345/TA 50", {"2023-12-31T23:45:00Z"}),
        (".A XYZ1 20240101 Z DD3107/TA 50", {"2023-12-31T07:00:00Z"}),
        (".A XYZ1 20240101 Z DD012400/TA 50", {"2024-01-02T00:00:00Z"}),
        (".A XYZ1 20240101 Z DY2312310730/TA 50", {"2023-12-31T07:30:00Z"}),
        (".A XYZ1 20240101 Z DT202312310730/TA 50", {"2023-12-31T07:30:00Z"}),
    ],
)
def test_the_time_is_that_of_the_senders_clock(message: str, expected: set[str]) -> None:
    assert {time for _, time, _ in values(message + "\n")} == expected


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (".A XYZ1 0601 Z DH06/TA 50", "neither a date in words nor when the file arrived is known"),
        (".A XYZ1 0230 Z DH06/TA 50", "neither a date in words nor when the file arrived is known"),
        (".A XYZ1 20230231 Z DH06/TA 50", "not a time that exists"),
        (".A XYZ1 20230601 Z DH06/TA fifty", "which is no value"),
        (".A XYZ1 20230601 Z DJ0206/TA 50", "is not read"),
        (".A XYZ1 20230601 Z DM02/TA 50", "is not read"),
        (".A XYZ1 20230601 Z DM02300600/TA 50", "does not exist"),
        (".A XYZ1 20230601 Z DD0225/TA 50", "does not exist"),
        (".A XYZ1 20230601 Z DHM/TA 50", "is not read"),
        (".E XYZ1 20230601 Z DH06/TA/50/51", "no interval"),
        (".E XYZ1 20230601 Z DH06/TA/DIX15/50", "not of seconds"),
    ],
)
def test_what_cannot_be_told_is_rejected_with_its_reason(message: str, why: str) -> None:
    entry = surveyed(message + "\n")
    assert (entry.recognition.format, entry.rejects[0].row) == ("shef", 1)
    assert why in entry.rejects[0].reason


@pytest.mark.parametrize("code", ["TAIFZ", "TAICZ"])
def test_forecasts_and_what_is_contingent_are_left(code: str) -> None:
    assert values(f".A XYZ1 20230601 Z DH06/{code} 50/XR 40\n") == {
        ("XYZ1", "2023-06-01T06:00:00Z", "relative_humidity"): (40, 2)
    }


def test_a_new_hour_is_not_relative_to_the_one_before() -> None:
    found = values(".A XYZ1 20230601 Z DH06/DRH-2/TA 50/DH08/TD 50\n")
    assert {(time, name) for _, time, name in found} == {
        ("2023-06-01T04:00:00Z", "air_temperature"),
        ("2023-06-01T08:00:00Z", "dew_point_temperature"),
    }


@pytest.mark.parametrize(
    ("element", "english", "metric", "name"),
    [
        ("TA", (50, 10), (12.5, 12.5), "air_temperature"),
        ("TD", (50, 10), (12.5, 12.5), "dew_point_temperature"),
        ("TM", (50, 10), (12.5, 12.5), "wet_bulb_temperature"),
        ("XR", (55, 55), (55, 55), "relative_humidity"),
        ("US", (10, 4.4704), (3.5, 3.5), "wind_speed"),
        ("UD", (90, 90), (90, 90), "wind_from_direction"),
        ("UG", (10, 4.4704), (3.5, 3.5), "wind_speed_of_gust"),
        ("PA", (29.92, 1013.208), (100.25, 1002.5), "air_pressure"),
        ("PL", (29.92, 1013.208), (100.25, 1002.5), "air_pressure_at_mean_sea_level"),
        ("PP", (0.5, 12.7), (1.5, 1.5), "precipitation_amount:0:sum:PT24H"),
        ("SD", (10, 254), (15, 150), "surface_snow_thickness"),
        ("SF", (10, 254), (15, 150), "thickness_of_snowfall_amount:0:sum:PT24H"),
        ("SW", (0.5, 12.7), (1.5, 1.5), "lwe_thickness_of_surface_snow_amount"),
        ("RW", (410, 410), (410, 410), "surface_downwelling_shortwave_flux_in_air"),
        ("XV", (10, 16093.44), (5, 5000), "visibility_in_air"),
    ],
)
def test_an_element_is_in_english_units_or_in_metric_ones(
    element: str, english: tuple[float, float], metric: tuple[float, float], name: str
) -> None:
    for units, (written, value) in (("E", english), ("S", metric)):
        message = f".A XYZ1 20230601 Z DH12/DU{units}/{element} {written}\n"
        assert values(message) == {("XYZ1", "2023-06-01T12:00:00Z", name): (value, 2)}


def test_a_zone_is_a_clock_with_or_without_daylight_saving() -> None:
    def noon(day: str, zone: str) -> str:
        ((_, time, _),) = values(f".A XYZ1 {day} {zone} DH12/TA 50\n")
        return time[11:16]

    always = {
        "Z": "12:00",
        "NS": "15:30",
        "AS": "16:00",
        "AD": "15:00",
        "ES": "17:00",
        "ED": "16:00",
        "CS": "18:00",
        "CD": "17:00",
    }
    always |= {"MS": "19:00", "MD": "18:00", "PS": "20:00", "PD": "19:00", "LS": "21:00", "LD": "20:00", "H": "22:00"}
    always |= {"HS": "22:00"}
    winter = {"N": "15:30", "A": "16:00", "E": "17:00", "C": "18:00", "M": "19:00", "P": "20:00", "L": "21:00"}
    summer = {"N": "14:30", "A": "15:00", "E": "16:00", "C": "17:00", "M": "18:00", "P": "19:00", "L": "20:00"}
    assert {zone: noon("20230115", zone) for zone in (*always, *winter)} == always | winter
    assert {zone: noon("20230715", zone) for zone in (*always, *summer)} == always | summer


def test_the_third_letter_is_the_duration() -> None:
    durations = {"U": "PT1M", "E": "PT5M", "G": "PT10M", "C": "PT15M", "J": "PT30M", "H": "PT1H", "B": "PT2H", "T": "PT3H"}
    durations |= {"F": "PT4H", "Q": "PT6H", "A": "PT8H", "K": "PT12H", "L": "PT18H", "D": "PT24H"}
    for letter, duration in durations.items():
        found = {name for *_, name in values(f".A XYZ1 20230601 Z DH12/PP{letter}RZ 0.5/TA{letter}RZN 50\n")}
        assert found == {f"precipitation_amount:0:sum:{duration}", f"air_temperature:2:minimum:{duration}"}


def test_a_qualifier_is_a_flag() -> None:
    def flag(letter: str) -> int:
        ((_, flag),) = values(f".A XYZ1 20230601 Z DH12/TA 50{letter}\n").values()
        return flag

    assert {letter: flag(letter) for letter in "BRFQGZ"} == {"B": 4, "R": 4, "F": 3, "Q": 3, "G": 2, "Z": 2}


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_messages_never_fail(data: st.DataObject) -> None:
    damaged = bytearray(EVERYTHING.encode())
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=6)):
        damaged[at] = byte
    entry = surveyed(bytes(damaged))
    found = observations(io.BytesIO(bytes(damaged)), Context(key="in/shef.txt"))
    if entry.recognition.format == "shef":
        assert sum(len(each.times) for each in found if isinstance(each, Batch)) == sum(entry.stations.values())


@pytest.mark.parametrize("end", ["", "/"])
def test_a_slash_before_a_continuation_is_no_value_of_the_series(end: str) -> None:
    assert values(f".E LLBT1 20230601 Z DH23/TAIRG/DIN30/50/M{end}\n.E1 /59/+/68B\n") == values(SERIES)


@pytest.mark.parametrize("code", ["TAIRZM", "TAIRZK", "TAIRZL", "PPDRZX", "PPDRZR"])
def test_an_extreme_over_no_period_that_is_known_is_left_and_named(code: str) -> None:
    text = f".A ALBN6 20230601 Z DH1200/{code} 50/TD 41\n"
    assert values(text) == {("ALBN6", "2023-06-01T12:00:00Z", "dew_point_temperature"): (5, 2)}
    assert code in surveyed(text).why


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("TAIRZX", "maximum:PT24H"), ("TAHRZX", "maximum:PT1H"), ("TAIRZY", "maximum:PT12H"), ("TAIRZR", "maximum:PT6H"),
        ("TAIRZS", "maximum:PT18H"), ("TAIRZN", "minimum:PT24H"), ("TAIRZP", "minimum:PT12H"), ("TAIRZHZ", "minimum:PT6H"),
        ("TAIRZI", "minimum:PT18H"),
    ],
)  # fmt: skip
def test_an_extreme_is_of_the_hours_that_its_letter_tells(code: str, expected: str) -> None:
    assert [name for *_, name in values(f".A ALBN6 20230601 Z DH1200/{code} 50\n")] == [f"air_temperature:2:{expected}"]


def test_a_gust_of_a_period_is_its_maximum() -> None:
    assert [name for *_, name in values(".A ALBN6 20230601 Z DH1200/UGHRZ 20/USHRZ 10\n")] == [
        "wind_speed_of_gust:10:maximum:PT1H",
        "wind_speed:10:mean:PT1H",
    ]


def test_soil_at_a_coded_depth_is_no_wet_bulb() -> None:
    text = ".A ALBN6 20230601 Z DH1200/TB 2.061/TD 50\n"
    assert [name for *_, name in values(text)] == ["dew_point_temperature"]
    assert "TB" in surveyed(text).why


def test_a_series_of_what_is_left_is_a_row_that_holds_nothing() -> None:
    entry = surveyed(".E ALBN6 20230601 Z DH12/HGIRG/DIH1/5.2/5.3/\n")
    assert (entry.status, entry.rows) == (Status.REJECTED, 1)
    assert [(each.row, each.reason) for each in entry.rejects] == [(1, "the row holds no quantity that is taken")]


def test_a_wind_direction_is_in_whole_degrees() -> None:
    assert values(".A ALBN6 20230601 Z DH1200/UD 270\n") == {("ALBN6", "2023-06-01T12:00:00Z", "wind_from_direction"): (270, 2)}


@pytest.mark.parametrize("time", ["DH25", "DH2401", "DH240001", "DH1260", "DH120060"])
def test_an_hour_that_does_not_exist_is_rejected(time: str) -> None:
    text = f".A ALBN6 20230601 Z {time}/TA 50\n"
    assert not values(text)
    (reject,) = surveyed(text).rejects
    assert reject.reason == f"the time {time} does not exist"


def test_hour_24_is_the_end_of_its_day() -> None:
    assert list(values(".A ALBN6 20230601 Z DH2400/TA 50\n")) == [("ALBN6", "2023-06-02T00:00:00Z", "air_temperature")]


@pytest.mark.parametrize("line", [".E1 50/50/50/50", "DEFC1 50"])
def test_a_message_without_an_end_is_rejected_and_the_next_one_taken(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesonet.formats.reports.shef._MOST", 10_000)
    head = ".E LLBT1 20230601 Z DH23/TAIRG/DIN30/50" if line[0] == "." else ".B LOX 20230601 P DH04/TX"
    text = f"{head}\n" + f"{line}\n" * 2_000 + ".A ALBN6 20230601 Z DH1200/TA 50\n"
    assert list(values(text)) == [("ALBN6", "2023-06-01T12:00:00Z", "air_temperature")]
    (reject,) = surveyed(text).rejects
    assert (reject.reason, reject.row) == ("the message is longer than 10000 characters", 1)


def times(text: str, received: str | None = None) -> set[str]:
    """The times of a file's values."""
    context = Context(key="in/shef.txt", received=parse(received) if received else None)
    pieces = observations(io.BytesIO(text.encode()), context)
    return {iso(time) for piece in pieces if isinstance(piece, Batch) for time in piece.times}


@pytest.mark.parametrize(
    ("above", "date", "received", "expected"),
    [
        ("", "0901", "2024-03-05T12:00:00Z", "2023-09-01"),
        ("", "0306", "2024-03-05T12:00:00Z", "2024-03-06"),  # its clock may be ahead
        ("", "0307", "2024-03-05T12:00:00Z", "2023-03-07"),
        ("", "0229", "2027-03-05T12:00:00Z", "2024-02-29"),
        ("811 AM EDT TUE NOV 1 2022", "1101", "2024-03-05T12:00:00Z", "2022-11-01"),
        ("930 AM CST Fri Jan 20 2023", "1231", None, "2022-12-31"),
        ("10.02am EDT Friday, January 20, 2023", "0119", None, "2023-01-19"),
        ("1319 GMT Fri  January 20, 2023", "0120", None, "2023-01-20"),
        ("930 AM CST Fri Feb 30 2023", "0101", "2024-03-05T12:00:00Z", "2024-01-01"),
    ],
)
def test_a_date_without_a_year_is_the_newest_before_the_words_above_or_the_arrival(
    above: str, date: str, received: str | None, expected: str
) -> None:
    assert times(f"{above}\n.A XYZ1 {date} Z DH06/TA 50\n", received) == {f"{expected}T06:00:00Z"}


def test_a_year_that_was_concluded_is_said() -> None:
    data = b".A XYZ1 0601 Z DH06/TA 50\n"
    entry = survey(io.BytesIO(data), Context(key="in/shef.txt", received=parse("2024-03-05T12:00:00Z")))
    assert "dates have no year; it is that of when it arrived" in entry.why


def test_each_column_of_a_table_has_the_hour_that_stands_before_it() -> None:
    found = values(".B BOU 20221031 Z DH01/TAIRZX/DH05/TAIRZN/PPDRZZ\nAPA 58/ 30/ 0.1\n.END\n")
    assert {(time, name.split(":")[0]) for _, time, name in found} == {
        ("2022-10-31T01:00:00Z", "air_temperature"),
        ("2022-10-31T05:00:00Z", "air_temperature"),
        ("2022-10-31T05:00:00Z", "precipitation_amount"),
    }


def test_a_row_tells_its_station_and_may_have_times_between_its_values_and_neighbours_in_its_line() -> None:
    table = ".B BOU 20221031 Z DH12/TA/TD\nDTW 50/41, DEN DH06 59/DH07 41\nDM10310600/50/41\nEXTRA 50/41/32\n.END\n"
    assert {(station, time[11:13], value) for (station, time, _), (value, _) in values(table).items()} == {
        ("DTW", "12", 10), ("DTW", "12", 5), ("DEN", "06", 15), ("DEN", "07", 5), ("EXTRA", "12", 10), ("EXTRA", "12", 5),
    }  # fmt: skip
    assert [(each.row, each.reason) for each in surveyed(table).rejects] == [(3, "the row names no station")]


def test_what_cannot_be_read_of_a_message_does_not_take_the_rest_with_it() -> None:
    message = ".A XYZ1 20230601 Z DH06/T 51/TX X/TA/ 50/dd 20/TD 41/\n"
    assert {value for value, _ in values(message).values()} == {10, 5}
    assert [(each.column, each.value) for each in surveyed(message).rejects] == [(None, "T 51"), ("TX", "X"), (None, "dd 20")]


@pytest.mark.parametrize(("span", "duration"), [("H06", "PT6H"), ("D1", "PT24H"), ("N30", "PT30M")])
def test_a_duration_may_stand_before_the_element(span: str, duration: str) -> None:
    assert [name for _, _, name in values(f".A XYZ1 20230601 Z DH06/DV{span}/PPV 0.5\n")] == [
        f"precipitation_amount:0:sum:{duration}"
    ]


@pytest.mark.parametrize("span", ["", "/DVH M", "/DVM01", "/DVH00"])
def test_without_a_duration_that_can_be_told_an_amount_is_left(span: str) -> None:
    entry = surveyed(f".A XYZ1 20230601 Z DH06{span}/PPV 0.5\n")
    assert entry.status is Status.REJECTED
    assert "PPV" in entry.why


def test_a_series_of_what_is_no_weather_is_named_though_it_is_empty() -> None:
    assert "QTDFG" in surveyed(".ER HDLN6 20210923 Z DH1200/QTDFG/DIH24\n.E1\n").why


HOSTILE = {
    "messages of a value": ".A ABC 0607/TA 1\n" * 15_000,
    "times of a message": (".A ABC 0607" + "".join(f"/DH{hour:02d}/TA 1" for hour in range(24)) + "\n") * 1000,
    "a series": ".E ABC 0607/DIN1/TA" + "/1" * 125_000 + "\n",
    "series on a clock of summer and winter": f".E ABC 0607 P/DIH1/TA{'/1' * 50}\n" * 2000,
    "a table": ".B AAA 0607 Z DH01/TA/TD/XR\n" + "A 1/2/3\n" * 30_000,
    "a packed table": ".B AAA 0607 Z DH01/TA\n" + f"{'A 1,' * 200}\n" * 300,
    "a table whose rows set times": f".B AAA 0607 Z{'/TA' * 3000}\n" + f"A {'/'.join(['DH01 1'] * 3000)}\n" * 10,
    "a table that sets times between its columns": (
        f".B AAA 0607 Z{'/DH01/TA' * 3000}\n" + f"A {'/'.join(['DH01 1'] * 3000)}\n" * 10
    ),
    "faults": ".A ABC 1\n" * 20_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_it_takes_less_than_a_second_a_megabyte(what: str) -> None:
    text = HOSTILE[what]
    context = Context(key="in/shef.txt", received=parse("2024-07-01T00:00:00Z"))
    data = (".A ABC 0607/TA 1\n" + text).encode()
    assert effort.within(len(data) / 1e6, lambda: survey(io.BytesIO(data), context)).rows
    effort.within(len(data) / 1e6, lambda: list(observations(io.BytesIO(data), context)))


def test_a_long_series_goes_on_over_the_change_of_the_clock() -> None:
    times = [time for _, time, _ in values(".E ABC 20231104 P DH00/TA/DIH1" + "/1" * 9000 + "\n")]
    assert (len(times), times[0], times[26], times[-1]) == (
        *(9000 - 1, "2023-11-04T07:00:00Z", "2023-11-05T10:00:00Z"),  # one o'clock came twice, and is told once
        "2024-11-13T07:00:00Z",
    )


def test_a_series_keeps_what_is_no_value_apart_and_ends_with_the_calendar() -> None:
    found = values(".E ABC 20230601 Z DH00/TA/DIH1/1/x//M/2Q/DQR/3\n")
    assert {time[11:13]: value for (_, time, _), value in found.items()} == {
        **{"00": (-17.22222, 2), "03": (None, 9), "04": (-16.66667, 3), "05": (-16.11111, 4)}
    }
    entry = surveyed(".E ABC 99991231 Z DH22/TA/DIH1/1/2/3\n")
    assert (entry.rows, [each.reason for each in entry.rejects]) == (3, ["not a time that exists"])


def test_a_row_that_sets_times_without_end_in_a_table_that_does_is_rejected() -> None:
    table = f".B LOX 20230601 Z{'/DH12/TA' * 30}\nABC 1/2\nDEF {'/'.join(['DH01 1'] * 30)}\n.END\n"
    (reject,) = surveyed(table).rejects
    assert (reject.row, reject.reason) == (3, "the row sets the time or units more than 24 times")


def test_long_parts_of_messages_are_not_kept() -> None:
    lines = (f".A ORD 20230601 Z DH12/TA 70/XX{at:06d}{'Y' * 50_000}/XR 5\n" for at in range(200))
    text = "".join(lines).encode()
    tracemalloc.start()
    try:
        entry = surveyed(text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (entry.rows, entry.rejected) == (200, 200)
    assert most < 5_000_000  # bytes; all parts were kept, which are twice as many
