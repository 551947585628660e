"""What cataloguing a file needs: where files, mappings and entries are kept, and the queue that has files read."""

from mesonet.channels.uploads_queue import UploadsQueue
from mesonet.record import dataclass
from mesonet.stores.archive import ArchiveStore
from mesonet.stores.files import FilesStore
from mesonet.stores.mappings import MappingsStore
from mesonet.stores.rejects import RejectsStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    archive: ArchiveStore
    files: FilesStore
    mappings: MappingsStore
    rejects: RejectsStore
    uploads: UploadsQueue
