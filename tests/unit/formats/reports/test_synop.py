import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso, parse
from mesonet.domain.observation import Batch
from mesonet.formats.reading import Context
from mesonet.formats.registry import recognise
from mesonet.formats.survey import Survey, observations, survey
from mesonet.stores.rejects import RejectsFile
from tests import effort
from tests.real_files import SAMPLES

RECEIVED = parse("2024-03-06T12:10:00Z")


def surveyed(text: str | bytes, received: int | None = RECEIVED) -> Survey:
    return survey(io.BytesIO(text.encode() if isinstance(text, str) else text), Context(received=received))


def batches(data: bytes, received: int = RECEIVED) -> list[Batch]:
    return [piece for piece in observations(io.BytesIO(data), Context(received=received)) if isinstance(piece, Batch)]


def values(groups: str, header: str = "06121", station: str = "10001") -> dict[str, float | None]:
    """What one report says, by parameter."""
    (batch,) = batches(f"AAXX {header}\n{station} {groups}=\n".encode())
    return {parameter.id: column.values[0] for parameter, column in batch.columns.items()}


def faults(groups: str, header: str = "06121", station: str = "10001") -> list[tuple[str | None, str | None]]:
    return [(each.column, each.value) for each in surveyed(f"AAXX {header}\n{station} {groups}=\n").rejects]


def test_a_report_becomes_a_row_of_its_station() -> None:
    (batch,) = batches(
        b"SMXX01 ABCD 061200\r\r\nAAXX 06121\r\r\n10001 02560 83604 11023 21045 39921\r\r\n40012 58007 60021=\r\r\n"
    )
    assert (batch.station_id, [iso(at) for at in batch.times], batch.rows) == ("0-20000-0-10001", ["2024-03-06T12:00:00Z"], [3])
    columns = {parameter.id: column for parameter, column in batch.columns.items()}
    assert {name: column.values[0] for name, column in columns.items()} == {
        "visibility_in_air": 10_000.0,
        "cloud_area_fraction": 100.0,
        "wind_from_direction": 360.0,
        "wind_speed": 4.0,
        "air_temperature": -2.3,
        "dew_point_temperature": -4.5,
        "air_pressure": 992.1,
        "air_pressure_at_mean_sea_level": 1001.2,
        "tendency_of_air_pressure:0:point:PT3H": -0.7,
        "precipitation_amount:0:sum:PT6H": 2.0,
    }
    pressure = columns["air_pressure"]
    assert (pressure.unit, pressure.unit_received, pressure.received, pressure.flags) == ("hPa", "hPa", ["39921"], [2])


def test_the_wind_s_unit_is_that_of_its_section() -> None:
    data = b"AAXX 06121\n10001 02997 82705=\nAAXX 06124\n10002 02997 82705=\nAAXX 0612/\n10003 02997 82705 10100=\n"
    speeds = {
        batch.station_id[-5:]: (column.values, column.unit_received)
        for batch in batches(data)
        for parameter, column in batch.columns.items()
        if parameter.id == "wind_speed"
    }
    assert speeds == {"10001": ([5.0], "m/s"), "10002": ([2.572222], "kt")}
    assert [(reject.row, reject.column, reject.value) for reject in surveyed(data).rejects] == [(6, "wind", "82705")]


@pytest.mark.parametrize(
    ("header", "group", "time"),
    [
        ("06121", "91140", "2024-03-06T11:40:00Z"),
        ("06121", "91215", "2024-03-06T12:15:00Z"),
        ("06001", "92345", "2024-03-05T23:45:00Z"),
        ("05231", "90000", "2024-03-06T00:00:00Z"),
        ("06121", "9////", "2024-03-06T12:00:00Z"),
    ],
)
def test_a_report_may_tell_the_actual_time_while_its_periods_are_those_of_the_hour(header: str, group: str, time: str) -> None:
    (batch,) = batches(f"AAXX {header}\n10001 02560 83604 11023 60021 {group} 333 91112=\n".encode())
    assert [iso(at) for at in batch.times] == [time]
    gusts = {parameter.id: column.values[0] for parameter, column in batch.columns.items() if "gust" in parameter.id}
    assert gusts == ({} if header == "05231" else {"wind_speed_of_gust:10:maximum:PT6H": 12.0})


