"""ApiNetworkFunction: the network at a glance, for maps and for whoever watches over it."""

import os
from collections import Counter
from functools import partial
from typing import Any

from mesonet import aws, clock
from mesonet.channels.queue_depth import QueueDepth
from mesonet.domain import instant
from mesonet.domain.instant import DAY, SECOND, Interval
from mesonet.domain.parameter import named
from mesonet.domain.reporting import newest
from mesonet.errors import InvalidParameter, NotFound
from mesonet.functions.api_network import logic
from mesonet.functions.api_network import representations as show
from mesonet.remembered import Remembered
from mesonet.stores.file_index import FileIndexStore
from mesonet.stores.latest import LatestStore
from mesonet.stores.observations import ObservationsStore
from mesonet.stores.stations import StationsStore
from mesonet.telemetry import LambdaContext, logger
from mesonet.web import parameters as read
from mesonet.web.media import JSON, dumps
from mesonet.web.request import Request
from mesonet.web.response import Response
from mesonet.web.router import Router

database = aws.client("dynamodb")
counters = FileIndexStore("", os.environ["FILE_COUNTERS_TABLE"], client=database)
observations_store = ObservationsStore(os.environ["OBSERVATIONS_TABLE"], client=database)
latest_store = LatestStore(os.environ["LATEST_TABLE"], client=database)
stations_store = StationsStore(os.environ["STATIONS_TABLE"], client=database)
sqs = aws.client("sqs")
DEAD_LETTERS = [
    (name, what, QueueDepth(url, client=sqs))
    for name, what, url in (
        ("UploadsDeadLetterQueue", "files that could not be read", os.environ["UPLOADS_DEAD_LETTER_QUEUE_URL"]),
        (
            "FileChangesDeadLetterQueue",
            "changes of the catalogue that could not be passed on",
            os.environ["FILE_CHANGES_DEAD_LETTER_QUEUE_URL"],
        ),
        ("CataloguedDeadLetterQueue", "files that could not be loaded", os.environ["CATALOGUED_DEAD_LETTER_QUEUE_URL"]),
        (
            "StationChangesDeadLetterQueue",
            "changes of stations that could not be passed on",
            os.environ["STATION_CHANGES_DEAD_LETTER_QUEUE_URL"],
        ),
        ("IndexDeadLetterQueue", "files that search does not know yet", os.environ["INDEX_DEAD_LETTER_QUEUE_URL"]),
        ("NoticeDeadLetterQueue", "messages that no subscriber took", os.environ["NOTICE_DEAD_LETTER_QUEUE_URL"]),
        ("ExportDeadLetterQueue", "exports that could not be made", os.environ["EXPORT_DEAD_LETTER_QUEUE_URL"]),
        (
            "ReadingsDeadLetterQueue",
            "readings of sensors that could not be kept",
            os.environ.get("READINGS_DEAD_LETTER_QUEUE_URL"),
        ),
    )
    if url  # a network without sensors' stream has no queue for them
]

app = Router(public_url=os.environ.get("PUBLIC_URL", ""))

AS_JSON = {"json": JSON}
# What everybody asks for the same way is read once for all of them; a reader gets the last answer while the next one is made
SHARED = "public, max-age=30, stale-while-revalidate=300"


# Reading the network is most of what an answer costs; half as long as an answer may be kept. Stations change once a year, and a
# reader may get an answer that is five minutes old anyway
directory = logic.Directory(stations_store, for_s=300)
members = Remembered(partial(logic.members, latest=latest_store, directory=directory), for_s=15)


@logger.inject_lambda_context
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.handle(event)


