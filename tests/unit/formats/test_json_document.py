import contextlib
import io
import json
import tracemalloc
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesonet.domain.observation import Reject
from mesonet.errors import UnreadableFile
from mesonet.formats import json_document
from mesonet.formats.json_document import Number, documents, glance, parse
from tests.effort import within
from tests.unit.formats.json_files import encoded


def refused(text: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        parse(text)
    return caught.value.detail


def test_a_number_keeps_its_spelling_and_is_no_text() -> None:
    value = parse('{"a": [1.50, 1e2, "1.50"]}')
    assert value == {"a": ["1.50", "1e2", "1.50"]}
    assert isinstance(value, dict)
    assert [isinstance(each, Number) for each in value["a"]] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": [1,\n NaN]}', "NaN at line 2, column 2 is no JSON"),
        ('{"NaN": "Infinity", "b": -Infinity}', "-Infinity at line 1, column 26 is no JSON"),
        ('{"a": 1,\n"b": "cut', "the JSON ends in its middle, at line 2, column 10"),
        ('{"a": [1, 2', "the JSON ends in its middle, at line 1, column 12"),
        ('{"a": {"b": 1}', "the JSON ends in its middle, at line 1, column 15"),
        ('{"a": tru', "the JSON ends in its middle"),
        ('{"a" 1}', "no JSON at line 1, column 6"),
        ('{"a": 1} {"b": 2}', "no JSON at line 1, column 10: Extra data"),
        ('{"a": 0123}', "no JSON at line 1, column 8"),
        ('{"a": ' + "1" * 500 + "}", "a number of 500 characters"),
        ("[" * 100_000, "nested too deeply"),
        ("", "the JSON ends in its middle"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: str, why: str) -> None:
    assert why in refused(text)


def test_half_a_character_becomes_one_that_can_be_written() -> None:
    assert parse('{"\\ud800": ["\\udc00 \\ud83c\\udf27"]}') == {"�": ["� 🌧"]}


def test_documents_may_be_marked_and_in_utf_16() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        data = '{"unit": "°C"}'.encode(encoding)
        assert list(documents(io.BytesIO(data))) == [(1, {"unit": "°C"})]
        seen = glance(data)
        assert seen is not None
        assert seen["unit"] == "°C"


def test_each_line_is_a_document_of_its_own_and_a_broken_one_is_rejected() -> None:
    data = b'{"a":\n{"a": 1}\n\n{"a": 2}\nnonsense\n{"a": 3}'
    found = list(documents(io.BytesIO(data)))
    assert [each[0] for each in found if not isinstance(each, Reject)] == [2, 4, 6]
    assert [(each.row, each.value) for each in found if isinstance(each, Reject)] == [(1, '{"a":'), (5, "nonsense")]


def test_one_object_over_several_lines_is_one_document() -> None:
    data = json.dumps({"a": [{"b": 1}, {"b": 2}], "c": {}}, indent=1).encode()
    assert len(list(documents(io.BytesIO(data)))) == 1
    array = b"[\n" + b",\n".join([b'{"a": 1}'] * 30) + b"\n]"
    assert len(list(documents(io.BytesIO(array)))) == 1


def test_of_a_list_what_stands_before_damage_is_taken_and_where_it_is_told() -> None:
    for damage, told in (("", "ends in its middle, at line 2, column 9"), (', {"a": tru]', "no JSON at line 2, column 17")):
        found = list(documents(io.BytesIO(f'[{{"a": 1}},\n{{"a": 2}}{damage}'.encode())))
        assert found[0] == (1, [{"a": "1"}, {"a": "2"}])
        assert isinstance(found[1], Reject)
        assert told in found[1].reason
    assert "ends in its middle" in refused('[{"a": 1')
    assert "ends in its middle" in refused("[1, 2,")


def test_the_value_of_a_rejected_line_does_not_tell_a_passkey() -> None:
    data = b'{"PASSKEY": "A1B2C3D4", "x": \n' + encoded({"a": 1}) + b"\n" + encoded({"a": 1}) + b"\n"
    rejects = [each for each in documents(io.BytesIO(data)) if isinstance(each, Reject)]
    assert len(rejects) == 1
    assert "A1B2C3D4" not in str(rejects[0].value)


def test_lines_are_streamed() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += size
            return (b'{"a": 1}\n' * (size // 9 + 1))[: size // 9 * 9]

    stream = Endless()
    for at, _ in enumerate(documents(stream)):
        if at == 100_000:
            break
    assert stream.given < 4_000_000


def test_a_document_that_would_take_too_much_memory_is_refused_before_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_document, "HEAVIEST", 8_000_000)
    tracemalloc.start()
    assert "too many values" in refused("[" + "[]," * 300_000 + "[]]")
    assert "too many values" in refused("[" + '"a",' * 300_000 + "1]")
    assert tracemalloc.get_traced_memory()[1] < 6_000_000
    tracemalloc.stop()
    monkeypatch.setattr(json_document, "MOST_NUMBERS", 1000)
    assert "different numbers" in refused("[" + ",".join(map(str, range(100_000))) + "]")


def test_a_document_beyond_the_limit_is_refused_and_told_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_document, "LARGEST", 1_000_000)
    with pytest.raises(UnreadableFile, match="NDJSON"):
        list(documents(io.BytesIO(b"[" + b"1," * 600_000 + b"1]")))


def test_a_glance_tells_paths_and_their_first_values() -> None:
    seen = glance(b'{"type": "F", "list": [{"a": {"b": 1.5}}, {"c": null}], "empty": [], "deep": [[1]], "cut": "of')
    assert seen is not None
    assert seen.paths == {
        "type": "F", "list": "", "list[]": "", "list[].a": "", "list[].a.b": "1.5", "list[].c": "null", "empty": "",
        "deep": "", "deep[]": "", "deep[][]": "1", "cut": "of",
    }  # fmt: skip
    assert not seen.lines


def test_a_glance_at_a_list_sees_its_first_document() -> None:
    seen = glance(b' [{"a": 1}, {"b": 2}]')
    assert seen is not None
    assert "a" in seen


def test_a_glance_takes_no_time_whatever_it_sees() -> None:
    for head in (b"[" * 65536, b'{"a":' * 13000, b'{"' + b'\\"' * 32000, b'{"a": "' + b"\\" * 65000, b"{" + b'"' * 65000):
        within(0.5, partial(glance, head))


@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,\\ntrue1e9.- \n', max_size=60).map(str.encode))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_documents_rejects_or_a_refusal(data: bytes) -> None:
    glance(data)
    with contextlib.suppress(UnreadableFile):
        list(documents(io.BytesIO(data)))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=8), each, max_size=4),
        max_leaves=20,
    )
)
@settings(max_examples=100, deadline=None)
def test_what_json_writes_is_read_the_same(value: object) -> None:
    def plain(each: object) -> object:
        if isinstance(each, dict):
            return {key: plain(inner) for key, inner in each.items()}
        if isinstance(each, list):
            return [plain(inner) for inner in each]
        return str(each) if isinstance(each, int) and not isinstance(each, bool) else each

    assert parse(json.dumps(value)) == plain(value)