@pytest.mark.parametrize("group", ["91000", "91260", "92640"])
def test_an_actual_time_that_is_not_near_the_section_s_is_told_and_not_taken(group: str) -> None:
    text = f"AAXX 06121\n10001 02560 83604 11023 {group}=\n"
    assert [iso(at) for batch in batches(text.encode()) for at in batch.times] == ["2024-03-06T12:00:00Z"]
    assert faults(f"02560 83604 11023 {group}") == [("time of observation", group)]


@pytest.mark.parametrize(
    ("group", "cloud", "direction", "speed"),
    [
        ("00000", 0.0, None, 0.0),
        ("49903", 50.0, None, 3.0),
        ("90509", None, 50.0, 9.0),
        ("/////", None, None, None),
        ("/3605", None, 360.0, 5.0),
        ("42799 00112", 50.0, 270.0, 112.0),
    ],
)
def test_clouds_and_winds(group: str, cloud: float | None, direction: float | None, speed: float | None) -> None:
    found = values(f"02997 {group} 10100")
    assert (found["cloud_area_fraction"], found["wind_from_direction"], found["wind_speed"]) == (cloud, direction, speed)
    assert found["air_temperature"] == 10.0


@pytest.mark.parametrize(
    ("code", "metres"),
    [
        *(("00", 100.0), ("01", 100.0), ("50", 5000.0), ("52", None), ("56", 6000.0), ("80", 30_000.0), ("81", 35_000.0)),
        *(("88", 70_000.0), ("89", 70_000.0), ("90", 50.0), ("94", 1000.0), ("97", 10_000.0), ("99", 50_000.0), ("//", None)),
    ],
)
def test_visibilities(code: str, metres: float | None) -> None:
    assert values(f"029{code} 82705")["visibility_in_air"] == metres


@pytest.mark.parametrize(
    ("groups", "parameter", "expected"),
    [
        ("10103", "air_temperature", 10.3),
        ("11114", "air_temperature", -11.4),
        ("1////", "air_temperature", None),
        ("29085", "relative_humidity", 85.0),
        ("30177", "air_pressure", 1017.7),
        ("37578", "air_pressure", 757.8),
        ("3984/", "air_pressure", 984.0),
        ("39///", "air_pressure", None),
        ("49976", "air_pressure_at_mean_sea_level", 997.6),
        ("40377", "air_pressure_at_mean_sea_level", 1037.7),
        ("40///", "air_pressure_at_mean_sea_level", None),
        ("52011", "tendency_of_air_pressure:0:point:PT3H", 1.1),
        ("57020", "tendency_of_air_pressure:0:point:PT3H", -2.0),
        ("60001", "precipitation_amount:0:sum:PT6H", 0.0),
        ("69941", "precipitation_amount:0:sum:PT6H", 0.4),
        ("69907", "precipitation_amount:0:sum:PT3H", 0.0),
        ("60254", "precipitation_amount:0:sum:PT24H", 25.0),
        ("6///5", "precipitation_amount:0:sum:PT1H", None),
        ("333 10151", "air_temperature:2:maximum:PT12H", 15.1),
        ("333 21005", "air_temperature:2:minimum:PT12H", -0.5),
        ("333 4/013", "surface_snow_thickness", 130.0),
        ("333 49997", "surface_snow_thickness", 0.0),
        ("333 4/999", "surface_snow_thickness", None),
        ("333 55304", "duration_of_sunshine:0:sum:PT1H", 24.0),
        ("333 55085", "duration_of_sunshine:0:sum:PT24H", 510.0),
        ("333 58012", "tendency_of_air_pressure:0:point:PT24H", 1.2),
        ("333 60007", "precipitation_amount:0:sum:PT3H", 0.0),
        ("333 70123", "precipitation_amount:0:sum:PT24H", 12.3),
        ("333 79999", "precipitation_amount:0:sum:PT24H", 0.0),
        ("333 91012", "wind_speed_of_gust", 12.0),
        ("333 91112", "wind_speed_of_gust:10:maximum:PT6H", 12.0),
        ("333 91199 00105", "wind_speed_of_gust:10:maximum:PT6H", 105.0),
        ("333 90705 91112", "wind_speed_of_gust:10:maximum:PT30M", 12.0),
        ("333 911//", "wind_speed_of_gust:10:maximum:PT6H", None),
    ],
)
def test_groups(groups: str, parameter: str, expected: float | None) -> None:
    assert values(f"02997 82705 {groups}")[parameter] == expected


