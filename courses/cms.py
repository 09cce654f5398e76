"""Our pages at /cms/: courses with the edition readers see, and what waits for whom."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.ui.components import Component
from wagtail.admin.views import bulk_action
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from locales.languages import RULES
from operations.ids import is_row_id

from .drafts import translations_of_pages
from .edition_plan import is_changed
from .edition_proposals import waiting_edition
from .models import CoursePage, Edition, Withdrawal
from .permissions import can_propose_edition, can_review, can_take_back
from .translating import pages_of


def _overview(user: Any) -> dict[str, Any]:
    """Return the courses, the edition readers see, how many pages wait for the next, and what is to be translated."""
    return {
        "courses": [_course(course) for course in CoursePage.objects.order_by("path")],
        "can_propose": can_propose_edition(user),
        "can_review": can_review(user),
        "can_take_back": can_take_back(user),
    }


def _course(course: CoursePage) -> dict[str, Any]:
    pages = pages_of(course)
    edition = Edition.objects.newest_of(course)
    return {
        "course": course,
        "edition": edition,
        "languages": [RULES[language].label for language in edition.languages] if edition else [],
        "withdrawal": Withdrawal.objects.filter(edition=edition).first() if edition else None,
        "changes": sum(is_changed(page) for page in pages),
        "translations": translations_of_pages(pages),
        "proposal": waiting_edition(course),
    }


class EditionsPanel(Component):
    """The courses at the top of the first page of /cms/."""

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


def cms_bulk(request: HttpRequest, **named: str) -> HttpResponse:
    """Answer as Wagtail does, for pages that a database can be asked for; raise Http404 where others are named."""
    if not all(each == "all" or is_row_id(each) for each in request.GET.getlist("id")):
        raise Http404
    answer: HttpResponse = bulk_action.index(request, **named)
    return answer
