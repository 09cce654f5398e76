"""Acts for several people, the export, the coordinator's home."""

import csv
import io
import time
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from operations import audit, clock
from operations.history import HistoryError
from operations.models import AuditEntry, AuditValue, Job
from operations.outbox import work_off
from people import exporting
from people.actions.bulk import add_leave_many, end_many, transfer_many
from people.actions.grants import revoke_grant
from people.actions.leaves import add_leave
from people.actions.postings import end_posting
from people.models import Leave, Posting
from people.people_list import PeopleQuery
from tests import factories
from tests.factories import counted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = clock.start_of(clock.today())


@pytest.fixture
def quba(agency):
    return factories.make_unit(agency, "quba")


def codes(*people) -> list[str]:
    return [Posting.objects.current().get(user=person).unit.code for person in people]


# --- the acts -----------------------------------------------------------------------------------------


def move(people, agency, unit, by=None, since=TODAY) -> int:
    return transfer_many(people=people, agency=agency, unit=unit, valid_from=since, by=by)


def test_all_move_with_role_and_number(officer, officer2, agency, quba):
    assert move([officer, officer2], agency, quba) == 2
    assert codes(officer, officer2) == ["quba", "quba"]
    assert Posting.objects.current().get(user=officer2).service_number == "LAB-0418"
    entry = AuditEntry.objects.get(act="people.transfer_many")
    assert (entry.subject_id, entry.after["people"]) == (agency.code, 2)
    people = AuditValue.objects.filter(entry=entry).values_list("person_id", flat=True)
    assert set(people) == {officer.public_id, officer2.public_id}


def test_order_of_many_is_read_until_all_of_them_are_erased(
    officer, officer2, agency, quba, auditor, coordinator, client_of
):
    transfer_many(
        people=[officer, officer2], agency=agency, unit=quba, valid_from=TODAY, by=coordinator, reason="41-K"
    )
    entry = AuditEntry.objects.get(act="people.transfer_many")
    pages = [(auditor, f"/en/people/audit/{entry.public_id}/"), (officer2, "/en/people/my-trail/")]
    why = "<dt>Why</dt><dd><span>{}</span>"
    assert entry.reason == "" and audit.stands(entry)
    assert all("41-K" in client_of(reader).get(page).text for reader, page in pages)
    audit.erase(officer.public_id)
    assert all("41-K" in client_of(reader).get(page).text for reader, page in pages)
    audit.erase(officer2.public_id)
    assert "41-K" not in str(list(AuditValue.objects.values()))
    text = client_of(auditor).get(pages[0][1]).text
    assert why.format("erased") in text and audit.stands(entry)


def test_trail_names_the_units_of_many(officer, officer2, agency, quba, auditor, client_of):
    move([officer, officer2], agency, quba)
    entry = AuditEntry.objects.get(act="people.transfer_many")
    page = client_of(auditor).get(f"/en/people/audit/{entry.public_id}/")
    first, _second = page.context["line"].changes
    was, now = f"ganja (en), {agency.name_en}", f"quba (en), {agency.name_en}"
    said = {f"agency: {agency.name_en}", f"unit: {was}", "role: LAB (en) (LAB)"}
    assert said <= set(first.before.split("; "))  # jsonb keeps an order of its own
    assert first.after == f"unit: {now}"
    assert [fact.after for fact in page.context["facts"] if fact.field == "unit"] == [now]
    assert quba.public_id not in page.text


def test_who_is_there_already_stays_untouched(officer, officer2, agency, quba, unit, role):
    move([officer], agency, quba)
    rows = Posting.objects.count()
    assert move([officer, officer2], agency, quba) == 1
    assert (Posting.objects.count(), codes(officer, officer2)) == (rows + 2, ["quba", "quba"])


def test_one_who_does_not_serve_then_stops_all(officer, outsider, agency, quba):
    with pytest.raises(HistoryError, match="Tural Həsənov"):
        move([officer, outsider], agency, quba)
    assert (codes(officer), AuditEntry.objects.filter(act="people.transfer_many").count()) == (["ganja"], 0)


def test_all_end_on_one_day(officer, officer2, agency):
    assert end_many(people=[officer, officer2], agency=agency, valid_to=TODAY, by=None) == 2
    assert not Posting.objects.open_or_coming().exists()


def test_all_are_away_or_none(officer, officer2, agency):
    add_leave(person=officer2, agency=agency, valid_from=TODAY, valid_to=None, by=None)
    given = {"agency": agency, "valid_from": TODAY, "valid_to": TODAY + DAY, "by": None}
    with pytest.raises(HistoryError):
        add_leave_many(people=[officer, officer2], **given)
    assert Leave.objects.count() == 1
    assert add_leave_many(people=[officer], **given) == 1


