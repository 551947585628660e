"""What the catalogue says of fields in GRIB, value by value against eccodes, which wrote them and reads them again."""

import io
import re
from collections import Counter
from random import Random
from typing import Any

import eccodes
import numpy as np
import pytest

from mesonet.domain.file import Status
from mesonet.domain.instant import iso
from mesonet.formats.binary import grib, grib_tables
from mesonet.formats.reading import Context
from mesonet.formats.survey import Survey, survey
from tests import effort
from tests.unit.formats.binary.grib_messages import message
from tests.unit.formats.noaa.files import facts

# our texts of what eccodes calls so; where there is no place for a number the level of eccodes has none either
LEVELS = {
    **{"surface": "surface", "meanSea": "mean sea level", "tropopause": "tropopause"},
    **{"nominalTop": "top of the atmosphere"},
    **{"maxWind": "maximum wind", "isothermZero": "0 °C isotherm", "cloudBase": "cloud base"},
    **dict.fromkeys(("isobaricInhPa", "isobaricInPa", "isobaricLayer"), "{} hPa"),
    **{"potentialVorticity": "potential vorticity of {} PVU", "generalVertical": "generalized height level {}"},
    **dict.fromkeys(("heightAboveGround", "heightAboveGroundLayer"), "{} m above ground"),
    **dict.fromkeys(("heightAboveSea", "heightAboveSeaLayer"), "{} m above mean sea level"),
    **dict.fromkeys(("depthBelowLand", "depthBelowLandLayer"), "{} m below ground"),
    **dict.fromkeys(("depthBelowSea", "depthBelowSeaLayer"), "{} m below sea level"),
    **dict.fromkeys(("hybrid", "hybridLayer"), "hybrid level {}"),
    **dict.fromkeys(("soil", "soilLayer"), "soil level {}"),
    **dict.fromkeys(("theta", "thetaLayer"), "potential temperature of {} K"),
    **dict.fromkeys(("sigma", "sigmaLayer"), "sigma {}"),
    **{"pressureFromGroundLayer": "{} hPa less than at the ground"},
}  # fmt: skip
# in which steps eccodes counts in an edition, where we have another unit
STEPS = {
    **{(kind, edition): 0.01 for kind in ("isobaricInPa",) for edition in (1, 2)},
    **{("depthBelowLand", 1): 0.01, ("depthBelowLandLayer", 1): 0.01, ("sigma", 1): 1e-4, ("sigmaLayer", 1): 0.01},
    **{("potentialVorticity", 1): 1e-3, ("potentialVorticity", 2): 1e-3, ("pressureFromGroundLayer", 2): 0.01},
}  # fmt: skip


def said(data: bytes, *names: str, of: type | None = None) -> list[Any]:
    """What eccodes reads."""
    handle = eccodes.codes_new_from_message(data)
    try:
        return [eccodes.codes_get(handle, name, of) for name in names]
    finally:
        eccodes.codes_release(handle)


def field(data: bytes) -> grib._Field:
    (found,) = grib._fields(io.BytesIO(data))
    assert isinstance(found, grib._Field)
    return found


def time_said(data: bytes) -> str:
    day, clock = said(data, "validityDate", "validityTime", of=int)
    return f"{day // 10000}-{day // 100 % 100:02d}-{day % 100:02d}T{clock // 100:02d}:{clock % 100:02d}:00Z"


def surveyed(data: bytes) -> Survey:
    return survey(io.BytesIO(data), Context(key="a.grib"))


def check(data: bytes) -> None:
    """A field's time, points, centre and level."""
    found = field(data)
    edition, points, centre = said(data, "edition", "numberOfDataPoints", "centre", of=int)
    (kind,), (level, top, bottom) = said(data, "typeOfLevel"), said(data, "level", "topLevel", "bottomLevel", of=float)
    assert found.valid is not None
    assert iso(found.valid) == time_said(data)
    assert (found.points, found.centre) == (points, centre)
    assert found.level is not None
    text, numbers = found.level
    assert text == LEVELS[kind]
    expected = (top, bottom) if kind.endswith("Layer") else (level,) if "{}" in text else ()
    assert numbers == pytest.approx([each * STEPS.get((kind, edition), 1) for each in expected])


