"""Exhibits of a lesson: something to look at before it is told. Shown as the exhibits of cases are."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .texts import TextsBlock

TEXT_KINDS = [("statement", _("Statement")), ("note", _("Note")), ("letter", _("Letter"))]


def _title() -> TextsBlock:
    return TextsBlock(rows=1, label=_("Title"))


def _origin() -> TextsBlock:
    return TextsBlock(rows=1, label=_("Where it comes from"))


class TextExhibitBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(choices=TEXT_KINDS, label=_("Kind"))
    title = _title()
    origin = _origin()
    paragraphs = blocks.ListBlock(TextsBlock(label=" ", rows=4), min_num=1, label=_("Paragraphs"))


class MessageBlock(blocks.StructBlock):
    who = TextsBlock(rows=1, label=_("Who writes"))
    mine = blocks.BooleanBlock(required=False, label=_("Written by the person whose telephone it is"))
    text = TextsBlock(label=_("What they write"))


class MessagesExhibitBlock(blocks.StructBlock):
    title = _title()
    origin = _origin()
    messages = blocks.ListBlock(MessageBlock(label=" "), min_num=1, label=_("Messages"))


class LedgerRowBlock(blocks.StructBlock):
    label = TextsBlock(rows=1, label=_("What it is for"))
    value = TextsBlock(rows=1, label=_("Amount"))


class LedgerExhibitBlock(blocks.StructBlock):
    title = _title()
    origin = _origin()
    rows = blocks.ListBlock(LedgerRowBlock(label=" "), min_num=1, label=_("Rows"))


def _columns() -> blocks.ListBlock:
    return blocks.ListBlock(TextsBlock(rows=1, label=" "), min_num=1, label=_("Columns"))


def _rows() -> blocks.ListBlock:
    cells = blocks.ListBlock(TextsBlock(rows=1, label=" "), min_num=1, label=" ")
    return blocks.ListBlock(cells, min_num=1, label=_("Rows"))


class TableExhibitBlock(blocks.StructBlock):
    title = _title()
    origin = _origin()
    columns = _columns()
    rows = _rows()


class TableBlock(blocks.StructBlock):
    caption = TextsBlock(rows=1, label=_("What the table shows"))
    columns = _columns()
    rows = _rows()
