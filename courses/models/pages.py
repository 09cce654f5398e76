"""Pages that trainers edit. Fields are translated; `Page.title` is filled from `heading_az`.

What an edition must have may be empty in a draft, which is saved all the same: gaps.py.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester

from assessments.models import Blueprint
from locales.languages import LANGUAGE_NAMES, LANGUAGES
from operations.ids import public_id

from ..translation_state import carry
from .blocks import LessonBody
from .blocks_field_sheet import FieldSheetBody


class Generation(models.Model):
    """One number, drawn anew by every change of what readers see: the key of the caches in reading.py.

    Random, not counted: after a rollback or the restore of an older database no number comes twice.
    """

    number = models.PositiveBigIntegerField(default=1)

    personal_data: ClassVar[tuple[str, ...]] = ()


class Drafting(PagePermissionTester):
    """Let whoever may change a page ask to delete it; the answer comes in words (guards.py).

    Nobody has Wagtail's right to publish: what readers see changes with an edition.
    """

    def _can_change(self) -> bool:
        if not self.user.is_active or self.page_is_root:
            return False
        return self.user.is_superuser or "change" in self.permissions

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self._can_change()

    def can_move(self) -> bool:
        return self._can_change() and not self.page.live

    def can_reorder_children(self) -> bool:
        """Readers meet lessons in this order: it would change for them at once, by one person."""
        return False


PREVIEW_MODES = list(LANGUAGE_NAMES.items())

type Preview = Callable[[HttpRequest, Page, str], HttpResponse]


class Previewed(Page):
    """Readers are answered by views.py; a page serves itself only as the preview of a draft."""

    draw_preview: ClassVar[Preview]  # (request, page, language), set by apps.py: drawing reads these models
    exclude_fields_in_copy: ClassVar[list[str]] = ["public_id"]
    admin_default_ordering = "ord"  # as readers meet them
    has_page: ClassVar[bool] = True  # of its own, as readers see it

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> Drafting:
        return Drafting(user, self)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return PREVIEW_MODES if self.has_page else []

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        request.is_preview = True  # type: ignore[attr-defined]  # as Wagtail marks it
        return type(self).draw_preview(request, self, mode_name or "az")


class CatalogPage(Previewed):
    """The root of the site's pages: every course is its child."""

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["courses.CoursePage"]
    has_page = False
    max_count = 1

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        verbose_name = _("catalog")
        verbose_name_plural = _("catalogs")


class TranslatedPage(Previewed):
    """A page whose texts know what they were translated from: see translation_state.py."""

    translated: ClassVar[tuple[str, ...]] = ("heading",)  # fields of three columns
    streams: ClassVar[tuple[str, ...]] = ()  # fields whose blocks hold texts
    judged = models.JSONField(default=dict, blank=True)  # field -> language -> what it was judged beside

    class Meta:
        abstract = True

    @property
    def texts(self) -> dict[str, Any]:
        """Return its texts as raw data: {"heading": {"az": …, "en": …, "ru": …, "of": …}, …}."""
        columns = [f"{field}_{code}" for field in self.translated for code in LANGUAGES]
        texts = texts_of({name: getattr(self, name) for name in columns} | {"judged": self.judged})
        return texts | {name: getattr(self, name).get_prep_value() for name in self.streams}

    def take_texts(self, texts: Mapping[str, Any]) -> None:
        """Set the texts, and what they were judged beside."""
        for field in self.translated:
            for code in LANGUAGES:
                setattr(self, f"{field}_{code}", texts[field][code])
        self.judged = {field: texts[field]["of"] for field in self.translated}
        for name in self.streams:
            setattr(self, name, self._meta.get_field(name).to_python(texts[name]))

    def judge(self) -> None:
        """Tell which translations were written beside the Azerbaijani texts of now, and which before them."""
        newest = self.get_latest_revision() if self.pk else None
        self.take_texts(carry(self.texts, texts_of(newest.content) if newest else {}))

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Judge the translations, whoever saves: the editor, its autosave, a file, the page of translations."""
        self.judge()
        return super().save_revision(*args, **kwargs)


def texts_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts of a revision's content as raw data, those of its blocks among them."""
    judged = content.get("judged") or {}
    fields = [name.removesuffix("_az") for name in content if name.endswith("_az")]
    texts = {
        field: {code: content.get(f"{field}_{code}") or "" for code in LANGUAGES}
        | {"of": judged.get(field) or {}}
        for field in fields
    }
    return texts | {name: json.loads(content[name]) for name in STREAMS if name in content}


STREAMS = ("body", "field_sheet")


class CoursePage(TranslatedPage):
    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    code = models.CharField(max_length=20, unique=True)
    heading = models.CharField(max_length=200)
    summary = models.TextField()
    audience = models.CharField(max_length=200)
    legal_date = models.DateField(null=True)
    field_sheet = StreamField(FieldSheetBody(), blank=True, verbose_name=_("Field sheet"))

    translated = ("heading", "summary", "audience")
    streams = ("field_sheet",)
    parent_page_types: ClassVar[list[str]] = ["courses.CatalogPage"]
    subpage_types: ClassVar[list[str]] = ["courses.ModulePage"]
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")


class ModulePage(TranslatedPage):
    heading = models.CharField(max_length=200)

    parent_page_types: ClassVar[list[str]] = ["courses.CoursePage"]
    subpage_types: ClassVar[list[str]] = ["courses.LessonPage", "courses.AssessmentPage"]
    has_page = False
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LessonPage(TranslatedPage):
    heading = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField(null=True)
    legal_date = models.DateField(null=True)
    sources = models.JSONField(default=list, blank=True)  # codes of legal sources
    competences = models.JSONField(default=list, blank=True)  # codes
    critical_errors = models.JSONField(default=list, blank=True)  # codes of those it treats
    body = StreamField(LessonBody(), blank=True, verbose_name=_("Text"))

    streams = ("body",)

    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")


class AssessmentPage(TranslatedPage):
    heading = models.CharField(max_length=200)
    intro = models.TextField()
    blueprint = models.ForeignKey(Blueprint, models.PROTECT, null=True, related_name="+")

    translated = ("heading", "intro")

    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
