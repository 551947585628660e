"""Prometheus' text format: a metric, labels, a value and a time in each line, as exporters and `promtool` write it.

Sources: Prometheus, "Exposition formats" (https://prometheus.io/docs/instrumenting/exposition_formats); OpenMetrics 1.0, whose
times are in seconds. A line is read as one document of NDJSON with `metric`, `time`, `value` and its labels, so that a mapping
explains it as a long table of JSON, and one is proposed. Lines without a time, which Prometheus stamps as it fetches them, are
rejected.
"""

import re
from collections.abc import Iterator

from mesonet.domain.instant import SECOND, iso
from mesonet.errors import UnreadableFile
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import HEAD_BYTES, Context, Guess, Piece, Stream
from mesonet.formats.tables.line_protocol import number, read_lines
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "prometheus"
TAKES_MAPPING = True

_LOOKED_AT = 40  # lines
_SAMPLE = regex(
    r"([A-Za-z_:][\w:]*)\s*(?:\{([^}\n]*)\})?\s+([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|NaN|[-+]?Inf)"
    r"(?:\s+(\d{13}|\d{10}(?:\.\d{1,9})?))?(?:\s+#.*)?"
)
_LABEL = regex(r'\s*([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?')
_DESCRIBED = regex(r"#\s+(?:TYPE|HELP|UNIT)\s+[A-Za-z_:]")
_OWN = ("metric", "time", "value")
_NONE = "no sample of Prometheus' text format"
_NO_TIME = "the sample has no time: Prometheus stamps it as it fetches it, and exports it with one"


def sniff(head: bytes) -> Guess | None:
    lines = [line.strip() for line in decode(head).split("\n")[:_LOOKED_AT] if line.strip()]
    described = [line for line in lines if _DESCRIBED.match(line)]
    samples = [line for line in lines if not line.startswith("#")]
    whole = sum(1 for line in samples if _SAMPLE.fullmatch(line))
    if not described or not whole or 2 * whole < len(samples):
        return None
    return Guess(0.9, "Prometheus' text format: a metric, labels, a value and a time in each line")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are lines. Raises UnreadableFile where none of the first has a time, as an exporter answers."""
    peeked = Peeked(stream, HEAD_BYTES)
    if not any(isinstance(_told(line.strip()), dict) for line in decode(peeked.head).split("\n")):
        raise UnreadableFile(_NO_TIME)
    yield from read_lines(peeked, context, _told, _NONE)


def _told(line: str) -> dict[str, object] | str:
    match = _SAMPLE.fullmatch(line)
    if match is None:
        return _NONE
    metric, labels, value, stamp = match.groups()
    if stamp is None:
        return _NO_TIME
    time = int(stamp) if len(stamp) == 13 and "." not in stamp else round(float(stamp) * SECOND)
    told: dict[str, object] = {"metric": metric, "time": iso(time), "value": None if value[-1] in "Nf" else number(value)}
    for name, text in _LABEL.findall(labels or ""):
        told[f"label_{name}" if name in _OWN else name] = re.sub(r"\\(.)", r"\1", text) if "\\" in text else text
    return told
