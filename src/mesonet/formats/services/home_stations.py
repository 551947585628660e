"""What the stations of Fine Offset, sold as Ecowitt, Ambient Weather and others, call their quantities.

The unit is in the name: `f` is a degree Fahrenheit, `mph`, `in` an inch of rain or of mercury. Sources: Ambient Weather,
"Device Data Specs" (https://github.com/ambient-weather/api-docs/wiki/Device-Data-Specs) and "Advanced Settings"
(https://ambientweather.com/faqs/question/view/id/1857/); Ecowitt, https://doc.ecowitt.net/web/#/apiv3en.

Not taken are indoor and channel sensors (nobody says where they are), rain since some moment (a counter, not the amount of a
known time), and what Mesonet has no parameter for.

Some gateways were made to send metric values under these names (payloads in https://github.com/bachya/ecowitt2mqtt): a pressure
that can be in hPa and not in inches of mercury gives them away, and then no value is in the unit of its name for sure.

What tells a station apart (the MAC address; Ecowitt's PASSKEY, which is its MD5) also lets anybody report in its name, so it is
never published: a station is called by eight digits of a slow hash of it.
"""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from hashlib import pbkdf2_hmac

from mesonet.domain.observation import Reject
from mesonet.domain.parameter import Parameter, usual
from mesonet.formats import bounds
from mesonet.formats.json_readings import Field, Readings, field_of
from mesonet.formats.table import SHOWN

# name: (standard name, method, duration, unit)
_TAKEN: dict[str, tuple[str, str, str, str]] = {
    "tempf": ("air_temperature", "point", "PT0S", "degF"),
    "tempc": ("air_temperature", "point", "PT0S", "degC"),
    "humidity": ("relative_humidity", "point", "PT0S", "%"),
    "dewpointf": ("dew_point_temperature", "point", "PT0S", "degF"),
    "dewptf": ("dew_point_temperature", "point", "PT0S", "degF"),
    "dewPoint": ("dew_point_temperature", "point", "PT0S", "degF"),
    "baromabsin": ("air_pressure", "point", "PT0S", "inHg"),
    "baromrelin": ("air_pressure_at_mean_sea_level", "point", "PT0S", "inHg"),
    "baromin": ("air_pressure_at_mean_sea_level", "point", "PT0S", "inHg"),
    "winddir": ("wind_from_direction", "point", "PT0S", "deg"),
    "winddir_avg10m": ("wind_from_direction", "mean", "PT10M", "deg"),
    "winddir_avg2m": ("wind_from_direction", "mean", "PT2M", "deg"),
    "windgustdir": ("wind_gust_from_direction", "point", "PT0S", "deg"),
    "windspeedmph": ("wind_speed", "point", "PT0S", "mph"),
    "windspdmph_avg10m": ("wind_speed", "mean", "PT10M", "mph"),
    "windspdmph_avg2m": ("wind_speed", "mean", "PT2M", "mph"),
    "windgustmph": ("wind_speed_of_gust", "point", "PT0S", "mph"),
    "rainratein": ("rainfall_rate", "point", "PT0S", "in/h"),
    "rrain_piezo": ("rainfall_rate", "point", "PT0S", "in/h"),
    "solarradiation": ("surface_downwelling_shortwave_flux_in_air", "point", "PT0S", "W/m2"),
    "uv": ("ultraviolet_index", "point", "PT0S", "1"),
    "UV": ("ultraviolet_index", "point", "PT0S", "1"),
}
# what is about the device, not about the weather
HOUSEKEEPING = (
    "batt", "volt", "_ver", "freq", "model", "heap", "runtime", "interval", "stationtype", "dateutc", "passkey", "mac",
    "tz", "type", "created_at", "lastrain", "hl", "discreets", "date", "_id", "loc", "gain",
    "device", "method", "password", "softwaretype", "action", "realtime", "rtfreq",
)  # fmt: skip
_PRESSURES = ("baromabsin", "baromrelin")
_IMPERIAL = frozenset(("degF", "inHg", "mph", "in/h"))
MOST_STATIONS = 50  # in one file: hashing is slow on purpose
_ROUNDS = 20_000  # 5 ms
_SAME_PRESSURE = (
    "relative and absolute pressure are equal: the height of the station was not set there, "
    "so baromrelin was not taken as a pressure at sea level"
)


@cache
def quantity(name: str, unit: str = "") -> Field | None:
    """The field of a name, in the unit that its name says unless one is given."""
    if name not in _TAKEN:
        return None
    standard_name, method, duration, own = _TAKEN[name]
    return field_of(name, standard_name, unit or own, method, duration)


def fields(given: Mapping[str, object], readings: Readings) -> dict[Field, object]:
    """What of a report is taken; the rest is told to the readings."""
    found: dict[Field, object] = {}
    parameters: set[Parameter] = set()
    for name, value in given.items():
        each = quantity(name) if name in _TAKEN else None
        if each is None or each.parameter in parameters:
            if value not in (None, "") and not any(word in name.lower() for word in HOUSEKEEPING):
                readings.leave(name)
            continue
        if name == "baromrelin" and value == given.get("baromabsin"):
            readings.remark(_SAME_PRESSURE)
            continue
        parameters.add(each.parameter)
        found[each] = value
    return found


def doubted(given: Mapping[str, object], row: int) -> Iterator[tuple[str, Reject]]:
    """Names of a report whose values are in another unit than they say, for all that its pressure tells, and why not taken."""
    metric = next((name for name in _PRESSURES if _in_hectopascals(name, given.get(name))), None)
    if metric is None:
        return
    reason = f"{metric} can be in hPa and not in inHg, so the values are not in the units of their names"
    for name, value in given.items():
        if name in _TAKEN and _TAKEN[name][3] in _IMPERIAL and value not in (None, ""):
            yield name, Reject(reason=reason, row=row, column=name, value=str(value)[:SHOWN])


def _in_hectopascals(name: str, value: object) -> bool:
    try:
        told = float(value) if isinstance(value, (str, int, float)) else None
    except (ValueError, OverflowError):
        return False
    parameter = usual(_TAKEN[name][0])
    return bounds.outside(parameter, "inHg", told, told) and not bounds.outside(parameter, "hPa", told, told)


def called(prefix: str, secret: str, readings: Readings) -> str | None:
    """The identifier of a station, which does not tell the secret that it is made of; None where there are too many."""
    if secret not in readings.secrets and len(readings.secrets) >= MOST_STATIONS:
        return None
    readings.secrets.add(secret)
    return f"{prefix}_{_hashed(secret)}"


@lru_cache(maxsize=2 * MOST_STATIONS)
def _hashed(secret: str) -> str:
    return pbkdf2_hmac("sha256", secret.encode("utf-8", "replace"), b"mesonet station", _ROUNDS).hex()[:8]
