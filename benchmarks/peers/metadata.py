"""What a catalogue says of a file, by each engine's own means: `python -m benchmarks.peers.metadata ENGINE FILE` prints it.

Every engine gets the answer that the catalogue needs: the sha256 of the bytes; the rows; of each column how many values it has,
minimum, maximum and mean; of each station how many rows; the first and the last time. Nothing less, and each as its own
documentation would have it done. One thread, as a function of one processor has. What only one engine needs is imported by it
alone: start-up counts. That is why there is no `pathlib` and no `json` at the top, which DuckDB and others import themselves.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

STATION, TIME = "origin", "time_hour"
NUMBERS = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib")
MEANT = (
    *(("air_temperature", "degF"), ("dew_point_temperature", "degF"), ("relative_humidity", "%")),
    *(("wind_from_direction", "deg"), ("wind_speed", "mph"), ("wind_speed_of_gust", "mph")),
    *(("precipitation_amount", "in"), ("air_pressure_at_mean_sea_level", "hPa"), ("visibility_in_air", "mi")),
)
MISSING = "NA"

type Facts = dict[str, Any]


def mesonet(file: str) -> Facts:
    import gc

    from mesonet import functions  # noqa: F401 - while it starts no garbage is looked for, as in the function that reads files
    from mesonet.domain import instant
    from mesonet.formats.reading import Context
    from mesonet.formats.survey import survey

    gc.freeze()
    gc.set_threshold(2_000)  # and from its first invocation on it is
    key = f"bench/{file.rpartition('/')[2]}"
    context = Context(key=key, mapping=_mapping("bench/"), received=instant.parse("2026-01-01T00:00:00Z"))
    with open(file, "rb") as stream:
        found = survey(stream, context)
    temperature = next((each for each in found.columns if each.parameter == "air_temperature"), None)
    return {
        "rows": found.rows,
        "stations": found.stations,
        "first": instant.iso(found.first or 0),
        "sha256": found.sha256,
        "temp_values": temperature.values if temperature else None,
    }


def _mapping(prefix: str) -> Any:
    """What MappingsTable would give: a mapping file is read when it arrives, not each time that it applies."""
    from mesonet.domain.mapping import MappedColumn, Mapping, TimeColumns
    from mesonet.domain.parameter import usual

    return Mapping(
        prefix=prefix,
        files="*weather*",
        columns=tuple(
            MappedColumn(column=column, parameter=usual(name), unit=unit)
            for column, (name, unit) in zip(NUMBERS, MEANT, strict=True)
        ),
        time=TimeColumns(columns=(TIME,)),
        station_column=STATION,
        missing=(MISSING,),
    )


def stdlib(file: str) -> Facts:
    """csv.DictReader and float, as most scripts do it."""
    if ".ndjson" in file:
        import json

        with _text(file) as lines:
            return _tallied(_flat(json.loads(line)) for line in lines) | {"sha256": _sha256(file)}
    import csv

    with _text(file) as lines:
        return _tallied(csv.DictReader(lines)) | {"sha256": _sha256(file)}


def pandas(file: str) -> Facts:
    import pandas as pd

    match _kind(file):
        case "parquet":
            frame = pd.read_parquet(file)
        case "ndjson":
            frame = pd.json_normalize(pd.read_json(file, lines=True)["properties"].to_list())
            frame = frame.rename(columns={name: _short(name) for name in frame.columns})
        case _:
            frame = pd.read_csv(file, na_values=[MISSING])
    times = pd.to_datetime(frame[TIME])
    facts = frame[[name for name in NUMBERS if name in frame]].agg(["count", "min", "max", "mean"])
    return {
        "rows": len(frame),
        "stations": {str(name): int(count) for name, count in frame[STATION].value_counts().items()},
        "first": times.min().isoformat(),
        "sha256": _sha256(file),
        "temp_values": int(facts["temp"]["count"]),
    }


def polars(file: str) -> Facts:
    import polars as pl

    match _kind(file):
        case "parquet":
            lazy = pl.scan_parquet(file)
        case "ndjson":
            lazy = pl.scan_ndjson(file, infer_schema_length=100).select(
                [
                    pl.col("properties").struct.field("station").alias(STATION),
                    pl.col("properties").struct.field("timestamp").alias(TIME),
                    pl.col("properties").struct.field("temperature").struct.field("value").alias("temp"),
                ]
            )
        case _:
            types = dict.fromkeys(NUMBERS, pl.Float64)  # a short file may have a column without a value
            lazy = pl.scan_csv(file, null_values=[MISSING], infer_schema_length=None, schema_overrides=types)
    names = [name for name in NUMBERS if name in lazy.collect_schema().names()]
    summary = lazy.select(
        pl.len().alias("rows"),
        pl.col(TIME).min().alias("first"),
        pl.col(TIME).max().alias("last"),
        *(pl.col(name).count().alias(f"{name}_values") for name in names),
        *(pl.col(name).min().alias(f"{name}_min") for name in names),
        *(pl.col(name).max().alias(f"{name}_max") for name in names),
        *(pl.col(name).mean().alias(f"{name}_mean") for name in names),
    ).collect(engine="streaming")
    counts = lazy.group_by(STATION).len().collect(engine="streaming")
    return {
        "rows": summary["rows"][0],
        "stations": dict(counts.iter_rows()),
        "first": str(summary["first"][0]),
        "sha256": _sha256(file),
        "temp_values": summary["temp_values"][0],
    }


def pyarrow(file: str) -> Facts:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv as pcsv
    import pyarrow.json as pjson
    import pyarrow.parquet as pq

    match _kind(file):
        case "parquet":
            batches: Iterator[Any] = pq.ParquetFile(file).iter_batches()
        case "ndjson":
            table = pjson.read_json(file)
            station, time, temp = (
                pc.struct_field(table["properties"], path) for path in (["station"], ["timestamp"], ["temperature", "value"])
            )
            batches = iter(pa.table({STATION: station, TIME: time, "temp": temp}).to_batches())
        case _:
            options = pcsv.ConvertOptions(null_values=[MISSING], strings_can_be_null=True)
            batches = iter(pcsv.open_csv(file, convert_options=options, read_options=pcsv.ReadOptions(use_threads=False)))
    rows = values = 0
    stations: dict[str, int] = {}
    first: Any = None
    facts: dict[str, list[Any]] = {}
    for batch in batches:
        rows += batch.num_rows
        for each in pc.value_counts(batch[STATION]).to_pylist():
            stations[each["values"]] = stations.get(each["values"], 0) + each["counts"]
        least = pc.min_max(batch[TIME])["min"].as_py()
        first = least if first is None or least < first else first
        for name in NUMBERS:
            if name in batch.schema.names:
                facts.setdefault(name, []).append((pc.count(batch[name]), pc.min_max(batch[name]), pc.sum(batch[name])))
        values += pc.count(batch["temp"]).as_py()
    return {"rows": rows, "stations": stations, "first": str(first), "sha256": _sha256(file), "temp_values": values}


def duckdb(file: str) -> Facts:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads=1")
    match _kind(file):
        case "parquet":
            source = f"read_parquet('{file}')"
        case "ndjson":
            source = (
                "(SELECT properties.station AS origin, properties.timestamp AS time_hour, "
                f"properties.temperature.value AS temp FROM read_json('{file}', format='newline_delimited'))"
            )
        case _:
            types = ", ".join(f"'{name}': 'DOUBLE'" for name in NUMBERS)  # a short file may have a column without a value
            source = f"read_csv('{file}', nullstr='{MISSING}', types={{{types}}})"
    names = ("temp",) if _kind(file) == "ndjson" else NUMBERS
    numbers = ", ".join(f"count({n}), min({n}), max({n}), avg({n})" for n in names)
    found = connection.execute(f"SELECT count(*), min({TIME}), max({TIME}), {numbers} FROM {source}").fetchone()
    assert found
    stations = dict(connection.execute(f"SELECT {STATION}, count(*) FROM {source} GROUP BY 1").fetchall())
    return {
        "rows": found[0],
        "stations": stations,
        "first": str(found[1]),
        "sha256": _sha256(file),
        "temp_values": found[3],
    }


def wc(file: str) -> Facts:
    """A limit: the line ends counted, nothing understood."""
    import subprocess

    said = subprocess.run(["wc", "-l", file], capture_output=True, text=True, check=True)
    return {"rows": int(said.stdout.split()[0])}


def split(file: str) -> Facts:
    """A limit: each field made a text, and each number's text looked up once, by what Python has in C; nothing understood."""
    known: list[dict[str, float]] = [{} for _ in NUMBERS]
    rows, step, last = 0, len(NUMBERS) + 3, ""  # a row is its fields and a line end
    with open(file) as stream:
        stream.readline()
        while block := stream.read(65536):
            whole, _, rest = block.rpartition("\n")
            pieces = (last + whole).replace("\n", ",\n,").split(",")
            last = rest
            rows += pieces.count("\n") + 1
            for at, numbers in enumerate(known, 2):
                texts = pieces[at::step]
                numbers.update(dict.fromkeys(set(texts).difference(numbers), 1.0))
                sum(map(numbers.__getitem__, texts))
    return {"rows": rows}


