"""Answers of weather services as XML: a small one of each, generated after its publisher's description, and XML gone wrong."""

# ruff: noqa: E501 - the samples are as wide as they are written
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import isnan
from xml.sax.saxutils import quoteattr

import pytest
from fmi_weather_client.models import RequestType
from fmi_weather_client.parsers.forecast import parse_fmi_response
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.file import Mark, Status
from mesonet.domain.instant import iso, parse
from mesonet.domain.observation import Batch, Quality, Reject
from mesonet.errors import UnreadableFile
from mesonet.formats import xml_document
from mesonet.formats.reading import RESERVE_MS, Context, Piece, Rows
from mesonet.formats.registry import open_file, recognise
from mesonet.formats.services import xml_services
from mesonet.formats.services.service_xml import NAME
from mesonet.formats.xml_document import records
from tests import effort
from tests.unit.formats.json_files import batches, column, stations, surveyed

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def swob(*elements: str, who: dict[str, str] | None = None) -> str:
    told = who or {
        "stn_nam": "ARMSTRONG",
        "wmo_synop_id": "MSNG",
        "stn_elev": "324.5",
        "clim_id": "6040325",
        "lat": "50.2",
        "long": "-88.9",
    }
    about = "".join(f'<element name="{name}" uom="unitless" value={quoteattr(value)}/>' for name, value in told.items())
    return (
        f'{HEAD}<om:ObservationCollection xmlns:om="http://www.opengis.net/om/1.0" xmlns="http://dms.ec.gc.ca/schema/point-observation/2.0" '
        'xmlns:gml="http://www.opengis.net/gml"><om:member><om:Observation><om:metadata><set><general><author name="MSC"/></general>'
        f"<identification-elements>{about}</identification-elements></set></om:metadata><om:samplingTime><gml:TimeInstant>"
        "<gml:timePosition>2026-01-12T19:00:00.000Z</gml:timePosition></gml:TimeInstant></om:samplingTime>"
        f"<om:result><elements>{''.join(elements)}</elements></om:result></om:Observation></om:member></om:ObservationCollection>"
    )


def element(name: str, value: str, unit: str, quality: str = "100") -> str:
    return f'<element name="{name}" uom="{unit}" value="{value}"><qualifier name="qa_summary" uom="unitless" value="{quality}"/></element>'


FMI_HEAD = f'{HEAD}<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:BsWfs="http://xml.fmi.fi/schema/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">'
META = "https://opendata.fmi.fi/meta?observableProperty="


def simple(name: str, value: str, time: str = "2025-07-15T15:00:00Z") -> str:
    return (
        "<wfs:member><BsWfs:BsWfsElement><BsWfs:Location><gml:Point><gml:pos>61.51757 23.75388 </gml:pos></gml:Point></BsWfs:Location>"
        f"<BsWfs:Time>{time}</BsWfs:Time><BsWfs:ParameterName>{name}</BsWfs:ParameterName><BsWfs:ParameterValue>{value}</BsWfs:ParameterValue>"
        "</BsWfs:BsWfsElement></wfs:member>"
    )


def fmi_where(of: str) -> str:
    return (
        f'<om:observedProperty xlink:href="{META}{of}"/><om:featureOfInterest><target:Location>'
        '<gml:identifier codeSpace="http://xml.fmi.fi/namespace/stationcode/fmisid">101311</gml:identifier>'
        '<target:representativePoint xlink:href="#point-101311"/></target:Location><gml:Point gml:id="point-101311">'
        "<gml:name>Tampere</gml:name><gml:pos>61.51757 23.75388 </gml:pos></gml:Point></om:featureOfInterest>"
    )


def coverage(names: str, positions: str, values: str, of: str = "observation&amp;param=t2m") -> str:
    fields = "".join(f'<swe:field name="{name}"/>' for name in names.split())
    return (
        f"{FMI_HEAD}<wfs:member><omso:GridSeriesObservation>{fmi_where(of)}<om:result><gmlcov:positions>{positions}</gmlcov:positions>"
        f"<gml:doubleOrNilReasonTupleList>{values}</gml:doubleOrNilReasonTupleList>{fields}</om:result></omso:GridSeriesObservation></wfs:member></wfs:FeatureCollection>"
    )


SERIES = (
    f"{FMI_HEAD}<wfs:member><omso:PointTimeSeriesObservation>{fmi_where('observation&amp;param=t2m&amp;language=eng')}<om:result><wml2:MeasurementTimeseries>"
    "<wml2:point><wml2:MeasurementTVP><wml2:time>2025-07-15T15:00:00Z</wml2:time><wml2:value>26.3</wml2:value></wml2:MeasurementTVP></wml2:point>"
    "</wml2:MeasurementTimeseries></om:result></omso:PointTimeSeriesObservation></wfs:member></wfs:FeatureCollection>"
)


