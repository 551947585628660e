"""Answers of weather services as JSON: a small one of each, generated after its publisher's description."""

# ruff: noqa: E501 - the samples are as wide as they are written
import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings

from mesonet.domain.file import Claim, Status
from mesonet.domain.instant import iso
from mesonet.formats.services.service_json import SERVICES
from tests import effort
from tests.unit.formats.json_files import batches, column, encoded, gone_wrong, lines, never_fails, stations, surveyed

MAC = "70:ee:50:22:a3:00"
HOURS = ("2023060100", "2023060101")
POWER: dict[str, Any] = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [-105.0, 40.0, 1700.1]},
    "properties": {
        "parameter": {"T2M": dict(zip(HOURS, (15.0, -999.0), strict=True)), "PS": dict.fromkeys(HOURS, 82.5), "X": {}}
    },
    "header": {"fill_value": -999.0, "time_standard": "LST"},
    "parameters": {"T2M": {"units": "C"}, "PS": {"units": "kPa"}},
}
TEMPEST: dict[str, Any] = {
    "type": "obs_st",
    "obs": [[1685620800, 0.1, 1.2, 3.1, 210, 3, 981.2, 18.1, 55, 40000, 2.1, 350, 0.2, 0, 0, 0, 2.6, 5]],
    "hub_sn": "H",
}


def _galician(validation: int) -> list[dict[str, Any]]:
    told = (
        ("TA_AVG_1.5m", "ºC", 14.2),
        ("PP_SUM_1.5m", "L/m2", 0.2),
        ("VV_RACHA_10m", "m/s", 9.1),
        ("DV_AVG_10m", "º", -9999.0),
        ("BIO_AVG_1.5m", "W/m2", 1),
    )
    return [
        {"codigoParametro": code, "unidade": unit, "valor": value, "lnCodigoValidacion": validation}
        for code, unit, value in told
    ]


