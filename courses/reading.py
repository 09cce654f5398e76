"""Reading courses: one generation number, and caches that are functions of it."""

import secrets
from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import PageViewRestriction
from wagtail.signals import post_page_move

from standards.models import Competence, Indicator, IndicatorSet, LegalSource

from .models import AssessmentPage, CatalogPage, CoursePage, Generation, LessonPage, ModulePage

SHOWN = (
    CatalogPage, CoursePage, ModulePage, LessonPage, AssessmentPage, PageViewRestriction,
    LegalSource, Indicator, IndicatorSet, Competence,
)  # fmt: skip


# THE RULE. Whatever changes what readers see draws a new generation, after its own write and in its
# transaction. A draft save passes update_fields; publishing, unpublishing and loading do a full save.
def raise_generation(update_fields: Any = None, **kwargs: Any) -> None:
    if update_fields is None:
        Generation.objects.update_or_create(pk=1, defaults={"number": secrets.randbits(62)})


def connect() -> None:
    """Called once, when the app is ready."""
    post_page_move.connect(raise_generation)
    for model in SHOWN:
        post_save.connect(raise_generation, sender=model)
        post_delete.connect(raise_generation, sender=model)
