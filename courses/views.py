"""Pages of courses. Visitors see what a course teaches; who follows it reads its lessons."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.views import serve as wagtail_serve

from assessments.beforehand import content_notes
from assessments.readiness import readiness_of
from assessments.refusals import AttemptError
from people.models import User
from people.requests import OfficerRequest, signed_in

from . import actions, field_sheets, pictures, reading
from .actions_assessment import start_assessment
from .assessment_state import AssessmentState, assessment_states
from .models import CoursePage, Enrolment, LessonPage
from .permissions import can_enrol
from .rendering import Body
from .requirements import exam_requirements
from .self_checks import CheckAnswer
from .standing import standing_of, waiting_of


def _language() -> str:
    return get_language() or "az"


def _course(slug: str, number: int | None = None) -> reading.Course:
    number = reading.generation() if number is None else number
    course = reading.outline(number, slug, _language())
    if course is None:
        raise Http404
    return course


def _following(user: Any, course: reading.Course) -> reading.Following | None:
    return reading.following(user.pk, course.pk) if isinstance(user, User) else None


@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    number = reading.generation()
    courses = [reading.outline(number, slug, _language()) for slug in reading.slugs(number).values()]
    return render(request, "courses/catalog.html", {"courses": courses, "indexable": True})


@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    number = reading.generation()
    return _withdrawn(request, course, number) or _course_page(request, _course(course, number))


def _withdrawn(request: HttpRequest, slug: str, number: int) -> HttpResponse | None:
    """Say to who follows a course that it was taken back; None of any other address, to anybody else."""
    if reading.outline(number, slug, _language()) is not None:
        return None
    page = reading.withdrawn(slug)
    if page is None or not isinstance(request.user, User) or not reading.following(request.user.pk, page.pk):
        return None
    answer = render(request, "courses/withdrawn.html", {"heading": page.heading}, status=410)
    add_never_cache_headers(answer)  # it comes back
    return answer


def _course_page(request: HttpRequest, course: reading.Course, *, refused: bool = False) -> HttpResponse:
    state = _following(request.user, course)
    states = _states(request.user.pk, course) if state else {}
    exams = {pk: found for pk, found in states.items() if found.is_exam}
    waiting = {pk: exam for pk, exam in exams.items() if exam.waits}
    waits = next(iter(waiting.values()), None)
    context = {
        "course": course,
        "modules": [(part, [(item, states.get(item.pk)) for item in part.items]) for part in course.modules],
        "state": state,
        "done": state.count(course.lessons) if state else 0,
        "next": state.next_lesson(course) if state else None,
        "lessons_done": {item.pk for item in course.lessons if state and state.is_done(item)},
        "passed": {pk for pk, exam in exams.items() if exam.passed},
        "again": {pk for pk, exam in exams.items() if exam.lapsed},
        "shut": {pk for pk, exam in exams.items() if exam.shut},
        "closed_because": next((exam.closed_because for exam in exams.values() if exam.closed_because), ""),
        "waits": waiting_of(request.user, waits) if waits and isinstance(request.user, User) else None,
        "finished": bool(exams) and all(exam.passed or exam.shut for exam in exams.values()),
        "can_enrol": not state and isinstance(request.user, User) and can_enrol(request.user, request.user),
        "refused": refused,
        "indexable": not refused,
    }
    return render(request, "courses/course.html", context, status=403 if refused else 200)


def _states(person_pk: int | None, course: reading.Course) -> dict[int, AssessmentState]:
    """Return where a person stands in each assessment of a course, by id of its page; no query where it has none."""
    pages = {item.blueprint_id or 0: item.pk for item in course.assessments}
    found = assessment_states(person_pk, pages) if pages else {}
    return {pages[blueprint]: state for blueprint, state in found.items()}


@never_cache
@require_safe
@signed_in
def field_sheet(request: OfficerRequest, course: str) -> HttpResponse:
    """The sheet for the pocket, for who may read the lessons."""
    number = reading.generation()
    if withdrawn := _withdrawn(request, course, number):
        return withdrawn
    found = _course(course, number)
    sheet = reading.field_sheet(number, found.pk, found.spoken) if found.field_sheet_url else None
    if sheet is None:
        raise Http404
    if _following(request.user, found) is None:
        return _course_page(request, found, refused=True)
    with override(sheet.language):
        about = field_sheets.about(sheet, found.code, found.edition)
    return render(request, "courses/field_sheet.html", {"course": found, "sheet": sheet, "about": about})


@never_cache
@require_safe
@signed_in
def field_sheet_pdf(request: OfficerRequest, course: str) -> HttpResponse:
    number = reading.generation()
    if withdrawn := _withdrawn(request, course, number):
        return withdrawn
    found = _course(course, number)
    if not found.field_sheet_url:
        raise Http404
    if _following(request.user, found) is None:
        return _course_page(request, found, refused=True)
    made = reading.field_sheet_pdf(number, found.slug, _language())
    name = f'inline; filename="{found.code.lower()}-{found.spoken}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})


@require_safe
def module(request: HttpRequest, course: str, module: str) -> HttpResponse:
    """A module has no page of its own: it is a part of the course's."""
    found = _course(course)
    if module not in {part.slug for part in found.modules}:
        raise Http404
    return redirect(f"{found.url}#{module}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def page(request: OfficerRequest, course: str, module: str, page: str) -> HttpResponseBase:
    """A lesson or an assessment. A POST answers a self-check: that it was answered is kept."""
    number, language = reading.generation(), _language()
    found = reading.outline(number, course, language)
    item = found.find(module, page) if found else None
    if (
        found is None or item is None
    ):  # taken back, or moved, restricted, nothing: then Wagtail's routing answers
        gone = _left_out(request, found, module, page) if found else _withdrawn(request, course, number)
        answer: HttpResponseBase = gone or wagtail_serve(request, f"{course}/{module}/{page}/")
        return answer
    state = reading.following(request.user.pk, found.pk)
    if state is None:
        return _course_page(request, found, refused=True)
    if not item.is_lesson:
        return _assessment(request, found, item)
    body = reading.body(number, item.pk, found.spoken)
    answers = _answers(request, body, state)
    if _keep(request, item, state, answers):
        state = reading.following(request.user.pk, found.pk) or state
    context = lesson_context(found, item, state)
    context["language"] = body.language
    context["body"] = body.view(get_token(request), state.public_id, answers)
    context["sources"] = body.sources
    return render(request, "courses/lesson.html", context)


def _left_out(request: OfficerRequest, course: reading.Course, module: str, slug: str) -> HttpResponse | None:
    """Say to who follows the course that this part was taken out of it; None of any other address, to anybody else."""
    page = reading.left_out(course.pk, module, slug)
    if page is None or _following(request.user, course) is None:
        return None
    context = {"course": course, "is_lesson": page.specific_class is LessonPage}
    answer = render(request, "courses/left_out.html", context, status=410)
    add_never_cache_headers(answer)  # it may come back
    return answer


def _not_there(request: OfficerRequest, course: reading.Course, module: str, slug: str) -> HttpResponse:
    answer = _left_out(request, course, module, slug)
    if answer is None:
        raise Http404
    return answer


@require_safe
@signed_in
def picture(request: OfficerRequest, course: str, module: str, page: str, name: str) -> HttpResponse:
    """A picture of a lesson, for who may read the lesson."""
    number = reading.generation()
    found = _course(course, number)
    item = found.find(module, page)
    if item is None or not item.is_lesson:
        raise Http404
    if _following(request.user, found) is None:
        return _course_page(request, found, refused=True)
    content = pictures.read(name) if name in reading.body(number, item.pk, found.spoken).pictures else None
    if content is None:
        raise Http404
    return picture_response(content)


def picture_response(content: bytes) -> HttpResponse:
    """The name of a picture follows from its content, so what a browser keeps is never another."""
    headers = {"Cache-Control": "private, max-age=604800, immutable"}
    return HttpResponse(content, content_type="image/webp", headers=headers)


def lesson_context(course: reading.Course, item: reading.Item, state: reading.Following) -> dict[str, Any]:
    items, place = course.items, item.place
    lessons = item.module.lessons
    done = state.checks_done(item)
    first = done.index(False) if False in done else None
    tasks = [(check, done[number], number == first) for number, check in enumerate(item.checks)]
    return {
        "course": course,
        "item": item,
        "state": state,
        "contents": contents(item, state),  # stands twice: for telephones and beside the text
        "previous": items[place - 1] if place else None,
        "later": items[place + 1] if place + 1 < len(items) else None,
        "ahead": state.ahead(course, item),
        "tasks": tasks,
        "tasks_done": sum(done),
        "tasks_left": done.count(False),
        "open_task": None if first is None else item.checks[first],
        "was_read": item.pk in state.read,
        "has_changed": state.read.get(item.pk, item.revision_id) != item.revision_id,
        "done": state.count(lessons),
        "total": len(lessons),
    }


def contents(item: reading.Item, state: reading.Following) -> SafeString:
    rows = [(other, other.is_lesson and state.is_done(other)) for other in item.module.items]
    return render_to_string("courses/contents.html", {"item": item, "rows": rows})


def _answers(request: HttpRequest, body: Body, state: reading.Following) -> dict[str, CheckAnswer]:
    """Return what was sent of one self-check, judged."""
    check = body.checks.get(request.POST.get("check", ""))
    if check is None:
        return {}
    fields = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    return {check.question.code: check.answer(fields, state.public_id)}


def _keep(
    request: OfficerRequest, item: reading.Item, state: reading.Following, answers: dict[str, CheckAnswer]
) -> bool:
    """Keep which self-check was answered whole; tell whether there was one. What cannot be kept is said."""
    answered = [code for code, answer in answers.items() if answer.lines]
    try:
        for code in answered:
            actions.finish_check(
                enrolment=Enrolment.objects.get(pk=state.enrolment_id),
                lesson=LessonPage.objects.get(pk=item.pk),
                check_code=code,
                by=request.user,
            )
    except actions.CourseError as error:
        messages.error(request, str(error))
        return False
    return bool(answered)


def _assessment(request: OfficerRequest, course: reading.Course, item: reading.Item) -> HttpResponse:
    state = assessment_states(request.user.pk, [item.blueprint_id or 0]).get(item.blueprint_id or 0)
    context: dict[str, Any] = {"course": course, "item": item, "state": state}
    if state is not None:
        context["notes"] = content_notes(state.rules, _language())
        context |= _beginning(request.user, course, item, state)
    return render(request, "courses/assessment.html", context)


def _beginning(
    person: User, course: reading.Course, item: reading.Item, state: AssessmentState
) -> dict[str, Any]:
    """Return what the page says of beginning: what is missing, whether there are cases, whether it may begin."""
    requirements = exam_requirements(person, course, item)
    readiness = readiness_of(state.version, person.pk) if state.can_start else None
    has_cases = readiness is not None and not readiness.too_few_cases
    return {
        "standing": standing_of(person, state, readiness, requirements),
        "requirements": requirements,
        "may_start": has_cases and requirements.met,
        "missing_first": has_cases and not requirements.waits_for_edition and bool(requirements.missing),
    }


# --- what people do ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def enrol(request: OfficerRequest, course: str) -> HttpResponse:
    """A GET comes from the sign-in page: it leads back to the course, where the button is."""
    found = _course(course)
    if request.method != "POST":
        return redirect(found.url)
    try:
        page = CoursePage.objects.get(pk=found.pk)
        actions.enrol(person=request.user, course=page, by=request.user)
    except actions.CourseError as error:
        messages.error(request, str(error))
        return redirect(found.url)
    messages.success(request, _("You now follow this course."))
    return redirect(found.lessons[0].url if found.lessons else found.url)


def _left_open(item: reading.Item, left: int) -> str:
    text = ngettext(
        "“%(lesson)s” is read. It is done once its open task is answered too.",
        "“%(lesson)s” is read. It is done once its %(left)s open tasks are answered too.",
        left,
    )
    return text % {"lesson": item.heading.plain, "left": left}


@require_POST
@signed_in
def read(request: OfficerRequest, course: str, module: str, page: str) -> HttpResponse:
    """Mark a lesson as read and go on: to the next one not done, else to the course."""
    found = _course(course)
    item = found.find(module, page)
    if item is None or not item.is_lesson:
        return _not_there(request, found, module, page)
    enrolment = get_object_or_404(Enrolment.objects.open(), person=request.user, course=found.pk)
    lesson = LessonPage.objects.get(pk=item.pk)
    try:
        actions.mark_read(enrolment=enrolment, lesson=lesson, by=request.user)
    except actions.CourseError as error:
        messages.error(request, str(error))
        return redirect(found.url)
    state = reading.following(request.user.pk, found.pk)
    ahead = state.ahead(found, item) if state else None
    if state and (left := state.checks_done(item).count(False)):
        messages.info(request, _left_open(item, left))
    return redirect(ahead.url if ahead else found.url)


@require_POST
@signed_in
def start(request: OfficerRequest, course: str, module: str, page: str) -> HttpResponse:
    """Begin an assessment, or go on with the one that is open."""
    found = _course(course)
    item = found.find(module, page)
    if item is None or item.blueprint_id is None:
        return _not_there(request, found, module, page)
    get_object_or_404(Enrolment.objects.open(), person=request.user, course=found.pk)
    try:
        attempt = start_assessment(course=found, page=item, by=request.user)
    except (actions.CourseError, AttemptError) as error:
        messages.error(request, str(error))
        return redirect(item.url)
    return redirect("assessments:attempt", attempt.public_id)
