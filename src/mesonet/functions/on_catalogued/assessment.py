"""Runs the quality tests on what a file says, station by station, and counts what they find."""

from collections import Counter
from collections.abc import Mapping

from mesonet.domain import quality
from mesonet.domain.block import BlockKey, Draft, Span, span_of
from mesonet.domain.coverage import Coverage, Tally
from mesonet.domain.file import COLUMNS_LISTED
from mesonet.domain.instant import horizon
from mesonet.domain.observation import FAIL, QualityTest, names_of
from mesonet.domain.parameter import Parameter, parse
from mesonet.domain.quality import Climatology, Findings
from mesonet.record import dataclass, field


@dataclass(slots=True)
class Assessment:
    """How many values of a parameter have each flag, how many each test has flagged, and when each station was heard, over the
    whole file. Of days' values a station's times are kept apart, since they stand between those of hours."""

    flags: dict[str, Counter[str]] = field(default_factory=dict)
    tests: dict[str, Counter[str]] = field(default_factory=dict)
    heard: dict[tuple[str, Span], Tally] = field(default_factory=dict)

    def coverage(self, configured: int | None) -> dict[str, Coverage]:
        """By station; of the span that has more times."""
        found: dict[str, Coverage] = {}
        for (station, _), tally in self.heard.items():
            each = tally.coverage(configured)
            if each and (station not in found or each.times > found[station].times):
                found[station] = each
        return found

    def count(self, draft: Draft) -> None:
        for name in draft.parameters():
            if name not in self.flags and len(self.flags) >= COLUMNS_LISTED:
                continue
            flags = self.flags.setdefault(name, Counter())
            for (flag, tests), number in Counter(draft.flags(name)).items():
                flags[str(flag)] += number
                if tests:
                    self.tests.setdefault(name, Counter()).update(dict.fromkeys(names_of(tests).split(), number))


def assess(drafts: Mapping[BlockKey, Draft], arrived: int, climatology: Climatology | None, into: Assessment) -> None:
    """Flags every value of the drafts. What lies after the file's arrival is failed: nobody can have observed it."""
    stations: dict[str, list[Draft]] = {}
    for key in sorted(drafts, key=lambda key: (key.station_id, key.span, key.start, key.part)):
        stations.setdefault(key.station_id, []).append(drafts[key])
    for some in stations.values():
        columns: dict[Parameter, tuple[list[int], list[float]]] = {}
        for draft in some:
            for name in draft.parameters():
                times, values = draft.present(name)
                known = columns.setdefault(parse(name), ([], []))
                known[0].extend(times)
                known[1].extend(values)
        found = quality.findings(columns, climatology)
        _judge_future(columns, found, arrived)
        for draft in some:
            for name in draft.parameters():
                parameter = parse(name)
                if parameter in found.evaluated:
                    draft.judge(name, found.verdicts.get(parameter, {}))
            into.count(draft)
    _hear(drafts, arrived, into)


def _hear(drafts: Mapping[BlockKey, Draft], arrived: int, into: Assessment) -> None:
    """A wrong clock's time in the future would be the end of a gap of years."""
    heard: dict[tuple[str, Span], list[int]] = {}
    for key in sorted(drafts, key=lambda key: (key.start, key.part)):
        times = _until(drafts[key].times(), horizon(arrived, days=key.span is Span.YEAR))
        heard.setdefault((key.station_id, key.span), []).extend(times)
    for where, times in heard.items():
        into.heard.setdefault(where, Tally()).add(times)


def _until(times: list[int], latest: int) -> list[int]:
    return times if not times or times[-1] <= latest else [at for at in times if at <= latest]


def _judge_future(columns: Mapping[Parameter, quality.Values], found: Findings, arrived: int) -> None:
    for parameter, (times, _) in columns.items():
        for at in quality.future(times, arrived, days=span_of(parameter) is Span.YEAR):
            found.evaluated.add(parameter)
            found.add(parameter, at, FAIL, QualityTest.FUTURE)
