"""A person, and what waits for the person's own word."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Literal, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from locales.languages import LANGUAGE_NAMES
from locales.sorting import sort_key
from locales.spelling import sounds
from locales.text import fold, listed_name, short_name
from operations import clock
from operations.constraints_by_proposal import ConfirmedLink
from operations.ids import public_id
from operations.notices import Rhythm

ERASED_NAME = _("person whose name was erased")
NAMES = ("family_name", "given_name", "father_name")
LATIN = ("family_name_latin", "given_name_latin")
CYRILLIC = ("family_name_cyrillic", "given_name_cyrillic", "father_name_cyrillic")
NAME_PARTS = (*NAMES, *LATIN, *CYRILLIC)


def _joined(person: Any) -> str:
    return " ".join(getattr(person, part) for part in NAMES)


NAME_KEYS: dict[str, Callable[[Any], str]] = {
    "folded_name": lambda person: fold(_joined(person))[:200],
    "sound_name": lambda person: sounds([getattr(person, part) for part in NAME_PARTS], 1000),
    "sort_name": lambda person: sort_key(_joined(person))[:240],
}


class NameKeyField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A key of NAME_KEYS. It fills itself whenever the row is written."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = NAME_KEYS[self.attname](model_instance)
        setattr(model_instance, self.attname, value)
        return value


class UserQuerySet(models.QuerySet["User"]):
    """The usual questions about records of people; of postings and the like, `of_current_people` asks it."""

    def people(self) -> Self:
        """Leave out systems: they sign in nowhere, and no list, figure, roster or merging has them."""
        return self.filter(kind=User.Kind.PERSON)

    def not_merged(self) -> Self:
        """Leave out records that were merged into another: the person is the other one."""
        return self.filter(merged_into=None)

    def not_erased(self) -> Self:
        """Leave out records of which the personal data were erased."""
        return self.filter(erased_at=None)

    def current(self) -> Self:
        """Return the records that stand for a person: neither merged nor erased, whether or not they may sign in."""
        return self.people().not_merged().not_erased()

    def active(self) -> Self:
        """Return the records that may sign in. Merging, erasing and closing an account end that."""
        return self.people().filter(is_active=True)

    def records_of(self, person: Any) -> Self:
        """Return the record of a person, and those merged into it: what they earned is the person's."""
        return self.filter(models.Q(pk=person) | models.Q(merged_into=person))


