"""Lists of stations: a table with an identifier, a latitude and a longitude in each row, and no time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mesonet.domain.observation import Reject
from mesonet.domain.station import Authority, Station
from mesonet.formats.columns import Loose
from mesonet.formats.reading import Columns, Context, Extent, Guess, Piece, Rows, Stream
from mesonet.formats.table import SHOWN, Chunk, Fields, Table, delimiter_of, header_line, leading
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "station-list"

LOOK = 20  # rows, of which the first that is not blank is the header
LONGEST_ID = 100  # characters; it becomes part of a key
LONGEST_NAME = 200
FOOT_M = 0.3048
NOWHERE = "latitude and longitude 0 is where positions that are not known end up; the station is taken without one"

# headers in use, compared without case, accents, spaces, underscores, hyphens and a unit of metres or degrees in brackets; of
# several, the first of these is meant
_ALIASES: dict[str, tuple[str, ...]] = {
    "wigos_id": ("wigosstationidentifier", "wigosid", "wsi", "wigos", "wigosstationid"),
    "id": (
        "stationid", "traditionalstationidentifier", "id", "station", "stationidentifier", "stationcode", "stid", "stn",
        "stnid", "siteid", "site", "code", "identifier", "localid", "icao", "ident", "wmoid", "wmo", "stationnumber", "faa",
        "iata", "stationsid", "stationsnummer", "stationskennung", "kennung",
        "codigonacional", "codigoestacion", "codigodaestacao", "codigoestacao", "cdestacao", "codestacion", "codestacao",
        "idestacion", "idestacao", "indicativo", "codigowmo", "codigoomm", "codigo", "codice", "codicestazione",
        "codestazione", "idstazione", "idstation", "codestation", "codestationmeteo", "numposte", "numersta", "siteno",
        "number",
    ),
    "name": (
        "name", "stationname", "longname", "sitename", "title", "stationsname", "nom", "nombre", "nome", "stationnm",
        "nombreestacion", "nombredelaestacion", "nomeestacao", "nomedaestacao", "dcnome", "nomusuel", "nomstation",
        "nomestazione", "nomestacio",
    ),
    "latitude": (
        "latitude", "lat", "latitudedeg", "latdeg", "latitudedegrees", "y", "latitudewgs84", "breite", "geogr.breite",
        "geo.breite", "breitengrad", "latitud", "latitudine", "declatva", "vllatitude",
    ),
    "longitude": (
        "longitude", "lon", "long", "lng", "longitudedeg", "londeg", "longitudedegrees", "x", "longitudewgs84", "lange",
        "laenge", "geogr.lange", "geogr.laenge", "geo.lange", "geo.laenge", "langengrad", "laengengrad", "longitud",
        "longitudine", "declongva", "vllongitude",
    ),
    "elevation": (
        "elevation", "elev", "altitude", "alt", "height", "stationelevation", "elevationm", "elevm", "altitudem", "altm",
        "heightm", "hgt", "hgtm", "hohe", "hoehe", "stationshohe", "stationshoehe", "altitud", "altitudine", "quota",
        "alti", "vlaltitude", "elevat.",
    ),
    "elevation_ft": (
        "elevationft", "elevft", "altitudeft", "altft", "elevation(ft)", "elev(ft)", "altitude(ft)", "elevation(feet)",
        "elev(feet)", "altitude(feet)", "elevationfeet", "height(ft)", "heightft", "altva",
    ),
    "timezone": ("timezone", "tz", "tzname", "iana"),
}  # fmt: skip
_TIMES = regex(
    r"time|date|datetime|timestamp|.*(observationtime|obstime|validtime|valid|localtime|utctime|timeutc|timehour)"
    r"|(mess|beobachtungs|von|bis|orts)?(datum|uhr|zeit)(datum|uhr|zeit|punkt|stempel|und|utc|gmt|mesz|mez|lokal|\W)*"
    r"|(fecha|hora|dataora|datahora)(fecha|hora|y|e|utc|gmt|local|de(la)?|observacion|medicion|lectura|\W)*|(date)?heure(utc|gmt|locale|\W)*|tijd(stip)?|tidspunkt|dato"
    r"|(yyyymmdd|aaaamm).*|year(/month/day)?|hour|dateobs.*|(report|obs|observation|sample|measurement|reading|record)?date(/|and)?time(utc|gmt|local|lst)?"
)
_DATE = tuple(
    map(frozenset, (("year", "yr", "yyyy", "yy"), ("month", "mo", "mon", "mm"), ("day", "da", "dd", "dy")))
)  # in parts
_PERIOD = {"vondatum", "bisdatum"}  # in which what a row says of a station of the DWD was so
_SOME_TIME = regex(r"time|date")
_QUANTITY = regex(r"temp|humid|wind(speed|dir)|pressure|rain|precip")

_OF_THE_DWD = "stationsid"
_OF_ANYTHING = {"number", "codigo", "codice"}  # of stations only where they have names, too

# airportsdata does not say that its elevations are in feet (README of the PyPI package airportsdata)
_AIRPORTSDATA = {"icao", "iata", "subd", "elevation", "lid"}

_COORDINATE = regex(r"(?a)([+-]?\d{1,3}(?:[.,]\d*)?|[+-]?\.\d+)\s*°?\s*([NSEWnsew]?)")
# degrees, minutes and perhaps seconds: 46°30'15"N, 46 30 15N, 46:30.25 N, 46-30-15N
_SEXAGESIMAL = regex(
    r"(?a)([+-]?)(\d{1,3})\s*[°º:\s-]\s*([0-5]?\d(?:\.\d+)?)\s*"
    r"(?:['′’:\s-]\s*(?:([0-5]?\d(?:\.\d+)?)\s*(?:[\"″”]|'')?)?)?\s*([NSEWnsew]?)",
)
_RUN_TOGETHER = regex(r"(?a)(\d{2,3})([0-5]\d)([0-5]\d)\s?([NSEWnsew])")  # AEMET's 394924N
_LONGEST = 60  # characters of degrees, minutes and seconds
_PARTING = regex(r"[\s_\-]+")  # words of a name
# x and y in metres are no degrees
_BESIDE = regex(r"(?:(?<!^[xy])[(\[](?:m|meters?|metres?|m ?a?msl)|[(\[](?:deg|degrees?|decimal ?degrees?|°|dd))[)\]]$")
NOT_KNOWN = frozenset(("", "NA", "N/A", "null", "NULL", "None", "-", "nan", "NaN"))
_NO_HEIGHT = frozenset((-999.0, -999.9, -9999.0, -9999.9, 9999.0, 99999.0))
_DECIMAL_COMMA = regex(r"^(-?\d+),(\d{1,2})$")  # three figures may be those below a thousand
_WIDTH = regex(r"\d+[sdn]")  # of a column and what it holds: the Geological Survey's row below names
_ZONE = regex(r"(?a)[A-Za-z]+(/[A-Za-z0-9_+\-]+){0,2}")


def sniff(head: bytes) -> Guess | None:
    """By the header alone."""
    text = decode(head[:16384])
    if text.lstrip()[:1] in ("", "{", "[", "<"):
        return None
    first = header_line(text)
    named = text.partition(first)[0] + first if text.lstrip()[:1] == "#" else first  # comments may have the names
    if not any(word in named.lower() for word in ("lat", "y", "breite")):  # most files end here
        return None
    rows = leading(text, delimiter_of(first)[0], _BELOW)
    at, header = _header(rows)
    places = columns_of(header)
    if (
        places is None
        or any(row and _MOMENT.match(row[0].strip()) for row in rows[at + 1 :])
        or _are_measured(header, rows[at + 1 :])
        or _is_above_another(header, rows[at + 1 :])
        or _come_again(whole := [row for row in rows[at + 1 :] if len(row) == len(header)], places)
        or _stay(whole, places)
    ):
        return None  # a list with a series of observations below it is more than a list
    names = ", ".join(header[at][:40] for at in places.values())
    return Guess(0.9, f"a list of stations: the header has {names}, and no time")


def _come_again(rows: Sequence[Fields], places: dict[str, int]) -> bool:
    """Whether most rows are of a station that came before, with other numbers: then they are values, whatever their time is
    called. Other years and words do not count: lists of periods and of sensors have those."""
    named = {places[what] for what in ("id", "wigos_id") if what in places}
    stations = {tuple(row[at].strip() for at in sorted(named)) for row in rows}
    others = {tuple(field for at, field in enumerate(row) if at not in named) for row in rows}
    if not rows or min(len(rows), len(others)) < _AGAIN * len(stations):
        return False
    columns = [[row[at].strip() for row in rows] for at in range(len(rows[0])) if at not in places.values()]
    return any(len({*texts}) > 1 and any(map(_VALUE.fullmatch, texts)) for texts in columns)


def _stay(rows: Sequence[Fields], places: dict[str, int]) -> bool:
    """Whether each row has a moment of its own, and all are at one place, or at none: then they are records of a sensor, each
    with a number (Adafruit IO)."""
    positions = {(row[places["latitude"]].strip(), row[places["longitude"]].strip()) for row in rows}
    moments = {next((text for text in row if _MOMENT.match(text.strip())), "") for row in rows}
    return len(rows) > 1 and len(positions) == 1 and len(moments) == len(rows) and "" not in moments


def _is_above_another(header: Fields, rows: Sequence[Fields]) -> bool:
    """Whether most lines below are a table of another width with names of its own, which are the station's values (Netatmo's
    exports). Rows of stations may be wider too, where they end in a delimiter or a name holds one."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width = widths.most_common(1)[0][0] if widths else len(header)
    if width == len(header) or 2 * widths[len(header)] >= widths.total():
        return False
    first = next([text.strip() for text in row] for row in rows if len(row) == width)
    return all(text and not _COORDINATE.fullmatch(text) for text in first) and len({*first}) == width


