"""Every kind of proposal, by its code: whoever may confirm it finds it on their home with its age, and nobody else does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

import certificates.actions_acts as acts
from accounts.actions.resets import confirm_reset
from assessments.actions_appeals import confirm_decision, propose_annulment
from certificates import actions_corrections, actions_rules
from certificates import actions_life as life
from certificates.actions_law import confirm_end, confirm_keeping
from certificates.actions_recognition import confirm_recognition
from certificates.corrections import CORRECT
from certificates.law_changes import END_OLDER, KEEP_OLDER
from certificates.recognition import RECOGNISE
from clearance import actions_functions
from clearance import actions_rules as requirements
from courses.actions_editions import confirm_edition
from courses.models import LessonPage
from merging.actions.merge import confirm_merge, propose_merge
from merging.actions.take_over import ask_take_over, confirm_take_over
from merging.permissions import MERGE, TAKE_OVER
from operations import clock, proposals
from operations.models import Proposal
from operations.proposals import ProposalError
from people.actions.grants import revoke_grant
from people.actions.registrars import confirm_registrar, propose_registrar
from people.models import User
from people.waits import Waits
from privacy.actions.erasure import confirm_erasure, propose_erasure
from tests import factories, tiny
from tests.certificates.ending import end_proposed, keeping_proposed
from tests.certificates.recognising import recognition_of
from tests.factories import Position, client_of, give
from tests.people import probes_apps as probes
from tests.people import probes_records as records
from tests.share import asked_here

pytestmark = pytest.mark.usefixtures("keys", "english")
HOW = "Nothing here proposes {}: say in PROPOSALS how it is proposed and confirmed."


@dataclass(frozen=True)
class World:
    curriculum: tiny.Curriculum
    officer: User
    officer2: User
    cast: dict[str, User]

    def __getitem__(self, who: str) -> User:
        return self.cast[who]


@dataclass(frozen=True)
class Kind:
    """`propose`: by somebody of the cast where that can be, so that the proposer is asked too."""

    propose: Callable[[World], object]
    confirm: Callable[..., object]


def _certificate(world: World) -> Any:
    return tiny.certify(world.curriculum, world.officer)


def of_certificate(code: str, **asked: Any) -> Kind:
    """An act of two registrars; what must stand before it stands."""

    def propose(world: World) -> object:
        certificate = _certificate(world)
        if code == life.REINSTATE:
            probes.suspended(certificate)
        if code == life.READMIT:
            probes.revoked(certificate)
        act = acts.acts[code]
        return acts.propose(
            act=code, certificate=certificate, reason=act.reasons[0][0], by=world["registrar"], **asked
        )

    return Kind(propose, acts.confirm)


def _appeal_proposed(world: World) -> object:
    attempt = tiny.sit_exam(world.curriculum, world.officer, well=False)
    return propose_annulment(appeal=probes.appealed(attempt), reason="technical", by=world["assessor"])


def _edition_proposed(world: World) -> object:
    """With a lesson that a reviewer wrote: they may send it back, and not confirm it."""
    lesson = LessonPage.objects.get(slug="act-means-purpose")
    lesson.minutes += 1
    lesson.save_revision(user=world["reviewer"])
    return probes.proposed_edition(world.curriculum.course)


def _asked_for_by_another_agency(world: World) -> object:
    return ask_take_over(
        agency=world.officer.postings.get().agency, service_number="LAB-0417", family_name="Məmmədova",
        unit=world["other_unit"], role=factories.make_role("LAB"), valid_from=clock.now() + timedelta(days=1),
        by=world["coordinator_other"],
    )  # fmt: skip


def _rules_proposed(world: World) -> object:
    return actions_rules.propose_rules(
        qualification=world.curriculum.qualification,
        rules={**world.curriculum.qualification.versions.get().rules, "valid_months": 12},
        first_day=clock.today(), reason="review", by=world["owner"],
    )  # fmt: skip


def _requirement_proposed(world: World) -> object:
    return requirements.propose_requirement(
        function=tiny.function("F9", 9, "Another"), rules=tiny.rules(grace_days=5), first_day=clock.today(),
        reason="review", by=world["owner"],
    )  # fmt: skip


def _function_proposed(world: World) -> object:
    return actions_functions.propose_function(
        code="F44", number=44, names=tiny.text("New"), rules=tiny.rules(), first_day=clock.today(), reason="review",
        by=world["owner"],
    )  # fmt: skip


def _correction_proposed(world: World) -> object:
    _certificate(world)
    return actions_corrections.propose_name(
        person=world.officer, names={"family_name": "Həsənova"}, by=world["coordinator"]
    )


AHEAD = clock.today() + timedelta(days=60)
PROPOSALS: dict[str, Kind] = {
    MERGE: Kind(lambda w: propose_merge(kept=w.officer, gone=w.officer2, by=w["coordinator"]), confirm_merge),
    TAKE_OVER: Kind(_asked_for_by_another_agency, confirm_take_over),
    "people.grant_registrar": Kind(
        lambda w: propose_registrar(person=w["outsider"], reason="addition", by=w["admin"]), confirm_registrar
    ),
    "accounts.reset_second_factor": Kind(lambda w: records.reset_proposed(), confirm_reset),
    "privacy.erase": Kind(lambda w: propose_erasure(person=w["outsider"], by=w["admin"]), confirm_erasure),
    "courses.publish": Kind(_edition_proposed, confirm_edition),
    "assessments.decide_appeal": Kind(_appeal_proposed, confirm_decision),
    actions_rules.CHANGE: Kind(_rules_proposed, actions_rules.confirm_rules),
    requirements.REQUIRE: Kind(_requirement_proposed, requirements.confirm_requirement),
    actions_functions.ADD: Kind(_function_proposed, actions_functions.confirm_function),
    END_OLDER: Kind(lambda w: end_proposed(), confirm_end),
    KEEP_OLDER: Kind(lambda w: keeping_proposed(), confirm_keeping),
    RECOGNISE: Kind(lambda w: recognition_of(w["outsider"], w["registrar"]), confirm_recognition),
    life.REVOKE: of_certificate(life.REVOKE),
    life.SUSPEND_LONGER: of_certificate(life.SUSPEND_LONGER, last_day=AHEAD),
    life.REINSTATE: of_certificate(life.REINSTATE),
    life.VOID: of_certificate(life.VOID),
    life.READMIT: of_certificate(life.READMIT, first_day=AHEAD),
    CORRECT: Kind(_correction_proposed, actions_corrections.confirm_correction),
}
ONE_OF_EACH = (
    "officer", "outsider", "trainer", "reviewer", "assessor", "assessor2", "coordinator", "coordinator_other",
    "duty_officer", "shift_leader", "registrar", "registrar2", "auditor", "admin", "admin2",
)  # fmt: skip


@pytest.fixture
def world(curriculum: tiny.Curriculum, officer: User, officer2: User, request: Any) -> World:
    """One of each position; two where one of them proposes; a registrar who holds the certificate it is about."""
    cast: dict[str, Any] = {who: request.getfixturevalue(who) for who in (*ONE_OF_EACH, "other_unit")}
    for who, position in (
        ("owner", Position.RULE_OWNER),
        ("owner2", Position.RULE_OWNER),
        ("reviewer2", Position.REVIEWER),
        ("national", Position.NATIONAL_COORDINATOR),
    ):
        cast[who] = factories.make_person("Babayev", who.capitalize())
        give(cast[who], position)
    return World(curriculum, officer, officer2, cast)


def waits_of(person: User) -> dict[str, Waits]:
    return {each.href: each for each in client_of(person).get("/en/").context["waits"]}


def may_confirm(kind: Kind, proposal: Proposal, person: User) -> bool:
    """Try it; whatever it changed is taken back."""
    with transaction.atomic():
        try:
            kind.confirm(proposal=Proposal.objects.get(pk=proposal.pk), by=person)
        except (PermissionDenied, ProposalError):
            return False
        finally:
            transaction.set_rollback(True)
    return True


@contextmanager
def the_new(code: str) -> Iterator[list[Proposal]]:
    known = set(Proposal.objects.filter(act=code).values_list("pk", flat=True))
    found: list[Proposal] = []
    yield found
    found += Proposal.objects.filter(act=code).exclude(pk__in=known)


@pytest.mark.parametrize("code", asked_here(sorted(proposals.acts & PROPOSALS.keys()), one_in=3))
def test_it_is_shown_to_exactly_those_who_may_confirm_it(code: str, world: World) -> None:
    kind = PROPOSALS[code]
    people = {who: person for who, person in world.cast.items() if isinstance(person, User)}
    before = {who: waits_of(person) for who, person in people.items()}
    with the_new(code) as found:
        kind.propose(world)
    [proposal] = found
    shown = {who for who, person in people.items() if _new(waits_of(person), before[who], proposal)}
    allowed = {who for who, person in people.items() if may_confirm(kind, proposal, person)}
    assert shown == allowed != set()
    with clock.at(clock.now() + timedelta(days=2)):
        for who in shown:
            [waits] = _new(waits_of(people[who]), before[who], proposal)
            page = client_of(people[who]).get("/en/").text
            assert waits.text in page and waits.age in page and waits.age == "for 2 days"
            assert client_of(people[who]).get(waits.href).status_code == 200


def _new(now: dict[str, Waits], before: dict[str, Waits], proposal: Proposal) -> list[Waits]:
    """Return what has come since; it waits since it was proposed, an appeal since it was made."""
    new = [each for href, each in now.items() if href not in before]
    assert all(each.since <= proposal.proposed_at for each in new)
    return new


def test_every_code_that_is_registered_is_proposed_here() -> None:
    missing = sorted(proposals.acts - PROPOSALS.keys())
    assert not missing, HOW.format(", ".join(missing))
    assert sorted(PROPOSALS.keys() - proposals.acts) == []


# --- those who could once ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", [actions_rules.CHANGE, requirements.REQUIRE, actions_functions.ADD, "people.grant_registrar"]
)
def test_nobody_is_asked_once_the_proposer_has_lost_the_position(code: str, world: World) -> None:
    kind = PROPOSALS[code]
    with the_new(code) as found:
        kind.propose(world)
    [proposal] = found
    second = world["registrar" if code == "people.grant_registrar" else "owner2"]
    assert waits_of(second) and may_confirm(kind, proposal, second)
    for each in proposal.proposed_by.grants.live():  # type: ignore[attr-defined]  # a person of ours
        revoke_grant(grant=each, by=None)
    assert not waits_of(second) and not may_confirm(kind, proposal, second)


DECIDE = {
    actions_rules.CHANGE: "certificates:decide_rules", requirements.REQUIRE: "clearance:decide_requirement",
    actions_functions.ADD: "clearance:decide_function", "people.grant_registrar": "people:decide_registrar",
    RECOGNISE: "certificates:decide_recognition", END_OLDER: "certificates:decide_end",
    KEEP_OLDER: "certificates:decide_end",
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(DECIDE))
def test_what_somebody_left_behind_is_declined_and_no_more(code: str, world: World) -> None:
    """By whoever could have confirmed it: it need not lie there until it lapses."""
    with the_new(code) as found:
        PROPOSALS[code].propose(world)
    [proposal] = found
    for each in proposal.proposed_by.grants.live():  # type: ignore[attr-defined]  # a person of ours
        revoke_grant(grant=each, by=None)
    rules = code in (actions_rules.CHANGE, requirements.REQUIRE, actions_functions.ADD)
    client = client_of(world["owner2" if rules else "registrar2"])
    decline, confirm = (
        reverse(DECIDE[code], args=[proposal.public_id, act]) for act in ("decline", "confirm")
    )
    page = client.get(decline.removesuffix("decline/")).text
    assert decline in page and confirm not in page
    client.post(confirm)
    assert Proposal.objects.get(pk=proposal.pk).outcome is None
    assert "Decline this proposal?" in client.post(decline).text
    assert Proposal.objects.get(pk=proposal.pk).outcome is None
    client.post(decline, {"sure": "1"})
    assert Proposal.objects.get(pk=proposal.pk).outcome == "declined"
    assert "Decline this proposal?" not in client.post(decline, follow=True).text  # too late: it says so


def test_administrators_among_themselves_are_not_asked_while_there_is_a_registrar(
    admin: User, admin2: User, outsider: User, registrar: User
) -> None:
    propose_registrar(person=outsider, reason="addition", by=admin)
    assert not waits_of(admin2) and waits_of(registrar)
    for each in registrar.grants.live():
        revoke_grant(grant=each, by=None)
    assert waits_of(admin2)


def test_whoever_it_is_about_is_not_asked(admin: User, admin2: User, registrar: User) -> None:
    propose_erasure(person=admin2, by=admin)
    assert not waits_of(admin2) and not waits_of(admin)


def test_queries_do_not_grow_with_proposals(curriculum: tiny.Curriculum, role: Any) -> None:
    """Of three different proposers: functions, one after the other."""
    owners = [factories.make_person() for _number in range(4)]
    for owner in owners:
        give(owner, Position.RULE_OWNER)
    client = client_of(owners[3])

    def propose(number: int) -> None:
        actions_functions.propose_function(
            code=f"F{number}", number=number, names=tiny.text("New"), rules=tiny.rules(), first_day=clock.today(),
            reason="review", by=owners[number - 50],
        )  # fmt: skip

    propose(50)
    client.get("/en/")
    with factories.counted() as one:
        client.get("/en/")
    propose(51)
    propose(52)
    with factories.counted() as three:
        page = client.get("/en/")
    assert "3 proposed functions to decide" in page.text
    assert len(three) == len(one)
