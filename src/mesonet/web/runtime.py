"""How an answer leaves a function in Lambda: in base64 it is laid into JSON without being looked at.

Lambda's runtime client (awslambdaric) writes JSON with an encoder that looks at each letter. In base64 there is none that JSON
would write otherwise. The client lets authors of functions replace its `marshaller`, and says so where it has it.
"""

import sys
from typing import Any

from mesonet.web.media import JSON, dumps


class _Marshaller:
    """The client's own, but for answers in base64."""

    def __init__(self, theirs: Any) -> None:
        self._theirs = theirs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._theirs, name)

    def marshal_response(self, answer: dict[str, Any]) -> Any:
        if not answer["isBase64Encoded"]:
            return self._theirs.marshal_response(answer)
        told = dumps({name: value for name, value in answer.items() if name != "body"})
        return f'{{"body":"{answer["body"]}",{told[1:]}', JSON


def lay_answers() -> None:
    """Has the client that runs this function lay its answers so; elsewhere nothing."""
    client = sys.modules.get("awslambdaric.lambda_runtime_client")
    if client is not None and not isinstance(client.LambdaRuntimeClient.marshaller, _Marshaller):
        client.LambdaRuntimeClient.marshaller = _Marshaller(client.LambdaRuntimeClient.marshaller)
