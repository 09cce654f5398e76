"""The frame of every page: menu by who is signed in, account menu, ways for keyboard and scripts."""

import pytest
from django.test import Client

from elearning.templatetags import look

from .pages import by_id, drawn_html, loose_ends, tree, with_class, words


def menu(content: bytes) -> list[str]:
    """Lines of the menu; of a grouped one as the row of a desk has them."""
    return [words(link) for link in next(with_class(tree(content), "nav")[0].iter("nav")).iter("a")]


def test_stranger_gets_the_short_menu_without_a_query(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = Client().get("/en/privacy/")
    assert menu(response.content) == ["Home", "Courses", "Check a certificate", "Sign in"]


CLEARANCE = ["Ask for a clearance", "Ask about a whole shift", "Decisions"]
REGISTER = ["Certificates", "Waiting for a second registrar", "Complaints and appeals", "To decide"]


@pytest.mark.parametrize(
    ("who", "more"),
    [
        ("officer", []), ("outsider", []), ("duty_officer", CLEARANCE),
        (
            "coordinator",
            [
                *CLEARANCE, "Overruled refusals", "Look back", "Files of evidence", "My agency", "People", "Units",
                "How many each unit needs", "Rosters", "Invitations", "Waiting for a second person",
                "Requests for corrections", "Positions", "Extra time in exams",
            ],
        ),
        ("registrar", ["Positions", *REGISTER, "Qualifications"]),
        ("trainer", ["Authoring"]), ("reviewer", ["Authoring"]),
        (
            "auditor",
            [
                "Decisions", "Overruled refusals", "Look back", "Files of evidence", "Overview", "People", "Units",
                "Waiting for a second person", "Positions", "Accounts", "Agencies", *REGISTER, "Requirements",
                "Qualifications", "Figures", "Audit trail",
            ],
        ),
        (
            "admin",
            [
                "Overview", "People", "Units", "Rosters", "Invitations", "Waiting for a second person",
                "Requests for corrections", "Requests for erasure", "Positions", "Accounts", "Agencies",
                "Requirements", "Qualifications",
            ],
        ),
    ],
)  # fmt: skip
def test_menu_shows_where_this_person_can_go(who, more, request, client_of):
    response = client_of(request.getfixturevalue(who)).get("/en/help/")
    home = "Home" if more else "My training"
    assert menu(response.content) == [home, "Courses", "My certificates", *more, "Help"]


def test_menu_costs_no_query_of_its_own_however_many_positions(officer, client_of, django_assert_num_queries):
    client = client_of(officer)
    with django_assert_num_queries(2):  # session; person with positions
        client.get("/en/privacy/")


def test_menu_marks_where_one_is():
    page = tree(Client().get("/en/account/login/").content)
    assert [words(link) for link in page.iter("a") if link.get("aria-current") == "page"] == ["Sign in"]


def test_section_of_a_page_is_marked_before_its_address():
    page = tree(drawn_html("pages/help.html", path="/en/help/", section="verify"))
    assert [words(link) for link in page.iter("a") if link.get("aria-current") == "page"] == [
        "Check a certificate"
    ]


def test_account_menu_names_the_person_and_signs_out_by_post(officer, client_of):
    page = tree(client_of(officer).get("/az/help/").content)
    account = with_class(page, "me")[0]
    form = next(account.iter("form"))
    assert words(next(account.iter("b"))) == "Aytən Məmmədova"
    assert (form.get("method"), form.get("action")) == ("post", "/az/account/logout/")
    assert "csrfmiddlewaretoken" in [field.get("name") for field in form.iter("input")]


def test_account_menu_says_where_one_serves_as_what_and_leads_to_own_data(coordinator, officer, client_of):
    account = with_class(tree(client_of(coordinator).get("/en/help/").content), "me")[0]
    assert account.tag == "details"  # works without script
    assert "coordinator" in words(account)
    assert {"/en/people/account/", "/en/people/my-data/"} <= {link.get("href") for link in account.iter("a")}
    assert [link.get("href") for link in account.iter("a") if link.get("lang")] == ["/az/help/", "/ru/help/"]
    account = with_class(tree(client_of(officer).get("/en/help/").content), "me")[0]
    [posting] = officer.postings.select_related("agency", "unit")
    assert f"{posting.agency.name}, {posting.unit.name}" in words(account)


def test_page_of_a_person_carries_only_their_public_id(officer, client_of):
    page = tree(client_of(officer).get("/az/help/").content)
    assert page.find("body").get("data-uid") == officer.public_id


@pytest.mark.parametrize("path", ["/az/privacy/", "/ru/accessibility/", "/az/account/login/"])
def test_page_is_tied_together_and_has_one_heading(path):
    page = tree(Client().get(path).content)
    assert loose_ends(page) == []
    assert len(list(page.iter("h1"))) == 1
    assert by_id(page, "main").tag == "main"
    assert next(page.iter("a")).get("href") == "#main"  # the first stop of the keyboard


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_welcome_offers_check_sign_in_and_help_line(language):
    page = tree(drawn_html("pages/welcome.html", language=language, path=f"/{language}/", hotline="152"))
    form = with_class(page, "vf")[0]
    [field] = form.iter("input")
    assert (form.get("action"), form.get("method"), field.get("name")) == ("/verify/", "post", "q")
    assert "data-drop-hash" in field.attrib  # what stands after # in a pasted link never leaves the browser
    addresses = {link.get("href") for link in page.iter("a")}
    assert {f"/{language}/account/login/", "tel:152"} <= addresses
    assert loose_ends(page) == []


def test_welcome_without_help_line_says_nothing_of_it():
    assert with_class(tree(drawn_html("pages/welcome.html")), "help") == []


@pytest.mark.parametrize("demo", [True, False])
def test_only_the_demo_says_that_nobody_is_real(settings, db, demo):
    settings.DEMO = demo
    look._fixed.cache_clear()
    page = Client().get("/en/privacy/").content.decode()
    look._fixed.cache_clear()
    assert ("all people and cases are fictional" in page, "invented people" in page) == (demo, demo)
    assert (settings.ISSUER_NAMES["en"] in page) is not demo
