"""Transfer, correction, end, leave: each shown first, then done, then visible on the person's page."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from locales.dates import day_text, instant_text
from operations import clock
from operations.confirmation import FormPage, ask_then_act, show
from operations.history import Edit, RecordedQuerySet
from people.actions import leaves as leave_actions
from people.actions import postings as posting_actions
from people.forms.people import (
    EndForm,
    LeaveForm,
    PostingCorrectionForm,
    TransferForm,
    UndoForm,
    WithdrawForm,
)
from people.models import Agency, Grant, Leave, Posting, User
from people.names import name_of
from people.permissions import reach_of, visible_grants
from people.permissions.records import POSTINGS, SEE
from people.requests import OfficerRequest
from people.timeline import whole

from .breadcrumbs import to_person
from .changes import changes_in
from .guards import form_for

LEAVES_NONE = gettext_lazy(
    "If it is only wrong, correct it instead. Taken back, it leaves the person without a place of service and off the list of your"
    " agency: only an administrator finds the person again."
)
SALT = "people.history"  # rows of a history have no public id: their keys stand signed in addresses


def token_of(row: Posting | Leave) -> str:
    return signing.dumps([row._meta.model_name, row.pk], salt=SALT, compress=False)


def row_of[R: (Posting, Leave)](model: type[R], token: str, person: User) -> R:
    """Return the row of this person that a token of ours names, known still or not."""
    try:
        name, pk = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    if name != model._meta.model_name:
        raise Http404
    queryset: Any = model._default_manager
    row: R = get_object_or_404(queryset.select_related("user"), pk=pk, user=person)
    return row


def _person(public_id: str) -> User:
    return get_object_or_404(User.objects.people().not_erased(), public_id=public_id)


def _changeable(by: User, person: User) -> RecordedQuerySet[Posting]:
    """Return postings of this person, also withdrawn ones, in agencies where `by` may change them."""
    reach = reach_of(by, POSTINGS)
    queryset = Posting.objects.filter(user=person)
    return queryset if reach is None else queryset.filter(agency__in=reach)


def agency_to_change(by: User, person: User) -> Agency | None:
    """Return the agency in which `by` may change where this person serves, now or later; the main one first."""
    rows = _changeable(by, person).open_or_coming().select_related("agency")
    postings = sorted(rows, key=lambda row: (not row.main, row.valid_from))
    return postings[0].agency if postings else None


def _agency(by: User, person: User, row: Posting | None = None) -> Agency:
    """Return the agency of the posting; without one, where the person serves and `by` may say so. Raise
    Http404 else.
    """
    if row is None:
        agency = agency_to_change(by, person)
    else:
        reach = reach_of(by, POSTINGS)
        agency = row.agency if reach is None or row.agency_id in reach else None
    if agency is None:
        raise Http404
    return agency


def _outdated(request: OfficerRequest, row: Posting | Leave | None) -> HttpResponse | None:
    """Lead an old link, whose row was withdrawn or corrected since, to what is known.

    What was typed is kept, and refused by the action.
    """
    if row is None or row.withdrawn_at is None or request.method == "POST":
        return None
    corrected = type(row).objects.filter(user=row.user_id, recorded_at=row.withdrawn_at).exists()
    messages.info(
        request,
        _("The record to which the link leads was corrected. Below is what is known now.")
        if corrected
        else _("The record to which the link leads was withdrawn. Below is what is known now."),
    )
    return redirect("people:person", row.user.public_id)


def _data(request: OfficerRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(person: User, title: StrOrPromise, button: StrOrPromise, **more: Any) -> FormPage:
    back = reverse("people:person", args=[person.public_id])
    return FormPage(title=title, button=button, back=back, crumbs=to_person(person), **more)


def _positions_stay(by: User, person: User) -> list[StrOrPromise]:
    """Return the positions that stay: a posting that ends takes none along."""
    grants = visible_grants(by).filter(person=person) & Grant.objects.live_or_coming()
    names = ", ".join(dict.fromkeys(grant.get_position_display() for grant in grants.order_by("pk")))
    text = _("These positions stay until somebody ends them: %(positions)s.") % {"positions": names}
    return [text] if names else []


def _kept() -> StrOrPromise:
    return _("What was known until now stays in the history, with who changed it and when.")


@form_for(POSTINGS)
def transfer(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Transfer the person to another unit, role or number of the same agency."""
    person = _person(public_id)
    token = request.GET.get("posting", "")
    row = row_of(Posting, token, person) if token else None
    agency = _agency(request.user, person, row)
    if outdated := _outdated(request, row):
        return outdated
    posting = row or Posting.objects.open_or_coming().filter(user=person, agency=agency).latest("valid_from")
    initial = {
        "role": posting.role.code,
        "service_number": posting.service_number,
        "first_day": clock.today(),
    }
    form = TransferForm(_data(request), agency=agency, initial=initial)
    page = _page(person, _("Transfer to another unit"), _("Continue"), text=agency.name)

    def points() -> list[StrOrPromise]:
        first = form.cleaned_data["first_day"]
        stays = posting.valid_from < form.since
        before = _("Up to and including %(day)s: %(unit)s") if stays else _("Replaced: %(unit)s")
        return [
            before % {"day": day_text(first - timedelta(days=1)), "unit": posting.unit.name},
            _("From %(day)s: %(unit)s, %(role)s")
            % {"day": day_text(first), "unit": form.unit_chosen.name, "role": form.role_chosen.name},
            _kept(),
        ]

    def perform() -> StrOrPromise:
        posting_actions.transfer(
            person=person, agency=agency, unit=form.unit_chosen, role=form.role_chosen,
            service_number=form.cleaned_data["service_number"], valid_from=form.since,
            reason=form.cleaned_data["order"], by=request.user,
        )  # fmt: skip
        return _("The transfer is recorded.")

    question = _("Transfer %(name)s?") % {"name": person.get_short_name()}
    return ask_then_act(request, form, page, points=points, perform=perform, question=question)


