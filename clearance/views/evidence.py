"""Evidence files: made in the background, and checked when somebody hands one in."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_stubs_ext import StrOrPromise

from clearance import words
from clearance.actions_register import ask_for_evidence, search_case
from clearance.evidence_checks import EvidenceReading, check
from clearance.evidence_file import EvidenceQuery, WhyEvidence
from clearance.forms_evidence import CheckForm, EvidenceForm
from clearance.models import DutyFunction, WhyOverride
from clearance.permissions import EVIDENCE
from people.requests import OfficerRequest, recently_to_change
from people.views.guards import for_whom_may

from .decisions import KINDS

MOST_SHOWN = 100  # decisions of a file that the page lists


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(EVIDENCE)
@recently_to_change
def evidence(request: OfficerRequest) -> HttpResponseBase:
    """Ask for a file: whose decisions, from when until when, and why."""
    form = EvidenceForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid() and (query := _query(request, form)) is not None:
        job = ask_for_evidence(query=query, by=request.user)
        messages.success(
            request, _("The file is being made. You can download it here as soon as it is ready.")
        )
        return redirect("jobs:one", job.public_id)
    context = {"form": form, "crumbs": _way_up()}
    return render(request, "clearance/evidence.html", context)


def _query(request: OfficerRequest, form: EvidenceForm) -> EvidenceQuery | None:
    """Return the question; None, and an error at its field, where no decision of the case is found."""
    case = form.cleaned_data["case"]
    try:
        found = search_case(case=case, by=request.user) if case else None
    except ValidationError as refusal:
        form.add_error("case", refusal)
        return None
    if found == ():
        form.add_error("case", _("No decision that you may read was given this reference."))
        return None
    return form.query(found)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(EVIDENCE)
def check_evidence(request: OfficerRequest) -> HttpResponseBase:
    """Check a file that is handed in; nothing of it is kept."""
    form = CheckForm(request.POST or None, request.FILES or None)
    checked = check(form.cleaned_data["file"]) if request.method == "POST" and form.is_valid() else None
    context = {"form": form, "crumbs": _way_up(), "checked": checked}
    if checked is not None and checked.contents is not None:
        context |= _told(checked, checked.contents)
    return render(request, "clearance/evidence_check.html", context)


def _way_up() -> list[dict[str, str]]:
    return [{"text": _("Register of decisions"), "href": reverse("clearance:decisions")}]


NOT_INCLUDED = {
    "victims": gettext_lazy("Nothing about victims: this system holds nothing about them."),
    "case-materials": gettext_lazy(
        "No materials of cases. The number of a case is there only as a salted hash, if at all."
    ),
    "exam-answers": gettext_lazy("No answers of an exam, and no marks."),
    "private-contacts": gettext_lazy("No addresses or telephone numbers of officers."),
    "decisions-outside-reach": gettext_lazy("No decisions that the person who made the file may not read."),
}


def _told(checked: EvidenceReading, contents: dict[str, Any]) -> dict[str, Any]:
    """Return what a genuine file holds, in words of the reader's language."""
    language = get_language() or "az"
    rules = {(each["function"], each["sha256"]): each for each in contents["requirements"]}
    shown = contents["decisions"][:MOST_SHOWN]
    ways = words.ways_of(reason for each in shown for reason in each["evidence"]["reasons"])
    functions = DutyFunction.objects.filter(code__in={each["function"] for each in shown})
    named = {each.code: each.name for each in functions}
    texts = {
        "decisions": _("Decisions"),
        "certificates": _("Certificates"),
        "events": _("Events of certificates"),
        "requirements": _("Versions of requirements"),
        "status_lists": _("Status lists"),
    }
    return {
        "contents": contents,
        "made_by": contents["people"].get(contents["made_by"], {}).get(language, ""),
        "made_at": datetime.fromisoformat(contents["made_at"]),
        "reason": dict(WhyEvidence.choices).get(contents["about"]["reason"], ""),
        "about": _about(contents, language),
        "since": date.fromisoformat(contents["about"]["since"]),
        "until": date.fromisoformat(contents["about"]["until"]),
        "holds": [(text, contents["counts"][name]) for name, text in texts.items()],
        "rows": [
            {**_row(each, contents, rules, ways, language), "function_name": named.get(each["function"], "")}
            for each in shown
        ],
        "more": len(contents["decisions"]) - len(shown),
        "not_included": [
            str(NOT_INCLUDED[name]) for name in contents["not_included"] if name in NOT_INCLUDED
        ],
    }


def _about(contents: dict[str, Any], language: str) -> list[StrOrPromise]:
    """Return what the file was asked for: which officers, agency, case; empty: all its maker may read."""
    about, people, agencies = contents["about"], contents["people"], contents["agencies"]
    names = dict.fromkeys(people.get(each, {}).get(language) or _("one officer") for each in about["people"])
    agency = agencies.get(about["agency"], {}).get(language, about["agency"])
    case = _("one case, by its number") if about["case"] else ""
    return [each for each in (*names, agency, case) if each]


def _overridden(override: dict[str, Any] | None, names: dict[str, Any], language: str) -> StrOrPromise:
    """Return who let the officer through all the same, and why; empty where nobody did."""
    if override is None:
        return ""
    who = names.get(override["by"], {}).get(language, "")
    return ": ".join(filter(None, [who, str(dict(WhyOverride.choices).get(override["reason"], ""))]))


def _row(
    decision: dict[str, Any], contents: dict[str, Any], rules: dict[Any, Any], ways: Any, language: str
) -> dict[str, Any]:
    rule = decision["evidence"]["requirement"]
    version = rules.get((decision["function"], rule["sha256"])) if rule else None
    against, favour = words.findings(decision["evidence"]["reasons"], ways)
    names = contents["people"]
    verdict = words.VERDICTS[decision["answer"]]
    people = [
        each
        for proposal in (version or {}).get("proposals", ())
        for each in (proposal["proposed_by"], proposal["decided_by"])
    ]
    return {
        "id": decision["id"],
        "asked_at": datetime.fromisoformat(decision["asked_at"]),
        "who": names.get(decision["person"], {}).get(language, ""),
        "asker": names.get(decision["asked_by"], {}).get(language, ""),
        "function": decision["function"],
        "title": verdict.title,
        "kind": "none" if decision["recall"] else KINDS[verdict.state],
        "overridden": _overridden(decision["override"], names, language),
        "recalled": decision["recall"] is not None,
        "why": [*against, *favour],
        "rule": version,
        "rule_by": [names[each][language] for each in people if each in names],
    }
