"""What station files of the field make of NetCDF: whose checks, whose names, which levels and periods; written with netCDF4 as
the programmes that are named write them."""

import io
from pathlib import Path
from typing import Any, cast

import netCDF4
import numpy as np
import pytest

from mesonet.domain import instant
from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.station import Station
from mesonet.formats.binary import hdf5_arrays, netcdf_classic, netcdf_levels
from mesonet.formats.reading import Context
from mesonet.formats.survey import observations, survey


def put(file: netCDF4.Dataset, name: str, kind: Any, axes: tuple[str, ...], values: Any, **told: Any) -> None:
    fill = told.pop("_FillValue", None)
    each = file.createVariable(name, kind, axes, fill_value=fill)
    each.set_auto_maskandscale(False)
    each.setncatts(told)
    if kind == "S1" and axes:
        length = len(file.dimensions[axes[-1]])
        texts = [text.encode().ljust(length, b"\0") for text in np.atleast_1d(values).tolist()]
        values = np.frombuffer(b"".join(texts), "S1").reshape(-1, length)
    each[...] = np.reshape(values, each.shape) if np.size(values) == each.size else values


def created(path: Path, kind: str = "NETCDF4", **lengths: int | None) -> netCDF4.Dataset:
    file = netCDF4.Dataset(path, "w", format=cast(Any, kind))
    for name, length in lengths.items():
        file.createDimension(name, length)
    return file


def taken(path: Path) -> tuple[list[Station], dict[str, dict[str, list[Any]]]]:
    """The stations, and of each the values and flags by parameters, as they stand in the file."""
    stations, found = [], dict[str, dict[str, list[Any]]]()
    for piece in observations(io.BytesIO(path.read_bytes()), Context(key="in/some.nc")):
        if isinstance(piece, Station):
            stations.append(piece)
        elif isinstance(piece, Batch):
            if piece.station_id not in [each.id for each in stations]:
                stations.append(Station(id=piece.station_id))  # as the loader has it: it is mentioned
            for parameter, column in piece.columns.items():
                found.setdefault(piece.station_id, {})[parameter.id] = [*zip(column.values, column.flags, strict=True)]
    return stations, found


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF4"])
def test_records_of_madis_are_taken_with_its_descriptors_of_quality(tmp_path: Path, kind: str) -> None:
    path, fill = tmp_path / "a.nc", np.float32(3.4028235e38)
    with created(path, kind, recNum=None, maxStaIdLen=6, maxNameLength=51) as file:
        put(file, "stationId", "S1", ("recNum", "maxStaIdLen"), ["AP001", "KDEN", "AP001"])
        put(file, "stationName", "S1", ("recNum", "maxNameLength"), ["San Jose", "Denver Intl", "San José"])
        for name, places in (("latitude", [37, 40, 37]), ("longitude", [-121, -104, -121]), ("elevation", [20, 1600, 21])):
            put(file, name, "f4", ("recNum",), places, long_name=name, _FillValue=fill)
        for name, late in (("receivedTime", 99), ("reportTime", 60), ("observationTime", 0)):
            times = 1704067200 + np.array([0, 300, 600]) + late
            put(file, name, "f8", ("recNum",), times, units="seconds since 1970-1-1 00:00:00.0")
        for name, unit, values in (
            ("temperature", "kelvin", [280, 281, fill]),
            ("windDirMax", "degree", [90, 180, 270]),
            ("altimeter", "pascal", [101_325, 101_000, 101_500]),
            ("precipRate", "meter/sec", [0, 1e-6, 2e-6]),
            ("precip1Hour", "meter", [0, 0.001, 0.002]),
            ("precipAccum", "mm", [1, 2, 3]),  # of a time that is not known
        ):
            put(file, name, "f4", ("recNum",), values, units=unit, long_name="as MADIS has it", _FillValue=fill)
            file.createVariable(f"{name}DD", "S1", ("recNum",))[:] = np.array([b"V", b"X", b"Q"], "S1")
    stations, found = taken(path)
    told = [(each.id, each.name, each.latitude, each.longitude, each.elevation_m) for each in stations]
    assert told == [("AP001", "San José", 37, -121, 21), ("KDEN", "Denver Intl", 40, -104, 1600)]
    assert found == {
        "AP001": {
            "air_temperature": [(6.85, 2), (None, 9)],
            "wind_gust_from_direction": [(90, 2), (270, 3)],
            "altimeter_setting": [(1013.25, 2), (1015, 3)],
            "lwe_precipitation_rate": [(0, 2), (7.2, 3)],
            "precipitation_amount:0:sum:PT1H": [(0, 2), (2, 3)],
        },
        "KDEN": {
            "air_temperature": [(7.85, 4)],
            "wind_gust_from_direction": [(180, 4)],
            "altimeter_setting": [(1010, 4)],
            "lwe_precipitation_rate": [(3.6, 4)],
            "precipitation_amount:0:sum:PT1H": [(1, 4)],
        },
    }
    entry = survey(io.BytesIO(path.read_bytes()))
    assert iso(entry.first or 0) == "2024-01-01T00:00:00Z"


