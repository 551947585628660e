"""What bytes are that no format reads, as far as one can tell, and what would be read instead."""

from mesonet.formats.text import is_binary
from mesonet.formats.unpacked import GZIP
from mesonet.regex import regex

TWICE = "gzip in gzip: unpack it once"
_ROOT = regex(r"<([a-z][\w:.-]{0,60})")
_JSON = regex(rb'\{|\[\s*(?:[\[{"\d\]-]|true\b|false\b|null\b|$)')
_CDL = regex(rb"(?:\xef\xbb\xbf)?\s*(?://[^\n]*\n\s*)*netcdf +[^\s{]{1,255}\s*\{")
_TAF = regex(rb"(?m)^[^\S\n]*+TAF(?:\s+(?:AMD|COR))*\s+[A-Z]{4}\s+\d{6}Z?\s")
# members of an answer by which it may be an error, what they say where it is one, and where services say what is wrong
_CODES = ("cod", "code", "status", "statusCode", "error_code")
_FAULT = regex(r"(?i)(?!(?:0|2\d\d)$)-?\d{1,6}|.*(?:err|fail|invalid|illegal|denied|unauthori[sz]|forbidden|not.?found|bad).*")
_SAID = ("reason", "message", "detail", "msg", "error_message", "title", "error")
_MOST_OF_AN_ERROR, _LONGEST = 12, 200  # members, characters
_HEADING = regex(rb"(?m)^[^\S\n]*+([A-Z]{2})[A-Z]{2}\d{0,2} +[A-Z]{4} +\d{6}(?: [A-Z]{3})?\s*$")
_ACIS = regex(rb'\s*\{\s*"(?:meta|data)"\s*:[\s\[]*\{(?:\s*"meta"\s*:\s*\{)?[^{}]{0,400}"(?:sids|uid|ll)"\s*:')
_CLEAR_SKY = regex(rb"(?:\xef\xbb\xbf)?(?:#[^\n]{0,200}\n){0,5}# *Title: *CAMS McClear")
_PROGRAM = regex(rb"(?:export |module\.exports|(?:const|let|var) \w+ ?(?::[^=\n]{1,40})?=)")
_CODE_FORM = regex(
    rb"(?m)^[^\S\n]*+(?:(?P<SS>ZZYY)|(?P<US>(?:TT|UU|XX|II)(?:AA|BB|CC|DD))|(?P<UP>(?:PP|QQ|EE)(?:AA|BB|CC|DD)))\s+(?!\d{6}Z)[0-9A-Z]"
)
_IGRA = regex(rb"#[a-z]{2}[a-z0-9]{9} \d{4} [ \d]\d [ \d]\d \d\d [ \d]{4} [ \d]{4} ")
_HOURLY_RAIN = regex(rb"hpd\d{8}[hq]pcph[it]\d{4}")
_NASA_AMES = regex(rb"\d{1,4}(?: +|, *)(?:1001|1010|1020|2010|2110|2160|2310|3010|4010)\s*\n")
_WOUDC = regex(rb"(?:\*[^\n]{0,200}\n\s*)*#content\s*\n\s*class *, *category *, *level")
_SOUNDING = regex(rb"snparm *= *pres;")
_EXTREMES = regex(rb"(?m)^XTEUS\s*$")
_FIGURES = regex(rb"(?m)^[^\S\n]*+\d{5}(?:[ \t]+[0-9/]{5}){3,}[ \t]*=?\s*$")
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

