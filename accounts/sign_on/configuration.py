"""Providers of agencies: one JSON file, named by NISANE_SIGN_ON.

Read once when the settings are read; what is wrong is said with its place, and nothing starts.
"""

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from locales.languages import LANGUAGES

LOCAL = {"localhost", "127.0.0.1"}


class ConfigurationError(Exception):
    """The file is wrong: what, and where."""


def _address(value: str) -> str:
    parts = urlsplit(value)
    if not parts.hostname or not (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    ):
        raise ValueError("must begin with https://")
    return value


def _domain(value: str) -> str:
    if "@" in value or "." not in value or not value.isascii() or value != value.lower():
        raise ValueError("must be a whole domain in small letters, like “agency.example”")
    return value


def _every_language(value: dict[str, str]) -> dict[str, str]:
    if set(value) != set(LANGUAGES) or not all(value.values()):
        raise ValueError(f"must have {', '.join(LANGUAGES[:-1])} and {LANGUAGES[-1]}")
    return value


type Address = Annotated[str, AfterValidator(_address)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class People(Strict):
    """The way in which the provider names one of our people: exactly one."""

    service_number: str = ""  # the claim or attribute that holds it
    email_domains: tuple[Annotated[str, AfterValidator(_domain)], ...] = ()
    email: str = "email"  # the claim or attribute that holds the address, where domains are listed

    @model_validator(mode="after")
    def _one_way(self) -> "People":
        if bool(self.service_number) == bool(self.email_domains):
            raise ValueError("give either service_number or email_domains")
        return self


class _Provider(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,40}$")]  # stands in addresses; links are kept under it
    agency: str  # the code of the agency
    names: Annotated[dict[str, str], AfterValidator(_every_language)]  # what the button says
    people: People


class OpenIDConnect(_Provider):
    kind: Literal["openid-connect"]
    server: Address
    client_id: str
    client_secret_file: Path

    def for_allauth(self) -> dict[str, Any]:
        secret = _contents(self.client_secret_file)
        more = {
            "server_url": self.server,
            "oauth_pkce_enabled": True,
            "scope": ["openid", "profile", "email"],
        }
        return {
            "provider_id": self.id, "name": self.names["en"], "client_id": self.client_id, "secret": secret,
            "settings": more,
        }  # fmt: skip


class Saml(_Provider):
    kind: Literal["saml"]
    entity_id: str  # of the identity provider
    sso_url: Address
    certificate_file: Path  # PEM; what the provider signs with
    subject: Annotated[str, Field(min_length=1)]  # the attribute that never changes for a person

    def for_allauth(self) -> dict[str, Any]:
        certificate = _contents(self.certificate_file)
        return {
            "provider_id": self.id, "name": self.names["en"], "client_id": self.id,
            "settings": {
                "attribute_mapping": {"uid": self.subject},
                "idp": {"entity_id": self.entity_id, "sso_url": self.sso_url, "x509cert": certificate},
                "advanced": {
                    "strict": True, "want_assertion_signed": True, "reject_deprecated_algorithm": True,
                    "reject_idp_initiated_sso": True, "allow_repeat_attribute_name": False,
                    "allow_single_label_domains": True,
                },
            },
        }  # fmt: skip


type Provider = Annotated[OpenIDConnect | Saml, Field(discriminator="kind")]


class _File(Strict):
    providers: tuple[Provider, ...]


_reader: TypeAdapter[_File] = TypeAdapter(_File)


def _contents(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error


def read(path: str) -> tuple[OpenIDConnect | Saml, ...]:
    """Return the providers of the file; none where no file is named. Files named in it are found beside it."""
    if not path:
        return ()
    try:
        providers = _reader.validate_json(_contents(Path(path))).providers
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors(include_input=False)
        )
        raise ConfigurationError(f"{path}: {said}") from error
    ids = [provider.id for provider in providers]
    if len(set(ids)) != len(ids):
        raise ConfigurationError(f"{path}: an id is given twice")
    return tuple(_beside(provider, Path(path).parent) for provider in providers)


def _beside(provider: OpenIDConnect | Saml, folder: Path) -> OpenIDConnect | Saml:
    files = {name: folder / value for name, value in provider if isinstance(value, Path)}
    return provider.model_copy(update=files)


def for_allauth(providers: tuple[OpenIDConnect | Saml, ...]) -> dict[str, Any]:
    """Return SOCIALACCOUNT_PROVIDERS."""
    kinds: dict[str, Any] = {"openid_connect": {"APPS": []}, "saml": {"APPS": []}}
    for provider in providers:
        kinds[provider.kind.replace("openid-connect", "openid_connect")]["APPS"].append(
            provider.for_allauth()
        )
    return kinds
