"""Erasures that wait for a second person, for administrators."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from operations import clock, proposals
from operations.models import Proposal
from people import actions
from people.actions.erasure import ERASE, ErasureRefused
from people.forms_rights import DeclineForm
from people.models import Posting, User
from people.permissions.rights import DECIDE_ERASURE, can_decide_erasure
from people.permissions.table import may
from people.reached import how_told
from people.requests import OfficerRequest, recently, signed_in

from .my_data import planned, propose


def _administrators_only(request: OfficerRequest) -> None:
    if not may(request.user, DECIDE_ERASURE):
        raise PermissionDenied(_("Administrators decide about erasures."))


def _way_up() -> list[dict[str, str]]:
    return [{"text": _("Requests for erasure"), "href": reverse("people:erasures")}]


@never_cache
@require_safe
@signed_in
def erasures(request: OfficerRequest) -> HttpResponseBase:
    _administrators_only(request)
    found = list(proposals.waiting(act=ERASE).select_related("proposed_by"))
    people = User.objects.in_bulk([each.subject_id for each in found], field_name="public_id")
    rows = [{"proposal": each, "person": people[each.subject_id]} for each in found]
    return render(request, "people/rights/erasures.html", {"rows": rows, "section": "people"})


def _proposal(public_id: str) -> Proposal:
    found = Proposal.objects.select_related("proposed_by", "decided_by")
    return get_object_or_404(found, public_id=public_id, act=ERASE)


@never_cache
@require_safe
@signed_in
def erasure(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    _administrators_only(request)
    return render(request, "people/rights/erasure.html", _one(request, _proposal(public_id), DeclineForm()))


def _one(request: OfficerRequest, found: Proposal, form: DeclineForm) -> dict[str, Any]:
    person = get_object_or_404(User, public_id=found.subject_id)
    open_still = found.outcome is None and found.expires_at > clock.now()
    serves = Posting.objects.current().filter(user=person).select_related("agency", "unit", "role")
    return {
        **planned(person),
        "proposal": found,
        "own_wish": found.reason_category == "own-wish",
        "serves": list(serves),
        "open": open_still,
        "can_decide": open_still and can_decide_erasure(request.user, found),
        "can_withdraw": open_still and found.proposed_by_id == request.user.pk,
        "form": form,
        "crumbs": _way_up(),
        "section": "people",
    }


@never_cache
@require_POST
@recently
def confirm(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    _administrators_only(request)
    said = _("Confirmed. The data is being erased; it takes about a minute.")
    return _decide(request, actions.confirm_erasure, _proposal(public_id), said)


@never_cache
@require_POST
@recently
def decline(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    _administrators_only(request)
    found, form = _proposal(public_id), DeclineForm(request.POST)
    if not form.is_valid():
        return render(request, "people/rights/erasure.html", _one(request, found, form))
    said = _("Declined; nothing was erased.") + f" {how_told(User.objects.get(public_id=found.subject_id))}"
    return _decide(request, actions.decline_erasure, found, said, **form.cleaned_data)


@never_cache
@require_POST
@recently
def withdraw(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    _administrators_only(request)
    said = _("Your request is withdrawn. Nothing was erased.")
    return _decide(request, actions.withdraw_erasure, _proposal(public_id), said)


def _decide(
    request: OfficerRequest, act: Callable[..., object], found: Proposal, said: str, **more: Any
) -> HttpResponseBase:
    try:
        act(proposal=found, by=request.user, **more)
    except (proposals.ProposalError, ErasureRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("people:erasures")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recently
def erase_person(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """For somebody who asked on paper: proposed by one administrator, confirmed by another."""
    _administrators_only(request)
    person = get_object_or_404(User, public_id=public_id)
    if request.method == "POST":
        return propose(request, person, "people:erasures")
    context = {**planned(person), "on_paper": True, "crumbs": _way_up(), "section": "people"}
    return render(request, "people/rights/erase.html", context)
