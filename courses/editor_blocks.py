"""The blocks of a lesson as the editor's script draws them (static/courses/cms-body.js)."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtail.blocks.stream_block import StreamBlockAdapter

from locales.languages import DEFAULT_LANGUAGE, LANGUAGES, RULES

from .models.blocks_picture import PictureWidget
from .models.folded import FoldedStream
from .models.texts import TextsWidget
from .translation_state import TranslationState

SCRIPT = "courses/cms-body.js"
STATES: dict[str, Any] = {TranslationState.MISSING: _("missing"), TranslationState.STALE: _("older")}


class TextsAdapter(WidgetAdapter):
    js_constructor = "nisane.Texts"

    def js_args(self, widget: TextsWidget) -> list[Any]:
        names = {
            language: {"name": RULES[language].name, "label": RULES[language].label} for language in LANGUAGES
        }
        words: dict[str, Any] = {
            **STATES,
            TranslationState.CURRENT: _("current"),
            "still": _("Still right"),
            "changed": _("What changed"),
        }
        facts = {"rows": widget.rows, "marks": widget.marks, "required": widget.is_required}
        return [{**facts, "names": names, "words": words}]

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(js=[SCRIPT])


class PictureAdapter(WidgetAdapter):
    js_constructor = "nisane.Picture"

    def js_args(self, widget: PictureWidget) -> list[Any]:
        words: dict[str, Any] = {
            "sending": _("Being sent…"),
            "sent": _("Kept. Say below what the picture shows."),
            "failed": _("It could not be sent. Choose it again."),
        }
        return [{"address": reverse("courses_cms:pictures"), "words": words}]

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(js=[SCRIPT])


class FoldedStreamAdapter(StreamBlockAdapter):
    js_constructor = "nisane.FoldedStream"

    def js_args(self, block: FoldedStream) -> list[Any]:
        *others, meta = super().js_args(block)
        words: dict[str, Any] = {
            **STATES,
            TranslationState.CURRENT: _("%(count)s languages current") % {"count": len(LANGUAGES)},
            "original": DEFAULT_LANGUAGE,
            "labels": {language: RULES[language].label for language in LANGUAGES},
        }
        return [*others, {**meta, "words": words}]

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(js=[versioned_static("wagtailadmin/js/telepath/blocks.js"), SCRIPT])


register(TextsAdapter(), TextsWidget)
register(PictureAdapter(), PictureWidget)
register(FoldedStreamAdapter(), FoldedStream)
