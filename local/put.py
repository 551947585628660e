"""`put`: a file of one's own into the running stack's archive, and what becomes of it."""

from pathlib import Path

from local import cloud, stack, wording
from local.catalogue import Catalogue, Entry, Upload, succeeded
from local.errors import Failure
from local.progress import Progress

FOLDER = "uploads"


def put(files: list[Path], key: str | None) -> int:
    """Uploads the files and follows each until it is settled. Returns 0 if something of every file could be used, 1 otherwise.

    Raises Failure where nothing runs, a file cannot be read, or the stack does not get on with one.
    """
    if key is not None and len(files) > 1:
        raise Failure("--key names one file: put the files one by one")
    for file in files:
        if not file.is_file():
            raise Failure(f"{file} is no file" if file.exists() else f"there is no file {file}")
    said = stack.described()
    if not cloud.answers(said["EndpointUrl"]):
        raise Failure(f"the local cloud does not answer at {said['EndpointUrl']}: `make run` starts it anew")

    catalogue = Catalogue(said)
    settled: dict[str, Entry] = {}
    with Progress() as progress:
        steps = {}
        uploads: list[Upload] = []
        for file in files:
            name = key or f"{FOLDER}/{file.name}"
            step = progress.begin(name, "put into the archive")
            try:
                upload = catalogue.put(name, file)
            except OSError as exc:
                raise Failure(f"{file} cannot be read: {exc.strerror}") from exc
            steps[upload.id] = step
            uploads.append(upload)

        def seen(upload: Upload, entry: Entry) -> None:
            steps[upload.id].note = f"{wording.amount(entry)}, loading"

        for upload, entry in catalogue.follow(uploads, seen=seen):
            settled[upload.id] = entry
            progress.end(steps[upload.id], entry["status"], failed=not succeeded(entry))

    for upload in uploads:
        print(f"\n{upload.key}")
        for line in wording.report(settled[upload.id]):
            print(line)
        print(f"  {'entry':<12}{catalogue.api_url}/files/{upload.id}")
    return 0 if all(succeeded(entry) for entry in settled.values()) else 1
