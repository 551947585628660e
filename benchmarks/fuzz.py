"""A million inputs for the format readers: `make fuzz`, or `make fuzz INPUTS=20000 SEED=7`.

See tests/fuzzing.py for what an input is and what must hold of it. Findings are kept under .local/fuzz/.
"""

import argparse
import multiprocessing
import sys
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from random import Random
from time import perf_counter

from local import checkout
from tests.fuzzing import Finding, Fuzzer, seeds

FOUND = checkout.HERE / "fuzz"
ROUND = 10_000  # inputs after which progress is told


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    asked = parser.parse_args(arguments)
    started = perf_counter()
    with multiprocessing.Pool(asked.processes) as pool:
        each = [(asked.seed + at, asked.inputs // asked.processes) for at in range(asked.processes)]
        fuzzers, findings = zip(*pool.starmap(work, each), strict=True)
    print(report(fuzzers, [finding for some in findings for finding in some], perf_counter() - started))
    return 1 if any(findings) else 0


def work(seed: int, inputs: int) -> tuple[Fuzzer, list[Finding]]:
    fuzzer = Fuzzer(Random(seed), seeds())
    findings: dict[tuple[str, str], Finding] = {}
    for finding in fuzzer.run(inputs):
        kind = (finding.where, finding.what.partition(":")[0])
        if kind not in findings:
            findings[kind] = finding
            FOUND.mkdir(parents=True, exist_ok=True)
            kept = FOUND / f"{finding.format}-{sha256(finding.data).hexdigest()[:12]}"
            kept.write_bytes(finding.data)
            told = f"{finding.format}, input {finding.number} of seed {seed}: {finding.what} ({finding.where})"
            print(f"{told}, kept as {kept.name}", flush=True)
    return fuzzer, list(findings.values())


def report(fuzzers: Sequence[Fuzzer], findings: Sequence[Finding], seconds: float) -> str:
    inputs, accepted = Counter[str](), Counter[str]()
    for fuzzer in fuzzers:
        inputs += fuzzer.inputs
        accepted += fuzzer.accepted
    total = sum(inputs.values())
    grown, reread = sum(fuzzer.grown for fuzzer in fuzzers), sum(fuzzer.reread for fuzzer in fuzzers)
    reached, slowest = max(fuzzer.lines for fuzzer in fuzzers), max(fuzzer.slowest for fuzzer in fuzzers)
    return "\n".join(
        [
            f"{'format':<28}{'inputs':>10}{'with observations':>20}",
            *(f"{name:<28}{count:>10,}{accepted[name]:>20,}" for name, count in sorted(inputs.items())),
            f"{total:,} inputs in {seconds:.0f} s ({total / seconds:,.0f} a second), {grown:,} of them became seeds",
            f"{reached:,} lines of the formats reached; {reread:,} batches written, read again and equal",
            f"slowest input {slowest:.2f} s; {len(findings)} findings",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
