"""Changes: the rules of a function, and decisions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from certificates.models import Qualification
from locales.languages import LANGUAGES
from locales.text import written_name
from operations import audit, canonical, clock, clock_guard
from operations.ids import public_id
from people.models import User

from . import evidence, permissions, receipts
from .actions_rules import put_in_force
from .case_reference import CaseTrace
from .evaluation import CLOCK_BEHIND, NOT_GATED, Answer, Evaluation
from .models import Decision, DutyFunction, RequirementVersion
from .rules import normal, only_advised
from .serving import Serving, serving


class ConditionsOpen(Exception):
    """The answer depends on conditions that nobody has confirmed yet: nothing was decided."""

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__(", ".join(evaluation.conditions))
        self.evaluation = evaluation


class Unsigned(Exception):
    """The clock is behind what is recorded: there is an answer, and no decision, for nothing is signed."""

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__(evaluation.answer)
        self.evaluation = evaluation


class OwnQuestion(PermissionDenied):
    """Somebody asks about themselves, under whatever record of theirs: nothing was decided."""


class AnswerChanged(Exception):
    """The yes that was to be taken over is none any more: nothing was decided."""

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__(str(evaluation.answer))
        self.evaluation = evaluation


# --- rules ----------------------------------------------------------------------------------------


@transaction.atomic
def save_function(
    *, code: str, number: int, names: Mapping[str, str], gated: bool, rules: Mapping[str, Any], by: None
) -> DutyFunction:
    """The function as described, for the installation alone. Changed rules are a new version, in force from now
    on; ones that rule owners have changed since (`actions_rules`) stay theirs.

    names: {"az": …, "en": …, "ru": …}. rules: as `clearance.rules` describes, without their format. A function
    that nobody can be cleared for is advised, whatever the rules say: it stops nobody.
    """
    if by is not None:
        raise PermissionDenied(_("You may not do this."))
    wanted: dict[str, Any] = {"number": number, "gated": gated}
    wanted |= {f"name_{language}": text for language, text in names.items()}
    function = DutyFunction.objects.select_for_update().filter(code=code).first() or DutyFunction(code=code)
    _describe(function, wanted, by)
    rules = loadable(rules)
    newest = RequirementVersion.objects.filter(requirement__function=function).order_by("-number").first()
    if newest is None or (newest.recorded_by is None and newest.sha256 != canonical.sha256(rules)):
        put_in_force(function, rules, valid_from=clock.now(), by=by)
    return function


def loadable(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules as they are kept: in their order, and advised where nobody can be cleared."""
    return only_advised(normal(rules), Qualification.objects.values_list("code", flat=True))


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


def decide(
    *,
    function: DutyFunction,
    person: User,
    instant: datetime,
    by: User,
    confirmed: Collection[str] = (),
    question_keys: Sequence[str] = (),
    only_yes: bool = False,
    case: CaseTrace | None = None,
) -> Decision:
    """Answer "may this person perform the function at this instant?", on record, with a signed receipt.

    Nobody asks about themselves: OwnQuestion. While the clock is behind nothing is signed: Unsigned. Only for somebody
    who serves at that instant in a unit for which `by` may ask: PermissionDenied otherwise, in the same words whether
    or not the person exists elsewhere. ConditionsOpen where the answer needs conditions that are not in `confirmed`. A
    question asked under one of the `question_keys` is answered by that decision; a new one is kept under the first.
    `only_yes`: raises AnswerChanged instead of deciding anything but a yes. `case`: of the reference that was given.
    """
    if (person.merged_into_id or person.pk) == (by.merged_into_id or by.pk):
        raise OwnQuestion(_("Nobody asks about themselves. Let another duty officer ask."))
    before = _asked_before(by, question_keys)
    if before is not None:
        return before
    try:
        with transaction.atomic():
            key = next(iter(question_keys), None)
            asked = Decision(function=function, person=person, asked_by=by, instant=instant, question_key=key)
            posting, read = _read(asked, confirmed, only_yes=only_yes)
            return _put_on_record(asked, posting, read, case)
    except IntegrityError:
        before = _asked_before(by, question_keys)
        if before is None:
            raise
        return before


def _asked_before(by: User, question_keys: Sequence[str]) -> Decision | None:
    if not question_keys:
        return None
    return Decision.objects.filter(asked_by=by, question_key__in=question_keys).order_by("-pk").first()


def _read(
    asked: Decision, confirmed: Collection[str], *, only_yes: bool
) -> tuple[Serving, tuple[evidence.Evidence, Evaluation]]:
    """Return the posting it is about, and what was read with the answer, where it may be put on record."""
    function, person, by = asked.function, asked.person, asked.asked_by
    assert isinstance(person, User) and isinstance(by, User)
    postings = _postings(person, asked.instant, by)
    rows = [posting.row for posting in postings]
    if clock_guard.is_behind(*(row.recorded_at for row in rows)):
        raise Unsigned(NOT_GATED if not function.gated else CLOCK_BEHIND)
    read = evidence.read(function=function, person=person, postings=rows, instant=asked.instant)
    found = read.evaluate(asked.instant)
    if only_yes and found.answer not in {Answer.CLEARED, Answer.CONDITIONAL}:
        raise AnswerChanged(found)
    if set(found.conditions) - set(confirmed):
        raise ConditionsOpen(found)
    return postings[0], (read, found)


def _put_on_record(
    asked: Decision,
    posting: Serving,
    answered: tuple[evidence.Evidence, Evaluation],
    case: CaseTrace | None,
) -> Decision:
    """Complete the decision, sign its receipt and keep both. One asks for one's own units alone."""
    read, found = answered
    asked.public_id, asked.asked_at = public_id(), clock.now()
    asked.agency_id = asked.asking_agency_id = posting.agency_id
    asked.answer, asked.mode, asked.until = found.answer, found.mode, found.until
    agency, traced = posting.row.agency, case.hmac if case else None
    asked.evidence = read.frozen(found, asking_agency=agency, case_hmac=traced)
    assert isinstance(asked.person, User)
    asked.personal = _personal(asked.person, posting)
    if case is not None:
        asked.case_salt, asked.case_bucket = case.salt, case.bucket
    asked.receipt, asked.key = receipts.sign(asked)
    asked.save(force_insert=True)
    return asked


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
