"""How much memory the largest files take: `python -m benchmarks.bounds` prints the peak of each beside its bound.

Files of 1 GB (CSV, gzip and zip that are 1 GB once unpacked, NDJSON, Parquet) and a NetCDF file of millions of values are made
in a temporary folder, one after the other, and removed. Each is read by a process of its own, as the catalogue reads it (facts)
or as the loader does (values); rows or values are counted. The command fails where a bound is exceeded.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import zipfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from struct import pack
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks import metadata
from benchmarks.peers.metadata import _mapping, _peak_mib
from local import checkout

if TYPE_CHECKING:  # only what reads imports it
    from mesonet.formats.reading import Context

MB = 1_000_000
BOUND = 256  # MiB, of any format; a function has 1769 MB, of which this is what a reader may hold
BOUND_CSV = 64
INSTANTS = 5_000_000  # of a NetCDF file: nine and a half years of minutes
QUANTITIES = (("air_temperature", "K"), ("relative_humidity", "%"), ("wind_speed", "m/s"), ("air_pressure", "Pa"))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bounds", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=1000, help="MB of each file, unpacked")
    parser.add_argument("--only", default="", help="only files with this in their name")
    parser.add_argument("--read", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.read:
        print(json.dumps(WAYS[asked.read[0]](Path(asked.read[1])) | {"peak": _peak_mib()}))
        return 0
    print(f"  {'file':<20}{'MB':>7}{'way':>9}{'counted':>14}{'wall s':>9}{'peak MiB':>10}{'bound':>7}")
    exceeded = 0
    with TemporaryDirectory(prefix="mesonet-bounds-") as folder:
        for name, ways, bound in FILES:
            if asked.only not in name:
                continue
            file = Path(folder, name)
            MAKERS[file.suffix](file, asked.size * MB)
            for way in ways:
                begun = perf_counter()
                said = read(way, file)
                exceeded += said["peak"] > bound
                print(
                    f"  {name:<20}{file.stat().st_size / MB:>7.0f}{way:>9}{said['counted']:>14,}{perf_counter() - begun:>9.1f}"
                    f"{said['peak']:>10.0f}{bound:>7}{'  exceeded' if said['peak'] > bound else ''}",
                    flush=True,
                )
            file.unlink()
    return 1 if exceeded else 0


def read(way: str, file: Path) -> dict[str, float]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(checkout.ROOT), str(checkout.ROOT / "src")])}
    command = [sys.executable, "-m", "benchmarks.bounds", "--read", way, str(file)]
    said: dict[str, float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment).stdout)
    return said


def facts(file: Path) -> dict[str, float]:
    """What the catalogue says."""
    from mesonet.formats.survey import survey

    with file.open("rb") as stream:
        found = survey(stream, _context(file))
    if not found.status.usable or found.mark:
        raise SystemExit(f"{file.name}: {found.status}, {found.why}, {found.rejects[:1]}")
    return {"counted": found.rows}


def values(file: Path) -> dict[str, float]:
    """All observations, batch by batch."""
    from mesonet.domain.observation import Batch
    from mesonet.formats.survey import observations

    with file.open("rb") as stream:
        found = (each for each in observations(stream, _context(file)) if isinstance(each, Batch))
        return {"counted": sum(len(each.times) * len(each.columns) for each in found)}


WAYS: dict[str, Callable[[Path], dict[str, float]]] = {"facts": facts, "values": values}
FILES = (
    ("weather.csv", ("facts", "values"), BOUND_CSV),
    ("weather.csv.gz", ("facts",), BOUND_CSV),
    ("weather.zip", ("facts",), BOUND),
    ("observations.ndjson", ("facts",), BOUND),
    ("weather.parquet", ("facts", "values"), BOUND),
    ("weather.nc", ("facts", "values"), BOUND),
)


def _context(file: Path) -> "Context":
    from mesonet.domain import instant
    from mesonet.formats.reading import Context

    received = instant.parse("2026-01-01T00:00:00Z")
    member = "weather.csv" if file.suffix == ".zip" else ""
    return Context(key=f"bench/{file.name}", mapping=_mapping("bench/"), received=received, member=member)


def _upto(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """As many, some thousand at a time."""
    written = 0
    while written < size:
        some = b"".join(islice(pieces, 10_000))
        written += len(some)
        yield some


def _plain(file: Path, size: int) -> None:
    with file.open("wb") as out:
        out.writelines(_upto(metadata._ndjson() if file.suffix == ".ndjson" else metadata._csv(), size))


def _gzip(file: Path, size: int) -> None:
    with gzip.open(file, "wb", 1) as out:
        out.writelines(_upto(metadata._csv(), size))


def _zip(file: Path, size: int) -> None:
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("weather.csv", "w", force_zip64=True) as out,
    ):
        out.writelines(_upto(metadata._csv(), size))


def _parquet(file: Path, size: int) -> None:
    source = file.with_suffix(".csv")
    _plain(source, size)
    metadata._write_parquet(source, file)
    source.unlink()


def _netcdf(file: Path, size: int) -> None:
    """NetCDF's 64-bit offset format (NetCDF users' guide, "File format specifications"): doubles of one station along time."""

    def name(text: str) -> bytes:
        return pack(">I", len(text)) + text.encode().ljust(-len(text) % 4 + len(text), b"\0")

    def attributes(**said: str) -> bytes:
        return pack(">II", 12, len(said)) + b"".join(name(key) + pack(">I", 2) + name(text) for key, text in said.items())

    count = min(INSTANTS, size // 8 // (len(QUANTITIES) + 1))
    columns = [("time", attributes(standard_name="time", units="minutes since 2020-01-01"))]
    columns += [(each, attributes(standard_name=each, units=unit)) for each, unit in QUANTITIES]
    head = b"CDF\2" + pack(">III", 0, 10, 1) + name("time") + pack(">I", count)
    head += attributes(featureType="timeSeries", station_id="0-20000-0-10384") + pack(">II", 11, len(columns))
    begin = len(head) + sum(len(name(each)) + len(said) + 24 for each, said in columns)
    for at, (each, said) in enumerate(columns):
        head += name(each) + pack(">II", 1, 0) + said + pack(">IIQ", 6, 8 * count, begin + at * 8 * count)
    with file.open("wb") as out:
        out.write(head)
        for at, _ in enumerate(columns):
            numbers = array("d", range(count) if not at else ((number * 7919 % 1000) / 10 + 1 for number in range(count)))
            numbers.byteswap()
            out.write(numbers.tobytes())


MAKERS: dict[str, Callable[[Path, int], None]] = {
    ".csv": _plain,
    ".ndjson": _plain,
    ".gz": _gzip,
    ".zip": _zip,
    ".parquet": _parquet,
    ".nc": _netcdf,
}


if __name__ == "__main__":
    sys.exit(main())
