"""Receivers: a person's decisions are exported or erased."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people.models import User
from privacy.erasing_people import ACTS, HISTORY
from privacy.erasure import Erasure
from privacy.export import Export
from privacy.signals import person_erasing, person_exporting

from .models import Decision, RequirementInForce, RequirementVersion

RECORDED: Any = {"recorded_at": _("entered on")}


@receiver(person_exporting, sender=User)
def export_own_rows(sender: type[User], export: Export, **kwargs: Any) -> None:
    decisions = Decision.objects.filter(person__in=export.people).order_by("asked_at", "pk")
    shown: Any = {
        "function": _("duty"), "agency": _("agency"), "asked_by": _("asked by"), "asked_at": _("asked on"),
        "instant": _("about the moment"), "answer": _("answer"), "until": _("until"),
        "personal": _("as you were named"),
    }  # fmt: skip
    export.rows(decisions, _("Who asked whether you may do a duty"), shown, say={"personal": _as_named})
    versions = RequirementVersion.objects.filter(recorded_by__in=export.people).order_by("pk")
    export.rows(versions, _("Requirements you set"), {"number": _("version"), **RECORDED})
    in_force = RequirementInForce.objects.filter(recorded_by__in=export.people).order_by("pk")
    export.rows(in_force, _("Requirements you put in force"), RECORDED)


def _as_named(personal: dict[str, Any]) -> str:
    """In the language of the reader: name, number, unit."""
    language = get_language() or "az"
    said = (personal.get("names", {}), personal.get("service_number"), personal.get("unit", {}))
    return ", ".join(
        str(text) for each in said if (text := each.get(language) if isinstance(each, dict) else each)
    )


@receiver(person_erasing, sender=User)
def erase_own_rows(sender: type[User], erasure: Erasure, **kwargs: Any) -> None:
    decisions = Decision.objects.filter(person__in=erasure.people)
    named = decisions.filter(personal__isnull=False)
    erasure.clear(named, _("Your name and number in answers about your duties"), personal=None)
    erasure.keep(decisions, _("What was answered about a person whose name was erased"), HISTORY, "person")
    asked = Decision.objects.filter(asked_by__in=erasure.people)
    erasure.keep(asked, _("What a person whose name was erased asked"), ACTS, "asked_by")
