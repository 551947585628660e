"""The CSV template of wis2box for automatic stations: one row a station and time, kelvin, pascals, heights of the sensors.

Source: csv2bufr-templates, `aws-template.json` (BUFR 3 01 150, 3 07 096) and its description "Surface land stations (AWS)",
https://csv2bufr-templates.readthedocs.io. Times are UTC. Wind is a mean over the minutes of `time_period_of_wind` (negative);
precipitation is that which fell to the ground, so the height of the gauge's rim is no level of it.
"""

from collections.abc import Iterator

from mesonet.formats.networks import wis2box_table
from mesonet.formats.networks.wis2box_table import Field, Layout
from mesonet.formats.reading import Context, Guess, Piece, Stream
from mesonet.formats.records import LineRecords
from mesonet.regex import regex

NAME = "wis2box-aws-csv"
RECORDS = LineRecords(header=regex(rb"wsi_series"), quoted=True)

_AIR = "thermometer_height"
_WIND = "anemometer_height"
_GUSTS = (("10_minutes", "PT10M"), ("1_hour", "PT1H"), ("3_hours", "PT3H"))
_TOTALS = (("1_hour", 1), ("3_hours", 3), ("6_hours", 6), ("12_hours", 12), ("24_hours", 24))

LAYOUT = Layout(
    title="the AWS template of wis2box",
    time=("year", "month", "day", "hour", "minute"),
    fields=(
        Field(column="station_pressure", standard_name="air_pressure", unit="Pa"),
        Field(column="msl_pressure", standard_name="air_pressure_at_mean_sea_level", unit="Pa"),
        Field(column="air_temperature", standard_name="air_temperature", unit="K", height=_AIR),
        Field(column="dewpoint_temperature", standard_name="dew_point_temperature", unit="K", height=_AIR),
        Field(column="relative_humidity", standard_name="relative_humidity", unit="%", height=_AIR),
        Field(column="snow_depth", standard_name="surface_snow_thickness", unit="m"),
        Field(column="precipitation_intensity", standard_name="lwe_precipitation_rate", unit="kg m-2 s-1"),
        *(
            Field(
                column=column,
                standard_name=standard_name,
                unit=unit,
                method="mean",
                duration="PT10M",
                height=_WIND,
                period="time_period_of_wind",
            )
            for column, standard_name, unit in (
                ("wind_direction", "wind_from_direction", "deg"),
                ("wind_speed", "wind_speed", "m/s"),
            )
        ),
        *(
            Field(
                column=f"maximum_wind_gust_{what}_{ending}",
                standard_name=standard_name,
                unit=unit,
                method=method,
                duration=duration,
                height=_WIND,
            )
            for ending, duration in _GUSTS
            for what, standard_name, unit, method in (
                ("direction", "wind_gust_from_direction", "deg", "point"),
                ("speed", "wind_speed_of_gust", "m/s", "maximum"),
            )
        ),
        *(
            Field(
                column=f"total_precipitation_{ending}",
                standard_name="precipitation_amount",
                unit="kg m-2",
                method="sum",
                duration=f"PT{hours}H",
            )
            for ending, hours in _TOTALS
        ),
    ),
    optional=(
        "wmo_block_number",
        "wmo_station_number",
        "station_type",
        "latitude",
        "longitude",
        "station_height_above_msl",
        "barometer_height_above_msl",
        "geopotential_height",
        "thermometer_height",
        "method_of_ground_state_measurement",
        "ground_state",
        "method_of_snow_depth_measurement",
        "anemometer_height",
        "time_period_of_wind",
        "rain_sensor_height",
    ),
)


def sniff(head: bytes) -> Guess | None:
    """By the header."""
    return wis2box_table.guess(head, (LAYOUT,))


def read(stream: Stream, context: Context) -> Iterator[Piece]:
    """Observations, and the stations that the rows locate."""
    yield from wis2box_table.read(stream, context, (LAYOUT,))
