"""Rosters: send a file, see what it would change."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from locales.sorting import in_order
from operations import spreadsheets
from operations.models import Job
from operations.pagination import keyset
from operations.requests import prefers_json
from people.models import Agency, Role, User
from people.permissions.table import may, where_may
from people.requests import OfficerRequest, signed_in
from rosters import columns, wording
from rosters.actions import RosterRefused, receive_roster
from rosters.forms import MissingForm, UploadForm
from rosters.models import RosterImport, RosterLine
from rosters.permissions import IMPORT

Kind, State = RosterLine.Kind, RosterImport.State
SHOWN = 10  # lines of a kind on the first page
ORDER = (Kind.ERROR, Kind.LEFT, Kind.TRANSFERRED, Kind.CHANGED, Kind.NEW)


def agencies_of(request: OfficerRequest) -> QuerySet[Agency]:
    """For which this person may send rosters; refuses who may for none."""
    where = where_may(request.user, IMPORT)
    if not (where.everywhere or where.agencies):
        raise PermissionDenied(_("Rosters are for coordinators."))
    queryset = Agency.objects.order_by("name", "pk")
    return queryset if where.everywhere else queryset.filter(pk__in=where.agencies)


def the_roster(request: OfficerRequest, public_id: str) -> RosterImport:
    """An import of these agencies; those of others are not found."""
    mine = RosterImport.objects.filter(agency__in=agencies_of(request)).select_related("agency", "by")
    return get_object_or_404(mine, public_id=public_id)


def way_up(roster: RosterImport | None = None) -> list[dict[str, str]]:
    crumbs = [{"text": _("Rosters"), "href": reverse("rosters:rosters")}]
    if roster is not None:
        crumbs.append({"text": roster.file_name, "href": reverse("rosters:roster", args=[roster.public_id])})
    return crumbs


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def rosters(request: OfficerRequest) -> HttpResponseBase:
    agencies = list(agencies_of(request))
    form = UploadForm(agencies, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        data = form.cleaned_data
        try:
            roster = receive_roster(
                agency=form.chosen_agency(), file=data["file"], file_name=data["file"].name,
                valid_from=data["day"], whole=data["whole"], by=request.user,
            )  # fmt: skip
        except RosterRefused as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The file was received. It is being read; nothing has changed."))
            return redirect("rosters:roster", roster.public_id)
    own = RosterImport.objects.filter(agency__in=agencies).select_related("agency", "by")
    page = keyset(own, order=("-uploaded_at", "-pk"), token=request.GET.get("page", ""))
    context = {
        "form": form, "page": page, "several": len(agencies) > 1,
        "roles": _roles(),
    }  # fmt: skip
    return render(request, "rosters/rosters.html", context)


@require_safe
@never_cache
@signed_in
def template(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """A file to fill in, its headings in the language of the page."""
    agencies_of(request)
    titles = [columns.FIELDS[field] for field in columns.TEMPLATE]
    if kind == "xlsx":
        return spreadsheets.xlsx_download(_("roster.xlsx"), titles, [])
    if kind == "csv":
        return spreadsheets.csv_download(_("roster.csv"), titles, [])
    raise Http404


@require_safe
@never_cache
@signed_in
def roster(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Show an import in its state: being read, to be mapped, checked, applied, refused."""
    found = the_roster(request, public_id)
    waits = found.state in (State.READING, State.APPLYING)
    if prefers_json(request):
        return JsonResponse({"ready": not waits})
    context: dict[str, Any] = {
        "roster": found,
        "waits": waits,
        "refusal": wording.words_of(found.refusal) if found.refusal else "",
        "job": Job.objects.filter(public_id=found.job_id, by=request.user).first(),
        "unused": columns.unused(found.headings, found.mapping),
        "crumbs": way_up(),
    }
    if found.state in (State.CHECKED, State.APPLIED, State.APPLYING):
        kind = request.GET.get("kind", "")
        if kind in Kind.values:
            return render(request, "rosters/roster_kind.html", context | _of_kind(request, found, kind))
        context |= _checked(found, request.user)
    return render(request, "rosters/roster.html", context)


