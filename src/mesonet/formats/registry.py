"""All formats: which one the bytes are in, and a stream of them unpacked.

A format is a module with `NAME`, `sniff` and `read` (see `reading`) in the subpackage of its kind; to add one, write it and
name it here, the subpackage first.
"""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import import_module
from typing import Any, BinaryIO, cast

from mesonet.errors import UnreadableFile
from mesonet.formats.reading import HEAD_BYTES, Context, Format, Guess, Piece, Recognition
from mesonet.formats.text import WIDE, decode, encoding_of, is_binary
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
windDirection precipitation10m StationId reading_type aifstime_utc tmy_hourly radiation_db parameter wpgt tsun feels_like
stationID obs sensors dateObserved sensordatavalues dashboard_data measures STID
obs_date_tm date_tm-value mic battery_ok temperature_C temperature_F rain_mm rain_in
usUnits ob exposure normalized_payload bn davis_current_observation
source_id timeseries tz_id timezone_offset resolvedAddress dewpt app_temp values data_structure_type timeSeries
"""

# Formats of which most files have nothing: a module is imported only where one of these texts is in the first bytes (bytes: in
# the very first ones, packed in nothing), or a line of so many characters, so they cost a cold start nothing. Such a format's
# name is its module's, with hyphens, and -csv where it is a table among other forms or -file left out.
SELDOM: dict[str, tuple[str | bytes | int, ...]] = {
    "binary.bufr": (b"BUFR",),
    "binary.crex": ("CREX++",),
    "binary.grib": (b"GRIB",),
    "binary.netcdf": (b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF"),
    "binary.parquet": (b"PAR1", b"PARE"),
    "loggers.clientraw": ("12345 ", " hPa ", " mb ", " in mm ", " in in "),
    "loggers.csijson": ('"environment"',),
    "loggers.csixml": ("<csixml",),
    "loggers.davis": (b"\xff\xff",),
    "loggers.ecowitt_table": ("Outdoor Temperature", "Temperatur Au"),
    "loggers.maws": ("(S:",),
    "loggers.noaa_report": ("CLIMATOLOGICAL SUMMARY", "Climatological Summary"),
    "loggers.ott_mis": ("<SENSOR>",),
    "loggers.sutron": (",G\n", ",B\n", ",U\n"),
    "loggers.toa5": ("TOA5", "TIMESTAMP", "TOACI1"),
    "loggers.tob1": (b"TOB1",),
    "loggers.weewx": ("usUnits",),
    "networks.bom": ("Bureau of Meteorology station number",),
    "networks.bsrn": ("*C0001", "*U0001"),
    "networks.dwd_product": ("MESS_DATUM",),
    "networks.eccc": ("Date/Time",),
    "networks.epw": ("LOCATION,",),
    "networks.iem": ("station,valid", "station\tvalid"),
    "networks.inmet": ("(WMO)", "Codigo Estacao"),
    "networks.ismn": (" G ", " U ", " D0", " C0", " G\n", " U\n"),
    "networks.jma": ("ダウンロード",),
    "networks.knmi": ("YYYYMMDD",),
    "networks.mdf": (" STID",),
    "networks.meteireann": ("Station Name:",),
    "networks.meteofrance": ("NUM_POSTE", "numer_sta"),
    "networks.meteoswiss": ("reference_timestamp", "Station/Location", "stn;time"),
    "networks.metoffice": ("yyyy  mm", "amsl"),
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
    ),
    "networks.pvgis": ("T2m",),
    "networks.smet": ("SMET ",),
    "networks.smhi": ("Stationsnamn;",),
    "networks.smn": ("NOMBRE",),
    "networks.srml": ("\t",),
    "networks.synoptic": ("_set_1",),
    "networks.tmy3": ("GHI source",),
    "networks.wis2box_aws": ("wsi_local",),
    "networks.wis2box_daycli": ("wsi_local",),
    "networks.zrxp": ("|*|", ";*;"),
    "noaa.crn_daily": _SURFACE,
    "noaa.crn_hourly": _SURFACE,
    "noaa.crn_monthly": _SURFACE,
    "noaa.crn_subhourly": _SURFACE,
    "noaa.ghcn_daily_by_station": ("_ATTRIBUTES",),
    "noaa.ghcn_daily_by_year": (",,", "PRCP", "TMAX", "TMIN", "TAVG", "SNWD", "ELEMENT", "Element", "element"),
    "noaa.ghcn_daily_dly": (266,),  # 21, and 31 days; without the flags of the last one, which may be cut off
    "noaa.ghcn_hourly": ("Station_ID|", "STATION|"),
    "noaa.ghcn_stations": ("  ",),
    "noaa.global_hourly": ("STATION",),
    "noaa.gsod": ("FRSHTT", "  "),
    "noaa.gsom": ("_ATTRIBUTES",),
    "noaa.isd": (105,),
    "noaa.isd_lite": ("  ", "-9999"),
    "noaa.lcd": ("HourlyDryBulb",),
    "noaa.ndbc": ("ATMP", "WTMP", "GTIME"),
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
    "services.ambient_weather": ("macAddress", "dateutc"),
    "services.coveragejson": ('"ranges"', '"axes"', '"domain"', '"coverages"', '"CoverageCollection"', '"NdArray"', '"Domain"'),
    "services.ecowitt": ("dateutc", "stationtype", "PASSKEY", '"code"', '"list"'),
    "services.geojson_observations": ('"Feature"', '"FeatureCollection"'),
    "services.iem_stations": ('"iemid"',),
    "services.nws_observations": ("api.weather.gov",),
    "services.nws_stations": ("api.weather.gov",),
    "services.open_meteo": ("utc_offset_seconds", "latitude,", "location_"),
    "services.sensorthings": ('"phenomenonTime"',),
    "services.service_json": (*(f'"{name}"' for name in _MEMBERS.split()), '"urn:dev:'),
    "services.service_xml": (
        *("point-observation/2", "xml.fmi.fi", "cuahsi.org/waterML", "opengis.net/waterml/2", "icao.int/iwxxm"),
        *("<current_observation", "<amoc>"),
    ),
    "services.synoptic_json": ('"STID"',),
    "services.wis2_notification": ('"Feature"',),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
}
# tables of which nothing tells whose they are: asked where no other format knows the bytes
LAST = ("tables.json_table", "tables.text_table")
_BEGINNING = 520  # bytes in which a binary format shows what it is; a heading or a user block (HDF5) may stand before

# gzip of station files reaches 30:1, and 100:1 where a sensor hangs; deflate cannot exceed 1032:1
RATIO = 250
RATIO_FROM = 64 * 1024 * 1024  # below this even the worst ratio does no harm
LARGEST = 8 * 1024 * 1024 * 1024  # unpacked; more is not read within a function's 15 minutes

_GZIP = b"\x1f\x8b"
# More than glibc takes from its heap at first (128 KiB). Once that much was given back it keeps as much at hand, where it gave
# the memory of each block back to the system and fetched it again: a tenth of what a large table took.
_READ = 256 * 1024

_JSON = regex(rb'\{|\[\s*(?:[\[{"\d\]-]|true\b|false\b|null\b|$)')
_CDL = regex(rb"(?:\xef\xbb\xbf)?\s*(?://[^\n]*\n\s*)*netcdf +[^\s{]{1,255}\s*\{")
_TAF = regex(rb"(?m)^\s*TAF(?:\s+(?:AMD|COR))*\s+[A-Z]{4}\s+\d{6}Z?\s")
_HEADING = regex(rb"(?m)^\s*([A-Z]{2})[A-Z]{2}\d{0,2} +[A-Z]{4} +\d{6}(?: [A-Z]{3})?\s*$")
_ONE_MINUTE = regex(rb"\d{5}[A-Z0-9]{4} [A-Z0-9]{3}(?:19|20)\d{14} ")
# what an abbreviated heading's first letters say (WMO-No. 386, Attachment II-5, table A and B1), longer ones first
_BULLETINS = {
    **dict.fromkeys(("FC", "FT"), "forecasts for aerodromes (TAF), which are no observations"),
    **dict.fromkeys(("UA", "UB", "UD"), "reports of aircraft, which are none of stations"),
    **dict.fromkeys(("UE", "UF", "UK", "UL", "UM", "US"), "soundings of the upper air (TEMP), which are not read"),
    **dict.fromkeys(("UG", "UH", "UI", "UP", "UQ"), "winds of the upper air (PILOT), which are not read"),
    **dict.fromkeys(("WA", "WC", "WS", "WV"), "warnings for aviation (SIGMET, AIRMET), which are no observations"),
    **dict.fromkeys(
        ("SA", "SI", "SM", "SN", "SP"), "observations at the surface, in a code that is not read: send METAR, SYNOP or BUFR"
    ),
    "CS": "climate values of months that do not begin as CLIMAT reports of the surface do (CLIMAT MMJJJ)",
    "SS": "reports of buoys as text, which are not read: send them as BUFR",
    "A": "analyses, which are no observations",
    "C": "climate summaries as text, which are not read",
    "F": "forecasts, which are no observations",
    "N": "notices, which are no observations",
    "W": "warnings, which are no observations",
}

# what spreadsheets write: blank lines above, sep=;, fields with quotes, blanks behind delimiters, empty fields at the end
_STRANGE = regex(r"\A\s*\n|\A(?i:sep=)|[\";\t]|, |,,\n")
_FILLED = regex(r"\A\s*\n|\A(?i:sep=)|[;\t]\"?-?\d+,\d|,\"-?\d+,\d+\"|, |,,\n|\d\.\d\d?\.(?:19|20)\d\d\b")
_GLANCED = 4096  # characters

# what begins so is known, but not read (yet)
_MAGIC = (
    (b'"TOB2', "a Campbell TOB2 file (binary, from a card): convert it with CardConvert to TOA5 or TOB1"),
    (b'"TOB3', "a Campbell TOB3 file (binary, from a card): convert it with CardConvert to TOA5 or TOB1"),
    (b"BZh", "packed with bzip2; use gzip"),
    (b"\xfd7zXZ", "packed with xz; use gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard; use gzip"),
    (b"\x04\x22\x4d\x18", "packed with LZ4; use gzip"),
    (b"\x1f\x9d", "packed with compress (.Z); use gzip"),
    (b"\xff\x06\x00\x00sNaPpY", "packed with Snappy; use gzip"),
    (b"\x5d\x00\x00", "packed with LZMA; use gzip"),
    (b"7z\xbc\xaf", "7-Zip archive: put its members as files"),
    (b"Rar!\x1a\x07", "RAR archive: put its members as files"),
    (b"ARROW1\x00", "an Arrow file (Feather): store it as Parquet"),
    (b"Obj\x01", "an Avro file: store it as Parquet"),
    (b"\x0e\x03\x13\x01", "an HDF4 file: store it as NetCDF"),
    (b"MATLAB 5.0 MAT-file", "a MATLAB file: store it as NetCDF or CSV"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save it as CSV"),
)
# the same of bytes that text may begin with, too
_BINARY = (
    (b"ORC", "an ORC file: store it as Parquet"),
    *((head, "packed with zlib; use gzip") for head in (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")),
)
# what a namespace or a root element of XML tells that no reader knows, and where the same may be had; the first that is there
_XML = (
    ("urn:oasis:names:tc:emergency:cap", "an alert (CAP), which is not read", ""),
    ("icao.int/iwxxm", "a report for aviation (IWXXM) other than METAR and SPECI, which is not read", ""),
    ("opengis.net/waterml", "WaterML 2 without observations", ""),
    ("exceptiontext", "the error that a service answered with", ""),
    ("xml.fmi.fi", "an answer of FMI's WFS without observations", ""),
    ("opengis.net/om/", "observations (O&M), which are not read", "ask its service for CSV or CoverageJSON"),
    ("opengis.net/wfs", "features of a WFS, which are not read", "ask its service for CSV or GeoJSON"),
    ("opengis.net/kml", "places (KML), which are not read", ""),
    ("<rss", "a news feed (RSS), which is not read", ""),
    ("w3.org/2005/atom", "a news feed (Atom), which is not read", ""),
    ("<taf>", "forecasts for aerodromes (TAF), which are no observations", ""),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What unpacking may cost."""

    ratio: int = RATIO
    ratio_from: int = RATIO_FROM
    largest: int = LARGEST


