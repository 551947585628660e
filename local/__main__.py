"""`python -m local VERB`: see the Makefile for what each is for."""

import os
import signal
import sys
from types import FrameType

from local.errors import Failure
from local.verbs import VERBS, parser

_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    asked, rest = parser().parse_known_args(arguments)
    if rest and asked.verb != "deploy":
        raise Failure(f"`{asked.verb}` takes no {rest[0]!r}; `python -m local {asked.verb} --help` says what it takes")
    asked.rest = rest
    return VERBS[asked.verb].act(asked) or 0


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