@pytest.mark.parametrize("edition", [1, 2])
@pytest.mark.parametrize(
    "sample",
    [
        *("regular_ll_sfc", "regular_ll_pl", "regular_gg_ml", "reduced_gg_sfc", "reduced_gg_pl_48", "reduced_gg_ml"),
        *("reduced_ll_sfc", "rotated_ll_sfc", "rotated_gg_ml", "reduced_rotated_gg_pl_48", "polar_stereographic_pl"),
        *("sh_pl", "sh_ml"),
    ],
)  # fmt: skip
def test_a_field_on_any_grid_is_where_and_when_eccodes_says(sample: str, edition: int) -> None:
    check(message(f"{sample}_grib{edition}", step=6))


@pytest.mark.parametrize("edition", [1, 2])
@pytest.mark.parametrize(
    "values",
    [{"gridType": kind} for kind in ("mercator", "lambert", "albers", "space_view", "rotated_ll")] + [{"Ni": 1, "Nj": 1}],
)
def test_a_field_on_a_grid_of_another_projection_or_of_one_point_is_too(values: dict[str, Any], edition: int) -> None:
    check(message(f"GRIB{edition}", **values))


@pytest.mark.parametrize("edition", [1, 2])
@pytest.mark.parametrize(
    ("kind", "level"),
    [
        *((kind, 0) for kind in ("surface", "meanSea", "tropopause", "nominalTop", "maxWind", "isothermZero")),
        *(("cloudBase", 0), ("isobaricInhPa", 850), ("isobaricInhPa", 1), ("isobaricInPa", 50), ("heightAboveGround", 2)),
        *(("heightAboveGround", 10), ("heightAboveSea", 1500), ("depthBelowLand", 10), ("hybrid", 137), ("sigma", 1)),
        *(("theta", 320), ("depthBelowSea", 15), ("potentialVorticity", 2000)),
    ],
)  # fmt: skip
def test_a_level_is_the_one_that_eccodes_says(kind: str, level: int, edition: int) -> None:
    check(message(f"GRIB{edition}", typeOfLevel=kind, level=level))


@pytest.mark.parametrize(
    ("edition", "kind", "top", "bottom"),
    [
        *((2, "isobaricLayer", 500, 1000), (2, "heightAboveGroundLayer", 300, 0), (2, "heightAboveSeaLayer", 600, 300)),
        *((2, "depthBelowLandLayer", 0, 7), (2, "hybridLayer", 1, 2), (2, "thetaLayer", 300, 320), (2, "soilLayer", 1, 2)),
        *((2, "depthBelowSeaLayer", 0, 300), (2, "pressureFromGroundLayer", 3000, 0), (1, "depthBelowLandLayer", 0, 7)),
        *((1, "hybridLayer", 1, 2), (1, "sigmaLayer", 40, 90), (1, "pressureFromGroundLayer", 30, 0)),
    ],
)  # fmt: skip
def test_a_layer_is_the_one_that_eccodes_says(edition: int, kind: str, top: int, bottom: int) -> None:
    check(message(f"GRIB{edition}", typeOfLevel=kind, topLevel=top, bottomLevel=bottom))


@pytest.mark.parametrize(
    ("kind", "first", "second", "told"),
    [
        *((101, 50, 100, "500 to 1000 hPa"), (104, 6, 3, "600 to 300 m above mean sea level")),
        *((106, 3, 0, "300 to 0 m above ground"), (114, 155, 175, "potential temperature of 320 to 300 K")),
        *((121, 250, 100, "850 to 1000 hPa"), (128, 100, 110, "sigma 1 to 0.99"), (125, 0, 200, "2 m above ground")),
        *((1, 0, 0, "surface"), (177, 0, 5, "level of kind 177"), (20, 106, 178, "isotherm of 273.14 K")),
    ],
)  # fmt: skip
def test_a_level_of_edition_1_is_in_the_steps_of_its_table(kind: int, first: int, second: int, told: str) -> None:
    text, numbers = grib._level_1(kind, first, second)
    assert grib._listed({text: {numbers}}) == told


