"""The pages of positions, from outside."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from locales.dates import day_text
from locales.text import written_name
from operations import clock
from operations.models import AuditEntry
from people.actions import grants as grant_actions
from people.actions.postings import end_posting, post
from people.actions.registrars import propose_registrar
from people.models import Grant
from people.permissions import holds, holds_everywhere, positions_of
from people.views.postings import token_of
from tests import factories
from tests.elearning.pages import flat
from tests.factories import Position, client_of

pytestmark = pytest.mark.usefixtures("english")


def page(name, *parts):
    return reverse(name, args=parts)


def shown(answer):
    """The people of a list."""
    return re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', flat(answer.content))


def grant_ids(answer):
    return set(re.findall(r"/people/positions/([\w-]{22})/", answer.content.decode()))


# --- who holds which position ------------------------------------------------------------------------


def test_list_shows_each_reader_what_they_may_see(
    admin, auditor, registrar, coordinator, coordinator_other, duty_officer, duty_officer_other
):
    everything = {grant.public_id for grant in Grant.objects.all()}
    mine, others = duty_officer.grants.get().public_id, duty_officer_other.grants.get().public_id
    seen = {
        who: grant_ids(client_of(who).get(page("people:grants")))
        for who in (admin, auditor, registrar, coordinator)
    }
    assert seen[admin] == seen[auditor] == everything
    assert seen[registrar] == {registrar.grants.get().public_id}
    assert seen[coordinator] == {mine, coordinator.grants.get().public_id}
    other = grant_ids(client_of(coordinator_other).get(page("people:grants")))
    assert other == {others, coordinator_other.grants.get().public_id}


def test_position_of_who_has_left_is_counted_and_listed_until_somebody_ends_it(
    officer, officer2, unit, other_unit, role, agency, admin, coordinator, auditor
):
    """A posting that ends takes no position along: whoever has left would see the agency's people for good."""
    theirs = factories.give(officer, Position.COORDINATOR, agency=agency)
    of_unit = factories.give(officer2, Position.DUTY_OFFICER, unit=unit)
    everywhere = factories.give(officer2, Position.TRAINER)
    listed = f"{page('people:grants')}?state=left"

    def counted(who) -> list[int]:
        home = client_of(who).get(page("people:home"))
        return [each["number"] for each in home.context["to_do"] if each["href"] == listed]

    assert counted(admin) == counted(coordinator) == [] and not grant_ids(client_of(admin).get(listed))
    for person in (officer, officer2):
        held = person.postings.known().get()
        asked = client_of(coordinator).post(
            page("people:end_posting", person.public_id, token_of(held)),
            {"last_day": clock.today().isoformat()},
        )
        assert "These positions stay until somebody ends them" in asked.text
        end_posting(posting=held, valid_to=clock.now(), by=coordinator)
    post(person=officer2, unit=other_unit, role=role, service_number=None, valid_from=clock.now(), by=admin)
    assert grant_ids(client_of(admin).get(listed)) == {theirs.public_id, of_unit.public_id}
    assert (counted(admin), counted(coordinator), counted(auditor)) == ([2], [1], [])
    grant_actions.revoke_grant(grant=theirs, by=admin)
    grant_actions.revoke_grant(grant=of_unit, by=coordinator)
    assert counted(admin) == counted(coordinator) == [] and everywhere.state == "live"


def test_number_in_another_agency_finds_nobody_of_the_own_one(
    officer, agency, other_unit, role, coordinator, admin
):
    post(
        person=officer, unit=other_unit, role=role, service_number="MIG-7001", valid_from=clock.now(),
        main=False, by=admin,
    )  # fmt: skip
    factories.give(officer, Position.DUTY_OFFICER, agency=agency)
    finds = {"LAB-0417": (True, True), "MIG-7001": (False, True)}
    for number, expected in finds.items():
        for who, found in zip((coordinator, admin), expected, strict=True):
            client = client_of(who)
            assert (officer.public_id in client.post(page("people:give"), {"q": number}).text) == found
            assert bool(shown(client.post(page("people:grants"), {"q": number}, follow=True))) == found