def _are_measured(header: Fields, rows: Sequence[Fields]) -> bool:
    """Whether there is some date, and numbers stand below the names of what is measured then."""
    first = next((row for row in rows if len(row) == len(header)), [])
    measured = [
        name
        for name, text in zip(header, first, strict=False)
        if is_quantity(name) and text.strip() and not text.strip().strip("-0123456789.")
    ]
    return len(measured) > 1 and any(_SOME_TIME.search(name.lower()) for name in header)


_VALUE = regex(r"(?!(?:1[6-9]|20)\d\d$|9999$)[+-]?\d{1,6}(?:[.,]\d+)?")  # of a measurement, and no year
_AGAIN = 4  # times that stations come on average
_BELOW = 100  # rows that are looked at
_MOMENT = regex(r"(?:19|20)\d\d-\d\d-\d\d[Tt ]\d\d:\d\d")


def is_quantity(name: str) -> bool:
    return _QUANTITY.search(name.lower()) is not None


def _header(rows: Sequence[Fields]) -> tuple[int, list[str]]:
    """The first row that is neither blank nor a comment, but for one of the names, and where it stands."""
    for at, row in enumerate(rows):
        names = [field.strip() for field in row]
        if any(names) and names[0][:1] == "#":
            names[0] = names[0].lstrip("# ")
            if columns_of(names) is None:
                continue
        if any(names):
            return at, names
    return 0, []


