"""`python -m benchmarks`: all figures; options are passed on."""

import sys

from benchmarks import cold_start
from local.errors import Failure

if __name__ == "__main__":
    try:
        sys.exit(cold_start.main())
    except Failure as failure:
        print(failure.tail, file=sys.stderr)
        sys.exit(f"mesonet: {failure.line}")
    except KeyboardInterrupt:
        sys.exit(130)
