"""Words of a recognition of other training: why, what it was, who gave it. It has no table: its proposal says all of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

RECOGNISED = (
    "recognition"  # the way of an award that rests on other training, beside those by which it is earned
)


class WhyRecognised(models.TextChoices):
    SAME_CONTENT = "same-content", _("it teaches what the exam asks")
    EARLIER_PROGRAMME = "earlier-programme", _("an earlier programme that this one has replaced")
    AGREEMENT = "agreement", _("an agreement with those who gave it")


class TrainingKind(models.TextChoices):
    COURSE = "course", _("course")
    SEMINAR = "seminar", _("seminar")
    FOR_TRAINERS = "for-trainers", _("course for trainers")
    STUDIES = "studies", _("study programme")


class TrainingGiver(models.TextChoices):
    STATE = "state", _("a state institution of Azerbaijan")
    UNIVERSITY = "university", _("a university")
    INTERNATIONAL = "international", _("an international organisation")
    OTHER_STATE = "other-state", _("an authority of another state")
    CIVIL_SOCIETY = "civil-society", _("a non-governmental organisation")
