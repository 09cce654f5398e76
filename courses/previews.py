"""Drafts as readers would see them, for /cms/ alone: rendered anew, nothing from or into the caches."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csp import csp_override

from . import assessment_state, reading, rendering
from .models import AssessmentPage, CoursePage, Edition, LessonPage

POLICY = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}  # shown beside the editor


@csp_override(POLICY)
def preview(request: HttpRequest, page: Any, language: str) -> HttpResponse:
    """The draft in one language. Not for readers: their pages are in views.py."""
    with override(language):
        if isinstance(page, LessonPage):
            return _lesson(page, request, language)
        if isinstance(page, AssessmentPage):
            return _assessment(page, request, language)
        if isinstance(page, CoursePage):
            return _course(page, request, language)
    raise Http404


def _frame(page: Any, language: str) -> tuple[reading.Course, reading.Module]:
    """A course with one module and nothing else: a preview shows the page, not its surroundings."""
    nothing = rendering.RenderedText("", mark_safe(""))
    title = rendering.RenderedText(_("Preview of a draft"), mark_safe(_("Preview of a draft")))
    module = reading.Module("", title, 1, [])
    course = reading.Course(0, "", "", "", language, title, nothing, nothing, "", None, [module], [])
    return course, module


def _lesson(page: LessonPage, request: HttpRequest, language: str) -> HttpResponse:
    course, module = _frame(page, language)
    heading = rendering.text_of(page, "heading", language)
    item = reading.Item(page.pk or 0, page.slug, heading, "", module, 0, 1, page.minutes or 0)
    module.items.append(item)
    body = rendering.body_of(page, language, pictures=reverse("courses_cms:pictures"))
    context = {
        "course": course,
        "item": item,
        "done": 0,
        "total": 1,
        "language": body.language,
        "body": body.view("", "preview"),
        "sources": body.sources,
    }
    return render(request, "courses/lesson.html", context)


def _assessment(page: AssessmentPage, request: HttpRequest, language: str) -> HttpResponse:
    course, module = _frame(page, language)
    heading, intro = (rendering.text_of(page, field, language) for field in ("heading", "intro"))
    use = page.blueprint.use if page.blueprint else ""
    item = reading.Item(page.pk or 0, page.slug, heading, "", module, 0, use=use, intro=intro)
    chosen = page.blueprint_id or 0
    rules = assessment_state.assessment_states(None, [chosen]).get(chosen)
    context = {"course": course, "item": item, "state": rules, "may_start": True}
    return render(request, "courses/assessment.html", context)


def _course(page: CoursePage, request: HttpRequest, language: str) -> HttpResponse:
    course = reading.course_of(page, language, language, Edition.objects.newest_of(page))
    return render(request, "courses/course.html", {"course": course})
