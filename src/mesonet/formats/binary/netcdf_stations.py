"""Who observes what a NetCDF file holds: its stations, where they are, and whose each sample is.

Source: CF Conventions 1.11, chapter 9 (discrete sampling geometries); attributes of ACDD 1.3, the ARM programme and MADIS.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat
from math import isfinite, nan

from mesonet.domain.station import Station
from mesonet.errors import UnreadableFile
from mesonet.formats.binary.arrays import MOST_VALUES, Attribute, Dataset, Scalar, Variable
from mesonet.formats.binary.netcdf_groups import View
from mesonet.formats.binary.netcdf_levels import is_level
from mesonet.formats.binary.netcdf_values import by_station, in_metres, missing_of, numbers_of, text_of
from mesonet.formats.json_readings import described, identified, of_file, placed, wigos
from mesonet.record import dataclass, replace
from mesonet.regex import regex

_MOST_STATIONS = 100_000  # of an hour of MADIS' mesonets there are some 60,000
_IDS = (
    *("wigos_station_identifier", "wigos_id", "station_id", "station", "wmo_id", "wmo_platform_code", "platform_code", "stid"),
    *("wmo_station_id", "wmo_number", "wmo_code", "platform_id", "station_code", "site_code", "station_number", "site_id"),
    *("wigosid", "wsi", "call_sign", "callsign", "stations_id"),
)
# variables that say who a station is, and those that say how it is called
_NAMES = (
    *("station_id", "station", "wigos_station_identifier", "wigos_id", "wmo_id", "platform_id", "station_code", "stationid"),
    *("stid", "station_number", "station_identifier", "stn_id", "stations_id", "site_id", "siteid", "site_code", "wmo_number"),
    *("wmo_station_id", "wmo_code", "platform_code", "call_sign", "callsign", "icao_id", "icao", "site", "stn", "platform"),
)
_ROLES, _STANDARD = ("timeseries_id", "trajectory_id"), ("platform_id", "station_wmo_id")
_OF_A_PLATFORM = ("wmo_code", "ioos_code")
_TEXTS = ("site", "stn", "platform")  # of which a number may count anything, or hold attributes alone
_CALLED = ("station_name", "platform_name", "site_name", "stationname", "name")
_SAMPLED = ("stationid", "stationname", *_NAMES, *_CALLED[:-1])  # what names the station of each sample; `name` is anything's
_TITLES = ("location_description", "station_name", "platform_name", "site_name", "location")
_PLACES = ("latitude", "longitude", "height")
_NOWHERE = (None, None, None)
_ATTRIBUTES = {
    "latitude": ("latitude", "station_latitude", "lat"),
    "longitude": ("longitude", "station_longitude", "lon"),
    "height": ("altitude", "elevation", "station_elevation"),
}
_NO_SIGN = regex(r'[/\\"#?]')  # none that an identifier has: Zürich/Fluntern
_OF_STATIONS = regex(
    r"(?:n_?)?(?:stations?|stns?|sites?|platforms?|locations?)(?:_?(?:id|index|num|number|dim))?", re.IGNORECASE
)
_WITH_A_SIGN = regex(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?) ?(?:°|degrees?)? ?([NSEW]|m)?")
_STATIONS_OWN = ("station_elevation", "station_altitude", "station_height")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observers:
    """Who observes, column by column: of tens of thousands of stations a file may tell no more than what they are called."""

    ids: list[str]
    names: list[str]
    places: Mapping[str, list[float | None]]

    def described(self) -> Iterator[Station]:
        """The stations of which it tells more; what they observe mentions the others."""
        columns = (self.places[kind] for kind in _PLACES)
        for identifier, name, latitude, longitude, height in zip(self.ids, self.names, *columns, strict=True):
            if name or (latitude, longitude, height) != _NOWHERE or ("-" in identifier and wigos(identifier)):
                north, east = _on_earth(latitude, longitude)
                above = height if height is not None and -500 <= height <= 9000 else None
                yield described(identifier, north, east, name=name, elevation_m=above)


_NOBODY = Observers(ids=[], names=[], places={})


class Stations:
    """The stations of a file, or of one of its groups."""

    def __init__(self, view: View, data: Dataset, key: str, remarks: list[str], inferred: list[str]) -> None:
        self._view = view
        self._data = data
        self._key = key
        self._remarks = remarks
        self._inferred = inferred
        self._instances: dict[str, Variable | None] = {}
        self._places: dict[str, Variable | None] = {}
        self._along_each: dict[str, Variable] = {}  # what may say who the stations along a dimension are
        self._after: Variable | None = None
        of_a_kind = [each for each in data.variables.values() if "standard_name" in each.attributes]
        self._standard = [(each.attribute("standard_name"), each) for each in of_a_kind]
        self._roles = [each for each in data.variables.values() if each.attribute("cf_role") in _ROLES]
        self._lower: dict[str, Variable] = {}  # the first that is called so, in whichever case
        self.are_profiles = self.are_nameless = False  # known once it was asked who observes

    def at_once(self, time: str) -> Dataset:
        """The file with its time of one value along a dimension of its own, as what is of that time then is, too (CF 5.7)."""
        places = {each.name for kind in _PLACES if (each := self._coordinate(kind))}

        def spread(each: Variable) -> Variable:
            def read(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
                return each.read()

            beside = each.attribute("cf_role") or each.name in places or _is_name(each) or each.dimensions == (each.name,)
            if each.text or beside:
                return each
            return replace(each, dimensions=(time, *each.dimensions), shape=(1, *each.shape), read=read, stored=1)

        variables = {name: spread(each) for name, each in self._data.variables.items()}
        return replace(self._data, variables=variables, dimensions={**self._data.dimensions, time: 1})

    def is_matrix(self, each: Variable) -> bool:
        """Whether they are times of several stations, each with its own (CF 9.3.2, and H.2.2)."""
        return len(each.dimensions) == 2 and self._instance(each.dimensions[0]) is not None

    def _instance(self, dimension: str) -> Variable | None:
        if dimension not in self._instances:  # of many variables each is asked about
            self._instances[dimension] = self._whose(dimension)
        return self._instances[dimension]

    def _whose(self, dimension: str) -> Variable | None:
        """The variable that says who the stations (or moving platforms) along a dimension are, or numbers of them; else what
        they are called after where they are."""
        if not self._instances:
            for told in self._data.variables.values():
                if len(told.dimensions) == 1 and (told.attribute("cf_role") in _ROLES or _is_name(told)):
                    self._along_each.setdefault(told.dimensions[0], told)
            self._after = self._after_places()
        called = (each for name in _CALLED if (each := self._data.variables.get(name)) and each.text)
        named = self._along_each.get(dimension)
        if named is not None and not _only_counts(named):
            return named
        title = next((each for each in called if each.dimensions == (dimension,) and self._are_apart(each)), None)
        after = self._after if self._after and self._after.dimensions == (dimension,) else None
        return title or after or named

    def _after_places(self) -> Variable | None:
        """What stations that nothing names are called, as if a variable said it."""
        if (apart := self._apart({kind: self._coordinate(kind) for kind in _PLACES}, None)) is None:
            return None
        along, ids = apart

        def read(start: int = 0, stop: int | None = None) -> list[Scalar | None]:
            return [*ids[start:stop]]

        return Variable(name="", dimensions=(along,), shape=(len(ids),), attributes={}, read=read, text=True)

    def _called_one_of(self, names: Sequence[str]) -> Iterator[Variable]:
        """Variables that CF calls identifiers, then those of these names, in whichever case, in the order of the names."""
        yield from (each for standard_name, each in self._standard if standard_name in _STANDARD)
        if not self._lower:
            self._lower = {name.lower(): each for name, each in [*self._data.variables.items()][::-1]}
        found = (self._lower[name] for name in names if name in self._lower)
        yield from (each for each in found if _is_name(each) or each.text)

    def _are_apart(self, named: Variable) -> bool:
        """Whether no two stations are called alike."""
        return named.size <= _MOST_STATIONS and len({*self._names(named)}) == named.size

    def sampled(self, clock: Variable) -> tuple[Variable | None, list[int], list[str] | None] | None:
        """Of samples with a time each: the variable that names the stations, whose each sample is, by number, and the names
        where samples tell them; None where the file has them not."""
        if len(clock.dimensions) == 2:
            _held(clock)
            count = clock.shape[1]
            return self._instance(clock.dimensions[0]), [at // count for at in range(clock.size)], None
        axis = clock.dimensions[0] if clock.dimensions else ""
        if not axis or self._is_profile(axis):
            return None
        for each in self._data.variables.values():
            if each.attribute("sample_dimension") == axis and len(each.dimensions) == 1:  # contiguous (CF 9.3.3)
                _held(clock)
                counts = [value if isinstance(value, int) and value > 0 else 0 for value in each.read()]
                if sum(counts) != clock.size:
                    raise UnreadableFile(f"counts {sum(counts)} samples where there are {clock.size}", column=each.name)
                owners = [*chain.from_iterable(map(repeat, range(len(counts)), counts))]
                return self._instance(each.dimensions[0]), owners, None
            if (along := each.attribute("instance_dimension")) and each.dimensions == (axis,):  # indexed (CF 9.3.4)
                known = range(self._data.dimensions.get(along, 0))
                owners = [value if isinstance(value, int) and value in known else -1 for value in each.read()]
                return self._instance(along), owners, None
        candidates = (each for each in (*self._roles, *self._called_one_of(_SAMPLED)) if each.dimensions == (axis,))
        named = next((each for each in candidates if axis != each.name), None)
        if named is None:
            return None
        told = self._names(named)
        names = list(dict.fromkeys(filter(None, told)))
        numbers = {name: number for number, name in enumerate(names)}
        return named, [numbers.get(name, -1) for name in told], names

    def owners(
        self,
        named: Variable | None,
        names: list[str] | None,
        whose: Sequence[int],
        places: Sequence[int],
        count: int,
        clock: Variable,
    ) -> Observers:
        """Who the samples at these places, in the order of `count` stations, are of. What is told of each sample is the
        station's where its last one is."""
        if named and not named.name:
            self._say_placed()
        along = named.dimensions[0] if named and names is None else None
        if names is None:
            names = self._names(named) if named else []
        columns: dict[str, list[float | None]] = {}
        for kind in _PLACES:
            variable = self._coordinate(kind)
            if variable is not None and variable.dimensions == clock.dimensions and variable.size <= MOST_VALUES:
                values = numbers_of(variable)
                last = {own: value for own, at in zip(whose, places, strict=True) if (value := values[at]) is not None}
                columns[kind] = [*map(last.get, range(count))]
            else:
                columns[kind] = self._along(variable, along, None, count) if along else [None] * count
        titles = self._along_text("name", along, None, count) if along else self._of_last(whose, places, count, clock, named)
        return self._told(names, columns, titles)

    def _of_last(
        self, whose: Sequence[int], places: Sequence[int], count: int, clock: Variable, named: Variable | None
    ) -> list[str]:
        """What the last sample of each station says that it is called."""
        variables = map(self._data.variables.get, ("stationName", "locationName", *_CALLED))
        told = next((e for e in variables if e and e.text and e != named and e.dimensions == clock.dimensions), None)
        values = told.read() if told and told.size <= MOST_VALUES else []
        if not values:
            return [""] * count
        last = {own: values[at] for own, at in zip(whose, places, strict=True)}
        return [text_of(last.get(own)) for own in range(count)]

    def along(self, axis: str | None) -> tuple[Observers, str | None]:
        """Who observes, and the dimension along which they are; none where positions are a grid."""
        by_role = next((each for each in self._roles if each.attribute("cf_role") == "timeseries_id"), None)
        places = {kind: self._coordinate(kind) for kind in _PLACES}
        counted = by_role if by_role is not None and self._can_do_without(by_role, places, axis) else None
        named = (by_role if counted is None else None) or next(self._called_one_of(_NAMES), None)
        if named is None or (not named.dimensions and not self._names(named)[0]):
            named = self._called(axis)
        along = named.dimensions[0] if named and len(named.dimensions) == 1 and named.dimensions[0] != axis else None
        if named is not None and along is None and named.dimensions:
            named = None
        if named is None:
            named = next(
                (each for each in self._roles if each.attribute("cf_role") == "trajectory_id" and each.size == 1), None
            )
        if named is None and counted is None and self._data.attribute("featureType").lower() == "point":
            return _NOBODY, None  # each value has a place of its own
        if self._is_profile(axis):
            self.are_profiles = True
            return _NOBODY, None
        apart = self._apart(places, axis) if named is None else None
        if (
            named is None
            and not apart
            and any(each and each.size > 1 and axis not in each.dimensions for each in places.values())
        ):
            self.are_nameless = True
            return _NOBODY, None  # a grid, or stations without names
        if apart:
            along, ids = apart
            self._say_placed()
        else:
            ids = self._names(named) if named else [self._own_id(places)]
        count = self._data.dimensions[along] if along else 1
        bounded(count)
        columns = {
            kind: self._along(each, along, axis, count) if along else [self._place(kind, each, axis)]
            for kind, each in places.items()
        }
        titles = self._along_text("name", along, axis, count)
        return self._told(ids, columns, titles), along

    def _can_do_without(self, named: Variable, places: Mapping[str, Variable | None], axis: str | None) -> bool:
        """Whether numbers only count the stations of a file, so that the first of another is another, and something else tells
        who they are: `timeSeries = 1` in NCEI's templates."""
        if not _only_counts(named):
            return False
        if self._called(axis) is not None or self._attributed_id():
            return True
        return (named.size == 1 and bool(places["latitude"] and places["longitude"])) or self._apart(places, axis) is not None

    def _say_placed(self) -> None:
        self._inferred.append("station")
        self._remarks.append("stations are called after where they are: no variable names them")

    def _apart(self, places: Mapping[str, Variable | None], axis: str | None) -> tuple[str, list[str]] | None:
        """The dimension of stations that nothing names, each at a place of its own, and what these are called after it."""
        latitude, longitude = places["latitude"], places["longitude"]
        if (
            latitude is None
            or longitude is None
            or latitude.dimensions != longitude.dimensions
            or len(latitude.dimensions) != 1
        ):
            return None
        (along,) = latitude.dimensions
        is_series = self._data.attribute("featureType").lower() == "timeseries" or _OF_STATIONS.fullmatch(along)
        if along == axis or not is_series or not 1 < latitude.size <= _MOST_STATIONS:
            return None
        known = [*zip(numbers_of(latitude), numbers_of(longitude), strict=True)]
        ids = [placed("netcdf", north, east) for north, east in known if north is not None and east is not None]
        return (along, ids) if len({*ids}) == latitude.size else None

    def _is_profile(self, axis: str | None) -> bool:
        """Whether each value along time has a height of its own, as in a sounding (CF 9.5)."""
        return "profile" in self._data.attribute("featureType").lower() and any(
            each.size > MOST_VALUES or len({*each.read()}) > 1
            for each in self._data.variables.values()
            if each.dimensions == (axis,) and (each.attribute("axis") == "Z" or each.attribute("positive"))
        )

    def _names(self, named: Variable) -> list[str]:
        """Who the stations are; a number that is missing or below 0 names none, and WMO's have five digits."""
        gone, digits = missing_of(named), 0 if named.text else _digits(named.name)
        return [
            "" if isinstance(each, int | float) and (each in gone or not each >= 0) else text_of(each).zfill(digits)
            for each in named.read()
        ] or [""]

    def _called(self, axis: str | None) -> Variable | None:
        """What stations are called, where nothing else says who they are: of several stations, or of one whose file has no
        attribute for it."""
        found = (self._data.variables[name] for name in _CALLED if name in self._data.variables)
        texts = [each for each in found if each.text and axis not in each.dimensions]
        several = next((each for each in texts if len(each.dimensions) == 1), None)
        alone = next((each for each in texts if not each.dimensions), None)
        return several or (alone if alone and not self._attributed_id() else None)

    def _told(self, told: list[str], places: Mapping[str, list[float | None]], titles: list[str]) -> Observers:
        fallback, told = of_file(self._key, "netcdf"), [*told, *[""] * len(titles)][: len(titles)]
        ids = [
            (each and (identified(each) or identified(_NO_SIGN.sub("-", each)))) or f"{fallback}_{at}"
            for at, each in enumerate(told, 1)
        ]
        names = titles
        if any(told):
            called = zip(titles, ids, map(str.strip, told), strict=True)
            names = [title or ("" if identifier == text else text) for title, identifier, text in called]
        return Observers(ids=ids, names=names, places=places)

    def _coordinate(self, kind: str) -> Variable | None:
        if kind not in self._places:
            self._places[kind] = self._place_of(kind)
        return self._places[kind]

    def _place_of(self, kind: str) -> Variable | None:
        wanted = {
            "latitude": ("latitude", "lat"),
            "longitude": ("longitude", "lon"),
            "height": ("altitude", "alt", "elevation", "height", *_STATIONS_OWN, "z"),
        }[kind]
        for standard_name, each in self._standard:
            if not each.text and standard_name.removeprefix("surface_") in wanted[:1] and len(each.dimensions) <= 2:
                return each
        others = map(self._data.variables.get, wanted)
        return next((o for o in others if o is not None and not o.text and not is_level(o, self._data)), None)

    def _along(self, variable: Variable | None, along: str | None, axis: str | None, count: int) -> list[float | None]:
        """One number for each station: of what changes with time the last one that is there."""
        if variable is None or variable.size > MOST_VALUES:
            return [None] * count
        values = in_metres(variable)
        if along is None or along not in variable.dimensions:
            known = [value for value in values if value is not None]
            one = known[-1] if known and (variable.size == 1 or axis in variable.dimensions) else None
            return [one] * count
        if variable.dimensions == (along,):
            return [*values, *[None] * count][:count]
        rows = by_station(values, variable, along, count)
        return [next((value for value in reversed(row) if value is not None), None) for row in rows]

    def _place(self, kind: str, variable: Variable | None, axis: str | None) -> float | None:
        """A coordinate of the one station: of a group by its own attributes, else by a variable, else by any attribute."""
        told = [_attributed(kind, attributes) for attributes in (self._view.told, self._data.attributes)]
        own = told[0] if self._view.path and (variable is None or variable.name not in self._view.own) else None
        return next((each for each in (own, *self._along(variable, None, axis, 1), *told) if each is not None), None)

    def _along_text(self, kind: str, along: str | None, axis: str | None, count: int) -> list[str]:
        variable = next(
            (
                each
                for each in self._data.variables.values()
                if each.text and kind in each.name.lower() and (along is None or along in each.dimensions)
            ),
            None,
        )
        if variable is None or variable.size > 1_000_000 or along is None:
            return [next(filter(None, map(self._data.attribute, _TITLES)), "")] * count
        values = variable.read()
        rows: Sequence[Sequence[Scalar | None]] = [values]
        if variable.dimensions == (along,):  # the last of them may have no samples
            rows = [[each] for each in [*values, *[None] * count][:count]]
        else:
            rows = by_station(values, variable, along, count)
        return [next((text for value in row if (text := text_of(value))), "") for row in rows]

    def _own_id(self, places: dict[str, Variable | None]) -> str:
        """The one station of the file or the group: by an attribute, else by where it is, or what the group is called."""
        if told_so := self._attributed_id():
            return told_so
        told = [each.name in self._view.own for kind in ("latitude", "longitude") if (each := places[kind]) is not None]
        if self._view.station and (any(told) or not told) and (name := identified(self._view.station)):
            self._inferred.append("station")
            self._remarks.append("the station is called after its group")
            return name
        latitude, longitude = (self._place(kind, places[kind], None) for kind in ("latitude", "longitude"))
        if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 360:
            return placed("netcdf", latitude, longitude)
        return of_file(self._key, "netcdf")

    def _attributed_id(self) -> str:
        for attributes in (self._view.told, self._data.attributes):  # of its own first
            texts = {name: text for name, value in attributes.items() if (text := _identifying(name.lower(), value))}
            if (site := texts.get("site_id")) and (facility := texts.get("facility_id")):
                return f"{site}{facility.split(':')[0].strip()}"
            lower = {name.lower(): value for name, value in reversed(texts.items()) if identified(value)}
            if found := next((lower[name] for name in _IDS if name in lower), None):
                return found
        for each in self._data.variables.values():  # CF's and NCEI's variable of nothing but attributes of the platform
            told = next((text for name in _OF_A_PLATFORM if (text := each.attribute(name))), "")
            if not each.dimensions and identified(told):
                return told
        return ""


