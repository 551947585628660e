"""What files go through on their way says nothing of what is in them: line ends, a mark at the beginning, none at the end."""

import io

import pytest

from mesonet.domain.observation import Batch
from mesonet.formats.reading import Context
from mesonet.formats.survey import observations, survey
from tests.unit.formats.networks import test_dballe, test_wrcc
from tests.unit.formats.noaa import test_asos_one_minute, test_ghcn_monthly

FILES = {
    "ghcn-monthly": test_ghcn_monthly.YEARS,
    "ghcn-monthly, precipitation": test_ghcn_monthly.PRECIPITATION,
    "wrcc": test_wrcc.LISTED,
    "dballe": test_dballe.VALUES,
    "asos-one-minute": test_asos_one_minute.PAGES[0].decode(),
}


def values(data: bytes) -> list[tuple[object, ...]]:
    return sorted(
        (piece.station_id, at, parameter.id, value, flag)
        for piece in observations(io.BytesIO(data), Context(key="network/hut.txt"))
        if isinstance(piece, Batch)
        for parameter, column in piece.columns.items()
        for at, value, flag in zip(piece.times, column.values, column.flags, strict=True)
        if value is not None
    )


@pytest.mark.parametrize("name", FILES)
def test_line_ends_and_marks_change_nothing(name: str) -> None:
    text = FILES[name]
    meant = values(text.encode())
    assert meant
    ended = text.rstrip("\n")
    for worn in (ended, text.replace("\n", "\r\n"), "\ufeff" + text, ended.replace("\n", "\r\n"), f"\n\n{text}", f"{text}\n\n"):
        assert values(worn.encode()) == meant, repr(worn[:20])


@pytest.mark.parametrize("name", FILES)
def test_cut_anywhere_it_says_no_value_that_is_not_in_it_but_for_the_last(name: str) -> None:
    data = FILES[name].encode()
    meant = set(values(data))
    for end in range(len(data) // 2, len(data), max(1, len(data) // 97)):
        assert len(set(values(data[:end])) - meant) <= 1
        survey(io.BytesIO(data[:end]))
