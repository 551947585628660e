import io
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import parse, usual
from mesonet.domain.station import Authority, Station
from mesonet.formats import joined
from mesonet.formats.loggers import toa5
from mesonet.formats.loggers.toa5_sections import Section
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.times import iso_duration
from mesonet.record import replace
from tests.damage import damaged
from tests.real_files import SAMPLES

ENVIRONMENT = '"TOA5","Ridge","CR1000X","1234","CR1000X.Std.05.01","CPU:ridge.CR1X","44622","TenMin"'
COLUMNS = (
    ("AirTC_Avg", "Deg C", "Avg"),
    ("AirTC_Max", "Deg C", "Max"),
    ("RH", "%", "Smp"),
    ("WS_ms_S_WVT", "meters/second", "WVc"),
    ("WindDir_D1_WVT", "Deg", "WVc"),
    ("WindDir_SD1_WVT", "Deg", "WVc"),
    ("BP_mbar_Avg", "mbar", "Avg"),
    ("Rain_mm_Tot", "mm", "Tot"),
    ("SlrW_Avg", "W/m^2", "Avg"),
    ("BattV_Min", "Volts", "Min"),
)
RECORDS = (
    '"2024-05-01 00:10:00",0,12.5,13,81.2,3.1,270,12.1,1001.2,0.2,0,12.9',
    '"2024-05-01 00:20:00",1,12.4,12.9,"NAN",3.2,271,11.8,1001.1,0,0,12.8',
    '"2024-05-01 00:30:00",2,12.3,12.8,82,3.4,275,10.9,1001,0.4,1.5,12.8',
)
MAPPING = Mapping(
    prefix="",
    station="ridge",
    time=TimeColumns(columns=("TIMESTAMP",), zone="+02:00"),
    columns=(
        MappedColumn(column="AirTC_Avg", parameter=usual("air_temperature"), unit="Cel"),
        MappedColumn(column="RH", parameter=usual("relative_humidity"), unit="%"),
    ),
    missing=("-1",),
)


def table(
    columns: Sequence[tuple[str, str, str]] = COLUMNS,
    records: Sequence[str] = RECORDS,
    *,
    environment: str | None = ENVIRONMENT,
    ending: str = "\r\n",
) -> bytes:
    lines = [environment] if environment else []
    for first, second, at in (("TIMESTAMP", "RECORD", 0), ("TS", "RN", 1), ("", "", 2)):
        lines.append(",".join(f'"{field}"' for field in (first, second, *(column[at] for column in columns))))
    return (ending.join([*lines, *records]) + ending).encode()


def surveyed(data: bytes, mapping: Mapping | None = None) -> Survey:
    return survey(io.BytesIO(data), Context(mapping=mapping))


def loaded(data: bytes, mapping: Mapping | None = None) -> list[Batch | Station]:
    return list(observations(io.BytesIO(data), Context(mapping=mapping)))


