"""Tables whose publishers document them: a small one of each, generated after its description."""

# ruff: noqa: E501 - the samples are as wide as they are written
import io
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import iso
from mesonet.domain.observation import Batch
from mesonet.domain.parameter import parse as parameter
from mesonet.domain.station import Station
from mesonet.errors import UnreadableFile
from mesonet.formats.guard import Guard
from mesonet.formats.networks.publication import written
from mesonet.formats.networks.publications import HKO_DAYS as TITLES
from mesonet.formats.networks.publications import PUBLICATIONS
from mesonet.formats.reading import Context
from mesonet.formats.registry import open_file
from mesonet.formats.survey import Survey, observations, survey

POWER = (
    "-BEGIN HEADER-\nNASA/POWER Native Resolution Hourly Data \nDates (month/day/year): 06/01/2023 through 06/02/2023 in LST\nLocation: Latitude  40.0   Longitude -105.0 \n"
    "Elevation from MERRA-2: Average for 0.5 x 0.625 degree lat/lon region = 1700.06 meters\nParameter(s): \nT2M   MERRA-2 Temperature at 2 Meters (C) \n"
    "PS    MERRA-2 Surface Pressure (kPa) \nALLSKY_SFC_SW_DWN   CERES SYN1deg All Sky Surface Shortwave Downward Irradiance (Wh/m^2) \n-END HEADER-\n"
    "YEAR,MO,DY,HR,T2M,PS,ALLSKY_SFC_SW_DWN\n2023,6,1,0,15.4,82.5,0.0\n2023,06,01,23,-999.0,82.5,100.0\n"
)
POWER_DAYS = (
    "-BEGIN HEADER-\nLocation: Latitude  40.0   Longitude -105.0 \nT2M_MAX   MERRA-2 Temperature at 2 Meters Maximum (C) \n"
    "ALLSKY_SFC_SW_DWN   CERES (MJ/m^2/day) \n-END HEADER-\nYEAR,DOY,T2M_MAX,ALLSKY_SFC_SW_DWN\n2020,60,20.5,8.64\n2020,61,21.5,-999\n"
)
CIMIS = (
    "Stn Id,Stn Name,CIMIS Region,Date,Hour (PST),Jul,ETo (mm),qc,Air Temp (C),qc,Wind Speed (m/s),qc,Sol Rad (W/sq.m),qc\n"
    "2,FivePoints,San Joaquin Valley,6/1/2023,0100,152,0.1,,15.5, ,2.1,Y,0,\n2,FivePoints,San Joaquin Valley,6/1/2023,2400,152,0.1,,15.0,R,--,M,0,\n"
)
CIMIS_DAYS = "Stn Id,Stn Name,CIMIS Region,Date,Jul,Precip (in),qc,Sol Rad (Ly/day),qc,Max Air Temp (F),qc\n2,FivePoints,San Joaquin Valley,12/31/2023,365,0.10,,500,,50.0,\n"
USGS = (
    "# ---- WARNING ----\n#    USGS 06730200 BOULDER CREEK\n#        17525       00020     Temperature, air, degrees Celsius\n#\nagency_cd\tsite_no\tdatetime\ttz_cd\t17525_00020\t17525_00020_cd\t9_00045\t9_00045_cd\n"
    "5s\t15s\t20d\t6s\t14n\t10s\t14n\t10s\nUSGS\t06730200\t2023-06-01 00:00\tMDT\t15.5\tP\t0.10\tP\nUSGS\t06730200\t2023-06-01 00:15\tMDT\tEqp\tP\t0.00\tP\n"
)
USGS_DAYS = (
    "# ---- WARNING ----\n#    10001       00020     00001     Temperature, air, degrees Celsius (Maximum)\n#\n"
    "agency_cd\tsite_no\tdatetime\t10001_00020_00001\t10001_00020_00001_cd\t2_00045_00006\t2_00045_00006_cd\t3_00060_00003\t3_00060_00003_cd\n"
    "5s\t15s\t20d\t14n\t10s\t14n\t10s\t14n\t10s\nUSGS\t09339000\t2024-06-01\t25.2\tA\t0.10\tA\t31\tA\nUSGS\t09339000\t2024-06-02\tEqp\tP\t0.00\tP\t30\tP\n"
)
_VISUAL_NAMES = "name,datetime,tempmax,tempmin,temp,feelslikemax,dew,humidity,precip,precipcover,windspeed,sealevelpressure,visibility,conditions\n"
VISUAL = (
    f'{_VISUAL_NAMES}"Somewhere, Far",2024-01-01,59,41,50,59,41,71.2,0.1,4.1,10,1011.5,9.9,"Rain, Overcast"\n'
    '"Somewhere, Far",2024-01-02,61,41,52,61,43,71.5,,0,8,1012,9.9,Clear\n'
)
VISUAL_METRIC = f'{_VISUAL_NAMES}"Somewhere, Far",2024-01-01,15,5,10,15,5,71.1,2.5,4.1,36,1011.5,16,Rain\n'
ECAD = (
    "EUROPEAN CLIMATE ASSESSMENT & DATASET (ECA&D), file created on: 22-04-2021\n\nThis is the blended series of station NETHERLANDS, DE BILT (STAID: 162)\n"
    "Blended and updated with sources:100522 911220 \n\nSTAID, SOUID,    DATE,   TX, Q_TX\n   162,100522,20230101,   13,    0\n   162,100522,20230102,-9999,    9\n   162,100522,20230103,  -25,    1\n"
)
ECAD_SOURCE = "This is the data of station DE BILT,  (STAID: 162)\n\n SOUID,    DATE,   RR, Q_RR\n100522,20230101,   13,    0\n"
SEKLIMA = (
    "Navn;Stasjon;Tid(norsk normaltid);Lufttemperatur;Nedbør (1 t);Middelvind\nOslo - Blindern;SN18700;01.06.2023 00:00;15,5;0,2;3,1\n"
    "Oslo - Blindern;SN18700;01.06.2023 01:00;-;0;3,1\nData er gyldig per 02.06.2023 (CC BY 4.0), Meteorologisk institutt (MET);;;;;\n"
)
MIDAS = (
    "Conventions,G,BADC-CSV,1\nobservation_station,G,heathrow\nsrc_id,G,00708\nlocation,G,51.479,-0.449\nheight,G,25,m\nlong_name,wind_speed,Wind speed,knot\n"
    "long_name,visibility,Visibility,decametres\nlong_name,air_temperature,Air temperature,degree Celsius\ndata\nob_time,id,met_domain_name,src_id,wind_speed,air_temperature,visibility\n"
    "2023-06-01 00:00:00,3772,SYNOP,708,10,15.5,1200\n2023-06-01 01:00:00,3772,SYNOP,708,NA,15.5,1200\nend data\n"
)
HKO = "Date time,Automatic Weather Station,10-Minute Mean Wind Direction(Compass points),10-Minute Mean Speed(km/hour)\n202401011200,Chek Lap Kok,Northeast,36\n202401011210,Chek Lap Kok,Calm,N/A\n"
HKO_DAYS = (
    '\ufeff"日總雨量(毫米) - 天文台"\n"Daily Total Rainfall (mm) at the Hong Kong Observatory"\n年/Year,月/Month,日/Day,數值/Value,"數據完整性/data Completeness"\n'
    '2024,1,1,1.2,C\n2024,1,2,Trace,#\n2024,1,3,***,\n"*** 沒有數據/unavailable"\n"# 數據不完整/data incomplete"\n"C 數據完整/data Complete"\n'
)
IMIS = (
    "station_code,measure_date,hyear,TA_30MIN_MEAN,RH_30MIN_MEAN,VW_30MIN_MEAN,VW_30MIN_MAX,DW_30MIN_MEAN,DW_30MIN_SD,TSS_30MIN_MEAN,TS0_30MIN_MEAN,RSWR_30MIN_MEAN,HS\n"
    "XYZ2,2024-01-01 00:30:00+00:00,2024,-4.2,81,2.1,5.5,270,12,-9.1,0.1,0,120.5\nXYZ2,2024-01-01 01:00:00+00:00,2024,-4.3,,,,,,-9.2,0.1,0,\n"
)
ZENTRA = (
    '"z6-00930(z6-00930)-Configuration 1","Port1","Port1","Port1","Port2"\n"Records: 2","ATMOS 41","ATMOS 41","ATMOS 41","TEROS 12"\n'
    '"Timestamps"," W/m² Solar Radiation"," mm Precipitation"," °C Air Temperature"," m³/m³ Water Content"\n'
    "2024-01-01 00:00:00,100,0.017,4.2,0.2\n2024-01-01 00:15:00,90,0.000,4.1,0.2\n"
)
TEMPEST = (
    "device_id,type,bucket_step_minutes,timestamp,wind_lull,wind_avg,wind_gust,wind_dir,wind_interval,pressure,temperature,humidity,lux,uv,solar_radiation,precip\n"
    "12345,obs_st,5,1704067200,0.0,0.4,1.2,271,3,1012.3,4.2,88,0,0.0,0,0.2\n12345,obs_st,5,1704067500,0.0,0.4,1.2,271,3,1012.3,,88,0,0.0,0,0.0\n"
)
KMA = "지점,지점명,일시,기온(°C),강수량(mm),풍향(16방위),습도(%),일조(hr),일사(MJ/m2)\n108,서울,2023-06-01 00:00,15.5,0.1,200,55,0.5,1.8\n108,서울,2023-06-01 01:00,,,,,,\n"
CAMS = (
    "# Title: CAMS Radiation Service v4.6 all-sky irradiation (derived from satellite data)\n# Latitude (positive North, ISO 19115): 55.7906\n# Longitude (positive East, ISO 19115): 12.5251\n"
    "# Altitude (m): 39.00\n# Summarization (integration) period: 0 year 0 month 0 day 0 h 15 min 0 s\n# noValue: nan\n# Columns:\n# Observation period;TOA;Clear sky GHI;GHI;BHI;DHI;BNI;Reliability\n"
    "2023-06-01T11:45:00.0/2023-06-01T12:00:00.0;200;190;100.0;50;50;90;1.0\n2023-06-01T12:00:00.0/2023-06-01T12:15:00.0;200;190;nan;50;50;90;1.0\n"
)
SOLCAST = "PeriodEnd,PeriodStart,Period,AirTemp,Ghi,SurfacePressure,WindSpeed10m\n2023-06-01T00:30:00Z,2023-06-01T00:00:00Z,PT30M,15.5,100,830.1,3.1\n"
SOLCAST_NEW = "period_end,period,air_temp,ghi\n2023-06-01T00:05:00+00:00,PT5M,15.5,100\n"
SENSOR_COMMUNITY = "sensor_id;sensor_type;location;lat;lon;timestamp;pressure;altitude;temperature;humidity\n141;BME280;65;48.800;9.003;2023-06-01T00:00:00;98700.0;;15.5;55.2\n"
GEOSPHERE = "time,station,TL,RF,RR,FFX,TL_FLAG\n2023-06-01T00:00+00:00,5925,15.5,55.0,0.1,7.5,12\n2023-06-01T00:10+00:00,5925,,55.0,0.0,7.5,12\n"
BOM_DAYS = (
    '"Daily Weather Observations for Sydney, New South Wales for June 2023"\n"Observations were drawn from Sydney Airport AMO {station 066037}"\n\n'
    ',"Date","Minimum temperature (°C)","Maximum temperature (°C)","Rainfall (mm)","Sunshine (hours)","Time of maximum wind gust","9am wind speed (km/h)","9am MSL pressure (hPa)"\n'
    ',"2023-06-1",10.5,19.5,0.2,7.5,"12:05","Calm",1018.2\n,"2023-06-2",,,,,,,\n'
)
# what: text, station, rows, first and last time, parameters with their first values
COSMOS = (
    "timestamp,2024-06-03T10:00:00\nsite-id,MOORH\nsite-name,Moor House\ndate-installed,2014-12-04\ndate-decommissioned,\n"
    "parameter-id,TA,PRECIP,WS,TDT1_VWC\nparameter-name,Air temperature,Precipitation,Wind speed,Soil moisture 1\nparameter-units,Deg C,mm,m s-1,%\n"
    "2024-06-01T00:00:00Z,8.1,0.2,3.2,61.2\n2024-06-01T00:30:00Z,-9999,0,3.1,61.1\n"
)
COSMOS_DAYS = (
    "DATE_TIME,SITE_ID,PRECIP,TA_MIN,COSMOS_VWC,PE\n2018-06-01,BALRD,1.2,4.1,33.1,2.1\n2018-06-02,BALRD,0,4.4,33.0,-9999\n"
)