def _on_earth(latitude: float | None, longitude: float | None) -> tuple[float, float] | tuple[None, None]:
    """Degrees north and east, with no more digits than single precision has."""
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 360:
        return None, None
    return round(latitude, 6), round(longitude - 360 if longitude > 180 else longitude, 6)


def _is_name(each: Variable) -> bool:
    """Whether a variable is called as who a station is."""
    name = each.name.lower()
    return each.attribute("standard_name") in _STANDARD or (name in _NAMES and (each.text or name not in _TEXTS))


def _only_counts(named: Variable) -> bool:
    """Whether numbers that are called no identifier are those of places in the file: 0, 1, 2, …"""
    if named.text or _is_name(named) or named.size > _MOST_STATIONS:
        return False
    values = named.read()
    return values in (list(range(len(values))), list(range(1, len(values) + 1)))


def bounded(count: int) -> None:
    """Raises UnreadableFile where stations are too many."""
    if count > _MOST_STATIONS:
        raise UnreadableFile(f"more than {_MOST_STATIONS} stations")


def _held(clock: Variable) -> None:
    """Samples of several stations are held whole."""
    if clock.size > MOST_VALUES:
        raise UnreadableFile(
            f"{clock.size} samples of several stations; more than {MOST_VALUES} are not read", column=clock.name
        )


