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

from accounts.permissions import ENTER_CMS
from assessments.permissions import DECIDE_APPEALS, RELEASE
from audit.permissions import READ_AUDIT
from certificates.permissions import REGISTER
from clearance.permissions import ASK, SEE_FIGURES, SEE_RULES
from people.models import User
from people.permissions import SecondFactorNeeded
from people.permissions.records import SEE
from people.permissions.table import held

from .permissions import READ_MAIL


@dataclass(frozen=True)
class MenuLine:
    """A line of the menu. `section` is what a page names to be marked; `current` goes by address."""

    section: str
    text: StrOrPromise
    url: str
    current: bool = False


@dataclass(frozen=True)
class MenuPage:
    """A page of the menu. `permission`: what it asks for; empty where it is for everybody signed in."""

    section: str
    text: StrOrPromise
    address: str  # its name
    permission: str = ""


FOR_STRANGERS = (
    MenuPage("home", _("Home"), "home"),
    MenuPage("courses", _("Courses"), "courses:catalog"),
    MenuPage("verify", pgettext_lazy("menu", "Check a certificate"), "certificates_public:verify"),
    MenuPage("signin", pgettext_lazy("menu", "Sign in"), "account_login"),
)
MENU = (
    MenuPage("home", _("My training"), "home"),
    MenuPage("courses", _("Courses"), "courses:catalog"),
    MenuPage("certificates", _("My certificates"), "certificates:mine"),
    MenuPage("desk", _("Clearance"), "clearance:desk", ASK),
    MenuPage("appeals", _("Appeals"), "assessor:appeals", DECIDE_APPEALS),
    MenuPage("people", _("People"), "people:list", SEE),
    MenuPage("assessor", pgettext_lazy("menu", "Examinations"), "assessor:releases", RELEASE),
    MenuPage("figures", pgettext_lazy("menu", "Figures"), "clearance:figures", SEE_FIGURES),
    MenuPage("requirements", _("Requirements"), "clearance:requirements", SEE_RULES),
    MenuPage("register", _("Register"), "certificates:register", REGISTER),
    MenuPage("accounts", _("Accounts"), "accounts:accounts", "accounts.see_accounts"),
    MenuPage("positions", _("Positions"), "people:grants", "people.see_grants"),
    MenuPage("agencies", _("Agencies"), "people:agencies", "people.see_agencies"),
    MenuPage("audit", _("Audit trail"), "audit:audit", READ_AUDIT),
    MenuPage("cms", _("Authoring"), "wagtailadmin_home", ENTER_CMS),
    MenuPage("mail", _("Sent mail"), "demo:mails", READ_MAIL),
    MenuPage("help", _("Help"), "pages:help"),
)
ASKED = frozenset(page.permission for page in MENU if page.permission)


def pages_for(permissions: frozenset[str]) -> Iterator[MenuPage]:
    """Yield the lines of the menu for who has these permissions."""
    return (page for page in MENU if not page.permission or page.permission in permissions)


@lru_cache(maxsize=256)
def _lines(permissions: frozenset[str] | None, language: str) -> list[MenuLine]:
    """Return the menu in the active language for who has these permissions, for a stranger without any."""
    pages = FOR_STRANGERS if permissions is None else pages_for(permissions)
    return [MenuLine(page.section, str(page.text), reverse(page.address)) for page in pages]


def entries(request: HttpRequest) -> list[MenuLine]:
    """The menu for who is signed in (one query) or for a stranger (none).

    The entry with the longest address that begins this page's is current; home only on itself.
    """
    user = getattr(request, "user", None)
    found = _lines(_permissions(request, user) if isinstance(user, User) else None, get_language() or "az")
    near = [
        entry.url
        for entry in found
        if request.path == entry.url or (entry.section != "home" and request.path.startswith(entry.url))
    ]
    here = max(near, key=len, default=None)
    return [MenuLine(entry.section, entry.text, entry.url, entry.url == here) for entry in found]


def _permissions(request: HttpRequest, user: User) -> frozenset[str]:
    """A page of one's own is drawn also without the second factor; accounts.middleware then leads to it."""
    asked = ASKED if settings.DEMO else ASKED - {READ_MAIL}
    try:
        return held(user, asked)
    except SecondFactorNeeded:
        request.second_factor_needed = True  # type: ignore[attr-defined]  # read by accounts.middleware
        user.second_factor = "not asked"
        return held(user, asked)
