"""Virtual time, chance, and who may do something next."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Protocol

SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3600.0, 86_400.0
BEGIN = 1_767_225_600.0  # 2026-01-01T00:00:00Z


@dataclass(slots=True)
class Clock:
    """`now` is in seconds since 1970, and moves only when somebody moves it."""

    now: float = BEGIN

    def pass_by(self, seconds: float) -> None:
        assert seconds >= 0, "time runs one way"
        self.now += seconds


@dataclass(frozen=True, slots=True)
class Action:
    """Something that may happen now."""

    name: str
    do: Callable[[], None]


class Source(Protocol):
    def ready(self) -> list[Action]:
        """What may happen now, none of which has to be next."""

    def due(self) -> float | None:
        """When this will next have something to do by the passing of time alone; None where it waits for others."""


class Driver:
    """Lets sources do what they may, one thing at a time, in an order that chance decides."""

    def __init__(self, clock: Clock, random: Random, sources: Iterable[Source] = ()) -> None:
        self.clock = clock
        self.random = random
        self.sources = list(sources)
        self.steps = 0

    def step(self) -> bool:
        """Whether anything could happen; where nothing can now, the clock goes on to when something can."""
        actions = [action for source in self.sources for action in source.ready()]
        if not actions:
            moments = [moment for source in self.sources if (moment := source.due()) is not None]
            if not moments:
                return False
            self.clock.now = max(self.clock.now, min(moments))
            return True
        self.steps += 1
        self.random.choice(actions).do()
        return True

    def run(self, most: int = 100_000) -> int:
        """Until nothing is left to do. Returns the number of steps."""
        for taken in range(most):
            if not self.step():
                return taken
        raise AssertionError(f"there is still something to do after {most} steps: something goes round and round")