@pytest.mark.parametrize(
    ("surfaces", "told"),
    [
        (b"\x67\x00\x00\x00\x00\x02" + b"\xff" * 6, "2 m above ground"),
        (b"\x6a\x02\x00\x00\x00\x07\x6a\x02\x00\x00\x00\x1c", "0.07 to 0.28 m below ground"),
        (b"\x67\x81\x00\x00\x00\x0c" + b"\xff" * 6, "120 m above ground"),
        (b"\x66\x00\x80\x00\x00\x05" + b"\xff" * 6, "-5 m above mean sea level"),
        (b"\x01" + b"\xff" * 5 + b"\x08" + b"\xff" * 5, "surface to top of the atmosphere"),
        (b"\x64" + b"\xff" * 11, "unknown hPa"),
        (b"\xb1\x00\x00\x00\x00\x05" + b"\xff" * 6, "level of kind 177"),
    ],
)
def test_a_level_of_edition_2_has_a_scale_and_a_sign(surfaces: bytes, told: str) -> None:
    level = grib._level(surfaces)
    assert level is not None
    assert grib._listed({level[0]: {level[1]}}) == told


def test_levels_are_told_by_their_kinds_in_few_words() -> None:
    fields = [message("GRIB2", typeOfLevel="isobaricInhPa", level=level) for level in range(100, 1001, 100)]
    fields += [message("GRIB2", typeOfLevel="heightAboveGround", level=level) for level in (10, 2)]
    assert "levels: 10 from 100 to 1000 hPa; 2, 10 m above ground" in surveyed(b"".join(fields)).why


@pytest.mark.parametrize(("unit", "ahead"), [(0, 90), (1, 7), (2, 9), (10, 3), (11, 5), (12, 5)])
def test_a_time_ahead_is_the_same_in_both_editions(unit: int, ahead: int) -> None:
    check(message("GRIB1", indicatorOfUnitOfTimeRange=unit, P1=ahead))
    check(message("GRIB2", indicatorOfUnitForForecastTime=unit, forecastTime=ahead))


def test_seconds_of_the_reference_and_of_a_periods_end_count() -> None:
    found = field(message("GRIB2", second=30, indicatorOfUnitForForecastTime=13, forecastTime=15))
    assert found.valid is not None
    assert iso(found.valid) == "2024-02-29T06:00:45Z"
    end = {"yearOfEndOfOverallTimeInterval": 2024, "monthOfEndOfOverallTimeInterval": 2, "dayOfEndOfOverallTimeInterval": 29}
    found = field(message("GRIB2", productDefinitionTemplateNumber=8, **end, secondOfEndOfOverallTimeInterval=5))
    assert found.valid is not None
    assert iso(found.valid).endswith(":05Z")


@pytest.mark.parametrize("process", ["accum", "avg", "max", "min", "diff"])
def test_a_process_over_a_period_ends_where_eccodes_says(process: str) -> None:
    for data in (
        message("GRIB1", stepType=process, stepRange="6-12"),
        message("GRIB2", productDefinitionTemplateNumber=8, stepType=process, stepRange="6-12"),
        message("GRIB2", productDefinitionTemplateNumber=11, stepType=process, stepRange="0-30m"),
    ):
        check(data)


