"""Agencies, as administrators add and rename them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from locales.sorting import in_order
from operations.form_errors import refused
from people.actions.agencies import add_agency, save_agency
from people.forms.names import NAME_FIELDS, NamesForm
from people.models import Agency, Posting
from people.permissions import may
from people.requests import OfficerRequest

from .guards import for_whom_may


class AgencyForm(NamesForm):
    """The code stays: files and addresses refer to it."""

    code = forms.SlugField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "Small Latin letters and hyphens, for example border-service. It cannot be changed later."
        ),
        max_length=40,
        error_messages={
            "required": gettext_lazy("Enter a code."),
            "invalid": gettext_lazy("Only small Latin letters, digits and hyphens."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("choose")), *Agency.Kind.choices],
        error_messages={"required": gettext_lazy("Choose a kind.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, agency: Agency | None = None) -> None:
        before = {name: getattr(agency, name) for name in ("kind", *NAME_FIELDS)} if agency else None
        super().__init__(data, initial=before)
        if agency is not None:
            del self.fields["code"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code != code.lower() or not code.isascii():
            raise forms.ValidationError(_("Only small Latin letters, digits and hyphens."))
        if Agency.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Another agency has this code."))
        return code

    def described(self) -> dict[str, Any]:
        return {"kind": self.cleaned_data["kind"], "names": self.names()}


def _way_up() -> list[dict[str, str]]:
    return [{"text": _("Agencies"), "href": reverse("people:agencies")}]


@require_safe
@for_whom_may("people.see_agencies")
def agencies(request: OfficerRequest) -> HttpResponseBase:
    """Show all agencies with the numbers of their units and of people who serve there now."""
    serving = (
        Posting.objects.current().values("agency").annotate(number=Count("user", distinct=True)).order_by()
    )
    people = {each["agency"]: each["number"] for each in serving}
    queryset = Agency.objects.annotate(units_number=Count("units", filter=Q(units__isnull=False)))
    rows = [{"agency": each, "people": people.get(each.pk, 0)} for each in in_order(queryset)]
    context = {"rows": rows, "can_save": may(request.user, "people.save_agency")}
    return render(request, "people/agencies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may("people.save_agency", delicate=True)
def agency_add(request: OfficerRequest) -> HttpResponseBase:
    form = AgencyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        if not refused(form, lambda: add_agency(code=code, by=request.user, **form.described())):
            messages.success(request, _("The agency is added. Give its coordinator the position next."))
            return redirect("people:agencies")
    return render(request, "people/agency.html", {"form": form, "crumbs": _way_up()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may("people.save_agency", delicate=True)
def agency_change(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Change names and kind; a certificate keeps the name that the agency had when it was issued."""
    agency = get_object_or_404(Agency, public_id=public_id)
    form = AgencyForm(request.POST if request.method == "POST" else None, agency=agency)
    if form.is_valid():
        if not refused(form, lambda: save_agency(code=agency.code, by=request.user, **form.described())):
            messages.success(request, _("Saved."))
            return redirect("people:agencies")
    return render(request, "people/agency.html", {"form": form, "agency": agency, "crumbs": _way_up()})
