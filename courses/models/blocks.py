"""The blocks of a lesson. Few and small: each stands in the migrations.

Law, indicators and competences are named by code, so that a lesson shows their newest wording.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from standards.models import Indicator, LegalSource

FEATURES = ["bold", "italic", "ul", "ol", "link"]


def legal_sources() -> list[tuple[str, str]]:
    return [(source.code, f"{source.code}: {source}") for source in LegalSource.objects.order_by("code")]


def indicators() -> list[tuple[str, str]]:
    return [(indicator.code, str(indicator)) for indicator in Indicator.objects.all()]


class LawBlock(blocks.StructBlock):
    statement = blocks.TextBlock(label=_("What it says"), rows=3)
    source = blocks.ChoiceBlock(choices=legal_sources, label=_("Legal source"))


class CompareBlock(blocks.StructBlock):
    good = blocks.ListBlock(blocks.TextBlock(rows=2, label=" "), label=_("Do"))
    bad = blocks.ListBlock(blocks.TextBlock(rows=2, label=" "), label=_("Do not"))


class ExampleBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"))
    text = blocks.TextBlock(label=_("Text"))


class TalkLineBlock(blocks.StructBlock):
    who = blocks.CharBlock(label=_("Who speaks"))
    line = blocks.TextBlock(rows=2, label=_("What they say"))


class CheckOptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(rows=2, label=_("Option"))
    right = blocks.BooleanBlock(required=False, label=_("This one is right"))
    feedback = blocks.TextBlock(rows=2, label=_("Feedback, for a wrong option too"))


class CheckBlock(blocks.StructBlock):
    question = blocks.TextBlock(rows=2, label=_("Question"))
    options = blocks.ListBlock(CheckOptionBlock(label=" "), min_num=2, label=_("Options"))


class LessonBody(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(features=FEATURES, label=_("Text"), icon="pilcrow")
    heading = blocks.CharBlock(label=_("Heading"), icon="title")
    law = LawBlock(label=_("What the law says"), icon="openquote")
    compare = CompareBlock(label=_("Do and do not"), icon="list-ul")
    example = ExampleBlock(label=_("Example"), icon="doc-empty")
    talk = blocks.ListBlock(TalkLineBlock(label=" "), label=_("Conversation"), icon="comment")
    indicators = blocks.ListBlock(
        blocks.ChoiceBlock(choices=indicators, label=" "), label=_("Indicators"), icon="warning"
    )
    check = CheckBlock(label=_("Self-check"), icon="help")
    key_points = blocks.ListBlock(
        blocks.TextBlock(rows=2, label=" "), label=_("Key points"), icon="thumbtack"
    )