@pytest.mark.parametrize(
    ("kind", "first", "second", "count", "told"),
    [
        (0, 6, 12, 0, "12:00"), (1, 0, 0, 0, "06:00"), (2, 6, 12, 0, "18:00"), (6, 6, 3, 0, "03:00"), (7, 6, 3, 0, "09:00"),
        (10, 0, 5, 0, "11:00"), (113, 1, 2, 4, "13:00"), (115, 1, 2, 4, "13:00"), (117, 7, 1, 4, "13:00"),
        (118, 0, 1, 3, "08:00"), (123, 0, 6, 3, "18:00"), (123, 0, 6, 0, "06:00"), (124, 0, 1, 2, "07:00"),
    ],
)  # fmt: skip
def test_edition_1_tells_a_time_in_each_way_of_its_table(kind: int, first: int, second: int, count: int, told: str) -> None:
    data = message("GRIB1", timeRangeIndicator=kind, P1=first, P2=second, numberIncludedInAverage=count)
    found = field(data)
    assert found.valid is not None
    assert iso(found.valid) == f"2024-02-29T{told}:00Z"
    if kind <= 2:
        assert iso(found.valid) == time_said(data)


def offsets(data: bytes) -> list[int | None]:
    """Where eccodes has the unit of the time ahead, the end of the period and the first surface, in section 4."""
    handle = eccodes.codes_new_from_message(data)
    found: list[int | None] = []
    try:
        for name in ("indicatorOfUnitForForecastTime", "yearOfEndOfOverallTimeInterval", "typeOfFirstFixedSurface"):
            try:
                found.append(eccodes.codes_get_offset(handle, name) - eccodes.codes_get_offset(handle, "section4Length"))
            except eccodes.KeyValueNotFoundError:
                found.append(None)
    finally:
        eccodes.codes_release(handle)
    return found


@pytest.mark.parametrize("template", sorted(grib_tables.UNIT))
def test_a_template_has_its_times_and_levels_where_eccodes_has_them(template: int) -> None:
    data = bytearray(message("GRIB2", productDefinitionTemplateNumber=template))
    begin = said(bytes(data), "offsetSection4", of=int)[0]
    counted, octets = grib_tables.LISTS.get(template, (0, 0))
    for count in (0, 1, 3) if octets else (0,):
        if octets:
            data[begin + counted] = count
        unit, end, surface = offsets(bytes(data))
        listed = count * octets
        at = grib_tables.UNIT[template] + (listed if counted < grib_tables.UNIT[template] else 0)
        assert at == unit
        if end is not None or template in grib_tables.PERIOD_END:
            assert at + grib_tables.PERIOD_END[template] + (listed if counted > grib_tables.UNIT[template] else 0) == end
        if template not in grib_tables.WITHOUT_SURFACES:
            assert at + (3 if template == 44 else 5) == surface


@pytest.mark.parametrize("template", [53, 57, 113])
def test_a_list_before_the_time_ahead_moves_it(template: int) -> None:
    sample = bytearray(message("GRIB2", productDefinitionTemplateNumber=template))
    begin = said(bytes(sample), "offsetSection4", of=int)[0]
    counted, octets = grib_tables.LISTS[template]
    body = sample[begin : begin + int.from_bytes(sample[begin : begin + 4])]
    at = grib_tables.UNIT[template] + octets * body[counted]
    body[at : at + 5] = b"\x01\x00\x00\x00\x07"
    body[counted + 1 : counted + 1] = bytes(2 * octets)
    body[counted] += 2
    described = grib._described(bytes(body), 0, 0, 1, 7)
    assert described.valid == 7 * 3_600_000


def words(text: str) -> set[str]:
    """Beginnings of words, as eccodes abbreviates, and without what it says otherwise."""
    text = re.sub(
        r"reduced to| as water| at the|level|msl", "", text.lower().replace("mean sea", "msl").replace("dewpoint", "dew-point")
    )
    return {word[:4] for word in re.findall(r"[a-z]{3,}|\b[uv]\b", text)}


def unit(text: str) -> str:
    """Of eccodes, as ours are written: `kg m**-2 s**-1`."""
    text = {"Degree true": "deg", "gpm": "m", "m of water equivalent": "m", "(0 - 1)": "1"}.get(text, text)
    first, *others = text.replace("**", "").split()
    for other in others:
        first += f"/{other.replace('-', '', 1).removesuffix('1')}" if "-" in other else f".{other}"
    return first


