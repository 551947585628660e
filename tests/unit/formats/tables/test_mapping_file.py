import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mesonet.domain.file import Status
from mesonet.domain.mapping import MISSING_TOKENS, MappedColumn, TimeColumns
from mesonet.domain.parameter import Parameter, usual
from mesonet.errors import InvalidMapping
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, survey
from mesonet.formats.tables.mapping_file import parse
from tests import effort

SMALLEST: dict[str, Any] = {
    "mesonet_mapping": 1,
    "station": {"column": "id"},
    "time": {"column": "when"},
    "columns": {"t": {"standard_name": "air_temperature", "unit": "degF"}},
}


def changed(path: str, value: Any) -> str:
    given = json.loads(json.dumps(SMALLEST))
    inner = given
    *way, last = path.split("/")
    for step in way:
        inner = inner.setdefault(step, {})
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(given)


def faults(text: str) -> dict[str, str]:
    with pytest.raises(InvalidMapping) as caught:
        parse(text, prefix="")
    return dict(caught.value.faults)


def test_the_smallest_mapping_takes_the_usual_for_all_else() -> None:
    rules = parse(json.dumps(SMALLEST), prefix="raw/")
    assert (rules.prefix, rules.files, rules.station_column, rules.station) == ("raw/", "*", "id", None)
    assert rules.time == TimeColumns(columns=("when",), format="iso", zone="UTC")
    assert (rules.delimiter, rules.decimal, rules.missing) == (None, ".", MISSING_TOKENS)
    assert rules.columns == (MappedColumn(column="t", parameter=usual("air_temperature"), unit="degF"),)


def test_level_method_and_duration_may_be_said() -> None:
    entry = {"standard_name": "precipitation_amount", "unit": "in", "level": 1.5, "method": "sum", "duration": "PT1H"}
    rules = parse(changed("columns/t", entry), prefix="")
    assert rules.columns[0].parameter == Parameter(
        standard_name="precipitation_amount", level=1.5, method="sum", duration="PT1H"
    )


def test_what_is_missing_may_be_said_of_one_column() -> None:
    both: dict[str, dict[str, object]] = {
        name: {"standard_name": name, "unit": unit} for name, unit in (("air_pressure", "hPa"), ("wind_from_direction", "deg"))
    }
    both["wind_from_direction"]["missing"] = ["999"]
    rules = parse(json.dumps({**SMALLEST, "missing": ["-1"], "columns": both}), prefix="")
    assert [each.missing for each in rules.columns] == [(), ("999",)]
    data = b"id,when,air_pressure,wind_from_direction\nA,2024-01-01,999,999.0\nA,2024-01-02,-1,-1\n"
    entry = survey(io.BytesIO(data), Context(key="a.csv", mapping=rules))
    assert [(each.values, each.missing) for each in entry.columns if each.parameter] == [(1, 1), (0, 2)]


def test_rows_that_end_early_are_taken_where_the_mapping_says_that_they_do() -> None:
    both: dict[str, dict[str, object]] = {
        name: {"standard_name": name, "unit": unit} for name, unit in (("air_temperature", "Cel"), ("relative_humidity", "%"))
    }
    data = (
        b"id,when,air_temperature,relative_humidity\nA,2024-01-01T00:00Z,1,80\nA,2024-01-01T01:00Z,2\nA,2024-01-01T02:00Z,3,82\n"
        b'A,2024-01-01T03:00Z,4,83,5\n"A,2024-01-01T04:00Z\nA,2024-01-01T05:00Z,5'
    )

    def read(**more: bool) -> Survey:
        rules = parse(json.dumps({**SMALLEST, "columns": both, **more}), prefix="")
        return survey(io.BytesIO(data), Context(key="a.csv", mapping=rules), again=lambda: io.BytesIO(data))

    entry = read()
    assert (entry.status, entry.rows, entry.stations, [each.row for each in entry.rejects]) == (
        Status.PARTIAL,
        6,
        {"A": 2},
        [3, 5, 6, 7],
    )
    assert "a mapping can say so with `short_rows`" in entry.why
    entry = read(short_rows=True)
    assert (entry.rows, entry.stations, [each.row for each in entry.rejects]) == (6, {"A": 3}, [5, 6, 7])
    assert [(each.values, each.missing) for each in entry.columns if each.parameter] == [(3, 0), (2, 1)]
    assert "1 rows end before the last column: what they lack is missing in them, as the mapping says" in entry.why


