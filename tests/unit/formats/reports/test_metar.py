import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso, parse
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import usual
from mesonet.formats.reading import Context
from mesonet.formats.registry import recognise
from mesonet.formats.survey import Survey, observations, survey
from tests.real_files import SAMPLES

RECEIVED = parse("2024-03-06T00:10:00Z")


def surveyed(text: str | bytes, received: int | None = RECEIVED, key: str = "") -> Survey:
    data = text.encode() if isinstance(text, str) else text
    return survey(io.BytesIO(data), Context(key=key, received=received))


def batches(text: str) -> list[Batch]:
    return [piece for piece in observations(io.BytesIO(text.encode()), Context(received=RECEIVED)) if isinstance(piece, Batch)]


def values(groups: str, time: str = "052355Z") -> dict[str, float | None]:
    """What one report says, by parameter."""
    (batch,) = batches(f"METAR KABC {time} {groups}=\n")
    return {parameter.id: column.values[0] for parameter, column in batch.columns.items()}


def faults(groups: str) -> list[tuple[str | None, str | None]]:
    return [(reject.column, reject.value) for reject in surveyed(f"METAR KABC 052355Z {groups}=\n").rejects]


def test_a_report_becomes_a_row_of_its_station() -> None:
    (batch,) = batches("SAXX01 KWBC 060000\r\r\nMETAR ABCD 052350Z AUTO 24008G15KT 8000 -RA BKN012 M02/M05 Q1003=\r\r\n")
    assert (batch.station_id, [iso(at) for at in batch.times], batch.rows) == ("ABCD", ["2024-03-05T23:50:00Z"], [2])
    columns = {parameter.id: column for parameter, column in batch.columns.items()}
    wind = columns["wind_speed"]
    assert (wind.values, wind.unit, wind.received, wind.unit_received) == ([4.115556], "m/s", ["24008G15KT"], "kt")
    assert columns["wind_speed_of_gust"].values == [7.716667]
    assert columns["wind_from_direction"].values == [240.0]
    assert columns["visibility_in_air"].values == [8000.0]
    assert columns["air_temperature"].values == [-2.0]
    assert columns["dew_point_temperature"].values == [-5.0]
    assert columns["altimeter_setting"].values == [1003.0]
    assert {flag for column in columns.values() for flag in column.flags} == {2}


@pytest.mark.parametrize(
    ("group", "speed", "direction"),
    [
        ("36010KT", 5.144444, 360.0),
        ("09010MPS", 10.0, 90.0),
        ("18036KMH", 10.0, 180.0),
        ("00000KT", 0.0, None),
        ("VRB02KT", 1.028889, None),
        ("///04KT", 2.057778, None),
        ("230//KT", None, 230.0),
        ("/////KT", None, None),
        ("MMMMMKT", None, None),
        ("000MMKT", None, None),
        ("270105KT", 54.01667, 270.0),
    ],
)
def test_winds(group: str, speed: float | None, direction: float | None) -> None:
    found = values(group)
    assert (found["wind_speed"], found["wind_from_direction"]) == (speed, direction)


@pytest.mark.parametrize(
    ("group", "metres"),
    [
        ("9999", 10_000.0),
        ("CAVOK", 10_000.0),
        ("0000", 0.0),
        ("8000NW", 8000.0),
        ("9999NDV", 10_000.0),
        ("M0400", 400.0),
        ("4000 1500SW", 4000.0),
        ("10SM", 16093.44),
        ("1/2SM", 804.672),
        ("1 1/2SM", 2414.016),
        ("11/2SM", 2414.016),
        ("11/16SM", 1106.424),
        ("M1/4SM", 402.336),
        ("21/4SM", 3621.024),
        ("P6SM", 9656.064),
        ("25KM", 25_000.0),
        ("////", None),
    ],
)
def test_visibilities(group: str, metres: float | None) -> None:
    assert values(f"24008KT {group} FEW030 10/08 Q1010")["visibility_in_air"] == metres


@pytest.mark.parametrize(
    ("group", "air", "dew"),
    [
        ("07/M00", 7.0, 0.0),
        ("M41/", -41.0, None),
        ("//05", 1, 1),
        ("/////", None, None),
        ("M/M", None, None),
        ("25///", 25.0, None),
    ],
)
def test_temperatures(group: str, air: float | None, dew: float | None) -> None:
    if group == "//05":
        assert faults(f"24008KT {group}") == [("report", "//05")]
        return
    found = values(f"24008KT 9999 {group} Q1010")
    assert (found["air_temperature"], found["dew_point_temperature"]) == (air, dew)


