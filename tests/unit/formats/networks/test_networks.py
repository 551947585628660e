"""Tables of services, loggers and archives that say themselves what they hold: read without a mapping."""

# ruff: noqa: E501 - the samples are as wide as they are written
import io

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Quality, Reject
from mesonet.domain.parameter import parse as parameter
from mesonet.errors import UnreadableFile
from mesonet.formats.reading import Context
from mesonet.formats.registry import named
from mesonet.formats.survey import Survey, survey
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
PVGIS = (
    "Latitude (decimal degrees):\t45.000\r\nLongitude (decimal degrees):\t-8.500\r\nElevation (m):\t250\r\nRadiation database:\tPVGIS-SARAH\r\n\r\n\r\n"
    "Slope: 30 deg. \r\nAzimuth: 0 deg. \r\ntime,Gb(i),H_sun,T2m,WS10m,Int\r\n20160101:0010,0.0,0.0,3.44,1.43,0.0\r\n20160101:0110,0.0,0.0,2.94,1.47,0.0\r\n"
    "\r\nGb(i): Beam (direct) irradiance on the inclined plane (W/m2)\r\nInt: 1 means reconstructed, 0, measured\r\n\r\nPVGIS (c) European Union, 2001-2021\r\n"
)
PVGIS_TMY = (
    "time(UTC),T2m,RH,G(h),Gb(n),Gd(h),IR(h),WS10m,WD10m,SP\n20180131:2300,2.04,94.38,0.0,-0.0,0.0,283.58,0.75,257.0,99870.0\n"
    "20160201:0000,1.98,95.45,12.0,3,9.0,291.44,0.78,258.0,99800.0\n"
)
BSRN = (
    "*U0001\n 21  6 2016  1\n*U0004\n -1 -1 -1\n 13  4\nAerological Station, CH-1530 Payerne, Switzerland\n+41 (0)58 4609444\nx\n"
    " 136.815 186.944  491 06610\n -1 -1 -1\n*U0100\n"
    "  1    0   -999 -99.9 -999 -999   -999 -99.9 -999 -999\n           -999 -99.9 -999 -999    348   0.3  347  349      9.3 100.5  958\n"
    "  1    1      5   0.1    0    0      0   0.0    0    0\n              0   0.2   -1    0    348   0.3  347  349    -99.9 -99.9 -999\n"
    "*U0300\n  1    1      2   0.1   -1    0    364   0.4  363  365   -999 -99.9 -999 -999\n*U0500\n  1    0 -99.9 -99.9\n"
)
METEOSWISS = (
    "station_abbr;reference_timestamp;tre200s0;tre200hx;fu3010z0;fkl010z1;fkl010z3;rre150z0;gre000z0;wcc006s0\r\n"
    "ABO;31.12.2024 23:50;-1.5;-1.1;36;12.5;11.5;0.3;;7\r\nABO;01.01.2025 00:00;;;3.6;2.5;;0;5;\r\n"
)
METEOSWISS_DAILY = "stn;time;tre200d0;rre150d0\nSMA;20240101;4.5;-\nSMA;20240102;5.5;2.1\n"
METEOFRANCE = (
    "NUM_POSTE;NOM_USUEL;LAT;LON;ALTI;AAAAMMJJ;RR;QRR;TN;QTN;HTN;QHTN;TX;QTX;HTX;QHTX\n"
    "1014002;ARBENT;46.278167;5.669000;534;20230131;0.4;2;-1.5;1;630;9;9.4;1;1343;9\n01014002;ARBENT;46.278167;5.669000;534;20230201;;;0;1;;;9;9;;\n"
)
METEOFRANCE_HOURLY = (
    "NUM_POSTE;NOM_USUEL;LAT;LON;ALTI;AAAAMMJJHH;RR1;QRR1;T;QT;N;QN\n01089001;AMBERIEU;45.976500;5.329333;250;2024010123;0.2;1;8.5;1;8;1\n"
    "01089001;AMBERIEU;45.976500;5.329333;250;2024010200;0;1;8;1;9;1\n"
)
METEOFRANCE_SYNOP = (
    "numer_sta;date;pmer;tend;dd;ff;t;td;u;n;rr3;rr24;\n07005;20240101030000;100010;-40;200;9.3;281.35;278.75;83;mq;-0.1;mq;\n"
)
IEM_ASOS = (
    "#DEBUG: Format Typ    -> onlycomma\n#DEBUG: Time Zone     -> America/Chicago\nstation,valid,lon,lat,tmpf,sknt,gust,p01i,vsby\n"
    "AMW,2024-07-01 00:53,-93.62,41.99,50.00,10.00,M,T,10.00\nAMW,2024-07-01 01:53,-93.62,41.99,M,0.00,20.00,0.10,T\n"
)
SYNOPTIC = (
    "# STATION: KSLC\n# STATION NAME: Salt Lake City, International Airport\n# LATITUDE: 40.77069\n# LONGITUDE: -111.96503\n"
    "# ELEVATION [ft]: 4226.0\n# STATE: UT\nStation_ID,Date_Time,wind_speed_set_1,dew_point_temperature_set_1d,air_temp_set_1,pressure_set_1d\n"
    ",,knots,Fahrenheit,Fahrenheit,Pascals\nKSLC,01/28/2021 00:54 UTC,10,41,50,87000.5\nKSLC,01/28/2021 01:54 UTC,,41,,87010\n"
)
BOM = (
    "Product code,Bureau of Meteorology station number,Year,Month,Day,Maximum temperature (Degree C),Days of accumulation of maximum temperature,Quality\n"
    "IDCJAC0010,066062,2023,1,1,25.5,1,Y\nIDCJAC0010,066062,2023,1,2,,,\n"
)
BOM_RAIN = (
    "Product code,Bureau of Meteorology station number,Year,Month,Day,Rainfall amount (millimetres),Period over which rainfall was measured (days),Quality\n"
    "IDCJAC0009,066062,2023,01,01,2.2,1,Y\nIDCJAC0009,066062,2023,01,04,12.0,3,Y\n"
)
METEIREANN = (
    "Station Name: MACE HEAD\nStation Height: 21 M\nLatitude:53.326  ,Longitude: -9.901\n\n\nrain:   -  Precipitation Amount (mm)\n\n"
    "date,ind,rain,ind,temp,ind,wetb,msl,ind,wdsp,ind,wddir\n01-jan-1990 01:00,0,0.1,0,8.5,0,7.1,1011.2,2,10,2,210\n01-jan-1990 02:00,2, ,0,8,0,7,1011,2,14,2,210\n"
)
WEEWX = "dateTime,usUnits,interval,barometer,outTemp,windSpeed,windGust,rain,inTemp\n1704067200,1,5,30,50,10,20,0.1,70\n1704067500,1,5,,None,10,20,0,70\n"
METARS_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<response><data num_results="2">\n<METAR><raw_text>KDEN 010053Z 18009KT 10SM 05/M05 A3012</raw_text>'
    "<station_id>KDEN</station_id><observation_time>2024-01-01T00:53:00Z</observation_time><latitude>39.85</latitude>"
    "<longitude>-104.65</longitude></METAR>\n<METAR><raw_text>EDDF 010050Z 24012KT 9999 07/04 Q1002</raw_text>"
    "<observation_time>2024-01-01T00:50:00Z</observation_time></METAR></data></response>\n"
)
METARS_JSON = (
    '[{"icaoId": "KMCI", "obsTime": 1704070380, "temp": 1.1, "rawOb": "KMCI 010053Z 33008KT 10SM OVC020 01/M04 A3030", "lat": 39.2975,'
    ' "lon": -94.7309, "elev": 308}]'
)
BOM_LATEST = (
    '{"observations": {"header": [{"ID": "IDN60901"}], "data": [{"wmo": 94768, "name": "Sydney", "aifstime_utc": "20240101010000", "lat": -33.9,'
    ' "lon": 151.2, "air_temp": 23.4, "gust_kmh": 36, "rain_trace": "0.4", "rel_hum": 68, "vis_km": "10", "wind_dir": "E", "wind_spd_kmh": 18},'
    ' {"wmo": 94768, "name": "Sydney", "aifstime_utc": "20240101003000", "lat": -33.9, "lon": 151.2, "air_temp": null, "vis_km": "-",'
    ' "wind_dir": "CALM", "wind_spd_kmh": 0}]}}'
)
SYNOPTIC_JSON = (
    '{"UNITS": {"air_temp": "Fahrenheit", "elevation": "ft", "pressure": "Pascals"}, "STATION": [{"STID": "KSLC", "NAME": "Salt Lake City",'
    ' "LATITUDE": "40.77069", "LONGITUDE": "-111.96503", "ELEVATION": "4226", "OBSERVATIONS": {"date_time": ["2024-01-01T00:54:00Z",'
    ' "2024-01-01T01:54:00Z"], "air_temp_set_1": [50, null], "pressure_set_1d": [87000.5, 87010], "weather_condition_set_1d": ["x", "y"]}}]}'
)
SENSORTHINGS = (
    '{"value": [{"@iot.id": 1, "phenomenonTime": "2024-01-01T00:00:00Z/2024-01-01T00:10:00Z", "result": 3.5, "Datastream": {"name": "T",'
    ' "unitOfMeasurement": {"symbol": "degC"}, "ObservedProperty": {"name": "Air Temperature"}, "Thing": {"name": "ost-1"}}},'
    ' {"@iot.id": 2, "phenomenonTime": "2024-01-01T00:20:00Z", "result": 4, "Datastream": {"name": "T", "unitOfMeasurement": {"symbol": "degC"},'
    ' "ObservedProperty": {"name": "x", "definition": "http://vocab.nerc.ac.uk/standard_name/air_temperature"}, "Thing": {"name": "ost-1"}}}]}'
)
SMN = (
    "FECHA     HORA  TEMP   HUM   PNM    DD    FF     NOMBRE                 \r\n"
    "         [HOA]  [ºC]   [%]  [hPa]  [gr] [km/hr]                         \r\n"
    "01032024    22  19.9   71   990.0   50    9     AEROPARQUE AERO         \r\n"
    "01032024    23  -3.5   88          990   18     BASE CARLINI (EX JUBANY)\r\n"
)
SMN_DAYS = (
    " FECHA    TMAX  TMIN  NOMBRE            \n -------- ----- ----- ------------------\n"
    " 01032024  30.8  15.0 POSADAS AERO      \n 02032024        10.6 POSADAS AERO\n"
)
MAWS = (
    "(S:FARM;D:240101;T:235000;TAAVG1M:-8.1;TAMAX10M:-7.5;RHAVG1M:80;PAAVG1M:1011.2;WSAVG10M:3.1;WSMAX10M:6.2;WDAVG10M:200;PRSUM10M:0.4;BATTERY:12.5)3F\n"
    "(S:FARM;D:240102;T:000000;TAAVG1M://///;TAMAX10M:;RHAVG1M:81;PAAVG1M:1011.1;WSAVG10M:3.0;WSMAX10M:6.0;WDAVG10M:200;PRSUM10M:0.0;BATTERY:12.5)3F\n"
)

