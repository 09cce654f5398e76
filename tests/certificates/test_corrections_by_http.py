"""A correction as a coordinator, a registrar, its holder and strangers meet it over HTTP."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from certificates.actions_corrections import propose_agency
from certificates.acts import ActRefused
from certificates.models import Certificate
from operations import clock
from operations.codes import grouped
from operations.models import Proposal
from operations.outbox import work_off
from people.actions.grants import revoke_grant
from people.actions.postings import end_posting, post
from people.forms.people import PersonForm
from people.models import User
from tests import factories

from .correcting import corrected, propose, state
from .issuing import make_certificate, unfinished
from .test_life_by_http import seal

pytestmark = pytest.mark.django_db
ROOT = "/en/certificates/"
HELD = "A registrar must confirm the new name. Until then the name on the certificate stays."


def english(client_of: Any, person: User) -> Client:
    client: Client = client_of(person, headers={"Accept-Language": "en"})
    return client


def form_of(person: User, **changed: Any) -> dict[str, Any]:
    """Return what the ordinary form of a person sends."""
    values = PersonForm.initial_of(User.objects.get(pk=person.pk), None)
    return {name: value for name, value in (values | changed).items() if value is not None}


def edit(client: Client, person: User, **changed: Any) -> str:
    """Send the ordinary form, past the page that asks; return the page after it."""
    address = f"/en/people/{person.public_id}/edit/"
    sent = form_of(person, **changed)
    asked = client.post(address, sent)
    assert asked.status_code == 200, asked
    done = client.post(address, {**sent, "sure": "1"}, follow=True)
    return asked.content.decode() + done.content.decode()


def test_coordinator_who_is_one_no_more_leaves_only_to_decline(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, client_of: Any
):
    proposal = propose(officer, coordinator, family_name="Həsənova")
    revoke_grant(grant=coordinator.grants.get(), by=None)
    page, client = f"{ROOT}corrections/{proposal.public_id}/", english(client_of, registrar)
    shown = client.get(page).content.decode()
    assert "it can only be declined" in shown and "/decline/" in shown and "/confirm/" not in shown
    assert "it can only be declined" in client.post(f"{page}confirm/", follow=True).content.decode()
    officer.refresh_from_db()
    assert officer.family_name == "Məmmədova"


def test_the_whole_way_from_the_ordinary_form_to_the_letter(
    certificate: Certificate, officer: User, coordinator: User, coordinator_other: User, registrar: User,
    registrar2: User, outsider: User, client_of: Any,
):  # fmt: skip
    desk, second, third = (english(client_of, each) for each in (coordinator, registrar, registrar2))
    pages = edit(desk, officer, family_name="Həsənova", language="ru", sex="f")
    assert pages.count(HELD) == 2
    kept = User.objects.get(pk=officer.pk)
    assert (kept.family_name, kept.language, kept.sex) == ("Məmmədova", "ru", "f")
    proposal = Proposal.objects.get()
    page = f"{ROOT}corrections/{proposal.public_id}/"
    assert page in pages and "Məmmədova → Həsənova" in pages
    for person in (outsider, coordinator_other, officer):
        client = english(client_of, person)
        assert client.get(page).status_code == 404
        assert client.post(f"{page}confirm/").status_code == 404
    shown = desk.get(page).content.decode()
    assert "<ins>Həsənova</ins>" in shown and "Withdraw my proposal" in shown
    assert desk.post(f"{page}confirm/").status_code == 403
    waiting = second.get(f"{ROOT}register/proposals/").content.decode()
    assert "Correct the name: Aytən Məmmədova" in waiting and page in waiting
    assert "(1)" in waiting and "(0)" not in waiting  # acts of which nothing waits are not offered as filters
    assert "1 proposal about a certificate to decide" in second.get("/en/").content.decode()
    assert "is replaced by a new one for the same days" in second.get(page).content.decode()
    done = second.post(f"{page}confirm/", follow=True).content.decode()
    assert "Corrected: new certificates are issued" in done
    assert User.objects.get(pk=officer.pk).family_name == "Həsənova"
    new = Certificate.objects.exclude(pk=certificate.pk).get()
    assert (seal(certificate, "en"), seal(new, "en")) == (("superseded", False), ("valid", True))
    assert "to decide" not in third.get("/en/").content.decode()
    work_off()
    assert [letter.subject for letter in mail.outbox if letter.to == [officer.email]][-1] == (
        "Уведомление о вашем сертификате"
    )
    mine = english(client_of, officer).get(ROOT).content.decode()
    assert re.search(r"Replaced by.*?/c/" + new.public_id, mine, re.S)
    assert re.search(r"Replaces.*?/c/" + certificate.public_id, mine, re.S)


def test_who_proposed_it_learns_nothing_of_the_certificates_once_the_person_serves_elsewhere(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, role: Any, other_unit: Any,
    client_of: Any,
):  # fmt: skip
    [new] = corrected(officer, coordinator, registrar)
    page = f"{ROOT}corrections/{Proposal.objects.get().public_id}/"
    desk, code = english(client_of, coordinator), grouped(new.short_code)
    assert code in desk.get(page).text
    posting = officer.postings.known().get()
    end_posting(posting=posting, valid_to=clock.now(), by=None)
    post(person=officer, unit=other_unit, role=role, service_number="X-1", valid_from=clock.now(), by=None)
    with clock.at(clock.now() + timedelta(minutes=1)):
        shown = desk.get(page)
    assert shown.status_code == 200 and code not in shown.text and "Issued anew" not in shown.text


def test_what_is_typed_again_while_it_waits_is_saved_but_for_the_name(
    certificate: Certificate, officer: User, coordinator: User, client_of: Any
):
    client = english(client_of, coordinator)
    edit(client, officer, family_name="Həsənova")
    assert HELD in edit(client, officer, family_name="Həsənova", language="en")
    address = f"/en/people/{officer.public_id}/edit/"
    assert "A correction of what the certificates say waits" in client.get(address).content.decode()
    refused = client.post(address, form_of(officer, family_name="Quliyeva")).content.decode()
    assert "Another change of this name waits for a registrar." in refused
    assert 'value="Quliyeva"' in refused
    kept = User.objects.get(pk=officer.pk)
    assert (kept.family_name, kept.language, Proposal.objects.count()) == ("Məmmədova", "en", 1)


def test_who_holds_nothing_is_renamed_at_once(keys: None, officer2: User, coordinator: User, client_of: Any):
    assert HELD not in edit(english(client_of, coordinator), officer2, given_name="Oqtay")
    assert User.objects.get(pk=officer2.pk).given_name == "Oqtay"
    assert Proposal.objects.count() == 0


def test_nobody_proposes_their_own_name_by_the_ordinary_form(
    keys: None, coordinator: User, unit: Any, role: Any, client_of: Any
):
    from people.actions.postings import post

    since = factories.a_year_ago()
    post(person=coordinator, unit=unit, role=role, service_number="L-1", valid_from=since, by=None)
    make_certificate(coordinator)
    client = english(client_of, coordinator)
    sent = form_of(coordinator, family_name="Quliyev")
    page = client.post(f"/en/people/{coordinator.public_id}/edit/", sent).content.decode()
    assert "another coordinator or a registrar proposes a change of your own name" in page
    assert Proposal.objects.count() == 0


def test_a_registrar_proposes_from_the_register_and_withdraws(
    certificate: Certificate, officer: User, registrar: User, coordinator: User, client_of: Any
):
    client = english(client_of, registrar)
    address = f"{ROOT}{certificate.public_id}/correct/name/"
    one = f"{ROOT}register/{certificate.public_id}/"
    assert address in client.get(one).content.decode()
    names = {part: getattr(officer, part) for part in ("family_name", "given_name", "father_name")}
    same = client.post(address, names).content.decode()
    assert "there is nothing to correct" in same
    sent = names | {"given_name": "Aysel"}
    asked = client.post(address, sent).content.decode()
    assert "Propose this correction?" in asked and "Given name: Aytən → Aysel" in asked
    assert client.post(address, sent | {"sure": "1"})["Location"] == one
    proposal = Proposal.objects.get()
    page = f"{ROOT}corrections/{proposal.public_id}/"
    assert page in client.get(one).content.decode()
    assert page in english(client_of, coordinator).get(f"/en/people/{officer.public_id}/").content.decode()
    assert "Confirm</button>" not in client.get(page).content.decode()
    client.post(f"{page}withdraw/")
    proposal.refresh_from_db()
    assert (proposal.outcome, state(certificate).state) == ("withdrawn", "valid")


def test_the_agency_is_chosen_among_those_where_the_person_served(
    certificate: Certificate, officer: User, agency: Any, registrar: User, registrar2: User, client_of: Any,
    other_agency: Any,
):  # fmt: skip
    client = english(client_of, registrar)
    address = f"{ROOT}{certificate.public_id}/correct/agency/"
    page = client.get(address).content.decode()
    assert (agency.name_en in page, other_agency.name_en in page) == (True, False)
    assert "Choose the agency." in client.post(address, {}).content.decode()
    assert client.post(address, {"agency": other_agency.public_id}).status_code == 200
    assert "nothing to correct" in client.post(address, {"agency": agency.public_id}).content.decode()
    assert Proposal.objects.count() == 0


def test_none_is_corrected_by_a_certificate_that_is_still_being_made(
    certificate: Certificate, agency: Any, registrar: User, client_of: Any
):
    made = unfinished(certificate)
    client = english(client_of, registrar)
    address, sent = f"{ROOT}{made.public_id}/correct/agency/", {"agency": agency.public_id, "sure": "1"}
    assert (client.get(address).status_code, client.post(address, sent).status_code) == (404, 404)
    with translation.override("en"), pytest.raises(ActRefused, match="is being made"):
        propose_agency(certificate=made, agency=agency, by=registrar)
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize("what", ["name", "agency"])
def test_others_do_not_reach_the_form(
    certificate: Certificate, officer: User, coordinator_other: User, auditor: User, outsider: User, client_of: Any,
    what: str,
):  # fmt: skip
    address = f"{ROOT}{certificate.public_id}/correct/{what}/"
    answers = [
        english(client_of, each).get(address).status_code for each in (officer, outsider, coordinator_other)
    ]
    assert (answers, english(client_of, auditor).get(address).status_code) == ([404] * 3, 403)
    assert Client().get(address).status_code == 302
    assert english(client_of, auditor).get(f"{ROOT}{certificate.public_id}/correct/age/").status_code == 404


def test_the_public_page_says_that_it_was_replaced_and_neither_by_which_nor_of_whom(
    certificate: Certificate, officer: User, coordinator: User, registrar: User
):
    [new] = corrected(officer, coordinator, registrar)
    page = Client().get(f"/c/{certificate.public_id}?lang=en").content.decode()
    assert "This certificate has been replaced" in page
    code = f"{new.short_code[:4]}"
    for told in (new.public_id, code, "Həsənova", "Məmmədova", "labour-inspection"):
        assert told not in page


def test_the_register_page_leads_both_ways_and_only_the_valid_one_is_framed(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, client_of: Any
):
    [new] = corrected(officer, coordinator, registrar)
    client = english(client_of, registrar)
    old_page, new_page = (
        client.get(f"{ROOT}register/{each.public_id}/").content.decode() for each in (certificate, new)
    )
    assert f"register/{new.public_id}/" in old_page and f"register/{certificate.public_id}/" in new_page
    assert ('class="doc framed"' in old_page, 'class="doc framed"' in new_page) == (False, True)
    assert "the name was corrected" in old_page
    assert "What it says stays: it is not in force, or was erased." in old_page


def test_a_request_about_the_own_name_is_answered_once_it_is_decided(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, client_of: Any
):
    from privacy.actions.corrections import ask_correction

    asked = ask_correction(person=officer, about="name", text="I am Həsənova now.", by=officer)
    client = english(client_of, coordinator)
    address = reverse("privacy:correction", args=[asked.public_id]).replace("/az/", "/en/")
    assert f"/en/people/{officer.public_id}/edit/" in client.get(address).content.decode()
    edit(client, officer, family_name="Həsənova")
    proposal = Proposal.objects.get()
    assert f"{ROOT}corrections/{proposal.public_id}/" in client.get(address).content.decode()
    answer = {"outcome": "corrected", "answer": "Done, congratulations."}
    refused = client.post(address, answer).content.decode()
    assert "A registrar must decide about the name first. Answer after that." in refused
    assert "Done, congratulations." in refused
    english(client_of, registrar).post(f"{ROOT}corrections/{proposal.public_id}/confirm/")
    client.post(address, answer)
    asked.refresh_from_db()
    assert (asked.outcome, asked.answer) == ("corrected", "Done, congratulations.")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_what_waits_takes_constant_queries(
    keys: None, registrar: User, registrar2: User, unit: Any, role: Any, client_of: Any, number: int,
    django_assert_num_queries: Any,
):  # fmt: skip
    for _place in range(number):
        person = factories.make_person(unit=unit, role=role)
        make_certificate(person)
        propose(person, registrar)
    client = english(client_of, registrar2)
    with django_assert_num_queries(16):  # nine for what the menu counts
        page = client.get(f"{ROOT}register/proposals/?act=correct").content.decode()
    assert page.count("Correct the name: ") == number
