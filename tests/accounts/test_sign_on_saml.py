"""Signing in through an agency's SAML identity provider: another process, known by metadata alone."""

from collections.abc import Iterator
from typing import Any

import pytest
import xmlsec
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client
from lxml import etree

from accounts.sign_on import configuration
from people.models import Agency, User
from tests.elearning.pages import tree, words
from tests.factories import PASSWORD

from .providers import saml_agency
from .providers.saml_agency import SamlAgency, changed, come_back, document, leave, sign_in_there, through

LINK = "/az/people/sign-on/link/"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SamlAgency]:
    """Two of ours are known there by what /metadata/ says."""
    folder = tmp_path_factory.mktemp("agency")
    saml_agency.make_key(folder)
    with pytest.MonkeyPatch.context() as patched:
        from django.conf import settings

        agency = SamlAgency(folder, "http://localhost:9")
        both = (agency.provider("labour"), agency.provider("migration"))
        patched.setattr(settings, "SIGN_ON", both)
        patched.setattr(settings, "SOCIALACCOUNT_PROVIDERS", configuration.for_allauth(both))
        metadata = {one.id: browser().get(f"/sign-on/saml/{one.id}/metadata/").content for one in both}
    with saml_agency.running(folder, metadata) as found:
        yield found


@pytest.fixture
def agency_provider(process: SamlAgency, settings: Any) -> SamlAgency:
    process.forget()
    offer(settings, process.provider("labour"), process.provider("migration"))
    return process


@pytest.fixture
def linked(agency_provider: SamlAgency, officer: User) -> User:
    agency_provider.says("aytan", employeeNumber="LAB-0417")
    link(browser(), "aytan")
    return officer


def browser() -> Client:
    return Client(headers={"host": "testserver"})


def offer(settings: Any, *providers: configuration.Saml) -> None:
    settings.SIGN_ON = providers
    settings.SOCIALACCOUNT_PROVIDERS = configuration.for_allauth(providers)


def link(client: Client, user: str, email: str = "officer@agency.example") -> Any:
    assert through(client, user).url == LINK
    client.post("/az/account/login/", {"login": email, "password": PASSWORD, "next": LINK})
    return client.post(LINK)


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def links() -> list[tuple[str, str, str]]:
    return list(SocialAccount.objects.values_list("user__email", "provider", "uid"))


def refused(client: Client, answer: Any) -> bool:
    assert answer.status_code in (400, 401, 403), answer.content.decode()
    assert who(client) is None
    assert words(tree(answer.content).find(".//main"))
    return True


# --- the ordinary way -------------------------------------------------------------------------------


def test_first_time_asks_for_the_existing_sign_in_and_links(
    agency_provider: SamlAgency, officer: User
) -> None:
    agency_provider.says("aytan", employeeNumber="LAB-0417")
    client = browser()
    assert link(client, "aytan").url == "/az/"
    assert links() == [(officer.email, "labour", "id-of-aytan")]


def test_linked_account_opens_without_password_from_then_on(agency_provider: Any, linked: User) -> None:
    client = browser()
    assert (through(client, "aytan", next="/ru/certificates/").url, who(client)) == (
        "/ru/certificates/",
        str(linked.pk),
    )


def test_sign_in_page_offers_it_and_leads_on_by_a_page_of_ours(agency_provider: SamlAgency, db: Any) -> None:
    assert "/sign-on/saml/labour/login/" in browser().get("/az/account/login/").content.decode()
    assert leave(browser()).startswith(f"{agency_provider.url}/sso?SAMLRequest=")


def test_person_finds_the_provider_by_listed_domain(
    agency_provider: SamlAgency, settings: Any, officer: User
) -> None:
    offer(
        settings,
        agency_provider.provider("labour", email_domains=("agency.example",), email=saml_agency.MAIL),
    )
    agency_provider.says("aytan", mail="officer@agency.example")
    link(browser(), "aytan")
    assert links() == [(officer.email, "labour", "id-of-aytan")]


def test_metadata_asks_for_signed_assertions_and_offers_no_logout(agency_provider: Any, db: Any) -> None:
    answer = browser().get("/sign-on/saml/labour/metadata/")
    text = answer.content.decode()
    assert 'WantAssertionsSigned="true"' in text
    assert "SingleLogout" not in text
    assert browser().get("/sign-on/saml/labour/sls/").status_code == 404


