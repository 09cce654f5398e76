"""What can wait comes in one letter, every day or every week as the person chose; the rest at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.actions.letters import choose_notice_rhythm
from operations import clock
from operations.models import AuditEntry
from operations.outbox import work_off
from operations.scheduled import bundle_notices
from people.models import User
from privacy.actions.corrections import answer_correction, ask_correction
from tests.factories import PASSWORD, client_of

PAGE = "/az/people/account/letters/"
WEDNESDAY = datetime(2026, 12, 2, 15, tzinfo=clock.BAKU)


@contextmanager
def on(day: int, hour: int = 8, minute: int = 1) -> Iterator[None]:
    """A moment of December 2026 in Baku; the 7th is a Monday."""
    with clock.at(WEDNESDAY.replace(day=day, hour=hour, minute=minute)):
        yield


def letters() -> list[Any]:
    """Sends what is due now; the officer's letters of this time."""
    del mail.outbox[:]
    bundle_notices(clock.now())
    work_off(["operations.mail", "operations.bundle"])
    return [letter for letter in mail.outbox if letter.to == ["officer@agency.example"]]


def choose(person: User, rhythm: str) -> None:
    answer = client_of(person).post(PAGE, {"rhythm": rhythm})
    assert (answer.status_code, answer.url) == (302, "/az/people/account/")
    person.refresh_from_db()


def told_twice(officer: User, coordinator: User) -> None:
    """Two corrections are asked for and answered."""
    for text in ("Soyadım Quliyevdir", "Ata adım Kamildir"):
        asked = ask_correction(person=officer, about="name", text=text, by=officer)
        answer_correction(request=asked, outcome="corrected", answer="Düzəldildi", by=coordinator)


def test_two_of_a_day_come_as_one_letter_the_next_morning(officer, coordinator):
    with on(2, 15):
        told_twice(officer, coordinator)
        work_off(["operations.mail"])
        assert mail.outbox == []
    with on(3):
        [letter] = letters()
        assert letter.to == [officer.email]
        assert letters() == []
    assert letter.subject == "Sizin üçün bildirişlər"
    assert letter.body.count("/az/people/my-data/") == 2
    assert letter.alternatives[0].content.count('/az/people/my-data/"') == 2


@pytest.mark.parametrize(
    ("language", "subject"),
    [("az", "Sizin üçün bildirişlər"), ("en", "News for you"), ("ru", "Уведомления для вас")],
)
def test_letter_is_in_the_persons_language_as_html_and_text_and_names_nobody(
    language, subject, officer, coordinator
):
    User.objects.filter(pk=officer.pk).update(language=language)
    officer.refresh_from_db()
    with on(2):
        told_twice(officer, coordinator)
    with on(3):
        [letter] = letters()
    html = letter.alternatives[0].content
    assert (letter.subject, f'<html lang="{language}"' in html) == (subject, True)
    assert f"/{language}/people/my-data/" in letter.body and f"/{language}/people/my-data/" in html
    assert officer.family_name not in letter.subject


def test_weekly_letter_comes_on_monday_morning(officer, coordinator):
    choose(officer, "weekly")
    with on(2, 15):
        told_twice(officer, coordinator)
    for day in (3, 4, 6):
        with on(day):
            assert letters() == []
    with on(7, 7, 59):
        assert letters() == []
    with on(7):
        assert len(letters()) == 1
    with on(8):
        assert letters() == []


def test_monday_that_was_missed_is_made_up_for(officer, coordinator):
    """And what came since waits for the next one."""
    choose(officer, "weekly")
    with on(4, 15):
        told_twice(officer, coordinator)
    with on(8, 12):
        told_twice(officer, coordinator)
        [letter] = letters()
        assert letter.body.count("/az/people/my-data/") == 2


def test_who_wants_all_at_once_gets_each_by_itself(officer, coordinator):
    choose(officer, "at-once")
    with on(2, 15):
        told_twice(officer, coordinator)
        assert [len(letters()), len(letters())] == [2, 0]


def test_what_is_urgent_never_waits(officer, coordinator):
    choose(officer, "weekly")
    client = client_of(officer)
    again = {"oldpassword": PASSWORD, "password1": "yaşıl-dəniz-on-iki", "password2": "yaşıl-dəniz-on-iki"}
    client.post("/az/account/password/change/", again)
    work_off(["operations.mail"])
    assert [letter.to for letter in mail.outbox] == [[officer.email]]


def test_choice_is_shown_kept_and_noted(officer):
    client = client_of(officer)
    choose(officer, "weekly")
    assert "Həftədə bir dəfə" in client.get("/az/people/account/").text
    choose(officer, "weekly")
    [entry] = AuditEntry.objects.filter(act="accounts.choose_notice_rhythm")
    assert (entry.by, entry.before, entry.after) == (officer, {"rhythm": "daily"}, {"rhythm": "weekly"})


@pytest.mark.parametrize("sent", ["", "hourly", "at_once"])
def test_other_choices_are_refused_at_the_field(officer, sent):
    answer = client_of(officer).post("/en/people/account/letters/", {"rhythm": sent})
    assert (answer.status_code, "Choose when letters come." in answer.text) == (200, True)
    officer.refresh_from_db()
    assert officer.notice_rhythm == "daily"


def test_nobody_chooses_for_another(officer, admin, outsider):
    for who in (admin, outsider):
        with pytest.raises(PermissionDenied):
            choose_notice_rhythm(person=officer, rhythm="weekly", by=who)
    assert Client().get(PAGE).status_code == 302
