"""CloudWatch as far as an alarm sees it: metrics by period, metric math, missing data, M of N.

After the Amazon CloudWatch User Guide, "Using metric math" and "Configuring how CloudWatch alarms treat missing data".
"""

import ast
import math
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MINUTE = 60
# How many periods beyond the evaluated ones are fetched, to take the place of missing ones (User Guide: "evaluation range")
EXTRA = 2

type Dimensions = frozenset[tuple[str, str]]
type Series = Callable[[int, int], float | None]  # (start, period in seconds) -> value of that period

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_BINARY: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_ORDER: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class Metrics:
    """What was measured, second by second."""

    def __init__(self) -> None:
        self._minutes: dict[tuple[str, str, Dimensions], dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))

    def put(self, namespace: str, name: str, dimensions: Mapping[str, str], at: float, values: Sequence[float]) -> None:
        minute = int(at) // MINUTE * MINUTE
        self._minutes[namespace, name, frozenset(dimensions.items())][minute].extend(values)

    def value(self, namespace: str, name: str, dimensions: Dimensions, stat: str, start: int, period: int) -> float | None:
        """None where nothing was measured in the period."""
        minutes = self._minutes.get((namespace, name, dimensions), {})
        values = [each for at in range(start, start + period, MINUTE) for each in minutes.get(at, ())]
        return statistic(stat, values) if values else None


def statistic(stat: str, values: Sequence[float]) -> float:
    if found := re.fullmatch(r"p(\d+(?:\.\d+)?)", stat):
        ordered = sorted(values)
        return ordered[max(0, math.ceil(float(found[1]) / 100 * len(ordered)) - 1)]
    known: Mapping[str, Callable[[Sequence[float]], float]] = {
        "Sum": sum,
        "Maximum": max,
        "Minimum": min,
        "Average": lambda given: sum(given) / len(given),
        "SampleCount": len,
    }
    return float(known[stat](values))


def evaluate(expression: str, values: Mapping[str, float | None]) -> float | None:
    """One point of a metric math expression. Where an operand has no data, neither has the result; FILL gives it some."""
    spelt = re.sub(r"\bAND\b", "and", re.sub(r"\bOR\b", "or", expression))
    return _point(ast.parse(spelt, mode="eval").body, values)


def _point(node: ast.expr, values: Mapping[str, float | None]) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return values[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _both(_BINARY[type(op)], _point(left, values), _point(right, values))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _both(_ORDER[type(op)], _point(left, values), _point(right, values))
        case ast.BoolOp(op=op, values=parts):
            found = [_point(part, values) for part in parts]
            known = [each for each in found if each is not None]
            return None if len(known) < len(found) else float((all if isinstance(op, ast.And) else any)(known))
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            holds = _point(condition, values)
            return None if holds is None else _point(then if holds else otherwise, values)
        case ast.Call(func=ast.Name(id="FILL"), args=[inner, instead]):
            value = _point(inner, values)
            return _point(instead, values) if value is None else value
        case ast.Call(func=ast.Name(id="SUM"), args=[ast.Call(func=ast.Name(id="METRICS"))]):
            present = [each for each in values.values() if each is not None]
            return sum(present) if present else None
    raise NotImplementedError(ast.unparse(node))


def _both(work: Callable[[float, float], float | bool], left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else float(work(left, right))


@dataclass(frozen=True, slots=True)
class Alarm:
    """`properties` are those of an AWS::CloudWatch::Alarm, everything in them resolved."""

    name: str
    properties: Mapping[str, Any]

    @property
    def period(self) -> int:
        periods = {each["MetricStat"]["Period"] for each in self.properties.get("Metrics", ()) if "MetricStat" in each}
        return int(periods.pop() if len(periods) == 1 else self.properties["Period"])

    def point(self, metrics: Metrics, start: int) -> float | None:
        given = self.properties
        if "Metrics" not in given:
            stat = given.get("Statistic") or given["ExtendedStatistic"]
            return metrics.value(given["Namespace"], given["MetricName"], _named(given), stat, start, self.period)
        values = {}
        for each in given["Metrics"]:
            if "MetricStat" in each:
                said = each["MetricStat"]
                of = said["Metric"]
                values[each["Id"]] = metrics.value(
                    of["Namespace"], of["MetricName"], _named(of), said["Stat"], start, said["Period"]
                )
        (shown,) = [each for each in given["Metrics"] if each.get("ReturnData", True)]
        return evaluate(shown["Expression"], values) if "Expression" in shown else values[shown["Id"]]

    def breached_by(self, value: float) -> bool:
        return _COMPARE[self.properties["ComparisonOperator"]](value, self.properties["Threshold"])

    def state(self, metrics: Metrics, now: int) -> str:
        """From the periods that have ended; the newest that counts is the last whole one before `now`."""
        count, needed = self.properties["EvaluationPeriods"], self.properties.get("DatapointsToAlarm")
        needed = needed or count
        newest = now // self.period * self.period - self.period
        fetched = [self.point(metrics, newest - at * self.period) for at in range(count + EXTRA)]
        present = [value for value in fetched if value is not None]
        breaching = [self.breached_by(value) for value in present[:count]]
        missing = max(0, count - len(present))
        treat = self.properties.get("TreatMissingData", "missing")
        if treat == "ignore" and missing:
            raise NotImplementedError("ignore keeps the state that was")
        if treat == "missing" and not present:
            return "INSUFFICIENT_DATA"
        bad = sum(breaching) + (missing if treat == "breaching" else 0)
        return "ALARM" if bad >= needed else "OK"


def _named(given: Mapping[str, Any]) -> Dimensions:
    return frozenset((each["Name"], each["Value"]) for each in given["Dimensions"])
