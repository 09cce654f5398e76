"""Attacks on the link between certificate, person and duty that once succeeded, from outside and in SQL."""

import json
import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from certificates import lists
from certificates.models import Certificate, StatusList
from clearance.duty_state import functions_of
from clearance.evaluation import Answer
from clearance.evidence import certificates_of, with_leave
from clearance.models import Decision
from operations import clock
from operations.models import Proposal
from people.models import Posting, User
from tests import factories, tiny
from tests.certificates.issuing import Kind, ahead, happen, without_guards

pytestmark = pytest.mark.usefixtures("keys")
UNKNOWN = "It could not be checked"


@pytest.fixture
def certificate(curriculum: tiny.Curriculum, officer: User) -> Certificate:
    return tiny.certify(curriculum, officer)


def heading(certificate: Certificate) -> str:
    page = Client(headers={"Accept-Language": "en"}).get(f"/c/{certificate.public_id}").content.decode()
    found = re.search("<h1>(.*?)</h1>", page)
    assert found is not None
    return found[1]


def asked(duty_officer: User, who: str) -> tuple[str, list[str], str]:
    """Answer, codes of the reasons, and the page that says so."""
    response = factories.client_of(duty_officer).post(
        "/en/desk/", {"who": who, "function": "F8"}, follow=True
    )
    decision = Decision.objects.latest("pk")
    return decision.answer, [reason["code"] for reason in decision.reasons], response.content.decode()


