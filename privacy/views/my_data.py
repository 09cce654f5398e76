"""One's own data: take it along, have it corrected, have it erased."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from operations import clock, proposals, retention
from operations.deciding import decide_and_say
from operations.models import Job
from people.models import User
from people.requests import OfficerRequest, recently, signed_in
from privacy.actions import corrections as correction_actions
from privacy.actions import erasure as erasure_actions
from privacy.actions.erasure import ErasureRefused
from privacy.actions.own_data import EXPORT, export_my_data
from privacy.erasure import ErasureStage, run
from privacy.forms import CorrectionForm
from privacy.models import ABOUT, CorrectionRequest
from privacy.permissions import ERASE

LATEST = 20  # requests shown
WITHDRAW = (erasure_actions.withdraw_erasure, gettext_lazy("Your request is withdrawn. Nothing was erased."))
CORRECTION_TAGS = {None: "", "corrected": "ok", "declined": "warn", "withdrawn": "none"}


def _way_up() -> list[dict[str, str]]:
    return [{"text": _("My data"), "href": reverse("privacy:my_data")}]


def correction_rows(queryset: Any) -> list[dict[str, Any]]:
    return [
        {"request": each, "about": ABOUT.get(each.about, each.about), "tag": CORRECTION_TAGS[each.outcome]}
        for each in queryset
    ]


@never_cache
@require_safe
@signed_in
def my_data(request: OfficerRequest) -> HttpResponseBase:
    """Show the three rights, and how long what is kept."""
    person = request.user
    jobs = Job.objects.filter(by=person, kind=EXPORT).order_by("-created_at")
    corrections = CorrectionRequest.objects.filter(person=person).order_by("-asked_at", "-pk")[:LATEST]
    context = {
        "jobs": [
            {"job": job, "ready": bool(job.result) and job.expires_at and job.expires_at > clock.now()}
            for job in jobs[:3]
        ],
        "corrections": correction_rows(corrections),
        "erasure": proposals.waiting(act=ERASE, subject_id=person.public_id).first(),
        "periods": [(period.text, _span(period.days)) for period in retention.periods()],
        "section": "account",
    }
    return render(request, "privacy/my_data.html", context)


def _span(days: int) -> str:
    years, rest = divmod(days, 365)
    if years and not rest:
        return ngettext("%(number)s year", "%(number)s years", years) % {"number": years}
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}


@never_cache
@require_POST
@recently
def export(request: OfficerRequest) -> HttpResponseBase:
    job = export_my_data(person=request.user, by=request.user)
    return redirect("jobs:one", job.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask_correction(request: OfficerRequest) -> HttpResponseBase:
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            correction_actions.ask_correction(person=request.user, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("text", refusal)
        else:
            by_mail = _("Sent. You get a message when it is answered.")
            messages.success(request, by_mail if request.user.email else _("Sent. You find the answer here."))
            return redirect("privacy:my_data")
    context = {"form": form, "crumbs": _way_up(), "section": "account"}
    return render(request, "privacy/ask_correction.html", context)


@require_POST
@signed_in
def withdraw_correction(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    asked = get_object_or_404(CorrectionRequest, public_id=public_id, person=request.user)
    try:
        correction_actions.withdraw_correction(request=asked, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your request is withdrawn."))
    return redirect("privacy:my_data")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recently
def erase(request: OfficerRequest) -> HttpResponseBase:
    """Show what would go, what would stay and why; then ask a second person."""
    if request.method == "POST":
        return propose(request, request.user, "privacy:my_data")
    context = {**planned(request.user), "crumbs": _way_up(), "section": "account"}
    return render(request, "privacy/erase.html", context)


def planned(person: User) -> dict[str, Any]:
    erasure = run(person, stage=ErasureStage.DRY, by=None)
    return {
        "person_erased": person,
        "goes": erasure.goes(),
        "stays": sorted(erasure.stays(), key=lambda line: str(line.why)),
    }


def propose(request: OfficerRequest, person: User, next_page: str) -> HttpResponse:
    try:
        erasure_actions.propose_erasure(person=person, by=request.user)
    except ErasureRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Asked for. Nothing is erased until an administrator has confirmed it."))
    return redirect(next_page)


@require_POST
@signed_in
def withdraw_erasure(request: OfficerRequest) -> HttpResponseBase:
    waiting = proposals.waiting(act=ERASE, subject_id=request.user.public_id)
    proposal = get_object_or_404(waiting, proposed_by=request.user)
    decide_and_say(request, proposal, WITHDRAW)
    return redirect("privacy:my_data")
