"""HookAfterTrafficFunction: CodeDeploy asks whether a new version may stay, now that it has all traffic."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mesonet import aws
from mesonet.channels.code_deploy import CodeDeploy
from mesonet.channels.lambda_functions import LambdaFunctions
from mesonet.channels.public_api import PublicApi
from mesonet.domain.release import Target
from mesonet.functions.hook_after_traffic import logic
from mesonet.stores.samples import SamplesStore
from mesonet.telemetry import RELEASE, LambdaContext, logger

code_deploy = CodeDeploy(client=aws.client("codedeploy"))
functions = LambdaFunctions(client=aws.client("lambda"))
samples = SamplesStore(Path(__file__).parent.with_name("hook_before_traffic") / "events", bucket=os.environ["ARCHIVE_BUCKET"])
api = PublicApi(os.environ["API_URL_PARAMETER"], client=aws.client("ssm"))


@logger.inject_lambda_context
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    decision = code_deploy.decide(event, try_out)
    report = logger.info if decision.is_sound else logger.error
    report("release decided", **asdict(decision), status=decision.status)
    return {"status": decision.status, "told": decision.is_told}


def try_out(target: Target) -> None:
    logic.try_out(target, functions=functions, samples=samples, api=api, release=RELEASE)
