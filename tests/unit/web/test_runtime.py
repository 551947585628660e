"""What Lambda's own runtime client sends of an answer."""

import json
from base64 import b64encode

import pytest
from awslambdaric.lambda_runtime_client import LambdaRuntimeClient
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

from mesonet.errors import NotFound
from mesonet.web.media import CSV, dumps
from mesonet.web.request import Request
from mesonet.web.response import Response
from mesonet.web.router import Router
from tests.unit.web.requests import event


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Router:
    """As it is made in Lambda."""
    monkeypatch.setattr(LambdaRuntimeClient, "marshaller", LambdaMarshaller())
    made = Router()

    @made.get("/{what}")
    def answered(request: Request, what: str) -> Response:
        bodies: dict[str, str | bytes] = {
            "long": dumps(list(range(1_000))),
            "letters": 'Zürich "Fluntern"\\ 気温\r\n\t\u2028\x00\x7f/',
            "bytes": bytes(range(256)),
            "nothing": "",
        }
        if what not in bodies:
            raise NotFound(f"there is no {what}")
        return Response(body=bodies[what], media_type=CSV, links=[request.here("self")])

    return made


@pytest.mark.parametrize("what", ["long", "letters", "bytes", "nothing", "missing"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_runtime_client_sends_the_document_that_it_would_have_written(app: Router, what: str, encoding: str) -> None:
    answer = app.handle(event(f"/{what}", headers={"Accept": "*/*", "Accept-Encoding": encoding}))
    sent, kind = LambdaRuntimeClient.marshaller.marshal_response(answer)
    written, its_kind = LambdaMarshaller().marshal_response(answer)
    assert json.loads(sent.encode()) == json.loads(written) == answer
    assert kind == its_kind


def test_the_runtime_client_does_not_look_at_a_body_in_base64(app: Router) -> None:
    class Body(str):
        """Whoever would escape its letters asks for another text than who lays it into one."""

        def __format__(self, spec: str) -> str:
            return "laid"

    answer = app.handle(event("/bytes")) | {"body": Body(b64encode(bytes(9)).decode())}
    sent, _ = LambdaRuntimeClient.marshaller.marshal_response(answer)
    assert json.loads(sent)["body"] == "laid"


def test_the_runtime_client_reads_events_as_before_however_many_routers_there_are(app: Router) -> None:
    ours = LambdaRuntimeClient.marshaller
    Router()
    assert LambdaRuntimeClient.marshaller is ours
    assert ours.unmarshal_request(b'{"httpMethod": "GET"}', "application/json") == {"httpMethod": "GET"}
