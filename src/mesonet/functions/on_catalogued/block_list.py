"""The list of a file's blocks while the file is loaded: who loads it, what may be in the table, and what of it is written.

A block is in the list before it is in the table. So whoever comes later, after a crash or with a newer state of the file, knows
all that may have to go.
"""

from collections.abc import Iterable

from mesonet.domain.block import PARTS
from mesonet.errors import Conflict
from mesonet.record import replace
from mesonet.stores.manifests import Key, Manifest, ManifestsStore


class BlockList:
    """`before` is the list as it was found; `announce` and `take_over` make it ours, which ends what others do with it.

    Making one and changing it raise Conflict where a newer state of the file has the list, or takes it meanwhile.
    """

    def __init__(self, file_id: str, order: str, *, manifests: ManifestsStore) -> None:
        self._file_id = file_id
        self._order = order
        self._manifests = manifests
        self._ours: Manifest | None = None
        self.before = self._not_newer(manifests.of(file_id))

    @property
    def is_ours(self) -> bool:
        return self._ours is not None

    def take_over(self) -> Manifest:
        """Makes the list ours as it stands, unless it is already."""
        return self._ours or self._take_over()

    def written(self, reader: str) -> int:
        """How many stretches an earlier delivery of this state has written, cut as `reader` cuts them."""
        return self._continued(self.before, reader).stretches

    def keys_of_stretch(self, number: int) -> set[Key]:
        """The blocks of a stretch that was written before."""
        return {key for key in self.before.keys if int(key[1].rpartition("#")[2]) // PARTS == number}

    def announce(self, keys: Iterable[Key], *, stretches: int, reader: str) -> None:
        """Makes the list longer by blocks that are about to be written; so many `stretches` are written already."""
        if self._ours is None:
            self._take_over(keys, stretches=stretches, reader=reader)
        else:
            self._put(replace(self._ours, keys=self._ours.keys | frozenset(keys), stretches=stretches))

    def leave_at(self, stretches: int) -> None:
        """Notes how many stretches are written, for the delivery that goes on."""
        self._put(replace(self.take_over(), stretches=stretches))

    def end_with(self, keys: Iterable[Key]) -> None:
        """Forgets all blocks but these, which are in the table."""
        self._put(replace(self.take_over(), keys=frozenset(keys)))

    def _put(self, changed: Manifest) -> None:
        mine = self.take_over()
        if changed != mine:
            self._ours = self._manifests.supersede(self._file_id, mine, by=changed)

    def _take_over(self, keys: Iterable[Key] = (), *, stretches: int | None = None, reader: str = "") -> Manifest:
        while self._ours is None:
            mine = self._continued(self.before, reader)
            mine = replace(mine, keys=mine.keys | frozenset(keys), stretches=mine.stretches if stretches is None else stretches)
            try:
                self._ours = self._manifests.supersede(self._file_id, self.before, by=mine)
            except Conflict:  # another delivery came between; if it is of a newer state, that raises Conflict here
                self.before = self._not_newer(self._manifests.of(self._file_id))
        return self._ours

    def _not_newer(self, held: Manifest) -> Manifest:
        if held.order > self._order:
            raise Conflict("a newer state of the file is being loaded, or is")
        return held

    def _continued(self, held: Manifest, reader: str) -> Manifest:
        """The list as this state of the file goes on with it; what another `reader` has cut is written anew. Without a reader
        nothing is to be written, and it does not matter."""
        mine = (
            held if held.order == self._order else replace(held, order=self._order, stretches=0, reader="", first=not held.keys)
        )
        if not reader or mine.reader == reader:
            return mine
        return replace(mine, stretches=0, reader=reader, first=mine.first and not mine.reader)
