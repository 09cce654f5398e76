"""Gaps of a draft, in words: drafts may have some, editions have none."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError, StreamValue

from assessments.authoring import prospect_of

from .field_sheets import problems_of
from .models import AssessmentPage, CoursePage, LessonPage, ModulePage
from .self_checks import kind_of, problem_of, written_question
from .term_texts import explained, terms_in

type AuthoredPage = CoursePage | ModulePage | LessonPage | AssessmentPage


def gaps_in(draft: AuthoredPage) -> list[str]:
    """Return what is missing in a page, a line each: "Minutes to read it", "3. Self-check, Options 2, Option: …"."""
    found = list(_empty(draft))
    if isinstance(draft, LessonPage):
        found += _body_gaps(draft.body) if draft.body else [_("Text")]
    elif isinstance(draft, CoursePage) and draft.field_sheet:
        found += [f"{_('Field sheet')}: {gap}" for gap in _sheet_gaps(draft)]
    elif isinstance(draft, AssessmentPage) and draft.blueprint:
        found += prospect_of(draft.blueprint)[1]  # its cases may have changed since its rules were saved
    return found


def _empty(draft: AuthoredPage) -> Iterator[str]:
    wanted: dict[str, Any] = {
        "heading_az": _("Heading"),
        "summary_az": _("Summary"),
        "audience_az": _("For whom"),
        "intro_az": _("Introduction"),
        "code": _("Code"),
        "minutes": _("Minutes to read it"),
        "legal_date": _("Sources read until"),
        "sources": _("What the lesson rests on"),
        "blueprint_id": _("How it is drawn and marked"),
    }
    for name, words in wanted.items():
        if hasattr(draft, name) and not getattr(draft, name):
            yield words


def _sheet_gaps(draft: CoursePage) -> list[str]:
    """Return what is missing; where nothing is, what is wrong with it as a page for the pocket."""
    return _stream_gaps(draft.field_sheet) or problems_of(draft)


def _body_gaps(body: StreamValue) -> list[str]:
    found = _stream_gaps(body) + _term_gaps(body)
    for number, child in enumerate(body, 1):
        if kind := kind_of(child.block_type):
            question = written_question(kind, child.id, child.block.get_prep_value(child.value))
            if question and (problem := problem_of(question)):
                found.append(f"{number}. {child.block.label}: {problem}")
    return found


def _term_gaps(body: StreamValue) -> list[str]:
    """Terms to be explained in place that the glossary does not explain."""
    paragraphs = [(number, child) for number, child in enumerate(body, 1) if child.block_type == "paragraph"]
    asked = {number: terms_in(child.block.get_prep_value(child.value)) for number, child in paragraphs}
    known = explained(set().union(*asked.values()))
    return [
        f"{number}. {child.block.label}: "
        + _("the glossary gives no meaning of term %(number)s") % {"number": term}
        for number, child in paragraphs
        for term in sorted(asked[number] - known.keys())
    ]


def _stream_gaps(stream: StreamValue) -> list[str]:
    found = []
    try:
        stream.stream_block.clean(stream)
    except StreamBlockValidationError as error:
        found = [" ".join(part.messages) for part in error.non_block_errors.as_data()]
        for number, part in error.block_errors.items():
            block = stream[number].block
            found += _below(block, part, f"{number + 1}. {block.label}")
    return found


def _below(block: blocks.Block, error: ValidationError, place: str) -> list[str]:
    """Return the errors of a block and of all blocks in it, each with its place."""
    inner = getattr(error, "block_errors", None)
    if inner is None:
        return [f"{place}: {' '.join(error.messages)}"]
    own = getattr(error, "non_block_errors", None)
    found = [f"{place}: {' '.join(part.messages)}" for part in own.as_data()] if own else []
    for key, part in inner.items():
        if isinstance(block, blocks.ListBlock):
            found += _below(block.child_block, part, f"{place} {key + 1}")
        else:
            child = block.child_blocks[key]
            found += _below(child, part, f"{place}, {child.label}")
    return found
