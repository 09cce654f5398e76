"""Looking back: what would have been answered at an earlier time."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clearance import words_shift
from clearance.actions import OwnQuestion
from clearance.actions_past import look_back
from clearance.forms_past import PastForm
from clearance.permissions import ASK_PAST
from clearance.shift_table import ShiftTable
from locales.sorting import in_order
from people.models import Agency
from people.permissions import where_may
from people.requests import OfficerRequest
from people.views.guards import for_whom_may


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(ASK_PAST)
def past(request: OfficerRequest) -> HttpResponseBase:
    """Ask, and answer on the page that was sent: what was asked names people, and stands at no address."""
    agencies = _agencies(request)
    agency = _chosen(request, agencies)
    if agency is None:
        return render(request, "clearance/past.html", _context(agencies, None))
    form = PastForm(request.POST if request.method == "POST" else None, agency=agency)
    if not form.is_valid():
        return _form(request, form, agencies, agency)
    try:
        table = look_back(question=form.question(), by=request.user)
    except OwnQuestion as refusal:
        form.add_error("number", str(refusal))
    except ValidationError as refusal:
        form.add_error(None, refusal)
    else:
        return _table(request, form, agency, table)
    return _form(request, form, agencies, agency)


def _agencies(request: OfficerRequest) -> list[Agency]:
    scope = where_may(request.user, ASK_PAST)
    found = Agency.objects.all() if scope.everywhere else Agency.objects.filter(pk__in=scope.agencies)
    return list(in_order(found))


def _chosen(request: OfficerRequest, agencies: list[Agency]) -> Agency | None:
    wanted = request.POST.get("agency") or request.GET.get("agency", "")
    found = [agency for agency in agencies if agency.public_id == wanted]
    return next(iter(found or agencies), None)


def _context(agencies: list[Agency], agency: Agency | None) -> dict[str, Any]:
    return {
        "agencies": agencies,
        "agency": agency,
        "crumbs": [{"text": _("Register of decisions"), "href": reverse("clearance:decisions")}],
    }


def _form(request: OfficerRequest, form: PastForm, agencies: list[Agency], agency: Agency) -> HttpResponse:
    return render(request, "clearance/past.html", {"form": form, **_context(agencies, agency)})


def _table(request: OfficerRequest, form: PastForm, agency: Agency, table: ShiftTable) -> HttpResponse:
    context = {
        "form": form,
        "table": table,
        "rows": words_shift.rows_of(table),
        "tally": words_shift.tally_of(table),
        "known": form.question().known,
        "advised": any(cell.advised for row in words_shift.rows_of(table) for cell in row.cells),
        **_context([], agency),
    }
    return render(request, "clearance/past_answer.html", context)