IMS = (
    "Station,Date & Time (Winter),Relative humidity (%),Temperature (°C),Maximum temperature (°C),Wind direction (°),Wind speed (kt),Maximum 1 minute wind speed (m/s),"
    "Time ending maximum 10 minutes wind speed (hhmm),Gust wind speed (m/s),Global radiation (W/m^2),Rainfall (mm)\n"
    "BET DAGAN,01/07/2024 00:00,61,21.3,21.5,270,10,3.1,2354,5.1,0,0.1\nBET DAGAN,01/07/2024 00:10,62,21.2,21.4,-,-,-,-,-,0,0\n"
)
IMS_HEBREW = (
    'שם תחנה,תאריך,שעה- LST,טמפרטורה(C°),לחות יחסית(%),"כמות גשם(מ""מ)",כיוון הרוח(מעלות),מהירות הרוח(m/s)\n'
    "בית דגן,01-07-2024,00:00,21.3,61,0.1,270,3.1\nבית דגן,01-07-2024,00:10,-,62,0.0,-,-\n"
)
BMKG = (
    "ID WMO :96749\nNama Stasiun :Stasiun Contoh\nLintang :-6.12\nBujur :106.65\nElevasi :11\n\nTANGGAL,TN,TX,TAVG,RH_AVG,RR,SS,FF_X,DDD_X,FF_AVG,DDD_CAR\n"
    "01-06-2024,24.1,32.5,27.3,81,8888,6.1,4,120,2,E \n02-06-2024,24.3,32.1,27.1,80,0.5,6.0,5,130,2,E \n"
)
HUNGARO = (
    "StationNumber;Time;r;Q_r;t;Q_t;ta;Q_ta;u;Q_u;p;Q_p;fs;Q_fs;fx;Q_fx;EOR\n"
    "13704;202406010000;0.1;;8.2;;8.1;;71;;1003.2;;2.1;;4.2;;EOR\n13704;202406010010;-999;;8.4;;8.3;;71;;1003.2;;2.1;;4.2;;EOR\n"
)
POI = (
    "surface observations;Parameter description;dry_bulb_temperature_at_2_meter_above_ground;mean_wind_speed_during last_10_min_at_10_meters_above_ground;"
    "total_time_of_sunshine_during_last_hour;precipitation_amount_last_hour;present_weather\nUnit;;°C;km/h;min;mm;CODE_TABLE\n"
    "Datum;Uhrzeit (UTC);Temperatur (2m);Windgeschwindigkeit;Sonnenscheindauer;Niederschlag;Wetter\n"
    "01.06.24;13:00;21,3;18;42;0,2;1\n01.06.24;12:00;---;18;---;0;1\n"
)

