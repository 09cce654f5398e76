"""For pages that set or ask a password."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from people.models import Posting, User

register = template.Library()


@register.inclusion_tag("accounts/sign_in_name.html")
def sign_in_name(person: User | AnonymousUser) -> dict[str, str]:
    """Give managers of passwords the name that this person signs in by: the address, else the service number; nothing
    where nobody is signed in.
    """
    if not isinstance(person, User):
        return {"name": "", "label": ""}
    if person.email:
        return {"name": person.email, "label": _("E-mail address")}
    return {"name": _number_of(person), "label": _("Service number")}


def _number_of(person: User) -> str:
    numbers = Posting.objects.current().filter(user=person).exclude(service_number=None)
    return numbers.values_list("service_number", flat=True).first() or ""
