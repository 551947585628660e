"""Every quantity that an answer of a service or a published table may have, one after the other, by its name and its unit.

Lines of tests/golden/members.csv and columns.csv: whose it is, a member or column, the unit where the file tells it, a value
as it is written, and the parameter and value that it must become.
"""

import copy
import csv
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.unit.formats.json_files import batches, encoded
from tests.unit.formats.services.test_services import ANSWERS


class Member(NamedTuple):
    name: str
    unit: str
    written: str
    parameter: str
    value: float

    @property
    def number(self) -> Any:
        try:
            return json.loads(self.written)
        except ValueError:
            return self.written


def golden(file: str) -> dict[str, list[Member]]:
    found = defaultdict(list)
    with (Path(__file__).parents[2] / "golden" / file).open(newline="") as lines:
        for of, name, unit, written, parameter, value in list(csv.reader(lines))[1:]:
            found[of].append(Member(name, unit, written, parameter, float(value)))
    return found


MEMBERS, COLUMNS = golden("members.csv"), golden("columns.csv")

# where an answer has its members by their names
OBJECTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "aemet": lambda answer: answer[0],
    "aemet days": lambda answer: answer[0],
    "eccc": lambda answer: answer["features"][0]["properties"],
    "eccc days": lambda answer: answer["features"][0]["properties"],
    "imgw": lambda answer: answer[0],
    "shmu": lambda answer: answer["data"][0],
    "ipma": lambda answer: answer["2023-06-01T10:00"]["1200545"],
    "inmet": lambda answer: answer[0],
    "cwa": lambda answer: answer["records"]["Station"][0]["WeatherElement"],
    "bom": lambda answer: answer["observations"]["data"][0],
    "pvgis": lambda answer: answer["outputs"]["hourly"][0],
    "meteostat": lambda answer: answer["data"][0],
    "meteostat days": lambda answer: answer["data"][0],
    "openweather": lambda answer: answer,
    "wunderground": lambda answer: answer["observations"][0],
    "wunderground history": lambda answer: answer["observations"][0],
    "tempest station": lambda answer: answer["obs"][0],
    "weatherlink": lambda answer: answer["sensors"][0]["data"][0],
    "netatmo": lambda answer: answer["body"]["devices"][0]["modules"][0]["dashboard_data"],
}
# members by which an answer is known, beside those that are given
KNOWN_BY = {
    "aemet days": ("tmed",),
    "ipma": ("intensidadeVento",),
    "meteostat": ("pres", "wpgt"),
    "meteostat days": ("pres", "wpgt"),
}
BESIDE = {which: {"air_temperature": 12.5} for which in ("openweather", "amedas")}
MORE: dict[str, Any] = {
    "meteostat days": {"meta": {"stations": ["10637"]}, "data": [{"date": "2023-06-01"}]},
    "power days": ANSWERS["power"][0],
}


def answer_with(which: str, member: Member) -> Any:
    """The answer with this member, and with no other that is known."""
    answer = copy.deepcopy(MORE.get(which) or ANSWERS[which][0])
    name, unit, value = member.name, member.unit, member.number
    match which:
        case "frost":
            level = {"levelType": "height_above_ground", "value": 2}
            told = {"elementId": name, "value": value, "unit": unit} | ({"level": level} if name.startswith("air_temp") else {})
            answer["data"][0]["observations"] = [told]
        case "smhi":
            answer["parameter"] = {"key": name, "name": "Namn"}
            answer["value"][0]["value"] = value
        case "dmi":
            answer["features"][0]["properties"] |= {"parameterId": name, "value": value}
        case "geosphere":
            answer["features"][0]["properties"]["parameters"] = {name: {"unit": unit, "data": [value, None]}}
        case "chmi":
            answer["data"]["data"]["values"][0][1:4:2] = [name, value]
        case "datapoint":
            answer["SiteRep"]["Wx"]["Param"] = [{"name": name, "units": unit}]
            answer["SiteRep"]["DV"]["Location"]["Period"][0]["Rep"] = [{name: member.written, "$": "780"}]
        case "amedas":
            (told,) = answer.values()
            for each in ("temp", "windDirection", "sun1h"):
                del told[each]
            told |= {"temp": [12.5, 0], "windDirection": [0, 0], name: [value, 0]}
        case "singapore":
            answer["metadata"]["reading_type"] = name
            answer["items"][0]["readings"][0]["value"] = value
        case "synoptic":
            (station,) = answer["STATION"]
            station["OBSERVATIONS"] = {f"{name}_value_1": {"value": value, "date_time": "2023-06-01T00:54:00Z"}}
            answer["UNITS"] = {name: unit}
        case "power" | "power days":
            stamp = "2023060100" if which == "power" else "20230601"
            answer["properties"]["parameter"] = {name: {stamp: value}}
            answer["parameters"] = {name: {"units": unit}}
        case "tempest" | "tempest air" | "tempest sky":
            (told,) = answer["obs"]
            answer["obs"] = [[each if at in (0, {"obs_st": 17, "obs_air": 7, "obs_sky": 9}[answer["type"]]) else None
                              for at, each in enumerate(told)]]  # fmt: skip
            answer["obs"][0][int(name)] = value
        case "ngsi":
            del answer["temperature"], answer["relativeHumidity"]
            answer |= {"windSpeed": {"value": None}, name: {"value": value}}
        case "sensor.community":
            answer[0]["sensordatavalues"] = [{"value_type": name, "value": member.written}]
        case "netatmo public":
            answer["body"][0]["measures"] = {"05:00": {name: value, "wind_timeutc": 1685620800}}
        case _:
            told = OBJECTS[which](answer)
            if which == "wunderground history":
                for each in answer["observations"]:
                    del each["metric"]
            if which == "weatherlink":
                del answer["sensors"][1:]
            if which == "netatmo":
                del answer["body"]["devices"][0]["dashboard_data"]["AbsolutePressure"]
            for known in MEMBERS[which]:
                told.pop(known.name.partition(".")[0], None)
            told |= dict.fromkeys(KNOWN_BY.get(which, ()))
            if which == "openweather":
                told["main"] = {"temp": 285.65, "feels_like": 285}
            inner, _, last = name.rpartition(".")
            told |= {inner: {**told.get(inner, {}), last: value}} if inner else {last: value}
    return answer


