"""Answers the calls of the fan-out at once, so that what is measured is the caller: `python -m benchmarks.aws_stub`.

DynamoDB: nothing is there, and everything is taken. SNS: every message is taken. It prints its port.
"""

import socketserver
import sys
from http.server import BaseHTTPRequestHandler

_DYNAMODB = {
    "BatchGetItem": b'{"Responses":{},"UnprocessedKeys":{}}',
    "BatchWriteItem": b'{"UnprocessedItems":{}}',
    "Query": b'{"Items":[],"Count":0}',
}
_BATCH = b"<PublishBatchResponse><PublishBatchResult><Successful/><Failed/></PublishBatchResult></PublishBatchResponse>"
_ONE = b"<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"


class _Taking(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        target = self.headers.get("X-Amz-Target")
        if target:
            answer, kind = _DYNAMODB.get(target.rpartition(".")[2], b"{}"), "application/x-amz-json-1.0"
        else:
            answer, kind = (_BATCH if b"PublishBatch" in body[:200] else _ONE), "text/xml"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with _Server(("127.0.0.1", 0), _Taking) as server:
        print(server.server_address[1], flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            sys.exit(0)
