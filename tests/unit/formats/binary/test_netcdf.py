"""NetCDF in all its file formats, written and judged by netCDF4; and what becomes of damage."""

import io
from pathlib import Path
from typing import Any, cast

import h5py
import netCDF4
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import hostile
from mesonet.domain.file import Claim, Mark, Status
from mesonet.domain.instant import iso
from mesonet.domain.instant import parse as parse_instant
from mesonet.domain.observation import Batch, Reject
from mesonet.domain.parameter import parse as parameter
from mesonet.domain.station import Station
from mesonet.errors import UnreadableFile
from mesonet.formats.binary import arrays, hdf5, hdf5_arrays, hdf5_blocks, netcdf, netcdf_classic
from mesonet.formats.binary.arrays import Dataset
from mesonet.formats.reading import RESERVE_MS, Columns, Context, Rows
from mesonet.formats.survey import Survey, observations, survey
from tests import effort
from tests.real_files import SAMPLES
from tests.unit.formats.noaa.files import real

FORMATS = ("NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA", "NETCDF4", "NETCDF4_CLASSIC")
HOURS = 30


def written(
    path: Path, kind: str = "NETCDF4", *, hours: int = HOURS, stations: int = 3, more: int = 0, **packing: Any
) -> bytes:
    """Hours of some stations, as CF's time series are."""
    names = [f"ST{number:02d}" for number in range(stations)]
    with netCDF4.Dataset(path, "w", format=cast(Any, kind)) as file:
        file.featureType = "timeSeries"
        file.title = "a network"
        file.createDimension("time", None)
        file.createDimension("station", stations)
        file.createDimension("letters", 4)
        time = file.createVariable("time", "f8", ("time",))
        time.units, time.standard_name = "hours since 2024-01-01 00:00:00 -1:00", "time"
        time[:] = np.arange(hours)
        if kind == "NETCDF4":
            station = file.createVariable("station", str, ("station",))
            station[:] = np.array(names, dtype=object)
        else:
            station = file.createVariable("station_id", "S1", ("station", "letters"))
            station[:] = netCDF4.stringtochar(np.array(names, dtype="S4"))
        station.cf_role = "timeseries_id"
        for name, values in (("lat", np.linspace(50, 60, stations)), ("lon", np.linspace(0, 10, stations))):
            place = file.createVariable(name, "f4", ("station",))
            place.standard_name = {"lat": "latitude", "lon": "longitude"}[name]
            place[:] = values
        values = np.arange(hours * stations, dtype="f4").reshape(hours, stations) / 4 + 270
        values[2, 1] = -999
        air = file.createVariable("ta", "f4", ("time", "station"), fill_value=-999.0, **packing)
        air.standard_name, air.units = "air_temperature", "K"
        air.cell_methods = "time: mean (interval: 10 minutes)"
        air[:] = values
        rain = file.createVariable("rr", "i2", ("time", "station"), **packing)
        rain.standard_name, rain.units, rain.long_name = "precipitation_amount", "mm", "Precipitation sum last 1 hours"
        rain.scale_factor = 0.1
        rain.set_auto_maskandscale(False)
        rain[:] = np.full((hours, stations), 12, dtype="i2")
        for number in range(more):
            other = file.createVariable(f"other_{number:03d}", "i4", ("time",))
            other.units, other.long_name = "1", f"the other {number}"
            for attribute in range(12):
                other.setncattr(f"attribute_{attribute}", f"text {attribute}")
            other[:] = np.arange(hours)
    return path.read_bytes()


def in_memory(kind: str) -> bytes:
    """Two instants of two stations, one told by number and one by text; where the fuzzer begins."""
    file = netCDF4.Dataset("a.nc", "w", format=cast(Any, kind), memory=4096)
    for name, length in (("letters", 20), ("time", 2), ("station", 2)):
        file.createDimension(name, length)
    file.createVariable("time", "i4", ("time",)).units = "hours since 2024-01-01"
    file["time"][:] = [0, 1]
    for name, texts in (("station_id", ["ST01", "ST02"]), ("iso_time", ["2024-01-01T00:00:00Z"] * 2)):
        told = file.createVariable(name, "S1", ("station" if name == "station_id" else "time", "letters"))
        told[:] = netCDF4.stringtochar(np.array(texts, dtype="S20"))
    file["station_id"].cf_role = "timeseries_id"
    rain = file.createVariable("rr", "i2", ("time", "station"), fill_value=-99)
    rain.standard_name, rain.units, rain.cell_methods = "precipitation_amount", "mm", "time: sum (interval: 1 hour)"
    rain.scale_factor, rain.valid_range = 0.1, np.array([0, 1000], dtype="i2")
    rain[:] = [[1, 2], [3, 4]]
    return bytes(cast(Any, file.close()))


def in_groups() -> bytes:
    """Two instants of two stations, each in a group of its own below one time."""
    file = netCDF4.Dataset("a.nc", "w", memory=4096)
    file.createDimension("time", 2)
    file.createVariable("time", "i4", ("time",)).units = "hours since 2024-01-01"
    file["time"][:] = [0, 1]
    for name, latitude in (("ST01", 50.0), ("ST02", 51.0)):
        group = file.createGroup(name)
        group.latitude, group.longitude = latitude, 7.0
        air = group.createVariable("ta", "f4", ("time",))
        air.standard_name, air.units = "air_temperature", "degC"
        air[:] = [1, 2]
    return bytes(cast(Any, file.close()))


SEEDS = [*(in_memory(kind) for kind in FORMATS), in_groups()]


def surveyed(data: bytes) -> Survey:
    return survey(io.BytesIO(data), Context(key="in/some.nc"))


def told(data: bytes) -> list[Batch]:
    return [piece for piece in observations(io.BytesIO(data), Context(key="in/some.nc")) if isinstance(piece, Batch)]


@pytest.mark.parametrize("kind", FORMATS)
def test_time_series_are_taken_from_every_file_format(tmp_path: Path, kind: str) -> None:
    data = written(tmp_path / "a.nc", kind)
    entry = surveyed(data)
    assert (entry.recognition.format, entry.status, entry.rows) == ("netcdf", Status.OK, HOURS)
    assert entry.stations == {"ST00": HOURS, "ST01": HOURS, "ST02": HOURS}
    assert entry.first is not None
    assert entry.last is not None
    assert (iso(entry.first), iso(entry.last)) == ("2024-01-01T01:00:00Z", "2024-01-02T06:00:00Z")
    batch = told(data)[1]
    air = batch.columns[parameter("air_temperature:2:mean:PT1H")]
    assert air.values[0] == pytest.approx(-2.9)
    assert (air.values[2], air.flags[2], air.received[0]) == (None, 9, "270.25")
    assert batch.columns[parameter("precipitation_amount:0:sum:PT1H")].values[:2] == [1.2, 1.2]
    places = [piece for piece in observations(io.BytesIO(data)) if isinstance(piece, Station)]
    assert [each.position for each in places] == [(50, 0), (55, 5), (60, 10)]


@pytest.mark.parametrize(
    "packing",
    [
        {"zlib": True, "shuffle": True, "chunksizes": (7, 2)},
        {"zlib": True, "shuffle": False, "chunksizes": (30, 3)},
        {"fletcher32": True, "chunksizes": (4, 1)},
        {"contiguous": False, "chunksizes": (1, 1)},
    ],
)
def test_chunks_and_filters_give_what_netcdf4_gives(tmp_path: Path, packing: dict[str, Any]) -> None:
    data = written(tmp_path / "a.nc", more=40, **packing)  # so many that links and attributes are dense
    agrees(tmp_path / "a.nc", data)


def agrees(path: Path, data: bytes) -> None:
    """Every variable, dimension, attribute and value is what netCDF4 reads."""
    module = hdf5 if data.startswith(hdf5_blocks.MAGIC) else netcdf_classic
    ours: Dataset = module.dataset(io.BytesIO(data), len(data))
    with netCDF4.Dataset(path) as theirs:
        theirs.set_auto_mask(False)
        theirs.set_auto_scale(False)
        assert list(ours.variables) == list(theirs.variables)
        for name, variable in theirs.variables.items():
            mine = ours.variables[name]
            if not mine.text:
                assert (mine.dimensions, mine.shape) == (variable.dimensions, variable.shape)
            for attribute in variable.ncattrs():
                other = variable.getncattr(attribute)
                if isinstance(other, str):
                    assert mine.attributes[attribute] == other.strip("\x00")
                else:
                    assert mine.attributes[attribute][0] == pytest.approx(other, nan_ok=True)
            values: Any = variable[...]
            if mine.text and variable.dtype != str:
                continue
            assert mine.read() == pytest.approx(np.ravel(values).tolist(), nan_ok=True) if not mine.text else True


