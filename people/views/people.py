"""The list of people."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locales.sorting import in_order
from operations.pagination import keyset
from operations.searched_lists import MARK, address, asked_for, searched, searched_text
from people import exporting
from people.actions.exports import export_people
from people.extensions import CHOSEN, MOST_CHOSEN, registry
from people.forms.people import PeopleFilter
from people.models import Agency, Posting, User
from people.people_list import counted, number_of, order_of, people_of, places, shows_more
from people.permissions import agencies_where, may, reach_of
from people.permissions.records import EDIT, EXPORT, POSTINGS, SEE
from people.requests import OfficerRequest, recently
from people.waits import waits_here

from .breadcrumbs import LISTED, to_list
from .guards import for_whom

SEARCHED = "people_searched"  # in the session: a name has no place in an address


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom(SEE)
def people(request: OfficerRequest) -> HttpResponseBase:
    """Show the list. Filters stand in the address; what was searched for is sent and kept apart."""
    if request.method == "POST":
        chosen = filter_of(request, request.POST).chosen()
        return searched(request, kept_as=SEARCHED, chosen=chosen, page="people:list")
    form = filter_of(request, asked_for(request, kept_as=SEARCHED))
    query = form.query()
    page = keyset(people_of(request.user, query), order=order_of(query), token=request.GET.get("page", ""))
    number, more = counted(request.user, query, page)
    chosen = form.chosen()
    _remember(request, chosen)
    columns = registry.columns if shows_more(reach_of(request.user, SEE), query) else []
    context = {
        "form": form,
        "chosen": chosen,
        "chips": [_chip(form, chosen, name) for name in chosen],
        "page": page,
        "rows": _rows(page.rows, places(page.rows, request.user, query), columns),
        "columns": [title for title, _cells in columns],
        "number": number,
        "more": more,
        "may_export": may(request.user, EXPORT),
        "all_of_them": page.has_other_pages and not more and number <= MOST_CHOSEN,
        "most": MOST_CHOSEN,
        "exports": [("csv", _("Download as CSV")), ("xlsx", _("Download as XLSX"))],
        "may_add": may(request.user, EDIT),
        "bulk_acts": registry.bulk_acts if may(request.user, POSTINGS) else [],
        "agency": only_agency(request.user),
    }
    return render(request, "people/list.html", context)


def _remember(request: OfficerRequest, chosen: dict[str, str]) -> None:
    """Keep the list's filters and page for the way back from a person's page."""
    left = {name: value for name, value in chosen.items() if name != "q"} | (
        {MARK: "yes"} if "q" in chosen else {}
    )
    if token := request.GET.get("page"):
        left["page"] = token
    if request.session.get(LISTED, "") != urlencode(left):
        request.session[LISTED] = urlencode(left)


def filter_of(request: OfficerRequest, data: Any) -> PeopleFilter:
    agencies = in_order(agencies_where(request.user, SEE))
    return PeopleFilter(data, agencies=agencies, everybody=reach_of(request.user, SEE) is None)


def only_agency(user: User) -> Agency | None:
    """Return the agency of a coordinator of one; None for a user who sees several."""
    agencies = list(agencies_where(user, SEE)[:2])
    return agencies[0] if len(agencies) == 1 else None


def _chip(form: PeopleFilter, chosen: dict[str, str], name: str) -> dict[str, str]:
    """Return what is filtered by, with the address of the list without it."""
    field: Any = form.fields[name]
    texts = dict(getattr(field, "choices", ()))
    rest = {key: value for key, value in chosen.items() if key != name}
    href = address("people:list", rest, marked="q" in rest)
    return {"text": str(texts.get(chosen[name], chosen[name])).strip(), "href": href}


def _rows(people: list[User], places: dict[int, Posting], columns: Any) -> list[dict[str, Any]]:
    cells = [cells_of(people) for _title, cells_of in columns]
    return [
        {
            "person": person,
            "posting": places.get(person.pk),
            "cells": [column.get(person.pk) for column in cells],
        }
        for person in people
    ]


@require_POST
@for_whom(EXPORT)
@recently
def export(request: OfficerRequest) -> HttpResponseBase:
    """Send what the filters find as a file: a POST, because it leaves an entry in the audit trail."""
    form = request.POST.get("form", "csv")
    data = {**request.POST.dict(), "q": searched_text(request, kept_as=SEARCHED)}
    query = filter_of(request, data).query()
    number, filters = number_of(request.user, query), exporting.payload_of(query)
    if form not in exporting.FORMATS:
        raise Http404
    as_job = exporting.KIND if number > exporting.AT_ONCE else ""
    job = export_people(
        number=number, filters=filters, text=query.text, form=form, by=request.user, as_job=as_job
    )
    if job is not None:
        return redirect("jobs:one", job.public_id)
    return exporting.download(request.user, query, form)


@require_safe
@for_whom(SEE)
def home(request: OfficerRequest) -> HttpResponseBase:
    """Show a coordinator's home: what waits, numbers that lead to what they count, and what to begin with."""
    counted = [(figure, figure.count(request.user)) for figure in registry.figures]
    waits = waits_here(request)
    told = {each.href for each in waits}
    agency = only_agency(request.user)
    parts = [make(request.user, agency) for make in registry.home_parts] if agency else []
    context = {
        "agency": agency,
        "parts": [part for part in parts if part is not None],
        "figures": [
            {"text": figure.text(number), "number": number, "href": figure.href(request.user)}
            for figure, number in counted
            if number is not None and not figure.attention
        ],
        "waits": waits,
        "to_do": [
            {"text": figure.text(number), "number": number, "href": href}
            for figure, number in counted
            if number and figure.attention and (href := figure.href(request.user)) not in told
        ],
        "links": [link for make in registry.home_links if (link := make(request.user))],
        "may_edit": may(request.user, EDIT),
    }
    return render(request, "people/home.html", context)


@require_POST
@for_whom(POSTINGS)
def bulk(request: OfficerRequest) -> HttpResponseBase:
    """Remember who was ticked, or that all of the list were, and lead to the page of the act."""
    acts = {act.code: act for act in registry.bulk_acts}
    act = acts.get(request.POST.get("act", ""))
    ids = _all_of_them(request) if "all" in request.POST else request.POST.getlist("p")[:MOST_CHOSEN]
    if act is None or not ids:
        messages.error(request, _("Tick at least one person and choose what to do."))
        return redirect(to_list(request)["href"])
    request.session[CHOSEN] = ids
    return redirect(act.url_name)


def _all_of_them(request: OfficerRequest) -> list[str]:
    """Return the people whom the list finds, on whatever page; nobody where there are more than one act takes."""
    data = {**request.POST.dict(), "q": searched_text(request, kept_as=SEARCHED)}
    found = people_of(request.user, filter_of(request, data).query()).values_list("public_id", flat=True)
    ids = list(found[: MOST_CHOSEN + 1])
    return ids if len(ids) <= MOST_CHOSEN else []
