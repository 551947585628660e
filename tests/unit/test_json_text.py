"""The encoder that is made once writes what `json` writes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesonet import json_text

documents = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner), st.tuples(inner, inner)),
    max_leaves=20,
)


@given(documents)
def test_it_writes_what_json_writes(document: Any) -> None:
    assert json_text.writer()(document) == json.dumps(document, ensure_ascii=False, separators=(",", ":"))


@given(documents)
def test_what_was_written_is_read(document: Any) -> None:
    text = json_text.writer()(document)
    assert repr(json_text.parsed(text)) == repr(json.loads(text))


@pytest.mark.parametrize("text", ["", "{", '{"a":1}{', '{"a":1} ', "nothing"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|Expecting"):
        json_text.parsed(text)


def test_what_json_lacks_is_asked_for_or_refused() -> None:
    assert json_text.writer(bytes.hex)({"a": [b"\x01"]}) == '{"a":["01"]}'
    with pytest.raises(TypeError, match="bytes"):
        json_text.writer()({"a": b"\x01"})


def test_a_python_without_the_encoder_in_c_writes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "c_make_encoder", None)
    assert json_text.writer(bytes.hex)({"é": [1, 2.5, b"\x01"]}) == '{"é":[1,2.5,"01"]}'