TABLES: dict[str, tuple[str, str, int, str, str, dict[str, float]]] = {
    "power": (POWER, "power_40_-105", 2, "2023-06-01T08:00:00Z", "2023-06-02T07:00:00Z",
              {"air_temperature:2:mean:PT1H": 15.4, "air_pressure:0:mean:PT1H": 825, "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H": 0}),
    "power days": (POWER_DAYS, "power_40_-105", 2, "2020-02-29T00:00:00Z", "2020-03-01T00:00:00Z",
                   {"air_temperature:2:maximum:P1D": 20.5, "surface_downwelling_shortwave_flux_in_air:2:mean:P1D": 100}),
    "power days by month": (POWER_DAYS.replace("YEAR,DOY", "YEAR,MO,DY").replace("2020,6", "2020,1,1"), "power_40_-105", 2, "2020-01-10T00:00:00Z", "2020-01-11T00:00:00Z",
                            {"air_temperature:2:maximum:P1D": 20.5}),
    "cimis": (CIMIS, "cimis_2", 2, "2023-06-01T09:00:00Z", "2023-06-02T08:00:00Z", {"air_temperature:1.5:mean:PT1H": 15.5, "wind_speed:2:mean:PT1H": 2.1}),
    "cimis days": (CIMIS_DAYS, "cimis_2", 1, "2023-12-31T00:00:00Z", "2023-12-31T00:00:00Z",
                   {"air_temperature:1.5:maximum:P1D": 10, "precipitation_amount:0:sum:P1D": 2.54, "surface_downwelling_shortwave_flux_in_air:2:mean:P1D": 242.1296}),
    "usgs": (USGS, "USGS-06730200", 2, "2023-06-01T06:00:00Z", "2023-06-01T06:15:00Z", {"air_temperature": 15.5, "precipitation_amount:0:sum:PT15M": 2.54}),
    "usgs days": (USGS_DAYS, "USGS-09339000", 2, "2024-06-01T00:00:00Z", "2024-06-02T00:00:00Z",
                  {"air_temperature:2:maximum:P1D": 25.2, "precipitation_amount:0:sum:P1D": 2.54}),
    "visual crossing": (VISUAL, "visualcrossing_Somewhere,_Far", 2, "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z",
                        {"air_temperature:2:maximum:P1D": 15, "precipitation_amount:0:sum:P1D": 2.54, "wind_speed:10:maximum:P1D": 4.4704,
                         "relative_humidity:2:mean:P1D": 71.2, "air_pressure_at_mean_sea_level:0:mean:P1D": 1011.5}),
    "ecad": (ECAD, "ecad_162", 3, "2023-01-01T00:00:00Z", "2023-01-03T00:00:00Z", {"air_temperature:2:maximum:P1D": 1.3}),
    "ecad source": (ECAD_SOURCE, "ecad_162", 1, "2023-01-01T00:00:00Z", "2023-01-01T00:00:00Z", {"precipitation_amount:0:sum:P1D": 1.3}),
    "seklima": (SEKLIMA, "SN18700", 2, "2023-05-31T23:00:00Z", "2023-06-01T00:00:00Z", {"air_temperature": 15.5, "precipitation_amount:0:sum:PT1H": 0.2, "wind_speed": 3.1}),
    "midas": (MIDAS, "midas_00708", 2, "2023-06-01T00:00:00Z", "2023-06-01T01:00:00Z", {"air_temperature": 15.5, "wind_speed": 5.144444, "visibility_in_air": 12000}),
    "bom days": (BOM_DAYS, "066037", 2, "2023-06-01T00:00:00Z", "2023-06-02T00:00:00Z", {"air_temperature:2:minimum:P1D": 10.5, "duration_of_sunshine:0:sum:P1D": 450}),
    "kma": (KMA, "kma_108", 2, "2023-05-31T15:00:00Z", "2023-05-31T16:00:00Z",
            {"air_temperature": 15.5, "wind_from_direction": 200, "duration_of_sunshine:0:sum:PT1H": 30, "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H": 500}),
    "hko days": (HKO_DAYS, "hko_Hong_Kong_Observatory", 3, "2024-01-01T00:00:00Z", "2024-01-03T00:00:00Z", {"precipitation_amount:0:sum:P1D": 1.2}),
    **{
        title: (
            HKO_DAYS.replace("Daily Total Rainfall", title).replace("Trace", "2.2"), "hko_Hong_Kong_Observatory", 3, "2024-01-01T00:00:00Z", "2024-01-03T00:00:00Z", {},
        )
        for title in TITLES
    },
    "power of 2024": (POWER.replace("Latitude", "latitude").replace("Longitude", "longitude"), "power_40_-105", 2, "2023-06-01T08:00:00Z", "2023-06-02T07:00:00Z", {}),
    "hko": (HKO, "hko_Chek_Lap_Kok", 2, "2024-01-01T04:00:00Z", "2024-01-01T04:10:00Z", {"wind_from_direction": 45, "wind_speed": 10}),
    "cosmos-uk": (COSMOS, "cosmos-uk_MOORH", 2, "2024-06-01T00:00:00Z", "2024-06-01T00:30:00Z",
                  {"air_temperature:2:mean:PT30M": 8.1, "precipitation_amount:0:sum:PT30M": 0.2, "wind_speed:2:mean:PT30M": 3.2}),
    "cosmos-uk days": (COSMOS_DAYS, "cosmos-uk_BALRD", 2, "2018-06-01T00:00:00Z", "2018-06-02T00:00:00Z",
                       {"air_temperature:2:minimum:P1D": 4.1, "precipitation_amount:0:sum:P1D": 1.2}),
    "ims": (IMS, "ims_BET_DAGAN", 2, "2024-06-30T22:00:00Z", "2024-06-30T22:10:00Z",
            {"air_temperature": 21.3, "air_temperature:2:maximum:PT10M": 21.5, "wind_speed": 5.144444, "precipitation_amount:0:sum:PT10M": 0.1}),
    "ims in summer": (IMS.replace("Winter", "Summer"), "ims_BET_DAGAN", 2, "2024-06-30T21:00:00Z", "2024-06-30T21:10:00Z", {"wind_speed_of_gust:10:maximum:PT10M": 5.1}),
    "ims in utc": (IMS.replace("Winter", "UTC"), "ims_BET_DAGAN", 2, "2024-07-01T00:00:00Z", "2024-07-01T00:10:00Z", {"surface_downwelling_shortwave_flux_in_air:2:mean:PT10M": 0}),
    "ims in hebrew": (IMS_HEBREW, "ims_בית_דגן", 2, "2024-06-30T22:00:00Z", "2024-06-30T22:10:00Z",
                      {"air_temperature": 21.3, "precipitation_amount:0:sum:PT10M": 0.1, "wind_from_direction": 270, "wind_speed": 3.1}),
    "bmkg": (BMKG, "0-20000-0-96749", 2, "2024-06-01T00:00:00Z", "2024-06-02T00:00:00Z",
             {"air_temperature:2:minimum:P1D": 24.1, "duration_of_sunshine:0:sum:P1D": 366, "relative_humidity:2:mean:P1D": 81}),
    "bmkg in small letters": (BMKG.replace("TANGGAL,TN,TX,TAVG,RH_AVG", "Tanggal,Tn,Tx,Tavg,RH_avg"), "0-20000-0-96749", 2, "2024-06-01T00:00:00Z", "2024-06-02T00:00:00Z",
                              {"air_temperature:2:mean:P1D": 27.3}),
    "dwd poi": (POI, "dwd-poi_roof", 2, "2024-06-01T12:00:00Z", "2024-06-01T13:00:00Z",
                {"air_temperature": 21.3, "wind_speed:10:mean:PT10M": 5, "duration_of_sunshine:0:sum:PT1H": 42, "precipitation_amount:0:sum:PT1H": 0.2}),
    "hungaromet": (HUNGARO, "hungaromet_13704", 2, "2024-06-01T00:00:00Z", "2024-06-01T00:10:00Z",
                   {"air_temperature": 8.2, "air_temperature:2:mean:PT10M": 8.1, "precipitation_amount:0:sum:PT10M": 0.1, "wind_speed_of_gust:10:maximum:PT10M": 4.2}),
    "imis": (IMIS, "imis_XYZ2", 2, "2024-01-01T00:30:00Z", "2024-01-01T01:00:00Z",
             {"air_temperature:2:mean:PT30M": -4.2, "wind_speed_of_gust:10:maximum:PT30M": 5.5, "surface_temperature:0:mean:PT30M": -9.1, "surface_snow_thickness": 1205}),
    "zentra": (ZENTRA, "z6-00930", 2, "2024-01-01T00:00:00Z", "2024-01-01T00:15:00Z",
               {"air_temperature:2:mean:PT15M": 4.2, "precipitation_amount:0:sum:PT15M": 0.017, "surface_downwelling_shortwave_flux_in_air:2:mean:PT15M": 100}),
    "tempest": (TEMPEST, "tempest_12345", 2, "2024-01-01T00:00:00Z", "2024-01-01T00:05:00Z",
                {"air_temperature": 4.2, "precipitation_amount:0:sum:PT5M": 0.2, "wind_speed:10:mean:PT5M": 0.4}),
    "cams": (CAMS, "cams_55.7906_12.5251", 2, "2023-06-01T12:00:00Z", "2023-06-01T12:15:00Z",
             {"surface_downwelling_shortwave_flux_in_air:2:mean:PT15M": 400, "surface_direct_along_beam_shortwave_flux_in_air:2:mean:PT15M": 360}),
    "solcast": (SOLCAST, "solcast_roof", 1, "2023-06-01T00:30:00Z", "2023-06-01T00:30:00Z", {"air_temperature:2:mean:PT30M": 15.5, "air_pressure:0:mean:PT30M": 830.1}),
    "solcast new": (SOLCAST_NEW, "solcast_roof", 1, "2023-06-01T00:05:00Z", "2023-06-01T00:05:00Z", {"air_temperature:2:mean:PT5M": 15.5}),
    "sensor.community": (SENSOR_COMMUNITY, "sensor-community_141", 1, "2023-06-01T00:00:00Z", "2023-06-01T00:00:00Z", {"air_pressure": 987, "air_temperature": 15.5}),
    "geosphere": (GEOSPHERE, "geosphere_5925", 2, "2023-06-01T00:00:00Z", "2023-06-01T00:10:00Z",
                  {"air_temperature": 15.5, "precipitation_amount:0:sum:PT10M": 0.1, "wind_speed_of_gust:10:maximum:PT10M": 7.5}),
}  # fmt: skip


