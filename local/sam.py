"""The SAM CLI, from its own environment."""

import os
from pathlib import Path

from local import checkout, processes
from local.cloud import CREDENTIALS, REGION
from local.errors import Failure

_OF_AN_ACCOUNT = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")


def environment(endpoint: str | None = None) -> dict[str, str]:
    """What `sam` runs with. With an endpoint: nothing of the account that the user is signed in to."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    settings |= {
        "PATH": f"{checkout.SAM_ENVIRONMENT / 'bin'}{os.pathsep}{settings.get('PATH', os.defpath)}",  # its Python 3.13 and pip
        "SAM_CLI_TELEMETRY": "0",
    }
    if endpoint is None:
        return settings
    for name in _OF_AN_ACCOUNT:
        settings.pop(name, None)
    return {
        **settings,
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "SAM_CLI_POLL_DELAY": "0.5",  # seconds between two looks at the stack; by itself 5
    }


def command(*arguments: str) -> list[str]:
    return [checkout.program(checkout.SAM_ENVIRONMENT, "sam"), *arguments]


def run(*arguments: str, what: str, log: Path, endpoint: str | None = None) -> None:
    """Runs `sam` silently. Raises Failure with the end of its output: `what` failed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    status = processes.run(command(*arguments), env=environment(endpoint), log=log)
    if status != 0:
        output = processes.tail(log)
        if "No space left" in output:
            raise Failure(f"{what} failed: no space is left on the disk")
        raise Failure(f"{what} failed; this is the end of {_short(log)}:", tail=output)


def _short(log: Path) -> str:
    return str(log.relative_to(checkout.ROOT)) if log.is_relative_to(checkout.ROOT) else str(log)
