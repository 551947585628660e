"""The sections of a TOA5 file: what stands below each first lines, where there are those of several tables."""

import re
from typing import BinaryIO

from mesonet.formats import joined
from mesonet.formats.joined import READ
from mesonet.regex import regex

BEGUN = regex(rb'^"?(?:TOA5|TOA5py|TOACI1)"?[,;\t]', re.MULTILINE)
_LONGEST_LINES = 4 * 1024 * 1024  # bytes of first lines: MOST_COLUMNS names, units and processes


class Section(joined.Section):
    """A stream that ends before first lines of another station or of other columns: what a logger whose program was changed, or
    whoever put files together, appends. The same first lines once more become blank lines. `rest` begins with the others,
    `rows` is how many lines stand before them."""

    def __init__(self, stream: BinaryIO, held: bytes = b"") -> None:
        super().__init__(stream, held)
        self._own: tuple[object, ...] | None = None

    def _some(self, count: int) -> bytes:
        while not self.rest:
            data, ended = self._more(self._held, max(count, 2 * len(self._held)))
            if self._own is None:
                data, ended = self._with_first_lines(data, 0, ended)
                self._own = _first_lines(data)
            at = 1
            while b"TOA" in data and (found := BEGUN.search(data, at)):
                at = found.start()
                data, ended = self._with_first_lines(data, at, ended)
                if _first_lines(data[at:]) != self._own:
                    self.rest, data = data[at:], data[:at]
                    break
                below = data[at:].split(b"\n", 4)
                data = data[:at] + b"\n" * (len(below) - 1) + below[-1]
                at += len(below) - 1
            kept = len(data) if ended or self.rest else data.rfind(b"\n")  # first lines may begin below the last whole line
            kept = kept if kept >= 0 and len(data) - kept < READ else len(data)
            self._held, data = data[kept:], data[:kept]
            if data or ended:
                self.rows += data.count(b"\n")
                return data
        return b""

    def _with_first_lines(self, data: bytes, at: int, ended: bool) -> tuple[bytes, bool]:
        """With four whole lines from `at` on, if there are so many."""
        while not ended and data.count(b"\n", at) < 4 and len(data) - at < _LONGEST_LINES:
            data, ended = self._more(data, len(data) + 4096)
        return data, ended

    def _more(self, data: bytes, least: int) -> tuple[bytes, bool]:
        """With what follows, at least so many bytes if there are; and whether there are no more."""
        while len(data) < least:
            more = self._stream.read(least - len(data))
            if not more:
                return data, True
            data += more
        return data, False


def _first_lines(data: bytes) -> tuple[object, ...]:
    """What of first lines tells tables apart: station and table, then names, units and processes."""
    first, *others = [line.replace(b'"', b"").strip() for line in data.split(b"\n", 4)[:4]]
    fields = re.split(rb"[,;\t]", first)
    return fields[1:2], fields[7:8], *others