def recognise(head: bytes) -> Recognition:
    """The format of the highest confidence; of equals, the first by name."""
    compression = None
    if head.startswith(_GZIP):
        import zlib  # few files are packed

        compression = "gzip"
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
        except zlib.error:
            return Recognition(format=None, guess=Guess(0.0, "gzip, but damaged from the start"), compression=compression)
    guesses: dict[str, Guess] = {}
    magic = _magic(head)
    if magic is None:
        for module in (*_modules(), *_seldom(head)):
            guess = module.sniff(head)
            if guess:
                guesses[module.NAME] = guess
    if not guesses and magic is None:
        guesses = {module.NAME: guess for module in map(_module, LAST) if (guess := module.sniff(head))}
    if not guesses:
        return Recognition(format=None, guess=magic or _nothing(head), compression=compression)
    best, *_ = sorted(guesses, key=lambda name: (-guesses[name].confidence, name))
    guess = guesses.pop(best)
    return Recognition(format=best, guess=guess, compression=compression, others=guesses)


@cache
def _modules() -> tuple[Format, ...]:
    return tuple(map(_module, MODULES))


def _seldom(head: bytes) -> Iterator[Format]:
    """The formats of `SELDOM` that these bytes may be in."""
    beginning, text = head[:_BEGINNING], decode(head)
    longest = max(map(len, text.split("\n")))
    signs = {sign for sign in _signs() if sign in text}  # one that is not there is found out faster than a word

    def has(needle: str | bytes | int) -> bool:
        if isinstance(needle, str):
            return signs.issuperset(needle) and needle in text
        return needle in beginning if isinstance(needle, bytes) else longest >= needle

    for name, needles in SELDOM.items():
        if any(map(has, needles)):
            yield _module(name)


