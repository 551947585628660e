"""HDF5 beyond what NetCDF-4's library writes by itself: every index of chunks, filters, types; h5py and netCDF4 judge."""

import gc
import io
import tracemalloc
from pathlib import Path
from typing import Any, cast

import h5py
import netCDF4
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.errors import UnreadableFile
from mesonet.formats.binary import hdf5, hdf5_blocks
from mesonet.formats.binary.arrays import Variable
from mesonet.formats.binary.netcdf_groups import views
from tests import effort

WALK = np.cumsum(np.random.default_rng(7).normal(size=(90, 7)), axis=0)
VERSIONS = ("earliest", "v110", "latest")


def variables(path: Path) -> dict[str, Variable]:
    data = path.read_bytes()
    return dict(hdf5.dataset(io.BytesIO(data), len(data)).variables)


def agree(path: Path) -> int:
    """How many arrays there are; all hold what h5py reads, whole and by stretches of their first dimension."""
    ours = variables(path)
    with h5py.File(path) as theirs:
        assert sorted(ours) == sorted(theirs)
        for name, values in theirs.items():
            whole = values[...]
            assert np.array_equal(np.array(ours[name].read()), np.ravel(whole)), name
            for start in range(0, whole.shape[0], 23):
                part = ours[name].read(start, start + 23)
                assert np.array_equal(np.array(part), np.ravel(whole[start : start + 23])), name
    return len(ours)


@pytest.mark.parametrize("version", VERSIONS)
def test_chunks_are_found_by_every_index(tmp_path: Path, version: str) -> None:
    path = tmp_path / "a.h5"
    grown: list[tuple[int | None, ...]] = [(120, 9), (None, 9), (120, None), (None, None)]  # fixed, extensible twice, a tree
    packings: list[dict[str, Any]] = [{}, {"compression": "gzip", "shuffle": True, "fletcher32": True}]
    with h5py.File(path, "w", libver=version) as file:
        for packing in packings:
            for number, most in enumerate(grown):
                told = file.create_dataset(f"{number}{bool(packing)}", data=WALK, chunks=(4, 3), maxshape=most, **packing)
                assert told.chunks == (4, 3)
            file.create_dataset(f"alone{bool(packing)}", data=WALK, chunks=WALK.shape, **packing)
            for length in (3000, None):  # pages of addresses
                lead = np.arange(1300, dtype="i4")
                file.create_dataset(f"many{length}{bool(packing)}", data=lead, chunks=(1,), maxshape=(length,), **packing)
            sparse = file.create_dataset(
                f"sparse{bool(packing)}", (2500,), "i4", chunks=(2,), maxshape=(None,), fillvalue=-9, **packing
            )
            sparse[1200:1300] = np.arange(100)
        early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        early.set_chunk((4, 3))
        early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)  # no index at all: chunks one behind the other
        space = h5py.h5s.create_simple(WALK.shape, (120, 9))
        h5py.Dataset(h5py.h5d.create(file.id, b"early", h5py.h5t.IEEE_F64LE, space, dcpl=early))[...] = WALK
    assert agree(path) == 17


@pytest.mark.parametrize("packing", [{}, {"compression": "gzip"}])
def test_far_behind_in_an_index_addresses_stand_in_pages(tmp_path: Path, packing: dict[str, Any]) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w", libver="latest") as file:
        told = file.create_dataset("x", (700_000,), "i4", chunks=(1,), maxshape=(None,), fillvalue=-9, **packing)
        for begin in (131_050, 200_000, 600_000):
            told[begin : begin + 40] = np.arange(begin, begin + 40)
    ours = variables(path)["x"]
    with h5py.File(path) as theirs:
        for start, stop in ((131_000, 131_200), (199_990, 200_060), (599_990, 600_100), (400_000, 400_010)):
            assert ours.read(start, stop) == theirs["x"][start:stop].tolist()


