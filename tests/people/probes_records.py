"""Probes of records of people: people, units, rosters, ways in, own data, the audit trail."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.actions.resets import propose_reset
from accounts.actions.second_factor import set_up_totp
from assessments.models import Attempt
from certificates.actions_rules import propose_rules, save_qualification
from clearance import actions_functions, actions_rules
from clearance.actions_override import override
from merging.actions.merge import propose_merge
from merging.actions.take_over import ask_take_over
from operations import clock
from operations.models import Proposal
from people.models import Role, Unit
from privacy.actions.corrections import ask_correction
from privacy.actions.erasure import propose_erasure
from privacy.models import CorrectionRequest
from rosters.models import RosterImport
from tests import factories, tiny
from tests.qualification_rules import rules_of

from .probes import PROBES, SURE, TEXTS, Making, World, get, post, shows

DAY = "2026-12-01"
NAME = {"family_name": "Məmmədova", "given_name": "Aytən", "language": "az", "availability": "available"}


def overruling(world: World) -> dict[str, Any]:
    """A refusal about a newcomer of the unit, and one that was overruled."""
    leader = factories.make_person()
    factories.give(leader, factories.Position.SHIFT_LEADER, unit=world.unit)
    one, other = (factories.make_person(unit=world.unit) for _each in range(2))
    return {
        "refused": tiny.refused(one, leader),
        "override": override(decision=tiny.refused(other, leader), reason="danger", by=leader),
    }


def more_of(world: World) -> dict[str, Any]:
    """Say what these probes are about."""
    invited = factories.make_person(unit=world.unit, service_number="LAB-0900")
    twin = factories.make_person("Məmmədova", "Aytən", unit=world.unit, service_number="LAB-0901")
    leaves = factories.make_person("Sadıqov", "Rəşad", unit=world.unit, service_number="LAB-0902")
    beyond = Unit.objects.exclude(agency=world.agency).select_related("agency").latest("pk")
    here, there = factories.make_person(), factories.make_person()
    factories.give(factories.make_person(), factories.Position.REGISTRAR)  # two stay when one is ended
    factories.give(here, factories.Position.COORDINATOR, agency=world.agency)
    factories.give(there, factories.Position.COORDINATOR, agency=beyond.agency)
    ask_take_over(
        agency=world.agency, service_number="LAB-0902", family_name="Sadıqov", unit=beyond, by=there,
        role=Role.objects.get(code="LAB"), valid_from=clock.now() + timedelta(days=1),
    )  # fmt: skip
    return {
        "merge": propose_merge(kept=invited, gone=twin, by=here),
        "leaving": Proposal.objects.get(subject_id=leaves.public_id),
        "beyond": beyond.agency,
        "invited": invited,
        "failed": failed_twice(world),
        "reset": reset_proposed(),
        "requirement": requirement_proposed(),
        "rules": rules_proposed(),
        "roster": RosterImport.objects.create(
            agency=world.agency, by=world.officer, file_name="roster.csv", valid_from=clock.now()
        ),
        "correction": ask_correction(
            person=world.officer, about="name", text="One letter is wrong.", by=world.officer
        ),
        **overruling(world),
        "erasure": propose_erasure(person=world.colleague, by=world.colleague),
    }


def failed_twice(world: World) -> Attempt:
    """The newest attempt of somebody of the unit who waits for a release."""
    person = factories.make_person(unit=world.unit, service_number="LAB-0903")
    for days in (-28, -8):  # the result may still be appealed against
        with clock.at(clock.now() + timedelta(days=days)):
            attempt = tiny.sit_exam(world.curriculum, person, well=False)
    return attempt


def requirement_proposed() -> Proposal:
    """A rule owner proposes what another function is to require."""
    owner = factories.make_person()
    factories.give(owner, factories.Position.RULE_OWNER)
    return actions_rules.propose_requirement(
        function=tiny.function("F9", 9, "Another"), rules=tiny.rules(grace_days=5), first_day=clock.today(),
        reason="review", by=owner,
    )  # fmt: skip


def rules_proposed() -> Proposal:
    """A rule owner proposes what is to earn another qualification."""
    owner, names = factories.make_person(), factories.names("Another")
    factories.give(owner, factories.Position.RULE_OWNER)
    rules = rules_of("C1-LAB")
    qualification = save_qualification(code="C9", names=names, descriptions=names, rules=rules, by=None)
    return propose_rules(
        qualification=qualification, rules={**rules, "valid_months": 12}, first_day=clock.today(), reason="review",
        by=owner,
    )  # fmt: skip


def function_proposed() -> Proposal:
    """Another rule owner proposes a new function."""
    owner = factories.make_person()
    factories.give(owner, factories.Position.RULE_OWNER)
    return actions_functions.propose_function(
        code="F44", number=44, names=tiny.text("New"), rules=tiny.rules(), first_day=clock.today(),
        reason="review", by=owner,
    )  # fmt: skip


def decided(proposal: Proposal, outcome: str) -> Callable[[Any], bool]:
    return lambda answer: Proposal.objects.filter(pk=proposal.pk, outcome=outcome).exists()


def confirmed(proposal: Proposal) -> Callable[[Any], bool]:
    return decided(proposal, "confirmed")


def reset_proposed() -> Proposal:
    """An administrator proposes to remove a trainer's second step."""
    trainer, proposer = factories.make_person(), factories.make_person()
    factories.give(trainer, factories.Position.TRAINER)
    factories.give(proposer, factories.Position.ADMINISTRATOR)
    set_up_totp(person=trainer, secret="ORSXG5DJNZTQ====", by=None)
    return propose_reset(person=trainer, reason="lost", by=proposer)