def taken(columns: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    records = [f'"2024-05-01 0{hour}:00:00",{hour}' + ",1" * len(columns) for hour in range(3)]
    return {facts.name: facts.parameter for facts in surveyed(table(columns, records)).columns if facts.parameter}


@pytest.mark.parametrize("order", [1, -1, 7])
def test_the_interval_is_that_of_the_table_whatever_the_order_of_its_records(order: int) -> None:
    records = [f'"2024-05-01 0{hour}:{minute}0:00",{hour},1' for hour in range(10) for minute in range(6)]
    records = [records[at * order % 60] for at in range(60)]
    found = surveyed(table([("AirTC_Avg", "Deg C", "Avg")], records))
    assert [facts.parameter for facts in found.columns if facts.parameter] == ["air_temperature:2:mean:PT10M"]


def test_one_record_between_others_that_have_no_order_is_not_their_interval() -> None:
    hours = [*range(8), 3.5, 2, 1, *range(8, 24)]
    records = [f'"2024-05-21 {int(hour):02d}:{int(hour % 1 * 60):02d}:00",{at},1' for at, hour in enumerate(hours)]
    found = surveyed(table([("AirTC_Avg", "Deg C", "Avg")], records))
    assert [facts.parameter for facts in found.columns if facts.parameter] == ["air_temperature:2:mean:PT1H"]


def test_columns_mean_what_name_unit_and_process_say_together() -> None:
    entry = surveyed(table())
    assert (entry.status, entry.recognition.format, entry.rows, entry.rejected) == (Status.OK, "toa5", 3, 0)
    assert entry.stations == {"Ridge": 3}
    assert {facts.name: facts.parameter for facts in entry.columns if facts.parameter} == {
        "AirTC_Avg": "air_temperature:2:mean:PT10M",
        "AirTC_Max": "air_temperature:2:maximum:PT10M",
        "RH": "relative_humidity",
        "WS_ms_S_WVT": "wind_speed:10:mean:PT10M",
        "WindDir_D1_WVT": "wind_from_direction:10:mean:PT10M",
        "BP_mbar_Avg": "air_pressure:0:mean:PT10M",
        "Rain_mm_Tot": "precipitation_amount:0:sum:PT10M",
        "SlrW_Avg": "surface_downwelling_shortwave_flux_in_air:2:mean:PT10M",
    }
    assert "AirTC_Avg as air_temperature:2:mean:PT10M in Deg C" in entry.why
    assert "model CR1000X, serial number 1234" in entry.why
    assert "taken as UTC" in entry.why


def test_a_record_stands_at_the_end_of_its_interval_with_text_and_unit_as_received() -> None:
    (batch,) = loaded(table())
    assert isinstance(batch, Batch)
    assert [iso(at) for at in batch.times] == ["2024-05-01T00:10:00Z", "2024-05-01T00:20:00Z", "2024-05-01T00:30:00Z"]
    assert batch.rows == [5, 6, 7]
    humidity = batch.columns[usual("relative_humidity")]
    assert (humidity.values, humidity.received, humidity.flags) == ([81.2, None, 82.0], ["81.2", "NAN", "82"], [2, 9, 2])
    pressure = batch.columns[parse("air_pressure:0:mean:PT10M")]
    assert (pressure.values[0], pressure.unit, pressure.unit_received) == (1001.2, "hPa", "mbar")


def test_what_is_not_recognised_is_described_with_its_unit_and_no_parameter() -> None:
    facts = {each.name: each for each in surveyed(table()).columns}
    assert (facts["BattV_Min"].parameter, facts["BattV_Min"].unit_received, facts["BattV_Min"].minimum_received) == (
        None,
        "Volts",
        12.8,
    )
    assert facts["WindDir_SD1_WVT"].parameter is None
    assert (facts["TIMESTAMP"].kind, facts["RECORD"].maximum_received) == ("time", 2.0)


@pytest.mark.parametrize(
    ("column", "parameter"),
    [
        (("AirTF_Avg", "Deg F", "Avg"), "air_temperature:2:mean:PT1H"),
        (("AirTempK", "K", "Smp"), "air_temperature"),
        (("AirTempK", "", "Smp"), "air_temperature"),
        (("AirTemp_HC2S3_S01", "Deg C", "Smp"), "air_temperature"),
        (("AirTC_10m_Avg", "degC", "Avg"), "air_temperature:10:mean:PT1H"),
        (("AirT_Std", "Deg F", "Std"), "air_temperature:2:standard_deviation:PT1H"),
        (("TdC", "Deg C", "Smp"), "dew_point_temperature"),
        (("RH_2", "%", "Smp"), "relative_humidity"),
        (("WSpeed", "m/s", "WVc"), "wind_speed:10:mean:PT1H"),
        (("WS_ms_Max", "m/s", "Max"), "wind_speed:10:maximum:PT1H"),
        (("WindGust", "m/s", "Max"), "wind_speed_of_gust:10:maximum:PT1H"),
        (("Baro", "kPa", "Smp"), "air_pressure"),
        (("SLP_mbar", "mbar", "Smp"), "air_pressure_at_mean_sea_level"),
        (("Rain_in_Tot", "inch", "Tot"), "precipitation_amount:0:sum:PT1H"),
        (("SlrkW_Avg", "kW/m^2", "Avg"), "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H"),
        (("SoilTC_5cm_Avg", "Deg C", "Avg"), "soil_temperature:-0.05:mean:PT1H"),
        (("VWC_5cm_Avg", "m^3/m^3", "Avg"), "volume_fraction_of_condensed_water_in_soil:-0.05:mean:PT1H"),
        (("SoilVWC_20cm", "%", "Smp"), "volume_fraction_of_condensed_water_in_soil:-0.2:point:PT0S"),
        (("HMP155_T_Avg", "Deg C", "Avg"), "air_temperature:2:mean:PT1H"),
        (("T_HMP45C_10m", "Deg C", "Smp"), "air_temperature:10:point:PT0S"),
        (("WXT536_Ua", "%", "Smp"), "relative_humidity"),
        (("RMY05103_WS_Avg", "m/s", "Avg"), "wind_speed:10:mean:PT1H"),
        (("TE525_mm_Tot", "mm", "Tot"), "precipitation_amount:0:sum:PT1H"),
        (("CMP3_Wm2_Avg", "W/m^2", "Avg"), "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H"),
    ],
)
def test_names_that_the_field_uses_are_recognised(column: tuple[str, str, str], parameter: str) -> None:
    assert taken([column]) == {column[0]: parameter}


@pytest.mark.parametrize(
    "column",
    [
        ("AirTemp", "", "Smp"),  # no unit anywhere
        ("AirTempK", "Deg C", "Smp"),  # name and unit line differ
        ("AirTC_Max", "Deg C", "Smp"),  # a maximum that was sampled: over what time?
        ("AirTempMaxK", "K", "Smp"),
        ("AirTC_24h_Avg", "Deg C", "Avg"),
        ("AirTC_Tot", "Deg C", "Tot"),
        ("PTemp_C_Avg", "Deg C", "Avg"),  # the logger's panel
        ("Temp", "Deg C", "Smp"),
        ("T107_C", "Deg C", "Smp"),
        ("RH", "Volts", "Smp"),
        ("Rain_mm", "mm", "Smp"),  # a counter
        ("Rain_int", "mm/h", "Smp"),
        ("SoilTC", "Deg C", "Avg"),  # no depth
        ("VW_Avg", "m^3/m^3", "Avg"),
        ("VW_10cm", "m/s", "Smp"),
        ("WS_ms_U_WVT", "m/s", "WVc"),  # the resultant
        ("WindSonic_U", "m/s", "Avg"),  # a component, or the resultant
        ("WindDir_SD1_WVT", "Deg", "WVc"),
        ("WindDir_SD1", "Deg", "WVc"),
        ("AirTC_TMx", "Deg C", "TMx"),
        ("WSpeed10M_Avg", "m/s", "Smp"),
        ("SunHrs24", "hours", "Smp"),
        ("BP_Elevation", "m", "Smp"),
        ("PTB110_T_Avg", "Deg C", "Avg"),  # the barometer's own
        ("CMP3_mV_Avg", "mV", "Avg"),
        ("CMP3_out_Avg", "W/m^2", "Avg"),  # from below
        ("PTB110_P", "hPa", "Smp"),  # the station's, or reduced to the sea
    ],
)
def test_what_is_unclear_stays_a_column_that_nobody_has_mapped(column: tuple[str, str, str]) -> None:
    assert taken([column]) == {}


def test_a_table_of_which_no_column_is_recognised_is_unmapped_but_its_rows_are_counted() -> None:
    data = table((("Level", "m", "Smp"),), ['"2024-05-01 00:00:00",0,1.5', '"2024-05-01 01:00:00",1,1.6'])
    entry = surveyed(data)
    assert (entry.status, entry.stations, iso(entry.last or 0)) == (Status.UNMAPPED, {"Ridge": 2}, "2024-05-01T01:00:00Z")
    assert loaded(data) == []


@pytest.mark.parametrize(
    ("names", "first"),
    [(("AirTC", "AirTemp_2"), 0), (("AirTC_2", "AirTC_1"), 1), (("AirTC(2)", "AirTC(1)"), 1), (("AirTC_2", "AirTC"), 1)],
)
def test_of_two_sensors_of_one_quantity_the_first_is_taken_and_the_other_named(names: Sequence[str], first: int) -> None:
    entry = surveyed(table([(name, "Deg C", "Smp") for name in names], ['"2024-05-01 00:00:00",0,1,2']))
    parameters = [facts.parameter for facts in entry.columns[2:]]
    assert parameters == ["air_temperature" if at == first else None for at in (0, 1)]
    assert f"left out was {names[1 - first]} beside {names[first]}" in entry.why


def test_a_humidity_without_a_unit_is_percents_where_its_values_can_be_nothing_else() -> None:
    columns = (("RH", "", "Smp"), ("HMP155_T", "Deg C", "Smp"), ("AirTC", "Deg C", "Smp"))
    for first, last, unit in ((41, 97.5, "%"), (0.41, 0.975, None), (41, 400, None)):
        entry = surveyed(table(columns, [f'"2024-05-01 00:00:00",0,{first},1,2', f'"2024-05-01 01:00:00",1,{last},1,2']))
        (humidity,) = (each for each in entry.columns if each.name == "RH")
        assert (humidity.unit, humidity.claim) == (unit, Claim.INFERRED if unit else None)
        assert ("RH has no unit and was taken as %, which alone 41 to 97.5 can be" in entry.why) == (unit is not None)
    assert "left out was HMP155_T beside AirTC" in entry.why  # whose own name says it


def test_two_sensors_at_heights_of_their_own_are_both_taken() -> None:
    entry = surveyed(table((("AirTC_2m", "Deg C", "Smp"), ("AirTC_10m", "Deg C", "Smp")), ['"2024-05-01 00:00:00",0,1,2']))
    assert [facts.parameter for facts in entry.columns[2:]] == ["air_temperature", "air_temperature:10:point:PT0S"]
    assert "left out" not in entry.why


def test_a_further_sensor_that_stands_alone_is_taken_and_said() -> None:
    entry = surveyed(table((("AirTC_2", "Deg C", "Smp"),), ['"2024-05-01 00:00:00",0,1']))
    assert entry.columns[2].parameter == "air_temperature"
    assert "AirTC_2, by the number a further sensor" in entry.why


def test_a_standard_deviation_loses_no_zero() -> None:
    columns = (("AirTF_Std", "Deg F", "Std"),)
    (batch,) = loaded(table(columns, ['"2024-05-01 00:00:00",0,9', '"2024-05-01 00:01:00",1,1.8']))
    assert isinstance(batch, Batch)
    assert batch.columns[parse("air_temperature:2:standard_deviation:PT1M")].values == [5.0, 1.0]


def test_values_that_cannot_be_are_kept_flagged_as_failed_and_a_unit_that_fits_is_named() -> None:
    data = table(
        (("BP", "hPa", "Smp"), ("RH", "%", "Smp")), ['"2024-05-01 00:00:00",0,94399,55', '"2024-05-01 01:00:00",1,94401,-99']
    )
    (batch,) = loaded(data)
    assert isinstance(batch, Batch)
    pressure, humidity = batch.columns[usual("air_pressure")], batch.columns[usual("relative_humidity")]
    assert (pressure.values, pressure.flags, humidity.flags) == ([94399.0, 94401.0], [4, 4], [2, 4])
    why = surveyed(data).why
    assert (
        "BP goes from 94399 to 94401, which air_pressure in hPa cannot; what is out of bounds is flagged as failed; in Pa"
        in why
    )
    assert "RH goes from -99 to 55" in why


def test_infinity_is_rejected_and_the_rest_of_the_row_is_taken() -> None:
    data = table(
        (("AirTC", "Deg C", "Smp"), ("RH", "%", "Smp")),
        ['"2024-05-01 00:00:00",0,"INF",55', '"2024-05-01 01:00:00",1,"-INF",56'],
    )
    entry = surveyed(data)
    assert entry.status is Status.PARTIAL
    assert [(each.row, each.column, each.value) for each in entry.rejects] == [(5, "AirTC", "INF"), (6, "AirTC", "-INF")]
    assert entry.stations == {"Ridge": 2}


def test_gaps_and_repeats_of_the_record_number_are_said() -> None:
    records = [RECORDS[0], RECORDS[1], RECORDS[1], RECORDS[2].replace(",2,", ",9,")]
    entry = surveyed(table(records=records))
    assert (entry.status, entry.rows) == (Status.OK, 4)
    assert "RECORD jumps 1 times, over 7 records that are not in the file" in entry.why
    assert "1 rows repeat TIMESTAMP and RECORD" in entry.why
    assert "steps back" not in entry.why
    entry = surveyed(table(records=[RECORDS[0].replace(",0,", ",77,"), RECORDS[1].replace(",1,", ",0,")]))
    assert "RECORD steps back 1 times" in entry.why


def test_the_first_line_may_be_lost_where_a_column_names_the_station() -> None:
    columns = (("Station_ID", "", "Smp"), ("AirTC", "Deg C", "Smp"))
    records = ['"2024-05-01 00:00:00",0,"0-454-2-AWSX",1', '"2024-05-01 01:00:00",1,"0-454-2-AWSY",2']
    for environment in (None, ENVIRONMENT):
        entry = surveyed(table(columns, records, environment=environment))
        assert (entry.status, entry.stations) == (Status.OK, {"0-454-2-AWSX": 1, "0-454-2-AWSY": 1})
    assert "the first line says 'Ridge'" in entry.why


@pytest.mark.parametrize(
    ("environment", "key", "station"),
    [
        (None, "north/ridge-2024-05-01.dat", "toa5_ridge"),
        (None, "ridge/2024-05-01.dat", "toa5_ridge"),
        (ENVIRONMENT.replace("Ridge", ""), "north/CR1000X_Lake_TenMin.dat", "toa5_CR1000X-Lake"),
        (ENVIRONMENT.replace("Ridge", "Site #4"), "north/lake_TenMin.dat", "toa5_lake"),
        (ENVIRONMENT.replace("Ridge", ""), "north/Lake_TenMinutes_TenMin.dat", "toa5_Lake-TenMinutes"),
        (
            ENVIRONMENT.replace("Ridge", ""),
            "north/ridge/TenMin_2024_05_01_0000.dat",
            "toa5_ridge",
        ),  # all loggers have this table
    ],
)
def test_a_station_that_the_file_does_not_name_is_called_after_it(environment: str | None, key: str, station: str) -> None:
    data = table(environment=environment)
    entry = survey(io.BytesIO(data), Context(key=key), again=lambda: io.BytesIO(data))
    assert (entry.status, entry.rows, entry.stations, entry.rejected) == (Status.OK, 3, {station: 3}, 0)
    assert entry.claims["station"] is Claim.INFERRED
    assert f"it is called {station} after the file; a mapping with station.id can say which it is" in entry.why


def test_a_mapping_names_the_station_that_the_file_does_not_though_it_speaks_of_other_columns() -> None:
    data = table(environment=None)
    mapping = replace(MAPPING, time=TimeColumns(columns=("when",)))
    entry = survey(io.BytesIO(data), Context(key="a/b.dat", mapping=mapping))
    assert (entry.stations, entry.claims["station"]) == ({"ridge": 3}, Claim.CONFIGURED)
    assert "it is ridge, as the mapping says" in entry.why
    assert survey(io.BytesIO(table()), Context(key="a/b.dat", mapping=mapping)).stations == {"Ridge": 3}


def test_a_column_of_the_file_tells_the_height_of_the_sensors() -> None:
    columns = (("Temp_H", "m", "Smp"), ("WSpeed_height", "", "Smp"), ("AirTC", "Deg C", "Smp"), ("WS_ms", "m/s", "Smp"))
    facts = surveyed(table(columns, ['"2024-05-01 00:00:00",0,1.5,3,20,4'])).columns
    assert [each.parameter for each in facts[4:]] == ["air_temperature:1.5:point:PT0S", "wind_speed:3:point:PT0S"]


def test_one_record_tells_no_interval_but_the_table_s_name_may() -> None:
    entry = surveyed(table(records=RECORDS[:1]))
    assert [facts.parameter for facts in entry.columns if facts.parameter] == ["relative_humidity"]
    assert "one record and no name of the table tell over how long AirTC_Avg, AirTC_Max," in entry.why
    entry = surveyed(table(records=RECORDS[:1], environment=ENVIRONMENT.replace("TenMin", "Table_10min")))
    assert "air_temperature:2:mean:PT10M" in [facts.parameter for facts in entry.columns]
    entry = surveyed(table(records=RECORDS[:1], environment=ENVIRONMENT.replace("TenMin", "Daily")))
    assert "air_temperature:2:mean:PT24H" in [facts.parameter for facts in entry.columns]


def test_a_gap_beside_one_interval_is_not_taken_for_the_interval() -> None:
    column = (("AirTC_Avg", "Deg C", "Avg"),)
    hours = [f'"2024-05-01 {hour}:00:00",{at},20' for at, hour in enumerate(("00", "01", "23"))]
    assert surveyed(table(column, hours)).columns[-1].parameter == "air_temperature:2:mean:PT1H"


def test_the_file_s_own_utc_is_pointed_out() -> None:
    names = ("M_Year", "M_Month", "M_DayOfMonth", "M_HourOfDay", "M_Minutes", "RH")
    columns = [(name, "%" if name == "RH" else "", "Smp") for name in names]
    why = surveyed(table(columns, ['"2024-05-01 02:00:00",0,2024,5,1,0,0,50'])).why
    assert "the columns M_Year … M_Minutes run 2:00 h behind TIMESTAMP, as UTC would" in why
    why = surveyed(table((("TimeUTC", "", "Smp"), ("RH_Utc", "%", "Smp")), ['"2024-05-01 02:00:00",0,1,50'])).why
    assert "RH_Utc may hold the time in UTC" in why


def test_a_station_is_placed_by_its_own_columns_where_they_are_degrees() -> None:
    columns = (("Latitude", "", "Smp"), ("Longitude", "", "Smp"), ("Elevation", "m", "Smp"), ("RH", "%", "Smp"))
    found = [
        each for each in loaded(table(columns, ['"2024-05-01 00:00:00",0,-15.84,35.27,806,50'])) if isinstance(each, Station)
    ]
    assert found == [Station(id="Ridge", latitude=-15.84, longitude=35.27, elevation_m=806.0, authority=Authority.DATA_FILE)]
    entry = surveyed(table(columns, ['"2024-05-01 00:00:00",0,5541.31,01234.9,806,50']))
    assert (entry.bbox, entry.status) == (None, Status.OK)
    assert "'5541.31' is no latitude in degrees" in entry.why


def test_the_operator_s_mapping_decides_columns_station_and_zone_and_skips_the_lines_of_units() -> None:
    for environment, first in ((ENVIRONMENT, 5), (None, 4)):
        data = table(environment=environment)
        entry = surveyed(data, MAPPING)
        assert (entry.recognition.format, entry.status, entry.rows, entry.rejected) == ("csv", Status.OK, 3, 0)
        assert "toa5" in entry.recognition.others
        (batch,) = loaded(data, MAPPING)
        assert isinstance(batch, Batch)
        assert (batch.station_id, batch.rows[0], iso(batch.times[0])) == ("ridge", first, "2024-04-30T22:10:00Z")
        assert batch.columns[usual("relative_humidity")].flags == [2, 9, 2]


def test_a_mapping_that_does_not_fit_still_tells_the_zone() -> None:
    mapping = Mapping(prefix="", station_column="nowhere", time=MAPPING.time, columns=MAPPING.columns)
    entry = surveyed(table(), mapping)
    assert (entry.recognition.format, iso(entry.first or 0)) == ("toa5", "2024-04-30T22:10:00Z")
    assert "TIMESTAMP was taken in the mapping's zone +02:00" in entry.why


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_and_quotes_do_not_matter(ending: str) -> None:
    for data in (table(ending=ending), table(ending=ending).replace(b'"', b""), b"\xef\xbb\xbf" + table(ending=ending)):
        entry = surveyed(data)
        assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == ("toa5", Status.OK, 3, {"Ridge": 3})


def rows_of(data: bytes) -> dict[int, tuple[str, dict[str, float | None]]]:
    """By row the station and what it says, by parameter."""
    return {
        row: (piece.station_id, {parameter.standard_name: column.values[at] for parameter, column in piece.columns.items()})
        for piece in loaded(data)
        if isinstance(piece, Batch)
        for at, row in enumerate(piece.rows)
    }


SMALL = (("AirTC", "Deg C", "Smp"), ("RH", "%", "Smp"))
TAKEN = {"air_temperature": 12.5, "relative_humidity": 81.0}


def test_the_same_first_lines_once_more_are_no_records() -> None:
    one = table(SMALL, ['"2024-05-01 00:10:00",0,12.5,81'])
    data = one + table(SMALL, ['"2024-05-01 00:20:00",0,12.5,81'], environment=ENVIRONMENT.replace("44622", "1")) + one
    assert rows_of(data) == {5: ("Ridge", TAKEN), 10: ("Ridge", TAKEN), 15: ("Ridge", TAKEN)}
    entry = surveyed(data)
    assert (entry.status, entry.rows, [column.values for column in entry.columns if column.name == "RH"]) == (Status.OK, 3, [3])
    assert "other first lines" not in entry.why


def test_rows_below_other_first_lines_are_read_by_those() -> None:
    """A logger whose program was changed goes on in its file; whoever puts files together appends another station's."""
    data = table(SMALL, ['"2024-05-01 00:10:00",0,12.5,81'])
    data += table(SMALL[::-1], ['"2024-05-01 00:20:00",1,81,12.5', '"2024-05-01 00:30:00",2,spam,12.5'])
    data += table((*SMALL, ("BP_mbar", "mbar", "Smp")), ['"2024-05-01 00:40:00",0,12.5,81,1001'])
    data += table(SMALL, ['"2024-05-01 00:10:00",0,12.5,81'], environment=ENVIRONMENT.replace("Ridge", "Valley"))
    found = rows_of(data)
    assert found[5] == found[10] == ("Ridge", TAKEN)
    assert found[16] == ("Ridge", TAKEN | {"air_pressure": 1001.0})
    assert found[21] == ("Valley", TAKEN)
    entry = surveyed(data)
    assert [(reject.row, reject.column, reject.value) for reject in entry.rejects] == [(11, "RH", "spam")]
    assert (entry.rows, entry.stations) == (5, {"Ridge": 4, "Valley": 1})
    assert "other first lines stand in row 6 and 2 times below it: what is below them was read by their own names" in entry.why
    assert {column.name: column.values for column in entry.columns} == {
        "TIMESTAMP": 5,
        "RECORD": 5,
        "AirTC": 5,
        "RH": 4,
        "BP_mbar": 1,
    }


def test_what_is_nothing_but_first_lines_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined, "MOST", 2)
    one, other = (table(order, ['"2024-05-01 00:10:00",0,12.5,12.5']) for order in (SMALL, SMALL[::-1]))
    assert surveyed(one + other + one).status is Status.OK
    entry = surveyed(one + other + one + other)
    assert "more than 2 places" in entry.rejects[-1].reason
    assert entry.rejects[-1].row == 16


