"""Export of records of people, to the person they are about."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from locales.dates import end_text
from people.models import AddressRequest, Grant, Leave, Posting, User

from .export import DAYS, Export
from .models import ABOUT, CorrectionRequest

SECRET = _("This is a secret for signing in: nobody is given it, and it says nothing about you.")
NAMES = {"family_name": _("family name"), "given_name": _("given name"), "father_name": _("father's name")}
TIMES = {"valid_from": _("from"), "valid_to": _("until")}
KNOWN = {"recorded_at": _("entered on"), "withdrawn_at": _("corrected or replaced on")}


def export_rows(export: Export) -> None:
    records = User.objects.filter(pk__in=[person.pk for person in export.people])
    export.rows(records, _("Your record"), RECORD, without={"password": SECRET})
    _service(export)
    _invitations(export)
    _requests(export)


RECORD = {
    **NAMES,
    "family_name_latin": _("family name in the passport"),
    "given_name_latin": _("given name in the passport"),
    "family_name_cyrillic": _("family name in Cyrillic"),
    "given_name_cyrillic": _("given name in Cyrillic"),
    "father_name_cyrillic": _("father's name in Cyrillic"),
    "email": _("e-mail address"),
    "language": _("language"),
    "sex": _("sex"),
    "spoken_languages": _("languages you speak"),
    "supervisor": _("supervisor"),
    "availability": _("availability"),
    "notice_rhythm": _("how you want letters that can wait"),
    "public_id": _("id"),
    "created_at": _("on record since"),
    "last_login": _("last signed in"),
    "is_active": _("may sign in"),
}


def _service(export: Export) -> None:
    postings = Posting.objects.filter(user__in=export.people).order_by("valid_from", "pk")
    shown = {
        "agency": _("agency"), "unit": _("unit"), "role": _("role"), "service_number": _("service number"),
        "main": _("main posting"), **TIMES, **KNOWN,
    }  # fmt: skip
    export.rows(postings, _("Your service"), shown, say=DAYS)
    leaves = Leave.objects.filter(user__in=export.people).order_by("valid_from", "pk")
    export.rows(leaves, _("Your leave"), {**TIMES, **KNOWN}, say=DAYS)
    grants = Grant.objects.filter(person__in=export.people).order_by("starts_at", "pk")
    shown = {
        "position": _("position"), "agency": _("agency"), "unit": _("unit"), "starts_at": _("from"),
        "ends_at": _("until"), "reason": _("reason"), "granted_by": _("given by"),
        "confirmed_by": _("confirmed by"), "revoked_at": _("ended on"), "revoked_by": _("ended by"),
    }  # fmt: skip
    export.rows(grants, _("Positions in which you may act"), shown, say={"ends_at": end_text})


def _invitations(export: Export) -> None:
    invitations = Invitation.objects.filter(person__in=export.people).order_by("invited_at", "pk")
    shown = {
        "agency": _("agency"), "way": _("way"), "invited_by": _("invited by"), "invited_at": _("invited on"),
        "expires_at": _("open until"), "used_at": _("used on"), "revoked_at": _("ended on"),
        "revoked_by": _("ended by"), "refused": _("what the mail server said"),
        "printed_by": _("printed by"), "replaces_password": _("for a forgotten password"),
    }  # fmt: skip
    export.rows(invitations, _("Your invitations"), shown, without={"secret_hash": SECRET})
    addresses = AddressRequest.objects.filter(person__in=export.people).order_by("asked_at", "pk")
    shown = {
        "email": _("e-mail address"), "asked_by": _("asked by"), "asked_at": _("asked on"),
        "outcome": _("outcome"), "decided_at": _("decided on"),
    }  # fmt: skip
    export.rows(addresses, _("New addresses you were asked about"), shown)


def _requests(export: Export) -> None:
    corrections = CorrectionRequest.objects.filter(person__in=export.people).order_by("asked_at", "pk")
    shown = {
        "about": _("about"), "text": _("what you wrote"), "asked_at": _("asked on"), "agency": _("agency"),
        "outcome": _("outcome"), "answer": _("answer"), "answered_by": _("answered by"),
        "answered_at": _("answered on"),
    }  # fmt: skip
    export.rows(
        corrections, _("Corrections you asked for"), shown, say={"about": lambda code: ABOUT.get(code, code)}
    )
