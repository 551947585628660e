"""CodeDeploy's traffic shift, minute by minute, with the alarms of the template itself: `python -m tests.delivery.canary`.

A version gets its share of the requests, the rest goes to the one before; metrics arrive a minute late; as soon as an alarm of
the deployment group is in ALARM the alias goes back. What happens after the shift is not CodeDeploy's business any more.
"""

import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests import template
from tests.delivery.cloudwatch import MINUTE, Alarm, Metrics, statistic

FUNCTION = "ApiWeatherFunction"
OLD, NEW = "7", "8"
METRICS_ARRIVE_AFTER = MINUTE  # Lambda sends them once a minute
PRODUCTION = {"Stage": "prod", "GradualDeployment": "true", "TrafficShift": "Canary10Percent10Minutes"}
MOST_DRAWN = 500  # requests of a minute whose times are drawn one by one; more do not move a percentile


@dataclass(frozen=True, slots=True)
class Release:
    """How a version behaves: `fails(minute)` is the share of its requests that fail; times in milliseconds."""

    name: str
    fails: Callable[[int], float] = lambda _: 0.0001
    median_ms: float = 20
    throttled: float = 0.0


@dataclass(frozen=True, slots=True)
class Minute:
    """What Lambda tells of a minute of one version. `p99` in milliseconds, None where nothing ran."""

    requests: int
    throttled: int
    failed: int
    p99: float | None

    def __str__(self) -> str:
        said = [f"{self.requests:,} requests", f"{self.failed:,} failed ({self.failed / self.requests:.1%})"]
        said += [f"{self.throttled:,} throttled"] if self.throttled else []
        return ", ".join(said + ([f"p99 {self.p99:,.0f} ms"] if self.p99 is not None else []))


@dataclass(slots=True)
class Shift:
    """What came of it. `ended` are the minutes after which all traffic had moved, or had gone back."""

    rolled_back: bool = False
    ended: int = 0
    cause: str = ""
    failed_requests: int = 0
    lines: list[str] = field(default_factory=list)