def waterml(variable: str, values: str, site: str = '<siteCode network="LittleBear">USU-LBR-Mendon</siteCode>') -> str:
    return (
        f'{HEAD}<timeSeriesResponse xmlns="http://www.cuahsi.org/waterML/1.1/"><timeSeries><sourceInfo><siteName>Mendon</siteName>{site}'
        "<geoLocation><geogLocation><latitude>41.7</latitude><longitude>-111.9</longitude></geogLocation></geoLocation><elevation_m>1345</elevation_m>"
        f"</sourceInfo><variable>{variable}</variable><values>{values}</values></timeSeries></timeSeriesResponse>"
    )


CELSIUS = "<unit><unitName>degree celsius</unitName><unitAbbreviation>degC</unitAbbreviation></unit>"
AIR = f"<variableName>Temperature</variableName><sampleMedium>Air</sampleMedium>{CELSIUS}<dataType>Continuous</dataType><noDataValue>-9999</noDataValue>"
USGS_SITE = '<siteCode network="NWIS" agencyCode="USGS">01646500</siteCode>'
WATERML2 = (
    f'{HEAD}<wml2:Collection xmlns:wml2="http://www.opengis.net/waterml/2.0"><wml2:observationMember><om:OM_Observation>'
    '<om:observedProperty xlink:href="http://bom.gov.au/waterdata/services/parameters/Dry Air Temperature" xlink:title="Dry Air Temperature"/>'
    '<om:featureOfInterest xlink:href="http://bom.gov.au/waterdata/services/stations/410730" xlink:title="COTTER"/><om:result><wml2:MeasurementTimeseries>'
    '<wml2:defaultPointMetadata><wml2:DefaultTVPMeasurementMetadata><wml2:uom code="degC"/><wml2:interpolationType xlink:href="http://www.opengis.net/def/waterml/2.0/interpolationType/Continuous"/>'
    "</wml2:DefaultTVPMeasurementMetadata></wml2:defaultPointMetadata><wml2:point><wml2:MeasurementTVP><wml2:time>2024-01-01T00:00:00.000+10:00</wml2:time><wml2:value>21.5</wml2:value>"
    "</wml2:MeasurementTVP></wml2:point></wml2:MeasurementTimeseries></om:result></om:OM_Observation></wml2:observationMember></wml2:Collection>"
)
IWXXM = (
    f'{HEAD}<iwxxm:METAR xmlns:iwxxm="http://icao.int/iwxxm/3.0" xmlns:aixm="http://www.aixm.aero/schema/5.1.1" xmlns:gml="http://www.opengis.net/gml/3.2">'
    "<iwxxm:aerodrome><aixm:AirportHeliport><aixm:designator>YUDO</aixm:designator><aixm:name>DONLON</aixm:name><aixm:locationIndicatorICAO>YUDO</aixm:locationIndicatorICAO>"
    '<aixm:fieldElevation uom="M">12</aixm:fieldElevation><aixm:ARP><gml:pos>12.34 -12.34</gml:pos></aixm:ARP></aixm:AirportHeliport></iwxxm:aerodrome>'
    "<iwxxm:observationTime><gml:TimeInstant><gml:timePosition>2012-08-22T16:30:00Z</gml:timePosition></gml:TimeInstant></iwxxm:observationTime><iwxxm:observation>"
    '<iwxxm:MeteorologicalAerodromeObservation><iwxxm:airTemperature uom="Cel">17.0</iwxxm:airTemperature><iwxxm:dewpointTemperature uom="N/A" nilReason="missing"/><iwxxm:qnh uom="hPa">1018</iwxxm:qnh>'
    '<iwxxm:surfaceWind><iwxxm:AerodromeSurfaceWind variableWindDirection="false"><iwxxm:meanWindDirection uom="deg">240</iwxxm:meanWindDirection><iwxxm:meanWindSpeed uom="[kn_i]">10</iwxxm:meanWindSpeed></iwxxm:AerodromeSurfaceWind></iwxxm:surfaceWind>'
    '</iwxxm:MeteorologicalAerodromeObservation></iwxxm:observation><iwxxm:trendForecast><iwxxm:prevailingVisibility uom="m">600</iwxxm:prevailingVisibility></iwxxm:trendForecast></iwxxm:METAR>'
)
NWS = (
    f'{HEAD}<current_observation version="1.0"><credit>NWS</credit><location>Boston, MA</location><station_id>KBOS</station_id><latitude>42.36</latitude><longitude>-71.01</longitude>'
    "<observation_time_rfc822>Thu, 12 Feb 2015 14:54:00 -0500</observation_time_rfc822><temp_c>-1.7</temp_c><relative_humidity>NA</relative_humidity><wind_degrees>220</wind_degrees>"
    "<wind_mph>5.8</wind_mph><wind_kt>5</wind_kt><pressure_mb>1005.4</pressure_mb><pressure_in>29.69</pressure_in><visibility_mi>9.00</visibility_mi></current_observation>"
)
BOM = (
    f'{HEAD}<product version="1.7"><amoc><identifier>IDV60920</identifier></amoc><observations><station wmo-id="94866" bom-id="086282" stn-name="MELBOURNE AIRPORT" stn-height="113.40" lat="-37.6655" lon="144.8321" description="Melbourne Airport">'
    '<period index="0" time-utc="2020-04-13T05:30:00+00:00" time-local="2020-04-13T15:30:00+10:00"><level index="0" type="surface"><element units="Celsius" type="air_temperature">15.1</element>'
    '<element units="km/h" type="wind_spd_kmh">31</element><element units="knots" type="wind_spd">17</element><element units="deg" type="wind_dir_deg">210</element><element units="mm" type="rainfall">0.4</element>'
    "</level></period></station></observations></product>"
)
DHMZ = (
    f"{HEAD}<Hrvatska><DatumTermin><Datum>17.06.2024</Datum><Termin>17</Termin></DatumTermin>"
    '<Grad autom="0"><GradIme>Novi Grad</GradIme><Lat>45.90</Lat><Lon>16.80 </Lon><Podatci><Temp> 28.0</Temp><Vlaga>47</Vlaga><Tlak>1014.8</Tlak>'
    "<TlakTend>-0.2</TlakTend><VjetarSmjer>SW</VjetarSmjer><VjetarBrzina> 1.5</VjetarBrzina><Vrijeme>vedro</Vrijeme></Podatci></Grad>"
    '<Grad autom="1"><GradIme>Vrh</GradIme><Lat>45.91</Lat><Lon>15.97</Lon><Podatci><Temp>-</Temp><Vlaga>80</Vlaga><Tlak>901.1*</Tlak>'
    "<VjetarSmjer>C</VjetarSmjer><VjetarBrzina>0.0</VjetarBrzina></Podatci></Grad></Hrvatska>"
)
ESTONIA = (
    f'{HEAD}<observations timestamp="1717236000"><station><name>Some Harbour</name><wmocode></wmocode><longitude>24.6</longitude><latitude>59.4</latitude><waterlevel>12</waterlevel></station>'
    "<station><name>Some-Harku</name><wmocode>26038</wmocode><longitude>24.60</longitude><latitude>59.39</latitude><visibility>35.0</visibility><precipitations>0.2</precipitations>"
    "<airpressure>1013.2</airpressure><relativehumidity>51</relativehumidity><airtemperature>20.3</airtemperature><winddirection>120</winddirection><windspeed>2.1</windspeed></station></observations>"
)
ARSO = (
    f'{HEAD}<data id="MeteoSI_WebMet_observationAms_xml"><language>sl</language><metData><domain_altitude>299</domain_altitude><domain_title>SOME-TOWN</domain_title><domain_lat>46.0655</domain_lat>'
    "<domain_lon>14.5124</domain_lon><tsValid_issued_UTC>1.06.2024 7:10 UTC</tsValid_issued_UTC><t_degreesC>21.3</t_degreesC><t>21</t><rh>61</rh><dd_val>0</dd_val><ff_val>0</ff_val><p>980.1</p><rr_val>0.4</rr_val></metData></data>"
)
# what: document, station, first time, place, and parameters with their first values
ANSWERS: dict[str, tuple[str, str, str, tuple[float, float] | None, dict[str, float]]] = {
    "swob": (
        swob(
            element("air_temp", "-0.2", "°C"), element("avg_air_temp_pst1hr", "-0.4", "°C"), element("max_air_temp_pst24hrs", "1", "°C"), element("rel_hum", "80", "%"),
            element("avg_wnd_spd_10m_pst10mts", "36", "km/h"), element("avg_wnd_dir_10m_pst10mts", "317", "°"), element("max_wnd_spd_10m_pst1hr", "72", "km/h"),
            element("stn_pres", "968.6", "hPa"), element("pcpn_amt_pst6hrs", "0.1", "mm"), element("avg_snw_dpth_pst5mts", "47", "cm"), element("altmetr_setng", "29.92", "inHg"),
            element("wnd_dir_10m_pst1hr_max_spd", "304", "°"), element("max_batry_volt_pst1hr", "14.08", "V"), element("vis", "3.22", "km"), element("tot_globl_solr_radn_pst1hr", "360", "kJ/m²"),
        ),
        "6040325", "2026-01-12T19:00:00Z", (50.2, -88.9),
        {"air_temperature": -0.2, "air_temperature:2:mean:PT1H": -0.4, "air_temperature:2:maximum:PT24H": 1, "relative_humidity": 80, "wind_speed:10:mean:PT10M": 10,
         "wind_from_direction:10:mean:PT10M": 317, "wind_speed_of_gust:10:maximum:PT1H": 20, "air_pressure": 968.6, "precipitation_amount:0:sum:PT6H": 0.1,
         "surface_snow_thickness:0:mean:PT5M": 470, "altimeter_setting": 1013.208, "visibility_in_air": 3220, "surface_downwelling_shortwave_flux_in_air:2:mean:PT1H": 100},
    ),
    "fmi simple": (f"{FMI_HEAD}{simple('t2m', '26.3')}{simple('rrday', '-1.0')}</wfs:FeatureCollection>", "fmi_61.51757_23.75388", "2025-07-15T15:00:00Z", (61.51757, 23.75388), {"air_temperature": 26.3}),
    "fmi coverage": (
        coverage("t2m ws_10min n_man r_1h", "61.51757 23.75388 1752591000\n 61.51757 23.75388 1752591600", "26.3 3.0 5.0 -1.0\n 26.1 NaN NaN 0.2"), "fmi_101311", "2025-07-15T14:50:00Z", (61.51757, 23.75388),
        {"air_temperature": 26.3, "wind_speed:10:mean:PT10M": 3, "precipitation_amount:0:sum:PT1H": 0},
    ),
    "fmi forecast": (
        coverage("Temperature", "61.51757 23.75388 1752591000", "26.3", "forecast&amp;param=Temperature").replace("101311</gml:identifier>", "</gml:identifier>"), "fmi-forecast_61.51757_23.75388", "2025-07-15T14:50:00Z", (61.51757, 23.75388), {"air_temperature": 26.3},
    ),
    "fmi series": (SERIES, "fmi_101311", "2025-07-15T15:00:00Z", (61.51757, 23.75388), {"air_temperature": 26.3}),
    "waterml": (waterml(AIR, '<value dateTime="2008-01-01T00:30:00" timeOffset="-07:00" dateTimeUTC="2008-01-01T07:30:00">-9.5</value><value dateTime="2008-01-01T01:00:00" timeOffset="-07:00">-9999</value>'), "littlebear_USU-LBR-Mendon", "2008-01-01T07:30:00Z", (41.7, -111.9), {"air_temperature": -9.5}),
    "waterml means": (
        waterml(AIR.replace("Continuous", "Average") + '<timeScale isRegular="true"><unit><unitName>hour</unitName></unit><timeSupport>1.0</timeSupport></timeScale>', '<value dateTime="2008-01-01T00:30:00" timeOffset="-07:00">-9.5</value>'),
        "littlebear_USU-LBR-Mendon", "2008-01-01T07:30:00Z", (41.7, -111.9), {"air_temperature:2:mean:PT1H": -9.5},
    ),
    "waterml of the USGS": (
        waterml('<variableCode vocabulary="NWIS">00045</variableCode><variableName>Precipitation</variableName><noDataValue>-999999.0</noDataValue>', '<value dateTime="2024-01-01T00:00:00.000-05:00" qualifiers="P">0.01</value><value dateTime="2024-01-01T00:15:00.000-05:00">0</value>', USGS_SITE),
        "usgs_01646500", "2024-01-01T05:00:00Z", (41.7, -111.9), {"precipitation_amount:0:sum:PT15M": 0.254},
    ),
    "waterml 2": (WATERML2, "410730", "2023-12-31T14:00:00Z", None, {"air_temperature": 21.5}),
    "iwxxm": (IWXXM, "YUDO", "2012-08-22T16:30:00Z", (12.34, -12.34), {"air_temperature": 17, "altimeter_setting": 1018, "wind_speed": 5.144444, "wind_from_direction": 240}),
    "nws": (NWS, "KBOS", "2015-02-12T19:54:00Z", (42.36, -71.01), {"air_temperature": -1.7, "wind_speed": 2.572222, "air_pressure_at_mean_sea_level": 1005.4, "altimeter_setting": 1005.419, "visibility_in_air": 14484.1}),
    "dhmz": (DHMZ, "dhmz_Novi_Grad", "2024-06-17T15:00:00Z", None, {"air_temperature": 28.0, "relative_humidity": 47, "wind_from_direction": 225, "wind_speed": 1.5, "air_pressure_at_mean_sea_level": 1014.8}),
    "estonia": (ESTONIA, "0-20000-0-26038", "2024-06-01T10:00:00Z", (59.39, 24.6), {"air_temperature": 20.3, "wind_speed": 2.1, "visibility_in_air": 35000, "precipitation_amount:0:sum:PT1H": 0.2}),
    "arso": (ARSO, "arso_SOME-TOWN", "2024-06-01T07:10:00Z", (46.0655, 14.5124), {"air_temperature": 21.3, "wind_speed": 0, "air_pressure": 980.1}),
    "bom": (BOM, "0-20000-0-94866", "2020-04-13T05:30:00Z", (-37.6655, 144.8321), {"air_temperature": 15.1, "wind_speed": 8.611111, "wind_from_direction": 210}),
}  # fmt: skip


