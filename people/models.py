"""Who: people, agencies, units, roles; who is posted where; who may act in which position."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from locales.text import written_name
from operations import clock
from operations.constraints import AppendOnly, NoOverlap
from operations.history import Recorded, history_of
from operations.ids import public_id


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(public_id=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Names stand as documents write them; the e-mail is null or unique regardless of case."""

    class Sex(models.TextChoices):
        FEMALE = "f", _("female")
        MALE = "m", _("male")

    class Availability(models.TextChoices):
        AVAILABLE = "available", _("available")
        ON_CALL = "on-call", _("on call")
        UNAVAILABLE = "unavailable", _("not available")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    email = models.EmailField(_("e-mail address"), null=True, blank=True)
    family_name = models.CharField(_("family name"), max_length=60)
    given_name = models.CharField(_("given name"), max_length=60)
    father_name = models.CharField(_("father's name"), max_length=70, blank=True)  # with oğlu or qızı
    family_name_latin = models.CharField(max_length=60, blank=True)  # as a passport spells it
    given_name_latin = models.CharField(max_length=60, blank=True)
    family_name_cyrillic = models.CharField(max_length=60, blank=True)
    given_name_cyrillic = models.CharField(max_length=60, blank=True)
    father_name_cyrillic = models.CharField(max_length=70, blank=True)
    folded_name = models.CharField(max_length=200, editable=False, default="")  # for search
    language = models.CharField(
        _("language"), max_length=2, choices=[("az", "Azərbaycanca"), ("en", "English"), ("ru", "Русский")],
        default="az",
    )  # fmt: skip
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    spoken_languages = models.JSONField(default=list, blank=True)  # ISO 639 codes
    supervisor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    availability = models.CharField(max_length=12, choices=Availability, default=Availability.AVAILABLE)
    national_id_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)  # keyed
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged")
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "public_id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    personal_data: ClassVar[tuple[str, ...]] = (
        "public_id", "password", "last_login", "email", "family_name", "given_name", "father_name",
        "family_name_latin", "given_name_latin", "family_name_cyrillic", "given_name_cyrillic",
        "father_name_cyrillic", "folded_name", "language", "sex", "spoken_languages", "supervisor",
        "availability", "national_id_hash", "merged_into",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Another person has this e-mail address."),
            )
        ]
        indexes = [models.Index(fields=["folded_name", "id"], name="user_folded_name")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Family, given, father's name, as Azerbaijani documents write them."""
        return written_name(self, "az")

    def get_short_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


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
    duty_telephone = models.CharField(max_length=20, blank=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()
    personal_data: ClassVar[tuple[str, ...]] = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="unit_code_once")]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """What an officer is, as the competences know it: POL, LAB, MIG, SHE …"""

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=120)

    objects: ClassVar[models.Manager[Self]] = models.Manager()
    personal_data: ClassVar[tuple[str, ...]] = ()

    def __str__(self) -> str:
        return self.name


class Posting(Recorded):
    """Who serves where, in which role. On two clocks: a transfer is new rows."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")  # the unit's; for the constraints
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    service_number = models.CharField(max_length=30, null=True, blank=True)
    main = models.BooleanField(null=True, default=True)  # true or null: one main posting at a time

    personal_data: ClassVar[tuple[str, ...]] = ("user", "service_number")

    class Meta:
        constraints: ClassVar = [
            *history_of("user", "agency", erasable=["service_number"]),
            NoOverlap(
                name="posting_one_main",
                fields=("user", "main"),
                violation_error_message=_("This person already has a main posting at that time."),
            ),
            NoOverlap(
                name="posting_service_number",
                fields=("agency", "service_number"),
                violation_error_message=_("Another person of the agency has this service number."),
            ),
            models.CheckConstraint(condition=Q(main=True) | Q(main=None), name="posting_main_true_or_null"),
        ]
        indexes = [
            models.Index(
                fields=["unit", "valid_to", "valid_from", "user"],
                condition=Q(withdrawn_at=None),
                name="posting_roster",
            )
        ]


class GrantQuerySet(models.QuerySet["Grant"]):
    def live(self) -> Self:
        now = clock.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now, revoked_at=None)


class Grant(models.Model):
    """Someone may act in a position: everywhere, in one agency, or in one unit and its children."""

    class Position(models.TextChoices):
        TRAINER = "trainer", _("trainer")
        REVIEWER = "reviewer", _("reviewer")
        ASSESSOR = "assessor", _("assessor")
        TUTOR = "tutor", _("tutor")
        COORDINATOR = "coordinator", _("coordinator")
        DUTY_OFFICER = "duty-officer", _("duty officer")
        REGISTRAR = "registrar", _("registrar")
        RULE_OWNER = "rule-owner", _("rule owner")
        NATIONAL_COORDINATOR = "national-coordinator", _("national coordinator")
        AUDITOR = "auditor", _("auditor")
        ADMINISTRATOR = "administrator", _("administrator")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    person = models.ForeignKey(User, models.PROTECT, related_name="grants")
    position = models.CharField(max_length=24, choices=Position)
    # agency and unit both null: everywhere
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GrantQuerySet.as_manager()
    personal_data: ClassVar[tuple[str, ...]] = ("person", "granted_by", "confirmed_by", "revoked_by")

    class Meta:
        constraints: ClassVar = [
            AppendOnly(name="grant_append_only", once=("revoked_at", "revoked_by")),
            models.CheckConstraint(condition=Q(agency=None) | Q(unit=None), name="grant_one_scope"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="grant_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "position"], condition=Q(revoked_at=None), name="grant_live")
        ]
