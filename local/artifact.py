"""The build: what `sam build` makes of the functions, without what they never use and with their bytecode."""

import fcntl
import json
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import checkout, processes, sam
from local.errors import Failure

_CLIENT = re.compile(r"""\bclient\(\s*["']([a-z0-9-]+)["']""")
_CODE = re.compile(r"^( +CodeUri: )(\w+)$", re.MULTILINE)
_PACKED = "packed.yaml"
_ONE = "OnUploadFunction"  # which SAM builds
_ALIKE = "Functions"  # the folder of its code
_WITH_SAMPLES = "Hooks"  # the same, and the sample events
_STAMP = "mesonet.stamp"
_BUILT = checkout.BUILD / "template.yaml"
LOG = checkout.HERE / "build.log"


def build(architecture: str) -> bool:
    """Makes `.aws-sam/build` unless it is there already, from the same sources. Returns whether there was anything to do.

    All functions have the same code, so SAM builds that of one. Raises Failure with the end of SAM's output.
    """
    with _lock(fcntl.LOCK_EX):
        if is_fresh(architecture):
            return False
        (checkout.BUILD / _STAMP).unlink(missing_ok=True)
        wanted = _fingerprint(architecture)
        sam.run(
            "build",
            _ONE,
            "--template-file",
            str(checkout.TEMPLATE),
            "--build-dir",
            str(checkout.BUILD),
            "--cached",
            "--parameter-overrides",
            f"Architecture={architecture}",
            what="the build",
            log=LOG,
        )
        code, with_samples = checkout.BUILD / _ALIKE, checkout.BUILD / _WITH_SAMPLES
        (checkout.BUILD / _ONE).rename(code)
        prune(code, services_used())
        compile_all(code)
        shutil.copytree(code, with_samples, copy_function=os.link)
        ship_samples(with_samples)
        point(_BUILT)
        pack(_BUILT)
        (checkout.BUILD / _STAMP).write_text(wanted)
        return True


def is_fresh(architecture: str) -> bool:
    try:
        return _BUILT.exists() and (checkout.BUILD / _STAMP).read_text() == _fingerprint(architecture)
    except FileNotFoundError:
        return False


@contextmanager
def packed() -> Iterator[Path]:
    """The template of the packed functions, while nobody builds anew."""
    with _lock(fcntl.LOCK_SH):
        yield built().with_name(_PACKED)


def built() -> Path:
    """The template of the functions' folders. Raises Failure where there is none."""
    if not _BUILT.exists():
        raise Failure("nothing is built: `make build` does it")
    return _BUILT


def services_used() -> set[str]:
    """The AWS services that the functions have clients of."""
    found = {name for path in checkout.source_files() if path.suffix == ".py" for name in _CLIENT.findall(path.read_text())}
    if not found:
        raise Failure("src/ has no client of any AWS service: has `aws.client` got another name?")
    return found


def prune(folder: Path, services: set[str]) -> None:
    """Leaves botocore only the descriptions of the services used; all of them are more than half of the artifact."""
    for described in (folder / "botocore" / "data", folder / "boto3" / "data"):
        if described.is_dir():
            for service in described.iterdir():
                if service.is_dir() and service.name not in services:
                    shutil.rmtree(service)
    endpoints = folder / "botocore" / "data" / "endpoints.json"
    if endpoints.exists():  # 1.3 MB that every start would parse
        known = json.loads(endpoints.read_bytes())
        for partition in known["partitions"]:
            partition["services"] = {name: each for name, each in partition["services"].items() if name in services}
        endpoints.write_text(json.dumps(known, separators=(",", ":")))


def compile_all(folder: Path) -> None:
    """Ships bytecode, which halves a cold start.

    The bytecode never looks at its source's time, which packing and unpacking change. Paths in it are relative: a function's
    working directory is its code.
    """
    python = checkout.program(checkout.CLOUD_ENVIRONMENT, "python")  # of the version that the functions run on
    options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(folder)]
    if processes.run([python, "-m", "compileall", *options, str(folder)], env=sam.environment(), log=LOG) != 0:
        raise Failure(f"a module in {folder} does not compile:", tail=processes.tail(LOG))


def point(template: Path) -> None:
    """Gives each function of a built template its folder of code. Raises Failure where one wants code of its own."""
    import yaml  # here: the benchmarks, which compile what they compare, have neither

    from local import intrinsics

    document = intrinsics.read(template.read_text())
    for name, resource in document["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            if resource["Properties"].get("CodeUri", _ONE) != _ONE:
                raise Failure(f"{name} has a CodeUri of its own, but the code of {_ONE} is built for all functions")
            resource["Properties"]["CodeUri"] = _WITH_SAMPLES if name.startswith("Hook") else _ALIKE
    template.write_text(yaml.safe_dump(document, sort_keys=False))


def pack(template: Path) -> None:
    """Puts each folder of code into a ZIP, and beside the template one that points to them, which is what gets deployed.

    SAM packs the folder of each function anew, at each deployment; a file it takes as it is. The ZIP is the same wherever and
    whenever it was made of the same code.
    """
    text = template.read_text()
    for name in sorted({found[2] for found in _CODE.finditer(text)}):
        folder = template.parent / name
        with zipfile.ZipFile(_anew(folder.with_suffix(".zip")), "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())  # of 1980
                    entry.external_attr = (stat.S_IFREG | 0o755) << 16
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    packed.writestr(entry, path.read_bytes())
    _anew(template.with_name(_PACKED)).write_text(_CODE.sub(r"\1\2.zip", text))


def _anew(path: Path) -> Path:
    """Not the file that is there: it may be linked with another build."""
    path.unlink(missing_ok=True)
    return path


def ship_samples(folder: Path) -> None:
    """What the release's hooks try a new version on."""
    place = folder / "mesonet" / "functions" / "hook_before_traffic" / "events"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(checkout.EVENTS, place)


def _fingerprint(architecture: str) -> str:
    """Of all that the build depends on."""
    return checkout.fingerprint(
        [*checkout.source_files(), *checkout.sample_files(), checkout.TEMPLATE, Path(__file__).resolve()], architecture
    )


@contextmanager
def _lock(kind: int) -> Iterator[None]:
    checkout.HERE.mkdir(exist_ok=True)
    with (checkout.HERE / "build.lock").open("w") as lock:
        fcntl.flock(lock, kind)
        yield
