"""The sample events that are shipped with the functions (local/artifact.py puts them there)."""

import json
from pathlib import Path

from mesonet.domain.release import Sample
from mesonet.errors import NotFound

# In the sample events the archive has this name
_BUCKET = "mesonet-archive-123456789012-us-east-1"


class SamplesStore:
    """`bucket` is the stack's own archive: its functions may read no other."""

    def __init__(self, folder: Path, *, bucket: str) -> None:
        self._folder = folder
        self._bucket = bucket

    def harmless(self, function: str) -> list[Sample]:
        """Of one function, by its folder. Raises NotFound where there is none: what was not tried is not known to work."""
        promised = self._folder / "expectations.json"
        if not promised.exists():
            raise NotFound(f"{promised} is missing: the build ships events/ (make build)")
        expected = json.loads(promised.read_text())
        found = []
        for path in sorted((self._folder / function).glob("*.json")):
            case = f"{function}/{path.stem}"
            event = json.loads(path.read_text().replace(_BUCKET, self._bucket))
            found.append(Sample(case=case, event=event, expected=expected[case]))
        harmless = [sample for sample in found if sample.harmless]
        if not harmless:
            raise NotFound(f"{function} has no sample event that a live stack can take")
        return harmless
