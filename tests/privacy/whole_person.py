"""Somebody about whom every table with personal data says something: for export and erasure.

Made through actions where the way is short, as rows where it is long.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from wagtail.users.models import UserProfile

from accounts.models import Invitation
from assessments import actions as assessments
from assessments.models import (
    AnswersSeen,
    Appeal,
    AppealDecision,
    Attempt,
    Blueprint,
    BlueprintVersion,
    ExamRelease,
    ExtraTime,
    KeySeen,
    Marking,
    Scenario,
    ScenarioFamily,
    ScenarioVersion,
)
from certificates.models import (
    Award,
    AwardInDoubt,
    Certificate,
    Complaint,
    EventAppeal,
    NameCorrection,
    Qualification,
    QualificationInForce,
    QualificationVersion,
    Readmission,
)
from clearance import actions as clearance
from clearance import case_reference
from clearance.models import (
    Decision,
    DecisionOverride,
    OnDuty,
    Requirement,
    RequirementInForce,
    RequirementVersion,
)
from courses.models import CheckDone, Edition, Enrolment, Withdrawal
from operations import audit, clock
from operations.models import Errand, Job, Notice, Proposal
from people.models import AddressRequest, Grant, Leave, Posting, Role, Unit, User
from privacy.actions.corrections import answer_correction, ask_correction
from rosters.models import RosterImport, RosterLine
from tests import factories, tiny
from tests.certificates.issuing import happen
from tests.factories import Position, client_of
from tests.remembered import remembered

FAMILY, GIVEN, FATHER = "Zərqələmova", "Ülkərnaz", "Fətullabəy qızı"
LATIN, CYRILLIC = ("Zargalamova", "Ulkarnaz"), ("Зяргялямова", "Юлькярназ", "Фатуллабековна")
EMAIL, NEW_EMAIL, OLD_EMAIL = (
    "zarga.one@agency.example", "zarga.two@agency.example", "zarga.three@agency.example",
)  # fmt: skip
A_SECOND = timedelta(seconds=1)
NUMBER, HASH, WORDS = "UNQ-77713", "5e" * 32, "qəribə-söz"
MARKERS = (
    FAMILY, GIVEN, FATHER.split()[0], *LATIN, *CYRILLIC, EMAIL, NEW_EMAIL, OLD_EMAIL, NUMBER, HASH, WORDS,
    "zerqelemova", "file-of-zarga", "uid-of-zarga", "203.0.113.77",
)  # fmt: skip


@dataclass
class Whole:
    person: User
    merged: User
    certificate: Certificate
    session_key: str


@remembered
def make(unit: Unit, role: Role, officer: User, officer2: User, admin: User) -> Whole:
    person = _person(unit, role, officer2)
    merged = factories.make_person(FAMILY, GIVEN, email=OLD_EMAIL)
    merged = factories.merged(merged, into=person, is_active=False)
    User.objects.filter(pk=officer.pk).update(supervisor=person)
    curriculum = tiny.tiny_curriculum()
    certificate = tiny.certify(curriculum, person)
    _learning(curriculum, person, admin)
    others = tiny.certify(curriculum, officer2)
    _acts(person, others)
    _appeals(person, officer2, others.award, admin)
    _life_of_certificates(person, certificate, others, admin)
    _register(person, unit, admin)
    _operations(person, admin)
    _clearance(curriculum, person, officer, unit)
    UserProfile.objects.create(user=person, preferred_language="az")
    _sign_in(person)
    client = client_of(person)
    session = client.session
    session["searched"] = FAMILY
    session.save()
    person.refresh_from_db()
    return Whole(person, merged, certificate, session.session_key)


def _person(unit: Unit, role: Role, supervisor: User) -> User:
    person = factories.make_person(
        FAMILY, GIVEN, father_name=FATHER, email=EMAIL, unit=unit, role=role, service_number=NUMBER,
        password=factories.PASSWORD, sex="f", spoken_languages=("az", "lez"), supervisor=supervisor,
        latin=LATIN, cyrillic=CYRILLIC, language="ru",
    )  # fmt: skip
    person.national_id_hash, person.last_login, person.availability = HASH, clock.now(), "on-call"
    person.save()
    return person


def _sign_in(person: User) -> None:
    Authenticator.objects.create(user=person, type="totp", data={"secret": WORDS})
    UserSession.objects.create(
        user=person, ip="203.0.113.77", user_agent="file-of-zarga", session_key="no-such-session"
    )
    SocialAccount.objects.create(
        user=person, provider="labour", uid="uid-of-zarga", extra_data={"name": FAMILY, "email": EMAIL}
    )


def _learning(curriculum: tiny.Curriculum, person: User, admin: User) -> None:
    practice = assessments.start_attempt(
        blueprint=curriculum.practice,
        origin=f"enrolment:{Enrolment.objects.get(person=person).public_id}",
        by=person,
    )
    tiny.answer(practice, harm=True)
    assessments.close_attempt(attempt=practice, by=person, confirmed=True)
    Enrolment.objects.filter(person=person).update(enrolled_by=admin)
    lesson = Edition.objects.get().lessons.first()
    CheckDone.objects.create(
        enrolment=Enrolment.objects.get(person=person), lesson=lesson.lesson, check_code="c-1"
    )
    _admission(curriculum, person, admin)


def _admission(curriculum: tiny.Curriculum, person: User, admin: User) -> None:
    """Of others to the person, and of the person to others."""
    now = clock.now()
    for whose, by in ((person, admin), (admin, person)):
        ExamRelease.objects.create(
            person=whose, blueprint=curriculum.exam, reason="prepared", released_at=now, released_by=by,
            withdrawn_at=now, withdrawn_by=by,
        )  # fmt: skip
        ExtraTime.objects.create(
            person=whose, percent=25, given_at=now, given_by=by, ended_at=now, ended_by=by
        )
    KeySeen.objects.create(person=person, family=ScenarioFamily.objects.first(), seen_at=now)


def _acts(person: User, others: Certificate) -> None:
    """Return what somebody leaves behind who wrote cases, set rules and decided about certificates."""
    recorded: Any = {"number": 99, "sha256": "0" * 64, "recorded_by": person}
    ScenarioVersion.objects.create(scenario=Scenario.objects.first(), format=1, content={}, **recorded)
    blueprint = Blueprint.objects.exclude(use="exam").first()
    BlueprintVersion.objects.create(blueprint=blueprint, rules={}, **recorded)
    version = QualificationVersion.objects.create(
        qualification=Qualification.objects.first(), rules={}, **recorded
    )
    requirement = Requirement.objects.first()
    required = RequirementVersion.objects.create(requirement=requirement, rules={}, **recorded)
    long_ago = clock.now() - timedelta(days=4000)
    for row in (
        QualificationInForce(qualification=version.qualification, version=version),
        RequirementInForce(requirement=requirement, version=required),
    ):
        row.valid_from, row.valid_to = long_ago, long_ago + timedelta(days=1)
        row.recorded_at, row.recorded_by = long_ago, person
        row.withdrawn_at, row.withdrawn_by = long_ago, person
        row.save()
    facts: Any = {
        "course": Edition.objects.get().course, "reason": "", "material": False, "legal_date": clock.today(),
    }  # fmt: skip
    edition = Edition.objects.create(
        number=99, published_by=person, confirmed_by=others.award.person, **facts
    )
    Edition.objects.create(number=100, published_by=others.award.person, confirmed_by=person, **facts)
    Withdrawal.objects.create(course=edition.course, edition=edition, reason="", withdrawn_by=person)
    for by in (person, None):
        happen(others, "suspended", until=clock.now() + timedelta(seconds=1), by=by)


def _appeals(person: User, officer2: User, award: Award, admin: User) -> None:
    """An appeal of the person's, decided by somebody else; and what the person did about another's."""
    now = clock.now()
    for whose, by in ((person, admin), (officer2, person)):
        attempt = Attempt.objects.get(person=whose, blueprint__use="exam")
        appeal = Appeal.objects.create(attempt=attempt, category="other", text=WORDS, received_at=now)
        AnswersSeen.objects.create(appeal=appeal, by=by, seen_at=now)
        AppealDecision.objects.create(
            appeal=appeal, outcome="stands", words=f"{WORDS} {GIVEN}" if whose == person else "so",
            decided_at=now, decided_by=by,
        )  # fmt: skip
        Marking.objects.create(
            attempt=attempt, number=2, cause="correction", formulas=1, points=1, points_max=1, passed=True,
            made_at=now, made_by=by,
        )  # fmt: skip
    Appeal.objects.filter(attempt__person=officer2).update(text=None)
    AwardInDoubt.objects.create(
        award=award, marking="m", why="annulled", raised_at=now, outcome="stays", reason="no-fault",
        decided_at=now, decided_by=person,
    )  # fmt: skip
    own = Award.objects.get(person=person)
    AwardInDoubt.objects.create(
        award=own,
        marking="n",
        why="annulled",
        raised_at=now,
        outcome="stays",
        reason="no-fault",
        decided_at=now,
        decided_by=admin,
    )


def _life_of_certificates(person: User, own: Certificate, others: Certificate, admin: User) -> None:
    """A readmission, complaints and appeals: about the person, and what the person did about another's."""
    now = clock.now()
    two: Any = {
        "proposed_by": admin,
        "decided_by": others.award.person,
        "proposed_at": now,
        "decided_at": now,
    }
    readmitted = Proposal.objects.create(
        act="certificates.readmit", subject_id=own.public_id, reason_category="", expires_at=now + timedelta(days=1),
        outcome="confirmed", **two,
    )  # fmt: skip
    Readmission.objects.create(
        person=person, qualification=own.qualification_version.qualification, reason="time-passed", opens_at=now,
        recorded_at=now, proposal=readmitted,
    )  # fmt: skip
    proposed = Proposal.objects.create(
        act="certificates.correct", subject_id=person.public_id, reason_category="name", outcome="declined",
        payload={"fields": ["given_name"], "sha256": "x"}, expires_at=now + timedelta(days=1), **two,
    )  # fmt: skip
    NameCorrection.objects.create(
        proposal=proposed, person=person, names={"given_name": [GIVEN, f"{GIVEN} Nigar"]}, salt="salt"
    )
    decided: Any = {"outcome": "dismissed", "decided_at": now}
    for recorded_by, decided_by, about in ((admin, person, own), (person, admin, others)):
        Complaint.objects.create(
            certificate=about, category="conduct", reference="2026-1", recorded_at=now, recorded_by=recorded_by,
            decided_by=decided_by, **decided,
        )  # fmt: skip
    for made_by, decided_by, about in ((person, admin, own), (others.award.person, person, others)):
        event = happen(about, "suspended", at=now - 2 * A_SECOND, until=now - A_SECOND, by=admin)
        EventAppeal.objects.create(
            event=event, category="facts", text=f"{WORDS} {GIVEN}" if made_by == person else None, made_at=now,
            made_by=made_by, decided_by=decided_by, **decided,
        )  # fmt: skip