@cache
def _signs() -> frozenset[str]:
    """The characters of all texts that `SELDOM` knows formats by."""
    return frozenset("".join(needle for needles in SELDOM.values() for needle in needles if isinstance(needle, str)))


def _module(name: str) -> Format:
    return cast(Format, import_module(f"mesonet.formats.{name}"))


def _magic(head: bytes) -> Guess | None:
    for magic, why in _MAGIC:
        if head.startswith(magic):
            return Guess(0.0, why)
    if head.startswith(_GZIP):
        return Guess(0.0, "gzip in gzip: unpack it once")
    if b"netcdf" in head and _CDL.match(head):
        return Guess(0.0, "NetCDF as text (CDL): put the NetCDF file itself, which ncgen makes of it")
    if head[257:262] == b"ustar":
        return Guess(0.0, "tar archive: put its members as files")
    return None


def _nothing(head: bytes) -> Guess:
    """Why no format recognises these bytes, as far as one can tell."""
    if not head.strip():
        return Guess(0.0, "nothing but blank lines")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        if b"BEGIN DATA" in head:
            return Guess(0.0, "an HTML page around a table of AgriMet or Hydromet: ask its service for CSV (format=csv)")
        return Guess(0.0, "an HTML page, as a failed download leaves it")
    if start.startswith((b"<?xml", b"<")):
        return Guess(0.0, _xml(start.decode("latin-1")))
    if _JSON.match(start):
        return Guess(0.0, _json(head))
    if head.startswith(b"PK\x03\x04"):
        return Guess(0.0, "a document that is a zip archive inside, such as an Excel workbook: save its tables as CSV")
    if is_binary(head):
        return Guess(
            0.0, next((why for begin, why in _BINARY if head.startswith(begin)), "binary data that no format recognises")
        )
    if _TAF.search(head[:4096]):
        return Guess(0.0, _BULLETINS["FT"])
    for heading in _HEADING.finditer(head[:4096]):
        kind = heading[1].decode()
        if told := _BULLETINS.get(kind) or _BULLETINS.get(kind[0]):
            return Guess(0.0, f"a bulletin of {told}")
    if _ONE_MINUTE.match(head.lstrip()):
        return Guess(
            0.0,
            "one-minute observations of ASOS (NCEI, DSI-6405 and 6406), which are not read: "
            "the Iowa Environmental Mesonet has them as CSV",
        )
    if len(head.strip().splitlines()) == 1:
        return Guess(0.0, "one line of text: a table has a header, and at least one row below it")
    return Guess(
        0.0, "text, but no table that is known: its lines do not have equally many fields, or nothing tells what those are"
    )


