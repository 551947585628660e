"""Readings of sensors, one in a message: `{"station": "NYC-7", "time": "…Z", "values": {"air_temperature": 21.4}}`.

Time and values are those of an observation that is sent over HTTP (`rows`), and are checked as it is. The message's key is the
station, since a stream keeps the order of a key alone. docs/sensors.md is what senders read.
"""

from collections.abc import Mapping
from typing import Any

from mesonet.domain.live import LiveRow
from mesonet.errors import BadBody
from mesonet.intake.rows import checked_station, from_json
from mesonet.record import replace


def reading(document: Any, *, key: str | None, sequence: str, now: int) -> LiveRow | None:
    """None where the message says nothing: every value is null. `key` is the message's, where it is known.

    Raises BadInput where it cannot be taken; of a reading with a wrong value nothing is.
    """
    if not isinstance(document, dict) or not isinstance(document.get("station"), str):
        raise BadBody("a reading is an object with `station`, `time` and `values`")
    station_id = checked_station(document["station"])
    if key is not None and key != station_id:
        raise BadBody(f"its key is {key[:50]!r} and its station {station_id!r}: only the order of one key is kept")
    observation = {name: value for name, value in document.items() if name != "station"}
    if _is_silent(observation.get("values")):
        return None
    (row,) = from_json([observation], station_id, now=now)
    if row.row is None:
        raise BadBody("; ".join(row.reasons))
    return replace(row.row, values={name: replace(each, sequence=sequence) for name, each in row.row.values.items()})


def _is_silent(values: Any) -> bool:
    return isinstance(values, Mapping) and bool(values) and all(each is None for each in values.values())
