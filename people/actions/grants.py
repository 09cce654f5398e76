"""Giving and ending positions."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from operations import audit, clock, notices
from people import search
from people.models import Agency, Grant, Unit, User
from people.permissions import can_end, can_grant, excluded, may, scopes_of_position, where_may
from people.permissions.holding import WITHOUT_SECOND_FACTOR
from people.signals import position_given

from .guards import refuse_unless
from .minimum_holders import check_enough_stay

EMERGENCY = timedelta(hours=1)


@transaction.atomic
def grant(
    *,
    person: User,
    position: str,
    by: User | None,
    agency: Agency | None = None,
    unit: Unit | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    reason: str = "",
) -> Grant:
    """Give somebody a position: in one agency, in one unit and below, or everywhere.

    Nobody grants to themselves. A registrar is made by the installation, or by two people. Raise
    ValidationError in words: positions that exclude each other, a scope that the position does not
    have, the same position there already, a person who has never signed in (but for a duty officer). The
    person is told; open printed codes of theirs open nothing any more.
    """
    refuse_unless(can_grant(by, person, position, agency=agency, unit=unit) and _in_reach(by, person))
    made = Grant(
        person=person, position=position, agency=agency, unit=unit, ends_at=ends_at, reason=reason,
        starts_at=starts_at or clock.now(), granted_by=by,
    )  # fmt: skip
    return give(made, by=by)


def _in_reach(by: User | None, person: User) -> bool:
    """Return whether `by` may give the person a position: a coordinator only to people of the own agencies."""
    if may(by, "people.grant"):
        return True
    where = where_may(by, "people.grant_duty_officer")
    return where.everywhere or search.serving_in(where.agencies).filter(pk=person.pk).exists()


def give(made: Grant, *, by: User | None) -> Grant:
    """Keep a grant that was allowed, in the transaction of the caller; changes to one person's queue up."""
    made.full_clean()
    made.person = User.objects.select_for_update(no_key=True).get(pk=made.person_id)
    _check_person(made.person)
    if by is not None:
        _check_scope(made)
        _check_has_signed_in(made)
    _check_beside_others(made, again=by is None)
    made.save(force_insert=True)
    after = {
        "position": made.position, "grant": made.public_id, "agency": made.agency and made.agency.code,
        "unit": made.unit and made.unit.public_id, "starts_at": made.starts_at.isoformat(),
        "ends_at": made.ends_at and made.ends_at.isoformat(),
        "confirmed_by": made.confirmed_by and made.confirmed_by.public_id,
    }  # fmt: skip
    audit.record(
        by=by, act="people.grant", subject_kind="user", subject_id=made.person.public_id,
        why=made.reason or "", after=after,
    )  # fmt: skip
    if by is not None:
        if made.position not in WITHOUT_SECOND_FACTOR:
            position_given.send(User, grant=made, by=by)
        notices.notify(person=made.person, kind="people.position_given", subject_id=made.public_id)
    return made


def _check_person(person: User) -> None:
    if not person.is_active or not person.is_current:
        raise ValidationError(_("This account is closed: it can hold no position."))


def _check_scope(made: Grant) -> None:
    scope = "unit" if made.unit_id else "agency" if made.agency_id else "everywhere"
    if scope not in scopes_of_position(made.position):
        raise ValidationError(
            _("The position “%(position)s” is not given for this area.")
            % {"position": made.get_position_display()}
        )


def _check_has_signed_in(made: Grant) -> None:
    """Refuse a position for somebody who never came: whoever entered their address could come in as the holder.
    (The installation gives its first positions before there is any way in.)
    """
    if made.position in WITHOUT_SECOND_FACTOR:
        return
    if made.person.last_login is None:
        raise ValidationError(
            _("This person has never signed in. Give the position once they have come in themselves.")
        )


