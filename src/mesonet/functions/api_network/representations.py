"""The network as JSON: columns, one for each thing said of the stations, since 28,000 objects would be three times as long."""

from collections.abc import Mapping, Sequence
from typing import Any

from mesonet.domain import instant
from mesonet.domain.latest import LatestValue
from mesonet.domain.parameter import parse
from mesonet.domain.reporting import LATE_AFTER, SILENT_AFTER, StationState, newest
from mesonet.functions.api_network.logic import Choice, Member, Rejects, value_of


def clock(now: int, last_heard: int | None) -> dict[str, Any]:
    """Which instant states are seen from, and what they mean."""
    return {
        "time": instant.iso(now),
        "newest": iso(last_heard),
        "late_after": f"PT{LATE_AFTER // 3_600_000}H",
        "silent_after": f"PT{SILENT_AFTER // 3_600_000}H",
    }


def state_counts(counted: Mapping[StationState, int]) -> dict[str, int]:
    return {"total": sum(counted.values())} | {state.value: counted.get(state, 0) for state in StationState}


def latest(everyone: Sequence[Member], states: Sequence[StationState], choice: Choice | None) -> dict[str, Any]:
    stations = [each.station for each in everyone]
    columns: dict[str, list[Any]] = {
        "id": [each.id for each in stations],
        "name": [each.name or None for each in stations],
        "longitude": [each.longitude for each in stations],
        "latitude": [each.latitude for each in stations],
        "elevation_m": [each.elevation_m for each in stations],
        "newest": [iso(newest(each.values.values())) for each in everyone],
        "state": list(states),
    }
    if choice is None:
        return {"parameter": None, "stations": columns}
    values = [value_of(each, choice.name) for each in everyone]
    columns["value"] = [value and number(value.value) for value in values]
    columns["time"] = [value and instant.iso(value.time) for value in values]
    columns["quality"] = [value and value.flag for value in values]
    if choice.name.startswith("wind_speed"):
        columns["direction"] = [_direction(each, value) for each, value in zip(everyone, values, strict=True)]
    return {"parameter": {"id": choice.name, **parameter(choice.name, choice.unit)}, "stations": columns}


def _direction(member: Member, speed: LatestValue | None) -> float | None:
    """Where the wind of that speed came from, if the same report says it."""
    direction = value_of(member, "wind_from_direction")
    return number(direction.value) if direction and speed and direction.time == speed.time else None


def rejects(found: Rejects) -> dict[str, Any]:
    return members(found) | {"reasons": [members(reason) for reason in found.reasons]}


def parameter(identifier: str, unit: str) -> dict[str, Any]:
    said = parse(identifier)
    return {
        "standard_name": said.standard_name,
        "level": number(said.level),
        "method": said.method,
        "duration": said.duration,
        "unit": unit,
    }


def members(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def iso(moment: int | None) -> str | None:
    return None if moment is None else instant.iso(moment)


def number(value: float) -> float:
    """Without a needless `.0`."""
    return int(value) if value == int(value) else value
