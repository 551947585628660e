"""What `python -m local` is told to do: for each verb what it is for, what may be said with it, and what does it.

Whatever a verb needs is imported when it is done: `stop` need not wait for the AWS client.
"""

import argparse
import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.errors import Failure

if TYPE_CHECKING:
    from local.operations import Target

_PORT = 4566
_API_PORT = 3000

type Act = Callable[[argparse.Namespace], int | None]  # the status to end with, 0 where nothing is returned


class Argument:
    """As `argparse.ArgumentParser.add_argument` takes it."""

    def __init__(self, *names: str, **options: Any) -> None:
        self.names, self.options = names, options


@dataclass(frozen=True, slots=True)
class Verb:
    help: str
    arguments: tuple[Argument, ...]
    act: Act


VERBS: dict[str, Verb] = {}
OF_A_STACK = Argument("--env", default="", help="an environment of samconfig.toml (default: the stack of `make run`)")
OF_LOCAL = Argument("--env", default="local", help="of samconfig.toml")


def verb(name: str, help: str, *arguments: Argument) -> Callable[[Act], Act]:
    def noted(act: Act) -> Act:
        VERBS[name] = Verb(help, arguments, act)
        return act

    return noted


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m local", description="Mesonet on this machine.")
    verbs = made.add_subparsers(dest="verb", required=True)
    for name, each in VERBS.items():
        takes = verbs.add_parser(name, help=each.help)
        for argument in each.arguments:
            takes.add_argument(*argument.names, **argument.options)
    return made


# What an argument may be ------------------------------------------------------------------------------------------------------


def _assignments(text: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in shlex.split(text)]
    if wrong := [name for name, sign, _ in pairs if not sign or not name.isalnum()]:
        raise argparse.ArgumentTypeError(f"{wrong[0]!r} sets nothing: EventsEnabled=false")
    return {name: value for name, _, value in pairs}


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port (1 to 65535)")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0
    if not 0 < rate < inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate: a number above 0, of a second")
    return rate


AT_A_RATE = Argument("--rate", type=_rate, default=20.0, help="at most so many a second")


# The stack on this machine ----------------------------------------------------------------------------------------------------


@verb(
    "run",
    "start the local cloud, deploy, load demonstration data",
    Argument("--port", type=_port, help="(default: $PORT, or 4566)"),
    Argument("--detach", action="store_true", default=os.environ.get("DETACH", "") not in ("", "0")),
)
def _run(asked: argparse.Namespace) -> int:
    from local import run

    return run.run(asked.port or _port_of_environment(), detach=asked.detach)


def _port_of_environment() -> int:
    try:
        return _port(os.environ.get("PORT") or str(_PORT))
    except argparse.ArgumentTypeError as exc:
        raise Failure(f"PORT: {exc}") from None


@verb("stop", "end what `run` started")
def _stop(_: argparse.Namespace) -> int:
    from local import run

    return run.stop()


@verb(
    "put",
    "upload files and follow them",
    Argument("files", nargs="+", type=Path, metavar="FILE"),
    Argument("--key", help="the key in the archive, for one file (default: uploads/<name>)"),
)
def _put(asked: argparse.Namespace) -> int:
    from local import put

    return put.put(asked.files, asked.key)


@verb(
    "key",
    "give an operator a key, list the keys, revoke one",
    Argument("--name", default="", help="who gets it"),
    Argument("--stations", default="", help="patterns of station identifiers, with commas between"),
    Argument("--scopes", default="observations:write", help="what it is for, with commas between"),
    Argument("--days", type=int, help="how long it counts (default: a year; 0: until it is revoked)"),
    Argument("--list", action="store_true"),
    Argument("--revoke", metavar="ID"),
    OF_LOCAL,
)
def _key(asked: argparse.Namespace) -> int:
    from local import keys

    if asked.revoke:
        return keys.revoke(asked.revoke, asked.env)
    if asked.list:
        return keys.show(asked.env)
    return keys.give(asked.name, asked.stations.split(","), asked.scopes.split(","), asked.days, asked.env)


@verb("reindex", "make the search index anew from the catalogue", OF_LOCAL)
def _reindex(asked: argparse.Namespace) -> int:
    from local import reindex

    return reindex.reindex(asked.env)


@verb("api", "serve the API from the Lambda runtime in Docker", Argument("--port", type=_port, default=_API_PORT))
def _api(asked: argparse.Namespace) -> int:
    from local import containers

    return containers.serve_api(asked.port)


@verb("rehearse", "release a broken version on the local cloud, and see it taken back")
def _rehearse(_: argparse.Namespace) -> int:
    from local import rehearsal

    return rehearsal.main()


# Releasing --------------------------------------------------------------------------------------------------------------------


@verb("build", "build the functions")
def _build(_: argparse.Namespace) -> None:
    from local import artifact, checkout

    print("built" if artifact.build(checkout.architecture()) else "built before; nothing has changed")


@verb(
    "package",
    "build, and put everything that is released into one folder",
    Argument("bucket", help="where the functions' code goes"),
    Argument("--out", type=Path, required=True),
    Argument("--architecture", choices=("arm64", "x86_64"), default="arm64"),
    Argument("--endpoint", help="of a local cloud, instead of AWS"),
)
def _package(asked: argparse.Namespace) -> None:
    from local import packaging

    print(packaging.package(asked.bucket, asked.out, architecture=asked.architecture, endpoint=asked.endpoint))


