"""Decides what a reading becomes in the lake: one row for each value, in the canonical unit, and as it was received.

Of rows with the same station, parameter and time the one with the highest sequence counts; the lake keeps them all.
"""

from collections.abc import Iterator
from typing import Any

from mesonet.domain.instant import iso
from mesonet.domain.live import LiveRow
from mesonet.domain.parameter import parse


def rows(row: LiveRow, *, arrived: int) -> Iterator[dict[str, Any]]:
    for name, each in row.values.items():
        parameter = parse(name)
        yield {
            "station": row.station_id,
            "time": iso(row.time),
            "standard_name": parameter.standard_name,
            "level": parameter.level,
            "method": parameter.method,
            "duration": parameter.duration,
            "value": each.value,
            "unit": each.unit,
            "received": each.received,
            "unit_received": each.unit_received,
            "sequence": each.sequence,
            "arrived": iso(arrived),
        }
