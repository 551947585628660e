"""Files as nobody writes them: each has the form of a kind of format, and is odd in what the form leaves open.

Where damage (see `fuzzing`) rarely passes a header's checks, these do: tables of any dialect, reports of groups that are and
groups that are none, documents of services with another type at some member, binary headers whose lengths lie, archives in
archives, and NetCDF whose arrays and attributes are odd, not only its compressed bytes. Everything follows from the seed of chance.
"""

# ruff: noqa: E501 - lists of odd texts

import gzip
import io
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, cast

import h5py
import netCDF4
import numpy as np

type Seeds = Sequence[tuple[str, bytes]]

ODD_NUMBERS = (0, 1, 2, 3, 7, 31, 32, 127, 128, 254, 255, 256, 999, 4096, 65535, 65536, 2**24 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1)  # fmt: skip
_CELLS = (
    *("", " ", "0", "-0", "1", "-1", "12.5", "-7,5", "1.234,5", "1,234.5", "1 234,5", "+3", ".5", "5.", "1e3", "1e999", "-1e-999", "0x10"),
    *("NaN", "nan", "NAN", "inf", "-inf", "null", "None", "NA", "N/A", "M", "T", "trace", "-", "--", "---", "///", "?", "*", "-9999", "999.9"),
    *("21.3C", "12 °C", "N", "NNW", "calm", "VRB", "true", "é", "°", "気温", "١٢", "½", "a" * 300, "9" * 400, "\u200b", "\ufeff", "\x00", "#", "="),
    *("2024-01-01", "2024-02-30", "2024-01-01T00:00:00Z", "2024-01-01 24:00", "01.02.2024", "1/2/24", "02/03/2024 1:05 PM", "20240101", "202401010600"),
    *("00:00", "24:00", "2400", "6", "1704067200", "1704067200000", "45292.25", "9999-12-31T23:59:59Z", "0000-00-00", "2024-W01-1", "2024-001"),
    *("A1", "EDDF", "10384", "0-20000-0-10384", "a/b", "a,b", 'say "hi"', "two\nlines", "it's", ";", "\t", "|"),
)  # fmt: skip
_NAMES = (
    *("time", "Time", "date", "Date", "TIMESTAMP", "timestamp (UTC)", "datetime", "year", "month", "day", "hour", "minute", "Datum", "Uhrzeit", "DOY"),
    *("station", "Station_ID", "wigos_id", "name", "lat", "latitude", "lon", "longitude", "elevation", "id", "variable", "value", "unit", "parameter"),
    *("temp", "Temperature (°C)", "air_temperature [K]", "T2M_degF", "Tmax", "Tmin", "RH %", "humidity", "dew point", "Taupunkt", "pressure (hPa)"),
    *("slp", "wind speed m/s", "WS_ms_Avg", "wind dir", "gust (kt)", "rain mm", "precip", "Niederschlag [mm]", "snow", "radiation W/m2", "soil temp 10cm"),
    *("", " ", "1", "2024", "12.5", "#", "# x", "é", "気温", "x" * 300, "column 1", "temp", "temp", "qc", "flag", "temp_unit", "a\nb", 'a"b', "a;b", "\x00"),
)  # fmt: skip
_UNITS = (
    *("", "°C", "degF", "K", "%", "hPa", "m/s", "kt", "mm", "deg", "W/m^2", "(m)", "[in]", "TS", "RN", "Smp", "Avg", "unit", "no unit", "-"),
    *("x" * 80,),
)  # fmt: skip
_ABOVE = ("", "# a comment", "% comment; of; parts", "sep=;", "Station: X1", "[data]", "a title", ",,,,", "Latitude: 91", '"', "\x00", "---")  # fmt: skip
_ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252", "shift_jis", "utf-32")
_ENDS = ("\n", "\n", "\n", "\r\n", "\r", "\n\n", "\n\r")
_QUANTITIES = (
    *("Temperature (°C)", "air_temperature [K]", "RH %", "dew point (°F)", "pressure (hPa)", "wind speed m/s", "wind direction (°)", "gust (kt)"),
    *("rain mm", "radiation W/m2"),
)  # fmt: skip
_CELLS_OF_A_TABLE = 600  # or it takes as long as ten others
_CLOCKS = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M %p", "%Y%m%d%H%M", "%Y%j", "%Y-%m-%d", "%H:%M", "%y-%j")  # fmt: skip


