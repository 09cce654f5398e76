"""Merging and taking over: by two people, both histories kept, nobody guessed."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions.passwords import set_password
from accounts.actions.second_factor import reset_second_factor, set_up_totp
from certificates.models import Certificate
from clearance import actions as clearance
from merging.actions import limit
from merging.actions.merge import confirm_merge, decline_merge, left_over, propose_merge, withdraw_merge
from merging.actions.take_over import ask_take_over, confirm_take_over, decline_take_over, withdraw_take_over
from operations import clock
from operations.history import HistoryError
from operations.models import AuditEntry, Proposal
from operations.proposals import ProposalError
from people.actions.editing import change_address
from people.actions.grants import grant, revoke_grant
from people.actions.leaves import add_leave
from people.actions.persons import add_person
from people.actions.postings import end_posting, post
from people.models import AddressRequest, Leave, Posting, User
from privacy.actions.erasure import erase_person
from rosters.matching import must_agree
from tests import factories, tiny
from tests.elearning.pages import flat
from tests.factories import PASSWORD, counted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# --- the parts of a time that are free ------------------------------------------------------------------

NOW = clock.now()
DAYS = st.integers(0, 12)
TIMES = st.tuples(DAYS, st.one_of(st.none(), DAYS)).filter(lambda t: t[1] is None or t[0] < t[1])


@given(time=TIMES, taken=st.lists(TIMES, max_size=4))
def test_what_is_left_over_is_each_day_that_is_not_taken(time, taken):
    def instants(start, end):
        return NOW + start * DAY, None if end is None else NOW + end * DAY

    def covers(each, day):
        return each[0] <= day and (each[1] is None or day < each[1])

    parts = left_over(instants(*time), [instants(*each) for each in taken])
    for day in range(15):
        free = covers(time, day) and not any(covers(each, day) for each in taken)
        instant = NOW + day * DAY
        assert sum(s <= instant and (e is None or instant < e) for s, e in parts) == int(free)


# --- merging ----------------------------------------------------------------------------------------------


@pytest.fixture
def coordinator2(agency) -> User:
    person = factories.make_person("Rəhimli", "Sona", email="coordinator2@agency.example", password=PASSWORD)
    factories.give(person, "coordinator", agency=agency)
    return person


@pytest.fixture
def twin(unit, role) -> User:
    """The officer once more, entered by mistake, since ten days."""
    return factories.make_person(
        "Mamedova", "Ayten", email="twin@agency.example", unit=unit, role=role, service_number="LAB-9999",
        posted_from=clock.now() - 10 * DAY,
    )  # fmt: skip


def merged(kept, gone, by, second) -> User:
    return confirm_merge(proposal=propose_merge(kept=kept, gone=gone, by=by), by=second)


def test_two_become_one_and_nothing_is_deleted(officer, twin, agency, coordinator, coordinator2):
    add_leave(person=twin, agency=agency, valid_from=clock.now(), valid_to=None, by=None)
    merged(officer, twin, coordinator, coordinator2)
    twin.refresh_from_db()
    assert (twin.merged_into, twin.is_active, twin.email) == (officer, False, None)
    assert not Posting.objects.known().filter(user=twin).exists()
    assert Posting.objects.filter(user=twin).count() == 1  # withdrawn, still to be read
    [row] = Posting.objects.known().filter(user=officer)
    assert row.service_number == "LAB-0417"  # of the same time and agency the own one counts
    assert Leave.objects.known().get().user == officer
    assert AuditEntry.objects.filter(act="merging.merge").count() == 2


def test_time_that_only_the_other_had_moves_over(officer, unit, role, agency, coordinator, coordinator2):
    start = Posting.objects.get(user=officer).valid_from
    earlier = factories.make_person(
        unit=unit, role=role, service_number="LAB-0001", posted_from=start - 100 * DAY
    )
    merged(officer, earlier, coordinator, coordinator2)
    rows = Posting.objects.filter(user=officer).timeline()
    assert [(row.service_number, row.valid_from, row.valid_to) for row in rows] == [
        ("LAB-0001", start - 100 * DAY, start), ("LAB-0417", start, None),
    ]  # fmt: skip


def test_record_that_never_served_is_merged_as_well(officer, admin, admin2):
    bare = add_person(family_name="Məmmədova", given_name="Aytən", by=None)
    merged(officer, bare, admin, admin2)
    bare.refresh_from_db()
    assert bare.merged_into == officer


def test_address_goes_over_only_where_the_other_has_none(unit, role, twin, coordinator, coordinator2):
    bare = add_person(family_name="Məmmədova", given_name="Aytən", by=None)
    post(person=bare, unit=unit, role=role, service_number="LAB-7", valid_from=clock.now() - DAY, by=None)
    merged(bare, twin, coordinator, coordinator2)
    bare.refresh_from_db()
    assert (bare.email, bare.emailaddress_set.get().email) == ("twin@agency.example", "twin@agency.example")


@pytest.mark.usefixtures("keys")
def test_certificate_of_the_other_clears_the_one_that_stays(
    curriculum, officer, twin, duty_officer, coordinator, coordinator2, client_of
):
    names = {part: getattr(officer, part) for part in ("family_name", "given_name", "father_name")}
    User.objects.filter(pk=twin.pk).update(**names)
    certificate = tiny.certify(curriculum, User.objects.get(pk=twin.pk))
    merged(officer, twin, coordinator, coordinator2)
    assert list(Certificate.objects.held_by(officer)) == [certificate]
    decision = clearance.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    assert (decision.answer, decision.evidence["relied_on"]) == ("cleared", [certificate.public_id])
    assert certificate.short_code[:4] in client_of(officer).get("/en/certificates/").text


@pytest.mark.usefixtures("keys")
def test_certificate_of_the_other_in_another_spelling_clears_nobody(
    curriculum, officer, twin, duty_officer, coordinator, coordinator2
):
    """Until the registrar has corrected it: whose name a certificate says is not for the desk to judge."""
    tiny.certify(curriculum, twin)
    merged(officer, twin, coordinator, coordinator2)
    decision = clearance.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    assert [reason["code"] for reason in decision.reasons] == ["other-name"]
    assert decision.answer == "undetermined"


def test_merged_record_leads_to_the_one_that_stays(
    officer, twin, coordinator, coordinator2, admin, client_of
):
    merged(officer, twin, coordinator, coordinator2)
    page = client_of(admin).get(f"/en/people/{twin.public_id}/", follow=True)
    assert page.redirect_chain == [(f"/en/people/{officer.public_id}/", 302)]
    assert "Mamedova" not in client_of(coordinator).get("/en/people/").text


def test_nobody_merges_alone(officer, twin, coordinator):
    proposal = propose_merge(kept=officer, gone=twin, by=coordinator)
    with pytest.raises(ProposalError):
        confirm_merge(proposal=proposal, by=coordinator)
    assert User.objects.get(pk=twin.pk).merged_into is None


@pytest.mark.parametrize("since", [timedelta(), DAY])
def test_who_holds_a_position_does_not_go(since, officer, twin, unit, coordinator):
    """Nor who will hold one."""
    grant(person=twin, position="duty-officer", unit=unit, starts_at=clock.now() + since, by=None)
    with pytest.raises(ValidationError):
        propose_merge(kept=officer, gone=twin, by=coordinator)


def test_same_proposal_is_made_once(officer, twin, coordinator, coordinator2):
    propose_merge(kept=officer, gone=twin, by=coordinator)
    for kept, gone in ((officer, twin), (twin, officer)):
        with pytest.raises(ValidationError):
            propose_merge(kept=kept, gone=gone, by=coordinator2)


def test_person_who_also_served_elsewhere_is_for_administrators(
    officer, twin, other_unit, role, coordinator, admin
):
    post(
        person=twin, unit=other_unit, role=role, service_number="MIG-1", valid_from=clock.now(), main=False,
        by=None,
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        propose_merge(kept=officer, gone=twin, by=coordinator)
    assert propose_merge(kept=officer, gone=twin, by=admin).act == "merging.merge"


def test_so_many_mergings_are_proposed_in_a_day_by_one_and_the_colleagues(
    officer, twin, coordinator, coordinator2, coordinator_other, admin, client_of, monkeypatch
):
    """Whatever became of them; the next day begins anew."""
    monkeypatch.setattr(limit, "MOST", 2)
    for _each in range(2):
        proposal = propose_merge(kept=officer, gone=twin, by=coordinator)
        withdraw_merge(proposal=proposal, by=coordinator)
    for by in (coordinator, coordinator2):
        with pytest.raises(ValidationError, match=" 2 "):
            propose_merge(kept=officer, gone=twin, by=by)
    client = client_of(coordinator2)
    client.post("/en/people/bulk/", {"p": [officer.public_id, twin.public_id], "act": "merge"})
    page = client.post("/en/people/bulk/merge/", {"kept": officer.public_id, "sure": "1"})
    assert "You and your colleagues have asked for this 2 times today. Go on tomorrow." in page.text
    with clock.at(clock.now() + DAY):
        propose_merge(kept=officer, gone=twin, by=coordinator2)
    assert Proposal.objects.count() == 3


@pytest.mark.parametrize(
    "by", ["coordinator_other", "auditor", "duty_officer", "registrar", "outsider", "officer"]
)
def test_nobody_else_merges(by, request, officer, twin, coordinator):
    by = request.getfixturevalue(by)
    with pytest.raises(PermissionDenied):
        propose_merge(kept=officer, gone=twin, by=by)
    proposal = propose_merge(kept=officer, gone=twin, by=coordinator)
    for act in (confirm_merge, decline_merge):
        with pytest.raises(PermissionDenied):
            act(proposal=proposal, by=by)


def test_merge_by_pages(officer, twin, coordinator, coordinator2, client_of):
    client = client_of(coordinator)
    choice = client.post(
        "/en/people/bulk/", {"p": [officer.public_id, twin.public_id], "act": "merge"}, follow=True
    )
    unit = officer.postings.get().unit.name_en
    assert f"Mamedova Ayten, LAB-9999, twin@agency.example · {unit} · Signed in last: never" in choice.text
    asked = client.post("/en/people/bulk/merge/", {"kept": officer.public_id})
    assert "Will be closed: Mamedova Ayten, LAB-9999" in asked.text and not Proposal.objects.exists()
    client.post("/en/people/bulk/merge/", {"kept": officer.public_id, "sure": "1"})
    proposal = Proposal.objects.get()
    waits = client_of(coordinator2).get("/en/people/proposals/")
    assert "Merge two records" in waits.text and 'class="btn">Confirm' in flat(waits.text)
    assert 'class="btn">Confirm' not in flat(client.get("/en/people/proposals/").text)
    address, second = f"/en/people/proposals/{proposal.public_id}/confirm/", client_of(coordinator2)
    first_asked = second.post(address)
    assert (
        "Merge these two records?" in first_asked.text
        and "Will be closed: Mamedova Ayten" in first_asked.text
    )
    assert User.objects.get(pk=twin.pk).merged_into is None
    assert "Confirmed and done." in second.post(address, {"sure": "1"}, follow=True).text
    assert User.objects.get(pk=twin.pk).merged_into == officer


def test_who_held_a_position_under_the_record_that_goes_is_guarded_as_before(
    officer, twin, agency, coordinator, admin, coordinator2
):
    """Nobody alone opens a way into the account of who ever acted for others, by whatever record."""
    held = factories.give(twin, "coordinator", agency=agency)
    revoke_grant(grant=held, by=None)
    merged(officer, twin, coordinator, coordinator2)
    set_up_totp(person=officer, secret="JBSWY3DPEHPK3PXP", by=None)
    with pytest.raises(PermissionDenied):
        reset_second_factor(person=officer, by=admin)
    User.objects.filter(pk=officer.pk).update(last_login=None, password="!")
    asked = change_address(person=officer, email="new@agency.example", agency=agency, by=coordinator)
    assert isinstance(asked, AddressRequest) and must_agree([officer.pk]) == {officer.pk}


# --- taking over ------------------------------------------------------------------------------------------


def ask(agency, unit, role, by, number="LAB-0417", name="Məmmədova", since=None) -> None:
    ask_take_over(
        agency=agency, service_number=number, family_name=name, unit=unit, role=role,
        valid_from=since or clock.start_of(clock.today()), by=by,
    )  # fmt: skip


def test_asked_by_one_confirmed_by_the_other(
    officer, agency, other_unit, role, coordinator, coordinator_other
):
    ask(agency, other_unit, role, coordinator_other, number="lab-0417", name="MEMMEDOVA")
    row = confirm_take_over(proposal=Proposal.objects.get(), by=coordinator)
    assert (row.user, row.unit, row.main, row.service_number) == (officer, other_unit, True, None)
    rows = Posting.objects.filter(user=officer).timeline()
    assert [(each.agency, each.valid_to) for each in rows] == [
        (agency, row.valid_from), (other_unit.agency, None),
    ]  # fmt: skip


def test_order_in_russian_names_the_same_person(officer, agency, other_unit, role, coordinator_other):
    ask(agency, other_unit, role, coordinator_other, name="Мамедова")
    assert Proposal.objects.get().subject_id == officer.public_id


@pytest.mark.parametrize(
    "number, name", [("LAB-0418", "Məmmədova"), ("LAB-0417", "Quliyeva"), ("", ""), ("LAB-0417", "")]
)
def test_wrong_guess_asks_nobody(
    number, name, officer, agency, other_unit, role, coordinator, coordinator_other, admin, client_of
):
    ask(agency, other_unit, role, coordinator_other, number=number, name=name)
    assert Proposal.objects.get().subject_id == ""
    assert AuditEntry.objects.get(act="merging.ask_take_over").by == coordinator_other
    for client in (client_of(coordinator), client_of(admin)):
        assert "Nothing waits" in client.get("/en/people/proposals/").text
        address = f"/en/people/proposals/{Proposal.objects.get().public_id}/confirm/"
        assert client.post(address, {"sure": "1"}).status_code == 404


def test_answer_is_the_same_for_a_hit_and_a_miss(
    officer, agency, other_unit, role, coordinator_other, client_of
):
    client = client_of(coordinator_other)
    said = []
    for number in ("LAB-0417", "LAB-4444"):
        data = {
            "from_agency": agency.public_id, "number_there": number, "family_name": "Məmmədova",
            "unit": other_unit.public_id, "role": "LAB", "first_day": clock.today().isoformat(),
        }  # fmt: skip
        asked = client.post("/en/people/take-over/", data)
        assert "You are not told whether that is so." in asked.text
        done = client.post("/en/people/take-over/", {**data, "sure": "1"}, follow=True)
        said.append([str(message) for message in done.context["messages"]])
        assert "Məmmədova" not in flat(client.get("/en/people/proposals/").text)
    assert said[0] == said[1] and Proposal.objects.count() == 2
    first, second = client.get("/en/people/proposals/").context["rows"]
    assert [str(point) for point in first["points"]] == [str(point) for point in second["points"]]


def test_so_many_are_asked_for_in_a_day_hits_and_misses_alike(
    officer, agency, other_unit, role, coordinator, coordinator_other, client_of, monkeypatch
):
    monkeypatch.setattr(limit, "MOST", 2)
    ask(agency, other_unit, role, coordinator_other, number="LAB-1")
    withdraw_take_over(proposal=Proposal.objects.get(), by=coordinator_other)
    ask(agency, other_unit, role, coordinator_other, number="LAB-2")
    client = client_of(coordinator_other)
    for number in ("LAB-0417", "LAB-4444"):
        data = {
            "from_agency": agency.public_id, "number_there": number, "family_name": "Məmmədova",
            "unit": other_unit.public_id, "role": "LAB", "first_day": clock.today().isoformat(), "sure": "1",
        }  # fmt: skip
        page = client.post("/en/people/take-over/", data)
        assert "You and your colleagues have asked for this 2 times today. Go on tomorrow." in page.text
    assert Proposal.objects.count() == 2
    assert "Nothing waits" in client_of(coordinator).get("/en/people/proposals/").text


def test_old_agency_decides_by_page(
    officer, agency, other_unit, role, coordinator, coordinator_other, client_of
):
    ask(agency, other_unit, role, coordinator_other)
    page = client_of(coordinator).get("/en/people/proposals/")
    assert "Məmmədova Aytən Kamran qızı" in page.text
    address = f"/en/people/proposals/{Proposal.objects.get().public_id}/"
    assert (
        "You may not do this."
        in client_of(coordinator_other).post(address + "confirm/", {"sure": "1"}, follow=True).text
    )
    assert client_of(coordinator).post(address + "decline/").context["ask"].title == "Decline this?"
    assert "Declined." in client_of(coordinator).post(address + "decline/", {"sure": "1"}, follow=True).text
    assert Posting.objects.known().get(user=officer).agency == agency


PROPOSALS = "/en/people/proposals/"


def rows_of(client) -> list[tuple[str, str]]:
    """One sees what waits of one's own, and what became of the rest."""
    context = client.get(PROPOSALS).context
    waiting = [("waits", str(row["title"])) for row in context["rows"]]
    return waiting + [(str(row["state"]), str(row["title"])) for row in context["ended"]]