def sha256sum(file: str) -> Facts:
    """A limit: the sum alone, which the catalogue's pass includes."""
    import subprocess

    said = subprocess.run(["sha256sum", file], capture_output=True, text=True, check=True)
    return {"sha256": said.stdout.split()[0]}


def zcat(file: str) -> Facts:
    """A limit: unpacked, nothing understood."""
    import subprocess

    subprocess.run(["zcat", file], stdout=subprocess.DEVNULL, check=True)
    return {}


ENGINES: Mapping[str, Callable[[str], Facts]] = {
    "mesonet": mesonet,
    "stdlib csv": stdlib,
    "pandas": pandas,
    "polars": polars,
    "pyarrow": pyarrow,
    "duckdb": duckdb,
    "split": split,
    "wc -l": wc,
    "sha256sum": sha256sum,
    "zcat": zcat,
}


def _kind(file: str) -> str:
    return "parquet" if file.endswith(".parquet") else "ndjson" if ".ndjson" in file else "csv"


def _short(name: str) -> str:
    return {"station": STATION, "timestamp": TIME, "temperature.value": "temp"}.get(name, name)


def _flat(document: Mapping[str, Any]) -> dict[str, Any]:
    said = document["properties"]
    return {STATION: said["station"], TIME: said["timestamp"], "temp": said["temperature"]["value"]}


