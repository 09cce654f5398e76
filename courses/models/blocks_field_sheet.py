"""The blocks of a field sheet: whom to call, first minutes, first questions, what never, indicators, the note."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from standards.models import Figure

from .blocks_checks import CodeBlock, indicators
from .folded import FoldedStream
from .texts import TextsBlock


def figures() -> list[tuple[str, str]]:
    return [(figure.code, str(figure)) for figure in Figure.objects.order_by("code")]


class CallBlock(blocks.StructBlock):
    who = TextsBlock(rows=1, label=_("Who answers"))
    when = TextsBlock(rows=1, required=False, label=_("When to call, or when they answer"))
    figure = CodeBlock(
        choices=figures,
        required=False,
        label=_("Number, of the table of figures"),
        help_text=_("Left empty, the sheet says that the number is missing."),
    )


class MinuteBlock(blocks.StructBlock):
    minutes = blocks.CharBlock(max_length=9, label=_("Minutes, as 1–3"))
    text = TextsBlock(label=_("What to do"))


class SheetIndicatorsBlock(blocks.StructBlock):
    codes = blocks.ListBlock(CodeBlock(choices=indicators, label=_("Indicator")), label=_("Indicators"))
    remember = TextsBlock(rows=1, label=_("To remember"))


class NoteFieldBlock(blocks.StructBlock):
    name = TextsBlock(rows=1, label=_("Field"))
    hint = TextsBlock(rows=1, label=_("What belongs into it"))


class NoteBlock(blocks.StructBlock):
    fields = blocks.ListBlock(NoteFieldBlock(label=" "), label=_("Fields"))
    remember = TextsBlock(rows=1, label=_("To remember"))


class FieldSheetBody(FoldedStream):
    call = CallBlock(
        label=_("Telephone"), icon="mobile-alt", help_text=_("In the order in which they stand on the sheet.")
    )
    minute = MinuteBlock(label=_("First ten minutes"), icon="time")
    question = TextsBlock(rows=1, label=_("First question"), icon="help", help_text=_("As it is said."))
    never = TextsBlock(rows=1, label=_("Never"), icon="cross")
    indicators = SheetIndicatorsBlock(
        label=_("Indicators"),
        icon="warning",
        help_text=_("The name of each from the standards, with what only looks alike."),
    )
    note = NoteBlock(label=_("Referral note"), icon="edit", help_text=_("Fields to fill in by hand."))

    class Meta:
        block_counts: ClassVar[dict[str, dict[str, int]]] = {
            "indicators": {"max_num": 1},
            "note": {"max_num": 1},
        }
