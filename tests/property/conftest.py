"""Hypothesis: no deadline, since the machine may be busy; and in CI the same examples in every run."""

import os

from hypothesis import settings

settings.register_profile("mesonet", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
settings.load_profile("mesonet")
