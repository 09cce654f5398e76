"""Names entered before there were keys get them when the installation is brought up to date."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from locales.spelling import sounds
from people.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_names_entered_before_get_their_keys_in_batches(monkeypatch, unit):
    fill = import_module("people.migrations.0009_keys_of_known_names")
    monkeypatch.setattr(fill, "BATCH", 2)
    for family in ("Əliyev", "Həsənov", "Cəfərov", "Quliyev", "Şahinov"):
        factories.make_person(family, "Elçin", unit=unit)
    expected = set(User.objects.values_list("pk", "folded_name", "sound_name", "sort_name"))
    User.objects.update(sound_name="", sort_name="")
    with connection.schema_editor(atomic=False) as editor:
        fill.fill(apps, editor)
    assert set(User.objects.values_list("pk", "folded_name", "sound_name", "sort_name")) == expected


NAMES = [
    ("Əliyeva", "Gülnarə", "Ələkbər qızı"), ("İSMAYILOV", "Cəfər-bəy", "Hacıbəyov oğlu"), ("Гаджибеков", "Магомед", ""),
    ("Shcherbakova", "Zhanna", ""), ("O’Brien", "Seán", ""), ("Тағызадә", "Һүсејн", "Мәһәммәд оғлу"), ("Məhəmmədov", "Gözəl", "İ."),
]  # fmt: skip
EXPECTED = [
    ('eliyeva qulnare elekber qizi', ' aliva alava kilnara alakbar kizi ali alka', '17282442164011001939283011341700172817261217340027234323'),
    ('ismayilov cefer-bey hacibeyov oqlu', ' ismaliv ismalav cafarba cafar ba cafarbak kacibav kacibiv kacibakiv kacibakav ikli ism alka', '24352911422328314000131718173400121742002111132312174231400031202838'),
    ('qadjibekov maqomed', ' kacibakiv kacibakav makimad kad alka', '271115252412162631400029112731291615'),
    ('shcherbakova zhanna', ' sarbakiva sarbakava skckarbakiva skckarbakava cana zkana sc skc alka', '35211321163412112631401100432111303011'),
    ('obrien sean', ' ibrin san ib alka', '3112342416300035161130'),
    ('taqizade huseyn mehemmed oqlu', ' dakizada kisan makamad makimad mikamad ikli dak alka', '3711202343111517002139351642300029172117292917150031202838'),
    ('mehemmedov qozel i.', ' makamadiv makamadav makimadiv mikamadiv kizal kazal i mak alka', '291721172929171531400019324317280024'),
]  # fmt: skip


def test_keys_are_those_of_the_day_it_was_written(monkeypatch):
    """They change no more, whatever becomes of the code that makes keys now."""
    frozen = import_module("people.migrations.0009_keys_of_known_names")
    people = [
        User(
            family_name=family, given_name=given, father_name=father, family_name_latin=family[:3],
            given_name_cyrillic="Ёлка",
        )
        for family, given, father in NAMES
    ]  # fmt: skip
    made = [frozen.keys_of(person) for person in people]
    monkeypatch.setattr("people.models.person.NAME_KEYS", {})
    for function in ("locales.text.fold", "locales.spelling.sounds", "locales.sorting.sort_key"):
        monkeypatch.setattr(function, lambda *said, **more: "")
    assert [frozen.keys_of(person) for person in people] == made
    assert made == EXPECTED


def test_names_entered_before_are_found_by_more_spellings(monkeypatch, unit):
    more = import_module("people.migrations.0013_more_spellings_of_known_names")
    monkeypatch.setattr(more, "BATCH", 2)
    names = [("Tahirov", "Tahir"), ("Novruzov", "Novruz"), ("Teymurov", "Teymur"), ("Allahverdiyev", "Abdulla"), ("Dəmirov", "Elçin")]  # fmt: skip
    for family, given in names:
        person = factories.make_person(family, given, unit=unit)
        before = [key for key in person.sound_name.split() if not key.startswith(("dar", "nav", "dimir", "alav", "abdilak"))]  # fmt: skip
        User.objects.filter(pk=person.pk).update(sound_name="".join(f" {key}" for key in before))
    with connection.schema_editor(atomic=False) as editor:
        more.fill(apps, editor)
    for person in User.objects.all():
        made = sounds([person.family_name, person.given_name], 1000).split()
        assert set(made) <= set(person.sound_name.split())
    assert User.objects.get(family_name="Dəmirov").sound_name == sounds(["Dəmirov", "Elçin"], 1000)


@pytest.mark.parametrize(("asked", "given"), [("Таир", "Tahir"), ("Навруз", "Novruz"), ("Timur", "Teymur")])
def test_person_is_found_on_the_list_by_such_a_spelling(asked, given, unit, client_of, coordinator):
    factories.make_person("Əsədli", given, unit=unit)
    page = client_of(coordinator).post("/az/people/", {"q": asked}, follow=True)
    assert f"Əsədli {given}" in page.text
