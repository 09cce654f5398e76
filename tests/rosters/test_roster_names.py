"""A roster line that renames a holder proposes the name; the rest of the line is applied."""

import pytest
from django.urls import reverse

from certificates import actions_corrections
from certificates.models import Certificate
from operations.models import AuditEntry, Notice, Proposal
from people.actions.postings import post
from people.models import User
from rosters.wording import words_of
from tests import factories
from tests.certificates.issuing import happen, make_award, make_certificate
from tests.certificates.test_mine import Kind

from .test_roster_import import apply, codes, counts, line, place, roster_of, send  # noqa: F401

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def desk(coordinator, client_of):
    return client_of(coordinator, headers={"Accept-Language": "en"})


@pytest.fixture
def certificate(keys, officer):
    return make_certificate(officer)


@pytest.fixture
def second_unit(agency):
    return factories.make_unit(agency, "shirvan")


def page_of(client, roster):
    address = reverse("rosters:roster", args=[roster.public_id])
    return client.get(address.replace("/az/", "/en/")).content.decode()


NOTE = "proposed to the registrars, because a certificate prints the name"


def test_the_name_is_proposed_and_the_rest_of_the_line_applied(
    desk, certificate, officer, officer2, registrar, second_unit
):
    content = roster_of(
        line("LAB-0417", "Həsənova", unit="shirvan"),
        line("LAB-0418", "Quliyev", "Oqtay", "Vaqif oğlu"),
    )
    roster = send(desk, content)
    assert (counts(roster), roster.counts["names"]) == ({"changed": 1, "transferred": 1}, 1)
    assert page_of(desk, roster).count(NOTE) == 1
    asked = desk.get(reverse("rosters:roster_apply", args=[roster.public_id]).replace("/az/", "/en/"))
    assert "1 name is proposed to the registrars: a certificate prints it." in asked.content.decode()
    assert Proposal.objects.count() == 0
    apply(desk, roster)
    officer.refresh_from_db()
    officer2.refresh_from_db()
    assert (officer.family_name, officer2.given_name) == ("Məmmədova", "Oqtay")
    assert officer.postings.known().get(valid_to=None).unit == second_unit
    assert "1 name was proposed to the registrars" in page_of(desk, roster)
    entry = AuditEntry.objects.get(act="rosters.carry_out_roster")
    assert {(value.person_id, value.field) for value in entry.values.all()} == {
        (officer.public_id, "unit"), (officer2.public_id, "given_name"),
    }  # fmt: skip
    proposal = Proposal.objects.get()
    assert (proposal.act, proposal.proposed_by, proposal.subject_id) == (
        "certificates.correct", roster.by, officer.public_id,
    )  # fmt: skip
    actions_corrections.confirm_correction(proposal=proposal, by=registrar)
    officer.refresh_from_db()
    assert officer.family_name == "Həsənova"
    assert Certificate.objects.latest("pk").bearer.names["Latn"] == "Həsənova Aytən Kamran qızı"


def test_the_same_again_is_unchanged_and_another_waits(desk, certificate, officer, coordinator):
    apply(desk, send(desk, roster_of(line("LAB-0417", "Həsənova"))))
    assert counts(send(desk, roster_of(line("LAB-0417", "Həsənova")))) == {"unchanged": 1}
    other = send(desk, roster_of(line("LAB-0417", "Quliyeva")))
    assert codes(other) == [(2, "Soyad", "name_waits")]
    assert Proposal.objects.count() == 1


def test_no_name_is_counted_of_a_line_that_is_refused_at_the_end(desk, certificate, officer):
    """One person on two lines: neither proposes anything."""
    User.objects.filter(pk=officer.pk).update(email="officer@agency.example")
    twice = (line("LAB-0417", "Həsənova"), line("", "Həsənova", email="officer@agency.example"))
    roster = send(desk, roster_of(*twice))
    assert {code for _number, _column, code in codes(roster)} == {"person_again"}
    assert (roster.counts["names"], {str(each.proposed) for each in roster.lines.all()}) == (0, {"[]"})
    asked = desk.get(reverse("rosters:roster_apply", args=[roster.public_id]).replace("/az/", "/en/"))
    assert "proposed to the registrars" not in asked.content.decode()


def test_nobody_proposes_the_own_name(desk, keys, coordinator, agency, unit, role):
    since = factories.a_year_ago()
    post(person=coordinator, unit=unit, role=role, service_number="LAB-1", valid_from=since, by=None)
    make_certificate(coordinator)
    roster = send(desk, roster_of(line("LAB-1", "Əliyeva", "Rəşad", "")))
    assert codes(roster) == [(2, "Soyad", "own_name")]


def test_checked_as_holder_and_no_more_at_applying_changes_nothing(desk, certificate, officer):
    roster = send(desk, roster_of(line("LAB-0417", "Həsənova", unit="ganja")))
    happen(certificate, Kind.REVOKED)
    roster = apply(desk, roster)
    assert (roster.state, "dəyişib" in words_of(roster.refusal)) == ("checked", True)
    assert (User.objects.get(pk=officer.pk).family_name, Proposal.objects.count()) == ("Məmmədova", 0)


def test_holder_since_the_check_changes_nothing(desk, keys, officer):
    roster = send(desk, roster_of(line("LAB-0417", "Həsənova")))
    assert roster.counts["names"] == 0
    make_certificate(officer)
    roster = apply(desk, roster)
    assert (roster.state, User.objects.get(pk=officer.pk).family_name) == ("checked", "Məmmədova")


def test_three_hundred_names_cost_little_more_than_three_and_registrars_get_one_letter(
    desk, keys, unit, role, registrar, agency, client_of
):
    """A certificate that is being made is enough for somebody to rely on the name."""

    def renamed(start: int, number: int) -> int:
        numbers = [f"N-{each}" for each in range(start, start + number)]
        for each in numbers:
            make_award(factories.make_person("Adilov", unit=unit, role=role, service_number=each))
        content = roster_of(*(line(each, "Həsənov", "Aytən", "") for each in numbers))
        roster = send(desk, content)
        assert roster.counts["names"] == number
        with factories.counted() as found:
            apply(desk, roster)
        assert roster_state(roster) == "applied"
        return len(found)

    few, many = renamed(0, 3), renamed(1000, 300)
    assert (many - few) / 297 < 1, (few, many)
    assert Proposal.objects.filter(act="certificates.correct").count() == 303
    assert AuditEntry.objects.filter(act="certificates.propose_correction").count() == 303
    told = Notice.objects.filter(kind="certificates.correction_waits", person=registrar)
    assert list(told.order_by("pk").values_list("threshold", flat=True)) == ["3", "300"]
    address = reverse("certificates:proposals")
    client = client_of(registrar)
    with factories.counted() as first:
        page = client.get(f"{address}?act=correct")
    assert page.context["page"].paginator.num_pages == 7 and len(page.context["rows"]) == 50
    with factories.counted() as second:
        assert len(client.get(f"{address}?act=correct&page=7").context["rows"]) == 3
    assert len(first) == len(second)


def roster_state(roster):
    roster.refresh_from_db()
    return roster.state


def test_who_leaves_with_the_same_line_is_proposed_too(desk, certificate, officer):
    content = roster_of(
        [*line("LAB-0417", "Həsənova"), "01.11.2026"],
        headings=[
            "Xidməti nömrə", "Soyad", "Ad", "Ata adı", "Bölmə", "Vəzifə", "E-poçt", "Son iş günü",
        ],
    )  # fmt: skip
    roster = apply(desk, send(desk, content))
    assert (roster.state, Proposal.objects.count()) == ("applied", 1)
