"""U.S. Climate Reference Network, subhourly01 (CRNS0101): 23 fields every five minutes. For the source see `crn`.

Wind is measured at 1.5 m. The wetness of the rain gauge's surroundings, in ohms, is not taken.
"""

from mesonet.formats.noaa.crn import Product, soil, value
from mesonet.formats.records import LineRecords

NAME = "crn-subhourly"

_FIVE = "PT5M"
_PRODUCT = Product(
    "5-minute",
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
        value("AIR_TEMPERATURE", "air_temperature", "Cel", "mean", _FIVE),
        value("PRECIPITATION", "precipitation_amount", "mm", "sum", _FIVE),
        value("SOLAR_RADIATION", "surface_downwelling_shortwave_flux_in_air", "W/m2", "mean", _FIVE),
        "SR_FLAG",
        value("SURFACE_TEMPERATURE", "surface_temperature", "Cel", "mean", _FIVE),
        "ST_TYPE",
        "ST_FLAG",
        value("RELATIVE_HUMIDITY", "relative_humidity", "%", "mean", _FIVE),
        "RH_FLAG",
        *soil(_FIVE, "SOIL_{}_{}", (5,), "TEMPERATURE"),
        "WETNESS",
        "WET_FLAG",
        value("WIND_1_5", "wind_speed", "m/s", "mean", _FIVE, 1.5),
        "WIND_FLAG",
    ),
    surface=13,
)

RECORDS = LineRecords()
sniff = _PRODUCT.sniff
read = _PRODUCT.read
