"""New sheets for an account in use, as its person reads of them: nobody else could notice one that was not asked for."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from accounts.models import Invitation
from operations import clock
from people.models import User

AT_HOME = timedelta(days=30)  # after it was printed or used
MOST = 10  # on the account page


def printed_for(person: User) -> QuerySet[Invitation]:
    """Return those printed for this account, the newest first."""
    sheets = Invitation.objects.replacing().filter(person=person).select_related("printed_by")
    return sheets.order_by("-sent_at", "-pk")


def new_for(person: User) -> list[Invitation]:
    """Return those that were printed or used lately, for the home page. One query."""
    since = clock.now() - AT_HOME
    return list(printed_for(person).filter(Q(sent_at__gte=since) | Q(used_at__gte=since))[:MOST])
