"""From a qualification to its name and the course that leads to it, in the active language."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from certificates.models import QualificationInForce
from courses.models import CoursePage
from operations import clock


@dataclass(frozen=True)
class QualificationPath:
    """`course_url` is empty where no course is published for it."""

    code: str
    name: str
    course_name: str = ""
    course_url: str = ""


def qualification_paths(codes: Iterable[str]) -> dict[str, QualificationPath]:
    """Return paths by code of the qualification, for all codes; two queries, none where there are no codes."""
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    rows = list(
        QualificationInForce.objects.at(clock.now())
        .filter(qualification__code__in=wanted)
        .select_related("qualification", "version")
    )
    courses = {row.qualification.code: str(row.version.rules.get("course", "")) for row in rows}
    pages = {
        page.code: page
        for page in CoursePage.objects.live().filter(code__in=courses.values()).defer("summary")
    }
    names = {row.qualification.code: row.qualification.name for row in rows}
    return {code: _way(code, names.get(code, code), pages.get(courses.get(code, ""))) for code in wanted}


def _way(code: str, name: str, page: CoursePage | None) -> QualificationPath:
    if page is None:
        return QualificationPath(code, name)
    return QualificationPath(code, name, page.heading, reverse("courses:course", args=[page.slug]))
