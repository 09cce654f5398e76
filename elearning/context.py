"""Context of base.html on every page."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language, get_language_from_path

from locales.languages import RULES, rules_of
from people.models import User

from .navigation import entries


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


def languages(request: HttpRequest) -> list[Language]:
    """This page in all languages: by its prefix, or by ?lang= where it has none."""
    here, prefix = get_language(), get_language_from_path(request.path_info)
    found = []
    for code, name in settings.LANGUAGES:
        if prefix:
            path = f"/{code}{request.path.removeprefix(f'/{prefix}')}"
            query = request.GET.urlencode() if request.method == "GET" else ""
        else:
            parts = request.GET.copy()
            parts["lang"] = code
            # two slashes at the beginning would lead to another host
            path, query = escape_leading_slashes(request.path), parts.urlencode()
        url = f"{path}?{query}" if query else path
        short = RULES[code].label
        found.append(Language(code, name, short, url, settings.BASE_URL + path, code == here))
    return found


def _person(request: HttpRequest) -> SignedInPerson | None:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return None
    return SignedInPerson(user.public_id, user.get_short_name(), user.email or "")


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
        "nav": SimpleLazyObject(lambda: entries(request)),
        "person": SimpleLazyObject(lambda: _person(request)),
    }