@pytest.mark.parametrize(
    "by", ["coordinator_other", "auditor", "duty_officer", "officer", "outsider", "registrar"]
)
def test_nobody_else_may(by, request, officer, agency, quba):
    by = request.getfixturevalue(by)
    with pytest.raises(PermissionDenied):
        move([officer], agency, quba, by=by)
    with pytest.raises(PermissionDenied):
        end_many(people=[officer], agency=agency, valid_to=TODAY, by=by)
    with pytest.raises(PermissionDenied):
        add_leave_many(people=[officer], agency=agency, valid_from=TODAY, valid_to=None, by=by)


# --- the pages ----------------------------------------------------------------------------------------


def tick(client, act, *people):
    return client.post("/en/people/bulk/", {"p": [person.public_id for person in people], "act": act})


def test_those_ticked_are_named_before_anything_happens(officer, officer2, quba, coordinator, client_of):
    client = client_of(coordinator)
    page = tick(client, "transfer", officer, officer2)
    assert page["Location"] == "/en/people/bulk/transfer/"
    data = {"unit": quba.public_id, "first_day": clock.today().isoformat(), "order": "7-K"}
    asked = client.post(page["Location"], data)
    for text in (
        "for 2 people?",
        "Məmmədova Aytən Kamran qızı, LAB-0417",
        "Vaqif oğlu, LAB-0418",
        "quba (en)",
    ):
        assert text in asked.text
    assert codes(officer, officer2) == ["ganja", "ganja"]
    done = client.post(page["Location"], {**data, "sure": "1"}, follow=True)
    assert "Done for 2 people." in done.text and codes(officer, officer2) == ["quba", "quba"]


def test_who_is_there_already_is_told_before_and_after(
    officer, officer2, agency, quba, coordinator, client_of
):
    client = client_of(coordinator)
    move([officer2], agency, quba)
    page = tick(client, "transfer", officer, officer2)["Location"]
    data = {"unit": quba.public_id, "first_day": clock.today().isoformat(), "order": "7-K"}
    assert "1 of them serves there on that day already" in client.post(page, data).text
    assert "Done for 1 person." in client.post(page, {**data, "sure": "1"}, follow=True).text


def test_end_and_leave_for_those_ticked(officer, officer2, coordinator, client_of):
    client = client_of(coordinator)
    tick(client, "leave", officer, officer2)
    client.post("/en/people/bulk/leave/", {"first_day": "2026-07-01", "last_day": "2026-07-14", "sure": "1"})
    assert Leave.objects.count() == 2
    tick(client, "end", officer2)
    client.post("/en/people/bulk/end/", {"last_day": clock.today().isoformat(), "sure": "1"})
    assert Posting.objects.known().get(user=officer2).valid_to == clock.end_of(clock.today())
    assert Posting.objects.known().get(user=officer).valid_to is None


@pytest.mark.parametrize("sure", [{}, {"sure": "1"}])
def test_those_ticked_meanwhile_in_another_window_are_not_meant(
    sure, officer, officer2, quba, coordinator, client_of
):
    client = client_of(coordinator)
    page = tick(client, "transfer", officer)["Location"]
    whom = client.get(page).context["form"]["whom"].value()
    data = {"unit": quba.public_id, "first_day": clock.today().isoformat(), "order": "7-K", "whom": whom}
    assert client.post(page, data).context["ask"].title == "Transfer to another unit for 1 person?"
    tick(client, "end", officer2)
    again = client.post(page, {**data, **sure})
    assert (
        "Other people have been ticked meanwhile." in again.text and "Quliyev Orxan Vaqif oğlu" in again.text
    )
    assert again.context["form"]["order"].value() == "7-K" and codes(officer, officer2) == ["ganja", "ganja"]
    whom = again.context["form"]["whom"].value()
    client.post(page, {**data, "whom": whom, "sure": "1"})
    assert codes(officer, officer2) == ["ganja", "quba"]


@pytest.fixture
def crowd(unit):
    return [factories.make_person("Soyad", f"Ad {n}", unit=unit, service_number=f"C-{n}") for n in range(52)]


def test_all_that_match_are_chosen_on_whatever_page(crowd, officer, coordinator, client_of):
    client = client_of(coordinator)
    page = client.post("/en/people/", {"q": "soyad"}, follow=True)
    assert "All 52 people of this list, on whatever page" in page.text
    asked = client.post("/en/people/bulk/", {"all": "on", "act": "leave", "searched": "yes"})
    form = client.get(asked["Location"])
    assert len(form.context["page"].listed) == 52 and "LAB-0417" not in form.text


