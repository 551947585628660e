"""Networks' own text forms: the head says station, time and unit, so nothing has to be mapped."""

# ruff: noqa: E501 - the samples are as wide as the networks write them
import io
import struct
from importlib import import_module

import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso, parse
from mesonet.domain.observation import Batch, Column
from mesonet.domain.parameter import parse as parameter
from mesonet.domain.station import Station
from mesonet.errors import UnreadableFile
from mesonet.formats import columns, registry
from mesonet.formats.loggers import ecowitt_table
from mesonet.formats.reading import Context
from mesonet.formats.survey import observations, survey
from tests.unit.formats.noaa.files import surveyed

SURFRAD = (
    " Alamosa\n   37.70  105.92 2317 m version 1\n"
    " 2016   1  1  1  0  0  0.000  91.65 " + " ".join(f"{number}.5 {number % 3}" for number in range(1, 21)) + "\n"
    " 2016   1  1  1  0  1  0.017  91.83 " + " ".join("-9999.9 1" for _ in range(20)) + "\n"
)
SOLRAD = (
    " Albuquerque\n   35.03796 -106.62211 1617 -7  version 1\n"
    " 2019  56  2 25  0  0  0.000  79.30   104.5 0    60.5 0    97.8 0     5.9 0    43.6 0     0.382     2.280     0.431     0.066\n"
)
SRML = "94255\t2018\t1000\t0\t2010\t0\t7008\t0\n1\t1\t5\t12\t0\t12\t-20.5\t12\n1\t2\t6\t12\t0\t99\t-21.3\t12\n1\t2400\t7\t12\t1\t12\t-21\t12\n"
MDF = (
    "  101 ! (c) 2019 some mesonet\n  7 2019 05 08 00 00 00\n STID  STNM  TIME   RELH   TAIR   WSPD    RAIN\n"
    " ACME    1   245     95   20.9    9.6    0.00\n BOIS    2   245   -996   22.0   -999    0.00\n"
)
METOFFICE = (
    "Oxford\r\r\nLocation: 450900E 207200N, Lat 51.761 Lon -1.262, 63 metres amsl\r\r\nMissing data is marked by  ---.\r\r\n"
    "   yyyy  mm   tmax    tmin      af    rain     sun\r\r\n              degC    degC    days      mm   hours\r\r\n"
    "   1853   1    8.4     2.7       4    62.8     ---\r\r\n   2020  12   14.3*    8.2       0   172.3    62.4#  Provisional\r\r\n"
)
METOFFICE_MOVED = METOFFICE.replace("Oxford", "Port / Port Mole from June 1998").replace(
    "Location: 450900E 207200N, Lat 51.761 Lon -1.262, 63 metres amsl",
    "Location 4512E 2018N, Lat 51.701 Lon -1.342, 60m amsl to May 1998\r\r\n  & 4509E 2072N, Lat 51.761 Lon -1.262 25m amsl from June 1998",
)
SMHI = (
    "\ufeffStationsnamn;Klimatnummer;Mäthöjd (meter över marken)\r\nGävle A;107420;2.0\r\n\r\nParameternamn;Beskrivning;Enhet\r\n"
    "Lufttemperatur;momentanvärde, 1 gång/tim;degree celsius\r\n\r\nTidsperiod (fr.o.m);Tidsperiod (t.o.m);Höjd (meter över havet);"
    "Latitud (decimalgrader);Longitud (decimalgrader)\r\n1995-08-01 00:00:00;2016-02-01 23:00:00;16.0;60.7166;17.1641\r\n\r\n"
    "Datum;Tid (UTC);Lufttemperatur;Kvalitet;;Tidsutsnitt:\r\n1995-08-01;00:00:00;19.1;G;;Kvalitetskontrollerade data\r\n"
    "1995-08-01;01:00:00;18.2;R\r\n"
)
SMHI_DAILY = (
    SMHI[: SMHI.index("Datum;Tid")].replace("momentanvärde, 1 gång/tim", "medelvärde 1 dygn, 1 gång/dygn, kl 00")
    + "Från Datum Tid (UTC);Till Datum Tid (UTC);Representativt dygn;Lufttemperatur;Kvalitet;;Tidsutsnitt:\r\n"
    "1995-08-01 00:00:01;1995-08-02 00:00:00;1995-08-01;19.1;Y;;noter\r\n1995-08-02 00:00:01;1995-08-03 00:00:00;1995-08-02;17.7;Y;;\r\n"
)
ECCC = (
    '\ufeff"Station Name","TORONTO CITY"\n"Province","ONTARIO"\n"Latitude","43.67"\n"Longitude","-79.40"\n"Elevation","112.50"\n'
    '"Climate Identifier","6158355"\n"WMO Identifier","71508"\n\n"Legend"\n"M","Missing"\n\n'
    '"Date/Time","Year","Month","Day","Time","Temp (°C)","Temp Flag","Wind Dir (10s deg)","Wind Dir Flag","Stn Press (kPa)"\n'
    '"2012-01-01 00:00","2012","01","01","00:00","3.2","E","23","","100.42"\n'
    '"2012-01-01 01:00","2012","01","01","01:00","","M","","M",""\n"2012-01-01 02:00","2012","01","01","02:00"\n'
)
ECCC_DAILY = (
    '"Longitude (x)","Latitude (y)","Station Name","Climate ID","Date/Time","Year","Month","Day","Data Quality","Max Temp (°C)",'
    '"Max Temp Flag","Min Temp (°C)","Min Temp Flag","Spd of Max Gust (km/h)","Spd of Max Gust Flag"\n'
    '"-123.18","49.19","VANCOUVER INTL A","1108395","2021-06-28","2021","06","28","","32.4","","19.1","E","<31",""\n'
)
ECCC_MONTHLY = (
    '"Longitude (x)","Latitude (y)","Station Name","Climate ID","Date/Time","Year","Month","Mean Max Temp (°C)","Mean Max Temp Flag",'
    '"Mean Min Temp (°C)","Mean Min Temp Flag","Mean Temp (°C)","Mean Temp Flag","Extr Max Temp (°C)","Extr Max Temp Flag",'
    '"Total Precip (mm)","Total Precip Flag","Snow Grnd Last Day (cm)","Snow Grnd Last Day Flag","Dir of Max Gust (10\'s deg)"\n'
    '"-123.18","49.19","VANCOUVER INTL A","1108395","2021-06","2021","06","24.1","","13.2","","18.7","","32.4","E","41.5","","0","","17"\n'
    '"-123.18","49.19","VANCOUVER INTL A","1108395","2021-07","2021","07","","M","14.0","","19.5","","29.9","","0.4","","0","",""\n'
)
BDMEP = (
    "Nome: BRASILIA\nCodigo Estacao: A001\nLatitude: -15.789\nLongitude: -47.925\nAltitude: 1160.96\nSituacao: Operante\nData Inicial: 2023-06-01\n"
    "Data Final: 2023-06-02\nPeriodicidade da Medicao: Horaria\n\nData Medicao;Hora Medicao;PRECIPITACAO TOTAL, HORARIO(mm);VENTO, VELOCIDADE HORARIA(m/s);\n"
    "2023-06-01;0000;0,5;2,1;\n2023-06-01;0100;null;2,1;\n"
)
INMET = (
    "REGIAO:;SE\nUF:;SP\nESTAC?O:;SAO PAULO - MIRANTE\nCODIGO (WMO):;A701\nLATITUDE:;-23,496294\nLONGITUDE:;-46,620088\n"
    "ALTITUDE:;785,64\nDATA DE FUNDAC?O:;25/07/06\nData;Hora UTC;PRECIPITAÇÃO TOTAL, HORÁRIO (mm);RADIACAO GLOBAL (KJ/m²);"
    "TEMPERATURA DO AR - BULBO SECO, HORARIA (°C);\n2019/01/01;0000 UTC;,5;3600;22,8;\n2019/01/01;0100 UTC;0;;-9999;\n"
)
JMA = (
    "ダウンロードした時刻:2021/07/31 11:20:33\n\n,東京,東京,東京,東京,東京\n年月日時,気温(℃),気温(℃),気温(℃),雲形,雲形\n"
    ",,品質情報,均質番号,,品質情報\n2011/1/2 3:00:00,9.1,8,1,x,8\n2011/1/2 24:00:00,9.5,2,1,x,8\n"
)
DWD = (
    "STATIONS_ID;MESS_DATUM;QN_3;  FX;QN_4; RSK; TXK;eor\n       3987;20170518;   10;  10.9;    3;   0.0;   30.1;eor\n"
    "       3987;20170519;   10;-999;    3;   4.1;   22.2;eor\n"
)
DWD_UNTIL_2017 = (
    "STATIONS_ID;MESS_DATUM;QUALITAETS_NIVEAU;LUFTTEMPERATUR;DAMPFDRUCK;BEDECKUNGSGRAD;LUFTTEMP_AM_ERDB_MINIMUM;WINDSPITZE_MAXIMUM;SCHNEEHOEHE;eor\r\n"
    "       3987;20140820;  1;  14.3;  11.6;   5.3;   6.8;  12.4;   0;eor\r\n       3987;20140821;  1;  13.6;  11.3;   4.9;-999;  10.8;   0;eor\r\n"
)
DWD_HOURLY_UNTIL_2017 = (
    "STATIONS_ID; MESS_DATUM; QUALITAETS_NIVEAU; STRUKTUR_VERSION; LUFTTEMPERATUR;REL_FEUCHTE;eor\r\n"
    "         44;2007040100; 5;13;     8.0;   67.0;eor\r\n         44;2007040101; 5;13;     7.9;   69.0;eor\r\n"
)
DWD_HOURLY = "STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor\n 44;2024010113;3; 5.1; 81.0;eor\n 44;2024010114;3; 5.4; -999;eor\n"
CLIMAT = (
    "year;month;IIiii;G1;Po;G1;P;G1;sn;T;st;G1;sn;Tx;sn;Tn;G1;e;G1;R1;Rd;nr;G2;Yb;sn;T\n"
    "2003;03;01001;1;10047;2;0059;3;1;027;046;4;0;001;1;052;5;045;6;9999;3;13;;;0;100\n"
    "2003;03;01008;1;09995;2;10031;3;0;173;045;4;1;142;1;211;5;013;6;0018;3;07;;;;\n\x1a"
)
KNMI = (
    "# BRON: KNMI\n# STN         LON(east)   LAT(north)  ALT(m)      NAME\n# 260         5.180       52.100      1.90        De Bilt\n"
    "# T : temperatuur in 0.1 graden\n# STN,YYYYMMDD,   HH,   DD,    T,   RH\n  260,20200801,    1,    0,  228,   -1\n"
    "  260,20200801,   24,  120,  -15,    7\n"
)
CHMI_DAYS = (
    "STATION,ELEMENT,TIMEFUNC,DT,VALUE,FLAG,QUALITY\n0-203-0-1,T,AVG,1775-01-01T00:00Z,-7.0,,0\n"
    "0-203-0-1,T,14:00,1775-01-01T13:00Z,-6.4,,0\n0-203-0-1,TMA,20:00,1775-01-01T20:00Z,,,0\n"
)
IMGW = (
    '"249180130","MIASTO","2023","01","01",5.3,"",-1.2,"",2.1,"",0,"8",0.4,"","W",0,"8"\n'
    '"249180130","MIASTO","2023","01","02",4.1,"",-2.2,"",1.1,"",-3.1,"",0,"9","",3,""\n'
)
IMGW_RAIN = (
    '"249180010","WIEŚ","2023","01","05",0,"8"," ",12,"",3,"","",9,"",9\n'
    '"249180010","WIEŚ","2023","01","06",0,"9"," ",0,"9",0,"9","",9,"",9\n'
)
GSOM = (
    '"STATION","DATE","LATITUDE","LONGITUDE","ELEVATION","NAME","TMAX","TMAX_ATTRIBUTES","PRCP","PRCP_ATTRIBUTES"\n'
    '"USW00094728","1869-01","40.77898","-73.96925","42.7","NY CITY CENTRAL PARK, NY US","4.17",",,,Z","64.4",",,,Z"\n'
)
ECOWITT = (
    "Time,Indoor Temperature(℉),Outdoor Temperature(℉),Outdoor Humidity(%),Wind(mph),Gust(mph),ABS Barometer(inHg),Hourly Rain(in)\n"
    "2025/1/01 0:00,70.1,50.0,99,0.0,1.0,29.92,--\n"
)
LCD = (
    '"STATION","DATE","REPORT_TYPE","HourlyDryBulbTemperature","HourlyDewPointTemperature","HourlyStationPressure","HourlyWindSpeed",'
    '"HourlyPrecipitation","REM"\n'
    '"72505394728","2021-01-01T00:51:00","FM-15","50","41s","29.92","10","T","MET095 METAR KNYC 010551Z AUTO VRB03KT"\n'
    '"72505394728","2021-01-01T01:51:00","FM-15","51","*","29.90","0","","MET095 METAR KNYC 010651Z AUTO VRB03KT"\n'
)
NDBC = (
    "#YY  MM DD hh mm WDIR WSPD GST  WVHT   DPD   APD MWD   PRES  ATMP  WTMP  DEWP  VIS  TIDE\n"
    "#yr  mo dy hr mn degT m/s  m/s     m   sec   sec degT   hPa  degC  degC  degC  nmi    ft\n"
    "2019 01 01 00 00 187  6.5  7.9 99.00 99.00 99.00 999 1020.4  17.9 999.0 999.0 99.0 99.00\n"
    "2019 01 01 00 10  MM  6.5  7.9    MM    MM    MM  MM     MM  17.9    MM    MM   MM    MM\n"
)
NDBC_LATEST = (
    "#STN     LAT      LON  YYYY MM DD hh mm WDIR WSPD   GST WVHT  DPD APD MWD   PRES  PTDY  ATMP  WTMP  DEWP  VIS   TIDE\n"
    "#text    deg      deg   yr mo day hr mn degT  m/s   m/s   m   sec sec degT   hPa   hPa  degC  degC  degC  nmi     ft\n"
    "LONF1  24.843  -80.862 2024 06 15 10 00  40   7.0    MM   MM  MM   MM  MM 1015.1    MM  23.1    MM    MM   MM     MM\n"
    "LONF1  24.843  -80.862 2024 06 15 10 30  MM    MM    MM  0.5   4   MM 250 1008.1    MM  20.1  18.2    MM   MM     MM\n"
)
NDBC_WINDS = "#YY  MM DD hh mm WDIR WSPD GDR GST GTIME\n#yr  mo dy hr mn degT m/s degT m/s hhmm\n2019 01 01 00 00 187  6.5 190  9.9 2357\n2019 01 01 00 10 188  6.5 999 99.0 9999\n"
NDBC_OLD = "YY MM DD hh WD WSPD GST WVHT DPD APD MWD BAR ATMP WTMP DEWP VIS\n97 12 31 23 187 6.5 7.9 99 99 99 999 1020.4 17.9 999 999 99\n"
NDBC_DRIFT = (
    "#YY  MM DD hhmm     LAT      LON WDIR WSPD   GST  PRES PTDY  ATMP  WTMP  DEWP WVHT DPD\n"
    "#yr  mo dy hrmn     deg      deg degT  m/s   m/s   hPa  hPa  degC  degC  degC    m sec\n"
    "2020 03 04 0530   40.10   -60.20  310  2.0    MM 1007.6 +0.0  11.2  12.9    MM  0.0   2\n"
    "2020 03 04 0430   40.15   -60.20   MM   MM    MM 1008.6 -0.7  11.0  12.8    MM  0.0   2\n"
)
NDBC_RADIATION = (
    "#YY  MM DD hh mm  SRAD1  SWRAD  LWRAD\n#yr  mo dy hr mn   w/m2   w/m2   w/m2\n"
    "2020 03 04 15 10     MM  410.5  301.2\n2020 03 04 15 00     MM  400.1     MM\n"
)
NDBC_RAIN = "#YY  MM DD hh mm  ACCUM\n#yr  mo dy hr mn    mm\n2020 03 04 23 00   2.5\n2020 03 04 22 00   0.0\n"
NDBC_SUPPLEMENT = (
    "#YY  MM DD hh mm   PRES PTIME  WSPD  WDIR WTIME\n#yr  mo dy hr mn    hPa  hhmm   m/s  degT  hhmm\n"
    "2020 03 04 15 00 1019.3  1454     6    MM  1454\n2020 03 04 14 00 1019.2  1348    MM    MM    MM\n"
)
NDBC_WAVES = "#YY  MM DD hh mm WVHT  SwH  SwP\n#yr  mo dy hr mn    m    m  sec\n2020 03 04 14 00  1.6  1.5  8.3\n"
GHCNH = (
    "Station_ID|Station_name|Year|Month|Day|Hour|Minute|Latitude|Longitude|Elevation|temperature|temperature_Measurement_Code|"
    "temperature_Quality_Code|temperature_Report_Type|wind_speed|wind_speed_Quality_Code\n"
    "USW00094728|NY CITY CENTRAL PARK|2024|1|1|0|51|40.779|-73.969|42.7|5.6||1|FM-15|2.1|3\n"
    "USW00094728|NY CITY CENTRAL PARK|2024|1|1|1|51|40.779|-73.969|42.7|5.0||L|FM-15||\n"
)
GHCNH_OF_2025 = (
    "STATION|Station_name|DATE|Year|Month|Day|Hour|Minute|LATITUDE|LONGITUDE|ELEVATION|temperature|temperature_Measurement_Code|"
    "temperature_Quality_Code|temperature_Source_Station_ID|wind_direction|wind_direction_Quality_Code|precipitation_9_hour|"
    "precipitation_9_hour_Quality_Code\n"
    "USW00094728|NY CITY CENTRAL PARK|2025-01-01T00:51:00|2025|01|01|00|51|40.779|-73.969|42.7|5.6||5|72505394728|310|5||\n"
    "USW00094728|NY CITY CENTRAL PARK|2025-01-01T09:00:00|2025|01|01|09|00|40.779|-73.969|42.7|5.0||C|72505394728|999|1|2.5|1\n"
)
IEM = (
    '{"schema": {"fields": [{"name": "id", "type": "string"}]}, "data": [{"id": "VEAT", "name": "Agartala", "elevation": 16.0,'
    ' "iemid": 1, "tzname": "Asia/Kolkata", "wigos": "0-20000-0-42724", "longitude": 91.24, "latitude": 23.88}]}'
)


