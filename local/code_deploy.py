"""A stand-in for CodeDeploy's endpoint: it tells of one deployment, and records what a hook says of it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DEPLOYMENT = "d-ABCDEF012"


class CodeDeployStub:
    """`said` are the statuses that hooks reported, in their order; `verdicts` are the same, each with its function's name.
    `endpoint` is for `AWS_ENDPOINT_URL_CODEDEPLOY`."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.said: list[dict[str, str]] = []
        self.verdicts: list[tuple[str, str]] = []
        self.target: dict[str, str] = {}

    def brings_in(self, *, function: str, version: str) -> None:
        self.target = {"Name": function, "Alias": "live", "CurrentVersion": "1", "TargetVersion": version}

    def answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        if operation == "Begin":  # not CodeDeploy's: the rehearsal's gate says what it deploys, and asks what the hook told
            self.target = asked
            return {"DeploymentId": DEPLOYMENT, "LifecycleEventHookExecutionId": f"execution-{len(self.said)}"}
        if operation == "Status":
            told = [
                each for each in self.said if each["lifecycleEventHookExecutionId"] == asked["LifecycleEventHookExecutionId"]
            ]
            return {"status": told[-1]["status"] if told else "TimedOut"}
        if operation == "PutLifecycleEventHookExecutionStatus":
            self.said.append(asked)
            self.verdicts.append((self.target.get("Name", ""), asked["status"]))
            return {"lifecycleEventHookExecutionId": asked["lifecycleEventHookExecutionId"]}
        revision = {"revisionType": "String", "string": {"sha256": "0" * 64}}
        if operation == "GetDeployment":
            # as it is where the deployment holds the digest alone, so that the hook has to go both ways
            info = {"applicationName": "mesonet", "deploymentId": asked["deploymentId"], "revision": revision}
            return {"deploymentInfo": info}
        assert operation == "GetApplicationRevision", operation
        described = {"function": {"Type": "AWS::Lambda::Function", "Properties": self.target}}
        revision["string"] = {"content": json.dumps({"version": 0.0, "Resources": [described]})}
        return {"applicationName": asked["applicationName"], "revision": revision}


@contextmanager
def listening() -> Iterator[CodeDeployStub]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(stub.answer(operation, asked)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub = CodeDeployStub(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