def steps(configuration: str) -> list[tuple[int, float]]:
    """(minute, share of the new version) of CodeDeploy's predefined configurations."""
    if configuration == "AllAtOnce":
        return [(0, 1.0)]
    if found := re.fullmatch(r"Canary(\d+)Percent(\d+)Minutes", configuration):
        return [(0, int(found[1]) / 100), (int(found[2]), 1.0)]
    if found := re.fullmatch(r"Linear(\d+)PercentEvery(\d+)Minutes?", configuration):
        share, every = int(found[1]), int(found[2])
        return [(at * every, min(100, (at + 1) * share) / 100) for at in range(100 // share)]
    raise ValueError(configuration)


def deployment(parameters: Mapping[str, str] = PRODUCTION, function: str = FUNCTION) -> tuple[str, list[Alarm]]:
    """The configuration of a function's deployment group, and its alarms, from the translated template."""
    translated = template.translated(**parameters)
    group = translated["Resources"][f"{function}DeploymentGroup"]["Properties"]
    named = group["DeploymentConfigName"]["Fn::Sub"][1]["ConfigName"]
    alarms = [each["Name"]["Ref"] for each in group["AlarmConfiguration"]["Alarms"]]
    return named, [Alarm(name, resolved(translated["Resources"][name]["Properties"])) for name in alarms]


def resolved(value: Any) -> Any:
    """A function's name is its logical id; its new version is the one that the template publishes."""
    match value:
        case {"Ref": name}:
            return name
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{(\w+)\}", r"\1", text)
        case {"Fn::GetAtt": [name, "Version"]} if "Version" in name:
            return NEW
        case dict():
            return {key: resolved(each) for key, each in value.items()}
        case list():
            return [resolved(each) for each in value]
    return value


def run(
    release: Release,
    *,
    per_second: float,
    seed: int,
    configuration: str,
    alarms: list[Alarm],
    before: Release | None = None,
) -> Shift:
    chance = random.Random(seed)
    metrics = Metrics()
    before = before or Release("the one before")
    plan = steps(configuration)
    window = plan[-1][0]
    shift = Shift()
    for minute in range(-15, max(window, 1)):
        share = next((share for at, share in reversed(plan) if minute >= at), 0.0)
        if minute in dict(plan):
            shift.lines.append(f"{minute:4d} min  {share:.0%} of the traffic goes to {release.name}")
        for version, behaviour, part in ((OLD, before, 1 - share), (NEW, release, share)):
            said = _minute(metrics, minute, version, behaviour, per_second * 60 * part, chance)
            if version == NEW and minute >= 0:
                shift.failed_requests += said.failed
                breached = [alarm.name for alarm in alarms if _breached(alarm, metrics, minute)]
                if said.requests:
                    over = f"; over: {', '.join(breached)}" if breached else ""
                    shift.lines.append(f"{minute + 1:4d} min    {said}{over}")
        after = minute + 1 + METRICS_ARRIVE_AFTER // MINUTE
        for alarm in alarms if 0 < after <= window else ():
            if alarm.state(metrics, (minute + 1) * MINUTE) == "ALARM":
                shift.rolled_back, shift.ended, shift.cause = True, after, alarm.name
                shift.lines.append(f"{after:4d} min  {alarm.name} is in ALARM: the alias goes back to version {OLD}")
                return shift
    shift.ended = window
    if len(shift.lines) == 1:
        shift.lines.append("            nobody asked for anything: the hooks alone speak for it")
    shift.lines.append(f"{window:4d} min  all traffic goes to {release.name}: it stays")
    return shift


def _breached(alarm: Alarm, metrics: Metrics, minute: int) -> bool:
    """By that minute alone, of which it takes some to ring."""
    value = alarm.point(metrics, minute * MINUTE)
    return value is not None and alarm.breached_by(value)


def _minute(metrics: Metrics, minute: int, version: str, release: Release, expected: float, chance: random.Random) -> Minute:
    requests = _poisson(expected, chance)
    throttled = sum(chance.random() < release.throttled for _ in range(requests)) if release.throttled else 0
    invoked = requests - throttled
    failed = _binomial(invoked, release.fails(minute), chance)
    own = {"FunctionName": FUNCTION, "Resource": f"{FUNCTION}:live", "ExecutedVersion": version}
    together = {key: own[key] for key in ("FunctionName", "Resource")}
    times = [chance.lognormvariate(0, 0.5) * release.median_ms for _ in range(min(invoked, MOST_DRAWN))]
    at = minute * MINUTE
    for dimensions in (own, together):
        if throttled:
            metrics.put("AWS/Lambda", "Throttles", dimensions, at, [throttled])
        if invoked:
            metrics.put("AWS/Lambda", "Invocations", dimensions, at, [invoked])
            metrics.put("AWS/Lambda", "Errors", dimensions, at, [failed])
            metrics.put("AWS/Lambda", "Duration", dimensions, at, times)
            if not throttled:
                metrics.put("AWS/Lambda", "Throttles", dimensions, at, [0])
    return Minute(requests, throttled, failed, statistic("p99", times) if times else None)


def _poisson(expected: float, chance: random.Random) -> int:
    if expected > 50:
        return max(0, round(chance.gauss(expected, expected**0.5)))
    count, left = 0, chance.expovariate(1)
    while left < expected:
        count += 1
        left += chance.expovariate(1)
    return count


def _binomial(trials: int, share: float, chance: random.Random) -> int:
    if trials * share * (1 - share) > 50:
        return min(trials, max(0, round(chance.gauss(trials * share, (trials * share * (1 - share)) ** 0.5))))
    if share < 0.05 and trials > 200:
        return min(trials, _poisson(trials * share, chance))
    return sum(chance.random() < share for _ in range(trials))


def constant(share: float) -> Callable[[int], float]:
    return lambda _: share


SCENES: list[tuple[Release, float]] = [
    (Release("a good release"), 20),
    (Release("a good release at night", constant(0.0)), 3 / 3600),
    (Release("a release that fails 1 in 100", constant(0.01)), 20),
    (Release("a release that fails 1 in 20", constant(0.05)), 20),
    (Release("a release that fails every other time", constant(0.5)), 20),
    (Release("a release that fails now and then", lambda minute: 0.05 if minute % 3 == 0 else 0.0), 20),
    (Release("a release that has two bad minutes", lambda minute: 0.5 if minute in (2, 6) else 0.0), 20),
    # It is out of reach of ten minutes: ApiFaults tells of it, ApiDown wakes somebody
    (Release("a release that fails from the ninth minute on", lambda minute: 0.5 if minute >= 8 else 0.0), 20),
    (Release("a release that is slow", median_ms=2500), 20),
    (Release("a release that takes ten times as long", median_ms=200), 20),
    (Release("a release that finds no free instance", throttled=0.1), 20),
]


def told(per_scene: int) -> Iterator[str]:
    configuration, alarms = deployment()
    yield f"{configuration}; alarms: {', '.join(alarm.name for alarm in alarms)}"
    for release, per_second in SCENES:
        shifts = [
            run(release, per_second=per_second, seed=seed, configuration=configuration, alarms=alarms)
            for seed in range(per_scene)
        ]
        back = sum(each.rolled_back for each in shifts)
        yield f"\n{release.name}, {per_second * 3600:,.0f} requests an hour: taken back in {back} of {len(shifts)} runs"
        yield from (f"  {line}" for line in shifts[0].lines)
        yield f"            {shifts[0].failed_requests} of its requests failed"
    yield "\nHow often a release that fails 1 in 100 is taken back within the window, by traffic:"
    for per_second in (0.5, 1, 2, 5, 10, 20, 100):
        release = Release("", constant(0.01))
        found = [
            run(release, per_second=per_second, seed=seed, configuration=configuration, alarms=alarms).rolled_back
            for seed in range(per_scene)
        ]
        yield f"  {per_second:5.1f} requests/s: {sum(found) / len(found):.0%}"


if __name__ == "__main__":
    for line in told(int(sys.argv[1]) if len(sys.argv) > 1 else 50):
        sys.stdout.write(f"{line}\n")
