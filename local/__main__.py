"""`python -m local VERB`: see the Makefile for what each is for."""

import argparse
import os
import shlex
import signal
import sys
from math import inf
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from local.errors import Failure

if TYPE_CHECKING:
    from mesonet.domain.instant import Interval

_PORT = 4566
_API_PORT = 3000
_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    asked, rest = _parser().parse_known_args(arguments)
    if rest and asked.verb != "deploy":
        raise Failure(f"`{asked.verb}` takes no {rest[0]!r}; `python -m local {asked.verb} --help` says what it takes")
    # Imported as needed: `stop` need not wait for the AWS client
    match asked.verb:
        case "run":
            from local import run

            return run.run(asked.port, detach=asked.detach)
        case "stop":
            from local import run

            return run.stop()
        case "put":
            from local import put

            return put.put(asked.files, asked.key)
        case "key":
            from local import keys

            if asked.revoke:
                return keys.revoke(asked.revoke, asked.env)
            if asked.list:
                return keys.show(asked.env)
            return keys.give(asked.name, asked.stations.split(","), asked.scopes.split(","), asked.days, asked.env)
        case "reindex":
            from local import reindex

            return reindex.reindex(asked.env)
        case "api":
            from local import containers

            return containers.serve_api(asked.port)
        case "package":
            from local import packaging

            print(packaging.package(asked.bucket, asked.out, architecture=asked.architecture, endpoint=asked.endpoint))
            return 0
        case "bootstrap":
            from local import accounts

            return accounts.bootstrap()
        case "pipeline":
            from local import accounts

            return accounts.pipeline()
        case "rehearse":
            from local import rehearsal

            return rehearsal.main()
        case "replay":
            from local import operations

            period = _period(asked.begin, asked.end)
            operations.replay(operations.target(asked.env), prefix=asked.prefix, period=period, rate=asked.rate)
            return 0
        case "reconcile" | "redrive" | "recover" | "sense" | "backfill":
            from local import operations

            at = operations.target(asked.env)
            match asked.verb:
                case "reconcile":
                    operations.reconcile(at, settled_s=asked.settled, phase=asked.phase)
                case "redrive":
                    operations.redrive(at, rate=asked.rate, dry=asked.dry)
                case "recover":
                    operations.recover(at, prefix=asked.prefix)
                case "sense":
                    operations.sense(at, asked.station, asked.values, observed_at=asked.time)
                case "backfill":
                    operations.backfill(at, asked.folder, prefix=asked.prefix)
            return 0
        case "restore":
            from local import operations, restoration

            restoration.restore(operations.target(asked.env), asked.table, restoration.moment(asked.at), copy=asked.copy)
            return 0
        case "versions":
            from local import operations, stack, versions

            versions.prune(operations.target(asked.env), stack.stack_name(asked.env), keep=asked.keep, dry=asked.dry)
            return 0
        case "page":
            from local import stack

            return stack.publish_page(asked.environment)
        case "build":
            from local import artifact, checkout

            print("built" if artifact.build(checkout.architecture()) else "built before; nothing has changed")
            return 0
        case "deploy":
            from local import stack

            return stack.deploy_to_aws(asked.env or asked.environment, rest, asked.set)
    raise AssertionError(asked.verb)


