"""The collection as OGC API and the MetOcean profile describe it: landing page, conformance, extent, parameters."""

from typing import Any

from mesonet.domain import instant
from mesonet.domain.network import Network
from mesonet.domain.parameter import POINT, STANDARD_NAMES, Parameter, parse
from mesonet.functions.api_weather.queries import CRS, WITHIN_UNITS
from mesonet.web.media import COVERAGEJSON, GEOJSON, JSON
from mesonet.web.request import Request

ID = "insitu-observations"
PATH = f"collections/{ID}"
TITLE = "In-situ weather observations"
DESCRIPTION = "Observations of the network's weather stations, as series of each station."
OPENAPI_31 = "application/vnd.oai.openapi+json;version=3.1"
OPENAPI_30 = "application/vnd.oai.openapi+json;version=3.0"
OUTPUT_FORMATS = ["CoverageJSON", "GeoJSON", "CSV"]
QUERIES = ("position", "radius", "area", "locations", "items")

_OGC = "http://www.opengis.net/spec"
_PROFILE = "https://eumetnet.github.io/spec/metocean-edr-profile/1"
CONFORMS_TO = [
    f"{_OGC}/ogcapi-common-1/1.0/conf/core",
    f"{_OGC}/ogcapi-common-1/1.0/conf/landing-page",
    f"{_OGC}/ogcapi-common-1/1.0/conf/json",
    f"{_OGC}/ogcapi-common-1/1.0/conf/html",
    f"{_OGC}/ogcapi-common-2/1.0/conf/collections",
    *(
        f"{_OGC}/ogcapi-edr-1/{version}/conf/{name}"
        for version in ("1.2", "1.1")
        for name in ("core", "collections", "json", "geojson", "edr-geojson", "covjson", "queries")
    ),
    f"{_OGC}/ogcapi-edr-1/1.2/conf/oas31",
    f"{_OGC}/ogcapi-edr-1/1.2/req/oas31",  # so its validators ask for it
    f"{_OGC}/ogcapi-edr-1/1.1/conf/oas30",
    f"{_OGC}/ogcapi-edr-1/1.0/conf/core",
    f"{_OGC}/ogcapi-edr-1/1.0/conf/collections",
    f"{_OGC}/ogcapi-edr-1/1.0/conf/geojson",
    f"{_OGC}/ogcapi-edr-1/1.0/conf/covjson",
    f"{_OGC}/ogcapi-features-1/1.0/conf/core",
    f"{_OGC}/ogcapi-features-1/1.0/conf/geojson",
    f"{_OGC}/ogcapi-features-1/1.0/conf/html",
    f"{_OGC}/ogcapi-features-1/1.0/conf/oas30",
    f"{_PROFILE}/conf/core",
    f"{_PROFILE}/conf/insitu-observations",
    f"{_PROFILE}/req/core",
    f"{_PROFILE}/req/insitu-observations",
]

# UCUM code: (qudt:symbol, local name of the unit in QUDT)
_QUDT = {
    "Cel": ("°C", "DEG_C"),
    "[degF]": ("°F", "DEG_F"),
    "K": ("K", "K"),
    "m/s": ("m/s", "M-PER-SEC"),
    "km/h": ("km/h", "KiloM-PER-HR"),
    "[mi_i]/h": ("mi/h", "MI-PER-HR"),
    "[kn_i]": ("kn", "KN"),
    "[ft_i]/s": ("ft/s", "FT-PER-SEC"),
    "hPa": ("hPa", "HectoPA"),
    "Pa": ("Pa", "PA"),
    "kPa": ("kPa", "KiloPA"),
    "bar": ("bar", "BAR"),
    "[in_i'Hg]": ("inHg", "IN_HG"),
    "mm[Hg]": ("mmHg", "MilliM_HG"),
    "m": ("m", "M"),
    "km": ("km", "KiloM"),
    "cm": ("cm", "CentiM"),
    "mm": ("mm", "MilliM"),
    "[in_i]": ("in", "IN"),
    "[ft_i]": ("ft", "FT"),
    "[mi_i]": ("mi", "MI"),
    "[nmi_i]": ("nmi", "MI_N"),
    "deg": ("°", "DEG"),
    "rad": ("rad", "RAD"),
    "%": ("%", "PERCENT"),
    "[okta]": ("okta", "OKTA"),
    "W/m2": ("W/m²", "W-PER-M2"),
    "kW/m2": ("kW/m²", "KiloW-PER-M2"),
    "min": ("min", "MIN"),
    "s": ("s", "SEC"),
    "h": ("h", "HR"),
    "mm/h": ("mm/h", "MilliM-PER-HR"),
    "[in_i]/h": ("in/h", "IN-PER-HR"),
    "g/kg": ("g/kg", "GM-PER-KiloGM"),
    "1": ("一", "UNITLESS"),
}
# What CF has no name for: where it is defined, and as what
_NOT_OF_CF = {
    "altimeter_setting": (
        "http://codes.wmo.int/bufr4/b/10/052",
        "Pressure that sets an altimeter to the aerodrome's elevation (QNH)",
    )
}
_LEVEL = "Height of measurement above ground level in meters"
_DIMENSIONS = {
    "standard_name": "https://vocab.nerc.ac.uk/standard_name/",
    "level": _LEVEL,
    "method": "https://cfconventions.org/Data/cf-conventions/cf-conventions-1.11/cf-conventions.html#appendix-cell-methods",
    "duration": "https://en.wikipedia.org/wiki/ISO_8601#Durations",
}


