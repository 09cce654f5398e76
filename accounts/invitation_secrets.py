"""Secrets of invitations: a link by e-mail, a code on a printed sheet. Only keyed hashes are kept.

A link is made from the invitation itself when its mail is sent, so that no secret waits in the database;
sending again ends the link before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from locales.text import fold
from operations import clock
from operations.codes import new_code, read_code
from people.models import Posting, User

from .models import Invitation

NEW_SHEET_DAYS = 7  # of a sheet for a forgotten password
MOST_ALIKE = 5  # people of different agencies with one number


def mark_of(invitation: Invitation) -> str:
    """Return what the link of the newest mail carries beside the id."""
    return salted_hmac(
        "accounts.invitation", f"{invitation.public_id}:{invitation.sent}", algorithm="sha256"
    ).hexdigest()[:40]


def link_of(invitation: Invitation) -> str:
    parts = {"public_id": invitation.public_id, "mark": mark_of(invitation)}
    return settings.BASE_URL + reverse("accounts_invited", kwargs=parts)


def invited_by_link(public_id: str, mark: str) -> Invitation | None:
    """Return the open invitation of a link; None for every other one, whatever is wrong with it."""
    way = Invitation.Way.MAIL
    invitation = (
        Invitation.objects.open().select_related("person").filter(public_id=public_id, way=way).first()
    )
    return invitation if invitation is not None and constant_time_compare(mark, mark_of(invitation)) else None


@dataclass(frozen=True)
class SheetCodes:
    """New codes by the public id of their invitation; they open nothing before actions.make_sheets keeps
    their hashes, and each nothing after its `until`.
    """

    by_invitation: dict[str, str]
    until: dict[str, datetime]


def new_codes(invitations: Iterable[Invitation]) -> SheetCodes:
    now, chosen = clock.now(), list(invitations)
    until = {one.public_id: now + timedelta(days=days_of_sheet(one.person)) for one in chosen}
    return SheetCodes({one.public_id: new_code() for one in chosen}, until)


def days_of_sheet(person: User) -> int:
    """Return for how long a sheet printed now works: briefly where it replaces a password."""
    return NEW_SHEET_DAYS if in_use(person) else settings.INVITATION_SHEET_DAYS


def in_use(person: User) -> bool:
    """Return whether somebody has come into the account: by a password, or through the agency's own sign-in."""
    return person.has_usable_password() or person.last_login is not None


def hash_of(code: str) -> str:
    """Return the hash under which a code is kept, however it was typed; no row has that of another text."""
    return salted_hmac("accounts.sheet", read_code(code) or "", algorithm="sha256").hexdigest()


def invited_by_code(service_number: str, code: str) -> Invitation | None:
    """Return the open invitation of a sheet, where code and number belong together."""
    queryset = (
        Invitation.objects.open().select_related("person")
        .filter(secret_hash=hash_of(code), way=Invitation.Way.SHEET).first()
    )  # fmt: skip
    if queryset is None:
        return None
    numbers = Posting.objects.current().filter(user=queryset.person, agency=queryset.agency)
    bare = bare_number(service_number)
    kept = [number for number in numbers.values_list("service_number", flat=True) if number]
    return queryset if any(bare_number(number) == bare for number in kept) else None


def bare_number(number: str) -> str:
    """Return the same for every way of writing under which a sheet is found."""
    return "".join(filter(str.isalnum, fold(number)))


def by_address(email: str) -> list[User]:
    """Return the people who sign in by this address, by one query, whether or not there is somebody."""
    queryset = EmailAddress.objects.filter(
        email=email.lower(), verified=True, user__kind=User.Kind.PERSON
    ).select_related("user")
    return [address.user for address in queryset]


def without_address(service_number: str) -> list[User]:
    """Return people who sign in by service number: those who have no address, and a password."""
    number = fold(service_number)
    if not number or len(service_number) > 60:
        return []
    posted = Posting.objects.current().filter(folded_number=number).values("user")
    people = User.objects.active().filter(Q(email=None) | Q(email=""), pk__in=posted)
    return list(people.order_by("pk")[:MOST_ALIKE])