def test_asker_sees_what_comes_of_it_and_withdraws(
    officer, agency, other_unit, role, coordinator, coordinator_other, client_of
):
    title = "You ask another agency for a person"
    ask(agency, other_unit, role, coordinator_other)
    asker = client_of(coordinator_other)
    assert rows_of(asker) == [("waits", title)]
    assert "Məmmədova" not in asker.get(PROPOSALS).text
    address = f"{PROPOSALS}{Proposal.objects.get().public_id}/"
    assert client_of(coordinator).post(address + "withdraw/", {"sure": "1"}).status_code in (302, 403)
    assert rows_of(asker) == [("waits", title)]
    said = asker.post(address + "withdraw/", {"sure": "1"}, follow=True).text
    assert "Withdrawn. Nothing was changed." in said and rows_of(asker) == [("withdrawn", title)]
    assert "Nothing waits" in client_of(coordinator).get(PROPOSALS).text
    entry = AuditEntry.objects.get(act="merging.withdraw_take_over")
    assert (entry.subject_kind, entry.subject_id) == ("agency", agency.code)
    ask(agency, other_unit, role, coordinator_other)
    waiting = Proposal.objects.get(outcome=None)
    client_of(coordinator).post(f"{PROPOSALS}{waiting.public_id}/confirm/", {"sure": "1"})
    assert rows_of(asker) == [("confirmed", title), ("withdrawn", title)]
    assert "Məmmədova" in asker.get(PROPOSALS).text  # serves there now


