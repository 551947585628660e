"""Apache Parquet: a table whose columns a mapping explains, as it does those of delimited text.

Without a mapping the catalogue tells what the footer's statistics say. Values are compared and mapped as text, written as one
would write them: numbers with a point, dates and times as ISO 8601. What the folders of a partitioned table say
(`station=KDEN/year=2024/part-0.parquet`, as Hive, Spark, DuckDB and pandas write them) is columns, too.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO
from urllib.parse import unquote

from mesonet.domain.file import ColumnFacts, Mark
from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats.binary import parquet_file
from mesonet.formats.binary.parquet_file import Column, Footer, Values
from mesonet.formats.columns import Loose
from mesonet.formats.reading import Columns, Context, Guess, Piece, Remark, Rows
from mesonet.formats.spooled import spooled
from mesonet.formats.table import Chunk
from mesonet.formats.tables import mapped_csv
from mesonet.formats.tables.mapped_table import Plan, planned

NAME = "parquet"
TAKES_MAPPING = True

_ROWS = 8192  # at once
_NULL = "__HIVE_DEFAULT_PARTITION__"
_WEIGHED = 4_000_000  # values of columns without statistics that are looked at for the facts


def sniff(head: bytes) -> Guess | None:
    if not head.startswith((parquet_file.MAGIC, parquet_file.ENCRYPTED)):
        return None
    return Guess(0.97, "Parquet by its first bytes")


def read(stream: BinaryIO, context: Context) -> Iterator[Piece]:
    """Rows are numbered from 1."""
    with spooled(stream) as (held, size):
        found = parquet_file.footer(held, size)
        names = ", ".join(column.name for column in found.columns[:6]) + (", …" if len(found.columns) > 6 else "")
        yield Remark(f"{found.rows} rows in {len(found.groups)} groups, {len(found.columns)} columns: {names[:200]}")
        if found.made_by:
            yield Remark(f"written by {found.made_by}")
        if len(found.columns) > parquet_file.MOST_COLUMNS:
            raise UnreadableFile(f"{len(found.columns)} columns; more than {parquet_file.MOST_COLUMNS} are not read")
        mapping = context.mapping
        folders = _folders(context.key, found)
        header = [*(column.name for column in found.columns), *folders]
        plan = yield from planned(mapping, header, header, 1)
        if plan is None:
            yield from _unread(found)
            facts = (*_facts(held, found), *_of_folders(folders, found.rows))
            if mapping is None and found.rows:
                yield from _proposed(held, found, folders, facts, context.key)
            yield Rows(count=found.rows)
            yield Columns(columns=facts)
            return
        own = range(len(found.columns))
        faults = {at: found.columns[at].fault for at in plan.columns if at in own and found.columns[at].fault}
        for at, fault in faults.items():
            yield Reject(reason=f"the column is {fault}, and is not read", column=header[at])
        if faults:
            yield Rows(count=found.rows)
            yield Columns(columns=(*_facts(held, found), *_of_folders(folders, found.rows)))
            return
        reader = mapped_csv.mapped(header, plan, context)
        begun = done = min(context.start.row, found.rows) if context.start else 0
        typed = _typed(plan, found.columns, values=context.values)
        columns = [
            None if column.fault else Values(held, column, begun, typed=at in typed) for at, column in enumerate(found.columns)
        ]
        for start in range(begun, found.rows, _ROWS):
            if done > begun and reader.settled and context.enough():
                yield Mark(at=0, row=done)
                break
            count = min(_ROWS, found.rows - start)
            done = start + count
            empty = [""] * count
            texts: list[Sequence[str]] = [empty if values is None else values.take(count) for values in columns]
            texts += ([value] * count for value in folders.values())
            yield from reader.take(Chunk(range(start + 1, start + count + 1), texts, []))
        if not found.rows:
            yield Reject(reason="the table has no rows")
        yield from reader.remarks()
        yield Rows(count=done - begun)
        yield Columns(columns=tuple(reader.facts()))


def _typed(plan: Plan, columns: Sequence[Column], *, values: bool) -> set[int]:
    """Where no texts are needed: of instants that alone tell the time, and for the facts of numbers that are taken as such."""
    places, times = {place.at for place in plan.places}, set(plan.times)
    own = {*range(len(columns))}
    instants = {at for at in (times - places) & own if len(times) == 1 and not columns[at].numeric}
    if values:
        return {at for at in instants if columns[at].per_second}
    return instants | {at for at in (places - times) & own if columns[at].numeric}


def _folders(key: str, found: Footer) -> dict[str, str]:
    """What the names of folders say that no column does, the innermost of a name."""
    pairs = (folder.partition("=") for folder in key.split("/")[:-1])
    told = {unquote(name): "" if value == _NULL else unquote(value) for name, sign, value in pairs if name and sign}
    return {name: value for name, value in told.items() if name not in {column.name for column in found.columns}}


def _of_folders(folders: dict[str, str], rows: int) -> Iterator[ColumnFacts]:
    for name, value in folders.items():
        known = rows if value else 0
        yield ColumnFacts(name=name, kind="text", unit_received=None, values=known, missing=rows - known)


def _unread(found: Footer) -> Iterator[Remark]:
    """Columns that no mapping could have."""
    faults: dict[str, list[str]] = {}
    for column in found.columns:
        if column.fault:
            faults.setdefault(column.fault, []).append(column.name)
    for fault, names in faults.items():
        shown = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
        yield Remark(f"{shown} {'is' if len(names) == 1 else 'are'} {fault}, and {'is' if len(names) == 1 else 'are'} not read")


def _proposed(
    stream: BinaryIO, found: Footer, folders: dict[str, str], facts: Sequence[ColumnFacts], key: str
) -> Iterator[Piece]:
    """A mapping, from the first rows."""
    from mesonet.formats.tables.proposal import LOOKED_AT, Sample, propose  # only where a table waits for a mapping

    header = [*(column.name for column in found.columns), *folders]
    count = min(found.rows, mapped_csv.SAMPLED)
    texts: list[Sequence[str]] = [[""] * count for _ in header]
    if len(header) <= LOOKED_AT:
        for at, column in enumerate(found.columns):
            if not column.fault:
                with suppress(UnreadableFile):
                    texts[at] = Values(stream, column).take(count)
    texts[len(found.columns) :] = [[value] * count for value in folders.values()]
    yield propose(Sample(header=header, texts=texts, facts=facts, last=[column[-1] for column in texts], key=key))


def _facts(stream: BinaryIO, found: Footer) -> Iterator[ColumnFacts]:
    """What the statistics say; of numbers without statistics what the values do, where they are not too many."""
    left = _WEIGHED
    for column in found.columns:
        nulls = [chunk.nulls for chunk in column.chunks]
        lows = [column.number(chunk.minimum) for chunk in column.chunks]
        highs = [column.number(chunk.maximum) for chunk in column.chunks]
        told = bool(lows) and None not in lows and None not in highs and None not in nulls
        if not told and column.numeric and not column.fault and found.rows <= left:
            left -= found.rows
            with suppress(UnreadableFile):
                yield _weighed(stream, column, found.rows)
                continue
        missing = sum(each for each in nulls if each is not None)
        if None in nulls and column.optional and not column.fault and found.rows <= left:
            left -= found.rows
            with suppress(UnreadableFile):
                missing = _empty(stream, column, found.rows)
        yield ColumnFacts(
            name=column.name,
            kind="number" if column.numeric else "text",
            unit_received=None,
            values=found.rows - missing,
            missing=missing,
            minimum=min(each for each in lows if each is not None) if told else None,
            maximum=max(each for each in highs if each is not None) if told else None,
        )


def _empty(stream: BinaryIO, column: Column, rows: int) -> int:
    """How many values there are not, of what the statistics do not tell it."""
    values = Values(stream, column)
    return sum(list(values.take(min(_ROWS, rows - start))).count("") for start in range(0, rows, _ROWS))


def _weighed(stream: BinaryIO, column: Column, rows: int) -> ColumnFacts:
    loose, values = Loose(("",)), Values(stream, column)
    for start in range(0, rows, _ROWS):
        loose.weigh(values.take(min(_ROWS, rows - start)))
    return loose.facts(column.name)