@pytest.mark.parametrize("size", [1, 7, 64, 300])
def test_first_lines_may_lie_across_blocks(size: int) -> None:
    data = table(SMALL, ['"2024-05-01 00:10:00",0,12.5,81']) + table(SMALL[::-1], ['"2024-05-01 00:20:00",1,81,12.5'])
    section = Section(io.BytesIO(data))
    given = b"".join(iter(lambda: section.read(size), b""))
    assert (given, given + section.rest, section.rows) == (table(SMALL, ['"2024-05-01 00:10:00",0,12.5,81']), data, 5)


def test_what_is_cut_or_ragged_is_said_and_the_rest_taken() -> None:
    entry = surveyed(table()[:-30])
    assert (entry.status, entry.stations) == (Status.PARTIAL, {"Ridge": 2})
    assert entry.rejects[0].reason == "the file ends in the middle of this row"
    entry = surveyed(table(records=[*RECORDS, '"2024-05-01 99:99:99"' + ",1" * 11]))
    assert (entry.rejects[0].row, entry.rejects[0].column) == (8, "TIMESTAMP")
    assert surveyed(table(records=[])).rejects[0].reason == "there are no records below the header"
    assert surveyed(ENVIRONMENT.encode()).status is Status.REJECTED


def test_durations_are_written_in_the_largest_unit_that_divides_them() -> None:
    assert [iso_duration(ms) for ms in (5, 500, 30_000, 90_000, 600_000, 3_600_000, 86_400_000)] == [
        "PT0.005S",
        "PT0.5S",
        "PT30S",
        "PT90S",
        "PT10M",
        "PT1H",
        "PT24H",
    ]


