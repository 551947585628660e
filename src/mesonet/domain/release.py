"""A new version of a function, and what has to be true of it before and after it gets traffic."""

from collections.abc import Iterable, Mapping
from typing import Any

from mesonet.record import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The version that a deployment brings in. `alias` leads to it when all traffic has moved."""

    function: str
    alias: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a hook decided of a target. `reason` says why the version is refused, `untold` why CodeDeploy did not hear of it."""

    target: Target | None
    reason: str | None
    untold: str | None

    @property
    def status(self) -> str:
        return "Succeeded" if self.reason is None else "Failed"

    @property
    def is_told(self) -> bool:
        return self.untold is None

    @property
    def is_sound(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.reason is None and self.is_told


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample event, `expected` as events/expectations.json has it."""

    case: str
    event: Mapping[str, Any]
    expected: Mapping[str, Any]

    @property
    def harmless(self) -> bool:
        """Whether it changes nothing in a live stack: a request, which finds nothing of the sample world and has no valid key;
        or an event of which it is known what comes of it there (`live`)."""
        return "live" in self.expected or "status" in self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of invoking a version. `error` is what it raised, or how it ended otherwise."""

    answer: Any
    error: str | None
    version: str


def faults(sample: Sample, outcome: Outcome, target: Target) -> Iterable[str]:
    """Why the outcome is not what is to come of the sample in a live stack; nothing where it is."""
    if outcome.error is not None:
        yield f"{sample.case}: {outcome.error}"
        return
    if outcome.version != target.version:
        yield f"{sample.case}: version {outcome.version} answered instead of {target.version}"
    if "live" in sample.expected:
        if outcome.answer != sample.expected["live"]:
            yield f"{sample.case}: the answer is {outcome.answer!r} and not {sample.expected['live']!r}"
        return
    status = outcome.answer.get("statusCode") if isinstance(outcome.answer, dict) else None
    # What asks for a key, a station or a parameter of the sample world is refused in a live stack, in a way of its own
    if not isinstance(status, int) or not 200 <= status < 500:
        yield f"{sample.case}: the status is {status!r} and not {sample.expected['status']}"


def is_exact(sample: Sample, outcome: Outcome) -> bool:
    """Whether a request was answered as promised, and not only refused for want of the sample world."""
    return isinstance(outcome.answer, dict) and outcome.answer.get("statusCode") == sample.expected.get("status")