# a table of one column
TABLES = {
    "power": "-BEGIN HEADER-\nin UTC\nLocation: Latitude 40.0 Longitude -105.0\n{name} MERRA-2 words ({unit}) \n-END HEADER-\n"
    "YEAR,MO,DY,HR,{name}\n2023,6,1,0,{value}\n",
    "power days": "-BEGIN HEADER-\nLocation: Latitude 40.0 Longitude -105.0\n{name} MERRA-2 words ({unit}) \n-END HEADER-\n"
    "YEAR,DOY,{name}\n2023,6,{value}\n",
    "cimis": "Stn Id,Stn Name,CIMIS Region,Date,Hour (PST),Jul,{name},qc\n2,Five,Valley,6/1/2023,0100,152,{value},\n",
    "cimis days": "Stn Id,Stn Name,CIMIS Region,Date,Jul,{name},qc\n2,Five,Valley,6/1/2023,152,{value},\n",
    "usgs": "# USGS\nagency_cd\tsite_no\tdatetime\ttz_cd\t{name}\t{name}_cd\n5s\t15s\t20d\t6s\t14n\t10s\n"
    "USGS\t0673\t2023-06-01 00:00\tMDT\t{value}\tP\nUSGS\t0673\t2023-06-01 00:15\tMDT\t{value}\tP\n",
    "ecad": "This is of station DE BILT (STAID: 162)\n\nSTAID,SOUID,DATE,   {name}, Q_{name}\n162,100522,20230101,{value},0\n",
    "seklima": "Navn;Stasjon;Tid(norsk normaltid);{name}\nOslo;SN18700;01.06.2023 00:00;{value}\n",
    "midas": "src_id,G,00708\nlong_name,{name},words,{unit}\ndata\nob_time,met_domain_name,src_id,{name}\n"
    "2023-06-01 00:00:00,SYNOP,708,{value}\nend data\n",
    "bom days": '"Observations from Sydney {{station 066037}}"\n,"Date","{name}","9am MSL pressure (hPa)"\n'
    ',"2023-06-1",{value},1018.2\n',
    "kma": "지점,지점명,일시,{name},기온(°C)\n108,서울,2023-06-01 00:00,{value},\n",
    "cams": "# Latitude: 55.8\n# Longitude: 12.5\n# Altitude (m): 39\n"
    "# Summarization (integration) period: 0 year 0 month 0 day 0 h 15 min 0 s\n# Observation period;TOA;{name};GHI;DHI;BNI\n"
    "2023-06-01T11:45:00.0/2023-06-01T12:00:00.0;200;{value};nan;nan;nan\n",
    "solcast": "PeriodEnd,PeriodStart,Period,{name}\n2023-06-01T00:30:00Z,2023-06-01T00:00:00Z,PT30M,{value}\n",
    "solcast new": "period_end,period,{name}\n2023-06-01T00:30:00+00:00,PT30M,{value}\n",
    "sensor.community": "sensor_id;sensor_type;timestamp;{name}\n141;BME280;2023-06-01T00:00:00;{value}\n",
    "geosphere": "time,station,{name},CGLO\n2023-06-01T00:00+00:00,5925,{value},\n2023-06-01T00:10+00:00,5925,{value},\n",
}


def table_with(which: str, column: Member) -> bytes:
    return TABLES[which].format(name=column.name, unit=column.unit, value=column.written).encode()


def values(data: bytes) -> dict[str, float]:
    """The first value of each parameter that has one."""
    return {
        parameter.id: told
        for batch in batches(data)
        for parameter, column in batch.columns.items()
        if (told := next((value for value in column.values if value is not None), None)) is not None
    }


@pytest.mark.parametrize("which", TABLES)
def test_each_column_of_a_published_table_becomes_its_parameter_in_its_unit(which: str) -> None:
    for column in COLUMNS[which]:
        assert values(table_with(which, column)) == {column.parameter: column.value}, column


@pytest.mark.parametrize("which", MEMBERS)
def test_each_member_of_an_answer_becomes_its_parameter_in_its_unit(which: str) -> None:
    for member in MEMBERS[which]:
        assert values(encoded(answer_with(which, member))) == BESIDE.get(which, {}) | {member.parameter: member.value}, member
