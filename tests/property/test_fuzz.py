"""Some thousand files that are damaged, or as nobody writes them; `make fuzz` tries a million."""

from random import Random

from tests.fuzzing import Fuzzer, seeds

INPUTS = 6000
WRITTEN = 1200


def test_no_damaged_file_brings_a_reader_down() -> None:
    fuzzer = Fuzzer(Random(20241), [*seeds()])  # which grows, and others ask for them too
    findings = [f"{each.format} {each.where}: {each.what}" for each in fuzzer.run(INPUTS)]
    assert findings == []
    assert len(fuzzer.inputs) >= 40  # formats; fewer would mean that their tests' files are no longer found
    assert sum(fuzzer.accepted.values()) > INPUTS // 5
    assert fuzzer.reread > INPUTS // 50
    assert fuzzer.grown > 50
    assert fuzzer.lines > 6000  # of all folders of formats; of one folder alone there are not so many


def test_no_file_that_is_odd_in_what_its_form_leaves_open_brings_a_reader_down() -> None:
    fuzzer = Fuzzer(Random(20241), [*seeds()], written=1)
    findings = [f"{each.format} {each.where}: {each.what}" for each in fuzzer.run(WRITTEN)]
    assert findings == []
    assert len(fuzzer.inputs) >= 20
    assert sum(fuzzer.accepted.values()) > WRITTEN // 10
