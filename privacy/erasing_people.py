"""Erasure in records of people: what goes, and what stays."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from operations.history import revise
from operations.notices import Rhythm
from people.models import AddressRequest, Grant, Leave, Posting, User
from people.signals import tell_service_changed

from .erasure import Erasure
from .models import CorrectionRequest

PSEUDONYM: dict[str, Any] = {
    "email": None,
    "family_name": "",
    "given_name": "",
    "father_name": "",
    "family_name_latin": "",
    "given_name_latin": "",
    "family_name_cyrillic": "",
    "given_name_cyrillic": "",
    "father_name_cyrillic": "",
    "folded_name": "",
    "sound_name": "",
    "sort_name": "",
    "language": "az",
    "sex": "",
    "spoken_languages": [],
    "supervisor": None,
    "availability": User.Availability.UNAVAILABLE,
    "notice_rhythm": Rhythm.DAILY,
    "national_id_hash": None,
    "last_login": None,
    "is_active": False,
}
ACTS = _(
    "It must stay possible to find out who did what. Nobody is named there any more: only a random id stays."
)
HISTORY = _("Certificates and decisions rest on it. It names nobody any more: only a random id stays.")


def erase(erasure: Erasure) -> None:
    people = erasure.people
    _service(erasure)
    _invitations(erasure)
    _requests(erasure)
    supervised = User.objects.filter(supervisor__in=people)
    erasure.clear(supervised, _("You as the supervisor of others"), supervisor=None)
    records = User.objects.filter(pk__in=[person.pk for person in people])
    text = _("Your names, e-mail address, password and everything else on your record")
    erasure.perform(text, len(people), lambda: _make_pseudonyms(people, erasure.at))
    erasure.keep(
        records, _("Your record, as a pseudonym"), HISTORY, "public_id", "merged_into", "language",
        "availability", "notice_rhythm", "password",
    )  # fmt: skip


def _make_pseudonyms(people: list[User], at: datetime) -> None:
    tell_service_changed(person.pk for person in people)
    for person in people:
        for field, value in PSEUDONYM.items():
            setattr(person, field, value)
        person.set_unusable_password()  # also ends what is still signed in
        person.erased_at = at
        person.save(update_fields=[*PSEUDONYM, "password", "erased_at"])


def _service(erasure: Erasure) -> None:
    postings = Posting.objects.filter(user__in=erasure.people)
    numbered = postings.exclude(service_number=None, folded_number=None)
    erasure.clear(numbered, _("Your service numbers"), service_number=None, folded_number=None)
    _end(erasure, postings, _("Your service: it ends on the day of the erasure"))
    _end(erasure, Leave.objects.filter(user__in=erasure.people), _("Your leave: it ends on that day"))
    erasure.keep(postings, _("Where a person whose name was erased served, and when"), HISTORY, "user")
    grants = Grant.objects.filter(person__in=erasure.people)
    erasure.clear(
        grants.filter(revoked_at=None), _("Positions in which you may act"),
        revoked_at=erasure.at, revoked_by=erasure.by,
    )  # fmt: skip
    worded = grants.exclude(reason=None).exclude(reason="")
    erasure.clear(worded, _("Why you were given positions"), reason=None)
    erasure.keep(grants, _("Which positions a person whose name was erased held"), HISTORY, "person")


def _end(erasure: Erasure, rows: Any, text: Any) -> None:
    """End what holds now, or would hold later: by new rows, as every change of history."""
    running = rows.filter(Q(valid_to=None) | Q(valid_to__gt=erasure.at), withdrawn_at=None)

    def end() -> None:
        old = list(running)
        new = [row.revised(valid_to=erasure.at) for row in old if row.valid_from < erasure.at]
        revise(withdraw=old, insert=new, by=erasure.by)

    erasure.perform(text, running.count(), end)


def _invitations(erasure: Erasure) -> None:
    invitations = Invitation.objects.filter(person__in=erasure.people)
    open_still = invitations.filter(used_at=None, revoked_at=None)
    erasure.clear(open_still, _("Invitations that were not used yet"), revoked_at=erasure.at)
    erasure.clear(
        invitations, _("Links and codes of invitations"), secret_hash=None, refused="",
    )  # fmt: skip
    erasure.remove(
        AddressRequest.objects.filter(person__in=erasure.people), _("E-mail addresses you were asked about")
    )


def _requests(erasure: Erasure) -> None:
    requests = CorrectionRequest.objects.filter(person__in=erasure.people)
    waiting = requests.filter(outcome=None)
    erasure.clear(
        waiting, _("Your requests for corrections that wait for an answer: withdrawn"),
        outcome=CorrectionRequest.Outcome.WITHDRAWN, answered_at=erasure.at,
    )  # fmt: skip
    erasure.clear(requests, _("What you wrote, and what you were answered"), text="", answer="")