# what: document, station, first time, and parameters with their first values
ANSWERS: dict[str, tuple[Any, str, str, dict[str, float]]] = {
    "rtl_433": (
        [{"time": "2024-03-01 10:00:02", "model": "Acurite-5n1", "id": 2662, "channel": "A", "battery_ok": 1, "wind_avg_mi_h": 10, "temperature_F": 50, "humidity": 61, "rain_in": 12.3},
         {"time": "2024-03-01 10:00:03", "model": "Toyota", "type": "TPMS", "id": "fb6", "pressure_kPa": 240.1, "temperature_C": 20.0, "mic": "CRC"}],
        "rtl433_Acurite-5n1_2662", "2024-03-01T10:00:02Z", {"air_temperature": 10, "wind_speed": 4.4704, "relative_humidity": 61},
    ),
    "weewx": (
        [{"dateTime": "1709287200.0", "outTemp_C": "12.4", "barometer_mbar": "1003.4", "windSpeed_kph": "36", "rain_cm": "0.1", "usUnits": "16.0", "interval_minute": "5.0"}],
        "weewx_garden", "2024-03-01T10:00:00Z", {"air_temperature:2:mean:PT5M": 12.4, "air_pressure_at_mean_sea_level:0:mean:PT5M": 1003.4, "wind_speed:10:mean:PT5M": 10, "precipitation_amount:0:sum:PT5M": 1},
    ),
    "weewx loop": ([{"dateTime": 1709287200.0, "usUnits": 1, "outTemp": 50, "windSpeed": 10, "rain": 0.1}], "weewx_garden", "2024-03-01T10:00:00Z", {"air_temperature": 10, "wind_speed": 4.4704}),
    "xweather": (
        {"success": True, "response": {"id": "KMSP", "loc": {"long": -93.2, "lat": 44.9}, "place": {"name": "m"}, "profile": {"elevM": 256}, "ob": {"timestamp": 1709287200, "tempC": 12.4, "windSpeedKPH": 36, "spressureMB": 973, "precipMM": 0.2}}},
        "KMSP", "2024-03-01T10:00:00Z", {"air_temperature": 12.4, "wind_speed": 10, "air_pressure": 973},
    ),
    "opensensemap": (
        {"_id": "5a0c", "exposure": "outdoor", "name": "garden", "currentLocation": {"coordinates": [13.4, 52.5, 34]}, "sensors": [
            {"title": "Temperatur", "unit": "°C", "lastMeasurement": {"value": "12.4", "createdAt": "2024-03-01T10:00:00.1Z"}}, {"title": "PM10", "unit": "µg/m³", "lastMeasurement": {"value": "4", "createdAt": "2024-03-01T10:00:00.1Z"}},
            {"title": "Temperature", "unit": "°C", "lastMeasurement": {"value": "13.9", "createdAt": "2024-03-01T10:00:00.1Z"}}]},
        "opensensemap_5a0c", "2024-03-01T10:00:00Z", {"air_temperature": 12.4},
    ),
    "the things stack": (
        {"end_device_ids": {"device_id": "ws-1"}, "received_at": "2024-03-01T10:00:00Z", "uplink_message": {"normalized_payload": [{"air": {"temperature": 12.4, "relativeHumidity": 71}, "wind": {"speed": 3.2}}]}},
        "lorawan_ws-1", "2024-03-01T10:00:00Z", {"air_temperature": 12.4, "relative_humidity": 71, "wind_speed": 3.2},
    ),
    "meteoswiss": (
        {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2056"}}, "mapname": "messwerte-lufttemperatur-10min", "type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [2710014.9, 1259821.6]}, "id": "TAE",
             "properties": {"station_name": "Aadorf", "value": 12.4, "unit": "°C", "reference_ts": "2024-03-01T10:00:00Z", "altitude": "539.00", "measurement_height": "2.00 m"}}]},
        "TAE", "2024-03-01T10:00:00Z", {"air_temperature": 12.4},
    ),
    "home assistant": (
        [[{"entity_id": "sensor.gw2000a_outdoor_temperature", "state": "54.32", "last_changed": "2024-03-01T10:00:00.12+00:00", "last_updated": "2024-03-01T10:00:00.12+00:00",
           "attributes": {"unit_of_measurement": "°F", "device_class": "temperature"}}, {"state": "unknown", "last_changed": "2024-03-01T10:05:00.1+00:00"}]],
        "home-assistant_garden", "2024-03-01T10:00:00Z", {"air_temperature": 12.4},
    ),
    "senml": (
        [{"bn": "urn:dev:ow:10e2073a01080063:", "bt": 1.7092872e9, "bu": "Cel", "n": "temperature", "v": 12.4}, {"n": "humidity", "u": "%RH", "v": 71}, {"n": "lat", "u": "lat", "v": 52.1}],
        "urn:dev:ow:10e2073a01080063", "2024-03-01T10:00:00Z", {"air_temperature": 12.4},
    ),
    "swob": (
        {"features": [{"geometry": {"coordinates": [-88.9, 50.3, 324.5]}, "properties": {"date_tm-value": "2024-03-01T10:00:00.000Z", "clim_id-value": "6040325", "stn_nam-value": "ARMSTRONG", "air_temp": -0.2, "air_temp-uom": "°C",
         "air_temp-qa": 100, "avg_wnd_spd_10m_pst10mts": 36, "avg_wnd_spd_10m_pst10mts-uom": "km/h"}}]},
        "6040325", "2024-03-01T10:00:00Z", {"air_temperature": -0.2, "wind_speed:10:mean:PT10M": 10},
    ),
    "weatherlink v1": (
        {"station_id": "garden", "location": "Garden", "latitude": "52.1", "longitude": "5.1", "observation_time_rfc822": "Fri, 01 Mar 2024 11:00:00 +0100", "temp_c": "12.4", "pressure_mb": "1003.4", "davis_current_observation": {"DID": "001D0A00"}},
        "weatherlink_garden", "2024-03-01T10:00:00Z", {"air_temperature": 12.4, "air_pressure_at_mean_sea_level": 1003.4},
    ),
    "aemet": (
        [{"idema": "3195", "fint": "2023-06-01T10:00:00", "lat": 40.4, "lon": -3.7, "alt": 667.0, "ubi": "RETIRO", "ta": 18.4, "vis": 20.0, "prec": 0.2, "stdvv": 1.0}],
        "3195", "2023-06-01T10:00:00Z", {"air_temperature": 18.4, "visibility_in_air": 20000, "precipitation_amount:0:sum:PT1H": 0.2},
    ),
    "aemet days": (
        [{"fecha": "2020-01-03", "indicativo": "3195", "nombre": "RETIRO", "altitud": "667", "tmed": "5,4", "prec": "Ip", "dir": "25", "sol": "5,9"}],
        "3195", "2020-01-03T00:00:00Z",
        {"air_temperature:2:mean:P1D": 5.4, "precipitation_amount:0:sum:P1D": 0, "wind_gust_from_direction:10:maximum:P1D": 250, "duration_of_sunshine:0:sum:P1D": 354},
    ),
    "frost": (
        {"data": [{"sourceId": "SN18700:0", "referenceTime": "2023-06-01T06:00:00.000Z", "observations": [
            {"elementId": "air_temperature", "value": 12.5, "unit": "degC", "level": {"levelType": "height_above_ground", "value": 2}, "qualityCode": 0},
            {"elementId": "max(wind_speed_of_gust PT1H)", "value": 8.2, "unit": "m/s"}, {"elementId": "sum(precipitation_amount P1D)", "value": 4, "unit": "mm"},
            {"elementId": "air_pressure_at_sea_level", "value": 1013, "unit": "hPa"}, {"elementId": "boolean_clear_sky_weather", "value": 1}]}]},
        "SN18700", "2023-06-01T06:00:00Z",
        {"air_temperature": 12.5, "wind_speed_of_gust:10:maximum:PT1H": 8.2, "precipitation_amount:0:sum:P1D": 4, "air_pressure_at_mean_sea_level": 1013},
    ),
    "smhi": (
        {"value": [{"date": 1685577600000, "value": "12.5", "quality": "G"}], "parameter": {"key": "1", "name": "Lufttemperatur"},
         "station": {"key": "98230", "name": "Stockholm"}, "position": [{"latitude": 59.3, "longitude": 18.1, "height": 43.1}]},
        "98230", "2023-06-01T00:00:00Z", {"air_temperature": 12.5},
    ),
    "smhi months": (
        {"value": [{"ref": "2023-06", "value": "30", "quality": "G"}], "parameter": {"key": "23", "name": "Nederbördsmängd"}, "station": {"key": "1"}},
        "1", "2023-06-01T00:00:00Z", {"precipitation_amount:0:sum:P1M": 30},
    ),
    "dmi": (
        {"features": [{"geometry": {"coordinates": [12.5, 55.7]}, "properties": {"observed": "2023-06-01T10:00:00Z", "parameterId": "precip_past1h", "stationId": "06180", "value": 0.4}}]},
        "0-20000-0-06180", "2023-06-01T10:00:00Z", {"precipitation_amount:0:sum:PT1H": 0.4},
    ),
    "eccc": (
        {"features": [{"geometry": {"coordinates": [-79.6, 43.7]}, "properties": {"CLIMATE_IDENTIFIER": "6158733", "STATION_NAME": "TORONTO", "UTC_DATE": "2012-01-01T05:00:00",
         "LOCAL_DATE": "2012-01-01 00:00:00", "TEMP": 2.5, "WIND_DIRECTION": 24, "STATION_PRESSURE": 99.4}}]},
        "6158733", "2012-01-01T05:00:00Z", {"air_temperature": 2.5, "wind_from_direction": 240, "air_pressure": 994},
    ),
    "eccc days": (
        {"features": [{"geometry": {"coordinates": [-79.6, 43.7]}, "properties": {"CLIMATE_IDENTIFIER": "6158733", "LOCAL_DATE": "2012-01-02 00:00:00", "TOTAL_SNOW": 1.5}}]},
        "6158733", "2012-01-02T00:00:00Z", {"thickness_of_snowfall_amount:0:sum:P1D": 15},
    ),
    "geosphere": (
        {"timestamps": ["2023-06-01T00:00+00:00", "2023-06-01T00:10+00:00"], "features": [{"geometry": {"coordinates": [16.4, 48.2]}, "properties": {"station": "5925", "parameters": {
            "TL": {"unit": "°C", "data": [12.5, None]}, "RR": {"unit": "mm", "data": [0.2, 0]}}}}]},
        "geosphere_5925", "2023-06-01T00:00:00Z", {"air_temperature": 12.5, "precipitation_amount:0:sum:PT10M": 0.2},
    ),
    "imgw": (
        [{"id_stacji": "12295", "stacja": "Białystok", "data_pomiaru": "2023-06-01", "godzina_pomiaru": "6", "temperatura": "18.1", "suma_opadu": "3"}],
        "0-20000-0-12295", "2023-06-01T06:00:00Z", {"air_temperature": 18.1},
    ),
    "ipma": (
        {"2023-06-01T10:00": {"1200545": {"intensidadeVento": 1.5, "temperatura": 18.1, "idDireccVento": 3, "humidade": -99.0}}},
        "ipma_1200545", "2023-06-01T10:00:00Z", {"air_temperature": 18.1, "wind_speed:10:mean:PT1H": 1.5, "wind_from_direction:10:mean:PT1H": 90},
    ),
    "inmet": (
        [{"CD_ESTACAO": "A001", "DC_NOME": "BRASILIA", "DT_MEDICAO": "2023-06-01", "HR_MEDICAO": "0300", "TEM_INS": "16.1", "VL_LATITUDE": "-15.8", "VL_LONGITUDE": "-47.9"}],
        "A001", "2023-06-01T03:00:00Z", {"air_temperature": 16.1},
    ),
    "chmi": (
        {"data": {"data": {"header": "STATION,ELEMENT,DT,VAL,FLAG,QUALITY", "values": [["0-20000-0-11406", "SRA10M", "2023-06-01T01:00:00Z", 0.5, "", 0]]}}},
        "0-20000-0-11406", "2023-06-01T01:00:00Z", {"precipitation_amount:0:sum:PT10M": 0.5},
    ),
    "chmi days": (
        {"data": {"data": {"header": "STATION,ELEMENT,VTYPE,DT,VAL,FLAG,QUALITY", "values": [
            ["0-203-0-1", "TMA", "20:00", "2026-08-01T20:00:00Z", 30.1, "", 0.0], ["0-203-0-1", "T", "07:00", "2026-08-01T06:00:00Z", 18.1, "", 0.0],
        ]}}},
        "0-203-0-1", "2026-08-01T00:00:00Z", {"air_temperature:2:maximum:P1D": 30.1},
    ),
    "météo-france": (
        [{"lat": 48.444, "lon": -4.412, "geo_id_insee": "29075001", "reference_time": "2024-06-01T12:10:00Z", "validity_time": "2024-06-01T12:00:00Z",
          "t": 288.15, "tx": 289.15, "u": 71, "dd": 240, "ff": 3.1, "rr1": 0.2, "ray_glo01": 1800000, "pres": 100300, "t_10": 288.0, "pmer": None}],
        "29075001", "2024-06-01T12:00:00Z",
        {"air_temperature": 15, "air_temperature:2:maximum:PT1H": 16, "precipitation_amount:0:sum:PT1H": 0.2, "air_pressure": 1003, "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H": 500},
    ),
    "meteo.lt": (
        {"station": {"code": "some-ams", "name": "Some AMS", "coordinates": {"latitude": 54.6, "longitude": 25.1}}, "observations": [
            {"observationTimeUtc": "2024-06-01 12:00:00", "airTemperature": 8.2, "windSpeed": 2.1, "precipitation": 0.4, "conditionCode": "clear"},
        ]},
        "some-ams", "2024-06-01T12:00:00Z", {"air_temperature": 8.2, "wind_speed": 2.1, "precipitation_amount:0:sum:PT1H": 0.4},
    ),
    "kma": (
        {"response": {"header": {"resultCode": "00"}, "body": {"dataType": "JSON", "items": {"item": [
            {"tm": "2024-01-01 01:00", "stnId": "108", "stnNm": "서울", "ta": "-1.2", "rn": "", "ws": "1.2", "icsr": "0.36", "vs": "2000"},
        ]}}}},
        "kma_108", "2023-12-31T16:00:00Z",
        {"air_temperature": -1.2, "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H": 100, "visibility_in_air": 20000},
    ),
    "tahmo": (
        {"status": "success", "results": [{"series": [{"name": "observations", "columns": ["time", "quality", "sensor", "station", "value", "variable"],
            "values": [["2024-06-01T12:00:00Z", 1, "TA1", "TA00001", 21.5, "te"], ["2024-06-01T12:00:00Z", 1, "TA1", "TA00001", 0.61, "rh"]]}]}]},
        "TA00001", "2024-06-01T12:00:00Z", {"air_temperature": 21.5},
    ),
    "accuweather": (
        [{"LocalObservationDateTime": "2024-06-01T14:03:00+02:00", "Temperature": {"Metric": {"Value": 21.3, "Unit": "C"}, "Imperial": {"Value": 70, "Unit": "F"}},
          "RelativeHumidity": 51, "Wind": {"Direction": {"Degrees": 270}, "Speed": {"Metric": {"Value": 36, "Unit": "km/h"}}}, "Pressure": {"Metric": {"Value": 1013, "Unit": "mb"}},
          "PrecipitationSummary": {"PastHour": {"Metric": {"Value": 0.2, "Unit": "mm"}}}, "Link": "http://www.accuweather.com/en/de/town/1/current-weather/178087?lang=en-us"}],
        "accuweather_178087", "2024-06-01T12:03:00Z",
        {"air_temperature": 21.3, "wind_speed": 10, "wind_from_direction": 270, "air_pressure_at_mean_sea_level": 1013, "precipitation_amount:0:sum:PT1H": 0.2},
    ),
    "shmu": (
        {"dataset": "Automatic stations", "data": [
            {"ind_kli": 11816, "minuta": "2026-05-17T06:50:00", "t": 14.6, "vie_pr_rych": 7.7, "tlak": None, "stav_poc": 61},
        ]},
        "shmu_11816", "2026-05-17T05:50:00Z", {"air_temperature": 14.6, "wind_speed:10:mean:PT1M": 7.7},
    ),
    "datapoint": (
        {"SiteRep": {"Wx": {"Param": [{"name": "T", "units": "C"}, {"name": "S", "units": "mph"}, {"name": "D", "units": "compass"}]}, "DV": {"Location": {
            "i": "3772", "lat": "51.5", "lon": "-0.4", "name": "HEATHROW", "elevation": "25.0", "Period": [{"value": "2023-06-01Z", "Rep": {"D": "SSE", "S": "10", "T": "15.1", "$": "780"}}]}}}},
        "metoffice_3772", "2023-06-01T13:00:00Z", {"air_temperature": 15.1, "wind_speed": 4.4704, "wind_from_direction": 157.5},
    ),
    "amedas": (
        {"20230601100000": {"prefNumber": 44, "observationNumber": 5, "temp": [15.1, 0], "windDirection": [4, 0], "sun1h": [0.5, 0]}},
        "amedas_44005", "2023-06-01T01:00:00Z", {"air_temperature": 15.1, "wind_from_direction:10:mean:PT10M": 90, "duration_of_sunshine:0:sum:PT1H": 30},
    ),
    "cwa": (
        {"records": {"Station": [{"StationName": "Taipei", "StationId": "466920", "ObsTime": {"DateTime": "2023-06-01T10:00:00+08:00"}, "GeoInfo": {"StationAltitude": "5.3", "Coordinates": [
            {"CoordinateName": "WGS84", "StationLatitude": 25.0, "StationLongitude": 121.5}]}, "WeatherElement": {"AirTemperature": "25.5", "AirPressure": "-99"}}]}},
        "466920", "2023-06-01T02:00:00Z", {"air_temperature": 25.5},
    ),
    "singapore": (
        {"metadata": {"stations": [{"id": "S50", "name": "Clementi", "location": {"latitude": 1.3, "longitude": 103.8}}], "reading_type": "Wind Speed AVG(S)10M M1M", "reading_unit": "knots"},
         "items": [{"timestamp": "2023-06-01T10:00:00+08:00", "readings": [{"station_id": "S50", "value": 10}]}]},
        "S50", "2023-06-01T02:00:00Z", {"wind_speed": 5.144444},
    ),
    "singapore of version 2": (
        {"code": 0, "errorMsg": "", "data": {"stations": [{"id": "S50", "deviceId": "S50", "name": "Clementi", "location": {"latitude": 1.3, "longitude": 103.8}}],
         "readings": [{"timestamp": "2023-06-01T10:00:00+08:00", "data": [{"stationId": "S50", "value": 29.1}]}], "readingType": "DBT 1M F", "readingUnit": "deg C"}},
        "S50", "2023-06-01T02:00:00Z", {"air_temperature": 29.1},
    ),
    "meteo france's synop": (
        [{"lat": 43.36, "lon": 7.83, "geo_id_wmo": "6199999", "geo_id_wigos": "0-22000-16-6199999", "name": "BOUEE", "reference_time": "2026-08-17T21:08:03Z",
          "insert_time": "2026-08-17T21:03:30Z", "validity_time": "2026-08-17T21:00:00Z", "t": 300.15, "td": 296.15, "u": 79.0, "dd": 50, "ff": 8.9, "pmer": 100990}],
        "0-22000-16-6199999", "2026-08-17T21:00:00Z",
        {"air_temperature": 27, "dew_point_temperature": 23, "relative_humidity": 79, "wind_from_direction:10:mean:PT10M": 50, "wind_speed:10:mean:PT10M": 8.9,
         "air_pressure_at_mean_sea_level": 1009.9},
    ),
    "bom": (
        {"observations": {"data": [{"wmo": 94768, "name": "Sydney", "aifstime_utc": "20240101003000", "lat": -33.9, "lon": 151.2, "air_temp": 22.5, "wind_spd_kmh": 18, "wind_dir": "CALM", "rain_trace": "0.2"}]}},
        "0-20000-0-94768", "2024-01-01T00:30:00Z", {"air_temperature": 22.5, "wind_speed": 5},
    ),
    "synoptic": (
        {"STATION": [{"STID": "KSLC", "NAME": "Salt Lake City", "ELEVATION": "4226.0", "LATITUDE": "40.8", "LONGITUDE": "-112.0", "OBSERVATIONS": {
            "air_temp_value_1": {"value": 50.0, "date_time": "2023-06-01T00:54:00Z"}, "dew_point_temperature_value_1d": {"value": 32.0, "date_time": "2023-06-01T00:54:00Z"}}}],
         "UNITS": {"air_temp": "Fahrenheit", "dew_point_temperature": "Fahrenheit", "elevation": "ft"}},
        "KSLC", "2023-06-01T00:54:00Z", {"air_temperature": 10, "dew_point_temperature": 0},
    ),
    "pvgis": (
        {"inputs": {"location": {"latitude": 45.0, "longitude": 8.0, "elevation": 250.0}, "meteo_data": {"radiation_db": "SARAH2"}}, "outputs": {"hourly": [{"time": "20160101:0010", "T2m": 3.5, "Gb(i)": 1.0}]}},
        "pvgis_45_8", "2016-01-01T00:10:00Z", {"air_temperature": 3.5},
    ),
    "power": (POWER, "power_40_-105", "2023-06-01T08:00:00Z", {"air_temperature:2:mean:PT1H": 15, "air_pressure:0:mean:PT1H": 825}),
    "meteostat": (
        {"meta": {"stations": ["10637"]}, "data": [{"time": "2023-06-01 10:00:00", "temp": 15.1, "wspd": 36, "wpgt": None, "pres": 1013.2, "tsun": None}]},
        "meteostat_10637", "2023-06-01T10:00:00Z", {"air_temperature": 15.1, "wind_speed": 10},
    ),
    "openweather": (
        {"coord": {"lon": -105.0, "lat": 40.0}, "main": {"temp": 291.25, "feels_like": 290.0, "pressure": 1013, "humidity": 55, "grnd_level": 830}, "wind": {"speed": 3.1}, "dt": 1685620800, "id": 5574991, "name": "Boulder"},
        "openweather_5574991", "2023-06-01T12:00:00Z", {"air_temperature": 18.1, "air_pressure": 830, "wind_speed": 3.1},
    ),
    "wunderground": (
        {"observations": [{"stationID": "KMA1", "obsTimeUtc": "2023-06-01T14:02:30Z", "lat": 42.1, "lon": -70.9, "humidity": 71, "imperial": {"temp": 50, "pressure": 29.92, "precipTotal": 1}}]},
        "KMA1", "2023-06-01T14:02:30Z", {"air_temperature": 10, "relative_humidity": 71, "air_pressure_at_mean_sea_level": 1013.208},
    ),
    "wunderground history": (
        {"observations": [{"stationID": "KMA1", "obsTimeUtc": f"2023-06-01T14:{minute}:00Z", "metric": {"tempAvg": 11.5, "windgustHigh": 36}} for minute in ("00", "05", "10")]},
        "KMA1", "2023-06-01T14:00:00Z", {"air_temperature:2:mean:PT5M": 11.5, "wind_speed_of_gust:10:maximum:PT5M": 10},
    ),
    "tempest": ({"serial_number": "ST-1", **TEMPEST}, "tempest_ST-1", "2023-06-01T12:00:00Z", {"air_temperature": 18.1, "wind_speed:10:mean:PT5M": 1.2, "precipitation_amount:0:sum:PT5M": 0.2}),
    "tempest air": (
        {"serial_number": "AR-1", "type": "obs_air", "hub_sn": "H", "obs": [[1685620800, 835.0, 10.0, 45, 0, 0, 3.46, 1]]},
        "tempest_AR-1", "2023-06-01T12:00:00Z", {"air_pressure": 835, "air_temperature": 10, "relative_humidity": 45},
    ),
    "tempest sky": (
        {"serial_number": "SK-1", "type": "obs_sky", "hub_sn": "H", "obs": [[1685620800, 9000, 10, 0.5, 2.6, 4.6, 7.4, 187, 3.12, 5, 130, None, 0, 3]]},
        "tempest_SK-1", "2023-06-01T12:00:00Z", {"wind_speed:10:mean:PT5M": 4.6, "precipitation_amount:0:sum:PT5M": 0.5, "ultraviolet_index": 10},
    ),
    "tempest station": (
        {"status": {}, "station_id": 12, "latitude": 38.1, "longitude": -95.2, "elevation": 300.1, "obs": [{"timestamp": 1685620800, "air_temperature": 18.1, "precip_accum_last_1hr": 1.5}]},
        "tempest_12", "2023-06-01T12:00:00Z", {"air_temperature": 18.1, "precipitation_amount:0:sum:PT1H": 1.5},
    ),
    "weatherlink": (
        {"station_id": 9, "sensors": [{"lsid": 1, "data": [{"ts": 1685620800, "arch_int": 900, "temp_avg": 50, "rainfall_mm": 0.2}]}, {"lsid": 2, "data": [{"ts": 1685620800, "arch_int": 900, "temp_avg": 68, "temp_in": 70}]}]},
        "weatherlink_9", "2023-06-01T12:00:00Z", {"air_temperature:2:mean:PT15M": 10, "precipitation_amount:0:sum:PT15M": 0.2},
    ),
    "ngsi": (
        {"id": "urn:ngsi-ld:WeatherObserved:V", "type": "WeatherObserved", "dateObserved": {"type": "Property", "value": {"@type": "DateTime", "@value": "2023-06-01T12:00:00Z"}},
         "location": {"value": {"type": "Point", "coordinates": [-4.8, 41.6]}}, "stationCode": {"value": "2422"}, "temperature": {"value": 18.1}, "relativeHumidity": {"value": 0.55}},
        "2422", "2023-06-01T12:00:00Z", {"air_temperature": 18.1, "relative_humidity": 55},
    ),
    "sensor.community": (
        [{"timestamp": "2023-06-01 12:00:00", "sensor": {"id": 141}, "location": {"latitude": "48.8", "longitude": "9.0", "altitude": "300"}, "sensordatavalues": [{"value_type": "pressure", "value": "98700"}, {"value_type": "P1", "value": "3"}]}],
        "sensor-community_141", "2023-06-01T12:00:00Z", {"air_pressure": 987},
    ),
    "netatmo": (
        {"body": {"devices": [{"_id": MAC, "type": "NAMain", "place": {"altitude": 100, "location": [2.4, 48.9]}, "dashboard_data": {"time_utc": 1685620800, "Temperature": 22.1, "AbsolutePressure": 1003.1},
         "modules": [{"type": "NAModule2", "dashboard_data": {"time_utc": 1685620800, "WindStrength": 36}}]}]}},
        "netatmo_", "2023-06-01T12:00:00Z", {"air_pressure": 1003.1},
    ),
    "netatmo public": (
        {"body": [{"_id": MAC, "place": {"altitude": 35, "location": [2.4, 48.9]}, "measures": {"02:00": {"res": {"1685620800": [15.1, 65]}, "type": ["temperature", "humidity"]}, "05:00": {"rain_60min": 0.1, "rain_timeutc": 1685620800}}}]},
        "netatmo_", "2023-06-01T12:00:00Z", {"air_temperature": 15.1, "relative_humidity": 65},
    ),
    "bright sky": (
        {"weather": [{"timestamp": "2023-06-01T14:00:00+02:00", "source_id": 6007, "precipitation": 0.1, "pressure_msl": 1008.1, "sunshine": 12, "temperature": 15.1, "wind_direction": 250, "wind_speed": 18, "cloud_cover": 88,
          "dew_point": 12.4, "relative_humidity": 84, "visibility": 35000, "wind_gust_speed": 36, "solar": 0.2, "condition": "rain", "fallback_source_ids": {}}],
         "sources": [{"id": 6007, "dwd_station_id": "01766", "lat": 52.1, "lon": 7.7, "height": 47.8, "station_name": "Münster", "wmo_station_id": "10315"}]},
        "0-20000-0-10315", "2023-06-01T12:00:00Z", {"air_temperature": 15.1, "wind_speed:10:mean:PT1H": 5, "wind_speed_of_gust:10:maximum:PT1H": 10, "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H": 200,
         "duration_of_sunshine:0:sum:PT1H": 12, "precipitation_amount:0:sum:PT1H": 0.1},
    ),
    "bright sky now": (
        {"weather": {"source_id": 6007, "timestamp": "2023-06-01T12:00:00+00:00", "temperature": 288.25, "pressure_msl": 100810, "wind_speed_10": 5, "precipitation_30": 0.4, "solar_60": 720000, "solar_10": 1},
         "sources": [{"id": 6007, "dwd_station_id": "01766", "lat": 52.1, "lon": 7.7, "height": 47.8, "wmo_station_id": None}]},
        "dwd_01766", "2023-06-01T12:00:00Z", {"air_temperature": 15.1, "air_pressure_at_mean_sea_level": 1008.1, "wind_speed:10:mean:PT10M": 5, "precipitation_amount:0:sum:PT30M": 0.4, "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H": 200},
    ),
    "met norway": (
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [10.7, 59.9, 5]}, "properties": {"meta": {"updated_at": "2023-06-01T11:00:00Z", "units": {"air_temperature": "celsius", "air_pressure_at_sea_level": "hPa",
          "relative_humidity": "%", "wind_from_direction": "degrees", "wind_speed": "m/s", "cloud_area_fraction": "%", "precipitation_amount": "mm"}},
          "timeseries": [{"time": "2023-06-01T12:00:00Z", "data": {"instant": {"details": {"air_temperature": 18.1, "air_pressure_at_sea_level": 1013.2, "relative_humidity": 55, "wind_from_direction": 210, "wind_speed": 3.1}},
           "next_1_hours": {"summary": {"symbol_code": "rain"}, "details": {"precipitation_amount": 0.4}}}}]}},
        "met_59.9_10.7", "2023-06-01T12:00:00Z", {"air_temperature": 18.1, "air_pressure_at_mean_sea_level": 1013.2, "relative_humidity": 55, "wind_from_direction": 210, "wind_speed": 3.1},
    ),
    "weatherapi": (
        {"location": {"name": "London", "lat": 51.52, "lon": -0.11, "tz_id": "Europe/London", "localtime_epoch": 1685620900, "localtime": "2023-06-01 13:01"},
         "current": {"last_updated_epoch": 1685620800, "last_updated": "2023-06-01 13:00", "temp_c": 18.1, "temp_f": 64.6, "wind_mph": 11.2, "wind_kph": 18, "wind_degree": 210, "pressure_mb": 1013, "pressure_in": 29.91, "precip_mm": 0.4, "humidity": 55, "cloud": 50, "vis_km": 10, "uv": 4, "gust_kph": 36}},
        "weatherapi_51.52_-0.11", "2023-06-01T12:00:00Z", {"air_temperature": 18.1, "wind_speed": 5, "wind_speed_of_gust": 10, "air_pressure_at_mean_sea_level": 1013, "visibility_in_air": 10000},
    ),
    "weatherapi history": (
        {"location": {"name": "London", "lat": 51.52, "lon": -0.11, "tz_id": "Europe/London"}, "forecast": {"forecastday": [{"date": "2023-06-01", "date_epoch": 1685577600, "day": {"maxtemp_c": 20.1, "mintemp_c": 9.2, "totalprecip_mm": 1.2},
          "astro": {}, "hour": [{"time_epoch": 1685574000, "time": "2023-06-01 00:00", "temp_c": 12.5, "precip_mm": 0.2, "dewpoint_c": 9}]}]}},
        "weatherapi_51.52_-0.11", "2023-05-31T23:00:00Z", {"air_temperature:2:maximum:P1D": 20.1, "air_temperature:2:minimum:P1D": 9.2, "precipitation_amount:0:sum:P1D": 1.2},
    ),
    "one call": (
        {"lat": 33.44, "lon": -94.04, "timezone": "America/Chicago", "timezone_offset": -18000, "current": {"dt": 1685620800, "sunrise": 1, "temp": 292.55, "feels_like": 292.87, "pressure": 1014, "humidity": 89, "dew_point": 290.69, "uvi": 0.16, "clouds": 53,
          "visibility": 10000, "wind_speed": 3.13, "wind_deg": 93, "wind_gust": 6.71, "rain": {"1h": 0.4}, "weather": [{"id": 803}]}},
        "openweather_33.44_-94.04", "2023-06-01T12:00:00Z", {"air_temperature": 19.4, "dew_point_temperature": 17.54, "wind_speed": 3.13, "rainfall_amount:0:sum:PT1H": 0.4},
    ),
    "one call, history in Fahrenheit": (
        {"lat": 52.23, "lon": 21.01, "timezone": "Europe/Warsaw", "timezone_offset": 3600, "data": [{"dt": 1685620800, "temp": 68, "pressure": 1020, "humidity": 53, "dew_point": 50, "wind_speed": 10, "wind_deg": 230}]},
        "openweather_52.23_21.01", "2023-06-01T12:00:00Z", {"air_temperature": 20, "dew_point_temperature": 10, "wind_speed": 4.4704},
    ),
    "visual crossing": (
        {"queryCost": 1, "latitude": 38.97, "longitude": -77.38, "resolvedAddress": "Reston, VA", "address": "Reston", "timezone": "America/New_York", "tzoffset": -4.0, "days": [{"datetime": "2023-06-01", "datetimeEpoch": 1685592000, "tempmax": 86, "tempmin": 50,
          "temp": 68, "dew": 50, "humidity": 52.9, "precip": 0.1, "windspeed": 10, "pressure": 1013, "solarradiation": 211, "hours": [{"datetime": "00:00:00", "datetimeEpoch": 1685592000, "temp": 68, "dew": 50, "humidity": 52.9, "precip": None, "visibility": 9.9}]}]},
        "visualcrossing_38.97_-77.38", "2023-06-01T00:00:00Z", {"air_temperature:2:maximum:P1D": 30, "air_temperature:2:minimum:P1D": 10, "precipitation_amount:0:sum:P1D": 2.54, "wind_speed:10:maximum:P1D": 4.4704, "air_pressure_at_mean_sea_level:0:mean:P1D": 1013},
    ),
    "weatherbit": (
        {"data": [{"wind_cdir": "NE", "rh": 53, "pod": "d", "lon": -78.64, "pres": 1006.6, "slp": 1017, "timezone": "America/New_York", "ob_time": "2023-06-01 12:00", "clouds": 0, "vis": 10, "wind_spd": 6.17, "gust": 9, "wind_dir": 50, "city_name": "Raleigh",
          "dewpt": 10, "app_temp": 20.1, "temp": 20, "station": "KRDU", "uv": 2, "precip": 2, "ts": 1685620800, "lat": 35.78, "datetime": "2023-06-01:12"}], "count": 1},
        "weatherbit_35.78_-78.64", "2023-06-01T12:00:00Z", {"air_temperature": 20, "dew_point_temperature": 10, "wind_speed": 6.17, "air_pressure": 1006.6, "visibility_in_air": 10000},
    ),
    "tomorrow": (
        {"timelines": {"hourly": [{"time": "2023-06-01T12:00:00Z", "values": {"cloudCover": 100, "dewPoint": 10, "humidity": 53, "pressureSurfaceLevel": 984.57, "rainIntensity": 0.4, "temperature": 20, "uvIndex": 0, "visibility": 9.9, "windDirection": 10, "windGust": 4.1, "windSpeed": 2.5}}]},
         "location": {"lat": 43.65, "lon": -79.38, "name": "Toronto"}},
        "tomorrow_43.65_-79.38", "2023-06-01T12:00:00Z", {"air_temperature": 20, "air_pressure": 984.57, "wind_speed": 2.5, "rainfall_rate": 0.4, "visibility_in_air": 9900},
    ),
    "tomorrow, realtime in Fahrenheit": (
        {"data": {"time": "2023-06-01T12:00:00Z", "values": {"dewPoint": 50, "humidity": 53, "pressureSurfaceLevel": 29.92, "temperature": 68, "windSpeed": 10, "visibility": 10}}, "location": {"lat": 43.65, "lon": -79.38}},
        "tomorrow_43.65_-79.38", "2023-06-01T12:00:00Z", {"air_temperature": 20, "air_pressure": 1013.208, "wind_speed": 4.4704, "visibility_in_air": 16093.44},
    ),
    "dmi climate": (
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [12.5, 55.6]}, "properties": {"stationId": "06180", "parameterId": "acc_precip", "value": 1.5,
         "from": "2024-06-01T01:00:00+02:00", "to": "2024-06-01T02:00:00+02:00", "timeResolution": "hour", "qcStatus": "manual", "validity": True}}]},
        "0-20000-0-06180", "2024-06-01T00:00:00Z", {"precipitation_amount:0:sum:PT1H": 1.5},
    ),
    "dmi climate, days": (
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [12.5, 55.6]}, "properties": {"stationId": "05009", "parameterId": "mean_temp", "value": 15.5,
         "from": "2024-06-01T00:00:00+02:00", "to": "2024-06-02T00:00:00+02:00", "timeResolution": "day"}}]},
        "dmi_05009", "2024-06-01T00:00:00Z", {"air_temperature:2:mean:P1D": 15.5},
    ),
    "usgs": (
        {"name": "ns1:timeSeriesResponseType", "value": {"queryInfo": {"note": []}, "timeSeries": [
            {"sourceInfo": {"siteName": "BOISE RIVER", "siteCode": [{"value": "13206000", "network": "NWIS"}], "geoLocation": {"geogLocation": {"srs": "EPSG:4326", "latitude": 43.66, "longitude": -116.28}}},
             "variable": {"variableCode": [{"value": "00045"}], "variableName": "Precipitation", "unit": {"unitCode": "in"}, "noDataValue": -999999.0},
             "values": [{"value": [{"value": value, "qualifiers": ["P"], "dateTime": f"2023-06-01T05:{minute}:00.000-07:00"} for value, minute in (("0.10", "00"), ("-999999", "15"), ("0", "30"))]}]}]}},
        "usgs_13206000", "2023-06-01T12:00:00Z", {"precipitation_amount:0:sum:PT15M": 2.54},
    ),
    "db-all.e": (
        [{"version": "0.1", "network": "agrmet", "ident": None, "lon": 1134000, "lat": 4449000, "date": "2023-06-01T12:00:00Z", "data": [
            {"vars": {"B01019": {"v": "Bologna urbana"}, "B07030": {"v": 78.0}}},
            {"timerange": [254, 0, 0], "level": [103, 2000, None, None], "vars": {"B12101": {"v": 285.55, "a": {"B33196": 1}}, "B13003": {"v": 61}}},
            {"timerange": [1, 0, 3600], "level": [1, None, None, None], "vars": {"B13011": {"v": 0.2}, "B13215": {"v": 1.1}}},
            {"timerange": [254, 7200, 0], "level": [103, 2000, None, None], "vars": {"B12103": {"v": 280}}}]}],
        "agrmet_44.49_11.34", "2023-06-01T12:00:00Z", {"air_temperature": 12.4, "relative_humidity": 61, "precipitation_amount:0:sum:PT1H": 0.2},
    ),
    "home assistant's socket": (
        {"id": 7, "type": "result", "success": True, "result": {
            "sensor.outdoor_temperature": [
                {"s": "11.2", "a": {"unit_of_measurement": "°C", "device_class": "temperature"}, "lu": 1685620800.1}, {"s": "unavailable", "lu": 1685621400.2}],
            "sensor.living_room_temperature": [{"s": "21.2", "a": {"unit_of_measurement": "°C", "device_class": "temperature"}, "lu": 1685620800.1}]}},
        "home-assistant_garden", "2023-06-01T12:00:00Z", {"air_temperature": 11.2},
    ),
    "fieldclimate": (
        {"dates": ["2023-06-01 12:00:00", "2023-06-01 13:00:00"], "data": [
            {"name": "Temp", "name_original": "HC Air temperature", "unit": "°C", "ch": 18, "code": 506, "aggr": ["avg", "max"], "values": {"avg": [14.2, 13.9], "max": [14.9, None]}},
            {"name": "Air temperature", "name_original": "Air temperature", "unit": "°C", "ch": 0, "aggr": ["avg"], "values": {"avg": [99, 99]}},
            {"name": "Precipitation", "name_original": "Precipitation", "unit": "mm", "aggr": ["sum"], "values": {"sum": [0.2]}},
            {"name": "U-sonic wind dir", "name_original": "U-sonic wind dir", "unit": "deg", "aggr": ["last"], "values": {"last": [271, 90]}},
            {"name": "Leaf Wetness", "name_original": "Leaf Wetness", "unit": "min", "aggr": ["time"], "values": {"time": [5, 0]}}]},
        "fieldclimate_garden", "2023-06-01T12:00:00Z", {"air_temperature:2:mean:PT1H": 14.2, "air_temperature:2:maximum:PT1H": 14.9, "precipitation_amount:0:sum:PT1H": 0.2, "wind_from_direction": 271},
    ),
    "ims": (
        {"stationId": 178, "data": [{"datetime": "2023-01-01T12:00:00+02:00", "channels": [
            {"id": 7, "name": "TD", "alias": None, "value": 21.3, "status": 1, "valid": True, "description": None}, {"id": 1, "name": "Rain", "value": 0.1, "status": 2, "valid": False},
            {"id": 20, "name": "BP", "value": -9999, "status": 0, "valid": False}, {"id": 21, "name": "Time", "value": 1003, "status": 1, "valid": True}]}]},
        "ims_178", "2023-01-01T10:00:00Z", {"air_temperature": 21.3, "precipitation_amount:0:sum:PT10M": 0.1},
    ),
    "delft-fews": (
        {"version": "1.25", "timeZone": "1.0", "timeSeries": [{
            "header": {"type": "accumulative", "locationId": "Hill", "parameterId": "P.obs", "timeStep": {"unit": "second", "multiplier": "3600"}, "missVal": "-999.0", "units": "mm"},
            "events": [{"date": "2024-01-01", "time": "01:00:00", "value": "1.5", "flag": "0"}]}]},
        "Hill", "2024-01-01T00:00:00Z", {"precipitation_amount:0:sum:PT1H": 1.5},
    ),
    "meteocat": (
        [{"codi": "CC", "variables": [
            {"codi": 32, "lectures": [{"data": "2024-01-01T23:30Z", "valor": 5.2, "estat": "V", "baseHoraria": "SH"}]},
            {"codi": 35, "lectures": [{"data": "2024-01-01T23:00Z", "valor": 0.2, "estat": "N", "baseHoraria": "HO"}]},
            {"codi": 97, "lectures": [{"data": "2024-01-01T23:30Z", "valor": 1, "estat": "V", "baseHoraria": "SH"}]},
        ]}],
        "meteocat_CC", "2024-01-02T00:00:00Z", {"air_temperature:2:mean:PT30M": 5.2, "precipitation_amount:0:sum:PT1H": 0.2},
    ),
    "cimis": (
        {"Data": {"Providers": [{"Name": "cimis", "Type": "station", "Records": [
            {"Date": "2024-01-01", "Hour": "2400", "Station": "2", "Standard": "english", "Scope": "hourly",
             "HlyAirTmp": {"Value": "50", "Qc": " ", "Unit": "(F)"}, "HlySolRad": {"Value": "100", "Qc": " ", "Unit": "(Ly/day)"},
             "HlyWindSpd": {"Value": "10", "Qc": "Y", "Unit": "(MPH)"}, "HlyEto": {"Value": "0.1", "Qc": " ", "Unit": "(in)"}}]}]}},
        "cimis_2", "2024-01-02T08:00:00Z", {"air_temperature:1.5:mean:PT1H": 10, "wind_speed:2:mean:PT1H": 4.4704, "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H": 48.42593},
    ),
    "awdb": (
        [{"stationTriplet": "9713:CO:SNTL", "data": [
            {"stationElement": {"elementCode": "WTEQ", "ordinal": 1, "durationName": "DAILY", "storedUnitCode": "in", "originalUnitCode": "in"},
             "values": [{"date": "2024-01-01", "value": 10}]},
            {"stationElement": {"elementCode": "TMAX", "ordinal": 1, "durationName": "DAILY", "storedUnitCode": "degF"},
             "values": [{"date": "2024-01-01", "value": 50, "qcFlag": "V", "qaFlag": "P"}]}]}],
        "9713:CO:SNTL", "2024-01-01T00:00:00Z", {"lwe_thickness_of_surface_snow_amount": 254},
    ),
    "cimis days": (
        {"Data": {"Providers": [{"Name": "cimis", "Type": "station", "Records": [
            {"Date": "2024-01-01", "Station": "2", "Standard": "metric", "Scope": "daily",
             "DayAirTmpMax": {"Value": "12.5", "Qc": " ", "Unit": "(C)"}, "DayPrecip": {"Value": None, "Qc": "M", "Unit": "(mm)"}}]}]}},
        "cimis_2", "2024-01-01T00:00:00Z", {"air_temperature:1.5:maximum:P1D": 12.5},
    ),
    "meteogalicia": (
        {"listUltimos10min": [{"estacion": "Monte", "idEstacion": 10124, "instanteLecturaUTC": "2023-06-01T12:00:00", "listaMedidas": _galician(1)}]},
        "meteogalicia_10124", "2023-06-01T12:00:00Z", {"air_temperature:1.5:mean:PT10M": 14.2, "precipitation_amount:0:sum:PT10M": 0.2, "wind_speed_of_gust:10:maximum:PT10M": 9.1},
    ),
    "weatherlink live": (
        {"data": {"did": "001D0A700002", "ts": 1685620800, "conditions": [
            {"lsid": 48308, "data_structure_type": 1, "txid": 1, "temp": 50, "hum": 55, "dew_point": 41, "wind_speed_last": 10, "wind_dir_last": 90, "rain_size": 2, "rain_rate_last": 0, "solar_rad": 747, "uv_index": 5.5},
            {"lsid": 48307, "data_structure_type": 4, "temp_in": 78, "hum_in": 41}, {"lsid": 48306, "data_structure_type": 3, "bar_sea_level": 29.92, "bar_trend": None, "bar_absolute": 29.02}]}, "error": None},
        "weatherlink_", "2023-06-01T12:00:00Z", {"air_temperature": 10, "relative_humidity": 55, "dew_point_temperature": 5, "wind_speed": 4.4704, "wind_from_direction": 90},
    ),
}  # fmt: skip


