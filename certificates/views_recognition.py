"""Recognition of other training: asked for by service number, by a list or for one person; decided by a second registrar."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import clock
from operations.codes import grouped
from operations.confirmation import FormPage, ask_then_act, show
from operations.deciding import ProposalAnswer, decide_by_two, proposal_or_404, shown
from operations.limits import limited
from operations.models import Job, Proposal
from operations.requests import posted_from
from people.models import Posting, User
from people.requests import OfficerRequest, recently, recently_to_change
from people.views.guards import for_whom_may

from . import actions_recognition as actions
from .forms_recognition import RecognitionForm
from .models import Award, Qualification, TrainingGiver, TrainingKind, WhyRecognised
from .permissions import PROPOSE_RECOGNITION, can_confirm_recognition, can_decline_recognition
from .recognition import RECOGNISE, Recognition
from .recognition_list import as_text, found_of
from .register_page import way_up
from .views_register import for_the_register

AN_HOUR, LISTS_AN_HOUR = 3600, 60
NAMED = 20  # people whom the page names before it is proposed; of more, how many of which agency
STAYS = gettext_lazy("Nothing was recognised.")
DECISIONS: dict[str, ProposalAnswer] = {
    "confirm": (
        actions.confirm_recognition,
        gettext_lazy("Confirmed. The certificates are being made; each says that no exam was passed."),
    ),
    "decline": (actions.decline_recognition, STAYS),
    "withdraw": (actions.withdraw_recognition, STAYS),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(PROPOSE_RECOGNITION)
@recently_to_change
def recognise(request: OfficerRequest, public_id: str = "") -> HttpResponseBase:
    """Ask for it: of one person, or of those whom service numbers name. What a file says is carried along as typed."""
    person = get_object_or_404(User.objects.current(), public_id=public_id) if public_id else None
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = RecognitionForm(*sent, person=person)
    page = FormPage(
        title=_("Recognise other training"), button=_("Continue"), back=reverse("certificates:proposals"),
        text=_("The certificate says that other training was recognised and that no exam was passed."),
        crumbs=way_up(), listed=[person.get_full_name()] if person else (),
    )  # fmt: skip
    if form.is_bound and limited(f"recognition:{request.user.pk}", LISTS_AN_HOUR, AN_HOUR):
        form.add_error(None, _("Too many questions within the hour. Try again later."))
        return show(request, form, page)
    asked = _Asked(form, request.user)
    if form.is_bound and form.is_valid() and form.cleaned_data.get("file"):
        typed = request.POST.copy()
        typed["numbers"] = as_text(form.cleaned_data["lines"])
        request.POST = typed  # type: ignore[assignment]  # sent along by the question
    return ask_then_act(
        request, form, page, points=asked.points, perform=asked.perform,
        question=_("Propose to recognise this training?"),
    )  # fmt: skip


class _Asked:
    """A valid form: the people whom it names, and the recognition it asks for."""

    def __init__(self, form: RecognitionForm, by: User) -> None:
        self.form, self.by = form, by
        self.people: Sequence[User] = [form.person] if form.person else ()

    def perform(self) -> StrOrPromise:
        if self.form.person is None:
            found = found_of(self.form.cleaned_data["lines"], self.form.asked(()), clock.now(), by=self.by)
            if found.errors:
                sent = "file" if self.form.cleaned_data["file"] else "numbers"
                raise ValidationError({sent: [str(error) for error in found.errors]})
            self.people = found.people
        asked = self.form.asked(tuple(person.public_id for person in self.people))
        actions.propose_recognition(asked=asked, reason=self.form.cleaned_data["reason"], by=self.by)
        return _("Proposed. A second registrar must confirm before anything changes.")

    def points(self) -> list[StrOrPromise]:
        return [
            *_people_words(self.people),
            *(
                _("%(what)s: %(text)s.") % {"what": what, "text": text}
                for what, text in _said(self.form.asked(()))
            ),
            _("The certificate begins on the day on which a second registrar confirms."),
            _(
                "Certificate, credential and public page say that other training was recognised and that no exam was "
                "passed. The exam stays open to the person at any time."
            ),
            _("Nothing changes until a second registrar confirms; the proposal waits for 14 days and you can withdraw it."),
        ]  # fmt: skip


def _people_words(people: Sequence[User]) -> list[StrOrPromise]:
    serving = _serving(people)
    if len(people) <= NAMED:
        return [f"{person.get_full_name()}, {_where(serving.get(person.pk))}" for person in people]
    counts = Counter(posting.agency.name if (posting := serving.get(person.pk)) else "–" for person in people)
    number = ngettext("%(number)d person", "%(number)d people", len(people)) % {"number": len(people)}
    return [number, *(f"{agency}: {count}" for agency, count in counts.most_common())]


def _serving(people: Sequence[User]) -> dict[int, Posting]:
    """Return the main posting of each now; one query."""
    rows = Posting.objects.current().filter(user__in=[person.pk for person in people])
    main_first = rows.select_related("agency", "unit").order_by(F("main").desc(nulls_last=True), "pk")
    return {row.user_id: row for row in reversed(list(main_first))}


def _where(posting: Posting | None) -> str:
    if posting is None:
        return "–"
    return ", ".join(filter(None, [posting.service_number, posting.agency.name, posting.unit.name]))


def _said(asked: Recognition) -> list[tuple[str, StrOrPromise]]:
    """Return (what, in words) of all but the people."""
    months = ngettext("%(number)d month", "%(number)d months", asked.months) % {"number": asked.months}
    return [
        (_("Qualification"), str(Qualification.objects.get(code=asked.qualification))),
        (_("What the training was"), TrainingKind(asked.kind).label),
        (_("Who gave it"), TrainingGiver(asked.giver).label),
        (_("Last day of the training"), day_text(asked.day)),
        (_("Recognised for"), months),
        (_("Number of the file"), asked.reference),
    ]


@require_safe
@for_the_register
def recognition(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Show what is proposed or was decided: whom it names, and what became of each."""
    found = proposal_or_404(public_id, act=RECOGNISE)
    asked = Recognition.of(found)
    people = actions.people_of(asked)
    job = Job.objects.filter(kind=actions.APPLY, subject_id=public_id).first()
    context = {
        **shown(request, found, reasons=WhyRecognised.choices),
        "said": _said(asked),
        "rows": _rows(found, asked, people, actions.left_of(job) if job else {}),
        "job": job,
        "own_job": job is not None and job.by_id == request.user.pk,
        "can_confirm": found.open and can_confirm_recognition(request.user, found, people),
        "can_decline": found.open and can_decline_recognition(request.user, found, people),
        "crumbs": [*way_up(), {"text": _("Waiting for a second registrar"), "href": reverse("certificates:proposals")}],
        "section": "register",
    }  # fmt: skip
    return render(request, "certificates/recognition.html", context)


def _rows(
    proposal: Proposal, asked: Recognition, people: Sequence[User], left: Mapping[int, StrOrPromise]
) -> list[dict[str, Any]]:
    """Return a row a person, in the order of the list; a fixed number of queries."""
    serving = _serving(people)
    awards = Award.objects.filter(cause__startswith=f"proposal:{proposal.public_id}").select_related(
        "certificate"
    )
    by_cause = {award.cause: award for award in awards.defer("evidence", "certificate__statement")}
    rows = []
    for place, person in enumerate(people):
        award = by_cause.get(asked.cause(proposal, place))
        certificate = getattr(award, "certificate", None)
        rows.append(
            {
                "name": person.get_full_name(), "where": _where(serving.get(person.pk)), "left": left.get(place, ""),
                "being_made": award is not None and certificate is None, "certificate": certificate,
                "code": grouped(certificate.short_code) if certificate else "",
            }
        )  # fmt: skip
    return rows


@posted_from("certificates:recognition", "public_id")
@for_the_register
@recently
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    found = proposal_or_404(public_id, act=RECOGNISE)
    return decide_by_two(request, found, decision, DECISIONS, page="certificates:recognition")
