"""Ways up from a page about people."""

from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import User
from people.requests import OfficerRequest

LISTED = "people_listed"  # in the session: filters and page of the list, as they were left


def to_list(request: OfficerRequest | None = None) -> dict[str, str]:
    """Return the way up to the list; with a request to where one left it."""
    left = request.session.get(LISTED, "") if request is not None else ""
    return {"text": _("People"), "href": reverse("people:list") + (f"?{left}" if left else "")}


def to_person(person: User) -> list[dict[str, str]]:
    href = reverse("people:person", args=[person.public_id])
    return [to_list(), {"text": person.get_full_name(), "href": href}]
