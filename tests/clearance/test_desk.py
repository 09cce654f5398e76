import re
from datetime import timedelta

import pytest
from django.test import Client

from clearance import lookup
from clearance.evaluation import Answer
from clearance.models import Decision
from clearance.permissions import where_asked
from merging.actions.merge import confirm_merge, propose_merge
from operations import clock, clock_guard
from operations.codes import grouped
from people.models import User
from tests import factories, tiny
from tests.tampering import tamper

pytestmark = pytest.mark.usefixtures("keys", "curriculum")
DESK = "/en/desk/"


@pytest.fixture
def desk(duty_officer):
    return factories.client_of(duty_officer)


def ask(client: Client, who: str = "LAB-0417", function: str = "F8", **more):
    return client.post(DESK, {"who": who, "function": function, **more})


def errors(response) -> dict[str, list[str]]:
    return {name: [str(text) for text in texts] for name, texts in response.context["form"].errors.items()}


NOBODY = {"who": ["Nobody who serves in your units at that time has this number, name or code."]}


def test_desk_offers_gated_functions(desk):
    page = desk.get(DESK)
    assert [choice for choice, _name in page.context["form"].fields["function"].choices] == ["F8"]
    page = desk.get(f"{DESK}?all")
    assert [choice for choice, _name in page.context["form"].fields["function"].choices] == ["F1", "F8"]


def test_desk_offers_first_what_somebody_of_its_units_performs(desk, officer, role):
    """Twenty functions are in the files; of those of other services the tiles say nothing."""
    tiny.function("F12", 12, "Shelter intake", roles=["SHE"])
    tiny.function("F21", 21, "Anybody's", roles=[])

    def offered(page) -> list[str]:
        return [choice for choice, _name in page.context["form"].fields["function"].choices]

    assert offered(desk.get(DESK)) == ["F8", "F21"]
    assert offered(desk.get(f"{DESK}?all")) == ["F1", "F8", "F12", "F21"]
    shift = desk.get(f"{DESK}shift/").context["form"].fields["functions"].choices
    assert [code for code, _name in shift] == ["F1", "F8", "F21"]


def test_functions_keep_their_places_whatever_is_asked(desk, officer):
    tiny.function("F9", 9, "Leads", roles=["LAB"])
    before = desk.get(DESK).context["form"].fields["function"].choices
    assert ask(desk, function="F9").status_code == 302
    assert desk.get(DESK).context["form"].fields["function"].choices == before


@pytest.mark.parametrize("address", [DESK, f"{DESK}shift/"])
def test_queries_do_not_grow_with_functions(desk, officer, address):
    tiny.function("F9", 9, "Leads", roles=["LAB"])
    desk.get(address)
    with factories.counted() as one:
        desk.get(address)
    for number in (12, 13, 14):
        tiny.function(f"F{number}", number, f"Function {number}", roles=["LAB"])
    with factories.counted() as four:
        desk.get(address)
    assert len(four) == len(one)


@pytest.mark.parametrize("who", ["LAB-0417", " lab-0417 ", "Məmmədova", "MƏMMƏDOVA", "memmedova ay"])
def test_officer_is_found_by_number_or_name(desk, officer, who):
    assert ask(desk, who).status_code == 302
    assert Decision.objects.get().person == officer


@pytest.mark.parametrize(
    "who", ["Гусейнов", "гусейнов Турал", "Huseynov", "huseynov tu", "Hüseynov", "hUseynov"]
)
def test_name_is_found_in_every_spelling(desk, unit, officer, who):
    person = factories.make_person(
        "Hüseynov", "Tural", unit=unit, latin=("Huseynov", "Tural"), cyrillic=("Гусейнов", "Турал", "")
    )
    ask(desk, who)
    assert Decision.objects.get().person == person


