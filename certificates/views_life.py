"""Acts on one certificate of the register: asked for on its page, confirmed by a second registrar on the proposal's."""

from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrOrPromise

from operations import clock, proposals
from operations.codes import grouped
from operations.confirmation import FormPage, ask_then_act
from operations.deciding import decide_by_two, shown
from operations.models import Proposal
from operations.requests import posted_from
from people.models import User
from people.names import name_of
from people.notification_text import how_told
from people.requests import OfficerRequest, recently, recently_to_change

from . import actions_acts, actions_life, corrections, permissions
from .acts import Act, acts, by_slug, refusals_in_words
from .corrections import CORRECT
from .forms_life import form_of
from .models import Certificate
from .recognition import RECOGNISE
from .register_page import certificate_page, way_up
from .views_register import A_PAGE, for_the_register

UNBROKEN = "\u2011"  # a hyphen at which no line breaks


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_register
@recently_to_change
def act(request: OfficerRequest, public_id: str, slug: str) -> HttpResponseBase:
    """Ask for one act: what is proposed, or a suspension that one registrar may decide, is summed up first."""
    chosen = by_slug(slug)
    if chosen is None:
        raise Http404
    certificate = get_object_or_404(Certificate.objects.with_all(), public_id=public_id)
    if not permissions.can_propose(request.user, chosen.propose_permission, certificate):
        raise PermissionDenied(str(permissions.NOT_ONES_OWN))
    form = form_of(chosen, request.POST if request.method == "POST" else None)
    page = FormPage(
        title=chosen.title,
        button=_("Continue"),
        back=reverse("certificates:one", args=[public_id]),
        text=str(chosen.hint),
        crumbs=way_up(certificate),
        danger=chosen.danger,
    )
    asked = _Asked(chosen, certificate, form)

    def perform() -> StrOrPromise:
        with refusals_in_words():
            return asked.perform(request)

    code = grouped(certificate.short_code).replace("-", UNBROKEN)
    question = str(asked.question()) % {"code": code} if form.is_bound and form.is_valid() else ""
    return ask_then_act(request, form, page, points=asked.points, perform=perform, question=question)


class _Asked:
    """An act with what was entered for it. Expects a valid form."""

    def __init__(self, act: Act, certificate: Certificate, form: Any) -> None:
        self.act, self.certificate, self.form = act, certificate, form

    @property
    def alone(self) -> bool:
        """Return whether one registrar decides: a suspension, short and for the first time in a while."""
        return self.act.code == actions_life.SUSPEND_LONGER and not self._why_two()

    def _why_two(self) -> StrOrPromise:
        if self.act.code != actions_life.SUSPEND_LONGER:
            return ""
        return actions_life.needs_two(self.certificate, self.form.cleaned_data["last_day"])

    def question(self) -> StrOrPromise:
        return _("Suspend %(code)s?") if self.alone else self.act.question

    def perform(self, request: OfficerRequest) -> StrOrPromise:
        given = dict(self.form.cleaned_data)
        if self.alone:
            actions_life.suspend(
                certificate=self.certificate,
                reason=given["reason"],
                last_day=given["last_day"],
                by=request.user,
            )
            return self.act.done
        actions_acts.propose(act=self.act.code, certificate=self.certificate, by=request.user, **given)
        return _("Proposed. A second registrar must confirm before anything changes.")

    def points(self) -> list[StrOrPromise]:
        given = dict(self.form.cleaned_data)
        reason = given.pop("reason")
        payload = self.act.payload(self.certificate, reason, given)
        lines: list[StrOrPromise] = [
            _("Holder: %(name)s.") % {"name": self.certificate.award.person.surviving},
            _("Reason category: %(reason)s.") % {"reason": self.act.reason(reason)},
            *self.act.effects(self.certificate, payload),
        ]
        if not self.alone:
            why_two = self._why_two()
            lines += [
                *([why_two] if why_two else []),
                _(
                    "Nothing changes until a second registrar confirms; the proposal waits for 14 days "
                    "and you can withdraw it."
                ),
            ]
        return [
            *lines,
            how_told(self.certificate.award.person.surviving),
            *told_where_they_serve(self.act.code),
            _("Who decided and the reason category stay in the audit trail."),
        ]


def told_where_they_serve(code: str) -> list[str]:
    """Return who of the agency gets a letter of it: duty officers of a loss alone."""
    if code == actions_life.READMIT:
        return []
    if code == actions_life.REINSTATE:
        return [_("The coordinators where the person serves are told, without the reason.")]
    return [_("Coordinators and duty officers where the person serves are told, without the reason.")]