def test_more_than_one_act_takes_are_not_chosen_in_part(crowd, coordinator, client_of, monkeypatch):
    monkeypatch.setattr("people.views.people.MOST_CHOSEN", 51)
    client = client_of(coordinator)
    page = client.get("/en/people/")
    assert "at most 51 people at once" in page.text and 'name="all"' not in page.text
    answer = client.post("/en/people/bulk/", {"all": "on", "act": "leave"}, follow=True)
    assert "Tick at least one person" in answer.text


def test_one_page_offers_no_more_than_itself(officer, coordinator, client_of):
    page = client_of(coordinator).get("/en/people/").text
    assert "on whatever page" not in page and "at once" not in page


def test_coordinator_of_two_agencies_chooses_in_which(
    officer, officer2, other_agency, other_unit, quba, coordinator, client_of
):
    stranger = factories.make_person("Babayeva", "Vəfa", unit=other_unit, service_number="MIG-1")
    factories.give(coordinator, "coordinator", agency=other_agency)
    client = client_of(coordinator)
    page = tick(client, "transfer", officer, officer2, stranger)["Location"]
    choice = client.get(page)
    assert "In which agency?" in choice.text and len(choice.context["agencies"]) == 2
    there = f"{page}?agency={other_agency.public_id}"
    assert client.get(there).context["page"].listed == ["Babayeva Vəfa, MIG-1"]
    assert "In which agency?" in client.post(page, {"unit": quba.public_id, "sure": "1"}).text


def test_people_of_another_agency_are_left_out_of_what_was_ticked(
    officer, other_unit, quba, coordinator, client_of
):
    stranger = factories.make_person("Babayeva", "Vəfa", unit=other_unit, service_number="MIG-1")
    client = client_of(coordinator)
    tick(client, "transfer", officer, stranger)
    assert "Vəfa" not in client.get("/en/people/bulk/transfer/").text
    tick(client, "transfer", stranger)
    assert client.get("/en/people/bulk/transfer/")["Location"] == "/en/people/"


def test_nothing_ticked_says_so(officer, coordinator, client_of):
    client = client_of(coordinator)
    for data in ({"act": "transfer"}, {"p": [officer.public_id], "act": "nonsense"}):
        assert "Tick at least one person" in client.post("/en/people/bulk/", data, follow=True).text


@pytest.mark.parametrize("rest", ["bulk/", "bulk/transfer/", "bulk/end/", "bulk/leave/"])
@pytest.mark.parametrize("by", ["outsider", "auditor", "duty_officer", "registrar"])
def test_pages_are_closed_to_everybody_else(rest, by, request, officer, client_of):
    client = client_of(request.getfixturevalue(by))
    assert client.post(f"/en/people/{rest}", {"p": [officer.public_id], "act": "end"}).status_code == 403


# --- the export ---------------------------------------------------------------------------------------


