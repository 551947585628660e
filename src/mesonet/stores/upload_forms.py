"""Forms with which a browser, or curl, puts one object into the archive without credentials of its own.

Amazon S3 API Reference, "Browser-Based Uploads Using POST". What is signed is the key, the length, who uploads and until when:
with the form nothing else can be stored.
"""

from typing import Any

from mesonet.domain.upload import Upload


class UploadForms:
    """`address` is where the bucket takes forms: botocore names the global one, which redirects, and a form is lost."""

    def __init__(self, bucket: str, address: str, *, client: Any) -> None:
        self.bucket = bucket
        self.address = address
        self._client = client

    def make(self, upload: Upload, *, operator_id: str, seconds: int) -> dict[str, str]:
        """The form's fields, to be sent before the file. The operator's identifier is kept with the object."""
        operator = {"x-amz-meta-operator": operator_id}
        made = self._client.generate_presigned_post(
            Bucket=self.bucket,
            Key=upload.key,
            Fields=operator,
            Conditions=[operator, ["content-length-range", upload.size, upload.size]],
            ExpiresIn=seconds,
        )
        return dict(made["fields"])
