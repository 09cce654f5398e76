"""Every screen of /cms/ that trainers and reviewers get is in their language: no English word is left in az and ru.

All addresses of Wagtail are asked; those that are closed here answer nothing. A word is English if Wagtail, Django or we
have it in a text to be translated, and no translation into the reader's language contains it.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import django
import html5lib
import polib
import pytest
import wagtail
from django.urls import NoReverseMatch, reverse
from wagtail.models import Revision

from assessments.models import Blueprint
from courses import actions
from courses.actions_editions import propose_edition
from courses.models import CatalogPage, CoursePage
from locales.languages import RULES
from locales.messages import ROOT
from standards.models import Indicator, IndicatorSet, LegalSource, Term
from tests.assessments import conftest as cases
from tests.factories import client_of
from tests.share import asked_here
from tests.test_refusals import ALL, OURS

from .factories import LAW, body_of, facts

WORD = re.compile(r"[^\W\d_]{3,}(?:['’][a-z]+)?")
HELD = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>|\S+@\S+")
READ_ALOUD = ("aria-label", "title", "alt", "placeholder")
NOT_READ = {
    "kbd",
    "script",
    "style",
    "textarea",
}  # keys of a keyboard are printed on it; texts of the curriculum
# Addresses that show nothing: data for scripts, pictures of signs, the way out, Wagtail's tests of its own.
NO_SCREEN = (
    "wagtailadmin_api", "wagtailadmin_editing_sessions", "wagtailadmin_error_test", "wagtailadmin_javascript",
    "wagtailadmin_logout", "wagtailadmin_sprite", "cms/test404/", "cms_logout",
)  # fmt: skip
A, B = ({"az": text, "en": text, "ru": text} for text in ("Ağ", "Göy"))


def words(texts: list[str]) -> set[str]:
    return {word.casefold() for text in texts for word in WORD.findall(HELD.sub(" ", text))}


def catalogues(language: str) -> Iterator[polib.POFile]:
    """Of Wagtail and Django as they are installed, and ours."""
    for package in (wagtail, django):
        for path in Path(package.__file__).parent.rglob(f"locale/{language}/LC_MESSAGES/*.po"):
            yield polib.pofile(str(path))
    for path in (ROOT / "locales").rglob(f"{language}/LC_MESSAGES/*.po"):
        yield polib.pofile(str(path))


@cache
def english(language: str) -> frozenset[str]:
    """Return the words that are English and not of this language, but for the names of languages in themselves."""
    sources = [*catalogues("en"), polib.pofile(str(ROOT / "locales/az/LC_MESSAGES/django.po"))]
    theirs = [text for file in sources for entry in file for text in (entry.msgid, entry.msgid_plural)]
    here = [
        text
        for file in catalogues(language)
        for entry in file
        for text in (entry.msgstr, *entry.msgstr_plural.values())
    ]
    return frozenset(words(theirs) - words(here) - words([rule.name for rule in RULES.values()]))


def read(element: Element, language: str) -> Iterator[str]:
    """What a person reads or hears of an element, if it is in this language."""
    if (
        not isinstance(element.tag, str)
        or element.tag in NOT_READ
        or element.get("lang", language) != language
    ):
        return
    yield from (element.get(name, "") for name in READ_ALOUD)
    yield element.text or ""
    for child in element:
        yield from read(child, language)
        yield child.tail or ""


def english_in(html: str, language: str) -> Iterator[str]:
    for text in read(html5lib.parse(html, namespaceHTMLElements=False), language):
        if found := words([text]) & english(language):
            yield f"{', '.join(sorted(found))}: {' '.join(text.split())[:90]}"


@pytest.fixture
def written(db: Any, trainer: Any) -> CoursePage:
    """A course with a page of each kind and an edition that is proposed, a source, an indicator and a term: no word of
    them is English in any language."""
    values: dict[str, Any] = {"kind": "law", "state_on": LAW, "confidence": "S", "article": "1"}
    source = LegalSource.objects.create(
        code="A1", instrument_az="Ağ", instrument_en="Ağ", instrument_ru="Ağ", **values
    )
    group = IndicatorSet.objects.create(
        code="A", version="1", source=source, **{f"name_{code}": "Ağ" for code in A}
    )
    Indicator.objects.create(
        code="A-1", set=group, dimension="exploitation", strength="strong", form="labour", confidence="V",
        **{f"{name}_{code}": "Ağ" for name in ("text", "not_enough") for code in A},
    )  # fmt: skip
    Term.objects.create(
        number=1, az="Ağ", en="Ağ", ru="Ağ", seen_az="yes", seen_ru="no", meaning="", source=source
    )
    actions.save_catalog(by=None)
    course = actions.save_course(
        code="A1", slug="ag", heading=A, summary=B, audience=B, legal_date=LAW, by=None
    )
    module = actions.save_module(course=course, slug="ag", heading=A, by=None)
    actions.save_lesson(
        module=module, slug="ag", heading=A, minutes=5, legal_date=LAW, sources=["A1"], competences=[],
        body=body_of("Ağ"), by=None,
    )  # fmt: skip
    cases.publish("A-a", "A")
    blueprint: Blueprint = cases.make_blueprint("A", draw=[{"from": ["A"], "take": 1}])
    actions.save_assessment_page(module=module, slug="goy", heading=B, intro=A, blueprint=blueprint, by=None)
    propose_edition(course=course, facts=facts("Ağ"), accepted=[], by=trainer)
    return course


def screens(course: CoursePage) -> Iterator[str]:
    """Every address of /cms/, asked about a page of each kind and a record of each kind."""
    pages = [CatalogPage.objects.get(), *course.get_descendants(inclusive=True).specific()]
    records = {"legalsource": LegalSource, "indicator": Indicator, "term": Term}
    for name, route in sorted(ALL.items()):
        if name in OURS or name.startswith(NO_SCREEN):
            continue
        parts = re.findall(r"<(?:\w+:)?(\w+)>", route)
        for page in pages if any("page" in part for part in parts) or "^(?P<pk>" in route else [course]:
            revision = Revision.objects.filter(object_id=str(page.pk)).first()
            model = page._meta.model_name
            record = records.get(name.partition(":")[0])
            values: dict[str, Any] = {
                "page_id": page.pk, "parent_page_id": page.pk, "page_to_move_id": page.pk, "course": course.pk,
                "pk": record.objects.get().pk if record else page.pk, "destination_id": page.get_parent().pk,
                "content_type_app_name": "courses", "app_label": "courses", "content_type_model_name": model,
                "model_name": model, "revision_id": revision.pk if revision else 1, "revision_id_a": "earliest",
                "revision_id_b": "latest", "public_id": "none", "action": "publish",
            }  # fmt: skip
            try:
                yield reverse(name, kwargs={part: values.get(part, 1) for part in parts})
            except NoReverseMatch:
                continue


def shown(client: Any, path: str) -> str:
    answer = client.get(path)
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code != 200 or not kind.startswith(("text/html", "application/json")):
        return ""
    found = answer.json() if "json" in kind else answer.text
    return str(found.get("html", "")) if isinstance(found, dict) else str(found)


@pytest.mark.parametrize("language", ["az", "ru"])
@pytest.mark.parametrize("who", ["trainer", "reviewer"])
def test_no_english_word_is_left(
    request: pytest.FixtureRequest, written: CoursePage, who: str, language: str
) -> None:
    client = client_of(request.getfixturevalue(who))
    client.cookies["nisane_language"] = language
    found: dict[str, str] = {}
    pages = {
        path: html
        for path in asked_here(screens(written), one_in=3, of=who + language)
        if (html := shown(client, path))
    }
    for path, html in pages.items():
        found |= {fault: path for fault in english_in(html, language) if fault not in found}
    assert found == {}
    assert len(pages) > 15


def test_english_words_are_found() -> None:
    page = '<p title="Awaiting my review">Dərs</p><p lang="en">Actions</p><kbd>Shift</kbd><b>Approved</b>'
    assert [fault.partition(":")[0] for fault in english_in(page, "az")] == ["awaiting, review", "approved"]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_each_field_has_a_hint(written: CoursePage, trainer: Any, language: str) -> None:
    client = client_of(trainer)
    client.cookies["nisane_language"] = language
    parts = written.get_descendants(inclusive=True)
    addresses = [reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in parts]
    bare = []
    for address in (*addresses, reverse("term:edit", args=[Term.objects.get().pk])):
        page = html5lib.parse(client.get(address).text, namespaceHTMLElements=False)
        for field in page.iter("div"):
            of_preview = any(one.get("id") == "id_preview_mode" for one in field.iter("select"))
            if "w-field__wrapper" in (field.get("class") or "").split() and not of_preview:
                hints = [
                    one for one in field.iter("div") if "w-field__help" in (one.get("class") or "").split()
                ]
                if not any("".join(one.itertext()).strip() for one in hints):
                    bare.append(f"{address} {field.get('id') or ''.join(field.itertext()).split()[:3]}")
    assert bare == []