@pytest.mark.parametrize(
    "values",
    [
        *(
            ("GRIB2", {"centre": 7, "discipline": discipline, "parameterCategory": category, "parameterNumber": number})
            for discipline, category, number in grib_tables.PARAMETERS
        ),
        *(("GRIB1", {"centre": 7, "table2Version": 2, "indicatorOfParameter": number}) for number in grib_tables.WMO),
        *(("GRIB1", {"centre": 98, "table2Version": 128, "indicatorOfParameter": number}) for number in grib_tables.ECMWF),
    ],
    ids=str,
)
def test_a_parameter_has_the_name_and_the_unit_that_eccodes_has(values: tuple[str, dict[str, int]]) -> None:
    sample, keys = values
    data = message(sample, **keys)
    found = field(data)
    name, other, in_unit, in_other = said(data, "name", "parameterName", "units", "parameterUnits", of=str)
    assert words(found.name) <= words(f"{name} {other}")
    told = in_unit if in_unit != "unknown" else in_other if in_other != "unknown" else other.split(maxsplit=3)[-1]
    assert found.unit == unit(told)


@pytest.mark.parametrize(
    ("category", "number", "process", "name", "in_unit"),
    [
        (4, 7, 0, "downward short-wave radiation flux (average)", "W/m2"),
        (4, 7, 1, "downward short-wave radiation flux (accumulation)", "J/m2"),
        (1, 52, 1, "total precipitation rate (accumulation)", "kg/m2"),
        (0, 0, 2, "temperature (maximum)", "K"),
        (0, 0, 3, "temperature (minimum)", "K"),
        (0, 0, 6, "temperature (standard deviation)", "K"),
        (0, 0, 9, "temperature (ratio)", None),
        (0, 0, 255, "temperature", "K"),
    ],
)
def test_a_process_is_in_the_name_and_decides_the_unit(
    category: int, number: int, process: int, name: str, in_unit: str | None
) -> None:
    data = message(
        "GRIB2",
        productDefinitionTemplateNumber=8,
        parameterCategory=category,
        parameterNumber=number,
        typeOfStatisticalProcessing=process,
    )
    found = field(data)
    assert (found.name, found.unit) == (name, in_unit)
    if in_unit:
        assert unit(said(data, "units", of=str)[0]) == in_unit


@pytest.mark.parametrize("template", [5, 9])
def test_a_probability_is_not_in_the_unit_of_what_it_is_of(template: int) -> None:
    data = message("GRIB2", productDefinitionTemplateNumber=template, parameterCategory=2, parameterNumber=1)
    assert said(data, "probabilityType", of=int)
    found = field(data)
    assert (found.name.partition(" (")[0], found.unit) == ("probability of wind speed", None)


def test_a_number_of_a_centres_own_is_named_by_that_centre() -> None:
    own = {"parameterCategory": 4, "parameterNumber": 192}
    assert field(message("GRIB2", centre=7, **own)).name == "downward short-wave radiation flux"
    assert field(message("GRIB2", centre=98, **own)).name == "discipline 0, category 4, number 192 of centre 98"


@pytest.mark.parametrize("across", [4303, 4310])
def test_a_field_of_edition_1_beyond_16_mb_has_its_length_in_pieces(across: int) -> None:
    handle = eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib1")
    for name, value in {"Ni": across, "Nj": 2000, "bitsPerValue": 16}.items():
        eccodes.codes_set(handle, name, value)
    eccodes.codes_set_values(handle, np.resize(np.arange(50.0), across * 2000))
    data = bytes(eccodes.codes_get_message(handle))
    eccodes.codes_release(handle)
    assert len(data) > 1 << 24
    entry = surveyed(data + message("GRIB1"))
    assert (entry.status, entry.rows, entry.rejected) == (Status.OK, 2, 0)


def small(edition: int, step: int) -> bytes:
    """A message of some hundred bytes."""
    return message(f"GRIB{edition}", step=step)


HEADING = b"\x01\r\r\n123\r\r\nHTIE85 ECMF 290600\r\r\n"


