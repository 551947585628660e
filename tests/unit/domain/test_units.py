import pytest

from mesonet.domain import units
from mesonet.domain.parameter import STANDARD_NAMES
from mesonet.domain.units import UnknownUnit, allowed_for, converter, parse
from mesonet.errors import BadInput


@pytest.mark.parametrize(
    ("unit", "standard_name", "received", "canonical"),
    [
        ("degF", "air_temperature", 39.02, 3.9),
        ("atm", "air_pressure", 1.0, 1013.25),
        ("Ly/min", "surface_downwelling_shortwave_flux_in_air", 1.0, 697.3333),
        ("langleys/day", "surface_downwelling_shortwave_flux_in_air", 500.0, 242.1296),
        ("°F", "air_temperature", 32.0, 0.0),
        ("[degF]", "air_temperature", -40.0, -40.0),
        ("K", "air_temperature", 301.25, 28.1),
        ("°C", "air_temperature", 3.3, 3.3),
        ("0.1 Cel", "air_temperature", -36.0, -3.6),
        ("tenths of degrees C", "air_temperature", -36.0, -3.6),
        ("mph", "wind_speed", 10.0, 4.4704),
        ("kt", "wind_speed", 10.0, 5.144444),
        ("knots", "wind_speed_of_gust", 36.0, 18.52),
        ("km/h", "wind_speed", 36.0, 10.0),
        ("in", "precipitation_amount", 0.01, 0.254),
        ("cm", "thickness_of_snowfall_amount", 2.5, 25.0),
        ("0.1 mm", "precipitation_amount", 3.0, 0.3),
        ("kg m-2", "precipitation_amount", 0.2, 0.2),
        ("inHg", "air_pressure", 29.92, 1013.208),
        ("[in_i'Hg]", "air_pressure", 29.92, 1013.208),
        ("Pa", "air_pressure", 95730.0, 957.3),
        ("kPa", "air_pressure", 101.3, 1013.0),
        ("mb", "air_pressure_at_mean_sea_level", 1012.3, 1012.3),
        ("mi", "visibility_in_air", 10.0, 16093.44),
        ("oktas", "cloud_area_fraction", 8.0, 100.0),
        ("1", "relative_humidity", 0.5, 50.0),
        ("W/m²", "surface_downwelling_shortwave_flux_in_air", 703.221, 703.221),
        ("h", "duration_of_sunshine", 1.5, 90.0),
        ("meters second-1", "wind_speed", 10.0, 10.0),
        ("km hr-1", "wind_speed", 36.0, 10.0),
        ("[degF]{dry bulb}", "air_temperature", 32.0, 0.0),
        ("%{RH}", "relative_humidity", 50.0, 50.0),
        ("km{of air}/h", "wind_speed", 36.0, 10.0),
        ("watts meter**-2", "surface_downwelling_shortwave_flux_in_air", 703.0, 703.0),
        ("millimeters hour-1", "rainfall_rate", 2.0, 2.0),
    ],
)
def test_a_value_becomes_what_a_meteorologist_would_write(
    unit: str, standard_name: str, received: float, canonical: float
) -> None:
    assert converter(unit, standard_name)(received) == canonical


def test_every_standard_name_takes_its_own_canonical_unit_unchanged() -> None:
    for name, (unit, _) in STANDARD_NAMES.items():
        conversion = converter(unit, name)
        assert conversion.identity
        assert conversion.unit == unit


def test_an_identity_does_not_even_round() -> None:
    assert converter("Cel", "air_temperature")(3.123456789) == 3.123456789


def test_a_column_keeps_its_gaps() -> None:
    assert converter("degF", "air_temperature").column([39.02, None, 32.0]) == [3.9, None, 0.0]
    assert converter("degF", "air_temperature").column([39.02, None, 39.02] * 3) == [3.9, None, 3.9] * 3
    assert list(map(str, converter("kt", "wind_speed").column([-0.0, 0.0] * 3))) == ["-0.0", "0.0"] * 3


@pytest.mark.parametrize(
    ("spelling", "standard_name", "unit"),
    [
        ("m⋅s-1", "wind_speed", "m/s"),  # Decentlab
        ("W⋅m-2", "surface_downwelling_shortwave_flux_in_air", "W/m2"),
        ("m+1s-1", "wind_speed", "m/s"),  # EddyPro
        ("W+1m-2", "surface_downwelling_shortwave_flux_in_air", "W/m2"),
    ],
)
def test_factors_of_a_unit_may_be_parted_by_a_dot_or_an_exponent_of_one(spelling: str, standard_name: str, unit: str) -> None:
    assert converter(spelling, standard_name) == converter(unit, standard_name)


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(UnknownUnit, match="'furlong'") as caught:
        converter("furlong", "wind_speed")
    assert isinstance(caught.value, BadInput)
    assert "m/s" in caught.value.allowed


def test_a_unit_of_the_wrong_dimension_is_told_what_is_allowed() -> None:
    with pytest.raises(UnknownUnit, match="'mm' is no unit of air_temperature; allowed are Cel, "):
        converter("mm", "air_temperature")


def test_a_length_is_a_depth_or_a_distance_by_what_it_measures() -> None:
    assert converter("in", "precipitation_amount").unit == "mm"
    assert converter("in", "visibility_in_air").unit == "m"


def test_a_standard_name_that_is_not_known_gets_the_unit_of_the_dimension() -> None:
    assert converter("degF", "temperature_of_the_porch").unit == "Cel"
    assert converter("in", "fog_drip_amount").unit == "mm"


def test_a_unit_is_the_same_as_the_table_writes_it_and_in_other_letters() -> None:
    """It is looked for as it is written first: MJ and mJ may not both be there."""
    for code, unit in units._UNITS.items():
        for spelling in (code, *unit.spellings):
            assert units.parse(spelling) == units.parse(f" {spelling.upper()}_") == (code, 1.0), spelling


def test_what_is_allowed_can_be_parsed() -> None:
    for name in STANDARD_NAMES:
        for unit in allowed_for(name):
            assert parse(unit) == (unit, 1.0)
