"""Mesonet on this machine: a local cloud, the stack in it, demonstration data. The Makefile calls `python -m local VERB`.

The product in `src/` knows nothing of this package; this package imports the product's domain.
"""

import sys
from pathlib import Path

_PRODUCT = str(Path(__file__).resolve().parent.parent / "src")
if _PRODUCT not in sys.path:
    sys.path.insert(0, _PRODUCT)