def test_the_height_of_a_pressure_level_is_no_pressure() -> None:
    assert "air_pressure_at_mean_sea_level" not in values("02997 82705 42952")
    assert "1 of height of a pressure level" in surveyed("AAXX 06121\n10001 02997 82705 48624=\n").why


@pytest.mark.parametrize(
    ("station", "header", "longest"),
    [("10001", "06181", "PT12H"), ("94001", "06121", "PT24H"), ("72001", "06004", "PT12H"), ("72001", "06064", "PT24H")],
)
def test_over_which_time_a_maximum_is_depends_on_the_region(station: str, header: str, longest: str) -> None:
    assert f"air_temperature:2:maximum:{longest}" in values("02997 82705 333 10151", header, station)


def test_radiation_behind_the_sunshine_is_not_taken_for_temperatures() -> None:
    found = values("02999 02501 10103 333 4/000 55310 01314 22591 30598 60007 91003 91104")
    assert not {"air_temperature:2:maximum:PT12H", "air_temperature:2:minimum:PT12H"} & found.keys()
    assert (found["precipitation_amount:0:sum:PT3H"], found["wind_speed_of_gust"]) == (0.0, 3.0)


@pytest.mark.parametrize(
    ("groups", "rain"),
    [
        ("55055 00010 20003 30002 50001 60004 60035 70500", {"PT1H": 3.0, "PT24H": 50.0}),
        ("55055 20003 60035 70500", {"PT1H": 3.0, "PT24H": 50.0}),
        ("55055 00010 50012 60035", {"PT1H": 3.0}),
        ("55055 20815 58012 60047", {"PT3H": 4.0}),
    ],
)
def test_short_wave_radiation_is_no_precipitation(groups: str, rain: dict[str, float]) -> None:
    found = values(f"02999 02501 10103 333 {groups}")
    assert {name.rpartition(":")[2]: value for name, value in found.items() if "precipitation" in name} == rain


def test_sections_of_the_sea_and_the_region_are_passed_over() -> None:
    found = values("05997 50503 10061 80002 222// 06032 20301 333 91006 555 10999 20888")
    assert (found["air_temperature"], found["wind_speed_of_gust"]) == (6.1, 6.0)


def test_two_reports_without_an_end_between_them_are_not_mixed() -> None:
    data = "AAXX 06121\n10001 02997 82705 10103 333 91006\n10002 02997 82705 10203 333 91016=\n"
    entry = surveyed(data)
    assert entry.stations == {"0-20000-0-10001": 1}
    assert [(reject.column, (reject.value or "")[:11]) for reject in entry.rejects] == [("section 3", "10002 02997")]
    (temperature,) = [column for column in entry.columns if column.parameter == "air_temperature"]
    assert (temperature.values, temperature.maximum_received) == (1, 10.3)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ("02997 82705 12103", [("temperature", "12103")]),
        ("02997 82705 29101", [("relative humidity", "29101")]),
        ("02997 82705 1010", [("section 1", "1010")]),
        ("02997 84005", [("wind direction", "84005")]),
        ("02997 82705 46012", [("section 1", "46012")]),
        ("02997 82705 60250", [("precipitation", "60250")]),
        ("02997 82705 31999", [("station pressure", "31999")]),
        ("02997 82705 333 55399", [("sunshine", "55399")]),
        ("02997 82705 333 1015x", [("section 3", "1015X")]),
    ],
)
def test_a_group_that_cannot_be_is_rejected(groups: str, expected: list[tuple[str | None, str | None]]) -> None:
    assert faults(groups) == expected


