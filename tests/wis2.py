"""What judges notifications: WIS2's schema, and the test of the field's own tool."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.template import ROOT

SCHEMAS = sorted((ROOT.parent / "shared" / "data").glob("wis2_wnm_schema_bundled.json"))


def ets(messages: Mapping[str, Mapping[str, Any]], schema: Path, folder: Path) -> dict[str, dict[str, int]]:
    """How many tests of `pywis-pubsub wnm ets validate` each message passes and fails, as PASSED, FAILED and SKIPPED.

    As a program, since it leaves open what it opens.
    """
    place = folder / ".pywis-pubsub" / "wis2-notification-message"
    place.mkdir(parents=True)
    shutil.copy(schema, place / "wis2-notification-message-bundled.json")
    started = {}
    for name, message in messages.items():
        file = folder / f"{name}.json"
        file.write_text(json.dumps(message))
        command = [str(Path(sys.executable).with_name("pywis-pubsub")), "wnm", "ets", "validate", str(file)]
        started[name] = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "HOME": str(folder)}, text=True)
    found = {}
    for name, process in started.items():
        said, _ = process.communicate(timeout=200)
        assert process.returncode == 0, f"{name}: {said}"
        found[name] = json.loads(said[said.index("{") :])["ets-report"]["summary"]
    return found
