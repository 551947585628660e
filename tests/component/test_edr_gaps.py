"""EDR queries of a network some of whose stations have nothing to say at the time that is asked for."""

from urllib.parse import quote, urlsplit

from tests.builders import table
from tests.component.test_edr import BOX, HOURS, PATH, fill, said
from tests.system import System
from tests.unit.web.requests import event


def test_pages_of_an_area_hold_every_station_whatever_gaps_there_are(system: System) -> None:
    """EWR and the others have values before and after, and some of them nothing at these times."""
    fill(system)
    system.put("network/gap.csv", table(("GAP1", HOURS[0], 1), ("GAP1", HOURS[11], 1), ("GAP2", HOURS[5], 1)))
    system.put("network/more.csv", b"station,name,latitude,longitude\nGAP1,One,40.65,-74.5\nGAP2,Two,40.66,-74.4\n")
    system.deliver()
    for limit in (1, 2, 3):
        seen: list[str] = []
        path = f"{PATH}/area?coords={quote(BOX)}&limit={limit}&datetime={HOURS[5]}"
        while path:
            found = said(system.invoke("api_weather", event(path)))
            assert len(found["coverages"]) <= limit
            seen += [each["id"] for each in found["coverages"]]
            following = [urlsplit(link["href"]) for link in found["links"] if link["rel"] == "next"]
            path = f"{PATH}/area?{following[0].query}" if following else ""
        assert sorted(seen) == ["EWR", "GAP2", "JFK"]