DOCUMENTS = [encoded(document) for document, *_ in ANSWERS.values()]  # what the fuzz test begins with


@pytest.mark.parametrize(("speed", "directions"), [("0.0", [None]), ("0.4", [0.0])])
def test_a_calm_of_cimis_has_no_direction(speed: str, directions: list[float | None]) -> None:
    wind = {"HlyWindDir": {"Value": "0", "Qc": " ", "Unit": "(°)"}, "HlyWindSpd": {"Value": speed, "Qc": " ", "Unit": "(MPH)"}}
    record = {"Date": "2024-01-01", "Hour": "0100", "Station": "2", "Scope": "hourly", **wind}
    (batch,) = batches({"Data": {"Providers": [{"Name": "cimis", "Records": [record]}]}})
    assert [each.values for of, each in batch.columns.items() if of.standard_name == "wind_from_direction"] == [directions]


@pytest.mark.parametrize(("speed", "direction"), [(0.0, None), (0.4, 0.0)])
@pytest.mark.parametrize("which", ["inmet", "tempest"])
def test_a_calm_of_a_service_has_no_direction(which: str, speed: float, direction: float | None) -> None:
    hour = {"CD_ESTACAO": "A701", "DT_MEDICAO": "2024-06-01", "HR_MEDICAO": "0300", "VEN_VEL": f"{speed}", "VEN_DIR": "0"}
    minute = [1717200000, 0, speed, 2.4, 0, 3, 1002.1, 18.2, 71, 0, 0, 0, 0.1, 0, 0, 0, 2.7, 1]
    answers = {"inmet": [hour], "tempest": {"device_id": 1, "type": "obs_st", "obs": [minute], "status": {"status_code": 0}}}
    (batch,) = batches(answers[which])
    assert [of.values for each, of in batch.columns.items() if each.standard_name == "wind_from_direction"] == [[direction]]


