"""Bodies of exhibits. Marked passages are written here: in a template a space too much would stand in the text."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from assessments.exam_page import Material
from assessments.feedback_seen import SEEN_WORDS, SeenPassage
from assessments.public import PublicExhibit, PublicText

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def exhibit_body(exhibit: PublicExhibit) -> SafeString:
    """An exhibit that is only read. The same for everybody in one language: rendered once."""
    return render_to_string("assessments/exhibit_body.html", {"exhibit": exhibit})


@register.simple_tag
def passages(text: PublicText, material: Material) -> SafeString:
    """The text, with a box before each passage that can be marked; the passage itself is its label."""
    return format_html_join(
        "", "{}", ((_box(each.text, each.token, material) if each.token else each.text,) for each in text)
    )


def _box(text: str, token: str, material: Material) -> SafeString:
    return format_html(
        '<label class="mk"><input type="checkbox" form="questions" data-question="{0}" name="{0}" value="{1}"{2}>'
        "<span>{3}</span></label>",
        material.exhibit.question,
        token,
        mark_safe(
            (" checked" if token in material.marked else "") + (" disabled" if material.closed else "")
        ),
        text,
    )


@register.simple_tag
def seen_passages(text: tuple[SeenPassage, ...]) -> SafeString:
    """The text after closing: what was found, missed or seen wrongly, each with its line and its word."""
    return format_html_join("", "{}", ((_seen(each),) for each in text))


def _seen(passage: SeenPassage) -> SafeString | str:
    if passage.judgement not in SEEN_WORDS:
        return passage.text
    before, space, last = passage.text.rpartition(
        " "
    )  # the word stays with the last one: it never hangs alone
    name, word = SEEN_WORDS[passage.judgement]
    return format_html(
        '<mark class="m-{}">{}<span class="nb">{}<sup>{}</sup></span></mark>',
        name,
        before + space,
        last,
        word,
    )
