"""CodeDeploy: what a deployment brings in, and whether it may go on."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mesonet.domain.release import Decision, Target
from mesonet.errors import Unavailable

_FUNCTION = "AWS::Lambda::Function"


class CodeDeploy:
    def __init__(self, *, client: Any) -> None:
        self._client = client

    def decide(self, event: Mapping[str, str], test: Callable[[Target], None]) -> Decision:
        """Runs the test on what the deployment brings in, and tells CodeDeploy what came of it.

        Whatever is raised stops the deployment. Where CodeDeploy cannot be told so, it waits for an hour and then stops the
        deployment by itself: nothing is raised."""
        target = reason = untold = None
        try:
            target = self.target(event["DeploymentId"])
            test(target)
        except Exception as exc:  # closed, whatever happens
            reason = f"{type(exc).__name__}: {exc}"
        try:
            self._client.put_lifecycle_event_hook_execution_status(
                deploymentId=event["DeploymentId"],
                lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
                status="Succeeded" if reason is None else "Failed",
            )
        except Exception as exc:
            untold = f"{type(exc).__name__}: {exc}"
        return Decision(target=target, reason=reason, untold=untold)

    def target(self, deployment_id: str) -> Target:
        """The version that a deployment of CloudFormation brings in: its AppSpec names one function.

        Raises Unavailable where it does not."""
        info = self._client.get_deployment(deploymentId=deployment_id)["deploymentInfo"]
        content = _content(info.get("revision", {}))
        if content is None:  # the deployment may hold the AppSpec's digest alone
            answer = self._client.get_application_revision(applicationName=info["applicationName"], revision=info["revision"])
            content = _content(answer["revision"])
        try:
            for resource in json.loads(content or "")["Resources"]:
                for described in resource.values():
                    if described["Type"] == _FUNCTION:
                        given = described["Properties"]
                        return Target(function=given["Name"], alias=given["Alias"], version=str(given["TargetVersion"]))
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise Unavailable(f"the AppSpec of {deployment_id} cannot be read: {exc!r}") from exc
        raise Unavailable(f"the AppSpec of {deployment_id} names no function")


def _content(revision: Mapping[str, Any]) -> str | None:
    described = revision.get("string") or revision.get("appSpecContent") or {}
    found: str | None = described.get("content")
    return found