def _checked(found: RosterImport, by: User) -> dict[str, Any]:
    """The counts, and the first lines of each kind. As many queries for any number of lines."""
    told = wording.LineWording.of(found)
    parts = [
        {"kind": kind, "count": count, **_rows(told, _lines(found, kind)[:SHOWN])}
        for kind in ([Kind.ERROR] if found.state == State.APPLIED else ORDER)
        if (count := found.counts.get(kind, 0))
    ]
    changes = sum(found.counts.get(kind, 0) for kind in (Kind.NEW, Kind.CHANGED, Kind.TRANSFERRED, Kind.LEFT))
    missing = found.counts.get("missing", 0)
    return {
        "figures": [(kind, kind.label, found.counts.get(kind, 0)) for kind in (Kind.NEW, Kind.CHANGED, Kind.TRANSFERRED, Kind.LEFT, Kind.UNCHANGED, Kind.ERROR)],
        "parts": parts,
        "done": wording.done(found.counts) if found.state == State.APPLIED else [],
        "doubtful": _doubtful(told, found) if found.state == State.CHECKED else [],
        "changes": changes - missing,
        "missing": missing,
        "invite": _where_to_invite(found) if may(by, "accounts.invite", agency=found.agency) else "",
        "form": MissingForm() if missing else None,
    }  # fmt: skip


def _where_to_invite(found: RosterImport) -> str:
    """Return the page that invites those whom this roster entered; of the whole agency where it entered nobody."""
    if found.applied_at is None:
        return ""
    query = {"agency": found.agency.code}
    if found.counts.get(Kind.NEW):
        query["entered"] = found.applied_at.isoformat()  # all of them at this instant
    return f"{reverse('accounts:invite')}?{urlencode(query)}"


def _doubtful(told: wording.LineWording, found: RosterImport) -> list[str]:
    """Return the first lines in which something looks wrong, each with what."""
    lines = (
        RosterLine.objects.filter(roster=found).doubtful().select_related("person").order_by("number", "pk")
    )
    return [
        _("Line %(number)s, %(name)s: %(what)s")
        % {"number": line.number, "name": told.name(line), "what": ", ".join(told.warnings(line))}
        for line in lines[:SHOWN]
    ]


def _lines(found: RosterImport, kind: str) -> QuerySet[RosterLine]:
    lines = RosterLine.objects.filter(roster=found, kind=kind)
    return lines.select_related("person").order_by("number", "pk")


def _of_kind(request: OfficerRequest, found: RosterImport, kind: str) -> dict[str, Any]:
    told = wording.LineWording.of(found)
    page = keyset(_lines(found, kind), order=("number", "pk"), token=request.GET.get("page", ""))
    return {
        "kind": kind,
        "title": Kind(kind).label,
        "count": found.counts.get(kind, 0),
        "page": page,
        **_rows(told, page.rows),
        "crumbs": way_up(found),
    }


def _roles() -> list[Role]:
    return in_order(Role.objects.all(), lambda role: role.name)


def _rows(told: wording.LineWording, lines: Iterable[RosterLine]) -> dict[str, Any]:
    """Return the rows of a list of lines and, where one of them names an unknown role, the roles there are; `units`:
    one names an unknown unit.
    """
    rows = [_row(told, line) for line in lines]
    codes = {error["code"] for row in rows for error in row["errors"]}
    return {"rows": rows, "roles": _roles() if "no_role" in codes else (), "units": "no_unit" in codes}


def _row(told: wording.LineWording, line: RosterLine) -> dict[str, Any]:
    return {
        "line": line,
        "name": told.name(line),
        "number": line.service_number or line.cells.get("service_number", ""),
        "warnings": told.warnings(line),
        "changes": [] if line.kind == Kind.NEW else told.changes(line),
        "summary": told.summary(line) if line.kind == Kind.NEW else "",
        "days": told.days(line),
        "errors": [
            {
                **error,
                "column": wording.column(error),
                "what": wording.what(error),
                "cure": wording.cure(error),
            }
            for error in line.errors
        ],
    }