def test_a_gust_between_the_main_hours_is_over_a_time_that_is_not_said() -> None:
    assert faults("02997 82705 333 91112", "06131") == [("gust", "91112")]
    assert "wind_speed_of_gust:10:maximum:PT3H" in values("02997 82705 333 91112", "06091")


def test_nil_is_no_fault_unless_there_is_nothing_else() -> None:
    entry = surveyed("AAXX 06121\n10001 NIL=\n10002 NIL\n10003 02997 82705 10103==\n")
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 3, {"0-20000-0-10003": 1})
    assert "NIL reports, of stations that had nothing to report: 2" in entry.why
    assert surveyed("AAXX 06121\n10001 NIL=\n").status is Status.REJECTED


def test_what_is_no_station_s_report_is_rejected() -> None:
    entry = surveyed(
        "AAXX 06121\n10001 02997 82705=\nABC 02997 82705=\n10001 02997 82705=\nBBXX 10001=\n"
        "SMXX01 ABCD 061200\n10001 02997 82705=\nAAXX 99991\n10001 02997 82705=\nAAXX 32121\n10001 02997 82705=\n"
    )
    assert [(reject.row, reject.column) for reject in entry.rejects] == [
        *((3, "station"), (5, "station"), (7, "section"), (9, "time"), (11, "time")),
    ]
    assert (entry.rows, entry.stations) == (7, {"0-20000-0-10001": 2})


SHIPS = (
    b"SNVD17 KWNB 060600\r\r\nBBXX\r\r\nWCX88 06063 99352 71321 41698 52205 10172\r\r\n"
    b"22214 03016 20302 333 10203=\r\r\n41009 06064 99285 50788 46/// /0608 22200 00253=\r\r\n"
    b"BBXX VRXX4 06061 99513 10022 46898 /2312 222// 09112=\r\r\nnnnn\r\r\nOOXX\r\r\n"
    b"BGKR1 06061 99005 30650 45781 12004 46/// /0203=\r\r\n"
)


def test_ships_and_mobile_stations_have_a_sign_a_time_and_a_position_each() -> None:
    found = {
        batch.station_id: {parameter.id.split(":")[0]: column.values[0] for parameter, column in batch.columns.items()}
        for batch in batches(SHIPS)
    }
    assert {sign: (each["latitude"], each["longitude"]) for sign, each in found.items()} == {
        "WCX88": (35.2, -132.1),
        "41009": (-28.5, -78.8),
        "VRXX4": (51.3, 2.2),
        "BGKR1": (-0.5, 65.0),
    }
    assert (found["WCX88"]["air_temperature"], found["WCX88"]["sea_surface_temperature"]) == (17.2, -1.6)
    assert [found[sign]["wind_speed"] for sign in ("WCX88", "BGKR1")] == [2.572222, 3.0]
    assert "sea_surface_temperature" not in found["VRXX4"]
    entry = surveyed(SHIPS)
    assert (entry.recognition.format, entry.rows, len(entry.stations)) == ("synop", 4, 4)
    assert [(reject.row, reject.column) for reject in entry.rejects] == [(3, "maximum temperature"), (6, "sea temperature")]


@pytest.mark.parametrize(
    ("report", "why"),
    [
        ("SHIP 06063 99352 71321 41698 52205 10172", "cannot be told from others"),
        ("WCX88 06063 99952 71321 41698 52205 10172", "neither a sign"),
        ("WCX88 06063 99352 71921 41698 52205 10172", "neither a sign"),
        ("WCX88 06063 99352 21321 41698 52205 10172", "neither a sign"),
        ("WCX88 06063 99/// 7//// 41698 52205 10172", "neither a sign"),
    ],
)
def test_a_ship_that_does_not_say_who_or_where_it_is_is_rejected(report: str, why: str) -> None:
    (reject,) = surveyed(f"BBXX WCX88 06063 99352 71321 41698 52205 10172=\n{report}=\n").rejects
    assert why in reject.reason


