"""Files as stations and archives have sent them: they are no part of the checkout, and tests of them need their folder."""

import os
from pathlib import Path

from tests.template import ROOT

SAMPLES = Path(os.environ.get("MESONET_SAMPLES", ROOT.parent / "shared/data"))
