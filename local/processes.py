"""Child processes, each the leader of a group of its own, so that it can be ended with everything it started.

A group of its own also keeps the terminal's Ctrl-C away from the children: this program gets it and ends them in order.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_LONG = 500  # characters of one line of a log
_POLITELY = 3.0  # seconds between asking a group to end and ending it; the local cloud takes under 2


def start(
    command: Sequence[str], *, env: Mapping[str, str], log: Path, keep: Sequence[int] = (), folder: Path | None = None
) -> subprocess.Popen[bytes]:
    """Starts `command` in a folder, with all its output in `log`; `keep` are file descriptors that it inherits."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=folder,
            start_new_session=True,
            pass_fds=keep,
        )


def run(command: Sequence[str], *, env: Mapping[str, str], log: Path, folder: Path | None = None) -> int:
    """Runs `command` to its end and returns its exit status; interrupted, it leaves nothing behind."""
    child = start(command, env=env, log=log, folder=folder)
    try:
        return child.wait()
    finally:
        end_group(child.pid, child)


def listens(child: subprocess.Popen[bytes], port: int, *, within_s: float) -> bool:
    """Waits until somebody takes connections at the port of this machine; no longer than the child lives."""
    until = time.monotonic() + within_s
    while time.monotonic() < until and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def end_group(leader: int, child: subprocess.Popen[bytes] | None = None) -> bool:
    """Ends all processes of the group, politely at first; `child` is its leader if this process is the parent.

    Returns whether the group is gone.
    """
    for number, patience in ((signal.SIGTERM, _POLITELY), (signal.SIGKILL, _POLITELY)):
        try:
            os.killpg(leader, number)
        except ProcessLookupError:
            return True
        except PermissionError:  # macOS, when only zombies are left
            pass
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if child is not None:
                child.poll()
            if not group_is_alive(leader):
                if child is not None:
                    child.wait()  # it may have ended since it was last looked at
                return True
            time.sleep(0.02)
    return False


def group_is_alive(leader: int) -> bool:
    """Whether a process of the group still runs. One that ended and waits to be reaped by init does not count."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    if not Path("/proc/self/stat").exists():
        return True
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            state, _parent, group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it ended meanwhile
            continue
        if int(group) == leader and state not in "ZX":
            return True
    return False


def tail(log: Path, lines: int = 25) -> str:
    """The last lines of a log, the very long ones cut."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join([line.rstrip()[:_LONG] for line in text.splitlines() if line.strip()][-lines:])