def _register(person: User, unit: Unit, admin: User) -> None:
    now, agency = clock.now(), unit.agency
    for days in (-20, 20):  # neither is now: who is away is not cleared
        begun = now + timedelta(days=days)
        Leave.objects.create(
            user=person, valid_from=begun, valid_to=begun + timedelta(days=9), recorded_at=now
        )
    for revoked in (True, False):
        grant: Any = {"revoked_at": now, "revoked_by": admin} if revoked else {}
        Grant.objects.create(
            person=person, position=Position.DUTY_OFFICER, unit=unit, starts_at=factories.a_year_ago(),
            granted_by=admin, confirmed_by=admin, reason=f"{WORDS} {GIVEN}", **grant,
        )  # fmt: skip
    invited: Any = {
        "person": person, "agency": agency, "way": "mail", "invited_by": admin, "expires_at": now,
        "refused": f"550 {EMAIL} unknown",
    }  # fmt: skip
    Invitation.objects.create(secret_hash="a" * 64, revoked_at=now, revoked_by=admin, **invited)
    Invitation.objects.create(secret_hash="b" * 64, printed_by=admin, replaces_password=True, **invited)
    AddressRequest.objects.create(person=person, email=NEW_EMAIL, asked_by=admin, expires_at=now)
    asked = ask_correction(person=person, about="name", text=f"{WORDS} {FAMILY}", by=person)
    answer_correction(request=asked, outcome="corrected", answer=f"{WORDS} {GIVEN}", by=admin)
    ask_correction(person=person, about="other", text=WORDS, by=person)
    by_admin = RosterImport.objects.create(agency=agency, by=admin, file_name="roster.csv", valid_from=now)
    RosterImport.objects.create(
        agency=agency,
        by=person,
        file_name="file-of-zarga.csv",
        stored="x",
        headings=["Ad"],
        valid_from=now,
    )
    cells = {"family_name": FAMILY, "email": EMAIL}
    RosterLine.objects.create(
        roster=by_admin, number=1, kind="changed", cells=cells, before=cells, after=cells, person=person,
        errors=[{"column": "email", "code": "x", "value": EMAIL}], service_number=NUMBER,
    )  # fmt: skip
    RosterLine.objects.create(roster=by_admin, number=2, cells={"given_name": GIVEN}, service_number=NUMBER)
    RosterLine.objects.create(roster=by_admin, number=3, cells=cells)