def without_a_unit_of_time(path: Path, kind: str, times: dict[str, Any]) -> bytes:
    """Three hours of one station, whose time is in other variables."""
    with netCDF4.Dataset(path, "w", format=cast(Any, kind)) as file:
        file.station_id, file.featureType = "ST01", "timeSeries"
        file.createDimension("time", None)
        for name, values in times.items():
            if not isinstance(values[0], str):
                file.createVariable(name, "f8" if isinstance(values[0], float) else "i4", ("time",))[:] = values
            elif kind == "NETCDF4":
                file.createVariable(name, str, ("time",))[:] = np.array(values, dtype=object)
            else:
                file.createDimension("letters", len(values[0]))
                file.createVariable(name, "S1", ("time", "letters"))[:] = netCDF4.stringtochar(np.array(values, dtype="S"))
        air = file.createVariable("ta", "f4", ("time",))
        air.standard_name, air.units = "air_temperature", "degC"
        air[:] = [1.5, 2.5, 3.5]
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF4", "NETCDF4_CLASSIC"])
@pytest.mark.parametrize(
    "times",
    [
        {"time": ["2024-02-28T23:00:00Z", "2024-02-29T00:00:00Z", "2024-02-29T01:00:00Z"]},
        {"Times": ["2024-02-28_23:00:00", "2024-02-29_00:00:00", "2024-02-29_01:00:00"]},
        {"date_time": ["2024-02-29T00:00:00+01:00", "2024-02-29T01:00:00+01:00", "2024-02-29T02:00:00+01:00"]},
        {"obs_time": ["202402282300", "202402290000", "202402290100"]},
        {"time": ["2024 02 28 23:00 UTC", "2024 02 29 00:00 UTC", "2024 02 29 01:00 UTC"]},
        {"year": [2024] * 3, "month": [2] * 3, "day": [28, 29, 29], "hour": [23, 0, 1]},
        {"YEAR": [2024] * 3, "MO": [2] * 3, "DAY": [28, 29, 29], "HR": [23, 0, 1], "MN": [0] * 3, "SEC": [0.0] * 3},
    ],
)
def test_a_time_may_be_told_as_text_or_by_its_parts(tmp_path: Path, kind: str, times: dict[str, Any]) -> None:
    data = without_a_unit_of_time(tmp_path / "a.nc", kind, times)
    (batch,) = told(data)
    assert [iso(time) for time in batch.times] == ["2024-02-28T23:00:00Z", "2024-02-29T00:00:00Z", "2024-02-29T01:00:00Z"]
    assert batch.columns[parameter("air_temperature")].values == [1.5, 2.5, 3.5]
    entry = surveyed(data)
    assert (entry.status, entry.claims["zone"]) == (Status.OK, Claim.INFERRED)


def test_names_of_stations_may_be_characters_along_the_dimension_that_is_called_like_them(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w", format="NETCDF4") as file:
        for name, length in (("letters", 4), ("time", None), ("station", 2)):
            file.createDimension(name, length)
        file.createVariable("time", "i4", ("time",)).units = "hours since 2024-01-01"
        file["time"][:] = [0, 1]
        file.createVariable("station", "S1", ("station", "letters")).cf_role = "timeseries_id"
        file["station"][:] = netCDF4.stringtochar(np.array(["ST01", "ST02"], dtype="S4"))
        air = file.createVariable("ta", "f4", ("time", "station"))
        air.standard_name, air.units = "air_temperature", "degC"
        air[:] = [[1, 2], [3, 4]]
    found = {batch.station_id: batch.columns[parameter("air_temperature")].values for batch in told(path.read_bytes())}
    assert found == {"ST01": [1, 3], "ST02": [2, 4]}


@pytest.mark.parametrize(
    ("times", "left"),
    [
        ({"time": ["2024-02-28T23:00:00Z", "2024-02-30T00:00:00Z", "not a time, Sir. ...."]}, 1),
        ({"year": [2024] * 3, "month": [2] * 3, "day": [28, 30, 0]}, 1),
        ({"year": [2024] * 3, "month": [2] * 3, "day": [28, 28, 28], "hour": [1, 24, -1]}, 1),
        ({"year": [2024, 24, 1], "month": [2] * 3, "day": [28, 28, 28]}, 1),
        ({"year": [2024] * 3, "month": [2] * 3, "day": [28.0, 28.5, 28.25], "hour": [1, 2, 3]}, 1),
    ],
)
def test_a_time_that_does_not_exist_is_none(tmp_path: Path, times: dict[str, Any], left: int) -> None:
    data = without_a_unit_of_time(tmp_path / "a.nc", "NETCDF4", times)
    assert [len(batch.times) for batch in told(data)] == [left]
    assert [reject.reason for reject in surveyed(data).rejects] == ["2 instants have no time"]


def test_a_day_may_have_a_fraction(tmp_path: Path) -> None:
    times = {"year": [2024] * 3, "month": [2] * 3, "day": [28.0, 28.25, 28.5]}
    (batch,) = told(without_a_unit_of_time(tmp_path / "a.nc", "NETCDF4", times))
    assert [iso(time) for time in batch.times] == ["2024-02-28T00:00:00Z", "2024-02-28T06:00:00Z", "2024-02-28T12:00:00Z"]


DAYS: dict[str, Any] = {"year": [2024] * 3, "month": [2] * 3, "day": [1] * 3}


@pytest.mark.parametrize(
    "times",
    [
        {"year": [2024] * 3, "month": [2] * 3},
        {**DAYS, "minute": [1] * 3},
        {**DAYS, "hhmm": [0, 600, 1200]},
        {**DAYS, "hour": [0] * 3, "minutes": [0, 5, 10]},
        {"local_time": ["2024-02-28T23:00:00"] * 3},
    ],
)
def test_a_time_of_which_a_part_is_not_there_is_none(tmp_path: Path, times: dict[str, Any]) -> None:
    entry = surveyed(without_a_unit_of_time(tmp_path / "a.nc", "NETCDF4", times))
    assert (entry.status, entry.rejects[0].reason.startswith("no variable tells the time")) == (Status.REJECTED, True)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_is_cut_says_so(tmp_path: Path, kind: str) -> None:
    data = written(tmp_path / "a.nc", kind)
    for share in (0.2, 0.6, 0.95):
        entry = surveyed(data[: int(len(data) * share)])
        assert entry.status in (Status.REJECTED, Status.PARTIAL), (kind, share)
        assert any("ends" in each.reason or "damaged" in each.reason for each in entry.rejects), entry.rejects


def test_many_values_are_read_variable_by_variable_and_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(tmp_path / "a.nc")
    once, all_of_it = surveyed(data), told(data)
    monkeypatch.setattr(netcdf, "_MOST_AT_ONCE", 1)
    assert surveyed(data) == once
    apart = told(data)
    assert len(apart) == 2 * len(all_of_it)
    assert {p for batch in apart for p in batch.columns} == {p for batch in all_of_it for p in batch.columns}


def rows_of(batches: list[Batch]) -> list[tuple[Any, ...]]:
    return sorted(
        (batch.station_id, time, row, name.id, column.values[at], column.received[at], column.flags[at])
        for batch in batches
        for at, (time, row) in enumerate(zip(batch.times, batch.rows, strict=True))
        for name, column in batch.columns.items()
        if column.values[at] is not None
    )


@pytest.mark.parametrize(
    ("kind", "packing"),
    [
        *((kind, {}) for kind in FORMATS),
        ("NETCDF4", {"zlib": True, "shuffle": True, "chunksizes": (7, 2)}),
        ("NETCDF4", {"chunksizes": (1, 3)}),
        ("NETCDF4", {"zlib": True, "chunksizes": (30, 1)}),
    ],
)
def test_more_values_than_are_held_are_read_stretch_by_stretch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, packing: dict[str, Any]
) -> None:
    data = written(tmp_path / "a.nc", kind, **packing)
    once, all_of_it = surveyed(data), rows_of(told(data))
    monkeypatch.setattr(arrays, "AT_ONCE", 26)  # four hours, and two at the end
    monkeypatch.setattr(netcdf_classic, "MOST_VALUES", 40)
    short = packing.get("chunksizes", (HOURS,))[0] < HOURS  # unless told, a chunk is all hours
    monkeypatch.setattr(hdf5_arrays, "MOST_VALUES", 40 if short else HOURS * 3)
    assert surveyed(data) == once
    assert rows_of(told(data)) == all_of_it


def test_where_stations_come_first_so_many_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with netCDF4.Dataset(tmp_path / "a.nc", "w") as file:
        file.createDimension("station", 4)
        file.createDimension("time", 5)
        time = file.createVariable("time", "f8", ("time",))
        time.units = "hours since 2024-01-01"
        time[:] = np.arange(5)
        station = file.createVariable("station_id", str, ("station",))
        station.cf_role = "timeseries_id"
        station[:] = np.array(["A", "B", "C", "D"], dtype=object)
        air = file.createVariable("ta", "f4", ("station", "time"))
        air.standard_name, air.units = "air_temperature", "K"
        air[:] = np.arange(20).reshape(4, 5) + 270
    data = (tmp_path / "a.nc").read_bytes()
    once, all_of_it = surveyed(data), rows_of(told(data))
    monkeypatch.setattr(arrays, "AT_ONCE", 10)
    monkeypatch.setattr(hdf5_arrays, "MOST_VALUES", 10)
    assert surveyed(data) == once
    assert rows_of(told(data)) == all_of_it
    assert [row[2] for row in all_of_it] == [1, 2, 3, 4, 5] * 4


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF4"])
def test_a_long_series_is_left_behind_a_stretch_and_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    data = written(tmp_path / "a.nc", kind)
    whole = rows_of(told(data))
    monkeypatch.setattr(arrays, "AT_ONCE", 60)
    start, parts, rows = None, [], 0
    for _ in range(HOURS):
        context = Context(key="in/some.nc", start=start, remaining_ms=lambda: RESERVE_MS - 1)
        pieces = list(netcdf.read(io.BytesIO(data), context))
        parts += [piece for piece in pieces if isinstance(piece, Batch)]
        rows += sum(piece.count for piece in pieces if isinstance(piece, Rows))
        start = next((piece for piece in pieces if isinstance(piece, Mark)), None)
        if start is None:
            break
    assert (rows_of(parts), rows) == (whole, HOURS)
    assert len(parts) > 3