@form_for(POSTINGS)
def correct(request: OfficerRequest, public_id: str, token: str) -> HttpResponseBase:
    """Correct unit, role, number or days that were entered wrongly."""
    person = _person(public_id)
    posting = row_of(Posting, token, person)
    agency = _agency(request.user, person, posting)
    if outdated := _outdated(request, posting):
        return outdated
    initial = {
        "unit": posting.unit.public_id, "role": posting.role.code, "service_number": posting.service_number,
        "first_day": clock.first_day(posting.valid_from),
        "last_day": clock.last_day(posting.valid_to) if posting.valid_to else None,
    }  # fmt: skip
    form = PostingCorrectionForm(_data(request), agency=agency, initial=initial)
    text = _("Only for wrong entries. If the person moved, enter a transfer instead.")
    page = _page(person, _("Correct a posting"), _("Continue"), text=text)

    def points() -> list[StrOrPromise]:
        return [
            *changes_in(form),
            _("If another posting ends or begins on that day, it moves too."),
            _kept(),
        ]

    def perform() -> StrOrPromise:
        said = posting_actions.PostingValues(
            unit=form.unit_chosen, role=form.role_chosen, valid_from=form.since, valid_to=form.until,
            service_number=form.cleaned_data["service_number"],
        )  # fmt: skip
        reason = form.cleaned_data["order"]
        posting_actions.correct_posting(posting=posting, values=said, reason=reason, by=request.user)
        return _("The correction is recorded.")

    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_("Correct this posting?")
    )


def _told(unit: str, first: Any, last: Any) -> str:
    return f"{unit}, {day_text(first)} – {day_text(last) if last else '…'}"


@form_for(POSTINGS)
def end(request: OfficerRequest, public_id: str, token: str) -> HttpResponseBase:
    person = _person(public_id)
    posting = row_of(Posting, token, person)
    _agency(request.user, person, posting)
    if outdated := _outdated(request, posting):
        return outdated
    form = EndForm(_data(request), initial={"last_day": clock.today()})
    page = _page(person, _("End the service"), _("Continue"), text=posting.unit.name, danger=True)

    def points() -> list[StrOrPromise]:
        day = day_text(form.cleaned_data["last_day"])
        return [
            _("%(name)s serves in %(unit)s until %(day)s, that day included.")
            % {"name": person.get_short_name(), "unit": posting.unit.name, "day": day},
            _("After that day no clearance is given for this agency."),
            *_positions_stay(request.user, person),
            _(
                "The agency can still read what was recorded during the time of service. "
                "Certificates remain the person's."
            ),
        ]

    def perform() -> StrOrPromise:
        reason = form.cleaned_data["order"]
        posting_actions.end_posting(posting=posting, valid_to=form.until, reason=reason, by=request.user)
        return _("The end of service is recorded.")

    return ask_then_act(request, form, page, points=points, perform=perform, question=_("End this service?"))