@pytest.mark.parametrize("kind", ["f4", "f8", "i2", "u1", ">i4", "i8"])
def test_filters_of_the_library_are_undone(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.h5"
    steps = np.repeat(np.arange(30), 3)[:, None] * np.ones(7)
    zeros = np.where(WALK > 6, WALK, 0)
    with h5py.File(path, "w") as file:
        for number, values in enumerate(
            (np.abs(WALK * 10), steps, zeros, np.abs(np.random.default_rng(1).normal(size=(90, 7))) * 99)
        ):
            typed = np.abs(values).astype(kind)
            packings: dict[str, dict[str, Any]] = {
                "szip_nn": {"compression": "szip", "compression_opts": ("nn", 8)},
                "szip_ec": {"compression": "szip", "compression_opts": ("ec", 16)},
                "lzf": {"compression": "lzf", "shuffle": True},
                "scale": {"scaleoffset": 2 if typed.dtype.kind == "f" else 0},
                "filled": {"scaleoffset": 2 if typed.dtype.kind == "f" else 0, "fillvalue": typed[1, 1]},
            }
            for chunks in ((90, 7), (17, 3)):
                for name, packing in packings.items():
                    file.create_dataset(f"{name}{number}{chunks[0]}", data=typed, chunks=chunks, **packing)
    assert agree(path) == 40


@pytest.mark.parametrize(
    "packing", ["zstd", "bzip2", "szip", "blosc_lz", "blosc_lz4", "blosc_lz4hc", "blosc_zlib", "blosc_zstd"]
)
def test_filters_of_netcdf_are_undone(tmp_path: Path, packing: str) -> None:
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("time", 900)
        for kind in ("f4", "f8", "i2", "i1"):
            for shuffle in range(3 if packing.startswith("blosc") else 1):
                values = file.createVariable(
                    f"{kind}_{shuffle}",
                    kind,
                    ("time",),
                    compression=cast(Any, packing),
                    blosc_shuffle=cast(Any, shuffle),
                    chunksizes=(400,),
                )
                values[:] = np.abs(np.repeat(WALK.ravel()[:18], 50) * 9).astype(kind)
    ours = variables(path)
    with netCDF4.Dataset(path) as theirs:
        theirs.set_auto_mask(False)
        assert packing.startswith("blosc") == (len(ours) > 4)
        for name, values in theirs.variables.items():
            assert ours[name].read() == values[...].tolist(), name


def test_damage_of_bzip2_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("time", 900)
        file.createVariable("x", "f4", ("time",), compression="bzip2", chunksizes=(400,))[:] = 1.5
    path.write_bytes(path.read_bytes().replace(b"BZh", b"BZx"))
    with pytest.raises(UnreadableFile, match="x is damaged: Invalid data stream"):
        variables(path)["x"].read()


def test_lz4_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        made = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        made.set_chunk((100,))
        made.set_filter(32004, h5py.h5z.FLAG_OPTIONAL, (128,))
        told = h5py.h5d.create(file.id, b"x", h5py.h5t.STD_I16LE, h5py.h5s.create_simple((100,)), dcpl=made)
        told.write_direct_chunk((0,), bytes.fromhex(LZ4))
    assert variables(path)["x"].read() == [number % 8 * 3 for number in range(100)]


# of hdf5plugin 6, two blocks of which the second is short
LZ4 = (
    "00000000000000c8000000800000001bff0100000300060009000c000f001200150010005850"
    "00120015000000001bff0100000300060009000c000f0012001500100020500006000900"
)


def test_what_is_not_read_says_what_it_is_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w", libver="latest") as file:
        file["good"] = WALK
        file["complex"] = np.array([1 + 2j])
        file["opaque"] = np.array([b"\x01\x02"], dtype="V2")
        file["long"] = np.arange(3, dtype="longdouble")
        file["reference"] = np.array([file["good"].ref], dtype=h5py.ref_dtype)
        file.create_dataset("lists", (2,), h5py.vlen_dtype("i4"))[0] = [1, 2]
        file.create_dataset("outside", (3,), "f4", external=[(str(tmp_path / "raw.bin"), 0, h5py.h5f.UNLIMITED)])[...] = [
            1,
            2,
            3,
        ]
        layout = h5py.VirtualLayout(shape=(90, 7), dtype="f8")
        layout[...] = h5py.VirtualSource(".", "good", shape=(90, 7))
        file.create_virtual_dataset("view", layout)
        three = h5py.h5t.STD_I16LE.copy()
        three.set_size(3)
        three.set_precision(24)
        h5py.h5d.create(file.id, b"three", three, h5py.h5s.create_simple((3,)))
        file["flags"] = np.array([True, False])
        file["enum"] = np.array([2, 0], dtype=h5py.enum_dtype({"A": 0, "B": 2}, basetype="u1"))
    ours = variables(path)
    assert (ours["good"].read(), ours["flags"].read(), ours["enum"].read()) == (WALK.ravel().tolist(), [1, 0], [2, 0])
    reasons = {
        "complex": "complex holds compound values",
        "opaque": "opaque holds opaque bytes",
        "long": "long holds floating point numbers of 80 bits",
        "reference": "reference holds references",
        "lists": "lists holds lists of different lengths",
        "outside": "outside lies in another file",
        "view": "view is a view of other files",
        "three": "three holds integers of 24 bits",
    }
    for name, reason in reasons.items():
        with pytest.raises(UnreadableFile, match=reason):
            ours[name].read()


@pytest.mark.parametrize(
    ("base", "bits", "first"),
    [("STD_I16LE", 12, 0), ("STD_I16BE", 9, 3), ("STD_U32LE", 17, 15), ("STD_I64BE", 33, 7), ("STD_U8LE", 1, 7)],
)
def test_integers_of_few_bits_are_read_packed_or_not(tmp_path: Path, base: str, bits: int, first: int) -> None:
    path, most = tmp_path / "a.h5", 1 << bits - 1
    values = np.random.default_rng(bits).integers(-most if "I" in base else 0, most, 50)
    with h5py.File(path, "w") as file:
        kind = getattr(h5py.h5t, base).copy()
        kind.set_precision(bits)
        kind.set_offset(first)
        for name, filters in (("plain", 0), ("packed", 1), ("deflated", 2)):
            made = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            made.set_chunk((13,))
            if filters:
                made.set_filter(5, h5py.h5z.FLAG_MANDATORY, ())
            if filters > 1:
                made.set_deflate(3)
            told = h5py.h5d.create(file.id, name.encode(), kind, h5py.h5s.create_simple((50,)), dcpl=made)
            told.write(h5py.h5s.ALL, h5py.h5s.ALL, values)
    assert {name: each.read() for name, each in variables(path).items()} == dict.fromkeys(
        ("plain", "packed", "deflated"), values.tolist()
    )


@pytest.mark.parametrize("version", ["earliest", "latest"])
@pytest.mark.parametrize("block", [512, 8192])
def test_a_file_behind_a_user_block_is_read_and_is_whole(tmp_path: Path, version: str, block: int) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w", libver=version, userblock_size=block) as file:
        file.create_dataset("x", data=WALK, chunks=(9, 7), compression="gzip")
    assert agree(path) == 1
    with h5py.File(path, "w", libver=version) as file:
        file["x"] = WALK
    plain = path.read_bytes()
    for data in (plain, b"MATLAB 7.3".ljust(block) + plain):  # which the library reads, too
        path.write_bytes(data)
        assert agree(path) == 1
        assert not hdf5.dataset(io.BytesIO(data), len(data)).cut
        assert hdf5.dataset(io.BytesIO(data), len(data) - 8).cut


@pytest.mark.parametrize("version", ["earliest", "latest"])
@pytest.mark.parametrize("many", [0, 30])  # which a heap holds
def test_a_link_is_what_its_path_leads_to(tmp_path: Path, version: str, many: int) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w", libver=version) as file:
        file["met/raw/ta"] = WALK
        for name, to in (("air", "met/raw/ta"), ("again", "/air"), ("same", "./met/./raw/ta"), ("through", "way/ta")):
            file[name] = h5py.SoftLink(to)
        file["met/up"] = h5py.SoftLink("raw/ta")
        file["way"] = h5py.SoftLink("/met/raw")
        file["gone"] = h5py.SoftLink("/met/rr")
        file["beyond"] = h5py.SoftLink("/air/ta")
        file["round"] = h5py.SoftLink("/round")
        file["away"] = h5py.ExternalLink("other.h5", "/x")
        for number in range(many):
            file[f"link{number}"] = h5py.SoftLink("air")
    data = path.read_bytes()
    found = hdf5.dataset(io.BytesIO(data), len(data))
    ours = {"met/up": found.groups["met"].variables["up"], **found.variables}
    assert sorted(ours) == sorted(["air", "again", "same", "through", "met/up", *(f"link{number}" for number in range(many))])
    assert all(each.read() == WALK.ravel().tolist() for each in ours.values())
    assert sorted(found.elsewhere) == ["away", "beyond", "gone", "round"]


def test_an_attribute_beyond_its_heap_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    long = {"history": "x" * 70_000, "comment": "y" * 66_000}
    with h5py.File(path, "w", libver="latest") as file:
        told = file.create_dataset("a", data=WALK)
        told.attrs.update(long | {f"short{number}": number for number in range(20)})
    ours = variables(path)["a"].attributes
    assert (len(ours), {name: ours[name] for name in long}) == (22, long)


def test_a_variable_is_as_long_as_its_dimension_and_called_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as file:
        for name, length in (("time", None), ("station", 2), ("letters", 12)):
            file.createDimension(name, length)
        file.createVariable("time", "f8", ("time",), chunksizes=(4,))[:] = np.arange(9)
        file.createVariable("ta", "f4", ("time", "station"), fill_value=-9, chunksizes=(2, 2))[:2] = 5
        file.createVariable("rr", "f4", ("time",), fill_value=-9)
        told = file.createVariable("station", "S1", ("time", "letters"))
        told[:1] = np.frombuffer("Düren Süd\0".encode(), "S1")[None]
    ours = variables(path)
    with netCDF4.Dataset(path) as theirs:
        theirs.set_auto_mask(False)
        for name in ("time", "ta", "rr"):
            assert (ours[name].shape, ours[name].dimensions) == (theirs[name].shape, theirs[name].dimensions)
            assert ours[name].read() == np.ravel(theirs[name][...]).tolist()
            assert ours[name].read(1, 6) == np.ravel(theirs[name][1:6]).tolist()
    assert (ours["station"].dimensions, ours["station"].read(0, 2)) == (("time",), ["Düren Süd", ""])


def test_a_dimension_of_another_length_is_none_of_a_variable_s(tmp_path: Path) -> None:
    """Whatever number NetCDF gave it: a damaged file had values of no stations along its two."""
    path = tmp_path / "a.nc"
    with h5py.File(path, "w") as file:
        for number, name in enumerate(("time", "station")):
            file.create_dataset(name, data=np.arange(2.0)).make_scale(name)
            file[name].attrs["_Netcdf4Dimid"] = np.int32(number)
        for name, shape in (("ta", (2, 2)), ("rr", (2, 0))):
            file.create_dataset(name, shape, "f4").attrs["_Netcdf4Coordinates"] = np.arange(2, dtype="i4")
    found = variables(path)
    assert (found["ta"].dimensions, found["rr"].dimensions) == (("time", "station"), ("time", "rr_1"))


def packed() -> bytes:
    """Every index and filter in one small file, to be damaged."""
    held = io.BytesIO()
    with h5py.File(held, "w", libver="latest") as file:
        for name, most in (("f", (20, 3)), ("e", (None, 3)), ("t", (None, None))):
            file.create_dataset(name, data=WALK[:20, :3], chunks=(2, 3), maxshape=most, compression="gzip")
        whole = np.arange(60)
        packings: dict[str, dict[str, Any]] = {
            "s": {"compression": "szip"},
            "l": {"compression": "lzf"},
            "o": {"scaleoffset": 0},
        }
        for name, packing in packings.items():
            file.create_dataset(name, data=whole, chunks=(60,), **packing)
        file.create_dataset("p", data=np.arange(120), chunks=(1,), maxshape=(None,))
    return held.getvalue()


DATA = packed()


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1), junk=st.binary(min_size=1, max_size=6))
def test_no_damage_crashes_it(at: float, junk: bytes) -> None:
    data = bytearray(DATA)
    begin = int(at * len(data))
    data[begin : begin + len(junk)] = junk
    try:
        found = hdf5.dataset(io.BytesIO(bytes(data)), len(data))
    except UnreadableFile:
        return
    for each in found.variables.values():
        try:
            each.read()
        except UnreadableFile:
            continue