def _text(file: str) -> Any:
    if not file.endswith(".gz"):
        return open(file, newline="")
    import gzip

    return gzip.open(file, "rt", newline="")


def _sha256(file: str) -> str:
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _tallied(rows: Iterator[Mapping[str, Any]]) -> Facts:
    count = 0
    stations: dict[str, int] = {}
    first = last = None
    facts: dict[str, list[float]] = {name: [0, float("inf"), float("-inf"), 0.0] for name in NUMBERS}
    for row in rows:
        count += 1
        station, time = row[STATION], row[TIME]
        stations[station] = stations.get(station, 0) + 1
        if first is None or time < first:
            first = time
        if last is None or time > last:
            last = time
        for name in NUMBERS:
            text = row.get(name)
            if text is None or text == MISSING:
                continue
            value = float(text)
            fact = facts[name]
            fact[0] += 1
            fact[1] = min(fact[1], value)
            fact[2] = max(fact[2], value)
            fact[3] += value
    return {"rows": count, "stations": stations, "first": first, "temp_values": int(facts["temp"][0])}


def _peak_mib() -> float:
    """The largest resident set of this process itself; what `wait4` tells begins with that of the process that made it."""
    with open("/proc/self/status") as stream:
        told = stream.read()
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    print(ENGINES[sys.argv[1]](sys.argv[2]) | {"peak": _peak_mib()})