DOCUMENTS = [text.encode() for text, *_ in ANSWERS.values()]  # what the fuzz test begins with


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_in_xml_is_read(what: str) -> None:
    text, station, time, place, expected = ANSWERS[what]
    data = text.encode()
    found = surveyed(data, "answer.xml")
    assert (found.recognition.format, found.status, len(found.rejects)) == (NAME, Status.OK, 0)
    batch = batches(data)[0]
    assert (batch.station_id, iso(batch.times[0])) == (station, time)
    values = {parameter: column(batch, parameter).values[0] for parameter in expected}
    assert values == pytest.approx(expected, rel=1e-5)
    if place:
        assert [(each.latitude, each.longitude) for each in stations(data)] == [place]


def test_what_quality_of_swob_says_is_kept() -> None:
    data = swob(
        element("air_temp", "20.1", "°C", "0"), element("rel_hum", "MSNG", "%", "-1"), element("stn_pres", "968.6", "hPa", "15")
    ).encode()
    flags = {each.standard_name: told.flags[0] for each, told in batches(data)[0].columns.items()}
    assert flags == {"air_temperature": Quality.FAIL, "relative_humidity": Quality.MISSING, "air_pressure": Quality.SUSPECT}
    assert surveyed(data).rejects == ()


def test_of_several_sensors_of_swob_the_first_is_taken_and_others_are_named() -> None:
    found = surveyed(swob(element("air_temp_1", "-3.2", "°C"), element("air_temp_2", "-3.1", "°C")).encode())
    assert [each.name for each in found.columns if each.parameter] == ["air_temp_1"]
    assert "air_temp_2" in found.why