def test_an_array_without_values_costs_nothing_however_long_its_other_dimensions_are(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w", libver="latest") as file:
        file.create_dataset("a", data=np.ones((5, 6, 1)), maxshape=(5, 7, 4), chunks=(1, 1, 1))
    shape, damaged = ((each.to_bytes(8, "little") for each in lengths) for lengths in ((5, 6, 1), (5, 1 << 40, 0)))
    data = path.read_bytes().replace(b"".join(shape), b"".join(damaged))
    assert effort.within(1, hdf5.dataset(io.BytesIO(data), len(data)).variables["a"].read) == []


@pytest.mark.parametrize("chunks", [None, (2,)])
def test_texts_of_any_length_that_a_damaged_type_says_are_not_made(tmp_path: Path, chunks: Any) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("a", (3,), "S7", chunks=chunks)  # nobody wrote any, so that all are fill values
    text = bytes([0x13, 1, 0, 0])
    data = path.read_bytes().replace(text + (7).to_bytes(4, "little"), text + (1 << 31).to_bytes(4, "little"))
    with pytest.raises(UnreadableFile, match="more than 64 MiB"):
        hdf5.dataset(io.BytesIO(data), len(data)).variables["a"].read()


def test_an_array_under_many_names_is_understood_once(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        told = file.create_dataset("v", data=WALK)
        for number in range(500):
            told.attrs[f"a{number}"] = "x"
        for number in range(2000):
            file[f"l{number}"] = told
    found = effort.within(1.0, lambda: variables(path))
    assert len(found) == 2001
    assert found["l7"].attributes == found["v"].attributes
    assert len(found["v"].attributes) == 500


def test_a_chunk_that_was_read_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        for number in range(6):
            told = file.create_dataset(
                f"v{number}", shape=(3,), maxshape=(None,), chunks=(1_000_000,), dtype="f8", compression=9
            )
            told[:] = number
    found = variables(path)
    tracemalloc.start()
    gc.disable()
    try:
        assert [found[f"v{number}"].read() for number in range(6)] == [[number] * 3 for number in range(6)]
        assert tracemalloc.get_traced_memory()[1] < 30_000_000  # bytes; a chunk has 8 million
    finally:
        gc.enable()
        tracemalloc.stop()


def test_what_is_read_over_and_over_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        told = file.create_dataset("v", data=WALK, chunks=(1, 1))
        assert told.id.get_num_chunks() == WALK.size
    monkeypatch.setattr(hdf5_blocks, "_WORK", 0)
    monkeypatch.setattr(hdf5_blocks, "_WORK_FOR_A_BYTE", 2 * hdf5_blocks._OF_STRUCTURE)
    found = variables(path)["v"]
    assert found.read(0, 2) == list(WALK[:2].ravel())
    with pytest.raises(UnreadableFile, match="over and over"):
        list(map(found.read, [0] * 9))


def test_many_groups_below_many_variables_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        for number in range(450):
            file[f"v{number}"] = [1.0]
            file.create_group(f"g{number}")["v"] = [1.0]
    found = hdf5.dataset(io.BytesIO(data := path.read_bytes()), len(data))
    with pytest.raises(UnreadableFile, match="split the file by groups"):
        effort.within(0.5, lambda: list(views(found)))
