"""The figures, each taken beside its limit or its peer in one run: `make bench`."""

import sys

# behind whatever a benchmark puts there, as the build; without `pathlib`, whose import would count in every engine's start
sys.path.append(f"{__file__.removesuffix('benchmarks/__init__.py')}src")