def test_a_calm_has_no_direction() -> None:
    data = swob(element("avg_wnd_spd_10m_pst2mts", "0.0", "km/h"), element("avg_wnd_dir_10m_pst2mts", "0", "°")).encode()
    assert column(batches(data)[0], "wind_from_direction:10:mean:PT2M").values == [None]


@pytest.mark.parametrize("medium", ["Surface Water", "Soil"])
def test_a_temperature_of_water_or_soil_is_none_of_the_air(medium: str) -> None:
    found = surveyed(waterml(AIR.replace(">Air<", f">{medium}<"), '<value dateTime="2008-01-01T00:30:00">4.1</value>').encode())
    assert found.status is Status.REJECTED
    assert f"Temperature of {medium.lower()}" in found.why


def test_amounts_without_their_period_are_left() -> None:
    rain = AIR.replace("Temperature", "Precipitation").replace("Continuous", "Incremental")
    found = surveyed(waterml(rain, '<value dateTime="2008-01-01T00:30:00">0.4</value>').encode())
    assert not [each for each in found.columns if each.parameter]


# as FMI lays a coverage out; its client reads it by the whole path of each part and by lines
WHOLE = (
    f"{FMI_HEAD}<wfs:member><omso:GridSeriesObservation><om:observedProperty xlink:href='{META}observation&amp;param=Temperature'/><om:featureOfInterest>"
    "<sams:SF_SpatialSamplingFeature><sam:sampledFeature><target:Location><gml:identifier codeSpace='http://xml.fmi.fi/namespace/stationcode/fmisid'>101311</gml:identifier>"
    "<target:representativePoint xlink:href='#point-101311'/></target:Location></sam:sampledFeature><sams:shape><gml:MultiPoint><gml:pointMember><gml:Point gml:id='point-101311'>"
    "<gml:name>Tampere</gml:name><gml:pos>61.51757 23.75388 </gml:pos></gml:Point></gml:pointMember></gml:MultiPoint></sams:shape></sams:SF_SpatialSamplingFeature></om:featureOfInterest>"
    "<om:result><gmlcov:MultiPointCoverage><gml:domainSet><gmlcov:SimpleMultiPoint><gmlcov:positions>\n{positions}\n</gmlcov:positions></gmlcov:SimpleMultiPoint></gml:domainSet><gml:rangeSet>"
    "<gml:DataBlock><gml:doubleOrNilReasonTupleList>\n{values}\n</gml:doubleOrNilReasonTupleList></gml:DataBlock></gml:rangeSet><gmlcov:rangeType><swe:DataRecord>{fields}</swe:DataRecord>"
    "</gmlcov:rangeType></gmlcov:MultiPointCoverage></om:result></omso:GridSeriesObservation></wfs:member></wfs:FeatureCollection>"
)
CLIENT = {
    "Temperature": ("temperature", "air_temperature"),
    "DewPoint": ("dew_point", "dew_point_temperature"),
    "Pressure": ("pressure", "air_pressure_at_mean_sea_level"),
    "Humidity": ("humidity", "relative_humidity"),
    "WindDirection": ("wind_direction", "wind_from_direction"),
    "WindSpeedMS": ("wind_speed", "wind_speed"),
    "WindGust": ("wind_gust", "wind_speed_of_gust"),
    "Precipitation1h": ("precipitation_amount", "precipitation_amount:0:sum:PT1H"),
}


