"""The units of an agency as a tree: add, rename, move, duty telephone."""

from typing import Any

from django.db.models import Count
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from operations.confirmation import FormPage, ask_then_act
from people.actions.agencies import add_unit
from people.actions.units import edit_unit, free_code
from people.forms.units import UnitForm
from people.models import Agency, Posting, Unit
from people.people_list import tree_of
from people.permissions import agencies_where, may, reach_of
from people.permissions.records import SEE, UNITS
from people.requests import OfficerRequest

from .breadcrumbs import to_list
from .choosing import asked_among, choose_agency
from .guards import for_whom, form_for


def _agency(request: OfficerRequest, code: str) -> Agency | None:
    """Return the agency chosen by `?agency=`, or the only one."""
    return asked_among(request, agencies_where(request.user, code))


@require_safe
@for_whom(SEE)
def units(request: OfficerRequest) -> HttpResponseBase:
    agency = _agency(request, SEE)
    if agency is None:
        return choose_agency(request, agencies_where(request.user, SEE))
    numbers = dict(
        Posting.objects.current()
        .filter(agency=agency)
        .order_by()
        .values_list("unit")
        .annotate(number=Count("user", distinct=True))
    )
    rows = [
        {"unit": unit, "depth": min(depth, 5), "number": numbers.get(unit.pk, 0)}
        for unit, depth in tree_of(agency)
    ]
    context: dict[str, Any] = {
        "agency": agency,
        "rows": rows,
        "may_change": may(request.user, UNITS, agency=agency),
        "several": reach_of(request.user, SEE) is None,
        "crumbs": [to_list()],
    }
    return render(request, "people/units.html", context)


def _page(agency: Agency, title: StrOrPromise) -> FormPage:
    back = f"{reverse('people:units')}?agency={agency.public_id}"
    crumbs = [to_list(), {"text": _("Units"), "href": back}]
    return FormPage(title=title, button=_("Continue"), back=back, crumbs=crumbs, text=agency.name)


@form_for(UNITS)
def add(request: OfficerRequest) -> HttpResponseBase:
    agency = _agency(request, UNITS)
    if agency is None:
        return choose_agency(request, agencies_where(request.user, UNITS))
    form = UnitForm(request.POST if request.method == "POST" else None, agency=agency)

    def perform() -> StrOrPromise:
        values = form.values()
        code = free_code(agency, values["names"]["az"])
        add_unit(agency=agency, code=code, by=request.user, **values)
        return _("The unit was added.")

    return ask_then_act(
        request, form, _page(agency, _("Add a unit")), points=lambda: _told(form), perform=perform,
        question=_("Add this unit?"),
    )  # fmt: skip


@form_for(UNITS)
def edit(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    reach: Any = reach_of(request.user, UNITS)
    scope = {} if reach is None else {"agency__in": reach}
    unit = get_object_or_404(
        Unit.objects.select_related("agency", "parent").filter(**scope), public_id=public_id
    )
    data = request.POST if request.method == "POST" else None
    form = UnitForm(data, agency=unit.agency, initial=UnitForm.initial_of(unit))

    def perform() -> StrOrPromise:
        edit_unit(unit=unit, by=request.user, **form.values())
        return _("The unit is changed.")

    def points() -> list[StrOrPromise]:
        number = Posting.objects.open_or_coming().filter(unit=unit).values("user").distinct().count()
        return [
            *_told(form),
            _("People who serve here or will: %(number)d. They stay in this unit.") % {"number": number},
            _("Units below this one move with it; so do positions given for it."),
        ]

    return ask_then_act(
        request, form, _page(unit.agency, _("Change a unit")), points=points, perform=perform,
        question=_("Change this unit?"),
    )  # fmt: skip


def _told(form: UnitForm) -> list[StrOrPromise]:
    values = form.values()
    above = values["parent"].name if values["parent"] else _("nothing, it stands at the top")
    return [
        values["names"]["az"],
        _("Unit above: %(unit)s") % {"unit": above},
        _("Duty telephone: %(number)s") % {"number": values["duty_telephone"] or "–"},
    ]