def test_of_a_grid_only_metadata_are_taken(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "g.nc", "w") as file:
        for name, length in (("time", 4), ("lat", 5), ("lon", 6)):
            file.createDimension(name, length)
            axis = file.createVariable(name, "f8", (name,))
            axis.units = {"time": "days since 2000-01-01", "lat": "degrees_north", "lon": "degrees_east"}[name]
            axis[:] = np.arange(length)
        grid = file.createVariable("tas", "f4", ("time", "lat", "lon"))
        grid.standard_name, grid.units = "air_temperature", "K"
    entry = surveyed((tmp_path / "g.nc").read_bytes())
    assert (entry.status, entry.rows, entry.station_count) == (Status.OK, 4, 0)
    assert "a grid (tas)" in entry.why
    assert entry.last is not None
    assert iso(entry.last) == "2000-01-04T00:00:00Z"


@pytest.mark.parametrize(
    ("units", "calendar", "why"),
    [
        (
            "days since 2000-01-01",
            "360_day",
            "'360_day' has no instants: its dates are none of the calendar that the world keeps",
        ),
        ("days since 2000-01-01", "all_leap", "Convert the times to the standard calendar"),
        (
            "months since 2000-01-01",
            "standard",
            "counts months, which have no one length: udunits takes a year for 365.242198781",
        ),
        ("years since 1970-01-01", "", "counts years, which have no one length"),
    ],
)
def test_times_that_are_no_instants_are_refused_and_their_file_is_described(
    tmp_path: Path, units: str, calendar: str, why: str
) -> None:
    with netCDF4.Dataset(tmp_path / "c.nc", "w") as file:
        file.title = "a run of a model"
        file.createDimension("time", 2)
        time = file.createVariable("time", "f8", ("time",))
        time.units = units
        if calendar:
            time.calendar = calendar
        time[:] = [0, 1]
        air = file.createVariable("tas", "f4", ("time",))
        air.standard_name, air.units = "air_temperature", "K"
        air[:] = [280, 281]
    entry = surveyed((tmp_path / "c.nc").read_bytes())
    assert (entry.status, entry.rows, entry.rejects[0].column) == (Status.REJECTED, 2, "time")
    assert why in entry.rejects[0].reason
    assert [(each.name, each.unit_received, each.values) for each in entry.columns] == [("time", units, 2), ("tas", "K", 2)]
    assert "a run of a model" in entry.why


@pytest.mark.parametrize(
    ("calendar", "units", "hours"),
    [
        ("noleap", "hours since 2024-02-27 12:00:00", (0, 36, 60, 20_000, -30_000)),
        ("365_day", "days since 1999-12-31", (0, 1, 59, 60, 366, 40_000)),
        ("julian", "days since 1900-02-28", (0, 1, 2, 366, 40_000)),
        ("standard", "days since 1582-10-01", (0, 13, 14, 15, 400)),
    ],
)
def test_dates_of_other_calendars_keep_their_names_or_their_instants(
    tmp_path: Path, calendar: str, units: str, hours: tuple[int, ...]
) -> None:
    """Without leap days there are only dates, each the instant that is called so; the Julian calendar has instants."""
    with netCDF4.Dataset(tmp_path / "c.nc", "w") as file:
        file.createDimension("time", len(hours))
        file.station = "A"
        time = file.createVariable("time", "f8", ("time",))
        time.units, time.calendar = units, calendar
        time[:] = hours
        air = file.createVariable("ta", "f4", ("time",))
        air.standard_name, air.units = "air_temperature", "K"
        air[:] = [280.0] * len(hours)
    (batch,) = [each for each in observations(io.BytesIO((tmp_path / "c.nc").read_bytes())) if isinstance(each, Batch)]
    judged = list(cast(Any, netCDF4.num2date(hours, units, calendar, only_use_cftime_datetimes=True)))
    if calendar in ("julian", "standard"):
        judged = [each.change_calendar("proleptic_gregorian") for each in judged]
    assert [iso(at) for at in batch.times] == [each.strftime("%Y-%m-%dT%H:%M:%SZ") for each in judged]


def test_heights_in_feet_become_metres(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "f.nc", "w") as file:
        file.station = "A"
        with_clock(file, [1, 2], standard_name="wind_speed", units="m s-1", coordinates="height")
        for name, value, unit in (
            ("latitude", 46.5, "degrees_north"),
            ("longitude", 7.5, "degrees_east"),
            ("altitude", 1000, "ft"),
        ):
            variable(file, name, "f8", (), value, standard_name=name, units=unit)
        variable(file, "height", "f8", (), 20, standard_name="height", units="feet", positive="up")
    pieces = list(observations(io.BytesIO((tmp_path / "f.nc").read_bytes())))
    assert [each.elevation_m for each in pieces if isinstance(each, Station)] == [304.8]
    assert [parameter.id for each in pieces if isinstance(each, Batch) for parameter in each.columns] == [
        "wind_speed:6.096:point:PT0S"
    ]


def test_without_time_there_is_nothing_to_take(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "c.nc", "w", format="NETCDF3_CLASSIC") as file:
        file.createDimension("x", 2)
        file.createVariable("temp", "f8", ("x",))[:] = [0, 1]
    entry = surveyed((tmp_path / "c.nc").read_bytes())
    assert entry.status is Status.REJECTED
    assert "no variable tells the time" in entry.rejects[0].reason


class Files(dict[str, bytes]):
    def __repr__(self) -> str:  # Hypothesis shows arguments
        return "files"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("nc")
    return Files({kind: written(folder / "a.nc", kind, hours=4, more=2) for kind in ("NETCDF3_CLASSIC", "NETCDF4")})


@settings(max_examples=120, deadline=None)
@given(kind=st.sampled_from(("NETCDF3_CLASSIC", "NETCDF4")), at=st.floats(0, 1), junk=st.binary(min_size=1, max_size=24))
def test_no_damage_crashes_it(files: Files, kind: str, at: float, junk: bytes) -> None:
    data = bytearray(files[kind])
    start = int(at * (len(data) - len(junk)))
    data[start : start + len(junk)] = junk
    entry = surveyed(bytes(data))
    assert entry.status in set(Status)
    told(bytes(data))


def test_what_a_file_can_hardly_hold_is_not_read(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "a.nc", "w") as file:
        file.createDimension("time", 10**12)
        time = file.createVariable("time", "f8", ("time",), chunksizes=(1000,))
        time.units = "hours since 2024-01-01"
    entry = surveyed((tmp_path / "a.nc").read_bytes())
    assert (entry.status, entry.rejects[0].column) == (Status.REJECTED, "time")
    assert "more values than a file of this size" in entry.rejects[0].reason


def test_a_version_that_there_is_not_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        netcdf_classic.dataset(io.BytesIO(b"CDF\x07" + bytes(60)), 64)


def test_a_file_that_lies_about_its_size_is_refused() -> None:
    head = (
        b"CDF\x01"
        + (2**31 - 2).to_bytes(4)
        + b"\x00\x00\x00\x0a\x00\x00\x00\x01\x00\x00\x00\x01x\x00\x00\x00\x7f\xff\xff\xff"
        + bytes(8)
    )
    variable = (
        b"\x00\x00\x00\x0b\x00\x00\x00\x01\x00\x00\x00\x01v\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"
        + bytes(8)
        + b"\x00\x00\x00\x06"
    )
    data = head + variable + b"\x7f\xff\xff\xff" + b"\x00\x00\x00\x50"
    dataset = netcdf_classic.dataset(io.BytesIO(data), len(data))
    with pytest.raises(UnreadableFile, match="more than"):
        dataset.variables["v"].read()


# --- real files, where the folder is there -----------------------------------------------------------------------------------

REAL = real(
    "nc_arm_sgpmetE13_20190101.cdf", "nc_arm_sgpmetE15_20190508.cdf", "nc_arm_sgpmet_no_time.nc", "nc_knmi_20221231.nc",
    "nc_ndbc_41001_cwind_1997.nc", "nc_rnoaa_vcaf1h2005.nc",
)  # fmt: skip


def test_real_files_hold_what_netcdf4_reads() -> None:
    for name in REAL:
        agrees(SAMPLES / name, (SAMPLES / name).read_bytes())


# --- samples with a time and a station of their own ------------------------------------------------------------------------

KINDS = ("contiguous", "indexed", "incomplete", "records")
SAMPLED = {"ST0": [280.0, 281.0], "ST1": [290.0, 291.0, 292.0], "ST2": [300.0]}