@pytest.mark.parametrize("who", ["officer", "trainer", "reviewer", "duty_officer", "outsider"])
def test_list_is_closed_to_others(request, who, registrar):
    client = client_of(request.getfixturevalue(who))
    for name, parts in (
        ("people:grants", ()),
        ("people:grant_one", (registrar.grants.get().public_id,)),
        ("people:give", ()),
    ):
        assert client.get(page(name, *parts)).status_code == 403


def test_coordinator_opens_no_grant_of_another_agency(coordinator, duty_officer_other, registrar):
    client = client_of(coordinator)
    for holder in (duty_officer_other, registrar):
        address = page("people:grant_one", holder.grants.get().public_id)
        assert client.get(address).status_code == client.post(address, {"reason": "x"}).status_code == 404
        assert positions_of(holder)


def test_filters_find(admin, registrar, duty_officer, officer, unit):
    grant_actions.grant(person=officer, position=Position.DUTY_OFFICER, unit=unit, by=admin)
    client = client_of(admin)
    assert len(grant_ids(client.get(page("people:grants"), {"position": "duty-officer"}))) == 2
    assert len(grant_ids(client.get(page("people:grants"), {"agency": "labour-inspection"}))) == 2
    assert grant_ids(client.get(page("people:grants"), {"state": "over"})) == set()
    answer = client.post(
        page("people:grants"), {"q": "memmedova ayten", "position": "", "state": "live"}, follow=True
    )
    assert answer.redirect_chain == [
        (page("people:grants") + "?state=live&searched=yes", 302)
    ]  # the name is not in the address
    assert shown(answer) == ["Aytən Məmmədova"]
    assert "Show all" in answer.content.decode()
    assert len(shown(client.get(page("people:grants"), {"all": "1"}))) == 4


def test_list_finds_by_service_number(admin, officer, unit, duty_officer):
    grant_actions.grant(person=officer, position=Position.DUTY_OFFICER, unit=unit, by=admin)
    answer = client_of(admin).post(page("people:grants"), {"q": "LAB-0417"}, follow=True)
    assert shown(answer) == ["Aytən Məmmədova"]


def test_list_takes_as_many_queries_for_three_as_for_one(admin, unit):
    client, counts = client_of(admin), []
    for _number in range(2):
        for _more in range(2):
            factories.give(factories.make_person(unit=unit), Position.DUTY_OFFICER, unit=unit)
        with factories.counted() as queries:
            client.get(page("people:grants"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15  # eight of them for what the menu counts


def test_list_says_when_nothing_is_found(admin):
    assert (
        "Nothing found" in client_of(admin).get(page("people:grants"), {"state": "coming"}).content.decode()
    )


# --- giving -------------------------------------------------------------------------------------------


def given(**changed):
    return {
        "position": "trainer",
        "area": "everywhere",
        "reason": "order 12",
        "first": "",
        "last": "",
        **changed,
    }


def test_administrator_finds_a_person_and_gives_a_position(admin, officer):
    client = client_of(admin)
    answer = client.post(page("people:give"), {"q": "LAB-0417"})
    address = page("people:give_to", officer.public_id)
    assert f'href="{address}"' in answer.content.decode()
    asked = client.post(address, given()).content.decode()
    assert "Give the position “trainer”?" in asked and "Write and save courses" not in positions_of(officer)
    assert positions_of(officer) == frozenset()  # nothing before the second page
    answer = client.post(address, given(sure="1"), follow=True)
    assert "The position is given." in answer.content.decode()
    assert holds_everywhere(officer, "trainer")


def test_period_is_kept_in_days_of_baku(admin, officer):
    first, last = clock.today() + timedelta(days=3), clock.today() + timedelta(days=5)
    data = given(first=first.isoformat(), last=last.isoformat(), sure="1")
    client_of(admin).post(page("people:give_to", officer.public_id), data)
    grant = officer.grants.get()
    assert (grant.starts_at, grant.ends_at) == (clock.start_of(first), clock.end_of(last))
    assert grant.state == "coming"
    for address in (
        page("people:grants"),
        page("people:grant_one", grant.public_id),
        page("accounts:account_one", officer.public_id),
    ):
        text = client_of(admin).get(address).content.decode()
        assert day_text(last) in text and day_text(last + timedelta(days=1)) not in text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"position": ""}, "Choose a position."),
        ({"position": "registrar"}, "Select a valid choice"),
        ({"position": "break-glass"}, "Select a valid choice"),
        ({"area": ""}, "Choose where it holds."),
        ({"position": "coordinator"}, "This position is given for: one agency."),
        ({"reason": ""}, "Say why."),
        ({"first": "2020-01-01"}, "A position cannot begin in the past."),
        ({"last": "2020-01-01"}, "The last day comes before the first."),
        ({"first": "soon"}, "Enter a day"),
        ({"first": "2206-01-01"}, "This day is too far away: at most one year ahead."),
        ({"last": "2206-01-01"}, "This day is too far away: at most five years ahead."),
    ],
)
def test_refusals_are_in_words(admin, officer, changed, words):
    answer = client_of(admin).post(page("people:give_to", officer.public_id), given(**changed, sure="1"))
    assert words in answer.content.decode() and answer.status_code == 200
    assert officer.grants.count() == 0