@settings(max_examples=40)
@given(st.lists(st.lists(st.one_of(st.none(), st.decimals(0, 360, places=1)), min_size=8, max_size=8), min_size=1, max_size=5))
def test_a_coverage_of_fmi_says_what_fmis_client_reads(rows: list[list[Decimal | None]]) -> None:
    rows = [[Decimal("12.3"), *row[1:]] for row in rows]  # the client passes over times without any value
    data = WHOLE.format(
        positions="\n".join(f"61.51757 23.75388  {1752591000 + 600 * at}" for at in range(len(rows))),
        values="\n".join(" ".join("NaN" if each is None else str(each) for each in row) for row in rows),
        fields="".join(f"<swe:field name='{name}'/>" for name in CLIENT),
    )
    theirs = parse_fmi_response(data, RequestType.OBSERVATION)
    (batch,) = batches(data.encode())
    assert [time / 1000 for time in batch.times] == [each.time.timestamp() for each in theirs.forecasts]
    for attribute, parameter in CLIENT.values():
        values = [getattr(each, attribute).value for each in theirs.forecasts]
        assert column(batch, parameter).values == [None if isnan(each) else each for each in values]
    (place,) = stations(data.encode())
    assert (place.name, place.latitude, place.longitude) == (theirs.place, theirs.lat, theirs.lon)