def sampled(path: Path, kind: str) -> bytes:
    """The same samples of three stations in each of CF's representations, and as MADIS writes records."""
    owners = [number for number, values in enumerate(SAMPLED.values()) for _ in values]
    minutes = [10 * at for values in SAMPLED.values() for at in range(len(values))]
    values = [value for each in SAMPLED.values() for value in each]
    if kind in ("indexed", "records"):  # mixed, as samples come in
        order = sorted(range(len(values)), key=lambda at: (minutes[at], owners[at]))
        owners, minutes, values = [owners[at] for at in order], [minutes[at] for at in order], [values[at] for at in order]
    with netCDF4.Dataset(path, "w") as file:
        file.featureType = "timeSeries"
        file.createDimension("obs", 3 if kind == "incomplete" else len(values))
        file.createDimension("station", 3)
        if kind == "records":
            file.createDimension("letters", 4)
            names = file.createVariable("stationId", "S1", ("obs", "letters"))
            names[:] = netCDF4.stringtochar(np.array([f"ST{owner}" for owner in owners], dtype="S4"))
            place, where = ("obs",), [50.0 + owner for owner in owners]
        else:
            names = file.createVariable("station_name", str, ("station",))
            names.cf_role = "timeseries_id"
            names[:] = np.array(list(SAMPLED), dtype=object)
            place, where = ("station",), [50.0, 51.0, 52.0]
        for name in ("latitude", "longitude"):
            there = file.createVariable(name, "f8", place)
            there.standard_name = name
            there[:] = where
        if kind == "contiguous":
            counts = file.createVariable("row_size", "i4", ("station",))
            counts.sample_dimension = "obs"
            counts[:] = [len(each) for each in SAMPLED.values()]
        if kind == "indexed":
            index = file.createVariable("which", "i4", ("obs",))
            index.instance_dimension = "station"
            index[:] = owners
        axes = ("station", "obs") if kind == "incomplete" else ("obs",)
        time = file.createVariable("time", "f8", axes, fill_value=-1.0)
        time.units = "minutes since 1-1-1970" if kind == "records" else "minutes since 1970-01-01"
        flags = file.createVariable("ta_flag", "i1", axes)  # stands before the values, and is none of them
        flags.standard_name, flags.units = "relative_humidity status_flag", "1"
        air = file.createVariable("ta", "f4", axes, fill_value=-999.0)
        air.units = "K"
        air.setncattr(*(("long_name", "air temperature") if kind == "records" else ("standard_name", "air_temperature")))
        if kind == "incomplete":
            for number, each in enumerate(SAMPLED.values()):
                time[number, : len(each)] = [10 * at for at in range(len(each))]
                air[number, : len(each)] = each
        else:
            time[:], air[:] = minutes, values
        flags[:] = np.ones(flags.shape)
    return path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_samples_go_to_their_own_stations_in_every_representation(tmp_path: Path, kind: str) -> None:
    data = sampled(tmp_path / "a.nc", kind)
    entry = surveyed(data)
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 6, {"ST0": 2, "ST1": 3, "ST2": 1})
    found = {batch.station_id: batch for batch in told(data)}
    for name, values in SAMPLED.items():
        assert found[name].times == [600_000 * at for at in range(len(values))]
        assert list(found[name].columns) == [parameter("air_temperature")]
        assert found[name].columns[parameter("air_temperature")].values == pytest.approx([each - 273.15 for each in values])
    places = {piece.id: piece.position for piece in observations(io.BytesIO(data)) if isinstance(piece, Station)}
    assert places == {"ST0": (50, 50), "ST1": (51, 51), "ST2": (52, 52)}


