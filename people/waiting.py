"""What waits for a second person, and what it says in words."""

from typing import Any

from django.utils.translation import gettext as _

from locales.dates import day_text
from operations import clock, proposals
from operations.models import Proposal

from . import actions
from .about import Words
from .actions import merging, taking_over
from .models import Posting, User
from .permissions import may
from .permissions.register import RELEASE

ACTS = (merging.ACT, taking_over.ACT)


def told(person: User) -> str:
    held = Posting.objects.known().filter(user=person).order_by("-valid_from").first()
    parts = [person.get_full_name(), held.service_number if held else "", person.email]
    return ", ".join(filter(None, parts))


def of_merge(kept: User, gone: User) -> list[Words]:
    return [
        _("Stays: %(who)s") % {"who": told(kept)},
        _("Goes: %(who)s") % {"who": told(gone)},
        _("Certificates, postings and leave of both are read as one person's. Nothing is deleted."),
        _("The record that goes can no longer sign in."),
    ]


def of_take_over(asked: taking_over.Asked) -> list[Words]:
    return [
        asked.person.get_full_name(),
        _("From: %(agency)s") % {"agency": asked.agency.name},
        _("To: %(agency)s, %(unit)s, %(role)s")
        % {"agency": asked.unit.agency.name, "unit": asked.unit.name, "role": asked.role.name},
        _("From %(day)s on") % {"day": day_text(clock.first_day(asked.valid_from))},
        _("The agency can still read what belongs to the time of service. Certificates remain the person's."),
    ]


def seen_by(user: User) -> list[dict[str, Any]]:
    """What waits, as far as `user` may decide it or proposed it."""
    rows = []
    for proposal in proposals.waiting().filter(act__in=ACTS).select_related("proposed_by"):
        found = shown(user, proposal)
        if found is not None:
            rows.append(found)
    return rows


def shown(user: User, proposal: Proposal) -> dict[str, Any] | None:
    """Of a take-over the proposer sees nothing: that it is there would tell that the person is."""
    if proposal.act == merging.ACT:
        kept, gone = actions.people_of_merge(proposal)
        allowed, title, points = (
            merging.can_merge(user, kept, gone),
            _("Merge two records"),
            of_merge(kept, gone),
        )
    else:
        asked = taking_over.Asked(proposal)
        allowed = may(user, RELEASE, agency=asked.agency)
        title, points = _("Another agency asks for a person"), of_take_over(asked)
    own = proposal.proposed_by_id == user.pk
    if not allowed:
        return None
    return {
        "proposal": proposal, "title": title, "points": points, "own": own,
        "can_decide": not own, "can_withdraw": own and proposal.act == merging.ACT,
    }  # fmt: skip