def in_sql(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


# --- a certificate handed to somebody else by renaming -------------------------------------------------


def test_renamed_officer_is_not_cleared_on_the_old_name(
    certificate: Certificate, officer: User, duty_officer: User
):
    assert asked(duty_officer, "LAB-0417")[:2] == (Answer.CLEARED, ["holds"])
    User.objects.filter(pk=officer.pk).update(family_name="Quluzadə", given_name="Kamran", father_name="")
    answer, codes, page = asked(duty_officer, "LAB-0417")
    assert (answer, codes) == (Answer.UNDETERMINED, ["other-name"])
    assert "The certificate C1-LAB was issued to another name" in page
    officer.refresh_from_db()
    home = factories.client_of(officer).get("/en/").content.decode()
    assert "was issued to another name" in " ".join(home.split())


@pytest.mark.parametrize(
    "changes, named",
    [
        ({"family_name": "Quluzadə"}, False),
        ({"father_name": "Kamil qızı"}, False),
        ({"given_name": "Ayten"}, False),
        ({"family_name_latin": "Mammadova", "given_name_latin": "Aytan"}, True),
        (
            {"family_name_cyrillic": "Гусейнова", "given_name_cyrillic": "Айтен"},
            True,
        ),  # nothing to compare with
    ],
)
def test_home_and_lists_agree_with_the_desk_about_the_name(
    certificate: Certificate, officer: User, duty_officer: User, changes: dict[str, str], named: bool
):
    User.objects.filter(pk=officer.pk).update(**changes)
    officer.refresh_from_db()
    expected = Answer.CLEARED if named else Answer.UNDETERMINED
    assert asked(duty_officer, "LAB-0417")[0] == expected
    (row,) = certificates_of([officer], ["C1-LAB"], clock.now())[officer.pk]
    assert row.other_name is not named
    postings = with_leave(Posting.objects.at(clock.now()).filter(user=officer), clock.now())
    (state,) = functions_of(officer, list(postings.select_related("agency", "unit", "role")))
    assert state.evaluation.answer == expected


def test_name_in_cyrillic_is_compared_where_the_paper_has_it(
    curriculum: tiny.Curriculum, officer: User, duty_officer: User
):
    cyrillic = {"family_name_cyrillic": "Мамедова", "given_name_cyrillic": "Айтен"}
    User.objects.filter(pk=officer.pk).update(**cyrillic)
    officer.refresh_from_db()
    tiny.certify(curriculum, officer)
    assert asked(duty_officer, "LAB-0417")[0] == Answer.CLEARED
    User.objects.filter(pk=officer.pk).update(given_name_cyrillic="Айтан")
    assert asked(duty_officer, "LAB-0417")[0] == Answer.UNDETERMINED


# --- two statements in SQL with all guards in place ----------------------------------------------------


def test_record_is_not_merged_in_sql(certificate: Certificate, officer: User, officer2: User):
    for statement, values in (
        ("UPDATE people_user SET merged_into_id = %s WHERE id = %s", (officer2.pk, officer.pk)),
        (
            "UPDATE people_user SET merged_into_id = %s, merged_at = %s WHERE id = %s",
            (officer2.pk, clock.now(), officer.pk),
        ),
        ("UPDATE people_user SET merged_at = %s WHERE id = %s", (clock.now(), officer.pk)),
    ):
        with pytest.raises(IntegrityError, match="user_merged_by_two"):
            in_sql(statement, *values)


def test_record_merged_under_a_forged_proposal_clears_nobody_of_another_name(
    certificate: Certificate, officer: User, officer2: User, duty_officer: User
):
    factories.confirmed("merging.merge", officer2.public_id, gone=officer.public_id)
    sql = "UPDATE people_user SET merged_into_id = %s, merged_at = %s WHERE id = %s"
    in_sql(sql, officer2.pk, clock.now(), officer.pk)
    assert asked(duty_officer, "LAB-0418")[:2] == (Answer.UNDETERMINED, ["other-name"])


def test_record_that_was_merged_stays_where_it_went(officer: User, officer2: User, outsider: User):
    factories.merged(officer2, into=officer)
    for change in ("merged_into_id = NULL", f"merged_into_id = {outsider.pk}", "merged_at = NULL"):
        with pytest.raises(IntegrityError, match="user_merged_by_two"):
            in_sql(f"UPDATE people_user SET {change} WHERE id = %s", officer2.pk)


def test_record_follows_the_one_it_went_into(officer: User, officer2: User, outsider: User):
    factories.merged(officer2, into=officer)
    factories.merged(officer, into=outsider)
    in_sql("UPDATE people_user SET merged_into_id = %s WHERE id = %s", outsider.pk, officer2.pk)
    officer2.refresh_from_db()
    assert officer2.merged_into == outsider


@pytest.fixture
def revoked(certificate: Certificate) -> Certificate:
    happen(certificate, Kind.REVOKED)
    lists.sign_lists_of([certificate])
    return certificate


def reinstated_in_sql(certificate: Certificate, proposal: Proposal | None) -> None:
    revocation = certificate.events.get()
    now = clock.now()
    certificate.events.create(
        number=2, kind="reinstated", reason="complaint", effective_at=now, recorded_at=now, undoes=revocation,
        proposal=proposal, previous_sha256="0" * 64, statement=revocation.statement,
    )  # fmt: skip


def test_reinstatement_in_sql_clears_nobody(revoked: Certificate, duty_officer: User):
    with pytest.raises(IntegrityError), transaction.atomic():
        reinstated_in_sql(revoked, None)
    with pytest.raises(IntegrityError, match="statuslist_signed_whole"):
        in_sql("UPDATE certificates_statuslist SET due_at = signed_at WHERE number = %s", 1)
    reinstated_in_sql(revoked, factories.confirmed("certificates.reinstate", revoked.public_id))
    for later in ({}, {"days": 4}, {"days": 8}):  # the list is signed anew by itself
        with clock.at(ahead(**later)):
            assert heading(revoked) == UNKNOWN
    assert asked(duty_officer, "LAB-0417")[:2] == (Answer.UNDETERMINED, ["unreadable"])


# --- with the guards dropped ---------------------------------------------------------------------------


def test_award_of_somebody_else_clears_nobody(certificate: Certificate, officer2: User, duty_officer: User):
    with without_guards():
        in_sql(
            "UPDATE certificates_award SET person_id = %s WHERE id = %s", officer2.pk, certificate.award_id
        )
    assert heading(certificate) == UNKNOWN
    assert asked(duty_officer, "LAB-0418")[:2] == (Answer.UNDETERMINED, ["unreadable"])
    assert asked(duty_officer, "LAB-0417")[0] == Answer.NOT_CLEARED


def test_deleted_revocation_and_an_aged_list_clear_nobody(revoked: Certificate, duty_officer: User):
    with without_guards():
        in_sql("DELETE FROM certificates_certificateevent WHERE certificate_id = %s", revoked.pk)
        row = StatusList.objects.get(number=1)
        StatusList.objects.filter(pk=row.pk).update(due_at=clock.now())
    for later in ({}, {"days": 4}, {"days": 30}):
        with clock.at(ahead(**later)):
            assert heading(revoked) == UNKNOWN
    assert asked(duty_officer, "LAB-0417")[:2] == (Answer.UNDETERMINED, ["unreadable"])


def test_edited_credential_is_neither_shown_as_genuine_nor_handed_out(
    certificate: Certificate, officer: User
):
    bearer = certificate.bearer
    token = (bearer.qr_text or "").partition("#")[2]
    changed = {**(bearer.credential or {}), "name": {"az": "Hakim"}}
    with without_guards():
        in_sql(
            "UPDATE certificates_certificatebearer SET credential = %s WHERE id = %s",
            json.dumps(changed), bearer.pk,
        )  # fmt: skip
    assert heading(certificate) == UNKNOWN
    answer = Client().post(f"/c/{certificate.public_id}/credential", {"token": token})
    assert (answer.status_code, answer.json()) == (503, {"error": "could not be checked"})
    mine = factories.client_of(officer).get(f"/en/certificates/{certificate.public_id}.json")
    assert mine.status_code != 200


def test_suspension_whose_end_was_announced_does_not_lift_a_revocation(
    certificate: Certificate, duty_officer: User
):
    """Suspended, its end announced, revoked meanwhile: it was valid again once that end had come."""
    happen(certificate, Kind.SUSPENDED, until=ahead(days=14))
    happen(certificate, Kind.REVOKED)
    lists.sign_lists_of([certificate])
    with clock.at(ahead(days=15)):
        assert heading(certificate) == "This certificate has been revoked"
        assert asked(duty_officer, "LAB-0417")[:2] == (Answer.NOT_CLEARED, ["revoked"])
