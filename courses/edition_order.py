"""The order in which readers meet the parts of a course, as it is and as an edition would have it. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wagtail.models import Page

from .models import CoursePage

type Order = Mapping[int, Sequence[int]]  # a course or a module (primary key) -> its parts


@dataclass(frozen=True)
class NewOrder:
    """The parts of a course or of a module, as they are now and as they are to be."""

    parent: Page
    now: Sequence[Page]
    then: Sequence[Page]


def order_of(course: CoursePage) -> dict[int, list[int]]:
    """Return the order of now: modules of the course, lessons and assessments of each module."""
    known = {course.path: course.pk}
    order: dict[int, list[int]] = {}
    for page in Page.objects.descendant_of(course).order_by("path"):
        known[page.path] = page.pk
        order.setdefault(known[page.path[: -page.steplen]], []).append(page.pk)
    return order


def changed_order(course: CoursePage, wanted: Order) -> dict[int, list[int]]:
    """Return what of `wanted` is not the order of now."""
    now = order_of(course)
    return {parent: list(parts) for parent, parts in wanted.items() if list(parts) != now.get(parent)}


def has_its_parts(course: CoursePage, order: Order) -> bool:
    """Return whether `order` names exactly the parts that there are."""
    now = order_of(course)
    return all(sorted(parts) == sorted(now.get(parent, ())) for parent, parts in order.items())


def new_orders(order: Mapping[str, Sequence[int]]) -> list[NewOrder]:
    """Return what a proposal says of the order (its keys are texts), without parts that are there no more."""
    found = []
    for parent in Page.objects.filter(pk__in=order).order_by("path").specific():
        now = list(parent.get_children().filter(pk__in=order[str(parent.pk)]))
        then = sorted(now, key=lambda page: order[str(parent.pk)].index(page.pk))
        found.append(NewOrder(parent, now, then))
    return found