@pytest.mark.parametrize("who", ["Гасанова", "гасанова Айтен", "Айтен Гасанова", "Hasanova", "Gasanova Ay"])
def test_whole_family_name_is_found_as_it_sounds_where_no_spelling_fits(desk, unit, officer, who):
    person = factories.make_person("Həsənova", "Aytən", unit=unit)
    factories.make_person("Hüseynova", "Aytən", unit=unit)
    ask(desk, who)
    assert Decision.objects.get().person == person


@pytest.mark.parametrize("who", ["Гасан", "Hasan", "Айтен"])
def test_part_of_a_family_name_is_not_guessed_by_its_sound(desk, unit, who):
    factories.make_person("Həsənova", "Aytən", unit=unit)
    assert errors(ask(desk, who)) == NOBODY


@pytest.mark.parametrize("who", ["", " ", "H", "%", "_______", "Xanım"])
def test_nobody_is_found_by_less_than_a_name(desk, unit, who):
    factories.make_person("Hüseynov", "Tural", unit=unit)
    assert list(errors(ask(desk, who))) == ["who"]


@pytest.mark.parametrize("who", ["DƏMX-1042", "dəmx-1042", "demx-1042", "ДЭМХ-1042"])
def test_number_is_found_on_any_keyboard(desk, unit, officer, who):
    person = factories.make_person(unit=unit, service_number="DƏMX-1042")
    ask(desk, who)
    assert Decision.objects.get().person == person


@pytest.fixture
def twin(unit, role, officer, coordinator, admin) -> User:
    """The officer once more, with another number; merged."""
    gone = factories.make_person("Mamedova", "Ayten", unit=unit, role=role, service_number="LAB-9999")
    confirm_merge(proposal=propose_merge(kept=officer, gone=gone, by=coordinator), by=admin)
    return gone


@pytest.mark.parametrize("who", ["LAB-9999", "lab-9999"])
def test_number_of_a_merged_record_finds_the_one_that_stays(desk, officer, twin, who):
    ask(desk, who)
    assert Decision.objects.get().person == officer


def test_number_of_a_merged_record_finds_whom_it_was_given_since(desk, unit, role, officer, twin):
    heir = factories.make_person("Quliyev", "Anar", unit=unit, role=role, service_number="LAB-9999")
    ask(desk, "LAB-9999")
    assert Decision.objects.get().person == heir


def test_number_of_a_merged_record_that_somebody_has_in_another_unit_finds_nobody(
    desk, agency, role, officer, twin
):
    elsewhere = factories.make_unit(agency, "quba")
    factories.make_person("Quliyev", "Anar", unit=elsewhere, role=role, service_number="LAB-9999")
    assert errors(ask(desk, "LAB-9999")) == NOBODY


def test_number_of_a_merged_record_finds_nobody_outside_the_own_units(agency, other_unit, officer, twin):
    for unit in (other_unit, factories.make_unit(agency, "quba")):
        person = factories.make_person(email=f"{unit.code}@duty.example", password=factories.PASSWORD)
        factories.give(person, "duty-officer", unit=unit)
        assert errors(ask(factories.client_of(person), "LAB-9999")) == NOBODY


def test_merged_record_costs_nothing_where_the_number_is_found(duty_officer, officer, twin):
    with factories.counted() as queries:
        assert [
            row.user for row in lookup.find("LAB-0417", where=where_asked(duty_officer), instant=clock.now())
        ] == [officer]
    assert len([each for each in queries if "people_posting" in each["sql"]]) == 1


def test_officer_is_found_by_the_code_of_a_certificate(desk, curriculum, officer):
    certificate = tiny.certify(curriculum, officer)
    ask(desk, grouped(certificate.short_code))
    assert Decision.objects.get().answer == Answer.CLEARED


def test_officer_is_found_by_the_code_of_a_certificate_earned_under_a_merged_record(
    desk, curriculum, unit, role, officer, coordinator, admin
):
    gone = factories.make_person(
        "Məmmədova", "Aytən", father_name="Kamran qızı", unit=unit, role=role, service_number="LAB-9999"
    )
    certificate = tiny.certify(curriculum, gone)
    confirm_merge(proposal=propose_merge(kept=officer, gone=gone, by=coordinator), by=admin)
    ask(desk, grouped(certificate.short_code))
    decision = Decision.objects.get()
    assert (decision.person, decision.answer) == (officer, Answer.CLEARED)


