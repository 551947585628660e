"""The CSV template of wis2box for CLIMAT: one row a station and month.

Source: csv2bufr-templates, "CLIMAT" (BUFR 3 07 073), https://csv2bufr-templates.readthedocs.io; what the columns mean: WMO-No.
306, Manual on Codes, regulations of FM 71. `max_temperature_last_24h` is the mean of the days' maxima. Counts of days, normals
and what else a month has of single days are left. Values stand at the time that the row tells: the month's first day, 00:00Z.
"""

from collections.abc import Iterator

from mesonet.formats.elements import MONTH
from mesonet.formats.networks import wis2box_table
from mesonet.formats.networks.wis2box_table import Field, Layout
from mesonet.formats.reading import Context, Guess, Piece, Stream

NAME = "wis2box-climat-csv"

_AIR = "thermometer_height"
_MEANT = (
    ("mean_pressure", "air_pressure", "Pa", "mean", None),
    ("mean_pressure_sea_level", "air_pressure_at_mean_sea_level", "Pa", "mean", None),
    ("air_temperature", "air_temperature", "K", "mean", _AIR),
    ("max_temperature_last_24h", "air_temperature", "K", "maximum_within_days_mean_over_days", _AIR),
    ("min_temperature_last_24h", "air_temperature", "K", "minimum_within_days_mean_over_days", _AIR),
    ("vapour_pressure", "water_vapor_partial_pressure_in_air", "Pa", "mean", None),
    ("total_sunshine_hours", "duration_of_sunshine", "h", "sum", None),
    ("monthly_max_temperature", "air_temperature", "K", "maximum", _AIR),
    ("monthly_min_temperature", "air_temperature", "K", "minimum", _AIR),
    ("maximum_instantaneous_wind_speed", "wind_speed_of_gust", "m/s", "maximum", "height_of_wind_sensor"),
    ("total_accumulated_precipitation", "precipitation_amount", "kg m-2", "sum", None),
)
LAYOUT = Layout(
    title="the CLIMAT template of wis2box",
    time=("year", "month", "day", "hour", "minute"),
    fields=tuple(
        Field(column=column, standard_name=name, unit=unit, method=method, duration=MONTH, height=height)
        for column, name, unit, method, height in _MEANT
    ),
    optional=("latitude", "longitude"),
)


def sniff(head: bytes) -> Guess | None:
    """By the header; other templates have no pressure of a month."""
    if "mean_pressure" not in wis2box_table.header_of(head):
        return None
    return wis2box_table.guess(head, (LAYOUT,))


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Observations, and the stations that the rows locate."""
    yield from wis2box_table.read(stream, context, (LAYOUT,))
