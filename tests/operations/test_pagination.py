"""Long lists, page by page: everything once, in order, whatever happens in between."""

from typing import Any

import pytest
from django.db.models import F

from operations.models import AuditEntry
from operations.pagination import keyset
from people.models import User
from tests.factories import counted, make_person

pytestmark = pytest.mark.django_db
ORDER = ("folded_name", "pk")


@pytest.fixture
def people(db: Any) -> list[User]:
    """Seven, three of them with one name."""
    names = ["Əliyev", "Əliyev", "Əliyev", "Babayev", "Quliyev", "Vəliyev", "Zeynalov"]
    for name in names:
        make_person(name, "Anar")
    return list(User.objects.order_by(*ORDER))


def page(token: str = "", order: tuple[str, ...] = ORDER, **more: Any) -> Any:
    return keyset(User.objects.filter(**more), order=order, token=token, size=3)


def test_forwards_every_row_comes_once_and_in_order(people: list[User]) -> None:
    first = page()
    second = page(first.next)
    third = page(second.next)
    assert first.rows + second.rows + third.rows == people
    assert [first.previous, third.next, first.has_other_pages] == ["", "", True]


def test_backwards_leads_to_the_same_pages(people: list[User]) -> None:
    second = page(page().next)
    third = page(second.next)
    assert page(third.previous).rows == second.rows
    assert page(second.previous).rows == people[:3]
    assert page(second.previous).previous == ""


@pytest.mark.parametrize(
    "order", [("-folded_name", "pk"), ("-created_at", "-pk"), ("is_active", "-folded_name", "pk")]
)
def test_directions_may_differ(people: list[User], order: tuple[str, ...]) -> None:
    found, token = [], ""
    while True:
        part = page(token, order)
        found += part.rows
        if not (token := part.next):
            break
    assert found == list(User.objects.order_by(*order))


def test_order_by_another_table_and_by_an_annotation(people: list[User]) -> None:
    entries = AuditEntry.objects.filter(act="people.add_person").annotate(kind=F("subject_kind"))
    for order in (("by__folded_name", "pk"), ("kind", "pk")):
        filtered = entries.exclude(by=None) if order[0].startswith("by") else entries
        keyset(filtered, order=order, token="", size=3)
    first = keyset(entries, order=("kind", "pk"), token="", size=3)
    second = keyset(entries, order=("kind", "pk"), token=first.next, size=3)
    assert [*first.rows, *second.rows] == list(entries.order_by("pk")[:6])


def test_rows_added_and_left_in_between_move_nothing(people: list[User]) -> None:
    first = page(is_active=True)
    User.objects.filter(pk=people[2].pk).update(is_active=False)  # the row of the token
    make_person("Abbasov", "Anar")  # before it
    assert page(first.next, is_active=True).rows == people[3:6]


def test_row_that_is_gone_leads_to_the_beginning(people: list[User]) -> None:
    from operations.pagination import _token

    assert page(_token(ORDER, User(public_id="A" * 22), "next")).rows == people[:3]


@pytest.mark.parametrize("token", ["nonsense", "WyJuZXh0Il0:x:y", "💥", "x" * 5000])
def test_token_that_is_not_ours_leads_to_the_beginning(people: list[User], token: str) -> None:
    assert page(token).rows == people[:3]


def test_token_of_another_order_leads_to_the_beginning(people: list[User]) -> None:
    token = page(order=("-folded_name", "pk")).next
    assert page(token).rows == people[:3]


def test_token_names_nobody(people: list[User]) -> None:
    import base64

    token = page().next
    said = base64.urlsafe_b64decode(token.split(":")[0] + "===").decode()
    assert people[2].public_id in said and "eliyev" not in said


def test_last_page_that_has_become_empty_leads_to_the_beginning(people: list[User]) -> None:
    first = page()
    User.objects.exclude(pk__in=[person.pk for person in people[:3]]).update(is_active=False)
    assert page(first.next, is_active=True).rows == people[:3]


def test_list_without_rows() -> None:
    found = page()
    assert (found.rows, found.next, found.previous, found.has_other_pages) == ([], "", "", False)


def test_every_page_costs_two_queries(people: list[User]) -> None:
    token = page().next
    with counted() as queries:
        page(token)
    assert len(queries) == 2
