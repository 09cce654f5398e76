"""What functions require: read by whom it concerns; changed by two rule owners, on two clocks."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import override

from certificates import actions as certificates
from clearance import actions, actions_rules
from clearance.actions_rules import REQUIRE
from clearance.evaluation import Answer
from clearance.models import RequirementInForce
from operations import clock, proposals
from operations.models import AuditEntry, Notice, Proposal
from people.actions.grants import revoke_grant
from people.models import User
from people.permissions import positions_of
from tests import factories, tiny
from tests.elearning.pages import flat
from tests.factories import Position, client_of, counted, give

pytestmark = pytest.mark.usefixtures("keys", "english")
DAY = timedelta(days=1)


def _rule_owner() -> User:
    person = factories.make_person("Babayev", "Fərid", password=factories.PASSWORD)
    give(person, Position.RULE_OWNER)
    return person


@pytest.fixture
def owner(db) -> User:
    return _rule_owner()


@pytest.fixture
def owner2(db) -> User:
    return _rule_owner()


@pytest.fixture
def national(db) -> User:
    person = factories.make_person()
    give(person, Position.NATIONAL_COORDINATOR)
    return person


TEXT = {"az": "a", "en": "b", "ru": "c"}


@pytest.fixture
def second(curriculum) -> str:
    """The code of another qualification."""
    rules = {**curriculum.qualification.versions.get().rules}
    rules.pop("name", None)
    certificates.save_qualification(code="C2-LAB", names=TEXT, descriptions=TEXT, rules=rules, by=None)
    return "C2-LAB"


def another_function(number: int):
    return actions.save_function(
        code=f"G{number}", number=number, names=TEXT, who=TEXT, gated=True, roles=[], requires=["C1-LAB"],
        grace_days=0, basis="PD", by=None,
    )  # fmt: skip


def page(name, *parts):
    return reverse(f"clearance:{name}", args=parts)


def propose(curriculum, by, **more):
    given = {
        "certificates": ["C1-LAB"], "grace_days": 7, "basis": "D", "reason": "law",
        "first_day": clock.today() + 10 * DAY, **more,
    }  # fmt: skip
    return actions_rules.propose_requirement(function=curriculum.desk_review, by=by, **given)


def in_force(function) -> list[tuple[int, int, int | None]]:
    """(version, first day, day after the last) in days from today, as known now."""
    today = clock.start_of(clock.today())

    def days(instant):
        return None if instant is None else (clock.start_of(clock.first_day(instant)) - today).days

    known = RequirementInForce.objects.known().filter(requirement__function=function).order_by("valid_from")
    return [(row.version.number, days(row.valid_from), days(row.valid_to)) for row in known]


# --- two people ----------------------------------------------------------------------------------------------


def test_by_pages_one_proposes_and_another_confirms(curriculum, owner, owner2, auditor, admin):
    proposing, deciding = client_of(owner), client_of(owner2)
    function = curriculum.desk_review
    address = page("propose_requirement", function.public_id)
    assert address in proposing.get(page("requirement", function.public_id)).text
    day = clock.today() + 10 * DAY
    sent = {
        "certificates": ["C1-LAB"],
        "grace_days": "7",
        "basis": "D",
        "first_day": f"{day}",
        "reason": "law",
    }
    asked = proposing.post(address, sent).text
    assert "7 days of grace" in asked and "C1-LAB Labour inspector" in asked
    assert not Proposal.objects.exists()
    assert "Proposed." in proposing.post(address, {**sent, "sure": "1"}, follow=True).text
    proposal = Proposal.objects.get(act=REQUIRE)
    assert in_force(function) == [(1, 0, None)]
    assert "Confirm</button>" not in flat(
        proposing.get(page("requirement_proposal", proposal.public_id)).text
    )
    shown = page("requirement_proposal", proposal.public_id)
    for client in (proposing, deciding):
        waits = client.get(page("requirement", function.public_id)).text
        assert f'href="{shown}"' in waits and address not in waits  # proposed once
    for reader in (auditor, admin):
        assert shown not in client_of(reader).get(page("requirement", function.public_id)).text
    assert shown in deciding.get(page("requirements")).text and "Confirm</button>" in flat(
        deciding.get(shown).text
    )
    answer = deciding.post(page("decide_requirement", proposal.public_id, "confirm"), follow=True)
    assert "Confirmed." in answer.text
    assert in_force(function) == [(1, 0, 10), (2, 10, None)]
    newest = function.requirement.versions.latest("number")
    assert (newest.rules["grace_days"], newest.recorded_by) == (7, owner2)
    acts = AuditEntry.objects.filter(subject_id=function.public_id, by__isnull=False).order_by("pk")
    assert [(entry.act, entry.by) for entry in acts] == [
        ("clearance.propose_requirement", owner), ("clearance.require", owner2)
    ]  # fmt: skip
    told = Notice.objects.values_list("kind", "person").order_by("kind", "person")
    assert set(told) == {
        ("clearance.requirement_proposed", owner2.pk), ("clearance.requirement_proposed", auditor.pk),
        ("clearance.requirement_changed", owner.pk), ("clearance.requirement_changed", auditor.pk),
    }  # fmt: skip
    read = client_of(admin).get(page("requirement", function.public_id)).text
    assert "In force later" in read and "Propose a requirement" not in read


def test_proposer_does_not_confirm_and_one_who_is_no_rule_owner_any_more_proposed_nothing(
    curriculum, owner, owner2
):
    proposal = propose(curriculum, owner)
    with pytest.raises(PermissionDenied):
        actions_rules.confirm_requirement(proposal=proposal, by=owner)
    revoke_grant(grant=owner.grants.get(), by=None)
    assert positions_of(owner) == frozenset()
    with pytest.raises(PermissionDenied):
        actions_rules.confirm_requirement(proposal=proposal, by=owner2)
    assert in_force(curriculum.desk_review) == [(1, 0, None)]


def test_declined_withdrawn_and_expired_change_nothing(curriculum, owner, owner2):
    actions_rules.decline_requirement(proposal=propose(curriculum, owner), by=owner2)
    actions_rules.withdraw_requirement(proposal=propose(curriculum, owner), by=owner)
    late = propose(curriculum, owner)
    with clock.at(clock.now() + 15 * DAY), pytest.raises(proposals.ProposalError):
        actions_rules.confirm_requirement(proposal=late, by=owner2)
    assert in_force(curriculum.desk_review) == [(1, 0, None)]


@pytest.mark.parametrize(
    "who", ["admin", "auditor", "registrar", "coordinator", "trainer", "duty_officer", "officer", "outsider"]
)
def test_nobody_else_proposes_or_decides(who, request, curriculum, owner):
    by = request.getfixturevalue(who)
    proposal = propose(curriculum, owner)
    with pytest.raises(PermissionDenied):
        propose(curriculum, by)
    for act in (actions_rules.confirm_requirement, actions_rules.decline_requirement):
        with pytest.raises(PermissionDenied):
            act(proposal=proposal, by=by)
    client = client_of(by)
    assert client.get(page("propose_requirement", curriculum.desk_review.public_id)).status_code == 403
    assert client.get(page("requirement_proposal", proposal.public_id)).status_code == 403


def test_stale_session_proposes_and_decides_nothing(curriculum, owner, owner2):
    proposal = propose(curriculum, owner)
    for by, address in (
        (owner2, page("propose_requirement", curriculum.desk_review.public_id)),
        (owner2, page("decide_requirement", proposal.public_id, "confirm")),
    ):
        answer = client_of(by, proved=time.time() - 16 * 60).post(address)
        assert answer.url.startswith("/en/account/reauthenticate/")


# --- refused in words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"certificates": []}, "Choose at least one qualification"),
        ({"certificates": ["C9-NONE"]}, "Choose at least one qualification"),
        ({"grace_days": 366}, "Enter 0 to 365 days."),
        ({"grace_days": -1}, "Enter 0 to 365 days."),
        ({"basis": "R"}, "Choose a basis."),
        ({"reason": "whim"}, "Choose a reason"),
        ({"first_day": clock.today() - DAY}, "cannot begin in the past"),
        ({"grace_days": 30, "basis": "PD"}, "This is required then anyway."),
    ],
)
def test_what_cannot_be_required_is_refused(curriculum, owner, wanted, words):
    with pytest.raises(ValidationError, match=words):
        propose(curriculum, owner, **wanted)


def test_function_that_is_never_refused_stays_so(curriculum, owner):
    """Rescue does not wait for a certificate, whatever rule owners propose."""
    with pytest.raises(ValidationError, match="never refused"):
        actions_rules.propose_requirement(
            function=curriculum.first_contact, certificates=["C1-LAB"], grace_days=0, basis="D",
            first_day=clock.today(), reason="law", by=owner,
        )  # fmt: skip
    address = page("propose_requirement", curriculum.first_contact.public_id)
    assert client_of(owner).get(address).status_code == 404


def test_one_proposal_waits_for_each_function(curriculum, owner, owner2):
    propose(curriculum, owner)
    with pytest.raises(ValidationError, match="already waiting"):
        propose(curriculum, owner2, grace_days=9)


@pytest.mark.parametrize(
    ("day", "refusal"),
    [("2020-01-01", "cannot begin in the past"), ("2206-01-01", "at most five years ahead")],
)
def test_form_says_at_the_field_what_is_wrong_and_loses_nothing(curriculum, owner, day, refusal):
    address = page("propose_requirement", curriculum.desk_review.public_id)
    answer = client_of(owner).post(
        address, {"grace_days": "400", "basis": "D", "first_day": day, "reason": "law"}
    )
    for words in ("Choose at least one qualification", "365", refusal):
        assert words in answer.text
    assert 'value="400"' in answer.text and f'value="{day}"' in answer.text


# --- two clocks ----------------------------------------------------------------------------------------------


def test_decisions_before_stand_and_later_ones_follow_the_new_rule(
    curriculum, officer, duty_officer, owner, owner2, second
):
    tiny.certify(curriculum, officer)
    before = actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    frozen = (before.answer, before.evidence, before.receipt)
    proposal = propose(curriculum, owner, certificates=["C1-LAB", second])
    actions_rules.confirm_requirement(proposal=proposal, by=owner2)
    answers = {
        days: actions.decide(
            function=curriculum.desk_review, person=officer, instant=clock.now() + days * DAY, by=duty_officer
        )
        for days in (1, 11)
    }
    assert (answers[1].answer, answers[11].answer) == (Answer.CLEARED, Answer.NOT_CLEARED)
    assert answers[1].until == clock.start_of(clock.today() + 10 * DAY)  # no longer than the rule
    assert [found.evidence["requirement"]["number"] for found in answers.values()] == [1, 2]
    before.refresh_from_db()
    assert (before.answer, before.evidence, bytes(before.receipt)) == (*frozen[:2], bytes(frozen[2]))


def test_what_was_to_come_later_gives_way_and_stays_to_be_read(curriculum, owner, owner2):
    for grace, days in ((7, 10), (9, 20), (11, 5)):
        proposal = propose(curriculum, owner, grace_days=grace, first_day=clock.today() + days * DAY)
        actions_rules.confirm_requirement(proposal=proposal, by=owner2)
    assert in_force(curriculum.desk_review) == [(1, 0, 5), (4, 5, None)]
    assert curriculum.desk_review.requirement.versions.count() == 4
    assert RequirementInForce.objects.filter(withdrawn_by=owner2).count() == 5


def test_confirmed_after_its_day_it_begins_at_once_and_not_in_the_past(curriculum, owner, owner2):
    proposal = propose(curriculum, owner, first_day=clock.today() + DAY)
    later = clock.now() + 3 * DAY
    with clock.at(later):
        actions_rules.confirm_requirement(proposal=proposal, by=owner2)
    row = RequirementInForce.objects.known().latest("valid_from")
    assert (row.version.number, row.valid_from) == (2, later)


def test_loading_the_files_anew_leaves_what_rule_owners_decided(curriculum, owner, owner2):
    actions_rules.confirm_requirement(proposal=propose(curriculum, owner), by=owner2)
    actions.save_function(
        code="F8", number=8, names=TEXT, who=TEXT, gated=True, roles=["LAB"], requires=["C1-LAB"],
        grace_days=30, basis="PD", by=None,
    )  # fmt: skip
    assert in_force(curriculum.desk_review) == [(1, 0, 10), (2, 10, None)]


# --- reading -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "national", "auditor", "admin"])
def test_whom_it_concerns_reads_what_is_required(who, request, curriculum):
    client = client_of(request.getfixturevalue(who))
    listed = client.get(page("requirements")).text
    for words in ("Desk review", "C1-LAB", "30 days", "proposed default", "nothing: never refused"):
        assert words in listed
    assert "In force now" in client.get(page("requirement", curriculum.desk_review.public_id)).text
    assert f'href="{page("requirements")}"' in client.get("/en/help/").text


@pytest.mark.parametrize(
    "who", ["registrar", "coordinator", "trainer", "duty_officer", "officer", "outsider"]
)
def test_others_do_not(who, request, curriculum):
    client = client_of(request.getfixturevalue(who))
    for address in (page("requirements"), page("requirement", curriculum.desk_review.public_id)):
        assert client.get(address).status_code == 403


def test_rule_owners_home_leads_there(curriculum, owner):
    assert "changes are made by two" in client_of(owner).get("/en/").text


def test_three_functions_take_as_many_queries_as_one(curriculum, owner):
    client, numbers = client_of(owner), []
    for number in (3, 4):
        with counted() as queries:
            assert client.get(page("requirements")).status_code == 200
        numbers.append(len(queries))
        another_function(number * 10)
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_open_in_each_language(language, curriculum, owner, owner2):
    proposal = propose(curriculum, owner)
    client = client_of(owner2)
    with override(language):
        for address in (
            page("requirements"), page("requirement", curriculum.desk_review.public_id),
            page("propose_requirement", curriculum.desk_review.public_id),
            page("requirement_proposal", proposal.public_id),
        ):  # fmt: skip
            assert client.get(address).status_code == 200
