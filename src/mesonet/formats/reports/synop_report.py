"""Reports in SYNOP, SHIP and SYNOP MOBIL, group by group.

Source: WMO-No. 306, Manual on Codes, Volume I.1, FM 12, 13 and 14 (sections 0, 1 and 3, of section 2 the temperature of the
sea; code tables 0200, 1855, 3333, 3590, 3850, 3889, 4019, 4077, 4377); periods of extreme temperatures: Volume II, regional
decisions on 12.4.4. Stations are WMO's block and number, as the WIGOS identifier 0-20000-0-IIiii (WMO-No. 1160, 2.4). The
time is that of the section's YYGG, or the actual one that 9GGgg tells; a period ends there. Ships and mobile stations are
called by their sign and have a YYGG each; where they are is an observation as well. A ship that hides its sign (`SHIP`)
cannot be told from others, and is rejected.

- 10.3 degrees is `10103`; a pressure of `3PPPP` or `4PPPP` has no thousands: 0377 is 1037.7 hPa. A 4 and another figure than 9
  or 0 begin the height of a pressure level, which is not taken.
- Visibility classes (90 to 99) stand at their lower bound, 00 and 90 at the upper; a trace of precipitation is 0 mm.
- A wind of calm or variable direction has no direction: missing. What has a slash in it is missing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from mesonet.domain.instant import DAY, SECOND
from mesonet.domain.observation import Reject
from mesonet.domain.station import Authority, Station
from mesonet.formats.reading import Piece
from mesonet.formats.reports.bulletins import Calendar, Gathered, Kind, Raw, Report, foreign, kind
from mesonet.formats.table import SHOWN
from mesonet.regex import regex

_HEADER = regex(r"(\d\d)(\d\d)([0-9/])")
_GROUP = regex(r"[0-9/]{5}")
_TEMPERATURE, _DEW_POINT = regex(r"1[01]\d{3}"), regex(r"2[01]\d{3}")
_PRECIPITATION = regex(r"[0-4/][1-7/][0-9/]{3}")
_FORMS = ("AAXX", "BBXX", "OOXX")
_MOVING = regex(
    r"(?P<sign>[A-Z0-9]{2,9}) (?P<time>\d{4}[0-9/]) 99(?P<latitude>\d{3}) (?P<quadrant>[1357])(?P<longitude>\d{4})(?: |$)"
)
_BEGINS_MOVING = regex(r"[A-Z0-9]{2,9} \d{4}[0-9/] 99[0-9/]{3} ")
_QUADRANTS = {"1": (1, 1), "3": (-1, 1), "5": (-1, -1), "7": (1, -1)}  # code table 3333: north and east are positive
_NAMELESS = ("SHIP", "PLAT", "RIGG", "BUOY")

_UNITS = {"0": "m/s", "1": "m/s", "3": "kt", "4": "kt"}  # code table 1855
_HOURS = {"1": 6, "2": 12, "3": 18, "4": 24, "5": 1, "6": 2, "7": 3, "8": 9, "9": 15}  # code table 4019
_CLASSES = (50, 50, 200, 500, 1000, 2000, 4000, 10_000, 20_000, 50_000)  # m, code table 4377 from 90 on
_MOST_SHIPS = 100_000  # whose places are remembered
_LOWEST, _HIGHEST = 300.0, 1100.0  # hPa; the highest station is at some 330 hPa (Mount Everest)


class Sections:
    """Reports below `AAXX` and what it says of them, as long as no other bulletin begins."""

    def __init__(self) -> None:
        self._section = _Section()
        self._places: dict[str, tuple[float, float]] = {}
        self.count = self.nil = 0

    def end(self) -> None:
        self._section = _Section()

    def has(self, text: str) -> bool:
        """Whether this is one of them, or begins a section."""
        if text[:4].upper() in _FORMS:
            return True
        if self._section.form in ("BBXX", "OOXX"):
            return _BEGINS_MOVING.match(text.upper()) is not None
        return self._section.form != "" and text[:5].isdecimal() and text[5:6] in ("", " ")

    def take(self, piece: Raw, calendar: Calendar, gathered: Gathered, others: Counter[str]) -> Iterator[Piece]:
        words = piece.text.upper().split()
        if words[0] in _FORMS:
            land = words[0] == "AAXX"
            self._section = _Section(words[0], words[1] if len(words) > 1 and land else "")
            words = words[2 if land else 1 :]
            if not words:
                return
        self.count += 1
        if piece.fault:
            yield Reject(reason=piece.fault, row=piece.row, value=piece.text[:SHOWN])
        elif not words[0].isdecimal() and (other := foreign(piece.text.upper())):
            yield Reject(reason=other, row=piece.row, value=piece.text[:SHOWN])
        elif self._section.fault:
            yield Reject(reason=self._section.fault, row=piece.row, column="section", value=piece.text[:SHOWN])
        elif len(words) == 2 and words[1] == "NIL":
            self.nil += 1
        elif self._section.form == "AAXX":
            yield from _take(piece, words, self._section, calendar, gathered, others)
        else:
            yield from self._moving(piece, words, calendar, gathered, others)

    def _moving(
        self, piece: Raw, words: list[str], calendar: Calendar, gathered: Gathered, others: Counter[str]
    ) -> Iterator[Piece]:
        """A ship's report, or a mobile station's."""
        found = _MOVING.match(" ".join(words))
        latitude, longitude = (int(found["latitude"]) / 10, int(found["longitude"]) / 10) if found else (99.0, 999.0)
        if not found or latitude > 90 or longitude > 180:
            reason = "neither a sign, a day and hour and a position, with which the report of a ship begins"
            yield Reject(reason=reason, row=piece.row, column="station", value=piece.text[:SHOWN])
            return
        if found["sign"] in _NAMELESS:
            reason = f"a ship that calls itself {found['sign']}: it cannot be told from others that do"
            yield Reject(reason=reason, row=piece.row, column="station", value=piece.text[:SHOWN])
            return
        north, east = _QUADRANTS[found["quadrant"]]
        place = (0.0 + north * latitude, 0.0 + east * longitude)
        section = _Section("AAXX", found["time"])
        at = 6 if self._section.form == "OOXX" else 4  # the square and the height of a mobile station stand there
        sign = found["sign"]
        rest = [sign, *words[at:]]
        if self._places.get(sign) != place and (len(self._places) < _MOST_SHIPS or sign in self._places):
            self._places[sign] = place
            yield Station(id=sign, latitude=place[0], longitude=place[1], elevation_m=None, authority=Authority.DATA_FILE)
        yield from _take(piece, rest, section, calendar, gathered, others, place)


class _Section:
    """What `AAXX YYGGi` says of the reports below it; `fault` where they cannot be read."""

    def __init__(self, form: str = "", header: str = "") -> None:
        found = _HEADER.fullmatch(header)
        self.form = form
        self.fault: str | None = None
        self.day = self.hour = 0
        self.unit: str | None = None
        if form in ("BBXX", "OOXX"):
            return  # each report has its own
        if not form:
            self.fault = "no AAXX with day and hour stands above this"
        elif not found:
            self.fault = f"no day and hour follow AAXX, but {header[:SHOWN]!r}"
        else:
            self.day, self.hour, self.unit = int(found[1]), int(found[2]), _UNITS.get(found[3])


def _said_twice(words: Sequence[str]) -> bool:
    """Whether a number that stands twice is the station's both times, and not its first group, which may be the same: then the
    groups of temperature and dew point come one place later."""
    groups = [word[:1] for word in words[3:5]]
    return len(words) > 2 and bool(_PRECIPITATION.fullmatch(words[2])) and groups != ["1", "2"]


def _take(
    raw: Raw,
    words: list[str],
    section: _Section,
    calendar: Calendar,
    gathered: Gathered,
    others: Counter[str],
    place: tuple[float, float] | None = None,
) -> Iterator[Piece]:
    """One report; `place` of one that moves, as latitude and longitude."""
    station = words[0]
    if place is None and words[1:2] == [station] and _said_twice(words):
        words = words[1:]
    if (place is None and not (station.isascii() and station.isdecimal() and len(station) == 5)) or station == "00000":
        reason = "not a station's block and number, with which a report begins"
        yield Reject(reason=reason, row=raw.row, column="station", value=raw.text[:SHOWN])
        return
    try:
        moment = calendar.instant(section.day, section.hour)
    except ValueError as exc:
        shown = f"{section.day:02d}{section.hour:02d}"
        yield Reject(reason=str(exc), row=raw.row, column="time", value=shown)
        return
    if len(words) < 3 and place is None:
        reason = "the report ends before its wind"
        yield Reject(reason=reason, row=raw.row, column="report", value=" ".join(words[1:])[:SHOWN])
        return
    report = _Report(station if place is None else "", moment, section.unit, others)
    if place is not None:
        for which, degrees in zip(_PLACE, place, strict=True):
            report.set(which, degrees, " ".join(raw.text.split()[:5])[:SHOWN])
    report.take(words[1:])
    yield from report.taken(f"0-20000-0-{station}" if place is None else station, report.moment, raw, gathered)


class _Report(Report):
    """The groups behind the station of a report."""

    def __init__(self, station: str, moment: int, unit: str | None, others: Counter[str]) -> None:
        super().__init__(others)
        self._station = station
        self.moment = moment
        self._hour = moment % DAY // (3600 * SECOND)
        self._unit = unit

    def take(self, words: list[str]) -> None:
        if len(words) < 2:
            self.fault("report", " ".join(words), "the report ends before its wind")
            return
        if not _PRECIPITATION.fullmatch(words[0]):
            reason = "not the group of precipitation, cloud base and visibility, and not read on"
            self.fault("section 1", " ".join(words), reason)
            return
        if _TEMPERATURE.fullmatch(words[1]) and _DEW_POINT.fullmatch(" ".join(words[2:3])):
            reason = "the temperature stands where the wind should: the station is missing, or the day and hour; not read on"
            self.fault("wind", " ".join(words), reason)
            return
        at = self._leading(words)
        last = "0"
        section = 1
        radiation = False
        period: str | None = None
        while at < len(words):
            group = words[at]
            at += 1
            if group in ("333", "444", "555", "666") or (section == 1 and group.startswith("222")):
                section, last = int(group[0]), "0"
                continue
            if section == 3 and group == "80000":
                section = 0  # what follows was agreed in the region
                continue
            if section == 2 and group[0] == "0" and last == "0":
                self._sea(group)
                last = "9"
                continue
            if section not in (1, 3):
                self.others[f"section {section}" if section else "groups of a region"] += 1
                continue
            if not _GROUP.fullmatch(group):
                self.fault(f"section {section}", group, "not a group of five figures")
                continue
            if group == "/////":
                continue
            first = group[0]
            if section == 3 and radiation and last == "5" and self._radiates(group, words[at : at + 1]):
                self.others["radiation"] += 1
                continue
            if first < last or (section == 1 and first == last):
                reason = "out of order, and not read on: is the '=' before another report missing?"
                self.fault(f"section {section}", " ".join([group, *words[at:]]), reason)
                return
            last = first
            if section == 1:
                self._first(group)
            elif first == "9":
                following = words[at] if at < len(words) else ""
                if group[3:] == "99" and group[:3] in ("910", "911") and re.fullmatch(r"00\d{3}", following):
                    at += 1
                    group = group[:3] + following[2:]
                period = self._ninth(group, period)
            else:
                radiation = group.startswith("55")
                self._third(group)

    def _radiates(self, group: str, following: list[str]) -> bool:
        """Whether a group behind the sunshine is one of radiation, 0 to 6: as 5, no change of pressure; as 6, with that of
        precipitation behind it."""
        return group[0] < "5" or "50" <= group[:2] <= "54" or (group[0] == "6" and any(each[0] == "6" for each in following))

    def _leading(self, words: list[str]) -> int:
        """Clouds, visibility and wind, which every report has; returns where the others begin."""
        first, wind = words[0], words[1]
        self.set(_VISIBILITY, _visibility(first[3:]), first)
        if not _GROUP.fullmatch(wind):
            self.fault("wind", wind, "not a group of five figures")
            return 2
        self.set(_CLOUD, float(wind[0]) if wind[0] in "012345678" else None, wind)
        speed = wind[3:]
        at = 2
        if speed == "99" and len(words) > 2 and re.fullmatch(r"00\d{3}", words[2]):
            speed, at = words[2][2:], 3
        number = float(speed) if speed.isdecimal() else None
        self._direction(wind, number)
        if self._unit:
            self.set(kind("wind speed", "wind_speed", self._unit), number, " ".join(words[1:at]))
        elif number is not None:
            self.fault("wind", wind, "the section does not say the unit of its wind")
        return at

    def _direction(self, wind: str, speed: float | None) -> None:
        tens = wind[1:3]
        if not tens.isdecimal() or tens == "99" or (tens == "00" and not speed):
            self.set(_DIRECTION, None, wind)
        elif int(tens) > 36 or tens == "00":
            self.fault("wind direction", wind, "not a direction of a wind that blows: 01 to 36 tens of degrees")
        else:
            self.set(_DIRECTION, int(tens) * 10.0, wind)

    def _first(self, group: str) -> None:
        first = group[0]
        if first == "1":
            self._temperature(_AIR, group)
        elif group.startswith("29"):
            humidity = _whole(group[2:])
            if humidity is not None and humidity > 100:
                self.fault("relative humidity", group, "more than 100 %")
            else:
                self.set(kind("relative humidity", "relative_humidity", "%"), humidity, group)
        elif first == "2":
            self._temperature(_DEW, group)
        elif first == "3":
            self._pressure(_PRESSURE, group)
        elif first == "4":
            if group[1] in "09/":
                self._pressure(_SEA_LEVEL, group)
            elif group[1] in "12578":
                self.others["height of a pressure level"] += 1
            else:
                self.fault("section 1", group, "neither a pressure at sea level nor the height of a level")
        elif first == "5":
            self._tendency(group)
        elif first == "6":
            self._precipitation(group)
        elif first == "9" and group[1:].isdecimal():
            self._actually(group)
        else:
            self.others[{"7": "weather", "8": "cloud", "9": "time of observation"}.get(first, "groups of a region")] += 1

    def _actually(self, group: str) -> None:
        """`9GGgg`, the actual time where it is not that of the section; periods are as at the section's hour."""
        hour, minute = int(group[1:3]), int(group[3:])
        away = (60 * (hour - self._hour) + minute + 720) % 1440 - 720
        if hour > 23 or minute > 59 or abs(away) > 60:
            reason = "no time within an hour of the section's, which was taken"
            self.fault("time of observation", group, reason)
        else:
            self.moment += away * 60 * SECOND

    def _third(self, group: str) -> None:
        first = group[0]
        if first == "1" or first == "2":
            self._extreme(group, "maximum" if first == "1" else "minimum")
        elif first == "4":
            snow = _whole(group[2:])
            if snow is not None:  # 998 is snow in patches, 999 cannot be measured
                snow = None if snow in (998, 999) else 0.0 if snow == 997 else snow
            self.set(kind("snow depth", "surface_snow_thickness", "cm"), snow, group)
        elif first == "5":
            self._fifth(group)
        elif first == "6":
            self._precipitation(group)
        elif first == "7":
            tenths = _whole(group[1:])
            amount = None if tenths is None else 0.0 if tenths == 9999 else tenths / 10
            self.set(kind("precipitation, 24 h", "precipitation_amount", "mm", "sum", "PT24H"), amount, group)
        else:
            self.others["cloud" if first == "8" else "state of the ground" if first == "3" else "groups of a region"] += 1

    def _fifth(self, group: str) -> None:
        """Sunshine of a day (550 to 552) or an hour (553); 58 and 59 are the change of pressure in 24 hours."""
        if group[1] in "89" and group[2:].isdecimal():
            change = int(group[2:]) / 10
            which = kind("pressure change, 24 h", "tendency_of_air_pressure", "hPa", duration="PT24H")
            self.set(which, 0.0 - change if group[1] == "9" else change, group)
        elif group.startswith("553"):
            self._sunshine(group, group[3:], "PT1H", 10)
        elif group[:3] in ("550", "551", "552"):
            self._sunshine(group, group[2:], "PT24H", 240)
        elif group[1:] != "////":
            self.others["evaporation, radiation and drift of clouds"] += 1

    def _sunshine(self, group: str, digits: str, duration: str, most: int) -> None:
        tenths = _whole(digits)
        if tenths is not None and tenths > most:
            self.fault("sunshine", group, "longer than the time in which it shone")
            return
        which = kind(f"sunshine, {duration[2:-1]} h", "duration_of_sunshine", "h", "sum", duration)
        self.set(which, None if tenths is None else tenths / 10, group)

    def _ninth(self, group: str, period: str | None) -> str | None:
        """Gusts: of the last ten minutes, or of the time that 907 says, else of the past weather (12.2.6.6.1)."""
        code, digits = group[:3], _whole(group[3:])
        if code == "907":
            return _period(group[3:])
        if code not in ("910", "911") or not self._unit:
            self.others["9-groups (wind shifts, ice, cloud tops)"] += 1
            return None
        if code == "910":
            self.set(kind("gust", "wind_speed_of_gust", self._unit), digits, group)
            return None
        duration = period or ("PT6H" if self._hour % 6 == 0 else "PT3H" if self._hour % 3 == 0 else None)
        if duration:
            which = kind(f"gust, {duration[2:]}", "wind_speed_of_gust", self._unit, "maximum", duration)
            self.set(which, digits, group)
        elif digits is not None:
            self.fault("gust", group, "the highest gust of a time that is not said, between the main hours")
        return None

    def _sea(self, group: str) -> None:
        """The temperature of the sea: an odd figure of code table 3850 is below zero."""
        if not _GROUP.fullmatch(group) or "/" in group:
            self.set(_SEA, None, group)
        elif group[1] in "89":
            self.fault(_SEA.name, group, "the sign is none of code table 3850")
        else:
            tenths = int(group[2:]) / 10
            self.set(_SEA, 0.0 - tenths if group[1] in "1357" else tenths, group)

    def _temperature(self, which: Kind, group: str) -> None:
        if "/" in group:
            self.set(which, None, group)
        elif group[1] not in "01":
            self.fault(which.name, group, "the sign is neither 0 nor 1")
        else:
            tenths = int(group[2:]) / 10
            self.set(which, 0.0 - tenths if group[1] == "1" else tenths, group)

    def _extreme(self, group: str, method: str) -> None:
        """Volume II: 12 hours, but 24 in Region V and by the hour in Region IV."""
        hours: int | None = 12
        block = self._station[:2]
        if "70" <= block <= "79":
            hours = {0: (12, 18), 6: (24, 24), 12: (None, 12), 18: (12, 24)}.get(self._hour, (None, None))[method == "minimum"]
        elif not block:
            hours = None
        elif "91" <= block <= "98" or self._station[:3] == "486":
            hours = 24
        if hours is None:
            if "/" not in group:
                self.fault(f"{method} temperature", group, "over a time that the region's rules do not say for this hour")
            return
        self._temperature(kind(f"{method} temperature, {hours} h", "air_temperature", "Cel", method, f"PT{hours}H"), group)

    def _pressure(self, which: Kind, group: str) -> None:
        digits = group[1:]
        if digits.endswith("/") and digits[:3].isdecimal():
            number = int(digits[:3]) * 1.0  # to whole hPa
        elif digits.isdecimal():
            number = int(digits) / 10
        else:
            self.set(which, None, group)
            return
        number += 1000 if number < _LOWEST else 0
        if _LOWEST <= number <= _HIGHEST:
            self.set(which, round(number, 1), group)
        else:
            self.fault(which.name, group, f"{number:g} hPa is beyond any pressure")

    def _tendency(self, group: str) -> None:
        if "/" in group:
            self.set(_TENDENCY, None, group)
        elif group[1] == "9":
            self.fault(_TENDENCY.name, group, "no tendency has the figure 9")
        else:
            change = int(group[2:]) / 10
            self.set(_TENDENCY, 0.0 - change if group[1] in "5678" else change, group)

    def _precipitation(self, group: str) -> None:
        hours = _HOURS.get(group[4])
        number = _whole(group[1:4])
        if hours is None:
            if number is not None:
                self.fault("precipitation", group, "over a time that is not said")
            return
        if number is not None and number >= 990:
            number = (number - 990) / 10
        which = kind(f"precipitation, {hours} h", "precipitation_amount", "mm", "sum", f"PT{hours}H")
        self.set(which, number, group)


