"""Decides whether a new version may get traffic."""

import json

from mesonet.channels.lambda_functions import LambdaFunctions
from mesonet.domain.release import Sample, Target, faults, is_exact
from mesonet.errors import Unavailable
from mesonet.stores.samples import SamplesStore

_MOST_TOLD = 5  # faults in one reason; the first ones say enough


def try_out(target: Target, *, functions: LambdaFunctions, samples: SamplesStore, release: str) -> None:
    """Invokes the version with each sample event that changes nothing. Raises Unavailable where an answer is not right."""
    folder = functions.folder(target.function, target.version)
    found: list[str] = []
    exact = False
    for sample in samples.harmless(folder):
        outcome = functions.invoke(target.function, target.version, sample.event)
        found += faults(sample, outcome, target)
        exact = exact or "live" in sample.expected or is_exact(sample, outcome)
        if outcome.error is None and sample.case == "api_weather/health":
            found += _wrong_release(sample, outcome.answer, release)
    if not exact:
        found.append(f"{folder}: no sample event got the answer that it is promised")
    if found:
        raise Unavailable("; ".join(found[:_MOST_TOLD]))


def _wrong_release(sample: Sample, answer: object, release: str) -> list[str]:
    body = answer.get("body") if isinstance(answer, dict) else None
    said = json.loads(body or "{}").get("release")
    return [] if said == release else [f"{sample.case}: it is release {said} and not {release}"]
