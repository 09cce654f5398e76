"""Answers as pages send them, JSON from the script or a whole stage as an ordinary form; forms of assessors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from operations.form_fields import ListFilter, one_of

from .answers import AnswerError, Given, read_answer
from .content import CaseStage
from .frozen import UnknownContent, content_of
from .models import ExamRelease, ExtraTime
from .tokens import Tokens

MOST_BYTES = 64 * 1024
_LARGEST = 2**31 - 1  # of the columns

type Name = Annotated[str, Field(max_length=80)]
type Number = Annotated[int, Field(strict=True, ge=1, le=_LARGEST)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SentAnswer(_Sent):
    """`fields`: the form fields of one question, as a form would send them."""

    question: Name
    sequence: Number
    fields: dict[Name, Annotated[list[Name], Field(max_length=60)]] = Field(max_length=60)


class SentAnswers(_Sent):
    """`content`: the hash of the case that the page was made of."""

    content: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    session: Number
    answers: list[SentAnswer] = Field(min_length=1, max_length=60)


class NotOnThisPage(AnswerError):
    """The question is of no stage that was opened; whether there is one, nobody is told."""

    def __init__(self) -> None:
        super().__init__(_("This question does not belong to the page. Open it again."))


@dataclass(frozen=True)
class ReadAnswers:
    """Answers of a form that can be saved, and by question code what is wrong with others."""

    given: list[Given] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def read_sent(body: bytes) -> SentAnswers:
    """Raises AnswerError for what is too long or not of this shape."""
    try:
        if len(body) <= MOST_BYTES:
            return SentAnswers.model_validate_json(body)
    except ValidationError:
        pass
    raise AnswerError(_("The server cannot read this answer. Open the page again."))


def stage_asked(sent: SentAnswers) -> CaseStage:
    """The stage of the first question that was sent. Raises AnswerError where the case has none."""
    try:
        stages = content_of(sent.content).stages
    except UnknownContent:
        raise AnswerError(_("This page cannot be read any more. Open it again.")) from None
    first = sent.answers[0].question
    found = next((s for s in stages if any(q.code == first for q in s.questions)), None)
    if found is None:
        raise NotOnThisPage
    return found


def given_answers(sent: SentAnswers, stage: CaseStage, tokens: Tokens) -> list[Given]:
    """The answers to questions of a stage with stored values; of two to one question the later one."""
    questions = {question.code: question for question in stage.questions}
    given: dict[str, Given] = {}
    for answer in sorted(sent.answers, key=lambda answer: answer.sequence):
        if answer.question not in questions:
            raise NotOnThisPage
        value = read_answer(questions[answer.question], answer.fields, tokens)
        given[answer.question] = Given(answer.question, value, answer.sequence)
    return list(given.values())


def read_stage(data: QueryDict, stage: CaseStage, tokens: Tokens) -> ReadAnswers:
    """Every question of a stage from an ordinary form; what is wrong with one does not lose the others."""
    reading = ReadAnswers()
    fields: Mapping[str, Sequence[str]] = dict(data.lists())
    for question in stage.questions:
        try:
            value = read_answer(question, fields, tokens)
        except AnswerError as error:
            reading.errors[question.code] = str(error)
        else:
            reading.given.append(Given(question.code, value, sequence=1))
    return reading


class PersonFilter(ListFilter):
    q = forms.CharField(label=gettext_lazy("Name or service number"), required=False, max_length=80)


class ReleaseFilter(PersonFilter):
    """The list of assessors: who waits, or who was released and has not begun."""

    WAITING, RELEASED = "waiting", "released"

    state = forms.ChoiceField(
        label=pgettext_lazy("releases of exams", "Show"),
        required=False,
        choices=[
            (WAITING, gettext_lazy("who waits for a release")),
            (RELEASED, gettext_lazy("released, not begun yet")),
        ],
    )

    def chosen(self) -> dict[str, str]:
        """Return each as chosen; without a state it is that of who waits."""
        chosen = super().chosen()
        return {**chosen, "state": chosen["state"] or self.WAITING}


class ReleaseForm(forms.Form):
    """The reason to release the next attempt; where new cases are missing, whether an old one may come."""

    reason = one_of(
        ExamRelease.Reason.choices,
        label=gettext_lazy("Reason"),
        missing=gettext_lazy("Choose a reason from the list."),
    )
    allow_repeat = forms.BooleanField(
        label=gettext_lazy("A case that this person met longest ago may come again"),
        help_text=gettext_lazy(
            "If it may not, the exam opens only when there are new cases for this person."
        ),
        required=False,
    )

    def __init__(self, *args: Any, could_repeat: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not could_repeat:
            del self.fields["allow_repeat"]


class ExtraTimeForm(forms.Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Extra time in per cent"),
        help_text=gettext_lazy(
            "Per cent of the time of an exam: with 25, an exam of 60 minutes lasts 75. Nobody is "
            "asked for a reason."
        ),
        min_value=ExtraTime.LEAST,
        max_value=ExtraTime.MOST,
    )