def test_no_looks_like_no_answer_and_like_nobody(
    officer, agency, other_unit, role, coordinator, coordinator_other, client_of
):
    """Whoever guesses a number and a name learns nothing from the answer, nor from withdrawing."""
    ask(agency, other_unit, role, coordinator_other)
    ask(agency, other_unit, role, coordinator_other, number="LAB-4444")
    hit, miss = Proposal.objects.order_by("pk")
    decline_take_over(proposal=hit, by=coordinator)
    asker, title = client_of(coordinator_other), "You ask another agency for a person"
    assert rows_of(asker) == [("waits", title)] * 2
    said = [
        asker.post(f"{PROPOSALS}{each.public_id}/withdraw/", {"sure": "1"}, follow=True)
        for each in (hit, miss)
    ]
    assert [[str(m) for m in page.context["messages"]] for page in said] == [
        ["Withdrawn. Nothing was changed."]
    ] * 2
    assert rows_of(asker) == [("withdrawn", title)] * 2
    with clock.at(clock.now() + DAY):
        ask(agency, other_unit, role, coordinator_other)
        decline_take_over(proposal=Proposal.objects.get(outcome=None), by=coordinator)
    with clock.at(clock.now() + 16 * DAY):
        assert rows_of(asker) == [("not confirmed in time", title), *[("withdrawn", title)] * 2]