# --- who is not let in ------------------------------------------------------------------------------


def test_stranger_is_refused_and_not_made(agency_provider: SamlAgency, officer: User) -> None:
    agency_provider.says("stranger", employeeNumber="LAB-9999", mail="officer@agency.example")
    client, before = browser(), User.objects.count()
    assert refused(client, through(client, "stranger"))
    assert (User.objects.count(), links()) == (before, [])


def test_another_agencys_provider_claims_the_service_number(
    agency_provider: SamlAgency, officer: User, other_agency: Agency
) -> None:
    agency_provider.says("stranger", employeeNumber="LAB-0417")
    client = browser()
    assert refused(client, through(client, "stranger", "migration"))


def test_another_agencys_provider_claims_a_linked_subject(
    agency_provider: SamlAgency, linked: User, other_agency: Agency
) -> None:
    client = browser()
    assert refused(client, through(client, "aytan", "migration"))


def test_several_numbers_are_none(agency_provider: SamlAgency, officer: User) -> None:
    agency_provider.says("stranger", employeeNumber=["LAB-0417", "LAB-0418"])
    client = browser()
    assert refused(client, through(client, "stranger"))


@pytest.mark.parametrize("subject", [None, ["id-of-aytan", "id-of-orxan"]])
def test_name_id_does_not_stand_in_for_the_subject(
    agency_provider: SamlAgency, linked: User, subject: Any
) -> None:
    agency_provider.says("aytan", employeeNumber="LAB-0417", subject=subject)
    client = browser()
    assert refused(client, through(client, "aytan"))


def test_subject_handed_to_a_colleague_is_refused(
    agency_provider: SamlAgency, linked: User, officer2: User
) -> None:
    agency_provider.says("aytan", employeeNumber="LAB-0418")
    client = browser()
    assert refused(client, through(client, "aytan"))


def test_new_subject_asks_for_the_existing_sign_in_again(agency_provider: SamlAgency, linked: User) -> None:
    agency_provider.says("orxan", employeeNumber="LAB-0417")
    client = browser()
    assert (through(client, "orxan").url, who(client)) == (LINK, None)


# --- forged, old and stolen answers -----------------------------------------------------------------


def answer_for(client: Client, user: str = "aytan", provider: str = "labour") -> dict[str, str]:
    return sign_in_there(leave(client, provider), user)


