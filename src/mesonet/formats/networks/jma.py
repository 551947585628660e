"""Downloads of the Japan Meteorological Agency: several rows of headings, stations beside each other, quality in columns.

Source: JMA, "過去の気象データ・ダウンロード" (data.jma.go.jp/risk/obsdl) and its notes on quality (品質情報): 8 whole,
5 nearly, 4 less than eighty in a hundred (suspect), 2 unusual (suspect), 1 missing, 0 not observed. Times are Japan's (UTC+9);
a day or a month stands at its date. The station is known by its name alone, and called `jma_` and that.
"""

import re
from collections.abc import Iterable, Iterator

from mesonet.domain.observation import NOT_EVALUATED, SUSPECT
from mesonet.errors import UnreadableFile
from mesonet.formats.documented import Flags, Layout, each, rows
from mesonet.formats.elements import MONTH, Element, element
from mesonet.formats.lines import Peeked
from mesonet.formats.reading import Context, Guess, Piece, Remark, Stream
from mesonet.formats.table import Fields, Table
from mesonet.formats.text import decode
from mesonet.regex import regex

NAME = "jma"

_BEGIN = "ダウンロードした時刻"
BEGINS = regex(b"(?m)^(?:\xef\xbb\xbf)?(?:" + b"|".join(re.escape(_BEGIN.encode(each)) for each in ("utf-8", "cp932")) + b")")
GO_ON = True
_TIMES = ("年月日時", "年月日", "年月")
_QUALITY = "品質情報"
_FLAGS = {"8": NOT_EVALUATED, "5": NOT_EVALUATED, "4": SUSPECT, "2": SUSPECT}
_UNIT = regex(r"[(\uff08]([^()\uff08\uff09]*)[)\uff09]\s*$")
# parts of a name, all of which it has: standard name, method (None: that of the table)
_ELEMENTS: tuple[tuple[tuple[str, ...], str, str | None], ...] = (
    (("日最高気温", "平均"), "air_temperature", "maximum_within_days_mean_over_days"),
    (("日最低気温", "平均"), "air_temperature", "minimum_within_days_mean_over_days"),
    (("最高気温",), "air_temperature", "maximum"),
    (("最低気温",), "air_temperature", "minimum"),
    (("平均気温",), "air_temperature", "mean"),
    (("気温",), "air_temperature", "point"),
    (("降水量",), "precipitation_amount", "sum"),
    (("日照時間",), "duration_of_sunshine", "sum"),
    (("最大瞬間風速",), "wind_speed_of_gust", "maximum"),
    (("最大風速",), "wind_speed", "maximum"),
    (("平均風速",), "wind_speed", "mean"),
    (("風速",), "wind_speed", "point"),
    (("平均相対湿度",), "relative_humidity", "mean"),
    (("相対湿度",), "relative_humidity", "point"),
    (("平均現地気圧",), "air_pressure", "mean"),
    (("現地気圧",), "air_pressure", "point"),
    (("平均海面気圧",), "air_pressure_at_mean_sea_level", "mean"),
    (("海面気圧",), "air_pressure_at_mean_sea_level", "point"),
    (("露点温度",), "dew_point_temperature", "point"),
    (("降雪",), "thickness_of_snowfall_amount", "sum"),
)
_UNITS = {"℃": "Cel", "mm": "mm", "時間": "h", "m/s": "m/s", "%": "%", "\uff05": "%", "hPa": "hPa", "cm": "cm"}


def sniff(head: bytes) -> Guess | None:
    text = decode(head[:8192])
    if not text.startswith(_BEGIN) or not any(f"\n{name}," in text for name in _TIMES):
        return None
    return Guess(0.97, "download of the Japan Meteorological Agency: rows of headings above, quality beside the values")


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    peeked = Peeked(stream, 16384)
    table = Table(peeked, ",")
    at = next((at for at, row in enumerate(table.first) if row and row[0].strip() in _TIMES), None)
    if at is None:
        raise UnreadableFile("there is no row of headings that begins with 年月 or 年月日", row=1)
    header = [name.strip() for name in table.first[at]]
    above = [row for row in table.first[1:at] if len(row) == len(header)]
    below = [row for row in table.first[at + 1 : at + 4] if len(row) == len(header) and not row[0].strip()]
    if not above:
        raise UnreadableFile("there is no row that names the stations", row=at)
    stations = {above[-1][column].strip() for column in range(1, len(header))} - {""}
    if len(stations) != 1:
        raise UnreadableFile(
            f"the file has {len(stations)} stations beside each other: download each in a file of its own", row=at
        )
    kinds = _kinds(below, len(header))
    span = {"年月日時": "PT1H", "年月日": "P1D", "年月": MONTH}[header[0]]
    elements = _elements(header, kinds, span)
    left = [name for column, name in enumerate(header) if column and not kinds[column] and column not in elements]
    if left:
        yield Remark(f"not taken, since Mesonet has no parameter for them: {', '.join(dict.fromkeys(left))}")
    identifier = "jma_" + "".join(stations)
    layout = Layout(
        names=[" ".join(filter(None, each)) for each in zip(header, ["", *kinds[1:]], strict=True)],
        station=identifier,
        at=(0,),
        time=each(_time, 0),
        zone="+09:00" if span == "PT1H" else "UTC",
        elements=elements,
        flags=dict(_flags(header, kinds, elements)),
        clean=lambda text: "" if text.strip() in ("///", "--", "×", "#") else text.strip(" )]"),
        quiet=frozenset(column for column in range(1, len(header)) if kinds[column]),
    )
    yield from rows(table, layout, context, skip=at + 1 + len(below), least=2)


def _kinds(below: list[Fields], width: int) -> list[str]:
    """What a column is besides the value: quality, homogeneity, or a wind direction."""
    return [" ".join(text for row in below if (text := row[column].strip())) for column in range(width)]


def _elements(header: list[str], kinds: list[str], span: str) -> dict[int, Element]:
    """By column; of two of one element the first is taken."""
    found: dict[int, Element] = {}
    for column, name in enumerate(header[1:], 1):
        known = None if kinds[column] else _element(name, span)
        if known is not None and known not in found.values():
            found[column] = known
    return found


def _flags(header: list[str], kinds: list[str], elements: Iterable[int]) -> Iterator[tuple[int, Flags]]:
    """Of each column the last for quality beside it that has its name."""
    for column in elements:
        for other in range(column + 1, len(header)):
            if header[other] != header[column]:
                break
            if kinds[other] == _QUALITY:
                yield column, Flags(at=other, meaning=_FLAGS, otherwise=SUSPECT)


def _element(name: str, span: str) -> Element | None:
    unit = _UNIT.search(name)
    code = _UNITS.get(unit[1].strip()) if unit else None
    if not code:
        return None
    for parts, standard_name, method in _ELEMENTS:
        if all(part in name for part in parts):
            duration = "PT0S" if method == "point" else span
            return element(name, standard_name, code, method=method or "point", duration=duration)
    return None


def _time(text: str) -> str:
    """2011/1 and 2011/1/2 3:00:00, of which not all figures are there."""
    day, _, clock = text.strip().partition(" ")
    year, _, rest = day.partition("/")
    month, _, number = rest.partition("/")
    moment = f"{year}-{month:0>2}-{number or '1':0>2}"
    return f"{moment}T{clock.zfill(8 if clock.count(':') == 2 else 5)}" if clock else moment