def test_of_awdb_days_of_the_usual_sensors_alone_are_taken_and_what_is_suspect_is_flagged() -> None:
    def series(code: str, value: float, **others: object) -> dict[str, object]:
        element = {"elementCode": code, "ordinal": 1, "durationName": "DAILY", "storedUnitCode": "degF", **others}
        return {"stationElement": element, "values": [{"date": "2024-01-01 00:00", "value": value, "qcFlag": "S"}]}

    def site(*data: dict[str, object]) -> list[dict[str, object]]:
        return [{"stationTriplet": "9713:CO:SNTL", "data": data}]

    others = series("TMAX", 51, ordinal=2), series("STO", 41, heightDepth=-2), series("TMIN", 41, heightDepth=30)
    (batch,) = batches(site(series("TMAX", 50), *others))
    assert {each.id: (of.values, of.flags) for each, of in batch.columns.items()} == {
        "air_temperature:2:maximum:P1D": ([10], [3])
    }
    entry = surveyed(site(series("TAVG", 50, durationName="HOURLY")))
    assert entry.status == Status.REJECTED
    assert "site's standard time" in entry.why


@pytest.mark.parametrize("which", ANSWERS)
def test_an_answer_is_taken_as_its_publisher_describes_it(which: str) -> None:
    document, station, first, expected = ANSWERS[which]
    entry = surveyed(document)
    assert (entry.recognition.format, entry.status) == ("service-json", Status.OK)
    assert all(name.startswith(station) for name in entry.stations)
    assert entry.first is not None
    assert iso(entry.first) == first
    batch = batches(document)[0]
    for name, value in expected.items():
        assert column(batch, name).values[0] == value


