"""From a qualification to its name and the course that leads to it, in the active language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from certificates import rules
from certificates.models import Qualification
from certificates.rules import EarningWay, RulesInForce
from courses.models import CoursePage
from operations import clock


@dataclass(frozen=True)
class QualificationPath:
    """`course_url` is empty where no course is published for it, or none leads to it."""

    code: str
    name: str
    course_name: str = ""
    course_url: str = ""


def qualification_paths(
    codes: Iterable[str], ends: Mapping[str, datetime] | None = None
) -> dict[str, QualificationPath]:
    """Return paths by code of the qualification, for all codes; three queries, none where there are no codes.

    `ends`: when the last certificate ends, or ended, of those who renew it.
    """
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    now = clock.now()
    courses = {
        each.code: _course(each, (ends or {}).get(each.code), now) for each in rules.in_force(now, wanted)
    }
    pages = {
        page.code: page
        for page in CoursePage.objects.live().filter(code__in=courses.values()).defer("summary")
    }
    names = {each.code: each.name for each in Qualification.objects.filter(code__in=wanted)}
    return {code: _way(code, names.get(code, code), pages.get(courses.get(code, ""))) for code in wanted}


def _course(each: RulesInForce, end: datetime | None, now: datetime) -> str:
    """The first course whose exam earns it, or renews it; empty where none does."""
    way = EarningWay.FIRST if end is None or now >= each.rules.closes_at(end) else EarningWay.RENEWAL
    return next(iter(each.rules.courses(way)), "")


def _way(code: str, name: str, page: CoursePage | None) -> QualificationPath:
    if page is None:
        return QualificationPath(code, name)
    return QualificationPath(code, name, page.heading, reverse("courses:course", args=[page.slug]))
