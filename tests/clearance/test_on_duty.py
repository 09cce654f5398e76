"""On duty until an hour, and who may do it instead. From outside."""

import re
from datetime import timedelta

import pytest

from clearance import substitutes
from clearance.models import OnDuty
from operations import clock
from operations.models import AuditEntry
from people.actions.leaves import add_leave
from people.models import User
from tests import factories, tiny

pytestmark = pytest.mark.usefixtures("keys")
HOUR = timedelta(hours=1)
ENTER, OWN = "/en/desk/duty/", "/en/duty/"


def at(hours: float) -> str:
    return f"{(clock.now() + hours * HOUR).astimezone(clock.BAKU):%Y-%m-%dT%H:%M}"


def until(person) -> bool:
    return OnDuty.objects.filter(person=person, until__gt=clock.now()).exists()


@pytest.mark.parametrize("who", ["duty_officer", "shift_leader", "coordinator"])
def test_who_answers_for_the_unit_enters_its_people(request, client_of, who, officer):
    client = client_of(request.getfixturevalue(who))
    page = client.post(ENTER, {"p": officer.public_id, "duty_until": at(8)}, follow=True)
    assert "1 person is entered as on duty." in page.text
    assert until(officer)
    assert AuditEntry.objects.filter(act="clearance.enter_duty", subject_id=officer.public_id).count() == 1
    client.post(ENTER, {"p": officer.public_id, "end": "yes"})
    assert not until(officer)


def test_people_unknown_here_are_not_too_many(client_of, duty_officer):
    client = client_of(duty_officer)
    for number, words in ((1, "Tick at least one person."), (501, "At most 500 people at once.")):
        page = client.post(
            ENTER, {"people": " ".join(f"x{each}" for each in range(number)), "duty_until": at(8)}
        )
        assert words in page.text and page.text.count("At most 500") == number // 500


def test_a_refused_page_can_be_read_in_another_language(client_of, duty_officer):
    """Its language switch asks for the address by GET."""
    client = client_of(duty_officer)
    refused = client.post(ENTER, {"duty_until": at(8)})
    [russian] = re.findall(r'<a lang="ru" hreflang="ru" href="([^"]+)"', refused.text)
    assert client.get(russian).url == "/ru/desk/shift/"


@pytest.mark.parametrize(
    "who", ["outsider", "registrar", "auditor", "coordinator_other", "duty_officer_other"]
)
def test_nobody_else_enters_them(request, client_of, who, officer):
    client = client_of(request.getfixturevalue(who))
    assert client.post(ENTER, {"p": officer.public_id, "duty_until": at(8)}).status_code == 403
    assert not OnDuty.objects.exists()


def test_officer_enters_themselves_and_nobody_else(officer, officer2, client_of):
    client = client_of(officer)
    client.post(OWN, {"duty_until": at(8)})
    assert until(officer)
    assert "You are on duty until" in client.get(OWN).text
    assert client.post(ENTER, {"p": officer2.public_id, "duty_until": at(8)}).status_code == 403
    client.post(OWN, {"end": "yes"})
    assert not until(officer)


def test_everybody_of_the_chosen_unit_is_entered(client_of, coordinator, agency, unit, officer):
    """But who is on leave, as their box cannot be ticked; the page comes back with the unit."""
    beside = factories.make_unit(agency, "sumqayit")
    there, away = (factories.make_person(unit=beside) for _each in range(2))
    add_leave(person=away, agency=agency, valid_from=clock.now(), valid_to=None, by=None)
    sent = {"unit": beside.public_id, "everybody": "yes", "duty_until": at(8)}
    answer = client_of(coordinator).post(ENTER, sent)
    assert answer.url == f"/en/desk/shift/?unit={beside.public_id}"
    assert (until(there), until(away), until(officer)) == (True, False, False)


@pytest.mark.parametrize(
    "hours, words", [(None, "Enter day and time"), (30, "Enter an hour within the next 24.")]
)
def test_refused_hour_loses_nothing_that_was_sent(client_of, coordinator, agency, hours, words):
    until = "" if hours is None else at(hours)
    beside = factories.make_unit(agency, "sumqayit")
    there = factories.make_person(unit=beside)
    sent = {"unit": beside.public_id, "p": there.public_id, "duty_until": until, "numbers": "LAB-1"}
    page = client_of(coordinator).post(ENTER, sent)
    assert page.status_code == 200
    assert words in page.context["duty_form"].errors["duty_until"][0]
    assert 'href="#id_duty_until"' in page.text
    assert page.context["unit"] == beside
    assert [each["ticked"] for each in page.context["people"]] == [True]
    assert page.context["duty_form"]["duty_until"].value() == until
    assert page.context["form"]["numbers"].value() == "LAB-1"
    assert not OnDuty.objects.exists()


