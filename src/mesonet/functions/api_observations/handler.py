"""ApiObservationsFunction: takes observations over HTTP, from programs (JSON, CSV) and from consoles (Weather Underground)."""

import os
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

from mesonet import aws, clock
from mesonet.domain.instant import iso
from mesonet.domain.operator import Operator, Scope, key_of
from mesonet.errors import BadBody, BadInput, Forbidden, InvalidParameter, NothingTaken, Unauthorized, Unavailable
from mesonet.functions.api_observations import weather_underground
from mesonet.intake.rows import Row, checked_station, from_csv, from_json
from mesonet.intake.taking import Shelf, take
from mesonet.stores.latest import LatestStore
from mesonet.stores.live import LiveStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.operators import OperatorsStore
from mesonet.stores.requests import Answered, RequestsStore
from mesonet.stores.stations import StationsStore
from mesonet.telemetry import LambdaContext, count, logger, metrics
from mesonet.web.media import JSON, dumps
from mesonet.web.request import Request, parse_json
from mesonet.web.response import Response, permitted
from mesonet.web.router import ANYTHING, Router

database = aws.client("dynamodb")
operators = OperatorsStore(os.environ["OPERATORS_TABLE"], client=database)
live = LiveStore(os.environ["OBSERVATIONS_TABLE"], client=database)
requests = RequestsStore(os.environ["OBSERVATIONS_TABLE"], client=database)
latest = LatestStore(os.environ["LATEST_TABLE"], client=database)
stations = StationsStore(os.environ["STATIONS_TABLE"], client=database)
network = NetworkStore(os.environ["OBSERVATIONS_TABLE"], client=database)
shelf = Shelf(live=live, latest=latest, stations=stations, network=network)

app = Router(public_url=os.environ.get("PUBLIC_URL", ""))

CSV = "text/csv"
TEXT = "text/plain; charset=utf-8"
MOST_KEY = 255  # characters of an idempotency key


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.handle(event)


@app.post("/stations/{station_id}/observations")
def add_observations(request: Request, station_id: str) -> Response:
    """200 where every row was taken, 207 where some were, 422 where none was; each row's own fate is in the answer."""
    now = clock.now()
    operator = operators.find(key_of(request.headers.get("authorization")), now=now)
    operator.require(Scope.OBSERVATIONS, [checked_station(station_id)])
    kind, body = request.content(JSON, CSV)
    key = request.headers.get("idempotency-key", "")
    if len(key) > MOST_KEY:
        raise InvalidParameter("Idempotency-Key", f"the key has {len(key)} characters", allowed=f"up to {MOST_KEY} characters")
    scope, content = f"{operator.id}/{station_id}", sha256(kind.encode() + b"\0" + body).hexdigest()
    if key and (known := requests.find(scope, key, content, now=now)):
        return _answer(known.status, known.document, replayed=True)
    permitted(request.headers)
    rows = from_csv(_text(body), station_id, now=now) if kind == CSV else from_json(parse_json(body), station_id, now=now)
    told = [_told(row) for row in rows]
    taken = [row.row for row in rows if row.row]
    count("ObservationTaken", len(taken))
    count("ObservationRejected", len(rows) - len(taken))
    if not taken:
        raise NothingTaken(f"none of the {len(rows)} observations could be taken", rows=told)
    document = {"station": station_id, "accepted": len(taken), "rejected": len(rows) - len(taken), "rows": told}
    status = 200 if len(taken) == len(rows) else 207
    claim = requests.claim(scope, key, content, now=now) if key else None
    try:
        take(station_id, taken, shelf, now=now)
        if claim:
            requests.keep(claim, Answered(status=status, document=document), now=now)
    except Unavailable:
        if claim:
            requests.leave(claim, now=now)  # rows that were taken may be taken once more
        raise
    return _answer(status, document)


@app.get("/updateweatherstation.php", query=ANYTHING, head=False)
@app.get("/weatherstation/updateweatherstation.php", query=ANYTHING, head=False)
def report(request: Request) -> Response:
    """This protocol writes with GET. HEAD is safe for whoever sends it (RFC 9110, 9.2.1), and is not answered."""
    return _reported(request, dict(request.query))


@app.post("/updateweatherstation.php", query=ANYTHING)
@app.post("/weatherstation/updateweatherstation.php", query=ANYTHING)
@app.post("/ecowitt", query=ANYTHING)
def report_form(request: Request) -> Response:
    """Bytes that are not UTF-8 are replaced: they occur only in names of software, which nobody reads."""
    try:
        form = request.unpacked().decode("utf-8", "replace")
    except BadInput as exc:
        return _said(exc.status, f"ERROR: {exc.detail}", exc.headers)
    written = {name: ",".join(values) for name, values in parse_qs(form, keep_blank_values=True).items()}
    return _reported(request, dict(request.query) | written)


def _reported(request: Request, written: dict[str, str]) -> Response:
    """What consoles look at is the first word of the text."""
    now = clock.now()
    given = {name.lower(): value for name, value in sorted(written.items(), reverse=True)}  # `ID` stands over an `id` beside it
    station_id, password, given["dateutc"] = (
        weather_underground.once(given.get(name, "")) for name in ("id", "password", "dateutc")
    )
    try:
        if "," in station_id:
            raise InvalidParameter("ID", "there are several", value=station_id[:50], allowed="one identifier, without a comma")
        operator: Operator = operators.find(password, now=now)
        operator.require(Scope.OBSERVATIONS, [checked_station(station_id)])
    except (Unauthorized, Forbidden, InvalidParameter) as exc:
        logger.warning("report refused", code=exc.code, detail=exc.detail)
        return _said(exc.status, "INVALIDPASSWORDID|Password or key and/or id are incorrect", exc.headers)
    permitted(request.headers, there=False)
    try:
        row, faults = weather_underground.report(given, station_id, now=now)
    except ValueError as exc:
        row, faults = None, [str(exc)]
    count("ObservationTaken" if row else "ObservationRejected")
    if faults:
        logger.warning("report not taken whole", station=station_id, faults=faults)
    if row is None:
        return _said(400, f"ERROR: {'; '.join(faults) or 'there is no value in it that is taken'}")
    take(station_id, [row], shelf, now=now)
    return _said(200, "\n".join(["success", *(f"not taken: {fault}" for fault in faults)]))


def _told(row: Row) -> dict[str, Any]:
    if row.row:
        return {"row": row.number, "status": "accepted", "time": iso(row.row.time)}
    return {"row": row.number, "status": "rejected", "reasons": row.told()}


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise BadBody(f"the body is not UTF-8: byte {exc.start + 1} is not") from exc


def _answer(status: int, document: Any, *, replayed: bool = False) -> Response:
    headers = {"Idempotent-Replayed": "true"} if replayed else {}
    return Response(status=status, body=dumps(document), headers=headers, cache="no-store")


def _said(status: int, line: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(status=status, body=line + "\n", media_type=TEXT, headers=headers or {}, cache="no-store")
