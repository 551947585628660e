"""METAR: what the PyPI package `metar` reads, where both read something."""

import io
import warnings
from collections.abc import Iterator

import pytest

from mesonet.domain.instant import parse
from mesonet.domain.observation import Batch
from mesonet.formats.reading import Context
from mesonet.formats.survey import observations
from tests.real_files import SAMPLES
from tests.unit.formats.noaa.files import real

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own regular expressions
    from metar import Metar

RECEIVED = parse("2024-03-06T12:00:00Z")
REPORTS = (
    "METAR KNYC 050551Z AUTO VRB03KT 10SM CLR M02/M05 A3001 RMK AO2 SLP168 T10221050",
    "KEWR 051251Z 23019G31KT 10SM FEW055 SCT250 28/17 A2978 RMK AO2 PK WND 22034/1231 SLP084 T02780172",
    "EGLL 051220Z 24008KT 210V280 9999 BKN030 10/05 Q1012 NOSIG",
    "UUEE 051230Z 18005MPS 0800 FG VV002 M01/M01 Q1003",
    "LFPG 051230Z 00000KT CAVOK 15/04 Q1025",
    "PANC 051253Z 35004KT 1 1/2SM -SN BR OVC012 M06/M08 A2945 RMK AO2 SLP975 P0001 T10611078",
    "VIDP 051230Z 09004KT 1200 HZ NSC 24/16 Q1010",
    "SPECI KMIA 051403Z 16032G45KT 1/2SM +TSRA BR OVC034 23/19 A3003",
    "RJTT 051230Z 34012KT 9999 FEW030 08/M02 Q1019",
    "CYYZ 051200Z 06015G25KT 3/4SM R05/5000VP6000FT SN VV008 M03/M04 A2952 RMK SN8 SLP006",
)
QUANTITIES = {
    "air_temperature": ("temp", "C"),
    "dew_point_temperature": ("dewpt", "C"),
    "wind_speed": ("wind_speed", "MPS"),
    "wind_speed_of_gust": ("wind_gust", "MPS"),
    "altimeter_setting": ("press", "HPA"),
    "air_pressure_at_mean_sea_level": ("press_sea_level", "HPA"),
    "visibility_in_air": ("vis", "M"),
}


def ours(report: str) -> dict[str, float]:
    """The values of one report that are not missing."""
    text = report + "=\n"
    (batch,) = (
        piece for piece in observations(io.BytesIO(text.encode()), Context(received=RECEIVED)) if isinstance(piece, Batch)
    )
    return {known.id: value for known, column in batch.columns.items() if (value := column.values[0]) is not None}


def agrees(report: str) -> int:
    """How many quantities of a report both read, all of them the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Metar.Metar(report, month=3, year=2024, strict=False)
    told, both = ours(report), 0
    for name, (attribute, unit) in QUANTITIES.items():
        other = getattr(theirs, attribute)
        if other is not None and name in told:
            both += 1
            assert told[name] == pytest.approx(other.value(unit), rel=2e-3, abs=0.051), (report, name)
    if theirs.wind_dir is not None and theirs.wind_speed is not None and theirs.wind_speed.value() > 0:
        both += 1
        assert told["wind_from_direction"] % 360 == theirs.wind_dir.value() % 360, report
    return both


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_says_what_the_oracle_reads(report: str) -> None:
    assert agrees(report) >= 4


def reports() -> Iterator[str]:
    for name in real("metar_cycle_20240305_00Z.txt", "metar_SAKO31_RKSL.txt", "excerpt_metar_sao_20200106T00.txt"):
        text = (SAMPLES / name).read_text("latin-1").replace("\r", " ")
        lines = text.replace("=", "\n").split("\n") if "cycle" in name else " ".join(text.split()).split("=")
        for line in lines:
            words = line.replace("METAR ", "").replace("SPECI ", "").split()
            starts = [at for at, word in enumerate(words) if len(word) == 7 and word.endswith("Z") and word[:6].isdigit()]
            if starts and starts[-1] and "NIL" not in words and "//" not in line and len(words[starts[-1] - 1]) == 4:
                yield " ".join(words[starts[-1] - 1 :])


def test_real_reports_say_what_the_oracle_reads() -> None:
    read = [agrees(report) for report in reports()]
    assert not read or sum(read) > 3 * len(read)