def table(chance: Random, seeds: Seeds = ()) -> bytes:
    """A table of some dialect, with lines above its names, and of units below them; in some nearly all is as it should be."""
    odd = chance.choice((0.0, 0.02, 0.3, 1.0))
    delimiter, quote, end = chance.choice(",,,;;\t|^~ "), chance.choice(("", "", "", '"', "'", '"""')), chance.choice(_ENDS)
    names = [
        "time",
        *(chance.choice(_NAMES if chance.random() < odd else _QUANTITIES) for _ in range(chance.choice((1, 2, 4, 12, 310)))),
    ]
    clock, step, decimal = chance.choice(_CLOCKS), chance.choice((0, 60, 600, 86_400)), chance.choice("...,")
    rows = [names] if chance.random() < 0.95 else []
    if chance.random() < 0.2:
        rows.append(chance.choices(_UNITS, k=len(names)))
    for number in range(min(chance.choice((0, 1, 2, 5, 30, 150)), _CELLS_OF_A_TABLE // len(names))):
        at = datetime.fromtimestamp(1_704_067_200 + step * number, UTC)
        row = [at.strftime(clock), *(f"{chance.gauss(15, 9):.1f}".replace(".", decimal) for _ in names[1:])]
        row = [chance.choice(_CELLS) if chance.random() < odd / 5 else cell for cell in row]
        if chance.random() < odd / 10:
            row = row[: chance.randrange(len(row) + 1)] + chance.choices(_CELLS, k=chance.choice((0, 1, 5)))
        rows.append(names if chance.random() < odd / 30 else row)
    quoted = [[f"{quote}{cell}{quote}" if chance.random() > odd / 5 else cell for cell in row] for row in rows]
    lines = [*chance.choices(_ABOVE, k=chance.choice((0, 0, 0, 1, 3))), *(delimiter.join(row) for row in quoted)]
    text = end.join(lines) + (end if chance.random() < 0.8 else "")
    return text.encode(chance.choice(_ENCODINGS), "replace")


def _digits(chance: Random, pattern: str) -> str:
    """A group: each `9` any figure, each `a` any letter, and now and then a slash or nothing in their place."""
    odd = chance.random() < 0.15
    made = (
        str(chance.randrange(10)) if sign == "9" else chance.choice("ABCDEFGHIKLMNOPRSTVXZ") if sign == "a" else sign
        for sign in pattern
    )
    return "".join(chance.choice(("/", "", "M", "9")) if odd and chance.random() < 0.4 else sign for sign in made)


_METAR = (
    *("99999KT", "99999G99KT", "VRB99MPS", "999V999", "9999", "CAVOK", "99SM", "9/9SM", "M1/4SM", "R99/9999", "R99L/P9999FT/U", "+TSRA", "-SN", "VCFG"),
    *("FEW999", "SCT999CB", "BKN999", "OVC999", "VV999", "NSC", "99/99", "M99/M99", "99/", "Q9999", "A9999", "QFE999", "RERA", "WS R99", "NOSIG", "TEMPO"),
    *("RMK", "AO2", "SLP999", "T99999999", "P9999", "69999", "79999", "19999", "29999", "499999999", "59999", "PK WND 99999/9999", "AUTO", "COR", "NIL", "$", "aaa"),
)  # fmt: skip


def metar(chance: Random, seeds: Seeds = ()) -> bytes:
    lines = [chance.choice(("", "SAXX99 aaaa 999999", "\x01", "METAR"))]
    for _ in range(chance.choice((1, 2, 10))):
        groups = chance.choices(_METAR, k=chance.choice((0, 1, 5, 12, 60)))
        head = [
            chance.choice(("METAR", "SPECI", "METAR COR", "")),
            "aaaa",
            chance.choice(("999999Z", "061150Z", "061150Z", "990000Z")),
        ]
        lines.append(" ".join(head + groups) + chance.choice(("=", "=", "")))
    return chance.choice(("\n", "\r\r\n", " ")).join(_digits(chance, line) for line in lines).encode()


_SYNOP = (
    *("19999", "29999", "39999", "49999", "59999", "69999", "79999", "89999", "99999", "09999", "00999", "222//", "22299", "333", "444", "555", "80000"),
    *("10999", "20999", "55999", "553//", "91099", "911//", "907//", "3/999", "29///", "NIL", "=", "AAXX", "12345678", "9"),
)  # fmt: skip
_PLACES = (
    *(("AAXX 06121", ("10384", "99999", "10384 NIL")), ("SMDL01 EDZW 061200\r\nAAXX 06124", ("10384", "99999"))),
    *(("AAXX 0612/", ("99999",)), ("", ("BBXX aaaa9 06121 99519 79999", "BBXX aaaa 06124 99999 99999", "OOXX aaaa 06121 99519 70039 99999 99999"))),
)  # fmt: skip


def synop(chance: Random, seeds: Seeds = ()) -> bytes:
    above, stations = chance.choice(_PLACES)
    lines = []
    for _ in range(chance.choice((1, 2, 10))):
        groups = ["41999", "99999", *chance.choices(_SYNOP, k=chance.choice((0, 1, 5, 12, 60)))]
        lines.append(" ".join((chance.choice(stations), *groups)) + chance.choice(("=", "=", "")))
    return "\n".join((above, *(_digits(chance, line) for line in lines))).encode()


_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 12.5, -9999, 1e308, 10**40, "", " ", "0", "-", "12.5", "NaN", "x" * 300, "2024-01-01T00:00:00Z", "2024-02-30"),
    *("a/b", "é", "\x00", "\ud800", [], {}, [[]], [None], [0, "x"], {"": None}, {"value": {"value": []}}, [{}] * 50, [1] * 400, 1704067200, 10**15),
)  # fmt: skip


def document(chance: Random, seeds: Seeds) -> bytes:
    """A service's document in which some members have another type, or are gone, or come often."""
    whole = json.loads(chance.choice([text for _, data in seeds if (text := _text_of(data))] or ["{}"]))
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = list(_members(whole))
        if not places:
            break
        within, at = chance.choice(places)
        match chance.randrange(6):
            case 0:
                del within[at]
            case 1 if isinstance(within, list):
                within[at:at] = [within[at]] * chance.choice((1, 5, 200))
            case 2:
                other, there = chance.choice(places)
                within[at] = json.loads(json.dumps(other[there])) if _has(other, there) else None
            case _:
                within[at] = deepcopy(chance.choice(_VALUES))
    text = json.dumps(whole, ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, None, 1)))
    if chance.random() < 0.1:
        text = re.sub(r": ?(-?\d+)", lambda found: f": {found[1]}e{chance.choice(ODD_NUMBERS)}", text, count=1)
    return text.encode("utf-8", "surrogatepass")


@cache
def _text_of(data: bytes) -> str | None:
    try:
        text = data.decode()
        return text if isinstance(json.loads(text), dict | list) else None
    except (ValueError, RecursionError):
        return None


def _has(within: Any, at: Any) -> bool:
    return at in within if isinstance(within, dict) else at < len(within)


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where something is: in what, and under which name or number."""
    for at in list(value) if isinstance(value, dict) else range(min(len(value), 50)) if isinstance(value, list) else ():
        yield value, at
        yield from _members(value[at])


_XML_TEXT = re.compile(rb">[^<>]+<")
_XML_VALUE = re.compile(rb"=\"[^\"]*\"")
_XML_ELEMENT = re.compile(rb"<(\w[\w:.-]*)[^<>]*>[^<>]*</\1>")
_XML_ODD = (b"&#x0;", b"&lt;", b"&none;", b"<!-- x -->", b"<![CDATA[1]]>", b"<x/>", b"<x>", b"</x>", b"\xff", b"<?x?>", b'<!DOCTYPE a [<!ENTITY b "b">]>')  # fmt: skip


def xml(chance: Random, seeds: Seeds) -> bytes:
    """A service's XML with other texts, attributes and elements."""
    data = chance.choice([data for _, data in seeds if data.lstrip()[:1] == b"<"] or [b"<a><b>1</b></a>"])
    for _ in range(chance.choice((1, 1, 2, 4))):
        text = chance.choice(_CELLS).encode() if chance.random() < 0.7 else chance.choice(_XML_ODD)
        form, instead = chance.choice(
            (
                (_XML_TEXT, b">" + text + b"<"),
                (_XML_VALUE, b'="' + text + b'"'),
                (_XML_ELEMENT, b""),
                (_XML_ELEMENT, text),
                (_XML_ELEMENT, None),
            )
        )
        if found := list(form.finditer(data)):
            one = chance.choice(found)
            data = data[: one.start()] + (one[0] * chance.choice((2, 50)) if instead is None else instead) + data[one.end() :]
    return data