@pytest.mark.parametrize("kind", ["contiguous", "indexed", "incomplete"])
def test_names_without_a_role_say_whose_samples_are_where_no_two_are_alike(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.nc"
    sampled(path, kind)
    with netCDF4.Dataset(path, "a") as file:
        del file["station_name"].cf_role
    assert list(surveyed(path.read_bytes()).stations) == ["ST0", "ST1", "ST2"]
    with netCDF4.Dataset(path, "a") as file:
        file["station_name"][2] = "ST1"
    assert list(surveyed(path.read_bytes()).stations) == ["netcdf_50_50", "netcdf_51_51", "netcdf_52_52"]


@pytest.mark.parametrize(("name", "value"), [("row_size", 7), ("which", 9)])
def test_samples_of_no_station_are_told(tmp_path: Path, name: str, value: int) -> None:
    sampled(tmp_path / "a.nc", "contiguous" if name == "row_size" else "indexed")
    with netCDF4.Dataset(tmp_path / "a.nc", "a") as file:
        file[name][0] = value
    entry = surveyed((tmp_path / "a.nc").read_bytes())
    if name == "row_size":
        assert (entry.status, entry.rejects[0].reason) == (Status.REJECTED, "counts 11 samples where there are 6")
    else:
        assert entry.rejects[0].reason == "1 samples are of no station that the file names"
        assert entry.stations == {"ST0": 1, "ST1": 3, "ST2": 1}


def test_stations_behind_the_last_one_with_samples_may_have_none(tmp_path: Path) -> None:
    sampled(tmp_path / "a.nc", "contiguous")
    with netCDF4.Dataset(tmp_path / "a.nc", "a") as file:
        file["row_size"][:] = [3, 3, 0]
    entry = surveyed((tmp_path / "a.nc").read_bytes())
    assert (entry.status, entry.stations) == (Status.OK, {"ST0": 3, "ST1": 3})


def test_a_scale_that_is_no_number_takes_no_station_elsewhere(tmp_path: Path) -> None:
    sampled(tmp_path / "a.nc", "contiguous")
    with netCDF4.Dataset(tmp_path / "a.nc", "a") as file:
        file["latitude"].scale_factor = float("nan")
    data = (tmp_path / "a.nc").read_bytes()
    assert surveyed(data).bbox is None
    assert {each.position for each in observations(io.BytesIO(data)) if isinstance(each, Station)} <= {None}


def of_one(path: Path, kind: str, **variables: Any) -> bytes:
    """Values along time at places that change with it; `variables` are more of them, without dimensions."""
    with netCDF4.Dataset(path, "w") as file:
        file.featureType = kind
        file.createDimension("obs", 2)
        for name, unit in (("time", "hours since 2024-01-01"), ("latitude", ""), ("longitude", ""), ("air_temperature", "K")):
            each = file.createVariable(name, "f8", ("obs",))
            each.standard_name, each.units = name, unit
            each[:] = [280.0, 281.0] if name == "air_temperature" else [10.0, 11.0]
            each.coordinates = "height"
        for name, value in variables.items():
            each = file.createVariable(name, str if isinstance(value, str) else "f8", ())
            each.units, each[...] = "m", value
            each.cf_role = "trajectory_id" if isinstance(value, str) else ""
    return path.read_bytes()


def test_a_trajectory_is_that_of_its_platform_and_a_point_of_nobody(tmp_path: Path) -> None:
    entry = surveyed(of_one(tmp_path / "a.nc", "trajectory", vessel="SHIP1"))
    assert (entry.status, entry.stations) == (Status.OK, {"SHIP1": 2})
    entry = surveyed(of_one(tmp_path / "b.nc", "point"))
    assert (entry.stations, entry.rows) == ({}, 2)
    assert "each value has a place of its own" in entry.why


def test_a_height_is_the_sensors_where_variables_say_that_it_is_theirs(tmp_path: Path) -> None:
    data = of_one(tmp_path / "a.nc", "trajectory", vessel="SHIP1", height=9.5)
    (batch,) = told(data)
    assert [each.id for each in batch.columns] == ["air_temperature:9.5:point:PT0S"]
    assert [piece.elevation_m for piece in observations(io.BytesIO(data)) if isinstance(piece, Station)] == [None]


# --- what values are over, and which are none --------------------------------------------------------------------------------


def along_time(
    path: Path, times: list[float], values: list[float], kind: str = "f4", bounds: float = 0, **attributes: Any
) -> bytes:
    """A temperature of one station; `bounds` days before and behind each time are its period."""
    with netCDF4.Dataset(path, "w") as file:
        file.station = "X1"
        file.createDimension("time", len(times))
        file.createDimension("nv", 2)
        clock = file.createVariable("time", "f8", ("time",))
        clock.units = "days since 2024-01-01"
        clock[:] = times
        if bounds:
            clock.bounds = "time_bnds"
            file.createVariable("time_bnds", "f8", ("time", "nv"))[:] = [[each - bounds, each + bounds] for each in times]
        air = file.createVariable("ta", cast(Any, kind), ("time",))
        air.set_auto_maskandscale(False)
        air.standard_name, air.units = "air_temperature", "K"
        for name, value in attributes.items():
            air.setncattr(name, value)
        air[:] = values
    return path.read_bytes()


@pytest.mark.parametrize(
    ("times", "bounds", "method", "name", "first"),
    [
        ([0.5, 1.5, 2.5], 0.5, "time: maximum", "air_temperature:2:maximum:P1D", "2024-01-01T00:00:00Z"),
        ([0.5, 1.5, 2.5], -0.5, "time: maximum", "air_temperature:2:maximum:P1D", "2024-01-01T00:00:00Z"),
        ([0.25, 0.5, 0.75], 0.125, "time: mean", "air_temperature:2:mean:PT6H", "2024-01-01T09:00:00Z"),
        ([0.5, 1.5, 2.5], 0.5, "time: point", "air_temperature", "2024-01-01T12:00:00Z"),
        ([0.25, 0.5, 0.75], 0, "time: mean", "air_temperature:2:mean:PT6H", "2024-01-01T06:00:00Z"),
    ],
)
def test_a_mean_is_over_its_bounds_or_the_step_of_time(
    tmp_path: Path, times: list[float], bounds: float, method: str, name: str, first: str
) -> None:
    (batch,) = told(along_time(tmp_path / "a.nc", times, [280, 281, 282], bounds=bounds, cell_methods=method))
    assert ([each.id for each in batch.columns], iso(batch.times[0])) == ([name], first)


@pytest.mark.parametrize("ragged", [False, True], ids=["series", "samples"])
def test_points_stand_at_their_times_and_periods_at_their_bounds_in_one_file(tmp_path: Path, ragged: bool) -> None:
    path = tmp_path / "a.nc"
    along_time(path, [0.25, 0.5, 0.75], [280, 281, 282], bounds=0.125, cell_methods="time: point")
    with netCDF4.Dataset(path, "a") as file:
        file["time_bnds"][:] = [[0.25, 0.5], [0.5, 0.75], [0.75, 1.0]]
        if ragged:
            file.createDimension("station", 1)
            names = file.createVariable("name", str, ("station",))
            names.cf_role, names[0] = "timeseries_id", "X1"
            file.createVariable("size", "i4", ("station",))[:] = 3
            file["size"].sample_dimension = "time"
        rain = file.createVariable("pr", "f4", ("time",))
        rain.standard_name, rain.units, rain.cell_methods = "precipitation_amount", "kg m-2", "time: sum"
        rain[:] = [1, 2, 3]
    found = {each.id: [iso(time) for time in batch.times] for batch in told(path.read_bytes()) for each in batch.columns}
    assert found == {
        "air_temperature": ["2024-01-01T06:00:00Z", "2024-01-01T12:00:00Z", "2024-01-01T18:00:00Z"],
        "precipitation_amount:0:sum:PT6H": ["2024-01-01T12:00:00Z", "2024-01-01T18:00:00Z", "2024-01-02T00:00:00Z"],
    }
    entry = surveyed(path.read_bytes())
    assert (entry.stations, iso(entry.last or 0)) == ({"X1": 3}, "2024-01-02T00:00:00Z")


def test_a_mean_over_a_time_that_nothing_tells_is_left(tmp_path: Path) -> None:
    entry = surveyed(along_time(tmp_path / "a.nc", [0.1, 0.5, 0.7], [280, 281, 282], cell_methods="time: mean"))
    assert entry.stations == {}
    assert "ta was left out: it is a mean over a time that nothing tells" in entry.why


def test_what_nobody_wrote_is_missing_and_what_is_beyond_the_valid_range_failed(tmp_path: Path) -> None:
    packed = along_time(tmp_path / "a.nc", [0, 1, 2], [800, -32767, 820], "i2", scale_factor=0.1, add_offset=200.0)
    (batch,) = told(packed)
    assert (batch.columns[parameter("air_temperature")].values, batch.columns[parameter("air_temperature")].flags) == (
        [pytest.approx(6.85), None, pytest.approx(8.85)],
        [2, 9, 2],
    )
    for valid in ({"valid_range": [250.0, 300.0]}, {"valid_min": 250.0, "valid_max": 300.0}, {"valid_max": 300.0}):
        (batch,) = told(along_time(tmp_path / "b.nc", [0, 1, 2], [280, 310, 281], **valid))
        assert batch.columns[parameter("air_temperature")].flags == [2, 4, 2]


def test_integers_that_nobody_wrote_are_missing_beside_a_missing_value(tmp_path: Path) -> None:
    (batch,) = told(along_time(tmp_path / "a.nc", [0, 1, 2], [280, -32767, -9999], "i2", missing_value=np.int16(-9999)))
    assert batch.columns[parameter("air_temperature")].flags == [2, 9, 9]


def test_a_station_may_be_called_0(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "a.nc", "w") as file:
        file.featureType = "timeSeries"
        file.createDimension("station", 2)
        file.createDimension("time", 2)
        number = file.createVariable("station_id", "i4", ("station",))
        number.cf_role = "timeseries_id"
        number[:] = [0, 1]
        for name, axes, unit in (
            ("latitude", ("station",), "degrees_north"),
            ("longitude", ("station",), "degrees_east"),
            ("time", ("time",), "hours since 2024-01-01"),
            ("air_temperature", ("station", "time"), "K"),
        ):
            each = file.createVariable(name, "f8", axes)
            each.standard_name, each.units = name, unit
            each[:] = [[280.0, 281.0], [290.0, 291.0]] if len(axes) == 2 else [10.0, 11.0]
    assert surveyed((tmp_path / "a.nc").read_bytes()).stations == {"0": 2, "1": 2}


@pytest.mark.parametrize("valid", [{"valid_range": np.array([250.0, 281.0])}, {"valid_range": np.array([500, 810], "i2")}])
def test_limits_of_packed_integers_are_of_what_is_unpacked_unless_they_are_integers(tmp_path: Path, valid: Any) -> None:
    packing = {"scale_factor": 0.1, "add_offset": 200.0}
    (batch,) = told(along_time(tmp_path / "a.nc", [0, 1, 2], [800, 900, 810], "i2", **packing, **valid))
    assert batch.columns[parameter("air_temperature")].flags == [2, 4, 2]


@pytest.mark.parametrize(
    ("name", "unit", "value", "parameter_id", "taken"),
    [
        ("station pressure", "Pa", 100_250, "air_pressure", 1002.5),
        ("sea level pressure", "Pa", 100_250, "air_pressure_at_mean_sea_level", 1002.5),
        ("wind direction", "degree", 90, "wind_from_direction", 90),
        ("wind gust", "m/s", 3.5, "wind_speed_of_gust", 3.5),
        ("visibility", "m", 1200, "visibility_in_air", 1200),
        ("dew point temperature", "K", 280.15, "dew_point_temperature", 7),
    ],
)
def test_a_long_name_of_madis_is_a_quantity(
    tmp_path: Path, name: str, unit: str, value: float, parameter_id: str, taken: float
) -> None:
    (batch,) = told(along_time(tmp_path / "a.nc", [0, 1], [value] * 2, "f8", standard_name="", long_name=name, units=unit))
    ((found, column),) = batch.columns.items()
    assert found.id == parameter_id
    assert column.values == pytest.approx([taken] * 2)


@pytest.mark.parametrize(
    ("name", "unit", "value", "parameter_id", "taken"),
    [
        ("atmos_pressure", "kPa", 100.25, "air_pressure:0:mean:PT1M", 1002.5),
        ("temp_mean", "degC", 12.5, "air_temperature:2:mean:PT1M", 12.5),
        ("rh_mean", "%", 55, "relative_humidity:2:mean:PT1M", 55),
        ("vapor_pressure_mean", "kPa", 1.25, "water_vapor_partial_pressure_in_air:2:mean:PT1M", 12.5),
        ("wspd_arith_mean", "m/s", 3.5, "wind_speed:10:mean:PT1M", 3.5),
        ("wdir_vec_mean", "degree", 90, "wind_from_direction:10:mean:PT1M", 90),
        ("tbrg_precip_total_corr", "mm", 0.25, "precipitation_amount:0:sum:PT1M", 0.25),
        ("pwd_mean_vis_10min", "m", 1200, "visibility_in_air:2:mean:PT10M", 1200),
    ],
)
def test_a_variable_of_arm_is_known_by_its_name(
    tmp_path: Path, name: str, unit: str, value: float, parameter_id: str, taken: float
) -> None:
    along_time(tmp_path / "a.nc", [0, 1], [value] * 2, "f8", standard_name="", units=unit)
    with netCDF4.Dataset(tmp_path / "a.nc", "a") as file:
        file.datastream = "sgpmetE13.b1"
        file.renameVariable("ta", name)
    (batch,) = told((tmp_path / "a.nc").read_bytes())
    ((found, column),) = batch.columns.items()
    assert (found.id, column.values) == (parameter_id, [taken] * 2)


@pytest.mark.parametrize(
    ("name", "level"),
    [("Temperature at 150 cm", 1.5), ("Temperature at 3.5 m", 3.5), ("Temperature above grass", 0.1), ("Temperature", 2)],
)
def test_a_height_is_read_from_the_long_name(tmp_path: Path, name: str, level: float) -> None:
    (batch,) = told(along_time(tmp_path / "a.nc", [0, 1], [280, 281], long_name=name))
    assert [each.level for each in batch.columns] == [level]


@pytest.mark.parametrize(("longitude", "height", "place"), [(285, 100, (-75, 100)), (170, 9500, (170, None))])
def test_a_place_is_east_of_greenwich_and_on_the_earth(
    tmp_path: Path, longitude: float, height: float, place: tuple[float, float | None]
) -> None:
    along_time(tmp_path / "a.nc", [0, 1], [280, 281])
    with netCDF4.Dataset(tmp_path / "a.nc", "a") as file:
        for name, value in (("lat", 45.0), ("lon", longitude), ("alt", height)):
            file.createVariable(name, "f8", ())[...] = value
    data = (tmp_path / "a.nc").read_bytes()
    (station,) = (piece for piece in observations(io.BytesIO(data), Context(key="in/some.nc")) if isinstance(piece, Station))
    assert (station.id, station.position, station.elevation_m) == ("X1", (45, place[0]), place[1])


@pytest.mark.parametrize(
    ("unit", "hour"),
    [
        *(("days", 1 / 24), ("d", 1 / 24), ("hours", 1), ("hr", 1), ("h", 1), ("minutes", 60), ("min", 60), ("seconds", 3600)),
        *(("sec", 3600), ("s", 3600), ("milliseconds", 3.6e6), ("msec", 3.6e6), ("ms", 3.6e6), ("microseconds", 3.6e9)),
        ("us", 3.6e9),
    ],
)
def test_a_time_is_in_the_unit_that_the_file_says(tmp_path: Path, unit: str, hour: float) -> None:
    along_time(tmp_path / "a.nc", [0, hour], [280, 281])
    with netCDF4.Dataset(tmp_path / "a.nc", "a") as file:
        file["time"].units = f"{unit} since 2024-01-01"
    (batch,) = told((tmp_path / "a.nc").read_bytes())
    assert list(map(iso, batch.times)) == ["2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z"]


# --- groups ------------------------------------------------------------------------------------------------------------------


def variable(group: Any, name: str, kind: Any, axes: tuple[str, ...], values: Any, **attributes: Any) -> None:
    made = group.createVariable(name, kind, axes)
    made.setncatts(attributes)
    made[...] = values


HOURS_OF = {"units": "hours since 2024-01-01"}
AIR = {"standard_name": "air_temperature", "units": "degC"}
SUN = {"standard_name": "surface_downwelling_shortwave_flux_in_air", "units": "W m-2"}


def with_clock(group: Any, values: Any, **attributes: Any) -> None:
    group.createDimension("time", len(values))
    variable(group, "time", "i4", ("time",), range(len(values)), **HOURS_OF)
    variable(group, "ta", "f4", ("time",), values, **{**AIR, **attributes})


def stations_each_with_its_time(file: Any) -> None:
    for number in range(2):
        group = file.createGroup(f"network/ST{number}")
        group.setncatts({"latitude": 50.0 + number, "longitude": "10.5", "elevation": np.float32(100)})
        with_clock(group, [number, number + 1, number + 2])


def stations_with_one_time(file: Any) -> None:
    file.createDimension("time", 3)
    variable(file, "time", "i4", ("time",), range(3), **HOURS_OF)
    for number in range(2):
        group = file.createGroup(f"ST{number}")
        variable(group, "ta", "f4", ("time",), [number, number + 1, number + 2], **AIR)
        for name, value in (("latitude", 50.0 + number), ("longitude", 10.5), ("altitude", 100)):
            variable(group, name, "f8", (), value, standard_name=name)


def quantities_of_stations_of_the_root(file: Any) -> None:
    file.createDimension("time", 3)
    file.createDimension("station", 2)
    variable(file, "time", "i4", ("time",), range(3), **HOURS_OF)
    variable(file, "station", str, ("station",), np.array(["ST0", "ST1"], dtype=object), cf_role="timeseries_id")
    for name, values in (("latitude", [50, 51]), ("longitude", [10.5] * 2), ("altitude", [100] * 2)):
        variable(file, name, "f8", ("station",), values, standard_name=name)
    group = file.createGroup("met")
    variable(group, "ta", "f4", ("time", "station"), [[0, 1], [1, 2], [2, 3]], **AIR)


def samples_of_stations_of_the_root(file: Any) -> None:
    file.createDimension("obs", 6)
    file.createDimension("station", 2)
    variable(file, "time", "i4", ("obs",), [0, 0, 1, 1, 2, 2], **HOURS_OF)
    variable(file, "which", "i4", ("obs",), [0, 1] * 3, instance_dimension="station")
    variable(file, "name", str, ("station",), np.array(["ST0", "ST1"], dtype=object), cf_role="timeseries_id")
    for name, values in (("latitude", [50, 51]), ("longitude", [10.5] * 2), ("altitude", [100] * 2)):
        variable(file, name, "f8", ("station",), values, standard_name=name)
    variable(file.createGroup("met"), "ta", "f4", ("obs",), [0, 1, 1, 2, 2, 3], **AIR)


def years_of_stations(file: Any) -> None:
    for number in range(2):
        for year, name, values in (("2023", "a", [number, number + 1]), ("2024", "b", [number + 2])):
            group = file.createGroup(f"{year}/ST{number}")
            group.setncatts({"lat": 50.0 + number, "lon": 10.5, "altitude": 100})
            group.createDimension(name, len(values))
            variable(group, name, "i4", (name,), [2] if year == "2024" else [0, 1], standard_name="time", **HOURS_OF)
            variable(group, "ta", "f4", (name,), values, **AIR)


GROUPED = {
    stations_each_with_its_time: (6, Claim.INFERRED),
    stations_with_one_time: (3, Claim.INFERRED),
    quantities_of_stations_of_the_root: (3, Claim.READ),
    samples_of_stations_of_the_root: (6, Claim.READ),
    years_of_stations: (6, Claim.INFERRED),
}


def grouped(path: Path, write: Any) -> bytes:
    with netCDF4.Dataset(path, "w") as file:
        write(file)
    return path.read_bytes()


@pytest.mark.parametrize("write", GROUPED)
def test_groups_are_read_with_what_they_inherit(tmp_path: Path, write: Any) -> None:
    data = grouped(tmp_path / "a.nc", write)
    entry = surveyed(data)
    assert (entry.status, entry.stations) == (Status.OK, {"ST0": 3, "ST1": 3})
    assert (entry.rows, entry.claims["station"]) == GROUPED[write]
    found: dict[str, list[float | None]] = {}
    rows: dict[str, list[int]] = {}
    for batch in told(data):
        found.setdefault(batch.station_id, []).extend(batch.columns[parameter("air_temperature")].values)
        rows.setdefault(batch.station_id, []).extend(batch.rows)
    assert found == {"ST0": [0, 1, 2], "ST1": [1, 2, 3]}
    assert max(max(each) for each in rows.values()) == entry.rows
    places = {piece.id: piece for piece in observations(io.BytesIO(data)) if isinstance(piece, Station)}
    assert {name: (each.position, each.elevation_m) for name, each in places.items()} == {
        "ST0": ((50, 10.5), 100),
        "ST1": ((51, 10.5), 100),
    }
    with netCDF4.Dataset(tmp_path / "a.nc") as file:

        def paths(group: Any) -> list[str]:
            own = [f"{group.path}/{name}".lstrip("/") for name in group.variables]
            return own + [path for each in group.groups.values() for path in paths(each)]

        assert [column.name for column in entry.columns] == paths(file)


def groups_of_more_than_one_quantity(file: Any) -> None:
    stations_with_one_time(file)
    for number in range(2):
        variable(file[f"ST{number}"], "sun", "f4", ("time",), [number, 5, 6], **SUN)
        variable(file.createGroup(f"again/ST{number}"), "ta", "f4", ("time",), [7, 8, 9], **AIR)


@pytest.mark.parametrize("write", [*GROUPED, groups_of_more_than_one_quantity])
def test_groups_are_left_behind_a_stretch_of_any_and_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Any
) -> None:
    data = grouped(tmp_path / "a.nc", write)
    whole, all_of_it = rows_of(told(data)), surveyed(data)
    monkeypatch.setattr(arrays, "AT_ONCE", 2)
    start, parts, rows, columns = None, [], 0, dict[str, int]()
    for _ in range(30):
        context = Context(key="in/some.nc", start=start, remaining_ms=lambda: RESERVE_MS - 1)
        pieces = list(netcdf.read(io.BytesIO(data), context))
        parts += [piece for piece in pieces if isinstance(piece, Batch)]
        rows += sum(piece.count for piece in pieces if isinstance(piece, Rows))
        columns |= {each.name: each.values for piece in pieces if isinstance(piece, Columns) for each in piece.columns}
        mark = next((piece for piece in pieces if isinstance(piece, Mark)), None)
        assert not any(isinstance(piece, Reject) for piece in pieces)
        if mark is None:
            break
        assert start is None or (mark.at, mark.row) > (start.at, start.row)
        start = mark
    assert start is not None
    assert mark is None
    assert (rows_of(parts), rows) == (whole, all_of_it.rows)
    assert columns.keys() == {each.name for each in all_of_it.columns}