# text: format, station, rows, first and last time, and one value of the first row: parameter, value
CASES: dict[str, tuple[str, str, str, int, str, str, str, float | None]] = {
    "epw": (EPW, "epw", "725650", 2, "1996-01-01T08:00:00Z", "1996-01-02T07:00:00Z", "air_temperature", -2.5),
    "epw rain": (EPW, "epw", "725650", 2, "1996-01-01T08:00:00Z", "1996-01-02T07:00:00Z", "precipitation_amount:0:sum:PT1H", 0.4),
    "tmy3": (TMY3, "tmy3", "703165", 2, "1988-02-02T09:00:00Z", "1997-01-31T10:00:00Z", "cloud_area_fraction", 90),
    "nsrdb": (NSRDB, "nsrdb", "nsrdb_401182", 2, "2017-01-01T07:30:00Z", "2017-01-01T08:00:00Z", "air_pressure", 779),
    "pvgis": (PVGIS, "pvgis", "pvgis_45.000_-8.500", 2, "2016-01-01T00:10:00Z", "2016-01-01T01:10:00Z", "air_temperature", 3.44),
    "pvgis tmy": (PVGIS_TMY, "pvgis", "pvgis_garden", 2, "2016-02-01T00:00:00Z", "2018-01-31T23:00:00Z", "air_pressure", 998.7),
    "bsrn": (
        BSRN, "bsrn", "0-20000-0-06610", 3, "2016-06-01T00:00:00Z", "2016-06-01T00:01:00Z",
        "surface_downwelling_longwave_flux_in_air:2:mean:PT1M", 348,
    ),
    "meteoswiss": (METEOSWISS, "meteoswiss", "ABO", 2, "2024-12-31T23:50:00Z", "2025-01-01T00:00:00Z", "wind_speed", 10),
    "meteoswiss hour": (METEOSWISS, "meteoswiss", "ABO", 2, "2024-12-31T23:50:00Z", "2025-01-01T00:00:00Z", "air_temperature:2:maximum:PT1H", -1.1),
    "meteoswiss daily": (METEOSWISS_DAILY, "meteoswiss", "SMA", 2, "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "air_temperature:2:mean:P1D", 4.5),
    "meteofrance": (METEOFRANCE, "meteofrance", "01014002", 2, "2023-01-31T00:00:00Z", "2023-02-01T00:00:00Z", "precipitation_amount:0:sum:P1D", 0.4),
    "meteofrance hourly": (METEOFRANCE_HOURLY, "meteofrance", "01089001", 2, "2024-01-01T23:00:00Z", "2024-01-02T00:00:00Z", "cloud_area_fraction", 100),
    "meteofrance synop": (METEOFRANCE_SYNOP, "meteofrance", "0-20000-0-07005", 1, "2024-01-01T03:00:00Z", "2024-01-01T03:00:00Z", "air_temperature", 8.2),
    "meteofrance trace": (METEOFRANCE_SYNOP, "meteofrance", "0-20000-0-07005", 1, "2024-01-01T03:00:00Z", "2024-01-01T03:00:00Z", "precipitation_amount:0:sum:PT3H", 0),
    "iem": (IEM_ASOS, "iem", "AMW", 2, "2024-07-01T05:53:00Z", "2024-07-01T06:53:00Z", "air_temperature", 10),
    "synoptic": (SYNOPTIC, "synoptic", "KSLC", 2, "2021-01-28T00:54:00Z", "2021-01-28T01:54:00Z", "dew_point_temperature", 5),
    "bom": (BOM, "bom", "066062", 2, "2023-01-01T00:00:00Z", "2023-01-02T00:00:00Z", "air_temperature:2:maximum:P1D", 25.5),
    "meteireann": (METEIREANN, "meteireann", "meteireann_MACE_HEAD", 2, "1990-01-01T01:00:00Z", "1990-01-01T02:00:00Z", "wind_speed", 5.144444),
    "weewx": (WEEWX, "weewx", "weewx_garden", 2, "2024-01-01T00:00:00Z", "2024-01-01T00:05:00Z", "precipitation_amount:0:sum:PT5M", 2.54),
    "metars as xml": (METARS_XML, "aviationweather", "KDEN", 2, "2024-01-01T00:50:00Z", "2024-01-01T00:53:00Z", "air_temperature", 5),
    "metars as json": (METARS_JSON, "aviationweather", "KMCI", 1, "2024-01-01T00:53:00Z", "2024-01-01T00:53:00Z", "air_temperature", 1),
    "bom latest": (BOM_LATEST, "service-json", "0-20000-0-94768", 2, "2024-01-01T00:30:00Z", "2024-01-01T01:00:00Z", "wind_speed", 5),
    "synoptic json": (SYNOPTIC_JSON, "synoptic-json", "KSLC", 2, "2024-01-01T00:54:00Z", "2024-01-01T01:54:00Z", "air_temperature", 10),
    "sensorthings": (SENSORTHINGS, "sensorthings", "ost-1", 2, "2024-01-01T00:10:00Z", "2024-01-01T00:20:00Z", "air_temperature", 3.5),
    "smn": (SMN, "smn", "smn_AEROPARQUE_AERO", 2, "2024-03-02T01:00:00Z", "2024-03-02T02:00:00Z", "air_pressure_at_mean_sea_level", 990),
    "smn days": (SMN_DAYS, "smn", "smn_POSADAS_AERO", 2, "2024-03-01T00:00:00Z", "2024-03-02T00:00:00Z", "air_temperature:2:maximum:P1D", 30.8),
    "maws": (MAWS, "maws", "FARM", 2, "2024-01-01T23:50:00Z", "2024-01-02T00:00:00Z", "wind_speed_of_gust", 6.2),
    "maws extreme": (MAWS, "maws", "FARM", 2, "2024-01-01T23:50:00Z", "2024-01-02T00:00:00Z", "air_temperature:2:maximum:PT10M", -7.5),
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


def test_zero_is_the_direction_of_a_calm_in_iem_s_tables_of_metars() -> None:
    rows = "AMW,2024-07-01 00:53,0.00,0.00\nAMW,2024-07-01 01:53,360.00,5.00\nAMW,2024-07-01 02:53,M,3.00\n"
    assert column(f"station,valid,drct,sknt\n{rows}", "wind_from_direction").values == [None, 360, None]


def test_quarters_of_an_hour_count_from_the_beginning_of_the_hour() -> None:
    quarters = EPW.replace("DATA PERIODS,1,1,", "DATA PERIODS,1,4,").replace("1996,1,1,1,60", "1996,1,1,1,15")
    assert iso(batches(quarters)[0].times[0]) == "1996-01-01T07:15:00Z"


def test_a_place_without_a_zone_is_rejected_with_its_row() -> None:
    entry = survey(io.BytesIO(EPW.replace("-7.0", "north").encode()), Context(key="in/denver.epw"))
    assert (entry.status, entry.rejects[0].row) == (Status.REJECTED, 1)


def test_means_of_a_minute_are_taken_with_what_comes_up_from_the_ground() -> None:
    assert column(BSRN, "surface_upwelling_longwave_flux_in_air:2:mean:PT1M").values[-1] == 364
    assert column(BSRN, "air_temperature").values[:2] == [9.3, None]


def told(text: str | bytes) -> Survey:
    return survey(io.BytesIO(text if isinstance(text, bytes) else text.encode()), Context(key="in/garden.csv"))


def test_a_doubtful_value_is_suspect_and_its_neighbours_are_not() -> None:
    assert column(METEOFRANCE, "precipitation_amount:0:sum:P1D").flags[0] == Quality.SUSPECT
    assert column(METEOFRANCE, "air_temperature:2:minimum:P1D").flags[0] == Quality.NOT_EVALUATED


def test_a_sky_that_cannot_be_seen_is_no_cloud_amount() -> None:
    assert column(METEOFRANCE_HOURLY, "cloud_area_fraction").values == [100, None]


OBSERVED_NOW = (
    "lat;lon;geo_id_wmo;geo_id_wigos;name;reference_time;insert_time;validity_time;pmer;dd;ff;t;n;ht_neige;rr1;rr3\n"
    "50.1;1.8;07999;0-20000-0-07999;ICI;2026-01-01T00:10:06Z;2026-01-01T00:02:31Z;2026-01-01T00:00:00Z;102150;130;2.9;270.45;101;-0.01;0.2;-0.1\n"
    "43.3;7.8;6199999;0-22000-16-6199999;BOUEE;2026-01-01T00:10:06Z;2026-01-01T00:03:30Z;2026-01-01T00:00:00Z;100990;50;8.9;300.15;;;;\n"
)


def test_reports_of_meteo_france_are_called_after_their_wigos_identifier_and_traces_are_none() -> None:
    entry = told(OBSERVED_NOW)
    assert (entry.recognition.format, entry.status, entry.rejects) == ("meteofrance", Status.OK, ())
    assert entry.stations == {"0-20000-0-07999": 1, "0-22000-16-6199999": 1}
    first, second = batches(OBSERVED_NOW)
    assert {each.id: column.values[0] for each, column in first.columns.items()} == {
        "air_pressure_at_mean_sea_level": 1021.5,
        "wind_from_direction": 130,
        "wind_speed": 2.9,
        "air_temperature": -2.7,
        "cloud_area_fraction": None,
        "surface_snow_thickness": 0,
        "precipitation_amount:0:sum:PT1H": 0.2,
        "precipitation_amount:0:sum:PT3H": 0,
    }
    assert second.columns[parameter("air_temperature")].values == [27]


def test_a_buoy_without_its_wigos_identifier_is_called_by_its_number() -> None:
    lines = (
        "lat;lon;geo_id_wmo;name;validity_time;t",
        "1;2;6199999;A;2026-01-01T00:00:00Z;281.15",
        "1;2;7999;B;2026-01-01T00:00:00Z;281.15",
    )
    assert list(told("\n".join(lines)).stations) == ["6199999", "0-20000-0-07999"]


@pytest.mark.parametrize(
    ("header", "row", "identifier", "value"),
    [
        ("POSTE;DATE;RR;QRR;TN;QTN", "1014999;20260601;0,4;1;-1,5;1", "precipitation_amount:0:sum:P1D", 0.4),
        ("POSTE;DATE;RR;QRR;TN;QTN", "1014999;20260601;0,4;1;-1,5;1", "air_temperature:2:minimum:P1D", -1.5),
        ("POSTE;DATE;RR1;QRR1;T;QT;N;QN", "1014999;2026060101;0,2;1;12,4;1;8;1", "air_temperature", 12.4),
        ("POSTE;DATE;RR1;QRR1;T;QT;N;QN", "1014999;2026060101;0,2;1;12,4;1;8;1", "cloud_area_fraction", 100),
        ("POSTE;DATE;RR;QRR;TX;QTX", "1014999;202606;40,2;1;22,5;1", "precipitation_amount:0:sum:P1M", 40.2),
        ("lat;lon;geo_id_insee;validity_time;t;tx;rr_per", "1;2;01014999;2026-06-01T01:06:00Z;281.15;282.15;0.2", "precipitation_amount:0:sum:PT6M", 0.2),
        ("lat;lon;geo_id_insee;validity_time;t;tx;rr1", "1;2;01014999;2026-06-01T01:00:00Z;281.15;282.15;0.2", "air_temperature:2:maximum:PT1H", 9),
    ],
)  # fmt: skip
def test_tables_of_meteo_france_s_interfaces_are_read_as_its_files(
    header: str, row: str, identifier: str, value: float
) -> None:
    (batch,) = batches(f"{header}\n{row}\n")
    assert (batch.station_id, batch.columns[parameter(identifier)].values) == ("01014999", [value])


def test_extremes_beside_six_minutes_are_not_taken_for_those_of_the_hour() -> None:
    (batch,) = batches("lat;lon;geo_id_insee;validity_time;t;tx;rr_per\n1;2;01014999;2026-06-01T01:06:00Z;281.15;282.15;0.2\n")
    assert [each.id for each in batch.columns] == ["air_temperature", "precipitation_amount:0:sum:PT6M"]


def test_which_hours_are_those_of_meteoswiss_before_2018_is_said_where_there_are_hours() -> None:
    hours = "station_abbr;reference_timestamp;tre200h0\nABO;31.12.2017 23:00;-1.5\n"
    assert ["twenty minutes before their time" in told(each).why for each in (hours, METEOSWISS_DAILY)] == [True, False]


def test_precipitation_since_some_reset_is_not_taken_and_said() -> None:
    entry = told(IEM_ASOS)
    assert "p01i was not taken" in entry.why
    assert not any("precipitation" in (each.parameter or "") for each in entry.columns)


def test_the_soil_network_of_iowa_is_no_download_of_asos_since_its_clock_and_its_rain_are_others() -> None:
    rows = "station\tvalid\ttmpf\trelh\tsolar\tprecip\tspeed\tdrct\nAEEI4\t2024-06-01 00:00\t61.2\t88.1\t0\t0.01\t3.1\t181\n"
    assert told(rows).recognition.format == "csv"
    minutes = rows.replace("valid", "valid(UTC)").replace("solar\t", "dwpf\t")
    assert told(minutes).recognition.format == "iem"


def test_a_total_of_several_days_is_rejected_with_its_row_and_the_rest_is_taken() -> None:
    entry = told(BOM_RAIN)
    assert (entry.status, entry.rejects[0].row, entry.rejects[0].value) == (Status.PARTIAL, 3, "12.0")
    assert column(BOM_RAIN, "precipitation_amount:0:sum:P1D").values == [2.2, None]


def test_a_record_in_other_units_than_the_first_is_rejected() -> None:
    entry = told(WEEWX + "1704067800,16,5,1016,10,10,20,0,20\n")
    assert (entry.status, entry.rows, entry.rejects[0].row) == (Status.PARTIAL, 2, 4)


@pytest.mark.parametrize(("system", "rain", "wind"), [("1", 2.54, 4.4704), ("16", 1.0, 2.777778), ("17", 0.1, 10)])
def test_the_units_of_a_record_are_those_of_its_system(system: str, rain: float, wind: float) -> None:
    text = WEEWX.replace(",1,5,", f",{system},5,")
    assert column(text, "precipitation_amount:0:sum:PT5M").values[0] == rain
    assert column(text, "wind_speed:10:mean:PT5M").values[0] == wind


def test_a_metar_without_a_report_is_a_reject_with_its_number() -> None:
    entry = told(METARS_XML.replace("EDDF 010050Z 24012KT 9999 07/04 Q1002", ""))
    assert (entry.status, entry.rejects[0].row) == (Status.PARTIAL, 2)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            '<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>',
            "XML: an alert (CAP), which is not read",
        ),
        ('<wml2:Collection xmlns:wml2="http://www.opengis.net/waterml/2.0"/>', "WaterML 2"),
        ("<weather><temp>3</temp></weather>", "its root is weather"),
    ],
)
def test_xml_that_is_not_read_is_called_by_its_kind(text: str, what: str) -> None:
    entry = told(text)
    assert entry.status == Status.UNKNOWN
    assert what in entry.why