def test_other_tables_are_no_toa5() -> None:
    for data in (
        b"TIMESTAMP,RECORD,x\n2024-01-01,1,2\n",
        b"TOA5\n",
        b"",
        b"\x01TOA5,",
    ):
        assert toa5.sniff(data) is None


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_file_a_survey_ends_in_a_status(data: st.DataObject) -> None:
    whole = data.draw(damaged(table()))
    for mapping in (None, MAPPING):
        assert survey(io.BytesIO(whole), Context(mapping=mapping)).status in Status
        assert all(isinstance(piece, Batch | Station) for piece in loaded(whole, mapping))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_follows_the_first_word_a_survey_ends_in_a_status(rest: bytes) -> None:
    for start in (b'"TOA5",', b'TIMESTAMP,RECORD,AirTC\n"TS"', b'"TOA5","s"\n"TIMESTAMP"\n'):
        assert survey(io.BytesIO(start + rest)).status in Status


# --- real files, where the folder is there --------------------------------------------------------------------------------

MALAWI = "2021-11-18T11:55:00Z"
# name: status, rows, station, first, last, then a column's name, least and greatest value
EXPECTED: dict[str, tuple[Status, int, str, str, str, str, float, float]] = {
    "toa5_gcnet_10min_2022.dat": (
        Status.UNMAPPED, 11163, "31346", "2022-05-16T12:30:00Z", "2022-08-03T23:50:00Z", "Asp_temp_L", 8.7, 30,
    ),
    "toa5_hc2s3_20161201.dat": (
        Status.OK, 11520, "CR1000 - IP", "2016-12-01T00:00:00Z", "2016-12-04T23:59:30Z", "AirTemp_HC2S3_S01", -9.67947, 3.6776,
    ),
    "toa5_malawi_balaka_202111.csv": (Status.OK, 1, "0-454-2-AWSBALAKA", MALAWI, MALAWI, "AirTempK", 309.5, 309.5),
    "toa5_malawi_balaka_update.csv": (Status.OK, 1, "0-454-2-AWSBALAKA", MALAWI, MALAWI, "AirTempMaxK", 350.1, 350.1),
    "toa5_malawi_lobi_202111.csv": (
        Status.OK, 1, "0-454-2-AWSLOBI", "2021-11-11T14:55:00Z", "2021-11-11T14:55:00Z", "AirTempK", 305, 305,
    ),
    "toa5_malawi_toleza_202111.csv": (Status.OK, 1, "0-454-2-AWSTOLEZA", MALAWI, MALAWI, "AirTempK", 308.5, 308.5),
    "toa5_malawi_namitambo_202107.csv": (
        Status.OK, 16, "0-454-2-AWSNAMITAMBO", "2021-07-07T16:55:00Z", "2021-07-08T07:55:00Z", "AirTempK", 286.1, 289.5,
    ),
    "toa5_nohdr_namitambo.csv": (
        Status.OK, 16, "0-454-2-awsnamitambo", "2021-07-07T16:55:00Z", "2021-07-08T07:55:00Z", "AirTempK", 286.1, 289.5,
    ),
    "tob1_cr1000x_full12_as_toa5.dat": (
        Status.UNMAPPED, 200, "64291", "2026-02-19T09:46:02.005Z", "2026-02-19T09:46:03Z", "temp(2)", -1.26019, 0.76944,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in EXPECTED if (SAMPLES / name).is_file()])
