"""One certificate through its life, as its registrars, its holder and a stranger meet it over HTTP, in two languages."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from certificates import actions_acts, actions_appeals, actions_life
from certificates.models import Certificate, CertificateEvent, Complaint, EventAppeal
from locales.dates import day_text
from operations import clock
from operations.codes import grouped
from operations.models import Proposal
from people.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def seal(certificate: Certificate, language: str) -> tuple[str, bool]:
    """Return the figure of the public page, and whether it has the frame of a valid one."""
    page = Client().get(f"/c/{certificate.public_id}?lang={language}").content.decode()
    figure = page.partition('<div class="verdict v-')[2].partition('"')[0]
    return figure, 'class="doc framed"' in page


@pytest.mark.parametrize("language", ["en", "ru"])
def test_suspended_until_tomorrow_revoked_appealed_and_readmitted(
    certificate: Certificate, officer: User, registrar: User, registrar2: User, client_of: Any, language: str
):
    third = factories.make_person()
    factories.give(third, factories.Position.REGISTRAR)
    holder, first, second, other = map(client_of, (officer, registrar, registrar2, third))
    root = f"/{language}/certificates/"
    page = f"{root}register/{certificate.public_id}/"
    sure = {"sure": "1"}

    def confirm(client: Client) -> None:
        proposal = Proposal.objects.latest("pk")
        assert client.get(f"{root}register/proposals/{proposal.public_id}/").status_code == 200
        client.post(f"{root}register/proposals/{proposal.public_id}/confirm/")
        proposal.refresh_from_db()
        assert proposal.outcome == "confirmed"

    assert seal(certificate, language) == ("valid", True)
    tomorrow = clock.today() + timedelta(days=1)
    sent = {"reason": "inquiry", "last_day": f"{tomorrow:%d.%m.%Y}"}
    with translation.override(language):
        asked = first.post(f"{page}suspend/", sent).content.decode()
        assert translation.gettext("Who decided and the reason category stay in the audit trail.") in asked
        where = "Coordinators and duty officers where the person serves are told, without the reason."
        assert translation.gettext(where) in asked
        assert translation.gettext("Holder: %(name)s.") % {"name": officer} in asked
    assert first.post(f"{page}suspend/", sent | sure)["Location"] == page
    assert seal(certificate, language) == ("suspended", False)
    assert 'class="plan"' in first.get(page).content.decode()
    event = CertificateEvent.objects.get()
    assert f"{root}appeal/{event.public_id}/" in holder.get(root).content.decode()
    with clock.at(clock.end_of(tomorrow)):
        assert seal(certificate, language) == ("valid", True)
        first.post(f"{page}complaint/", {"category": "conduct", "reference": "DƏMX/2026-118", **sure})
        complaint = Complaint.objects.get()
        second.post(f"{root}register/complaints/{complaint.public_id}/", {"outcome": "upheld", **sure})
        confirm(first)
        assert seal(certificate, language) == ("revoked", False)
        revoked = CertificateEvent.objects.latest("pk")
        assert (revoked.reach, revoked.kind) == ("qualification", "revoked")
        against = {"category": "facts", "text": "It was not me."}
        asked = holder.post(f"{root}appeal/{revoked.public_id}/", against).content.decode()
        assert "<li>It was not me.</li>" in asked
        holder.post(f"{root}appeal/{revoked.public_id}/", against | sure)
        appeal = EventAppeal.objects.get()
        with translation.override(language):
            closed = translation.gettext("Against this decision no appeal is open any more.")
        again = holder.get(f"{root}appeal/{revoked.public_id}/").content.decode()
        assert (closed in again, 'name="text"' in again) == (True, False)
        decided = f"{root}register/appeals/{appeal.public_id}/"
        assert second.post(decided, {"outcome": "upheld", **sure}).status_code == 403
        other.post(decided, {"outcome": "dismissed", **sure})
        day = clock.today() + timedelta(days=5)
        second.post(f"{page}readmit/", {"reason": "trained-again", "first_day": f"{day:%d.%m.%Y}", **sure})
        confirm(first)
        assert seal(certificate, language) == ("revoked", False)
        asked_then = {"on": f"{tomorrow:%d.%m.%Y}", "known": f"{tomorrow:%d.%m.%Y}"}
        assert 'role="status"' in first.get(page, asked_then).content.decode()


def test_nothing_is_lost_where_what_was_entered_is_wrong(
    certificate: Certificate, registrar: User, client_of: Any
):
    client = client_of(registrar)
    page = f"/en/certificates/register/{certificate.public_id}/"
    late = (clock.today() + timedelta(days=400)).isoformat()
    for slug, sent, said in (
        ("suspend", {"reason": "inquiry", "last_day": late}, "A suspension lasts a year at most."),
        ("suspend", {"reason": "inquiry", "last_day": "soon"}, "Enter a day"),
        ("complaint", {"category": "conduct", "reference": "Aytən Məmmədova"}, "Letters, digits, hyphens"),
        ("reinstate", {"reason": "not-borne-out"}, "There is nothing to undo"),
        ("readmit", {"reason": "time-passed", "first_day": "01.12.2206"}, "at most five years ahead"),
    ):
        answer = client.post(f"{page}{slug}/", sent)
        assert (answer.status_code, said in answer.content.decode()) == (200, True), (slug, sent)
    assert (CertificateEvent.objects.count(), Proposal.objects.count(), Complaint.objects.count()) == (
        0,
        0,
        0,
    )


def test_pages_of_the_register_say_what_a_first_day_registrar_asks(
    certificate: Certificate, officer: User, registrar: User, registrar2: User, client_of: Any
):
    """Suspended and revoked meanwhile: no suspension is said to end; a reinstatement says what the state is then; a
    decided proposal promises nothing; a readmission stands in what happened and shuts the next one in words.
    """
    first, second, holder = map(client_of, (registrar, registrar2, officer))
    root, sure = "/en/certificates/", {"sure": "1"}
    page = f"{root}register/{certificate.public_id}/"
    last = clock.today() + timedelta(days=3)
    ends = f"until {day_text(last, 'en')}"

    def asked(client: Client, address: str) -> str:
        return " ".join(client.get(address).content.decode().split())

    def proposed(slug: str, **sent: str) -> str:
        first.post(f"{page}{slug}/", {**sent, **sure})
        return f"{root}register/proposals/{Proposal.objects.latest('pk').public_id}/"

    alone = day_text(clock.today() + timedelta(days=30), "en")
    assert f"One registrar is enough until {alone}." in asked(first, page)
    first.post(f"{page}suspend/", {"reason": "inquiry", "last_day": f"{last:%d.%m.%Y}", **sure})
    assert asked(first, page).count(ends) == 2 and "The suspension ends by itself" in asked(first, page)
    address = proposed("revoke", reason="critical-error")
    assert "What changes when it is confirmed" in asked(second, address)
    second.post(f"{address}confirm/")
    decided = asked(second, address)
    assert "What was proposed to change" in decided and "Who is told" not in decided
    assert "The suspension ends by itself" not in asked(first, page)
    assert "Appeal against the revocation" in asked(holder, root)
    address = proposed("reinstate", reason="decided-in-error")
    assert f"It stays suspended {ends}; then it is in force again by itself." in asked(second, address)
    second.post(f"{address}decline/")
    today = day_text(clock.today(), "en")
    address = proposed("readmit", reason="time-passed", first_day=f"{clock.today():%d.%m.%Y}")
    second.post(f"{address}confirm/")
    assert asked(first, page).count(f"Readmitted from {today} on.") == 2


def test_appeal_that_no_registrar_may_answer_says_what_is_needed(
    certificate: Certificate, officer: User, registrar: User, registrar2: User, client_of: Any
):
    """Both registrars decided; the holder, who has become one, is no other. Once there is a third, nothing more is said."""
    event = actions_acts.confirm(
        proposal=actions_acts.propose(
            act=actions_life.REVOKE, certificate=certificate, reason="critical-error", by=registrar
        ),
        by=registrar2,
    )
    appeal = actions_appeals.appeal(event=event, category="facts", text="It was not me.", by=officer)
    factories.give(officer, factories.Position.REGISTRAR)
    page = f"/en/certificates/register/appeals/{appeal.public_id}/"

    def needed(person: User) -> bool:
        return "Another one is needed" in client_of(person).get(page).content.decode()

    assert [needed(person) for person in (registrar, registrar2, officer)] == [True, True, True]
    third = factories.make_person()
    factories.give(third, factories.Position.REGISTRAR)
    assert [needed(person) for person in (registrar, third)] == [False, False]
    client_of(third).post(page, {"outcome": "dismissed", "sure": "1"})
    assert not needed(registrar)


def test_holder_of_an_upheld_appeal_reads_that_it_waits_for_a_second_registrar(
    certificate: Certificate, officer: User, registrar: User, registrar2: User, client_of: Any
):
    event = actions_acts.confirm(
        proposal=actions_acts.propose(
            act=actions_life.REVOKE, certificate=certificate, reason="critical-error", by=registrar
        ),
        by=registrar2,
    )
    appeal = actions_appeals.appeal(event=event, category="facts", text="It was not me.", by=officer)
    third = factories.make_person()
    factories.give(third, factories.Position.REGISTRAR)
    waits = "Another registrar has still to confirm it; until then the decision stands."

    def read() -> bool:
        return waits in client_of(officer).get("/en/certificates/").content.decode()

    assert not read()
    listed = client_of(third).get("/en/certificates/register/to-answer/").content.decode()
    assert grouped(certificate.short_code) in listed  # of which certificate it is, before it is opened
    actions_appeals.decide_appeal(appeal=appeal, outcome="upheld", by=third)
    assert read()
    actions_acts.confirm(proposal=Proposal.objects.get(outcome=None), by=registrar)
    assert not read()