def test_groups_of_the_one_station_of_the_root_are_its(tmp_path: Path) -> None:
    def write(file: Any) -> None:
        file.wigos_station_identifier, file.platform_code = "0-20000-0-10001", "none of groups"
        for name, value in (("lat", 50.0), ("lon", 7.0)):
            file.setncatts({f"geospatial_{name}_min": value, f"geospatial_{name}_max": value})
        with_clock(file.createGroup("first"), [1, 2])
        with_clock(file.createGroup("second"), [3, 4], cell_methods="time: mean (interval: 1 hour)")
        file.createGroup("nobody")

    data = grouped(tmp_path / "a.nc", write)
    entry = surveyed(data)
    assert (entry.status, entry.stations, entry.rows) == (Status.OK, {"0-20000-0-10001": 4}, 4)
    assert list(entry.bbox or ()) == [7, 50, 7, 50]
    assert [column.parameter for column in entry.columns] == [None, "air_temperature", None, "air_temperature:2:mean:PT1H"]


def test_of_one_parameter_of_one_clock_the_first_group_is_taken(tmp_path: Path) -> None:
    def write(file: Any) -> None:
        quantities_of_stations_of_the_root(file)
        other = file.createGroup("other")
        variable(other, "ta", "f4", ("time", "station"), np.zeros((3, 2)), **AIR)
        variable(other, "sun", "f4", ("time", "station"), np.zeros((3, 2)), **SUN)

    entry = surveyed(grouped(tmp_path / "a.nc", write))
    taken = [column.name for column in entry.columns if column.parameter]
    assert (entry.rows, taken) == (3, ["met/ta", "other/sun"])
    assert "other: ta is the same parameter as met/ta and was left out" in entry.why