def columns_of(header: Fields) -> dict[str, int] | None:
    """Where everything stands; None where the table is no list of stations."""
    plain = list(map(_plain, header))
    times = {name for name in plain if _TIMES.fullmatch(name)}
    if times - (_PERIOD if times >= _PERIOD else set()) or all(not part.isdisjoint(plain) for part in _DATE):
        return None
    found: dict[str, int] = {}
    for what, aliases in _ALIASES.items():
        for alias in aliases:
            if alias in plain:
                found[what] = plain.index(alias)
                break
    if {"usaf", "wban"} <= set(plain):  # NOAA's inventory of the Integrated Surface Database: the two together
        found["id"], found["wban"] = plain.index("usaf"), plain.index("wban")
    if "name" not in found and "id" in found and plain[found["id"]] in _OF_ANYTHING:
        del found["id"]
    if "latitude" not in found or "longitude" not in found or not found.keys() & {"id", "wigos_id"}:
        return None
    if "elevation" in found and set(plain) >= _AIRPORTSDATA:
        found["elevation_ft"] = found.pop("elevation")
    return found


@lru_cache(1_000)
def _plain(name: str) -> str:
    plain = _BESIDE.sub("", _PARTING.sub("", name).lower())
    if plain.isascii():
        return plain
    import unicodedata  # few lists have accents in their names

    letters = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Stations; a row whose position cannot be is rejected."""
    table = Table(stream, look=LOOK, header_tells=True)
    at, header = _header(table.first)
    places = columns_of(header)
    if places is None:
        yield Reject(reason="the header does not name an identifier, a latitude and a longitude", row=at + 1)
        return
    facts = [Loose(NOT_KNOWN) for _ in header]
    count = 0
    widths = all(map(_WIDTH.fullmatch, (*table.first[at + 1 : at + 2], ("",))[0]))
    for chunk in table.chunks(len(header), skip=at + 1 + widths):
        count += len(chunk.rows) + len(chunk.ragged)
        yield from table.ragged(chunk, len(header))
        for loose, texts in zip(facts, chunk.columns, strict=True):
            loose.weigh(texts)
        yield from _stations(chunk, header, places)
    yield from table.torn()
    if not count:
        yield Reject(reason="there are no rows below the header", row=at + 1)
    yield Rows(count=count)
    kinds = {places.get("id"): "station", places.get("wigos_id"): "station"}
    named = enumerate(zip(header, facts, strict=True))
    columns = tuple(loose.facts(name, kinds.get(place)) for place, (name, loose) in named)
    yield Columns(columns=columns, encoding=table.text.described)


def _stations(chunk: Chunk, header: list[str], places: dict[str, int]) -> Iterator[Piece]:
    picked = [["" if text in NOT_KNOWN else text for text in map(str.strip, chunk.columns[at])] for at in places.values()]
    listed: list[str] = []
    for row, cells in zip(chunk.rows, zip(*picked, strict=True), strict=True):
        rejects: list[Reject] = []
        station = station_of(dict(zip(places, cells, strict=True)), row, header, places, rejects)
        yield from rejects
        if station:
            listed.append(station.id)
            yield station
    yield Extent(stations=Counter(listed))


def station_of(
    given: dict[str, str], row: int, header: Sequence[str], places: dict[str, int], rejects: list[Reject]
) -> Station | None:
    wigos = given.get("wigos_id", "")
    own = given.get("id", "")
    if "wban" in given and own:
        own = f"{own.zfill(6) if own.isdecimal() else own}-{given['wban'].zfill(5)}"  # a spreadsheet leaves zeros out
    elif own.isdecimal() and _plain(header[places["id"]]) == _OF_THE_DWD:
        own = own.zfill(5)  # as in its products
    identifier = own or wigos
    if not identifier or len(identifier) > LONGEST_ID or not identifier.isprintable():
        column = header[places["id"] if "id" in places else places["wigos_id"]]
        reason = "not the identifier of a station" if identifier else "the row has no station"
        rejects.append(Reject(reason=reason, row=row, column=column, value=identifier[:SHOWN]))
        return None
    position: list[float | None] = []
    for what, limit in (("latitude", 90), ("longitude", 180)):
        try:
            position.append(coordinate(given[what], limit))
        except ValueError as exc:
            rejects.append(Reject(reason=str(exc), row=row, column=header[places[what]], value=given[what][:SHOWN]))
            return None
    latitude, longitude = position
    if latitude == 0 == longitude:
        rejects.append(Reject(reason=NOWHERE, row=row, column=header[places["latitude"]], value=given["latitude"][:SHOWN]))
        latitude = longitude = None
    height = _height(given, row, header, places, rejects)
    zone = given.get("timezone", "")
    return Station(
        id=identifier,
        name=" ".join(given.get("name", "").split())[:LONGEST_NAME],
        latitude=latitude,
        longitude=longitude,
        elevation_m=height,
        wigos_id=wigos or None,
        timezone=zone if zone and len(zone) <= 64 and _ZONE.fullmatch(zone) else None,
        authority=Authority.STATION_LIST,
    )


def _height(
    given: dict[str, str], row: int, header: Sequence[str], places: dict[str, int], rejects: list[Reject]
) -> float | None:
    name, scale = ("elevation", 1.0) if "elevation" in given else ("elevation_ft", FOOT_M)
    try:
        return elevation(given.get(name, ""), scale)
    except ValueError as exc:
        rejects.append(Reject(reason=str(exc), row=row, column=header[places[name]], value=given[name][:SHOWN]))
        return None


def coordinate(text: str, limit: int) -> float | None:
    """Degrees, with a sign or a letter; longitudes from 0 to 360 become -180 to 180. Raises ValueError."""
    if not text:
        return None
    if len(text) > _LONGEST:
        raise ValueError("not a position in degrees")
    if match := _COORDINATE.fullmatch(text):
        figures, letter = match.groups()
        degrees = float(figures.replace(",", "."))
    elif (match := _SEXAGESIMAL.fullmatch(text)) and (match[5] or not text[-1].isdecimal() or match[1]):
        whole = float(match[2]) + float(match[3]) / 60 + float(match[4] or 0) / 3600
        degrees, letter = round(-whole if match[1] == "-" else whole, 7), match[5]
    elif match := _RUN_TOGETHER.fullmatch(text):
        degrees, letter = round(float(match[1]) + float(match[2]) / 60 + float(match[3]) / 3600, 7), match[4]
    else:
        raise ValueError("not a position in degrees")
    if letter:
        if letter not in ("NSns" if limit == 90 else "EWew") or text[0] in "+-":
            raise ValueError("not a position in degrees")
        degrees *= -1 if letter in "SsWw" else 1
    if limit == 180 and 180 < degrees <= 360:
        degrees = round(degrees - 360, 9)
    if not -limit <= degrees <= limit:
        raise ValueError(f"not between -{limit} and {limit} degrees")
    return degrees


def elevation(text: str, scale: float = 1.0) -> float | None:
    """Metres; None for what stands for a height that is not known. Raises ValueError."""
    if not text:
        return None
    try:
        height = float(_DECIMAL_COMMA.sub(r"\1.\2", text))
    except ValueError:
        raise ValueError("not a height") from None
    if height in _NO_HEIGHT:
        return None
    height = float(f"{height * scale:.7g}")
    if not -500 <= height <= 9000:  # the shore of the Dead Sea is at -430 m, the top of Everest at 8849 m
        raise ValueError("not a height at which a station stands")
    return height
