"""Files of a certificate: the one made at issue, and those in other languages, made when somebody asks for them.

Each says what the certificate's signed statement and credential say; nothing in it is read anew from the register.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from operations.models import Errand
from operations.stray_files import StoredKind, register_stored

from .models import Award, Certificate, CertificateDocument
from .proving import SUFFIX
from .state import State, state_at

Layout = CertificateDocument.Layout
MAKE = "certificates.make_document"  # the errand that makes one later, and the act in the trail
# What is signed today must not say that something holds which the register says does not.
SIGNABLE = frozenset({State.VALID, State.NOT_YET, State.EXPIRED})


def why_no_other(certificate: Certificate) -> StrOrPromise:
    """Return why no file in another language is made now, or nothing. Expects bearer, check record and events."""
    if certificate.bearer.erased:
        return _("Name, agency and file were erased: no file is made any more.")
    record = getattr(certificate, "check_record", None)
    if record is None or record.failed:
        return _("The certificate could not be checked: no file is made until it can be.")
    if state_at(certificate).state not in SIGNABLE:
        return _(
            "By decision this certificate is not in force, so no new file of it is signed. Files made "
            "before stay."
        )
    return ""


def newest(certificate: Certificate, layout: str) -> CertificateDocument | None:
    """Return the file in this layout; None where there is none, or it was erased."""
    made = CertificateDocument.objects.newest().filter(certificate=certificate, layout=layout)
    return made.exclude(sha256=None).first()


def asked_for(certificate: Certificate) -> QuerySet[Errand]:
    """Return the errands that make, or made, files of a certificate in other languages."""
    return Errand.objects.filter(kind=MAKE, key__startswith=f"{certificate.public_id}:")


def is_being_made(certificate: Certificate) -> bool:
    return asked_for(certificate).filter(state=Errand.State.OPEN).exists()


def errand_key(certificate: Certificate, layout: str, asked_at: datetime) -> str:
    return f"{certificate.public_id}:{layout}:{asked_at.isoformat()}"


def being_made_for(awards: QuerySet[Award]) -> bool:
    """Return whether a file in another language is being made of a certificate of these awards."""
    certificates = list(Certificate.objects.filter(award__in=awards).values_list("public_id", flat=True))
    asked = Errand.objects.filter(kind=MAKE, state=Errand.State.OPEN)
    return asked.filter(payload__certificate__in=certificates).exists()


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A layout on a page: `made` there is a file; `being_made` it was asked for; `failed` it could not be made."""

    layout: str
    text: StrOrPromise
    made: CertificateDocument | None
    being_made: bool
    failed: bool


@dataclass(frozen=True, kw_only=True)
class Files:
    rows: list[FileRow]
    shut: StrOrPromise

    @property
    def being_made(self) -> bool:
        return any(row.being_made for row in self.rows)


def files_of(certificate: Certificate) -> Files:
    """Return each layout with what there is of it. One query besides `Certificate.objects.with_all()`."""
    made = {each.layout: each for each in certificate.documents.all() if each.sha256 is not None}
    asked = dict(asked_for(certificate).order_by("pk").values_list("payload__layout", "state"))
    rows = [
        FileRow(
            layout=layout.value,
            text=layout.label,
            made=made.get(layout),
            being_made=layout not in made and asked.get(layout) == Errand.State.OPEN,
            failed=layout not in made and asked.get(layout) == Errand.State.GIVEN_UP,
        )
        for layout in Layout
    ]
    return Files(rows=rows, shut=why_no_other(certificate))


def _named(hashes: Collection[str]) -> set[str]:
    """Return those of them that a certificate has."""
    found = CertificateDocument.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)
    return {sha256 for sha256 in found if sha256 is not None}


register_stored(StoredKind(suffix=SUFFIX, named=_named))
