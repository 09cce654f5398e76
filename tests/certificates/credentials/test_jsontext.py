import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.credentials.jsontext import read_json, write_json

from ..proof_values import refusal

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
documents = st.dictionaries(
    texts,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)


@given(documents)
def test_document_is_read_back_as_written(document: dict[str, object]):
    assert read_json(write_json(document)) == document


@pytest.mark.parametrize(
    "text, reason",
    [
        ('{"a": 1, "a": 2}', "form"),
        ('{"a": {"b": 1, "b": 1}}', "form"),
        ('{"a": NaN}', "form"),
        ('{"a": -Infinity}', "form"),
        ('{"a": 9007199254740992}', "form"),
        ("[]", "form"),
        ("", "form"),
        ("{", "form"),
        (b'{"a": "\xff"}', "form"),
        ('{"a": "\ud800"}', "form"),
        ('{"a":' + "[" * 33 + "]" * 33 + "}", "form"),
        ('{"a":' + "[" * 20_000 + "]" * 20_000 + "}", "form"),
        ('{"a": "' + "x" * 65_536 + '"}', "too_large"),
    ],
)
def test_text_that_is_not_one_plain_object_is_refused(text: str | bytes, reason: str):
    assert refusal(lambda: read_json(text)) == reason


def test_value_without_a_canonical_form_is_refused():
    assert refusal(lambda: write_json({"a": float("nan")})) == "form"
    assert refusal(lambda: write_json({"a": "\ud800"})) == "form"


def test_more_values_than_memory_is_given_to_are_refused_before_they_are_read():
    text = '{"a": [' + "{}," * 999 + "{}]}"
    assert refusal(lambda: read_json(text, most_values=2000)) == "too_large"
    assert len(read_json(text, most_values=2001)["a"]) == 1000
