"""Typical meteorological years in fixed columns (TMY2). The hours are invented."""

import io

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.parameter import parse
from mesonet.domain.station import Station
from mesonet.formats.networks import tmy2
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, observations, survey
from tests.unit.formats.noaa.files import batches

PLACE = " 12345 SANDY CREEK            AK  -9 N 61 30 W 149 45    80\n"


def _hour(
    stamp: str, *, direction: str = "158", speed: str = "067", sight: str = "0161", snow: str = "012", bulb: str = "-200"
) -> str:
    radiation = "10821280" + "0507E5" + "0640E4" + "0231E5" + "0000?0" * 4
    air = f"07A703A7{bulb}A7-250A7073A71017A7{direction}A7{speed}A7{sight}A700152A7"
    return f" {stamp}{radiation}{air}0999999990013F8062F8{snow}A788E7\n"


TMY2 = PLACE + _hour("62010101") + _hour("62010224", direction="000", speed="000", sight="7777", snow="999", bulb="9999")


def looked_at(text: str) -> Survey:
    return survey(io.BytesIO(text.encode()), Context(key="in/12345.tm2"))


def test_hours_of_tmy2_are_of_the_place_above_in_its_standard_time() -> None:
    entry = looked_at(TMY2)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == (tmy2.NAME, Status.OK, 2, {"12345": 2})
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("1962-01-01T10:00:00Z", "1962-01-03T09:00:00Z")
    (place,) = [each for each in observations(io.BytesIO(TMY2.encode())) if isinstance(each, Station)]
    assert (place.name, place.latitude, place.longitude, place.elevation_m) == ("SANDY CREEK, AK", 61.5, -149.75, 80)
    (batch,) = batches(TMY2)
    found = {parameter.id: column.values for parameter, column in batch.columns.items()}
    assert found == {
        "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H": [507, 507],
        "surface_direct_along_beam_shortwave_flux_in_air:2:mean:PT1H": [640, 640],
        "surface_diffuse_downwelling_shortwave_flux_in_air:2:mean:PT1H": [231, 231],
        "cloud_area_fraction": [70, 70],
        "air_temperature": [-20, None],
        "dew_point_temperature": [-25, -25],
        "relative_humidity": [73, 73],
        "air_pressure": [1017, 1017],
        "wind_from_direction": [158, None],
        "wind_speed": [6.7, 0],
        "visibility_in_air": [16100, None],
        "surface_snow_thickness": [120, None],
    }


def test_what_is_no_hour_of_tmy2_is_a_reject_and_what_is_joined_is_of_its_own_place() -> None:
    other = PLACE.replace("12345", "54321").replace(" -9 N", "  1 S")
    entry = looked_at(TMY2 + "62 torn\n" + other + _hour("62010101"))
    assert (entry.status, entry.rows, entry.stations) == (Status.PARTIAL, 4, {"12345": 2, "54321": 1})
    assert [(each.row, each.reason) for each in entry.rejects] == [(4, "no date and fields in the columns of the format")]
    assert iso(entry.first or 0) == "1962-01-01T00:00:00Z"


def test_a_direction_of_0_is_north_in_tmy2_unless_the_wind_is_calm() -> None:
    (batch,) = batches(TMY2.replace("158A7", "000A7"))
    assert batch.columns[parse("wind_from_direction")].values == [0, None]
