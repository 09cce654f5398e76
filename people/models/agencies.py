"""Agencies, their units, and the roles of officers."""

import re
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from operations.ids import public_id

_TELEPHONE = re.compile(r"\+?[0-9 ()-]+")
_NUMBER = re.compile(r"(\+994|0)[1-9][0-9]{8}|[1-9][0-9]{2,3}")


def telephone(text: str) -> None:
    """Refuse, in words, what is neither +994 or 0 with nine digits nor a short number of three or four."""
    if not (_TELEPHONE.fullmatch(text) and _NUMBER.fullmatch(re.sub("[ ()-]", "", text))):
        raise ValidationError(_("Enter a telephone number such as +994 12 000 00 00, 012 000 00 00 or 102."))


class Agency(models.Model):
    """A body whose officers are certified: a police force, the labour inspection, a shelter."""

    class Kind(models.TextChoices):
        POLICE = "police", _("police")
        LABOUR_INSPECTION = "labour-inspection", _("labour inspection")
        MIGRATION = "migration", _("migration service")
        BORDER = "border", _("border service")
        SHELTER = "shelter", _("shelter or assistance centre")
        FAMILY_SUPPORT = "family-support", _("family support centre")
        EDUCATION = "education", _("education")
        JUSTICE = "justice", _("court or prosecution")
        NGO = "ngo", _("non-governmental organisation")
        OTHER = "other", _("other")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=160)

    objects: ClassVar[models.Manager[Self]] = models.Manager()
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of an agency; units form a tree. No unit's address is kept: officers are at risk."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("headquarters")
        REGIONAL = "regional", _("regional office")
        LOCAL = "local", _("local office")
        FACILITY = "facility", _("facility")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.LOCAL)
    name = models.CharField(max_length=160)
    district = models.CharField(max_length=80, blank=True)
    duty_telephone = models.CharField(max_length=20, blank=True, validators=[telephone])

    objects: ClassVar[models.Manager[Self]] = models.Manager()
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="unit_code_once")]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """The profession of an officer, as the competences know it: POL, LAB, MIG, SHE …"""

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=120)

    objects: ClassVar[models.Manager[Self]] = models.Manager()
    personal_data: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return self.name