def lying(chance: Random, seeds: Seeds) -> bytes:
    """A binary file in which some number is another one: a length, a count, a place, a type."""
    binary = [data for _, data in seeds if b"\x00" in data[:200]]
    data = bytearray(chance.choice(binary or [bytes(200)]))
    for _ in range(chance.choice((1, 1, 2, 4))):
        size = chance.choice((1, 2, 2, 3, 4, 4, 8))
        first = chance.choice((40, 200, len(data)))
        at = chance.randrange(max(1, min(first, len(data) - size)))
        number = chance.choice((*ODD_NUMBERS, len(data), len(data) - at, chance.getrandbits(8 * size)))
        data[at : at + size] = (number & ((1 << 8 * size) - 1)).to_bytes(size, "big" if chance.random() < 0.5 else "little")
    return bytes(data)


@cache
def _descriptors() -> tuple[int, ...]:
    lines = files("mesonet.formats.binary").joinpath("bufr_tables.txt").read_text("ascii").splitlines()
    return tuple(int(line.split()[0]) for line in lines if line[:1].isdigit())


_OFTEN = (301001, 301004, 301011, 301012, 301021, 1015, 4024, 4025, 7032, 8021, 8023, 12101, 13011, 11001, 11002, 10004, 20003, 307080, 307091)  # fmt: skip
_SUBSET = tuple(f"{number:0{width}b}" for number, width in ((6, 7), (260, 10), (2024, 12), (3, 4), (6, 6), (6, 5), (0, 6)))


