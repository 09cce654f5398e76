"""A case as it is frozen: read with types, checked, hashed in one canonical form.

Answer key, facts and reasons stand in here. What may be shown before an attempt is closed comes from
`assessments.public`, which has no place for them. Format 1 is described in docs/content.md.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError

from operations import canonical

from .content_parts import Code, ContentError, ContentPart, ContentProblem, NonEmptyText, TranslatedText
from .exhibits import Exhibit
from .questions import BranchQuestion, Question


class CaseStage(ContentPart):
    """A stage; where its last question is a branch, the option chosen there says what comes next."""

    code: Code
    title: TranslatedText
    intro: TranslatedText
    leads_to: Code | None = None  # a stage or `end`; None: the next in the file, after the last the end
    exhibits: tuple[Annotated[Exhibit, Field(discriminator="kind")], ...] = ()
    questions: tuple[Annotated[Question, Field(discriminator="kind")], ...] = Field(min_length=1)

    @property
    def branch(self) -> BranchQuestion | None:
        last = self.questions[-1]
        return last if isinstance(last, BranchQuestion) else None


class CaseSubject(ContentPart):
    """The person of the case. Statistics and tests read it; officers are never told."""

    sex: Literal["male", "female", "mixed"]
    origin: Literal["local", "foreign", "mixed"]
    sector: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


# --- what the case rests on, frozen with it ----------------------------------------------------------


class CriticalErrorStory(ContentPart):
    """A critical error that the case uses, and what would have happened to this person."""

    code: Code
    story: TranslatedText


def _named_once(errors: tuple[CriticalErrorStory, ...]) -> tuple[CriticalErrorStory, ...]:
    codes = [error.code for error in errors]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ValueError(f"named twice: {', '.join(sorted(twice))}")
    return errors


class IndicatorWords(ContentPart):
    set: Code
    version: NonEmptyText
    dimension: NonEmptyText
    strength: NonEmptyText
    text: TranslatedText


class CompetenceWords(ContentPart):
    text: TranslatedText
    level: NonEmptyText


class CriticalErrorWords(ContentPart):
    title: TranslatedText
    story: TranslatedText
    rule: TranslatedText
    source: Code


class SourceWords(ContentPart):
    instrument: TranslatedText
    article: str = ""
    state_on: NonEmptyText  # ISO date of the text that was read
    state_note: TranslatedText | None = None


class _Case(ContentPart):
    format: Literal[1]
    code: Code
    family: Code
    subject: CaseSubject
    title: TranslatedText
    briefing: TranslatedText  # who you are and what you are asked
    content_note: TranslatedText  # what disturbing things are shown, nothing of the outcome
    indicator_sets: tuple[Code, ...] = Field(min_length=1)  # told to the learner: weights differ between sets
    stages: tuple[CaseStage, ...] = Field(min_length=1)
    retired: tuple[Code, ...] = ()  # codes of earlier versions that this one asks no more (`lasting_codes`)

    def questions(self) -> Iterator[Question]:
        """Every question of every stage; an attempt is asked those of its path (`stage_paths`)."""
        for stage in self.stages:
            yield from stage.questions

    def stage(self, code: str) -> CaseStage:
        return next(stage for stage in self.stages if stage.code == code)

    def position(self, stage_code: str) -> int:
        return next(number for number, stage in enumerate(self.stages) if stage.code == stage_code)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Raises ContentError for what is not of this structure. References are checked by `check`."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise ContentError([_problem(line, data) for line in error.errors()]) from None


class Draft(_Case):
    """A case as its file says it: everything outside it is named by code."""

    sources: tuple[Code, ...] = Field(min_length=1)
    critical_errors: Annotated[tuple[CriticalErrorStory, ...], AfterValidator(_named_once)] = ()


class Content(_Case):
    """A case as it is frozen: with the words of everything it names."""

    indicator_set_names: dict[Code, TranslatedText] = Field(default_factory=dict)
    indicators: dict[Code, IndicatorWords]
    competences: dict[Code, CompetenceWords]
    critical_errors: dict[Code, CriticalErrorWords]
    sources: dict[Code, SourceWords] = Field(min_length=1)

    def set_names(self, language: str) -> str:
        """The names of its indicator sets, as they are told to the learner."""
        names = self.indicator_set_names
        return " · ".join(
            names[code].read_in(language) if code in names else code for code in self.indicator_sets
        )


def _problem(line: Any, data: Any) -> ContentProblem:
    """Pydantic names the branch of a union in the path too: only what leads into the data is kept."""
    path: list[str | int] = []
    here = data
    for step in line["loc"]:
        if isinstance(here, Mapping) and (step in here or step == line["loc"][-1]):
            here = here.get(step)
        elif isinstance(here, list | tuple) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            continue
        path.append(step)
    return ContentProblem(tuple(path), line["msg"])


def sha256(data: Mapping[str, Any]) -> str:
    """Over the canonical JSON: the same content has the same hash everywhere."""
    return canonical.sha256(data)
