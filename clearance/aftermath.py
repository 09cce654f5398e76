"""The later fate of decisions: what was done about them. The decision itself never changes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from .models import Decision, DecisionOverride, DecisionQuerySet, DecisionRecall


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """`text` stands beside the answer; `kind`: of the tag; `narrow` keeps the decisions of which it is true: there are few,
    and they are looked up, not looked for among all.
    """

    code: str
    text: StrOrPromise
    kind: str
    narrow: Callable[[DecisionQuerySet], DecisionQuerySet]


RECALLED = "recalled"
registered: dict[str, Aftermath] = {}


def register_aftermath(aftermath: Aftermath) -> None:
    """Add it to the register of decisions, as a tag and as a filter; ValueError where its code is taken."""
    if aftermath.code in registered:
        raise ValueError(f"{aftermath.code} is registered twice.")
    registered[aftermath.code] = aftermath


def of_each(decisions: Iterable[Decision]) -> dict[int, list[Aftermath]]:
    """Return what became of each, by primary key: one query for each kind, however many decisions."""
    keys = [decision.pk for decision in decisions]
    found: dict[int, list[Aftermath]] = {key: [] for key in keys}
    for each in registered.values():
        for key in each.narrow(Decision.objects.filter(pk__in=keys)).values_list("pk", flat=True):
            found[key].append(each)
    return found


register_aftermath(
    Aftermath(
        code="overridden",
        text=pgettext_lazy("decision", "overruled"),
        kind="warn",
        narrow=lambda found: found.filter(pk__in=DecisionOverride.objects.values("decision")),
    )
)
register_aftermath(
    Aftermath(
        code=RECALLED,
        text=pgettext_lazy("decision", "recalled"),
        kind="bad",
        narrow=lambda found: found.filter(pk__in=DecisionRecall.objects.values("decision")),
    )
)