def unsigned(text: str) -> str:
    root = etree.fromstring(text.encode())
    for signature in list(root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")):
        signature.getparent().remove(signature)
    return etree.tostring(root).decode()


def signed_by(key: str, text: str, algorithm: str = "") -> str:
    """The assertion signed anew, with this key and perhaps another algorithm."""
    root = etree.fromstring(text.encode())
    xmlsec.tree.add_ids(root, ["ID"])
    [signature] = root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")
    for name in ("DigestValue", "SignatureValue"):
        signature.find(f".//{{*}}{name}").text = ""
    if algorithm:
        signature.find(".//{*}SignatureMethod").set("Algorithm", algorithm)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(key, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)
    return etree.tostring(root).decode()


def wrapped(text: str) -> str:
    """Another assertion, unsigned, before the signed one: the classic of signature wrapping."""
    root = etree.fromstring(text.encode())
    [assertion] = root.iter("{urn:oasis:names:tc:SAML:2.0:assertion}Assertion")
    forged = etree.fromstring(etree.tostring(assertion).replace(b"id-of-stranger", b"id-of-aytan"))
    forged.set("ID", "_forged")
    forged.remove(forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    root.insert(root.index(assertion), forged)
    return etree.tostring(root).decode()


def test_unsigned_answer_is_refused_and_not_kept(agency_provider: Any, linked: User) -> None:
    client = browser()
    form, before = answer_for(client), Session.objects.count()
    assert refused(client, come_back(client, changed(form, unsigned)))
    assert Session.objects.count() == before


def test_answer_changed_after_signing_is_refused(agency_provider: SamlAgency, linked: User) -> None:
    agency_provider.says("stranger", employeeNumber="LAB-9999")
    client = browser()
    form = answer_for(client, "stranger")
    assert "LAB-9999" in document(form)
    assert refused(
        client, come_back(client, changed(form, lambda text: text.replace("LAB-9999", "LAB-0417")))
    )


def test_answer_signed_by_another_key_is_refused(agency_provider: SamlAgency, linked: User) -> None:
    saml_agency.make_key(agency_provider.folder, "another-")
    for key, passes in (("key.pem", True), ("another-key.pem", False)):
        client = browser()
        form = answer_for(client)
        again = changed(form, lambda text, key=key: signed_by(str(agency_provider.folder / key), text))
        assert (come_back(client, again).status_code == 302) == passes


def test_answer_signed_with_sha1_is_refused(agency_provider: SamlAgency, linked: User) -> None:
    client, key = browser(), str(agency_provider.folder / "key.pem")
    sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
    form = changed(answer_for(client), lambda text: signed_by(key, text, sha1))
    assert refused(client, come_back(client, form))


def test_second_assertion_beside_the_signed_one_is_refused(agency_provider: SamlAgency, linked: User) -> None:
    agency_provider.says("stranger", employeeNumber="LAB-0417")
    client = browser()
    assert refused(client, come_back(client, changed(answer_for(client, "stranger"), wrapped)))


def test_comment_inside_a_value_does_not_shorten_it(
    agency_provider: SamlAgency, officer: User, unit: Any
) -> None:
    """Signatures do not see comments; a reader that stops at one would read another number."""
    agency_provider.says("stranger", employeeNumber="LAB-04179")
    client = browser()
    form = answer_for(client, "stranger")
    cut = changed(form, lambda text: text.replace("LAB-04179", "LAB-0417<!---->9"))
    assert cut != form
    assert refused(client, come_back(client, cut))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "no xml",
        lambda text: '<!DOCTYPE a [<!ENTITY b "c">]>' + text,
        lambda text: text[: len(text) // 2],
        lambda text: text + " " * 300_000,
    ],
)
def test_nonsense_is_refused_in_words(agency_provider: Any, linked: User, change: Any) -> None:
    client = browser()
    form, before = answer_for(client), Session.objects.count()
    assert refused(client, come_back(client, changed(form, change)))
    assert Session.objects.count() == before


def test_answer_works_once_and_in_one_browser(agency_provider: Any, linked: User) -> None:
    client, other = browser(), browser()
    form = answer_for(client)
    assert refused(other, come_back(other, form))
    assert come_back(client, form).url == "/az/"
    client.logout()
    assert refused(client, come_back(client, form))


def test_answer_for_one_provider_does_not_work_at_another(agency_provider: Any, linked: User) -> None:
    client = browser()
    assert refused(client, come_back(client, answer_for(client), "/sign-on/saml/migration/acs/"))


def test_answer_nobody_asked_for_is_refused(agency_provider: Any, linked: User) -> None:
    """Signed by the provider, asked for by another browser: a link that signs somebody in as another."""
    victim = browser()
    assert refused(victim, come_back(victim, answer_for(browser())))


def test_old_answer_is_refused(agency_provider: Any, linked: User, monkeypatch: Any) -> None:
    from onelogin.saml2.utils import OneLogin_Saml2_Utils

    client = browser()
    form, now = answer_for(client), OneLogin_Saml2_Utils.now()
    monkeypatch.setattr(OneLogin_Saml2_Utils, "now", staticmethod(lambda: now + 3600))
    assert refused(client, come_back(client, form))


def test_finishing_without_an_answer_is_refused(agency_provider: Any, db: Any) -> None:
    client = browser()
    assert refused(client, client.get("/sign-on/saml/labour/acs/finish/"))


def test_addresses_without_provider_are_not_there(agency_provider: Any, db: Any) -> None:
    for path in ("login/", "acs/"):
        assert browser().post(f"/sign-on/saml/nobody/{path}").status_code == 404
    for path in ("metadata/", "acs/finish/"):
        assert browser().get(f"/sign-on/saml/nobody/{path}").status_code == 404
    assert browser().post("/sign-on/oidc/labour/login/").status_code == 404
