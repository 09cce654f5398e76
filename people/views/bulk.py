"""Acts for those ticked in the list."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from django.contrib import messages
from django.forms import CharField, Form, HiddenInput
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import clock
from operations.confirmation import FormPage, ask_then_act
from people.actions.bulk import add_leave_many, end_many, transfer_many
from people.extensions import BulkAct, chosen, mark_of, registry
from people.forms.people import EndForm, LeaveForm, ManyTransferForm
from people.models import Agency, Posting, User
from people.permissions import agencies_where
from people.permissions.records import POSTINGS
from people.requests import OfficerRequest

from .breadcrumbs import to_list
from .choosing import asked_among, choose_agency
from .guards import form_for

registry.bulk_acts += [
    BulkAct(code="transfer", text=gettext_lazy("Transfer to another unit"), url_name="people:transfer_many"),
    BulkAct(code="leave", text=gettext_lazy("Enter leave"), url_name="people:leave_many"),
    BulkAct(code="end", text=gettext_lazy("End the service"), url_name="people:end_many"),
]


def _chosen(request: OfficerRequest) -> dict[Agency, list[User]]:
    """Return those ticked who serve, now or later, in each agency that `by` may change."""
    people = list(chosen(request))
    postings = Posting.objects.open_or_coming().filter(
        user__in=people, agency__in=agencies_where(request.user, POSTINGS)
    )
    ids: dict[Agency, set[int]] = {}
    for row in postings.select_related("agency"):
        ids.setdefault(row.agency, set()).add(row.user_id)
    return {agency: [person for person in people if person.pk in ids[agency]] for agency in ids}


def _names(people: list[User], agency: Agency) -> list[StrOrPromise]:
    """Return everybody, each with the service number there: two may have one name. One query."""
    postings = Posting.objects.open_or_coming().filter(agency=agency, user__in=people).order_by("-valid_from")
    numbers = dict(postings.values_list("user", "service_number"))
    return [", ".join(filter(None, [person.get_full_name(), numbers.get(person.pk)])) for person in people]


def _page(title: StrOrPromise, people: list[User], agency: Agency, **more: Any) -> FormPage:
    back = reverse("people:list")
    return FormPage(
        title=title, button=_("Continue"), back=back, crumbs=[to_list()], listed=_names(people, agency),
        text=agency.name, **more,
    )  # fmt: skip


def _said(number: int) -> StrOrPromise:
    return ngettext("Done for %(number)d person.", "Done for %(number)d people.", number) % {"number": number}


def about_those(form: Form, people: Sequence[User]) -> Form:
    """Bind the form to the people ticked in the list, of whom the session knows.

    Where others were ticked since the page was made, perhaps in another window, it is shown anew before
    anything happens.
    """
    mark, data = mark_of(people), cast(QueryDict, form.data)
    form.fields["whom"] = CharField(widget=HiddenInput, initial=mark, required=False)
    if form.is_bound and data.get("whom", mark) != mark:
        form.data = {**data.dict(), "whom": mark}
        form.add_error(None, _("Other people have been ticked meanwhile. Check whom it is about now."))
    return form


def for_those_ticked(
    view: Callable[[OfficerRequest, list[User], Agency], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    @form_for(POSTINGS)
    def checked(request: OfficerRequest) -> HttpResponseBase:
        ticked = _chosen(request)
        if not ticked:
            messages.error(request, _("Tick at least one person and choose what to do."))
            return redirect("people:list")
        agency = asked_among(request, ticked)
        if agency is None:
            return choose_agency(request, ticked)
        return view(request, ticked[agency], agency)

    return checked


def _data(request: OfficerRequest) -> Any:
    return request.POST if request.method == "POST" else None


@for_those_ticked
def transfer(request: OfficerRequest, people: list[User], agency: Agency) -> HttpResponseBase:
    form = ManyTransferForm(_data(request), agency=agency, initial={"first_day": clock.today()})
    about_those(form, people)
    moved = 0  # as the act, tried before anybody is asked, has found

    def points() -> list[StrOrPromise]:
        day = day_text(form.cleaned_data["first_day"])
        text = _("From %(day)s in %(unit)s; each keeps role and service number")
        stay = len(people) - moved
        there = ngettext(
            "%(number)d of them serves there on that day already: nothing changes for that person",
            "%(number)d of them serve there on that day already: nothing changes for them",
            stay,
        ) % {"number": stay}
        return [
            *_names(people, agency),
            text % {"day": day, "unit": form.unit_chosen.name},
            *([there] if stay else []),
        ]

    def perform() -> StrOrPromise:
        nonlocal moved
        moved = transfer_many(
            people=people, agency=agency, unit=form.unit_chosen, valid_from=form.since, by=request.user,
            reason=form.cleaned_data["order"],
        )  # fmt: skip
        return _said(moved)

    page = _page(_("Transfer to another unit"), people, agency)
    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_question(people, page.title)
    )


@for_those_ticked
def end(request: OfficerRequest, people: list[User], agency: Agency) -> HttpResponseBase:
    form = EndForm(_data(request), initial={"last_day": clock.today()})
    about_those(form, people)

    def points() -> list[StrOrPromise]:
        day = day_text(form.cleaned_data["last_day"])
        text = _("Last day of service: %(day)s") % {"day": day}
        return [*_names(people, agency), text, _("After that day no clearance is given for this agency.")]

    def perform() -> StrOrPromise:
        reason = form.cleaned_data["order"]
        return _said(
            end_many(people=people, agency=agency, valid_to=form.until, by=request.user, reason=reason)
        )

    page = _page(_("End the service"), people, agency, danger=True)
    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_question(people, page.title)
    )


@for_those_ticked
def leave(request: OfficerRequest, people: list[User], agency: Agency) -> HttpResponseBase:
    form = LeaveForm(_data(request))
    about_those(form, people)

    def points() -> list[StrOrPromise]:
        first, last = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
        return [*_names(people, agency), f"{day_text(first)} – {day_text(last) if last else '…'}"]

    def perform() -> StrOrPromise:
        return _said(
            add_leave_many(
                people=people, agency=agency, valid_from=form.since, valid_to=form.until, by=request.user
            )
        )

    page = _page(_("Enter leave"), people, agency)
    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_question(people, page.title)
    )


def _question(people: list[User], title: StrOrPromise) -> str:
    number = len(people)
    return ngettext("%(act)s for %(number)d person?", "%(act)s for %(number)d people?", number) % {
        "act": title, "number": number,
    }  # fmt: skip
