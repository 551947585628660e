import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import usual
from mesonet.domain.station import Authority, Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import observations, survey
from tests.real_files import SAMPLES

CACHE = """No errors
No warnings
5 ms
data source=metars
4 results
raw_text,station_id,observation_time,latitude,longitude,temp_c,metar_type,elevation_m
KABC 281535Z AUTO 36007KT 10SM CLR 16/03 A3008 RMK AO2,KABC,2014-02-28T15:35:00Z,44.1,-121.2,16.0,SPECI,1055.0
METAR ABCD 281530Z 09010MPS 9999 16/03 Q1008,ABCD,2014-02-28T15:30:00Z,,,16.0,METAR,
,ABCE,2014-02-28T15:30:00Z,,,16.0,METAR,
ABCF 281530Z NIL,ABCF,2014-02-28T15:30:00Z,,,,METAR,
"""
IEM = (
    "#DEBUG: Time Zone -> UTC\n#DEBUG: Entries Found -> -1\nstation\tvalid\ttmpf\tmetar\n"
    "ABC\t2014-03-01 00:00\t69.80\tKABC 282355Z 13004KT 3000 HZ BKN010 SCT015 21/16 Q1015 NOSIG\n"
    "ABC\t2014-03-01 01:00\t69.80\tM\nABC\tnever\t69.80\tKABC 010055Z 13004KT 21/16\n"
)


def test_the_report_is_read_and_the_station_located() -> None:
    station, *found = observations(io.BytesIO(CACHE.encode()))
    assert station == Station(id="KABC", latitude=44.1, longitude=-121.2, elevation_m=1055.0, authority=Authority.DATA_FILE)
    first, second = (piece for piece in found if isinstance(piece, Batch))
    assert (first.station_id, iso(first.times[0]), first.rows) == ("KABC", "2014-02-28T15:35:00Z", [7])
    assert (second.station_id, second.rows) == ("ABCD", [8])
    entry = survey(io.BytesIO(CACHE.encode()))
    assert (entry.recognition.format, entry.status, entry.rows) == ("metar-table", Status.PARTIAL, 4)
    assert [(reject.row, reject.column) for reject in entry.rejects] == [(9, "raw_text")]
    assert "NIL" in entry.why


def test_the_publisher_s_time_tells_the_month_of_the_report_s_day() -> None:
    (batch,) = observations(io.BytesIO(IEM.encode()))
    assert isinstance(batch, Batch)
    assert (batch.station_id, [iso(at) for at in batch.times], batch.rows) == ("KABC", ["2014-02-28T23:55:00Z"], [4])
    entry = survey(io.BytesIO(IEM.encode()))
    assert [(reject.row, reject.column, reject.value) for reject in entry.rejects] == [(5, "metar", "M"), (6, "valid", "never")]


def test_the_operator_s_mapping_goes_first() -> None:
    mapping = Mapping(
        prefix="",
        station_column="station",
        time=TimeColumns(columns=("valid",), format="%Y-%m-%d %H:%M"),
        columns=(MappedColumn(column="tmpf", parameter=usual("air_temperature"), unit="degF"),),
    )
    assert survey(io.BytesIO(IEM.encode()), Context(mapping=mapping)).recognition.format == "csv"


def test_a_column_of_that_name_with_something_else_in_it_is_no_column_of_reports() -> None:
    data = b"station,time,metar\nA,2014-03-01,yes\nB,2014-03-01,no\n"
    assert survey(io.BytesIO(data)).recognition.format == "csv"


ADDS = "metars_cache_20140926.csv"


@pytest.mark.parametrize("name", [name for name in (ADDS,) if (SAMPLES / name).is_file()])
def test_a_real_cache_says_what_its_publisher_decoded(name: str) -> None:
    """Of 4336 reports of the whole world all but a few that are written wrong: an oracle for what METAR says."""
    data = (SAMPLES / name).read_bytes()
    rows = list(csv.reader(io.StringIO(data.decode())))
    header = rows[5]
    theirs = {
        "air_temperature": ("temp_c", 1.0, 0.051),
        "dew_point_temperature": ("dewpoint_c", 1.0, 0.051),
        "wind_speed": ("wind_speed_kt", 0.5144444, 0.5),
        "wind_speed_of_gust": ("wind_gust_kt", 0.5144444, 0.5),
        "wind_from_direction": ("wind_dir_degrees", 1.0, 0.0),
        "visibility_in_air": ("visibility_statute_mi", 1609.344, 20.0),
        "altimeter_setting": ("altim_in_hg", 33.86389, 0.2),
        "air_pressure_at_mean_sea_level": ("sea_level_pressure_mb", 1.0, 0.05),
        "tendency_of_air_pressure:0:point:PT3H": ("three_hr_pressure_tendency_mb", 1.0, 0.05),
        "precipitation_amount:0:sum:PT3H": ("pcp3hr_in", 25.4, 0.15),
    }
    same = differ = 0
    for piece in observations(io.BytesIO(data)):
        if isinstance(piece, Batch):
            for parameter, column in piece.columns.items():
                name, scale, near = theirs.get(parameter.id, ("", 0.0, 0.0))
                for value, row in zip(column.values, piece.rows, strict=True):
                    text = rows[row - 1][header.index(name)] if name else ""
                    if text and value is not None:
                        agrees = abs(value - float(text) * scale) <= near
                        same, differ = same + agrees, differ + (not agrees)
    assert same > 27_000
    assert differ < 10
    entry = survey(io.BytesIO(data))
    assert (entry.recognition.format, entry.status, entry.rows, entry.station_count) == (
        "metar-table",
        Status.PARTIAL,
        4336,
        4333,  # of three rows the text is no report
    )
    (temperature,) = [column for column in entry.columns if column.parameter == "air_temperature"]
    assert (temperature.minimum_received, temperature.maximum_received) == (-38.6, 38.3)


@pytest.mark.parametrize("name", [name for name in ("iem_asos_vohy_201403.tsv",) if (SAMPLES / name).is_file()])
def test_a_real_download_of_the_iem_is_read(name: str) -> None:
    entry = survey(io.BytesIO((SAMPLES / name).read_bytes()))
    assert (entry.recognition.format, entry.rows, entry.stations) == ("metar-table", 414, {"VOHY": 414})
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("2014-03-01T00:40:00Z", "2014-04-04T15:40:00Z")
    (temperature,) = [column for column in entry.columns if column.parameter == "air_temperature"]
    assert (temperature.minimum_received, temperature.maximum_received) == (18.0, 42.0)  # 64.4 and 107.6 degF


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([CACHE.encode(), IEM.encode()]),
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 20), st.binary(max_size=6)), max_size=6),
)
def test_no_bytes_make_it_fail(data: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    for at, count, new in changes:
        data = data[:at] + new + data[at + count :]
    entry = survey(io.BytesIO(data))
    assert entry.size == len(data)
    list(observations(io.BytesIO(data)))
