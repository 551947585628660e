"""How much has been simulated in this process: what a run of the tests can say of itself."""

from collections import Counter

counted: Counter[str] = Counter()


def add(**counts: int) -> None:
    counted.update(counts, examples=1)


def line() -> str:
    """Nothing where nothing was simulated."""
    if not counted["examples"]:
        return ""
    return (
        f"{counted['examples']:,} stories of {counted['rules']:,} steps of Hypothesis, {counted['steps']:,} steps of the "
        f"simulator, {counted['calls']:,} calls of AWS, {counted['faults']:,} faults that struck, {counted['stale']:,} stale "
        f"reads, {counted['older']:,} calls taken by the release before"
    )