def test_what_counts_since_nine_in_the_morning_is_not_taken_and_said() -> None:
    assert "rain_trace" in told(BOM_LATEST).why


def test_an_observation_without_its_datastream_is_rejected_with_what_to_do() -> None:
    entry = told('{"value": [{"phenomenonTime": "2024-01-01T00:20:00Z", "result": 4}]}')
    assert (entry.status, entry.rejects[0].row) == (Status.REJECTED, 1)
    assert "expand Datastream" in entry.rejects[0].reason


def test_a_line_that_is_no_message_of_a_station_is_rejected_and_the_others_are_taken() -> None:
    entry = told(MAWS + "(S:FARM;D:24\n")
    assert (entry.status, entry.rejects[0].row, entry.stations) == (Status.PARTIAL, 3, {"FARM": 2})


@pytest.mark.parametrize(
    "name",
    ["meteoswiss", "meteofrance", "iem", "synoptic", "bom", "meteireann", "weewx", "epw", "tmy3", "nsrdb", "bsrn", "pvgis"],
)
@pytest.mark.parametrize("text", ["\n", "x\n", "x;y\n", "stn\n1\n", ",\n,\n", "*U0001\n\n", "LOCATION,\nDATA PERIODS\n"])
def test_a_reader_that_is_given_something_else_says_so(name: str, text: str) -> None:
    def read() -> bool:
        try:
            return any(
                isinstance(piece, Reject) for piece in named(name).read(io.BytesIO(text.encode()), Context(key="in/x.csv"))
            )
        except UnreadableFile as exc:
            return bool(exc.detail)

    assert read()