def test_a_first_group_that_is_the_stations_number_is_not_the_number_said_twice() -> None:
    found = values("41960 32705 10310 20251 30105 40110 57010", station="41960")
    assert found == values("41960 32705 10310 20251 30105 40110 57010")
    assert (found["visibility_in_air"], found["air_temperature"]) == (10_000, 31)


def test_a_report_that_says_its_station_twice_is_read_and_one_without_its_first_group_is_not() -> None:
    report = "AAXX 06121\n10002 02997 82705=\n10001 10001 02997 82705 10103=\n10003 78370 11540 70000 10272=\n"
    entry = surveyed(report)
    assert entry.stations == {"0-20000-0-10001": 1, "0-20000-0-10002": 1}
    (reject,) = entry.rejects
    assert (reject.row, "not read on" in reject.reason) == (4, True)


@pytest.mark.parametrize(
    "text",
    [
        "AAXX\n15001 05515 32931 10103 21090 39765 57020=\n",
        "AAXX 21121\n05515 32931 10103 21090 39765 57020=\n",
    ],
)
def test_a_report_that_has_lost_its_station_or_its_day_is_none_of_another(text: str) -> None:
    entry = surveyed(text)
    (reject,) = entry.rejects
    assert (entry.stations, "the station is missing, or the day and hour" in reject.reason) == ({}, True)


def test_a_bulletin_may_end_with_an_n_too_many() -> None:
    entry = surveyed(
        "ZCZC 123\nSMCU20 MUHV 060000\nAAXX 06001\n78328 nil=\n78333 11410 71703 10288 20241 30104 40111 52010=\n\n\nnnnnn\n"
    )
    assert (entry.status, entry.rows, entry.rejects) == (Status.OK, 2, ())


def test_a_correction_is_the_later_row() -> None:
    (batch,) = batches(b"AAXX 06121\n10001 02997 82705 10103=\nSMXX01 ABCD 061200 CCA\nAAXX 06121\n10001 02997 82705 10203=\n")
    assert batch.rows == [2, 5]
    assert [column.values for parameter, column in batch.columns.items() if parameter.id == "air_temperature"] == [[10.3, 20.3]]
    assert len(set(batch.times)) == 1


def test_ogimet_s_lines_have_a_date() -> None:
    data = (
        "10001,2019,05,31,18,00,AAXX 31181 10001 02997 82705 10103==\n"
        "10001,2019,06,01,00,00,AAXX 01001 10001 02997 82705 10093==\n"
    )
    entry = surveyed(data, received=None)
    assert (entry.status, entry.rows) == (Status.OK, 2)
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("2019-05-31T18:00:00Z", "2019-06-01T00:00:00Z")


def test_without_any_date_the_month_is_not_guessed() -> None:
    entry = surveyed("AAXX 06121\n10001 02997 82705 10103=\n", received=None)
    assert (entry.status, entry.rejects[0].reason[:23]) == (Status.REJECTED, "which month is not said")


def test_other_text_is_not_taken_for_reports() -> None:
    for text in ("AAXX is the header of a SYNOP\n", "id,time\nAAXX,06121\n", "10001 02997 82705 10103=\n", "AAXX\n"):
        assert recognise(text.encode()).format != "synop", text


# --- real files, where the folder is there --------------------------------------------------------------------------------

# file: (arrived, reports, stations, hour, lowest and highest temperature, of them in all)
EXPECTED = {
    "synop_congo_202308.txt": ("2023-08-03T09:20Z", 17, 14, "2023-08-03T09:00:00Z", (20.5, 28.5, 14)),
    "synop_romania_20220321T12.txt": ("2022-03-21T12:05Z", 23, 23, "2022-03-21T12:00:00Z", (-11.4, 13.9, 23)),
    "synop_romania_20230117T12.txt": ("2023-01-17T12:05Z", 23, 23, "2023-01-17T12:00:00Z", (-4.7, 17.5, 23)),
    "synop_romania_reissue.txt": ("2023-01-17T12:52Z", 23, 23, "2023-01-17T12:00:00Z", (-4.7, 17.5, 23)),
    "synop_romania_CCA.txt": ("2023-01-17T17:44Z", 1, 1, "2023-01-17T12:00:00Z", (-2.8, -2.8, 1)),
}


