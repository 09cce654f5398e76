"""The blocks of a lesson. Few and small: each stands in the migrations.

Structure stands once, each text in three languages side by side. Law, indicators and competences are named by
code, so that a lesson shows their newest wording.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from standards.models import LegalSource

from .blocks_checks import (
    ActionsCheckBlock,
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
    return [(source.code, f"{source.code}: {source}") for source in LegalSource.objects.order_by("code")]


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
LOOK = _("Stands before the telling, with a self-check after it. Invented: no real person.")
RIGHT_ONCE = _("What is right is said once, for all languages. Nobody is shown the result.")
SHUFFLED = _("Write the steps in the right order; readers get them shuffled.")


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
        help_text=_("Only where it shows what words cannot. Readers are sent at most 200 KB."),
    )
    exhibit_text = TextExhibitBlock(
        label=_("Exhibit: a text"), icon="doc-full", group=EXHIBITS, help_text=LOOK
    )
    exhibit_messages = MessagesExhibitBlock(
        label=_("Exhibit: messages"), icon="comment", group=EXHIBITS, help_text=LOOK
    )
    exhibit_ledger = LedgerExhibitBlock(
        label=_("Exhibit: a ledger"), icon="list-ul", group=EXHIBITS, help_text=LOOK
    )
    exhibit_table = TableExhibitBlock(
        label=_("Exhibit: a table"), icon="table", group=EXHIBITS, help_text=LOOK
    )
    check_choice = ChoiceCheckBlock(
        label=_("Self-check: choose one"), icon="help", group=CHECKS, help_text=RIGHT_ONCE
    )
    check_actions = ActionsCheckBlock(
        label=_("Self-check: do or do not"), icon="help", group=CHECKS, help_text=RIGHT_ONCE
    )
    check_indicators = IndicatorsCheckBlock(
        label=_("Self-check: find indicators"), icon="help", group=CHECKS, help_text=RIGHT_ONCE
    )
    check_match = MatchCheckBlock(
        label=_("Self-check: match"), icon="help", group=CHECKS, help_text=RIGHT_ONCE
    )
    check_order = OrderCheckBlock(
        label=_("Self-check: put in order"), icon="help", group=CHECKS, help_text=SHUFFLED
    )
    check_next_line = NextLineCheckBlock(
        label=_("Self-check: the next line"), icon="help", group=CHECKS, help_text=RIGHT_ONCE
    )
    key_points = blocks.ListBlock(
        TextsBlock(label=" "),
        label=_("Key points"),
        icon="thumbtack",
        help_text=_("Three to five sentences to remember; the lesson ends with them."),
    )
