"""Other functions of the stack, called by name and version or alias."""

import json
from collections.abc import Mapping
from typing import Any

from mesonet.domain.release import Outcome


class LambdaFunctions:
    def __init__(self, *, client: Any) -> None:
        self._client = client

    def folder(self, function: str, version: str) -> str:
        """`on_upload` of `mesonet.functions.on_upload.handler.handle`."""
        handler: str = self._client.get_function_configuration(FunctionName=function, Qualifier=version)["Handler"]
        return handler.split(".")[-3]

    def invoke(self, function: str, qualifier: str, event: Mapping[str, Any]) -> Outcome:
        """Waits for the answer. What the function raised is in the outcome; what Lambda itself refuses is raised."""
        answer = self._client.invoke(FunctionName=function, Qualifier=qualifier, Payload=json.dumps(event).encode())
        said = json.loads(answer["Payload"].read() or b"null")
        error = None
        if answer.get("FunctionError"):
            told = said if isinstance(said, dict) else {}
            error = f"{told.get('errorType', 'error')}: {told.get('errorMessage', said)}"
        return Outcome(answer=said, error=error, version=str(answer.get("ExecutedVersion", "")))
