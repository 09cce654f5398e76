"""What arrives, in which language, and what is remembered where it may not have arrived or arrived twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as django_mail
from django.utils.translation import gettext_lazy

from operations import clock as product_clock
from operations import notices, outbox
from operations.models import Errand, Notice
from people.models import User
from tests.factories import make_person

from .smtp import MailServer, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind(settings: Any) -> Iterator[None]:
    folder = Path(__file__).parent / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], folder]}]
    notices.register_notice(
        "test.ready",
        subject=gettext_lazy("Somebody else is changing this just now. Try again."),
        template="mail/ready.html",
        context=lambda notice: {"thing": f"<{notice.subject_id}>"},
    )
    yield
    del notices.notice_kinds["test.ready"]


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as server:
        backend = "django.core.mail.backends.smtp.EmailBackend"
        options = {"host": "127.0.0.1", "port": server.port, "timeout": 5}
        settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
        yield server


@pytest.fixture
def person(db: Any) -> User:
    return make_person("O'Məmmədova", "Aytən", email="ayten@agency.example", language="az")


def tell(person: User, **more: Any) -> Notice:
    notice: Notice = notices.notify(person=person, kind="test.ready", subject_id="C1", **more)
    return notice


def attend_once() -> Errand:
    errand = outbox.claim(only=["operations.mail", "operations.bundle"])
    assert errand is not None
    outbox.attend(errand)
    errand.refresh_from_db()
    return errand


def test_mail_has_a_text_and_an_html_part_with_the_same_words(person: User, settings: Any) -> None:
    tell(person)
    attend_once()
    (message,) = django_mail.outbox
    html = message.alternatives[0].content
    assert message.to == ["ayten@agency.example"]
    assert "O'Məmmədova & <C1>" in message.body
    assert "O&#x27;Məmmədova & &lt;C1&gt;" in html
    assert f"{settings.BASE_URL}/x" in message.body and f'href="{settings.BASE_URL}/x"' in html


def test_html_is_readable_without_images_scripts_and_outside_files(person: User) -> None:
    tell(person)
    attend_once()
    html = django_mail.outbox[0].alternatives[0].content
    assert [word for word in ("<img", "<script", "<link", "url(", "http-equiv") if word in html] == []
    assert '<html lang="az">' in html and '<table role="presentation"' in html


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_mail_is_in_the_language_of_the_person(language: str) -> None:
    tell(make_person(email="a@agency.example", language=language))
    attend_once()
    (message,) = django_mail.outbox
    words = {
        "az": (
            "Bu məlumatı hazırda başqa istifadəçi dəyişir. Yenidən cəhd edin.",
            "Təsdiqi başqa şəxs verməlidir.",
        ),
        "en": ("Somebody else is changing this just now. Try again.", "Another person must confirm."),
        "ru": (
            "Сейчас это изменяет другой пользователь. Попробуйте ещё раз.",
            "Подтвердить должен другой человек.",
        ),
    }[language]
    assert (message.subject, message.body.splitlines()[0]) == words
    assert f'lang="{language}"' in message.alternatives[0].content


def test_message_id_stays_the_same_and_the_notice_is_marked(person: User, clock: Any) -> None:
    notice = tell(person)
    attend_once()
    headers = django_mail.outbox[0].message()
    assert headers["Message-ID"] == f"<{notice.public_id}@localhost>"
    assert headers["Auto-Submitted"] == "auto-generated"
    notice.refresh_from_db()
    assert (notice.sent_at, notice.perhaps_twice, notice.refused) == (clock.now, False, "")


def test_death_before_the_mark_is_perhaps_twice_with_one_message_id(person: User, real_clock: Any) -> None:
    notice = tell(person)
    outbox.claim(only=["operations.mail"])  # and dies
    real_clock.tick(minutes=2)
    attend_once()
    notice.refresh_from_db()
    assert notice.sent_at is not None and notice.perhaps_twice


def test_notice_that_is_sent_is_not_sent_again(person: User, clock: Any) -> None:
    tell(person)
    Notice.objects.update(sent_at=clock.now)
    assert attend_once().state == "done"
    assert django_mail.outbox == []


@pytest.mark.parametrize("without", [{"email": None}, {"is_active": False}], ids=["address", "account"])
def test_person_without_address_or_account_gets_no_mail(person: User, without: dict[str, Any]) -> None:
    notice = tell(person)
    User.objects.filter(pk=person.pk).update(**without)
    assert attend_once().state == "done"
    notice.refresh_from_db()
    assert (notice.sent_at, notice.refused, django_mail.outbox) == (None, "no address", [])


def test_bundle_is_one_mail_with_all_its_notices(person: User) -> None:
    for threshold in ("90", "30", "7"):
        tell(person, threshold=threshold, urgency="bundle")
    notices.bundle(product_clock.now())
    attend_once()
    (message,) = django_mail.outbox
    assert (message.subject, message.body.count("<C1>")) == ("Sizin üçün bildirişlər", 3)
    assert Notice.objects.filter(sent_at=None).count() == 0


def test_server_takes_the_mail(person: User, server: MailServer) -> None:
    tell(person)
    assert attend_once().state == "done"
    assert [message["To"] for message in server.taken] == ["ayten@agency.example"]


def test_address_refused_for_good_is_recorded_and_not_tried_again(person: User, server: MailServer) -> None:
    server.recipient_answer = "550 no such mailbox"
    notice = tell(person)
    assert attend_once().state == "done"
    notice.refresh_from_db()
    assert (notice.sent_at, notice.refused, notice.perhaps_twice) == (None, "550 no such mailbox", False)


def test_message_refused_for_good_is_recorded(person: User, server: MailServer) -> None:
    server.data_answer = "554 not wanted"
    notice = tell(person)
    assert attend_once().state == "done"
    notice.refresh_from_db()
    assert (notice.sent_at, notice.refused) == (None, "554 not wanted")


def test_address_that_cannot_be_written_is_recorded(person: User, server: MailServer) -> None:
    User.objects.filter(pk=person.pk).update(email="aytən@agency.example")
    notice = tell(person)
    assert attend_once().state == "done"
    notice.refresh_from_db()
    assert notice.refused == "not an address"


def test_busy_server_is_tried_again_and_nothing_is_perhaps_twice(person: User, server: MailServer) -> None:
    server.recipient_answer = "450 try later"
    notice = tell(person)
    assert attend_once().state == "open"
    notice.refresh_from_db()
    assert (notice.sent_at, notice.refused, notice.perhaps_twice) == (None, "", False)


def test_connection_that_breaks_after_the_message_is_perhaps_twice(
    person: User, server: MailServer, real_clock: Any
) -> None:
    server.data_answer = None
    notice = tell(person)
    assert attend_once().state == "open"
    notice.refresh_from_db()
    assert (notice.sent_at, notice.perhaps_twice) == (None, True)
    server.data_answer = "250 kept"
    real_clock.tick(minutes=1)
    assert attend_once().state == "done"
    assert len({message["Message-ID"] for message in server.taken}) == 1 < len(server.taken)


def test_server_that_is_away_is_tried_again_and_nothing_is_perhaps_twice(
    person: User, settings: Any, server: MailServer
) -> None:
    settings.MAILERS["default"]["OPTIONS"]["port"] = 1  # nobody listens there
    notice = tell(person)
    assert attend_once().error.startswith("ConnectionRefusedError")
    notice.refresh_from_db()
    assert not notice.perhaps_twice


def test_mail_given_up_says_not_delivered_and_may_be_tried_again(
    person: User, server: MailServer, real_clock: Any
) -> None:
    server.recipient_answer = "450 try later"
    notice = tell(person)
    Errand.objects.update(tries=19)
    errand = attend_once()
    notice.refresh_from_db()
    assert (errand.state, notice.refused) == ("given-up", "not delivered")
    server.recipient_answer = "250 ok"
    outbox.reopen(errand)
    attend_once()
    notice.refresh_from_db()
    assert (notice.sent_at is not None, notice.refused) == (True, "")
