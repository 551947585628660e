"""A bad release on a cloud of its own: its hook refuses it, CloudFormation takes it back, the API answers all the time."""

from pathlib import Path

import pytest

from local import rehearsal


@pytest.mark.timeout(600)  # a deployment, and an update that is rolled back
def test_a_bad_release_is_taken_back_and_nobody_notices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = rehearsal.rehearse(tmp_path, mended=False)
    assert outcome.statuses == {"N+1": "UPDATE_ROLLBACK_COMPLETE"}
    assert "Failed" in outcome.decided["N+1"]
    assert outcome.served["N+1"] == outcome.first
    assert "ApiWeather" in outcome.reasons["N+1"]
    assert len(outcome.probes.seen) > 20
    assert outcome.probes.failed == 0
    assert set(outcome.probes.releases()) == {outcome.first}
    said = capsys.readouterr().out
    assert "hook on ApiWeatherFunction: refused" in said
    assert "CloudFormation takes the stack back" in said
