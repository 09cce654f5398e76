"""Finding people by parts of a name, as it is written or as it sounds, by service number or address."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from locales.spelling import sound
from locales.text import fold

from .models import Posting, User
from .permissions import Scope


def named(text: str, path: str = "") -> Q:
    """Return a condition for names that have all the words: anywhere as written, or at the beginning of a
    part as they sound.

    `path`: from the rows that are asked to the person, "award__person__". Without words: everybody.
    """
    condition = Q()
    for word in filter(fold, text.split()):
        written, key = Q(**{f"{path}folded_name__contains": fold(word)}), sound(word)
        condition &= written | Q(**{f"{path}sound_name__contains": f" {key}"}) if len(key) > 1 else written
    return condition


def closeness(text: str) -> Case:
    """Return 0 where the name has all the words as they are written, else 1."""
    words = fold(text).split()
    written = Q(*(Q(folded_name__contains=word) for word in words)) if words else Q(pk=None)
    return Case(When(written, then=Value(0)), default=Value(1))


def among(people: QuerySet[User], text: str, where: Scope) -> QuerySet[User]:
    """Filter to those whose name has all the words, or who serve there under the number, or have the
    address.
    """
    serving = Posting.objects.current().filter(where.within("agency", "unit"))
    numbered = serving.filter(user=OuterRef("pk"), service_number=text.strip())
    return people.filter(named(text) | Exists(numbered) | Q(email=text.strip().lower()))


def serving_in(agencies: Any) -> QuerySet[User]:
    """Return people with an open posting in one of the agencies."""
    here = Posting.objects.current().filter(user=OuterRef("pk"), agency__in=agencies)
    return User.objects.current().filter(Exists(here))