def landing(request: Request) -> dict[str, Any]:
    return {
        "title": "Mesonet weather API",
        "description": "Stations, observations and files of a weather-station network.",
        "keywords": ["weather", "stations", "observations", "temperature", "wind", "precipitation", "pressure", "humidity"],
        "links": [
            request.link("self", "", type=JSON, title="This document"),
            request.link("alternate", "", {"f": "html"}, type="text/html", title="This document as a page"),
            request.link("service-desc", "api", type=OPENAPI_31, title="The API's definition, OpenAPI 3.1"),
            request.link("service-desc", "api", {"f": "3.0"}, type=OPENAPI_30, title="The API's definition, OpenAPI 3.0"),
            request.link("service-doc", "api", {"f": "html"}, type="text/html", title="The API's documentation"),
            request.link("conformance", "conformance", type=JSON, title="Standards that the API conforms to"),
            request.link("http://www.opengis.net/def/rel/ogc/1.0/conformance", "conformance", type=JSON, title="Conformance"),
            request.link("data", "collections", type=JSON, title="Collections of data"),
            request.link("http://www.opengis.net/def/rel/ogc/1.0/data", "collections", type=JSON, title="Collections"),
            request.link("stations", "stations", type=GEOJSON, title="Stations"),
            request.link("search", "search", type=JSON, title="Files and stations by words, place and properties"),
            request.link("files", "files", type=JSON, title="Files that arrived"),
            request.link("status", "health", type=JSON, title="Whether the service is well"),
        ],
    }


def collections(request: Request, network: Network, license_url: str) -> dict[str, Any]:
    return {
        "links": [
            request.here("self", request.query, type=JSON, title="Collections"),
            request.here("alternate", {**request.query, "f": "html"}, type="text/html", title="Collections as a page"),
        ],
        "collections": [described(request, network, license_url)],
    }


def described(request: Request, network: Network, license_url: str) -> dict[str, Any]:
    names = sorted(network.parameters)
    return {
        "id": ID,
        "title": TITLE,
        "description": DESCRIPTION,
        "keywords": ["weather", "in-situ observations", "automatic weather stations"],
        "links": [
            request.link("self", PATH, type=JSON, title="This collection"),
            request.link("alternate", PATH, {"f": "html"}, type="text/html", title="This collection as a page"),
            request.link("data", PATH, type=JSON, title="This collection's data queries"),
            request.link("collection", PATH, type=JSON, title="This collection"),
            request.link("items", f"{PATH}/items", type=GEOJSON, title="Its stations as features"),
            request.link("items", f"{PATH}/items", {"f": "html"}, type="text/html", title="Its stations as a page"),
            {"rel": "license", "href": license_url, "type": "text/html", "title": "Licence of the data", "hreflang": "en"},
        ],
        "extent": _extent(network),
        "data_queries": {name: {"link": _query_link(request, name)} for name in QUERIES},
        "crs": list(CRS),
        "output_formats": OUTPUT_FORMATS,
        "parameter_names": {name: parameter(name, network.parameters[name]) for name in names},
    }


def _extent(network: Network) -> dict[str, Any]:
    box = network.extent
    extent: dict[str, Any] = {
        "spatial": {"bbox": [[box.west, box.south, box.east, box.north] if box else [-180, -90, 180, 90]], "crs": "OGC:CRS84"}
    }
    if network.first is not None and network.last is not None:
        first, last = instant.iso(network.first), instant.iso(network.last)
        extent["temporal"] = {"interval": [[first, last]], "values": [f"{first}/{last}"], "trs": "Gregorian"}
    parsed = [parse(name) for name in network.parameters]
    if parsed:
        values: dict[str, list[Any]] = {
            "standard_name": sorted({each.standard_name for each in parsed}),
            "level": sorted({each.level for each in parsed}),
            "method": sorted({each.method for each in parsed}),
            "duration": sorted({each.duration for each in parsed}),
        }
        levels = [f"{level:g}" for level in values["level"]]  # texts, so EDR; `z` is of these
        extent["vertical"] = {"interval": [[levels[0], levels[-1]]], "values": levels, "vrs": _LEVEL}
        # The profile's text and its tests spell the dimensions in one way, its examples and E-SOH in the other: both are there
        extent["custom"] = [
            {"id": name, "interval": [[found[0], found[-1]]], "values": found, "reference": _DIMENSIONS[dimension]}
            for dimension, found in values.items()
            for name in (dimension, f"{dimension}s")
        ]
    return extent


