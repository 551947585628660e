"""What files cost that were made to be slow: `python -m benchmarks.hostile` prints seconds of a processor a megabyte of each.

The catalogue surveys a file, the loader reads its values. A second a megabyte is what none may exceed; small files take some
hundredths of a second, whatever is in them. With `--beside FOLDER` another checkout's code takes the same files in turn.
"""

import argparse
import gzip
import io
import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from random import Random

from local import checkout

MB = 1_000_000
DENSE = "Parquet"  # rows may take no bytes, and a small file a second
SIZES = (100_000, MB, 4 * MB)

WHO_AND_WHEN = ((1001, 7, 6), (1002, 10, 100), (4001, 12, 2024), (4002, 4, 2), (4003, 6, 28), (4004, 5, 6), (4005, 6, 0))
ELEMENTS = {12101: 16, 12103: 16, 13003: 7, 11001: 9, 11002: 12, 10004: 14, 13019: 14, 13020: 14, 13021: 14, 13022: 14}
STATION, FIRST = 1, len(WHO_AND_WHEN)  # places of elements


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="", help="only files with this in their name")
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="bytes")
    parser.add_argument("--beside", metavar="FOLDER", help="another checkout")
    parser.add_argument("--read", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.read:
        print(json.dumps(cost(asked.read[0], int(asked.read[1]))))
        return 0
    sources = [str(checkout.ROOT)] + ([asked.beside] if asked.beside else [])
    print(f"  {'file':<40}{'bytes':>10}" + f"{'survey':>9}{'values':>9}" * len(sources))
    exceeded = 0
    for name in FILES:
        for size in asked.sizes if asked.only in name else ():
            told = [_cost_of(source, name, size) for source in sources]
            allowed = max(1, MB / told[0]["bytes"]) if name.startswith(DENSE) else 1
            exceeded += max(told[0]["survey"], told[0]["values"]) > allowed
            shown = "".join(f"{each['survey']:>9.2f}{each['values']:>9.2f}" for each in told)
            print(f"  {name:<40}{told[0]['bytes']:>10,.0f}{shown}", flush=True)
    return 1 if exceeded else 0


def _cost_of(source: str, name: str, size: int) -> dict[str, float]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([f"{source}/src", str(checkout.ROOT)])}
    command = [sys.executable, "-m", "benchmarks.hostile", "--read", name, str(size)]
    said: dict[str, float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment).stdout)
    return said


def cost(name: str, size: int) -> dict[str, float]:
    """Seconds a megabyte, as on the machine where the tests' bounds were written."""
    from mesonet.domain.mapping import MappedColumn, TimeColumns
    from mesonet.domain.mapping import Mapping as TableMapping
    from mesonet.domain.parameter import Parameter
    from mesonet.formats.reading import Context
    from mesonet.formats.survey import observations, survey
    from mesonet.stores.rejects import RejectsFile
    from tests import effort

    data = FILES[name](size)
    names = data.partition(b"\n")[0].decode().split(",") if data.startswith(b"time,") else []
    names = ["time", "t0"] if data.startswith(b"PAR1") else names
    heights = (Parameter(standard_name="air_temperature", level=float(at)) for at in range(len(names)))
    columns = tuple(MappedColumn(column=each, parameter=next(heights), unit="Cel") for each in names[1:])
    mapping = TableMapping(prefix="", station="a", time=TimeColumns(columns=("time",)), columns=columns)
    context = Context(key="in/some.txt", received=2**40 + 2**39, mapping=mapping if names else None)

    def catalogue() -> None:
        with RejectsFile() as kept:
            survey(io.BytesIO(data), context, rejects=kept)

    def loader() -> int:
        return sum(1 for _ in observations(io.BytesIO(data), context))

    told = {way: effort.measured(work, enough=0)[1] for way, work in (("survey", catalogue), ("values", loader))}
    return {"bytes": len(data)} | {way: seconds / len(data) * MB for way, seconds in told.items()}


