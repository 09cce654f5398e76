"""The issue of certificates as a target of the storm: exams closed over HTTP by the people who sat them."""

from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Any

from .signed_in import send
from .targets import Finding, findings_of_mail


class Issue:
    settings = "elearning.settings.base"
    dying_settings = "bench.dying.settings"
    course = True
    lease = 8.0

    def __init__(self) -> None:
        self.sessions: dict[str, str] = {}

    def points(self) -> list[str]:
        from certificates.actions import ISSUE

        from .dying.points import CLOSING, of_errand

        return [CLOSING, *of_errand(ISSUE)]

    def prepare(self, kills: int) -> list[str]:
        """People who have answered every question of the exam and have yet to close it."""
        from pathlib import Path

        from django.conf import settings
        from django.db import transaction

        from elearning.demo import keys
        from operations import clock, outbox

        from . import world

        keys.make(Path(settings.KEYS_DIR), year=clock.today().year)
        place = world.make()
        for number in range(5 * kills + 30):
            with transaction.atomic():
                attempt, session = answered(place, number)
            self.sessions[attempt] = session
        outbox.work_off()
        return list(self.sessions)

    def order(self, base_url: str, key: str) -> None:
        """Close the exam. Whoever saw no answer sends it again."""
        send(base_url, f"/az/attempts/{key}/close/", {"confirmed": "yes"}, session=self.sessions[key])

    def findings(self, keys: list[str]) -> list[Finding]:
        from assessments.models import Attempt
        from certificates.models import Award, Certificate, CertificateDocument, Reservation

        causes = [f"attempt:{key}:C1-LAB" for key in keys]
        certificates = list(Certificate.objects.to_examine().filter(award__cause__in=causes))
        documents = CertificateDocument.objects.filter(certificate__in=certificates)
        reservations = Reservation.objects.all()
        places = [
            *reservations.values_list("revocation_list", "revocation_index"),
            *reservations.values_list("suspension_list", "suspension_index"),
        ]
        per_certificate = Counter(documents.values_list("certificate", flat=True))
        return [
            Finding(
                "exams closed",
                len(keys),
                Attempt.objects.filter(public_id__in=keys, closed_at__isnull=False).count(),
            ),
            Finding("awards", len(keys), Award.objects.filter(cause__in=causes).count()),
            Finding("certificates", len(keys), len({c.award.cause for c in certificates})),
            Finding(
                "certificates of one award more than once", 0, _surplus(c.award_id for c in certificates)
            ),
            Finding("reservations without a certificate", 0, reservations.count() - len(certificates)),
            Finding("places in status lists given twice", 0, _surplus(places)),
            Finding("documents", len(keys), list(per_certificate.values()).count(1)),
            Finding("documents whose file is intact", len(keys), sum(map(_intact, documents))),
            Finding(
                "certificates whose statement and proofs hold", len(keys), sum(map(_holds, certificates))
            ),
            *findings_of_mail(
                {"assessments.passed": keys, "certificates.issued": [c.public_id for c in certificates]}
            ),
        ]


def answered(place: Any, number: int) -> tuple[str, str]:
    """An exam of a new person, answered; the attempt's and the session's key."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from courses import actions as courses
    from courses.models import CoursePage
    from elearning.demo.answers import answer_exam, prepare
    from operations import notices
    from people.actions.persons import add_person
    from people.actions.postings import post
    from people.models import Role

    from .harness import BACKEND

    person = add_person(
        family_name="Məmmədova", given_name="Aytən", email=f"sitter{number}@agency.example", by=None
    )
    person.notice_rhythm = notices.Rhythm.AT_ONCE  # the mail is counted too
    person.save(update_fields=["notice_rhythm"])
    post(
        person=person, unit=place.unit, role=Role.objects.get(code="LAB"), service_number=f"K-{number}",
        valid_from=place.officer.created_at, by=None,
    )  # fmt: skip
    course = CoursePage.objects.get(code="C1-LAB")
    enrolment = courses.enrol(person=person, course=course, by=person)
    prepare(person=person, enrolment=enrolment)
    attempt = answer_exam(person=person, enrolment=enrolment, random=Random(number))
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return attempt.public_id, str(session.session_key)


def _surplus(values: Iterable[Any]) -> int:
    return sum(count - 1 for count in Counter(values).values())


def _intact(document: Any) -> bool:
    from operations import files

    try:
        return len(files.read(document.sha256, ".pdf")) == document.size
    except files.Damaged:
        return False


def _holds(certificate: Any) -> bool:
    from certificates.checking import examine

    examination = examine(certificate)
    return examination.certificate_state is not None and examination.slow is not None
