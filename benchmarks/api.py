"""What a warm request costs: latest values, a day, a month of five-minute data, the nearest station; beside the usual ways.

Every arm answers the same questions over the same observations; processor time of the answering process is the figure. Mesonet
reads its blocks from a DynamoDB in a process of its own, and answers in gzip; two arms read an item for each observation from
there, whose names are as short as they can be. None of the others compresses. Read and write units are counted by DynamoDB's
rules for the size of items.

Twice: by calling the function, or the application, as its server would; and as it is served, functions in the loop of Lambda's
own runtime client, applications behind the HTTP server that their documentation recommends, pygeoapi with its own provider over
PostGIS (where PostgreSQL is on this machine), whose time is told apart. Then the function once more as one machine would have
it, behind a server of plain functions (FastWSGI), over LMDB, which is what the goals mean by one machine; and over the SQLite
that FastAPI has, to tell what of it is the store's. Nobody is offered to run it so. FastAPI is there twice: with the three
numbers of one row, and with all that Mesonet answers of latest values. Beside them stands what the runtime client and each
server take of a function, an application, that does nothing.

What Mesonet has made of a station's latest values it makes anew when they are others: "latest, changed" is of a station that
has something new each time it is asked.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import answers, cold_start, serving, weather
from benchmarks.peers import pygeoapi_postgis
from local import artifact, checkout
from local.errors import Failure

WARM_CALLS = Path(__file__).with_name("warm_calls.py")
PEERS = Path(__file__).with_name("peers")
DEPLOYED = cold_start.FOLDER / "deployed"
STOCK, FASTAPI, OURS = "Powertools, boto3, marshmallow", "FastAPI, Mangum, boto3", "Mesonet"
PYGEOAPI, SQLITE, POSTGIS = "pygeoapi, SQLite", "FastAPI, SQLite", "pygeoapi, PostGIS"
ALONE, SAME_ANSWER, OVER_SQLITE = "Mesonet, one machine", "FastAPI, SQLite, same answer", "Mesonet, SQLite"
NOTHING, NO_FUNCTION, NO_APPLICATION = "an empty function", "empty, FastWSGI", "empty, uvicorn"
# (query, of whom, at most, aim): of functions, by themselves and as they are served; on one machine, its database included
GOALS = (("latest", STOCK, 0.25, 0.09), ("30 days", STOCK, 1 / 200, 1 / 500))
GOALS_ON_ONE_MACHINE = (
    ("latest", POSTGIS, 1 / 25, 1 / 25),
    ("30 days", POSTGIS, 1 / 70, 1 / 70),
    ("latest", SQLITE, 1 / 3, 1 / 3),
    ("latest", SAME_ANSWER, 1 / 3, 1 / 3),
    ("30 days", SQLITE, 1 / 15, 1 / 15),
)
type Figures = dict[tuple[str, str], dict[str, Any]]  # by arm and question
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
    "latest, changed": event(f"/stations/{answers.CHANGING}/observations/latest"),
    "one day": event(OBSERVATIONS, datetime="2024-01-10/2024-01-10"),
    "30 days": event(OBSERVATIONS, datetime="2024-01-01/2024-01-30", limit="10000"),
    "nearest": event("/stations", lat="40.6", lon="-73.8", limit="1"),
}
EVENTS["30 days as text"] = as_text(EVENTS["30 days"])
ITEMS = "/collections/observations/items"
OF_PYGEOAPI = {
    "latest": event(ITEMS, station=answers.STATION, sortby="-time", limit="1", f="json"),
    "one day": event(
        ITEMS, station=answers.STATION, datetime="2024-01-10T00:00:00Z/2024-01-10T23:59:59Z", limit="10000", f="json"
    ),
    "30 days": event(
        ITEMS, station=answers.STATION, datetime="2024-01-01T00:00:00Z/2024-01-30T23:59:59Z", limit="10000", f="json"
    ),
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
    built(geoapi, "pygeoapi")
    for module in ("pygeoapi_items", "pygeoapi_config"):
        shutil.copy(PEERS / f"{module}.py", geoapi / f"{module}.py")
    yield PYGEOAPI, geoapi, "pygeoapi_items.handle", OF_PYGEOAPI


def served_arms(endpoint: str, scratch: Path, running: ExitStack) -> Iterator[tuple[str, serving.Arm]]:
    """What is served, until the stack is left."""
    servers = DEPLOYED / "servers"
    peers = ("fastapi", "geoalchemy2", "gevent", "gunicorn", "mangum", "psycopg2-binary", "pygeoapi", "uvicorn[standard]")
    built(servers, *peers, "fastwsgi", "setuptools<81", "lmdb", has="lmdb")
    yield from _in_lambda(endpoint, scratch, running)
    yield from _behind_servers(servers, endpoint, scratch, running)
    yield from _over_postgis(servers, endpoint, scratch, running)


def _in_lambda(endpoint: str, scratch: Path, running: ExitStack) -> Iterator[tuple[str, serving.Arm]]:
    runtime = DEPLOYED / "runtime"
    built(runtime, "awslambdaric")
    nothing = (NOTHING, DEPLOYED / "empty", "peer.handle", {"latest": EVENTS["latest"]})
    functions = [arm for arm in arms() if "powertools" in arm[1].name or arm[0] == OURS]
    for name, folder, handler, questions in (*functions, nothing):
        serve = serving.in_lambda(folder, runtime, handler, environment(folder, endpoint, scratch))
        events = {question: serving.as_event(event) for question, event in questions.items()}
        yield name, serving.Arm(served=running.enter_context(serve), questions=events)


def _behind_servers(servers: Path, endpoint: str, scratch: Path, running: ExitStack) -> Iterator[tuple[str, serving.Arm]]:
    shutil.copytree(DEPLOYED / "mesonet" / "mesonet", servers / "mesonet", dirs_exist_ok=True)
    shutil.copy(PEERS / "mesonet_served.py", servers / "mesonet_served.py")
    paths = {name: address(EVENTS[name]) for name in ("latest", "one day", "30 days", "nearest")}
    only_latest = {"latest": paths["latest"]}
    changed = {"latest, changed": address(EVENTS["latest, changed"])}
    for name, module, questions in (
        (SQLITE, "fastapi_sqlite", paths),
        (SAME_ANSWER, "fastapi_latest", only_latest),
        (NO_APPLICATION, "empty", only_latest),
        (ALONE, "mesonet_lmdb", paths | changed),
        (OVER_SQLITE, "mesonet_sqlite", paths | changed),
        (NO_FUNCTION, "empty_wsgi", only_latest),
    ):
        shutil.copy(PEERS / f"{module}.py", servers / f"{module}.py")
        server = ["uvicorn", f"{module}:app", "--port", "PORT", "--no-access-log", "--loop", "uvloop", "--http", "httptools"]
        if name in (ALONE, OVER_SQLITE, NO_FUNCTION):
            server = [module, "PORT"]
        variables = environment(servers, endpoint, scratch) | {"LATEST_TABLE": "latest_table"}
        served = running.enter_context(serving.behind(server, servers, variables))
        yield name, serving.Arm(served=served, questions=questions)


def _over_postgis(servers: Path, endpoint: str, scratch: Path, running: ExitStack) -> Iterator[tuple[str, serving.Arm]]:
    """pygeoapi; nothing where the machine has no PostGIS, which is said."""
    try:
        database, reached = running.enter_context(serving.postgis())
    except serving.NoPostGIS as why:
        print(f"{POSTGIS} is left out: {why}")
        return
    documents = {
        "config": pygeoapi_postgis.configuration(reached),
        "openapi": {"openapi": "3.0.2", "info": {}, "paths": {}},
    }
    for name, content in documents.items():
        (scratch / f"{name}.json").write_text(json.dumps(content))
    where = {f"PYGEOAPI_{name.upper()}": str(scratch / f"{name}.json") for name in documents}
    gunicorn = ["gunicorn", "--worker-class", "gevent", "--bind", "127.0.0.1:PORT", "pygeoapi.flask_app:APP"]
    served = running.enter_context(serving.behind(gunicorn, servers, environment(servers, endpoint, scratch) | where))
    of_pygeoapi = {name: address(event) for name, event in OF_PYGEOAPI.items()}
    yield POSTGIS, serving.Arm(served=served, questions=of_pygeoapi, database=database)


def built(folder: Path, *packages: str, has: str = "") -> None:
    """`has` is a file of what was added last, without which the folder is built anew."""
    if not (folder / has).exists():
        shutil.rmtree(folder, ignore_errors=True)
        cold_start.progress(f"building {folder.name}")
        cold_start.install(folder, "--constraints", str(cold_start.PINS), *packages)
        artifact.compile_all(folder)


def address(event: dict[str, Any]) -> str:
    query = event["queryStringParameters"]
    return f"{event['path']}?{urlencode(query)}" if query else str(event["path"])


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
    found: Figures = {}
    with weather.served(tables) as endpoint, tempfile.TemporaryDirectory() as scratch:
        weather.sqlite(Path(scratch) / "readings.sqlite")
        weather.lmdb_file(Path(scratch) / "items.lmdb")
        for name, folder, handler, questions in arms():
            cold_start.progress(f"{name}: {', '.join(questions)}")
            said = measured(folder, handler, questions, endpoint, Path(scratch), asked.seconds)
            found |= {(name, question): figures for question, figures in said.items()}
        with ExitStack() as running:
            cold_start.progress("starting what is served")
            started = list(served_arms(endpoint, Path(scratch), running))
            cold_start.progress("what is served, in turn")
            served = serving.measured(started, asked.seconds)
    cold_start.progress("")
    print("\n".join(report(found, served)))
    return 0


def environment(folder: Path, endpoint: str, scratch: Path) -> dict[str, str]:
    (variables,) = [given for name, _, given in cold_start.functions() if name == cold_start.LATEST]
    return cold_start.LAMBDA | {
        "AWS_ENDPOINT_URL": endpoint,
        "HOME": str(scratch),
        "LAMBDA_TASK_ROOT": str(folder),
        "CHANGES": str(answers.CHANGES),
        "CHANGING_STATION": answers.CHANGING,
        "READINGS_TABLE": "readings_table",
        "READINGS_FILE": str(scratch / "readings.sqlite"),
        "ITEMS_FILE": str(scratch / "items.lmdb"),
        **variables,
        **({} if folder.name == "mesonet" else {"LATEST_TABLE": "items_table"}),
    }


def measured(
    folder: Path, handler: str, events: dict[str, Any], endpoint: str, scratch: Path, seconds: float
) -> dict[str, dict[str, Any]]:
    module, _, function = handler.rpartition(".")
    (scratch / "events.json").write_text(json.dumps(events))
    command = [os.path.realpath(sys.executable), "-I", "-S", "-B", str(WARM_CALLS), str(folder), module, function]
    done = subprocess.run(
        [*command, str(scratch / "events.json"), str(seconds)],
        cwd=folder,
        env=environment(folder, endpoint, scratch),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        raise Failure(f"{handler} failed:", tail=done.stderr[-3000:])
    said: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return said


def table(found: Figures, names: Sequence[str], to: str = OURS) -> Iterator[str]:
    yield f"{'':32}" + "".join(f"{question:>26}" for question in EVENTS)
    for name in names:
        cells = []
        for question in EVENTS:
            figures = found.get((name, question))
            if figures is None:
                cells.append(f"{'–':>26}")
                continue
            ratio = figures["cpu_ms"] / found[to, question]["cpu_ms"]
            database = f" + {figures['database_ms']:.2f}" if figures.get("database_ms") else ""
            cells.append(f"{f'{figures["cpu_ms"]:.2f}{database} ({ratio:.1f} ×) {figures["bytes"]:,}':>26}")
        yield f"{name:32}" + "".join(cells)


def with_database(figures: dict[str, Any]) -> float:
    cost: float = figures["cpu_ms"] + figures.get("database_ms", 0)
    return cost


def report(found: Figures, served: Figures) -> Iterator[str]:
    yield "Warm requests: processor time in ms (× of Mesonet's), bytes of the answer"
    yield from table(found, (OURS, STOCK, FASTAPI, SQLITE, PYGEOAPI))
    yield "\nAs they are served: of all processes that answer; behind a plus, of the database"
    yield from table(served, (OURS, STOCK, SQLITE, SAME_ANSWER, POSTGIS, NOTHING))
    yield "\nOn one machine: the function over a database in its process, behind FastWSGI; the others as above"
    yield from table(served, (ALONE, OVER_SQLITE, SQLITE, SAME_ANSWER, POSTGIS, NO_FUNCTION, NO_APPLICATION), to=ALONE)
    blocks, readings = weather.blocks(), weather.readings()
    ours, theirs = weather.read_units(blocks), weather.read_units(readings)
    named = weather.read_units(weather.named_readings())
    yield f"\nRead units of 30 days: {ours:g}; goal ≤ 1/9 of an item for each observation:"
    yield f"  {theirs:g} with the shortest names there can be: 1/{theirs / ours:.1f}"
    yield f"  {named:g} with plain ones: 1/{named / ours:.1f}"
    ours_w, theirs_w = (weather.write_units(items) * 1e6 / len(readings) for items in (blocks, readings))
    yield f"Write units of a million rows as day files: {ours_w:,.0f}; {theirs_w:,.0f}: 1/{theirs_w / ours_w:.0f}; goal ≤ 1/70"
    for figures, goals, how, whose in (
        (found, GOALS, "", OURS),
        (served, GOALS, ", served", OURS),
        (served, GOALS_ON_ONE_MACHINE, ", one machine", ALONE),
    ):
        for question, peer, most, aim in goals:
            if (peer, question) not in figures:
                continue
            ratio = with_database(figures[whose, question]) / with_database(figures[peer, question])
            met = "aim met" if ratio <= aim < most else "met" if ratio <= most else "missed"
            yield f"CPU, {question}{how}: 1/{1 / ratio:.1f} of {peer}; goal ≤ 1/{1 / most:.0f}, aim 1/{1 / aim:.0f}: {met}"
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
