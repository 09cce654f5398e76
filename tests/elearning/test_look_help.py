"""The help page: the number of the help line, and the way back to what was begun."""

from datetime import date

import pytest
from django.test import Client

from standards.models import Figure

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_help_gives_the_number_of_the_help_line_as_the_register_of_figures_has_it(language, client):
    page = f"/{language}/help/"
    assert "tel:" not in client.get(page).text
    Figure.objects.create(
        code="hotline", value="199", as_of=date(2026, 11, 24), confidence="V",
        name_az="X", name_en="Y", name_ru="Z",
    )  # fmt: skip
    shown = client.get(page).text
    assert 'href="tel:199"' in shown
    assert '<b class="nb">199</b>' in shown


def test_help_leads_back_to_what_was_begun(officer, client_of):
    back = '<a class="btn btn-quiet" href="/en/">'
    assert back in client_of(officer).get("/en/help/").text
    assert back not in Client().get("/en/help/").text