def test_what_checks_say_outside_a_group_is_of_no_other_dimension_of_the_same_name(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("obs", 3)
        file.createVariable("taDD", "S1", ("obs",))[:] = np.array([b"X", b"X", b"X"], "S1")
        group = file.createGroup("ST0")
        group.createDimension("obs", 2)
        put(group, "time", "f8", ("obs",), [0, 1], units="hours since 2024-01-01")
        put(group, "ta", "f4", ("obs",), [280, 999], standard_name="air_temperature", units="K", valid_max=400.0)
    _, found = taken(path)
    assert [*found.values()] == [{"air_temperature": [(6.85, 2), (725.85, 4)]}]


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF4"])
def test_letters_are_no_values(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (netcdf_classic, hdf5_arrays):
        monkeypatch.setattr(module, "MOST_VALUES", 40)  # fewer than letters: MADIS has 7 million in an hour
    with created(tmp_path / "a.nc", kind, recNum=30, letters=51) as file:
        put(file, "stationId", "S1", ("recNum", "letters"), ["X1", "X2"] * 15)
        put(file, "observationTime", "f8", ("recNum",), np.arange(30) * 60, units="seconds since 1970-1-1 00:00:00.0")
        put(file, "temperature", "f4", ("recNum",), np.full(30, 280), units="kelvin", long_name="air temperature")
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    assert (entry.stations, entry.rejects) == ({"X1": 15, "X2": 15}, ())


def series(path: Path, kind: str = "NETCDF4", **lengths: int | None) -> netCDF4.Dataset:
    """A file of three hours of one station, to be filled."""
    file = created(path, kind, time=3, **lengths)
    put(file, "time", "i4", ("time",), [1, 2, 3], units="hours since 2024-05-01")
    file.station_id = "X1"
    return file


OCEANSITES = (
    *("no_qc", "good_data", "probably_good_data", "bad_data_that_are_potentially_correctable", "bad_data", "value_changed"),
    *("value_below_detection", "nominal_value", "interpolated_value", "missing_value"),
)


@pytest.mark.parametrize(
    ("named", "told", "codes", "flags"),
    [
        ("DRYT_QC", {"flag_values": np.arange(10, dtype="i1"), "flag_meanings": " ".join(OCEANSITES)}, [1, 3, 9], [2, 3, 4]),
        (
            "status",
            {"flag_masks": np.array([1, 2, 4], "i1"), "flag_meanings": "low_battery failed suspect"},
            [1, 4, 6],
            [2, 3, 4],
        ),
        (
            "status",
            {
                "flag_masks": np.array([1, 6, 6], "i1"),
                "flag_values": np.array([1, 2, 4], "i1"),
                "flag_meanings": "x bad_data questionable",
            },
            [1, 3, 4],
            [2, 4, 3],
        ),
        ("status", {"flag_values": np.array([0, 1], "i1"), "flag_meanings": "good bad and_one_more"}, [0, 1, 1], [2, 2, 2]),
        (
            "status",
            {"flag_values": np.arange(3, dtype="i1"), "flag_meanings": "not_missing no_failure bad-not-mended"},
            [0, 1, 2],
            [2, 2, 4],
        ),
        (
            "status",
            {"flag_masks": np.array([1, 2, 4], "i1"), "flag_meanings": "non_suspect value_not_failed missing"},
            [1, 3, 7],
            [2, 2, 4],
        ),
        ("else", {"flag_values": np.array([0, 1], "i1"), "flag_meanings": "good bad"}, [0, 1, 1], [2, 2, 2]),
    ],
)
def test_flags_mean_what_their_words_say(tmp_path: Path, named: str, told: Any, codes: list[int], flags: list[int]) -> None:
    with series(tmp_path / "a.nc") as file:
        air = {"standard_name": "air_temperature", "units": "degrees_C", "ancillary_variables": "more status"}
        put(file, "DRYT", "f4", ("time",), [1, 2, 3], **air)
        put(file, named, "i1", ("time",), codes, standard_name="air_temperature status_flag", **told)
    assert taken(tmp_path / "a.nc")[1] == {"X1": {"air_temperature": [*zip((1, 2, 3), flags, strict=True)]}}


@pytest.mark.parametrize("words", [("good", "suspect", "bad"), ("a_word_of_more_than_eight_letters", "doubtful", "failed")])
def test_an_enumeration_of_flags_means_what_its_members_are_called(tmp_path: Path, words: tuple[str, ...]) -> None:
    with series(tmp_path / "a.nc") as file:
        put(file, "DRYT", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degrees_C")
        kind = file.createEnumType(np.uint8, "quality_t", {word: number * 3 for number, word in enumerate(words)})
        file.createVariable("DRYT_QC", kind, ("time",), fill_value=0)[:] = np.array([0, 3, 6], "u1")
    assert taken(tmp_path / "a.nc")[1] == {"X1": {"air_temperature": [(1, 2), (2, 3), (3, 4)]}}


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF4"])
def test_missing_and_unsigned_values_are_what_they_are_said_to_be(tmp_path: Path, kind: str) -> None:
    with series(tmp_path / "a.nc", kind) as file:
        put(file, "ta", "f4", ("time",), [1, -999.9, -9999], standard_name="air_temperature", units="deg_C",
            _FillValue=np.float32(-9999), missing_value=-999.9)  # fmt: skip
        put(file, "td", "f4", ("time",), [1, -99, 3], standard_name="dew_point_temperature", units="C", missing_value="-99")
        put(file, "rh", "i1", ("time",), [100, -56, -1], standard_name="relative_humidity", units="percent", scale_factor=0.5,
            _FillValue=np.int8(-1), _Unsigned="true", valid_max=np.int8(-100))  # fmt: skip
        put(file, "vis", "i4", ("time",), [65535, -2147483647, 32767], standard_name="visibility_in_air", units="m")
    assert taken(tmp_path / "a.nc")[1] == {
        "X1": {
            "air_temperature": [(1, 2), (None, 9), (None, 9)],
            "dew_point_temperature": [(1, 2), (None, 9), (3, 2)],
            "relative_humidity": [(50, 2), (100, 4), (None, 9)],
            "visibility_in_air": [(65535, 2), (None, 9), (32767, 2)],
        }
    }


def test_levels_stand_in_coordinates_of_one_value(tmp_path: Path) -> None:
    with series(tmp_path / "a.nc", height=1, lev=2) as file:
        put(file, "height", "f4", ("height",), [3], units="m", standard_name="height")
        put(file, "z_wind", "f4", (), 25, units="m", standard_name="height")
        put(file, "soil_depth", "f4", (), 50, units="cm", standard_name="depth")
        put(file, "ta", "f4", ("time", "height"), [1, 2, 3], standard_name="air_temperature", units="Celsius")
        put(file, "ws", "f4", ("time",), [10, 20, 30], standard_name="wind_speed", units="knots", coordinates="lat z_wind")
        put(file, "ts", "f4", ("time",), [1, 2, 3], standard_name="soil_temperature", units="K", coordinates="soil_depth")
        put(
            file, "wd", "f4", ("time",), [1, 2, 3], standard_name="wind_from_direction", units="degree_true", coordinates="none"
        )
    stations, found = taken(tmp_path / "a.nc")
    assert [*found["X1"]] == [
        "air_temperature:3:point:PT0S",
        "wind_speed:25:point:PT0S",
        "soil_temperature:-0.5:point:PT0S",
        "wind_from_direction",
    ]
    assert [each.elevation_m for each in stations] == [None]


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("time: mean (interval: 1 minute)", "air_temperature:2:mean:PT1H"),  # how far samples are apart: CF 7.3.2
        ("area: mean TIME: maximum", "air_temperature:2:maximum:PT1H"),
        ("time: lat: lon: average", "air_temperature:2:mean:PT1H"),
        ("lon: mean", None),
        ("time: maximum within days time: mean over days", None),
        ("time: maximum within days", "air_temperature:2:maximum:PT1H"),
        ("time: point", None),
    ],
)
def test_a_method_is_that_of_time_and_over_its_bounds(tmp_path: Path, method: str, name: str | None) -> None:
    with series(tmp_path / "a.nc", nv=2) as file:
        file["time"].bounds = "time_bnds"
        put(file, "time_bnds", "i4", ("time", "nv"), [0, 1, 1, 2, 2, 3])
        put(file, "ta", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="K", cell_methods=method)
        put(file, "rh", "f4", ("time",), [0.1, 0.2, 0.3], standard_name="relative_humidity", units="1")
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    air = name or ("air_temperature" if "over" not in method else None)
    assert [each.parameter for each in entry.columns if each.parameter] == [*filter(None, [air]), "relative_humidity"]
    assert {each.missing for each in entry.columns if each.parameter} == {0}
    assert ("ta was left out: it is a statistic of statistics" in entry.why) == ("over" in method)


def test_a_month_stands_at_its_first_day(tmp_path: Path) -> None:
    with created(tmp_path / "a.nc", time=None, nv=2, letters=12) as file:
        put(file, "time", "f8", ("time",), [15.5, 45.5, 75], units="days since 2024-01-01", bounds="time_bnds")
        put(file, "time_bnds", "f8", ("time", "nv"), [[0, 31], [31, 60], [60, 91]])
        put(file, "station_name", "S1", ("letters",), "De Bilt")
        put(file, "tg", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC", cell_methods="time: mean")
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    assert [each.parameter for each in entry.columns if each.parameter] == ["air_temperature:2:mean:P1M"]
    assert (entry.stations, iso(entry.first or 0), iso(entry.last or 0)) == (
        {"De Bilt": 3},
        "2024-01-01T00:00:00Z",
        "2024-03-01T00:00:00Z",
    )


@pytest.mark.parametrize(
    ("told", "station"),
    [
        ({"wmo_id": np.int32(1492), "station_name": "Oslo"}, ("01492", "Oslo")),
        ({"wmo_platform_code": " ", "platform_code": "62107", "platform_name": "Sevenstones"}, ("62107", "Sevenstones")),
        ({"station_code": "NO42", "location": "Birkenes"}, ("NO42", "Birkenes")),
        ({"wigosId": "0-20000-0-01492", "station_name": "Oslo"}, ("0-20000-0-01492", "Oslo")),
    ],
)
def test_a_station_is_who_the_attributes_say(tmp_path: Path, told: Any, station: tuple[str, str]) -> None:
    with series(tmp_path / "a.nc", letters=12) as file:
        del file.station_id
        file.setncatts(told)
        put(file, "station", "i4", (), -2147483647)
        put(file, "site_name", "S1", ("letters",), "a place")
        for name, unit, value in (
            ("air_temperature", "K", 280),
            ("thickness_of_rainfall_amount", "m", 0.001),
            ("precipitation_flux", "kg m-2 s-1", 1 / 3600),
            ("specific_humidity", "1", 0.005),
        ):
            put(file, name, "f4", ("time",), [value] * 3, standard_name=name, units=unit, cell_methods="time: mean")
    ((only,), found) = taken(tmp_path / "a.nc")
    assert (only.id, only.name) == station
    assert {name.partition(":")[0]: values[0][0] for name, values in found[only.id].items()} == {
        "air_temperature": 6.85,
        "rainfall_amount": 1,
        "lwe_precipitation_rate": 1,
        "specific_humidity": 5,
    }


@pytest.mark.parametrize("first", [False, True], ids=["time first", "height first"])
def test_each_height_of_a_mast_and_depth_of_a_pit_is_a_parameter(tmp_path: Path, first: bool) -> None:
    with series(tmp_path / "a.nc", z=3, depth=2, model=60, range=2) as file:
        put(file, "z", "f4", ("z",), [80, 40, 10], standard_name="height", units="m")
        put(file, "depth", "f4", ("depth",), [5, 50], units="cm", positive="down")
        axes = ("z", "time") if first else ("time", "z")
        winds = np.arange(9).reshape(3, 3)
        flags = {"flag_values": np.array([0, 1], "i1"), "flag_meanings": "good bad"}
        wind = {"standard_name": "wind_speed", "units": "m s-1"}
        put(file, "ws", "f4", axes, winds.T if first else winds, **wind)
        put(file, "ws_flag", "i1", axes, (winds == 4).T if first else winds == 4, **flags)
        put(file, "ts", "f4", ("time", "depth"), [[1, 2], [3, 4], [5, 6]], standard_name="soil_temperature", units="degC")
        put(file, "range", "f4", ("range",), [40, 2000], standard_name="height", units="m")  # of a profiler
        for name in ("model", "range"):
            put(file, f"wd_{name}", "f4", ("time", name), 90, standard_name="wind_from_direction", units="degree")
    found = taken(tmp_path / "a.nc")[1]["X1"]
    assert found == {
        "wind_speed:80:point:PT0S": [(0, 2), (3, 2), (6, 2)],
        "wind_speed:40:point:PT0S": [(1, 2), (4, 4), (7, 2)],
        "wind_speed": [(2, 2), (5, 2), (8, 2)],
        "soil_temperature:-0.05:point:PT0S": [(1, 2), (3, 2), (5, 2)],
        "soil_temperature:-0.5:point:PT0S": [(2, 2), (4, 2), (6, 2)],
    }
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    names = [each.name for each in entry.columns if each.parameter]
    assert names == ["ws[z=80]", "ws[z=40]", "ws[z=10]", "ts[depth=5]", "ts[depth=50]"]
    assert entry.rows == 3


def test_flags_may_be_stored_as_whole_numbers_of_any_kind(tmp_path: Path) -> None:
    with series(tmp_path / "a.nc") as file:
        put(file, "ta", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC")
        put(file, "ta_QC", "f4", ("time",), [1, 2, -9999], flag_masks=np.array([1, 2], "f4"), flag_meanings="low bad",
            _FillValue=np.float32(-9999))  # fmt: skip
    assert taken(tmp_path / "a.nc")[1] == {"X1": {"air_temperature": [(1, 2), (2, 4), (3, 2)]}}


@pytest.mark.parametrize("axes", [("height", "time", "station"), ("height", "station", "time"), ("time", "height", "station")])
def test_heights_of_several_stations_may_come_first(tmp_path: Path, axes: tuple[str, ...]) -> None:
    with series(tmp_path / "a.nc", height=2, station=2, letters=2) as file:
        put(file, "station_id", "S1", ("station", "letters"), ["A1", "B2"])
        put(file, "height", "f4", ("height",), [2, 10], units="m", standard_name="height")
        values = np.arange(12).reshape(2, 3, 2)  # by height, time and station
        put(file, "ta", "f4", axes, values.transpose([("height", "time", "station").index(axis) for axis in axes]),
            standard_name="air_temperature", units="degC")  # fmt: skip
    assert taken(tmp_path / "a.nc")[1] == {
        "A1": {"air_temperature": [(0, 2), (2, 2), (4, 2)], "air_temperature:10:point:PT0S": [(6, 2), (8, 2), (10, 2)]},
        "B2": {"air_temperature": [(1, 2), (3, 2), (5, 2)], "air_temperature:10:point:PT0S": [(7, 2), (9, 2), (11, 2)]},
    }


@pytest.mark.parametrize(
    ("name", "value", "told", "elevation", "level"),
    [
        ("alt", 350, {"standard_name": "height"}, 350, 2),  # as CF's appendix H names it
        ("alt", 20, {"standard_name": "height"}, 20, 2),
        ("station_elevation", 350, {"standard_name": "height"}, 350, 2),
        ("z", 350, {"standard_name": "height"}, 350, 2),
        ("z", 3, {"standard_name": "height"}, None, 3),
        ("z", 350, {"standard_name": "geopotential_height"}, None, 2),
        ("altitude", 350, {}, 350, 2),
        ("elevation", 350, {"standard_name": "height_above_mean_sea_level"}, 350, 2),
        ("height", 1600, {"standard_name": "height"}, 1600, 2),
        ("height", 3, {}, None, 3),
    ],
)
@pytest.mark.parametrize("axes", [(), ("station",)], ids=["scalar", "of stations"])
def test_where_a_station_is_is_no_height_of_its_sensor(
    tmp_path: Path, name: str, value: float, told: Any, elevation: float | None, level: float, axes: tuple[str, ...]
) -> None:
    with series(tmp_path / "a.nc", station=1, letters=2) as file:
        put(file, "station_id", "S1", ("station", "letters"), ["A1"])
        put(file, name, "f4", axes, value, units="m", **told)
        put(file, "ta", "f4", ("time", *axes), [1, 2, 3], standard_name="air_temperature", units="degC",
            coordinates=f"lat lon {name}")  # fmt: skip
    ((only,), found) = taken(tmp_path / "a.nc")
    assert (only.elevation_m, [*found["A1"]]) == (
        elevation,
        ["air_temperature" if level == 2 else f"air_temperature:{level}:point:PT0S"],
    )


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([-0.05, -0.2], {"standard_name": "depth"}),
        ([-0.05, -0.2], {"standard_name": "depth", "positive": "up"}),
        ([0.05, 0.2], {"standard_name": "depth", "positive": "up"}),
        ([0.05, 0.2], {"positive": "down"}),
        ([-0.05, -0.2], {"standard_name": "height"}),
    ],
)
@pytest.mark.parametrize("alone", [False, True], ids=["along a dimension", "of one value"])
def test_depths_are_below_the_ground_however_they_are_counted(
    tmp_path: Path, values: list[float], told: Any, *, alone: bool
) -> None:
    with series(tmp_path / "a.nc", z=2) as file:
        soil = {"standard_name": "soil_temperature", "units": "degC"}
        if alone:
            put(file, "z", "f4", (), values[1], units="m", **told)
            put(file, "ts", "f4", ("time",), [1, 2, 3], coordinates="z", **soil)
        else:
            put(file, "z", "f4", ("z",), values, units="m", **told)
            put(file, "ts", "f4", ("time", "z"), np.ones((3, 2)), **soil)
    ((only,), found) = taken(tmp_path / "a.nc")
    levels = ["soil_temperature:-0.05:point:PT0S", "soil_temperature:-0.2:point:PT0S"]
    assert (only.elevation_m, [*found["X1"]]) == (None, levels[1:] if alone else levels)


def test_a_mast_without_an_altitude_is_where_its_heights_are_not(tmp_path: Path) -> None:
    with series(tmp_path / "a.nc", height=3) as file:
        put(file, "height", "f4", ("height",), [2, 10, 50], units="m", standard_name="height", positive="up")
        put(file, "ta", "f4", ("time", "height"), np.ones((3, 3)), standard_name="air_temperature", units="degC")
        del file.station_id
    ((only,), found) = taken(tmp_path / "a.nc")
    assert only.elevation_m is None
    assert [*found[only.id]] == ["air_temperature", "air_temperature:10:point:PT0S", "air_temperature:50:point:PT0S"]


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF4"])
def test_what_all_stations_report_at_one_time_is_of_that_time(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "one.nc"
    with created(path, kind, station=2, nv=2, letters=2) as file:
        put(file, "time", "f8", (), 6, units="hours since 2024-05-01", bounds="span")
        put(file, "span", "f8", ("nv",), [0, 6])
        put(file, "station", "S1", ("station", "letters"), ["X1", "X2"], cf_role="timeseries_id")
        put(file, "lat", "f4", ("station",), [46, 47], units="degrees_north", standard_name="latitude")
        put(file, "lon", "f4", ("station",), [7, 8], units="degrees_east", standard_name="longitude")
        told = {"standard_name": "air_temperature", "units": "degC", "ancillary_variables": "qc"}
        put(file, "ta", "f4", ("station",), [1, 2], **told)
        flags = {"flag_values": np.array([0, 1], "i1"), "flag_meanings": "good bad"}
        put(file, "qc", "i1", ("station",), [0, 1], **flags)
        told = {"standard_name": "precipitation_amount", "units": "mm", "cell_methods": "time: sum"}
        put(file, "rain", "f4", ("station",), [3, 4], **told)
    entry = survey(io.BytesIO(path.read_bytes()))
    assert (entry.rows, iso(entry.first or 0), entry.stations) == (1, "2024-05-01T06:00:00Z", {"X1": 1, "X2": 1})
    stations, found = taken(path)
    assert [station.position for station in stations] == [(46, 7), (47, 8)]
    assert found == {
        "X1": {"air_temperature": [(1, 2)], "precipitation_amount:0:sum:PT6H": [(3, 2)]},
        "X2": {"air_temperature": [(2, 4)], "precipitation_amount:0:sum:PT6H": [(4, 2)]},
    }


def test_a_time_of_one_value_makes_no_stations_of_a_grid(tmp_path: Path) -> None:
    path = tmp_path / "grid.nc"
    with created(path, lat=2, lon=3) as file:
        put(file, "time", "f8", (), 6, units="hours since 2024-05-01")
        put(file, "lat", "f4", ("lat",), [46, 47], units="degrees_north")
        put(file, "lon", "f4", ("lon",), [7, 8, 9], units="degrees_east")
        put(file, "ta", "f4", ("lat", "lon"), np.zeros((2, 3)), standard_name="air_temperature", units="degC")
    entry = survey(io.BytesIO(path.read_bytes()))
    assert (entry.rows, entry.stations, "only its metadata are taken: a grid (ta)" in entry.why) == (1, {}, True)


@pytest.mark.parametrize(("heights", "taken_from"), [([100, 200, 300], {}), ([10, 10, 10], {"X1": 3})])
def test_a_sounding_is_no_time_series_of_the_ground(tmp_path: Path, heights: list[int], taken_from: dict[str, int]) -> None:
    path = tmp_path / "profile.nc"
    with series(path) as file:
        file.featureType = "profile"
        put(file, "z", "f4", ("time",), heights, units="m", positive="up", standard_name="altitude")
        put(file, "ta", "f4", ("time",), [9, 8, 7], standard_name="air_temperature", units="degC")
    entry = survey(io.BytesIO(path.read_bytes()))
    assert entry.stations == taken_from
    assert ("each value has a height of its own (featureType profile)" in entry.why) == (not taken_from)


@pytest.mark.parametrize(
    ("unit", "first"),
    [
        ("days since 2024-05-01 12", "2024-05-02T12:00:00Z"),
        ("hours since 2024-05-01T06Z", "2024-05-01T07:00:00Z"),
        ("hours since 2024-05-01 06 +01:00", "2024-05-01T06:00:00Z"),
        ("hours since 2024-05-01 00:00 (UTC)", "2024-05-01T01:00:00Z"),
        ("weeks since 2024-05-01", "2024-05-08T00:00:00Z"),
    ],
)
def test_a_unit_of_time_counts_from_where_it_says(tmp_path: Path, unit: str, first: str) -> None:
    path = tmp_path / "times.nc"
    with created(path, time=2) as file:
        put(file, "time", "f8", ("time",), [1, 2], units=unit)
        put(file, "ta", "f4", ("time",), [1, 2], standard_name="air_temperature", units="degC")
    assert iso(survey(io.BytesIO(path.read_bytes())).first or 0) == first


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF4"])
def test_days_written_as_numbers_are_times(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "times.nc"
    with created(path, kind, time=5) as file:
        days = [20240229.0, 20240301.25, 20240301 + 1 / 24, 20241301.0, -1.0]
        put(file, "time", "f8", ("time",), days, units="day as %Y%m%d.%f", calendar="proleptic_gregorian")
        put(file, "ta", "f4", ("time",), [1, 2, 3, 4, 5], standard_name="air_temperature", units="degC")
        file.station_id = "X1"
    found = [
        iso(time) for piece in observations(io.BytesIO(path.read_bytes())) if isinstance(piece, Batch) for time in piece.times
    ]
    assert found == ["2024-02-29T00:00:00Z", "2024-03-01T06:00:00Z", "2024-03-01T01:00:00Z"]


def test_nanoseconds_are_as_many_as_fit(tmp_path: Path) -> None:
    path = tmp_path / "times.nc"
    with created(path, time=2) as file:
        put(file, "time", "i8", ("time",), [1, 1_714_521_600_123_456_789], units="nanoseconds since 1970-01-01")
        put(file, "ta", "f4", ("time",), [1, 2], standard_name="air_temperature", units="degC")
    assert iso(survey(io.BytesIO(path.read_bytes())).last or 0) == "2024-05-01T00:00:00.123Z"


@pytest.mark.parametrize("zone", ["CET", "America/New_York", "local"])
def test_times_of_a_zone_that_no_unit_can_have_are_not_taken_for_utc(tmp_path: Path, zone: str) -> None:
    path = tmp_path / "times.nc"
    with series(path) as file:
        file["time"].units = f"hours since 2024-05-01 00:00:00 {zone}"
        put(file, "ta", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC")
    (reject,) = survey(io.BytesIO(path.read_bytes())).rejects
    assert reject.reason == f"times count from '{zone}': write UTC, or an offset such as +01:00"


@pytest.mark.parametrize(
    ("name", "standard", "long_name", "unit", "found"),
    [
        ("ts", "soil_temperature", "Soil temperature at 20 cm depth", "degC", "soil_temperature:-0.2:point:PT0S"),
        ("ts", "soil_temperature", "Soil temperature at 10 cm", "degC", "soil_temperature"),
        ("ta", "air_temperature", "Air temperature at 10 metres", "degC", "air_temperature:10:point:PT0S"),
        ("ta", "air_temperature", "Maximum air temperature", "degC", "air_temperature:2:maximum:PT1H"),
        ("ta", "air_temperature", "Min air temperature last 6 hours", "degC", "air_temperature:2:minimum:PT6H"),
        ("ta", "air_temperature", "Grass minimum 6H", "degC", "air_temperature:0.1:minimum:PT6H"),
        ("ta", "air_temperature", "Daily maximum temperature", "degC", None),  # of the day so far, in a file of hours
        ("ta", "air_temperature", "Hourly mean temperature", "degC", "air_temperature:2:mean:PT1H"),
        ("ta", "air_temperature", "Standard deviation of air temperature", "degC", None),
        ("ta_std", "air_temperature", "", "degC", None),
        ("ta_sd", "air_temperature", "", "degC", None),
        ("snow_sd", "surface_snow_thickness", "", "m", "surface_snow_thickness"),
        ("tmax", "air_temperature", "", "degC", "air_temperature:2:maximum:PT1H"),
        ("tn", "air_temperature", "", "degC", "air_temperature:2:minimum:PT1H"),
        ("ff", "wind_speed", "Wind speed 10 min", "m/s", "wind_speed"),
        ("ff", "wind_speed", "Mean wind speed", "m/s", "wind_speed"),
        ("fx", "wind_speed_of_gust", "Maximum wind gust", "m/s", "wind_speed_of_gust"),
        ("fx", "wind_speed", "Wind gust", "m/s", "wind_speed_of_gust"),
        ("wind_gust", "wind_speed", "", "m/s", "wind_speed_of_gust"),
        ("wind", "wind_speed", "Wind speed without gusts", "m/s", "wind_speed"),
        ("dg", "wind_from_direction", "Direction of gusts", "degree", "wind_gust_from_direction"),
        ("ptemp", "air_temperature", "Panel temperature", "degC", None),
        ("td", "air_temperature", "Dew-point temperature", "degC", None),
        ("ta_10m", "air_temperature", "", "degC", "air_temperature:10:point:PT0S"),
        ("ta_10m", "air_temperature", "Air temperature, mean of 10 minutes", "degC", "air_temperature:2:mean:PT10M"),
        ("wind_speed_avg_1m", "wind_speed", "", "m/s", "wind_speed"),
        ("ff_10_min", "wind_speed", "", "m/s", "wind_speed"),
        ("ff2_min", "wind_speed", "", "m/s", "wind_speed:10:minimum:PT1H"),
        ("air_temperature", "air_temperature", "Soil temperature", "degC", None),
        ("ta", "air_temperature", "Air temperature 2 m above soil", "degC", "air_temperature"),
        ("ta", "air_temperature", "Air temperature (logger 2)", "degC", "air_temperature"),
        ("dx", "wind_from_direction", "Direction of maximum wind", "degree", None),
        ("pp", "", "Mean sea level pressure", "hPa", "air_pressure_at_mean_sea_level"),
        ("rr", "precipitation_amount", "Precipitation 24 h", "mm", "precipitation_amount:0:sum:PT24H"),
        ("rr", "", "Hourly precipitation", "mm", None),
        ("rr", "precipitation_amount", "Hourly precipitation", "mm", "precipitation_amount:0:sum:PT1H"),
        ("air_temperature", "", "", "degC", "air_temperature"),
    ],
)
def test_what_a_variable_is_its_words_say(
    tmp_path: Path, name: str, standard: str, long_name: str, unit: str, found: str | None
) -> None:
    with series(tmp_path / "a.nc") as file:
        put(file, name, "f4", ("time",), [1, 2, 3], standard_name=standard, long_name=long_name, units=unit)
    assert [*taken(tmp_path / "a.nc")[1].get("X1", {})] == ([found] if found else [])


def test_an_extreme_of_each_day_is_none_of_its_midnight(tmp_path: Path) -> None:
    with created(tmp_path / "a.nc", time=3) as file:
        file.station_id = "X1"
        put(file, "time", "i4", ("time",), [0, 1, 2], units="days since 2024-05-01")
        for name, words in (("tx", "Daily maximum temperature"), ("tg", "Mean temperature"), ("tn", "")):
            told = {"standard_name": "air_temperature", "units": "degC", "long_name": words}
            put(file, name, "f4", ("time",), [1, 2, 3], **told)
    found = {f"air_temperature:2:{method}:P1D" for method in ("maximum", "mean", "minimum")}
    assert taken(tmp_path / "a.nc")[1]["X1"].keys() == found


def test_a_time_in_no_unit_of_time_is_named(tmp_path: Path) -> None:
    with series(tmp_path / "a.nc") as file:
        file["time"].units = "unix timestamp"
    (reject,) = survey(io.BytesIO((tmp_path / "a.nc").read_bytes())).rejects
    assert reject.reason.endswith("; time is in 'unix timestamp'")


def test_a_sum_is_over_the_bounds_of_its_time_and_steps_may_have_gaps(tmp_path: Path) -> None:
    rain = {"standard_name": "precipitation_amount", "units": "mm"}
    with series(tmp_path / "a.nc", nv=2) as file:
        file["time"].bounds = "time_bounds"
        put(file, "time_bounds", "i4", ("time", "nv"), [0, 1, 1, 2, 2, 3])
        put(file, "rr", "f4", ("time",), [1, 2, 3], **rain)
    assert [*taken(tmp_path / "a.nc")[1]["X1"]] == ["precipitation_amount:0:sum:PT1H"]
    for minutes, found in (([0, 10, 20, 30, 50], True), ([0, 10, 20, 30, 45], False), ([0, 10, 30, 40, 60], False)):
        with created(tmp_path / "a.nc", time=5) as file:
            file.station_id = "X1"
            put(file, "time", "i4", ("time",), minutes, units="minutes since 2024-05-01")
            put(file, "rr", "f4", ("time",), [1, 2, 3, 4, 5], cell_methods="time: sum", **rain)
        assert [*taken(tmp_path / "a.nc")[1].get("X1", {})] == ["precipitation_amount:0:sum:PT10M"] * found


def test_quantities_that_nothing_tells_are_named(tmp_path: Path) -> None:
    with series(tmp_path / "a.nc") as file:
        for name, unit, more in (
            ("air_temperature", "degC", {}),
            ("XH", "%", {}),
            ("rr", "mm", {"standard_name": "precipitation_amount"}),
            ("qc", "1", {"flag_values": np.array([0, 1], "i1")}),
            ("n", "", {}),
        ):
            put(file, name, "f4", ("time",), [1, 2, 3], units=unit, **more)
    why = survey(io.BytesIO((tmp_path / "a.nc").read_bytes())).why
    assert "of no quantity that is known: XH (%); a `standard_name` of CF tells it" in why
    assert "rr was left out: it is a sum over a time that nothing tells" in why


@pytest.mark.parametrize(
    ("name", "standard", "unit", "found"),
    [
        ("ws_80m", "wind_speed", "m/s", "wind_speed:80:point:PT0S"),
        ("u10m", "wind_speed", "m/s", "wind_speed"),
        ("t2m", "air_temperature", "degC", "air_temperature"),
        ("ts_20cm", "soil_temperature", "degC", "soil_temperature:-0.2:point:PT0S"),
        ("soil_temp_5cm_1", "soil_temperature", "degC", "soil_temperature:-0.05:point:PT0S"),
        ("ta_900m", "air_temperature", "degC", "air_temperature"),  # no mast is so high
    ],
)
def test_a_name_may_tell_a_height(tmp_path: Path, name: str, standard: str, unit: str, found: str) -> None:
    with series(tmp_path / "a.nc") as file:
        put(file, name, "f4", ("time",), [1, 2, 3], standard_name=standard, units=unit)
    assert [*taken(tmp_path / "a.nc")[1]["X1"]] == [found]


def test_times_and_places_may_be_packed(tmp_path: Path) -> None:
    with created(tmp_path / "a.nc", time=2, station=1) as file:
        put(file, "time", "i2", ("time",), [0, 2], units="minutes since 2024-05-01", scale_factor=30.0, add_offset=60.0)
        put(file, "station_id", str, ("station",), np.array(["X1"], dtype=object))
        for name, value, scale, offset in (("lat", 501_234, 1e-4, 0.0), ("lon", 1000, 0.01, -100.0), ("alt", 10, 10.0, 0.0)):
            told = {"scale_factor": scale, "add_offset": offset}
            put(file, name, "i4", ("station",), [value], **told)
        put(file, "ta", "f4", ("time", "station"), [1, 2], standard_name="air_temperature", units="degC")
    (station,), _ = taken(tmp_path / "a.nc")
    assert (station.latitude, station.longitude, station.elevation_m) == (50.1234, -90, 100)
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("2024-05-01T01:00:00Z", "2024-05-01T02:00:00Z")


@pytest.mark.parametrize("packing", [{"scale_factor": np.nan}, {"add_offset": np.inf}, {"scale_factor": 1e308}])
def test_times_whose_packing_is_no_number_are_rejected(tmp_path: Path, packing: dict[str, float]) -> None:
    with created(tmp_path / "a.nc", time=2) as file:
        put(file, "time", "i4", ("time",), [20_000, 20_001], units="days since 1970-01-01", **packing)
        put(file, "ta", "f4", ("time",), [1, 2], standard_name="air_temperature", units="degC")
    found = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    assert found.status is Status.REJECTED
    assert found.rejected


@pytest.mark.parametrize(
    ("told", "stations"),
    [
        ({"station_name": ["Zürich/Fluntern", "Bern"]}, [("Zürich-Fluntern", "Zürich/Fluntern"), ("Bern", "Bern")]),
        ({"wmo_id": [1492, 10637]}, [("01492", ""), ("10637", "")]),
        ({}, [("netcdf_50_8", ""), ("netcdf_51_8", "")]),
    ],
)
def test_stations_are_called_the_same_in_each_file(tmp_path: Path, told: Any, stations: list[tuple[str, str]]) -> None:
    for order in (1, -1):
        with created(tmp_path / "a.nc", time=1, station=2) as file:
            put(file, "time", "i4", ("time",), [1], units="hours since 2024-05-01")
            put(file, "lat", "f4", ("station",), [50, 51][::order], standard_name="latitude")
            put(file, "lon", "f4", ("station",), [8, 8], standard_name="longitude")
            for name, values in told.items():
                texts = isinstance(values[0], str)
                held = np.array(values[::order], dtype=object if texts else "i4")
                put(file, name, str if texts else "i4", ("station",), held)
            air = {"standard_name": "air_temperature", "units": "degC"}
            put(file, "ta", "f4", ("station", "time"), [[1], [2]][::order], **air)
        found, values = taken(tmp_path / "a.nc")
        assert [(each.id, each.name) for each in found] == stations[::order]
        assert [values[name]["air_temperature"] for name, _ in stations] == [[(1, 2)], [(2, 2)]]


def test_places_that_nothing_names_are_told_of(tmp_path: Path) -> None:
    with created(tmp_path / "a.nc", time=1, cell=2) as file:
        put(file, "time", "i4", ("time",), [1], units="hours since 2024-05-01")
        put(file, "lat", "f4", ("cell",), [50, 51], standard_name="latitude")
        put(file, "lon", "f4", ("cell",), [8, 8], standard_name="longitude")
        put(file, "ta", "f4", ("time", "cell"), [1, 2], standard_name="air_temperature", units="degC")
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    assert (entry.stations, "nothing names its places: no variable `station_id`" in entry.why) == ({}, True)


def test_samples_at_heights_of_their_own_are_none_of_one_height(tmp_path: Path) -> None:
    with created(tmp_path / "a.nc", obs=4, station=1) as file:
        file.featureType = "timeSeriesProfile"
        put(file, "station_id", str, ("station",), np.array(["X1"], dtype=object))
        put(file, "row_size", "i4", ("station",), [4], sample_dimension="obs")
        put(file, "time", "i4", ("obs",), [0, 0, 1, 1], units="hours since 2024-05-01")
        put(file, "z", "f4", ("obs",), [2, 10, 2, 10], standard_name="height", units="m", axis="Z", positive="up")
        put(file, "ta", "f4", ("obs",), [1, 2, 3, 4], standard_name="air_temperature", units="degC")
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    assert (entry.stations, "each value has a height of its own" in entry.why) == ({}, True)


@pytest.mark.parametrize("name", ["QC_ta", "ta_qf", "ta_qc_flag", "ta_qualityflag", "ta_quality"])
@pytest.mark.parametrize("values", ["1b, 3b, 4b", "1 3 4", np.array([1, 3, 4], "i1")])
def test_flags_are_found_by_the_names_that_they_have_and_values_written_as_text(tmp_path: Path, name: str, values: Any) -> None:
    with series(tmp_path / "a.nc") as file:
        put(file, "ta", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC")
        put(file, name, "i1", ("time",), [1, 3, 4], flag_values=values, flag_meanings="pass suspect fail")
    assert taken(tmp_path / "a.nc")[1]["X1"]["air_temperature"] == [(1, 2), (2, 3), (3, 4)]


def test_a_local_time_without_an_offset_is_none(tmp_path: Path) -> None:
    for local in ({"long_name": "Local standard time"}, {}):
        with created(tmp_path / "a.nc", time=1) as file:
            file.station_id = "X1"
            put(file, "time", "i4", ("time",), [1], units="hours since 2024-05-01", **local)
            put(file, "obs_utc", "i4", ("time",), [7], units="hours since 2024-05-01 00:00")
            put(file, "ta", "f4", ("time",), [1], standard_name="air_temperature", units="degC")
        entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
        assert iso(entry.first or 0) == f"2024-05-01T0{7 if local else 1}:00:00Z"
    with series(tmp_path / "a.nc") as file:
        file["time"].long_name = "time (LST)"
        put(file, "ta", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC")
    (reject,) = survey(io.BytesIO((tmp_path / "a.nc").read_bytes())).rejects
    assert "it is a local time, and 'hours since 2024-05-01' has no offset" in reject.reason


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF4"])
@pytest.mark.parametrize(
    ("told", "name"),
    [(b"Z\xfcrich", "Zürich"), ("Zürich".encode(), "Zürich"), (b"Sant\xe9", "Santé"), ("Bü".encode()[:-1], "B\ufffd")],
)
def test_texts_of_older_programs_are_read(tmp_path: Path, kind: str, told: bytes, name: str) -> None:
    with series(tmp_path / "a.nc", kind) as file:
        file.station_name = "@" * len(told)
        put(file, "ta", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC")
    data = (tmp_path / "a.nc").read_bytes().replace(b"@" * len(told), told)
    (tmp_path / "a.nc").write_bytes(data)
    assert [each.name for each in taken(tmp_path / "a.nc")[0]] == [name]


@pytest.mark.parametrize("name", ["station_name", "stid", "StationID", "site_id", "call_sign", "platform", "icao", "site"])
@pytest.mark.parametrize("samples", [True, False])
def test_stations_are_told_by_the_names_that_such_variables_have(tmp_path: Path, name: str, samples: bool) -> None:
    axes = ("index",) if samples else ("station", "time")
    with created(tmp_path / "a.nc", index=4, station=2, time=2) as file:
        times, clock = ([0, 0, 1, 1], "index") if samples else ([0, 1], "time")
        put(file, "time", "i4", (clock,), times, units="hours since 2024-05-01")
        names = ["A", "B", "A", "B"] if samples else ["A", "B"]
        put(file, name, str, axes[:1], np.array(names, dtype=object))
        values = [1, 2, 3, 4] if samples else [1, 3, 2, 4]
        put(file, "ta", "f4", axes, values, standard_name="air_temperature", units="degC")
    found = taken(tmp_path / "a.nc")[1]
    assert found == {"A": {"air_temperature": [(1, 2), (3, 2)]}, "B": {"air_temperature": [(2, 2), (4, 2)]}}


@pytest.mark.parametrize(
    ("told", "station"),
    [
        ({"wmo_code": "44008", "ioos_code": "urn:ioos:station:wmo:44008"}, "44008"),
        ({}, "netcdf_40_-70"),
        (None, "1"),
    ],
)
def test_a_number_that_counts_the_stations_of_a_file_is_who_they_are_only_where_nothing_else_is(
    tmp_path: Path, told: Any, station: str
) -> None:
    with created(tmp_path / "a.nc", time=1, timeSeries=1) as file:
        file.featureType = "timeSeries"
        put(file, "timeSeries", "i4", ("timeSeries",), [1], cf_role="timeseries_id")
        put(file, "time", "i4", ("time",), [1], units="hours since 2024-05-01")
        if told is not None:
            put(file, "lat", "f8", ("timeSeries",), [40], standard_name="latitude")
            put(file, "lon", "f8", ("timeSeries",), [-70], standard_name="longitude")
            file.createVariable("platform", "i4", ()).setncatts(told)
        put(file, "ta", "f4", ("timeSeries", "time"), [1], standard_name="air_temperature", units="degC")
    assert [*taken(tmp_path / "a.nc")[1]] == [station]


def test_a_station_of_samples_that_only_a_number_counts_is_called_after_its_place(tmp_path: Path) -> None:
    with created(tmp_path / "a.nc", time=1) as file:
        file.featureType = "point"
        put(file, "timeSeries", "i4", (), [1], cf_role="timeseries_id")
        put(file, "time", "i4", ("time",), [1], units="hours since 2024-05-01")
        put(file, "lat", "f8", (), [40], standard_name="latitude")
        put(file, "lon", "f8", (), [-70], standard_name="longitude")
        put(file, "ta", "f4", ("time",), [1], standard_name="air_temperature", units="degC")
    assert [*taken(tmp_path / "a.nc")[1]] == ["netcdf_40_-70"]


@pytest.mark.parametrize(
    "told",
    [
        {"Latitude": 50.1, "Longitude": -8.6, "Elevation": 112.0},
        {"latitude": "50.1 N", "longitude": "8.6° W", "altitude": "112 m"},
        {"geospatial_lat_min": "50.1", "geospatial_lat_max": 50.1, "LON": "-8.6", "elevation": "112"},
    ],
)
def test_attributes_tell_a_place_as_people_write_it(tmp_path: Path, told: Any) -> None:
    with series(tmp_path / "a.nc") as file:
        file.setncatts(told)
        put(file, "ta", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC")
    ((station,), _) = taken(tmp_path / "a.nc")
    assert (station.latitude, station.longitude, station.elevation_m) == (50.1, -8.6, 112)


@pytest.mark.parametrize(
    ("days", "found"),
    [([2, 1, 0], "P1D"), ([0, 31, 60], "P1M"), ([0, 31, 61], None), ([0, 1, 2, 3, 3], "P1D"), ([0], None)],
)
def test_a_statistic_is_over_the_step_of_its_time(tmp_path: Path, days: list[int], found: str | None) -> None:
    with created(tmp_path / "a.nc", time=len(days)) as file:
        file.station_id = "X1"
        put(file, "time", "i4", ("time",), days, units="days since 2024-01-01")
        air = {"standard_name": "air_temperature", "units": "degC", "cell_methods": "time: mean"}
        put(file, "ta", "f4", ("time",), range(len(days)), **air)
    assert [*taken(tmp_path / "a.nc")[1].get("X1", {})] == ([f"air_temperature:2:mean:{found}"] if found else [])


@pytest.mark.parametrize(
    ("zone", "rejects"),
    [
        *(("America/Denver", 1), ("UTC-7", 1), ("UTC", 0), ("+00:00", 0), ("Coordinated Universal Time", 0), ("Universal", 0)),
        *(("UTC±0", 0), ("UTC (Zulu)", 0)),
    ],
)
def test_a_time_may_say_its_zone_beside_its_unit(tmp_path: Path, zone: str, rejects: int) -> None:
    with series(tmp_path / "a.nc") as file:
        file["time"].timezone = zone
        put(file, "ta", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC")
    assert len(survey(io.BytesIO((tmp_path / "a.nc").read_bytes())).rejects) == rejects


@pytest.mark.parametrize(("name", "long_name"), [("soil_temperature", ""), ("ts", "Soil temperature")])
def test_what_is_at_depths_may_be_told_by_its_name(tmp_path: Path, name: str, long_name: str) -> None:
    with series(tmp_path / "a.nc", depth=2) as file:
        put(file, "depth", "f4", ("depth",), [5, 20], units="cm")
        put(file, name, "f4", ("time", "depth"), range(6), long_name=long_name, units="degC")
    levels = ("soil_temperature:-0.05:point:PT0S", "soil_temperature:-0.2:point:PT0S")
    assert taken(tmp_path / "a.nc")[1]["X1"].keys() == {*levels}


@pytest.mark.parametrize("ragged", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_samples_of_stations_at_places_are_called_after_their_names_or_places(
    tmp_path: Path, ragged: bool, named: bool
) -> None:
    axes = ("obs",) if ragged else ("station", "each")
    with created(tmp_path / "a.nc", obs=4, station=2, each=2) as file:
        file.featureType = "timeSeries"
        put(file, "number", "i4", ("station",), [0, 1], cf_role="timeseries_id")
        put(file, "lat", "f8", ("station",), [60, 61], standard_name="latitude")
        put(file, "lon", "f8", ("station",), [10, 5], standard_name="longitude")
        if named:
            put(file, "station_name", str, ("station",), np.array(["Oslo", "Bergen"], dtype=object))
        put(file, "row_size", "i4", ("station",), [2, 2], **({"sample_dimension": "obs"} if ragged else {}))
        put(file, "time", "i4", axes, [0, 1, 0, 1], units="hours since 2024-05-01")
        put(file, "ta", "f4", axes, [1, 2, 3, 4], standard_name="air_temperature", units="degC")
    stations, found = taken(tmp_path / "a.nc")
    names = ["Oslo", "Bergen"] if named else ["netcdf_60_10", "netcdf_61_5"]
    assert [(each.id, each.latitude) for each in stations] == [(names[0], 60), (names[1], 61)]
    assert [*found.values()] == [{"air_temperature": [(1, 2), (2, 2)]}, {"air_temperature": [(3, 2), (4, 2)]}]


@pytest.mark.parametrize(("told", "lasting"), [("PT10M", "PT10M"), ("P1D", "P1D"), ("1 hour", "PT1H"), ("P1M", "")])
def test_a_file_of_one_time_may_say_how_far_its_times_are_apart(tmp_path: Path, told: str, lasting: str) -> None:
    with created(tmp_path / "a.nc", time=1) as file:
        file.station_id, file.time_coverage_resolution = "X1", told
        put(file, "time", "i4", ("time",), [1], units="hours since 2024-05-01")
        air = {"standard_name": "air_temperature", "units": "degC", "cell_methods": "time: mean"}
        put(file, "ta", "f4", ("time",), [1], **air)
    assert [*taken(tmp_path / "a.nc")[1].get("X1", {})] == [f"air_temperature:2:mean:{lasting}"] * bool(lasting)


@pytest.mark.parametrize("told", [{"cf_role": "timeseries_id"}, {"standard_name": "platform_id"}])
@pytest.mark.parametrize("samples", [True, False])
def test_stations_are_told_by_what_cf_calls_so(tmp_path: Path, told: Any, samples: bool) -> None:
    with created(tmp_path / "a.nc", row=2, time=1) as file:
        put(file, "buoy", str, ("row",), np.array(["A", "B"], dtype=object), **told)
        put(file, "time", "i4", ("row" if samples else "time",), [0] * (2 if samples else 1), units="hours since 2024-05-01")
        axes = ("row",) if samples else ("time", "row")
        put(file, "ta", "f4", axes, [1, 2], standard_name="air_temperature", units="degC")
    found = taken(tmp_path / "a.nc")[1]
    assert found == {"A": {"air_temperature": [(1, 2)]}, "B": {"air_temperature": [(2, 2)]}}


def test_samples_of_stations_that_nothing_names_are_not_taken_for_those_of_one(tmp_path: Path) -> None:
    with created(tmp_path / "a.nc", index=4) as file:
        put(file, "time", "i4", ("index",), [0, 0, 1, 1], units="hours since 2024-05-01")
        put(file, "whose", "i4", ("index",), [1, 2, 1, 2])
        put(file, "ta", "f4", ("index",), [1, 2, 3, 4], standard_name="air_temperature", units="degC")
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    assert [(each.column, each.reason) for each in entry.rejects] == [
        (
            "time",
            "many of its times come more than once, as those of several stations do: name whose each is in a variable "
            "`station_id` along index",
        )
    ]
    assert (entry.stations, taken(tmp_path / "a.nc")) == ({}, ([], {}))


def test_variables_along_several_coordinates_of_time_are_all_taken(tmp_path: Path) -> None:
    with created(tmp_path / "a.nc", time=3, hour=2, nv=2, station=1) as file:
        put(file, "station_id", str, ("station",), np.array(["X1"], dtype=object))
        put(file, "lat", "f4", ("station",), [50], units="degrees_north")
        put(file, "time", "i4", ("time",), [0, 10, 20], units="minutes since 2024-05-01")
        put(file, "hour", "i4", ("hour",), [0, 1], units="hours since 2024-05-01", bounds="hour_bounds")
        put(file, "hour_bounds", "i4", ("hour", "nv"), [-1, 0, 0, 1])
        put(file, "ta", "f4", ("time", "station"), [1, 2, 3], standard_name="air_temperature", units="degC")
        told = {"standard_name": "precipitation_amount", "units": "mm", "cell_methods": "hour: sum"}
        put(file, "rr", "f4", ("hour", "station"), [4, 5], **told)
    assert taken(tmp_path / "a.nc")[1] == {
        "X1": {"air_temperature": [(1, 2), (2, 2), (3, 2)], "precipitation_amount:0:sum:PT1H": [(4, 2), (5, 2)]}
    }
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    names = ["station_id", "lat", "time", "ta", "hour", "hour_bounds", "rr"]
    assert (entry.rows, entry.rejects, [each.name for each in entry.columns]) == (5, (), names)


@pytest.mark.parametrize(("clocks", "rows"), [(10, 10), (11, 1)])
def test_ten_coordinates_of_time_are_taken_and_no_more(tmp_path: Path, clocks: int, rows: int) -> None:
    """All variables are gone through for each: thousands took seconds."""
    sizes: dict[str, Any] = {f"t{number}": 1 for number in range(clocks)}
    with created(tmp_path / "a.nc", **sizes) as file:
        for number in range(clocks):
            put(file, f"t{number}", "i4", (f"t{number}",), [number], units="hours since 2024-05-01")
            put(file, f"ta{number}", "f4", (f"t{number}",), [1], standard_name="air_temperature", units="degC")
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    assert (entry.rows, entry.rejects) == (rows, ())


@pytest.mark.parametrize(
    ("depths", "read", "found"),
    [
        ([[-3, 0], [-3, 0]], 4, {"air_temperature:3:point:PT0S"}),
        ([[-3, 0], [-4, 0]], 4, set()),
        ([[-3, 0], [-3, 0]], 3, set()),
    ],
)
def test_depths_that_are_told_at_each_time_are_levels_where_they_are_few_and_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depths: list[list[int]], read: int, found: set[str]
) -> None:
    monkeypatch.setattr(netcdf_levels, "MOST_VALUES", read)
    path = tmp_path / "mooring.nc"
    with created(path, TIME=2, DEPTH=2) as file:
        file.platform_code = "61001"
        put(file, "TIME", "f8", ("TIME",), [1, 2], units="days since 2024-05-01", standard_name="time")
        put(
            file,
            "DEPH",
            "f4",
            ("TIME", "DEPTH"),
            depths,
            units="m",
            standard_name="depth",
            positive="down",
            _FillValue=-99999.0,
        )
        air = {"units": "degrees_C", "standard_name": "air_temperature", "_FillValue": -1, "scale_factor": 0.1}
        put(file, "DRYT", "i4", ("TIME", "DEPTH"), [[101, -1], [112, -1]], **air)
        flags = {"flag_values": np.array([1, 4, 9], "i1"), "flag_meanings": "good_data bad_data missing_value"}
        put(file, "DRYT_QC", "i1", ("TIME", "DEPTH"), [[1, 9], [4, 9]], **flags)
    told = taken(path)[1].get("61001", {})
    known = {name: values for name, values in told.items() if any(value is not None for value, _ in values)}
    assert known.keys() == found
    assert list(known.values()) == ([[(10.1, 2), (11.2, 4)]] if found else [])


def digits(path: Path, *, more: dict[str, Any] | None = None, kind: str = "NETCDF4", **variables: tuple[Any, str]) -> Path:
    """Three hours of one station, whose times are in variables of these values and units."""
    with created(path, kind, time=3, letters=10) as file:
        file.setncatts({"station_id": "X1", **(more or {})})
        for name, (values, unit) in variables.items():
            told = {"units": unit} if unit else {}
            if isinstance(values[0], str):
                put(file, name, "S1", ("time", "letters"), values, **told)
            else:
                put(file, name, "f8" if kind != "NETCDF4" else "i8", ("time",), values, **told)
        put(file, "air", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC")
    return path


def times(path: Path) -> list[str]:
    pieces = observations(io.BytesIO(path.read_bytes()), Context(key="in/some.nc"))
    return [*dict.fromkeys(iso(at) for piece in pieces if isinstance(piece, Batch) for at in piece.times)]


HOURS = ["2024-02-28T23:00:00Z", "2024-02-29T00:00:00Z", "2024-02-29T01:00:00Z"]
MINUTES = [202402282300, 202402290000, 202402290100]
DATES = [20240228, 20240229, 20240229]


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF4"])
@pytest.mark.parametrize(
    "variables",
    [
        {"time": (MINUTES, "YYYYMMDDhhmm")},
        {"time": (MINUTES, "%Y%m%d%H%M")},
        {"obs": (MINUTES, "yyyymmddHHMM UTC")},
        {"time": ([each * 100 for each in MINUTES], "%Y%m%d%H%M%S")},
        {"time": ([each // 100 for each in MINUTES], "YYYYMMDDhh")},
        {"TIMESTAMP": (MINUTES, "")},
        {"date": (DATES, ""), "hhmm": ([2300, 0, 100], "")},
        {"date": (DATES, "YYYYMMDD"), "time": ([230000, 0, 10000], "hhmmss")},
        {"yyyymmdd": (DATES, ""), "hour": ([23, 0, 1], "")},
        {"date": (["2024-02-28", "2024-02-29", "2024-02-29"], ""), "time": (["23:00", "00:00", "01:00"], "")},
    ],
)
def test_a_time_may_be_written_in_figures_or_in_two_variables(tmp_path: Path, kind: str, variables: Any) -> None:
    path = digits(tmp_path / "a.nc", kind=kind, **variables)
    assert times(path) == HOURS
    entry = survey(io.BytesIO(path.read_bytes()))
    said = "UTC by the unit" in entry.why
    assert (entry.status, entry.claims["zone"]) == (Status.OK, Claim.READ if said else Claim.INFERRED)


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"date": (DATES, "YYYYMMDD"), "time": ([0, 600, 1200], "")}, "it tells days, and time perhaps the time of day"),
        ({"date": (DATES, "YYYYMMDD"), "time": ([0, 600, 1200], "minutes")}, "it tells days, and time perhaps the time of day"),
        ({"local_time": (MINUTES, "YYYYMMDDhhmm")}, "it is a local time, and nothing says of which zone"),
        ({"time": (MINUTES, "YYYYMMDDhhmm LST")}, "its zone is 'LST' by the unit of time, which tells no offset"),
        ({"time": ([2024022823, 2024022900, 2024022901], "")}, "no variable tells the time"),  # or seconds since 1970
        ({"TIMESTAMP_START": (MINUTES, ""), "TIMESTAMP_END": (MINUTES, "")}, "it is in local standard time, as FLUXNET has it"),
    ],
)
def test_figures_that_may_be_two_times_are_read_as_none(tmp_path: Path, variables: Any, reason: str) -> None:
    path = digits(tmp_path / "a.nc", **variables)
    assert times(path) == []
    assert survey(io.BytesIO(path.read_bytes())).rejects[0].reason.startswith(reason)


def test_a_date_is_not_read_of_fewer_figures_than_it_has(tmp_path: Path) -> None:
    with created(tmp_path / "a.nc", time=3) as file:
        file.station_id = "X1"
        put(file, "time", "f4", ("time",), MINUTES, units="YYYYMMDDhhmm")  # 202402283520, 202402299904
        put(file, "air", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC")
    assert "more figures than single precision has" in survey(io.BytesIO((tmp_path / "a.nc").read_bytes())).rejects[0].reason


@pytest.mark.parametrize(
    ("told", "ahead"),
    [
        ({"time_zone": "+01:00"}, 1),
        ({"timezone": "CET"}, 1),
        ({"utc_offset": -6}, -6),
        ({"time_zone": "America/Phoenix"}, -7),
        ({"time_coverage_start": "2024-02-28T23:00:00+01:00"}, 1),
        ({"time_coverage_start": "2024-02-28T23:00:00Z", "time_zone": "UTC"}, 0),
    ],
)
def test_a_zone_of_the_whole_file_is_that_of_times_without_one(tmp_path: Path, told: Any, ahead: int) -> None:
    path = digits(tmp_path / "a.nc", more=told, time=(MINUTES, "YYYYMMDDhhmm"))
    assert times(path) == [iso(instant.parse(each) - ahead * 3_600_000) for each in HOURS]
    assert survey(io.BytesIO(path.read_bytes())).claims["zone"] is Claim.READ


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Caracas"])  # twice a year; from 2007 to 2016
def test_a_zone_whose_clocks_are_changed_tells_no_offset(tmp_path: Path, zone: str) -> None:
    path = digits(tmp_path / "a.nc", more={"time_zone": zone}, time=(MINUTES, "YYYYMMDDhhmm"))
    assert "whose clocks are changed" in survey(io.BytesIO(path.read_bytes())).rejects[0].reason


def test_a_zone_of_the_file_moves_no_times_that_cf_has_in_utc(tmp_path: Path) -> None:
    with series(tmp_path / "a.nc") as file:
        file.time_zone = "America/Denver"
        put(file, "air", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC")
    assert times(tmp_path / "a.nc")[0] == "2024-05-01T01:00:00Z"
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    assert "time_zone 'America/Denver' is taken for that of the station" in entry.why
    assert entry.claims["zone"] is Claim.INFERRED


def test_values_of_half_hours_stand_at_their_ends(tmp_path: Path) -> None:
    variables: Any = {
        "TIMESTAMP_START": ([202401010000, 202401010030, 202401010100], ""),
        "TIMESTAMP_END": ([202401010030, 202401010100, 202401010130], ""),
        "TA": ([5, 6, 7], "deg C"),
        "P": ([0, 1, 2], "mm"),
        "PA": ([100, 101, 102], "kPa"),
        "LE": ([1, 2, 3], "W m-2"),
    }
    path = digits(tmp_path / "a.nc", more={"time_zone": "UTC+1"}, **variables)
    assert times(path) == ["2023-12-31T23:30:00Z", "2024-01-01T00:00:00Z", "2024-01-01T00:30:00Z"]
    (_, found) = taken(path)
    assert {name: values[2][0] for name, values in found["X1"].items()} == {
        "air_temperature": 7,
        "air_pressure": 1020,
        "precipitation_amount:0:sum:PT30M": 2,
    }


@pytest.mark.parametrize(
    ("name", "unit", "found"),
    [
        ("T", "degC", "air_temperature"),
        ("T", "%", None),
        ("RH", "%", "relative_humidity"),
        ("U", "%", "relative_humidity"),
        ("U", "m/s", None),
        ("V", "m/s", None),
        ("P", "hPa", "air_pressure"),
        ("p", "mm", "precipitation_amount:0:sum:PT1H"),
        ("PA", "kPa", "air_pressure"),
        ("WS", "m s-1", "wind_speed"),
        ("WD", "degrees", "wind_from_direction"),
        ("TA", "1", None),
    ],
)
def test_a_bare_name_is_a_quantity_where_its_unit_settles_it(tmp_path: Path, name: str, unit: str, found: str | None) -> None:
    with series(tmp_path / "a.nc", nv=2) as file:
        file["time"].bounds = "ends"
        put(file, "ends", "i4", ("time", "nv"), [[0, 1], [1, 2], [2, 3]])
        put(file, name, "f4", ("time",), [1, 2, 3], units=unit)
    entry = survey(io.BytesIO((tmp_path / "a.nc").read_bytes()))
    (column,) = (each for each in entry.columns if each.name == name)
    assert (column.parameter, column.claim) == (found, Claim.INFERRED if found else None)


def test_a_bare_name_is_inferred_whatever_its_cell_methods_say(tmp_path: Path) -> None:
    with series(tmp_path / "a.nc", nv=2) as file:
        file["time"].bounds = "ends"
        put(file, "ends", "i4", ("time", "nv"), [[0, 1], [1, 2], [2, 3]])
        put(file, "T", "f4", ("time",), [1, 2, 3], units="degC", cell_methods="time: mean")
    columns = survey(io.BytesIO((tmp_path / "a.nc").read_bytes())).columns
    assert [each.claim for each in columns if each.parameter == "air_temperature:2:mean:PT1H"] == [Claim.INFERRED]


def test_a_bare_name_is_nothing_that_its_long_name_denies(tmp_path: Path) -> None:
    with series(tmp_path / "a.nc") as file:
        put(file, "T", "f4", ("time",), [1, 2, 3], units="degC", long_name="battery case")
    assert taken(tmp_path / "a.nc")[1] == {}


@pytest.mark.parametrize(
    ("methods", "name"),
    [
        ("time: mean over 10 minutes", "air_temperature:2:mean:PT10M"),
        ("time: mean over 1 hour", "air_temperature:2:mean:PT1H"),
        ("time: mean (interval: 1 minute)", "air_temperature:2:mean:PT1H"),  # whose values are an hour apart
        ("time: mean (comment: of the last 10 minutes)", "air_temperature:2:mean:PT10M"),
        ("time: maximum (interval: 1 second comment: 10-minute running mean)", "air_temperature:2:maximum:PT10M"),
        ("time: mean (comment: time: of the day)", "air_temperature:2:mean:PT1H"),
        ("time: mean over days", None),
    ],
)
def test_a_method_may_say_over_how_long_it_was_applied(tmp_path: Path, methods: str, name: str | None) -> None:
    with series(tmp_path / "a.nc") as file:
        put(file, "air", "f4", ("time",), [1, 2, 3], standard_name="air_temperature", units="degC", cell_methods=methods)
    assert [*taken(tmp_path / "a.nc")[1].get("X1", {})] == ([name] if name else [])


@pytest.mark.parametrize("name", ["flag", "flags"])
def test_letters_of_samos_are_flags_of_the_variable_of_their_place(tmp_path: Path, name: str) -> None:
    with series(tmp_path / "a.nc", f_string=3) as file:
        put(file, "T", "f4", ("time",), [1, 2, 3], units="celsius", long_name="air temperature", qcindex=np.int32(2))
        put(file, "RH", "f4", ("time",), [1, 2, 3], units="percent", long_name="relative humidity", qcindex=np.int32(3))
        put(file, name, "S1", ("time", "f_string"), ["ZZB", "ZJZ", "ZKI"], long_name="quality control flags")
    (_, found) = taken(tmp_path / "a.nc")
    assert found["X1"] == {
        "air_temperature": [(1, 2), (2, 4), (3, 3)],
        "relative_humidity": [(1, 4), (2, 2), (3, 2)],
    }