def test_real_files_give_what_is_known_of_them(name: str) -> None:
    status, rows, station, first, last, column, low, high = EXPECTED[name]
    with (SAMPLES / name).open("rb") as stream:
        entry = survey(stream)
    facts = next(each for each in entry.columns if each.name == column)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == ("toa5", status, rows, {station: rows})
    assert (iso(entry.first or 0), iso(entry.last or 0), entry.rejected) == (first, last, 0)
    assert facts.minimum_received == pytest.approx(low, abs=1e-4)
    assert facts.maximum_received == pytest.approx(high, abs=1e-4)


@pytest.mark.parametrize(("first", "name"), [("TOA5", "Timestamp"), ("TOA5", "timestamp"), ("TOA5py", "TIMESTAMP")])
def test_what_other_software_writes_as_toa5_is_read_alike(first: str, name: str) -> None:
    entry = surveyed(table().replace(b'"TIMESTAMP"', f'"{name}"'.encode()).replace(b'"TOA5"', f'"{first}"'.encode()))
    assert (entry.recognition.format, entry.status, entry.rows) == ("toa5", Status.OK, 3)
    assert entry.first == surveyed(table()).first


def test_a_sensor_s_number_may_stand_right_behind_its_name() -> None:
    assert taken([("AirTC1", "Deg C", "Smp"), ("RH1", "%", "Smp"), ("AirTC2", "Deg C", "Smp"), ("RH25", "%", "Smp")]) == {
        "AirTC1": "air_temperature",
        "RH1": "relative_humidity",
    }


