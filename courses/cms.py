"""Our pages at /cms/: which courses have changes, and publishing an edition of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Page

from operations import clock
from people.models import User

from .actions import CourseError, changed_pages, publish_edition
from .drafts import Translation, translations_of
from .models import AssessmentPage, CoursePage, Edition, LessonPage
from .permissions import can_publish


@dataclass(frozen=True)
class PageChange:
    """A page that readers do not yet see as it was last saved."""

    page: Page
    new: bool
    translations: list[Translation]

    @property
    def compare_url(self) -> str:
        """Return what differs from what readers see."""
        return reverse("wagtailadmin_pages:revisions_compare", args=[self.page.pk, "live", "latest"])


class EditionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("What is different, in a sentence. It stays in the record of editions."),
    )
    material = forms.BooleanField(
        label=gettext_lazy("Material change"),
        required=False,
        help_text=gettext_lazy("The law, or what is right to do, has changed."),
    )
    legal_date = forms.DateField(
        label=gettext_lazy("Sources read until"),
        widget=AdminDateInput,
        help_text=gettext_lazy(
            "The oldest day of a text among the acts of Azerbaijan that the course rests on."
        ),
    )
    without = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Leave out of this edition"),
        queryset=Page.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, course: CoursePage, *args: Any, **kwargs: Any) -> None:
        parts = Page.objects.descendant_of(course).type(LessonPage, AssessmentPage).order_by("path")
        left_out = parts.not_live().filter(first_published_at__isnull=False)
        newest = Edition.objects.newest_of(course)
        self.checked_last = newest.legal_date if newest else None  # nothing says that it was checked since
        kwargs["initial"] = {"legal_date": self.checked_last, "without": left_out}
        super().__init__(*args, **kwargs)
        self.fields["without"].queryset = parts  # type: ignore[attr-defined]  # of a ModelMultipleChoiceField

    def clean_legal_date(self) -> date:
        """Certificates name it: a slip of the pen would stand on paper for good."""
        day: date = self.cleaned_data["legal_date"]
        if day > clock.today() and day != self.checked_last:
            raise forms.ValidationError(_("This day is still to come: no text of it can have been read."))
        return day


def _overview(user: Any) -> dict[str, Any]:
    """The courses, the edition readers see, and how many pages wait for the next."""
    courses = [
        {
            "course": course,
            "edition": Edition.objects.newest_of(course),
            "changes": len(changed_pages(course)),
        }
        for course in CoursePage.objects.order_by("path")
    ]
    return {"courses": courses, "can_publish": can_publish(user)}


class EditionsPanel(Component):
    """The same at the top of the first page of /cms/."""

    template_name = "courses/cms/courses.html"
    order = 10

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return _overview(self.user)


class EditionsView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "courses/cms/editions.html"
    page_title = gettext_lazy("Editions")
    header_icon = "history"

    def get_breadcrumbs_items(self) -> Any:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> Any:
        return super().get_context_data(**kwargs) | _overview(self.request.user)


class PublishView(WagtailAdminTemplateMixin, TemplateView):
    """The page of what the next edition will change, and the form that publishes it."""

    template_name = "courses/cms/publish.html"
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_publish(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def course(self) -> CoursePage:
        return get_object_or_404(CoursePage, pk=self.kwargs["course"])

    @cached_property
    def form(self) -> EditionForm:
        return EditionForm(self.course, self.request.POST or None)

    def get_page_title(self) -> str:
        return _("Publish an edition")

    def get_breadcrumbs_items(self) -> Any:
        editions = {"url": reverse("courses_cms:editions"), "label": _("Editions")}
        return [*self.breadcrumbs_items, editions, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> Any:
        context = super().get_context_data(**kwargs)
        context["course"] = self.course
        context["edition"] = Edition.objects.newest_of(self.course)
        context["changes"] = list(self._changes(changed_pages(self.course)))
        context["form"] = self.form
        return context

    def _changes(self, pages: Iterable[Page]) -> Iterable[PageChange]:
        for page in pages:
            yield PageChange(page.specific, not page.live, translations_of(page))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        try:
            by = cast(User, request.user)  # dispatch() has asked
            edition = publish_edition(course=self.course, by=by, **self.form.cleaned_data)
        except CourseError as error:
            messages.error(request, str(error))
            return self.render_to_response(self.get_context_data())
        text = _("Edition %(number)s is published. Readers see it now, in every language.")
        messages.success(request, text % {"number": edition.number})
        return redirect("courses_cms:editions")
