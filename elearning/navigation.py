"""The main menu: where this person can go."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from people.models import Grant, User
from people.permissions import SecondFactorNeeded, positions_of

Position = Grant.Position
SEE_REQUIREMENTS = {
    Position.RULE_OWNER, Position.NATIONAL_COORDINATOR, Position.AUDITOR, Position.ADMINISTRATOR
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A line of the menu. `section` is what a page names to be marked; `current` goes by address."""

    section: str
    text: StrOrPromise
    url: str
    current: bool = False


def _for_strangers() -> Iterator[Entry]:
    yield Entry("home", _("Home"), reverse("home"))
    yield Entry("courses", _("Courses"), reverse("courses:catalog"))
    yield Entry("verify", pgettext_lazy("menu", "Check a certificate"), reverse("certificates_public:verify"))
    yield Entry("signin", pgettext_lazy("menu", "Sign in"), reverse("account_login"))


def _for(positions: frozenset[str]) -> Iterator[Entry]:
    yield Entry("home", _("My training"), reverse("home"))
    yield Entry("courses", _("Courses"), reverse("courses:catalog"))
    yield Entry("certificates", _("My certificates"), reverse("certificates:mine"))
    if positions & {Position.DUTY_OFFICER, Position.COORDINATOR}:
        yield Entry("desk", _("Clearance"), reverse("clearance:desk"))
    if positions & {Position.COORDINATOR, Position.ADMINISTRATOR, Position.AUDITOR}:
        yield Entry("people", _("People"), reverse("people:list"))
    if positions & {Position.NATIONAL_COORDINATOR, Position.AUDITOR}:
        yield Entry("figures", pgettext_lazy("menu", "Figures"), reverse("people:figures"))
    if positions & SEE_REQUIREMENTS:
        yield Entry("requirements", _("Requirements"), reverse("clearance:requirements"))
    if positions & {Position.REGISTRAR, Position.AUDITOR}:
        yield Entry("register", _("Register"), reverse("certificates:register"))
    if positions & {Position.ADMINISTRATOR, Position.AUDITOR}:
        yield Entry("accounts", _("Accounts"), reverse("accounts:accounts"))
    if positions & {Position.ADMINISTRATOR, Position.AUDITOR, Position.REGISTRAR, Position.COORDINATOR}:
        yield Entry("positions", _("Positions"), reverse("people:grants"))
    if positions & {Position.ADMINISTRATOR, Position.AUDITOR}:
        yield Entry("agencies", _("Agencies"), reverse("people:agencies"))
    if Position.AUDITOR in positions:
        yield Entry("audit", _("Audit trail"), reverse("audit:audit"))
    if positions & {Position.TRAINER, Position.REVIEWER}:
        yield Entry("cms", _("Authoring"), reverse("wagtailadmin_home"))
    if settings.DEMO and Position.ADMINISTRATOR in positions:
        yield Entry("mail", _("Sent mail"), reverse("demo:mails"))
    yield Entry("help", _("Help"), reverse("pages:help"))


@lru_cache(maxsize=256)
def _lines(positions: frozenset[str] | None, language: str) -> list[Entry]:
    """The menu in the active language for who has these positions, for a stranger without any."""
    found = _for_strangers() if positions is None else _for(positions)
    return [Entry(entry.section, str(entry.text), entry.url) for entry in found]


def entries(request: HttpRequest) -> list[Entry]:
    """The menu for who is signed in (one query) or for a stranger (none).

    The entry with the longest address that begins this page's is current; home only on itself.
    """
    user = getattr(request, "user", None)
    found = _lines(_positions(request, user) if isinstance(user, User) else None, get_language() or "az")
    near = [
        entry.url
        for entry in found
        if request.path == entry.url or (entry.section != "home" and request.path.startswith(entry.url))
    ]
    here = max(near, key=len, default=None)
    return [Entry(entry.section, entry.text, entry.url, entry.url == here) for entry in found]


def _positions(request: HttpRequest, user: User) -> frozenset[str]:
    """A page of one's own is drawn also without the second factor; accounts.middleware then leads to it."""
    try:
        return positions_of(user)
    except SecondFactorNeeded:
        request.second_factor_needed = True  # type: ignore[attr-defined]  # read by accounts.middleware
        user.second_factor = "not asked"
        return positions_of(user)
