"""The way through an attempt, the review before closing, feedback on practice."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import actions
from assessments.attempt_path import path_of
from assessments.exam_page import stage_url, steps_of
from assessments.refusals import ClockLeapt, Unanswered
from assessments.results import practice_feedback, result_of
from assessments.review import review_of
from people.requests import OfficerRequest, signed_in

from .access import after, clock_leapt, elsewhere, own
from .frame import frame
from .leading import leading


@never_cache
@require_safe
@signed_in
def attempt(request: OfficerRequest, public_id: str) -> HttpResponse:
    found = own(request, public_id)
    if (leads := elsewhere(request, found)) is not None:
        return leads
    path, language = path_of(found), get_language() or "az"
    going = next((case for case in path.cases if case.open_stage), None)
    context = {
        "rules": found.blueprint_version.rules,
        "cases": [
            (
                case,
                case.content.title.read_in(language),
                case.content.content_note.read_in(language),
                steps_of(path, case, language),
            )
            for case in path.cases
        ],
        "begun": bool(path.answers),
        "go_on": going and stage_url(found, going.position, going.open_stage or 1),
    }
    return render(request, "assessments/attempt.html", {**frame(found), **context})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@leading
def close(request: OfficerRequest, public_id: str) -> HttpResponse:
    """Show what is not answered yet, and the button that closes for good."""
    found = own(request, public_id)
    unconfirmed = False
    if request.method == "POST":
        try:
            return after(
                actions.close_attempt(
                    attempt=found, by=request.user, confirmed=request.POST.get("confirmed") == "yes"
                )
            )
        except ClockLeapt as refusal:
            return clock_leapt(request, refusal)
        except Unanswered:
            unconfirmed = True
    elif (leads := elsewhere(request, found)) is not None:
        return leads
    path = path_of(found)
    review = review_of(path, get_language() or "az")
    errors = [{"href": "#confirmed", "text": _("Say that you close with questions that are not answered")}]
    context = {"review": review, "errors": errors if unconfirmed else []}
    return render(request, "assessments/close.html", {**frame(found), **context})


@never_cache
@require_safe
@signed_in
def feedback(request: OfficerRequest, public_id: str) -> HttpResponse:
    """After practice: everything. An exam leads to its result instead."""
    found = own(request, public_id)
    if found.closed_at is None:
        return redirect("assessments:attempt", public_id)
    if not found.is_practice:
        return after(found)
    language = get_language() or "az"
    context = {
        "attempt": found,
        "result": result_of(found, language),
        "cases": practice_feedback(found, language),
    }
    return render(request, "assessments/feedback.html", context)
