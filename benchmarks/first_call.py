"""What one measured process runs, as Lambda would: it imports a handler, answers one event, and says what each has cost.

Called as `python -I -S -B first_call.py FOLDER MODULE FUNCTION [EVENT_FILE]`. Whatever this file imports before
the handler would be counted to the handler's advantage; hence the late imports.
"""

import resource
import sys
import time

type Mark = tuple[float, float, int]


def mark() -> Mark:
    """The clock (the same one in all processes), the processor time of this process in seconds, the modules imported."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.monotonic(), used.ru_utime + used.ru_stime, len(sys.modules)


class Context:
    """What Lambda hands to a handler beside the event."""

    function_name = "measured"
    function_version = "$LATEST"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:measured"
    aws_request_id = "6f747d88-7d34-4f22-a85c-5a06bd6ea9d4"
    log_group_name = "/aws/lambda/measured"
    log_stream_name = "2024/01/01/[$LATEST]0"

    def get_remaining_time_in_millis(self) -> int:
        return 600_000  # files are begun with enough time left only


def main(folder: str, module: str, function: str, event_file: str = "") -> None:
    sys.path.insert(0, folder)
    __import__(module)
    handle = getattr(sys.modules[module], function)
    marks, answer = [mark()], None

    if event_file:
        import json

        with open(event_file) as event:  # noqa: PTH123 (pathlib is slow to import)
            answer = handle(json.load(event), Context())
        marks.append(mark())

    import json

    print(json.dumps({"marks": marks, "answer": answer}))


if __name__ == "__main__":
    main(*sys.argv[1:])