def _check_beside_others(made: Grant, *, again: bool) -> None:
    """Refuse a position that its holder's others exclude. `again`: the same one twice is harmless, as when
    files are loaded anew.
    """
    others = Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=made.starts_at), revoked_at=None)
    others = others.filter(person=made.person)
    if made.ends_at is not None:
        others = others.filter(starts_at__lt=made.ends_at)
    conflict = excluded(made.position, others.order_by("pk").values_list("position", flat=True))
    if conflict is not None:
        other, reason = conflict
        raise ValidationError(
            _("“%(position)s” and “%(other)s” exclude each other. %(reason)s")
            % {
                "position": made.get_position_display(),
                "other": Grant.Position(other).label,
                "reason": reason,
            }
        )
    same = others.filter(position=made.position, agency=made.agency_id, unit=made.unit_id)
    if not again and same.exists():
        raise ValidationError(_("This person holds the position there already."))


@transaction.atomic
def revoke_grant(*, grant: Grant, by: User | None, reason: str = "") -> None:
    """End a grant now, or before it began; leave one that was revoked before as it was.

    The person is told; of a registrar's also the other registrars and the auditors. Raise ValidationError
    where too few would stay.
    """
    locked = Grant.objects.get(pk=grant.pk)
    refuse_unless(can_end(by, locked))
    if by is not None:
        check_enough_stay(without=locked.person, positions=[locked.position])  # locks in order, this one too
    locked = Grant.objects.select_for_update().get(pk=grant.pk)
    if locked.revoked_at is not None:
        return
    locked.revoked_at, locked.revoked_by = clock.now(), by
    locked.save(update_fields=["revoked_at", "revoked_by"])
    before = {"position": locked.position, "grant": locked.public_id}
    audit.record(
        by=by, act="people.revoke_grant", subject_kind="user", subject_id=locked.person.public_id,
        why=reason, before=before,
    )  # fmt: skip
    if by is not None:
        notices.notify(person=locked.person, kind="people.position_ended", subject_id=locked.public_id)
        if locked.position == Grant.Position.REGISTRAR:
            tell(
                "people.registrar_ended", locked.public_id, but={locked.person_id, by.pk},
                positions=[Grant.Position.REGISTRAR, Grant.Position.AUDITOR],
            )  # fmt: skip


@transaction.atomic
def break_glass(*, person: User, reason: str, by: None) -> Grant:
    """Give emergency access: every position at once for an hour, which ends by itself.

    Only for who operates the servers (`manage.py break_glass`), when nobody else can act. Administrators
    and auditors are told at once; the audit trail and the log keep it.
    """
    if not reason.strip():
        raise ValidationError(_("Say why: the reason stays in the audit trail."))
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    _check_person(person)
    now = clock.now()
    given = Grant.objects.live().filter(position=Grant.Position.BREAK_GLASS).first()
    if given is not None:
        raise ValidationError(_("Emergency access is already given; it ends by itself."))
    made = Grant(
        person=person, position=Grant.Position.BREAK_GLASS, starts_at=now, ends_at=now + EMERGENCY,
        reason=reason,
    )  # fmt: skip
    made.full_clean()
    made.save(force_insert=True)
    audit.record(
        by=by, act="people.break_glass", subject_kind="user", subject_id=person.public_id, why=reason,
        after={"grant": made.public_id, "ends_at": (now + EMERGENCY).isoformat()},
    )  # fmt: skip
    tell(
        "people.break_glass", made.public_id, but=set(),
        positions=[Grant.Position.ADMINISTRATOR, Grant.Position.AUDITOR],
    )  # fmt: skip
    return made


def tell(kind: str, subject_id: str, *, positions: list[Any], but: set[int]) -> None:
    """Send a notice at once to everybody who holds one of the positions everywhere."""
    holders = Grant.objects.live().filter(position__in=positions, agency=None, unit=None)
    people = User.objects.active().filter(pk__in=holders.values("person")).exclude(pk__in=but)
    for person in people:
        notices.notify(person=person, kind=kind, subject_id=subject_id)
