"""The help page: the number of the help line, the way back to what was begun, the guides."""

import json
import re
from datetime import date
from html import unescape
from urllib.parse import urljoin

import pytest
from django.test import Client

from elearning.guides import GUIDES, read, rendered
from standards.models import Figure

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_help_gives_the_number_of_the_help_line_as_the_register_of_figures_has_it(language, client):
    page = f"/{language}/help/"
    assert "tel:" not in client.get(page).text
    Figure.objects.create(
        code="hotline", value="199", as_of=date(2026, 11, 24), confidence="V",
        name_az="X", name_en="Y", name_ru="Z",
    )  # fmt: skip
    shown = client.get(page).text
    assert 'href="tel:199"' in shown
    assert '<b class="nb">199</b>' in shown


def test_help_leads_back_to_what_was_begun(officer, client_of):
    back = '<a class="btn btn-quiet" href="/en/">'
    assert back in client_of(officer).get("/en/help/").text
    assert back not in Client().get("/en/help/").text


def test_everybody_finds_the_guide_of_officers_and_who_holds_a_position_theirs(officer, registrar, client_of):
    assert slugs(Client().get("/en/help/")) == ["officers", "checking"]
    assert slugs(client_of(officer).get("/en/help/")) == ["officers", "checking"]
    assert slugs(client_of(registrar).get("/en/help/")) == ["officers", "registrars", "checking"]


def test_help_opens_before_the_second_step_is_shown(registrar, client_of):
    assert slugs(client_of(registrar, second_factor=False).get("/en/help/")) == ["officers", "checking"]


def slugs(page):
    return [guide.slug for guide in page.context["guides"]]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("slug", GUIDES)
def test_each_guide_is_read_in_each_language_and_its_links_lead_to_pages(slug, language, client):
    page = client.get(f"/{language}/help/{slug}/")
    assert page.status_code == 200
    article = page.text.partition("<article")[2].partition("</article>")[0]
    links = re.findall(r'href="([^"]+)"', article)
    assert [client.get(urljoin(f"/{language}/help/{slug}/", link)).status_code for link in links] == [
        200
    ] * len(links)
    shown = re.sub(r"<code>.*?</code>", "", article)
    assert not re.search(r"\*\*|\]\(|^#", shown, re.MULTILINE)


@pytest.mark.parametrize("slug", GUIDES)
def test_guide_says_as_much_in_each_language(slug):
    """Headings, paragraphs, items and rows: what one language adds, the others do too."""
    shapes = {
        language: re.findall(r"<(?:p|li|h\d|th|td)\b", read(slug, language).body)
        for language in ("az", "en", "ru")
    }
    assert shapes["az"] == shapes["en"] == shapes["ru"]


def test_what_is_typed_in_a_guide_as_html_is_shown_as_text():
    shown = rendered(
        "officers", "# Heading\n\nA <script>alert(1)</script> and [a page](../architecture.md).\n"
    )
    assert shown.heading == "Heading"
    assert shown.body == "<p>A &lt;script&gt;alert(1)&lt;/script&gt; and a page.</p>\n"


def test_guide_that_does_not_exist_is_not_found(client):
    assert client.get("/en/help/operators/").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("az", "Yardım"), ("en", "Help"), ("ru", "Помощь")])
@pytest.mark.parametrize("who", ["trainer", "reviewer"])
def test_menu_at_cms_leads_to_the_guide_in_the_language_of_who_works_there(
    who, language, word, client_of, request
):
    client = client_of(request.getfixturevalue(who))
    client.cookies["nisane_language"] = language
    page = unescape(client.get("/cms/").text)
    [entry] = re.findall(r'\{"name": "guide", [^}]*\}[^}]*\}', page)
    item = json.loads(entry)
    assert (item["label"], item["url"]) == (word, f"/{language}/help/trainers/")
    assert f'id="icon-{item["icon_name"]}"' in client.get("/cms/sprite/").text
    assert client.get(item["url"]).status_code == 200