def test_hit_and_miss_ask_the_database_the_same_questions(
    officer, agency, other_unit, role, coordinator_other
):
    assert other_unit.agency  # read before
    asked = []
    for number in ("LAB-0417", "LAB-4444"):
        with counted() as queries:
            ask(agency, other_unit, role, coordinator_other, number=number)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_what_others_ask_each_other_costs_nobody_else_anything(
    officer, agency, other_unit, role, coordinator, coordinator_other, client_of
):
    costs, client = [], client_of(coordinator)
    client.get(PROPOSALS)
    for _time in range(2):
        with counted() as queries:
            client.get(PROPOSALS)
        costs.append(len(queries))
        for each in range(3):
            ask(agency, other_unit, role, coordinator_other, number=f"LAB-444{each}")
    assert costs[0] == costs[1]


@pytest.mark.parametrize("reader", ["coordinator", "coordinator_other", "admin"])
def test_three_cost_as_many_queries_as_one(
    reader, request, agency, unit, other_unit, role, coordinator, coordinator_other, client_of
):
    """Waiting and ended, own and others' alike."""
    client, costs = client_of(request.getfixturevalue(reader)), []
    for number in range(3):
        people = [
            factories.make_person(unit=unit, role=role, service_number=f"LAB-5{number}{each}")
            for each in range(5)
        ]
        ask(agency, other_unit, role, coordinator_other, number=f"LAB-5{number}4", name=people[4].family_name)
        back = Proposal.objects.get(act="merging.take_over", outcome=None, subject_id=people[4].public_id)
        withdraw_take_over(proposal=back, by=coordinator_other)
        ask(agency, other_unit, role, coordinator_other, number=f"LAB-5{number}4", name=people[4].family_name)
        propose_merge(kept=people[0], gone=people[1], by=coordinator)
        gone = propose_merge(kept=people[2], gone=people[3], by=coordinator)
        withdraw_merge(proposal=gone, by=coordinator)
        client.get(PROPOSALS)
        with counted() as queries:
            page = client.get(PROPOSALS)
        costs.append((len(queries), len(page.context["rows"]), len(page.context["ended"])))
    first, _second, third = costs
    assert third[0] == first[0]
    assert third[1:] == (3 * first[1], 3 * first[2]) and first[1]


