"""The editor at /cms/: three languages side by side, and forms that know our fields."""

from itertools import chain, count
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.compare import FieldComparison, diff_text
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.models import Page

from assessments.models import Blueprint
from locales.languages import DEFAULT_LANGUAGE, LANGUAGE_NAMES, LANGUAGES, RULES
from locales.text import fold
from operations.form_fields import DayField
from standards.models import Competence, CriticalError, LegalSource

from .drafts import translations_of
from .edition_plan import PlannedPage
from .edition_proposals import remarks_of
from .models import AssessmentPage, CatalogPage, CoursePage, LessonPage, ModulePage
from .models.comparison import BodyComparison
from .ownership import code_stays, course_above, of_other_courses
from .permissions import can_propose_edition

RESERVED_SLUGS = {"enrol", "field-sheet"}  # addresses of ours under a course


class PageForm(WagtailAdminPageForm):
    """Fills title and slug from the Azerbaijani heading; a slug never changes afterwards.

    Days are read as everywhere else, whatever the language of the editor.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.input_formats = DayField.input_formats

    def clean(self) -> Any:
        cleaned = super().clean()
        heading = cleaned.get("heading_az") or self.instance.title or _("Untitled")
        self.instance.title = heading
        if not self.instance.slug:
            self.instance.slug = self._free_slug(_in_addresses(heading)[:60] or "page")
        return cleaned

    def _free_slug(self, wanted: str) -> str:
        candidates = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
        return next(
            slug
            for slug in candidates
            if slug not in RESERVED_SLUGS and Page._slug_is_available(slug, self.parent_page)
        )


def _in_addresses(heading: str) -> str:
    """Return a heading in plain letters and hyphens, `zəngi` as `zengi`; Cyrillic as search folds it."""
    return slugify(heading.translate(_PLAIN)) or slugify(fold(heading))


_PLAIN = str.maketrans("əƏıİ", "eEiI")


class CourseForm(PageForm):
    """The code of a course that has an edition stays: certificates are earned by the course of this code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.published = CoursePage.objects.filter(pk=self.instance.pk, editions__isnull=False).first()
        if self.published is not None and "code" in self.fields:
            self.fields["code"].widget.attrs["readonly"] = True

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if self.published is not None and code != self.published.code:
            raise forms.ValidationError(code_stays(self.published))
        return code


class AssessmentForm(PageForm):
    """Offers assessments that no other course uses: by another course nobody earns a certificate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "blueprint" in self.fields:
            others = of_other_courses(course_above(self.parent_page))
            self.fields["blueprint"].queryset = Blueprint.objects.exclude(pk__in=others).order_by("code")


def _sources() -> list[tuple[str, str]]:
    return [(source.code, f"{source.code}: {source}") for source in LegalSource.objects.order_by("code")]


def _competences() -> list[tuple[str, str]]:
    return [(competence.code, str(competence)) for competence in Competence.objects.order_by("code")]


def _critical_errors() -> list[tuple[str, str]]:
    return [(error.code, str(error)) for error in CriticalError.objects.order_by("code")]


def _in_order_of(before: list[str], codes: list[str]) -> list[str]:
    """Return the codes, those that were there before in their order, then the new ones."""
    return [code for code in before if code in codes] + [code for code in codes if code not in before]


class LessonForm(PageForm):
    """Legal sources, competences and critical errors are chosen from the standards; the page keeps codes."""

    sources = forms.MultipleChoiceField(
        label=gettext_lazy("What the lesson rests on"),
        help_text=gettext_lazy("The acts and guidelines that are named at the end of the lesson."),
        choices=_sources,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    competences = forms.MultipleChoiceField(
        label=gettext_lazy("Competences it teaches"),
        help_text=gettext_lazy("What an officer can do after this lesson."),
        choices=_competences,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    critical_errors = forms.MultipleChoiceField(
        label=gettext_lazy("Critical errors it explains"),
        help_text=gettext_lazy("People who make one in the exam are led to this lesson."),
        choices=_critical_errors,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def clean(self) -> Any:
        """Keep the order of the codes, new ones last: nothing has changed where nothing was ticked."""
        cleaned = super().clean()
        for name in ("sources", "competences", "critical_errors"):
            if name in cleaned:
                cleaned[name] = _in_order_of(self.initial.get(name) or [], cleaned[name])
        return cleaned


class Translations(HelpPanel):
    """At the top of each page: which languages need work, and what a reviewer said of it."""

    class BoundPanel(HelpPanel.BoundPanel):
        template_name = "courses/cms/translations.html"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.template_name = "courses/cms/translations.html"

        def get_context_data(self, parent_context: Any = None) -> Any:
            context = super().get_context_data(parent_context)
            context["switch"] = _switch()
            page = self.instance
            course = CoursePage.objects.ancestor_of(page, inclusive=True).first() if page.pk else None
            if course:
                context["course"] = course
                context["translations"] = translations_of(page)
                context["remarks"] = [found for found in remarks_of(course) if found.page_id == page.pk]
            return context


def _switch() -> list[tuple[str, str]]:
    """The languages that may be shown together, as classes, and their button's text."""
    first, labels = DEFAULT_LANGUAGE, {code: rules.label for code, rules in RULES.items()}
    pairs = [(f"{first} {code}", f"{labels[first]} + {labels[code]}") for code in LANGUAGES if code != first]
    return [(first, labels[first]), *pairs, (" ".join(LANGUAGES), _("All"))]


