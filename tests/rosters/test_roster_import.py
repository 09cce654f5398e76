"""A roster from outside: sent, checked line by line, applied at once."""

import io
import json
import zipfile
from collections import deque
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Invitation
from operations import clock, outbox
from operations.models import AuditEntry, AuditValue, Errand, Job
from people.actions.grants import revoke_grant
from people.actions.postings import end_posting, post, transfer
from people.models import AddressRequest, Posting, User
from privacy.actions.erasure import erase_person
from rosters import staging, wording
from rosters.columns import TEMPLATE, recognised
from rosters.models import RosterImport, RosterLine
from rosters.scheduled import forget_old_rosters
from rosters.wording import FILE_REFUSALS, FileRefused
from tests import factories
from tests.elearning.pages import tree

from .books import HEADINGS, book_of, csv_of

KINDS = ["new", "changed", "transferred", "left", "unchanged", "error"]
WORK = ["rosters.roster_read", "rosters.roster_check", "rosters.roster_apply"]


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "documents", "base_url": None},
        },
    }
    return tmp_path


@pytest.fixture
def second_unit(agency):
    return factories.make_unit(agency, "shirvan")


def work():
    with TestCase.captureOnCommitCallbacks(execute=True):
        outbox.work_off(only=WORK)


def send(client, content, *, name="siyahi.csv", day=None, whole=False, agency=None):
    """Sends a file and lets the worker read and check it."""
    day = day or clock.today()
    data = {"file": SimpleUploadedFile(name, content), "day": day.isoformat()}
    response = client.post(
        reverse("rosters:rosters"),
        data | ({"whole": "on"} if whole else {}) | ({"agency": agency.pk} if agency else {}),
    )
    assert response.status_code == 302, response.context["form"].errors
    work()
    return RosterImport.objects.get(public_id=response.url.rstrip("/").rpartition("/")[2])


def test_page_says_before_the_first_file_which_words_a_role_may_have(coordinator, role):
    page = factories.client_of(coordinator).get("/en/people/rosters/").content.decode()
    assert f'<li>{role.name} <span class="code">{role.code}</span></li>' in page
    assert 'as at <a href="/en/people/units/">Units</a>' in page


def apply(client, roster, left=""):
    data = {"sure": "1", **({"left": left} if left else {})}
    response = client.post(reverse("rosters:roster_apply", args=[roster.public_id]), data)
    assert response.status_code == 302
    work()
    roster.refresh_from_db()
    return roster


def counts(roster):
    return {kind: roster.counts[kind] for kind in KINDS if roster.counts.get(kind)}


def line(number, family="Məmmədova", given="Aytən", father="Kamran qızı", unit="ganja", role="LAB", email=""):
    return [number, family, given, father, unit, role, email]


def roster_of(*lines, headings=HEADINGS):
    return csv_of([headings, *lines])


def codes(roster):
    return [
        (line.number, error["column"], error["code"])
        for line in roster.lines.filter(kind="error").order_by("number", "pk")
        for error in line.errors
    ]


@pytest.fixture
def desk(coordinator, client_of):
    return client_of(coordinator)


def test_a_roster_adds_changes_transfers_and_leaves_alone(
    desk, officer, officer2, second_unit, role, coordinator
):
    factories.make_person("Rzayev", "Kənan", email="k.rzayev@agency.example", unit=second_unit, role=role)
    content = roster_of(
        line("LAB-0417", given="Aysel"),
        line("LAB-0418", "Quliyev", "Orxan", "Vaqif oğlu", "shirvan"),
        line("LAB-0500", "Nağıyeva", "Sevinc", "", "ganja", "LAB", "s.nagiyeva@agency.example"),
    )
    roster = send(desk, content)
    assert (roster.state, counts(roster)) == ("checked", {"new": 1, "changed": 1, "transferred": 1})
    officer.refresh_from_db()
    assert officer.given_name == "Aytən"  # nothing has changed yet
    apply(desk, roster)
    assert roster.state == "applied"
    page = tree(desk.get(reverse("rosters:roster", args=[roster.public_id])).content)
    [invite] = [link.get("href") for link in page.iter("a") if "invitations/new/" in link.get("href", "")]
    ticked = [
        field.get("value")
        for field in tree(desk.get(invite).content).iter("input")
        if field.get("name") == "id" and "checked" in field.attrib
    ]
    assert ticked == [User.objects.get(email="s.nagiyeva@agency.example").public_id]  # no other of that day
    officer.refresh_from_db()
    assert officer.given_name == "Aysel"
    assert officer.folded_name.split() == ["memmedova", "aysel", "kamran", "qizi"]
    rows = Posting.objects.filter(user=officer2).timeline()
    today = clock.start_of(clock.today())
    assert [(row.unit.code, row.valid_to) for row in rows] == [("ganja", today), ("shirvan", None)]
    new = User.objects.get(email="s.nagiyeva@agency.example")
    assert not new.has_usable_password()
    assert EmailAddress.objects.get(user=new).verified
    assert new.postings.get().service_number == "LAB-0500"
    entry = AuditEntry.objects.get(act="rosters.carry_out_roster")
    assert entry.by == coordinator
    told = {(value.person_id, value.field) for value in entry.values.all()}
    assert told == {
        (officer.public_id, "given_name"),
        (officer2.public_id, "unit"),
        (new.public_id, "roster"),
    }


