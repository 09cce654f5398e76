"""The operator's file: what is wrong in it is named, and nothing starts."""

import json
from pathlib import Path
from typing import Any

import pytest

from accounts.sign_on.configuration import ConfigurationError, for_allauth, read

OIDC: dict[str, Any] = {
    "kind": "openid-connect", "id": "labour", "agency": "labour-inspection",
    "names": {"az": "Əmək müfəttişliyi", "en": "Labour inspection", "ru": "Инспекция труда"},
    "server": "https://login.labour.example", "client_id": "nisane", "client_secret_file": "labour.secret",
    "people": {"service_number": "employee_number"},
}  # fmt: skip
SAML: dict[str, Any] = {
    "kind": "saml", "id": "migration", "agency": "migration-service", "names": OIDC["names"],
    "entity_id": "https://idp.migration.example/metadata", "sso_url": "https://idp.migration.example/sso",
    "certificate_file": "migration.pem", "subject": "subject-id",
    "people": {"email_domains": ["migration.example"]},
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Any:
    (tmp_path / "labour.secret").write_text("a secret\n")
    (tmp_path / "migration.pem").write_text("a certificate\n")

    def written(*providers: Any) -> str:
        path = tmp_path / "sign-on.json"
        path.write_text(json.dumps({"providers": providers}))
        return str(path)

    return written


def test_no_file_is_no_provider() -> None:
    assert read("") == ()
    assert for_allauth(()) == {"openid_connect": {"APPS": []}, "saml": {"APPS": []}}


def test_both_kinds_are_read_with_their_files(file: Any) -> None:
    apps = for_allauth(read(file(OIDC, SAML)))
    [oidc], [saml] = apps["openid_connect"]["APPS"], apps["saml"]["APPS"]
    assert (oidc["provider_id"], oidc["secret"]) == ("labour", "a secret")
    assert (saml["provider_id"], saml["settings"]["idp"]["x509cert"]) == ("migration", "a certificate")


def test_saml_takes_only_signed_assertions_that_were_asked_for(file: Any) -> None:
    [app] = for_allauth(read(file(SAML)))["saml"]["APPS"]
    wanted = ("strict", "want_assertion_signed", "reject_deprecated_algorithm", "reject_idp_initiated_sso")
    assert [app["settings"]["advanced"][name] for name in wanted] == [True] * 4


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"server": "http://login.labour.example"}, "server"),
        ({"server": "login.labour.example"}, "server"),
        ({"id": "Labour Inspection"}, "id"),
        ({"id": "../x"}, "id"),
        ({"names": {"az": "Əmək", "en": "Labour"}}, "names"),
        ({"names": {"az": "Əmək", "en": "Labour", "ru": ""}}, "names"),
        ({"people": {}}, "people"),
        ({"people": {"service_number": "n", "email_domains": ["a.example"]}}, "people"),
        ({"people": {"email_domains": ["@a.example"]}}, "people"),
        ({"people": {"email_domains": ["A.example"]}}, "people"),
        ({"people": {"email_domains": ["example"]}}, "people"),
        ({"client_secret": "in the open"}, "client_secret"),
        ({"kind": "oauth"}, "kind"),
        ({"client_secret_file": "not-there"}, "not-there"),
    ],
)
def test_what_is_wrong_is_named(file: Any, change: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        for_allauth(read(file({**OIDC, **change})))


def test_saml_without_subject_is_refused(file: Any) -> None:
    with pytest.raises(ConfigurationError, match="subject"):
        read(file({name: value for name, value in SAML.items() if name != "subject"}))


def test_id_twice_is_refused(file: Any) -> None:
    with pytest.raises(ConfigurationError, match="twice"):
        read(file(OIDC, {**SAML, "id": "labour"}))


def test_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        read(str(tmp_path / "nowhere.json"))
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(ConfigurationError, match="broken"):
        read(str(tmp_path / "broken.json"))
