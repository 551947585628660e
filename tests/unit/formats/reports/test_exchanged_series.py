"""Series and reports as networks exchange them: ZRXP, SMET, CLIMAT, CSIJSON and TOACI1. Each sample is generated."""

import io
import json
from collections.abc import Sequence

import pytest

from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.station import Station
from mesonet.formats.loggers import csijson as campbell
from mesonet.formats.reading import Context
from mesonet.formats.reports import climat
from mesonet.formats.survey import Survey, observations, survey
from tests.effort import within

HEAD = "#ZRXPVERSION3014.03|*|ZRXPCREATORTest|*|\n#SANR10015|*|SNAMEHill|*|TZUTC+1|*|RINVAL-777|*|\n"


def looked_at(text: str, key: str = "in/series.txt") -> Survey:
    return survey(io.BytesIO(text.encode()), Context(key=key))


def read(text: str) -> list[Batch]:
    return [p for p in observations(io.BytesIO(text.encode()), Context(key="in/series.txt")) if isinstance(p, Batch)]


def told(batches: Sequence[Batch]) -> dict[str, list[float | None]]:
    """Values by station and parameter."""
    found: dict[str, list[float | None]] = {}
    for batch in batches:
        for parameter, column in batch.columns.items():
            found.setdefault(f"{batch.station_id} {parameter.id}", []).extend(column.values)
    return found


def zrxp(name: str, unit: str, *rows: str, more: str = "") -> str:
    return f"{HEAD}#CNAME{name}|*|CUNIT{unit}|*|{more}\n#LAYOUT(timestamp,value,status)|*|\n" + "".join(
        f"{r} 40\n" for r in rows
    )


ZRXP = zrxp("Lufttemperatur", "°C", "20240101003000 4.5", "20240101004000 -777") + zrxp("TA", "K", "202401010100 273.15")


def test_zrxp_holds_any_number_of_series_each_with_its_head() -> None:
    text = "SANR7".join(ZRXP.rsplit("SANR10015", 1))
    entry = looked_at(text)
    assert (entry.recognition.format, entry.status, entry.rows) == ("zrxp", Status.OK, 3)
    assert "zone" not in entry.claims or entry.claims["zone"] == Claim.READ
    first, second = read(text)
    assert told([first, second]) == {"10015 air_temperature": [4.5, None], "7 air_temperature": [0.0]}
    assert (iso(first.times[0]), first.rows, second.rows) == ("2023-12-31T23:30:00Z", [5, 6], [11])
    stations = [p for p in observations(io.BytesIO(text.encode()), Context(key="a")) if isinstance(p, Station)]
    assert [(station.id, station.name) for station in stations] == [("10015", "Hill"), ("7", "Hill")]


def test_sums_of_zrxp_are_over_the_time_between_values_which_is_said() -> None:
    rows = [f"202401010{hour}0000 0.{hour}" for hour in range(4)]
    (parameter,) = told(read(zrxp("Niederschlag", "mm", *rows)))
    assert parameter == "10015 precipitation_amount:0:sum:PT1H"
    (parameter,) = told(read(zrxp("Niederschlag", "mm", *rows[:1], more="CMW144|*|")))
    assert parameter == "10015 precipitation_amount:0:sum:PT10M"
    assert "as the sum over PT1H" in looked_at(zrxp("Niederschlag", "mm", *rows)).why
    assert "over how long" in looked_at(zrxp("Niederschlag", "mm", *rows[:1])).why


@pytest.mark.parametrize(
    ("name", "unit"),
    [("Wasserstand", "cm"), ("Wassertemperatur", "°C"), ("Temperatur", "°C"), ("Luftdruck", "hPa"), ("Lufttemperatur", "hPa")],
)
def test_what_zrxp_does_not_name_beyond_doubt_is_left_and_named(name: str, unit: str) -> None:
    entry = looked_at(zrxp(name, unit, "20240101000000 4.5", "20240101010000 4.6"))
    assert read(zrxp(name, unit, "20240101000000 4.5")) == []
    assert (entry.status, entry.rows) == (Status.REJECTED, 2)
    assert name in entry.why


