"""Forgeries. NISANE_PROOF_COUNT raises the number of flipped bits from 12 to a full proof."""

import io
import logging
import os
import random

import pikepdf
import pytest
from cryptography.x509 import Certificate
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates.pdf import signing
from certificates.pdf.keys import DocumentSigner
from certificates.pdf.verify import MOST_BYTES, PdfVerdict, verify_pdf

from ..proof_values import CREATED

type Keys = tuple[DocumentSigner, tuple[Certificate, ...]]

FLIPS = int(os.environ.get("NISANE_PROOF_COUNT", "12"))


def hole(data: bytes) -> tuple[int, int]:
    """Return where the signature itself is held."""
    start = data.index(b"/Contents <") + len(b"/Contents ")
    return start, data.index(b">", start) + 1


def verdict(data: bytes, keys: Keys) -> PdfVerdict:
    return verify_pdf(data, roots=keys[1]).verdict


def test_pyhanko_accepts_a_certification_of_the_whole_file(document: bytes, ours: Keys, tmp_path):
    from cryptography.hazmat.primitives.serialization import Encoding

    root = tmp_path / "root.pem"
    root.write_bytes(ours[1][0].public_bytes(Encoding.PEM))
    (signature,) = PdfFileReader(io.BytesIO(document)).embedded_signatures
    context = ValidationContext(trust_roots=[load_cert_from_pemder(str(root))], allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    assert (status.bottom_line, status.trusted, status.docmdp_ok) == (True, True, True)
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.docmdp_level.name == "NO_CHANGES"


def test_file_with_one_bit_flipped_outside_the_signature_is_refused(document: bytes, ours: Keys):
    start, end = hole(document)
    chance = random.Random(20261124)
    for _ in range(FLIPS):
        position = chance.choice([chance.randrange(start), chance.randrange(end, len(document))])
        flipped = bytearray(document)
        flipped[position] ^= 1 << chance.randrange(8)
        assert verdict(bytes(flipped), ours) != PdfVerdict.GENUINE, position


def test_signature_written_in_another_way_is_refused(document: bytes, ours: Keys):
    start, end = hole(document)
    held = document[start:end]
    for other in (held.lower(), held[:-5] + b"0001>"):
        assert verdict(document[:start] + other + document[end:], ours) == PdfVerdict.CHANGED


@pytest.mark.parametrize("added", [b"\n", b"%%EOF\n", b"x" * 100])
def test_file_with_something_after_its_end_is_refused(document: bytes, ours: Keys, added: bytes):
    assert verdict(document + added, ours) != PdfVerdict.GENUINE


def test_file_with_an_update_appended_is_refused(document: bytes, ours: Keys):
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = writer.root["/Pages"]["/Count"]
    writer.update_container(page)
    made = io.BytesIO()
    writer.write(made)
    assert verdict(made.getvalue(), ours) == PdfVerdict.CHANGED


def test_file_saved_again_is_refused(document: bytes, ours: Keys):
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        pdf.save(made)
    assert verdict(made.getvalue(), ours) != PdfVerdict.GENUINE


def test_file_of_a_stranger_under_our_names_is_told_apart(document: bytes, ours: Keys, theirs: Keys):
    assert verdict(document, theirs) == PdfVerdict.STRANGER
    forged = signed_by(theirs[0], unsigned(document))
    assert verdict(forged, theirs) == PdfVerdict.GENUINE
    assert verdict(forged, ours) == PdfVerdict.STRANGER


def test_file_with_its_signature_taken_out_is_unsigned(document: bytes, ours: Keys):
    assert verdict(unsigned(document), ours) == PdfVerdict.UNSIGNED


def test_signature_of_ours_that_allows_changes_is_refused(document: bytes, ours: Keys):
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsigned(document))) as pdf:
        del pdf.Root.AcroForm
        del pdf.pages[0].obj.Annots
        pdf.save(plain)
    made = io.BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(plain),
        signers.PdfSignatureMetadata(field_name="Approval", md_algorithm="sha256"),
        signer=signing._RawSigner(ours[0]),
        new_field_spec=SigFieldSpec("Approval"),
        output=made,
    )
    assert verdict(made.getvalue(), ours) == PdfVerdict.CHANGED


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"not a PDF", b"%PDF-1.7\n" + b"\0" * MOST_BYTES])
def test_file_that_cannot_be_read_is_told_apart(ours: Keys, data: bytes):
    assert verdict(data, ours) == PdfVerdict.UNREADABLE


def test_only_a_genuine_file_gives_its_credential(document: bytes, ours: Keys, theirs: Keys):
    assert verify_pdf(document, roots=theirs[1]).credential is None
    assert verify_pdf(document + b"\n", roots=ours[1]).credential is None


def test_file_is_judged_at_the_instant_asked_for(document: bytes, ours: Keys):
    later = CREATED.replace(year=2100)
    assert verify_pdf(document, roots=ours[1], at=later).verdict != PdfVerdict.GENUINE
    assert verify_pdf(document, roots=ours[1], at=CREATED).verdict == PdfVerdict.GENUINE


def unsigned(data: bytes) -> bytes:
    """The same page, with an empty signature field."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        del pdf.Root.AcroForm.Fields[0].V
        del pdf.Root.Perms
        pdf.save(made)
    return made.getvalue()


def signed_by(signer: DocumentSigner, data: bytes) -> bytes:
    return signing.sign_pdf(data, signer=signer, signed_at=CREATED)


def test_judging_sets_no_level_of_the_whole_process(
    document: bytes, ours: Keys, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Two files judged at once would else leave the log as the other had set it; a forgery is still no incident."""
    quiet = logging.getLogger("pyhanko")
    monkeypatch.setattr(quiet, "setLevel", lambda level: pytest.fail(f"pyhanko is set to {level}"))
    assert quiet.level == logging.CRITICAL
    broken = document.replace(b"/Type", b"/Tipe", 1)
    assert verdict(broken, ours) is not PdfVerdict.GENUINE
    assert not caplog.records
