"""The menu leads where the person may go, and nowhere else: it asks the table of permissions that the pages ask."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from elearning.navigation import MENU
from people.actions.grants import break_glass
from people.models import Agency, Unit
from tests import factories
from tests.factories import Position, client_of

pytestmark = pytest.mark.django_db
AREAS = ("everywhere", "agency", "unit")


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> None:
    """Its sent mail is a line of the menu too."""
    settings.DEMO, settings.VAR_DIR = True, tmp_path


def wrong_entries(person: Any) -> dict[str, int]:
    """Lines that lead to a refusal, and pages that would open and are missing."""
    client = client_of(person)
    menu = {entry.url for entry in client.get(reverse("pages:help")).context["nav"]}
    opens = {page.address: client.get(reverse(page.address)).status_code for page in MENU}
    return {page: status for page, status in opens.items() if (reverse(page) in menu) != (status == 200)}


@pytest.mark.parametrize("position", [each for each in Position if each != Position.BREAK_GLASS])
def test_menu_shows_exactly_the_pages_that_open(
    position: str, demo: None, keys: None, agency: Agency, unit: Unit
) -> None:
    wrong = {}
    for area in AREAS:
        person = factories.make_person()
        factories.give(
            person, position, **{"agency": {"agency": agency}, "unit": {"unit": unit}}.get(area, {})
        )
        if found := wrong_entries(person):
            wrong[area] = found
    assert wrong == {}


def test_menu_without_a_position_shows_exactly_the_pages_that_open(demo: None, keys: None) -> None:
    assert wrong_entries(factories.make_person()) == {}


def test_menu_in_emergency_shows_every_page(demo: None, keys: None) -> None:
    person = factories.make_person()
    break_glass(person=person, reason="fire", by=None)
    assert wrong_entries(person) == {}
    menu = client_of(person).get(reverse("pages:help")).context["nav"]
    assert [entry.url for entry in menu] == [reverse(page.address) for page in MENU]


def test_sent_mail_is_a_line_of_the_demo_alone(admin: Any) -> None:
    assert reverse("demo:mails") not in {
        entry.url for entry in client_of(admin).get(reverse("pages:help")).context["nav"]
    }
