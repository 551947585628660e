"""Where things are in this checkout."""

import hashlib
import platform
import shutil
from collections.abc import Iterable
from pathlib import Path

from local.errors import Failure

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / ".local"
SOURCE = ROOT / "src"
EVENTS = ROOT / "events"
TEMPLATE = ROOT / "template.yaml"
SAM_CONFIG = ROOT / "samconfig.toml"
BUILD = ROOT / ".aws-sam" / "build"

CLOUD_ENVIRONMENT = HERE / "env" / "cloud"
SAM_ENVIRONMENT = HERE / "env" / "sam"


def program(environment: Path, name: str) -> str:
    path = environment / "bin" / name
    if not path.exists():
        raise Failure(f"{path} is missing: `python3 local/bootstrap.py {environment.name}` makes it")
    return str(path)


def package_file(package: str, name: str) -> Path:
    """A file inside a package of the cloud environment. The package is not imported: some want pandas for that."""
    found = sorted(CLOUD_ENVIRONMENT.glob(f"lib/python3*/site-packages/{package}/{name}"))
    if not found:
        raise Failure(f"{package}/{name} is missing: `python3 local/bootstrap.py cloud` installs it")
    return found[-1]


def architecture() -> str:
    """This machine's processor in Lambda's words."""
    return "arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"


def source_files() -> list[Path]:
    """What the functions are made of."""
    return sorted(path for path in SOURCE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def sample_files() -> list[Path]:
    return sorted(EVENTS.rglob("*.json"))


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    """Changes when a path, its content or any of `more` does."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    digest.update("\0".join(more).encode())
    return digest.hexdigest()


def require_space(bytes_needed: int = 1_000_000_000) -> None:
    """Raises Failure while less than that is free where the checkout is."""
    free = shutil.disk_usage(ROOT).free
    if free < bytes_needed:
        raise Failure(f"only {free / 1e6:.0f} MB are free on the disk of {ROOT}; {bytes_needed / 1e6:.0f} MB are needed")
