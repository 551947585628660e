"""What a warm request costs: latest values, a day, a month of five-minute data, the nearest station; beside the usual ways.

Every arm answers the same questions over the same observations, from a DynamoDB in a process of its own; processor time of the
answering process is the figure. Mesonet reads its blocks; the others an item for each observation, whose names are as short as
they can be. Read and write units are counted by DynamoDB's rules for the size of items.
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
from local.errors import Failure

WARM_CALLS = Path(__file__).with_name("warm_calls.py")
PEERS = Path(__file__).with_name("peers")
DEPLOYED = cold_start.FOLDER / "deployed"
STOCK, FASTAPI, OURS = "Powertools, boto3, marshmallow", "FastAPI, Mangum, boto3", "Mesonet"
# (figure, query, of whom, at most)
GOALS = (("CPU, latest", "latest", STOCK, 0.25), ("CPU, 30 days", "30 days", STOCK, 1 / 200))
REST_PER_MILLION, LAMBDA_PER_MILLION, GB_SECOND, READ_PER_MILLION = 3.50, 0.20, 0.0000133334, 0.125  # $, us-east-1, arm64
MEMORY_GB = 1.0


def event(path: str, **query: str) -> dict[str, Any]:
    several = {name: [value] for name, value in query.items()}
    asked = {"queryStringParameters": query or None, "multiValueQueryStringParameters": several or None}
    return answers._rest_request(path) | asked


OBSERVATIONS = f"/stations/{answers.STATION}/observations"
EVENTS = {
    "latest": event(f"{OBSERVATIONS}/latest"),
    "one day": event(OBSERVATIONS, datetime="2024-01-10/2024-01-10"),
    "30 days": event(OBSERVATIONS, datetime="2024-01-01/2024-01-30", limit="10000"),
    "nearest": event("/stations", lat="40.6", lon="-73.8", limit="1"),
}


def arms() -> Iterator[tuple[str, Path, str, list[str]]]:
    """Name, folder, handler and the questions that it answers. The others do not look for the nearest."""
    plain = ["one day", "30 days"]
    (ours,) = [handler for name, handler, _ in cold_start.functions() if name == cold_start.LATEST]
    yield OURS, DEPLOYED / "mesonet", ours, list(EVENTS)
    for name, folder, module in ((STOCK, "powertools_stock", "powertools_items"), (FASTAPI, "fastapi_mangum", "fastapi_items")):
        shutil.copy(PEERS / f"{module}.py", DEPLOYED / folder / f"{module}.py")
        yield name, DEPLOYED / folder, "peer.handle", ["latest"]
        yield name, DEPLOYED / folder, f"{module}.handle", plain


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each question is asked of each arm")
    parser.add_argument("--cold", action="store_true", help="build anew and take the cold starts first")
    asked = parser.parse_args(arguments)
    if asked.cold and (failed := cold_start.main([])):
        return failed
    if not DEPLOYED.exists():
        list(cold_start.built_arms())
    tables = weather.tables()
    found: dict[tuple[str, str], dict[str, Any]] = {}
    with weather.served(tables) as endpoint, tempfile.TemporaryDirectory() as scratch:
        for name, folder, handler, questions in arms():
            cold_start.progress(f"{name}: {', '.join(questions)}")
            said = measured(folder, handler, {each: EVENTS[each] for each in questions}, endpoint, Path(scratch), asked.seconds)
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
        **{name: "" if name in cold_start.NOT_SET else name.lower() for name in variables},
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
    for name in (OURS, STOCK, FASTAPI):
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
    yield f"\nRead units of 30 days: {ours:g}; {theirs:g} with an item for each observation: 1/{theirs / ours:.1f}; goal ≤ 1/9"
    ours_w, theirs_w = (weather.write_units(items) * 1e6 / len(readings) for items in (blocks, readings))
    yield f"Write units of a million rows as day files: {ours_w:,.0f}; {theirs_w:,.0f}: 1/{theirs_w / ours_w:.0f}; goal ≤ 1/70"
    for title, question, peer, most in GOALS:
        ratio = found[OURS, question]["cpu_ms"] / found[peer, question]["cpu_ms"]
        yield f"{title}: {ratio:.4f} × {peer} (1/{1 / ratio:.0f}); goal ≤ {most:g}: {'met' if ratio <= most else 'missed'}"
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
