"""Changes to people that other apps follow. Sent inside the transaction of the change, but for `service_changed`."""

from collections.abc import Iterable

from django.db import transaction
from django.dispatch import Signal

from .models import User

address_changed = Signal()  # person, by: the e-mail address is another from now on
position_given = Signal()  # grant, by: one that needs a second factor, given by a person
# ids: primary keys of people of whom it changed where they serve, when they are away, or whether they do at all
# (postings, leave, closed and opened accounts, merging, rosters). Sent once an act, when it is committed.
service_changed = Signal()


def tell_service_changed(people: Iterable[int]) -> None:
    """Send `service_changed` when the transaction commits. A receiver that fails takes nothing back."""
    ids = set(people)
    if ids:
        transaction.on_commit(lambda: service_changed.send(User, ids=ids), robust=True)