@pytest.mark.parametrize("name", [name for name in EXPECTED if (SAMPLES / name).is_file()])
def test_real_bulletins_are_read(name: str) -> None:
    arrived, reports, stations, hour, (lowest, highest, count) = EXPECTED[name]
    entry = surveyed((SAMPLES / name).read_bytes(), parse(arrived))
    assert (entry.recognition.format, entry.status, entry.rows, entry.rejected) == ("synop", Status.OK, reports, 0)
    assert (len(entry.stations), iso(entry.first or 0), iso(entry.last or 0)) == (stations, hour, hour)
    (temperature,) = [column for column in entry.columns if column.parameter == "air_temperature"]
    assert (temperature.minimum_received, temperature.maximum_received, temperature.values) == (lowest, highest, count)


@pytest.mark.parametrize("name", [name for name in ("synop_romania_20220321T12.txt",) if (SAMPLES / name).is_file()])
def test_a_real_report_says_what_its_bufr_says(name: str) -> None:
    found = [
        batch
        for batch in batches((SAMPLES / name).read_bytes(), parse("2022-03-21T12:05Z"))
        if batch.station_id[-5:] == "15015"
    ]
    (temperature,) = [column for parameter, column in found[0].columns.items() if parameter.id == "air_temperature"]
    assert [round((value or 0) + 273.15, 2) for value in temperature.values] == [283.45]  # of bufr_ref_15015_from_synop.bin


SAMPLE = (
    b"\x01\r\r\nSMXX01 ABCD 061200 CCA\r\r\nAAXX 06124\r\r\n10001 02997 42799 00112 11023 29045 3984/ 40012 58007 60021"
    b" 222// 06032 333 10151 21005\r\r\n4/013 55310 01314 22591 60007 70123 90705 91199 00105 911// 555 123=\r\r\n"
    b"10002 NIL==\r\r\nBBXX A=\r\r\n\x03"
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 30), st.binary(max_size=6)), max_size=6),
    st.one_of(
        st.binary(max_size=100), st.lists(st.from_regex(r"[0-9/]{5}", fullmatch=True)).map(lambda some: " ".join(some).encode())
    ),
    st.booleans(),
)
def test_no_bytes_make_it_fail(changes: list[tuple[int, int, bytes]], tail: bytes, only: bool) -> None:
    data = SAMPLE
    for at, count, new in changes:
        data = data[:at] + new + data[at + count :]
    data = b"AAXX 06121 10001 02997 82705 " + tail if only else data + tail
    entry = surveyed(data)
    assert entry.size == len(data)
    for piece in batches(data):
        assert all(len(column) == len(piece.times) for column in piece.columns.values())


def test_of_reports_of_a_few_characters_the_first_faults_are_told_and_all_are_counted() -> None:
    report = "10384 11458 22212 10123 20100=\n"
    data = f"AAXX 06121\n{report}{'10384 1=\n' * 40_000}{report}"
    found = effort.within(0.9, lambda: surveyed(data))
    assert (found.rows, found.rejected, sum(found.stations.values())) == (40_002, 40_000, 2)
    with RejectsFile() as kept:
        survey(io.BytesIO(data.encode()), Context(received=RECEIVED), rejects=kept)
        lines = kept.ended().read().splitlines()
    assert (kept.count, len(lines)) == (40_000, 5002)
    assert b'"row":5003,' in lines[5000]


