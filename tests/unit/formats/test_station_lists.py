# ruff: noqa: E501 - lists are as wide as they are published
import io
import json

import pytest

from mesonet.domain.file import Status
from mesonet.domain.station import Authority, Station
from mesonet.formats.station_list import coordinate
from mesonet.formats.survey import Survey, observations, survey


def stations(text: str) -> list[Station]:
    return [piece for piece in observations(io.BytesIO(text.encode())) if isinstance(piece, Station)]


def surveyed(text: str, encoding: str = "utf-8") -> Survey:
    return survey(io.BytesIO(text.encode(encoding)))


def test_a_station_list_of_wis2box_keeps_both_identifiers() -> None:
    (station,) = stations(
        "station_name,wigos_station_identifier,traditional_station_identifier,facility_type,latitude,longitude,elevation\n"
        "SKIKDA,0-20000-0-60355,60355,landFixed,36.88178,6.93503,2\n"
    )
    assert station == Station(
        id="60355",
        wigos_id="0-20000-0-60355",
        name="SKIKDA",
        latitude=36.88178,
        longitude=6.93503,
        elevation_m=2.0,
        authority=Authority.STATION_LIST,
    )


def test_airportsdata_is_in_feet_and_has_time_zones() -> None:
    (station,) = stations(
        '"icao","iata","name","city","subd","country","elevation","lat","lon","tz","lid"\n'
        '"KJFK","JFK","John F Kennedy International Airport","New York","New York","US",13,40.639928,-73.778692,'
        '"America/New_York","JFK"\n'
    )
    assert (station.id, station.elevation_m, station.timezone) == ("KJFK", 3.9624, "America/New_York")


def test_names_with_line_ends_in_quotes_are_read() -> None:
    text = 'id,name,lat,lon,elev_m\n1,"JAN MAYEN\nNOR NAVY, NO",70.9,-8.6,9.0\n2,"HORNSUND, ""SV""",77.0,15.5,12.0\n'
    assert [station.name for station in stations(text)] == ["JAN MAYEN NOR NAVY, NO", 'HORNSUND, "SV"']
    entry = surveyed(text)
    assert (entry.status, entry.recognition.format, entry.rows) == (Status.OK, "station-list", 2)
    assert entry.bbox == (-8.6, 70.9, 15.5, 77.0)


def test_rows_that_end_in_a_delimiter_are_stations_all_the_same() -> None:
    entry = surveyed("id,name,latitude,longitude\nA,Alpha,50,8,\nB,Beta,51,9,\nC,Gam,52,9,\n")
    assert (entry.status, entry.recognition.format, entry.station_count) == (Status.OK, "station-list", 3)


def test_rows_with_an_unquoted_delimiter_in_the_name_leave_it_a_list_of_stations() -> None:
    entry = surveyed("id,name,latitude,longitude\nA,Alpha,50,8\nB,Beta, north,51,9\nC,Gam, south,52,9\nD,Del, east,53,9\n")
    assert (entry.recognition.format, entry.station_count, entry.rejected) == ("station-list", 1, 3)


def test_a_position_that_cannot_be_is_rejected_by_row() -> None:
    entry = surveyed("id,lat,lon\nA,91,0\nB,1,2\nC,north,2\nD,3,-181\n,3,4\n")
    assert entry.status is Status.PARTIAL
    assert entry.stations == {"B": 1}
    assert [(reject.row, reject.column) for reject in entry.rejects] == [(2, "lat"), (4, "lat"), (5, "lon"), (6, "id")]


def test_the_null_island_is_no_place() -> None:
    (station,) = stations("id,lat,lon\nA,0.0,0.000\n")
    assert station.position is None
    assert surveyed("id,lat,lon\nA,0.0,0.000\n").rejected == 1


def test_a_station_without_a_position_is_a_station() -> None:
    (station,) = stations("id,lat,lon,elevation\nA,,,-999.9\n")
    assert (station.position, station.elevation_m) == (None, None)


def test_a_table_with_times_is_no_list_of_stations() -> None:
    assert surveyed("station,date,lat,lon,temp\nA,2013-01-01,1,2,3\n").recognition.format == "csv"


