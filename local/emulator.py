"""MiniStack, which starts workers of Python functions as it starts containers: from code that was unpacked once.

By itself MiniStack 1.5.33 unpacks the code anew for each worker: some two thousand files, one second or more of a processor.
What it has for containers keeps one folder for each ZIP; a worker gets a link to it. As in Lambda, no function writes there.
"""

import os
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.services import lambda_svc


class LinkedZip(zipfile.ZipFile):
    """Leads to where its content is, instead of unpacking it."""

    def extractall(self, path: str | os.PathLike[str] | None = None, members: Any = None, pwd: bytes | None = None) -> None:
        assert self.filename, "a worker's code is in a file"
        unpacked = lambda_svc._docker_extracted_dir(Path(self.filename).read_bytes(), "code")
        place = Path(path or ".")
        place.rmdir()  # it was made for this
        place.symlink_to(unpacked)


if __name__ == "__main__":
    lambda_runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": LinkedZip})
    main()
