"""What radios, brokers and platforms of sensors tell as JSON. Described as in `european_services`."""

import re
from collections.abc import Iterator, Sequence

from mesonet.domain.instant import iso, step_duration
from mesonet.domain.parameter import Parameter
from mesonet.formats.json_document import Number, member, objects, text_of
from mesonet.formats.json_readings import Field, field_of, of_file
from mesonet.formats.reading import Context
from mesonet.formats.services.service import (
    Report,
    Service,
    fields_of,
    instant_of,
    known_of,
    left_of,
    service,
    since_epoch,
    usual_step,
)
from mesonet.formats.weewx_elements import ELEMENTS, SYSTEMS
from mesonet.regex import regex

_DOWN = "surface_downwelling_shortwave_flux_in_air"
_SEA = "air_pressure_at_mean_sea_level"

# rtl_433 (https://github.com/merbanan/rtl_433, "Data Format"): units end the names. Times are of the machine's clock unless
# they say otherwise; a station is a model and the number that its transmitter made up. Rain counts up and is left

_RTL_433 = fields_of({
    "temperature_C": ("air_temperature", "Cel"),
    "temperature_F": ("air_temperature", "degF"),
    "humidity": ("relative_humidity", "%"),
    "pressure_hPa": ("air_pressure", "hPa"),
    "wind_avg_m_s": ("wind_speed", "m/s"),
    "wind_avg_km_h": ("wind_speed", "km/h"),
    "wind_avg_mi_h": ("wind_speed", "mph"),
    "wind_max_m_s": ("wind_speed_of_gust", "m/s"),
    "wind_max_km_h": ("wind_speed_of_gust", "km/h"),
    "wind_max_mi_h": ("wind_speed_of_gust", "mph"),
    "wind_dir_deg": ("wind_from_direction", "deg"),
    "rain_rate_mm_h": ("rainfall_rate", "mm/h"),
    "rain_rate_in_h": ("rainfall_rate", "in/h"),
    "uvi": ("ultraviolet_index", "1"),
})  # fmt: skip
_RTL_433_BESIDE = (
    *("id", "channel", "battery_ok", "battery_mV", "sequence_num", "message_type", "rssi", "snr", "noise", "freq", "freq1"),
    *("freq2", "protocol", "msg_type", "flags", "firmware", "status", "subtype", "button", "supercap_V", "raw_msg"),
)
_CLOCK = ("times have no zone and are taken as UTC", "zone")


@service(
    "sensors received by rtl_433",
    "time",
    "model",
    "id|channel",
    "mic|battery_ok|temperature_[CF]|wind_(avg|max)_.*|rain_(mm|in)",
)
def _rtl_433(value: object, context: Context) -> Iterator[Report]:
    for given in objects(value):
        taken = {} if text_of(given, "type") == "TPMS" else known_of(given, _RTL_433)
        stamp = text_of(given, "time")
        if taken:
            called = re.sub(r"[^\w.-]+", "-", f"{text_of(given, 'model')}_{text_of(given, 'id') or text_of(given, 'channel')}")
            yield Report(
                station=f"rtl433_{called}",
                time=since_epoch(stamp),
                given=taken,
                left=left_of(given, _RTL_433, *_RTL_433_BESIDE),
                remarks=[_CLOCK] if re.fullmatch(r"\d{4}-\d\d-\d\d[ Tt][\d:.]+", stamp) else (),
            )


# WeeWX as it goes through a broker (weewx-mqtt, "Format"; WeeWX, "Reference: units"): names of its database, plain in the units
# of `usUnits`, or with the unit behind. Without an interval a packet tells of the moment

_WEEWX_UNITS = {
    "C": "Cel",
    "F": "degF",
    "mbar": "hPa",
    "hPa": "hPa",
    "inHg": "inHg",
    "mph": "mph",
    "kph": "km/h",
    "mps": "m/s",
    "knot": "kt",
    "in": "in",
    "cm": "cm",
    "mm": "mm",
    "in_per_hr": "in/h",
    "inch_per_hour": "in/h",
    "mm_per_hr": "mm/h",
    "mm_per_hour": "mm/h",
    "cm_per_hr": "10 mm/h",
    "cm_per_hour": "10 mm/h",
    "Wpm2": "W/m2",
}