def test_the_same_file_twice_changes_nothing(desk, officer, officer2, second_unit):
    content = book_of(
        [
            [*HEADINGS, "Başlama tarixi", "Çıxış tarixi"],
            [*line("LAB-0417", unit="shirvan"), date(2026, 11, 1), ""],
            [*line("LAB-0418", "Quliyev", "Orxan", "Vaqif oğlu"), "", date(2030, 1, 31)] if clock.today().year > 2028
            else [*line("LAB-0418", "Quliyev", "Orxan", "Vaqif oğlu"), "", clock.today()],
            [*line("LAB-0500", "Nağıyeva", "Sevinc"), "", ""],
        ]
    )  # fmt: skip
    first = apply(desk, send(desk, content, name="a.xlsx"))
    assert counts(first) == {"transferred": 1, "left": 1, "new": 1}
    rows = Posting.objects.count()
    again = send(desk, content, name="a.xlsx")
    assert counts(again) == {"unchanged": 3}
    assert Posting.objects.count() == rows


def test_each_error_names_line_and_column(desk, officer, officer2):
    headings = [*HEADINGS, "Başlama tarixi"]
    roster = send(
        desk,
        roster_of(
            [*line("LAB-0417"), "31.11.2026"],
            [*line("LAB-0418", "Nağıyeva", "Sevinc"), ""],
            [*line("LAB-0501", "Məmmеdova"), ""],
            [*line("LAB-0502", unit="Mars"), ""],
            [*line("LAB-0503", role="KOSMOS"), ""],
            [*line("LAB-0504", email="kim"), ""],
            [*line("=1+1"), ""],
            [*line(""), ""],
            [*line("LAB-0505", family=""), ""],
            [*line("LAB-0506", "Bir", "Nəfər"), ""],
            [*line("LAB-0506", "İki", "Nəfər"), ""],
            [*line("LAB-0507"), "", "artıq"],
            headings=headings,
        ),
    )
    assert codes(roster) == [
        (2, "Başlama tarixi", "no_such_day"),
        (3, "Xidməti nömrə", "of_another"),
        (4, "Soyad", "other_script"),
        (5, "Bölmə", "no_unit"),
        (6, "Vəzifə", "no_role"),
        (7, "E-poçt", "no_address"),
        (8, "Xidməti nömrə", "formula"),
        (9, "Xidməti nömrə", "no_key"),
        (10, "Soyad", "needed"),
        (11, "Xidməti nömrə", "number_again"),
        (12, "Xidməti nömrə", "number_again"),
        (13, "", "extra_cells"),
    ]
    for language in ("az", "en", "ru"):
        with override(language):
            page = desk.get(reverse("rosters:roster", args=[roster.public_id]))
        assert page.status_code == 200
        assert "31.11.2026" in page.content.decode()


def test_a_file_never_reaches_people_of_another_agency(desk, officer, other_unit, second_unit):
    stranger = factories.make_person(
        "Həsənov", "Tural", email="t.hasanov@other.example", unit=other_unit, service_number="MIG-1"
    )
    roster = send(
        desk,
        roster_of(
            line("LAB-0600", "Həsənov", "Tural", "", email="T.Hasanov@other.example"),
            line("MIG-1", "Yeni", "Nəfər", ""),  # a number counts within the agency alone
            line("LAB-0601", "Yeni", "Başqa", "", unit="baku"),
        ),
    )
    assert codes(roster) == [(2, "E-poçt", "elsewhere"), (4, "Bölmə", "no_unit")]
    page = desk.get(reverse("rosters:roster", args=[roster.public_id])).content.decode()
    assert "MIG-1" in page
    assert "other-agency" not in page and "migration" not in page
    apply(desk, roster)
    stranger.refresh_from_db()
    assert (stranger.family_name, stranger.postings.get().agency) == ("Həsənov", other_unit.agency)
    assert Posting.objects.known().filter(service_number="MIG-1").count() == 2


def test_who_serves_in_two_agencies_keeps_the_own_name(desk, officer, other_unit, role):
    post(
        person=officer, unit=other_unit, role=role, service_number="MIG-9", main=False,
        valid_from=factories.a_year_ago(), by=None,
    )  # fmt: skip
    roster = send(desk, roster_of(line("LAB-0417", given="Aysel", email="new@agency.example")))
    assert codes(roster) == [(2, "Ad", "shared"), (2, "E-poçt", "shared")]


def test_a_roster_cannot_take_over_an_account(desk, officer, client_of):
    """Somebody with a password is asked; the address changes once they agree, from the old one."""
    old = officer.email
    roster = apply(desk, send(desk, roster_of(line("LAB-0417", email="thief@agency.example"))))
    officer.refresh_from_db()
    assert officer.email == old
    assert EmailAddress.objects.get(user=officer).email == old
    asked = AddressRequest.objects.get(person=officer)
    assert asked.email == "thief@agency.example"
    assert not AuditValue.objects.filter(
        person_id=officer.public_id, field="email", entry__act__contains="roster"
    )
    assert counts(send(desk, roster_of(line("LAB-0417", email="thief@agency.example")))) == {"unchanged": 1}
    address = reverse("people:address_request", args=[asked.public_id])
    assert desk.get(address).status_code == 404  # the coordinator
    own = client_of(officer)
    assert old in own.get(address).content.decode()
    own.post(address, {"answer": "no"})
    officer.refresh_from_db()
    assert (officer.email, AddressRequest.objects.get().outcome) == (old, "declined")
    own.post(address, {"answer": "yes"})  # decided once
    officer.refresh_from_db()
    assert officer.email == old
    assert roster.state == "applied"


