"""The editor at /cms/: three languages side by side, and forms that know our fields."""

from itertools import chain, count
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.models import Page

from locales.languages import DEFAULT_LANGUAGE, LANGUAGE_NAMES, LANGUAGES, RULES
from locales.text import fold
from standards.models import Competence, CriticalError, LegalSource

from .drafts import translations_of
from .models import AssessmentPage, CatalogPage, CoursePage, LessonPage, ModulePage

RESERVED_SLUGS = {"enrol"}  # addresses of ours under a course


class PageForm(WagtailAdminPageForm):
    """Fills title and slug from the Azerbaijani heading; a slug never changes afterwards."""

    def clean(self) -> Any:
        cleaned = super().clean()
        heading = cleaned.get("heading_az") or self.instance.title or _("Untitled")
        self.instance.title = heading
        if not self.instance.slug:
            self.instance.slug = self._free_slug(slugify(fold(heading))[:60] or "page")
        return cleaned

    def _free_slug(self, wanted: str) -> str:
        candidates = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
        return next(
            slug
            for slug in candidates
            if slug not in RESERVED_SLUGS and Page._slug_is_available(slug, self.parent_page)
        )


def _sources() -> list[tuple[str, str]]:
    return [(source.code, f"{source.code}: {source}") for source in LegalSource.objects.order_by("code")]


def _competences() -> list[tuple[str, str]]:
    return [(competence.code, str(competence)) for competence in Competence.objects.order_by("code")]


def _critical_errors() -> list[tuple[str, str]]:
    return [(error.code, str(error)) for error in CriticalError.objects.order_by("code")]


class LessonForm(PageForm):
    """Legal sources, competences and critical errors are chosen from the standards; the page keeps codes."""

    sources = forms.MultipleChoiceField(
        label=gettext_lazy("What the lesson rests on"),
        choices=_sources,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    competences = forms.MultipleChoiceField(
        label=gettext_lazy("Competences it teaches"),
        choices=_competences,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    critical_errors = forms.MultipleChoiceField(
        label=gettext_lazy("Critical errors it treats"),
        help_text=gettext_lazy("People who make one in the exam are led to this lesson."),
        choices=_critical_errors,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class Translations(HelpPanel):
    """At the top of each page: which languages are missing or older than the Azerbaijani text."""

    class BoundPanel(HelpPanel.BoundPanel):
        template_name = "courses/cms/translations.html"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.template_name = "courses/cms/translations.html"

        def get_context_data(self, parent_context: Any = None) -> Any:
            context = super().get_context_data(parent_context)
            context["translations"] = translations_of(self.instance) if self.instance.pk else []
            context["switch"] = _switch()
            return context


def _switch() -> list[tuple[str, str]]:
    """The languages that may be shown together, as classes, and their button's text."""
    first, labels = DEFAULT_LANGUAGE, {code: rules.label for code, rules in RULES.items()}
    pairs = [(f"{first} {code}", f"{labels[first]} + {labels[code]}") for code in LANGUAGES if code != first]
    return [(first, labels[first]), *pairs, (" ".join(LANGUAGES), _("All"))]


def translated(field: str, heading: Any, **options: Any) -> FieldRowPanel:
    """One field in three columns; the switch shows or hides columns by their class."""
    columns = [
        FieldPanel(
            f"{field}_{code}",
            heading=format_lazy("{} · {}", heading, name),
            classname=f"lang-{code}",
            **options,
        )
        for code, name in LANGUAGE_NAMES.items()
    ]
    return FieldRowPanel(columns, classname="langs")


def _long(field: str, heading: Any) -> FieldRowPanel:
    return translated(field, heading, widget=AdminAutoHeightTextInput())


def _facts() -> list[FieldPanel]:
    return [
        FieldPanel("minutes", heading=gettext_lazy("Minutes to read it")),
        FieldPanel("legal_date", heading=gettext_lazy("Sources read until")),
    ]


class Pages:
    """Return the fields that are edited of each kind of page."""

    catalog: ClassVar = ObjectList(
        [HelpPanel(gettext_lazy("Courses are kept under this page."))], base_form_class=PageForm
    )
    heading: ClassVar = translated("heading", gettext_lazy("Heading"))
    course: ClassVar = ObjectList(
        [
            Translations(),
            heading,
            _long("summary", gettext_lazy("Summary")),
            translated("audience", gettext_lazy("For whom")),
            FieldRowPanel([FieldPanel("code", heading=gettext_lazy("Code")), *_facts()]),
        ],
        base_form_class=PageForm,
    )
    module: ClassVar = ObjectList([Translations(), heading], base_form_class=PageForm)
    lesson: ClassVar = ObjectList(
        [
            Translations(),
            heading,
            translated("body", gettext_lazy("Text")),
            FieldRowPanel(_facts()),
            MultiFieldPanel(
                [FieldPanel("sources")],
                heading=LessonForm.base_fields["sources"].label,
                classname="collapsed",
            ),
            MultiFieldPanel(
                [FieldPanel("competences")],
                heading=LessonForm.base_fields["competences"].label,
                classname="collapsed",
            ),
            MultiFieldPanel(
                [FieldPanel("critical_errors")],
                heading=LessonForm.base_fields["critical_errors"].label,
                classname="collapsed",
            ),
        ],
        base_form_class=LessonForm,
    )
    assessment: ClassVar = ObjectList(
        [
            Translations(),
            heading,
            _long("intro", gettext_lazy("Introduction")),
            FieldPanel("blueprint", heading=gettext_lazy("How it is drawn and marked")),
        ],
        base_form_class=PageForm,
    )


def attach() -> None:
    """Called once, when the app is ready, before anything asks Wagtail for a page's panels."""
    CatalogPage.edit_handler = Pages.catalog
    CoursePage.edit_handler = Pages.course
    ModulePage.edit_handler = Pages.module
    LessonPage.edit_handler = Pages.lesson
    AssessmentPage.edit_handler = Pages.assessment