def surveyed(data: str | bytes) -> Survey:
    given = data if isinstance(data, bytes) else data.encode()
    return survey(io.BytesIO(given), Context(key="in/roof.csv"), again=lambda: io.BytesIO(given))


def loaded(data: str | bytes) -> list[Batch | Station]:
    return list(observations(io.BytesIO(data if isinstance(data, bytes) else data.encode()), Context(key="in/roof.csv")))


@pytest.mark.parametrize("which", TABLES)
def test_a_table_is_taken_as_its_publisher_describes_it(which: str) -> None:
    text, station, rows, first, last, expected = TABLES[which]
    entry = surveyed(text)
    assert (entry.recognition.format, entry.status, entry.rejects) == ("published-table", Status.OK, ())
    assert (entry.stations, entry.rows) == ({station: rows}, rows)
    assert entry.first is not None
    assert entry.last is not None
    assert (iso(entry.first), iso(entry.last)) == (first, last)
    batch = next(piece for piece in loaded(text) if isinstance(piece, Batch))
    for name, value in expected.items():
        assert batch.columns[parameter(name)].values[0] == value


def test_every_publication_has_a_table_here_and_no_table_is_of_an_earlier_one() -> None:
    found = {which: [at for at, each in enumerate(PUBLICATIONS) if each.header(text)] for which, (text, *_) in TABLES.items()}
    assert {min(each) for each in found.values()} == set(range(len(PUBLICATIONS)))


