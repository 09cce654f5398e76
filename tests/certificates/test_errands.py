"""From a pass to a certificate: exactly one of everything, whatever dies in between."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from assessments import actions as assessments
from assessments.models import Attempt
from certificates import actions, actions_rules, read_model
from certificates.checking import examine_kept
from certificates.models import (
    Award,
    Certificate,
    CertificateBearer,
    CertificateCheck,
    CertificateDocument,
    Reservation,
    StatusList,
)
from certificates.signals import certificate_issued
from certificates.state import State
from operations import clock, files, outbox
from operations.models import AuditEntry, Errand, Notice
from operations.notices import Rhythm
from operations.scheduled import sweep_files
from people.models import User
from tests import factories, tiny
from tests.databases import on_postgresql, really_committed
from tests.qualification_rules import exam, rules_of

from .issuing import Kind, ago, happen, make_award, make_certificate, without_guards

STEPS = ["reservation", "certificate", "document", "proofs checked", "others told", "notice"]
ONE_OF_EACH = (
    Award, Reservation, Certificate, CertificateBearer, CertificateDocument, CertificateCheck, Notice,
)  # fmt: skip


def counts() -> dict[str, int]:
    """How many there are; of notices those about a certificate."""
    counted = {model.__name__: model._default_manager.count() for model in ONE_OF_EACH}
    return {**counted, "Notice": Notice.objects.filter(kind__startswith="certificates.").count()}


def errand_of(award: Award) -> Errand:
    return Errand.objects.get(kind=actions.ISSUE, key=award.public_id)


def attend(award: Award) -> Errand:
    """Claim and attend now, whatever the back-off says."""
    outbox.reopen(errand_of(award))
    claimed = outbox.claim(only=[actions.ISSUE])
    assert claimed is not None
    outbox.attend(claimed)
    return errand_of(award)


@pytest.fixture
def heard() -> Iterator[list[Certificate]]:
    """Certificates of which other apps were told."""
    found: list[Certificate] = []

    def hear(sender: Any, certificate: Certificate, **kwargs: Any) -> None:
        found.append(certificate)

    certificate_issued.connect(hear)
    yield found
    certificate_issued.disconnect(hear)


# --- the whole way -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_passed_exam_becomes_one_certificate(
    keys: None, curriculum: tiny.Curriculum, officer: User, heard: list[Certificate]
):
    officer.notice_rhythm = Rhythm.AT_ONCE
    officer.save(update_fields=["notice_rhythm"])
    attempt = tiny.sit_exam(curriculum, officer)
    award = Award.objects.get()
    assert (award.cause, award.person, award.awarded_at) == (
        f"attempt:{attempt.public_id}:C1-LAB", officer, attempt.closed_at,
    )  # fmt: skip
    assert counts() == {**dict.fromkeys(counts(), 0), "Award": 1}
    outbox.work_off()
    assert errand_of(award).done == STEPS
    assert counts() == dict.fromkeys(counts(), 1)
    certificate = Certificate.objects.get()
    assert heard == [certificate]
    assert certificate.qualification_version == award.qualification_version
    found = read_model.read(certificate.public_id)
    assert found is not None
    certificate_state = examine_kept(found).certificate_state
    assert certificate_state is not None
    assert certificate_state.state == State.VALID
    assert [message.to for message in mail.outbox] == [
        ["officer@agency.example"]
    ] * 2  # the pass, the certificate


@pytest.mark.django_db
def test_evidence_names_what_was_passed_and_no_person(keys: None, curriculum: tiny.Curriculum, officer: User):
    attempt = tiny.sit_exam(curriculum, officer)
    frozen = Award.objects.get().evidence
    today = clock.today()
    last = clock.add_months(today, 24) - timedelta(days=1)
    assert (frozen["way"], frozen["days"]) == (
        "first",
        {"first": today.isoformat(), "last": last.isoformat()},
    )
    [[(name, evidence)]] = [shown.items() for shown in frozen["shown"]]
    assert name == "exam" and set(evidence) == {
        "attempt", "closed_at", "marking", "points", "points_max", "required", "blueprint", "cases", "edition",
    }  # fmt: skip
    assert (evidence["attempt"], evidence["edition"]["number"]) == (attempt.public_id, 1)
    assert len({case["code"][:3] for case in evidence["cases"]} & set(tiny.EXAM_FAMILIES)) == 2
    assert officer.family_name not in str(evidence)


@pytest.mark.django_db
@pytest.mark.parametrize("well", [False])
def test_a_failed_exam_earns_nothing(keys: None, curriculum: tiny.Curriculum, officer: User, well: bool):
    assert tiny.sit_exam(curriculum, officer, well=well).passed is False
    assert (Award.objects.count(), Errand.objects.filter(kind=actions.ISSUE).count()) == (0, 0)


@pytest.mark.django_db
def test_an_exam_that_no_qualification_names_earns_nothing(
    keys: None, curriculum: tiny.Curriculum, officer: User
):
    actions_rules.save_qualification(
        code="C1-LAB",
        names=factories.names("Labour inspector"),
        descriptions=factories.names("Recognises indicators"),
        rules=rules_of(exam("C1-LAB", "another-exam")),
        by=None,
    )
    tiny.sit_exam(curriculum, officer)
    assert Award.objects.count() == 0


@pytest.mark.django_db
def test_rules_changed_after_the_closing_change_nothing(
    keys: None, curriculum: tiny.Curriculum, officer: User
):
    tiny.sit_exam(curriculum, officer)
    rules = curriculum.qualification.versions.get().rules
    actions_rules.save_qualification(
        code="C1-LAB", names=rules["name"], descriptions=factories.names("Recognises indicators"),
        rules={**{k: v for k, v in rules.items() if k != "name"}, "valid_months": 6}, by=None,
    )  # fmt: skip
    outbox.work_off()
    certificate = Certificate.objects.get()
    assert certificate.qualification_version.number == 1
    assert certificate.valid_to - certificate.valid_from > timedelta(days=700)


@pytest.mark.django_db
def test_closing_that_fails_leaves_no_award(keys: None, curriculum: tiny.Curriculum, officer: User):
    def refuse(sender: Any, **kwargs: Any) -> None:
        raise RuntimeError("somebody further right fails")

    from assessments.signals import attempt_closed

    attempt_closed.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            tiny.sit_exam(curriculum, officer)
    finally:
        attempt_closed.disconnect(refuse)
    assert (Award.objects.count(), Attempt.objects.get().closed_at) == (0, None)


@pytest.mark.django_db
def test_awarded_twice_for_one_cause_is_awarded_once(keys: None, curriculum: tiny.Curriculum, officer: User):
    attempt = tiny.sit_exam(curriculum, officer)
    assert actions.award(attempt=attempt, by=None) == [Award.objects.get()]
    outbox.work_off()
    assert actions.award(attempt=attempt, by=None) == [Award.objects.get()]
    outbox.work_off()
    assert counts() == dict.fromkeys(counts(), 1)


# --- killed anywhere ---------------------------------------------------------------------------------


class Killed(Exception):
    pass


@contextmanager
def killed_in(name: str, moment: str) -> Iterator[None]:
    """The first time, the step dies: before or after its slow part, or with all written, before the commit."""
    kind = outbox.kinds[actions.ISSUE]
    deaths = [Killed(f"{moment} {name}")]

    def dying(step: outbox.ErrandStep) -> outbox.ErrandStep:
        def prepare(errand: Errand) -> Any:
            if moment == "before prepare" and deaths:
                raise deaths.pop()
            return step.prepare(errand)

        def commit(errand: Errand, prepared: Any) -> None:
            if moment == "before commit" and deaths:
                raise deaths.pop()
            step.commit(errand, prepared)
            if moment == "before the end of commit" and deaths:
                raise deaths.pop()

        return outbox.ErrandStep(step.name, commit=commit, prepare=prepare)

    steps = tuple(dying(step) if step.name == name else step for step in kind.steps)
    outbox.kinds[actions.ISSUE] = replace(kind, steps=steps)
    try:
        yield
    finally:
        outbox.kinds[actions.ISSUE] = kind
    assert deaths == []


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["before prepare", "before commit", "before the end of commit"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_in_a_step_and_started_again_there_is_one_of_each(
    keys: None, officer: User, heard: list[Certificate], step: str, moment: str
):
    award = make_award(officer)
    with killed_in(step, moment):
        errand = attend(award)
        assert (errand.done, errand.error) == (STEPS[: STEPS.index(step)], f"Killed: {moment} {step}")
        errand = attend(award)
    assert (errand.state, errand.done) == (Errand.State.DONE, STEPS)
    assert counts() == dict.fromkeys(counts(), 1)
    assert StatusList.objects.get(number=1).entries == 1
    certificate = Certificate.objects.get()
    assert certificate.reservation == Reservation.objects.get()
    assert {told.pk for told in heard} == {certificate.pk}
    assert (
        len(files.read(certificate.documents.get().sha256 or "", ".pdf")) == certificate.documents.get().size
    )


@pytest.mark.django_db
def test_attended_to_again_after_the_end_nothing_is_made_twice(keys: None, officer: User):
    award = make_award(officer)
    attend(award)
    errand = errand_of(award)
    errand.state, errand.closed_at = Errand.State.OPEN, None
    errand.save()
    outbox.work_off()
    assert counts() == dict.fromkeys(counts(), 1)


@pytest.mark.django_db
def test_a_forged_file_stops_the_errand_before_anybody_is_told(
    keys: None, officer: User, heard: list[Certificate]
):
    award = make_award(officer)
    with killed_in("proofs checked", "before prepare"):
        attend(award)
        content = files.read(CertificateDocument.objects.get().sha256 or "", ".pdf")
        with without_guards():
            CertificateDocument.objects.update(sha256=files.store(content[:-1] + b"!", ".pdf"))
        errand = attend(award)
    assert errand.error.startswith("ProofsFailed: ")
    assert (errand.done, heard, counts()["Notice"]) == (STEPS[:3], [], 0)
    assert list(Award.objects.being_made()) == [award]


# --- renewals, pseudonyms ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_next_one_renews_the_last_of_the_same_qualification(keys: None, officer: User, officer2: User):
    first = make_certificate(officer, at=ago(days=600))
    make_certificate(officer2)
    other = make_certificate(officer, qualification="C1-POL")
    second = make_certificate(officer, way="renewal")
    assert [first.renews, other.renews, second.renews] == [None, None, first]


@pytest.mark.django_db
def test_what_is_earned_as_for_the_first_time_renews_none(keys: None, officer: User):
    make_certificate(officer, at=ago(days=1200))
    assert make_certificate(officer).renews is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind, renewed",
    [(Kind.REVOKED, False), (Kind.VOIDED, False), (Kind.SUSPENDED, True), (Kind.ERASED, True)],
)
def test_what_was_taken_away_is_not_renewed(keys: None, officer: User, kind: str, renewed: bool):
    first = make_certificate(officer, at=ago(days=100))
    happen(first, kind, at=ago(days=50))
    assert make_certificate(officer, way="renewal").renews == (first if renewed else None)


@pytest.mark.django_db
def test_a_renewal_leaves_the_old_one_as_it_was(keys: None, officer: User):
    first = make_certificate(officer, at=ago(days=100))
    before = Certificate.objects.values().get(pk=first.pk)
    make_certificate(officer)
    assert Certificate.objects.values().get(pk=first.pk) == before
    assert first.events.count() == 0


@pytest.mark.django_db
def test_a_person_has_one_pseudonym_and_nobody_else_has_it(keys: None, officer: User, officer2: User):
    made = [make_certificate(person, qualification=code) for person, code in (
        (officer, "C1-LAB"), (officer, "C1-POL"), (officer2, "C1-LAB"))]  # fmt: skip
    first, same, other = (certificate.bearer_key for certificate in made)
    assert first == same != other
    assert officer.public_id not in {first, other}


# --- together ----------------------------------------------------------------------------------------


def together(*calls: Any) -> list[BaseException]:
    failures: list[BaseException] = []

    def run(call: Any) -> None:
        try:
            call()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@on_postgresql
@really_committed
def test_two_simultaneous_closings_give_one_award(keys: None):
    curriculum = tiny.tiny_curriculum()
    officer = factories.make_person(unit=factories.make_unit(factories.make_agency()))
    attempt = tiny.begin_exam(curriculum, officer)
    tiny.answer(attempt)
    closings = [
        lambda: assessments.close_attempt(
            attempt=Attempt.objects.get(pk=attempt.pk), by=officer, confirmed=True
        )
    ] * 6
    assert together(*closings) == []
    assert (Award.objects.count(), Errand.objects.filter(kind=actions.ISSUE).count()) == (1, 1)
    outbox.work_off()
    assert Certificate.objects.count() == 1


@on_postgresql
@really_committed
def test_several_workers_make_certificates_side_by_side(keys: None):
    officer, officer2 = factories.make_person(), factories.make_person()
    made = [
        make_award(person, qualification=code)
        for person in (officer, officer2)
        for code in ("C1-LAB", "C1-POL")
    ]
    deadline = clock.real_now() + timedelta(seconds=30)

    def work() -> None:
        while Errand.objects.filter(kind=actions.ISSUE).exclude(state=Errand.State.DONE).exists():
            if clock.real_now() > deadline:
                raise TimeoutError
            if errand := outbox.claim(only=[actions.ISSUE]):
                outbox.attend(errand)

    assert together(work, work, work) == []
    assert Certificate.objects.count() == len(made)
    assert len(set(Certificate.objects.values_list("award__person", "bearer_key"))) == 2
    assert StatusList.objects.count() == 2


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for the files of certificates."""
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "documents": disk}
    return tmp_path


def swept(place: Path, *, days: float) -> list[str]:
    """Return the hashes of the files that are left by the night's work when all were written so many days ago."""
    at = (clock.real_now() - timedelta(days=days)).timestamp()
    for path in place.rglob("*.pdf"):
        os.utime(path, (at, at))
    sweep_files(clock.now())
    return [path.stem for path in place.rglob("*.pdf")]


@pytest.mark.django_db
def test_file_written_before_its_process_died_is_swept_a_day_later_and_the_certificates_own_never(
    keys: None, officer: User, place: Path
):
    award = make_award(officer)
    with killed_in("document", "before commit"):
        attend(award)
        assert CertificateDocument.objects.count() == 0
        assert len(swept(place, days=0.9)) == 1
        assert (swept(place, days=1.1), AuditEntry.objects.filter(act="operations.sweep_files").count()) == (
            [],
            1,
        )
        errand = attend(award)
    assert errand.state == Errand.State.DONE
    assert swept(place, days=400) == [CertificateDocument.objects.get().sha256]
