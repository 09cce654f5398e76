"""What a coordinator cannot infer of another agency's people, by whatever way round."""

import json
from datetime import timedelta

import pytest
from django.utils import translation

from operations import clock
from operations.models import Proposal
from people import actions
from people.models import Posting
from people.rights import archive
from people.rights.export import collect
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ask(agency, other_unit, role, by, number="LAB-0417") -> Proposal:
    actions.ask_take_over(
        agency=agency, service_number=number, family_name="Məmmədova", unit=other_unit, role=role,
        valid_from=clock.start_of(clock.today()), by=by,
    )  # fmt: skip
    return Proposal.objects.latest("pk")


def taken_over(agency, other_unit, role, asker, holder) -> None:
    actions.confirm_take_over(proposal=ask(agency, other_unit, role, asker), by=holder)


def own_data(person) -> str:
    with translation.override("en"):
        export = collect(person)
        return json.dumps(archive.as_json(export, clock.now()), ensure_ascii=False)


def test_own_data_tell_not_whether_a_request_to_take_over_found_somebody(
    officer, agency, other_unit, role, coordinator, coordinator_other
):
    """Neither whom it found, nor that it was answered with a "no" and by whom."""
    hit = ask(agency, other_unit, role, coordinator_other)
    miss = ask(agency, other_unit, role, coordinator_other, number="LAB-4444")
    actions.decline_take_over(proposal=hit, by=coordinator)
    said = own_data(coordinator_other)
    assert officer.public_id not in said and coordinator.public_id not in said and "declined" not in said
    rows = json.loads(said)["sections"]["operations.Proposal"]["rows"]
    assert [row["public_id"] for row in rows] == [hit.public_id, miss.public_id]
    own = {"public_id", "proposed_at", "expires_at"}
    first, second = ({name: each for name, each in row.items() if name not in own} for row in rows)
    assert first == second


def test_who_was_taken_over_is_told_in_own_data(
    officer, agency, other_unit, role, coordinator, coordinator_other
):
    taken_over(agency, other_unit, role, coordinator_other, coordinator)
    said = own_data(coordinator_other)
    assert officer.public_id in said and "confirmed" in said


def test_supervisor_in_the_old_agency_is_not_named_to_the_new_one(
    officer, officer2, agency, other_unit, role, coordinator, coordinator_other, client_of
):
    officer.supervisor = officer2
    officer.save(update_fields=["supervisor"])
    page = f"/en/people/{officer.public_id}/"
    assert "Quliyev" in client_of(coordinator).get(page).text
    taken_over(agency, other_unit, role, coordinator_other, coordinator)
    assert "Quliyev" not in client_of(coordinator_other).get(page).text


def test_proposer_of_a_merging_reads_nothing_of_the_time_after(
    officer, unit, agency, other_unit, role, coordinator, coordinator_other, client_of
):
    twin = factories.make_person("Mamedova", "Ayten", unit=unit, role=role, service_number="LAB-9999")
    actions.propose_merge(kept=officer, gone=twin, by=coordinator)
    taken_over(agency, other_unit, role, coordinator_other, coordinator)
    row = Posting.objects.known().get(user=officer, agency=other_unit.agency)
    said = actions.Said(
        unit=other_unit, role=role, service_number="MIG-7001", valid_from=row.valid_from, valid_to=None
    )
    actions.correct_posting(posting=row, said=said, by=coordinator_other)
    officer.email = "moved@other.example"
    officer.save(update_fields=["email"])
    text = client_of(coordinator).get("/en/people/proposals/").text
    assert "Mamedova" in text
    assert "MIG-7001" not in text and "moved@other.example" not in text
