"""Measures of officers: law, indicators, competences, errors, terms, amounts."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from operations.ids import public_id

from .short_names import short_name


class Confidence(models.TextChoices):
    """Confidence in a statement. Only the first three may decide a mark."""

    SEED = "S", _("from the 2012 assessment")
    READ = "V", _("read in the source")
    SECONDARY = "V2", _("read in a secondary source")
    RECALLED = "R", _("recalled, not yet read")
    UNVERIFIED = "U", _("not verified")


DECIDES_MARKS = frozenset({Confidence.SEED, Confidence.READ, Confidence.SECONDARY})


class LegalSource(models.Model):
    """An instrument or an article of it, in a dated state.

    What is only quoted may stand in a lesson and in a reason, and decides no mark: its own text, or the
    day of that text, is not known. How old the law of a course is, the other acts of Azerbaijan say.
    """

    class Kind(models.TextChoices):
        LAW = "law", _("act of Azerbaijan")
        TREATY = "treaty", _("treaty")
        JUDGMENT = "judgment", _("judgment")
        STANDARD = "standard", _("recommendation")
        REPORT = "report", _("report on practice")

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    instrument = models.CharField(_("instrument"), max_length=240)
    article = models.CharField(_("article"), max_length=60, blank=True)
    adopted = models.DateField(_("adopted on"), null=True, blank=True)
    state_on = models.DateField(_("state of the text"))  # the date of the text that was read
    state_note = models.CharField(_("note on the state"), max_length=240, blank=True)
    confidence = models.CharField(_("how sure"), max_length=2, choices=Confidence)
    quoted_only = models.BooleanField(_("only quoted, decides no mark"), default=False)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        verbose_name = _("legal source")
        verbose_name_plural = _("legal sources")

    def __str__(self) -> str:
        return f"{self.instrument}, {self.article}" if self.article else self.instrument

    @property
    def short(self) -> str:
        """For one line beside a statement: the name it is known by, or its title without number and State."""
        name = short_name(self.instrument)
        return f"{name}, {self.article}" if self.article else name


class IndicatorSet(models.Model):
    code = models.CharField(max_length=20, unique=True)
    version = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    source = models.ForeignKey(LegalSource, models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    class Dimension(models.TextChoices):
        DECEPTIVE_RECRUITMENT = "deceptive-recruitment", _("deceptive recruitment")
        COERCIVE_RECRUITMENT = "coercive-recruitment", _("coercive recruitment")
        VULNERABILITY_RECRUITMENT = "vulnerability-recruitment", _("recruitment by abuse of vulnerability")
        EXPLOITATION = "exploitation", _("exploitation")
        COERCION = "coercion", _("coercion at destination")
        VULNERABILITY_DESTINATION = "vulnerability-destination", _("abuse of vulnerability at destination")
        GENERAL = "general", _("general")

    class Strength(models.TextChoices):
        STRONG = "strong", _("strong")
        MEDIUM = "medium", _("medium")
        WEAK = "weak", _("weak")
        NONE = "none", _("no weight given")

    class Form(models.TextChoices):
        LABOUR = "labour", _("forced labour")
        SEXUAL = "sexual", _("sexual exploitation")
        CHILD = "child", _("children")
        GENERAL = "general", _("every form")

    set = models.ForeignKey(
        IndicatorSet, models.PROTECT, related_name="indicators", verbose_name=_("set of indicators")
    )
    code = models.CharField(_("code"), max_length=20, unique=True)
    dimension = models.CharField(_("dimension"), max_length=30, choices=Dimension)
    strength = models.CharField(_("strength"), max_length=10, choices=Strength)
    form = models.CharField(_("form of exploitation"), max_length=10, choices=Form)
    confidence = models.CharField(_("how sure"), max_length=2, choices=Confidence)
    text = models.CharField(_("text"), max_length=300)
    not_enough = models.CharField(_("looks alike, but is not enough"), max_length=300, blank=True)
    cross_references = models.JSONField(_("cross-references"), default=list, blank=True)  # codes
    position = models.PositiveSmallIntegerField(default=0)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        ordering = ["set_id", "position"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Competence(models.Model):
    class Level(models.TextChoices):
        KNOWS = "K", _("knows")
        RECOGNISES = "R", _("recognises")
        ACTS = "A", _("acts")
        SUPERVISES = "S", _("supervises")

    code = models.CharField(max_length=20, unique=True)
    role = models.CharField(max_length=8, blank=True)  # people.Role.code; "": everybody's
    level = models.CharField(max_length=1, choices=Level)
    text = models.CharField(max_length=300)
    basis = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(max_length=2, choices=Confidence)

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class CriticalError(models.Model):
    """An act that harms the person whatever else was right. Each case tells what would have happened in it."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    rule = models.CharField(max_length=300)
    source = models.ForeignKey(LegalSource, models.PROTECT, related_name="+")

    personal_data: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Term(models.Model):
    """The glossary. `seen`: read in an official text of that language. A meaning rests on a source, or is left out."""

    class Seen(models.TextChoices):
        YES = "yes", _("seen in an official text")
        NO = "no", _("a standard term")
        UNCERTAIN = "uncertain", _("to be confirmed")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    az = models.CharField(_("Azerbaijani"), max_length=160)
    en = models.CharField(_("English"), max_length=160)
    ru = models.CharField(_("Russian"), max_length=160)
    seen_az = models.CharField(_("seen in Azerbaijani"), max_length=10, choices=Seen)
    seen_ru = models.CharField(_("seen in Russian"), max_length=10, choices=Seen)
    meaning = models.CharField(_("meaning"), max_length=300, blank=True)
    source = models.ForeignKey(
        LegalSource, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("legal source")
    )

    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        ordering = ["number"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return self.az

    def in_language(self, language: str) -> str:
        """Return the term itself: its columns are no translations of each other."""
        return str(getattr(self, language))


class Figure(models.Model):
    """An amount or a telephone number: it changes, so it never stands in course text."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=160)
    value = models.CharField(max_length=40)
    unit = models.CharField(max_length=40, blank=True)
    as_of = models.DateField()
    source = models.ForeignKey(LegalSource, models.PROTECT, null=True, blank=True, related_name="+")
    confidence = models.CharField(max_length=2, choices=Confidence)

    personal_data: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