def _period(begin: str, end: str) -> "Interval":
    """Raises Failure."""
    from mesonet.domain.instant import interval
    from mesonet.errors import InvalidParameter

    try:
        return interval(f"{begin or '..'}/{end or '..'}", parameter="FROM/TO")
    except InvalidParameter as exc:
        raise Failure(
            f"FROM and TO are dates or instants, as in FROM=2026-01-01 TO=2026-01-31T12:00:00Z: {exc.detail}"
        ) from exc


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description="Mesonet on this machine.")
    verbs = parser.add_subparsers(dest="verb", required=True)

    run = verbs.add_parser("run", help="start the local cloud, deploy, load demonstration data")
    run.add_argument("--port", type=_port, default=_from_environment("PORT", _PORT))
    run.add_argument("--detach", action="store_true", default=os.environ.get("DETACH", "") not in ("", "0"))

    verbs.add_parser("stop", help="end what `run` started")

    put = verbs.add_parser("put", help="upload files and follow them")
    put.add_argument("files", nargs="+", type=Path, metavar="FILE")
    put.add_argument("--key", help="the key in the archive, for one file (default: uploads/<name>)")

    key = verbs.add_parser("key", help="give an operator a key, list the keys, revoke one")
    key.add_argument("--name", default="", help="who gets it")
    key.add_argument("--stations", default="", help="patterns of station identifiers, with commas between")
    key.add_argument("--scopes", default="observations:write", help="what it is for, with commas between")
    key.add_argument("--days", type=int, help="how long it counts (default: a year; 0: until it is revoked)")
    key.add_argument("--list", action="store_true")
    key.add_argument("--revoke", metavar="ID")
    key.add_argument("--env", default="local", help="of samconfig.toml")

    reindex = verbs.add_parser("reindex", help="make the search index anew from the catalogue")
    reindex.add_argument("--env", default="local", help="of samconfig.toml")

    api = verbs.add_parser("api", help="serve the API from the Lambda runtime in Docker")
    api.add_argument("--port", type=_port, default=_API_PORT)

    package = verbs.add_parser("package", help="build, and put everything that is released into one folder")
    package.add_argument("bucket", help="where the functions' code goes")
    package.add_argument("--out", type=Path, required=True)
    package.add_argument("--architecture", choices=("arm64", "x86_64"), default="arm64")
    package.add_argument("--endpoint", help="of a local cloud, instead of AWS")

    verbs.add_parser("bootstrap", help="say what an empty account needs, or make a stage's roles in it")
    verbs.add_parser("pipeline", help="deploy the pipeline")

    verbs.add_parser("rehearse", help="release a broken version on the local cloud, and see it taken back")

    reconcile = verbs.add_parser("reconcile", help="compare the archive with the catalogue and the observations, and mend")
    reconcile.add_argument("--settled", type=int, default=0, help="leave alone what came within so many seconds")
    reconcile.add_argument(
        "--phase",
        choices=("bucket", "catalogue", "live", "latest"),
        default="bucket",
        help="where to begin; `live` brings back what came live from its copies",
    )

    redrive = verbs.add_parser("redrive", help="send dead letters back to where they came from")
    redrive.add_argument("--dry", action="store_true", help="only count them")

    recover = verbs.add_parser("recover", help="bring readings into the lake that could not be delivered")
    recover.add_argument("--prefix", default="", help="of the keys below errors/")

    sense = verbs.add_parser("sense", help="send a reading as a sensor does")
    sense.add_argument("station")
    sense.add_argument("values", help="a JSON object of values by parameter")
    sense.add_argument("--time", default="", help="RFC 3339 (default: now)")

    replay = verbs.add_parser("replay", help="have files read again, without alerts")
    replay.add_argument("--prefix", default="", help="of their keys")
    replay.add_argument("--from", dest="begin", default="", help="when they came: a date or an instant")
    replay.add_argument("--to", dest="end", default="")

    backfill = verbs.add_parser("backfill", help="bring history into the archive beside what is live")
    backfill.add_argument("folder", type=Path)
    backfill.add_argument("--prefix", default="", help="of the keys")

    restore = verbs.add_parser("restore", help="restore a table to a point in time, beside the table, and compare")
    restore.add_argument("table", help="as the stack's outputs call it: FilesTable")
    restore.add_argument("--at", default="", help="the moment, RFC 3339 (default: the latest there is)")
    restore.add_argument("--copy", action="store_true", help="copy back what is missing")

    for each in (reconcile, redrive, recover, sense, replay, backfill, restore):
        each.add_argument("--env", default="", help="an environment of samconfig.toml (default: the stack of `make run`)")
    for each in (redrive, replay):
        each.add_argument("--rate", type=_rate, default=20.0, help="at most so many a second")

    versions = verbs.add_parser("versions", help="remove versions of functions that no alias leads to")
    versions.add_argument("--env", required=True, help="an environment of samconfig.toml")
    versions.add_argument("--keep", type=int, default=10, help="so many of those before the one in use (default: %(default)s)")
    versions.add_argument("--dry", action="store_true", help="only say which")

    verbs.add_parser("build", help="build the functions")

    page = verbs.add_parser("page", help="build the web page and put it where a stack in AWS serves it from")
    page.add_argument("environment", help="of samconfig.toml")

    deploy = verbs.add_parser("deploy", help="build and deploy to AWS; what it does not know it passes on to `sam deploy`")
    deploy.add_argument("environment", nargs="?", default="dev", help="of samconfig.toml")
    deploy.add_argument("--env", help="the same")
    deploy.add_argument("--set", type=_assignments, default={}, metavar="'NAME=value …'", help="parameters, over the stage's")
    return parser


def _from_environment(name: str, default: int) -> int:
    written = os.environ.get(name, "")
    try:
        return _port(written) if written else default
    except argparse.ArgumentTypeError as exc:
        raise Failure(f"{name}: {exc}") from None


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


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """The first request to end counts; those that follow must not break into the tidying up."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # `nohup make run` is to outlive its terminal
        signal.signal(signal.SIGHUP, _interrupt)
    if isinstance(sys.stdout.errors, str):
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without ✓ gets a question mark
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        if failure.tail:
            print(failure.tail, file=sys.stderr)
        sys.exit(f"mesonet: {failure.line}")
    except BrokenPipeError:  # whoever read the output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nmesonet: interrupted", file=sys.stderr)
        sys.exit(_INTERRUPTED)