def test_other_agency_is_asked_once_for_one_person(
    officer, agency, other_unit, role, coordinator, coordinator_other, client_of
):
    for _time in range(2):
        ask(agency, other_unit, role, coordinator_other)
    assert len(client_of(coordinator).get(PROPOSALS).context["rows"]) == 1


def test_proposer_of_a_merging_sees_what_came_of_it(officer, twin, coordinator, coordinator2, client_of):
    proposal = propose_merge(kept=officer, gone=twin, by=coordinator)
    client = client_of(coordinator)
    assert rows_of(client) == [("waits", "Merge two records")]
    client_of(coordinator2).post(f"{PROPOSALS}{proposal.public_id}/decline/", {"sure": "1"})
    assert rows_of(client) == [("declined", "Merge two records")]
    again = propose_merge(kept=officer, gone=twin, by=coordinator)
    client.post(f"{PROPOSALS}{again.public_id}/withdraw/", {"sure": "1"})
    assert rows_of(client) == [("withdrawn", "Merge two records"), ("declined", "Merge two records")]
    with clock.at(clock.now() + 31 * DAY):
        assert "Nothing waits" in client_of(coordinator).get(PROPOSALS).text


@pytest.mark.parametrize("by", ["coordinator", "admin", "outsider", "officer"])
def test_nobody_else_withdraws_a_request(by, request, officer, agency, other_unit, role, coordinator_other):
    ask(agency, other_unit, role, coordinator_other)
    with pytest.raises(PermissionDenied):
        withdraw_take_over(proposal=Proposal.objects.get(), by=request.getfixturevalue(by))
    assert Proposal.objects.get().outcome is None


