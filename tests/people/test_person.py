"""One person's page: what is seen of whom, before and after a transfer; adding and correcting."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from locales.sorting import sort_key
from operations import clock
from operations.confirmation import CHANGE
from operations.history import revise
from operations.models import AuditEntry
from people.actions.editing import Known, change_address, edit_person
from people.actions.leaves import add_leave
from people.actions.postings import end_posting, post, transfer
from people.models import AddressRequest, Posting, User
from people.timeline import events_of
from people.visibility import visibility_of
from tests import factories
from tests.factories import counted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page_of(person) -> str:
    return f"/en/people/{person.public_id}/"


@pytest.fixture
def moved_away(officer, other_unit, role) -> User:
    """The officer has left the agency ten days ago and serves in the other one since."""
    since = clock.now() - 10 * DAY
    end_posting(posting=Posting.objects.get(user=officer), valid_to=since, by=None)
    post(person=officer, unit=other_unit, role=role, service_number="MIG-7", valid_from=since, by=None)
    return officer


# --- who sees what ----------------------------------------------------------------------------------------


def test_masthead_names_who_is_signed_in_not_who_is_looked_at(officer, coordinator, client_of):
    page = client_of(coordinator).get(page_of(officer))
    assert (f'data-uid="{coordinator.public_id}"' in page.text, officer.public_id in page.text) == (
        True,
        True,
    )


def test_coordinator_sees_the_person_whole(officer, coordinator, client_of):
    page = client_of(coordinator).get(page_of(officer))
    for text in ("Məmmədova Aytən Kamran qızı", "LAB-0417", "officer@agency.example", "Began to serve"):
        assert text in page.text
    assert "no-store" in page["Cache-Control"]


def test_what_holds_today_stands_first(curriculum, officer, agency, coordinator, client_of):
    add_leave(person=officer, agency=agency, valid_from=clock.now() - DAY, valid_to=None, by=None)
    page = client_of(coordinator).get(f"/en/people/{officer.public_id}/").text.split("<main", 1)[1]
    places = [
        page.index(f">{words}<") for words in ("Certificates", "May do today", "Where the person serves")
    ]
    assert places == sorted(places)
    assert page.index("on leave") < places[0]


@pytest.mark.parametrize(("language", "words"), [
    ("az", ("təklif edilir", "təklif edilmir")), ("ru", ("предлагается", "не предлагается")),
])  # fmt: skip
def test_page_says_of_nobody_that_they_are_on_duty(officer, coordinator, client_of, language, words):
    """What everybody has from the beginning is not told; what somebody entered is, and never as a duty."""
    usual, entered = words
    address = f"/{language}/people/{officer.public_id}/"
    page = client_of(coordinator).get(address).text
    assert (f">{usual}<" in page, "növbədə" in page, "на месте" in page) == (False, False, False)
    User.objects.filter(pk=officer.pk).update(availability="unavailable")
    assert f">{entered}<" in client_of(coordinator).get(address).text


def test_coordinator_sees_only_positions_of_the_own_agency(
    officer, agency, other_agency, other_unit, role, coordinator, coordinator_other, admin, client_of
):
    """Somebody who serves in two agencies may hold positions in both."""
    since = clock.now() - DAY
    post(
        person=officer,
        unit=other_unit,
        role=role,
        service_number="MIG-9",
        valid_from=since,
        main=False,
        by=None,
    )
    factories.give(officer, factories.Position.COORDINATOR, agency=other_agency)
    factories.give(officer, factories.Position.DUTY_OFFICER, agency=agency)
    seen = {
        who: [word for word in ("<b>coordinator", "<b>duty officer") if word in page.text]
        for who, by in (("own", coordinator), ("other", coordinator_other), ("admin", admin))
        if (page := client_of(by).get(page_of(officer)))
    }
    assert seen == {
        "own": ["<b>duty officer"], "other": ["<b>coordinator"], "admin": ["<b>coordinator", "<b>duty officer"]
    }  # fmt: skip


@pytest.mark.parametrize("by", ["coordinator_other"])
def test_another_agencys_person_is_not_found(by, request, officer, client_of):
    client = client_of(request.getfixturevalue(by))
    unknown = client.get("/en/people/AAAAAAAAAAAAAAAAAAAAAA/")
    assert client.get(page_of(officer)).status_code == unknown.status_code == 404
    assert client.get(page_of(officer) + "edit/").status_code == 404


@pytest.mark.parametrize("by", ["outsider", "officer", "duty_officer", "registrar", "trainer"])
def test_page_is_closed_to_everybody_else(by, request, officer, client_of):
    client = client_of(request.getfixturevalue(by))
    assert [client.get(page_of(officer) + rest).status_code for rest in ("", "edit/")] == [403, 403]


def test_auditor_reads_and_changes_nothing(officer, auditor, client_of):
    client = client_of(auditor)
    assert "/transfer/" not in client.get(page_of(officer)).text
    assert client.get(page_of(officer) + "edit/").status_code == 403


def test_after_a_transfer_the_new_agency_sees_the_person(moved_away, coordinator_other, client_of):
    text = client_of(coordinator_other).get(page_of(moved_away)).text
    assert ("MIG-7" in text, "officer@agency.example" in text, "LAB-0417" in text) == (True, True, False)


def test_after_a_transfer_the_old_agency_reads_its_own_time(moved_away, coordinator, client_of):
    client = client_of(coordinator)
    text = client.get(page_of(moved_away)).text
    assert ("LAB-0417" in text, "MIG-7" in text, "officer@agency.example" in text) == (True, False, False)
    assert "no longer serves in your agency" in text and "/transfer/" not in text
    assert client.get(page_of(moved_away) + "edit/").status_code == 404
    for rest in ("transfer/", "leave/"):
        assert client.post(page_of(moved_away) + rest, {"sure": "1"}).status_code == 404


def test_sight_covers_the_time_of_service_alone(moved_away, coordinator):
    visibility = visibility_of(coordinator, moved_away)
    assert visibility is not None and not visibility.whole
    instants = [clock.now() - 11 * DAY, clock.now() - 9 * DAY, clock.now()]
    assert [visibility.covers(instant) for instant in instants] == [True, False, False]
    assert visibility.meets(clock.now() - 12 * DAY, clock.now()) and not visibility.meets(
        clock.now() - 5 * DAY, None
    )


def test_leave_after_the_transfer_is_hidden_from_the_old_agency(moved_away, other_agency, coordinator):
    now = clock.now()
    add_leave(person=moved_away, agency=other_agency, valid_from=now, valid_to=None, by=None)
    visibility = visibility_of(coordinator, moved_away)
    assert "Leave" not in [str(event.title) for event in events_of(moved_away, visibility)]


def test_posting_that_was_taken_back_shows_nothing(officer, coordinator):
    revise(withdraw=Posting.objects.filter(user=officer), by=None)
    assert visibility_of(coordinator, officer) is None


# --- as of ------------------------------------------------------------------------------------------------


def test_asked_instant_is_answered_both_ways(officer, agency, role, coordinator, client_of):
    quba = factories.make_unit(agency, "quba")
    transfer(
        person=officer, agency=agency, unit=quba, role=role, service_number="LAB-0417",
        valid_from=clock.now() - 20 * DAY, by=None,
    )  # fmt: skip
    with clock.at(clock.now() + DAY):
        asked = clock.now() - 5 * DAY
        page = client_of(coordinator).get(page_of(officer) + f"?at={asked:%Y-%m-%dT%H:%M}")
    answer = page.context["as_of"]
    assert (answer.then, answer.today) == ([], ["quba (en), LAB (en)"])
    assert "days late" in page.text


WHEN = "Enter day and time, for example 24.11.2026, 02:14."
FAR, LONG_AGO = (
    "This day is too far away: at most five years ahead.",
    "This day is too long ago: not before 1950.",
)


@pytest.mark.parametrize(
    "asked, words",
    [("yesterday", WHEN), ("2026-03-10T25:00", WHEN), ("0001-01-01T00:00", LONG_AGO), ("9999-12-31T23:59", FAR),
     ("9999-12-31T23:59-12:00", FAR)],
)  # fmt: skip
def test_nonsense_is_said_at_the_field_and_the_page_shows_today(
    asked, words, officer, coordinator, client_of
):
    page = client_of(coordinator).get(page_of(officer), {"at": asked})
    assert (page.status_code, page.context["as_of"]) == (200, None)
    assert page.text.count(words) == 2  # in the summary and at the field
    assert "ganja (en)" in page.text


@pytest.mark.parametrize(
    "language, words",
    [
        ("az", "Günü və saatı yazın, məsələn, 24.11.2026, 02:14."),
        ("ru", "Введите день и время, например 24.11.2026, 02:14."),
    ],
)
def test_nonsense_is_said_in_each_language(language, words, officer, coordinator, client_of):
    page = client_of(coordinator).get(f"/{language}/people/{officer.public_id}/", {"at": "yesterday"})
    assert page.text.count(words) == 2


def test_nothing_asked_is_nothing_wrong(officer, coordinator, client_of):
    page = client_of(coordinator).get(page_of(officer), {"at": ""})
    assert (page.context["as_of"], "There is a problem" in page.text) == (None, False)


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_page_asks_as_often_for_three_changes_as_for_one(
    language, officer, agency, role, coordinator, client_of
):
    client, page = client_of(coordinator), f"/{language}/people/{officer.public_id}/"
    client.get(page)
    with counted() as one:
        client.get(page)
    for days in (30, 20):
        unit = factories.make_unit(agency)
        transfer(
            person=officer, agency=agency, unit=unit, role=role, service_number="LAB-0417",
            valid_from=clock.now() - days * DAY, by=None,
        )  # fmt: skip
    with counted() as three:
        client.get(page)
    assert len(one) == len(three)


# --- add and correct --------------------------------------------------------------------------------------


def new(unit, **more) -> dict[str, object]:
    return {
        "family_name": "Vəliyev", "given_name": "Elçin", "father_name": "Arif oğlu", "language": "az",
        "availability": "available", "spoken_languages": ["az", "ru"], "unit": unit.public_id, "role": "LAB",
        "service_number": "LAB-55", "first_day": "2026-03-01", "email": "elcin@agency.example", **more,
    }  # fmt: skip


def test_person_is_added_with_a_posting_after_being_asked(unit, role, coordinator, client_of):
    client = client_of(coordinator)
    asked = client.post("/en/people/add/", new(unit))
    assert "Add this person?" in asked.text and asked.text.count('name="spoken_languages"') == 2
    assert not User.objects.filter(given_name="Elçin").exists()
    done = client.post("/en/people/add/", new(unit, sure="1"), follow=True)
    made = User.objects.get(given_name="Elçin")
    assert done.redirect_chain == [(page_of(made), 302)]  # where the button that invites is
    assert "Vəliyev Elçin Arif oğlu was added." in done.text
    assert (made.spoken_languages, made.has_usable_password()) == (["az", "ru"], False)
    assert Posting.objects.get(user=made).service_number == "LAB-55"


def test_question_leads_back_to_the_form_with_what_was_entered(unit, role, coordinator, client_of):
    client = client_of(coordinator)
    asked = client.post("/en/people/add/", new(unit))
    assert f'name="{CHANGE}"' in asked.text
    page = client.post("/en/people/add/", new(unit, sure="1", **{CHANGE: "1"}))
    for kept in ("Vəliyev", "Arif oğlu", "LAB-55", "2026-03-01", "elcin@agency.example"):
        assert f'value="{kept}"' in page.text
    assert not page.context["form"].errors and not User.objects.filter(given_name="Elçin").exists()
    assert f'name="{CHANGE}"' not in page.text


@pytest.mark.parametrize(("email", "number", "warned"), [("", "", True), ("", "LAB-55", False)])
def test_coordinator_hears_before_that_nobody_can_invite_the_person(
    email, number, warned, unit, role, coordinator, client_of
):
    asked = client_of(coordinator).post("/en/people/add/", new(unit, email=email, service_number=number))
    assert ("the person cannot be invited yet" in asked.text) is warned


def test_nobody_is_added_where_the_number_is_taken(officer, unit, coordinator, client_of):
    page = client_of(coordinator).post("/en/people/add/", new(unit, sure="1", service_number="LAB-0417"))
    assert "Another person of the agency has this service number." in page.text
    assert (User.objects.filter(given_name="Elçin").count(), Posting.objects.count()) == (0, 1)


CYRILLIC_E = "Vəliyеv"  # the second е


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("family_name", CYRILLIC_E, "“е” in “Vəliyеv” is a Cyrillic letter in a Latin word."),
        ("given_name", "Еlçin", "“Е” in “Еlçin” is a Cyrillic letter in a Latin word."),
        ("family_name_cyrillic", "Bелиев", "“B” in “Bелиев” is a Latin letter in a Cyrillic word."),
        ("service_number", "LAB-0417", "Another person of the agency has this service number."),
        ("email", "OFFICER@agency.example", "This address cannot be used."),
    ],
)
def test_refusal_stands_beside_its_field_before_anything_is_asked(
    field, value, said, officer, unit, role, coordinator, client_of
):
    page = client_of(coordinator).post("/en/people/add/", new(unit, **{field: value}))
    assert list(page.context["form"].errors) == [field]
    assert said in page.context["form"].errors[field][0] and "Add this person?" not in page.text
    for kept in (value, "Arif oğlu", "2026-03-01", "elcin@agency.example" if field != "email" else value):
        assert f'value="{kept}"' in page.text
    assert not User.objects.filter(father_name="Arif oğlu").exists()


def test_refusal_of_a_correction_stands_beside_its_field(officer, officer2, coordinator, client_of):
    data = edited(email=officer2.email) | {"sure": ""}
    del data["sure"]
    page = client_of(coordinator).post(page_of(officer) + "edit/", data)
    assert list(page.context["form"].errors) == ["email"]


def test_transfer_to_a_number_that_is_taken_is_refused_at_the_number(
    officer, officer2, unit, coordinator, client_of
):
    data = {
        "unit": unit.public_id,
        "role": "LAB",
        "service_number": "LAB-0418",
        "first_day": clock.today().isoformat(),
    }
    number = Posting.objects.get(user=officer2).service_number
    page = client_of(coordinator).post(page_of(officer) + "transfer/", data | {"service_number": number})
    assert list(page.context["form"].errors) == ["service_number"]
    assert Posting.objects.filter(user=officer).count() == 1


def test_what_is_only_tried_leaves_no_trace(unit, role, coordinator, client_of):
    entries = AuditEntry.objects.count()
    assert "Add this person?" in client_of(coordinator).post("/en/people/add/", new(unit)).text
    assert (AuditEntry.objects.count(), User.objects.filter(given_name="Elçin").count()) == (entries, 0)


def test_administrator_chooses_the_agency_first(unit, other_unit, role, admin, client_of):
    client = client_of(admin)
    assert client.get("/en/people/add/").text.count("?agency=") >= 2
    page = f"/en/people/add/?agency={other_unit.agency.public_id}"
    client.post(page, new(other_unit, sure="1"))
    assert Posting.objects.get(user__given_name="Elçin").unit == other_unit


def test_unit_of_another_agency_cannot_be_chosen(other_unit, role, coordinator, client_of):
    page = client_of(coordinator).post("/en/people/add/", new(other_unit, sure="1"))
    assert page.status_code == 200 and not User.objects.filter(given_name="Elçin").exists()


def edited(**more) -> dict[str, object]:
    return {
        "family_name": "Məmmədova", "given_name": "Aytən", "father_name": "Kamran qızı", "language": "az",
        "availability": "available", "email": "officer@agency.example", "sure": "1", **more,
    }  # fmt: skip


def test_name_is_corrected_and_found_by_the_new_one(officer, coordinator, client_of):
    client_of(coordinator).post(page_of(officer) + "edit/", edited(family_name="Quliyeva"))
    officer.refresh_from_db()
    assert (officer.family_name, officer.folded_name) == ("Quliyeva", "quliyeva ayten kamran qizi")
    assert officer.sound_name.startswith(" kiliva kilava adan ")
    assert officer.sort_name == sort_key("Quliyeva Aytən Kamran qızı")
    entry = AuditEntry.objects.get(act="people.edit_person")
    assert (entry.by, entry.after) == (coordinator, {"fields": ["family_name"]})
    value = entry.values.get()
    assert (value.before, value.after) == ("Məmmədova", "Quliyeva")


@pytest.mark.parametrize(
    "language, points",
    [
        ("az", ["Soyad: Məmmədova → Quliyeva", "Cinsi: – → qadın", "Bildiyi dillər: – → Azərbaycan dili, Rus dili"]),
        ("en", ["Family name: Məmmədova → Quliyeva", "Sex: – → female", "Speaks: – → Azerbaijani, Russian"]),
        ("ru", ["Фамилия: Məmmədova → Quliyeva", "Пол: – → женский", "Владеет языками: – → азербайджанский, русский"]),
    ],
)  # fmt: skip
def test_correction_says_first_what_stood_and_what_will_stand(
    language, points, officer, officer2, coordinator, client_of
):
    data = edited(
        family_name="Quliyeva", sex="f", spoken_languages=["az", "ru"], supervisor="LAB-0418",
        email="new@agency.example",
    )  # fmt: skip
    del data["sure"]
    asked = client_of(coordinator).post(f"/{language}/people/{officer.public_id}/edit/", data)
    assert [point for point in points if f"<li>{point}</li>" not in asked.text] == []
    assert "officer@agency.example → new@agency.example" in asked.text and "– → LAB-0418" in asked.text
    assert asked.text.count("→") == 5


def test_correction_of_nothing_says_so(officer, coordinator, client_of):
    data = edited()
    del data["sure"]
    asked = client_of(coordinator).post(page_of(officer) + "edit/", data)
    assert "Nothing changes." in asked.text and "→" not in asked.text


def test_nothing_changed_leaves_no_trace(officer, coordinator, client_of):
    client_of(coordinator).post(page_of(officer) + "edit/", edited())
    assert not AuditEntry.objects.filter(act="people.edit_person").exists()


def change(person, email, by=None, agency=None):
    return change_address(person=person, email=email, agency=agency, by=by)


def test_name_with_marks_that_nobody_sees_is_refused(unit, agency, coordinator, client_of):
    """By the page and by the action alike: a certificate would show another name than it says."""
    with pytest.raises(ValidationError):
        factories.make_person("Məmməd\u202eova")
    data = {
        "family_name": "Məmməd\u202eova", "given_name": "Aytən", "language": "az", "availability": "available",
        "unit": unit.public_id, "role": factories.make_role().code, "service_number": "LAB-1;=1+1",
        "first_day": clock.today().isoformat(), "sure": "1",
    }  # fmt: skip
    form = client_of(coordinator).post("/en/people/add/", data).context["form"]
    assert {*form.errors} == {"family_name", "service_number"}
    assert form.errors["family_name"] == ["Invisible marks stand in the text"]


@pytest.mark.parametrize(("typed", "letter"), [("Nguyễn", "ễ"), ("გიორგი", "გ"), ("Ким李", "")])
def test_name_that_no_certificate_could_print_is_refused(unit, agency, coordinator, client_of, typed, letter):
    """Who passed would wait for a certificate that cannot be made."""
    with pytest.raises(ValidationError):
        factories.make_person(typed)
    data = {"family_name": typed, "given_name": "Aytən", "unit": unit.public_id, "sure": "1"}
    [error] = client_of(coordinator).post("/en/people/add/", data).context["form"].errors["family_name"]
    words = f"“{letter}” in “{typed}” cannot be printed on a certificate. Write the word with other letters."
    assert not letter or error == words


def test_address_of_who_never_signed_in_holds_at_once(unit, role):
    person = factories.make_person(unit=unit, role=role)
    assert change(person, " New@Agency.example ") is None
    person.refresh_from_db()
    [address] = EmailAddress.objects.filter(user=person)
    assert (person.email, address.email, address.primary) == (
        "new@agency.example",
        "new@agency.example",
        True,
    )


def test_address_of_who_has_signed_in_becomes_a_request(officer, agency, coordinator, client_of):
    page = client_of(coordinator).post(
        page_of(officer) + "edit/", edited(email="mine@agency.example"), follow=True
    )
    assert "The person is asked to confirm the new address." in page.text
    officer.refresh_from_db()
    request = AddressRequest.objects.get(outcome=None)
    assert (officer.email, request.email, request.asked_by) == (
        "officer@agency.example", "mine@agency.example", coordinator,
    )  # fmt: skip


def test_who_had_no_address_is_told_at_sign_in_that_one_was_entered(officer):
    """No letter could ask: there is no old address."""
    EmailAddress.objects.filter(user=officer).delete()
    User.objects.filter(pk=officer.pk).update(email=None)
    told = "Qurumunuz sizin üçün e-poçt ünvanı daxil edib."
    sign_in = {"login": "LAB-0417", "password": factories.PASSWORD}
    assert told not in Client().post("/az/account/login/", sign_in, follow=True).text
    change(User.objects.get(pk=officer.pk), "mine@agency.example")
    assert told in Client().post("/az/account/login/", sign_in, follow=True).text


def test_address_of_who_may_do_much_becomes_a_request_even_before_the_first_sign_in(unit, role, agency):
    """A coordinator who could choose a registrar's address could sign in as the registrar."""
    person = factories.make_person(unit=unit, role=role)
    factories.give(person, "registrar")
    assert change(person, "mine@agency.example") is not None


