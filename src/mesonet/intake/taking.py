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
from mesonet.stores.latest import LatestStore
from mesonet.stores.live import LiveStore
from mesonet.stores.network import NetworkStore
from mesonet.stores.stations import StationsStore


class Put(Protocol):
    """Writes rows, and returns them with the values that stand afterwards."""

    def __call__(self, rows: Sequence[LiveRow], *, now: int) -> Sequence[LiveRow]: ...


def take(
    station_id: str,
    rows: Sequence[LiveRow],
    *,
    live: LiveStore,
    latest: LatestStore,
    stations: StationsStore,
    network: NetworkStore,
    now: int,
    put: Put | None = None,
) -> None:
    """Makes the rows visible, in what is observed and in what is latest. Of rows of one instant the later one counts.

    `put` writes them; `live.put` does unless another is given, and each then stands over what was said before.
    """
    if not rows:
        return
    by_time: dict[int, dict[str, LiveValue]] = {}
    for row in rows:
        by_time.setdefault(row.time, {}).update(row.values)
    together = judged([LiveRow(station_id=station_id, time=time, values=values) for time, values in sorted(by_time.items())])
    _mention(station_id, stations, now)
    together = list((put or live.put)(together, now=now))
    if not together:
        return  # all of it was said before
    newest = {name: (row.time, each) for row in together for name, each in row.values.items()}
    oldest = {name: row.time for row in reversed(together) for name in row.values}

    def decide(known: Mapping[str, LatestValue]) -> Mapping[str, LatestValue]:
        # Two senders may correct one value at once. What the row itself says now is what the last of them has said, and
        # whoever has read before that cannot write: the latest values have changed since
        read = {
            (time, span): live.get(station_id, span, time)
            for time, span in {(time, span_of(parse(name))) for name, (time, _) in newest.items()}
        }
        wanted = dict(known)
        for name, (time, sent) in newest.items():
            row = read[time, span_of(parse(name))]
            value = _latest(time, oldest[name], row.values.get(name, sent) if row else sent, now)
            held = wanted.get(name)
            if held and held.file_id == LIVE and held.time == time:
                del wanted[name]
                value = _latest(time, min(held.since, oldest[name]), row.values.get(name, sent) if row else sent, now)
            wanted = merged(wanted, {name: value})
        return wanted

    latest.change([station_id], lambda held: {station_id: decide(held[station_id])})
    network.widen(seen(((name, _latest(time, oldest[name], value, now)) for name, (time, value) in newest.items()), ()))


def _latest(time: int, since: int, value: LiveValue, at: int) -> LatestValue:
    return LatestValue(
        time=time,
        since=since,
        value=value.value,
        unit=value.unit,
        received=value.received,
        unit_received=value.unit_received,
        flag=value.flag,
        order=live_order(at),
        file_id=LIVE,
    )


def _mention(station_id: str, stations: StationsStore, now: int) -> None:
    """Lists a station that nobody has described yet, so that it can be found."""
    try:
        stations.get(station_id)
    except NotFound:
        stations.put(Station(id=station_id), order=entry_order(f"{LIVE}#{iso(now)}", ""))