def test_who_signed_in_without_an_address_is_asked_too(desk, unit, client_of):
    """Else the coordinator's address would set their password anew."""
    person = factories.make_person(
        "Nağıyeva", "Sevinc", unit=unit, service_number="LAB-1", password=factories.PASSWORD
    )
    EmailAddress.objects.filter(user=person).delete()
    User.objects.filter(pk=person.pk).update(email=None)
    apply(desk, send(desk, roster_of(line("LAB-1", "Nağıyeva", "Sevinc", "", email="new@agency.example"))))
    person.refresh_from_db()
    assert (person.email, EmailAddress.objects.filter(user=person).count()) == (None, 0)
    asked = AddressRequest.objects.get()
    address = reverse("people:address_request", args=[asked.public_id])
    own = client_of(person)
    assert address in own.get(reverse("accounts:account")).content.decode()
    own.post(address, {"answer": "yes"})
    person.refresh_from_db()
    assert person.email == "new@agency.example"


def test_who_agrees_has_the_new_address(desk, officer, client_of, mailoutbox):
    apply(desk, send(desk, roster_of(line("LAB-0417", email="aytan@agency.example"))))
    outbox.work_off()
    [mail] = mailoutbox
    assert mail.to == ["officer@agency.example"]
    asked = AddressRequest.objects.get()
    assert asked.public_id in mail.body and "aytan@" not in mail.body
    client_of(officer).post(reverse("people:address_request", args=[asked.public_id]), {"answer": "yes"})
    officer.refresh_from_db()
    assert officer.email == "aytan@agency.example"
    assert list(EmailAddress.objects.filter(user=officer).values_list("email", "verified")) == [
        ("aytan@agency.example", True)
    ]


def test_an_address_given_to_somebody_else_meanwhile_is_not_taken(desk, officer, officer2, client_of):
    apply(desk, send(desk, roster_of(line("LAB-0417", email="x@agency.example"))))
    User.objects.filter(pk=officer2.pk).update(email="X@agency.example")
    asked = AddressRequest.objects.get()
    client_of(officer).post(reverse("people:address_request", args=[asked.public_id]), {"answer": "yes"})
    officer.refresh_from_db()
    assert officer.email == "officer@agency.example"


def test_the_address_of_who_never_signed_in_changes_and_old_invitations_end(desk, unit, coordinator):
    person = factories.make_person(
        "Nağıyeva", "Sevinc", email="old@agency.example", unit=unit, service_number="LAB-1"
    )
    Invitation.objects.create(
        person=person, agency=unit.agency, way="mail", expires_at=clock.now() + (clock.end_of(clock.today()) - clock.start_of(clock.today()))
    )  # fmt: skip
    apply(desk, send(desk, roster_of(line("LAB-1", "Nağıyeva", "Sevinc", "", email="new@agency.example"))))
    person.refresh_from_db()
    assert person.email == "new@agency.example"
    assert EmailAddress.objects.get(user=person).email == "new@agency.example"
    assert Invitation.objects.get().revoked_by == coordinator


@pytest.mark.parametrize("ended", [False, True])
def test_a_position_is_not_taken_over_by_the_address_of_who_never_signed_in(ended, desk, unit):
    """Nor where it was ended: it could be given back afterwards."""
    person = factories.make_person(
        "Nağıyeva", "Sevinc", email="old@agency.example", unit=unit, service_number="LAB-1"
    )
    given = factories.give(person, factories.Position.AUDITOR)
    if ended:
        revoke_grant(grant=given, by=None)
    apply(desk, send(desk, roster_of(line("LAB-1", "Nağıyeva", "Sevinc", "", email="new@agency.example"))))
    person.refresh_from_db()
    assert (person.email, AddressRequest.objects.count()) == ("old@agency.example", 1)


def shown(client, roster, kind=""):
    address = reverse("rosters:roster", args=[roster.public_id])
    with override("az"):
        return client.get(address, {"kind": kind} if kind else {}).content.decode()


def test_names_in_capitals_are_shown_as_they_will_be_kept(desk, officer, unit):
    headings = [*HEADINGS, "Pasportda soyad"]
    roster = send(
        desk,
        roster_of(
            [*line("LAB-0417", "MƏMMƏDOVA", "AYTƏN", "KAMRAN QIZI", email="new@agency.example"), ""],
            [*line("LAB-0500", "QASIMOV", "İLQAR", "VAQİF OĞLU"), "GASIMOV"],
            headings=headings,
        ),
    )
    assert counts(roster) == {"new": 1, "changed": 1}
    page = shown(desk, roster)
    assert "Qasımov İlqar Vaqif oğlu" in page and "Məmmədova Aytən Kamran qızı" in page
    assert "QASIMOV" not in page and "MƏMMƏDOVA" not in page
    apply(desk, roster)
    new = User.objects.get(postings__service_number="LAB-0500")
    assert (new.family_name, new.given_name, new.father_name) == ("Qasımov", "İlqar", "Vaqif oğlu")
    assert new.family_name_latin == "Gasimov"