def test_times_of_mesowest_in_a_zone_of_america_are_understood() -> None:
    data = SYNOPTIC.replace("01/28/2021 00:54 UTC", "06/01/2024 00:00 MDT").replace(
        "01/28/2021 01:54 UTC", "12/01/2024 00:00 MST"
    )
    entry = survey(io.BytesIO(data.encode()))
    assert (iso(entry.first or 0), iso(entry.last or 0)) == ("2024-06-01T06:00:00Z", "2024-12-01T07:00:00Z")


def test_a_synoptic_table_whose_units_were_taken_away_loses_no_row() -> None:
    without = SYNOPTIC.replace(",,knots,Fahrenheit,Fahrenheit,Pascals\n", "")
    entry = survey(io.BytesIO(without[without.index("Station_ID") :].encode()))
    assert (entry.recognition.format, entry.status, entry.rows) == ("csv", Status.UNMAPPED, 2)


def test_hours_of_the_smn_have_blanks_where_nothing_was_observed_and_rows_of_another_form_are_told() -> None:
    text = SMN + SMN.partition("\r\n")[0] + "\r\n" + "01032024    23  12.0  TRUNCATED\r\n"
    found = told(text)
    assert (found.status, found.rows) == (Status.PARTIAL, 3)
    assert [(each.row, each.reason) for each in found.rejects] == [(6, "no date and fields in the columns of the format")]
    (carlini,) = (each for each in batches(SMN) if each.station_id == "smn_BASE_CARLINI_(EX_JUBANY)")
    values = {each.standard_name: column.values[0] for each, column in carlini.columns.items()}
    assert values == {
        "air_temperature": -3.5,
        "relative_humidity": 88,
        "air_pressure_at_mean_sea_level": None,
        "wind_from_direction": None,
        "wind_speed": 5,
    }


