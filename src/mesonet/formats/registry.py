"""All formats: which one the bytes are in, and who reads them.

A format is a module with `NAME`, `sniff` and `read` (see `reading`) in the subpackage of its kind; to add one, write it and
name it here, the subpackage first.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, cast

from mesonet.formats import unread
from mesonet.formats.reading import HEAD_BYTES, Context, Format, Guess, Piece, Recognition, Stream
from mesonet.formats.text import WIDE, decode, encoding_of, is_binary
from mesonet.formats.unpacked import GZIP, Limits, Stored, Unpacked
from mesonet.record import dataclass, replace
from mesonet.regex import regex

MODULES = (
    "station_list",
    "tables.mapped_csv",
)

_SURFACE = (" R", " C", " U", "\tR", "\tC", "\tU")  # how CRN says what tells the surface's temperature
# members by which answers of weather services may be known
_MEMBERS = """
idema indicativo sourceId quality parameterId CLIMATE_IDENTIFIER timestamps id_stacji intensidadeVento CD_ESTACAO header SiteRep
windDirection precipitation10m StationId reading_type readingType aifstime_utc tmy_hourly radiation_db parameter wpgt tsun
feels_like stationID reference_ts obs sensors dateObserved sensordatavalues dashboard_data measures STID
obs_date_tm date_tm-value mic battery_ok temperature_C temperature_F rain_mm rain_in
usUnits ob exposure normalized_payload bn davis_current_observation
entity_id source_id timeseries tz_id timezone_offset resolvedAddress dewpt app_temp values data_structure_type timeSeries
lectures Providers
listaMedidas channels aggr lu start ind_kli vars observationTimeUtc geo_id_insee geo_id_wmo stnId LocalObservationDateTime
"""

# Formats of which most files have nothing: a module is imported only where one of these texts is in the first bytes (bytes: in
# the very first ones), or a line of so many characters, or where a function of the first bytes says so (HDF5 may stand behind a
# user block), so they cost a cold start nothing. Such a format's name is its module's, with hyphens, and -csv where it is a
# table among other forms or -file left out.
SELDOM: dict[str, tuple[str | bytes | int | Callable[[bytes], bool], ...]] = {
    "binary.bufr": (b"BUFR",),
    "binary.crex": ("CREX++",),
    "binary.grib": (b"GRIB",),
    "binary.netcdf": (b"CDF\x01", b"CDF\x02", b"CDF\x05", lambda head: b"\x89HDF" in head),
    "binary.parquet": (b"PAR1", b"PARE"),
    "loggers.aprs": (
        *(">AP", "TCPIP", "TCPXX", ",WIDE"),
        lambda head: _written(head)[:40].partition(b"\n")[2].lstrip()[3:8:4] == b"/g",
    ),
    "loggers.clientraw": ("12345 ", " hPa ", " mb ", " in mm ", " in in "),
    "loggers.csijson": ('"environment"',),
    "loggers.csixml": ("<csixml",),
    "loggers.davis": (b"\xff\xff",),
    "loggers.ecowitt_table": ("Outdoor Temperature", "Temperatur Au"),
    "loggers.maws": ("(S:",),
    "loggers.nmea": ("MDA,", "MHU,", "MMB,", "MTA,", "MWD,", "MWV,", "XDR,"),
    "loggers.noaa_report": ("CLIMATOLOGICAL SUMMARY", "Climatological Summary"),
    "loggers.nrg": ("NRG Systems Data Logger", "NRG Export Service"),
    "loggers.ott_mis": ("<SENSOR>",),
    "loggers.sutron": (",G\n", ",B\n", ",U\n"),
    "loggers.toa5": ("TOA5", "TIMESTAMP", "TOACI1"),
    "loggers.tob1": (b"TOB1",),
    "loggers.vaisala_wxt": (",Dn=", ",Dm=", ",Sm=", ",Ta=", ",Ua=", ",Pa="),
    "loggers.weatherlink": (b"WDAT5.",),
    "loggers.weatherlink_table": ("Date & Time",),
    "loggers.weewx": ("usUnits",),
    "networks.bom": ("Bureau of Meteorology station number",),
    "networks.bsrn": ("*C0001", "*U0001"),
    "networks.chmi": ("STATION,ELEMENT,", '"STATION","ELEMENT"'),
    "networks.dballe": ("Time range,P1,P2,Varcode",),
    "networks.dwd_product": ("MESS_DATUM",),
    "networks.dwd_stations": ("geoBreite",),
    "networks.eccc": ("Date/Time",),
    "networks.epw": ("LOCATION,",),
    "networks.hidroweb": ("EstacaoCodigo;",),
    "networks.hts": ("Timezone", "timezone", "Time_step", "time_step"),
    "networks.iem": ("station,valid", "station\tvalid", "station,station_name", "station\tstation_name"),
    "networks.imgw": (lambda head: head.removeprefix(b"\xef\xbb\xbf").lstrip(b'"')[:9].isdigit(),),
    "networks.inmet": ("(WMO)", "Codigo Estacao"),
    "networks.ismn": (" G ", " U ", " D0", " C0", " G\n", " U\n"),
    "networks.jma": ("ダウンロード",),
    "networks.knmi": ("YYYYMMDD",),
    "networks.mdf": (" STID",),
    "networks.meteireann": ("Station Name:",),
    "networks.meteofrance": ("NUM_POSTE", "POSTE;DATE;", "numer_sta", "geo_id_wmo;", "geo_id_insee;"),
    "networks.meteoswiss": ("reference_timestamp", "Station/Location", "stn;time"),
    "networks.metoffice": ("yyyy  mm", "amsl"),
    "networks.nrcs": ("# Reporting Frequency: ",),
    "networks.nsrdb": ("Location ID",),
    "networks.published_table": (
        *(
            "PRECTOTCORR",
            "T2M",
            "CIMIS Region",
            "agency_cd",
            "SOUID",
            "norsk normaltid",
            "met_domain_name",
            "지점",
            "Observation period",
            "數值/Value",
        ),
        *("Automatic Weather Station", "Timestamps", "bucket_step_minutes"),
        *("PeriodEnd", "period_end", "sensor_id", "time,station,", "9am MSL pressure", "YEAR,DOY", "YEAR,MO,DY"),
        *("parameter-id,", "DATE_TIME,SITE_ID,", "Date & Time (", "measure_date"),
        *("שעה- LST", "TAVG,", "Tavg,", "StationNumber;", "Parameter description", "feelslikemax"),
    ),
    "networks.pi_xml": ("wldelft.nl/fews/PI",),
    "networks.pvgis": ("T2m",),
    "networks.smet": ("SMET ",),
    "networks.smhi": ("Stationsnamn;",),
    "networks.smn": ("NOMBRE",),
    "networks.srml": ("\t",),
    "networks.synoptic": ("_set_1",),
    "networks.tmy2": (lambda head: _written(head)[:5].isdigit() and _written(head)[29:31].isupper(),),
    "networks.tmy3": ("GHI source",),
    "networks.wis2box_aws": ("wsi_local",),
    "networks.wis2box_climat": ("wigos_local", "wsi_local"),
    "networks.wis2box_daycli": ("wsi_local",),
    "networks.wrcc": (":YYMMDDhhmm", ":YYYYMMDDhhmm"),
    "networks.xema": ("CODI_VARIABLE", "codi_variable"),
    "networks.zrxp": ("|*|", ";*;"),
    "noaa.asos_one_minute": (lambda head: _written(head)[9:10] == b" " and _written(head)[13:29].isdigit(),),
    "noaa.crn_daily": _SURFACE,
    "noaa.crn_hourly": _SURFACE,
    "noaa.crn_monthly": _SURFACE,
    "noaa.crn_subhourly": _SURFACE,
    "noaa.ghcn_daily_by_station": ("_ATTRIBUTES",),
    "noaa.ghcn_daily_by_year": (",,", "PRCP", "TMAX", "TMIN", "TAVG", "SNWD", "ELEMENT", "Element", "element"),
    "noaa.ghcn_daily_dly": (266,),  # 21, and 31 days; without the flags of the last one, which may be cut off
    "noaa.ghcn_hourly": ("Station_ID|", "STATION|"),
    "noaa.ghcn_monthly": ("TAVG", "TMAX", "TMIN", lambda head: _written(head)[11:53:41] == b",,"),
    "noaa.ghcn_stations": ("  ",),
    "noaa.global_hourly": ("STATION",),
    "noaa.gsod": ("FRSHTT", "MXSPD", "TEMP_ATTRIBUTES", "WDSP_ATTRIBUTES", "DEWP_ATTRIBUTES", "  "),
    "noaa.gsom": ("_ATTRIBUTES",),
    "noaa.hpd": ("HR00Val",),
    "noaa.isd": (105,),
    "noaa.isd_lite": ("  ", "-9999"),
    "noaa.lcd": ("HourlyDryBulb",),
    "noaa.ndbc": ("ATMP", "WTMP", "GTIME", "#YY"),
    "noaa.surfrad": (" version ",),
    "reports.asos_five_minutes": ("5-MIN ",),
    "reports.aviationweather": ('"rawOb"', "<raw_text>"),
    "reports.climat": ("CLIMAT ",),
    "reports.dwd_climat": ("year;month;IIiii",),
    "reports.metar": ("METAR", "SPECI", "Z ", "Z=", "Z\n", "Z\t", "z ", "z=", "z\n", "z\t", "NIL", "Nil", "nil"),
    "reports.metar_table": ("metar", "METAR", "Metar", "raw", "RAW", "Raw"),
    "reports.shef": (".A ", ".AR ", ".E ", ".ER ", ".B ", ".BR "),
    "reports.synop": ("AAXX", "BBXX", "OOXX"),
    "tables.line_protocol": ("=",),
    "tables.mapping_file": ('"mesonet_mapping"',),
    "tables.turned_table": ("@H,timestamp", "Feb", "FEB", "feb"),
    "tables.prometheus": ("# TYPE ", "# HELP "),
    "services.ambient_weather": ("macAddress", "dateutc"),
    "services.coveragejson": ('"ranges"', '"axes"', '"domain"', '"coverages"', '"dataType"', '"observedProperty"'),
    "services.ecowitt": ("dateutc", "stationtype", "PASSKEY", '"code"', '"list"'),
    "services.geojson_observations": ('"Feature"', '"FeatureCollection"'),
    "services.iem_stations": ('"iemid"',),
    "services.jma_stations": ('"kjName"',),
    "services.nws_observations": ("api.weather.gov",),
    "services.nws_stations": ("api.weather.gov", '"wx:ObservationStation"'),
    "services.open_meteo": ("utc_offset_seconds", "latitude,", "location_"),
    "services.sensorthings": ('"phenomenonTime"',),
    "services.service_json": (*(f'"{name}"' for name in _MEMBERS.split()), '"urn:dev:'),
    "services.service_xml": (
        *("point-observation/2", "xml.fmi.fi", "cuahsi.org/waterML", "opengis.net/waterml/2", "icao.int/iwxxm"),
        *("<current_observation", "<amoc>", "<observations timestamp", "MeteoSI_WebMet", "<Hrvatska"),
    ),
    "tables.station_objects": ('"lat', '"Lat', '"LAT'),
    "services.synoptic_json": ('"STID"',),
    "services.wis2_notification": ('"Feature"',),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
}
# tables of which nothing tells whose they are: asked where no other format knows the bytes
LAST = ("tables.json_table", "tables.text_table")
_BEGINNING = 520  # bytes in which a binary format shows what it is; a heading may stand before

# what spreadsheets and programs write: blank lines above or behind each line, sep=;, a sign of comment before names, numbers
# before rows, fields with quotes, blanks behind delimiters, empty fields at the end
_SPREAD = r"\A\s*\n|\A[^\n]+\n[^\S\n]*\n[^\n]+\n[^\S\n]*\n"
_LINES = regex(_SPREAD)
_PARTED = r"|[,;\t|\n]\"?\d\d?:\d\d"  # a clock at the beginning of a field
_TURNED = r"|\A(?:[^\n]*\n){0,2}\"?[^\W\d][^,\n]*,\"?[-+]?\d[^,\n]*,\"?[-+]?\d"  # names before rows of numbers
_STRANGE = regex(
    _SPREAD + _PARTED + _TURNED + r"|\A(?i:sep=)|\A[#,]|\A[^\n]*\n(?:0,[^\n]*\n1|1,[^\n]*\n2),|\A[^\n]*,\n|[\";\t|]|, |,,\n"
)
_FILLED = regex(
    _SPREAD + _PARTED + r"|\A(?i:sep=)|[;\t]\"?-?\d+,\d|,\"-?\d+,\d+\"|, |,,\n|\A[^\n]*,\n"
    r"|(?<!\d)\d?\d([./-])(?:\d\d?|[^\W\d]{3,5}\.?)\1(?:\d\d){1,2}\b|\b\d{4}(?:/\d\d?/\d\d?|-\d\d?-\d\d?[ T]0?0:00)\b"
)
# a day alone, and perhaps figures behind it; names that are of clocks, or none, below which those may have no signs
_DAY = regex(
    r"[,;\t|\n]\"?(?:(?:1[6-9]|20)\d{6}|\d{1,4}([./-])(?:\d\d?|[^\W\d]{3,5}\.?)\1\d{1,4})\"?[,;\t|]"
    r"(\"?\d{1,6}(?:\.0+)?\"?[,;\t|\n])?"
)
_HOURS = regex(
    r"(?i)(?:\A|[,;\t|])\"?(?=[^\W\d])(?:(?:obs|valid|local|utc|gmt|lst)[ _]?)?"
    r"(?:time|hours?|hrs?|he|hh(?:24|:?mm(?::?ss)?)?|hrmn|clock|uhr|uhrzeit|zeit|stunde|heure|hora|ora|tijd|uur|tid|klokkeslett|čas"
    r"|godzina|hodina)(?:[ _]?(?:ending|of day|utc|gmt|lst|local))?\"?[,;\t|\n]"
)
_NAMELESS = regex(r"(?i)[,;\t|]\"?(?:(?:column|unnamed|field|spalte|colonne|columna|coluna|kolom)[:. ]*\d*)?\"?[,;\t|\n]")
# names that tell a format whose columns may stand in another order; those of its stations make a list of stations of it
_ORDERED = regex(
    r"(?i)mess_datum|reference_timestamp|\bstn\b|station/location|num_poste|numer_sta|\bvalid\b|product code"
    r"|station_id|stationnumber|\(MM/DD/YYYY\)|time\(UTC\)|tl_flag|tl_mittel|date_time|\bhora|timestamp|timefunc|varcode"
    r"|temperatur|outdoor"
)
_UNORDERED = (None, "csv", "text-table", "station-list")
_DELIMITERS = regex(r"[,;\t|]")
_GLANCED = 4096  # characters


def recognise(head: bytes) -> Recognition:
    """The format of the highest confidence; of equals, the first by name."""
    compression = None
    if head.startswith(GZIP):
        import zlib  # few files are packed

        compression = "gzip"
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
        except zlib.error:
            return Recognition(format=None, guess=Guess(0.0, "gzip, but damaged from the start"), compression=compression)
    guesses: dict[str, Guess] = {}
    known = unread.at_once(head)
    if known is None:
        for module in (*ALWAYS, *_seldom(head)):
            guess = module.sniff(head)
            if guess:
                guesses[module.NAME] = guess
    if not guesses and known is None:
        guesses = {module.NAME: guess for module in map(_module, LAST) if (guess := module.sniff(head))}
    if not guesses:
        return Recognition(format=None, guess=Guess(0.0, known or unread.why(head)), compression=compression)
    best, *_ = sorted(guesses, key=lambda name: (-guesses[name].confidence, name))
    guess = guesses.pop(best)
    return Recognition(format=best, guess=guess, compression=compression, others=guesses)


def _seldom(head: bytes) -> Iterator[Format]:
    """The formats of `SELDOM` that these bytes may be in."""
    beginning, text = head[:_BEGINNING], decode(head)
    longest = max(map(len, text.split("\n")))
    signs = {sign for sign in _signs() if sign in text}  # a character that is missing is found out faster than a word

    def has(needle: str | bytes | int | Callable[[bytes], bool]) -> bool:
        if isinstance(needle, str):
            return signs.issuperset(needle) and needle in text
        if callable(needle):
            return needle(head)
        return needle in beginning if isinstance(needle, bytes) else longest >= needle

    for name, needles in SELDOM.items():
        if any(map(has, needles)):
            yield _module(name)


def _written(head: bytes) -> bytes:
    """The bytes without a byte order mark and blank lines above."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