def test_excluding_position_is_refused_before_it_is_asked(admin, auditor):
    answer = client_of(admin).post(page("people:give_to", auditor.public_id), given()).content.decode()
    assert "exclude each other" in answer and "Give the position “trainer”?" not in answer


def test_coordinator_makes_duty_officers_of_the_own_people_alone(
    coordinator, officer, unit, agency, outsider
):
    client = client_of(coordinator)
    address = page("people:give_to", officer.public_id)
    assert "LAB-0417" not in client.post(page("people:give"), {"q": "Həsənov"}).content.decode()
    assert client.get(page("people:give_to", outsider.public_id)).status_code == 404
    form = client.get(address).content.decode()
    assert re.findall(r'<option value="([^"]+)"', form) == [
        "duty-officer", f"agency:{agency.public_id}", f"unit:{unit.public_id}",
    ]  # fmt: skip
    data = given(position="duty-officer", area=f"unit:{unit.public_id}", sure="1")
    assert client.post(address, data).status_code == 302
    assert holds(officer, "duty-officer", unit=unit)
    assert client.post(address, given(position="trainer", sure="1")).status_code == 200
    assert positions_of(officer) == {"duty-officer"}


def test_coordinator_gives_nothing_in_another_agency(coordinator, officer, other_agency, other_unit):
    client = client_of(coordinator)
    for area in (f"agency:{other_agency.public_id}", f"unit:{other_unit.public_id}", "everywhere"):
        data = given(position="duty-officer", area=area, sure="1")
        assert client.post(page("people:give_to", officer.public_id), data).status_code == 200
    assert officer.grants.count() == 0


def test_nobody_finds_themselves(admin):
    client = client_of(admin)
    assert (
        page("people:give_to", admin.public_id)
        not in client.post(page("people:give"), {"q": admin.email}).content.decode()
    )
    assert client.get(page("people:give_to", admin.public_id)).status_code == 404


# --- ending -------------------------------------------------------------------------------------------


def test_administrator_ends_a_position_with_a_reason(admin, trainer):
    client, address = client_of(admin), page("people:grant_one", trainer.grants.get().public_id)
    assert "Say why." in client.post(address, {"reason": ""}).content.decode()
    assert positions_of(trainer)
    answer = client.post(address, {"reason": "order 13"}, follow=True).content.decode()
    assert "The position has ended." in answer and "End this position" not in answer
    assert positions_of(trainer) == frozenset()


@pytest.mark.parametrize("who", ["auditor", "registrar", "coordinator"])
def test_readers_of_the_list_end_nothing_of_others(request, who, trainer):
    client, address = (
        client_of(request.getfixturevalue(who)),
        page("people:grant_one", trainer.grants.get().public_id),
    )
    assert client.post(address, {"reason": "x"}).status_code in {403, 404}
    assert positions_of(trainer) == {"trainer"}


# --- registrars ---------------------------------------------------------------------------------------


def test_registrar_is_made_on_two_pages_by_two_people(admin, registrar, outsider):
    client = client_of(admin)
    address = page("people:propose_registrar", outsider.public_id)
    data = {"reason": "addition", "first": "", "last": ""}
    assert "Propose as registrar?" in client.post(address, data).content.decode()
    client.post(address, {**data, "sure": "1"})
    listed = client_of(registrar).get(page("people:registrar_proposals")).content.decode()
    [proposal] = set(re.findall(r"/positions/registrars/([\w-]{22})/", listed))
    decide = page("people:decide_registrar", proposal, "confirm")
    assert client.post(decide).status_code == 403 and not holds_everywhere(outsider, "registrar")
    answer = client_of(registrar).post(decide, follow=True).content.decode()
    assert "The position is given." in answer
    assert holds_everywhere(outsider, "registrar")
    again = client_of(registrar).post(decide, follow=True).content.decode()
    assert "decided already" in again


