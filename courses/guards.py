"""The records that keep a page from being deleted, in words for the trainer who asked."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from .models import CheckDone, EditionLesson, Enrolment, LessonProgress


def why_not_delete(page: Page) -> str:
    """Empty if nothing stands behind the page and the pages below it."""
    pages = Page.objects.descendant_of(page, inclusive=True)
    reasons = [*_editions(pages), *_followers(pages)]
    if not reasons and pages.live().exists():
        reasons = [_("readers see it")]
    if not reasons:
        return ""
    return _("“%(page)s” cannot be deleted: %(reasons)s.") % {
        "page": page.specific.get_admin_display_title(),
        "reasons": "; ".join(reasons),
    }


def _editions(pages: Page) -> list[str]:
    lessons = EditionLesson.objects.filter(lesson__in=pages)
    numbers = sorted({str(n) for n in lessons.values_list("edition__number", flat=True)}, key=int)
    if not numbers:
        return []
    return [
        ngettext(
            "it belongs to edition %(numbers)s, and an edition is kept as it was published",
            "it belongs to editions %(numbers)s, and an edition is kept as it was published",
            len(numbers),
        )
        % {"numbers": ", ".join(numbers)}
    ]


def _followers(pages: Page) -> list[str]:
    rows = (model.objects.filter(lesson__in=pages) for model in (LessonProgress, CheckDone))
    readers = len({person for found in rows for person in found.values_list("enrolment__person", flat=True)})
    followers = Enrolment.objects.filter(course__in=pages).values("person").distinct().count()
    reasons = []
    if readers:
        text = ngettext("%(count)s person has read it", "%(count)s people have read it", readers)
        reasons.append(text % {"count": readers})
    if followers:
        text = ngettext("%(count)s person follows it", "%(count)s people follow it", followers)
        reasons.append(text % {"count": followers})
    return reasons
