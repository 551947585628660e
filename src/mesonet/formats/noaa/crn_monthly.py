"""U.S. Climate Reference Network, monthly01 (CRNM0102): 15 fields. For the source see `crn`.

Extremes are means of the days'; T_MONTHLY_MEAN is the mean of the two, T_MONTHLY_AVG that of the days' means; solar energy is
that of a mean day. A month stands at its first day.
"""

from mesonet.formats.noaa.crn import Product, value
from mesonet.formats.records import LineRecords

NAME = "crn-monthly"

_MONTH = "P1M"
_HIGHS, _LOWS = "maximum_within_days_mean_over_days", "minimum_within_days_mean_over_days"
_PRODUCT = Product(
    "monthly",
    ("LST_YRMO",),
    "%Y%m%d",
    (
        "WBANNO",
        "LST_YRMO",
        "CRX_VN_MONTHLY",
        "LONGITUDE",
        "LATITUDE",
        value("T_MONTHLY_MAX", "air_temperature", "Cel", _HIGHS, _MONTH),
        value("T_MONTHLY_MIN", "air_temperature", "Cel", _LOWS, _MONTH),
        value("T_MONTHLY_MEAN", "air_temperature", "Cel", "mid_range", _MONTH),
        value("T_MONTHLY_AVG", "air_temperature", "Cel", "mean", _MONTH),
        value("P_MONTHLY_CALC", "precipitation_amount", "mm", "sum", _MONTH),
        value("SOLRAD_MONTHLY_AVG", "surface_downwelling_shortwave_flux_in_air", "MJ/m2/d", "mean", _MONTH),
        "SUR_TEMP_MONTHLY_TYPE",
        value("SUR_TEMP_MONTHLY_MAX", "surface_temperature", "Cel", _HIGHS, _MONTH),
        value("SUR_TEMP_MONTHLY_MIN", "surface_temperature", "Cel", _LOWS, _MONTH),
        value("SUR_TEMP_MONTHLY_AVG", "surface_temperature", "Cel", "mean", _MONTH),
    ),
    surface=11,
)

RECORDS = LineRecords()
sniff = _PRODUCT.sniff
read = _PRODUCT.read
