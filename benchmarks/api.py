"""What a warm request costs: latest values, a day, a month of five-minute data, the nearest station; beside the usual ways.

Every arm answers the same questions over the same observations; processor time of the answering process is the figure. Mesonet
reads its blocks from a DynamoDB in a process of its own, and answers in gzip; two arms read an item for each observation from
there, whose names are as short as they can be; two read an indexed table of SQLite in their own process, as one machine would.
None of these compresses. Read and write units are counted by DynamoDB's rules for the size of items.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import answers, cold_start, weather
from local import artifact, checkout
from local.errors import Failure

WARM_CALLS = Path(__file__).with_name("warm_calls.py")
PEERS = Path(__file__).with_name("peers")
DEPLOYED = cold_start.FOLDER / "deployed"
STOCK, FASTAPI, OURS = "Powertools, boto3, marshmallow", "FastAPI, Mangum, boto3", "Mesonet"
PYGEOAPI, SQLITE = "pygeoapi, SQLite", "FastAPI, SQLite"
# (query, of whom, at most, aim)
GOALS = (
    ("latest", STOCK, 0.25, 0.09),
    ("30 days", STOCK, 1 / 200, 1 / 500),
    ("latest", PYGEOAPI, 1 / 25, 1 / 25),
    ("30 days", PYGEOAPI, 1 / 70, 1 / 70),
    ("latest", SQLITE, 1 / 3, 1 / 3),
    ("30 days", SQLITE, 1 / 15, 1 / 15),
)
REST_PER_MILLION, LAMBDA_PER_MILLION, GB_SECOND, READ_PER_MILLION = 3.50, 0.20, 0.0000133334, 0.125  # $, us-east-1, arm64
MEMORY_GB = 1.0


def event(path: str, **query: str) -> dict[str, Any]:
    several = {name: [value] for name, value in query.items()}
    asked = {"queryStringParameters": query or None, "multiValueQueryStringParameters": several or None}
    found = answers._rest_request(path) | asked
    found["headers"]["Accept-Encoding"] = "gzip"
    found["multiValueHeaders"]["Accept-Encoding"] = ["gzip"]
    return found


def as_text(asked: dict[str, Any]) -> dict[str, Any]:
    """The same from a client that takes no gzip."""
    headers = {name: value for name, value in asked["headers"].items() if name != "Accept-Encoding"}
    return asked | {"headers": headers, "multiValueHeaders": {name: [value] for name, value in headers.items()}}


OBSERVATIONS = f"/stations/{answers.STATION}/observations"
EVENTS = {
    "latest": event(f"{OBSERVATIONS}/latest"),
    "one day": event(OBSERVATIONS, datetime="2024-01-10/2024-01-10"),
    "30 days": event(OBSERVATIONS, datetime="2024-01-01/2024-01-30", limit="10000"),
    "nearest": event("/stations", lat="40.6", lon="-73.8", limit="1"),
}
EVENTS["30 days as text"] = as_text(EVENTS["30 days"])
ITEMS = "/collections/observations/items"
OF_PYGEOAPI = {
    "latest": event(ITEMS, station=answers.STATION, sortby="-time", limit="1", f="json"),
    "one day": event(ITEMS, station=answers.STATION, datetime="2024-01-10/2024-01-10", limit="10000", f="json"),
    "30 days": event(ITEMS, station=answers.STATION, datetime="2024-01-01/2024-01-30", limit="10000", f="json"),
}


def arms() -> Iterator[tuple[str, Path, str, dict[str, Any]]]:
    """Name, folder, handler and the questions that it answers. Those with an item for each observation do not look for the
    nearest, nor does pygeoapi."""
    plain = {name: EVENTS[name] for name in ("one day", "30 days")}
    (ours,) = [handler for name, handler, _ in cold_start.functions() if name == cold_start.LATEST]
    yield OURS, DEPLOYED / "mesonet", ours, EVENTS
    for name, folder, module in ((STOCK, "powertools_stock", "powertools_items"), (FASTAPI, "fastapi_mangum", "fastapi_items")):
        shutil.copy(PEERS / f"{module}.py", DEPLOYED / folder / f"{module}.py")
        yield name, DEPLOYED / folder, "peer.handle", {"latest": EVENTS["latest"]}
        yield name, DEPLOYED / folder, f"{module}.handle", plain
    shutil.copy(PEERS / "fastapi_sqlite.py", DEPLOYED / "fastapi_mangum" / "fastapi_sqlite.py")
    of_sqlite = {name: EVENTS[name] for name in ("latest", "one day", "30 days", "nearest")}
    yield SQLITE, DEPLOYED / "fastapi_mangum", "fastapi_sqlite.handle", of_sqlite
    geoapi = DEPLOYED / "pygeoapi"
    if not geoapi.exists():
        cold_start.progress("building pygeoapi")
        cold_start.install(geoapi, "--constraints", str(cold_start.PINS), "pygeoapi")
        artifact.compile_all(geoapi)
    shutil.copy(PEERS / "pygeoapi_items.py", geoapi / "pygeoapi_items.py")
    yield PYGEOAPI, geoapi, "pygeoapi_items.handle", OF_PYGEOAPI


def renew() -> None:
    """Mesonet as it is now, in the folders as they were built."""
    if not DEPLOYED.exists():
        list(cold_start.built_arms())
    shutil.copytree(
        checkout.SOURCE / "mesonet",
        DEPLOYED / "mesonet" / "mesonet",
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    artifact.compile_all(DEPLOYED / "mesonet")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each question is asked of each arm")
    parser.add_argument("--cold", action="store_true", help="build anew and take the cold starts first")
    asked = parser.parse_args(arguments)
    if asked.cold and (failed := cold_start.main([])):
        return failed
    renew()
    tables = weather.tables()
    found: dict[tuple[str, str], dict[str, Any]] = {}
    with weather.served(tables) as endpoint, tempfile.TemporaryDirectory() as scratch:
        weather.sqlite(Path(scratch) / "readings.sqlite")
        for name, folder, handler, questions in arms():
            cold_start.progress(f"{name}: {', '.join(questions)}")
            said = measured(folder, handler, questions, endpoint, Path(scratch), asked.seconds)
            found |= {(name, question): figures for question, figures in said.items()}
    cold_start.progress("")
    print("\n".join(report(found)))
    return 0


def measured(
    folder: Path, handler: str, events: dict[str, Any], endpoint: str, scratch: Path, seconds: float
) -> dict[str, dict[str, Any]]:
    module, _, function = handler.rpartition(".")
    (scratch / "events.json").write_text(json.dumps(events))
    (variables,) = [names for name, _, names in cold_start.functions() if name == cold_start.LATEST]
    environment = cold_start.LAMBDA | {
        "AWS_ENDPOINT_URL": endpoint,
        "HOME": str(scratch),
        "LAMBDA_TASK_ROOT": str(folder),
        "READINGS_TABLE": "readings_table",
        "READINGS_FILE": str(scratch / "readings.sqlite"),
        **{name: cold_start.SETTINGS.get(name, name.lower()) for name in variables},
    }
    command = [os.path.realpath(sys.executable), "-I", "-S", "-B", str(WARM_CALLS), str(folder), module, function]
    done = subprocess.run(
        [*command, str(scratch / "events.json"), str(seconds)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        raise Failure(f"{handler} failed:", tail=done.stderr[-3000:])
    said: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return said


def report(found: dict[tuple[str, str], dict[str, Any]]) -> Iterator[str]:
    yield "Warm requests: processor time in ms (× of Mesonet's), bytes of the answer"
    yield f"{'':32}" + "".join(f"{question:>26}" for question in EVENTS)
    for name in (OURS, STOCK, FASTAPI, SQLITE, PYGEOAPI):
        cells = []
        for question in EVENTS:
            figures = found.get((name, question))
            if figures is None:
                cells.append(f"{'–':>26}")
                continue
            ratio = figures["cpu_ms"] / found[OURS, question]["cpu_ms"]
            text = f"{figures['cpu_ms']:.2f} ({ratio:.0f} ×) {figures['bytes']:,}"
            cells.append(f"{text:>26}")
        yield f"{name:32}" + "".join(cells)
    blocks, readings = weather.blocks(), weather.readings()
    ours, theirs = weather.read_units(blocks), weather.read_units(readings)
    named = weather.read_units(weather.named_readings())
    yield f"\nRead units of 30 days: {ours:g}; goal ≤ 1/9 of an item for each observation:"
    yield f"  {theirs:g} with the shortest names there can be: 1/{theirs / ours:.1f}"
    yield f"  {named:g} with plain ones: 1/{named / ours:.1f}"
    ours_w, theirs_w = (weather.write_units(items) * 1e6 / len(readings) for items in (blocks, readings))
    yield f"Write units of a million rows as day files: {ours_w:,.0f}; {theirs_w:,.0f}: 1/{theirs_w / ours_w:.0f}; goal ≤ 1/70"
    for question, peer, most, aim in GOALS:
        ratio = found[OURS, question]["cpu_ms"] / found[peer, question]["cpu_ms"]
        met = "aim met" if ratio <= aim < most else "met" if ratio <= most else "missed"
        yield f"CPU, {question}: {ratio:.4f} × {peer} (1/{1 / ratio:.1f}); goal ≤ 1/{1 / most:.0f}, aim 1/{1 / aim:.0f}: {met}"
    for question, units in (("latest", 1.0), ("30 days", ours + 1)):
        milliseconds = max(found[OURS, question]["cpu_ms"] + 10, 1)  # some ten of them waiting for the table
        cost = LAMBDA_PER_MILLION + milliseconds / 1000 * MEMORY_GB * GB_SECOND * 1e6 + units * READ_PER_MILLION
        yield f"A million of {question!r}: ${cost:.2f} for function and table, and ${REST_PER_MILLION:.2f} for the gateway"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print(failure.tail, file=sys.stderr)
        sys.exit(f"mesonet: {failure.line}")
