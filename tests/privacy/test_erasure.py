"""After an erasure nothing personal is left anywhere, and what was proved stays proved."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.db import connection, models
from django.utils import translation

from certificates import documents
from certificates.actions_documents import make_document
from certificates.checking import ViewCheck, examine_kept
from certificates.models import CertificateDocument
from certificates.read_model import read as read_kept
from clearance.models import Decision
from merging.actions.merge import confirm_merge, propose_merge
from operations import audit, clock, personal
from operations.files import exists
from operations.models import AuditEntry, Errand
from operations.outbox import work_off
from people.actions.editing import Known, edit_person
from people.models import Grant, Posting, User
from privacy.actions.erasure import ErasureRefused, confirm_erasure, erase_person, propose_erasure
from privacy.erasure import Erasure, ErasureStage, run
from privacy.permissions import ERASE
from tests.certificates.issuing import make_award
from tests.factories import merged

from .whole_person import MARKERS, NUMBER, Whole

SESSIONS = "Your sessions"  # read by the errand alone: a dry run does not count them

pytestmark = pytest.mark.usefixtures("keys")


def erase(whole: Whole, admin: User) -> Erasure:
    proposal = propose_erasure(person=whole.person, by=whole.person)
    planned = run(whole.person, stage=ErasureStage.DRY, by=None)
    confirm_erasure(proposal=proposal, by=admin)
    work_off([ERASE])
    return planned


def all_cells() -> list[tuple[str, str]]:
    """(table, text) of each row of every table there is, ours or a library's."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [(table, " | ".join(map(_text, row))) for row in cursor.fetchall()]
    return found


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", errors="replace")
    return str(value)


def tables_that_name(markers: tuple[str, ...]) -> set[str]:
    wanted = {form.lower() for marker in markers for form in (marker, json.dumps(marker)[1:-1])}
    return {table for table, text in all_cells() if any(form in text.lower() for form in wanted)}


def personal_values(people: list[User]) -> dict[tuple[str, str], list[tuple[int, Any]]]:
    """(model, field) → (primary key, value) of the marked fields of all rows that are about these people."""
    found = {}
    for model in personal.our_models():
        for name in personal.columns(model)[0]:
            field: Any = model._meta.get_field(name)
            rows = model._base_manager.filter(about(model, people))
            found[model._meta.label, name] = [
                (row.pk, getattr(row, name)) for row in rows if getattr(row, name) not in (None, "", [], {})
            ] if not isinstance(field, models.ForeignKey) else []  # fmt: skip
    return found


BY_WAY = {
    "people.User": "pk",
    "assessments.Answer": "attempt__person",
    "assessments.Appeal": "attempt__person",
    "assessments.AppealDecision": "appeal__attempt__person",
    "assessments.Mark": "marking__attempt__person",
    "assessments.Marking": "attempt__person",
    "certificates.Certificate": "award__person",
    "certificates.CertificateBearer": "certificate__award__person",
    "certificates.CertificateDocument": "certificate__award__person",
    "certificates.EventAppeal": "event__certificate__award__person",
    "operations.AuditValue": "person_id",
    "operations.Job": "by",
    "rosters.RosterImport": "by",
}


def about(model: type[models.Model], people: list[User]) -> models.Q:
    label = model._meta.label
    if label == "operations.AuditValue":
        return models.Q(person_id__in=[person.public_id for person in people])
    names = {field.name for field in model._meta.local_fields}
    way = BY_WAY.get(label) or next((name for name in ("person", "user") if name in names), None)
    return models.Q(**{f"{way}__in": [person.pk for person in people]}) if way else models.Q(pk=None)


def test_the_person_of_the_test_fills_every_marked_field(whole):
    """Otherwise the next test would be blind."""
    empty = {place for place, values in personal_values([whole.person, whole.merged]).items() if not values}
    pointing = {
        (model._meta.label, field.name)
        for model in personal.our_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
    }
    assert empty - pointing == set()


def test_no_personal_value_is_left_but_what_is_listed_with_its_reason(whole, admin):
    planned = erase(whole, admin)
    left = {
        place
        for place, values in personal_values([whole.person, whole.merged]).items()
        if values and place not in planned.kept
    }
    assert left == set()


def test_what_stays_on_the_record_itself_tells_nothing(whole, admin):
    before = whole.person.public_id
    erase(whole, admin)
    person = User.objects.get(pk=whole.person.pk)
    assert (person.public_id, person.language, person.availability) == (before, "az", "unavailable")
    assert not person.has_usable_password() and not person.is_active
    with translation.override("az"):
        assert (person.get_full_name(), person.erased_at is None) == ("adı silinmiş şəxs", False)