def test_rows_of_zrxp_that_cannot_be_read_are_rejects_with_their_row() -> None:
    text = zrxp("Lufttemperatur", "°C", "20240101003000 4.5", "20241301003000 4.5", "20240101004000 x")
    entry = looked_at(text + "20240101005000\n")
    assert [(reject.row, reject.column) for reject in entry.rejects] == [(8, None), (6, "timestamp"), (7, "Lufttemperatur")]
    assert (entry.status, entry.rows) == (Status.PARTIAL, 4)
    forecast = text.replace("(timestamp,value,status)", "(timestamp,value,forecast)")
    assert read(forecast) == []
    zone = looked_at(text.replace("TZUTC+1", "TZmoon"))
    assert next((reject.column, reject.value) for reject in zone.rejects) == ("TZ", "moon")


def test_a_layout_of_zrxp_is_understood_once_and_has_few_columns() -> None:
    wide = zrxp("Lufttemperatur", "°C", *["20240101003000 4.5"] * 2000).replace("value,status", "value" + ",x" * 20_000)
    entry = within(1, lambda: looked_at(wide))
    assert [(reject.row, reject.column, reject.reason) for reject in entry.rejects] == [
        (5, "LAYOUT", "the LAYOUT has over 50 columns")
    ]
    assert (entry.rows, read(wide)) == (2000, [])


def test_a_row_of_zrxp_with_more_fields_than_its_layout_is_a_reject() -> None:
    text = zrxp("Lufttemperatur", "°C").replace("value,status", "value") + "20240101003000 12,7\n20240101004000 12.9\n"
    assert [reject.row for reject in looked_at(text).rejects] == [5]
    assert told(read(text)) == {"10015 air_temperature": [12.9]}


def test_a_status_behind_the_value_of_zrxp_needs_no_layout() -> None:
    head = HEAD + "#CNAMELufttemperatur|*|CUNIT°C|*|\n"
    text = head + "20240101003000 12.7 40\n20240101004000 12.9\n20240101005000 12,8\n20240101010000 -777 255\n"
    assert told(read(text)) == {"10015 air_temperature": [12.7, 12.9, None]}
    assert [(reject.row, reject.value) for reject in looked_at(text).rejects] == [(6, "20240101005000 12,8")]


def test_a_head_of_zrxp_says_nothing_of_the_series_after_it() -> None:
    empty = "#REXCHANGE1|*|SANR1|*|CNAMELufttemperatur|*|CUNIT°C|*|RINVAL-999|*|\n"
    assert read(f"{empty}#REXCHANGE2|*|SANR2|*|CNR7|*|CUNIT°C|*|\n20240101120000 12.7\n") == []


def test_a_missing_value_of_zrxp_that_is_no_number_is_only_itself() -> None:
    text = zrxp("Lufttemperatur", "°C", "20240101003000 4.5", "20240101004000 abc", "20240101005000 gone")
    text = text.replace("RINVAL-777", "RINVALgone")
    assert [(reject.row, reject.value) for reject in looked_at(text).rejects] == [(6, "abc")]
    blank = zrxp("Lufttemperatur", "°C", "20240101003000 4.5", "20240101004000 -777").replace("RINVAL-777", "RINVAL")
    assert told(read(blank)) == {"10015 air_temperature": [4.5, None]}


@pytest.mark.parametrize(("path", "method"), [("Tag.Max", "maximum"), ("Tagesmittel", "mean"), ("Day.Min", "minimum")])
def test_what_of_a_day_a_series_of_zrxp_has_is_told_by_its_path(path: str, method: str) -> None:
    text = zrxp("Lufttemperatur", "°C", "20240101000000 4.5", more=f"TSPATH/10015/LT/{path}|*|CMW1|*|")
    assert list(told(read(text))) == [f"10015 air_temperature:2:{method}:P1D"]


