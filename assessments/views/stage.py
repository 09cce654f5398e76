"""One stage: materials beside questions. Works as an ordinary form; a script saves each change at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments import actions
from assessments.answers import Given
from assessments.attempt_path import AttemptPath, path_of
from assessments.exam_page import StageOnPage, stage_url
from assessments.forms import ReadAnswers, read_stage
from assessments.models import Attempt
from assessments.refusals import Closed
from operations import clock
from people.requests import OfficerRequest, signed_in

from .access import elsewhere, own
from .frame import frame
from .leading import leading

type Line = dict[str, str]  # of the error summary: href, text


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@leading
def stage(request: OfficerRequest, public_id: str, case: int, number: int) -> HttpResponse:
    found = own(request, public_id)
    if request.method == "POST":
        return _posted(request, _stage_page(path_of(found), case, number))
    if (leads := elsewhere(request, found)) is not None:
        return leads
    return _page(request, _stage_page(path_of(found), case, number))


def _stage_page(
    path: AttemptPath, case: int, number: int, typed: Mapping[str, Sequence[str]] | None = None
) -> StageOnPage:
    """404 for a stage that is not opened yet: nobody reads ahead."""
    drawn = path.case(case)
    if drawn is None or not 1 <= number <= len(drawn.stages):
        raise Http404
    return StageOnPage(path, drawn, number, get_language() or "az", typed)


def _page(
    request: OfficerRequest,
    page: StageOnPage,
    *,
    wrong: list[Line] | None = None,
    missing: list[Line] | None = None,
) -> HttpResponse:
    """`wrong`: what could not be saved; `missing`: what would be closed without an answer."""
    attempt = page.path.attempt
    session = actions.open_session(attempt=attempt, by=request.user) if page.is_open else None
    context = {
        "page": page,
        "errors": wrong or missing,
        "errors_title": _("Not everything is answered") if missing else None,
        "missing": len(missing or ()),
        "session": session,
    }
    return render(request, "assessments/stage.html", {**frame(attempt), **context})


def _posted(request: OfficerRequest, page: StageOnPage) -> HttpResponse:
    """All of the page is saved as the newest, then what the button says. What is wrong stays as typed."""
    attempt, act = page.path.attempt, request.POST.get("act")
    reading = read_stage(request.POST, page.stage, page.path.tokens)
    try:
        _save(request, page, reading)
        if reading.errors:
            again = _stage_page(path_of(attempt), page.case.position, page.number, dict(request.POST.lists()))
            again = replace(again, errors=reading.errors)
            return _page(request, again, wrong=_wrong(again, reading))
        saved = _stage_page(path_of(attempt), page.case.position, page.number)
        if saved.is_open and act in {"close", "close-anyway"} and (act == "close" or saved.undecided):
            if missing := _missing(saved):
                return _page(request, replace(saved, errors=_unanswered(saved)), missing=missing)
        if act in {"close", "close-anyway"}:
            return redirect(_after_closing(request, saved))
    except Closed as error:
        return render(request, "assessments/refused.html", {"attempt": attempt, "words": error}, status=409)
    return redirect(_next(saved) if act == "go-on" else f"{page.url}#saved")


def _after_closing(request: OfficerRequest, page: StageOnPage) -> str:
    """Close the stage; return the address of the stage it opens, or where to go on at the end of the case."""
    attempt, position = page.path.attempt, page.case.position
    if actions.close_stage(attempt=attempt, stage_code=page.stage.code, by=request.user) is None:
        return _next(_stage_page(path_of(attempt), position, page.number))
    return stage_url(attempt, position, page.number + 1) + ("#decision" if page.decides else "")


def _save(request: OfficerRequest, page: StageOnPage, reading: ReadAnswers) -> None:
    attempt = page.path.attempt
    actions.refuse_late(is_closed=attempt.closed_at is not None, is_over=attempt.has_ended(clock.now()))
    given = _to_save(request, attempt, reading)
    if given:
        actions.save_answers(
            attempt_id=attempt.public_id,
            stage_code=page.stage.code,
            content_sha256=page.case.sha256,
            answers=given,
            session=actions.open_session(attempt=attempt, by=request.user),
            by=request.user,
        )


def _to_save(request: OfficerRequest, attempt: Attempt, reading: ReadAnswers) -> list[Given]:
    """Return the answers to save: none where the script says that all is here already, the page may be older.
    A question left empty takes back no answer that was given after the page was opened.
    """
    if request.POST.get("saved") == "yes":
        return []
    opened = request.POST.get("session", "")
    if not (opened.isascii() and opened.isdecimal() and len(opened) < 10):
        return reading.given
    later = set(attempt.answers.filter(session__gt=int(opened)).values_list("question_code", flat=True))
    return [given for given in reading.given if given.value is not None or given.question_code not in later]


def _wrong(page: StageOnPage, reading: ReadAnswers) -> list[Line]:
    return [
        {
            "href": f"#{question.anchor}",
            "text": _("Question %(number)s: %(error)s")
            % {"number": question.number, "error": reading.errors[question.code]},
        }
        for question in page.questions
        if question.code in reading.errors
    ]


def _missing(page: StageOnPage) -> list[Line]:
    lines = []
    for question in page.questions:
        if question.answered:
            continue
        given, total = question.parts_answered
        text = _("Question %(number)s: %(given)s of %(total)s answered")
        if question.kind == "branch":
            text = _("Question %(number)s: decide first, what happens next depends on it")
        elif not given:
            text = _("Question %(number)s is not answered")
        words = {"number": question.number, "given": given, "total": total}
        lines.append({"href": f"#{question.anchor}", "text": text % words})
    return lines


def _unanswered(page: StageOnPage) -> dict[str, str]:
    """The same beside each question: there its number stands already."""
    words = {}
    for question in page.questions:
        given, total = question.parts_answered
        if not question.answered:
            text = _("%(given)s of %(total)s answered") if given else _("Not answered")
            words[question.code] = text % {"given": given, "total": total}
    return words


def _next(page: StageOnPage) -> str:
    """From the last stage of a case: another case with something to do, else the review."""
    path, here = page.path, page.case.position
    waiting = {missing.case for missing in path.missing() if missing.state != "done"} - {here}
    for position in sorted(waiting, key=lambda position: (position < here, position)):
        case = path.case(position)
        if case and case.open_stage:
            return stage_url(path.attempt, position, case.open_stage)
    return reverse("assessments:close", args=[path.attempt.public_id])