@verb("bootstrap", "say what an empty account needs, or make a stage's roles in it")
def _bootstrap(_: argparse.Namespace) -> int:
    from local import accounts

    return accounts.bootstrap()


@verb("pipeline", "deploy the pipeline")
def _pipeline(_: argparse.Namespace) -> int:
    from local import accounts

    return accounts.pipeline()


@verb(
    "deploy",
    "build and deploy to AWS; what it does not know it passes on to `sam deploy`",
    Argument("environment", nargs="?", default="dev", help="of samconfig.toml"),
    Argument("--env", help="the same"),
    Argument("--set", type=_assignments, default={}, metavar="'NAME=value …'", help="parameters, over the stage's"),
)
def _deploy(asked: argparse.Namespace) -> int:
    from local import stack

    return stack.deploy_to_aws(asked.env or asked.environment, asked.rest, asked.set)


@verb(
    "page",
    "build the web page and put it where a stack in AWS serves it from",
    Argument("environment", help="of samconfig.toml"),
)
def _page(asked: argparse.Namespace) -> int:
    from local import stack

    return stack.publish_page(asked.environment)


@verb(
    "versions",
    "remove versions of functions that no alias leads to",
    Argument("--env", required=True, help="an environment of samconfig.toml"),
    Argument("--keep", type=int, default=10, help="so many of those before the one in use (default: %(default)s)"),
    Argument("--dry", action="store_true", help="only say which"),
)
def _versions(asked: argparse.Namespace) -> None:
    from local import stack, versions

    versions.prune(_at(asked), stack.stack_name(asked.env), keep=asked.keep, dry=asked.dry)


# Operating a stack ------------------------------------------------------------------------------------------------------------


def _at(asked: argparse.Namespace) -> "Target":
    from local import operations

    return operations.target(asked.env)


@verb(
    "reconcile",
    "compare the archive with the catalogue and the observations, and mend",
    Argument("--settled", type=int, default=0, help="leave alone what came within so many seconds"),
    Argument(
        "--phase",
        choices=("bucket", "catalogue", "live", "latest"),
        default="bucket",
        help="where to begin; `live` brings back what came live from its copies",
    ),
    OF_A_STACK,
)
def _reconcile(asked: argparse.Namespace) -> None:
    from local import operations

    operations.reconcile(_at(asked), settled_s=asked.settled, phase=asked.phase)


@verb(
    "redrive",
    "send dead letters back to where they came from",
    Argument("--dry", action="store_true", help="only count them"),
    OF_A_STACK,
    AT_A_RATE,
)
def _redrive(asked: argparse.Namespace) -> None:
    from local import operations

    operations.redrive(_at(asked), rate=asked.rate, dry=asked.dry)


@verb(
    "recover",
    "bring readings into the lake that could not be delivered",
    Argument("--prefix", default="", help="of the keys below errors/"),
    OF_A_STACK,
)
def _recover(asked: argparse.Namespace) -> None:
    from local import operations

    operations.recover(_at(asked), prefix=asked.prefix)


@verb(
    "sense",
    "send a reading as a sensor does",
    Argument("station"),
    Argument("values", help="a JSON object of values by parameter"),
    Argument("--time", default="", help="RFC 3339 (default: now)"),
    OF_A_STACK,
)
def _sense(asked: argparse.Namespace) -> None:
    from local import operations

    operations.sense(_at(asked), asked.station, asked.values, observed_at=asked.time)


@verb(
    "replay",
    "have files read again, without alerts",
    Argument("--prefix", default="", help="of their keys"),
    Argument("--from", dest="begin", default="", help="when they came: a date or an instant"),
    Argument("--to", dest="end", default=""),
    OF_A_STACK,
    AT_A_RATE,
)
def _replay(asked: argparse.Namespace) -> None:
    from local import operations
    from mesonet.domain.instant import interval
    from mesonet.errors import InvalidParameter

    try:
        period = interval(f"{asked.begin or '..'}/{asked.end or '..'}", parameter="FROM/TO")
    except InvalidParameter as exc:
        raise Failure(
            f"FROM and TO are dates or instants, as in FROM=2026-01-01 TO=2026-01-31T12:00:00Z: {exc.detail}"
        ) from exc
    operations.replay(_at(asked), prefix=asked.prefix, period=period, rate=asked.rate)


@verb(
    "backfill",
    "bring history into the archive beside what is live",
    Argument("folder", type=Path),
    Argument("--prefix", default="", help="of the keys"),
    OF_A_STACK,
)
def _backfill(asked: argparse.Namespace) -> None:
    from local import operations

    operations.backfill(_at(asked), asked.folder, prefix=asked.prefix)


@verb(
    "restore",
    "restore a table to a point in time, beside the table, and compare",
    Argument("table", help="as the stack's outputs call it: FilesTable"),
    Argument("--at", default="", help="the moment, RFC 3339 (default: the latest there is)"),
    Argument("--copy", action="store_true", help="copy back what is missing"),
    OF_A_STACK,
)
def _restore(asked: argparse.Namespace) -> None:
    from local import restoration

    restoration.restore(_at(asked), asked.table, restoration.moment(asked.at), copy=asked.copy)
