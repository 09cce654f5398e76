"""Questions asked about a person: a part of what everybody reads about themselves."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.entry_lines import name_of
from audit.parts import OwnLine, TrailPart, register_part
from locales.dates import instant_text
from people.models import User

from .models import Decision


def _lines(decisions: Sequence[Any], person: User) -> list[OwnLine]:
    return [
        OwnLine(
            at=decision.asked_at,
            what=str(decision.function.name),
            who=_asker(decision),
            more=_("%(answer)s, for %(instant)s")
            % {"answer": decision.get_answer_display(), "instant": instant_text(decision.instant)},
        )
        for decision in decisions
    ]


def _asker(decision: Decision) -> str:
    asked_by: Any = decision.asked_by
    name = name_of(asked_by) if asked_by is not None else ""
    return f"{name}, {decision.agency.name}" if name else str(decision.agency.name)


register_part(
    TrailPart(
        code="asked",
        title=gettext_lazy("Who asked about me"),
        text=gettext_lazy(
            "Each question whether you may perform a function, with the answer that was given."
        ),
        rows=lambda person: Decision.objects.filter(
            person__in=User.objects.records_of(person.pk)
        ).select_related("function", "agency", "asked_by"),
        order=("-asked_at", "-pk"),
        lines=_lines,
        others_title=gettext_lazy("Decisions about the person"),
    )
)
