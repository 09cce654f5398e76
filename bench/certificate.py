"""The public page of a certificate, opened by a stranger; its floor sends as many bytes.

At each view statement and lists are verified and compared anew; what is not rendered again is the page.
"""

from pathlib import Path
from random import Random

from django.conf import settings

from bench.floor.models import Text
from certificates import views_public
from certificates.models import Certificate
from courses import actions as courses
from courses.models import CoursePage
from elearning.demo.answers import pass_exam, prepare
from elearning.demo.keys import make as make_keys
from operations import clock
from operations.outbox import work_off

from .harness import Browser, Pair, page_of
from .world import World


def pair(world: World) -> Pair:
    certificate = issued(world)
    views_public.LIMIT = 10**9  # one visitor asks thousands of times; each time is still counted
    stranger = Browser()
    ours = stranger.get(f"/c/{certificate.public_id}")
    text = Text.objects.create(html=page_of(ours))  # type: ignore[attr-defined]
    return Pair(ours=ours, floor=stranger.get(f"/floor/public/{text.pk}/"), aim=2)


def issued(world: World) -> Certificate:
    """The officer's certificate; earned by exam and made by its errand where there is none yet."""
    held = Certificate.objects.held_by(world.officer)
    if not held.exists():
        make_keys(Path(settings.KEYS_DIR), year=clock.today().year)
        course = CoursePage.objects.get(code="C1-LAB")
        enrolment = courses.enrol(person=world.officer, course=course, by=world.officer)
        prepare(person=world.officer, enrolment=enrolment)
        pass_exam(person=world.officer, enrolment=enrolment, random=Random(1))
        work_off(["certificates.issue"])
    return held.get()
