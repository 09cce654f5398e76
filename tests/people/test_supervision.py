"""Who stands above and below whom."""

from typing import Any

import pytest

from people.models import User
from people.supervision import below, chain_above
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def supervise(above: User, *people: User) -> None:
    User.objects.filter(pk__in=[person.pk for person in people]).update(supervisor=above)


def test_below_are_all_levels_and_above_the_whole_chain() -> None:
    head, middle, other, worker = (make_person() for _number in range(4))
    supervise(head, middle, other)
    supervise(middle, worker)
    assert below(head) == {middle.pk, other.pk, worker.pk}
    assert (below(other), below(worker)) == (set(), set())
    assert chain_above(User.objects.get(pk=worker.pk)) == [middle.pk, head.pk]


def test_a_circle_ends_where_it_began(django_assert_num_queries: Any) -> None:
    first, second = make_person(), make_person()
    supervise(first, second)
    supervise(second, first)
    with django_assert_num_queries(2):
        assert below(first) == {second.pk}
