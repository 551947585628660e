"""ApiUploadsFunction: gives operators what they need to put a file into the archive."""

import os
from typing import Any

from mesonet import aws, clock
from mesonet.domain import instant
from mesonet.domain.file import file_id
from mesonet.domain.instant import SECOND
from mesonet.domain.operator import Scope, key_of
from mesonet.domain.upload import MOST_BYTES, upload
from mesonet.stores.operators import OperatorsStore
from mesonet.stores.upload_forms import UploadForms
from mesonet.telemetry import LambdaContext, logger
from mesonet.web.media import dumps
from mesonet.web.request import Request
from mesonet.web.response import Response, permitted
from mesonet.web.router import Router

operators = OperatorsStore(os.environ["OPERATORS_TABLE"], client=aws.client("dynamodb"))
forms = UploadForms(os.environ["ARCHIVE_BUCKET"], os.environ["ARCHIVE_URL"], client=aws.client("s3"))

app = Router(public_url=os.environ.get("PUBLIC_URL", ""))

LASTS_S = 15 * 60  # for the upload to begin: S3 looks at it once; by then nobody remembers the form


@logger.inject_lambda_context
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.handle(event)


@app.post("/uploads")
def announce(request: Request) -> Response:
    """A form for one file. What is in the file may be about any station, so the key has to be for all of them."""
    now = clock.now()
    operator = operators.find(key_of(request.headers.get("authorization")), now=now)
    operator.require(Scope.FILES, ("*",))
    permitted(request.headers, there=False)
    wanted = upload(request.json())
    fields = forms.make(wanted, operator_id=operator.id, seconds=LASTS_S)
    identifier = file_id(forms.bucket, wanted.key)
    logger.info("upload announced", operator=operator.id, key=wanted.key, size=wanted.size)
    document = {
        "file_id": identifier,
        "key": wanted.key,
        "size": wanted.size,
        "url": forms.address,
        "fields": fields,
        "expires_at": instant.iso((now // SECOND + LASTS_S) * SECOND),
        "most_bytes": MOST_BYTES,
        "links": [request.link("file", f"files/{identifier}")],
    }
    return Response(status=201, body=dumps(document), cache="no-store")