@cache
def _signs() -> frozenset[str]:
    """The characters of all texts that `SELDOM` knows formats by."""
    return frozenset("".join(needle for needles in SELDOM.values() for needle in needles if isinstance(needle, str)))


def _module(name: str) -> Format:
    return cast(Format, import_module(f"mesonet.formats.{name}"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready to be read: what it is, and its pieces. `empty` where there is not one byte."""

    recognition: Recognition
    stored: Stored
    unpacked: Unpacked
    context: Context
    empty: bool
    resaved: Any = None

    def pieces(self) -> Iterator[Piece]:
        """What the format understands. Raises UnreadableFile."""
        if self.recognition.format is not None:
            yield from self.resaved.pieces(self._pieces) if self.resaved else self._pieces()

    def _pieces(self) -> Iterator[Piece]:
        module, context = named(str(self.recognition.format)), self.context
        stream = self.resaved or self.unpacked
        records, read = getattr(module, "RECORDS", None), module.read
        if begins := getattr(module, "BEGINS", None):
            joined: Any = import_module("mesonet.formats.joined")
            read = joined.reader(read, begins, go_on=getattr(module, "GO_ON", False))
        if records is None or not context.hurried:
            yield from read(stream, context)
            return
        parts: Any = import_module("mesonet.formats.records")
        yield from parts.pieces(parts.Part(stream, stream.head, records, context), read, context)


def named(name: str) -> Format:
    """The format of this name, which recognition gave."""
    if module := _paths().get(name.removesuffix("-csv").replace("-", "_")):
        return _module(module)
    return next(module for module in ALWAYS if name == module.NAME)


@cache
def _paths() -> dict[str, str]:
    """The formats of `SELDOM` and `LAST` by their modules' own names."""
    return {module.rpartition(".")[2].removesuffix("_file"): module for module in (*SELDOM, *LAST)}


def open_file(stream: Stream, context: Context | None = None, *, limits: Limits | None = None) -> Opened:
    """Recognises a file, plain or gzip, and makes it ready to be read.

    Where the context's mapping fits the header, the operator's word goes before every other format. Raises UnreadableFile.
    """
    context = context or Context()
    stored = Stored(stream)
    unpacked = Unpacked(stored, limits or Limits())
    if not unpacked.head:
        why = unpacked.fault or ("the gzip holds nothing" if unpacked.gzip else "no bytes")
        recognition = Recognition(format=None, guess=Guess(0.0, why), compression="gzip" if unpacked.gzip else None)
        return Opened(recognition, stored, unpacked, context, empty=unpacked.fault is None)
    recognition = recognise(unpacked.head)
    if unpacked.gzip:
        recognition = _packed(recognition)
    csv: Any = import_module("mesonet.formats.tables.mapped_csv")
    mapping = context.mapping
    own = recognition.format is not None and getattr(named(recognition.format), "TAKES_MAPPING", recognition.format == csv.NAME)
    if mapping and not own and unread.at_once(unpacked.head) is None:
        table: Any = import_module("mesonet.formats.tables.json_table")
        for module, told in ((table, "members that the records have"), (csv, "columns that the header has")):
            if module.fits(unpacked.head, mapping):
                recognition = _mapped(recognition, module.NAME, f"the mapping names {told}")
                own = True
                break
    resaved = None
    if not (mapping and own) and _may_be_resaved(unpacked.head, recognition.format):
        again: Any = import_module("mesonet.formats.resaved")
        found = again.understood(unpacked.head, unpacked, recognition, context, recognise=recognise, named=named)
        if found:
            recognition, resaved = replace(found[0], compression=recognition.compression), found[1]
    return Opened(recognition, stored, unpacked, context, empty=False, resaved=resaved)


def _may_be_resaved(head: bytes, known: str | None) -> bool:
    """Whether a glance at the first lines finds what a spreadsheet may have done to a format that is known."""
    if unread.at_once(head) is not None or is_binary(head):
        return False
    text = decode(head)[:_GLANCED]
    known_table = _FILLED if _DELIMITERS.search(text) else _LINES  # a date above a report is no field
    if known in _UNORDERED and _ORDERED.search(text):
        return True
    pattern = _STRANGE if known in (None, "csv", "text-table") else known_table
    if encoding_of(head).startswith(WIDE) or pattern.search(text):
        return True
    day = _DAY.search(text) if pattern is _FILLED else None
    return day is not None and bool(_HOURS.search(text) or (day[2] and _NAMELESS.search(text)))


def _mapped(recognition: Recognition, name: str, why: str) -> Recognition:
    """The recognition where the operator's mapping fits what `name` reads."""
    others = dict(recognition.others)
    if recognition.format:
        others[recognition.format] = recognition.guess
    guess = others.pop(name, None)
    why += f"; {guess.why}" if guess else ""
    return replace(recognition, format=name, guess=Guess(1.0, why), others=others)


def _packed(recognition: Recognition) -> Recognition:
    """The recognition of unpacked bytes, as that of the gzip around them."""
    if recognition.compression:
        return Recognition(format=None, guess=Guess(0.0, unread.TWICE), compression="gzip")
    return replace(recognition, compression="gzip")


# they are asked about every file: a function has them from its start on, and not from its first file on
ALWAYS = tuple(map(_module, MODULES))
