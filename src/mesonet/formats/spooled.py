"""A stream that can be read at any place: what formats need whose directory stands at their end."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Stream

IN_MEMORY = 32 * 1024 * 1024  # bytes; more goes to a file in the function's temporary storage
LARGEST = 1536 * 1024 * 1024  # bytes; the temporary storage of the functions that read files has 2048 MiB
_READ = 1 << 20


@contextmanager
def spooled(stream: Stream) -> Iterator[tuple[BinaryIO, int]]:
    """All of a stream, and how many bytes that is. Raises UnreadableFile where they are too many."""
    with SpooledTemporaryFile(IN_MEMORY) as held:
        size = 0
        while data := stream.read(_READ):
            size += len(data)
            if size > LARGEST:
                raise UnreadableFile(f"a file of this format of more than {LARGEST >> 20} MiB is not read; split it by time")
            held.write(data)
        held.seek(0)
        yield cast(BinaryIO, held), size
