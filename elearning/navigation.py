"""The main menu: where this person can go."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models import Grant, User

Position = Grant.Position


@dataclass(frozen=True)
class Entry:
    """A line of the menu. `section` is what a page names to be marked; `current` goes by address."""

    section: str
    text: str | Promise
    url: str
    current: bool = False


def _for_strangers() -> Iterator[Entry]:
    yield Entry("home", _("Home"), reverse("clearance:home"))
    yield Entry("courses", _("Courses"), reverse("courses:catalog"))
    yield Entry("verify", pgettext_lazy("menu", "Check a certificate"), reverse("certificates_public:verify"))
    yield Entry("signin", pgettext_lazy("menu", "Sign in"), reverse("account_login"))


def _for(positions: set[str]) -> Iterator[Entry]:
    yield Entry("home", _("My training"), reverse("clearance:home"))
    yield Entry("courses", _("Courses"), reverse("courses:catalog"))
    yield Entry("certificates", _("My certificates"), reverse("certificates:mine"))
    if Position.DUTY_OFFICER in positions:
        yield Entry("desk", _("Clearance"), reverse("clearance:desk"))
    if positions & {Position.REGISTRAR, Position.AUDITOR}:
        yield Entry("register", _("Register"), reverse("certificates:register"))
    if positions & {Position.TRAINER, Position.REVIEWER}:
        yield Entry("cms", _("Authoring"), reverse("wagtailadmin_home"))
    yield Entry("help", _("Help"), reverse("pages:help"))


def entries(request: HttpRequest) -> list[Entry]:
    """The menu for who is signed in (one query) or for a stranger (none).

    The entry with the longest address that begins this page's is current; home only on itself.
    """
    if isinstance(user := getattr(request, "user", None), User):
        found = list(_for(set(user.grants.live().values_list("position", flat=True))))
    else:
        found = list(_for_strangers())
    near = [
        entry.url
        for entry in found
        if request.path == entry.url or (entry.section != "home" and request.path.startswith(entry.url))
    ]
    here = max(near, key=len, default=None)
    return [Entry(entry.section, entry.text, entry.url, entry.url == here) for entry in found]