def test_every_service_has_an_answer_here_and_no_answer_is_of_two() -> None:
    from mesonet.formats.json_document import glance

    known = {
        which: [each.who for each in SERVICES if each.known(seen)]
        for which, (document, *_) in ANSWERS.items()
        if (seen := glance(encoded(document)))
    }
    assert {which: len(found) for which, found in known.items()} == dict.fromkeys(ANSWERS, 1)
    assert {who for found in known.values() for who in found} == {each.who for each in SERVICES}


def test_where_a_station_is_comes_with_it_and_what_is_not_taken_is_named() -> None:
    document, *_ = ANSWERS["aemet"]
    (place,) = stations(document)
    assert (place.name, place.position, place.elevation_m) == ("RETIRO", (40.4, -3.7), 667)
    assert "stdvv" in surveyed(document).why


def test_days_of_nasa_power_stand_at_their_date_and_hours_of_utc_at_their_end() -> None:
    days = {"T2M": {"20230601": 15.0}}
    (batch,) = batches({**POWER, "properties": {"parameter": days}})
    assert (iso(batch.times[0]), [each.id for each in batch.columns]) == (
        "2023-06-01T00:00:00Z",
        ["air_temperature:2:mean:P1D"],
    )
    (batch,) = batches({**POWER, "header": {"fill_value": -999.0, "time_standard": "UTC"}})
    assert list(map(iso, batch.times)) == ["2023-06-01T01:00:00Z", "2023-06-01T02:00:00Z"]
    assert column(batch, "air_temperature:2:mean:PT1H").values == [15, None]


@pytest.mark.parametrize(("which", "calm", "other"), [("netatmo", -1, 90), ("netatmo public", -1, 90), ("cwa", "990", "90")])
def test_a_direction_of_none_is_missing(which: str, calm: Any, other: Any) -> None:
    def directions(value: Any) -> list[float | None]:
        document = copy.deepcopy(ANSWERS[which][0])
        if which == "netatmo":
            document["body"]["devices"][0]["modules"][0]["dashboard_data"]["WindAngle"] = value
        elif which == "netatmo public":
            document["body"][0]["measures"] = {"06:00": {"wind_angle": value, "wind_timeutc": 1685620800}}
        else:
            document["records"]["Station"][0]["WeatherElement"] = {"WindDirection": value, "AirPressure": "990"}
        found = [(name.id, told) for batch in batches(document) for name, told in batch.columns.items()]
        assert which != "cwa" or dict(found)["air_pressure"].values == [990]
        return [each for name, told in found if name == "wind_from_direction" for each in told.values]

    assert directions(other) == [90]
    assert directions(calm) in ([None], [])


def test_a_sensor_indoors_tells_nothing_of_the_weather() -> None:
    document = copy.deepcopy(ANSWERS["sensor.community"][0])
    document[0]["location"]["indoor"] = 1
    assert not [each for batch in batches(document) for each in batch.columns]
    assert "pressure indoors" in surveyed(document).why


@pytest.mark.parametrize("kind", [323, 326])
def test_an_airlink_before_a_station_does_not_tell_its_temperature(kind: int) -> None:
    airlink = {"lsid": 1, "sensor_type": kind, "data": [{"ts": 1685620800, "temp": 90, "hum": 40, "pm_2p5": 3}]}
    outside = {"lsid": 2, "sensor_type": 43, "data": [{"ts": 1685620800, "temp": 50}]}
    document = {"station_id": 9, "sensors": [airlink, outside]}
    assert [column(batch, "air_temperature").values for batch in batches(document)] == [[10]]
    assert "temp of an AirLink" in surveyed(document).why


@pytest.mark.parametrize(
    ("days", "period"), [(("01-01", "02-01", "03-01"), "P1M"), (("02-01", "03-01"), "P1M"), (("01-02", "01-31"), "P29D")]
)
def test_sums_of_geosphere_from_first_to_first_are_of_months(days: tuple[str, ...], period: str) -> None:
    document = copy.deepcopy(ANSWERS["geosphere"][0])
    document["timestamps"] = [f"2024-{day}T00:00+00:00" for day in days]
    assert f"precipitation_amount:0:sum:{period}" in [each.id for each in batches(document)[0].columns]


@pytest.mark.parametrize(
    ("clocks", "period"),
    [
        (("14:04:58", "14:09:55", "14:14:59"), "PT5M"),
        (("14:04:58", "14:09:55", "14:15:02", "18:00:00"), "PT5M"),
        (("14:59:50", "15:59:58"), "PT1H"),
    ],
)
def test_history_of_weather_underground_is_of_the_usual_step_next_to_its_clocks(clocks: tuple[str, ...], period: str) -> None:
    (report,) = ANSWERS["wunderground history"][0]["observations"][:1]
    (batch,) = batches({"observations": [{**report, "obsTimeUtc": f"2023-06-01T{clock}Z"} for clock in clocks]})
    assert [each.id for each in batch.columns] == [
        f"air_temperature:2:mean:{period}",
        f"wind_speed_of_gust:10:maximum:{period}",
    ]


def test_means_of_weather_underground_over_nobody_knows_what_are_named() -> None:
    document = {"observations": ANSWERS["wunderground history"][0]["observations"][:1]}
    assert not [each for batch in batches(document) for each in batch.columns]
    assert "tempAvg" in surveyed(document).why


@pytest.mark.parametrize(
    ("told", "station"),
    [
        ("urn:ngsi-ld:WeatherObserved:ES:Valladolid:2422", "ES:Valladolid:2422"),
        ("urn:ngsi-ld:WeatherObserved:Spain-Valladolid-2016-11-30T07:00:00.00Z", "Spain-Valladolid"),
        ("Spain-Valladolid-2422", "Spain-Valladolid-2422"),
    ],
)
def test_a_station_of_ngsi_is_called_as_its_id_without_type_and_time(told: str, station: str) -> None:
    entity = {name: each for name, each in ANSWERS["ngsi"][0].items() if name != "stationCode"}
    assert list(surveyed({**entity, "id": told}).stations) == [station]


def test_entities_of_ngsi_that_are_no_weather_are_left() -> None:
    weather = ANSWERS["ngsi"][0]
    other = {**weather, "type": "AirQualityObserved"}
    assert surveyed(other).recognition.format != "service-json"
    assert sum(len(batch.times) for batch in batches([weather, other])) == 1
    assert "AirQualityObserved" in surveyed([weather, other]).why


@pytest.mark.parametrize(
    ("number", "station"),
    [("04220", "0-20000-0-04220"), ("06180", "0-20000-0-06180"), ("05005", "dmi_05005"), ("0612", "0612")],
)
def test_only_numbers_of_wmo_are_wigos_identifiers_of_dmi(number: str, station: str) -> None:
    document = copy.deepcopy(ANSWERS["dmi"][0])
    document["features"][0]["properties"]["stationId"] = number
    assert list(surveyed(document).stations) == [station]


def test_stations_of_geosphere_have_no_more_rows_than_values() -> None:
    document = copy.deepcopy(ANSWERS["geosphere"][0])
    document |= {"timestamps": ["x"] * 2000, "features": document["features"] * 2000}
    entry = effort.within(1, lambda: surveyed(document))
    assert (entry.rows, entry.rejected) == (4000, 4000)


def test_rain_and_snow_of_geosphere_are_none_where_they_are_less_than_nothing() -> None:
    document = copy.deepcopy(ANSWERS["geosphere"][0])
    parameters = document["features"][0]["properties"]["parameters"]
    parameters |= {
        "TL": {"unit": "°C", "data": [-1, 1]},
        "RR": {"unit": "mm", "data": [-1, 0.5]},
        "SH": {"unit": "cm", "data": [-1.0, 4]},
    }
    (batch,) = batches(document)
    assert {each.standard_name: told.values for each, told in batch.columns.items()} == {
        "air_temperature": [-1, 1],
        "precipitation_amount": [0, 0.5],
        "surface_snow_thickness": [0, 40],
    }


def test_a_list_of_a_tempest_without_its_type_is_nobodys() -> None:
    document = {"serial_number": "XX-1", **TEMPEST, "type": "obs_new"}
    assert not [each for batch in batches(document) for each in batch.columns]
    assert "obs_new" in surveyed(document).why


