"""Fault 11: a crash between any two calls of AWS leaves nothing half done once the message is delivered again."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from unittest.mock import patch

import pytest

from tests.builders import mapping, table, zipped
from tests.system import Crash, System

A, B, ZIP, MAPPING = "network/a.csv", "network/b.csv", "network/c.zip", "network/mapping.json"
ONE = table(("EWR", "2013-01-01T00:00:00Z", 1), ("EWR", "2013-01-02T00:00:00Z", 2), ("JFK", "2013-01-01T00:00:00Z", 3))
TWO = table(("EWR", "2013-01-01T00:00:00Z", 7), ("LGA", "2013-01-03T00:00:00Z", 8))
OTHER = table(("EWR", "2013-01-01T06:00:00Z", 5))

ONLY_READ = ("Get", "Head", "List", "Query", "BatchGet")

type Scene = Callable[[System], None]


def catalogue_a_file(system: System) -> None:
    settle(system, MAPPING, mapping())
    system.put(A, ONE)


def replace_a_file(system: System) -> None:
    settle(system, MAPPING, mapping())
    settle(system, B, OTHER)
    settle(system, A, ONE)
    system.put(A, TWO)


def delete_a_file(system: System) -> None:
    settle(system, MAPPING, mapping())
    settle(system, B, OTHER)
    settle(system, A, ONE)
    system.delete(A)


def replace_an_archive(system: System) -> None:
    settle(system, MAPPING, mapping())
    settle(system, ZIP, zipped({"a.csv": ONE, "b.csv": OTHER}))
    system.put(ZIP, zipped({"b.csv": TWO}))


def map_what_is_there(system: System) -> None:
    settle(system, A, ONE)
    settle(system, B, OTHER)
    system.put(MAPPING, mapping())


def correct_a_mapping(system: System) -> None:
    settle(system, MAPPING, mapping(unit="degF"))
    settle(system, A, ONE)
    system.put(MAPPING, mapping())


def delete_a_mapping(system: System) -> None:
    settle(system, MAPPING, mapping())
    settle(system, A, ONE)
    system.delete(MAPPING)


# where a function does nothing in a scene that it does not do in another, once is enough
SCENES: list[tuple[str, Scene]] = [
    ("on_upload", catalogue_a_file),
    ("on_upload", delete_a_file),
    ("on_upload", replace_an_archive),
    ("on_upload", map_what_is_there),
    ("on_upload", correct_a_mapping),
    ("on_upload", delete_a_mapping),
    ("on_file_change", catalogue_a_file),
    ("on_file_change", replace_a_file),
    ("on_file_change", delete_a_file),
    ("on_catalogued", replace_a_file),
    ("on_catalogued", delete_a_file),
]


def settle(system: System, key: str, body: bytes) -> None:
    system.put(key, body)
    system.deliver()


def undisturbed(before_it: bytes, function: str) -> tuple[dict[str, Any], list[int]]:
    """The state that it must come to, and before which calls, counted within one event, a crash makes a difference.

    A crash after a call that only reads leaves in AWS what one before that call leaves.
    """
    with System() as system:
        system.go_back(before_it)
        before, real = dict[int, bool](), system.invoke

        def invoke(name: str, event: dict[str, Any]) -> dict[str, Any]:
            with system.crash_before_call() as made:
                answer = real(name, event)
                if name == function:  # the first event with so many calls is the one that the crash will be in
                    for number, call in enumerate(["", *made[:-1]], 1):
                        before.setdefault(number, not call.startswith(ONLY_READ))
            return answer

        with patch.object(system, "invoke", invoke):
            system.deliver()
        return system.state(), [number for number, changed in before.items() if changed]


@pytest.mark.parametrize(("function", "scene"), SCENES, ids=lambda each: getattr(each, "__name__", each))
def test_a_crash_between_any_two_calls_ends_in_the_same_state(function: str, scene: Scene) -> None:
    with System() as system:
        scene(system)
        before_it = system.kept()
    expected, numbers = undisturbed(before_it, function)
    assert numbers
    for number in numbers:
        with System() as system:
            system.go_back(before_it)
            made = deliver_with_a_crash(system, function, before_call=number)
            assert len(made) == number - 1
            system.deliver()
            assert system.state() == expected, f"after {made}"
            assert not system.take("UploadsDeadLetterQueue")
            assert not system.take("CataloguedDeadLetterQueue")
            assert not system.take("FileChangesDeadLetterQueue")


def deliver_with_a_crash(system: System, function: str, *, before_call: int) -> list[str]:
    """Delivers until the function has crashed; gives the calls that it had made. What it was about is delivered again."""
    calls, real = list[str](), system.invoke

    def invoke(name: str, event: dict[str, Any]) -> dict[str, Any]:
        if name != function:
            return real(name, event)
        with system.crash_before_call(before_call) as made:
            try:
                return real(name, event)
            finally:
                calls[:] = made
        raise Crash

    with patch.object(system, "invoke", invoke), suppress(Crash):
        system.deliver()
    return calls