def _weewx_field(name: str, system: str, minutes: str) -> Field | None:
    plain, _, suffix = name.partition("_")
    if plain not in ELEMENTS or (suffix and suffix not in _WEEWX_UNITS) or (not suffix and system not in SYSTEMS):
        return None
    standard_name, units, method = ELEMENTS[plain]
    unit = _WEEWX_UNITS[suffix] if suffix else units[SYSTEMS[system]]
    if minutes:
        return field_of(name, standard_name, unit, method, f"PT{minutes}M")
    return field_of(name, standard_name, unit) if method != "sum" else None


@service("packets of WeeWX", "dateTime", "usUnits", "(outTemp|outHumidity|barometer|pressure|windSpeed|rain)(_.*)?")
def _weewx(value: object, context: Context) -> Iterator[Report]:
    station = of_file(context.key, "weewx")
    for given in objects(value):
        system = text_of(given, "usUnits").removesuffix(".0")
        minutes = (text_of(given, "interval_minute") or text_of(given, "interval")).removesuffix(".0")
        minutes = minutes if re.fullmatch(r"[1-9]\d{0,3}", minutes) else ""
        taken = {known: each for name, each in given.items() if (known := _weewx_field(name, system, minutes)) is not None}
        yield Report(
            station=station,
            time=since_epoch(text_of(given, "dateTime")),
            given=taken,
            remarks=[(f"the station stands nowhere in the data: it is called {station} after the file", "station")],
        )


# Xweather (AerisWeather), "observations" and "observations/archive": units end the names; `precip` is since some moment

_XWEATHER = fields_of({
    "tempC": ("air_temperature", "Cel"),
    "dewpointC": ("dew_point_temperature", "Cel"),
    "humidity": ("relative_humidity", "%"),
    "spressureMB": ("air_pressure", "hPa"),
    "pressureMB": (_SEA, "hPa"),
    "altimeterMB": ("altimeter_setting", "hPa"),
    "windSpeedKPH": ("wind_speed", "km/h"),
    "windKPH": ("wind_speed", "km/h"),
    "windGustKPH": ("wind_speed_of_gust", "km/h"),
    "windDirDEG": ("wind_from_direction", "deg"),
    "visibilityKM": ("visibility_in_air", "km"),
    "solradWM2": (_DOWN, "W/m2"),
    "uvi": ("ultraviolet_index", "1"),
})  # fmt: skip
_XWEATHER_ELSE = ("precipMM", "snowDepthCM", "sky")


@service(
    "observations of Xweather", r"response(\[\])?\.id", r"response(\[\])?\.(periods\[\]\.)?ob\.(tempC|humidity|windSpeedKPH)"
)
def _xweather(value: object, context: Context) -> Iterator[Report]:
    for place in objects(member(value, "response")):
        where, name = member(place, "loc"), text_of(place, "place", "name")
        periods = objects(place.get("periods")) or [place]
        for period in periods:
            given = member(period, "ob") or {}
            yield Report(
                station=text_of(place, "id"),
                time=since_epoch(text_of(given, "timestamp") or text_of(period, "timestamp")),
                given=known_of(given, _XWEATHER) if isinstance(given, dict) else {},
                place=(member(where, "lat"), member(where, "long"), member(place, "profile", "elevM"), name),
                left=[each for each in _XWEATHER_ELSE if member(given, each) is not None],
            )


# openSenseMap (https://docs.opensensemap.org): sensors by title and unit, as who set them up wrote them; a box may be indoors

_SENSE_BOX = {
    **dict.fromkeys(("temperatur", "temperature", "lufttemperatur", "air temperature"), "air_temperature"),
    **dict.fromkeys(
        ("rel. luftfeuchte", "luftfeuchte", "luftfeuchtigkeit", "rel. luftfeuchtigkeit", "humidity", "relative humidity"),
        "relative_humidity",
    ),
    **dict.fromkeys(("luftdruck", "air pressure", "pressure"), "air_pressure"),
    **dict.fromkeys(("windgeschwindigkeit", "wind speed"), "wind_speed"),
    **dict.fromkeys(("windrichtung", "wind direction"), "wind_from_direction"),
}


