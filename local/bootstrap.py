"""Makes the environments that the Makefile's targets run in: `python3 local/bootstrap.py cloud sam dev`.

Standard library only, on any Python from 3.9: this is what runs first on a fresh machine. It fetches the pinned `uv`,
finds or installs Python 3.13, and fills each named environment with exactly the pinned, hash-checked packages of
requirements/. What is up to date is left alone, in a few hundredths of a second; hence the late imports.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / ".local"
UV = HERE / "tools" / "bin" / "uv"
STAMP = "mesonet.stamp"
PYTHON = "3.13"
OLDEST_UV = (0, 8)  # the first with every option used here and in `make lock`

# name: (folder, files of requirements)
ENVIRONMENTS = {
    "bench": (HERE / "env" / "bench", ["bench.txt"]),
    "cloud": (HERE / "env" / "cloud", ["cloud.txt", "demo.txt"]),
    "dev": (ROOT / ".venv", ["dev.txt"]),
    "sam": (HERE / "env" / "sam", ["sam.txt"]),
    "web": (HERE / "env" / "web", ["web.txt"]),
    "security": (HERE / "env" / "security", ["security.txt"]),
}


class Failure(Exception):
    """What the user is told, in one line, instead of a traceback."""


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - set(ENVIRONMENTS))
    if unknown:
        raise Failure(f"no environment is called {unknown[0]}; there are: {', '.join(ENVIRONMENTS)}")
    if UV.exists() and not stale(names):
        return 0

    HERE.mkdir(exist_ok=True)
    with (HERE / "bootstrap.lock").open("w") as lock:
        hold(lock.fileno())
        install_uv()
        names = stale(names)  # another make may have done it meanwhile
        if names:
            fill_all(names, find_python())
    return 0


def stale(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if read_stamp(name) != wanted_stamp(name)]


def requirements(name: str) -> list[Path]:
    return [ROOT / "requirements" / file for file in ENVIRONMENTS[name][1]]


def wanted_stamp(name: str) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in requirements(name))).hexdigest()


def read_stamp(name: str) -> str:
    folder = ENVIRONMENTS[name][0]
    if not (folder / "bin" / "python").exists():  # also when the interpreter behind the link has gone
        return ""
    try:
        return (folder / STAMP).read_text()
    except OSError:
        return ""


def hold(lock: int) -> None:
    """Wait until no other bootstrap of this checkout is at work."""
    import fcntl

    fcntl.flock(lock, fcntl.LOCK_EX)


def install_uv() -> None:
    if UV.exists() and output([str(UV), "--version"]):
        return
    import shutil

    shutil.rmtree(HERE / "tools", ignore_errors=True)
    UV.parent.mkdir(parents=True)
    theirs = shutil.which("uv")
    if theirs and version(output([theirs, "--version"])) >= OLDEST_UV:
        UV.symlink_to(Path(theirs).resolve())
        return

    started = now()
    tools = HERE / "tools"
    pip_options = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    pinned = ["-r", str(ROOT / "requirements" / "tools.txt")]
    if output([sys.executable, "-m", "pip", "--version"]):  # spares the making of an environment, some seconds
        target = tools / "lib"
        run([sys.executable, "-m", "pip", *pip_options, "--target", str(target), *pinned], "uv", PIP_USER="0")
        UV.symlink_to(target / "bin" / "uv")
    elif output([sys.executable, "-c", "import ensurepip; print('there')"]):
        run([sys.executable, "-m", "venv", str(tools / "venv")], "uv")
        run([str(tools / "venv" / "bin" / "python"), "-m", "pip", *pip_options, *pinned], "uv")
        UV.symlink_to(tools / "venv" / "bin" / "uv")
    else:
        raise Failure(
            f"{sys.executable} has neither pip nor venv: install python3-venv (Debian, Ubuntu), python3-pip (Fedora) or uv"
        )
    say("uv", started)


def find_python() -> str:
    """A Python 3.13: one that uv sees, one of pyenv's, or one that uv fetches."""
    found = usable(output([str(UV), "python", "find", "--system", "--no-python-downloads", PYTHON]))
    if found:
        return found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for candidate in sorted(
        pyenv.glob(PYTHON + ".*/bin/python" + PYTHON), key=lambda p: version(str(p.parts[-3])), reverse=True
    ):
        found = usable(str(candidate))
        if found:
            return found
    started = now()
    import subprocess

    done = subprocess.run([str(UV), "python", "install", "--quiet", PYTHON], env=environment(), capture_output=True, text=True)
    if done.returncode == 0:
        found = usable(output([str(UV), "python", "find", "--managed-python", "--no-python-downloads", PYTHON]))
        if found:
            say("Python " + PYTHON, started)
            return found
    if disk_full(done.stderr):
        raise Failure(NO_SPACE)
    raise Failure(f"found no Python {PYTHON} and could not download one: install it or connect to the network, then try again")


def usable(python: str) -> str:
    """The real path of that interpreter if it runs, is the right version and can speak TLS; otherwise nothing."""
    if not python:
        return ""
    probe = "import ssl, sys, venv; print(sys.executable if '%d.%d' % sys.version_info[:2] == '" + PYTHON + "' else '')"
    return output([python, "-I", "-c", probe])


def fill_all(names: list[str], python: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(names)) as pool:  # each waits for the network, then for the disk
        failures = []
        for outcome in [pool.submit(fill, name, python) for name in names]:
            try:
                outcome.result()
            except (Failure, OSError) as failure:
                failures.append(failure)
    if failures:
        raise failures[0]


def fill(name: str, python: str) -> None:
    started = now()
    folder = ENVIRONMENTS[name][0]
    stamp = wanted_stamp(name)
    (folder / STAMP).unlink(missing_ok=True)
    inside = folder / "bin" / "python"
    if usable(str(inside) if inside.exists() else "") == "":
        run([str(UV), "venv", "--quiet", "--clear", "--no-project", "--python", python, str(folder)], name)
    files = [str(path) for path in requirements(name)]
    run([str(UV), "pip", "sync", "--quiet", "--require-hashes", "--python", str(inside), *files], name)
    (folder / STAMP).write_text(stamp)
    say(f"{name} environment", started)


def run(command: list[str], what: str, **extra: str) -> None:
    import subprocess

    done = subprocess.run(command, env={**environment(), **extra}, capture_output=True, text=True)
    if done.returncode:
        if disk_full(done.stderr):
            raise Failure(NO_SPACE)
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise Failure(
            f"could not set up {what} (is the network there?): {' '.join(lines[-3:]) or f'exit status {done.returncode}'}"
        )


def output(command: list[str]) -> str:
    """What the command prints, or nothing if it cannot be run or fails."""
    import subprocess

    try:
        done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def environment() -> dict[str, str]:
    """The user's environment without what would point uv or Python somewhere else; mirrors and proxies stay."""
    misleading = {"CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "VIRTUAL_ENV"}
    return {name: value for name, value in os.environ.items() if name not in misleading}


def version(text: str) -> tuple[int, ...]:
    import re

    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def disk_full(text: str) -> bool:
    return "No space left" in text or "os error 28" in text or "Disk quota exceeded" in text


NO_SPACE = "no space is left on the disk; the environments need about 1 GB"


def now() -> float:
    import time

    return time.monotonic()


def say(what: str, started: float) -> None:
    print(f"{what} ... {now() - started:.1f} s", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        sys.exit(f"mesonet: {failure}")
    except OSError as failure:
        sys.exit(f"mesonet: {NO_SPACE if failure.errno == 28 else failure}")
    except KeyboardInterrupt:
        sys.exit(130)