def test_a_mapping_file_speaks_for_its_folder() -> None:
    entry = survey(io.BytesIO(json.dumps(SMALLEST).encode()), Context(key="raw/nyc/mapping.json"))
    assert (entry.status, entry.recognition.format) == (Status.OK, "mapping")
    assert entry.mapping is not None
    assert entry.mapping.prefix == "raw/nyc/"


def test_the_demonstration_s_mapping_is_valid() -> None:
    file = Path(__file__).parents[4] / "local/demonstration/nyc_mapping.json"
    assert len(parse(file.read_bytes(), prefix="").columns) == 9


@pytest.mark.parametrize(
    ("path", "value", "where", "said"),
    [
        ("mesonet_mapping", 2, "mesonet_mapping", "1"),
        (
            "colour",
            "red",
            "colour",
            "is not known here; allowed are climatology, columns, decimal, delimiter, description, files, ",
        ),
        ("station", None, "station", "missing data for required field"),
        ("station/id", "X", "station", 'give either "column"'),
        ("station/columns", ["id", "net"], "station", 'give either "column"'),
        ("station", {"columns": ["id"]}, "station.columns", "length must be between 2 and 4"),
        ("station", {"column": "id", "joined": "-"}, "station.joined", 'between several "columns"'),
        ("station", {"columns": ["id", "net"], "joined": "/"}, "station.joined", "no station can be called so"),
        ("station", {"columns": ["id", "id"]}, "station.columns", "has a column twice"),
        ("station", {"columns": ["id", "when"]}, "station.columns", "'when' holds the time: each row would be a station"),
        ("station", {"columns": ["id", "t"]}, "station.columns", "'t' holds values: each row would be a station"),
        ("time/columns", ["a"], "time", 'give either "column" or "columns"'),
        ("time/zone", "Mars/Olympus", "time", "is no time zone"),
        ("time/format", "%H:%M", "time", "does not give a year and a day"),
        ("time/format", "parts", "time.columns", "three to six columns"),
        ("columns", {}, "columns", "length must be between 1 and 2000"),
        ("columns/t/compass", "NOSW", "columns.t.compass", "in which directions are written: this is none"),
        ("columns/t/trace", ["-1"], "columns.t.trace", "is an amount too little to be told: this is none"),
        ("columns/t/compass", "NOSO", "columns.t.compass", "must be the letters of north, east, south and west"),
        ("columns/t/unit", "furlong", "columns.t.unit", "'furlong' is not a unit that is known here; allowed are Cel, "),
        ("columns/t/unit", "hPa", "columns.t.unit", "'hPa' is no unit of air_temperature; allowed are Cel, "),
        ("columns/t/unit", None, "columns.t.unit", "missing data for required field"),
        ("columns/t/standard_name", "air_temprature", "columns.t.standard_name", "is air_temperature meant?"),
        ("columns/t/standard_name", "Temp", "columns.t.standard_name", "is not a CF standard name such as air_temperature"),
        ("columns/t/method", "max", "columns.t.method", "must be one of point, mean, maximum"),
        ("columns/t/method", "maximum", "columns.t.duration", "give a duration, for instance PT1H"),
        ("columns/t/duration", "1 hour", "columns.t.duration", "is not an ISO 8601 duration"),
        (
            "columns/t/heigth",
            2,
            "columns.t.heigth",
            "allowed are compass, duration, level, method, missing, standard_name, trace, unit",
        ),
        ("columns/u", SMALLEST["columns"]["t"], "columns.u", "the same parameter as column 't'"),
        ("decimal", "'", "decimal", "must be one of ., ,"),
        ("thousands", "_", "thousands", "must be one of ., ,, '"),
        ("thousands", ".", "thousands", "cannot be the decimal sign too"),
        ("climatology", {"air_temperature": [[0, 1]]}, "climatology.air_temperature", "twelve pairs of bounds"),
        ("climatology", {"air_temperature": [[0, 1]] * 11 + [[1]]}, "climatology.air_temperature.11", "two numbers"),
        ("climatology", {"air_temperature": [[2, 1]] * 12}, "climatology.air_temperature", "is above the upper one"),
        ("climatology", {"wind_speed": [[0, 1]] * 12}, "climatology.wind_speed", "no column is this parameter; there is air"),
    ],
)
def test_a_fault_is_told_with_its_place_and_what_is_allowed(path: str, value: Any, where: str, said: str) -> None:
    found = faults(changed(path, value))
    assert where in found
    assert said in found[where]