def test_the_address_of_a_netatmo_station_is_not_published() -> None:
    document, *_ = ANSWERS["netatmo"]
    assert all(MAC not in str(each) for each in (surveyed(document), batches(document)))
    crowd = {
        "body": [{**ANSWERS["netatmo public"][0]["body"][0], "_id": f"70:ee:50:22:a3:{number:02x}"} for number in range(52)]
    }
    assert {reject.reason for reject in surveyed(crowd).rejects} == {"more than 50 stations in one file"}


def test_degrees_that_are_no_kelvins_are_left_since_nobody_says_which_they_are() -> None:
    document = {**ANSWERS["openweather"][0], "main": {"temp": 18.1, "feels_like": 18, "pressure": 1013, "humidity": 55}}
    (batch,) = batches(document)
    assert sorted(each.id for each in batch.columns) == ["air_pressure_at_mean_sea_level", "relative_humidity"]
    assert "does not tell its units" in surveyed(document).why


def test_a_map_of_amedas_is_of_the_time_that_its_file_is_called_after() -> None:
    document = {"44132": {"temp": [15.1, 0], "humidity": [60, 1], "windDirection": [0, 0]}}
    (batch,) = batches(document, "20230601123000.json")
    assert (batch.station_id, iso(batch.times[0])) == ("amedas_44132", "2023-06-01T03:30:00Z")
    assert (column(batch, "relative_humidity").flags, len(batch.columns)) == ([3], 2)
    entry = surveyed(document, "latest.json")
    assert (entry.status, entry.rejects[0].reason) == (Status.REJECTED, "there is no time")
    assert "only the file's name tells" in entry.why


def test_reports_without_a_station_or_a_time_are_rejected_and_the_others_taken() -> None:
    good = ANSWERS["aemet"][0][0]
    entry = surveyed([good, {**good, "idema": ""}, {**good, "fint": "yesterday"}])
    assert (entry.status, entry.rows) == (Status.PARTIAL, 3)
    assert [(each.row, each.reason) for each in entry.rejects] == [
        (2, "there is no station"),
        (3, "not a time such as 2024-01-01T06:00:00Z"),
    ]


def test_ndjson_is_read_line_by_line_and_a_station_called_after_its_file_is_inferred() -> None:
    both = lines({"serial_number": "ST-1", **TEMPEST, "obs": TEMPEST["obs"] * 2}, {"serial_number": "ST-2", **TEMPEST})
    assert [(batch.station_id, list(batch.rows)) for batch in batches(both)] == [
        ("tempest_ST-1", [1, 1]),
        ("tempest_ST-2", [2]),
    ]
    entry = surveyed(lines({"serial_number": "ST-1", **TEMPEST}, {"serial_number": "ST-2", **TEMPEST}))
    assert (entry.status, entry.stations) == (Status.OK, {"tempest_ST-1": 1, "tempest_ST-2": 1})
    entry = surveyed({**ANSWERS["meteostat"][0], "meta": {}}, "garden-2023.json")
    assert (list(entry.stations), entry.claims["station"]) == (["meteostat_garden-2023"], Claim.INFERRED)


def first_of(document: Any, name: str) -> tuple[float | None, int] | None:
    """The first value of a parameter and its flag, None where the answer has not got it."""
    found = [told for batch in batches(document) for each, told in batch.columns.items() if each.id == name]
    return (found[0].values[0], found[0].flags[0]) if found else None


@pytest.mark.parametrize(
    ("member", "written", "name", "expected"),
    [
        ("dir", "88", "wind_gust_from_direction:10:maximum:P1D", None),
        ("dir", "99", "wind_gust_from_direction:10:maximum:P1D", None),
        ("prec", "Acum", "precipitation_amount:0:sum:P1D", None),
        ("prec", "Ip", "precipitation_amount:0:sum:P1D", 0),
        ("prec", "1,5", "precipitation_amount:0:sum:P1D", 1.5),
    ],
)
def test_words_and_codes_of_aemet_are_no_numbers(member: str, written: str, name: str, expected: float | None) -> None:
    (given,) = ANSWERS["aemet days"][0]
    assert (first_of([{**given, member: written}], name) or (None, 9))[0] == expected


@pytest.mark.parametrize(("code", "flag"), [(0, 2), (1, 2), (2, 2), (3, 3), (4, 3), (5, 3), (6, 4), (7, 4)])
def test_a_quality_code_of_frost_is_a_flag(code: int, flag: int) -> None:
    document = copy.deepcopy(ANSWERS["frost"][0])
    document["data"][0]["observations"][0]["qualityCode"] = code
    assert first_of(document, "air_temperature") == (12.5, flag)


def test_minus_one_of_frost_says_that_there_was_none_at_all() -> None:
    document = copy.deepcopy(ANSWERS["frost"][0])
    rain = {"elementId": "sum(precipitation_amount P1D)", "value": -1, "unit": "mm", "qualityCode": 0}
    document["data"][0]["observations"] = [rain]
    assert first_of(document, "precipitation_amount:0:sum:P1D") == (0, 2)


def test_of_several_sensors_at_one_station_the_first_is_taken() -> None:
    frost = copy.deepcopy(ANSWERS["frost"][0])
    frost["data"][0]["sourceId"] = "SN18700:1"
    assert first_of(frost, "air_temperature") is None
    (batch,) = batches(ANSWERS["weatherlink"][0])
    assert (len(batch.times), column(batch, "air_temperature:2:mean:PT15M").values) == (1, [10])


@pytest.mark.parametrize(("quality", "flag"), [("G", 2), ("Y", 2), ("R", 4)])
def test_what_smhi_refuses_has_failed(quality: str, flag: int) -> None:
    document = copy.deepcopy(ANSWERS["smhi"][0])
    document["value"][0]["quality"] = quality
    assert first_of(document, "air_temperature") == (12.5, flag)


def test_a_direction_of_ngsi_may_be_west_of_north() -> None:
    assert first_of({**ANSWERS["ngsi"][0], "windDirection": {"value": -45}}, "wind_from_direction") == (315, 2)


@pytest.mark.parametrize(("module", "taken"), [("NAModule1", True), ("NAModule4", False), ("NAMain", False), ("NHC", False)])
def test_a_netatmo_module_indoors_tells_no_temperature_of_the_weather(module: str, taken: bool) -> None:
    document = copy.deepcopy(ANSWERS["netatmo"][0])
    inner = {"type": module, "dashboard_data": {"time_utc": 1685620800, "Temperature": 12.5, "Humidity": 55}}
    document["body"]["devices"][0]["modules"] = [inner]
    assert (first_of(document, "air_temperature"), first_of(document, "relative_humidity")) == (
        ((12.5, 2), (55, 2)) if taken else (None, None)
    )


def test_the_months_of_a_typical_year_are_said_to_be_of_different_years() -> None:
    hours = ANSWERS["pvgis"][0]
    typical = {**hours, "outputs": {"tmy_hourly": [{"time(UTC)": "20070101:0000", "T2m": 3.5}]}}
    (batch,) = batches(typical)
    assert (iso(batch.times[0]), column(batch, "air_temperature").values) == ("2007-01-01T00:00:00Z", [3.5])
    assert ["typical year" in surveyed(each).why for each in (typical, hours)] == [True, False]


@pytest.mark.parametrize(("unit", "metres"), [("ft", 1288.1), ("m", 4226)])
def test_a_height_of_synoptic_is_in_the_unit_that_it_tells(unit: str, metres: float) -> None:
    document = copy.deepcopy(ANSWERS["synoptic"][0])
    document["UNITS"]["elevation"] = unit
    (place,) = stations(document)
    assert place.elevation_m == metres


@given(gone_wrong(*(document for document, *_ in ANSWERS.values())))
@settings(max_examples=150, deadline=None)
def test_answers_gone_wrong_never_fail(data: bytes) -> None:
    never_fails(data)


def test_what_tells_the_service_may_stand_behind_a_year_of_values() -> None:
    document = copy.deepcopy(ANSWERS["smhi"][0])
    document["value"] = [{"date": 1685577600000 + 3600000 * hour, "value": "12.5", "quality": "G"} for hour in range(2900)]
    year = dict.fromkeys(
        (f"2023{month:02d}{day:02d}{hour:02d}" for month in range(1, 13) for day in range(1, 29) for hour in range(24)), 15.0
    )
    power = {**{name: POWER[name] for name in ("type", "geometry")}, "properties": {"parameter": {"T2M": year}}}
    power = {**power, **POWER, "properties": power["properties"]}
    for answer, station, count in ((document, "98230", 2900), (power, "power_40_-105", len(year))):
        entry = surveyed(answer)
        assert (entry.recognition.format, entry.status, entry.stations) == ("service-json", Status.OK, {station: count})


def test_local_solar_time_of_no_longitude_is_nobodys() -> None:
    entry = surveyed(
        {
            **POWER,
            "geometry": {"type": "Point", "coordinates": [-255.0, 400.0]},
            "header": {"fill_value": -999.0, "time_standard": "LST"},
        }
    )
    assert (entry.status, entry.stations) == (Status.REJECTED, {})


def changed(which: str, **members: Any) -> dict[str, Any]:
    """The One Call answer with other numbers."""
    document = copy.deepcopy(ANSWERS[which][0])
    document["current"] |= members
    return document  # type: ignore[no-any-return]


def test_units_that_nobody_tells_are_concluded_from_humidity_and_said_to_be() -> None:
    entry = surveyed(changed("one call", temp=20, dew_point=10, humidity=53))
    assert column(batches(changed("one call", temp=20, dew_point=10, humidity=53))[0], "air_temperature").values == [20]
    claims = {facts.name: facts.claim for facts in entry.columns}
    assert (claims["temp"], claims["wind_speed"]) == (Claim.INFERRED, Claim.INFERRED)
    assert claims["humidity"] is not Claim.INFERRED
    assert "taken as Cel, in which temperature, dew point and humidity agree" in entry.why


@pytest.mark.parametrize(
    "told", [{"dew_point": None}, {"temp": 20, "dew_point": 10, "humidity": 90}, {"temp": 10, "dew_point": 10, "humidity": 100}]
)
def test_what_has_a_unit_that_nothing_tells_is_left(told: dict[str, Any]) -> None:
    document = changed("one call", **{"temp": 20, "dew_point": 10, "humidity": 53, **told})
    taken = {known.standard_name for known in batches(document)[0].columns}
    assert taken.isdisjoint({"air_temperature", "dew_point_temperature", "wind_speed", "wind_speed_of_gust"})
    assert {"relative_humidity", "wind_from_direction"} <= taken
    assert "what has a unit was left" in surveyed(document).why


def test_a_wind_beside_celsius_may_be_in_miles_of_visual_crossing_and_is_left() -> None:
    document = copy.deepcopy(ANSWERS["visual crossing"][0])
    document["days"][0] |= {"temp": 20, "dew": 10, "tempmax": 30, "hours": []}
    assert {known.id for known in batches(document)[0].columns} >= {
        "air_temperature:2:maximum:P1D",
        "precipitation_amount:0:sum:P1D",
    }
    assert all(known.standard_name != "wind_speed" for known in batches(document)[0].columns)
    assert "windspeed" in surveyed(document).why


def test_rain_of_the_next_hour_stands_at_its_end() -> None:
    told = {
        iso(time): value
        for batch in batches(ANSWERS["met norway"][0])
        for known, each in batch.columns.items()
        if known.id == "precipitation_amount:0:sum:PT1H"
        for time, value in zip(batch.times, each.values, strict=True)
        if value is not None
    }
    assert told == {"2023-06-01T13:00:00Z": 0.4}


def test_the_address_of_a_weatherlink_live_is_not_published() -> None:
    entry = surveyed(ANSWERS["weatherlink live"][0])
    assert "001D0A700002" not in str(entry)


def test_of_several_transmitters_of_a_weatherlink_live_the_first_whole_station_is_taken() -> None:
    document = copy.deepcopy(ANSWERS["weatherlink live"][0])
    conditions = document["data"]["conditions"]
    station = next(each for each in conditions if each["data_structure_type"] == 1)
    soil = {"lsid": 7, "data_structure_type": 2, "txid": 8, "temp_1": 60, "moist_soil_1": 3}
    document["data"]["conditions"] = [soil, *conditions, {**station, "txid": 9, "temp": 99}]
    assert first_of(document, "air_temperature") == first_of(ANSWERS["weatherlink live"][0], "air_temperature")
    entry = surveyed(document)
    assert "moist_soil_1 of transmitter 8" in entry.why
    assert "temp of transmitter 9" in entry.why


