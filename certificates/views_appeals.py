"""Complaints and appeals: recorded or made in two steps, decided by another registrar."""

from collections.abc import Callable, Sequence

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrOrPromise

from locales.dates import instant_text
from operations import clock
from operations.codes import grouped
from operations.confirmation import FormPage, ask_then_act
from people.requests import OfficerRequest, recently_to_change, signed_in

from . import actions_appeals, permissions, telling, words
from .acts import refusals_in_words
from .forms_life import ComplaintForm, EventAppealForm, OutcomeForm
from .models import Certificate, CertificateEvent, Complaint, EventAppeal
from .register_page import way_up
from .views_register import for_the_register

POST = "POST"


@require_safe
@for_the_register
def waiting(request: OfficerRequest) -> HttpResponseBase:
    """Complaints and appeals that nobody has decided, oldest first."""
    complaints = Complaint.objects.waiting().select_related("certificate", "recorded_by")
    appeals = EventAppeal.objects.waiting().select_related("event__certificate")
    context = {
        "complaints": [(each, grouped(each.certificate.short_code)) for each in complaints],
        "appeals": [
            (each, words.APPEALS[each.event.kind], grouped(each.event.certificate.short_code))
            for each in appeals
        ],
        "crumbs": way_up(),
    }
    return render(request, "certificates/to_answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_register
@recently_to_change
def complain(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Record a complaint about the holder of a certificate."""
    certificate = get_object_or_404(Certificate.objects.with_all(), public_id=public_id)
    if not permissions.can_complain(request.user, certificate):
        raise PermissionDenied(str(permissions.NOT_ONES_OWN))
    form = ComplaintForm(request.POST if request.method == POST else None)
    page = FormPage(
        title=_("Record a complaint"), button=_("Continue"), crumbs=way_up(certificate),
        back=reverse("certificates:one", args=[public_id]), text=grouped(certificate.short_code),
    )  # fmt: skip

    def perform() -> StrOrPromise:
        actions_appeals.record_complaint(certificate=certificate, by=request.user, **form.cleaned_data)
        return _("Recorded. Another registrar upholds or dismisses it.")

    return ask_then_act(request, form, page, perform=perform, points=lambda: [
        dict(Complaint.Category.choices)[form.cleaned_data["category"]],
        _("Number of the file: %(reference)s") % form.cleaned_data,
        _("Category and number are kept, nothing else. The holder sees the category in their data."),
        _("Another registrar upholds or dismisses it; if it is upheld, a revocation is proposed."),
    ])  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_register
@recently_to_change
def complaint(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    queryset = Complaint.objects.select_related("recorded_by", "certificate__award__person")
    found = get_object_or_404(queryset, public_id=public_id)
    code = grouped(found.certificate.short_code)
    lines = [
        _("Certificate %(code)s") % {"code": code},
        found.get_category_display(),
        _("Number of the file: %(reference)s") % {"reference": found.reference},
        _("Recorded by %(name)s, %(when)s")
        % {"name": found.recorded_by.get_short_name(), "when": instant_text(found.recorded_at)},
    ]
    return _answer(
        request, found, lines, title=_("Decide about a complaint"),
        may=permissions.can_decide_complaint(request.user, found),
        decide=lambda outcome: actions_appeals.decide_complaint(complaint=found, outcome=outcome, by=request.user),
        upheld=_("Upheld. The revocation is proposed: another registrar must confirm it."),
        dismissed=_("Dismissed. Nothing changes."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_register
@recently_to_change
def appeal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    queryset = EventAppeal.objects.select_related(
        "event__certificate__award__person", "event__by", "event__proposal__proposed_by",
        "event__proposal__decided_by",
    )  # fmt: skip
    found = get_object_or_404(queryset, public_id=public_id)
    event = found.event
    lines = [
        _("Certificate %(code)s") % {"code": grouped(event.certificate.short_code)},
        f"{event.get_kind_display()}, {instant_text(event.effective_at)}: {event.get_reason_display()}",
        _("The holder says: %(category)s") % {"category": found.get_category_display()},
        *([found.text] if found.text else []),
    ]
    if found.outcome is None and not telling.who_may_answer(found):
        lines.append(
            _(
                "Every registrar there is had a part in it. Another one is needed: an administrator proposes, a "
                "registrar confirms; then the new one decides."
            )
        )
    return _answer(
        request, found, lines, title=_("Decide about an appeal"),
        may=permissions.can_decide_appeal(request.user, found),
        decide=lambda outcome: actions_appeals.decide_appeal(appeal=found, outcome=outcome, by=request.user),
        upheld=_("Upheld. The reinstatement is proposed: another registrar must confirm it."),
        dismissed=_("Dismissed. The holder is told."),
    )  # fmt: skip


def _answer(
    request: OfficerRequest, found: Complaint | EventAppeal, lines: Sequence[StrOrPromise], *, title: str, may: bool,
    decide: Callable[[str], object], upheld: str, dismissed: str,
) -> HttpResponseBase:  # fmt: skip
    """The page of what waits: a form for who may decide, else what became of it or why not."""
    if request.method == POST and not may:
        raise PermissionDenied(_("People who had a part in it do not decide."))
    said = ""
    if found.outcome is not None and found.decided_at is not None:
        said = f"{found.get_outcome_display()}, {instant_text(found.decided_at)}"
    elif not may:
        said = _("People who had a part in it do not decide.")
    form = OutcomeForm(request.POST if request.method == POST else None)
    page = FormPage(
        title=title, button="" if said else _("Continue"), back=reverse("certificates:to_answer"), listed=lines,
        text=said, crumbs=[*way_up(), {"text": _("Complaints and appeals"), "href": reverse("certificates:to_answer")}],
    )  # fmt: skip

    def perform() -> StrOrPromise:
        outcome = form.cleaned_data["outcome"]
        with refusals_in_words():
            decide(outcome)
        return upheld if outcome == found.Outcome.UPHELD else dismissed

    return ask_then_act(request, form, page, perform=perform, points=lambda: [
        dict(found.Outcome.choices)[form.cleaned_data["outcome"]],
        *(
            [_("The next step is proposed in your name and waits for another registrar.")]
            if form.cleaned_data["outcome"] == found.Outcome.UPHELD
            else []
        ),
    ])  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@recently_to_change
def make_appeal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """The holder appeals against an event of an own certificate; of others' it answers like one that does not exist."""
    held = Certificate.objects.held_by(request.user)
    events = CertificateEvent.objects.select_related("certificate__award__person").filter(
        certificate__in=held
    )
    event = get_object_or_404(events, public_id=public_id)
    is_open = actions_appeals.is_open_to_appeal(event, list(event.certificate.events.all()), clock.now())
    about = _("Certificate %(code)s: %(what)s, %(when)s") % {
        "code": grouped(event.certificate.short_code), "what": event.get_kind_display(),
        "when": instant_text(event.effective_at),
    }  # fmt: skip
    form = EventAppealForm(request.POST if request.method == POST else None)
    page = FormPage(
        title=_("Appeal against a decision"), button=_("Continue") if is_open else "", back=reverse("certificates:mine"),
        text=about if is_open else _("Against this decision no appeal is open any more."),
        listed=() if is_open else [about],
        crumbs=[{"text": _("My certificates"), "href": reverse("certificates:mine")}],
    )  # fmt: skip

    def perform() -> StrOrPromise:
        actions_appeals.appeal(event=event, by=request.user, **form.cleaned_data)
        return _("Your appeal was sent. A registrar who had no part in the decision answers it.")

    return ask_then_act(request, form, page, perform=perform, points=lambda: [
        dict(EventAppeal.Category.choices)[form.cleaned_data["category"]],
        form.cleaned_data["text"],
        _("You can appeal once against this decision."),
        _("A registrar who had no part in it decides. Until then the decision stays in force."),
    ])  # fmt: skip
