"""A lesson, read by an officer who has read half of the course; its floor sends as many bytes."""

from bench.floor.models import Text
from courses import actions
from courses.models import CoursePage, LessonPage

from .harness import Browser, Pair, page_of
from .world import World


def pair(world: World) -> Pair:
    officer = world.officer
    course = CoursePage.objects.get(code="C1-LAB")
    enrolment = actions.enrol(person=officer, course=course, by=officer)
    lessons = list(LessonPage.objects.live().descendant_of(course).order_by("path"))
    for lesson in lessons[: len(lessons) // 2]:
        actions.mark_read(enrolment=enrolment, lesson=lesson, by=officer)
    browser = Browser(officer)
    ours = browser.get(lessons[len(lessons) // 2].get_url())
    text = Text.objects.create(html=page_of(ours))  # type: ignore[attr-defined]
    return Pair(ours=ours, floor=browser.get(f"/floor/text/{text.pk}/"), aim=2)
