"""JobReconcileFunction: on schedule, or asked by an operator → ArchiveBucket against the catalogue, and that against the rest.

Asked with `{"begin": true}` it begins a new round, at a `phase` of one's choice; `{"settled_s": 0}` looks at what has only just
come, too; the phase `live`, which no round of its own accord has, brings back from its copies what came live. It answers which
phase the round has come to; whoever wants it done asks until that is `done`. How far it has come in it is in
`reconcile/round.json` of DerivedBucket.
"""

import os
from collections.abc import Sequence
from typing import Any

from mesonet import aws, clock
from mesonet.channels.catalogued_queue import CataloguedQueue
from mesonet.channels.uploads_queue import UploadsQueue
from mesonet.domain.live import LiveRow
from mesonet.functions.job_reconcile import logic
from mesonet.intake.taking import Shelf, take
from mesonet.stores.archive import ArchiveStore
from mesonet.stores.file_index import FileIndexStore
from mesonet.stores.files import FilesStore
from mesonet.stores.latest import LatestStore
from mesonet.stores.live import LiveStore
from mesonet.stores.live_copies import LiveCopies
from mesonet.stores.manifests import ManifestsStore
from mesonet.stores.mappings import MappingsStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.observations import ObservationsStore
from mesonet.stores.rounds import Phase, RoundsStore
from mesonet.stores.stations import StationsStore
from mesonet.telemetry import LambdaContext, count, logger, metrics

SETTLED_S = 3600  # a burst waits no longer in its queues, as a rule

database = aws.client("dynamodb")
archive = ArchiveStore(client=aws.client("s3"))
files = FilesStore(os.environ["FILES_TABLE"], client=database)
mappings = MappingsStore(os.environ["MAPPINGS_TABLE"], client=database)
index = FileIndexStore(os.environ["SEARCH_TABLE"], os.environ["FILE_COUNTERS_TABLE"], client=database)
manifests = ManifestsStore(os.environ["OBSERVATIONS_TABLE"], client=database)
observations = ObservationsStore(os.environ["OBSERVATIONS_TABLE"], client=database)
latest = LatestStore(os.environ["LATEST_TABLE"], client=database)
stations = StationsStore(os.environ["STATIONS_TABLE"], client=database)
live = LiveStore(os.environ["OBSERVATIONS_TABLE"], client=database)
network = NetworkStore(os.environ["OBSERVATIONS_TABLE"], client=database)
copies = LiveCopies(os.environ["DERIVED_BUCKET"], client=aws.client("s3"))
uploads = UploadsQueue(os.environ["UPLOADS_QUEUE_URL"], client=aws.client("sqs"))
catalogued = CataloguedQueue(os.environ["CATALOGUED_QUEUE_URL"], client=aws.client("sqs"))
rounds = RoundsStore(os.environ["DERIVED_BUCKET"], client=aws.client("s3"))


def take_again(station_id: str, rows: Sequence[LiveRow]) -> None:
    take(station_id, rows, Shelf(live=live, latest=latest, stations=stations, network=network), now=clock.now())


places = logic.Places(
    bucket=os.environ["ARCHIVE_BUCKET"],
    archive=archive,
    files=files,
    mappings=mappings,
    index=index,
    manifests=manifests,
    observations=observations,
    latest=latest,
    stations=stations,
    network=network,
    uploads=uploads,
    catalogued=catalogued,
    live=live,
    copies=copies,
    take=take_again,
)


@logger.inject_lambda_context
@metrics.log_metrics
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    now = clock.utc()
    last = logic.begun(now, Phase(event.get("phase", Phase.BUCKET))) if event.get("begin") else logic.due(rounds.get(), now)
    if last.phase is Phase.DONE:
        logger.info("compared", phase=last.phase.value, seen={}, mended={})
        return {"phase": last.phase.value}
    settled_s = event.get("settled_s", SETTLED_S)
    reached = logic.go_on(last, places, now=now, settled_s=settled_s, remaining_ms=context.get_remaining_time_in_millis)
    rounds.put(reached)
    for kind, number in reached.mended.items():
        if more := number - last.mended.get(kind, 0):
            count(f"Reconcile{kind.title().replace('_', '')}", more)
    logger.info("compared", phase=reached.phase.value, seen=dict(reached.seen), mended=dict(reached.mended))
    return {"phase": reached.phase.value}
