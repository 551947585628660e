"""What an AWS account needs before a release, and the pipeline that releases: `make bootstrap`, `make pipeline`."""

import os
import re
import subprocess

from local import checkout, sam
from local.errors import Failure

STAGES = ("dev", "staging", "prod")
_CONNECTION = re.compile(r"arn:aws[\w-]*:(codeconnections|codestar-connections):[\w-]+:\d{12}:connection/[\w-]+")
_NOTIFIER = "codestar-notifications.amazonaws.com"
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

  A new account may have less than others, until somebody asks AWS for more:

  6. Functions that may run at once (Service Quotas, AWS Lambda, L-B99A9384): 10 in some. A release tries all functions at the
     same time, two calls for each; with less than 100 hooks are throttled, and nothing is let through.
       aws lambda get-account-settings --query AccountLimit.ConcurrentExecutions
  7. CloudFront: it refuses a distribution until the account is verified. `"PageDistribution": "false"` in deploy/<stage>.json
     releases everything but the page's address until then.

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
    connection = os.environ["CONNECTION"]
    if not _CONNECTION.fullmatch(connection):
        raise Failure(
            f"CONNECTION={connection}: it is the ARN of a connection, arn:aws:codeconnections:…:connection/…; "
            "`make bootstrap` says where it comes from"
        )
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", os.environ["REPOSITORY"]):
        raise Failure(f"REPOSITORY={os.environ['REPOSITORY']}: it is owner/name")
    own = os.environ.get("ACCOUNT") or _own_account()
    given = {"Repository": os.environ["REPOSITORY"], "ConnectionArn": os.environ["CONNECTION"]}
    for parameter, variable in (("DevAccount", "DEV"), ("StagingAccount", "STAGING"), ("ProdAccount", "PROD")):
        given[parameter] = os.environ.get(variable) or own
        _twelve_digits(variable, given[parameter])
    if email := os.environ.get("EMAIL", ""):
        given["ReleaseEmail"] = email
    _let_it_notify()
    return _deploy("pipeline.yaml", "mesonet-pipeline", given, "CAPABILITY_IAM")


def _let_it_notify() -> None:
    """Makes the role with which AWS tells of pipelines, where the account has none yet. The first rule of notifications would
    begin to make it, and fail for want of it, and the stack with the rule (github.com/aws/aws-cdk/issues/34406)."""
    import boto3
    from botocore.exceptions import ClientError

    _own_account()
    iam = boto3.client("iam")
    try:
        if not iam.list_roles(PathPrefix=f"/aws-service-role/{_NOTIFIER}/")["Roles"]:
            iam.create_service_linked_role(AWSServiceName=_NOTIFIER)
    except ClientError as exc:
        raise Failure(
            f"the role of {_NOTIFIER} cannot be made: {exc}. Whoever may make roles does it: "
            f"aws iam create-service-linked-role --aws-service-name {_NOTIFIER}"
        ) from exc


def _deploy(template: str, name: str, given: dict[str, str], capability: str) -> int:
    _own_account()  # SAM says of somebody who is not signed in that there is no region
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
    """Which account the user is signed in to. Raises Failure where that is none."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    session = boto3.Session()
    if not session.region_name:
        raise Failure("say which region: AWS_DEFAULT_REGION=eu-central-1, or `aws configure`")
    try:
        account: str = session.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as exc:
        raise Failure(
            f"you are signed in to no AWS account: {exc}. `aws sso login` or `aws configure` does it; "
            "AWS_PROFILE says which of several. `make run` needs none"
        ) from exc
    return account


def _twelve_digits(name: str, account: str) -> None:
    if not (account.isdecimal() and len(account) == 12):
        raise Failure(f"{name}={account}: an account is twelve digits")