@service("boxes of openSenseMap", "_id", "exposure", r"sensors\[\]\.title", r"sensors\[\]\.lastMeasurement\.value")
def _sense_box(value: object, context: Context) -> Iterator[Report]:
    for box in objects(value):
        where = member(box, "currentLocation", "coordinates")
        longitude, latitude, *height = where if isinstance(where, list) and len(where) > 1 else (None, None)
        number, outdoors = text_of(box, "_id"), text_of(box, "exposure") == "outdoor"
        place = (latitude, longitude, height[0] if height else None, text_of(box, "name"))
        given: dict[str, dict[Field, object]] = {}
        whose: set[Parameter] = set()
        left: list[str] = []
        for sensor in objects(box.get("sensors")):
            title, unit, last = text_of(sensor, "title"), text_of(sensor, "unit"), sensor.get("lastMeasurement")
            standard_name = _SENSE_BOX.get(title.lower(), "")
            known = field_of(title, standard_name, unit) if standard_name and unit and outdoors else None
            if known and isinstance(last, dict) and known.parameter not in whose:  # of two for one quantity the first
                whose.add(known.parameter)
                given.setdefault(text_of(last, "createdAt"), {})[known] = last.get("value")
            elif isinstance(last, dict):
                left.append(f"{title} ({text_of(box, 'exposure') or 'nobody says where'})"[:60])
        station = f"opensensemap_{number}" if number else ""
        for time, taken in (given or {text_of(box, "lastMeasurementAt"): {}}).items():
            yield Report(station=station, time=time, given=taken, place=place, left=left)


# The Things Stack, "Payload formatters: normalized payload" (https://www.thethingsindustries.com/docs): what a formatter for a
# device calls its own is left to a mapping

_LORAWAN = {
    ("air", "temperature"): ("air_temperature", "Cel"),
    ("air", "relativeHumidity"): ("relative_humidity", "%"),
    ("air", "pressure"): ("air_pressure", "hPa"),
    ("wind", "speed"): ("wind_speed", "m/s"),
    ("wind", "direction"): ("wind_from_direction", "deg"),
    ("rain", "intensity"): ("rainfall_rate", "mm/h"),
    ("soil", "temperature"): ("soil_temperature", "Cel"),
}


@service(
    "normalized payload of The Things Stack",
    r"(result\.)?end_device_ids\.device_id",
    r"(result\.)?uplink_message\.normalized_payload\[\]\.(air|wind|rain|soil|measurement)",
)
def _lorawan(value: object, context: Context) -> Iterator[Report]:
    for message in objects(value):
        uplink = message.get("result") if isinstance(message.get("result"), dict) else message
        device = text_of(uplink, "end_device_ids", "device_id")
        for given in objects(member(uplink, "uplink_message", "normalized_payload")):
            told = member(given, "measurement") or given
            indoors = text_of(told, "air", "location") == "indoor"
            taken = {
                field_of(".".join(path), *known): each
                for path, known in _LORAWAN.items()
                if (each := member(told, *path)) is not None and not (indoors and path[0] == "air")
            }
            yield Report(
                station=f"lorawan_{device}" if device else "",
                time=text_of(told, "time") or text_of(uplink, "received_at"),
                given=taken,
                left=("air indoors",) if indoors else (),
            )


# FieldClimate (https://api.fieldclimate.com/v2/docs, "Data"; METOS stations of Pessl): lists beside those of the dates, of each
# sensor one for each way of taking together what came between them. Neither station nor zone stands in it

_FIELDCLIMATE = {
    "(hc |hc2? )?air temperature": "air_temperature",
    "dew ?point": "dew_point_temperature",
    "wet bulb( temperature)?": "wet_bulb_temperature",
    "(hc )?relative humidity": "relative_humidity",
    "precipitation": "precipitation_amount",
    "solar radiation": _DOWN,
    "(u-?sonic )?wind speed": "wind_speed",
    "(u-?sonic )?wind gust": "wind_speed_of_gust",
    "(u-?sonic )?wind (dir|direction)": "wind_from_direction",
    "(air|barometric|atmospheric) pressure": "air_pressure",
}
_TOGETHER = {"avg": "mean", "min": "minimum", "max": "maximum", "sum": "sum", "last": "point", "current": "point"}


