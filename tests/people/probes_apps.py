"""Probes of the apps to the right of people."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.test import override_settings
from django.urls import reverse

from assessments import actions as assessments
from assessments.actions_appeals import make_appeal, see_answers
from assessments.models import Appeal, Attempt
from certificates import actions as certificates
from certificates.actions_doubts import leave_in_force
from certificates.models import Award, AwardInDoubt
from courses.actions_editions import confirm_edition, propose_edition
from courses.edition_plan import EditionFacts
from courses.models import CoursePage, LessonPage
from operations import clock
from operations.ids import public_id
from operations.models import Proposal
from people.models import User
from standards import actions as standards
from tests.assessments import cases
from tests.factories import Position, client_of, give, make_person
from tests.remembered import remembered

from .probes import NAMES, PROBES, SURE, Making, Probe, calls, get, post, succeeded
from .probes_records import decided


def read_demo_mail(by: User) -> None:
    with override_settings(DEMO=True):
        if client_of(by).get(reverse("demo:mails")).status_code == 403:
            raise PermissionDenied


@remembered
def proposed_edition(course: CoursePage) -> Proposal:
    """An edition without a changed page, proposed by a trainer: its sources were read again."""
    trainer = make_person()
    give(trainer, Position.TRAINER)
    facts = EditionFacts(
        reason="Read again", material=False, legal_date=clock.today() + timedelta(days=1), languages=["az"]
    )
    return propose_edition(course=course, facts=facts, by=trainer)


@remembered
def appealed(attempt: Attempt) -> Appeal:
    """The person's appeal against the result."""
    return Appeal.objects.filter(attempt=attempt).first() or make_appeal(
        attempt=attempt, category=Appeal.Category.values[0], text="", by=attempt.person
    )


def doubted(award: Award) -> AwardInDoubt:
    """The award, before the registrars since its exam was annulled."""
    return AwardInDoubt.objects.create(
        award=award, marking=public_id(), why=AwardInDoubt.Why.ANNULLED, raised_at=clock.now()
    )


APPS: dict[str, Making] = {
    "elearning.read_mail": lambda w: calls(read_demo_mail),
    "standards.write": lambda w: calls(
        lambda by: standards.save_figure(
            code="new",
            value="1",
            name=NAMES,
            unit=None,
            as_of=date(2026, 11, 24),
            source=None,
            confidence="V",
            by=by,
        )
    ),  # fmt: skip
    "assessments.author": lambda w: calls(
        lambda by: assessments.save_family(code="NEW", use="practice", titles=NAMES, facts=cases.FACTS, by=by)
    ),
    "assessments.release": lambda w: post(
        "assessor:release", w.more["failed"].public_id, reason="prepared", **SURE
    ),
    "assessments.decide_appeals": lambda w: calls(
        lambda by: see_answers(appeal=appealed(w.more["failed"]), by=by)
    ),
    "assessments.extra_time": lambda w: post("assessor:extra_time", w.officer.public_id, percent="25"),
    "courses.author": lambda w: Probe(
        path=reverse("wagtailadmin_pages:edit", args=[LessonPage.objects.live().earliest("pk").pk])
    ),
    "courses.propose": lambda w: get("courses_cms:propose", w.curriculum.course.pk),
    "courses.confirm": lambda w: calls(
        lambda by: confirm_edition(proposal=proposed_edition(w.curriculum.course), by=by)
    ),
    "courses.take_back": lambda w: get("courses_cms:take_back", w.curriculum.course.pk),
    "certificates.see_register": lambda w: get("certificates:one", w.certificate.public_id),
    "certificates.export_register": lambda w: post("certificates:export", good=succeeded),
    "certificates.propose_revocation": lambda w: post(
        "certificates:one", w.colleagues_certificate.public_id, reason="complaint", **SURE
    ),
    "certificates.decide_revocation": lambda w: post(
        "certificates:decide", w.revocation.public_id, "confirm"
    ),
    "certificates.leave_in_force": lambda w: calls(
        lambda by: leave_in_force(doubt=doubted(w.colleagues_certificate.award), reason="no-fault", by=by)
    ),
    "certificates.save_qualification": lambda w: calls(
        lambda by: certificates.save_qualification(
            code="NEW",
            names=NAMES,
            descriptions=NAMES,
            by=by,
            rules={
                "course": "C1-LAB",
                "blueprint": "none",
                "valid_months": 24,
                "legal_baseline": "2026-11-24",
                "basis": "PD",
            },
        )
    ),  # fmt: skip
    "clearance.ask": lambda w: post("clearance:desk", who="LAB-0417", function="F8"),
    "clearance.see_decisions": lambda w: get("clearance:decision", w.decision.public_id),
    "clearance.see_requirements": lambda w: get("clearance:requirement", w.curriculum.desk_review.public_id),
    "clearance.propose_requirement": lambda w: post(
        "clearance:propose_requirement",
        w.curriculum.desk_review.public_id,
        certificates="C1-LAB",
        grace_days="7",
        basis="PD",
        first_day=f"{clock.today() + timedelta(days=3)}",
        reason="review",
        **SURE,
    ),
    "clearance.confirm_requirement": lambda w: post(
        "clearance:decide_requirement",
        w.more["requirement"].public_id,
        "confirm",
        good=decided(w.more["requirement"], "confirmed"),
    ),
}
PROBES.update(APPS)