# what begins so is known, but not read (yet)
_MAGIC = (
    (b'"TOB2', "a Campbell TOB2 file (binary, from a card): convert it with CardConvert to TOA5 or TOB1"),
    (b'"TOB3', "a Campbell TOB3 file (binary, from a card): convert it with CardConvert to TOA5 or TOB1"),
    (b"*GLOBAL*,Conventions,", "NCCSV of ERDDAP, whose attributes stand above its table: ask ERDDAP for .csv or .nc"),
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
    *((b"MATLAB %s MAT-file" % version, "a MATLAB file: store it as NetCDF or CSV") for version in (b"5.0", b"7.3")),
    (b"\x93NUMPY", "an array of NumPy: store it as NetCDF or CSV"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save it as CSV"),
)
# the same of bytes that text may begin with, too
_BINARY = (
    (b"ORC", "an ORC file: store it as Parquet"),
    (b"FEA1", "a Feather file of version 1: store it as Parquet"),
    (b"\xff\xff\xff\xff", "a stream of Arrow (IPC), by its first bytes: store it as Parquet"),
    *((head, "packed with zlib; use gzip") for head in (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")),
)
# what a namespace or a root element of XML tells that no reader knows, and where the same may be had; the first that is there
_XML = (
    ("urn:oasis:names:tc:emergency:cap", "an alert (CAP), which is not read", ""),
    ("water.weather.gov/ahps", "stages and flows of rivers (HML of the NWS), which are not read", ""),
    ("<sigstages", "stages and flows of rivers (HML of the NWS), which are not read", ""),
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


# of answers of api.weather.gov without observations, members that they alone have, and what they are
_NWS = (
    (b'"forecastGenerator"', "forecasts, which are no observations"),
    (b'"validTimes"', "forecasts, which are no observations"),
    (b'"areaDesc"', "alerts, which are not read"),
    (b'"productCode"', "texts of its offices, which are not read"),
    (b'"gridId"', "a point of its grid: ask for what `observationStations` in it leads to, and for their observations"),
)


def of_nws(head: bytes) -> str:
    """What an answer of api.weather.gov is that holds no observations; "" of anything else."""
    told = next((what for sign, what in _NWS if sign in head), "") if b"api.weather.gov" in head else ""
    return f"an answer of api.weather.gov: {told}" if told else ""


def at_once(head: bytes) -> str | None:
    """What the first bytes alone tell, which no format is asked about then."""
    if what := next((what for begin, what in _MAGIC if head.startswith(begin)), None):
        return what
    if head.startswith(GZIP):
        return TWICE
    if b"netcdf" in head and _CDL.match(head):
        return "NetCDF as text (CDL): put the NetCDF file itself, which ncgen makes of it"
    if b"McClear" in head and _CLEAR_SKY.match(head):
        return (
            "radiation that a model computes for a sky without clouds (CAMS McClear), which is no observation: it is not read"
        )
    if head[257:262] == b"ustar":
        return "tar archive: put its members as files"
    return None


def why(head: bytes) -> str:
    """Why no format that was asked recognises these bytes."""
    if not head.strip():
        return "nothing but blank lines"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        if b"BEGIN DATA" in head:
            return "an HTML page around a table of AgriMet or Hydromet: ask its service for CSV (format=csv)"
        return "an HTML page, as a failed download leaves it"
    if start.startswith((b"<?xml", b"<")):
        return _xml(start.decode("latin-1"))
    if _JSON.match(start):
        return _json(head)
    if head.startswith(b"PK\x03\x04"):
        return "a document that is a zip archive inside, such as an Excel workbook: save its tables as CSV"
    if head[8:12] == b"DUCK":
        return "a database of DuckDB: store its tables as Parquet"
    if is_binary(head):
        return next((what for begin, what in _BINARY if head.startswith(begin)), "binary data that no format recognises")
    if _IGRA.match(start):
        return "soundings of the upper air (IGRA), which are not read: stations at the surface of NOAA's are in GHCNh"
    if _HOURLY_RAIN.match(start):
        return "hours of precipitation of NCDC (DSI-3240), which are not read: NCEI has them anew as a table (HPD)"
    if _NASA_AMES.match(start):
        return "a file of NASA Ames' or ICARTT's form (as of EBAS), which is not read: EBAS and others have NetCDF, too"
    if _WOUDC.match(start):
        return "a file of the WOUDC (ozone, ultraviolet radiation), which is not read"
    if _SOUNDING.match(start):
        return "profiles of a model or soundings (BUFKIT, GEMPAK), which are no observations at the surface: they are not read"
    if _EXTREMES.search(head[:4096]):
        return (
            "a bulletin of the highest and lowest temperatures of a country (XTEUS), in words: GHCN-Daily has days of stations"
        )
    if _TAF.search(head[:4096]):
        return _BULLETINS["FT"]
    for heading in _HEADING.finditer(head[:4096]):
        kind = heading[1].decode()
        if told := _BULLETINS.get(kind) or _BULLETINS.get(kind[0]):
            return f"a bulletin of {told}"
    if (form := _CODE_FORM.search(head[:4096])) and form.lastgroup:
        return f"a bulletin of {_BULLETINS[form.lastgroup]}"
    if _FIGURES.search(head[:4096]):
        return "groups of five figures as those of SYNOP, but without the AAXX, day and hour (or BBXX, OOXX) that stand above"
    if _PROGRAM.match(start):
        return "a program (JavaScript) around its data: store what stands behind the `=` alone, as JSON"
    if len(head.strip().splitlines()) == 1:
        return "one line of text: a table has a header, and at least one row below it"
    return "text, but no table that is known: its lines do not have equally many fields, or nothing tells what those are"


def _xml(start: str) -> str:
    """What XML it is, by its root or by a namespace."""
    what, hint = next(((what, hint) for sign, what, hint in _XML if sign in start), ("", ""))
    if what:
        return f"XML: {what}{': ' * bool(hint)}{hint}"
    root = _ROOT.search(start)
    return f"XML, which is not read; its root is {root[1]}" if root else "XML, which is not read"


def _json(head: bytes) -> str:
    """What JSON it is that no format recognises."""
    if b"csv2bufr-template" in head or b"eccodes_key" in head:
        return (
            "a template of csv2bufr (wis2box), which is not used: a mapping says what columns mean; one is proposed of the data"
        )
    if said := _complaint(head):
        return f"an answer that tells of an error, and holds no observations: {said}"
    if told := of_nws(head):
        return told
    if _ACIS.match(head):
        return (
            "an answer of ACIS (rcc-acis.org), whose rows do not tell what their columns are: that is in the question alone; "
            "put them as CSV with a header and a mapping"
        )
    if b'"common_list"' in head:
        return "live data of an Ecowitt gateway, which do not tell their time: let it send its reports (Customized, Ecowitt)"
    from mesonet.formats.json_document import glance  # only for a file that nobody reads

    seen = glance(head)
    if seen and seen["type"] == "FeatureCollection" and not any(path.startswith("features[") for path in seen.paths):
        return "GeoJSON without a single feature"
    names = [path for path in (seen.paths if seen else ()) if "." not in path and "[" not in path]
    told = f"; its members are {', '.join(names[:8])}{', …' if len(names) > 8 else ''}"[:200] if names else ""
    return f"JSON{', one document a line,' if seen and seen.lines else ''} that no format recognises{told}"


def _complaint(head: bytes) -> str:
    """What a service says that could not answer; "" where it did not say so."""
    from json import loads  # as above

    try:
        told = loads(head)
    except (ValueError, RecursionError):
        return ""
    if isinstance(told, dict) and isinstance(told.get("error"), dict):
        told = told | told["error"]
    if not isinstance(told, dict) or len(told) > _MOST_OF_AN_ERROR:
        return ""
    if not (told.get("error") or told.get("errors") or any(_FAULT.fullmatch(str(told.get(name))) for name in _CODES)):
        return ""  # also where it says that all is well
    return next((text[:_LONGEST] for name in _SAID if isinstance(text := told.get(name), str) and text.strip()), "")