@pytest.mark.parametrize(
    "lines", ['{"a":1\n"b":2}\n{"a":3},{"a":4}', '{"a":1} {"a":2}\n{"a":[\n1]}', '\ud800{}\n{"a":NaN}\n{"a":01}']
)
def test_lines_that_would_be_documents_together_are_rejected_one_by_one(lines: str) -> None:
    data = f'{{"a":0}}\n{lines}\n{{"a":5}}\n'.encode("utf-8", "replace")
    first, *between, last = documents(io.BytesIO(data))
    assert (first, last) == ((1, {"a": "0"}), (3 + lines.count("\n"), {"a": "5"}))
    assert [each.row for each in between if isinstance(each, Reject)] == list(range(2, 3 + lines.count("\n")))


@pytest.mark.parametrize(
    "text", ['{"a": 1}{"a": 2}', '\x1e{"a": 1}\n\x1e{"a": 2}\n', '{"a":\n 1}\n{"a":\n 2}\n', '\ufeff{"a": 1} {"a": 2}']
)
def test_documents_behind_one_another_are_as_many(text: str) -> None:
    assert list(documents(io.BytesIO(text.encode()))) == [(1, {"a": "1"}), (2, {"a": "2"})]


@pytest.mark.parametrize("text", ['{"a": 1}{"a": ', '{"a": 1}{"b": 2}]', '{"a": 1} 2', '{"a": 1}\n{"a": 1'])
def test_of_a_document_with_anything_else_behind_it_the_document_is_taken(text: str) -> None:
    first, fault = documents(io.BytesIO(text.encode()))
    assert first == (1, {"a": "1"})
    assert isinstance(fault, Reject)
    assert fault.reason.endswith(": what stands before that was taken")


def test_what_parts_documents_may_stand_within_a_text() -> None:
    assert list(documents(io.BytesIO(b'{"a": "}{"}'))) == [(1, {"a": "}{"})]
