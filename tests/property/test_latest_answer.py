"""The answer that is written without an encoder is the document that an encoder writes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from mesonet.domain import instant
from mesonet.domain.latest import LatestValue
from mesonet.functions.api_weather import representations as show
from mesonet.web.media import dumps
from tests.builders import latest_value

VALUES = st.builds(
    lambda value, flag, unit, received, file_id: latest_value(
        value=value, flag=flag, unit=unit, received=received, unit_received=unit, file_id=file_id
    ),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from((1, 2, 3, 4, 9)),
    st.text(),
    st.text(),
    st.text(),
)
NAMES = st.sampled_from(("air_temperature", "wind_speed", "precipitation_amount:0:sum:PT1H", "air_temperature:0.5:point:PT0S"))


@given(st.text(), st.dictionaries(NAMES, VALUES))
def test_the_latest_values_are_written_as_an_encoder_writes_them(station: str, values: dict[str, LatestValue]) -> None:
    links = [{"rel": "self", "href": "https://api.example.org"}]
    document = {
        "station": station,
        "parameters": {
            name: {
                **show.parameter(name, value.unit),
                "time": instant.iso(value.time),
                "value": int(value.value) if value.value == int(value.value) else value.value,
                "quality": value.flag,
                "received": value.received,
                "unit_received": value.unit_received,
                "file": value.file_id,
            }
            for name, value in sorted(values.items())
        },
        "links": links,
    }
    assert show.latest_json(station, values, dumps(links)) == json.dumps(document, ensure_ascii=False, separators=(",", ":"))