def test_the_fixed_columns_of_ghcn_daily_are_read() -> None:
    text = (
        "ACW00011604  17.1167  -61.7833   10.1    ST JOHNS COOLIDGE FLD                       \n"
        "AEM00041194  25.2550   55.3640   10.4    DUBAI INTL                             41194\n"
        "USC00011084  31.0583  -87.0550   25.9 AL BREWTON 3 SSE                  HCN     \n"
    )
    first, second, third = stations(text)
    assert (first.id, first.name, first.latitude, first.longitude) == (
        "ACW00011604",
        "ST JOHNS COOLIDGE FLD",
        17.1167,
        -61.7833,
    )
    assert second.wigos_id == "0-20000-0-41194"
    assert (third.name, third.elevation_m) == ("BREWTON 3 SSE", 25.9)
    entry = surveyed(text + "broken\n")
    assert (entry.status, entry.rows, entry.station_count) == (Status.PARTIAL, 4, 3)


def test_a_box_over_the_antimeridian_is_the_small_one() -> None:
    assert surveyed("id,lat,lon\nA,-17,178\nB,-18,-179\n").bbox == (178.0, -18.0, -179.0, -17.0)


@pytest.mark.parametrize(
    ("text", "limit", "degrees"),
    [("45.5N", 90, 45.5), ("45.5 S", 90, -45.5), ("+08.1", 90, 8.1), ("351.5", 180, -8.5), ("7W", 180, -7.0), ("", 90, None)],
)
def test_a_coordinate_may_have_a_letter_or_a_sign(text: str, limit: int, degrees: float | None) -> None:
    assert coordinate(text, limit) == degrees


@pytest.mark.parametrize("text", ["-45N", "45E", "4 5", "nan", "1e1", "90.1", "x"])
def test_what_is_no_latitude_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        coordinate(text, 90)


@pytest.mark.parametrize(
    "header",
    [
        "Id,Site Id,Longitude,Latitude,Report Date / Time,Dry Bulb Temperature (Celsius),Relative Humidity (%)",
        "Id,Site Id,Longitude,Latitude,DateTime,a,b",
        "Id,Site Id,Longitude,Latitude,Received at (date),Temperature,Rain",
    ],
)
def test_what_was_measured_at_a_time_is_no_list_of_stations(header: str) -> None:
    """Rows of the Weather Observations Website were taken for stations, called after the number of the report."""
    entry = surveyed(f"{header}\n1,abc,-1.2,51.3,2024-01-01T00:00:00,4.2,88\n2,abc,-1.2,51.3,2024-01-01T00:15:00,4.2,88\n")
    assert (entry.recognition.format, entry.stations) == ("csv", {})


@pytest.mark.parametrize("place", [",,", "48.2,16.4,170"])
def test_records_of_a_sensor_that_stays_where_it_is_are_no_list_of_stations(place: str) -> None:
    """Each of Adafruit IO's was taken for a station, with status ok, and none of its values for one."""
    rows = "".join(f"0EXYZ{n},4.{n},1234567,2024-01-01 0{n}:00:00 UTC,{place}\n" for n in range(9))
    entry = surveyed(f"id,value,feed_id,created_at,lat,lon,ele\n{rows}")
    assert (entry.recognition.format, entry.stations) == ("csv", {})
    assert len(stations("id,lat,lon,created_at\nA,48.2,16.4,2024-01-01 00:00:00\nB,48.3,16.4,2024-02-01 00:00:00\n")) == 2


def test_a_list_may_say_since_when_a_station_measures_what() -> None:
    for header, row in (
        ("id,lat,lon,start_date,rain_gauge", "A,1,2,1990-01-01,yes"),
        ("id,lat,lon,has_temperature,has_pressure,P0_date_from", "A,1,2,False,True,19900101"),
        ("id,lat,lon,datetime_column,pressure_columns,temperature_columns", "A,1,2,DateTime_utc,AirPressure,AirTemperature"),
    ):
        entry = surveyed(f"{header}\n{row}\n")
        assert (entry.recognition.format, entry.stations) == ("station-list", {"A": 1})


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("46°30'15\"N", 46.5041667),
        ("46°30′15″S", -46.5041667),
        ("46° 30' N", 46.5),
        ("46°30'15\"", 46.5041667),
        ("46 30 15N", 46.5041667),
        ("46-30-15S", -46.5041667),
        ("46:30:15.6 N", 46.5043333),
        ("-46:30:15", -46.5041667),
        ("46,5", 46.5),
        ("463015N", 46.5041667),
        ("463015S", -46.5041667),
    ],
)
def test_positions_may_be_in_minutes_and_seconds_or_have_a_decimal_comma(text: str, degrees: float) -> None:
    assert coordinate(text, 90) == degrees