@service("data of FieldClimate (METOS)", *(rf"data(\[\]|\.\w+)\.{name}" for name in ("aggr", "unit", r"values\.\w+")))
def _fieldclimate(value: object, context: Context) -> Iterator[Report]:
    station = of_file(context.key, "fieldclimate")
    told = member(value, "dates")
    dates = [text_of({"": each}, "") for each in told] if isinstance(told, list) else []
    times = [time for time in map(instant_of, dates) if isinstance(time, int)]
    step = usual_step(times)
    period = step_duration(times, step) if step else ""
    columns: dict[Parameter, tuple[Field, list[object]]] = {}  # of two sensors for one quantity the first
    left: dict[str, None] = {}
    sensors = member(value, "data")
    for sensor in objects(list(sensors.values()) if isinstance(sensors, dict) else sensors):
        name, unit = text_of(sensor, "name_original") or text_of(sensor, "name"), text_of(sensor, "unit")
        meant = next((meant for called, meant in _FIELDCLIMATE.items() if regex(called).fullmatch(name.lower())), None)
        lists = member(sensor, "values")
        for way, told in lists.items() if isinstance(lists, dict) else ():
            method, column = _TOGETHER.get(way), f"{name} ({way})"
            lasting = "PT0S" if method == "point" else period
            known = field_of(column, meant, unit, method, lasting) if meant and method and unit and lasting else None
            if known is None or known.parameter in columns or (way == "sum") != (meant == "precipitation_amount"):
                left[column[:60]] = None
            elif isinstance(told, list):
                columns[known.parameter] = known, told
    called = (f"the station stands nowhere in the data: it is called {station} after the file", "station")
    for at, date in enumerate(dates):
        yield Report(
            station=station,
            time=date,
            given={known: told[at] if at < len(told) else None for known, told in columns.values()},
            left=() if at else list(left),
            remarks=() if at else [called, _CLOCK],
        )


# SenML (RFC 8428): a pack of records, of which some tell what holds for those after them. A name says what a value is of only
# where it ends in a word for it

_SENML = {
    ("temperature", "Cel"): ("air_temperature", "Cel"),
    ("temp", "Cel"): ("air_temperature", "Cel"),
    ("temperature", "K"): ("air_temperature", "K"),
    ("humidity", "%RH"): ("relative_humidity", "%"),
    ("rh", "%RH"): ("relative_humidity", "%"),
    ("", "%RH"): ("relative_humidity", "%"),
    ("pressure", "Pa"): ("air_pressure", "Pa"),
    ("pressure", "hPa"): ("air_pressure", "hPa"),
    ("windspeed", "m/s"): ("wind_speed", "m/s"),
    ("winddirection", "deg"): ("wind_from_direction", "deg"),
}
_FURTHER = 10  # names of values that are told
_SENML_BASE = ("bn", "bt", "bu", "bv")
_SENML_ABSOLUTE = 2**28  # seconds: what is less is relative to when the pack was received


def _senml(value: object, context: Context) -> Iterator[Report]:
    base = {"bn": "", "bt": "0", "bu": "", "bv": "0"}
    place: dict[str, object] = {}
    given: dict[tuple[str, int | str], dict[Field, object]] = {}
    said: set[tuple[str, int | str, Parameter]] = set()
    left: list[str] = []
    further: dict[str, None] = {}
    who: tuple[str, int | str] = ("", "")
    for each in objects(value):
        base |= {name: text_of(each, name) for name in base if name in each}
        name, unit = text_of(each, "n"), text_of(each, "u") or base["bu"]
        word = re.split(r"[^a-z]+", name.lower().replace("_", "").rstrip("0123456789"))[-1]
        who = base["bn"].rstrip(":/-_.") or name.rpartition(":")[0], _senml_time(base["bt"], text_of(each, "t"))
        known = _SENML.get((word, unit))
        which = field_of(word or unit, *known) if known else None
        if unit in ("lat", "lon"):
            place[unit] = each.get("v")
        elif which and (*who, which.parameter) not in said:  # of two for one quantity the first
            said.add((*who, which.parameter))
            given.setdefault(who, {})[which] = _added(base["bv"], each.get("v"))
        elif which:
            further[f"{name or unit} of {who[0]}"[:100]] = None
        else:
            left.append(f"{name or 'a value'} in {unit or 'no unit'}"[:60])
    where = (place["lat"], place["lon"], None, "") if len(place) == 2 else None
    remarks = [(_further(list(further)),)] if further else []
    for (station, time), taken in (given or {who: {}}).items():
        yield Report(station=station, time=time, given=taken, place=where, left=left, remarks=remarks)
        left, remarks = [], []