@pytest.mark.parametrize("minutes", ["1" * 5000, "11111", "1440", "0"])
def test_minutes_of_tempest_that_cannot_be_leave_what_is_of_them(minutes: str) -> None:
    (batch,) = (piece for piece in loaded(TEMPEST.replace("obs_st,5", f"obs_st,{minutes}")) if isinstance(piece, Batch))
    assert {each.duration for each in batch.columns} == {"PT0S"}


def test_units_of_visual_crossing_are_those_in_which_temperature_dew_point_and_humidity_agree() -> None:
    entry = surveyed(VISUAL)
    claims = {column.name: column.claim for column in entry.columns if column.parameter}
    assert (claims["tempmax"], claims["sealevelpressure"]) == (Claim.INFERRED, Claim.READ)
    entry = surveyed(VISUAL_METRIC)  # whose wind may be in km/h or in mph
    assert "windspeed, windgust and visibility were left" in entry.why
    assert {column.name for column in entry.columns if column.parameter} == {
        *("tempmax", "tempmin", "temp", "dew", "humidity", "precip", "sealevelpressure"),
    }
    nothing = surveyed(VISUAL.replace("71.2", "20").replace("71.5", "21"))
    assert "do not tell the units" in nothing.why
    assert {column.name for column in nothing.columns if column.parameter} == {"humidity", "sealevelpressure"}