def test_who_has_left_meanwhile_cannot_be_taken_over(
    officer, agency, other_unit, role, coordinator, coordinator_other
):
    ask(agency, other_unit, role, coordinator_other, since=clock.now() + DAY)
    row = Posting.objects.get(user=officer)
    end_posting(posting=row, valid_to=clock.now() - DAY, by=None)
    with pytest.raises(HistoryError):
        confirm_take_over(proposal=Proposal.objects.get(), by=coordinator)
    assert Proposal.objects.get().outcome is None


@pytest.mark.parametrize("by", ["coordinator", "auditor", "duty_officer", "registrar", "outsider", "admin"])
def test_nobody_asks_for_a_unit_that_is_not_theirs(by, request, officer, agency, other_unit, role):
    with pytest.raises(PermissionDenied):
        ask(agency, other_unit, role, request.getfixturevalue(by))


def test_who_was_erased_meanwhile_is_not_taken_over(
    officer, agency, other_unit, role, coordinator, coordinator_other, client_of
):
    """Their service ended with the erasure, though they still served on the day that the request names."""
    ask(agency, other_unit, role, coordinator_other)
    erase_person(person=officer, by=None)
    before = Posting.objects.count()
    assert "Nothing waits" in client_of(coordinator).get(PROPOSALS).text
    address = f"{PROPOSALS}{Proposal.objects.get().public_id}/confirm/"
    assert client_of(coordinator).post(address, {"sure": "1"}).status_code == 404
    with pytest.raises(PermissionDenied):
        confirm_take_over(proposal=Proposal.objects.get(), by=coordinator)
    assert Posting.objects.count() == before and Proposal.objects.get().outcome is None