@pytest.mark.parametrize(("more", "why"), [("CMW1|*|", "whether it is a mean"), ("TSPATH/1/LT/Tag.Summe|*|", "it is no sum")])
def test_a_series_of_zrxp_that_is_no_instant_and_does_not_say_what_is_left(more: str, why: str) -> None:
    text = zrxp("Lufttemperatur", "°C", "20240101000000 4.5", "20240102000000 5.5", more=more)
    assert read(text) == []
    assert why in looked_at(text).why


def test_blank_lines_below_the_word_climat_cost_no_time() -> None:
    within(0.5, lambda: climat.sniff(b"CLIMAT \n" + b"\n" * 65_528))


CLIMAT = (
    "CSDL01 EDZW 041200\r\r\nCLIMAT 02024\r\r\n10015 111 10123 20131 30054012\r\r\n 400801003 5078 60055408 7075098 8000000 "
    "222 3004512 =\r\r\n10020 111 1//// 20145 31012025 41001210350 5056 69999102=\r\r\n10022 NIL=\r\r\n"
)


def test_climat_tells_a_month_of_each_station() -> None:
    entry = looked_at(CLIMAT)
    assert (entry.recognition.format, entry.status) == ("climat", Status.PARTIAL)
    found = told(read(CLIMAT))
    north, south = "0-20000-0-10015 ", "0-20000-0-10020 "
    assert {name.removeprefix(north): values for name, values in found.items() if name.startswith(north)} == {
        "air_pressure:0:mean:P1M": [1012.3],
        "air_pressure_at_mean_sea_level:0:mean:P1M": [1013.1],
        "air_temperature:2:mean:P1M": [5.4],
        "air_temperature:2:maximum_within_days_mean_over_days:P1M": [8.0],
        "air_temperature:2:minimum_within_days_mean_over_days:P1M": [-0.3],
        "water_vapor_partial_pressure_in_air:2:mean:P1M": [7.8],
        "precipitation_amount:0:sum:P1M": [55.0],
        "duration_of_sunshine:0:sum:P1M": [4500.0],
    }
    assert found[south + "air_temperature:2:mean:P1M"] == [-1.2]
    assert found[south + "air_pressure:0:mean:P1M"] == [None]
    assert found[south + "precipitation_amount:0:sum:P1M"] == [0.0]  # less than a millimetre
    assert [(reject.column, reject.value, reject.reason) for reject in entry.rejects] == [
        ("10020", "41001210350", "no group of section 1")
    ]
    assert iso(entry.first or 0) == "2024-02-01T00:00:00Z"


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("05997", "1997-05-01"),
        ("05/14", "2014-05-01"),
        ("052014", "2014-05-01"),
        ("05 98", "1998-05-01"),
        ("05024", "2024-05-01"),
    ],
)
def test_the_year_of_climat_has_two_three_or_four_figures(written: str, first: str) -> None:
    entry = looked_at(f"CLIMAT {written}\n10015 111 10123 20131=\n")
    assert (entry.status, iso(entry.first or 0)[:10]) == (Status.OK, first)


def test_the_height_of_a_pressure_level_is_no_pressure_and_a_month_is_needed() -> None:
    entry = looked_at("CLIMAT 05024\n10961 111 17082 21508 30054012=\n")
    assert "the height of a pressure's level" in entry.rejects[0].reason
    assert list(told(read("CLIMAT 05024\n10961 111 17082 21508 30054012=\n")).values()) == [[708.2], [5.4]]
    assert "the height of a pressure's level" in looked_at("CLIMAT 05024\n11423 111 20836 30054012=\n").rejects[0].reason
    entry = looked_at("10015 111 10123=\nCLIMAT 05024\n10015 111 10123=\n")
    assert (entry.rows, entry.rejects[0].reason) == (2, "no line above says the month (CLIMAT MMJJJ)")


