"""Files of a certificate: asked for in another language, and taken from the register."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock, files
from operations.limits import limited
from operations.models import Errand
from operations.outbox import enqueue
from people.models import User

from . import documents, permissions
from .models import Certificate, CertificateBearer, CertificateDocument
from .proving import SUFFIX

LIMIT, WINDOW = 30, 3600  # files that one person asks for in so many seconds


@transaction.atomic
def make_document(*, certificate: Certificate, layout: CertificateDocument.Layout, by: User) -> bool:
    """Promise the file in this layout; return whether it is promised now: False where there is one, or one is being made.

    For the holder, and for registrars. ValidationError: no file is made (`documents.why_no_other`), or too many were
    asked for.
    """
    if not permissions.can_have_documents(by, certificate):
        raise PermissionDenied(str(permissions.ONLY_HOLDER_OR_REGISTRAR))
    CertificateBearer.objects.select_for_update().get(certificate=certificate)  # who asks twice waits here
    found = Certificate.objects.to_examine().get(pk=certificate.pk)
    asked = documents.asked_for(found).filter(payload__layout=layout, state=Errand.State.OPEN)
    if documents.newest(found, layout) is not None or asked.exists():
        return False
    if refusal := documents.why_no_other(found):
        raise ValidationError(str(refusal))
    if limited(f"{documents.MAKE}:{by.pk}", LIMIT, WINDOW):
        raise ValidationError(_("You asked for many files just now. Try again in an hour."))
    asked_at = clock.now()
    enqueue(
        documents.MAKE, documents.errand_key(found, layout, asked_at), certificate=found.public_id, layout=layout,
        asked_at=asked_at.isoformat(),
    )  # fmt: skip
    _record(documents.MAKE, found, layout, by)
    return True


@transaction.atomic
def take_document(*, certificate: Certificate, layout: CertificateDocument.Layout, by: User) -> bytes | None:
    """Return the file for a registrar, to hand it to the holder; None where there is none.

    The audit trail keeps who took which. Damaged: the file cannot be read.
    """
    if not permissions.can_take_documents(by):
        raise PermissionDenied(str(permissions.ONLY_HOLDER_OR_REGISTRAR))
    row = documents.newest(certificate, layout)
    if row is None or row.sha256 is None:
        return None
    content = files.read(row.sha256, SUFFIX)
    _record("certificates.take_document", certificate, layout, by)
    return content


def _record(act: str, certificate: Certificate, layout: CertificateDocument.Layout, by: User) -> None:
    audit.record(
        by=by, act=act, subject_kind="certificate", subject_id=certificate.public_id,
        after={"layout": layout.value},
    )  # fmt: skip