def _further(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FURTHER} more" if len(names) > _FURTHER else ""
    return (
        f"of several values of one quantity at one time the first was taken; left out was {', '.join(names[:_FURTHER])}{more}"
    )


def _senml_time(base: str, own: str) -> int | str:
    try:
        seconds = float(base or 0) + float(own or 0)
    except ValueError:
        return "not a number of seconds"
    return since_epoch(f"{seconds:.3f}") if seconds >= _SENML_ABSOLUTE else "relative to when it was received"


def _added(base: str, value: object) -> object:
    if base in ("0", "") or not isinstance(value, str):
        return value
    try:
        return f"{float(base) + float(value):.10g}"
    except ValueError:
        return value


# Home Assistant (https://developers.home-assistant.io/docs/api/rest, "history/period" and "states"; "Sensor entity" for device
# classes): lists of states, each list of one entity, of which the first alone may say whose they are. A house is a station. A
# class tells the quantity and not where it is measured: temperature and humidity are taken where the name of the entity says
# outdoors. What a service told Home Assistant has an attribution, and is mostly a forecast

_OUTDOORS = "outdoors?|outside|exterior|aussen|draussen|exterieure?|buiten|ute|ude|ulkona"
_HOUSE = (
    ("temperature", rf"(?:.*_)?(?:{_OUTDOORS})_?(?:air_)?temp(?:eratur[ae]?)?", "air_temperature"),
    ("temperature", rf"(?:.*_)?(?:air_)?temp(?:eratur[ae]?)?_(?:{_OUTDOORS})", "air_temperature"),
    ("temperature", rf"(?:.*_)?(?:{_OUTDOORS})_dew_?point", "dew_point_temperature"),
    ("humidity", rf"(?:.*_)?(?:{_OUTDOORS})_?(?:relative_)?(?:humidity|luftfeuchte|luftfeuchtigkeit)", "relative_humidity"),
    ("humidity", rf"(?:.*_)?(?:relative_)?(?:humidity|luftfeuchte|luftfeuchtigkeit)_(?:{_OUTDOORS})", "relative_humidity"),
    ("wind_speed", r"(?:.*_)?(?:wind_?speed|windgeschwindigkeit)", "wind_speed"),
    ("wind_speed", r"(?!.*(?:max|daily|day|hour)).*gusts?(?:_speed)?", "wind_speed_of_gust"),
    ("wind_direction", r"(?:.*_)?(?:wind_?direction|wind_?bearing|windrichtung)", "wind_from_direction"),
    ("atmospheric_pressure|pressure", r"(?:.*_)?(?:absolute_pressure|station_pressure|pressure_absolute)", "air_pressure"),
    ("atmospheric_pressure|pressure", r"(?:.*_)?(?:relative_pressure|sea_?level_pressure|pressure_relative)", _SEA),
    ("irradiance", r"(?:.*_)?(?:solar|global)_?(?:radiation|irradiance)", _DOWN),
    ("precipitation_intensity", r"(?:.*_)?(?:rain|precipitation)_(?:rate|intensity)", "rainfall_rate"),
)
# what is of no air or of no moment, whatever stands behind it: the pool outside, the highest of the day
_NOT_OF_AIR = regex(
    r"(?:.*_)?(?:pool|spa|tub|jacuzzi|sauna|pond|water|fridge|freezer|greenhouse|soil"
    r"|min|minimum|max|maximum|mean(?!_sea)|average|avg|feels|apparent|target|setpoint)(?:_.*)?"
)
_NO_STATE = ("unavailable", "unknown", "none")
_HOUSE_LEFT = "which are indoors or anywhere, counted up, told by a service, or without a unit"
_HOUSE_SHOWN = 20
_HOUSE_MAPPED = "a mapping of a long table (name entity_id, value state) can take them"


