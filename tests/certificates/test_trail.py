"""Everything about somebody's certificates that the person, and an auditor, can read."""

import json

import pytest

from certificates import actions_acts, actions_appeals
from certificates.actions_life import REVOKE
from certificates.models import EventAppeal
from operations import clock
from privacy.archive import as_json
from privacy.export import collect
from tests import factories, tiny

pytestmark = pytest.mark.usefixtures("keys")
MINE = "/en/people/my-trail/"


@pytest.fixture
def revoked(curriculum, officer, registrar, registrar2):
    """The officer's certificate, revoked by two registrars; before, a proposal was declined."""
    certificate = tiny.certify(curriculum, officer)
    declined = actions_acts.propose(act=REVOKE, certificate=certificate, reason="left-service", by=registrar)
    actions_acts.decline(proposal=declined, by=registrar2)
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    return certificate


def lines(person, part: str, address: str = MINE) -> list[tuple[str, str, str]]:
    page = factories.client_of(person).get(address, {"part": part})
    return [(row.what, row.who, row.why) for row in page.context["rows"]]


def of(person) -> str:
    return f"/en/people/audit/people/{person.public_id}/"


def test_person_reads_every_event_and_proposal_without_names_of_registrars(revoked, officer):
    assert lines(officer, "certificates") == [
        ("Certificate C1-LAB: revoked", "registrars", "a complaint was upheld")
    ]
    assert [(who, why) for _what, who, why in lines(officer, "proposals")] == [
        ("registrars", "a complaint was upheld"),
        ("registrars", "the officer left the service"),
    ]


def told_to(person) -> dict:
    """The person's own data, as JSON says it."""
    return as_json(collect(person), clock.now())


def test_own_data_tell_what_registrars_decided_and_not_who_it_was(
    revoked, officer, registrar, registrar2, english
):
    complaint = actions_appeals.record_complaint(
        certificate=revoked, category="conduct", reference="2026-1", by=registrar
    )
    actions_appeals.decide_complaint(complaint=complaint, outcome="dismissed", by=registrar2)
    EventAppeal.objects.create(
        event=revoked.events.get(), category="facts", text="no", made_at=clock.now(), made_by=officer,
        outcome="dismissed", decided_at=clock.now(), decided_by=registrar2,
    )  # fmt: skip
    data = told_to(officer)
    sections = ("CertificateEvent", "Complaint", "EventAppeal")
    assert [len(data["sections"][f"certificates.{name}"]["rows"]) for name in sections] == [1, 1, 1]
    text = json.dumps(data, ensure_ascii=False)
    for person in (registrar, registrar2):
        assert person.public_id not in text
        assert person.get_full_name() not in text
    withheld = {(row["model"], row["field"]) for row in data["withheld"] if "their office" in row["why"]}
    assert withheld >= {
        ("certificates.CertificateEvent", "by"), ("certificates.EventAppeal", "decided_by"),
        ("certificates.Complaint", "recorded_by"), ("certificates.Complaint", "decided_by"),
        ("certificates.AwardInDoubt", "decided_by"), ("assessments.AppealDecision", "decided_by"),
        ("assessments.Marking", "made_by"),
    }  # fmt: skip


def test_complaint_is_in_own_data_once_it_is_decided(curriculum, officer, registrar, registrar2):
    certificate = tiny.certify(curriculum, officer)
    complaint = actions_appeals.record_complaint(
        certificate=certificate, category="conduct", reference="2026-77", by=registrar
    )
    data = told_to(officer)
    assert data["sections"]["certificates.Complaint"]["rows"] == []
    assert "2026-77" not in json.dumps(data)
    actions_appeals.decide_complaint(complaint=complaint, outcome="dismissed", by=registrar2)
    [row] = told_to(officer)["sections"]["certificates.Complaint"]["rows"]
    assert (row["reference"], row["outcome"]) == ("2026-77", "dismissed")


def test_auditor_reads_the_same_with_who_proposed_and_who_decided(revoked, officer, auditor):
    [(what, who, _why)] = lines(auditor, "certificates", of(officer))
    assert (what, who) == ("Certificate C1-LAB: revoked", "Rəşad Əliyev · Rəşad Əliyev")
    assert len(lines(auditor, "proposals", of(officer))) == 2
    assert lines(auditor, "record", of(officer)) == lines(officer, "record")
    assert lines(auditor, "asked", of(officer)) == []


def test_what_waits_is_told_to_auditors_and_not_yet_to_the_person(curriculum, officer, registrar, auditor):
    certificate = tiny.certify(curriculum, officer)
    actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    assert lines(officer, "proposals") == []
    assert len(lines(auditor, "proposals", of(officer))) == 1


@pytest.mark.parametrize("part", ["certificates", "proposals"])
def test_queries_do_not_grow_with_what_there_is(
    part, curriculum, officer, officer2, registrar, registrar2, auditor
):
    def propose(certificate, decide):
        proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
        decide(proposal=proposal, by=registrar2)

    one_of, of_three = tiny.certify(curriculum, officer), tiny.certify(curriculum, officer2)
    client = factories.client_of(auditor)
    propose(one_of, actions_acts.confirm)
    client.get(of(officer), {"part": part})
    with factories.counted() as one:
        client.get(of(officer), {"part": part})
    for decide in (actions_acts.decline, actions_acts.decline, actions_acts.confirm):
        propose(of_three, decide)
    with factories.counted() as three:
        client.get(of(officer2), {"part": part})
    assert len(three) == len(one)


@pytest.mark.parametrize(
    "person", ["outsider", "officer", "coordinator", "registrar", "admin", "duty_officer"]
)
def test_trail_of_another_person_is_for_auditors(person, request, officer2):
    assert factories.client_of(request.getfixturevalue(person)).get(of(officer2)).status_code == 403


def test_auditor_finds_the_way_from_the_persons_page(officer, auditor):
    page = factories.client_of(auditor).get(f"/en/people/{officer.public_id}/")
    assert of(officer) in page.text