def rows_of(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_file_holds_what_the_filters_find(officer, other_unit, coordinator, client_of):
    factories.make_person("Babayeva", "Vəfa", unit=other_unit, service_number="MIG-1")
    rows = rows_of(client_of(coordinator).post("/en/people/export/", {"form": "csv"}))
    assert rows[0][:4] == ["Family name", "Given name", "Father's name", "Service number"]
    assert [row[:4] for row in rows[1:]] == [["Məmmədova", "Aytən", "Kamran qızı", "LAB-0417"]]
    entry = AuditEntry.objects.get(act="people.export_people")
    assert (entry.by, entry.after["people"]) == (coordinator, 1)
    assert "Məmmədova" not in str(entry.after)


def test_name_that_looks_like_a_formula_is_none_in_the_file(unit, coordinator, client_of):
    factories.make_person("Vəliyev", "Elçin", unit=unit, service_number="=1+1")
    rows = rows_of(client_of(coordinator).post("/en/people/export/", {"form": "csv"}))
    assert rows[1][3] == "'=1+1"


def test_spreadsheet_is_one(officer, coordinator, client_of):
    response = client_of(coordinator).post("/en/people/export/", {"form": "xlsx"})
    assert b"".join(response.streaming_content)[:2] == b"PK"


def test_long_list_becomes_a_job(officer, other_unit, coordinator, client_of, monkeypatch):
    factories.make_person("Babayeva", "Vəfa", unit=other_unit, service_number="MIG-1")
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    response = client_of(coordinator).post("/en/people/export/", {"form": "csv"})
    job = Job.objects.get()
    assert response["Location"] == f"/en/jobs/{job.public_id}/"
    work_off()
    job.refresh_from_db()
    assert (job.state, job.result_name[-4:]) == (Job.State.DONE, ".csv")


def test_search_of_a_long_list_becomes_a_job_that_tells_nobodys_name(
    officer, officer2, coordinator, client_of, monkeypatch
):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    client = client_of(coordinator)
    client.post("/en/people/", {"q": "quliyev"})
    client.post("/en/people/export/", {"form": "csv", "searched": "yes"})
    job = Job.objects.get()
    assert "quliyev" not in str(job.payload)
    work_off()
    text = b"".join(client.get(f"/en/jobs/{job.public_id}/file/").streaming_content).decode()
    assert ("LAB-0418" in text, "LAB-0417" in text) == (True, False)


def test_export_asks_as_often_for_three_as_for_one(unit, coordinator):
    factories.make_person(unit=unit)
    with counted() as one:
        list(exporting.rows_of(coordinator, PeopleQuery()))
    factories.make_person(unit=unit)
    factories.make_person(unit=unit)
    with counted() as three:
        list(exporting.rows_of(coordinator, PeopleQuery()))
    assert len(one) == len(three)


@pytest.mark.parametrize("by", ["outsider", "officer", "duty_officer", "registrar"])
def test_export_is_closed_to_everybody_else(by, request, officer, client_of):
    client = client_of(request.getfixturevalue(by))
    assert client.post("/en/people/export/", {"form": "csv"}).status_code == 403


# --- the home -----------------------------------------------------------------------------------------


def figures(page) -> dict[str, int]:
    return {str(figure["text"]): figure["number"] for figure in page.context["figures"]}


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_home_counts_the_own_agency(language, officer, agency, other_unit, coordinator, client_of):
    factories.make_person(unit=other_unit)
    add_leave(person=officer, agency=agency, valid_from=TODAY, valid_to=None, by=None)
    page = client_of(coordinator).get(f"/{language}/people/home/")
    assert list(figures(page).values())[:3] == [1, 1, 1]


def test_home_of_who_sees_several_agencies_is_not_called_theirs(
    unit, other_unit, coordinator, admin, client_of
):
    titles = [client_of(by).get("/en/people/home/").text.split("<h1>")[1] for by in (coordinator, admin)]
    assert [title.split("</h1>")[0] for title in titles] == ["My agency", "Overview"]


def test_home_asks_as_often_for_three_as_for_one(unit, coordinator, client_of):
    client = client_of(coordinator)
    factories.make_person(unit=unit)
    client.get("/en/people/home/")
    with counted() as one:
        client.get("/en/people/home/")
    factories.make_person(unit=unit)
    factories.make_person(unit=unit)
    with counted() as three:
        client.get("/en/people/home/")
    assert len(one) == len(three)


def test_home_is_closed_to_everybody_else(outsider, duty_officer, client_of):
    assert [client_of(by).get("/en/people/home/").status_code for by in (outsider, duty_officer)] == [
        403,
        403,
    ]


def test_days_printed_are_days_entered(officer, agency):
    """A last day is included: the next begins at midnight in Baku."""
    end_many(people=[officer], agency=agency, valid_to=clock.end_of(date(2030, 12, 31)), by=None)
    assert clock.last_day(Posting.objects.known().get().valid_to) == date(2030, 12, 31)


def test_address_of_who_has_left_is_not_in_the_file(unit, coordinator, admin, officer, client_of):
    posting = Posting.objects.get(user=officer)
    end_posting(posting=posting, valid_to=clock.now() - timedelta(days=1), by=None)
    asked = {"form": "csv", "state": "left"}
    heads, own = rows_of(client_of(coordinator).post("/en/people/export/", asked))
    _heads, all_of_it = rows_of(client_of(admin).post("/en/people/export/", asked))
    address = heads.index("E-mail address")
    assert (own[0], own[address : address + 2]) == (officer.family_name, ["", ""])
    assert all_of_it[address : address + 2] == [officer.email, "az"]


def test_file_of_a_job_is_not_for_who_has_moved_to_another_agency(
    officer, other_agency, coordinator, client_of, monkeypatch
):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    client = client_of(coordinator)
    client.post("/en/people/export/", {"form": "csv"})
    work_off()
    file = f"/en/jobs/{Job.objects.get().public_id}/file/"
    assert client.get(file).status_code == 200
    revoke_grant(grant=coordinator.grants.get(), by=None)
    factories.give(coordinator, "coordinator", agency=other_agency)
    assert client.get(file).status_code == 404


def test_file_of_a_job_asks_for_the_second_step_as_the_pages_do(officer, coordinator, client_of, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    client_of(coordinator).post("/en/people/export/", {"form": "csv"})
    work_off()
    file = f"/en/jobs/{Job.objects.get().public_id}/file/"
    answer = client_of(coordinator, second_factor=False).get(file)
    assert (answer.status_code, answer["Location"]) == (302, f"/en/account/second-step/?next={file}")
    assert client_of(coordinator).get(file).status_code == 200


def test_export_asks_again_who_one_is(officer, coordinator, client_of):
    client = client_of(coordinator, proved=time.time() - 16 * 60)
    answer = client.post("/en/people/export/", {"form": "csv"})
    assert answer.url.startswith("/en/account/reauthenticate/")