def bufr(chance: Random, seeds: Seeds = ()) -> bytes:
    """Messages whose templates have any elements, operators and replications, with lengths that may lie."""
    messages = b""
    for _ in range(chance.choice((1, 1, 2, 5))):
        template = [301001, 301011, 301012] if chance.random() < 0.8 else []
        for _ in range(chance.choice((1, 3, 10, 40))):
            match chance.randrange(8):
                case 0:
                    template.append(chance.choice(_descriptors()))
                case 1:
                    template += [100_000 + 1000 * chance.randrange(1, 5), chance.choice((31000, 31001, 31002, 31011, 31012))]
                case 2:
                    template.append(100_000 + 1000 * chance.randrange(0, 5) + chance.randrange(256))
                case 3:
                    template.append(
                        200_000
                        + 1000 * chance.choice((1, 2, 3, 4, 5, 6, 7, 8, 22, 24, 35))
                        + chance.choice((0, 1, 8, 129, 132, 255))
                    )
                case _:
                    template.append(chance.choice(_OFTEN))
        subsets, compressed = chance.choice((0, 1, 1, 2, 3, 50, 65535)), chance.random() < 0.4
        bits = ("0" * 6 if compressed else "").join((*_SUBSET, "")).ljust(104, "0")
        data = int(bits, 2).to_bytes(len(bits) // 8)
        data += chance.choice((bytes, chance.randbytes, lambda count: b"\xff" * count))(chance.choice((0, 10, 100, 1000)))
        codes = b"".join((each // 100_000 << 14 | each // 1000 % 100 << 8 | each % 1000).to_bytes(2) for each in template)
        category = chance.choice((0, 0, 0, 1, 31, 2, 11, 255))
        first = (
            bytes((0, 0, 22))
            + bytes((0, 0, 0, 0, 0, 0, 0, category, 0, 0, chance.choice((13, 30, 40)), 0))
            + struct.pack(">HBBBBB", 2024, 3, 6, 6, 0, 0)
        )
        first = first[:22].ljust(22, b"\x00")
        third = _length(chance, 7 + len(codes)) + b"\x00" + subsets.to_bytes(2) + bytes([0x80 | 0x40 * compressed]) + codes
        body = first + third + _length(chance, 4 + len(data)) + b"\x00" + data + chance.choice((b"7777", b"7777", b""))
        messages += b"BUFR" + _length(chance, 8 + len(body)) + b"\x04" + body
    return messages


def _length(chance: Random, size: int, octets: int = 3, lies: float = 0.1) -> bytes:
    """Of a section or a message; a share of them lies."""
    if chance.random() < lies:
        size = chance.choice((*ODD_NUMBERS, size - 1, size + 1))
    return (size & (1 << 8 * octets) - 1).to_bytes(octets)


_BETWEEN = (
    *(b"\r\r\n\x03", bytes(9), b"GRIB", b"7777", b"HTIE85 ECMF 290600\r\r\n", b"\x01\r\r\n123\r\r\nHTIE85 ECMF 290600 CCA\r\r\n"),
    *(b"****0001018346****\nYGUZ98 KWBN 292156\r\r\n", b"0000025700\x01\r\r\nHTIE85 ECMF 290600\r\r\n"),
)  # fmt: skip
_LIES = 0.02  # of the lengths in GRIB: a message has many


def grib(chance: Random, seeds: Seeds = ()) -> bytes:
    """Messages of both editions, of any templates and tables, with lengths that may lie, and what stands between them."""
    messages = (chance.choice((_grib1, _grib2))(chance) for _ in range(chance.choice((1, 1, 2, 5, 30))))
    data = b"".join((chance.choice(_BETWEEN) if chance.random() < 0.2 else b"") + message for message in messages)
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.1 else data


def _octets(chance: Random, *counts: int) -> bytes:
    """As many as one of the counts: zeros, anything, or small numbers, as counts, units and kinds are."""
    count = chance.choice(counts)
    match chance.randrange(3):
        case 0:
            return bytes(count)
        case 1:
            return chance.randbytes(count)
        case _:
            return bytes(chance.choices((0, 0, 0, 1, 2, 3, 13, 128, 255), k=count))


def _one_of_each(chance: Random, *octets: Sequence[int]) -> bytes:
    return bytes(chance.choice(each) for each in octets)


def _day(chance: Random) -> bytes:
    """Month, day, hour and minute; one in ten is no time."""
    if chance.random() < 0.1:
        return bytes(chance.choices((0, 13, 30, 31, 60, 255), k=4))
    return _one_of_each(chance, range(1, 13), (1, 28, 29, 31), range(24), range(60))


def _grib1(chance: Random) -> bytes:
    """Sections 1 to 4, of which 2 and 3 may be absent, or absent where they are announced, or there where they are not."""
    grid, bitmap = chance.random() < 0.8, chance.random() < 0.3
    announced = 128 * (grid ^ (chance.random() < 0.05)) | 64 * (bitmap ^ (chance.random() < 0.05))
    product = _one_of_each(chance, (0, 1, 2, 3, 128, 255), (7, 74, 98), (0,), (255,), (announced,), (1, 2, 11, 61, 167, 255))
    product += _one_of_each(chance, (1, 100, 101, 105, 109, 112, 200, 255), range(256), range(256), (0, 1, 24, 100, 255))
    ranges = (*range(8), 10, 51, *range(113, 126))
    product += _day(chance) + _one_of_each(chance, (*range(15), 254, 255), range(256), range(256), ranges)
    product += chance.choice((0, 1, 30, 65535)).to_bytes(2) + _one_of_each(chance, (0,), (0, 20, 21, 255), (0,), (0, 128), (0,))
    sections = [product + _octets(chance, 0, 0, 12, 40)]  # the centre's own
    if grid:
        rows = chance.choice((0, 1, 16, 65535, chance.randrange(400)))
        head = _one_of_each(chance, (0, 0, 1, 10), (255, 33, 43, 0, 250), (0, 1, 3, 4, 5, 10, 50, 80, 90, 255))
        head += struct.pack(">HH", chance.choice((rows, 65535)), chance.choice((rows, 31, 65535))) + _octets(
            chance, 0, 18, 22, 32
        )
        sections.append(head + b"".join(chance.randrange(400).to_bytes(2) for _ in range(chance.choice((0, 0, 1, rows % 400)))))
    if bitmap:
        sections.append(_one_of_each(chance, range(8), (0,), (0, 0, 1)) + _octets(chance, 0, 8, 62))
    sections.append(_one_of_each(chance, (0, 8, 0x84)) + bytes(7) + _octets(chance, 0, 1, 30, 500))
    *others, data = (_length(chance, 3 + len(each), lies=_LIES) + each for each in sections)
    body = b"".join((*others, data))
    size = 8 + len(body) + 4
    if chance.random() < 0.2:  # as beyond 16 MB: pieces of 120 octets, and what is too much of them in place of the last length
        pieces = -(-size // 120)
        body = b"".join((*others, (pieces * 120 - size + 4).to_bytes(3), data[3:]))
        return b"GRIB" + (0x80_0000 | pieces).to_bytes(3) + b"\x01" + body + b"7777"
    return b"GRIB" + _length(chance, size, lies=_LIES) + b"\x01" + body + chance.choice((b"7777", b"7777", b"7777", b"777"))


_PRODUCTS = (*range(16), *range(20, 64), 67, 68, *range(70, 116), 147, 206, 254, 1000, 1001, 1100, 32768, 65535)


def _grib2(chance: Random) -> bytes:
    """Fields of a message share what stands before them: sections 2 to 7 may come again, or 3 to 7, or 4 to 7."""
    parts = [(1, _one_of_each(chance, (0, 255), (7, 98, 255), (0,), (0,), (33,), (0,), range(5)) + _moment(chance) + bytes(2))]
    for number in range(chance.choice((1, 1, 1, 2, 5, 40))):
        if chance.random() < 0.2:
            parts.append((2, _octets(chance, 0, 1, 12, 300)))
        if not number or chance.random() < 0.3:
            points = chance.choice((0, 1, 496, 2**31, 2**32 - 1))
            grid = chance.choice((0, 1, 10, 20, 30, 40, 50, 90, 101, 204, 65535))
            parts.append((3, struct.pack(">BIBBH", 0, points, chance.choice((0, 2)), 0, grid) + _octets(chance, 0, 58, 400)))
        parts.append((4, _product(chance)))
        parts.append((5, struct.pack(">IH", 496, chance.choice((0, 3, 40, 41, 42, 200, 65535))) + _octets(chance, 12)))
        parts.append((6, chance.choice((b"\xff", b"\xff", b"\xfe", b"\x01", b"\x00" + _octets(chance, 62)))))
        parts.append((7, _octets(chance, 0, 0, 30, 500)))
    if chance.random() < 0.05:
        chance.shuffle(parts)
    if chance.random() < 0.05:
        del parts[chance.randrange(len(parts))]
    if chance.random() < 0.05:
        parts.insert(chance.randrange(len(parts) + 1), (chance.choice((0, 8, 9, 55, 255)), _octets(chance, 9)))
    sections = b"".join(_length(chance, 5 + len(each), 4, _LIES) + bytes((number,)) + each for number, each in parts)
    head = b"GRIB\xff\xff" + _one_of_each(chance, (0, 0, 0, 2, 10, 255), (2,) * 19 + (3,))
    return head + _length(chance, 20 + len(sections), 8, _LIES) + sections + chance.choice((b"7777", b"7777", b"7777", b"777"))


def _product(chance: Random) -> bytes:
    """Most have a process of 6 octets before the time ahead, and two surfaces of 6 octets before the end of a period."""
    template = chance.choice((0, 0, 8, 8, *_PRODUCTS))
    product = struct.pack(">HH", chance.choice((0, 0, 0, 1, 65535)), template)
    product += _one_of_each(chance, (0, 0, 0, 1, 2, 3, 19, 255), (0, 1, 4, 5, 22, 192, 255))
    product += _octets(chance, 6, 6, 6, 9, 11, 31)
    product += _one_of_each(chance, (0, 1, 1, 1, *range(14), 255))
    product += chance.choice((0, 6, 6, 2**31 + 6, 2**31, 2**32 - 1)).to_bytes(4)
    for _ in range(2):
        product += _one_of_each(chance, (1, 100, 101, 103, 105, 106, 255), (0, 1, 0x81, 127, 255))
        product += chance.choice((0, 2, 10, 50000, 2**31 + 2, 2**32 - 1)).to_bytes(4)
    product += _octets(chance, 0, 0, 0, 2, 13)
    return product + (_moment(chance) + _octets(chance, 5, 17, 29, 300) if chance.random() < 0.7 else _octets(chance, 0, 3, 30))


def _moment(chance: Random) -> bytes:
    year = chance.choice((2024, 2024, 2024, 0, 1, 9999, 65535))
    return year.to_bytes(2) + _day(chance) + _one_of_each(chance, (0, 0, 59, 60, 255))


_TYPES = (
    *("ULONG", "LONG", "USHORT", "FP2", "IEEE4", "IEEE4B", "IEEE8", "BOOL", "BOOL8", "SECNANO", "NSEC", "ASCII(8)", "ASCII(0)", "ASCII(999999)"),
    *("UINT2", ""),
)  # fmt: skip


def tob1(chance: Random, seeds: Seeds = ()) -> bytes:
    """A logger's header with any names and types, and bytes behind it."""
    types = chance.choices(_TYPES, k=chance.choice((0, 1, 3, 10, 60)))
    names = [chance.choice(_NAMES).replace("\n", "").replace('"', "") for _ in types]
    lines = (
        ["TOB1", "s", "CR1000", "1", "os", "p", "1", "t"],
        ["SECONDS", "NANOSECONDS", *names],
        *(["", "", *chance.choices(_UNITS, k=len(types))] for _ in range(2)),
        ["ULONG", "ULONG", *types],
    )
    head = "".join(",".join(f'"{field}"' for field in line) + "\r\n" for line in lines)
    rows = chance.choice((bytes, chance.randbytes))(chance.choice((0, 10, 200, 4000)))
    if chance.random() < 0.5:
        rows = b"".join(
            struct.pack("<II", 1_083_369_600 + at, chance.choice(ODD_NUMBERS[:20])) + chance.randbytes(4 * len(types))
            for at in range(50)
        )
    return head.encode() + rows


def packed(chance: Random, seeds: Seeds) -> bytes:
    """Archives of files, of archives, and what looks like them."""
    data = chance.choice((table, metar, tob1))(chance) if chance.random() < 0.6 else chance.choice(seeds)[1]
    for _ in range(chance.choice((1, 1, 2, 3))):
        if chance.random() < 0.5:
            data = gzip.compress(data, mtime=0) * chance.choice((1, 1, 2)) + chance.choice((b"", b"", b"\x00" * 9, b"x"))
            continue
        store = io.BytesIO()
        with zipfile.ZipFile(store, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
            for name in chance.sample(
                ("a.csv", "b/c.txt", "../d", "/e", "f/", "", "é", "x" * 300, "a\\b"), k=chance.choice((1, 2, 5))
            ):
                archive.writestr(zipfile.ZipInfo(name or "0"), data)
        data = store.getvalue()
    return lying(chance, [("", data)]) if chance.random() < 0.4 else data


_LONG_NAMES = (
    *("air_temperature", "Temperature", "relative humidity", "precipitation_amount", "wind speed", "wind_from_direction", "battery", "TA"),
    *("air_temperature|mean(air_temperature PT1H)", "sum(precipitation_amount PT1H)", "max(wind_speed_of_gust PT10M)", "", " ", "é", "x" * 60),
)  # fmt: skip
_LONG_UNITS = ("°C", "degF", "K", "Cel", "%", "mm", "in", "m/s", "kt", "deg", "hPa", "", "-", "units", "degC", "wmoUnit:degC")
_LONG_HEADERS = (
    *("station,time,parameter,value,unit", "station_id,timestamp,variable,value,uom,quality", "time,name,value", "date,hour,sensor,value,flag"),
    *("entity_id,state,last_changed", "station,time,parameter,name,value,unit,qc", "Time,Name,Value,Unit", "value,name,time"),
)  # fmt: skip


def long(chance: Random, seeds: Seeds = ()) -> bytes:
    """A table of a row a value, whose names come in turns, in runs or anyhow, in one unit or in several."""
    odd, header = chance.choice((0.0, 0.01, 0.2)), chance.choice(_LONG_HEADERS)
    delimiter, stations = (
        chance.choice(",,,;\t|"),
        chance.sample(("A1", "EDDF", "10384", "0-20000-0-10384", "é"), k=chance.choice((1, 1, 2, 3))),
    )
    names = chance.sample(_LONG_NAMES, k=chance.choice((1, 2, 3, 6)))
    units = {name: chance.choices(_LONG_UNITS, k=chance.choice((1, 1, 1, 2, 12))) for name in names}
    times, order = chance.choice((1, 3, 20, 60)), chance.randrange(3)
    keys = [(at, station, name) for at in range(times) for station in stations for name in names][:400]
    if order:
        keys.sort(key=(lambda key: key[2]) if order == 1 else lambda _: chance.random())
    lines = [header.replace(",", delimiter)]
    for number, station, name in keys:
        at = datetime.fromtimestamp(1_704_067_200 + 600 * number, UTC)
        cells = {
            "parameter": name, "variable": name, "name": name, "Name": name, "sensor": name, "entity_id": f"sensor.{name}",
            "unit": (unit := chance.choice(units[name])), "uom": unit, "Unit": unit,
            "time": at.isoformat(), "Time": at.isoformat(), "timestamp": at.isoformat(), "last_changed": at.isoformat(), "date": f"{at:%Y-%m-%d}", "hour": f"{at:%H:%M}",
            "station": station, "station_id": station, "quality": chance.choice("GGGB"), "qc": chance.choice("0019"), "flag": chance.choice(("", "M")),
        }  # fmt: skip
        row = [cells.get(column, f"{chance.gauss(15, 9):.1f}") for column in header.split(",")]
        row = [chance.choice(_CELLS) if chance.random() < odd else cell for cell in row]
        lines.append(delimiter.join(row[: chance.randrange(len(row) + 1)] if chance.random() < odd / 5 else row))
    return "\n".join((*lines, "")).encode()


_HEADINGS = (
    *("SADL31 EDZW 061200", "SADL31 EDZW 061200 CCA", "SPDL31 EDZW 061200 RRA", "SMDL01 EDZW 061200", "SIDL40 EDZW 060300", "FTDL31 EDZW 061100"),
    *("USDL01 EDZW 061200", "CSDL01 EDZW 061200", "SAUS70 KWBC 061200\nMTRICT", "IUKN01 EDZW 061200", "SAaa99 aaaa 999999", "SSVX01 KWBC 061200"),
    *("2024/03/06 12:00", "2024/02/30 24:61", "0001/01/01 00:00", "9999/12/31 23:59 UTC", "ZCZC 123", "NNNN", "123", "\x01", "\x03", "", "# a comment"),
    *("####", "METAR SPECI", "<html>"),
)  # fmt: skip
_OTHERS = (
    *("TTAA 56121 10384 99999 99999", "PPBB 56121 10384 90012 99999", "ZZYY 65599 06034 1200/ 799999 099999", "CLIMAT 03024 10384 111 19999 29999"),
    *("TAF EDDF 061100Z 0612/0718 24005KT 9999", "NIL", "AAXX 06121 NIL", "AAXX 06121", "AAXX 99999", "BBXX", "=", "==", "TTDD UUDD 061130Z", "x " * 2500),
    *("EDDF,2024,03,06,12,00,METAR EDDF 061200Z 24005KT 9999 10/08 Q1013", "202403061200 METAR EDDF 061200Z 24005KT CAVOK 10/08 Q1013"),
    *("10384,2024,03,06,12,00,AAXX 06121 10384 41999 99999 10099", "Station,Year,Month,Day,Hour,Minute,Report", "EDDF,9999,99,99,99,99,METAR EDDF 061200Z"),
)  # fmt: skip
_LINE_ENDS = ("\n", "\n", "\r\r\n", "\r\n", "\n\n", " ", "\r")


def bulletin(chance: Random, seeds: Seeds = ()) -> bytes:
    """Bulletins of reports of any code form below headings and dates, or with a date in their lines, as they are collected."""
    parts, end = [], chance.choice(_LINE_ENDS)
    for _ in range(chance.choice((1, 2, 4, 10))):
        parts += chance.choices(_HEADINGS, k=chance.choice((0, 1, 1, 2, 4)))
        for _ in range(chance.choice((0, 1, 3, 8))):
            match chance.randrange(4):
                case 0:
                    text = chance.choice(_OTHERS)
                case 1:
                    place = chance.choice(("AAXX 06121 10384", "10384", "99999", "BBXX aaaa9 06121 99519 79999"))
                    text = " ".join((place, "41999", "99999", *chance.choices(_SYNOP, k=chance.choice((0, 3, 8)))))
                case _:
                    head = chance.choice(("METAR aaaa", "SPECI aaaa", "aaaa")), chance.choice(("061150Z", "311150Z", "999999Z"))
                    text = " ".join((*head, "24009KT", *chance.choices(_METAR, k=chance.choice((0, 3, 8)))))
            text = _digits(chance, text)
            if chance.random() < 0.3:
                text = text.replace(" ", end + "     ", chance.choice((1, 2)))
            parts.append(text + chance.choice(("=", "=", "=", "")))
    return end.join((*parts, "")).encode()


_SHEF_PARTS = (
    *("TA 50", "TX 86Q", "TN M", "PP 0.10", "PPD T", "SD 10", "HG 5.21", "XR 80F", "TAIRZZ 21.5", "US 9", "UD 99", "UP 36", "PA 29.92", "TAIRGXZ 9.9"),
    *("PPV 0.9", "PPH T", "PC 1.23", "SW +", "TA -", "TA 1E9", "DH99", "DH0799", "DUS", "DUE", "DC202306019999", "DQZ", "DQ", "DVH99", "DVD99", "DRH-99"),
    *("DRD+1", "DD0199", "DM069999", "DY23069912", "DN99", "DS59", "DJ2023999", "DT20", "aa 9", "aaa", "aaIRaaa 9.9", "", "/", ": a comment :", "TA 50 TD 40"),
)  # fmt: skip
_SHEF_VALUES = (
    "50",
    "M",
    "+",
    "",
    "T",
    "68B",
    "-99",
    "9.9Q",
    "1E5",
    "MM",
    "DQQ",
    "DH99",
    "x",
    "--",
    "86 ",
    "-9999",
    "DIH1",
    "DC2306011200",
)


def shef(chance: Random, seeds: Seeds = ()) -> bytes:
    """Messages of all three forms, which go on in lines of their own, are revised, and set what holds for what follows."""
    end = chance.choice(("\n", "\n", "\r\r\n"))
    lines = [chance.choice(("TTAA00 KALB 011200", "SRUS44 KLOT 061200\nRR1LOT", "THU SEP 23 2021", "", "\x01", "$$"))]
    for _ in range(chance.choice((1, 2, 6))):
        date, zone = (
            chance.choice(("20230601", "230601", "0601", "0229", "999999", "20239999")),
            chance.choice(("Z", "E", "C", "PS", "N", "", "Q")),
        )
        revised, hour = (
            chance.choice(("", "", "R")),
            chance.choice(("DH12", "DH2400", "DH99", "DN30", "DH06/DUS", "DH07/DC202306010630", "DM030212")),
        )
        head = f"{date} {zone} {hour}".replace("  ", " ")
        some = ["TA", "TD", "TX", "PPD", "XR", "TAIRG", "HG", "aa", "DUS", "DH99", "DRH-1", "DQR"]
        match chance.randrange(3):
            case 0:
                lines.append(f".A{revised} ABCN9 {head}/" + "/".join(chance.choices(_SHEF_PARTS, k=chance.choice((1, 3, 8)))))
                lines += (
                    f".A{revised}{each} " + "/".join(chance.choices(_SHEF_PARTS, k=3))
                    for each in range(1, chance.choice((1, 1, 3)))
                )
            case 1:
                every = chance.choice(
                    ("DIN30", "DIH1", "DIH+06", "DID1", "DIM01", "DIY1", "DIE1", "DIS15", "DIH-1", "DIN0", "DI", "DIH99")
                )
                lines.append(
                    f".E{revised} ABCN9 {head}/{chance.choice(some)}/{every}/" + "/".join(chance.choices(_SHEF_VALUES, k=6))
                )
                lines += (
                    f".E{each} " + "/".join(chance.choices(_SHEF_VALUES, k=4)) for each in range(1, chance.choice((1, 1, 3)))
                )
            case _:
                columns = chance.choices(some, k=chance.choice((1, 3, 5)))
                lines.append(f".B{revised} LOX {head}/" + "/".join(columns))
                lines += (f".B{each} " + "/".join(chance.choices(some, k=2)) for each in range(1, chance.choice((1, 1, 3))))
                for _ in range(chance.choice((0, 1, 4))):
                    row = f"aaaa9 {chance.choice(('', '', 'DH09/', 'DQQ/'))}" + "/".join(
                        chance.choices(_SHEF_VALUES, k=len(columns))
                    )
                    lines.append(row + chance.choice(("", "", ",ABCN1 1/2", " : a place", "/")))
                lines.append(chance.choice((".END", ".END", ".END", "")))
    return end.join((*(_digits(chance, line) for line in lines), "")).encode()


type _Told = tuple[str, tuple[str, ...], Any, dict[str, Any]]  # name, dimensions, values and attributes

_SINCE = (
    *("hours since 2024-01-01", "seconds since 1970-01-01 00:00:00 UTC", "days since 1950-01-01T00:00:00Z", "minutes since 2024-01-01 00:00 +1:00"),
    *("months since 2020-01-01", "hours", "days since -4713-01-01", "", "fortnights since 2024-01-01"),
)  # fmt: skip
_CALENDARS = ("standard", "gregorian", "noleap", "360_day", "julian", "none", "proleptic_gregorian")
_ATTRIBUTES: dict[str, tuple[Any, ...]] = {
    "units": (*_UNITS, "degC", "1", 3, b"\xff"),
    "standard_name": (
        "air_temperature",
        "relative_humidity",
        "time",
        "latitude",
        "height",
        "depth",
        "air_temperature status_flag",
        "x",
        1,
    ),
    "long_name": ("Air Temperature", "station name", "é" * 90, ""),
    "coordinates": ("lat lon", "time lat lon alt height", "none", "air rain"),
    "cell_methods": (
        "time: mean",
        "time: sum (interval: 1 hour)",
        "time: maximum within days",
        "time:",
        "x: y: z:",
        "time: point area: mean",
    ),
    "ancillary_variables": ("air_qc", "air_qc rain", "none", "air"),
    "scale_factor": (0.1, 0.0, np.nan, 1e300, np.float32(0.01), "0.1", [1, 2]),
    "add_offset": (273.15, np.inf, -1e300, "x", np.int16(3)),
    "missing_value": (-999.0, np.nan, [-999.0, -99.0], "M", np.int8(-1)),
    "valid_range": ([-50.0, 50.0], [50, -50], [1], "x"),
    "valid_min": (-50, np.nan, "x"),
    "positive": ("up", "down", "UP", 1),
    "cf_role": ("timeseries_id", "profile_id", "trajectory_id", "x"),
    "sample_dimension": ("obs", "time", "none"),
    "instance_dimension": ("station", "obs", "none"),
    "flag_values": (np.array([0, 1, 2], "i1"), "0, 1, 2", [], [1e300]),
    "flag_masks": (np.array([1, 2, 4], "i1"), [0]),
    "flag_meanings": ("good suspect bad", "good", ""),
    "calendar": _CALENDARS,
    "axis": ("T", "X", "Z", "t"),
    "bounds": ("time_bnds", "none", "time"),
}
_ODD_VALUES = (0, -1, 1, 90, 181, -999, 9999, 2**31 - 1, -(2**31), 1e20, np.nan, np.inf, 9.96921e36)
_FILTERS: tuple[dict[str, Any], ...] = (
    *({}, {"compression": "gzip"}, {"compression": "gzip", "shuffle": True}, {"compression": "gzip", "shuffle": True, "fletcher32": True}),
    *({"fletcher32": True}, {"compression": "lzf"}, {"shuffle": True, "fletcher32": True}, {"scaleoffset": 2}),
)  # fmt: skip
_PACKINGS = (None, "zlib", "zlib", "zstd", "bzip2")


def netcdf(chance: Random, seeds: Seeds = ()) -> bytes:
    """Stations in each form that CF has for them, with heights and flags, in HDF5 of any layout or in the classic format."""
    told = _series(chance)
    odd = chance.choice((0.0, 0.0, 0.03, 0.2))
    for at, (name, along, values, attributes) in enumerate(told):
        for each in [each for each in attributes if chance.random() < odd]:
            attributes[each] = chance.choice(_ATTRIBUTES.get(each, (1,)))
        if chance.random() < odd:
            attributes[each] = chance.choice(_ATTRIBUTES[each := chance.choice(tuple(_ATTRIBUTES))])
        if values.dtype.kind != "O" and values.size and chance.random() < 3 * odd:
            values = values.copy()
            for _ in range(chance.choice((1, 2, 9))):
                number = chance.choice(_ODD_VALUES)
                with np.errstate(all="ignore"):
                    values.flat[chance.randrange(values.size)] = np.float64(number).astype(values.dtype)
        if chance.random() < odd:
            kind = chance.choice(("f4", "f8", "i2", "i4", "i8", "u1", "u8"))
            with np.errstate(all="ignore"):
                values = values.astype(kind) if values.dtype.kind != "O" else values
        if chance.random() < odd and values.ndim == 2:
            along, values = along[::-1], values.T
        told[at] = name, along, values, attributes
    if chance.random() < odd:
        del told[chance.randrange(len(told))]
    about: dict[str, Any] = {
        "featureType": chance.choice(("timeSeries", "timeSeriesProfile", "point", "trajectory", "profile", "x")),
        "Conventions": "CF-1.8",
    }
    if chance.random() < 0.3:
        about |= {"title": "é" * 60, "id": "X1", "geospatial_lat_min": 48.0, "geospatial_lat_max": 48.0, "station_name": "Hut"}
    data = chance.choice((_by_h5py, _by_h5py, _by_netcdf4))(chance, told, about)
    return lying(chance, [("", data)]) if chance.random() < 0.15 else data


def _series(chance: Random) -> list[_Told]:
    """What a file says of its stations and times, and one or two quantities."""
    count, stations, heights = chance.choice((1, 3, 12, 60)), chance.choice((1, 2, 3, 7)), chance.choice((0, 0, 1, 2, 4))
    form = chance.choice(("ragged", "indexed", "matrix", "matrix", "one"))
    each = {
        "ragged": ("obs",),
        "indexed": ("obs",),
        "one": ("time",),
        "matrix": chance.choice((("time", "station"), ("station", "time"))),
    }[form]
    along = each[0] if len(each) == 1 else "time"
    since = chance.choice(_SINCE[:4] if chance.random() < 0.9 else _SINCE)
    random = np.random.default_rng(chance.getrandbits(32))
    places: tuple[str, ...] = () if form == "one" else ("station",)
    of = () if form == "one" else (stations,)
    names = np.array([f"S{number:03d}" for number in range(stations)], dtype=object)[: stations if of else 1].reshape(of)
    told: list[_Told] = [
        ("time", (along,), np.arange(count) * chance.choice((1.0, 1.0, 60.0, 0.5)), {"units": since, "standard_name": "time"}),
        ("station_id", places, names, {"cf_role": "timeseries_id"}),
        ("lat", places, random.uniform(40, 50, of), {"units": "degrees_north", "standard_name": "latitude"}),
        ("lon", places, random.uniform(5, 15, of), {"units": "degrees_east", "standard_name": "longitude"}),
        ("alt", places, random.uniform(0, 900, of), {"units": "m", "positive": "up", "standard_name": "altitude"}),
    ]
    if form == "ragged":
        sizes = random.multinomial(count, [1 / stations] * stations)
        told.append(("row_size", ("station",), sizes.astype("i4"), {"sample_dimension": "obs"}))
    if form == "indexed":
        of_each = random.integers(0, stations, count)
        told.append(("station_index", ("obs",), of_each.astype("i4"), {"instance_dimension": "station"}))
    shape = tuple({"time": count, "obs": count, "station": stations}[name] for name in each)
    if heights:
        name = chance.choice(("height", "depth", "z"))
        level = np.array([2.0, 10.0, 40.0, 80.0][:heights]) * chance.choice((1, 0.01, -1))
        attributes = {
            "units": chance.choice(("m", "cm", "m", "Pa")),
            "positive": chance.choice(("up", "down")),
            "standard_name": name,
            "axis": "Z",
        }
        told.append((name, ("level",) if chance.random() < 0.3 else (name,), level, attributes))
        if chance.random() < 0.2:  # told at each time
            told[-1] = name, (along, "level"), np.tile(level, (count, 1)), attributes
        each, shape = (*each, told[-1][1][-1]), (*shape, heights)
    air: dict[str, Any] = {
        "units": chance.choice(("K", "degC", "degF")),
        "standard_name": "air_temperature",
        "coordinates": "time lat lon alt",
    }
    values = random.normal(280, 5, shape).astype(chance.choice(("f4", "f8")))
    if chance.random() < 0.3:
        values, air = (
            (values * 10).astype("i2"),
            air | {"scale_factor": 0.1, "add_offset": 0.0, "missing_value": np.int16(-999)},
        )
    if chance.random() < 0.3:
        air |= {"ancillary_variables": "air_qc", "cell_methods": "time: mean"}
        meanings = {
            "flag_values": np.array([0, 1, 2], "i1"),
            "flag_meanings": "good suspect bad",
            "standard_name": "status_flag",
        }
        told.append(("air_qc", each, random.integers(0, 4, shape).astype("i1"), meanings))
    told.append(("air", each, values, air))
    rain = {"units": "kg m-2", "standard_name": "precipitation_amount", "cell_methods": "time: sum"}
    told.append(("rain", each, random.gamma(1, 2, shape).astype("f4"), rain))
    return told


def _by_h5py(chance: Random, told: Sequence[_Told], about: dict[str, Any]) -> bytes:
    sink = io.BytesIO()
    with h5py.File(
        sink, "w", libver=chance.choice(("earliest", "v110", "latest")), userblock_size=chance.choice((0,) * 9 + (512,))
    ) as file:
        file.attrs.update(about)
        where = file.create_group(chance.choice(("a", "a/b"))) if chance.random() < 0.15 else file
        for name, along, values, attributes in told:
            more: dict[str, Any] = {}
            if values.dtype.kind == "O":
                values = values if chance.random() < 0.5 else values.astype("S4")
                more["dtype"] = h5py.string_dtype() if values.dtype.kind == "O" else None
            elif values.ndim and values.size and chance.random() < 0.7:
                chunks = tuple(chance.randint(1 if length < 20 else length // 8, length) for length in values.shape)
                most = tuple(chance.choice((None, length)) for length in values.shape)
                more = chance.choice(_FILTERS) | {"chunks": chunks, "maxshape": most}
            array = where.create_dataset(name, data=values, **more)
            for key, value in attributes.items():
                array.attrs[key] = value
            if along == (name,):
                array.make_scale(name)
        for name, along, _, _ in told:
            for at, dimension in enumerate(along):
                if dimension not in where:
                    where[dimension] = np.zeros(where[name].shape[at], "f4")
                    where[dimension].make_scale("This is a netCDF dimension but not a netCDF variable")
                if dimension != name and where[dimension].is_scale:
                    where[name].dims[at].attach_scale(where[dimension])
    return sink.getvalue()


def _by_netcdf4(chance: Random, told: Sequence[_Told], about: dict[str, Any]) -> bytes:
    kind = chance.choice(
        ("NETCDF4", "NETCDF4", "NETCDF4", "NETCDF4_CLASSIC", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA")
    )
    file = netCDF4.Dataset("a.nc", "w", format=cast(Any, kind), memory=4096)
    file.setncatts(about)
    where = file.createGroup("a") if kind == "NETCDF4" and chance.random() < 0.2 else file
    first = all(name not in along[1:] for _, along, _, _ in told for name in ("time", "obs"))
    endless = (kind == "NETCDF4" or first) and chance.random() < 0.5
    for name, along, values, attributes in told:
        for dimension, length in zip(along, values.shape, strict=True):
            if dimension not in where.dimensions:
                where.createDimension(dimension, None if endless and dimension in ("time", "obs") else length)
        packing = {
            "compression": chance.choice(_PACKINGS),
            "fletcher32": chance.random() < 0.3,
            "shuffle": chance.random() < 0.5,
        }
        if values.dtype.kind == "O" and (kind != "NETCDF4" or chance.random() < 0.5):
            along, values = (*along, "letters"), np.array(values.astype("S4")).reshape(*values.shape, 1).view("S1")
            if "letters" not in where.dimensions:
                where.createDimension("letters", 4)
        if values.dtype.kind == "O" or kind != "NETCDF4" or not values.ndim:
            packing = {}
        if kind not in ("NETCDF4", "NETCDF3_64BIT_DATA") and values.dtype.str[1:] in ("i8", "u8", "u1"):
            values = values.astype("f8")
        of = str if values.dtype.kind == "O" else values.dtype
        array = where.createVariable(name, of, along, **cast(Any, packing))
        array.set_auto_maskandscale(False)
        array[...] = values
        for key, value in attributes.items():
            if kind == "NETCDF4" or np.asarray(value).dtype.kind not in "iu":
                array.setncattr(key, value)
    return bytes(file.close())


KINDS: dict[str, Callable[[Random, Seeds], bytes]] = {
    **{"csv": table, "metar": metar, "synop": synop, "bufr": bufr, "grib": grib, "tob1": tob1, "zip": packed},
    **{"long": long, "bulletin": bulletin, "shef": shef, "netcdf": netcdf},
    **{"json": document, "xml": xml, "binary": lying},
}


def written(chance: Random, seeds: Seeds, kinds: Sequence[str] = tuple(KINDS)) -> bytes:
    """A file of one of the kinds; those that need an example take it from the seeds."""
    return KINDS[chance.choice(kinds)](chance, seeds)
