"""The menu leads where the person may go, and nowhere else: it asks the table of permissions that the pages ask."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from elearning.navigation import PAGES, MenuPage
from people.actions.grants import break_glass
from people.models import Agency, Unit
from tests import factories
from tests.factories import Position, client_of
from tests.share import asked_here

pytestmark = pytest.mark.django_db
AREAS = ("everywhere", "agency", "unit")


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> None:
    """Its sent mail is a line of the menu too."""
    settings.DEMO, settings.VAR_DIR = True, tmp_path


def wrong_entries(person: Any, *, pages: Iterable[MenuPage] = PAGES) -> dict[str, int]:
    """Lines that lead to a refusal, and pages that would open and are missing."""
    client = client_of(person)
    menu = {entry.url for entry in client.get(reverse("pages:help")).context["nav"].lines}
    opens = {page.address: client.get(reverse(page.address)).status_code for page in pages}
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
        if found := wrong_entries(person, pages=asked_here(PAGES, one_in=3, of=position + area)):
            wrong[area] = found
    assert wrong == {}


def test_menu_without_a_position_shows_exactly_the_pages_that_open(demo: None, keys: None) -> None:
    assert wrong_entries(factories.make_person()) == {}


def test_menu_in_emergency_shows_every_page(demo: None, keys: None, agency: Agency) -> None:
    person = factories.make_person()
    break_glass(person=person, reason="fire", by=None)
    assert wrong_entries(person) == {}
    menu = client_of(person).get(reverse("pages:help")).context["nav"]
    assert [entry.url for entry in menu.lines] == list(dict.fromkeys(reverse(page.address) for page in PAGES))


def test_sent_mail_is_a_line_of_the_demo_alone(admin: Any) -> None:
    assert reverse("demo:mails") not in {
        entry.url for entry in client_of(admin).get(reverse("pages:help")).context["nav"].lines
    }


@pytest.mark.parametrize(
    ("position", "groups"),
    [
        (Position.TRAINER, None),
        (
            Position.COORDINATOR,
            ["Home", "Learning", "Clearance", "Agency", "Extra time in exams", "Help"],
        ),
        (Position.REGISTRAR, ["Home", "Learning", "Positions", "Register", "Qualifications", "Help"]),
    ],
)
def test_many_lines_stand_in_groups_and_a_group_of_one_is_its_line(
    position: str, groups: list[str] | None, agency: Agency
) -> None:
    person = factories.make_person()
    factories.give(person, position, **({"agency": agency} if position == Position.COORDINATOR else {}))
    menu = client_of(person).get("/en/help/").context["nav"]
    if groups is None:
        assert menu.is_plain
    else:
        shown = [part.text if part.is_group else part.lines[0].text for part in menu.parts]
        assert (menu.is_plain, shown) == (False, groups)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/en/people/rosters/", "Rosters"),
        ("/en/people/invitations/", "Invitations"),
        ("/en/people/units/", "Units"),
        ("/en/people/proposals/", "Waiting for a second person"),
    ],
)
def test_daily_pages_of_a_coordinator_are_one_step_away_and_marked(
    path: str, line: str, coordinator: Any
) -> None:
    menu = client_of(coordinator).get(path).context["nav"]
    assert (menu.here.text, menu.here.url) == (line, path)
