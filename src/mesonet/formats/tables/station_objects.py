"""Lists of stations as JSON: objects with an identifier and a position each, and no time.

The members are called as the columns of a list of stations are (see `station_list`). A position may stand in an object of its
own (`location`), or in a list of those, of which the last one counts. A name in several languages is taken in English, else
in the first of them. Other things than weather stations have a position too: those here have a height or a WIGOS identifier.

Sources: OSCAR/Surface (https://oscar.wmo.int/surface/rest/api/), whose `id` is a number in its database, so that a station is
called by its WIGOS identifier; Meteostat (https://dev.meteostat.net/bulk/stations).
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from mesonet.domain.observation import Reject
from mesonet.domain.station import Station
from mesonet.formats import station_list
from mesonet.formats.json_document import glance, objects, shown
from mesonet.formats.json_stations import stations
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.tables import json_table
from mesonet.regex import regex

NAME = "station-objects"

_PLACES = ("location", "locations", "coordinates", "coords", "position", "geo")
_OSCAR = (("wigosIds", "wid"), ("wigosStationIdentifiers", "wigosStationIdentifier"))
_OF_PLACES = ("lat", "lon", "lng", "elev", "alt", "height")
_NUMBER = regex(r"-?\d+(?:\.\d+)?")

_Members = dict[str, str]  # the text of each member, by its path


def sniff(head: bytes) -> Guess | None:
    """The names of the members; what is a table of values is none."""
    seen = glance(head)
    if seen is None or "$schema" in seen or json_table.sniff(head) is not None:
        return None
    if any(_NUMBER.fullmatch(said) and station_list.is_quantity(path.rpartition(".")[2]) for path, said in seen.paths.items()):
        return None
    lists = dict.fromkeys(path[: path.rindex("[].") + 3] for path in seen.paths if "[]." in path)
    for before in ("", *lists):
        names = {path.removeprefix(before).replace("[].", ".") for path in seen.paths if path.startswith(before)}
        places = _columns(tuple(name for name in names if _is_of_station(name)))
        if places and places.keys() & {"elevation", "elevation_ft", "wigos_id"}:
            where = f" in {before[:-3][:60]}" if before else ""
            return Guess(0.6, f"stations{where}: objects with an identifier and a position each, and no time")
    return None


def _is_of_station(path: str) -> bool:
    outer, _, own = path.rpartition(".")
    return not outer or outer in _PLACES or outer == "name" or (outer, own) in _OSCAR


@lru_cache(maxsize=1000)
def _columns(paths: tuple[str, ...]) -> dict[str, int] | None:
    """Where among the members of an object is what a list of stations has; None where it is no station."""
    oscar = any(tuple(path.split(".")) in _OSCAR for path in paths)
    plain = []
    for path in paths:
        outer, _, own = path.rpartition(".")
        if (outer, own) in _OSCAR:
            plain.append("wigosid")
        elif (oscar and path == "id") or own in ("x", "y") or (outer in _PLACES and not own.lower().startswith(_OF_PLACES)):
            plain.append("")
        else:
            plain.append("name" if outer == "name" else own)
    return station_list.columns_of(plain)


def _members(given: dict[str, Any]) -> _Members:
    """The texts and numbers of an object and of those in it that tell its place and its name."""
    found = {name: value or "" for name, value in given.items() if value is None or isinstance(value, str)}
    for name in _PLACES:
        for own, value in (objects(given.get(name)) or [{}])[-1].items():
            if value is None or isinstance(value, str):
                found[f"{name}.{own}"] = value or ""
    names = given.get("name")
    if isinstance(names, dict):
        texts = {language: text for language, text in names.items() if isinstance(text, str)}
        for language in [each for each in ("en", *texts) if each in texts][:1]:
            found[f"name.{language}"] = texts[language]
    for outer, own in _OSCAR:
        listed = [each for each in objects(given.get(outer)) if isinstance(each.get(own), str)]
        for each in sorted(listed, key=lambda each: each.get("primary") is not True)[:1]:
            found[f"{outer}.{own}"] = each[own]
    return found


def _listed(value: object) -> list[Any]:
    """The objects of a document that are stations, or stand in a list with some."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or _columns(tuple(_members(value))):
        return [value]
    inner = [each for each in value.values() if isinstance(each, list | dict)]
    lists = [each for each in inner if isinstance(each, list)]
    lists += [each for outer in inner if isinstance(outer, dict) for each in outer.values() if isinstance(each, list)]
    return next((each for each in lists if any(_columns(tuple(_members(first))) for first in objects(each)[:10])), [])


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Rows are objects."""
    return stations(stream, _listed, _taken, identifier="id")


def _taken(given: object, row: int) -> Iterator[Reject | Station]:
    members = _members(given) if isinstance(given, dict) else {}
    places = _columns(tuple(members))
    if places is None:
        yield Reject(reason="no object with an identifier, a latitude and a longitude", row=row, value=shown(given))
        return
    texts = [text.strip() for text in members.values()]
    said = {name: "" if texts[at] in station_list.NOT_KNOWN else texts[at] for name, at in places.items()}
    rejects: list[Reject] = []
    station = station_list.station_of(said, row, list(members), places, rejects)
    yield from rejects
    if station:
        yield station
