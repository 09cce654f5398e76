"""Pages that name the columns of a roster, apply it, cancel it and download its lines."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from locales.dates import day_text
from operations import clock, spreadsheets
from operations.confirmation import Confirmation
from people.requests import OfficerRequest, recently, recently_to_change, signed_in
from rosters.actions import (
    CHECKED_ANEW,
    RosterRefused,
    apply_roster,
    cancel_roster,
    name_roster_columns,
    note_roster_download,
)
from rosters.forms import ColumnsForm, MissingForm
from rosters.models import RosterImport, RosterLine
from rosters.wording import LineWording

from .rosters import the_roster, way_up

Kind, State = RosterLine.Kind, RosterImport.State


def _told(request: HttpRequest, refusal: RosterRefused) -> None:
    for text in refusal.messages:
        messages.error(request, text)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def columns(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Name the columns by hand; the check begins anew."""
    found = the_roster(request, public_id)
    if found.state not in (State.MAPPING, State.CHECKED):
        return redirect("rosters:roster", public_id)
    form = ColumnsForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            name_roster_columns(
                roster=found,
                mapping=form.mapping(),
                valid_from=data["day"],
                whole=data["whole"],
                by=request.user,
            )
        except RosterRefused as refusal:
            form.add_error(None, refusal.messages)
        else:
            return redirect("rosters:roster", public_id)
    context = {"form": form, "roster": found, "crumbs": way_up(found)}
    return render(request, "rosters/roster_columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@recently
def apply(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """First a page that says what will happen, then it happens."""
    found = the_roster(request, public_id)
    form = MissingForm(request.POST if request.method == "POST" else request.GET or None)
    missing = found.counts.get("missing", 0)
    if found.state != State.CHECKED:
        return redirect("rosters:roster", public_id)
    if missing and not form.is_valid():
        messages.error(request, _("Decide about the people who are missing from the file."))
        return redirect("rosters:roster", public_id)
    with_missing = bool(missing) and form.cleaned_data["left"] == "left"
    if request.POST.get("check", found.job_id) != found.job_id:
        messages.error(request, str(CHECKED_ANEW))
        return redirect("rosters:roster", public_id)
    if request.method != "POST" or "sure" not in request.POST:
        return _asked(found, with_missing).page(request, roster=found, section="rosters")
    try:
        apply_roster(roster=found, with_missing=with_missing, by=request.user)
    except RosterRefused as refusal:
        _told(request, refusal)
    return redirect("rosters:roster", public_id)


def _asked(found: RosterImport, with_missing: bool) -> Confirmation:
    counts = found.counts
    left = counts.get(Kind.LEFT, 0) - (0 if with_missing else counts.get("missing", 0))
    number = sum(counts.get(kind, 0) for kind in (Kind.NEW, Kind.CHANGED, Kind.TRANSFERRED)) + left
    return Confirmation(
        title=ngettext("Apply %(number)s change?", "Apply %(number)s changes?", number) % {"number": number},
        text=_("%(agency)s, valid from %(day)s unless a line says otherwise.")
        % {"agency": found.agency.name, "day": day_text(clock.first_day(found.valid_from))},
        points=list(_points(counts, left)),
        button=_("Apply"),
        cancel_href=reverse("rosters:roster", args=[found.public_id]),
        hidden={"sure": "1", "left": "left" if with_missing else "stay", "check": found.job_id},
    )


def _points(counts: dict[str, int], left: int) -> Iterator[str]:
    new, changed = counts.get(Kind.NEW, 0), counts.get(Kind.CHANGED, 0)
    moved, wrong = counts.get(Kind.TRANSFERRED, 0), counts.get(Kind.ERROR, 0)
    said = [
        (new, ngettext("%(number)s person is added. Nobody is invited yet.", "%(number)s people are added. Nobody is invited yet.", new)),
        (changed, ngettext("%(number)s person is changed.", "%(number)s people are changed.", changed)),
        (moved, ngettext("%(number)s person is transferred.", "%(number)s people are transferred.", moved)),
        (left, ngettext("%(number)s person leaves: clearance is refused from then on.", "%(number)s people leave: clearance is refused from then on.", left)),
        (counts.get("names", 0), ngettext("%(number)s name is proposed to the registrars: a certificate prints it.", "%(number)s names are proposed to the registrars: certificates print them.", counts.get("names", 0))),
        (wrong, ngettext("%(number)s line with an error is left out.", "%(number)s lines with errors are left out.", wrong)),
    ]  # fmt: skip
    yield from (text % {"number": number} for number, text in said if number)
    if doubtful := counts.get("doubtful", 0):
        yield ngettext(
            "Father's name and sex do not agree in %(number)s line. It is applied as it stands.",
            "Father's name and sex do not agree in %(number)s lines. They are applied as they stand.",
            doubtful,
        ) % {"number": doubtful}
    yield _("People who have signed in already are asked by e-mail before an address changes.")
    yield _("All of it is applied at once, or none of it. The history stays, and the audit trail names you.")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@recently_to_change
def cancel(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    found = the_roster(request, public_id)
    if request.method != "POST":
        ask = Confirmation(
            title=_("Cancel this import?"),
            text=found.file_name,
            points=[
                _("The file and what was checked are deleted."),
                _("Nothing in the register changes."),
            ],
            button=_("Cancel and delete the file"),
            cancel_href=reverse("rosters:roster", args=[found.public_id]),
            hidden={},
        )
        return ask.page(request, roster=found, section="rosters")
    try:
        cancel_roster(roster=found, by=request.user)
        messages.success(request, _("The import was cancelled and the file deleted. Nothing has changed."))
    except RosterRefused as refusal:
        _told(request, refusal)
    return redirect("rosters:rosters")


@require_POST
@never_cache
@recently
def download(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """The lines with errors as CSV: a POST, because it leaves an entry in the audit trail."""
    found = the_roster(request, public_id)
    note_roster_download(roster=found, by=request.user)
    told = LineWording.of(found)
    lines = RosterLine.objects.filter(roster=found, kind=Kind.ERROR).order_by("number", "pk")
    titles = [_("Line"), _("What happened"), _("Service number"), _("Name"), _("Details")]
    rows = (told.row(line) for line in lines.iterator(chunk_size=1000))
    return spreadsheets.csv_download(_("roster-errors.csv"), titles, rows)
