"""All that is missing or stale in a course, side by side: Azerbaijani when translated, now, and the translation."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.compare import diff_text
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from locales.languages import LANGUAGE_NAMES
from people.models import User

from .actions import TypedTranslation, translate
from .models import CoursePage
from .permissions import can_author
from .translating import WORK, WorkText, beside_what_was_translated, needing_work, pages_of
from .translation_state import OTHERS

SHOWN = 40  # rows of one page; what is done leaves it


class TranslationsView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "courses/cms/side_by_side.html"
    page_title = gettext_lazy("Translations")
    header_icon = "globe"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_author(cast(User, request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def course(self) -> CoursePage:
        return get_object_or_404(CoursePage, pk=self.kwargs["course"])

    def get_breadcrumbs_items(self) -> Any:
        editions = {"url": reverse("courses_cms:editions"), "label": _("Editions")}
        return [*self.breadcrumbs_items, editions, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> Any:
        work = list(needing_work(pages_of(self.course)))
        languages = [code for code in self.request.GET.getlist("language") if code in OTHERS] or list(OTHERS)
        states = [state for state in self.request.GET.getlist("state") if state in WORK] or list(WORK)
        chosen = [row for row in work if row.language in languages and row.state in states]
        return super().get_context_data(**kwargs) | {
            "course": self.course,
            "rows": [_shown(row) for row in beside_what_was_translated(chosen[:SHOWN])],
            "total": len(chosen),
            "more": max(0, len(chosen) - SHOWN),
            "states": [(state, sum(row.state == state for row in work), state in states) for state in WORK],
            "languages": [(code, LANGUAGE_NAMES[code], code in languages) for code in OTHERS],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what was typed, and what was found right still.

        What cannot be saved stays on the page as it was typed, with the reason; a text that somebody else has changed
        meanwhile stands above, to be compared.
        """
        open_texts = {row.key: row for row in needing_work(pages_of(self.course))}
        sent = {name[5:]: str(text) for name, text in request.POST.items() if name.startswith("text-")}
        still = set(request.POST.getlist("still"))
        given: dict[Page, list[TypedTranslation]] = {}
        for key, row in open_texts.items():
            text = sent.get(key, row.text).replace("\r\n", "\n").strip()
            if text != row.text or key in still:
                given.setdefault(row.page, []).append(TypedTranslation(row.path, row.language, text, key))
        by = cast(User, request.user)  # dispatch() has asked
        left: dict[str, str] = {}
        for page, typed in given.items():
            left |= translate(page=page, typed=typed, by=by)
        overtaken = [text for key, text in sent.items() if key not in open_texts and text.strip()]
        self._tell(sum(map(len, given.values())) - len(left), left=len(left) + len(overtaken))
        if not left and not overtaken:
            return HttpResponseRedirect(request.get_full_path())
        context = self.get_context_data(**kwargs) | {"overtaken": overtaken}
        for row in context["rows"]:
            row["typed"], row["why"] = sent.get(row["text"].key, row["typed"]), left.get(row["text"].key, "")
        return self.render_to_response(context)

    def _tell(self, saved: int, *, left: int) -> None:
        if saved:
            text = ngettext("%(count)s text saved.", "%(count)s texts saved.", saved)
            messages.success(self.request, text % {"count": saved})
        if left:
            text = ngettext(
                "%(count)s text is not saved: it stands below as you typed it, with the reason.",
                "%(count)s texts are not saved: they stand below as you typed them, with the reasons.",
                left,
            )
            messages.warning(self.request, text % {"count": left})


def _shown(row: WorkText) -> dict[str, Any]:
    """Return a row for the page, with what changed in the Azerbaijani marked on both sides."""
    return {
        "text": row,
        "typed": row.text,
        "title": row.page.get_admin_display_title(),
        "name": LANGUAGE_NAMES[row.language],
        "before": _marked(row.before, row.original, "deletion") if row.before else "",
        "now": _marked(row.before, row.original, "addition") if row.before else escape(row.original),
    }


def _marked(before: str, now: str, kind: str) -> SafeString:
    """Return one side of a comparison: what was taken out of the first, or put into the second."""
    other = {"deletion": "addition", "addition": "deletion"}[kind]
    diff = diff_text(before, now)
    diff.changes = [(change, text) for change, text in diff.changes if change != other]
    return cast(SafeString, diff.to_html(tag={"deletion": "del", "addition": "ins"}[kind]))