def test_rows_of_one_clock_count_and_are_understood_with_the_first_group(tmp_path: Path) -> None:
    def write(file: Any) -> None:
        quantities_of_stations_of_the_root(file)
        other = file.createGroup("other")
        variable(other, "ta", "f4", ("time", "station"), np.zeros((3, 2)), standard_name="air_temperature", units="")

    data = grouped(tmp_path / "a.nc", write)
    rows = [piece for piece in netcdf.read(io.BytesIO(data), Context()) if isinstance(piece, Rows)]
    assert [(each.count, each.understood) for each in rows] == [(3, 3), (0, 0), (0, 0)]


def test_a_group_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    def write(file: Any) -> None:
        with_clock(file.createGroup("model"), [1, 2])
        file["model/time"].calendar = "360_day"
        file.createGroup("ST01").latitude = 50.0
        with_clock(file["ST01"], [3, 4])

    entry = surveyed(grouped(tmp_path / "a.nc", write))
    assert (entry.status, entry.stations) == (Status.PARTIAL, {"ST01": 2})
    (reject,) = entry.rejects
    assert (reject.column, reject.reason.partition(":")[0]) == ("model/time", "the calendar '360_day' has no instants")
    assert [column.name for column in entry.columns] == ["model/time", "model/ta", "ST01/time", "ST01/ta"]


def test_a_file_whose_groups_hold_no_time_says_so_once(tmp_path: Path) -> None:
    def write(file: Any) -> None:
        for name in ("x", "y/z"):
            file.createGroup(name).createDimension("n", 2)
            variable(file[name], "v", "f4", ("n",), [1, 2])

    entry = surveyed(grouped(tmp_path / "a.nc", write))
    assert (entry.status, len(entry.rejects)) == (Status.REJECTED, 1)
    assert "no variable tells the time" in entry.rejects[0].reason


@pytest.mark.parametrize(
    ("meanings", "flags"),
    [
        ("PASS NOT_EVALUATED SUSPECT FAIL MISSING", [2, 2, 3, 4, 4]),
        ("good_data probably_good_data bad_data_that_are_potentially_correctable bad_data value_changed", [2, 2, 3, 4, 2]),
        ("good not_bad questionable erroneous interpolated", [2, 2, 3, 4, 2]),
        ("one two three four five", [2, 2, 2, 2, 2]),
        ("too few", [2, 2, 2, 2, 2]),
    ],
)
def test_codes_of_quality_beside_a_variable_become_flags(meanings: str, flags: list[int]) -> None:
    file = netCDF4.Dataset("a.nc", "w", memory=4096)
    file.createDimension("time", 5)
    file.createVariable("time", "i4", ("time",)).units = "hours since 2024-01-01"
    air, checks = file.createVariable("ta", "f4", ("time",)), file.createVariable("ta_flag", "i1", ("time",))
    air.standard_name, air.units, air.ancillary_variables = "air_temperature", "degC", "not_there ta_flag"
    checks.flag_values, checks.flag_meanings = np.arange(1, 6, dtype="i1"), meanings
    file["time"][:], air[:], checks[:] = range(5), range(5), range(1, 6)
    (batch,) = told(bytes(cast(Any, file.close())))
    assert batch.columns[parameter("air_temperature")].flags == flags


@pytest.mark.parametrize(
    ("units", "count"),
    [
        ("hours since 1-1-1 00:00:0.0", 17_733_000),
        ("days since 1500-03-01", 191_373),
        ("days since 1582-10-04", 161_200),
        ("days since 1582-10-15", 161_200),
        ("Days Since 1900-01-01 12:00", 45_290),
    ],
)
@pytest.mark.parametrize("calendar", ["", "standard", "proleptic_gregorian"])
def test_times_count_from_dates_of_their_calendar(units: str, count: int, calendar: str) -> None:
    file = netCDF4.Dataset("a.nc", "w", memory=4096)
    file.createDimension("time", 1)
    time, air = file.createVariable("time", "f8", ("time",)), file.createVariable("ta", "f4", ("time",))
    time.units, air.standard_name, air.units = units, "air_temperature", "degC"
    if calendar:
        time.calendar = calendar
    time[:], air[:] = [count], [1]
    (batch,) = told(bytes(cast(Any, file.close())))
    theirs: Any = netCDF4.num2date(np.array(count), units.lower(), calendar or "standard", only_use_cftime_datetimes=True)
    assert iso(batch.times[0]) == f"{theirs.isoformat()}Z"