@pytest.mark.parametrize("change", [{"answer": "cleared"}, {"evidence": {}}, {"receipt": b"broken"}])
def test_answer_that_was_edited_could_not_be_checked(desk, officer, change):
    url = ask(desk).url
    tamper(Decision.objects.get(), **change)
    page = desk.get(url)
    assert re.findall(r"<h1>(.*?)</h1>", page.text) == ["Could not be checked"]
    assert (page.context["against"], page.context["favour"], page.context["colleagues"]) == ([], [], None)


def test_answer_has_a_page_of_its_own(desk, officer, duty_officer):
    response = ask(desk)
    decision = Decision.objects.get()
    assert response.url == f"/en/desk/{decision.public_id}/"
    assert decision.asked_by == duty_officer
    page = desk.get(response.url)
    assert page.status_code == 200
    assert re.findall(r"<h1>(.*?)</h1>", page.text) == ["Not cleared"]


def test_double_click_makes_one_decision(desk, officer):
    with clock.at(clock.now().replace(second=10)):
        nonce = desk.get(DESK).context["nonce"]
        first, second = ask(desk, nonce=nonce), ask(desk, nonce=nonce)
    assert (first.url, Decision.objects.count()) == (second.url, 1)


def test_double_click_across_a_minute_makes_one_decision(desk, officer):
    nonce = desk.get(DESK).context["nonce"]
    minute = clock.now().replace(second=59, microsecond=999_000)
    for instant in (minute, minute + timedelta(milliseconds=5)):
        with clock.at(instant):
            ask(desk, nonce=nonce)
    assert Decision.objects.count() == 1


def test_same_form_later_is_a_new_question(desk, officer):
    nonce = desk.get(DESK).context["nonce"]
    ask(desk, nonce=nonce)
    with clock.at(clock.now() + timedelta(minutes=2)):
        ask(desk, nonce=nonce)
    assert Decision.objects.count() == 2


def test_same_form_with_another_function_is_a_new_question(desk, officer):
    nonce = desk.get(DESK).context["nonce"]
    ask(desk, nonce=nonce)
    ask(desk, nonce=nonce, function="F1")
    assert [decision.answer for decision in Decision.objects.order_by("pk")] == ["not-cleared", "not-gated"]


def test_several_of_a_name_are_offered(desk, unit, officer):
    other = factories.make_person("Məmmədova", "Nigar", unit=unit)
    page = ask(desk, "Məmmədova")
    assert [posting.user for posting, _name in page.context["several"]] == [officer, other]
    assert Decision.objects.count() == 0
    ask(desk, "Məmmədova", person=other.public_id)
    assert Decision.objects.get().person == other


@pytest.mark.parametrize("who", ["MIG-0001", "Nağıyev", "LAB-9999", "7Q4K-28FD-M3XR"])
def test_other_agencies_cannot_be_told_from_nobody(desk, officer, other_unit, who):
    factories.make_person("Nağıyev", "Elçin", unit=other_unit, service_number="MIG-0001")
    page = ask(desk, who)
    assert (page.status_code, errors(page)) == (200, NOBODY)


def test_person_of_another_agency_cannot_be_chosen(desk, officer, other_unit):
    elsewhere = factories.make_person(unit=other_unit)
    page = ask(desk, "Məmmədova", person=elsewhere.public_id)
    assert (errors(page), Decision.objects.count()) == (NOBODY, 0)


def test_certificate_code_of_another_agency_finds_nobody(desk, curriculum, other_unit):
    elsewhere = factories.make_person(unit=other_unit)
    certificate = tiny.certify(curriculum, elsewhere)
    assert errors(ask(desk, certificate.short_code)) == NOBODY


