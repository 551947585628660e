"""What is counted and listed of a file, and the item that remembers it."""

import pytest

from mesonet.domain.file import STATIONS_LISTED
from mesonet.domain.search import file_document
from mesonet.stores import file_index
from mesonet.stores.file_index import _Ledger, _ledger, _ledger_item, _shares
from mesonet.stores.postings import listed
from tests.builders import file_entry, item_bytes, unlike


def ledger(stations: list[str], counted: list[str]) -> _Ledger:
    """Of a file that is listed under some stations and counted for others, as on the way from one state to the next."""
    entry = file_entry(stations=dict.fromkeys(counted, 1000))
    lists = tuple(map(str, listed(file_document(file_entry(stations=dict.fromkeys(stations, 1000))))))
    return _Ledger(order=entry.order, version=3, place="here", lists=lists, counted=_shares(entry))


@pytest.mark.parametrize("changed", [0, STATIONS_LISTED // 2])
def test_a_thousand_stations_of_the_longest_names_fit_into_an_item(changed: int) -> None:
    names = unlike(STATIONS_LISTED + changed)
    held = ledger(names[:STATIONS_LISTED], names[changed:])
    item = _ledger_item(held)
    assert item_bytes(item) < 400 * 1024
    again = _ledger(item)
    assert (again.order, again.version, again.place, again.counted) == (held.order, held.version, held.place, held.counted)
    assert sorted(again.lists) == sorted(held.lists)


def test_what_fits_is_not_packed_so_that_every_release_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    held = ledger(["EWR"], ["EWR", "JFK"])
    item = _ledger_item(held)
    assert "packed" not in item
    assert _ledger(item) == held
    monkeypatch.setattr(file_index, "_MOST_PLAIN", 0)
    packed = _ledger_item(held)
    assert "lists" not in packed
    assert _ledger(packed).counted == held.counted
    assert set(_ledger(packed).lists) == set(held.lists)
