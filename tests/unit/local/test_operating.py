"""What operators' commands say to what they cannot take."""

import pytest

from local.__main__ import main
from local.errors import Failure


@pytest.mark.parametrize(
    "period", [["--from", "yesterday"], ["--to", "2026-02-30"], ["--from", "2026-02-01", "--to", "2026-01-01"]]
)
def test_a_period_that_is_none_is_refused_with_an_example(period: list[str]) -> None:
    with pytest.raises(Failure, match=r"FROM and TO are dates or instants, as in FROM=2026-01-01 TO=.*: .*'.*'"):
        main(["replay", *period])


@pytest.mark.parametrize("rate", ["0", "-1", "many", "inf", "nan"])
def test_a_rate_is_a_number_above_zero(rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["redrive", f"--rate={rate}"])
    assert f"{rate!r} is no rate: a number above 0, of a second" in capsys.readouterr().err


def test_without_credentials_it_says_which_stack_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with pytest.raises(Failure, match="AWS cannot be asked for the stack mesonet-prod: Unable to locate credentials"):
        main(["redrive", "--env", "prod"])
