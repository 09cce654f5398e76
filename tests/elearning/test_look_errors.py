"""What went wrong is said in a page of ours, in the right language, with a way on."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from elearning import views

from .pages import loose_ends, tree, with_class, words

HEADINGS = {
    "403": {"az": "Bu səhifə sizin üçün açıq deyil", "en": "This is not open to you", "ru": "Эта страница вам закрыта"},
    "404": {"az": "Belə səhifə yoxdur", "en": "There is no such page", "ru": "Такой страницы нет"},
    "429": {"az": "Həddən artıq cəhd", "en": "Too many attempts", "ru": "Слишком много попыток"},
    "500": {
        "az": "Bizim tərəfdə xəta baş verdi", "en": "Something went wrong on our side",
        "ru": "Ошибка на нашей стороне",
    },
    "csrf": {"az": "Forma göndərilmədi", "en": "The form was not sent", "ru": "Форма не отправлена"},
}  # fmt: skip


def heading(content: bytes) -> str:
    return words(next(tree(content).iter("h1")))


def refusal(kind: str, language: str, **headers: str) -> HttpResponse:
    request = RequestFactory().get(f"/{language}/somewhere/", headers=headers)
    with translation.override(language):
        if kind == "403":
            return views.permission_denied(request, PermissionDenied())
        if kind == "404":
            return views.page_not_found(request, Exception())
        if kind == "429":
            return views.too_many_requests(request)
        if kind == "csrf":
            return views.csrf_failure(request, "no cookie")
        return views.server_error(request)


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("kind", sorted(HEADINGS))
def test_error_page_speaks_the_language_and_leads_on(kind, language):
    response = refusal(kind, language)
    page = tree(response.content)
    assert (response.status_code, heading(response.content)) == (
        int(kind.replace("csrf", "403")),
        HEADINGS[kind][language],
    )
    assert page.get("lang") == language
    assert f"/{language}/" in [link.get("href") for link in with_class(page, "refused")[0].iter("a")]
    assert loose_ends(page) == []


@pytest.mark.parametrize("path", ["/ru/nowhere/", "/nowhere/?lang=ru", "/c/nobody-has-this-id?lang=ru"])
def test_missing_page_is_ours_in_the_right_language(path, db):
    response = Client().get(path)
    assert (response.status_code, tree(response.content).get("lang")) == (404, "ru")
    assert with_class(tree(response.content), "mast") != []


@pytest.mark.urls("tests.elearning.urls")
@pytest.mark.parametrize(
    ("path", "language"),
    [("/ru/broken/", "ru"), ("/en/broken/", "en"), ("/broken/", "az"), ("/broken/?lang=en", "en")],
)
def test_broken_page_asks_no_database(path, language):
    """This test has no database at all: a query would raise inside the error page."""
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "somebody-is-signed-in"
    response = client.get(path)
    assert (response.status_code, heading(response.content)) == (500, HEADINGS["500"][language])
    assert "on purpose" not in response.content.decode()


@pytest.mark.urls("tests.elearning.urls")
@pytest.mark.parametrize("how", ["get", "post"])
def test_database_that_gives_no_answer_is_no_fault_of_the_page(how):
    """Its writer waited in vain: whoever sends it again later is served."""
    response = getattr(Client(raise_request_exception=False), how)("/en/away/")
    page = tree(response.content)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert words(with_class(page, "number")[0]) == "503"
    assert "Whatever was shown as saved is saved" in words(with_class(page, "lede")[0])


def test_forged_form_is_refused_in_the_right_language(db):
    response = Client(enforce_csrf_checks=True).post("/ru/account/login/", {"login": "a", "password": "b"})
    assert (response.status_code, heading(response.content)) == (403, HEADINGS["csrf"]["ru"])


def test_refusal_shows_the_words_it_was_given():
    request = RequestFactory().get("/en/")
    with translation.override("en"):
        response = views.permission_denied(request, PermissionDenied("Only a second registrar may confirm."))
    assert words(with_class(tree(response.content), "lede")[0]) == "Only a second registrar may confirm."


def test_stranger_who_is_refused_is_led_to_signing_in():
    page = tree(refusal("403", "en").content)
    assert [link.get("href") for link in with_class(page, "refused")[0].iter("a")] == [
        "/en/account/login/",
        "/en/",
    ]


@pytest.mark.parametrize(("kind", "status"), [("403", 403), ("404", 404), ("429", 429)])
def test_script_is_answered_in_json(kind, status):
    response = refusal(kind, "en", accept="application/json")
    assert (response.status_code, list(json.loads(response.content))) == (status, ["error"])


def test_request_that_cannot_be_read_is_told_so():
    with translation.override("en"):
        response = views.bad_request(RequestFactory().get("/en/"), Exception())
    assert (response.status_code, heading(response.content)) == (400, "This request cannot be read")
