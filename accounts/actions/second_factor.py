"""The second factor and the sessions of a person."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.permissions import can_reset_second_factor
from operations import audit, clock
from operations.notices import notify
from people.actions.guards import refuse_unless
from people.allauth_internals import TOTP
from people.models import User

from .accounts import end_sessions


@transaction.atomic
def set_up_totp(*, person: User, secret: str, by: User | None) -> None:
    """Set an app's secret (base32) as the person's second factor; one that stood before is replaced."""
    refuse_unless(by is None)
    Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(person, secret)
    note_second_factor(person=person, kind="totp", change="added", by=by)


@transaction.atomic
def note_second_factor(*, person: User, kind: str, change: str, by: User | None) -> None:
    """Note what the person did on allauth's pages; change: added | removed | reset."""
    refuse_unless(by is None or by == person)
    audit.record(
        by=by, act="accounts.second_factor", subject_kind="user", subject_id=person.public_id,
        after={"kind": kind, "change": change},
    )  # fmt: skip


@transaction.atomic
def reset_second_factor(*, person: User, by: User | None, reason: str = "") -> None:
    """Remove all factors after a lost device and end all sessions; the next sign-in leads to setting up
    another.

    The password stays: who resets cannot get in with it. Of who holds or held a position that needs a second
    step it takes two: see actions.resets.
    """
    refuse_unless(can_reset_second_factor(by, person))
    remove_second_factor(person=person, by=by, reason=reason)


def remove_second_factor(*, person: User, by: User | None, reason: str) -> None:
    """Remove the factors, once it was allowed, in the transaction of the caller."""
    gone = sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person, by, reason)
    audit.record(
        by=by, act="accounts.reset_second_factor", subject_kind="user", subject_id=person.public_id,
        why=reason, before={"kinds": gone},
    )  # fmt: skip
    moment = str(clock.real_now().timestamp())
    notify(person=person, kind="accounts.second_factor_reset", subject_id=person.public_id, threshold=moment)