def test_nobody_lets_go_of_themselves(officer, agency, other_unit, role, coordinator_other):
    factories.give(officer, "coordinator", agency=agency)
    ask(agency, other_unit, role, coordinator_other)
    with pytest.raises(PermissionDenied):
        confirm_take_over(proposal=Proposal.objects.get(), by=officer)


@pytest.mark.parametrize("by", ["auditor", "duty_officer", "registrar", "outsider", "officer"])
def test_nobody_else_lets_go(by, request, officer, agency, other_unit, role, coordinator_other):
    ask(agency, other_unit, role, coordinator_other)
    for act in (confirm_take_over, decline_take_over):
        with pytest.raises(PermissionDenied):
            act(proposal=Proposal.objects.get(), by=request.getfixturevalue(by))


# --- what the two may not do together ---------------------------------------------------------------------


@pytest.mark.parametrize("position", [None, "trainer"])
def test_address_of_the_other_does_not_take_over_an_account(
    position, unit, role, twin, coordinator, coordinator2
):
    """A person who has signed in without an address, or may act for others, is asked first."""
    kept = add_person(family_name="Məmmədova", given_name="Aytən", by=None)
    post(person=kept, unit=unit, role=role, service_number="LAB-7", valid_from=clock.now() - DAY, by=None)
    if position:
        factories.give(kept, position)
    else:
        set_password(person=kept, password=PASSWORD, by=None)
    merged(kept, twin, coordinator, coordinator2)
    kept.refresh_from_db()
    assert (kept.email, kept.emailaddress_set.count()) == (None, 0)
    assert AddressRequest.objects.get(person=kept, outcome=None).email == "twin@agency.example"


def test_deciding_asks_again_who_one_is(officer, twin, coordinator, coordinator2, client_of):
    proposal = propose_merge(kept=officer, gone=twin, by=coordinator)
    long_ago = time.time() - 16 * 60
    address = f"/en/people/proposals/{proposal.public_id}/confirm/"
    answer = client_of(coordinator2, proved=long_ago).post(address)
    assert answer.url.startswith("/en/account/reauthenticate/")
    assert User.objects.get(pk=twin.pk).merged_into is None
