"""Corrections of what certificates say of their holder: proposed by a coordinator or registrar, decided by a registrar."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrOrPromise

from operations.confirmation import FormPage, ask_then_act
from operations.deciding import ProposalAnswer, decide_by_two, proposal_or_404, shown
from operations.models import Proposal
from operations.requests import posted_from
from people.models import User
from people.names import name_of
from people.notification_text import how_told
from people.requests import OfficerRequest, recently, recently_to_change, signed_in
from people.views.breadcrumbs import to_person
from people.views.changes import changes_in

from . import actions_corrections, corrections, effects, permissions
from .acts import refusals_in_words
from .corrections import AGENCY, CORRECT, NAME, TITLES, Correction
from .forms_corrections import LABELS, AgencyCorrectionForm, NameCorrectionForm
from .models import Certificate, CertificateEvent
from .register_page import way_up
from .views import summary


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@recently_to_change
def propose(request: OfficerRequest, public_id: str, what: str) -> HttpResponseBase:
    """Ask for another name or agency, from the page of one certificate; all that say it otherwise are meant."""
    certificate = get_object_or_404(Certificate.objects.finished().with_all(), public_id=public_id)
    person = certificate.award.person.surviving
    if what not in TITLES:
        raise Http404
    if not permissions.can_propose_correction(request.user, person):
        if not permissions.can_see_register(request.user):
            raise Http404
        raise PermissionDenied(str(permissions.NOT_OF_ONESELF))
    asking = _name(request, person) if what == NAME else _agency(request, certificate, person)
    return asking(_page(request, certificate, person, what))


def _page(request: OfficerRequest, certificate: Certificate, person: User, what: str) -> FormPage:
    reads_register = permissions.can_see_register(request.user)
    to_certificate = reverse("certificates:one", args=[certificate.public_id])
    return FormPage(
        title=TITLES[what],
        button=_("Continue"),
        back=to_certificate if reads_register else reverse("people:person", args=[person.public_id]),
        text=_("All certificates in force that say something different are issued again for the same days."),
        crumbs=way_up(certificate) if reads_register else to_person(person),
        groups=NameCorrectionForm.GROUPS if what == NAME else (),
    )


def _name(request: OfficerRequest, person: User) -> Callable[[FormPage], HttpResponseBase]:
    form = NameCorrectionForm(request.POST if request.method == "POST" else None, person=person)

    def perform() -> StrOrPromise:
        with refusals_in_words():
            actions_corrections.propose_name(person=person, names=form.names(), by=request.user)
        return _("Proposed. A registrar other than you must confirm before anything changes.")

    def points() -> list[StrOrPromise]:
        names = {part: (getattr(person, part), after) for part, after in form.names().items()}
        asked = Correction(proposal=Proposal(reason_category=NAME), person=person, names=names)
        return [*changes_in(form), *_points(asked)]

    question = _("Propose this correction?")
    return lambda page: ask_then_act(request, form, page, points=points, perform=perform, question=question)


def _agency(
    request: OfficerRequest, certificate: Certificate, person: User
) -> Callable[[FormPage], HttpResponseBase]:
    form = AgencyCorrectionForm(request.POST if request.method == "POST" else None, person=person)

    def perform() -> StrOrPromise:
        with refusals_in_words():
            actions_corrections.propose_agency(
                certificate=certificate, agency=form.agency_chosen, by=request.user
            )
        return _("Proposed. A registrar other than you must confirm before anything changes.")

    def points() -> list[StrOrPromise]:
        proposal = Proposal(reason_category=AGENCY)
        asked = Correction(
            proposal=proposal, person=person, agency=form.agency_chosen, certificate=certificate
        )
        return [form.agency_chosen.name, *_points(asked)]

    question = _("Propose this correction?")
    return lambda page: ask_then_act(request, form, page, points=points, perform=perform, question=question)


def _points(asked: Correction) -> list[StrOrPromise]:
    return [
        *effects.of_correction(corrections.concerned(asked)),
        _(
            "Nothing changes until a registrar other than you confirms; the proposal waits for 14 days and you "
            "can withdraw it."
        ),
        how_told(asked.person),
        _("The coordinators where the person serves are told, without the reason."),
    ]


def _visible(request: OfficerRequest, public_id: str) -> Correction:
    """Return what is asked for, with the person; Http404 where it is somebody else's to see."""
    proposal = proposal_or_404(public_id, act=CORRECT)
    asked = corrections.asked_of([proposal])[0]
    if not permissions.can_see_correction(request.user, proposal, asked.person):
        raise Http404
    return asked


@require_safe
@never_cache
@signed_in
def correction(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Show what is proposed, which certificates it concerns now, and who has to decide."""
    asked = _visible(request, public_id)
    proposal, person = asked.proposal, asked.person
    concerned = corrections.concerned(asked) if proposal.open else []
    why_not = corrections.why_not(asked, concerned) if proposal.open else ""
    may_decide = proposal.open and permissions.can_decide_correction(request.user, proposal, person)
    if may_decide and not permissions.proposer_stays(proposal, permissions.PROPOSE_CORRECTION, person):
        why_not = permissions.ONLY_DECLINED
    reads_register = permissions.can_see_register(request.user)
    context = {
        **shown(request, proposal, reasons=CertificateEvent.Reason.choices),
        "asked": asked,
        "name": name_of(person),
        "changes": [(LABELS[part], *pair) for part, pair in asked.names.items()],
        "effects": effects.of_correction(concerned),
        "why_not": why_not,
        "told": how_told(person),
        "may_decide": may_decide,
        "can_confirm": may_decide and not why_not,
        "can_decline": may_decide,
        "reads_register": reads_register,
        "issued": [summary(each) for each in corrections.issued_by(proposal)]
        if reads_register or permissions.can_propose_correction(request.user, person)
        else [],  # whoever proposed it may see the person no more
        "crumbs": way_up() if reads_register else to_person(person),
        "section": "register" if reads_register else "people",
    }
    return render(request, "certificates/correction.html", context)


@posted_from("certificates:correction", "public_id")
@never_cache
@recently
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    asked = _visible(request, public_id)
    stays = _("The certificates stay as they were.")
    answers: dict[str, ProposalAnswer] = {
        "confirm": (
            actions_corrections.confirm_correction,
            _("Corrected: new certificates are issued, the earlier ones replaced."),
        ),
        "decline": (actions_corrections.decline_correction, stays),
        "withdraw": (actions_corrections.withdraw_correction, stays),
    }
    return decide_by_two(request, asked.proposal, decision, answers, page="certificates:correction")
