"""Decides what becomes of observations that are sent: which are taken, and what they make the latest values.

Order of the steps, so that a crash between any two is mended by the sender's next attempt: the station; the rows; the latest
values; what the network observes; the note that this request was answered. Each does the same thing again if it is done again.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from mesonet.domain.block import span_of
from mesonet.domain.file import entry_order, live_order
from mesonet.domain.instant import iso
from mesonet.domain.latest import LatestValue, merged
from mesonet.domain.live import LIVE, LiveRow, LiveValue, judged
from mesonet.domain.network import seen
from mesonet.domain.parameter import parse
from mesonet.domain.station import Station
from mesonet.errors import NotFound
from mesonet.record import dataclass, replace
from mesonet.stores.latest import LatestStore
from mesonet.stores.live import LiveStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.stations import StationsStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where what is sent is kept, and what follows from it."""

    live: LiveStore
    latest: LatestStore
    stations: StationsStore
    network: NetworkStore


class Put(Protocol):
    """Writes rows, and returns them with the values that stand afterwards."""

    def __call__(self, rows: Sequence[LiveRow], *, now: int) -> Sequence[LiveRow]: ...


def take(station_id: str, rows: Sequence[LiveRow], shelf: Shelf, *, now: int, put: Put | None = None) -> None:
    """Makes the rows visible, in what is observed and in what is latest. Of rows of one instant the later one counts. `put`
    writes the rows; by default it is `LiveStore.put`, with which each row stands over what was said before.
    """
    if not rows:
        return
    _mention(station_id, shelf.stations, now)
    taken = (put or shelf.live.put)(judged(_by_time(station_id, rows)), now=now)
    if not taken:
        return  # all of it was said before
    sent = _newest(taken, now)
    shelf.latest.change([station_id], lambda held: {station_id: _corrected(held[station_id], sent, station_id, shelf.live)})
    shelf.network.widen(seen(sent.items(), ()))


def _by_time(station_id: str, rows: Sequence[LiveRow]) -> list[LiveRow]:
    """One row for each instant, in order."""
    values: dict[int, dict[str, LiveValue]] = {}
    for row in rows:
        values.setdefault(row.time, {}).update(row.values)
    return [LiveRow(station_id=station_id, time=time, values=values[time]) for time in sorted(values)]


def _newest(rows: Sequence[LiveRow], now: int) -> dict[str, LatestValue]:
    """The newest value of each parameter, with the first time at which there is one."""
    since = {name: row.time for row in reversed(rows) for name in row.values}
    return {name: _latest(row.time, since[name], each, live_order(now)) for row in rows for name, each in row.values.items()}


def _corrected(
    known: Mapping[str, LatestValue], sent: Mapping[str, LatestValue], station_id: str, live: LiveStore
) -> dict[str, LatestValue]:
    """The `known` latest values with those that were `sent`. Two senders may correct one value at once. What its row says now
    is what the last of them said; a sender that read the row before that cannot write the latest values, since they have
    changed."""
    places = {name: (span_of(parse(name)), value.time) for name, value in sent.items()}
    rows = {(span, time): live.get(station_id, span, time) for span, time in set(places.values())}
    wanted = dict(known)
    for name, value in sent.items():
        row, held = rows[places[name]], wanted.get(name)
        if row and name in row.values:
            value = _latest(value.time, value.since, row.values[name], value.order)
        if held and held.file_id == LIVE and held.time == value.time:
            wanted[name] = replace(value, since=min(held.since, value.since))
        else:
            wanted = merged(wanted, {name: value})
    return wanted


def _latest(time: int, since: int, value: LiveValue, order: str) -> LatestValue:
    return LatestValue(
        time=time,
        since=since,
        value=value.value,
        unit=value.unit,
        received=value.received,
        unit_received=value.unit_received,
        flag=value.flag,
        order=order,
        file_id=LIVE,
    )


def _mention(station_id: str, stations: StationsStore, now: int) -> None:
    """Lists a station that nobody has described yet, so that it can be found."""
    try:
        stations.get(station_id)
    except NotFound:
        stations.put(Station(id=station_id), order=entry_order(f"{LIVE}#{iso(now)}", ""))
