"""Counting in the background what proposed rules would change, for many people."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations import jobs
from operations.models import Job
from people.permissions import may

from . import rules_preview
from .models import DutyFunction
from .permissions import PROPOSE_RULE

BATCH = 500  # people


def start(*, by: Any, subject_id: str, function: DutyFunction | None, rules: Any, first_day: date) -> Job:
    """Promise the count, in the caller's transaction. `subject_id`: of the function or the proposal it is for."""
    instant = rules_preview.instant_of(first_day)
    people = rules_preview.asked_about(function, rules, instant)
    return jobs.start(
        kind=rules_preview.KIND, by=by, subject_id=subject_id, total=len(people),
        function=function and function.public_id, rules=rules, first_day=first_day, instant=instant,
    )  # fmt: skip


def _commit(job: Job, prepared: None) -> int:
    """Count the next people, by their keys; who came or went since is counted, or is not."""
    by: Any = job.by
    if not may(by, PROPOSE_RULE):
        raise jobs.JobRefused(_("You may not do this."))
    payload = job.payload
    function = DutyFunction.objects.filter(public_id=payload["function"] or "").first()
    rules, instant = payload["rules"], datetime.fromisoformat(payload["instant"])
    everybody = rules_preview.asked_about(function, rules, instant)
    people = [pk for pk in everybody if pk > payload.get("last", 0)][:BATCH]
    if not people:
        return 0
    turns = rules_preview.turns_of(people, function, rules, instant)
    job.payload = {
        **payload,
        "last": people[-1],
        "turns": rules_preview.added(payload.get("turns", {}), turns),
    }
    return len(people)


jobs.register_job(
    rules_preview.KIND,
    title=gettext_lazy("Counting for whom the proposed rules change something"),
    commit=_commit,
    link=lambda job: reverse("clearance:requirements"),
)
