"""Wagtail reduced to what exists here: courses as drafts, and editions."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import RecentEditsPanel
from wagtail.admin.widgets import Button
from wagtail.models import Page

from accounts.cms_permissions import cms_permissions
from operations.ids import is_row_id
from people.models import Grant

from . import cms, cms_editions, cms_pictures, cms_translations
from .guards import why_not_delete
from .models import CatalogPage, CoursePage
from .permissions import can_author, can_propose_edition

MENU = {"explorer", "editions", "legal-sources", "indicators", "glossary", "guide"}


def _catalog() -> CatalogPage | None:
    catalog: CatalogPage | None = CatalogPage.objects.first()
    return catalog


# Nobody may publish a page by itself: the right to publish is given to no position.
cms_permissions.register_pages(Grant.Position.TRAINER, _catalog, ["add", "change"])
cms_permissions.register_pages(Grant.Position.REVIEWER, _catalog, ["change"])


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern | URLResolver]:
    ours = [
        path("", cms.EditionsView.as_view(), name="editions"),
        path("<row_id:course>/propose/", cms_editions.ProposeView.as_view(), name="propose"),
        path("<row_id:course>/take-back/", cms_editions.TakeBackView.as_view(), name="take_back"),
        path(
            "<row_id:course>/translations/", cms_translations.TranslationsView.as_view(), name="translations"
        ),
        path("pictures/", cms_pictures.add, name="pictures"),
        path("pictures/<str:name>/", cms_pictures.show, name="picture"),
        path("proposals/<str:public_id>/", cms_editions.ProposalView.as_view(), name="proposal"),
        path("proposals/<str:public_id>/<str:decision>/", cms_editions.ProposalView.as_view(), name="decide"),
    ]
    return [path("editions/", include((ours, "courses_cms")))]


@hooks.register("register_admin_menu_item")
def editions_menu_item() -> MenuItem:
    return MenuItem(
        gettext_lazy("Editions"), reverse("courses_cms:editions"), name="editions", icon_name="history"
    )


@hooks.register("construct_main_menu")
def reduce_menu(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name in MENU]
    request.user.first_name = request.user.get_short_name()  # type: ignore[union-attr]  # what the sidebar shows


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels[:] = [cms.EditionsPanel(request.user)] + [p for p in panels if isinstance(p, RecentEditsPanel)]


@hooks.register("construct_homepage_summary_items", order=100)  # after Wagtail's own
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


@hooks.register("register_page_header_buttons")
def edition_buttons(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterable[Button]:
    course = CoursePage.objects.ancestor_of(page, inclusive=True).first()
    if course and can_propose_edition(user):
        address = reverse("courses_cms:propose", args=[course.pk])
        yield Button(_("Propose an edition"), address, icon_name="upload", priority=5)
    if course and can_author(user):
        address = reverse("courses_cms:translations", args=[course.pk])
        yield Button(_("Translations side by side"), address, icon_name="globe", priority=6)


@hooks.register("insert_global_admin_css")
def styles() -> SafeString:
    sheets = ((static(f"courses/{name}.css"),) for name in ("cms", "cms-body"))
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


@hooks.register("insert_global_admin_js")
def scripts() -> SafeString:
    early = format_html(
        '<script src="{}"></script>', static("courses/cms-unsaved.js")
    )  # before any field is there
    return early + format_html('<script type="module" src="{}"></script>', static("courses/cms.js"))


# --- what is refused, in words ----------------------------------------------------------------------


def _refuse(request: HttpRequest, page: Page, words: str) -> HttpResponse:
    messages.error(request, words)
    if page.depth <= 2:  # the catalog
        return redirect("wagtailadmin_home")
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")
def keep_what_has_records(request: HttpRequest, page: Page) -> HttpResponse | None:
    words = why_not_delete(page)
    return _refuse(request, page, words) if words else None


@hooks.register("before_move_page")
def keep_what_readers_see(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    if not Page.objects.live().descendant_of(page, inclusive=True).exists():
        return None
    return _refuse(request, page, _("Readers see this page: it cannot be moved to another part."))


@hooks.register("before_copy_page")
def copy_no_course(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse courses; SuspiciousOperation where a copy of anything else is sent without a page to stand below."""
    if isinstance(page.specific, CoursePage | CatalogPage):
        words = _("A course has a code of its own and cannot be copied. Copy its lessons.")
        return _refuse(request, page, words)
    below = request.POST.get("new_parent_page", "")
    if request.method == "POST" and not (is_row_id(below) and Page.objects.filter(pk=below).exists()):
        raise SuspiciousOperation("a copy was sent without a page to stand below")
    return None


@hooks.register("before_publish_page")
@hooks.register("before_unpublish_page")
def only_editions_publish(request: HttpRequest, page: Page) -> HttpResponse:
    return _refuse(request, page, _("Pages are published, and taken out, with an edition of their course."))


@hooks.register("before_bulk_action")
def one_page_at_a_time(
    request: HttpRequest, action_type: str, pages: list[Any], action: Any
) -> HttpResponse | None:
    words = next((words for page in pages if isinstance(page, Page) and (words := why_not_delete(page))), "")
    return _refuse(request, pages[0], words) if words else None
