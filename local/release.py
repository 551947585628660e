"""What a release is: the code, what it depends on, and how it is set up; not what is written about it."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from local import checkout, intrinsics

_LENGTH = 12  # hexadecimal digits; the translator takes the first ten into the name of a version
_BUILDER = Path(__file__).with_name("artifact.py")  # decides what is shipped of the code


def identifier(root: Path = checkout.ROOT) -> str:
    """Names the release that a checkout makes: another one whenever a function would run other code or be set up otherwise.

    The same for every stage, which all get the same artifact. Comments of the template, documents and tests do not count.
    """
    return of(root, (root / "template.yaml").read_text())


def of(root: Path, template: str) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(_parts(root, template).items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_LENGTH]


def _parts(root: Path, template: str) -> Mapping[str, bytes]:
    files = [path for path in (root / "src").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    files += (root / "deploy").glob("*.json")
    return {
        **{path.relative_to(root).as_posix(): path.read_bytes() for path in files},
        "builder": _BUILDER.read_bytes(),
        "template": json.dumps(intrinsics.read(template), sort_keys=True, default=str).encode(),
    }


if __name__ == "__main__":
    print(identifier())
