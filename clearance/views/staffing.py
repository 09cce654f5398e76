"""Numbers of certified people that units need: a list of units, and a form for each."""

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from clearance.actions_staffing import set_staffing
from clearance.agency_figures import DEEPEST
from clearance.forms_staffing import StaffingForm
from clearance.permissions import SET_STAFFING
from clearance.staffing import changes, entered, entered_of, functions_to_enter
from operations.confirmation import FormPage, ask_then_act
from people.models import Unit
from people.people_list import tree_of
from people.permissions import agencies_where
from people.requests import OfficerRequest
from people.views.choosing import asked_among, choose_agency
from people.views.guards import for_whom_may, form_for


def _to_agency() -> dict[str, str]:
    return {"text": _("My agency"), "href": reverse("people:home")}


@require_safe
@for_whom_may(SET_STAFFING)
def staffing(request: OfficerRequest) -> HttpResponseBase:
    """List the units of the agency that was chosen, or of the only one, with what each needs."""
    agencies = agencies_where(request.user, SET_STAFFING)
    agency = asked_among(request, agencies)
    if agency is None:
        return choose_agency(request, agencies, [_to_agency()])
    known = entered_of(agency)
    rows = [
        {"unit": unit, "depth": min(depth, DEEPEST), "needs": known.get(unit.pk, {}).items()}
        for unit, depth in tree_of(agency)
    ]
    context = {"agency": agency, "rows": rows, "crumbs": [_to_agency()]}
    return render(request, "clearance/staffing.html", context)


@form_for(SET_STAFFING)
def edit(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Enter what one unit needs, for each function."""
    agencies = agencies_where(request.user, SET_STAFFING)
    units = Unit.objects.select_related("agency").filter(agency__in=agencies)
    unit = get_object_or_404(units, public_id=public_id)
    before, functions = entered(unit), functions_to_enter(unit)
    data = request.POST if request.method == "POST" else None
    form = StaffingForm(data, functions=functions, entered=before)
    back = f"{reverse('clearance:staffing')}?agency={unit.agency.public_id}"
    page = FormPage(
        title=_("Needed in: %(unit)s") % {"unit": unit.name}, button=_("Continue"), back=back,
        text=_("How many people certified for each function this unit needs itself, without the units below it."),
        crumbs=[_to_agency(), {"text": _("How many each unit needs"), "href": back}],
    )  # fmt: skip
    names = {function.code: function.name for function in functions}

    def points() -> list[StrOrPromise]:
        changed = changes(before, form.numbers()).items()
        return [
            _("%(function)s: %(after)d, until now %(before)d")
            % {"function": f"{code} {names[code]}", "after": after, "before": earlier}
            for code, (earlier, after) in changed
        ] or [_("Nothing changes.")]

    def perform() -> StrOrPromise:
        set_staffing(unit=unit, numbers=form.numbers(), by=request.user)
        return _("Saved: how many this unit needs.")

    return ask_then_act(
        request, form, page, points=points, perform=perform, question=_("Enter these numbers?")
    )
