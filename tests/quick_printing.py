"""Documents of certificates made in no time, for tests of what is done with certificates.

Setting, signing and verifying a page and reading the terms of a credential take most of the time of an issue. Tests of the pages themselves, of errands
that print them and of what people download are marked `printed`; journeys always print.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from certificates import issuing, proving
from certificates.credentials import dataintegrity
from certificates.credentials.facts import Bearer, CertificateFacts
from certificates.credentials.jsontext import Json, canonical, write_json
from certificates.pdf.verify import PdfResult, PdfVerdict, verify_pdf

BEGIN = b"%PDF-quick "
REAL = {"journeys", "credentials", "pdf"}  # folders


@pytest.fixture(autouse=True)
def quick_printing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    node = request.node
    if REAL.isdisjoint(node.path.parts) and node.get_closest_marker("printed") is None:
        monkeypatch.setattr(issuing, "make_pdf", _made)
        monkeypatch.setattr(proving, "verify_pdf", _verified)
        monkeypatch.setattr(dataintegrity, "_quads", _quads)
    yield


def is_quick() -> bool:
    return issuing.make_pdf is _made


def _quads(document: Json, loader: dataintegrity.Loader) -> bytes:
    """Return the document itself: its terms are looked up where credentials are tested."""
    return canonical(document)


def _made(facts: CertificateFacts, bearer: Bearer, *, badge: Json, layout: str, **more: Any) -> bytes:
    """Return the code and the layout, then on its own line the credential."""
    return BEGIN + f"{facts.code} {layout}\n".encode() + write_json(badge)


def _verified(data: bytes, **more: Any) -> PdfResult:
    """Judge one of these by its beginning: who changed a byte of a kept file is found by its hash before."""
    if not data.startswith(BEGIN):
        return verify_pdf(data, **more)
    return PdfResult(verdict=PdfVerdict.GENUINE, credential=data.partition(b"\n")[2])
