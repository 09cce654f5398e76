"""Invitations of an agency's people: who is invited, once more, no longer, on paper."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import jobs, sheets
from accounts.actions import invitations as invitation_actions
from accounts.forms import InvitationFilter, InviteForm
from accounts.invitation_secrets import new_codes
from accounts.models import Invitation
from accounts.permissions import agencies_to_invite_for
from locales.sorting import in_order
from operations import clock, qr
from operations.confirmation import Confirmation
from operations.pagination import keyset
from operations.requests import posted_from
from people.models import Agency, Posting, User
from people.requests import OfficerRequest, recently, signed_in
from people.views.choosing import choose_agency

NEW_SHEET = gettext_lazy(
    "Until the code on the sheet is used, the password stays as it is; then a new one is set. Make sure that the person"
    " has asked for it, and hand the sheet over yourself. The code works for seven days."
)
BY_ANOTHER = gettext_lazy(
    "The person holds a certificate: another coordinator or an administrator prints the sheet from the list below."
)
NAMED = 12  # names that a confirmation lists before it counts


def _agencies(request: OfficerRequest) -> list[Agency]:
    agencies = in_order(agencies_to_invite_for(request.user))
    if not agencies:
        raise PermissionDenied(_("Only coordinators invite people."))
    return agencies


def _agency(request: OfficerRequest) -> tuple[Agency, list[Agency]]:
    """Return the agency asked for and all for which this person may invite; the first of them without a
    wish.
    """
    agencies = _agencies(request)
    asked = request.GET.get("agency") or request.POST.get("agency")
    return next((one for one in agencies if asked in (one.code, one.public_id)), agencies[0]), agencies


def _number(agency: Agency, person: str) -> Subquery:
    """Return the service number in the agency now: two may have one name."""
    serving = Posting.objects.current().filter(agency=agency, user=OuterRef(person))
    return Subquery(serving.values("service_number")[:1])


def _in_state(state: str) -> Q:
    now = clock.now()
    unused = Q(used_at=None, revoked_at=None)
    return {
        "waiting": unused & Q(expires_at__gt=now, refused=""),
        "refused": unused & ~Q(refused=""),
        "expired": unused & Q(expires_at__lte=now),
        "used": Q(used_at__isnull=False),
        "revoked": Q(revoked_at__isnull=False),
    }.get(state, Q())


def _row(invitation: Invitation) -> dict[str, Any]:
    if invitation.used_at:
        state, kind = pgettext("invitations", "accepted"), "ok"
    elif invitation.revoked_at:
        state, kind = pgettext("invitations", "withdrawn"), "none"
    elif invitation.refused:
        state, kind = pgettext("invitations", "not delivered"), "bad"
    elif invitation.expires_at <= clock.now():
        state, kind = pgettext("invitations", "expired"), "warn"
    else:
        state, kind = pgettext("invitations", "waiting"), ""
    unused = invitation.used_at is invitation.revoked_at is None
    by_two = unused and invitation.by_two
    return {"invitation": invitation, "state": state, "kind": kind, "unused": unused, "by_two": by_two}


@never_cache
@require_safe
@signed_in
def invitations(request: OfficerRequest) -> HttpResponse:
    agency, agencies = _agency(request)
    form = InvitationFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    listed = Invitation.objects.filter(_in_state(state), agency=agency)
    queryset = listed.select_related("person", "invited_by").annotate(number=_number(agency, "person"))
    page = keyset(queryset, order=("-invited_at", "-pk"), token=request.GET.get("page", ""))
    context = {
        "agency": agency, "agencies": agencies, "form": form, "state": state, "page": page,
        "rows": [_row(invitation) for invitation in page.rows],
        "number": listed.filter(used_at=None, revoked_at=None).count(),
    }  # fmt: skip
    return render(request, "accounts/invitations/invitations.html", context)


# --- send again, withdraw, print ------------------------------------------------------------------------


@never_cache
@posted_from("accounts:invitations")
@recently
def perform(request: OfficerRequest) -> HttpResponse:
    """Do it to what was ticked in the list, or all of the list: asked first, then done."""
    agency, _agencies = _agency(request)
    what = request.POST.get("what", "")
    chosen = _wanted(request, agency, what)
    if what not in ACTS or not chosen:
        messages.warning(request, NONE_FITS.get(what, NOTHING_TICKED))
        return _back(agency)
    if "sure" not in request.POST:
        return _ask(request, agency, what, chosen)
    if what == "print" and request.POST.get("printed", "0") != _printed(chosen):
        messages.warning(request, PRINTED)
        return _back(agency)
    return ACTS[what](request, agency, chosen)


NOTHING_TICKED = gettext_lazy("Tick at least one invitation that is still unused.")
NONE_FITS = {
    "send": gettext_lazy("Tick at least one unused invitation by e-mail."),
    "print": gettext_lazy("Tick at least one unused invitation on a printed sheet."),
}
PRINTED = gettext_lazy(
    "These sheets were printed in the meantime: their codes work, and no new ones were made. If a "
    "sheet was lost, print it anew."
)
WAY_OF = {"send": Invitation.Way.MAIL, "print": Invitation.Way.SHEET}  # an act for all ways is none of them


def _wanted(request: OfficerRequest, agency: Agency, what: str) -> list[Invitation]:
    """Return unused invitations that it fits: those named, or the whole list in the state that it shows."""
    queryset = Invitation.objects.filter(agency=agency, used_at=None, revoked_at=None)
    if what in WAY_OF:
        queryset = queryset.filter(way=WAY_OF[what])
    if "all" in request.POST:
        queryset = queryset.filter(_in_state(request.POST.get("state", "")))
    else:
        ids = request.POST.get("ids", "").split() or request.POST.getlist("id")
        queryset = queryset.filter(public_id__in=ids)
    named = queryset.select_related("person").annotate(number=_number(agency, "person"))
    return list(named.order_by("person__sort_name", "pk"))


def _list_of(agency: Agency) -> str:
    return f"{reverse('accounts:invitations')}?agency={agency.code}"


def _back(agency: Agency) -> HttpResponse:
    return redirect(_list_of(agency))


QUESTIONS = {
    "send": gettext_lazy("Send these invitations again?"),
    "print": gettext_lazy("Print these sheets?"),
    "revoke": gettext_lazy("Withdraw these invitations?"),
}
BUTTONS = {
    "send": gettext_lazy("Send again"),
    "print": gettext_lazy("Make the sheets"),
    "revoke": gettext_lazy("Withdraw"),
}


def _ask(request: OfficerRequest, agency: Agency, what: str, invitations: list[Invitation]) -> HttpResponse:
    ids = " ".join(one.public_id for one in invitations)
    return Confirmation(
        title=QUESTIONS[what],
        text=_text_of(what, len(invitations)),
        points=_named([(one.person, one) for one in invitations]),
        button=BUTTONS[what],
        cancel_href=_list_of(agency),
        hidden={
            "what": what,
            "ids": ids,
            "agency": agency.code,
            "sure": "1",
            "printed": _printed(invitations),
        },
    ).page(request)


def _text_of(what: str, number: int) -> str:
    """Return what happens to links and codes that are out already."""
    if what == "send":
        return _("Each gets a new link; the links sent before no longer work.")
    if what == "revoke":
        return _("Their links and codes no longer work. You can invite the same people again.")
    if number <= sheets.AT_ONCE:
        return _("Each gets a new code, shown only on the next page; sheets printed before no longer work.")
    return ngettext(
        "%(number)s sheet becomes a PDF file that you can download once, within a day. It gets a new "
        "code; sheets "
        "printed before no longer work.",
        "%(number)s sheets become one PDF file that you can download once, within a day. Each gets a "
        "new code; sheets "
        "printed before no longer work.",
        number,
    ) % {"number": number}


def _printed(invitations: list[Invitation]) -> str:
    """Return how often they were printed.

    A page of sheets that is loaded again asks for what was printed before, and makes no new codes.
    """
    return str(sum(one.sent for one in invitations))


def _named(rows: list[tuple[User, Any]]) -> list[str]:
    """Return each person with the row that `_number` was read with."""
    names = [", ".join(filter(None, (str(person), row.number))) for person, row in rows[:NAMED]]
    if (more := len(rows) - NAMED) > 0:
        names.append(ngettext("and %(number)s more", "and %(number)s more", more) % {"number": more})
    return names


def _send_again(request: OfficerRequest, agency: Agency, invitations: list[Invitation]) -> HttpResponse:
    number = invitation_actions.send_again(invitations=invitations, by=request.user)
    text = ngettext("%(number)s invitation goes out again.", "%(number)s invitations go out again.", number)
    messages.success(request, text % {"number": number})
    return _back(agency)


def _revoke(request: OfficerRequest, agency: Agency, invitations: list[Invitation]) -> HttpResponse:
    number = invitation_actions.revoke_invitations(invitations=invitations, by=request.user)
    text = ngettext("%(number)s invitation is withdrawn.", "%(number)s invitations are withdrawn.", number)
    messages.success(request, text % {"number": number})
    return _back(agency)


def _print(request: OfficerRequest, agency: Agency, invitations: list[Invitation]) -> HttpResponse:
    """Show the codes, the only time: on a page to print, each sheet in its person's language, or in a file
    of many.
    """
    try:
        if len(invitations) > sheets.AT_ONCE:
            return redirect(
                "jobs:one", jobs.start(agency=agency, invitations=invitations, by=request.user).public_id
            )
        codes = new_codes(invitations)
        made = invitation_actions.make_sheets(invitations=invitations, codes=codes, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _back(agency)
    printed = sheets.sheets_of([one for one, _code in made], codes)
    rows = [{"sheet": one, "drawing": qr.drawing(one.address)} for one in printed]
    return render(request, "accounts/invitations/sheets.html", {"rows": rows, "agency": agency})


ACTS: dict[str, Callable[[OfficerRequest, Agency, list[Invitation]], HttpResponse]] = {
    "send": _send_again,
    "revoke": _revoke,
    "print": _print,
}


# --- inviting ---------------------------------------------------------------------------------------------


WITHOUT_A_PASSWORD = Q(password__startswith="!")


def _asked_for(request: OfficerRequest, waiting: QuerySet[User]) -> QuerySet[User] | None:
    """Return whom the page that led here meant: a person, or those whom one roster entered, all at
    one instant; None where none of them waits.
    """
    asked = Q(public_id=request.GET.get("person", ""))
    with suppress(ValueError, OverflowError):  # also what is no year in UTC
        at = datetime.fromisoformat(request.GET.get("entered", ""))
        if at.tzinfo is not None:
            asked |= WITHOUT_A_PASSWORD & Q(created_at=at.astimezone(UTC))
    found = waiting.filter(asked)
    return found if found.exists() else None


def _where_asked_for_serves(request: OfficerRequest, agencies: list[Agency]) -> list[Agency]:
    """Return those in which the one person serves whom the page that led here meant; all where it meant nobody."""
    serving = Posting.objects.current().filter(user__public_id=request.GET.get("person", ""))
    found = set(serving.values_list("agency", flat=True))
    return [agency for agency in agencies if agency.pk in found] or agencies


def _to_invite(agency: Agency) -> QuerySet[User]:
    """Return people who serve there now and are not invited: without a password, or with one that no letter can
    replace if it is forgotten.
    """
    serving = Posting.objects.current().filter(agency=agency).values("user")
    queryset = User.objects.active().not_merged().filter(WITHOUT_A_PASSWORD | Q(email=None), pk__in=serving)
    uninvited = queryset.exclude(pk__in=Invitation.objects.open().values("person"))
    return uninvited.annotate(number=_number(agency, "pk"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recently
def invite(request: OfficerRequest) -> HttpResponse:
    agency, agencies = _agency(request)
    if len(agencies) > 1 and not {"agency"} & (request.GET.keys() | request.POST.keys()):
        agencies = _where_asked_for_serves(request, agencies)
        if len(agencies) > 1:
            return choose_agency(request, agencies)
        agency = agencies[0]
    form = InviteForm(request.POST or None)
    chosen = _chosen(request, agency)
    if request.method == "POST" and form.is_valid() and chosen:
        if "sure" in request.POST:
            return _invite(request, agency, chosen, form.cleaned_data["way"])
        return _ask_to_invite(request, agency, chosen, form.cleaned_data["way"])
    missing = request.method == "POST" and not chosen
    waiting = _to_invite(agency)
    asked_for = _asked_for(request, waiting)
    shown = waiting.filter(WITHOUT_A_PASSWORD) if asked_for is None else asked_for
    page = keyset(shown, order=("sort_name", "pk"), token=request.GET.get("page", ""))
    first = next((place for place, one in enumerate(page.rows, 1) if one.email or one.number), 1)
    context = {
        "agency": agency, "agencies": agencies, "form": form, "page": page,
        "number": shown.exclude(WITHOUT_A_WAY).count(), "ticked": asked_for is not None,
        "forgotten": asked_for is not None and not asked_for.filter(WITHOUT_A_PASSWORD).exists(),
        "errors": [{"href": f"#who-{first}", "text": _("Tick at least one person.")}] if missing else [],
    }  # fmt: skip
    return render(request, "accounts/invitations/invite.html", context)


# No letter reaches them, and a printed code opens with a number alone.
WITHOUT_A_WAY = Q(email=None, number=None)


def _chosen(request: OfficerRequest, agency: Agency) -> list[User]:
    if request.method != "POST":
        return []
    queryset = _to_invite(agency).order_by("sort_name", "pk")
    if "everybody" in request.POST:
        asked_for = _asked_for(request, queryset)
        meant = queryset if asked_for is None else asked_for
        return list(meant.filter(WITHOUT_A_PASSWORD).exclude(WITHOUT_A_WAY))
    ids = request.POST.get("ids", "").split() or request.POST.getlist("id")
    return list(queryset.filter(public_id__in=ids))


def _ask_to_invite(request: OfficerRequest, agency: Agency, chosen: list[User], way: str) -> HttpResponse:
    by_mail = sum(bool(person.email) and way != Invitation.Way.SHEET for person in chosen)
    ids = " ".join(one.public_id for one in chosen)
    text = _("By e-mail: %(by_mail)s. On a printed sheet: %(on_paper)s.") % {
        "by_mail": by_mail,
        "on_paper": len(chosen) - by_mail,
    }
    forgotten = any(person.has_usable_password() for person in chosen)
    return Confirmation(
        title=_("Print a new sheet?") if forgotten else _("Invite these people?"),
        text=NEW_SHEET if forgotten else text,
        points=_named([(person, person) for person in chosen]),
        button=_("Prepare the sheet") if forgotten else _("Invite"),
        cancel_href=f"{reverse('accounts:invite')}?{urlencode({**request.GET.dict(), 'agency': agency.code})}",
        hidden={"way": way, "ids": ids, "agency": agency.code, "sure": "1"},
    ).page(request)


def _invite(request: OfficerRequest, agency: Agency, chosen: list[User], way: str) -> HttpResponse:
    by_mail = [person for person in chosen if person.email and way != Invitation.Way.SHEET]
    on_paper = [person for person in chosen if person not in by_mail]
    forgotten = any(person.has_usable_password() for person in chosen)
    made: list[Invitation] = []
    try:
        with transaction.atomic():  # all or nobody
            for people, means in ((by_mail, Invitation.Way.MAIL), (on_paper, Invitation.Way.SHEET)):
                if people:
                    made += invitation_actions.invite(
                        people=people, agency=agency, way=means, by=request.user
                    )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _back(agency)
    said = ngettext("%(number)s person is invited.", "%(number)s people are invited.", len(chosen))
    messages.success(request, _("The sheet is prepared.") if forgotten else said % {"number": len(chosen)})
    if any(each.by_two for each in made):
        messages.info(request, BY_ANOTHER)
    elif on_paper:
        messages.info(
            request, _("Sheets are printed from the list below: tick them and choose “Print sheets”.")
        )
    return _back(agency)