@pytest.mark.parametrize(
    "text",
    [
        "46°60'N",
        "46 30",
        "463015",
        "466015N",
        "463015E",
        "-463015N",
        "46:30:15E",
        "-46°30'N",
        "4-5-6-7N",
        "46 30 75N",
        "4" + " " * 100_000 + "N",
    ],
)
def test_positions_that_are_neither_are_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="not a position"):
        coordinate(text, 90)


def test_lists_may_be_in_german_and_tell_units_in_brackets() -> None:
    (station,) = stations("Stationsnummer;Stationsname;Breite [°];Länge [°];Höhe [m]\n10384;Tempelhof;52,4675;13,4021;48,5\n")
    told = (station.id, station.name, station.latitude, station.longitude, station.elevation_m)
    assert told == ("10384", "Tempelhof", 52.4675, 13.4021, 48.5)
    (station,) = stations("wmo,lat,lon,hgt\n06240,52.3,4.79,-3\n")
    assert station.elevation_m == -3.0
    (station,) = stations("id,lat,lon,Elevation (feet)\nA,52.3,4.79,1000\n")
    assert station.elevation_m == 304.8


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        ("Código Nacional,Código OMM,Nombre,Latitud,Longitud", "189999,85999,Norte Ap.,-18.5,-70.25", ("189999", "Norte Ap.", -18.5, -70.25, None)),
        ("CD_ESTACAO;DC_NOME;VL_LATITUDE;VL_LONGITUDE;VL_ALTITUDE", "A999;SERRA;-15,79;-47,93;1160,96", ("A999", "SERRA", -15.79, -47.93, 1160.96)),
        ("CodigoEstacion,NombreEstacion,Latitud,Longitud,Altitud", "21209999,MONTE,4.64,-74.09,2556", ("21209999", "MONTE", 4.64, -74.09, 2556)),
        ("NUM_POSTE;NOM_USUEL;LAT;LON;ALTI", "01014999;COL;46.2;5.6;534", ("01014999", "COL", 46.2, 5.6, 534)),
        ("Number|Station name      |Latitude|Longitud|Stat|Elevat.", " 15999|HILL                |-23.7100|133.8683|NT  |  580.0", ("15999", "HILL", -23.71, 133.8683, 580)),
    ],
)  # fmt: skip
def test_lists_may_have_the_names_of_the_services_of_other_countries(
    header: str, row: str, told: tuple[str, str, float, float, float | None]
) -> None:
    (station,) = stations(f"{header}\n{row}\n")
    assert (station.id, station.name, station.latitude, station.longitude, station.elevation_m) == told


@pytest.mark.parametrize(
    "time",
    [
        *("datum", "MESS_DATUM", "Zeitstempel", "fecha_hora", "heure", "tijdstip"),
        *("Datum/Uhrzeit", "Datum und Uhrzeit", "Zeit (UTC)", "Messzeitpunkt", "Uhrzeit [MEZ]", "Fecha y hora (UTC)"),
        *("FechaObservacion", "fecha_de_la_medicion", "Fecha Lectura", "AAAAMMJJ", "AAAAMMJJHH"),
    ],
)
def test_a_table_with_times_in_another_language_is_no_list_of_stations(time: str) -> None:
    entry = surveyed(f"id;{time};lat;lon;TT\n1;2024010100;52.4;13.4;1.5\n1;2024010101;52.4;13.4;1.6\n")
    assert entry.recognition.format == "csv"


def test_metres_east_and_north_are_no_degrees() -> None:
    rows = "S1,Bern,2600000,1200000,540\n"
    assert surveyed("id,name,X (m),Y (m),elevation (m)\n" + rows).recognition.format == "csv"
    (station,) = stations("id,name,X (m),Y (m),elevation (m),lat (deg),lon (deg)\n" + rows.replace("\n", ",46.95,7.44\n"))
    assert station.position == (46.95, 7.44)


def test_rows_of_a_few_stations_over_and_over_are_their_values_whatever_the_time_is_called() -> None:
    head = "station_id,station_name,lon,lat,elevation,data,tmax\n"
    days = [f"40754,Mehrabad,51.3,35.7,1191,07/{day:02d}/2019 00:00,3{day % 9}.1\n" for day in range(1, 30)]
    assert surveyed(head + "".join(days)).recognition.format == "csv"
    places = [f"{40754 + at},Place {at},51.3,35.{at},1191,07/01/2019 00:00,31.1\n" for at in range(29)]
    assert surveyed(head + "".join(places)).recognition.format == "station-list"


