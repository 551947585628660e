"""What loading a file needs: where it is read from, and where what it says is kept."""

from mesonet.record import dataclass
from mesonet.stores.archive import ArchiveStore
from mesonet.stores.files import FilesStore
from mesonet.stores.latest import LatestStore
from mesonet.stores.manifests import ManifestsStore
from mesonet.stores.mappings import MappingsStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.observations import ObservationsStore
from mesonet.stores.stations import StationsStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    archive: ArchiveStore
    files: FilesStore
    mappings: MappingsStore
    manifests: ManifestsStore
    observations: ObservationsStore
    latest: LatestStore
    stations: StationsStore
    network: NetworkStore