def test_lines_that_begin_like_reports_are_reports_where_nothing_ends_those_above() -> None:
    reports = (
        "10384 11582 32405 10031 20011 40155",
        "10385 46/// /2499 00110 11021 21041",
        "10386 11582 32405 10031 20011\n52012 60021 333 10045\n21012 55061",
    )
    text = "AAXX 06121\n" + "\n".join(reports) + "\n"
    entry = surveyed(text)
    assert (entry.status, entry.rows, entry.stations) == (
        Status.OK,
        3,
        {f"0-20000-0-{number}": 1 for number in (10384, 10385, 10386)},
    )
    assert [batch.rows for batch in batches(text.encode())] == [[2], [3], [4]]


def without_rows(text: str) -> list[tuple[str, list[int], dict[str, list[float | None]]]]:
    return [
        (batch.station_id, batch.times, {parameter.id: column.values for parameter, column in batch.columns.items()})
        for batch in batches(text.encode())
    ]


FIRST = "11010 41598 63502 11056 21103 39755 40196 57004 83500"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("AAXX 06121\n", f"{FIRST} 333\n11010 21103 55055 10123 20045"),
        ("AAXX 06121\n", f"{FIRST} 333\n10100 21003 55055 10123 20045"),
        ("AAXX 06121\n", f"{FIRST} 333\n10100 21300 55300 10020 21003"),
        ("AAXX 06121\n", f"{FIRST} 333 0////\n10100 21300 55300 10020 21003"),
        ("AAXX 06121\n", f"{FIRST} 555\n10100 21300 50505 10020 21003"),
        ("AAXX 06121\n", f"{FIRST} 555 01234\n11010 21300 50505 10020 21003"),
        ("AAXX 06121 ", "11010\n11598 03599 00110 11056 21103"),
        ("BBXX\n", "DBBH 06123 99540\n10056 41598 63502 10056 21003 40196 57004"),
        ("AAXX 06121\n11010 41598 63502=\nBBXX\n", "DBBH 06123 99540 10056 41598 63502 333\n10100 21300 50505 10020 21003"),
    ],
)
@pytest.mark.parametrize("end", ["=", ""])
def test_a_line_that_goes_on_with_a_report_is_no_other(head: str, body: str, end: str) -> None:
    wrapped, unwrapped = (head + text + end for text in (body, body.replace("\n", " ")))
    assert without_rows(wrapped) == without_rows(unwrapped)
    assert surveyed(wrapped).rejects == surveyed(unwrapped).rejects


def test_what_a_wrapped_line_says_of_the_day_is_the_station_s() -> None:
    entry = surveyed(f"AAXX 06121\n{FIRST} 333\n11010 21103 55055 10123 20045=\n")
    assert (entry.rows, entry.rejected, entry.stations) == (1, 0, {"0-20000-0-11010": 1})
    found = values(f"{FIRST[6:]} 333\n11010 21103 55055 10123 20045", station="11010")
    assert [found[f"air_temperature:2:{method}:PT12H"] for method in ("maximum", "minimum")] == [-1.0, -10.3]


def test_an_end_below_one_line_like_another_report_is_its_end_too_but_not_below_two() -> None:
    lines = [f"{number} 11582 32405 10031 20011 40155 333 91006" for number in (10384, 10385, 10386, 10387)]
    entry = surveyed("AAXX 06121\n" + "\n".join(lines) + "=\n" + "\n".join(lines[:2]) + "=\n")
    assert entry.stations == {f"0-20000-0-{number}": 1 + (number == 10384) for number in (10384, 10385, 10386, 10387)}
    assert [(each.row, (each.value or "")[:11]) for each in entry.rejects] == [(6, "10385 11582")]


@pytest.mark.parametrize("last", ["", "="])
@pytest.mark.parametrize("name", [name for name in EXPECTED if (SAMPLES / name).is_file() and EXPECTED[name][1] == 23])
def test_a_real_bulletin_says_the_same_without_ends(name: str, last: str) -> None:
    data = (SAMPLES / name).read_bytes()
    unended = data.replace(b"=", b"").rstrip(b"\x03\r\n") + last.encode()
    assert without_rows(unended.decode("latin-1")) == without_rows(data.decode("latin-1"))