RECORDS: dict[str, Making] = {
    "merging.merge": lambda w: post(
        "merging:decide", w.more["merge"].public_id, "confirm", good=confirmed(w.more["merge"]), **SURE
    ),
    "merging.release": lambda w: post(
        "merging:decide", w.more["leaving"].public_id, "confirm", good=confirmed(w.more["leaving"]), **SURE
    ),
    "merging.take_over": lambda w: post(
        "merging:take_over",
        from_agency=w.more["beyond"].public_id,
        number_there="MIG-1",
        family_name="Zeynalov",
        unit=w.unit.public_id,
        role="LAB",
        first_day=DAY,
        **SURE,
    ),  # fmt: skip
    "people.see": lambda w: get("people:person", w.officer.public_id),
    "clearance.see_figures": lambda w: get("clearance:figures"),
    "people.export": lambda w: post("people:export", form="csv", good=shows("LAB-0417")),
    "people.edit": lambda w: post(
        "people:edit", w.officer.public_id, **NAME, email="officer@agency.example", **SURE
    ),
    "people.postings": lambda w: post("people:leave", w.officer.public_id, first_day=DAY, **SURE),
    "people.units": lambda w: post("people:edit_unit", w.unit.public_id, kind="local", **TEXTS, **SURE),
    "rosters.import_roster": lambda w: get("rosters:roster", w.more["roster"].public_id),
    "accounts.invite": lambda w: post(
        "accounts:invite", agency=w.agency.code, way="sheet", ids=w.more["invited"].public_id, **SURE
    ),
    "audit.read_audit": lambda w: get("audit:audit"),
    "accounts.reset_second_factor": lambda w: post(
        "accounts:account_change", w.officer.public_id, "second-step", reason="lost telephone"
    ),
    "accounts.confirm_reset": lambda w: post(
        "accounts:decide_reset",
        w.more["reset"].public_id,
        "decline",
        **SURE,
        good=decided(w.more["reset"], "declined"),
    ),
    "privacy.answer_correction": lambda w: post(
        "privacy:correction",
        w.more["correction"].public_id,
        outcome=CorrectionRequest.Outcome.DECLINED,
        answer="It is right.",
    ),
    "privacy.decide_erasure": lambda w: post(
        "privacy:decline_erasure",
        w.more["erasure"].public_id,
        reason="serving",
        good=decided(w.more["erasure"], "declined"),
    ),
}
PROBES.update(RECORDS)