def test_address_of_somebody_else_is_refused(officer, officer2):
    with pytest.raises(ValidationError):
        change(officer2, "OFFICER@agency.example")


@pytest.mark.parametrize(
    "by", ["coordinator_other", "auditor", "duty_officer", "officer2", "outsider", "registrar"]
)
def test_nobody_else_corrects(by, request, officer, agency, other_agency):
    by = request.getfixturevalue(by)
    known = Known(family_name="X", given_name="Y")
    for where in (agency, other_agency, None):
        with pytest.raises(PermissionDenied):
            edit_person(person=officer, known=known, agency=where, by=by)
        with pytest.raises(PermissionDenied):
            change(officer, "mine@agency.example", by=by, agency=where)


# --- supervisor -------------------------------------------------------------------------------------------


def test_supervisor_is_named_by_number_and_shown(officer, officer2, coordinator, client_of):
    client, page = client_of(coordinator), page_of(officer) + "edit/"
    said = client.post(page, edited(supervisor=" lab-0418 "), follow=True)
    assert "Saved." in said.text
    assert User.objects.get(pk=officer.pk).supervisor == officer2
    facts = {str(fact["label"]): fact["value"] for fact in client.get(page_of(officer)).context["facts"]}
    assert facts["Supervisor"] == "Quliyev Orxan Vaqif oğlu"
    assert 'value="LAB-0418"' in client.get(page).text
    entry = AuditEntry.objects.get(act="people.edit_person")
    assert entry.values.get(field="supervisor").after == officer2.public_id


