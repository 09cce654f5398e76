"""Ways in for the first time: invited by e-mail or by a printed sheet, accepted once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitation_secrets, relying
from accounts.invitation_secrets import SheetCodes, in_use
from accounts.models import Invitation
from accounts.permissions import of_long_standing
from accounts.second_factor import with_second_factor
from operations import audit, clock
from operations.outbox import enqueue_all
from people.actions.guards import refuse_unless
from people.models import Agency, Grant, Posting, User
from people.permissions import can_manage_accounts, guarded_among, may

MAIL = "accounts.invitation"  # the errand that sends one
TOO_NEW = gettext_lazy(
    "Holds a certificate: the sheet takes two people who have each held their position for 30 days."
)


def _why_not(people: list[User], way: str, by: User | None) -> dict[int, str]:
    """Return the people who cannot be invited in this way (by primary key), and why, in words."""
    reasons = {person.pk: words for person in people if (words := _why_no_way(person, way))}
    return reasons if way == Invitation.Way.MAIL else why_no_sheets(people, by) | reasons


def _why_no_way(person: User, way: str) -> str:
    if not person.is_active or not person.is_current:
        return _("The account is closed.")
    if way == Invitation.Way.MAIL and not person.email:
        return _("No e-mail address is known.")
    if person.has_usable_password() and not (way == Invitation.Way.SHEET and not person.email):
        return _("Has an account already.")
    return ""


def why_no_sheets(people: Iterable[User], by: User | None) -> dict[int, str]:
    """Return the people who can be given no printed code (by primary key), and why, in words; a few queries,
    for however many.

    Whoever prints a code could come in with it: not as somebody who acts for others. Where the person has a
    second step, the code opens nothing without it. Nor as somebody who has come in by another way and has an
    address: they set a password by a letter.
    """
    chosen = list(people)
    known = _Known.of(chosen)
    alone = by is None or can_manage_accounts(by)  # may print for who holds a position that is not guarded
    return {person.pk: words for person in chosen if (words := _why_no_sheet(person, by, known, alone))}


@dataclass(frozen=True)
class _Known:
    """The people (by primary key) of whom each of these is so."""

    guarded: set[int]
    with_second_factor: set[int]
    holding: set[int]
    numbered: set[int]

    @classmethod
    def of(cls, people: list[User]) -> Self:
        serving = Posting.objects.current().filter(user__in=people).exclude(service_number=None)
        return cls(
            guarded=guarded_among(people),
            with_second_factor=with_second_factor(people),
            holding=set(Grant.objects.live().filter(person__in=people).values_list("person", flat=True)),
            numbered=set(serving.values_list("user", flat=True)),
        )


def _why_no_sheet(person: User, by: User | None, known: _Known, alone: bool) -> str:
    if by is not None and _came_in(person):
        return _("Has an account already.")
    if by is not None and person.pk in known.guarded:
        if person.pk not in known.with_second_factor:
            return _("Holds or held a position: is invited by e-mail.")
    elif person.has_usable_password() and person.pk in known.holding and not alone:
        return _("Holds a position: an administrator prints the code.")
    if person.pk not in known.numbered:
        return _("No service number is known, and a code opens only together with it.")
    return ""


def why_not_printed(sheets: Iterable[Invitation], by: User | None) -> dict[int, str]:
    """Return the people whose sheet `by` cannot print (by primary key), and why, in words; a few queries.

    On whose account others rely, of them another one prints it than who prepared it, and neither was made for it
    by the other: alone, one could come in as the holder of a certificate.
    """
    chosen = list(sheets)
    people = [sheet.person for sheet in chosen]
    used = [person for person in people if in_use(person)]
    relied_on = relying.on(used)
    for sheet in chosen:
        sheet.by_two = sheet.by_two or sheet.person_id in relied_on
    refused = why_no_sheets(people, by)
    of_two = [sheet for sheet in chosen if sheet.by_two]
    if by is None or not of_two:
        return refused
    standing = of_long_standing([by.pk, *(sheet.invited_by_id for sheet in of_two)])
    for sheet in of_two:
        if sheet.invited_by_id == by.pk:
            refused[sheet.person_id] = _(
                "Holds a certificate: as you have prepared the sheet, another coordinator or an administrator prints it."
            )
        elif not {by.pk, sheet.invited_by_id or by.pk} <= standing:
            refused[sheet.person_id] = str(TOO_NEW)
    return refused


def _refuse(people: list[User], reasons: dict[int, str]) -> None:
    """Raise ValidationError that names the first who cannot be invited."""
    for person in people:
        if person.pk in reasons:
            raise ValidationError(f"{person.get_full_name()}: {reasons[person.pk]}")


def _came_in(person: User) -> bool:
    return bool(person.email) and person.last_login is not None


@transaction.atomic
def invite(*, people: Iterable[User], agency: Agency, way: str, by: User | None) -> list[Invitation]:
    """Invite people who serve in the agency now; an unused invitation of theirs ends with it.

    Raise ValidationError, with the name, for the first who cannot be invited this way.
    """
    refuse_unless(may(by, "accounts.invite", agency=agency))
    chosen = _held(people)
    _refuse_strangers(chosen, agency)
    _refuse(chosen, _why_not(chosen, way, by))
    now = clock.now()
    used = [person for person in chosen if way == Invitation.Way.SHEET and in_use(person)]
    relied_on, replaced = relying.on(used), {person.pk for person in used}
    if relied_on and by is not None and not of_long_standing([by.pk]):
        _refuse(chosen, dict.fromkeys(relied_on, str(TOO_NEW)))
    unused = Invitation.objects.select_for_update().filter(person__in=chosen, used_at=None, revoked_at=None)
    unused.update(revoked_at=now, revoked_by=by)
    made = Invitation.objects.bulk_create(
        [
            Invitation(
                person=person, agency=agency, way=way, invited_by=by, invited_at=now,
                expires_at=now + _lasting(way), sent=1 if way == Invitation.Way.MAIL else 0,
                replaces_password=person.pk in replaced, by_two=person.pk in relied_on,
            )
            for person in chosen
        ]
    )  # fmt: skip
    _send(made)
    _record(by, "accounts.invite", made, way=way, agency=agency.code)
    return made


def _held(people: Iterable[User]) -> list[User]:
    """Return the people in the order given, as they are now, locked.

    They are locked before any invitation, in the order in which giving a position locks.
    """
    keys = [person.pk for person in people]
    locked = User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    by_key = {person.pk: person for person in locked}
    return [by_key[pk] for pk in keys]


def _refuse_strangers(people: list[User], agency: Agency) -> None:
    """Refuse people who do not serve in the agency, whoever asks."""
    serving = set(
        Posting.objects.current().filter(agency=agency, user__in=people).values_list("user", flat=True)
    )
    refuse_unless(all(person.pk in serving for person in people))


def _lasting(way: str) -> timedelta:
    days = settings.INVITATION_DAYS if way == Invitation.Way.MAIL else settings.INVITATION_SHEET_DAYS
    return timedelta(days=days)


def _send(invitations: Iterable[Invitation]) -> None:
    mails = [one for one in invitations if one.way == Invitation.Way.MAIL]
    enqueue_all(MAIL, {f"{one.public_id}:{one.sent}": {"invitation": one.public_id} for one in mails})


@transaction.atomic
def send_again(*, invitations: Iterable[Invitation], by: User | None) -> int:
    """Send a new mail with a new link and a new term for each unused invitation by mail; return how many."""
    locked = _locked(invitations, by)
    again = [
        one for one in locked if one.way == Invitation.Way.MAIL and one.used_at is one.revoked_at is None
    ]
    for invitation in again:
        invitation.sent += 1
        invitation.refused, invitation.expires_at = "", clock.now() + _lasting(invitation.way)
    Invitation.objects.bulk_update(again, ["sent", "refused", "expires_at"], batch_size=200)
    _send(again)
    _record(by, "accounts.send_invitation_again", again)
    return len(again)


@transaction.atomic
def revoke_invitations(*, invitations: Iterable[Invitation], by: User | None) -> int:
    """End unused invitations: links and codes no longer work. Return how many there were."""
    locked = [one for one in _locked(invitations, by) if one.used_at is one.revoked_at is None]
    now = clock.now()
    Invitation.objects.filter(pk__in=[one.pk for one in locked]).update(
        revoked_at=now, revoked_by=by, secret_hash=None
    )
    _record(by, "accounts.revoke_invitation", locked)
    return len(locked)


@transaction.atomic
def end_invitations(*, person: User, by: User | None, way: str = "") -> None:
    """End the person's open invitations, or those of one way, because something else changed; `by`: who changed it.

    Asks for no permission: whoever calls it was allowed the change.
    """
    invitations = Invitation.objects.open().filter(person=person).filter(**({"way": way} if way else {}))
    ended = list(invitations.select_for_update(of=("self",)).select_related("person").order_by("pk"))
    Invitation.objects.filter(pk__in=[one.pk for one in ended]).update(
        revoked_at=clock.now(), revoked_by=by, secret_hash=None
    )
    _record(by, "accounts.revoke_invitation", ended)


@transaction.atomic
def make_sheets(
    *, invitations: Iterable[Invitation], by: User | None, codes: SheetCodes | None = None
) -> list[tuple[Invitation, str]]:
    """Make a new code for each unused invitation by sheet, to be printed now: it is kept as a hash alone.

    The codes of sheets printed before no longer work; the term begins anew. `codes`: where the sheets
    were drawn before. Raise ValidationError, with the name, for who has been given a position meanwhile, and where
    `by` prepared the sheet and another one prints it.
    """
    chosen = list(invitations)
    locked = [
        one
        for one in _locked(chosen, by)
        if one.way == Invitation.Way.SHEET and one.used_at is one.revoked_at is None
    ]
    people = [invitation.person for invitation in locked]
    _refuse(people, why_not_printed(locked, by))
    codes = codes or invitation_secrets.new_codes(locked)
    for invitation in locked:
        invitation.printed_by, invitation.replaces_password = by, in_use(invitation.person)
        invitation.secret_hash = invitation_secrets.hash_of(codes.by_invitation[invitation.public_id])
        invitation.sent_at, invitation.expires_at = clock.now(), codes.until[invitation.public_id]
        invitation.sent += 1
    fields = ["secret_hash", "sent_at", "sent", "expires_at", "printed_by", "replaces_password", "by_two"]
    Invitation.objects.bulk_update(locked, fields, batch_size=200)
    _record(by, "accounts.print_invitation", [one for one in locked if not one.replaces_password])
    _record(by, "accounts.print_new_sheet", [one for one in locked if one.replaces_password])
    return [(one, codes.by_invitation[one.public_id]) for one in locked]


def _locked(invitations: Iterable[Invitation], by: User | None) -> list[Invitation]:
    """Return the invitations locked, in the order of their ids; raise PermissionDenied unless `by` may
    invite for each agency.
    """
    keys = [invitation.pk for invitation in invitations]
    queryset = Invitation.objects.select_for_update(of=("self",)).select_related("person", "agency")
    locked = list(queryset.filter(pk__in=keys).order_by("pk"))
    for agency in {invitation.agency_id: invitation.agency for invitation in locked}.values():
        refuse_unless(may(by, "accounts.invite", agency=agency))
    return locked


def _came_in_since(sheet: Invitation, person: User) -> bool:
    """Return whether the person has come in by another way since it was printed, or gave an address; or others have
    come to rely on the account, for whose sheet one person was enough.
    """
    if not sheet.replaces_password:
        return _came_in(person) or in_use(person)
    return _came_in(person) or (not sheet.by_two and person.pk in relying.on([person]))


@transaction.atomic
def accept_invitation(*, invitation: Invitation, password: str, by: User | None) -> User:
    """Set the invited person's own password, the first step.

    Raise ValidationError for a weak one, and where the invitation was used, withdrawn or sent anew in the
    meantime.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=invitation.person_id)
    locked = Invitation.objects.select_for_update().filter(pk=invitation.pk).first()
    refuse_unless(by is None or by == person)
    still = locked is not None and (locked.sent, locked.secret_hash) == (
        invitation.sent,
        invitation.secret_hash,
    )
    open_now = (
        locked is not None and locked.used_at is locked.revoked_at is None and locked.expires_at > clock.now()
    )
    late = locked is not None and locked.way == Invitation.Way.SHEET and _came_in_since(locked, person)
    if locked is None or not still or not open_now or late or not person.may_sign_in:
        raise ValidationError(_("This invitation no longer works. Ask your coordinator for a new one."))
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    locked.used_at, locked.secret_hash = clock.now(), None
    locked.save(update_fields=["used_at", "secret_hash"])
    act = "accounts.use_new_sheet" if locked.replaces_password else "accounts.accept_invitation"
    audit.record(
        by=person, act=act, subject_kind="user", subject_id=person.public_id,
        after={"invitation": locked.public_id, "way": locked.way},
    )  # fmt: skip
    return person


def _record(by: User | None, act: str, invitations: list[Invitation], **more: object) -> None:
    """Write one entry for all; for none there is nothing to say."""
    if not invitations:
        return
    one = invitations[0].person.public_id if len(invitations) == 1 else ""
    audit.record(
        by=by, act=act, subject_kind="user" if one else "invitations", subject_id=one or invitations[0].public_id,
        after={"invitations": [each.public_id for each in invitations], **more},
        personal={each.person.public_id: {"invited": (None, True)} for each in invitations},
    )  # fmt: skip