FIELDS = (("AirTC_Avg", "Deg C", "Avg"), ("RH", "%", "Smp"))


def csijson(*records: tuple[str, list[object]]) -> str:
    return json.dumps(
        {
            "head": {
                "transaction": 0,
                "signature": 26426,
                "environment": {"station_name": "Ridge", "table_name": "TenMin", "model": "CR1000X", "serial_no": "1234"},
                "fields": [{"name": n, "type": "xsd:float", "units": u, "process": p, "settable": False} for n, u, p in FIELDS],
            },
            "data": [{"time": time, "no": at, "vals": values} for at, (time, values) in enumerate(records)],
            "more": False,
        }
    )


ANSWER = csijson(("2024-05-01T00:10:00", [12.5, 81]), ("2024-05-01T00:20:00", ["NAN", 80.5]))


def test_what_a_logger_answers_as_json_is_read_like_its_table() -> None:
    entry = looked_at(ANSWER)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == ("csijson", Status.OK, 2, {"Ridge": 2})
    (batch,) = read(ANSWER)
    assert told([batch]) == {"Ridge air_temperature:2:mean:PT10M": [12.5, None], "Ridge relative_humidity": [81.0, 80.5]}
    assert (batch.rows, iso(batch.times[0])) == ([1, 2], "2024-05-01T00:10:00Z")
    broken = looked_at(csijson(("2024-05-01T00:10:00", [12.5, 81]), ("2024-05-01T00:20:00", [1]), ("soon", [1, 2])))
    assert sorted(reject.row or 0 for reject in broken.rejects) == [2, 3]


XML = (
    '<?xml version="1.0" standalone="yes"?>\n<csixml version="1.0"><head><environment><station-name>Ridge</station-name>'
    "<table-name>TenMin</table-name><model>CR1000X</model><serial-no>1234</serial-no></environment><fields>"
    + "".join(f'<field name="{name}" type="xsd:float" units="{unit}" process="{process}"/>' for name, unit, process in FIELDS)
    + '</fields></head><data>\n<r time="2024-05-01T00:10:00" no="0"><v1>12.5</v1><v2>81</v2></r>\n'
    '<r time="2024-05-01T00:20:00" no="1"><v1>NAN</v1><v2>80.5</v2></r>\n</data></csixml>\n'
)


def test_what_a_logger_writes_as_xml_is_read_like_its_table() -> None:
    entry = looked_at(XML)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == ("csixml", Status.OK, 2, {"Ridge": 2})
    (batch,) = read(XML)
    assert told([batch]) == {"Ridge air_temperature:2:mean:PT10M": [12.5, None], "Ridge relative_humidity": [81.0, 80.5]}
    assert (batch.rows, iso(batch.times[0])) == ([1, 2], "2024-05-01T00:10:00Z")
    cut = looked_at(XML[: XML.index('<r time="2024-05-01T00:20')] + "<r>")
    assert (cut.status, cut.rows, "ends in its middle" in cut.rejects[-1].reason) == (Status.PARTIAL, 1, True)


def test_documents_of_other_stations_and_tables_are_rejected_with_their_first_record() -> None:
    other, later = ANSWER.replace("Ridge", "Valley"), ANSWER.replace("05-01", "05-02")
    entry = looked_at("\n".join((ANSWER, other, ANSWER.replace("TenMin", "Daily"), later)))
    assert (entry.stations, entry.rows) == ({"Ridge": 4}, 8)
    assert [(reject.row, reject.reason.split(":")[0]) for reject in entry.rejects] == [
        (3, "a document of another station, Valley"),
        (5, "a document of another table, Daily, or with other fields"),
    ]
    assert [row for batch in read("\n".join((ANSWER, other, later))) for row in batch.rows] == [1, 2, 5, 6]


def test_documents_of_a_logger_are_read_one_by_one() -> None:
    stream = io.BytesIO(f"{ANSWER}\n".encode() * 4_000)
    next(piece for piece in campbell.read(stream, Context(key="in/series.txt")) if isinstance(piece, Batch))
    assert stream.tell() < len(stream.getbuffer()) / 2