@form_for(POSTINGS)
def leave(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Leave is entered, with `?leave=` corrected. Why is not asked."""
    person = _person(public_id)
    token = request.GET.get("leave", "")
    current = row_of(Leave, token, person) if token else None
    agency = _agency(request.user, person)
    if outdated := _outdated(request, current):
        return outdated
    initial = {
        "first_day": clock.first_day(current.valid_from) if current else None,
        "last_day": clock.last_day(current.valid_to) if current and current.valid_to else None,
    }
    form = LeaveForm(_data(request), initial=initial)
    title = _("Correct the leave") if current else _("Enter leave")
    page = _page(person, title, _("Continue"), text=_("Why somebody is away is not kept here."))

    def points() -> list[StrOrPromise]:
        first, last = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
        return [
            _told(person.get_short_name(), first, last),
            *(changes_in(form) if current else []),
            _("Nobody on leave is cleared for a task or proposed instead of somebody else."),
            _kept(),
        ]

    def perform() -> StrOrPromise:
        days: Any = {"valid_from": form.since, "valid_to": form.until, "agency": agency, "by": request.user}
        if current:
            leave_actions.correct_leave(leave=current, **days)
        else:
            leave_actions.add_leave(person=person, **days)
        return _("The leave is recorded.")

    return ask_then_act(request, form, page, points=points, perform=perform, question=title)


@form_for(POSTINGS)
def withdraw_leave(request: OfficerRequest, public_id: str, token: str) -> HttpResponseBase:
    """Withdraw leave of somebody who was not away at all."""
    person = _person(public_id)
    current = row_of(Leave, token, person)
    agency = _agency(request.user, person)
    if outdated := _outdated(request, current):
        return outdated
    form = WithdrawForm(_data(request))
    first, last = (
        clock.first_day(current.valid_from),
        clock.last_day(current.valid_to) if current.valid_to else None,
    )
    what = _told(person.get_short_name(), first, last)
    page = _page(person, _("Withdraw the leave"), _("Continue"), text=what, danger=True)

    def points() -> list[StrOrPromise]:
        return [what, _("From now on the records say that the person was not away on these days."), _kept()]

    def perform() -> StrOrPromise:
        reason = form.cleaned_data["reason"]
        leave_actions.withdraw_leave(leave=current, agency=agency, reason=reason, by=request.user)
        return _("The leave is withdrawn. If that was wrong, enter it again.")

    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_("Withdraw this leave?")
    )


@form_for(POSTINGS)
def take_back(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Undo the newest change of where the person serves."""
    person = _person(public_id)
    agency = agency_to_change(request.user, person)
    if agency is None and not _changeable(request.user, person).exists():
        raise Http404
    edits = Posting.objects.filter(user=person, agency=agency).select_related("unit", "role").edits()
    if not edits:
        return _nothing_to_undo(request, person, _("The person serves in no unit now or later."))
    newest = edits[-1]
    if text := posting_actions.why_it_stays(person, agency, newest.at) if agency else "":
        return _nothing_to_undo(request, person, text)
    seen = {"at": newest.at.isoformat()}
    form = UndoForm(_data(request), initial=seen)
    leaves_none = not newest.withdrawn
    listed = _undone(newest)
    title = _("Undo the last change")
    page = _page(person, title, _("Continue"), text=agency and agency.name, danger=True, listed=listed)
    if leaves_none:
        listed = [*listed, LEAVES_NONE]
        page = replace(page, listed=listed)
    if request.method == "POST" and request.POST.get("at") != seen["at"]:
        form = UndoForm(seen)
        form.add_error(None, _("Something has been recorded since. Look at it again."))
        return show(request, form, page)

    def perform() -> StrOrPromise:
        assert agency is not None  # it has edits
        posting_actions.take_back(person=person, agency=agency, at=newest.at, by=request.user)
        if leaves_none:
            return _("The entry is taken back. The person serves nowhere.")
        return _("The change is undone. The earlier data is in force again.")

    if "sure" in request.POST and leaves_none and not _seen_without(request.user, person, newest):
        page = replace(page, back=reverse("people:list"))
    return ask_then_act(request, form, page, points=lambda: [*listed, _kept()], perform=perform)


def _seen_without(by: User, person: User, edit: Edit[Posting]) -> bool:
    """Return whether `by` still sees the person once what was recorded then is taken back."""
    reach = reach_of(by, SEE)
    others = Posting.objects.known().filter(user=person).exclude(pk__in=[row.pk for row in edit.recorded])
    return reach is None or others.filter(agency__in=reach).exists()


def _nothing_to_undo(request: OfficerRequest, person: User, text: StrOrPromise) -> HttpResponse:
    return show(request, UndoForm(), _page(person, _("There is nothing to undo"), "", text=text))


def _undone(edit: Edit[Posting]) -> list[StrOrPromise]:
    """Return what an undoing takes back and what it brings back, in words."""
    by = User.objects.filter(pk=edit.by_id).first() if edit.by_id else None
    when = instant_text(edit.at)
    said = (
        _("Recorded last: %(when)s, by %(who)s") % {"when": when, "who": name_of(by)}
        if by
        else _("Recorded last: %(when)s") % {"when": when}
    )
    return [
        said,
        *(_("Will be taken back: %(what)s") % {"what": _in_full(row)} for row in edit.recorded),
        *(_("Will stand again: %(what)s") % {"what": _in_full(row)} for row in edit.withdrawn),
        *([] if edit.withdrawn else [_("Before that, nothing was entered in its place.")]),
    ]


def _in_full(row: Posting) -> str:
    return ", ".join(filter(None, [whole(row), row.service_number]))
