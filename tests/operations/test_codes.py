import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.codes import ALPHABET, grouped, is_code, new_code, read_code

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


# What a hand on each keyboard may type for a character of a code, the character itself beside it.
AZERBAIJANI = {"1": "1ıİiIlL", "0": "0oO", "W": "Üü"}
ENGLISH = {"1": "1iIlL", "0": "0oO"}
RUSSIAN = {
    "0": "0Оо", "1": "1Іі", "A": "Аа", "B": "Вв", "C": "Сс", "E": "Ее", "H": "Нн", "K": "Кк", "M": "Мм", "P": "Рр",
    "T": "Тт", "X": "Хх", "Y": "Уу",
}  # fmt: skip


@pytest.mark.parametrize("keyboard", [AZERBAIJANI, ENGLISH, RUSSIAN], ids=["az", "en", "ru"])
@given(code=codes, data=st.data())
def test_what_each_keyboard_types_is_read_as_meant(keyboard: dict[str, str], code: str, data: st.DataObject):
    choices = [keyboard.get(character, character + character.lower()) for character in code]
    typed = "".join(data.draw(st.sampled_from(choice)) for choice in choices)
    between = data.draw(st.sampled_from(["", " ", "-", " – ", "."]))
    assert read_code(grouped(typed, between)) == code


def test_capital_dotted_i_made_small_by_a_program_is_read():
    assert read_code("7Q4K 28FD MİİR".lower()) == "7Q4K28FDM11R"


@given(st.text(max_size=80))
def test_anything_typed_gives_a_code_or_none(text: str):
    found = read_code(text)
    assert found is None or is_code(found)


@pytest.mark.parametrize(
    "text", ["", "7Q4K-28FD-M3X", "7Q4K-28FD-M3XRR", "7Q4K-28FD-M3XU", "7Q4K/28FD/M3XR", "7" * 65]
)
def test_other_shape_is_no_code(text: str):
    assert read_code(text) is None
