"""The register of registrars and auditors; revocation by two."""

import csv
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locales.dates import instant_text
from operations import clock, proposals
from operations.codes import grouped
from operations.confirmation import Confirmation
from operations.deciding import ProposalAnswer, decide_and_say, proposal_or_404, shown
from operations.searched_lists import asked_for, searched
from operations.spreadsheets import no_formula
from people.notification_text import how_told
from people.requests import OfficerRequest, recently, recently_to_change
from people.views.guards import for_whom_may

from . import actions, doubts, permissions, register
from .forms import REVOCATION_REASONS, RegisterFilter, RevocationForm
from .models import Certificate
from .views import summary

A_PAGE = 50
UNBROKEN = "\u2011"  # a hyphen at which no line breaks
STAYS = gettext_lazy("The certificate stays as it was.")
DECISIONS: dict[str, ProposalAnswer] = {
    "confirm": (
        actions.confirm_revocation,
        gettext_lazy("The certificate is revoked. Its page and the signed list say so from now on."),
    ),
    "decline": (actions.decline_revocation, STAYS),
    "withdraw": (actions.withdraw_revocation, STAYS),
}

for_the_register = for_whom_may(
    permissions.REGISTER, refusal=gettext_lazy("The register is for registrars and auditors.")
)
SEARCHED = "register_searched"  # in the session: a name has no place in an address


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_register
def certificates(request: OfficerRequest) -> HttpResponseBase:
    """The list. Filters stand in the address, what was searched for does not: it is sent and kept apart."""
    if request.method == "POST":
        chosen = RegisterFilter(request.POST).chosen()
        return searched(request, kept_as=SEARCHED, chosen=chosen, page="certificates:register")
    form = RegisterFilter(asked_for(request, kept_as=SEARCHED))
    chosen = form.chosen()
    page = Paginator(_queryset(chosen), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "chosen": {name: value for name, value in chosen.items() if value},
        "page": page,
        "rows": [summary(certificate) for certificate in page],
        "waiting": proposals.waiting(act=actions.REVOKE).count(),
        "in_doubt": doubts.waiting().count(),
        "section": "register",
    }
    return render(request, "certificates/register.html", context)


def _queryset(chosen: dict[str, str]) -> QuerySet[Certificate]:
    return register.search(
        text=chosen["q"], state=chosen["state"], qualification=chosen["qualification"], now=clock.now()
    )


@require_POST
@for_the_register
@recently
def export(request: OfficerRequest) -> HttpResponseBase:
    """Send what the filters find as a file: a POST, because it leaves an entry in the audit trail."""
    chosen = RegisterFilter(request.POST).chosen()
    rows = actions.export_register(queryset=_queryset(chosen), filters=chosen, by=request.user)
    response = HttpResponse(
        "\ufeff",  # by which spreadsheets tell UTF-8
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="certificates.csv"'},
    )
    writer = csv.writer(response, delimiter=";")
    writer.writerow(
        [_("Certificate number"), _("Qualification"), _("Holder"), _("State"), _("Valid from"), _("Last day")]
    )
    writer.writerows(_cells(summary(certificate)) for certificate in rows)
    return response


def _cells(row: dict[str, Any]) -> Iterable[str]:
    qualification = row["certificate"].qualification_version.qualification
    texts = [row["code"], qualification.code, row["name"], str(row["state"])]
    return [*map(no_formula, texts), row["first_day"].isoformat(), row["last_day"].isoformat()]


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_register
@recently_to_change
def one(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """One certificate of the register; a registrar proposes a revocation here, in two steps."""
    certificate = get_object_or_404(Certificate.objects.with_all(), public_id=public_id)
    form = RevocationForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "certificates/one.html", {"form": form, **_one(request, certificate)})
    if "sure" in request.POST:
        return _propose(request, certificate, form.cleaned_data["reason"])
    if not permissions.can_propose_revocation(request.user, certificate):
        raise PermissionDenied(_("Only a registrar may propose this, and not about their own certificate."))
    return _asked_first(certificate, form.cleaned_data["reason"]).page(request, section="register")


