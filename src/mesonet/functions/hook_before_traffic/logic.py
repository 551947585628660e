"""Decides whether a new version may get traffic."""

import json

from mesonet.channels.lambda_functions import LambdaFunctions
from mesonet.domain.release import Sample, Target, faults, is_exact
from mesonet.errors import Unavailable
from mesonet.stores.samples import SamplesStore

_ENOUGH = 5  # faults: they decide, and say why


def try_out(target: Target, *, functions: LambdaFunctions, samples: SamplesStore, release: str) -> None:
    """Invokes the version with each sample event that changes nothing. Raises Unavailable where an answer is not right.

    What fails again and again is not tried further: each sample may take as long as the function may.
    """
    folder = functions.folder(target.function, target.version)
    found: list[str] = []
    exact = False
    for sample in samples.harmless(folder):
        outcome = functions.invoke(target.function, target.version, sample.event)
        found += faults(sample, outcome, target)
        exact = exact or "live" in sample.expected or is_exact(sample, outcome)
        if outcome.error is None and sample.case == "api_weather/health":
            found += _wrong_release(sample, outcome.answer, release)
        if len(found) >= _ENOUGH:
            break
    if not exact:
        found.append(f"{folder}: no sample event got the answer that it is promised")
    if found:
        raise Unavailable("; ".join(found[:_ENOUGH]))


def _wrong_release(sample: Sample, answer: object, release: str) -> list[str]:
    body = answer.get("body") if isinstance(answer, dict) else None
    said = json.loads(body or "{}").get("release")
    return [] if said == release else [f"{sample.case}: it is release {said} and not {release}"]