@app.get("/network", query=("datetime", "hours", "f"))
def network(request: Request) -> Response:
    request.chosen(AS_JSON)
    now = moment(request)
    hours = read.whole_number(request.query, "hours", default=48, least=1, most=logic.MOST_HOURS)
    everyone = members()
    waiting = logic.messages([depth for _, _, depth in DEAD_LETTERS])
    document = {
        **show.clock(now, logic.last_heard(everyone)),
        "stations": show.state_counts(Counter(logic.states(everyone, now))),
        "attention": [
            {
                "id": each.station.id,
                "name": each.station.name or None,
                "state": state,
                "newest": show.iso(newest(each.values.values())),
            }
            for each, state in logic.needing_attention(everyone, now)
        ],
        "files": [
            {"status": count.value, "files": count.files, "rows": count.rows, "bytes": count.bytes}
            for count in counters.counts("status")
        ],
        "arrivals": [show.members(each) for each in logic.arrivals(clock.now(), hours, counters=counters)],
        "dead_letters": [
            {"queue": name, "messages": messages, "what": what}
            for (name, what, _), messages in zip(DEAD_LETTERS, waiting, strict=True)
        ],
        "rejects": show.rejects(logic.rejects(counters=counters)),
        "links": [request.here("self", request.query), request.link("latest", "network/latest")],
    }
    return Response(body=dumps(document), cache=SHARED)


@app.get("/network/latest", query=("parameter", "datetime", "f"))
def network_latest(request: Request) -> Response:
    request.chosen(AS_JSON)
    now = moment(request)
    everyone = members()
    offered = logic.choices(everyone)
    name = request.query.get("parameter") or None
    document = {
        **show.clock(now, logic.last_heard(everyone)),
        "count": len(everyone),
        "parameters": {
            each.name: show.parameter(each.name, each.unit) | {"stations": each.stations} for each in offered.values()
        },
        **show.latest(everyone, logic.states(everyone, now), logic.chosen(name, offered) if name else None),
        "links": [request.here("self", request.query)],
    }
    return Response(body=dumps(document), cache=SHARED)


@app.get("/network/history", query=("parameter", "datetime", "bbox", "f"))
def network_history(request: Request) -> Response:
    request.chosen(AS_JSON)
    asked = request.query
    if "parameter" not in asked:
        raise InvalidParameter("parameter", "say which parameter", allowed="a name of /network/latest's `parameters`")
    box = read.bounding_box(asked)
    everyone = members()
    if "datetime" in asked:
        interval = instant.interval(asked["datetime"])
    else:
        end = logic.last_heard(everyone) or clock.now()
        interval = Interval(end - DAY + SECOND, end)
    choice = logic.chosen(asked["parameter"], logic.choices(everyone))
    if choice is None:
        raise NotFound("the network has no observations yet")
    found = logic.history(everyone, choice.name, interval, box, store=observations_store)
    document = {
        "parameter": {"id": choice.name, **show.parameter(choice.name, choice.unit)},
        "interval": {"start": instant.iso(interval.start), "end": instant.iso(interval.end)},
        "time": [instant.iso(end) for end in found.times],
        "stations": {"id": [member.station.id for member in found.members], "values": found.values},
        "complete": found.complete,
        "links": [request.here("self", asked)],
    }
    return Response(body=dumps(document), cache=SHARED)


@app.get("/stations/{station_id}/days", query=("datetime", "parameters", "f"))
def station_days(request: Request, station_id: str) -> Response:
    request.chosen(AS_JSON)
    asked = request.query
    station = stations_store.get(station_id)
    known = latest_store.get(station.id)
    names = sorted(named(asked["parameters"].split(","), known) if "parameters" in asked else known)
    if "datetime" in asked:
        interval = instant.interval(asked["datetime"])
    else:
        end = max((value.time for value in known.values()), default=clock.now())
        interval = Interval(end - 365 * DAY, end)
    dates, found = logic.days(station.id, names, interval, store=observations_store)
    document = {
        "station": station.id,
        "interval": {"start": instant.iso(interval.start), "end": instant.iso(interval.end)},
        "date": dates,
        "parameters": {name: show.parameter(name, known[name].unit) | show.members(days) for name, days in found.items()},
        "links": [request.here("self", asked)],
    }
    return Response(body=dumps(document), cache=SHARED)


def moment(request: Request) -> int:
    """The instant that states are seen from: now, unless the request names another. Raises InvalidParameter."""
    text = request.query.get("datetime")
    return instant.interval(text).end if text else clock.now()
