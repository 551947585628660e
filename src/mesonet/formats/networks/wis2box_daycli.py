"""The CSV templates of wis2box for daily climate reports: one row a station and day, with the sender's quality of each value.

Source: csv2bufr-templates, "DAYCLI" version 2 (`daycli-template.json`, BUFR 3 07 075) and version 3 (`daycli-v3.json`,
BUFR 3 07 095), https://csv2bufr-templates.readthedocs.io; quality: BUFR code table 0 31 021; way of averaging: 0 08 094.
Each value stands at the day that it is attributed to, at 00:00Z; other columns say when its 24 hours began.
"""

from collections.abc import Iterator

from mesonet.formats.networks import wis2box_table
from mesonet.formats.networks.wis2box_table import Field, Layout
from mesonet.formats.reading import Context, Guess, Piece, Stream

NAME = "wis2box-daycli-csv"

_AIR = "thermometer_height"
_NOTE = "each value stands at the day that it is attributed to; the 24 hours that it covers begin when its own columns say"


def _fields(columns: dict[str, str], flag: str) -> tuple[Field, ...]:
    meant = (
        ("precipitation", "precipitation_amount", "kg m-2", "sum", None),
        ("fresh", "thickness_of_snowfall_amount", "m", "sum", None),
        ("snow", "surface_snow_thickness", "m", "point", None),
        ("maximum", "air_temperature", "K", "maximum", _AIR),
        ("minimum", "air_temperature", "K", "minimum", _AIR),
        ("mean", "air_temperature", "K", "mean", _AIR),
    )
    return tuple(
        Field(
            column=columns[what],
            standard_name=standard_name,
            unit=unit,
            method=method,
            duration="P1D",
            height=height,
            flag=f"{columns[what]}_{flag}",
        )
        for what, standard_name, unit, method, height in meant
    )


SECOND = Layout(
    title="the DAYCLI template of wis2box (version 2)",
    time=("year", "month", "day"),
    fields=_fields(
        {
            "precipitation": "precipitation",
            "fresh": "fresh_snow_depth",
            "snow": "total_snow_depth",
            "maximum": "maximum_temperature",
            "minimum": "minimum_temperature",
            "mean": "average_temperature",
        },
        "flag",
    ),
    optional=("latitude", "longitude", "station_height_above_msl", "thermometer_height", "averaging_method"),
    mid_range=("averaging_method", "0"),
    note=_NOTE,
)
THIRD = Layout(
    title="the DAYCLI template of wis2box (version 3)",
    time=("attribution_year", "attribution_month", "attribution_day"),
    fields=_fields(
        {
            "precipitation": "total_acc_precip",
            "fresh": "depth_of_fresh_snow",
            "snow": "total_snow_depth",
            "maximum": "air_temperature_maximum",
            "minimum": "air_temperature_minimum",
            "mean": "air_temperature_average",
        },
        "quality",
    ),
    optional=("latitude", "longitude", "station_height_above_msl", "thermometer_height", "averaging_method"),
    mid_range=("averaging_method", "0"),
    note=_NOTE,
)


def sniff(head: bytes) -> Guess | None:
    """By the header."""
    return wis2box_table.guess(head, (SECOND, THIRD))


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Observations, and the stations that the rows locate."""
    yield from wis2box_table.read(stream, context, (SECOND, THIRD))