def _identifying(name: str, value: Attribute) -> str:
    """What an attribute says that a station is; WMO's numbers have five digits."""
    if isinstance(value, str):
        return value.strip()
    number = value[0] if len(value) == 1 else None
    return str(number).zfill(_digits(name)) if isinstance(number, int) and number >= 0 else ""


def _digits(name: str) -> int:
    return 5 if name.lower().startswith("wmo") else 1


def _attributed(kind: str, attributes: Mapping[str, Attribute]) -> float | None:
    """A coordinate that attributes tell, in whichever case: as one number or text of one (`8.6 W`, `112 m`), or as both ends
    of what a file covers (ACDD 1.3)."""
    lower = {name.lower(): value for name, value in attributes.items()}

    def number(name: str) -> float | None:
        value = lower.get(name, ())
        if isinstance(value, str):
            match = _WITH_A_SIGN.fullmatch(value.strip())
            return float(match[1]) * (-1 if match[2] in tuple("SW") else 1) if match else None
        found = value[0] if len(value) == 1 else nan
        return float(found) if isinstance(found, int | float) and isfinite(found) else None

    plain = next((each for name in _ATTRIBUTES[kind] if (each := number(name)) is not None), None)
    ends = {number(f"geospatial_{kind[:3]}_{end}") for end in ("min", "max")}
    return plain if plain is not None else ends.pop() if len(ends) == 1 else None
