"""The process: `python -m tests.accounts.providers.oidc PORT CALLBACK…` in PROVIDER_DIR."""

import os
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

USERS = ("aytan", "orxan", "stranger")
PASSWORD = "at-the-ministry"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def prepare(callbacks: list[str]) -> None:
    from allauth.idp.oidc.models import Client
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for name in USERS:
        get_user_model().objects.create_user(name, password=PASSWORD)
    client = Client(
        id="nisane", name="Nişanə", scopes="openid\nprofile\nemail", skip_consent=True,
        redirect_uris="\n".join(callbacks),
    )  # fmt: skip
    client.set_secret("between-the-two")
    client.save()


def main() -> None:
    folder, port = Path(os.environ["PROVIDER_DIR"]), int(sys.argv[1])
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(pem)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.accounts.providers.oidc_settings"
    django.setup()
    prepare(sys.argv[2:])
    from django.core.wsgi import get_wsgi_application

    with make_server("127.0.0.1", port, get_wsgi_application(), Server, Quiet) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
