"""Live values under senders and jobs that come between each other's calls: what was said last is what is read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from time import sleep
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import permissions
from tests.component.test_observations_sent import call, issued, observation, send
from tests.system import Crash, System

STATION = "S0"
PARAMETERS = ("air_temperature", "relative_humidity")


@dataclass(frozen=True)
class Send:
    minute: int
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Compact:
    crash: int | None


sends = st.builds(
    Send,
    minute=st.integers(0, 2),
    values=st.dictionaries(st.sampled_from(PARAMETERS), st.integers(0, 9), min_size=1).map(
        lambda each: tuple(sorted(each.items()))
    ),
)
compacts = st.builds(Compact, crash=st.one_of(st.none(), st.integers(1, 12)))
actions = st.one_of(sends, sends, compacts)
# an action, and another one that happens before its n-th call
steps = st.tuples(actions, st.one_of(st.none(), st.tuples(st.integers(1, 10), actions)))


@contextmanager
def begun() -> Iterator["Run"]:
    """Its calls are made one after the other: a function that comes between two of them must be the only one that calls, since
    whose role a call needs is known of the whole process."""
    with System() as made, patch("mesonet.stores.live._WORKERS", 1):
        yield Run(made)


def sent(action: Send | Compact) -> dict[tuple[str, int], int | None]:
    return {(name, action.minute): value for name, value in action.values} if isinstance(action, Send) else {}


class Run:
    def __init__(self, system: System) -> None:
        self.system = system
        self.key = issued(system, "*")

    def act(self, action: Send | Compact) -> None:
        if isinstance(action, Send):
            document = observation(f"2026-01-01T12:0{action.minute}:00Z", **dict(action.values))
            status, said = send(self.system, self.key, document, station=STATION)
            assert status == 200, said
            return
        stretch = {"station": STATION, "span": "D", "start": "2026-01-01"}
        if action.crash is None:
            self.system.invoke("job_compact", {"stretches": [stretch]})
            return
        calls = count(1)
        check = permissions.check

        def die(*arguments: Any) -> None:
            check(*arguments)
            if next(calls) == action.crash:
                raise Crash

        with patch.object(permissions, "check", die):
            try:
                self.system.invoke("job_compact", {"stretches": [stretch]})
            except Crash:
                with self.system.meanwhile():
                    self.release()

    def release(self) -> None:
        """Sixteen minutes later."""
        for item in self.system.items("ObservationsTable"):
            if "taken_until" in item:
                self.system.dynamodb.update_item(
                    TableName=self.system.ref("ObservationsTable"),
                    Key={"partition": {"S": item["partition"]}, "block": {"S": item["block"]}},
                    UpdateExpression="REMOVE taken_until",
                )

    @contextmanager
    def interrupted(self, number: int, other: Send | Compact) -> Iterator[None]:
        """Before the n-th call the other action happens, whole."""
        check = permissions.check
        calls = count(1)

        def meanwhile(*arguments: Any) -> None:
            check(*arguments)
            if next(calls) == number:
                with patch.object(permissions, "check", check):
                    self.act(other)

        with patch.object(permissions, "check", meanwhile):
            yield

    def said(self) -> dict[str, dict[str, float]]:
        return self.system.said().get(STATION, {})

    def latest(self) -> dict[str, tuple[str, float]]:
        found = self.system.latest().get(STATION, {})
        return {name: (value["time"], value["value"]) for name, value in found.items()}


@settings(max_examples=40, deadline=None)
@given(script=st.lists(steps, min_size=1, max_size=5))
def test_the_last_that_was_said_is_read_whoever_comes_between(script: list[Any]) -> None:
    with begun() as run:
        follow(run, script)


def follow(run: Run, script: list[Any]) -> None:
    possible: dict[tuple[str, int], set[int | None]] = {}
    for action, between in script:
        if between is None:
            run.act(action)
        else:
            with run.interrupted(*between):
                run.act(action)
        # What comes between may come before or after the other's write, or, where that makes fewer calls, not at all
        ours, theirs = sent(action), sent(between[1]) if between else {}
        for place in ours.keys() | theirs.keys():
            may_be = {each[place] for each in (ours, theirs) if place in each}
            possible[place] = may_be if place in ours else may_be | possible.get(place, {None})

    before = run.said()
    for (name, minute), values in possible.items():
        found = before.get(name, {}).get(f"2026-01-01T12:0{minute}:00Z")
        assert found in values, (name, minute)
    for name, column in before.items():
        newest = max(column)
        assert run.latest()[name][1] == column[newest]

    run.act(Compact(crash=None))
    run.release()
    run.act(Compact(crash=None))
    assert run.said() == before
    rows = [
        item for item in run.system.items("ObservationsTable") if "token" in item and item["partition"] == f"station#{STATION}"
    ]
    assert not rows


def test_a_sender_who_writes_after_a_compaction_that_began_later_is_heard() -> None:
    """Its row has the earlier clock, and the block the later one."""
    with begun() as run:
        run.act(Send(0, (("air_temperature", 8), ("relative_humidity", 7))))
        act = run.act

        def later(action: Send | Compact) -> None:
            sleep(0.002)  # its clock shows another millisecond
            act(action)

        with patch.object(run, "act", later), run.interrupted(1, Compact(None)):
            act(Send(0, (("air_temperature", 9),)))
        time = "2026-01-01T12:00:00Z"
        expected = {"air_temperature": {time: 9}, "relative_humidity": {time: 7}}
        assert run.said() == expected
        run.act(Compact(None))
        assert run.said() == expected


# Who reads page by page ---------------------------------------------------------------------------------------------------

DAY = "2026-01-01"
MINUTES = 3


@dataclass(frozen=True)
class Again:
    """A request that was sent comes once more, as it was."""

    number: int


readers_sends = st.builds(
    Send, minute=st.integers(0, MINUTES - 1), values=st.integers(0, 9).map(lambda value: (("air_temperature", value),))
)


def asked_again(run: Run, number: int, action: Send) -> tuple[int, Any]:
    document = observation(f"{DAY}T12:0{action.minute}:00Z", **dict(action.values))
    return send(run.system, run.key, document, station=STATION, Idempotency_Key=f"request {number}")


@settings(max_examples=5, deadline=None)
@given(
    before=st.lists(readers_sends, min_size=1, max_size=4),
    between=st.lists(st.one_of(readers_sends, compacts, st.builds(Again, st.integers(0, 3))), min_size=2, max_size=8),
)
def test_who_reads_page_by_page_sees_every_time_once_and_no_value_that_was_replaced_before(
    before: list[Send], between: list[Send | Compact | Again]
) -> None:
    """Corrections, compactions that may crash, and requests that come again change what is there between the pages."""
    with begun() as run:
        requests = list(before)
        answers = [asked_again(run, *each) for each in enumerate(requests)]
        stands = {each.minute: {dict(each.values)["air_temperature"]} for each in before}  # at some time since the first page
        there = set(stands)
        query = {"datetime": DAY, "limit": "1", "parameters": "air_temperature"}
        seen: list[tuple[int, float]] = []
        left = list(between)
        while query:
            answer = call(run.system, f"/stations/{STATION}/observations", method="GET", query=query, function="api_weather")
            page = json.loads(answer["body"])
            seen += [
                (int(time[15]), value)
                for time, value in zip(page["time"], page["parameters"]["air_temperature"]["values"], strict=True)
            ]
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            query = dict(parse_qsl(urlsplit(following[0]).query)) if following else {}
            for action in left[:2]:
                match action:
                    case Again(number=number):
                        at = number % len(requests)
                        assert asked_again(run, at, requests[at]) == answers[at]
                    case Send(minute=minute, values=values):
                        requests.append(action)
                        answers.append(asked_again(run, len(requests) - 1, action))
                        stands.setdefault(minute, set()).add(dict(values)["air_temperature"])
                    case Compact():
                        run.act(action)
            del left[:2]
        minutes = [minute for minute, _ in seen]
        assert minutes == sorted(set(minutes))
        assert there <= set(minutes)
        assert all(value in stands[minute] for minute, value in seen)
        for at in reversed(range(len(requests))):  # the first of them last
            assert asked_again(run, at, requests[at]) == answers[at]
        last = {each.minute: dict(each.values)["air_temperature"] for each in requests}
        assert run.said()["air_temperature"] == {f"{DAY}T12:0{minute}:00Z": value for minute, value in last.items()}
