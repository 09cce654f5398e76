"""An agency's SAML identity provider: pysaml2 in a process of its own.

`python -m tests.accounts.providers.saml PORT` in PROVIDER_DIR, which holds key.pem, certificate.pem,
claims.json and, in sp/, the metadata of those it serves.
"""

import json
import os
import sys
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

import xmlsec
from lxml import etree
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, sigver
from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
from saml2.config import IdPConfig
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

from .oidc import PASSWORD, Quiet

HERE = Path(os.environ.get("PROVIDER_DIR", "."))


class ByLibrary(sigver.CryptoBackend):
    """Signs with the xmlsec library, where pysaml2 would start the program of that name."""

    version = "1.3"

    def sign_statement(self, statement: Any, node_name: str, key_file: str, node_id: str) -> str:
        root = etree.fromstring(statement if isinstance(statement, bytes) else str(statement).encode())
        xmlsec.tree.add_ids(root, ["ID"])
        [template] = [
            one
            for one in root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")
            if one.find(".//{*}Reference").get("URI") == f"#{node_id}"
        ]
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_file(key_file, xmlsec.constants.KeyDataFormatPem)
        context.sign(template)
        return etree.tostring(root).decode()


sigver.CryptoBackendXMLSecurity = ByLibrary


def configured(url: str) -> IdPConfig:
    config = IdPConfig()
    config.load(
        {
            "entityid": f"{url}/metadata",
            "crypto_backend": "XMLSecurity",
            "key_file": str(HERE / "key.pem"),
            "cert_file": str(HERE / "certificate.pem"),
            "metadata": {"local": [str(path) for path in sorted((HERE / "sp").glob("*.xml"))]},
            "service": {
                "idp": {
                    "endpoints": {"single_sign_on_service": [(f"{url}/sso", BINDING_HTTP_REDIRECT)]},
                    "policy": {
                        "default": {
                            "lifetime": {"minutes": 5},
                            "attribute_restrictions": None,
                            "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
                        }
                    },
                    "sign_assertion": True,
                    "sign_response": False,
                    "want_authn_requests_signed": False,
                }
            },
        }
    )
    return config


FORM = """<!doctype html><title>{title}</title><form method="post" action="{action}">{fields}
<button type="submit">Go</button></form>{more}"""


class Provider:
    def __init__(self, url: str) -> None:
        self.url, self.server = url, Server(config=configured(url))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        said = parse_qs(environ["QUERY_STRING"])
        if environ["PATH_INFO"] != "/sso":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"no"]
        if environ["REQUEST_METHOD"] == "POST":
            length = int(environ.get("CONTENT_LENGTH") or 0)
            page = self.answer(said, parse_qs(environ["wsgi.input"].read(length).decode()))
        else:
            fields = '<input name="login"><input name="password" type="password">'
            action = escape(f"/sso?{environ['QUERY_STRING']}")
            page = FORM.format(title="Who are you?", action=action, fields=fields, more="")
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [page.encode()]

    def answer(self, said: dict[str, list[str]], form: dict[str, list[str]]) -> str:
        user = form["login"][0]
        assert form["password"] == [PASSWORD]
        asked = self.server.parse_authn_request(said["SAMLRequest"][0], BINDING_HTTP_REDIRECT)
        where = self.server.response_args(asked.message, [BINDING_HTTP_POST])
        identity = {
            "subject": f"id-of-{user}",
            **json.loads((HERE / "claims.json").read_text()).get(user, {}),
        }
        response = self.server.create_authn_response(
            identity={name: value for name, value in identity.items() if value is not None},
            userid=user,
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=f"name-id-of-{user}"),
            authn={"class_ref": PASSWORDPROTECTEDTRANSPORT, "authn_auth": self.url},
            sign_assertion=True,
            sign_response=False,
            sign_alg=SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA256,
            **where,
        )
        sent = self.server.apply_binding(
            BINDING_HTTP_POST,
            str(response),
            where["destination"],
            said.get("RelayState", [""])[0],
            response=True,
        )
        return str(sent["data"])


def main() -> None:
    port = int(sys.argv[1])
    with make_server("127.0.0.1", port, Provider(f"http://localhost:{port}"), handler_class=Quiet) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
