"""What a coordinator cannot infer of another agency's people, by whatever way round."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from merging.actions.merge import propose_merge
from merging.actions.take_over import ask_take_over, confirm_take_over, decline_take_over
from operations import clock
from operations.history import HistoryError
from operations.models import Proposal
from people.actions.bulk import end_many
from people.actions.postings import (
    PostingValues,
    correct_posting,
    end_posting,
    newest_change,
    post,
    take_back,
    transfer,
)
from people.models import Posting
from people.views.postings import token_of
from privacy import archive
from privacy.export import collect
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ask(agency, other_unit, role, by, number="LAB-0417") -> Proposal:
    ask_take_over(
        agency=agency, service_number=number, family_name="Məmmədova", unit=other_unit, role=role,
        valid_from=clock.start_of(clock.today()), by=by,
    )  # fmt: skip
    return Proposal.objects.latest("pk")


def taken_over(agency, other_unit, role, asker, holder) -> None:
    confirm_take_over(proposal=ask(agency, other_unit, role, asker), by=holder)


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
    decline_take_over(proposal=hit, by=coordinator)
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
    propose_merge(kept=officer, gone=twin, by=coordinator)
    taken_over(agency, other_unit, role, coordinator_other, coordinator)
    row = Posting.objects.known().get(user=officer, agency=other_unit.agency)
    said = PostingValues(
        unit=other_unit, role=role, service_number="MIG-7001", valid_from=row.valid_from, valid_to=None
    )
    correct_posting(posting=row, values=said, by=coordinator_other)
    officer.email = "moved@other.example"
    officer.save(update_fields=["email"])
    text = client_of(coordinator).get("/en/people/proposals/").text
    assert "Mamedova" in text
    assert "MIG-7001" not in text and "moved@other.example" not in text


def test_agency_that_somebody_has_left_changes_nothing_of_the_time_there(
    officer, unit, agency, other_unit, role, coordinator, coordinator_other, client_of
):
    """Also by an address that was kept: what refuses there would tell when the person serves elsewhere."""
    taken_over(agency, other_unit, role, coordinator_other, coordinator)
    was = Posting.objects.known().get(user=officer, agency=agency)
    client, page = client_of(coordinator), f"/en/people/{officer.public_id}/"
    first, last = clock.first_day(was.valid_from), clock.today()
    data = {
        "unit": unit.public_id, "role": "LAB", "service_number": "LAB-0417", "sure": "1",
        "first_day": first.isoformat(), "last_day": last.isoformat(),
    }  # fmt: skip
    for rest in (f"correct/{token_of(was)}/", f"end/{token_of(was)}/", f"transfer/?posting={token_of(was)}"):
        answer = client.post(page + rest, data)
        assert answer.status_code in {403, 404} and "main posting" not in answer.text
    said = PostingValues(
        unit=unit, role=role, service_number=None, valid_from=was.valid_from, valid_to=was.valid_to
    )
    begins = was.valid_from + DAY
    for act in (
        lambda: correct_posting(posting=was, values=said, by=coordinator),
        lambda: end_posting(posting=was, valid_to=begins, by=coordinator),
        lambda: end_many(people=[officer], agency=agency, valid_to=begins, by=coordinator),
        lambda: transfer(
            person=officer, agency=agency, unit=unit, role=role, service_number=None, valid_from=begins,
            by=coordinator,
        ),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()


def test_nobody_posts_another_agencys_person_to_the_own_one(officer, other_unit, role, coordinator_other):
    with pytest.raises(PermissionDenied):
        post(
            person=officer, unit=other_unit, role=role, service_number=None, valid_from=clock.now(), main=False,
            by=coordinator_other,
        )  # fmt: skip


@pytest.mark.parametrize("by", ["coordinator", "coordinator_other", "admin"])
def test_taking_over_is_not_undone_by_one(
    by, request, officer, agency, other_unit, role, coordinator, coordinator_other, client_of
):
    """Not before the day comes either, while both still see the person: one half would be left."""
    proposal_day = clock.start_of(clock.today()) + 5 * DAY
    ask_take_over(
        agency=agency, service_number="LAB-0417", family_name="Məmmədova", unit=other_unit, role=role,
        valid_from=proposal_day, by=coordinator_other,
    )  # fmt: skip
    confirm_take_over(proposal=Proposal.objects.get(), by=coordinator)
    before = list(Posting.objects.known().filter(user=officer).order_by("pk"))
    page = client_of(request.getfixturevalue(by)).get(f"/en/people/{officer.public_id}/undo/")
    assert "agreed between two agencies" in page.text
    for one in (agency, other_unit.agency):
        with pytest.raises((HistoryError, PermissionDenied)):
            take_back(
                person=officer, agency=one, at=newest_change(officer, one),
                by=request.getfixturevalue(by),
            )  # fmt: skip
    assert list(Posting.objects.known().filter(user=officer).order_by("pk")) == before