@pytest.mark.parametrize(
    ("code", "statistic", "expected"),
    [
        ("00020", "00000", "2023-06-01T04:00:00Z air_temperature"),
        ("00020", "00001", "2023-06-01T00:00:00Z air_temperature:2:maximum:P1D"),
        ("00020", "00002", "2023-06-01T00:00:00Z air_temperature:2:minimum:P1D"),
        ("00020", "00003", "2023-06-01T00:00:00Z air_temperature:2:mean:P1D"),
        ("00045", "00006", "2023-06-01T00:00:00Z precipitation_amount:0:sum:P1D"),
        ("00045", "00003", ""),
        ("00020", "00008", ""),
    ],
)
def test_daily_values_of_the_usgs_are_what_their_statistic_says_at_their_local_date(
    code: str, statistic: str, expected: str
) -> None:
    document = copy.deepcopy(ANSWERS["usgs"][0])
    series = document["value"]["timeSeries"][0]
    series["variable"] |= {"variableCode": [{"value": code}], "options": {"option": [{"optionCode": statistic}]}}
    time = "2023-06-01T00:00:00.000" + ("-04:00" if statistic == "00000" else "")
    series["values"] = [{"value": [{"value": "12.5", "dateTime": time}]}]
    document["value"]["timeSeries"] = [series]
    found = [f"{iso(batch.times[0])} {known.id}" for batch in batches(document) for known in batch.columns]
    assert found == ([expected] if expected else [])
    assert ("other than maxima, minima, means and sums" in surveyed(document).why) == (statistic == "00008")


def test_hours_of_bright_sky_that_are_forecasts_are_left() -> None:
    document = copy.deepcopy(ANSWERS["bright sky"][0])
    document["sources"][0]["observation_type"] = "forecast"
    assert not batches(document)
    assert "hours of forecasts were left" in surveyed(document).why


@pytest.mark.parametrize(
    ("told", "speed"),
    [({}, None), ({"sunshine": 30, "solar": 0.2}, None), ({"sunshine": 3600}, 10), ({"solar": 720_000}, 10)],
)
def test_units_of_bright_sky_that_nothing_tells_are_not_taken_for_the_dwds(told: dict[str, Any], speed: float | None) -> None:
    document = copy.deepcopy(ANSWERS["bright sky"][0])
    hour = {name: document["weather"][0][name] for name in ("timestamp", "source_id", "wind_direction")}
    document["weather"] = [{**hour, "wind_speed": 10, **told}]
    columns = {known.standard_name: each.values[0] for batch in batches(document) for known, each in batch.columns.items()}
    assert (columns.get("wind_speed"), columns["wind_from_direction"]) == (speed, 250)
    assert ("what has such a unit was left" in surveyed(document).why) == (speed is None)


def _days() -> dict[str, Any]:
    hour = ANSWERS["tomorrow"][0]["timelines"]["hourly"][0]
    bit = {**ANSWERS["weatherbit"][0]["data"][0], "datetime": "2023-06-01"}
    step = {"startTime": hour["time"], "values": hour["values"]}
    where = {"location": ANSWERS["tomorrow"][0]["location"]}
    return {
        "weatherbit": {"data": [bit]},
        "weatherbit, maxima": {"data": [{**bit, "datetime": "", "max_temp": 30}]},
        "tomorrow": {"data": {"timelines": [{"timestep": "1d", "intervals": [step]}]}, **where},
        "tomorrow, own": {"timelines": {"daily": [hour]}, **where},
    }


@pytest.mark.parametrize("which", _days())
def test_days_are_no_instants(which: str) -> None:
    document = _days()[which]
    assert surveyed(document).recognition.format == "service-json"
    assert not batches(document)
    assert "days were left" in surveyed(document).why


def test_what_shares_a_line_with_the_weather_is_named_and_tyres_are_passed_over() -> None:
    found = surveyed(lines(*ANSWERS["rtl_433"][0]))
    assert (found.stations, found.rejects) == ({"rtl433_Acurite-5n1_2662": 1}, ())
    assert "rain_in" in found.why
    assert found.claims["zone"] is Claim.INFERRED


def test_another_receiver_that_calls_its_values_otherwise_is_a_table() -> None:
    document = {"time": "2024-03-01 10:00:02", "model": "LYWSDCGQ", "id": "A4:C1:38", "rssi": -80, "tempc": 12.4, "hum": 71}
    assert surveyed([document, document]).status is Status.UNMAPPED


@pytest.mark.parametrize(
    ("east", "north", "position"),
    [
        (2_600_000, 1_200_000, (46.95108, 7.43864)),  # the old observatory of Bern, where the grid has its origin
        (2_700_000, 1_100_000, (46.04413, 8.73050)),  # the example of swisstopo's paper
        (8.5, 47.4, None),
        (None, 1_200_000, None),
    ],
)
def test_places_of_meteoswiss_become_degrees(east: float | None, north: float, position: tuple[float, float] | None) -> None:
    document = copy.deepcopy(ANSWERS["meteoswiss"][0])
    document["features"][0]["geometry"]["coordinates"] = [east, north]
    found = stations(document)
    if position is None:
        assert [place.position for place in found] in ([], [None])
    else:
        assert found[0].position == pytest.approx(position, abs=2e-5)
        assert "EPSG:2056" in surveyed(document).why


@pytest.mark.parametrize(
    ("layer", "unit", "parameter"),
    [
        ("niederschlag", "mm", "precipitation_amount:0:sum:PT10M"),
        ("wind-boeenspitze-kmh", "km/h", "wind_speed_of_gust"),
        ("windgeschwindigkeit-kmh", "km/h", "wind_speed"),
        ("luftdruck-qnh", "hPa", "altimeter_setting"),
        ("foehn", "", ""),
    ],
)
def test_a_layer_of_meteoswiss_is_of_the_quantity_that_it_or_its_file_is_called_by(
    layer: str, unit: str, parameter: str
) -> None:
    document = copy.deepcopy(ANSWERS["meteoswiss"][0]) | {"mapname": ""}
    document["features"][0]["properties"] |= {"unit": unit, "wind_direction": 270}
    key = f"ch.meteoschweiz.messwerte-{layer}-10min_de.json"
    found = {name.id for batch in batches(document, key) for name in batch.columns}
    assert found == {parameter, "wind_from_direction"} if parameter == "wind_speed" else found == {parameter} - {""}
    assert ("which quantity it is" in surveyed(document, key).why) == (not parameter)


def _house(name: str, kind: str, unit: str, state: str = "20.5", **more: str) -> dict[str, Any]:
    attributes = {"unit_of_measurement": unit, "device_class": kind, "friendly_name": name, **more}
    return {"entity_id": name, "state": state, "last_changed": "2024-03-01T10:00:00+00:00", "attributes": attributes}


def test_history_of_home_assistant_names_its_entity_in_the_first_state_of_each_list_alone() -> None:
    times = [f"2024-03-01T10:{minute:02}:00.5+00:00" for minute in (0, 5, 10)]
    history = [
        [
            _house("sensor.outdoor_humidity", "humidity", "%"),
            *({"state": "unavailable", "last_changed": time} for time in times),
        ],
        [_house("sensor.wind_speed", "wind_speed", "km/h", "36"), {"state": "x", "last_changed": times[0]}],
    ]
    humid, windy = batches(history)
    assert column(humid, "relative_humidity").values == [20.5, None, None, None]
    assert column(windy, "wind_speed").values == [10, None]
    (fault,) = surveyed(history).rejects
    assert (fault.row, fault.column, fault.value) == (6, "sensor.wind_speed", "x")


@pytest.mark.parametrize(
    ("entity", "parameter"),
    [
        (_house("sensor.outside_temperature", "temperature", "°C"), "air_temperature"),
        (_house("sensor.temperatur_aussen", "temperature", "°C"), "air_temperature"),
        (_house("sensor.ws_outdoor_dew_point", "temperature", "°C"), "dew_point_temperature"),
        (_house("sensor.ws_wind_gust", "wind_speed", "m/s"), "wind_speed_of_gust"),
        (_house("sensor.ws_absolute_pressure", "atmospheric_pressure", "hPa", "999"), "air_pressure"),
        (_house("sensor.ws_relative_pressure", "pressure", "hPa", "999"), "air_pressure_at_mean_sea_level"),
        (_house("sensor.ws_solar_radiation", "irradiance", "W/m²"), "surface_downwelling_shortwave_flux_in_air"),
        (_house("sensor.ws_rain_rate", "precipitation_intensity", "mm/h"), "rainfall_rate"),
        (_house("sensor.bedroom_temperature", "temperature", "°C"), ""),
        (_house("sensor.outdoor_unit_temperature", "temperature", "°C"), ""),
        (_house("sensor.forecast_outdoor_temperature", "temperature", "°C"), ""),
        (_house("sensor.pool_outdoor_temperature", "temperature", "°C"), ""),
        (_house("sensor.max_outdoor_temperature", "temperature", "°C"), ""),
        (_house("sensor.ws_average_wind_speed", "wind_speed", "m/s"), ""),
        (_house("sensor.mean_sea_level_pressure", "pressure", "hPa", "999"), "air_pressure_at_mean_sea_level"),
        (_house("sensor.outdoor_temperature", "temperature", ""), ""),
        (_house("sensor.outdoor_temperature", "power", "W"), ""),
        (_house("sensor.wind_speed", "wind_speed", "m/s", attribution="Data provided by a service"), ""),
        (_house("sensor.ws_max_daily_gust", "wind_speed", "m/s"), ""),
        (_house("sensor.ws_pressure", "atmospheric_pressure", "hPa", "999"), ""),
        (_house("sensor.ws_daily_rain", "precipitation", "mm"), ""),
    ],
)
def test_of_a_house_is_taken_what_class_and_name_say_is_outdoors(entity: dict[str, Any], parameter: str) -> None:
    found = surveyed([entity])  # what `api/states` answers
    assert [name.id for batch in batches([entity]) for name in batch.columns] == ([parameter] if parameter else [])
    assert ("no quantity that is taken" in str(found.rejects)) == (entity["entity_id"] in found.why) == (not parameter)


def test_history_of_the_socket_goes_on_with_the_attributes_of_its_first_state() -> None:
    history = ANSWERS["home assistant's socket"][0]["result"]
    (batch,) = batches(history)  # the answer alone
    assert (column(batch, "air_temperature").values, len(batch.times)) == ([11.2, None], 2)
    assert "sensor.living_room_temperature" in surveyed(history).why


@pytest.mark.parametrize(
    "state",
    [
        {"s": "11.2", "lu": 1685620800.1},
        {"start": 1685620800000, "end": 1685624400000, "mean": 11.2, "min": 10, "max": 12},
        {"start": "2023-06-01T12:00:00+00:00", "end": "2023-06-01T13:00:00+00:00", "mean": 11.2},
    ],
)
def test_what_the_socket_tells_without_a_unit_is_left_and_how_to_ask_for_it_is_told(state: dict[str, Any]) -> None:
    told = {"sensor.outdoor_temperature": [state, state]}
    for answer in (told, {"result": told}, {"changed_states": [], "service_response": {"statistics": told}}):
        entry = surveyed(answer)
        assert (entry.status, entry.recognition.format) == (Status.REJECTED, "service-json")
        assert "ask for history with `no_attributes` false" in entry.why
        assert "not taken are sensor.outdoor_temperature, which" in entry.why
        assert "no parameter" not in entry.why
    assert "no quantity that is taken" in str(entry.rejects)