def _query_link(request: Request, name: str) -> dict[str, Any]:
    about = {
        "position": ("Position query", "The station nearest to a point that observes what is asked for"),
        "radius": ("Radius query", "Stations around a point, the nearest first"),
        "area": ("Area query", "Stations in a polygon"),
        "locations": ("Locations query", "Stations, and what one of them observed"),
        "items": ("Items query", "Stations as features"),
    }
    title, description = about[name]
    formats = ["GeoJSON"] if name == "items" else OUTPUT_FORMATS
    variables: dict[str, Any] = {
        "title": title,
        "description": description,
        "query_type": name,
        "output_formats": formats,
        "default_output_format": formats[0],
        "crs_details": [{"crs": "OGC:CRS84", "wkt": _WKT_CRS84}, {"crs": "EPSG:4326", "wkt": _WKT_4326}],
    }
    if name == "radius":
        variables["within_units"] = list(WITHIN_UNITS)
    return {
        **request.link("data", f"{PATH}/{name}", type=GEOJSON if name in ("items", "locations") else COVERAGEJSON, title=title),
        "variables": variables,
    }


_WKT_CRS84 = (
    'GEOGCRS["WGS 84 (CRS84)",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]],'
    'CS[ellipsoidal,2],AXIS["geodetic longitude (Lon)",east],AXIS["geodetic latitude (Lat)",north],'
    'UNIT["degree",0.0174532925199433],ID["OGC","CRS84"]]'
)
_WKT_4326 = (
    'GEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]],'
    'CS[ellipsoidal,2],AXIS["geodetic latitude (Lat)",north],AXIS["geodetic longitude (Lon)",east],'
    'UNIT["degree",0.0174532925199433],ID["EPSG",4326]]'
)


def parameter(name: str, unit: str) -> dict[str, Any]:
    """A member of `parameter_names` (EDR), with what the profile wants besides."""
    said = parse(name)
    return {
        "type": "Parameter",
        "id": name,
        "label": label(said),
        "description": description(said),
        "data-type": "float",
        "unit": {"label": unit, "symbol": _symbol(unit)},
        "observedProperty": _observed(said),
        "measurementType": {"method": said.method, "duration": said.duration},
        "metocean:standard_name": said.standard_name,
        "metocean:level": said.level,
    }


def covjson_parameter(name: str, unit: str) -> dict[str, Any]:
    """The same in CoverageJSON, where texts have a language."""
    said = parse(name)
    measured = {"method": said.method, "duration": said.duration}
    observed = _observed(said)
    return {
        "type": "Parameter",
        "id": name,
        "label": {"en": label(said)},
        "description": {"en": description(said)},
        "unit": {"label": {"en": unit}, "symbol": _symbol(unit)},
        "observedProperty": {
            **observed,
            "label": {"en": observed["label"]},
            **({"description": {"en": observed["description"]}} if "description" in observed else {}),
        },
        "measurementType": measured,
        "metocean:measurementType": measured,
        "metocean:standard_name": said.standard_name,
        "metocean:level": said.level,
    }


def _symbol(unit: str) -> dict[str, str]:
    symbol, name = _QUDT.get(unit, (unit, unit))
    return {"value": symbol, "type": f"https://qudt.org/vocab/unit/{name}"}


def _observed(said: Parameter) -> dict[str, str]:
    words = _words(said)
    if found := _NOT_OF_CF.get(said.standard_name):
        identifier, about = found
        return {"id": identifier, "label": words, "description": about}
    return {"id": f"https://vocab.nerc.ac.uk/standard_name/{said.standard_name}", "label": words}


def _words(said: Parameter) -> str:
    return said.standard_name.replace("_", " ").capitalize()


def label(said: Parameter) -> str:
    """At most 50 characters, so the profile."""
    words = _words(said)
    if said.method != POINT:
        words = f"{words}, {said.method.replace('_', ' ')} {said.duration}"
    usual = STANDARD_NAMES.get(said.standard_name, ("", 0.0))[1]
    if said.level != usual:
        words = f"{words} at {said.level:g} m"
    return words if len(words) <= 50 else f"{words[:49]}…"


def description(said: Parameter) -> str:
    when = "at a moment" if said.method == POINT else f"{said.method.replace('_', ' ')} over {said.duration}"
    where = f"{said.level:g} m above ground" if said.level >= 0 else f"{-said.level:g} m below ground"
    return f"{_words(said)}, {when}, {where}"
