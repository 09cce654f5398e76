"""W3C Data Integrity proofs: eddsa-rdfc-2022 and eddsa-jcs-2022, side by side in one proof array.

The first is what other verifiers of Open Badges accept, the second is quick and covers the JSON as it is
written. A document is accepted only when every proof it should carry holds.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pyld import jsonld

from .contexts import load_context
from .errors import ProofError, Reason
from .facts import utc_text
from .jsontext import Json, canonical
from .keys import Keyring, Signer
from .multikey import multibase, read_multibase

RDFC = "eddsa-rdfc-2022"
JCS = "eddsa-jcs-2022"
BOTH = (RDFC, JCS)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

type Loader = Callable[..., Mapping[str, Any]]


def sign(
    document: Json, *, signer: Signer, did: str, created: datetime, suites: tuple[str, ...] = BOTH
) -> Json:
    """The document with `proof`: one proof for each suite, in that order, all by `signer`.

    Refuses (`ProofError` dropped) a document with a term that its contexts do not define.
    """
    bare = {name: value for name, value in document.items() if name != "proof"}
    proofs = []
    for suite in suites:
        config = {
            "type": "DataIntegrityProof",
            "cryptosuite": suite,
            "created": utc_text(created),
            "verificationMethod": f"{did}#{signer.kid}",
            "proofPurpose": "assertionMethod",
        }
        if suite == JCS and "@context" in bare:
            config["@context"] = bare["@context"]
        message = hash_document(bare, config)
        proofs.append({**config, "proofValue": multibase(signer.sign(message))})
    return {**bare, "proof": proofs}


def verify(
    document: Json,
    *,
    keyring: Keyring,
    purpose: str,
    did: str,
    context: list[str] | None,
    suites: tuple[str, ...] = BOTH,
    fast: bool = False,
) -> str:
    """Returns the `created` of the proofs, or raises `ProofError`.

    `context` is the only accepted `@context` (None: there must be none). The proofs must be exactly one for
    each of `suites`, by a key of ours kept for `purpose`. `fast` leaves eddsa-rdfc-2022 unverified.
    """
    bare = {name: value for name, value in document.items() if name != "proof"}
    if bare.get("@context") != context:
        raise ProofError(Reason.CONTEXT, "not exactly the contexts we issue under")
    proofs = document.get("proof")
    if not isinstance(proofs, list) or not all(isinstance(proof, dict) for proof in proofs):
        raise ProofError(Reason.FORM, "no array of proofs")
    if [proof.get("cryptosuite") for proof in proofs] != list(suites):
        raise ProofError(Reason.FORM, "not exactly the proofs we issue")
    for proof in proofs:
        _check_form(proof, bare)
        if not (fast and proof["cryptosuite"] == RDFC):
            _verify_one(bare, proof, keyring=keyring, purpose=purpose, did=did)
    created = {str(proof["created"]) for proof in proofs}
    if len(created) != 1:
        raise ProofError(Reason.DIFFERS, "the proofs were made at different times")
    return created.pop()


def _check_form(proof: Json, bare: Json) -> None:
    expected = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
    if proof["cryptosuite"] == JCS and "@context" in bare:
        expected |= {"@context"}
    if set(proof) != expected or proof.get("@context", bare.get("@context")) != bare.get("@context"):
        raise ProofError(Reason.FORM, "a proof with more or less than ours have")
    if proof["type"] != "DataIntegrityProof" or proof["proofPurpose"] != "assertionMethod":
        raise ProofError(Reason.FORM, "not a proof of an assertion")
    if not isinstance(proof["created"], str) or not _INSTANT.fullmatch(proof["created"]):
        raise ProofError(Reason.FORM, "created is not an instant in UTC")


def _verify_one(bare: Json, proof: Json, *, keyring: Keyring, purpose: str, did: str) -> None:
    method = proof["verificationMethod"]
    if not isinstance(method, str) or not method.startswith(f"{did}#"):
        raise ProofError(Reason.ISSUER, "signed in another issuer's name")
    signature = read_multibase(proof["proofValue"], length=64)
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    message = hash_document(bare, config)
    keyring.verify(method.removeprefix(f"{did}#"), purpose, signature, message)


def hash_document(document: Json, config: Json, *, loader: Loader = load_context) -> bytes:
    """The 64 bytes that are signed: SHA-256 of the proof's configuration, then of the document."""
    if config["cryptosuite"] == JCS:
        return _sha256(canonical(config)) + _sha256(canonical(document))
    if config["cryptosuite"] == RDFC:
        under_context = {"@context": document.get("@context"), **config}
        return _sha256(_quads(under_context, loader)) + _sha256(_quads(document, loader))
    raise ProofError(Reason.FORM, "no such cryptosuite")


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _quads(document: Json, loader: Loader) -> bytes:
    """Canonical N-Quads (RDFC-1.0), made only when no term of the document would be left out of them."""
    options = {"documentLoader": loader}
    try:
        expanded = jsonld.expand(document, options)
        compacted = jsonld.compact(expanded, document["@context"], options)
        quads = jsonld.normalize(
            expanded, {"algorithm": "URDNA2015", "format": "application/n-quads", **options}
        )
    except jsonld.JsonLdError as error:
        raise ProofError(Reason.CONTEXT, "not readable under its contexts") from error
    if _shape(document) != _shape(compacted):
        raise ProofError(Reason.DROPPED, "a term that its contexts do not define")
    return str(quads).encode("utf-8")


def _shape(value: Any) -> Any:
    """The value without contexts, and without the difference between one thing and an array of one."""
    if isinstance(value, dict):
        return {name: _shape(item) for name, item in value.items() if name != "@context"}
    if isinstance(value, list):
        items = [_shape(item) for item in value]
        return items[0] if len(items) == 1 else items
    return value