def test_every_fault_is_a_reject_of_its_own() -> None:
    given = json.loads(changed("columns/t/unit", "furlong"))
    given["columns"]["u"] = {"standard_name": "wind_speed", "unit": "degF"}
    entry = survey(io.BytesIO(json.dumps(given).encode()), Context(key="mapping.json"))
    assert (entry.status, entry.rejected) == (Status.REJECTED, 2)
    assert [reject.column for reject in entry.rejects] == ["columns.t.unit", "columns.u.unit"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("surface_downwelling_shortwave_flux_in_air{}", "is surface_downwelling_shortwave_flux_in_air meant"),
        ("Air {}", "is not a CF standard name"),
        ("", "length must be between 1 and 200"),
    ],
)
def test_of_thousands_of_faults_two_hundred_are_told(name: str, said: str) -> None:
    columns = {f"c{at}": {"standard_name": name.format(at), "unit": "W/m2"} for at in range(2000)}
    text = changed("columns", columns)
    found = effort.within(0.12, lambda: faults(text))
    assert said in found["columns.c0.standard_name"]
    assert len(found) == 201
    assert "mend" in [*found.values()][-1]


def test_faults_behind_the_first_columns_are_told_too() -> None:
    columns = {f"c{at}": {"standard_name": "air_temperature", "unit": "K", "level": at} for at in range(600)}
    assert len(parse(changed("columns", columns), prefix="").columns) == 600
    columns["c599"] = {"standard_name": "air_temperature"}
    assert faults(changed("columns", columns)) == {"columns.c599.unit": "missing data for required field"}
    many = {f"c{at}": {"standard_name": "air_temperature", "unit": "K", "level": at} for at in range(2001)}
    assert faults(changed("columns", many)) == {
        "columns": "are 2001; at most 2000 are taken",
        "columns[200:]": "were not looked at: mend the faults before them first",
    }


def test_a_column_that_stands_twice_is_a_fault() -> None:
    text = json.dumps(SMALLEST).replace('"columns": {', '"columns": {"t": {"standard_name": "wind_speed", "unit": "m/s"}, ')
    assert faults(text) == {"t": "stands twice in one object"}


@pytest.mark.parametrize(
    "text", ['{"mesonet_mapping": 1', '{"mesonet_mapping":' + "[" * 100_000, '{"mesonet_mapping": 1' + "0" * 9999 + "}"]
)
def test_broken_json_is_rejected_not_fatal(text: str) -> None:
    entry = survey(io.BytesIO(text.encode()))
    assert entry.status is Status.REJECTED
    assert entry.rejects


def test_marshmallow_is_not_imported_for_data() -> None:
    code = (
        "import io, sys; from mesonet.formats.survey import survey; survey(io.BytesIO(b'a,b,c\\n1,2,3\\n'));"
        "heavy = {'marshmallow', 'zoneinfo', 'csv', 'difflib', '_strptime'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    source = Path(__file__).parents[4] / "src"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(source)}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_regular_expressions_are_not_imported_for_a_plain_table_with_a_mapping() -> None:
    code = """
import io, sys
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.parameter import usual
from mesonet.formats.reading import Context
from mesonet.formats.survey import survey

column = MappedColumn(column="t", parameter=usual("air_temperature"), unit="degF")
mapping = Mapping(prefix="", files="*", columns=(column,), time=TimeColumns(columns=("at",)), station_column="at whom")
rows = b"at whom,at,t,u\\nKEWR,2024-01-01T00:00:00Z,39.02,1\\nKEWR,2024-01-01T01:00:00Z,39.92,2\\n"
print(survey(io.BytesIO(rows), Context(mapping=mapping)).status, "re" in sys.modules)
"""
    source = Path(__file__).parents[4] / "src"
    done = subprocess.run([sys.executable, "-S", "-c", code], env={"PYTHONPATH": str(source)}, capture_output=True, check=True)
    assert done.stdout.decode() == "ok False\n"
