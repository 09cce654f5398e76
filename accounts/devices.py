"""Browsers: in words a person knows, and whether somebody has signed in with one before.

A signed cookie remembers who signed in with it, as hashes, and a random name of the browser, under which wrong
passwords are counted apart from those of strangers: nothing of it is kept here.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from operations.notices import notify
from people.models import User

COOKIE = "nisane_known"
MOST = 20  # people who share a browser
YEAR = 365 * 24 * 60 * 60  # seconds

# The first that fits: most browsers also name those they descend from.
BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("YaBrowser", "Yandex"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def described(user_agent: str) -> str:
    """Return the browser in words: Chrome, Windows."""
    parts = [next((name for mark, name in names if mark in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, parts)) or _("unknown browser")


@dataclass(frozen=True)
class Browser:
    """The content of the cookie: `marks` of the people who signed in, the last one first."""

    name: str
    marks: tuple[str, ...] = ()

    def knows(self, people: Iterable[User]) -> bool:
        return any(_mark_of(person) in self.marks for person in people)


def browser_of(request: HttpRequest) -> Browser | None:
    """Return the browser of a request; None where nobody has signed in with it."""
    try:
        name, *marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=YEAR)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return Browser(name, tuple(marks))


def greet(request: HttpRequest, response: HttpResponse, person: User, *, first_time: bool) -> None:
    """Write to the person where the browser is new to them, and remember it."""
    browser = browser_of(request) or Browser(secrets.token_urlsafe(12))
    if browser.knows([person]):
        return
    if not first_time:
        session = UserSession.objects.filter(session_key=request.session.session_key).first()
        if session is not None:
            notify(person=person, kind="accounts.new_device", subject_id=str(session.pk))
    remembered = [browser.name, *[_mark_of(person), *browser.marks][:MOST]]
    response.set_cookie(
        COOKIE, signing.dumps(remembered, salt=COOKIE), max_age=YEAR, httponly=True,
        secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
    )  # fmt: skip


def _mark_of(person: User) -> str:
    return salted_hmac("accounts.device", person.public_id, algorithm="sha256").hexdigest()[:16]
