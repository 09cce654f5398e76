"""The register of decisions: a list with filters, the same as a file, and numbers without anybody."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.entry_lines import name_of
from clearance import aftermath, decision_export, decision_figures, permissions, words
from clearance.actions_register import export_decisions, search_case, search_decisions
from clearance.case_reference import SEALED_FOR
from clearance.decision_list import (
    ORDER,
    DecisionCounts,
    counted,
    decisions_of,
    people_of_number,
    reads_others,
    who_of,
)
from clearance.forms_list import FILTERS, DecisionFilter, MonthFilter
from clearance.models import Decision, Mode
from operations import clock
from operations.pagination import keyset
from operations.rounding import STEP
from operations.sealing import opened, sealed
from operations.searched_lists import MARK, asked_for, search_chip, searched, searched_text
from people.models import User
from people.permissions import may
from people.requests import OfficerRequest, recently
from people.views.guards import for_whom_may

PAGE = 25
KINDS = {"cleared": "ok", "conditions": "warn", "not": "bad", "unknown": "none"}
# In the session: neither a service number nor a case has a place in an address; the case is sealed.
SEARCHED, OF_CASE = "decisions_searched", "decisions_of_case"

for_readers = for_whom_may(
    permissions.READ,
    refusal=gettext_lazy(
        "The register of decisions is for those who ask for a clearance, coordinators and auditors."
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def decisions(request: OfficerRequest) -> HttpResponseBase:
    """Show the register. Filters stand in the address, whom one searched for does not."""
    if request.method == "POST":
        return _search(request)
    if "all" in request.GET:
        request.session.pop(OF_CASE, None)
    return _shown(request, _filled(request, asked_for(request, kept_as=SEARCHED)))


def _filled(request: OfficerRequest, data: dict[str, Any]) -> DecisionFilter:
    """Return the filters of a page that was found before."""
    of_case = _case(request) if MARK in (request.POST or request.GET) else ""
    return DecisionFilter({**data, "case": "", "keep_case": "on"}, by=request.user, of_case=of_case)


def _case(request: OfficerRequest) -> str:
    """Return the digest of the reference that was entered; empty where none was, or long ago."""
    return opened(request.session.get(OF_CASE, ""), within=SEALED_FOR)


def _search(request: OfficerRequest) -> HttpResponse:
    form = DecisionFilter(request.POST, by=request.user, of_case=_case(request))
    if not form.is_valid():
        return _shown(request, form)
    if entered := form.cleaned_data["case"]:
        try:
            search_case(case=entered, by=request.user)
        except ValidationError as refusal:
            form.add_error("case", refusal)
            return _shown(request, form)
    request.session[OF_CASE] = sealed(case) if (case := form.looked_for()) else ""
    if number := form.searched():
        search_decisions(people=people_of_number(number, by=request.user), by=request.user)
    chosen = {**form.in_address(), "q": form.searched()}
    more = bool(form.looked_for())
    return searched(request, kept_as=SEARCHED, chosen=chosen, page="clearance:decisions", more=more)


def _shown(request: OfficerRequest, form: DecisionFilter) -> HttpResponse:
    """Show what the filters find, or what is wrong with one of them."""
    found = decisions_of(request.user, form.query()) if form.is_valid() else Decision.objects.none()
    page = keyset(found.with_all(), order=ORDER, token=request.GET.get("page", ""), size=PAGE)
    others = reads_others(request.user)
    marked = {MARK: "yes"} if form.searched() or form.looked_for() else {}
    chosen = form.in_address() | marked
    became = aftermath.of_each(page.rows)
    counts = counted(found) if form.is_valid() else None
    context = {
        "form": form,
        "found": search_chip(form.searched(), form.in_address(), page="clearance:decisions"),
        "filters": chosen,
        "filtered": bool(chosen),
        "others": others,
        "all_agencies": "agency" in form.fields,
        "page": page,
        "rows": [_row(decision, became[decision.pk]) for decision in page.rows],
        "counts": counts,
        "chips": _chips(counts, chosen) if counts else [],
        "may_ask": permissions.can_ask(request.user),
        "may_make_evidence": may(request.user, permissions.EVIDENCE),
        "may_look_back": may(request.user, permissions.ASK_PAST),
        "see_figures": may(request.user, permissions.SEE_FIGURES),
        "section": "decisions",
    }
    return render(request, "clearance/decisions.html", context)


def _row(decision: Decision, became: list[aftermath.Aftermath]) -> dict[str, Any]:
    verdict = words.VERDICTS[decision.answer]
    asker: Any = decision.asked_by
    return {
        "decision": decision,
        "who": who_of(decision),
        "title": verdict.title,
        "kind": "none" if any(each.code == aftermath.RECALLED for each in became) else KINDS[verdict.state],
        "advised": decision.mode == Mode.ADVISE,
        "became": became,
        "asker": name_of(asker if isinstance(asker, User) else None),
    }


def _chips(counts: DecisionCounts, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """Return the numbers of each mode, aftermath and answer, each with the address of these decisions alone."""
    became = [("became", each.code, each.text) for each in aftermath.registered.values()]
    modes = [("mode", mode.value, mode.label) for mode in Mode]
    answers = [("answer", answer.value, answer.label) for answer in Decision.Answer]
    numbers = {"mode": counts.modes, "became": counts.became, "answer": counts.answers}
    return [
        {"text": text, "number": numbers[name].get(value, 0), "href": _address({**chosen, name: value})}
        for name, value, text in [*became, *modes, *answers]
        if numbers[name].get(value) and chosen.get(name) != value
    ]


def _address(filters: dict[str, str]) -> str:
    return f"{reverse('clearance:decisions')}?{urlencode(filters)}"


@require_POST
@for_readers
@recently
def export(request: OfficerRequest) -> HttpResponseBase:
    """Send what the filters find as a file: a POST, because it leaves an entry in the audit trail."""
    data = {**request.POST.dict(), "q": searched_text(request, kept_as=SEARCHED)}
    form, file_format = _filled(request, data), request.POST.get("form", "csv")
    if file_format not in decision_export.WRITERS:
        raise Http404
    if not form.is_valid():
        return redirect(_address({name: request.POST.get(name, "") for name in FILTERS}))
    query = form.query()
    number = decisions_of(request.user, query).count()
    as_job = decision_export.KIND if number > decision_export.AT_ONCE else ""
    job = export_decisions(number=number, query=query, form=file_format, by=request.user, as_job=as_job)
    if job is not None:
        return redirect("jobs:one", job.public_id)
    return decision_export.download(request.user, query, file_format)


@require_safe
@for_whom_may(permissions.SEE_FIGURES)
def figures(request: OfficerRequest) -> HttpResponseBase:
    """Show numbers of decisions by agency, function and answer: nobody, and none that could be told apart."""
    form = MonthFilter(request.GET)
    context = {
        "form": form,
        "agencies": decision_figures.figures_of(form.chosen()),
        "answers": [words.VERDICTS[answer].title for answer in Decision.Answer.values],
        "step": STEP,
        "today": clock.today(),
        "crumbs": [{"text": _("Figures for the country"), "href": reverse("clearance:figures")}],
        "section": "figures",
    }
    return render(request, "clearance/decision_figures.html", context)
