from local import wording


def test_what_lies_in_an_archive_is_listed() -> None:
    entry = {
        "key": "in/a.zip", "status": "ok", "rows": 14, "loading": {"state": "none"},
        "members": [f"{at}.csv" for at in range(14)], "format": {"name": "zip", "confidence": 0.98, "why": "a zip archive"},
    }  # fmt: skip
    told = list(wording.report(entry))
    assert "  files in it in/a.zip!/0.csv" in told
    assert told[-1].strip() == "and 2 more, each a file of its own"


def test_what_was_inferred_is_marked_and_the_note_gives_the_grounds() -> None:
    entry = {
        "key": "in/a.txt", "status": "ok", "rows": 2, "loading": {"state": "loaded"},
        "stations": {"garden": 2}, "station_count": 1,
        "first": "2024-01-01T00:00:00Z", "last": "2024-01-01T00:10:00Z", "format": {"name": "maws", "why": "taken as UTC"},
        "claims": {"encoding": "inferred", "station": "inferred", "zone": "inferred"},
    }  # fmt: skip
    told = [line.split(None, 1) for line in wording.report(entry)]
    assert ["stations", "garden (2 rows) (station inferred)"] in told
    assert ["time", "2024-01-01T00:00:00Z to 2024-01-01T00:10:00Z (zone inferred)"] in told
    assert ["note", "taken as UTC"] in told
    read = list(wording.report(entry | {"claims": {"encoding": "inferred", "station": "read", "zone": "read"}}))
    assert not any("inferred" in line or "note" in line for line in read)


def test_a_mapping_for_a_file_in_an_archive_stands_beside_the_archive() -> None:
    entry = {
        "key": "in/2024.zip!/deep/wind_01.csv", "status": "unmapped", "rows": 2, "loading": {"state": "none"},
        "format": {"name": "csv", "why": "a table"},
    }  # fmt: skip
    told = "\n".join(wording.report(entry))
    assert "in a mapping file, in/wind.mapping.json, such as" in told
