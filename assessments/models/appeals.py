"""Appeals against the result of an exam, and how they were decided."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from operations.constraints import AppendOnly
from operations.ids import public_id

from .attempts import Attempt


class Counts(models.TextChoices):
    """The worth of a question after a correction."""

    FULL = "full", _("in full")
    NOTHING = "nothing", _("nothing")
    LEFT_OUT = "left-out", _("left out, as if it had not been asked")


class WhyOtherwise(models.TextChoices):
    """The reasons for which marks are corrected or an exam annulled."""

    UNCLEAR = "unclear", _("the question was unclear")
    KEY = "key", _("the answer that counted as right was wrong")
    LANGUAGE = "language", _("the languages said different things")
    TECHNICAL = "technical", _("the page, the device or the connection failed")
    CONDITIONS = "conditions", _("the exam was disturbed")
    IRREGULAR = "irregular", _("the answers were not the person's own")


class Appeal(models.Model):
    """A person does not agree with the result of an exam. Once for an attempt; it never changes."""

    class Category(models.TextChoices):
        QUESTION = "question", _("A question or an answer was unclear or wrong")
        LANGUAGE = "language", _("The languages said different things")
        TECHNICAL = "technical", _("The page, the device or the connection failed")
        CONDITIONS = "conditions", _("I was disturbed during the exam")
        OTHER = "other", _("Something else")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="appeal")
    category = models.CharField(max_length=10, choices=Category)
    text = models.CharField(max_length=500, null=True)  # in the person's own words: erasable
    received_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ("category", "text")

    class Meta:
        constraints: ClassVar = [AppendOnly(name="appeal_append_only", erasable=("text",))]
        indexes = [models.Index(fields=["received_at"], name="appeal_received")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_decided(self) -> bool:
        return hasattr(self, "decision")


class AppealDecision(models.Model):
    """The one decision on an appeal: by one assessor where the marks stand, else by two."""

    class Outcome(models.TextChoices):
        STANDS = "stands", pgettext_lazy("appeal", "the result stands")
        CORRECTED = "corrected", pgettext_lazy("appeal", "the marks were corrected")
        ANNULLED = "annulled", pgettext_lazy("appeal", "the exam was annulled")

    appeal = models.OneToOneField(Appeal, models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome)
    words = models.CharField(max_length=1000, null=True)  # to the person, where the marks stand: erasable
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposal = models.OneToOneField("operations.Proposal", models.PROTECT, null=True, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ("words", "decided_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="stands", proposal=None)
                | (~Q(outcome="stands") & Q(proposal__isnull=False)),
                name="appealdecision_by_two",
            ),
            AppendOnly(name="appealdecision_append_only", erasable=("words",)),
        ]


class AnswersSeen(models.Model):
    """An assessor has seen the answers and the key of an attempt, for its appeal."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="seen")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ("by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appeal", "by"], name="answersseen_once"),
            AppendOnly(name="answersseen_append_only"),
        ]
