"""An agency's SAML provider as a test meets it."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from accounts.sign_on.configuration import People, Saml
from operations import clock

from .ministry import AGENCIES, NAMES, Speaking, process
from .oidc import PASSWORD

NUMBER = "urn:oid:2.16.840.1.113730.3.1.3"  # employeeNumber, as it is called on the wire
MAIL = "urn:oid:0.9.2342.19200300.100.1.3"


class SamlAgency(Speaking):
    def provider(self, name: str, **people: Any) -> Saml:
        return Saml(
            kind="saml", id=name, agency=AGENCIES[name], names=NAMES[name], entity_id=f"{self.url}/metadata",
            sso_url=f"{self.url}/sso", certificate_file=self.folder / "certificate.pem", subject="subject",
            people=People(**(people or {"service_number": NUMBER})),
        )  # fmt: skip


def make_key(folder: Path, name: str = "") -> None:
    """key.pem and certificate.pem, self-signed as identity providers have them."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp.agency.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.real_now() - timedelta(days=1))
        .not_valid_after(clock.real_now() + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / f"{name}key.pem").write_bytes(private)
    (folder / f"{name}certificate.pem").write_bytes(certificate.public_bytes(pem))


@contextmanager
def running(folder: Path, metadata: dict[str, bytes]) -> Iterator[SamlAgency]:
    """The process, until the end, which knows us by our own metadata."""
    (folder / "sp").mkdir()
    for name, content in metadata.items():
        (folder / "sp" / f"{name}.xml").write_bytes(content)
    with process("tests.accounts.providers.saml", folder) as url:
        yield SamlAgency(folder, url)


def leave(client: Client, provider: str = "labour", **fields: str) -> str:
    page = client.post(f"/sign-on/saml/{provider}/login/", fields)
    assert page.status_code == 200, page.content.decode()
    return page.headers["Refresh"].partition("url=")[2]


def sign_in_there(address: str, user: str) -> dict[str, str]:
    """At the provider: the form that it sends through the person's browser, and `action`, where to."""
    page = requests.post(address, data={"login": user, "password": PASSWORD}, timeout=30)
    page.raise_for_status()
    fields = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', page.text))
    action = re.search(r'action="([^"]+)"', page.text)
    assert action, page.text
    return {"action": unescape(action[1]), **{name: unescape(value) for name, value in fields.items()}}


def come_back(client: Client, form: dict[str, str], at: str = "") -> Any:
    """As browsers do it: another site's form brings no cookie of ours, only the redirect after it does."""
    fields = {name: value for name, value in form.items() if name != "action"}
    stranger = Client(headers={"host": "testserver"})
    answer = stranger.post(at or urlsplit(form["action"]).path, fields)
    if answer.status_code != 302:
        return answer
    client.cookies["saml-acs-session"] = stranger.cookies["saml-acs-session"].value
    return client.get(answer.url)


def through(client: Client, user: str, provider: str = "labour", **fields: str) -> Any:
    return come_back(client, sign_in_there(leave(client, provider, **fields), user))


def document(form: dict[str, str]) -> str:
    return base64.b64decode(form["SAMLResponse"]).decode()


def changed(form: dict[str, str], change: Any) -> dict[str, str]:
    """The same form with the document as `change` leaves it."""
    return {**form, "SAMLResponse": base64.b64encode(change(document(form)).encode()).decode()}