def message(
    template: Sequence[int], values: Iterable[tuple[int, int]], *, subsets: int = 1, compressed: bool = False, category: int = 0
) -> bytes:
    """FM 94 BUFR, edition 4, of values with their bits."""
    figures = "".join(f"{value:0{bits}b}" for value, bits in values)
    data = int(figures.ljust(-(-len(figures) // 8) * 8, "0"), 2).to_bytes(-(-len(figures) // 8))
    codes = b"".join((each // 100_000 << 14 | each // 1000 % 100 << 8 | each % 1000).to_bytes(2) for each in template)
    sections = [
        bytes([0, 0, 22, 0, 0, 0, 0, 0, 0, 0, category, 0, 0, 30, 0, 7, 232, 2, 29, 6, 0, 0]),
        (7 + len(codes)).to_bytes(3) + b"\0" + subsets.to_bytes(2) + (b"\xc0" if compressed else b"\x80") + codes,
        (4 + len(data)).to_bytes(3) + b"\0" + data,
    ]
    body = b"".join(sections) + b"7777"
    return b"BUFR" + (8 + len(body)).to_bytes(3) + b"\4" + body


def bufr(elements: Sequence[int], differing: Mapping[int, Sequence[int]], *, first: int = 50) -> Callable[[int], bytes]:
    """Compressed messages of as many subsets as differ."""
    places = [*WHO_AND_WHEN, *((each, {7032: 16, 8023: 6, 8094: 8}.get(each) or ELEMENTS[each], first) for each in elements)]
    values = []
    for at, (_, width, least) in enumerate(places):
        given = differing.get(at, ())
        each = max(given).bit_length() + 1 if given else 0
        values += [(least, width), (each, 6), *((more, each) for more in given)]
    count = max(map(len, differing.values()))
    return again(message([number for number, _, _ in places], values, subsets=count, compressed=True))


def alone(
    elements: Sequence[int], values: Sequence[tuple[int, int]], subsets: int = 1, category: int = 0
) -> Callable[[int], bytes]:
    """Messages of stations' subsets that are not compressed; all say these values."""
    who = [[(value, bits) for _, bits, value in WHO_AND_WHEN] for _ in range(subsets)]
    for at, each in enumerate(who):
        each[STATION] = (at % 1000, 10)
    said = [each for one in who for each in (*one, *values)]
    return again(message([*(each for each, _, _ in WHO_AND_WHEN), *elements], said, subsets=subsets, category=category))


def again(message: bytes) -> Callable[[int], bytes]:
    return lambda size: message * -(-size // len(message))


def templates(size: int) -> bytes:
    """A message and a template each."""
    who, said = [each for each, _, _ in WHO_AND_WHEN], [(value, bits) for _, bits, value in WHO_AND_WHEN]
    return b"".join(
        message([*who, 12101, 1000 + at % 60, 20_000 + at // 60 % 30], [*said, (28_000, 16), (1, 400)])
        for at in range(size // 130)
    )


def judged(size: int) -> bytes:
    """Days whose every value has a field of its own that judges it."""
    alike = [(1, 6), *((at % 2, 1) for at in SUBSETS)]
    values = [each for _, bits, value in WHO_AND_WHEN for each in ((value, bits), (0, 6))] + [(1, 8), (0, 6), (5, 6), (0, 6)]
    for _ in range(20):
        values += [(0, 8), (0, 6), (2, 6), (0, 6), (1, 8), (2, 6), *((at % 3, 2) for at in SUBSETS), (28_000, 16), *alike]
    template = [*(each for each, _, _ in WHO_AND_WHEN), 8094, 204_008, 31021, *[8023, 12101] * 20]
    return again(message(template, values, subsets=len(SUBSETS), compressed=True))(size)


def alternating(size: int) -> bytes:
    """Subsets of which no two behind one another have the same elements."""
    who, said = [(value, bits) for _, bits, value in WHO_AND_WHEN], list[tuple[int, int]]()
    for at in range(300):
        said += [*who, (1 + at % 2, 8), *[(28_000, 16)] * (1 + at % 2)]
    template = [*(each for each, _, _ in WHO_AND_WHEN), 101_000, 31001, 12101]
    return again(message(template, said, subsets=300))(size)


def grib(*sections: tuple[int, bytes]) -> Callable[[int], bytes]:
    """Messages of FM 92 GRIB, edition 2, of sections by their numbers."""
    body = b"".join((5 + len(told)).to_bytes(4) + bytes([number]) + told for number, told in sections) + b"7777"
    return again(b"GRIB\0\0\0\2" + (16 + len(body)).to_bytes(8) + body)


def netcdf(dimensions: Mapping[str, int], variables: Sequence[tuple[str, str, str, bytes]]) -> bytes:
    """Numbers of four bytes or one in the classic format: of each variable its dimensions (`time,x`) and attributes
    (`a=b,c=d`)."""

    def text(told: str) -> bytes:
        return len(told).to_bytes(4) + told.encode() + bytes(-len(told) % 4)

    def listed(tag: int, parts: Sequence[bytes]) -> bytes:
        return (tag if parts else 0).to_bytes(4) + len(parts).to_bytes(4) + b"".join(parts)

    def header(at: int) -> bytes:
        places, told = list(dimensions), list[bytes]()
        for name, along, attributes, data in variables:
            own = [
                (text(key) + b"\0\0\0\2" + text(value))
                for key, _, value in (each.partition("=") for each in attributes.split(",") if each)
            ]
            axes = along.split(",") if along else []
            ids = [places.index(each).to_bytes(4) for each in axes]
            whole = 5 if "standard_name" in attributes else 4  # single precision, or integers
            form = 1 if len(data) == prod(dimensions[each] for each in axes) else whole
            numbers = form.to_bytes(4) + len(data).to_bytes(4) + at.to_bytes(4)
            told.append(text(name) + len(ids).to_bytes(4) + b"".join(ids) + listed(12, own) + numbers)
            at += len(data)
        lengths = [text(name) + length.to_bytes(4) for name, length in dimensions.items()]
        return b"CDF\1" + bytes(4) + listed(10, lengths) + listed(12, []) + listed(11, told)

    return header(len(header(0))) + b"".join(data for *_, data in variables)


TIME = ("time", "time", "units=hours since 2020-01-01", (1).to_bytes(4))
AIR = "units=K,standard_name=air_temperature"


def netcdf_stations(size: int) -> bytes:
    count = size // 8
    named = b"".join(at.to_bytes(4) for at in range(count))
    told = [
        TIME,
        ("id", "station", "cf_role=timeseries_id", named),
        ("ta", "station,time", AIR, struct.pack(">f", 280) * count),
    ]
    return netcdf({"station": count, "time": 1}, told)


ONE = ("station_id", "one", "cf_role=timeseries_id", b"\0")  # the one station
BYTES = bytes(range(100))


def floats(numbers: Iterable[float]) -> bytes:
    return b"".join(struct.pack(">f", each) for each in numbers)


def netcdf_variables(size: int) -> bytes:
    told = [(f"t{at}cm", "time", AIR, struct.pack(">f", 280)) for at in range(size // 110)]
    return netcdf({"one": 1, "time": 1}, [TIME, ONE, *told])


def netcdf_heights(size: int) -> bytes:
    heights = ("z", "z", "units=m,standard_name=height", floats(range(40)))
    told = [(f"t{at}", "time,z", AIR, floats([280] * 40)) for at in range(size // 260)]
    return netcdf({"one": 1, "time": 1, "z": 40}, [TIME, ONE, heights, *told])


def netcdf_dimensions(attributes: str, along: str) -> Callable[[int], bytes]:
    """Variables along a dimension of their own each, `#`."""

    def file(size: int) -> bytes:
        numbers = range(size // 100)
        told = [(f"t{at}", along.replace("#", f"d{at}"), attributes, b"\1") for at in numbers]
        return netcdf({"one": 1, "time": 1, **{f"d{at}": 1 for at in numbers}}, [TIME, ONE, *told])

    return file


def netcdf_checks(size: int) -> bytes:
    """One check of all variables, which says very much."""
    codes = f"flag_meanings={'a ' * (size // 8)},flag_values={'1 ' * (size // 8)}"
    told = [(f"t{at}cm", "time", f"{AIR},ancillary_variables=q", b"\1") for at in range(size // 240)]
    return netcdf({"one": 1, "time": 1}, [TIME, ONE, ("q", "time", codes, b"\1"), *told])


def netcdf_checked(size: int) -> bytes:
    """Forty checks of each value."""
    names = [f"q{at}" for at in range(40)]
    checks = [(each, "time", "flag_meanings=bad,flag_values=1", BYTES * 10) for each in names]
    named = f"{AIR},ancillary_variables={' '.join(names)}"
    told = [(f"t{at}cm", "time", named, BYTES * 10) for at in range(max(size - 44_000, 0) // 1220)]
    times = ("time", "time", "units=hours since 2020-01-01", b"".join(at.to_bytes(4) for at in range(1000)))
    return netcdf({"one": 1, "time": 1000}, [times, ONE, *checks, *told])


def netcdf_coordinates(size: int) -> bytes:
    told = [(f"t{at}cm", "time", f"{AIR},coordinates={'z ' * 1000}", b"\1") for at in range(size // 2110)]
    high = ("z", "", "units=m,standard_name=height", struct.pack(">f", 900))
    return netcdf({"one": 1, "time": 1}, [TIME, ONE, high, *told])


def netcdf_clocks(size: int) -> bytes:
    """Ten clocks, and variables that are nothing."""
    clocks = [(f"c{at}", f"c{at}", "units=hours since 2020-01-01", (1).to_bytes(4)) for at in range(10)]
    told = [(f"t{at}", f"c{at}", AIR, b"\1") for at in range(10)]
    nothing = [(f"{at:x}", "", "", b"\0") for at in range(size // 37)]
    return netcdf({"one": 1, **{f"c{at}": 1 for at in range(10)}}, [ONE, *clocks, *told, *nothing])


def netcdf_rows(attributes: str) -> Callable[[int], bytes]:
    """A time and a value in two bytes."""

    def file(size: int) -> bytes:
        some = BYTES * (size // 200)
        told = [("time", "time", attributes, some), ("ta", "time", AIR, some)]
        return netcdf({"one": 1, "time": len(some)}, [ONE, *told])

    return file


def netcdf_samples(size: int) -> bytes:
    """A sample of each station in three bytes."""
    count = min(size // 3, 100_000)
    own = ("count", "station", "sample_dimension=obs", b"\1" * count)
    times = ("time", "obs", "units=hours since 2020-01-01", bytes(count))
    return netcdf({"station": count, "obs": count}, [own, times, ("ta", "obs", AIR, b"\1" * count)])


def netcdf_places(size: int) -> bytes:
    """Stations that only their places tell apart."""
    count = size // 9
    north = ("lat", "station", "units=degrees_north", floats(at % 800 / 10 for at in range(count)))
    east = ("lon", "station", "units=degrees_east", floats(at / 1000 % 360 for at in range(count)))
    return netcdf({"station": count, "time": 1}, [TIME, north, east, ("ta", "station,time", AIR, b"\1" * count)])


def netcdf_chunks(size: int) -> bytes:
    """An instant a chunk, as NetCDF-4's library once kept times without an end."""
    import h5py

    count = size // 16
    out = io.BytesIO()
    with h5py.File(out, "w", libver="latest") as file:
        time = file.create_dataset("time", data=[*range(count)], dtype="i4", chunks=(1,), maxshape=(None,))
        air = file.create_dataset("ta", data=[1] * count, dtype="i1")
        time.make_scale("time")
        air.dims[0].attach_scale(time)
        time.attrs["units"], air.attrs["units"], air.attrs["standard_name"] = "minutes since 2020-01-01", "K", "air_temperature"
    return out.getvalue()


def tob1(kind: str, columns: int) -> Callable[[int], bytes]:
    names = ["SECONDS", "NANOSECONDS", *(f"c{at}" for at in range(columns))]
    lines = [["TOB1", *"abcdefg"], names, [""] * len(names), [""] * len(names), ["ULONG", "ULONG", *[kind] * columns]]
    head = "".join(",".join(f'"{field}"' for field in line) + "\r\n" for line in lines).encode()
    return lambda size: head + Random(1).randbytes(max(size - len(head), 100_000))


def parquet(size: int) -> bytes:
    """As many rows as are read of so many bytes, of which they take some 100,000: what is left stands before the footer."""
    import pyarrow
    from pyarrow.parquet import write_table

    rows = max(8_000_000, 8 * size) // 5 - 1
    minutes = pyarrow.array(range(0, rows * 60_000, 60_000), pyarrow.timestamp("ms", tz="UTC"))
    values = pyarrow.array([each / 10 for each in Random(1).choices(range(500), k=1000)] * (rows // 1000 + 1))[:rows]
    out = io.BytesIO()
    steps = {"time": "DELTA_BINARY_PACKED"}
    write_table(
        pyarrow.table({"time": minutes, "t0": values}), out, compression="gzip", use_dictionary=["t0"], column_encoding=steps
    )
    data = out.getvalue()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    return data[:footer] + bytes(max(size - len(data), 0)) + data[footer:]


def mapping(entry: str) -> Callable[[int], bytes]:
    """A mapping whose columns are all wrong in the same way; `#` stands for their number."""
    head = '{"mesonet_mapping":1,"station":{"id":"a"},"time":{"column":"time"},"columns":{'
    return lambda size: (
        head + ",".join(f'"c{at}":{entry.replace("#", str(at))}' for at in range(size // (len(entry) + 9))) + "}}"
    ).encode()


def lines(head: str, line: str, tail: str = "") -> Callable[[int], bytes]:
    return lambda size: (head + line * max(1, (size - len(head)) // len(line)) + tail).encode()


def numbered(head: str, line: str) -> Callable[[int], bytes]:
    """Lines that differ: `#` stands for their number."""
    return lambda size: (head + "".join(line.replace("#", str(at)) for at in range(size // (len(line) + 3)))).encode()


def table(columns: int, value: str) -> Callable[[int], bytes]:
    return lines(f"time,{','.join(f't{at}' for at in range(columns))}\n", f"2024-01-01T00:00Z,{','.join(value * columns)}\n")


def toa5(columns: int) -> Callable[[int], bytes]:
    rows = (["TIMESTAMP", *(f"T{at}" for at in range(columns))], ["TS", *["Deg C"] * columns], ["", *["Avg"] * columns])
    return lines(
        f"TOA5,a,b,c,d,e,f,g\n{''.join(','.join(row) + chr(10) for row in rows)}", f"2024-01-01 00:00:00{',1' * columns}\n"
    )


def pairs(beside: int) -> str:
    return f'{{{",".join(f'"m{at}":{at}' for at in range(beside))},"datapoints":[{",".join(["[1,1700000010]"] * 1000)}]}}'


OF_NOW = (1, bytes(7) + (2024).to_bytes(2) + bytes([2, 28, 6, 0, 0, 0, 1]))  # section 1: of that time
COVERAGES = (
    '{"type":"CoverageCollection","parameters":{"t":{"type":"Parameter","unit":{"symbol":"Cel"},"observedProperty":'
    '{"id":"air_temperature","label":{"en":"t"}}}},"coverages":[{}'
)
COVERAGE = (
    ',{"type":"Coverage","domain":{"type":"Domain","domainType":"Point","axes":{"x":{"values":[1]},"y":{"values":[2]},'
    '"t":{"values":["2024-01-01T00:00:00Z"]}}},"ranges":{"t":{"type":"NdArray","dataType":"float","values":[1]}}}'
)
FEATURE = (
    '{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2]' + ",[1,2]" * 1000 + ']},"properties":'
    '{"station":"a","datetime":"2024-01-01T00:00:00Z","air_temperature":1}}'
)


CSIXML = (
    '<csixml version="1.0"><head><environment><station-name>a</station-name></environment><fields>'
    '<field name="T" type="xsd:float" units="Deg C" process="Smp"/></fields></head><data>'
)
SMET = (
    "SMET 1.1 ASCII\n[HEADER]\nstation_id = a\nlatitude = 1\nlongitude = 2\naltitude = 3\nnodata = -999\n"
    "fields = timestamp TA\n[DATA]\n"
)
TOA5 = (
    '"TOA5","s","CR1000","1","2","3","4","T"\n"TIMESTAMP","RECORD","T"\n"TS","RN","Deg C"\n"","","Smp"\n'
    '"2024-01-01 00:00:00",1,1\n'
)
SUBSETS = range(300)
RUNS = [subset // 3 * 2 + (subset % 3 > 0) for subset in SUBSETS]
LITTLE = {FIRST + at: [subset * at % 2 for subset in SUBSETS] for at in range(len(ELEMENTS))}
MUCH = {FIRST + at: [(subset * 7 + at) % 64 for subset in SUBSETS] for at in range(6)}
FILES: dict[str, Callable[[int], bytes]] = {
    "BUFR, a value of many stations": bufr([12101], {STATION: SUBSETS}),
    "BUFR, values that hardly differ": bufr(list(ELEMENTS), {STATION: SUBSETS, **LITTLE}),
    "BUFR, heights of each": bufr([7032, *ELEMENTS], {STATION: SUBSETS, FIRST: SUBSETS}, first=1),
    "BUFR, times": bufr(list(ELEMENTS), {5: [at // 60 for at in SUBSETS], 6: [at % 60 for at in SUBSETS]}),
    "BUFR, runs of one station and of two": bufr([7032, *ELEMENTS], {STATION: SUBSETS, FIRST: RUNS}, first=1),
    "BUFR, days that say much": bufr([8094, *[8023, 12101, 10004] * 10], {STATION: SUBSETS}, first=2),
    "BUFR, days at heights of each": bufr([8094, 8023, *[7032, 12101] * 10], {STATION: SUBSETS, FIRST + 2: SUBSETS}, first=2),
    "BUFR, days": bufr([8094, *[12101, 13003, 10004] * 10], {STATION: SUBSETS}, first=1),
    "BUFR, days judged one by one": judged,
    "BUFR, values that differ much": bufr(list(ELEMENTS)[:6], {STATION: SUBSETS, **MUCH}),
    "BUFR, subsets of eight bytes": alone([12101], [(28_000, 16)], 3000),
    "BUFR, fifteen subsets of eight bytes": alone([12101], [(28_000, 16)], 15),
    "BUFR, a value a message": alone([12101], [(28_000, 16)]),
    "BUFR, ships": alone([5001, 6001, 22043], [(9_000_000, 25), (18_000_000, 26), (28_000, 15)], 2000, category=1),
    "BUFR, depths": alone(
        [102_000, 31001, 7061, 12130], [(250, 8), *(each for at in range(250) for each in ((at, 14), (28_000, 16)))]
    ),
    "BUFR, replications of replications": alone(
        [104_000, 31001, 101_000, 31001, 12101, 31031],
        [(60, 8), *[(3, 8), (28_000, 16), (28_001, 16), (28_002, 16), (1, 1)] * 60],
    ),
    "BUFR, replications of nothing": alone([102_000, 31002, 100_000, 31001], [(3000, 16), *[(255, 8)] * 3000]),
    "BUFR, references that change": alone([*[203_010, 12101, 203_255, 12101, 203_000] * 60], [(5, 10), (28_000, 16)] * 60),
    "BUFR, a template a message": templates,
    "BUFR, three subsets of eight bytes": alone([12101], [(28_000, 16)], 3),
    "BUFR, two compressed subsets": bufr([12101], {STATION: range(2)}),
    "BUFR, what is said of values": alone(
        [*[12101] * 50, 222_000, 236_000, 101_050, 31031, 1031, 1032, 101_050, 33007],
        [*[(28_000, 16)] * 50, *[(0, 1)] * 50, (1, 16), (1, 8), *[(70, 7)] * 50],
    ),
    "BUFR, elements that alternate": alternating,
    "BUFR, times that are none": bufr(list(ELEMENTS), {STATION: SUBSETS, 5: [31] * 300}),
    "BUFR, names": alone([1015, 12101], [(int.from_bytes(b"DE BILT".ljust(20)), 160), (28_000, 16)], 300),
    "BUFR, in bulletins": again(
        b"\1\r\r\n001\r\r\nISMA01 ABCD 010000 CCA\r\r\n" + alone([12101], [(28_000, 16)])(1) + b"\r\r\n\3"
    ),
    "BUFR, signs of messages": again(b"BUFR\0\0\x40\4"),
    "BUFR, messages of nothing": again(b"BUFR\0\0\x1a\4" + bytes(18)),
    "BUFR, messages of no category": alone([12101], [(28_000, 16)], category=5),
    "BUFR, elements in no table": alone([12250, 12101], [(28_000, 16)]),
    "GRIB, a field a message": grib(OF_NOW, (3, bytes(9)), (4, bytes(29)), (7, b"")),
    "GRIB, fields of 16 bytes": grib(OF_NOW, *[(4, b"\0\0\0\xff\0\0"), (7, b"")] * 1000),
    "GRIB, fields at levels of their own": grib(
        OF_NOW,
        *[each for at in range(1000) for each in ((4, bytes(17) + b"\x64\0" + at.to_bytes(4) + bytes(6)), (7, b""))],
    ),
    "GRIB, sections of nothing": grib(*[(9, b"")] * 10_000),
    "GRIB, signs of messages": again(b"GRIB\0\0\0\2"),
    "GRIB, signs of messages of edition 1": again(b"GRIB\0\0\0\1"),
    "GRIB, edition 1": again(
        b"GRIB\0\0\x2c\1\0\0\x1c\3" + bytes(9) + b"\x18\2\1" + bytes(8) + b"\x15" + bytes(5) + b"\4\0" + b"7777"
    ),
    "NetCDF, a time of each station": netcdf_stations,
    "NetCDF, variables of a value": netcdf_variables,
    "NetCDF, variables at forty heights": netcdf_heights,
    "NetCDF, times of dimensions": netcdf_dimensions("units=s since 2020-01-01", "#,time"),
    "NetCDF, dimensions without coordinates": netcdf_dimensions("units=K", "time,#"),
    "NetCDF, a check of all variables": netcdf_checks,
    "NetCDF, forty checks of each value": netcdf_checked,
    "NetCDF, coordinates over and over": netcdf_coordinates,
    "NetCDF, ten clocks": netcdf_clocks,
    "NetCDF, days without 29 February": netcdf_rows("units=days since 0001-01-01,calendar=noleap"),
    "NetCDF, a sample of each station": netcdf_samples,
    "NetCDF, stations at places": netcdf_places,
    "NetCDF, an instant a chunk": netcdf_chunks,
    "TOB1, 3,000 ASCII(1)": tob1("ASCII(1)", 3000),
    "TOB1, 4,000 FP2": tob1("FP2", 4000),
    "TOB1, 10,000 BOOL8": tob1("BOOL8", 9998),
    "SYNOP, 9 bytes each": lines("AAXX 06121\n10384 11458 22212 10123 20100=\n", "10384 1=\n"),
    "SYNOP, 30 bytes each": lines("AAXX 06121\n", "10384 11458 22212 10123 20100=\n"),
    "SYNOP, ships": lines("", "BBXX\nABC 06121 99123 10123 41458 22212=\n"),
    "METAR, 14 bytes each": lines("", "KAAA 061200Z=\n"),
    "METAR, remarks": lines("", f"METAR KAAA 061200Z 01002KT RMK{' T01230123 10123 401230123' * 50}=\n"),
    "METAR, no groups": lines("", f"METAR KAAA 061200Z 01002KT{' X' * 1000}=\n"),
    "TAF": lines("METAR KAAA 061200Z 01002KT=\n", "TAF KAAA 061200Z=\n"),
    "CLIMAT": lines("", "CLIMAT 01024 10384 111 10123=\n"),
    "SHEF, messages": lines("", ".A ABC 0607/TA 1\n"),
    "SHEF, 5 bytes each": lines(".A ABC 0607/TA 1\n", ".A 1\n"),
    "SHEF, stations": numbered("", ".A B# 0607/TA 1\n"),
    "SHEF, times": lines("", f".A ABC 0607{''.join(f'/DH{hour:02d}/TA 1' for hour in range(24))}\n"),
    "SHEF, series": lines("", f".E ABC 0607/DIN1/TA{'/1' * 50}\n"),
    "SHEF, tables": lines("", f".B AAA 0607 Z DH01/TA\n{'A 1,' * 500}\n"),
    "GHCN-Daily, all flags": lines("", f"USC00011084202401TMAX{'    1BXX' * 31}\n"),
    "TOA5, 9,000 columns": toa5(9000),
    "OMS3, 2,000 stations": lines(
        f"@T,a\n@H,timestamp{(names := ''.join(f',{at}' for at in range(2000)))}\nID,{names}\n",
        f",2002-01-01 01:00{',1' * 2000}\n",
    ),
    "a table of months": lines("Year Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec\n", "1990 1 2 3 4 5 6 7 8 9 1 2 3\n"),
    "JSON, pairs and 100 members beside them": lines("[", pairs(100) + ",", pairs(100) + "]"),
    "NDJSON, other members each": numbered("", '{"time":"2024-01-01T00:00Z","k#":1}\n'),
    "NDJSON, empty objects": lines('{"time":1700000000,"k":1}\n' * 3, "{}\n"),
    "line protocol, 25 bytes each": lines("", "a b=1 1700000000000000000\n"),
    "line protocol, other fields each": numbered("", "a f#=1 1700000000000000000\n"),
    "CoverageJSON, coverages of a value": lines(COVERAGES, COVERAGE, "]}"),
    "GeoJSON, long geometries": lines('{"type":"FeatureCollection","features":[', FEATURE + ",", FEATURE + "]}"),
    "Prometheus, other labels each": numbered("# TYPE t gauge\n", 't{a#="b"} 1 1700000000000\n'),
    "lines of empty texts": lines("time,a\n", '"",""\n'),
    "Campbell's XML, empty rows": lines(CSIXML, "<r/>", "</data></csixml>"),
    "a list of stations": numbered("id,latitude,longitude,name\n", "#,1,2,a\n"),
    "line ends in quotes": lines("time,a\n", f'"2024-01-01T00:00Z","{chr(10) * 50}"\n'),
    "times that are none": numbered("time,t0\n", "x#,1\n"),
    "gzip, a row a member": lambda size: (row := gzip.compress(b"2024-01-01T00:00Z,1\n", mtime=0)) * (size // len(row)),
    "a mapped table of 6,000 columns": table(6000, "1"),
    "a table of letters for numbers": table(50, "x"),
    "Parquet, rows of next to no bytes": parquet,
    "a table of 9,000 columns": lines(
        f"when,{','.join(f't{at}' for at in range(9000))}\n", f"2024-01-01T00:00Z{',1' * 9000}\n"
    ),
    "a mapping, columns without anything": mapping("{}"),
    "a mapping, names that are nearly known": mapping(
        '{"standard_name":"surface_downwelling_shortwave_flux_in_air#","unit":"x"}'
    ),
    "days below signs of comment": lines("# station a\n# b\nwhen;x;y\n", "31.12.2024;1,5;2\n"),
    "a long table of names that differ": numbered("when,variable,value\n", "2024-01-01T00:00Z,v#,1\n"),
    "nothing but commas": lines("", ","),
    "SMET, times that are none": numbered(SMET, "x# y\n"),
    "TOA5, joined files": lines("", TOA5),
    "Latin-1, four bytes a line": lambda size: b"Zeit;T \xb0C\n" + b"\xe9;1\n" * (size // 4),
    "10,000 equal names": lines(f"{','.join(['temp'] * 10_000)}\n", f"{','.join('1' * 10_000)}\n"),
}


if __name__ == "__main__":
    sys.exit(main())
