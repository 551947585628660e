"""Which state an identifier of a station names."""

import pytest

from mesonet.domain.territory import country


@pytest.mark.parametrize(
    ("station", "file_format", "expected"),
    [
        ("0-840-0-KEWR", "", "USA"),
        ("0-20000-0-10384", "", None),
        ("USW00094728", "ghcn-daily-by-year", "USA"),
        ("GME00121150", "ghcn-daily-dly", "DEU"),
        ("ASN00066037", "ghcn-hourly", "AUS"),
        ("USW00094728", "csv", None),
        ("XXW00094728", "ghcn-hourly", None),
        ("EDDF", "metar", "DEU"),
        ("KJFK", "metar-table", "USA"),
        ("CYYZ", "metar", "CAN"),
        ("ZBAA", "metar", "CHN"),
        ("KJFK", "csv", None),
        ("UTTT", "metar", None),
        ("kjfk", "metar", None),
        ("KQTX", "metar", None),
    ],
)
def test_a_state_is_named_where_the_identifier_does(station: str, file_format: str, expected: str | None) -> None:
    assert country(station, file_format=file_format) == expected
