"""What an AWS account needs before a release, and the pipeline that releases: `make bootstrap`, `make pipeline`."""

import os
import subprocess

from local import checkout, sam
from local.errors import Failure

STAGES = ("dev", "staging", "prod")
_NEEDS = """\
An account that Mesonet is to be released into needs, once:

  1. Its roles (deploy/account.yaml), for each stage in the account that the stage is in:
       make bootstrap STAGE=dev PIPELINE_ACCOUNT=123456789012 [ARTIFACT_KEY=arn:aws:kms:…]
     The pipeline's account may be the same. ARTIFACT_KEY is an output of the pipeline's stack: leave it out at first,
     and say it when the pipeline is there (step 3).

  The account that the pipeline is in needs besides:

  2. A connection to where the source is (CodeConnections). Only a person can make it, in the console: Developer Tools,
     Settings, Connections, Create; until it is confirmed there it is PENDING and the pipeline does not start.
  3. The pipeline (pipeline.yaml):
       make pipeline REPOSITORY=owner/name CONNECTION=arn:aws:codeconnections:… [DEV=… STAGING=… PROD=…] [EMAIL=…]
     and then step 1 again for each stage, with its ArtifactKeyArn.
  4. If a budget is set (MonthlyBudgetUsd): the tag `stack` switched on as a cost allocation tag, in the billing console.
  5. API Gateway's permission to write logs is not needed: Mesonet's functions log for themselves.

  Whoever does this needs the right to make IAM roles; afterwards the pipeline does everything, and people need only
  ApproverRole.
  `make deploy ENV=dev` works without any of this, with the rights of whoever runs it.
"""


def bootstrap() -> int:
    """Deploys a stage's roles where it is said which stage; otherwise says what there is to do."""
    stage, account = os.environ.get("STAGE", ""), os.environ.get("PIPELINE_ACCOUNT", "")
    if not stage and not account:
        print(_NEEDS, end="")
        return 0
    if stage not in STAGES:
        raise Failure(f"STAGE={stage}: it is one of {', '.join(STAGES)}")
    _twelve_digits("PIPELINE_ACCOUNT", account)
    given = {"PipelineAccount": account, "StackName": f"mesonet-{stage}"}
    if key := os.environ.get("ARTIFACT_KEY", ""):
        given["ArtifactKeyArn"] = key
    return _deploy("deploy/account.yaml", f"mesonet-{stage}-account", given, "CAPABILITY_NAMED_IAM")


def pipeline() -> int:
    missing = [name for name in ("REPOSITORY", "CONNECTION") if not os.environ.get(name)]
    if missing:
        raise Failure(
            f"say {' and '.join(missing)}, as in: make pipeline REPOSITORY=owner/name CONNECTION=arn:aws:codeconnections:…"
        )
    own = os.environ.get("ACCOUNT") or _own_account()
    given = {"Repository": os.environ["REPOSITORY"], "ConnectionArn": os.environ["CONNECTION"]}
    for parameter, variable in (("DevAccount", "DEV"), ("StagingAccount", "STAGING"), ("ProdAccount", "PROD")):
        given[parameter] = os.environ.get(variable) or own
        _twelve_digits(variable, given[parameter])
    if email := os.environ.get("EMAIL", ""):
        given["ReleaseEmail"] = email
    return _deploy("pipeline.yaml", "mesonet-pipeline", given, "CAPABILITY_IAM")


def _deploy(template: str, name: str, given: dict[str, str], capability: str) -> int:
    command = sam.command(
        "deploy",
        "--template-file",
        str(checkout.ROOT / template),
        "--stack-name",
        name,
        "--capabilities",
        capability,
        "--no-fail-on-empty-changeset",
        "--parameter-overrides",
        *(f"{key}={value}" for key, value in given.items()),
    )
    return subprocess.call(command, cwd=checkout.ROOT, env=sam.environment())


def _own_account() -> str:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        account: str = boto3.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as exc:
        raise Failure(f"which account is this? {exc}; sign in, or say ACCOUNT=123456789012") from exc
    return account


def _twelve_digits(name: str, account: str) -> None:
    if not (account.isdecimal() and len(account) == 12):
        raise Failure(f"{name}={account}: an account is twelve digits")
