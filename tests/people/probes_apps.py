"""Probes of the apps to the right of people."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.test import override_settings
from django.urls import reverse

from assessments import actions as assessments
from assessments.actions_appeals import make_appeal, see_answers
from assessments.models import Appeal, Attempt
from certificates import actions_acts as acts
from certificates import actions_appeals as appeals
from certificates import actions_corrections as corrections
from certificates import actions_law as law
from certificates import actions_life as life
from certificates import actions_recognition as recognition
from certificates.actions_documents import take_document
from certificates.actions_doubts import leave_in_force
from certificates.models import Award, AwardInDoubt, Certificate, CertificateDocument, Complaint, EventAppeal
from clearance.actions_duty import enter_on_duty
from clearance.actions_register import refuse_unless_reader
from clearance.decision_list import reach_of_reader
from courses.actions_editions import confirm_edition, propose_edition
from courses.edition_plan import EditionFacts
from courses.models import CoursePage, LessonPage
from locales.languages import LANGUAGES
from operations import clock
from operations.ids import public_id
from operations.models import Proposal
from people.models import Agency, User
from standards import actions as standards
from tests.assessments import cases
from tests.certificates.ending import end_proposed, keeping_proposed
from tests.certificates.recognising import recognition_of
from tests.factories import Position, client_of, give, make_person
from tests.qualification_rules import exam_text
from tests.remembered import remembered

from .probes import NAMES, PROBES, SURE, Making, Probe, calls, get, post, shows, succeeded
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


def reads_decisions(by: User, agency: Agency) -> None:
    refuse_unless_reader(by)
    reach = reach_of_reader(by)
    if reach is not None and agency.public_id not in reach:
        raise PermissionDenied


ANOTHER_NAME = {"family_name": "Həsənova"}
NOW_OVER = f"{clock.now().astimezone(clock.BAKU):%Y-%m-%dT%H:%M}"
LATELY = {"since": f"{clock.today() - timedelta(days=7)}", "until": f"{clock.today()}"}


def a_registrar() -> User:
    person = make_person()
    give(person, Position.REGISTRAR)
    return person


def proposed(certificate: Certificate, act: str, reason: str, **asked: Any) -> Proposal:
    return acts.propose(act=act, certificate=certificate, reason=reason, by=a_registrar(), **asked)


def suspended(certificate: Certificate) -> Certificate:
    life.suspend(certificate=certificate, reason="inquiry", last_day=clock.today(), by=a_registrar())
    return certificate


def revoked(certificate: Certificate) -> Certificate:
    acts.confirm(proposal=proposed(certificate, life.REVOKE, "complaint"), by=a_registrar())
    return certificate


def renamed(certificate: Certificate) -> Proposal:
    holder = certificate.award.person
    return corrections.propose_name(person=holder, names=ANOTHER_NAME, by=a_registrar())


def complained(certificate: Certificate) -> Complaint:
    return appeals.record_complaint(
        certificate=certificate, category="conduct", reference="17/4", by=a_registrar()
    )


def appealed_against(certificate: Certificate) -> EventAppeal:
    suspended(certificate)
    holder = certificate.award.person
    return appeals.appeal(event=certificate.events.get(), category="facts", text="No.", by=holder)


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
        "certificates:act", w.colleagues_certificate.public_id, "revoke", reason="complaint", **SURE
    ),
    "certificates.decide_revocation": lambda w: post(
        "certificates:decide", w.revocation.public_id, "confirm"
    ),
    "certificates.suspend": lambda w: calls(
        lambda by: life.suspend(
            certificate=w.colleagues_certificate, reason="inquiry", last_day=clock.today(), by=by
        )
    ),
    "certificates.propose_suspension": lambda w: post(
        "certificates:act",
        w.colleagues_certificate.public_id,
        "suspend",
        reason="inquiry",
        last_day=(clock.today() + timedelta(days=60)).isoformat(),
        **SURE,
    ),
    "certificates.propose_voiding": lambda w: post(
        "certificates:act", w.colleagues_certificate.public_id, "void", reason="issued-in-error", **SURE
    ),
    "certificates.propose_reinstatement": lambda w: calls(
        lambda by: acts.propose(
            act=life.REINSTATE, certificate=suspended(w.colleagues_certificate), reason="not-borne-out", by=by
        )
    ),
    "certificates.propose_readmission": lambda w: calls(
        lambda by: acts.propose(
            act=life.READMIT,
            certificate=revoked(w.colleagues_certificate),
            reason="time-passed",
            first_day=clock.today(),
            by=by,
        )
    ),
    "certificates.decide_suspension": lambda w: calls(
        lambda by: acts.confirm(
            proposal=proposed(
                w.colleagues_certificate, life.SUSPEND_LONGER, "inquiry", last_day=clock.today()
            ),
            by=by,
        )
    ),
    "certificates.decide_voiding": lambda w: calls(
        lambda by: acts.confirm(
            proposal=proposed(w.colleagues_certificate, life.VOID, "issued-in-error"), by=by
        )
    ),
    "certificates.decide_reinstatement": lambda w: calls(
        lambda by: acts.confirm(
            proposal=proposed(suspended(w.colleagues_certificate), life.REINSTATE, "not-borne-out"), by=by
        )
    ),
    "certificates.decide_readmission": lambda w: calls(
        lambda by: acts.confirm(
            proposal=proposed(
                revoked(w.colleagues_certificate), life.READMIT, "time-passed", first_day=clock.today()
            ),
            by=by,
        )
    ),
    "certificates.take_documents": lambda w: calls(
        lambda by: take_document(
            certificate=w.colleagues_certificate, layout=CertificateDocument.Layout.AZ, by=by
        )
    ),
    "certificates.propose_recognition": lambda w: calls(lambda by: recognition_of(w.newcomer, by)),
    "certificates.decide_recognition": lambda w: calls(
        lambda by: recognition.confirm_recognition(proposal=recognition_of(w.newcomer, a_registrar()), by=by)
    ),
    "certificates.propose_correction": lambda w: calls(
        lambda by: corrections.propose_name(
            person=w.colleagues_certificate.award.person, names=ANOTHER_NAME, by=by
        )
    ),
    "certificates.decide_correction": lambda w: calls(
        lambda by: corrections.confirm_correction(proposal=renamed(w.colleagues_certificate), by=by)
    ),
    "certificates.propose_end_of_older": lambda w: calls(lambda by: keeping_proposed(by)),
    "certificates.confirm_end_of_older": lambda w: calls(
        lambda by: law.confirm_end(proposal=end_proposed(), by=by)
    ),
    "certificates.record_complaint": lambda w: calls(
        lambda by: appeals.record_complaint(
            certificate=w.colleagues_certificate, category="conduct", reference="17/4", by=by
        )
    ),
    "certificates.decide_complaint": lambda w: calls(
        lambda by: appeals.decide_complaint(
            complaint=complained(w.colleagues_certificate), outcome="dismissed", by=by
        )
    ),
    "certificates.decide_appeal": lambda w: calls(
        lambda by: appeals.decide_appeal(
            appeal=appealed_against(w.colleagues_certificate), outcome="dismissed", by=by
        )
    ),
    "certificates.leave_in_force": lambda w: calls(
        lambda by: leave_in_force(doubt=doubted(w.colleagues_certificate.award), reason="no-fault", by=by)
    ),
    "clearance.ask": lambda w: post("clearance:desk", who="LAB-0417", function="F8"),
    "clearance.read_decisions": lambda w: calls(lambda by: reads_decisions(by, w.agency)),
    "clearance.make_evidence": lambda w: post(
        "clearance:evidence", number="LAB-0417", reason="review", **LATELY
    ),
    "clearance.ask_past": lambda w: post(
        "clearance:past",
        agency=w.agency.public_id,
        number="LAB-0417",
        functions="F8",
        known="today",
        at=NOW_OVER,
        good=shows('class="ansx'),
    ),
    "clearance.see_decisions": lambda w: get("clearance:decision", w.decision.public_id),
    "clearance.set_staffing": lambda w: post("clearance:staffing_of", w.unit.public_id, F8="2", **SURE),
    "clearance.enter_duty": lambda w: calls(
        lambda by: enter_on_duty(people=[w.officer], until=clock.now() + timedelta(hours=1), by=by)
    ),
    "clearance.override": lambda w: post(
        "clearance:override_decision", w.more["refused"].public_id, reason="danger"
    ),
    "clearance.see_overrides": lambda w: get("clearance:override", w.more["override"].public_id),
    "clearance.review_override": lambda w: post(
        "clearance:override", w.more["override"].public_id, finding="justified"
    ),
    "certificates.see_qualifications": lambda w: get(
        "certificates:qualification", w.curriculum.qualification.public_id
    ),
    "certificates.propose_rules": lambda w: post(
        "certificates:propose_rules",
        w.curriculum.qualification.public_id,
        first=exam_text("C1-LAB"),
        renewal=exam_text("C1-LAB"),
        valid_months="12",
        renewal_opens_days="60",
        renewal_closes_days="90",
        legal_baseline="2026-11-24",
        basis="PD",
        first_day=f"{clock.today() + timedelta(days=3)}",
        reason="review",
        **SURE,
    ),
    "certificates.confirm_rules": lambda w: post(
        "certificates:decide_rules",
        w.more["rules"].public_id,
        "confirm",
        good=decided(w.more["rules"], "confirmed"),
    ),
    "clearance.see_requirements": lambda w: get("clearance:requirement", w.curriculum.desk_review.public_id),
    "clearance.propose_requirement": lambda w: post(
        "clearance:propose_requirement",
        w.curriculum.desk_review.public_id,
        **{f"who_{language}": "someone" for language in LANGUAGES},
        needs="C1-LAB",
        grace_days="7",
        mode="enforce",
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