def test_other_corrections_leave_the_supervisor_as_known(officer, outsider, coordinator, client_of):
    """Also one who has no number in the agency, so that the field shows nothing."""
    User.objects.filter(pk=officer.pk).update(supervisor=outsider)
    client_of(coordinator).post(page_of(officer) + "edit/", edited(sex="f"))
    officer.refresh_from_db()
    assert (officer.supervisor, officer.sex) == (outsider, "f")


def test_emptied_field_takes_the_supervisor_away(officer, officer2, coordinator, client_of):
    User.objects.filter(pk=officer.pk).update(supervisor=officer2)
    client_of(coordinator).post(page_of(officer) + "edit/", edited(supervisor=""))
    assert User.objects.get(pk=officer.pk).supervisor is None


@pytest.mark.parametrize(
    "number, refusal",
    [
        ("LAB-0417", "Nobody is their own supervisor."),
        ("LAB-0418", "A person cannot be supervised by somebody whom they supervise."),
        ("LAB-0500", "A person cannot be supervised by somebody whom they supervise."),
        ("MIG-1", "Nobody who serves in the agency has this number."),
        ("LAB-9", "Nobody who serves in the agency has this number."),
    ],
)
def test_supervisor_who_cannot_be_one_is_refused_beside_the_field(
    number, refusal, officer, officer2, unit, other_unit, coordinator, client_of
):
    """Oneself, those below oneself, people of other agencies, nobody at all."""
    factories.make_person("Vəliyev", "Elçin", unit=unit, service_number="LAB-0500", supervisor=officer2)
    factories.make_person("Nəbiyev", "Emin", unit=other_unit, service_number="MIG-1")
    User.objects.filter(pk=officer2.pk).update(supervisor=officer)
    page = client_of(coordinator).post(page_of(officer) + "edit/", edited(supervisor=number))
    assert [str(text) for text in page.context["form"].errors["supervisor"]] == [refusal]
    assert f'value="{number}"' in page.text  # nothing typed is lost
    assert User.objects.get(pk=officer.pk).supervisor is None


def test_circle_that_a_roster_left_is_no_trap(officer, officer2, coordinator, client_of):
    User.objects.filter(pk=officer2.pk).update(supervisor=officer)
    User.objects.filter(pk=officer.pk).update(supervisor=officer2)
    client_of(coordinator).post(page_of(officer) + "edit/", edited(supervisor=""))
    assert User.objects.get(pk=officer.pk).supervisor is None


@pytest.mark.parametrize("by", ["coordinator_other", "outsider", "auditor", "officer"])
def test_nobody_else_names_a_supervisor(by, request, officer, officer2, agency, client_of):
    by = request.getfixturevalue(by)
    known = Known(family_name="M", given_name="A", supervisor=officer2)
    with pytest.raises(PermissionDenied):
        edit_person(person=officer, known=known, agency=agency, by=by)
    client_of(by).post(page_of(officer) + "edit/", edited(supervisor="LAB-0418"))
    assert User.objects.get(pk=officer.pk).supervisor is None


def test_supervisor_is_named_when_somebody_is_added(officer, unit, role, coordinator, client_of):
    client_of(coordinator).post("/en/people/add/", new(unit, sure="1", supervisor="LAB-0417"))
    assert User.objects.get(given_name="Elçin").supervisor == officer