def _whole(digits: str) -> float | None:
    return float(digits) if digits.isdecimal() else None


def _visibility(code: str) -> float | None:
    """Metres of code table 4377; 51 to 55 are not used."""
    if not code.isdecimal() or 51 <= int(code) <= 55:
        return None
    number = int(code)
    if number >= 90:
        return float(_CLASSES[number - 90])
    if number > 80:
        return 30_000.0 + (min(number, 88) - 80) * 5000  # 89 is more than 88's 70 km
    return number * 100.0 or 100.0 if number <= 50 else (number - 50) * 1000.0


def _period(code: str) -> str | None:
    """Code table 4077: tenths of hours up to six, then whole hours that are not exact."""
    if not code.isdecimal() or not 1 <= int(code) <= 60:
        return None
    minutes = int(code) * 6
    return f"PT{minutes}M" if minutes % 60 else f"PT{minutes // 60}H"


_PLACE = (kind("latitude", "latitude", "deg"), kind("longitude", "longitude", "deg"))
_SEA = kind("sea temperature", "sea_surface_temperature", "Cel")
_AIR = kind("temperature", "air_temperature", "Cel")
_DEW = kind("dew point", "dew_point_temperature", "Cel")
_PRESSURE = kind("station pressure", "air_pressure", "hPa")
_SEA_LEVEL = kind("sea level pressure", "air_pressure_at_mean_sea_level", "hPa")
_TENDENCY = kind("pressure tendency", "tendency_of_air_pressure", "hPa", duration="PT3H")
_VISIBILITY = kind("visibility", "visibility_in_air", "m")
_CLOUD = kind("cloud cover", "cloud_area_fraction", "okta")
_DIRECTION = kind("wind direction", "wind_from_direction", "deg")