def _house(value: object, context: Context, advice: str = _HOUSE_MAPPED) -> Iterator[Report]:
    station = of_file(context.key, "home-assistant")
    states = list(_states(value))
    left = list(dict.fromkeys(entity for entity, known, _ in states if known is None))
    called = (f"the station stands nowhere in the data: it is called {station} after the file", "station")
    remarks: Sequence[tuple[str, ...]] = [called, (_house_left(left, advice),)] if left else [called]
    for _, known, given in [each for each in states if each[1]] or states[:1]:
        state = given.get("state")
        yield Report(
            station=station,
            time=text_of(given, "last_updated") or text_of(given, "last_changed"),
            given={known: None if state in _NO_STATE else state} if known else {},
            remarks=remarks,
        )
        remarks = []


def _house_left(entities: Sequence[str], advice: str) -> str:
    more = len(entities) - _HOUSE_SHOWN
    shown = ", ".join(each[:60] for each in entities[:_HOUSE_SHOWN])
    return f"not taken are {shown}{f' and {more} more' if more > 0 else ''}, {_HOUSE_LEFT}; {advice}"


def _states(value: object) -> Iterator[tuple[str, Field | None, dict[str, object]]]:
    """Each state with its entity and what that measures; of two entities for one quantity the first."""
    whose: dict[Parameter, str] = {}
    lists = value if isinstance(value, list) and any(isinstance(each, list) for each in value) else [value]
    for states in lists:
        entity, known = "", None
        for given in objects(states):
            if own := text_of(given, "entity_id"):
                entity, known = own, _of_house(own, given.get("attributes")) if "attributes" in given else known
                if known and whose.setdefault(known.parameter, own) != own:
                    known = None
            yield entity, known, given


def _of_house(entity: str, attributes: object) -> Field | None:
    """What an entity measures, by its class and its name."""
    unit, kind = text_of(attributes, "unit_of_measurement"), text_of(attributes, "device_class")
    name = entity.partition(".")[2].lower()
    if not unit or "forecast" in name or _NOT_OF_AIR.fullmatch(name) or text_of(attributes, "attribution"):
        return None
    found = (meant for of, called, meant in _HOUSE if kind in of.split("|") and regex(called).fullmatch(name))
    meant = next(found, None)
    return field_of(entity, meant, unit) if meant else None


# The same through its WebSocket ("history/history_during_period", with the letters of its compressed states, and
# "recorder/statistics_during_period" and the action "recorder.get_statistics", which tell no unit): lists of states by entity

_SOCKET = (
    "statistics, and history without attributes, tell no unit: ask for history with `no_attributes` false, or put statistics "
    "of one entity and a mapping that says what its `mean` is (time `end`, as epoch_ms)"
)


@service(
    "history or statistics of Home Assistant's WebSocket",
    *(rf"(result\.|(service_response\.)?statistics\.)?(sensor|weather)\.\w+\[\]\.{name}" for name in ("(s|start)", "(lu|end)")),
)
def _socket(value: object, context: Context) -> Iterator[Report]:
    told = member(value, "result") or member(member(value, "service_response") or value, "statistics") or value
    lists = [
        [_as_state(entity, each) for each in objects(states)]
        for entity, states in (told.items() if isinstance(told, dict) else ())
        if isinstance(states, list)
    ]
    yield from _house(lists, context, _SOCKET)


def _as_state(entity: str, given: dict[str, object]) -> dict[str, object]:
    start = given.get("start")
    time = since_epoch(given["lu"]) if "lu" in given else since_epoch(start, 1) if isinstance(start, Number) else start
    state = {"entity_id": entity, "state": given.get("s"), "last_updated": iso(time) if isinstance(time, int) else time}
    return state | ({"attributes": given["a"]} if "a" in given else {})


SENSORS: tuple[Service, ...] = (
    _rtl_433,
    _weewx,
    _xweather,
    _sense_box,
    _lorawan,
    Service(
        who="states of Home Assistant",
        has=tuple(rf"(\[\]\.)?{name}" for name in ("entity_id", "state", "last_changed", "attributes.unit_of_measurement")),
        reports=_house,
    ),
    _socket,
    _fieldclimate,
    Service(who="SenML", has=("bn", "n|u|bu", "v|vs|vb"), reports=_senml, carried=_SENML_BASE),
    Service(who="SenML", has=("n", "u", "v|vs|vb"), says={"n": "urn:dev:.+"}, reports=_senml),
)