def test_means_of_tempest_are_those_of_its_step_where_files_were_joined() -> None:
    (batch,) = (piece for piece in loaded(TEMPEST + TEMPEST + "," * 15 + "\n") if isinstance(piece, Batch))
    assert "wind_speed:10:mean:PT5M" in {each.id for each in batch.columns}


def test_times_of_the_us_are_none_of_a_logger_of_meter() -> None:
    rows = "01/02/2024 1:00:00 PM,1\n01/02/2024 2:00:00 PM,2\n"
    assert surveyed(f"Timestamps,°C Air Temperature\n{rows}").recognition.format != "published-table"


@pytest.mark.parametrize("date", ["YEAR,DOY", "YEAR,MO,DY"])
def test_days_of_nasa_power_are_known_by_their_date_whatever_was_asked_for(date: str) -> None:
    text = POWER_DAYS.replace("T2M_MAX", "RH2M").replace("2 Meters Maximum (C)", "2 Meters (%)").replace("YEAR,DOY", date)
    entry = surveyed(text.replace("2020,6", "2020,1,1") if date != "YEAR,DOY" else text)
    assert (entry.recognition.format, entry.stations) == ("published-table", {"power_40_-105": 2})


def test_days_of_nasa_power_that_have_lost_the_lines_above_are_left_to_a_mapping() -> None:
    entry = surveyed(
        "LON,LAT,YEAR,MO,DY,DOY,T2M,PRECTOTCORR\n151.8,-27.5,2024,6,1,153,11.2,0.5\n151.8,-27.5,2024,6,2,154,12.2,0\n"
    )
    assert (entry.recognition.format, entry.status) == ("csv", Status.UNMAPPED)