def test_somebody_switched_off_is_nobody(desk, officer):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert errors(ask(desk)) == NOBODY


def test_question_is_checked(desk, officer):
    assert errors(desk.post(DESK, {})) == {
        "who": ["Enter a service number, a family name, or the code of a certificate."],
        "function": ["Choose what the officer is to do."],
    }
    assert errors(ask(desk, function="F99")) == {"function": ["Choose what the officer is to do."]}
    assert list(errors(ask(desk, at="yesterday"))) == ["at"]
    assert list(errors(ask(desk, at="1999-01-01T08:00"))) == ["at"]


def test_another_time_is_a_time_in_baku(desk, officer):
    day = clock.today() + timedelta(days=1)
    ask(desk, at=f"{day.isoformat()}T02:14")
    assert Decision.objects.get().instant == clock.start_of(day) + timedelta(hours=2, minutes=14)


def test_grace_is_confirmed_before_there_is_a_decision(desk, curriculum, officer):
    certificate = tiny.certify(curriculum, officer)
    with clock.at(certificate.valid_to + timedelta(days=3)):
        page = ask(desk)
        asked = [code for code, _title, _text in page.context["conditions"]]
        assert (asked, Decision.objects.count()) == (["supervisor-note"], 0)
        again = ask(desk, confirmed_shown="yes")
        assert again.context["asked_again"] is True
        ask(desk, confirmed_shown="yes", confirmed="supervisor-note")
    assert Decision.objects.get().answer == Answer.CONDITIONAL


def test_conditions_that_were_ticked_stay_ticked(desk, curriculum, officer):
    tiny.certify(curriculum, officer)
    tiny.function("F9", 9, "Conditions", conditions=["interpreter", "second-worker"])
    page = ask(desk, function="F9", confirmed_shown="yes", confirmed="interpreter")
    assert page.context["missing"] == [
        {"href": "#id_second-worker", "text": "Confirm each of them, or do not clear the officer."}
    ]
    assert page.text.count("checked") == 1 and Decision.objects.count() == 0
    sent = ask(desk, function="F9", confirmed_shown="yes", confirmed=["interpreter", "second-worker"])
    shown = desk.get(sent.url).text
    assert "an independent interpreter" in shown and "a second worker is present" in shown


def test_advice_stands_above_the_answer(desk, officer):
    tiny.function("F9", 9, "Advised", mode="advise")
    page = desk.get(ask(desk, function="F9").url).text
    assert "Not cleared" in page and "Advice: nobody is stopped yet" in page
    assert "No date is set for that." in page
    assert "Advice" not in desk.get(ask(desk).url).text


def test_handing_over_names_its_source(desk, officer):
    source = {"az": "a", "en": "Decision No. 21 (2008), as reported by IOM in 2016", "ru": "c"}
    tiny.function("F5", 5, "Hand over", gated=False, needs=[], source=source)
    assert "as reported by IOM in 2016" in desk.get(ask(desk, function="F5").url).text


@pytest.mark.usefixtures("guarded")
def test_clock_behind_is_said_with_what_helps(desk, curriculum, officer, duty_officer):
    tiny.certify(curriculum, officer)
    posted = clock.now()
    with clock.at(clock.now() + timedelta(hours=1)):
        factories.give(factories.make_person(), factories.Position.AUDITOR)
    clock_guard.forget()
    with clock.at(posted):
        page = ask(desk)
        rescue = ask(desk, function="F1")
        home = factories.client_of(officer).get("/en/")
    assert page.status_code == 503
    for words in (
        "Cannot be determined",
        "The clock of the server is wrong",
        "Tell the operator",
        "no receipt",
    ):
        assert words in page.text
    assert "No clearance needed" in rescue.text
    assert home.context["overview"].may == []
    assert Decision.objects.count() == 0