def _one(request: OfficerRequest, certificate: Certificate) -> dict[str, Any]:
    waiting = proposals.waiting(act=actions.REVOKE, subject_id=certificate.public_id).first()
    agency = certificate.bearer.agency or {}
    return {
        **summary(certificate),
        "names": certificate.bearer.names or {},
        "agency": agency.get(request.LANGUAGE_CODE or "az") or agency.get("az", ""),
        "events": [
            (event.get_kind_display(), event.get_reason_display(), instant_text(event.effective_at))
            for event in sorted(certificate.events.all(), key=lambda event: event.effective_at)
        ],
        "proposal": waiting,
        "can_propose": permissions.can_propose_revocation(request.user, certificate) and waiting is None,
        "crumbs": _way_up(),
        "section": "register",
    }


def _way_up(certificate: Certificate | None = None) -> list[dict[str, str]]:
    crumbs = [{"text": _("Register of certificates"), "href": reverse("certificates:register")}]
    if certificate is not None:
        href = reverse("certificates:one", args=[certificate.public_id])
        crumbs.append({"text": grouped(certificate.short_code), "href": href})
    return crumbs


def _asked_first(found: Certificate, reason: str) -> Confirmation:
    return Confirmation(
        title=_("Propose to revoke %(code)s?") % {"code": grouped(found.short_code).replace("-", UNBROKEN)},
        text=_("Reason category: %(reason)s.") % {"reason": dict(REVOCATION_REASONS)[reason]},
        points=[
            _(
                "Nothing changes until a second registrar confirms; the proposal waits for 14 days "
                "and you can withdraw it."
            ),
            _(
                "Once confirmed, the public page says revoked at once, the signed list reports it, "
                "and clearance is refused from that moment."
            ),
            how_told(found.award.person.surviving),
            _("Who proposed, who confirmed and the reason category stay in the audit trail."),
        ],
        button=_("Propose"),
        danger=True,
        cancel_href=reverse("certificates:one", args=[found.public_id]),
        hidden={"reason": reason, "sure": "1"},
    )


def _propose(request: OfficerRequest, found: Certificate, reason: str) -> HttpResponse:
    try:
        proposal = actions.propose_revocation(certificate=found, reason=reason, by=request.user)
    except actions.RevocationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("certificates:one", found.public_id)
    messages.success(request, _("Proposed. A second registrar must confirm before anything changes."))
    return redirect("certificates:proposal", proposal.public_id)


@require_safe
@for_the_register
def waiting_proposals(request: OfficerRequest) -> HttpResponseBase:
    found = list(proposals.waiting(act=actions.REVOKE).select_related("proposed_by"))
    subjects = Certificate.objects.with_all().filter(public_id__in=[each.subject_id for each in found])
    by_id = {certificate.public_id: certificate for certificate in subjects}
    rows = [{"proposal": each, **summary(by_id[each.subject_id])} for each in found]
    context = {"rows": rows, "crumbs": _way_up(), "section": "register"}
    return render(request, "certificates/proposals.html", context)


@require_safe
@for_the_register
def proposal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    found = proposal_or_404(public_id, act=actions.REVOKE)
    certificate = get_object_or_404(Certificate.objects.with_all(), public_id=found.subject_id)
    context = {
        **_one(request, certificate),
        **shown(request, found, reasons=REVOCATION_REASONS),
        "crumbs": _way_up(certificate),
        "can_decide": found.open and permissions.can_decide_revocation(request.user, certificate, found),
    }
    return render(request, "certificates/proposal.html", context)


@require_POST
@for_the_register
@recently
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    decide_and_say(request, proposal_or_404(public_id, act=actions.REVOKE), DECISIONS.get(decision))
    return redirect("certificates:proposal", public_id)