def test_slashes_for_clouds_do_not_hide_the_temperature() -> None:
    found = values("24008KT //// // ////// /// 12/06 Q1007")
    assert (found["air_temperature"], found["visibility_in_air"]) == (12.0, None)


def test_qnh_is_no_pressure_at_mean_sea_level() -> None:
    assert values("24008KT Q1013 A2992") == {"wind_speed": 4.115556, "wind_from_direction": 240.0, "altimeter_setting": 1013.0}
    assert values("A2992")["altimeter_setting"] == 1013.208
    assert values("QNH2992INS")["altimeter_setting"] == 1013.208
    assert values("Q////")["altimeter_setting"] is None


@pytest.mark.parametrize(
    ("qnh", "group", "expected"),
    [("A2984", "SLP119", 1011.9), ("A2918", "SLP872", 987.2), ("Q1052", "SLP534", 1053.4), ("", "SLP982", 998.2)],
)
def test_the_pressure_at_sea_level_is_the_one_near_qnh(qnh: str, group: str, expected: float) -> None:
    assert values(f"24008KT {qnh} RMK AO2 {group}")["air_pressure_at_mean_sea_level"] == expected
    assert values("RMK SLPNO")["air_pressure_at_mean_sea_level"] is None


@pytest.mark.parametrize(
    ("remark", "pressure", "unit"),
    [("QFE738/0985", 985.0, "hPa"), ("QFE752", 1002.584, "mmHg"), ("QFE752.3", 1002.984, "mmHg")],
)
def test_the_pressure_at_the_aerodrome_stands_in_remarks_of_the_east(remark: str, pressure: float, unit: str) -> None:
    (batch,) = batches(f"METAR UUEE 052330Z 22006MPS 9999 M02/M04 Q1003 R24L/590230 NOSIG RMK {remark}=\n")
    column = batch.columns[usual("air_pressure")]
    assert (column.values, column.unit_received) == ([pressure], unit)


def test_a_change_that_is_forecast_from_a_time_on_is_no_observation() -> None:
    assert values("18015KT 19/14 Q1017 FM0030 20010KT 25/20")["air_temperature"] == 19.0
    assert faults("18015KT 19/14 Q1017 FM0030 20010KT CAVOK") == []


def test_tenths_go_before_whole_degrees() -> None:
    found = values("16/13 A2993 RMK AO2 T01551126")
    assert (found["air_temperature"], found["dew_point_temperature"]) == (15.5, -12.6)
    assert values("A2993 RMK AO2 T1015")["air_temperature"] == -1.5


def test_a_report_that_contradicts_itself_is_suspect() -> None:
    (batch,) = batches("METAR KABC 052355Z 15/13 A2993 RMK AO2 T00500126=")
    flags = {parameter.id: (column.values, column.flags) for parameter, column in batch.columns.items()}
    assert flags["air_temperature"] == ([5.0], [3])
    assert flags["dew_point_temperature"] == ([12.6], [2])


def test_extremes_and_precipitation_have_their_durations() -> None:
    found = values("10/08 A2993 RMK AO2 SLP134 P0003 60009 70125 T01000080 10142 21001 401221015 4/012 933025 56012 $")
    assert {name: value for name, value in found.items() if ":" in name} == {
        "precipitation_amount:0:sum:PT1H": 0.762,
        "precipitation_amount:0:sum:PT6H": 2.286,
        "precipitation_amount:0:sum:PT24H": 31.75,
        "air_temperature:2:maximum:PT6H": 14.2,
        "air_temperature:2:minimum:PT6H": -0.1,
        "air_temperature:2:maximum:PT24H": 12.2,
        "air_temperature:2:minimum:PT24H": -1.5,
        "tendency_of_air_pressure:0:point:PT3H": -1.2,
    }
    assert found["surface_snow_thickness"] == 304.8
    assert found["lwe_thickness_of_surface_snow_amount"] == 63.5


def test_how_long_it_rained_depends_on_the_hour() -> None:
    assert "precipitation_amount:0:sum:PT3H" in values("10/08 RMK 60009", "050253Z")
    assert "precipitation_amount:0:sum:PT6H" in values("10/08 RMK 6////", "051153Z")
    entry = surveyed(
        "METAR KABC 051353Z 10/08 RMK 60009=\nSPECI KABC 051355Z 10/08 RMK P0009=\nMETAR KABC 051320Z 10/08 RMK P0009=\n"
    )
    assert [reject.value for reject in entry.rejects] == ["60009", "P0009", "P0009"]
    assert (entry.status, entry.stations) == (Status.PARTIAL, {"KABC": 3})


