"""StationsTable: who observes and where, found by identifier, by the start of a name, and by place.

The directory indexes keep all stations in one partition: a station's line changes perhaps once a year, and 100,000 lines are
20 MB. Places are found by geohash: the partition is a cell of some 1250 by 625 km, in it the sort key runs along the curve.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from mesonet.domain import geohash
from mesonet.domain.file import precedence
from mesonet.domain.geohash import CELL_LENGTH
from mesonet.domain.station import Authority, Station
from mesonet.errors import Conflict, NotFound
from mesonet.stores.attributes import Item, from_item, to_item
from mesonet.stores.dynamodb import each_of, every, translated

_PLACE_LENGTH = 9
_WRITERS = 8  # conditional puts cannot be batched
_DIRECTORY = "stations"
_READ_AT_ONCE = 100  # BatchGetItem
_FIRST_PAGE = 128  # stations: a page of an answer and one more; whoever walks on gets twice as many next, up to 1 MB


class StationsStore:
    def __init__(self, table: str, *, client: Any) -> None:
        self._table = table
        self._client = client

    def get(self, station_id: str) -> Station:
        """Raises NotFound."""
        with translated("reading a station"):
            answer = self._client.get_item(TableName=self._table, Key={"station_id": {"S": station_id}})
        if "Item" not in answer:
            raise NotFound(f"there is no station {station_id!r}")
        return _station(answer["Item"])

    def put_all(self, stations: Iterable[Station], *, order: str) -> None:
        """As `put`, several at a time; what cannot come in is not tried: looking costs a tenth of a refused write."""
        from concurrent.futures import ThreadPoolExecutor  # whoever only reads starts without it

        groups = list(batched(stations, _READ_AT_ONCE, strict=False))
        with ThreadPoolExecutor(_WRITERS) as pool:
            for some, sources in zip(groups, pool.map(self._sources, groups), strict=True):
                news = [each for each in some if sources.get(each.id, "") < _source(each, order)]
                for _ in pool.map(lambda station: self.put(station, order=order), news):
                    pass

    def _sources(self, stations: Sequence[Station]) -> dict[str, str]:
        """Which description of each station is in place. An older answer than the table's is lower: it hides nothing."""
        items = self._items([each.id for each in stations], only="#source, station_id")
        return {item["station_id"]["S"]: item["source"]["S"] for item in items}

    def put(self, station: Station, *, order: str) -> bool:
        """Whether this description was stored: it is, unless one of more authority, or of the same and newer, is in place."""
        values: dict[str, Any] = {
            "station_id": station.id,
            "name": station.name,
            "latitude": station.latitude,
            "longitude": station.longitude,
            "elevation_m": station.elevation_m,
            "wigos_id": station.wigos_id,
            "timezone": station.timezone,
            "authority": int(station.authority),
            "source": _source(station, order),
            "directory": _DIRECTORY,
            "name_key": f"{name_key(station.name)}#{station.id}" if station.name else None,
        }
        if station.position:
            place = geohash.encode(*station.position, _PLACE_LENGTH)
            values |= {"cell": place[:CELL_LENGTH], "place": f"{place}#{station.id}"}
        try:
            with translated("writing a station"):
                self._client.put_item(
                    TableName=self._table,
                    Item=to_item(values),
                    ConditionExpression="attribute_not_exists(station_id) OR #source < :source",
                    ExpressionAttributeNames={"#source": "source"},
                    ExpressionAttributeValues={":source": {"S": values["source"]}},
                )
        except Conflict:
            return False
        return True

    def known(self, station_ids: Sequence[str]) -> dict[str, Station]:
        """Those of the stations that are in the table."""
        return {item["station_id"]["S"]: _station(item) for item in self._items(station_ids)}

    def _items(self, station_ids: Sequence[str], *, only: str = "") -> Iterator[Item]:
        return each_of(
            self._table,
            [{"station_id": {"S": each}} for each in station_ids],
            "reading stations",
            get=lambda asked: self._client.batch_get_item(RequestItems=asked),
            **({"ProjectionExpression": only, "ExpressionAttributeNames": {"#source": "source"}} if only else {}),
        )

    def scan(self, start: str = "") -> tuple[list[tuple[Station, str]], str]:
        """Some stations with the order of what is known of them, and where to go on; '' at the end."""
        arguments: dict[str, Any] = {"TableName": self._table, "Limit": 500}
        if start:
            arguments["ExclusiveStartKey"] = {"station_id": {"S": start}}
        with translated("reading stations"):
            page = self._client.scan(**arguments)
        following = page.get("LastEvaluatedKey", {}).get("station_id", {}).get("S", "")
        return [from_image(item) for item in page["Items"]], following

    def by_id(self, *, prefix: str = "", after: str = "") -> Iterator[tuple[str, Station]]:
        """Stations in order of their identifiers, each with its place in that order, to go on `after`."""
        return self._walk("DirectoryIndex", ("directory", _DIRECTORY), "station_id", prefix=prefix, after=after)

    def by_name(self, *, prefix: str, after: str = "") -> Iterator[tuple[str, Station]]:
        """Stations whose names start with a text, whatever its case, in order of their names."""
        return self._walk("NameIndex", ("directory", _DIRECTORY), "name_key", prefix=name_key(prefix), after=after)

    def by_place(self, cell: str, *, prefix: str = "", after: str = "") -> Iterator[tuple[str, Station]]:
        """Stations of one cell (of `CELL_LENGTH`), along the curve; `prefix` narrows to a smaller cell in it."""
        return self._walk("PlaceIndex", ("cell", cell), "place", prefix=prefix, after=after)

    def _walk(
        self, index: str, partition: tuple[str, str], sort: str, *, prefix: str, after: str
    ) -> Iterator[tuple[str, Station]]:
        condition, values = "#partition = :partition", {":partition": {"S": partition[1]}}
        names = {"#partition": partition[0]}
        if after:
            condition += " AND #sort > :after"
            values[":after"] = {"S": after}
            names["#sort"] = sort
        elif prefix:
            condition += " AND begins_with(#sort, :prefix)"
            values[":prefix"] = {"S": prefix}
            names["#sort"] = sort
        items = every(
            self._client.query,
            "reading stations",
            next_limit=lambda limit: limit * 2,
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            Limit=_FIRST_PAGE,
        )
        for item in items:
            position = item[sort]["S"]
            if not position.startswith(prefix):
                return
            yield position, _station(item)


def _source(station: Station, order: str) -> str:
    """What a description is worth: a greater one takes the place of a smaller. A mention describes nothing: the first is as
    good as any."""
    if station.authority is Authority.MENTIONED:
        return f"{int(station.authority)}#"
    return f"{int(station.authority)}#{precedence(order)}"


def name_key(name: str) -> str:
    """A name as it is looked up: case folded, spaces single."""
    return " ".join(name.casefold().split())


def from_image(image: Item) -> tuple[Station, str]:
    """The station that an item, or an image of it in the table's stream, holds; and the order of what is known of it."""
    return _station(image), image["source"]["S"]


def _station(item: Item) -> Station:
    values = from_item(item)
    return Station(
        id=values["station_id"],
        name=values.get("name", ""),
        latitude=values.get("latitude"),
        longitude=values.get("longitude"),
        elevation_m=values.get("elevation_m"),
        wigos_id=values.get("wigos_id"),
        timezone=values.get("timezone"),
        authority=Authority(values.get("authority", 0)),
    )