@pytest.mark.parametrize(
    ("text", "direction", "wind"),
    [
        (TMY3, ",320,E,9,2.1,E,9\n02/01", ",0,E,9,{},E,9\n02/01"),
        (EPW, ",180,3.1,", ",0,{},"),
    ],
)
def test_a_direction_of_0_is_north_unless_the_wind_is_calm(text: str, direction: str, wind: str) -> None:
    assert direction in text
    for speed, expected in (("0.0", None), ("3.1", 0)):
        (batch, *_) = batches(text.replace(direction, wind.format(speed)))
        column = batch.columns[parameter("wind_from_direction")]
        assert (column.values[0], column.received[0]) == (expected, "0")


XEMA = (
    "ID,CODI_ESTACIO,CODI_VARIABLE,DATA_LECTURA,DATA_EXTREM,VALOR_LECTURA,CODI_ESTAT,CODI_BASE\n"
    "CC320101242330,CC,32,31/01/2024 11:30:00 PM,,5.2,V,SH\nCC350101242300,CC,35,31/01/2024 11:00:00 PM,,0.4,N,HO\n"
)
XEMA_OF_INTERFACE = (
    "id,codi_estacio,codi_variable,data_lectura,data_extrem,valor_lectura,codi_estat,codi_base\n"
    '"CC320101242330","CC","32","2024-01-31T23:30:00.000",,"5.2","V","SH"\n"CC350101242300","CC","35","2024-01-31T23:00:00.000",,"0.4","N","HO"\n'
)


