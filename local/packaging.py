"""What is released, in one folder: the packed template, the stages' parameters, the bill of materials, and its name."""

import json
import shutil
import subprocess
from pathlib import Path

from local import artifact, checkout, release, sam
from local.errors import Failure


def package(bucket: str, folder: Path, *, architecture: str, endpoint: str | None = None) -> str:
    """Builds, puts the functions into the bucket, and fills the folder. Returns the release's name."""
    artifact.build(architecture)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with artifact.packed() as template:
        sam.run(
            "package",
            "--template-file",
            str(template),
            "--s3-bucket",
            bucket,
            "--s3-prefix",
            "functions",
            "--output-template-file",
            str(folder / "template.yaml"),
            what="the packing",
            log=checkout.HERE / "package.log",
            endpoint=endpoint,
        )
    shutil.copytree(checkout.ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    bill_of_materials(folder / "sbom.json")
    name = release.identifier()
    (folder / "release.json").write_text(json.dumps({"release": name, "architecture": architecture}, indent=2) + "\n")
    return name


def bill_of_materials(target: Path) -> None:
    """CycloneDX of what is shipped: the runtime's requirements, with their hashes."""
    command = [
        checkout.program(checkout.HERE / "env" / "security", "cyclonedx-py"),
        "requirements",
        str(checkout.SOURCE / "requirements.txt"),
        "--output-reproducible",
        "--of",
        "JSON",
        "-o",
        str(target),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure("the bill of materials could not be made:", tail=done.stderr[-2000:])
