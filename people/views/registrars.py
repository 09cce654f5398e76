"""A registrar or a rule owner is made by two people: proposing, and deciding about a proposal."""

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from operations.confirmation import Confirmation
from operations.deciding import ProposalAnswer, decide_by_two, proposal_or_404, shown
from operations.form_errors import refused
from operations.requests import posted_from
from people.actions.registrars import (
    REGISTRAR,
    confirm_registrar,
    decline_registrar,
    position_of,
    propose_registrar,
    withdraw_registrar,
)
from people.forms.positions import ProposeForm
from people.models import Grant, User, WhyRegistrar
from people.names import name_of
from people.permissions import can_confirm_registrar, can_decline_registrar
from people.permissions.grants import BY_TWO
from people.requests import OfficerRequest
from people.waits import waiting_about_people

from .grants import until_when, way_up, what_it_allows
from .guards import for_whom_may

NOT_MADE = gettext_lazy("Nothing changes: the position is not given.")
DECISIONS: dict[str, ProposalAnswer] = {
    "confirm": (
        confirm_registrar,
        gettext_lazy("The position is given. The person gets a message about it."),
    ),
    "decline": (decline_registrar, NOT_MADE),
    "withdraw": (withdraw_registrar, NOT_MADE),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may("people.propose_registrar", delicate=True)
def propose(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    known = User.objects.current().exclude(pk=request.user.pk)
    person = get_object_or_404(known, public_id=public_id)
    position = _position(request)
    form = ProposeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = {
            "person": person,
            "position": position,
            "reason": form.cleaned_data["reason"],
            "by": request.user,
            **form.period(),
        }
        sure = "sure" in request.POST
        if not refused(form, lambda: propose_registrar(**values), trial=not sure):
            if sure:
                messages.success(request, _("Proposed. Another person must confirm before anything changes."))
                return redirect("people:registrar_proposals")
            return _ask(request, person, position, form)
    context = {"form": form, "name": name_of(person), "position": position.label, "crumbs": way_up()}
    return render(request, "people/propose_registrar.html", context)


def _position(request: OfficerRequest) -> Grant.Position:
    """Return the position asked for, of those that two give; registrar without a wish."""
    asked = request.GET.get("position", Grant.Position.REGISTRAR)
    if asked not in BY_TWO:
        raise Http404
    return Grant.Position(asked)


def _ask(
    request: OfficerRequest, person: User, position: Grant.Position, form: ProposeForm
) -> HttpResponseBase:
    ask = Confirmation(
        title=_("Propose as %(position)s?") % {"position": position.label},
        text=name_of(person),
        points=[
            _("Reason category: %(reason)s.") % {"reason": WhyRegistrar(form.cleaned_data["reason"]).label},
            until_when(form.period()["ends_at"]),
            _("Nothing changes until another person confirms; the proposal waits for 14 days."),
            _("All registrars, administrators and auditors are told."),
        ],
        button=_("Propose"),
        folded=what_it_allows(position),
        cancel_href=request.get_full_path(),
        hidden={name: form.data.get(name, "") for name in form.fields} | {"sure": "1"},
    )
    return ask.page(request)


@require_safe
@for_whom_may("people.confirm_registrar")
def waiting(request: OfficerRequest) -> HttpResponseBase:
    rows = [
        {**row, "position": position_of(row["proposal"]).label} for row in waiting_about_people(REGISTRAR)
    ]
    context = {"rows": rows, "crumbs": way_up()}
    return render(request, "people/registrar_proposals.html", context)


@require_safe
@for_whom_may("people.confirm_registrar")
def one(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    proposal = proposal_or_404(public_id, act=REGISTRAR)
    person = get_object_or_404(User, public_id=proposal.subject_id)
    waiting_way = {
        "text": _("Proposed registrars and rule owners"),
        "href": reverse("people:registrar_proposals"),
    }
    context = {
        **shown(request, proposal, reasons=WhyRegistrar.choices),
        "name": name_of(person),
        "position": position_of(proposal),
        "can_confirm": proposal.open and can_confirm_registrar(request.user, proposal),
        "can_decline": proposal.open and can_decline_registrar(request.user, proposal),
        "crumbs": way_up(waiting_way),
    }
    return render(request, "people/registrar_proposal.html", context)


@posted_from("people:registrar_proposal", "public_id")
@for_whom_may("people.confirm_registrar", delicate=True)
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    found = proposal_or_404(public_id, act=REGISTRAR)
    return decide_by_two(request, found, decision, DECISIONS, page="people:registrar_proposal")