def waterml2(interpolation: str, period: str) -> bytes:
    told = f"<wml2:aggregationDuration>{period}</wml2:aggregationDuration><wml2:uom"
    return (
        WATERML2.replace("interpolationType/Continuous", f"interpolationType/{interpolation}")
        .replace("<wml2:uom", told)
        .encode()
    )


@pytest.mark.parametrize(
    ("interpolation", "period", "end"),
    [("AveragePrec", "PT1H", "2023-12-31T14:00:00Z"), ("AverageSucc", "PT1H", "2023-12-31T15:00:00Z"), ("MaxSucc", "P1D", "2023-12-31T14:00:00Z")],
)  # fmt: skip
def test_a_value_of_the_time_behind_it_stands_at_the_end_of_that(interpolation: str, period: str, end: str) -> None:
    (batch,) = batches(waterml2(interpolation, period))
    assert iso(batch.times[0]) == end


@pytest.mark.parametrize(
    ("interpolation", "period"),
    [("AveragePrec", "PTTT"), ("AveragePrec", "PT0H"), ("AveragePrec", "P1DD"), ("Statistical", "PT1H")],
)
def test_a_value_of_no_period_that_is_known_is_left(interpolation: str, period: str) -> None:
    assert not [each for each in surveyed(waterml2(interpolation, period)).columns if each.parameter]


def test_periods_of_no_length_are_left() -> None:
    assert not [each for each in surveyed(swob(element("avg_air_temp_pst0mts", "1", "°C")).encode()).columns if each.parameter]


def test_a_number_that_says_there_is_none_may_have_zeros_behind_its_point() -> None:
    given = ("-9999.0000", "2024-01-01T01:00:00Z"), ("4.10", "2024-01-01T02:00:00+00:00")
    values = "".join(f'<value dateTimeUTC="{time}">{value}</value>' for value, time in given)
    (batch,) = batches(waterml(AIR, values).encode())
    assert column(batch, "air_temperature").values == [None, 4.1]


@pytest.mark.parametrize(("unit", "metres"), [("M", 12), ("FT", None)])
def test_the_height_of_an_aerodrome_is_in_metres(unit: str, metres: float | None) -> None:
    (place,) = stations(IWXXM.replace('uom="M"', f'uom="{unit}"').encode())
    assert place.elevation_m == metres


def test_forecasts_say_that_they_are_modelled() -> None:
    assert "modelled" in surveyed(ANSWERS["fmi forecast"][0].encode()).why


def test_a_coverage_of_many_places_without_a_number_costs_as_many_looks() -> None:
    points = "".join(f"<Point><pos>{at} 1</pos></Point>" for at in range(4000))
    data = f"{FMI_HEAD}<GridSeriesObservation>{points}</GridSeriesObservation></wfs:FeatureCollection>".encode()
    assert effort.within(1, lambda: surveyed(data, "answer.xml")).recognition.format == NAME


def test_a_coverage_of_too_few_values_is_rejected() -> None:
    found = surveyed(coverage("t2m td", "61.5 23.7 1752591000", "26.3").encode())
    assert (found.status, len(found.rejects) > 0) == (Status.REJECTED, True)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_xml_of_other_encodings_is_read(encoding: str) -> None:
    text = (
        swob(element("air_temp", "-0.2", "°C")).replace("ARMSTRONG", "Québec").replace("UTF-8", encoding.removesuffix("-sig"))
    )
    assert [each.name for each in stations(text.encode(encoding))] == ["Québec"]


