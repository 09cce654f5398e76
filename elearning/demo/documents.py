"""var/demo.json: sign-ins, certificates and officers, for the guides' examples and for trying things."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from certificates.models import Certificate, CertificateDocument
from operations import files
from operations.codes import grouped
from people.models import Posting

from . import cast
from .people import (
    CAST,
    CERTIFIED,
    ENDED,
    FUNCTION,
    IN_GRACE,
    LAPSED,
    NOT_GATED,
    OTHER_ROLES,
    OVERRIDDEN,
    RENEWED,
    REVOKED,
    SUPERSEDED,
    SUSPENDED,
    UNCERTIFIED,
)

CERTIFICATES = {
    "valid": CERTIFIED,
    "expired": LAPSED,
    "revoked": REVOKED,
    "suspended": SUSPENDED,
    "renewed": RENEWED,
    "ended": ENDED,
    "superseded": SUPERSEDED,
}


def write(var: Path) -> None:
    """Name those the first start found: since then anybody may have been transferred, merged or erased."""
    path = var / "demo.json"
    first = json.loads(path.read_text()) if path.exists() else {}
    password, secret = cast.password_of(var), cast.totp_secret_of(var)
    (var / "demo").mkdir(exist_ok=True)
    content = {
        "base_url": settings.BASE_URL,
        "accounts": {
            person.key: {
                "email": cast.EMAIL.format(person.key),
                "password": password,
                "totp_secret": secret if cast.needs_second_factor(person) else None,
            }
            for person in CAST
            if person.key
        },
        "certificates": first.get("certificates")
        or {state: _certificate(var, number) for state, number in CERTIFICATES.items()},
        "officers": first.get("officers")
        or {
            "cleared": _officer(CERTIFIED),
            "not_cleared": _officer(UNCERTIFIED),
            "conditional": _officer(IN_GRACE),
            "not_gated": _officer(UNCERTIFIED, NOT_GATED),
            "overridden": _officer(OVERRIDDEN),
            **{f"{role.key}_cleared": _officer(role.certified, role.function) for role in OTHER_ROLES},
            **{f"{role.key}_not_cleared": _officer(role.uncertified, role.function) for role in OTHER_ROLES},
        },
    }
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)


def _certificate(var: Path, service_number: str) -> dict[str, Any]:
    """The person's first one: a renewed one is valid today; what took the place of a superseded one is issued, too."""
    held = Certificate.objects.select_related("bearer").filter(award__person=cast.holder_of(service_number))
    certificate = held.earliest("valid_from", "pk")
    document = certificate.documents.get(layout=CertificateDocument.AT_ISSUE)
    pdf = var / "demo" / f"{certificate.public_id}.pdf"
    credential = var / "demo" / f"{certificate.public_id}.json"
    if not pdf.exists() and document.sha256:
        pdf.write_bytes(files.read(document.sha256, ".pdf"))
        credential.write_text(json.dumps(certificate.bearer.credential, ensure_ascii=False, indent=1))
    return {
        "id": certificate.public_id,
        "code": grouped(certificate.short_code),
        "qr_text": certificate.bearer.qr_text,
        "pdf": str(pdf),
        "credential": str(credential),
    }


def _officer(service_number: str, function: str = FUNCTION) -> dict[str, str]:
    posting = Posting.objects.current().select_related("agency").get(service_number=service_number)
    return {"agency": posting.agency.code, "service_number": service_number, "function": function}
