"""What one measured process runs: it imports a handler, and answers each of some events many times over.

Called as `python -I -S -B warm_calls.py FOLDER MODULE FUNCTION EVENTS_FILE SECONDS`; prints processor time and bytes of each.
"""

import json
import sys
import time


class Context:
    function_name = "measured"
    function_version = "$LATEST"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:measured"
    aws_request_id = "6f747d88-7d34-4f22-a85c-5a06bd6ea9d4"
    log_group_name = "/aws/lambda/measured"
    log_stream_name = "2024/01/01/[$LATEST]0"

    def get_remaining_time_in_millis(self) -> int:
        return 25_000


def main(folder: str, module: str, function: str, events_file: str, seconds: str) -> None:
    sys.path.insert(0, folder)
    __import__(module)
    handle = getattr(sys.modules[module], function)
    with open(events_file) as file:  # noqa: PTH123 (as first_call.py)
        events = json.load(file)
    found = {}
    for name, event in events.items():
        for _ in range(3):
            answer = handle(json.loads(json.dumps(event)), Context())
        if answer["statusCode"] != 200:
            raise SystemExit(f"{name}: {answer}")
        costs: list[float] = []
        until = time.monotonic() + float(seconds)
        while time.monotonic() < until or len(costs) < 5:
            given = json.loads(json.dumps(event))
            begin = time.process_time()
            handle(given, Context())
            costs.append(time.process_time() - begin)
        found[name] = {"cpu_ms": sorted(costs)[len(costs) // 2] * 1000, "calls": len(costs), "bytes": len(answer["body"])}
    print("\n" + json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
