"""What elements of SWOB are called, in its XML and in the JSON that GeoMet makes of it.

Source: Environment and Climate Change Canada, "SWOB-ML Product User Guide" (dd.weather.gc.ca/observations/swob-ml) and
api.weather.gc.ca (swob-realtime). A name is a statistic, a quantity, a height, a period and the number of a sensor, of which
those but the quantity may lack. The summary of quality goes from 0, an error, to 100, passed; -1 is missing.
"""

from collections.abc import Mapping
from functools import lru_cache

from mesonet.domain.observation import FAIL, MISSING, NOT_EVALUATED, SUSPECT
from mesonet.formats.json_readings import Field, field_of
from mesonet.regex import regex

_DOWN = "surface_downwelling_shortwave_flux_in_air"
_QUANTITIES = {
    "air_temp": "air_temperature",
    "dwpt_temp": "dew_point_temperature",
    "wetblb_temp": "wet_bulb_temperature",
    "rel_hum": "relative_humidity",
    "stn_pres": "air_pressure",
    "mslp": "air_pressure_at_mean_sea_level",
    "altmetr_setng": "altimeter_setting",
    "vis": "visibility_in_air",
    "wnd_spd": "wind_speed",
    "wnd_gst_spd": "wind_speed_of_gust",
    "wnd_dir": "wind_from_direction",
    "pcpn_amt": "precipitation_amount",
    "rnfl_amt": "rainfall_amount",
    "snw_dpth": "surface_snow_thickness",
    "snw_dpth_wtr_equiv": "lwe_thickness_of_surface_snow_amount",
    "globl_solr_radn": _DOWN,
    "sea_sfc_temp": "sea_surface_temperature",
}
_NAME = regex(r"(?:(avg|max|min|tot)_)?([a-z_]+?)(?:_(\d{1,2})m)?(?:_pst(\d{1,3})(mts?|hrs?))?(?:_\d{1,2})?")
_METHODS = {"avg": "mean", "max": "maximum", "min": "minimum", "tot": "sum", "": "point"}
_STATION = ("clim_id", "msc_id", "wmo_synop_id", "icao_stn_id", "tc_id")
_FLAGS = {"100": NOT_EVALUATED, "0": FAIL, "-1": MISSING, "": NOT_EVALUATED}
NONE = ("MSNG", "")


@lru_cache(maxsize=1024)
def field(name: str, unit: str) -> Field | None:
    """What an element is, None where it is nothing that is taken."""
    match = _NAME.fullmatch(name)
    statistic, quantity, level, count, of = match.groups(default="") if match else ("",) * 5
    standard_name, method = _QUANTITIES.get(quantity, ""), _METHODS[statistic]
    if quantity == "wnd_spd" and method == "maximum":  # of a few seconds
        standard_name = "wind_speed_of_gust"
    if standard_name in ("precipitation_amount", "rainfall_amount"):
        method = "sum"
    elif method == "sum":  # of radiation, an energy
        unit = "kJ/m2/h" if unit == "kJ/m²" and (count, of) == ("1", "hr") else ""
        method = "mean"
    if not standard_name or not unit or (method == "point") != (not count) or (count and not int(count)):
        return None
    period = f"PT{int(count)}{of[0].upper()}" if count else "PT0S"
    return field_of(name, standard_name, unit, method, period, float(level) if level else None)


def flag(summary: str) -> int:
    """The flag that a summary of quality gives."""
    return _FLAGS.get(summary, SUSPECT)


def station(who: Mapping[str, str]) -> str:
    """What a station is called: its climate identifier, as in the historical data, else the next that it has."""
    return next((who[name] for name in _STATION if who.get(name, "") not in NONE), "")