def test_toaci1_is_read_by_what_its_names_say() -> None:
    rows = '"2009-01-01 00:00:00",0,-3.2,81.2,2.1\n"2009-01-01 00:10:00",1,-3.3,81.0,2.2\n'
    text = '"TOACI1","Hill","Table1"\n"TMSTAMP","RECNBR","AirTC_Avg","RH","WS_ms_S_WVT"\n' + rows
    entry = looked_at(text)
    assert (entry.recognition.format, entry.status, entry.rows) == ("toa5", Status.OK, 2)
    assert "station Hill, table Table1" in entry.why
    assert told(read(text)) == {
        "Hill air_temperature:2:mean:PT10M": [-3.2, -3.3],
        "Hill wind_speed:10:mean:PT10M": [2.1, 2.2],
    }


SMET = (
    "SMET 1.1 ASCII\n[HEADER]\nstation_id       = WFJ2\nstation_name = Weissfluhjoch\nlatitude = 46.829641\n"
    "longitude = 9.809251\naltitude = 2536.0 # of the ground\nnodata = -999\ntz = 1\n"
    "fields = timestamp TA RH VW VW_MAX DW PSUM HS TSS\n"
    "units_offset = 0 273.15 0 0 0 0 0 0 0\nunits_multiplier = 1 1 0.01 1 1 1 1 1 2\n[DATA]\n"
    "2024-01-01T00:30 -4.5 81 3.1 5.2 270 0.2 1.25 270.1\n2024-01-01T01:00 -999 -999.0 3.0 5.0 271 0 1.26 270.0\n"
)


def test_smet_says_where_the_station_is_and_in_which_units_its_fields_are() -> None:
    entry = looked_at(SMET)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == ("smet", Status.OK, 2, {"WFJ2": 2})
    (batch,) = read(SMET)
    assert told([batch]) == {
        "WFJ2 air_temperature": [-4.5, None],
        "WFJ2 relative_humidity": [81.0, None],
        "WFJ2 wind_speed": [3.1, 3.0],
        "WFJ2 wind_speed_of_gust:10:maximum:PT30M": [5.2, 5.0],
        "WFJ2 wind_from_direction": [270.0, 271.0],
        "WFJ2 precipitation_amount:0:sum:PT30M": [0.2, 0.0],
        "WFJ2 surface_snow_thickness": [1250.0, 1260.0],
    }
    assert (iso(batch.times[0]), batch.rows) == ("2023-12-31T23:30:00Z", [14, 15])
    (station,) = [p for p in observations(io.BytesIO(SMET.encode()), Context(key="a")) if isinstance(p, Station)]
    assert (station.position, station.elevation_m, station.name) == ((46.829641, 9.809251), 2536.0, "Weissfluhjoch")
    assert "TSS was not taken" in entry.why
    plain = SMET.replace("units_offset", "offset").replace("units_multiplier", "multiplier").replace(" -4.5 81", " 268.65 0.81")
    assert told(read(plain))["WFJ2 air_temperature"] == [-4.5, None]
    assert told(read(plain))["WFJ2 relative_humidity"] == [81.0, None]


def test_two_fields_of_smet_with_one_name_are_in_units_of_their_own() -> None:
    text = "SMET 1.1 ASCII\n[HEADER]\nstation_id = A\ntz = 1\nfields = timestamp TA TA\nunits_offset = 0 0 273.15\n[DATA]\n"
    assert told(read(f"{text}2024-01-01T00:00 274.15 1.5\n")) == {"A air_temperature": [1.0]}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[DATA]\n", "", "no [DATA]"),
        ("timestamp TA", "julian TA", "no timestamp"),
        ("tz = 1", "tz = east", "no number of hours"),
        ("units_offset = 0", "units_offset =", "a number for each field"),
    ],
)
def test_a_head_of_smet_that_is_wrong_says_what(old: str, new: str, reason: str) -> None:
    entry = looked_at(SMET.replace(old, new))
    assert entry.status == Status.REJECTED
    assert reason in entry.rejects[0].reason


