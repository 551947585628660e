"""A million inputs for the format readers: `make fuzz`, or `make fuzz INPUTS=20000 SEED=7`.

A million takes long: `--pieces 50` runs pieces one after the other, each of `--inputs` inputs in processes of its own (so of
the code as it is by then) and with seeds of its own, and keeps a line of each; `--sum` adds up all that were kept. See
tests/fuzzing.py for what an input is and what must hold of it. Findings are kept under .local/fuzz/.
"""

import argparse
import gc
import json
import multiprocessing
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from random import Random
from time import perf_counter

from local import checkout
from tests.fuzzing import Finding, Fuzzer, seeds
from tests.grammar import KINDS

FOUND = checkout.HERE / "fuzz"
PIECES = FOUND / "pieces.jsonl"


@dataclass(slots=True, kw_only=True)
class Piece:
    """What came of some inputs. `seconds` are those of all processes together."""

    seed: int
    seconds: float = 0.0
    inputs: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    grown: int = 0
    reread: int = 0
    lines: int = 0
    slowest: float = 0.0
    findings: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--pieces", type=int, default=0)
    parser.add_argument(
        "--written", type=float, default=0.4, help="share of the inputs that a grammar writes (tests/grammar.py)"
    )
    parser.add_argument("--only", nargs="+", metavar="FORMAT", help="only these formats")
    parser.add_argument("--sum", action="store_true", help="add up the pieces that were kept")
    asked = parser.parse_args(arguments)
    if asked.pieces:
        for number in range(asked.pieces):
            piece = ("--inputs", asked.inputs, "--seed", asked.seed + number * asked.processes, "--processes", asked.processes)
            subprocess.run([sys.executable, "-m", "benchmarks.fuzz", *map(str, piece)], check=False, stdout=subprocess.DEVNULL)
    if asked.pieces or asked.sum:
        found = kept(PIECES)
    else:
        with multiprocessing.Pool(asked.processes) as pool:
            each = [
                (asked.seed + at, asked.inputs // asked.processes, asked.only, asked.written) for at in range(asked.processes)
            ]
            found = pool.starmap(work, each)
        FOUND.mkdir(parents=True, exist_ok=True)
        with PIECES.open("a") as lines:
            lines.writelines(
                json.dumps({each.name: getattr(piece, each.name) for each in fields(piece)}) + "\n" for piece in found
            )
    print(report(found))
    return 1 if any(piece.findings for piece in found) else 0


def work(seed: int, inputs: int, only: Sequence[str] | None = None, written: float = 0.0) -> Piece:
    started = perf_counter()
    corpus = [(name, data) for name, data in seeds() if not only or name in only]
    kinds = tuple(kind for kind in KINDS if only and kind in only) or tuple(KINDS)
    gc.freeze()  # what the tests' modules hold is no garbage: to look through it took a tenth of the time
    fuzzer = Fuzzer(Random(seed), corpus, written=written, kinds=kinds)
    findings: dict[tuple[str, str], str] = {}
    for finding in fuzzer.run(inputs):
        kind = (finding.where, finding.what.partition(":")[0])
        if kind not in findings:
            findings[kind] = _kept(finding, seed)
    return Piece(
        seed=seed,
        seconds=perf_counter() - started,
        inputs=fuzzer.inputs,
        accepted=fuzzer.accepted,
        grown=fuzzer.grown,
        reread=fuzzer.reread,
        lines=fuzzer.lines,
        slowest=fuzzer.slowest,
        findings=list(findings.values()),
    )


def _kept(finding: Finding, seed: int) -> str:
    FOUND.mkdir(parents=True, exist_ok=True)
    path = FOUND / f"{finding.format}-{sha256(finding.data).hexdigest()[:12]}"
    path.write_bytes(finding.data)
    told = f"{finding.format}, input {finding.number} of seed {seed}: {finding.what} ({finding.where}), kept as {path.name}"
    print(told, flush=True)
    return told


def kept(path: Path) -> list[Piece]:
    """The pieces of earlier runs; of those with one seed the last."""
    found: dict[int, Piece] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        told = json.loads(line)
        found[told["seed"]] = Piece(**told | {"inputs": Counter(told["inputs"]), "accepted": Counter(told["accepted"])})
    return list(found.values())


def report(pieces: Sequence[Piece]) -> str:
    inputs, accepted = Counter[str](), Counter[str]()
    for piece in pieces:
        inputs += piece.inputs
        accepted += piece.accepted
    total, seconds = sum(inputs.values()), sum(piece.seconds for piece in pieces)
    grown, reread = sum(piece.grown for piece in pieces), sum(piece.reread for piece in pieces)
    reached = max((piece.lines for piece in pieces), default=0)
    slowest = max((piece.slowest for piece in pieces), default=0.0)
    findings = [finding for piece in pieces for finding in piece.findings]
    return "\n".join(
        [
            f"{'format':<28}{'inputs':>10}{'with observations':>20}",
            *(f"{name:<28}{count:>10,}{accepted[name]:>20,}" for name, count in sorted(inputs.items())),
            f"{total:,} inputs in {seconds:.0f} s of one process ({total / max(seconds, 1):,.0f} a second), "
            f"{len(pieces)} seeds; {grown:,} inputs became seeds",
            f"{reached:,} lines of the formats reached; {reread:,} batches written, read again and equal",
            f"slowest input {slowest:.2f} s; {len(findings)} findings",
            *findings,
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