@pytest.mark.parametrize("text", [XEMA, XEMA_OF_INTERFACE])
def test_readings_of_xema_end_the_half_hour_or_hour_that_they_are_of(text: str) -> None:
    entry = survey(io.BytesIO(text.encode()))
    assert (entry.recognition.format, entry.status, entry.stations) == ("xema", Status.OK, {"meteocat_CC": 2})
    found = [
        (iso(batch.times[0]), *((name.id, each.values, each.flags) for name, each in batch.columns.items()))
        for batch in batches(text)
    ]
    assert found == [
        ("2024-02-01T00:00:00Z", ("air_temperature:2:mean:PT30M", [5.2], [Quality.NOT_EVALUATED])),
        ("2024-02-01T00:00:00Z", ("precipitation_amount:0:sum:PT1H", [0.4], [Quality.FAIL])),
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("31/01/2024 11:30:00 PM", "01/31/2024 11:30:00 PM", "not a time such as 31/01/2024 01:30:00 PM"),
        (",CC,32,", ",,32,", "there is no station"),
    ],
)
def test_a_reading_of_xema_that_cannot_be_is_a_reject(old: str, new: str, reason: str) -> None:
    entry = survey(io.BytesIO(XEMA.replace(old, new).encode()))
    assert (entry.status, entry.rejected) == (Status.PARTIAL, 1)
    assert reason in entry.rejects[0].reason


def test_a_variable_of_xema_whose_base_of_time_is_not_known_is_left() -> None:
    entry = survey(io.BytesIO(XEMA.replace(",SH", ",D5").encode()))
    assert (entry.status, entry.rows) == (Status.OK, 2)
    assert "variable 32 of D5" in entry.why
