"""Names in the audit trail of what courses does."""

import pytest

from courses.models import CoursePage, Enrolment
from people.models import User
from tests.factories import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "published", "begun"),
    [
        ("az", "{code}, {number} nömrəli nəşr", "kurs: {code}"),
        ("en", "{code}, edition {number}", "course {code}"),
        ("ru", "{code}, редакция №\N{NO-BREAK SPACE}{number}", "курс {code}"),
    ],
)
def test_trail_names_course_and_edition(
    language: str, published: str, begun: str, course: CoursePage, enrolment: Enrolment, auditor: User
) -> None:
    shown = client_of(auditor).get(f"/{language}/people/audit/").content.decode()
    words = {"code": course.code, "number": enrolment.edition.number}
    assert published.format(**words) in shown and begun.format(**words) in shown
    assert enrolment.public_id not in shown and enrolment.edition.public_id not in shown
