"""Rules of qualifications: read by whom it concerns; changed by two rule owners, on two clocks."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from certificates import actions_rules as actions
from certificates.actions_rules import CHANGE
from certificates.models import Award, Qualification, QualificationInForce
from operations import clock, proposals
from operations.models import AuditEntry, Notice, Proposal
from people.actions.grants import revoke_grant
from people.models import User
from tests import factories, tiny
from tests.elearning.pages import flat
from tests.factories import Position, client_of, counted, give
from tests.qualification_rules import exam, exam_text, rules_of

pytestmark = pytest.mark.usefixtures("keys", "english")
DAY = timedelta(days=1)


def _rule_owner() -> User:
    person = factories.make_person("Babayev", "Fərid", password=factories.PASSWORD)
    give(person, Position.RULE_OWNER)
    return person


@pytest.fixture
def owner(db: None) -> User:
    return _rule_owner()


@pytest.fixture
def owner2(db: None) -> User:
    return _rule_owner()


@pytest.fixture
def national(db: None) -> User:
    person = factories.make_person()
    give(person, Position.NATIONAL_COORDINATOR)
    return person


def page(name: str, *parts: str) -> str:
    return reverse(f"certificates:{name}", args=parts)


def rules(**more: Any) -> dict[str, Any]:
    found = rules_of("C1-LAB", **more)
    del found["format"]
    return found


def propose(
    curriculum: tiny.Curriculum, by: User, *, days: int = 10, reason: str = "law", **more: Any
) -> Proposal:
    return actions.propose_rules(
        qualification=curriculum.qualification, rules=rules(**{"months": 12, **more}),
        first_day=clock.today() + days * DAY, reason=reason, by=by,
    )  # fmt: skip


def another(code: str, *first: Any, **more: Any) -> Qualification:
    text = factories.names(code)
    return actions.save_qualification(
        code=code, names=text, descriptions=text, rules=rules_of(*first, **more), by=None
    )


def in_force(qualification: Qualification) -> list[tuple[int, int, int | None]]:
    """(version, first day, day after the last) in days from today, as known now."""
    today = clock.start_of(clock.today())

    def days(instant: Any) -> int | None:
        return None if instant is None else (clock.start_of(clock.first_day(instant)) - today).days

    known = QualificationInForce.objects.known().filter(qualification=qualification).order_by("valid_from")
    return [(row.version.number, days(row.valid_from) or 0, days(row.valid_to)) for row in known]


SENT = {
    "first": [exam_text("C1-LAB")], "renewal": [exam_text("C1-LAB")], "valid_months": "12",
    "renewal_opens_days": "60", "renewal_closes_days": "30", "legal_baseline": "2026-11-24", "basis": "D",
    "reason": "law",
}  # fmt: skip


# --- two people -----------------------------------------------------------------------------------------------------


def test_by_pages_one_proposes_and_another_confirms(
    curriculum: tiny.Curriculum, owner: User, owner2: User, auditor: User, admin: User
):
    proposing, deciding = client_of(owner), client_of(owner2)
    qualification = curriculum.qualification
    address = page("propose_rules", qualification.public_id)
    assert address in proposing.get(page("qualification", qualification.public_id)).text
    sent = {**SENT, "first_day": f"{clock.today() + 10 * DAY}"}
    asked = proposing.post(address, sent).text
    for words in (
        "Holds: 12 months.", "opens 60 days before its last day, closes 30 days after it", "the exam “C1-LAB-exam”",
        "Labour inspectors",
    ):  # fmt: skip
        assert words in asked
    assert not Proposal.objects.exists()
    assert "Proposed." in proposing.post(address, {**sent, "sure": "1"}, follow=True).text
    proposal = Proposal.objects.get(act=CHANGE)
    assert in_force(qualification) == [(1, 0, None)]
    shown = page("qualification_proposal", proposal.public_id)
    assert "Confirm</button>" not in flat(proposing.get(shown).text)
    for client in (proposing, deciding):
        waits = client.get(page("qualification", qualification.public_id)).text
        assert f'href="{shown}"' in waits and address not in waits  # proposed once
    assert shown in deciding.get(page("qualifications")).text
    read = flat(deciding.get(shown).text)
    assert "24 months</td>" in read and "<b>12 months</b>" in read and "as now" in read
    assert "Confirm</button>" in read
    answer = deciding.post(page("decide_rules", proposal.public_id, "confirm"), follow=True)
    assert "Confirmed." in answer.text
    assert in_force(qualification) == [(1, 0, 10), (2, 10, None)]
    newest = qualification.versions.latest("number")
    assert (newest.rules["valid_months"], newest.rules["name"]["en"], newest.recorded_by) == (
        12, "Labour inspector", owner2
    )  # fmt: skip
    acts = AuditEntry.objects.filter(subject_id=qualification.public_id, by__isnull=False).order_by("pk")
    assert [(entry.act, entry.by) for entry in acts] == [
        ("certificates.propose_rules", owner), ("certificates.change_rules", owner2)
    ]  # fmt: skip
    told = Notice.objects.values_list("kind", "person")
    assert set(told) == {
        ("certificates.rules_proposed", owner2.pk), ("certificates.rules_proposed", auditor.pk),
        ("certificates.rules_changed", owner.pk), ("certificates.rules_changed", auditor.pk),
    }  # fmt: skip
    later = client_of(admin).get(page("qualification", qualification.public_id)).text
    assert "In force later" in later and "Propose rules" not in later


def test_proposer_does_not_confirm_and_one_who_is_no_rule_owner_any_more_proposed_nothing(
    curriculum: tiny.Curriculum, owner: User, owner2: User
):
    proposal = propose(curriculum, owner)
    with pytest.raises(PermissionDenied):
        actions.confirm_rules(proposal=proposal, by=owner)
    revoke_grant(grant=owner.grants.get(), by=None)
    with pytest.raises(PermissionDenied):
        actions.confirm_rules(proposal=proposal, by=owner2)
    assert in_force(curriculum.qualification) == [(1, 0, None)]


def test_declined_withdrawn_and_expired_change_nothing(
    curriculum: tiny.Curriculum, owner: User, owner2: User
):
    actions.decline_rules(proposal=propose(curriculum, owner), by=owner2)
    actions.withdraw_rules(proposal=propose(curriculum, owner), by=owner)
    late = propose(curriculum, owner)
    with clock.at(clock.now() + 15 * DAY), pytest.raises(proposals.ProposalError):
        actions.confirm_rules(proposal=late, by=owner2)
    assert in_force(curriculum.qualification) == [(1, 0, None)]


def test_what_is_decided_elsewhere_is_not_decided_here(
    curriculum: tiny.Curriculum, owner: User, owner2: User
):
    proposal = propose(curriculum, owner)
    Proposal.objects.filter(pk=proposal.pk)
    other = proposals.propose(
        act="clearance.require", subject_id=proposal.subject_id, reason_category="law", payload={}, by=owner,
        expires_at=clock.now() + DAY,
    )  # fmt: skip
    for act in (actions.confirm_rules, actions.decline_rules, actions.withdraw_rules):
        with pytest.raises(PermissionDenied):
            act(proposal=other, by=owner2)
    assert client_of(owner2).get(page("qualification_proposal", other.public_id)).status_code == 404


@pytest.mark.parametrize(
    "who", ["admin", "auditor", "registrar", "coordinator", "trainer", "duty_officer", "officer", "outsider"]
)
def test_nobody_else_proposes_or_decides(
    who: str, request: pytest.FixtureRequest, curriculum: tiny.Curriculum, owner: User
):
    by = request.getfixturevalue(who)
    proposal = propose(curriculum, owner)
    with pytest.raises(PermissionDenied):
        propose(curriculum, by)
    for act in (actions.confirm_rules, actions.decline_rules):
        with pytest.raises(PermissionDenied):
            act(proposal=proposal, by=by)
    client = client_of(by)
    assert client.get(page("propose_rules", curriculum.qualification.public_id)).status_code == 403
    assert client.get(page("qualification_proposal", proposal.public_id)).status_code == 403


def test_stale_session_proposes_and_decides_nothing(curriculum: tiny.Curriculum, owner: User, owner2: User):
    proposal = propose(curriculum, owner)
    for by, address in (
        (owner2, page("propose_rules", curriculum.qualification.public_id)),
        (owner2, page("decide_rules", proposal.public_id, "confirm")),
    ):
        answer = client_of(by, proved=time.time() - 16 * 60).post(address)
        assert answer.headers["Location"].startswith("/en/account/reauthenticate/")


# --- refused in words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"first": []}, "what earns it, and what renews it"),
        ({"first": [exam("C1-LAB", "nothing")]}, "There is no exam “nothing”"),
        ({"first": [exam("C1-LAB", "C1-LAB-practice")]}, "There is no exam"),
        ({"renewal": [exam("C7", "C1-LAB-exam")]}, "There is no course “C7”"),
        ({"first": [{"qualification": "C7"}]}, "There is no qualification “C7”"),
        ({"first": [{"qualification": "C1-LAB"}]}, "cannot rest on itself"),
        ({"renewal": [exam("C1-LAB"), {"qualification": "C1-LAB"}]}, "cannot rest on itself"),
        ({"first": [exam("C1-LAB"), exam("C1-LAB")]}, "required twice"),
        ({"first": [{"practical": "P"}]}, "cannot be required yet"),
        ({"months": 0}, "1 to 120 months"),
        ({"renewal_opens_days": 400}, "Renewal begins after"),
        ({"basis": "R"}, "Choose a basis"),
        ({"reason": "whim"}, "Choose a reason"),
        ({"legal_baseline": "2999-01-01"}, "later than today"),
        ({"days": -1}, "cannot begin in the past"),
        ({"months": 24}, "in force then anyway"),
    ],
)
def test_what_cannot_be_is_refused(
    curriculum: tiny.Curriculum, owner: User, wanted: dict[str, Any], words: str
):
    with pytest.raises(ValidationError, match=words):
        propose(curriculum, owner, **wanted)


def test_nothing_rests_on_what_rests_on_it(curriculum: tiny.Curriculum, owner: User, owner2: User):
    another("C2", {"qualification": "C1-LAB"})
    another("C3", {"qualification": "C2"})
    with pytest.raises(ValidationError, match="cannot rest on itself"):
        propose(curriculum, owner, first=[{"qualification": "C3"}])
    free = another("C4", "C1-LAB")
    proposal = propose(curriculum, owner, first=[exam("C1-LAB"), {"qualification": "C4"}])
    actions.save_qualification(
        code="C4", names=factories.names("C4"), descriptions=factories.names("C4"),
        rules=rules_of({"qualification": "C1-LAB"}), by=None,
    )  # fmt: skip
    assert free.versions.count() == 2
    with pytest.raises(ValidationError, match="cannot rest on itself"):
        actions.confirm_rules(proposal=proposal, by=owner2)


def test_one_proposal_waits_for_each(curriculum: tiny.Curriculum, owner: User, owner2: User):
    propose(curriculum, owner)
    with pytest.raises(ValidationError, match="already waiting"):
        propose(curriculum, owner2, months=18)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"valid_months": "0"}, "At least 1."),
        ({"valid_months": "many"}, "Enter a number."),
        ({"renewal_opens_days": ""}, "Enter a number."),
        ({"first_day": "2020-01-01"}, "cannot begin in the past"),
        ({"first_day": "2206-01-01"}, "at most five years ahead"),
        ({"legal_baseline": "2031-01-01"}, "later than today"),
        ({"first": ['{"exam":{"blueprint":"x","course":"y"}}']}, "valid choice"),
        ({"first": ["nonsense"]}, "valid choice"),
        ({"reason": "x"}, "valid choice"),
    ],
)
def test_form_says_at_the_field_what_is_wrong_and_loses_nothing(
    curriculum: tiny.Curriculum, owner: User, wrong: dict[str, Any], words: str
):
    address = page("propose_rules", curriculum.qualification.public_id)
    sent = {**SENT, "renewal_closes_days": "77", "first_day": f"{clock.today() + DAY}", **wrong}
    answer = client_of(owner).post(address, sent)
    assert words in answer.text
    assert 'value="77"' in answer.text and "checked" in answer.text
    assert not Proposal.objects.exists()


def test_form_begins_with_what_is_in_force(curriculum: tiny.Curriculum, owner: User):
    another("C2", "C1-LAB")
    form = client_of(owner).get(page("propose_rules", curriculum.qualification.public_id)).text
    assert 'value="24"' in form and "C2" in form
    assert "a valid certificate of “C1-LAB" not in form  # it cannot rest on itself


# --- two clocks -------------------------------------------------------------------------------------------------------


def test_what_is_earned_before_follows_the_old_rules_and_later_the_new_ones(
    curriculum: tiny.Curriculum, officer: User, officer2: User, owner: User, owner2: User
):
    actions.confirm_rules(proposal=propose(curriculum, owner), by=owner2)
    tiny.sit_exam(curriculum, officer)
    with clock.at(clock.now() + 11 * DAY):
        tiny.sit_exam(curriculum, officer2)
    months = {
        award.person: award.qualification_version.rules["valid_months"] for award in Award.objects.all()
    }
    assert months == {officer: 24, officer2: 12}


def test_what_was_to_come_later_gives_way_and_stays_to_be_read(
    curriculum: tiny.Curriculum, owner: User, owner2: User
):
    for months, days in ((12, 10), (18, 20), (6, 5)):
        proposal = propose(curriculum, owner, months=months, days=days)
        actions.confirm_rules(proposal=proposal, by=owner2)
    assert in_force(curriculum.qualification) == [(1, 0, 5), (4, 5, None)]
    assert curriculum.qualification.versions.count() == 4


def test_confirmed_after_its_day_they_begin_at_once_and_not_in_the_past(
    curriculum: tiny.Curriculum, owner: User, owner2: User
):
    proposal = propose(curriculum, owner, days=1)
    later = clock.now() + 3 * DAY
    with clock.at(later):
        actions.confirm_rules(proposal=proposal, by=owner2)
    row = QualificationInForce.objects.known().latest("valid_from")
    assert (row.version.number, row.valid_from) == (2, later)


def test_loading_the_files_anew_leaves_what_rule_owners_decided(
    curriculum: tiny.Curriculum, owner: User, owner2: User
):
    actions.confirm_rules(proposal=propose(curriculum, owner), by=owner2)
    another("C1-LAB", "C1-LAB", months=36)
    assert in_force(curriculum.qualification) == [(1, 0, 10), (2, 10, None)]
    curriculum.qualification.refresh_from_db()
    assert curriculum.qualification.name == "C1-LAB (en)"  # its name follows the files


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "national", "auditor", "admin", "registrar"])
def test_whom_it_concerns_reads_what_earns_it(
    who: str, request: pytest.FixtureRequest, curriculum: tiny.Curriculum
):
    client = client_of(request.getfixturevalue(who))
    listed = client.get(page("qualifications")).text
    for words in ("C1-LAB Labour inspector", "the exam “C1-LAB-exam” of the course", "24 months"):
        assert words in listed
    one = client.get(page("qualification", curriculum.qualification.public_id)).text
    for words in (
        "In force now",
        "opens 90 days before its last day, closes 180 days after it",
        "proposed default",
    ):
        assert words in one
    assert f'href="{page("qualifications")}"' in client.get("/en/help/").text


@pytest.mark.parametrize("who", ["coordinator", "trainer", "duty_officer", "officer", "outsider"])
def test_others_do_not(who: str, request: pytest.FixtureRequest, curriculum: tiny.Curriculum):
    client = client_of(request.getfixturevalue(who))
    for address in (page("qualifications"), page("qualification", curriculum.qualification.public_id)):
        assert client.get(address).status_code == 403


def test_rules_that_cannot_be_read_are_told_so(curriculum: tiny.Curriculum, owner: User):
    from certificates.models import QualificationVersion
    from tests.certificates.issuing import without_guards

    with without_guards():
        QualificationVersion.objects.update(rules={"format": 9})
    client = client_of(owner)
    assert "nothing earns it" in client.get(page("qualifications")).text
    assert "cannot be read" in client.get(page("qualification", curriculum.qualification.public_id)).text
    assert client.get(page("propose_rules", curriculum.qualification.public_id)).status_code == 200


def test_rule_owners_home_leads_there_and_says_what_waits(
    curriculum: tiny.Curriculum, owner: User, owner2: User
):
    propose(curriculum, owner)
    assert f'href="{page("qualifications")}"' in client_of(owner).get("/en/").text
    assert "1 proposal of rules of a qualification to decide" in client_of(owner2).get("/en/").text


def test_three_qualifications_take_as_many_queries_as_one(curriculum: tiny.Curriculum, owner: User):
    client = client_of(owner)
    numbers = [_queries(client, page("qualifications"))]
    another("C2", "C1-LAB", {"qualification": "C1-LAB"})
    numbers.append(_queries(client, page("qualifications")))
    another("C3", "C1-LAB", {"qualification": "C2"})
    another("C4", "C1-LAB", {"qualification": "C2"})
    numbers.append(_queries(client, page("qualifications")))
    assert numbers[1] == numbers[2] and numbers[1] - numbers[0] <= 1  # a kind of source more


def _queries(client: Client, address: str) -> int:
    with counted() as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_open_in_each_language(language: str, curriculum: tiny.Curriculum, owner: User, owner2: User):
    proposal = propose(curriculum, owner)
    client = client_of(owner2)
    with override(language):
        for address in (
            page("qualifications"), page("qualification", curriculum.qualification.public_id),
            page("propose_rules", curriculum.qualification.public_id),
            page("qualification_proposal", proposal.public_id),
        ):  # fmt: skip
            assert client.get(address).status_code == 200