def test_a_head_of_smet_without_zone_and_station_is_said() -> None:
    entry = looked_at(SMET.replace("tz = 1\n", "").replace("station_id ", "other "))
    assert (entry.claims["zone"], entry.claims["station"]) == (Claim.INFERRED, Claim.INFERRED)
    assert list(entry.stations) == ["smet_series"]


SUTRON = (
    "01/31/2024,00:00:00,AT,4.20,C,G\n01/31/2024,00:00:00,RH,88.1,%,G\n01/31/2024,00:00:00,Batt,12.9,V,G\n"
    "01/31/2024,00:15:00,AT,-99.0,C,B\n01/31/2024,00:15:00,RH,88.3,%,U\n01/31/2024,00:15:00,Precip,12.0,mm,G\n"
)


def test_a_log_of_sutron_has_a_label_a_unit_and_a_quality_in_each_line() -> None:
    entry = looked_at(SUTRON)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == (
        "sutron",
        Status.OK,
        6,
        {"sutron_series": 4},
    )
    assert (entry.claims["zone"], entry.claims["station"]) == (Claim.INFERRED, Claim.INFERRED)
    assert "no parameter for them: Batt, Precip" in entry.why
    assert told(read(SUTRON)) == {
        "sutron_series air_temperature": [4.2, -99.0],
        "sutron_series relative_humidity": [88.1, 88.3],
    }
    flags = {p.id: c.flags for batch in read(SUTRON) for p, c in batch.columns.items()}
    assert flags == {"air_temperature": [2, 4], "relative_humidity": [2, 3]}


def test_a_line_of_sutron_that_is_damaged_and_labels_that_are_not_known_are_said() -> None:
    entry = looked_at(SUTRON + "01/31/2024,00:30\n02/31/2024,00:30:00,AT,4.2,C,G\n")
    assert (entry.status, [reject.row for reject in entry.rejects]) == (Status.PARTIAL, [7, 8])
    entry = looked_at("01/31/2024,00:00:00,Temp,4.20,C,G\n01/31/2024,00:15:00,Stage,4.20,m,G\n")
    assert (entry.status, entry.rejects[0].reason) == (
        Status.REJECTED,
        "no label and its unit are those of a quantity that is known",
    )


def test_a_line_of_sutron_may_hold_several_values_and_what_happened_is_told_and_no_damage() -> None:
    lines = "04/02/2024,09:23:45,AT,20.50,C,G,RH,55.1,%,B\n04/02/2024,09:23:53,Setup Change,,G\n"
    lines += "04/02/2024,09:30:00,Reset Powerup,1\n04/02/2024,09:38:45,AT,20.70,C,G,RH,54.1,%,G,X,1\n"
    entry = looked_at(lines)
    assert (entry.recognition.format, entry.status, entry.rows, entry.rejected) == ("sutron", Status.OK, 4, 0)
    assert "no parameter for them: Setup Change, Reset Powerup, X" in entry.why
    (batch,) = read(lines)
    assert {p.id: (c.values, c.flags) for p, c in batch.columns.items()} == {
        "air_temperature": ([20.5, 20.7], [2, 2]),
        "relative_humidity": ([55.1, 54.1], [4, 2]),
    }


def test_rows_of_a_station_whose_number_is_no_identifier_are_told_of_once() -> None:
    head = "#ZRXPVERSION3014.03|*|\n#SANR10/015|*|TZUTC+1|*|\n"
    series = f"{head}#CNAMELufttemperatur|*|CUNIT°C|*|\n#LAYOUT(timestamp,value)|*|\n20240101003000 4.5\n"
    entry = looked_at(series)
    assert (entry.status, [reject.column for reject in entry.rejects]) == (Status.REJECTED, ["SANR"])
    assert read(series) == []
