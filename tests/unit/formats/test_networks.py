"""Tables of services, loggers and archives that say themselves what they hold: read without a mapping."""

# ruff: noqa: E501 - the samples are as wide as they are written
import io

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.parameter import parse as parameter
from mesonet.formats.reading import Context
from mesonet.formats.survey import survey
from tests.unit.formats.test_documented import batches, column

EPW = (
    "LOCATION,Denver Intl Ap,CO,USA,TMY3,725650,39.83,-104.65,-7.0,1650.0\nDESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\n"
    "GROUND TEMPERATURES,0\nHOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,x\nCOMMENTS 2,y\nDATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31\n"
    "1996,1,1,1,60,C9C9C9C9*0?9,-2.5,-9.1,50,83300,0,0,260,9999,0,0,999999,999999,999999,9999,180,3.1,5,5,24.1,22000,9,999999999,89,0.062,0,88,0.2,0.4,1.0\n"
    "1996,1,1,24,60,C9C9C9C9*0?9,99.9,-9.1,50,83300,0,0,260,12,0,0,999999,999999,999999,9999,999,3.1,5,5,24.1,22000,9,999999999,89,0.062,0,88,0.2,999,99\n"
)
TMY3 = (
    '703165,"SAND POINT",AK,-9.0,55.317,-160.517,7\n'
    "Date (MM/DD/YYYY),Time (HH:MM),ETR (W/m^2),ETRN (W/m^2),GHI (W/m^2),GHI source,GHI uncert (%),DNI (W/m^2),DNI source,DNI uncert (%),"
    "DHI (W/m^2),DHI source,DHI uncert (%),TotCld (tenths),TotCld source,TotCld uncert (code),Dry-bulb (C),Dry-bulb source,Dry-bulb uncert (code),"
    "Dew-point (C),Dew-point source,Dew-point uncert (code),RHum (%),RHum source,RHum uncert (code),Pressure (mbar),Pressure source,"
    "Pressure uncert (code),Wdir (degrees),Wdir source,Wdir uncert (code),Wspd (m/s),Wspd source,Wspd uncert (code)\n"
    "01/31/1997,01:00,0,0,7,1,0,0,1,0,0,1,0,9,E,9,4.0,E,9,3.0,E,9,93,A,7,1012,E,9,320,E,9,2.1,E,9\n"
    "02/01/1988,24:00,0,0,0,1,0,0,1,0,0,1,0,9,E,9,-9900,E,9,3.0,E,9,93,A,7,1012,E,9,320,E,9,2.1,E,9\n"
)
NSRDB = (
    "Source,Location ID,City,State,Country,Latitude,Longitude,Time Zone,Elevation,Local Time Zone,Temperature Units,Pressure Units\n"
    "NSRDB,401182,-,-,-,40.53,-108.54,-7,2168,-7,c,mbar\nYear,Month,Day,Hour,Minute,GHI,Temperature,Pressure,Cloud Type,,,\n"
    "2017,1,1,0,30,0,-8.4,779,1,,,\n2017,1,1,1,0,0,-8.7,778,1,,,\n"
)
BSRN = (
    "*U0001\n 21  6 2016  1\n*U0004\n -1 -1 -1\n 13  4\nAerological Station, CH-1530 Payerne, Switzerland\n+41 (0)58 4609444\nx\n"
    " 136.815 186.944  491 06610\n -1 -1 -1\n*U0100\n"
    "  1    0   -999 -99.9 -999 -999   -999 -99.9 -999 -999\n           -999 -99.9 -999 -999    348   0.3  347  349      9.3 100.5  958\n"
    "  1    1      5   0.1    0    0      0   0.0    0    0\n              0   0.2   -1    0    348   0.3  347  349    -99.9 -99.9 -999\n"
    "*U0300\n  1    1      2   0.1   -1    0    364   0.4  363  365   -999 -99.9 -999 -999\n*U0500\n  1    0 -99.9 -99.9\n"
)

# text: format, station, rows, first and last time, and one value of the first row: parameter, value
CASES: dict[str, tuple[str, str, str, int, str, str, str, float | None]] = {
    "epw": (EPW, "epw", "725650", 2, "1996-01-01T08:00:00Z", "1996-01-02T07:00:00Z", "air_temperature", -2.5),
    "epw rain": (EPW, "epw", "725650", 2, "1996-01-01T08:00:00Z", "1996-01-02T07:00:00Z", "precipitation_amount:0:sum:PT1H", 0.4),
    "tmy3": (TMY3, "tmy3", "703165", 2, "1988-02-02T09:00:00Z", "1997-01-31T10:00:00Z", "cloud_area_fraction", 90),
    "nsrdb": (NSRDB, "nsrdb", "nsrdb_401182", 2, "2017-01-01T07:30:00Z", "2017-01-01T08:00:00Z", "air_pressure", 779),
    "bsrn": (
        BSRN, "bsrn", "0-20000-0-06610", 3, "2016-06-01T00:00:00Z", "2016-06-01T00:01:00Z",
        "surface_downwelling_longwave_flux_in_air:2:mean:PT1M", 348,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_says_what_it_holds_needs_no_mapping(case: str) -> None:
    data, name, station, rows, first, last, identifier, value = CASES[case]
    entry = survey(io.BytesIO(data.encode()), Context(key="in/garden.csv"))
    assert (entry.recognition.format, entry.status, entry.rejects) == (name, Status.OK, ())
    assert (entry.rows, next(iter(entry.stations))) == (rows, station)
    assert entry.first is not None
    assert entry.last is not None
    assert (iso(entry.first), iso(entry.last)) == (first, last)
    told = batches(data)
    assert (told[0].station_id, told[0].columns[parameter(identifier)].values[0]) == (station, value)
    assert sum(len(batch.times) for batch in told) == rows


@pytest.mark.parametrize("case", CASES)
def test_what_is_cut_off_anywhere_crashes_nothing(case: str) -> None:
    data = CASES[case][0].encode()
    for cut in range(0, len(data), 7):
        survey(io.BytesIO(data[:cut]), Context(key="in/garden.csv"))
        list(batches(data[:cut]))


def test_what_a_typical_year_writes_for_no_value_is_missing() -> None:
    assert column(EPW, "air_temperature").values == [-2.5, None]
    assert column(EPW, "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H").values == [None, 12]
    assert column(EPW, "wind_from_direction").values == [180, None]
    assert column(TMY3, "air_temperature").values == [4.0, None]


def test_quarters_of_an_hour_count_from_the_beginning_of_the_hour() -> None:
    quarters = EPW.replace("DATA PERIODS,1,1,", "DATA PERIODS,1,4,").replace("1996,1,1,1,60", "1996,1,1,1,15")
    assert iso(batches(quarters)[0].times[0]) == "1996-01-01T07:15:00Z"


def test_a_place_without_a_zone_is_rejected_with_its_row() -> None:
    entry = survey(io.BytesIO(EPW.replace("-7.0", "north").encode()), Context(key="in/denver.epw"))
    assert (entry.status, entry.rejects[0].row) == (Status.REJECTED, 1)


def test_means_of_a_minute_are_taken_with_what_comes_up_from_the_ground() -> None:
    assert column(BSRN, "surface_upwelling_longwave_flux_in_air:2:mean:PT1M").values[-1] == 364
    assert column(BSRN, "air_temperature").values[:2] == [9.3, None]