def test_double_click_enters_once_and_ends_once(client_of, duty_officer, officer):
    client, sent = client_of(duty_officer), {"p": officer.public_id, "duty_until": at(8)}
    for _click in range(2):
        assert "1 person is entered as on duty." in client.post(ENTER, sent, follow=True).text
    assert AuditEntry.objects.filter(act="clearance.enter_duty").count() == 1
    ended = [
        client.post(ENTER, {"p": officer.public_id, "end": "yes"}, follow=True).text for _click in range(2)
    ]
    assert "1 entry was ended." in ended[0]
    assert "Nobody of them is entered as on duty." in ended[1]
    assert AuditEntry.objects.filter(act="clearance.enter_duty").count() == 2


def test_own_entry_sent_twice_is_one(officer, client_of):
    client, sent = client_of(officer), {"duty_until": at(8)}
    assert [client.post(OWN, sent).status_code for _click in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(act="clearance.enter_duty").count() == 1


def test_who_serves_nowhere_is_not_on_duty(outsider, client_of):
    assert client_of(outsider).get(OWN).status_code == 403


@pytest.mark.parametrize("hours", [-1, 25])
def test_hour_is_within_a_day(officer, client_of, hours):
    page = client_of(officer).post(OWN, {"duty_until": at(hours)})
    assert "Enter an hour within the next 24." in page.text
    assert not OnDuty.objects.exists()


def instead(curriculum, by, **wanted):
    return substitutes.substitutes_of(
        curriculum.desk_review, by=by, instant=clock.now(), wanted=substitutes.Wanted(**wanted)
    )


def test_duty_is_never_assumed_and_lapses(curriculum, officer, officer2, duty_officer, client_of):
    tiny.certify(curriculum, officer2)
    decision = tiny.refused(officer, duty_officer)
    page = f"/en/desk/{decision.public_id}/"
    client = client_of(duty_officer)
    assert "no duty is entered" in client.get(page).text
    client.post(ENTER, {"p": officer2.public_id, "duty_until": at(2)})
    assert "On duty until" in client.get(page).text
    with clock.at(clock.now() + 3 * HOUR):
        assert "no duty is entered" in client.get(page).text


def test_who_is_on_duty_comes_first(curriculum, unit, officer, officer2, duty_officer):
    for person in (officer, officer2):
        tiny.certify(curriculum, person)
    assert [each.user for each in instead(curriculum, duty_officer).own] == [officer2, officer]
    OnDuty.objects.create(
        person=officer, until=clock.now() + HOUR, entered_by=duty_officer, entered_at=clock.now()
    )
    assert [each.user for each in instead(curriculum, duty_officer).own] == [officer, officer2]


def test_language_and_sex_are_asked_for_by_the_person_concerned(curriculum, officer, officer2, duty_officer):
    for person in (officer, officer2):
        tiny.certify(curriculum, person)
    User.objects.filter(pk=officer.pk).update(spoken_languages=["az", "ru"], sex="f")
    assert [each.user for each in instead(curriculum, duty_officer, language="ru").own] == [officer]
    assert [each.user for each in instead(curriculum, duty_officer, sex="f").own] == [officer]
    assert instead(curriculum, duty_officer, sex="m").own == []


def test_other_units_of_the_agency_are_shown_by_number_and_telephone(
    curriculum, agency, officer, duty_officer, other_unit, client_of
):
    beside = factories.make_unit(agency, "sumqayit", duty_telephone="012 000 05 05")
    person = factories.make_person("Zülfüqarova", unit=beside, service_number="LAB-0777")
    stranger = factories.make_person("Şahmarova", unit=other_unit)
    for each in (person, stranger):
        tiny.certify(curriculum, each)
    decision = tiny.refused(officer, duty_officer)
    text = client_of(duty_officer).get(f"/en/desk/{decision.public_id}/").text
    assert ("LAB-0777" in text, "012 000 05 05" in text) == (True, True)
    assert ("Zülfüqarova" in text, "Şahmarova" in text) == (False, False)
    assert "certificate until" not in text
    User.objects.filter(pk=person.pk).update(spoken_languages=["ru"], sex="f")
    [found] = instead(curriculum, duty_officer, language="ru", sex="f").others
    assert (found.user, found.languages, found.sex, found.last_day) == (person, (), "", None)


def test_queries_of_substitutes_are_constant(curriculum, agency, unit, duty_officer):
    beside = factories.make_unit(agency, "sumqayit")
    counts = []
    for _each in range(2):
        for where in (unit, beside):
            tiny.certify(curriculum, factories.make_person(unit=where))
        with factories.counted() as queries:
            instead(curriculum, duty_officer)
        counts.append(len(queries))
    assert counts[0] == counts[1]
