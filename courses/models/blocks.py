"""The blocks of a lesson. Few and small: each stands in the migrations.

Structure stands once, each text in three languages side by side. Law, indicators and competences are named by
code, so that a lesson shows their newest wording.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from standards.models import LegalSource

from .blocks_checks import (
    ActionsCheckBlock,
    CheckBlock,
    ChoiceCheckBlock,
    CodeBlock,
    IndicatorsCheckBlock,
    MatchCheckBlock,
    NextLineCheckBlock,
    OrderCheckBlock,
    indicators,
)
from .blocks_exhibits import (
    LedgerExhibitBlock,
    MessagesExhibitBlock,
    TableBlock,
    TableExhibitBlock,
    TextExhibitBlock,
)
from .blocks_picture import PictureBlock
from .folded import FoldedStream
from .texts import TextsBlock


def legal_sources() -> list[tuple[str, str]]:
    rows = LegalSource.objects.order_by("code").values_list("code", "instrument", "article")
    return [(code, f"{code}: " + ", ".join(filter(None, (act, article)))) for code, act, article in rows]


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


EXHIBITS = _("To look at first")
CHECKS = _("Self-checks")
LOOK = _("Comes before the explanation, and a self-check follows it. Invented: no real person.")
RIGHT_ONCE = _("What is right is said once, for all languages. Nobody is shown the result.")
SHUFFLED = _("Write the steps in the right order; readers get them shuffled.")


def _exhibit(block: type[blocks.StructBlock], label: Any, icon: str) -> blocks.StructBlock:
    return block(label=label, icon=icon, group=EXHIBITS, help_text=LOOK)


def _check(block: type[CheckBlock], label: Any, hint: Any = RIGHT_ONCE) -> CheckBlock:
    return block(label=label, icon="help", group=CHECKS, help_text=hint)


class LessonBody(FoldedStream):
    paragraph = TextsBlock(
        marks=True,
        rows=6,
        label=_("Text"),
        icon="pilcrow",
        help_text=_(
            "An empty line begins a new paragraph. **bold**, *italic*, [text](https://…); a line that begins "
            "with “- ” or “1. ” is an item of a list. [words](term:26) explains term 26 of the glossary in place."
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
        CodeBlock(choices=indicators, label=_("Indicator")),
        label=_("Indicators"),
        icon="warning",
        help_text=_("Readers see the words of the standard, and what only looks alike."),
    )
    steps = blocks.ListBlock(
        TextsBlock(label=" "),
        label=_("Steps"),
        icon="list-ol",
        help_text=_("What is done one after another; readers see it numbered."),
    )
    checklist = blocks.ListBlock(
        TextsBlock(label=" "),
        label=_("Checklist"),
        icon="tasks",
        help_text=_("What must not be forgotten, in any order."),
    )
    table = TableBlock(
        label=_("Table"), icon="table", help_text=_("The caption says what one is to see in it.")
    )
    picture = PictureBlock(
        label=_("Picture"),
        icon="image",
        help_text=_("Only where words are not enough. Readers are sent at most 200 KB."),
    )
    exhibit_text = _exhibit(TextExhibitBlock, _("Exhibit: a text"), "doc-full")
    exhibit_messages = _exhibit(MessagesExhibitBlock, _("Exhibit: messages"), "comment")
    exhibit_ledger = _exhibit(LedgerExhibitBlock, _("Exhibit: a ledger"), "list-ul")
    exhibit_table = _exhibit(TableExhibitBlock, _("Exhibit: a table"), "table")
    check_choice = _check(ChoiceCheckBlock, _("Self-check: choose one"))
    check_actions = _check(ActionsCheckBlock, _("Self-check: do or do not"))
    check_indicators = _check(IndicatorsCheckBlock, _("Self-check: find indicators"))
    check_match = _check(MatchCheckBlock, _("Self-check: match"))
    check_order = _check(OrderCheckBlock, _("Self-check: put in order"), SHUFFLED)
    check_next_line = _check(NextLineCheckBlock, _("Self-check: the next line"))
    key_points = blocks.ListBlock(
        TextsBlock(label=" "),
        label=_("Key points"),
        icon="thumbtack",
        help_text=_("Three to five sentences to remember; the lesson ends with them."),
    )
