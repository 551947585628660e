"""EDR queries of a network some of whose stations have nothing to say, or long names to say it under."""

from urllib.parse import quote

import pytest

from tests.builders import table
from tests.component.test_edr import BOX, HOURS, PATH, fill, said
from tests.system import System
from tests.unit.web.requests import pages


def test_pages_of_an_area_hold_every_station_whatever_gaps_there_are(system: System) -> None:
    """EWR and the others have values before and after, and some of them nothing at these times."""
    fill(system)
    system.put("network/gap.csv", table(("GAP1", HOURS[0], 1), ("GAP1", HOURS[11], 1), ("GAP2", HOURS[5], 1)))
    system.put("network/more.csv", b"station,name,latitude,longitude\nGAP1,One,40.65,-74.5\nGAP2,Two,40.66,-74.4\n")
    system.deliver()
    for limit in (1, 2, 3):
        path = f"{PATH}/area?coords={quote(BOX)}&limit={limit}&datetime={HOURS[5]}"
        found = [said(answer)["coverages"] for answer in pages(system, path)]
        assert max(map(len, found)) <= limit
        assert sorted(each["id"] for coverages in found for each in coverages) == ["EWR", "GAP2", "JFK"]


@pytest.mark.parametrize(("query", "kind"), [("locations", "GeoJSON"), ("items", "html")])
def test_a_page_ends_where_long_names_of_its_stations_have_filled_it(
    query: str, kind: str, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotes = '""' * 200
    rows = [f'{"ü" * 98}{number:02},"{quotes}",40.{number:02},-73\n' for number in range(30)]
    system.bring_in("network/stations.csv", f"station,name,latitude,longitude\n{''.join(rows)}".encode())
    monkeypatch.setattr("mesonet.functions.api_weather.logic.MOST_BYTES", 60_000)
    sizes = [len(answer["body"].encode()) for answer in pages(system, f"{PATH}/{query}?f={kind}")]
    assert len(sizes) > 1
    assert max(sizes) < 65_000, "the last of a page's stations may stand beyond"
