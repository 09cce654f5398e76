"""The main menu: where this person can go."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.permissions import ENTER_CMS
from assessments.permissions import DECIDE_APPEALS, EXTRA_TIME, RELEASE
from audit.permissions import READ_AUDIT
from certificates.permissions import REGISTER
from certificates.permissions import SEE_RULES as SEE_QUALIFICATIONS
from clearance.permissions import (
    ASK,
    ASK_PAST,
    EVIDENCE,
    READ,
    SEE_FIGURES,
    SEE_OVERRIDES,
    SEE_RULES,
    SET_STAFFING,
)
from merging.permissions import TAKE_OVER
from people.models import User
from people.permissions import SecondFactorNeeded
from people.permissions.records import SEE
from people.permissions.table import held
from people.waits import Waits, waits_here
from privacy.permissions import ANSWER_CORRECTION, DECIDE_ERASURE
from rosters.permissions import IMPORT

from .permissions import READ_MAIL


@dataclass(frozen=True)
class MenuLine:
    """A line of the menu. `section` is what a page names to be marked."""

    section: str
    text: StrOrPromise
    url: str
    waits: int = 0  # what waits there for who reads it


@dataclass(frozen=True)
class MenuPart:
    """A line that stands alone, or several under a name."""

    text: StrOrPromise
    lines: tuple[MenuLine, ...]

    @property
    def waits(self) -> int:
        return sum(line.waits for line in self.lines)

    @property
    def is_group(self) -> bool:
        return len(self.lines) > 1


@dataclass(frozen=True)
class Menu:
    """`here`: the line of this page, by its address. A plain menu fits in one row, another is drawn in groups; where
    a telephone has no room for the row, it has one sheet."""

    parts: tuple[MenuPart, ...]
    here: MenuLine | None = None

    def nearest(self, path: str) -> MenuLine | None:
        """Return the line with the longest address that begins this one; home only on itself."""
        near = [
            line
            for line in self.lines
            if path == line.url or (line.section != "home" and path.startswith(line.url))
        ]
        return max(near, key=lambda line: len(line.url), default=None)

    def counting(self, waits: Iterable[Waits]) -> "Menu":
        """Return this menu with what waits beside the line that leads to it."""
        numbers = Counter[MenuLine | None]()
        for each in waits:
            numbers[self.nearest(urlsplit(each.href).path)] += each.number
        return Menu(
            tuple(
                replace(part, lines=tuple(replace(line, waits=numbers[line]) for line in part.lines))
                for part in self.parts
            )
        )

    @property
    def waits(self) -> int:
        return sum(part.waits for part in self.parts)

    @property
    def lines(self) -> list[MenuLine]:
        return [line for part in self.parts for line in part.lines]

    def line_of(self, section: str) -> MenuLine | None:
        """Return the line to be marked: the one that the page names, otherwise that of its address."""
        return next((line for line in self.lines if line.section == section), self.here)

    @property
    def is_plain(self) -> bool:
        return len(self.lines) <= MOST_IN_A_ROW

    @property
    def row(self) -> tuple[MenuPart, ...]:
        """Parts of the row of a desk: of a plain menu each line by itself."""
        return tuple(MenuPart("", (line,)) for line in self.lines) if self.is_plain else self.parts

    @property
    def folds(self) -> bool:
        return len(self.lines) > MOST_ON_A_TELEPHONE


@dataclass(frozen=True)
class MenuPage:
    """A page of the menu. `permission`: what it asks for; empty where it is for everybody signed in."""

    section: str
    text: StrOrPromise
    address: str  # its name
    permission: str = ""


@dataclass(frozen=True)
class MenuGroup:
    """Pages of one kind of work. A group of which somebody may open one page alone is that page."""

    text: StrOrPromise
    pages: tuple[MenuPage, ...]


MOST_IN_A_ROW = 6  # of the longest words, on a desk
MOST_ON_A_TELEPHONE = 4  # Help is one of them, and stands in the foot there
HOME = MenuPage("home", _("My training"), "home")
FOR_STRANGERS = (
    MenuPage("home", _("Home"), "home"),
    MenuPage("courses", _("Courses"), "courses:catalog"),
    MenuPage("verify", pgettext_lazy("menu", "Check a certificate"), "certificates_public:verify"),
    MenuPage("signin", pgettext_lazy("menu", "Sign in"), "account_login"),
)
MENU: tuple[MenuPage | MenuGroup, ...] = (
    HOME,
    MenuGroup(
        pgettext_lazy("menu", "Learning"),
        (
            MenuPage("courses", _("Courses"), "courses:catalog"),
            MenuPage("certificates", _("My certificates"), "certificates:mine"),
        ),
    ),
    MenuGroup(
        pgettext_lazy("menu", "Clearance"),
        (
            MenuPage("desk", _("Ask for a clearance"), "clearance:desk", ASK),
            MenuPage("shift", _("Ask about a whole shift"), "clearance:shift", ASK),
            MenuPage("decisions", _("Decisions"), "clearance:decisions", READ),
            MenuPage(
                "overrides", pgettext_lazy("menu", "Overruled refusals"), "clearance:overrides", SEE_OVERRIDES
            ),
            MenuPage("past", _("Look back"), "clearance:past", ASK_PAST),
            MenuPage("evidence", _("Files of evidence"), "clearance:evidence", EVIDENCE),
        ),
    ),
    MenuGroup(
        pgettext_lazy("menu", "Agency"),
        (
            MenuPage("agency", _("My agency"), "people:home", TAKE_OVER),
            MenuPage("agency", pgettext_lazy("menu", "Overview"), "people:home", SEE),
            MenuPage("people", _("People"), "people:list", SEE),
            MenuPage("units", _("Units"), "people:units", SEE),
            MenuPage("staffing", _("How many each unit needs"), "clearance:staffing", SET_STAFFING),
            MenuPage("rosters", _("Rosters"), "rosters:rosters", IMPORT),
            MenuPage("invitations", _("Invitations"), "accounts:invitations", "accounts.invite"),
            MenuPage("proposals", _("Waiting for a second person"), "merging:proposals", SEE),
            MenuPage("corrections", _("Requests for corrections"), "privacy:corrections", ANSWER_CORRECTION),
            MenuPage("erasures", _("Requests for erasure"), "privacy:erasures", DECIDE_ERASURE),
            MenuPage("positions", _("Positions"), "people:grants", "people.see_grants"),
            MenuPage("accounts", _("Accounts"), "accounts:accounts", "accounts.see_accounts"),
            MenuPage("agencies", _("Agencies"), "people:agencies", "people.see_agencies"),
        ),
    ),
    MenuGroup(
        pgettext_lazy("menu", "Examinations"),
        (
            MenuPage("assessor", _("Releases of exams"), "assessor:releases", RELEASE),
            MenuPage("extra-time", _("Extra time in exams"), "assessor:extra_times", EXTRA_TIME),
            MenuPage("appeals", _("Appeals"), "assessor:appeals", DECIDE_APPEALS),
        ),
    ),
    MenuGroup(
        _("Register"),
        (
            MenuPage("register", _("Certificates"), "certificates:register", REGISTER),
            MenuPage(
                "register-proposals", _("Waiting for a second registrar"), "certificates:proposals", REGISTER
            ),
            MenuPage("register-appeals", _("Complaints and appeals"), "certificates:to_answer", REGISTER),
            MenuPage("register-doubts", _("To decide"), "certificates:doubts", REGISTER),
        ),
    ),
    MenuGroup(
        pgettext_lazy("menu", "Rules"),
        (
            MenuPage("requirements", _("Requirements"), "clearance:requirements", SEE_RULES),
            MenuPage(
                "qualifications", _("Qualifications"), "certificates:qualifications", SEE_QUALIFICATIONS
            ),
        ),
    ),
    MenuGroup(
        pgettext_lazy("menu", "Oversight"),
        (
            MenuPage("figures", pgettext_lazy("menu", "Figures"), "clearance:figures", SEE_FIGURES),
            MenuPage("audit", _("Audit trail"), "audit:audit", READ_AUDIT),
            MenuPage("mail", _("Sent mail"), "demo:mails", READ_MAIL),
        ),
    ),
    MenuPage("cms", _("Authoring"), "wagtailadmin_home", ENTER_CMS),
    MenuPage("help", _("Help"), "pages:help"),
)
PAGES = tuple(page for each in MENU for page in ([each] if isinstance(each, MenuPage) else each.pages))
ASKED = frozenset(page.permission for page in PAGES if page.permission)


@lru_cache(maxsize=256)
def _menu(permissions: frozenset[str] | None, language: str) -> Menu:
    """Return the menu in the active language for who has these permissions, for a stranger without any."""
    if permissions is None:
        return Menu(tuple(_part(page, frozenset()) for page in FOR_STRANGERS))
    parts = [_part(each, permissions) for each in MENU]
    return Menu(tuple(part for part in parts if part.lines))


def _part(each: MenuPage | MenuGroup, permissions: frozenset[str]) -> MenuPart:
    """Return the lines that open; of two that lead to one page the first."""
    lines: dict[str, MenuLine] = {}
    for page in [each] if isinstance(each, MenuPage) else each.pages:
        if not page.permission or page.permission in permissions:
            text = _("Home") if page == HOME and permissions else page.text
            lines.setdefault(page.address, MenuLine(page.section, str(text), reverse(page.address)))
    return MenuPart(str(each.text), tuple(lines.values()))


def menu_of(request: HttpRequest) -> Menu:
    """The menu for who is signed in (one query, and those of `people.waits` in a position) or for a stranger (none)."""
    user = getattr(request, "user", None)
    permissions = _permissions(request, user) if isinstance(user, User) else None
    menu = _menu(permissions, get_language() or "az")
    if permissions:
        menu = menu.counting(waits_here(request))
    return replace(menu, here=menu.nearest(request.path))


def _permissions(request: HttpRequest, user: User) -> frozenset[str]:
    """A page of one's own is drawn also without the second factor; accounts.middleware then leads to it."""
    asked = ASKED if settings.DEMO else ASKED - {READ_MAIL}
    try:
        return held(user, asked)
    except SecondFactorNeeded:
        request.second_factor_needed = True  # type: ignore[attr-defined]  # read by accounts.middleware
        user.second_factor = "not asked"
        return held(user, asked)
