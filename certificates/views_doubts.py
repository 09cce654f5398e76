"""Certificates whose exam counts no longer as passed: registrars decide whether they stay."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from operations import proposals
from operations.confirmation import FormPage, ask_then_act
from people.requests import OfficerRequest, recently_to_change

from . import actions_doubts, doubts, permissions
from .actions_life import REVOKE
from .forms import StaysForm
from .models import AwardInDoubt, Certificate
from .views import summary
from .views_register import for_the_register


@require_safe
@for_the_register
def waiting(request: OfficerRequest) -> HttpResponseBase:
    """All that wait, oldest first, with what is known of the certificate and of a revocation proposed."""
    rows = list(doubts.waiting().select_related("award__person"))
    found = Certificate.objects.with_all().filter(award__in=[row.award_id for row in rows])
    certificates = {certificate.award_id: certificate for certificate in found}
    ids = [certificate.public_id for certificate in certificates.values()]
    proposed = {each.subject_id: each for each in proposals.waiting(act=REVOKE).filter(subject_id__in=ids)}
    mine = set(permissions.doubts_to_settle(request.user).filter(outcome=None).values_list("pk", flat=True))
    context = {
        "rows": [_row(row, certificates.get(row.award_id), proposed, mine) for row in rows],
        "crumbs": [{"text": _("Register of certificates"), "href": reverse("certificates:register")}],
    }
    return render(request, "certificates/doubts.html", context)


def _row(
    doubt: AwardInDoubt, certificate: Certificate | None, proposed: dict[str, Any], mine: set[int]
) -> dict[str, Any]:
    return {
        "doubt": doubt,
        "summary": summary(certificate) if certificate else None,
        "proposal": proposed.get(certificate.public_id) if certificate else None,
        "can_decide": doubt.pk in mine,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_register
@recently_to_change
def leave(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Leave a certificate in force, with a reason from the list."""
    doubt = get_object_or_404(doubts.waiting().select_related("award__person"), public_id=public_id)
    if not permissions.can_leave_in_force(request.user, doubt):
        raise PermissionDenied(permissions.DOUBT_OF_OTHERS)
    reasons = doubts.reasons_to_stay(doubt)
    form = StaysForm(request.POST if request.method == "POST" else None, reasons=reasons)
    page = FormPage(
        title=_("Leave the certificate in force"),
        button=_("Continue"),
        back=reverse("certificates:doubts"),
        text=str(doubt.get_why_display()),
        crumbs=[{"text": _("To decide"), "href": reverse("certificates:doubts")}],
    )

    def perform() -> str:
        actions_doubts.leave_in_force(doubt=doubt, reason=form.cleaned_data["reason"], by=request.user)
        return _("Decided: the certificate stays in force.")

    def points() -> list[str]:
        return [
            _("Why it stays: %(reason)s.")
            % {"reason": AwardInDoubt.WhyStays(form.cleaned_data["reason"]).label},
            _(
                "The certificate goes on as it is. Who decided, and the reason category, stay in the audit trail."
            ),
        ]

    return ask_then_act(request, form, page, points=points, perform=perform)
