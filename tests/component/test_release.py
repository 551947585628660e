"""How long the hook before a release tries a version that fails."""

from collections.abc import Mapping
from typing import Any

import pytest

from mesonet.channels.lambda_functions import LambdaFunctions
from mesonet.domain.release import Outcome, Target
from mesonet.errors import Unavailable
from mesonet.functions.hook_before_traffic import logic
from mesonet.stores.samples import SamplesStore
from tests.template import ROOT


class Broken(LambdaFunctions):
    """A function of which each invocation fails."""

    def __init__(self) -> None:
        self.invoked = 0

    def folder(self, function: str, version: str) -> str:
        return "api_weather"

    def invoke(self, function: str, qualifier: str, event: Mapping[str, Any]) -> Outcome:
        self.invoked += 1
        return Outcome(answer=None, error="Sandbox.Timedout: after 29 seconds", version=qualifier)


def test_what_fails_again_and_again_is_not_tried_with_every_sample_event() -> None:
    functions, samples = Broken(), SamplesStore(ROOT / "events", bucket="archive")
    with pytest.raises(Unavailable) as refused:
        logic.try_out(Target(function="f", alias="live", version="2"), functions=functions, samples=samples, release="x")
    assert functions.invoked == 5 < len(samples.harmless("api_weather"))
    assert str(refused.value).count("Sandbox.Timedout") == 5
