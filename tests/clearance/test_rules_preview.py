"""Rules are not changed blind: who would turn, by agency, on the pages on which they are proposed and confirmed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from clearance import actions_rules, rules_preview
from clearance.actions_rules import REQUIRE
from clearance.models import RequirementInForce
from operations import clock
from operations.models import Job, Proposal
from operations.outbox import work_off
from people.actions.postings import end_posting
from people.models import Posting
from tests import factories, tiny
from tests.clearance.test_requirements import page, sent
from tests.elearning.pages import flat
from tests.factories import client_of, counted

pytestmark = pytest.mark.usefixtures("keys", "english")
DAY = timedelta(days=1)


@pytest.fixture
def certified(curriculum, officer):
    tiny.certify(curriculum, officer)
    return officer


def turns(function, rules, first_day=None) -> list[tuple[str, str, str, str]]:
    found = rules_preview.preview(function, {**rules, "format": 2}, first_day or clock.today() + DAY)
    return [(row.agency, str(row.serve), str(row.to_not), str(row.to_cleared)) for row in found.rows]


def test_who_turns_to_not_cleared_and_back_by_agency(
    curriculum, certified, officer2, other_unit, role, second
):
    name, few = officer2.postings.get().agency.name, "fewer than 5"
    other = factories.make_person("Rzayev", "Elvin", unit=other_unit, role=role, service_number="M-1")
    tiny.certify(curriculum, other)
    both = tiny.rules(roles=["LAB"], needs=["C1-LAB", second])
    agencies = [name, other_unit.agency.name, "All agencies"]
    found = turns(curriculum.desk_review, both)
    assert [row[0] for row in found] == sorted(agencies[:2]) + agencies[2:]
    assert {row[0]: row[1:] for row in found}[name] == (few, few, "0")
    eased = tiny.rules(roles=["LAB"], needs=[{"any": ["C1-LAB", second]}])
    assert {row[2:] for row in turns(curriculum.desk_review, eased)} == {("0", "0")}
    strict = tiny.function("F9", 9, "Strict", roles=["LAB"], needs=["C1-LAB", second])
    assert {row[0]: row[1:] for row in turns(strict, tiny.rules(roles=["LAB"]))}[name] == (few, "0", few)


def test_it_is_asked_about_the_day_on_which_it_begins(curriculum, certified, officer2, second):
    rules = tiny.rules(roles=["LAB"], needs=["C1-LAB", second])
    end_posting(posting=Posting.objects.get(user=certified), valid_to=clock.now() + 5 * DAY, by=None)
    assert turns(curriculum.desk_review, rules)[0][2] == "fewer than 5"
    later = clock.today() + 10 * DAY
    assert turns(curriculum.desk_review, rules, later)[0][2] == "0"


def test_another_role_is_asked_about_too(curriculum, certified, unit):
    police = factories.make_role("POL")
    factories.make_person("Rzayev", "Elvin", unit=unit, role=police, service_number="P-1")
    [row] = turns(curriculum.desk_review, tiny.rules(roles=["POL"]))
    assert row[1:] == ("fewer than 5", "fewer than 5", "0")


def test_queries_do_not_grow_with_the_people(curriculum, certified, unit, role):
    rules = {**tiny.rules(roles=["LAB"]), "format": 2}
    numbers = []
    for number in range(2):
        rules_preview.preview(curriculum.desk_review, rules, clock.today())
        with counted() as queries:
            rules_preview.preview(curriculum.desk_review, rules, clock.today())
        numbers.append(len(queries))
        for name in ("a", "b"):
            tiny.certify(
                curriculum,
                factories.make_person(name, unit=unit, role=role, service_number=f"{name}{number}"),
            )
    assert numbers[0] == numbers[1]


def test_pages_of_proposing_and_confirming_show_it(curriculum, certified, owner, owner2, second):
    given = sent(needs=["C1-LAB", second])
    address = page("propose_requirement", curriculum.desk_review.public_id)
    asked = client_of(owner).post(address, given)
    for answer in (asked,):
        assert "For whom something changes" in answer.text and "Cleared → not cleared" in answer.text
    assert "fewer than 5" in asked.text and 'name="sure"' in asked.text
    client_of(owner).post(address, {**given, "sure": "1"})
    shown = client_of(owner2).get(page("requirement_proposal", Proposal.objects.get(act=REQUIRE).public_id))
    assert "fewer than 5" in shown.text and "Confirm</button>" in flat(shown.text)
    same = client_of(owner).post(address, sent(grace_days="9"))
    assert "already waiting" in same.text


def test_nobody_turns_is_said(curriculum, certified, owner):
    address = page("propose_requirement", curriculum.desk_review.public_id)
    assert "Nobody’s answer changes on that day." in client_of(owner).post(address, sent()).text


@pytest.fixture
def many(monkeypatch):
    """Two people are many."""
    monkeypatch.setattr(rules_preview, "AT_ONCE", 1)
    monkeypatch.setattr("clearance.rules_job.BATCH", 1)


@pytest.mark.usefixtures("many")
def test_of_many_people_it_is_counted_in_the_background_and_awaited(
    curriculum, certified, officer2, owner, owner2, second, django_capture_on_commit_callbacks
):  # fmt: skip
    given = sent(needs=["C1-LAB", second])
    client, address = client_of(owner), page("propose_requirement", curriculum.desk_review.public_id)
    asked = client.post(address, given)
    assert "Being counted: 0 of 2 people." in asked.text
    assert "Look again</button>" in flat(asked.text) and 'name="sure"' not in asked.text
    assert client.post(address, given).context["preview"].job == asked.context["preview"].job
    assert Job.objects.count() == 1
    work_off([rules_preview.KIND])
    asked = client.post(address, given)
    assert "fewer than 5" in asked.text and 'name="sure"' in asked.text
    client.post(address, {**given, "sure": "1"})
    proposal = Proposal.objects.get(act=REQUIRE)
    deciding, shown = client_of(owner2), page("requirement_proposal", proposal.public_id)
    assert "Being counted" in deciding.get(shown).text
    with pytest.raises(ValidationError, match="still counting"):
        actions_rules.confirm_requirement(proposal=proposal, by=owner2)
    work_off([rules_preview.KIND])
    assert Job.objects.latest("pk").payload["turns"] == {certified.postings.get().agency.public_id: [2, 1, 0]}
    assert "fewer than 5" in deciding.get(shown).text
    actions_rules.confirm_requirement(proposal=proposal, by=owner2)
    assert RequirementInForce.objects.known().count() == 3


@pytest.mark.parametrize("who", ["outsider", "officer", "coordinator", "registrar", "auditor", "admin"])
def test_nobody_else_has_it_counted(who, request, curriculum):
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        actions_rules.count_changes(
            function=curriculum.desk_review, subject_id="x", rules=tiny.rules(), first_day=clock.today(),
            by=request.getfixturevalue(who),
        )  # fmt: skip
    assert not Job.objects.exists()
