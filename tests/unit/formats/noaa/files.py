"""What the tests of NOAA's archives share: reading a text, and the real files where the folder is there."""

import io
from collections.abc import Iterator

from mesonet.domain.file import ColumnFacts
from mesonet.domain.observation import Batch, Column
from mesonet.domain.parameter import parse
from mesonet.domain.station import Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests.real_files import SAMPLES


def surveyed(text: str | bytes, key: str = "", received: int | None = None) -> Survey:
    data = text if isinstance(text, bytes) else text.encode()
    return survey(io.BytesIO(data), Context(key=key, received=received))


def batches(text: str | bytes, key: str = "") -> list[Batch]:
    data = text if isinstance(text, bytes) else text.encode()
    return [piece for piece in observations(io.BytesIO(data), Context(key=key)) if isinstance(piece, Batch)]


def stations(text: str) -> list[Station]:
    return [piece for piece in observations(io.BytesIO(text.encode())) if isinstance(piece, Station)]


def column(batch: Batch, identifier: str) -> Column:
    return batch.columns[parse(identifier)]


def facts(entry: Survey) -> dict[str, ColumnFacts]:
    return {column.name: column for column in entry.columns}


def real(*names: str) -> list[str]:
    """Those of the sample files that are there."""
    return [name for name in names if (SAMPLES / name).is_file()]


def survey_of(name: str) -> Survey:
    with (SAMPLES / name).open("rb") as stream:
        return survey(stream, Context(key=name))


def batches_of(name: str) -> Iterator[Batch]:
    with (SAMPLES / name).open("rb") as stream:
        yield from (piece for piece in observations(stream, Context(key=name)) if isinstance(piece, Batch))


def recognised() -> dict[str, str | None]:
    """The format of every sample file."""
    found: dict[str, str | None] = {}
    for path in sorted(SAMPLES.iterdir()) if SAMPLES.is_dir() else []:
        if path.is_file():
            with path.open("rb") as stream:
                from mesonet.formats.registry import open_file

                found[path.name] = open_file(stream).recognition.format
    return found
