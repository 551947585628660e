"""What the tests of the JSON formats share: reading, real files where the folder is there, and documents gone wrong."""

import io
import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from mesonet.domain.observation import Batch, Column
from mesonet.domain.parameter import parse
from mesonet.domain.station import Station
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests.real_files import SAMPLES

JUNK: tuple[Any, ...] = (
    None, True, [], {}, "x", "", "1e999999", "-", 1, -1.5, 10**30, [[]], {"a": 1}, {"value": None}, "2024-01-01", "\x00",
    "x" * 300, [1, 2], ["a"], "\ud800", {"value": "NaN"}, [None],
)  # fmt: skip


def encoded(document: object) -> bytes:
    return json.dumps(document).encode()


def lines(*documents: object) -> bytes:
    return b"".join(encoded(document) + b"\n" for document in documents)


def surveyed(data: bytes | object, key: str = "garden.json") -> Survey:
    given = data if isinstance(data, bytes) else encoded(data)
    return survey(io.BytesIO(given), Context(key=key), again=lambda: io.BytesIO(given))


def loaded(data: bytes | object, key: str = "garden.json") -> list[Batch | Station]:
    return list(observations(io.BytesIO(data if isinstance(data, bytes) else encoded(data)), Context(key=key)))


def batches(data: bytes | object, key: str = "garden.json") -> list[Batch]:
    return [piece for piece in loaded(data, key) if isinstance(piece, Batch)]


def stations(data: bytes | object, key: str = "garden.json") -> list[Station]:
    return [piece for piece in loaded(data, key) if isinstance(piece, Station)]


def column(batch: Batch, parameter: str) -> Column:
    return batch.columns[parse(parameter)]


def there(*names: str) -> list[str]:
    """Those of the real files that are there."""
    return [name for name in names if (SAMPLES / name).is_file()]


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


@st.composite
def gone_wrong(draw: st.DrawFn, *documents: object) -> bytes:
    """One of the documents with some values replaced, members renamed, bytes changed, or an end cut off."""
    document = json.loads(json.dumps(draw(st.sampled_from(documents))))
    for _ in range(draw(st.integers(0, 3))):
        places = list(_places(document))
        if places:
            draw(st.sampled_from(places))(json.loads(json.dumps(draw(st.sampled_from(JUNK)))))
    data = bytearray(encoded(document))
    for at, byte in draw(st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), max_size=2)):
        data[at] = byte
    cut = draw(st.integers(0, 4 * len(data)))
    whole = bytes(data[:cut])
    return whole + b"\n" + whole if draw(st.integers(0, 9)) == 0 else whole


def _places(value: Any) -> Any:
    """What replaces each value in the document."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield _setter(value, key)
            yield from _places(value[key])


def _setter(container: Any, key: Any) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        container[key] = value

    return put


def never_fails(data: bytes) -> None:
    """Reads it for its facts and for its values; the two agree on how many rows were taken."""
    found = surveyed(data)
    rows: dict[str, int] = {}
    for batch in batches(data):
        rows[batch.station_id] = rows.get(batch.station_id, 0) + len(batch.times)
        for each in batch.columns.values():
            assert len(each.values) == len(each.received) == len(each.flags) == len(batch.times) == len(batch.rows)
    if found.recognition.format not in (None, "csv", "mapping", "nws-stations", "station-objects"):
        assert rows == found.stations
    for reject in found.rejects:
        assert (reject.reason + (reject.column or "") + (reject.value or "")).encode()
