"""`reindex`: has the search index made anew from the catalogue, of the running local stack or of one in AWS."""

import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local import stack
from local.cloud import client_options
from local.errors import Failure

LOCAL = "local"
_LONGEST_CALL_S = 910  # the function's time-out is 900 s


def reindex(environment: str) -> int:
    """Calls the function until it is done, and shows how far it is. Can be cut off and called again at any time."""
    try:
        client, name = _function(environment)
        progress: dict[str, Any] = {}
        while not progress.get("done"):
            answer = client.invoke(FunctionName=name, Payload=json.dumps(progress).encode())
            told = json.loads(answer["Payload"].read())
            if "FunctionError" in answer:
                raise Failure(f"the function failed: {told.get('errorMessage', told)}; calling it again goes on")
            progress = told
            print(f"{progress['files']:>10,} files {progress['stations']:>10,} stations", flush=True)
    except (BotoCoreError, ClientError) as exc:
        raise Failure(f"the function cannot be called: {exc}") from exc
    print(f"The index is made anew; {progress['removed']:,} entries of files that are no longer so were taken out of it.")
    return 0


def _function(environment: str) -> tuple[Any, str]:
    """A client of Lambda and the name of the function."""
    patient = Config(read_timeout=_LONGEST_CALL_S, retries={"total_max_attempts": 1})
    logical_id = "JobReindexFunction"
    if environment == LOCAL:
        endpoint = stack.described()["EndpointUrl"]
        options: dict[str, Any] = client_options(endpoint)
        return boto3.client("lambda", **options | {"config": patient.merge(Config(proxies={}))}), stack.functions(endpoint)[
            logical_id
        ]
    found = boto3.client("cloudformation").describe_stack_resource(
        StackName=stack.stack_name(environment), LogicalResourceId=logical_id
    )
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    return boto3.client("lambda", config=patient), f"{name}:live"
