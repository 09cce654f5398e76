"""Self-checks: a block for each kind of question, with what is right once for all languages.

courses/self_checks.py reads them as the questions of cases.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from standards.models import Indicator

from .texts import TextsBlock


def indicators() -> list[tuple[str, str]]:
    """Return (code, code and words) of each. As rows: every value that is checked asks for all of them."""
    return [(code, f"{code} {text}") for code, text in Indicator.objects.values_list("code", "text")]


def indicators_or_none() -> list[tuple[str, Any]]:
    return [("none", _("No indicator")), *indicators()]


class CodeBlock(blocks.ChoiceBlock):
    """A code out of the database. A ChoiceBlock asks for all choices at each value that it reads: `clean` is enough."""

    def to_python(self, value: Any) -> Any:
        return value

    def normalize(self, value: Any) -> Any:
        return value


SIDES = [("do", _("I do")), ("do-not", _("I do not"))]


def _text() -> TextsBlock:
    return TextsBlock(label=_("Option"))


def _right() -> blocks.BooleanBlock:
    return blocks.BooleanBlock(required=False, label=_("This one is right"))


def _feedback() -> TextsBlock:
    return TextsBlock(label=_("Feedback, for a wrong option too"))


class ChoiceOptionBlock(blocks.StructBlock):
    text = _text()
    right = _right()
    feedback = _feedback()


class ActionOptionBlock(blocks.StructBlock):
    text = _text()
    right = blocks.ChoiceBlock(choices=SIDES, label=_("What is right"))
    feedback = _feedback()


class IndicatorOptionBlock(blocks.StructBlock):
    text = _text()
    right = _right()
    indicator = CodeBlock(choices=indicators, required=False, label=_("Indicator that it shows"))
    feedback = _feedback()


class StatementBlock(blocks.StructBlock):
    text = TextsBlock(label=_("Statement"))
    right = CodeBlock(choices=indicators_or_none, label=_("What is right"))
    feedback = _feedback()


class StepBlock(blocks.StructBlock):
    text = TextsBlock(label=_("Step"))
    feedback = TextsBlock(label=_("Why it stands here"))


class LineBlock(blocks.StructBlock):
    text = TextsBlock(label=_("What you say"))
    right = _right()
    then = TextsBlock(label=_("What comes of it"), rows=3)


class CheckBlock(blocks.StructBlock):
    question = TextsBlock(label=_("Question"))


def _parts(part: type[blocks.StructBlock], label: Any, least: int = 2) -> blocks.ListBlock:
    """A new check brings as many parts as it needs; what a new one brings stands in no migration."""
    made = blocks.ListBlock(part(label=" "), min_num=least, label=label)
    made.meta.default = made.meta.default * least
    return made


class ChoiceCheckBlock(CheckBlock):
    options = _parts(ChoiceOptionBlock, _("Options"))


class ActionsCheckBlock(CheckBlock):
    options = _parts(ActionOptionBlock, _("Options"))


class IndicatorsCheckBlock(CheckBlock):
    options = _parts(IndicatorOptionBlock, _("Options"))


class MatchCheckBlock(CheckBlock):
    indicators = blocks.ListBlock(
        CodeBlock(choices=indicators, label=_("Indicator")), min_num=2, label=_("Indicators offered")
    )
    statements = _parts(StatementBlock, _("Statements"))


class OrderCheckBlock(CheckBlock):
    items = _parts(StepBlock, _("Steps, in the right order"), 3)


class NextLineCheckBlock(CheckBlock):
    options = _parts(LineBlock, _("Lines"))
