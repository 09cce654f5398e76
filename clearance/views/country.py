"""Figures for the whole country: no name, no number of a person."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clearance.country import table, trend
from clearance.permissions import SEE_FIGURES
from operations import clock, spreadsheets
from operations.rounding import STEP
from people.requests import OfficerRequest
from people.views.guards import for_whom_may

DOWNLOADS = {"csv": spreadsheets.csv_download, "xlsx": spreadsheets.xlsx_download}


@require_safe
@for_whom_may(SEE_FIGURES)
def figures(request: OfficerRequest) -> HttpResponseBase:
    whole = table()
    filled = whole.filled()
    context = {
        "table": filled,
        "left_out": whole.agencies - filled.agencies,
        "trend": trend(),
        "step": STEP,
        "today": clock.today(),
        "section": "figures",
    }
    return render(request, "clearance/country.html", context)


@require_POST
@for_whom_may(SEE_FIGURES)
def export(request: OfficerRequest) -> HttpResponseBase:
    """Send the same as a file. It holds nothing of anybody: no entry in the trail, no password asked again."""
    form = request.POST.get("form", "csv")
    if form not in DOWNLOADS:
        raise Http404
    figures = table()
    kinds = {"country": _("country"), "kind": _("kind of agency"), "agency": _("agency")}
    heads = [_("Level"), _("Name"), *(str(column.text) for column in figures.columns)]
    rows = ([kinds[row.kind], str(row.title), *(cell.cell for cell in row.cells)] for row in figures.flat())
    return DOWNLOADS[form](f"{_('figures')}-{clock.today():%Y-%m-%d}.{form}", heads, rows)
