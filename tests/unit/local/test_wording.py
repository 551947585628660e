from local import wording


def test_what_lies_in_an_archive_is_listed() -> None:
    entry = {
        "key": "in/a.zip", "status": "ok", "rows": 14, "loading": {"state": "none"},
        "members": [f"{at}.csv" for at in range(14)], "format": {"name": "zip", "confidence": 0.98, "why": "a zip archive"},
    }  # fmt: skip
    told = list(wording.report(entry))
    assert "  files in it in/a.zip!/0.csv" in told
    assert told[-1].strip() == "and 2 more, each a file of its own"
