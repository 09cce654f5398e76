"""The glossary: shown to everybody, edited by trainers, a meaning never without its source."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from operations.models import AuditEntry
from people.models import User
from standards import actions
from standards.models import Term
from tests.factories import client_of

from .test_actions import save_source, text

pytestmark = pytest.mark.django_db


def save(number: int = 28, by: User | None = None, **changes: Any) -> Term:
    values: dict[str, Any] = {
        "az": "məcburi əmək", "en": "forced labour", "ru": "принудительный труд", "seen_az": "yes", "seen_ru": "no",
        "meaning": text("Meaning"), "source": "THB-17",
    }  # fmt: skip
    return actions.save_term(number=number, by=by, **values | changes)


@pytest.fixture
def term(db: Any) -> Term:
    save_source()
    return save()


def test_meaning_without_source_is_refused(db: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        save(source=None)
    assert list(refusal.value.message_dict) == ["source"]
    assert save(source=None, meaning=None).meaning == ""


@pytest.mark.parametrize(
    ("language", "first", "others"),
    [("az", "məcburi əmək", "forced labour"), ("ru", "принудительный труд", "məcburi əmək")],
)
def test_everybody_reads_terms_in_their_order_with_meaning_and_source(
    term: Term, client: Client, language: str, first: str, others: str
) -> None:
    save(number=5, az="şahid", en="witness", ru="свидетель", meaning=None, source=None)
    page = client.get(f"/{language}/glossary/").text
    assert page.index(first) < page.index("şahid" if language == "az" else "свидетель")
    for words in (others, f"Meaning {language}", f"Law {language}"):
        assert words in page
    assert page.count("<dd>") == 1


def test_page_takes_one_query_for_its_terms(
    term: Term, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/en/glossary/")
    with django_assert_num_queries(1):
        client.get("/en/glossary/")
    save(number=29)
    with django_assert_num_queries(1):
        client.get("/en/glossary/")


def sent(term: Term, **changed: Any) -> dict[str, Any]:
    names = ("az", "en", "ru", "seen_az", "seen_ru", "meaning_az", "meaning_en", "meaning_ru", "source")
    values = {name: getattr(term, name) for name in names} | {"source": term.source_id}
    return values | changed


def edit(person: User, term: Term, **changed: Any) -> Any:
    client = client_of(person)
    client.cookies["nisane_language"] = "en"
    return client.post(f"/cms/term/edit/{term.pk}/", sent(term, **changed))


def test_trainer_edits_a_meaning_and_leaves_a_trace(term: Term, trainer: User) -> None:
    assert edit(trainer, term, meaning_az="Yeni").status_code == 302
    assert Term.objects.get(number=28).meaning_az == "Yeni"
    entry = AuditEntry.objects.filter(act="standards.save_term").latest("pk")
    assert (entry.by, entry.subject_id) == (trainer, "28")


def test_half_a_meaning_is_refused_in_words(term: Term, trainer: User) -> None:
    page = edit(trainer, term, meaning_ru="")
    assert (page.status_code, "This field is required." in page.text) == (200, True)
    page = edit(trainer, term, source="")
    assert "A meaning names the source that it is taken from." in page.text
    assert Term.objects.get(number=28).meaning_ru == "Meaning ru"


def test_others_do_not_edit_terms(term: Term, reviewer: User, officer: User, outsider: User) -> None:
    for person in (reviewer, officer, outsider):
        assert edit(person, term, meaning_az="Yeni").status_code in (302, 403)
    assert Term.objects.get(number=28).meaning_az == "Meaning az"
    assert client_of(reviewer).get("/cms/term/").status_code == 200
