"""Erasures that wait for a second person, for administrators."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from operations.deciding import Decision, decide_and_say, proposal_or_404, shown
from operations.models import Proposal
from people import actions
from people.actions.erasure import ERASE
from people.forms_rights import DeclineForm
from people.models import Posting, User
from people.permissions.rights import DECIDE_ERASURE, can_decide_erasure
from people.permissions.table import may
from people.reached import how_told
from people.requests import OfficerRequest, recently, signed_in

from .common import waiting_about_people
from .my_data import WITHDRAW, planned, propose

DECISIONS: dict[str, Decision] = {
    "confirm": (
        actions.confirm_erasure,
        gettext_lazy("Confirmed. The data is being erased; it takes about a minute."),
    ),
    "withdraw": WITHDRAW,
}  # with "decline", which takes a reason


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
    context = {"rows": waiting_about_people(ERASE), "section": "people"}
    return render(request, "people/rights/erasures.html", context)


@never_cache
@require_safe
@signed_in
def erasure(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    _administrators_only(request)
    found = proposal_or_404(public_id, act=ERASE)
    return render(request, "people/rights/erasure.html", _one(request, found, DeclineForm()))


def _one(request: OfficerRequest, found: Proposal, form: DeclineForm) -> dict[str, Any]:
    person = get_object_or_404(User, public_id=found.subject_id)
    serves = Posting.objects.current().filter(user=person).select_related("agency", "unit", "role")
    return {
        **planned(person),
        **shown(request, found),
        "own_wish": found.reason_category == "own-wish",
        "serves": list(serves),
        "can_decide": found.open and can_decide_erasure(request.user, found),
        "form": form,
        "crumbs": _way_up(),
        "section": "people",
    }


@never_cache
@require_POST
@recently
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    _administrators_only(request)
    decide_and_say(request, proposal_or_404(public_id, act=ERASE), DECISIONS[decision])
    return redirect("people:erasures")


@never_cache
@require_POST
@recently
def decline(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    _administrators_only(request)
    found, form = proposal_or_404(public_id, act=ERASE), DeclineForm(request.POST)
    if not form.is_valid():
        return render(request, "people/rights/erasure.html", _one(request, found, form))
    said = _("Declined; nothing was erased.") + f" {how_told(User.objects.get(public_id=found.subject_id))}"
    decide_and_say(request, found, (actions.decline_erasure, said), **form.cleaned_data)
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