def test_capitals_without_a_dotted_i_are_not_guessed(desk, unit):
    """UPPER() of a spreadsheet in English makes I of both: who is known stays, of others the name is asked."""
    known = factories.make_person("Əliyev", "Vaqif", unit=unit, service_number="LAB-0600")
    roster = send(
        desk,
        roster_of(
            line("LAB-0600", "ƏLIYEV", "VAQIF", ""), line("LAB-0601", "QASIMOV", "ELMAR", "KAMRAN QIZI")
        ),
    )
    assert counts(roster) == {"unchanged": 1, "error": 1}
    assert codes(roster) == [(3, "Soyad", "which_i")]
    assert "Qasımov, Əliyev" in shown(desk, roster)
    known.refresh_from_db()
    assert known.get_full_name() == "Əliyev Vaqif"
    one_column = ["Xidməti nömrə", "S.A.A.", "Bölmə", "Vəzifə"]
    roster = send(desk, roster_of(["LAB-0601", "QASIMOV ELMAR", "ganja", "LAB"], headings=one_column))
    assert codes(roster) == [(2, "S.A.A.", "which_i")]


def test_what_stands_twice_names_the_other_lines(desk, unit):
    twice = [
        line("LAB-0506", family, "Nəfər") for family in ("Bir", "İki", "Üç", "Dörd", "Beş", "Altı", "Yeddi")
    ]
    roster = send(
        desk,
        roster_of(
            *twice,
            line("LAB-0507", "Səkkiz", "Nəfər", email="s@agency.example"),
            line("LAB-0508", "Doqquz", "Nəfər", email="S@agency.example"),
        ),
    )
    said = {each.number: each.errors[0].get("about") for each in roster.lines.all()}
    assert said == {
        2: "3, 4, 5, 6, 7…", 3: "2, 4, 5, 6, 7…", 4: "2, 3, 5, 6, 7…", 5: "2, 3, 4, 6, 7…", 6: "2, 3, 4, 5, 7…",
        7: "2, 3, 4, 5, 6…", 8: "2, 3, 4, 5, 6…", 9: "10", 10: "9",
    }  # fmt: skip
    page = shown(desk, roster, "error")
    assert "eyni xidməti nömrə var: 3, 4, 5, 6, 7…" in page and "eyni e-poçt ünvanı var: 10" in page


def test_what_was_checked_anew_since_is_looked_at_before_it_is_applied(desk, officer, officer2, second_unit):
    """The page said what would happen; meanwhile a colleague had the columns read otherwise."""
    roster = send(desk, roster_of(line("LAB-0417", given="Aysel")))
    page = reverse("rosters:roster_apply", args=[roster.public_id])
    sent = desk.get(page).context["ask"].hidden
    columns = desk.get(reverse("rosters:roster_columns", args=[roster.public_id])).context["form"]
    again = {name: columns[name].value() or "" for name in columns.fields if name != "whole"}
    desk.post(
        reverse("rosters:roster_columns", args=[roster.public_id]),
        {**again, "day": clock.today().isoformat()},
    )
    work()
    assert "yenidən yoxlanılıb" in desk.post(page, sent, follow=True).text
    work()
    roster.refresh_from_db()
    assert roster.state == "checked"
    officer.refresh_from_db()
    assert officer.given_name == "Aytən"
    desk.post(page, desk.get(page).context["ask"].hidden)
    work()
    officer.refresh_from_db()
    assert officer.given_name == "Aysel"


def test_who_is_missing_stays_unless_it_is_the_whole_roster_and_confirmed(desk, officer, officer2):
    part = apply(desk, send(desk, roster_of(line("LAB-0417"))))
    assert counts(part) == {"unchanged": 1}
    whole = send(desk, roster_of(line("LAB-0417")), whole=True)
    assert counts(whole) == {"unchanged": 1, "left": 1}
    page = desk.get(reverse("rosters:roster", args=[whole.public_id])).content.decode()
    assert "Quliyev" in page
    undecided = desk.post(reverse("rosters:roster_apply", args=[whole.public_id]), {"sure": "1"})
    assert undecided.url == reverse("rosters:roster", args=[whole.public_id])
    assert officer2.postings.known().get().valid_to is None
    apply(desk, whole, left="left")
    assert officer2.postings.known().get().valid_to == clock.start_of(clock.today())
    stays = send(desk, roster_of(line("LAB-0418", "Quliyev", "Orxan", "Vaqif oğlu", email="")), whole=True)
    assert counts(stays)["left"] == 1
    apply(desk, stays, left="stay")
    assert officer.postings.known().get().valid_to is None
    assert "left" not in counts(stays)
    page = desk.get(reverse("rosters:roster", args=[stays.public_id])).content.decode()
    assert officer.family_name not in page  # nobody is told to have left


def test_whose_data_were_erased_is_not_missing(desk, officer, officer2):
    erase_person(person=officer2, by=None)
    whole = send(desk, roster_of(line("LAB-0417")), whole=True)
    assert (counts(whole), codes(whole)) == ({"unchanged": 1}, [])


def test_who_came_to_the_agency_that_day_is_not_missing(desk, officer, unit, role):
    """The file may have been written before."""
    factories.make_person("Yeni", "Nəfər", unit=unit, service_number="LAB-2", posted_from=clock.start_of(clock.today()))  # fmt: skip
    whole = send(desk, roster_of(line("LAB-0417")), whole=True)
    assert counts(whole) == {"unchanged": 1}


