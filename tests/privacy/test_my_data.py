"""The pages of one's own data, and of those who answer."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from operations import clock, notices
from operations.models import Job, Notice, Proposal
from operations.outbox import work_off
from people.actions.postings import end_posting, post
from people.models import User
from privacy.actions.corrections import answer_correction, ask_correction
from privacy.actions.erasure import propose_erasure
from privacy.models import CorrectionRequest
from tests.factories import client_of, counted

LONG_AGO = 0.0


def url(name: str, *args: str) -> str:
    return reverse(f"privacy:{name}", args=args)


def body(answer) -> str:
    return answer.content.decode()


def ask(person: User, text: str = "Soyadım Quliyevdir") -> CorrectionRequest:
    return ask_correction(person=person, about="name", text=text, by=person)


@pytest.mark.parametrize("name", ["my_data", "ask_correction", "erase_me", "corrections", "erasures"])
def test_stranger_is_led_to_the_sign_in(db, client: Client, name):
    assert "/account/login/" in client.get(url(name)).url


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_page_opens_in_each_language(officer, language):
    page = client_of(officer).get(f"/{language}/people/my-data/")
    assert (page.status_code, f'lang="{language}"' in body(page)) == (200, True)
    assert client_of(officer).get(f"/{language}/people/my-data/erase/").status_code == 200


def test_gathering_starts_a_job_and_leads_to_it(officer):
    answer = client_of(officer).post(url("export_my_data"))
    job = Job.objects.get(kind="privacy.my_data")
    assert (answer.url, job.by) == (reverse("jobs:one", args=[job.public_id]), officer)


@pytest.mark.parametrize("name", ["export_my_data", "erase_me"])
def test_delicate_steps_ask_for_the_password_again(officer, name):
    answer = client_of(officer, proved=LONG_AGO).post(url(name))
    assert answer.status_code == 302 and "reauthenticate" in answer.url
    assert not Job.objects.exists() and not Proposal.objects.exists()


def test_dry_run_page_says_what_goes_and_what_stays(officer):
    page = body(client_of(officer).get("/en/people/my-data/erase/"))
    assert "Your names, e-mail address, password and everything else on your record" in page
    assert "Where a person whose name was erased served, and when" in page
    assert "only a random id stays" in page
    officer.refresh_from_db()
    assert officer.erased_at is None and not Proposal.objects.exists()


def test_erasure_is_asked_for_and_withdrawn(officer):
    client = client_of(officer)
    page = body(client.post("/en/people/my-data/erase/", follow=True))
    assert "Nothing is erased until an administrator has confirmed it." in page
    proposal = Proposal.objects.get()
    assert (proposal.subject_id, proposal.proposed_by, proposal.payload) == (officer.public_id, officer, {})
    client.post(url("erase_me"))
    assert Proposal.objects.count() == 1
    client.post(url("withdraw_erasure"))
    proposal.refresh_from_db()
    assert proposal.outcome == "withdrawn"


def test_administrator_confirms_from_the_list(officer, admin):
    proposal = propose_erasure(person=officer, by=officer)
    client = client_of(admin)
    assert officer.get_full_name() in body(client.get(url("erasures")))
    assert client.get(url("erasure", proposal.public_id)).status_code == 200
    client.post(url("confirm_erasure", proposal.public_id))
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.decided_by) == ("confirmed", admin)


def test_administrator_declines_with_a_reason_that_the_person_reads(officer, admin):
    proposal = propose_erasure(person=officer, by=officer)
    client = client_of(admin)
    assert client.post(url("decline_erasure", proposal.public_id), {}).status_code == 200
    client.post(url("decline_erasure", proposal.public_id), {"reason": "serving"})
    proposal.refresh_from_db()
    assert proposal.outcome == "declined"
    assert officer.notices.get().threshold == "serving"


def test_erasure_on_paper_needs_two_administrators(officer, admin, admin2):
    client_of(admin).post(url("erase_person", officer.public_id))
    proposal = Proposal.objects.get()
    assert client_of(admin).post(url("confirm_erasure", proposal.public_id)).status_code == 403
    client_of(admin2).post(url("confirm_erasure", proposal.public_id))
    proposal.refresh_from_db()
    assert (proposal.proposed_by, proposal.decided_by) == (admin, admin2)


@pytest.mark.parametrize("who", ["outsider", "coordinator", "registrar", "auditor"])
def test_nobody_else_sees_or_decides_erasures(request, officer, who):
    proposal = propose_erasure(person=officer, by=officer)
    client = client_of(request.getfixturevalue(who))
    assert client.get(url("erasures")).status_code == 403
    assert client.get(url("erasure", proposal.public_id)).status_code == 403
    for name in ("confirm_erasure", "decline_erasure"):
        assert client.post(url(name, proposal.public_id), {"reason": "law"}).status_code == 403
    assert client.post(url("erase_person", officer.public_id)).status_code == 403
    proposal.refresh_from_db()
    assert proposal.outcome is None


def test_correction_goes_to_the_own_agency_and_comes_back_answered(officer, coordinator, mailoutbox):
    client = client_of(officer)
    client.post(url("ask_correction"), {"about": "name", "text": "Soyadım Quliyevdir"})
    asked = CorrectionRequest.objects.get()
    assert (asked.person, asked.agency, asked.about) == (officer, coordinator.grants.get().agency, "name")
    theirs = client_of(coordinator)
    assert officer.get_full_name() in body(theirs.get(url("corrections")))
    assert "Soyadım Quliyevdir" in body(theirs.get(url("correction", asked.public_id)))
    theirs.post(
        url("correction", asked.public_id), {"outcome": "corrected", "answer": "Düzəldildi, sağ olun"}
    )
    assert "Düzəldildi, sağ olun" in body(client.get(url("my_data")))
    assert officer.notices.get().kind == "privacy.correction_answered"


@pytest.mark.parametrize("data", [{}, {"about": "name", "text": " "}, {"about": "x", "text": "y"}])
def test_correction_without_words_is_refused_in_words(officer, data):
    page = client_of(officer).post("/en/people/my-data/correction/", data)
    assert "There is a problem" in body(page) and not CorrectionRequest.objects.exists()


def test_correction_of_another_agency_is_not_found(officer, coordinator_other, outsider, duty_officer):
    asked = ask(officer)
    theirs = client_of(coordinator_other)
    assert officer.get_full_name() not in body(theirs.get(url("corrections")))
    for client in (theirs, client_of(outsider), client_of(duty_officer)):
        assert client.get(url("correction", asked.public_id)).status_code == 404
        answer = client.post(url("correction", asked.public_id), {"outcome": "declined", "answer": "no"})
        assert answer.status_code == 404
    assert client_of(outsider).get(url("corrections")).status_code == 403
    asked.refresh_from_db()
    assert asked.outcome is None


def test_coordinator_does_not_answer_the_own_request(coordinator, unit, role):
    post(
        person=coordinator, unit=unit, role=role, service_number="LAB-9", by=None,
        valid_from=clock.now() - timedelta(days=1),
    )  # fmt: skip
    asked = ask(coordinator)
    answer = client_of(coordinator).post(
        url("correction", asked.public_id), {"outcome": "corrected", "answer": "yes"}
    )
    assert answer.status_code == 403


def test_request_without_an_agency_is_for_administrators(outsider, coordinator, admin):
    asked = ask(outsider)
    assert client_of(coordinator).get(url("correction", asked.public_id)).status_code == 404
    assert client_of(admin).get(url("correction", asked.public_id)).status_code == 200


def test_withdrawn_request_is_not_answered_any_more(officer, officer2, coordinator):
    asked = ask(officer)
    assert client_of(officer2).post(url("withdraw_correction", asked.public_id)).status_code == 404
    client_of(officer).post(url("withdraw_correction", asked.public_id))
    page = client_of(coordinator).post(
        url("correction", asked.public_id), {"outcome": "corrected", "answer": "yes"}, follow=True
    )
    asked.refresh_from_db()
    assert (asked.outcome, asked.answer, page.status_code) == ("withdrawn", "", 200)


def test_list_of_corrections_costs_the_same_for_three_as_for_one(officer, coordinator):
    client = client_of(coordinator)
    ask(officer)
    client.get(url("corrections"))
    with counted() as one:
        client.get(url("corrections"))
    ask(officer)
    ask(officer)
    with counted() as three:
        client.get(url("corrections"))
    assert len(one) == len(three)


def test_list_of_erasures_costs_the_same_for_three_as_for_one(officer, officer2, outsider, admin):
    client = client_of(admin)
    propose_erasure(person=officer, by=officer)
    client.get(url("erasures"))
    with counted() as one:
        client.get(url("erasures"))
    for person in (officer2, outsider):
        propose_erasure(person=person, by=person)
    with counted() as three:
        client.get(url("erasures"))
    assert len(one) == len(three)


def test_person_page_leads_administrators_to_the_erasure_and_coordinators_to_requests(
    officer, coordinator, admin
):
    asked = ask(officer)
    page = f"/en/people/{officer.public_id}/"
    theirs = body(client_of(coordinator).get(page))
    assert url("correction", asked.public_id).split("/", 2)[2] in theirs
    assert "/erasures/of/" not in theirs
    assert f"/erasures/of/{officer.public_id}/" in body(client_of(admin).get(page))


def test_home_counts_erasures_for_administrators_alone(officer, coordinator, admin):
    propose_erasure(person=officer, by=officer)
    assert "request for erasure" in body(client_of(admin).get("/en/people/home/"))
    assert "for erasure" not in body(client_of(coordinator).get("/en/people/home/"))


# --- a request follows the person ----------------------------------------------------------------------------


@pytest.fixture
def moved_on(officer, other_unit, role):
    def act():
        since = clock.now() - timedelta(minutes=1)
        end_posting(posting=officer.postings.get(), valid_to=since, by=None)
        post(person=officer, unit=other_unit, role=role, service_number="MIG-7", valid_from=since, by=None)

    return act


def test_request_is_answered_by_the_agency_in_which_the_person_serves_now(
    officer, moved_on, agency, other_agency, coordinator, coordinator_other
):
    asked, old, new = ask(officer), client_of(coordinator), client_of(coordinator_other)
    moved_on()
    assert old.get(url("correction", asked.public_id)).status_code == 404
    assert officer.get_full_name() not in body(old.get(url("corrections")))
    assert officer.get_full_name() in body(new.get(url("corrections")))
    assert "corrections/" in body(new.get("/en/people/home/")).split("Waits for you")[1]
    assert "Waits for you" not in body(old.get("/en/people/home/"))
    new.post(url("correction", asked.public_id), {"outcome": "corrected", "answer": "Done."})
    asked.refresh_from_db()
    assert (asked.outcome, asked.agency) == ("corrected", other_agency)
    assert new.get(url("correction", asked.public_id)).status_code == 200


def test_what_an_agency_answered_stays_with_it(officer, moved_on, coordinator, coordinator_other):
    asked = ask(officer)
    answer_correction(request=asked, outcome="declined", answer="It is so.", by=coordinator)
    moved_on()
    assert client_of(coordinator).get(url("correction", asked.public_id)).status_code == 200
    assert client_of(coordinator_other).get(url("correction", asked.public_id)).status_code == 404


def test_request_of_who_serves_nowhere_stays_with_the_agency_that_was_asked(officer, coordinator):
    asked = ask(officer)
    end_posting(posting=officer.postings.get(), valid_to=clock.now() - timedelta(minutes=1), by=None)
    assert client_of(coordinator).get(url("correction", asked.public_id)).status_code == 200


def test_coordinators_hear_of_a_new_request_in_their_bundle_without_a_name(
    officer, coordinator, coordinator_other, admin, mailoutbox
):
    ask(officer)
    [notice] = Notice.objects.filter(kind="privacy.correction_asked")
    assert (notice.person, notice.urgency, notice.sent_at) == (coordinator, "bundle", None)
    notices.bundle(clock.now())
    work_off(["operations.bundle"])
    [mail] = mailoutbox
    assert mail.to == [coordinator.email] and "/people/corrections/" in mail.body
    for hidden in ("Məmmədova", "Aytən", "LAB-0417", "name"):
        assert hidden not in mail.subject + mail.body


@pytest.mark.usefixtures("coordinator_other")
def test_administrators_hear_of_it_where_the_agency_has_no_coordinator(officer, admin):
    ask(officer)
    assert Notice.objects.get(kind="privacy.correction_asked").person == admin


def test_nobody_is_told_of_the_own_request(coordinator, admin, unit, role):
    post(
        person=coordinator, unit=unit, role=role, service_number="LAB-9", by=None,
        valid_from=clock.now() - timedelta(days=1),
    )  # fmt: skip
    ask(coordinator)
    assert Notice.objects.get(kind="privacy.correction_asked").person == admin


@pytest.mark.parametrize(
    "email, told, promised",
    [
        ("officer@agency.example", "The person is told by e-mail.", "You get a message when it is answered."),
        (None, "No e-mail goes to this person: tell them yourself.", "You find the answer here."),
    ],
)
def test_no_mail_is_promised_to_who_has_no_address(email, told, promised, officer, coordinator):
    type(officer).objects.filter(pk=officer.pk).update(email=email)
    officer.refresh_from_db()
    page, asking = "/en/people/corrections/{}/", "/en/people/my-data/correction/"
    sent = client_of(officer).post(asking, {"about": "name", "text": "x"}, follow=True)
    assert promised in body(sent)
    asked = CorrectionRequest.objects.get()
    answered = client_of(coordinator).post(
        page.format(asked.public_id), {"outcome": "corrected", "answer": "Done."}, follow=True
    )
    assert told in body(answered)
