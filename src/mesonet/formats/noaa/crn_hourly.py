"""U.S. Climate Reference Network, hourly02 (CRNH0203): 38 fields. For the source see `crn`.

T_CALC is the mean of the last five minutes of the hour.
"""

from mesonet.formats.noaa.crn import Product, soil, value
from mesonet.formats.records import LineRecords

NAME = "crn-hourly"

_HOUR = "PT1H"
_SUN = "surface_downwelling_shortwave_flux_in_air"
_PRODUCT = Product(
    "hourly",
    ("UTC_DATE", "UTC_TIME"),
    "%Y%m%d %H%M",
    (
        "WBANNO",
        "UTC_DATE",
        "UTC_TIME",
        "LST_DATE",
        "LST_TIME",
        "CRX_VN",
        "LONGITUDE",
        "LATITUDE",
        value("T_CALC", "air_temperature", "Cel", "mean", "PT5M"),
        value("T_HR_AVG", "air_temperature", "Cel", "mean", _HOUR),
        value("T_MAX", "air_temperature", "Cel", "maximum", _HOUR),
        value("T_MIN", "air_temperature", "Cel", "minimum", _HOUR),
        value("P_CALC", "precipitation_amount", "mm", "sum", _HOUR),
        value("SOLARAD", _SUN, "W/m2", "mean", _HOUR),
        "SOLARAD_FLAG",
        value("SOLARAD_MAX", _SUN, "W/m2", "maximum", _HOUR),
        "SOLARAD_MAX_FLAG",
        value("SOLARAD_MIN", _SUN, "W/m2", "minimum", _HOUR),
        "SOLARAD_MIN_FLAG",
        "SUR_TEMP_TYPE",
        value("SUR_TEMP", "surface_temperature", "Cel", "mean", _HOUR),
        "SUR_TEMP_FLAG",
        value("SUR_TEMP_MAX", "surface_temperature", "Cel", "maximum", _HOUR),
        "SUR_TEMP_MAX_FLAG",
        value("SUR_TEMP_MIN", "surface_temperature", "Cel", "minimum", _HOUR),
        "SUR_TEMP_MIN_FLAG",
        value("RH_HR_AVG", "relative_humidity", "%", "mean", _HOUR),
        "RH_HR_AVG_FLAG",
        *soil(_HOUR, "SOIL_{}_{}"),
    ),
    surface=19,
)

RECORDS = LineRecords()
sniff = _PRODUCT.sniff
read = _PRODUCT.read