@pytest.mark.parametrize(("heading", "line", "rain"), [("SA", "SPECI", []), ("SP", "METAR", [2]), ("SA", "MTRABC", [2])])
def test_a_line_below_the_heading_says_what_the_reports_are(heading: str, line: str, rain: list[int]) -> None:
    entry = surveyed(f"{heading}US70 KWBC 060000\n{line}\nKABC 052355Z 10/08 RMK P0012=\nKDEF 052355Z 10/08 RMK P0012=\n")
    assert [each.values for each in entry.columns if each.name == "precipitation, 1 h"] == rain


def test_a_forecast_is_no_observation() -> None:
    found = values("24008KT 9999 10/08 Q1010 BECMG 18030G50KT 0500 TEMPO 9999 RMK T00950075")
    assert (found["visibility_in_air"], found["air_temperature"], found["wind_speed"]) == (10_000.0, 9.5, 4.115556)
    assert "wind_speed_of_gust" not in found


def test_a_correction_is_the_later_row() -> None:
    (batch,) = batches("METAR ABCD 052350Z 10/08 Q1003=\nMETAR COR ABCD 052350Z 12/08 Q1003=\nCOR ABCD 052350Z 13/08=\n")
    assert len(set(batch.times)) == 1
    assert batch.rows == [1, 2, 3]
    temperature = next(column for parameter, column in batch.columns.items() if parameter.id == "air_temperature")
    assert temperature.values == [10.0, 12.0, 13.0]
    qnh = next(column for parameter, column in batch.columns.items() if parameter.id == "altimeter_setting")
    assert (qnh.values[2], qnh.received[2], qnh.flags[2]) == (None, "", 9)


def test_a_station_that_changes_its_unit_begins_a_new_table() -> None:
    first, second = batches("ABCD 052350Z 09010KT=\nABCD 052355Z 09010MPS=\nABCD 052358Z 09011MPS=\n")
    assert [
        [column.unit_received for parameter, column in batch.columns.items() if parameter.id == "wind_speed"]
        for batch in (first, second)
    ] == [["kt"], ["m/s"]]
    assert (first.rows, second.rows) == ([1], [2, 3])
    facts = {
        (column.name, column.unit_received): column.values
        for column in surveyed("ABCD 052350Z 09010KT=\nABCD 052355Z 09010MPS=\n").columns
    }
    assert facts[("wind speed", "kt")] == facts[("wind speed", "m/s")] == 1


def test_nil_is_no_fault_unless_there_is_nothing_else() -> None:
    entry = surveyed("METAR ABCD NIL=\nMETAR ABCE 052350Z NIL=\nMETAR ABCF 052350Z 10/08=\n")
    assert (entry.status, entry.rows, entry.stations, entry.rejected) == (Status.OK, 3, {"ABCF": 1}, 0)
    assert "NIL reports, of stations that had nothing to report: 2" in entry.why
    entry = surveyed("METAR ABCD NIL=\nMETAR ABCE NIL=\n")
    assert (entry.status, entry.rejects[0].reason[:22]) == (Status.REJECTED, "every report is NIL: n")


def test_without_any_date_the_month_is_not_guessed() -> None:
    entry = surveyed("METAR ABCD 052350Z 10/08=\n", received=None)
    assert (entry.status, entry.rows) == (Status.REJECTED, 1)
    assert "which month is not said" in entry.rejects[0].reason
    entry = surveyed("METAR ABCD 052350Z 10/08=\n", received=None, key="A_SAXX01ABCD060000_C_ABCD_20190106000230.txt")
    assert (entry.status, iso(entry.first or 0)) == (Status.OK, "2019-01-05T23:50:00Z")
    assert "those of the file: its name" in entry.why


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ("33004G1", [("report", "33004G1")]),
        ("36010KT OVC0100", [("report", "OVC0100")]),
        ("36010KT Q2995", [("QNH", "Q2995")]),
        ("36010KT 1/0SM", [("visibility", "1/0SM")]),
        ("36010KT 3/2SM", [("visibility", "3/2SM")]),
        ("36010KT 1 3/2SM", [("visibility", "1 3/2SM")]),
        ("37010KT", [("wind direction", "37010KT")]),
        ("00010KT", [("wind direction", "00010KT")]),
        ("360P99KT", [("wind speed", "360P99KT")]),
    ],
)
def test_a_group_that_cannot_be_is_rejected_and_the_others_are_taken(
    groups: str, expected: list[tuple[str | None, str | None]]
) -> None:
    assert faults(groups) == expected


