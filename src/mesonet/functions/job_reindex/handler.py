"""JobReindexFunction: makes the search index anew from the catalogue, online. `make reindex` calls it until it is done.

Each call does some of it and says where to go on: `{"stage": "files", "start": …}`. Doing a part twice does no harm.
"""

import os
from time import sleep
from typing import Any

from mesonet import aws
from mesonet.domain.search import file_document, station_document
from mesonet.errors import BadInput
from mesonet.stores.file_index import FileIndexStore
from mesonet.stores.files import FilesStore
from mesonet.stores.search import SearchStore
from mesonet.stores.stations import StationsStore
from mesonet.telemetry import LambdaContext, count, logger, metrics

LEAST_LEFT_MS = 240_000  # of the function's time, to begin another page: well before the alarm of a function near its end
STAGES = ("begin", "files", "stations", "sweep", "finish", "done")

database = aws.client("dynamodb")
files = FilesStore(os.environ["FILES_TABLE"], client=database)
stations = StationsStore(os.environ["STATIONS_TABLE"], client=database)
tables = SearchStore(os.environ["SEARCH_TABLE"], client=database)
SEARCH_ENDPOINT = os.environ["SEARCH_ENDPOINT"]
counters = FileIndexStore(
    "" if SEARCH_ENDPOINT else os.environ["SEARCH_TABLE"], os.environ["FILE_COUNTERS_TABLE"], client=database
)
server = None
if SEARCH_ENDPOINT:
    from mesonet.stores.opensearch import OpenSearchStore

    server = OpenSearchStore("mesonet", send=aws.http("es", SEARCH_ENDPOINT))


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Goes on from where the last answer stopped; `{}` begins. The answer has `done`, what was written, and where to go on."""
    progress: dict[str, Any] = {"stage": "begin", "start": None, "index": "", "files": 0, "stations": 0, "removed": 0}
    unknown = event.keys() - progress.keys() - {"done"}
    if unknown or ("stage" in event and event["stage"] not in STAGES):
        raise BadInput(f"an event of this function is {{}} or its last answer, and not {event!r}")
    progress |= {name: value for name, value in event.items() if name != "done"}
    while progress["stage"] != "done" and context.get_remaining_time_in_millis() > LEAST_LEFT_MS:
        step(progress, context.aws_request_id)
    done = progress["stage"] == "done"
    logger.info("index rebuilt" if done else "index partly rebuilt", **progress)
    return {"done": done, **progress}


def step(progress: dict[str, Any], run: str) -> None:
    """One page of the stage that it is at."""
    stage, start = progress["stage"], progress["start"]
    following: Any = None
    if stage == "begin" and server:
        progress["index"] = f"mesonet-{run[:8].lower()}"
        sleep(server.begin_rebuild(progress["index"]))  # until every writer knows the new index
    elif stage == "files":
        entries, following = files.scan(start or "")
        failed = counters.apply(entries, again=True)
        if server:
            failed |= server.write([file_document(entry) for entry in entries], into=[progress["index"]])
        check(failed)
        progress["files"] += len(entries)
        count("FileReindexed", len(entries))
    elif stage == "stations":
        known, following = stations.scan(start or "")
        documents = [station_document(station, order=order) for station, order in known]
        if server:
            check(server.write(documents, into=[progress["index"]]))
        else:
            for each in documents:
                tables.put_station(each, None)
        progress["stations"] += len(documents)
    elif stage == "sweep" and not server:
        removed, following = counters.sweep(start)
        progress["removed"] += removed
    elif stage == "finish" and server:
        server.finish_rebuild(progress["index"])
    progress["start"] = following or None
    if not following:
        progress["stage"] = STAGES[STAGES.index(stage) + 1]


def check(failed: dict[str, Exception]) -> None:
    """The call fails with the first reason, and can be made again as it was."""
    for reason in failed.values():
        raise reason
