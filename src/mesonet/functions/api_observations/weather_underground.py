"""The upload protocol of Weather Underground, which consoles, loggers and WeeWX speak: one report in a query or a form.

Source: "PWS Upload Protocol" (https://support.weather.com/s/article/PWS-Upload-Protocol). Imperial units are in the names; the
password is an operator's key. The answer is a text: `success`, below which stands what was not taken all the same, or a line
that begins with `INVALIDPASSWORDID` or `ERROR`.

Gateways of Ecowitt send a form of their own ("Customized", protocol "Ecowitt") with much the same names and no password, to a
path that may have a query in it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from mesonet.domain import instant
from mesonet.domain.live import LiveRow, LiveValue
from mesonet.errors import BadInput
from mesonet.intake.rows import checked_time, parameter_of, value_of
from mesonet.regex import regex

_INCH_OF_MERCURY = "[in_i'Hg]"
# what of a report is taken, whatever the case of its name: parameter and unit. Sums since local midnight have no duration that
# could be told. Of several names of one parameter the first that has a value counts.
TAKEN = {
    "tempf": ("air_temperature", "[degF]"),
    "dewptf": ("dew_point_temperature", "[degF]"),
    "windchillf": ("wind_chill_of_air_temperature", "[degF]"),
    "heatindexf": ("heat_index_of_air_temperature", "[degF]"),
    "humidity": ("relative_humidity", "%"),
    "baromin": ("air_pressure_at_mean_sea_level", _INCH_OF_MERCURY),
    "baromrelin": ("air_pressure_at_mean_sea_level", _INCH_OF_MERCURY),
    "absbaromin": ("air_pressure", _INCH_OF_MERCURY),
    "baromabsin": ("air_pressure", _INCH_OF_MERCURY),
    "winddir": ("wind_from_direction", "deg"),
    "winddir_avg2m": ("wind_from_direction:10:mean:PT2M", "deg"),
    "winddir_avg10m": ("wind_from_direction:10:mean:PT10M", "deg"),
    "windspeedmph": ("wind_speed", "[mi_i]/h"),
    "windspdmph_avg2m": ("wind_speed:10:mean:PT2M", "[mi_i]/h"),
    "windspdmph_avg10m": ("wind_speed:10:mean:PT10M", "[mi_i]/h"),
    "windgustmph": ("wind_speed_of_gust", "[mi_i]/h"),
    "windgustmph_10m": ("wind_speed_of_gust:10:maximum:PT10M", "[mi_i]/h"),
    "windgustdir": ("wind_gust_from_direction", "deg"),
    "windgustdir_10m": ("wind_gust_from_direction:10:maximum:PT10M", "deg"),
    "rainin": ("precipitation_amount:0:sum:PT1H", "[in_i]"),
    "rainratein": ("rainfall_rate", "[in_i]/h"),
    "rrain_piezo": ("rainfall_rate", "[in_i]/h"),
    "solarradiation": ("surface_downwelling_shortwave_flux_in_air", "W/m2"),
    "uv": ("ultraviolet_index", "1"),
    "soiltempf": ("soil_temperature", "[degF]"),
    "visibility": ("visibility_in_air", "[nmi_i]"),
}
_CLOCK = regex(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[ T]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})")
_MISSING = frozenset({"", "na", "n/a", "null", "none", "nan", "-", "--"})
_MISSING_NUMBERS = (-9999.0, -999.0, -999.9)
_CLOCK_UNSET = 978_307_200_000  # 2001-01-01: clocks that nobody has set begin in 1970 or 2000, where this protocol was not yet


def report(given: Mapping[str, str], station_id: str, *, now: int) -> tuple[LiveRow | None, list[str]]:
    """The row of a report, whose names are in lower case, and what of it could not be taken; a value that is wrong leaves the
    others. Raises ValueError where the time is wrong."""
    time = checked_time(_time(given.get("dateutc", ""), now), now)
    if time < _CLOCK_UNSET:
        raise ValueError(f"dateutc is {instant.iso(time)}: the clock is not set; `dateutc=now` needs none")
    values: dict[str, LiveValue] = {}
    faults: list[str] = []
    for name, (identifier, unit) in TAKEN.items():
        text = given.get(name, "").strip()
        parameter = parameter_of(identifier)
        if _is_missing(text) or parameter.id in values:
            continue
        if name == "baromrelin" and text == given.get("baromabsin", "").strip():
            continue  # nobody has told the gateway how high it stands
        try:
            values[parameter.id] = value_of(parameter, {"value": text, "unit": unit})
        except ValueError as exc:
            faults.append(f"{name}: {exc}")
        except BadInput as exc:
            faults.append(f"{name}: {exc.detail}")
    return (LiveRow(station_id=station_id, time=time, values=values) if values else None), faults


def once(text: str) -> str:
    """Of an identifier, a key or a time that is given several times, with commas between, what is the same or empty counts
    once: so writes a console in whose path stands what it adds itself. Of values nobody could tell it from a decimal comma."""
    return ",".join(dict.fromkeys(filter(None, text.split(","))))


def _is_missing(text: str) -> bool:
    try:
        return text.lower() in _MISSING or float(text) in _MISSING_NUMBERS
    except ValueError:
        return False


def _time(text: str, now: int) -> int:
    """`now`, as where nothing is said; or `2026-11-25 08:00:00` in UTC where no offset says otherwise, of which signs may have
    stayed encoded and zeros be missing."""
    text = text.replace("%20", " ").replace("%3A", ":").replace("%3a", ":").replace("+", " ").strip()
    if text.lower() in ("", "now"):
        return now
    try:
        if found := _CLOCK.fullmatch(text):
            year, month, day, hour, minute, second = map(int, found.groups())
            return instant.from_datetime(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
        if len(text) <= len("2026-11-25"):
            raise ValueError("a date alone")
        return instant.from_datetime(datetime.fromisoformat(text))
    except ValueError:
        raise ValueError(f"dateutc is {text[:40]!r}, which is neither `now` nor a time such as 2026-11-25 08:00:00") from None