def _xml(start: str) -> str:
    """What XML it is, by its root or by a namespace."""
    what, hint = next(((what, hint) for sign, what, hint in _XML if sign in start), ("", ""))
    if what:
        return f"XML: {what}{': ' * bool(hint)}{hint}"
    root = re.search(r"<([a-z][\w:.-]{0,60})", start)
    return f"XML, which is not read; its root is {root[1]}" if root else "XML, which is not read"


def _json(head: bytes) -> str:
    """What JSON it is that no format recognises."""
    if b"csv2bufr-template" in head or b"eccodes_key" in head:
        return (
            "a template of csv2bufr (wis2box), which is not used: a mapping says what columns mean; one is proposed of the data"
        )
    from mesonet.formats.json_document import glance  # only for a file that nobody reads

    seen = glance(head)
    names = [path for path in (seen.paths if seen else ()) if "." not in path and "[" not in path]
    told = f"; its members are {', '.join(names[:8])}{', …' if len(names) > 8 else ''}"[:200] if names else ""
    return f"JSON{', one document a line,' if seen and seen.lines else ''} that no format recognises{told}"


class Stored:
    """The stored bytes as they pass: counted and summed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = sha256()
        self.size = 0

    def read(self, count: int) -> bytes:
        data = self._stream.read(count)
        self._digest.update(data)
        self.size += len(data)
        return data

    def drain(self) -> None:
        """Reads to the end, so that size and sum are those of the whole."""
        while self.read(_READ):
            pass

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Unpacked:
    """The bytes behind the packing, with the first ones given back. `cut` where they end before their time, `fault` why."""

    def __init__(self, stored: Stored, limits: Limits) -> None:
        self._stored = stored
        self._limits = limits
        self._given = 0
        self.fault: str | None = None
        self.cut = False
        first = stored.read(_READ)
        while len(first) < HEAD_BYTES and (more := stored.read(HEAD_BYTES - len(first))):
            first += more
        self.gzip = first.startswith(_GZIP)
        self._held, self._at = first, 0
        if self.gzip:
            self._members = self._unpack(first)
            self._held = b""
            while len(self._held) < HEAD_BYTES and (piece := next(self._members, None)) is not None:
                self._held += piece
        self.head = self._held[:HEAD_BYTES]

    def read(self, count: int = -1, /) -> bytes:
        """At least one byte, at most `count`, until there are none; all for a negative count."""
        if count < 0:
            pieces = []
            while piece := self.read(_READ):
                pieces.append(piece)
            return b"".join(pieces)
        data = self._held[self._at : self._at + count]
        self._at += len(data)
        if not self.gzip and len(data) < count:
            self._held, self._at = b"", 0
            data += self._plain(count - len(data))
        while self.gzip and len(data) < count and (piece := next(self._members, b"")):
            self._held, self._at = piece, min(count - len(data), len(piece))
            data += piece[: self._at]
        return data

    def _plain(self, count: int) -> bytes:
        data = self._stored.read(count)
        while len(data) < count and (more := self._stored.read(count - len(data))):
            data += more
        self._given += len(data)
        if self._given > self._limits.largest:
            raise UnreadableFile(f"the file has more than {self._limits.largest} bytes")
        return data

    def _unpack(self, packed: bytes) -> Iterator[bytes]:
        """Members one after the other, in pieces; zeros after the last are padding."""
        import zlib  # few files are packed

        member = zlib.decompressobj(wbits=31)
        begun = False
        while True:
            if not packed:
                packed = self._stored.read(_READ)
                if not packed:
                    break
            if member.eof:
                packed = packed.lstrip(b"\x00")
                if not packed:
                    continue
                if len(packed) == 1:
                    packed += self._stored.read(_READ)
                if not packed.startswith(_GZIP):
                    self.fault = "what follows the end of the gzip data is not gzip; it was left out"
                    return
                member, begun = zlib.decompressobj(wbits=31), False
            before = member.copy()  # what an error takes with it can be had again, in small steps
            try:
                piece = member.decompress(packed, _READ)
            except zlib.error as exc:
                for piece in _salvaged(before, packed):
                    self._count(len(piece))
                    yield piece
                self.cut = True
                self.fault = f"the gzip data are damaged after {self._given} unpacked bytes ({exc})"
                return
            begun = True
            packed = member.unconsumed_tail or member.unused_data
            if piece:
                self._count(len(piece))
                yield piece
        if begun and not member.eof:
            self.cut = True
            self.fault = f"the gzip data end before their time, after {self._given} unpacked bytes"

    def _count(self, count: int) -> None:
        self._given += count
        limits = self._limits
        if self._given > limits.largest:
            raise UnreadableFile(f"unpacked, the file has more than {limits.largest} bytes")
        if self._given > limits.ratio_from and self._given > limits.ratio * self._stored.size:
            raise UnreadableFile(
                f"the file unpacks to more than {limits.ratio} times its size, which no station's file does; it is not read on"
            )


def _salvaged(member: Any, packed: bytes) -> Iterator[bytes]:
    """What comes out before the damage."""
    import zlib

    step = 64
    while step:
        at = 0
        while at < len(packed):
            before = member.copy()
            try:
                piece = member.decompress(packed[at : at + step])
            except zlib.error:
                member, packed = before, packed[at : at + step]
                break
            if piece:
                yield piece
            at += step
        step = 1 if step > 1 else 0


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
        records = getattr(module, "RECORDS", None)
        if records is None or not context.hurried:
            yield from module.read(cast(BinaryIO, stream), context)
            return
        parts: Any = import_module("mesonet.formats.records")
        yield from parts.pieces(parts.Part(stream, stream.head, records, context), module.read, context)


def named(name: str) -> Format:
    """The format of this name, which recognition gave."""
    if module := _paths().get(name.removesuffix("-csv").replace("-", "_")):
        return _module(module)
    return next(module for module in _modules() if name == module.NAME)


@cache
def _paths() -> dict[str, str]:
    """The formats of `SELDOM` and `LAST` by their modules' own names."""
    return {module.rpartition(".")[2].removesuffix("_file"): module for module in (*SELDOM, *LAST)}


def open_file(stream: BinaryIO, context: Context | None = None, *, limits: Limits | None = None) -> Opened:
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
    if mapping and not own and _magic(unpacked.head) is None:
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
    if _magic(head) is not None or is_binary(head):
        return False
    pattern = _STRANGE if known in (None, "csv", "text-table") else _FILLED
    return encoding_of(head).startswith(WIDE) or pattern.search(decode(head)[:_GLANCED]) is not None


def _mapped(recognition: Recognition, name: str, why: str) -> Recognition:
    """The recognition where the operator's mapping fits what `name` reads."""
    others = dict(recognition.others)
    if recognition.format:
        others[recognition.format] = recognition.guess
    guess = others.pop(name, None)
    why += f"; {guess.why}" if guess else ""
    return Recognition(format=name, guess=Guess(1.0, why), compression=recognition.compression, others=others)


def _packed(recognition: Recognition) -> Recognition:
    """The recognition of unpacked bytes, as that of the gzip around them."""
    if recognition.compression:
        return Recognition(format=None, guess=Guess(0.0, "gzip in gzip: unpack it once"), compression="gzip")
    return Recognition(format=recognition.format, guess=recognition.guess, compression="gzip", others=recognition.others)
