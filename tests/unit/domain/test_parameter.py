"""A parameter and its identifier say the same."""

import pytest

from mesonet.domain.parameter import STANDARD_NAMES, Parameter, parse, usual


@pytest.mark.parametrize("name", STANDARD_NAMES)
def test_a_standard_name_alone_means_the_usual_level_and_an_instantaneous_value(name: str) -> None:
    assert usual(name).id == name
    assert parse(name) == usual(name)


@pytest.mark.parametrize(
    ("parameter", "identifier"),
    [
        (Parameter(standard_name="air_temperature", level=2.0), "air_temperature"),
        (Parameter(standard_name="air_temperature", level=10.0), "air_temperature:10:point:PT0S"),
        (
            Parameter(standard_name="air_temperature", level=2.0, method="maximum", duration="P1D"),
            "air_temperature:2:maximum:P1D",
        ),
        (Parameter(standard_name="soil_temperature", level=-0.05), "soil_temperature:-0.05:point:PT0S"),
        (Parameter(standard_name="mood_of_observer", level=0.0), "mood_of_observer:0:point:PT0S"),
    ],
)
def test_whatever_is_unusual_stands_in_the_identifier(parameter: Parameter, identifier: str) -> None:
    assert parameter.id == identifier
    assert parse(identifier) == parameter


@pytest.mark.parametrize("text", ["a:b", "a:1:point", "a:high:point:PT0S", "a:1:point:PT0S:x"])
def test_what_has_not_one_or_four_parts_is_no_identifier(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(text)
