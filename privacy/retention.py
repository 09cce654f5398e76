"""Retention of records of people, and of operations."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from operations.models import AuditValue, Notice
from operations.retention import Period, register_period
from people.models import AddressRequest, Posting, User

from .models import CorrectionRequest


def _left(before: datetime) -> QuerySet[User]:
    """Return people whose last service ended before that instant."""
    postings = Posting.objects.known().filter(user=OuterRef("pk"))
    later: Any = postings.filter(Q(valid_to=None) | Q(valid_to__gte=before))
    return User.objects.current().filter(Exists(postings), ~Exists(later))


def _invitations(before: datetime) -> QuerySet[Invitation]:
    ended = Q(used_at__lt=before) | Q(revoked_at__lt=before) | Q(used_at=None, expires_at__lt=before)
    return Invitation.objects.filter(ended)


for _period in (
    Period(
        name="notices",
        text=_("Messages to you"),
        rows=lambda before: Notice.objects.filter(created_at__lt=before).exclude(sent_at=None, refused=""),
    ),
    Period(
        name="audit",
        text=_("Names, addresses and numbers in the audit trail"),
        rows=lambda before: AuditValue.objects.filter(entry__at__lt=before).exclude(salt=None),
        clear={"salt": None, "before": None, "after": None},
    ),
    Period(name="invitations", text=_("Invitations, once they are used or over"), rows=_invitations),
    Period(
        name="addresses",
        text=_("New addresses you were asked about"),
        rows=lambda before: AddressRequest.objects.filter(
            Q(decided_at__lt=before) | Q(expires_at__lt=before)
        ),
    ),
    Period(
        name="corrections",
        text=_("Requests for corrections, once they are answered"),
        rows=lambda before: CorrectionRequest.objects.filter(answered_at__lt=before),
    ),
    Period(
        name="left",
        text=_("Records of those who left the service, until somebody decides about each"),
        rows=_left,
        only_report=True,
    ),
):
    register_period(_period)
