"""Duties that a decision about a certificate opens or closes, and open answers that rest on it: for registrars."""

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from certificates import effects
from certificates.models import Certificate
from operations import clock
from people.models import Posting, User

from . import evidence
from .duty_state import DutyState, functions_of
from .models import Decision


def on_duties(certificate: Certificate, lost: bool) -> list[StrOrPromise]:
    """Return a line a duty, and one on the answers that would be recalled where it is lost."""
    now = clock.now()
    holder = certificate.award.person.surviving
    postings = evidence.with_leave(Posting.objects.at(now), now).filter(user=holder)
    found = functions_of(
        holder,
        list(postings.select_related("agency", "unit", "role").order_by(F("main").desc(nulls_last=True))),
    )
    if not lost:
        return [
            _("%(duty)s: not cleared → decided anew at the next question") % {"duty": duty.function.name}
            for duty in found
            if not duty.cleared and _needs(duty, certificate)
        ]
    closed: list[StrOrPromise] = [
        _("%(duty)s: cleared → not cleared") % {"duty": duty.function.name}
        for duty in found
        if certificate.public_id in duty.evaluation.relied_on
    ]
    return [*closed, *_answers(certificate, holder)]


def _needs(duty: DutyState, certificate: Certificate) -> bool:
    code = certificate.qualification_version.qualification.code
    return any(reason.qualification == code for reason in duty.evaluation.reasons)


def _answers(certificate: Certificate, holder: User) -> list[StrOrPromise]:
    asked = Decision.objects.open_yeses().filter(person__in=User.objects.records_of(holder.pk))
    resting = sum(
        certificate.public_id in each.get("relied_on", ())
        for each in asked.values_list("evidence", flat=True)
    )
    if not resting:
        return []
    text = ngettext(
        "%(number)s answer of the last 24 hours or for a duty to come rests on it.",
        "%(number)s answers of the last 24 hours or for a duty to come rest on it.",
        resting,
    )
    return [text % {"number": resting}]


effects.on_duties.append(on_duties)