def test_proposal_is_withdrawn_by_who_made_it(admin, registrar, outsider):
    proposal = propose_registrar(person=outsider, reason="absence", by=admin)
    address = page("people:decide_registrar", proposal.public_id, "withdraw")
    assert "Only the person who proposed" in client_of(registrar).post(address, follow=True).content.decode()
    assert "Nothing changes" in client_of(admin).post(address, follow=True).content.decode()


@pytest.mark.parametrize("who", ["auditor", "coordinator", "trainer", "officer", "outsider"])
def test_registrars_pages_are_closed_to_others(request, who, admin, officer2):
    proposal = propose_registrar(person=officer2, reason="absence", by=admin)
    client = client_of(request.getfixturevalue(who))
    assert client.get(page("people:propose_registrar", officer2.public_id)).status_code == 403
    assert client.get(page("people:registrar_proposals")).status_code == 403
    assert client.get(page("people:registrar_proposal", proposal.public_id)).status_code == 403
    for decision in ("confirm", "decline", "withdraw"):
        assert client.post(page("people:decide_registrar", proposal.public_id, decision)).status_code == 403
    proposal.refresh_from_db()
    assert proposal.outcome is None


def test_page_says_what_each_position_may_do(auditor):
    text = client_of(auditor).get(page("people:who_may")).content.decode()
    assert "Propose a registrar" in text and "Auditors check what others do" in text


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_open_in_each_language(admin, officer, language):
    client = client_of(admin)
    with override(language):
        grant = factories.give(officer, Position.TRAINER)
        for name, parts in (
            ("people:grants", ()), ("people:give", ()), ("people:give_to", (officer.public_id,)), ("people:grant_one", (grant.public_id,)),
            ("people:who_may", ()), ("people:propose_registrar", (officer.public_id,)), ("people:registrar_proposals", ()),
        ):  # fmt: skip
            assert client.get(page(name, *parts)).status_code == 200


def test_page_says_of_each_position_what_it_allows_now(admin, officer):
    """From the table itself: a tutor finds nothing to do, and nobody is told otherwise."""
    text = flat(client_of(admin).get(page("people:give_to", officer.public_id)).content)
    said = dict(re.findall(r'<dt class="mt-xs"><b>([^<]+)</b></dt><dd>(.+?)</dd>', text))
    nothing = "It allows nothing in this version: what it is for is not built yet."
    assert nothing in said["tutor"]
    release = "<li>Release the next attempt of an exam whose attempts are used up</li>"
    assert release in said["assessor"]
    assert "<li>See figures for the whole country, without names</li>" in said["national coordinator"]
    for position, words in (("tutor", nothing), ("assessor", release)):
        asked = {"position": position, "area": "everywhere", "reason": "order 7"}
        assert words in flat(client_of(admin).post(page("people:give_to", officer.public_id), asked).content)


# --- as a file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_list_leaves_as_a_file_of_what_the_filters_find_and_an_entry(form, coordinator, trainer, auditor):
    client = client_of(auditor)
    page = client.get("/en/people/positions/", {"position": "coordinator"})
    assert "/en/people/positions/export/" in page.text
    answer = client.post("/en/people/positions/export/", {"form": form, "position": "coordinator"})
    content = b"".join(answer)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    else:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[:3] for row in rows] == [
        ["Person", "Position", "Where"],
        [written_name(coordinator, "en"), "coordinator", str(coordinator.grants.get().agency)],
    ]
    entry = AuditEntry.objects.get(act="people.export_grants")
    assert (entry.by, entry.after) == (
        auditor,
        {"grants": 1, "filters": {"position": "coordinator"}, "format": form},
    )


def test_file_holds_no_more_than_the_page(agency, other_agency, coordinator, coordinator_other, trainer):
    answer = client_of(coordinator).post("/en/people/positions/export/", {"form": "csv"})
    text = b"".join(answer).decode()
    assert len(text.splitlines()) == 2 and str(agency) in text
    assert str(other_agency) not in text and "trainer" not in text