def davis(count: int = 3) -> bytes:
    """Records of 25 April 2016, five minutes apart, at 55.1 degF."""
    records = b""
    for number in range(count):
        head = struct.pack(
            "<HHhhhHHHhHhBBBBBBBBHB",
            25 | 4 << 5 | 16 << 9,
            505 + 5 * number,
            551,
            551,
            550,
            0,
            0,
            29928,
            0x7FFF,
            113,
            609,
            59,
            93,
            0,
            1,
            6,
            255,
            255,
            0,
            0x7FFF,
            255,
        )
        records += head + b"\xff" * (42 - len(head)) + b"\x00" + b"\xff" * 9
    return records + b"\xff" * 52


def _pages(records: bytes) -> bytes:
    five = records.ljust(5 * 52, b"\xff")
    return b"\x00" + five + b"\xff" * 4 + b"\x00\x00"


# text or bytes: format, station, rows, first and last time, and one value of the first row: parameter, value
CASES: dict[str, tuple[str | bytes, str, str, int, str, str, str, float | None]] = {
    "surfrad": (SURFRAD, "surfrad", "surfrad_Alamosa", 2, "2016-01-01T00:00:00Z", "2016-01-01T00:01:00Z", "wind_speed:10:mean:PT1M", 18.5),
    "solrad": (
        SOLRAD, "surfrad", "solrad_Albuquerque", 1, "2019-02-25T00:00:00Z", "2019-02-25T00:00:00Z",
        "surface_direct_along_beam_shortwave_flux_in_air:2:mean:PT1M", 60.5,
    ),
    "srml": (
        SRML, "srml", "94255", 3, "2018-01-01T08:01:00Z", "2018-01-02T08:00:00Z",
        "surface_downwelling_shortwave_flux_in_air:2:mean:PT1M", 5,
    ),
    "mdf": (MDF, "mdf", "ACME", 2, "2019-05-08T04:05:00Z", "2019-05-08T04:05:00Z", "air_temperature:1.5:mean:PT5M", 20.9),
    "metoffice": (
        METOFFICE, "metoffice", "metoffice_Oxford", 2, "1853-01-01T00:00:00Z", "2020-12-01T00:00:00Z",
        "air_temperature:2:maximum_within_days_mean_over_days:P1M", 8.4,
    ),
    "metoffice, of a station that moved": (
        METOFFICE_MOVED, "metoffice", "metoffice_Port_Port_Mole_from_June_1998", 2, "1853-01-01T00:00:00Z", "2020-12-01T00:00:00Z",
        "air_temperature:2:maximum_within_days_mean_over_days:P1M", 8.4,
    ),
    "smhi": (SMHI, "smhi", "107420", 2, "1995-08-01T00:00:00Z", "1995-08-01T01:00:00Z", "air_temperature", 19.1),
    "smhi daily": (
        SMHI_DAILY, "smhi", "107420", 2, "1995-08-01T00:00:00Z", "1995-08-02T00:00:00Z", "air_temperature:2:mean:P1D", 19.1,
    ),
    "eccc": (ECCC, "eccc", "6158355", 3, "2012-01-01T05:00:00Z", "2012-01-01T07:00:00Z", "wind_from_direction", 230),
    "eccc daily": (
        ECCC_DAILY, "eccc", "1108395", 1, "2021-06-28T00:00:00Z", "2021-06-28T00:00:00Z", "air_temperature:2:maximum:P1D", 32.4,
    ),
    "eccc monthly": (
        ECCC_MONTHLY, "eccc", "1108395", 2, "2021-06-01T00:00:00Z", "2021-07-01T00:00:00Z",
        "air_temperature:2:maximum_within_days_mean_over_days:P1M", 24.1,
    ),
    "inmet bdmep": (BDMEP, "inmet", "A001", 2, "2023-06-01T00:00:00Z", "2023-06-01T01:00:00Z", "precipitation_amount:0:sum:PT1H", 0.5),
    "inmet": (INMET, "inmet", "A701", 2, "2019-01-01T00:00:00Z", "2019-01-01T01:00:00Z", "precipitation_amount:0:sum:PT1H", 0.5),
    "jma": (JMA.encode("cp932"), "jma", "jma_東京", 2, "2011-01-01T18:00:00Z", "2011-01-02T15:00:00Z", "air_temperature", 9.1),
    "dwd": (DWD, "dwd-product", "03987", 2, "2017-05-18T00:00:00Z", "2017-05-19T00:00:00Z", "air_temperature:2:maximum:P1D", 30.1),
    "dwd hourly": (DWD_HOURLY, "dwd-product", "00044", 2, "2024-01-01T13:00:00Z", "2024-01-01T14:00:00Z", "air_temperature", 5.1),
    "dwd until 2017": (
        DWD_UNTIL_2017, "dwd-product", "03987", 2, "2014-08-20T00:00:00Z", "2014-08-21T00:00:00Z", "air_temperature:2:mean:P1D", 14.3,
    ),
    "dwd hourly until 2017": (
        DWD_HOURLY_UNTIL_2017, "dwd-product", "00044", 2, "2007-04-01T00:00:00Z", "2007-04-01T01:00:00Z", "relative_humidity", 67,
    ),
    "climat": (
        CLIMAT, "dwd-climat", "0-20000-0-01001", 2, "2003-03-01T00:00:00Z", "2003-03-01T00:00:00Z",
        "air_temperature:2:mean:P1M", -2.7,
    ),
    "knmi": (KNMI, "knmi", "0-20000-0-06260", 2, "2020-08-01T01:00:00Z", "2020-08-02T00:00:00Z", "air_temperature:1.5:point:PT0S", 22.8),
    "chmi": (CHMI_DAYS, "chmi", "0-203-0-1", 3, "1775-01-01T00:00:00Z", "1775-01-01T13:00:00Z", "air_temperature:2:mean:P1D", -7),
    "imgw": (IMGW, "imgw", "imgw_249180130", 2, "2023-01-01T00:00:00Z", "2023-01-02T00:00:00Z", "air_temperature:2:maximum:P1D", 5.3),
    "imgw rain": (IMGW_RAIN, "imgw", "imgw_249180010", 2, "2023-01-05T00:00:00Z", "2023-01-06T00:00:00Z", "surface_snow_thickness", 120),
    "gsom": (GSOM, "gsom", "USW00094728", 1, "1869-01-01T00:00:00Z", "1869-01-01T00:00:00Z", "precipitation_amount:0:sum:P1M", 64.4),
    "ecowitt": (ECOWITT, "ecowitt-table", "ecowitt_garden", 1, "2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "air_temperature", 10),
    "lcd": (LCD, "lcd", "72505394728", 2, "2021-01-01T05:51:00Z", "2021-01-01T06:51:00Z", "air_temperature", 10),
    "ndbc": (NDBC, "ndbc", "41001", 2, "2019-01-01T00:00:00Z", "2019-01-01T00:10:00Z", "wind_from_direction", 187),
    "ndbc latest": (NDBC_LATEST, "ndbc", "lonf1", 2, "2024-06-15T10:00:00Z", "2024-06-15T10:30:00Z", "air_temperature", 23.1),
    "ndbc winds": (NDBC_WINDS, "ndbc", "41001", 2, "2019-01-01T00:00:00Z", "2019-01-01T00:10:00Z", "wind_speed_of_gust:10:maximum:PT1H", 9.9),
    "ndbc drifting": (NDBC_DRIFT, "ndbc", "41001", 2, "2020-03-04T04:30:00Z", "2020-03-04T05:30:00Z", "air_temperature", 11.2),
    "ndbc radiation": (
        NDBC_RADIATION, "ndbc", "41001", 2, "2020-03-04T15:00:00Z", "2020-03-04T15:10:00Z",
        "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H", 410.5,
    ),
    "ndbc rain": (
        NDBC_RAIN, "ndbc", "41001", 2, "2020-03-04T23:00:00Z", "2020-03-05T00:00:00Z", "precipitation_amount:0:sum:PT1H", 2.5,
    ),
    "ndbc supplement": (
        NDBC_SUPPLEMENT, "ndbc", "41001", 2, "2020-03-04T14:00:00Z", "2020-03-04T15:00:00Z",
        "air_pressure_at_mean_sea_level:0:minimum:PT1H", 1019.3,
    ),
    "ndbc old": (NDBC_OLD, "ndbc", "41001", 1, "1997-12-31T23:00:00Z", "1997-12-31T23:00:00Z", "air_pressure_at_mean_sea_level", 1020.4),
    "ghcnh": (GHCNH, "ghcn-hourly", "USW00094728", 2, "2024-01-01T00:51:00Z", "2024-01-01T01:51:00Z", "air_temperature", 5.6),
    "ghcnh of 2025": (
        GHCNH_OF_2025, "ghcn-hourly", "USW00094728", 2, "2025-01-01T00:51:00Z", "2025-01-01T09:00:00Z", "air_temperature", 5.6,
    ),
    "davis": (
        davis(), "davis", "davis_garden", 3, "2016-04-25T05:05:00Z", "2016-04-25T05:15:00Z", "air_temperature:2:mean:PT5M", 12.83333,
    ),
    "davis pages": (
        _pages(davis()), "davis", "davis_garden", 3, "2016-04-25T05:05:00Z", "2016-04-25T05:15:00Z",
        "air_pressure_at_mean_sea_level", 1013.478,
    ),
}  # fmt: skip


def key_of(case: str) -> str:
    return "in/41001h2019.txt" if case.startswith("ndbc") else "in/garden.csv"


def batches(data: str | bytes, key: str = "in/garden.csv") -> list[Batch]:
    given = data if isinstance(data, bytes) else data.encode()
    return [each for each in observations(io.BytesIO(given), Context(key=key)) if isinstance(each, Batch)]


def column(data: str | bytes, identifier: str, at: int = 0) -> Column:
    return batches(data)[at].columns[parameter(identifier)]


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_tells_station_time_and_unit_needs_no_mapping(case: str) -> None:
    data, name, station, rows, first, last, identifier, value = CASES[case]
    entry = survey(io.BytesIO(data if isinstance(data, bytes) else data.encode()), Context(key=key_of(case)))
    assert (entry.recognition.format, entry.status, entry.rejects) == (name, Status.OK, ())
    assert (entry.rows, next(iter(entry.stations))) == (rows, station)
    assert entry.first is not None
    assert entry.last is not None
    assert (iso(entry.first), iso(entry.last)) == (first, last)
    told = batches(data, key_of(case))
    assert (told[0].station_id, told[0].columns[parameter(identifier)].values[0]) == (station, value)
    assert sum(len(batch.times) for batch in told) == rows


def test_waves_of_ndbc_are_known_and_left() -> None:
    entry = survey(io.BytesIO(NDBC_WAVES.encode()), Context(key="in/41001.spec"))
    assert (entry.recognition.format, entry.status) == ("ndbc", Status.REJECTED)
    assert [each.reason for each in entry.rejects] == ["none of WVHT, SwH, SwP is weather that is taken"]


def test_a_drifting_buoy_is_where_each_row_says() -> None:
    pieces = observations(io.BytesIO(NDBC_DRIFT.encode()), Context(key="in/22101.drift"))
    assert [(each.id, each.position) for each in pieces if isinstance(each, Station)] == [
        ("22101", (40.1, -60.2)),
        ("22101", (40.15, -60.2)),
    ]


@pytest.mark.parametrize("ending", ["cwind", "srad", "rain", "supl", "drift"])
def test_the_station_of_ndbc_is_in_the_name_of_its_newest_files(ending: str) -> None:
    (batch,) = batches(NDBC_WINDS, f"in/41001.{ending}")
    assert batch.station_id == "41001"


@pytest.mark.parametrize("text", [GSOM, LCD, GHCNH, DWD], ids=["gsom", "lcd", "ghcnh", "dwd"])
def test_a_header_that_comes_again_is_no_row(text: str) -> None:
    once, twice, marked = (survey(io.BytesIO(each.encode())) for each in (text, text * 2, f"{text}\ufeff{text}"))
    assert (twice.status, twice.rows, twice.rejects) == (once.status, 2 * once.rows, once.rejects)
    assert (marked.status, marked.rows, marked.rejects) == (twice.status, twice.rows, twice.rejects)


@pytest.mark.parametrize("case", CASES)
def test_whatever_is_cut_off_is_told_and_crashes_nothing(case: str) -> None:
    data = CASES[case][0]
    whole = data if isinstance(data, bytes) else data.encode()
    for end in range(1, len(whole), 7):
        entry = survey(io.BytesIO(whole[:end]), Context(key="in/garden.csv"))
        list(observations(io.BytesIO(whole[:end]), Context(key="in/garden.csv")))
        assert entry.status in set(Status)


def test_flags_of_the_network_are_kept() -> None:
    surfrad = batches(SURFRAD)[0].columns
    assert [surfrad[parameter(f"{name}:{level}:mean:PT1M")].flags[0] for name, level in (("air_temperature", 10), ("wind_speed", 10))] == [4, 2]  # fmt: skip
    assert column(METOFFICE, "air_temperature:2:maximum_within_days_mean_over_days:P1M").flags == [2, 3]
    assert column(METOFFICE, "duration_of_sunshine:0:sum:P1M").values == [None, 3744]
    assert column(SMHI, "air_temperature").flags == [2, 4]
    assert column(ECCC, "air_temperature").flags == [3, 9, 9]
    assert column(JMA.encode("cp932"), "air_temperature").flags == [2, 3]
    assert column(GHCNH, "air_temperature").flags == [2, 4]
    assert column(GHCNH, "wind_speed").flags == [4, 9]
    assert column(GHCNH_OF_2025, "air_temperature").flags == [2, 4]


def test_months_of_environment_canada_have_means_of_extremes_extremes_and_sums_at_their_first_day() -> None:
    june = {each.id: (told.values[0], told.flags[0]) for each, told in batches(ECCC_MONTHLY)[0].columns.items()}
    assert june == {
        "air_temperature:2:maximum_within_days_mean_over_days:P1M": (24.1, 2),
        "air_temperature:2:minimum_within_days_mean_over_days:P1M": (13.2, 2),
        "air_temperature:2:mid_range:P1M": (18.7, 2),
        "air_temperature:2:maximum:P1M": (32.4, 3),
        "precipitation_amount:0:sum:P1M": (41.5, 2),
        "wind_gust_from_direction:10:maximum:P1M": (170, 2),
    }  # fmt: skip


def test_the_newest_place_is_that_of_a_station_of_the_met_office_which_moved() -> None:
    (place,) = [each for each in observations(io.BytesIO(METOFFICE_MOVED.encode())) if isinstance(each, Station)]
    assert (place.name, place.latitude, place.elevation_m) == ("Port / Port Mole from June 1998", 51.761, 25)


def test_midnight_behind_the_dates_of_environment_canada_is_no_hour() -> None:
    assert [each.times for each in batches(ECCC_DAILY.replace("2021-06-28", "2021-06-28 00:00:00", 1))] == [
        each.times for each in batches(ECCC_DAILY)
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_ghcnh_is_known_between_other_delimiters(delimiter: str) -> None:
    saved = surveyed(GHCNH_OF_2025.replace("|", delimiter))
    assert (saved.recognition.format, saved.rows) == ("ghcn-hourly", 2)


def test_a_blank_line_above_is_no_name_of_a_station_of_the_met_office() -> None:
    assert {each.station_id for each in batches(f"\r\n{METOFFICE}")} == {"metoffice_Oxford"}


def test_a_product_of_the_german_service_of_which_no_name_is_known_is_a_table_to_be_mapped() -> None:
    entry = survey(io.BytesIO(b"STATIONS_ID;MESS_DATUM;QN;ELEMENT_A;eor\n44;20240101;3;7.2;eor\n44;20240102;3;7.4;eor\n"))
    assert (entry.recognition.format, entry.status) == ("csv", Status.UNMAPPED)


@pytest.mark.parametrize(
    ("names", "row", "at", "taken"),
    [
        (
            "MESS_DATUM;QN_8;ABSF_STD;VP_STD;TF_STD;P_STD;TT_STD;RF_STD;TD_STD", "2025010501;3;-99.9;-99.9;-99.9; 995.2;-0.7;-99.9;-99.9",
            "2025-01-05T01:00:00Z",
            {"air_pressure": 995.2, "air_temperature": -0.7, "water_vapor_partial_pressure_in_air": None, "wet_bulb_temperature": None,
             "relative_humidity": None, "dew_point_temperature": None},
        ),
        (
            "MESS_DATUM;QN_592;ATMO_LBERG;FD_LBERG;FG_LBERG;SD_LBERG;ZENIT;MESS_DATUM_WOZ",
            "2019060110:03;1;-999;45.0;252.0;58;37.1;2019060111:00", "2019-06-01T10:03:00Z",
            {"surface_downwelling_longwave_flux_in_air:2:mean:PT1H": None, "surface_diffuse_downwelling_shortwave_flux_in_air:2:mean:PT1H": 125,
             "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H": 700, "duration_of_sunshine:0:sum:PT1H": 58},
        ),
        (
            "MESS_DATUM;QN;DS_10;GS_10;SD_10;LS_10", "202401011210;3;3.6;6.0;0.150;-999", "2024-01-01T12:10:00Z",
            {"surface_diffuse_downwelling_shortwave_flux_in_air:2:mean:PT10M": 60, "surface_downwelling_shortwave_flux_in_air:2:mean:PT10M": 100,
             "duration_of_sunshine:0:sum:PT10M": 9, "surface_downwelling_longwave_flux_in_air:2:mean:PT10M": None},
        ),
        (
            "MESS_DATUM;QN_592;ATMO_STRAHL;FD_STRAHL;FG_STRAHL;SD_STRAHL", "20240101;1;-999;86.4;172.8;1.5", "2024-01-01T00:00:00Z",
            {"surface_downwelling_longwave_flux_in_air:2:mean:P1D": None, "surface_diffuse_downwelling_shortwave_flux_in_air:2:mean:P1D": 10,
             "surface_downwelling_shortwave_flux_in_air:2:mean:P1D": 20, "duration_of_sunshine:0:sum:P1D": 90},
        ),
        ("MESS_DATUM;QN;TT_10", "199907011200;1;20.5", "1999-07-01T11:00:00Z", {"air_temperature": 20.5}),  # CET, also in summer
        ("MESS_DATUM;QN;TT_10", "199912312350;1;2.5", "1999-12-31T22:50:00Z", {"air_temperature": 2.5}),
        ("MESS_DATUM;QN;TT_10", "200001010000;1;2.5", "2000-01-01T00:00:00Z", {"air_temperature": 2.5}),
        ("MESS_DATUM;QN_9;TT_TU", "1999070112;5;20.5", "1999-07-01T12:00:00Z", {"air_temperature": 20.5}),
        ("MESS_DATUM;QN_592;SD_LBERG", "1979060110:34;1;58", "1979-06-01T10:34:00Z", {"duration_of_sunshine:0:sum:PT1H": 58}),
        ("MESS_DATUM;QN_3;F;D", "1975101608;5;1.3;990", "1975-10-16T08:00:00Z", {"wind_speed:10:mean:PT1H": 1.3, "wind_from_direction:10:mean:PT1H": None}),
        ("MESS_DATUM;QN_8;FF;DD", "2024010112;3;3.5;60", "2024-01-01T12:00:00Z", {"wind_speed:10:mean:PT1H": 3.5, "wind_from_direction:10:mean:PT1H": 60}),
    ],
)  # fmt: skip
def test_products_of_the_german_service_are_read_by_the_names_of_their_elements(
    names: str, row: str, at: str, taken: dict[str, float | None]
) -> None:
    (batch,) = batches(f"STATIONS_ID;{names};eor\n      44;{row};eor\n")
    values = {each.id: column.values[0] for each, column in batch.columns.items()}
    assert (batch.station_id, iso(batch.times[0])) == ("00044", at)
    assert values == {name: value if value is None else pytest.approx(value) for name, value in taken.items()}


def test_older_files_of_the_met_office_tell_the_height_of_a_station_alone() -> None:
    older = METOFFICE.replace(
        "Location: 450900E 207200N, Lat 51.761 Lon -1.262, 63 metres amsl", "Location 4509E 2072N 63m amsl"
    )
    (place,) = [each for each in observations(io.BytesIO(older.encode())) if isinstance(each, Station)]
    assert (place.latitude, place.longitude, place.elevation_m) == (None, None, 63)
    entry = survey(io.BytesIO(older.encode()))
    assert (entry.status, entry.rows, entry.rejects) == (Status.OK, 2, ())
    closed = survey(io.BytesIO(f"{older}   2021   1  Site closed\r\r\nSite Closed".encode()))
    assert (closed.status, closed.last, closed.rejects) == (Status.OK, entry.last, ())
    assert "the position is told on the British grid alone, and was not taken" in entry.why


def test_ghcnh_tells_999_where_the_wind_had_no_direction() -> None:
    direction = column(GHCNH_OF_2025, "wind_from_direction")
    assert (direction.values, direction.flags) == ([310, None], [2, 9])
    assert column(GHCNH_OF_2025, "precipitation_amount:0:sum:PT9H").values == [None, 2.5]


def test_a_variable_wind_of_ghcnh_has_no_direction() -> None:
    variable = GHCNH_OF_2025.replace("|310|", "|VRB|")
    assert variable != GHCNH_OF_2025
    assert column(variable, "wind_from_direction").values == [None, None]
    assert surveyed(variable).rejects == surveyed(GHCNH_OF_2025).rejects


DAYS_OF_KNMI = (
    "# STN,YYYYMMDD,   TG,   TN,   RH,   UG\n  260,20200801,  228,   90,   -1,   80\n  260,20200802,  191,  101,    7,   81\n"
)
CONVERTED = DAYS_OF_KNMI.replace("228,   90,   -1", "22.8,    9, -0.1").replace("191,  101,    7", "19.1, 10.1,  0.7")


def test_days_of_the_knmi_that_somebody_converted_are_not_divided_by_ten_again() -> None:
    for told in (DAYS_OF_KNMI, DAYS_OF_KNMI.replace("228", "228.0"), CONVERTED):
        assert column(told, "air_temperature:1.5:mean:P1D").values == [22.8, 19.1]
        assert column(told, "air_temperature:1.5:minimum:P1D").values == [9, 10.1]
        assert column(told, "precipitation_amount:0:sum:P1D").values == [0, 0.7]
    assert "there are decimals (22.8), so TG, TN, RH were taken in whole units" in surveyed(CONVERTED).why
    assert column(CONVERTED, "precipitation_amount:0:sum:P1D").received == [" -0.1", "  0.7"]
    slip = column(DAYS_OF_KNMI.replace("228", "22.8"), "air_temperature:1.5:mean:P1D")
    assert slip.values == [2.28, 19.1]  # one number with a decimal makes no other file


def test_days_of_the_knmi_in_tenths_by_their_own_lines_with_decimals_are_left() -> None:
    entry = surveyed(f"# TG       : Etmaalgemiddelde temperatuur (in 0.1 graden Celsius) / Daily mean temperature\n{CONVERTED}")
    assert "TG: the lines above say tenths, and there are decimals (22.8)" in entry.why
    assert [each.name for each in entry.columns if each.parameter] == ["TN", "RH", "UG"]


def test_ghcnh_is_of_the_station_s_number_where_a_column_station_stands_before_it() -> None:
    data = GHCNH.replace("Station_ID|Station_name", "Station_name|Station_ID").replace("Station_name", "STATION")
    data = data.replace("USW00094728|NY CITY CENTRAL PARK", "NY CITY CENTRAL PARK|USW00094728")
    assert surveyed(data).stations == {"USW00094728": 2}


@pytest.mark.parametrize(
    ("data", "named", "wrong"),
    [
        (SMHI, "degree celsius", "grader"),
        (JMA, "(℃)", "(hPa)"),
        (ECOWITT, "Outdoor Temperature(℉)", "Outdoor Temperature(hPa)"),
    ],
)
def test_what_stands_in_a_unit_that_cannot_be_its_own_is_told_and_not_taken(data: str, named: str, wrong: str) -> None:
    assert named in data
    spoiled = data.replace(named, wrong)
    entry = survey(io.BytesIO(spoiled.encode()), Context(key="in/garden.csv"))
    assert "was not taken: " in entry.why
    assert "is no unit of air_temperature" in entry.why
    assert not any(parameter("air_temperature") in each.columns for each in batches(spoiled))
    assert not entry.rejects


def test_missing_values_of_the_network_are_none() -> None:
    assert column(SRML, "surface_direct_along_beam_shortwave_flux_in_air:2:mean:PT1M").values == [0, None, 1]
    assert batches(MDF)[1].columns[parameter("relative_humidity:1.5:mean:PT5M")].values == [None]
    assert column(INMET, "air_temperature").values == [22.8, None]
    assert column(IMGW, "air_temperature:0.05:minimum:P1D").values == [None, -3.1]  # of the status, 8 is no measurement
    assert column(IMGW, "precipitation_amount:0:sum:P1D").values == [0.4, 0]  # and 9 none at all
    assert column(IMGW, "surface_snow_thickness").values == [None, 30]
    assert column(IMGW_RAIN, "thickness_of_snowfall_amount:0:sum:P1D").values == [30, 0]
    assert column(DWD, "wind_speed_of_gust:10:maximum:P1D").values == [10.9, None]
    assert column(ECCC_DAILY, "air_temperature:2:minimum:P1D").flags == [3]
    assert column(KNMI, "precipitation_amount:0:sum:PT1H").values == [0, 0.7]
    assert column(KNMI, "wind_from_direction:10:mean:PT10M").values == [None, 120]
    assert column(LCD, "precipitation_amount:0:sum:PT1H").values == [0, None]
    assert column(CLIMAT, "air_pressure_at_mean_sea_level:0:mean:P1M").values == [1005.9]
    assert column(CLIMAT, "precipitation_amount:0:sum:P1M").values == [0]


def test_where_the_station_is_comes_from_the_head() -> None:
    def place(text: str) -> Station:
        return next(each for each in observations(io.BytesIO(text.encode())) if isinstance(each, Station))

    assert place(SURFRAD).position == (37.7, -105.92)  # an old file leaves out the sign of a western longitude
    assert place(SOLRAD).position == (35.03796, -106.62211)
    assert (place(SMHI).name, place(SMHI).position, place(SMHI).elevation_m) == ("Gävle A", (60.7166, 17.1641), 16)
    assert place(INMET).position == (-23.496294, -46.620088)
    assert place(KNMI).elevation_m == 1.9
    assert (place(IEM).wigos_id, place(IEM).timezone) == ("0-20000-0-42724", "Asia/Kolkata")


def test_zero_is_the_direction_of_a_calm_in_local_climatological_data() -> None:
    calm = (
        LCD.replace('"HourlyWindSpeed"', '"HourlyWindDirection"').replace('"10","T"', '"360","T"').replace('"0",""', '"000",""')
    )
    assert column(calm, "wind_from_direction").values == [360, None]


def test_a_list_of_stations_of_iem_is_one() -> None:
    entry = surveyed(IEM)
    assert (entry.recognition.format, entry.status, entry.stations) == ("iem-stations", Status.OK, {"VEAT": 1})


def test_local_hours_of_lcd_wait_for_a_zone_where_no_metar_tells_it() -> None:
    entry = surveyed(LCD.replace("METAR KNYC", "SYN004BUFR").replace("Z AUTO", "AUTO"))
    assert (entry.recognition.format, entry.status) == ("lcd", Status.UNMAPPED)
    assert "time.zone" in entry.rejects[0].reason


def test_an_import_of_a_seldom_format_waits_for_a_file_of_it() -> None:
    for name in (*registry.SELDOM, *registry.LAST):
        module = import_module(f"mesonet.formats.{name}")
        assert registry.named(module.NAME) is module
    assert not list(registry._seldom(b"date,temp\n2024-01-01,3\n"))


def test_times_of_a_clock_without_a_zone_are_those_of_the_province() -> None:
    newfoundland = ECCC.replace("ONTARIO", "NEWFOUNDLAND").replace("6158355", "8403505")
    assert batches(newfoundland)[0].times[0] == parse("2012-01-01T03:30:00Z")


def test_a_console_s_table_whose_first_line_is_blank_has_no_columns() -> None:
    with pytest.raises(UnreadableFile, match="blank"):
        list(ecowitt_table.read(io.BytesIO(b"\nTime,Indoor Temperature(C"), Context()))


def test_the_one_station_of_solrad_that_measures_infrared_is_read_too() -> None:
    values = "0.5 0 0.0 0 0.4 0 -9999.9 1 -9999.9 1 187.2 0 265.6 0 265.3 0"
    rows = "".join(f" 2019 56 2 25 0 {n} 0.0 94.28 {values} 0.0 0.0 0.0 -9999.9 0.002 26.0 27.0\n" for n in range(3))
    entry = surveyed(f" Madison\n 43.07250 -89.41133 271 -6 version 1\n{rows}")
    assert (entry.recognition.format, entry.status, entry.rows) == ("surfrad", Status.OK, 3)
    infrared = next(each for each in entry.columns if each.name == "dw_ir")
    assert (infrared.parameter, infrared.maximum) == ("surface_downwelling_longwave_flux_in_air:2:mean:PT1M", 187.2)


def test_a_line_of_inmet_that_speaks_of_dates_and_hours_is_no_header() -> None:
    entry = surveyed(BDMEP.replace("Data Final: 2023-06-02\nPeriodicidade da", "Data Final: 2023-06-02 da"))
    assert (entry.recognition.format, entry.status, entry.stations) == ("inmet", Status.OK, {"A001": 2})


def test_a_wind_from_99_degrees_and_a_pressure_of_999_are_no_missing_values_of_a_buoy() -> None:
    head = "#YY  MM DD hh mm WDIR WSPD GST  WVHT   DPD   APD MWD   PRES  ATMP  WTMP  DEWP  VIS  TIDE\n"
    rows = (
        "2019 01 01 00 00  99  5.0  6.0 99.00 99.00 99.00 999  999.0  10.0  11.0   7.0 99.0 99.00\n"
        "2019 01 01 00 10 999 99.0 99.0 99.00 99.00 99.00 999 9999.0 999.0 999.0 999.0 99.0 99.00\n"
    )
    (batch,) = batches(head + rows, "in/41001h2019.txt")
    assert [batch.columns[parameter(name)].values for name in ("wind_from_direction", "air_pressure_at_mean_sea_level")] == [
        [99.0, None],
        [999.0, None],
    ]
    assert all(column.values[1] is None for column in batch.columns.values())


def test_the_second_version_of_lcd_is_metric_though_no_pressure_tells_it() -> None:
    text = LCD.replace("72505394728", "USW00094728").replace("HourlyStationPressure", "HourlyPressure")
    assert (column(text, "air_temperature").values[0], column(LCD, "air_temperature").values[0]) == (50, 10)


def test_the_height_of_a_pressure_level_is_no_pressure_at_the_sea() -> None:
    """Mountain stations were read as having 150.6 hPa there."""
    text = CLIMAT.replace(";0059;", ";1506;")
    pressures = column(text, "air_pressure_at_mean_sea_level:0:mean:P1M")
    assert (pressures.values, pressures.flags) == ([None], [9])
    assert "stands in place of P 1 times" in surveyed(text).why


def test_a_temperature_of_a_climat_report_whose_sign_was_left_out_is_left() -> None:
    header, *rest = CLIMAT.split("\n")
    at = header.split(";").index("T") - 1
    text = "\n".join(";".join(name for place, name in enumerate(line.split(";")) if place != at) for line in (header, *rest))
    assert "air_temperature:2:mean:P1M" in [each.id for each in batches(CLIMAT)[0].columns]
    assert "air_temperature:2:mean:P1M" not in [each.id for each in batches(text)[0].columns]
    assert "T was not taken: the column sn before it, which has its sign, is missing" in survey(io.BytesIO(text.encode())).why


def test_flags_of_environment_canada_are_told_by_their_names() -> None:
    rows = [line.split(",") for line in ECCC[ECCC.index('"Date/Time') :].rstrip("\n").split("\n")]
    turned = ECCC[: ECCC.index('"Date/Time')] + "".join(",".join(row[::-1]) + "\n" for row in rows)
    meant = batches(ECCC)[0].columns
    assert {parameter: each.flags[:2] for parameter, each in batches(turned)[0].columns.items()} == {
        parameter: each.flags[:2] for parameter, each in meant.items()
    }


def test_a_table_of_others_with_a_name_of_ndbc_s_rain_is_not_ndbc_s() -> None:
    rows = "".join(f"2020 01 01 {hour:02d} 5.0 10.5\n" for hour in range(9))
    found = survey(io.BytesIO(f"YYYY MM DD HH ACCUM ATMP\n{rows}".encode()), Context(key="n/41001h2020.txt"))
    assert found.recognition.format == "text-table"


def test_days_of_chmi_are_of_their_function_of_time_and_others_are_named() -> None:
    entry = surveyed(CHMI_DAYS + "0-203-0-1,XX,20:00,1775-01-01T20:00Z,1,,0\n0-203-0-1,T,AVG,gestern,1,,0\n")
    assert (entry.status, entry.rows, [(each.row, each.column) for each in entry.rejects]) == (Status.PARTIAL, 5, [(6, "DT")])
    assert "XX 20:00" in entry.why
    found = {name.id: each.times for each in batches(CHMI_DAYS) for name in each.columns}
    assert [iso(found[name][0]) for name in ("air_temperature", "air_temperature:2:maximum:P1D")] == [
        "1775-01-01T13:00:00Z",
        "1775-01-01T00:00:00Z",
    ]


def test_each_column_of_rows_that_are_of_a_station_each_has_its_own_unit() -> None:
    pressure, sunshine = parameter("air_pressure"), parameter("duration_of_sunshine")
    told = [
        columns.Series(pressure, "hPa", "0.1 hPa", [1000.0, 1001.0, None], ["10000", "10010", ""], [2, 2, 9]),
        columns.Series(sunshine, "min", "h", [60.0, None, 120.0], ["1", "", "2"], [2, 9, 2]),
    ]
    found = list(columns.batches(["a", "b", "c"], [0, 0, 0], [2, 3, 4], told))
    units = [[(column.unit, column.unit_received) for column in batch.columns.values()] for batch in found]
    assert units == [[("hPa", "0.1 hPa"), ("min", "h")]] * 3
    assert [[column.values for column in batch.columns.values()] for batch in found] == [
        [[1000.0], [60.0]],
        [[1001.0], [None]],
        [[None], [120.0]],
    ]
