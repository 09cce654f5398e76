"""The demo's sent mail: for its administrator, in the demo, and harmless whatever it holds."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, mailers

from people.models import Agency, User
from tests.elearning.pages import flat
from tests.factories import client_of, give, make_person

pytestmark = pytest.mark.django_db
MAILS = "/en/demo/mail/"
EVIL = '<p>Salam, Aytən</p><script>alert(1)</script><img src="https://outside.example/x.png">'


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """This is the demo, and it has sent two messages in one connection, then one more."""
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    backend = "django.core.mail.backends.filebased.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"file_path": tmp_path / "mail"}}}
    return tmp_path / "mail"


def send(*subjects: str) -> None:
    messages = []
    for subject in subjects:
        message = EmailMultiAlternatives(
            subject, "Salam & http://localhost:8000/az/x/\n" + "-" * 30, to=["ayten@agency.example"]
        )
        message.attach_alternative(EVIL, "text/html")
        messages.append(message)
    mailers.default.send_messages(messages)


def test_list_has_every_message_with_its_receiver(folder: Path, admin: User) -> None:
    send("Şifrə", "Dəvət")
    send("Yeni cihaz")
    page = client_of(admin).get(MAILS)
    assert {mail.subject for mail in page.context["mails"]} == {"Şifrə", "Dəvət", "Yeni cihaz"}
    assert page.content.decode().count("ayten@agency.example") == 3


def test_message_shows_its_text_with_links_and_its_html_in_a_frame(folder: Path, admin: User) -> None:
    send("Dəvət")
    client = client_of(admin)
    key = client.get(MAILS).context["mails"][0].key
    page = client.get(f"{MAILS}{key}/")
    text = flat(page.content)
    assert 'Salam &amp; <a href="http://localhost:8000/az/x/"' in page.content.decode()
    assert f'sandbox src="{MAILS}{key}/html/"' in text and "alert(1)" not in text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_html_part_can_do_nothing(folder: Path, admin: User) -> None:
    send("Dəvət")
    client = client_of(admin)
    key = client.get(MAILS).context["mails"][0].key
    page = client.get(f"{MAILS}{key}/html/")
    assert page.content.decode().strip() == EVIL
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; sandbox"
    )
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_empty_demo_says_what_will_come(folder: Path, admin: User) -> None:
    assert "No mail has been sent yet" in client_of(admin).get(MAILS).content.decode()


@pytest.mark.parametrize("who", ["officer", "coordinator", "auditor", "registrar", "outsider"])
def test_only_the_administrator_reads_it(who: str, folder: Path, request: Any) -> None:
    send("Dəvət")
    assert client_of(request.getfixturevalue(who)).get(MAILS).status_code == 403


def test_administrator_of_one_agency_does_not_read_it(folder: Path, agency: Agency) -> None:
    person = make_person()
    give(person, "administrator", agency=agency)
    assert client_of(person).get(MAILS).status_code == 403


def test_elsewhere_there_is_no_such_page(folder: Path, admin: User, settings: Any) -> None:
    send("Dəvət")
    client = client_of(admin)
    key = client.get(MAILS).context["mails"][0].key
    settings.DEMO = False
    addresses = (MAILS, f"{MAILS}{key}/", f"{MAILS}{key}/html/")
    assert [client.get(url).status_code for url in addresses] == [404, 404, 404]


def test_unknown_message_is_not_found(folder: Path, admin: User) -> None:
    send("Dəvət")
    assert client_of(admin).get(f"{MAILS}{'0' * 22}/").status_code == 404


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_in_three_languages(language: str, folder: Path, admin: User) -> None:
    send("Dəvət")
    client = client_of(admin)
    key = client.get(MAILS).context["mails"][0].key
    for url in (f"/{language}/demo/mail/", f"/{language}/demo/mail/{key}/"):
        assert f'<html lang="{language}">' in client.get(url).content.decode()