def test_no_table_names_the_person_afterwards(whole, admin):
    assert {"people_user", "operations_auditvalue", "clearance_decision", "django_session"} - (
        tables_that_name(MARKERS)
    ) - {"django_session"} == set()
    erase(whole, admin)
    assert tables_that_name(MARKERS) == set()


def test_session_and_address_are_gone(whole, admin):
    erase(whole, admin)
    assert not Session.objects.filter(session_key=whole.session_key).exists()
    assert not EmailAddress.objects.filter(user__in=[whole.person, whole.merged]).exists()


def test_certificate_stays_valid_and_says_erased(whole, admin, client):
    file = CertificateDocument.objects.get(certificate=whole.certificate).sha256
    assert storages["documents"].exists(f"{file[:2]}/{file}.pdf")
    erase(whole, admin)
    kept = read_kept(whole.certificate.public_id)
    found = examine_kept(kept)
    assert (kept.erased, found.held, found.certificate_state.state) == (True, frozenset(ViewCheck), "valid")
    assert not storages["documents"].exists(f"{file[:2]}/{file}.pdf")
    page = client.get(f"/c/{whole.certificate.public_id}?lang=en").content.decode()
    assert "Erased at the person's request" in page
    assert [event.kind for event in whole.certificate.events.all()] == ["suspended", "erased"]


def test_audit_entries_stand_after_the_erasure(whole, admin):
    entries = AuditEntry.objects.filter(values__person_id=whole.person.public_id).distinct()
    assert entries.count() > 2
    erase(whole, admin)
    assert all(map(audit.stands, AuditEntry.objects.all()))


def test_decision_stays_without_the_name(whole, admin):
    erase(whole, admin)
    decision = Decision.objects.get(person=whole.person)
    assert (decision.personal, decision.answer, decision.evidence["person"]) == (
        None, "cleared", whole.person.public_id,
    )  # fmt: skip


def test_service_ends_and_its_history_stays_without_number(whole, admin):
    number_of_rows = Posting.objects.filter(user=whole.person).count()
    erase(whole, admin)
    rows = Posting.objects.filter(user=whole.person)
    assert rows.count() == number_of_rows + 1
    assert not rows.filter(service_number=NUMBER).exists()
    assert not rows.current().exists()
    assert not Grant.objects.live().filter(person=whole.person).exists()


def test_dry_run_changes_nothing_and_counts_what_the_erasure_does(whole, admin):
    before = sorted(all_cells())
    with translation.override("en"):
        compare(whole, before)


def compare(whole: Whole, before: list[tuple[str, str]]) -> None:
    planned = run(whole.person, stage=ErasureStage.DRY, by=None)
    assert sorted(all_cells()) == before
    done = erase_person(person=whole.person, by=None)
    said = {str(line.text): line.count for line in planned.goes()}
    assert said == {str(line.text): line.count for line in done.goes() if line.text != SESSIONS}
    assert all(line.why for line in planned.stays())


def test_erasing_twice_is_once(whole, admin):
    erase_person(person=whole.person, by=None)
    again = erase_person(person=whole.person, by=None)
    assert [event.kind for event in whole.certificate.events.all()] == ["suspended", "erased"]
    assert again.stage is ErasureStage.ROWS and all(map(audit.stands, AuditEntry.objects.all()))


def test_colleague_is_untouched(whole, admin, officer, officer2):
    before = {person.pk: (person.family_name, person.email) for person in (officer, officer2)}
    erase(whole, admin)
    after = User.objects.filter(pk__in=before).values_list("pk", "family_name", "email")
    assert {pk: tuple(values) for pk, *values in after} == before
    officer.refresh_from_db()
    assert officer.supervisor is None
    assert Posting.objects.current().filter(user=officer2, service_number="LAB-0418").exists()


def test_erasure_waits_for_a_file_in_another_language_and_takes_it(whole, admin):
    make_document(certificate=whole.certificate, layout=CertificateDocument.Layout.RU, by=whole.person)
    proposal = propose_erasure(person=whole.person, by=whole.person)
    confirm_erasure(proposal=proposal, by=admin)
    with pytest.raises(Exception, match="being made"):
        work_off([ERASE])
    work_off([documents.MAKE])
    made = [each.sha256 for each in whole.certificate.documents.all()]
    assert [exists(sha256, ".pdf") for sha256 in made] == [True, True]
    Errand.objects.filter(kind=ERASE).update(due_at=clock.real_now(), error="")
    work_off([ERASE])
    assert [exists(sha256, ".pdf") for sha256 in made] == [False, False]
    assert [each.sha256 for each in whole.certificate.documents.all()] == [None, None]


