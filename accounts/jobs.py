"""The job that makes the PDF of many sheets.

Its codes exist in the file alone; they begin to work in the transaction that keeps it. Whoever asked fetches it
once, after showing password or second factor again, within a day.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from operations import jobs
from operations.models import Job
from people.models import Agency, User
from people.permissions import may
from people.reauthentication import proved_recently

from . import invitation_secrets
from .actions.invitations import make_sheets, why_not_printed
from .invitation_secrets import SheetCodes
from .models import Invitation
from .sheets import as_pdf, sheets_of

KIND = "accounts.sheets"
MOST = 1000  # of one file
DAYS = 1  # until the file is deleted


def start(*, agency: Agency, invitations: list[Invitation], by: User) -> Job:
    """Start the job of the file. Raise ValidationError where there are too many sheets for one."""
    if len(invitations) > MOST:
        raise ValidationError(_("One file holds at most %(number)s sheets. Choose fewer.") % {"number": MOST})
    return jobs.start(
        kind=KIND, by=by, subject_id=agency.public_id, total=len(invitations),
        invitations=[one.public_id for one in invitations],
    )  # fmt: skip


def _chosen(job: Job) -> list[Invitation]:
    """Return the invitations, also those that expired: a sheet printed anew has a new term."""
    unused = Invitation.objects.filter(used_at=None, revoked_at=None, way=Invitation.Way.SHEET)
    queryset = unused.filter(public_id__in=job.payload["invitations"])
    return list(queryset.select_related("person").order_by("person__sort_name", "pk"))


@dataclass(frozen=True)
class Drawn:
    """`left_out`: how many for each reason, in words."""

    codes: SheetCodes
    content: bytes
    left_out: Counter[str]


def _prepare(job: Job) -> Drawn:
    if not _may(job):
        raise jobs.JobRefused(_("You may not do this."))
    chosen = _chosen(job)
    if not chosen:
        raise jobs.JobRefused(_("None of these invitations is open any more."))
    by: Any = job.by
    reasons = why_not_printed(chosen, by)
    fit, left_out = [one for one in chosen if one.person_id not in reasons], Counter(reasons.values())
    if not fit:
        raise jobs.JobRefused(_said(left_out))
    codes = invitation_secrets.new_codes(fit)
    return Drawn(codes, as_pdf(sheets_of(fit, codes), job), left_out)


def _said(left_out: Counter[str]) -> str:
    """Return how many were left out and why. Nobody is named: the words outlive the file."""
    return " ".join(
        ngettext("%(number)s left out: %(reason)s", "%(number)s left out: %(reason)s", number)
        % {"number": number, "reason": reason}
        for reason, number in left_out.items()
    )


def _commit(job: Job, drawn: Drawn) -> int:
    by: Any = job.by
    chosen = [one for one in _chosen(job) if one.public_id in drawn.codes.by_invitation]
    try:
        made = make_sheets(invitations=chosen, codes=drawn.codes, by=by)
    except ValidationError as refusal:
        words = _("Somebody was given a position or an account while the sheets were made. Start it again.")
        raise jobs.JobRefused(words) from refusal
    except PermissionDenied as refusal:
        raise jobs.JobRefused(_("You may not do this.")) from refusal
    job.total, job.error = len(made), _said(drawn.left_out)[:400]
    jobs.keep_result(job, name=f"{_('sheets')}.pdf", content=drawn.content, days=DAYS)
    return len(made)


def _may(job: Job) -> bool:
    agency = Agency.objects.filter(public_id=job.subject_id).first()
    return agency is not None and may(job.by, "accounts.invite", agency=agency)


def _ask(request: HttpRequest, job: Job) -> None:
    """Ask for the position, in this very browser, and for the password or second factor again."""
    if not may(request.user, "accounts.invite"):
        raise PermissionDenied
    if not proved_recently(request):
        raise ReauthenticationRequired


title: StrOrPromise = gettext_lazy("Sheets with one-time codes")
jobs.register_job(KIND, title=title, prepare=_prepare, commit=_commit, may_fetch=_may, once=_ask)