@pytest.mark.parametrize(
    "said",
    ["T{0},Cel", "TMAX,19{0:02d}", "thermometer {0},19{0:02d}-01-01"],
    ids=["sensors", "years of an inventory", "instruments"],
)
def test_lists_with_many_rows_of_each_station_are_lists(said: str) -> None:
    rows = [f"40754,51.3,35.7,1191,{said.format(at)}\n" for at in range(29)]
    text = "station_id,lon,lat,elevation,what,since\n" + "".join(rows)
    assert surveyed(text).recognition.format == "station-list"


def test_a_date_in_parts_is_a_time_so_that_the_values_beside_it_are_no_list_of_stations() -> None:
    rows = "".join(f"S{at},Site {at},35.{at}1,-97.{at}2,2024,6,1,14,55,{71 + at},{40 + at},SSE\n" for at in range(8))
    entry = surveyed(f"STID,NAME,LAT,LON,YR,MO,DA,HR,MI,TAIR,RELH,WDIR\n{rows}")
    assert (entry.recognition.format, entry.status) == ("csv", Status.UNMAPPED)
    assert entry.proposal is not None
    assert '"YR",' in (entry.proposal.mapping or "")


ISD_HISTORY = (
    "INTEGRATED SURFACE DATABASE STATION HISTORY\n\nLAT = Latitude in decimal degrees\n\n"
    "USAF   WBAN  STATION NAME                  CTRY ST CALL  LAT     LON      ELEV(M) BEGIN    END\n\n"
    "007001 99999 NOWHERE                                     +00.000 +000.000 +0018.0 20110309 20130730\n"
    "010010 99999 COLD ISLAND                   NO      ENXX  +70.933 -008.667 +0009.0 19310101 20200515\n"
    "A00001 03707 NO PLACE                      US   WI KXXX                           19310101 20200515\n"
)


def test_the_history_of_the_isd_names_stations_as_its_files_do() -> None:
    entry = surveyed(ISD_HISTORY)
    assert (entry.recognition.format, entry.status, entry.rows) == ("ghcn-stations", Status.PARTIAL, 3)
    assert [(each.row, each.reason[:24]) for each in entry.rejects] == [(7, "latitude and longitude 0")]
    assert [(each.id, each.name, each.latitude, each.longitude, each.elevation_m) for each in stations(ISD_HISTORY)] == [
        ("007001-99999", "NOWHERE", None, None, 18),
        ("010010-99999", "COLD ISLAND", 70.933, -8.667, 9),
        ("A00001-03707", "NO PLACE", None, None, None),
    ]


def test_an_older_history_of_the_isd_has_thousandths_of_degrees_and_tenths_of_metres() -> None:
    found = stations(
        "Integrated Surface Database Station History, June 2009\n\n"
        "USAF   WBAN  STATION NAME                  CTRY  ST CALL  LAT    LON     ELEV(.1M)\n\n"
        "010010 99999 COLD ISLAND                   NO JN    ENXX  +70933 -008667 +00095\n"
        "010013 99999 FAR ROCK                      NO NO\n"
    )
    assert [(each.id, each.latitude, each.longitude, each.elevation_m) for each in found] == [
        ("010010-99999", 70.933, -8.667, 9.5),
        ("010013-99999", None, None, None),
    ]


def test_an_inventory_of_elements_tells_where_stations_are_and_takes_no_name_away() -> None:
    lines = "".join(f"ACW00011604  17.1167  -61.7833 {element} 1949 1950\n" for element in ("TMAX", "TMIN", "PRCP"))
    entry = surveyed(lines)
    assert (entry.recognition.format, entry.status, entry.rows, entry.stations) == (
        "ghcn-stations",
        Status.OK,
        3,
        {"ACW00011604": 3},
    )
    assert {(each.id, each.latitude, each.authority) for each in stations(lines)} == {
        ("ACW00011604", 17.1167, Authority.DATA_FILE)
    }


GEOGRAPHY = (
    "Stations_id;Stationshoehe;Geogr.Breite;Geogr.Laenge;von_datum;bis_datum;Stationsname\n"
    "         44;   44.00;  52.9335;   8.2370;19660101;20201231;Großes Dorf\n"
    "         44;   45.00;  52.9411;   8.2370;20210101;        ;Großes Dorf\n"
)
DESCRIBED = (
    "Stations_id von_datum bis_datum Stationshoehe geoBreite geoLaenge Stationsname Bundesland Abgabe\n"
    "----------- --------- --------- ------------- --------- --------- ----------------------------------------- ---------- ------\n"
    "00003 19500401 20110331            202     50.7827    6.0941 Bad Ort (Alt)                            Nordrhein-Westfalen        Frei\n"
    "         44 20070401 20261126             44     52.9336    8.2370 Großes Dorf                          Niedersachsen\n"
    "   5 19500401 20110331   x   50.7827    6.0941 Ort      Bayern\n"
)


