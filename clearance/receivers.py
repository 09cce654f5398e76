"""Receivers: a person's decisions are exported or erased."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from certificates.signals import certificate_changed
from people.models import User
from people.signals import service_changed
from privacy.erasing_people import ACTS, HISTORY
from privacy.erasure import Erasure
from privacy.export import Export
from privacy.signals import person_erasing, person_exporting

from .actions_recall import recheck_decisions_about
from .models import (
    CLEARED,
    STANDS,
    Decision,
    DecisionOverride,
    OnDuty,
    RequirementInForce,
    RequirementVersion,
)

OVERRIDE_SHOWN: Any = {
    "at": _("overruled on"), "reason": _("reason"), "reviewed_at": _("reviewed on"), "finding": _("finding"),
}  # fmt: skip
RECORDED: Any = {"recorded_at": _("entered on")}


@receiver(person_exporting, sender=User)
def export_own_rows(sender: type[User], export: Export, **kwargs: Any) -> None:
    decisions = Decision.objects.filter(person__in=export.people).order_by("asked_at", "pk")
    shown: Any = {
        "function": _("duty"), "agency": _("agency"), "asked_by": _("asked by"), "asked_at": _("asked on"),
        "instant": _("about the moment"), "answer": _("answer"), "until": _("until"),
        "personal": _("as you were named"),
    }  # fmt: skip
    withheld = dict.fromkeys(
        ("case_salt", "case_bucket"), _("a hash of a case's number, which tells it to nobody")
    )
    about_me = _("Who asked whether you may do a duty")
    export.rows(decisions, about_me, shown, say={"personal": _as_named}, without=withheld)
    versions = RequirementVersion.objects.filter(recorded_by__in=export.people).order_by("pk")
    export.rows(versions, _("Requirements you set"), {"number": _("version"), **RECORDED})
    overridden = DecisionOverride.objects.filter(decision__person__in=export.people).order_by("pk")
    export.rows(overridden, _("Refusals about you that were overruled"), OVERRIDE_SHOWN)
    overrode = DecisionOverride.objects.filter(by__in=export.people).order_by("pk")
    export.rows(overrode, _("Refusals you overruled"), OVERRIDE_SHOWN)
    reviewed = DecisionOverride.objects.filter(reviewed_by__in=export.people).order_by("pk")
    export.rows(reviewed, _("Overruled refusals you reviewed"), OVERRIDE_SHOWN)
    on_duty = OnDuty.objects.filter(person__in=export.people)
    export.rows(
        on_duty, _("Until when you are on duty"), {"until": _("until"), "entered_at": _("entered on")}
    )
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
    erasure.clear(decisions.filter(STANDS), _("Your name and number in answers about your duties"), **CLEARED)
    erasure.keep(decisions, _("What was answered about a person whose name was erased"), HISTORY, "person")
    erasure.remove(OnDuty.objects.filter(person__in=erasure.people), _("Until when you are on duty"))
    entered = OnDuty.objects.filter(entered_by__in=erasure.people).exclude(person__in=erasure.people)
    erasure.keep(entered, _("Who entered until when others are on duty"), ACTS, "entered_by")
    overrode = DecisionOverride.objects.filter(by__in=erasure.people)
    erasure.keep(overrode, _("Refusals overruled by a person whose name was erased"), ACTS, "by")
    reviewed = DecisionOverride.objects.filter(reviewed_by__in=erasure.people)
    erasure.keep(reviewed, _("Overrides reviewed by a person whose name was erased"), ACTS, "reviewed_by")
    asked = Decision.objects.filter(asked_by__in=erasure.people)
    erasure.keep(asked, _("What a person whose name was erased asked"), ACTS, "asked_by")


@receiver(certificate_changed)
def recheck_after_certificate(sender: Any, certificate: Certificate, event: Any, **kwargs: Any) -> None:
    person = certificate.award.person
    recheck_decisions_about(people={person.pk, person.merged_into_id or person.pk}, by=None)


@receiver(service_changed)
def recheck_after_service(sender: Any, ids: set[int], **kwargs: Any) -> None:
    recheck_decisions_about(people=ids, by=None)