def test_a_variable_of_another_length_than_its_dimension_is_not_along_it(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        time = file.create_dataset("time", data=np.arange(5.0))
        time.attrs["units"] = "hours since 2024-01-01"
        time.make_scale("time")
        for name, length in (("air_temperature", 3), ("air_pressure", 5)):
            each = file.create_dataset(name, data=np.full(length, 280.0))
            each.attrs.update(units={3: "K", 5: "hPa"}[length], standard_name=name)
            each.dims[0].attach_scale(time)
        file["elsewhere"] = h5py.ExternalLink("other.h5", "/x")
    entry = surveyed(path.read_bytes())
    assert (entry.rows, [each.parameter for each in entry.columns if each.parameter]) == (5, ["air_pressure"])
    assert "links that lead to nothing in this file: elsewhere" in entry.why


def test_a_dimension_of_a_group_hides_that_of_the_same_name(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "a.nc", "w") as file:
        file.createDimension("time", 5)
        file.createVariable("time", "f8", ("time",)).units = "hours since 2024-01-01"
        file["time"][:] = np.arange(5)
        group = file.createGroup("daily")
        group.createDimension("time", 3)
        air = group.createVariable("ta", "f4", ("time",))
        air.standard_name, air.units = "air_temperature", "K"
        air[:] = 280
    entry = surveyed((tmp_path / "a.nc").read_bytes())
    assert (entry.rows, [each.name for each in entry.columns if each.parameter]) == (5, [])


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_without_records_holds_nothing(tmp_path: Path, kind: str) -> None:
    with netCDF4.Dataset(tmp_path / "a.nc", "w", format=cast(Any, kind)) as file:
        file.createDimension("time", None)
        file.createVariable("time", "f8", ("time",)).units = "hours since 2024-01-01"
        air = file.createVariable("ta", "f4", ("time",))
        air.standard_name, air.units = "air_temperature", "K"
    entry = surveyed((tmp_path / "a.nc").read_bytes())
    assert (entry.rows, [each.reason for each in entry.rejects]) == (0, ["no time of it can be told"])


@pytest.mark.parametrize("block", [512, 1024, 32_768])
def test_a_user_block_hides_no_format(tmp_path: Path, block: int) -> None:
    with h5py.File(tmp_path / "a.mat", "w", userblock_size=block) as file:
        file["x"] = [1.0]
    entry = surveyed((tmp_path / "a.mat").read_bytes())
    assert (entry.recognition.format, entry.status) == ("netcdf", Status.REJECTED)
    assert f"behind a user block of {block}" in entry.why
    assert "no variable tells the time" in entry.rejects[0].reason


def classic(path: Path, *, counts: int = 4, hours: int = 1000) -> bytes:
    """Samples of four stations, counted for each of them."""
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        file.createDimension("obs", hours)
        file.createDimension("station", 4)
        many = file.createVariable("many", "i4", ("station",))
        many.sample_dimension = "obs"
        many[:] = counts
        time = file.createVariable("time", "i4", ("obs",))
        time.units = "hours since 2024-01-01"
        time[:] = np.arange(hours)
        air = file.createVariable("ta", "f4", ("obs",))
        air.standard_name, air.units = "air_temperature", "K"
        air[:] = 280
    return path.read_bytes()


def test_counts_far_beyond_the_samples_are_refused_at_once(tmp_path: Path) -> None:
    """Each was laid out up to all samples: 90,000 stations of 300,000 each took hours."""
    data = classic(tmp_path / "a.nc", counts=2_000_000_000)
    entry = effort.within(0.5, lambda: surveyed(data))
    assert [each.reason for each in entry.rejects] == ["counts 8000000000 samples where there are 1000"]


def test_variables_that_lie_upon_one_another_are_refused(tmp_path: Path) -> None:
    """A header of 100 bytes each could make any number of variables of the same bytes."""
    data = classic(tmp_path / "a.nc", counts=250)
    assert surveyed(data).status is Status.OK
    at = data.index(b"ta\0\0") + 4  # its dimensions, attributes, type and length follow, and where it begins
    begin = data.index((len(data) - 4000).to_bytes(4), at)
    moved = data[:begin] + (len(data) - 8000).to_bytes(4) + data[begin + 4 : -4000]
    entry = surveyed(moved)
    assert [each.reason for each in entry.rejects] == [
        "the header is damaged: its variables have more bytes than the file, and lie upon one another"
    ]
    assert "ends before its time" in surveyed(data[:-4000]).rejects[0].reason  # a file that is cut is told as such


def many_stations(path: Path, count: int) -> bytes:
    """One time of stations that are numbers; every third says nothing of humidity."""
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        file.createDimension("station", count)
        file.createDimension("time", 1)
        named = file.createVariable("station_id", "i4", ("station",))
        named.cf_role = "timeseries_id"
        named[:] = np.arange(count)
        time = file.createVariable("time", "i4", ("time",))
        time.units = "hours since 2020-01-01"
        time[:] = 1
        for name, standard, unit, value in (("ta", "air_temperature", "K", 280), ("rh", "relative_humidity", "%", 50)):
            told = file.createVariable(name, "f4", ("station", "time"), fill_value=-1)
            told.standard_name, told.units = standard, unit
            told[:] = np.where(np.arange(count)[:, None] % 3 == 0, -1 if name == "rh" else value, value)
    return path.read_bytes()


def test_of_thousands_of_stations_each_says_what_it_has(tmp_path: Path) -> None:
    found = told(many_stations(tmp_path / "a.nc", 10_000))
    assert [each.station_id for each in found] == [str(number) for number in range(10_000)]
    assert [len(each.columns) for each in found[:6]] == [1, 2, 2, 1, 2, 2]
    assert {(*each.times, *each.rows) for each in found} == {(parse_instant("2020-01-01T01:00:00Z"), 1)}


def test_thousands_of_stations_of_a_time_each_cost_less_than_a_second_a_megabyte(tmp_path: Path) -> None:
    data = many_stations(tmp_path / "a.nc", 15_000)
    assert effort.within(0.9 * len(data) / 1e6, lambda: surveyed(data)).station_count == 15_000  # twice as much as it takes
    effort.within(1.8 * len(data) / 1e6, lambda: told(data))


@pytest.mark.parametrize(
    "kind",
    [
        *("variables at forty heights", "times of dimensions", "dimensions without coordinates", "a check of all variables"),
        *("coordinates over and over", "days without 29 February"),
    ],
)
def test_no_shape_of_a_file_makes_each_variable_look_at_all_others(kind: str) -> None:
    data = hostile.FILES[f"NetCDF, {kind}"](300_000)
    effort.within(1.7 * len(data) / 1e6, lambda: surveyed(data))  # twice as much as it takes; they took 3 to 26 s a MB


def test_instants_are_read_once_for_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    data = hostile.FILES["NetCDF, an instant a chunk"](5000)
    read, large = list[int](), hdf5_blocks.Blocks.large

    def counted(file: hdf5_blocks.Blocks, address: int, size: int) -> bytes:
        read.append(size)
        return large(file, address, size)

    monkeypatch.setattr(hdf5_blocks.Blocks, "large", counted)
    found = surveyed(data)
    assert found.rows == 312
    assert read.count(4) == 312  # the bytes of an instant


@pytest.mark.parametrize(
    ("kind", "survey_s", "values_s"), [("a sample of each station", 1.3, 2.4), ("stations at places", 1.5, 1.9)]
)
def test_stations_of_a_few_bytes_each_cost_little(kind: str, survey_s: float, values_s: float) -> None:
    data = hostile.FILES[f"NetCDF, {kind}"](300_000)  # twice as much as it takes, since other work goes on beside it
    assert effort.within(survey_s * len(data) / 1e6, lambda: surveyed(data)).station_count > 30_000
    effort.within(values_s * len(data) / 1e6, lambda: told(data))


def test_what_is_along_time_alone_counts_for_each_station(tmp_path: Path) -> None:
    """Of three bytes for a station and a time it has nine million values."""

    def crossed(count: int) -> bytes:
        each = bytes(at % 100 for at in range(count))
        variables = [
            ("id", "station", "cf_role=timeseries_id", each),
            ("time", "time", "units=hours since 2020-01-01", each),
            ("ta", "time", hostile.AIR, each),
        ]
        return hostile.netcdf({"station": count, "time": count}, variables)

    entry = effort.within(0.5, lambda: surveyed(crossed(3000)))
    assert (entry.stations, [each.reason for each in entry.rejects]) == (
        {},
        ["the file claims more values than its size can hold, which no station's file does: not read on"],
    )
    assert surveyed(crossed(50)).stations == {str(at): 50 for at in range(50)}


@pytest.mark.parametrize("kind", KINDS)
def test_stations_are_parted_only_where_one_has_more_rows_than_are_weighed_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    data = sampled(tmp_path / "a.nc", kind)
    monkeypatch.setattr(netcdf, "_HELD", 2)
    assert [(each.station_id, len(each.times)) for each in told(data)] == [("ST0", 2), ("ST1", 2), ("ST1", 1), ("ST2", 1)]
    monkeypatch.setattr(netcdf, "_HELD", 3)
    assert [(each.station_id, len(each.times)) for each in told(data)] == [("ST0", 2), ("ST1", 3), ("ST2", 1)]


def test_of_thousands_of_variables_that_are_the_same_some_are_named(tmp_path: Path) -> None:
    entry = surveyed(hostile.FILES["NetCDF, variables at forty heights"](30_000))
    assert entry.columns[-1].name == "t114"
    assert "t1 is the same parameter as t0[z=0] and was left out" in entry.why
    assert "; 4540 more are the same parameters as others and were left out" in entry.why


def test_a_file_that_tells_no_more_than_what_a_station_is_called_takes_no_place_from_it(tmp_path: Path) -> None:
    """A description takes the place of an older one: another file may have said where the station is."""
    data = many_stations(tmp_path / "a.nc", 2)
    pieces = list(observations(io.BytesIO(data), Context(key="in/some.nc")))
    assert [type(each) for each in pieces] == [Batch, Batch]


def test_what_all_variables_claim_is_bounded_by_the_size(tmp_path: Path) -> None:
    """Chunks that were never written, or that never change, take next to nothing."""
    with h5py.File(tmp_path / "a.nc", "w") as file:
        file.attrs["station_id"] = "x"
        time = file.create_dataset("time", (700_000,), "i4", chunks=(100_000,))
        time.attrs["units"] = "minutes since 2020-01-01"
        time.make_scale("time")
        for name, unit in (("air_temperature", "K"), ("relative_humidity", "%"), ("air_pressure", "Pa"), ("wind_speed", "m/s")):
            for level in (1.0, 2.0):
                told = file.create_dataset(f"{name}{level}", (700_000,), "f4", chunks=(100_000,))
                told.attrs["standard_name"], told.attrs["units"] = name, unit
                told.attrs["coordinates"] = f"height{level}"
                told.dims[0].attach_scale(time)
        for level in (1.0, 2.0):
            file[f"height{level}"] = level
            file[f"height{level}"].attrs.update(standard_name="height", units="m")
    data = (tmp_path / "a.nc").read_bytes()
    entry = effort.within(1.5, lambda: surveyed(data))
    assert [each.reason for each in entry.rejects] == [
        "the file claims more values than its size can hold, which no station's file does: not read on"
    ]


@pytest.mark.parametrize(
    ("long_name", "unit", "known"),
    [
        ("Air temperature at 2 m", "degC", "air_temperature"),
        ("2m air temperature", "degC", "air_temperature"),
        ("Wind speed (3 m above ground)", "m s-1", "wind_speed:3:point:PT0S"),
        ("10 m wind direction", "degree", "wind_from_direction"),
        ("Dew point", "degC", "dew_point_temperature"),
        ("Panel temperature at 2 m", "degC", None),
    ],
)
def test_a_long_name_may_tell_the_height_beside_the_quantity(
    tmp_path: Path, long_name: str, unit: str, known: str | None
) -> None:
    with netCDF4.Dataset(tmp_path / "l.nc", "w") as file:
        file.station = "A"
        file.createDimension("time", 2)
        variable(file, "time", "i4", ("time",), [0, 1], **HOURS_OF)
        variable(file, "x1", "f4", ("time",), [1, 2], long_name=long_name, units=unit)
    pieces = list(observations(io.BytesIO((tmp_path / "l.nc").read_bytes())))
    assert [each.id for piece in pieces if isinstance(piece, Batch) for each in piece.columns] == ([known] if known else [])