def test_erasure_waits_for_a_certificate_under_way(whole, admin, officer):
    award = make_award(whole.person, qualification="C2-LAB")
    proposal = propose_erasure(person=whole.person, by=whole.person)
    confirm_erasure(proposal=proposal, by=admin)
    with pytest.raises(Exception, match="being made"):
        work_off([ERASE])
    assert User.objects.get(pk=whole.person.pk).erased_at is None
    work_off(["certificates.issue"])
    Errand.objects.filter(kind=ERASE).update(due_at=clock.real_now(), error="")
    work_off([ERASE])
    assert award.certificate.bearer.names is None and User.objects.get(pk=whole.person.pk).erased_at


def test_person_is_told_before_the_address_goes(whole, admin, mailoutbox):
    erase(whole, admin)
    [message] = [mail for mail in mailoutbox if mail.to == ["zarga.one@agency.example"]][-1:]
    assert message.subject == "Ваши данные удалены"  # in the person's language
    assert "Зяргялямова" not in message.body


def test_nobody_confirms_an_erasure_but_another_administrator(officer, officer2, admin, admin2, outsider):
    proposal = propose_erasure(person=officer, by=officer)
    for stranger in (officer, officer2, outsider):
        with pytest.raises(PermissionDenied):
            confirm_erasure(proposal=proposal, by=stranger)
    own = propose_erasure(person=admin, by=admin)
    with pytest.raises(PermissionDenied):
        confirm_erasure(proposal=own, by=admin)
    on_paper = propose_erasure(person=officer2, by=admin)
    with pytest.raises(PermissionDenied):
        confirm_erasure(proposal=on_paper, by=admin)
    confirm_erasure(proposal=on_paper, by=admin2)


def test_outsider_asks_for_nobody_elses_erasure(officer, outsider, coordinator):
    for stranger in (outsider, coordinator):
        with pytest.raises(PermissionDenied):
            propose_erasure(person=officer, by=stranger)


def test_record_that_was_merged_since_is_not_erased_alone(officer, officer2, admin, admin2, client_of):
    """The address, the number and the service stand in the other record now, and would stay there."""
    asked = propose_erasure(person=officer, by=officer)
    merging = propose_merge(kept=officer2, gone=officer, by=admin)
    confirm_merge(proposal=merging, by=admin2)
    page = client_of(admin).post(f"/en/people/erasures/{asked.public_id}/confirm/", follow=True)
    assert "was merged into another one" in page.text
    asked.refresh_from_db()
    assert asked.outcome is None and not Errand.objects.filter(kind="privacy.erase").exists()


@pytest.mark.parametrize("erased", ["officer", "officer2"])
def test_merge_is_refused_while_a_confirmed_erasure_waits_for_the_worker(
    erased, request, officer, officer2, admin, admin2, client_of
):
    """Of either record: nobody decided to erase both, and the one that is left would be empty."""
    person = request.getfixturevalue(erased)
    merging = propose_merge(kept=officer2, gone=officer, by=admin)
    confirm_erasure(proposal=propose_erasure(person=person, by=person), by=admin)
    page = client_of(admin2).post(
        f"/en/people/proposals/{merging.public_id}/confirm/", {"sure": "1"}, follow=True
    )
    assert "about to be erased" in page.text
    merging.refresh_from_db()
    officer.refresh_from_db()
    assert (merging.outcome, officer.merged_into) == (None, None)
    work_off([ERASE])
    person.refresh_from_db()
    assert person.erased_at is not None and not person.emailaddress_set.exists()


def test_record_that_is_merged_when_its_errand_comes_is_not_erased_alone(officer, officer2):
    merged(officer, into=officer2)
    with pytest.raises(ErasureRefused):
        erase_person(person=officer, by=None)
    officer.refresh_from_db()
    assert officer.erased_at is None


def test_second_request_is_refused_in_words(officer):
    propose_erasure(person=officer, by=officer)
    with translation.override("az"), pytest.raises(ErasureRefused, match="artıq"):
        propose_erasure(person=officer, by=officer)


def test_nobody_writes_a_name_back(officer, admin, client_of):
    erase_person(person=officer, by=None)
    officer.refresh_from_db()
    address = f"/en/people/{officer.public_id}/"
    page = client_of(admin).get(address)
    assert (page.status_code, "edit/" in page.text) == (200, False)
    assert client_of(admin).get(f"{address}edit/").status_code in (403, 404)
    known = Known(family_name="Məmmədova", given_name="Aytən")
    with pytest.raises(PermissionDenied):
        edit_person(person=officer, known=known, agency=None, by=admin)
