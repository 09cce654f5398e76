"""Exams to be taken again: the certificate they earned holds no longer, or not much longer."""

from collections.abc import Collection
from datetime import timedelta

from assessments.models import Blueprint
from operations import clock

from .models import Award, Certificate, QualificationInForce
from .state import State, state_at

RENEWED_BEFORE = timedelta(days=90)  # from then on, before its last day, an exam earns the next one
WAITS = {State.SUSPENDED, State.NOT_YET}  # somebody decides, or it begins: nothing to take again


def lapsed(person_pk: int, blueprints: Collection[int]) -> set[int]:
    """Return which of these exams, which the person has passed, are to be taken again now.

    One that earned nothing, or whose certificate is being made, still counts.
    """
    codes = dict(Blueprint.objects.filter(pk__in=blueprints).values_list("code", "pk"))
    rows = QualificationInForce.objects.current().select_related("version")
    earns = {row.version.qualification_id: row.version.rules["blueprint"] for row in rows}
    counts: dict[str, bool] = {}
    for certificate in _held(person_pk):
        code = earns.get(certificate.qualification_version.qualification_id, "")
        counts[code] = counts.get(code, False) or _holds(certificate)
    for qualification in _being_made(person_pk):
        counts[earns.get(qualification, "")] = True
    return {codes[code] for code, holds in counts.items() if code in codes and not holds}


def _held(person_pk: int) -> list[Certificate]:
    queryset = Certificate.objects.held_by(person_pk).select_related("qualification_version")
    return list(queryset.prefetch_related("events").defer("statement"))


def _being_made(person_pk: int) -> list[int]:
    awards = Award.objects.held_by(person_pk).filter(certificate=None)
    return list(awards.values_list("qualification_version__qualification", flat=True))


def _holds(certificate: Certificate) -> bool:
    state = state_at(certificate).state
    return state in WAITS or (state is State.VALID and clock.now() < certificate.valid_to - RENEWED_BEFORE)
