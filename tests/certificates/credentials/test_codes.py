import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.credentials.codes import ALPHABET, grouped, is_code, new_code, read_code

codes = st.text(ALPHABET, min_size=12, max_size=12)


def test_new_codes_have_their_shape_and_differ():
    made = {new_code() for _ in range(500)}
    assert len(made) == 500
    assert all(is_code(code) for code in made)


@given(codes)
def test_printed_code_is_read_back(code: str):
    assert [len(group) for group in grouped(code).split("-")] == [4, 4, 4]
    assert read_code(grouped(code)) == code


@given(codes, st.lists(st.tuples(st.integers(0, 12), st.sampled_from(" -.–\u00a0")), max_size=8))
def test_spaces_and_dashes_anywhere_do_not_matter(code: str, added: list[tuple[int, str]]):
    typed = code
    for place, character in added:
        typed = typed[:place] + character + typed[place:]
    assert read_code(typed) == code


@given(codes)
def test_what_the_eye_confuses_is_read_as_meant(code: str):
    for one, zero in ("IO", "lo", "ıo", "İO", "iO", "LO"):
        assert read_code(code.replace("1", one).replace("0", zero)) == code
    assert read_code(code.lower()) == code


@given(st.text(max_size=80))
def test_anything_typed_gives_a_code_or_none(text: str):
    found = read_code(text)
    assert found is None or is_code(found)


@pytest.mark.parametrize(
    "text", ["", "7Q4K-28FD-M3X", "7Q4K-28FD-M3XRR", "7Q4K-28FD-M3XU", "7Q4K/28FD/M3XR", "7" * 65]
)
def test_other_shape_is_no_code(text: str):
    assert read_code(text) is None