def test_who_was_transferred_within_the_agency_that_day_is_left_out_with_the_reason(
    desk, officer, officer2, second_unit, role, agency
):
    transfer(
        person=officer2, agency=agency, unit=second_unit, role=role, service_number="LAB-0418",
        valid_from=clock.start_of(clock.today()), by=None,
    )  # fmt: skip
    whole = send(desk, roster_of(line("LAB-0417")), whole=True)
    assert codes(whole) == [(0, "", "moved_that_day")]


def test_nobody_ends_their_own_service_by_their_roster(
    desk, officer, coordinator, unit, role, agency, client_of
):
    post(
        person=coordinator, unit=unit, role=role, service_number="LAB-1", valid_from=factories.a_year_ago(), by=None
    )  # fmt: skip
    whole = send(desk, roster_of(line("LAB-0417")), whole=True)
    assert codes(whole) == [(0, "", "yourself")]
    page = desk.get(reverse("rosters:roster", args=[whole.public_id])).content.decode()
    with override("az"):
        assert wording.what({"code": "yourself"}) in page
    headings = [*HEADINGS, "Çıxış tarixi"]
    own = [
        *line("LAB-1", coordinator.family_name, coordinator.given_name, ""),
        clock.today().strftime("%d.%m.%Y"),
    ]
    leaving = send(desk, roster_of(own, headings=headings))
    assert codes(leaving) == [(2, "Çıxış tarixi", "yourself")]


def test_who_would_leave_does_not_apply_what_another_had_checked(
    desk, officer, unit, role, agency, client_of
):
    other = factories.make_person(
        "Quliyeva", "Aygün", email="second@agency.example", unit=unit, role=role, service_number="LAB-2",
        password=factories.PASSWORD,
    )  # fmt: skip
    factories.give(other, factories.Position.COORDINATOR, agency=agency)
    whole = send(desk, roster_of(line("LAB-0417")), whole=True)
    assert counts(whole) == {"unchanged": 1, "left": 1}
    apply(client_of(other), whole, left="left")
    assert (whole.state, other.postings.known().get().valid_to) == ("checked", None)
    apply(desk, whole, left="left")
    assert (whole.state, other.postings.known().get().valid_to) == ("applied", whole.valid_from)


def test_a_line_with_an_error_does_not_make_its_person_missing(desk, officer, officer2):
    roster = send(
        desk,
        roster_of(line("LAB-0417", unit="Mars"), line("LAB-0418", "Nağıyeva", "Sevinc")),
        whole=True,
    )
    assert counts(roster) == {"error": 2}


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (line("=1", "Quliyev", "Orxan"), "formula"),
        (line("", "Quliyev", "Orxan"), "no_key"),
        (line("", "Quliyev", "Orxan", unit="Mars"), "no_unit"),
        ([*line("LAB?0418", "Quliyev", "Orxan")], "no_number"),
        ([*line("LAB-0999", "Quliyev", "Orxan"), "x"], "extra_cells"),
    ],
)
def test_nobody_has_left_while_a_line_does_not_tell_whom_it_means(desk, officer, officer2, cells, code):
    new = [line(f"LAB-07{number:02}", "Yeni", "Nəfər") for number in range(9)]
    roster = send(desk, roster_of(line("LAB-0417"), *new, cells), whole=True)
    assert counts(roster) == {"new": 9, "unchanged": 1, "error": 2}
    assert (0, "", "perhaps_in_file") in codes(roster) and code in {said for _n, _c, said in codes(roster)}
    with override("az"):
        assert wording.what({"code": "perhaps_in_file"}) in shown(desk, roster, "error")
    apply(desk, roster, left="left")
    assert officer2.postings.known().get().valid_to is None


def test_a_line_with_an_error_about_something_else_keeps_nobody_who_left(desk, officer, officer2):
    roster = send(
        desk, roster_of(line("LAB-0417"), line("LAB-0999", "Yeni", "Nəfər", unit="Mars")), whole=True
    )
    assert counts(roster) == {"unchanged": 1, "left": 1, "error": 1}


def test_what_changed_since_the_check_ends_all_of_it(desk, officer, officer2, second_unit, role):
    roster = send(
        desk,
        roster_of(
            line("LAB-0417", given="Aysel"), line("LAB-0418", "Quliyev", "Orxan", "Vaqif oğlu", "shirvan")
        ),
    )
    User.objects.filter(pk=officer.pk).update(given_name="Aytac")
    apply(desk, roster)
    assert roster.state == "checked"
    assert Posting.objects.filter(user=officer2).count() == 1
    page = desk.get(reverse("rosters:roster", args=[roster.public_id])).content.decode()
    with override("az"):
        assert str(FILE_REFUSALS["changed_since"]) in page


def test_who_is_no_coordinator_any_more_applies_nothing(desk, officer, coordinator):
    roster = send(desk, roster_of(line("LAB-0417", given="Aysel")))
    desk.post(reverse("rosters:roster_apply", args=[roster.public_id]), {"sure": "1"})
    revoke_grant(grant=coordinator.grants.get(), by=None)
    work()
    officer.refresh_from_db()
    assert officer.given_name == "Aytən"


