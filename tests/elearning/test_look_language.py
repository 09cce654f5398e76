"""In which language an address answers, and what is remembered."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from elearning import context

from .pages import tree

COOKIE = settings.LANGUAGE_COOKIE_NAME


def asked(path: str, *, cookie: str = "", accept: str = ""):
    client = Client(headers={"accept-language": accept} if accept else {})
    if cookie:
        client.cookies[COOKIE] = cookie
    return client.get(path)


@pytest.mark.parametrize(
    ("cookie", "accept", "leads_to"),
    [
        ("", "", "/az/"),
        ("", "ru-RU,ru;q=0.9,en;q=0.5", "/ru/"),
        ("", "en-GB", "/en/"),
        ("", "tr-TR,de;q=0.8", "/az/"),
        ("", "tr,en;q=0.5", "/en/"),
        ("en", "ru", "/en/"),
        ("az", "ru", "/az/"),
        ("nonsense", "ru", "/ru/"),
    ],
)
def test_root_leads_by_cookie_then_browser(cookie, accept, leads_to):
    response = asked("/", cookie=cookie, accept=accept)
    assert (response.status_code, response.url) == (302, leads_to)


def test_no_language_leads_to_another_host():
    request = RequestFactory().get("/")
    request.path = request.path_info = "//elsewhere.example/"  # what a server makes of such a line
    found = [language.url for language in context.languages(request)]
    assert found == [f"/%2Felsewhere.example/?lang={code}" for code in ("az", "en", "ru")]


def test_root_tells_caches_what_it_looked_at():
    assert {part.strip() for part in asked("/").headers["Vary"].split(",")} == {"Accept-Language", "Cookie"}


@pytest.mark.parametrize(
    ("path", "cookie", "accept", "language"),
    [
        ("/nowhere/", "", "", "az"),
        ("/nowhere/", "", "ru", "ru"),
        ("/nowhere/", "en", "ru", "en"),
        ("/nowhere/?lang=ru", "en", "az", "ru"),
        ("/nowhere/?lang=xx", "en", "az", "en"),
        ("/nowhere/?lang=", "", "ru", "ru"),
        ("/en/nowhere/", "ru", "ru", "en"),
        ("/en/nowhere/?lang=ru", "", "", "en"),
    ],
)
def test_page_answers_in_the_right_language(path, cookie, accept, language):
    response = asked(path, cookie=cookie, accept=accept)
    assert tree(response.content).get("lang") == language
    assert response.headers["Content-Language"] == language


@pytest.mark.parametrize(
    ("path", "cookie", "accept", "kept"),
    [
        ("/az/privacy/", "", "", None),  # what one would get anyway need not be kept
        ("/ru/privacy/", "", "", "ru"),
        ("/ru/privacy/", "ru", "", None),
        ("/az/privacy/", "ru", "", "az"),
        ("/ru/privacy/", "", "ru", None),
        ("/nowhere/?lang=ru", "", "", "ru"),
        ("/nowhere/", "", "ru", None),
    ],
)
def test_language_last_read_is_remembered(path, cookie, accept, kept):
    response = asked(path, cookie=cookie, accept=accept)
    assert (response.cookies[COOKIE].value if COOKIE in response.cookies else None) == kept


def test_cookie_of_the_language_is_not_for_scripts():
    cookie = asked("/ru/privacy/").cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        True,
        "Lax",
        settings.LANGUAGE_COOKIE_AGE,
    )


def test_address_without_prefix_leads_to_the_page_with_one():
    response = asked("/privacy/", accept="ru")
    assert (response.status_code, response.url) == (302, "/ru/privacy/")


def urls(path: str, language: str) -> dict[str, str]:
    with translation.override(language):
        return {one.code: one.url for one in context.languages(RequestFactory().get(path))}


def test_other_languages_of_a_prefixed_page_keep_its_query():
    assert urls("/ru/courses/a/?page=2", "ru") == {
        "az": "/az/courses/a/?page=2", "en": "/en/courses/a/?page=2", "ru": "/ru/courses/a/?page=2",
    }  # fmt: skip


def test_other_languages_of_a_printed_address_are_in_its_query():
    assert urls("/verify/?q=7Q4K&lang=en", "en") == {
        "az": "/verify/?q=7Q4K&lang=az", "en": "/verify/?q=7Q4K&lang=en", "ru": "/verify/?q=7Q4K&lang=ru",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "query", "leads_to"),
    [
        ("//evil.example/", "", "/%2Fevil.example/?lang=ru"),
        ("///evil.example", "", "/%2F/evil.example?lang=ru"),
        ("/\\evil.example/", "", "/%5Cevil.example/?lang=ru"),
        ("/\t/evil.example/", "", "/%09/evil.example/?lang=ru"),
        ('/"><script>alert(1)</script>/', "", "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E/?lang=ru"),
        ("/' onclick='alert(1)", "", "/'%20onclick%3D'alert(1)?lang=ru"),
        ("/what?lang=az#there", "", "/what%3Flang%3Daz%23there?lang=ru"),
        ("/100%/", "", "/100%25/?lang=ru"),
        ("/c/", "next=//evil.example&lang=az&lang=en", "/c/?next=%2F%2Fevil.example&lang=ru"),
        ("/c/", 'q="><i>', "/c/?q=%22%3E%3Ci%3E&lang=ru"),
    ],
)
def test_no_address_without_a_prefix_leads_elsewhere_or_breaks_out_of_its_link(path, query, leads_to):
    """Paths as a server unquotes them: quotes, other hosts, a query that is none."""
    request = RequestFactory().get("/", query_params=None, QUERY_STRING=query)
    request.path = request.path_info = path
    found = {one.code: one for one in context.languages(request)}
    assert found["ru"].url == leads_to
    page = tree(render_to_string("components/language_switch.html", {"languages": found.values()}).encode())
    links = {link.get("hreflang"): link for link in page.iter("a")}
    assert links["ru"].get("href") == leads_to
    assert set(links["ru"].attrib) == {"href", "lang", "hreflang", "data-keep-hash"}
    assert list(page.iter("script")) == [] and list(page.iter("i")) == []
    at = urljoin("https://nisane.example/somewhere/", leads_to)
    assert urlsplit(at)[:2] == ("https", "nisane.example")


def test_links_to_other_languages_keep_the_part_after_the_hash():
    page = tree(asked("/az/privacy/").content)
    links = [link for link in page.iter("a") if link.get("hreflang")]
    assert [(link.get("hreflang"), link.get("lang"), link.get("href")) for link in links] == [
        ("en", "en", "/en/privacy/"), ("ru", "ru", "/ru/privacy/"),
    ]  # fmt: skip
    assert all("data-keep-hash" in link.attrib for link in links)


def test_public_page_names_its_languages_to_search_engines():
    page = tree(asked("/en/privacy/").content)
    found = {
        link.get("hreflang"): link.get("href") for link in page.iter("link") if link.get("rel") == "alternate"
    }
    assert found == {code: f"{settings.BASE_URL}/{code}/privacy/" for code in ("az", "en", "ru")}


def test_page_that_is_not_public_is_kept_out_of_search_engines():
    page = tree(asked("/en/account/login/").content)
    assert [meta.get("content") for meta in page.iter("meta") if meta.get("name") == "robots"] == ["noindex"]
