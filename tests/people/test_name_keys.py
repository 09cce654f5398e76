"""Names entered before there were keys get them when the installation is brought up to date."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

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