@pytest.mark.parametrize("said", ["utf-16", "UTF-32"])
def test_xml_that_was_wide_before_it_was_stored_in_utf_8_is_read(said: str) -> None:
    text = swob(element("air_temp", "-0.2", "°C")).replace("ARMSTRONG", "Québec").replace("UTF-8", said)
    assert [each.name for each in stations(text.encode())] == ["Québec"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_xml_that_was_stored_wide_and_still_says_that_it_is_utf_8_is_read(encoding: str) -> None:
    text = swob(element("air_temp", "-0.2", "°C")).replace("ARMSTRONG", "Québec")
    assert [each.name for each in stations(text.encode(encoding))] == ["Québec"]


def test_blank_lines_before_the_declaration_do_no_harm() -> None:
    text = swob(element("air_temp", "-0.2", "°C"))
    assert len(batches(f"\r\n \n{text}".encode())) == len(batches(text.encode())) == 1


def test_a_fault_below_blank_lines_is_told_at_the_line_of_the_file() -> None:
    broken = f"{swob(element('air_temp', '-0.2', '°C')).rstrip()}\n<x></y>"
    line = broken.count("\n") + 1
    assert f", at line {line}, " in surveyed(broken.encode()).rejects[0].reason
    assert f", at line {line + 2}, " in surveyed(f"\r\n \n{broken}".encode()).rejects[0].reason


@pytest.mark.parametrize("encoding", ["UDF-8", "Shift_JIS"])
def test_xml_of_an_encoding_that_is_not_known_is_rejected(encoding: str) -> None:
    found = surveyed(NWS.replace("UTF-8", encoding).encode())
    assert (found.status, found.rejects[0].reason) == (
        Status.REJECTED,
        "the XML is in an encoding that is not read: save it in UTF-8",
    )


def test_what_stands_before_damage_is_taken() -> None:
    text = f"{FMI_HEAD}{simple('t2m', '26.3')}{simple('t2m', '26.1', '2025-07-15T15:10:00Z')}</wfs:FeatureCollection>"
    cut = surveyed(text[: text.rindex("<BsWfs:ParameterName>")].encode())
    assert (cut.status, cut.rows) == (Status.PARTIAL, 1)
    assert "the XML ends in its middle" in cut.rejects[0].reason
    broken = surveyed(text.replace("</wfs:FeatureCollection>", "</wfs:Other>").encode())
    assert (broken.status, broken.rows) == (Status.PARTIAL, 2)
    assert "mismatched tag, at line 2" in broken.rejects[0].reason


def test_entities_are_refused_and_nothing_is_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    found = surveyed(NWS.replace(HEAD, HEAD + bomb).replace("Boston", "&b;").encode())
    assert found.status is Status.REJECTED
    assert "declares entities" in found.rejects[0].reason


def parsed(text: str, *names: str) -> list[object]:
    return list(records(io.BytesIO(text.encode()), names))


@pytest.mark.parametrize(
    ("text", "limit", "at_most"),
    [
        ("<a>" + "<b>" * 60 + "</b>" * 60 + "</a>", "DEEPEST", 50),
        ("<a>" + "<b/>" * 20 + "</a>", "MOST_ELEMENTS", 10),
        ("<a>" + "<b/>x" * 20 + "</a>", "MOST_TEXT", 10),
        ("<a>" + "<b c='xxxx'/>" * 20 + "</a>", "MOST_TEXT", 10),
        ("<a><!--" + "x" * 200_000 + "--></a>", "LONGEST_TAG", 1000),
    ],
)
def test_xml_beyond_the_bounds_is_refused(text: str, limit: str, at_most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_document, limit, at_most)
    with pytest.raises(UnreadableFile):
        parsed(text, "a")


def test_many_records_cost_as_much_memory_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_document, "MOST_ELEMENTS", 3)
    assert len(parsed("<all>" + "<a><b/><b/></a>" * 500 + "</all>", "a")) == 500


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<iwxxm:TAF xmlns:iwxxm="http://icao.int/iwxxm/3.0"/>', "IWXXM"),
        ('<wfs:FeatureCollection xmlns:gml="http://xml.fmi.fi/x"/>', "without observations"),
        ("<ExceptionReport><Exception><ExceptionText>No locations</ExceptionText></Exception></ExceptionReport>", "error"),
    ],
)
def test_xml_without_observations_is_named(text: str, told: str) -> None:
    found = recognise((HEAD + text).encode())
    assert (found.format, told in found.guess.why) == (None, True), found.guess.why


@settings(max_examples=60)
@given(
    which=st.sampled_from(sorted(ANSWERS)),
    at=st.floats(0, 1),
    put=st.sampled_from(["", "<", "&", "\x00", "<x>", "1e999999", ">", '"', "]]>"]),
)
def test_a_damaged_answer_never_fails(which: str, at: float, put: str) -> None:
    text = ANSWERS[which][0]
    place = int(len(text) * at)
    surveyed((text[:place] + put + text[place + len(put) :]).encode())


def test_a_reject_of_damage_is_the_only_one() -> None:
    (only,) = parsed("<all><a></all>", "a")
    assert isinstance(only, Reject)


def in_parts(data: bytes) -> Iterator[list[Piece]]:
    """What each of several calls reads that have no time left."""
    start = None
    while True:
        context = Context(received=parse("2026-03-06T12:10:00Z"), start=start, remaining_ms=lambda: RESERVE_MS - 1)
        pieces = list(open_file(io.BytesIO(data), context).pieces())
        yield pieces
        mark = next((piece for piece in pieces if isinstance(piece, Mark)), None)
        if mark is None:
            return
        assert start is None or mark.at > start.at
        start = mark


