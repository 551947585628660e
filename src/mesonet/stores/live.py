"""Live rows in ObservationsTable, beside the blocks of their day, and the list of stretches that have some.

Partition `station#EWR` holds a row as `D#2013-01-01#live+2013-01-01T06:00:00Z`; one write sets the values that it brings, each
of which stands by itself, and a token that no other write has. Partitions `live#0` to `live#15` list the stretches that have
rows: a stretch is listed before its first row is written, and taken off after its last row is gone and nobody can remember any
more that it was listed.

A row that came by a stream has the sequence of its record, or, where its values came with several, the sequence of each. What
had which sequence is kept for a while longer than the row, in partitions `sequences#EWR`.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from os import urandom
from typing import Any
from zlib import crc32

from mesonet.domain import instant
from mesonet.domain.block import Span, span_of
from mesonet.domain.live import LiveRow, LiveValue, Stretch, place
from mesonet.domain.parameter import parse
from mesonet.errors import Conflict, Unavailable
from mesonet.record import replace
from mesonet.stores.attributes import Item, binary, from_attribute, to_attribute
from mesonet.stores.dynamodb import beginning_with, every, translated

PREFIX = "p:"  # of the attributes that are values, before the parameter's identifier
_LISTS = 16  # all stations begin a new day at once: one partition takes 1,000 writes a second
_REMEMBERED = 10 * 60 * instant.SECOND  # how long a process trusts that a stretch is listed
_FORGOTTEN = 15 * 60 * instant.SECOND  # and after how long all have forgotten, clocks included
_LEASE = 16 * 60 * instant.SECOND  # longer than any function may run: who has taken a stretch is alone with it
_WORKERS = 16
_ATTEMPTS = 12  # as many writers may meet on one row before one gives up and its record is delivered again
_KEPT = 15 * instant.DAY  # sequences: a day longer than a record can lie in a dead-letter queue before it is told again

type Known = Mapping[tuple[str, int], str]  # the sequence of each parameter and time


class LiveStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client
        self._listed: dict[Stretch, int] = {}

    def put(self, rows: Sequence[LiveRow], *, now: int) -> Sequence[LiveRow]:
        """Writes the values of the rows over those that there are; other parameters of the same instants stay. Returns the rows
        whose values stand now, which is all of them (unlike `put_in_order`)."""
        self._each(rows, now, lambda stretch, row: self._put(stretch, row, now))
        return rows

    def put_in_order(self, rows: Sequence[LiveRow], *, now: int, late: bool) -> Sequence[LiveRow]:
        """Writes rows that came by a stream, which may tell them again and late: a value never takes the place of one with a
        higher sequence. With `late`, sequences of rows that have gone into a block count, too. Returns the rows with those
        values that stand now, whether they were written by this call or before.

        Raises Unavailable where other writers of the same row keep interfering."""
        settled = self._each(rows, now, lambda stretch, row: self._settle(stretch, row, now, late))
        standing: dict[int, dict[str, LiveValue]] = {}
        for row in settled:
            standing.setdefault(row.time, {}).update(row.values)
        return [replace(row, values=standing[row.time]) for row in rows if standing[row.time]]

    def _each[Done](self, rows: Sequence[LiveRow], now: int, write: Callable[[Stretch, LiveRow], Done]) -> list[Done]:
        writes = [(stretch, replace(row, values=values)) for row in rows for stretch, values in _by_stretch(row)]
        for stretch in dict.fromkeys(stretch for stretch, _ in writes):
            self._list(stretch, now)
        return _all(write, writes)

    def _put(
        self, stretch: Stretch, row: LiveRow, now: int, *, sequences: Item | None = None, only_if: str = "", held: str = ""
    ) -> None:
        names = {"#token": "token"}
        values: dict[str, Any] = {":token": {"S": urandom(8).hex()}, ":at": {"N": str(now)}}
        changes = ["#token = :token", "written_at = :at"]
        for at, (name, each) in enumerate(row.values.items()):
            names[f"#p{at}"] = PREFIX + name
            values[f":p{at}"] = to_attribute([each.value, each.flag, each.unit, each.received, each.unit_received])
            changes.append(f"#p{at} = :p{at}")
        for at, (name, attribute) in enumerate((sequences or {}).items()):
            names[f"#s{at}"], values[f":s{at}"] = name, attribute
            changes.append(f"#s{at} = :s{at}")
        if held:
            values[":held"] = {"S": held}
        with translated("writing live values"):
            self._client.update_item(
                TableName=self._table,
                Key=_key(stretch, row.time),
                UpdateExpression="SET " + ", ".join(changes),
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                **({"ConditionExpression": only_if} if only_if else {}),
            )

    def _settle(self, stretch: Stretch, row: LiveRow, now: int, late: bool) -> LiveRow:
        """Writes a row as if nothing were known of its instant, which is the usual case, and reads what is there only where
        that fails. With `late` something may be known, so it reads first.

        It reads the row before it reads the sequences of rows that are gone. These are written before a row is removed, so a
        row that goes between the two readings is seen in the second.
        """
        held = self.get(row.station_id, stretch.span, row.time) if late else None
        for _ in range(_ATTEMPTS):
            gone = self.sequences(stretch) if late else {}
            standing = {
                name: each
                for name, each in row.values.items()
                if place(each.sequence) > place(gone.get((name, row.time), ""))
                and not (held and name in held.values and place(held.values[name].sequence) > place(each.sequence))
            }
            news = {
                name: each
                for name, each in standing.items()
                if not (held and name in held.values and held.values[name].sequence == each.sequence)
            }
            try:
                if news:
                    self._put_over(held, stretch, replace(row, values=news), now)
            except Conflict:
                held = self.get(row.station_id, stretch.span, row.time)
            else:
                return replace(row, values=standing)
        raise Unavailable(f"{row.station_id} at {instant.iso(row.time)} is being written by too many")

    def _put_over(self, held: LiveRow | None, stretch: Stretch, row: LiveRow, now: int) -> None:
        """Writes values into a row that is still as it was read: `held`, None where there was none. Raises Conflict."""
        values = {**(held.values if held else {}), **row.values}
        sequences = {name: each.sequence for name, each in values.items()}
        alike = set(sequences.values())
        if held is None and len(alike) == 1:
            kept = {"sequence": to_attribute(alike.pop())}
        else:
            kept = {"sequences": to_attribute(sequences)}
        condition = "#token = :held" if held else "attribute_not_exists(#token)"
        self._put(stretch, row, now, sequences=kept, only_if=condition, held=held.token if held else "")

    def get(self, station_id: str, span: Span, time: int) -> LiveRow | None:
        """The live row of an instant, as it is at this moment; None where there is none, or it has gone into its block."""
        stretch = Stretch(station_id=station_id, span=span, start=span.start_of(time))
        with translated("reading live values"):
            answer = self._client.get_item(TableName=self._table, Key=_key(stretch, time), ConsistentRead=True)
        return to_row(station_id, answer["Item"]) if "Item" in answer else None

    def rows(self, stretch: Stretch) -> list[LiveRow]:
        query = beginning_with(
            f"{stretch.span}#{stretch.start}#live+", table=self._table, partition=f"station#{stretch.station_id}"
        )
        return [to_row(stretch.station_id, item) for item in every(self._client.query, "reading live values", **query)]

    def remove(self, stretch: Stretch, rows: Iterable[LiveRow]) -> None:
        """Removes rows as they were read; one that was written since stays."""
        _all(self._remove, [(stretch, row) for row in rows])

    def _remove(self, stretch: Stretch, row: LiveRow) -> None:
        try:
            with translated("removing live values"):
                self._client.delete_item(
                    TableName=self._table,
                    Key=_key(stretch, row.time),
                    ConditionExpression="#token = :token",
                    ExpressionAttributeNames={"#token": "token"},
                    ExpressionAttributeValues={":token": {"S": row.token}},
                )
        except Conflict:
            return

    # Sequences of rows that are gone --------------------------------------------------------------------------------------

    def keep_sequences(self, stretch: Stretch, rows: Sequence[LiveRow], *, now: int) -> None:
        """Keeps the sequences of rows that are about to be removed: call it before `remove`."""
        kept: dict[str, dict[str, str]] = {}
        for row in rows:
            for name, each in row.values.items():
                if each.sequence:
                    kept.setdefault(name, {})[instant.iso(row.time)] = each.sequence
        if not kept:
            return
        packed = zlib.compress(json.dumps(kept, separators=(",", ":")).encode())
        with translated("keeping sequences"):
            self._client.put_item(
                TableName=self._table,
                Item={
                    "partition": {"S": f"sequences#{stretch.station_id}"},
                    "block": {"S": f"{stretch.span}#{stretch.start}#{urandom(8).hex()}"},
                    "packed": {"B": packed},
                    "expires_at": {"N": str((now + _KEPT) // instant.SECOND)},
                },
            )

    def sequences(self, stretch: Stretch) -> Known:
        """The highest sequence of each parameter and time, of rows that were removed from the stretch."""
        query = beginning_with(
            f"{stretch.span}#{stretch.start}#", table=self._table, partition=f"sequences#{stretch.station_id}"
        )
        found: dict[tuple[str, int], str] = {}
        for item in every(self._client.query, "reading sequences", **query):
            for name, sequences in json.loads(zlib.decompress(binary(item["packed"]))).items():
                for text, sequence in sequences.items():
                    key = (name, instant.parse(text))
                    found[key] = max(found.get(key, ""), sequence, key=place)
        return found

    # The list of stretches ------------------------------------------------------------------------------------------------

    def _list(self, stretch: Stretch, now: int) -> None:
        if self._listed.get(stretch, instant.EARLIEST) > now - _REMEMBERED:
            return
        with translated("listing live values"):
            self._client.update_item(
                TableName=self._table,
                Key=_entry(stretch),
                UpdateExpression="SET listed_at = :now",
                ExpressionAttributeValues={":now": {"N": str(now)}},
            )
        self._listed[stretch] = now

    def listed(self) -> Iterator[Stretch]:
        """Stretches that have, or had, live rows; the oldest of each list first."""
        for number in range(_LISTS):
            items = every(
                self._client.query,
                "reading the list of live values",
                TableName=self._table,
                KeyConditionExpression="#partition = :list",
                ExpressionAttributeNames={"#partition": "partition"},
                ExpressionAttributeValues={":list": {"S": f"live#{number}"}},
            )
            for item in items:
                start, span, station_id = item["block"]["S"].split("#", 2)
                yield Stretch(station_id=station_id, span=Span(span), start=start)

    def take(self, stretch: Stretch, *, now: int) -> bool:
        """Takes a stretch for the caller alone, for longer than a function may run. False where somebody else has it, or it is
        not listed."""
        try:
            with translated("taking a stretch of live values"):
                self._client.update_item(
                    TableName=self._table,
                    Key=_entry(stretch),
                    UpdateExpression="SET taken_until = :until",
                    ConditionExpression="attribute_exists(listed_at) AND NOT taken_until >= :now",
                    ExpressionAttributeValues={":now": {"N": str(now)}, ":until": {"N": str(now + _LEASE)}},
                )
        except Conflict:
            return False
        return True

    def leave(self, stretch: Stretch) -> None:
        """Gives a stretch back that was taken."""
        with translated("leaving a stretch of live values"):
            self._client.update_item(TableName=self._table, Key=_entry(stretch), UpdateExpression="REMOVE taken_until")

    def take_off(self, stretch: Stretch, *, now: int) -> None:
        """Takes a stretch that has no rows off the list, unless somebody may still trust that it is listed."""
        try:
            with translated("taking a stretch of live values off the list"):
                self._client.delete_item(
                    TableName=self._table,
                    Key=_entry(stretch),
                    ConditionExpression="listed_at < :forgotten",
                    ExpressionAttributeValues={":forgotten": {"N": str(now - _FORGOTTEN)}},
                )
        except Conflict:
            self.leave(stretch)


def is_row(item: Item) -> bool:
    return "token" in item


def to_row(station_id: str, item: Item) -> LiveRow:
    values = {}
    alike = str(item["sequence"]["S"]) if "sequence" in item else ""
    sequences = from_attribute(item["sequences"]) if "sequences" in item else {}
    for name, attribute in item.items():
        if name.startswith(PREFIX):
            value, flag, unit, received, unit_received = from_attribute(attribute)
            name = name[len(PREFIX) :]
            values[name] = LiveValue(
                value=float(value),
                unit=unit,
                received=received,
                unit_received=unit_received,
                flag=flag,
                sequence=sequences.get(name, alike),
            )
    time = instant.parse(item["block"]["S"].rpartition("+")[2])
    written_at = int(item["written_at"]["N"]) if "written_at" in item else 0
    return LiveRow(station_id=station_id, time=time, values=values, written_at=written_at, token=item["token"]["S"])


def _by_stretch(row: LiveRow) -> Iterator[tuple[Stretch, dict[str, LiveValue]]]:
    """The row's values by the stretch that they belong to: those of an instant and those of a whole day are kept apart."""
    spans: dict[Span, dict[str, LiveValue]] = {}
    for name, each in row.values.items():
        spans.setdefault(span_of(parse(name)), {})[name] = each
    for span, values in spans.items():
        yield Stretch(station_id=row.station_id, span=span, start=span.start_of(row.time)), values


def _key(stretch: Stretch, time: int) -> Item:
    block = f"{stretch.span}#{stretch.start}#live+{instant.iso(time)}"
    return {"partition": {"S": f"station#{stretch.station_id}"}, "block": {"S": block}}


def _entry(stretch: Stretch) -> Item:
    number = crc32(stretch.station_id.encode()) % _LISTS
    return {"partition": {"S": f"live#{number}"}, "block": {"S": f"{stretch.start}#{stretch.span}#{stretch.station_id}"}}


def _all[Done](act: Callable[..., Done], calls: Sequence[tuple[Any, ...]]) -> list[Done]:
    """What `act` returns for each call, in order. Several calls run in threads, a single one does not."""
    if len(calls) == 1:
        return [act(*calls[0])]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_WORKERS) as pool:
        return list(pool.map(lambda call: act(*call), calls))