def test_question_about_oneself_is_refused_at_its_field(curriculum, unit, officer, officer2):
    """And the asker is never offered as the one who could do it instead."""
    factories.give(officer, factories.Position.DUTY_OFFICER, unit=unit)
    tiny.certify(curriculum, officer)
    own = factories.client_of(officer)
    assert errors(ask(own)) == {"who": ["Nobody asks about themselves. Let another duty officer ask."]}
    page = own.get(ask(own, "LAB-0418").url)
    assert page.context["colleagues"].own == []
    assert Decision.objects.get().person == officer2


def test_certified_colleague_on_duty_is_offered_instead(desk, curriculum, unit, officer, officer2):
    tiny.certify(curriculum, officer2)
    page = desk.get(ask(desk).url)
    [colleague] = page.context["colleagues"].own
    assert (colleague.user, colleague.telephone) == (officer2, "012 000 04 12")


def test_nobody_of_another_agency_or_off_duty_is_offered(desk, curriculum, other_unit, officer, officer2):
    tiny.certify(curriculum, factories.make_person(unit=other_unit))
    tiny.certify(curriculum, officer2)
    User.objects.filter(pk=officer2.pk).update(availability="unavailable")
    assert desk.get(ask(desk).url).context["colleagues"].own == []


def test_queries_of_a_decision_page_do_not_grow(desk, curriculum, unit, officer):
    url = ask(desk).url
    tiny.certify(curriculum, factories.make_person(unit=unit))
    desk.get(url)
    with factories.counted() as one:
        desk.get(url)
    for _number in range(2):
        tiny.certify(curriculum, factories.make_person(unit=unit))
    with factories.counted() as three:
        assert len(desk.get(url).context["colleagues"].own) == 3
    assert len(three) == len(one)


@pytest.mark.parametrize("person", ["outsider", "officer", "registrar", "auditor", "trainer", "admin"])
def test_desk_refuses_who_may_not_ask(person, request, officer):
    client = factories.client_of(request.getfixturevalue(person))
    assert (client.get(DESK).status_code, ask(client).status_code) == (403, 403)
    assert Decision.objects.count() == 0


def test_desk_leads_a_stranger_to_sign_in(officer):
    assert Client().get(DESK).url == f"/en/account/login/?next={DESK}"
    assert ask(Client()).status_code == 302
    assert Decision.objects.count() == 0


def test_desk_needs_its_token(duty_officer, officer):
    client = factories.client_of(duty_officer, enforce_csrf_checks=True)
    assert ask(client).status_code == 403


@pytest.mark.parametrize(
    ("person", "status"),
    [("duty_officer", 200), ("coordinator", 200), ("auditor", 200), ("officer", 403), ("officer2", 403),
     ("outsider", 403), ("duty_officer_other", 403), ("coordinator_other", 403), ("registrar", 403),
     ("trainer", 403)],
)  # fmt: skip
def test_decision_is_shown_to_who_asked_and_who_oversees(desk, officer, person, status, request):
    url = ask(desk).url
    assert factories.client_of(request.getfixturevalue(person)).get(url).status_code == status


def test_decision_leads_a_stranger_to_sign_in(desk, officer):
    url = ask(desk).url
    assert Client().get(url).url == f"/en/account/login/?next={url}"


def test_old_decision_does_not_say_now(desk, officer):
    ask(desk)
    decision = Decision.objects.get()
    page = desk.get(f"/en/desk/{decision.public_id}/").text
    assert ("may not do this now." in page, "This was the answer of" in page) == (True, False)
    with clock.at(clock.now() + timedelta(hours=1)):
        page = desk.get(f"/en/desk/{decision.public_id}/").text
    assert ("may not do this now." in page, "This was the answer of" in page) == (False, True)


def test_name_is_found_in_either_order(desk, officer):
    for name in ("Məmmədova Aytən", "aytən məmmədova"):
        ask(desk, who=name)
    assert {decision.person for decision in Decision.objects.all()} == {officer}
    assert Decision.objects.count() == 2