def _operations(person: User, admin: User) -> None:
    now = clock.now()
    Notice.objects.create(
        person=person, kind="certificates.issued", subject_id="x", sent_at=now, refused=f"550 {EMAIL}"
    )
    Notice.objects.create(person=person, kind="certificates.revoked", subject_id="y")
    Job.objects.create(kind="people.export", by=person, result="ab/abc.zip", state="done", closed_at=now)
    for proposed_by, decided_by in ((person, admin), (admin, person)):
        Proposal.objects.create(
            act="people.something", subject_id="x", reason_category="", proposed_by=proposed_by,
            proposed_at=now, expires_at=now + timedelta(days=1), decided_by=decided_by, decided_at=now,
            outcome="confirmed",
        )  # fmt: skip
    Errand.objects.create(kind="accounts.reset_mail", key="x", error=f"550 {EMAIL} refused")
    audit.record(
        by=person, act="people.transfer", subject_kind="user", subject_id=person.public_id,
        why=f"{WORDS} {FAMILY}", personal={person.public_id: {"service_number": ("UNQ-77712", NUMBER)}},
    )  # fmt: skip


def _clearance(curriculum: tiny.Curriculum, person: User, officer: User, unit: Unit) -> None:
    duty_officer = factories.make_person("Əliyev", "Rəşad")
    factories.give(duty_officer, Position.DUTY_OFFICER, unit=unit)
    for about, by in ((person, duty_officer), (officer, person)):
        clearance.decide(
            function=curriculum.desk_review, person=about, instant=clock.now(), by=by, confirmed=(),
            case=case_reference.trace_of(case_reference.digest_of("12-345/2026")),
        )  # fmt: skip
    DecisionOverride.objects.create(
        decision=Decision.objects.get(person=officer), unit=unit, by=person, at=clock.now(), reason="danger",
        receipt=b"x", key="k", review_until=clock.now(), reviewed_by=person, reviewed_at=clock.now(),
        finding="justified",
    )  # fmt: skip
    until = clock.now() + timedelta(hours=8)
    OnDuty.objects.create(person=person, until=until, entered_by=person, entered_at=clock.now())


def postings_of(person: User) -> Any:
    return Posting.objects.filter(user=person)