def of_current_people(path: str) -> models.Q:
    """Return what `UserQuerySet.current` asks, of the person at the end of a path: `of_current_people("user")`."""
    return models.Q(
        **{f"{path}__kind": User.Kind.PERSON, f"{path}__merged_into": None, f"{path}__erased_at": None}
    )


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(public_id=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Names stand as documents write them; the e-mail is null or unique regardless of case.

    Or a system of an agency, which acts through its own keys: it never signs in and is nobody's record.
    """

    class Kind(models.TextChoices):
        PERSON = "person", pgettext_lazy("kind of account", "person")
        SYSTEM = "system", pgettext_lazy("kind of account", "system")

    class Sex(models.TextChoices):
        FEMALE = "f", _("female")
        MALE = "m", _("male")

    class Availability(models.TextChoices):
        AVAILABLE = "available", _("available")
        ON_CALL = "on-call", _("on call")
        UNAVAILABLE = "unavailable", _("not available")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.PERSON, editable=False)
    email = models.EmailField(_("e-mail address"), null=True, blank=True)
    family_name = models.CharField(_("family name"), max_length=60)
    given_name = models.CharField(_("given name"), max_length=60)
    father_name = models.CharField(_("father's name"), max_length=70, blank=True)  # with oğlu or qızı
    family_name_latin = models.CharField(max_length=60, blank=True)  # as a passport spells it
    given_name_latin = models.CharField(max_length=60, blank=True)
    family_name_cyrillic = models.CharField(max_length=60, blank=True)
    given_name_cyrillic = models.CharField(max_length=60, blank=True)
    father_name_cyrillic = models.CharField(max_length=70, blank=True)
    folded_name = NameKeyField(max_length=200, editable=False, default="")  # for search, as it is written
    sound_name = NameKeyField(max_length=1000, editable=False, default="")  # and as it sounds
    sort_name = NameKeyField(max_length=240, editable=False, default="")
    language = models.CharField(
        _("language"), max_length=2, choices=list(LANGUAGE_NAMES.items()),
        default="az",
    )  # fmt: skip
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    spoken_languages = models.JSONField(default=list, blank=True)  # ISO 639 codes
    supervisor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    availability = models.CharField(max_length=12, choices=Availability, default=Availability.AVAILABLE)
    national_id_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)  # keyed
    notice_rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.DAILY)
    is_active = models.BooleanField(default=True)
    signed_out_at = models.DateTimeField(null=True, editable=False)  # sessions from before are over
    created_at = models.DateTimeField(default=clock.now, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged")
    merged_at = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager.from_queryset(UserQuerySet)()
    # Of the request and its browser, not of the person: see accounts.middleware.
    second_factor: Literal["shown", "missing", "not asked"] = "shown"
    reads_only = False  # then the live grants are asked for once
    live_grants: list[Any] | None = None

    USERNAME_FIELD = "public_id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    personal_data: ClassVar[tuple[str, ...]] = (
        "public_id", "password", "last_login", "email", "family_name", "given_name", "father_name",
        "family_name_latin", "given_name_latin", "family_name_cyrillic", "given_name_cyrillic",
        "father_name_cyrillic", "folded_name", "sound_name", "sort_name", "language", "sex", "spoken_languages", "supervisor",
        "availability", "notice_rhythm", "national_id_hash", "merged_into",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Another person has this e-mail address."),
            ),
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="user_no_superuser"),
            models.CheckConstraint(
                condition=models.Q(kind="person")
                | models.Q(
                    kind="system",
                    email=None,
                    national_id_hash=None,
                    merged_into=None,
                    last_login=None,
                    password__startswith="!",
                ),
                name="user_system_never_signs_in",
            ),
            ConfirmedLink(
                name="user_merged_by_two",
                field="merged_into",
                along=("merged_at",),
                act="merging.merge",  # proposed and confirmed in the app `merging`
                payload="gone",
                known_by="public_id",
            ),
        ]
        indexes = [models.Index(fields=["sort_name", "id"], name="user_sort_name")]

    def __str__(self) -> str:
        return self.get_full_name()

    @property
    def is_current(self) -> bool:
        """Return whether the record stands for a person: no system, neither merged into another nor erased."""
        return self.is_person and self.merged_into_id is None and self.erased_at is None

    @property
    def is_person(self) -> bool:
        return self.kind == User.Kind.PERSON

    @property
    def may_sign_in(self) -> bool:
        """Return whether the account is open, and a person's."""
        return self.is_active and self.is_person

    @property
    def surviving(self) -> "User":
        """Return the record that stands for the person now: this one, or the one it was merged into."""
        return self.merged_into or self

    def get_session_auth_hash(self) -> str:
        """Return what a session holds by: it changes with the password, and when all are signed out."""
        return self._since_signed_out(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._since_signed_out, super().get_session_auth_fallback_hash())

    def _since_signed_out(self, known: str) -> str:
        if self.signed_out_at is None:
            return known
        return hashlib.sha256(f"{known} {self.signed_out_at.isoformat()}".encode()).hexdigest()

    def get_full_name(self) -> str:
        """Return family, given and father's name, as Azerbaijani documents write them, in the script of the reader's
        language where the name is kept in it.
        """
        return str(ERASED_NAME) if self.erased_at else listed_name(self, get_language() or "az")

    def get_short_name(self) -> str:
        """Return given and family name, in the reader's language."""
        return str(ERASED_NAME) if self.erased_at else short_name(self, get_language() or "az")