class InTheWay(HelpPanel):
    """At the foot of each page, beside the button that saves: what of the saved draft stands in the way of an edition."""

    class BoundPanel(HelpPanel.BoundPanel):
        template_name = "courses/cms/in_the_way.html"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.template_name = "courses/cms/in_the_way.html"

        def get_context_data(self, parent_context: Any = None) -> Any:
            context = super().get_context_data(parent_context)
            page = self.instance
            if page.pk and page.latest_revision:
                planned = PlannedPage(page, changed=False)
                missing = [
                    (LANGUAGE_NAMES[found.language], found.missing)
                    for found in planned.translations
                    if found.missing
                ]
                context |= {
                    "course": CoursePage.objects.ancestor_of(page, inclusive=True).first(),
                    "gaps": planned.gaps,
                    "missing": missing,
                    "may_propose": can_propose_edition(self.request.user),
                }
            return context


class BodyPanel(FieldPanel):
    """The blocks of a page; those that did not change are one line in a comparison."""

    def get_comparison_class(self) -> type[BodyComparison]:
        return BodyComparison


class CodesComparison(FieldComparison):
    """Lists of codes as an official reads them, called as in the editor."""

    def field_label(self) -> str:
        return str(LessonForm.base_fields[self.field.name].label)

    def htmlvalue(self, val: Any) -> str:
        return ", ".join(val or ())

    def htmldiff(self) -> Any:
        before, after = (self.htmlvalue(value) for value in (self.val_a, self.val_b))
        return diff_text(before, after).to_html()


class CodesPanel(FieldPanel):
    def get_comparison_class(self) -> type[CodesComparison]:
        return CodesComparison


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


def _long(field: str, heading: Any, hint: Any) -> FieldRowPanel:
    return translated(field, heading, help_text=hint, widget=AdminAutoHeightTextInput())


def _minutes() -> FieldPanel:
    return FieldPanel(
        "minutes",
        heading=gettext_lazy("Minutes to read it"),
        help_text=gettext_lazy("For an officer who reads everything and answers every self-check."),
    )


def _legal_date() -> FieldPanel:
    return FieldPanel(
        "legal_date",
        widget=DayField.widget,
        heading=gettext_lazy("Sources read until"),
        help_text=gettext_lazy("The date of the oldest text among the acts of Azerbaijan that it rests on."),
    )


def _codes(field: str) -> MultiFieldPanel:
    return MultiFieldPanel(
        [CodesPanel(field)], heading=LessonForm.base_fields[field].label, classname="collapsed"
    )


class Pages:
    """The fields that are edited of each kind of page."""

    catalog: ClassVar = ObjectList(
        [HelpPanel(gettext_lazy("Courses are kept under this page."))], base_form_class=PageForm
    )
    heading: ClassVar = translated(
        "heading",
        gettext_lazy("Heading"),
        help_text=gettext_lazy("Stands in lists and above the page: a few words are enough."),
    )
    code: ClassVar = FieldPanel(
        "code",
        heading=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "Short and for life, as C1-LAB: certificates and agencies name the course by it."
        ),
    )
    course: ClassVar = ObjectList(
        [
            Translations(),
            heading,
            _long(
                "summary",
                gettext_lazy("Summary"),
                gettext_lazy("What the course teaches, in two sentences. It stands in the list of courses."),
            ),
            translated(
                "audience",
                gettext_lazy("For whom"),
                help_text=gettext_lazy("The officials that the course is written for."),
            ),
            FieldRowPanel([code, _legal_date()]),
            BodyPanel(
                "field_sheet",
                heading=gettext_lazy("Field sheet"),
                help_text=gettext_lazy(
                    "One printed page to take along: telephone numbers, steps, questions."
                ),
                classname="lesson-body",
            ),
            InTheWay(),
        ],
        base_form_class=CourseForm,
    )
    module: ClassVar = ObjectList([Translations(), heading, InTheWay()], base_form_class=PageForm)
    lesson: ClassVar = ObjectList(
        [
            Translations(),
            heading,
            BodyPanel(
                "body",
                heading=gettext_lazy("Text"),
                help_text=gettext_lazy(
                    "Blocks in the order of reading: “+” adds one. Each text is written in three languages."
                ),
                classname="lesson-body",
            ),
            FieldRowPanel([_minutes(), _legal_date()]),
            _codes("sources"),
            _codes("competences"),
            _codes("critical_errors"),
            InTheWay(),
        ],
        base_form_class=LessonForm,
    )
    assessment: ClassVar = ObjectList(
        [
            Translations(),
            heading,
            _long(
                "intro",
                gettext_lazy("Introduction"),
                gettext_lazy("Shown before it begins: what comes and how long it takes."),
            ),
            FieldPanel(
                "blueprint",
                heading=gettext_lazy("How it is drawn and marked"),
                help_text=gettext_lazy("The rules come with the curriculum; here one of them is chosen."),
            ),
            InTheWay(),
        ],
        base_form_class=AssessmentForm,
    )


def attach() -> None:
    """Called once, when the app is ready, before anything asks Wagtail for a page's panels."""
    CatalogPage.edit_handler = Pages.catalog
    CoursePage.edit_handler = Pages.course
    ModulePage.edit_handler = Pages.module
    LessonPage.edit_handler = Pages.lesson
    AssessmentPage.edit_handler = Pages.assessment
