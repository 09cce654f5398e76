"""Keys by which names are found and sorted."""

import pytest

from people.models import User
from people.models.person import NAME_KEYS
from tests import factories

pytestmark = pytest.mark.django_db


NAMES = [
    ("Əliyeva", "Gülnarə", "Ələkbər qızı"), ("İSMAYILOV", "Cəfər-bəy", "Hacıbəyov oğlu"), ("Гаджибеков", "Магомед", ""),
    ("Shcherbakova", "Zhanna", ""), ("O’Brien", "Seán", ""), ("Тағызадә", "Һүсејн", "Мәһәммәд оғлу"), ("Məhəmmədov", "Gözəl", "İ."),
]  # fmt: skip
EXPECTED = [
    ("eliyeva qulnare elekber qizi", "17282442164011001939283011341700172817261217340027234323"),
    ("ismayilov cefer-bey hacibeyov oqlu", "24352911422328314000131718173400121742002111132312174231400031202838"),
    ("qadjibekov maqomed", "271115252412162631400029112731291615"),
    ("shcherbakova zhanna", "35211321163412112631401100432111303011"),
    ("obrien sean", "3112342416300035161130"),
    ("taqizade huseyn mehemmed oqlu", "3711202343111517002139351642300029172117292917150031202838"),
    ("mehemmedov qozel i.", "291721172929171531400019324317280024"),
]  # fmt: skip


def test_keys_of_names_stay_as_they_are():
    """Rows are written with them: a change of these functions needs all names written anew."""
    people = [
        User(family_name=family, given_name=given, father_name=father) for family, given, father in NAMES
    ]
    made = [(NAME_KEYS["folded_name"](person), NAME_KEYS["sort_name"](person)) for person in people]
    assert made == EXPECTED


@pytest.mark.parametrize(("asked", "given"), [("Таир", "Tahir"), ("Навруз", "Novruz"), ("Timur", "Teymur")])
def test_person_is_found_on_the_list_by_such_a_spelling(asked, given, unit, client_of, coordinator):
    factories.make_person("Əsədli", given, unit=unit)
    page = client_of(coordinator).post("/az/people/", {"q": asked}, follow=True)
    assert f"Əsədli {given}" in page.text