def test_stations_of_the_german_service_are_called_as_in_its_products() -> None:
    entry = surveyed(GEOGRAPHY, "latin-1")
    assert (entry.recognition.format, entry.status, entry.stations) == ("station-list", Status.OK, {"00044": 2})
    assert [(each.id, each.latitude, each.elevation_m) for each in stations(GEOGRAPHY)] == [
        ("00044", 52.9335, 44),
        ("00044", 52.9411, 45),
    ]


def test_a_list_of_the_german_service_in_fixed_columns_is_read() -> None:
    entry = surveyed(DESCRIBED, "latin-1")
    assert (entry.recognition.format, entry.status, entry.rows) == ("dwd-stations", Status.PARTIAL, 3)
    assert [(each.row, each.reason) for each in entry.rejects] == [(5, "not a line of a station list of the DWD")]
    assert [(each.id, each.name, each.latitude, each.longitude, each.elevation_m) for each in stations(DESCRIBED)] == [
        ("00003", "Bad Ort (Alt)", 50.7827, 6.0941, 202),
        ("00044", "Großes Dorf", 52.9336, 8.237, 44),
    ]


@pytest.mark.parametrize("header", ["number,lat,lon,magnitude", "Código,Latitud,Longitud,Magnitud"])
def test_what_is_only_numbered_may_be_anything(header: str) -> None:
    assert surveyed(f"{header}\n1,46.1,8.2,3.1\n2,46.3,8.4,2.2\n").recognition.format == "csv"


SITES = (
    "#\n# US Geological Survey\n# retrieved: 2024-05-01 10:00:00 -04:00\t(host)\n#\n# surface water, and meteorological sites\n#\n"
    "agency_cd\tsite_no\tstation_nm\tsite_tp_cd\tdec_lat_va\tdec_long_va\tcoord_acy_cd\talt_va\thuc_cd\n"
    "5s\t15s\t50s\t7s\t16s\t16s\t1s\t8s\t16s\n"
    "USGS\t01646500\tCREEK NEAR RIDGE\tST\t38.94977778\t-77.12763889\tS\t 37.20\t02070008\n"
    "USGS\t385607077\tMET AT RIDGE\tAT\t38.9\t-77.1\tS\t\t02070008\n"
)


def test_a_list_of_the_geological_survey_stands_below_comments_and_has_widths_below_its_names() -> None:
    found = surveyed(SITES)
    assert (found.recognition.format, found.status, found.rows) == ("station-list", Status.OK, 2)
    first, second = stations(SITES)
    assert (first.id, first.name, first.latitude, first.elevation_m) == ("01646500", "CREEK NEAR RIDGE", 38.94977778, 11.33856)
    assert (second.id, second.elevation_m) == ("385607077", None)


def test_names_of_a_list_may_stand_in_a_comment() -> None:
    assert [each.id for each in stations("# all stations\n#id,lat,lon\nA,46.5,8.1\nB,46.6,8.2\n")] == ["A", "B"]


AMEDAS = json.dumps(
    {
        "99001": {
            "type": "A",
            "elems": "11111111",
            "lat": [35, 30.0],
            "lon": [139, 45.6],
            "alt": 25,
            "kjName": "北丘",
            "enName": "Kitaoka",
        },
        "99002": {
            "type": "C",
            "elems": "11112010",
            "lat": [35, 60.0],
            "lon": [139, 45.6],
            "alt": 5,
            "kjName": "南",
            "enName": "",
        },
        "99003": "nothing",
    }
)


def test_stations_of_amedas_lie_at_degrees_and_minutes_and_are_called_as_in_its_observations() -> None:
    found = surveyed(AMEDAS)
    assert (found.recognition.format, found.status, found.rows) == ("jma-stations", Status.PARTIAL, 3)
    first, second = stations(AMEDAS)
    assert first == Station(
        id="amedas_99001",
        name="Kitaoka",
        latitude=35.5,
        longitude=139.76,
        elevation_m=25,
        timezone="Asia/Tokyo",
        authority=Authority.STATION_LIST,
    )
    assert (second.name, second.latitude) == ("南", None)
    assert [each.reason for each in found.rejects] == [
        "not degrees and minutes; the station is taken without a position",
        "not the number of a station with what it is",
    ]
