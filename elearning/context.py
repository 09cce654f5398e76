"""Context of base.html on every page."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language, get_language_from_path

from locales.languages import RULES, rules_of
from people.models import Grant, Posting, User
from people.permissions import SecondFactorNeeded, positions_of

from .navigation import menu_of

REMEMBERED, MOST_REMEMBERED = 5 * 60, 1000  # seconds; people in a language
_places: dict[tuple[int, str], tuple[float, list[str]]] = {}  # until when, on the clock of this process


@dataclass(frozen=True)
class Language:
    """A language of this page. `url` is this page in it; `address` the same with scheme and host."""

    code: str
    name: str
    short: str
    url: str
    address: str
    current: bool


@dataclass(frozen=True)
class SignedInPerson:
    """The person signed in, as the masthead shows them."""

    public_id: str
    name: str
    email: str
    positions: str
    serves: list[str]


def languages(request: HttpRequest) -> list[Language]:
    """This page in all languages: by its prefix, or by ?lang= where it has none."""
    here, prefix = get_language(), get_language_from_path(request.path_info)
    found = []
    for code, name in settings.LANGUAGES:
        if prefix:
            path = f"/{code}{escape_uri_path(request.path.removeprefix(f'/{prefix}'))}"
            query = request.GET.urlencode() if request.method == "GET" else ""
        else:
            parts = request.GET.copy()
            parts["lang"] = code
            # two slashes at the beginning would lead to another host
            path, query = escape_leading_slashes(escape_uri_path(request.path)), parts.urlencode()
        url = f"{path}?{query}" if query else path
        short = RULES[code].label
        found.append(Language(code, name, short, url, settings.BASE_URL + path, code == here))
    return found


def _person(request: HttpRequest) -> SignedInPerson | None:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return None
    return SignedInPerson(
        user.public_id,
        user.get_short_name(),
        user.email or "",
        _positions(user),
        serves_in(user, get_language() or "az"),
    )


def _positions(user: User) -> str:
    """Return the positions in words; none in a browser that has not shown the second factor."""
    try:
        held = positions_of(user)
    except SecondFactorNeeded:
        return ""
    if Grant.Position.BREAK_GLASS in held:
        held = frozenset({Grant.Position.BREAK_GLASS.value})
    return ", ".join(str(each.label) for each in Grant.Position if each in held)


def serves_in(user: User, language: str) -> list[str]:
    """Return where this person serves, the main posting first. Remembered for five minutes: it is on every page."""
    until, places = _places.get((user.pk, language), (0.0, []))
    if until <= time.monotonic():
        postings = Posting.objects.current().filter(user=user).select_related("agency", "unit")
        order = F("main").desc(nulls_last=True)
        places = [f"{each.agency.name}, {each.unit.name}" for each in postings.order_by(order, "pk")]
        if len(_places) >= MOST_REMEMBERED:
            _places.clear()
        _places[user.pk, language] = time.monotonic() + REMEMBERED, places
    return places


def forget_places() -> None:
    """Know of nobody any more where they serve, as when a process begins."""
    _places.clear()


def bare_page(request: HttpRequest) -> dict[str, object]:
    """The same for a page that must not ask the database: nobody is signed in, no menu."""
    return {
        "request": request,
        "languages": languages(request),
        "cyrillic": rules_of(get_language()).script == "Cyrl",
    }


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor. `nav` and `person` ask the database when a template first shows them."""
    return {
        "languages": languages(request),
        "cyrillic": rules_of(get_language()).script == "Cyrl",
        "demo": settings.DEMO,
        "section": "",
        "nav": SimpleLazyObject(lambda: menu_of(request)),
        "person": SimpleLazyObject(lambda: _person(request)),
    }