@pytest.mark.parametrize(
    "who", ["officer", "outsider", "coordinator_other", "duty_officer", "auditor", "registrar"]
)
def test_nobody_else_sees_or_touches_an_import(who, desk, officer, client_of, request):
    roster = send(desk, roster_of(line("LAB-0417", given="Aysel")))
    other = client_of(request.getfixturevalue(who))
    refused = 404 if who == "coordinator_other" else 403
    for name in ("roster", "roster_columns", "roster_apply", "roster_cancel"):
        address = reverse(f"rosters:{name}", args=[roster.public_id])
        assert other.get(address).status_code == refused, name
        if name != "roster":
            assert other.post(address, {"sure": "1"}).status_code == refused, name
    assert other.post(reverse("rosters:roster_lines", args=[roster.public_id])).status_code == refused
    assert other.get(reverse("rosters:rosters")).status_code == (200 if who == "coordinator_other" else 403)
    roster.refresh_from_db()
    assert roster.state == "checked"


def test_a_coordinator_cannot_send_for_another_agency(client_of, coordinator, other_agency, agency):
    data = {"file": SimpleUploadedFile("a.csv", roster_of(line("1"))), "day": clock.today().isoformat()}
    client_of(coordinator).post(reverse("rosters:rosters"), data | {"agency": other_agency.pk})
    assert [each.agency for each in RosterImport.objects.all()] == [agency]


def test_unknown_headings_are_named_by_hand(desk, officer):
    roster = send(desk, roster_of(["LAB-0417", "Məmmədova", "Aysel"], headings=["a", "b", "c"]))
    assert roster.state == "mapping"
    address = reverse("rosters:roster_columns", args=[roster.public_id])
    assert "LAB-0417" in desk.get(address).content.decode()
    named = {"column_0": "service_number", "column_1": "family_name", "day": clock.today().isoformat()}
    assert desk.post(address, named).status_code == 200  # given names are missing
    desk.post(address, named | {"column_2": "given_name"})
    work()
    roster.refresh_from_db()
    assert (roster.state, counts(roster)) == ("checked", {"changed": 1})


def test_columns_that_are_not_used_are_named(desk, officer):
    headings = [*HEADINGS, "Qan qrupu", "", ""]
    roster = send(desk, roster_of([*line("LAB-0417", given="Aysel"), "II", "x"], headings=headings))
    address = reverse("rosters:roster", args=[roster.public_id])
    with override("az"):
        unnamed = _("Column %(number)s") % {"number": 9}
    assert desk.get(address).context["unused"] == ["Qan qrupu", unnamed]
    assert f"Qan qrupu, {unnamed}" in desk.get(address).content.decode()
    apply(desk, roster)
    assert "Qan qrupu" in desk.get(address).content.decode()
    mapping = send(desk, roster_of(["LAB-0417", "Məmmədova", "Aysel"], headings=["Tabel №", "b", "c"]))
    assert desk.get(reverse("rosters:roster", args=[mapping.public_id])).context["unused"] == ["b", "c"]
    plain = send(desk, roster_of(line("LAB-0417", given="Aysel")))
    assert desk.get(reverse("rosters:roster", args=[plain.public_id])).context["unused"] == []


def test_a_refused_file_says_why_and_is_not_kept(desk, place):
    roster = send(desk, book_of([HEADINGS, line("1")], macros=True), name="a.xlsx")
    assert roster.state == "refused"
    page = desk.get(reverse("rosters:roster", args=[roster.public_id])).content.decode()
    with override("az"):
        assert str(FILE_REFUSALS["macros"]) in page
    assert not [path for path in place.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["a.xlsm", "a.xls", "a.pdf", "a"])
def test_files_of_other_kinds_are_refused_when_sent(desk, name):
    data = {"file": SimpleUploadedFile(name, b"x"), "day": clock.today().isoformat()}
    response = desk.post(reverse("rosters:rosters"), data)
    assert (response.status_code, RosterImport.objects.count()) == (200, 0)
    assert response.context["form"].errors["file"]


BOOK = book_of([HEADINGS, line("LAB-0417")])


