"""The words that tell how somebody hears of what was done: no page promises mail to a person without an
address.
"""

from django.utils.translation import gettext as _

from .models import User


def how_told(person: User, *, reopened: bool = False) -> str:
    """Return how the person is told. `reopened`: a closed account that is open when the mail goes."""
    if person.email and (person.is_active or reopened):
        return _("The person is told by e-mail.")
    return _("No e-mail goes to this person: tell them yourself.")
