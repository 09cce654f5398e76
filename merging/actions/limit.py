"""The number of merges and take-overs that an agency may ask for in a day."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from operations import clock
from operations.models import Proposal
from people.models import Grant, User

MOST = 20  # of one kind, a day


def refuse_too_many(act: str, *, asker: User, agencies: Collection[int]) -> None:
    """Refuse where enough was proposed today by `asker` and by the holders of positions in these agencies.

    All of today's proposals count, whatever became of them. Raise ValidationError in words.
    """
    colleagues = Grant.objects.filter(agency__in=agencies).values("person")
    asked = Proposal.objects.filter(
        Q(proposed_by=asker) | Q(proposed_by__in=colleagues),
        act=act, proposed_at__gte=clock.start_of(clock.today()),
    )  # fmt: skip
    if asked.count() >= MOST:
        raise ValidationError(
            _("You and your colleagues have asked for this %(number)s times today. Go on tomorrow.")
            % {"number": MOST}
        )
