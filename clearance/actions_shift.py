"""Changes: the yeses of a table taken over as decisions, in one act or as a job."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from operations import audit, clock, jobs
from operations.models import Job
from people.models import User

from . import permissions
from .actions import AnswerChanged, ConditionsOpen, Unsigned, decide
from .case_reference import CaseTrace
from .models import Decision, DutyFunction

KIND = "clearance.take_over"
AT_ONCE = 20  # decisions, of which each is proven and signed: about 200 ms


@dataclass(frozen=True, kw_only=True)
class TableQuestion:
    """A cell of the table: public id of the person, code of the function, conditions that were confirmed. `case`: of
    the reference that was given, with a salt of its own.
    """

    person: str
    function: str
    confirmed: tuple[str, ...] = ()
    case: CaseTrace | None = None

    def kept(self) -> list[Any]:
        """As a job keeps it."""
        return [self.person, self.function, list(self.confirmed), asdict(self.case) if self.case else None]

    @classmethod
    def read(cls, kept: Sequence[Any]) -> Self:
        person, function, confirmed, case = kept
        trace = CaseTrace(**case) if case else None
        return cls(person=person, function=function, confirmed=tuple(confirmed), case=trace)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """`changed`: how many were a yes in the table and are none any more; nothing was decided on them."""

    decisions: Sequence[Decision]
    changed: int


@transaction.atomic
def take_over(*, questions: Iterable[TableQuestion], instant: datetime | None, nonce: str, by: User) -> Taken:
    """Decide each question that is still a yes, with a receipt each. The same table sent twice decides once.

    `instant`: None is now.
    """
    refuse_others(by)
    decisions, changed = [], 0
    for question, function, person in _read(questions):
        try:
            decision = decide(
                function=function,
                person=person,
                instant=instant or clock.now(),
                by=by,
                confirmed=question.confirmed,
                question_keys=[_key(nonce, question)],
                only_yes=True,
                case=question.case,
            )
        except (AnswerChanged, ConditionsOpen, PermissionDenied, Unsigned):
            changed += 1
        else:
            decisions.append(decision)
    return Taken(decisions=decisions, changed=changed)


def refuse_others(by: User) -> None:
    if not permissions.can_ask(by):
        raise PermissionDenied(_("Only duty officers and coordinators ask for a clearance."))


def _read(questions: Iterable[TableQuestion]) -> Iterator[tuple[TableQuestion, DutyFunction, User]]:
    """Yield them with function and person; in one order for everybody, so that two at once do not block."""
    asked = sorted(questions, key=lambda each: (each.person, each.function))
    functions = {each.code: each for each in DutyFunction.objects.all()}
    people = {each.public_id: each for each in User.objects.filter(public_id__in={q.person for q in asked})}
    for question in asked:
        if question.function in functions and question.person in people:
            yield question, functions[question.function], people[question.person]


def _key(nonce: str, question: TableQuestion) -> str:
    text = "\n".join(["table", nonce, question.person, question.function])
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def start_take_over(
    *, questions: Sequence[TableQuestion], instant: datetime | None, nonce: str, by: User
) -> Job:
    """Promise the same as a job, for many; a table that was sent before with the same ticks is the job it was."""
    refuse_others(by)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # the same table at once: one after the other
    sent = _sent(nonce, questions)
    before = Job.objects.filter(kind=KIND, by=by, subject_id=sent).first()
    if before is not None:
        return before
    asked = [each.kept() for each in questions]
    return jobs.start(
        kind=KIND, by=by, subject_id=sent, total=len(asked), questions=asked, instant=instant, nonce=nonce
    )


def _sent(nonce: str, questions: Iterable[TableQuestion]) -> str:
    """Return a digest of the table and of what was ticked in it, in 60 characters."""
    cells = sorted((each.person, each.function, *sorted(each.confirmed)) for each in questions)
    return hashlib.sha256("\n".join([nonce, *map(" ".join, cells)]).encode()).hexdigest()[:60]


def _commit(job: Job, prepared: None) -> int:
    """Decide the next of the job's questions; what a decision keeps of a case the job keeps no longer."""
    by: Any = job.by
    questions = job.payload["questions"]
    chunk = questions[job.done : job.done + AT_ONCE]
    if not permissions.can_ask(by):
        raise jobs.JobRefused(_("You may not do this."))
    at = job.payload["instant"]
    taken = take_over(
        questions=[TableQuestion.read(each) for each in chunk],
        instant=datetime.fromisoformat(at) if at else None,
        nonce=job.payload["nonce"],
        by=by,
    )
    changed = job.payload.get("changed", 0) + taken.changed
    done = [[*each[:3], None] for each in chunk]
    questions = [*questions[: job.done], *done, *questions[job.done + len(chunk) :]]
    job.payload = {**job.payload, "changed": changed, "questions": questions}
    job.error = changed_text(changed)
    return len(chunk)


def changed_text(number: int) -> str:
    if not number:
        return ""
    text = ngettext(
        "%(number)d answer has changed since the table was made, so it did not become a decision.",
        "%(number)d answers have changed since the table was made, so they did not become decisions.",
        number,
    )
    return text % {"number": number}


def export_table(*, people: int, functions: Sequence[str], by: User) -> None:
    """Names leave the system in a file: who took how many stays in the audit trail."""
    refuse_others(by)
    audit.record(
        by=by, act="clearance.export_table", subject_kind="user", subject_id=by.public_id,
        after={"rows": people, "functions": list(functions)},
    )  # fmt: skip


jobs.register_job(KIND, title=gettext_lazy("Answers of a table taken over as decisions"), commit=_commit)