def test_a_file_of_both_editions_below_headings_is_cut_anywhere() -> None:
    messages = [small(2, 1), small(1, 2), small(2, 3), small(1, 4)]
    whole, ends = b"", []
    for each in messages:
        whole += HEADING + each + b"\r\r\n\x03"
        ends.append(len(whole) - 4)
    assert len(whole) < 2000
    for at in range(len(HEADING) + 8, len(whole)):
        found = list(grib._fields(io.BytesIO(whole[:at])))
        complete = sum(end <= at for end in ends)
        fields = [each for each in found if isinstance(each, grib._Field)]
        assert complete <= len(fields) <= complete + 1  # of the one that is cut what is said may be there already
        begun = whole.rfind(b"GRIB", 0, at) >= [0, *ends][complete]
        rejects = [each.reason for each in found if not isinstance(each, grib._Field)]
        assert rejects == ["the file ends within a message"] * begun


@pytest.mark.parametrize("edition", [1, 2])
def test_a_message_that_is_cut_takes_none_with_it_that_stands_behind(edition: int) -> None:
    first, second, last = small(3 - edition, 1), small(edition, 2), small(edition, 3)
    for at in range(len(b"GRIB"), len(second)):
        entry = surveyed(first + second[:at] + last * 3)
        assert entry.rows >= 4
        assert entry.last is not None
        assert iso(entry.last) == "2024-02-29T09:00:00Z"
        if at > 7:
            assert [each.reason for each in entry.rejects] == ["a message is damaged"]


def test_no_whole_message_is_lost_among_damaged_ones() -> None:
    chance = Random(5)
    kinds = [small(2, 1), small(1, 2), message("regular_ll_pl_grib1", step=5), message("reduced_gg_pl_32_grib2", step=6)]
    said_of = {each: field(each) for each in kinds}
    for _ in range(300):
        data, whole = b"", Counter[grib._Field]()
        for each in chance.choices(kinds, k=6):
            at = chance.randrange(len(each))
            other = chance.choice((each[:at], each[:at] + each[at + chance.randrange(1, 40) :], each, each))
            whole[said_of[each]] += other == each
            data += chance.choice((b"", b"\r\r\n\x03", b"GRIB", bytes(5))) + other
        assert whole <= Counter(each for each in grib._fields(io.BytesIO(data)) if isinstance(each, grib._Field))


@pytest.mark.parametrize("length", [200_000, 500_000])
@pytest.mark.parametrize("edition", [1, 2])
def test_lengths_that_reach_over_all_that_is_behind_cost_one_look_each(length: int, edition: int) -> None:
    data = message(f"GRIB{edition}")
    begin = data[:8] + (1 << 29).to_bytes(8) + data[16:37] + length.to_bytes(4) + b"\x07"
    if edition == 1:
        begin = data[: 8 + int.from_bytes(data[8:11])] + min(length, 65536).to_bytes(3) + bytes(3)
    effort.within(1.0, lambda: list(grib._fields(io.BytesIO(begin * (500_000 // len(begin))))))


def test_many_sections_of_messages_without_an_end_cost_one_look_each() -> None:
    begin = message("GRIB2")[:8] + (1 << 29).to_bytes(8)
    data = (begin + b"\x00\x00\x00\x05\x07" * 40) * 2300
    effort.within(1.0, lambda: list(grib._fields(io.BytesIO(data))))


def test_a_field_without_a_grid_is_on_one_that_is_not_described() -> None:
    data = bytearray(small(1, 1))
    size = int.from_bytes(data[8:11])
    grid = int.from_bytes(data[8 + size : 11 + size])
    data[15] &= 0x7F
    del data[8 + size : 8 + size + grid]
    data[4:7] = len(data).to_bytes(3)
    assert "on grids that are not described" in surveyed(bytes(data)).why


def test_columns_part_what_is_told_of_an_instant_from_what_is_of_a_period() -> None:
    data = message("GRIB2") + message("GRIB2", productDefinitionTemplateNumber=8, typeOfStatisticalProcessing=2)
    assert {name: column.values for name, column in facts(surveyed(data)).items()} == {
        "temperature": 1,
        "temperature (maximum)": 1,
    }
