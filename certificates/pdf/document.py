"""From facts to a signed file, in one call."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime

from cryptography import x509

from certificates.credentials.facts import Bearer, CertificateFacts
from certificates.credentials.jsontext import Json, write_json
from certificates.credentials.qr import qr_png, qr_text
from operations.codes import grouped

from .finish import finish
from .keys import DocumentSigner
from .loop import without_a_loop
from .metadata import Description
from .page import LAYOUTS, compose
from .render import render
from .verify import PdfVerdict, verify_pdf

__all__ = ["LAYOUTS", "DocumentBroken", "make_pdf"]


class DocumentBroken(Exception):
    """The file just made does not verify: it must not be handed out."""


def make_pdf(
    facts: CertificateFacts,
    bearer: Bearer,
    *,
    shown: Mapping[str, str],
    badge: Json,
    token: bytes,
    signer: DocumentSigner,
    roots: Sequence[x509.Certificate],
    signed_at: datetime,
    layout: str = "az-en",
) -> bytes:
    """The signed certificate as one page of A4, verified before it is returned.

    `layout` is one of LAYOUTS; `shown` says in each language what the bearer has shown; `badge` is attached, `token` stands
    in the QR code. NotPrintable when a text holds a character that the fonts lack; RenderError when the page is not set
    cleanly. About 70 ms of CPU; the renderer uses one thread of a process at a time.
    """
    # pyHanko takes half a second to load, and who only serves pages never signs
    from .signing import sign_pdf

    picture = base64.b64encode(qr_png(qr_text(facts.url, token), border=0)).decode("ascii")
    page = compose(facts, bearer, shown=shown, layout=layout, qr=f"data:image/png;base64,{picture}")
    description = Description(
        title=page.title,
        author=facts.issuer_names[page.language],
        subject=facts.qualification_names[page.language],
        keywords=grouped(facts.code),
        language=page.language,
        created=signed_at,
    )
    credential = write_json(badge)
    whole = finish(render(page), page, description=description, credential=credential)
    signed = without_a_loop(lambda: sign_pdf(whole, signer=signer, signed_at=signed_at))
    result = verify_pdf(signed, roots=roots, at=signed_at)
    if result.verdict != PdfVerdict.GENUINE or result.credential != credential:
        raise DocumentBroken(f"{grouped(facts.code)}: {result.verdict}")
    return signed
