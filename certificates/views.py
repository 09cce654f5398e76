"""The holder's own certificates; the register of registrars and auditors; revocation by two."""

import csv
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locales.dates import day_text, instant_text
from operations import audit, clock, files, proposals
from operations.models import Proposal
from people.requests import OfficerRequest, signed_in

from . import actions, permissions, register, words
from .credentials.codes import grouped
from .credentials.jsontext import write_json
from .forms import RegisterFilter, RevocationForm
from .models import Award, Certificate
from .state import state_at

A_PAGE = 50
EXPORT_LIMIT = 50_000


@require_GET
@signed_in
def mine(request: OfficerRequest) -> HttpResponseBase:
    held = [
        summary(found)
        for found in Certificate.objects.held_by(request.user).with_all().order_by("-issued_at")
    ]
    being_made = Award.objects.filter(person=request.user, certificate=None).select_related(
        "qualification_version__qualification"
    )
    context = {"held": held, "being_made": being_made, "section": "certificates"}
    return render(request, "certificates/mine.html", context)


def summary(certificate: Certificate) -> dict[str, Any]:
    """What lists show of a certificate."""
    standing = state_at(certificate)
    return {
        "certificate": certificate,
        "code": grouped(certificate.short_code),
        "state": words.STATES[standing.state],
        "tag": words.TAGS[standing.state],
        "valid": standing.until is not None,
        "standing": standing,
        "last_day": clock.last_day(certificate.valid_to),
        "fragment": (certificate.bearer.qr_text or "").partition("#")[2],
    }