REWRITTEN = [f"{day} {hour}:{minute:02d}" for day, hour in (("3/4/2021", 23), ("3/5/2021", 0)) for minute in range(0, 60, 10)]


def rewritten(times: Sequence[str], mapping: Mapping | None = None) -> Survey:
    return surveyed(table((("RH", "%", "Smp"),), [f"{time},{at},5{at}" for at, time in enumerate(times)]), mapping)


def test_times_that_a_spreadsheet_wrote_anew_are_read_where_they_tell_day_and_month_apart() -> None:
    entry = rewritten(REWRITTEN)
    assert (entry.status, entry.rows, iso(entry.first or 0)) == (Status.OK, 12, "2021-03-04T23:00:00Z")
    assert "written anew by a spreadsheet, as %m/%d/%Y %H:%M" in entry.why
    swapped = rewritten([f"{time.split('/')[1]}/{time.split('/')[0]}/{time.split('/')[2]}" for time in REWRITTEN])
    assert iso(swapped.first or 0) == "2021-03-04T23:00:00Z"
    twelve = rewritten([f"03/14/21 0{at}:00:00 PM" for at in range(1, 5)])
    assert iso(twelve.last or 0) == "2021-03-14T16:00:00Z"


def test_where_nothing_tells_day_and_month_apart_a_mapping_can() -> None:
    entry = rewritten(REWRITTEN[6:])
    assert (entry.status, "begins with the day or the month" in entry.why) == (Status.REJECTED, True)
    said = Mapping(
        prefix="",
        station_column="Station",
        time=TimeColumns(columns=("TIMESTAMP",), format="%d/%m/%Y %H:%M", zone="+02:00"),
        columns=MAPPING.columns,
    )
    assert iso(rewritten(REWRITTEN[6:], said).first or 0) == "2021-05-02T22:00:00Z"
