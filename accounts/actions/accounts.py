"""Accounts: closed, opened again, signed out."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import can_deactivate
from operations import audit, clock, notices
from people.actions.guards import refuse_unless
from people.actions.minimum_holders import check_enough_stay
from people.models import User
from people.permissions import may
from people.signals import tell_service_changed


@transaction.atomic
def close_account(*, person: User, reason: str, by: User | None) -> None:
    """Close the account: nobody signs in with it, its sessions are over, its positions rest.

    Postings, certificates and the person's history stay. One that was closed before stays as it is. Raise
    ValidationError where too few registrars or administrators would stay.
    """
    refuse_unless(can_deactivate(by, person))
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not locked.is_active:
        return
    if by is not None:
        check_enough_stay(without=locked)
    locked.is_active, locked.signed_out_at = False, clock.now()
    locked.save(update_fields=["is_active", "signed_out_at"])
    tell_service_changed([locked.pk])
    _record("accounts.close_account", locked, by, reason, before={"open": True}, after={"open": False})


@transaction.atomic
def open_account(*, person: User, reason: str, by: User | None) -> None:
    """Undo `close_account`: positions that have not ended hold again.

    Raise ValidationError for a record that was erased or merged into another.
    """
    refuse_unless(can_deactivate(by, person))
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not locked.is_current:
        raise ValidationError(_("This record was erased or merged: its account stays closed."))
    if locked.is_active:
        return
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    tell_service_changed([locked.pk])
    _record("accounts.open_account", locked, by, reason, before={"open": False}, after={"open": True})
    notices.notify(
        person=locked, kind="accounts.account_opened", subject_id=locked.public_id,
        threshold=clock.now().strftime("%Y-%m-%dT%H:%M:%S"),
    )  # fmt: skip


@transaction.atomic
def sign_out_everywhere(*, person: User, by: User | None, reason: str = "") -> None:
    """End every session of this person, on every device: one's own, or as an administrator another's."""
    refuse_unless(by == person or may(by, "accounts.sign_out"))
    end_sessions(person, by, reason)


def end_sessions(person: User, by: User | None, reason: str) -> None:
    """End the sessions, once it was allowed, in the transaction of the caller."""
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    locked.signed_out_at = clock.now()
    locked.save(update_fields=["signed_out_at"])
    _record("accounts.sign_out", locked, by, reason, before=None, after=None)


def _record(act: str, person: User, by: User | None, reason: str, *, before: object, after: object) -> None:
    audit.record(
        by=by, act=act, subject_kind="user", subject_id=person.public_id, why=reason,
        before=before, after=after,
    )  # fmt: skip
