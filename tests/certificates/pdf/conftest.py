import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from cryptography.x509 import Certificate

from certificates.credentials import qr
from certificates.credentials.facts import Bearer, CertificateFacts
from certificates.credentials.jsontext import Json
from certificates.credentials.keys import Keyring
from certificates.pdf.document import make_pdf
from certificates.pdf.keys import DocumentSigner, load_document_signer, load_trust_roots, make_document_keys

from ..proof_values import BEARER, CREATED, FACTS, SHOWN

type Make = Callable[..., bytes]

ISSUER = "Milli Təlim və Sertifikatlaşdırma Mərkəzi"
FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)


def document_keys(directory: Path) -> tuple[DocumentSigner, tuple[Certificate, ...]]:
    make_document_keys(directory, issuer_name=ISSUER, valid_from=FROM, valid_until=UNTIL)
    return load_document_signer(directory), load_trust_roots(directory)


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> tuple[DocumentSigner, tuple[Certificate, ...]]:
    return document_keys(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="session")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> tuple[DocumentSigner, tuple[Certificate, ...]]:
    """Somebody else, under the same names."""
    return document_keys(tmp_path_factory.mktemp("theirs"))


@pytest.fixture(scope="session")
def make(keyring: Keyring, badge: Json, ours: tuple[DocumentSigner, tuple[Certificate, ...]]) -> Make:
    """A document; the attached badge is always that of FACTS and BEARER."""

    def made(
        *,
        facts: CertificateFacts = FACTS,
        bearer: Bearer = BEARER,
        shown: Mapping[str, str] = SHOWN,
        layout: str = "az-en",
    ) -> bytes:
        token = qr.make_token(facts, bearer, signer=keyring.signer("qr"))
        signer, roots = ours
        return make_pdf(
            facts,
            bearer,
            shown=shown,
            badge=badge,
            token=token,
            signer=signer,
            roots=roots,
            signed_at=CREATED,
            layout=layout,
        )

    return made


@pytest.fixture(scope="session")
def document(make: Make) -> bytes:
    return make()


def text_of(data: bytes) -> str:
    """Return what the file gives to whoever copies from it, on one line, with plain spaces."""
    (page,) = pypdf.PdfReader(io.BytesIO(data)).pages
    return re.sub(r"\s+", " ", page.extract_text())


def poppler(tool: str, data: bytes, *options: str) -> bytes:
    """Return what a program of poppler-utils (Debian) makes of the file; skipped where there is none, never in CI."""
    if shutil.which(tool) is None and not os.environ.get("CI"):
        pytest.skip(f"{tool} is missing: install poppler-utils")
    return subprocess.run([tool, *options, "-"], input=data, capture_output=True, check=True).stdout