@require_safe
@for_the_register
def waiting_proposals(request: OfficerRequest) -> HttpResponseBase:
    """All that waits for a second registrar, oldest first, or what waits of one act; fifty a page."""
    kinds = [(each.slug, each.title, each.code) for each in acts.values()]
    kinds.append(("correct", _("Correct name or agency"), CORRECT))
    kinds.append(("recognise", pgettext("act", "Recognise other training"), RECOGNISE))
    chosen = next((kind for kind in kinds if kind[0] == request.GET.get("act")), None)
    every = proposals.waiting().filter(act__in=[code for _slug, _title, code in kinds])
    counts = Counter(every.values_list("act", flat=True))
    found = (every.filter(act=chosen[2]) if chosen else every).select_related("proposed_by__merged_into")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(list(page)),
        "kinds": [(slug, title, counts[code], (slug, title, code) == chosen) for slug, title, code in kinds],
        "all": counts.total(),
        "chosen": chosen,
        "crumbs": way_up(),
    }
    return render(request, "certificates/proposals.html", context)


def _rows(found: list[Proposal]) -> list[dict[str, Any]]:
    """Return what is proposed about which certificate or whom, and on which page: in a constant number of queries."""
    ids = [each.subject_id for each in found if each.act in acts]
    codes = dict(Certificate.objects.filter(public_id__in=ids).values_list("public_id", "short_code"))
    asked = {
        each.proposal: each for each in corrections.asked_of([each for each in found if each.act == CORRECT])
    }
    alone = _alone(found)
    now = clock.now()
    rows = []
    for each in found:
        if each in asked:
            to, text = "correction", f"{asked[each].what}: {name_of(asked[each].person)}"
        elif each.act == RECOGNISE:
            to, text = "recognition", _recognition_text(each, alone.get(each))
        else:
            to, text = "proposal", f"{acts[each.act].title}: {grouped(codes[each.subject_id])}"
        rows.append(
            {
                "proposal": each,
                "days": (now - each.proposed_at).days,
                "text": text,
                "to": f"certificates:{to}",
            }
        )
    return rows


def _alone(found: list[Proposal]) -> dict[Proposal, User]:
    """Return whom a recognition is about where that is one person; one query."""
    ids = {
        each: each.payload["people"][0]
        for each in found
        if each.act == RECOGNISE and len(each.payload["people"]) == 1
    }
    people = {person.public_id: person for person in User.objects.filter(public_id__in=ids.values())}
    return {each: people[public_id] for each, public_id in ids.items() if public_id in people}


def _recognition_text(proposal: Proposal, alone: User | None) -> str:
    if alone is not None:
        return _("Recognition of other training: %(code)s, %(name)s") % {
            "code": proposal.payload["qualification"], "name": name_of(alone),
        }  # fmt: skip
    number = len(proposal.payload["people"])
    text = ngettext(
        "Recognition of other training: %(code)s, %(number)s person",
        "Recognition of other training: %(code)s, %(number)s people",
        number,
    )
    return text % {"code": proposal.payload["qualification"], "number": number}


def _proposal_or_404(public_id: str) -> Proposal:
    queryset = Proposal.objects.select_related("proposed_by", "decided_by")
    return get_object_or_404(queryset, public_id=public_id, act__in=acts)


@require_safe
@for_the_register
def proposal(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Show what is proposed, what it would change, who has to decide; the newest facts, not those of the proposal."""
    found = _proposal_or_404(public_id)
    chosen = acts[found.act]
    certificate = get_object_or_404(Certificate.objects.with_all(), public_id=found.subject_id)
    may_decide = found.open and permissions.can_decide(
        request.user, chosen.decide_permission, certificate, found
    )
    context = {
        **certificate_page(request, certificate),
        **shown(request, found, reasons=chosen.reasons),
        "act": chosen,
        "effects": chosen.effects(certificate, found.payload),
        "told": [how_told(certificate.award.person.surviving), *told_where_they_serve(found.act)],
        "crumbs": way_up(certificate),
        "can_confirm": may_decide
        and permissions.proposer_stays(found, chosen.propose_permission, certificate.award.person),
        "can_decline": may_decide,
    }
    return render(request, "certificates/proposal.html", context)


@posted_from("certificates:proposal", "public_id")
@for_the_register
@recently
def decide(request: OfficerRequest, public_id: str, decision: str) -> HttpResponseBase:
    found = _proposal_or_404(public_id)
    stays = _("The certificate stays as it was.")
    answers: dict[str, Any] = {
        "confirm": (actions_acts.confirm, acts[found.act].done),
        "decline": (actions_acts.decline, stays),
        "withdraw": (actions_acts.withdraw, stays),
    }
    return decide_by_two(request, found, decision, answers, page="certificates:proposal")
