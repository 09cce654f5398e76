"""Changes: the rules of a function, and decisions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from locales.languages import LANGUAGES
from locales.text import written_name
from operations import audit, canonical, clock
from operations.ids import public_id
from people.models import User

from . import evidence, permissions, receipts
from .actions_rules import put_in_force
from .evaluation import Evaluation
from .models import Decision, DutyFunction, RequirementVersion
from .serving import Serving, serving


class ConditionsOpen(Exception):
    """The answer depends on conditions that nobody has confirmed yet: nothing was decided."""

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__(", ".join(evaluation.conditions))
        self.evaluation = evaluation


# --- rules ----------------------------------------------------------------------------------------


@transaction.atomic
def save_function(
    *,
    code: str,
    number: int,
    names: Mapping[str, str],
    who: Mapping[str, str],
    gated: bool,
    roles: Sequence[str],
    requires: Sequence[str],
    grace_days: int,
    basis: str,
    by: None,
) -> DutyFunction:
    """The function as described, for the installation alone. A changed requirement is a new version, in force
    from now on; one that rule owners have changed since (`actions_rules`) stays theirs.

    names, who: {"az": …, "en": …, "ru": …}. requires: codes of qualifications, all of them needed.
    basis: D (from the 2012 assessment or a cited law) or PD (a proposed default).
    """
    if by is not None:
        raise PermissionDenied(_("You may not do this."))
    wanted: dict[str, Any] = {"number": number, "gated": gated, "roles": list(roles)}
    wanted |= {f"name_{language}": text for language, text in names.items()}
    wanted |= {f"who_{language}": text for language, text in who.items()}
    function = DutyFunction.objects.select_for_update().filter(code=code).first() or DutyFunction(code=code)
    _describe(function, wanted, by)
    rules = {"certificates": list(requires), "grace_days": grace_days, "basis": basis}
    newest = RequirementVersion.objects.filter(requirement__function=function).order_by("-number").first()
    if newest is None or (newest.recorded_by is None and newest.sha256 != canonical.sha256(rules)):
        put_in_force(function, rules, valid_from=clock.now(), by=by)
    return function


def _describe(function: DutyFunction, wanted: dict[str, Any], by: None) -> None:
    before = {name: getattr(function, name) for name in wanted} if function.pk else None
    if before == wanted:
        return
    for name, value in wanted.items():
        setattr(function, name, value)
    function.full_clean()
    function.save()
    audit.record(
        by=by, act="clearance.save_function", subject_kind="dutyfunction", subject_id=function.public_id,
        reason="", before=before, after=wanted,
    )  # fmt: skip


# --- decisions ------------------------------------------------------------------------------------


def export_decisions(*, queryset: QuerySet[Decision], by: User) -> None:
    """Names of those asked about leave the system in a file: who took how many stays in the audit trail."""
    if not permissions.can_ask(by):
        raise PermissionDenied(_("Only duty officers and coordinators ask for a clearance."))
    audit.record(
        by=by,
        act="clearance.export_decisions",
        subject_kind="user",
        subject_id=by.public_id,
        after={"rows": queryset.count()},
    )


def decide(
    *,
    function: DutyFunction,
    person: User,
    instant: datetime,
    by: User,
    confirmed: Collection[str] = (),
    question_keys: Sequence[str] = (),
) -> Decision:
    """Answer "may this person perform the function at this instant?", on record, with a signed receipt.

    Only for somebody who serves at that instant in a unit for which `by` may ask: PermissionDenied
    otherwise, in the same words whether or not the person exists elsewhere. ConditionsOpen where the
    answer needs conditions that are not in `confirmed`. A question that was asked under one of the
    `question_keys` is answered by that decision; a new one is kept under the first.
    """
    asked = _asked_before(by, question_keys)
    if asked is not None:
        return asked
    try:
        with transaction.atomic():
            return _decide(function, person, instant, by, confirmed, next(iter(question_keys), None))
    except IntegrityError:
        asked = _asked_before(by, question_keys)
        if asked is None:
            raise
        return asked


def _asked_before(by: User, question_keys: Sequence[str]) -> Decision | None:
    if not question_keys:
        return None
    return Decision.objects.filter(asked_by=by, question_key__in=question_keys).order_by("-pk").first()


def _decide(
    function: DutyFunction,
    person: User,
    instant: datetime,
    by: User,
    confirmed: Collection[str],
    question_key: str | None,
) -> Decision:
    postings = _postings(person, instant, by)
    rows = [posting.row for posting in postings]
    read = evidence.read(function=function, person=person, postings=rows, instant=instant)
    found = read.evaluate(instant)
    if set(found.conditions) - set(confirmed):
        raise ConditionsOpen(found)
    decision = Decision(
        public_id=public_id(),
        function=function,
        agency_id=postings[0].agency_id,
        person=person,
        asked_by=by,
        asked_at=clock.now(),
        question_key=question_key,
        instant=instant,
        answer=found.answer,
        reasons=[reason.plain() for reason in found.reasons],
        until=found.until,
        evidence=read.frozen(found),
        personal=_personal(person, postings[0]),
    )
    decision.receipt, decision.key = receipts.sign(decision)
    decision.save(force_insert=True)
    return decision


def _postings(person: User, instant: datetime, by: User) -> list[Serving]:
    """Return where the person serves at that instant, as far as `by` may ask; main posting first."""
    postings = serving(person, instant, permissions.where_asked(by))
    if not postings:
        raise PermissionDenied(_("No officer of your units fits this."))
    return postings


def _personal(person: User, posting: Serving) -> dict[str, Any]:
    return {
        "service_number": posting.service_number,
        "names": {language: written_name(person, language) for language in LANGUAGES},
        "unit": dict(posting.unit_names),
    }
