"""What queries of OGC API - EDR may say, and in which forms they are answered: as much of them as the routes need to know."""

from mesonet.domain.export import Kind
from mesonet.web.media import COVERAGEJSON, CSV, GEOJSON, JSON

# the standard says parameter-name, its clients say this and that
NAMES = ("parameter-name", "parameter_name", "parameter-names", "parameter_names", "parameters")
STANDARD_NAMES = ("standard_name", "standard_names")
LEVELS = ("level", "levels", "z")
METHOD_NAMES = ("method", "methods")
DURATIONS = ("duration", "durations")
FILTERS = (*NAMES, *STANDARD_NAMES, *LEVELS, *METHOD_NAMES, *DURATIONS)
COMMON = ("f", "crs", "datetime", "units", "limit", "cursor", *FILTERS)
LISTS = ("bbox", "datetime", "limit", "cursor", "crs", "f", *FILTERS)
ITEMS = (*LISTS, "offset")
MOST_STATIONS = 1000

FORMATS = {
    "CoverageJSON": COVERAGEJSON,
    "GeoJSON": GEOJSON,
    "CSV": CSV,
    "covjson": COVERAGEJSON,
    "json": JSON,
    "prs": "application/prs.coverage+json",  # its former name, which some clients still ask for
}
FILES = {
    **dict.fromkeys(("CoverageJSON", "covjson", "json", "prs"), Kind.COVERAGEJSON),
    "CSV": Kind.CSV,
    "Parquet": Kind.PARQUET,
}
