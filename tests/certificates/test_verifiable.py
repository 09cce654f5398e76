"""Others verify what we serve: a library that the product does not use, over the product's own addresses."""

import io
import json
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, check_credential_status
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates import actions_acts, lists, signing
from certificates.actions_life import REVOKE
from certificates.credentials.multikey import read_base58
from certificates.models import Certificate
from certificates.pdf.signing import as_asn1
from people.models import User
from tests.certificates.proof_values import leaves, mutated

from .issuing import Kind, happen

pytestmark = [pytest.mark.django_db, pytest.mark.printed]


def fetch(address: str) -> bytes:
    """As a verifier elsewhere would, without a cookie or a name."""
    response = Client().get(urlsplit(address).path)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (200, "*")
    return bytes(response.content)


def issuer_key(credential: dict[str, Any]) -> bytes:
    """PEM of the key that the credential names, out of the served did.json."""
    method = credential["proof"][0]["verificationMethod"]
    document = json.loads(fetch("http://localhost:8000/.well-known/did.json"))
    assert document["id"] == credential["issuer"]["id"] == method.partition("#")[0]
    assert method in document["assertionMethod"]
    found = next(each for each in document["verificationMethod"] if each["id"] == method)
    raw = read_base58(found["publicKeyMultibase"].removeprefix("z"))
    return Ed25519PublicKey.from_public_bytes(raw[2:]).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )


def presented(certificate: Certificate) -> dict[str, Any]:
    """The credential as whoever holds the paper gets it."""
    address = f"/c/{certificate.public_id}/credential"
    response = Client().post(address, {"token": certificate.bearer.qr_text})
    credential: dict[str, Any] = json.loads(response.content)
    return credential


def verified(credential: dict[str, Any]) -> Any:
    return OB3LdpVerifier(issuer_key(credential)).verify(json.dumps(credential).encode())


def status_of(credential: dict[str, Any]) -> None:
    check_credential_status(verified(credential), download=fetch)


def test_credential_verifies_against_served_keys_and_lists(certificate: Certificate):
    credential = presented(certificate)
    found = verified(credential)
    assert found.issuer.id == "did:web:localhost%3A8000"
    status_of(credential)


def test_credential_fails_when_any_field_is_changed(certificate: Certificate):
    credential = presented(certificate)
    verifier = OB3LdpVerifier(issuer_key(credential))
    for path in [path for path in leaves(credential) if path[0] != "proof"]:
        with pytest.raises(OB3VerificationError):
            verifier.verify(mutated(credential, path))


def test_credential_is_reported_revoked_after_a_revocation(
    certificate: Certificate, registrar: User, registrar2: User
):
    credential = presented(certificate)
    status_of(credential)
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    status_of(credential)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    with pytest.raises(OB3VerificationError, match="status 'revocation' is set"):
        status_of(credential)


def test_credential_is_reported_suspended_and_then_no_more(certificate: Certificate):
    credential = presented(certificate)
    happen(certificate, Kind.SUSPENDED)
    lists.sign_lists_of([certificate])
    with pytest.raises(OB3VerificationError, match="status 'suspension' is set"):
        status_of(credential)
    happen(certificate, Kind.REINSTATED)
    lists.sign_lists_of([certificate])
    status_of(credential)


# --- the file ----------------------------------------------------------------------------------------


def served_pdf(certificate: Certificate, client: Client) -> bytes:
    return bytes(client.get(f"/az/certificates/{certificate.public_id}.pdf").content)


def test_served_file_validates_as_a_whole_under_our_root(
    certificate: Certificate, officer: User, client_of: Any
):
    reader = PdfFileReader(io.BytesIO(served_pdf(certificate, client_of(officer))))
    (signature,) = reader.embedded_signatures
    context = ValidationContext(trust_roots=[as_asn1(root) for root in signing.trust_roots()])
    status = validate_pdf_signature(signature, signer_validation_context=context)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert (
        signature.sig_object["/Reference"][0]["/TransformParams"]["/P"] == 1
    )  # certified: no change allowed


def test_served_file_shows_the_qr_code_of_the_certificate(
    certificate: Certificate, officer: User, client_of: Any
):
    with pikepdf.open(io.BytesIO(served_pdf(certificate, client_of(officer)))) as pdf:
        found = [pikepdf.PdfImage(image) for image in pdf.pages[0].get_images().values()]
        pictures = [picture.as_pil_image().convert("L") for picture in found]
    read = []
    for image in pictures:
        framed = Image.new("L", (image.width + 80, image.height + 80), 255)
        framed.paste(image, (40, 40))
        read += [code.text for code in zxingcpp.read_barcodes(framed, zxingcpp.BarcodeFormat.QRCode)]
    assert read == [certificate.bearer.qr_text]