@pytest.mark.parametrize(
    ("report", "column"),
    [
        ("QQQQ 052354Z=", None),
        ("QQQQ O52354Z AUTO 17027G37KT=", "time"),
        ("1QQQ 052354Z AUTO 17027G37KT=", "station"),
        ("KABC 322345Z 17027G37KT=", "time"),
        ("KABC 052460Z 17027G37KT=", "time"),
    ],
)
def test_a_report_that_cannot_be_is_rejected_whole(report: str, column: str | None) -> None:
    entry = surveyed(f"METAR\nKABC 052355Z 10/08=\n{report}\n")
    assert [(reject.row, reject.column) for reject in entry.rejects] == [(3, column)]
    assert entry.stations == {"KABC": 1}


@pytest.mark.parametrize(
    "forecasts",
    [
        "FTUS43 KABC 051720\nKDEF 051720Z 0518/0624 24008KT P6SM SKC=\nKGHI 051720Z 24008KT P6SM SKC=",
        "TAF AMD\nKDEF 051720Z 051818 24008KT P6SM SKC=\nKGHI 051720Z 051818 24008KT P6SM SKC=",
        "KDEF 051720Z 051818 24008KT P6SM SKC=\nTAF KGHI 051720Z 051818 24008KT P6SM SKC=",
    ],
)
def test_forecasts_between_reports_are_rejected_and_the_reports_behind_them_taken(forecasts: str) -> None:
    entry = surveyed(f"METAR\nKABC 051750Z 10/08 A2992=\n{forecasts}\nMETAR KXYZ 051750Z 10/08 A2992=\n")
    assert entry.stations == {"KABC": 1, "KXYZ": 1}
    assert {reject.reason for reject in entry.rejects} == {"a forecast (TAF), which is no observation"}
    assert sum("KDEF" in (reject.value or "") or "KGHI" in (reject.value or "") for reject in entry.rejects) == 2


def test_other_text_is_not_taken_for_reports() -> None:
    for text in (
        "TAF KABC 051720Z 0518/0624 24008KT P6SM SKC=\n",
        "KABC 051720Z 0518/0624 24008KT P6SM SKC=\n",
        "FTAK31 PANC 051720 AAA\nTAF AMD\nPAGK 051720Z 051818 01006KT P6SM SKC=\nPAKN 051720Z 051818 01009KT P6SM SKC=\n",
        "Dear all,\nKABC 052355Z 10/08 was the last one.\nRegards\nBob\nand Carol\n",
        "id,time,raw\nKABC,2024-03-05T23:55Z,KABC 052355Z 10/08\n",
        "KABC 052355Z 10/08,KABC,2024-03-05T23:55Z,1\nKABC 052355Z 10/08,KABC,2024-03-05T23:55Z,1\n",
    ):
        assert recognise(text.encode()).format != "metar", text


# --- real files, where the folder is there --------------------------------------------------------------------------------

# file: (arrived, status, reports, stations, first, last, rejects, lowest and highest temperature)
EXPECTED = {
    "metar_SAKO31_RKSL.txt": ("2025-07-29T00:00Z", "ok", 10, 10, "2025-07-29T00:00:00Z", "2025-07-29T00:00:00Z", 0, (28, 32)),
    "metar_badchars.txt": ("2024-03-06T00:10Z", "ok", 3, 3, "2024-03-03T21:00:00Z", "2024-03-03T21:00:00Z", 0, (17, 22)),
    "metar_collective.txt": (
        "2024-03-08T14:10Z",
        "partial",
        14,
        7,
        "2024-03-08T13:30:00Z",
        "2024-03-08T14:03:00Z",
        6,
        (-4.4, 25),
    ),
    "metar_cycle_20240305_00Z.txt": (None, "ok", 9, 6, "2024-03-05T23:45:00Z", "2024-03-05T23:55:00Z", 0, (6.7, 21)),
    "metar_rtd_bbb.txt": ("2024-03-09T09:15Z", "ok", 1, 1, "2024-03-09T09:05:00Z", "2024-03-09T09:05:00Z", 0, (29, 29)),
    "excerpt_metar_sao_20200106T00.txt": (
        *("2020-01-06T00:05Z", "partial", 22, 17, "2020-01-05T23:45:00Z", "2020-01-06T00:00:00Z", 1, (-41, 28)),
    ),
    "derived_metar_malformed.txt": (
        *("2024-03-06T00:05Z", "partial", 7, 3, "2024-03-05T23:45:00Z", "2024-03-05T23:55:00Z", 3, (6.7, 15.5)),
    ),
}