def test_days_of_nasa_power_may_have_lost_the_first_of_the_lines_above() -> None:
    entry = surveyed(POWER_DAYS.removeprefix("-BEGIN HEADER-\n"))
    assert (entry.recognition.format, entry.status) == ("published-table", Status.OK)


@pytest.mark.parametrize("more", ["", "\t3_00035\t3_00035_cd"])
def test_a_second_site_with_other_columns_is_not_read_as_the_first(more: str) -> None:
    head = f"agency_cd\tsite_no\tdatetime\ttz_cd\t9_00045\t9_00045_cd\t5_00020\t5_00020_cd{more}\n"
    row = "USGS\t06730500\t2023-06-01 00:00\tMDT\t0.10\tP\t12.5\tP" + ("\t1\tP" if more else "")
    entry = surveyed(f"{USGS}#\n{head}5s\t15s\t20d\t6s\t14n\t10s\t14n\t10s\n{row}\n")
    assert entry.stations == {"USGS-06730200": 2}
    (reject,) = entry.rejects
    assert reject.reason.startswith("a second table with other columns begins here")


def periods(text: str) -> set[str]:
    return {
        each.duration for piece in loaded(text) if isinstance(piece, Batch) for each in piece.columns if each.method == "sum"
    }


def test_sums_are_of_the_steps_of_each_station_whose_clocks_are_half_an_hour_apart() -> None:
    rows = "".join(
        f"USGS\t{site}\t2023-06-01 {at:02}:{minute}\tMDT\t15.5\tP\t0.10\tP\n"
        for site, minute in (("06730200", "00"), ("06730500", "30"))
        for at in range(5)
    )
    assert periods(USGS.partition("USGS\t06730200\t")[0] + rows) == {"PT1H"}


def test_a_row_of_hungaromet_s_ten_minutes_each_day_is_no_sum_of_a_day() -> None:
    assert periods(HUNGARO) == {"PT10M"}
    assert periods(HUNGARO.replace("202406010010;-999", "202406020000;0.2")) == set()


def test_what_a_publisher_says_of_a_values_quality_is_its_flag() -> None:
    def flags(text: str, name: str) -> list[int]:
        return [flag for piece in loaded(text) if isinstance(piece, Batch) for flag in piece.columns[parameter(name)].flags]

    assert flags(CIMIS, "air_temperature:1.5:mean:PT1H") == [2, 4]
    assert flags(CIMIS, "wind_speed:2:mean:PT1H") == [3, 9]
    assert flags(ECAD, "air_temperature:2:maximum:P1D") == [2, 9, 3]
    assert flags(POWER, "air_temperature:2:mean:PT1H") == [2, 9]
    assert flags(CAMS, "surface_downwelling_shortwave_flux_in_air:2:mean:PT15M") == [2, 9]


@pytest.mark.parametrize(("code", "flag"), [("", 2), ("Y", 3), ("D", 3), ("R", 4), ("S", 4), ("P", 4)])
def test_a_quality_flag_of_cimis_is_ours(code: str, flag: int) -> None:
    (batch,) = (piece for piece in loaded(CIMIS_DAYS.replace("50.0,", f"50.0,{code}")) if isinstance(piece, Batch))
    assert batch.columns[parameter("air_temperature:1.5:maximum:P1D")].flags == [flag]


def test_letters_of_a_zone_are_hours_behind_utc() -> None:
    def hour(zone: str) -> str:
        first = surveyed(USGS.replace("MDT", zone)).first
        return iso(first)[11:13] if first is not None else ""

    hours = {
        "UTC": "00",
        "GMT": "00",
        "AST": "04",
        "EDT": "04",
        "EST": "05",
        "CDT": "05",
        "CST": "06",
        "MDT": "06",
        "MST": "07",
    }
    hours |= {"PDT": "07", "PST": "08", "AKDT": "08", "AKST": "09", "HST": "10"}
    assert {zone: hour(zone) for zone in hours} == hours


def test_places_are_those_above_the_table() -> None:
    for text, told in (
        (POWER, ("", (40, -105), 1700.06)),
        (MIDAS, ("heathrow", (51.479, -0.449), 25)),
        (CAMS, ("", (55.7906, 12.5251), 39)),
    ):
        (place,) = (piece for piece in loaded(text) if isinstance(piece, Station))
        assert (place.name, place.position, place.elevation_m) == told


def test_a_station_that_nobody_tells_is_called_after_the_file_and_said_to_be_inferred() -> None:
    entry = surveyed(SOLCAST)
    assert entry.claims["station"] == Claim.INFERRED
    assert "called solcast_roof after it" in entry.why
    assert surveyed(GEOSPHERE).claims["station"] == Claim.READ


