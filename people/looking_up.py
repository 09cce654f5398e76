"""Finding one person among those somebody may see, by parts of a name, service number or address."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from locales.text import fold

from .models import Posting, User


def among(people: QuerySet[User], text: str) -> QuerySet[User]:
    """Those of them whose name has all the words, or who serve under the number, or have the address."""
    named = Q()
    for word in fold(text).split():
        named &= Q(folded_name__contains=word)
    numbered = Posting.objects.current().filter(user=OuterRef("pk"), service_number=text.strip())
    return people.filter(named | Exists(numbered) | Q(email=text.strip().lower()))


def serving_in(agencies: Any) -> QuerySet[User]:
    """People with an open posting in one of the agencies."""
    here = Posting.objects.current().filter(user=OuterRef("pk"), agency__in=agencies)
    return User.objects.filter(Exists(here), merged_into=None, erased_at=None)
