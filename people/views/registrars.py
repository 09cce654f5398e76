"""A registrar is made by two people: proposing, and deciding about a proposal."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locales.dates import day_text
from operations import clock, proposals
from operations.models import Proposal
from people import actions
from people.actions.registrars import REGISTRAR, Why
from people.forms_positions import ProposeForm
from people.models import Grant, User
from people.permissions import can_decide_registrar
from people.requests import OfficerRequest

from .common import for_whom_may, name_of, refused
from .grants import may_then

DECISIONS = {
    "confirm": actions.confirm_registrar,
    "decline": actions.decline_registrar,
    "withdraw": actions.withdraw_registrar,
}


def _way_up(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"text": _("Positions"), "href": reverse("people:grants")}, *more]


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may("people.propose_registrar", delicate=True)
def propose(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    known = User.objects.filter(merged_into=None, erased_at=None).exclude(pk=request.user.pk)
    person = get_object_or_404(known, public_id=public_id)
    form = ProposeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        wanted = {
            "person": person,
            "reason": form.cleaned_data["reason"],
            "by": request.user,
            **form.period(),
        }
        sure = "sure" in request.POST
        if not refused(form, lambda: actions.propose_registrar(**wanted), trial=not sure):
            if sure:
                messages.success(request, _("Proposed. Another person must confirm before anything changes."))
                return redirect("people:registrar_proposals")
            return _ask(request, person, form)
    context = {"form": form, "name": name_of(person), "crumbs": _way_up()}
    return render(request, "people/propose_registrar.html", context)


def _ask(request: OfficerRequest, person: User, form: ProposeForm) -> HttpResponseBase:
    ends = form.period()["ends_at"]
    ask = {
        "title": _("Propose as registrar?"),
        "text": name_of(person),
        "points": [
            _("Reason category: %(reason)s.") % {"reason": Why(form.cleaned_data["reason"]).label},
            _("Last day: %(day)s.") % {"day": day_text(clock.last_day(ends))}
            if ends
            else _("It holds until somebody ends it."),
            *may_then(Grant.Position.REGISTRAR),
            _("Nothing changes until another person confirms; the proposal waits for 14 days."),
            _("All registrars, administrators and auditors are told."),
        ],
        "button": _("Propose"),
        "cancel_href": reverse("people:propose_registrar", args=[person.public_id]),
        "hidden": {name: form.data.get(name, "") for name in form.fields} | {"sure": "1"},
    }
    return render(request, "people/ask_first.html", {"ask": ask})


@require_safe
@for_whom_may("people.confirm_registrar")
def waiting(request: OfficerRequest) -> HttpResponseBase:
    found = list(proposals.waiting(act=REGISTRAR).select_related("proposed_by"))
    people = User.objects.in_bulk([each.subject_id for each in found], field_name="public_id")
    rows = [
        {"proposal": each, "name": name_of(people[each.subject_id]), "by": each.proposed_by} for each in found
    ]
    return render(request, "people/registrar_proposals.html", {"rows": rows, "crumbs": _way_up()})


def _proposal(public_id: str) -> Proposal:
    found = Proposal.objects.select_related("proposed_by", "decided_by")
    return get_object_or_404(found, public_id=public_id, act=REGISTRAR)


@require_safe
@for_whom_may("people.confirm_registrar")
def one(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    found = _proposal(public_id)
    person = get_object_or_404(User, public_id=found.subject_id)
    undecided = found.outcome is None and found.expires_at > clock.now()
    waiting_way = {"text": _("Proposed registrars"), "href": reverse("people:registrar_proposals")}
    context = {
        "proposal": found,
        "name": name_of(person),
        "reason": dict(Why.choices).get(found.reason_category, found.reason_category),
        "open": undecided,
        "can_decide": undecided and can_decide_registrar(request.user, person, found),
        "can_withdraw": undecided and found.proposed_by_id == request.user.pk,
        "crumbs": _way_up(waiting_way),
    }
    return render(request, "people/registrar_proposal.html", context)


@require_POST
@for_whom_may("people.confirm_registrar", delicate=True)
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    if decision not in DECISIONS:
        raise Http404
    try:
        DECISIONS[decision](proposal=_proposal(public_id), by=request.user)
    except proposals.ProposalError as refusal:
        messages.error(request, str(refusal))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _said(decision))
    return redirect("people:registrar_proposal", public_id)


def _said(decision: str) -> str:
    if decision == "confirm":
        return _("The position is given. The person gets a message about it.")
    return _("Nothing changes: the person is not made a registrar.")