def test_sensors_of_fieldclimate_may_be_named_by_number_and_are_as_many_as_their_dates() -> None:
    document = copy.deepcopy(ANSWERS["fieldclimate"][0])
    document["data"] = {str(at): sensor for at, sensor in enumerate(document["data"])}
    (batch,) = batches(document)
    assert column(batch, "air_temperature:2:mean:PT1H").values == [14.2, 13.9]
    assert column(batch, "precipitation_amount:0:sum:PT1H").values == [0.2, None]
    entry = surveyed(document)
    assert {claim for claim, told in entry.claims.items() if told is Claim.INFERRED} >= {"station", "zone"}
    assert all(name in entry.why for name in ("times have no zone", "Leaf Wetness (time)", "Air temperature (avg)"))


def test_of_one_date_of_fieldclimate_nothing_is_known_of_a_time() -> None:
    document = copy.deepcopy(ANSWERS["fieldclimate"][0]) | {"dates": ["2023-06-01 12:00:00"]}
    assert [name.id for batch in batches(document) for name in batch.columns] == ["wind_from_direction"]


def test_reports_of_dballe_tell_what_was_invalidated_and_where_it_is() -> None:
    document = ANSWERS["db-all.e"][0]
    assert (first_of(document, "air_temperature"), first_of(document, "relative_humidity")) == ((12.4, 4), (61, 2))
    (place,) = stations(document)
    assert (place.name, place.position, place.elevation_m) == ("Bologna urbana", (44.49, 11.34), 78)
    assert all(code in surveyed(document).why for code in ("B13215", "B12103"))
    without = surveyed([document[0] | {"lat": "x"}, document[0] | {"ident": "XXPLT"}])
    assert (without.status, without.stations) == (Status.PARTIAL, {"XXPLT": 1})


def test_what_ims_holds_for_wrong_has_failed_and_a_clock_of_summer_is_told_of() -> None:
    assert first_of(ANSWERS["ims"][0], "precipitation_amount:0:sum:PT10M") == (0.1, 4)
    document = copy.deepcopy(ANSWERS["ims"][0])
    assert "two hours ahead" not in surveyed(document).why
    document["data"][0]["datetime"] = "2023-06-01T12:00:00+03:00"
    assert "two hours ahead" in surveyed(document).why
    assert iso(surveyed(document).first or 0) == "2023-06-01T09:00:00Z"


@pytest.mark.parametrize(("validation", "flag"), [(0, 2), (1, 2), (2, 3), (3, 4), (5, 3)])
def test_hours_and_days_of_meteogalicia_are_of_what_they_are_listed_as(validation: int, flag: int) -> None:
    told = {"estacion": "Monte", "idEstacion": 10124, "listaMedidas": _galician(validation)}
    hours = {"listHorarios": [told | {"listaInstantes": [told | {"instanteLecturaUTC": "2023-06-01T12:00:00"}]}]}
    days = {"listDatosDiarios": [{"data": "2023-06-01T00:00:00", "listaEstacions": [told]}]}
    assert first_of(hours, "air_temperature:1.5:mean:PT1H") == (14.2, flag)
    assert first_of(days, "precipitation_amount:0:sum:P1D") == (0.2, flag)
    assert "BIO_AVG_1.5m" in surveyed(days).why


def test_of_two_entities_for_one_quantity_the_first_is_taken() -> None:
    names = ("sensor.outdoor_temperature", "sensor.shed_outdoor_temperature", "light.porch")
    found = surveyed([[_house(name, "temperature", "°C")] for name in names])
    assert (found.status, found.rows) == (Status.OK, 1)
    assert "sensor.shed_outdoor_temperature, light.porch" in found.why


def test_a_box_indoors_or_nobody_says_where_tells_nothing_of_the_weather() -> None:
    for told in ("indoor", ""):
        document = {**ANSWERS["opensensemap"][0], "exposure": told}
        assert not [each for batch in batches(document) for each in batch.columns]


def test_values_of_senml_are_added_to_their_base_and_its_times_too() -> None:
    document = [
        {"bn": "a:", "bt": 1709287200, "bv": 10, "bu": "Cel", "n": "temperature", "v": 2.4},
        {"n": "temperature", "t": 60, "v": 2.6},
    ]
    (batch,) = batches(document)
    assert column(batch, "air_temperature").values == [12.4, 12.6]
    assert list(map(iso, batch.times)) == ["2024-03-01T10:00:00Z", "2024-03-01T10:01:00Z"]
    (fault,) = surveyed([{"bn": "a:", "n": "temperature", "u": "Cel", "t": -5, "v": 2.4}]).rejects
    assert fault.reason.startswith("not a time")


def test_packs_of_senml_may_stand_one_a_line() -> None:
    packs = [[{"bn": f"{name}:", "bt": 1709287200, "n": "temperature", "u": "Cel", "v": 2}] for name in "abc"]
    found = surveyed(lines(*packs))
    assert (found.recognition.format, found.status, found.rows) == ("service-json", Status.OK, 3)
    assert found.stations == {"a": 1, "b": 1, "c": 1}


def test_records_of_senml_one_a_line_go_on_with_the_base_of_those_above() -> None:
    records: list[dict[str, Any]] = [
        {"bn": "a:", "bt": 1709287200, "bu": "Cel", "n": "temperature", "v": 2},
        {"n": "humidity", "u": "%RH", "v": 71},
        {"n": "temperature", "t": 60, "v": 3},
        {"bn": "b:", "n": "temperature", "v": 4},
    ]
    found = surveyed(lines(*records))
    assert (found.status, found.rows, found.stations) == (Status.OK, 4, {"a": 3, "b": 1})
    assert [column(batch, "air_temperature").values for batch in batches(lines(*records)) if len(batch.times) > 1] == [[2, 3]]
    assert [iso(batch.times[-1]) for batch in batches(lines(*records))] == [
        "2024-03-01T10:01:00Z", "2024-03-01T10:00:00Z", "2024-03-01T10:00:00Z",
    ]  # fmt: skip


def test_of_two_values_of_senml_for_one_quantity_the_first_is_taken_and_the_other_told_of() -> None:
    names = ("urn:dev:a:temperature", "urn:dev:a:out/temperature", "urn:dev:b:temp")
    found = [{"bn": "", "bt": 1709287200, "n": name, "u": "Cel", "v": at} for at, name in enumerate(names)]
    assert {batch.station_id: column(batch, "air_temperature").values for batch in batches(found)} == {
        "urn:dev:a": [0],
        "urn:dev:b": [2],
    }
    why = surveyed(found).why
    assert "of several values of one quantity at one time the first was taken; left out was urn:dev:a:out/temperature" in why
    assert "no parameter" not in why


def test_senml_names_its_device_in_each_record_where_it_has_no_base_name() -> None:
    name = "urn:dev:ow:10e2073a01080063"  # the examples of RFC 8428, 5.1.1
    record = {"n": f"{name}:temperature", "u": "Cel", "t": 1709287200, "v": 23.1}
    assert surveyed([record]).stations == {name: 1}
    assert "urn:dev:ow:10e2073a01080063 in Cel" in surveyed([{**record, "n": name}]).why


@pytest.mark.parametrize("end", [",\n", "", ',\n{"n": "temperature", "u": "Ce'])
def test_a_stream_of_senml_that_has_not_ended_is_taken_as_far_as_it_goes(end: str) -> None:
    first = {"bn": "a:", "bt": 1709287200, "n": "temperature", "u": "Cel", "v": 2}
    records = [first, *({"n": "temperature", "u": "Cel", "t": at, "v": at} for at in (60, 120))]
    found = surveyed(("[" + ",\n".join(map(json.dumps, records)) + end).encode())
    assert (found.status, found.stations) == (Status.PARTIAL, {"a": 3})
    (fault,) = found.rejects
    assert fault.reason.startswith("the JSON ends in its middle, at line ")
    assert fault.reason.endswith("of the list, what stands before that was taken")


def test_devices_of_senml_by_the_thousand_have_one_quantity() -> None:
    found = surveyed([{"bn": "", "bt": 1709287200, "n": f"d{each}:temperature", "u": "Cel", "v": 1} for each in range(1000)])
    assert (found.status, found.rows, sum(found.stations.values())) == (Status.OK, 1000, 1000)


_THING = {"name": "ost-1", "Locations": [{"location": {"type": "Point", "coordinates": [8.4, 49, 117]}}]}
_STREAM = {"name": "T", "unitOfMeasurement": {"symbol": "degC"}, "ObservedProperty": {"name": "Air Temperature"}}
_OBSERVED = [{"phenomenonTime": f"2024-03-01T0{hour}:00:00Z", "result": 3.5 + hour, "@iot.id": hour} for hour in range(3)]
_ARRAY = {
    "components": ["id", "phenomenonTime", "result"],
    "dataArray": [[each["@iot.id"], each["phenomenonTime"], each["result"]] for each in _OBSERVED],
}
_WHOSE = {**_STREAM, "Thing": _THING}
SENSORTHINGS: dict[str, Any] = {
    "page": {"value": [{**each, "Datastream": _WHOSE} for each in _OBSERVED]},
    "list": [{**each, "Datastream": _WHOSE} for each in _OBSERVED],
    "data array": {"@iot.count": 3, "value": [{**_ARRAY, "Datastream": _WHOSE}]},
    "datastream": {**_WHOSE, "@iot.id": 1, "Observations": _OBSERVED},
    "datastreams": {"value": [{**_WHOSE, "Observations": _OBSERVED}]},
    "data arrays in datastreams": {"value": [{**_WHOSE, "Observations": [_ARRAY]}]},
    "things": {"value": [{**_THING, "Datastreams": [{**_STREAM, "Observations": _OBSERVED}]}]},
}


@pytest.mark.parametrize("form", [*SENSORTHINGS, "lines"])
def test_observations_of_sensorthings_are_taken_with_whatever_stands_around_them(form: str) -> None:
    data = lines(*SENSORTHINGS["list"]) if form == "lines" else SENSORTHINGS[form]
    found = surveyed(data)
    assert (found.recognition.format, found.status, found.rows, found.stations) == ("sensorthings", Status.OK, 3, {"ost-1": 3})
    assert found.bbox == (8.4, 49.0, 8.4, 49.0)
    (batch,) = batches(data)
    assert column(batch, "air_temperature").values == [3.5, 4.5, 5.5]
    assert iso(batch.times[2]) == "2024-03-01T02:00:00Z"


def test_observations_of_sensorthings_without_their_datastream_say_how_to_ask_for_it() -> None:
    for page in ([{"Datastream@iot.navigationLink": "https://x/Datastreams(1)", **_ARRAY}], _OBSERVED):
        found = surveyed({"value": page})
        assert (found.recognition.format, found.status, found.rows, found.rejected) == ("sensorthings", Status.REJECTED, 3, 3)
        assert "$expand=Datastream($expand=Thing,ObservedProperty)" in found.rejects[0].reason


def test_a_result_of_a_multidatastream_is_a_value_for_each_of_its_properties() -> None:
    stream = {
        "ObservedProperties": [{"name": name} for name in ("air temperature", "wind_speed", "battery")],
        "unitOfMeasurements": [{"symbol": "degF"}, {"symbol": "km/h"}, {"symbol": "V"}],
    }
    results = ([50, 36, 3.1], [59, 72], "x")
    observed = [{"phenomenonTime": f"2024-03-01T0{at}:00:00Z", "result": each} for at, each in enumerate(results)]
    thing = {"name": "ost-1", "MultiDatastreams": [{**stream, "Observations": observed}]}
    within = [{**each, "MultiDatastream": {**stream, "Thing": {"name": "ost-1"}}} for each in observed]
    for document in (thing, {"value": within}):
        found = surveyed(document)
        assert (found.recognition.format, found.status, found.rows) == ("sensorthings", Status.OK, 3)
        assert "battery" in found.why
        (batch,) = batches(document)
        assert column(batch, "air_temperature").values == [10, 15, None]
        assert column(batch, "wind_speed").values == [10, 20, None]


def test_a_message_of_ambient_weathers_websocket_is_one_report() -> None:
    message = {
        "method": "data",
        "device": {},
        "macAddress": "00:11:22:33:44:55",
        "dateutc": 1709287200000,
        "tempf": 50,
        "humidity": 71,
    }
    found = surveyed(message)
    assert (found.recognition.format, found.status, found.rows) == ("ambient-weather", Status.OK, 1)
    assert column(batches(message)[0], "air_temperature").values == [10]
