"""The blocks of a lesson. Few and small: each stands in the migrations.

Structure stands once, each text in three languages side by side. Law, indicators and competences are named by
code, so that a lesson shows their newest wording.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from standards.models import Indicator, LegalSource

from .folded import FoldedStream
from .texts import TextsBlock


def legal_sources() -> list[tuple[str, str]]:
    return [(source.code, f"{source.code}: {source}") for source in LegalSource.objects.order_by("code")]


def indicators() -> list[tuple[str, str]]:
    return [(indicator.code, str(indicator)) for indicator in Indicator.objects.all()]


class CodeBlock(blocks.ChoiceBlock):
    """A code out of the database. A ChoiceBlock asks for all choices at each value that it reads: `clean` is enough."""

    def to_python(self, value: Any) -> Any:
        return value

    def normalize(self, value: Any) -> Any:
        return value


class LawBlock(blocks.StructBlock):
    statement = TextsBlock(label=_("What it says"), rows=3)
    source = CodeBlock(choices=legal_sources, label=_("Legal source"))


class CompareBlock(blocks.StructBlock):
    good = blocks.ListBlock(TextsBlock(label=" "), label=_("Do"))
    bad = blocks.ListBlock(TextsBlock(label=" "), label=_("Do not"))


class ExampleBlock(blocks.StructBlock):
    title = TextsBlock(rows=1, label=_("Title"))
    text = TextsBlock(rows=4, label=_("Text"))


class TalkLineBlock(blocks.StructBlock):
    who = TextsBlock(rows=1, label=_("Who speaks"))
    line = TextsBlock(label=_("What they say"))


class CheckOptionBlock(blocks.StructBlock):
    text = TextsBlock(label=_("Option"))
    right = blocks.BooleanBlock(required=False, label=_("This one is right"))
    feedback = TextsBlock(label=_("Feedback, for a wrong option too"))


class CheckBlock(blocks.StructBlock):
    question = TextsBlock(label=_("Question"))
    options = blocks.ListBlock(CheckOptionBlock(label=" "), min_num=2, label=_("Options"))


class LessonBody(FoldedStream):
    paragraph = TextsBlock(
        marks=True,
        rows=6,
        label=_("Text"),
        icon="pilcrow",
        help_text=_(
            "An empty line begins a new paragraph. **bold**, *italic*, [text](https://…); a line that begins "
            "with “- ” or “1. ” is an item of a list."
        ),
    )
    heading = TextsBlock(
        rows=1, label=_("Heading"), icon="title", help_text=_("Names the part that follows, in a few words.")
    )
    law = LawBlock(
        label=_("What the law says"),
        icon="openquote",
        help_text=_("Only what the source says; readers see the source and the day of its text beneath."),
    )
    compare = CompareBlock(
        label=_("Do and do not"), icon="list-ul", help_text=_("The same moment, done wrongly and rightly.")
    )
    example = ExampleBlock(
        label=_("Example"), icon="doc-empty", help_text=_("Invented, and nothing that an exam asks about.")
    )
    talk = blocks.ListBlock(
        TalkLineBlock(label=" "),
        label=_("Conversation"),
        icon="comment",
        help_text=_("The one who speaks first stands on the left."),
    )
    indicators = blocks.ListBlock(
        CodeBlock(choices=indicators, label=" "),
        label=_("Indicators"),
        icon="warning",
        help_text=_("Readers see the words of the standard, and what only looks alike."),
    )
    check = CheckBlock(
        label=_("Self-check"),
        icon="help",
        help_text=_("What is right is ticked once, for all languages. Nobody is shown the result."),
    )
    key_points = blocks.ListBlock(
        TextsBlock(label=" "),
        label=_("Key points"),
        icon="thumbtack",
        help_text=_("Three to five sentences to remember; the lesson ends with them."),
    )
