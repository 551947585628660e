"""The figures, each taken beside its limit or its peer in one run: `make bench`."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "src"))  # behind whatever a benchmark puts there, as the build
