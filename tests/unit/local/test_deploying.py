"""With which parameters a stage is deployed from a checkout."""

import pytest

from local import stack
from local.__main__ import main
from local.errors import Failure


def test_one_parameter_is_replaced_and_the_stages_stay() -> None:
    said = stack.overrides("prod", {"EventsEnabled": "false", "ReleaseId": "0123456789ab"}).split()
    assert {"Stage=prod", "GradualDeployment=true", "EventsEnabled=false", "ReleaseId=0123456789ab"} <= set(said)


def test_a_parameter_that_is_emptied_is_said_in_a_way_that_sam_takes() -> None:
    assert 'ReplicaBucketArn=""' in stack.overrides("prod", {"ReplicaBucketArn": ""}).split()


def test_all_parameters_are_not_replaced_by_accident() -> None:
    with pytest.raises(Failure, match="SET="):
        main(["deploy", "prod", "--parameter-overrides", "EventsEnabled=false"])


def test_what_sets_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["deploy", "prod", "--set", "EventsEnabled"])
    assert "'EventsEnabled' sets nothing: EventsEnabled=false" in capsys.readouterr().err