def test_korean_is_read_in_the_encoding_of_windows_too() -> None:
    entry = surveyed(KMA.encode("cp949"))
    assert (entry.status, entry.stations, entry.encoding) == (Status.OK, {"kma_108": 2}, "cp949")
    assert surveyed("Datum;Température °C;é\n2010-01-01;39,4;1\n2010-01-02;-0,5;2\n".encode("cp1252")).encoding == "cp1252"


def test_sums_of_geosphere_from_first_to_first_are_of_months() -> None:
    table = "time,station,tl_mittel,rr\n" + "".join(f"2024-0{month}-01T00:00+00:00,105,1.5,30\n" for month in range(1, 6))
    (batch,) = (each for each in loaded(table) if isinstance(each, Batch))
    assert [each.id for each in batch.columns] == ["air_temperature:2:mean:P1M", "precipitation_amount:0:sum:P1M"]


@pytest.mark.parametrize("row", ["2024-06-01T00:00,105", "2024-06-01T00:00+00:00,AA", "2024-06-01T00:00+02:00,105"])
def test_a_table_whose_names_could_be_anybodys_is_not_geospheres(row: str) -> None:
    assert surveyed(f"time,station,tl,p\n{row},5,6\n").recognition.format == "csv"


def test_rain_of_geosphere_is_none_where_it_is_less_than_nothing() -> None:
    rows = "2024-06-01T00:00+00:00,105,-1,-1\n2024-06-02T00:00+00:00,105,-1.0,0.5\n"
    (batch,) = (each for each in loaded("time,station,tl,rr\n" + rows) if isinstance(each, Batch))
    assert [told.values for told in batch.columns.values()] == [[-1, -1], [0, 0.5]]


def test_hours_of_nasa_power_in_utc_are_no_local_solar_time() -> None:
    entry = surveyed(POWER.replace(" in LST", " in UTC"))
    assert entry.first is not None
    assert iso(entry.first) == "2023-06-01T01:00:00Z"


def test_a_table_of_a_time_a_station_and_letters_is_nobodys() -> None:
    assert surveyed("time,station,p,rr\n2023-06-01T00:00,5925,990,0\n2023-06-01T00:10,5925,991,0\n").recognition.format == "csv"


@given(st.sampled_from([text for text, *_ in TABLES.values()]), st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_tables_never_fail_and_facts_agree_with_values(text: str, data: st.DataObject) -> None:
    damaged = bytearray(text.encode())
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=4)):
        damaged[at] = byte
    found = bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
    entry = surveyed(found)
    if entry.recognition.format == "published-table":
        counted = Counter[str]()
        with suppress(UnreadableFile):
            for piece in Guard(None).pieces(open_file(io.BytesIO(found), Context(key="in/roof.csv")).pieces()):
                if isinstance(piece, Batch):
                    counted[piece.station_id] += len(piece.times)
        assert counted == entry.stations


def test_a_row_alone_that_no_line_feed_ends_says_what_it_is_of() -> None:
    text = "period_end,period,air_temp,ghi\n2023-06-01T00:05:00+00:00,PT5M,15.5,100"
    assert loaded(text) == loaded(text + "\n") != []


@pytest.mark.parametrize(
    "text",
    [
        POWER.replace("-105.0", "-255.0"),
        POWER.replace("Longitude", ""),
        CAMS.replace("0 h 15", "0 h 0"),
        CAMS.replace("55.7906", "95.7"),
    ],
)
def test_a_place_or_a_period_that_cannot_be_is_a_reject(text: str) -> None:
    entry = surveyed(text)
    assert (entry.status, entry.stations, len(entry.rejects)) == (Status.REJECTED, {}, 1)
    assert "tell no" in entry.rejects[0].reason


def test_a_clock_that_lost_its_zero_is_not_another_hour() -> None:
    moment = written("%m/%d/%Y %H%M")
    assert [moment(f"1/2/2024 {clock}") for clock in ("0100", "100", "2400")] == [
        "2024-01-02T01:00:00",
        "2024-01-02T01:00:00",
        "2024-01-03T00:00:00",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Station,Date & Time (UTC),Temperature (F),Rainfall (in)\nA,01/13/2024 00:00,50.0,0.1\nA,01/13/2024 01:00,51.0,0.1\n",
        "DATE_TIME,SITE_ID,TA,RH,WS\n2024-01-01 00:30:00,12,-1.0,80,0.1\n2024-01-01 01:00:00,12,-1.0,80,9.1\n",
    ],
)
def test_tables_of_others_with_some_of_a_publisher_s_names_are_left_to_a_mapping(text: str) -> None:
    assert surveyed(text).recognition.format == "csv"


def test_the_height_of_snow_of_24_hours_is_not_taken_for_one_of_half_an_hour() -> None:
    entry = surveyed(
        "station_code,measure_date,hyear,HS,HN_1D\nXYZ2,2024-01-01 06:00:00+00:00,2024,120.5,10\nXYZ2,2024-01-02 06:00:00+00:00,2024,121,1\n"
    )
    assert (entry.recognition.format, entry.status) == ("csv", Status.UNMAPPED)