@pytest.mark.parametrize("damage", [b"", b"<"])
@pytest.mark.parametrize("what", sorted(ANSWERS.keys() - {"nws", "iwxxm", "estonia", "dhmz"}))  # documents of one record
def test_read_in_parts_an_answer_is_what_it_is_at_once(what: str, damage: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    text = ANSWERS[what][0]
    (service,) = {each.records for each in xml_services.SERVICES if all(sign in text for sign in each.signs)}
    record = re.compile(rf"<([\w-]+:)?({'|'.join(service)})\b.*</(\1)?\2>", re.DOTALL)
    data = record.sub(lambda found: f"{found[0]}\n" * 9, text).encode() + damage
    monkeypatch.setattr(xml_document, "_READ", 700)
    once = list(open_file(io.BytesIO(data), Context(received=parse("2026-03-06T12:10:00Z"))).pieces())
    parts = list(in_parts(data))
    assert len(parts) > 2
    together = [piece for part in parts for piece in part]
    for kind in (Batch, Reject, Rows):
        assert sorted(said_of(together, kind)) == sorted(said_of(once, kind))


def said_of(pieces: Sequence[Piece], kind: type) -> Iterator[str]:
    if kind is Rows:
        yield str(sum(piece.count for piece in pieces if isinstance(piece, Rows)))
    for piece in pieces:
        if isinstance(piece, Reject) and kind is Reject:
            yield repr((piece.row, piece.column, piece.value, piece.reason.partition(", column")[0]))
        elif isinstance(piece, Batch) and kind is Batch:
            for parameter, column in piece.columns.items():
                for row in zip(piece.rows, piece.times, column.values, column.received, column.flags, strict=True):
                    yield repr((piece.station_id, parameter.id, *row))


@pytest.mark.parametrize(
    "text",
    [
        "<all><in><a/></in><a/><in><a/></in></all>",
        "<all><a/><in><a/></in><a/></all>",
        "<all>" + "<a><a>x</a></a>" * 3 + "<b><a/></b></all>",
        "<a/>",
    ],
)
def test_a_document_is_left_only_where_what_is_open_is_what_was_open_above(text: str) -> None:
    for each in parsed(text, "a"):
        assert isinstance(each, xml_document.Element)
        rest = list(records(io.BytesIO(text.encode()), ("a",), each.after)) if each.after else []
        assert not any(isinstance(other, Reject) for other in rest)
    marks = [each.after for each in parsed(text, "a") if isinstance(each, xml_document.Element)]
    behind = [len(list(records(io.BytesIO(text.encode()), ("a",), mark))) for mark in marks if mark]
    wholes = [len(marks) - at - 1 for at, mark in enumerate(marks) if mark]
    assert behind == wholes


def test_a_document_that_is_broken_further_down_is_gone_on_with_as_far_as_it_goes() -> None:
    text = "<all><a/><a/></b>"
    first, second, broken = parsed(text, "a")
    assert isinstance(first, xml_document.Element)
    assert first.after
    rest = list(records(io.BytesIO(text.encode()), ("a",), first.after))
    assert [type(each) for each in rest] == [type(second), type(broken)] == [xml_document.Element, Reject]
    with pytest.raises(UnreadableFile, match="another than it was"):
        list(records(io.BytesIO(b"<all/>"), ("a",), first.after))


def test_of_dhmz_a_calm_has_no_direction_and_a_pressure_with_a_star_is_left() -> None:
    entry = surveyed(DHMZ.encode())
    assert (entry.status, entry.rows, entry.stations) == (Status.OK, 2, {"dhmz_Novi_Grad": 1, "dhmz_Vrh": 1})
    assert [(each.name, each.latitude, each.longitude) for each in stations(DHMZ.encode())] == [
        ("Novi Grad", 45.9, 16.8),
        ("Vrh", 45.91, 15.97),
    ]
    assert all(told in entry.why for told in ("Tlak*", "Croatia's clocks"))
    (batch,) = [each for each in batches(DHMZ.encode()) if each.station_id == "dhmz_Vrh"]
    assert {name.id: each.values for name, each in batch.columns.items()} == {
        "air_temperature": [None],
        "relative_humidity": [80],
        "wind_speed": [0],
    }


@pytest.mark.parametrize(
    ("day", "hour", "first"), [("17.01.2024", "5", "2024-01-17T04:00:00Z"), ("27.10.2024", "2", ""), ("17.13.2024", "5", "")]
)
def test_hours_of_dhmz_are_those_of_croatias_clocks(day: str, hour: str, first: str) -> None:
    entry = surveyed(DHMZ.replace("17.06.2024", day).replace("<Termin>17", f"<Termin>{hour}").encode())
    assert (iso(entry.first) if entry.first else "") == first
    assert entry.status is (Status.OK if first else Status.REJECTED)
