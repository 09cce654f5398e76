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


def how_you_hear(person: User) -> str:
    """Return how somebody hears of what others decide about them, as they read it on the page that will say it."""
    if person.email:
        return _("You are told by letter.")
    return _("No letter can reach you, because we do not know your e-mail address: look at this page again.")