@pytest.mark.parametrize(
    "content", [BOOK[: len(BOOK) // 2], BOOK[:-30], b"Soyad;Ad", b"no archive", b"\0" * 4 + BOOK[4:2000]]
)
def test_a_broken_workbook_is_refused_at_the_field(desk, content):
    data = {"file": SimpleUploadedFile("a.xlsx", content), "day": clock.today().isoformat()}
    response = desk.post(reverse("rosters:rosters"), data)
    assert (response.status_code, RosterImport.objects.count()) == (200, 0)
    assert response.context["form"].errors["file"] == [str(FILE_REFUSALS["not_a_workbook"])]


def test_an_archive_without_a_workbook_is_refused_and_what_to_do_is_said(desk):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("siyahi.txt", "Soyad;Ad")
    roster = send(desk, packed.getvalue(), name="a.xlsx")
    assert roster.state == "refused"
    with override("az"):
        assert str(FILE_REFUSALS["not_a_workbook"]) in shown(desk, roster)


def test_neither_file_nor_lines_outlive_a_cancelled_import(desk, officer, place):
    roster = send(desk, roster_of(line("LAB-0417", given="Aysel")))
    assert [path for path in place.rglob("*") if path.is_file()]
    with TestCase.captureOnCommitCallbacks(execute=True):
        desk.post(reverse("rosters:roster_cancel", args=[roster.public_id]))
    assert not [path for path in place.rglob("*") if path.is_file()]
    assert RosterLine.objects.count() == 0
    assert RosterImport.objects.get().headings == []


def test_old_imports_are_forgotten_by_the_timetable(desk, officer, place):
    roster = send(desk, roster_of(line("LAB-0417", given="Aysel")))
    later = clock.end_of(clock.add_months(clock.today(), 2))
    forget_old_rosters(later)
    roster.refresh_from_db()
    assert (roster.state, RosterLine.objects.count()) == ("cancelled", 0)
    assert not [path for path in place.rglob("*") if path.is_file()]


def test_the_result_is_a_file_without_formulas(desk, officer):
    roster = apply(desk, send(desk, roster_of(line("LAB-0417", given="Aysel"), line("LAB-0700", "=1+1"))))
    job = Job.objects.get(public_id=roster.job_id)
    assert job.state == "done"
    text = b"".join(desk.get(reverse("jobs:download", args=[job.public_id]))).decode("utf-8-sig")
    assert "Aysel" in text and "'=1+1" in text or "(=1+1)" in text
    assert not any(cell.startswith("=") for row in text.splitlines() for cell in row.split(";"))


def test_lines_with_errors_leave_as_a_file_and_an_entry(desk, officer, coordinator):
    roster = send(desk, roster_of(line("LAB-0417", unit="Mars")))
    text = b"".join(desk.post(reverse("rosters:roster_lines", args=[roster.public_id]))).decode("utf-8-sig")
    assert "Mars" in text
    assert AuditEntry.objects.get(act="rosters.note_roster_download").by == coordinator


def test_a_supervisor_may_be_new_in_the_same_file(desk, officer):
    headings = [*HEADINGS, "Rəhbər"]
    content = roster_of(
        [*line("LAB-0417"), "LAB-0800"], [*line("LAB-0800", "Yeni", "Rəhbər"), ""], headings=headings
    )
    apply(desk, send(desk, content))
    officer.refresh_from_db()
    assert officer.supervisor.family_name == "Yeni"
    assert counts(send(desk, content)) == {"unchanged": 2}
    assert codes(send(desk, roster_of([*line("LAB-0417"), "LAB-0417"], headings=headings))) == [
        (2, "Rəhbər", "own_supervisor")
    ]


def test_supervisors_in_a_circle_are_refused_line_by_line(desk, officer, officer2):
    """By the file alone, and with what is known already; whoever stands outside the circle is not meant."""
    headings = [*HEADINGS, "Rəhbər"]
    first, second = line("LAB-0417"), line("LAB-0418", "Quliyev", "Orxan", "Vaqif oğlu")
    new, led = line("LAB-0800", "Yeni", "Rəhbər"), line("LAB-0801", "Əlavə", "İşçi")
    content = roster_of(
        [*first, "LAB-0418"], [*second, "LAB-0800"], [*new, "LAB-0417"], [*led, "LAB-0417"], headings=headings
    )
    roster = send(desk, content)
    assert [code for _number, _column, code in codes(roster)] == ["supervisor_circle"] * 3
    assert counts(roster) == {"new": 1, "error": 3}
    page = desk.get(reverse("rosters:roster", args=[roster.public_id]) + "?kind=error")
    with override("az"):
        assert str(_("The supervisors would form a circle")) in page.text
    User.objects.filter(pk=officer2.pk).update(supervisor=officer)
    roster = send(desk, roster_of([*first, "LAB-0418"], headings=headings))
    assert codes(roster) == [(2, "", "supervisor_circle")]
    both = send(desk, roster_of([*first, "LAB-0418"], [*second, ""], headings=headings))
    assert codes(both) == [(2, "", "supervisor_circle")]  # an empty cell changes nothing
    turned = send(desk, roster_of([*first, "LAB-0418"], [*second, "LAB-0801"], [*led, ""], headings=headings))
    assert codes(turned) == []


def test_circle_that_arose_since_the_check_is_not_applied(desk, officer, officer2):
    roster = send(desk, roster_of([*line("LAB-0417"), "LAB-0418"], headings=[*HEADINGS, "Rəhbər"]))
    assert counts(roster) == {"changed": 1}
    User.objects.filter(pk=officer2.pk).update(supervisor=officer)
    assert apply(desk, roster).state == "checked"
    officer.refresh_from_db()
    assert officer.supervisor is None


def test_missing_supervisor_is_told_by_the_line_and_leaves_no_number(desk, officer, officer2):
    headings = [*HEADINGS, "Rəhbər"]
    roster = send(desk, roster_of([*line("LAB-0417"), "LAB-0418"], headings=headings))
    end_posting(posting=officer2.postings.get(), valid_to=clock.start_of(clock.today()), by=None)
    apply(desk, roster)
    error = Job.objects.get(public_id=roster.job_id).error
    assert roster.state == "checked" and "LAB-0418" not in error + roster.refusal
    assert json.loads(roster.refusal)[1] == {"words": error} and " 2" in error


def test_a_national_id_is_kept_nowhere_but_as_a_hash(desk, officer, place):
    headings = ["FİN", *HEADINGS]
    content = roster_of(["5ABC123", *line("LAB-0417")], headings=headings)
    apply(desk, send(desk, content))
    officer.refresh_from_db()
    assert len(officer.national_id_hash) == 64
    assert "5ABC123" not in str(list(RosterLine.objects.values("cells", "before", "after", "errors")))
    assert "5ABC123" not in str(list(AuditEntry.objects.values()) + list(RosterImport.objects.values()))
    again = send(desk, roster_of(["5abc123", *line("LAB-0999", "Başqa", "Soyad")], headings=headings))
    assert counts(again) == {"changed": 1}  # recognised, whatever the number and name


def test_templates_have_headings_that_are_recognised(desk):
    for language in ("az", "en", "ru"):
        with override(language):
            for kind in ("csv", "xlsx"):
                response = desk.get(reverse("rosters:roster_template", args=[kind]))
                content = b"".join(response)
                with pytest.raises(FileRefused) as refusal:
                    staging.read_file([content], lambda steps: deque(steps, 0))
                assert refusal.value.code == "no_lines"
            text = b"".join(desk.get(reverse("rosters:roster_template", args=["csv"]))).decode("utf-8-sig")
            assert tuple(recognised(text.strip().split(";"))[0].values()) == TEMPLATE


def test_the_list_and_the_page_cost_the_same_for_any_number(desk, officer):
    def asked(roster):
        with factories.counted() as queries:
            desk.get(reverse("rosters:roster", args=[roster.public_id]))
            desk.get(reverse("rosters:rosters"))
        return len(queries)

    one = send(desk, roster_of(line("LAB-0701", "Bir", "Nəfər")))
    few = asked(one)
    many = send(desk, roster_of(*(line(f"LAB-07{n:02}", "Bir", "Nəfər") for n in range(30))))
    assert asked(many) == few


def test_people_without_number_or_address_are_told_that_nothing_tells_who_they_are(desk):
    roster = send(desk, roster_of(["", "Bir", "Nəfər", "", "ganja", "LAB", ""]))
    assert codes(roster) == [(2, "Xidməti nömrə", "no_key")] or codes(roster)[0][2] == "no_key"


def test_one_person_on_two_lines_under_two_keys_is_refused(desk, officer):
    User.objects.filter(pk=officer.pk).update(email="officer@agency.example")
    roster = send(desk, roster_of(line("LAB-0417"), line("", email="officer@agency.example")))
    assert {code for _n, _c, code in codes(roster)} <= {"person_again"}
    assert Errand.objects.exclude(error="").count() == 0


@pytest.mark.parametrize("end", [90, -10])
def test_a_file_of_a_later_day_reaches_nobody_who_served_elsewhere_since(desk, unit, role, other_unit, end):
    """Neither while that service lasts nor once it has ended: from there somebody is taken over by two."""
    now, day = clock.now(), timedelta(days=1)
    stranger = factories.make_person("Həsənov", "Tural", email="t.hasanov@other.example")
    for where, number, start, until in (
        (unit, "LAB-0600", -900, -300), (other_unit, "MIG-1", -300, end)
    ):  # fmt: skip
        post(
            person=stranger, unit=where, role=role, service_number=number, valid_from=now + start * day,
            valid_to=now + until * day, by=None,
        )  # fmt: skip
    changed = line("LAB-0600", "Həsənov", "Turalov", "", email="thief@agency.example")
    roster = send(desk, roster_of(changed), day=clock.today() + 200 * day)
    apply(desk, roster)
    stranger.refresh_from_db()
    assert (stranger.given_name, stranger.email) == ("Tural", "t.hasanov@other.example")
    assert stranger.postings.known().count() == 2
    assert not AddressRequest.objects.filter(person=stranger).exists()
    own = send(desk, roster_of(line("LAB-0600", "Həsənov", "Tural", "", email="t.hasanov@other.example")))
    assert codes(own) == [(2, "E-poçt", "elsewhere")]


def test_a_number_alone_makes_no_second_record_of_who_left_and_served_elsewhere(desk, unit, role, other_unit):
    """Of somebody else who has the number now, and a name in common, it does."""
    now, day = clock.now(), timedelta(days=1)
    left = factories.make_person("Həsənov", "Tural")
    for where, number, start, until in ((unit, "LAB-0600", -900, -300), (other_unit, "MIG-1", -300, -10)):
        post(
            person=left, unit=where, role=role, service_number=number, valid_from=now + start * day,
            valid_to=now + until * day, by=None,
        )  # fmt: skip
    roster = send(desk, roster_of(line("LAB-0600", "Tural", "Həsənov")))
    assert codes(roster) == [(2, "Xidməti nömrə", "elsewhere")]
    assert counts(send(desk, roster_of(line("LAB-0600", "Həsənov", "Anar")))) == {"new": 1}


def test_last_day_of_who_has_left_does_not_open_the_rest_of_the_record(desk, officer):
    """As on the page, where nobody edits who has left."""
    last = clock.today() - timedelta(days=10)
    end_posting(posting=officer.postings.get(), valid_to=clock.end_of(last), by=None)
    headings = [*HEADINGS, "Çıxış tarixi"]
    same = send(desk, roster_of([*line("LAB-0417"), last.strftime("%d.%m.%Y")], headings=headings))
    assert counts(same) == {"unchanged": 1}
    other = [*line("LAB-0417", given="Aysel", email="new@agency.example"), last.strftime("%d.%m.%Y")]
    roster = send(desk, roster_of(other, headings=headings))
    assert codes(roster) == [(2, "Ad", "not_here"), (2, "E-poçt", "not_here")]
    apply(desk, roster)
    officer.refresh_from_db()
    assert (officer.given_name, AddressRequest.objects.count()) == ("Aytən", 0)


def test_result_is_not_for_who_is_no_coordinator_any_more(desk, officer, coordinator):
    roster = apply(desk, send(desk, roster_of(line("LAB-0417", given="Aysel"))))
    file = reverse("jobs:download", args=[roster.job_id])
    assert desk.get(file).status_code == 200
    revoke_grant(grant=coordinator.grants.get(), by=None)
    assert desk.get(file).status_code == 404
