"""U.S. Climate Reference Network, daily01 (CRND0103): 28 fields. For the source see `crn`.

T_DAILY_MEAN is the mean of the two extremes, T_DAILY_AVG that of all; solar energy of a day is written as its mean power.
"""

from mesonet.formats.noaa.crn import Product, soil, value
from mesonet.formats.records import LineRecords

NAME = "crn-daily"

_DAY = "P1D"
_PRODUCT = Product(
    "daily",
    ("LST_DATE",),
    "%Y%m%d",
    (
        "WBANNO",
        "LST_DATE",
        "CRX_VN",
        "LONGITUDE",
        "LATITUDE",
        value("T_DAILY_MAX", "air_temperature", "Cel", "maximum", _DAY),
        value("T_DAILY_MIN", "air_temperature", "Cel", "minimum", _DAY),
        value("T_DAILY_MEAN", "air_temperature", "Cel", "mid_range", _DAY),
        value("T_DAILY_AVG", "air_temperature", "Cel", "mean", _DAY),
        value("P_DAILY_CALC", "precipitation_amount", "mm", "sum", _DAY),
        value("SOLARAD_DAILY", "surface_downwelling_shortwave_flux_in_air", "MJ/m2/d", "mean", _DAY),
        "SUR_TEMP_DAILY_TYPE",
        value("SUR_TEMP_DAILY_MAX", "surface_temperature", "Cel", "maximum", _DAY),
        value("SUR_TEMP_DAILY_MIN", "surface_temperature", "Cel", "minimum", _DAY),
        value("SUR_TEMP_DAILY_AVG", "surface_temperature", "Cel", "mean", _DAY),
        value("RH_DAILY_MAX", "relative_humidity", "%", "maximum", _DAY),
        value("RH_DAILY_MIN", "relative_humidity", "%", "minimum", _DAY),
        value("RH_DAILY_AVG", "relative_humidity", "%", "mean", _DAY),
        *soil(_DAY, "SOIL_{}_{}_DAILY"),
    ),
    surface=11,
)

RECORDS = LineRecords()
sniff = _PRODUCT.sniff
read = _PRODUCT.read
