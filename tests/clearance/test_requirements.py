"""Requirements of functions: read by whom they concern; changed by two rule owners, on two clocks."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import override

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


@pytest.fixture
def national(db) -> User:
    person = factories.make_person()
    give(person, Position.NATIONAL_COORDINATOR)
    return person


def another_function(number: int):
    return tiny.function(f"G{number}", number, "Another")


def page(name, *parts):
    return reverse(f"clearance:{name}", args=parts)


def propose(curriculum, by, *, reason="law", first_day=None, **said):
    return actions_rules.propose_requirement(
        function=curriculum.desk_review, rules=tiny.rules(**{"roles": ["LAB"], "grace_days": 7, **said}),
        first_day=first_day or clock.today() + 10 * DAY, reason=reason, by=by,
    )  # fmt: skip


def sent(**said):
    """Fields that the form sends: rules of an inspector, seven days of grace, from ten days ahead on."""
    return {
        "roles": ["LAB"], "who_az": "müfəttiş", "who_en": "an inspector", "who_ru": "инспектор",
        "needs": ["C1-LAB"], "grace_days": "7", "mode": "enforce", "basis": "PD", "reason": "law",
        "first_day": f"{clock.today() + 10 * DAY}", **said,
    }  # fmt: skip


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
    asked = proposing.post(address, sent()).text
    assert "7 days of grace" in asked and "C1-LAB (Labour inspector)" in asked
    assert not Proposal.objects.exists()
    assert "Proposed." in proposing.post(address, sent(sure="1"), follow=True).text
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
        ({"needs": []}, "Choose at least one qualification"),
        ({"needs": ["C9-NONE"]}, "Choose at least one qualification"),
        ({"needs": [{"any": ["C1-LAB", "C9-NONE"]}]}, "Choose at least one qualification"),
        ({"needs": [{"of_role": "C9"}]}, "Choose at least one qualification"),
        ({"needs": [{"of_role": "C1"}], "roles": ["POL"]}, "Nobody can earn C1-POL"),
        ({"roles": ["XXX"]}, "Choose roles from the list."),
        ({"who": {"az": "a", "en": " ", "ru": "c"}}, "who performs it"),
        ({"conditions": ["luck"]}, "Choose conditions from the list."),
        ({"mode": "maybe"}, "advised or enforced"),
        ({"enforce_from": clock.today() + 20 * DAY}, "Leave this day empty"),
        ({"mode": "advise", "enforce_from": clock.today() + 10 * DAY}, "must come after the day from which"),
        ({"basis": "D"}, "Name the source"),
        ({"source": {"az": "a", "en": "", "ru": "c"}}, "Name the source"),
        ({"basis": "L", "source": {"az": "19-cu tövsiyə", "en": "r", "ru": "r"}}, "not a law"),
        ({"grace_days": 366}, "Enter 0 to 365 days."),
        ({"grace_days": -1}, "Enter 0 to 365 days."),
        ({"basis": "R"}, "Choose a basis."),
        ({"reason": "whim"}, "Choose a reason"),
        ({"first_day": clock.today() - DAY}, "cannot begin in the past"),
        ({"grace_days": 30}, "This will be required then anyway."),
    ],
)
def test_what_cannot_be_required_is_refused(curriculum, owner, wanted, words):
    factories.make_role("POL")
    with pytest.raises(ValidationError, match=words):
        propose(curriculum, owner, **wanted)


def test_function_that_is_never_refused_stays_so(curriculum, owner):
    """Rescue does not wait for a certificate, whatever rule owners propose."""
    with pytest.raises(ValidationError, match="never refused"):
        actions_rules.propose_requirement(
            function=curriculum.first_contact, rules=tiny.rules(), first_day=clock.today(), reason="law", by=owner
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
    given = {"needs": [], "grace_days": "400", "who_en": "typed by hand", "first_day": day}
    answer = client_of(owner).post(address, sent(**given))
    for words in ("Choose at least one qualification", "365", refusal):
        assert words in answer.text
    assert 'value="400"' in answer.text and f'value="{day}"' in answer.text
    assert "typed by hand</textarea>" in answer.text


# --- two clocks ----------------------------------------------------------------------------------------------


def test_decisions_before_stand_and_later_ones_follow_the_new_rule(
    curriculum, officer, duty_officer, owner, owner2, second
):
    tiny.certify(curriculum, officer)
    before = actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    frozen = (before.answer, before.evidence, before.receipt)
    proposal = propose(curriculum, owner, needs=["C1-LAB", second])
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


def test_advice_confirmed_after_the_day_of_force_is_refused(curriculum, owner, owner2):
    """It would begin in force, which neither of them has read."""
    proposal = propose(
        curriculum,
        owner,
        mode="advise",
        first_day=clock.today() + DAY,
        enforce_from=clock.today() + 3 * DAY,
    )
    with clock.at(clock.now() + 5 * DAY):
        with pytest.raises(ValidationError, match="must come after the day from which"):
            actions_rules.confirm_requirement(proposal=proposal, by=owner2)
        page_of = client_of(owner2).get(page("requirement_proposal", proposal.public_id))
    assert not any("advi" in line for line in page_of.context["points"])
    assert in_force(curriculum.desk_review) == [(1, 0, None)]


def test_loading_the_files_anew_leaves_what_rule_owners_decided(curriculum, owner, owner2):
    actions_rules.confirm_requirement(proposal=propose(curriculum, owner), by=owner2)
    tiny.function("F8", 8, "Desk review", roles=["LAB"], grace_days=30)
    assert in_force(curriculum.desk_review) == [(1, 0, 10), (2, 10, None)]


def test_changed_roles_do_not_turn_an_answer_about_a_day_before(
    curriculum, officer, duty_officer, owner, owner2
):
    """Roles of a function stand on two clocks, as its needs do."""
    factories.make_role("POL")
    tiny.certify(curriculum, officer)
    asked_about = clock.now()

    def answer(instant):
        return actions.decide(
            function=curriculum.desk_review, person=officer, instant=instant, by=duty_officer
        ).answer

    proposal = propose(curriculum, owner, roles=["POL"], first_day=clock.today() + DAY)
    actions_rules.confirm_requirement(proposal=proposal, by=owner2)
    with clock.at(clock.now() + 10 * DAY):
        assert (answer(asked_about), answer(clock.now())) == (Answer.CLEARED, Answer.NOT_CLEARED)


# --- every part of the rules, by pages ---------------------------------------------------------------------------


def test_all_parts_of_the_rules_are_proposed_shown_and_kept(curriculum, owner, owner2, second):
    factories.make_role("SHE")
    day = clock.today() + 40 * DAY
    given = sent(
        roles=["LAB", "SHE"], needs=["C1-LAB"], of_role=["C1"], any_1=["C1-LAB", second],
        conditions=["interpreter", "legal-basis"], override="on", mode="advise", enforce_from=f"{day}", basis="D",
        source_az="19-cu tövsiyə", source_en="Recommendation 19", source_ru="рекомендация 19",
    )  # fmt: skip
    client = client_of(owner)
    address = page("propose_requirement", curriculum.desk_review.public_id)
    asked = flat(client.post(address, given).text)
    for words in (
        "C1 (of the role one serves in)", "C1-LAB / C2-LAB (any one of these)", "an independent interpreter",
        "A shift leader may overrule a refusal.", "nobody is stopped yet; it is enforced from", "recommended",
        "Recommendation 19",
    ):  # fmt: skip
        assert words in asked
    assert "laid down in law" not in asked
    client.post(address, {**given, "sure": "1"})
    proposal = Proposal.objects.get(act=REQUIRE)
    assert "Recommendation 19" in client_of(owner2).get(page("requirement_proposal", proposal.public_id)).text
    version = actions_rules.confirm_requirement(proposal=proposal, by=owner2)
    assert version.rules == {
        "format": 2, "roles": ["LAB", "SHE"],
        "who": {"az": "müfəttiş", "en": "an inspector", "ru": "инспектор"},
        "needs": ["C1-LAB", {"any": ["C1-LAB", "C2-LAB"]}, {"of_role": "C1"}],
        "conditions": ["interpreter", "legal-basis"], "grace_days": 7, "override": True, "mode": "advise",
        "enforce_from": day.isoformat(), "basis": "D",
        "source": {"az": "19-cu tövsiyə", "en": "Recommendation 19", "ru": "рекомендация 19"},
    }  # fmt: skip
    with clock.at(clock.now() + 11 * DAY):
        form = client_of(owner).get(address).context["form"]
    assert form.initial["any_1"] == ["C1-LAB", "C2-LAB"] and "any_2" in form.fields
    assert (form.initial["of_role"], form.initial["who_en"]) == (["C1"], "an inspector")


# --- reading -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "national", "auditor", "admin"])
def test_whom_it_concerns_reads_what_is_required(who, request, curriculum):
    client = client_of(request.getfixturevalue(who))
    listed = client.get(page("requirements")).text
    for words in (
        "Desk review",
        "C1-LAB",
        "30 days",
        "proposed default",
        "enforced",
        "nothing: never refused",
    ):
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


def test_rule_owners_home_leads_there_and_says_whether_something_waits(curriculum, owner, owner2):
    home = client_of(owner2).get("/en/").text
    assert "changes are made by two" in home and "Nothing waits for you now." in home
    propose(curriculum, owner)
    home = client_of(owner2).get("/en/").text
    assert "Waits for you" in home and "Nothing waits for you now." not in home


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