@require_GET
@never_cache
@signed_in
def document(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """The signed PDF, for its holder alone."""
    found = _held(request, public_id)
    row = found.documents.first()
    if row is None or row.sha256 is None:
        raise Http404
    return HttpResponse(
        files.read(row.sha256, ".pdf"),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{grouped(found.short_code)}.pdf"'},
    )


@require_GET
@never_cache
@signed_in
def credential(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """The Open Badges credential, for its holder alone."""
    found = _held(request, public_id)
    if found.bearer.credential is None:
        raise Http404
    return HttpResponse(
        write_json(found.bearer.credential),
        content_type="application/vc",
        headers={"Content-Disposition": f'attachment; filename="{grouped(found.short_code)}.json"'},
    )


def _held(request: OfficerRequest, public_id: str) -> Certificate:
    """Somebody else's certificate answers like one that does not exist."""
    return get_object_or_404(Certificate.objects.held_by(request.user).with_all(), public_id=public_id)


def _register_only(request: HttpRequest) -> None:
    if not permissions.can_see_register(request.user):
        raise PermissionDenied(_("The register is for registrars and auditors."))


@require_GET
@never_cache
@signed_in
def certificates_register(request: OfficerRequest) -> HttpResponseBase:
    _register_only(request)
    form = RegisterFilter(request.GET)
    form.is_valid()
    chosen = {name: form.cleaned_data.get(name, "") for name in ("q", "state", "qualification")}
    found = register.search(
        text=chosen["q"], state=chosen["state"], qualification=chosen["qualification"], now=clock.now()
    )
    if "csv" in request.GET:
        return _export(request, found)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [summary(certificate) for certificate in page],
        "waiting": proposals.waiting(act=actions.REVOKE).count(),
        "filtered": any(chosen.values()),
        "section": "register",
    }
    return render(request, "certificates/register.html", context)


def _export(request: OfficerRequest, found: QuerySet[Certificate]) -> HttpResponse:
    """What the filters found, with names: an act that leaves an entry in the audit trail."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="certificates.csv"'},
    )
    writer = csv.writer(response, delimiter=";")
    writer.writerow(
        [_("Certificate number"), _("Qualification"), _("Holder"), _("State"), _("Valid from"), _("Last day")]
    )
    rows = [summary(certificate) for certificate in found[:EXPORT_LIMIT]]
    for row in rows:
        certificate = row["certificate"]
        name = (certificate.bearer.names or {}).get("Latn", "")
        writer.writerow(
            [
                row["code"], certificate.qualification_version.qualification.code, _plain(name), row["state"],
                clock.first_day(certificate.valid_from).isoformat(), row["last_day"].isoformat(),
            ]
        )  # fmt: skip
    audit.record(
        by=request.user,
        act="certificates.export",
        subject_kind="register",
        subject_id="certificates",
        after={"rows": len(rows)},
    )
    return response


def _plain(text: str) -> str:
    """A spreadsheet takes a leading = + - @ for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def one(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """One certificate of the register; a registrar proposes a revocation here, in two steps."""
    _register_only(request)
    found = get_object_or_404(Certificate.objects.with_all(), public_id=public_id)
    form = RevocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if "sure" not in request.POST:
            return render(request, "certificates/propose.html", {"form": form, **_one(request, found)})
        return _propose(request, found, form)
    return render(request, "certificates/one.html", {"form": form, **_one(request, found)})


def _one(request: OfficerRequest, found: Certificate) -> dict[str, Any]:
    waiting = proposals.waiting(act=actions.REVOKE, subject_id=found.public_id).first()
    return {
        **summary(found),
        "names": found.bearer.names or {},
        "agency": (found.bearer.agency or {}).get("az", ""),
        "events": [
            (event.get_kind_display(), event.get_reason_display(), instant_text(event.effective_at))
            for event in found.events.all()
        ],
        "proposal": waiting,
        "first_day": day_text(clock.first_day(found.valid_from)),
        "can_propose": permissions.can_propose_revocation(request.user, found) and waiting is None,
        "section": "register",
    }


def _propose(request: OfficerRequest, found: Certificate, form: RevocationForm) -> HttpResponse:
    try:
        proposal = actions.propose_revocation(
            certificate=found, reason=form.cleaned_data["reason"], by=request.user
        )
    except actions.RevocationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("certificates:one", found.public_id)
    messages.success(request, _("Proposed. A second registrar must confirm before anything changes."))
    return redirect("certificates:proposal", proposal.public_id)


@require_GET
@never_cache
@signed_in
def waiting_proposals(request: OfficerRequest) -> HttpResponseBase:
    _register_only(request)
    found = list(proposals.waiting(act=actions.REVOKE).select_related("proposed_by"))
    certificates = {
        certificate.public_id: certificate
        for certificate in Certificate.objects.with_all().filter(public_id__in=[p.subject_id for p in found])
    }
    rows = [{"proposal": p, **summary(certificates[p.subject_id])} for p in found]
    return render(request, "certificates/proposals.html", {"rows": rows, "section": "register"})


@require_GET
@never_cache
@signed_in
def proposal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    _register_only(request)
    found = get_object_or_404(Proposal, public_id=public_id, act=actions.REVOKE)
    certificate = get_object_or_404(Certificate.objects.with_all(), public_id=found.subject_id)
    open_still = found.outcome is None and found.expires_at > clock.now()
    context = {
        **_one(request, certificate),
        "proposal": found,
        "reason": dict(RevocationForm().fields["reason"].choices).get(found.reason_category, ""),  # type: ignore[attr-defined]  # a ChoiceField has choices
        "open": open_still,
        "can_decide": open_still and permissions.can_decide_revocation(request.user, certificate, found),
        "can_withdraw": open_still and found.proposed_by_id == request.user.pk,
    }
    return render(request, "certificates/proposal.html", context)


@require_POST
@signed_in
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    _register_only(request)
    found = get_object_or_404(Proposal, public_id=public_id, act=actions.REVOKE)
    act = {
        "confirm": actions.confirm_revocation,
        "decline": actions.decline_revocation,
        "withdraw": actions.withdraw_revocation,
    }.get(decision)
    if act is None:
        raise Http404
    try:
        act(proposal=found, by=request.user)
    except proposals.ProposalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The certificate is revoked. Its page and the signed list say so from now on.")
            if decision == "confirm"
            else _("The certificate stays as it was."),
        )
    return redirect("certificates:proposal", public_id)
