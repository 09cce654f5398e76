"""What waits for somebody stands first on their home, the oldest first; nobody is told of what they may not decide."""

from datetime import timedelta

import pytest

from certificates.actions_acts import propose
from certificates.actions_appeals import record_complaint
from certificates.actions_life import REVOKE
from clearance.actions_rules import propose_requirement
from merging.actions.merge import propose_merge
from operations import clock
from people.actions.registrars import propose_registrar
from people.waits import Waits
from tests import factories, tiny
from tests.factories import Position

pytestmark = pytest.mark.usefixtures("keys")


def home(person) -> list[Waits]:
    page = factories.client_of(person).get("/en/")
    waits: list[Waits] = page.context["waits"]
    for each in waits:
        assert each.text in page.text and factories.client_of(person).get(each.href).status_code == 200
    return waits


def texts(person) -> list[str]:
    return [each.text for each in home(person)]


def test_second_registrar_reads_what_waits_and_the_first_does_not(
    curriculum, officer, outsider, registrar, registrar2, coordinator, auditor
):
    certificate = tiny.certify(curriculum, officer)
    propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    assert texts(registrar2) == ["1 proposal about a certificate to decide"]
    assert texts(registrar) == texts(coordinator) == texts(auditor) == texts(outsider) == texts(officer) == []


def test_registrar_is_not_asked_about_an_own_certificate(curriculum, unit, role, registrar):
    holder = factories.make_person(unit=unit, role=role)
    factories.give(holder, Position.REGISTRAR)
    propose(act=REVOKE, certificate=tiny.certify(curriculum, holder), reason="complaint", by=registrar)
    assert texts(holder) == []


def test_the_oldest_stands_first_and_says_for_how_long(officer, outsider, registrar, registrar2, curriculum):
    propose_registrar(person=outsider, reason="addition", by=registrar)
    with clock.at(clock.now() + timedelta(days=4)):
        propose(act=REVOKE, certificate=tiny.certify(curriculum, officer), reason="complaint", by=registrar)
        older, newer = home(registrar2)
        assert (older.text, older.age, older.late) == ("1 proposed position to decide", "for 4 days", True)
        assert (newer.age, newer.late) == ("for less than an hour", False)


def test_decisions_of_a_second_person_come_before_what_is_older(
    officer, officer2, registrar, registrar2, curriculum
):
    certificate = tiny.certify(curriculum, officer)
    record_complaint(certificate=certificate, category="conduct", reference="A-1", by=registrar)
    with clock.at(clock.now() + timedelta(days=4)):
        other = tiny.certify(curriculum, officer2)
        propose(act=REVOKE, certificate=other, reason="complaint", by=registrar)
        assert [(each.second, each.age) for each in home(registrar2)] == [
            (True, "for less than an hour"), (False, "for 4 days"),
        ]  # fmt: skip


def test_menu_counts_what_waits_at_its_lines_and_groups_and_says_it_in_words(
    curriculum, officer, outsider, registrar, registrar2
):
    propose(act=REVOKE, certificate=tiny.certify(curriculum, officer), reason="complaint", by=registrar)
    propose_registrar(person=outsider, reason="addition", by=registrar)
    client = factories.client_of(registrar2)
    menu = client.get("/en/help/").context["nav"]
    assert {line.text: line.waits for line in menu.lines if line.waits} == {
        "Positions": 1, "Waiting for a second registrar": 1,
    }  # fmt: skip
    assert {part.text: part.waits for part in menu.parts if part.waits} == {"Agency": 1, "Register": 1}
    assert menu.waits == 2
    for navigation in ("nav-w", "nav-s"):
        text = client.get("/az/help/").text.split(f'<nav class="{navigation}"')[1].split("</nav>")[0]
        assert (text.count("(sizi gözləyən: 1)"), text.count("(sizi gözləyən: 2)")) == {
            "nav-w": (3, 0), "nav-s": (2, 1),
        }[navigation]  # fmt: skip
    assert "waits for you" not in factories.client_of(registrar).get("/en/help/").text


def test_rule_owners_read_what_another_proposed(curriculum, role):
    owners = [factories.make_person(), factories.make_person("Quliyev", "Anar")]
    for owner in owners:
        factories.give(owner, Position.RULE_OWNER)
    rules = curriculum.desk_review.requirement.versions.get().rules
    propose_requirement(
        function=curriculum.desk_review,
        rules={**rules, "grace_days": 7},
        first_day=clock.today() + timedelta(days=3),
        reason="review",
        by=owners[0],
    )
    assert [texts(owner) for owner in owners] == [[], ["1 proposed requirement to decide"]]


def test_coordinator_reads_what_waits_about_their_people(
    officer, officer2, coordinator, coordinator_other, admin
):
    propose_merge(kept=officer, gone=officer2, by=coordinator)
    assert texts(admin) == ["1 merge or take-over to decide"]
    assert texts(coordinator) == texts(coordinator_other) == []


def test_queries_do_not_grow_with_what_waits(curriculum, officer, officer2, registrar, registrar2):
    client = factories.client_of(registrar2)
    propose(act=REVOKE, certificate=tiny.certify(curriculum, officer), reason="complaint", by=registrar)
    client.get("/en/")
    with factories.counted() as one:
        client.get("/en/")
    propose(act=REVOKE, certificate=tiny.certify(curriculum, officer2), reason="complaint", by=registrar)
    with factories.counted() as two:
        client.get("/en/")
    assert len(two) == len(one)