@pytest.mark.parametrize("name", [name for name in EXPECTED if (SAMPLES / name).is_file()])
def test_real_bulletins_are_read(name: str) -> None:
    arrived, status, reports, stations, first, last, rejected, (lowest, highest) = EXPECTED[name]
    entry = surveyed((SAMPLES / name).read_bytes(), parse(arrived) if arrived else None)
    assert (entry.recognition.format, entry.status, entry.rows) == ("metar", status, reports)
    assert (len(entry.stations), entry.rejected) == (stations, rejected)
    assert (iso(entry.first or 0), iso(entry.last or 0)) == (first, last)
    (temperature,) = [column for column in entry.columns if column.parameter == "air_temperature"]
    assert (temperature.minimum_received, temperature.maximum_received) == (lowest, highest)


SAMPLE = (
    b"\x01\r\r\n123\r\r\nSAUS70 KWBC 060000 CCA\r\r\nMETAR\r\r\nKABC 052355Z AUTO 24008G15KT 210V270 1 1/2SM R04/2000FT -RA"
    b" BKN012 M02/M05 A2993 RMK AO2 SLP134 P0003 60009 T10201050 10142 21001 401221015 56012 $=\r\r\nSPECI COR ABCD 052350Z"
    b" 09010MPS 8000NW // NSC M02/// Q1003 NOSIG=\r\r\n2024/03/05 23:45\r\r\nABCD NIL=\r\r\n\x03"
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 30), st.binary(max_size=6)), max_size=6),
    st.binary(max_size=200),
    st.booleans(),
)
def test_no_bytes_make_it_fail(changes: list[tuple[int, int, bytes]], tail: bytes, only: bool) -> None:
    data = SAMPLE
    for at, count, new in changes:
        data = data[:at] + new + data[at + count :]
    data = b"METAR KABC 052355Z " + tail if only else data + tail
    entry = surveyed(data)
    assert entry.size == len(data)
    for piece in observations(io.BytesIO(data), Context(received=RECEIVED)):
        assert not isinstance(piece, Batch) or all(len(column) == len(piece.times) for column in piece.columns.values())


ASOS = (
    "24229KPDX PDX20170108032511501/08/17 03:25:31  5-MIN KPDX 081125Z 11006G14KT 10SM BKN055 02/M05 A2990 40 78 -1900 "
    "090/06G14 RMK AO2 T00171050\n"
    "24229KPDX PDX20170131233010401/31/17 23:30:31  5-MIN KPDX 010730Z VRB04KT 270V300 10SM CLR M02/M06 A2991 -40 75 M VRB/04 "
    "250V280 RMK AO2\n"
    "24229KPDX PDX20170131233509801/31/17 23:35:31  5-MIN KPDX 010735Z 00000KT 10SM CLR M01/M05 A2991 40 M -1800 000/00\n"
)


def test_five_minute_reports_of_asos_are_metars_of_the_date_beside_them() -> None:
    entry = survey(io.BytesIO(ASOS.encode()), Context(key="64010KPDX201701.dat"))
    assert (entry.recognition.format, entry.status, entry.rows) == ("asos-five-minutes", Status.OK, 3)
    assert (entry.stations, entry.rejects) == ({"KPDX": 3}, ())
    (batch,) = [p for p in observations(io.BytesIO(ASOS.encode()), Context(key="a")) if isinstance(p, Batch)]
    assert [iso(time) for time in batch.times] == ["2017-01-08T11:25:00Z", "2017-02-01T07:30:00Z", "2017-02-01T07:35:00Z"]
    assert batch.rows == [1, 2, 3]
    assert batch.columns[usual("air_temperature")].values == [1.7, -2.0, -1.0]
    assert batch.columns[usual("altimeter_setting")].received == ["A2990", "A2991", "A2991"]


def test_a_line_of_asos_that_is_damaged_is_a_reject_with_its_row() -> None:
    damaged = ASOS.replace("24229KPDX PDX20170131233010", "24229KPDX PDX2017013123x010")
    entry = survey(io.BytesIO(damaged.encode()), Context(key="a"))
    assert (entry.status, entry.rows, [reject.row for reject in entry.rejects]) == (Status.PARTIAL, 3, [2])
